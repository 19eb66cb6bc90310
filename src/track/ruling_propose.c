/* ruling_propose: what is proposed for each target, by the texts of a plan and of the documents
 * that report on it, and the cache of it. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/mem.h"
#include "track/kept_text_int.h"
#include "track/place_int.h"
#include "track/ruling_int.h"

/* ---- the cache ---- */

/* Which text: the plan's ID and the line name it, and the numbers of its items; the digest is for a
 * line that a failed job had and another job has now. */
struct text_key {
    int64_t plan;
    int64_t from;
    unsigned char sha256[SHA256_BYTES];
};

enum { TEXTS_MAX = 1 + RULING_OUTCOMES_MAX };

/* A comparison: the texts, the plan's first, and what came of them. */
struct comparison {
    struct text_key text[TEXTS_MAX];
    size_t text_count;
    struct arena arena; /* of the proposals */
    struct ruling_proposal *proposals;
    size_t count;
    uint64_t used; /* when last, in asks; 0 for a free place */
};

struct ruling_cache {
    const struct reader *reader;
    pthread_mutex_t lock; /* of what follows */
    uint64_t asks;
    struct comparison made[RULING_CACHE_MAX];
};

struct ruling_cache *ruling_cache_new(const struct reader *reader) {
    struct ruling_cache *c = mem_alloc(sizeof *c);
    memset(c, 0, sizeof *c);
    c->reader = reader;
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void ruling_cache_free(struct ruling_cache *c) {
    if (c == NULL) {
        return;
    }
    for (size_t i = 0; i < RULING_CACHE_MAX; i++) {
        arena_fini(&c->made[i].arena);
    }
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static const char *copy_text(const char *s, struct arena *a) {
    return s == NULL ? NULL : arena_dup(a, s, strlen(s));
}

static struct ruling_proposal *copy_proposals(const struct ruling_proposal *from, size_t count,
                                              struct arena *a) {
    struct ruling_proposal *to = arena_alloc(a, (count + 1) * sizeof *to);
    for (size_t i = 0; i < count; i++) {
        to[i] = from[i];
        to[i].why = copy_text(from[i].why, a);
        to[i].why_en = copy_text(from[i].why_en, a);
        to[i].outcome.text = copy_text(from[i].outcome.text, a);
        to[i].outcome.value = copy_text(from[i].outcome.value, a);
        to[i].outcome.unit = copy_text(from[i].outcome.unit, a);
    }
    return to;
}

static bool same_texts(const struct comparison *a, const struct comparison *b) {
    for (size_t i = 0; i < a->text_count && a->text_count == b->text_count; i++) {
        const struct text_key *x = &a->text[i];
        const struct text_key *y = &b->text[i];
        if (x->plan != y->plan || x->from != y->from ||
            memcmp(x->sha256, y->sha256, sizeof x->sha256) != 0) {
            return false;
        }
    }
    return a->text_count == b->text_count;
}

/* The place of a comparison of these texts, or the one used longest ago; the lock is held. */
static struct comparison *place_for(struct ruling_cache *c, const struct comparison *x) {
    struct comparison *oldest = &c->made[0];
    for (size_t i = 0; i < RULING_CACHE_MAX; i++) {
        struct comparison *m = &c->made[i];
        if (m->used != 0 && same_texts(m, x)) {
            return m;
        }
        oldest = m->used < oldest->used ? m : oldest;
    }
    return oldest;
}

/* Fills x with copies in `a`, where the cache has it. */
static bool recall(struct ruling_cache *c, struct comparison *x, struct arena *a) {
    pthread_mutex_lock(&c->lock);
    struct comparison *m = place_for(c, x);
    bool known = m->used != 0 && same_texts(m, x);
    if (known) {
        m->used = ++c->asks;
        x->proposals = copy_proposals(m->proposals, m->count, a);
        x->count = m->count;
    }
    pthread_mutex_unlock(&c->lock);
    return known;
}

/* Keeps a copy of x, unless another thread was faster. */
static void remember(struct ruling_cache *c, const struct comparison *x) {
    pthread_mutex_lock(&c->lock);
    struct comparison *m = place_for(c, x);
    if (m->used == 0 || !same_texts(m, x)) {
        struct arena arena = m->arena;
        arena_reset(&arena);
        *m = *x;
        m->proposals = copy_proposals(x->proposals, x->count, &arena);
        m->arena = arena;
    }
    m->used = ++c->asks;
    pthread_mutex_unlock(&c->lock);
}

/* ---- one comparison ---- */

/* The texts of a comparison in hand, loaded and read. */
struct bench {
    struct tx *tx;
    const struct reader *reader;
    struct arena *arena;
    struct kept_text text[TEXTS_MAX];
    struct reading reading[TEXTS_MAX];
    size_t count;
};

static enum code read_all(struct bench *b, struct err *err) {
    enum code code = OK;
    for (size_t i = 0; code == OK && i < b->count; i++) {
        code = kept_text_load(b->tx, b->arena, &b->text[i], err);
        if (code == OK) {
            code = kept_text_read(b->reader, &b->text[i], b->arena, &b->reading[i], err);
        }
    }
    return code;
}

static struct ruling_outcome outcome_of(const struct bench *b, const struct judgement *j) {
    struct ruling_outcome o = {0};
    char value[DECIMAL_TEXT_MAX];
    if (j->outcome == NULL) {
        return o;
    }
    size_t at = (size_t)(j->where - b->reading);
    assert(at > 0 && at < b->count);
    const struct kept_text *t = &b->text[at];
    struct span s = j->outcome->text;
    o = (struct ruling_outcome){.plan = t->plan,
                                .text = arena_dup(b->arena, t->text + s.from, s.to - s.from),
                                .span = s,
                                .unit = j->outcome->unit};
    memcpy(o.sha256, t->sha256, sizeof o.sha256);
    if (j->outcome->has_value) {
        o.value = copy_text(decimal_text(j->outcome->value, value), b->arena);
    }
    return o;
}

/* Targets that this version reads and the one that kept the plan did not are left out. */
static enum code judge(struct bench *b, struct comparison *x, struct err *err) {
    struct kept_number *numbers;
    struct judgement *all;
    size_t number_count;
    size_t judged = 0;
    enum code code = kept_text_numbers(b->tx, &b->text[0], b->arena, &numbers, &number_count, err);
    if (code == OK) {
        plan_reconcile(&b->reading[0], &b->reading[1], b->count - 1, b->arena, &all, &judged);
        x->proposals = arena_zero(b->arena, (judged + 1) * sizeof *x->proposals);
    }
    for (size_t i = 0; i < judged; i++) {
        int64_t number = kept_text_number(numbers, number_count, all[i].target);
        if (number != 0) {
            x->proposals[x->count++] = (struct ruling_proposal){.target = number,
                                                                .verdict = all[i].verdict,
                                                                .why = all[i].why,
                                                                .why_en = all[i].why_en,
                                                                .outcome = outcome_of(b, &all[i])};
        }
    }
    return code;
}

/* Finds the texts and what names them. */
static enum code gather(struct bench *b, const struct ruling_question *question,
                        struct comparison *x, struct err *err) {
    enum code code = OK;
    b->count = 1 + question->outcome_count;
    for (size_t i = 0; code == OK && i < b->count; i++) {
        struct kept_text *t = &b->text[i];
        int64_t plan = i == 0 ? question->plan : question->outcomes[i - 1];
        code = kept_text_find(b->tx, plan, question->as_of, b->arena, t, err);
        if (code == OK) {
            x->text[i] = (struct text_key){.plan = t->plan, .from = t->from};
            memcpy(x->text[i].sha256, t->sha256, sizeof t->sha256);
        }
    }
    x->text_count = b->count;
    return code;
}

enum code ruling_propose(struct tx *tx, struct ruling_cache *cache,
                         const struct ruling_question *question, struct arena *a,
                         struct ruling_proposal **out, size_t *count, struct err *err) {
    struct arena work = ARENA_INIT; /* of the texts, which are far larger than what is proposed */
    struct bench b = {.tx = tx, .reader = cache->reader, .arena = &work};
    struct comparison x = {0};
    if (question->outcome_count > RULING_OUTCOMES_MAX) {
        return err_set(err, E_LIMIT, "cannot hold a plan against %zu documents: at most %d",
                       question->outcome_count, RULING_OUTCOMES_MAX);
    }
    enum code code = gather(&b, question, &x, err);
    if (code == OK && question->outcome_count > 0 && !recall(cache, &x, a)) {
        code = read_all(&b, err);
        if (code == OK) {
            code = judge(&b, &x, err);
        }
        if (code == OK) {
            remember(cache, &x);
            x.proposals = copy_proposals(x.proposals, x.count, a);
        }
    }
    if (code == OK) {
        *out = x.proposals;
        *count = x.count;
    }
    arena_fini(&work);
    return code;
}

/* ---- what reports on it ---- */

enum code ruling_outcomes(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                          int64_t **out, size_t *count, struct err *err) {
    struct kept_text of;
    struct kept_text *all;
    size_t all_count;
    size_t n = 0;
    enum code code = kept_text_find(tx, plan, as_of, a, &of, err);
    if (code == OK) {
        code = kept_text_list(tx, as_of, a, &all, &all_count, err);
    }
    if (code != OK) {
        return code;
    }
    const char *place = place_of(of.issuer, of.title, a);
    int64_t *found = arena_alloc(a, (all_count + 1) * sizeof *found);
    for (size_t i = 0; i < all_count; i++) {
        if (all[i].year == of.year + 1 &&
            strcmp(place_of(all[i].issuer, all[i].title, a), place) == 0) {
            found[n++] = all[i].plan;
        }
    }
    *out = found;
    *count = n;
    return OK;
}
