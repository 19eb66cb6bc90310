/* entity_log_db: the rows of entity_log.h. The last one always stays, as the number that the next
 * goes on from. */
#include "entity/entity_log.h"
#include "store/query.h"

static const char SQL_ADD[] = "INSERT INTO entity_log (seq, body) VALUES (?1, ?2)";
static const char SQL_SET_ASIDE[] =
    "INSERT INTO entity_aside (time_ms, why, body) VALUES (?1, ?2, ?3)";
static const char SQL_REMOVE[] = "DELETE FROM entity_log WHERE seq <= ?1";
static const char SQL_LAST[] = "SELECT max(seq) FROM entity_log";
static const char SQL_LIST[] = "SELECT body FROM entity_log ORDER BY seq";

enum code entity_log_db_add(struct tx *tx, int64_t seq, const struct buf *body, struct err *err) {
    struct query *q = query_open_of(tx, SQL_ADD, seq);
    query_blob(q, 2, body->len == 0 ? "" : body->data, body->len);
    return query_run(q, err);
}

enum code entity_log_db_set_aside(struct tx *tx, const char *why, const struct buf *body,
                                  struct err *err) {
    struct query *q = query_open_of(tx, SQL_SET_ASIDE, tx_now_ms(tx));
    query_text(q, 2, why);
    query_blob(q, 3, body->data, body->len);
    return query_run(q, err);
}

enum code entity_log_db_remove(struct tx *tx, int64_t last, struct err *err) {
    return query_run(query_open_of(tx, SQL_REMOVE, last), err);
}

enum code entity_log_db_last(struct tx *tx, int64_t *out, struct err *err) {
    return query_number(query_open(tx, SQL_LAST), out, err);
}

enum code entity_log_db_list(struct tx *tx, entity_log_each *each, void *data, struct err *err) {
    struct query *q = query_open(tx, SQL_LIST);
    enum code code = OK;
    while (code == OK && query_row(q)) {
        code = each(data, query_get_blob(q, 0), query_get_len(q, 0), err);
    }
    enum code closed = query_close(q, err);
    return code == OK ? closed : code;
}
