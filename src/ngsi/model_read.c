/* model_read: see model_read.h. */
#include "ngsi/model_read.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_read.h"
#include "base/mem.h"
#include "ngsi/model_int.h"

enum {
    NAME_MAX_BYTES = 100,
    SOURCE_MAX = 1000,
    NAMESPACES_MAX = 8,
    IRIS_MAX = 8,
    WORDS_MAX = 100,
    ATTRIBUTES_MAX = 500,
    SECONDS_MAX = 1000000000, /* 30 years */
    FILES_MAX = 1000,
};

/* A file on its way. */
struct reading {
    struct model_set *set;
    struct arena *arena; /* the set's */
    struct model *model;
    const struct json_value *namespaces;
};

/* Puts `where "name": ` before what went wrong. */
static enum code at(const char *where, const char *name, enum code code, struct err *err) {
    char words[2 * NAME_MAX_BYTES];
    if (code != OK) {
        snprintf(words, sizeof words, "%s \"%.100s\"", where, name);
        err_prefix(err, words);
    }
    return code;
}

static const char *keep(struct reading *r, const char *s) {
    return s == NULL ? NULL : arena_dup(r->arena, s, strlen(s));
}

/* ---- numbers ---- */

static enum code take_decimal(const struct json_value *object, const char *name,
                              struct decimal *out, bool *is_set, struct err *err) {
    const struct json_value *v = json_member(object, name);
    if (v == NULL) {
        return OK;
    }
    if (v->kind != JSON_NUMBER || !decimal_parse_signed(v->text, v->len, out)) {
        return err_set(err, E_INPUT, "\"%s\" is no number, or not written plainly", name);
    }
    *is_set = true;
    return OK;
}

static enum code read_end(const struct json_value *v, int64_t open, struct decimal *out,
                          struct err *err) {
    if (v->kind == JSON_NULL) {
        *out = decimal_of(open);
        return OK;
    }
    return v->kind == JSON_NUMBER && decimal_parse_signed(v->text, v->len, out)
               ? OK
               : err_set(err, E_INPUT, "an end of a span is no number, or not written plainly");
}

/* [low, high] */
static enum code take_span(const struct json_value *object, const char *name,
                           struct quality_span *out, struct err *err) {
    const struct json_value *v = NULL;
    struct quality_span span = {.is_set = true};
    enum code code = json_take_array(object, name, 2, &v, err);
    if (code != OK || v == NULL) {
        return code;
    }
    if (v->count != 2) {
        return err_set(err, E_INPUT, "\"%s\" is [low, high]", name);
    }
    code = read_end(v->first, -MODEL_OPEN, &span.low, err);
    if (code == OK) {
        code = read_end(v->first->next, MODEL_OPEN, &span.high, err);
    }
    if (code == OK) {
        *out = span;
    }
    return code;
}

static enum code take_step(const struct json_value *object, const char *name,
                           struct quality_step *out, struct err *err) {
    return take_decimal(object, name, &out->most, &out->is_set, err);
}

static enum code take_slope(const struct json_value *object, const char *name, int64_t seconds,
                            struct quality_slope *out, struct err *err) {
    struct decimal most;
    enum code code = take_decimal(object, name, &most, &out->is_set, err);
    if (code == OK && out->is_set &&
        !fraction_div(fraction_of_decimal(most), fraction_of(seconds), &out->per_s)) {
        code = err_set(err, E_LIMIT, "\"%s\" is too large", name);
    }
    return code;
}

static enum code take_ms(const struct json_value *object, const char *name, int64_t *ms,
                         struct err *err) {
    int64_t s = -1;
    enum code code = json_take_int(object, name, (struct json_range){0, SECONDS_MAX}, &s, err);
    if (code == OK && s >= 0) {
        *ms = s * 1000;
    }
    return code;
}

/* ---- rules ---- */

static enum code read_gross(const struct json_value *v, struct quality_rules *r, struct err *err) {
    static const char *const members[] = {"fail", "suspect", "source", NULL};
    enum code code = json_check_members(v, members, err);
    if (code == OK) {
        code = take_span(v, "fail", &r->gross_fail, err);
    }
    return code == OK ? take_span(v, "suspect", &r->gross_suspect, err) : code;
}

static enum code read_spike(const struct json_value *v, struct quality_rules *r, struct err *err) {
    static const char *const members[] = {"method", "fail", "suspect", "source", NULL};
    const char *method = "average";
    enum code code = json_check_members(v, members, err);
    if (code == OK) {
        code = json_take_text(v, "method", NAME_MAX_BYTES, &method, err);
    }
    if (code == OK && strcmp(method, "average") != 0 && strcmp(method, "differential") != 0) {
        code = err_set(err, E_INPUT, "the method \"%.40s\" is not average or differential", method);
    }
    r->spike_method = method[0] == 'd' ? QUALITY_SPIKE_DIFFERENTIAL : QUALITY_SPIKE_AVERAGE;
    if (code == OK) {
        code = take_step(v, "fail", &r->spike_fail, err);
    }
    return code == OK ? take_step(v, "suspect", &r->spike_suspect, err) : code;
}

static enum code read_rate(const struct json_value *v, struct quality_rules *r, struct err *err) {
    static const char *const members[] = {"fail", "suspect", "seconds", "source", NULL};
    int64_t seconds = 0;
    enum code code = json_check_members(v, members, err);
    if (code == OK) {
        code = json_need_int(v, "seconds", (struct json_range){1, SECONDS_MAX}, &seconds, err);
    }
    if (code == OK) {
        code = take_slope(v, "fail", seconds, &r->rate_fail, err);
    }
    return code == OK ? take_slope(v, "suspect", seconds, &r->rate_suspect, err) : code;
}

static enum code read_flat(const struct json_value *v, struct quality_rules *r, struct err *err) {
    static const char *const members[] = {"fail", "suspect", "tolerance", "source", NULL};
    const struct json_range range = {2, MODEL_FLAT_MAX};
    int64_t fail = 0;
    int64_t suspect = 0;
    bool is_set = false;
    enum code code = json_check_members(v, members, err);
    if (code == OK) {
        code = json_take_int(v, "fail", range, &fail, err);
    }
    if (code == OK) {
        code = json_take_int(v, "suspect", range, &suspect, err);
    }
    r->flat_fail = (int)fail;
    r->flat_suspect = (int)suspect;
    return code == OK ? take_decimal(v, "tolerance", &r->flat_tolerance, &is_set, err) : code;
}

static enum code read_gap(const struct json_value *v, struct quality_rules *r, struct err *err) {
    static const char *const members[] = {"fail_s", "suspect_s", "source", NULL};
    enum code code = json_check_members(v, members, err);
    if (code == OK) {
        code = take_ms(v, "fail_s", &r->gap_fail_ms, err);
    }
    return code == OK ? take_ms(v, "suspect_s", &r->gap_suspect_ms, err) : code;
}

/* A member that has numbers says where they come from. */
static enum code need_source(struct reading *r, const struct json_value *v, const char **out,
                             struct err *err) {
    const char *source = NULL;
    enum code code = v->kind == JSON_OBJECT ? json_need_text(v, "source", SOURCE_MAX, &source, err)
                                            : err_set(err, E_INPUT, "it is an object");
    *out = keep(r, source);
    return code;
}

static enum code read_rules(struct reading *r, const struct json_value *v,
                            struct model_attribute *a, struct err *err) {
    typedef enum code reader(const struct json_value *, struct quality_rules *, struct err *);
    static reader *const readers[QUALITY_TESTS] = {
        [QUALITY_GROSS] = read_gross, [QUALITY_SPIKE] = read_spike, [QUALITY_RATE] = read_rate,
        [QUALITY_FLAT] = read_flat,   [QUALITY_GAP] = read_gap,
    };
    enum code code = OK;
    for (int i = 0; i < QUALITY_TESTS && code == OK; i++) {
        const char *word = quality_test_word((enum quality_test)i);
        const struct json_value *rule = json_member(v, word);
        if (rule != NULL) {
            a->is_judged = true;
            code = need_source(r, rule, &a->sources[i], err);
            code = at("test", word, code == OK ? readers[i](rule, &a->rules, err) : code, err);
        }
    }
    return code == OK ? quality_check(&a->rules, err) : code;
}

static enum code read_range(struct reading *r, const struct json_value *v,
                            struct model_attribute *a, struct err *err) {
    static const char *const members[] = {"low", "high", "source", NULL};
    const struct json_value *range = json_member(v, "range");
    bool has_low = false;
    bool has_high = false;
    if (range == NULL) {
        return OK;
    }
    enum code code = need_source(r, range, &a->range_source, err);
    if (code == OK) {
        code = json_check_members(range, members, err);
    }
    if (code == OK) {
        code = take_decimal(range, "low", &a->range.low, &has_low, err);
    }
    if (code == OK) {
        code = take_decimal(range, "high", &a->range.high, &has_high, err);
    }
    if (code == OK && (!has_low || !has_high || decimal_cmp(a->range.low, a->range.high) > 0)) {
        code = err_set(err, E_INPUT, "a range has a low and a high end");
    }
    a->range.is_set = true;
    return code;
}

/* ---- an attribute ---- */

static enum code read_kind(const struct json_value *v, struct model_attribute *a, struct err *err) {
    const char *word = NULL;
    enum code code = json_need_text(v, "kind", NAME_MAX_BYTES, &word, err);
    if (code != OK) {
        return code;
    }
    for (int k = ENTITY_PROPERTY; k <= ENTITY_LIST_RELATIONSHIP; k++) {
        if (strcmp(word, entity_kind_name((enum entity_kind)k)) == 0) {
            a->kind = (enum entity_kind)k;
            return OK;
        }
    }
    return err_set(err, E_INPUT, "there is no kind \"%.40s\"", word);
}

static enum code read_value(const struct json_value *v, struct model_attribute *a,
                            struct err *err) {
    const char *word = model_value_word(MODEL_ANY);
    enum code code = json_take_text(v, "value", NAME_MAX_BYTES, &word, err);
    if (code != OK) {
        return code;
    }
    for (int k = MODEL_ANY; k <= MODEL_BOOL; k++) {
        if (strcmp(word, model_value_word((enum model_value)k)) == 0) {
            a->value = (enum model_value)k;
            return OK;
        }
    }
    return err_set(err, E_INPUT, "there is no value \"%.40s\"", word);
}

static enum code read_unit(const struct json_value *v, struct model_attribute *a, struct err *err) {
    const char *unit = NULL;
    enum code code = json_take_text(v, "unit", ENTITY_UNIT_MAX, &unit, err);
    if (code == OK) {
        code = json_take_bool(v, "unit_needed", &a->unit_needed, err);
    }
    if (code != OK || unit == NULL) {
        return code;
    }
    a->unit = entity_unit_find(unit);
    return a->unit != NULL
               ? OK
               : err_set(err, E_INPUT, "there is no unit \"%.40s\" in the program's table", unit);
}

/* The texts of a list, kept. */
static enum code read_texts(struct reading *r, const struct json_value *list,
                            const char *const **out, size_t *count, struct err *err) {
    const char **all = arena_alloc(r->arena, (list->count + 1) * sizeof *all);
    size_t n = 0;
    for (const struct json_value *i = list->first; i != NULL; i = i->next) {
        if (i->kind != JSON_STRING || i->len == 0) {
            return err_set(err, E_INPUT, "an item of the list is no text");
        }
        all[n++] = keep(r, i->text);
    }
    *out = all;
    *count = n;
    return OK;
}

static enum code read_words(struct reading *r, const struct json_value *v,
                            struct model_attribute *a, struct err *err) {
    const struct json_value *list = NULL;
    enum code code = json_take_array(v, "words", WORDS_MAX, &list, err);
    if (code != OK || list == NULL) {
        return code;
    }
    code = read_texts(r, list, &a->words, &a->word_count, err);
    for (size_t i = 0; i < a->word_count && code == OK; i++) {
        if (strpbrk(a->words[i], "\"\\") != NULL) {
            code =
                err_set(err, E_INPUT, "the word \"%.40s\" has a quote or backslash", a->words[i]);
        }
    }
    return code;
}

static enum code name_attribute(struct reading *r, const struct model_attribute *a, const char *iri,
                                struct err *err) {
    return entity_is_uri(iri) ? model_set_name_attribute(r->set, a, iri, err)
                              : err_set(err, E_INPUT, "\"%.200s\" is no whole name", iri);
}

static const char *join(struct reading *r, const char *space, const char *name) {
    struct buf whole = BUF_INIT;
    buf_addf(&whole, "%s%s", space, name);
    const char *kept = arena_dup(r->arena, whole.data, whole.len);
    buf_fini(&whole);
    return kept;
}

/* The texts of the list were seen by read_names(). */
static enum code read_iris(struct reading *r, const struct json_value *v,
                           const struct model_attribute *a, struct err *err) {
    const struct json_value *list = NULL;
    const char *const *iris = NULL;
    size_t count = 0;
    enum code code = json_take_array(v, "iris", IRIS_MAX, &list, err);
    if (code == OK && list != NULL) {
        code = read_texts(r, list, &iris, &count, err);
    }
    for (size_t i = 0; i < count && code == OK; i++) {
        code = name_attribute(r, a, iris[i], err);
    }
    const struct json_value *space = r->namespaces->first;
    for (; space != NULL && code == OK; space = space->next) {
        code = name_attribute(r, a, join(r, space->text, a->name), err);
    }
    return code;
}

/* What an attribute's members have to do with each other. */
static enum code check_whole(const struct model_attribute *a, struct err *err) {
    bool is_number =
        a->kind == ENTITY_PROPERTY && (a->value == MODEL_NUMBER || a->value == MODEL_WHOLE);
    if ((a->is_judged || a->range.is_set) && !is_number) {
        return err_set(err, E_INPUT, "a range and tests are for a Property that is a number");
    }
    if (a->words != NULL && (a->kind != ENTITY_PROPERTY || a->value != MODEL_TEXT)) {
        return err_set(err, E_INPUT, "words are for a Property that is a text");
    }
    return a->unit_needed && a->unit == NULL
               ? err_set(err, E_INPUT, "a unit is needed, and none is declared")
               : OK;
}

static enum code read_members(struct reading *r, const struct json_value *v,
                              struct model_attribute *a, struct err *err) {
    static const char *const members[] = {"name", "kind",  "value", "unit",  "unit_needed",
                                          "iris", "words", "range", "gross", "spike",
                                          "rate", "flat",  "gap",   NULL};
    enum code code = json_check_members(v, members, err);
    if (code == OK) {
        code = read_kind(v, a, err);
    }
    if (code == OK) {
        code = read_value(v, a, err);
    }
    if (code == OK) {
        code = read_unit(v, a, err);
    }
    if (code == OK) {
        code = read_words(r, v, a, err);
    }
    if (code == OK) {
        code = read_range(r, v, a, err);
    }
    if (code == OK) {
        code = read_rules(r, v, a, err);
    }
    if (code == OK) {
        code = check_whole(a, err);
    }
    return code == OK ? read_iris(r, v, a, err) : code;
}

static enum code read_attribute(struct reading *r, const struct json_value *v,
                                struct model_attribute *a, struct err *err) {
    const char *name = NULL;
    enum code code = json_need_text(v, "name", NAME_MAX_BYTES, &name, err);
    if (code != OK) {
        return code;
    }
    a->name = keep(r, name);
    a->model = r->model;
    return at("attribute", name, read_members(r, v, a, err), err);
}

static enum code read_attributes(struct reading *r, const struct json_value *root,
                                 struct err *err) {
    const struct json_value *list = NULL;
    enum code code = json_need_array(root, "attributes", ATTRIBUTES_MAX, &list, err);
    if (code != OK) {
        return code;
    }
    struct model_attribute *all = arena_zero(r->arena, (list->count + 1) * sizeof *all);
    size_t n = 0;
    for (const struct json_value *v = list->first; v != NULL && code == OK; v = v->next) {
        code = read_attribute(r, v, &all[n++], err);
    }
    r->model->attributes = all;
    r->model->count = n;
    return code;
}

/* ---- a type ---- */

static enum code read_types(struct reading *r, struct err *err) {
    struct model *m = r->model;
    const char **types = arena_alloc(r->arena, (r->namespaces->count + 1) * sizeof *types);
    enum code code = OK;
    m->types = types;
    const struct json_value *space = r->namespaces->first;
    for (; space != NULL && code == OK; space = space->next) {
        if (space->kind != JSON_STRING || !entity_is_uri(space->text)) {
            return err_set(err, E_INPUT, "an item of \"namespaces\" is no URI");
        }
        types[m->type_count] = join(r, space->text, m->name);
        code = model_set_name(r->set, m, types[m->type_count++], err);
    }
    return code;
}

static enum code read_head(struct reading *r, const struct json_value *root, struct err *err) {
    struct model *m = r->model;
    const char *name = NULL;
    const char *source = NULL;
    const char *unknown = "keep";
    enum code code = json_need_text(root, "name", NAME_MAX_BYTES, &name, err);
    if (code == OK) {
        code = json_need_text(root, "source", SOURCE_MAX, &source, err);
    }
    if (code == OK) {
        code = json_take_text(root, "unknown", NAME_MAX_BYTES, &unknown, err);
    }
    if (code == OK && strcmp(unknown, "keep") != 0 && strcmp(unknown, "refuse") != 0) {
        code = err_set(err, E_INPUT, "\"unknown\" is keep or refuse, not \"%.40s\"", unknown);
    }
    m->name = keep(r, name);
    m->source = keep(r, source);
    m->refuses_unknown = unknown[0] == 'r';
    return code;
}

static enum code read_root(struct reading *r, const struct json_value *root, struct err *err) {
    static const char *const members[] = {"name",   "source",   "namespaces", "unknown",
                                          "late_s", "future_s", "attributes", NULL};
    struct model *m = r->model;
    m->future_ms = -1;
    m->late_ms = -1;
    enum code code = json_check_members(root, members, err);
    if (code == OK) {
        code = read_head(r, root, err);
    }
    if (code == OK) {
        code = take_ms(root, "future_s", &m->future_ms, err);
    }
    if (code == OK) {
        code = take_ms(root, "late_s", &m->late_ms, err);
    }
    if (code == OK) {
        code = json_need_array(root, "namespaces", NAMESPACES_MAX, &r->namespaces, err);
    }
    if (code == OK) {
        code = read_types(r, err);
    }
    return code == OK ? read_attributes(r, root, err) : code;
}

enum code model_parse(struct model_set *set, const char *json, size_t n, struct err *err) {
    struct arena a = ARENA_INIT;
    const struct json_value *root = NULL;
    enum code code = json_read(json, n, &a, &root, err);
    if (code == OK) {
        struct reading r = {.set = set, .arena = model_set_arena(set)};
        r.model = model_set_add(set);
        r.model->name = "";
        code = read_root(&r, root, err);
    }
    arena_fini(&a);
    return code;
}

/* ---- files ---- */

static enum code load_file(struct model_set *set, const char *folder, const char *name,
                           struct err *err) {
    struct buf path = BUF_INIT;
    struct buf bytes = BUF_INIT;
    buf_addf(&path, "%s/%s", folder, name);
    enum code code = file_load(path.data, JSON_INPUT_MAX, &bytes, err);
    if (code == OK) {
        code = model_parse(set, bytes.data == NULL ? "" : bytes.data, bytes.len, err);
        if (code != OK) {
            err_prefix(err, path.data);
        }
    }
    buf_fini(&bytes);
    buf_fini(&path);
    return code;
}

static int is_model(const struct dirent *e) {
    size_t n = strlen(e->d_name);
    return e->d_name[0] != '.' && n > 5 && strcmp(e->d_name + n - 5, ".json") == 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum code load_folder(struct model_set *set, const char *folder, struct err *err) {
    struct dirent **files = NULL;
    int n = scandir(folder, &files, is_model, by_bytes);
    if (n < 0) {
        return err_set(err, E_IO, "cannot read the folder %s: %s", folder, strerror(errno));
    }
    enum code code =
        n > FILES_MAX ? err_set(err, E_LIMIT, "%s: more than %d files", folder, FILES_MAX) : OK;
    for (int i = 0; i < n; i++) {
        if (code == OK) {
            code = load_file(set, folder, files[i]->d_name, err);
        }
        free(files[i]);
    }
    free(files);
    return code;
}

enum code model_load(struct model_set *set, const char *dir, struct err *err) {
    struct buf folder = BUF_INIT;
    buf_addf(&folder, "%s/model", dir);
    enum code code = load_folder(set, folder.data, err);
    buf_fini(&folder);
    return code;
}
