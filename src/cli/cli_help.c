/* cli_help: the help texts, made from the tables of cli_int.h. */
#include <string.h>

#include "cli/cli_int.h"

static const char intro[] =
    "Taihu reads the plan a city published, ties every target to its sentence, and holds the plan\n"
    "to what later documents report.\n";

/* "--format json|table" and, where it has a letter, "-o, --output FILE". */
static void put_option(const struct cli_option *o, struct buf *to) {
    buf_adds(to, "  ");
    if (o->letter != NULL) {
        buf_addf(to, "%s, ", o->letter);
    }
    buf_addf(to, "%s%s%s\n      %s%s\n", o->name, o->value == NULL ? "" : " ",
             o->value == NULL ? "" : o->value, o->help, o->required ? " (required)" : "");
}

static void put_usage(const struct cli_command *c, struct buf *to) {
    buf_addf(to, "taihu %s", c->words);
    if (c->operands[0] != '\0') {
        buf_addf(to, " %s", c->operands);
    }
    for (const struct cli_option *o = c->options; o->name != NULL; o++) {
        const char *name = o->letter != NULL ? o->letter : o->name;
        if (o->value == NULL) {
            buf_addf(to, " [%s]", name);
        } else {
            buf_addf(to, o->required ? " %s %s" : " [%s %s]", name, o->value);
        }
    }
}

static void put_command(const struct cli_command *c, struct buf *to) {
    buf_adds(to, "usage: ");
    put_usage(c, to);
    buf_addf(to, "\n\n%s%s%s\nOptions:\n", c->about, c->about[0] == '\0' ? c->summary : "",
             c->about[0] == '\0' ? "\n" : "");
    for (const struct cli_option *o = c->options; o->name != NULL; o++) {
        put_option(o, to);
    }
    buf_adds(to, "  -h, --help\n      print this\n");
}

static bool in_group(const struct cli_command *c, const char *group) {
    size_t n = strlen(group);
    return n == 0 || (strncmp(c->words, group, n) == 0 && c->words[n] == ' ');
}

static void put_list(const struct cli_command *commands, size_t n, const char *group,
                     struct buf *to) {
    buf_adds(to, intro);
    buf_adds(to, "\nSubcommands; each knows --help:\n");
    for (size_t i = 0; i < n; i++) {
        if (in_group(&commands[i], group)) {
            const char *operands = commands[i].operands;
            buf_addf(to, "\n  taihu %s%s%s\n      %s\n", commands[i].words,
                     operands[0] == '\0' ? "" : " ", operands, commands[i].summary);
        }
    }
    buf_adds(to,
             "\nData goes to stdout, messages to stderr. Exit status: 0, or 1 when input or the\n"
             "machine failed, or 2 when the command line is wrong.\n");
}

void cli_help(const struct cli_command *commands, size_t n, const struct cli_args *args,
              struct buf *to) {
    if (args->command != NULL) {
        put_command(args->command, to);
    } else {
        put_list(commands, n, args->group, to);
    }
}
