/* kept_int: the statements of kept_db.c, as kept.c calls them. All within a transaction; what comes
 * out lives in `a`. */
#ifndef TAIHU_TRACK_KEPT_INT_H
#define TAIHU_TRACK_KEPT_INT_H

#include "track/kept.h"

/* Who tells a plan from others of its year: its issuer, or else its title. */
struct kept_identity {
    const char *who;
    int year;
};

/* *out is 0 where there is none. */
enum code kept_db_find(struct tx *tx, const struct kept_identity *id, int64_t *out,
                       struct err *err);
enum code kept_db_add(struct tx *tx, const struct kept_identity *id, int64_t *out, struct err *err);

/* Ends what is valid, as of line `line`. */
enum code kept_db_end(struct tx *tx, int64_t plan, int64_t line, struct err *err);

/* Adds the rows of a text, valid from document->from. */
enum code kept_db_add_rows(struct tx *tx, int64_t plan, const struct kept_document *document,
                           const struct kept_set *set, struct err *err);

/* The line as of which a task or target has its present text; 0 where the plan has none such now.
 */
enum code kept_db_item_line(struct tx *tx, int64_t plan, enum kept_sort sort, int64_t number,
                            int64_t *line, struct err *err);

/* The highest number that an item of each sort ever had; 0 for none. KEPT_DOCUMENT stays 0. */
enum code kept_db_highest(struct tx *tx, int64_t plan, int64_t out[KEPT_SORTS], struct err *err);

#endif
