/* file: whole files in and out. */
#ifndef TAIHU_BASE_FILE_H
#define TAIHU_BASE_FILE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Reads all of `path` into `to` (emptied first). A directory or a device is E_IO; more than `max`
 * bytes is E_LIMIT and at most max + 1 bytes were read. */
enum code file_load(const char *path, size_t max, struct buf *to, struct err *err);

/* Writes `n` bytes to a new file beside `path`, syncs it and renames it over: a reader sees the old
 * file or the new one, whole. */
enum code file_save(const char *path, const char *data, size_t n, struct err *err);

#endif
