/* pdf: a PDF -> its text in paragraphs. `pdftotext -layout` (Debian package poppler-utils) does the
 * reading in a confined process, see child.h; reflow.h makes paragraphs of its printed lines.
 *
 * Chosen over pdftotext's reading order, which loses the indents that begin paragraphs and takes
 * tables apart. Two columns of running text on a page come out as the rows of a table. */
#ifndef TAIHU_TEXT_PDF_H
#define TAIHU_TEXT_PDF_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Adds the text to `text`, at most `max` bytes. E_INPUT: damaged, truncated, encrypted, or scanned
 * pages without text. E_LIMIT: too long, or too slow to read. E_IO: pdftotext or its Chinese
 * character maps are not installed. */
enum code pdf_parse(const char *bytes, size_t n, size_t max, struct buf *text, struct err *err);

#endif
