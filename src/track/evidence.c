/* evidence: see evidence.h. */
#include "track/evidence.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "store/hex.h"
#include "store/journal.h"
#include "track/evidence_int.h"

enum { SUBJECT_MAX = 5 + 2 * SHA256_BYTES + 1 }; /* "file/", the digest, a NUL */

enum code evidence_parse(const char *name, const void *bytes, size_t n, struct arena *a,
                         struct evidence_file *out, struct err *err) {
    enum evidence_type type;
    if (n == 0) {
        return err_set(err, E_INPUT, "cannot take this file: it is empty");
    }
    if (n > EVIDENCE_SIZE_MAX) {
        return err_set(err, E_LIMIT, "cannot take this file: %zu bytes, at most %d are taken", n,
                       EVIDENCE_SIZE_MAX);
    }
    enum code code = evidence_type_of(name, bytes, n, &type, err);
    if (code == OK) {
        *out = (struct evidence_file){
            .name = evidence_clean_name(name, type, a), .type = type, .bytes = bytes, .size = n};
        sha256_of(bytes, n, out->sha256);
    }
    return code;
}

static enum code add_line(struct tx *tx, const struct evidence_file *file, const char *actor,
                          int64_t *line, struct err *err) {
    char subject[SUBJECT_MAX];
    char hex[2 * SHA256_BYTES + 1];
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_put_str(&j, "name", file->name);
    json_put_str(&j, "type", evidence_type_name(file->type));
    json_put_int(&j, "size", (int64_t)file->size);
    json_obj_end(&j);
    snprintf(subject, sizeof subject, "file/%s", hex_text(file->sha256, SHA256_BYTES, hex));
    struct journal_entry entry = {actor, subject, "evidence.added", payload.data};
    enum code code = journal_add(tx, &entry, line, err);
    buf_fini(&payload);
    return code;
}

static enum code add_new(struct tx *tx, const struct evidence_file *file, const char *actor,
                         struct arena *a, struct evidence *out, struct err *err) {
    struct evidence row = {.name = arena_dup(a, file->name, strlen(file->name)),
                           .type = file->type,
                           .size = file->size,
                           .actor = arena_dup(a, actor, strlen(actor)),
                           .time_ms = tx_now_ms(tx)};
    memcpy(row.sha256, file->sha256, SHA256_BYTES);
    enum code code = add_line(tx, file, actor, &row.line, err);
    if (code == OK) {
        code = evidence_db_add(tx, file, &row, err);
    }
    if (code == OK) {
        *out = row;
    }
    return code;
}

enum code evidence_add(struct tx *tx, const struct evidence_file *file, const char *actor,
                       struct arena *a, struct evidence *out, struct err *err) {
    struct err found = ERR_INIT; /* that there is none is no error here */
    enum code code = evidence_find(tx, file->sha256, a, out, &found);
    if (code == E_ABSENT) {
        return add_new(tx, file, actor, a, out, err);
    }
    return code == OK ? OK : err_set(err, code, "%s", found.msg);
}
