/* import_int: how far files were taken: rows of sense_import. */
#ifndef TAIHU_SENSE_IMPORT_INT_H
#define TAIHU_SENSE_IMPORT_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/tx.h"

struct import_state {
    const unsigned char *file, *map; /* digests */
    const char *name;
    int64_t rows;     /* that are done with */
    int64_t entities; /* that were made */
    int64_t refused;  /* rows that the store refused */
    bool whole;
};

/* Fills in what is known of the file by this map, zeros where nothing is. */
enum code import_db_load(struct tx *tx, struct import_state *state, struct err *err);
enum code import_db_save(struct tx *tx, const struct import_state *state, struct err *err);

#endif
