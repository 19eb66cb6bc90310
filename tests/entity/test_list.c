/* Queries over entities that are kept: each source and each condition, pages, counts; what is read
 * of a row; the types and attributes that there are. */
#include "entity/entity_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "entity/entity_heads.h"
#include "entity/entity_store.h"
#include "ngsi/entity_read.h"
#include "ngsi/entity_row.h"
#include "ngsi/entity_write.h"
#include "ngsi/sphere.h"
#include "store/fixture.h"

static const struct schema *const schemas[] = {&entity_schema};
static const struct entity_context no_context = {NULL, 0};

struct town {
    struct fixture f;
    struct arena arena;
    struct entity_heads *heads; /* which every query is asked with, and without */
};

static void town_init(struct town *t) {
    t->arena = (struct arena)ARENA_INIT;
    fixture_init(&t->f);
    t->f.config.schemas = schemas;
    fixture_open(&t->f);
    t->heads = entity_heads_new();
}

static void town_fini(struct town *t) {
    entity_heads_free(t->heads);
    arena_fini(&t->arena);
    fixture_fini(&t->f);
}

struct job {
    struct town *town;
    const char *json;
    enum entity_deed deed;
};

static enum code run(struct tx *tx, void *data, struct err *err) {
    struct job *job = data;
    struct arena *a = &job->town->arena;
    const struct entity_job doing = {.tx = tx, .arena = a};
    struct entity_how how = {&no_context, ENTITY_CONCISE,
                             job->deed == ENTITY_CREATE ? ENTITY_WHOLE : ENTITY_FRAGMENT};
    struct entity_outcome outcome;
    const struct json_value *v;
    struct entity e;
    enum code code = json_read(job->json, strlen(job->json), a, &v, err);
    if (code == OK) {
        code = entity_read(v, &how, a, &e, err);
    }
    if (code == OK) {
        code = entity_apply(&doing, job->deed, &e, &outcome, err);
    }
    if (code != OK) {
        return code;
    }
    struct entity_note note = {"u/1", "changed", &e.id, 1, "{}", 2};
    return entity_note(tx, &note, err);
}

static void apply(struct town *t, enum entity_deed deed, const char *json) {
    struct job job = {t, json, deed};
    if (fixture_write(&t->f, run, &job) != OK) {
        fail_msg("%s: %s", json, t->f.err.msg);
    }
}

/* ---- asking ---- */

/* A query in words. */
struct ask {
    const char *type, *ids, *pattern, *attrs, *q, *scope_q;
    struct entity_region_words region;
    int64_t offset, limit;
    bool count;
};

static size_t split(const char *text, struct arena *a, const char **to) {
    size_t count = 0;
    while (text != NULL && *text != '\0') {
        size_t n = strcspn(text, ",");
        to[count++] = arena_dup(a, text, n);
        text += n + (text[n] == ',');
    }
    return count;
}

static void read_words(struct town *t, const struct ask *w, struct entity_selector *s,
                       struct entity_query *q) {
    static const char *ids[16];
    static const char *names[16];
    struct arena *a = &t->arena;
    *s = (struct entity_selector){.ids = ids, .id_pattern = w->pattern};
    s->id_count = split(w->ids, a, ids);
    *q = (struct entity_query){.selectors = s,
                               .selector_count = 1,
                               .attributes = names,
                               .offset = w->offset,
                               .limit = w->limit == 0 ? 100 : w->limit,
                               .count = w->count};
    q->attribute_count = split(w->attrs, a, names);
    for (size_t i = 0; i < q->attribute_count; i++) {
        assert_int_equal(entity_expand(&no_context, names[i], a, &names[i], NULL), OK);
    }
    if (w->type != NULL) {
        assert_int_equal(entity_types_parse(w->type, &no_context, a, &s->types, NULL), OK);
    }
    if (w->q != NULL) {
        assert_int_equal(entity_q_parse(w->q, &no_context, a, &q->q, NULL), OK);
    }
    if (w->scope_q != NULL) {
        assert_int_equal(entity_scopes_parse(w->scope_q, a, &q->scopes, NULL), OK);
    }
    if (w->region.georel != NULL) {
        assert_int_equal(entity_region_parse(&w->region, &no_context, a, &q->region, NULL), OK);
    }
}

/* What an entity has, as it would leave. */
static const char *shown(struct town *t, const struct entity *e) {
    struct buf to = BUF_INIT;
    struct json_out j;
    struct entity_look look = {.context = &no_context, .form = ENTITY_NORMALIZED, .times = true};
    json_init(&j, &to, 0);
    entity_write(e, &look, &t->arena, &j);
    const char *text = arena_dup(&t->arena, to.data, to.len);
    buf_fini(&to);
    return text;
}

static const char *written(struct town *t, const struct entity *e, const struct entity_look *look) {
    struct buf to = BUF_INIT;
    struct json_out j;
    json_init(&j, &to, 0);
    entity_write(e, look, &t->arena, &j);
    entity_write_feature(e, look, &t->arena, &j);
    const char *text = arena_dup(&t->arena, to.data, to.len);
    buf_fini(&to);
    return text;
}

static void read_context(struct town *t, struct entity_context *to) {
    static const char terms[] = "{\"alpha\":\"" ENTITY_DEFAULT "a\",\"b\":\"https://other/b\"}";
    const struct json_value *v;
    assert_int_equal(json_read(terms, sizeof terms - 1, &t->arena, &v, NULL), OK);
    assert_int_equal(entity_context_read(v, &t->arena, to, NULL), OK);
}

/* In all forms: what leaves as its row has it is what would be written without that row. */
static void expect_as_kept(struct town *t, const struct entity *e) {
    struct entity bare = *e;
    struct entity_context own;
    read_context(t, &own);
    bare.attributes = arena_zero(&t->arena, (e->count + 1) * sizeof *bare.attributes);
    for (size_t i = 0; i < e->count; i++) {
        bare.attributes[i] = e->attributes[i];
        bare.attributes[i].row = NULL;
    }
    for (unsigned i = 0; i < 3 * 2 * 2 * 2; i++) {
        const struct entity_look look = {.context = i / 3 % 2 ? &own : &no_context,
                                         .form = (enum entity_form)(i % 3),
                                         .times = i / 6 % 2,
                                         .lang = i / 12 ? "zh" : NULL,
                                         .quality = i / 12};
        assert_string_equal(written(t, e, &look), written(t, &bare, &look));
    }
}

/* A page reads rows by hundreds, entity_load() one by one: both must be the same. */
static void expect_same(struct town *t, struct tx *tx, const struct entity *e) {
    struct entity alone;
    assert_int_equal(entity_load(tx, e->id, &t->arena, &alone, &t->f.err), OK);
    assert_string_equal(shown(t, e), shown(t, &alone));
    expect_as_kept(t, e);
    expect_as_kept(t, &alone);
}

static void found_text(struct town *t, const struct ask *w, struct entity_heads *heads, char *text,
                       size_t size) {
    struct entity_selector s;
    struct entity_query q;
    struct entity_page page;
    size_t n = 0;
    read_words(t, w, &s, &q);
    q.heads = heads;
    struct tx *tx = fixture_read(&t->f);
    t->f.err = (struct err)ERR_INIT;
    enum code code = entity_list(tx, &q, &t->arena, &page, &t->f.err);
    if (code != OK) {
        snprintf(text, size, "%s", t->f.err.msg);
    }
    for (size_t i = 0; code == OK && i < page.count; i++) {
        n += (size_t)snprintf(text + n, size - n, "%s ", page.entities[i].id + 6);
        expect_same(t, tx, &page.entities[i]);
    }
    if (code == OK) {
        snprintf(text + n, size - n, "%s%lld", page.more ? "... " : "",
                 w->count ? (long long)page.total : 0);
    }
    store_read_end(tx);
    entity_q_free(q.q);
    entity_region_free(q.region);
}

static void expect(struct town *t, struct ask w, const char *expected) {
    char text[4096];
    struct entity_heads *heads[] = {NULL, t->heads, t->heads}; /* the last time they are known */
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        found_text(t, &w, heads[i], text, sizeof text);
        assert_string_equal(text, expected);
    }
}

/* ---- what is asked ---- */

static void make_many(struct town *t) {
    char json[512];
    for (int i = 0; i < 12; i++) {
        snprintf(json, sizeof json,
                 "{\"id\":\"urn:x:%d\",\"type\":%s,\"%s\":{\"value\":%d,\"unitCode\":\"GQ\","
                 "\"observedAt\":\"2026-03-01T08:00:00Z\",\"by\":{\"object\":\"urn:by:%d\"}},"
                 "\"scope\":\"/town/%s\",\"location\":{\"type\":\"Point\",\"coordinates\":"
                 "[%d.5,31]}}",
                 i,
                 i == 4  ? "[\"Even\",\"Four\"]"
                 : i % 2 ? "\"Odd\""
                         : "\"Even\"",
                 i % 3 ? "a" : "b", i, i, i % 2 ? "odd" : "even", 100 + i);
        apply(t, ENTITY_CREATE, json);
    }
}

static void sources_find_what_is_asked_for(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    make_many(&t);
    expect(&t, (struct ask){.type = "Odd", .limit = 4}, "1 3 5 7 ... 0");
    expect(&t, (struct ask){.type = "Odd", .limit = 4, .offset = 4, .count = true}, "9 11 6");
    expect(&t, (struct ask){.type = "Odd", .limit = 4, .offset = 9, .count = true}, "6");
    expect(&t, (struct ask){.type = "Odd,Even", .limit = 1, .count = true}, "0 ... 12");
    expect(&t, (struct ask){.type = "Odd,Four", .limit = 5}, "1 3 4 5 7 ... 0");
    expect(&t, (struct ask){.type = "Even,Four", .count = true}, "0 2 4 6 8 10 6");
    expect(&t, (struct ask){.type = "Even;Four"}, "4 0");
    expect(&t, (struct ask){.type = "(Even;Four),Odd", .limit = 3}, "1 3 4 ... 0");
    expect(&t, (struct ask){.type = "*", .limit = 2}, "0 1 ... 0");
    expect(&t, (struct ask){.type = "None"}, "0");
    expect(&t, (struct ask){.type = "None", .count = true}, "0");
    expect(&t, (struct ask){.attrs = "b"}, "0 3 6 9 0");
    expect(&t, (struct ask){.attrs = "b,none"}, "0 3 6 9 0");
    expect(&t, (struct ask){.attrs = "b,a", .limit = 3}, "0 1 2 ... 0");
    expect(&t, (struct ask){.attrs = "none"}, "0");
    expect(&t, (struct ask){.attrs = "b", .type = "Odd"}, "3 9 0");
    expect(&t, (struct ask){.ids = "urn:x:4,urn:x:3,urn:x:99"}, "3 4 0");
    expect(&t, (struct ask){.ids = "urn:x:4,urn:x:3", .type = "Odd"}, "3 0");
    expect(&t, (struct ask){.ids = "urn:x:4", .pattern = "x:1"}, "4 0");
    expect(&t, (struct ask){.pattern = "x:1"}, "1 10 11 0");
    expect(&t, (struct ask){.pattern = "x:1$", .type = "Odd"}, "1 0");
    expect(&t, (struct ask){.pattern = "("}, "cannot take idPattern \"(\": Unmatched ( or \\(");
    expect(&t, (struct ask){0}, "0 1 2 3 4 5 6 7 8 9 10 11 0");
    town_fini(&t);
}

#define NEAR(point, m)                                                                             \
    { "near;maxDistance==" m, "Point", point, NULL }

static void conditions_are_met(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    make_many(&t);
    expect(&t, (struct ask){.q = "a>7"}, "8 10 11 0");
    expect(&t, (struct ask){.q = "a>7|b==6.0"}, "6 8 10 11 0");
    expect(&t, (struct ask){.q = "a>7", .type = "Odd"}, "11 0");
    expect(&t, (struct ask){.q = "a>1;a.by==urn:by:7", .type = "Odd,Even"}, "7 0");
    expect(&t, (struct ask){.q = "!a", .count = true, .limit = 2}, "0 3 ... 4");
    expect(&t, (struct ask){.q = "createdAt>2021-02-07T02:59:59Z", .limit = 2}, "0 1 ... 0");
    expect(&t, (struct ask){.q = "createdAt>2021-02-07T03:00:00Z"}, "0");
    expect(&t, (struct ask){.q = "a.modifiedAt==2021-02-07T03:00:00Z", .limit = 1}, "1 ... 0");
    expect(&t, (struct ask){.q = "none"}, "0");
    expect(&t, (struct ask){.scope_q = "/town/odd", .limit = 2}, "1 3 ... 0");
    expect(&t, (struct ask){.scope_q = "/town/#", .type = "Four"}, "4 0");
    expect(&t, (struct ask){.scope_q = "/none/#"}, "0");
    expect(&t, (struct ask){.region = NEAR("[103.5,31]", "1000")}, "3 0");
    expect(&t, (struct ask){.region = NEAR("[103.5,31]", "100000")}, "2 3 4 0");
    expect(&t, (struct ask){.region = NEAR("[103.5,31]", "100000"), .type = "Even"}, "2 4 0");
    expect(&t, (struct ask){.region = NEAR("[103.5,31]", "100000"), .q = "a"}, "2 4 0");
    expect(&t, (struct ask){.region = NEAR("[103.5,35]", "100000")}, "0");
    expect(&t,
           (struct ask){.region = {"within", "Polygon",
                                   "[[[103,30],[106,30],[106,32],[103,32],[103,30]]]", NULL}},
           "3 4 5 0");
    expect(&t, (struct ask){.region = {"near;minDistance==600000", "Point", "[103.5,31]", NULL}},
           "10 11 0");
    expect(&t, (struct ask){.region = {"disjoint", "Point", "[103.5,31]", NULL}, .limit = 4},
           "0 1 2 4 ... 0");
    expect(&t, (struct ask){.region = {"equals", "Point", "[103.5,31]", "a"}}, "0");
    town_fini(&t);
}

static void selectors_are_alternatives(void **state) {
    const char *ids[] = {"urn:x:3", "urn:x:4"};
    struct entity_selector s[2] = {{.ids = ids, .id_count = 2}, {.id_pattern = "x:1$"}};
    struct entity_query q = {.selectors = s, .selector_count = 2, .limit = 9};
    struct entity_page page;
    struct town t;
    (void)state;
    town_init(&t);
    make_many(&t);
    assert_int_equal(entity_types_parse("Odd", &no_context, &t.arena, &s[0].types, NULL), OK);
    assert_int_equal(entity_types_parse("Odd", &no_context, &t.arena, &s[1].types, NULL), OK);
    struct tx *tx = fixture_read(&t.f);
    assert_int_equal(entity_list(tx, &q, &t.arena, &page, &t.f.err), OK);
    assert_int_equal(page.count, 2);
    assert_string_equal(page.entities[0].id, "urn:x:1");
    assert_string_equal(page.entities[1].id, "urn:x:3");
    q.selector_count = ENTITY_SELECTORS_MAX + 1;
    assert_int_equal(entity_list(tx, &q, &t.arena, &page, &t.f.err), E_LIMIT);
    store_read_end(tx);
    town_fini(&t);
}

/* What is known of an entity is not used behind a change of it. */
static void heads_follow_changes(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    make_many(&t);
    struct ask all = {.type = "Odd", .scope_q = "/town/odd"};
    expect(&t, all, "1 3 5 7 9 11 0");
    apply(&t, ENTITY_APPEND, "{\"id\":\"urn:x:3\",\"type\":\"More\"}");
    apply(&t, ENTITY_APPEND, "{\"id\":\"urn:x:5\",\"scope\":\"/else\"}");
    apply(&t, ENTITY_DELETE, "{\"id\":\"urn:x:7\"}");
    expect(&t, all, "1 3 9 11 0");
    expect(&t, (struct ask){.type = "Odd;More"}, "3 0");
    expect(&t, (struct ask){.type = "Odd", .scope_q = "/else"}, "5 0");
    apply(&t, ENTITY_CREATE, "{\"id\":\"urn:x:7\",\"type\":\"Even\"}");
    expect(&t, all, "1 3 9 11 0");
    expect(&t, (struct ask){.type = "Even", .pattern = "[67]"}, "6 7 0");
    apply(&t, ENTITY_DELETE, "{\"id\":\"urn:x:7\"}");
    expect(&t, (struct ask){.type = "Even", .pattern = "[67]"}, "6 0");
    town_fini(&t);
}

static enum code observe(struct tx *tx, void *data, struct err *err) {
    struct town *t = data;
    const struct entity_job doing = {.tx = tx, .arena = &t->arena};
    static const char json[] = "{\"id\":\"urn:x:1\",\"a\":{\"value\":99,\"observedAt\":"
                               "\"2026-03-02T08:00:00Z\"}}";
    struct entity_how how = {&no_context, ENTITY_CONCISE, ENTITY_FRAGMENT};
    struct entity_outcome outcome;
    const struct json_value *v;
    struct entity e;
    assert_int_equal(json_read(json, strlen(json), &t->arena, &v, err), OK);
    assert_int_equal(entity_read(v, &how, &t->arena, &e, err), OK);
    enum code code = entity_apply(&doing, ENTITY_UPDATE, &e, &outcome, err);
    assert_true(entity_only_observed(tx));
    return code;
}

/* An observation has no line in the journal, and is seen all the same. */
static void heads_keep_no_values(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    make_many(&t);
    expect(&t, (struct ask){.type = "Odd", .q = "a>10"}, "11 0");
    assert_int_equal(fixture_write(&t.f, observe, &t), OK);
    expect(&t, (struct ask){.type = "Odd", .q = "a>10"}, "1 11 0");
    town_fini(&t);
}

/* A head that is too large is read each time. */
static void heads_are_bounded(void **state) {
    char scopes[4096] = "\"/first\"";
    char json[5000];
    struct town t;
    (void)state;
    town_init(&t);
    make_many(&t);
    for (int i = 0; i < 60; i++) {
        snprintf(scopes + strlen(scopes), 40, ",\"/scope/number/n%d\"", i);
    }
    snprintf(json, sizeof json, "{\"id\":\"urn:x:2\",\"scope\":[%s]}", scopes);
    apply(&t, ENTITY_APPEND, json);
    expect(&t, (struct ask){.type = "Even", .limit = 3}, "0 2 4 ... 0");
    expect(&t, (struct ask){.type = "Even", .scope_q = "/scope/number/n59"}, "2 0");
    town_fini(&t);
}

/* More candidates than one chunk, with matches far apart. */
static void pages_go_through_chunks(void **state) {
    char json[128];
    struct town t;
    (void)state;
    town_init(&t);
    for (int i = 0; i < 700; i++) {
        snprintf(json, sizeof json, "{\"id\":\"urn:x:%d\",\"type\":\"T\",\"v\":%d}", i, i % 100);
        apply(&t, ENTITY_CREATE, json);
    }
    expect(&t, (struct ask){.type = "T", .q = "v==99", .limit = 2}, "99 199 ... 0");
    expect(&t, (struct ask){.type = "T", .q = "v==99", .limit = 2, .offset = 5}, "599 699 0");
    expect(&t, (struct ask){.type = "T", .q = "v==99", .limit = 3, .offset = 2, .count = true},
           "299 399 499 ... 7");
    expect(&t, (struct ask){.type = "T", .q = "v>=0", .limit = 1, .count = true}, "0 ... 700");
    expect(&t, (struct ask){.type = "T", .limit = 2, .offset = 698}, "698 699 0");
    town_fini(&t);
}

static struct sphere_place place_of(int i) {
    return (struct sphere_place){120 + i * 7 % 20 / 1e3, 31 + i * 7 / 20 % 20 / 1e3};
}

/* Numbers close together are read as a run, with those of others in between. */
static void runs_pass_over_others(void **state) {
    char json[160];
    struct town t;
    (void)state;
    town_init(&t);
    for (int i = 0; i < 80; i++) {
        snprintf(json, sizeof json, "{\"id\":\"urn:x:%d\",\"type\":\"%s\",\"v\":%d,\"%s\":0}", i,
                 i % 6 == 5 ? "U" : "T", i % 40, i % 3 ? "w" : "x");
        apply(&t, ENTITY_CREATE, json);
    }
    apply(&t, ENTITY_DELETE, "{\"id\":\"urn:x:8\"}");
    expect(&t, (struct ask){.type = "T", .limit = 9}, "0 1 2 3 4 6 7 9 10 ... 0");
    expect(&t, (struct ask){.type = "T", .q = "v==38|v==39|v==2", .limit = 9},
           "2 38 39 42 78 79 0");
    expect(&t, (struct ask){.type = "T", .q = "w", .offset = 37, .limit = 9}, "76 79 0");
    expect(&t, (struct ask){.type = "U", .limit = 3}, "5 11 17 ... 0");
    town_fini(&t);
}

/* So many places that their tree has levels; each is held against the middle by itself too. */
static void places_come_in_order(void **state) {
    static const struct sphere_place middle = {120.01, 31.01};
    static const struct entity_region_words near = NEAR("[120.01,31.01]", "600");
    char json[192];
    char all[4096];
    char odd[4096];
    size_t n = 0;
    size_t k = 0;
    struct town t;
    (void)state;
    town_init(&t);
    for (int i = 0; i < 400; i++) {
        struct sphere_place p = place_of(i);
        snprintf(json, sizeof json,
                 "{\"id\":\"urn:x:%d\",\"type\":\"T\",\"v\":%d,\"location\":{\"type\":\"Point\","
                 "\"coordinates\":[%.3f,%.3f]}}",
                 i, i % 2, p.lon, p.lat);
        apply(&t, ENTITY_CREATE, json);
        if (sphere_distance_m(middle, p) <= 600) {
            n += (size_t)snprintf(all + n, sizeof all - n, "%d ", i);
            k += i % 2 ? (size_t)snprintf(odd + k, sizeof odd - k, "%d ", i) : 0;
        }
    }
    assert_true(n > 100 && k > 50);
    snprintf(all + n, sizeof all - n, "0");
    snprintf(odd + k, sizeof odd - k, "0");
    expect(&t, (struct ask){.region = near, .limit = 400}, all);
    expect(&t, (struct ask){.region = near, .q = "v==1", .type = "T"}, odd);
    apply(&t, ENTITY_CREATE,
          "{\"id\":\"urn:x:wide\",\"type\":\"T\",\"location\":{\"type\":"
          "\"LineString\",\"coordinates\":[[119,31.02],[121,31.02]]}}");
    expect(&t, (struct ask){.region = NEAR("[120.01,31.0198]", "60")}, "wide 0");
    town_fini(&t);
}

/* ---- rows ---- */

/* What is kept of an entity is what was sent, read by itself. */
static void expect_sent(struct town *t, const char *id, const char *json) {
    const struct entity_how how = {&no_context, ENTITY_CONCISE, ENTITY_WHOLE};
    const struct json_value *v;
    struct entity sent, kept;
    assert_int_equal(json_read(json, strlen(json), &t->arena, &v, NULL), OK);
    assert_int_equal(entity_read(v, &how, &t->arena, &sent, NULL), OK);
    struct tx *tx = fixture_read(&t->f);
    assert_int_equal(entity_load(tx, id, &t->arena, &kept, NULL), OK);
    kept.created_ms = kept.modified_ms = 0; /* which nothing that is sent has */
    for (size_t i = 0; i < kept.count; i++) {
        kept.attributes[i].created_ms = 0;
    }
    assert_string_equal(shown(t, &kept), shown(t, &sent));
    store_read_end(tx);
}

static void rows_are_read_as_they_were_written(void **state) {
    static const char *const members[] = {
        "\"a\":1",
        "\"a\":\"text \\\" with \\\\ escapes \\u0001\"",
        "\"a\":[1,[2,{\"b\":\"}\"}],\"]\"]",
        "\"a\":{\"value\":{\"x\":{\"y\":\"{\"}},\"unitCode\":\"G\\\"Q\"}",
        "\"a\":{\"value\":-1.50e3,\"unitCode\":\"GQ\",\"observedAt\":\"2026-03-01T08:00:00.25Z\"}",
        "\"a\":{\"value\":1,\"b\":{\"value\":2,\"c\":{\"value\":3,\"d\":{\"object\":\"urn:a:b\"}}}"
        "}",
        "\"a\":{\"value\":1,\"b\":{\"value\":2},\"c\":{\"value\":\"\\n\"},\"d\":4}",
        "\"a\":[{\"value\":1},{\"value\":2,\"datasetId\":\"urn:d:2\"}]",
        "\"a\":{\"value\":1,\"b\":[{\"value\":2},{\"value\":3,\"datasetId\":\"urn:d:3\"}]}",
        "\"a\":{\"object\":\"urn:a:b\"},\"b\":{\"object\":[\"urn:a:b\",\"urn:a:c\"]}",
        "\"a\":{\"languageMap\":{\"en\":\"x\",\"zh\":[\"y\",\"z\"]}}",
        "\"a\":{\"vocab\":[\"x\",\"y\"]},\"b\":{\"json\":{\"type\":\"Property\",\"value\":1}}",
        "\"a\":{\"valueList\":[1,2]},\"b\":{\"objectList\":[{\"object\":\"urn:a:b\"}]}",
        "\"a\":{\"value\":1,\"valueType\":\"Temperature\"}",
        "\"a\":{\"value\":\"无锡\",\"unitCode\":\"µg\",\"observedAt\":\"2026-03-01T08:00:00."
        "000Z\"}",
        "\"a\":{\"value\":0.10E-7,\"observedAt\":\"2026-03-01T08:00:00,5Z\"}",
        "\"a\":[{\"value\":1,\"unitCode\":\"GQ\",\"observedAt\":\"2026-03-01T08:00:00Z\","
        "\"datasetId\":\"urn:d:1\"},{\"value\":{\"coordinates\":1},\"datasetId\":\"urn:d:2\"}]",
        "\"https://a.b/c\":true,\"z\":false,\"location\":{\"type\":\"Polygon\",\"coordinates\":"
        "[[[0,0],[1,0],[1,1],[0,0]]]}",
    };
    struct town t;
    char json[512];
    char id[32];
    char expected[16];
    (void)state;
    town_init(&t);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        snprintf(json, sizeof json, "{\"id\":\"urn:x:%zu\",\"type\":\"T\",%s}", i, members[i]);
        apply(&t, ENTITY_CREATE, json);
        snprintf(id, sizeof id, "urn:x:%zu", i);
        snprintf(expected, sizeof expected, "%zu 0", i);
        expect_sent(&t, id, json);
        expect(&t, (struct ask){.ids = id}, expected);
    }
    town_fini(&t);
}

/* Which rows are kept beside: those alone that are as they would be written. */
static void rows_stand_as_they_leave(void **state) {
    static const struct {
        const char *json;
        bool kept;
    } rows[] = {
        {"{\"type\":\"Property\",\"value\":1.0e2}", true},
        {"{\"type\":\"Property\",\"value\":\"\\u00e4\\n\",\"unitCode\":\"GQ\"}", true},
        {"{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-03-01T08:00:00Z\"}", true},
        {"{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-03-01T08:00:00.250Z\"}", true},
        {"{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-03-01T08:00:00.000Z\"}", true},
        {"{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-03-01T08:00:00.25Z\"}", false},
        {"{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-03-01T08:00:00,250Z\"}", false},
        {"{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-03-01T08:00:00+08:00\"}", false},
        {"{\"type\":\"Property\",\"unitCode\":\"GQ\",\"value\":1}", false},
        {"{\"type\":\"Property\",\"value\":1,\"unitCode\":\"G\\\"Q\"}", false},
        {"{\"type\":\"Property\",\"value\":1,\"urn:x:b\":{\"type\":\"Property\",\"value\":2}}",
         false},
        {"{\"type\":\"Relationship\",\"object\":\"urn:a:b\",\"datasetId\":\"urn:d:1\"}", true},
    };
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct entity_attribute x = {.name = NULL};
        char *json = arena_dup(&a, rows[i].json, strlen(rows[i].json));
        assert_int_equal(entity_row_read(json, strlen(json), &a, &x, NULL), OK);
        if (rows[i].kept) {
            assert_string_equal(x.row, rows[i].json);
        } else {
            assert_null(x.row);
        }
    }
    arena_fini(&a);
}

static void rows_that_are_none_are_refused(void **state) {
    static const char *const bad[] = {
        "",
        "{",
        "{\"type\":\"Property\"}",
        "{\"type\":\"None\",\"value\":1}",
        "{\"type\":\"Property\",\"value\":}",
        "{\"type\":\"Property\",\"value\":1",
        "{\"type\":\"Property\",\"value\":1}x",
        "{\"type\":\"Property\",\"value\":\"x}",
        "{\"type\":\"Property\",\"value\":[1}",
    };
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct entity_attribute x = {.name = NULL};
        char *json = arena_dup(&a, bad[i], strlen(bad[i]));
        if (entity_row_read(json, strlen(json), &a, &x, NULL) == OK) {
            fail_msg("%s", bad[i]);
        }
    }
    arena_fini(&a);
}

/* ---- what there is ---- */

static void expect_names(const struct entity_names *names, const char *expected) {
    char text[512] = "";
    for (size_t i = 0; i < names->count; i++) {
        strcat(strcat(text, strrchr(names->all[i], '/') + 1), " ");
    }
    assert_string_equal(text, expected);
}

static void types_and_attributes_are_those_there_are(void **state) {
    struct entity_names names;
    struct entity_known known;
    struct town t;
    (void)state;
    town_init(&t);
    make_many(&t);
    apply(&t, ENTITY_CREATE, "{\"id\":\"urn:x:99\",\"type\":\"Gone\",\"gone\":1}");
    apply(&t, ENTITY_DELETE, "{\"id\":\"urn:x:99\"}");
    apply(&t, ENTITY_CREATE,
          "{\"id\":\"urn:x:98\",\"type\":\"Odd\",\"a\":{\"object\":\"urn:a:b\"}}");
    struct tx *tx = fixture_read(&t.f);
    struct err *err = &t.f.err;
    assert_int_equal(entity_list_types(tx, &t.arena, &names, err), OK);
    expect_names(&names, "Even Four Odd ");
    assert_int_equal(entity_list_attributes(tx, &t.arena, &names, err), OK);
    expect_names(&names, "a b location ");
    assert_int_equal(entity_known_type(tx, ENTITY_DEFAULT "Odd", &t.arena, &known, err), OK);
    assert_int_equal(known.count, 7);
    expect_names(&known.names, "a b location ");
    assert_int_equal(known.kinds[0], 1U << ENTITY_PROPERTY | 1U << ENTITY_RELATIONSHIP);
    assert_int_equal(known.kinds[2], 1U << ENTITY_GEO);
    assert_int_equal(entity_known_type(tx, ENTITY_DEFAULT "Gone", &t.arena, &known, err), OK);
    assert_int_equal(known.count, 0);
    assert_int_equal(entity_known_attribute(tx, ENTITY_DEFAULT "b", &t.arena, &known, err), OK);
    assert_int_equal(known.count, 4);
    expect_names(&known.names, "Even Odd ");
    assert_int_equal(known.kind, 1U << ENTITY_PROPERTY);
    assert_int_equal(entity_known_attribute(tx, ENTITY_DEFAULT "gone", &t.arena, &known, err), OK);
    assert_int_equal(known.count, 0);
    store_read_end(tx);
    town_fini(&t);
}

static void nothing_is_there_at_first(void **state) {
    struct entity_names names;
    struct town t;
    (void)state;
    town_init(&t);
    struct tx *tx = fixture_read(&t.f);
    assert_int_equal(entity_list_types(tx, &t.arena, &names, &t.f.err), OK);
    assert_int_equal(names.count, 0);
    assert_int_equal(entity_list_attributes(tx, &t.arena, &names, &t.f.err), OK);
    assert_int_equal(names.count, 0);
    store_read_end(tx);
    expect(&t, (struct ask){.type = "T", .count = true}, "0");
    town_fini(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_find_what_is_asked_for),
        cmocka_unit_test(conditions_are_met),
        cmocka_unit_test(selectors_are_alternatives),
        cmocka_unit_test(heads_follow_changes),
        cmocka_unit_test(heads_keep_no_values),
        cmocka_unit_test(heads_are_bounded),
        cmocka_unit_test(pages_go_through_chunks),
        cmocka_unit_test(runs_pass_over_others),
        cmocka_unit_test(places_come_in_order),
        cmocka_unit_test(rows_are_read_as_they_were_written),
        cmocka_unit_test(rows_stand_as_they_leave),
        cmocka_unit_test(rows_that_are_none_are_refused),
        cmocka_unit_test(types_and_attributes_are_those_there_are),
        cmocka_unit_test(nothing_is_there_at_first),
    };
    return cmocka_run_group_tests_name("entity/list", tests, NULL, NULL);
}
