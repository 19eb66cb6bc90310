/* office: a store with accounts, cheap hashes and a clock that the test turns. Include behind
 * cmocka.h. */
#ifndef TAIHU_TESTS_ACCESS_OFFICE_H
#define TAIHU_TESTS_ACCESS_OFFICE_H

#include "access/access.h"
#include "store/fixture.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };
#define DAY ((int64_t)24 * HOUR)

static const struct schema *const office_schemas[] = {&access_schema};

struct office {
    struct fixture f;
    struct arena arena;
    struct access *access;
    char admin[PASSWORD_ONE_TIME_MAX]; /* the one-time password of the first account */
};

static inline void must(struct office *o, enum code code) {
    if (code != OK) {
        fail_msg("%s", o->f.err.msg);
    }
}

static inline struct err *fresh(struct office *o) {
    o->f.err = (struct err)ERR_INIT;
    return &o->f.err;
}

static inline void office_init(struct office *o) {
    struct access_config config = {.cost = {1, 8192}};
    bool made = false;
    memset(o, 0, sizeof *o);
    fixture_init(&o->f);
    o->f.config.schemas = office_schemas;
    fixture_open(&o->f);
    must(o, access_new(&config, &o->access, fresh(o)));
    must(o, access_bootstrap(o->access, o->f.store, &made, o->admin, fresh(o)));
    assert_true(made);
}

static inline void office_fini(struct office *o) {
    access_free(o->access);
    arena_fini(&o->arena);
    fixture_fini(&o->f);
}

/* ---- signing in ---- */

static inline enum code try_enter(struct office *o, const char *login, const char *password,
                                  struct access_opened *out) {
    struct access_login in = {login, password, "192.0.2.7"};
    return access_sign_in(o->access, o->f.store, &in, out, fresh(o));
}

static inline struct access_opened enter(struct office *o, const char *login,
                                         const char *password) {
    struct access_opened opened;
    must(o, try_enter(o, login, password, &opened));
    return opened;
}

static inline enum code try_subject(struct office *o, const char *cookie, struct subject *out) {
    struct tx *tx = fixture_read(&o->f);
    enum code code = access_by_cookie(tx, cookie, &o->arena, out, fresh(o));
    store_read_end(tx);
    return code;
}

static inline struct subject subject_of(struct office *o, const char *cookie) {
    struct subject subject;
    must(o, try_subject(o, cookie, &subject));
    return subject;
}

static inline enum code try_password(struct office *o, const char *cookie, const char *old,
                                     const char *now) {
    struct subject subject = subject_of(o, cookie);
    struct access_passwords passwords = {old, now};
    int wait_s;
    return access_change_password(o->access, o->f.store, &subject, &passwords, &wait_s, fresh(o));
}

/* ---- accounts, as jobs ---- */

static inline enum code job_create(struct tx *tx, void *data, struct err *err) {
    int64_t id;
    return account_create(tx, data, &id, err);
}

static inline enum code job_change(struct tx *tx, void *data, struct err *err) {
    return account_change(tx, data, err);
}

static inline enum code job_reset(struct tx *tx, void *data, struct err *err) {
    return account_reset(tx, data, err);
}

static inline struct account account_of(struct office *o, int64_t id) {
    struct account account;
    struct tx *tx = fixture_read(&o->f);
    must(o, account_find(tx, id, &o->arena, &account, fresh(o)));
    store_read_end(tx);
    return account;
}

static inline enum code try_create(struct office *o, struct account_new *draft,
                                   char password[PASSWORD_ONE_TIME_MAX]) {
    struct access_one_time one;
    must(o, access_one_time(o->access, &one, fresh(o)));
    draft->actor = "u/1";
    draft->hash = one.hash;
    memcpy(password, one.password, sizeof one.password);
    return fixture_write(&o->f, job_create, draft);
}

/* The id of an account: they are counted from 1, which is "admin". */
static inline void create(struct office *o, const char *login, enum role role,
                          char password[PASSWORD_ONE_TIME_MAX]) {
    struct account_new draft = {
        .login = login, .name = "某人", .role = role, .organisation = "wuxi.finance"};
    must(o, try_create(o, &draft, password));
}

/* The account as it is, to be changed. */
static inline struct account_edit edit_of(struct office *o, int64_t id) {
    struct account now = account_of(o, id);
    return (struct account_edit){.actor = "u/1",
                                 .id = id,
                                 .seen = now.version,
                                 .name = now.name,
                                 .role = now.role,
                                 .organisation = now.organisation,
                                 .disabled = now.disabled};
}

static inline enum code try_change(struct office *o, struct account_edit *edit) {
    return fixture_write(&o->f, job_change, edit);
}

/* ---- tokens ---- */

struct token_job {
    struct token_new token;
    int64_t id;
};

static inline enum code job_token(struct tx *tx, void *data, struct err *err) {
    struct token_job *job = data;
    return token_create(tx, &job->token, &job->id, err);
}

static inline enum code try_token(struct office *o, struct token_job *job,
                                  char text[TOKEN_TEXT_MAX]) {
    access_token(o->access, text);
    job->token.text = text;
    return fixture_write(&o->f, job_token, job);
}

static inline enum code try_bearer(struct office *o, const char *text, struct subject *out) {
    struct tx *tx = fixture_read(&o->f);
    enum code code = access_by_token(tx, text, &o->arena, out, fresh(o));
    store_read_end(tx);
    return code;
}

/* ---- the journal ---- */

static inline int64_t lines(struct office *o) {
    struct tx *tx = fixture_read(&o->f);
    int64_t seq = journal_head(tx)->seq;
    store_read_end(tx);
    return seq;
}

/* The last line's kind, subject, actor and a part of its payload. */
static inline void assert_line(struct office *o, const char *kind, const char *subject,
                               const char *actor, const char *part) {
    struct journal_batch batch = JOURNAL_BATCH_INIT;
    int64_t last = lines(o);
    struct tx *tx = fixture_read(&o->f);
    must(o, journal_list(tx, last - 1, 1, &batch, fresh(o)));
    store_read_end(tx);
    assert_string_equal(batch.line[0].kind, kind);
    assert_string_equal(batch.line[0].subject, subject);
    assert_string_equal(batch.line[0].actor, actor);
    if (strstr(batch.line[0].payload, part) == NULL) {
        fail_msg("expected %s in %s", part, batch.line[0].payload);
    }
    journal_batch_fini(&batch);
}

#endif
