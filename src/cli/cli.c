/* cli: see cli.h. One table declares every subcommand and option; parsing (cli_parse.c), the help
 * (cli_help.c) and the dispatch here follow from it. */
#include "cli/cli.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#include "cli/cli_int.h"
#include "cli/sink.h"

static const struct cli_option read_options[] = {
    {"--format", NULL, "json|jsonl|csv|table",
     "how to print; without it table on a terminal, json otherwise", CLI_FORMAT, false},
    {"--output", "-o", "FILE", "write there instead of to stdout", CLI_OUTPUT, false},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option reconcile_options[] = {
    {"--format", NULL, "json|table", "how to print; without it table on a terminal, json otherwise",
     CLI_FORMAT, false},
    {"--output", "-o", "FILE", "write there instead of to stdout", CLI_OUTPUT, false},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option report_options[] = {
    {"--output", "-o", "FILE.html", "the page to write", CLI_OUTPUT, true},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option text_options[] = {
    {"--output", "-o", "FILE", "write there instead of to stdout", CLI_OUTPUT, false},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option no_options[] = {
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_command commands[] = {
    {"plan read", "FILE...", 1, SIZE_MAX, "read plan documents: areas, measures, tasks, targets",
     "A FILE is a document (.txt .html .htm .docx .pdf) or a folder, which is read with all below\n"
     "it, in byte order of the paths. The JSON is described by reading.schema.json: one object "
     "for\n"
     "one document, an array for several or for a folder; jsonl is a line for each document. A\n"
     "document that cannot be read is named on stderr; the others go on, and the exit status is "
     "1.\n",
     read_options, cli_plan_read},
    {"plan reconcile", "PLAN OUTCOME...", 2, SIZE_MAX,
     "hold a plan's targets against what later documents report",
     "For each target of PLAN for its own year: met, missed, not comparable or not reported, with\n"
     "the statement that says so. An OUTCOME is a document that looks back on that year.\n",
     reconcile_options, cli_plan_reconcile},
    {"plan report", "PLAN [OUTCOME...]", 1, SIZE_MAX,
     "write a plan, and what became of it, as one HTML page",
     "The page is one file that fetches nothing; every figure is linked to its sentence.\n",
     report_options, cli_plan_report},
    {"plan text", "FILE", 1, 1, "print a document's text as UTF-8",
     "The bytes that the spans of `taihu plan read` count, and no others.\n", text_options,
     cli_plan_text},
    {"version", "", 0, 0, "print the version", "", no_options, cli_version},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

/* A closed stdout or stderr must not become the first file we open: that file would then receive
 * what was meant for it. Opened for reading, so that writing fails and is reported. */
static void hold_standard_files(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)!open("/dev/null", O_RDONLY);
        }
    }
}

static enum code print_help(const struct cli_args *args, struct err *err) {
    struct sink out;
    enum code code = sink_open(&out, NULL, err);
    if (code == OK) {
        cli_help(commands, COMMANDS, args, sink_buf(&out));
        code = sink_close(&out, err);
    }
    return code;
}

int cli_main(int argc, char *const *argv) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct cli_args args;
    hold_standard_files();
    signal(SIGPIPE, SIG_IGN);
    enum code code = cli_parse(commands, COMMANDS, argc, argv, &a, &args, &err);
    if (code == OK) {
        code = args.help ? print_help(&args, &err) : args.command->run(&args, &err);
    }
    if (err.code != OK) {
        err_print(&err);
    }
    arena_fini(&a);
    return err_exit_status(code);
}
