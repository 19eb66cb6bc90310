/* Where the data files are looked for, and in which order. Each place is a folder made for it. */
#include "cli/data_dir.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"

/* A prefix and a source tree, with the program in each; data/calendar is made where a test wants.
 */
struct scene {
    char root[40];
    struct arena arena;
};

static int make_scene(void **state) {
    static const char template[] = "/tmp/taihu-data-XXXXXX";
    static struct scene s;
    memcpy(s.root, template, sizeof template);
    *state = &s;
    return mkdtemp(s.root) == NULL ? -1 : 0;
}

static const char *in(struct scene *s, const char *below) {
    struct buf path = BUF_INIT;
    buf_addf(&path, "%s/%s", s->root, below);
    const char *kept = arena_dup(&s->arena, path.data, path.len);
    buf_fini(&path);
    return kept;
}

/* Makes each folder of a path below the root. */
static const char *make(struct scene *s, const char *below) {
    char *path = arena_dup(&s->arena, in(s, below), strlen(in(s, below)));
    for (char *c = path + strlen(s->root) + 1; *c != '\0'; c++) {
        if (*c == '/') {
            *c = '\0';
            assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
            *c = '/';
        }
    }
    assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
    return path;
}

/* Removes what the tests made, children first. */
static int clear_scene(void **state) {
    static const char *const made[] = {
        "bin",         "build",
        "build/data",  "data/calendar",
        "data",        "named/calendar",
        "named",       "var/calendar",
        "var",         "installed/calendar",
        "installed",   "share/taihu/calendar",
        "share/taihu", "share",
        "empty",       "",
    };
    struct scene *s = *state;
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        rmdir(in(s, made[i]));
    }
    bool gone = access(s->root, F_OK) != 0;
    arena_fini(&s->arena);
    return gone ? 0 : -1;
}

static void expect(struct scene *s, const struct data_places *places, const char *want) {
    const char *got = NULL;
    struct err err = ERR_INIT;
    assert_int_equal(data_dir_find(places, &s->arena, &got, &err), OK);
    assert_string_equal(got, want);
}

/* From the last place to the first, each made in turn, each wins over those made before. */
static void the_earlier_place_wins(void **state) {
    struct scene *s = *state;
    struct data_places places = {NULL, NULL, in(s, "build/taihu"), in(s, "installed")};
    const char *none = NULL;
    struct err err = ERR_INIT;
    make(s, "build");
    assert_int_equal(data_dir_find(&places, &s->arena, &none, &err), E_IO);
    assert_non_null(strstr(err.msg, "--data"));
    assert_null(none);
    make(s, "data/calendar");
    expect(s, &places, in(s, "build/../data"));
    make(s, "installed/calendar");
    expect(s, &places, in(s, "installed"));
    make(s, "share/taihu/calendar");
    expect(s, &places, in(s, "build/../share/taihu"));
    places.variable = "";
    expect(s, &places, in(s, "build/../share/taihu"));
    make(s, "var/calendar");
    places.variable = in(s, "var");
    expect(s, &places, in(s, "var"));
    make(s, "named/calendar");
    places.option = in(s, "named");
    expect(s, &places, in(s, "named"));
}

static void a_named_place_is_never_passed_over(void **state) {
    struct scene *s = *state;
    const char *got = NULL;
    struct err err = ERR_INIT;
    make(s, "var/calendar");
    make(s, "empty");
    struct data_places places = {in(s, "empty"), in(s, "var"), NULL, NULL};
    assert_int_equal(data_dir_find(&places, &s->arena, &got, &err), E_IO);
    assert_non_null(strstr(err.msg, "--data"));
    memset(&err, 0, sizeof err);
    places = (struct data_places){NULL, in(s, "gone"), NULL, in(s, "var")};
    assert_int_equal(data_dir_find(&places, &s->arena, &got, &err), E_IO);
    assert_non_null(strstr(err.msg, "TAIHU_DATA"));
    assert_null(got);
}

static void a_program_without_a_folder_has_no_place(void **state) {
    struct scene *s = *state;
    const char *got = NULL;
    struct data_places places = {NULL, NULL, "taihu", NULL};
    assert_int_equal(data_dir_find(&places, &s->arena, &got, NULL), E_IO);
    places.program = "";
    assert_int_equal(data_dir_find(&places, &s->arena, &got, NULL), E_IO);
    assert_null(got);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_earlier_place_wins, make_scene, clear_scene),
        cmocka_unit_test_setup_teardown(a_named_place_is_never_passed_over, make_scene,
                                        clear_scene),
        cmocka_unit_test_setup_teardown(a_program_without_a_folder_has_no_place, make_scene,
                                        clear_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
