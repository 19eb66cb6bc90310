/* schedule: see schedule.h. */
#include "subscription/schedule.h"

int64_t schedule_wait(const struct subscription *s, const struct subscription_progress *p,
                      int64_t now_ms) {
    int64_t last_ms = p->last_ms;
    int64_t apart_ms = s->throttling_ms;
    if (s->interval_ms > 0) {
        apart_ms = s->interval_ms;
        last_ms = p->modified_ms > last_ms ? p->modified_ms : last_ms;
    }
    if (last_ms == 0 || last_ms > now_ms) { /* never, or the clock was set back since */
        return last_ms == 0 ? 0 : apart_ms;
    }
    int64_t left_ms = last_ms + apart_ms - now_ms;
    return left_ms > 0 ? left_ms : 0;
}

int64_t schedule_retry(const struct schedule_bounds *b, int failures, int64_t cooldown_ms) {
    int64_t wait_ms = b->first_ms;
    for (int i = 1; i < failures && wait_ms < b->most_ms; i++) {
        wait_ms *= 2;
    }
    wait_ms = wait_ms < b->most_ms ? wait_ms : b->most_ms;
    return wait_ms > cooldown_ms ? wait_ms : cooldown_ms;
}
