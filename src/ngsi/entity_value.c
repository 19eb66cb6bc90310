/* entity_value: see entity_value.h. */
#include "ngsi/entity_value.h"

#include <string.h>

#include "base/json.h"
#include "base/json_text.h"
#include "ngsi/geometry_valid.h"

static void put_text(struct buf *to, const char *s, size_t n) {
    struct json_out j;
    json_init(&j, to, 0);
    json_strn(&j, s, n);
}

static const char *take(struct buf *b, struct arena *a) {
    const char *text = arena_dup(a, b->data, b->len);
    buf_fini(b);
    return text;
}

/* ---- null ---- */

static bool is_text(const struct json_value *v, const char *text) {
    return v != NULL && v->kind == JSON_STRING && strcmp(v->text, text) == 0;
}

bool entity_value_is_null(enum entity_kind kind, const struct json_value *v) {
    bool listed = (kind == ENTITY_LIST || kind == ENTITY_LIST_RELATIONSHIP) &&
                  v->kind == JSON_ARRAY && v->count == 1;
    bool mapped = kind == ENTITY_LANGUAGE && v->count == 1;
    return is_text(v, ENTITY_NULL) || (listed && is_text(v->first, ENTITY_NULL)) ||
           (mapped && is_text(json_member(v, "@none"), ENTITY_NULL));
}

/* ---- by kind ---- */

static const char *quoted(const struct json_value *v) {
    return v->kind == JSON_STRING ? v->text : json_kind_name(v->kind);
}

static enum code check_uri(const struct json_value *v, struct err *err) {
    return v->kind == JSON_STRING && entity_is_uri(v->text)
               ? OK
               : err_set(err, E_INPUT, "cannot take object \"%.80s\": it is no URI", quoted(v));
}

static enum code check_object(const struct json_value *v, struct err *err) {
    enum code code = OK;
    if (v->kind != JSON_ARRAY || v->count == 0) {
        return check_uri(v, err);
    }
    for (const struct json_value *i = v->first; i != NULL && code == OK; i = i->next) {
        code = check_uri(i, err);
    }
    return code;
}

/* RFC 5646, as far as its shape: letters, digits and hyphens. */
static bool is_language(const char *s) {
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    return strcmp(s, "@none") == 0 || (n > 0 && s[n] == '\0');
}

static enum code check_words(const struct json_value *v, struct err *err) {
    bool right = v->kind == JSON_STRING || (v->kind == JSON_ARRAY && v->count > 0);
    for (const struct json_value *i = v->kind == JSON_ARRAY ? v->first : NULL; i != NULL && right;
         i = i->next) {
        right = i->kind == JSON_STRING;
    }
    return right ? OK
                 : err_set(err, E_INPUT,
                           "cannot take \"%.40s\" of languageMap: it is a text or a list of texts",
                           v->name);
}

static enum code check_languages(const struct json_value *v, struct err *err) {
    enum code code = OK;
    if (v->kind != JSON_OBJECT || v->count == 0) {
        return err_set(err, E_INPUT, "cannot take languageMap: it is an object with languages");
    }
    for (const struct json_value *m = v->first; m != NULL && code == OK; m = m->next) {
        code = is_language(m->name)
                   ? check_words(m, err)
                   : err_set(err, E_INPUT, "cannot take \"%.40s\" of languageMap: no language",
                             m->name);
    }
    return code;
}

static const struct json_value *object_of(const struct json_value *v) {
    const struct json_value *object = json_member(v, "object");
    return v->kind == JSON_OBJECT && v->count == 1 && object != NULL ? object : v;
}

static enum code read_objects(const struct json_value *v, struct arena *a, const char **out,
                              struct err *err) {
    struct buf b = BUF_INIT;
    enum code code = v->kind == JSON_ARRAY
                         ? OK
                         : err_set(err, E_INPUT, "cannot take objectList: it is %s, not a list",
                                   json_kind_name(v->kind));
    buf_addc(&b, '[');
    for (const struct json_value *i = v->first; i != NULL && code == OK; i = i->next) {
        code = check_uri(object_of(i), err);
        buf_adds(&b, i == v->first ? "{\"object\":" : ",{\"object\":");
        json_text_add(&b, object_of(i));
        buf_addc(&b, '}');
    }
    buf_addc(&b, ']');
    *out = take(&b, a);
    return code;
}

/* A text that is a geometry's JSON stands for it (4.7.1). */
static enum code read_geometry(const struct json_value *v, struct arena *a, const char **out,
                               struct err *err) {
    const struct json_value *said = v;
    if (v->kind == JSON_STRING && json_read(v->text, v->len, a, &said, NULL) != OK) {
        return err_set(err, E_INPUT, "cannot take geometry \"%.80s\": it is no JSON", v->text);
    }
    enum code code = geometry_valid_value(said, err);
    if (code == OK) {
        *out = json_text(said, a);
    }
    return code;
}

static void put_name(struct buf *to, const struct json_value *v,
                     const struct entity_context *context, struct arena *a) {
    const char *whole = v->text;
    (void)entity_expand(context, v->text, a, &whole, NULL);
    put_text(to, whole, strlen(whole));
}

const char *entity_value_names(const struct json_value *v, const struct entity_context *context,
                               struct arena *a) {
    struct buf b = BUF_INIT;
    if (v->kind == JSON_STRING) {
        put_name(&b, v, context, a);
        return take(&b, a);
    }
    bool right = v->kind == JSON_ARRAY && v->count > 0;
    buf_addc(&b, '[');
    for (const struct json_value *i = v->first; right && i != NULL; i = i->next) {
        right = i->kind == JSON_STRING;
        if (right) {
            put_name(&b, i, context, a);
            buf_addc(&b, i->next == NULL ? ']' : ',');
        }
    }
    const char *text = take(&b, a);
    return right ? text : NULL;
}

static enum code refuse(enum entity_kind kind, const struct json_value *v, struct err *err) {
    return err_set(err, E_INPUT, "cannot take %s as the %s of a %s", json_kind_name(v->kind),
                   entity_kind_member(kind), entity_kind_name(kind));
}

enum code entity_value_read(enum entity_kind kind, const struct json_value *v,
                            const struct entity_context *context, struct arena *a, const char **out,
                            struct err *err) {
    enum code code = OK;
    const char *text = NULL;
    bool group = v->kind == JSON_OBJECT || v->kind == JSON_ARRAY;
    if (v->kind == JSON_NULL || entity_value_is_null(kind, v)) {
        return err_set(err, E_INPUT, "cannot take null as a value");
    }
    switch (kind) {
    case ENTITY_PROPERTY:
        break;
    case ENTITY_RELATIONSHIP:
        code = check_object(v, err);
        break;
    case ENTITY_GEO:
        code = read_geometry(v, a, &text, err);
        break;
    case ENTITY_LANGUAGE:
        code = check_languages(v, err);
        break;
    case ENTITY_VOCAB:
        text = entity_value_names(v, context, a);
        code = text == NULL ? refuse(kind, v, err) : OK;
        break;
    case ENTITY_JSON:
        code = group ? OK : refuse(kind, v, err);
        break;
    case ENTITY_LIST:
        code = v->kind == JSON_ARRAY ? OK : refuse(kind, v, err);
        break;
    case ENTITY_LIST_RELATIONSHIP:
        code = read_objects(v, a, &text, err);
        break;
    }
    if (code == OK && text == NULL) { /* a number is its own text: most values are numbers */
        text = v->kind == JSON_NUMBER ? v->text : json_text(v, a);
    }
    if (code == OK) {
        *out = text;
    }
    return code;
}
