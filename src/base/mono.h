/* mono: the clock that never jumps, for deadlines and durations: it bounds how long something may
 * take and decides no content. What time of day it is, is passed in. */
#ifndef TAIHU_BASE_MONO_H
#define TAIHU_BASE_MONO_H

#include <pthread.h>
#include <stdint.h>

int64_t mono_us(void);
int64_t mono_ms(void);

/* A condition whose waits are measured by this clock. */
void mono_cond_init(pthread_cond_t *cond);

/* Waits at most that long; the lock is held before and after. May return early. */
void mono_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t timeout_ms);

#endif
