/* cli_int: what the files of this room share: the shape of the tables that declare subcommands and
 * options, the parsed command line, and the subcommands themselves. */
#ifndef TAIHU_CLI_CLI_INT_H
#define TAIHU_CLI_CLI_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum cli_option_id {
    CLI_FORMAT,
    CLI_OUTPUT,
    CLI_DATA,
    CLI_DAYS,
    CLI_DB,
    CLI_LINES,
    CLI_FOLLOW,
    CLI_CONFIRM,
    CLI_LISTEN,
    CLI_ANONYMOUS,
    CLI_ORIGIN,
    CLI_CITY,
    CLI_CONTEXT_HOST,
    CLI_MQTT,
    CLI_MQTT_MAP,
    CLI_MQTT_CA,
    CLI_MQTT_PASSWORD,
    CLI_NOTIFY_HOST,
    CLI_HISTORY_PAGE,
    CLI_FROM,
    CLI_TO,
    CLI_MAP,
    CLI_ERRORS,
    CLI_STRICT,
    CLI_DRY_RUN,
    CLI_AGAIN,
    CLI_PROGRESS,
    CLI_OPTIONS
};

struct cli_option {
    const char *name;   /* "--format"; NULL ends a list */
    const char *letter; /* "-o", or NULL */
    const char *value;  /* what follows it: "FILE", or the words it may be: "json|table"; NULL for a
                         * switch, whose value is "yes" where it was given */
    const char *help;
    enum cli_option_id id;
    bool required;
};

struct cli_args;

struct cli_command {
    const char *words;    /* "plan read" */
    const char *operands; /* "FILE...", or "" */
    size_t operand_min, operand_max;
    const char *summary; /* one line for the list of subcommands */
    const char *about;   /* lines for its own help, each ended by a line feed */
    const struct cli_option *options;

    /* A failure with words in *err is printed by the caller; one without was printed before. */
    enum code (*run)(const struct cli_args *args, struct err *err);
};

/* A command line that was understood. Borrows argv and the tables; the list lives in the arena. */
struct cli_args {
    const struct cli_command *command; /* NULL: help on the program, or on a group of subcommands */
    const char *group;                 /* "plan" where help on a group was asked for, else "" */
    const char *value[CLI_OPTIONS];    /* NULL where the option was not given */
    const char **operands;
    size_t operand_count;
    bool help; /* --help was given: then nothing else was checked */
};

/* Reads argv[1..argc) by the table of n commands. E_USAGE says what is wrong, with the nearest name
 * where one is near. *out is written only on OK. */
enum code cli_parse(const struct cli_command *commands, size_t n, int argc, char *const *argv,
                    struct arena *a, struct cli_args *out, struct err *err);

/* Appends the help that `args` asks for. */
void cli_help(const struct cli_command *commands, size_t n, const struct cli_args *args,
              struct buf *to);

enum code cli_account_reset(const struct cli_args *args, struct err *err);
enum code cli_city_add(const struct cli_args *args, struct err *err);
enum code cli_city_check_grid(const struct cli_args *args, struct err *err);
enum code cli_city_convert(const struct cli_args *args, struct err *err);
enum code cli_city_day(const struct cli_args *args, struct err *err);
enum code cli_city_find(const struct cli_args *args, struct err *err);
enum code cli_import(const struct cli_args *args, struct err *err);
enum code cli_journal_tail(const struct cli_args *args, struct err *err);
enum code cli_journal_verify(const struct cli_args *args, struct err *err);
enum code cli_plan_list(const struct cli_args *args, struct err *err);
enum code cli_plan_load(const struct cli_args *args, struct err *err);
enum code cli_plan_read(const struct cli_args *args, struct err *err);
enum code cli_plan_reconcile(const struct cli_args *args, struct err *err);
enum code cli_plan_report(const struct cli_args *args, struct err *err);
enum code cli_plan_text(const struct cli_args *args, struct err *err);
enum code cli_serve(const struct cli_args *args, struct err *err);
enum code cli_version(const struct cli_args *args, struct err *err);

#endif
