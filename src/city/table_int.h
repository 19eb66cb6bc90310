/* table_int: the data files of this room: CSV with a fixed header, UTF-8, every row complete. */
#ifndef TAIHU_CITY_TABLE_INT_H
#define TAIHU_CITY_TABLE_INT_H

#include <stddef.h>

#include "base/csv.h"
#include "base/err.h"

enum { TABLE_BYTES_MAX = 16 * 1024 * 1024 }; /* a city's divisions are 50 kB, a province's 2 MB */

struct table {
    const char *const *columns; /* the header, exactly */
    size_t column_count;

    /* Takes a row, whose fields are the columns'. What it says on failure gets the line put before
     * it. */
    enum code (*row)(void *to, const struct csv *row, struct err *err);
};

/* Reads the rows of data[0..n). E_INPUT: not UTF-8, not CSV, another header, a row of another
 * width, or what row() refuses; rows before that were taken. */
enum code table_parse(const struct table *table, const char *data, size_t n, void *to,
                      struct err *err);

/* The same of the file DIR/NAME; its path is put before the words of an error. */
enum code table_load(const struct table *table, const char *dir, const char *name, void *to,
                     struct err *err);

#endif
