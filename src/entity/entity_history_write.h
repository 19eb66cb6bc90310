/* entity_history_write: a history as JSON (ETSI GS CIM 009 v1.8.1, sections 4.5.6
 * to 4.5.9, 4.5.19).
 *
 *   instances   "pm25": [{"type": "Property", "value": 35, "observedAt": "...",
 *                         "instanceId": "urn:..."}, ...]
 *   values      "pm25": {"type": "Property", "values": [[35, "2026-03-01T08:00:00Z"], ...]}
 *   tallies     "pm25": {"type": "Property", "avg": [[35, "...T08:00:00Z", "...T09:00:00Z"], ...]}
 *
 * An attribute of several datasets has a list of the latter two, each with its datasetId. What has
 * no answer in a period stands in no list. */
#ifndef TAIHU_ENTITY_ENTITY_HISTORY_WRITE_H
#define TAIHU_ENTITY_ENTITY_HISTORY_WRITE_H

#include "base/arena.h"
#include "base/json.h"
#include "entity/entity_history.h"
#include "ngsi/entity_write.h"

struct entity_history_look {
    struct entity_look look; /* simplified: values */
    unsigned methods;        /* as in the query; 0: no tallies */
    bool no_id, no_type;
};

void entity_history_write(const struct entity_history *h, const struct entity_history_look *look,
                          struct arena *a, struct json_out *j);

#endif
