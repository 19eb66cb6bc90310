/* slip: a supervision slip (督办单): the supervisor's written demand to an organisation, for an
 * item that has fallen behind, with a term in working days.
 *
 *              ┌──────────── returned ────────────┐
 *              ▼                                  │
 *   issued ─► open ─────── answered ─────────► answered ─── accepted ──► closed
 *              └───── withdrawn ──► withdrawn ◄───┘ withdrawn
 *
 * Each step is a row of its own and a journal line; nothing is changed afterwards. So what a slip
 * was like just after line L follows from its steps up to L: its state from the last of them, its
 * due day from the last that set one. A slip that is sent back keeps its due day, unless the
 * supervisor gives a new term, counted from the day of sending it back.
 *
 * Always holds: of an item, at most one slip is open or answered.
 *
 * Lines: subject "slip/ID"; the number of the last is the slip's version. Each payload begins with
 * {"slip", "item": "plan/1/task/12", ...}:
 *
 *   slip.issued     {..., "organisation", "name", "demand", "days", "due", "why", "why_en"}
 *   slip.answered   {..., "text", "files": [sha256 in hex ...]}
 *   slip.accepted   {..., "text"}
 *   slip.returned   {..., "text", "days": null where the due day stays, "due"}
 *   slip.withdrawn  {..., "text"}
 *
 * Left out, as the caller's: whether the item is red or overdue, whether the actor may do this,
 * whether files of these digests are there. */
#ifndef TAIHU_TRACK_SLIP_H
#define TAIHU_TRACK_SLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "city/calendar.h"
#include "store/schema.h"
#include "store/sha256.h"
#include "store/tx.h"
#include "track/item.h"

/* For store_config.schemas, behind kept_schema. */
extern const struct schema slip_schema;

enum {
    SLIP_DAYS_MAX = 60,    /* working days of a term, from 1 */
    SLIP_FILES_MAX = 10,   /* of one answer */
    SLIP_SUBJECT_MAX = 32, /* "slip/", a 64-bit number and a NUL */
};

enum slip_state { SLIP_OPEN, SLIP_ANSWERED, SLIP_CLOSED, SLIP_WITHDRAWN, SLIP_STATES };
enum slip_act { SLIP_ISSUE, SLIP_ANSWER, SLIP_ACCEPT, SLIP_RETURN, SLIP_WITHDRAW, SLIP_ACTS };

/* "open", "answered", "closed", "withdrawn". */
const char *slip_state_name(enum slip_state state);

/* What was done, as the line says behind "slip.": "issued", "answered", "accepted", "returned",
 * "withdrawn". */
const char *slip_act_name(enum slip_act act);

/* Writes "slip/3" and a NUL; returns `to`. */
const char *slip_subject(int64_t slip, char to[SLIP_SUBJECT_MAX]);

/* ---- changing, within a write job ---- */

struct slip_request {
    const char *actor; /* of the journal line */
    struct item item;
    const char *organisation; /* its code */
    const char *name;         /* its name, as the slip shall bear it */
    const char *demand;       /* 1 to 2,000 characters, as all words here */
    int days;                 /* working days from today in Beijing, 1 to SLIP_DAYS_MAX */
    const char *why;          /* why the item is red or overdue, as shown at issue: Chinese */
    const char *why_en;       /* the same in English */
};

/* Issues a slip; its ID goes to *slip, its first line to *line. E_ABSENT: the plan has no such item
 * now. E_CONFLICT: the item has a slip that is not settled. E_INPUT, E_LIMIT: not as said above, or
 * the calendar lacks a year that the term runs through. */
enum code slip_issue(struct tx *tx, const struct calendar *calendar,
                     const struct slip_request *request, int64_t *slip, int64_t *line,
                     struct err *err);

struct slip_change {
    enum slip_act act; /* not SLIP_ISSUE */
    const char *actor;
    int64_t slip;
    int64_t seen;     /* the version that the actor saw */
    const char *text; /* may be empty or NULL where an answer is accepted */
    const unsigned char (*files)[SHA256_BYTES]; /* digests; SLIP_ANSWER only, likewise */
    size_t file_count;
    int days; /* SLIP_RETURN only: a new term from today; 0: the due day stays */
};

/* Takes the step; its line, the new version, goes to *line. E_ABSENT: no such slip. E_CONFLICT: it
 * is not at version `seen`. E_INPUT: it is in a state that this cannot be done in; that, and
 * E_LIMIT, as slip_issue(). */
enum code slip_add_step(struct tx *tx, const struct calendar *calendar,
                        const struct slip_change *change, int64_t *line, struct err *err);

/* ---- reading back, in a snapshot or job; what comes out lives in `a` ---- */

struct slip_step {
    int64_t line;
    int64_t time_ms;
    const char *actor;
    enum slip_act act;
    const char *text; /* the answer or reason; "" where none was given, and for SLIP_ISSUE */
    int days;         /* of the term that this step gave; 0 where it gave none */
    int32_t due;      /* the due day as it is behind this step */
    const unsigned char (*files)[SHA256_BYTES];
    size_t file_count;
};

struct slip {
    int64_t slip;
    struct item item;
    const char *organisation;
    const char *name;
    const char *demand;
    const char *why;
    const char *why_en;
    int64_t issued_ms;
    enum slip_state state;
    int32_t due; /* day number of base/date.h, in Beijing */
    int64_t version;
    const struct slip_step *steps; /* in order; NULL in a list */
    size_t step_count;
};

/* Whether it is not answered though its due day is over, when it is `today` in Beijing. */
bool slip_is_overdue(const struct slip *slip, int32_t today);

/* The slip with its steps, as it was just after journal line `as_of`; INT64_MAX is now. E_ABSENT:
 * there was none. */
enum code slip_find(struct tx *tx, int64_t slip, int64_t as_of, struct arena *a, struct slip *out,
                    struct err *err);

enum {
    SLIP_UNSETTLED = 1 << SLIP_OPEN | 1 << SLIP_ANSWERED,
    SLIP_SETTLED = 1 << SLIP_CLOSED | 1 << SLIP_WITHDRAWN,
};

/* Which slips; what is 0 or NULL leaves all. */
struct slip_filter {
    int64_t plan;
    unsigned states;                  /* bits, 1 << state */
    const char *const *organisations; /* codes: an organisation and those below it */
    size_t organisation_count;
    int64_t after; /* only IDs above it */
    size_t limit;
    int64_t as_of; /* as of a journal line; 0 is now too */
};

/* In order of their IDs, in one query. */
enum code slip_list(struct tx *tx, const struct slip_filter *filter, struct arena *a,
                    struct slip **out, size_t *count, struct err *err);

/* All that an item ever had up to journal line `as_of`, in order of their IDs. */
enum code slip_list_of_item(struct tx *tx, const struct item *item, int64_t as_of, struct arena *a,
                            struct slip **out, size_t *count, struct err *err);

#endif
