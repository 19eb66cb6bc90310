/* model: see model.h. Whole names stand in one open table: a type's under its own hash, an
 * attribute's under that of its model and itself. */
#include "ngsi/model.h"

#include <assert.h>
#include <inttypes.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ngsi/model_int.h"

/* ---- the set ---- */

struct slot {
    uint64_t hash;
    const struct model *of; /* the model of an attribute; NULL for a type */
    const char *name;       /* NULL: it is free */
    const void *what;
};

struct model_set {
    struct arena arena;
    struct model **all;
    size_t count, cap;
    struct slot *slots; /* a power of two, at most half of them used */
    size_t slot_count, used;
};

struct model_set *model_set_new(void) {
    struct model_set *set = mem_alloc(sizeof *set);
    memset(set, 0, sizeof *set);
    return set;
}

void model_set_free(struct model_set *set) {
    if (set != NULL) {
        arena_fini(&set->arena);
        free(set->all);
        free(set->slots);
        free(set);
    }
}

struct arena *model_set_arena(struct model_set *set) {
    return &set->arena;
}

size_t model_count(const struct model_set *set) {
    return set->count;
}

const struct model *model_at(const struct model_set *set, size_t i) {
    assert(i < set->count);
    return set->all[i];
}

const struct model *model_named(const struct model_set *set, const char *name) {
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->all[i]->name, name) == 0) {
            return set->all[i];
        }
    }
    return NULL;
}

struct model *model_set_add(struct model_set *set) {
    struct model *m = arena_zero(&set->arena, sizeof *m);
    set->all = mem_reserve(set->all, &set->cap, set->count + 1, sizeof *set->all);
    set->all[set->count++] = m;
    return m;
}

/* FNV-1a, 64 bits, over the model's place in memory and the name. */
static uint64_t hash_of(const struct model *of, const char *name) {
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)(uintptr_t)of;
    for (const char *c = name; *c != '\0'; c++) {
        h = (h ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    }
    return h ^ h >> 32;
}

/* Where a name stands, or would. */
static struct slot *find_slot(const struct model_set *set, const struct model *of,
                              const char *name) {
    uint64_t hash = hash_of(of, name);
    for (uint64_t i = hash;; i++) {
        struct slot *s = &set->slots[i & (set->slot_count - 1)];
        if (s->name == NULL || (s->hash == hash && s->of == of && strcmp(s->name, name) == 0)) {
            return s;
        }
    }
}

static void grow(struct model_set *set) {
    struct slot *old = set->slots;
    size_t n = set->slot_count;
    set->slot_count = n == 0 ? 64 : 2 * n;
    set->slots = mem_alloc(set->slot_count * sizeof *set->slots);
    memset(set->slots, 0, set->slot_count * sizeof *set->slots);
    for (size_t i = 0; i < n; i++) {
        if (old[i].name != NULL) {
            *find_slot(set, old[i].of, old[i].name) = old[i];
        }
    }
    free(old);
}

static enum code add_name(struct model_set *set, struct slot to, struct err *err) {
    if (2 * (set->used + 1) > set->slot_count) {
        grow(set);
    }
    struct slot *s = find_slot(set, to.of, to.name);
    if (s->name != NULL) {
        return err_set(err, E_INPUT, "the name \"%.200s\" is declared twice", to.name);
    }
    *s = to;
    s->hash = hash_of(to.of, to.name);
    set->used++;
    return OK;
}

enum code model_set_name(struct model_set *set, const struct model *model, const char *type,
                         struct err *err) {
    return add_name(set, (struct slot){.name = type, .what = model}, err);
}

enum code model_set_name_attribute(struct model_set *set, const struct model_attribute *a,
                                   const char *name, struct err *err) {
    return add_name(set, (struct slot){.of = a->model, .name = name, .what = a}, err);
}

static const void *find(const struct model_set *set, const struct model *of, const char *name) {
    return set == NULL || set->used == 0 ? NULL : find_slot(set, of, name)->what;
}

const struct model *model_find(const struct model_set *set, const char *type) {
    return find(set, NULL, type);
}

const struct model_attribute *model_find_attribute(const struct model_set *set,
                                                   const struct model *model, const char *name) {
    return find(set, model, name);
}

/* ---- who speaks for an attribute ---- */

void model_types_add(struct model_types *to, const char *const *types, size_t count) {
    for (size_t i = 0; i < count && to->count < sizeof to->all / sizeof to->all[0]; i++) {
        const struct model *m = model_find(to->set, types[i]);
        bool known = m == NULL;
        for (size_t k = 0; k < to->count && !known; k++) {
            known = to->all[k] == m;
        }
        if (!known) {
            to->all[to->count++] = m;
        }
    }
}

struct model_claim model_claim(const struct model_types *types, const char *name) {
    struct model_claim claim = {NULL, NULL};
    for (size_t i = 0; i < types->count && claim.attribute == NULL; i++) {
        const struct model *m = types->all[i];
        claim.attribute = model_find_attribute(types->set, m, name);
        if (claim.attribute != NULL || claim.model == NULL || !claim.model->refuses_unknown) {
            claim.model = m;
        }
    }
    return claim;
}

/* ---- numbers ---- */

enum { DIGITS_MAX = 18, PLAIN_MAX = 17, EXPONENT_MAX = 10000 };

/* A number's digits without zeros in front: 0.d1d2d3... times 10 to the power of `point`. */
struct digits {
    char all[64];
    int count;
    int point;
};

/* The exponent behind 'e'; cut where it is beyond all numbers. */
static int exponent_of(const char *s) {
    bool minus = *s == '-';
    int n = 0;
    for (s += *s == '-' || *s == '+'; *s >= '0' && *s <= '9'; s++) {
        n = n < EXPONENT_MAX ? n * 10 + (*s - '0') : n;
    }
    return minus ? -n : n;
}

/* The text is a JSON number; longer than what json_read() takes is none. */
static bool read_digits(const char *s, struct digits *d) {
    bool behind = false;
    *d = (struct digits){.count = 0};
    for (; (*s >= '0' && *s <= '9') || *s == '.'; s++) {
        if (*s == '.') {
            behind = true;
            continue;
        }
        bool lead = d->count == 0 && *s == '0';
        if (!lead && d->count == (int)sizeof d->all) {
            return false;
        }
        if (!lead) {
            d->all[d->count++] = *s;
        }
        d->point += lead ? -behind : !behind;
    }
    d->point += *s == 'e' || *s == 'E' ? exponent_of(s + 1) : 0;
    return true;
}

/* The first `keep` digits as one number, half rounded up; what is not there is 0. */
static int64_t rounded(const struct digits *d, int keep, bool *exact) {
    int64_t n = 0;
    for (int i = 0; i < keep; i++) {
        n = n * 10 + (i < d->count ? d->all[i] - '0' : 0);
    }
    *exact = true;
    for (int i = keep < 0 ? 0 : keep; i < d->count; i++) {
        *exact = *exact && d->all[i] == '0';
    }
    return n + (keep >= 0 && keep < d->count && d->all[keep] >= '5');
}

/* Most numbers: few digits, plainly. False: it is another. */
static bool read_plainly(const char *json, struct decimal *out) {
    bool minus = *json == '-';
    const char *s = json + minus;
    const char *point = NULL;
    int64_t n = 0;
    for (; (*s >= '0' && *s <= '9') || (*s == '.' && point == NULL); s++) {
        if (*s == '.') {
            point = s;
        } else {
            n = 10 * n + (*s - '0');
        }
        if (s - json == PLAIN_MAX) {
            return false;
        }
    }
    int scale = point == NULL ? 0 : (int)(s - point) - 1;
    if (*s != '\0' || s == json + minus || s[-1] == '.' || point == json + minus ||
        scale > DECIMAL_SCALE_MAX) {
        return false;
    }
    for (; scale > 0 && n % 10 == 0; scale--) {
        n /= 10;
    }
    *out = (struct decimal){minus ? -n : n, (int8_t)scale};
    return true;
}

bool model_number(const char *json, struct decimal *out, bool *exact) {
    struct digits d;
    if (read_plainly(json, out)) {
        *exact = true;
        return true;
    }
    bool minus = json[0] == '-';
    if (json[minus] < '0' || json[minus] > '9' || !read_digits(json + minus, &d)) {
        return false;
    }
    if (d.count > 0 && d.point > DIGITS_MAX) {
        return false;
    }
    int front = d.count > 0 && d.point > 0 ? d.point : 0;
    int scale = DIGITS_MAX - front < DECIMAL_SCALE_MAX ? DIGITS_MAX - front : DECIMAL_SCALE_MAX;
    int64_t n = d.count == 0 ? 0 : rounded(&d, d.point + scale, exact);
    *exact = d.count == 0 || *exact;
    while (scale > 0 && n % 10 == 0) {
        n /= 10;
        scale--;
    }
    *out = (struct decimal){minus ? -n : n, (int8_t)scale};
    return n < INT64_C(1000000000000000000);
}

bool model_is_open(struct decimal end) {
    return end.scale == 0 && (end.coef == MODEL_OPEN || end.coef == -MODEL_OPEN);
}

/* ---- may it be written ---- */

const char *model_value_word(enum model_value value) {
    static const char *const words[] = {"any", "number", "whole number", "text", "boolean"};
    return words[value];
}

static enum code refuse(const struct model_attribute *a, const struct entity_attribute *x,
                        const char *what, struct err *err) {
    return err_set(err, E_INPUT, "cannot take attribute \"%s\" of type %s: %s, not %.80s", a->name,
                   a->model->name, what, x->value);
}

static bool is_number(const char *json) {
    return json[0] == '-' || (json[0] >= '0' && json[0] <= '9');
}

/* `json` is a string as it is written; a word has nothing that is escaped. */
static bool is_word(const char *json, const char *word) {
    size_t n = strlen(word);
    return strncmp(json + 1, word, n) == 0 && strcmp(json + 1 + n, "\"") == 0;
}

static enum code check_words(const struct model_attribute *a, const struct entity_attribute *x,
                             struct err *err) {
    for (size_t i = 0; i < a->word_count; i++) {
        if (is_word(x->value, a->words[i])) {
            return OK;
        }
    }
    return a->words == NULL ? OK : refuse(a, x, "it is one of the words that are declared", err);
}

static enum code check_number(const struct model_attribute *a, const struct entity_attribute *x,
                              struct err *err) {
    struct decimal n;
    bool exact;
    char low[DECIMAL_TEXT_MAX];
    char high[DECIMAL_TEXT_MAX];
    if (!is_number(x->value)) {
        return refuse(a, x, a->value == MODEL_WHOLE ? "it is a whole number" : "it is a number",
                      err);
    }
    if (!model_number(x->value, &n, &exact)) {
        return refuse(a, x, "a number has at most 18 digits before the point", err);
    }
    if (a->value == MODEL_WHOLE && (!exact || n.scale > 0)) {
        return refuse(a, x, "it is a whole number", err);
    }
    if (a->range.is_set &&
        (decimal_cmp(n, a->range.low) < 0 || decimal_cmp(n, a->range.high) > 0)) {
        return err_set(err, E_INPUT,
                       "cannot take attribute \"%s\" of type %s: it is from %s to %s, not %.80s",
                       a->name, a->model->name, decimal_text(a->range.low, low),
                       decimal_text(a->range.high, high), x->value);
    }
    return OK;
}

static enum code check_value(const struct model_attribute *a, const struct entity_attribute *x,
                             struct err *err) {
    switch (a->value) {
    case MODEL_ANY:
        return OK;
    case MODEL_NUMBER:
    case MODEL_WHOLE:
        return check_number(a, x, err);
    case MODEL_TEXT:
        return x->value[0] == '"' ? check_words(a, x, err) : refuse(a, x, "it is a text", err);
    case MODEL_BOOL:
        return x->value[0] == 't' || x->value[0] == 'f' ? OK
                                                        : refuse(a, x, "it is true or false", err);
    }
    return OK;
}

static enum code check_unit(const struct model_attribute *a, const struct entity_attribute *x,
                            struct err *err) {
    if (a->unit == NULL || (x->unit == NULL && !a->unit_needed) ||
        (x->unit != NULL && strcmp(x->unit, a->unit->code) == 0)) {
        return OK;
    }
    if (x->unit == NULL) {
        return err_set(err, E_INPUT,
                       "cannot take attribute \"%s\" of type %s without a unitCode: it is \"%s\" "
                       "(%s)",
                       a->name, a->model->name, a->unit->code, a->unit->name);
    }
    const struct entity_unit *said = entity_unit_find(x->unit);
    return err_set(err, E_INPUT,
                   "cannot take attribute \"%s\" of type %s in unitCode \"%.*s\" (%s): it is "
                   "\"%s\" (%s), and nothing is converted",
                   a->name, a->model->name, ENTITY_UNIT_MAX, x->unit,
                   said == NULL ? "not known here" : said->name, a->unit->code, a->unit->name);
}

static enum code check_future(const struct model *m, const struct entity_attribute *x,
                              int64_t now_ms, struct err *err) {
    char at[ENTITY_TIME_MAX];
    char now[ENTITY_TIME_MAX];
    if (!x->observed || m->future_ms < 0 || x->observed_ms <= now_ms ||
        x->observed_ms - now_ms <= m->future_ms) {
        return OK;
    }
    return err_set(err, E_INPUT,
                   "cannot take attribute \"%.200s\" of type %s observed at %s: it is %s, and a "
                   "clock may be %" PRId64 " s ahead",
                   x->name, m->name, entity_time_text(x->observed_ms, at),
                   entity_time_text(now_ms, now), m->future_ms / 1000);
}

static enum code check_declared(const struct model_attribute *a, const struct entity_attribute *x,
                                struct err *err) {
    if (x->kind != a->kind) {
        return err_set(err, E_INPUT,
                       "cannot take attribute \"%s\" of type %s: it is a %s, not a %s", a->name,
                       a->model->name, entity_kind_name(a->kind), entity_kind_name(x->kind));
    }
    enum code code = x->kind == ENTITY_PROPERTY ? check_value(a, x, err) : OK;
    return code == OK ? check_unit(a, x, err) : code;
}

enum code model_check(const struct model_claim *claim, const struct entity_attribute *x,
                      int64_t now_ms, struct err *err) {
    enum code code = OK;
    if (claim->model == NULL) {
        return OK;
    }
    if (claim->attribute != NULL) {
        code = check_declared(claim->attribute, x, err);
    } else if (claim->model->refuses_unknown) {
        code = err_set(err, E_INPUT, "type %s has no attribute \"%.200s\"", claim->model->name,
                       x->name);
    }
    return code == OK ? check_future(claim->model, x, now_ms, err) : code;
}

enum code model_check_late(const struct model_claim *claim, const struct entity_attribute *x,
                           int64_t latest_ms, struct err *err) {
    const struct model *m = claim->model;
    char at[ENTITY_TIME_MAX];
    char latest[ENTITY_TIME_MAX];
    if (m == NULL || m->late_ms < 0 || !x->observed || x->observed_ms >= latest_ms ||
        latest_ms - x->observed_ms <= m->late_ms) {
        return OK;
    }
    return err_set(err, E_INPUT,
                   "cannot take attribute \"%.200s\" of type %s observed at %s: the latest is of "
                   "%s, and it may come %" PRId64 " s behind",
                   x->name, m->name, entity_time_text(x->observed_ms, at),
                   entity_time_text(latest_ms, latest), m->late_ms / 1000);
}

/* ---- judging ---- */

enum { STATE_MAX = 4096 };

void model_judge(const struct model_attribute *a, const void *series, size_t n,
                 const struct entity_attribute *x, struct model_verdict *out) {
    alignas(max_align_t) unsigned char room[STATE_MAX];
    struct quality *q = (struct quality *)room;
    struct quality_observation seen = {.time_ms = x->observed_ms};
    struct quality_flags flags;
    bool exact;
    bool is_read = model_number(x->value, &seen.value, &exact);
    assert(a->is_judged && x->observed && is_read && quality_size(&a->rules) <= sizeof room);
    quality_init(q, &a->rules);
    if (n > 0) {
        (void)quality_load(q, &a->rules, series, n);
    }
    bool again = quality_is_latest(q, &seen, &flags);
    struct quality_answer answer = quality_feed(q, &a->rules, &seen);
    if (answer.order == QUALITY_DUPLICATE && !again) {
        quality_correct(q);
    }
    out->order = answer.order;
    out->quality = quality_pack(again ? &flags : &answer.flags);
    out->settles = answer.settles;
    out->before_ms = answer.before_ms;
    out->before = answer.settles ? quality_pack(&answer.before) : 0;
    out->series_len = quality_save(q, out->series);
}
