/* docx_int: how the docx reader's files meet: docx.c opens the zip, docx_number.c knows lists and
 * styles, docx_body.c writes the text. */
#ifndef TAIHU_TEXT_DOCX_INT_H
#define TAIHU_TEXT_DOCX_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/xml.h"

enum { DOCX_LEVELS = 9 }; /* ECMA-376 part 1, 17.9.6: levels 0 to 8 */

/* The lists and styles of one document, and how far each list has counted. */
struct docx_numbers;
struct docx_style;

struct docx_numbers *docx_numbers_new(void);
void docx_numbers_free(struct docx_numbers *n);

/* Read word/styles.xml and word/numbering.xml, each once and in any order; both may be missing.
 * docx_numbers_settle() ties them together and comes before the first paragraph. */
enum code docx_styles_parse(struct docx_numbers *n, const struct xml_source *src, struct err *err);
enum code docx_numbers_parse(struct docx_numbers *n, const struct xml_source *src, struct err *err);
void docx_numbers_settle(struct docx_numbers *n);

/* The paragraph style called `id`, or NULL; the style of paragraphs that name none, or NULL. */
const struct docx_style *docx_style_find(const struct docx_numbers *n, const char *id, size_t len);
const struct docx_style *docx_style_default(const struct docx_numbers *n);

/* Whether paragraphs of this style are lines of a table of contents. NULL is none. */
bool docx_style_is_toc(const struct docx_style *s);

/* Counts one paragraph on and adds its number as Word shows it, "（三）" or "1. ", to `to`; adds
 * nothing where the paragraph has none. `num_id` and `level` are as the paragraph itself states
 * them, -1 where it leaves them to its style. */
void docx_number_next(struct docx_numbers *n, const struct docx_style *style, int num_id, int level,
                      struct buf *to);

/* Adds `n` as the format called `name` (ST_NumberFormat, ECMA-376 part 1, 17.18.59) writes it; a
 * name nobody knows counts in decimal. */
void docx_format_put(const char *name, int n, struct buf *to);

/* Reads word/document.xml. */
enum code docx_body_parse(struct docx_numbers *n, const struct xml_source *src, size_t max,
                          struct buf *text, struct err *err);

#endif
