/* entity_history_change: what clients add to histories and take out of them (ETSI GS CIM 009
 * v1.8.1, sections 5.6.11 to 5.6.16); see entity_history.h. */
#include <string.h>

#include "entity/entity_history_int.h"
#include "entity/entity_int.h"

/* ---- adding ---- */

static enum code check(const struct entity_attribute *x, struct err *err) {
    if (!x->observed) {
        return err_set(err, E_INPUT, "cannot keep attribute \"%.200s\": it has no observedAt",
                       x->name);
    }
    return x->value == NULL
               ? err_set(err, E_INPUT, "cannot keep attribute \"%.200s\": it has no value", x->name)
               : OK;
}

static enum code add_all(struct tx *tx, int64_t number, const struct entity *e, struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < e->type_count && code == OK; i++) {
        code = history_db_add_type(tx, number, e->types[i], err);
    }
    for (size_t i = 0; i < e->count && code == OK; i++) {
        code = entity_db_observe(tx, number, &e->attributes[i], err);
    }
    return code;
}

/* Whether a history is kept, or only the entity as it is now. */
static enum code find_history(struct tx *tx, int64_t number, bool *out, struct err *err) {
    bool past = false;
    enum code code = history_db_is_past(tx, number, &past, err);
    if (code == OK && !past) {
        code = history_db_has(tx, number, 0, &past, err);
    }
    if (code == OK) {
        *out = past;
    }
    return code;
}

static enum code absent(const char *id, struct err *err) {
    return err_set(err, E_ABSENT, "there is no history of an entity \"%.200s\"", id);
}

enum code entity_history_add(struct tx *tx, const struct entity *e, bool must_be, bool *made,
                             struct err *err) {
    int64_t number = 0;
    bool there = false;
    enum code code = OK;
    for (size_t i = 0; i < e->count && code == OK; i++) {
        code = check(&e->attributes[i], err);
    }
    if (code == OK) {
        code = entity_db_find_name(tx, e->id, &number, err);
    }
    if (code == OK && number != 0) {
        code = must_be ? history_db_is_known(tx, number, &there, err)
                       : find_history(tx, number, &there, err);
    }
    if (code == OK && must_be && !there) {
        code = absent(e->id, err);
    }
    if (code == OK) {
        code = entity_db_add_name(tx, e->id, &number, err);
    }
    if (code == OK) {
        *made = !there;
        code = add_all(tx, number, e, err);
    }
    return code;
}

/* ---- taking out ---- */

/* The number of an entity that has a history. */
static enum code find_entity(struct tx *tx, const char *id, int64_t *out, struct err *err) {
    bool there = false;
    int64_t number = 0;
    enum code code = entity_db_find_name(tx, id, &number, err);
    if (code == OK && number != 0) {
        code = find_history(tx, number, &there, err);
    }
    if (code == OK) {
        code = there ? OK : absent(id, err);
        *out = number;
    }
    return code;
}

enum code entity_history_delete(struct tx *tx, const char *id, struct err *err) {
    int64_t number = 0;
    enum code code = find_entity(tx, id, &number, err);
    if (code == OK) {
        code = history_db_remove_all(tx, number, err);
    }
    return code == OK ? history_db_forget_types(tx, number, err) : code;
}

enum code entity_history_delete_attribute(struct tx *tx, const char *id, const char *attribute,
                                          const char *dataset, bool all, struct err *err) {
    struct history_key key = {.entity = 0};
    bool any = false;
    enum code code = find_entity(tx, id, &key.entity, err);
    if (code == OK) {
        code = entity_db_find_name(tx, attribute, &key.attribute, err);
    }
    if (code == OK && dataset != NULL) {
        code = entity_db_find_name(tx, dataset, &key.dataset, err);
    }
    bool named = key.attribute != 0 && (dataset == NULL || key.dataset != 0);
    if (code == OK && named) {
        code = all ? history_db_remove_attribute(tx, key.entity, key.attribute, &any, err)
                   : history_db_remove_dataset(tx, &key, &any, err);
    }
    return code == OK && !any
               ? err_set(err, E_ABSENT, "entity \"%.200s\" has no history of \"%.200s\"", id,
                         attribute)
               : code;
}

/* ---- one instance ---- */

/* The key of an instance, which must be of this entity and attribute; and what is kept there. */
static enum code find_instance(struct tx *tx, const char *id, const char *attribute,
                               const char *instance, struct arena *a, struct history_key *key,
                               struct history_row *row, struct err *err) {
    int64_t entity = 0;
    int64_t number = 0;
    enum code code = find_entity(tx, id, &entity, err);
    if (code == OK) {
        code = entity_db_find_name(tx, attribute, &number, err);
    }
    bool ours = code == OK && history_instance_parse(instance, key) && key->entity == entity &&
                key->attribute == number && number != 0;
    if (code == OK && !ours) {
        return err_set(err, E_ABSENT, "attribute \"%.200s\" has no instance \"%.120s\"", attribute,
                       instance);
    }
    return code == OK ? history_db_get(tx, key, a, row, err) : code;
}

enum code entity_history_delete_instance(struct tx *tx, const char *id, const char *attribute,
                                         const char *instance, struct err *err) {
    struct arena a = ARENA_INIT;
    struct history_key key;
    struct history_row row;
    enum code code = find_instance(tx, id, attribute, instance, &a, &key, &row, err);
    if (code == OK) {
        code = history_db_remove(tx, &key, err);
    }
    arena_fini(&a);
    return code;
}

/* Attributes of an attribute: those that are named come in place of those of that name. */
static enum code patch_subs(const struct entity_attribute *x, struct arena *a,
                            struct entity_attribute *to, struct err *err) {
    struct entity_attribute *all = arena_alloc(a, (to->sub_count + x->sub_count + 1) * sizeof *all);
    size_t count = 0;
    for (size_t i = 0; i < to->sub_count; i++) {
        size_t k = 0;
        while (k < x->sub_count && strcmp(to->sub[i].name, x->sub[k].name) != 0) {
            k++;
        }
        if (k == x->sub_count) {
            all[count++] = to->sub[i];
        }
    }
    for (size_t i = 0; i < x->sub_count; i++) {
        if (!x->sub[i].gone && x->sub[i].value == NULL) {
            return err_set(err, E_INPUT, "cannot add attribute \"%.200s\": it has no value",
                           x->sub[i].name);
        }
        if (!x->sub[i].gone) {
            all[count++] = x->sub[i];
        }
    }
    to->sub = all;
    to->sub_count = count;
    return OK;
}

/* An instance as it is kept. */
static enum code load_instance(struct tx *tx, const struct history_key *key,
                               const struct history_row *row, struct arena *a,
                               struct entity_attribute *to, struct err *err) {
    enum code code = OK;
    *to = (struct entity_attribute){.kind = row->kind,
                                    .value = row->value,
                                    .observed = true,
                                    .observed_ms = row->observed_ms,
                                    .unit = row->unit};
    code = history_db_name(tx, key->attribute, a, &to->name, err);
    if (code == OK && key->dataset != 0) {
        code = history_db_name(tx, key->dataset, a, &to->dataset, err);
    }
    return code == OK && row->extra != NULL ? history_read_extra(row->extra, a, to, err) : code;
}

/* Puts what is said of an instance over what is kept of it. */
static enum code patch(const struct entity_attribute *x, struct arena *a,
                       struct entity_attribute *to, struct err *err) {
    bool says_kind = x->kind_said || x->value != NULL;
    const char *what =
        says_kind && x->kind != to->kind                   ? "kind"
        : x->observed && x->observed_ms != to->observed_ms ? "observedAt"
        : x->dataset != NULL && (to->dataset == NULL || strcmp(x->dataset, to->dataset) != 0)
            ? "datasetId"
            : NULL;
    if (what != NULL) {
        return err_set(err, E_INPUT, "cannot change the %s of an instance of \"%.200s\"", what,
                       x->name);
    }
    to->value = x->value == NULL ? to->value : x->value;
    to->unit = x->unit == NULL ? to->unit : x->unit;
    return patch_subs(x, a, to, err);
}

enum code entity_history_patch(struct tx *tx, const char *id, const struct entity_attribute *x,
                               const char *instance, struct arena *a, struct err *err) {
    struct history_key key;
    struct history_row row;
    struct entity_attribute to;
    enum code code = find_instance(tx, id, x->name, instance, a, &key, &row, err);
    if (code == OK) {
        code = load_instance(tx, &key, &row, a, &to, err);
    }
    if (code == OK) {
        code = patch(x, a, &to, err);
    }
    return code == OK ? entity_db_observe(tx, key.entity, &to, err) : code;
}
