/* asset: the board's page and its files, which the program carries (web/board/). A file's tag is
 * its SHA-256, as the build found it. */
#include "api/asset_int.h"

#include <string.h>

#include "api/api_int.h"

/* Nothing from elsewhere, nothing inline: see docs/decisions/0014. */
static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
    "data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

static const char *type_of(const char *name) {
    static const struct {
        const char *suffix;
        const char *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
    };
    const char *suffix = strrchr(name, '.');
    for (size_t i = 0; suffix != NULL && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(suffix, types[i].suffix) == 0) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}

static enum code put(struct call *c, const char *name, struct err *err) {
    for (size_t i = 0; i < board_asset_count; i++) {
        const struct asset *a = &board_assets[i];
        if (strcmp(a->name, name) == 0) {
            http_set_header(c->response, "Content-Security-Policy", policy);
            if (!call_not_modified(c, a->source)) {
                c->response->type = type_of(name);
                buf_add(&c->response->body, a->bytes, *a->len);
            }
            return OK;
        }
    }
    return err_set(err, E_ABSENT, "there is no file \"%.80s\"", name);
}

enum code api_asset_page(struct call *c, struct err *err) {
    return put(c, "index.html", err);
}

enum code api_asset_get(struct call *c, struct err *err) {
    return put(c, route_param(&c->params, "name"), err);
}
