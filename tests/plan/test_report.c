/* The page that report.h writes: whatever a document says and wherever spans lie, the page is well
 * formed, holds the document's own text, and leads from each target to its sentence and back.
 *
 * Readings are built by hand: a text, and spans found by the words they hold. */
#include "plan/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- building ---- */

enum { FIGURES = 64 };

struct fixture {
    struct reading plan;
    struct reading outcome;
    struct area areas[2];
    struct measure measures[2];
    struct task tasks[4];
    struct figure targets[FIGURES];
    struct figure outcomes[FIGURES];
    struct judgement judgements[FIGURES];
    size_t judgement_count;
};

static struct document text_document(const char *name, const char *text) {
    return (struct document){.name = name, .text = text, .len = strlen(text)};
}

static void setup(struct fixture *f, const char *text) {
    memset(f, 0, sizeof *f);
    f->plan.doc = text_document("some/where/plan.txt", text);
    f->plan.areas = f->areas;
    f->plan.measures = f->measures;
    f->plan.tasks = f->tasks;
    f->plan.targets = f->targets;
    f->outcome.outcomes = f->outcomes;
}

static struct span span_of(const struct document *doc, const char *words) {
    const char *at = strstr(doc->text, words);
    assert_non_null(at);
    uint32_t from = (uint32_t)(at - doc->text);
    return (struct span){from, from + (uint32_t)strlen(words)};
}

static struct figure *add_target(struct fixture *f, struct span text, struct span number) {
    struct figure *t = &f->targets[f->plan.target_count++];
    snprintf(t->id, sizeof t->id, "t%zu", f->plan.target_count);
    t->text = text;
    t->number = number;
    t->indicator = text;
    t->has_value = true;
    t->value = decimal_of(7);
    t->unit = "%";
    t->kind = KIND_GROWTH_RATE;
    t->task = -1;
    return t;
}

static struct figure *add_target_of(struct fixture *f, const char *clause, const char *number) {
    return add_target(f, span_of(&f->plan.doc, clause), span_of(&f->plan.doc, number));
}

static struct judgement *judge(struct fixture *f, size_t target, enum verdict verdict) {
    struct judgement *j = &f->judgements[f->judgement_count++];
    *j = (struct judgement){
        .target = &f->targets[target], .verdict = verdict, .why = "因为", .why_en = "because"};
    return j;
}

static void quote(struct fixture *f, struct judgement *j, const char *clause, const char *number) {
    struct figure *o = &f->outcomes[f->outcome.outcome_count++];
    snprintf(o->id, sizeof o->id, "o%zu", f->outcome.outcome_count);
    o->text = span_of(&f->outcome.doc, clause);
    o->number = span_of(&f->outcome.doc, number);
    o->has_value = true;
    o->value = decimal_of(8);
    o->unit = "%";
    j->outcome = o;
    j->where = &f->outcome;
}

static void write_page(const struct fixture *f, struct buf *page) {
    size_t outcomes = f->outcome.doc.text != NULL ? 1 : 0;
    report_write(&f->plan, &f->outcome, outcomes, f->judgements, f->judgement_count, page);
}

/* ---- reading the page ---- */

static size_t count(const char *page, const char *words) {
    size_t n = 0;
    for (const char *at = page; (at = strstr(at, words)) != NULL; at += strlen(words)) {
        n++;
    }
    return n;
}

static void assert_has(const struct buf *page, const char *words) {
    if (strstr(page->data, words) == NULL) {
        fail_msg("the page lacks: %s", words);
    }
}

static void assert_lacks(const struct buf *page, const char *words) {
    if (strstr(page->data, words) != NULL) {
        fail_msg("the page has: %s", words);
    }
}

struct tag {
    char name[16];
    bool is_end;
    bool is_void;
};

/* The tag at `s`, which points at "<"; returns what follows its ">". */
static const char *read_tag(const char *s, struct tag *tag) {
    size_t n = 0;
    tag->is_end = s[1] == '/';
    for (s += tag->is_end ? 2 : 1; *s != '>' && *s != ' ' && *s != '/'; s++) {
        assert_true(*s != '\0' && n < sizeof tag->name - 1);
        tag->name[n++] = *s;
    }
    tag->name[n] = '\0';
    bool quoted = false;
    for (; quoted || *s != '>'; s++) {
        assert_true(*s != '\0');
        quoted ^= *s == '"';
        assert_true(!quoted || *s != '<');
    }
    tag->is_void = s[-1] == '/' || strcmp(tag->name, "meta") == 0 ||
                   strcmp(tag->name, "input") == 0 || strcmp(tag->name, "!doctype") == 0;
    return s + 1;
}

/* Every element ends, and in its turn; no link stands in a link. */
static void assert_well_formed(const char *page) {
    static char open[512][16];
    size_t depth = 0;
    int links = 0;
    for (const char *s = page; (s = strchr(s, '<')) != NULL;) {
        struct tag tag;
        s = read_tag(s, &tag);
        bool is_link = strcmp(tag.name, "a") == 0;
        if (tag.is_end) {
            assert_true(depth > 0);
            assert_string_equal(tag.name, open[--depth]);
            links -= is_link;
        } else if (!tag.is_void) {
            assert_true(depth < 512);
            memcpy(open[depth++], tag.name, sizeof tag.name);
            links += is_link;
            assert_in_range(links, 0, 1);
        }
        bool is_raw =
            !tag.is_end && (strcmp(tag.name, "style") == 0 || strcmp(tag.name, "script") == 0);
        s = is_raw ? strstr(s, "</") : s;
    }
    assert_int_equal(depth, 0);
}

static const char *skip_reference(const char *s, char *c) {
    static const struct {
        const char *name;
        char c;
    } references[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&#39;", '\''}};
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        size_t n = strlen(references[i].name);
        if (strncmp(s, references[i].name, n) == 0) {
            *c = references[i].c;
            return s + n;
        }
    }
    fail_msg("an unknown reference: %.10s", s);
    return NULL;
}

/* What document `no` says in the page, without tags and line feeds. */
static void shown_text(const char *page, int no, struct buf *to) {
    char id[32];
    snprintf(id, sizeof id, "id=\"doc-%d\"", no);
    const char *s = strstr(page, id);
    assert_non_null(s);
    s = strstr(s, "<div class=\"text\" lang=\"zh\">");
    assert_non_null(s);
    const char *end = strstr(s, "</div>");
    while (s < end) {
        char c = *s;
        if (c == '<') {
            struct tag tag;
            s = read_tag(s, &tag);
            continue;
        }
        s = c == '&' ? skip_reference(s, &c) : s + 1;
        if (c != '\n') {
            buf_addc(to, c);
        }
    }
}

static void assert_shows(const struct buf *page, int no, const char *text) {
    struct buf shown = BUF_INIT;
    struct buf expected = BUF_INIT;
    shown_text(page->data, no, &shown);
    for (; *text != '\0'; text++) {
        if (*text != '\n') {
            buf_addc(&expected, *text);
        }
    }
    buf_addc(&expected, '.');
    buf_addc(&shown, '.');
    assert_string_equal(shown.data, expected.data);
    buf_fini(&shown);
    buf_fini(&expected);
}

/* Each target stands once, leads to its sentence, and is led to from there. */
static void assert_linked(const struct fixture *f, const struct buf *page) {
    static const struct {
        const char *format;
        bool once;
    } links[] = {{"<li class=\"target\" id=\"%s\"", true},
                 {"<a class=\"what\" href=\"#s-%s\"", true},
                 {" id=\"s-%s\"", true},
                 {"href=\"#%s\" data-target", false}};
    for (size_t i = 0; i < f->plan.target_count; i++) {
        for (size_t k = 0; k < sizeof links / sizeof links[0]; k++) {
            char words[96];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            snprintf(words, sizeof words, links[k].format, f->targets[i].id);
#pragma GCC diagnostic pop
            size_t n = count(page->data, words);
            if (n == 0 || (links[k].once && n != 1)) {
                fail_msg("%zu times in the page: %s", n, words);
            }
        }
    }
}

static void assert_sound(const struct fixture *f, const struct buf *page) {
    assert_well_formed(page->data);
    assert_linked(f, page);
    assert_shows(page, 0, f->plan.doc.text);
    if (f->outcome.doc.text != NULL) {
        assert_shows(page, 1, f->outcome.doc.text);
    }
}

/* ---- escaping ---- */

static void a_document_never_acts(void **state) {
    (void)state;
    static const char hostile[] =
        "<img src=x onerror=alert(1)>增长7%</script></style></div>&lt;&amp;'\"><!--";
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, hostile);
    f.plan.title_text = hostile;
    f.plan.issuer = hostile;
    f.plan.index_no = hostile;
    struct figure *t = add_target_of(&f, "增长7%</script>", "7%<");
    t->unit = hostile;
    t->horizon = hostile;
    f.outcome.doc = text_document("<b>'\".txt", hostile);
    struct judgement *j = judge(&f, 0, VERDICT_MET);
    quote(&f, j, "增长7%</script>", "7%");
    j->why = j->why_en = hostile;
    write_page(&f, &page);
    assert_sound(&f, &page);
    assert_lacks(&page, "<img");
    assert_lacks(&page, "<!--");
    assert_lacks(&page, "\"><b>'");
    assert_has(&page, "&lt;b&gt;&#39;&quot;.txt");
    assert_int_equal(count(page.data, "</script>"), 1);
    assert_int_equal(count(page.data, "</style>"), 1);
    assert_has(&page, "&lt;/script&gt;");
    assert_has(&page, "&amp;lt;&amp;amp;&#39;&quot;&gt;");
    buf_fini(&page);
}

static void control_characters_are_replaced(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "甲\x01乙\x1B丙\x7F丁\t戊");
    write_page(&f, &page);
    assert_has(&page, "<p>甲\xEF\xBF\xBD乙\xEF\xBF\xBD丙\xEF\xBF\xBD丁\t戊</p>");
    buf_fini(&page);
}

static void a_file_name_may_be_any_bytes(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "文");
    f.plan.doc.name = "/a/path/\xFFname\xC3";
    write_page(&f, &page);
    assert_has(&page, "\xEF\xBF\xBDname\xEF\xBF\xBD");
    assert_lacks(&page, "\xFF");
    assert_lacks(&page, "/a/path");
    buf_fini(&page);
}

/* ---- spans ---- */

static void a_clause_is_marked_and_its_number_linked(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "生产总值增长7%;就业");
    add_target_of(&f, "生产总值增长7%", "7%");
    write_page(&f, &page);
    assert_sound(&f, &page);
    assert_has(&page,
               "<p><mark class=\"none\" id=\"s-t1\">生产总值增长"
               "<a class=\"figure none\" href=\"#t1\" data-target=\"t1\">7%</a></mark>;就业</p>");
    buf_fini(&page);
}

static void a_clause_without_a_number_is_its_own_link(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "外贸稳中提质。");
    struct figure *t = add_target_of(&f, "外贸稳中提质", "外贸");
    t->number = (struct span){0, 0};
    t->has_value = false;
    t->kind = KIND_QUALITATIVE;
    write_page(&f, &page);
    assert_sound(&f, &page);
    assert_has(&page, "data-target=\"t1\">外贸稳中提质</a></mark>。</p>");
    buf_fini(&page);
}

static void adjacent_clauses_close_before_the_next_opens(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "甲1个乙2个");
    add_target_of(&f, "甲1个", "1个");
    add_target_of(&f, "乙2个", "2个");
    write_page(&f, &page);
    assert_sound(&f, &page);
    assert_has(&page, ">1个</a></mark><mark class=\"none\" id=\"s-t2\">乙");
    buf_fini(&page);
}

static void overlapping_clauses_are_split(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "一二三1四五六2");
    add_target_of(&f, "一二三1四", "1");
    add_target_of(&f, "三1四五六2", "2");
    write_page(&f, &page);
    assert_sound(&f, &page);
    assert_has(&page, "四</mark></mark><mark class=\"none\" data-rest=\"s-t2\">五六");
    buf_fini(&page);
}

static void targets_with_one_number_have_a_link_each(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "甲、乙各10个。");
    add_target_of(&f, "甲、乙各10个", "10个");
    add_target_of(&f, "甲、乙各10个", "10个");
    write_page(&f, &page);
    assert_sound(&f, &page);
    assert_has(&page, "data-target=\"t1\">10个</a>");
    assert_has(&page, "data-target=\"t2\" aria-label=\"t2\"></a>");
    buf_fini(&page);
}

static void a_span_over_lines_goes_on_in_the_next_paragraph(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "甲增长\n\n7%乙");
    add_target_of(&f, "增长\n\n7%", "7%");
    write_page(&f, &page);
    assert_sound(&f, &page);
    assert_has(&page, "<p>甲<mark class=\"none\" id=\"s-t1\">增长</mark></p>\n"
                      "<p><mark class=\"none\" data-rest=\"s-t1\"><a ");
    buf_fini(&page);
}

static void a_span_in_a_blank_line_keeps_its_anchor(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "甲\n \n乙\n  ");
    add_target_of(&f, " \n", " \n");
    uint32_t end = (uint32_t)f.plan.doc.len;
    add_target(&f, (struct span){end, end}, (struct span){end, end});
    write_page(&f, &page);
    assert_well_formed(page.data);
    assert_linked(&f, &page);
    buf_fini(&page);
}

static void many_targets_in_one_clause_do_not_nest_without_end(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "各项都增长7%。");
    for (int i = 0; i < FIGURES; i++) {
        add_target_of(&f, "各项都增长7%", "7%");
    }
    write_page(&f, &page);
    assert_sound(&f, &page);
    char ends[32 * sizeof "</mark>"] = "";
    for (size_t i = 0; i < 32; i++) {
        memcpy(ends + i * strlen("</mark>"), "</mark>", sizeof "</mark>");
    }
    assert_lacks(&page, ends);
    buf_fini(&page);
}

/* A fixed sequence: every run tries the same pages. */
static uint32_t draw(uint32_t *seed, uint32_t below) {
    *seed = *seed * 1664525u + 1013904223u; /* Numerical Recipes, 2nd ed., ranqd1 */
    return (*seed >> 8) % below;
}

static struct span draw_span(uint32_t *seed, uint32_t len) {
    uint32_t from = draw(seed, len + 1);
    return (struct span){from, from + draw(seed, len - from + 1)};
}

static void any_spans_make_a_sound_page(void **state) {
    (void)state;
    static const char text[] = "abc<d&e\nfg'h\"i\nj>klmnop\nq";
    uint32_t seed = 1;
    struct fixture f;
    for (int round = 0; round < 2000; round++) {
        struct buf page = BUF_INIT;
        setup(&f, text);
        f.outcome.doc = text_document("outcome.txt", text);
        for (uint32_t n = draw(&seed, 9); n > 0; n--) {
            struct span clause = draw_span(&seed, sizeof text - 1);
            add_target(&f, clause, draw_span(&seed, sizeof text - 1));
            struct judgement *j = judge(&f, f.plan.target_count - 1, VERDICT_MET);
            quote(&f, j, "d", "d");
            f.outcomes[f.outcome.outcome_count - 1].text = draw_span(&seed, sizeof text - 1);
        }
        write_page(&f, &page);
        assert_sound(&f, &page);
        buf_fini(&page);
    }
}

/* ---- structure ---- */

static const char PLAN[] =
    "目标:总值增长7%。\n(一)创新\n做强引擎。新建基站4000个以上。办好大会。\n其他:到2025年达9%";

static void setup_plan(struct fixture *f) {
    setup(f, PLAN);
    const struct document *doc = &f->plan.doc;
    f->areas[0] = (struct area){.no = 1, .title = span_of(doc, "创新"), .measure_to = 1};
    f->measures[0] = (struct measure){.title = span_of(doc, "做强引擎"), .task_to = 2};
    snprintf(f->tasks[0].id, sizeof f->tasks[0].id, "1.1.1");
    f->tasks[0].text = span_of(doc, "新建基站4000个以上");
    snprintf(f->tasks[1].id, sizeof f->tasks[1].id, "1.1.2");
    f->tasks[1].text = span_of(doc, "办好大会");
    f->plan.area_count = f->plan.measure_count = 1;
    f->plan.task_count = 2;
    add_target_of(f, "总值增长7%", "7%")->overall = true;
    struct figure *t = add_target_of(f, "新建基站4000个以上", "4000个");
    t->value = decimal_of(4000);
    t->unit = "个";
    t->comparator = COMPARATOR_GE;
    t->area = 1;
    t->task = 0;
    add_target_of(f, "到2025年达9%", "9%")->horizon = "2025";
}

static void targets_stand_where_they_belong(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup_plan(&f);
    write_page(&f, &page);
    assert_sound(&f, &page);
    const char *overall = strstr(page.data, "<details class=\"area\" id=\"a0\"");
    const char *area = strstr(page.data, "<details class=\"area\" id=\"a1\"");
    const char *task = strstr(page.data, "href=\"#w-1.1.1\"");
    const char *next = strstr(page.data, "href=\"#w-1.1.2\"");
    const char *rest = strstr(page.data, "<details class=\"area\" id=\"a2\"");
    assert_true(overall != NULL && area > overall && task > area && next > task && rest > next);
    assert_true(strstr(page.data, "id=\"t1\"") < area);
    const char *t2 = strstr(page.data, "id=\"t2\"");
    assert_true(t2 > task && t2 < next);
    assert_true(strstr(page.data, "id=\"t3\"") > rest);
    assert_has(&page, "id=\"w-1.1.1\"");
    assert_has(&page, "≥</span><b>4000</b><span lang=\"zh\">个</span>");
    assert_has(&page, "<span lang=\"zh-Hans\">以上</span>");
    buf_fini(&page);
}

/* A task that no area holds, an area number that no area has: the target still stands once. */
static void a_target_with_a_lost_home_stands_with_the_rest(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup_plan(&f);
    f.plan.area_count = 0;
    f.targets[2].area = 7;
    write_page(&f, &page);
    assert_sound(&f, &page);
    buf_fini(&page);
}

static void responsible_bodies_say_where_they_come_from(void **state) {
    (void)state;
    struct responsible who[] = {
        {"市工信局", PART_LEAD, OWNER_DOCUMENT, {1, 0}},
        {"市科技局", PART_NONE, OWNER_PROPOSED, {625, 3}},
    };
    struct fixture f;
    struct buf page = BUF_INIT;
    setup_plan(&f);
    f.tasks[1].responsible = who;
    f.tasks[1].responsible_count = 2;
    snprintf(f.tasks[1].deadline, sizeof f.tasks[1].deadline, "2021-06-30");
    write_page(&f, &page);
    assert_sound(&f, &page);
    assert_has(&page, "<li class=\"body\"><span lang=\"zh-Hans\">牵头</span>");
    assert_has(&page, "<li class=\"body proposed\"><span lang=\"zh-Hans\">建议</span>");
    assert_has(&page, " 63%</small>"); /* half away from zero */
    assert_has(&page, "<b>2021-06-30</b>");
    buf_fini(&page);
}

static void verdicts_are_counted_and_quoted(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup_plan(&f);
    f.outcome.doc = text_document("outcome.txt", "总值增长8%,新建基站3000个");
    quote(&f, judge(&f, 0, VERDICT_MET), "总值增长8%", "8%");
    quote(&f, judge(&f, 1, VERDICT_MISSED), "新建基站3000个", "3000个");
    write_page(&f, &page);
    assert_sound(&f, &page);
    assert_has(&page, "<li class=\"met\"><b>1</b>");
    assert_has(&page, "<li class=\"missed\"><b>1</b>");
    assert_has(&page, "<li class=\"not_reported\"><b>0</b>");
    assert_has(&page, "<li class=\"none\"><b>1</b>"); /* 2025 was not judged */
    assert_has(&page, "<mark class=\"met\" id=\"e-t1\">总值增长");
    assert_has(&page, "<q lang=\"zh\"><a href=\"#e-t2\">新建基站3000个</a></q> <cite>outcome.txt");
    assert_has(&page, "<span lang=\"zh-Hans\">因为</span><span lang=\"en\">because</span>");
    assert_has(&page, "viewBox=\"0 0 3 1\"");
    buf_fini(&page);
}

static void without_outcomes_nothing_is_judged(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup_plan(&f);
    write_page(&f, &page);
    assert_lacks(&page, "class=\"badge");
    assert_lacks(&page, "<ul class=\"tiles\"");
    assert_lacks(&page, "id=\"doc-1\"");
    assert_has(&page, "<span lang=\"en\">Targets by area and kind</span>");
    buf_fini(&page);
}

static void an_empty_reading_makes_a_page(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "");
    write_page(&f, &page);
    assert_sound(&f, &page);
    assert_has(&page, "<h1 lang=\"zh\">plan.txt</h1>");
    assert_has(&page, "文件中没有读到量化目标。");
    buf_fini(&page);
}

static void outcomes_that_say_nothing_are_shown(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup_plan(&f);
    f.outcome.doc = text_document("outcome.txt", "别的事。");
    judge(&f, 0, VERDICT_NOT_REPORTED);
    write_page(&f, &page);
    assert_sound(&f, &page);
    assert_lacks(&page, "id=\"e-");
    buf_fini(&page);
}

static void the_same_reading_gives_the_same_bytes(void **state) {
    (void)state;
    struct fixture f;
    struct fixture g;
    struct buf page = BUF_INIT;
    struct buf again = BUF_INIT;
    setup_plan(&f);
    setup_plan(&g);
    g.plan.doc.name = "else/where/plan.txt";
    write_page(&f, &page);
    write_page(&g, &again);
    assert_int_equal(page.len, again.len);
    assert_memory_equal(page.data, again.data, page.len);
    buf_fini(&page);
    buf_fini(&again);
}

/* Traditional characters find simplified ones: the page carries the pairs that it needs. */
static void the_search_knows_the_characters_of_the_document(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup(&f, "無錫增長無,长");
    write_page(&f, &page);
    assert_has(&page, "data-folds=\"無无錫锡長长\"");
    buf_fini(&page);
}

static void nothing_may_load_or_run_but_what_was_built_in(void **state) {
    (void)state;
    struct fixture f;
    struct buf page = BUF_INIT;
    setup_plan(&f);
    write_page(&f, &page);
    assert_has(&page, "content=\"default-src 'none'; style-src 'sha256-");
    assert_has(&page, "; script-src 'sha256-");
    assert_lacks(&page, "unsafe-inline");
    assert_lacks(&page, "http://");
    assert_lacks(&page, "https://");
    assert_lacks(&page, " src=");
    assert_lacks(&page, " style=");
    assert_lacks(&page, " onclick=");
    buf_fini(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_never_acts),
        cmocka_unit_test(control_characters_are_replaced),
        cmocka_unit_test(a_file_name_may_be_any_bytes),
        cmocka_unit_test(a_clause_is_marked_and_its_number_linked),
        cmocka_unit_test(a_clause_without_a_number_is_its_own_link),
        cmocka_unit_test(adjacent_clauses_close_before_the_next_opens),
        cmocka_unit_test(overlapping_clauses_are_split),
        cmocka_unit_test(targets_with_one_number_have_a_link_each),
        cmocka_unit_test(a_span_over_lines_goes_on_in_the_next_paragraph),
        cmocka_unit_test(a_span_in_a_blank_line_keeps_its_anchor),
        cmocka_unit_test(many_targets_in_one_clause_do_not_nest_without_end),
        cmocka_unit_test(any_spans_make_a_sound_page),
        cmocka_unit_test(targets_stand_where_they_belong),
        cmocka_unit_test(a_target_with_a_lost_home_stands_with_the_rest),
        cmocka_unit_test(responsible_bodies_say_where_they_come_from),
        cmocka_unit_test(verdicts_are_counted_and_quoted),
        cmocka_unit_test(without_outcomes_nothing_is_judged),
        cmocka_unit_test(an_empty_reading_makes_a_page),
        cmocka_unit_test(outcomes_that_say_nothing_are_shown),
        cmocka_unit_test(the_same_reading_gives_the_same_bytes),
        cmocka_unit_test(the_search_knows_the_characters_of_the_document),
        cmocka_unit_test(nothing_may_load_or_run_but_what_was_built_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
