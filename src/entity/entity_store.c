/* entity_store: see entity_store.h. Queries are in entity_list.c. */
#include "entity/entity_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "entity/entity_int.h"
#include "store/hex.h"
#include "store/journal.h"
#include "store/sha256.h"

enum { HEX = 2 * SHA256_BYTES + 1 };

/* ---- one ---- */

static enum code absent(const char *id, struct err *err) {
    return err_set(err, E_ABSENT, "there is no entity \"%.200s\"", id);
}

enum code entity_load(struct tx *tx, const char *id, struct arena *a, struct entity *out,
                      struct err *err) {
    struct entity_state state;
    enum code code = entity_db_find(tx, id, &state, err);
    if (code != OK) {
        return code;
    }
    return state.number == 0 ? absent(id, err) : entity_db_load(tx, state.number, a, out, err);
}

/* ---- merging ---- */

/* Puts what `from` says over the list; the list has room for all of it. */
static enum code merge_list(struct entity_attribute *to, size_t *count,
                            const struct entity_attribute *from, size_t n, struct arena *a,
                            struct err *err);

static struct entity_attribute *find(struct entity_attribute *list, size_t count,
                                     const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, name) == 0) {
            return &list[i];
        }
    }
    return NULL;
}

/* What a patch says of an attribute that is there. */
static enum code merge(struct entity_attribute *to, const struct entity_attribute *from,
                       struct arena *a, struct err *err) {
    bool says_kind = from->kind_said || from->value != NULL || from->unit != NULL;
    if (says_kind && from->kind != to->kind) {
        return err_set(err, E_INPUT, "cannot change attribute \"%.200s\" from %s to %s", to->name,
                       entity_kind_name(to->kind), entity_kind_name(from->kind));
    }
    to->value = from->value == NULL ? to->value : from->value;
    to->unit = from->unit == NULL ? to->unit : from->unit;
    if (from->observed) {
        to->observed = true;
        to->observed_ms = from->observed_ms;
    }
    struct entity_attribute *sub =
        arena_alloc(a, (to->sub_count + from->sub_count + 1) * sizeof *sub);
    if (to->sub_count > 0) {
        memcpy(sub, to->sub, to->sub_count * sizeof *sub);
    }
    to->sub = sub;
    return merge_list(sub, &to->sub_count, from->sub, from->sub_count, a, err);
}

static enum code merge_list(struct entity_attribute *to, size_t *count,
                            const struct entity_attribute *from, size_t n, struct arena *a,
                            struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < n && code == OK; i++) {
        struct entity_attribute *old = find(to, *count, from[i].name);
        if (from[i].gone) {
            size_t behind = old == NULL ? 0 : (size_t)(&to[*count] - old) - 1;
            if (old != NULL) {
                memmove(old, old + 1, behind * sizeof *old);
                --*count;
            }
        } else if (old != NULL) {
            code = merge(old, &from[i], a, err);
        } else if (from[i].value == NULL) {
            code = err_set(err, E_INPUT, "cannot add attribute \"%.200s\": it has no value",
                           from[i].name);
        } else {
            to[(*count)++] = from[i];
        }
    }
    return code;
}

/* ---- deeds ---- */

/* One deed on its way. */
struct doing {
    struct tx *tx;
    enum entity_deed deed;
    const struct entity *e;
    struct arena *arena;
    struct entity_outcome out;
};

static enum code put_all(struct doing *d, int64_t number, struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < d->e->count && code == OK; i++) {
        code = entity_db_put(d->tx, number, &d->e->attributes[i], err);
    }
    d->out.written = d->e->count;
    return code;
}

static enum code create(struct doing *d, struct err *err) {
    int64_t number = 0;
    enum code code = entity_db_add(d->tx, d->e, &number, err);
    d->out.created = true;
    return code == OK ? put_all(d, number, err) : code;
}

/* A fragment without types leaves them. */
static enum code replace(struct doing *d, int64_t number, struct err *err) {
    enum code code = entity_db_clear_attributes(d->tx, number, err);
    if (code == OK && d->e->type_count > 0) {
        code = entity_db_clear_types(d->tx, number, err);
    }
    return code == OK ? put_all(d, number, err) : code;
}

/* Whether the deed writes an attribute that is there already, or is not. */
static bool is_skipped(enum entity_deed deed, bool there) {
    return (deed == ENTITY_APPEND_NEW && there) || (deed == ENTITY_UPDATE && !there);
}

static enum code append(struct doing *d, int64_t number, struct err *err) {
    struct entity old;
    enum code code = entity_db_load(d->tx, number, d->arena, &old, err);
    d->out.skipped = arena_alloc(d->arena, (d->e->count + 1) * sizeof *d->out.skipped);
    for (size_t i = 0; i < d->e->count && code == OK; i++) {
        const struct entity_attribute *x = &d->e->attributes[i];
        if (is_skipped(d->deed, entity_find(&old, x->name) != NULL)) {
            d->out.skipped[d->out.skipped_count++] = x->name;
            continue;
        }
        code = entity_db_put(d->tx, number, x, err);
        d->out.written++;
    }
    return code;
}

static enum code merge_entity(struct doing *d, int64_t number, struct err *err) {
    struct entity now;
    const struct entity *e = d->e;
    enum code code = entity_db_load(d->tx, number, d->arena, &now, err);
    if (code != OK) {
        return code;
    }
    struct entity_attribute *list =
        arena_alloc(d->arena, (now.count + e->count + 1) * sizeof *list);
    if (now.count > 0) {
        memcpy(list, now.attributes, now.count * sizeof *list);
    }
    code = merge_list(list, &now.count, e->attributes, e->count, d->arena, err);
    for (size_t i = 0; i < e->count && code == OK; i++) {
        const struct entity_attribute *x = find(list, now.count, e->attributes[i].name);
        code = x == NULL ? entity_db_remove_attribute(d->tx, number, e->attributes[i].name, err)
                         : entity_db_put(d->tx, number, x, err);
    }
    d->out.written = e->count;
    return code;
}

static enum code change(struct doing *d, int64_t number, struct err *err) {
    enum code code = OK;
    switch (d->deed) {
    case ENTITY_DELETE:
        return entity_db_remove(d->tx, number, err);
    case ENTITY_CREATE:
        return err_set(err, E_CONFLICT, "there is an entity \"%.200s\" already", d->e->id);
    case ENTITY_REPLACE:
    case ENTITY_PUT:
        code = replace(d, number, err);
        break;
    case ENTITY_APPEND:
    case ENTITY_APPEND_NEW:
    case ENTITY_UPDATE:
    case ENTITY_PUT_APPEND:
        code = append(d, number, err);
        break;
    case ENTITY_MERGE:
        code = merge_entity(d, number, err);
        break;
    }
    if (code == OK) {
        code = entity_db_add_types(d->tx, number, d->e, err);
    }
    return code == OK ? entity_db_touch(d->tx, number, err) : code;
}

enum code entity_apply(struct tx *tx, enum entity_deed deed, const struct entity *e,
                       struct arena *a, struct entity_outcome *out, struct err *err) {
    struct doing d = {tx, deed, e, a, {.created = false}};
    bool makes = deed == ENTITY_CREATE || deed == ENTITY_PUT || deed == ENTITY_PUT_APPEND;
    struct entity_state state;
    enum code code = entity_db_find(tx, e->id, &state, err);
    if (code != OK) {
        return code;
    }
    if (state.number != 0) {
        code = change(&d, state.number, err);
    } else {
        code = makes ? create(&d, err) : absent(e->id, err);
    }
    if (code == OK) {
        *out = d.out;
    }
    return code;
}

enum code entity_apply_attribute(struct tx *tx, enum entity_attribute_deed deed, const char *id,
                                 const struct entity_attribute *x, struct arena *a,
                                 struct err *err) {
    struct entity_state state;
    struct entity now;
    enum code code = entity_load(tx, id, a, &now, err);
    struct entity_attribute *old = code == OK ? entity_find(&now, x->name) : NULL;
    if (code == OK) {
        code = entity_db_find(tx, id, &state, err);
    }
    if (code == OK && old == NULL) {
        code = err_set(err, E_ABSENT, "entity \"%.200s\" has no attribute \"%.200s\"", id, x->name);
    }
    if (code != OK) {
        return code;
    }
    if (deed == ENTITY_ATTRIBUTE_DELETE || x->gone) {
        code = entity_db_remove_attribute(tx, state.number, x->name, err);
    } else {
        code = deed == ENTITY_ATTRIBUTE_PATCH ? merge(old, x, a, err) : OK;
        if (code == OK) {
            code = entity_db_put(tx, state.number, deed == ENTITY_ATTRIBUTE_PATCH ? old : x, err);
        }
    }
    return code == OK ? entity_db_touch(tx, state.number, err) : code;
}

/* ---- the journal ---- */

static void put_digest(struct json_out *j, const char *key, const void *bytes, size_t n) {
    unsigned char digest[SHA256_BYTES];
    char hex[HEX];
    sha256_of(bytes, n, digest);
    json_put_str(j, key, hex_text(digest, sizeof digest, hex));
}

static void put_ids(struct json_out *j, const struct entity_note *note) {
    if (note->count == 1) {
        json_put_str(j, "id", note->ids[0]);
        return;
    }
    struct buf ids = BUF_INIT;
    for (size_t i = 0; i < note->count; i++) {
        buf_adds(&ids, note->ids[i]);
        buf_addc(&ids, '\n');
    }
    json_put_int(j, "count", (int64_t)note->count);
    put_digest(j, "ids_sha256", ids.data, ids.len);
    buf_fini(&ids);
}

/* "entity/ID"; an id too long for a line's name stands there by its digest. */
static void name_subject(const struct entity_note *note, char to[JOURNAL_NAME_MAX + 1]) {
    if (note->count != 1) {
        snprintf(to, JOURNAL_NAME_MAX + 1, "entities");
        return;
    }
    if (strlen(note->ids[0]) + sizeof "entity/" <= JOURNAL_NAME_MAX) {
        snprintf(to, JOURNAL_NAME_MAX + 1, "entity/%s", note->ids[0]);
        return;
    }
    unsigned char digest[SHA256_BYTES];
    char hex[HEX];
    sha256_of(note->ids[0], strlen(note->ids[0]), digest);
    snprintf(to, JOURNAL_NAME_MAX + 1, "entity/sha256:%s", hex_text(digest, sizeof digest, hex));
}

enum code entity_note(struct tx *tx, const struct entity_note *note, struct err *err) {
    char subject[JOURNAL_NAME_MAX + 1];
    char kind[32];
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    put_ids(&j, note);
    if (note->body_len > 0) {
        put_digest(&j, "body_sha256", note->body, note->body_len);
    }
    json_obj_end(&j);
    name_subject(note, subject);
    snprintf(kind, sizeof kind, "%s.%s", note->count == 1 ? "entity" : "entities", note->what);
    struct journal_entry entry = {note->actor, subject, kind, payload.data};
    enum code code = journal_add(tx, &entry, NULL, err);
    buf_fini(&payload);
    return code;
}
