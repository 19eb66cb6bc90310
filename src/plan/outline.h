/* outline: the parts of a plan document: which lines are headings, what each part is for (review,
 * long term, plan ...), the numbered areas of the plan, the measures and task sentences in them.
 *
 * A line is a paragraph. It may open with a mark: 一、 （一） 1. （1） 第一章 —— 一是 or # of
 * Markdown. The top level is either 一、 or, where those count areas, unnumbered heading lines; the
 * areas are the first numbered level below it in the plan part. Everything here is in places of the
 * source; reading.c turns them into bytes. */
#ifndef TAIHU_PLAN_OUTLINE_H
#define TAIHU_PLAN_OUTLINE_H

#include "plan/reading.h"
#include "text/source.h"

/* A paragraph and where it belongs. */
struct passage {
    struct run run; /* trimmed, without its mark */
    enum section_role role;
    bool long_term; /* speaks of years beyond the plan year, whatever its section */
    bool frame;     /* in a part of demands and targets (工作思路), not of work */
    bool table;     /* page furniture or a row of statistics: no promise */
    bool results;   /* an annex of promised items (民生实事), not of explanations */
    int area;       /* area.no, or 0 */
};

struct outline_section {
    enum section_role role;
    struct run title;
    struct run run;
};

struct outline_area {
    struct run title;
    struct run run;
};

struct outline_measure {
    struct run title;
    struct run run;
    int area;
};

struct outline_task {
    struct run run;
    int32_t measure;
};

struct outline {
    struct run title; /* of the document, empty where none is found */
    struct run issuer;
    struct run index_no;
    char issued[11];
    int year; /* the plan year, 0 where it is not said */
    struct outline_section *sections;
    size_t section_count;
    struct outline_area *areas;
    size_t area_count;
    struct outline_measure *measures;
    size_t measure_count;
    struct outline_task *tasks;
    size_t task_count;
    struct passage *passages;
    size_t passage_count;
};

/* Never fails: a text without headings has one preamble section and no areas. All lives in `a`. */
void outline_read(const struct source *s, struct arena *a, struct outline *out);

#endif
