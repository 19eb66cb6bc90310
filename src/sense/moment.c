/* moment: see moment.h. */
#include "sense/moment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"

enum { DAY_S = 86400, OFFSET_MAX_S = 18 * 3600 };

/* What was read so far. */
struct parts {
    const char *at; /* the rest of the text */
    struct date date;
    int64_t hour, minute, second, ms;
    bool half, afternoon; /* %p was read */
    bool zoned;
    int32_t offset_s;
    bool counted; /* %s or %Q: all else is said by it */
    int64_t utc_ms;
};

/* ---- pieces ---- */

static bool take_number(struct parts *p, size_t digits, int64_t *out) {
    size_t n = 0;
    int64_t v = 0;
    while (n < digits && p->at[n] >= '0' && p->at[n] <= '9') {
        v = v * 10 + (p->at[n++] - '0');
    }
    p->at += n;
    *out = v;
    return n > 0;
}

static bool take_int(struct parts *p, size_t digits, int *out) {
    int64_t v = 0;
    bool ok = take_number(p, digits, &v);
    *out = (int)v;
    return ok;
}

static bool take_fraction(struct parts *p) {
    size_t n = 0;
    static const int64_t worth[] = {100, 10, 1};
    p->ms = 0;
    for (; p->at[n] >= '0' && p->at[n] <= '9'; n++) {
        p->ms += n < 3 ? (p->at[n] - '0') * worth[n] : 0;
    }
    p->at += n;
    return n > 0;
}

static bool take_month(struct parts *p) {
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    for (int i = 0; i < 12; i++) {
        size_t whole = strlen(names[i]);
        size_t n = strncasecmp(p->at, names[i], whole) == 0 ? whole
                   : strncasecmp(p->at, names[i], 3) == 0   ? 3
                                                            : 0;
        if (n > 0) {
            p->date.month = i + 1;
            p->at += n;
            return true;
        }
    }
    return false;
}

static bool take_half(struct parts *p) {
    static const char *const words[] = {"AM", "PM", "上午", "下午"}; /* before, after noon */
    for (size_t i = 0; i < 4; i++) {
        size_t n = strlen(words[i]);
        if (strncasecmp(p->at, words[i], n) == 0) {
            p->half = true;
            p->afternoon = i % 2 == 1;
            p->at += n;
            return true;
        }
    }
    return false;
}

static bool take_zone(struct parts *p) {
    int64_t hours = 0;
    int64_t minutes = 0;
    int sign = *p->at == '-' ? -1 : 1;
    p->zoned = true;
    p->offset_s = 0;
    if (*p->at == 'Z' || *p->at == 'z') {
        p->at++;
        return true;
    }
    if (*p->at != '+' && *p->at != '-') {
        return false;
    }
    p->at++;
    if (!take_number(p, 2, &hours)) {
        return false;
    }
    bool colon = *p->at == ':';
    p->at += colon;
    if (!take_number(p, 2, &minutes) && colon) {
        return false;
    }
    p->offset_s = (int32_t)(sign * (hours * 3600 + minutes * 60));
    return minutes < 60 && abs(p->offset_s) <= OFFSET_MAX_S;
}

/* Seconds may be before 1970, and have a fraction behind a point, which is cut to the ms. */
static bool take_count(struct parts *p, int64_t ms) {
    bool minus = *p->at == '-';
    int64_t v = 0;
    p->at += minus;
    if (!take_number(p, ms == 1 ? 15 : 12, &v)) {
        return false;
    }
    p->ms = 0;
    if (ms != 1 && *p->at == '.') {
        p->at++;
        if (!take_fraction(p)) {
            return false;
        }
    }
    p->counted = true;
    p->utc_ms = (minus ? -1 : 1) * (v * ms + p->ms);
    return true;
}

static bool take_one(struct parts *p, char what) {
    switch (what) {
    case 'Y':
        return take_int(p, 4, &p->date.year);
    case 'm':
        return take_int(p, 2, &p->date.month);
    case 'd':
        return take_int(p, 2, &p->date.day);
    case 'H':
    case 'I':
        return take_number(p, 2, &p->hour) && (what == 'H' || (p->hour >= 1 && p->hour <= 12));
    case 'M':
        return take_number(p, 2, &p->minute);
    case 'S':
        return take_number(p, 2, &p->second);
    case 'f':
        return take_fraction(p);
    case 'b':
        return take_month(p);
    case 'p':
        return take_half(p);
    case 'z':
        return take_zone(p);
    case 's':
        return take_count(p, 1000);
    case 'Q':
        return take_count(p, 1);
    default:
        return *p->at++ == what;
    }
}

/* ---- a whole text ---- */

static const char directives[] = "YmdHIMSfbpzsQ%";

enum code moment_check(const char *format, struct err *err) {
    bool year = false;
    for (const char *f = format; *f != '\0'; f++) {
        if (*f != '%') {
            continue;
        }
        f++;
        if (*f == '\0' || strchr(directives, *f) == NULL) {
            return err_set(err, E_INPUT, "cannot take format \"%.100s\": no directive \"%%%c\"",
                           format, *f == '\0' ? ' ' : *f);
        }
        year = year || *f == 'Y' || *f == 's' || *f == 'Q';
    }
    return year ? OK
                : err_set(err, E_INPUT,
                          "cannot take format \"%.100s\": it has none of %%Y, %%s and %%Q", format);
}

static bool take_all(struct parts *p, const char *format) {
    for (const char *f = format; *f != '\0'; f++) {
        if (*f == ' ') {
            p->at += strspn(p->at, " \t");
            continue;
        }
        bool directive = *f == '%';
        f += directive;
        bool ok = directive && *f != '%' ? take_one(p, *f) : *p->at++ == *f;
        if (!ok) {
            return false;
        }
    }
    return *p->at == '\0';
}

static bool is_time(const struct parts *p) {
    bool end = p->hour == 24 && p->minute == 0 && p->second == 0 && p->ms == 0;
    return (p->hour < 24 || end) && p->minute < 60 && p->second <= 60;
}

static int64_t local_ms(struct parts *p) {
    int64_t second = p->second == 60 ? 59 : p->second;
    if (p->half) {
        p->hour = p->hour % 12 + (p->afternoon ? 12 : 0);
    }
    int64_t s = p->hour * 3600 + p->minute * 60 + second;
    return ((int64_t)date_to_day(p->date) * DAY_S + s) * 1000 + p->ms;
}

static int32_t offset_at(const struct moment_format *format, int64_t local) {
    size_t i = 0;
    while (i + 1 < format->zone_count && local >= format->zones[i].until_ms) {
        i++;
    }
    return format->zones[i].offset_s;
}

enum code moment_parse(const char *text, const struct moment_format *format, int64_t *utc_ms,
                       struct err *err) {
    struct parts p = {.at = text, .date = {1, 1, 1}};
    if (!take_all(&p, format->text)) {
        return err_set(err, E_INPUT, "cannot read time \"%.100s\" as \"%.100s\"", text,
                       format->text);
    }
    if (p.counted) {
        *utc_ms = p.utc_ms;
        return OK;
    }
    if (!date_is_valid(p.date) || !is_time(&p)) {
        return err_set(err, E_INPUT, "cannot read time \"%.100s\": no such day or hour", text);
    }
    int64_t local = local_ms(&p);
    *utc_ms = local - (p.zoned ? p.offset_s : offset_at(format, local)) * 1000LL;
    return OK;
}

enum code moment_parse_offset(const char *text, int32_t *offset_s, struct err *err) {
    struct parts p = {.at = text};
    if (!take_zone(&p) || *p.at != '\0') {
        return err_set(err, E_INPUT, "cannot read zone \"%.40s\": not as +08:00 or Z", text);
    }
    *offset_s = p.offset_s;
    return OK;
}
