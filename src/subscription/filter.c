/* filter: see filter.h. */
#include "subscription/filter.h"

#include <string.h>

#include "base/utf8.h"
#include "ngsi/pattern.h"

static const struct entity_context WHOLE = {.count = 0}; /* names that are whole already */

static enum code compile_selector(const struct subscription_selector *s, struct arena *a,
                                  struct filter_selector *out, struct err *err) {
    enum code code = OK;
    out->id = s->id;
    if (s->types != NULL) {
        code = entity_types_parse(s->types, &WHOLE, a, &out->types, err);
    }
    if (code == OK && s->id_pattern != NULL) {
        code = pattern_compile(s->id_pattern, "idPattern", &out->pattern, err);
        out->has_pattern = code == OK;
    }
    return code;
}

static int digit_of(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Clients send the q of an address in a body too, percent-encoded: where every '%' of it begins two
 * digits, and what comes out is UTF-8, that is what is meant. */
static const char *decode(const char *q, struct arena *a) {
    char *to = arena_alloc(a, strlen(q) + 1);
    size_t n = 0;
    for (const char *p = q; *p != '\0'; p++) {
        int high = *p == '%' ? digit_of(p[1]) : -1;
        int low = high < 0 ? -1 : digit_of(p[2]);
        if (*p == '%' && (low < 0 || high * 16 + low == 0)) {
            return q;
        }
        to[n++] = (char)(*p == '%' ? high * 16 + low : *p);
        p += *p == '%' ? 2 : 0;
    }
    to[n] = '\0';
    return utf8_check(to, n) == n ? to : q;
}

static enum code compile_region(const struct subscription_geo *g, enum filter_from from,
                                struct arena *a, const struct entity_region **out,
                                struct err *err) {
    struct entity_region_words words = {.georel = g->georel,
                                        .geometry = g->geometry,
                                        .coordinates = g->coordinates,
                                        .geoproperty = g->property};
    if (g->georel == NULL) {
        return OK;
    }
    return from == FILTER_SENT ? entity_region_parse(&words, &WHOLE, a, out, err)
                               : entity_region_parse_kept(&words, &WHOLE, a, out, err);
}

/* Context sources are asked by nobody here, so only whether it can be read. */
static enum code check_csf(const struct subscription *s, struct arena *a, struct err *err) {
    const struct entity_q *q = NULL;
    enum code code =
        s->csf == NULL ? OK : entity_q_parse(decode(s->csf, a), &s->q_context, a, &q, err);
    entity_q_free(q);
    return code;
}

enum code filter_compile(const struct subscription *s, enum filter_from from, struct arena *a,
                         struct filter *out, struct err *err) {
    enum code code = OK;
    *out = (struct filter){.of = s};
    out->selectors = arena_zero(a, (s->selector_count + 1) * sizeof *out->selectors);
    for (size_t i = 0; i < s->selector_count && code == OK; i++) {
        code = compile_selector(&s->selectors[i], a, &out->selectors[i], err);
        out->selector_count++;
    }
    if (code == OK && s->q != NULL) {
        code = entity_q_parse(decode(s->q, a), &s->q_context, a, &out->q, err);
    }
    if (code == OK && s->scope_q != NULL) {
        code = entity_scopes_parse(s->scope_q, a, &out->scopes, err);
    }
    code = code == OK ? compile_region(&s->geo, from, a, &out->region, err) : code;
    return code == OK ? check_csf(s, a, err) : code;
}

void filter_fini(struct filter *f) {
    for (size_t i = 0; i < f->selector_count; i++) {
        if (f->selectors[i].has_pattern) {
            regfree(&f->selectors[i].pattern);
        }
    }
    entity_q_free(f->q);
    entity_region_free(f->region);
    *f = (struct filter)FILTER_INIT;
}

/* ---- which entities ---- */

static bool is_selected(const struct filter_selector *s, const struct entity *e) {
    return (s->types == NULL ||
            entity_types_match(s->types, (const char *const *)e->types, e->type_count)) &&
           (s->id == NULL || strcmp(s->id, e->id) == 0) &&
           (!s->has_pattern || pattern_finds(&s->pattern, e->id, strlen(e->id)));
}

static bool is_one_of_them(const struct filter *f, const struct entity *e) {
    for (size_t i = 0; i < f->selector_count; i++) {
        if (is_selected(&f->selectors[i], e)) {
            return true;
        }
    }
    return f->selector_count == 0;
}

bool filter_takes(const struct filter *f, const struct entity *e) {
    return is_one_of_them(f, e) && (f->q == NULL || entity_q_matches(f->q, e)) &&
           (f->scopes == NULL ||
            entity_scopes_match(f->scopes, (const char *const *)e->scopes, e->scope_count)) &&
           (f->region == NULL || entity_region_matches(f->region, e));
}

/* ---- which changes ---- */

static bool is_watched(const struct subscription *s, const char *name) {
    return s->watched.count == 0 || subscription_names_have(&s->watched, name);
}

static bool has_watched(const struct subscription *s, const struct entity *e) {
    for (size_t i = 0; i < e->count; i++) {
        if (is_watched(s, e->attributes[i].name)) {
            return true;
        }
    }
    return s->watched.count == 0;
}

static bool is_of_dataset(const struct subscription *s, const char *dataset) {
    return s->datasets.count == 0 ||
           subscription_names_have(&s->datasets, dataset == NULL ? SUBSCRIPTION_DEFAULT : dataset);
}

bool filter_hears(const struct filter *f, const char *name, const char *dataset) {
    const struct subscription *s = f->of;
    return (s->triggers & (ON_ATTRIBUTE_UPDATED | ON_ENTITY_UPDATED)) && is_watched(s, name) &&
           is_of_dataset(s, dataset);
}

bool filter_is_triggered(const struct filter *f, const struct entity_change *c,
                         const struct entity *e) {
    static const unsigned of_attribute[] = {
        [ENTITY_ADDED] = ON_ATTRIBUTE_CREATED | ON_ENTITY_UPDATED,
        [ENTITY_UPDATED] = ON_ATTRIBUTE_UPDATED | ON_ENTITY_UPDATED,
        [ENTITY_REMOVED] = ON_ATTRIBUTE_DELETED | ON_ENTITY_UPDATED,
    };
    const struct subscription *s = f->of;
    unsigned made = c->event == ENTITY_ADDED ? ON_ENTITY_CREATED : 0;
    if (c->event == ENTITY_REMOVED) { /* all its attributes went with it */
        made = ON_ENTITY_DELETED | ON_ATTRIBUTE_DELETED;
    }
    if ((s->triggers & made) && has_watched(s, e)) {
        return true;
    }
    for (size_t i = 0; i < c->count; i++) {
        const struct entity_change_attribute *x = &c->attributes[i];
        /* what a new entity has is new, and no update of it */
        unsigned on = of_attribute[x->event];
        on &= c->event == ENTITY_ADDED ? ~(unsigned)ON_ENTITY_UPDATED : ~0u;
        if ((s->triggers & on) && is_watched(s, x->name) && is_of_dataset(s, x->dataset)) {
            return true;
        }
    }
    return false;
}
