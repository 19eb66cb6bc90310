/* entity_select: see entity_select.h.
 *
 *   either := both { ("," | "|") both }
 *   both   := one { ";" one }
 *   one    := "(" either ")" | word            a word: a type's name, a scope */
#include "ngsi/entity_select.h"

#include <string.h>

enum sort { WORD, BOTH, EITHER };

struct node {
    enum sort sort;
    const char *word;
    const struct node *a, *b;
};

struct entity_types {
    const struct node *root; /* NULL: any */
    const char **names;
    size_t count;
};

struct entity_scopes {
    const struct node *root;
};

/* Makes of a word what it is held against. */
typedef enum code take_word(void *data, const char *word, const char **out, struct err *err);

struct parser {
    const char *text, *at;
    const char *what;
    struct arena *arena;
    take_word *take;
    void *data;
    size_t words;
    int depth;
};

static enum code refuse(const struct parser *p, const char *why, struct err *err) {
    return err_set(err, E_INPUT, "cannot read %s \"%.100s\" at byte %zu: %s", p->what, p->text,
                   (size_t)(p->at - p->text) + 1, why);
}

static const struct node *join(struct parser *p, enum sort sort, const struct node *a,
                               const struct node *b) {
    struct node *n = arena_alloc(p->arena, sizeof *n);
    *n = (struct node){sort, NULL, a, b};
    return n;
}

static enum code parse_either(struct parser *p, const struct node **out, struct err *err);

static enum code parse_word(struct parser *p, const struct node **out, struct err *err) {
    size_t n = strcspn(p->at, "(),|;");
    if (n == 0) {
        return refuse(p, "a name is missing", err);
    }
    if (p->words++ == ENTITY_SELECT_MAX) {
        return err_set(err, E_LIMIT, "cannot take more than %d names in %s", ENTITY_SELECT_MAX,
                       p->what);
    }
    struct node *word = arena_alloc(p->arena, sizeof *word);
    *word = (struct node){.sort = WORD};
    enum code code = p->take(p->data, arena_dup(p->arena, p->at, n), &word->word, err);
    p->at += n;
    *out = word;
    return code;
}

static enum code parse_one(struct parser *p, const struct node **out, struct err *err) {
    if (*p->at != '(') {
        return parse_word(p, out, err);
    }
    if (p->depth++ == ENTITY_SELECT_DEPTH) {
        return err_set(err, E_LIMIT, "cannot take more than %d brackets in %s", ENTITY_SELECT_DEPTH,
                       p->what);
    }
    p->at++;
    enum code code = parse_either(p, out, err);
    p->depth--;
    if (code == OK && *p->at != ')') {
        code = refuse(p, "a ) is missing", err);
    }
    p->at += code == OK;
    return code;
}

static enum code parse_both(struct parser *p, const struct node **out, struct err *err) {
    enum code code = parse_one(p, out, err);
    while (code == OK && *p->at == ';') {
        const struct node *next = NULL;
        p->at++;
        code = parse_one(p, &next, err);
        *out = join(p, BOTH, *out, next);
    }
    return code;
}

static enum code parse_either(struct parser *p, const struct node **out, struct err *err) {
    enum code code = parse_both(p, out, err);
    while (code == OK && (*p->at == ',' || *p->at == '|')) {
        const struct node *next = NULL;
        p->at++;
        code = parse_both(p, &next, err);
        *out = join(p, EITHER, *out, next);
    }
    return code;
}

static enum code parse(struct parser *p, const struct node **out, struct err *err) {
    enum code code = parse_either(p, out, err);
    return code == OK && *p->at != '\0' ? refuse(p, "this is too much", err) : code;
}

/* Whether the words of the tree are so among the `count` that a thing has. */
typedef bool is_like(const char *word, const char *has);

static bool match(const struct node *n, is_like *like, const char *const *has, size_t count) {
    if (n->sort == BOTH) {
        return match(n->a, like, has, count) && match(n->b, like, has, count);
    }
    if (n->sort == EITHER) {
        return match(n->a, like, has, count) || match(n->b, like, has, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (like(n->word, has[i])) {
            return true;
        }
    }
    return false;
}

/* ---- types ---- */

struct taking {
    const struct entity_context *context;
    struct arena *arena;
    struct entity_types *types;
};

static enum code take_type(void *data, const char *word, const char **out, struct err *err) {
    struct taking *t = data;
    enum code code = entity_expand(t->context, word, t->arena, out, err);
    if (code == OK) {
        t->types->names[t->types->count++] = *out;
    }
    return code;
}

enum code entity_types_parse(const char *text, const struct entity_context *context,
                             struct arena *a, const struct entity_types **out, struct err *err) {
    struct entity_types *types = arena_zero(a, sizeof *types);
    struct taking taking = {context, a, types};
    struct parser p = {
        .text = text, .at = text, .what = "types", .arena = a, .take = take_type, .data = &taking};
    enum code code = OK;
    types->names = arena_alloc(a, ENTITY_SELECT_MAX * sizeof *types->names);
    if (strcmp(text, "*") != 0) {
        code = parse(&p, &types->root, err);
    }
    if (code == OK) {
        *out = types;
    }
    return code;
}

static bool is_same(const char *word, const char *has) {
    return strcmp(word, has) == 0;
}

bool entity_types_match(const struct entity_types *t, const char *const *types, size_t count) {
    return t->root == NULL || match(t->root, is_same, types, count);
}

size_t entity_types_names(const struct entity_types *t, const char *const **out) {
    *out = t->names;
    return t->count;
}

static bool is_plain(const struct node *n) {
    return n->sort == WORD || (n->sort == EITHER && is_plain(n->a) && is_plain(n->b));
}

bool entity_types_are_plain(const struct entity_types *t) {
    return t->root != NULL && is_plain(t->root);
}

/* ---- scopes ---- */

/* "/a/b" as "a/b"; wildcards fill a level of their own, "#" the last one. */
static enum code take_scope(void *data, const char *word, const char **out, struct err *err) {
    (void)data;
    const char *s = word + (word[0] == '/');
    for (const char *at = s;; at += strcspn(at, "/") + 1) {
        size_t n = strcspn(at, "/");
        bool wild = memchr(at, '+', n) != NULL || memchr(at, '#', n) != NULL;
        if (n == 0 || (wild && n > 1) || (at[0] == '#' && at[n] != '\0')) {
            return err_set(err, E_INPUT,
                           "cannot take scope \"%.100s\": a level is empty, or has + or # where "
                           "none may stand",
                           word);
        }
        if (at[n] == '\0') {
            *out = s;
            return OK;
        }
    }
}

/* Level by level. */
static bool is_scope(const char *word, const char *has) {
    has += has[0] == '/';
    for (;;) {
        size_t n = strcspn(word, "/");
        size_t m = strcspn(has, "/");
        if (word[0] == '#') {
            return true;
        }
        if (m == 0 || (word[0] != '+' && (n != m || memcmp(word, has, n) != 0))) {
            return false;
        }
        word += n;
        has += m;
        if (*word == '\0' || *has == '\0') {
            return *has == '\0' && (*word == '\0' || strcmp(word, "/#") == 0);
        }
        word++;
        has++;
    }
}

enum code entity_scopes_parse(const char *text, struct arena *a, const struct entity_scopes **out,
                              struct err *err) {
    struct entity_scopes *scopes = arena_zero(a, sizeof *scopes);
    struct parser p = {.text = text, .at = text, .what = "scopeQ", .arena = a, .take = take_scope};
    enum code code = parse(&p, &scopes->root, err);
    if (code == OK) {
        *out = scopes;
    }
    return code;
}

bool entity_scopes_match(const struct entity_scopes *s, const char *const *scopes, size_t count) {
    return match(s->root, is_scope, scopes, count);
}
