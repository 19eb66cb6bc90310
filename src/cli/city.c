/* city: `taihu city day|add|find|check-grid|convert`: what the city's calendar and lists say, and
 * its coordinates. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "city/calendar.h"
#include "city/datum.h"
#include "city/division.h"
#include "city/organisation.h"
#include "city/term.h"
#include "cli/cli_int.h"
#include "cli/data_dir.h"
#include "cli/sink.h"

/* The city whose lists are shipped. */
static const char CITY[] = "wuxi";

enum { DAYS_MAX = 1000000 };

/* What a subcommand works with. Each loads what it needs; free takes what was not loaded. */
struct work {
    struct arena arena;
    struct buf out;
    const char *data;
    struct calendar *calendar;
    struct division_set *divisions;
    struct organisation_set *organisations;
};

static enum code work_init(struct work *w, const struct cli_args *args, struct err *err) {
    memset(w, 0, sizeof *w);
    return data_dir(args->value[CLI_DATA], &w->arena, &w->data, err);
}

static void work_fini(struct work *w) {
    organisation_set_free(w->organisations);
    division_set_free(w->divisions);
    calendar_free(w->calendar);
    buf_fini(&w->out);
    arena_fini(&w->arena);
}

static enum code load_calendar(struct work *w, struct err *err) {
    w->calendar = calendar_new();
    return calendar_load(w->calendar, w->data, err);
}

static enum code load_divisions(struct work *w, struct err *err) {
    w->divisions = division_set_new();
    return division_load(w->divisions, w->data, CITY, err);
}

static enum code load_organisations(struct work *w, struct err *err) {
    w->organisations = organisation_set_new();
    return organisation_load(w->organisations, w->data, CITY, err);
}

static enum code print(const struct buf *text, struct err *err) {
    struct sink out;
    enum code code = sink_open(&out, NULL, err);
    if (code == OK) {
        buf_add(sink_buf(&out), text->data, text->len);
        code = sink_close(&out, err);
    }
    return code;
}

/* ---- days ---- */

/* What an operand says; a command line that is wrong is the caller's to mend. */
static enum code read_day(const char *word, int32_t *day, struct err *err) {
    struct err why = ERR_INIT;
    if (date_parse(word, strlen(word), day, &why) != OK) {
        return err_set(err, E_USAGE, "%s", why.msg);
    }
    return OK;
}

static enum code read_count(const char *word, int32_t *out, struct err *err) {
    bool minus = word[0] == '-';
    const char *digits = word + (minus || word[0] == '+');
    int32_t n = 0;
    for (const char *d = digits; *d != '\0'; d++) {
        n = *d < '0' || *d > '9' || n > DAYS_MAX ? DAYS_MAX + 1 : n * 10 + (*d - '0');
    }
    if (digits[0] == '\0' || n > DAYS_MAX) {
        return err_set(err, E_USAGE, "cannot read \"%.40s\": not a number of days up to %d", word,
                       DAYS_MAX);
    }
    *out = minus ? -n : n;
    return OK;
}

/* "2021-02-07 Sunday worked 春节 (by notice)" */
static void put_day(struct buf *to, int32_t day, const struct calendar_day *looked) {
    static const char *const why[] = {
        [CALENDAR_ORDINARY] = "",
        [CALENDAR_OFF] = " (by notice)",
        [CALENDAR_WORKED] = " (by notice)",
    };
    char text[DATE_TEXT_MAX];
    buf_addf(to, "%s %s %s", date_text(day, text), date_weekday_name(date_weekday(day)),
             looked->is_workday ? "worked" : "off");
    if (looked->name != NULL) {
        buf_addf(to, " %s", looked->name);
    }
    buf_addf(to, "%s\n", why[looked->kind]);
}

static enum code look_day(struct work *w, int32_t day, struct err *err) {
    struct calendar_day looked;
    enum code code = load_calendar(w, err);
    if (code == OK) {
        code = calendar_look(w->calendar, day, &looked, err);
    }
    if (code == OK) {
        int year = date_of_day(day).year;
        const struct calendar_source *source = calendar_source_find(w->calendar, year);
        put_day(&w->out, day, &looked);
        buf_addf(&w->out, "calendar of %d, version %d: %s\n", year, source->version,
                 source->notices);
        code = print(&w->out, err);
    }
    return code;
}

enum code cli_city_day(const struct cli_args *args, struct err *err) {
    struct work w;
    int32_t day;
    enum code code = read_day(args->operands[0], &day, err);
    if (code != OK) {
        return code;
    }
    code = work_init(&w, args, err);
    if (code == OK) {
        code = look_day(&w, day, err);
    }
    work_fini(&w);
    return code;
}

/* The day n working days on, or n calendar days on and rolled off a day off. */
static enum code add_days(struct work *w, int32_t day, int32_t n, bool working, struct err *err) {
    char text[DATE_TEXT_MAX];
    struct term_end end = {0, 0};
    enum code code = load_calendar(w, err);
    if (code != OK) {
        return code;
    }
    if (working || n < 0) {
        code = working ? calendar_add_workdays(w->calendar, day, n, &end.last, err)
                       : date_add_days(day, n, &end.last, err);
        end.counted = end.last;
    } else {
        code = term_end(w->calendar, day, (struct term){n, TERM_DAYS}, &end, err);
    }
    if (code != OK) {
        return code;
    }
    buf_adds(&w->out, date_text(end.last, text));
    if (end.last != end.counted) {
        buf_addf(&w->out, " (%s is a day off)", date_text(end.counted, text));
    }
    buf_addc(&w->out, '\n');
    return print(&w->out, err);
}

enum code cli_city_add(const struct cli_args *args, struct err *err) {
    struct work w;
    int32_t day = 0;
    int32_t n = 0;
    const char *days = args->value[CLI_DAYS];
    enum code code = read_day(args->operands[0], &day, err);
    if (code == OK) {
        code = read_count(args->operands[1], &n, err);
    }
    if (code != OK) {
        return code;
    }
    code = work_init(&w, args, err);
    if (code == OK) {
        code = add_days(&w, day, n, days == NULL || strcmp(days, "working") == 0, err);
    }
    work_fini(&w);
    return code;
}

/* ---- places and bodies ---- */

/* "无锡市 梁溪区 崇安寺街道" */
static void put_path(struct buf *to, const struct division *d) {
    if (d->parent != NULL) {
        put_path(to, d->parent);
        buf_addc(to, ' ');
    }
    buf_adds(to, d->name);
}

static void put_division(struct buf *to, const struct division *d) {
    buf_addf(to, "%s\t%s\t%s\t", d->code, division_level_word(d->level),
             division_kind_word(d->kind));
    put_path(to, d);
    buf_addc(to, '\n');
}

static void put_organisation(struct buf *to, const struct organisation *o) {
    buf_addf(to, "%s\t%s\torganisation\t%s", o->code, organisation_level_word(o->level), o->name);
    if (o->until != 0) {
        buf_addf(to, " (until %d)", o->until);
    }
    buf_addc(to, '\n');
}

/* Appends all that go by the word. */
static void find_all(struct work *w, const char *word) {
    size_t room = division_count(w->divisions);
    const struct division **found = arena_alloc(&w->arena, room * sizeof *found);
    size_t n = strlen(word);
    const struct division *by_code = division_find_code(w->divisions, word, n);
    const struct organisation *body = organisation_find_code(w->organisations, word);
    size_t count = division_find_name(w->divisions, word, n, found, room);
    if (by_code != NULL) {
        put_division(&w->out, by_code);
    }
    for (size_t i = 0; i < count; i++) {
        put_division(&w->out, found[i]);
    }
    if (body == NULL) {
        body = organisation_find_name(w->organisations, word, n);
    }
    if (body != NULL) {
        put_organisation(&w->out, body);
    }
}

enum code cli_city_find(const struct cli_args *args, struct err *err) {
    struct work w;
    const char *word = args->operands[0];
    enum code code = work_init(&w, args, err);
    if (code == OK) {
        code = load_divisions(&w, err);
    }
    if (code == OK) {
        code = load_organisations(&w, err);
    }
    if (code == OK) {
        find_all(&w, word);
        code = w.out.len == 0 ? err_set(err, E_INPUT, "no place or body goes by \"%.200s\"", word)
                              : print(&w.out, err);
    }
    work_fini(&w);
    return code;
}

/* "320213021001001	梁溪区 崇安寺街道 胜利门社区居委会	cell 1" */
static enum code check_grid(struct work *w, const char *word, struct err *err) {
    struct grid_cell cell;
    enum code code = division_parse_grid(w->divisions, word, strlen(word), &cell, err);
    if (code != OK) {
        return code;
    }
    buf_addf(&w->out, "%s\t", word);
    put_path(&w->out, cell.community != NULL ? cell.community : cell.town);
    buf_addf(&w->out, "\tcell %d%s\n", cell.sequence,
             cell.community != NULL ? "" : " of a community that is not listed");
    return print(&w->out, err);
}

enum code cli_city_check_grid(const struct cli_args *args, struct err *err) {
    struct work w;
    enum code code = work_init(&w, args, err);
    if (code == OK) {
        code = load_divisions(&w, err);
    }
    if (code == OK) {
        code = check_grid(&w, args->operands[0], err);
    }
    work_fini(&w);
    return code;
}

/* ---- coordinates ---- */

/* [-]digits[.digits], of which strtod() makes the nearest double; the program keeps the C locale.
 */
static enum code read_degrees(const char *word, double *out, struct err *err) {
    size_t sign = word[0] == '-';
    size_t whole = strspn(word + sign, "0123456789");
    size_t n = sign + whole;
    bool ok = whole > 0;
    if (word[n] == '.') {
        size_t part = strspn(word + n + 1, "0123456789");
        ok = ok && part > 0;
        n += 1 + part;
    }
    if (!ok || word[n] != '\0') {
        return err_set(err, E_USAGE, "cannot read \"%.40s\": not degrees, such as 120.3", word);
    }
    *out = strtod(word, NULL);
    return OK;
}

/* The option's value is one of the words: the parser saw to it. */
static enum datum datum_of(const char *word) {
    enum datum datum;
    bool found = datum_find(word, &datum);
    assert(found);
    return datum;
}

/* Seven decimals are a centimetre. */
enum code cli_city_convert(const struct cli_args *args, struct err *err) {
    struct lonlat at;
    struct lonlat to;
    struct err why = ERR_INIT;
    enum code code = read_degrees(args->operands[0], &at.lon, err);
    if (code == OK) {
        code = read_degrees(args->operands[1], &at.lat, err);
    }
    if (code != OK) {
        return code;
    }
    if (datum_convert(datum_of(args->value[CLI_FROM]), datum_of(args->value[CLI_TO]), at, &to,
                      &why) != OK) {
        return err_set(err, E_USAGE, "%s", why.msg);
    }
    struct buf out = BUF_INIT;
    buf_addf(&out, "%.7f\t%.7f\n", to.lon, to.lat);
    code = print(&out, err);
    buf_fini(&out);
    return code;
}
