/* account_int: the statements of account_db.c, and what sign-in asks beside account.h. All within a
 * transaction. */
#ifndef TAIHU_ACCESS_ACCOUNT_INT_H
#define TAIHU_ACCESS_ACCOUNT_INT_H

#include "access/account.h"
#include "access/password.h"

/* A text that a person typed: 1 to ACCOUNT_NAME_MAX characters, no control characters. `what` is
 * how a message calls it: "the name". E_INPUT. */
enum code account_check_text(const char *what, const char *text, struct err *err);

/* The account, when it is still at the version that something was decided on. E_ABSENT;
 * E_CONFLICT: it is not. */
enum code account_find_at(struct tx *tx, int64_t id, int64_t seen, struct arena *a,
                          struct account *out, struct err *err);

/* Without its version. E_ABSENT. */
enum code account_db_find(struct tx *tx, int64_t id, struct arena *a, struct account *out,
                          struct err *err);

/* The account, without its version, and the hash of its password. E_ABSENT. */
enum code account_db_find_login(struct tx *tx, const char *login, struct arena *a,
                                struct account *out, char hash[PASSWORD_HASH_MAX], struct err *err);

/* By login, without versions. */
enum code account_db_list(struct tx *tx, struct arena *a, struct account **out, size_t *count,
                          struct err *err);

enum code account_db_count(struct tx *tx, int64_t *out, struct err *err);

/* Administrators that are not disabled, but for account `id`. */
enum code account_db_administrators_beside(struct tx *tx, int64_t id, int64_t *out,
                                           struct err *err);

enum code account_db_add(struct tx *tx, const struct account_new *account, int64_t *id,
                         struct err *err);
enum code account_db_update(struct tx *tx, const struct account_edit *edit, struct err *err);
enum code account_db_set_hash(struct tx *tx, int64_t id, const char *hash, bool must_change,
                              struct err *err);

#endif
