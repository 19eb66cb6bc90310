/* item: see item.h. */
#include "track/item.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "store/journal.h"
#include "track/kept_int.h"

const char *item_subject(const struct item *item, char to[ITEM_SUBJECT_MAX]) {
    snprintf(to, ITEM_SUBJECT_MAX, "plan/%" PRId64 "/%s/%" PRId64, item->plan,
             kept_sort_name(item->sort), item->number);
    return to;
}

enum code item_version(struct tx *tx, const struct item *item, int64_t *version, struct err *err) {
    char subject[ITEM_SUBJECT_MAX];
    int64_t text = 0;
    int64_t line = 0;
    assert(item->sort == KEPT_TASK || item->sort == KEPT_TARGET);
    enum code code = kept_db_item_line(tx, item->plan, item->sort, item->number, &text, err);
    if (code == OK && text == 0) {
        code = err_set(err, E_ABSENT, "plan %" PRId64 " has no %s %" PRId64, item->plan,
                       kept_sort_name(item->sort), item->number);
    }
    if (code == OK) {
        code = journal_last_of(tx, item_subject(item, subject), &line, err);
    }
    if (code == OK) {
        *version = line > text ? line : text;
    }
    return code;
}

enum code item_check(struct tx *tx, const struct item *item, int64_t seen, struct err *err) {
    int64_t version = 0;
    enum code code = item_version(tx, item, &version, err);
    if (code == OK && version != seen) {
        code = err_set(err, E_CONFLICT,
                       "%s %" PRId64 " of plan %" PRId64 " is now at version %" PRId64
                       ", the change was made to version %" PRId64,
                       kept_sort_name(item->sort), item->number, item->plan, version, seen);
    }
    return code;
}
