/* limiter: how often something may be tried. Each login, each remote address has a bucket of tries
 * that fills again with time; an empty one says how long to wait. In memory only: a restart fills
 * all of them.
 *
 * A bucket is one number, the time at which it is full again (the generic cell rate algorithm,
 * ITU-T I.371 A.1). The table never grows: where a new bucket needs a place, of the few that could
 * give theirs the one goes that is full the soonest. Buckets are found by a keyed hash, so nobody
 * can aim at the place of another's. Any thread. */
#ifndef TAIHU_ACCESS_LIMITER_H
#define TAIHU_ACCESS_LIMITER_H

#include <stdint.h>

#include "access/secret.h"

enum limiter_kind {
    LIMITER_LOGIN,   /* key: a login, whether there is such an account or not */
    LIMITER_ADDRESS, /* key: a remote address; of IPv6 its /64, which is one customer's */
    LIMITER_LINE,    /* journal lines about refused sign-ins; key: "" */
    LIMITER_KINDS,
};

struct limiter;

struct limiter *limiter_new(const struct randomness *r);
void limiter_free(struct limiter *l); /* takes NULL */

/* Takes a try: 0, or the milliseconds until there is one, and nothing is taken. `now_ms` may step
 * back: then nobody waits longer than from an empty bucket. */
int64_t limiter_take(struct limiter *l, enum limiter_kind kind, const char *key, int64_t now_ms);

/* Gives back one that was taken: it was none. */
void limiter_give(struct limiter *l, enum limiter_kind kind, const char *key, int64_t now_ms);

#endif
