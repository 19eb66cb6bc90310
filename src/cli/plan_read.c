/* plan_read: `taihu plan read FILE...`. One document at a time: load, read, append to the output,
 * give its memory back, so that a thousand documents need no more than the largest of them. A
 * document that fails is named on stderr and the next one is read; a failing output ends the work.
 */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mono.h"
#include "cli/cli_int.h"
#include "cli/inputs.h"
#include "cli/progress.h"
#include "cli/sink.h"
#include "plan/reader.h"
#include "plan/write.h"

/* What stands around the readings of a format. */
struct frame {
    const char *open, *between, *close;
    const char *none; /* instead, where nothing was read */
};

struct format {
    const char *name;
    struct frame one;     /* a single document was asked for */
    struct frame several; /* several, or a folder, however many it holds */
    void (*write)(const struct reading *r, size_t nth, struct buf *to);
};

static void write_json(const struct reading *r, size_t nth, struct buf *to) {
    (void)nth;
    write_reading_json(r, 2, to);
}

static void write_jsonl(const struct reading *r, size_t nth, struct buf *to) {
    (void)nth;
    write_reading_json(r, 0, to);
    buf_addc(to, '\n');
}

static void write_csv(const struct reading *r, size_t nth, struct buf *to) {
    write_reading_csv(r, nth == 0, to);
}

static void write_table(const struct reading *r, size_t nth, struct buf *to) {
    (void)nth;
    write_reading_table(r, to);
}

static const struct format formats[] = {
    {"json", {"", "", "\n", ""}, {"[\n", ",\n", "\n]\n", "[]\n"}, write_json},
    {"jsonl", {"", "", "", ""}, {"", "", "", ""}, write_jsonl},
    {"csv", {"", "", "", ""}, {"", "", "", ""}, write_csv},
    {"table", {"", "", "", ""}, {"", "\n\n", "", ""}, write_table},
};

static const struct format *format_find(const char *name) {
    const struct format *f = formats;
    while (strcmp(f->name, name) != 0) {
        f++; /* the option table admits no other name */
    }
    return f;
}

/* One run of the subcommand. */
struct run {
    const struct format *format;
    const struct frame *frame;
    struct reader *reader;
    struct arena document; /* what one document needs */
    struct sink out;
    struct progress progress;
    size_t written; /* readings in the output */
    bool failed;    /* a document was named on stderr */
};

static void complain(struct run *run, struct err *err, const char *path) {
    err_prefix(err, path);
    progress_clear(&run->progress);
    err_print(err);
    run->failed = true;
}

static enum code write_one(struct run *run, const struct reading *r, struct err *err) {
    struct buf *to = sink_buf(&run->out);
    buf_adds(to, run->written == 0 ? run->frame->open : run->frame->between);
    run->format->write(r, run->written, to);
    run->written++;
    if (!sink_is_terminal(&run->out)) {
        return sink_push(&run->out, err);
    }
    progress_clear(&run->progress);
    return sink_flush(&run->out, err);
}

/* Fails only when the output does: then there is no point in going on. */
static enum code read_one(struct run *run, const char *path, struct err *err) {
    struct err why = ERR_INIT;
    struct document doc;
    struct reading reading;
    progress_show(&run->progress, path, (uint64_t)mono_ms());
    arena_reset(&run->document);
    enum code code = document_load(path, &run->document, &doc, &why);
    if (code == OK) {
        progress_count(&run->progress, doc.len);
        code = reader_read(run->reader, &doc, &run->document, &reading, &why);
    }
    if (code != OK) {
        complain(run, &why, path);
        return OK;
    }
    return write_one(run, &reading, err);
}

static void gather(struct run *run, const struct cli_args *args, struct arena *a,
                   struct inputs *in) {
    for (size_t i = 0; i < args->operand_count; i++) {
        struct err why = ERR_INIT;
        if (inputs_add(in, args->operands[i], a, &why) != OK) {
            complain(run, &why, args->operands[i]);
        }
    }
}

static enum code read_all(struct run *run, const struct inputs *in, struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < in->count && code == OK; i++) {
        code = read_one(run, in->path[i], err);
    }
    progress_clear(&run->progress);
    bool lone = run->frame == &run->format->one;
    if (code != OK || (lone && run->written == 0)) {
        sink_drop(&run->out);
        return code;
    }
    buf_adds(sink_buf(&run->out), run->written == 0 ? run->frame->none : run->frame->close);
    return sink_close(&run->out, err);
}

enum code cli_plan_read(const struct cli_args *args, struct err *err) {
    struct run run = {.document = ARENA_INIT};
    struct arena paths = ARENA_INIT;
    struct inputs in = INPUTS_INIT;
    enum code code = sink_open(&run.out, args->value[CLI_OUTPUT], err);
    if (code != OK) {
        return code;
    }
    const char *name = args->value[CLI_FORMAT];
    run.format = format_find(name != NULL ? name : sink_is_terminal(&run.out) ? "table" : "json");
    run.reader = reader_new();
    progress_init(&run.progress, STDERR_FILENO, (uint64_t)mono_ms());
    gather(&run, args, &paths, &in);
    bool lone = args->operand_count == 1 && in.folders == 0;
    run.frame = lone ? &run.format->one : &run.format->several;
    code = read_all(&run, &in, err);
    reader_free(run.reader);
    inputs_fini(&in);
    arena_fini(&run.document);
    arena_fini(&paths);
    return code == OK && run.failed ? E_INPUT : code;
}
