/* xml: see xml.h. The push parser, so that the caller's reader sets the pace and a refusal stops
 * it at once. A DTD is refused at its name, before any declaration in it is read. */
#include "text/xml.h"

#include <libxml/parser.h>
#include <string.h>
#include <strings.h>

enum { CHUNK = 16 * 1024 };

struct scan {
    const struct xml_handler *handler;
    void *ctx;
    struct err *err;
    xmlParserCtxtPtr parser;
    enum code code;
    int depth;
    int skip_depth; /* the depth of the element being skipped, 0 for none */
    int attributes; /* met in the bytes since the last '<' */
    bool equals;    /* the last byte met, blanks aside, is '=' */
};

const char *xml_attr(const struct xml_element *e, const char *name, size_t *n) {
    for (int i = 0; i < e->attr_count; i++) {
        const unsigned char **a = e->attrs + (ptrdiff_t)i * 5;
        if (strcmp((const char *)a[0], name) == 0) {
            *n = (size_t)(a[4] - a[3]);
            return (const char *)a[3];
        }
    }
    return NULL;
}

int xml_attr_int(const struct xml_element *e, const char *name, int missing) {
    size_t n = 0;
    const char *s = xml_attr(e, name, &n);
    bool minus = s != NULL && n > 0 && s[0] == '-';
    size_t i = minus;
    int v = 0;
    if (s == NULL || n - i == 0 || n - i > 9) {
        return missing;
    }
    for (; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') {
            return missing;
        }
        v = v * 10 + (s[i] - '0');
    }
    return minus ? -v : v;
}

bool xml_attr_is(const struct xml_element *e, const char *name, const char *value) {
    size_t n = 0;
    const char *s = xml_attr(e, name, &n);
    return s != NULL && n == strlen(value) && memcmp(s, value, n) == 0;
}

/* Ends the parsing, unless `code` is OK. */
static void stop(struct scan *s, enum code code) {
    if (s->code == OK && code != OK) {
        s->code = code;
        xmlStopParser(s->parser);
    }
}

static bool is_skipped(const struct scan *s, const char *name) {
    const char *const *skip = s->handler->skip;
    for (; skip != NULL && *skip != NULL; skip++) {
        if (strcmp(*skip, name) == 0) {
            return true;
        }
    }
    return false;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int ns_count, const xmlChar **ns, int attr_count, int defaulted,
                     const xmlChar **attrs) {
    (void)prefix, (void)uri, (void)ns_count, (void)ns, (void)defaulted;
    struct scan *s = ctx;
    if (s->code != OK) {
        return;
    }
    if (++s->depth > XML_DEPTH_MAX) {
        stop(s, err_set(s->err, E_LIMIT, "xml nested deeper than %d elements at line %d",
                        XML_DEPTH_MAX, xmlSAX2GetLineNumber(s->parser)));
        return;
    }
    if (s->skip_depth == 0 && is_skipped(s, (const char *)name)) {
        s->skip_depth = s->depth;
    }
    if (s->skip_depth == 0) {
        struct xml_element e = {(const char *)name, attrs, attr_count};
        stop(s, s->handler->start(s->ctx, &e, s->err));
    }
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)prefix, (void)uri;
    struct scan *s = ctx;
    if (s->code != OK) {
        return;
    }
    if (s->skip_depth == 0) {
        stop(s, s->handler->end(s->ctx, (const char *)name, s->err));
    } else if (s->skip_depth == s->depth) {
        s->skip_depth = 0;
    }
    s->depth--;
}

static void on_text(void *ctx, const xmlChar *text, int n) {
    struct scan *s = ctx;
    if (s->code == OK && s->skip_depth == 0 && s->handler->text != NULL) {
        s->handler->text(s->ctx, (const char *)text, (size_t)n);
    }
}

static void on_dtd(void *ctx, const xmlChar *name, const xmlChar *public_id,
                   const xmlChar *system_id) {
    (void)name, (void)public_id, (void)system_id;
    struct scan *s = ctx;
    stop(s, err_set(s->err, E_INPUT, "xml with a document type declaration at line %d: refused",
                    xmlSAX2GetLineNumber(s->parser)));
}

/* After the XML declaration, before the first tag. Office Open XML knows UTF-16 too (ECMA-376 part
 * 2, 8.1.1.3.1), but nobody writes it, and the count of attributes relies on ASCII being ASCII. */
static void on_document(void *ctx) {
    struct scan *s = ctx;
    const char *encoding = (const char *)s->parser->encoding;
    if (encoding != NULL && strcasecmp(encoding, "utf-8") != 0) {
        stop(s,
             err_set(s->err, E_INPUT, "xml in the encoding \"%s\": only utf-8 is read", encoding));
    }
}

static xmlParserCtxtPtr parser_new(struct scan *s) {
    xmlSAXHandler sax;
    memset(&sax, 0, sizeof sax);
    sax.initialized = XML_SAX2_MAGIC;
    sax.startDocument = on_document;
    sax.startElementNs = on_start;
    sax.endElementNs = on_end;
    sax.characters = on_text;
    sax.ignorableWhitespace = on_text;
    sax.cdataBlock = on_text;
    sax.internalSubset = on_dtd;
    xmlInitParser();
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&sax, s, NULL, 0, NULL);
    if (parser != NULL) {
        xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    }
    return parser;
}

/* The parser compares each attribute and each namespace of a tag with all others. So they are
 * counted before it sees them: ="  or  ='  since the last '<', which no attribute's value can hold.
 */
static bool has_many_attributes(struct scan *s, const char *chunk, size_t n) {
    for (size_t i = 0; i < n; i++) {
        char c = chunk[i];
        if (c == '<') {
            s->attributes = 0;
        }
        s->attributes += s->equals && (c == '"' || c == '\'');
        s->equals = c == '=' || (s->equals && (c == ' ' || c == '\t' || c == '\n' || c == '\r'));
        if (s->attributes > XML_ATTRIBUTES_MAX) {
            return true;
        }
    }
    return false;
}

/* Refuses UTF-16, and what would make the parser's work grow with the square of the input. */
static enum code check_chunk(struct scan *s, const char *chunk, size_t n) {
    if (memchr(chunk, 0, n) != NULL) {
        return err_set(s->err, E_INPUT, "xml with a byte 0x00 behind line %d: only utf-8 is read",
                       xmlSAX2GetLineNumber(s->parser));
    }
    if (has_many_attributes(s, chunk, n)) {
        return err_set(s->err, E_LIMIT, "xml with a tag of more than %d attributes behind line %d",
                       XML_ATTRIBUTES_MAX, xmlSAX2GetLineNumber(s->parser));
    }
    if (xmlDictSize(s->parser->dict) > XML_NAMES_MAX) {
        return err_set(s->err, E_LIMIT, "xml with more than %d different names at line %d",
                       XML_NAMES_MAX, xmlSAX2GetLineNumber(s->parser));
    }
    return OK;
}

static enum code refuse_malformed(const struct scan *s) {
    const xmlError *e = xmlCtxtGetLastError(s->parser);
    if (e == NULL || e->message == NULL) {
        return err_set(s->err, E_INPUT, "xml is not well-formed");
    }
    int n = (int)strcspn(e->message, "\n");
    if (e->code == XML_ERR_INTERNAL_ERROR || e->code == XML_ERR_NO_MEMORY) {
        return err_set(s->err, E_LIMIT, "xml with too long a part at line %d: %.*s", e->line, n,
                       e->message);
    }
    return err_set(s->err, E_INPUT, "xml is not well-formed at line %d: %.*s", e->line, n,
                   e->message);
}

static enum code feed(struct scan *s, const struct xml_source *src) {
    char chunk[CHUNK];
    size_t got;
    bool any = false;
    do {
        enum code code = src->read(src->from, chunk, sizeof chunk, &got, s->err);
        if (code == OK) {
            code = check_chunk(s, chunk, got);
        }
        if (code != OK) {
            return code;
        }
        if (got == 0 && !any) {
            return err_set(s->err, E_INPUT, "xml is empty");
        }
        any = true;
        int failed = xmlParseChunk(s->parser, chunk, (int)got, got == 0);
        if (s->code != OK) {
            return s->code;
        }
        if (failed != 0) {
            return refuse_malformed(s);
        }
    } while (got > 0);
    return OK;
}

enum code xml_parse(const struct xml_source *src, const struct xml_handler *h, void *ctx,
                    struct err *err) {
    struct scan s = {.handler = h, .ctx = ctx, .err = err};
    s.parser = parser_new(&s);
    if (s.parser == NULL) {
        return err_set(err, E_IO, "cannot parse xml: libxml2 gave no parser");
    }
    enum code code = feed(&s, src);
    xmlFreeParserCtxt(s.parser);
    return code;
}
