/* write: a reading or a list of judgements as JSON (docs/reading.schema.json), CSV or a table for
 * people. Appends to a buf; never fails. */
#ifndef TAIHU_PLAN_WRITE_H
#define TAIHU_PLAN_WRITE_H

#include "base/buf.h"
#include "base/json.h"
#include "plan/reading.h"
#include "plan/verdict.h"

/* `indent` 0: all on one line, no line feed at the end (a line of jsonl). */
void write_reading_json(const struct reading *r, int indent, struct buf *to);

/* A row a figure, targets then outcomes, RFC 4180 with a header row and CRLF. */
void write_reading_csv(const struct reading *r, bool header, struct buf *to);

/* "key": [from, to]; `key` is NULL within an array. */
void write_span(struct json_out *j, const char *key, struct span s);

/* For a terminal: document, structure counts, targets by area. Columns align with wide characters.
 */
void write_reading_table(const struct reading *r, struct buf *to);

/* The list that score_reconcile.py reads: target, outcome, verdict, why (and why_en), place. */
void write_judgements_json(const struct reading *plan, const struct judgement *j, size_t n,
                           int indent, struct buf *to);

/* The scoreboard: a row a target, then totals by verdict and by area. */
void write_judgements_table(const struct reading *plan, const struct judgement *j, size_t n,
                            struct buf *to);

#endif
