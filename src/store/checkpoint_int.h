/* checkpoint_int: a signed statement that the journal's line `seq` has this hash; its text is drawn
 * in journal.h. */
#ifndef TAIHU_STORE_CHECKPOINT_INT_H
#define TAIHU_STORE_CHECKPOINT_INT_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/journal.h"

enum {
    CHECKPOINT_KEY = 32,       /* bytes of an Ed25519 public key, RFC 8032 5.1.5 */
    CHECKPOINT_SIGNATURE = 64, /* of a signature, 5.1.6 */
    CHECKPOINT_TEXT_MAX = 384, /* its line: 16 + 1 + 2 * 20 + 64 + 64 + 128 and blanks */
};

struct checkpoint {
    int64_t seq;
    int64_t time_ms;
    unsigned char hash[JOURNAL_HASH];
    unsigned char public_key[CHECKPOINT_KEY];
    unsigned char signature[CHECKPOINT_SIGNATURE];
};

/* Fills in the signature, over all the rest. */
void checkpoint_sign(struct checkpoint *c, EVP_PKEY *key);

/* Whether the owner of its public key signed it. */
bool checkpoint_is_signed(const struct checkpoint *c);

/* Its line, with the line feed and a NUL; returns the length without the NUL. */
size_t checkpoint_text(const struct checkpoint *c, char to[CHECKPOINT_TEXT_MAX]);

/* Reads a line of n bytes, the line feed among them. Only what checkpoint_text() writes is taken.
 */
bool checkpoint_parse(const char *line, size_t n, struct checkpoint *out);

#endif
