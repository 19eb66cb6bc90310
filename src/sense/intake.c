/* intake: see intake.h. */
#include "sense/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "entity/entity_store.h"
#include "sense/dead.h"
#include "store/store.h"

struct message {
    struct payload_message m; /* in the arena of the batch */
    struct payload_result says;
    const char *why; /* it cannot be taken: found by reading it, or by the store on its own */
    const char *now; /* the same, found by the job that runs: undone with it */
};

struct intake {
    struct intake_config c;
    struct arena arena;   /* of the batch */
    struct arena scratch; /* of the job that runs */
    struct message *all;
    size_t count, room;
    size_t done; /* those before are kept */
};

struct intake *intake_new(const struct intake_config *config) {
    struct intake *in = mem_alloc(sizeof *in);
    *in = (struct intake){.c = *config};
    return in;
}

void intake_free(struct intake *in) {
    if (in != NULL) {
        arena_fini(&in->arena);
        arena_fini(&in->scratch);
        free(in->all);
        free(in);
    }
}

static const char *keep_words(struct arena *a, const char *words) {
    return arena_dup(a, words, strlen(words));
}

void intake_add(struct intake *in, const struct payload_message *m) {
    in->all = mem_reserve(in->all, &in->room, in->count + 1, sizeof *in->all);
    struct message *x = &in->all[in->count++];
    struct err why = ERR_INIT;
    *x = (struct message){.m = *m};
    x->m.topic = arena_dup(&in->arena, m->topic, strlen(m->topic));
    x->m.bytes = arena_dup(&in->arena, m->len == 0 ? "" : m->bytes, m->len);
    if (payload_read(in->c.table, &x->m, &in->arena, &x->says, &why) != OK) {
        x->why = keep_words(&in->arena, why.msg);
        x->says.count = 0;
    }
}

bool intake_is_full(const struct intake *in) {
    return in->count >= INTAKE_MESSAGES_MAX || in->arena.total > INTAKE_BYTES_MAX;
}

size_t intake_count(const struct intake *in) {
    return in->count;
}

/* ---- a job ---- */

/* Messages from..to, which one job writes. */
struct part {
    struct intake *in;
    size_t from, to;
    bool change; /* it is to change entities: there will be a line */
    bool redo;   /* it turned out that it would not: all its reasons are known now */
};

static bool is_of_message(enum code code) {
    return code == E_INPUT || code == E_LIMIT || code == E_CONFLICT || code == E_ABSENT;
}

/* The entities of a message. One that is refused as the first leaves nothing behind; else all of
 * the job goes, and the message is tried alone. */
static enum code write_message(struct message *x, const struct entity_job *job, struct intake *in,
                               struct err *err) {
    for (size_t i = 0; i < x->says.count; i++) {
        struct entity_outcome out = {.created = false};
        struct err why = ERR_INIT;
        enum code code = entity_apply(job, ENTITY_PUT_APPEND, &x->says.entities[i], &out, &why);
        if (code != OK && i == 0 && is_of_message(code) && code != E_LIMIT) {
            x->now = keep_words(&in->scratch, why.msg);
            return OK;
        }
        if (code != OK) {
            return err_set(err, code, "%s", why.msg);
        }
    }
    return OK;
}

static bool is_dead(const struct message *x) {
    return x->why != NULL || x->now != NULL;
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The ids of what was written, each once. */
static const char **list_ids(const struct part *p, size_t *count) {
    size_t n = 0;
    for (size_t i = p->from; i < p->to; i++) {
        n += p->in->all[i].says.count;
    }
    const char **ids = arena_alloc(&p->in->scratch, (n + 1) * sizeof *ids);
    n = 0;
    for (size_t i = p->from; i < p->to; i++) {
        const struct message *x = &p->in->all[i];
        for (size_t k = 0; k < x->says.count && !is_dead(x); k++) {
            ids[n++] = x->says.entities[k].id;
        }
    }
    qsort(ids, n, sizeof *ids, by_bytes);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || strcmp(ids[kept - 1], ids[i]) != 0) {
            ids[kept++] = ids[i];
        }
    }
    *count = kept;
    return ids;
}

/* The line of the job: its body is the payloads that were taken, a line feed behind each. */
static enum code note(struct part *p, struct tx *tx, const struct entity_changes *changes,
                      struct err *err) {
    struct buf body = BUF_INIT;
    struct entity_note line = {.actor = p->in->c.actor, .what = "put"};
    line.ids = list_ids(p, &line.count);
    for (size_t i = p->from; i < p->to; i++) {
        const struct message *x = &p->in->all[i];
        if (x->says.count > 0 && !is_dead(x)) {
            buf_add(&body, x->m.bytes, x->m.len);
            buf_addc(&body, '\n');
        }
    }
    line.body = body.data;
    line.body_len = body.len;
    enum code code = notifier_note(p->in->c.notifier, tx, &line, changes, err);
    buf_fini(&body);
    return code;
}

static enum code bury(const struct part *p, struct tx *tx, struct err *err) {
    enum code code = OK;
    bool any = false;
    for (size_t i = p->from; i < p->to && code == OK; i++) {
        const struct message *x = &p->in->all[i];
        if (is_dead(x)) {
            struct dead_message m = {x->m.topic, x->m.bytes, x->m.len,
                                     x->why == NULL ? x->now : x->why};
            any = true;
            code = dead_add(tx, &m, err);
        }
    }
    return code == OK && any ? dead_trim(tx, err) : code;
}

/* Whether a message of the part changes an entity. */
static bool has_change(const struct part *p) {
    for (size_t i = p->from; i < p->to; i++) {
        if (p->in->all[i].says.count > 0 && !is_dead(&p->in->all[i])) {
            return true;
        }
    }
    return false;
}

/* Whether dead letters are rows of the job: then it has a line, also where observations alone would
 * need none (docs/decisions/0020-ingest.md). */
static bool has_dead(const struct part *p) {
    for (size_t i = p->from; i < p->to; i++) {
        if (is_dead(&p->in->all[i])) {
            return true;
        }
    }
    return false;
}

/* All were refused: then there is no line, and it is another kind of job. */
static enum code give_up(struct part *p, struct err *err) {
    for (size_t i = p->from; i < p->to; i++) {
        struct message *x = &p->in->all[i];
        if (x->why == NULL && x->now != NULL) {
            x->why = keep_words(&p->in->arena, x->now);
        }
    }
    p->redo = true;
    return err_set(err, E_INPUT, "no message of the batch can be taken");
}

static enum code write_part(struct tx *tx, void *data, struct err *err) {
    struct part *p = data;
    struct entity_changes changes = {NULL, NULL};
    struct entity_job job = notifier_job(
        p->in->c.notifier,
        (struct entity_job){
            .tx = tx, .arena = &p->in->scratch, .changes = &changes, .models = p->in->c.models});
    enum code code = OK;
    for (size_t i = p->from; i < p->to && code == OK; i++) {
        p->in->all[i].now = NULL;
        code = p->in->all[i].why == NULL ? write_message(&p->in->all[i], &job, p->in, err) : OK;
    }
    if (code == OK && p->change && !has_change(p)) {
        return give_up(p, err);
    }
    if (code == OK && p->change && (!entity_only_observed(tx) || has_dead(p))) {
        code = note(p, tx, &changes, err);
    }
    return code == OK ? bury(p, tx, err) : code;
}

/* ---- a batch ---- */

/* Whether there is anything to write: messages may say nothing. */
static bool says_nothing(const struct part *p) {
    for (size_t i = p->from; i < p->to; i++) {
        if (p->in->all[i].says.count > 0 || p->in->all[i].why != NULL) {
            return false;
        }
    }
    return true;
}

static enum code run_part(struct part *p, struct err *err) {
    struct err why = ERR_INIT;
    for (size_t i = p->from; i < p->to; i++) {
        p->in->all[i].now = NULL;
    }
    arena_reset(&p->in->scratch);
    p->redo = false;
    p->change = has_change(p);
    enum code code = store_write(p->in->c.store, p->change ? STORE_CHANGE : STORE_HOUSEKEEPING,
                                 write_part, p, &why);
    return code == OK ? OK : err_set(err, code, "%s", why.msg);
}

static void count_part(const struct part *p, struct intake_kept *out) {
    for (size_t i = p->from; i < p->to; i++) {
        bool dead = is_dead(&p->in->all[i]);
        out->dead += dead;
        out->taken += !dead;
    }
    p->in->done = p->to;
}

/* A part that a message of it spoils is halved, until that message is alone and found out. */
static enum code keep_part(struct part p, struct intake_kept *out, struct err *err) {
    struct err why = ERR_INIT;
    enum code code = says_nothing(&p) ? OK : run_part(&p, &why);
    if (code != OK && p.redo) {
        why = (struct err)ERR_INIT;
        code = run_part(&p, &why);
    }
    if (code == OK) {
        count_part(&p, out);
        return OK;
    }
    if (!is_of_message(code)) {
        return err_set(err, code, "%s", why.msg);
    }
    if (p.to - p.from == 1) {
        if (p.in->all[p.from].why != NULL) {
            return err_set(err, E_IO, "cannot keep a dead letter: %s", why.msg);
        }
        p.in->all[p.from].why = keep_words(&p.in->arena, why.msg);
        return keep_part(p, out, err);
    }
    size_t middle = p.from + (p.to - p.from) / 2;
    code = keep_part((struct part){.in = p.in, .from = p.from, .to = middle}, out, err);
    return code == OK ? keep_part((struct part){.in = p.in, .from = middle, .to = p.to}, out, err)
                      : code;
}

enum code intake_keep(struct intake *in, struct intake_kept *out, struct err *err) {
    *out = (struct intake_kept){0, 0};
    enum code code = OK;
    if (in->done < in->count) {
        code = keep_part((struct part){.in = in, .from = in->done, .to = in->count}, out, err);
    }
    if (code == OK) {
        in->count = in->done = 0;
        arena_reset(&in->arena);
    }
    return code;
}
