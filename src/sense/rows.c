/* rows: see rows.h. */
#include "sense/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "text/decoder.h"

enum { PIECE = 64 * 1024 };

struct rows {
    struct rows_config config;
    struct decoder *decoder;
    char *piece;     /* bytes as they were read */
    struct buf text; /* decoded, from the row that is read now on */
    size_t at;       /* where that row begins */
    bool ended;      /* all of the file is in `text` */
    int64_t bytes;
    int64_t line; /* of text[at] */
    int64_t number;
    struct buf fields; /* of the row, a NUL behind each */
    struct rows_field *field;
    size_t *from; /* where each begins in `fields` */
    size_t count;
};

enum code rows_new(const struct rows_config *config, struct rows **out, struct err *err) {
    struct rows *r = mem_alloc(sizeof *r);
    *r = (struct rows){.config = *config, .line = 1};
    enum code code = decoder_new(config->encoding, &r->decoder, err);
    if (code != OK) {
        free(r);
        return code;
    }
    r->piece = mem_alloc(PIECE);
    r->field = mem_alloc(ROWS_FIELDS_MAX * sizeof *r->field);
    r->from = mem_alloc(ROWS_FIELDS_MAX * sizeof *r->from);
    *out = r;
    return OK;
}

void rows_free(struct rows *r) {
    if (r == NULL) {
        return;
    }
    decoder_free(r->decoder);
    buf_fini(&r->text);
    buf_fini(&r->fields);
    free(r->piece);
    free(r->field);
    free(r->from);
    free(r);
}

int64_t rows_bytes(const struct rows *r) {
    return r->bytes;
}

/* Moves what is not read yet to the front, and reads a piece behind it. */
static enum code fill(struct rows *r, struct err *err) {
    ssize_t got = r->config.input.read(r->config.input.data, r->piece, PIECE);
    if (got < 0) {
        return err_set(err, E_IO, "cannot read the file: %s", strerror(errno));
    }
    if (r->at > 0) {
        memmove(r->text.data, r->text.data + r->at, r->text.len - r->at);
        r->text.len -= r->at;
        r->at = 0;
    }
    r->bytes += got;
    r->ended = got == 0;
    return decoder_take(r->decoder, r->piece, (size_t)got, r->ended, &r->text, err);
}

/* Steps behind the next line feed. */
static enum code skip_line(struct rows *r, struct err *err) {
    enum code code = OK;
    while (code == OK) {
        size_t left = r->text.len - r->at;
        const char *end = left == 0 ? NULL : memchr(r->text.data + r->at, '\n', left);
        if (end != NULL) {
            r->at = (size_t)(end - r->text.data) + 1;
            r->line++;
            return OK;
        }
        r->at = r->text.len;
        if (r->ended) {
            return OK;
        }
        code = fill(r, err);
    }
    return code;
}

/* ---- one row ---- */

enum cut { CUT_ROW, CUT_MORE, CUT_BAD };

/* Where the reading of a row stands. */
struct cursor {
    struct rows *r;
    size_t i;
    int64_t lines;    /* line feeds that were passed */
    const char *why;  /* of CUT_BAD, or why a whole row is bad */
    size_t bad_field; /* from 1 */
};

static bool has_byte(const struct cursor *c) {
    return c->i < c->r->text.len;
}

static char byte_at(const struct cursor *c) {
    return c->r->text.data[c->i];
}

static enum cut bad(struct cursor *c, const char *why) {
    c->why = why;
    c->bad_field = c->r->count + 1;
    return CUT_BAD;
}

/* Takes a byte into the field. One that no text has spoils the row, whose end is known all the
 * same. */
static void take(struct cursor *c) {
    char byte = byte_at(c);
    if ((byte == '\0' || byte == DECODER_BAD) && c->why == NULL) {
        bad(c, byte == '\0' ? "a NUL byte" : "a byte that is no character of the file's encoding");
    }
    c->lines += byte == '\n';
    buf_addc(&c->r->fields, byte);
    c->i++;
}

/* At the end of what was decoded: more is wanted, unless that is all. */
static enum cut at_end(const struct cursor *c) {
    return c->r->ended ? CUT_ROW : CUT_MORE;
}

static bool ends_plain(const struct cursor *c, char byte) {
    return byte == c->r->config.delimiter || byte == '\n' || byte == '\r';
}

static enum cut cut_plain(struct cursor *c) {
    while (has_byte(c) && !ends_plain(c, byte_at(c))) {
        if (byte_at(c) == c->r->config.quote && c->r->config.quote != '\0') {
            return bad(c, "a quote inside a field that has none at its start");
        }
        take(c);
    }
    return has_byte(c) ? CUT_ROW : at_end(c);
}

static enum cut cut_quoted(struct cursor *c) {
    c->i++;
    for (;;) {
        if (!has_byte(c)) {
            return c->r->ended ? bad(c, "a quote that is never closed") : CUT_MORE;
        }
        if (byte_at(c) != c->r->config.quote) {
            take(c);
            continue;
        }
        c->i++;
        if (!has_byte(c)) {
            return at_end(c);
        }
        if (byte_at(c) != c->r->config.quote) {
            return ends_plain(c, byte_at(c)) ? CUT_ROW : bad(c, "more behind a closing quote");
        }
        take(c);
    }
}

static enum cut cut_field(struct cursor *c) {
    struct rows *r = c->r;
    if (r->count == ROWS_FIELDS_MAX) {
        return bad(c, "more than 1024 fields");
    }
    size_t from = r->fields.len;
    if (!has_byte(c) && !r->ended) {
        return CUT_MORE;
    }
    bool quoted = has_byte(c) && r->config.quote != '\0' && byte_at(c) == r->config.quote;
    enum cut cut = quoted ? cut_quoted(c) : cut_plain(c);
    if (cut == CUT_ROW) {
        r->from[r->count] = from;
        r->field[r->count++].len = r->fields.len - from;
        buf_addc(&r->fields, '\0');
    }
    return cut;
}

/* At the CR or LF behind a row, or at the end of the file. */
static enum cut cut_end(struct cursor *c) {
    if (has_byte(c) && byte_at(c) == '\r') {
        if (c->i + 1 == c->r->text.len && !c->r->ended) {
            return CUT_MORE;
        }
        c->i++;
        if (has_byte(c) && byte_at(c) != '\n') {
            return bad(c, "a carriage return without a line feed");
        }
    }
    if (has_byte(c)) {
        c->i++;
        c->lines++;
    }
    return CUT_ROW;
}

static enum cut cut_row(struct cursor *c) {
    buf_clear(&c->r->fields);
    c->r->count = 0;
    for (;;) {
        enum cut cut = cut_field(c);
        if (cut != CUT_ROW) {
            return cut;
        }
        if (!has_byte(c) || byte_at(c) != c->r->config.delimiter) {
            return cut_end(c);
        }
        c->i++;
    }
}

/* ---- the file ---- */

static enum code refuse(const struct cursor *c, enum code code, struct err *err) {
    return err_set(err, code, "cannot read field %zu of the row: %s", c->bad_field, c->why);
}

/* Gives the row that was cut, and steps behind it. */
static enum code give(struct cursor *c, struct rows_row *out, struct err *err) {
    struct rows *r = c->r;
    r->at = c->i;
    r->line += c->lines;
    if (c->why != NULL) {
        return refuse(c, E_INPUT, err);
    }
    for (size_t i = 0; i < r->count; i++) {
        r->field[i].text = r->fields.data + r->from[i];
    }
    out->count = r->count;
    out->fields = r->field;
    return OK;
}

/* The row at r->at, of which more may have to be read. */
static enum code read_row(struct rows *r, struct rows_row *out, struct err *err) {
    for (;;) {
        struct cursor c = {.r = r, .i = r->at};
        enum cut cut = cut_row(&c);
        bool large = c.i - r->at > ROWS_BYTES_MAX;
        if (cut == CUT_ROW && !large) {
            return give(&c, out, err);
        }
        if (cut != CUT_MORE || large) {
            if (large) {
                bad(&c, "a row of more than 1 MiB");
            }
            enum code code = skip_line(r, err);
            return code == OK ? refuse(&c, large ? E_LIMIT : E_INPUT, err) : code;
        }
        enum code code = fill(r, err);
        if (code != OK) {
            return code;
        }
    }
}

static bool is_blank(const struct rows_row *row) {
    return row->count == 1 && row->fields[0].len == 0;
}

static enum code skip_front(struct rows *r, struct err *err) {
    enum code code = OK;
    for (; r->config.skip > 0 && code == OK; r->config.skip--) {
        code = skip_line(r, err);
    }
    return code;
}

enum code rows_next(struct rows *r, struct rows_row *out, struct err *err) {
    enum code code = skip_front(r, err);
    while (code == OK) {
        *out = (struct rows_row){.number = r->number + 1, .line = r->line};
        if (r->at == r->text.len) {
            if (r->ended) {
                return OK;
            }
            code = fill(r, err);
            continue;
        }
        code = read_row(r, out, err);
        if (code == OK && is_blank(out)) {
            continue;
        }
        r->number++;
        return code;
    }
    return code;
}
