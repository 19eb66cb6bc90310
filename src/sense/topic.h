/* topic: filters of MQTT topics (MQTT 5.0, section 4.7), whose levels may have names:
 *
 *   "air/{station}/hourly"   what is subscribed is air/+/hourly; what stands at {station} is told
 *   "air/+/hourly"           one level, whatever it is
 *   "air/#"                  air itself and all below it; last only
 *
 * A filter that begins with a wildcard or a name matches no topic that begins with '$'. */
#ifndef TAIHU_SENSE_TOPIC_H
#define TAIHU_SENSE_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum {
    TOPIC_FILTER_MAX = 1024, /* bytes; the protocol would take 65,535 */
    TOPIC_LEVELS_MAX = 64,
};

struct topic_level;

struct topic_filter {
    const char *subscription; /* names replaced by + */
    const struct topic_level *levels;
    size_t count;
};

/* E_INPUT: it is no filter. What is made lives in `a`. */
enum code topic_parse(const char *text, struct arena *a, struct topic_filter *out, struct err *err);

bool topic_matches(const struct topic_filter *f, const char *topic);

/* The place of the level of that name, counted from 0; -1 where there is none. */
int topic_named(const struct topic_filter *f, const char *name);

/* What stands at a level of a topic that matches, in `a`; "" where the topic ends before. */
const char *topic_at(const char *topic, int level, struct arena *a);

#endif
