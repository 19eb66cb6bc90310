/* fuzz_plan: any bytes as a document -> an error in words, or a reading that quotes the document.
 *
 * Held of every reading: spans lie in the text and on borders of characters; areas, measures and
 * tasks follow each other and their ids count them; a figure has a thing measured, a clause that
 * holds its number, and an area and a task that exist; what is written of it is valid UTF-8. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "plan/reader.h"
#include "plan/write.h"
#include "text/encoding.h"

enum { MAX = 1 << 20 }; /* a whole report can be replayed */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_span(const struct reading *r, struct span s) {
    const struct document *d = &r->doc;
    assert(s.from <= s.to && s.to <= d->len);
    assert((d->text[s.from] & 0xC0) != 0x80 && (d->text[s.to] & 0xC0) != 0x80);
}

static void check_within(const struct reading *r, struct span in, struct span s) {
    check_span(r, s);
    assert(in.from <= s.from && s.to <= in.to);
}

static void check_sections(const struct reading *r) {
    for (size_t i = 0; i < r->section_count; i++) {
        const struct section *x = &r->sections[i];
        check_span(r, x->span);
        check_span(r, x->title);
        assert((unsigned)x->role < SECTION_ROLES);
        assert(i == 0 || r->sections[i - 1].span.to <= x->span.from);
    }
}

static void check_task(const struct reading *r, const struct measure *m, const struct task *t) {
    check_within(r, m->span, t->text);
    assert(t->text.from < t->text.to);
    for (uint32_t i = 0; i < t->action_count; i++) {
        check_within(r, t->text, t->actions[i]);
    }
    for (uint32_t i = 0; i < t->responsible_count; i++) {
        const char *name = t->responsible[i].name;
        assert(name[0] != '\0' && utf8_check(name, strlen(name)) == strlen(name));
    }
    assert(strlen(t->deadline) == 0 || strlen(t->deadline) == 10);
}

/* Ids count areas, the measures of each, the tasks of each: so no two are alike. */
static void check_tree(const struct reading *r) {
    uint32_t m = 0;
    uint32_t t = 0;
    for (size_t i = 0; i < r->area_count; i++) {
        const struct area *a = &r->areas[i];
        check_within(r, a->span, a->title);
        assert(a->no == (int)i + 1 && a->measure_from == m && a->measure_to >= m);
        assert(i == 0 || r->areas[i - 1].span.to <= a->span.from);
        for (; m < a->measure_to; m++) {
            const struct measure *x = &r->measures[m];
            check_within(r, a->span, x->span);
            check_span(r, x->title);
            assert(x->task_from == t && x->task_to >= t);
            for (; t < x->task_to; t++) {
                char id[24];
                snprintf(id, sizeof id, "%d.%u.%u", a->no, m - a->measure_from + 1,
                         t - x->task_from + 1);
                assert(strcmp(id, r->tasks[t].id) == 0);
                check_task(r, x, &r->tasks[t]);
            }
        }
    }
    assert(m == r->measure_count && t == r->task_count);
}

static void check_figure(const struct reading *r, const struct figure *f, const char *prefix,
                         size_t no) {
    char id[24];
    snprintf(id, sizeof id, "%s%zu", prefix, no);
    assert(strcmp(id, f->id) == 0);
    check_span(r, f->text);
    check_span(r, f->indicator);
    assert(f->indicator.from < f->indicator.to);
    assert(f->has_value == (f->kind != KIND_QUALITATIVE));
    if (f->has_value) {
        check_within(r, f->text, f->number);
        assert(f->number.from < f->number.to && f->value.coef >= 0);
        assert(!f->has_max || decimal_cmp(f->value, f->value_max) < 0);
    }
    assert(f->area >= 0 && (size_t)f->area <= r->area_count);
    assert(f->task >= -1 && (f->task < 0 || (size_t)f->task < r->task_count));
}

static void check_reading(const struct reading *r) {
    struct buf json = BUF_INIT;
    check_span(r, r->title);
    check_sections(r);
    check_tree(r);
    for (size_t i = 0; i < r->target_count; i++) {
        check_figure(r, &r->targets[i], "t", i + 1);
    }
    for (size_t i = 0; i < r->outcome_count; i++) {
        check_figure(r, &r->outcomes[i], "o", i + 1);
    }
    write_reading_json(r, 0, &json);
    assert(utf8_check(json.data, json.len) == json.len);
    buf_fini(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct reader *reader; /* read-only once made, and as dear as a thousand documents */
    if (reader == NULL) {
        reader = reader_new();
    }
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    if (encoding_parse_text((const char *)data, size, MAX, &text, &err) == OK) {
        struct arena a = ARENA_INIT;
        struct document doc = {DOCUMENT_TEXT, "fuzz.txt", NULL, text.data, text.len};
        struct reading reading;
        if (reader_read(reader, &doc, &a, &reading, &err) == OK) {
            check_reading(&reading);
        } else {
            assert(err.code == E_INPUT && err.msg[0] != '\0');
        }
        arena_fini(&a);
    }
    buf_fini(&text);
    return 0;
}
