/* fuzz_history: any bytes -> what a client may say of time, and values that are tallied.
 *
 * The input is lines. The first three are timerel, timeAt and endTimeAt ("-" for one that is not
 * said), then a duration and a list of methods; each line after those is a value. Held: a stretch
 * has a length; a duration makes periods that hold the moment they are asked for and follow each
 * other; a number that is read is written as one that is read as the same; answers are JSON. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/json_read.h"
#include "base/wide.h"
#include "ngsi/entity_period.h"
#include "ngsi/entity_tally.h"

enum { LINE_MAX_BYTES = 512, LINES = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next line; NULL behind the last. */
static const char *next_line(const uint8_t **at, size_t *left, char to[LINE_MAX_BYTES]) {
    size_t n = 0;
    if (*left == 0) {
        return NULL;
    }
    while (*left > 0 && **at != '\n') {
        if (n + 1 < LINE_MAX_BYTES && **at != '\0') {
            to[n++] = (char)**at;
        }
        ++*at;
        --*left;
    }
    *at += *left > 0;
    *left -= *left > 0;
    to[n] = '\0';
    return to;
}

static void check_periods(const struct entity_duration *d, int64_t origin_ms) {
    static const int64_t steps[] = {0, 1, 999, 3600000, 86400000, INT64_C(5000000000)};
    int64_t end_ms = origin_ms + INT64_C(10000000000);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        int64_t at = origin_ms + steps[i];
        struct entity_span p = entity_period_of(d, origin_ms, end_ms, at);
        assert(p.from_ms <= at && at < p.to_ms && p.from_ms >= origin_ms);
        if (p.to_ms < end_ms) {
            struct entity_span next = entity_period_of(d, origin_ms, end_ms, p.to_ms);
            assert(next.from_ms == p.to_ms);
        }
    }
}

static void check_number(const char *s) {
    char text[WIDE_TEXT_MAX];
    struct wide w;
    struct wide again;
    if (wide_parse(s, strlen(s), &w)) {
        wide_text(&w, text);
        assert(wide_parse(text, strlen(text), &again));
        assert(wide_cmp(&w, &again) == 0);
    }
}

/* Values stand in a tally as json_read() gave them: so only those are added. */
static void add(struct entity_tally *t, const char *s, struct arena *a) {
    const struct json_value *v;
    if (strpbrk(s, " \t\r") == NULL && json_read(s, strlen(s), a, &v, NULL) == OK &&
        v->kind != JSON_NULL) {
        entity_tally_add(t, ENTITY_PROPERTY, s);
    }
}

static void check_answers(const struct entity_tally *t, struct arena *a) {
    for (enum entity_method m = 0; m < ENTITY_METHODS; m++) {
        const char *answer = entity_tally_answer(t, m);
        const struct json_value *v;
        assert(answer == NULL || strlen(answer) > JSON_NUMBER_MAX ||
               json_read(answer, strlen(answer), a, &v, NULL) == OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char line[5][LINE_MAX_BYTES];
    char value[LINE_MAX_BYTES];
    const char *said[5];
    struct arena a = ARENA_INIT;
    struct entity_stretch s;
    struct entity_duration d;
    unsigned methods = 0;
    for (int i = 0; i < 5; i++) {
        said[i] = next_line(&data, &size, line[i]);
        said[i] = said[i] != NULL && strcmp(said[i], "-") == 0 ? NULL : said[i];
    }
    struct entity_stretch_words w = {said[0], said[1], said[2]};
    bool stretched = entity_stretch_parse(&w, &s, NULL) == OK;
    assert(!stretched || s.span.from_ms < s.span.to_ms);
    if (said[3] != NULL && entity_duration_parse(said[3], &d, NULL) == OK) {
        check_periods(&d, stretched && s.relation == ENTITY_AFTER ? s.span.from_ms : 0);
    }
    (void)(said[4] != NULL && entity_methods_parse(said[4], strlen(said[4]), &methods, NULL) == OK);
    struct entity_tally *t = entity_tally_new(methods, &a);
    for (int i = 0; i < LINES && next_line(&data, &size, value) != NULL; i++) {
        check_number(value);
        add(t, value, &a);
    }
    check_answers(t, &a);
    arena_fini(&a);
    return 0;
}
