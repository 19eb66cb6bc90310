/* journal: see journal.h. Adding, reading and cursors; the hash is in chain.c, signatures in
 * checkpoint.c, the walk in journal_verify.c. */
#include "store/journal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/chain_int.h"
#include "store/hex.h"
#include "store/tx_int.h"

static const char SQL_HEAD[] = "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1";
/* Not a CHECK of the table: SQLite calls no json function from a schema it was told not to trust.
 */
static const char SQL_IS_JSON[] = "SELECT json_valid(?1)";
static const char SQL_ADD[] =
    "INSERT INTO journal (seq, time_ms, actor, subject, kind, payload, prev, hash)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char SQL_LIST[] = "SELECT seq, time_ms, actor, subject, kind, payload, prev, hash"
                               " FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2";
static const char SQL_LIST_OF[] =
    "SELECT seq, time_ms, actor, subject, kind, payload, prev, hash FROM journal"
    " WHERE subject = ?3 AND seq > ?1 ORDER BY seq LIMIT ?2";
static const char SQL_LAST_OF[] = "SELECT max(seq) FROM journal WHERE subject = ?1";
/* Goes from subject to subject by the index, past all lines of one but its last. */
static const char SQL_LAST_OF_EACH[] =
    "WITH RECURSIVE each (subject) AS ("
    " SELECT min(subject) FROM journal WHERE subject >= ?1 AND subject < ?2"
    " UNION ALL"
    " SELECT (SELECT min(j.subject) FROM journal j WHERE j.subject > each.subject"
    "  AND j.subject < ?2) FROM each WHERE each.subject IS NOT NULL)"
    " SELECT subject, (SELECT max(j.seq) FROM journal j WHERE j.subject = each.subject"
    "  AND j.seq <= ?3) FROM each WHERE subject IS NOT NULL";
/* Clocks may step back, so the times of the lines need not rise: the last line that is early enough
 * is looked for from the end. */
static const char SQL_LAST_BEFORE[] =
    "SELECT seq FROM journal WHERE time_ms < ?1 ORDER BY seq DESC LIMIT 1";
static const char SQL_CURSOR[] = "SELECT seq FROM journal_cursor WHERE consumer = ?1";
/* The WHERE keeps it from going back, and from being written when it stays. */
static const char SQL_ACK[] =
    "INSERT INTO journal_cursor (consumer, seq, time_ms) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (consumer) DO UPDATE SET seq = excluded.seq, time_ms = excluded.time_ms"
    " WHERE excluded.seq > journal_cursor.seq";
static const char SQL_PUBLIC_KEY[] = "SELECT public FROM journal_key ORDER BY line DESC LIMIT 1";

/* ---- adding ---- */

static enum code check_name(const char *what, const char *name, struct err *err) {
    size_t n = name == NULL ? 0 : strlen(name);
    if (n == 0) {
        return err_set(err, E_INPUT, "cannot add a journal line: no %s", what);
    }
    if (n > JOURNAL_NAME_MAX) {
        return err_set(err, E_LIMIT,
                       "cannot add a journal line: its %s \"%.40s...\" has %zu bytes, "
                       "more than %d",
                       what, name, n, JOURNAL_NAME_MAX);
    }
    return OK;
}

static enum code check_payload(const char *payload, struct err *err) {
    size_t n = payload == NULL ? 0 : strlen(payload);
    if (n > JOURNAL_PAYLOAD_MAX) {
        return err_set(err, E_LIMIT,
                       "cannot add a journal line: a payload of %zu bytes, more than %d", n,
                       JOURNAL_PAYLOAD_MAX);
    }
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)payload[i] < 0x20) { /* a line stays a line wherever it is printed */
            return err_set(err, E_INPUT,
                           "cannot add a journal line: control character 0x%02x at byte %zu of the "
                           "payload",
                           (unsigned)payload[i], i);
        }
    }
    return n > 0 ? OK : err_set(err, E_INPUT, "cannot add a journal line: no payload");
}

static enum code check_json(struct tx *tx, const char *payload, struct err *err) {
    struct query *q = query_open(tx, SQL_IS_JSON);
    query_text(q, 1, payload);
    bool valid = query_row(q) && query_get_int(q, 0) == 1;
    enum code code = query_close(q, err);
    return code != OK || valid
               ? code
               : err_set(err, E_INPUT,
                         "cannot add a journal line: its payload \"%.60s\" is not JSON", payload);
}

static enum code check_entry(struct tx *tx, const struct journal_entry *e, struct err *err) {
    enum code code = check_name("actor", e->actor, err);
    if (code == OK) {
        code = check_name("subject", e->subject, err);
    }
    if (code == OK) {
        code = check_name("kind", e->kind, err);
    }
    if (code == OK) {
        code = check_payload(e->payload, err);
    }
    return code == OK ? check_json(tx, e->payload, err) : code;
}

static enum code insert(struct tx *tx, const struct journal_line *line, struct err *err) {
    struct query *q = query_open_trusted(tx, SQL_ADD);
    query_int(q, 1, line->seq);
    query_int(q, 2, line->time_ms);
    query_text(q, 3, line->actor);
    query_text(q, 4, line->subject);
    query_text(q, 5, line->kind);
    query_text(q, 6, line->payload);
    query_blob(q, 7, line->prev, sizeof line->prev);
    query_blob(q, 8, line->hash, sizeof line->hash);
    return query_run(q, err);
}

enum code journal_add(struct tx *tx, const struct journal_entry *entry, int64_t *seq,
                      struct err *err) {
    enum code code = check_entry(tx, entry, err);
    if (code != OK) {
        return code;
    }
    struct journal_line line = {.seq = tx->head.seq + 1,
                                .time_ms = tx->now_ms,
                                .actor = entry->actor,
                                .subject = entry->subject,
                                .kind = entry->kind,
                                .payload = entry->payload};
    struct buf scratch = BUF_INIT;
    memcpy(line.prev, tx->head.hash, sizeof line.prev);
    chain_hash(&line, &scratch, line.hash);
    buf_fini(&scratch);
    code = insert(tx, &line, err);
    if (code != OK) {
        return code;
    }
    tx->head.seq = line.seq;
    memcpy(tx->head.hash, line.hash, sizeof line.hash);
    tx->lines++;
    if (seq != NULL) {
        *seq = line.seq;
    }
    return OK;
}

/* ---- reading ---- */

enum code journal_head_load(struct tx *tx, struct err *err) {
    struct journal_head head = {0, {0}};
    bool whole = true;
    struct query *q = query_open(tx, SQL_HEAD);
    if (query_row(q)) {
        head.seq = query_get_int(q, 0);
        whole = query_kind(q, 1) == QUERY_BLOB && query_get_len(q, 1) == sizeof head.hash;
        if (whole) {
            memcpy(head.hash, query_get_blob(q, 1), sizeof head.hash);
        }
    }
    enum code code = query_close(q, err);
    if (code == OK && !whole) {
        code = err_set(err, E_IO, "cannot read %s: the hash of journal line %" PRId64 " is damaged",
                       tx->path, head.seq);
    }
    if (code == OK) {
        tx->head = head;
        tx->lines = 0;
    }
    return code;
}

const struct journal_head *journal_head(const struct tx *tx) {
    return &tx->head;
}

static const char *copy_text(struct query *q, int column, struct arena *a) {
    const char *s = query_get_text(q, column);
    return s == NULL ? "" : arena_dup(a, s, query_get_len(q, column));
}

static void copy_hash(struct query *q, int column, unsigned char to[JOURNAL_HASH]) {
    bool whole = query_get_len(q, column) == JOURNAL_HASH;
    memset(to, 0, JOURNAL_HASH);
    if (whole) {
        memcpy(to, query_get_blob(q, column), JOURNAL_HASH);
    }
}

static void copy_line(struct query *q, struct arena *a, struct journal_line *to) {
    to->seq = query_get_int(q, 0);
    to->time_ms = query_get_int(q, 1);
    to->actor = copy_text(q, 2, a);
    to->subject = copy_text(q, 3, a);
    to->kind = copy_text(q, 4, a);
    to->payload = copy_text(q, 5, a);
    copy_hash(q, 6, to->prev);
    copy_hash(q, 7, to->hash);
}

static size_t text_bytes(struct query *q) {
    size_t n = 0;
    for (int column = 2; column <= 5; column++) {
        n += query_get_len(q, column);
    }
    return n;
}

/* A row that was tampered with may be larger than any that journal_add() took. */
static enum code too_large(int64_t seq, struct err *err) {
    return err_set(err, E_LIMIT, "cannot read journal line %" PRId64 ": more than %d bytes", seq,
                   JOURNAL_READ_MAX);
}

void journal_batch_fini(struct journal_batch *b) {
    arena_fini(&b->arena);
    b->line = NULL;
    b->count = 0;
}

enum { LINES_MAX = 10000 }; /* of one batch, whatever the caller asks: a size from outside */

/* The rows of SQL_LIST, or where there is a subject, of SQL_LIST_OF. */
static enum code list(struct tx *tx, const char *subject, int64_t after, size_t limit,
                      struct journal_batch *out, struct err *err) {
    size_t most = limit < LINES_MAX ? limit : LINES_MAX;
    size_t bytes = 0;
    enum code code = OK;
    arena_reset(&out->arena);
    out->count = 0;
    out->line = arena_alloc(&out->arena, (most + 1) * sizeof *out->line);
    struct query *q = query_open(tx, subject == NULL ? SQL_LIST : SQL_LIST_OF);
    query_int(q, 1, after);
    query_int(q, 2, (int64_t)most);
    if (subject != NULL) {
        query_text(q, 3, subject);
    }
    while (query_row(q) && (bytes += text_bytes(q)) <= JOURNAL_READ_MAX) {
        copy_line(q, &out->arena, &out->line[out->count++]);
    }
    if (bytes > JOURNAL_READ_MAX && out->count == 0) {
        code = too_large(query_get_int(q, 0), err);
    }
    enum code end = query_close(q, err);
    return code == OK ? end : code;
}

enum code journal_list(struct tx *tx, int64_t after, size_t limit, struct journal_batch *out,
                       struct err *err) {
    return list(tx, NULL, after, limit, out, err);
}

enum code journal_list_of(struct tx *tx, const char *subject, int64_t after, size_t limit,
                          struct journal_batch *out, struct err *err) {
    assert(subject != NULL);
    return list(tx, subject, after, limit, out, err);
}

enum code journal_last_of(struct tx *tx, const char *subject, int64_t *seq, struct err *err) {
    struct query *q = query_open(tx, SQL_LAST_OF);
    query_text(q, 1, subject);
    return query_number(q, seq, err);
}

/* The least text above all that begin with the prefix: its last byte plus one. */
static char *behind_prefix(const char *prefix, struct arena *a) {
    size_t n = strlen(prefix);
    char *end = arena_dup(a, prefix, n);
    assert(n > 0 && (unsigned char)end[n - 1] < 0x7f); /* ASCII: it stays UTF-8 */
    end[n - 1]++;
    return end;
}

enum code journal_last_of_each(struct tx *tx, const char *prefix, int64_t as_of, struct arena *a,
                               struct journal_last **out, size_t *count, struct err *err) {
    struct journal_last *all = NULL;
    size_t n = 0;
    size_t cap = 0;
    struct query *q = query_open(tx, SQL_LAST_OF_EACH);
    query_text(q, 1, prefix);
    query_text(q, 2, behind_prefix(prefix, a));
    query_int(q, 3, as_of);
    while (query_row(q)) {
        if (query_get_int(q, 1) != 0) { /* it has lines by then */
            all = mem_reserve(all, &cap, n + 1, sizeof *all);
            all[n++] = (struct journal_last){
                arena_dup(a, query_get_text(q, 0), query_get_len(q, 0)), query_get_int(q, 1)};
        }
    }
    *out = arena_alloc(a, n * sizeof *all + 1);
    if (n > 0) {
        memcpy(*out, all, n * sizeof *all);
    }
    free(all);
    *count = n;
    return query_close(q, err);
}

enum code journal_last_before(struct tx *tx, int64_t time_ms, int64_t *seq, struct err *err) {
    struct query *q = query_open(tx, SQL_LAST_BEFORE);
    query_int(q, 1, time_ms);
    return query_number(q, seq, err);
}

/* ---- consumers ---- */

static enum code load_cursor(struct tx *tx, const char *consumer, int64_t *seq, struct err *err) {
    struct query *q = query_open(tx, SQL_CURSOR);
    query_text(q, 1, consumer);
    return query_number(q, seq, err);
}

enum code journal_read(struct tx *tx, const char *consumer, size_t limit, struct journal_batch *out,
                       struct err *err) {
    int64_t after;
    enum code code = load_cursor(tx, consumer, &after, err);
    return code == OK ? journal_list(tx, after, limit, out, err) : code;
}

enum code journal_ack(struct tx *tx, const char *consumer, int64_t seq, struct err *err) {
    enum code code = check_name("consumer", consumer, err);
    if (code != OK) {
        return code;
    }
    if (seq < 0 || seq > tx->head.seq) {
        return err_set(err, E_INPUT,
                       "cannot move the cursor \"%s\" to line %" PRId64
                       ": the journal has %" PRId64,
                       consumer, seq, tx->head.seq);
    }
    struct query *q = query_open_trusted(tx, SQL_ACK);
    query_text(q, 1, consumer);
    query_int(q, 2, seq);
    query_int(q, 3, tx->now_ms);
    return query_run(q, err);
}

/* ---- proof ---- */

static enum code want_checkpoint(struct tx *tx, void *data, struct err *err) {
    (void)data;
    (void)err;
    tx->wants_checkpoint = true;
    return OK;
}

enum code journal_checkpoint(struct store *s, struct err *err) {
    return store_write(s, STORE_HOUSEKEEPING, want_checkpoint, NULL, err);
}

enum code journal_public_key(struct tx *tx, char hex[JOURNAL_HEX], struct err *err) {
    bool found = false;
    struct query *q = query_open(tx, SQL_PUBLIC_KEY);
    if (query_row(q) && query_get_len(q, 0) == JOURNAL_HASH) {
        hex_text(query_get_blob(q, 0), JOURNAL_HASH, hex);
        found = true;
    }
    enum code code = query_close(q, err);
    if (code == OK && !found) {
        code = err_set(err, E_INPUT, "cannot read %s: it knows no public key", tx->path);
    }
    return code;
}
