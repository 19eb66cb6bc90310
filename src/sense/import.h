/* import: the rows of a file into the store, by a map.
 *
 *   file ─► rows or features ─► map_apply() ─► a batch ─► one job: entities, the journal's line,
 * and how far the file was taken
 *
 * How far a file was taken stands in the database (sense_import), by the digests of file and map,
 * written in the job of the rows it tells of. So who dies in between, and runs it again, goes on
 * behind the last row that is kept, and each row counts once; a file that was taken whole changes
 * nothing any more.
 *
 * Who subscribed is told by the next server: what is due to them is in the job of the batch too.
 *
 * Memory does not grow with the file, but with what gaps.h counts. A row that is wrong is told of
 * and left out, and the rest goes on; with `strict` all is one job, and the first wrong row undoes
 * it. */
#ifndef TAIHU_SENSE_IMPORT_H
#define TAIHU_SENSE_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ngsi/model.h"
#include "sense/gaps.h"
#include "sense/input.h"
#include "sense/map.h"
#include "store/schema.h"
#include "store/sha256.h"
#include "store/store.h"
#include "subscription/match.h"

extern const struct schema sense_schema;

enum {
    IMPORT_BATCH = 1000,          /* rows of one job */
    IMPORT_BATCH_BYTES = 8 << 20, /* what a batch holds before it is written sooner */
};

struct import_field {
    const char *text;
    size_t len;
};

/* A row that is left out. */
struct import_reject {
    int64_t row;                /* from 1, without the header */
    int64_t line;               /* on which it begins */
    const char *column, *value; /* NULL: no single one */
    const char *why;
    const struct import_field *fields; /* as they stood; a feature is one, as JSON */
    size_t field_count;
};

struct import_report {
    int64_t rows;   /* of the file, without the header */
    int64_t taken;  /* kept, now or before */
    int64_t passed; /* no "when" of the map holds for them */
    int64_t rejected;
    int64_t before;   /* rows that an earlier run had taken */
    int64_t entities; /* made by this import, also before */
    int64_t missing;  /* attributes without a value */
    int64_t bytes;    /* of the file */
    bool whole;       /* an earlier run had taken all of it: nothing was read */
    struct gaps_report gaps;
};

struct import_watch {
    void (*rejected)(void *data, const struct import_reject *reject);
    void (*progress)(void *data, const struct import_report *report);
    void *data;
};

struct import_config {
    const char *name; /* of the file, for the journal */
    struct input input;
    unsigned char digest[SHA256_BYTES]; /* of the file */
    const struct map *map;
    struct store *store;            /* NULL: a dry run, which keeps nothing and looks for nothing */
    const struct model_set *models; /* types that are declared; NULL: none is */
    struct match *match;            /* finds who is to be told; NULL: nobody is */
    const char *actor;              /* of the journal's lines */
    bool strict;
    bool again;   /* from its first row on, whatever was taken before */
    size_t batch; /* rows of a job; 0: IMPORT_BATCH */
    struct import_watch watch;
};

/* *out is written in any case: how far it came. OK: also where rows were rejected, but with
 * `strict`. E_INPUT, E_LIMIT: the file is none, its header lacks a column, or a row is wrong and
 * `strict`. E_IO: the machine said no. What it points to lives in `a`. */
enum code import_run(const struct import_config *config, struct arena *a, struct import_report *out,
                     struct err *err);

#endif
