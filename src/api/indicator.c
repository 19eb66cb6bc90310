/* indicator: one indicator's targets and results over the years of all kept plans. */
#include "api/api_int.h"
#include "plan/write.h"
#include "track/series.h"

static void put_figure(struct json_out *j, const char *key, const struct series_figure *f,
                       bool target) {
    json_key(j, key);
    if (f->plan == 0) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_put_int(j, "plan", f->plan);
    if (target) {
        call_put_number_or_null(j, "number", f->number);
    }
    json_put_str(j, "text", f->text);
    write_span(j, "span", f->span);
    json_put_str(j, "value", f->value);
    json_put_str(j, "value_max", f->value_max);
    json_put_str(j, "unit", f->unit);
    json_put_str(j, "base_value", f->base_value);
    json_put_str(j, "base_unit", f->base_unit);
    json_put_str(j, "comparator", f->comparator);
    json_put_str(j, "kind", f->kind);
    json_obj_end(j);
}

static void put_line(struct json_out *j, const struct series_line *line) {
    json_put_str(j, "key", line->key);
    json_put_str(j, "name", line->name);
    json_put_str(j, "city", line->place);
    json_put_int(j, "years", (int64_t)line->years);
    json_put_int(j, "first", line->first);
    json_put_int(j, "last", line->last);
}

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct series_line *lines;
    size_t count;
    (void)data;
    enum code code =
        series_list(tx, c->api->series, call_query(c, "q"), c->arena, &lines, &count, err);
    if (code != OK) {
        return code;
    }
    struct json_out *j = call_list(c);
    for (size_t i = 0; i < count; i++) {
        json_obj(j);
        put_line(j, &lines[i]);
        json_obj_end(j);
    }
    call_list_end(c);
    return OK;
}

enum code api_indicator_list(struct call *c, struct err *err) {
    return call_read(c, list, NULL, err);
}

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct series_line line;
    struct series_point *points;
    size_t count;
    const char *key = route_param(&c->params, "key");
    (void)data;
    enum code code = series_find(tx, c->api->series, key, c->arena, &line, &points, &count, err);
    if (code != OK) {
        return code;
    }
    struct json_out *j = call_json(c);
    json_obj(j);
    put_line(j, &line);
    json_key(j, "points");
    json_arr(j);
    for (size_t i = 0; i < count; i++) {
        json_obj(j);
        json_put_int(j, "year", points[i].year);
        put_figure(j, "target", &points[i].target, true);
        put_figure(j, "outcome", &points[i].outcome, false);
        json_obj_end(j);
    }
    json_arr_end(j);
    json_obj_end(j);
    return OK;
}

enum code api_indicator_get(struct call *c, struct err *err) {
    return call_read(c, get, NULL, err);
}
