/* csv: see csv.h. The grammar (RFC 4180, section 2):
 *
 *   file   = [BOM] row *(end row) [end]       end    = CRLF / LF
 *   row    = field *("," field)               field  = quoted / plain
 *   quoted = DQUOTE *(byte / DQUOTE DQUOTE) DQUOTE
 *   plain  = *(any byte but comma, DQUOTE, CR, LF, NUL) */
#include "base/csv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void csv_init(struct csv *c, const char *data, size_t n) {
    static const char mark[] = "\xEF\xBB\xBF";
    size_t skip = n >= 3 && memcmp(data, mark, 3) == 0 ? 3 : 0;
    memset(c, 0, sizeof *c);
    c->data = data;
    c->len = n;
    c->at = skip;
    c->line_now = 1;
    c->line_start = skip;
}

void csv_fini(struct csv *c) {
    buf_fini(&c->text);
    free(c->slots);
    c->slots = NULL;
    c->slot_cap = 0;
    c->count = 0;
}

struct place {
    size_t line;
    size_t line_start;
    size_t at;
};

static struct place here(const struct csv *c) {
    return (struct place){c->line_now, c->line_start, c->at};
}

/* The column of a place: bytes that begin a character, from 1. */
static size_t column_of(const struct csv *c, struct place p) {
    size_t column = 1;
    assert(p.at >= p.line_start);
    for (size_t i = p.line_start; i < p.at; i++) {
        column += ((unsigned char)c->data[i] & 0xC0) != 0x80;
    }
    return column;
}

/* Says what is wrong at a place, and ends the reading. */
static enum code fail_at(struct csv *c, struct place p, enum code code, const char *what,
                         struct err *err) {
    c->at = c->len;
    c->count = 0;
    return err_set(err, code, "cannot read csv at line %zu, column %zu: %s", p.line,
                   column_of(c, p), what);
}

static enum code fail(struct csv *c, enum code code, const char *what, struct err *err) {
    return fail_at(c, here(c), code, what, err);
}

static bool at_end(const struct csv *c) {
    return c->at == c->len;
}

static bool at_line_end(const struct csv *c) {
    return at_end(c) || c->data[c->at] == '\n' || c->data[c->at] == '\r';
}

/* Steps over a line feed and counts the line. */
static void next_line(struct csv *c) {
    c->at++;
    c->line_now++;
    c->line_start = c->at;
}

static enum code read_plain(struct csv *c, struct err *err) {
    size_t from = c->at;
    while (!at_line_end(c) && c->data[c->at] != ',') {
        if (c->data[c->at] == '"') {
            return fail(c, E_INPUT, "a quote inside a field that has none at its start", err);
        }
        if (c->data[c->at] == '\0') {
            return fail(c, E_INPUT, "a NUL byte", err);
        }
        c->at++;
    }
    if (c->text.len + (c->at - from) > CSV_ROW_MAX) {
        return fail(c, E_LIMIT, "a row of more than 1 MiB", err);
    }
    buf_add(&c->text, c->data + from, c->at - from);
    return OK;
}

/* Takes the byte at the reader's place into a quoted field. */
static enum code take_quoted(struct csv *c, struct err *err) {
    char byte = c->data[c->at];
    if (byte == '\0') {
        return fail(c, E_INPUT, "a NUL byte", err);
    }
    if (c->text.len >= CSV_ROW_MAX) {
        return fail(c, E_LIMIT, "a row of more than 1 MiB", err);
    }
    buf_addc(&c->text, byte);
    if (byte == '\n') {
        next_line(c);
    } else {
        c->at++;
    }
    return OK;
}

static enum code read_quoted(struct csv *c, struct err *err) {
    struct place opened = here(c);
    c->at++;
    while (!at_end(c)) {
        if (c->data[c->at] == '"') {
            c->at++;
            if (at_end(c) || c->data[c->at] != '"') {
                return OK;
            }
        }
        enum code code = take_quoted(c, err);
        if (code != OK) {
            return code;
        }
    }
    return fail_at(c, opened, E_INPUT, "a quote that is never closed", err);
}

static enum code read_field(struct csv *c, struct err *err) {
    if (c->count == CSV_FIELDS_MAX) {
        return fail(c, E_LIMIT, "a row of more than 1024 fields", err);
    }
    size_t from = c->text.len;
    bool quoted = !at_end(c) && c->data[c->at] == '"';
    enum code code = quoted ? read_quoted(c, err) : read_plain(c, err);
    if (code != OK) {
        return code;
    }
    if (!at_line_end(c) && c->data[c->at] != ',') {
        return fail(c, E_INPUT, "more behind a closing quote", err);
    }
    c->slots = mem_reserve(c->slots, &c->slot_cap, c->count + 1, sizeof *c->slots);
    c->slots[c->count++] = (struct csv_slot){from, c->text.len - from};
    buf_addc(&c->text, '\0');
    return OK;
}

static enum code read_line_end(struct csv *c, struct err *err) {
    if (at_end(c)) {
        return OK;
    }
    if (c->data[c->at] == '\r') {
        if (c->at + 1 == c->len || c->data[c->at + 1] != '\n') {
            return fail(c, E_INPUT, "a carriage return without a line feed", err);
        }
        c->at++;
    }
    next_line(c);
    return OK;
}

enum code csv_next(struct csv *c, struct err *err) {
    buf_clear(&c->text);
    c->count = 0;
    c->line = c->line_now;
    if (at_end(c)) {
        return OK;
    }
    for (;;) {
        enum code code = read_field(c, err);
        if (code != OK) {
            return code;
        }
        if (at_line_end(c)) {
            return read_line_end(c, err);
        }
        c->at++; /* the comma */
    }
}

const char *csv_field(const struct csv *c, size_t i) {
    assert(i < c->count);
    return c->text.data + c->slots[i].from;
}

size_t csv_field_len(const struct csv *c, size_t i) {
    assert(i < c->count);
    return c->slots[i].len;
}

enum code csv_header(struct csv *c, const char *const *names, size_t n, struct err *err) {
    enum code code = csv_next(c, err);
    if (code != OK) {
        return code;
    }
    for (size_t i = 0; i < n && i < c->count; i++) {
        if (strcmp(csv_field(c, i), names[i]) != 0) {
            return err_set(err, E_INPUT,
                           "cannot read csv at line %zu: column %zu is \"%.60s\", not \"%s\"",
                           c->line, i + 1, csv_field(c, i), names[i]);
        }
    }
    if (c->count != n) {
        return err_set(err, E_INPUT, "cannot read csv at line %zu: %zu columns, not %zu", c->line,
                       c->count, n);
    }
    return OK;
}

/* ---- writing ---- */

void csv_put(struct buf *to, const char *s, size_t n) {
    bool plain = true;
    for (size_t i = 0; i < n && plain; i++) {
        plain = s[i] != ',' && s[i] != '"' && s[i] != '\n' && s[i] != '\r';
    }
    if (plain) {
        buf_add(to, s, n);
        return;
    }
    buf_addc(to, '"');
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '"') {
            buf_addc(to, '"');
        }
        buf_addc(to, s[i]);
    }
    buf_addc(to, '"');
}
