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

enum code kept_text_number(const struct kept_text *t, const struct kept_number *all, size_t count,
                           const struct figure *f, int64_t *number, struct err *err) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].id, f->id) == 0 && all[i].span.from == f->text.from &&
            all[i].span.to == f->text.to) {
            *number = all[i].number;
            return OK;
        }
    }
    return err_set(err, E_INPUT,
                   "cannot tell the number of target %s of plan %" PRId64
                   " at byte %u: another version kept the plan and read it otherwise",
                   f->id, t->plan, (unsigned)f->text.from);
}
