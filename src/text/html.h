/* html: a web page -> the text it shows, laid out as lines.h says: a line for each block, <br> a
 * line feed, a table's row one line with its cells separated by " | ".
 *
 * Left out: scripts, styles, comments, forms' fields, <nav>, <footer>, <template>, <noscript> and
 * what is marked hidden by attribute or by style="display:none". Style sheets are not read, so what
 * they hide is kept. */
#ifndef TAIHU_TEXT_HTML_H
#define TAIHU_TEXT_HTML_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* The most bytes of a page, as UTF-8; the deepest nesting; about the most attributes of a tag, and
 * the most names of elements and attributes. A report's page has 0.3 MB; browsers flatten what is
 * nested deeper than 512, libxml2's own trees stop at 256; the most that editors write is some 30
 * attributes in a tag and some 200 names. */
enum {
    HTML_SOURCE_MAX = 16 * 1024 * 1024,
    HTML_DEPTH_MAX = 256,
    HTML_ATTRIBUTES_MAX = 256,
    HTML_NAMES_MAX = 4096,
};

/* Adds the page's text to `text`, at most `max` bytes, and what <title> says to `title`. The
 * encoding is found as encoding.h says, with the label of the page's <meta charset>.
 * E_INPUT: nothing shown, binary, damaged. E_LIMIT: too long, too deep. */
enum code html_parse(const char *bytes, size_t n, size_t max, struct buf *text, struct buf *title,
                     struct err *err);

#endif
