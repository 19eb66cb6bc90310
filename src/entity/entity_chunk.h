/* entity_chunk: many observations of one series in one hour as one text, so that a row of the
 * database holds them all. SQL can write it and a person can read it:
 *
 *   chunk  ::= line line ...                       oldest first, each moment once
 *   line   ::= offset [" " value] [TAB kind [TAB quality [TAB unit [TAB extra]]]] LF
 *   offset     ms since the chunk's hour began, digits without leading zeros
 *   value      JSON on one line
 *   kind       enum entity_kind, a digit
 *   quality    packed flags (quality.h), digits
 *   unit       a JSON string, or "-": it has none
 *   extra      a JSON object (attributes of the attribute), or "-": it has none
 *
 * What is left out, or empty behind its tab, is as in the line before; before the first line there
 * is no value, and kind and quality are 0, unit and extra "-". So one unit stands once:
 *
 *   0 21.5⇥⇥⇥"CEL"
 *   60000 21.6
 *   120000                       the same value again
 *   180000 22⇥⇥69905             another quality
 *
 * JSON has raw control characters only where white space may stand: they are written as blanks, so
 * no value can break a line. All is linear in the bytes of the text. */
#ifndef TAIHU_ENTITY_ENTITY_CHUNK_H
#define TAIHU_ENTITY_ENTITY_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "ngsi/entity.h"
#include "store/tx.h"

/* A text of a chunk is not made longer; one observation that is longer stands alone. With its key
 * (five numbers of 8 bytes at most, their types) it stays within the 1,002 bytes up to which a leaf
 * of pages of 4,096 holds a whole row, so that SQLite, looking for a key, never fetches the rest of
 * rows from other pages to compare them: https://www.sqlite.org/fileformat2.html, 1.6, X of an
 * index. Longer chunks cost twice as much to write behind (docs/decisions/0030-chunks.md). */
enum { CHUNK_BYTES = 960 };

/* Numbers of entity_name; dataset 0: the default instance. */
struct chunk_series {
    int64_t entity, attribute, dataset;
};

struct chunk_row {
    int64_t observed_ms;
    enum entity_kind kind;
    uint32_t quality;
    uint32_t settled; /* for chunk_write() alone: what a later one said its flags are; 0: nothing */
    const char *value, *unit, *extra; /* value is JSON; unit and extra may be NULL */
};

/* ---- the text ---- */

struct chunk_text {
    const char *s; /* NULL: not known, or there is none */
    size_t n;
};

/* Writes lines behind what `to` holds. Moments ascend within the hour of `bucket`. Texts of rows
 * are borrowed until the next line is written. */
struct chunk_writer {
    struct buf *to;
    int64_t from_ms; /* where the hour begins */
    bool known;      /* what is in the line before: else the next line says everything */
    enum entity_kind kind;
    uint32_t quality;
    struct chunk_text value, unit, extra; /* `unit` as its text, without quotes */
};

struct chunk_writer chunk_writer_of(struct buf *to, int64_t bucket);
void chunk_put(struct chunk_writer *w, const struct chunk_row *row);

/* A writer that goes on behind `text`, which `to` holds too; the moment of its last line. What the
 * writer knows of that is borrowed of `text` until the next line is written. E_DAMAGED: its end is
 * damaged; what lies before is not looked at. */
enum code chunk_go_on(const char *text, size_t n, int64_t bucket, struct buf *to,
                      struct chunk_writer *out, int64_t *last_ms, struct err *err);

/* Reads a text line by line. The text is changed: what `row` points to lies in it, with NULs behind
 * it. A unit that is written with escapes is put into `a`. */
struct chunk_reader {
    char *text;
    size_t n, at;
    int64_t from_ms;
    struct arena *arena;
    struct chunk_row row;
    const char *why; /* what is wrong at `at`; NULL: nothing */
};

struct chunk_reader chunk_reader_of(char *text, size_t n, int64_t bucket, struct arena *a);

/* Moves `row` to the next line; false behind the last one, or where `why` says what is wrong. */
bool chunk_next(struct chunk_reader *r);

/* E_DAMAGED, with the place, where it stopped before the end; OK behind the last line. */
enum code chunk_end(const struct chunk_reader *r, struct err *err);

/* Puts before the words of an E_DAMAGED which chunk it is about; returns `code`. */
enum code chunk_about(enum code code, const struct chunk_series *of, int64_t bucket,
                      struct err *err);

/* ---- the rows (entity_chunk_db.c) ---- */

/* Keeps observations of one series: sorted by moment, each moment once, over any time. One of a
 * moment that is there takes its place; its flags stay where kind and value are the same and it has
 * some. It costs what the chunks cost between the first moment and the last, not what the hour has.
 * E_INPUT: a row has no value. E_DAMAGED: what is there. */
enum code chunk_write(struct tx *tx, const struct chunk_series *of, const struct chunk_row *rows,
                      size_t count, struct err *err);

/* `row` takes the place of `old`, of the same moment: what comes again, the same value, keeps the
 * flags that it had. */
void chunk_row_replace(struct chunk_row *old, const struct chunk_row *row);

/* The flags of the observation of that moment, where it is there and has some. */
enum code chunk_settle(struct tx *tx, const struct chunk_series *of, int64_t observed_ms,
                       uint32_t quality, struct err *err);

/* One observation; its texts are in `a`. E_ABSENT. */
enum code chunk_load(struct tx *tx, const struct chunk_series *of, int64_t observed_ms,
                     struct arena *a, struct chunk_row *out, struct err *err);

/* Forgets one observation, if it is there. */
enum code chunk_remove(struct tx *tx, const struct chunk_series *of, int64_t observed_ms,
                       struct err *err);

#endif
