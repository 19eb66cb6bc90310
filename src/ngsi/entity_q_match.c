/* entity_q_match: whether an entity matches a query; see entity_q.h. What a path leads to is an
 * item: a value of JSON. Most values are one number or one short text, and are held against the
 * query where they stand; only objects, lists and texts with escapes are read as JSON. */
#include <string.h>

#include "base/date.h"
#include "base/json_read.h"
#include "ngsi/entity_q_int.h"
#include "ngsi/exact.h"
#include "ngsi/pattern.h"

enum { MOMENT_MAX = 40 }; /* bytes of a text that may be a moment */

/* A value that is no list and no object; those are JSON_OBJECT here. */
struct item {
    enum json_kind kind;
    const char *text; /* a number has a NUL behind it, a text need not */
    size_t len;
    bool truth;
};

/* ---- one value against one operand ---- */

static bool item_moment(const struct item *i, int64_t *ms) {
    char text[MOMENT_MAX + 1];
    if (i->kind != JSON_STRING || i->len > MOMENT_MAX) {
        return false;
    }
    memcpy(text, i->text, i->len);
    text[i->len] = '\0';
    return entity_time_parse(text, ms, NULL) == OK;
}

static int order_of(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int compare_text(const struct item *i, const struct q_value *v) {
    size_t least = i->len < v->len ? i->len : v->len;
    int order = memcmp(i->text, v->text, least);
    return order != 0 ? (order > 0) - (order < 0) : order_of((int64_t)i->len, (int64_t)v->len);
}

/* Whether a text has the form of the operand's kind. */
static bool is_alike(const struct item *i, const struct q_value *v) {
    int32_t day;
    switch (v->kind) {
    case Q_DAY:
        return date_parse(i->text, i->len, &day, NULL) == OK;
    case Q_CLOCK:
        return i->len > 5 && i->text[2] == ':' && i->text[5] == ':';
    case Q_TEXT:
        return true;
    case Q_NUMBER:
    case Q_BOOL:
    case Q_MOMENT:
        break;
    }
    return false;
}

static bool compare_texts(const struct item *i, const struct q_value *v, int *order) {
    int64_t ms;
    /* A day stands for its first moment there, in UTC. */
    if (v->has_moment && item_moment(i, &ms)) {
        *order = order_of(ms, v->moment_ms);
        return true;
    }
    *order = compare_text(i, v);
    return is_alike(i, v);
}

/* How the value stands to the operand. False: they are of different kinds. */
static bool compare(const struct item *i, const struct q_value *v, int *order) {
    *order = 0;
    if (v->kind == Q_NUMBER) {
        *order = i->kind == JSON_NUMBER ? exact_compare(i->text, v->text) : 0;
        return i->kind == JSON_NUMBER;
    }
    if (v->kind == Q_BOOL) {
        *order = i->truth - v->truth;
        return i->kind == JSON_BOOL;
    }
    return i->kind == JSON_STRING && compare_texts(i, v, order);
}

static bool is_equal(const struct item *i, const struct q_node *n) {
    int low;
    int high;
    if (n->range) {
        return compare(i, &n->values[0], &low) && low >= 0 && compare(i, &n->values[1], &high) &&
               high <= 0;
    }
    for (size_t k = 0; k < n->count; k++) {
        if (compare(i, &n->values[k], &low) && low == 0) {
            return true;
        }
    }
    return false;
}

/* The relation itself; != and !~= ask for its contrary. */
static bool is_met(const struct item *i, const struct q_node *n) {
    int order;
    switch (n->op) {
    case Q_EXISTS:
    case Q_ABSENT:
        return true;
    case Q_EQ:
    case Q_NE:
        return is_equal(i, n);
    case Q_LIKE:
    case Q_UNLIKE:
        return i->kind == JSON_STRING && pattern_finds(&n->pattern, i->text, i->len);
    case Q_GT:
    case Q_GE:
    case Q_LT:
    case Q_LE:
        break;
    }
    if (n->values[0].kind == Q_BOOL || !compare(i, &n->values[0], &order)) {
        return false;
    }
    return n->op == Q_GT   ? order > 0
           : n->op == Q_GE ? order >= 0
           : n->op == Q_LT ? order < 0
                           : order <= 0;
}

static bool is_contrary(const struct q_node *n) {
    return n->op == Q_NE || n->op == Q_UNLIKE;
}

static bool asks_contrary(const struct q_node *n, bool met) {
    return is_contrary(n) ? !met : met;
}

/* ---- a value of JSON ---- */

/* Whether any part of the value meets the relation: the value itself, or an item of a list. */
static bool any_meets(const struct json_value *v, const struct q_node *n) {
    const struct json_value *typed = json_member(v, "@value"); /* {"@type": .., "@value": ..} */
    v = typed == NULL ? v : typed;
    if (v->kind == JSON_ARRAY && n->op != Q_EXISTS) {
        for (const struct json_value *i = v->first; i != NULL; i = i->next) {
            if (i->kind != JSON_ARRAY && any_meets(i, n)) {
                return true;
            }
        }
        return false;
    }
    struct item item = {v->kind, v->text, v->len, v->truth};
    return is_met(&item, n);
}

/* Any member's value meets it: what [*] asks of languages. */
static bool any_member_meets(const struct json_value *v, const struct q_node *n) {
    for (const struct json_value *i = v->first; i != NULL; i = i->next) {
        if (any_meets(i, n)) {
            return true;
        }
    }
    return false;
}

static bool json_matches(const struct json_value *v, const struct q_node *n, bool members) {
    for (size_t i = 0; i < n->path.inner_count; i++) {
        v = json_member(v, n->path.inner[i]);
    }
    if (v == NULL || v->kind == JSON_NULL) {
        return false;
    }
    members = members && n->path.inner_count == 0;
    return asks_contrary(n, members ? any_member_meets(v, n) : any_meets(v, n));
}

/* A number, true, false or a text without escapes, as it stands. */
static bool item_of(const char *json, struct item *to) {
    size_t n = strlen(json);
    *to = (struct item){.text = json, .len = n};
    if (json[0] == '"') {
        *to = (struct item){.kind = JSON_STRING, .text = json + 1, .len = n - 2};
        return memchr(json, '\\', n) == NULL;
    }
    to->kind = json[0] == 't' || json[0] == 'f' ? JSON_BOOL : JSON_NUMBER;
    to->truth = json[0] == 't';
    return strchr("[{n", json[0]) == NULL;
}

/* ---- where the path leads ---- */

static bool is_relationship(const struct entity_attribute *x) {
    return x->kind == ENTITY_RELATIONSHIP || x->kind == ENTITY_LIST_RELATIONSHIP;
}

/* 4.9: a Relationship has no order and no pattern. */
static bool is_barred(const struct entity_attribute *x, const struct q_node *n) {
    return is_relationship(x) && n->op != Q_EXISTS && n->op != Q_ABSENT && n->op != Q_EQ &&
           n->op != Q_NE;
}

static bool value_matches(const struct entity_attribute *x, const struct q_node *n) {
    struct item item;
    bool plain = n->path.inner_count == 0 && !n->path.any_language;
    if (x->value == NULL || is_barred(x, n)) {
        return false;
    }
    if (plain && n->op == Q_EXISTS) {
        return true;
    }
    if (item_of(x->value, &item)) {
        return plain && asks_contrary(n, is_met(&item, n));
    }
    struct arena a = ARENA_INIT;
    const struct json_value *v;
    bool members = n->path.any_language || x->kind == ENTITY_LANGUAGE;
    bool met =
        json_read(x->value, strlen(x->value), &a, &v, NULL) == OK && json_matches(v, n, members);
    arena_fini(&a);
    return met;
}

static bool text_matches(const char *text, const struct q_node *n) {
    struct item item = {.kind = JSON_STRING, .text = text, .len = text == NULL ? 0 : strlen(text)};
    return text != NULL && asks_contrary(n, is_met(&item, n));
}

/* A moment of ours as the text it would leave as. */
static bool moment_matches(bool is_there, int64_t ms, const struct q_node *n) {
    char text[ENTITY_TIME_MAX];
    return is_there && text_matches(entity_time_text(ms, text), n);
}

static bool word_matches(const struct entity_attribute *x, const struct q_node *n) {
    switch (n->path.word) {
    case Q_OBSERVED:
        return moment_matches(x->observed, x->observed_ms, n);
    case Q_CREATED:
        return moment_matches(x->created_ms != 0, x->created_ms, n);
    case Q_MODIFIED:
        return moment_matches(x->modified_ms != 0, x->modified_ms, n);
    case Q_UNIT:
        return text_matches(x->unit, n);
    case Q_DATASET:
        return text_matches(x->dataset, n);
    case Q_NO_WORD:
        break;
    }
    return value_matches(x, n);
}

/* Whether any of the attributes at this step of the path leads to what matches. */
static bool path_matches(const struct entity_attribute *all, size_t count, size_t step,
                         const struct q_node *n) {
    for (size_t i = 0; i < count; i++) {
        const struct entity_attribute *x = &all[i];
        if (strcmp(x->name, n->path.names[step]) != 0) {
            continue;
        }
        bool last = step + 1 == n->path.count;
        if (last ? word_matches(x, n) : path_matches(x->sub, x->sub_count, step + 1, n)) {
            return true;
        }
    }
    return false;
}

static bool term_matches(const struct q_node *n, const struct entity *e) {
    if (n->op == Q_ABSENT) {
        struct q_node there = *n;
        there.op = Q_EXISTS;
        return !term_matches(&there, e);
    }
    if (n->path.count == 0) {
        return moment_matches(true, n->path.word == Q_CREATED ? e->created_ms : e->modified_ms, n);
    }
    return path_matches(e->attributes, e->count, 0, n);
}

static bool matches(const struct q_node *n, const struct entity *e) {
    switch (n->sort) {
    case Q_TERM:
        break;
    case Q_BOTH:
        return matches(n->a, e) && matches(n->b, e);
    case Q_EITHER:
        return matches(n->a, e) || matches(n->b, e);
    }
    return term_matches(n, e);
}

bool entity_q_matches(const struct entity_q *q, const struct entity *e) {
    return matches(q->root, e);
}
