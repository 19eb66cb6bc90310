/* entity_hosted_int: the rows of entity_hosted.h. */
#ifndef TAIHU_ENTITY_ENTITY_HOSTED_INT_H
#define TAIHU_ENTITY_ENTITY_HOSTED_INT_H

#include "entity/entity_hosted.h"

/* The one of this id or address; out->id is NULL where there is none. */
enum code entity_hosted_db_find(struct tx *tx, const char *id, const char *url, struct arena *a,
                                struct entity_hosted *out, struct err *err);

enum code entity_hosted_db_count(struct tx *tx, int64_t *out, struct err *err);

/* In place of the one with the same address, which keeps its id. */
enum code entity_hosted_db_put(struct tx *tx, const struct entity_hosted *h, struct err *err);

#endif
