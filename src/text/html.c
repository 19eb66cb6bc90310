/* html: see html.h. libxml2's HTML parser in its SAX form: it repairs what is badly nested and
 * builds no tree, so memory does not grow with the page. */
#include "text/html.h"

#include <libxml/HTMLparser.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "text/encoding.h"
#include "text/lines.h"

enum { META_WITHIN = 8192, TITLE_MAX = 1024 };

enum role {
    ROLE_INLINE,
    ROLE_BLOCK,
    ROLE_TABLE,
    ROLE_ROW,
    ROLE_CELL,
    ROLE_PRE,
    ROLE_TITLE,
    ROLE_SKIP
};

struct page {
    struct lines text;
    struct lines title;
    bool titled;  /* the first <title> is over */
    int title_at; /* depth of the open <title>, 0 for none */
    int skip_at;  /* depth of the open element that is not shown, 0 for none */
    enum code code;
    struct err *err;
    htmlParserCtxtPtr parser;
    const char *rest; /* of the page, not yet parsed */
    size_t rest_len;
};

/* Elements by what they do to the layout; all others stand in the line. Sorted. */
static const struct {
    const char *name;
    enum role role;
} roles[] = {
    {"address", ROLE_BLOCK}, {"applet", ROLE_SKIP},    {"article", ROLE_BLOCK},
    {"aside", ROLE_BLOCK},   {"audio", ROLE_SKIP},     {"blockquote", ROLE_BLOCK},
    {"body", ROLE_BLOCK},    {"br", ROLE_BLOCK},       {"button", ROLE_SKIP},
    {"canvas", ROLE_SKIP},   {"caption", ROLE_BLOCK},  {"center", ROLE_BLOCK},
    {"dd", ROLE_BLOCK},      {"details", ROLE_BLOCK},  {"dialog", ROLE_SKIP},
    {"dir", ROLE_BLOCK},     {"div", ROLE_BLOCK},      {"dl", ROLE_BLOCK},
    {"dt", ROLE_BLOCK},      {"fieldset", ROLE_BLOCK}, {"figcaption", ROLE_BLOCK},
    {"figure", ROLE_BLOCK},  {"footer", ROLE_SKIP},    {"form", ROLE_BLOCK},
    {"h1", ROLE_BLOCK},      {"h2", ROLE_BLOCK},       {"h3", ROLE_BLOCK},
    {"h4", ROLE_BLOCK},      {"h5", ROLE_BLOCK},       {"h6", ROLE_BLOCK},
    {"header", ROLE_BLOCK},  {"hr", ROLE_BLOCK},       {"iframe", ROLE_SKIP},
    {"legend", ROLE_BLOCK},  {"li", ROLE_BLOCK},       {"main", ROLE_BLOCK},
    {"math", ROLE_SKIP},     {"menu", ROLE_BLOCK},     {"nav", ROLE_SKIP},
    {"noframes", ROLE_SKIP}, {"noscript", ROLE_SKIP},  {"object", ROLE_SKIP},
    {"ol", ROLE_BLOCK},      {"p", ROLE_BLOCK},        {"pre", ROLE_PRE},
    {"rp", ROLE_SKIP},       {"script", ROLE_SKIP},    {"section", ROLE_BLOCK},
    {"select", ROLE_SKIP},   {"style", ROLE_SKIP},     {"summary", ROLE_BLOCK},
    {"svg", ROLE_SKIP},      {"table", ROLE_TABLE},    {"tbody", ROLE_BLOCK},
    {"td", ROLE_CELL},       {"template", ROLE_SKIP},  {"textarea", ROLE_SKIP},
    {"tfoot", ROLE_BLOCK},   {"th", ROLE_CELL},        {"thead", ROLE_BLOCK},
    {"title", ROLE_TITLE},   {"tr", ROLE_ROW},         {"ul", ROLE_BLOCK},
    {"video", ROLE_SKIP},
};

static enum role role_of(const char *name) {
    size_t low = 0;
    size_t high = sizeof roles / sizeof roles[0];
    while (low < high) {
        size_t mid = (low + high) / 2;
        int cmp = strcasecmp(name, roles[mid].name);
        if (cmp == 0) {
            return roles[mid].role;
        }
        if (cmp < 0) {
            high = mid;
        } else {
            low = mid + 1;
        }
    }
    return ROLE_INLINE;
}

/* Whether a style attribute says display:none, blanks and case aside. */
static bool style_hides(const char *style) {
    static const char hides[] = "display:none";
    size_t met = 0;
    for (; *style != '\0' && hides[met] != '\0'; style++) {
        char c = *style >= 'A' && *style <= 'Z' ? (char)(*style + 32) : *style;
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            continue;
        }
        met = c == hides[met] ? met + 1 : c == hides[0];
    }
    return hides[met] == '\0';
}

static bool is_hidden(const xmlChar **attrs) {
    for (; attrs != NULL && attrs[0] != NULL; attrs += 2) {
        const char *name = (const char *)attrs[0];
        if (strcasecmp(name, "hidden") == 0) {
            return true;
        }
        if (strcasecmp(name, "style") == 0 && attrs[1] != NULL &&
            style_hides((const char *)attrs[1])) {
            return true;
        }
    }
    return false;
}

static void stop(struct page *p, enum code code) {
    if (p->code == OK) {
        p->code = code;
        xmlStopParser(p->parser);
    }
}

static void open_shown(struct page *p, enum role role) {
    switch (role) {
    case ROLE_INLINE:
    case ROLE_SKIP:
    case ROLE_TITLE:
        break;
    case ROLE_PRE:
        p->text.keep_feed = true;
        lines_break(&p->text);
        break;
    case ROLE_BLOCK:
        lines_break(&p->text);
        break;
    case ROLE_TABLE:
        lines_table(&p->text);
        break;
    case ROLE_ROW:
        lines_row(&p->text);
        break;
    case ROLE_CELL:
        lines_cell(&p->text);
        break;
    }
}

static void close_shown(struct page *p, enum role role) {
    switch (role) {
    case ROLE_INLINE:
    case ROLE_SKIP:
    case ROLE_TITLE:
    case ROLE_CELL:
        break;
    case ROLE_PRE:
        p->text.keep_feed = false;
        lines_break(&p->text);
        break;
    case ROLE_BLOCK:
    case ROLE_ROW:
        lines_break(&p->text);
        break;
    case ROLE_TABLE:
        lines_table_end(&p->text);
        break;
    }
}

/* The parser's own stack counts the depth: it alone knows what it closed to repair the page. The
 * element stands on it both when it starts and when it ends. */
static void on_start(void *ctx, const xmlChar *name, const xmlChar **attrs) {
    struct page *p = ctx;
    int depth = p->parser->nameNr;
    if (depth > HTML_DEPTH_MAX) {
        stop(p, err_set(p->err, E_LIMIT, "html nested deeper than %d elements at line %d",
                        HTML_DEPTH_MAX, xmlSAX2GetLineNumber(p->parser)));
    }
    if (p->code != OK || p->skip_at != 0 || p->title_at != 0) {
        return;
    }
    enum role role = role_of((const char *)name);
    if (role == ROLE_TITLE) {
        p->title_at = depth;
    } else if (role == ROLE_SKIP || is_hidden(attrs)) {
        p->skip_at = depth;
    } else {
        open_shown(p, role);
    }
}

static void on_end(void *ctx, const xmlChar *name) {
    struct page *p = ctx;
    int depth = p->parser->nameNr;
    if (p->title_at != 0) {
        if (depth <= p->title_at) {
            p->title_at = 0;
            p->titled = true;
        }
    } else if (p->skip_at != 0) {
        if (depth <= p->skip_at) {
            p->skip_at = 0;
        }
    } else {
        close_shown(p, role_of((const char *)name));
    }
}

static void on_text(void *ctx, const xmlChar *s, int n) {
    struct page *p = ctx;
    if (p->code != OK || p->skip_at != 0) {
        return;
    }
    if (p->title_at == 0) {
        lines_text(&p->text, (const char *)s, (size_t)n);
        if (p->text.full) {
            stop(p, err_set(p->err, E_LIMIT, "html with more than %zu bytes of text", p->text.max));
        }
    } else if (!p->titled) {
        lines_text(&p->title, (const char *)s, (size_t)n);
    }
}

/* What would make the parser's work grow with the square of the page. It compares each attribute of
 * a tag with all others, which its array of them, two places each, tells while the tag is still
 * being read; and its table of names has few rows. */
static enum code check_work(const struct page *p) {
    if (p->parser->maxatts > HTML_ATTRIBUTES_MAX * 2) {
        return err_set(p->err, E_LIMIT, "html with a tag of more than %d attributes at line %d",
                       HTML_ATTRIBUTES_MAX, xmlSAX2GetLineNumber(p->parser));
    }
    if (xmlDictSize(p->parser->dict) > HTML_NAMES_MAX) {
        return err_set(p->err, E_LIMIT, "html with more than %d different names at line %d",
                       HTML_NAMES_MAX, xmlSAX2GetLineNumber(p->parser));
    }
    return OK;
}

/* Gives the parser its next bytes, a few kilobytes. */
static int read_more(void *ctx, char *to, int room) {
    struct page *p = ctx;
    p->code = p->code == OK ? check_work(p) : p->code;
    if (p->code != OK) {
        return 0; /* the end, as far as the parser knows */
    }
    size_t n = (size_t)room < p->rest_len ? (size_t)room : p->rest_len;
    memcpy(to, p->rest, n);
    p->rest += n;
    p->rest_len -= n;
    return (int)n;
}

/* Parses what is UTF-8 by now, so that the parser need believe no label in the page. With its
 * handlers for documents, comments and declarations left out it keeps nothing of them. */
static enum code parse_utf8(struct page *p, const struct buf *utf8) {
    p->rest = utf8->data;
    p->rest_len = utf8->len;
    xmlInitParser();
    p->parser = htmlNewParserCtxt();
    if (p->parser == NULL) {
        return err_set(p->err, E_IO, "cannot parse html: libxml2 gave no parser");
    }
    xmlSAXHandler *sax = p->parser->sax;
    memset(sax, 0, sizeof *sax);
    sax->startElement = on_start;
    sax->endElement = on_end;
    sax->characters = on_text;
    sax->ignorableWhitespace = on_text;
    sax->cdataBlock = on_text;
    p->parser->userData = p;
    htmlDocPtr doc = htmlCtxtReadIO(p->parser, read_more, NULL, p, NULL, "UTF-8",
                                    HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                        HTML_PARSE_NODEFDTD | HTML_PARSE_IGNORE_ENC);
    xmlFreeDoc(doc);
    htmlFreeParserCtxt(p->parser);
    return p->code;
}

/* Finds `what`, in any case, in s[0..n); NULL where it is not. */
static const char *find(const char *s, size_t n, const char *what) {
    size_t m = strlen(what);
    for (size_t i = 0; i + m <= n; i++) {
        if (strncasecmp(s + i, what, m) == 0) {
            return s + i;
        }
    }
    return NULL;
}

/* The value behind `key` = in s[0..n): charset=gb2312, encoding="gbk". */
static enum encoding label_behind(const char *s, size_t n, const char *key) {
    const char *end = s + n;
    const char *at = find(s, n, key);
    if (at == NULL) {
        return ENCODING_NONE;
    }
    at += strlen(key);
    at += strspn(at, " \t\r\n");
    if (at >= end || *at != '=') {
        return ENCODING_NONE;
    }
    at++;
    at += strspn(at, " \t\r\n\"'");
    size_t len = strcspn(at, " \t\r\n\"';/>?");
    return at + len <= end ? encoding_of_label(at, len) : ENCODING_NONE;
}

/* What the page says of its own encoding: <?xml encoding="…"?>, <meta charset="…"> or
 * <meta http-equiv=Content-Type content="text/html; charset=…">, looked for near the start. */
static enum encoding label_of(const char *bytes, size_t n) {
    char head[META_WITHIN + 1];
    size_t len = n < META_WITHIN ? n : META_WITHIN;
    memcpy(head, bytes, len);
    head[len] = '\0';
    len = strlen(head); /* a NUL there is refused later, with its offset */
    enum encoding e = ENCODING_NONE;
    if (strncasecmp(head, "<?xml", 5) == 0) {
        e = label_behind(head, strcspn(head, ">"), "encoding");
    }
    const char *at = head;
    while (e == ENCODING_NONE && (at = find(at, len - (size_t)(at - head), "<meta")) != NULL) {
        size_t tag = strcspn(at, ">");
        e = label_behind(at, tag, "charset");
        at += tag;
    }
    return e;
}

enum code html_parse(const char *bytes, size_t n, size_t max, struct buf *text, struct buf *title,
                     struct err *err) {
    struct buf utf8 = BUF_INIT;
    enum code code = encoding_decode(bytes, n, label_of(bytes, n), HTML_SOURCE_MAX, &utf8, err);
    if (code == OK) {
        struct page p = {.err = err};
        size_t before = text->len;
        lines_init(&p.text, text, max);
        lines_init(&p.title, title, TITLE_MAX);
        code = parse_utf8(&p, &utf8);
        if (code == OK && text->len == before) {
            code = err_set(err, E_INPUT, "html shows no text: %zu bytes of markup", n);
        }
    }
    buf_fini(&utf8);
    return code;
}
