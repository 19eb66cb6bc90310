/* snapshot: see snapshot.h. */
#include "subscription/snapshot.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "ngsi/entity_read.h"
#include "ngsi/entity_write.h"

/* ---- writing ---- */

static void put_text(struct buf *to, const char *s) {
    buf_add(to, s == NULL ? "" : s, s == NULL ? 0 : strlen(s));
    buf_addc(to, '\0');
}

static void put_number(struct buf *to, int64_t n) {
    buf_addf(to, "%" PRId64, n);
    buf_addc(to, '\0');
}

static void put_texts(struct buf *to, const char *const *texts, size_t count) {
    put_number(to, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        put_text(to, texts[i]);
    }
}

static void put_attribute(struct buf *to, const struct entity_attribute *x) {
    struct json_out j;
    put_text(to, x->name);
    put_number(to, x->created_ms);
    put_number(to, x->modified_ms);
    put_number(to, x->quality);
    json_init(&j, to, 0);
    entity_write_attribute(x, &j);
    buf_addc(to, '\0');
}

static void put_touched(struct buf *to, const struct entity_change_attribute *x) {
    put_text(to, x->name);
    put_text(to, x->dataset);
    put_number(to, x->event);
    put_number(to, x->was == NULL ? 0 : 1);
    if (x->was != NULL) {
        put_attribute(to, x->was);
    }
}

void snapshot_write(const struct entity_change *c, const struct entity *e, struct buf *to) {
    put_text(to, e->id);
    put_number(to, c->event);
    put_number(to, e->created_ms);
    put_number(to, e->modified_ms);
    put_texts(to, (const char *const *)e->types, e->type_count);
    put_texts(to, (const char *const *)e->scopes, e->scope_count);
    put_number(to, (int64_t)e->count);
    for (size_t i = 0; i < e->count; i++) {
        put_attribute(to, &e->attributes[i]);
    }
    put_number(to, (int64_t)c->count);
    for (size_t i = 0; i < c->count; i++) {
        put_touched(to, &c->attributes[i]);
    }
}

/* ---- reading ---- */

struct reading {
    const char *at, *end;
    struct arena *arena;
    bool broken;
};

/* The next text, borrowed; "" where there is none. */
static const char *take_text(struct reading *r) {
    size_t left = (size_t)(r->end - r->at);
    const char *nul = left == 0 ? NULL : memchr(r->at, '\0', left);
    const char *text = r->at;
    if (nul == NULL) {
        r->broken = true;
        r->at = r->end;
        return "";
    }
    r->at = nul + 1;
    return text;
}

static const char *keep_text(struct reading *r) {
    const char *text = take_text(r);
    return arena_dup(r->arena, text, strlen(text));
}

static int64_t take_number(struct reading *r) {
    return strtoll(take_text(r), NULL, 10);
}

/* How long a list is; each item takes a byte at least. */
static size_t take_count(struct reading *r) {
    int64_t n = take_number(r);
    if (n < 0 || n > r->end - r->at) {
        r->broken = true;
        return 0;
    }
    return (size_t)n;
}

static const char **take_texts(struct reading *r, size_t *count) {
    *count = take_count(r);
    const char **all = arena_alloc(r->arena, (*count + 1) * sizeof *all);
    for (size_t i = 0; i < *count; i++) {
        all[i] = keep_text(r);
    }
    return all;
}

static enum code take_attribute(struct reading *r, struct entity_attribute *out, struct err *err) {
    static const struct entity_context none = {.terms = NULL};
    static const struct entity_how how = {&none, ENTITY_NORMALIZED, ENTITY_KEPT};
    const struct json_value *v = NULL;
    const char *name = keep_text(r);
    int64_t created_ms = take_number(r);
    int64_t modified_ms = take_number(r);
    uint32_t quality = (uint32_t)take_number(r);
    const char *json = take_text(r);
    enum code code = json_read(json, strlen(json), r->arena, &v, err);
    code = code == OK ? entity_read_attribute(name, v, &how, r->arena, out, err) : code;
    out->created_ms = created_ms;
    out->modified_ms = modified_ms;
    out->quality = quality;
    return code;
}

static enum code take_attributes(struct reading *r, struct entity *e, struct err *err) {
    enum code code = OK;
    size_t count = take_count(r);
    e->attributes = arena_zero(r->arena, (count + 1) * sizeof *e->attributes);
    while (e->count < count && code == OK) {
        code = take_attribute(r, &e->attributes[e->count++], err);
    }
    return code;
}

static enum code take_one_touched(struct reading *r, struct entity_change_attribute *x,
                                  struct err *err) {
    x->name = keep_text(r);
    x->dataset = keep_text(r);
    x->dataset = x->dataset[0] == '\0' ? NULL : x->dataset;
    x->event = (enum entity_event)take_number(r);
    if (take_number(r) == 0) {
        return OK;
    }
    struct entity_attribute *was = arena_zero(r->arena, sizeof *was);
    x->was = was;
    return take_attribute(r, was, err);
}

static enum code take_touched(struct reading *r, struct snapshot *out, struct err *err) {
    enum code code = OK;
    size_t count = take_count(r);
    out->touched = arena_zero(r->arena, (count + 1) * sizeof *out->touched);
    while (out->touched_count < count && code == OK) {
        code = take_one_touched(r, &out->touched[out->touched_count++], err);
    }
    return code;
}

enum code snapshot_read(const void *data, size_t n, struct arena *a, struct snapshot *out,
                        struct err *err) {
    struct reading r = {data, (const char *)data + n, a, false};
    *out = (struct snapshot){.event = ENTITY_UPDATED};
    struct entity *e = &out->entity;
    e->id = keep_text(&r);
    out->event = (enum entity_event)take_number(&r);
    e->created_ms = take_number(&r);
    e->modified_ms = take_number(&r);
    e->types = take_texts(&r, &e->type_count);
    e->scopes = take_texts(&r, &e->scope_count);
    enum code code = take_attributes(&r, e, err);
    code = code == OK ? take_touched(&r, out, err) : code;
    if (code == OK && (r.broken || r.at != r.end)) {
        code = err_set(err, E_IO, "cannot read what is due of entity \"%.200s\": its row is broken",
                       e->id);
    }
    return code;
}
