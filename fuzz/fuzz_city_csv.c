/* fuzz_city_csv: any bytes -> rows, or an error in words that ends the reading; and the same bytes
 * as each of the city's data files, where what loads must hold together. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/csv.h"
#include "base/date.h"
#include "city/calendar.h"
#include "city/division.h"
#include "city/organisation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_error(enum code code, const struct err *err) {
    assert((code == OK) == (err->msg[0] == '\0') && err->code == code);
}

static void read_rows(const char *data, size_t n) {
    struct csv c;
    struct err err = ERR_INIT;
    enum code code;
    size_t bytes = 0;
    csv_init(&c, data, n);
    while ((code = csv_next(&c, &err)) == OK && c.count > 0) {
        assert(c.line >= 1 && c.count <= CSV_FIELDS_MAX);
        for (size_t i = 0; i < c.count; i++) {
            assert(strlen(csv_field(&c, i)) == csv_field_len(&c, i));
            bytes += csv_field_len(&c, i);
        }
    }
    assert(bytes <= n);
    check_error(code, &err);
    assert(csv_next(&c, &err) == OK && c.count == 0);
    csv_fini(&c);
}

static void as_calendar(const char *data, size_t n) {
    const struct calendar_source source = {2021, 1, "notice"};
    struct calendar *c = calendar_new();
    struct err err = ERR_INIT;
    enum code code = calendar_parse_year(c, &source, data, n, &err);
    check_error(code, &err);
    if (code == OK) {
        int32_t last = date_to_day((struct date){2021, 12, 31});
        int32_t worked;
        code = calendar_workdays_between(c, last - 365, last, &worked, NULL);
        assert(code == OK && worked >= 0 && worked <= 363);
    }
    calendar_free(c);
}

static void as_divisions(const char *data, size_t n) {
    struct division_set *set = division_set_new();
    struct err err = ERR_INIT;
    enum code code = division_parse(set, data, n, &err);
    check_error(code, &err);
    size_t children = 0;
    size_t roots = 0;
    for (size_t i = 0; code == OK && i < division_count(set); i++) {
        const struct division *d = division_at(set, i);
        const struct division *found;
        size_t linked = 0;
        assert(division_find_code(set, d->code, strlen(d->code)) == d);
        assert(division_find_name(set, d->name, strlen(d->name), &found, 1) >= 1 ||
               strlen(d->name) < 6);
        for (const struct division *k = d->first_child; k != NULL; k = k->next) {
            assert(k->parent == d);
            linked++;
        }
        assert(linked == d->child_count);
        children += linked;
        roots += d->parent == NULL;
    }
    assert(code != OK || children + roots == division_count(set));
    division_set_free(set);
}

/* The names, looked for in the bytes of their own file. */
static void as_organisations(const char *data, size_t n) {
    struct organisation_set *set = organisation_set_new();
    struct organisation_hit hit = {NULL, 0, 0};
    struct err err = ERR_INIT;
    enum code code = organisation_parse(set, data, n, &err);
    check_error(code, &err);
    for (size_t end = 0; code == OK && organisation_scan(set, data, n, &hit); end = hit.to) {
        assert(hit.body != NULL && hit.from >= end && hit.from < hit.to && hit.to <= n);
        assert(organisation_find_name(set, data + hit.from, hit.to - hit.from) == hit.body);
    }
    organisation_set_free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *bytes = (const char *)data;
    read_rows(bytes, size);
    as_calendar(bytes, size);
    as_divisions(bytes, size);
    as_organisations(bytes, size);
    return 0;
}
