/* clock: see clock.h. */
#include "cli/clock.h"

#include <time.h>

int64_t clock_now_ms(void *clock) {
    struct timespec t;
    (void)clock;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
