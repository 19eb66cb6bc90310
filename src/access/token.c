/* token: see token.h. The statements are in token_db.c. */
#include "access/token.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "access/account_int.h"
#include "access/token_int.h"
#include "base/buf.h"
#include "base/json.h"
#include "store/journal.h"

static const char prefix[] = "taihu_";
enum { PREFIX = sizeof prefix - 1 };

_Static_assert(TOKEN_TEXT_MAX == PREFIX + SECRET_TEXT_MAX, "a token is its prefix and a secret");

enum { DAY_MS = 24 * 3600 * 1000 };

void token_make(const struct randomness *r, char text[TOKEN_TEXT_MAX]) {
    memcpy(text, prefix, PREFIX);
    secret_make(r, text + PREFIX);
}

/* What the store knows it by; false where it is no token's text. */
static bool key_of(const char *text, unsigned char key[SHA256_BYTES]) {
    return strncmp(text, prefix, PREFIX) == 0 && secret_key(text + PREFIX, key);
}

/* ---- making and revoking ---- */

/* A line about token `t`; `days` is told where it is not 0. */
static enum code tell(struct tx *tx, const char *kind, const struct token *t, int64_t days,
                      struct err *err) {
    char actor[ACCOUNT_ACTOR_MAX];
    char subject[32]; /* "token/" and a 64-bit number */
    struct buf payload = BUF_INIT;
    struct json_out j;
    snprintf(subject, sizeof subject, "token/%" PRId64, t->id);
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_put_int(&j, "account", t->account);
    json_put_str(&j, "name", t->name);
    if (days != 0) {
        json_put_int(&j, "days", days);
    }
    json_obj_end(&j);
    struct journal_entry entry = {account_actor(t->account, actor), subject, kind, payload.data};
    enum code code = journal_add(tx, &entry, NULL, err);
    buf_fini(&payload);
    return code;
}

static enum code check(const struct token_new *token, struct err *err) {
    enum code code = account_check_text("the token's name", token->name, err);
    if (code == OK && (token->days < TOKEN_DAYS_MIN || token->days > TOKEN_DAYS_MAX)) {
        code = err_set(err, E_INPUT, "cannot make a token for %" PRId64 " days: not %d to %d",
                       token->days, TOKEN_DAYS_MIN, TOKEN_DAYS_MAX);
    }
    return code;
}

/* Clears away what ran out; what is left must leave room for one. */
static enum code check_room(struct tx *tx, int64_t account, struct err *err) {
    int64_t left = 0;
    enum code code = token_db_end_old(tx, account, tx_now_ms(tx), &left, err);
    return code != OK || left < TOKEN_MAX
               ? code
               : err_set(err, E_LIMIT, "cannot make a token: the account has %d already",
                         TOKEN_MAX);
}

enum code token_create(struct tx *tx, const struct token_new *token, int64_t *id, struct err *err) {
    unsigned char key[SHA256_BYTES];
    bool made = key_of(token->text, key);
    assert(made);
    enum code code = check(token, err);
    if (code == OK) {
        code = check_room(tx, token->account, err);
    }
    if (code != OK) {
        return code;
    }
    struct token row = {.id = journal_head(tx)->seq + 1,
                        .account = token->account,
                        .name = token->name,
                        .created_ms = tx_now_ms(tx),
                        .expires_ms = tx_now_ms(tx) + token->days * DAY_MS};
    code = tell(tx, "token.created", &row, token->days, err);
    if (code == OK) {
        code = token_db_add(tx, &row, key, err);
    }
    if (code == OK) {
        *id = row.id;
    }
    return code;
}

enum code token_revoke(struct tx *tx, int64_t account, int64_t id, struct err *err) {
    struct arena a = ARENA_INIT;
    struct token t = {.id = id, .account = account};
    enum code code = token_db_end(tx, &t, &a, &t.name, err);
    if (code == OK) {
        code = tell(tx, "token.revoked", &t, 0, err);
    }
    arena_fini(&a);
    return code;
}

/* ---- reading ---- */

enum code token_find(struct tx *tx, const char *text, struct arena *a, struct token *out,
                     struct err *err) {
    unsigned char key[SHA256_BYTES];
    struct token t;
    if (!key_of(text, key)) {
        return err_set(err, E_ABSENT, "there is no such token");
    }
    enum code code = token_db_find(tx, key, a, &t, err);
    if (code == OK && tx_now_ms(tx) >= t.expires_ms) {
        code = err_set(err, E_ABSENT, "the token has run out");
    }
    if (code == OK) {
        *out = t;
    }
    return code;
}
