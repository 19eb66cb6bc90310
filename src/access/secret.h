/* secret: 32 random bytes that open a door, as session ids and API tokens are. Its text is
 * base64url without padding (RFC 4648 5), 43 characters; the store keeps only the text's key, its
 * SHA-256. A plain digest is enough: nobody guesses 256 random bits, so nothing has to be slow. */
#ifndef TAIHU_ACCESS_SECRET_H
#define TAIHU_ACCESS_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "store/sha256.h"

enum {
    SECRET_BYTES = 32,
    SECRET_TEXT_MAX = 43 + 1,
};

/* Where random bytes come from; `fill` may be called by any thread. */
struct randomness {
    void (*fill)(void *state, void *to, size_t n);
    void *state;
};

/* The system's generator, by libsodium. */
struct randomness randomness_system(void);

/* A new one. */
void secret_make(const struct randomness *r, char text[SECRET_TEXT_MAX]);

/* What the store knows it by. False: `text` is no secret's text. */
bool secret_key(const char *text, unsigned char key[SHA256_BYTES]);

/* Another secret's text that follows from this one and `label`, and does not lead back to it:
 * HMAC-SHA-256 (RFC 2104) of the label under the secret. False as secret_key(). */
bool secret_derive(const char *text, const char *label, char to[SECRET_TEXT_MAX]);

/* Compares without telling by its time how much was right. */
bool secret_is(const char *text, const char *given);

#endif
