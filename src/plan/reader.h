/* reader: the grammar, ready to use: lexicons and tables indexed once for the process, then only
 * read, so one reader serves any number of documents and threads. */
#ifndef TAIHU_PLAN_READER_H
#define TAIHU_PLAN_READER_H

#include "plan/reading.h"

struct reader;

struct reader *reader_new(void);
void reader_free(struct reader *r);

/* Reads one document. *out and all it points to live in `a`; out->doc is a copy of *doc.
 * E_INPUT when it holds no plan: neither an area nor a target; *out is then untouched. */
enum code reader_read(const struct reader *r, const struct document *doc, struct arena *a,
                      struct reading *out, struct err *err);

#endif
