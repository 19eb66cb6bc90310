/* division: see division.h. All divisions stand in one array by code, which is also the order of a
 * walk through the tree: a parent right before its children. */
#include "city/division.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "city/table_int.h"

enum {
    DIGITS_DISTRICT = 6,
    DIGITS_TOWN = 9,
    DIGITS_COMMUNITY = 12,
    NAME_BYTES_MAX = 120,      /* the longest of Wuxi's has 51 */
    COUNT_MAX = 1000000,       /* the whole country has 700,000 */
    CHAR_BYTES = 3,            /* of a Chinese character in UTF-8 */
    STEM_MIN = 2 * CHAR_BYTES, /* 新区 is not asked for as 新 */
};

struct division_set {
    struct division **all; /* by code */
    size_t count;
    size_t cap;
    struct arena arena;
};

struct division_set *division_set_new(void) {
    struct division_set *set = mem_alloc(sizeof *set);
    memset(set, 0, sizeof *set);
    return set;
}

void division_set_free(struct division_set *set) {
    if (set != NULL) {
        free(set->all);
        arena_fini(&set->arena);
        free(set);
    }
}

size_t division_count(const struct division_set *set) {
    return set->count;
}

const struct division *division_at(const struct division_set *set, size_t i) {
    assert(i < set->count);
    return set->all[i];
}

/* ---- what a code says ---- */

/* The number that n digits make; they were checked. */
static int number_of(const char *digits, size_t n) {
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        assert(digits[i] >= '0' && digits[i] <= '9');
        value = value * 10 + (digits[i] - '0');
    }
    return value;
}

static bool all_digits(const char *s, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') {
            return false;
        }
    }
    return true;
}

/* The kinds of a level by the number of its own digits; the first row that the number is within. */
static const struct {
    enum division_level level;
    int from, to;
    enum division_kind kind;
} kinds[] = {
    {DIVISION_CITY, 0, 0, DIVISION_CITY_PREFECTURE},
    {DIVISION_DISTRICT, 1, 20, DIVISION_CITY_DISTRICT},
    {DIVISION_DISTRICT, 21, 80, DIVISION_COUNTY},
    {DIVISION_DISTRICT, 81, 99, DIVISION_COUNTY_CITY},
    {DIVISION_TOWN, 1, 99, DIVISION_STREET},
    {DIVISION_TOWN, 100, 199, DIVISION_TOWN_PROPER},
    {DIVISION_TOWN, 200, 399, DIVISION_TOWNSHIP},
    {DIVISION_TOWN, 400, 599, DIVISION_ZONE},
    {DIVISION_COMMUNITY, 1, 199, DIVISION_RESIDENTS},
    {DIVISION_COMMUNITY, 200, 399, DIVISION_VILLAGERS},
    {DIVISION_COMMUNITY, 400, 599, DIVISION_LIKE_COMMUNITY},
};

static enum division_kind kind_of(enum division_level level, int number) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].level == level && number >= kinds[i].from && number <= kinds[i].to) {
            return kinds[i].kind;
        }
    }
    return DIVISION_OTHER;
}

const char *division_level_word(enum division_level level) {
    static const char *const word[] = {"city", "district", "town", "community"};
    return word[level];
}

const char *division_kind_word(enum division_kind kind) {
    static const char *const word[] = {
        [DIVISION_CITY_PREFECTURE] = "地级市",
        [DIVISION_CITY_DISTRICT] = "市辖区",
        [DIVISION_COUNTY] = "县",
        [DIVISION_COUNTY_CITY] = "县级市",
        [DIVISION_STREET] = "街道",
        [DIVISION_TOWN_PROPER] = "镇",
        [DIVISION_TOWNSHIP] = "乡",
        [DIVISION_ZONE] = "政企合一单位",
        [DIVISION_RESIDENTS] = "居民委员会",
        [DIVISION_VILLAGERS] = "村民委员会",
        [DIVISION_LIKE_COMMUNITY] = "类似居（村）民委员会",
        [DIVISION_OTHER] = "其他",
    };
    return word[kind];
}

/* The level of a well-formed code. */
static enum division_level level_of(const char *code, size_t n) {
    if (n == DIGITS_DISTRICT) {
        return strcmp(code + 4, "00") == 0 ? DIVISION_CITY : DIVISION_DISTRICT;
    }
    return n == DIGITS_TOWN ? DIVISION_TOWN : DIVISION_COMMUNITY;
}

/* ---- loading ---- */

static int by_code(const void *key, const void *item) {
    return strcmp(key, (*(struct division *const *)item)->code);
}

static struct division *find(const struct division_set *set, const char *code) {
    struct division **hit =
        set->count == 0 ? NULL : bsearch(code, set->all, set->count, sizeof *set->all, by_code);
    return hit == NULL ? NULL : *hit;
}

/* Writes the parent's code; a city has none. */
static void parent_code(const char *code, size_t n, char out[DIGITS_COMMUNITY + 1]) {
    size_t keep = n == DIGITS_DISTRICT ? 4 : n - 3;
    memcpy(out, code, keep);
    out[keep] = '\0';
    if (n == DIGITS_DISTRICT) {
        strncat(out, "00", 3);
    }
}

static enum code check_row(const struct division_set *set, const struct csv *row, struct err *err) {
    const char *code = csv_field(row, 0);
    size_t n = csv_field_len(row, 0);
    size_t name_len = csv_field_len(row, 1);
    bool known_length = n == DIGITS_DISTRICT || n == DIGITS_TOWN || n == DIGITS_COMMUNITY;
    if (!known_length || !all_digits(code, n)) {
        return err_set(err, E_INPUT, "a code has 6, 9 or 12 digits, not \"%.30s\"", code);
    }
    if (strcmp(code + n - (n == DIGITS_DISTRICT ? 4 : 3), n == DIGITS_DISTRICT ? "0000" : "000") ==
        0) {
        return err_set(err, E_INPUT, "code %s is no city's, district's, town's or community's",
                       code);
    }
    if (name_len == 0 || name_len > NAME_BYTES_MAX) {
        return err_set(err, E_INPUT, "a name has 1 to %d bytes, not %zu", NAME_BYTES_MAX, name_len);
    }
    if (set->count == COUNT_MAX) {
        return err_set(err, E_LIMIT, "more than %d divisions", COUNT_MAX);
    }
    if (set->count > 0 && strcmp(set->all[set->count - 1]->code, code) >= 0) {
        return err_set(err, E_INPUT, "code %s does not come after %s", code,
                       set->all[set->count - 1]->code);
    }
    return OK;
}

/* Hangs `d` behind its parent's other children: rows come by code, so the last child is the end of
 * the list. */
static void hang(struct division *parent, struct division *d, struct division *before) {
    d->parent = parent;
    parent->child_count++;
    if (parent->first_child == NULL) {
        parent->first_child = d;
    } else {
        assert(before != NULL && before->parent == parent);
        before->next = d;
    }
}

/* The newest division whose parent is `parent`: among the last of the array and those above it. */
static struct division *newest_child(const struct division_set *set,
                                     const struct division *parent) {
    struct division *d = set->count == 0 ? NULL : set->all[set->count - 1];
    while (d != NULL && d->parent != parent) {
        d = d->parent == NULL ? NULL : find(set, d->parent->code);
    }
    return d;
}

static enum code read_division(void *to, const struct csv *row, struct err *err) {
    struct division_set *set = to;
    char above[DIGITS_COMMUNITY + 1];
    enum code code = check_row(set, row, err);
    if (code != OK) {
        return code;
    }
    size_t n = csv_field_len(row, 0);
    struct division *d = arena_zero(&set->arena, sizeof *d);
    d->code = arena_dup(&set->arena, csv_field(row, 0), n);
    d->name = arena_dup(&set->arena, csv_field(row, 1), csv_field_len(row, 1));
    d->level = level_of(d->code, n);
    size_t own = n == DIGITS_DISTRICT ? 2 : 3;
    d->kind = kind_of(d->level, number_of(d->code + n - own, own));
    if (d->level != DIVISION_CITY) {
        parent_code(d->code, n, above);
        struct division *parent = find(set, above);
        if (parent == NULL) {
            return err_set(err, E_INPUT, "code %s: there is no %s above it", d->code, above);
        }
        hang(parent, d, newest_child(set, parent));
    }
    set->all = mem_reserve(set->all, &set->cap, set->count + 1, sizeof *set->all);
    set->all[set->count++] = d;
    return OK;
}

static const char *const columns[] = {"code", "name"};
static const struct table division_table = {columns, 2, read_division};

enum code division_parse(struct division_set *set, const char *csv, size_t n, struct err *err) {
    return table_parse(&division_table, csv, n, set, err);
}

enum code division_load(struct division_set *set, const char *dir, const char *city,
                        struct err *err) {
    struct buf name = BUF_INIT;
    buf_addf(&name, "division/%s.csv", city);
    enum code code = table_load(&division_table, dir, name.data, set, err);
    buf_fini(&name);
    return code;
}

/* ---- finding ---- */

const struct division *division_find_code(const struct division_set *set, const char *code,
                                          size_t n) {
    char key[DIGITS_COMMUNITY + 1];
    if ((n != DIGITS_DISTRICT && n != DIGITS_TOWN && n != DIGITS_COMMUNITY) ||
        !all_digits(code, n)) {
        return NULL;
    }
    memcpy(key, code, n);
    if (n == DIGITS_COMMUNITY) {
        while (n > DIGITS_DISTRICT && memcmp(key + n - 3, "000", 3) == 0) {
            n -= 3;
        }
    }
    key[n] = '\0';
    return find(set, key);
}

/* What a division's name may end in, and what may stand there instead; the longest that fits a name
 * comes first. 社区居委会 is written in five ways, one division each. */
static const struct {
    enum division_level level;
    const char *end;
    const char *instead[5]; /* NULL ends them */
} ends[] = {
    {DIVISION_CITY, "市", {"", NULL}},
    {DIVISION_DISTRICT, "市", {"", NULL}},
    {DIVISION_DISTRICT, "区", {"", NULL}},
    {DIVISION_DISTRICT, "县", {"", NULL}},
    {DIVISION_TOWN, "街道", {"", "街道办事处", "街道办", NULL}},
    {DIVISION_TOWN, "镇", {"", "镇人民政府", "镇政府", NULL}},
    {DIVISION_TOWN, "乡", {"", "乡人民政府", "乡政府", NULL}},
    {DIVISION_COMMUNITY, "社区居民委员会", {"", "社区", "社区居委会", "居委会", NULL}},
    {DIVISION_COMMUNITY, "社区居委会", {"", "社区", "社区居民委员会", "居委会", NULL}},
    {DIVISION_COMMUNITY, "居民委员会", {"", "社区", "居委会", NULL}},
    {DIVISION_COMMUNITY, "居委会", {"", "社区", "居民委员会", NULL}},
    {DIVISION_COMMUNITY, "村村民委员会", {"", "村", "村村委会", "村委会", NULL}},
    {DIVISION_COMMUNITY, "村村委会", {"", "村", "村村民委员会", "村委会", NULL}},
    {DIVISION_COMMUNITY, "村民委员会", {"", "村", "村委会", NULL}},
    {DIVISION_COMMUNITY, "村委会", {"", "村", "村民委员会", NULL}},
    {DIVISION_COMMUNITY, "社区", {"", "社区居委会", "社区居民委员会", NULL}},
};

enum { ENDS = sizeof ends / sizeof ends[0] };

/* Part of the name asked for: asked[0..n). */
struct asked {
    const char *text;
    size_t n;
};

static bool is_asked_above(const struct division *d, struct asked asked);

/* Whether the name asked for ends in stem and end, and what stands before that fits those above. */
static bool ends_as(const struct division *d, struct asked asked, size_t stem, const char *end) {
    size_t end_len = strlen(end);
    if (stem + end_len > asked.n || (end_len == 0 && stem < STEM_MIN)) {
        return false;
    }
    size_t rest = asked.n - stem - end_len;
    if (memcmp(asked.text + rest, d->name, stem) != 0 ||
        memcmp(asked.text + rest + stem, end, end_len) != 0) {
        return false;
    }
    return rest == 0 || is_asked_above(d, (struct asked){asked.text, rest});
}

static bool is_asked(const struct division *d, struct asked asked) {
    size_t len = strlen(d->name);
    if (ends_as(d, asked, len, "")) {
        return true;
    }
    for (size_t i = 0; i < ENDS; i++) {
        size_t end = strlen(ends[i].end);
        if (ends[i].level != d->level || len <= end ||
            strcmp(d->name + len - end, ends[i].end) != 0) {
            continue;
        }
        for (const char *const *word = ends[i].instead; *word != NULL; word++) {
            if (ends_as(d, asked, len - end, *word)) {
                return true;
            }
        }
        return false;
    }
    return false;
}

/* Whether the front of a name is that of some division above `d`; levels may be left out. */
static bool is_asked_above(const struct division *d, struct asked asked) {
    for (const struct division *above = d->parent; above != NULL; above = above->parent) {
        if (is_asked(above, asked)) {
            return true;
        }
    }
    return false;
}

size_t division_find_name(const struct division_set *set, const char *name, size_t n,
                          const struct division **out, size_t cap) {
    size_t found = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (n > 0 && is_asked(set->all[i], (struct asked){name, n})) {
            if (found < cap) {
                out[found] = set->all[i];
            }
            found++;
        }
    }
    return found;
}

/* ---- the grid ---- */

static enum code bad_grid(const char *code, size_t n, const char *what, struct err *err) {
    return err_set(err, E_INPUT, "cannot read grid code \"%.*s\": %s", n > 40 ? 40 : (int)n, code,
                   what);
}

enum code division_parse_grid(const struct division_set *set, const char *code, size_t n,
                              struct grid_cell *out, struct err *err) {
    struct grid_cell cell;
    if (n != GRID_DIGITS || !all_digits(code, n)) {
        return bad_grid(code, n, "not 15 digits", err);
    }
    cell.district = division_find_code(set, code, DIGITS_DISTRICT);
    if (cell.district == NULL || cell.district->level != DIVISION_DISTRICT) {
        return bad_grid(code, n, "its first six digits are no district", err);
    }
    cell.town = division_find_code(set, code, DIGITS_TOWN);
    if (cell.town == NULL) {
        return bad_grid(code, n, "its digits 7 to 9 are no town or street of the district", err);
    }
    if (memcmp(code + DIGITS_TOWN, "000", 3) == 0) {
        return bad_grid(code, n, "its digits 10 to 12 are 000, no community", err);
    }
    cell.community = division_find_code(set, code, DIGITS_COMMUNITY);
    cell.sequence = number_of(code + DIGITS_COMMUNITY, 3);
    if (cell.sequence == 0) {
        return bad_grid(code, n, "its last three digits are 000, no cell", err);
    }
    *out = cell;
    return OK;
}
