/* pdf_int: the pdf reader with the program and its limits given, for tests. */
#ifndef TAIHU_TEXT_PDF_INT_H
#define TAIHU_TEXT_PDF_INT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/child.h"

/* As pdf_parse(). The first of `programs`, absolute paths, NULL at the end, that can be run is. */
enum code pdf_parse_by(const char *const programs[], const struct child_limits *limits,
                       const char *bytes, size_t n, size_t max, struct buf *text, struct err *err);

#endif
