/* match: see match.h. Keys are hashes of 64 bits: two that are equal by chance make a candidate
 * that the filter turns down. */
#include "subscription/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/journal.h"
#include "subscription/filter.h"
#include "subscription/outbox.h"
#include "subscription/snapshot.h"
#include "subscription/subscription_store.h"

/* What a key is made of: which kind, and one or two names. */
enum key_kind {
    KEY_ANY,       /* wants all entities */
    KEY_ID,        /* one entity */
    KEY_ATTRIBUTE, /* an attribute, of any type */
    KEY_TYPE,
    KEY_TYPE_ATTRIBUTE,
    KEY_TYPED_ATTRIBUTE, /* an attribute of some KEY_TYPE_ATTRIBUTE: only whether there is one */
};

struct compiled {
    int64_t number, stamp;
    struct arena arena;
    struct subscription_kept kept;
    struct filter filter;
    int64_t waiting; /* about as many: exact where it reaches the cap */
    uint64_t seen;   /* the last change it was held against */
};

struct key {
    uint64_t hash;
    struct compiled *of;
};

struct match {
    struct match_config config;
    int64_t last_stamp;    /* ever given, also in jobs that were undone */
    int64_t loaded;        /* the stamp that what is in memory is as of; -1: nothing is */
    struct compiled **all; /* by number */
    size_t count;
    struct key *keys; /* by hash */
    size_t key_count, key_cap;
    bool by_type;       /* some key is a type alone: each entity's must be known */
    uint64_t change;    /* counts changes, for `seen` */
    int64_t now_ms;     /* of the job, for means() */
    struct arena arena; /* of one call */
};

/* ---- keys ---- */

static uint64_t mix(uint64_t hash, const char *s) { /* FNV-1a */
    for (; *s != '\0'; s++) {
        hash = (hash ^ (unsigned char)*s) * 1099511628211u;
    }
    return (hash ^ 0xff) * 1099511628211u; /* no byte of UTF-8: parts two names */
}

static uint64_t key_of(enum key_kind kind, const char *a, const char *b) {
    uint64_t hash = (14695981039346656037u ^ (uint64_t)kind) * 1099511628211u;
    hash = a == NULL ? hash : mix(hash, a);
    return b == NULL ? hash : mix(hash, b);
}

static void add_key(struct match *m, struct compiled *c, uint64_t hash) {
    m->keys = mem_reserve(m->keys, &m->key_cap, m->key_count + 1, sizeof *m->keys);
    m->keys[m->key_count++] = (struct key){hash, c};
}

static void add_watched(struct match *m, struct compiled *c, const char *type) {
    const struct subscription_names *w = &c->kept.s.watched;
    m->by_type = m->by_type || (type != NULL && w->count == 0);
    for (size_t i = 0; i < w->count; i++) {
        if (type != NULL) {
            add_key(m, c, key_of(KEY_TYPED_ATTRIBUTE, w->all[i], NULL));
        }
        add_key(m, c,
                type == NULL ? key_of(KEY_ATTRIBUTE, w->all[i], NULL)
                             : key_of(KEY_TYPE_ATTRIBUTE, type, w->all[i]));
    }
    if (w->count == 0) {
        add_key(m, c, type == NULL ? key_of(KEY_ANY, NULL, NULL) : key_of(KEY_TYPE, type, NULL));
    }
}

static void add_keys(struct match *m, struct compiled *c) {
    for (size_t i = 0; i < c->filter.selector_count; i++) {
        const struct filter_selector *s = &c->filter.selectors[i];
        const char *const *types = NULL;
        size_t count = s->types == NULL ? 0 : entity_types_names(s->types, &types);
        if (s->id != NULL) {
            add_key(m, c, key_of(KEY_ID, s->id, NULL));
            continue;
        }
        for (size_t k = 0; k < count; k++) {
            add_watched(m, c, types[k]);
        }
        if (count == 0) {
            add_watched(m, c, NULL);
        }
    }
    if (c->filter.selector_count == 0) {
        add_watched(m, c, NULL);
    }
}

static int by_hash(const void *a, const void *b) {
    const struct key *x = a;
    const struct key *y = b;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* The first key that is not less. */
static size_t find_key(const struct match *m, uint64_t hash) {
    size_t low = 0, high = m->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->keys[middle].hash < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* ---- what is in memory ---- */

static void compiled_free(struct compiled *c) {
    if (c != NULL) {
        filter_fini(&c->filter);
        arena_fini(&c->arena);
        free(c);
    }
}

/* The terms that q is read with are needed only here, and may be many. */
static enum code compile_filter(struct match *m, struct tx *tx, struct compiled *c,
                                struct err *err) {
    struct subscription *s = &c->kept.s;
    enum code code = OK;
    if (s->q != NULL || s->csf != NULL) {
        code = subscription_load_context(tx, c->kept.q_context, &m->arena, &s->q_context, err);
    }
    code = code == OK ? filter_compile(s, FILTER_KEPT, &c->arena, &c->filter, err) : code;
    s->q_context = (struct entity_context){.count = 0};
    return code;
}

static enum code compile(struct match *m, struct tx *tx, int64_t number, struct compiled **out,
                         struct err *err) {
    struct compiled *c = mem_alloc(sizeof *c);
    *c = (struct compiled){.number = number, .filter = FILTER_INIT};
    enum code code = subscription_load_number(tx, number, &c->arena, &c->kept, err);
    if (code == OK) {
        c->stamp = c->kept.stamp;
        c->waiting = c->kept.progress.waiting;
        code = compile_filter(m, tx, c, err);
    }
    if (code != OK) {
        compiled_free(c);
        return code;
    }
    *out = c;
    return OK;
}

static void forget_all(struct match *m) {
    for (size_t i = 0; i < m->count; i++) {
        compiled_free(m->all[i]);
    }
    free(m->all);
    m->all = NULL;
    m->count = 0;
    m->key_count = 0;
    m->loaded = -1;
}

/* Both lists are by number: what is of the same stamp is taken over, all else is read. */
static enum code load_all(struct match *m, struct tx *tx, const struct subscription_key *keys,
                          size_t count, struct compiled **all, struct err *err) {
    enum code code = OK;
    size_t old = 0;
    for (size_t i = 0; i < count && code == OK; i++) {
        while (old < m->count && m->all[old]->number < keys[i].number) {
            old++;
        }
        if (old < m->count && m->all[old]->number == keys[i].number &&
            m->all[old]->stamp == keys[i].stamp) {
            all[i] = m->all[old];
            m->all[old++] = NULL;
            continue;
        }
        code = compile(m, tx, keys[i].number, &all[i], err);
    }
    return code;
}

static void index_all(struct match *m) {
    m->key_count = 0;
    m->by_type = false;
    for (size_t i = 0; i < m->count; i++) {
        if (!m->all[i]->kept.s.is_paused && m->all[i]->kept.s.interval_ms == 0) {
            add_keys(m, m->all[i]);
        }
    }
    if (m->key_count > 0) {
        qsort(m->keys, m->key_count, sizeof *m->keys, by_hash);
    }
}

static enum code reload(struct match *m, struct tx *tx, int64_t stamp, struct err *err) {
    struct subscription_key *keys;
    size_t count;
    enum code code = subscription_list_keys(tx, &m->arena, &keys, &count, err);
    if (code != OK) {
        return code;
    }
    struct compiled **all = mem_alloc((count + 1) * sizeof(struct compiled *));
    memset(all, 0, (count + 1) * sizeof(struct compiled *));
    code = load_all(m, tx, keys, count, all, err);
    forget_all(m);
    m->all = all;
    m->count = count;
    if (code != OK) {
        forget_all(m);
        return code;
    }
    index_all(m);
    m->loaded = stamp;
    return OK;
}

/* ---- a change ---- */

struct matching {
    struct match *m;
    struct tx *tx;
    const struct entity_change *change;
    const struct entity *entity; /* NULL: not looked at yet */
    struct entity loaded;
    int64_t seq;
    bool kept; /* the snapshot is in the outbox */
};

/* The entity afterwards, or as it was. A job that deletes an entity it has changed leaves nothing
 * to look at for the change before. */
static enum code look_at(struct matching *x, struct err *err) {
    if (x->entity != NULL) {
        return OK;
    }
    if (x->change->gone != NULL) {
        x->entity = x->change->gone;
        return OK;
    }
    enum code code = entity_load(x->tx, x->change->id, &x->m->arena, &x->loaded, err);
    x->entity = code == OK ? &x->loaded : NULL;
    return code;
}

/* At the cap, the oldest tenth goes. */
static enum code make_room(struct matching *x, struct compiled *c, struct err *err) {
    int64_t most = x->m->config.waiting_max;
    if (c->waiting < most) {
        return OK;
    }
    enum code code = outbox_count(x->tx, c->number, &c->waiting, err);
    if (code != OK || c->waiting < most) {
        return code;
    }
    struct outbox_progress p = {.dropped = most / 10 > 0 ? most / 10 : 1};
    code = outbox_drop(x->tx, c->number, p.dropped, err);
    c->waiting -= p.dropped;
    return code == OK ? outbox_note(x->tx, c->number, &p, err) : code;
}

static enum code keep(struct matching *x, struct compiled *c, struct err *err) {
    enum code code = make_room(x, c, err);
    if (code == OK && !x->kept) {
        struct buf snapshot = BUF_INIT;
        snapshot_write(x->change, x->entity, &snapshot);
        code = outbox_add_change(x->tx, x->seq, snapshot.data, snapshot.len, err);
        buf_fini(&snapshot);
        x->kept = true;
    }
    if (code == OK) {
        c->waiting++;
        code = outbox_add_due(x->tx, c->number, x->seq, err);
    }
    return code;
}

/* Whether any of the attributes that are to be told is there, or was until now. */
static bool has_told(const struct subscription *s, const struct matching *x) {
    for (size_t i = 0; i < x->entity->count; i++) {
        if (subscription_names_have(&s->attributes, x->entity->attributes[i].name)) {
            return true;
        }
    }
    for (size_t i = 0; i < x->change->count; i++) {
        if (subscription_names_have(&s->attributes, x->change->attributes[i].name)) {
            return true;
        }
    }
    return s->attributes.count == 0;
}

static enum code hold_against(struct matching *x, struct compiled *c, struct err *err) {
    const struct subscription *s = &c->kept.s;
    if (c->seen == x->m->change) {
        return OK;
    }
    c->seen = x->m->change;
    if (s->expires_ms != 0 && s->expires_ms <= tx_now_ms(x->tx)) {
        return OK;
    }
    enum code code = look_at(x, err);
    if (code != OK) {
        return code;
    }
    bool wanted = filter_is_triggered(&c->filter, x->change, x->entity) && has_told(s, x) &&
                  filter_takes(&c->filter, x->entity);
    return wanted ? keep(x, c, err) : OK;
}

static enum code hold_key(struct matching *x, uint64_t hash, struct err *err) {
    struct match *m = x->m;
    enum code code = OK;
    for (size_t i = find_key(m, hash); i < m->key_count && m->keys[i].hash == hash && code == OK;
         i++) {
        code = hold_against(x, m->keys[i].of, err);
    }
    return code;
}

/* The attributes that a change is about: of an entity that is gone, all it had. */
struct about {
    const char **names;
    size_t count;
};

static struct about about_what(struct matching *x) {
    const struct entity *gone = x->change->gone;
    size_t room = x->change->count + (gone == NULL ? 0 : gone->count);
    struct about all = {arena_alloc(&x->m->arena, (room + 1) * sizeof(char *)), 0};
    for (size_t i = 0; i < x->change->count; i++) {
        all.names[all.count++] = x->change->attributes[i].name;
    }
    for (size_t i = 0; gone != NULL && i < gone->count; i++) {
        all.names[all.count++] = gone->attributes[i].name;
    }
    return all;
}

/* Whether the attribute is in a key with a type. */
static bool is_typed(const struct match *m, const char *attribute) {
    uint64_t hash = key_of(KEY_TYPED_ATTRIBUTE, attribute, NULL);
    size_t at = find_key(m, hash);
    return at < m->key_count && m->keys[at].hash == hash;
}

/* Whether a key with a type in it could be met: only then the entity is read for its types. */
static bool wants_types(const struct match *m, const struct about *about) {
    bool wanted = m->by_type;
    for (size_t i = 0; i < about->count && !wanted; i++) {
        wanted = is_typed(m, about->names[i]);
    }
    return wanted;
}

static enum code hold_types(struct matching *x, const struct about *about, struct err *err) {
    enum code code = look_at(x, err);
    for (size_t i = 0; code == OK && i < x->entity->type_count; i++) {
        const char *type = x->entity->types[i];
        code = hold_key(x, key_of(KEY_TYPE, type, NULL), err);
        for (size_t k = 0; k < about->count && code == OK; k++) {
            code = hold_key(x, key_of(KEY_TYPE_ATTRIBUTE, type, about->names[k]), err);
        }
    }
    return code;
}

static enum code match_one(struct matching *x, struct err *err) {
    struct about about = about_what(x);
    enum code code = hold_key(x, key_of(KEY_ANY, NULL, NULL), err);
    if (code == OK) {
        code = hold_key(x, key_of(KEY_ID, x->change->id, NULL), err);
    }
    for (size_t i = 0; i < about.count && code == OK; i++) {
        code = hold_key(x, key_of(KEY_ATTRIBUTE, about.names[i], NULL), err);
    }
    if (code == OK && wants_types(x->m, &about)) {
        code = hold_types(x, &about, err);
    }
    return code == E_ABSENT ? OK : code; /* changed, then deleted, by one job */
}

/* ---- whether a value could be meant, before it is put aside ---- */

/* Whether a subscription of this key hears of a new value of one of the attributes. */
static bool hears(const struct match *m, uint64_t hash, const struct entity_attribute *all,
                  size_t count) {
    for (size_t i = find_key(m, hash); i < m->key_count && m->keys[i].hash == hash; i++) {
        const struct compiled *c = m->keys[i].of;
        int64_t expires_ms = c->kept.s.expires_ms;
        for (size_t k = 0; k < count && (expires_ms == 0 || expires_ms > m->now_ms); k++) {
            if (filter_hears(&c->filter, all[k].name, all[k].dataset)) {
                return true;
            }
        }
    }
    return false;
}

/* The keys of match_one(). A subscription that is met may yet turn the change down. */
static bool means(void *data, const struct entity *e, const char *const *types, size_t count) {
    const struct match *m = data;
    bool meant = hears(m, key_of(KEY_ANY, NULL, NULL), e->attributes, e->count) ||
                 hears(m, key_of(KEY_ID, e->id, NULL), e->attributes, e->count);
    for (size_t t = 0; t < count && m->by_type && !meant; t++) {
        meant = hears(m, key_of(KEY_TYPE, types[t], NULL), e->attributes, e->count);
    }
    for (size_t i = 0; i < e->count && !meant; i++) {
        const struct entity_attribute *x = &e->attributes[i];
        bool typed = is_typed(m, x->name);
        meant = hears(m, key_of(KEY_ATTRIBUTE, x->name, NULL), x, 1);
        for (size_t t = 0; t < count && typed && !meant; t++) {
            meant = hears(m, key_of(KEY_TYPE_ATTRIBUTE, types[t], x->name), x, 1);
        }
    }
    return meant;
}

/* ---- a job ---- */

static enum code match_all(struct match *m, struct tx *tx, const struct entity_changes *changes,
                           struct err *err) {
    int64_t line = journal_head(tx)->seq;
    int64_t seq = line << OUTBOX_LINE_BITS;
    int64_t end = (line + 1) << OUTBOX_LINE_BITS;
    bool added = false;
    enum code code = OK;
    for (const struct entity_change *c = changes->first; c != NULL && code == OK; c = c->next) {
        if (seq == end) {
            return err_set(err, E_LIMIT, "cannot change more than %d entities at once",
                           1 << OUTBOX_LINE_BITS);
        }
        struct matching x = {.m = m, .tx = tx, .change = c, .seq = seq++};
        m->change++;
        code = match_one(&x, err);
        added = added || x.kept;
    }
    if (code == OK && added && m->config.added != NULL) {
        m->config.added(m->config.data, line);
    }
    return code;
}

/* Brings what is in memory up to what is in the database. */
static enum code bring_up(struct match *m, struct tx *tx, struct err *err) {
    int64_t stamp = 0;
    enum code code = subscription_last_stamp(tx, &stamp, err);
    return code == OK && stamp != m->loaded ? reload(m, tx, stamp, err) : code;
}

struct entity_job match_job(struct match *m, struct entity_job job) {
    *job.changes = (struct entity_changes){NULL, NULL};
    if (m == NULL) {
        job.changes = NULL;
        return job;
    }
    bool known = bring_up(m, job.tx, NULL) == OK;
    arena_reset(&m->arena);
    m->now_ms = tx_now_ms(job.tx);
    if (known && m->key_count == 0) {
        job.changes = NULL;
    }
    if (known) {
        job.listener = (struct entity_listener){means, m};
    }
    return job;
}

enum code match_changes(struct match *m, struct tx *tx, const struct entity_changes *changes,
                        struct err *err) {
    if (changes->first == NULL) {
        return OK;
    }
    enum code code = bring_up(m, tx, err);
    if (code == OK && m->key_count > 0) {
        code = match_all(m, tx, changes, err);
    }
    arena_reset(&m->arena);
    return code;
}

enum code match_note(struct match *m, struct tx *tx, const struct entity_note *note,
                     const struct entity_changes *changes, struct err *err) {
    enum code code = entity_note(tx, note, err);
    return code == OK && m != NULL ? match_changes(m, tx, changes, err) : code;
}

enum code match_stamp(struct match *m, struct tx *tx, int64_t *out, struct err *err) {
    return subscription_stamp(tx, &m->last_stamp, out, err);
}

struct match *match_new(const struct match_config *config) {
    struct match *m = mem_alloc(sizeof *m);
    *m = (struct match){.config = *config, .loaded = -1};
    m->config.waiting_max =
        config->waiting_max > 0 ? config->waiting_max : (int64_t)MATCH_WAITING_MAX;
    return m;
}

void match_free(struct match *m) {
    if (m != NULL) {
        forget_all(m);
        free(m->keys);
        arena_fini(&m->arena);
        free(m);
    }
}
