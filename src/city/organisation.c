/* organisation: see organisation.h. Forms lie in chains by their first character, the longer before
 * the shorter, so that the first that fits a place is the longest. */
#include "city/organisation.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "city/table_int.h"

enum {
    COUNT_MAX = 10000,
    NAME_BYTES_MAX = 120,
    SHORTS_BYTES_MAX = 600,
    CODE_BYTES_MAX = 40,
    CHAR_BYTES = 3,            /* of a Chinese character in UTF-8 */
    BARE_MIN = 3 * CHAR_BYTES, /* 政府, 民政: shorter ones are words */
    HEADS = 256,
};

enum form_kind { FORM_FULL, FORM_CITY, FORM_BARE };

/* A way to name a body. */
struct form {
    const char *text;
    size_t len;
    enum form_kind kind;
    const struct organisation *body;
    struct form *next; /* of the chain, not longer than this */
};

struct organisation_set {
    struct organisation **all; /* in the file's order */
    size_t count;
    size_t cap;
    struct form *heads[HEADS];
    const char *city; /* "无锡市"; NULL before the first row */
    size_t city_len;
    struct arena arena;
};

struct organisation_set *organisation_set_new(void) {
    struct organisation_set *set = mem_alloc(sizeof *set);
    memset(set, 0, sizeof *set);
    return set;
}

void organisation_set_free(struct organisation_set *set) {
    if (set != NULL) {
        free(set->all);
        arena_fini(&set->arena);
        free(set);
    }
}

size_t organisation_count(const struct organisation_set *set) {
    return set->count;
}

const struct organisation *organisation_at(const struct organisation_set *set, size_t i) {
    assert(i < set->count);
    return set->all[i];
}

static const struct {
    const char *word;
    enum organisation_level level;
} levels[] = {
    {"city", ORGANISATION_CITY},
    {"district", ORGANISATION_DISTRICT},
    {"town", ORGANISATION_TOWN},
};

enum { LEVELS = sizeof levels / sizeof levels[0] };

const char *organisation_level_word(enum organisation_level level) {
    assert((size_t)level < LEVELS && levels[level].level == level);
    return levels[level].word;
}

static bool starts(const char *s, size_t n, const char *word) {
    size_t len = strlen(word);
    return len <= n && memcmp(s, word, len) == 0;
}

static bool ends(const char *s, size_t n, const char *word) {
    size_t len = strlen(word);
    return len <= n && memcmp(s + n - len, word, len) == 0;
}

/* ---- forms ---- */

static size_t head_of(const char *s) {
    const unsigned char *u = (const unsigned char *)s;
    return (u[0] ^ u[1] * 7u ^ u[2] * 31u) % HEADS;
}

static const struct form *form_find(const struct organisation_set *set, const char *text,
                                    size_t n) {
    if (n < CHAR_BYTES) {
        return NULL;
    }
    for (const struct form *f = set->heads[head_of(text)]; f != NULL; f = f->next) {
        if (f->len == n && memcmp(f->text, text, n) == 0) {
            return f;
        }
    }
    return NULL;
}

/* A form about to be added: front and rest, one behind the other. */
struct new_form {
    const char *front;
    size_t front_len;
    const char *rest;
    size_t rest_len;
    enum form_kind kind;
};

static enum code add_form(struct organisation_set *set, const struct organisation *body,
                          struct new_form n, struct err *err) {
    size_t len = n.front_len + n.rest_len;
    if (len < CHAR_BYTES || (n.kind == FORM_BARE && len < BARE_MIN)) {
        return OK;
    }
    char *text = arena_alloc(&set->arena, len + 1);
    memcpy(text, n.front, n.front_len);
    memcpy(text + n.front_len, n.rest, n.rest_len);
    text[len] = '\0';
    const struct form *there = form_find(set, text, len);
    if (there != NULL) {
        return there->body == body
                   ? OK
                   : err_set(err, E_INPUT, "\"%s\" names %s already", text, there->body->code);
    }
    struct form *f = arena_alloc(&set->arena, sizeof *f);
    *f = (struct form){text, len, n.kind, body, NULL};
    struct form **at = &set->heads[head_of(text)];
    while (*at != NULL && (*at)->len >= len) {
        at = &(*at)->next;
    }
    f->next = *at;
    *at = f;
    return OK;
}

/* The forms of a name that a city body has: `rest` is what stands behind 市. */
static enum code add_city_forms(struct organisation_set *set, const struct organisation *body,
                                const char *rest, size_t n, struct err *err) {
    const struct new_form forms[] = {
        {set->city, set->city_len, rest, n, FORM_FULL},
        {"市", CHAR_BYTES, rest, n, FORM_CITY},
        {"", 0, rest, n, FORM_BARE},
    };
    enum code code = OK;
    for (size_t i = 0; code == OK && i < sizeof forms / sizeof forms[0]; i++) {
        code = add_form(set, body, forms[i], err);
    }
    return code;
}

/* Adds the forms of one name: 无锡市X and 市X of a city body are the same name. */
static enum code add_name(struct organisation_set *set, const struct organisation *body,
                          const char *name, size_t n, struct err *err) {
    bool with_city = starts(name, n, set->city) && n > set->city_len;
    if (body->level == ORGANISATION_CITY && with_city) {
        return add_city_forms(set, body, name + set->city_len, n - set->city_len, err);
    }
    if (body->level == ORGANISATION_CITY && starts(name, n, "市") && n > CHAR_BYTES) {
        return add_city_forms(set, body, name + CHAR_BYTES, n - CHAR_BYTES, err);
    }
    return add_form(set, body, (struct new_form){"", 0, name, n, FORM_FULL}, err);
}

static enum code add_names(struct organisation_set *set, const struct organisation *body,
                           struct err *err) {
    enum code code = add_name(set, body, body->name, strlen(body->name), err);
    const char *word = body->shorts;
    while (code == OK && *word != '\0') {
        size_t n = strcspn(word, " ");
        if (n > 0) {
            code = add_name(set, body, word, n, err);
        }
        word += n + (word[n] == ' ');
    }
    return code;
}

/* ---- loading ---- */

enum column { CODE, NAME, SHORT, LEVEL, PARENT, DIVISION, SINCE, UNTIL, SEEN, COLUMNS };

static const char *const columns[COLUMNS] = {
    "code", "name", "short", "level", "parent", "division", "since", "until", "seen",
};

/* The most bytes of each column, and whether it may be empty. */
static const struct {
    size_t max;
    bool may_be_empty;
} limits[COLUMNS] = {
    [CODE] = {CODE_BYTES_MAX, false},
    [NAME] = {NAME_BYTES_MAX, false},
    [SHORT] = {SHORTS_BYTES_MAX, true},
    [LEVEL] = {20, false},
    [PARENT] = {CODE_BYTES_MAX, true},
    [DIVISION] = {12, false},
    [SINCE] = {4, true},
    [UNTIL] = {4, true},
    [SEEN] = {200, true},
};

static enum code check_lengths(const struct csv *row, struct err *err) {
    for (size_t i = 0; i < COLUMNS; i++) {
        size_t n = csv_field_len(row, i);
        if (n > limits[i].max || (n == 0 && !limits[i].may_be_empty)) {
            return err_set(err, E_INPUT, "%s has %zu bytes, not %d to %zu", columns[i], n,
                           limits[i].may_be_empty ? 0 : 1, limits[i].max);
        }
    }
    return OK;
}

/* Whether all of a field's bytes are of the set. */
static bool made_of(const struct csv *row, enum column column, const char *set) {
    return strspn(csv_field(row, column), set) == csv_field_len(row, column);
}

static enum code check_row(const struct organisation_set *set, const struct csv *row,
                           struct err *err) {
    static const char digits[] = "0123456789";
    enum code code = check_lengths(row, err);
    if (code != OK) {
        return code;
    }
    if (!made_of(row, CODE, "abcdefghijklmnopqrstuvwxyz0123456789.-")) {
        return err_set(err, E_INPUT,
                       "a code is made of a to z, 0 to 9, point and hyphen, not \"%s\"",
                       csv_field(row, CODE));
    }
    if (organisation_find_code(set, csv_field(row, CODE)) != NULL) {
        return err_set(err, E_INPUT, "code %s stands twice", csv_field(row, CODE));
    }
    if (!made_of(row, DIVISION, digits) || !made_of(row, SINCE, digits) ||
        !made_of(row, UNTIL, digits)) {
        return err_set(err, E_INPUT, "division, since and until are digits");
    }
    if (set->count == COUNT_MAX) {
        return err_set(err, E_LIMIT, "more than %d organisations", COUNT_MAX);
    }
    return OK;
}

static enum code read_level(const char *word, enum organisation_level *out, struct err *err) {
    for (size_t i = 0; i < LEVELS; i++) {
        if (strcmp(word, levels[i].word) == 0) {
            *out = levels[i].level;
            return OK;
        }
    }
    return err_set(err, E_INPUT, "a level is city, district or town, not \"%s\"", word);
}

/* The first row: its name says which city. */
static enum code take_city(struct organisation_set *set, const char *name, struct err *err) {
    static const char end[] = "市人民政府"; /* the people's government of the city of */
    size_t n = strlen(name);
    if (!ends(name, n, end) || n == sizeof end - 1) {
        return err_set(err, E_INPUT, "the first row is a city's government, not \"%s\"", name);
    }
    set->city_len = n - (sizeof end - 1) + CHAR_BYTES;
    set->city = arena_dup(&set->arena, name, set->city_len);
    return OK;
}

static struct organisation *find_code(const struct organisation_set *set, const char *code) {
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->all[i]->code, code) == 0) {
            return set->all[i];
        }
    }
    return NULL;
}

static enum code hang(struct organisation_set *set, struct organisation *o, const char *above,
                      struct err *err) {
    if (set->count == 0) {
        return above[0] == '\0' ? take_city(set, o->name, err)
                                : err_set(err, E_INPUT, "the first row has no parent");
    }
    struct organisation *parent = find_code(set, above);
    if (parent == NULL) {
        return err_set(err, E_INPUT, "%s: there is no \"%s\" before it", o->code, above);
    }
    o->parent = parent;
    parent->child_count++;
    const struct organisation **end = &parent->first_child;
    for (size_t i = 0; i < set->count; i++) {
        if (set->all[i]->parent == parent) {
            end = &set->all[i]->next;
        }
    }
    *end = o;
    return OK;
}

static const char *keep(struct organisation_set *set, const struct csv *row, enum column column) {
    return arena_dup(&set->arena, csv_field(row, column), csv_field_len(row, column));
}

/* At most four digits, checked; an empty field is 0. */
static int year_of(const char *digits) {
    int value = 0;
    for (; *digits != '\0'; digits++) {
        value = value * 10 + (*digits - '0');
    }
    return value;
}

static enum code read_organisation(void *to, const struct csv *row, struct err *err) {
    struct organisation_set *set = to;
    enum organisation_level level = ORGANISATION_CITY;
    enum code code = check_row(set, row, err);
    if (code == OK) {
        code = read_level(csv_field(row, LEVEL), &level, err);
    }
    if (code != OK) {
        return code;
    }
    struct organisation *o = arena_zero(&set->arena, sizeof *o);
    o->code = keep(set, row, CODE);
    o->name = keep(set, row, NAME);
    o->shorts = keep(set, row, SHORT);
    o->division = keep(set, row, DIVISION);
    o->seen = keep(set, row, SEEN);
    o->since = year_of(csv_field(row, SINCE));
    o->until = year_of(csv_field(row, UNTIL));
    o->level = level;
    code = hang(set, o, csv_field(row, PARENT), err);
    if (code == OK) {
        set->all = mem_reserve(set->all, &set->cap, set->count + 1, sizeof *set->all);
        set->all[set->count++] = o;
        code = add_names(set, o, err);
    }
    return code;
}

static const struct table organisation_table = {columns, COLUMNS, read_organisation};

enum code organisation_parse(struct organisation_set *set, const char *csv, size_t n,
                             struct err *err) {
    return table_parse(&organisation_table, csv, n, set, err);
}

enum code organisation_load(struct organisation_set *set, const char *dir, const char *city,
                            struct err *err) {
    struct buf name = BUF_INIT;
    buf_addf(&name, "organisation/%s.csv", city);
    enum code code = table_load(&organisation_table, dir, name.data, set, err);
    buf_fini(&name);
    return code;
}

/* ---- finding ---- */

const struct organisation *organisation_find_code(const struct organisation_set *set,
                                                  const char *code) {
    return find_code(set, code);
}

const struct organisation *organisation_find_name(const struct organisation_set *set,
                                                  const char *name, size_t n) {
    const struct form *f = form_find(set, name, n);
    return f == NULL ? NULL : f->body;
}

/* What right before 市 makes it part of another word or another city's name: 城市 (city), 各市
 * (each city), and the cities that Wuxi's documents speak of: Jiangsu's, its own two county-level
 * ones, and the large ones of the delta. 无锡市 begins a longer form, so 锡 stands here for a name
 * that is none of ours. */
static const char *const not_before_city[] = {
    "城",   "各",     "都",   "超",   "外",   "上",   "锡",   "南京", "徐州", "常州", "苏州",
    "南通", "连云港", "淮安", "盐城", "扬州", "镇江", "泰州", "宿迁", "江阴", "宜兴", "靖江",
    "上海", "杭州",   "宁波", "嘉兴", "湖州", "合肥", "北京", "天津", "重庆", "广州", "深圳",
};

/* What right behind 市政府 makes it a word for government at large. */
static const char *const not_behind_government[] = {
    "性", "投资", "采购", "债务", "债券", "购买", "引导", "工作报告", "工作重点",
};

/* What joins the names of a list. */
static const char *const joints[] = {"、", "和", "及", "与", "以及"};

static bool stands_alone(const char *text, size_t n, size_t from, size_t to) {
    for (size_t i = 0; i < sizeof not_before_city / sizeof not_before_city[0]; i++) {
        if (ends(text, from, not_before_city[i])) {
            return false;
        }
    }
    size_t words = sizeof not_behind_government / sizeof not_behind_government[0];
    for (size_t i = 0; i < words && ends(text, to, "市政府"); i++) {
        if (starts(text + to, n - to, not_behind_government[i])) {
            return false;
        }
    }
    return true;
}

/* Whether `from` is right behind the body found last and a joint. */
static bool goes_on(const char *text, size_t from, const struct organisation_hit *last) {
    if (last->body == NULL || from <= last->to) {
        return false;
    }
    for (size_t i = 0; i < sizeof joints / sizeof joints[0]; i++) {
        size_t len = strlen(joints[i]);
        if (from - last->to == len && memcmp(text + last->to, joints[i], len) == 0) {
            return true;
        }
    }
    return false;
}

/* The longest form that stands at text[from] and counts there, or NULL. */
static const struct form *form_at(const struct organisation_set *set, const char *text, size_t n,
                                  size_t from, const struct organisation_hit *last) {
    for (const struct form *f = set->heads[head_of(text + from)]; f != NULL; f = f->next) {
        if (f->len > n - from || memcmp(f->text, text + from, f->len) != 0) {
            continue;
        }
        if (f->kind == FORM_FULL ||
            (f->kind == FORM_CITY && stands_alone(text, n, from, from + f->len)) ||
            (f->kind == FORM_BARE && goes_on(text, from, last))) {
            return f;
        }
    }
    return NULL;
}

bool organisation_scan(const struct organisation_set *set, const char *text, size_t n,
                       struct organisation_hit *hit) {
    assert(hit->to <= n);
    for (size_t from = hit->to; n - from >= CHAR_BYTES; from++) {
        const struct form *f = form_at(set, text, n, from, hit);
        if (f != NULL) {
            *hit = (struct organisation_hit){f->body, from, from + f->len};
            return true;
        }
    }
    hit->body = NULL;
    hit->to = n;
    return false;
}
