/* desk: a store that keeps plans, for tests of what is done with them. Include behind cmocka.h. */
#ifndef TAIHU_TESTS_TRACK_DESK_H
#define TAIHU_TESTS_TRACK_DESK_H

#include "base/buf.h"
#include "base/date.h"
#include "base/file.h"
#include "plan/reader.h"
#include "store/fixture.h"
#include "track/kept.h"

struct desk {
    struct fixture f;
    struct arena arena;
    struct reader *reader;
};

static inline void desk_init(struct desk *d, const struct schema *const *schemas, size_t count) {
    fixture_init(&d->f);
    d->f.config.schemas = schemas;
    d->f.config.schema_count = count;
    d->arena = (struct arena)ARENA_INIT;
    d->reader = reader_new();
    fixture_open(&d->f);
}

static inline void desk_fini(struct desk *d) {
    reader_free(d->reader);
    arena_fini(&d->arena);
    fixture_fini(&d->f);
}

/* Noon in Beijing. */
static inline void desk_set_day(struct desk *d, const char *day) {
    int32_t n;
    assert_int_equal(date_parse(day, strlen(day), &n, NULL), OK);
    d->f.now = date_start_ms(n, DATE_BEIJING_OFFSET_S) + INT64_C(12) * 3600 * 1000;
}

static inline int32_t day_of(const char *text) {
    int32_t day;
    assert_int_equal(date_parse(text, strlen(text), &day, NULL), OK);
    return day;
}

static inline void assert_day(int32_t got, const char *want) {
    char text[DATE_TEXT_MAX];
    assert_string_equal(date_text(got, text), want);
}

/* Keeps the text, a correction too; the plan's ID. */
static inline int64_t desk_keep(struct desk *d, const char *text) {
    struct document doc = {DOCUMENT_TEXT, "report.txt", NULL, text, strlen(text)};
    struct reading *r = arena_alloc(&d->arena, sizeof *r);
    struct kept_answer answer;
    struct kept_request request = {.reading = r, .actor = "u/1", .confirmed = true};
    d->f.err = (struct err)ERR_INIT;
    if (reader_read(d->reader, &doc, &d->arena, r, &d->f.err) != OK ||
        kept_load(d->f.store, &request, &d->arena, &answer, &d->f.err) != OK) {
        fail_msg("%s", d->f.err.msg);
    }
    return answer.plan;
}

/* The same with a file of the tree, named from its root. */
static inline int64_t desk_keep_file(struct desk *d, const char *path) {
    char whole[512];
    struct buf b = BUF_INIT;
    snprintf(whole, sizeof whole, "%s/%s", TAIHU_SOURCE_DIR, path);
    assert_int_equal(file_load(whole, 1 << 20, &b, &d->f.err), OK);
    int64_t plan = desk_keep(d, arena_dup(&d->arena, b.data, b.len));
    buf_fini(&b);
    return plan;
}

static inline int64_t desk_lines(struct desk *d) {
    struct tx *tx = fixture_read(&d->f);
    int64_t seq = journal_head(tx)->seq;
    store_read_end(tx);
    return seq;
}

/* The last line is of this subject and kind, and its payload has these words. */
static inline void assert_last_line(struct desk *d, const char *subject, const char *kind,
                                    const char *words) {
    struct journal_batch batch = JOURNAL_BATCH_INIT;
    struct tx *tx = fixture_read(&d->f);
    assert_int_equal(journal_list(tx, journal_head(tx)->seq - 1, 1, &batch, &d->f.err), OK);
    store_read_end(tx);
    assert_int_equal(batch.count, 1);
    assert_string_equal(batch.line[0].subject, subject);
    assert_string_equal(batch.line[0].kind, kind);
    if (strstr(batch.line[0].payload, words) == NULL) {
        fail_msg("expected %s in %s", words, batch.line[0].payload);
    }
    journal_batch_fini(&batch);
}

#endif
