/* entity_q: see entity_q.h. The grammar, with the names of the standard's own where it has them:
 *
 *   either  := both { "|" both }
 *   both    := one { ";" one }
 *   one     := "(" either ")" | "!" path | path [ op operand ]
 *   path    := name { "." name } [ "[" member { "." member } "]" ]
 *   operand := value ".." value | value { "," value } | pattern         by op
 *   value   := "quoted", a string of JSON | what stands before | ; , ) or ..  */
#include "ngsi/entity_q.h"

#include <string.h>

#include "base/date.h"
#include "base/json_read.h"
#include "ngsi/entity_q_int.h"
#include "ngsi/exact.h"
#include "ngsi/pattern.h"

struct parser {
    const char *text, *at;
    const struct entity_context *context;
    struct arena *arena;
    struct q_node *terms;
    size_t count;
    int depth;
};

static enum code refuse(const struct parser *p, const char *at, const char *why, struct err *err) {
    return err_set(err, E_INPUT, "cannot read q \"%.200s\" at byte %zu: %s", p->text,
                   (size_t)(at - p->text) + 1, why);
}

static enum code too_much(int most, const char *of, struct err *err) {
    return err_set(err, E_LIMIT, "cannot read q: it has more than %d %s", most, of);
}

/* ---- paths ---- */

static const struct {
    const char *name;
    enum q_word word;
} words[] = {
    {"observedAt", Q_OBSERVED}, {"createdAt", Q_CREATED}, {"modifiedAt", Q_MODIFIED},
    {"unitCode", Q_UNIT},       {"datasetId", Q_DATASET},
};

static enum q_word find_word(const char *name) {
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].name, name) == 0) {
            return words[i].word;
        }
    }
    return Q_NO_WORD;
}

static enum code add_name(struct parser *p, struct q_path *to, const char *at, size_t n,
                          struct err *err) {
    if (n == 0) {
        return refuse(p, at, "a name is missing", err);
    }
    if (to->word != Q_NO_WORD) {
        return refuse(p, at, "nothing can be behind a word of NGSI-LD itself", err);
    }
    if (to->count == ENTITY_Q_PATH_MAX) {
        return too_much(ENTITY_Q_PATH_MAX, "names in a path", err);
    }
    const char *name = arena_dup(p->arena, at, n);
    to->word = find_word(name);
    if (to->word == Q_NO_WORD) {
        return entity_expand(p->context, name, p->arena, &to->names[to->count++], err);
    }
    bool own = to->word == Q_CREATED || to->word == Q_MODIFIED;
    return to->count > 0 || own ? OK
                                : refuse(p, at, "this is said of an attribute: NAME.WORD", err);
}

static enum code parse_names(struct parser *p, struct q_path *to, struct err *err) {
    size_t n = strcspn(p->at, "=!<>~;|()[]{},\"");
    const char *end = p->at + n;
    enum code code = OK;
    for (const char *at = p->at; code == OK; at++) {
        /* A whole IRI has dots of its own. */
        bool whole = memmem(p->at, n, "://", 3) != NULL;
        const char *dot = whole ? NULL : memchr(at, '.', (size_t)(end - at));
        const char *stop = dot == NULL ? end : dot;
        code = add_name(p, to, at, (size_t)(stop - at), err);
        at = stop;
        if (dot == NULL) {
            break;
        }
    }
    p->at = end;
    if (code == OK && *p->at == '{') {
        code = refuse(p, p->at, "linked entities are not looked into", err);
    }
    return code;
}

/* "[a.b]", "[*]" */
static enum code parse_inner(struct parser *p, struct q_path *to, struct err *err) {
    size_t n = strcspn(++p->at, "]");
    if (p->at[n] == '\0' || to->word != Q_NO_WORD) {
        return refuse(p, p->at - 1, p->at[n] == '\0' ? "a ] is missing" : "this has no members",
                      err);
    }
    const char *end = p->at + n;
    to->any_language = n == 1 && *p->at == '*';
    while (!to->any_language) {
        size_t len = strcspn(p->at, ".]");
        if (len == 0) {
            return refuse(p, p->at, "a name is missing", err);
        }
        if (to->inner_count == ENTITY_Q_PATH_MAX) {
            return too_much(ENTITY_Q_PATH_MAX, "names in brackets", err);
        }
        to->inner[to->inner_count++] = arena_dup(p->arena, p->at, len);
        p->at += len;
        if (p->at == end) {
            break;
        }
        p->at++;
    }
    p->at = end + 1;
    return OK;
}

static enum code parse_path(struct parser *p, struct q_path *to, struct err *err) {
    enum code code = parse_names(p, to, err);
    return code == OK && *p->at == '[' ? parse_inner(p, to, err) : code;
}

/* ---- values ---- */

static bool is_clock(const char *s) {
    /* A day before it makes it a moment. */
    char whole[64];
    int64_t ms;
    size_t n = strlen(s);
    if (n > 40 || n < 9 || s[2] != ':') {
        return false;
    }
    memcpy(whole, "1970-01-01T", 11);
    memcpy(whole + 11, s, n + 1);
    return entity_time_parse(whole, &ms, NULL) == OK;
}

/* What stands without quotes is what it looks like. */
static void judge(struct q_value *v) {
    int32_t day;
    bool truth = v->len == 4 && memcmp(v->text, "true", 4) == 0;
    if (exact_is_number(v->text, v->len)) {
        v->kind = Q_NUMBER;
    } else if (truth || (v->len == 5 && memcmp(v->text, "false", 5) == 0)) {
        v->kind = Q_BOOL;
        v->truth = truth;
    } else if (v->has_moment) {
        v->kind = Q_MOMENT;
    } else if (date_parse(v->text, v->len, &day, NULL) == OK) {
        v->kind = Q_DAY;
        v->has_moment = true;
        v->moment_ms = date_start_ms(day, 0);
    } else if (is_clock(v->text)) {
        v->kind = Q_CLOCK;
    }
}

/* To the quote that closes; it is a string of JSON. */
static enum code parse_quoted(struct parser *p, struct q_value *v, struct err *err) {
    const char *from = p->at++;
    while (*p->at != '"' && *p->at != '\0') {
        p->at += *p->at == '\\' && p->at[1] != '\0' ? 2 : 1;
    }
    if (*p->at == '\0') {
        return refuse(p, from, "this quote never closes", err);
    }
    p->at++;
    const struct json_value *json;
    if (json_read(from, (size_t)(p->at - from), p->arena, &json, NULL) != OK) {
        return refuse(p, from, "this is no string of JSON", err);
    }
    v->text = json->text;
    v->len = json->len;
    return OK;
}

static size_t bare_length(const char *s) {
    size_t n = 0;
    while (strchr("|;,)", s[n]) == NULL && strncmp(s + n, "..", 2) != 0) {
        n++;
    }
    return n;
}

static enum code parse_value(struct parser *p, struct q_value *v, struct err *err) {
    *v = (struct q_value){.kind = Q_TEXT};
    bool quoted = *p->at == '"';
    enum code code = OK;
    if (quoted) {
        code = parse_quoted(p, v, err);
    } else {
        v->len = bare_length(p->at);
        v->text = arena_dup(p->arena, p->at, v->len);
        size_t odd = strcspn(v->text, "<>\"");
        code = v->len == 0 ? refuse(p, p->at, "a value is missing", err)
               : odd < v->len
                   ? refuse(p, p->at + odd, "this stands in no value without quotes", err)
                   : OK;
        p->at += v->len;
    }
    if (code == OK) {
        v->has_moment = entity_time_parse(v->text, &v->moment_ms, NULL) == OK;
        if (!quoted) {
            judge(v);
        }
    }
    return code;
}

static enum code parse_range(struct parser *p, struct q_node *to, struct err *err) {
    const char *from = p->at;
    p->at += 2;
    enum code code = parse_value(p, &to->values[1], err);
    to->range = true;
    to->count = 2;
    if (code == OK && (to->values[0].kind != to->values[1].kind || to->values[0].kind == Q_BOOL)) {
        code = refuse(p, from, "a range is from a number, text or time to one of its kind", err);
    }
    return code;
}

/* Lists and ranges stand behind == and != alone. */
static enum code parse_operand(struct parser *p, struct q_node *to, struct err *err) {
    bool equality = to->op == Q_EQ || to->op == Q_NE;
    to->values = arena_alloc(p->arena, (equality ? ENTITY_Q_VALUES_MAX : 1) * sizeof *to->values);
    enum code code = parse_value(p, &to->values[0], err);
    to->count = 1;
    if (code != OK || !equality) {
        return code;
    }
    if (strncmp(p->at, "..", 2) == 0) {
        return parse_range(p, to, err);
    }
    while (code == OK && *p->at == ',') {
        if (to->count == ENTITY_Q_VALUES_MAX) {
            return too_much(ENTITY_Q_VALUES_MAX, "values in a list", err);
        }
        p->at++;
        code = parse_value(p, &to->values[to->count++], err);
    }
    return code;
}

/* What stands in quotes, as it is but for \" : a pattern has escapes of its own. */
static enum code parse_quoted_pattern(struct parser *p, char **out, struct err *err) {
    const char *from = p->at++;
    char *to = arena_alloc(p->arena, strlen(p->at) + 1);
    *out = to;
    for (; *p->at != '"' && *p->at != '\0'; p->at++) {
        bool escape = *p->at == '\\' && p->at[1] != '\0';
        if (escape && p->at[1] != '"') {
            *to++ = *p->at;
        }
        p->at += escape;
        *to++ = *p->at;
    }
    *to = '\0';
    if (*p->at == '\0') {
        return refuse(p, from, "this quote never closes", err);
    }
    p->at++;
    return OK;
}

/* In quotes, or to the end of the term. */
static enum code parse_pattern(struct parser *p, struct q_node *to, struct err *err) {
    const char *from = p->at;
    char *pattern = NULL;
    enum code code = OK;
    if (*p->at == '"') {
        code = parse_quoted_pattern(p, &pattern, err);
    } else {
        size_t n = strcspn(p->at, "|;)");
        pattern = arena_dup(p->arena, p->at, n);
        p->at += n;
    }
    if (code == OK && *pattern == '\0') {
        code = refuse(p, from, "a pattern is missing", err);
    }
    return code == OK ? pattern_compile(pattern, "pattern", &to->pattern, err) : code;
}

/* ---- terms ---- */

static const struct {
    const char *text;
    enum q_op op;
} ops[] = {
    {"==", Q_EQ}, {"!~=", Q_UNLIKE}, {"!=", Q_NE}, {"~=", Q_LIKE},
    {">=", Q_GE}, {"<=", Q_LE},      {">", Q_GT},  {"<", Q_LT},
};

static bool take_op(struct parser *p, enum q_op *op) {
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        size_t n = strlen(ops[i].text);
        if (strncmp(p->at, ops[i].text, n) == 0) {
            p->at += n;
            *op = ops[i].op;
            return true;
        }
    }
    return false;
}

static void add_term(struct parser *p, struct q_node *n) {
    n->next = p->terms;
    p->terms = n;
}

static enum code parse_term(struct parser *p, const struct q_node **out, struct err *err) {
    struct q_node *n = arena_zero(p->arena, sizeof *n);
    *out = n;
    if (p->count++ == ENTITY_Q_TERMS_MAX) {
        return too_much(ENTITY_Q_TERMS_MAX, "terms", err);
    }
    bool absent = *p->at == '!';
    p->at += absent;
    enum code code = parse_path(p, &n->path, err);
    if (code != OK) {
        return code;
    }
    n->op = absent ? Q_ABSENT : Q_EXISTS;
    if (!absent && take_op(p, &n->op)) {
        bool pattern = n->op == Q_LIKE || n->op == Q_UNLIKE;
        code = pattern ? parse_pattern(p, n, err) : parse_operand(p, n, err);
        if (code == OK && !pattern && strncmp(p->at, "..", 2) == 0) {
            code = refuse(p, p->at, "a range stands behind == and != alone", err);
        }
    }
    if (code == OK) {
        add_term(p, n);
    }
    return code;
}

static enum code parse_either(struct parser *p, const struct q_node **out, struct err *err);

static enum code parse_one(struct parser *p, const struct q_node **out, struct err *err) {
    if (*p->at != '(') {
        return parse_term(p, out, err);
    }
    if (p->depth++ == ENTITY_Q_DEPTH_MAX) {
        return too_much(ENTITY_Q_DEPTH_MAX, "brackets within each other", err);
    }
    p->at++;
    enum code code = parse_either(p, out, err);
    p->depth--;
    if (code == OK && *p->at != ')') {
        code = refuse(p, p->at, "a ) or an operator is missing", err);
    }
    p->at += code == OK;
    return code;
}

static const struct q_node *join(struct parser *p, enum q_sort sort, const struct q_node *a,
                                 const struct q_node *b) {
    struct q_node *n = arena_zero(p->arena, sizeof *n);
    n->sort = sort;
    n->a = a;
    n->b = b;
    return n;
}

static enum code parse_both(struct parser *p, const struct q_node **out, struct err *err) {
    enum code code = parse_one(p, out, err);
    while (code == OK && *p->at == ';') {
        const struct q_node *next = NULL;
        p->at++;
        code = parse_one(p, &next, err);
        *out = join(p, Q_BOTH, *out, next);
    }
    return code;
}

static enum code parse_either(struct parser *p, const struct q_node **out, struct err *err) {
    enum code code = parse_both(p, out, err);
    while (code == OK && *p->at == '|') {
        const struct q_node *next = NULL;
        p->at++;
        code = parse_both(p, &next, err);
        *out = join(p, Q_EITHER, *out, next);
    }
    return code;
}

enum code entity_q_parse(const char *text, const struct entity_context *context, struct arena *a,
                         const struct entity_q **out, struct err *err) {
    struct parser p = {.text = text, .at = text, .context = context, .arena = a};
    struct entity_q *q = arena_zero(a, sizeof *q);
    enum code code = parse_either(&p, &q->root, err);
    if (code == OK && *p.at != '\0') {
        code = refuse(&p, p.at, "this is neither an operator nor the end", err);
    }
    q->terms = p.terms;
    if (code != OK) {
        entity_q_free(q);
        return code;
    }
    *out = q;
    return OK;
}

void entity_q_free(const struct entity_q *q) {
    for (struct q_node *n = q == NULL ? NULL : q->terms; n != NULL; n = n->next) {
        if (n->op == Q_LIKE || n->op == Q_UNLIKE) {
            regfree(&n->pattern);
        }
    }
}

/* ---- what it looks at ---- */

size_t entity_q_names(const struct entity_q *q, const char **to) {
    size_t count = 0;
    for (const struct q_node *n = q->terms; n != NULL; n = n->next) {
        if (n->path.count > 0) {
            to[count++] = n->path.names[0];
        }
    }
    return count;
}

bool entity_q_asks_times(const struct entity_q *q) {
    const struct q_node *n = q->terms;
    while (n != NULL && n->path.count > 0) {
        n = n->next;
    }
    return n != NULL;
}

/* Names that stand in what `n` needs, written to `to`; 0: it needs none. */
static size_t needs(const struct q_node *n, const char **to) {
    if (n->sort == Q_TERM) {
        bool any = n->op == Q_ABSENT || n->path.count == 0;
        to[0] = n->path.names[0];
        return any ? 0 : 1;
    }
    size_t a = needs(n->a, to);
    if (n->sort == Q_BOTH) {
        return a > 0 ? a : needs(n->b, to);
    }
    size_t b = a == 0 ? 0 : needs(n->b, to + a);
    return b == 0 ? 0 : a + b;
}

size_t entity_q_needs(const struct entity_q *q, const char **to) {
    return needs(q->root, to);
}
