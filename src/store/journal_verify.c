/* journal_verify: the walk over the whole chain.
 *
 * Three streams, each in ascending order of line numbers, are read side by side: the lines, the
 * rows of checkpoints, and FILE.checkpoints. One row of each is held at a time. The file is read
 * only as far as it went before the snapshot: what is filed later may sign lines the snapshot does
 * not see. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "store/chain_int.h"
#include "store/checkpoint_int.h"
#include "store/hex.h"
#include "store/journal.h"
#include "store/store.h"
#include "store/store_int.h"
#include "store/tx_int.h"

static const char SQL_LINES[] = "SELECT seq, time_ms, actor, subject, kind, payload, prev, hash"
                                " FROM journal ORDER BY seq";
static const char SQL_CHECKPOINTS[] = "SELECT seq, time_ms, hash, public, signature"
                                      " FROM journal_checkpoint ORDER BY seq";

/* A new key is a rare thing: the old one was lost. */
enum { KEYS_MAX = 64 };

enum stream { STREAM_ROWS, STREAM_FILE, STREAMS };

/* One source of checkpoints; `at` is the next that was not met by its line yet. */
struct checkpoints {
    bool more;
    struct checkpoint at;
};

struct walk {
    struct tx *tx;
    const char *file_name;
    FILE *file;     /* NULL where there is none */
    off_t file_end; /* its length before the snapshot */
    off_t file_at;
    int64_t file_line;
    struct query *rows;
    struct checkpoints next[STREAMS];
    char key[KEYS_MAX][JOURNAL_HEX]; /* that the lines so far made known */
    size_t keys;
    struct buf scratch;
    struct journal_report *report;
};

static enum code bad_line(int64_t seq, const char *how, struct err *err) {
    return err_set(err, E_INPUT, "journal line %" PRId64 " %s", seq, how);
}

/* ---- checkpoints ---- */

static bool blob_column(struct query *q, int column, unsigned char *to, size_t n) {
    if (query_kind(q, column) != QUERY_BLOB || query_get_len(q, column) != n) {
        return false;
    }
    memcpy(to, query_get_blob(q, column), n);
    return true;
}

static enum code advance_rows(struct walk *w, struct err *err) {
    struct checkpoints *next = &w->next[STREAM_ROWS];
    struct checkpoint *c = &next->at;
    next->more = query_row(w->rows);
    if (!next->more) {
        return OK; /* a failure is said when the query is closed */
    }
    c->seq = query_get_int(w->rows, 0);
    c->time_ms = query_get_int(w->rows, 1);
    bool whole = blob_column(w->rows, 2, c->hash, sizeof c->hash) &&
                 blob_column(w->rows, 3, c->public_key, sizeof c->public_key) &&
                 blob_column(w->rows, 4, c->signature, sizeof c->signature);
    if (!whole || !checkpoint_is_signed(c)) {
        return err_set(err, E_INPUT,
                       "the checkpoint of journal line %" PRId64
                       " in the database was altered: its signature does not fit",
                       c->seq);
    }
    return OK;
}

/* The next line of the file; one without its line feed is what a crash left, and no line. */
static enum code advance_file(struct walk *w, struct err *err) {
    struct checkpoints *next = &w->next[STREAM_FILE];
    char line[CHECKPOINT_TEXT_MAX];
    int64_t before = next->at.seq;
    next->more = false;
    if (w->file == NULL || w->file_at >= w->file_end || fgets(line, sizeof line, w->file) == NULL) {
        return w->file == NULL || !ferror(w->file)
                   ? OK
                   : err_set(err, E_IO, "cannot read %s: %s", w->file_name, strerror(errno));
    }
    size_t n = strlen(line);
    w->file_at += (off_t)n;
    w->file_line++;
    if (w->file_at >= w->file_end && (n == 0 || line[n - 1] != '\n')) {
        return OK;
    }
    if (!checkpoint_parse(line, n, &next->at) || !checkpoint_is_signed(&next->at)) {
        return err_set(err, E_INPUT,
                       "%s: line %" PRId64 " was altered: it is not a signed checkpoint",
                       w->file_name, w->file_line);
    }
    if (next->at.seq <= before) {
        return err_set(err, E_INPUT,
                       "%s: line %" PRId64 " was moved: it does not follow the one "
                       "before it",
                       w->file_name, w->file_line);
    }
    next->more = true;
    return OK;
}

static enum code advance(struct walk *w, enum stream stream, struct err *err) {
    w->report->checkpoints += w->next[stream].more;
    return stream == STREAM_ROWS ? advance_rows(w, err) : advance_file(w, err);
}

static bool knows_key(const struct walk *w, const struct checkpoint *c) {
    char hex[JOURNAL_HEX];
    hex_text(c->public_key, sizeof c->public_key, hex);
    for (size_t i = 0; i < w->keys; i++) {
        if (strcmp(w->key[i], hex) == 0) {
            return true;
        }
    }
    return false;
}

/* The checkpoints of one stream that sign this line. */
static enum code meet(struct walk *w, enum stream stream, const struct journal_line *line,
                      struct err *err) {
    const struct checkpoint *c = &w->next[stream].at;
    enum code code = OK;
    while (code == OK && w->next[stream].more && c->seq <= line->seq) {
        if (c->seq != line->seq) {
            return err_set(err, E_INPUT,
                           "a checkpoint signs journal line %" PRId64 ", which there cannot be",
                           c->seq);
        }
        if (memcmp(c->hash, line->hash, sizeof c->hash) != 0) {
            return err_set(err, E_INPUT,
                           "journal line %" PRId64 ", or one before it, was written "
                           "anew: a signed checkpoint has another hash",
                           line->seq);
        }
        if (!knows_key(w, c)) {
            return err_set(err, E_INPUT,
                           "the checkpoint of journal line %" PRId64
                           " is signed by a key that no line before it made known",
                           line->seq);
        }
        w->report->signed_seq = line->seq;
        code = advance(w, stream, err);
    }
    return code;
}

/* Checkpoints that are left sign lines which are not there. */
static enum code check_tail(const struct walk *w, struct err *err) {
    for (int stream = 0; stream < STREAMS; stream++) {
        const struct checkpoint *c = &w->next[stream].at;
        if (w->next[stream].more) {
            return err_set(err, E_INPUT,
                           "journal line %" PRId64 " is missing, and all behind it: the "
                           "tail was cut off; a signed checkpoint states line %" PRId64,
                           w->report->lines + 1, c->seq);
        }
    }
    return OK;
}

/* ---- lines ---- */

/* A text as journal_add() writes it: of the right type, without a NUL in it. */
static const char *text_column(struct query *q, int column) {
    if (query_kind(q, column) != QUERY_TEXT) {
        return NULL;
    }
    const char *s = query_get_text(q, column);
    return s != NULL && strlen(s) == query_get_len(q, column) ? s : NULL;
}

/* Borrows the row's texts. False where a column is not what can have been written. */
static bool read_line(struct query *q, struct journal_line *to) {
    to->time_ms = query_get_int(q, 1);
    to->actor = text_column(q, 2);
    to->subject = text_column(q, 3);
    to->kind = text_column(q, 4);
    to->payload = text_column(q, 5);
    return query_kind(q, 1) == QUERY_INT && to->actor != NULL && to->subject != NULL &&
           to->kind != NULL && to->payload != NULL &&
           blob_column(q, 6, to->prev, sizeof to->prev) &&
           blob_column(q, 7, to->hash, sizeof to->hash);
}

static void learn_key(struct walk *w, const struct journal_line *line) {
    if (strcmp(line->kind, "journal.key") == 0 && strlen(line->subject) == JOURNAL_HEX - 1 &&
        w->keys < KEYS_MAX) {
        memcpy(w->key[w->keys++], line->subject, JOURNAL_HEX);
    }
}

static enum code check_line(struct walk *w, struct query *q, struct err *err) {
    struct journal_line line = {.seq = query_get_int(q, 0)};
    unsigned char hash[JOURNAL_HASH];
    int64_t expected = w->report->lines + 1;
    if (line.seq > expected) {
        return bad_line(expected, "is missing: it was dropped or moved", err);
    }
    if (line.seq < expected) {
        return bad_line(line.seq, "was inserted: the first is line 1", err);
    }
    if (!read_line(q, &line)) {
        return bad_line(line.seq, "was altered: a value of it cannot have been written so", err);
    }
    chain_hash(&line, &w->scratch, hash);
    if (memcmp(hash, line.hash, sizeof hash) != 0) {
        return bad_line(line.seq, "was altered or moved: its hash does not fit it", err);
    }
    if (memcmp(line.prev, w->report->last_hash, sizeof line.prev) != 0) {
        return bad_line(line.seq,
                        "was inserted or moved, or the one before it was written anew: it "
                        "does not follow it",
                        err);
    }
    learn_key(w, &line);
    w->report->lines = line.seq;
    w->report->last_time_ms = line.time_ms;
    memcpy(w->report->last_hash, line.hash, sizeof line.hash);
    enum code code = meet(w, STREAM_ROWS, &line, err);
    return code == OK ? meet(w, STREAM_FILE, &line, err) : code;
}

static enum code walk_lines(struct walk *w, struct err *err) {
    enum code code = OK;
    struct query *q = query_open(w->tx, SQL_LINES);
    while (code == OK && query_row(q)) {
        code = check_line(w, q, err);
    }
    enum code end = query_close(q, err);
    return code == OK ? end : code;
}

/* ---- the whole ---- */

/* Without a file there are the rows alone: its absence is for who keeps a copy of it to notice. */
static enum code open_file(struct walk *w, struct err *err) {
    struct stat st;
    w->file = fopen(w->file_name, "re");
    if (w->file == NULL) {
        return errno == ENOENT
                   ? OK
                   : err_set(err, E_IO, "cannot open %s: %s", w->file_name, strerror(errno));
    }
    if (fstat(fileno(w->file), &st) != 0) {
        return err_set(err, E_IO, "cannot stat %s: %s", w->file_name, strerror(errno));
    }
    w->file_end = st.st_size;
    return OK;
}

static enum code walk(struct walk *w, struct err *err) {
    w->rows = query_open(w->tx, SQL_CHECKPOINTS);
    enum code code = advance(w, STREAM_ROWS, err);
    if (code == OK) {
        code = advance(w, STREAM_FILE, err);
    }
    if (code == OK) {
        code = walk_lines(w, err);
    }
    enum code end = query_close(w->rows, err);
    if (code == OK) {
        code = end;
    }
    if (code == OK) {
        code = check_tail(w, err);
    }
    if (code == OK && w->report->lines == 0) {
        code = bad_line(1, "is missing: the journal is empty", err);
    }
    return code;
}

enum code journal_verify(struct store *s, struct journal_report *out, struct err *err) {
    struct buf name = BUF_INIT;
    struct walk w = {.scratch = BUF_INIT, .report = out};
    memset(out, 0, sizeof *out);
    buf_addf(&name, "%s.checkpoints", store_path(s));
    w.file_name = name.data;
    enum code code = open_file(&w, err);
    if (code == OK) {
        code = store_read(s, &w.tx, err);
    }
    if (code == OK) {
        code = walk(&w, err);
    }
    store_read_end(w.tx);
    if (w.file != NULL) {
        fclose(w.file);
    }
    buf_fini(&w.scratch);
    buf_fini(&name);
    return code;
}
