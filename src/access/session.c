/* session: see session.h. The statements are in session_db.c. */
#include "access/session.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "access/session_int.h"
#include "base/buf.h"
#include "base/json.h"
#include "store/journal.h"

enum { SUBJECT_MAX = 32 }; /* "session/" and a 64-bit number */

static const char *subject_of(int64_t id, char to[SUBJECT_MAX]) {
    snprintf(to, SUBJECT_MAX, "session/%" PRId64, id);
    return to;
}

/* ---- finding ---- */

static bool has_run_out(const struct session *s, int64_t now_ms) {
    return now_ms - s->seen_ms >= SESSION_IDLE_MS || now_ms - s->created_ms >= SESSION_LIFE_MS;
}

enum code session_find(struct tx *tx, const char *cookie, struct session *out, struct err *err) {
    unsigned char key[SHA256_BYTES];
    struct session session;
    if (!secret_key(cookie, key)) {
        return err_set(err, E_ABSENT, "there is no such session");
    }
    enum code code = session_db_find(tx, key, &session, err);
    if (code == OK && has_run_out(&session, tx_now_ms(tx))) {
        code = err_set(err, E_ABSENT, "the session has run out");
    }
    if (code == OK) {
        *out = session;
    }
    return code;
}

bool session_csrf(const char *cookie, char to[SECRET_TEXT_MAX]) {
    return secret_derive(cookie, "taihu-csrf-1", to);
}

/* ---- opening ---- */

/* A text from outside, cut at a character before it has more than `max` bytes. */
static void put_cut(struct json_out *j, const char *key, const char *s, size_t max) {
    size_t n = strnlen(s, max + 1);
    if (n > max) {
        n = max;
        while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80) { /* within a character of UTF-8 */
            n--;
        }
    }
    json_key(j, key);
    json_strn(j, s, n);
}

static enum code tell_opened(struct tx *tx, const struct session_opening *opening,
                             struct err *err) {
    char actor[ACCOUNT_ACTOR_MAX];
    char subject[SUBJECT_MAX];
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_put_int(&j, "account", opening->account->id);
    json_put_str(&j, "login", opening->account->login);
    put_cut(&j, "address", opening->address, SESSION_ADDRESS_MAX);
    json_obj_end(&j);
    struct journal_entry entry = {account_actor(opening->account->id, actor),
                                  subject_of(journal_head(tx)->seq + 1, subject), "session.opened",
                                  payload.data};
    enum code code = journal_add(tx, &entry, NULL, err);
    buf_fini(&payload);
    return code;
}

/* Beside what opens: what ran out, and what is too many, with this one to come. */
static enum code clear(struct tx *tx, int64_t account, struct err *err) {
    int64_t now_ms = tx_now_ms(tx);
    enum code code =
        session_db_end_old(tx, now_ms - SESSION_IDLE_MS, now_ms - SESSION_LIFE_MS, err);
    return code == OK ? session_db_end_most(tx, account, SESSION_MAX - 1, err) : code;
}

enum code session_open(struct tx *tx, const struct session_opening *opening, struct err *err) {
    unsigned char key[SHA256_BYTES];
    bool made = secret_key(opening->secret, key);
    assert(made);
    enum code code = clear(tx, opening->account->id, err);
    if (code == OK) {
        code = tell_opened(tx, opening, err);
    }
    if (code != OK) {
        return code;
    }
    struct session session = {.id = journal_head(tx)->seq,
                              .account = opening->account->id,
                              .created_ms = tx_now_ms(tx),
                              .seen_ms = tx_now_ms(tx)};
    return session_db_add(tx, &session, key, err);
}

enum code session_refuse(struct tx *tx, const struct session_refusal *refusal, struct err *err) {
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_put_str(&j, "login", account_is_login(refusal->login) ? refusal->login : NULL);
    put_cut(&j, "address", refusal->address, SESSION_ADDRESS_MAX);
    json_put_int(&j, "unwritten", refusal->unwritten);
    json_obj_end(&j);
    struct journal_entry entry = {"anonymous", "session", "session.refused", payload.data};
    enum code code = journal_add(tx, &entry, NULL, err);
    buf_fini(&payload);
    return code;
}

/* ---- ending ---- */

static enum code tell_closed(struct tx *tx, const struct session *session, struct err *err) {
    char actor[ACCOUNT_ACTOR_MAX];
    char subject[SUBJECT_MAX];
    struct buf payload = BUF_INIT;
    buf_addf(&payload, "{\"account\":%" PRId64 "}", session->account);
    struct journal_entry entry = {account_actor(session->account, actor),
                                  subject_of(session->id, subject), "session.closed", payload.data};
    enum code code = journal_add(tx, &entry, NULL, err);
    buf_fini(&payload);
    return code;
}

enum code session_close(struct tx *tx, const struct session *session, struct err *err) {
    int64_t ended = 0;
    enum code code = session_db_end(tx, session->id, &ended, err);
    if (code == OK && ended == 0) {
        code = err_set(err, E_ABSENT, "there is no such session");
    }
    return code == OK ? tell_closed(tx, session, err) : code;
}
