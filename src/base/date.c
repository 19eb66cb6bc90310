/* date: see date.h. Counting begins on 1 March of the year 0, so that a leap day ends a year and
 * the months' lengths repeat by fives (153 days). Algorithm: Howard Hinnant, "chrono-compatible
 * low-level date algorithms" (days_from_civil, civil_from_days). */
#include "base/date.h"

#include <assert.h>
#include <string.h>

enum {
    ERA_YEARS = 400,
    ERA_DAYS = 146097,
    EPOCH_DAYS = 719468, /* 0000-03-01 to 1970-01-01 */
    MONTHS = 12,
    DAY_S = 24 * 3600,
    DAY_MS = DAY_S * 1000,
    MONTHS_MAX = DATE_YEAR_MAX * MONTHS,
};

bool date_is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int date_month_length(int year, int month) {
    static const int length[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert(month >= 1 && month <= MONTHS);
    return month == 2 && date_is_leap(year) ? 29 : length[month - 1];
}

bool date_is_valid(struct date d) {
    return d.year >= DATE_YEAR_MIN && d.year <= DATE_YEAR_MAX && d.month >= 1 &&
           d.month <= MONTHS && d.day >= 1 && d.day <= date_month_length(d.year, d.month);
}

int32_t date_to_day(struct date d) {
    assert(date_is_valid(d));
    int year = d.month <= 2 ? d.year - 1 : d.year; /* years here begin in March */
    int era = year / ERA_YEARS;
    int year_of_era = year - era * ERA_YEARS;
    int month = d.month > 2 ? d.month - 3 : d.month + 9;
    int day_of_year = (153 * month + 2) / 5 + d.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_DAYS;
}

struct date date_of_day(int32_t day) {
    assert(day >= DATE_DAY_MIN && day <= DATE_DAY_MAX);
    int since = day + EPOCH_DAYS;
    int era = since / ERA_DAYS;
    int day_of_era = since - era * ERA_DAYS;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month = (5 * day_of_year + 2) / 153;
    struct date d = {era * ERA_YEARS + year_of_era, month < 10 ? month + 3 : month - 9,
                     day_of_year - (153 * month + 2) / 5 + 1};
    d.year += d.month <= 2;
    assert(date_is_valid(d));
    return d;
}

enum weekday date_weekday(int32_t day) {
    assert(day >= DATE_DAY_MIN && day <= DATE_DAY_MAX);
    /* DATE_DAY_MIN, 0001-01-01, is a Monday */
    return (enum weekday)((day - DATE_DAY_MIN) % 7 + MONDAY);
}

const char *date_weekday_name(enum weekday w) {
    static const char *const name[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    assert(w >= MONDAY && w <= SUNDAY);
    return name[w - MONDAY];
}

/* ---- text ---- */

/* n digits at `s`, or -1. */
static int read_digits(const char *s, int n) {
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') {
            return -1;
        }
        value = value * 10 + (s[i] - '0');
    }
    return value;
}

enum code date_parse(const char *s, size_t n, int32_t *day, struct err *err) {
    int shown = n > 40 ? 40 : (int)n;
    if (n != DATE_TEXT_MAX - 1 || s[4] != '-' || s[7] != '-') {
        return err_set(err, E_INPUT, "cannot read date \"%.*s\": not YYYY-MM-DD", shown, s);
    }
    struct date d = {read_digits(s, 4), read_digits(s + 5, 2), read_digits(s + 8, 2)};
    if (d.year < 0 || d.month < 0 || d.day < 0) {
        return err_set(err, E_INPUT, "cannot read date \"%.*s\": not YYYY-MM-DD", shown, s);
    }
    if (!date_is_valid(d)) {
        return err_set(err, E_INPUT, "cannot read date \"%.*s\": no such day", shown, s);
    }
    *day = date_to_day(d);
    return OK;
}

char *date_text(int32_t day, char to[DATE_TEXT_MAX]) {
    struct date d = date_of_day(day);
    int at[] = {d.year, d.month, d.day};
    char *end = to + DATE_TEXT_MAX - 1;
    *end = '\0';
    for (int part = 2; part >= 0; part--) {
        for (int i = part == 0 ? 4 : 2; i > 0; i--) {
            *--end = (char)('0' + at[part] % 10);
            at[part] /= 10;
        }
        if (part > 0) {
            *--end = '-';
        }
    }
    assert(end == to);
    return to;
}

/* ---- sums ---- */

enum code date_add_days(int32_t day, int64_t n, int32_t *out, struct err *err) {
    char text[DATE_TEXT_MAX];
    assert(day >= DATE_DAY_MIN && day <= DATE_DAY_MAX);
    if (n < (int64_t)DATE_DAY_MIN - day || n > (int64_t)DATE_DAY_MAX - day) {
        return err_set(err, E_LIMIT, "cannot add %lld days to %s: outside the years %d to %d",
                       (long long)n, date_text(day, text), DATE_YEAR_MIN, DATE_YEAR_MAX);
    }
    *out = day + (int32_t)n;
    return OK;
}

enum code date_add_months(int32_t day, int64_t n, int32_t *out, struct err *err) {
    char text[DATE_TEXT_MAX];
    struct date d = date_of_day(day);
    bool fits = n >= -MONTHS_MAX && n <= MONTHS_MAX;
    int64_t months = fits ? (int64_t)d.year * MONTHS + d.month - 1 + n : 0;
    if (months < DATE_YEAR_MIN * MONTHS || months >= (DATE_YEAR_MAX + 1) * MONTHS) {
        return err_set(err, E_LIMIT, "cannot add %lld months to %s: outside the years %d to %d",
                       (long long)n, date_text(day, text), DATE_YEAR_MIN, DATE_YEAR_MAX);
    }
    d.year = (int)(months / MONTHS);
    d.month = (int)(months % MONTHS) + 1;
    int length = date_month_length(d.year, d.month);
    d.day = d.day < length ? d.day : length;
    *out = date_to_day(d);
    return OK;
}

/* ---- moments ---- */

enum code date_of_moment(int64_t utc_ms, int32_t offset_s, int32_t *day, struct err *err) {
    assert(offset_s > -DAY_S && offset_s < DAY_S);
    if (utc_ms < ((int64_t)DATE_DAY_MIN + 1) * DAY_MS || utc_ms >= (int64_t)DATE_DAY_MAX * DAY_MS) {
        return err_set(err, E_LIMIT, "cannot tell the day of %lld ms: outside the years %d to %d",
                       (long long)utc_ms, DATE_YEAR_MIN, DATE_YEAR_MAX);
    }
    int64_t local = utc_ms + (int64_t)offset_s * 1000;
    *day = (int32_t)(local / DAY_MS - (local % DAY_MS < 0));
    return OK;
}

int64_t date_start_ms(int32_t day, int32_t offset_s) {
    assert(offset_s > -DAY_S && offset_s < DAY_S);
    return (int64_t)day * DAY_MS - (int64_t)offset_s * 1000;
}

/* The character, then the number's last digits, so many. */
static void put_digits(char *to, char before, int n, int digits) {
    to[0] = before;
    for (int i = digits; i > 0; i--, n /= 10) {
        to[i] = (char)('0' + n % 10);
    }
}

/* Each observation is written with its moment: printf would be a third of its JSON's cost. */
char *date_time_text(int64_t utc_ms, char to[DATE_TIME_TEXT_MAX]) {
    int64_t day = utc_ms / DAY_MS - (utc_ms % DAY_MS < 0);
    to[0] = '\0';
    if (day >= DATE_DAY_MIN && day <= DATE_DAY_MAX) {
        int of_day = (int)(utc_ms - day * DAY_MS);
        date_text((int32_t)day, to);
        put_digits(to + 10, 'T', of_day / 3600000, 2);
        put_digits(to + 13, ':', of_day / 60000 % 60, 2);
        put_digits(to + 16, ':', of_day / 1000 % 60, 2);
        put_digits(to + 19, '.', of_day % 1000, 3);
        memcpy(to + 23, "Z", 2);
    }
    return to;
}
