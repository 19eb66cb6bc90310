/* record: see record.h. */
#include "sense/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "base/mem.h"
#include "sense/features.h"
#include "sense/map_int.h"
#include "sense/rows.h"

struct records {
    const struct map *map;
    struct rows *rows;         /* of a csv, else NULL */
    struct features *features; /* of a geojson, else NULL */
    size_t *at;                /* for each column of the map, the field of the file */
    size_t width;              /* fields of a row; 0 before the header was read */
    int64_t headers;           /* rows that are no record: 0 or 1 */
    bool ended;
};

enum code records_new(const struct input *input, const struct map *map, struct records **out,
                      struct err *err) {
    struct records *r = mem_alloc(sizeof *r);
    *r = (struct records){.map = map};
    r->at = mem_alloc((map->column_count + 1) * sizeof *r->at);
    enum code code = OK;
    if (map->source.format == MAP_GEOJSON) {
        features_new(input, &r->features);
    } else {
        struct rows_config config = {*input, map->source.encoding, map->source.delimiter,
                                     map->source.quote, map->source.skip};
        code = rows_new(&config, &r->rows, err);
    }
    if (code != OK) {
        records_free(r);
        return code;
    }
    *out = r;
    return OK;
}

void records_free(struct records *r) {
    if (r != NULL) {
        rows_free(r->rows);
        features_free(r->features);
        free(r->at);
        free(r);
    }
}

int64_t records_bytes(const struct records *r) {
    return r->rows != NULL ? rows_bytes(r->rows) : features_bytes(r->features);
}

static const char *say(struct arena *a, const struct err *why) {
    return arena_dup(a, why->msg, strlen(why->msg));
}

/* ---- csv ---- */

/* `n` names, of a header or of the map. */
struct names {
    const char **name;
    size_t count;
};

static enum code no_column(const struct names *names, const char *column, struct err *err) {
    struct buf all = BUF_INIT;
    for (size_t i = 0; i < names->count && all.len < 300; i++) {
        buf_addf(&all, "%s\"%.60s\"", i == 0 ? "" : ", ", names->name[i]);
    }
    enum code code =
        err_set(err, E_INPUT, "it has no column \"%.100s\": it has %s", column, all.data);
    buf_fini(&all);
    return code;
}

/* Finds each column of the map; one that is used must stand there once. */
static enum code find_columns(struct records *r, const struct names *names, struct err *err) {
    for (size_t c = 0; c < r->map->column_count; c++) {
        size_t found = 0;
        for (size_t i = 0; i < names->count; i++) {
            if (strcmp(names->name[i], r->map->columns[c]) == 0) {
                found++;
                r->at[c] = i;
            }
        }
        if (found != 1) {
            return found == 0 ? no_column(names, r->map->columns[c], err)
                              : err_set(err, E_INPUT, "it has %zu columns \"%.100s\"", found,
                                        r->map->columns[c]);
        }
    }
    r->width = names->count;
    return OK;
}

/* A name of a header without the blanks around it. */
static const char *bare(const struct rows_field *f, struct arena *a) {
    size_t from = strspn(f->text, " \t\r\n");
    size_t to = f->len;
    while (to > from && strchr(" \t\r\n", f->text[to - 1]) != NULL) {
        to--;
    }
    return arena_dup(a, f->text + from, to - from);
}

static enum code read_header(struct records *r, struct arena *a, struct err *err) {
    struct rows_row row;
    enum code code = rows_next(r->rows, &row, err);
    if (code == OK && row.count == 0) {
        code = err_set(err, E_INPUT, "it is empty: there is no header");
    }
    if (code != OK) {
        err_prefix(err, "header");
        return code;
    }
    struct names names = {arena_alloc(a, row.count * sizeof *names.name), row.count};
    for (size_t i = 0; i < row.count; i++) {
        names.name[i] = bare(&row.fields[i], a);
    }
    r->headers = 1;
    code = find_columns(r, &names, err);
    err_prefix(err, "header");
    return code;
}

static enum code read_columns(struct records *r, struct arena *a, struct err *err) {
    const struct map_source *s = &r->map->source;
    struct names names = {s->names, s->name_count};
    return s->header ? read_header(r, a, err) : find_columns(r, &names, err);
}

static void take_row(const struct records *r, const struct rows_row *row, struct arena *a,
                     struct record *out) {
    struct import_field *fields = arena_alloc(a, row->count * sizeof *fields);
    const char **values = arena_alloc(a, (r->map->column_count + 1) * sizeof *values);
    for (size_t i = 0; i < row->count; i++) {
        const struct rows_field *f = &row->fields[i];
        fields[i] = (struct import_field){arena_dup(a, f->text, f->len), f->len};
    }
    out->fields = fields;
    out->field_count = row->count;
    if (row->count != r->width) {
        struct err why = ERR_INIT;
        err_set(&why, E_INPUT, "it has %zu fields, not %zu", row->count, r->width);
        out->why = say(a, &why);
        return;
    }
    for (size_t c = 0; c < r->map->column_count; c++) {
        values[c] = fields[r->at[c]].text;
    }
    out->values.values = values;
}

static enum code next_row(struct records *r, struct arena *a, struct record *out, bool *more,
                          struct err *err) {
    struct rows_row row;
    struct err why = ERR_INIT;
    enum code code = r->width == 0 ? read_columns(r, a, err) : OK;
    if (code != OK) {
        return code;
    }
    code = rows_next(r->rows, &row, &why);
    out->row = row.number - r->headers;
    out->line = row.line;
    if (code == E_INPUT || code == E_LIMIT) {
        out->why = say(a, &why);
        return OK;
    }
    if (code != OK) {
        return err_set(err, code, "%s", why.msg);
    }
    *more = row.count > 0;
    if (*more) {
        take_row(r, &row, a, out);
    }
    return OK;
}

/* ---- geojson ---- */

/* What a member of a feature is as a text; NULL for none. */
static const char *text_of(const struct json_value *v, struct arena *a) {
    if (v == NULL || v->kind == JSON_NULL) {
        return NULL;
    }
    return v->kind == JSON_STRING || v->kind == JSON_NUMBER ? v->text : json_text(v, a);
}

static void take_feature(const struct records *r, const struct json_value *v, struct arena *a,
                         struct record *out) {
    const struct json_value *type = json_member(v, "type");
    const struct json_value *properties = json_member(v, "properties");
    const char **values = arena_alloc(a, (r->map->column_count + 1) * sizeof *values);
    if (type == NULL || type->kind != JSON_STRING || strcmp(type->text, "Feature") != 0) {
        out->why = "it is no object of type Feature";
        return;
    }
    for (size_t c = 0; c < r->map->column_count; c++) {
        const char *name = r->map->columns[c];
        values[c] = text_of(
            strcmp(name, "@id") == 0 ? json_member(v, "id") : json_member(properties, name), a);
    }
    out->values = (struct map_record){values, json_member(v, "geometry")};
}

static enum code next_feature(struct records *r, struct arena *a, struct record *out, bool *more,
                              struct err *err) {
    struct feature f;
    struct err why = ERR_INIT;
    const struct json_value *v = NULL;
    enum code code = features_next(r->features, &f, &why);
    if (code != OK && code != E_LIMIT) {
        return err_set(err, code, "%s", why.msg);
    }
    out->row = f.number;
    out->line = f.line;
    *more = code == E_LIMIT || f.text != NULL;
    if (code == OK && *more) {
        struct import_field *field = arena_alloc(a, sizeof *field);
        *field = (struct import_field){arena_dup(a, f.text, f.len), f.len};
        out->fields = field;
        out->field_count = 1;
        code = json_read(field->text, field->len, a, &v, &why);
    }
    if (code != OK) {
        out->why = say(a, &why);
    } else if (*more) {
        take_feature(r, v, a, out);
    }
    return OK;
}

enum code records_next(struct records *r, struct arena *a, struct record *out, bool *more,
                       struct err *err) {
    *out = (struct record){.row = 0};
    *more = true;
    return r->rows != NULL ? next_row(r, a, out, more, err) : next_feature(r, a, out, more, err);
}
