/* sha256: the digest by which the store chains its lines and knows a text again (FIPS 180-4). */
#ifndef TAIHU_STORE_SHA256_H
#define TAIHU_STORE_SHA256_H

#include <stddef.h>

enum { SHA256_BYTES = 32 };

/* The digest of `n` bytes; ends the process where OpenSSL has no memory for it. */
void sha256_of(const void *bytes, size_t n, unsigned char to[SHA256_BYTES]);

/* The same of bytes that come piece by piece. */
struct sha256;

struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *s, const void *bytes, size_t n);
void sha256_end(struct sha256 *s, unsigned char to[SHA256_BYTES]); /* frees it */

#endif
