/* reflow: the lines of a printed page -> paragraphs, one a line.
 *
 * Reads what `pdftotext -layout` writes: pages ended by form feeds, a printed line a line, its
 * place on the page kept by blanks, one blank about as wide as one Han character:
 *
 *               无锡市2021年政府工作报告            <- running head: repeated, dropped
 *
 *     2021年，我们将着力抓好以下工作：加快建      <- indented: a paragraph begins
 *   设现代产业体系，完成技改投资308.7亿元。       <- reached the edge above: joined
 *
 *                       — 3 —                       <- page number, dropped
 *
 * A line that reaches the usual right edge, or ends in a comma, goes on in the next line unless
 * that one is indented or begins with a heading's number. Joined without a blank between Han
 * characters. Lines whose parts stand far apart are rows of a table: never joined, the parts
 * separated by " | ". Lines of a table of contents (title, dots, page) are dropped. */
#ifndef TAIHU_TEXT_REFLOW_H
#define TAIHU_TEXT_REFLOW_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Printed lines that are taken: 30 a page make this a book of 13,000 pages. */
enum { REFLOW_LINES_MAX = 400 * 1000 };

/* Adds the paragraphs of s[0..n), valid UTF-8, to `to`, at most twice as many bytes. E_LIMIT: more
 * than REFLOW_LINES_MAX lines. */
enum code reflow_text(const char *s, size_t n, struct buf *to, struct err *err);

#endif
