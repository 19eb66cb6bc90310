/* ngsi_batch: many entities in one request over NGSI-LD (ETSI GS CIM 009, sections 5.6.7 to 5.6.10
 * and 6.14 to 6.17). Each succeeds or fails alone; all that succeed are one job and one line in the
 * journal. A body has 1 MB at most, as every JSON body. */
#include <string.h>

#include "api/api_int.h"
#include "api/ngsi_int.h"

struct part {
    struct entity entity;
    enum code code; /* OK until it failed, and then why */
    char *words;
    bool created;
    bool partly; /* it failed in part: it was changed all the same */
};

struct batch {
    struct ngsi *ngsi;
    enum entity_deed deed;
    const char *what;
    struct part *parts;
    size_t count;
};

static void fail(struct batch *b, struct part *i, enum code code, const struct err *err) {
    i->code = code;
    i->words = arena_dup(b->ngsi->call->arena, err->msg, strlen(err->msg));
}

/* ---- reading ---- */

static enum code read_id(const struct json_value *v, struct entity *to, struct err *err) {
    if (v->kind != JSON_STRING || !entity_is_uri(v->text)) {
        return err_set(err, E_INPUT, "cannot take id \"%.80s\": it is no URI",
                       v->kind == JSON_STRING ? v->text : json_kind_name(v->kind));
    }
    to->id = v->text;
    return OK;
}

static enum code read_fragment(const struct ngsi *n, const struct json_value *v,
                               enum entity_need need, struct entity *to, struct err *err) {
    enum code code = ngsi_read(n, v, need, to, err);
    return code == OK && to->id == NULL
               ? err_set(err, E_INPUT, "cannot take an entity without \"id\"")
               : code;
}

/* What the entity is called, also where it cannot be read. */
static const char *id_said(const struct json_value *v) {
    const struct json_value *id = json_member(v, "id");
    return id != NULL && id->kind == JSON_STRING ? id->text : "";
}

static void read_part(struct batch *b, const struct json_value *v, struct part *to) {
    struct err err = ERR_INIT;
    enum code code;
    if (b->deed == ENTITY_DELETE) {
        code = read_id(v, &to->entity, &err);
    } else if (b->deed == ENTITY_APPEND || b->deed == ENTITY_APPEND_NEW) {
        code = read_fragment(b->ngsi, v, ENTITY_CHANGE, &to->entity, &err);
    } else if (b->deed == ENTITY_MERGE) {
        code = read_fragment(b->ngsi, v, ENTITY_DEEP, &to->entity, &err);
        if (code == OK) {
            code = ngsi_take_merge(b->ngsi, &to->entity, &err);
        }
    } else {
        code = ngsi_read(b->ngsi, v, ENTITY_WHOLE, &to->entity, &err);
    }
    if (code != OK) {
        to->entity.id = id_said(v);
        fail(b, to, code, &err);
    }
}

static enum code read_parts(struct batch *b, struct err *err) {
    const struct json_value *body = b->ngsi->body;
    if (body->kind != JSON_ARRAY || body->count == 0) {
        return err_set(err, E_INPUT, "cannot take the body: it is %s, not a list with entities",
                       body->kind == JSON_ARRAY ? "empty" : json_kind_name(body->kind));
    }
    for (const struct json_value *v = body->first; v != NULL; v = v->next) {
        if (v->kind != (b->deed == ENTITY_DELETE ? JSON_STRING : JSON_OBJECT)) {
            return err_set(err, E_INPUT, "cannot take the body: it has %s in it",
                           json_kind_name(v->kind));
        }
    }
    b->parts = arena_zero(b->ngsi->call->arena, body->count * sizeof *b->parts);
    b->ngsi->run = arena_zero(b->ngsi->call->arena, sizeof *b->ngsi->run);
    for (const struct json_value *v = body->first; v != NULL; v = v->next) {
        read_part(b, v, &b->parts[b->count++]);
    }
    return OK;
}

/* ---- the answer ---- */

enum which { DONE, MADE };

static void put_ids(struct json_out *j, const struct batch *b, enum which which) {
    json_arr(j);
    for (size_t i = 0; i < b->count; i++) {
        if (b->parts[i].code == OK && (which == DONE || b->parts[i].created)) {
            json_str(j, b->parts[i].entity.id);
        }
    }
    json_arr_end(j);
}

/* {"success": [ID], "errors": [{"entityId", "error"}]}: section 5.2.16. */
static void put_mixed(struct batch *b) {
    struct json_out *j = ngsi_json(b->ngsi);
    json_obj(j);
    json_key(j, "success");
    put_ids(j, b, DONE);
    json_key(j, "errors");
    json_arr(j);
    for (size_t i = 0; i < b->count; i++) {
        if (b->parts[i].code != OK) {
            json_obj(j);
            json_put_str(j, "entityId", b->parts[i].entity.id);
            json_key(j, "error");
            ngsi_put_failure(j, b->parts[i].code, b->parts[i].words);
            json_obj_end(j);
        }
    }
    json_arr_end(j);
    json_obj_end(j);
    b->ngsi->call->response->status = 207;
}

static void put_answer(struct batch *b) {
    bool failed = false;
    bool made = false;
    for (size_t i = 0; i < b->count; i++) {
        failed = failed || b->parts[i].code != OK;
        made = made || b->parts[i].created;
    }
    if (failed) {
        put_mixed(b);
    } else if (made) {
        put_ids(ngsi_json(b->ngsi), b, MADE);
        b->ngsi->call->response->status = 201;
    } else {
        b->ngsi->call->response->status = 204;
    }
}

/* ---- the job ---- */

/* A failure of this entity alone is its own; any other is the batch's. */
static enum code apply(struct batch *b, const struct entity_job *job, struct part *i,
                       struct err *err) {
    struct entity_outcome outcome;
    struct err own;
    err_clear(&own);
    enum code code = entity_apply(job, b->deed, &i->entity, &outcome, &own);
    if (code == E_ABSENT || code == E_CONFLICT || code == E_INPUT) {
        fail(b, i, code, &own);
        return OK;
    }
    if (code != OK) {
        return err_set(err, code, "%s", own.msg);
    }
    if (outcome.skipped_count > 0) {
        code = err_set(&own, E_CONFLICT, "%zu attributes were not written, as \"%.200s\"",
                       outcome.skipped_count, outcome.skipped[0]);
        fail(b, i, code, &own);
        i->partly = true;
    }
    i->created = outcome.created;
    return OK;
}

static enum code run(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct batch *b = data;
    const char **ids = arena_alloc(c->arena, (b->count + 1) * sizeof *ids);
    const struct entity_job job = ngsi_job(b->ngsi, tx);
    size_t done = 0;
    enum code code = OK;
    for (size_t i = 0; i < b->count && code == OK; i++) {
        if (b->parts[i].code == OK) {
            code = apply(b, &job, &b->parts[i], err);
        }
        if (b->parts[i].code == OK || b->parts[i].partly) {
            ids[done++] = b->parts[i].entity.id;
        }
    }
    if (code == OK && done > 0) {
        code = ngsi_note(b->ngsi, tx, b->what, ids, done, err);
    }
    if (code == OK) {
        put_answer(b);
    }
    return code;
}

/* What outlives the route: the answer goes out when the batch is on disk. */
static struct batch *begin(struct call *c) {
    struct batch *b = arena_zero(c->arena, sizeof *b);
    b->ngsi = arena_zero(c->arena, sizeof *b->ngsi);
    return ngsi_begin(c, b->ngsi) ? b : NULL;
}

static enum code run_batch(struct batch *b, enum entity_deed deed, const char *what,
                           struct err *err) {
    b->deed = deed;
    b->what = what;
    enum code code = read_parts(b, err);
    return code == OK ? call_change_later(b->ngsi->call, run, b, err) : code;
}

/* ---- routes ---- */

enum code ngsi_batch_create(struct call *c, struct err *err) {
    struct batch *b = begin(c);
    return b != NULL ? run_batch(b, ENTITY_CREATE, "created", err) : OK;
}

enum code ngsi_batch_upsert(struct call *c, struct err *err) {
    struct batch *b = begin(c);
    if (b == NULL) {
        return OK;
    }
    bool keeps = b->ngsi->options & NGSI_UPDATE;
    return run_batch(b, keeps ? ENTITY_PUT_APPEND : ENTITY_PUT, "put", err);
}

enum code ngsi_batch_update(struct call *c, struct err *err) {
    struct batch *b = begin(c);
    if (b == NULL) {
        return OK;
    }
    bool keeps = b->ngsi->options & NGSI_NO_OVERWRITE;
    return run_batch(b, keeps ? ENTITY_APPEND_NEW : ENTITY_APPEND, "changed", err);
}

enum code ngsi_batch_delete(struct call *c, struct err *err) {
    struct batch *b = begin(c);
    return b != NULL ? run_batch(b, ENTITY_DELETE, "deleted", err) : OK;
}

enum code ngsi_batch_merge(struct call *c, struct err *err) {
    struct batch *b = begin(c);
    return b != NULL ? run_batch(b, ENTITY_MERGE, "changed", err) : OK;
}
