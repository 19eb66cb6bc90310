/* entity_chunk: see entity_chunk.h. The text; the rows are entity_chunk_db.c's. */
#include "entity/entity_chunk.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "entity/entity_int.h"

#define NONE "-"

enum {
    OFFSET_DIGITS = 7,   /* 3599999 */
    QUALITY_DIGITS = 10, /* 4294967295 */
};

/* ---- a line ---- */

/* The parts of a line as they stand in it; what is left out or empty is NULL. */
struct line {
    int64_t offset;
    struct chunk_text value, kind, quality, unit, extra;
};

static const char *find_control(const char *s, const char *end) {
    while (s < end && (unsigned char)*s >= ' ') {
        s++;
    }
    return s;
}

/* Digits without leading zeros, at most `max` of them; NULL: they are none. */
static const char *read_digits(const char *s, const char *end, int max, int64_t *out) {
    const char *at = s;
    int64_t n = 0;
    while (at < end && at - s <= max && *at >= '0' && *at <= '9') {
        n = 10 * n + (*at++ - '0');
    }
    *out = n;
    return at == s || at - s > max || (*s == '0' && at - s > 1) ? NULL : at;
}

/* The fields behind tabs; where it stands then. */
static const char *split_fields(const char *s, const char *end, struct line *to) {
    struct chunk_text *const fields[] = {&to->kind, &to->quality, &to->unit, &to->extra};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0] && s < end && *s == '\t'; i++) {
        const char *from = ++s;
        s = find_control(s, end);
        if (s > from) {
            *fields[i] = (struct chunk_text){from, (size_t)(s - from)};
        }
    }
    return s;
}

/* The line that begins at `s`; returns the one behind it. NULL: it is none, which shows at *stop.
 */
static const char *split(const char *s, const char *end, struct line *to, const char **stop) {
    *to = (struct line){.offset = 0};
    *stop = s;
    s = read_digits(s, end, OFFSET_DIGITS, &to->offset);
    if (s == NULL || to->offset >= ENTITY_BUCKET_MS) {
        return NULL;
    }
    *stop = s;
    if (s < end && *s == ' ') {
        const char *from = ++s;
        s = find_control(s, end);
        if (s == from) {
            return NULL;
        }
        to->value = (struct chunk_text){from, (size_t)(s - from)};
    }
    s = split_fields(s, end, to);
    *stop = s;
    return s < end && *s == '\n' ? s + 1 : NULL;
}

static bool is_none(struct chunk_text t) {
    return t.n == 1 && t.s[0] == NONE[0];
}

static bool is_number(struct chunk_text t, int digits, int64_t max, int64_t *out) {
    return read_digits(t.s, t.s + t.n, digits, out) == t.s + t.n && *out <= max;
}

static bool is_quoted(struct chunk_text t) {
    return t.n >= 2 && t.s[0] == '"' && t.s[t.n - 1] == '"';
}

static bool has_escape(struct chunk_text t) {
    return memchr(t.s, '\\', t.n) != NULL;
}

/* ---- reading ---- */

struct chunk_reader chunk_reader_of(char *text, size_t n, int64_t bucket, struct arena *a) {
    return (struct chunk_reader){.text = text,
                                 .n = n,
                                 .from_ms = bucket * ENTITY_BUCKET_MS,
                                 .arena = a,
                                 .row = {.observed_ms = bucket * ENTITY_BUCKET_MS - 1}};
}

/* Ends a field of the text with a NUL, in place of the tab or line feed behind it. */
static char *end_text(struct chunk_reader *r, struct chunk_text t) {
    char *s = r->text + (t.s - r->text);
    s[t.n] = '\0';
    return s;
}

/* A unit with escapes is read as JSON. */
static const char *read_escaped(struct chunk_reader *r, struct chunk_text t) {
    const struct json_value *v;
    bool read = json_read(t.s, t.n, r->arena, &v, NULL) == OK && v->kind == JSON_STRING;
    return read ? v->text : NULL;
}

static bool take_unit(struct chunk_reader *r, struct chunk_text t) {
    if (is_none(t)) {
        r->row.unit = NULL;
        return true;
    }
    if (!is_quoted(t)) {
        return false;
    }
    if (has_escape(t)) {
        r->row.unit = read_escaped(r, t);
        return r->row.unit != NULL;
    }
    r->row.unit = end_text(r, (struct chunk_text){t.s + 1, t.n - 2});
    return memchr(r->row.unit, '"', t.n - 2) == NULL;
}

static bool take_extra(struct chunk_reader *r, struct chunk_text t) {
    bool none = is_none(t);
    r->row.extra = none ? NULL : end_text(r, t);
    return none || t.s[0] == '{';
}

/* Takes what the fields say; returns what is wrong. */
static const char *take_fields(struct chunk_reader *r, const struct line *l) {
    int64_t n = 0;
    if (l->extra.s != NULL && !take_extra(r, l->extra)) {
        return "the extra is no object";
    }
    if (l->unit.s != NULL && !take_unit(r, l->unit)) {
        return "the unit is no text";
    }
    if (l->quality.s != NULL) {
        if (!is_number(l->quality, QUALITY_DIGITS, UINT32_MAX, &n)) {
            return "the quality is no number";
        }
        r->row.quality = (uint32_t)n;
    }
    if (l->kind.s != NULL) {
        if (!is_number(l->kind, 1, ENTITY_LIST_RELATIONSHIP, &n)) {
            return "there is no such kind";
        }
        r->row.kind = (enum entity_kind)n;
    }
    return NULL;
}

bool chunk_next(struct chunk_reader *r) {
    struct line l;
    const char *stop;
    if (r->why != NULL || r->at == r->n) {
        return false;
    }
    const char *next = split(r->text + r->at, r->text + r->n, &l, &stop);
    if (next == NULL) {
        r->at = (size_t)(stop - r->text);
        r->why = "it is no line";
        return false;
    }
    if (r->from_ms + l.offset <= r->row.observed_ms) {
        r->why = "it is not later than the line before";
        return false;
    }
    if (l.value.s == NULL && r->row.value == NULL) {
        r->why = "there is no value";
        return false;
    }
    r->row.observed_ms = r->from_ms + l.offset;
    r->why = l.kind.s == NULL && l.quality.s == NULL && l.unit.s == NULL && l.extra.s == NULL
                 ? NULL
                 : take_fields(r, &l);
    if (r->why == NULL && l.value.s != NULL) {
        r->row.value = end_text(r, l.value);
    }
    r->at = r->why == NULL ? (size_t)(next - r->text) : r->at;
    return r->why == NULL;
}

enum code chunk_end(const struct chunk_reader *r, struct err *err) {
    return r->why == NULL ? OK
                          : err_set(err, E_DAMAGED,
                                    "cannot read a chunk of observations at byte %zu of %zu: %s",
                                    r->at, r->n, r->why);
}

enum code chunk_about(enum code code, const struct chunk_series *of, int64_t bucket,
                      struct err *err) {
    char place[128]; /* four numbers of 20 digits at most */
    if (code == E_DAMAGED) {
        snprintf(place, sizeof place,
                 "entity %" PRId64 ", attribute %" PRId64 ", dataset %" PRId64 ", hour %" PRId64,
                 of->entity, of->attribute, of->dataset, bucket);
        err_prefix(err, place);
    }
    return code;
}

/* ---- writing ---- */

static struct chunk_text text_of(const char *s) {
    return s == NULL ? (struct chunk_text){NULL, 0} : (struct chunk_text){s, strlen(s)};
}

static bool is_same(struct chunk_text a, struct chunk_text b) {
    return a.n == b.n && (a.s == b.s || (a.s != NULL && b.s != NULL && memcmp(a.s, b.s, a.n) == 0));
}

/* The line before the first one. */
struct chunk_writer chunk_writer_of(struct buf *to, int64_t bucket) {
    return (struct chunk_writer){.to = to, .from_ms = bucket * ENTITY_BUCKET_MS, .known = true};
}

static void put_number(struct buf *to, uint64_t n) {
    char digits[20]; /* 18446744073709551615 */
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    buf_add(to, digits + at, sizeof digits - at);
}

static void put_json(struct buf *to, struct chunk_text t) {
    char *at = buf_room(to, t.n);
    for (size_t i = 0; i < t.n; i++) {
        at[i] = (unsigned char)t.s[i] < ' ' ? ' ' : t.s[i];
    }
    to->len += t.n;
}

static void put_unit(struct buf *to, struct chunk_text t) {
    struct json_out j;
    json_init(&j, to, 0);
    json_strn(&j, t.s, t.n);
}

/* Tabs and what changed, up to the last thing that did. */
static void put_fields(struct chunk_writer *w, const struct chunk_row *row, struct chunk_text unit,
                       struct chunk_text extra) {
    bool new_extra = !w->known || !is_same(extra, w->extra);
    bool new_unit = !w->known || !is_same(unit, w->unit);
    bool new_quality = !w->known || row->quality != w->quality;
    bool new_kind = !w->known || row->kind != w->kind;
    if (!new_extra && !new_unit && !new_quality && !new_kind) {
        return;
    }
    buf_addc(w->to, '\t');
    if (new_kind) {
        put_number(w->to, row->kind);
    }
    if (new_quality || new_unit || new_extra) {
        buf_addc(w->to, '\t');
    }
    if (new_quality) {
        put_number(w->to, row->quality);
    }
    if (new_unit || new_extra) {
        buf_addc(w->to, '\t');
    }
    if (new_unit && unit.s != NULL) {
        put_unit(w->to, unit);
    } else if (new_unit) {
        buf_adds(w->to, NONE);
    }
    if (new_extra) {
        buf_addc(w->to, '\t');
        put_json(w->to, extra.s == NULL ? (struct chunk_text){NONE, 1} : extra);
    }
}

void chunk_put(struct chunk_writer *w, const struct chunk_row *row) {
    struct chunk_text value = text_of(row->value);
    struct chunk_text unit = text_of(row->unit);
    struct chunk_text extra = text_of(row->extra);
    assert(row->observed_ms >= w->from_ms && row->observed_ms - w->from_ms < ENTITY_BUCKET_MS);
    assert(value.n > 0);
    put_number(w->to, (uint64_t)(row->observed_ms - w->from_ms));
    if (!is_same(value, w->value)) {
        buf_addc(w->to, ' ');
        put_json(w->to, value);
    }
    put_fields(w, row, unit, extra);
    buf_addc(w->to, '\n');
    w->known = true;
    w->kind = row->kind;
    w->quality = row->quality;
    w->value = value;
    w->unit = unit;
    w->extra = extra;
}

/* ---- going on ---- */

static const char *line_start(const char *text, const char *at) {
    const char *feed = at == text ? NULL : memrchr(text, '\n', (size_t)(at - text));
    return feed == NULL ? text : feed + 1;
}

/* What an earlier line says that later ones have not said. */
static void inherit(const struct line *from, struct line *to) {
    to->value = to->value.s == NULL ? from->value : to->value;
    to->kind = to->kind.s == NULL ? from->kind : to->kind;
    to->quality = to->quality.s == NULL ? from->quality : to->quality;
    to->unit = to->unit.s == NULL ? from->unit : to->unit;
    to->extra = to->extra.s == NULL ? from->extra : to->extra;
}

/* The line before `at` that may say what `l` lacks; NULL: none does. Where only fields are lacking,
 * lines without a tab are passed over. */
static const char *look_back(const char *text, const char *at, const struct line *l) {
    bool all = l->value.s != NULL && l->kind.s != NULL && l->quality.s != NULL &&
               l->unit.s != NULL && l->extra.s != NULL;
    if (all || at == text) {
        return NULL;
    }
    const char *in = l->value.s == NULL ? at - 1 : memrchr(text, '\t', (size_t)(at - text));
    return in == NULL ? NULL : line_start(text, in);
}

/* The last line of the text with all that holds for it. */
static bool read_last(const char *text, size_t n, struct line *out) {
    const char *end = text + n;
    const char *stop;
    if (n == 0 || end[-1] != '\n') {
        return false;
    }
    const char *at = line_start(text, end - 1);
    bool read = split(at, end, out, &stop) != NULL;
    while (read && (at = look_back(text, at, out)) != NULL) {
        struct line l;
        read = split(at, end, &l, &stop) != NULL;
        inherit(&l, out);
    }
    return read && out->value.s != NULL;
}

/* What a writer would know that had written the line. */
static bool know(const struct line *l, struct chunk_writer *w) {
    int64_t kind = 0;
    int64_t quality = 0;
    if ((l->kind.s != NULL && !is_number(l->kind, 1, ENTITY_LIST_RELATIONSHIP, &kind)) ||
        (l->quality.s != NULL && !is_number(l->quality, QUALITY_DIGITS, UINT32_MAX, &quality))) {
        return false;
    }
    w->kind = (enum entity_kind)kind;
    w->quality = (uint32_t)quality;
    w->value = l->value;
    if (l->extra.s != NULL && !is_none(l->extra)) {
        w->extra = l->extra;
    }
    if (l->unit.s != NULL && !is_none(l->unit)) {
        w->known = is_quoted(l->unit) && !has_escape(l->unit);
        w->unit = (struct chunk_text){l->unit.s + 1, l->unit.n - 2};
    }
    return true;
}

enum code chunk_go_on(const char *text, size_t n, int64_t bucket, struct buf *to,
                      struct chunk_writer *out, int64_t *last_ms, struct err *err) {
    struct chunk_writer w = chunk_writer_of(to, bucket);
    struct line l;
    if (!read_last(text, n, &l) || !know(&l, &w)) {
        return err_set(err, E_DAMAGED, "cannot read a chunk of observations: its end is no line");
    }
    *last_ms = w.from_ms + l.offset;
    *out = w;
    return OK;
}
