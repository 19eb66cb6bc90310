/* told: one entity as a subscription has it told (CIM 009 v1.8.1, sections 4.5.18, 5.2.14, 5.8.6):
 * which attributes and instances, in which form, and what became of them:
 *
 *   what is gone       "fuel": {"type": "Property", "value": "urn:ngsi-ld:null"}, as all of an
 * entity that was deleted, which has "deletedAt" with showChanges   "previousValue",
 * "previousObject", ... of what was changed or is gone with sysAttrs      "deletedAt" of what is
 * gone, beside the times of what is there */
#ifndef TAIHU_SUBSCRIPTION_TOLD_H
#define TAIHU_SUBSCRIPTION_TOLD_H

#include "base/arena.h"
#include "base/json.h"
#include "subscription/snapshot.h"
#include "subscription/subscription.h"

struct told {
    const struct subscription *s;
    const struct entity_context *context;
    const char *context_json; /* that stands in the entity; NULL: none */
    struct arena *arena;
};

/* `time_ms` is when the change was. */
void told_write(const struct told *t, const struct snapshot *x, int64_t time_ms,
                struct json_out *j);

#endif
