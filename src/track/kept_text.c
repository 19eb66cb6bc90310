/* kept_text: see kept_text_int.h. The statements are in kept_text_db.c. */
#include "track/kept_text_int.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum code kept_text_read(const struct reader *reader, const struct kept_text *t, struct arena *a,
                         struct reading *out, struct err *err) {
    assert(t->text != NULL);
    /* a text without a title of its own was kept with that of its file */
    struct document doc = {DOCUMENT_TEXT, t->name, t->title, t->text, t->len};
    return reader_read(reader, &doc, a, out, err);
}

static bool is_same(struct span a, struct span b) {
    return a.from == b.from && a.to == b.to;
}

int64_t kept_text_number(const struct kept_number *all, size_t count, const struct figure *f) {
    for (size_t i = 0; i < count; i++) {
        if (is_same(all[i].span, f->text) && is_same(all[i].figure, f->number)) {
            return all[i].number;
        }
    }
    return 0;
}
