/* line: one line of a document and the mark it opens with. Within plan/ only. */
#ifndef TAIHU_PLAN_LINE_H
#define TAIHU_PLAN_LINE_H

#include "text/source.h"

enum mark {
    MARK_NONE,
    MARK_PART,         /* 第一章, 第一部分 */
    MARK_SECTION,      /* 第一节, 第一， */
    MARK_CN,           /* 一、 */
    MARK_PAREN,        /* （一） */
    MARK_ARABIC,       /* 1. 1、 */
    MARK_PAREN_ARABIC, /* （1） */
    MARK_ITEM,         /* 一是 */
    MARK_DASH,         /* —— */
    MARKS,
};

struct line {
    struct run run;   /* trimmed, with its mark */
    struct run body;  /* behind the mark */
    struct run title; /* the body's first sentence, closing marks cut */
    enum mark mark;
    int no;       /* the mark's number, 0 where it has none */
    int hashes;   /* # signs of Markdown in front */
    bool alone;   /* the title is all there is */
    bool skipped; /* page furniture: says nothing of the plan */
};

/* Fills *out for the trimmed run of one line. */
void line_read(const struct source *s, struct run run, struct line *out);

#endif
