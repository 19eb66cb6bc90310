/* table: see table_int.h. */
#include "city/table_int.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"

static enum code read_row(const struct table *table, const struct csv *c, void *to,
                          struct err *err) {
    char place[40];
    enum code code;
    if (c->count == table->column_count) {
        code = table->row(to, c, err);
    } else {
        code = err_set(err, E_INPUT, "%zu fields, not %zu", c->count, table->column_count);
    }
    if (code != OK) {
        snprintf(place, sizeof place, "line %zu", c->line);
        err_prefix(err, place);
    }
    return code;
}

enum code table_parse(const struct table *table, const char *data, size_t n, void *to,
                      struct err *err) {
    struct csv c;
    size_t good = utf8_check(data, n);
    if (good < n) {
        return err_set(err, E_INPUT, "cannot read byte %zu: not UTF-8", good);
    }
    csv_init(&c, data, n);
    enum code code = csv_header(&c, table->columns, table->column_count, err);
    while (code == OK) {
        code = csv_next(&c, err);
        if (code != OK || c.count == 0) {
            break;
        }
        code = read_row(table, &c, to, err);
    }
    csv_fini(&c);
    return code;
}

enum code table_load(const struct table *table, const char *dir, const char *name, void *to,
                     struct err *err) {
    struct buf path = BUF_INIT;
    struct buf bytes = BUF_INIT;
    buf_addf(&path, "%s/%s", dir, name);
    enum code code = file_load(path.data, TABLE_BYTES_MAX, &bytes, err);
    if (code == OK) {
        code = table_parse(table, bytes.data == NULL ? "" : bytes.data, bytes.len, to, err);
        if (code != OK) {
            err_prefix(err, path.data);
        }
    }
    buf_fini(&bytes);
    buf_fini(&path);
    return code;
}
