/* entity_merge: see entity_merge.h. */
#include "ngsi/entity_merge.h"

#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "ngsi/entity_value.h"

/* ---- values ---- */

static bool is_null(const struct json_value *v) {
    return v->kind == JSON_NULL || (v->kind == JSON_STRING && strcmp(v->text, ENTITY_NULL) == 0);
}

static void put_merged(const struct json_value *old, const struct json_value *patch,
                       struct arena *a, struct json_out *j);

static void put_value(const struct json_value *v, struct arena *a, struct json_out *j) {
    struct json_value bare = *v;
    bare.name = NULL;
    const char *text = json_text(&bare, a);
    json_raw(j, text, strlen(text));
}

static void put_member(const struct json_value *old, const struct json_value *patch,
                       struct arena *a, struct json_out *j) {
    json_key_text(j, old == NULL ? patch->name : old->name);
    if (patch == NULL) {
        put_value(old, a, j);
    } else {
        put_merged(old, patch, a, j);
    }
}

/* MergePatch() of RFC 7396, with ENTITY_NULL for null. */
static void put_merged(const struct json_value *old, const struct json_value *patch,
                       struct arena *a, struct json_out *j) {
    if (patch->kind != JSON_OBJECT) {
        put_value(patch, a, j);
        return;
    }
    bool both = old != NULL && old->kind == JSON_OBJECT;
    json_obj(j);
    for (const struct json_value *m = both ? old->first : NULL; m != NULL; m = m->next) {
        const struct json_value *said = json_member(patch, m->name);
        if (said == NULL || !is_null(said)) {
            put_member(m, said, a, j);
        }
    }
    for (const struct json_value *m = patch->first; m != NULL; m = m->next) {
        if (!is_null(m) && (!both || json_member(old, m->name) == NULL)) {
            put_member(NULL, m, a, j);
        }
    }
    json_obj_end(j);
}

/* The text of both merged; `old` NULL: nothing was there. What is no object stays as it is. */
static enum code merge_text(const char *old, const char *patch, struct arena *a, const char **out,
                            struct err *err) {
    const struct json_value *x = NULL;
    const struct json_value *y = NULL;
    struct buf to = BUF_INIT;
    struct json_out j;
    *out = patch;
    if (patch[0] != '{') {
        return OK;
    }
    enum code code = old == NULL ? OK : json_read(old, strlen(old), a, &x, err);
    if (code == OK) {
        code = json_read(patch, strlen(patch), a, &y, err);
    }
    if (code == OK) {
        json_init(&j, &to, 0);
        put_merged(x, y, a, &j);
        *out = arena_dup(a, to.data, to.len);
        buf_fini(&to);
    }
    return code;
}

/* Of a geometry the members belong together. */
static bool is_deep(const struct entity_merge *m, enum entity_kind kind) {
    return m->deep && (kind == ENTITY_PROPERTY || kind == ENTITY_JSON || kind == ENTITY_LANGUAGE);
}

/* A text for a LanguageProperty is what it says in the request's language (5.5.12). */
static struct entity_attribute in_language(const struct entity_merge *m,
                                           const struct entity_attribute *to,
                                           const struct entity_attribute *from) {
    struct entity_attribute said = *from;
    const char *lang = m->of == NULL ? NULL : m->of->lang;
    if (lang == NULL || to->kind != ENTITY_LANGUAGE || from->kind != ENTITY_PROPERTY ||
        from->value == NULL || from->value[0] != '"') {
        return said;
    }
    struct buf b = BUF_INIT;
    struct json_out j;
    json_init(&j, &b, 0);
    json_obj(&j);
    json_key_text(&j, lang);
    json_raw(&j, from->value, strlen(from->value));
    json_obj_end(&j);
    said.kind = ENTITY_LANGUAGE;
    said.value = arena_dup(m->arena, b.data, b.len);
    buf_fini(&b);
    return said;
}

/* ---- attributes ---- */

static struct entity_attribute *find(struct entity_attribute *list, size_t count,
                                     const struct entity_attribute *like) {
    return entity_find_instance(&(struct entity){.attributes = list, .count = count}, like->name,
                                like->dataset);
}

static void merge_time(const struct entity_merge *m, struct entity_attribute *to,
                       const struct entity_attribute *from) {
    if (from->observed) {
        to->observed = true;
        to->observed_ms = from->observed_ms;
        to->zeros = from->zeros;
    } else if (to->observed && m->of != NULL && m->of->observed) {
        to->observed_ms = m->of->observed_ms;
        to->zeros = false;
    }
}

enum code entity_merge_one(const struct entity_merge *m, struct entity_attribute *to,
                           const struct entity_attribute *from, struct err *err) {
    const struct entity_attribute said = in_language(m, to, from);
    bool says_kind = said.kind_said || said.value != NULL || said.unit != NULL;
    if (says_kind && said.kind != to->kind) {
        return err_set(err, E_INPUT, "cannot change attribute \"%.200s\" from %s to %s", to->name,
                       entity_kind_name(to->kind), entity_kind_name(said.kind));
    }
    enum code code = OK;
    to->row = NULL;
    if (said.value != NULL && is_deep(m, to->kind)) {
        code = merge_text(to->value, said.value, m->arena, &to->value, err);
    } else if (said.value != NULL) {
        to->value = said.value;
    }
    to->unit = said.unit == NULL ? to->unit : said.unit;
    to->about = said.about == NULL ? to->about : said.about;
    merge_time(m, to, &said);
    struct entity_attribute *sub =
        arena_alloc(m->arena, (to->sub_count + said.sub_count + 1) * sizeof *sub);
    if (to->sub_count > 0) {
        memcpy(sub, to->sub, to->sub_count * sizeof *sub);
    }
    to->sub = sub;
    return code == OK ? entity_merge_list(m, sub, &to->sub_count, said.sub, said.sub_count, err)
                      : code;
}

/* An attribute that was not there, without the nulls of its value. */
static enum code add(const struct entity_merge *m, struct entity_attribute *to, size_t *count,
                     const struct entity_attribute *from, struct err *err) {
    if (from->value == NULL) {
        return err_set(err, E_INPUT, "cannot add attribute \"%.200s\": it has no value",
                       from->name);
    }
    struct entity_attribute *x = &to[(*count)++];
    *x = *from;
    return is_deep(m, x->kind) ? merge_text(NULL, from->value, m->arena, &x->value, err) : OK;
}

static void drop(struct entity_attribute *list, size_t *count, struct entity_attribute *x) {
    if (x != NULL) {
        size_t behind = (size_t)(&list[*count] - x) - 1;
        memmove(x, x + 1, behind * sizeof *x);
        --*count;
    }
}

enum code entity_merge_list(const struct entity_merge *m, struct entity_attribute *to,
                            size_t *count, const struct entity_attribute *from, size_t n,
                            struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < n && code == OK; i++) {
        struct entity_attribute *old = find(to, *count, &from[i]);
        if (from[i].gone) {
            drop(to, count, old);
        } else {
            code = old == NULL ? add(m, to, count, &from[i], err)
                               : entity_merge_one(m, old, &from[i], err);
        }
    }
    return code;
}
