/* Jobs that nobody waits for, and memories beside the writer: who is told what, and when; what an
 * undone job or transaction leaves. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/broken_vfs.h"
#include "store/fixture.h"
#include "store/gate.h"
#include "store/memory.h"

enum { JOBS = 8 };

/* ---- jobs that are handed over ---- */

struct handed {
    struct fixture *f;
    store_job *job;
    char text[32];
    int order; /* in which it was told, from 1; 0: never */
    enum code code;
    char words[ERR_MSG_MAX];
    bool kept; /* its note was there for others when it was told */
};

static atomic_int told;

static enum code run(struct tx *tx, void *data, struct err *err) {
    struct handed *h = data;
    return h->job(tx, h->text, err);
}

static bool is_there(struct fixture *f, const char *text) {
    static const char sql[] = "SELECT 1 FROM note WHERE text = ?1";
    struct tx *tx = fixture_read(f);
    struct query *q = query_open(tx, sql);
    query_text(q, 1, text);
    bool there = query_row(q);
    assert_int_equal(query_close(q, &f->err), OK);
    store_read_end(tx);
    return there;
}

static void done(void *data, enum code code, const struct err *err) {
    struct handed *h = data;
    h->code = code;
    snprintf(h->words, sizeof h->words, "%s", err->msg);
    h->kept = is_there(h->f, h->text);
    h->order = atomic_fetch_add(&told, 1) + 1;
}

static enum code refuse(struct tx *tx, void *text, struct err *err) {
    enum code code = add_note(tx, text, err);
    return code == OK ? err_set(err, E_INPUT, "refused: %s", (const char *)text) : code;
}

static enum code submit(struct handed *h) {
    const struct store_handed handed = {run, done, h};
    h->f->err = (struct err)ERR_INIT;
    return store_submit(h->f->store, STORE_CHANGE, &handed, &h->f->err);
}

static void ignore(void *data, enum code code, const struct err *err) {
    (void)data;
    (void)err;
    assert_int_equal(code, OK);
}

static void close_gate(struct fixture *f, struct gate *g) {
    const struct store_handed handed = {gate_hold, ignore, g};
    assert_int_equal(store_submit(f->store, STORE_HOUSEKEEPING, &handed, &f->err), OK);
    while (!atomic_load(&g->entered)) {
        sched_yield();
    }
}

static void make_jobs(struct fixture *f, struct handed *all, int failing) {
    atomic_store(&told, 0);
    for (int i = 0; i < JOBS; i++) {
        all[i] = (struct handed){.f = f, .job = i == failing ? refuse : add_note};
        snprintf(all[i].text, sizeof all[i].text, "handed-%d", i);
        assert_int_equal(submit(&all[i]), OK);
    }
}

static void each_is_told_behind_its_commit_in_order(void **state) {
    (void)state;
    struct fixture f;
    struct gate gate = {false, false};
    struct handed all[JOBS];
    struct store_stats before;
    struct store_stats after;
    fixture_init(&f);
    fixture_open(&f);
    store_stats(f.store, &before);
    close_gate(&f, &gate);
    make_jobs(&f, all, 3);
    atomic_store(&gate.open, true);
    assert_int_equal(store_stop(f.store, &f.err), OK); /* all are told by then */
    store_stats(f.store, &after);
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(all[i].order, i + 1);
        assert_int_equal(all[i].code, i == 3 ? E_INPUT : OK);
        assert_int_equal(all[i].kept, i != 3);
    }
    assert_string_equal(all[3].words, "refused: handed-3");
    assert_int_equal(after.commits - before.commits, 2); /* the gate's, and one for all */
    assert_int_equal(submit(&all[0]), E_IO);             /* it has stopped */
    assert_int_equal(atomic_load(&told), JOBS);
    fixture_fini(&f);
}

static void a_full_queue_takes_none(void **state) {
    (void)state;
    struct fixture f;
    struct gate gate = {false, false};
    struct handed all[JOBS];
    struct handed more = {.f = &f, .job = add_note, .text = "more"};
    fixture_init(&f);
    f.config.queue_max = JOBS;
    fixture_open(&f);
    close_gate(&f, &gate);
    make_jobs(&f, all, -1);
    assert_int_equal(submit(&more), E_BUSY);
    atomic_store(&gate.open, true);
    assert_int_equal(store_stop(f.store, &f.err), OK);
    assert_int_equal(more.order, 0);
    assert_int_equal(atomic_load(&told), JOBS);
    fixture_fini(&f);
}

static void a_failed_commit_is_told_to_all(void **state) {
    (void)state;
    struct fixture f;
    struct gate gate = {false, false};
    struct handed all[JOBS];
    struct broken b;
    broken_init(&b, "submit");
    fixture_init(&f);
    f.config.vfs = "submit";
    fixture_open(&f);
    close_gate(&f, &gate);
    make_jobs(&f, all, 2);
    broken_set(&b, BROKEN_SYNC, 1, false, SQLITE_IOERR_FSYNC);
    atomic_store(&gate.open, true);
    (void)store_stop(f.store, &f.err);
    for (int i = 0; i < JOBS; i++) {
        assert_int_not_equal(all[i].code, OK);
        assert_false(all[i].kept);
    }
    assert_non_null(strstr(all[1].words, "cannot commit to "));
    assert_string_equal(all[2].words, "refused: handed-2");
    fixture_fini(&f);
    broken_fini(&b);
}

/* ---- memories ---- */

/* Texts that wait until the end of the transaction to become notes. */
struct waiting {
    char text[16][32];
    size_t count, kept, written, kept_written;
    bool fails;
    int ended, lost, recovered, snapshots;
    size_t resting; /* texts that become notes while nobody writes */
};

static struct waiting waiting; /* what make() gives: a test looks at it */

static void *make(void) {
    memset(&waiting, 0, sizeof waiting);
    return &waiting;
}

static void unmake(void *memory) {
    (void)memory;
}

static void keep(void *memory) {
    struct waiting *w = memory;
    w->kept = w->count;
    w->kept_written = w->written;
}

static void undo(void *memory) {
    struct waiting *w = memory;
    w->count = w->kept;
    w->written = w->kept_written;
}

static enum code flush(struct tx *tx, void *memory, struct err *err) {
    struct waiting *w = memory;
    enum code code = w->fails ? err_set(err, E_IO, "cannot flush") : OK;
    for (; w->written < w->count && code == OK; w->written++) {
        struct query *q = query_open(tx, SQL_ADD_NOTE);
        query_text(q, 1, w->text[w->written]);
        code = query_run(q, err);
    }
    return code;
}

static void end(void *memory, bool on_disk) {
    struct waiting *w = memory;
    w->ended += on_disk;
    w->lost += !on_disk;
    w->count = w->kept = w->written = w->kept_written = 0;
}

static enum code recover(struct tx *tx, void *memory, struct err *err) {
    struct waiting *w = memory;
    struct query *q = query_open(tx, SQL_ADD_NOTE);
    char text[32];
    snprintf(text, sizeof text, "recovered by %p", memory);
    w->recovered++;
    query_text(q, 1, text);
    return query_run(q, err);
}

static bool waits(const void *memory) {
    return ((const struct waiting *)memory)->resting > 0;
}

static enum code rest(struct tx *tx, void *memory, struct err *err) {
    struct waiting *w = memory;
    struct query *q = query_open(tx, SQL_ADD_NOTE);
    char text[32];
    snprintf(text, sizeof text, "rested %zu", w->resting--);
    query_text(q, 1, text);
    return query_run(q, err);
}

static void enter(void *memory, struct memory_view *view) {
    struct waiting *w = memory;
    view->since = ++w->snapshots;
}

static void leave(void *memory, struct memory_view *view) {
    struct waiting *w = memory;
    assert_int_equal(view->since, w->snapshots--);
}

static const struct memory_kind KIND = {.make = make,
                                        .free = unmake,
                                        .keep = keep,
                                        .undo = undo,
                                        .flush = flush,
                                        .close = flush,
                                        .end = end};
static const struct memory_kind RESTING = {.make = make,
                                           .free = unmake,
                                           .recover = recover,
                                           .keep = keep,
                                           .undo = undo,
                                           .end = end,
                                           .waits = waits,
                                           .rest = rest,
                                           .enter = enter,
                                           .leave = leave};
static const struct schema with_memory = {"note", note_migrations, 1, &KIND};
static const struct schema *const with_memories[] = {&with_memory};
static const struct schema resting = {"note", note_migrations, 1, &RESTING};
static const struct schema *const resting_schemas[] = {&resting};

/* "x": waits; "x!": waits, and the job fails; "x?": waits, is flushed within the job; "x?!" */
static enum code put(struct tx *tx, void *text, struct err *err) {
    struct waiting *w = memory_of(tx, &KIND);
    const char *s = text;
    snprintf(w->text[w->count++], sizeof w->text[0], "%s", s);
    enum code code = strchr(s, '?') == NULL ? OK : memory_flush(tx, err);
    return code == OK && strchr(s, '!') != NULL ? err_set(err, E_INPUT, "refused") : code;
}

static void what_waits_is_written_with_the_commit_and_needs_no_line(void **state) {
    (void)state;
    struct fixture f;
    struct gate gate = {false, false};
    const char *texts[] = {"a", "b!", "c", "d?", "e?!", "f"};
    struct handed all[6];
    fixture_init(&f);
    f.config.schemas = with_memories;
    fixture_open(&f);
    close_gate(&f, &gate);
    for (size_t i = 0; i < 6; i++) {
        all[i] = (struct handed){.f = &f, .job = put};
        snprintf(all[i].text, sizeof all[i].text, "%s", texts[i]);
        assert_int_equal(submit(&all[i]), OK);
    }
    atomic_store(&gate.open, true);
    assert_int_equal(store_stop(f.store, &f.err), OK);
    for (size_t i = 0; i < 6; i++) {
        bool fails = strchr(texts[i], '!') != NULL;
        assert_int_equal(all[i].code, fails ? E_INPUT : OK);
        assert_int_equal(is_there(&f, texts[i]), !fails); /* "c" too, which "e" had flushed */
    }
    assert_int_equal(fixture_notes(&f), 4);
    fixture_fini(&f);
}

static void a_flush_that_fails_keeps_nothing(void **state) {
    (void)state;
    struct fixture f;
    char text[] = "a";
    char other[] = "b";
    fixture_init(&f);
    f.config.schemas = with_memories;
    fixture_open(&f);
    assert_int_equal(fixture_write(&f, put, text), OK);
    waiting.fails = true;
    assert_int_equal(fixture_write(&f, put, other), E_IO);
    assert_says(&f, "cannot flush");
    assert_int_equal(waiting.lost, 1);
    waiting.fails = false;
    assert_int_equal(fixture_write(&f, put, other), OK);
    assert_int_equal(fixture_notes(&f), 2);
    fixture_fini(&f);
}

static void a_snapshot_enters_and_leaves(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    f.config.schemas = resting_schemas;
    fixture_open(&f);
    struct tx *tx = fixture_read(&f);
    struct tx *other = fixture_read(&f);
    assert_ptr_equal(memory_of(tx, &RESTING), &waiting);
    assert_null(memory_of(tx, &KIND));
    assert_int_equal(memory_view_of(tx, &RESTING)->since, 1);
    assert_int_equal(memory_view_of(other, &RESTING)->since, 2);
    assert_int_equal(memory_flush(tx, &f.err), OK);
    store_read_end(other);
    store_read_end(tx);
    assert_int_equal(waiting.snapshots, 0);
    fixture_fini(&f);
}

static enum code leave_three(struct tx *tx, void *data, struct err *err) {
    struct waiting *w = memory_of(tx, &RESTING);
    (void)data;
    (void)err;
    w->resting = 3;
    return OK;
}

static void what_was_left_becomes_rows_when_it_opens_and_the_rest_when_it_stops(void **state) {
    (void)state;
    struct fixture f;
    char text[32];
    fixture_init(&f);
    f.config.schemas = resting_schemas;
    fixture_open(&f);
    assert_int_equal(waiting.recovered, 1);
    assert_int_equal(fixture_notes(&f), 1);
    snprintf(text, sizeof text, "recovered by %p", (void *)&waiting);
    assert_true(is_there(&f, text));
    assert_int_equal(store_write(f.store, STORE_CHANGE, leave_three, NULL, &f.err), OK);
    assert_int_equal(store_stop(f.store, &f.err), OK);
    assert_int_equal(waiting.resting, 0);
    assert_true(is_there(&f, "rested 3") && is_there(&f, "rested 1"));
    assert_int_equal(fixture_notes(&f), 4);
    fixture_fini(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_told_behind_its_commit_in_order),
        cmocka_unit_test(a_full_queue_takes_none),
        cmocka_unit_test(a_failed_commit_is_told_to_all),
        cmocka_unit_test(what_waits_is_written_with_the_commit_and_needs_no_line),
        cmocka_unit_test(a_flush_that_fails_keeps_nothing),
        cmocka_unit_test(a_snapshot_enters_and_leaves),
        cmocka_unit_test(what_was_left_becomes_rows_when_it_opens_and_the_rest_when_it_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
