/* token_int: the statements of token_db.c, beside token_list(). */
#ifndef TAIHU_ACCESS_TOKEN_INT_H
#define TAIHU_ACCESS_TOKEN_INT_H

#include "access/token.h"
#include "store/sha256.h"

/* E_ABSENT. */
enum code token_db_find(struct tx *tx, const unsigned char key[SHA256_BYTES], struct arena *a,
                        struct token *out, struct err *err);
enum code token_db_add(struct tx *tx, const struct token *token,
                       const unsigned char key[SHA256_BYTES], struct err *err);
enum code token_db_used(struct tx *tx, int64_t id, int32_t day, struct err *err);

/* E_ABSENT: it is not this account's; *name is what it was called, in `a`. */
enum code token_db_end(struct tx *tx, const struct token *token, struct arena *a, const char **name,
                       struct err *err);

/* Ends all of an account, without a line: the caller's tells of it. */
enum code token_db_end_all(struct tx *tx, int64_t account, int64_t *ended, struct err *err);

/* Ends those of an account that have run out at `now_ms`; *left is how many it still has. */
enum code token_db_end_old(struct tx *tx, int64_t account, int64_t now_ms, int64_t *left,
                           struct err *err);

#endif
