/* model: the types that are declared, for whoever sends data or draws it: names, units, ranges and
 * thresholds, and where each number comes from. */
#include "api/api_int.h"

static void put_texts(struct json_out *j, const char *key, const char *const *texts, size_t n) {
    json_key(j, key);
    json_arr(j);
    for (size_t i = 0; i < n; i++) {
        json_str(j, texts[i]);
    }
    json_arr_end(j);
}

static void put_decimal(struct json_out *j, const char *key, bool is_set, struct decimal v) {
    json_key(j, key);
    if (is_set) {
        json_dec(j, v);
    } else {
        json_null(j);
    }
}

/* null where it is open. */
static void put_end(struct json_out *j, struct decimal end) {
    if (model_is_open(end)) {
        json_null(j);
    } else {
        json_dec(j, end);
    }
}

/* [low, high], or null. */
static void put_span(struct json_out *j, const char *key, const struct quality_span *span) {
    json_key(j, key);
    if (!span->is_set) {
        json_null(j);
        return;
    }
    json_arr(j);
    put_end(j, span->low);
    put_end(j, span->high);
    json_arr_end(j);
}

/* A number of observations or seconds; 0 is none. */
static void put_count(struct json_out *j, const char *key, int64_t n) {
    call_put_number_or_null(j, key, n);
}

/* What may change within a second, rounded to nine places for showing. */
static void put_slope(struct json_out *j, const char *key, const struct quality_slope *slope) {
    struct decimal per_s = decimal_of(0);
    bool shown = slope->is_set && fraction_round(slope->per_s, DECIMAL_SCALE_MAX, &per_s);
    put_decimal(j, key, shown, per_s);
}

static void put_gross(struct json_out *j, const struct quality_rules *r) {
    put_span(j, "fail", &r->gross_fail);
    put_span(j, "suspect", &r->gross_suspect);
}

static void put_spike(struct json_out *j, const struct quality_rules *r) {
    json_put_str(j, "method",
                 r->spike_method == QUALITY_SPIKE_AVERAGE ? "average" : "differential");
    put_decimal(j, "fail", r->spike_fail.is_set, r->spike_fail.most);
    put_decimal(j, "suspect", r->spike_suspect.is_set, r->spike_suspect.most);
}

static void put_rate(struct json_out *j, const struct quality_rules *r) {
    put_slope(j, "fail_per_s", &r->rate_fail);
    put_slope(j, "suspect_per_s", &r->rate_suspect);
}

static void put_flat(struct json_out *j, const struct quality_rules *r) {
    put_count(j, "fail", r->flat_fail);
    put_count(j, "suspect", r->flat_suspect);
    put_decimal(j, "tolerance", true, r->flat_tolerance);
}

static void put_gap(struct json_out *j, const struct quality_rules *r) {
    put_count(j, "fail_s", r->gap_fail_ms / 1000);
    put_count(j, "suspect_s", r->gap_suspect_ms / 1000);
}

/* The tests that have thresholds. */
static void put_tests(struct json_out *j, const struct model_attribute *a) {
    typedef void writer(struct json_out *, const struct quality_rules *);
    static writer *const writers[QUALITY_TESTS] = {
        [QUALITY_GROSS] = put_gross, [QUALITY_SPIKE] = put_spike, [QUALITY_RATE] = put_rate,
        [QUALITY_FLAT] = put_flat,   [QUALITY_GAP] = put_gap,
    };
    json_key(j, "tests");
    json_obj(j);
    for (int i = 0; i < QUALITY_TESTS; i++) {
        if (a->sources[i] != NULL) {
            json_key(j, quality_test_word((enum quality_test)i));
            json_obj(j);
            writers[i](j, &a->rules);
            json_put_str(j, "source", a->sources[i]);
            json_obj_end(j);
        }
    }
    json_obj_end(j);
}

static void put_unit(struct json_out *j, const struct model_attribute *a) {
    json_put_str(j, "unit", a->unit == NULL ? NULL : a->unit->code);
    json_put_str(j, "unit_name", a->unit == NULL ? NULL : a->unit->name);
    json_put_str(j, "unit_symbol", a->unit == NULL ? NULL : a->unit->symbol);
    json_put_bool(j, "unit_needed", a->unit_needed);
}

static void put_attribute(struct json_out *j, const struct model_attribute *a) {
    json_obj(j);
    json_put_str(j, "name", a->name);
    json_put_str(j, "kind", entity_kind_name(a->kind));
    json_put_str(j, "value", model_value_word(a->value));
    put_texts(j, "words", a->words, a->word_count);
    put_unit(j, a);
    put_span(j, "range", &a->range);
    json_put_str(j, "range_source", a->range_source);
    put_tests(j, a);
    json_obj_end(j);
}

/* Seconds; null for any moment. */
static void put_lag(struct json_out *j, const char *key, int64_t ms) {
    json_key(j, key);
    if (ms < 0) {
        json_null(j);
    } else {
        json_int(j, ms / 1000);
    }
}

static void put_head(struct json_out *j, const struct model *m) {
    json_put_str(j, "name", m->name);
    put_texts(j, "types", m->types, m->type_count);
    json_put_str(j, "unknown", m->refuses_unknown ? "refuse" : "keep");
    put_lag(j, "future_s", m->future_ms);
    put_lag(j, "late_s", m->late_ms);
    json_put_str(j, "source", m->source);
}

enum code api_model_list(struct call *c, struct err *err) {
    const struct model_set *set = c->api->models;
    struct json_out *j = call_list(c);
    (void)err;
    for (size_t i = 0; i < model_count(set); i++) {
        const struct model *m = model_at(set, i);
        json_obj(j);
        put_head(j, m);
        json_put_int(j, "attributes", (int64_t)m->count);
        json_obj_end(j);
    }
    call_list_end(c);
    return OK;
}

enum code api_model_get(struct call *c, struct err *err) {
    const char *name = route_param(&c->params, "model");
    const struct model *m = model_named(c->api->models, name);
    if (m == NULL) {
        return err_set(err, E_ABSENT, "no type \"%.100s\" is declared", name);
    }
    struct json_out *j = call_json(c);
    json_obj(j);
    put_head(j, m);
    json_key(j, "attributes");
    json_arr(j);
    for (size_t i = 0; i < m->count; i++) {
        put_attribute(j, &m->attributes[i]);
    }
    json_arr_end(j);
    json_obj_end(j);
    return OK;
}
