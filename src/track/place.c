/* place: see place_int.h. */
#include "track/place_int.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "text/source.h"

static const char16_t kinds[] = u"省市州盟区县旗";

/* Where the name of the office or document begins behind that of the place. */
static uint32_t name_end(const struct source *s) {
    static const char16_t *const ends[] = {u"人民", u"政府", u"第"};
    uint32_t end = 0;
    while (end < s->n && is_ideograph16(s->ch[end])) {
        end++;
    }
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        uint32_t at = source_find(s, (struct run){0, end}, ends[i]);
        end = at < end ? at : end;
    }
    return end;
}

/* How many characters of the front are a place; 0 where none is. */
static uint32_t place_len(const struct source *s) {
    uint32_t end = name_end(s);
    if (end > 1 && is_one_of16(s->ch[end - 1], kinds)) {
        return end;
    }
    for (uint32_t i = 1; i < end; i++) {
        if (is_one_of16(s->ch[i], kinds)) {
            return i + 1;
        }
    }
    return 0;
}

static const char *folded(const struct source *s, uint32_t n, struct arena *a) {
    char bytes[UTF8_MAX];
    struct buf b = BUF_INIT;
    for (uint32_t i = 0; i < n; i++) {
        buf_add(&b, bytes, utf8_encode(s->ch[i], bytes));
    }
    const char *text = arena_dup(a, b.len == 0 ? "" : b.data, b.len);
    buf_fini(&b);
    return text;
}

const char *place_fold(const char *text, struct arena *a) {
    struct source s;
    source_fold(text, strlen(text), a, &s);
    return folded(&s, s.n, a);
}

const char *place_of(const char *issuer, const char *title, struct arena *a) {
    const char *const from[] = {issuer == NULL ? "" : issuer, title == NULL ? "" : title};
    struct source s[2];
    for (size_t i = 0; i < 2; i++) {
        source_fold(from[i], strlen(from[i]), a, &s[i]);
        uint32_t n = place_len(&s[i]);
        if (n > 0) {
            return folded(&s[i], n, a);
        }
    }
    const struct source *whole = s[0].n > 0 ? &s[0] : &s[1];
    return folded(whole, whole->n, a);
}
