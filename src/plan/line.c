/* line: see line.h. */
#include "plan/line.h"

#include <string.h>

#include "text/number.h"
#include "text/sentence.h"

enum { TITLE_MAX = 80 }; /* a longer first sentence is no heading */

static bool is_stop(char16_t c) {
    return c == u'、' || c == u'.' || c == u'，';
}

/* 第一章 第二部分 第三节, and 第一，of a speech. */
static uint32_t read_part(const struct source *s, struct run r, struct line *out) {
    struct number n;
    if (s->ch[r.from] != u'第' || !number_parse(s, r.from + 1, r.to, &n) || n.to >= r.to) {
        return r.from;
    }
    char16_t c = s->ch[n.to];
    bool part = c == u'章' || c == u'篇' || c == u'编' ||
                source_starts(s, (struct run){n.to, r.to}, u"部分");
    if (!part && c != u'节' && c != u'，' && c != u'、') {
        return r.from;
    }
    out->mark = part ? MARK_PART : MARK_SECTION;
    out->no = (int)n.value.coef;
    return n.to + (c == u'部' ? 2 : 1);
}

/* （一） and （1）. */
static uint32_t read_bracket(const struct source *s, struct run r, struct line *out) {
    struct number n;
    if (s->ch[r.from] != u'（' || !number_parse(s, r.from + 1, r.to, &n) || n.to >= r.to ||
        s->ch[n.to] != u'）' || n.value.coef > 99) {
        return r.from;
    }
    out->mark = n.spelled ? MARK_PAREN : MARK_PAREN_ARABIC;
    out->no = (int)n.value.coef;
    uint32_t at = n.to + 1;
    return at < r.to && s->ch[at] == u'、' ? at + 1 : at;
}

/* 一、 1. 1、 一是, and 一 with a blank behind it. */
static uint32_t read_counter(const struct source *s, struct run r, struct line *out) {
    struct number n;
    if (!number_parse(s, r.from, r.to, &n) || n.to >= r.to || n.value.scale != 0 ||
        n.value.coef > 99 || n.value.coef < 1) {
        return r.from;
    }
    char16_t c = s->ch[n.to];
    bool digit_behind = n.to + 1 < r.to && is_digit16(s->ch[n.to + 1]);
    if (n.spelled && c == u'是') {
        out->mark = MARK_ITEM;
    } else if (n.spelled && (is_stop(c) || (c == u' ' && n.value.coef <= 20))) {
        out->mark = MARK_CN;
    } else if (!n.spelled && (c == u'、' || (c == u'.' && !digit_behind))) {
        out->mark = MARK_ARABIC;
    } else {
        return r.from;
    }
    out->no = (int)n.value.coef;
    return n.to + 1;
}

static uint32_t read_mark(const struct source *s, struct run r, struct line *out) {
    uint32_t at = read_part(s, r, out);
    if (at == r.from) {
        at = read_bracket(s, r, out);
    }
    if (at == r.from) {
        at = read_counter(s, r, out);
    }
    if (at == r.from && source_starts(s, r, u"——")) {
        out->mark = MARK_DASH;
        at = r.from + 2;
    }
    return at;
}

/* Words a line begins with that only a page, a web page or a speech needs. */
static const char16_t *const furniture[] = {
    u"文字大小", u"浏览次数",   u"字体：",   u"【字体",   u"打印",   u"分享到",   u"来源：",
    u"责任编辑", u"信息来源",   u"发布时间", u"发布日期", u"<!--",   u"文件编号", u"效力状况",
    u"内容概述", u"信息索引号", u"（下转",   u"（上接",   u"扫一扫", NULL};

static bool is_furniture(const struct source *s, struct run r) {
    for (const char16_t *const *w = furniture; *w != NULL; w++) {
        if (source_starts(s, r, *w)) {
            return r.to - r.from < 200;
        }
    }
    if (r.from < r.to && s->ch[r.from] == u'|') {
        return true; /* a row of a table of statistics */
    }
    bool page = r.to - r.from <= 9; /* — 12 —, 12, 第12页 */
    for (uint32_t i = r.from; page && i < r.to; i++) {
        char16_t c = s->ch[i];
        page = is_digit16(c) || c == u'—' || c == u'-' || c == u' ' || c == u'第' || c == u'页' ||
               c == u'·' || c == u'/' || c == u'共';
    }
    return page;
}

/* （一）坚持创新驱动 立足发展…: a blank in a numbered line ends the heading where no mark did.
 * Blanks are not in the view: they show as a gap between byte offsets. */
static uint32_t heading_gap(const struct source *s, struct run title) {
    for (uint32_t i = title.from; i < title.to; i++) {
        char16_t c = s->ch[i];
        uint32_t width = c < 0x80 ? 1 : 3;
        bool gap = s->at[i + 1] - s->at[i] > width + (c < 0x80 ? 2u : 0u);
        if (gap && i + 1 - title.from >= 8 && i + 1 - title.from <= 30 && title.to - i > 12) {
            return i + 1;
        }
        if (c == u'，' || c == u'“') {
            break;
        }
    }
    return title.to;
}

void line_read(const struct source *s, struct run run, struct line *out) {
    memset(out, 0, sizeof *out);
    out->run = run;
    struct run r = run;
    while (r.from < r.to && s->ch[r.from] == u'#') {
        out->hashes++;
        r.from++;
    }
    r = source_trim(s, r);
    out->skipped = is_furniture(s, r);
    if (r.from < r.to) {
        r.from = read_mark(s, r, out);
    }
    out->body = source_trim(s, r);
    uint32_t at = out->body.from;
    struct run first = {at, at};
    sentence_next(s, out->body, &at, &first);
    out->title = source_trim(s, first);
    uint32_t gap = out->mark != MARK_NONE ? heading_gap(s, out->title) : out->title.to;
    at = gap < out->title.to ? gap : at;
    out->title.to = gap;
    if (out->title.to > out->title.from && s->ch[out->title.to - 1] == u'：') {
        out->title.to--;
    }
    struct run rest = source_trim(s, (struct run){at, out->body.to});
    out->alone = rest.from == rest.to && out->title.to - out->title.from <= TITLE_MAX;
}
