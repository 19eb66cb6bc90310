/* calendar: see calendar.h. A year keeps a kind and a name for each of its days; the counts walk
 * day by day, which is at most the loaded years, some thousand steps. */
#include "city/calendar.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/mem.h"
#include "city/table_int.h"

enum {
    YEARS = CALENDAR_YEAR_MAX - CALENDAR_YEAR_MIN + 1,
    YEAR_DAYS_MAX = 366,
    NAME_BYTES_MAX = 120, /* 2015 names a commemoration with 62 */
    VERSION_MAX = 1000,
};

struct year {
    struct calendar_source source;
    int32_t first; /* 1 January */
    int32_t days;
    enum calendar_kind kind[YEAR_DAYS_MAX];
    const char *name[YEAR_DAYS_MAX];
    int32_t worked[YEAR_DAYS_MAX + 1]; /* [i]: working days before day i, counted from 0 */
};

struct calendar {
    struct year *years[YEARS]; /* NULL where not loaded */
    struct arena arena;
};

struct calendar *calendar_new(void) {
    struct calendar *c = mem_alloc(sizeof *c);
    memset(c, 0, sizeof *c);
    return c;
}

void calendar_free(struct calendar *c) {
    if (c != NULL) {
        arena_fini(&c->arena);
        free(c);
    }
}

/* ---- a year's file ---- */

static const char *const year_columns[] = {"date", "day", "name"};

static const struct {
    const char *word;
    enum calendar_kind kind;
} kinds[] = {{"off", CALENDAR_OFF}, {"work", CALENDAR_WORKED}};

static enum code read_kind(const char *word, enum calendar_kind *out, struct err *err) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(word, kinds[i].word) == 0) {
            *out = kinds[i].kind;
            return OK;
        }
    }
    return err_set(err, E_INPUT, "a day is off or work, not \"%.20s\"", word);
}

/* The year being read, and the memory its names live in. */
struct year_reading {
    struct year *year;
    struct arena *arena;
};

static enum code check_place(const struct year *y, int32_t day, struct err *err) {
    char text[DATE_TEXT_MAX];
    if (day < y->first || day >= y->first + y->days) {
        return err_set(err, E_INPUT, "%s is no day of %d", date_text(day, text), y->source.year);
    }
    if (y->kind[day - y->first] != CALENDAR_ORDINARY) {
        return err_set(err, E_INPUT, "%s stands twice", date_text(day, text));
    }
    return OK;
}

static enum code read_day(void *to, const struct csv *row, struct err *err) {
    struct year_reading *r = to;
    enum calendar_kind kind = CALENDAR_ORDINARY;
    int32_t day = 0;
    size_t name_len = csv_field_len(row, 2);
    enum code code = date_parse(csv_field(row, 0), csv_field_len(row, 0), &day, err);
    if (code == OK) {
        code = read_kind(csv_field(row, 1), &kind, err);
    }
    if (code == OK) {
        code = check_place(r->year, day, err);
    }
    if (code == OK && (name_len == 0 || name_len > NAME_BYTES_MAX)) {
        code = err_set(err, E_INPUT, "a holiday's name has 1 to %d bytes, not %zu", NAME_BYTES_MAX,
                       name_len);
    }
    if (code == OK) {
        r->year->kind[day - r->year->first] = kind;
        r->year->name[day - r->year->first] = arena_dup(r->arena, csv_field(row, 2), name_len);
    }
    return code;
}

static const struct table year_table = {year_columns, 3, read_day};

/* New Year and National Day have been holidays since the first regulation of 1949-12-23: a file
 * without them is empty or cut. */
static enum code check_whole(const struct year *y, struct err *err) {
    static const struct date sure[] = {{0, 1, 1}, {0, 10, 1}};
    char text[DATE_TEXT_MAX];
    for (size_t i = 0; i < sizeof sure / sizeof sure[0]; i++) {
        int32_t day = date_to_day((struct date){y->source.year, sure[i].month, sure[i].day});
        if (y->kind[day - y->first] != CALENDAR_OFF) {
            return err_set(err, E_INPUT, "not the whole of %d: %s is not off", y->source.year,
                           date_text(day, text));
        }
    }
    return OK;
}

static enum code check_source(const struct calendar *c, const struct calendar_source *s,
                              struct err *err) {
    if (s->year < CALENDAR_YEAR_MIN || s->year > CALENDAR_YEAR_MAX) {
        return err_set(err, E_INPUT, "cannot take a calendar of %d: not in %d to %d", s->year,
                       CALENDAR_YEAR_MIN, CALENDAR_YEAR_MAX);
    }
    if (c->years[s->year - CALENDAR_YEAR_MIN] != NULL) {
        return err_set(err, E_INPUT, "cannot take a second calendar of %d", s->year);
    }
    if (s->version < 1 || s->version > VERSION_MAX || s->notices[0] == '\0') {
        return err_set(
            err, E_INPUT,
            "cannot take the calendar of %d: it wants a version from 1 to %d and a notice", s->year,
            VERSION_MAX);
    }
    return OK;
}

/* An empty year in the calendar's arena, not yet part of it. */
static struct year *year_new(struct calendar *c, const struct calendar_source *s) {
    struct year *y = arena_zero(&c->arena, sizeof *y);
    y->source = *s;
    y->source.notices = arena_dup(&c->arena, s->notices, strlen(s->notices));
    y->first = date_to_day((struct date){s->year, 1, 1});
    y->days = date_is_leap(s->year) ? YEAR_DAYS_MAX : YEAR_DAYS_MAX - 1;
    return y;
}

static bool is_workday(const struct year *y, int32_t i) {
    bool by_weekday = y->kind[i] == CALENDAR_ORDINARY && date_weekday(y->first + i) < SATURDAY;
    return by_weekday || y->kind[i] == CALENDAR_WORKED;
}

static void count_workdays(struct year *y) {
    y->worked[0] = 0;
    for (int32_t i = 0; i < y->days; i++) {
        y->worked[i + 1] = y->worked[i] + is_workday(y, i);
    }
}

/* A year that was read becomes part of the calendar. */
static enum code add_year(struct calendar *c, struct year *y, struct err *err) {
    enum code code = check_whole(y, err);
    if (code == OK) {
        count_workdays(y);
        c->years[y->source.year - CALENDAR_YEAR_MIN] = y;
    }
    return code;
}

enum code calendar_parse_year(struct calendar *c, const struct calendar_source *source,
                              const char *csv, size_t n, struct err *err) {
    enum code code = check_source(c, source, err);
    if (code != OK) {
        return code;
    }
    struct year_reading reading = {year_new(c, source), &c->arena};
    code = table_parse(&year_table, csv, n, &reading, err);
    return code == OK ? add_year(c, reading.year, err) : code;
}

/* ---- the index of years ---- */

static const char *const index_columns[] = {"year", "version", "notices"};

struct index_reading {
    struct calendar *calendar;
    const char *dir; /* of the index */
};

/* 1 to 9999, or -1. */
static int read_small(const char *s, size_t n) {
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (n > 4 || s[i] < '0' || s[i] > '9') {
            return -1;
        }
        value = value * 10 + (s[i] - '0');
    }
    return value == 0 ? -1 : value;
}

static enum code load_year(struct calendar *c, const struct calendar_source *s, const char *dir,
                           struct err *err) {
    char name[24];
    struct year_reading reading = {year_new(c, s), &c->arena};
    snprintf(name, sizeof name, "%d.csv", s->year);
    enum code code = table_load(&year_table, dir, name, &reading, err);
    return code == OK ? add_year(c, reading.year, err) : code;
}

static enum code read_index_row(void *to, const struct csv *row, struct err *err) {
    const struct index_reading *r = to;
    struct calendar_source s = {read_small(csv_field(row, 0), csv_field_len(row, 0)),
                                read_small(csv_field(row, 1), csv_field_len(row, 1)),
                                csv_field(row, 2)};
    enum code code = check_source(r->calendar, &s, err);
    return code == OK ? load_year(r->calendar, &s, r->dir, err) : code;
}

static const struct table index_table = {index_columns, 3, read_index_row};

enum code calendar_load(struct calendar *c, const char *dir, struct err *err) {
    struct buf path = BUF_INIT;
    buf_addf(&path, "%s/calendar", dir);
    struct index_reading reading = {c, path.data};
    enum code code = table_load(&index_table, path.data, "index.csv", &reading, err);
    buf_fini(&path);
    return code;
}

/* ---- looking ---- */

static const struct year *year_find(const struct calendar *c, int year) {
    bool inside = year >= CALENDAR_YEAR_MIN && year <= CALENDAR_YEAR_MAX;
    return inside ? c->years[year - CALENDAR_YEAR_MIN] : NULL;
}

const struct calendar_source *calendar_source_find(const struct calendar *c, int year) {
    const struct year *y = year_find(c, year);
    return y == NULL ? NULL : &y->source;
}

static enum code not_loaded(const struct calendar *c, int year, struct err *err) {
    int first = 0;
    int last = 0;
    for (int i = 0; i < YEARS; i++) {
        if (c->years[i] != NULL) {
            last = i + CALENDAR_YEAR_MIN;
            first = first == 0 ? last : first;
        }
    }
    if (first == 0) {
        return err_set(err, E_INPUT, "no working-day calendar of %d is loaded, nor of any year",
                       year);
    }
    return err_set(err, E_INPUT,
                   "no working-day calendar of %d is loaded; the first is of %d, the last of %d",
                   year, first, last);
}

enum code calendar_look(const struct calendar *c, int32_t day, struct calendar_day *out,
                        struct err *err) {
    int number = date_of_day(day).year;
    const struct year *y = year_find(c, number);
    if (y == NULL) {
        return not_loaded(c, number, err);
    }
    int32_t i = day - y->first;
    assert(i >= 0 && i < y->days);
    out->kind = y->kind[i];
    out->is_workday = is_workday(y, i);
    out->name = y->name[i];
    return OK;
}

enum code calendar_add_workdays(const struct calendar *c, int32_t day, int32_t n, int32_t *out,
                                struct err *err) {
    int step = n < 0 ? -1 : 1;
    while (n != 0) {
        struct calendar_day looked;
        enum code code = date_add_days(day, step, &day, err);
        if (code == OK) {
            code = calendar_look(c, day, &looked, err);
        }
        if (code != OK) {
            return code;
        }
        n -= looked.is_workday ? step : 0;
    }
    *out = day;
    return OK;
}

enum code calendar_workdays_between(const struct calendar *c, int32_t from, int32_t to,
                                    int32_t *out, struct err *err) {
    bool back = to < from;
    int32_t first = back ? to : from + 1;
    int32_t last = back ? from - 1 : to;
    int32_t count = 0;
    for (int32_t day = first; day <= last;) { /* the first of each year's days that count */
        int number = date_of_day(day).year;
        const struct year *y = year_find(c, number);
        if (y == NULL) {
            return not_loaded(c, number, err);
        }
        int32_t end = last - y->first < y->days ? last - y->first + 1 : y->days;
        count += y->worked[end] - y->worked[day - y->first];
        day = y->first + y->days;
    }
    *out = back ? -count : count;
    return OK;
}

enum code calendar_roll(const struct calendar *c, int32_t day, int32_t *out, struct err *err) {
    for (;;) {
        struct calendar_day looked;
        enum code code = calendar_look(c, day, &looked, err);
        if (code != OK) {
            return code;
        }
        if (looked.is_workday) {
            *out = day;
            return OK;
        }
        code = date_add_days(day, 1, &day, err);
        if (code != OK) {
            return code;
        }
    }
}
