/* account: `taihu account reset LOGIN`: a new one-time password, for who has the database's file
 * and cannot sign in: the last administrator who forgot theirs. No server may run on it meanwhile.
 */
#include "access/account.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "api/api.h"
#include "cli/cli_int.h"
#include "cli/clock.h"
#include "cli/sink.h"
#include "store/store.h"

struct reset {
    const char *login;
    struct access_one_time once;
};

static enum code find(struct tx *tx, const char *login, struct arena *a, struct account *out,
                      struct err *err) {
    struct account *accounts;
    size_t count;
    enum code code = account_list(tx, a, &accounts, &count, err);
    for (size_t i = 0; code == OK && i < count; i++) {
        if (strcmp(accounts[i].login, login) == 0) {
            return account_find(tx, accounts[i].id, a, out, err);
        }
    }
    return code == OK ? err_set(err, E_ABSENT, "there is no account \"%.64s\"", login) : code;
}

static enum code reset(struct tx *tx, void *data, struct err *err) {
    const struct reset *wanted = data;
    struct arena a = ARENA_INIT;
    struct account account;
    enum code code = find(tx, wanted->login, &a, &account, err);
    if (code == OK) {
        struct account_reset request = {.actor = "system",
                                        .id = account.id,
                                        .seen = account.version,
                                        .hash = wanted->once.hash};
        code = account_reset(tx, &request, err);
    }
    arena_fini(&a);
    return code;
}

static enum code print(const struct reset *done, struct err *err) {
    struct sink out;
    enum code code = sink_open(&out, NULL, err);
    if (code == OK) {
        buf_addf(sink_buf(&out), "login: %s\none-time password: %s\n", done->login,
                 done->once.password);
        code = sink_close(&out, err);
    }
    return code;
}

static enum code run(struct store *s, const char *login, struct err *err) {
    struct access_config config = {.cost = {0, 0}};
    struct access *access = NULL;
    struct reset wanted = {.login = login};
    enum code code = access_new(&config, &access, err);
    if (code == OK) {
        code = access_one_time(access, &wanted.once, err);
    }
    if (code == OK) {
        code = store_write(s, STORE_CHANGE, reset, &wanted, err);
    }
    access_free(access);
    return code == OK ? print(&wanted, err) : code;
}

enum code cli_account_reset(const struct cli_args *args, struct err *err) {
    struct store *s = NULL;
    struct store_config config = {.path = args->value[CLI_DB],
                                  .mode = STORE_WRITE,
                                  .schemas = api_schemas,
                                  .schema_count = api_schema_count,
                                  .now_ms = clock_now_ms};
    enum code code = store_open(&config, &s, err);
    if (code == OK) {
        code = run(s, args->operands[0], err);
    }
    if (code == OK) {
        code = store_stop(s, err);
    }
    store_close(s);
    return code;
}
