/* journal: `taihu journal verify|tail`: whether the journal is whole, and what it says. Both only
 * read, also while another process writes. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/json.h"
#include "cli/cli_int.h"
#include "cli/sink.h"
#include "store/hex.h"
#include "store/journal.h"
#include "store/store.h"

enum {
    TAIL_LINES = 10, /* without -n, as tail(1) */
    BATCH = 1000,
    FOLLOW_MS = 200, /* sooner than a person notices, seldom enough to cost nothing */
};

static enum code open_store(const struct cli_args *args, struct store **out, struct err *err) {
    struct store_config config = {.path = args->value[CLI_DB], .mode = STORE_READ};
    return store_open(&config, out, err);
}

/* ---- verify ---- */

static enum code load_key(struct store *s, char hex[JOURNAL_HEX], struct err *err) {
    struct tx *tx;
    enum code code = store_read(s, &tx, err);
    if (code == OK) {
        code = journal_public_key(tx, hex, err);
        store_read_end(tx);
    }
    return code;
}

static void put_report(const struct journal_report *r, const char *key, struct buf *to) {
    char hash[JOURNAL_HEX];
    char time[DATE_TIME_TEXT_MAX];
    buf_addf(to, "intact: %" PRId64 " lines, the last of %s\n", r->lines,
             date_time_text(r->last_time_ms, time));
    buf_addf(to, "last hash: %s\n", hex_text(r->last_hash, sizeof r->last_hash, hash));
    buf_addf(to, "signed up to line %" PRId64 ", %" PRId64 " checkpoints, key %s\n", r->signed_seq,
             r->checkpoints, key);
}

enum code cli_journal_verify(const struct cli_args *args, struct err *err) {
    struct journal_report report;
    char key[JOURNAL_HEX];
    struct store *s = NULL;
    struct sink out;
    enum code code = open_store(args, &s, err);
    if (code == OK && (code = journal_verify(s, &report, err)) != OK) {
        err_prefix(err, args->value[CLI_DB]);
    }
    if (code == OK && report.lines == 0) {
        snprintf(key, sizeof key, "none yet"); /* killed while it was made */
    } else if (code == OK) {
        code = load_key(s, key, err);
    }
    if (code == OK) {
        code = sink_open(&out, NULL, err);
    }
    if (code == OK) {
        put_report(&report, key, sink_buf(&out));
        code = sink_close(&out, err);
    }
    store_close(s);
    return code;
}

/* ---- tail ---- */

static void put_line(const struct journal_line *line, struct buf *to) {
    char hash[JOURNAL_HEX];
    char time[DATE_TIME_TEXT_MAX];
    struct json_out j;
    json_init(&j, to, 0);
    json_obj(&j);
    json_key(&j, "seq");
    json_int(&j, line->seq);
    json_key(&j, "time");
    json_str(&j, date_time_text(line->time_ms, time));
    json_key(&j, "time_ms");
    json_int(&j, line->time_ms);
    json_key(&j, "actor");
    json_str(&j, line->actor);
    json_key(&j, "subject");
    json_str(&j, line->subject);
    json_key(&j, "kind");
    json_str(&j, line->kind);
    json_key(&j, "prev");
    json_str(&j, hex_text(line->prev, sizeof line->prev, hash));
    json_key(&j, "hash");
    json_str(&j, hex_text(line->hash, sizeof line->hash, hash));
    json_obj_end(&j);
    /* The payload is JSON already, on one line: it goes in before the brace, as it is. */
    to->len--;
    buf_addf(to, ",\"payload\":%s}\n", line->payload);
}

/* What there is behind *after, and moves it. */
static enum code put_new(struct store *s, int64_t *after, struct sink *out, struct err *err) {
    struct journal_batch batch = JOURNAL_BATCH_INIT;
    struct tx *tx;
    enum code code = store_read(s, &tx, err);
    if (code != OK) {
        return code;
    }
    do {
        code = journal_list(tx, *after, BATCH, &batch, err);
        for (size_t i = 0; code == OK && i < batch.count; i++) {
            put_line(&batch.line[i], sink_buf(out));
            *after = batch.line[i].seq;
            code = sink_push(out, err);
        }
    } while (code == OK && batch.count > 0);
    journal_batch_fini(&batch);
    store_read_end(tx);
    return code == OK ? sink_flush(out, err) : code;
}

static enum code find_start(struct store *s, int64_t lines, int64_t *after, struct err *err) {
    struct tx *tx;
    enum code code = store_read(s, &tx, err);
    if (code == OK) {
        int64_t last = journal_head(tx)->seq;
        *after = last > lines ? last - lines : 0;
        store_read_end(tx);
    }
    return code;
}

static enum code read_count(const char *text, int64_t *out, struct err *err) {
    char *end;
    errno = 0;
    long long n = text == NULL ? TAIL_LINES : strtoll(text, &end, 10);
    if (text != NULL && (end == text || *end != '\0' || errno != 0 || n < 0)) {
        return err_set(err, E_USAGE, "journal tail: -n takes a number of lines, not \"%.100s\"",
                       text);
    }
    *out = n;
    return OK;
}

static enum code tail(struct store *s, int64_t lines, bool follow, struct err *err) {
    const struct timespec pause = {0, FOLLOW_MS * 1000000L};
    int64_t after;
    struct sink out;
    enum code code = find_start(s, lines, &after, err);
    if (code == OK) {
        code = sink_open(&out, NULL, err);
    }
    if (code != OK) {
        return code;
    }
    code = put_new(s, &after, &out, err);
    while (code == OK && follow) { /* until a signal, or nobody reads any more */
        nanosleep(&pause, NULL);
        code = put_new(s, &after, &out, err);
    }
    if (code != OK) {
        sink_drop(&out);
        return code;
    }
    return sink_close(&out, err);
}

enum code cli_journal_tail(const struct cli_args *args, struct err *err) {
    const char *follow = args->value[CLI_FOLLOW];
    struct store *s = NULL;
    int64_t lines = 0;
    enum code code = read_count(args->value[CLI_LINES], &lines, err);
    if (code == OK) {
        code = open_store(args, &s, err);
    }
    if (code == OK) {
        code = tail(s, lines, follow != NULL && strcmp(follow, "yes") == 0, err);
    }
    store_close(s);
    return code;
}
