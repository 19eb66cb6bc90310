/* schedule: when a subscription may be told next. Pure: times are passed in. */
#ifndef TAIHU_SUBSCRIPTION_SCHEDULE_H
#define TAIHU_SUBSCRIPTION_SCHEDULE_H

#include <stdint.h>

#include "subscription/subscription.h"

struct schedule_bounds {
    int64_t first_ms; /* after the first failure; doubled by each further one */
    int64_t most_ms;
};

/* How long it must wait: for throttling, or for its interval to pass; 0: not at all. Both count
 * from the last notification, an interval also from when the subscription was last changed. */
int64_t schedule_wait(const struct subscription *s, const struct subscription_progress *p,
                      int64_t now_ms);

/* How long to wait after so many failures in a row, at least 1; never less than the cooldown. */
int64_t schedule_retry(const struct schedule_bounds *b, int failures, int64_t cooldown_ms);

#endif
