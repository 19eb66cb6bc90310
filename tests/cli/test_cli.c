/* Command lines against a small table of subcommands, and the help made from it. */
#include "cli/cli_int.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum code never(const struct cli_args *args, struct err *err) {
    (void)args;
    return err_set(err, E_IO, "must not run");
}

static const struct cli_option options[] = {
    {"--format", NULL, "json|table", "how to print", CLI_FORMAT, false},
    {"--output", "-o", "FILE", "where to", CLI_OUTPUT, false},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option switches[] = {
    {"--strict", NULL, NULL, "keep nothing", CLI_STRICT, false},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option needed[] = {
    {"--output", "-o", "FILE", "where to", CLI_OUTPUT, true},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_command commands[] = {
    {"plan read", "FILE...", 1, SIZE_MAX, "read", "reads\n", options, never},
    {"plan report", "PLAN", 1, 1, "report", "", needed, never},
    {"version", "", 0, 0, "version", "", options + 2, never},
    {"import", "FILE", 1, 1, "import", "", switches, never},
};

enum { COMMANDS = sizeof commands / sizeof commands[0], WORDS_MAX = 12 };

struct result {
    enum code code;
    struct cli_args args;
    struct err err;
    struct arena arena;
    char *argv[WORDS_MAX];
};

/* Parses "taihu" with the words behind it, apart by single blanks; "_" stands for an empty one. */
static void parse(struct result *r, const char *line) {
    int argc = 1;
    memset(r, 0, sizeof *r);
    r->argv[0] = arena_dup(&r->arena, "taihu", 5);
    while (*line != '\0') {
        size_t n = strcspn(line, " ");
        r->argv[argc++] = arena_dup(&r->arena, line, *line == '_' ? 0 : n);
        line += n + (line[n] == ' ');
    }
    r->code = cli_parse(commands, COMMANDS, argc, r->argv, &r->arena, &r->args, &r->err);
}

static void expect_fails(const char *line, const char *words) {
    struct result r;
    parse(&r, line);
    assert_int_equal(r.code, E_USAGE);
    if (strstr(r.err.msg, words) == NULL) {
        fail_msg("%s: expected \"%s\" in \"%s\"", line, words, r.err.msg);
    }
    arena_fini(&r.arena);
}

static void options_stand_anywhere(void **state) {
    (void)state;
    static const char *const lines[] = {
        "plan read a b --format table -o c",
        "plan read --format=table -oc a b",
        "plan read a --output c b --format table",
        "plan read --output=c --format table -- a b",
        "plan read --format json --format table -o c a b",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct result r;
        parse(&r, lines[i]);
        assert_int_equal(r.code, OK);
        assert_ptr_equal(r.args.command, &commands[0]);
        assert_int_equal(r.args.operand_count, 2);
        assert_string_equal(r.args.operands[0], "a");
        assert_string_equal(r.args.operands[1], "b");
        assert_string_equal(r.args.value[CLI_FORMAT], "table");
        assert_string_equal(r.args.value[CLI_OUTPUT], "c");
        arena_fini(&r.arena);
    }
}

static void behind_two_dashes_all_are_names(void **state) {
    (void)state;
    struct result r;
    parse(&r, "plan read -- --format -");
    assert_int_equal(r.code, OK);
    assert_int_equal(r.args.operand_count, 2);
    assert_string_equal(r.args.operands[0], "--format");
    assert_null(r.args.value[CLI_FORMAT]);
    arena_fini(&r.arena);
}

static void unknown_words_get_a_hint(void **state) {
    (void)state;
    expect_fails("plan raed a", "no subcommand \"plan raed\"; did you mean \"plan read\"?");
    expect_fails("pln read a", "did you mean \"plan read\"?");
    expect_fails("verison", "did you mean \"version\"?");
    expect_fails("plan read --fromat json a", "did you mean \"--format\"?");
    expect_fails("plan read a --ouput x", "did you mean \"--output\"?");
    expect_fails("plan read a --halp", "did you mean \"--help\"?");
}

static void far_words_get_none(void **state) {
    (void)state;
    struct result r;
    parse(&r, "bake");
    assert_int_equal(r.code, E_USAGE);
    assert_null(strstr(r.err.msg, "did you mean"));
    arena_fini(&r.arena);
    parse(&r, "plan read a --colour");
    assert_int_equal(r.code, E_USAGE);
    assert_null(strstr(r.err.msg, "did you mean"));
    assert_non_null(strstr(r.err.msg, "see taihu plan read --help"));
    arena_fini(&r.arena);
    expect_fails("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                 "no subcommand");
}

static void wrong_lines_say_what_is_wrong(void **state) {
    (void)state;
    expect_fails("", "name a subcommand");
    expect_fails("plan", "name a subcommand of plan");
    expect_fails("plan read", "plan read takes FILE..., not 0 names");
    expect_fails("version x", "version takes nothing, not 1 names");
    expect_fails("plan report a b -o c", "plan report takes PLAN, not 2 names");
    expect_fails("plan report a", "plan report needs -o FILE");
    expect_fails("plan read a --format", "--format wants json|table behind it");
    expect_fails("plan read a --format xml", "--format takes json|table, not \"xml\"");
    expect_fails("plan read a --format jsonx", "--format takes json|table, not \"jsonx\"");
    expect_fails("plan read a --format js", "--format takes json|table, not \"js\"");
    expect_fails("plan read a --output _", "--output wants FILE, not nothing");
}

static void switches_stand_alone(void **state) {
    struct result r;
    (void)state;
    parse(&r, "import --strict file");
    assert_int_equal(r.code, OK);
    assert_string_equal(r.args.value[CLI_STRICT], "yes");
    assert_string_equal(r.args.operands[0], "file");
    arena_fini(&r.arena);
    parse(&r, "import file");
    assert_int_equal(r.code, OK);
    assert_null(r.args.value[CLI_STRICT]);
    arena_fini(&r.arena);
    expect_fails("import --strict=yes file", "import: --strict takes no value");
}

static void expect_help(const char *line, const char *words) {
    struct result r;
    struct buf b = BUF_INIT;
    parse(&r, line);
    assert_int_equal(r.code, OK);
    assert_true(r.args.help);
    cli_help(commands, COMMANDS, &r.args, &b);
    if (strstr(b.data, words) == NULL) {
        fail_msg("%s: expected \"%s\" in \"%s\"", line, words, b.data);
    }
    buf_fini(&b);
    arena_fini(&r.arena);
}

static void help_is_everywhere(void **state) {
    (void)state;
    static const char usage[] = "usage: taihu plan read FILE... [--format json|table] [-o FILE]\n";
    expect_help("--help", "taihu plan report PLAN\n");
    expect_help("-h", "taihu version\n");
    expect_help("help", "taihu plan read FILE...\n");
    expect_help("plan --help", "taihu plan read FILE...\n");
    expect_help("plan read --help", usage);
    expect_help("plan read a --format json -h", usage);
    expect_help("help plan read", usage);
    expect_help("plan report --help", "usage: taihu plan report PLAN -o FILE\n");
    expect_help("import --help", "usage: taihu import FILE [--strict]\n");
    expect_help("import --help", "  --strict\n      keep nothing\n");
}

static void version_is_an_option_too(void **state) {
    (void)state;
    struct result r;
    parse(&r, "--version");
    assert_int_equal(r.code, OK);
    assert_ptr_equal(r.args.command, &commands[2]);
    arena_fini(&r.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_anywhere),
        cmocka_unit_test(switches_stand_alone),
        cmocka_unit_test(behind_two_dashes_all_are_names),
        cmocka_unit_test(unknown_words_get_a_hint),
        cmocka_unit_test(far_words_get_none),
        cmocka_unit_test(wrong_lines_say_what_is_wrong),
        cmocka_unit_test(help_is_everywhere),
        cmocka_unit_test(version_is_an_option_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
