/* light_why: a light's numbers as they are shown, and its reason in words, Chinese and English:
 *
 *   应完成50.4%（按工作日126/250），报告41%（2021-06-28），落后9.4个百分点
 *   50.4% is due (126 of 250 working days), 41% was reported (2021-06-28), 9.4 percentage points
 *   behind */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "track/light_int.h"

struct words {
    struct buf zh;
    struct buf en;
};

/* A number in words is at most this long: "too large" is words too. */
enum { SHOWN_MAX = DECIMAL_TEXT_MAX };

/* To one place, without a bare ".0". */
static const char *shown(struct fraction f, char to[SHOWN_MAX]) {
    struct decimal d;
    if (!fraction_round(f, 1, &d)) {
        snprintf(to, SHOWN_MAX, "?");
        return to;
    }
    return decimal_text(d, to);
}

/* To exactly one place, in the arena; NULL where there is none. */
static const char *fixed(bool has, struct fraction f, struct arena *a) {
    struct decimal d;
    char number[DECIMAL_TEXT_MAX];
    char text[DECIMAL_TEXT_MAX + 2];
    if (!has || !fraction_round(f, 1, &d)) {
        return NULL;
    }
    snprintf(text, sizeof text, "%s%s", decimal_text(d, number), d.scale == 0 ? ".0" : "");
    return arena_dup(a, text, strlen(text));
}

static const char *take(struct buf *b, struct arena *a) {
    const char *text = arena_dup(a, b->len == 0 ? "" : b->data, b->len);
    buf_fini(b);
    return text;
}

/* ---- the parts of a sentence ---- */

static void say_verdict(const struct light_finding *f, struct words *w) {
    bool met = f->q->verdict == VERDICT_MET;
    buf_adds(&w->zh, met ? "已确认完成" : "已确认未完成");
    buf_adds(&w->en, met ? "confirmed met" : "confirmed missed");
}

static void say_due(const struct light_finding *f, struct words *w) {
    char day[DATE_TEXT_MAX];
    date_text(f->q->due, day);
    buf_addf(&w->zh, "已逾期（应于%s完成）：", day);
    buf_addf(&w->en, "overdue (it was due on %s): ", day);
}

static void say_goal(const struct light_finding *f, struct words *w) {
    char value[DECIMAL_TEXT_MAX];
    const char *unit = f->q->goal->unit;
    bool cap = f->sort == LIGHT_CAP || f->sort == LIGHT_ZERO_CAP;
    decimal_text(light_goal_value(f), value);
    buf_addf(&w->zh, "%s%s%s",
             cap                     ? "上限"
             : f->sort == LIGHT_RANK ? "目标名次"
                                     : "目标",
             value, unit);
    buf_addf(&w->en, "the %s is %s %s",
             cap                     ? "limit"
             : f->sort == LIGHT_RANK ? "rank"
                                     : "goal",
             value, unit);
}

static void say_expected(const struct light_finding *f, struct words *w) {
    char percent[SHOWN_MAX];
    const struct light_pace *p = &f->q->pace;
    if (!f->has_expected || f->way == LIGHT_WAY_FLAT) {
        say_goal(f, w);
        return;
    }
    shown(f->expected, percent);
    buf_addf(&w->zh, f->sort == LIGHT_CAP ? "应不超过上限的%s%%" : "应完成%s%%", percent);
    buf_addf(&w->en, f->sort == LIGHT_CAP ? "up to %s%% of the limit is due" : "%s%% is due",
             percent);
    if (f->way == LIGHT_WAY_DRAWN) {
        buf_adds(&w->zh, "（按绘制的进度线）");
        buf_adds(&w->en, " (by the drawn path)");
    } else {
        buf_addf(&w->zh, "（按工作日%d/%d）", p->elapsed, p->total);
        buf_addf(&w->en, " (%d of %d working days)", p->elapsed, p->total);
    }
}

static void say_silence(const struct light_finding *f, struct words *w) {
    buf_adds(&w->zh, f->has_actual ? "，未报告进度，按0%计" : "，未报告进度");
    buf_adds(&w->en,
             f->has_actual ? ", nothing was reported: taken as 0%" : ", nothing was reported");
}

/* A share is its own per cent, and the number of a rank or of zero has none. */
static void say_actual(const struct light_finding *f, struct words *w) {
    const struct light_report *r = f->q->report;
    char percent[SHOWN_MAX];
    char value[DECIMAL_TEXT_MAX];
    char day[DATE_TEXT_MAX];
    if (r == NULL) {
        say_silence(f, w);
        return;
    }
    decimal_text(r->value, value);
    date_text(r->as_of, day);
    buf_addf(&w->zh, "，报告%s%s（%s）", value, r->unit, day);
    buf_addf(&w->en, ", %s%s%s was reported (%s)", value, strcmp(r->unit, "%") == 0 ? "" : " ",
             r->unit, day);
    if (f->has_actual && !f->q->goal->is_share) {
        shown(f->actual, percent);
        buf_addf(&w->zh, "，为%s的%s%%", f->sort == LIGHT_CAP ? "上限" : "目标", percent);
        buf_addf(&w->en, ", %s%% of the %s", percent, f->sort == LIGHT_CAP ? "limit" : "goal");
    }
}

static void say_lag(const struct light_finding *f, struct words *w) {
    char points[SHOWN_MAX];
    int sign = f->lag.num > 0 ? 1 : f->lag.num < 0 ? -1 : 0;
    bool cap = f->sort == LIGHT_CAP;
    shown((struct fraction){sign < 0 ? -f->lag.num : f->lag.num, f->lag.den}, points);
    if (sign == 0) {
        buf_adds(&w->zh, cap ? "，恰在上限" : "，与进度持平");
        buf_adds(&w->en, cap ? ", exactly at the limit" : ", exactly on schedule");
        return;
    }
    buf_addf(&w->zh, "，%s%s个百分点", sign < 0 ? (cap ? "低于" : "超前") : (cap ? "超出" : "落后"),
             points);
    buf_addf(&w->en, ", %s percentage points %s", points,
             sign < 0 ? (cap ? "below" : "ahead") : (cap ? "above" : "behind"));
}

static void say_ground(const struct light_finding *f, struct words *w) {
    switch (f->ground) {
    case LIGHT_BY_LAG:
        say_lag(f, w);
        break;
    case LIGHT_BY_REACHED:
        buf_adds(&w->zh, "，已达到目标");
        buf_adds(&w->en, ", the goal is kept");
        break;
    case LIGHT_BY_SHORT:
        buf_adds(&w->zh, "，未达到目标");
        buf_adds(&w->en, ", the goal is not kept");
        break;
    case LIGHT_BY_NO_CALENDAR:
        buf_addf(&w->zh, "，%d年的工作日历未载入，无法计算应完成进度", f->q->pace.missing_year);
        buf_addf(&w->en,
                 ", the working-day calendar of %d is not loaded: what is due cannot be told",
                 f->q->pace.missing_year);
        break;
    case LIGHT_BY_NO_PATH:
        buf_adds(&w->zh, "，未绘制进度线，无法判断此时应达到多少");
        buf_adds(&w->en, ", no path is drawn: what is due by now cannot be told");
        break;
    case LIGHT_BY_SIZE:
        buf_adds(&w->zh, "，数字过大，无法比较");
        buf_adds(&w->en, ", the numbers are too large to compare");
        break;
    case LIGHT_BY_SILENCE:
    case LIGHT_BY_UNIT:
        break;
    }
}

static void say_unit(const struct light_finding *f, struct words *w) {
    const char *now = f->q->goal->unit;
    const char *then = f->q->report->unit;
    buf_addf(&w->zh, "报告以“%s”为单位，计划现以“%s”为单位，无法比较", then, now);
    buf_addf(&w->en, "reported in \"%s\", the plan is in \"%s\" now: they cannot be compared", then,
             now);
}

struct light light_say(const struct light_finding *f, struct arena *a) {
    struct words w = {BUF_INIT, BUF_INIT};
    if (f->q->verdict == VERDICT_MET || f->q->verdict == VERDICT_MISSED) {
        say_verdict(f, &w);
    } else if (f->ground == LIGHT_BY_UNIT) {
        say_unit(f, &w);
    } else {
        if (f->overdue) {
            say_due(f, &w);
        }
        say_expected(f, &w);
        say_actual(f, &w);
        say_ground(f, &w);
    }
    return (struct light){.colour = f->colour,
                          .expected = fixed(f->has_expected, f->expected, a),
                          .actual = fixed(f->has_actual, f->actual, a),
                          .lag = fixed(f->has_lag, f->lag, a),
                          .overdue = f->overdue,
                          .reported = f->q->report != NULL,
                          .why = take(&w.zh, a),
                          .why_en = take(&w.en, a)};
}
