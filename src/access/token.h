/* token: a key with which a program acts for an account: "taihu_" and a secret (secret.h), shown
 * once when it is made; the store has its SHA-256. The prefix lets scanners of code find one that
 * was published by mistake. It has the role of its account, runs out, and can be revoked.
 *
 * Lines, with subject "token/LINE": a token's number is that of its first line, so unique for ever.
 *
 *   token.created   {"account", "name", "days"}
 *   token.revoked   {"account", "name"} */
#ifndef TAIHU_ACCESS_TOKEN_H
#define TAIHU_ACCESS_TOKEN_H

#include <stddef.h>
#include <stdint.h>

#include "access/secret.h"
#include "base/arena.h"
#include "base/err.h"
#include "store/tx.h"

enum {
    TOKEN_TEXT_MAX = 6 + SECRET_TEXT_MAX,
    TOKEN_DAYS_MIN = 1,
    TOKEN_DAYS_MAX = 365,
    TOKEN_MAX = 20, /* of one account */
};

struct token {
    int64_t id;
    int64_t account;
    const char *name;
    int64_t created_ms;
    int64_t expires_ms;
    int32_t used_day; /* the last day (date.h, UTC) it was used; TOKEN_UNUSED */
};

enum { TOKEN_UNUSED = INT32_MIN };

/* The text of a new one, for token_create(). */
void token_make(const struct randomness *r, char text[TOKEN_TEXT_MAX]);

struct token_new {
    int64_t account;
    const char *text; /* by token_make() */
    const char *name; /* as an account's */
    int64_t days;
};

/* Within a write job. E_INPUT: name or days; E_LIMIT: the account has TOKEN_MAX that still hold. */
enum code token_create(struct tx *tx, const struct token_new *token, int64_t *id, struct err *err);

/* Within a write job. E_ABSENT: this account has no such token. */
enum code token_revoke(struct tx *tx, int64_t account, int64_t id, struct err *err);

/* Those of an account, the newest first, also those that have run out; in `a`. */
enum code token_list(struct tx *tx, int64_t account, struct arena *a, struct token **out,
                     size_t *count, struct err *err);

/* The token of this text, where it has not run out at tx_now_ms(). E_ABSENT: there is none. */
enum code token_find(struct tx *tx, const char *text, struct arena *a, struct token *out,
                     struct err *err);

#endif
