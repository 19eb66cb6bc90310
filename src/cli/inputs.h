/* inputs: the documents that the operands of a subcommand name: files as they are, folders with all
 * below them. */
#ifndef TAIHU_CLI_INPUTS_H
#define TAIHU_CLI_INPUTS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct inputs {
    const char **path; /* in the order of the operands; a folder's in byte order of the path */
    size_t count;
    size_t cap;
    size_t folders; /* operands that were folders */
};

#define INPUTS_INIT                                                                                \
    { NULL, 0, 0, 0 }

/* Adds the file `operand`, or the documents below the folder `operand`: regular files, also by a
 * symbolic link, whose names end .txt .html .htm .docx .pdf in any case; names that begin with "."
 * or
 * "~$" (office's lock files) are passed over, folders too, and links to folders are not followed.
 * A file that is not there is added: opening it will say so. E_INPUT: a folder without documents.
 * E_IO: a folder below cannot be read; what could be read was added. Paths live in `a`. */
enum code inputs_add(struct inputs *in, const char *operand, struct arena *a, struct err *err);

void inputs_fini(struct inputs *in);

#endif
