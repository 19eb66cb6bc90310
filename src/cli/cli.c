/* cli: see cli.h. One table declares every subcommand and option; parsing (cli_parse.c), the help
 * (cli_help.c) and the dispatch here follow from it. */
#include "cli/cli.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#include "cli/cli_int.h"
#include "cli/sink.h"
#include "store/store.h"

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

static const struct cli_option load_options[] = {
    {"--db", NULL, "FILE", "the database; made when it is not there", CLI_DB, true},
    {"--confirm", NULL, "no|yes", "write a correction of a plan that is kept; without it no",
     CLI_CONFIRM, false},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option list_options[] = {
    {"--db", NULL, "FILE", "the database", CLI_DB, true},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option import_options[] = {
    {"--map", NULL, "MAP", "what the rows mean, as JSON (docs/import.md)", CLI_MAP, true},
    {"--db", NULL, "FILE", "the database; made when it is not there", CLI_DB, false},
    {"--errors", NULL, "FILE.csv", "write each rejected row there, with where and why", CLI_ERRORS,
     false},
    {"--strict", NULL, NULL, "keep nothing unless every row can be taken", CLI_STRICT, false},
    {"--dry-run", NULL, NULL, "check file and map, keep nothing; needs no --db", CLI_DRY_RUN,
     false},
    {"--again", NULL, NULL, "from the first row on, also of a file that was imported before",
     CLI_AGAIN, false},
    {"--data", NULL, "DIR", "the data files; without it TAIHU_DATA's, or what is installed",
     CLI_DATA, false},
    {"--progress", NULL, NULL, "tell how far it is also where stderr is no terminal", CLI_PROGRESS,
     false},
    {"--data", NULL, "DIR", "the data files; without it TAIHU_DATA's, or what is installed",
     CLI_DATA, false},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option city_options[] = {
    {"--data", NULL, "DIR", "the data files; without it TAIHU_DATA's, or what is installed",
     CLI_DATA, false},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option add_options[] = {
    {"--days", NULL, "working|calendar", "what to count; without it working days", CLI_DAYS, false},
    {"--data", NULL, "DIR", "the data files; without it TAIHU_DATA's, or what is installed",
     CLI_DATA, false},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option convert_options[] = {
    {"--from", NULL, "wgs84|gcj02|bd09", "what the coordinates are in", CLI_FROM, true},
    {"--to", NULL, "wgs84|gcj02|bd09", "what they are wanted in", CLI_TO, true},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option verify_options[] = {
    {"--db", NULL, "FILE", "the database", CLI_DB, true},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option tail_options[] = {
    {"--db", NULL, "FILE", "the database", CLI_DB, true},
    {"--lines", "-n", "N", "how many of the last lines; without it 10", CLI_LINES, false},
    {"--follow", NULL, "no|yes", "go on with lines as they come; without it no", CLI_FOLLOW, false},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option serve_options[] = {
    {"--db", NULL, "FILE", "the database; made when it is not there", CLI_DB, true},
    {"--listen", NULL, "ADDRESS:PORT", "where to answer; without it 127.0.0.1:8080", CLI_LISTEN,
     false},
    {"--origin", NULL, "URL", "the address people use, where a proxy stands before it", CLI_ORIGIN,
     false},
    {"--anonymous", NULL, "ROLE", "grant a role to whoever is not signed in; on loopback only",
     CLI_ANONYMOUS, false},
    {"--context-host", NULL, "HOST,...",
     "hosts that JSON-LD contexts may be fetched from; without it none", CLI_CONTEXT_HOST, false},
    {"--mqtt", NULL, "URL", "take messages of a broker: mqtt://user@host:port, or mqtts:// by TLS",
     CLI_MQTT, false},
    {"--mqtt-map", NULL, "MAP", "what its topics and messages mean, as JSON (docs/mqtt.md)",
     CLI_MQTT_MAP, false},
    {"--mqtt-ca", NULL, "FILE.pem", "whom to trust by TLS; without it whom the system trusts",
     CLI_MQTT_CA, false},
    {"--mqtt-password", NULL, "FILE",
     "whose first line is the password; without it the environment's TAIHU_MQTT_PASSWORD",
     CLI_MQTT_PASSWORD, false},
    {"--notify-host", NULL, "HOST,...",
     "hosts and networks that subscriptions may notify besides public addresses; * for all",
     CLI_NOTIFY_HOST, false},
    {"--history-page", NULL, "N", "instances in one answer about histories; without it 20000",
     CLI_HISTORY_PAGE, false},
    {"--city", NULL, "NAME", "whose data files to use; without it wuxi", CLI_CITY, false},
    {"--data", NULL, "DIR", "the data files; without it TAIHU_DATA's, or what is installed",
     CLI_DATA, false},
    {NULL, NULL, NULL, NULL, CLI_OPTIONS, false},
};

static const struct cli_option reset_options[] = {
    {"--db", NULL, "FILE", "the database", CLI_DB, true},
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
    {"plan load", "FILE", 1, 1, "keep a plan in a database, with its line in the journal",
     "A plan that is kept already, with the same text, changes nothing. Another text of the same\n"
     "plan (the same issuer, or title where none is said, and year) is a correction: what it "
     "would\n"
     "change is printed, the exit status is 1, and it is written only with --confirm yes. Earlier\n"
     "texts stay.\n",
     load_options, cli_plan_load},
    {"plan list", "", 0, 0, "print the plans that are kept, one on each line",
     "Each line: year, title, issuer, areas, measures, tasks, targets, when its text was loaded,\n"
     "number of that journal line; apart by tabs.\n",
     list_options, cli_plan_list},
    {"import", "FILE", 1, 1, "take the rows of a CSV or GeoJSON file into a database, by a map",
     "Rows become entities and what was observed of them. A row that is wrong is named on stderr\n"
     "and left out; the others are taken, and the exit status is 1. Who is interrupted runs the\n"
     "same again: it goes on behind the last row that is kept, and no row counts twice. A file\n"
     "that was imported whole with this map changes nothing. Not while a server runs on the\n"
     "database.\n",
     import_options, cli_import},
    {"serve", "", 0, 0, "serve the board and its API over HTTP",
     "Makes the first account, admin, and prints its one-time password, when there is none. "
     "Prints\n"
     "where it listens when it answers, and runs until SIGTERM or SIGINT. For https put a proxy\n"
     "before it and name its address with --origin: cookies are then for https alone.\n",
     serve_options, cli_serve},
    {"account reset", "LOGIN", 1, 1, "give an account a new one-time password and print it",
     "For who has the database's file and cannot sign in. Its sessions end. Not while a server "
     "runs\n"
     "on the database.\n",
     reset_options, cli_account_reset},
    {"city day", "DATE", 1, 1, "say whether a day is worked, and by which notice",
     "DATE is YYYY-MM-DD. A year whose calendar is not loaded is an error.\n", city_options,
     cli_city_day},
    {"city add", "DATE N", 2, 2, "count N days from a date, as deadlines are counted",
     "The day DATE itself is not counted. In calendar days a last day that is off moves to the\n"
     "first working day after it. To count back: taihu city add -- DATE -N.\n",
     add_options, cli_city_add},
    {"city find", "NAME", 1, 1, "find places and bodies by name or code",
     "Names do with or without 市, 区, 街道, 镇 and the like, and behind those above them:\n"
     "梁溪区惠山街道. Each line: code, level, kind, name, apart by tabs.\n",
     city_options, cli_city_find},
    {"city check-grid", "CODE", 1, 1, "check the code of a grid cell, 15 digits",
     "District, town and community by the city's list, then the cell's number.\n", city_options,
     cli_city_check_grid},
    {"city convert", "LON LAT", 2, 2, "convert coordinates between WGS-84, GCJ-02 and BD-09",
     "Degrees east and north. WGS-84 is what satellites give, GCJ-02 what maps published in China\n"
     "have, BD-09 what Baidu's have. Prints LON and LAT, apart by a tab. What lies outside 72.004\n"
     "to 137.8347 E, 0.8293 to 55.8271 N is not moved. West or south of 0: taihu city convert\n"
     "--from A --to B -- LON LAT.\n",
     convert_options, cli_city_convert},
    {"journal verify", "", 0, 0,
     "check that no line of the journal was changed since it was written",
     "Walks the whole chain and holds it against the signed checkpoints in FILE and in\n"
     "FILE.checkpoints. Exit status 1 with the first line that was altered, dropped, inserted or\n"
     "moved, or that is missing at the end.\n",
     verify_options, cli_journal_verify},
    {"journal tail", "", 0, 0, "print the last lines of the journal as JSON, one on each line",
     "Prints while another process writes.\n", tail_options, cli_journal_tail},
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
    store_prepare();
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
