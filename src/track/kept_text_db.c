/* kept_text_db: the statements of kept_text_int.h, on the tables of kept_db.c. */
#include <inttypes.h>
#include <string.h>

#include "store/query.h"
#include "track/kept_text_int.h"
#include "track/rows_int.h"

#define TEXTS                                                                                      \
    "SELECT plan, valid_from, year, name, title, issuer, sha256 FROM plan_document"                \
    " WHERE valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1)"

static const char SQL_LIST[] = TEXTS " ORDER BY year, plan";
static const char SQL_FIND[] = TEXTS " AND plan = ?2";
static const char SQL_TEXT[] = "SELECT text FROM plan_document WHERE plan = ?1 AND valid_from = ?2";
static const char SQL_NUMBERS[] =
    "SELECT span_from, span_to, number_from, number_to, number FROM plan_target"
    " WHERE plan = ?1 AND valid_from = ?2 ORDER BY span_from, number_from, number";

static struct kept_text get_kept(struct query *q, struct arena *a) {
    struct kept_text t = {.plan = query_get_int(q, 0),
                          .from = query_get_int(q, 1),
                          .year = (int)query_get_int(q, 2),
                          .name = query_dup_text(q, 3, a),
                          .title = query_dup_text(q, 4, a),
                          .issuer = query_dup_text(q, 5, a)};
    if (query_get_len(q, 6) == sizeof t.sha256) {
        memcpy(t.sha256, query_get_blob(q, 6), sizeof t.sha256);
    }
    return t;
}

enum code kept_text_list(struct tx *tx, int64_t as_of, struct arena *a, struct kept_text **out,
                         size_t *count, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = query_open(tx, SQL_LIST);
    query_int(q, 1, as_of);
    while (query_row(q)) {
        struct kept_text *t = query_rows_add(&rows, sizeof *t);
        *t = get_kept(q, a);
    }
    *out = query_rows_take(&rows, sizeof **out, a, count);
    return query_close(q, err);
}

enum code kept_text_find(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                         struct kept_text *out, struct err *err) {
    struct kept_text found = {0};
    struct query *q = query_open(tx, SQL_FIND);
    query_int(q, 1, as_of);
    query_int(q, 2, plan);
    if (query_row(q)) {
        found = get_kept(q, a);
    }
    enum code code = query_close(q, err);
    if (code == OK && found.plan == 0) {
        return err_set(err, E_ABSENT, "there is no plan %" PRId64, plan);
    }
    if (code == OK) {
        *out = found;
    }
    return code;
}

enum code kept_text_load(struct tx *tx, struct arena *a, struct kept_text *t, struct err *err) {
    struct query *q = query_open(tx, SQL_TEXT);
    query_int(q, 1, t->plan);
    query_int(q, 2, t->from);
    if (query_row(q)) {
        t->text = query_dup_text(q, 0, a);
        t->len = query_get_len(q, 0);
    }
    return query_close(q, err);
}

enum code kept_text_numbers(struct tx *tx, const struct kept_text *t, struct arena *a,
                            struct kept_number **out, size_t *count, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = query_open(tx, SQL_NUMBERS);
    query_int(q, 1, t->plan);
    query_int(q, 2, t->from);
    while (query_row(q)) {
        struct kept_number *n = query_rows_add(&rows, sizeof *n);
        *n = (struct kept_number){
            .span = {(uint32_t)query_get_int(q, 0), (uint32_t)query_get_int(q, 1)},
            .figure = {(uint32_t)query_get_int(q, 2), (uint32_t)query_get_int(q, 3)},
            .number = query_get_int(q, 4)};
    }
    *out = query_rows_take(&rows, sizeof **out, a, count);
    return query_close(q, err);
}
