/* xml: a well-formed XML file met piece by piece, nothing of it kept: libxml2's SAX parser with its
 * sharp edges taken off. UTF-8 only. No network, no file, no DTD (so no entity but the five of
 * XML), bounds on depth, attributes and names. Memory does not grow with the input, nor does time
 * with its square. */
#ifndef TAIHU_TEXT_XML_H
#define TAIHU_TEXT_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Word nests about 30 deep (libxml2 itself stops at 256), writes some 40 attributes in its first
 * tag and knows some 900 names. */
enum { XML_DEPTH_MAX = 200, XML_ATTRIBUTES_MAX = 256, XML_NAMES_MAX = 4096 };

/* One element's start. Names are local: the prefix is dropped. Borrowed for the call. */
struct xml_element {
    const char *name;
    const unsigned char **attrs; /* libxml2's: local name, prefix, URI, value, end of value */
    int attr_count;
};

/* The attribute's value, not NUL-terminated, or NULL. */
const char *xml_attr(const struct xml_element *e, const char *name, size_t *n);

/* The attribute read as a decimal number; `missing` where it is absent, malformed or over
 * 999,999,999 either way. */
int xml_attr_int(const struct xml_element *e, const char *name, int missing);

/* Whether the attribute has this value. */
bool xml_attr_is(const struct xml_element *e, const char *name, const char *value);

/* Where the bytes come from. */
struct xml_source {
    void *from;
    /* Reads up to `n` bytes; *got 0 is the end. */
    enum code (*read)(void *from, char *to, size_t n, size_t *got, struct err *err);
};

/* Who hears of it; `ctx` is handed through. What is not OK ends the parsing. */
struct xml_handler {
    enum code (*start)(void *ctx, const struct xml_element *e, struct err *err);
    enum code (*end)(void *ctx, const char *name, struct err *err);
    void (*text)(void *ctx, const char *s, size_t n); /* may be NULL; UTF-8, cut anywhere */
    const char *const *skip; /* NULL-terminated: elements nobody hears of, nor what is in them */
};

/* Parses all of `src`. E_INPUT: not well-formed, not UTF-8, or it has a DTD. E_LIMIT: over a bound.
 * Else what the source or the handler returned. Messages name the line. */
enum code xml_parse(const struct xml_source *src, const struct xml_handler *h, void *ctx,
                    struct err *err);

#endif
