/* dead: see dead.h. */
#include "sense/dead.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "sense/dead_int.h"
#include "store/hex.h"
#include "store/journal.h"

/* Topic and payload apart by a byte that no topic has. */
static void name(const struct dead_message *m, char id[DEAD_ID_MAX]) {
    unsigned char digest[SHA256_BYTES];
    struct sha256 *sha = sha256_new();
    sha256_add(sha, m->topic, strlen(m->topic) + 1);
    sha256_add(sha, m->payload, m->len);
    sha256_end(sha, digest);
    hex_text(digest, sizeof digest, id);
}

/* How much of the bytes is kept: of a text whole characters. */
static size_t cut(const char *bytes, size_t n, size_t max) {
    size_t text = n > max ? utf8_check(bytes, max) : n;
    return n > max && text + UTF8_MAX <= max ? max : text;
}

enum code dead_add(struct tx *tx, const struct dead_message *m, struct err *err) {
    char topic[DEAD_TOPIC_MAX + 1];
    size_t n = strlen(m->topic);
    n = utf8_check(m->topic, n > DEAD_TOPIC_MAX ? DEAD_TOPIC_MAX : n);
    snprintf(topic, sizeof topic, "%.*s", (int)n, m->topic);
    struct dead_letter letter = {.topic = topic,
                                 .why = m->why,
                                 .payload = m->payload,
                                 .len = cut(m->payload, m->len, DEAD_PAYLOAD_MAX),
                                 .size = (int64_t)m->len};
    name(m, letter.id);
    return dead_db_put(tx, &letter, err);
}

enum code dead_trim(struct tx *tx, struct err *err) {
    int64_t count = 0;
    enum code code = dead_db_count(tx, &count, err);
    return code == OK && count > DEAD_MAX ? dead_db_drop(tx, count - DEAD_MAX, err) : code;
}

enum code dead_list(struct tx *tx, struct dead_page page, struct arena *a, struct dead_letter **out,
                    size_t *count, int64_t *total, struct err *err) {
    enum code code = dead_db_count(tx, total, err);
    page.limit = page.limit > DEAD_LIST_MAX ? DEAD_LIST_MAX : page.limit;
    return code == OK ? dead_db_list(tx, page, a, out, count, err) : code;
}

enum code dead_remove(struct tx *tx, const char *id, const char *actor, struct err *err) {
    char subject[sizeof "dead-letter/" + DEAD_ID_MAX];
    bool found = false;
    enum code code = dead_db_remove(tx, id, &found, err);
    if (code == OK && !found) {
        return err_set(err, E_ABSENT, "there is no dead letter \"%.80s\"", id);
    }
    snprintf(subject, sizeof subject, "dead-letter/%.*s", DEAD_ID_MAX - 1, id);
    struct journal_entry entry = {actor, subject, "dead-letter.removed", "{}"};
    return code == OK ? journal_add(tx, &entry, NULL, err) : code;
}
