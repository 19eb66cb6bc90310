/* entity_hosted: see entity_hosted.h. */
#include "entity/entity_hosted.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "entity/entity_hosted_int.h"
#include "store/hex.h"
#include "store/journal.h"
#include "store/sha256.h"

const char *entity_hosted_kind_name(enum entity_hosted_kind kind) {
    static const char *const names[] = {"", "Hosted", "Cached", "ImplicitlyCreated"};
    return names[kind];
}

/* What stands behind ENTITY_HOSTED_PATH in an address or path; NULL: it is none of ours. */
static const char *own_id(const char *key) {
    const char *scheme = strstr(key, "://");
    const char *path = scheme == NULL ? key : strchr(scheme + 3, '/');
    size_t n = sizeof ENTITY_HOSTED_PATH - 1;
    return path != NULL && strncmp(path, ENTITY_HOSTED_PATH, n) == 0 ? path + n : NULL;
}

enum code entity_hosted_find(struct tx *tx, const char *key, struct arena *a,
                             struct entity_hosted *out, struct err *err) {
    const char *id = own_id(key);
    enum code code = entity_hosted_db_find(tx, id == NULL ? key : id, key, a, out, err);
    if (code == OK && out->id == NULL) {
        return err_set(err, E_ABSENT, "there is no @context \"%.200s\"", key);
    }
    return code;
}

/* The id is a digest of all that makes the document one of its own. */
static const char *make_id(const struct entity_hosted *h, struct arena *a) {
    unsigned char digest[SHA256_BYTES];
    char hex[2 * SHA256_BYTES + 1];
    struct buf b = BUF_INIT;
    buf_addf(&b, "%d %lld %s\n", (int)h->kind, (long long)h->created_ms, h->url);
    buf_adds(&b, h->body);
    sha256_of(b.data, b.len, digest);
    buf_fini(&b);
    return arena_dup(a, hex_text(digest, sizeof digest, hex), ENTITY_HOSTED_ID);
}

enum code entity_hosted_put(struct tx *tx, enum entity_hosted_kind kind, const char *url,
                            const char *body, struct arena *a, struct entity_hosted *out,
                            struct err *err) {
    struct entity_hosted h = {.url = url == NULL ? "" : url, .kind = kind, .body = body};
    int64_t count = 0;
    enum code code = entity_hosted_db_count(tx, &count, err);
    if (code == OK && count >= ENTITY_HOSTED_MAX) {
        code = err_set(err, E_LIMIT, "cannot keep more than %d @contexts", ENTITY_HOSTED_MAX);
    }
    if (code != OK) {
        return code;
    }
    h.created_ms = tx_now_ms(tx);
    h.id = make_id(&h, a);
    if (kind != ENTITY_HOSTED_CACHED) {
        char *path = arena_alloc(a, sizeof ENTITY_HOSTED_PATH + ENTITY_HOSTED_ID);
        snprintf(path, sizeof ENTITY_HOSTED_PATH + ENTITY_HOSTED_ID, ENTITY_HOSTED_PATH "%s", h.id);
        h.url = path;
    }
    code = entity_hosted_db_put(tx, &h, err);
    if (code == OK) {
        *out = h;
    }
    return code;
}

enum code entity_hosted_note(struct tx *tx, const char *actor, const char *what,
                             const struct entity_hosted *h, struct err *err) {
    unsigned char digest[SHA256_BYTES];
    char hex[2 * SHA256_BYTES + 1];
    char subject[JOURNAL_NAME_MAX + 1];
    char kind[32];
    struct buf payload = BUF_INIT;
    struct json_out j;
    sha256_of(h->body, strlen(h->body), digest);
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_put_str(&j, "id", h->id);
    json_put_str(&j, "body_sha256", hex_text(digest, sizeof digest, hex));
    json_obj_end(&j);
    snprintf(subject, sizeof subject, "context/%s", h->id);
    snprintf(kind, sizeof kind, "context.%s", what);
    struct journal_entry entry = {actor, subject, kind, payload.data};
    enum code code = journal_add(tx, &entry, NULL, err);
    buf_fini(&payload);
    return code;
}
