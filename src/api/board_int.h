/* board_int: a plan as it stands, with all that a board shows of it; for the board itself, for one
 * item of it, for verdicts and for sheets. It is loaded once for all who ask (board_cache.h). */
#ifndef TAIHU_API_BOARD_INT_H
#define TAIHU_API_BOARD_INT_H

#include <stdatomic.h>

#include "api/call.h"
#include "city/organisation.h"
#include "http/blob.h"
#include "track/ruling.h"
#include "track/slip.h"
#include "track/status.h"

/* What was asked for. */
struct board_question {
    int64_t plan;
    int32_t day;  /* ?at=, else today */
    bool then;    /* ?known=then */
    int64_t line; /* as known at this journal line; INT64_MAX: now */
};

struct board {
    struct board_question question;
    struct kept_plan plan;
    struct status status;
    int64_t settings_version;     /* 0 where the board is as it was known then: nothing to change */
    const struct ruling *rulings; /* by target, as the next */
    size_t ruling_count;
    const struct ruling_proposal *proposals;
    size_t proposal_count;
    const struct slip *slips; /* unsettled ones */
    size_t slip_count;
    const struct organisation_set *organisations;
    bool whole; /* the caller may see who is behind, and by how much; else the bare plan */
};

/* A board that many calls share: it never changes again, and is freed with the last holder. Any
 * thread may hold or drop. */
struct board_shared {
    atomic_int holders;
    struct arena arena; /* of all that is in .board */
    struct board board;
    struct blob *json;
};

struct board_shared *board_hold(struct board_shared *s); /* one holder more; returns `s` */
void board_drop(struct board_shared *s);                 /* takes NULL */

/* Reads the question off the call; within a snapshot, to know what was known then. E_INPUT. */
enum code board_ask(struct call *c, struct tx *tx, struct board_question *out, struct err *err);

/* The board that answers the question, loaded where nobody did so before. *out lives as long as the
 * call, which asks once at most. E_ABSENT: there was no such plan. */
enum code board_find(struct call *c, struct tx *tx, const struct board_question *question,
                     const struct board **out, struct err *err);

/* All of it; the caller is the first holder. */
struct blob *board_write(const struct board *b);

/* Item number i of status.tasks or .targets, as the board shows it. */
void board_put_task(struct json_out *j, const struct board *b, size_t i);
void board_put_target(struct json_out *j, const struct board *b, size_t i);

/* The slip that is open or answered for the item; NULL for none. */
const struct slip *board_slip(const struct board *b, const struct item *item);

/* What is decided, and proposed, of a target; NULL for nothing. */
const struct ruling *board_ruling(const struct board *b, int64_t target);
const struct ruling_proposal *board_proposal(const struct board *b, int64_t target);

/* Who answers for an item, in order: those confirmed, else what the plan names or suggests. */
struct board_owner {
    const char *organisation; /* its code, NULL where nobody of that name is known */
    const char *name;
    const char *role;   /* or NULL */
    const char *source; /* "confirmed", "document", "proposed" */
    const char *confidence;
};

size_t board_owner_count(const struct board *b, const struct status_item *item);
struct board_owner board_owner(const struct board *b, const struct status_item *item, size_t i);

#endif
