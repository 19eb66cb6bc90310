/* ruling_db: the table and statements of ruling.h.
 *
 *   ruling  a decision; proposed... is NULL where nothing was proposed, outcome... where no
 *           document reported any */
#include <string.h>

#include "store/query.h"
#include "track/rows_int.h"
#include "track/ruling_int.h"

#define VERDICT_IN "IN ('met', 'missed', 'not_comparable', 'not_reported')"

static const struct migration migrations[] = {
    {1, "CREATE TABLE ruling ("
        "  plan INTEGER NOT NULL REFERENCES plan_kept (id),"
        "  target INTEGER NOT NULL,"
        "  valid_from INTEGER NOT NULL,"
        "  valid_to INTEGER CHECK (valid_to > valid_from),"
        "  time_ms INTEGER NOT NULL,"
        "  actor TEXT NOT NULL,"
        "  verdict TEXT NOT NULL CHECK (verdict " VERDICT_IN "),"
        "  note TEXT NOT NULL,"
        "  proposed TEXT CHECK (proposed " VERDICT_IN "),"
        "  proposed_why TEXT,"
        "  proposed_why_en TEXT,"
        "  outcome_plan INTEGER REFERENCES plan_kept (id),"
        "  outcome_sha256 BLOB CHECK (length(outcome_sha256) = 32),"
        "  outcome_text TEXT,"
        "  outcome_from INTEGER,"
        "  outcome_to INTEGER,"
        "  outcome_value TEXT,"
        "  outcome_unit TEXT,"
        "  PRIMARY KEY (plan, target, valid_from)"
        ") STRICT;"
        "CREATE UNIQUE INDEX ruling_valid ON ruling (plan, target) WHERE valid_to IS NULL;"},
};

const struct schema ruling_schema = {"ruling", migrations, sizeof migrations / sizeof migrations[0],
                                     NULL};

/* ---- writing ---- */

static const char SQL_END[] =
    "UPDATE ruling SET valid_to = ?3 WHERE plan = ?1 AND target = ?2 AND valid_to IS NULL";
static const char SQL_ADD[] =
    "INSERT INTO ruling (plan, target, valid_from, time_ms, actor, verdict, note, proposed,"
    " proposed_why, proposed_why_en, outcome_plan, outcome_sha256, outcome_text, outcome_from,"
    " outcome_to, outcome_value, outcome_unit)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";

static struct query *open_of(struct tx *tx, const char *sql, const struct item *item) {
    struct query *q = query_open(tx, sql);
    query_int(q, 1, item->plan);
    query_int(q, 2, item->number);
    return q;
}

/* What is not bound is NULL. */
static void bind_outcome(struct query *q, int at, const struct ruling_outcome *o) {
    if (o->plan == 0) {
        return;
    }
    query_int(q, at, o->plan);
    query_blob(q, at + 1, o->sha256, sizeof o->sha256);
    query_text(q, at + 2, o->text);
    query_int(q, at + 3, o->span.from);
    query_int(q, at + 4, o->span.to);
    query_text(q, at + 5, o->value);
    query_text(q, at + 6, o->unit);
}

static enum code add_row(struct tx *tx, const struct item *item, const struct ruling *r,
                         struct err *err) {
    struct query *q = open_of(tx, SQL_ADD, item);
    query_int(q, 3, r->line);
    query_int(q, 4, r->time_ms);
    query_text(q, 5, r->actor);
    query_text(q, 6, verdict_name(r->verdict));
    query_text(q, 7, r->note);
    if (r->had_proposal) {
        query_text(q, 8, verdict_name(r->proposed.verdict));
        query_text(q, 9, r->proposed.why);
        query_text(q, 10, r->proposed.why_en);
        bind_outcome(q, 11, &r->proposed.outcome);
    }
    return query_run(q, err);
}

enum code ruling_db_add(struct tx *tx, const struct item *item, const struct ruling *ruling,
                        struct err *err) {
    struct query *q = open_of(tx, SQL_END, item);
    query_int(q, 3, ruling->line);
    enum code code = query_run(q, err);
    return code == OK ? add_row(tx, item, ruling, err) : code;
}

/* ---- reading back ---- */

#define RULINGS                                                                                    \
    "SELECT target, valid_from, time_ms, actor, verdict, note, proposed, proposed_why,"            \
    " proposed_why_en, outcome_plan, outcome_sha256, outcome_text, outcome_from, outcome_to,"      \
    " outcome_value, outcome_unit FROM ruling WHERE plan = ?1"

static const char SQL_VALID[] = RULINGS " AND target = ?2 AND valid_to IS NULL";
static const char SQL_LIST[] =
    RULINGS " AND valid_from <= ?2 AND (valid_to IS NULL OR valid_to > ?2) ORDER BY target";

/* The table's CHECK lets no other name in. */
static enum verdict get_verdict(struct query *q, int column) {
    const char *name = query_get_text(q, column);
    enum verdict v = VERDICT_MET;
    while (v + 1 < VERDICTS && strcmp(verdict_name(v), name) != 0) {
        v++;
    }
    return v;
}

static struct ruling_outcome get_outcome(struct query *q, int at, struct arena *a) {
    struct ruling_outcome o = {
        .plan = query_get_int(q, at),
        .text = query_dup_text(q, at + 2, a),
        .span = {(uint32_t)query_get_int(q, at + 3), (uint32_t)query_get_int(q, at + 4)},
        .value = query_dup_text(q, at + 5, a),
        .unit = query_dup_text(q, at + 6, a)};
    if (query_get_len(q, at + 1) == sizeof o.sha256) {
        memcpy(o.sha256, query_get_blob(q, at + 1), sizeof o.sha256);
    }
    return o;
}

static struct ruling get_ruling(struct query *q, struct arena *a) {
    struct ruling r = {.target = query_get_int(q, 0),
                       .line = query_get_int(q, 1),
                       .time_ms = query_get_int(q, 2),
                       .actor = query_dup_text(q, 3, a),
                       .verdict = get_verdict(q, 4),
                       .note = query_dup_text(q, 5, a),
                       .had_proposal = query_kind(q, 6) != QUERY_NULL};
    r.proposed.target = r.target;
    if (r.had_proposal) {
        r.proposed.verdict = get_verdict(q, 6);
        r.proposed.why = query_dup_text(q, 7, a);
        r.proposed.why_en = query_dup_text(q, 8, a);
        r.proposed.outcome = get_outcome(q, 9, a);
    }
    return r;
}

enum code ruling_db_find(struct tx *tx, const struct item *item, struct arena *a,
                         struct ruling *out, struct err *err) {
    struct ruling found = {0};
    struct query *q = open_of(tx, SQL_VALID, item);
    if (query_row(q)) {
        found = get_ruling(q, a);
    }
    enum code code = query_close(q, err);
    if (code == OK) {
        *out = found;
    }
    return code;
}

enum code ruling_list(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                      struct ruling **out, size_t *count, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = query_open(tx, SQL_LIST);
    query_int(q, 1, plan);
    query_int(q, 2, as_of);
    while (query_row(q)) {
        struct ruling *r = query_rows_add(&rows, sizeof *r);
        *r = get_ruling(q, a);
    }
    *out = query_rows_take(&rows, sizeof **out, a, count);
    return query_close(q, err);
}
