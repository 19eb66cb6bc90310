/* report_text: bytes of a document or a record as HTML.
 *
 * What a document says must show as it stands and never act: < > & and both quotes become
 * references, so that the same bytes are safe in text and in a quoted attribute. Control
 * characters, which HTML does not allow, become U+FFFD. All else leaves as it came. */
#include "plan/report_int.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

static const char REPLACEMENT[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* What stands in the page for the byte, or NULL for the byte itself. */
static const char *reference(unsigned char c) {
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
    case '\r':
        return NULL;
    default:
        return c < 0x20 || c == 0x7F ? REPLACEMENT : NULL;
    }
}

void report_text(struct buf *to, const char *s, size_t n) {
    size_t plain = 0; /* from here on nothing was added yet */
    for (size_t i = 0; i < n; i++) {
        const char *ref = reference((unsigned char)s[i]);
        if (ref != NULL) {
            buf_add(to, s + plain, i - plain);
            buf_adds(to, ref);
            plain = i + 1;
        }
    }
    if (n > plain) {
        buf_add(to, s + plain, n - plain);
    }
}

void report_string(struct buf *to, const char *s) {
    if (s != NULL) {
        report_text(to, s, strlen(s));
    }
}

void report_span(struct buf *to, const struct document *doc, struct span span) {
    assert(span.from <= span.to && span.to <= doc->len);
    report_text(to, doc->text + span.from, span.to - span.from);
}

void report_file_name(struct buf *to, const char *name) {
    if (name == NULL) {
        return;
    }
    const char *slash = strrchr(name, '/');
    const char *s = slash != NULL && slash[1] != '\0' ? slash + 1 : name;
    size_t n = strlen(s);
    while (n > 0) {
        size_t good = utf8_check(s, n);
        report_text(to, s, good);
        if (good < n) {
            buf_adds(to, REPLACEMENT);
            good++;
        }
        s += good;
        n -= good;
    }
}

void report_title(struct buf *to, const struct reading *reading) {
    if (reading->title.to > reading->title.from) {
        report_span(to, &reading->doc, reading->title);
    } else if (reading->title_text != NULL) {
        report_string(to, reading->title_text);
    } else if (reading->doc.title != NULL) {
        report_string(to, reading->doc.title);
    } else {
        report_file_name(to, reading->doc.name);
    }
}

void report_decimal(struct buf *to, struct decimal d) {
    char text[DECIMAL_TEXT_MAX];
    buf_adds(to, decimal_text(d, text));
}
