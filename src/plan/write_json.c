/* write_json: a reading and a list of judgements as JSON; see write.h. The reading is shaped as
 * docs/reading.schema.json says, with one key more: document.file, the name the reader was given,
 * so that a line of jsonl says which file it is of.
 *
 * A list of judgements:
 *   [{"target": quantity, "outcome": quantity or null,
 *     "verdict": "met" | "missed" | "not_comparable" | "not_reported", "why": zh, "why_en": en,
 *     "place": {"file": name, "title": title or null, "span": [from, to]} or null}] */
#include "plan/write.h"

#include <stddef.h>

#include "base/json.h"

/* As put_str, with null for the empty string, which is how a reading's fixed buffers say "none". */
static void put_filled(struct json_out *j, const char *key, const char *s) {
    json_put_str(j, key, s[0] == '\0' ? NULL : s);
}

static void put_bool(struct json_out *j, const char *key, bool v) {
    json_key(j, key);
    json_bool(j, v);
}

/* Null for 0, which is how a reading says "no year", "no area". */
static void put_nonzero(struct json_out *j, const char *key, int v) {
    json_key(j, key);
    if (v == 0) {
        json_null(j);
    } else {
        json_int(j, v);
    }
}

static void put_dec(struct json_out *j, const char *key, bool has, struct decimal v) {
    json_key(j, key);
    if (has) {
        json_dec(j, v);
    } else {
        json_null(j);
    }
}

void write_span(struct json_out *j, const char *key, struct span s) {
    if (key != NULL) {
        json_key(j, key);
    }
    json_arr(j);
    json_int(j, s.from);
    json_int(j, s.to);
    json_arr_end(j);
}

/* The bytes of a span; null for an absent one. */
static void put_quote(struct json_out *j, const char *key, const struct reading *r, struct span s) {
    json_key(j, key);
    if (s.from == s.to) {
        json_null(j);
    } else {
        json_strn(j, r->doc.text + s.from, s.to - s.from);
    }
}

/* As put_quote, where the schema wants a string even when it is empty. */
static void put_text(struct json_out *j, const char *key, const struct reading *r, struct span s) {
    json_key(j, key);
    json_strn(j, r->doc.text + s.from, s.to - s.from);
}

static void put_document(struct json_out *j, const struct reading *r) {
    json_key(j, "document");
    json_obj(j);
    json_put_str(j, "file", r->doc.name);
    json_put_str(j, "title", r->title_text);
    json_put_str(j, "issuer", r->issuer);
    json_put_str(j, "index_no", r->index_no);
    put_filled(j, "issued", r->issued);
    put_nonzero(j, "year", r->year);
    json_key(j, "bytes");
    json_int(j, (int64_t)r->doc.len);
    json_obj_end(j);
}

static void put_sections(struct json_out *j, const struct reading *r) {
    json_key(j, "sections");
    json_arr(j);
    for (size_t i = 0; i < r->section_count; i++) {
        const struct section *s = &r->sections[i];
        json_obj(j);
        put_quote(j, "title", r, s->title);
        json_put_str(j, "role", section_role_name(s->role));
        write_span(j, "span", s->span);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void put_actions(struct json_out *j, const struct reading *r, const struct task *t) {
    json_key(j, "actions");
    json_arr(j);
    for (uint32_t i = 0; i < t->action_count; i++) {
        json_obj(j);
        put_text(j, "text", r, t->actions[i]);
        write_span(j, "span", t->actions[i]);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void put_responsible(struct json_out *j, const struct task *t) {
    json_key(j, "responsible");
    json_arr(j);
    for (uint32_t i = 0; i < t->responsible_count; i++) {
        const struct responsible *who = &t->responsible[i];
        json_obj(j);
        json_put_str(j, "name", who->name);
        if (who->role != PART_NONE) { /* the schema knows no null here */
            json_put_str(j, "role", who->role == PART_LEAD ? "lead" : "support");
        }
        json_put_str(j, "source", who->source == OWNER_DOCUMENT ? "document" : "proposed");
        put_dec(j, "confidence", true, who->confidence);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void put_task(struct json_out *j, const struct reading *r, const struct task *t) {
    json_obj(j);
    json_put_str(j, "id", t->id);
    put_text(j, "text", r, t->text);
    write_span(j, "span", t->text);
    put_actions(j, r, t);
    put_responsible(j, t);
    put_filled(j, "deadline", t->deadline);
    json_obj_end(j);
}

static void put_measure(struct json_out *j, const struct reading *r, const struct measure *m) {
    json_obj(j);
    put_text(j, "title", r, m->title);
    write_span(j, "span", m->span);
    json_key(j, "tasks");
    json_arr(j);
    for (uint32_t i = m->task_from; i < m->task_to; i++) {
        put_task(j, r, &r->tasks[i]);
    }
    json_arr_end(j);
    json_obj_end(j);
}

static void put_areas(struct json_out *j, const struct reading *r) {
    json_key(j, "areas");
    json_arr(j);
    for (size_t i = 0; i < r->area_count; i++) {
        const struct area *a = &r->areas[i];
        json_obj(j);
        json_key(j, "no");
        json_int(j, a->no);
        put_text(j, "title", r, a->title);
        write_span(j, "span", a->span);
        json_key(j, "measures");
        json_arr(j);
        for (uint32_t m = a->measure_from; m < a->measure_to; m++) {
            put_measure(j, r, &r->measures[m]);
        }
        json_arr_end(j);
        json_obj_end(j);
    }
    json_arr_end(j);
}

/* The value in base units: 13.5 万人 (ten thousand people) is {135000, 人}. */
static void put_base(struct json_out *j, const struct figure *f) {
    json_key(j, "quantity");
    if (!f->has_base) {
        json_null(j);
        return;
    }
    json_obj(j);
    put_dec(j, "value", true, f->base_value);
    json_put_str(j, "unit", f->base_unit == NULL ? "" : f->base_unit);
    json_obj_end(j);
}

static void put_figure(struct json_out *j, const struct reading *r, const struct figure *f) {
    json_obj(j);
    json_put_str(j, "id", f->id);
    put_text(j, "text", r, f->text);
    write_span(j, "span", f->text);
    put_text(j, "indicator", r, f->indicator);
    put_dec(j, "value", f->has_value, f->value);
    put_dec(j, "value_max", f->has_max, f->value_max);
    json_put_str(j, "unit", f->unit);
    put_base(j, f);
    json_put_str(j, "comparator", comparator_name(f->comparator));
    json_put_str(j, "kind", figure_kind_name(f->kind));
    put_bool(j, "overall", f->overall);
    put_bool(j, "spelled", f->spelled);
    json_put_str(j, "horizon", f->horizon);
    json_put_str(j, "period", f->period);
    put_nonzero(j, "area", f->area);
    json_put_str(j, "task", f->task < 0 ? NULL : r->tasks[f->task].id);
    json_obj_end(j);
}

static void put_figures(struct json_out *j, const char *key, const struct reading *r,
                        const struct figure *f, size_t n) {
    json_key(j, key);
    json_arr(j);
    for (size_t i = 0; i < n; i++) {
        put_figure(j, r, &f[i]);
    }
    json_arr_end(j);
}

void write_reading_json(const struct reading *r, int indent, struct buf *to) {
    struct json_out j;
    json_init(&j, to, indent);
    json_obj(&j);
    put_document(&j, r);
    put_sections(&j, r);
    put_areas(&j, r);
    put_figures(&j, "targets", r, r->targets, r->target_count);
    put_figures(&j, "outcomes", r, r->outcomes, r->outcome_count);
    json_obj_end(&j);
}

static void put_place(struct json_out *j, const struct reading *where, const struct figure *f) {
    json_key(j, "place");
    if (where == NULL || f == NULL) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_put_str(j, "file", where->doc.name);
    json_put_str(j, "title", where->title_text);
    write_span(j, "span", f->text);
    json_obj_end(j);
}

static void put_judgement(struct json_out *j, const struct reading *plan,
                          const struct judgement *it) {
    json_obj(j);
    json_key(j, "target");
    put_figure(j, plan, it->target);
    json_key(j, "outcome");
    if (it->where == NULL || it->outcome == NULL) {
        json_null(j);
    } else {
        put_figure(j, it->where, it->outcome);
    }
    json_put_str(j, "verdict", verdict_name(it->verdict));
    json_put_str(j, "why", it->why);
    json_put_str(j, "why_en", it->why_en);
    put_place(j, it->where, it->outcome);
    json_obj_end(j);
}

void write_judgements_json(const struct reading *plan, const struct judgement *j, size_t n,
                           int indent, struct buf *to) {
    struct json_out out;
    json_init(&out, to, indent);
    json_arr(&out);
    for (size_t i = 0; i < n; i++) {
        put_judgement(&out, plan, &j[i]);
    }
    json_arr_end(&out);
}
