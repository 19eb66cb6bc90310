/* office: a store with a plan in it, as an office has it: two areas, tasks, targets of several
 * kinds. Include behind cmocka.h. */
#ifndef TAIHU_TESTS_TRACK_OFFICE_H
#define TAIHU_TESTS_TRACK_OFFICE_H

#include "base/date.h"
#include "city/calendar.h"
#include "plan/reader.h"
#include "store/fixture.h"
#include "track/charge.h"
#include "track/evidence.h"
#include "track/item.h"
#include "track/kept.h"
#include "track/path.h"
#include "track/progress.h"
#include "track/setting.h"

static const struct schema *const office_schemas[] = {&kept_schema,     &charge_schema,
                                                      &evidence_schema, &progress_schema,
                                                      &path_schema,     &setting_schema};

#define OFFICE_HEAD                                                                                                 \
    "2021年政府工作报告\n各位代表：\n现在，我代表某市人民政府，向大会报告工作。\n" \
    "一、2021年重点工作\n今年主要预期目标是：地区生产总值增长7%以上，城镇新增就业13.5万人。\n"
#define OFFICE_FIRST                                                                               \
    "（一）着力推进创新\n"                                                                \
    "提升企业能力。上半年新增高新技术企业100家以上；完成投资13.05亿元（责任单位：市工信局）。\n"
#define OFFICE_SECOND "（二）着力改善民生\n推进安全生产。新建公园5个、口袋公园20个。\n"
static const char office_text[] = OFFICE_HEAD OFFICE_FIRST OFFICE_SECOND;

struct office {
    struct fixture f;
    struct arena arena;
    struct reader *reader;
    struct calendar *calendar;
    int64_t plan;
};

static inline int64_t office_load(struct office *o, const char *text, const char *name) {
    struct document doc = {DOCUMENT_TEXT, name, NULL, text, strlen(text)};
    struct reading r;
    struct kept_answer answer;
    o->f.err = (struct err)ERR_INIT;
    if (reader_read(o->reader, &doc, &o->arena, &r, &o->f.err) != OK) {
        fail_msg("%s", o->f.err.msg);
    }
    struct kept_request request = {.reading = &r, .actor = "u/1", .confirmed = true};
    if (kept_load(o->f.store, &request, &o->arena, &answer, &o->f.err) != OK) {
        fail_msg("%s", o->f.err.msg);
    }
    return answer.plan;
}

static inline int32_t day_of(const char *text) {
    int32_t day;
    assert_int_equal(date_parse(text, strlen(text), &day, NULL), OK);
    return day;
}

static inline struct decimal dec(const char *s) {
    struct decimal d;
    assert_true(decimal_parse_signed(s, strlen(s), &d));
    return d;
}

/* Turns the clock to 10:00 in Beijing on that day. */
static inline void office_go_to(struct office *o, const char *day) {
    o->f.now = date_start_ms(day_of(day), DATE_BEIJING_OFFSET_S) + 10 * 3600 * 1000;
}

static inline void office_init(struct office *o) {
    memset(o, 0, sizeof *o);
    fixture_init(&o->f);
    o->f.config.schemas = office_schemas;
    o->f.config.schema_count = sizeof office_schemas / sizeof office_schemas[0];
    o->arena = (struct arena)ARENA_INIT;
    o->reader = reader_new();
    o->calendar = calendar_new();
    if (calendar_load(o->calendar, TAIHU_SOURCE_DIR "/data", &o->f.err) != OK) {
        fail_msg("%s", o->f.err.msg);
    }
    office_go_to(o, "2021-03-01");
    fixture_open(&o->f);
    o->plan = office_load(o, office_text, "report.txt");
}

static inline void office_fini(struct office *o) {
    struct journal_report report;
    if (fixture_verify(&o->f, &report) != OK) {
        fail_msg("%s", o->f.err.msg);
    }
    reader_free(o->reader);
    calendar_free(o->calendar);
    arena_fini(&o->arena);
    fixture_fini(&o->f);
}

/* The task or target whose text has these words, as known now. */
static inline struct item office_item(struct office *o, enum kept_sort sort, const char *words) {
    struct kept_document document;
    struct kept_set set;
    struct item item = {o->plan, sort, 0};
    struct tx *tx = fixture_read(&o->f);
    assert_int_equal(kept_find(tx, o->plan, INT64_MAX, &o->arena, &document, &set, &o->f.err), OK);
    store_read_end(tx);
    size_t count = sort == KEPT_TASK ? set.task_count : set.target_count;
    for (size_t i = 0; i < count && item.number == 0; i++) {
        const char *text = sort == KEPT_TASK ? set.tasks[i].text : set.targets[i].indicator;
        if (strstr(text, words) != NULL) {
            item.number = sort == KEPT_TASK ? set.tasks[i].number : set.targets[i].number;
        }
    }
    if (item.number == 0) {
        fail_msg("no %s with \"%s\"", kept_sort_name(sort), words);
    }
    return item;
}

static inline int64_t office_version(struct office *o, const struct item *item) {
    int64_t version = 0;
    struct tx *tx = fixture_read(&o->f);
    assert_int_equal(item_version(tx, item, &version, &o->f.err), OK);
    store_read_end(tx);
    return version;
}

static inline int64_t office_lines(struct office *o) {
    struct tx *tx = fixture_read(&o->f);
    int64_t seq = journal_head(tx)->seq;
    store_read_end(tx);
    return seq;
}

/* The last line has this subject and kind, and the words in its payload. */
static inline void office_expect_line(struct office *o, const char *subject, const char *kind,
                                      const char *words) {
    struct journal_batch batch = JOURNAL_BATCH_INIT;
    int64_t last = office_lines(o);
    struct tx *tx = fixture_read(&o->f);
    assert_int_equal(journal_list(tx, last - 1, 1, &batch, &o->f.err), OK);
    store_read_end(tx);
    assert_string_equal(batch.line[0].subject, subject);
    assert_string_equal(batch.line[0].kind, kind);
    assert_string_equal(batch.line[0].actor, "u/7");
    if (strstr(batch.line[0].payload, words) == NULL) {
        fail_msg("expected %s in %s", words, batch.line[0].payload);
    }
    journal_batch_fini(&batch);
}

/* ---- reports ---- */

static inline enum code office_progress_job(struct tx *tx, void *data, struct err *err) {
    struct progress_added added;
    return progress_add(tx, data, &added, err);
}

/* As u/7, in the unit given, at the item's present version. */
static inline struct progress_request office_request(struct office *o, const struct item *item,
                                                     const char *value, const char *unit,
                                                     const char *as_of) {
    return (struct progress_request){.item = *item,
                                     .seen = office_version(o, item),
                                     .actor = "u/7",
                                     .value = dec(value),
                                     .unit = unit,
                                     .as_of = day_of(as_of)};
}

static inline enum code office_try_report(struct office *o, struct progress_request *r) {
    return fixture_write(&o->f, office_progress_job, r);
}

static inline void office_report(struct office *o, const struct item *item, const char *value,
                                 const char *unit, const char *as_of, int64_t supersedes) {
    struct progress_request r = office_request(o, item, value, unit, as_of);
    r.supersedes = supersedes;
    if (office_try_report(o, &r) != OK) {
        fail_msg("%s", o->f.err.msg);
    }
}

#endif
