/* subscription_store: see subscription_store.h. The rows are in subscription_db.c. */
#include "subscription/subscription_store.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "store/hex.h"
#include "store/journal.h"
#include "store/sha256.h"

enum { HEX = 2 * SHA256_BYTES + 1 };

static const char *digest_of(const void *bytes, size_t n, char hex[HEX]) {
    unsigned char digest[SHA256_BYTES];
    sha256_of(bytes, n, digest);
    return hex_text(digest, sizeof digest, hex);
}

/* An id too long for a line's subject stands there by its digest. */
static void name_subject(const char *id, char to[JOURNAL_NAME_MAX + 1]) {
    char hex[HEX];
    bool fits = strlen(id) + sizeof "subscription/" <= JOURNAL_NAME_MAX;
    snprintf(to, JOURNAL_NAME_MAX + 1, "subscription/%s%s",
             fits ? "" : "sha256:", fits ? id : digest_of(id, strlen(id), hex));
}

enum code subscription_note(struct tx *tx, const struct subscription_note *note, struct err *err) {
    char subject[JOURNAL_NAME_MAX + 1];
    char kind[32], hex[HEX];
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_put_str(&j, "id", note->id);
    if (note->body_len > 0) {
        json_put_str(&j, "body_sha256", digest_of(note->body, note->body_len, hex));
    }
    json_obj_end(&j);
    name_subject(note->id, subject);
    snprintf(kind, sizeof kind, "subscription.%s", note->what);
    struct journal_entry entry = {note->actor, subject, kind, payload.data};
    enum code code = journal_add(tx, &entry, NULL, err);
    buf_fini(&payload);
    return code;
}
