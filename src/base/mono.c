/* mono: see mono.h. */
#include "base/mono.h"

#include <time.h>

int64_t mono_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t mono_ms(void) {
    return mono_us() / 1000;
}

void mono_cond_init(pthread_cond_t *cond) {
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

void mono_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t timeout_ms) {
    int64_t us = mono_us() + timeout_ms * 1000;
    struct timespec until = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    pthread_cond_timedwait(cond, lock, &until);
}
