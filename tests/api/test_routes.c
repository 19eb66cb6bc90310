/* The table of routes: each way in is one row, its schemas are there, its parameters are described,
 * and nothing that changes something is open by accident. */
#include "api/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/openapi.h"
#include "base/arena.h"
#include "base/json_read.h"

extern const char schemas_json[];

static void each_way_in_stands_once(void **state) {
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_false(strcmp(routes[i].method, routes[k].method) == 0 &&
                         strcmp(routes[i].pattern, routes[k].pattern) == 0);
            assert_string_not_equal(routes[i].name, routes[k].name);
        }
    }
}

/* Only what a page needs before anybody signed in, and signing in itself. */
static void what_is_open_is_known(void **state) {
    static const char *const open[] = {"page",    "asset",       "health",
                                       "openapi", "session.get", "session.open"};
    size_t found = 0;
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        if (routes[i].guard != ROUTE_OPEN) {
            continue;
        }
        size_t k = 0;
        while (k < sizeof open / sizeof open[0] && strcmp(open[k], routes[i].name) != 0) {
            k++;
        }
        if (k == sizeof open / sizeof open[0]) {
            fail_msg("%s is open", routes[i].name);
        }
        found++;
    }
    assert_int_equal(found, sizeof open / sizeof open[0]);
}

/* Whoever changes what is there says which version they saw; what makes something, or is one's own
 * door, does not, nor does NGSI-LD, which knows no versions. */
static void changes_name_a_version(void **state) {
    static const char *const others[] = {
        "session.open", "session.close", "session.password", "tokens.add",  "tokens.revoke",
        "accounts.add", "plans.load",    "files.add",        "dead.remove",
    };
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        bool changes = strcmp(routes[i].method, "GET") != 0;
        bool other = strncmp(routes[i].name, "ngsi.", 5) == 0;
        for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
            other = other || strcmp(others[k], routes[i].name) == 0;
        }
        if (changes && !other && !(routes[i].flags & ROUTE_MATCH)) {
            fail_msg("%s changes something and wants no If-Match", routes[i].name);
        }
    }
}

/* What devices send all day goes by without a worker. */
static void what_devices_send_needs_no_worker(void **state) {
    static const char *const sent[] = {
        "ngsi.attrs.append", "ngsi.attrs.update", "ngsi.attr.replace",
        "ngsi.attr.patch",   "ngsi.batch.upsert", "ngsi.batch.update",
    };
    size_t found = 0;
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        for (size_t k = 0; k < sizeof sent / sizeof sent[0]; k++) {
            bool is = strcmp(sent[k], routes[i].name) == 0;
            found += is;
            if (is && !(routes[i].flags & ROUTE_DIRECT)) {
                fail_msg("%s waits for a worker", sent[k]);
            }
        }
    }
    assert_int_equal(found, sizeof sent / sizeof sent[0]);
}

static void no_answer_with_a_secret_is_kept(void **state) {
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        const char *response = routes[i].response == NULL ? "" : routes[i].response;
        if (strstr(response, "Secret") != NULL || strcmp(response, "Session") == 0) {
            assert_false(routes[i].flags & ROUTE_KEY);
        }
    }
}

static const struct json_value *parse(const char *text, size_t n, struct arena *a) {
    const struct json_value *v;
    struct err err = ERR_INIT;
    if (json_read(text, n, a, &v, &err) != OK) {
        fail_msg("%s", err.msg);
    }
    return v;
}

/* What devices send by the ten thousand a second, and ask for. */
static void what_is_small_and_often_needs_no_worker(void **state) {
    static const char *const names[] = {
        "ngsi.get",        "ngsi.attrs.append", "ngsi.attrs.update", "ngsi.attr.replace",
        "ngsi.attr.patch", "ngsi.batch.upsert", "ngsi.batch.update"};
    size_t direct = 0;
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        bool named = false;
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            named = named || strcmp(routes[i].name, names[k]) == 0;
        }
        assert_int_equal((routes[i].flags & ROUTE_DIRECT) != 0, named);
        direct += named;
    }
    assert_int_equal(direct, sizeof names / sizeof names[0]);
}

static void its_schemas_are_there(void **state) {
    struct arena a = ARENA_INIT;
    const struct json_value *schemas = parse(schemas_json, strlen(schemas_json), &a);
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        const char *const names[] = {routes[i].request, routes[i].response};
        for (size_t k = 0; k < 2; k++) {
            if (names[k] != NULL && strchr(names[k], '/') == NULL &&
                json_member(schemas, names[k]) == NULL) {
                fail_msg("%s: there is no schema %s", routes[i].name, names[k]);
            }
        }
    }
    arena_fini(&a);
}

static void the_document_has_them_all(void **state) {
    struct arena a = ARENA_INIT;
    struct buf to = BUF_INIT;
    (void)state;
    openapi_write(&to);
    const struct json_value *paths = json_member(parse(to.data, to.len, &a), "paths");
    size_t operations = 0;
    size_t wanted = 0;
    for (const struct json_value *p = paths->first; p != NULL; p = p->next) {
        operations += p->count;
    }
    for (size_t i = 0; i < route_count; i++) {
        wanted += !(routes[i].flags & ROUTE_QUIET);
    }
    assert_int_equal(operations, wanted);
    buf_fini(&to);
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_in_stands_once),
        cmocka_unit_test(what_is_open_is_known),
        cmocka_unit_test(changes_name_a_version),
        cmocka_unit_test(what_devices_send_needs_no_worker),
        cmocka_unit_test(no_answer_with_a_secret_is_kept),
        cmocka_unit_test(what_is_small_and_often_needs_no_worker),
        cmocka_unit_test(its_schemas_are_there),
        cmocka_unit_test(the_document_has_them_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
