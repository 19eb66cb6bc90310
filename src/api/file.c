/* file: evidence, in and out. What comes out is always a download: nothing of it may run or show
 * within our own pages. */
#include "api/file_int.h"

#include <string.h>

#include "api/api_int.h"
#include "api/item_int.h"
#include "store/hex.h"
#include "track/evidence.h"
#include "track/progress.h"

enum { DIGEST_TEXT = 2 * SHA256_BYTES };

/* ---- lists of them ---- */

static enum code parse_digest(const struct json_value *v, unsigned char to[SHA256_BYTES],
                              struct err *err) {
    if (v->kind != JSON_STRING || v->len != DIGEST_TEXT || !hex_parse(v->text, SHA256_BYTES, to)) {
        return err_set(err, E_INPUT, "cannot take the file \"%.80s\": it is 64 hexadecimal digits",
                       v->kind == JSON_STRING ? v->text : json_kind_name(v->kind));
    }
    return OK;
}

enum code file_take_list(struct call *c, const struct json_value *body, struct file_list *out,
                         struct err *err) {
    const struct json_value *list = NULL;
    enum code code = json_take_array(body, "files", PROGRESS_FILES_MAX, &list, err);
    *out = (struct file_list){NULL, 0};
    if (code != OK || list == NULL) {
        return code;
    }
    unsigned char(*digests)[SHA256_BYTES] = arena_zero(c->arena, (list->count + 1) * SHA256_BYTES);
    for (const struct json_value *v = list->first; code == OK && v != NULL; v = v->next) {
        code = parse_digest(v, digests[out->count++], err);
    }
    out->sha256 = (const unsigned char(*)[SHA256_BYTES])digests;
    return code;
}

enum code file_check_list(struct call *c, struct tx *tx, const struct file_list *list,
                          struct err *err) {
    struct evidence e;
    char hex[DIGEST_TEXT + 1];
    for (size_t i = 0; i < list->count; i++) {
        enum code code = evidence_find(tx, list->sha256[i], c->arena, &e, NULL);
        if (code == E_ABSENT) {
            return err_set(err, E_INPUT, "there is no file %s: send it to /api/files first",
                           hex_text(list->sha256[i], SHA256_BYTES, hex));
        }
        if (code != OK) {
            return err_set(err, code, "cannot look up the files");
        }
    }
    return OK;
}

static void put_file(struct json_out *j, const struct evidence *e) {
    json_obj(j);
    call_put_digest(j, "file", e->sha256);
    json_put_str(j, "name", e->name);
    json_put_str(j, "type", evidence_type_name(e->type));
    json_put_int(j, "size", (int64_t)e->size);
    json_obj_end(j);
}

void file_put_list(struct call *c, struct tx *tx, struct json_out *j,
                   const struct file_list *list) {
    struct evidence e;
    json_key(j, "files");
    json_arr(j);
    for (size_t i = 0; i < list->count; i++) {
        if (evidence_find(tx, list->sha256[i], c->arena, &e, NULL) == OK) {
            put_file(j, &e);
        }
    }
    json_arr_end(j);
}

/* ---- in ---- */

static enum code add(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct evidence_file *file = data;
    struct evidence kept;
    enum code code = evidence_add(tx, file, c->actor, c->arena, &kept, err);
    if (code == OK) {
        put_file(call_json(c), &kept);
    }
    return code;
}

enum code api_file_add(struct call *c, struct err *err) {
    struct evidence_file file;
    enum code code = evidence_parse(call_query(c, "name"), c->request->body, c->request->body_len,
                                    c->arena, &file, err);
    if (code == E_INPUT) {
        return call_problem(c, 415, NULL, err->msg);
    }
    return code == OK ? call_change(c, add, &file, err) : code;
}

/* ---- out ---- */

/* Whether somebody of one's organisation brought it. */
static bool is_brought_by_own(struct call *c, struct tx *tx, const struct evidence *e) {
    struct account account;
    int64_t id;
    return strcmp(e->actor, c->actor) == 0 ||
           (account_of_actor(e->actor, &id) &&
            account_find(tx, id, c->arena, &account, NULL) == OK &&
            api_is_own(c, account.organisation));
}

/* Or whether it shows how far an item of one's own is. */
static bool is_own(struct call *c, struct tx *tx, const struct evidence *e) {
    struct item *items;
    size_t count;
    if (is_brought_by_own(c, tx, e)) {
        return true;
    }
    if (progress_items_of_file(tx, e->sha256, c->arena, &items, &count, NULL) != OK) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (item_is_own(c, tx, &items[i])) {
            return true;
        }
    }
    return false;
}

/* RFC 6266 with the encoding of RFC 8187: the name in UTF-8, percent-encoded. */
static void set_disposition(struct call *c, const char *name) {
    struct buf to = BUF_INIT;
    buf_adds(&to, "attachment; filename*=UTF-8''");
    for (const char *p = name; *p != '\0'; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || *p == '.' || *p == '-' || *p == '_';
        if (plain) {
            buf_addc(&to, *p);
        } else {
            buf_addf(&to, "%%%02X", (unsigned)(unsigned char)*p);
        }
    }
    http_set_header(c->response, "Content-Disposition", to.data);
    buf_fini(&to);
}

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    const unsigned char *sha256 = data;
    struct evidence e;
    const void *bytes;
    enum code code = evidence_load(tx, sha256, c->arena, &e, &bytes, err);
    if (code != OK) {
        return code;
    }
    if (c->grant == GRANT_OWN && !is_own(c, tx, &e)) {
        return err_set(err, E_DENIED, "the file is another organisation's");
    }
    c->response->type = evidence_type_mime(e.type);
    http_set_header(c->response, "Content-Security-Policy", "default-src 'none'; sandbox");
    set_disposition(c, e.name);
    buf_add(&c->response->body, bytes, e.size);
    return OK;
}

enum code api_file_get(struct call *c, struct err *err) {
    unsigned char sha256[SHA256_BYTES];
    const char *text = route_param(&c->params, "sha256");
    if (strlen(text) != DIGEST_TEXT || !hex_parse(text, SHA256_BYTES, sha256)) {
        return err_set(err, E_ABSENT, "there is no file \"%.80s\"", text);
    }
    return call_read(c, get, sha256, err);
}
