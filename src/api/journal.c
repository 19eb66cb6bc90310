/* journal: its lines, for who supervises. */
#include "store/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"

enum { LIMIT = 100, LIMIT_MAX = 1000 };

static void put_line(struct call *c, struct tx *tx, struct json_out *j,
                     const struct journal_line *line) {
    json_obj(j);
    api_put_line(c, tx, j, line);
    json_put_str(j, "subject", line->subject);
    json_put_str(j, "kind", line->kind);
    json_key(j, "payload");
    json_raw(j, line->payload, strlen(line->payload));
    call_put_digest(j, "hash", line->hash);
    json_obj_end(j);
}

static void put_lines(struct call *c, struct tx *tx, const struct journal_batch *batch, bool more) {
    struct json_out *j = call_json(c);
    char next[24];
    json_obj(j);
    json_key(j, "items");
    json_arr(j);
    for (size_t i = 0; i < batch->count; i++) {
        put_line(c, tx, j, &batch->line[i]);
    }
    json_arr_end(j);
    snprintf(next, sizeof next, "%" PRId64,
             batch->count == 0 ? 0 : batch->line[batch->count - 1].seq);
    json_put_str(j, "next", more ? next : NULL);
    json_put_int(j, "head", journal_head(tx)->seq);
    json_obj_end(j);
}

struct page {
    int64_t after;
    int64_t limit;
};

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct page *page = data;
    const char *subject = call_query(c, "subject");
    struct journal_batch batch = JOURNAL_BATCH_INIT;
    size_t limit = (size_t)page->limit;
    enum code code = subject == NULL
                         ? journal_list(tx, page->after, limit, &batch, err)
                         : journal_list_of(tx, subject, page->after, limit, &batch, err);
    if (code == OK) {
        put_lines(c, tx, &batch, batch.count == limit);
    }
    journal_batch_fini(&batch);
    return code;
}

enum code api_journal_list(struct call *c, struct err *err) {
    struct page page = {0, LIMIT};
    enum code code =
        call_query_int(c, "after", (struct json_range){0, INT64_MAX}, &page.after, err);
    if (code == OK) {
        code = call_query_int(c, "limit", (struct json_range){1, LIMIT_MAX}, &page.limit, err);
    }
    return code == OK ? call_read(c, list, &page, err) : code;
}
