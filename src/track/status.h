/* status: how a plan stands: every task and target with who is in charge, what was reported last,
 * its path, its light and its version; and the counts of lights.
 *
 *   day    what is true: reports up to it count, and working days up to it
 *   line   what is known: everything is taken as it was just after this journal line
 *
 * So the board of a past day can be seen as it was then (status_line_then()) or as it is known now.
 *
 * The light of a task: by its own reports; where it has none, the worst of its targets' lights if
 * one of those has a report or a confirmed verdict; else by nothing being reported. Its reason
 * says which.
 *
 * Counts: what is counted is each task, by its light, which its targets are part of; and each
 * target without a task, which lies in no task's light. */
#ifndef TAIHU_TRACK_STATUS_H
#define TAIHU_TRACK_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "city/calendar.h"
#include "store/tx.h"
#include "track/charge.h"
#include "track/kept.h"
#include "track/light.h"
#include "track/path.h"
#include "track/progress.h"
#include "track/setting.h"

/* A verdict on a target that somebody confirmed. */
struct status_verdict {
    int64_t target;
    enum verdict verdict;
};

struct status_request {
    int64_t plan;
    int32_t day;
    int64_t line; /* INT64_MAX: as known now */
    const struct calendar *calendar;
    const struct status_verdict *verdicts; /* at most one a target, in any order */
    size_t verdict_count;
};

/* Pointers are NULL where there is none. */
struct status_item {
    struct item item;
    int32_t due;
    int64_t version;                 /* as item_version(), as it was at the line */
    const struct charge_set *charge; /* confirmed; of a target its own or else its task's */
    const struct progress_report *report;
    const struct path *path;
    struct goal goal;
    enum light_way way;
    enum verdict verdict; /* VERDICTS: none is confirmed */
    struct light light;
};

struct status_counts {
    size_t colour[LIGHT_COLOURS];
    size_t unreported; /* neither it nor a target of it has a report */
    size_t unowned;    /* nobody is confirmed to be in charge */
};

struct status_area {
    int64_t number; /* of kept_area */
    struct status_counts counts;
};

struct status {
    struct kept_document document;
    struct kept_set set;
    struct settings settings;
    struct status_item *tasks;   /* one for each of set.tasks, in their order */
    struct status_item *targets; /* one for each of set.targets, in their order */
    struct status_area *areas;   /* one for each of set.areas, in their order */
    struct status_counts counts; /* of the whole plan */
    size_t met, missed;          /* targets, by their confirmed verdict */
    size_t undecided;            /* all other targets */
    int64_t line;                /* the last journal line that was looked at */
    bool year_over;              /* the day lies behind the plan year */
};

/* The last journal line written by the end of a day in Beijing: what was known then. */
enum code status_line_then(struct tx *tx, int32_t day, int64_t *line, struct err *err);

/* In a snapshot; all of *out lives in `a`. E_ABSENT: there was no such plan at the line. */
enum code status_load(struct tx *tx, const struct status_request *request, struct arena *a,
                      struct status *out, struct err *err);

/* The question that the light of an item of `status` answers, for another day: for drawing what is
 * expected over the year (light_expected_value()). */
struct light_question status_question(const struct status *status, const struct status_item *item,
                                      int32_t day, const struct calendar *calendar);

/* An item of it by its number; NULL where the plan had none such. */
const struct status_item *status_find(const struct status *status, enum kept_sort sort,
                                      int64_t number);

#endif
