/* The journal: lines, consumers, checkpoints, and that nothing done to it later goes unseen. */
#include "store/journal.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/file.h"
#include "store/chain_int.h"
#include "store/checkpoint_int.h"
#include "store/fixture.h"
#include "store/hex.h"

/* ---- lines ---- */

/* Computed by another program from the drawing in journal.h. */
static void the_hash_is_as_drawn(void **state) {
    (void)state;
    struct journal_line line = {
        7, -1, "u/17", "task/2021/t35", "task.confirmed", "{\"owner\":\"无锡市水利局\"}", {0}, {0}};
    struct buf scratch = BUF_INIT;
    char hex[JOURNAL_HEX];
    for (int i = 0; i < JOURNAL_HASH; i++) {
        line.prev[i] = (unsigned char)i;
    }
    chain_hash(&line, &scratch, line.hash);
    buf_fini(&scratch);
    assert_string_equal(hex_text(line.hash, sizeof line.hash, hex),
                        "e5b1d4a3a054ec26a1ad8aac7775128cd422a2c4d8f2615cbab2d1ec6214cc77");
}

static void lines_are_numbered_and_chained(void **state) {
    (void)state;
    struct fixture f;
    struct journal_batch b = JOURNAL_BATCH_INIT;
    char hex[JOURNAL_HEX];
    fixture_init(&f);
    fixture_open(&f);
    f.now = 1612666800777;
    fixture_add(&f, "太湖");
    struct tx *tx = fixture_read(&f);
    assert_int_equal(journal_list(tx, 0, 100, &b, &f.err), OK);
    assert_int_equal(b.count, 4);
    /* the first line is always the same, at the same time */
    assert_string_equal(hex_text(b.line[0].hash, JOURNAL_HASH, hex),
                        "6a35d303aa89027c0324ad13e8f097471d94bc04f86c7d0a6e45b52f5bacd856");
    for (size_t i = 1; i < b.count; i++) {
        assert_int_equal(b.line[i].seq, i + 1);
        assert_memory_equal(b.line[i].prev, b.line[i - 1].hash, JOURNAL_HASH);
    }
    assert_string_equal(b.line[1].subject, "schema/note");
    assert_string_equal(b.line[2].kind, "journal.key");
    assert_string_equal(b.line[3].actor, "u/1");
    assert_string_equal(b.line[3].subject, "太湖");
    assert_string_equal(b.line[3].payload, "{\"a\":[1,2]}");
    assert_true(b.line[3].time_ms == 1612666800777);
    assert_int_equal(journal_list(tx, 2, 1, &b, &f.err), OK);
    assert_int_equal(b.count, 1);
    assert_int_equal(b.line[0].seq, 3);
    assert_int_equal(journal_list(tx, 4, 1, &b, &f.err), OK);
    assert_int_equal(b.count, 0);
    store_read_end(tx);
    journal_batch_fini(&b);
    fixture_fini(&f);
}

static enum code add_entry(struct tx *tx, void *entry, struct err *err) {
    return journal_add(tx, entry, NULL, err);
}

static void an_entry_that_is_none_is_refused(void **state) {
    (void)state;
    static char longer[JOURNAL_NAME_MAX + 2];
    static char large[JOURNAL_PAYLOAD_MAX + 2];
    memset(longer, 'x', sizeof longer - 1);
    memset(large, '1', sizeof large - 1);
    const struct {
        struct journal_entry entry;
        enum code code;
        const char *words;
    } cases[] = {
        {{"", "s", "k", "{}"}, E_INPUT, "no actor"},
        {{"a", NULL, "k", "{}"}, E_INPUT, "no subject"},
        {{"a", "s", "", "{}"}, E_INPUT, "no kind"},
        {{"a", "s", "k", ""}, E_INPUT, "no payload"},
        {{"a", longer, "k", "{}"}, E_LIMIT, "more than 255"},
        {{"a", "s", "k", large}, E_LIMIT, "more than 1048576"},
        {{"a", "s", "k", "{\n}"}, E_INPUT, "control character 0x0a at byte 1"},
        {{"a", "s", "k", "{\"a\":}"}, E_INPUT, "is not JSON"},
        {{"a", "s", "k", "{}, {}"}, E_INPUT, "is not JSON"},
    };
    struct fixture f;
    fixture_init(&f);
    fixture_open(&f);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct journal_entry entry = cases[i].entry;
        assert_int_equal(fixture_write(&f, add_entry, &entry), cases[i].code);
        assert_says(&f, cases[i].words);
    }
    longer[JOURNAL_NAME_MAX] = '\0';
    large[JOURNAL_PAYLOAD_MAX] = '\0';
    struct journal_entry largest = {longer, longer, longer, large};
    assert_int_equal(fixture_write(&f, add_entry, &largest), OK);
    fixture_fini(&f);
}

static enum code add_one(struct tx *tx, void *data, struct err *err) {
    const struct journal_entry *entry = data;
    return journal_add(tx, entry, NULL, err);
}

static void the_lines_of_a_subject_are_found(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_open(&f);
    static const char *const subjects[] = {"plan/1/task/1", "plan/1/task/10", "plan/1/task/1"};
    int64_t seq[3];
    for (size_t i = 0; i < 3; i++) {
        struct journal_entry entry = {"u/1", subjects[i], "progress.reported", "{}"};
        f.now += 1000;
        assert_int_equal(store_write(f.store, STORE_CHANGE, add_one, &entry, &f.err), OK);
    }
    struct tx *tx;
    struct journal_batch batch = JOURNAL_BATCH_INIT;
    assert_int_equal(store_read(f.store, &tx, &f.err), OK);
    int64_t last = journal_head(tx)->seq;
    assert_int_equal(journal_list_of(tx, "plan/1/task/1", 0, 10, &batch, &f.err), OK);
    assert_int_equal(batch.count, 2);
    assert_int_equal(batch.line[0].seq, last - 2);
    assert_int_equal(batch.line[1].seq, last);
    assert_int_equal(journal_list_of(tx, "plan/1/task/1", last - 2, 10, &batch, &f.err), OK);
    assert_int_equal(batch.count, 1);
    assert_int_equal(journal_last_of(tx, "plan/1/task/10", &seq[0], &f.err), OK);
    assert_int_equal(seq[0], last - 1);
    assert_int_equal(journal_last_of(tx, "plan/1/task", &seq[0], &f.err), OK);
    assert_int_equal(seq[0], 0);
    assert_int_equal(journal_last_before(tx, f.now, &seq[1], &f.err), OK);
    assert_int_equal(seq[1], last - 1);
    assert_int_equal(journal_last_before(tx, 0, &seq[2], &f.err), OK);
    assert_int_equal(seq[2], 0);
    journal_batch_fini(&batch);
    store_read_end(tx);
    fixture_fini(&f);
}

static void a_batch_is_bounded_in_bytes(void **state) {
    (void)state;
    static char large[JOURNAL_PAYLOAD_MAX + 1];
    struct journal_batch b = JOURNAL_BATCH_INIT;
    struct fixture f;
    memset(large, '1', sizeof large - 1);
    struct journal_entry entry = {"a", "s", "k", large};
    fixture_init(&f);
    fixture_open(&f);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(fixture_write(&f, add_entry, &entry), OK);
    }
    struct tx *tx = fixture_read(&f);
    assert_int_equal(journal_list(tx, 3, 100, &b, &f.err), OK);
    assert_int_equal(b.count, 7); /* the eighth would pass 8 MiB */
    assert_int_equal(journal_list(tx, b.line[6].seq, 100, &b, &f.err), OK);
    assert_int_equal(b.count, 3);
    store_read_end(tx);
    journal_batch_fini(&b);
    fixture_fini(&f);
}

/* ---- consumers ---- */

struct ack {
    const char *consumer;
    int64_t seq;
};

static enum code acknowledge(struct tx *tx, void *data, struct err *err) {
    struct ack *a = data;
    return journal_ack(tx, a->consumer, a->seq, err);
}

static enum code ack(struct fixture *f, const char *consumer, int64_t seq) {
    struct ack a = {consumer, seq};
    f->err = (struct err)ERR_INIT;
    return store_write(f->store, STORE_HOUSEKEEPING, acknowledge, &a, &f->err);
}

/* The number of the first line that is new to the consumer, 0 for none. */
static int64_t first_new(struct fixture *f, const char *consumer) {
    struct journal_batch b = JOURNAL_BATCH_INIT;
    struct tx *tx = fixture_read(f);
    assert_int_equal(journal_read(tx, consumer, 1, &b, &f->err), OK);
    int64_t seq = b.count == 0 ? 0 : b.line[0].seq;
    store_read_end(tx);
    journal_batch_fini(&b);
    return seq;
}

static void a_cursor_moves_forward_when_it_is_told(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_open(&f);
    fixture_add_many(&f, "n", 3); /* 6 lines */
    assert_int_equal(first_new(&f, "mail"), 1);
    assert_int_equal(first_new(&f, "mail"), 1); /* reading moves nothing: at least once */
    assert_int_equal(ack(&f, "mail", 4), OK);
    assert_int_equal(first_new(&f, "mail"), 5);
    assert_int_equal(first_new(&f, "standby"), 1); /* each has its own */
    assert_int_equal(ack(&f, "mail", 4), OK);      /* again, and older: nothing changes */
    assert_int_equal(ack(&f, "mail", 2), OK);
    assert_int_equal(first_new(&f, "mail"), 5);
    assert_int_equal(ack(&f, "mail", 7), E_INPUT);
    assert_says(&f, "cannot move the cursor \"mail\" to line 7: the journal has 6");
    assert_int_equal(ack(&f, "mail", -1), E_INPUT);
    assert_int_equal(ack(&f, "", 1), E_INPUT);
    fixture_close(&f);
    fixture_open(&f);
    assert_int_equal(first_new(&f, "mail"), 5);
    assert_int_equal(ack(&f, "mail", 6), OK);
    assert_int_equal(first_new(&f, "mail"), 0);
    fixture_fini(&f);
}

/* ---- checkpoints ---- */

static void beside(const struct fixture *f, const char *end, char to[128]) {
    snprintf(to, 128, "%s%s", f->path, end);
}

static size_t count_file_lines(const struct fixture *f) {
    char path[128];
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    size_t lines = 0;
    beside(f, ".checkpoints", path);
    assert_int_equal(file_load(path, 1 << 20, &text, &err), OK);
    for (size_t i = 0; i < text.len; i++) {
        lines += text.data[i] == '\n';
    }
    buf_fini(&text);
    return lines;
}

static void checkpoints_come_by_number_on_demand_and_at_the_end(void **state) {
    (void)state;
    struct fixture f;
    struct journal_report report;
    fixture_init(&f);
    f.config.checkpoint_every = 5;
    fixture_open(&f);
    assert_int_equal(count_file_lines(&f), 0);
    fixture_add_many(&f, "a", 9); /* 12 lines: signed at 5 and 10 */
    assert_int_equal(count_file_lines(&f), 2);
    assert_int_equal(journal_checkpoint(f.store, &f.err), OK);
    assert_int_equal(count_file_lines(&f), 3);
    assert_int_equal(journal_checkpoint(f.store, &f.err), OK); /* nothing new to sign */
    assert_int_equal(count_file_lines(&f), 3);
    fixture_add(&f, "b");
    fixture_close(&f);
    assert_int_equal(count_file_lines(&f), 4);
    f.config.mode = STORE_READ;
    fixture_open(&f);
    assert_int_equal(fixture_verify(&f, &report), OK);
    assert_int_equal(report.lines, 13);
    assert_int_equal(report.signed_seq, 13);
    assert_int_equal(report.checkpoints, 8); /* as rows and in the file */
    fixture_fini(&f);
}

static void the_key_is_for_its_owner_alone(void **state) {
    (void)state;
    struct fixture f;
    struct stat st;
    char key[128];
    char hex[JOURNAL_HEX];
    fixture_init(&f);
    beside(&f, ".key", key);
    fixture_open(&f);
    assert_int_equal(stat(key, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    struct tx *tx = fixture_read(&f);
    struct journal_batch b = JOURNAL_BATCH_INIT;
    assert_int_equal(journal_public_key(tx, hex, &f.err), OK);
    assert_int_equal(journal_list(tx, 2, 1, &b, &f.err), OK);
    assert_string_equal(b.line[0].subject, hex);
    journal_batch_fini(&b);
    store_read_end(tx);
    fixture_close(&f);
    assert_int_equal(chmod(key, 0640), 0);
    assert_int_equal(fixture_try(&f), E_INPUT);
    assert_says(&f, "others may read it (mode 640)");
    assert_int_equal(chmod(key, 0600), 0);
    struct err err = ERR_INIT;
    assert_int_equal(file_save(key, "no key", 6, &err), OK);
    assert_int_equal(chmod(key, 0600), 0);
    assert_int_equal(fixture_try(&f), E_INPUT);
    assert_says(&f, "not an Ed25519 private key");
    fixture_fini(&f);
}

static void a_lost_key_is_followed_by_another_that_is_stated(void **state) {
    (void)state;
    struct fixture f;
    struct journal_report report;
    char key[128];
    fixture_init(&f);
    beside(&f, ".key", key);
    fixture_open(&f);
    fixture_add(&f, "under the first");
    fixture_close(&f);
    assert_int_equal(unlink(key), 0);
    fixture_open(&f);
    fixture_add(&f, "under the second");
    fixture_close(&f);
    fixture_open(&f);
    assert_int_equal(fixture_verify(&f, &report), OK);
    assert_int_equal(report.lines, 6);
    fixture_fini(&f);
}

/* Appends bytes to the file of checkpoints. */
static void append_to_file(const struct fixture *f, const char *bytes, size_t n) {
    char path[128];
    beside(f, ".checkpoints", path);
    int fd = open(path, O_WRONLY | O_APPEND);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    close(fd);
}

static void half_a_line_that_a_crash_left_is_taken_away(void **state) {
    (void)state;
    struct fixture f;
    struct journal_report report;
    fixture_init(&f);
    fixture_open(&f);
    fixture_add(&f, "a");
    fixture_close(&f);
    append_to_file(&f, "taihu-checkpoint 1 5 16126", 26);
    f.config.mode = STORE_READ;
    fixture_open(&f);
    assert_int_equal(fixture_verify(&f, &report), OK); /* and is nothing to who only reads */
    fixture_close(&f);
    f.config.mode = STORE_WRITE;
    fixture_open(&f);
    fixture_add(&f, "b");
    fixture_close(&f);
    assert_int_equal(count_file_lines(&f), 2);
    fixture_open(&f);
    assert_int_equal(fixture_verify(&f, &report), OK);
    assert_int_equal(report.signed_seq, 5);
    fixture_fini(&f);
}

/* A crash between a commit and the line in the file: the row has it, the file gets it later. */
static void a_checkpoint_that_was_not_filed_is_filed_later(void **state) {
    (void)state;
    struct fixture f;
    char path[128];
    fixture_init(&f);
    f.config.checkpoint_every = 1;
    fixture_open(&f);
    fixture_add_many(&f, "a", 4);
    fixture_close(&f);
    beside(&f, ".checkpoints", path);
    size_t lines = count_file_lines(&f);
    assert_int_equal(truncate(path, 0), 0);
    fixture_open(&f);
    assert_int_equal(count_file_lines(&f), lines);
    fixture_fini(&f);
}

static void a_damaged_file_of_checkpoints_is_not_added_to(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_open(&f);
    fixture_add(&f, "a");
    fixture_close(&f);
    append_to_file(&f, "no checkpoint\n", 14);
    assert_int_equal(fixture_try(&f), E_INPUT);
    assert_says(&f, "not a signed checkpoint");
    fixture_fini(&f);
}

static void a_journal_that_was_cut_is_not_added_to(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_open(&f);
    fixture_add_many(&f, "a", 5);
    fixture_close(&f);
    raw_change(f.path, "DELETE FROM journal WHERE seq > 6; DELETE FROM journal_checkpoint");
    assert_int_equal(fixture_try(&f), E_INPUT);
    assert_says(&f, "signs journal line 8, and the journal ends before it");
    fixture_fini(&f);
}

static void every_byte_of_a_checkpoint_counts(void **state) {
    (void)state;
    struct checkpoint c = {.seq = 12, .time_ms = 1612666800000};
    struct checkpoint again;
    char text[CHECKPOINT_TEXT_MAX];
    size_t n_key = sizeof c.public_key;
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    assert_int_equal(EVP_PKEY_get_raw_public_key(key, c.public_key, &n_key), 1);
    memset(c.hash, 0xab, sizeof c.hash);
    checkpoint_sign(&c, key);
    EVP_PKEY_free(key);
    size_t n = checkpoint_text(&c, text);
    assert_true(checkpoint_parse(text, n, &again) && checkpoint_is_signed(&again));
    for (size_t i = 0; i < n * 8; i++) {
        text[i / 8] ^= (char)(1 << i % 8);
        assert_false(checkpoint_parse(text, n, &again) && checkpoint_is_signed(&again));
        text[i / 8] ^= (char)(1 << i % 8);
    }
    for (size_t i = 0; i < n; i++) {
        assert_false(checkpoint_parse(text, i, &again));
    }
}

/* ---- tampering ---- */

enum { LINES = 60, TRIES = 1000 };

/* A journal of LINES lines, signed at the last and at some before, kept as bytes. */
struct original {
    struct fixture f;
    struct buf db;
    struct buf checkpoints;
};

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators", 2016. */
static uint64_t next_random(uint64_t *x) {
    *x ^= *x >> 12;
    *x ^= *x << 25;
    *x ^= *x >> 27;
    return *x * 0x2545F4914F6CDD1D;
}

static int64_t random_to(uint64_t *x, int64_t from, int64_t to) {
    return from + (int64_t)(next_random(x) % (uint64_t)(to - from + 1));
}

static void original_init(struct original *o) {
    char path[128];
    struct err err = ERR_INIT;
    memset(o, 0, sizeof *o);
    fixture_init(&o->f);
    o->f.config.checkpoint_every = 20;
    fixture_open(&o->f);
    fixture_add_many(&o->f, "note", LINES - 3);
    fixture_close(&o->f);
    beside(&o->f, ".checkpoints", path);
    assert_int_equal(file_load(o->f.path, 1 << 24, &o->db, &err), OK);
    assert_int_equal(file_load(path, 1 << 20, &o->checkpoints, &err), OK);
    o->f.config.mode = STORE_READ;
}

static void write_bytes(const char *path, const struct buf *b) {
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(b->data, 1, b->len, out), b->len);
    assert_int_equal(fclose(out), 0);
}

static void original_restore(const struct original *o) {
    char path[128];
    beside(&o->f, ".checkpoints", path);
    write_bytes(o->f.path, &o->db);
    write_bytes(path, &o->checkpoints);
}

static void original_fini(struct original *o) {
    fixture_fini(&o->f);
    buf_fini(&o->db);
    buf_fini(&o->checkpoints);
}

static int64_t raw_int(sqlite3 *db, const char *sql) {
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t v = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return v;
}

__attribute__((format(printf, 2, 3))) static void raw_format(sqlite3 *db, const char *format, ...) {
    char sql[512];
    va_list ap;
    va_start(ap, format);
    vsnprintf(sql, sizeof sql, format, ap);
    va_end(ap);
    raw_exec(db, sql);
}

/* Each tampers with the open database and returns the number of the first line that is wrong. */

/* One bit of one text or hash, its length and type kept. */
static int64_t flip_a_bit(sqlite3 *db, uint64_t *x) {
    static const char *const columns[] = {"actor", "subject", "kind", "payload", "prev", "hash"};
    const char *column = columns[next_random(x) % 6];
    long long seq = random_to(x, 1, LINES);
    char sql[128];
    sqlite3_blob *blob;
    unsigned char byte;
    snprintf(sql, sizeof sql, "SELECT length(CAST(%s AS BLOB)) FROM journal WHERE seq = %lld",
             column, seq);
    int at = (int)random_to(x, 0, raw_int(db, sql) - 1);
    raw_exec(db, "DROP INDEX IF EXISTS journal_subject"); /* a blob of its column is read-only */
    assert_int_equal(sqlite3_blob_open(db, "main", "journal", column, seq, 1, &blob), SQLITE_OK);
    assert_int_equal(sqlite3_blob_read(blob, &byte, 1, at), SQLITE_OK);
    byte ^= (unsigned char)(1 << next_random(x) % 8);
    assert_int_equal(sqlite3_blob_write(blob, &byte, 1, at), SQLITE_OK);
    assert_int_equal(sqlite3_blob_close(blob), SQLITE_OK);
    return seq;
}

static int64_t change_the_time(sqlite3 *db, uint64_t *x) {
    long long seq = random_to(x, 1, LINES);
    raw_format(db, "UPDATE journal SET time_ms = time_ms + %lld WHERE seq = %lld",
               (long long)random_to(x, 1, 1000000), seq);
    return seq;
}

static int64_t change_a_text(sqlite3 *db, uint64_t *x) {
    static const char *const how[] = {
        "actor = actor || '0'",
        "payload = '{}'",
        "subject = substr(subject, 2)",
        /* the same bytes in another column: what the lengths in the hash are for */
        "actor = actor || substr(subject, 1, 1), subject = substr(subject, 2)",
        "kind = kind || char(0)",
    };
    long long seq = random_to(x, 5, LINES);
    raw_format(db, "UPDATE journal SET %s WHERE seq = %lld", how[next_random(x) % 5], seq);
    return seq;
}

static int64_t drop_a_line(sqlite3 *db, uint64_t *x) {
    long long seq = random_to(x, 1, LINES);
    raw_format(db, "DELETE FROM journal WHERE seq = %lld", seq);
    return seq;
}

static int64_t drop_a_line_and_close_the_gap(sqlite3 *db, uint64_t *x) {
    long long seq = random_to(x, 1, LINES);
    raw_format(db, "DELETE FROM journal WHERE seq = %lld", seq);
    raw_format(db, "UPDATE journal SET seq = -(seq - 1) WHERE seq > %lld", seq);
    raw_exec(db, "UPDATE journal SET seq = -seq WHERE seq < 0");
    return seq;
}

static int64_t cut_the_tail(sqlite3 *db, uint64_t *x) {
    long long seq = random_to(x, 1, LINES);
    raw_format(db, "DELETE FROM journal WHERE seq >= %lld", seq);
    if (next_random(x) % 2 == 0) { /* with the rows that would tell: the file still does */
        raw_format(db, "DELETE FROM journal_checkpoint WHERE seq >= %lld", seq);
    }
    return seq;
}

static int64_t swap_two_lines(sqlite3 *db, uint64_t *x) {
    long long a = random_to(x, 1, LINES - 1);
    long long b = random_to(x, a + 1, LINES);
    raw_format(db, "UPDATE journal SET seq = -seq WHERE seq IN (%lld, %lld)", a, b);
    raw_format(db, "UPDATE journal SET seq = %lld + seq WHERE seq < 0", a + b);
    return a;
}

static int64_t move_a_line(sqlite3 *db, uint64_t *x) {
    long long from = random_to(x, 1, LINES - 1);
    long long to = random_to(x, from + 1, LINES);
    raw_format(db, "UPDATE journal SET seq = -1000 WHERE seq = %lld", from);
    raw_format(db, "UPDATE journal SET seq = -(seq - 1) WHERE seq > %lld AND seq <= %lld", from,
               to);
    raw_format(db,
               "UPDATE journal SET seq = CASE seq WHEN -1000 THEN %lld ELSE -seq END"
               " WHERE seq < 0",
               to);
    return from;
}

static int64_t insert_a_copy(sqlite3 *db, uint64_t *x) {
    long long of = random_to(x, 1, LINES);
    long long at = random_to(x, 1, LINES + 1);
    raw_format(db, "UPDATE journal SET seq = -(seq + 1) WHERE seq >= %lld", at);
    raw_format(db,
               "INSERT INTO journal SELECT %lld, time_ms, actor, subject, kind, payload, prev, hash"
               " FROM journal WHERE seq IN (%lld, %lld)",
               at, of < at ? of : -(of + 1), of < at ? of : -(of + 1));
    raw_exec(db, "UPDATE journal SET seq = -seq WHERE seq < 0");
    return of == at ? at + 1 : at; /* its own copy before it: then the second is the one too many */
}

static int64_t insert_before_the_first(sqlite3 *db, uint64_t *x) {
    long long seq = random_to(x, -5, 0);
    raw_format(db,
               "INSERT INTO journal SELECT %lld, time_ms, actor, subject, kind, payload, prev, hash"
               " FROM journal WHERE seq = 1",
               seq);
    return seq;
}

/* Changes the actor of line `from` and writes hashes that fit, up to line `to`: who can write the
 * file knows how they are made. */
static void rewrite_lines(sqlite3 *db, int64_t from, int64_t to) {
    static const char select[] = "SELECT seq, time_ms, actor, subject, kind, payload FROM journal"
                                 " WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq";
    static const char update[] = "UPDATE journal SET prev = ?2, hash = ?3 WHERE seq = ?1";
    struct journal_line line = {0};
    struct buf scratch = BUF_INIT;
    sqlite3_stmt *get;
    sqlite3_stmt *put;
    raw_format(db, "UPDATE journal SET actor = 'u/666' WHERE seq = %lld", (long long)from);
    sqlite3_prepare_v2(db, "SELECT hash FROM journal WHERE seq = ?1", -1, &get, NULL);
    sqlite3_bind_int64(get, 1, from - 1);
    assert_int_equal(sqlite3_step(get), SQLITE_ROW);
    memcpy(line.hash, sqlite3_column_blob(get, 0), JOURNAL_HASH);
    sqlite3_finalize(get);
    sqlite3_prepare_v2(db, select, -1, &get, NULL);
    sqlite3_prepare_v2(db, update, -1, &put, NULL);
    sqlite3_bind_int64(get, 1, from);
    sqlite3_bind_int64(get, 2, to);
    while (sqlite3_step(get) == SQLITE_ROW) {
        line.seq = sqlite3_column_int64(get, 0);
        line.time_ms = sqlite3_column_int64(get, 1);
        line.actor = (const char *)sqlite3_column_text(get, 2);
        line.subject = (const char *)sqlite3_column_text(get, 3);
        line.kind = (const char *)sqlite3_column_text(get, 4);
        line.payload = (const char *)sqlite3_column_text(get, 5);
        memcpy(line.prev, line.hash, JOURNAL_HASH);
        chain_hash(&line, &scratch, line.hash);
        sqlite3_bind_int64(put, 1, line.seq);
        sqlite3_bind_blob(put, 2, line.prev, JOURNAL_HASH, SQLITE_STATIC);
        sqlite3_bind_blob(put, 3, line.hash, JOURNAL_HASH, SQLITE_STATIC);
        assert_int_equal(sqlite3_step(put), SQLITE_DONE);
        sqlite3_reset(put);
    }
    sqlite3_finalize(get);
    sqlite3_finalize(put);
    buf_fini(&scratch);
}

/* The chain is whole again: only the signatures show it, at the next line that has one. */
static int64_t rewrite_the_chain(sqlite3 *db, uint64_t *x) {
    int64_t from = random_to(x, 2, LINES);
    rewrite_lines(db, from, LINES);
    return (from + 19) / 20 * 20; /* signed every 20 lines */
}

/* One line is changed and its own hash made to fit. The next one then follows another line than
 * there is, unless a signature shows it before. */
static int64_t rewrite_one_line(sqlite3 *db, uint64_t *x) {
    long long seq = random_to(x, 2, LINES);
    rewrite_lines(db, seq, seq);
    return seq % 20 == 0 ? seq : seq + 1;
}

static int64_t alter_a_checkpoint(sqlite3 *db, uint64_t *x) {
    static const char *const how[] = {"time_ms = time_ms + 1", "hash = zeroblob(32)",
                                      "signature = zeroblob(64)", "public = zeroblob(32)"};
    long long seq = random_to(x, 1, 3) * 20;
    raw_format(db, "UPDATE journal_checkpoint SET %s WHERE seq = %lld", how[next_random(x) % 4],
               seq);
    return seq;
}

static const struct {
    int64_t (*tamper)(sqlite3 *db, uint64_t *x);
    int weight; /* of 40 */
} tamperings[] = {
    {flip_a_bit, 10},
    {change_the_time, 2},
    {change_a_text, 4},
    {drop_a_line, 3},
    {drop_a_line_and_close_the_gap, 3},
    {cut_the_tail, 3},
    {swap_two_lines, 3},
    {move_a_line, 3},
    {insert_a_copy, 3},
    {insert_before_the_first, 1},
    {rewrite_the_chain, 2},
    {rewrite_one_line, 2},
    {alter_a_checkpoint, 1},
};

static int64_t tamper(const struct fixture *f, uint64_t *x) {
    int at = (int)(next_random(x) % 40);
    size_t kind = 0;
    while (at >= tamperings[kind].weight) {
        at -= tamperings[kind++].weight;
    }
    sqlite3 *db = raw_open(f->path);
    raw_exec(db, "PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON; BEGIN");
    int64_t seq = tamperings[kind].tamper(db, x);
    raw_exec(db, "COMMIT");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return seq;
}

/* Verify refuses, and names the first line that is wrong. */
static void check_found(struct fixture *f, int64_t seq, int try) {
    struct journal_report report;
    char name[32];
    snprintf(name, sizeof name, "journal line %lld", (long long)seq);
    size_t n = strlen(name);
    fixture_open(f);
    if (fixture_verify(f, &report) == OK) {
        fail_msg("try %d, line %lld: not found", try, (long long)seq);
    }
    const char *at = strstr(f->err.msg, name);
    if (f->err.code != E_INPUT || at == NULL || (at[n] >= '0' && at[n] <= '9')) {
        fail_msg("try %d: expected \"%s\" in \"%s\"", try, name, f->err.msg);
    }
    fixture_close(f);
}

static void a_thousand_tamperings_are_found_and_named(void **state) {
    (void)state;
    struct original o;
    struct journal_report report;
    uint64_t x = 20210207;
    original_init(&o);
    fixture_open(&o.f);
    assert_int_equal(fixture_verify(&o.f, &report), OK);
    assert_int_equal(report.lines, LINES);
    fixture_close(&o.f);
    for (int i = 0; i < TRIES; i++) {
        original_restore(&o);
        int64_t seq = tamper(&o.f, &x);
        check_found(&o.f, seq, i);
    }
    original_restore(&o);
    fixture_open(&o.f);
    assert_int_equal(fixture_verify(&o.f, &report), OK); /* it was the tampering that was found */
    original_fini(&o);
}

/* The chain written anew, and every checkpoint signed anew, by a key of one's own. */
static void sign_anew(const struct fixture *f) {
    char path[128];
    char text[CHECKPOINT_TEXT_MAX];
    struct buf file = BUF_INIT;
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    sqlite3 *db = raw_open(f->path);
    sqlite3_stmt *put;
    rewrite_lines(db, 30, LINES);
    sqlite3_prepare_v2(db,
                       "UPDATE journal_checkpoint SET hash = ?2, public = ?3, signature = ?4,"
                       " time_ms = 1 WHERE seq = ?1",
                       -1, &put, NULL);
    for (int seq = 20; seq <= LINES; seq += 20) {
        struct checkpoint c = {.seq = seq, .time_ms = 1};
        size_t n = sizeof c.public_key;
        sqlite3_stmt *get;
        EVP_PKEY_get_raw_public_key(key, c.public_key, &n);
        sqlite3_prepare_v2(db, "SELECT hash FROM journal WHERE seq = ?1", -1, &get, NULL);
        sqlite3_bind_int64(get, 1, seq);
        assert_int_equal(sqlite3_step(get), SQLITE_ROW);
        memcpy(c.hash, sqlite3_column_blob(get, 0), sizeof c.hash);
        sqlite3_finalize(get);
        checkpoint_sign(&c, key);
        buf_add(&file, text, checkpoint_text(&c, text));
        sqlite3_bind_int64(put, 1, seq);
        sqlite3_bind_blob(put, 2, c.hash, sizeof c.hash, SQLITE_STATIC);
        sqlite3_bind_blob(put, 3, c.public_key, sizeof c.public_key, SQLITE_STATIC);
        sqlite3_bind_blob(put, 4, c.signature, sizeof c.signature, SQLITE_STATIC);
        assert_int_equal(sqlite3_step(put), SQLITE_DONE);
        sqlite3_reset(put);
    }
    sqlite3_finalize(put);
    sqlite3_close(db);
    EVP_PKEY_free(key);
    beside(f, ".checkpoints", path);
    write_bytes(path, &file);
    buf_fini(&file);
}

static void a_key_that_the_chain_does_not_state_signs_nothing(void **state) {
    (void)state;
    struct original o;
    struct journal_report report;
    original_init(&o);
    sign_anew(&o.f);
    fixture_open(&o.f);
    assert_int_equal(fixture_verify(&o.f, &report), E_INPUT);
    assert_says(&o.f, "journal line 20 is signed by a key that no line before it made known");
    original_fini(&o);
}

/* A checkpoint that cannot be kept takes the commit with it; the store goes on when it can. */
static void a_commit_that_cannot_be_signed_is_undone(void **state) {
    (void)state;
    struct fixture f;
    struct journal_report report;
    fixture_init(&f);
    fixture_open(&f);
    fixture_add(&f, "a");
    raw_change(f.path, "INSERT INTO journal_checkpoint"
                       " VALUES (4, 0, zeroblob(32), zeroblob(32), zeroblob(64))");
    assert_int_equal(journal_checkpoint(f.store, &f.err), E_INPUT);
    fixture_add(&f, "b"); /* no checkpoint is due: it goes well */
    raw_change(f.path, "DELETE FROM journal_checkpoint");
    f.err = (struct err)ERR_INIT;
    assert_int_equal(journal_checkpoint(f.store, &f.err), OK);
    assert_int_equal(fixture_verify(&f, &report), OK);
    assert_int_equal(report.signed_seq, 5);
    fixture_fini(&f);
}

static void the_file_of_checkpoints_is_held_to_its_signatures(void **state) {
    (void)state;
    struct original o;
    struct journal_report report;
    char path[128];
    uint64_t x = 7;
    original_init(&o);
    beside(&o.f, ".checkpoints", path);
    for (int i = 0; i < 100; i++) {
        size_t at = next_random(&x) % o.checkpoints.len;
        char was = o.checkpoints.data[at];
        o.checkpoints.data[at] = (char)(was ^ (1 << next_random(&x) % 7));
        original_restore(&o);
        fixture_open(&o.f);
        /* but for the last line feed: without it the line is what a crash left */
        enum code want = at == o.checkpoints.len - 1 ? OK : E_INPUT;
        assert_int_equal(fixture_verify(&o.f, &report), want);
        fixture_close(&o.f);
        o.checkpoints.data[at] = was;
    }
    original_fini(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_is_as_drawn),
        cmocka_unit_test(lines_are_numbered_and_chained),
        cmocka_unit_test(an_entry_that_is_none_is_refused),
        cmocka_unit_test(the_lines_of_a_subject_are_found),
        cmocka_unit_test(a_batch_is_bounded_in_bytes),
        cmocka_unit_test(a_cursor_moves_forward_when_it_is_told),
        cmocka_unit_test(checkpoints_come_by_number_on_demand_and_at_the_end),
        cmocka_unit_test(the_key_is_for_its_owner_alone),
        cmocka_unit_test(a_lost_key_is_followed_by_another_that_is_stated),
        cmocka_unit_test(half_a_line_that_a_crash_left_is_taken_away),
        cmocka_unit_test(a_checkpoint_that_was_not_filed_is_filed_later),
        cmocka_unit_test(a_damaged_file_of_checkpoints_is_not_added_to),
        cmocka_unit_test(a_journal_that_was_cut_is_not_added_to),
        cmocka_unit_test(every_byte_of_a_checkpoint_counts),
        cmocka_unit_test(a_thousand_tamperings_are_found_and_named),
        cmocka_unit_test(a_key_that_the_chain_does_not_state_signs_nothing),
        cmocka_unit_test(a_commit_that_cannot_be_signed_is_undone),
        cmocka_unit_test(the_file_of_checkpoints_is_held_to_its_signatures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
