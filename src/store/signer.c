/* signer: see signer_int.h.
 *
 * A checkpoint is a row first, in the transaction whose lines it signs, and a line of the file
 * after that transaction is on disk: the file never states what the database could still lose. */
#include "store/signer_int.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "store/checkpoint_int.h"
#include "store/hex.h"

static const char SQL_KNOWN[] = "SELECT line FROM journal_key WHERE public = ?1";
static const char SQL_ADD_KEY[] = "INSERT INTO journal_key (public, line) VALUES (?1, ?2)";
static const char SQL_LAST[] = "SELECT max(seq) FROM journal_checkpoint";
static const char SQL_HASH[] = "SELECT hash FROM journal WHERE seq = ?1";
static const char SQL_ADD[] =
    "INSERT INTO journal_checkpoint (seq, time_ms, hash, public, signature)"
    " VALUES (?1, ?2, ?3, ?4, ?5)";
static const char SQL_SINCE[] = "SELECT seq, time_ms, hash, public, signature"
                                " FROM journal_checkpoint WHERE seq > ?1 ORDER BY seq";

struct signer {
    EVP_PKEY *key;
    unsigned char public_key[CHECKPOINT_KEY];
    struct buf key_path;
    struct buf file_path;
    int fd; /* of the file of checkpoints */
    off_t end;
    struct checkpoint last; /* in the file; seq 0 for none */
    int64_t made_seq;       /* of the last row */
};

/* ---- the key ---- */

static enum code no_key(const struct signer *s, const char *what, struct err *err) {
    return err_set(err, E_IO, "cannot %s %s: %s", what, s->key_path.data, strerror(errno));
}

/* On disk under another name first: a crash leaves no half key. */
static enum code save_key(struct signer *s, struct err *err) {
    struct buf temp = BUF_INIT;
    buf_addf(&temp, "%s.new", s->key_path.data);
    enum code code = OK;
    FILE *f = NULL;
    int fd = open(temp.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || fchmod(fd, 0600) != 0 || (f = fdopen(fd, "w")) == NULL) {
        code = no_key(s, "create", err);
        goto out;
    }
    bool put = PEM_write_PrivateKey(f, s->key, NULL, NULL, 0, NULL, NULL) == 1 && fflush(f) == 0 &&
               fsync(fd) == 0;
    if (!put || rename(temp.data, s->key_path.data) != 0) {
        code = no_key(s, "write", err);
        unlink(temp.data);
    }
out:
    if (f != NULL) {
        fclose(f);
    } else if (fd >= 0) {
        close(fd);
    }
    buf_fini(&temp);
    return code;
}

static enum code make_key(struct signer *s, struct err *err) {
    s->key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    assert(s->key != NULL);
    return save_key(s, err);
}

static enum code read_key(struct signer *s, FILE *f, struct err *err) {
    struct stat st;
    if (fstat(fileno(f), &st) != 0) {
        return no_key(s, "stat", err);
    }
    if ((st.st_mode & 077) != 0) {
        return err_set(err, E_INPUT,
                       "cannot use %s: others may read it (mode %03o); it wants chmod 600",
                       s->key_path.data, (unsigned)st.st_mode & 0777);
    }
    s->key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
    if (s->key == NULL || !EVP_PKEY_is_a(s->key, "ED25519")) {
        return err_set(err, E_INPUT, "cannot use %s: not an Ed25519 private key in PEM",
                       s->key_path.data);
    }
    return OK;
}

static enum code load_key(struct signer *s, struct err *err) {
    enum code code;
    FILE *f = fopen(s->key_path.data, "re");
    if (f != NULL) {
        code = read_key(s, f, err);
        fclose(f);
    } else if (errno == ENOENT) {
        code = make_key(s, err);
    } else {
        code = no_key(s, "open", err);
    }
    if (code == OK) {
        size_t n = sizeof s->public_key;
        int ok = EVP_PKEY_get_raw_public_key(s->key, s->public_key, &n);
        assert(ok == 1 && n == sizeof s->public_key);
    }
    return code;
}

/* ---- the file ---- */

static enum code no_file(const struct signer *s, const char *what, struct err *err) {
    return err_set(err, E_IO, "cannot %s %s: %s", what, s->file_path.data, strerror(errno));
}

static enum code damaged(const struct signer *s, struct err *err) {
    return err_set(err, E_INPUT,
                   "cannot use %s: its last line is not a signed checkpoint; keep the file as "
                   "evidence and put another in its place",
                   s->file_path.data);
}

/* The last whole line among the n bytes at the file's end; what follows it is not counted to the
 * file any more. */
static enum code find_last(struct signer *s, const char *tail, size_t n, struct err *err) {
    size_t end = n;
    while (end > 0 && tail[end - 1] != '\n') {
        end--;
    }
    size_t start = end > 0 ? end - 1 : 0;
    while (start > 0 && tail[start - 1] != '\n') {
        start--;
    }
    s->end -= (off_t)(n - end);
    if (end == 0) {
        return s->end == 0 ? OK : damaged(s, err);
    }
    if (!checkpoint_parse(tail + start, end - start, &s->last) || !checkpoint_is_signed(&s->last)) {
        return damaged(s, err);
    }
    return OK;
}

static enum code open_file(struct signer *s, struct err *err) {
    char tail[2 * CHECKPOINT_TEXT_MAX];
    struct stat st;
    s->fd = open(s->file_path.data, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (s->fd < 0 || fstat(s->fd, &st) != 0) {
        return no_file(s, "open", err);
    }
    size_t want = (size_t)st.st_size < sizeof tail ? (size_t)st.st_size : sizeof tail;
    ssize_t got = pread(s->fd, tail, want, st.st_size - (off_t)want);
    if (got != (ssize_t)want) {
        return no_file(s, "read", err);
    }
    s->end = st.st_size;
    enum code code = find_last(s, tail, want, err);
    if (code == OK && s->end != st.st_size && ftruncate(s->fd, s->end) != 0) {
        return no_file(s, "truncate", err);
    }
    return code;
}

/* A line is there whole, or the file ends where it did. */
static enum code append(struct signer *s, const struct checkpoint *c, struct err *err) {
    char text[CHECKPOINT_TEXT_MAX];
    size_t n = checkpoint_text(c, text);
    errno = ENOSPC; /* what a short write means, which sets none */
    if (pwrite(s->fd, text, n, s->end) != (ssize_t)n || fdatasync(s->fd) != 0) {
        enum code code = no_file(s, "write", err);
        (void)!ftruncate(s->fd, s->end); /* else the next line is written over it */
        return code;
    }
    s->end += (off_t)n;
    s->last = *c;
    return OK;
}

/* ---- opening ---- */

enum code signer_open(const char *path, struct signer **out, struct err *err) {
    struct signer *s = mem_alloc(sizeof *s);
    memset(s, 0, sizeof *s);
    s->fd = -1;
    buf_addf(&s->key_path, "%s.key", path);
    buf_addf(&s->file_path, "%s.checkpoints", path);
    enum code code = load_key(s, err);
    if (code == OK) {
        code = open_file(s, err);
    }
    if (code != OK) {
        signer_close(s);
        return code;
    }
    *out = s;
    return OK;
}

void signer_close(struct signer *s) {
    if (s == NULL) {
        return;
    }
    if (s->fd >= 0) {
        close(s->fd);
    }
    EVP_PKEY_free(s->key);
    buf_fini(&s->key_path);
    buf_fini(&s->file_path);
    free(s);
}

/* The file's last line against the journal: a journal that is shorter, or another, lost lines. */
static enum code check_last(struct signer *s, struct tx *tx, struct err *err) {
    if (s->last.seq == 0) {
        return OK;
    }
    struct query *q = query_open(tx, SQL_HASH);
    query_int(q, 1, s->last.seq);
    bool same = query_row(q) && query_get_len(q, 0) == sizeof s->last.hash &&
                memcmp(query_get_blob(q, 0), s->last.hash, sizeof s->last.hash) == 0;
    enum code code = query_close(q, err);
    if (code == OK && !same) {
        code =
            err_set(err, E_INPUT,
                    "cannot write %s: %s signs journal line %" PRId64 ", and the journal %s; see "
                    "taihu journal verify, restore it, or put the file away",
                    tx->path, s->file_path.data, s->last.seq,
                    tx->head.seq < s->last.seq ? "ends before it" : "has another");
    }
    return code;
}

static enum code is_known(struct signer *s, struct tx *tx, bool *known, struct err *err) {
    struct query *q = query_open(tx, SQL_KNOWN);
    query_blob(q, 1, s->public_key, sizeof s->public_key);
    *known = query_row(q);
    return query_close(q, err);
}

/* A key that is new says so in the chain before it signs anything. */
static enum code state_key(struct signer *s, struct tx *tx, struct err *err) {
    char hex[JOURNAL_HEX];
    int64_t line;
    hex_text(s->public_key, sizeof s->public_key, hex);
    struct journal_entry entry = {"system", hex, "journal.key", "{\"algorithm\":\"Ed25519\"}"};
    enum code code = journal_add(tx, &entry, &line, err);
    if (code != OK) {
        return code;
    }
    struct query *q = query_open_trusted(tx, SQL_ADD_KEY);
    query_blob(q, 1, s->public_key, sizeof s->public_key);
    query_int(q, 2, line);
    return query_run(q, err);
}

static enum code load_made(struct signer *s, struct tx *tx, struct err *err) {
    return query_number(query_open(tx, SQL_LAST), &s->made_seq, err);
}

static enum code settle_within(struct signer *s, struct tx *tx, struct err *err) {
    bool known = true;
    enum code code = check_last(s, tx, err);
    if (code == OK) {
        code = load_made(s, tx, err);
    }
    if (code == OK) {
        code = is_known(s, tx, &known, err);
    }
    if (code == OK && !known) {
        code = state_key(s, tx, err);
    }
    return code == OK ? tx_step(tx, TX_COMMIT, err) : code;
}

enum code signer_settle(struct signer *s, struct tx *tx, int64_t now_ms, struct err *err) {
    enum code code = tx_begin(tx, TX_BEGIN_WRITE, now_ms, err);
    if (code == OK) {
        code = settle_within(s, tx, err);
        tx_rollback(tx);
    }
    if (code == OK) {
        /* A disk without room for it is no reason to stay shut: the writer tries again. */
        (void)signer_file(s, tx, now_ms, NULL);
    }
    return code;
}

/* ---- signing ---- */

int64_t signer_unsigned(const struct signer *s, const struct tx *tx) {
    return tx->head.seq - s->made_seq;
}

enum code signer_sign(struct signer *s, struct tx *tx, struct err *err) {
    if (signer_unsigned(s, tx) == 0) {
        return OK;
    }
    struct checkpoint c = {.seq = tx->head.seq, .time_ms = tx->now_ms};
    memcpy(c.hash, tx->head.hash, sizeof c.hash);
    memcpy(c.public_key, s->public_key, sizeof c.public_key);
    checkpoint_sign(&c, s->key);
    struct query *q = query_open_trusted(tx, SQL_ADD);
    query_int(q, 1, c.seq);
    query_int(q, 2, c.time_ms);
    query_blob(q, 3, c.hash, sizeof c.hash);
    query_blob(q, 4, c.public_key, sizeof c.public_key);
    query_blob(q, 5, c.signature, sizeof c.signature);
    return query_run(q, err);
}

void signer_made(struct signer *s, int64_t seq) {
    assert(seq >= s->made_seq);
    s->made_seq = seq;
}

bool signer_is_behind(const struct signer *s) {
    return s->last.seq < s->made_seq;
}

static bool copy_blob(struct query *q, int column, unsigned char *to, size_t n) {
    bool whole = query_get_len(q, column) == n;
    if (whole) {
        memcpy(to, query_get_blob(q, column), n);
    }
    return whole;
}

/* The row as a line of the file. One that was tampered with is filed as it is not: never. */
static enum code file_row(struct signer *s, struct query *q, struct err *err) {
    struct checkpoint c = {.seq = query_get_int(q, 0), .time_ms = query_get_int(q, 1)};
    bool whole = copy_blob(q, 2, c.hash, sizeof c.hash) &&
                 copy_blob(q, 3, c.public_key, sizeof c.public_key) &&
                 copy_blob(q, 4, c.signature, sizeof c.signature) && checkpoint_is_signed(&c);
    if (!whole) {
        return err_set(err, E_INPUT,
                       "cannot write %s: the checkpoint of line %" PRId64
                       " in the database was altered",
                       s->file_path.data, c.seq);
    }
    return append(s, &c, err);
}

enum code signer_file(struct signer *s, struct tx *tx, int64_t now_ms, struct err *err) {
    if (!signer_is_behind(s)) {
        return OK;
    }
    enum code code = tx_begin(tx, TX_BEGIN_READ, now_ms, err);
    if (code != OK) {
        return code;
    }
    struct query *q = query_open(tx, SQL_SINCE);
    query_int(q, 1, s->last.seq);
    while (code == OK && query_row(q)) {
        code = file_row(s, q, err);
    }
    enum code end = query_close(q, err);
    tx_rollback(tx);
    return code == OK ? end : code;
}
