/* document: a file that people wrote, as one UTF-8 text.
 *
 * The way: bytes of the file -> what they are (magic bytes first, then the name) -> the reader of
 * that format -> UTF-8, checked -> struct document. Every later span counts bytes of `text`.
 *
 *   .txt          the file's own bytes when they are UTF-8 (a byte order mark at the start is
 *                 dropped, line ends stay as they are), else decoded from UTF-16 (with mark, or
 *                 without where NUL bytes show it) or GB18030: text/encoding.h
 *   .html .htm    the text that is shown, a line per block, a table's row one line with its cells
 *                 separated by " | "; scripts, styles, comments dropped: text/html.h
 *   .docx         the paragraphs of word/document.xml in order, a line each, with the numbers Word
 *                 counts; table rows as in html: text/docx.h
 *   .pdf          pdftotext's text, page furniture dropped, broken lines joined to paragraphs:
 *                 text/pdf.h, text/reflow.h
 *
 * Text from the last three has no empty lines and no line that begins or ends with a blank. */
#ifndef TAIHU_TEXT_DOCUMENT_H
#define TAIHU_TEXT_DOCUMENT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum document_format { DOCUMENT_TEXT, DOCUMENT_HTML, DOCUMENT_DOCX, DOCUMENT_PDF };

/* The largest file that is opened, and the largest text that comes of one: a report has 0.1 MB; the
 * longest five-year plan with annexes that we know has 1.5 MB. */
enum { DOCUMENT_FILE_MAX = 64 * 1024 * 1024, DOCUMENT_TEXT_MAX = 8 * 1024 * 1024 };

struct document {
    enum document_format format;
    const char *name;  /* the file's name as the caller gave it */
    const char *title; /* from the file's own metadata (html title, docx core), or NULL */
    const char *text;  /* valid UTF-8 with a NUL behind it, no NUL within, no BOM at its start */
    size_t len;
};

/* Loads `path`. All of *out lives in `a`. E_IO: cannot be opened or read, or a helper program is
 * missing. E_LIMIT: over a cap. E_INPUT: empty, binary, encrypted, truncated, not valid in its
 * encoding, of a format that is not read; the message names the byte offset where there is one. A
 * message about the file as such (open, size) names `path`, one about its content does not.
 * *out is written only on OK. */
enum code document_load(const char *path, struct arena *a, struct document *out, struct err *err);

/* The same from memory; `name` says the format where the bytes do not. */
enum code document_parse(const char *name, const char *bytes, size_t n, struct arena *a,
                         struct document *out, struct err *err);

#endif
