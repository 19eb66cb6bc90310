/* import: `taihu import FILE --map MAP`: the rows of a file into a database.
 *
 * What it prints:
 *
 *   imported: 无锡.csv, 792 rows
 *   taken 784, passed over 0, rejected 8
 *   new entities 8, values that are not there 120
 *   hours: 22 of 1,120 are not there ...
 *
 * or "unchanged: " for a file that was imported before, or "checked: " for a dry run. On stderr,
 * for each row that is left out:
 *
 *   taihu: 无锡.csv:row 17 (line 19), column "PM10": value "8,1": not a number */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/api.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/file.h"
#include "base/mono.h"
#include "base/utf8.h"
#include "cli/cli_int.h"
#include "cli/clock.h"
#include "cli/data_dir.h"
#include "cli/sink.h"
#include "ngsi/model_read.h"
#include "sense/import.h"
#include "subscription/match.h"

enum {
    SHOWN_MAX = 20,   /* rejected rows that are named on stderr: all are in --errors */
    VALUE_BYTES = 80, /* of a value there */
    REDRAW_MS = 100,  /* on a terminal */
    REPEAT_MS = 2000, /* in a log */
    PIECE = 256 * 1024,
};

/* What one import works with. */
struct work {
    const struct cli_args *args;
    const char *path;
    int fd;
    int64_t size; /* of the file, in bytes */
    struct arena arena;
    struct map map;
    struct model_set *models;
    struct match *match; /* who is to be told, by the next server */
    struct import_config config;
    struct import_report report;
    bool errors; /* `sink` is open */
    struct sink sink;
    enum code sink_code;
    struct err sink_err;
    int64_t shown;
    bool terminal, progress; /* progress is shown, in place or line by line */
    bool drawn;
    int64_t start_ms, drawn_ms;
};

static bool is_set(const struct cli_args *args, enum cli_option_id id) {
    return args->value[id] != NULL;
}

/* ---- progress ---- */

static void clear_line(struct work *w) {
    if (w->drawn) {
        fputs("\r\033[K", stderr);
        w->drawn = false;
    }
}

/* "12,000 rows, 15,300 a second, 41 %" */
static void show_progress(void *data, const struct import_report *report) {
    struct work *w = data;
    int64_t now = mono_ms();
    if (!w->progress || now - w->drawn_ms < (w->terminal ? REDRAW_MS : REPEAT_MS)) {
        return;
    }
    int64_t passed = now - w->start_ms > 0 ? now - w->start_ms : 1;
    clear_line(w);
    fprintf(stderr,
            "%s: %" PRId64 " rows, %" PRId64 " a second, %" PRId64 " %%, %" PRId64 " rejected%s",
            w->path, report->rows, report->rows * 1000 / passed,
            w->size > 0 ? report->bytes * 100 / w->size : 100, report->rejected,
            w->terminal ? "" : "\n");
    w->drawn = w->terminal;
    w->drawn_ms = now;
}

/* ---- rows that are left out ---- */

/* A value on one line, cut at a character, with nothing that a terminal would obey. */
static void put_value(struct buf *to, const char *s) {
    size_t n = strlen(s);
    size_t cut = n > VALUE_BYTES ? utf8_check(s, VALUE_BYTES) : n;
    for (size_t i = 0; i < cut; i++) {
        buf_addc(to, (unsigned char)s[i] < ' ' || s[i] == 0x7f ? ' ' : s[i]);
    }
    if (cut < n) {
        buf_adds(to, "…");
    }
}

static void print_reject(const struct work *w, const struct import_reject *x) {
    struct buf b = BUF_INIT;
    buf_addf(&b, "taihu: %s:row %" PRId64 " (line %" PRId64 ")", w->path, x->row, x->line);
    if (x->column != NULL) {
        buf_addf(&b, ", column \"");
        put_value(&b, x->column);
        buf_addc(&b, '"');
    }
    if (x->value != NULL) {
        buf_adds(&b, ": value \"");
        put_value(&b, x->value);
        buf_addc(&b, '"');
    }
    buf_adds(&b, ": ");
    put_value(&b, x->why);
    fprintf(stderr, "%s\n", b.data);
    buf_fini(&b);
}

static void put_cell(struct buf *to, const char *s) {
    buf_addc(to, ',');
    csv_put(to, s == NULL ? "" : s, s == NULL ? 0 : strlen(s));
}

/* The row as it stood, behind where and why. */
static void file_reject(struct work *w, const struct import_reject *x) {
    struct buf *to = sink_buf(&w->sink);
    buf_addf(to, "%" PRId64 ",%" PRId64, x->row, x->line);
    put_cell(to, x->column);
    put_cell(to, x->value);
    put_cell(to, x->why);
    for (size_t i = 0; i < x->field_count; i++) {
        put_cell(to, x->fields[i].text);
    }
    buf_adds(to, "\r\n");
    if (w->sink_code == OK) {
        w->sink_code = sink_push(&w->sink, &w->sink_err);
    }
}

static void take_reject(void *data, const struct import_reject *x) {
    struct work *w = data;
    if (w->shown++ < SHOWN_MAX) {
        clear_line(w);
        print_reject(w, x);
    }
    if (w->errors && w->sink_code == OK) {
        file_reject(w, x);
    }
}

/* ---- the summary ---- */

static void put_gaps(const struct gaps_report *g, struct buf *to) {
    char from[DATE_TIME_TEXT_MAX];
    if (g->entities == 0) {
        return;
    }
    buf_addf(to,
             "steps of %" PRId64 " s: %" PRId64 " of %" PRId64 " are not there, in %" PRId64
             " entities; rows for a step that had one: %" PRId64 "\n",
             g->every_s, g->missing, g->steps, g->entities, g->repeated);
    if (g->id != NULL) {
        buf_addf(to, "longest gap: %s, %" PRId64 " steps from %s\n", g->id, g->length,
                 date_time_text(g->from_ms, from));
    }
    if (g->cut) {
        buf_adds(to, "there were more entities or steps than are counted\n");
    }
}

static void put_summary(const struct work *w, struct buf *to) {
    const struct import_report *r = &w->report;
    if (r->whole) {
        buf_addf(to, "unchanged: %s, %" PRId64 " rows, imported before with this map\n", w->path,
                 r->rows);
        return;
    }
    buf_addf(to, "%s: %s, %" PRId64 " rows\n", w->config.store == NULL ? "checked" : "imported",
             w->path, r->rows);
    if (r->before > 0) {
        buf_addf(to, "went on behind row %" PRId64 "\n", r->before);
    }
    buf_addf(to, "taken %" PRId64 ", passed over %" PRId64 ", rejected %" PRId64 "\n", r->taken,
             r->passed, r->rejected);
    buf_addf(to, "new entities %" PRId64 ", values that are not there %" PRId64 "\n", r->entities,
             r->missing);
    put_gaps(&r->gaps, to);
}

static enum code print_summary(const struct work *w, struct err *err) {
    struct sink out;
    enum code code = sink_open(&out, NULL, err);
    if (code == OK) {
        put_summary(w, sink_buf(&out));
        code = sink_close(&out, err);
    }
    return code;
}

/* ---- the work ---- */

static enum code load_map(struct work *w, struct err *err) {
    const char *path = w->args->value[CLI_MAP];
    struct buf text = BUF_INIT;
    enum code code = file_load(path, MAP_BYTES_MAX, &text, err);
    if (code == OK) {
        code = map_parse(text.data == NULL ? "" : text.data, text.len, &w->arena, &w->map, err);
    }
    err_prefix(err, path);
    buf_fini(&text);
    return code;
}

/* Opens the file and reads it once for its digest: it is found again by that. */
static enum code open_file(struct work *w, struct err *err) {
    struct stat st;
    w->fd = open(w->path, O_RDONLY | O_CLOEXEC);
    if (w->fd < 0 || fstat(w->fd, &st) != 0) {
        return err_set(err, E_IO, "%s: cannot open: %s", w->path, strerror(errno));
    }
    if (!S_ISREG(st.st_mode)) {
        return err_set(err, E_IO, "%s: cannot import: it is no file, which can be read twice",
                       w->path);
    }
    w->size = st.st_size;
    return OK;
}

static enum code digest_file(struct work *w, struct err *err) {
    char *piece = arena_alloc(&w->arena, PIECE);
    struct sha256 *sha = sha256_new();
    ssize_t got;
    while ((got = input_read_file(&w->fd, piece, PIECE)) > 0) {
        sha256_add(sha, piece, (size_t)got);
    }
    sha256_end(sha, w->config.digest);
    if (got < 0 || lseek(w->fd, 0, SEEK_SET) != 0) {
        return err_set(err, E_IO, "%s: cannot read: %s", w->path, strerror(errno));
    }
    return OK;
}

static enum code open_errors(struct work *w, struct err *err) {
    const char *path = w->args->value[CLI_ERRORS];
    if (path == NULL) {
        return OK;
    }
    enum code code = sink_open(&w->sink, path, err);
    if (code == OK) {
        w->errors = true;
        buf_adds(sink_buf(&w->sink), "row,line,column,value,why,fields\r\n");
    }
    return code;
}

/* The types that are declared: by them values are refused or judged. */
static enum code load_models(struct work *w, struct err *err) {
    const char *data = NULL;
    enum code code = data_dir(w->args->value[CLI_DATA], &w->arena, &data, err);
    w->models = model_set_new();
    w->config.models = w->models;
    return code == OK ? model_load(w->models, data, err) : code;
}

static enum code open_db(struct work *w, struct err *err) {
    struct store_config config = {.path = w->args->value[CLI_DB],
                                  .mode = STORE_WRITE,
                                  .schemas = api_schemas,
                                  .schema_count = api_schema_count,
                                  .now_ms = clock_now_ms};
    if (is_set(w->args, CLI_DRY_RUN)) {
        return OK;
    }
    enum code code = load_models(w, err);
    w->match = match_new(&(struct match_config){.waiting_max = MATCH_WAITING_MAX});
    w->config.match = w->match;
    return code == OK ? store_open(&config, &w->config.store, err) : code;
}

static enum code run(struct work *w, struct err *err) {
    const char *slash = strrchr(w->path, '/');
    w->config.name = slash == NULL ? w->path : slash + 1;
    w->config.input = (struct input){input_read_file, &w->fd};
    w->config.map = &w->map;
    w->config.actor = "cli/import";
    w->config.strict = is_set(w->args, CLI_STRICT);
    w->config.again = is_set(w->args, CLI_AGAIN);
    w->config.watch = (struct import_watch){take_reject, show_progress, w};
    w->terminal = isatty(STDERR_FILENO) == 1;
    w->progress = w->terminal || is_set(w->args, CLI_PROGRESS);
    w->start_ms = w->drawn_ms = mono_ms();
    enum code code = import_run(&w->config, &w->arena, &w->report, err);
    clear_line(w);
    if (w->shown > SHOWN_MAX) {
        fprintf(stderr, "taihu: %s: %" PRId64 " more rows are rejected%s\n", w->path,
                w->shown - SHOWN_MAX, w->errors ? "" : " (--errors FILE.csv lists all)");
    }
    if (code != OK) {
        err_prefix(err, w->path);
    }
    return code;
}

/* The list of what is rejected appears also where the import failed. */
static enum code close_errors(struct work *w, enum code code, struct err *err) {
    if (!w->errors) {
        return code;
    }
    w->errors = false;
    if (w->sink_code != OK) {
        sink_drop(&w->sink);
        return err_set(err, w->sink_code, "%s", w->sink_err.msg);
    }
    enum code closed = sink_close(&w->sink, err);
    return code == OK ? closed : code;
}

static enum code work(struct work *w, struct err *err) {
    bool kept = is_set(w->args, CLI_DB) || is_set(w->args, CLI_DRY_RUN);
    enum code code = kept ? load_map(w, err)
                          : err_set(err, E_USAGE,
                                    "import needs --db FILE, or --dry-run "
                                    "(see taihu import --help)");
    if (code == OK) {
        code = open_file(w, err);
    }
    if (code == OK) {
        code = digest_file(w, err);
    }
    if (code == OK) {
        code = open_db(w, err);
    }
    if (code == OK) {
        code = open_errors(w, err);
    }
    if (code == OK) {
        code = run(w, err);
    }
    code = close_errors(w, code, err);
    if (code == OK && w->config.store != NULL) {
        code = store_stop(w->config.store, err);
    }
    return code == OK ? print_summary(w, err) : code;
}

enum code cli_import(const struct cli_args *args, struct err *err) {
    struct work w = {.args = args, .path = args->operands[0], .fd = -1};
    enum code code = work(&w, err);
    bool rejected = w.report.rejected > 0;
    store_close(w.config.store);
    match_free(w.match);
    model_set_free(w.models);
    if (w.fd >= 0) {
        close(w.fd);
    }
    arena_fini(&w.arena);
    return code == OK && rejected ? E_INPUT : code;
}
