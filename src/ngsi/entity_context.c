/* entity_context: see entity_context.h. */
#include "ngsi/entity_context.h"

#include <stdlib.h>
#include <string.h>

#include "ngsi/entity.h"

#define CORE ENTITY_CORE
#define CORE_PATH "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context"
#define GEOJSON "https://purl.org/geojson/vocab#"
#define DUBLIN "http://purl.org/dc/terms/"

#define VOCAB "@vocab" /* stands among the terms, as no term has such a name */

/* ---- the core context ---- */

static const struct entity_term core_terms[] = {
    {"description", DUBLIN "description"},
    {"title", DUBLIN "title"},
    {"geometry", GEOJSON "geometry"},
    {"properties", GEOJSON "properties"},
    {"key", CORE "hasKey"},
    {"containedBy", CORE "isContainedBy"},
};

/* No definition of a request's changes these. */
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
    "json",      "valueList", "objectList", "coordinates", "instanceId",  "previousValue",
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
        if (core_words[i][0] == name[0] && strcmp(core_words[i], name) == 0) {
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
        if (core_names[i][0] == name[0] && strcmp(core_names[i], name) == 0) {
            return join(a, CORE, name);
        }
    }
    return NULL;
}

/* ngsi-ld-core-context.jsonld, or -v1.3.jsonld and what else there is of version 1. */
bool entity_context_is_core(const char *url) {
    const char *path = strstr(url, "://");
    size_t n = strlen(CORE_PATH) - 8;
    bool web = strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
    if (!web || strncmp(path + 3, &CORE_PATH[8], n) != 0) {
        return false;
    }
    const char *rest = path + 3 + n;
    bool version = strncmp(rest, "-v1.", 4) == 0 && rest[4] >= '0' && rest[4] <= '9';
    return strcmp(version ? rest + 5 : rest, ".jsonld") == 0;
}

/* ---- reading ---- */

enum state { RAW, BUSY, DONE };

/* A definition while its @context is read. */
struct definition {
    const char *name;
    const char *iri; /* RAW: as it was written; NULL: the term stands for nothing */
    enum state state;
};

struct reading {
    const struct entity_context_source *source;
    struct arena *arena;
    struct definition *all;
    size_t count, cap;
    size_t *slots; /* by the hash of the name: 1 + place in `all`; 0: free */
    size_t slot_count;
    const char *vocab; /* NULL: the core's */
    size_t documents;
    int depth;
};

static size_t hash(const char *s, size_t n) {
    size_t h = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (unsigned char)s[i]) * 1099511628211u;
    }
    return h;
}

/* The slot of the name: its own, or the free one where it goes. */
static size_t *find_slot(struct reading *r, const char *name, size_t n) {
    size_t at = hash(name, n) & (r->slot_count - 1);
    while (r->slots[at] != 0) {
        const struct definition *d = &r->all[r->slots[at] - 1];
        if (strncmp(d->name, name, n) == 0 && d->name[n] == '\0') {
            break;
        }
        at = (at + 1) & (r->slot_count - 1);
    }
    return &r->slots[at];
}

static struct definition *find_definition(struct reading *r, const char *name, size_t n) {
    size_t at = r->slot_count == 0 ? 0 : *find_slot(r, name, n);
    return at == 0 ? NULL : &r->all[at - 1];
}

/* Room for twice as many; at most half of the slots are taken. */
static void grow(struct reading *r) {
    size_t cap = r->cap == 0 ? 64 : 2 * r->cap;
    struct definition *all = arena_alloc(r->arena, cap * sizeof *all);
    if (r->count > 0) {
        memcpy(all, r->all, r->count * sizeof *all);
    }
    r->all = all;
    r->cap = cap;
    r->slot_count = 2 * cap;
    r->slots = arena_zero(r->arena, r->slot_count * sizeof *r->slots);
    for (size_t i = 0; i < r->count; i++) {
        *find_slot(r, all[i].name, strlen(all[i].name)) = i + 1;
    }
}

static enum code define(struct reading *r, const char *name, const char *iri, struct err *err) {
    if (r->count == r->cap) {
        grow(r);
    }
    size_t *slot = find_slot(r, name, strlen(name));
    if (*slot == 0 && r->count == ENTITY_CONTEXT_TERMS_MAX) {
        return err_set(err, E_LIMIT, "cannot take an @context of more than %d terms",
                       ENTITY_CONTEXT_TERMS_MAX);
    }
    if (*slot == 0) {
        *slot = ++r->count;
    }
    r->all[*slot - 1] = (struct definition){name, iri, RAW};
    return OK;
}

static enum code resolve(struct reading *r, struct definition *d, int depth, struct err *err);

/* "a:b" where a is a prefix, a term, a name under @vocab, or a whole IRI. */
static enum code whole(struct reading *r, const char *text, int depth, const char **out,
                       struct err *err) {
    size_t n = strcspn(text, ":");
    bool bare = text[n] == '\0';
    if (!bare && strncmp(text + n, "://", 3) == 0) {
        *out = text;
        return OK;
    }
    const struct entity_term *core =
        bare ? NULL : find_term(core_prefixes, COUNT(core_prefixes), text, n);
    struct definition *d = core == NULL ? find_definition(r, text, n) : NULL;
    enum code code = d == NULL ? OK : resolve(r, d, depth + 1, err);
    const char *head = core != NULL ? core->iri : d != NULL ? d->iri : NULL;
    if (code != OK) {
        return code;
    }
    if (bare) {
        *out = head != NULL ? head : join(r->arena, r->vocab == NULL ? "" : r->vocab, text);
    } else {
        *out = head != NULL ? join(r->arena, head, text + n + 1) : text;
    }
    return OK;
}

/* A term that looks like "prefix:rest" or an IRI is no other than that (JSON-LD 1.1, section 4.2.2
 * of the API, step 14.2.5): else an IRI could not be told from a term. */
static enum code check_name(struct reading *r, const struct definition *d, const char *iri,
                            int depth, struct err *err) {
    const char *colon = d->name[0] == '\0' ? NULL : strchr(d->name + 1, ':');
    const char *meant = iri;
    if (colon == NULL || colon[1] == '\0') {
        return OK;
    }
    enum code code = whole(r, d->name, depth, &meant, err);
    return code != OK || strcmp(meant, iri) == 0
               ? code
               : err_set(err, E_INPUT,
                         "cannot take \"%.80s\" of the @context: it is \"%.80s\" by itself",
                         d->name, meant);
}

static enum code resolve(struct reading *r, struct definition *d, int depth, struct err *err) {
    if (d->state == DONE || d->iri == NULL) {
        d->state = DONE;
        return OK;
    }
    if (d->state == BUSY || depth > ENTITY_CONTEXT_DEPTH_MAX) {
        return err_set(err, E_INPUT,
                       "cannot take \"%.80s\" of the @context: it is defined by itself", d->name);
    }
    d->state = BUSY;
    const char *iri = NULL;
    enum code code = whole(r, d->iri, depth, &iri, err);
    if (code == OK && !entity_is_uri(iri)) {
        code = err_set(err, E_INPUT, "cannot take \"%.80s\" of the @context: \"%.80s\" is no URI",
                       d->name, iri);
    }
    if (code == OK) {
        code = check_name(r, d, iri, depth, err);
    }
    d->iri = iri;
    d->state = DONE;
    return code;
}

/* What a member defines: *iri NULL: nothing any more. False: it is no definition of a term, as
 * "@version", or one that says nothing of its IRI. */
static bool term_iri(const struct json_value *v, const char **iri) {
    const struct json_value *id = v->kind == JSON_OBJECT ? json_member(v, "@id") : v;
    if (v->name[0] == '@' || v->name[0] == '\0' || id == NULL) {
        return false;
    }
    *iri = id->kind == JSON_STRING ? id->text : NULL;
    return id->kind == JSON_NULL || (id->kind == JSON_STRING && id->text[0] != '@');
}

static enum code check_term(const struct json_value *v, struct err *err) {
    const struct json_value *id = v->kind == JSON_OBJECT ? json_member(v, "@id") : v;
    bool right =
        v->name[0] == '@' || id == NULL || id->kind == JSON_STRING || id->kind == JSON_NULL;
    if (v->name[0] != '@' && json_member(v, "@context") != NULL) {
        return err_set(err, E_INPUT,
                       "cannot take \"%.80s\" of the @context: it has an @context of its own",
                       v->name);
    }
    return right ? OK
                 : err_set(err, E_INPUT, "cannot take \"%.80s\" of the @context: it is %s", v->name,
                           json_kind_name(id->kind));
}

static enum code read_vocab(struct reading *r, const struct json_value *v, struct err *err) {
    if (v == NULL) {
        return OK;
    }
    if (v->kind == JSON_NULL) {
        r->vocab = NULL;
        return OK;
    }
    const char *iri = NULL;
    enum code code = v->kind == JSON_STRING ? whole(r, v->text, 0, &iri, err) : E_INPUT;
    if (code != OK || !entity_is_uri(iri)) {
        return err_set(err, E_INPUT, "cannot take @vocab: it is no IRI");
    }
    r->vocab = iri;
    return OK;
}

static enum code read_any(struct reading *r, const struct json_value *v, struct err *err);

static enum code read_terms(struct reading *r, const struct json_value *v, struct err *err) {
    const struct json_value *import = json_member(v, "@import");
    const char *iri;
    enum code code = import == NULL ? OK : read_any(r, import, err);
    if (code == OK) {
        code = read_vocab(r, json_member(v, VOCAB), err);
    }
    for (const struct json_value *m = v->first; m != NULL && code == OK; m = m->next) {
        code = check_term(m, err);
        if (code == OK && term_iri(m, &iri)) {
            code = define(r, m->name, iri, err);
        }
    }
    for (size_t i = 0; i < r->count && code == OK; i++) {
        code = resolve(r, &r->all[i], 0, err);
    }
    return code;
}

static enum code read_address(struct reading *r, const char *url, struct err *err) {
    const struct json_value *v = NULL;
    if (!entity_is_uri(url) && url[0] != '/') {
        return err_set(err, E_INPUT, "cannot take @context \"%.80s\": it is no URI", url);
    }
    if (entity_context_is_core(url)) {
        return OK;
    }
    if (r->source == NULL) {
        return err_set(err, E_DENIED, "cannot take @context \"%.200s\": it is not at hand here",
                       url);
    }
    if (++r->documents > ENTITY_CONTEXT_DOCUMENTS_MAX || r->depth == ENTITY_CONTEXT_DEPTH_MAX) {
        return err_set(err, E_LIMIT,
                       "cannot take @context \"%.200s\": more than %d documents or %d levels", url,
                       ENTITY_CONTEXT_DOCUMENTS_MAX, ENTITY_CONTEXT_DEPTH_MAX);
    }
    enum code code = r->source->find(r->source->data, url, r->arena, &v, err);
    r->depth++;
    code = code == OK ? read_any(r, v, err) : code;
    r->depth--;
    return code;
}

static enum code read_one(struct reading *r, const struct json_value *v, struct err *err) {
    switch (v->kind) {
    case JSON_OBJECT:
        return read_terms(r, v, err);
    case JSON_STRING:
        return read_address(r, v->text, err);
    case JSON_NULL: /* what was said before is forgotten */
        r->count = r->cap = r->slot_count = 0;
        r->vocab = NULL;
        return OK;
    case JSON_BOOL:
    case JSON_NUMBER:
    case JSON_ARRAY:
        break;
    }
    return err_set(err, E_INPUT, "cannot take @context: it is %s, not an address or an object",
                   json_kind_name(v->kind));
}

static enum code read_any(struct reading *r, const struct json_value *v, struct err *err) {
    enum code code = OK;
    if (v->kind != JSON_ARRAY) {
        return read_one(r, v, err);
    }
    for (const struct json_value *i = v->first; i != NULL && code == OK; i = i->next) {
        code = read_one(r, i, err);
    }
    return code;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct entity_term *)a)->name, ((const struct entity_term *)b)->name);
}

/* The shortest name of an IRI first, then in byte order, as JSON-LD chooses them. */
static int by_iri(const void *a, const void *b) {
    const struct entity_term *x = a;
    const struct entity_term *y = b;
    int order = strcmp(x->iri, y->iri);
    size_t n = strlen(x->name);
    size_t m = strlen(y->name);
    return order != 0 ? order : n != m ? (n < m ? -1 : 1) : strcmp(x->name, y->name);
}

static struct entity_context take_terms(struct reading *r) {
    struct entity_term *terms = arena_alloc(r->arena, 2 * (r->count + 1) * sizeof *terms);
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++) {
        if (r->all[i].iri != NULL) {
            terms[n++] = (struct entity_term){r->all[i].name, r->all[i].iri};
        }
    }
    if (r->vocab != NULL) {
        terms[n++] = (struct entity_term){VOCAB, r->vocab};
    }
    qsort(terms, n, sizeof *terms, by_name);
    memcpy(terms + n, terms, n * sizeof *terms);
    qsort(terms + n, n, sizeof *terms, by_iri);
    return (struct entity_context){terms, n};
}

enum code entity_context_load(const struct json_value *v,
                              const struct entity_context_source *source, struct arena *a,
                              struct entity_context *out, struct err *err) {
    struct reading r = {.source = source, .arena = a};
    enum code code = read_any(&r, v, err);
    if (code == OK) {
        *out = take_terms(&r);
    }
    return code;
}

enum code entity_context_read(const struct json_value *v, struct arena *a,
                              struct entity_context *out, struct err *err) {
    return entity_context_load(v, NULL, a, out, err);
}

/* ---- names ---- */

static const char *own_find(const struct entity_context *context, const char *name) {
    const struct entity_term like = {name, NULL};
    const struct entity_term *t =
        context->count == 0
            ? NULL
            : bsearch(&like, context->terms, context->count, sizeof *context->terms, by_name);
    return t == NULL ? NULL : t->iri;
}

/* Neither keyword nor path nor operator of a query. */
static bool is_name(const char *s) {
    if (s[0] == '\0' || s[0] == '@' || (s[0] >= '0' && s[0] <= '9') ||
        strlen(s) > ENTITY_URI_MAX - sizeof ENTITY_DEFAULT) {
        return false;
    }
    for (; *s != '\0'; s++) {
        if ((unsigned char)*s <= ' ' || *s == 0x7f || strchr("\"'<>\\^`{|}()[];,=/?!&*", *s)) {
            return false;
        }
    }
    return true;
}

/* "a:b" with what stands for a; itself where nothing does. */
static const char *replace_prefix(const struct entity_context *context, const char *name,
                                  struct arena *a) {
    size_t n = strcspn(name, ":");
    if (strncmp(name + n, "://", 3) == 0) {
        return name;
    }
    const struct entity_term *core = find_term(core_prefixes, COUNT(core_prefixes), name, n);
    const char *head = core != NULL ? core->iri
                       : n == 0     ? NULL
                                    : own_find(context, arena_dup(a, name, n));
    return head == NULL ? name : join(a, head, name + n + 1);
}

enum code entity_expand(const struct entity_context *context, const char *name, struct arena *a,
                        const char **out, struct err *err) {
    if (is_core_word(name) || name[0] == '@') {
        return err_set(err, E_INPUT, "cannot take name \"%s\": it is a word of NGSI-LD itself",
                       name);
    }
    const char *iri = core_find(name, a);
    if (iri == NULL) {
        iri = own_find(context, name);
    }
    if (iri == NULL && strchr(name, ':') != NULL) {
        iri = replace_prefix(context, name, a);
        if (!entity_is_uri(iri)) {
            return err_set(err, E_INPUT, "cannot take name \"%.80s\": it is no URI", name);
        }
    }
    if (iri == NULL) {
        const char *vocab = own_find(context, VOCAB);
        iri = join(a, vocab == NULL ? ENTITY_DEFAULT : vocab, name);
        if (!is_name(name) || !entity_is_uri(iri)) {
            return err_set(err, E_INPUT,
                           "cannot take name \"%.80s\": it has a character that no "
                           "name may have, or is too long or empty",
                           name);
        }
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

/* The first of the terms with this IRI, by IRI; NULL: none. */
static const struct entity_term *find_iri(const struct entity_context *context, const char *iri) {
    const struct entity_term *terms = context->terms + context->count;
    size_t low = 0;
    size_t high = context->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(terms[mid].iri, iri) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < context->count && strcmp(terms[low].iri, iri) == 0 ? &terms[low] : NULL;
}

static const char *own_name(const struct entity_context *context, const char *iri,
                            struct arena *a) {
    if (context->count == 0) {
        return NULL;
    }
    const struct entity_term *t = find_iri(context, iri);
    const struct entity_term *end = context->terms + 2 * context->count;
    for (; t != NULL && t < end && strcmp(t->iri, iri) == 0; t++) {
        if (strcmp(t->name, VOCAB) != 0 && !is_core_word(t->name) &&
            core_find(t->name, a) == NULL) {
            return t->name;
        }
    }
    return NULL;
}

/* The rest of an IRI below the vocabulary, where it stands for nothing else. */
static const char *vocab_name(const struct entity_context *context, const char *iri,
                              struct arena *a) {
    const char *vocab = own_find(context, VOCAB);
    vocab = vocab == NULL ? ENTITY_DEFAULT : vocab;
    size_t n = strlen(vocab);
    bool plain = strncmp(iri, vocab, n) == 0 && is_name(iri + n) && strchr(iri + n, ':') == NULL &&
                 !is_taken(context, iri + n, a);
    return plain ? iri + n : NULL;
}

/* "prefix:rest", the longest prefix that is a term and ends where one may (JSON-LD 1.1: at one of
 * ":/?#[]@"). */
static const char *prefixed_name(const struct entity_context *context, const char *iri,
                                 struct arena *a) {
    for (size_t n = strlen(iri) - 1; n > 0; n--) {
        if (strchr(":/?#[]@", iri[n - 1]) == NULL) {
            continue;
        }
        const char *head = arena_dup(a, iri, n);
        const char *prefix = context->count == 0 ? NULL : own_name(context, head, a);
        for (size_t i = 0; i < COUNT(core_prefixes) && prefix == NULL; i++) {
            prefix = strcmp(core_prefixes[i].iri, head) == 0 ? core_prefixes[i].name : NULL;
        }
        if (prefix != NULL && strchr(prefix, ':') == NULL && strncmp(iri + n, "//", 2) != 0) {
            const char *name = join(a, join(a, prefix, ":"), iri + n);
            return own_find(context, name) == NULL ? name : NULL;
        }
    }
    return NULL;
}

const char *entity_compact(const struct entity_context *context, const char *iri, struct arena *a) {
    const char *name = core_name(iri);
    if (name == NULL) {
        name = own_name(context, iri, a);
    }
    if (name == NULL) {
        name = vocab_name(context, iri, a);
    }
    if (name == NULL && iri[0] != '\0') {
        name = prefixed_name(context, iri, a);
    }
    return name == NULL ? iri : name;
}
