/* docx_number: Word's own numbering, by ECMA-376 part 1, 17.9 (lists) and 17.7 (styles).
 *
 *   paragraph ──numId──► num ──abstractNumId──► abstractNum: nine levels, each with a format
 *                         └─ lvlOverride: a start or a whole level of its own
 *   paragraph ──pStyle──► style ──numId──► num;  style ──basedOn──► style
 *   abstractNum ──numStyleLink──► style ──numId──► num: the list that stands for this one
 *
 * Nums of one abstractNum count on together, unless an override starts them afresh. */
#include "text/docx_int.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/utf8.h"

/* Word itself stops at 2,047 lists and 4,079 styles; a text of a level has about 10 bytes. */
enum { LISTS_MAX = 8192, STYLES_MAX = 8192, HOPS_MAX = 16, LEVEL_TEXT_MAX = 100 };

struct level {
    int start;
    int restart;        /* begins anew behind a level under this one; 0 never; -1 not stated */
    bool legal;         /* w:isLgl: all its numbers in decimal */
    bool tight;         /* w:suff nothing: no blank behind the number */
    const char *format; /* never NULL */
    const char *text;   /* "（%1）"; never NULL */
    const char *style;  /* the style that stands for this level, or NULL */
};

struct list { /* an abstractNum */
    int id;
    const char *style_link; /* or NULL */
    struct level *levels[DOCX_LEVELS];
    int count[DOCX_LEVELS];
    bool counting[DOCX_LEVELS];
};

struct num {
    int id;
    int list_id;
    struct list *list; /* after settling; NULL where there is none */
    struct level *levels[DOCX_LEVELS];
    int starts[DOCX_LEVELS]; /* -1: not overridden, or begun already */
};

struct docx_style {
    const char *id;
    const char *based_on; /* or NULL */
    int num_id;           /* -1: not stated */
    int level;            /* -1: not stated */
    bool is_default;
    bool toc;
};

struct docx_numbers {
    struct arena arena;
    struct list *lists;
    size_t list_count, list_cap;
    struct num *nums;
    size_t num_count, num_cap;
    struct docx_style *styles;
    size_t style_count, style_cap;
    const struct docx_style *default_style;
    /* While parsing: what is open. Indexes, since the arrays move. */
    bool in_list, in_num, in_style;
    int override;
    struct level *level;
};

struct docx_numbers *docx_numbers_new(void) {
    struct docx_numbers *n = mem_alloc(sizeof *n);
    memset(n, 0, sizeof *n);
    n->override = -1;
    return n;
}

void docx_numbers_free(struct docx_numbers *n) {
    if (n == NULL) {
        return;
    }
    free(n->lists);
    free(n->nums);
    free(n->styles);
    arena_fini(&n->arena);
    free(n);
}

/* The attribute as a string of the arena; NULL where it is absent. */
static const char *keep(struct docx_numbers *n, const struct xml_element *e, const char *name) {
    size_t len = 0;
    const char *s = xml_attr(e, name, &len);
    return s == NULL ? NULL : arena_dup(&n->arena, s, len);
}

static bool is_off(const struct xml_element *e) {
    return xml_attr_is(e, "val", "0") || xml_attr_is(e, "val", "false") ||
           xml_attr_is(e, "val", "off");
}

static enum code refuse_many(size_t max, const char *what, struct err *err) {
    return err_set(err, E_LIMIT, "more than the %zu %s that are taken", max, what);
}

/* --- numbering.xml --- */

static enum code start_list(struct docx_numbers *n, const struct xml_element *e, struct err *err) {
    if (n->list_count == LISTS_MAX) {
        return refuse_many(LISTS_MAX, "lists", err);
    }
    n->lists = mem_reserve(n->lists, &n->list_cap, n->list_count + 1, sizeof *n->lists);
    struct list *list = &n->lists[n->list_count++];
    memset(list, 0, sizeof *list);
    list->id = xml_attr_int(e, "abstractNumId", -1);
    n->in_list = true;
    return OK;
}

static enum code start_num(struct docx_numbers *n, const struct xml_element *e, struct err *err) {
    if (n->num_count == LISTS_MAX) {
        return refuse_many(LISTS_MAX, "numbered lists", err);
    }
    n->nums = mem_reserve(n->nums, &n->num_cap, n->num_count + 1, sizeof *n->nums);
    struct num *num = &n->nums[n->num_count++];
    memset(num, 0, sizeof *num);
    num->id = xml_attr_int(e, "numId", -1);
    num->list_id = -1;
    for (int i = 0; i < DOCX_LEVELS; i++) {
        num->starts[i] = -1;
    }
    n->in_num = true;
    return OK;
}

static struct num *open_num(struct docx_numbers *n) {
    return n->in_num ? &n->nums[n->num_count - 1] : NULL;
}

static struct list *open_list(struct docx_numbers *n) {
    return n->in_list ? &n->lists[n->list_count - 1] : NULL;
}

static void start_override(struct docx_numbers *n, const struct xml_element *e) {
    int i = xml_attr_int(e, "ilvl", -1);
    n->override = i >= 0 && i < DOCX_LEVELS ? i : -1;
}

static void start_level(struct docx_numbers *n, const struct xml_element *e) {
    int i = xml_attr_int(e, "ilvl", -1);
    if (i < 0 || i >= DOCX_LEVELS || (!n->in_list && !n->in_num)) {
        return;
    }
    struct level *level = arena_zero(&n->arena, sizeof *level);
    level->restart = -1;
    level->format = "decimal";
    level->text = "";
    if (n->in_num) {
        open_num(n)->levels[i] = level;
    } else {
        open_list(n)->levels[i] = level;
    }
    n->level = level;
}

/* What stands in a w:lvl. */
static void set_level(struct docx_numbers *n, const struct xml_element *e) {
    struct level *level = n->level;
    const char *name = e->name;
    if (strcmp(name, "start") == 0) {
        level->start = xml_attr_int(e, "val", 0);
    } else if (strcmp(name, "lvlRestart") == 0) {
        level->restart = xml_attr_int(e, "val", -1);
    } else if (strcmp(name, "isLgl") == 0) {
        level->legal = !is_off(e);
    } else if (strcmp(name, "suff") == 0) {
        level->tight = xml_attr_is(e, "val", "nothing");
    } else if (strcmp(name, "pStyle") == 0) {
        level->style = keep(n, e, "val");
    } else if (strcmp(name, "numFmt") == 0) {
        const char *format = keep(n, e, "val");
        level->format = format != NULL ? format : level->format;
    } else if (strcmp(name, "lvlText") == 0) {
        const char *text = keep(n, e, "val");
        level->text = text != NULL && strlen(text) <= LEVEL_TEXT_MAX ? text : level->text;
    }
}

static enum code on_numbering_start(void *ctx, const struct xml_element *e, struct err *err) {
    struct docx_numbers *n = ctx;
    if (strcmp(e->name, "abstractNum") == 0) {
        return start_list(n, e, err);
    }
    if (strcmp(e->name, "num") == 0) {
        return start_num(n, e, err);
    }
    struct num *num = open_num(n);
    if (strcmp(e->name, "lvl") == 0) {
        start_level(n, e);
    } else if (strcmp(e->name, "lvlOverride") == 0) {
        start_override(n, e);
    } else if (n->level != NULL) {
        set_level(n, e);
    } else if (strcmp(e->name, "abstractNumId") == 0 && num != NULL) {
        num->list_id = xml_attr_int(e, "val", -1);
    } else if (strcmp(e->name, "startOverride") == 0 && num != NULL && n->override >= 0) {
        num->starts[n->override] = xml_attr_int(e, "val", -1);
    } else if (strcmp(e->name, "numStyleLink") == 0 && n->in_list) {
        open_list(n)->style_link = keep(n, e, "val");
    }
    return OK;
}

static enum code on_numbering_end(void *ctx, const char *name, struct err *err) {
    (void)err;
    struct docx_numbers *n = ctx;
    if (strcmp(name, "abstractNum") == 0) {
        n->in_list = false;
    } else if (strcmp(name, "num") == 0) {
        n->in_num = false;
    } else if (strcmp(name, "lvl") == 0) {
        n->level = NULL;
    } else if (strcmp(name, "lvlOverride") == 0) {
        n->override = -1;
    }
    return OK;
}

enum code docx_numbers_parse(struct docx_numbers *n, const struct xml_source *src,
                             struct err *err) {
    /* Of alternatives the fallback names a format of the standard, the choice one of Word's own. */
    static const char *const skip[] = {"Choice", "numPicBullet", "rPr", "pPr", NULL};
    static const struct xml_handler handler = {on_numbering_start, on_numbering_end, NULL, skip};
    return xml_parse(src, &handler, n, err);
}

/* --- styles.xml --- */

static enum code start_style(struct docx_numbers *n, const struct xml_element *e, struct err *err) {
    if (!xml_attr_is(e, "type", "paragraph") && !xml_attr_is(e, "type", "numbering")) {
        return OK;
    }
    if (n->style_count == STYLES_MAX) {
        return refuse_many(STYLES_MAX, "styles", err);
    }
    const char *id = keep(n, e, "styleId");
    n->styles = mem_reserve(n->styles, &n->style_cap, n->style_count + 1, sizeof *n->styles);
    struct docx_style *s = &n->styles[n->style_count++];
    memset(s, 0, sizeof *s);
    s->id = id != NULL ? id : "";
    s->num_id = -1;
    s->level = -1;
    s->is_default = xml_attr_is(e, "type", "paragraph") &&
                    (xml_attr_is(e, "default", "1") || xml_attr_is(e, "default", "true"));
    n->in_style = true;
    return OK;
}

/* Word calls the styles of a table of contents "toc 1" to "toc 9" in every language. */
static bool is_toc_name(const struct xml_element *e) {
    size_t n = 0;
    const char *s = xml_attr(e, "val", &n);
    return s != NULL && n == 5 && (memcmp(s, "toc ", 4) == 0 || memcmp(s, "TOC ", 4) == 0);
}

static enum code on_styles_start(void *ctx, const struct xml_element *e, struct err *err) {
    struct docx_numbers *n = ctx;
    if (strcmp(e->name, "style") == 0) {
        return start_style(n, e, err);
    }
    if (!n->in_style) {
        return OK;
    }
    struct docx_style *s = &n->styles[n->style_count - 1];
    if (strcmp(e->name, "basedOn") == 0) {
        s->based_on = keep(n, e, "val");
    } else if (strcmp(e->name, "numId") == 0) {
        s->num_id = xml_attr_int(e, "val", -1);
    } else if (strcmp(e->name, "ilvl") == 0) {
        s->level = xml_attr_int(e, "val", -1);
    } else if (strcmp(e->name, "name") == 0) {
        s->toc = is_toc_name(e);
    }
    return OK;
}

static enum code on_styles_end(void *ctx, const char *name, struct err *err) {
    (void)err;
    struct docx_numbers *n = ctx;
    if (strcmp(name, "style") == 0) {
        n->in_style = false;
    }
    return OK;
}

enum code docx_styles_parse(struct docx_numbers *n, const struct xml_source *src, struct err *err) {
    static const char *const skip[] = {"Choice", "pPrChange", "tblStylePr", NULL};
    static const struct xml_handler handler = {on_styles_start, on_styles_end, NULL, skip};
    return xml_parse(src, &handler, n, err);
}

/* --- tying together --- */

static int cmp_list(const void *a, const void *b) {
    const struct list *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static int cmp_num(const void *a, const void *b) {
    const struct num *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static int cmp_style(const void *a, const void *b) {
    const struct docx_style *x = a, *y = b;
    return strcmp(x->id, y->id);
}

static struct num *num_find(const struct docx_numbers *n, int id) {
    struct num key = {.id = id};
    return n->num_count == 0 ? NULL
                             : bsearch(&key, n->nums, n->num_count, sizeof *n->nums, cmp_num);
}

static struct list *list_find(const struct docx_numbers *n, int id) {
    struct list key = {.id = id};
    return n->list_count == 0 ? NULL
                              : bsearch(&key, n->lists, n->list_count, sizeof *n->lists, cmp_list);
}

static const struct docx_style *style_named(const struct docx_numbers *n, const char *id) {
    struct docx_style key = {.id = id};
    return id == NULL || n->style_count == 0
               ? NULL
               : bsearch(&key, n->styles, n->style_count, sizeof *n->styles, cmp_style);
}

const struct docx_style *docx_style_find(const struct docx_numbers *n, const char *id, size_t len) {
    char name[256]; /* Word's longest is 253 */
    if (len >= sizeof name) {
        return NULL;
    }
    memcpy(name, id, len);
    name[len] = '\0';
    return style_named(n, name);
}

const struct docx_style *docx_style_default(const struct docx_numbers *n) {
    return n->default_style;
}

bool docx_style_is_toc(const struct docx_style *s) {
    return s != NULL && s->toc;
}

/* The style that states the list, `s` itself or one it is based on; NULL for none. */
static const struct docx_style *numbered_base(const struct docx_numbers *n,
                                              const struct docx_style *s) {
    for (int i = 0; s != NULL && i < HOPS_MAX; i++) {
        if (s->num_id >= 0) {
            return s;
        }
        s = style_named(n, s->based_on);
    }
    return NULL;
}

/* The list a num counts, through a style where the list is only a link. */
static struct list *list_of(const struct docx_numbers *n, const struct num *num) {
    struct list *list = list_find(n, num->list_id);
    if (list == NULL || list->style_link == NULL) {
        return list;
    }
    const struct docx_style *s = style_named(n, list->style_link);
    const struct num *other = s == NULL ? NULL : num_find(n, s->num_id);
    struct list *real = other == NULL ? NULL : list_find(n, other->list_id);
    return real != NULL ? real : list;
}

void docx_numbers_settle(struct docx_numbers *n) {
    if (n->list_count > 0) {
        qsort(n->lists, n->list_count, sizeof *n->lists, cmp_list);
    }
    if (n->num_count > 0) {
        qsort(n->nums, n->num_count, sizeof *n->nums, cmp_num);
    }
    if (n->style_count > 0) {
        qsort(n->styles, n->style_count, sizeof *n->styles, cmp_style);
    }
    for (size_t i = 0; i < n->num_count; i++) {
        n->nums[i].list = list_of(n, &n->nums[i]);
    }
    for (size_t i = 0; i < n->style_count && n->default_style == NULL; i++) {
        n->default_style = n->styles[i].is_default ? &n->styles[i] : NULL;
    }
}

/* --- counting --- */

/* A level as this num sees it: its own, else its list's; NULL where neither has it. */
static const struct level *level_at(const struct num *num, int i) {
    assert(i >= 0 && i < DOCX_LEVELS && num->list != NULL);
    return num->levels[i] != NULL ? num->levels[i] : num->list->levels[i];
}

/* The level a style stands for: the one that names it, else the one it names. */
static int level_of_style(const struct num *num, const struct docx_style *s) {
    for (int i = 0; i < DOCX_LEVELS; i++) {
        const struct level *level = level_at(num, i);
        if (level != NULL && level->style != NULL && strcmp(level->style, s->id) == 0) {
            return i;
        }
    }
    return s->level >= 0 ? s->level : 0;
}

/* Sets level `i` to its first number. */
static void begin(struct num *num, int i) {
    struct list *list = num->list;
    const struct level *level = level_at(num, i);
    list->count[i] = level != NULL ? level->start : 1;
    if (num->starts[i] >= 0) {
        list->count[i] = num->starts[i];
        num->starts[i] = -1; /* an override starts the list once */
    }
    list->counting[i] = true;
}

/* Counts level `at` on, begins the levels above it that nobody counted yet, ends those below. */
static void advance(struct num *num, int at) {
    struct list *list = num->list;
    for (int i = 0; i < at; i++) {
        if (!list->counting[i]) {
            begin(num, i);
        }
    }
    if (!list->counting[at] || num->starts[at] >= 0) {
        begin(num, at);
    } else if (list->count[at] < 1000000000) {
        list->count[at]++;
    }
    for (int i = at + 1; i < DOCX_LEVELS; i++) {
        const struct level *level = level_at(num, i);
        int restart = level != NULL && level->restart >= 0 ? level->restart : i;
        if (at < restart) {
            list->counting[i] = false;
        }
    }
}

/* Writes the level's text with %1 to %9 replaced by how far those levels have counted. */
static void put_text(const struct num *num, const struct level *level, struct buf *to) {
    for (const char *s = level->text; *s != '\0'; s++) {
        int i = s[0] == '%' && s[1] >= '1' && s[1] <= '9' ? s[1] - '1' : -1;
        if (i < 0) {
            buf_addc(to, *s);
            continue;
        }
        const struct level *other = level_at(num, i);
        if (other != NULL && num->list->counting[i]) {
            docx_format_put(level->legal ? "decimal" : other->format, num->list->count[i], to);
        }
        s++;
    }
}

/* A blank behind the number, unless Word puts none or a bracket or 、 parts it from the text. */
static bool wants_blank(const struct level *level, const struct buf *to) {
    static const char *const marks[] = {"、", "）", "．", "。", "，", "：", "】", "〕"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (to->len >= 3 && memcmp(to->data + to->len - 3, marks[i], 3) == 0) {
            return false;
        }
    }
    return !level->tight;
}

void docx_number_next(struct docx_numbers *n, const struct docx_style *style, int num_id, int level,
                      struct buf *to) {
    const struct docx_style *base = numbered_base(n, style);
    int id = num_id >= 0 ? num_id : base != NULL ? base->num_id : 0;
    struct num *num = id > 0 ? num_find(n, id) : NULL; /* 0 takes a style's number away */
    if (num == NULL || num->list == NULL) {
        return;
    }
    if (level < 0) {
        level = num_id < 0 ? level_of_style(num, base) : 0;
    }
    if (level >= DOCX_LEVELS || level_at(num, level) == NULL) {
        return;
    }
    advance(num, level);
    const struct level *shown = level_at(num, level);
    if (strcmp(shown->format, "bullet") == 0) {
        return;
    }
    size_t before = to->len;
    put_text(num, shown, to);
    if (to->len > before && wants_blank(shown, to)) {
        buf_addc(to, ' ');
    }
}
