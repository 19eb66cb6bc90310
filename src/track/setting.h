/* setting: what an office sets for itself: from which lag a light is yellow, above which it is red,
 * how many working days a slip gives. One table declares each: name, type, unit, range, default,
 * help. A value holds from the journal line that set it until the one that set another.
 *
 * Line: subject "settings", kind "settings.changed", payload {"changes": [{"name", "old", "now"}]},
 * the values as decimal text. The version is the number of the last such line, 0 before the first.
 *
 * The thresholds are local convention: Yinchuan's rules name 10 and 30 percentage points behind
 * 序时进度, the progress due by the calendar. */
#ifndef TAIHU_TRACK_SETTING_H
#define TAIHU_TRACK_SETTING_H

#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"
#include "store/schema.h"
#include "store/tx.h"

extern const struct schema setting_schema;

#define SETTING_SUBJECT "settings"

enum setting { SETTING_YELLOW_FROM, SETTING_RED_ABOVE, SETTING_SLIP_DAYS, SETTINGS };
enum setting_type { SETTING_DECIMAL, SETTING_WHOLE };

struct setting_rule {
    const char *name; /* "yellow_from" */
    enum setting_type type;
    const char *unit;
    int min, max, preset;
    const char *help;
};

const struct setting_rule *setting_rule(enum setting which);

struct settings {
    struct decimal value[SETTINGS];
};

struct settings setting_defaults(void);

/* Reads one from its decimal text. E_INPUT: not of its type or range. */
enum code setting_parse(enum setting which, const char *s, size_t n, struct decimal *out,
                        struct err *err);

/* All as they were just after journal line `as_of`; INT64_MAX is now. */
enum code setting_load(struct tx *tx, int64_t as_of, struct settings *out, struct err *err);

enum code setting_version(struct tx *tx, int64_t *version, struct err *err);

struct setting_request {
    const char *actor;
    int64_t seen; /* the version that was looked at */
    struct settings now;
};

/* Sets all, within a write job, with one line, whose number goes to *line. E_INPUT: one is out of
 * its range, or yellow_from is above red_above; E_CONFLICT: `seen` is no longer the version. */
enum code setting_change(struct tx *tx, const struct setting_request *request, int64_t *line,
                         struct err *err);

#endif
