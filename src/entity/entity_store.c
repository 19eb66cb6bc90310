/* entity_store: see entity_store.h. Queries are in entity_list.c. */
#include "entity/entity_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "entity/entity_int.h"
#include "entity/entity_stage_int.h"
#include "ngsi/entity_context.h"
#include "ngsi/entity_merge.h"
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
    return state.number == 0 ? absent(id, err) : entity_db_load(tx, &state, a, out, err);
}

/* ---- what changed ---- */

/* One deed on its way. */
struct doing {
    const struct entity_job *job;
    enum entity_deed deed;
    const struct entity *e;
    const struct entity *old; /* as it was; NULL: it is new */
    struct entity_outcome out;
    struct entity_change_attribute *touched; /* room for all that the deed may touch */
    size_t touched_count;
    struct model_types types; /* those that are declared */
};

static void touch(struct doing *d, const struct entity_attribute *x, enum entity_event event) {
    d->touched[d->touched_count++] =
        (struct entity_change_attribute){.name = x->name, .dataset = x->dataset, .event = event};
}

static void make_room(struct doing *d, size_t count) {
    d->touched = arena_alloc(d->job->arena, (count + 1) * sizeof *d->touched);
}

/* What was there of each that was touched. */
static void find_before(const struct doing *d) {
    for (size_t i = 0; i < d->touched_count && d->old != NULL; i++) {
        struct entity_change_attribute *x = &d->touched[i];
        x->was = entity_find_instance(d->old, x->name, x->dataset);
    }
}

static void tell(const struct doing *d, int64_t number, enum entity_event event,
                 const struct entity *gone) {
    struct entity_changes *all = d->job->changes;
    if (all == NULL) {
        return;
    }
    find_before(d);
    struct entity_change *c = arena_alloc(d->job->arena, sizeof *c);
    struct entity *kept = NULL;
    if (gone != NULL) {
        kept = arena_alloc(d->job->arena, sizeof *kept);
        *kept = *gone;
    }
    *c = (struct entity_change){.number = number,
                                .id = d->e->id,
                                .event = event,
                                .attributes = d->touched,
                                .count = d->touched_count,
                                .gone = kept};
    if (all->last == NULL) {
        all->first = c;
    } else {
        all->last->next = c;
    }
    all->last = c;
}

/* ---- deeds ---- */

/* Whether the deed leaves an attribute as it is: one that is there already, or one that is not, in
 * no instance. */
static bool is_skipped(const struct doing *d, const struct entity *old,
                       const struct entity_attribute *x, bool there) {
    return d->deed == ENTITY_UPDATE ? entity_find(old, x->name) == NULL || (x->gone && !there)
                                    : d->deed == ENTITY_APPEND_NEW && there;
}

/* Notes which of its types are declared: what it has, and what it gets. */
static void find_types(struct doing *d, const struct entity *old) {
    d->types.set = d->job->models;
    if (d->types.set != NULL) {
        model_types_add(&d->types, d->e->types, d->e->type_count);
        model_types_add(&d->types, old == NULL ? NULL : old->types,
                        old == NULL ? 0 : old->type_count);
    }
}

/* Whether its declared types take the whole attribute `x`; `old` is the entity, NULL for none. */
static enum code check(const struct doing *d, const struct entity *old,
                       const struct entity_attribute *x, struct err *err) {
    if (d->types.count == 0 || x->gone || x->value == NULL) {
        return OK;
    }
    const struct model_claim claim = model_claim(&d->types, x->name);
    const struct entity_attribute *was =
        old == NULL ? NULL : entity_find_instance(old, x->name, x->dataset);
    enum code code = model_check(&claim, x, tx_now_ms(d->job->tx), err);
    return code == OK && was != NULL && was->observed
               ? model_check_late(&claim, x, was->observed_ms, err)
               : code;
}

/* Before a deed writes anything: all that it will write of what was sent. */
static enum code check_sent(const struct doing *d, const struct entity *old, struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < d->e->count && d->types.count > 0 && code == OK; i++) {
        const struct entity_attribute *x = &d->e->attributes[i];
        bool there = old != NULL && entity_find_instance(old, x->name, x->dataset) != NULL;
        code = old != NULL && is_skipped(d, old, x, there) ? OK : check(d, old, x, err);
    }
    return code;
}

static enum code put(struct doing *d, int64_t number, const struct entity_attribute *x,
                     bool is_there, struct err *err) {
    const struct model_claim claim = model_claim(&d->types, x->name);
    touch(d, x, is_there ? ENTITY_UPDATED : ENTITY_ADDED);
    d->out.written++;
    return entity_db_put(d->job->tx, number, x, &claim, err);
}

static enum code create(struct doing *d, struct err *err) {
    int64_t number = 0;
    find_types(d, NULL);
    enum code code = check_sent(d, NULL, err);
    if (code == OK) {
        code = entity_db_add(d->job->tx, d->e, &number, err);
    }
    make_room(d, d->e->count);
    for (size_t i = 0; i < d->e->count && code == OK; i++) {
        code = put(d, number, &d->e->attributes[i], false, err);
    }
    d->out.created = true;
    if (code == OK) {
        tell(d, number, ENTITY_ADDED, NULL);
    }
    return code;
}

/* Takes away what was not sent. The series of a declared type go on over a replacement; where there
 * is none, all goes at once. */
static enum code clear(struct doing *d, int64_t number, const struct entity *old, struct err *err) {
    enum code code = OK;
    if (d->types.count == 0) {
        return entity_db_clear_attributes(d->job->tx, number, err);
    }
    for (size_t i = 0; i < old->count && code == OK; i++) {
        const struct entity_attribute *x = &old->attributes[i];
        if (entity_find_instance(d->e, x->name, x->dataset) == NULL) {
            code = entity_db_remove_attribute(d->job->tx, number, x->name, x->dataset, err);
        }
    }
    return code;
}

/* A fragment without types leaves them. */
static enum code replace(struct doing *d, int64_t number, const struct entity *old,
                         struct err *err) {
    struct tx *tx = d->job->tx;
    enum code code = clear(d, number, old, err);
    if (code == OK && d->e->type_count > 0) {
        code = entity_db_clear_types(tx, number, err);
    }
    for (size_t i = 0; i < d->e->count && code == OK; i++) {
        const struct entity_attribute *x = &d->e->attributes[i];
        code = put(d, number, x, entity_find_instance(old, x->name, x->dataset) != NULL, err);
    }
    for (size_t i = 0; i < old->count; i++) {
        const struct entity_attribute *x = &old->attributes[i];
        if (entity_find_instance(d->e, x->name, x->dataset) == NULL) {
            touch(d, x, ENTITY_REMOVED);
        }
    }
    return code == OK ? entity_db_set_scopes(tx, number, d->e, err) : code;
}

static enum code take_away(struct doing *d, int64_t number, const struct entity_attribute *x,
                           struct err *err) {
    touch(d, x, ENTITY_REMOVED);
    d->out.written++;
    return entity_db_remove_attribute(d->job->tx, number, x->name, x->dataset, err);
}

static enum code append(struct doing *d, int64_t number, const struct entity *old,
                        struct err *err) {
    enum code code = OK;
    d->out.skipped = arena_alloc(d->job->arena, (d->e->count + 2) * sizeof *d->out.skipped);
    for (size_t i = 0; i < d->e->count && code == OK; i++) {
        const struct entity_attribute *x = &d->e->attributes[i];
        bool there = entity_find_instance(old, x->name, x->dataset) != NULL;
        if (is_skipped(d, old, x, there)) {
            d->out.skipped[d->out.skipped_count++] = x->name;
        } else {
            code = x->gone ? take_away(d, number, x, err) : put(d, number, x, there, err);
        }
    }
    return code;
}

static enum code merge_attribute(struct doing *d, int64_t number, const struct entity *old,
                                 struct entity *now, const struct entity_attribute *x,
                                 struct err *err) {
    const struct entity_attribute *merged = entity_find_instance(now, x->name, x->dataset);
    bool there = entity_find_instance(old, x->name, x->dataset) != NULL;
    if (merged != NULL) {
        return put(d, number, merged, there, err);
    }
    if (there) {
        touch(d, x, ENTITY_REMOVED);
    }
    d->out.written++;
    return entity_db_remove_attribute(d->job->tx, number, x->name, x->dataset, err);
}

static enum code merge_entity(struct doing *d, int64_t number, const struct entity *old,
                              struct err *err) {
    struct arena *a = d->job->arena;
    const struct entity *e = d->e;
    struct entity now = *old;
    now.attributes = arena_alloc(a, (old->count + e->count + 1) * sizeof *now.attributes);
    if (old->count > 0) {
        memcpy(now.attributes, old->attributes, old->count * sizeof *now.attributes);
    }
    const struct entity_merge m = {a, true, e};
    enum code code =
        entity_merge_list(&m, now.attributes, &now.count, e->attributes, e->count, err);
    for (size_t i = 0; i < e->count && d->types.count > 0 && code == OK; i++) {
        const struct entity_attribute *x =
            entity_find_instance(&now, e->attributes[i].name, e->attributes[i].dataset);
        code = x == NULL ? OK : check(d, old, x, err);
    }
    for (size_t i = 0; i < e->count && code == OK; i++) {
        code = merge_attribute(d, number, old, &now, &e->attributes[i], err);
    }
    return code;
}

static bool has_scope(const struct entity *e, const char *scope) {
    for (size_t i = 0; i < e->scope_count; i++) {
        if (strcmp(e->scopes[i], scope) == 0) {
            return true;
        }
    }
    return false;
}

/* Those of both, each once. */
static struct entity add_scopes(const struct entity *old, const struct entity *e, struct arena *a) {
    struct entity all = *old;
    all.scopes = arena_alloc(a, (old->scope_count + e->scope_count + 1) * sizeof *all.scopes);
    for (size_t i = 0; i < old->scope_count; i++) {
        all.scopes[i] = old->scopes[i];
    }
    for (size_t i = 0; i < e->scope_count; i++) {
        if (!has_scope(&all, e->scopes[i])) {
            all.scopes[all.scope_count++] = e->scopes[i];
        }
    }
    return all;
}

/* Scopes are replaced; added, where nothing may be overwritten; left, where only what is there may
 * be changed and there are none (5.6.2, 5.6.3). */
static enum code change_scopes(struct doing *d, int64_t number, const struct entity *old,
                               struct err *err) {
    struct tx *tx = d->job->tx;
    if (d->e->scope_count == 0 && !d->e->scope_gone) {
        return OK;
    }
    if (d->deed == ENTITY_UPDATE && old->scope_count == 0) {
        d->out.skipped[d->out.skipped_count++] = ENTITY_CORE "scope";
        return OK;
    }
    if (d->deed == ENTITY_APPEND_NEW) {
        const struct entity all = add_scopes(old, d->e, d->job->arena);
        return entity_db_set_scopes(tx, number, &all, err);
    }
    return entity_db_set_scopes(tx, number, d->e, err);
}

static enum code change(struct doing *d, int64_t number, const struct entity *old,
                        struct err *err) {
    struct tx *tx = d->job->tx;
    enum code code = OK;
    d->old = old;
    switch (d->deed) {
    case ENTITY_DELETE:
        tell(d, number, ENTITY_REMOVED, old);
        return entity_db_remove(tx, number, err);
    case ENTITY_CREATE:
        return err_set(err, E_CONFLICT, "there is an entity \"%.200s\" already", d->e->id);
    case ENTITY_REPLACE:
    case ENTITY_PUT:
        code = replace(d, number, old, err);
        break;
    case ENTITY_APPEND:
    case ENTITY_APPEND_NEW:
    case ENTITY_UPDATE:
    case ENTITY_PUT_APPEND:
        code = append(d, number, old, err);
        break;
    case ENTITY_MERGE:
        code = merge_entity(d, number, old, err);
        break;
    }
    if (code == OK) {
        code = entity_db_add_types(tx, number, d->e, err);
    }
    if (code == OK) {
        code = change_scopes(d, number, old, err);
    }
    if (code == OK) {
        tell(d, number, ENTITY_UPDATED, NULL);
        code = entity_db_touch(tx, number, err);
    }
    return code;
}

static enum code apply(struct doing *d, struct err *err) {
    const struct entity_job *job = d->job;
    bool makes = d->deed == ENTITY_CREATE || d->deed == ENTITY_PUT || d->deed == ENTITY_PUT_APPEND;
    struct entity_state state;
    struct entity old;
    enum code code = entity_db_find(job->tx, d->e->id, &state, err);
    if (code == OK && state.number == 0) {
        return makes ? create(d, err) : absent(d->e->id, err);
    }
    if (code == OK) {
        code = entity_db_load(job->tx, &state, job->arena, &old, err);
    }
    if (code == OK) {
        make_room(d, old.count + d->e->count);
        find_types(d, &old);
        code = d->deed == ENTITY_MERGE || d->deed == ENTITY_CREATE ? OK : check_sent(d, &old, err);
    }
    if (code == OK) {
        code = change(d, state.number, &old, err);
    }
    return code;
}

/* New values of attributes that are there: *done where the entity brings nothing else. */
static enum code observe(const struct entity_job *job, const struct entity *e, bool *done,
                         struct entity_outcome *out, struct err *err) {
    int64_t number = 0;
    enum code code = entity_stage_put(job, e, &number, err);
    *done = number != 0;
    if (code == OK && *done) {
        *out = (struct entity_outcome){.written = e->count};
    }
    return code;
}

/* All else. */
static enum code change_rows(const struct entity_job *job, enum entity_deed deed,
                             const struct entity *e, struct entity_outcome *out, struct err *err) {
    struct doing d = {.job = job, .deed = deed, .e = e};
    entity_stage_leave(job->tx, e->id);
    enum code code = apply(&d, err);
    if (code == OK) {
        *out = d.out;
    }
    return code;
}

static bool may_observe(enum entity_deed deed) {
    return deed == ENTITY_APPEND || deed == ENTITY_UPDATE || deed == ENTITY_PUT_APPEND;
}

enum code entity_apply(const struct entity_job *job, enum entity_deed deed, const struct entity *e,
                       struct entity_outcome *out, struct err *err) {
    bool done = false;
    enum code code = may_observe(deed) ? observe(job, e, &done, out, err) : OK;
    return code == OK && !done ? change_rows(job, deed, e, out, err) : code;
}
static enum code change_attribute(struct doing *d, enum entity_attribute_deed deed, int64_t number,
                                  struct entity_attribute *old, const struct entity_attribute *x,
                                  struct err *err) {
    if (deed == ENTITY_ATTRIBUTE_DELETE || x->gone) {
        return take_away(d, number, x, err);
    }
    bool replaces = deed == ENTITY_ATTRIBUTE_REPLACE;
    struct entity_attribute was = *old;
    const struct entity before = {.attributes = &was, .count = 1};
    const struct entity_merge m = {d->job->arena, false, NULL};
    enum code code = replaces ? OK : entity_merge_one(&m, old, x, err);
    if (code == OK) {
        code = check(d, &before, replaces ? x : old, err);
    }
    return code == OK ? put(d, number, replaces ? x : old, true, err) : code;
}

static enum code delete_all(struct doing *d, int64_t number, const struct entity *now,
                            const char *name, struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < now->count && code == OK; i++) {
        if (strcmp(now->attributes[i].name, name) == 0) {
            code = take_away(d, number, &now->attributes[i], err);
        }
    }
    return code;
}

/* A scope is no attribute, but is deleted as one (5.6.5). */
static enum code clear_scopes(struct doing *d, enum entity_attribute_deed deed, int64_t number,
                              struct err *err) {
    if (deed != ENTITY_ATTRIBUTE_DELETE && deed != ENTITY_ATTRIBUTE_DELETE_ALL) {
        return err_set(err, E_INPUT, "cannot change scope as an attribute: change the entity's");
    }
    return entity_db_set_scopes(d->job->tx, number, d->e, err);
}

static enum code apply_attribute(struct doing *d, enum entity_attribute_deed deed,
                                 const struct entity_attribute *x, struct err *err) {
    const struct entity_job *job = d->job;
    const char *id = d->e->id;
    struct entity_state state;
    struct entity now;
    enum code code = entity_load(job->tx, id, job->arena, &now, err);
    if (code == OK) {
        code = entity_db_find(job->tx, id, &state, err);
    }
    if (code != OK) {
        return code;
    }
    struct entity_attribute *old = deed == ENTITY_ATTRIBUTE_DELETE_ALL
                                       ? entity_find(&now, x->name)
                                       : entity_find_instance(&now, x->name, x->dataset);
    bool scope = strcmp(x->name, ENTITY_CORE "scope") == 0;
    if (scope ? now.scope_count == 0 : old == NULL) {
        return err_set(err, E_ABSENT, "entity \"%.200s\" has no attribute \"%.200s\"%s%.200s", id,
                       x->name, x->dataset == NULL ? "" : " with datasetId ",
                       x->dataset == NULL ? "" : x->dataset);
    }
    struct entity before = now;
    before.attributes = arena_alloc(job->arena, (now.count + 1) * sizeof *before.attributes);
    if (now.count > 0) { /* a patch changes them in place */
        memcpy(before.attributes, now.attributes, now.count * sizeof *before.attributes);
    }
    d->old = &before;
    make_room(d, now.count);
    find_types(d, &now);
    if (scope) {
        code = clear_scopes(d, deed, state.number, err);
    } else if (deed == ENTITY_ATTRIBUTE_DELETE_ALL) {
        code = delete_all(d, state.number, &now, x->name, err);
    } else {
        code = change_attribute(d, deed, state.number, old, x, err);
    }
    if (code == OK) {
        tell(d, state.number, ENTITY_UPDATED, NULL);
        code = entity_db_touch(job->tx, state.number, err);
    }
    return code;
}

enum code entity_apply_attribute(const struct entity_job *job, enum entity_attribute_deed deed,
                                 const char *id, const struct entity_attribute *x,
                                 struct err *err) {
    struct entity_attribute said = *x;
    struct entity e = {.id = id, .attributes = &said, .count = 1};
    struct doing d = {.job = job, .e = &e};
    struct entity_outcome out;
    bool done = false;
    enum code code = deed == ENTITY_ATTRIBUTE_REPLACE ? observe(job, &e, &done, &out, err) : OK;
    if (code == OK && !done) {
        entity_stage_leave(job->tx, id);
        code = apply_attribute(&d, deed, x, err);
    }
    return code;
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
