/* entity_row: see entity_row.h.
 *
 *   {"type":"Property","value":35,"unitCode":"GQ","observedAt":"...","https://...":{...}}
 *
 * No blanks stand between the parts. A member whose name has a ':' is an attribute of the
 * attribute. Texts become C strings by a NUL over their closing quote, values by one over the comma
 * or bracket behind them; as the walk still needs those, all NULs are written at its end. */
#include "ngsi/entity_row.h"

#include <stdbool.h>
#include <string.h>

#include "base/json_read.h"
#include "ngsi/entity_read.h"

enum { ENDS_MAX = 64 };

/* Members in the order in which they are written, each at most once; and what has another form. */
enum member { NOTHING, KIND, VALUE, UNIT, MOMENT, DATASET, ODD };

struct walk {
    char *at;
    struct arena *arena;
    char *ends[ENDS_MAX]; /* where NULs will stand */
    size_t count;
    enum member last; /* ODD: it would not be written as it stands there, or has attributes */
};

struct slice {
    char *from;
    size_t len;
};

static bool is_slice(struct slice s, const char *text, size_t len) {
    return s.len == len && memcmp(s.from, text, len) == 0;
}

#define IS(s, constant) is_slice(s, constant, sizeof constant - 1)

static void note_member(struct walk *w, enum member m) {
    w->last = m > w->last ? m : ODD;
}

static bool note_end(struct walk *w, char *end) {
    if (w->count == ENDS_MAX) {
        return false;
    }
    w->ends[w->count++] = end;
    return true;
}

static bool take(struct walk *w, char c) {
    if (*w->at != c) {
        return false;
    }
    w->at++;
    return true;
}

/* What ends a run of plain bytes: within a text, and without. */
static const bool ends_text[256] = {['\0'] = true, ['"'] = true, ['\\'] = true};
static const bool ends_plain[256] = {['\0'] = true, ['"'] = true, [','] = true, ['{'] = true,
                                     ['}'] = true,  ['['] = true, [']'] = true};

static char *run(char *at, const bool ends[256]) {
    while (!ends[(unsigned char)*at]) {
        at++;
    }
    return at;
}

/* A text without escapes. */
static bool take_text(struct walk *w, struct slice *out) {
    if (!take(w, '"')) {
        return false;
    }
    char *end = run(w->at, ends_text);
    *out = (struct slice){w->at, (size_t)(end - w->at)};
    w->at = end;
    return take(w, '"');
}

static bool skip_text(struct walk *w) {
    char *at = run(w->at + 1, ends_text);
    while (*at == '\\' && at[1] != '\0') {
        at = run(at + 2, ends_text);
    }
    w->at = at;
    return take(w, '"');
}

static bool is_end(char c) {
    return c == ',' || c == '}' || c == ']';
}

/* An object or a list. */
static bool skip_nested(struct walk *w) {
    int depth = 0;
    do {
        char c = *w->at;
        if (c == '"') {
            if (!skip_text(w)) {
                return false;
            }
        } else if (c == '\0') {
            return false;
        } else {
            depth += (c == '{' || c == '[') - (c == '}' || c == ']');
            w->at++;
        }
        w->at = depth > 0 ? run(w->at, ends_plain) : w->at;
    } while (depth > 0);
    return depth == 0;
}

/* Any value, to what is behind it. */
static bool skip_value(struct walk *w) {
    char c = *w->at;
    if (c == '"') {
        return skip_text(w) && is_end(*w->at);
    }
    if (c == '{' || c == '[') {
        return skip_nested(w) && is_end(*w->at);
    }
    char *from = w->at;
    w->at = run(from, ends_plain);
    return w->at > from && is_end(*w->at);
}

static bool take_kind(struct walk *w, struct entity_attribute *to) {
    struct slice s;
    if (!take_text(w, &s)) {
        return false;
    }
    for (enum entity_kind k = ENTITY_PROPERTY; k <= ENTITY_LIST_RELATIONSHIP; k++) {
        const char *name = entity_kind_name(k);
        if (is_slice(s, name, strlen(name))) {
            to->kind = k;
            to->kind_said = true;
            return true;
        }
    }
    return false;
}

static bool take_moment(struct walk *w, struct entity_attribute *to) {
    char text[ENTITY_TIME_MAX];
    struct slice s;
    if (!take_text(w, &s) || s.len >= sizeof text) {
        return false;
    }
    memcpy(text, s.from, s.len);
    text[s.len] = '\0';
    to->observed = true;
    bool right = entity_time_parse(text, &to->observed_ms, NULL) == OK;
    to->zeros = right && to->observed_ms % 1000 == 0 && strpbrk(text, ".,") != NULL;
    bool whole = s.len == sizeof "2026-03-01T08:00:00Z" - 1;
    bool parts = s.len == sizeof "2026-03-01T08:00:00.250Z" - 1 && text[19] == '.';
    note_member(w, (whole || parts) && text[s.len - 1] == 'Z' ? MOMENT : ODD);
    return right;
}

static bool take_string(struct walk *w, const char **to) {
    struct slice s;
    *to = w->at + 1;
    return take_text(w, &s) && note_end(w, s.from + s.len);
}

static bool take_value(struct walk *w, struct entity_attribute *to) {
    to->value = w->at;
    return skip_value(w) && note_end(w, w->at);
}

static bool take_attribute(struct walk *w, int depth, struct entity_attribute *to);

/* Room for one more at a time: few have more than two. */
static struct entity_attribute *add_sub(struct walk *w, struct entity_attribute *to) {
    struct entity_attribute *all = arena_alloc(w->arena, (to->sub_count + 1) * sizeof *all);
    if (to->sub_count > 0) {
        memcpy(all, to->sub, to->sub_count * sizeof *all);
    }
    to->sub = all;
    all[to->sub_count] = (struct entity_attribute){.name = NULL};
    return &all[to->sub_count++];
}

static bool take_sub(struct walk *w, struct slice name, int depth, struct entity_attribute *to) {
    if (memchr(name.from, ':', name.len) == NULL || depth + 1 >= ENTITY_DEPTH_MAX) {
        return false;
    }
    struct entity_attribute *sub = add_sub(w, to);
    w->last = ODD;
    bool done = take_attribute(w, depth + 1, sub);
    sub->name = name.from;
    return done && note_end(w, name.from + name.len);
}

/* What the value's member is called, of the kinds that have one as simple as that. */
static bool is_value(struct slice name, enum entity_kind kind) {
    static const char *const names[] = {"value", "object", "value",     "languageMap",
                                        "vocab", "json",   "valueList", "objectList"};
    return names[kind][0] == name.from[0] && is_slice(name, names[kind], strlen(names[kind]));
}

static bool take_member(struct walk *w, int depth, struct entity_attribute *to) {
    struct slice name;
    if (!take_text(w, &name) || !take(w, ':')) {
        return false;
    }
    if (IS(name, "type")) {
        note_member(w, KIND);
        return take_kind(w, to);
    }
    if (is_value(name, to->kind)) {
        note_member(w, VALUE);
        return take_value(w, to);
    }
    if (IS(name, "observedAt")) {
        return take_moment(w, to);
    }
    if (IS(name, "unitCode")) {
        note_member(w, UNIT);
        return take_string(w, &to->unit);
    }
    if (IS(name, "datasetId")) {
        note_member(w, DATASET);
        return take_string(w, &to->dataset);
    }
    return take_sub(w, name, depth, to);
}

static bool take_attribute(struct walk *w, int depth, struct entity_attribute *to) {
    bool done = take(w, '{');
    do {
        done = done && take_member(w, depth, to);
    } while (done && take(w, ','));
    return done && take(w, '}') && to->value != NULL;
}

static enum code read_slowly(const char *json, size_t n, struct arena *a,
                             struct entity_attribute *to, struct err *err) {
    static const struct entity_context none = {NULL, 0};
    static const struct entity_how how = {&none, ENTITY_NORMALIZED, ENTITY_KEPT};
    const struct json_value *v;
    enum code code = json_read(json, n, a, &v, err);
    return code == OK ? entity_read_attribute(NULL, v, &how, a, to, err) : code;
}

enum code entity_row_read(char *json, size_t n, struct arena *a, struct entity_attribute *to,
                          struct err *err) {
    struct walk w = {.at = json, .arena = a};
    struct entity_attribute quick = {.name = NULL};
    if (!take_attribute(&w, 0, &quick) || *w.at != '\0') {
        return read_slowly(json, n, a, to, err);
    }
    if (w.last != ODD) {
        quick.row = arena_dup(a, json, n);
    }
    for (size_t i = 0; i < w.count; i++) {
        *w.ends[i] = '\0';
    }
    *to = quick;
    return OK;
}
