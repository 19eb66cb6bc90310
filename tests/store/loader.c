/* loader: a process to be killed. Writes to a store as a server would, and says what was
 * acknowledged only after it was.
 *
 *   loader write DB THREADS       each thread adds lines one by one; prints "SEQ TOKEN\n" for each
 * in one write(2), after the commit; until it is killed loader check DB ACKNOWLEDGED  every whole
 * line of the file ACKNOWLEDGED is in the journal with its token and its row; the chain verifies;
 * prints the line count loader fill DB                adds large lines until the disk is full;
 * reads; waits for a line on stdin, adds again, and verifies
 *
 * Exit status 0, or 1 with words on stderr. */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/journal.h"
#include "store/query.h"
#include "store/store.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE load_item (token TEXT PRIMARY KEY, line INTEGER NOT NULL) STRICT;"},
};
static const struct schema load_schema = {"load", migrations, 1, NULL};
static const struct schema *const schemas[] = {&load_schema};

static const char SQL_ADD[] = "INSERT INTO load_item (token, line) VALUES (?1, ?2)";
static const char SQL_FIND[] = "SELECT 1 FROM load_item, journal WHERE token = ?1 AND line = ?2"
                               " AND journal.seq = line AND journal.subject = token";

static int64_t system_ms(void *clock) {
    struct timespec t;
    (void)clock;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum code open_store(const char *path, struct store **out, struct err *err) {
    struct store_config config = {.path = path,
                                  .mode = STORE_WRITE,
                                  .schemas = schemas,
                                  .schema_count = 1,
                                  .now_ms = system_ms,
                                  .checkpoint_every = 50};
    return store_open(&config, out, err);
}

struct item {
    char token[48];
    const char *payload;
    int64_t seq;          /* out: of its line, if that is kept */
    int64_t acknowledged; /* the last that was */
};

static enum code add_item(struct tx *tx, void *data, struct err *err) {
    struct item *item = data;
    struct journal_entry line = {"loader", item->token, "load.added", item->payload};
    enum code code = journal_add(tx, &line, &item->seq, err);
    if (code != OK) {
        return code;
    }
    struct query *q = query_open(tx, SQL_ADD);
    query_text(q, 1, item->token);
    query_int(q, 2, item->seq);
    return query_run(q, err);
}

/* ---- write ---- */

static void *write_items(void *data) {
    struct store *s = data;
    struct item item = {.payload = "{}"};
    for (uint64_t n = 0;; n++) {
        struct err err = ERR_INIT;
        char said[80];
        snprintf(item.token, sizeof item.token, "%ld-%lx-%" PRIu64, (long)getpid(),
                 (unsigned long)pthread_self(), n);
        if (store_write(s, STORE_CHANGE, add_item, &item, &err) != OK) {
            err_print(&err);
            exit(1);
        }
        int len = snprintf(said, sizeof said, "%" PRId64 " %s\n", item.seq, item.token);
        if (write(STDOUT_FILENO, said, (size_t)len) != len) {
            exit(1);
        }
    }
    return NULL;
}

static enum code do_write(const char *path, const char *threads, struct err *err) {
    struct store *s;
    enum code code = open_store(path, &s, err);
    if (code != OK) {
        return code;
    }
    for (long i = strtol(threads, NULL, 10); i > 1; i--) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, write_items, s) != 0) {
            return err_set(err, E_IO, "cannot start a thread");
        }
    }
    write_items(s);
    return OK;
}

/* ---- check ---- */

static enum code check_item(struct tx *tx, const char *token, int64_t seq, struct err *err) {
    struct query *q = query_open(tx, SQL_FIND);
    query_text(q, 1, token);
    query_int(q, 2, seq);
    bool found = query_row(q);
    enum code code = query_close(q, err);
    return code != OK || found
               ? code
               : err_set(err, E_INPUT, "line %" PRId64 " \"%s\" was acknowledged and is lost", seq,
                         token);
}

/* A last line without its line feed was cut by the kill, and says nothing. */
static enum code check_all(struct tx *tx, const char *said, struct err *err) {
    enum code code = OK;
    char line[128];
    FILE *f = fopen(said, "r");
    if (f == NULL) {
        return err_set(err, E_IO, "cannot open %s", said);
    }
    while (code == OK && fgets(line, sizeof line, f) != NULL && strchr(line, '\n') != NULL) {
        char *token;
        int64_t seq = strtoll(line, &token, 10);
        token[strcspn(token, "\n")] = '\0';
        code = check_item(tx, token + 1, seq, err);
    }
    fclose(f);
    return code;
}

static enum code do_check(const char *path, const char *said, struct err *err) {
    struct store *s = NULL;
    struct tx *tx = NULL;
    struct journal_report report;
    enum code code = open_store(path, &s, err);
    if (code == OK) {
        code = journal_verify(s, &report, err);
    }
    if (code == OK) {
        code = store_read(s, &tx, err);
    }
    if (code == OK) {
        code = check_all(tx, said, err);
    }
    store_read_end(tx);
    store_close(s);
    if (code == OK) {
        printf("%" PRId64 "\n", report.lines);
    }
    return code;
}

/* ---- fill ---- */

static enum code fill(struct store *s, struct item *item, int times, struct err *err) {
    enum code code = OK;
    for (int i = 0; code == OK && i < times; i++) {
        snprintf(item->token, sizeof item->token, "fill-%d-%d", times, i);
        code = store_write(s, STORE_CHANGE, add_item, item, err);
        item->acknowledged = code == OK ? item->seq : item->acknowledged;
    }
    return code;
}

static enum code recover(struct store *s, struct item *item, struct err *err) {
    struct journal_report report;
    struct err full = ERR_INIT;
    if (fill(s, item, 100000, &full) == OK) {
        return err_set(err, E_IO, "the disk did not become full");
    }
    printf("full: %s\n", full.msg);
    enum code code = journal_verify(s, &report, err);
    if (code == OK) {
        printf("read: %" PRId64 " lines, %d acknowledged\n", report.lines, (int)item->acknowledged);
        fflush(stdout);
        (void)getchar();
        code = fill(s, item, 5, err);
    }
    if (code == OK) {
        code = journal_checkpoint(s, err);
    }
    if (code == OK) {
        code = journal_verify(s, &report, err);
    }
    if (code == OK) {
        printf("again: %" PRId64 " lines, signed up to %" PRId64 "\n", report.lines,
               report.signed_seq);
    }
    return code;
}

static enum code do_fill(const char *path, const char *unused, struct err *err) {
    static char payload[20000];
    struct item item = {.payload = payload};
    struct store *s;
    (void)unused;
    memset(payload, 'x', sizeof payload - 1);
    payload[0] = payload[sizeof payload - 2] = '"';
    enum code code = open_store(path, &s, err);
    if (code == OK) {
        code = recover(s, &item, err);
        store_close(s);
    }
    return code;
}

int main(int argc, char **argv) {
    static const struct {
        const char *word;
        enum code (*run)(const char *path, const char *more, struct err *err);
    } commands[] = {{"write", do_write}, {"check", do_check}, {"fill", do_fill}};
    struct err err = ERR_INIT;
    signal(SIGXFSZ,
           SIG_IGN); /* a limit on file sizes is then an error of write(2), as a full disk */
    enum code code = err_set(&err, E_USAGE, "loader write|check|fill DB [THREADS|FILE]");
    for (size_t i = 0; argc >= 3 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].word) == 0) {
            err = (struct err)ERR_INIT;
            code = commands[i].run(argv[2], argc > 3 ? argv[3] : "1", &err);
        }
    }
    if (code != OK) {
        err_print(&err);
    }
    return err_exit_status(code);
}
