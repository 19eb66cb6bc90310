/* features: see features.h. */
#include "sense/features.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_read.h"
#include "base/mem.h"

enum { PIECE = 64 * 1024, END = -1 };

enum where { AT_START, IN_LIST, AT_END };

struct features {
    struct input input;
    char piece[PIECE];
    size_t at, len; /* of piece */
    int64_t bytes, line, number;
    enum where where;
    struct buf text; /* the value that is read, or that was read last */
    bool large;      /* more than is kept in `text` */
    struct err *err; /* of the call */
    enum code code;  /* E_IO: the file could not be read */
};

void features_new(const struct input *input, struct features **out) {
    struct features *f = mem_alloc(sizeof *f);
    f->input = *input;
    f->at = f->len = 0;
    f->bytes = f->number = 0;
    f->line = 1;
    f->where = AT_START;
    f->text = (struct buf)BUF_INIT;
    *out = f;
}

void features_free(struct features *f) {
    if (f != NULL) {
        buf_fini(&f->text);
        free(f);
    }
}

int64_t features_bytes(const struct features *f) {
    return f->bytes;
}

/* ---- bytes ---- */

/* The next byte, which stays; END behind the last one and on failure. */
static int peek(struct features *f) {
    if (f->at < f->len) {
        return (unsigned char)f->piece[f->at];
    }
    ssize_t got = f->code == OK ? f->input.read(f->input.data, f->piece, PIECE) : 0;
    if (got < 0) {
        f->code = err_set(f->err, E_IO, "cannot read the file: %s", strerror(errno));
    }
    f->at = 0;
    f->len = got > 0 ? (size_t)got : 0;
    f->bytes += (int64_t)f->len;
    return f->len > 0 ? (unsigned char)f->piece[0] : END;
}

static void step(struct features *f) {
    f->line += f->piece[f->at] == '\n';
    f->at++;
}

static void keep(struct features *f) {
    if (f->text.len < JSON_INPUT_MAX) {
        buf_addc(&f->text, f->piece[f->at]);
    } else {
        f->large = true;
    }
    step(f);
}

static int peek_word(struct features *f) {
    int c = peek(f);
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        step(f);
        c = peek(f);
    }
    return c;
}

static enum code broken(struct features *f, const char *what) {
    f->where = AT_END;
    if (f->code != OK) {
        return f->code;
    }
    int c = peek(f);
    return c == END
               ? err_set(f->err, E_INPUT, "cannot read geojson: line %lld: the file ends, %s",
                         (long long)f->line, what)
               : err_set(f->err, E_INPUT, "cannot read geojson: line %lld: \"%c\" stands where %s",
                         (long long)f->line, c >= ' ' && c < 0x7F ? c : '?', what);
}

/* ---- values, by their brackets ---- */

/* The opening quote is next. False where the file ends within. */
static bool keep_string(struct features *f) {
    keep(f);
    for (int c = peek(f); c != END; c = peek(f)) {
        keep(f);
        if (c == '"') {
            return true;
        }
        if (c == '\\' && peek(f) != END) {
            keep(f);
        }
    }
    return false;
}

static bool ends_plain(int c) {
    return c == END || c == ',' || c == ']' || c == '}' || c == ' ' || c == '\t' || c == '\n' ||
           c == '\r';
}

/* An object or list with all in it. False where the file ends within. */
static bool keep_nested(struct features *f) {
    size_t depth = 0;
    for (int c = peek(f); c != END; c = peek(f)) {
        if (c == '"') {
            if (!keep_string(f)) {
                return false;
            }
            continue;
        }
        keep(f);
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (depth == 0) {
            return true;
        }
    }
    return false;
}

/* The value that is next goes to `text`. */
static enum code keep_value(struct features *f) {
    buf_clear(&f->text);
    f->large = false;
    int c = peek_word(f);
    bool whole = true;
    if (c == '"') {
        whole = keep_string(f);
    } else if (c == '{' || c == '[') {
        whole = keep_nested(f);
    } else if (ends_plain(c)) {
        return broken(f, "a value should be");
    } else {
        while (!ends_plain(peek(f))) {
            keep(f);
        }
    }
    return whole && f->code == OK ? OK : broken(f, "with a bracket or text that is open");
}

/* ---- the outermost object ---- */

static bool text_is(const struct features *f, const char *word) {
    return f->text.len == strlen(word) && memcmp(f->text.data, word, f->text.len) == 0;
}

/* Whether the name of a reference system is one of WGS 84. */
static bool is_wgs84(const char *name) {
    static const char *const ends[] = {"CRS84", ":4326", ":4258", ":4490"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t m = strlen(ends[i]);
        if (n >= m && strcmp(name + n - m, ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum code check_crs(struct features *f) {
    struct arena a = ARENA_INIT;
    const struct json_value *v = NULL;
    enum code code = json_read(f->text.data, f->text.len, &a, &v, f->err);
    const struct json_value *name =
        code == OK ? json_member(json_member(v, "properties"), "name") : NULL;
    if (code == OK && v->kind != JSON_NULL &&
        (name == NULL || name->kind != JSON_STRING || !is_wgs84(name->text))) {
        code = err_set(f->err, E_INPUT,
                       "cannot take geojson in the coordinates of crs %.200s: convert it to WGS 84",
                       name == NULL || name->text == NULL ? "that has no name" : name->text);
    }
    arena_fini(&a);
    f->where = code == OK ? f->where : AT_END;
    return code;
}

static enum code check_type(struct features *f) {
    if (!text_is(f, "\"FeatureCollection\"")) {
        f->where = AT_END;
        return err_set(f->err, E_INPUT, "cannot read geojson: it is a %.100s, no FeatureCollection",
                       f->text.len == 0 ? "?" : f->text.data);
    }
    return OK;
}

/* One member of the outermost object; at "features" it stops within the list. */
static enum code read_member(struct features *f) {
    if (peek_word(f) != '"') {
        return broken(f, "the name of a member should be");
    }
    enum code code = keep_value(f);
    bool features = text_is(f, "\"features\"");
    bool crs = text_is(f, "\"crs\"");
    bool type = text_is(f, "\"type\"");
    if (code == OK && peek_word(f) != ':') {
        return broken(f, "a colon should be");
    }
    if (code != OK) {
        return code;
    }
    step(f);
    if (features && peek_word(f) == '[') {
        step(f);
        f->where = IN_LIST;
        return OK;
    }
    code = keep_value(f);
    if (code == OK && (crs || type)) {
        code = crs ? check_crs(f) : check_type(f);
    }
    return code;
}

/* Members up to the list or the end of the object. */
static enum code read_members(struct features *f) {
    enum code code = OK;
    while (code == OK && f->where == AT_START) {
        int c = peek_word(f);
        if (c == ',') {
            step(f);
        } else if (c == '}') {
            step(f);
            f->where = AT_END;
        } else {
            code = read_member(f);
        }
    }
    return code;
}

static enum code read_start(struct features *f) {
    static const char mark[] = "\xEF\xBB\xBF";
    for (size_t i = 0; i < 3 && peek(f) == (unsigned char)mark[i]; i++) {
        step(f);
    }
    if (peek_word(f) != '{') {
        return broken(f, "an object should be");
    }
    step(f);
    return read_members(f);
}

/* Behind the list: the rest of the object, in which crs may still stand. */
static enum code read_rest(struct features *f) {
    step(f);
    f->where = AT_START;
    enum code code = read_members(f);
    if (code == OK && f->where == IN_LIST) {
        f->where = AT_END;
        code = err_set(f->err, E_INPUT, "cannot read geojson: line %lld: a second list of features",
                       (long long)f->line);
    }
    return code;
}

static enum code read_feature(struct features *f, struct feature *out) {
    if (peek_word(f) == ',') {
        step(f);
        peek_word(f);
    }
    out->number = ++f->number;
    out->line = f->line;
    enum code code = keep_value(f);
    if (code == OK && f->large) {
        return err_set(f->err, E_LIMIT, "cannot read the feature: more than %d bytes",
                       JSON_INPUT_MAX);
    }
    if (code == OK) {
        out->text = f->text.data;
        out->len = f->text.len;
    }
    return code;
}

enum code features_next(struct features *f, struct feature *out, struct err *err) {
    enum code code = OK;
    f->err = err;
    f->code = OK;
    *out = (struct feature){.number = f->number + 1, .line = f->line};
    if (f->where == AT_START) {
        code = read_start(f);
        if (code == OK && f->where == AT_END && f->number == 0) {
            code = err_set(err, E_INPUT, "cannot read geojson: it has no list \"features\"");
        }
    }
    if (code == OK && f->where == IN_LIST) {
        code = peek_word(f) == ']' ? read_rest(f) : read_feature(f, out);
    }
    return code == OK && f->code != OK ? f->code : code;
}
