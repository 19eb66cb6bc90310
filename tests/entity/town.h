/* town: a store with the tables of entity/, and an arena beside it. Include behind cmocka.h. */
#ifndef TAIHU_TESTS_ENTITY_TOWN_H
#define TAIHU_TESTS_ENTITY_TOWN_H

#include "base/arena.h"
#include "entity/entity_store.h"
#include "store/fixture.h"

static const struct schema *const town_schemas[] = {&entity_schema};

struct town {
    struct entity_changes changes; /* by the last job, where a test keeps them */
    struct fixture f;
    struct arena arena;
};

static inline void town_init(struct town *t) {
    t->arena = (struct arena)ARENA_INIT;
    fixture_init(&t->f);
    t->f.config.schemas = town_schemas;
    fixture_open(&t->f);
}

static inline void town_fini(struct town *t) {
    arena_fini(&t->arena);
    fixture_fini(&t->f);
}

#endif
