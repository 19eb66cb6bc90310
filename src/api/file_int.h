/* file_int: lists of evidence files as other resources take and show them. */
#ifndef TAIHU_API_FILE_INT_H
#define TAIHU_API_FILE_INT_H

#include "api/call.h"
#include "store/sha256.h"

/* Digests of files, in a row. */
struct file_list {
    const unsigned char (*sha256)[SHA256_BYTES];
    size_t count;
};

/* Member "files" of a body, which may be absent. E_INPUT: not a list of digests; E_LIMIT: more than
 * ten. */
enum code file_take_list(struct call *c, const struct json_value *body, struct file_list *out,
                         struct err *err);

/* E_INPUT where one is not kept. */
enum code file_check_list(struct call *c, struct tx *tx, const struct file_list *list,
                          struct err *err);

/* Writes "files": [...]. */
void file_put_list(struct call *c, struct tx *tx, struct json_out *j, const struct file_list *list);

#endif
