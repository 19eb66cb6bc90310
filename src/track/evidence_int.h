/* evidence_int: what evidence.c calls of evidence_type.c and evidence_db.c. */
#ifndef TAIHU_TRACK_EVIDENCE_INT_H
#define TAIHU_TRACK_EVIDENCE_INT_H

#include "track/evidence.h"

/* The type of bytes; `name` tells csv from txt. E_INPUT says what they look like. */
enum code evidence_type_of(const char *name, const void *bytes, size_t n, enum evidence_type *out,
                           struct err *err);

/* The cleaned name, with the ending of its type, in `a`. */
const char *evidence_clean_name(const char *name, enum evidence_type type, struct arena *a);

enum code evidence_db_add(struct tx *tx, const struct evidence_file *file,
                          const struct evidence *row, struct err *err);

#endif
