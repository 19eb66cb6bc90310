/* progress: see progress.h. */
#include "track/progress.h"

#include <inttypes.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "store/hex.h"
#include "store/journal.h"
#include "track/evidence.h"
#include "track/goal.h"
#include "track/plain_int.h"
#include "track/progress_int.h"

/* ---- what is asked ---- */

static const struct plain_rule note_rule = {"a note", 0, PROGRESS_NOTE_MAX, true};

static enum code check_day(const struct tx *tx, int32_t as_of, struct err *err) {
    char text[DATE_TEXT_MAX];
    int32_t today = 0;
    int32_t first = 0;
    enum code code = date_of_moment(tx_now_ms(tx), DATE_BEIJING_OFFSET_S, &today, err);
    if (code == OK) {
        code = date_add_months(today, -12 * PROGRESS_YEARS_MAX, &first, err);
    }
    if (code == OK && as_of > today) {
        code = err_set(err, E_INPUT, "a report cannot be as of %s: that day is yet to come",
                       date_text(as_of, text));
    }
    if (code == OK && as_of < first) {
        code = err_set(err, E_INPUT, "a report cannot be as of %s: more than %d years ago",
                       date_text(as_of, text), PROGRESS_YEARS_MAX);
    }
    return code;
}

static enum code check_value(struct tx *tx, const struct progress_request *r, struct err *err) {
    struct arena a = ARENA_INIT;
    struct goal goal;
    enum code code = goal_find(tx, &r->item, &a, &goal, err);
    if (code == OK && (r->unit == NULL || strcmp(r->unit, goal.unit) != 0)) {
        code = err_set(err, E_INPUT, "this is reported in \"%.60s\", not in \"%.60s\"", goal.unit,
                       r->unit == NULL ? "" : r->unit);
    }
    if (code == OK) {
        code = goal_check(&goal, r->value, err);
    }
    arena_fini(&a);
    return code;
}

static enum code check_file(struct tx *tx, const struct progress_request *r, size_t at,
                            struct arena *a, struct err *err) {
    char hex[2 * SHA256_BYTES + 1];
    struct err absent = ERR_INIT;
    struct evidence file;
    hex_text(r->files[at], SHA256_BYTES, hex);
    for (size_t i = 0; i < at; i++) {
        if (memcmp(r->files[i], r->files[at], SHA256_BYTES) == 0) {
            return err_set(err, E_INPUT, "file %s is named twice", hex);
        }
    }
    enum code code = evidence_find(tx, r->files[at], a, &file, &absent);
    if (code == E_ABSENT) {
        return err_set(err, E_INPUT, "file %s is not kept: send it first", hex);
    }
    return code == OK ? OK : err_set(err, code, "%s", absent.msg);
}

static enum code check_files(struct tx *tx, const struct progress_request *r, struct err *err) {
    struct arena a = ARENA_INIT;
    enum code code = OK;
    if (r->file_count > PROGRESS_FILES_MAX) {
        return err_set(err, E_LIMIT, "a report has at most %d files, not %zu", PROGRESS_FILES_MAX,
                       r->file_count);
    }
    for (size_t i = 0; code == OK && i < r->file_count; i++) {
        code = check_file(tx, r, i, &a, err);
    }
    arena_fini(&a);
    return code;
}

/* ---- what it supersedes ---- */

static enum code check_earlier(struct tx *tx, const struct progress_request *r, struct err *err) {
    struct progress_earlier earlier;
    if (r->supersedes == 0) {
        return OK;
    }
    enum code code = progress_db_earlier(tx, &r->item, r->supersedes, &earlier, err);
    if (code == OK && !earlier.found) {
        code = err_set(err, E_INPUT, "report %" PRId64 " is none of this item", r->supersedes);
    }
    if (code == OK && earlier.superseded_by != 0) {
        code =
            err_set(err, E_INPUT, "report %" PRId64 " is superseded by report %" PRId64 " already",
                    r->supersedes, earlier.superseded_by);
    }
    return code;
}

/* What stands for a day is corrected by name, never by reporting the day again. */
static enum code check_same_day(struct tx *tx, const struct progress_request *r, struct err *err) {
    char text[DATE_TEXT_MAX];
    int64_t id = 0;
    enum code code = progress_db_of_day(tx, &r->item, r->as_of, &id, err);
    if (code == OK && id != 0 && id != r->supersedes) {
        code = err_set(err, E_INPUT,
                       "report %" PRId64 " is as of %s already: to correct it, name it in "
                       "\"supersedes\"",
                       id, date_text(r->as_of, text));
    }
    return code;
}

static enum code check_request(struct tx *tx, const struct progress_request *r, struct err *err) {
    typedef enum code check(struct tx * tx, const struct progress_request *r, struct err *err);
    static check *const checks[] = {check_value, check_files, check_earlier, check_same_day};
    enum code code = plain_check(&note_rule, r->note, err);
    if (code == OK) {
        code = check_day(tx, r->as_of, err);
    }
    if (code == OK) {
        code = item_check(tx, &r->item, r->seen, err);
    }
    for (size_t i = 0; code == OK && i < sizeof checks / sizeof checks[0]; i++) {
        code = checks[i](tx, r, err);
    }
    return code;
}

/* ---- the line ---- */

static void put_files(struct json_out *j, const struct progress_request *r) {
    char hex[2 * SHA256_BYTES + 1];
    json_key(j, "files");
    json_arr(j);
    for (size_t i = 0; i < r->file_count; i++) {
        json_str(j, hex_text(r->files[i], SHA256_BYTES, hex));
    }
    json_arr_end(j);
}

static void put_payload(struct json_out *j, const struct progress_request *r, int64_t id) {
    char value[DECIMAL_TEXT_MAX];
    char day[DATE_TEXT_MAX];
    json_obj(j);
    json_put_int(j, "report", id);
    json_put_str(j, "value", decimal_text(r->value, value));
    json_put_str(j, "unit", r->unit);
    json_put_str(j, "as_of", date_text(r->as_of, day));
    json_put_str(j, "note", r->note);
    put_files(j, r);
    json_key(j, "supersedes");
    if (r->supersedes == 0) {
        json_null(j);
    } else {
        json_int(j, r->supersedes);
    }
    json_obj_end(j);
}

static enum code add_line(struct tx *tx, const struct progress_request *r,
                          struct progress_added *as, struct err *err) {
    char subject[ITEM_SUBJECT_MAX];
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    put_payload(&j, r, as->id);
    struct journal_entry entry = {r->actor, item_subject(&r->item, subject),
                                  r->supersedes == 0 ? "progress.reported" : "progress.corrected",
                                  payload.data};
    enum code code = journal_add(tx, &entry, &as->line, err);
    buf_fini(&payload);
    return code;
}

enum code progress_add(struct tx *tx, const struct progress_request *request,
                       struct progress_added *out, struct err *err) {
    struct progress_added as = {0, 0};
    enum code code = check_request(tx, request, err);
    if (code == OK) {
        code = progress_db_next(tx, &as.id, err);
    }
    if (code == OK) {
        code = add_line(tx, request, &as, err);
    }
    if (code == OK) {
        code = progress_db_add(tx, request, &as, err);
    }
    if (code == OK) {
        *out = as;
    }
    return code;
}
