/* sender: see sender.h. One lock guards all posts and receivers; it is held for looking and noting
 * only, never over the network, the disk or the writer. */
#include "subscription/sender.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/mono.h"
#include "subscription/delivery_int.h"
#include "subscription/outbox.h"
#include "subscription/schedule.h"
#include "subscription/subscription_store.h"

enum {
    RETRY_MS = 1000,
    RETRY_MAX_MS = 300000,
    IDLE_MS = 3600000, /* how long a thread waits where nothing is due: it is woken */
    PLAN_MS = 1000,    /* how long the planner waits for a line to be on disk */
};

struct receiver {
    char *name; /* host and port */
    int under_way;
    int failures;          /* in a row, without an answer */
    bool is_slow;          /* its last answer was */
    int64_t not_before_ms; /* by mono_ms() */
    struct receiver *next;
};

enum state {
    IDLE,
    READY,
    UNDER_WAY,
};

struct post {
    int64_t number, stamp;
    struct receiver *to;
    enum state state;
    bool again;                /* something was added while it was under way */
    struct receiver *moves_to; /* when it is back; NULL: stays */
    bool gone;                 /* the subscription is: freed when it is not under way */
    int failures;
    int64_t not_before_ms;
};

struct sender {
    struct sender_config config;
    struct schedule_bounds retry;
    pthread_t *threads;
    size_t thread_count;
    pthread_t planner;
    bool has_planner, stopped;

    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t work;  /* for threads: something may be ready */
    pthread_cond_t plan;  /* for the planner: a line, a change, the end */
    struct post **posts;  /* by number */
    size_t count, cap;
    size_t turn; /* the next post that is looked at: all have their turn */
    struct receiver *receivers;
    int doubtful_under_way; /* posts to receivers that failed last or are slow */
    int64_t line;           /* something is due at this one */
    bool changed, stopping;
    uint64_t sent, failed;
};

/* ---- which post is next ---- */

static bool is_doubtful(const struct receiver *r) {
    return r->failures > 0 || r->is_slow;
}

/* Whether another thread may speak to it. */
static bool has_room(const struct sender *s, const struct receiver *r, int64_t now_ms) {
    if (!is_doubtful(r)) {
        return r->under_way < SENDER_AT_ONCE;
    }
    return r->under_way == 0 && r->not_before_ms <= now_ms &&
           s->doubtful_under_way * 2 < (int)s->thread_count;
}

static bool is_ready(const struct sender *s, const struct post *p, int64_t now_ms) {
    return p->state == READY && p->not_before_ms <= now_ms && has_room(s, p->to, now_ms);
}

/* The next that is ready; else NULL, and when one will be by itself. */
static struct post *find_ready(struct sender *s, int64_t now_ms, int64_t *wait_ms) {
    *wait_ms = IDLE_MS;
    for (size_t i = 0; i < s->count; i++) {
        struct post *p = s->posts[(s->turn + i) % s->count];
        if (is_ready(s, p, now_ms)) {
            s->turn = (s->turn + i + 1) % s->count;
            return p;
        }
        int64_t at_ms =
            p->not_before_ms > p->to->not_before_ms ? p->not_before_ms : p->to->not_before_ms;
        if (p->state == READY && at_ms > now_ms && at_ms - now_ms < *wait_ms) {
            *wait_ms = at_ms - now_ms;
        }
    }
    return NULL;
}

/* Waits for a post that is ready; NULL: it is over. */
static struct post *take_post(struct sender *s, bool *doubtful) {
    struct post *p = NULL;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        int64_t wait_ms;
        p = find_ready(s, mono_ms(), &wait_ms);
        if (p != NULL) {
            break;
        }
        mono_wait(&s->work, &s->lock, wait_ms);
    }
    if (p != NULL) {
        *doubtful = is_doubtful(p->to);
        p->state = UNDER_WAY;
        p->again = false;
        p->to->under_way++;
        s->doubtful_under_way += *doubtful;
    }
    pthread_mutex_unlock(&s->lock);
    return p;
}

/* ---- how it went ---- */

static int64_t later(const struct sender *s, int failures, int64_t cooldown_ms) {
    return mono_ms() + schedule_retry(&s->retry, failures, cooldown_ms);
}

/* Who does not answer is left alone for a while, all its posts with it. What fails while it is
 * left alone was under way already, and counts no further. */
static void note_receiver(struct sender *s, struct receiver *r, const struct delivery *d) {
    bool answered = d->sent > 0 || (d->end == DELIVERY_FAILED && d->asked && !d->no_answer);
    if (answered) {
        r->failures = 0;
        r->not_before_ms = 0;
        r->is_slow = d->is_slow;
    }
    if (d->end == DELIVERY_FAILED && d->no_answer && r->not_before_ms <= mono_ms()) {
        r->failures++;
        r->not_before_ms = later(s, r->failures, 0);
    }
}

/* A post whose receiver does not answer waits with it; one that was refused waits alone. */
static void note_failure(struct sender *s, struct post *p, const struct delivery *d) {
    s->failed++;
    p->state = READY;
    p->failures += !d->no_answer;
    p->not_before_ms =
        d->no_answer ? mono_ms() + d->cooldown_ms : later(s, p->failures, d->cooldown_ms);
}

static void note_end(struct sender *s, struct post *p, const struct delivery *d) {
    s->sent += d->sent;
    if (d->sent > 0) {
        p->failures = 0;
        p->not_before_ms = 0;
    }
    switch (d->end) {
    case DELIVERY_IDLE:
    case DELIVERY_GONE:
        p->state = p->again ? READY : IDLE;
        break;
    case DELIVERY_MORE:
        p->state = READY;
        break;
    case DELIVERY_WAIT:
        p->state = READY;
        p->not_before_ms = mono_ms() + d->wait_ms;
        break;
    case DELIVERY_FAILED:
        note_failure(s, p, d);
        break;
    case DELIVERY_STOPPED:
        p->state = IDLE;
        break;
    }
}

/* Nothing is under way to its receiver any more, though the post is not back yet. */
static void leave_receiver(struct sender *s, struct post *p, bool doubtful,
                           const struct delivery *d) {
    pthread_mutex_lock(&s->lock);
    note_receiver(s, p->to, d);
    p->to->under_way--;
    s->doubtful_under_way -= doubtful;
    pthread_cond_signal(&s->work); /* it has room again */
    pthread_mutex_unlock(&s->lock);
}

static void give_back(struct sender *s, struct post *p, const struct delivery *d) {
    pthread_mutex_lock(&s->lock);
    note_end(s, p, d);
    p->to = p->moves_to == NULL ? p->to : p->moves_to;
    p->moves_to = NULL;
    if (p->gone) {
        free(p);
    }
    pthread_cond_signal(&s->work); /* it may be ready again, or has another time to wait for */
    pthread_mutex_unlock(&s->lock);
}

static void *run_thread(void *data) {
    struct sender *s = data;
    struct delivery_memory memory = DELIVERY_MEMORY_INIT;
    struct post *p;
    bool doubtful;
    while ((p = take_post(s, &doubtful)) != NULL) {
        struct delivery d;
        deliver(&s->config, p->number, &memory, &d);
        leave_receiver(s, p, doubtful, &d);
        delivery_note(&s->config, p->number, &d);
        give_back(s, p, &d);
    }
    arena_fini(&memory.arena);
    arena_fini(&memory.terms.arena);
    return NULL;
}

/* ---- the planner ---- */

static struct receiver *receiver_of(struct sender *s, const char *name) {
    struct receiver *r = s->receivers;
    while (r != NULL && strcmp(r->name, name) != 0) {
        r = r->next;
    }
    if (r == NULL) {
        size_t n = strlen(name) + 1;
        r = mem_alloc(sizeof *r);
        *r = (struct receiver){.name = memcpy(mem_alloc(n), name, n), .next = s->receivers};
        s->receivers = r;
    }
    return r;
}

/* Where the post of that number stands, or would. */
static size_t place_of(const struct sender *s, int64_t number) {
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->posts[middle]->number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static struct post *find_post(const struct sender *s, int64_t number) {
    size_t at = place_of(s, number);
    return at < s->count && s->posts[at]->number == number ? s->posts[at] : NULL;
}

static struct post *add_post(struct sender *s, int64_t number) {
    size_t at = place_of(s, number);
    struct post *p = mem_alloc(sizeof *p);
    *p = (struct post){.number = number};
    s->posts = mem_reserve(s->posts, &s->cap, s->count + 1, sizeof(struct post *));
    memmove(s->posts + at + 1, s->posts + at, (s->count - at) * sizeof(struct post *));
    s->posts[at] = p;
    s->count++;
    return p;
}

static void make_ready(struct post *p) {
    p->again = p->state == UNDER_WAY;
    p->state = p->again ? UNDER_WAY : READY;
}

static void put_post(struct sender *s, const struct subscription_key *key, const char *receiver) {
    pthread_mutex_lock(&s->lock);
    struct post *p = find_post(s, key->number);
    struct receiver *to = receiver_of(s, receiver);
    if (p == NULL) {
        p = add_post(s, key->number);
        p->to = to;
    }
    if (p->state == UNDER_WAY) {
        p->moves_to = to; /* until it is back its receiver counts it */
    } else {
        p->to = to;
    }
    p->stamp = key->stamp;
    p->failures = 0;
    p->not_before_ms = 0;
    make_ready(p); /* it may have been paused, or was to be told later than now */
    pthread_mutex_unlock(&s->lock);
}

static bool knows_post(struct sender *s, const struct subscription_key *key) {
    pthread_mutex_lock(&s->lock);
    const struct post *p = find_post(s, key->number);
    bool known = p != NULL && p->stamp == key->stamp;
    pthread_mutex_unlock(&s->lock);
    return known;
}

static void forget_others(struct sender *s, const struct subscription_key *keys, size_t count) {
    size_t kept = 0, at = 0;
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count; i++) {
        struct post *p = s->posts[i];
        while (at < count && keys[at].number < p->number) {
            at++;
        }
        if (at < count && keys[at].number == p->number) {
            s->posts[kept++] = p;
        } else if (p->state == UNDER_WAY) {
            p->gone = true;
        } else {
            free(p);
        }
    }
    s->count = kept;
    s->turn = 0;
    pthread_mutex_unlock(&s->lock);
}

/* Brings the posts to what the subscriptions are now. */
static void plan_subscriptions(struct sender *s, struct tx *tx, struct arena *a) {
    struct subscription_key *keys = NULL;
    size_t count = 0;
    if (subscription_list_keys(tx, a, &keys, &count, NULL) != OK) {
        return;
    }
    forget_others(s, keys, count);
    for (size_t i = 0; i < count; i++) {
        struct subscription_kept k;
        if (!knows_post(s, &keys[i]) &&
            subscription_load_number(tx, keys[i].number, a, &k, NULL) == OK) {
            put_post(s, &keys[i], delivery_receiver(k.s.uri, a));
        }
    }
}

static void plan_due(struct sender *s, struct tx *tx, int64_t *seq, struct arena *a) {
    int64_t *ready = NULL;
    size_t count = 0;
    if (outbox_list_ready(tx, seq, a, &ready, &count, NULL) != OK) {
        return;
    }
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < count; i++) {
        struct post *p = find_post(s, ready[i]);
        if (p != NULL) {
            make_ready(p);
        }
    }
    pthread_cond_broadcast(&s->work);
    pthread_mutex_unlock(&s->lock);
}

/* What the planner has to do; false: it is over. */
static bool wait_for_plan(struct sender *s, int64_t *line, bool *changed) {
    pthread_mutex_lock(&s->lock);
    while (!s->stopping && s->line <= *line && !s->changed) {
        pthread_cond_wait(&s->plan, &s->lock);
    }
    *line = s->line;
    *changed = s->changed;
    s->changed = false;
    bool goes_on = !s->stopping;
    pthread_mutex_unlock(&s->lock);
    return goes_on;
}

/* A line may never come: its job was undone after it had told of it. */
static void wait_for_line(struct sender *s, int64_t line, int64_t *on_disk) {
    if (line > *on_disk) {
        *on_disk = store_wait(s->config.store, line - 1, PLAN_MS);
    }
}

static void *run_planner(void *data) {
    struct sender *s = data;
    struct arena a = ARENA_INIT;
    int64_t seq = 0, line = 0, on_disk = 0;
    bool changed;
    while (wait_for_plan(s, &line, &changed)) {
        struct tx *tx = NULL;
        wait_for_line(s, line, &on_disk);
        if (store_read(s->config.store, &tx, NULL) == OK) {
            if (changed) {
                plan_subscriptions(s, tx, &a);
            }
            plan_due(s, tx, &seq, &a);
            store_read_end(tx);
        }
        arena_reset(&a);
    }
    arena_fini(&a);
    return NULL;
}

/* ---- from outside ---- */

void sender_added(void *sender, int64_t line) {
    struct sender *s = sender;
    pthread_mutex_lock(&s->lock);
    s->line = line > s->line ? line : s->line;
    pthread_cond_signal(&s->plan);
    pthread_mutex_unlock(&s->lock);
}

void sender_changed(struct sender *s) {
    pthread_mutex_lock(&s->lock);
    s->changed = true;
    pthread_cond_signal(&s->plan);
    pthread_mutex_unlock(&s->lock);
}

void sender_stats(struct sender *s, struct sender_stats *out) {
    pthread_mutex_lock(&s->lock);
    *out = (struct sender_stats){.sent = s->sent, .failed = s->failed, .posts = s->count};
    for (const struct receiver *r = s->receivers; r != NULL; r = r->next) {
        out->receivers++;
        out->failing += r->failures > 0;
    }
    pthread_mutex_unlock(&s->lock);
}

/* ---- beginning and ending ---- */

static enum code start_threads(struct sender *s, size_t count, struct err *err) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the threads that know them */
    int rc = pthread_create(&s->planner, NULL, run_planner, s);
    s->has_planner = rc == 0;
    while (rc == 0 && s->thread_count < count) {
        rc = pthread_create(&s->threads[s->thread_count], NULL, run_thread, s);
        pthread_mutex_lock(&s->lock);
        s->thread_count += rc == 0;
        pthread_mutex_unlock(&s->lock);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc == 0 ? OK : err_set(err, E_IO, "cannot start a sender's thread: %s", strerror(rc));
}

enum code sender_new(const struct sender_config *config, struct sender **out, struct err *err) {
    struct sender *s = mem_alloc(sizeof *s);
    size_t count = config->threads > 0 ? (size_t)config->threads : SENDER_THREADS;
    *s = (struct sender){.config = *config, .changed = true};
    s->retry.first_ms = config->retry_ms > 0 ? config->retry_ms : RETRY_MS;
    s->retry.most_ms = config->retry_max_ms > 0 ? config->retry_max_ms : RETRY_MAX_MS;
    s->threads = mem_alloc(count * sizeof *s->threads);
    pthread_mutex_init(&s->lock, NULL);
    mono_cond_init(&s->work);
    pthread_cond_init(&s->plan, NULL);
    enum code code = start_threads(s, count, err);
    if (code != OK) {
        sender_free(s);
        return code;
    }
    *out = s;
    return OK;
}

void sender_stop(struct sender *s) {
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->work);
    pthread_cond_broadcast(&s->plan);
    pthread_mutex_unlock(&s->lock);
    client_stop(s->config.client);
    for (size_t i = 0; i < s->thread_count; i++) {
        pthread_join(s->threads[i], NULL);
    }
    if (s->has_planner) {
        pthread_join(s->planner, NULL);
    }
    s->stopped = true;
}

void sender_free(struct sender *s) {
    if (s == NULL) {
        return;
    }
    if (!s->stopped) {
        sender_stop(s);
    }
    for (size_t i = 0; i < s->count; i++) {
        free(s->posts[i]);
    }
    while (s->receivers != NULL) {
        struct receiver *r = s->receivers;
        s->receivers = r->next;
        free(r->name);
        free(r);
    }
    pthread_cond_destroy(&s->work);
    pthread_cond_destroy(&s->plan);
    pthread_mutex_destroy(&s->lock);
    free(s->posts);
    free(s->threads);
    free(s);
}
