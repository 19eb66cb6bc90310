/* evidence: files that show what a report says, kept by their SHA-256, bytes and all, in the
 * database: so one backup has them, and a file is what the journal says it is.
 *
 * The type is told by the bytes, never by the name:
 *
 *   pdf   %PDF-                     docx  a zip with word/document.xml
 *   png   89 "PNG" 0D 0A 1A 0A      xlsx  a zip with xl/workbook.xml
 *   jpeg  FF D8 FF                  csv, txt  UTF-8 without NUL that begins with no markup;
 *                                   csv where the name says so
 *
 * All else is refused by what it looks like: HTML and SVG, which a browser would run, above all;
 * Office files with macros too.
 *
 * The name is cleaned: the last component of a path, without control characters (and those that
 * turn the direction of text) and leading dots, at most EVIDENCE_NAME_MAX bytes; one that does not
 * end as its type does gets that ending: "x.exe" that is a pdf becomes "x.exe.pdf".
 *
 * The same bytes twice: the first stays, with its name, and no line is added. Line: subject
 * "file/SHA256", kind "evidence.added", payload {"name", "type", "size"}. */
#ifndef TAIHU_TRACK_EVIDENCE_H
#define TAIHU_TRACK_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/schema.h"
#include "store/sha256.h"
#include "store/tx.h"

extern const struct schema evidence_schema;

enum {
    EVIDENCE_SIZE_MAX = 10 * 1024 * 1024, /* bytes of a file */
    EVIDENCE_NAME_MAX = 200,              /* bytes of a name */
};

enum evidence_type {
    EVIDENCE_PDF,
    EVIDENCE_PNG,
    EVIDENCE_JPEG,
    EVIDENCE_DOCX,
    EVIDENCE_XLSX,
    EVIDENCE_CSV,
    EVIDENCE_TXT,
    EVIDENCE_TYPES,
};

/* "pdf", "png", "jpeg", "docx", "xlsx", "csv", "txt"; and as HTTP names them. */
const char *evidence_type_name(enum evidence_type type);
const char *evidence_type_mime(enum evidence_type type);

struct evidence {
    unsigned char sha256[SHA256_BYTES];
    const char *name;
    enum evidence_type type;
    size_t size;
    const char *actor; /* who brought it */
    int64_t time_ms;
    int64_t line; /* that tells of it */
};

/* A file that was sent, looked at before the job that keeps it: its bytes are borrowed. */
struct evidence_file {
    const char *name; /* cleaned, in the arena */
    enum evidence_type type;
    unsigned char sha256[SHA256_BYTES];
    const void *bytes;
    size_t size;
};

/* Looks at a file of any bytes and any name (NULL for none). E_INPUT: empty, or of no type above,
 * named by what it looks like; E_LIMIT: too large. */
enum code evidence_parse(const char *name, const void *bytes, size_t n, struct arena *a,
                         struct evidence_file *out, struct err *err);

/* Keeps it, within a write job; *out, in `a`, is what is kept of these bytes. */
enum code evidence_add(struct tx *tx, const struct evidence_file *file, const char *actor,
                       struct arena *a, struct evidence *out, struct err *err);

/* What is kept of a file, in `a`. E_ABSENT: nothing. */
enum code evidence_find(struct tx *tx, const unsigned char sha256[SHA256_BYTES], struct arena *a,
                        struct evidence *out, struct err *err);

/* The same with its bytes, out->size of them, in `a`. */
enum code evidence_load(struct tx *tx, const unsigned char sha256[SHA256_BYTES], struct arena *a,
                        struct evidence *out, const void **bytes, struct err *err);

#endif
