/* The writer's queue: what shares a commit, who is told what, and many threads at once. */
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

/* A caller in a thread of its own. */
struct caller {
    struct store *store;
    store_job *job;
    char text[32];
    void *data; /* of the job; its text where NULL */
    struct err err;
    enum code code;
    pthread_t thread;
};

static void *call(void *data) {
    struct caller *c = data;
    c->err = (struct err)ERR_INIT;
    c->code =
        store_write(c->store, STORE_CHANGE, c->job, c->data == NULL ? c->text : c->data, &c->err);
    return NULL;
}

static void caller_start(struct caller *c, struct fixture *f, store_job *job, void *data) {
    c->store = f->store;
    c->job = job;
    c->data = data;
    assert_int_equal(pthread_create(&c->thread, NULL, call, c), 0);
}

static void wait_for_queue(struct fixture *f, size_t waiting) {
    struct store_stats s;
    do {
        sched_yield();
        store_stats(f->store, &s);
    } while (s.waiting != waiting);
}

enum { CALLERS = 20 };

/* One job holds the writer, then CALLERS more are queued in order, then it lets go. */
struct crowd {
    struct fixture f;
    struct gate gate;
    struct caller holder;
    struct caller caller[CALLERS];
    struct store_stats before;
    struct store_stats after;
};

static void crowd_hold(struct crowd *c) {
    store_stats(c->f.store, &c->before);
    caller_start(&c->holder, &c->f, gate_hold, &c->gate);
    while (!atomic_load(&c->gate.entered)) {
        sched_yield();
    }
}

/* `jobs` names the job of some callers; the others add a note. */
static void crowd_queue(struct crowd *c, store_job *const jobs[CALLERS]) {
    for (size_t i = 0; i < CALLERS; i++) {
        struct caller *one = &c->caller[i];
        snprintf(one->text, sizeof one->text, "caller-%zu", i);
        caller_start(one, &c->f, jobs[i] == NULL ? add_note : jobs[i], NULL);
        wait_for_queue(&c->f, i + 1);
    }
}

static void crowd_let_go(struct crowd *c) {
    atomic_store(&c->gate.open, true);
    pthread_join(c->holder.thread, NULL);
    for (size_t i = 0; i < CALLERS; i++) {
        pthread_join(c->caller[i].thread, NULL);
    }
    store_stats(c->f.store, &c->after);
    assert_int_equal(c->holder.code, OK);
}

static void crowd_init(struct crowd *c) {
    memset(c, 0, sizeof *c);
    fixture_init(&c->f);
}

static void crowd_run(struct crowd *c, store_job *const jobs[CALLERS]) {
    fixture_open(&c->f);
    crowd_hold(c);
    crowd_queue(c, jobs);
    crowd_let_go(c);
}

static bool is_there(struct fixture *f, const char *text) {
    static const char sql[] = "SELECT 1 FROM note JOIN journal ON subject = text WHERE text = ?1";
    struct tx *tx = fixture_read(f);
    struct query *q = query_open(tx, sql);
    query_text(q, 1, text);
    bool there = query_row(q);
    assert_int_equal(query_close(q, &f->err), OK);
    store_read_end(tx);
    return there;
}

static void verify(struct fixture *f, int64_t lines) {
    struct journal_report report;
    if (fixture_verify(f, &report) != OK) {
        fail_msg("%s", f->err.msg);
    }
    assert_int_equal(report.lines, lines);
}

static void what_queued_during_a_commit_shares_the_next(void **state) {
    (void)state;
    static store_job *const jobs[CALLERS] = {NULL};
    struct crowd c;
    struct broken b;
    broken_init(&b, "count");
    crowd_init(&c);
    c.f.config.vfs = "count";
    crowd_run(&c, jobs);
    for (size_t i = 0; i < CALLERS; i++) {
        assert_int_equal(c.caller[i].code, OK);
        assert_true(is_there(&c.f, c.caller[i].text));
    }
    assert_int_equal(c.after.jobs - c.before.jobs, CALLERS + 1);
    assert_int_equal(c.after.commits - c.before.commits, 2);
    b.syncs = 0;
    fixture_add(&c.f, "one more");
    assert_int_equal(b.syncs, 1); /* a commit is one fdatasync */
    verify(&c.f, 3 + CALLERS + 1);
    fixture_fini(&c.f);
    broken_fini(&b);
}

static enum code add_and_fail(struct tx *tx, void *text, struct err *err) {
    enum code code = add_note(tx, text, err);
    return code == OK ? err_set(err, E_INPUT, "refused: %s", (const char *)text) : code;
}

static enum code add_in_silence(struct tx *tx, void *text, struct err *err) {
    struct query *q = query_open(tx, SQL_ADD_NOTE);
    query_text(q, 1, text);
    return query_run(q, err);
}

static void a_failing_job_rolls_back_alone(void **state) {
    (void)state;
    static store_job *const jobs[CALLERS] = {
        [0] = add_and_fail, [7] = add_and_fail, [12] = add_in_silence, [19] = add_and_fail};
    struct crowd c;
    crowd_init(&c);
    crowd_run(&c, jobs);
    for (size_t i = 0; i < CALLERS; i++) {
        struct caller *one = &c.caller[i];
        assert_int_equal(one->code == OK, jobs[i] == NULL);
        assert_int_equal(is_there(&c.f, one->text), jobs[i] == NULL);
    }
    assert_string_equal(c.caller[7].err.msg, "refused: caller-7");
    assert_non_null(strstr(c.caller[12].err.msg, "no journal line"));
    assert_int_equal(c.after.failed - c.before.failed, 4);
    assert_int_equal(c.after.commits - c.before.commits, 2);
    verify(&c.f, 3 + CALLERS - 4);
    fixture_fini(&c.f);
}

/* SQLite itself rolls the whole transaction back, as it does when a disk is full. */
static enum code end_all(struct tx *tx, void *text, struct err *err) {
    static const char sql[] = "INSERT OR ROLLBACK INTO note (text) VALUES (?1)";
    enum code code = add_note(tx, text, err);
    if (code != OK) {
        return code;
    }
    struct query *q = query_open(tx, sql);
    query_text(q, 1, text);
    return query_run(q, err);
}

/* So it does, and the job passes it over and writes on: each write would be its own commit. */
static enum code end_all_and_go_on(struct tx *tx, void *text, struct err *err) {
    struct err ignored = ERR_INIT;
    (void)err;
    assert_int_not_equal(end_all(tx, text, &ignored), OK);
    ignored = (struct err)ERR_INIT;
    assert_int_equal(add_note(tx, text, &ignored), E_IO);
    assert_non_null(strstr(ignored.msg, "an earlier failure ended the transaction"));
    return OK;
}

static void check_ended_at(store_job *ender) {
    store_job *jobs[CALLERS] = {[5] = ender};
    struct crowd c;
    crowd_init(&c);
    crowd_run(&c, jobs);
    for (size_t i = 0; i < CALLERS; i++) {
        struct caller *one = &c.caller[i];
        assert_int_equal(one->code == OK, i > 5);
        assert_int_equal(is_there(&c.f, one->text), i > 5);
        assert_int_equal(one->err.code == OK, i > 5);
    }
    assert_non_null(strstr(c.caller[0].err.msg, "another change failed and took this one"));
    verify(&c.f, 3 + CALLERS - 6);
    fixture_fini(&c.f);
}

static void a_transaction_that_ends_early_fails_who_was_in_it(void **state) {
    (void)state;
    check_ended_at(end_all);
    check_ended_at(end_all_and_go_on);
}

static void a_failed_commit_fails_all_and_the_next_goes_well(void **state) {
    (void)state;
    static store_job *const jobs[CALLERS] = {[3] = add_and_fail};
    struct crowd c;
    struct broken b;
    broken_init(&b, "commit");
    crowd_init(&c);
    c.f.config.vfs = "commit";
    fixture_open(&c.f);
    crowd_hold(&c);
    crowd_queue(&c, jobs);
    broken_set(&b, BROKEN_SYNC, 1, false, SQLITE_IOERR_FSYNC);
    crowd_let_go(&c);
    for (size_t i = 0; i < CALLERS; i++) {
        assert_int_not_equal(c.caller[i].code, OK);
        assert_false(is_there(&c.f, c.caller[i].text));
    }
    assert_non_null(strstr(c.caller[2].err.msg, "cannot commit to "));
    assert_string_equal(c.caller[3].err.msg, "refused: caller-3");
    assert_int_equal(store_wait(c.f.store, 0, 0), 3); /* lines that were not kept wake nobody */
    fixture_add(&c.f, "caller-0");
    verify(&c.f, 4);
    fixture_fini(&c.f);
    broken_fini(&b);
}

static void a_full_queue_says_busy_at_once(void **state) {
    (void)state;
    static store_job *const jobs[CALLERS] = {NULL};
    struct crowd c;
    char text[] = "one too many";
    crowd_init(&c);
    c.f.config.queue_max = CALLERS;
    fixture_open(&c.f);
    crowd_hold(&c);
    crowd_queue(&c, jobs);
    assert_int_equal(fixture_write(&c.f, add_note, text), E_BUSY);
    assert_says(&c.f, "busy, 20 changes wait already");
    crowd_let_go(&c);
    assert_int_equal(c.after.busy, 1);
    assert_int_equal(fixture_write(&c.f, add_note, text), OK);
    verify(&c.f, 3 + CALLERS + 1);
    fixture_fini(&c.f);
}

static void *stop(void *data) {
    struct fixture *f = data;
    struct err err = ERR_INIT;
    assert_int_equal(store_stop(f->store, &err), OK);
    return NULL;
}

static void what_is_queued_is_done_before_it_stops(void **state) {
    (void)state;
    static store_job *const jobs[CALLERS] = {NULL};
    struct crowd c;
    pthread_t stopper;
    char text[] = "late";
    crowd_init(&c);
    fixture_open(&c.f);
    crowd_hold(&c);
    crowd_queue(&c, jobs);
    assert_int_equal(pthread_create(&stopper, NULL, stop, &c.f), 0);
    assert_int_equal(store_wait(c.f.store, 3, 60000), 3); /* it has begun to stop */
    assert_int_equal(fixture_write(&c.f, add_note, text), E_IO);
    assert_says(&c.f, "closing");
    crowd_let_go(&c);
    pthread_join(stopper, NULL);
    for (size_t i = 0; i < CALLERS; i++) {
        assert_int_equal(c.caller[i].code, OK);
    }
    verify(&c.f, 3 + CALLERS);
    fixture_fini(&c.f);
}

/* ---- waiting ---- */

static void *wait_for_line(void *data) {
    struct fixture *f = data;
    static const int forever_ms = 60000;
    assert_int_equal(store_wait(f->store, 3, forever_ms), 4);
    assert_int_equal(store_wait(f->store, 4, forever_ms), 4); /* the stop wakes it */
    return NULL;
}

static void who_waits_is_woken_by_a_line_and_by_the_stop(void **state) {
    (void)state;
    struct fixture f;
    pthread_t waiter;
    fixture_init(&f);
    fixture_open(&f);
    assert_int_equal(store_wait(f.store, 0, 60000), 3); /* is there already */
    assert_int_equal(store_wait(f.store, 3, 1), 3);     /* in vain */
    assert_int_equal(pthread_create(&waiter, NULL, wait_for_line, &f), 0);
    fixture_add(&f, "new");
    assert_int_equal(store_stop(f.store, &f.err), OK);
    pthread_join(waiter, NULL);
    fixture_fini(&f);
}

/* ---- many at once ---- */

enum { WRITERS = 8, EACH = 150, READERS = 3 };

struct load {
    struct fixture *f;
    int number;
    int kept;
    atomic_int *running;
    pthread_t thread;
};

static void *write_many(void *data) {
    struct load *l = data;
    for (int i = 0; i < EACH; i++) {
        char text[64];
        struct err err = ERR_INIT;
        snprintf(text, sizeof text, "w%d-%d", l->number, i);
        store_job *job = i % 10 == 9 ? add_and_fail : add_note;
        l->kept += store_write(l->f->store, STORE_CHANGE, job, text, &err) == OK;
    }
    atomic_fetch_sub(l->running, 1);
    return NULL;
}

/* In every snapshot each note has its line, and both are as many; some walk the whole chain. */
static void *read_many(void *data) {
    struct load *l = data;
    while (atomic_load(l->running) > 0) {
        struct err err = ERR_INIT;
        struct tx *tx = NULL;
        assert_int_equal(store_read(l->f->store, &tx, &err), OK);
        int64_t lines = journal_head(tx)->seq;
        assert_int_equal(count_notes(tx), lines - 3);
        sched_yield();
        assert_int_equal(count_notes(tx), lines - 3);
        store_read_end(tx);
        if (l->number == 0) {
            struct journal_report report;
            assert_int_equal(journal_verify(l->f->store, &report, &err), OK);
        }
    }
    return NULL;
}

static void many_write_and_read_at_once(void **state) {
    (void)state;
    struct fixture f;
    struct load writer[WRITERS];
    struct load reader[READERS];
    atomic_int running = WRITERS;
    int kept = 0;
    fixture_init(&f);
    f.config.checkpoint_every = 50;
    fixture_open(&f);
    for (int i = 0; i < READERS; i++) {
        reader[i] = (struct load){.f = &f, .number = i, .running = &running};
        assert_int_equal(pthread_create(&reader[i].thread, NULL, read_many, &reader[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        writer[i] = (struct load){.f = &f, .number = i, .running = &running};
        assert_int_equal(pthread_create(&writer[i].thread, NULL, write_many, &writer[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writer[i].thread, NULL);
        kept += writer[i].kept;
    }
    for (int i = 0; i < READERS; i++) {
        pthread_join(reader[i].thread, NULL);
    }
    assert_int_equal(kept, WRITERS * EACH * 9 / 10);
    verify(&f, 3 + kept);
    fixture_fini(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_queued_during_a_commit_shares_the_next),
        cmocka_unit_test(a_failing_job_rolls_back_alone),
        cmocka_unit_test(a_transaction_that_ends_early_fails_who_was_in_it),
        cmocka_unit_test(a_failed_commit_fails_all_and_the_next_goes_well),
        cmocka_unit_test(a_full_queue_says_busy_at_once),
        cmocka_unit_test(what_is_queued_is_done_before_it_stops),
        cmocka_unit_test(who_waits_is_woken_by_a_line_and_by_the_stop),
        cmocka_unit_test(many_write_and_read_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
