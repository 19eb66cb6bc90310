/* entity_latest: see entity_latest.h. */
#include "entity/entity_latest.h"

#include <string.h>

#include "entity/entity_stage_int.h"
#include "ngsi/entity_row.h"

/* What entity_write_attribute() wrote of it, or just its value. */
static enum code read_seen(const struct fresh_seen *seen, struct arena *a,
                           struct entity_attribute *out, struct err *err) {
    if (seen->json != NULL) {
        size_t n = strlen(seen->json);
        return entity_row_read(arena_dup(a, seen->json, n), n, a, out, err);
    }
    *out = (struct entity_attribute){.kind = seen->kind,
                                     .kind_said = true,
                                     .value = seen->value,
                                     .unit = seen->unit,
                                     .observed = true,
                                     .observed_ms = seen->observed_ms,
                                     .zeros = seen->zeros};
    return OK;
}

enum code entity_latest(struct tx *tx, const struct fresh_key *key, struct arena *a,
                        struct entity_attribute *x, struct err *err) {
    struct fresh *f;
    const struct memory_view *view;
    struct fresh_seen seen;
    struct entity_attribute now = {.name = NULL};
    bool there = false;
    enum code code = entity_fresh_of(tx, &f, &view, err);
    if (code == OK && f != NULL) {
        code = fresh_find(f, view, key, a, &seen, &there, err);
    }
    if (code == OK && there) {
        code = read_seen(&seen, a, &now, err);
    }
    if (code != OK || !there) {
        return code;
    }
    now.name = x->name;
    now.dataset = x->dataset;
    now.created_ms = x->created_ms;
    now.modified_ms = seen.modified_ms;
    now.quality = seen.quality;
    *x = now;
    return OK;
}
