/* kept: see kept.h. What is decided here: which plan a document is of, which items are the same
 * before and after a correction, what the journal says. The statements are in kept_db.c. */
#include "track/kept.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/hex.h"
#include "store/journal.h"
#include "track/kept_int.h"

enum {
    SUBJECT_MAX = 32, /* "plan/" and a 64-bit number */
    /* Changes stop here, so that the last of them and the end still fit JOURNAL_PAYLOAD_MAX; one
     * change holds at most two sentences, and a longer one is left out like those behind it. */
    CHANGES_MAX = JOURNAL_PAYLOAD_MAX / 2 - 4096,
};

const char *kept_sort_name(enum kept_sort sort) {
    static const char *const names[KEPT_SORTS] = {"document", "area", "measure", "task", "target"};
    return names[sort];
}

const char *kept_change_name(const struct kept_change *c) {
    return c->old == NULL ? "added" : c->now == NULL ? "removed" : "changed";
}

/* ---- a reading as a set ---- */

static const char *quote(const struct reading *r, struct span s, struct arena *a) {
    return arena_dup(a, r->doc.text + s.from, s.to - s.from);
}

static const char *number_text(bool has, struct decimal v, struct arena *a) {
    char text[DECIMAL_TEXT_MAX];
    if (!has) {
        return NULL;
    }
    decimal_text(v, text);
    return arena_dup(a, text, strlen(text));
}

static struct kept_area area_of(const struct reading *r, const struct area *x, struct arena *a) {
    return (struct kept_area){.no = x->no, .title = quote(r, x->title, a), .span = x->span};
}

static struct kept_measure measure_of(const struct reading *r, const struct measure *x,
                                      struct arena *a) {
    return (struct kept_measure){.title = quote(r, x->title, a), .span = x->span};
}

static struct kept_task task_of(const struct reading *r, const struct task *x, struct arena *a) {
    return (struct kept_task){.id = x->id,
                              .text = quote(r, x->text, a),
                              .span = x->text,
                              .actions = x->actions,
                              .action_count = x->action_count,
                              .responsible = x->responsible,
                              .responsible_count = x->responsible_count,
                              .deadline = x->deadline[0] == '\0' ? NULL : x->deadline};
}

static struct kept_target target_of(const struct reading *r, const struct figure *x,
                                    struct arena *a) {
    return (struct kept_target){.id = x->id,
                                .text = quote(r, x->text, a),
                                .span = x->text,
                                .indicator = quote(r, x->indicator, a),
                                .indicator_span = x->indicator,
                                .number_span = x->number,
                                .value = number_text(x->has_value, x->value, a),
                                .value_max = number_text(x->has_max, x->value_max, a),
                                .unit = x->unit,
                                .base_value = number_text(x->has_base, x->base_value, a),
                                .base_unit = x->has_base ? x->base_unit : NULL,
                                .comparator = comparator_name(x->comparator),
                                .kind = figure_kind_name(x->kind),
                                .overall = x->overall,
                                .spelled = x->spelled,
                                .horizon = x->horizon};
}

static void set_of(const struct reading *r, struct arena *a, struct kept_set *out) {
    *out = (struct kept_set){
        .areas = arena_zero(a, (r->area_count + 1) * sizeof *out->areas),
        .area_count = r->area_count,
        .measures = arena_zero(a, (r->measure_count + 1) * sizeof *out->measures),
        .measure_count = r->measure_count,
        .tasks = arena_zero(a, (r->task_count + 1) * sizeof *out->tasks),
        .task_count = r->task_count,
        .targets = arena_zero(a, (r->target_count + 1) * sizeof *out->targets),
        .target_count = r->target_count,
    };
    for (size_t i = 0; i < r->area_count; i++) {
        out->areas[i] = area_of(r, &r->areas[i], a);
    }
    for (size_t i = 0; i < r->measure_count; i++) {
        out->measures[i] = measure_of(r, &r->measures[i], a);
    }
    for (size_t i = 0; i < r->task_count; i++) {
        out->tasks[i] = task_of(r, &r->tasks[i], a);
    }
    for (size_t i = 0; i < r->target_count; i++) {
        out->targets[i] = target_of(r, &r->targets[i], a);
    }
}

/* Which items lie in which, once all have their numbers. */
static void link_set(const struct reading *r, struct kept_set *set) {
    for (size_t i = 0; i < r->area_count; i++) {
        for (uint32_t m = r->areas[i].measure_from; m < r->areas[i].measure_to; m++) {
            set->measures[m].area = set->areas[i].number;
        }
    }
    for (size_t i = 0; i < r->measure_count; i++) {
        for (uint32_t t = r->measures[i].task_from; t < r->measures[i].task_to; t++) {
            set->tasks[t].measure = set->measures[i].number;
        }
    }
    for (size_t i = 0; i < r->target_count; i++) {
        const struct figure *x = &r->targets[i];
        for (size_t k = 0; x->area != 0 && k < r->area_count; k++) {
            if (r->areas[k].no == x->area) {
                set->targets[i].area = set->areas[k].number;
            }
        }
        set->targets[i].task = x->task < 0 ? 0 : set->tasks[x->task].number;
    }
}

/* ---- items, alike for all sorts ---- */

struct entry {
    struct kept_item item;
    const char *like; /* what an item shares with its earlier self when its text is another */
    size_t at;        /* its place among all, in document order */
    const struct entry *pair;
};

struct entries {
    struct entry *entry;
    size_t count;
};

/* Text without its digits: what stays when only numbers were corrected. */
static const char *without_digits(const char *text, struct arena *a) {
    char *to = arena_dup(a, text, strlen(text));
    size_t n = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if ((*p < '0' || *p > '9') && *p != '.') {
            to[n++] = *p;
        }
    }
    to[n] = '\0';
    return to;
}

static const char *take_text(struct buf *b, struct arena *a) {
    const char *text = arena_dup(a, b->len == 0 ? "" : b->data, b->len);
    buf_fini(b);
    return text;
}

/* Appends ", name value" where there is one. */
static void add_fact(struct buf *b, const char *name, const char *value) {
    if (value != NULL) {
        buf_addf(b, "%s%s%s", b->len > 0 ? ", " : "", name, value);
    }
}

static const char *document_facts(const struct kept_document *d, struct arena *a) {
    struct buf b = BUF_INIT;
    add_fact(&b, "issued ", d->issued);
    add_fact(&b, "index ", d->index_no);
    add_fact(&b, "by ", d->issuer);
    return take_text(&b, a);
}

/* Who is responsible only where the document says so: a proposal is ours, and no correction. */
static const char *task_facts(const struct kept_task *t, struct arena *a) {
    struct buf b = BUF_INIT;
    add_fact(&b, "by ", t->deadline);
    for (size_t i = 0; i < t->responsible_count; i++) {
        const struct responsible *who = &t->responsible[i];
        if (who->source == OWNER_DOCUMENT) {
            add_fact(&b, who->role == PART_LEAD ? "lead " : "", who->name);
        }
    }
    return take_text(&b, a);
}

static const char *target_facts(const struct kept_target *t, struct arena *a) {
    struct buf b = BUF_INIT;
    if (t->value != NULL) {
        buf_addf(&b, "%s%s%s", t->comparator == NULL ? "" : t->comparator,
                 t->comparator == NULL ? "" : " ", t->value);
        if (t->value_max != NULL) {
            buf_addf(&b, " to %s", t->value_max);
        }
        buf_addf(&b, " %s", t->unit == NULL ? "" : t->unit);
    }
    add_fact(&b, "", t->kind);
    add_fact(&b, "for ", t->horizon);
    add_fact(&b, "", t->overall ? "overall" : NULL);
    return take_text(&b, a);
}

static const char *target_like(const struct kept_target *t, struct arena *a) {
    struct buf b = BUF_INIT;
    if (t->indicator[0] == '\0') { /* nothing to know it by */
        return without_digits(t->text, a);
    }
    buf_addf(&b, "%s\n%s", t->indicator, t->kind == NULL ? "" : t->kind);
    return take_text(&b, a);
}

static void add_entry(struct entries *e, struct kept_item item, const char *like) {
    e->entry[e->count] = (struct entry){.item = item, .like = like, .at = e->count};
    e->count++;
}

static size_t set_size(const struct kept_set *s) {
    return s->area_count + s->measure_count + s->task_count + s->target_count;
}

static void add_set(struct entries *e, const struct kept_set *s, struct arena *a) {
    for (size_t i = 0; i < s->area_count; i++) {
        const struct kept_area *x = &s->areas[i];
        char no[16];
        snprintf(no, sizeof no, "%d", x->no);
        add_entry(
            e, (struct kept_item){KEPT_AREA, x->number, arena_dup(a, no, strlen(no)), x->title, ""},
            without_digits(x->title, a));
    }
    for (size_t i = 0; i < s->measure_count; i++) {
        const struct kept_measure *x = &s->measures[i];
        add_entry(e, (struct kept_item){KEPT_MEASURE, x->number, "", x->title, ""},
                  without_digits(x->title, a));
    }
    for (size_t i = 0; i < s->task_count; i++) {
        const struct kept_task *x = &s->tasks[i];
        add_entry(e, (struct kept_item){KEPT_TASK, x->number, x->id, x->text, task_facts(x, a)},
                  without_digits(x->text, a));
    }
    for (size_t i = 0; i < s->target_count; i++) {
        const struct kept_target *x = &s->targets[i];
        add_entry(e, (struct kept_item){KEPT_TARGET, x->number, x->id, x->text, target_facts(x, a)},
                  target_like(x, a));
    }
}

/* The document first, then areas, measures, tasks, targets: take_numbers() counts on it. */
static struct entries entries_of(const struct kept_document *d, const struct kept_set *s,
                                 struct arena *a) {
    struct entries e = {arena_alloc(a, (set_size(s) + 1) * sizeof *e.entry), 0};
    const char *title = d->title == NULL ? "" : d->title;
    add_entry(&e, (struct kept_item){KEPT_DOCUMENT, 1, "", title, document_facts(d, a)}, "");
    add_set(&e, s, a);
    return e;
}

/* ---- which is which ---- */

typedef int order(const struct entry *x, const struct entry *y);

static int by_sort(const struct entry *x, const struct entry *y) {
    return (x->item.sort > y->item.sort) - (x->item.sort < y->item.sort);
}

static int by_like(const struct entry *x, const struct entry *y) {
    int c = by_sort(x, y);
    return c != 0 ? c : strcmp(x->like, y->like);
}

static int by_text(const struct entry *x, const struct entry *y) {
    int c = by_sort(x, y);
    return c != 0 ? c : strcmp(x->item.text, y->item.text);
}

static int by_text_and_like(const struct entry *x, const struct entry *y) {
    int c = by_text(x, y);
    return c != 0 ? c : strcmp(x->like, y->like);
}

static int by_all(const struct entry *x, const struct entry *y) {
    int c = by_text_and_like(x, y);
    return c != 0 ? c : strcmp(x->item.facts, y->item.facts);
}

/* From the surest likeness to the least: two that are alike in all are not torn apart by one that
 * shares only its text, as the targets of one clause do. */
static order *const orders[] = {by_all, by_text_and_like, by_text, by_like};

static int compare_entries(const void *x, const void *y, void *data) {
    const struct entry *p = *(struct entry *const *)x;
    const struct entry *q = *(struct entry *const *)y;
    order *const *by = data;
    int c = (*by)(p, q);
    return c != 0 ? c : (p->at > q->at) - (p->at < q->at);
}

/* Those without a pair yet, in this order, document order among equals. */
static size_t unpaired(const struct entries *e, order *const *by, struct entry **to) {
    size_t n = 0;
    for (size_t i = 0; i < e->count; i++) {
        if (e->entry[i].pair == NULL) {
            to[n++] = &e->entry[i];
        }
    }
    order *how = *by;
    qsort_r(to, n, sizeof *to, compare_entries, &how);
    return n;
}

static void pair_by(order *const *by, const struct entries *old, const struct entries *now,
                    struct arena *a) {
    struct entry **x = arena_alloc(a, (old->count + 1) * sizeof(struct entry *));
    struct entry **y = arena_alloc(a, (now->count + 1) * sizeof(struct entry *));
    size_t n = unpaired(old, by, x);
    size_t m = unpaired(now, by, y);
    for (size_t i = 0, k = 0; i < n && k < m;) {
        int c = (*by)(x[i], y[k]);
        if (c == 0) {
            x[i]->pair = y[k];
            y[k]->pair = x[i];
        }
        i += c <= 0;
        k += c >= 0;
    }
}

static void pair_all(const struct entries *old, const struct entries *now, struct arena *a) {
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        pair_by(&orders[i], old, now, a);
    }
}

/* A pair keeps its number; what is new gets the next one of its sort. */
static void give_numbers(const struct entries *now, int64_t highest[KEPT_SORTS]) {
    for (size_t i = 0; i < now->count; i++) {
        struct entry *e = &now->entry[i];
        e->item.number = e->pair != NULL ? e->pair->item.number : ++highest[e->item.sort];
    }
}

/* Writes the numbers back to the set that the entries were made of. */
static void take_numbers(const struct entries *now, struct kept_set *set) {
    const struct entry *e = now->entry + 1; /* behind the document */
    for (size_t i = 0; i < set->area_count; i++) {
        set->areas[i].number = (e++)->item.number;
    }
    for (size_t i = 0; i < set->measure_count; i++) {
        set->measures[i].number = (e++)->item.number;
    }
    for (size_t i = 0; i < set->task_count; i++) {
        set->tasks[i].number = (e++)->item.number;
    }
    for (size_t i = 0; i < set->target_count; i++) {
        set->targets[i].number = (e++)->item.number;
    }
}

static bool is_changed(const struct entry *now) {
    return strcmp(now->item.text, now->pair->item.text) != 0 ||
           strcmp(now->item.facts, now->pair->item.facts) != 0;
}

static void list_changes(const struct entries *old, const struct entries *now, struct arena *a,
                         struct kept_answer *out) {
    struct kept_change *all = arena_alloc(a, (old->count + now->count + 1) * sizeof *all);
    size_t n = 0;
    for (size_t i = 0; i < now->count; i++) {
        const struct entry *e = &now->entry[i];
        if (e->pair == NULL || is_changed(e)) {
            all[n++] = (struct kept_change){e->pair == NULL ? NULL : &e->pair->item, &e->item};
        }
    }
    for (size_t i = 0; i < old->count; i++) {
        if (old->entry[i].pair == NULL) {
            all[n++] = (struct kept_change){&old->entry[i].item, NULL};
        }
    }
    out->changes = all;
    out->change_count = n;
}

/* ---- what the journal says ---- */

static void put_size(struct json_out *j, const char *key, size_t n) {
    json_key(j, key);
    json_int(j, (int64_t)n);
}

static void put_digest(struct json_out *j, const char *key, const unsigned char *digest) {
    char hex[2 * SHA256_BYTES + 1];
    json_put_str(j, key, hex_text(digest, SHA256_BYTES, hex));
}

static void put_plan(struct json_out *j, const struct kept_document *d, const struct kept_set *s) {
    json_put_str(j, "title", d->title);
    json_put_str(j, "issuer", d->issuer);
    json_put_int(j, "year", d->year);
    put_digest(j, "sha256", d->sha256);
    put_size(j, "bytes", d->len);
    put_size(j, "areas", s->area_count);
    put_size(j, "measures", s->measure_count);
    put_size(j, "tasks", s->task_count);
    put_size(j, "targets", s->target_count);
}

static void put_item(struct json_out *j, const char *key, const struct kept_item *item) {
    json_key(j, key);
    if (item == NULL) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_put_str(j, "id", item->id);
    json_put_str(j, "text", item->text);
    json_put_str(j, "facts", item->facts);
    json_obj_end(j);
}

void kept_put_change(struct json_out *j, const struct kept_change *c) {
    const struct kept_item *item = c->now == NULL ? c->old : c->now;
    json_obj(j);
    json_put_str(j, "change", kept_change_name(c));
    json_put_str(j, "of", kept_sort_name(item->sort));
    json_put_int(j, "number", item->number);
    put_item(j, "old", c->old);
    put_item(j, "now", c->now);
    json_obj_end(j);
}

/* An upper bound of what kept_put_change() writes: a byte becomes at most six, "\u0001". */
static size_t change_size(const struct kept_change *c) {
    const struct kept_item *items[] = {c->old, c->now};
    size_t n = 256; /* the keys, names and number */
    for (size_t i = 0; i < 2; i++) {
        if (items[i] != NULL) {
            n += 6 * (strlen(items[i]->id) + strlen(items[i]->text) + strlen(items[i]->facts));
        }
    }
    return n;
}

/* As many as fit the line; the rows hold them all. */
static void put_changes(struct json_out *j, const struct kept_answer *answer) {
    size_t done = 0;
    json_key(j, "changes");
    json_arr(j);
    while (done < answer->change_count && j->to->len < CHANGES_MAX &&
           change_size(&answer->changes[done]) < CHANGES_MAX) {
        kept_put_change(j, &answer->changes[done++]);
    }
    json_arr_end(j);
    put_size(j, "left_out", answer->change_count - done);
}

/* ---- the job ---- */

struct job {
    const struct kept_request *request;
    struct arena *arena;
    struct kept_identity id;
    struct kept_document document; /* what was read */
    struct kept_answer answer;
};

/* The line; `before` is NULL for a plan that is new. */
static enum code add_line(struct tx *tx, struct job *job, const struct kept_document *before,
                          struct err *err) {
    char subject[SUBJECT_MAX];
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    put_plan(&j, &job->document, &job->answer.set);
    if (before != NULL) {
        put_digest(&j, "before", before->sha256);
        put_changes(&j, &job->answer);
    }
    json_obj_end(&j);
    snprintf(subject, sizeof subject, "plan/%lld", (long long)job->answer.plan);
    struct journal_entry line = {job->request->actor, subject,
                                 before == NULL ? "plan.loaded" : "plan.revised", payload.data};
    enum code code = journal_add(tx, &line, &job->answer.line, err);
    buf_fini(&payload);
    return code;
}

static enum code add_rows(struct tx *tx, struct job *job, struct err *err) {
    job->document.from = job->answer.line;
    job->document.time_ms = tx_now_ms(tx);
    link_set(job->request->reading, &job->answer.set);
    return kept_db_add_rows(tx, job->answer.plan, &job->document, &job->answer.set, err);
}

static enum code load_new(struct tx *tx, struct job *job, struct err *err) {
    int64_t highest[KEPT_SORTS] = {0};
    struct entries now = entries_of(&job->document, &job->answer.set, job->arena);
    job->answer.result = KEPT_LOADED;
    give_numbers(&now, highest);
    take_numbers(&now, &job->answer.set);
    enum code code = kept_db_add(tx, &job->id, &job->answer.plan, err);
    if (code == OK) {
        code = add_line(tx, job, NULL, err);
    }
    return code == OK ? add_rows(tx, job, err) : code;
}

static enum code revise(struct tx *tx, struct job *job, const struct kept_document *before,
                        struct err *err) {
    job->answer.result = KEPT_REVISED;
    enum code code = add_line(tx, job, before, err);
    if (code == OK) {
        code = kept_db_end(tx, job->answer.plan, job->answer.line, err);
    }
    return code == OK ? add_rows(tx, job, err) : code;
}

static enum code correct(struct tx *tx, struct job *job, const struct kept_document *before,
                         const struct kept_set *kept, struct err *err) {
    int64_t highest[KEPT_SORTS];
    enum code code = kept_db_highest(tx, job->answer.plan, highest, err);
    if (code != OK) {
        return code;
    }
    struct entries old = entries_of(before, kept, job->arena);
    struct entries now = entries_of(&job->document, &job->answer.set, job->arena);
    pair_all(&old, &now, job->arena);
    give_numbers(&now, highest);
    take_numbers(&now, &job->answer.set);
    list_changes(&old, &now, job->arena, &job->answer);
    job->answer.line = before->from;
    job->answer.result = KEPT_CORRECTED;
    if (!job->request->confirmed) {
        return OK;
    }
    if (job->request->against != 0 && job->request->against != before->from) {
        return err_set(err, E_CONFLICT,
                       "cannot correct plan %" PRId64 ": what was confirmed corrects the text of "
                       "journal line %" PRId64 ", the plan is now of line %" PRId64,
                       job->answer.plan, job->request->against, before->from);
    }
    return revise(tx, job, before, err);
}

static enum code add(struct tx *tx, struct job *job, struct err *err) {
    struct kept_document before;
    struct kept_set kept;
    enum code code = kept_db_find(tx, &job->id, &job->answer.plan, err);
    if (code != OK || job->answer.plan == 0) {
        return code == OK ? load_new(tx, job, err) : code;
    }
    code = kept_find(tx, job->answer.plan, INT64_MAX, job->arena, &before, &kept, err);
    if (code != OK) {
        return code;
    }
    if (memcmp(before.sha256, job->document.sha256, SHA256_BYTES) == 0) {
        job->answer.result = KEPT_SAME;
        job->answer.line = before.from;
        return OK;
    }
    return correct(tx, job, &before, &kept, err);
}

/* ---- the request ---- */

static struct kept_document document_of(const struct reading *r) {
    struct kept_document d = {.name = r->doc.name,
                              .title = r->title_text,
                              .issuer = r->issuer,
                              .index_no = r->index_no,
                              .issued = r->issued[0] == '\0' ? NULL : r->issued,
                              .year = r->year,
                              .text = r->doc.text,
                              .len = r->doc.len};
    sha256_of(d.text, d.len, d.sha256);
    return d;
}

static enum code identify(const struct reading *r, struct kept_identity *out, struct err *err) {
    const char *who = r->issuer != NULL ? r->issuer : r->title_text;
    if (r->year == 0) {
        return err_set(err, E_INPUT, "cannot keep this plan: it does not say its year");
    }
    if (who == NULL || who[0] == '\0') {
        return err_set(err, E_INPUT,
                       "cannot keep this plan: it says neither who issued it nor its title");
    }
    *out = (struct kept_identity){who, r->year};
    return OK;
}

enum code kept_add(struct tx *tx, const struct kept_request *request, struct arena *a,
                   struct kept_answer *out, struct err *err) {
    struct job job = {.request = request, .arena = a};
    enum code code = identify(request->reading, &job.id, err);
    if (code != OK) {
        return code;
    }
    job.document = document_of(request->reading);
    set_of(request->reading, a, &job.answer.set);
    code = add(tx, &job, err);
    if (code == OK) {
        *out = job.answer;
    }
    return code;
}

struct load {
    const struct kept_request *request;
    struct arena *arena;
    struct kept_answer answer;
};

static enum code run_load(struct tx *tx, void *data, struct err *err) {
    struct load *load = data;
    return kept_add(tx, load->request, load->arena, &load->answer, err);
}

enum code kept_load(struct store *s, const struct kept_request *request, struct arena *a,
                    struct kept_answer *out, struct err *err) {
    struct load load = {.request = request, .arena = a};
    enum code code = store_write(s, STORE_CHANGE, run_load, &load, err);
    if (code == OK) {
        *out = load.answer;
    }
    return code;
}
