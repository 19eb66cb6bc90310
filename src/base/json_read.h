/* json_read: reads JSON (RFC 8259) from untrusted bytes into a tree that lives in an arena. The
 * lexer and the grammar are yajl's, but for a shorter way to the same tree where there are no
 * escapes (json_read_int.h); what is refused besides is ours:
 *
 *   more than JSON_INPUT_MAX bytes, JSON_VALUES_MAX values, JSON_MEMBERS_MAX members of one object,
 *   JSON_READ_DEPTH_MAX levels, numbers of more than JSON_NUMBER_MAX bytes      E_LIMIT
 *   a name that stands twice in one object, \u0000, half of a surrogate pair, bytes that are not
 *   UTF-8, anything behind the value                                            E_INPUT
 *
 * So a text of the tree is valid UTF-8 with a NUL only behind it. A number keeps the digits it was
 * written with: what "13.50" is worth is for the caller to say. Each error names the byte. */
#ifndef TAIHU_BASE_JSON_READ_H
#define TAIHU_BASE_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum {
    JSON_INPUT_MAX = 1 << 20, /* the longest drawn path is 2 KB, the longest note 64 KB */
    JSON_READ_DEPTH_MAX = 32, /* our own requests need 4 */
    JSON_VALUES_MAX = 100000, /* bounds the tree at some 8 MB */
    JSON_MEMBERS_MAX = 4096,  /* an @context may define some thousand terms */
    JSON_NUMBER_MAX = 64,     /* bytes */
};

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_value {
    enum json_kind kind;
    bool truth;       /* of a JSON_BOOL */
    const char *name; /* the member's name where it stands in an object, else NULL */
    const char *text; /* of a JSON_STRING, and of a JSON_NUMBER as it was written; else NULL */
    size_t len;       /* bytes of it */
    size_t count;     /* items or members */
    const struct json_value *first; /* the first of them, in order; NULL when there is none */
    const struct json_value *next;  /* the one behind this one in the same array or object */
};

/* Reads exactly one value; `*out` and all in it live in `a`. */
enum code json_read(const char *data, size_t n, struct arena *a, const struct json_value **out,
                    struct err *err);

/* "null", "true or false", "a number", "a text", "a list", "an object". */
const char *json_kind_name(enum json_kind kind);

/* The member of that name; NULL when there is none or `v` is no object. `v` may be NULL. */
const struct json_value *json_member(const struct json_value *v, const char *name);

/* ---- members of a request, with errors a client can act on ----
 * `json_need_` refuses an absent member; for `json_take_` an absent or null member is OK and leaves
 * *out as it is. Both refuse one of another kind. All E_INPUT unless said. */

/* E_LIMIT: more than `max` bytes. A needed text is not empty. *out lives as long as the tree. */
enum code json_need_text(const struct json_value *object, const char *name, size_t max,
                         const char **out, struct err *err);
enum code json_take_text(const struct json_value *object, const char *name, size_t max,
                         const char **out, struct err *err);

struct json_range {
    int64_t min, max; /* both are allowed */
};

/* A whole number, written without point or exponent, within the range. */
enum code json_need_int(const struct json_value *object, const char *name, struct json_range range,
                        int64_t *out, struct err *err);
enum code json_take_int(const struct json_value *object, const char *name, struct json_range range,
                        int64_t *out, struct err *err);

enum code json_need_bool(const struct json_value *object, const char *name, bool *out,
                         struct err *err);
enum code json_take_bool(const struct json_value *object, const char *name, bool *out,
                         struct err *err);

/* E_LIMIT: more than `max` items. */
enum code json_need_array(const struct json_value *object, const char *name, size_t max,
                          const struct json_value **out, struct err *err);
enum code json_take_array(const struct json_value *object, const char *name, size_t max,
                          const struct json_value **out, struct err *err);

/* Whether `v` is an object whose members are all among `names`, a list that ends with NULL. */
enum code json_check_members(const struct json_value *v, const char *const *names, struct err *err);

/* The whole number that a JSON_NUMBER's text or any other digits are. E_INPUT: not one. E_LIMIT:
 * outside the range. */
enum code json_whole(const char *text, struct json_range range, int64_t *out, struct err *err);

#endif
