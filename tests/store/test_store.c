/* The store: whose file it takes, schemas, statements, the rules for jobs, snapshots, and disks
 * that fail. */
#include "store/store.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "store/broken_vfs.h"
#include "store/fixture.h"

/* ---- whose file ---- */

static void it_makes_a_file_and_finds_it_again(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_open(&f);
    fixture_add(&f, "一");
    fixture_close(&f);
    fixture_open(&f);
    assert_int_equal(fixture_notes(&f), 1);
    struct tx *tx = fixture_read(&f);
    assert_int_equal(journal_head(tx)->seq, 4); /* two steps, the key, the note: nothing twice */
    store_read_end(tx);
    fixture_fini(&f);
}

static void write_file(const char *path, const char *bytes, size_t n) {
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, n, out), n);
    assert_int_equal(fclose(out), 0);
}

static void it_refuses_what_is_not_a_database(void **state) {
    (void)state;
    struct fixture f;
    char text[8192];
    memset(text, 'x', sizeof text);
    fixture_init(&f);
    write_file(f.path, text, sizeof text);
    assert_int_equal(fixture_try(&f), E_INPUT);
    assert_says(&f, "it is not a database");
    f.config.mode = STORE_READ;
    assert_int_equal(fixture_try(&f), E_INPUT);
    write_file(f.path, text, 0);
    assert_int_equal(fixture_try(&f), E_INPUT);
    assert_says(&f, "nothing was ever stored");
    fixture_fini(&f);
}

static void it_leaves_the_database_of_another_application_alone(void **state) {
    (void)state;
    static const char *const others[] = {
        "CREATE TABLE theirs (a)",
        "PRAGMA application_id = 77; CREATE TABLE theirs (a)",
        "PRAGMA application_id = 77",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct fixture f;
        struct stat before;
        struct stat after;
        fixture_init(&f);
        raw_change(f.path, others[i]);
        assert_int_equal(stat(f.path, &before), 0);
        assert_int_equal(fixture_try(&f), E_INPUT);
        assert_says(&f, "another application");
        assert_int_equal(stat(f.path, &after), 0);
        assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
        assert_int_equal(before.st_size, after.st_size);
        fixture_fini(&f);
    }
}

static void it_says_why_it_cannot_open(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    f.config.mode = STORE_READ;
    assert_int_equal(fixture_try(&f), E_IO);
    assert_says(&f, "No such file");
    assert_int_not_equal(access(f.path, F_OK), 0); /* a reader makes nothing */
    f.config.path = f.folder;
    assert_int_equal(fixture_try(&f), E_IO);
    f.config.path = "/nowhere/at/all.db";
    f.config.mode = STORE_WRITE;
    assert_int_equal(fixture_try(&f), E_IO);
    assert_says(&f, "No such file");
    fixture_fini(&f);
}

static void one_writer_at_a_time(void **state) {
    (void)state;
    struct fixture f;
    struct err err = ERR_INIT;
    struct store *second = NULL;
    fixture_init(&f);
    fixture_open(&f);
    assert_int_equal(store_open(&f.config, &second, &err), E_IO);
    assert_non_null(strstr(err.msg, "another taihu is writing it"));
    fixture_add(&f, "the first goes on");
    struct store_config reader = {.path = f.path, .mode = STORE_READ};
    err = (struct err)ERR_INIT;
    assert_int_equal(store_open(&reader, &second, &err), OK);
    store_close(second);
    fixture_fini(&f);
}

/* ---- schemas ---- */

static const struct migration two_steps[] = {
    {1, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, more BLOB) STRICT;"},
    {2, "ALTER TABLE note ADD COLUMN colour TEXT; CREATE INDEX note_colour ON note (colour);"},
};
static const struct schema note_at_2 = {"note", two_steps, 2, NULL};
static const struct migration edited_steps[] = {
    {1, "CREATE TABLE note (id INTEGER PRIMARY KEY) STRICT;"},
};
static const struct schema note_edited = {"note", edited_steps, 1, NULL};
static const struct migration failing_steps[] = {
    {1, "CREATE TABLE failing_a (a INTEGER) STRICT;"},
    {2, "CREATE TABLE failing_b (a INTEGER) STRICT; CREATE TABLE failing_a (a INTEGER) STRICT;"},
};
static const struct schema failing = {"failing", failing_steps, 2, NULL};

static enum code open_with(struct fixture *f, const struct schema *schema) {
    const struct schema *list[] = {schema};
    fixture_close(f);
    f->config.schemas = list;
    f->config.schema_count = schema == NULL ? 0 : 1;
    enum code code = fixture_try(f);
    fixture_close(f);
    return code;
}

static void steps_are_applied_once_and_forward_only(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_open(&f);
    assert_int_equal(open_with(&f, &note_edited), E_INPUT);
    assert_says(&f, "step 1 of \"note\" was another when it was applied");
    assert_int_equal(open_with(&f, &note_at_2), OK);
    assert_int_equal(open_with(&f, &note_at_2), OK);
    assert_int_equal(open_with(&f, &note_schema), E_INPUT);
    assert_says(&f, "a newer version wrote it (\"note\" is at 2, this version knows 1)");
    assert_int_equal(open_with(&f, NULL), E_INPUT);
    assert_says(&f, "with the room \"note\"");
    f.config.mode = STORE_READ; /* to read the journal one need not know every room */
    assert_int_equal(open_with(&f, NULL), OK);
    fixture_fini(&f);
}

static void a_reader_wants_the_steps_it_knows(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_open(&f);
    f.config.mode = STORE_READ;
    assert_int_equal(open_with(&f, &note_at_2), E_INPUT);
    assert_says(&f, "an older version wrote it");
    fixture_fini(&f);
}

static void a_step_that_fails_leaves_nothing(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    assert_int_equal(open_with(&f, &failing), E_IO);
    assert_says(&f, "already exists");
    sqlite3 *db = raw_open(f.path);
    raw_exec(db, "INSERT INTO failing_a VALUES (1)"); /* step 1 stands */
    assert_int_not_equal(sqlite3_exec(db, "INSERT INTO failing_b VALUES (1)", NULL, NULL, NULL),
                         SQLITE_OK);
    sqlite3_close(db);
    fixture_fini(&f);
}

/* ---- statements ---- */

static enum code bind_and_read(struct tx *tx, void *data, struct err *err) {
    static const char sql[] = "SELECT ?1, ?2, ?3, ?4, ?5, 1.5";
    (void)data;
    struct query *q = query_open(tx, sql);
    query_int(q, 1, INT64_MIN);
    query_textn(q, 2, "太湖水", 6);
    query_blob(q, 3, "\0\1", 2);
    query_null(q, 4);
    query_text(q, 5, NULL);
    assert_true(query_row(q));
    assert_int_equal(query_kind(q, 0), QUERY_INT);
    assert_true(query_get_int(q, 0) == INT64_MIN);
    assert_string_equal(query_get_text(q, 1), "太湖");
    assert_int_equal(query_kind(q, 2), QUERY_BLOB);
    assert_memory_equal(query_get_blob(q, 2), "\0\1", 2);
    assert_int_equal(query_get_len(q, 2), 2);
    assert_int_equal(query_kind(q, 3), QUERY_NULL);
    assert_null(query_get_text(q, 4));
    assert_int_equal(query_kind(q, 5), QUERY_REAL);
    assert_false(query_row(q));
    assert_false(query_row(q));
    return query_close(q, err);
}

static enum code nest(struct tx *tx, void *data, struct err *err) {
    static const char sql[] = "SELECT text FROM note ORDER BY id";
    int *pairs = data;
    struct query *outer = query_open(tx, sql);
    while (query_row(outer)) {
        struct query *inner = query_open(tx, sql);
        while (query_row(inner)) {
            *pairs += 1;
        }
        assert_int_equal(query_close(inner, err), OK);
    }
    return query_close(outer, err);
}

static void statements_bind_nest_and_are_kept(void **state) {
    (void)state;
    struct fixture f;
    int pairs = 0;
    fixture_init(&f);
    fixture_open(&f);
    fixture_add_many(&f, "n", 5);
    assert_int_equal(fixture_write(&f, bind_and_read, NULL), OK);
    assert_int_equal(fixture_write(&f, bind_and_read, NULL), OK);
    assert_int_equal(fixture_write(&f, nest, &pairs), OK);
    assert_int_equal(pairs, 25);
    fixture_fini(&f);
}

static enum code run_sql(struct tx *tx, void *sql, struct err *err) {
    struct query *q = query_open(tx, sql);
    while (query_row(q)) {
    }
    return query_close(q, err);
}

static void a_statement_cannot_go_behind_the_journal(void **state) {
    (void)state;
    static const char *const denied[] = {
        "INSERT INTO journal SELECT * FROM journal",
        "UPDATE journal SET actor = 'x'",
        "DELETE FROM journal",
        "DELETE FROM journal_checkpoint",
        "UPDATE store_migration SET number = 9",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT x",
        "RELEASE job",
        "CREATE TABLE x (a)",
        "CREATE TEMP TABLE x (a)",
        "CREATE TRIGGER x AFTER INSERT ON note BEGIN DELETE FROM journal; END",
        "DROP TABLE note",
        "ALTER TABLE note ADD COLUMN x",
        "PRAGMA synchronous = OFF",
        "ATTACH 'x' AS x",
        "REINDEX",
        "ANALYZE",
    };
    struct fixture f;
    fixture_init(&f);
    fixture_open(&f);
    for (size_t i = 0; i < sizeof denied / sizeof denied[0]; i++) {
        char sql[128]; /* other addresses each round: nothing is found in the cache */
        snprintf(sql, sizeof sql, "%s", denied[i]);
        char *kept = strdup(sql);
        assert_int_equal(fixture_write(&f, run_sql, kept), E_IO);
        assert_int_equal(f.err.code, E_IO);
        fixture_add(&f, denied[i]); /* and the store goes on */
        fixture_close(&f);          /* before its SQL goes */
        free(kept);
        fixture_open(&f);
    }
    struct journal_report report;
    assert_int_equal(fixture_verify(&f, &report), OK);
    fixture_fini(&f);
}

static void a_constraint_is_the_callers_fault(void **state) {
    (void)state;
    struct fixture f;
    char text[] = "same";
    fixture_init(&f);
    fixture_open(&f);
    fixture_add(&f, text);
    assert_int_equal(fixture_write(&f, add_note, text), E_INPUT);
    assert_says(&f, "UNIQUE constraint failed: note.text");
    assert_int_equal(fixture_notes(&f), 1);
    fixture_fini(&f);
}

static void a_snapshot_cannot_write(void **state) {
    (void)state;
    struct fixture f;
    struct err err = ERR_INIT;
    char text[] = "x";
    fixture_init(&f);
    fixture_open(&f);
    struct tx *tx = fixture_read(&f);
    assert_int_equal(add_note(tx, text, &err), E_IO);
    assert_non_null(strstr(err.msg, "read-only"));
    store_read_end(tx);
    fixture_fini(&f);
}

/* ---- jobs ---- */

static enum code change_in_silence(struct tx *tx, void *data, struct err *err) {
    struct query *q = query_open(tx, SQL_ADD_NOTE);
    query_text(q, 1, data);
    return query_run(q, err);
}

static void a_change_without_a_line_is_refused(void **state) {
    (void)state;
    struct fixture f;
    char text[] = "silent";
    fixture_init(&f);
    fixture_open(&f);
    assert_int_equal(fixture_write(&f, change_in_silence, text), E_IO);
    assert_says(&f, "1 rows were changed and no journal line tells of it");
    assert_int_equal(fixture_notes(&f), 0);
    f.err = (struct err)ERR_INIT;
    assert_int_equal(store_write(f.store, STORE_HOUSEKEEPING, change_in_silence, text, &f.err), OK);
    assert_int_equal(fixture_notes(&f), 1);
    fixture_fini(&f);
}

static enum code change_and_fail(struct tx *tx, void *text, struct err *err) {
    enum code code = add_note(tx, text, err);
    return code == OK ? err_set(err, E_INPUT, "no, thank you") : code;
}

static void a_failing_job_leaves_nothing(void **state) {
    (void)state;
    struct fixture f;
    struct journal_report report;
    char text[] = "undone";
    fixture_init(&f);
    fixture_open(&f);
    assert_int_equal(fixture_write(&f, change_and_fail, text), E_INPUT);
    assert_string_equal(f.err.msg, "no, thank you");
    assert_int_equal(fixture_notes(&f), 0);
    fixture_add(&f, text); /* its line takes the number that the undone one had */
    assert_int_equal(fixture_verify(&f, &report), OK);
    assert_int_equal(report.lines, 4);
    fixture_fini(&f);
}

static enum code read_time(struct tx *tx, void *data, struct err *err) {
    (void)err;
    *(int64_t *)data = tx_now_ms(tx);
    return OK;
}

static void a_job_has_the_time_of_the_clock_it_was_given(void **state) {
    (void)state;
    struct fixture f;
    int64_t seen = 0;
    fixture_init(&f);
    fixture_open(&f);
    f.now = 1234567890123;
    assert_int_equal(fixture_write(&f, read_time, &seen), OK);
    assert_true(seen == 1234567890123);
    fixture_fini(&f);
}

static void a_snapshot_stays_as_it_was(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_open(&f);
    fixture_add(&f, "before");
    struct tx *old = fixture_read(&f);
    fixture_add_many(&f, "later", 100); /* the writer waits for no reader, nor the reader for it */
    struct tx *fresh = fixture_read(&f);
    assert_int_equal(count_notes(old), 1);
    assert_int_equal(count_notes(fresh), 101);
    assert_int_equal(journal_head(fresh)->seq - journal_head(old)->seq, 100);
    store_read_end(fresh);
    store_read_end(old);
    fixture_fini(&f);
}

static void after_stop_it_reads_on_and_writes_no_more(void **state) {
    (void)state;
    struct fixture f;
    char text[] = "late";
    fixture_init(&f);
    fixture_open(&f);
    fixture_add(&f, "kept");
    assert_int_equal(store_stop(f.store, &f.err), OK);
    assert_int_equal(fixture_write(&f, add_note, text), E_IO);
    assert_says(&f, "closing");
    assert_int_equal(fixture_notes(&f), 1);
    fixture_fini(&f);
}

/* ---- disks that fail ---- */

static void a_read_only_file_is_said(void **state) {
    (void)state;
    struct fixture f;
    struct broken b;
    broken_init(&b, "read-only");
    fixture_init(&f);
    fixture_open(&f);
    fixture_add(&f, "there");
    fixture_close(&f);
    f.config.vfs = "read-only";
    b.read_only = true;
    assert_int_equal(fixture_try(&f), E_IO);
    assert_says(&f, "the file or its disk is read-only");
    f.config.mode = STORE_READ;
    fixture_open(&f);
    assert_int_equal(fixture_notes(&f), 1);
    fixture_fini(&f);
    broken_fini(&b);
}

/* Which of the notes NAME-0 ... are there, held against what was acknowledged. */
static void check_kept(struct fixture *f, const bool *acknowledged, int n) {
    static const char sql[] = "SELECT 1 FROM note JOIN journal ON subject = text WHERE text = ?1";
    struct tx *tx = fixture_read(f);
    for (int i = 0; i < n; i++) {
        char text[64];
        snprintf(text, sizeof text, "job-%d", i);
        struct query *q = query_open(tx, sql);
        query_text(q, 1, text);
        bool there = query_row(q);
        assert_int_equal(query_close(q, &f->err), OK);
        assert_int_equal(there, acknowledged[i]);
    }
    store_read_end(tx);
}

enum { FAIL_JOBS = 12 };

/* The nth call fails: each job is acknowledged and kept, or refused and gone; the chain is whole;
 * a reader reads throughout; the jobs behind the failure go well. Returns whether it came to that
 * call. */
static bool fail_at(const char *vfs, struct broken *b, enum broken_what what, int n, int rc) {
    struct fixture f;
    struct journal_report report;
    bool acknowledged[FAIL_JOBS];
    int refused = 0;
    fixture_init(&f);
    f.config.vfs = vfs;
    f.config.checkpoint_every = 3;
    fixture_open(&f);
    broken_set(b, what, n, false, rc);
    for (int i = 0; i < FAIL_JOBS; i++) {
        char text[64];
        snprintf(text, sizeof text, "job-%d", i);
        acknowledged[i] = fixture_write(&f, add_note, text) == OK;
        refused += !acknowledged[i];
        check_kept(&f, acknowledged, i + 1);
    }
    bool came = (what == BROKEN_WRITE ? b->writes : b->syncs) >= n;
    broken_set(b, BROKEN_NOTHING, 0, false, 0);
    assert_true(refused <= 1);
    assert_int_equal(fixture_verify(&f, &report), OK);
    fixture_close(&f);
    fixture_open(&f);
    check_kept(&f, acknowledged, FAIL_JOBS);
    assert_int_equal(fixture_verify(&f, &report), OK);
    fixture_fini(&f);
    return came;
}

static void the_nth_write_or_sync_fails(void **state) {
    (void)state;
    static const struct {
        enum broken_what what;
        int rc;
        int least; /* calls that there must have been */
    } cases[] = {
        {BROKEN_WRITE, SQLITE_FULL, 20},
        {BROKEN_WRITE, SQLITE_IOERR_WRITE, 20},
        {BROKEN_SYNC, SQLITE_IOERR_FSYNC, FAIL_JOBS},
    };
    struct broken b;
    broken_init(&b, "nth");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int n = 1;
        while (fail_at("nth", &b, cases[i].what, n, cases[i].rc)) {
            n++;
        }
        assert_true(n > cases[i].least);
    }
    broken_fini(&b);
}

static void a_disk_that_stays_broken_is_said_and_read(void **state) {
    (void)state;
    struct fixture f;
    struct broken b;
    struct journal_report report;
    char text[] = "refused";
    broken_init(&b, "stays");
    fixture_init(&f);
    f.config.vfs = "stays";
    fixture_open(&f);
    fixture_add(&f, "kept");
    static const struct {
        int rc;
        const char *words;
    } cases[] = {
        {SQLITE_FULL, "the disk is full"},
        {SQLITE_READONLY, "the file or its disk is read-only"}, /* remounted so while it was open */
    };
    for (int i = 0; i < 6; i++) {
        broken_set(&b, BROKEN_WRITE, 1, true, cases[i % 2].rc);
        assert_int_equal(fixture_write(&f, add_note, text), E_IO);
        assert_says(&f, cases[i % 2].words);
        assert_int_equal(fixture_notes(&f), 1);
        assert_int_equal(fixture_verify(&f, &report), OK);
    }
    broken_set(&b, BROKEN_SYNC, 1, true, SQLITE_IOERR_FSYNC);
    assert_int_equal(fixture_write(&f, add_note, text), E_IO);
    assert_says(&f, "the disk failed");
    broken_set(&b, BROKEN_NOTHING, 0, false, 0);
    assert_int_equal(fixture_write(&f, add_note, text), OK);
    assert_int_equal(fixture_verify(&f, &report), OK);
    fixture_fini(&f);
    broken_fini(&b);
}

static void a_transaction_that_cannot_begin_is_said(void **state) {
    (void)state;
    struct fixture f;
    struct broken b;
    char text[] = "later";
    broken_init(&b, "lock");
    fixture_init(&f);
    f.config.vfs = "lock";
    fixture_open(&f);
    broken_set(&b, BROKEN_LOCK, 0, false, SQLITE_IOERR_SHMLOCK);
    assert_int_equal(fixture_write(&f, add_note, text), E_IO);
    assert_says(&f, "cannot write ");
    struct tx *tx = NULL;
    assert_int_equal(store_read(f.store, &tx, &f.err), E_IO);
    broken_set(&b, BROKEN_NOTHING, 0, false, 0);
    assert_int_equal(fixture_write(&f, add_note, text), OK);
    assert_int_equal(fixture_notes(&f), 1);
    fixture_fini(&f);
    broken_fini(&b);
}

/* A limit of the system's own on the size of files stands for a disk that is full. */
static void a_full_disk_is_said_and_left_behind(void **state) {
    (void)state;
    struct fixture f;
    struct journal_report report;
    struct rlimit before;
    fixture_init(&f);
    fixture_open(&f);
    fixture_add(&f, "kept");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = {200000, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum code code = OK;
    int kept = 1;
    for (int i = 0; code == OK && i < 200; i++) {
        char text[64];
        snprintf(text, sizeof text, "filling-%d", i);
        code = fixture_write(&f, add_note, text);
        kept += code == OK;
    }
    assert_int_equal(code, E_IO);
    assert_says(&f, "the disk is full");
    assert_int_equal(fixture_notes(&f), kept);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    fixture_add(&f, "again");
    assert_int_equal(fixture_notes(&f), kept + 1);
    assert_int_equal(fixture_verify(&f, &report), OK);
    fixture_fini(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_makes_a_file_and_finds_it_again),
        cmocka_unit_test(it_refuses_what_is_not_a_database),
        cmocka_unit_test(it_leaves_the_database_of_another_application_alone),
        cmocka_unit_test(it_says_why_it_cannot_open),
        cmocka_unit_test(one_writer_at_a_time),
        cmocka_unit_test(steps_are_applied_once_and_forward_only),
        cmocka_unit_test(a_reader_wants_the_steps_it_knows),
        cmocka_unit_test(a_step_that_fails_leaves_nothing),
        cmocka_unit_test(statements_bind_nest_and_are_kept),
        cmocka_unit_test(a_statement_cannot_go_behind_the_journal),
        cmocka_unit_test(a_constraint_is_the_callers_fault),
        cmocka_unit_test(a_snapshot_cannot_write),
        cmocka_unit_test(a_change_without_a_line_is_refused),
        cmocka_unit_test(a_failing_job_leaves_nothing),
        cmocka_unit_test(a_job_has_the_time_of_the_clock_it_was_given),
        cmocka_unit_test(a_snapshot_stays_as_it_was),
        cmocka_unit_test(after_stop_it_reads_on_and_writes_no_more),
        cmocka_unit_test(a_read_only_file_is_said),
        cmocka_unit_test(the_nth_write_or_sync_fails),
        cmocka_unit_test(a_disk_that_stays_broken_is_said_and_read),
        cmocka_unit_test(a_transaction_that_cannot_begin_is_said),
        cmocka_unit_test(a_full_disk_is_said_and_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
