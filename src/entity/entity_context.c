/* entity_context: see entity_context.h. */
#include "entity/entity_context.h"

#include <stdio.h>
#include <string.h>

#include "entity/entity.h"

#define CORE "https://uri.etsi.org/ngsi-ld/"
#define CORE_PATH "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context"
#define GEOJSON "https://purl.org/geojson/vocab#"
#define DUBLIN "http://purl.org/dc/terms/"

enum { PREFIXES_MAX = 4 }; /* a term may be defined by a prefix that is defined by a prefix */

/* ---- the core context ---- */

static const struct entity_term core_terms[] = {
    {"description", DUBLIN "description"},
    {"title", DUBLIN "title"},
    {"geometry", GEOJSON "geometry"},
    {"properties", GEOJSON "properties"},
    {"key", CORE "hasKey"},
    {"containedBy", CORE "isContainedBy"},
};

static const struct entity_term core_prefixes[] = {{"ngsi-ld", CORE}, {"geojson", GEOJSON}};

/* Terms that are CORE and their own name. */
static const char *const core_names[] = {
    "accept",
    "data",
    "detail",
    "endAt",
    "endpoint",
    "entities",
    "entity",
    "error",
    "errors",
    "expiresAt",
    "format",
    "information",
    "isActive",
    "lang",
    "location",
    "management",
    "max",
    "min",
    "mode",
    "notification",
    "observationInterval",
    "observationSpace",
    "operationSpace",
    "operations",
    "reason",
    "refreshRate",
    "scope",
    "startAt",
    "status",
    "sum",
    "tenant",
    "throttling",
    "timeAt",
    "timeInterval",
    "timeout",
    "totalCount",
    "updated",
    "uri",
};

/* What the members of an entity and of an attribute are called: no name of anything else. */
static const char *const core_words[] = {
    "id",        "type",      "value",      "object",      "observedAt",  "unitCode",
    "datasetId", "createdAt", "modifiedAt", "deletedAt",   "languageMap", "vocab",
    "json",      "valueList", "objectList", "coordinates",
};

static const struct entity_term *find_term(const struct entity_term *terms, size_t count,
                                           const char *name, size_t n) {
    for (size_t i = 0; i < count; i++) {
        if (strlen(terms[i].name) == n && memcmp(terms[i].name, name, n) == 0) {
            return &terms[i];
        }
    }
    return NULL;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const char *join(struct arena *a, const char *head, const char *tail) {
    size_t n = strlen(head);
    size_t m = strlen(tail);
    char *to = arena_alloc(a, n + m + 1);
    memcpy(to, head, n);
    memcpy(to + n, tail, m + 1);
    return to;
}

static bool is_core_word(const char *name) {
    for (size_t i = 0; i < COUNT(core_words); i++) {
        if (strcmp(core_words[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* NULL: the core context has no such term. */
static const char *core_find(const char *name, struct arena *a) {
    const struct entity_term *t = find_term(core_terms, COUNT(core_terms), name, strlen(name));
    if (t != NULL) {
        return t->iri;
    }
    for (size_t i = 0; i < COUNT(core_names); i++) {
        if (strcmp(core_names[i], name) == 0) {
            return join(a, CORE, name);
        }
    }
    return NULL;
}

/* Whether the address is one of the core context's, of any version of it. */
static bool is_core(const char *url) {
    const char *https = strncmp(url, "http://", 7) == 0 ? url + 7 : url;
    https = strncmp(url, "https://", 8) == 0 ? url + 8 : https;
    size_t n = strlen(CORE_PATH) - 8;
    return https != url && strncmp(https, &CORE_PATH[8], n) == 0 &&
           (https[n] == '.' || https[n] == '-') && strstr(https + n, ".jsonld") != NULL;
}

/* ---- reading ---- */

struct reading {
    struct arena *arena;
    struct entity_term *terms;
    size_t count;
};

/* "a:b" with what stands for a, as often as there is a prefix. */
static const char *replace_prefix(const struct entity_term *terms, size_t count, const char *iri,
                                  struct arena *a) {
    for (int i = 0; i < PREFIXES_MAX; i++) {
        size_t n = strcspn(iri, ":");
        if (iri[n] == '\0' || strncmp(iri + n, "://", 3) == 0) {
            return iri;
        }
        const struct entity_term *t = find_term(core_prefixes, COUNT(core_prefixes), iri, n);
        t = t == NULL ? find_term(terms, count, iri, n) : t;
        if (t == NULL) {
            return iri;
        }
        iri = join(a, t->iri, iri + n + 1);
    }
    return iri;
}

/* A term's text, or the @id of its definition; NULL where it has none, as "@version". */
static const char *term_iri(const struct json_value *v) {
    if (v->name[0] == '@') {
        return NULL;
    }
    if (v->kind == JSON_OBJECT) {
        v = json_member(v, "@id");
    }
    return v != NULL && v->kind == JSON_STRING && v->text[0] != '@' ? v->text : NULL;
}

static enum code read_terms(struct reading *r, const struct json_value *v, struct err *err) {
    struct entity_term *all = arena_alloc(r->arena, (r->count + v->count + 1) * sizeof *all);
    if (r->count > 0) {
        memcpy(all, r->terms, r->count * sizeof *all);
    }
    size_t from = r->count;
    r->terms = all;
    for (const struct json_value *m = v->first; m != NULL; m = m->next) {
        const char *iri = term_iri(m);
        if (iri != NULL) {
            r->terms[r->count++] = (struct entity_term){m->name, iri};
        }
    }
    for (size_t i = from; i < r->count; i++) {
        struct entity_term *t = &r->terms[i];
        t->iri = replace_prefix(r->terms, r->count, t->iri, r->arena);
        if (!entity_is_uri(t->iri)) {
            return err_set(err, E_INPUT,
                           "cannot take \"%.80s\" of the @context: \"%.80s\" is no URI", t->name,
                           t->iri);
        }
    }
    return OK;
}

static enum code read_one(struct reading *r, const struct json_value *v, struct err *err) {
    if (v->kind == JSON_OBJECT) {
        return read_terms(r, v, err);
    }
    if (v->kind != JSON_STRING) {
        return err_set(err, E_INPUT, "cannot take @context: it is %s, not an address or an object",
                       json_kind_name(v->kind));
    }
    if (!entity_is_uri(v->text)) {
        return err_set(err, E_INPUT, "cannot take @context \"%.80s\": it is no URI", v->text);
    }
    return is_core(v->text)
               ? OK
               : err_set(err, E_DENIED,
                         "cannot take @context \"%.200s\": no address is fetched but the core's; "
                         "give its terms in the request",
                         v->text);
}

enum code entity_context_read(const struct json_value *v, struct arena *a,
                              struct entity_context *out, struct err *err) {
    struct reading r = {.arena = a};
    enum code code = OK;
    if (v->kind == JSON_ARRAY) {
        for (const struct json_value *i = v->first; i != NULL && code == OK; i = i->next) {
            code = read_one(&r, i, err);
        }
    } else {
        code = read_one(&r, v, err);
    }
    if (code == OK) {
        *out = (struct entity_context){r.terms, r.count};
    }
    return code;
}

/* ---- names ---- */

/* The last definition counts, as in JSON-LD. */
static const char *own_find(const struct entity_context *context, const char *name) {
    for (size_t i = context->count; i > 0; i--) {
        if (strcmp(context->terms[i - 1].name, name) == 0) {
            return context->terms[i - 1].iri;
        }
    }
    return NULL;
}

/* Neither keyword nor path nor operator of a query. */
static bool is_name(const char *s) {
    if (s[0] == '\0' || s[0] == '@' || strlen(s) > ENTITY_URI_MAX - sizeof ENTITY_DEFAULT) {
        return false;
    }
    for (; *s != '\0'; s++) {
        if ((unsigned char)*s <= ' ' || *s == 0x7f || strchr("\"'<>\\^`{|}()[];,=/?!&*", *s)) {
            return false;
        }
    }
    return true;
}

enum code entity_expand(const struct entity_context *context, const char *name, struct arena *a,
                        const char **out, struct err *err) {
    if (is_core_word(name)) {
        return err_set(err, E_INPUT, "cannot take name \"%s\": it is a word of NGSI-LD itself",
                       name);
    }
    const char *iri = core_find(name, a);
    if (iri == NULL) {
        iri = own_find(context, name);
    }
    if (iri == NULL && strchr(name, ':') != NULL) {
        iri = replace_prefix(context->terms, context->count, name, a);
        if (!entity_is_uri(iri)) {
            return err_set(err, E_INPUT, "cannot take name \"%.80s\": it is no URI", name);
        }
    }
    if (iri == NULL) {
        if (!is_name(name)) {
            return err_set(err, E_INPUT,
                           "cannot take name \"%.80s\": it has a character that no "
                           "name may have, or is too long or empty",
                           name);
        }
        iri = join(a, ENTITY_DEFAULT, name);
    }
    *out = iri;
    return OK;
}

/* Whether `name` stands for something else, so that it cannot stand for the default. */
static bool is_taken(const struct entity_context *context, const char *name, struct arena *a) {
    return is_core_word(name) || core_find(name, a) != NULL || own_find(context, name) != NULL;
}

static const char *core_name(const char *iri) {
    for (size_t i = 0; i < COUNT(core_terms); i++) {
        if (strcmp(core_terms[i].iri, iri) == 0) {
            return core_terms[i].name;
        }
    }
    size_t n = sizeof CORE - 1;
    for (size_t i = 0; i < COUNT(core_names) && strncmp(iri, CORE, n) == 0; i++) {
        if (strcmp(iri + n, core_names[i]) == 0) {
            return core_names[i];
        }
    }
    return NULL;
}

const char *entity_compact(const struct entity_context *context, const char *iri, struct arena *a) {
    const char *name = core_name(iri);
    for (size_t i = context->count; i > 0 && name == NULL; i--) {
        const struct entity_term *t = &context->terms[i - 1];
        if (strcmp(t->iri, iri) == 0 && own_find(context, t->name) == t->iri &&
            core_find(t->name, a) == NULL) {
            name = t->name;
        }
    }
    if (name != NULL) {
        return name;
    }
    size_t n = sizeof ENTITY_DEFAULT - 1;
    bool plain = strncmp(iri, ENTITY_DEFAULT, n) == 0 && is_name(iri + n) &&
                 strchr(iri + n, ':') == NULL && !is_taken(context, iri + n, a);
    return plain ? iri + n : iri;
}
