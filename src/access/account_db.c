/* account_db: the tables of this room, and the statements about accounts.
 *
 *   access_account   who; `password` is the text of a hash (password.h)
 *   access_session   who is signed in; `key` is the SHA-256 of the session's secret (secret.h)
 *   access_token     API tokens, likewise
 *
 * A session or token has the number of the journal line that made it: it is never used again. */
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "access/account_int.h"
#include "base/mem.h"
#include "store/query.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE access_account ("
        "  id INTEGER PRIMARY KEY,"
        "  login TEXT NOT NULL UNIQUE,"
        "  name TEXT NOT NULL,"
        "  role TEXT NOT NULL,"
        "  organisation TEXT,"
        "  disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),"
        "  must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),"
        "  password TEXT NOT NULL,"
        "  created_ms INTEGER NOT NULL"
        ") STRICT;"
        "CREATE TABLE access_session ("
        "  id INTEGER PRIMARY KEY,"
        "  account INTEGER NOT NULL REFERENCES access_account (id),"
        "  key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),"
        "  created_ms INTEGER NOT NULL,"
        "  seen_ms INTEGER NOT NULL"
        ") STRICT;"
        "CREATE INDEX access_session_account ON access_session (account);"
        "CREATE TABLE access_token ("
        "  id INTEGER PRIMARY KEY,"
        "  account INTEGER NOT NULL REFERENCES access_account (id),"
        "  key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),"
        "  name TEXT NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  used_day INTEGER"
        ") STRICT;"
        "CREATE INDEX access_token_account ON access_token (account);"},
};

const struct schema access_schema = {"access", migrations, sizeof migrations / sizeof migrations[0],
                                     NULL};

#define COLUMNS "id, login, name, role, organisation, disabled, must_change, created_ms"

static const char SQL_FIND[] = "SELECT " COLUMNS " FROM access_account WHERE id = ?1";
static const char SQL_FIND_LOGIN[] =
    "SELECT " COLUMNS ", password FROM access_account WHERE login = ?1";
static const char SQL_LIST[] = "SELECT " COLUMNS " FROM access_account ORDER BY login";
static const char SQL_COUNT[] = "SELECT count(*) FROM access_account";
static const char SQL_BESIDE[] = "SELECT count(*) FROM access_account"
                                 " WHERE role = ?1 AND disabled = 0 AND id <> ?2";
static const char SQL_ADD[] =
    "INSERT INTO access_account"
    " (login, name, role, organisation, disabled, must_change, password, created_ms)"
    " VALUES (?1, ?2, ?3, ?4, 0, 1, ?5, ?6) RETURNING id";
static const char SQL_UPDATE[] = "UPDATE access_account"
                                 " SET name = ?2, role = ?3, organisation = ?4, disabled = ?5"
                                 " WHERE id = ?1";
static const char SQL_SET_HASH[] =
    "UPDATE access_account SET password = ?2, must_change = ?3 WHERE id = ?1";

/* ---- rows ---- */

/* The columns of COLUMNS. A role that this program does not know may nothing. */
static struct account get_account(struct query *q, struct arena *a) {
    struct account account = {.id = query_get_int(q, 0),
                              .login = query_dup_text(q, 1, a),
                              .name = query_dup_text(q, 2, a),
                              .role = ROLE_NONE,
                              .organisation = query_dup_text(q, 4, a),
                              .disabled = query_get_int(q, 5) != 0,
                              .must_change = query_get_int(q, 6) != 0,
                              .created_ms = query_get_int(q, 7)};
    role_parse(query_get_text(q, 3), &account.role);
    return account;
}

/* False where it is too long to be one. */
static bool get_hash(struct query *q, int column, char hash[PASSWORD_HASH_MAX]) {
    size_t n = query_get_len(q, column);
    if (n >= PASSWORD_HASH_MAX) {
        return false;
    }
    memcpy(hash, query_get_text(q, column), n);
    hash[n] = '\0';
    return true;
}

/* What a search of one row comes to. */
static enum code end_find(struct query *q, bool found, struct err *err) {
    enum code code = query_close(q, err);
    return code != OK || found ? code : err_set(err, E_ABSENT, "there is no such account");
}

enum code account_db_find(struct tx *tx, int64_t id, struct arena *a, struct account *out,
                          struct err *err) {
    struct query *q = query_open(tx, SQL_FIND);
    query_int(q, 1, id);
    bool found = query_row(q);
    if (found) {
        *out = get_account(q, a);
    }
    return end_find(q, found, err);
}

enum code account_db_find_login(struct tx *tx, const char *login, struct arena *a,
                                struct account *out, char hash[PASSWORD_HASH_MAX],
                                struct err *err) {
    struct query *q = query_open(tx, SQL_FIND_LOGIN);
    query_text(q, 1, login);
    bool found = query_row(q) && get_hash(q, 8, hash);
    if (found) {
        *out = get_account(q, a);
    }
    return end_find(q, found, err);
}

enum code account_db_list(struct tx *tx, struct arena *a, struct account **out, size_t *count,
                          struct err *err) {
    struct account *list = NULL;
    size_t n = 0;
    size_t cap = 0;
    struct query *q = query_open(tx, SQL_LIST);
    while (query_row(q)) {
        list = mem_reserve(list, &cap, n + 1, sizeof *list);
        list[n++] = get_account(q, a);
    }
    enum code code = query_close(q, err);
    if (code == OK) {
        *out = arena_alloc(a, (n + 1) * sizeof *list);
        if (n > 0) {
            memcpy(*out, list, n * sizeof *list);
        }
        *count = n;
    }
    free(list);
    return code;
}

/* ---- counts ---- */

enum code account_db_count(struct tx *tx, int64_t *out, struct err *err) {
    return query_number(query_open(tx, SQL_COUNT), out, err);
}

enum code account_db_administrators_beside(struct tx *tx, int64_t id, int64_t *out,
                                           struct err *err) {
    struct query *q = query_open(tx, SQL_BESIDE);
    query_text(q, 1, role_name(ROLE_ADMINISTRATOR));
    query_int(q, 2, id);
    return query_number(q, out, err);
}

/* ---- changes ---- */

enum code account_db_add(struct tx *tx, const struct account_new *account, int64_t *id,
                         struct err *err) {
    struct query *q = query_open(tx, SQL_ADD);
    query_text(q, 1, account->login);
    query_text(q, 2, account->name);
    query_text(q, 3, role_name(account->role));
    query_text(q, 4, account->organisation);
    query_text(q, 5, account->hash);
    query_int(q, 6, tx_now_ms(tx));
    return query_number(q, id, err);
}

enum code account_db_update(struct tx *tx, const struct account_edit *edit, struct err *err) {
    struct query *q = query_open(tx, SQL_UPDATE);
    query_int(q, 1, edit->id);
    query_text(q, 2, edit->name);
    query_text(q, 3, role_name(edit->role));
    query_text(q, 4, edit->organisation);
    query_int(q, 5, edit->disabled);
    return query_run(q, err);
}

enum code account_db_set_hash(struct tx *tx, int64_t id, const char *hash, bool must_change,
                              struct err *err) {
    struct query *q = query_open(tx, SQL_SET_HASH);
    query_int(q, 1, id);
    query_text(q, 2, hash);
    query_int(q, 3, must_change);
    return query_run(q, err);
}
