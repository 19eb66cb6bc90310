/* entity_write: an entity as JSON: normalized, concise or simplified (see entity_read.h), with
 * short names where the @context has them. Values leave with the digits they came with. */
#ifndef TAIHU_ENTITY_ENTITY_WRITE_H
#define TAIHU_ENTITY_ENTITY_WRITE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/json.h"
#include "entity/entity.h"
#include "entity/entity_context.h"
#include "entity/entity_read.h"

struct entity_look {
    const struct entity_context *context;
    enum entity_form form;
    bool times;       /* createdAt, modifiedAt */
    const char *link; /* an address that is told as @context; NULL: none */
};

void entity_write(const struct entity *e, const struct entity_look *look, struct arena *a,
                  struct json_out *j);

/* One instance of an attribute, as it stands in an entity. */
void entity_write_instance(const struct entity_attribute *x, const struct entity_look *look,
                           struct arena *a, struct json_out *j);

/* One attribute's value: normalized, whole names: what entity_read_attribute() reads again. */
void entity_write_attribute(const struct entity_attribute *x, struct json_out *j);

#endif
