/* moment: points in time as files write them, by a format that the map names.
 *
 *   %Y year, 4 digits    %m %d month, day        %H %M %S hour (0 to 24), minute, second (0 to 60)
 *   %I %p hour (1 to 12) with AM, PM, 上午 or 下午   %b Jan, January ... in any case
 *   %f digits of a fraction, kept to the ms       %z Z, +08:00, +0800, +08
 *   %s %Q seconds, milliseconds since 1970        %% a per cent sign
 *
 * A blank stands for any run of blanks, none too; all else for itself. Numbers may have fewer
 * digits than they could (3/5/2020), and are read as far as they can go (20200305). 24:00 is the
 * end of its day; second 60 is taken as 59. What the format does not name is the first or zero.
 *
 * Zones are offsets from UTC. A place with summer time has several: each holds until a local time,
 * and an hour that the clock shows twice is taken the first time. */
#ifndef TAIHU_SENSE_MOMENT_H
#define TAIHU_SENSE_MOMENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct moment_zone {
    int64_t until_ms; /* local time, as if it were UTC; INT64_MAX for the last */
    int32_t offset_s; /* local time less UTC */
};

struct moment_format {
    const char *text;
    const struct moment_zone *zones; /* one or more; not looked at where the text has a zone */
    size_t zone_count;
};

/* Whether a format is one: E_INPUT says why not. */
enum code moment_check(const char *format, struct err *err);

/* UTC in ms since 1970. E_INPUT quotes the text. */
enum code moment_parse(const char *text, const struct moment_format *format, int64_t *utc_ms,
                       struct err *err);

/* "Z", "+08:00", "+0800", "+08", "-3:30" as a whole. */
enum code moment_parse_offset(const char *text, int32_t *offset_s, struct err *err);

#endif
