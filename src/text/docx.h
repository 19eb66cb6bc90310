/* docx: a Word document (ECMA-376 WordprocessingML in a zip) -> its text, laid out as lines.h says:
 * a line for each paragraph, a table's row one line with its cells separated by " | ".
 *
 *   word/document.xml    paragraphs, runs, tables
 *   word/numbering.xml   what Word counts by itself: "一、", "（二）", "1.", put before the text
 *   word/styles.xml      which styles are numbered, which are of a table of contents
 *   docProps/core.xml    the title
 *
 * Left out: deleted and moved-away text, hidden text, field codes, the table of contents, bullets,
 * headers, footers, notes and comments (parts of their own), pictures. */
#ifndef TAIHU_TEXT_DOCX_H
#define TAIHU_TEXT_DOCX_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Adds the text to `text`, at most `max` bytes, and the title, if there is one, to `title`.
 * E_INPUT: not a zip, truncated, damaged, encrypted, a zip of something else, no text. E_LIMIT: too
 * much of anything; what the zip unfolds to is bounded before it is parsed. */
enum code docx_parse(const char *bytes, size_t n, size_t max, struct buf *text, struct buf *title,
                     struct err *err);

#endif
