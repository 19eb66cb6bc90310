/* The four writers of write.h, on a reading built by hand. */
#include "plan/write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan/column.h"

/* "计划" (plan), a title, a task with a quote in it, a clause with a comma. */
static const char text[] =
    "计划\n一、创新\n做\"强\"产业,新增13.5万人"
    "\n这一句话比表格里最后一栏还要长所以在表格里一定会被截断而在别处则一字不少";

struct fixture {
    struct reading r;
    struct section sections[1];
    struct area areas[1];
    struct measure measures[1];
    struct span actions[1];
    struct responsible responsible[2];
    struct task tasks[1];
    struct figure targets[3];
    struct figure outcomes[1];
};

static struct span span_of(const char *words) {
    const char *at = strstr(text, words);
    assert_non_null(at);
    uint32_t from = (uint32_t)(at - text);
    return (struct span){from, from + (uint32_t)strlen(words)};
}

static struct figure jobs_target(void) {
    return (struct figure){
        .id = "t1",
        .text = span_of("新增13.5万人"),
        .indicator = span_of("产业"),
        .has_value = true,
        .value = {135, 1},
        .unit = "万人",
        .has_base = true,
        .base_value = {135000, 0},
        .base_unit = "人",
        .comparator = COMPARATOR_GE,
        .kind = KIND_NEW,
        .area = 1,
        .task = 0,
    };
}

static void fill_tree(struct fixture *f) {
    uint32_t end = sizeof text - 1;
    f->sections[0] = (struct section){SECTION_PLAN, {0, 0}, {0, end}};
    f->areas[0] = (struct area){1, span_of("创新"), {7, end}, 0, 1};
    f->measures[0] = (struct measure){span_of("做\"强\"产业"), {20, end}, 0, 1};
    f->actions[0] = span_of("做\"强\"产业");
    f->responsible[0] = (struct responsible){"市商务局", PART_LEAD, OWNER_PROPOSED, {85, 2}};
    f->responsible[1] = (struct responsible){"市财政局", PART_NONE, OWNER_DOCUMENT, {1, 0}};
    f->tasks[0] = (struct task){
        "1.1.1", span_of("做\"强\"产业"), f->actions, 1, f->responsible, 2, "2021-06-30"};
}

static void fill_figures(struct fixture *f) {
    f->targets[0] = jobs_target();
    f->targets[1] = jobs_target();
    f->targets[1].has_max = true;
    f->targets[1].value_max = decimal_of(14);
    f->targets[1].comparator = COMPARATOR_NONE;
    f->targets[1].horizon = "2025";
    f->targets[2] = (struct figure){.id = "t3",
                                    .text = span_of("做\"强\"产业"),
                                    .indicator = span_of("产业"),
                                    .kind = KIND_QUALITATIVE,
                                    .overall = true,
                                    .task = -1};
    f->outcomes[0] = jobs_target();
    memcpy(f->outcomes[0].id, "o1", 3);
    f->outcomes[0].period = "2020";
}

static void setup(struct fixture *f) {
    memset(f, 0, sizeof *f);
    fill_tree(f);
    fill_figures(f);
    f->r = (struct reading){
        .doc = {DOCUMENT_TEXT, "a,b.txt", NULL, text, sizeof text - 1},
        .title_text = "计划",
        .issued = "",
        .year = 2021,
        .sections = f->sections,
        .section_count = 1,
        .areas = f->areas,
        .area_count = 1,
        .measures = f->measures,
        .measure_count = 1,
        .tasks = f->tasks,
        .task_count = 1,
        .targets = f->targets,
        .target_count = 3,
        .outcomes = f->outcomes,
        .outcome_count = 1,
    };
}

static void expect_has(const struct buf *b, const char *part) {
    if (strstr(b->data, part) == NULL) {
        fail_msg("expected %s in %s", part, b->data);
    }
}

/* ---- JSON ---- */

static void json_holds_what_the_schema_says(void **state) {
    (void)state;
    struct fixture f;
    struct buf b = BUF_INIT;
    setup(&f);
    write_reading_json(&f.r, 0, &b);
    expect_has(&b, "{\"document\":{\"file\":\"a,b.txt\",\"title\":\"计划\",\"issuer\":null,"
                   "\"index_no\":null,\"issued\":null,\"year\":2021,\"bytes\":");
    expect_has(&b, "\"sections\":[{\"title\":null,\"role\":\"plan\",\"span\":[0,");
    expect_has(&b, "\"areas\":[{\"no\":1,\"title\":\"创新\",\"span\":[7,");
    expect_has(&b, "{\"id\":\"1.1.1\",\"text\":\"做\\\"强\\\"产业\",\"span\":[");
    expect_has(&b, "{\"name\":\"市商务局\",\"role\":\"lead\",\"source\":\"proposed\","
                   "\"confidence\":0.85}");
    expect_has(&b, "{\"name\":\"市财政局\",\"source\":\"document\",\"confidence\":1}");
    expect_has(&b, "\"deadline\":\"2021-06-30\"");
    assert_null(strchr(b.data, '\n'));
    buf_fini(&b);
}

static void json_figures(void **state) {
    (void)state;
    struct fixture f;
    struct buf b = BUF_INIT;
    setup(&f);
    write_reading_json(&f.r, 0, &b);
    expect_has(&b, "\"indicator\":\"产业\",\"value\":13.5,\"value_max\":null,\"unit\":\"万人\","
                   "\"quantity\":{\"value\":135000,\"unit\":\"人\"},\"comparator\":\"ge\","
                   "\"kind\":\"new\",\"overall\":false,\"spelled\":false,\"horizon\":null,"
                   "\"period\":null,\"area\":1,\"task\":\"1.1.1\"}");
    expect_has(&b, "\"value\":13.5,\"value_max\":14,");
    expect_has(&b, "\"comparator\":null,");
    expect_has(&b, "\"horizon\":\"2025\"");
    expect_has(&b, "\"value\":null,\"value_max\":null,\"unit\":null,\"quantity\":null,"
                   "\"comparator\":null,\"kind\":\"qualitative\",\"overall\":true");
    expect_has(&b, "\"area\":null,\"task\":null}");
    expect_has(&b, "\"period\":\"2020\"");
    buf_fini(&b);
}

static void json_of_judgements(void **state) {
    (void)state;
    struct fixture f;
    struct buf b = BUF_INIT;
    setup(&f);
    const struct judgement j[] = {
        {&f.targets[0], VERDICT_MET, &f.r, &f.outcomes[0], "达到", "reached"},
        {&f.targets[1], VERDICT_NOT_REPORTED, NULL, NULL, "未见", "not seen"},
    };
    write_judgements_json(&f.r, j, 2, 0, &b);
    expect_has(&b, "[{\"target\":{\"id\":\"t1\"");
    expect_has(&b, "\"outcome\":{\"id\":\"o1\"");
    expect_has(&b, "\"verdict\":\"met\",\"why\":\"达到\",\"why_en\":\"reached\","
                   "\"place\":{\"file\":\"a,b.txt\",\"title\":\"计划\",\"span\":[");
    expect_has(&b, "\"outcome\":null,\"verdict\":\"not_reported\",\"why\":\"未见\","
                   "\"why_en\":\"not seen\",\"place\":null}]");
    buf_fini(&b);
}

static void an_empty_reading_is_whole(void **state) {
    (void)state;
    struct buf b = BUF_INIT;
    struct reading r = {.doc = {DOCUMENT_TEXT, "x", NULL, "", 0}};
    write_reading_json(&r, 0, &b);
    expect_has(&b, "\"year\":null,\"bytes\":0},\"sections\":[],\"areas\":[],\"targets\":[],"
                   "\"outcomes\":[]}");
    buf_clear(&b);
    write_reading_table(&r, &b);
    expect_has(&b, "(no title)");
    buf_clear(&b);
    write_judgements_table(&r, NULL, 0, &b);
    expect_has(&b, "all");
    buf_fini(&b);
}

/* ---- CSV ---- */

static void csv_quotes_what_must_be(void **state) {
    (void)state;
    struct fixture f;
    struct buf b = BUF_INIT;
    setup(&f);
    write_reading_csv(&f.r, true, &b);
    assert_int_equal(strncmp(b.data, "file,list,id,area,", 18), 0);
    expect_has(&b, "\r\n\"a,b.txt\",target,t1,1,创新,1.1.1,产业,ge,13.5,,万人,135000,人,new,");
    expect_has(&b, ",\"做\"\"强\"\"产业\"\r\n");
    expect_has(&b, "\r\n\"a,b.txt\",outcome,o1,");
    buf_fini(&b);
}

/* Counts fields as RFC 4180 has them. */
static size_t fields_of(const char *row) {
    size_t n = 1;
    bool quoted = false;
    for (; *row != '\0' && (quoted || *row != '\r'); row++) {
        quoted ^= *row == '"';
        n += !quoted && *row == ',';
    }
    return n;
}

static void csv_rows_have_a_field_for_each_column(void **state) {
    (void)state;
    struct fixture f;
    struct buf b = BUF_INIT;
    setup(&f);
    write_reading_csv(&f.r, true, &b);
    size_t columns = fields_of(b.data);
    size_t rows = 0;
    for (const char *row = b.data; *row != '\0'; row = strstr(row, "\r\n") + 2) {
        assert_int_equal(fields_of(row), columns);
        rows++;
    }
    assert_int_equal(rows, 1 + 3 + 1);
    buf_clear(&b);
    write_reading_csv(&f.r, false, &b);
    assert_int_equal(strncmp(b.data, "\"a,b.txt\",target", 16), 0);
    buf_fini(&b);
}

/* ---- tables ---- */

static void no_line_is_wider_than_the_table(void **state) {
    (void)state;
    struct fixture f;
    struct buf b = BUF_INIT;
    setup(&f);
    f.targets[2].text = span_of("这一句话比表格里最后一栏还要长所以在表格里一定会被截断");
    f.targets[2].indicator = f.targets[2].text;
    f.outcomes[0].text = f.targets[2].text;
    const struct judgement j[] = {
        {&f.targets[0], VERDICT_MET, &f.r, &f.outcomes[0], "", ""},
        {&f.targets[2], VERDICT_NOT_COMPARABLE, NULL, NULL, "", ""},
    };
    write_reading_table(&f.r, &b);
    write_judgements_table(&f.r, j, 2, &b);
    for (const char *line = b.data; *line != '\0';) {
        size_t n = strcspn(line, "\n");
        assert_true(column_width(line, n) <= 120);
        assert_true(n == 0 || line[n - 1] != ' ');
        line += n + 1;
    }
    expect_has(&b, "≥13.5万人");
    expect_has(&b, "13.5-14万人");
    buf_fini(&b);
}

static void the_scoreboard_counts(void **state) {
    (void)state;
    struct fixture f;
    struct buf b = BUF_INIT;
    setup(&f);
    const struct judgement j[] = {
        {&f.targets[0], VERDICT_MET, &f.r, &f.outcomes[0], "", ""},
        {&f.targets[1], VERDICT_MISSED, &f.r, &f.outcomes[0], "", ""},
        {&f.targets[2], VERDICT_MET, NULL, NULL, "", ""},
    };
    write_judgements_table(&f.r, j, 3, &b);
    expect_has(&b, "✓ met                 2   67 %\n");
    expect_has(&b, "✗ missed              1   33 %\n");
    expect_has(&b, "? not comparable      0    0 %\n");
    expect_has(&b, "all                   3\n");
    expect_has(&b, "main expected targets");
    expect_has(&b, "1 创新");
    buf_fini(&b);
}

static void columns_align_and_cut(void **state) {
    (void)state;
    static const struct {
        const char *in;
        int width;
        const char *out;
    } samples[] = {
        {"abc", 5, "abc  "},    {"产业", 5, "产业 "}, {"产业链", 6, "产业链"},
        {"产业链", 5, "产..."}, {"a\nb", 4, "a b "},  {"", 3, "   "},
    };
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        buf_clear(&b);
        column_put(&b, samples[i].in, strlen(samples[i].in), samples[i].width);
        assert_int_equal(column_width(b.data, b.len), samples[i].width);
        assert_string_equal(b.data, samples[i].out);
    }
    buf_clear(&b);
    column_put_right(&b, "产业", strlen("产业"), 6);
    assert_string_equal(b.data, "  产业");
    buf_fini(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_holds_what_the_schema_says),
        cmocka_unit_test(json_figures),
        cmocka_unit_test(json_of_judgements),
        cmocka_unit_test(an_empty_reading_is_whole),
        cmocka_unit_test(csv_quotes_what_must_be),
        cmocka_unit_test(csv_rows_have_a_field_for_each_column),
        cmocka_unit_test(no_line_is_wider_than_the_table),
        cmocka_unit_test(the_scoreboard_counts),
        cmocka_unit_test(columns_align_and_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
