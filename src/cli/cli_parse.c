/* cli_parse: a command line by the tables of cli_int.h.
 *
 *   taihu WORD [WORD] [OPTION | OPERAND]... [-- OPERAND...]
 *
 * Options stand anywhere behind the subcommand, as --name VALUE, --name=VALUE, -l VALUE or -lVALUE;
 * the last of several counts. A switch is --name alone. --help, -h and the leading word help ask
 * for help; --version is the subcommand version. */
#include <assert.h>
#include <string.h>

#include "cli/cli_int.h"

/* ---- the nearest name ---- */

enum { NAME_MAX_LEN = 40 };

static size_t least(size_t a, size_t b, size_t c) {
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Edits (insert, delete, replace) that make `a` of `b`: Levenshtein's distance; NAME_MAX_LEN for
 * names too long to be a slip. */
static size_t distance(const char *a, const char *b) {
    size_t d[NAME_MAX_LEN + 1][NAME_MAX_LEN + 1];
    size_t n = strlen(a);
    size_t m = strlen(b);
    if (n > NAME_MAX_LEN || m > NAME_MAX_LEN) {
        return NAME_MAX_LEN;
    }
    for (size_t i = 0; i <= n; i++) {
        d[i][0] = i;
    }
    for (size_t j = 0; j <= m; j++) {
        d[0][j] = j;
    }
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= m; j++) {
            size_t differs = a[i - 1] != b[j - 1];
            d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + differs);
        }
    }
    return d[n][m];
}

/* The best name seen so far for one that is not known. */
struct nearest {
    const char *wrong;
    const char *name; /* NULL while none is near */
    size_t edits;
};

/* At most 3 edits, and no more than a third of the word: beyond that a hint is noise. */
static struct nearest nearest_to(const char *wrong) {
    size_t most = strlen(wrong) / 3 + 1;
    return (struct nearest){wrong, NULL, (most < 3 ? most : 3) + 1};
}

static void consider(struct nearest *best, const char *name) {
    size_t edits = distance(best->wrong, name);
    if (edits < best->edits) {
        best->name = name;
        best->edits = edits;
    }
}

static enum code unknown(const char *what, const struct nearest *best, const char *see,
                         struct err *err) {
    if (best->name != NULL) {
        return err_set(err, E_USAGE, "no %s \"%.100s\"; did you mean \"%s\"? (see taihu%s --help)",
                       what, best->wrong, best->name, see);
    }
    return err_set(err, E_USAGE, "no %s \"%.100s\" (see taihu%s --help)", what, best->wrong, see);
}

/* ---- subcommands ---- */

/* The arguments not looked at yet. */
struct rest {
    char *const *arg;
    size_t count;
};

static const char *next(struct rest *r) {
    assert(r->count > 0);
    r->count--;
    return *r->arg++;
}

/* How many arguments the words of a command take, 0 where they are others. */
static size_t matches(const struct cli_command *c, const struct rest *r) {
    const char *words = c->words;
    size_t taken = 0;
    while (taken < r->count) {
        size_t n = strcspn(words, " ");
        if (strlen(r->arg[taken]) != n || strncmp(words, r->arg[taken], n) != 0) {
            return 0;
        }
        taken++;
        if (words[n] == '\0') {
            return taken;
        }
        words += n + 1;
    }
    return 0;
}

/* Whether some command has `word` as the first of several. */
static bool is_group(const struct cli_command *commands, size_t n, const char *word) {
    size_t len = strlen(word);
    for (size_t i = 0; i < n; i++) {
        if (strncmp(commands[i].words, word, len) == 0 && commands[i].words[len] == ' ') {
            return true;
        }
    }
    return false;
}

static bool is_help(const char *arg) {
    return strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0;
}

static enum code no_command(const struct cli_command *commands, size_t n, const struct rest *r,
                            struct arena *a, struct err *err) {
    struct buf name = BUF_INIT;
    buf_adds(&name, r->arg[0]);
    if (r->count > 1 && r->arg[1][0] != '-' && strlen(r->arg[1]) < NAME_MAX_LEN) {
        buf_addf(&name, " %s", r->arg[1]);
    }
    struct nearest both = nearest_to(arena_dup(a, name.data, name.len));
    struct nearest one = nearest_to(r->arg[0]);
    buf_fini(&name);
    for (size_t i = 0; i < n; i++) {
        consider(&both, commands[i].words);
        consider(&one, commands[i].words);
    }
    return unknown("subcommand", both.name != NULL ? &both : &one, "", err);
}

/* Fills in command, or group and help; `r` moves behind the words. */
static enum code find_command(const struct cli_command *commands, size_t n, struct rest *r,
                              struct arena *a, struct cli_args *out, struct err *err) {
    if (r->count > 0 && strcmp(r->arg[0], "help") == 0) {
        next(r);
        out->help = true;
    }
    if (r->count == 0 || is_help(r->arg[0])) {
        bool asked = r->count > 0 || out->help;
        out->help = true;
        return asked ? OK : err_set(err, E_USAGE, "name a subcommand (see taihu --help)");
    }
    for (size_t i = 0; i < n; i++) {
        size_t taken = matches(&commands[i], r);
        if (taken > 0) {
            out->command = &commands[i];
            r->arg += taken;
            r->count -= taken;
            return OK;
        }
    }
    if (is_group(commands, n, r->arg[0]) && (r->count == 1 || is_help(r->arg[1]))) {
        bool asked = r->count > 1 || out->help;
        out->group = r->arg[0];
        out->help = true;
        return asked ? OK
                     : err_set(err, E_USAGE, "name a subcommand of %s (see taihu %s --help)",
                               out->group, out->group);
    }
    return no_command(commands, n, r, a, err);
}

/* ---- options ---- */

/* Whether `arg` is the option, and where its value stands in `arg` itself, or NULL. */
static bool is_option(const struct cli_option *o, const char *arg, const char **value) {
    size_t n = strlen(o->name);
    *value = NULL;
    if (strncmp(arg, o->name, n) == 0 && (arg[n] == '\0' || arg[n] == '=')) {
        *value = arg[n] == '=' ? arg + n + 1 : NULL;
        return true;
    }
    if (o->letter != NULL && strncmp(arg, o->letter, 2) == 0) {
        *value = arg[2] == '\0' ? NULL : arg + 2;
        return true;
    }
    return false;
}

/* Whether `word` is one of "a|b|c". */
static bool is_choice(const char *choices, const char *word) {
    size_t len = strlen(word);
    for (const char *c = choices; *c != '\0';) {
        size_t n = strcspn(c, "|");
        if (n == len && strncmp(c, word, n) == 0) {
            return true;
        }
        c += n + (c[n] == '|');
    }
    return false;
}

static enum code take_value(const struct cli_command *c, const struct cli_option *o,
                            const char *value, struct cli_args *out, struct err *err) {
    if (strchr(o->value, '|') != NULL && !is_choice(o->value, value)) {
        return err_set(err, E_USAGE, "%s: %s takes %s, not \"%.100s\"", c->words, o->name, o->value,
                       value);
    }
    if (value[0] == '\0') {
        return err_set(err, E_USAGE, "%s: %s wants %s, not nothing", c->words, o->name, o->value);
    }
    out->value[o->id] = value;
    return OK;
}

static enum code take_option(const struct cli_command *c, const char *arg, struct rest *r,
                             struct cli_args *out, struct err *err) {
    struct nearest best = nearest_to(arg);
    consider(&best, "--help");
    for (const struct cli_option *o = c->options; o->name != NULL; o++) {
        const char *value;
        if (!is_option(o, arg, &value)) {
            consider(&best, o->name);
            continue;
        }
        if (o->value == NULL) {
            if (value != NULL) {
                return err_set(err, E_USAGE, "%s: %s takes no value", c->words, o->name);
            }
            out->value[o->id] = "yes";
            return OK;
        }
        if (value == NULL && r->count == 0) {
            return err_set(err, E_USAGE, "%s: %s wants %s behind it", c->words, o->name, o->value);
        }
        return take_value(c, o, value == NULL ? next(r) : value, out, err);
    }
    char see[NAME_MAX_LEN] = " ";
    strncat(see, c->words, sizeof see - 2);
    return unknown("option", &best, see, err);
}

static enum code check_complete(const struct cli_args *args, struct err *err) {
    const struct cli_command *c = args->command;
    if (args->operand_count < c->operand_min || args->operand_count > c->operand_max) {
        return err_set(err, E_USAGE, "%s takes %s, not %zu names (see taihu %s --help)", c->words,
                       c->operands[0] == '\0' ? "nothing" : c->operands, args->operand_count,
                       c->words);
    }
    for (const struct cli_option *o = c->options; o->name != NULL; o++) {
        if (o->required && args->value[o->id] == NULL) {
            return err_set(err, E_USAGE, "%s needs %s %s (see taihu %s --help)", c->words,
                           o->letter == NULL ? o->name : o->letter, o->value, c->words);
        }
    }
    return OK;
}

enum code cli_parse(const struct cli_command *commands, size_t n, int argc, char *const *argv,
                    struct arena *a, struct cli_args *out, struct err *err) {
    struct cli_args args = {.group = ""};
    struct rest r = {argc > 0 ? argv + 1 : argv, argc > 0 ? (size_t)argc - 1 : 0};
    bool only_operands = false;
    char *const version[] = {(char[]){"version"}};
    if (r.count == 1 && strcmp(r.arg[0], "--version") == 0) {
        r.arg = version;
    }
    enum code code = find_command(commands, n, &r, a, &args, err);
    args.operands = arena_alloc(a, (r.count + 1) * sizeof *args.operands);
    while (code == OK && args.command != NULL && r.count > 0 && !args.help) {
        const char *arg = next(&r);
        if (only_operands || arg[0] != '-' || arg[1] == '\0') {
            args.operands[args.operand_count++] = arg;
        } else if (strcmp(arg, "--") == 0) {
            only_operands = true;
        } else if (is_help(arg)) {
            args.help = true;
        } else {
            code = take_option(args.command, arg, &r, &args, err);
        }
    }
    if (code == OK && !args.help) {
        code = check_complete(&args, err);
    }
    if (code == OK) {
        *out = args;
    }
    return code;
}
