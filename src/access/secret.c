/* secret: see secret.h. */
#include "access/secret.h"

#include <sodium.h>
#include <string.h>

static void fill_system(void *state, void *to, size_t n) {
    (void)state;
    randombytes_buf(to, n);
}

struct randomness randomness_system(void) {
    return (struct randomness){fill_system, NULL};
}

static void write_text(const unsigned char bytes[SECRET_BYTES], char text[SECRET_TEXT_MAX]) {
    sodium_bin2base64(text, SECRET_TEXT_MAX, bytes, SECRET_BYTES,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* Takes only what write_text() writes. */
static bool parse(const char *text, unsigned char bytes[SECRET_BYTES]) {
    size_t n = 0;
    return strlen(text) == SECRET_TEXT_MAX - 1 &&
           sodium_base642bin(bytes, SECRET_BYTES, text, SECRET_TEXT_MAX - 1, NULL, &n, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           n == SECRET_BYTES;
}

void secret_make(const struct randomness *r, char text[SECRET_TEXT_MAX]) {
    unsigned char bytes[SECRET_BYTES];
    r->fill(r->state, bytes, sizeof bytes);
    write_text(bytes, text);
    sodium_memzero(bytes, sizeof bytes);
}

bool secret_key(const char *text, unsigned char key[SHA256_BYTES]) {
    unsigned char bytes[SECRET_BYTES];
    bool is_secret = parse(text, bytes);
    if (is_secret) {
        sha256_of(bytes, sizeof bytes, key);
    }
    sodium_memzero(bytes, sizeof bytes);
    return is_secret;
}

bool secret_derive(const char *text, const char *label, char to[SECRET_TEXT_MAX]) {
    unsigned char bytes[SECRET_BYTES];
    unsigned char derived[crypto_auth_hmacsha256_BYTES];
    bool is_secret = parse(text, bytes);
    if (is_secret) {
        crypto_auth_hmacsha256(derived, (const unsigned char *)label, strlen(label), bytes);
        write_text(derived, to);
    }
    sodium_memzero(bytes, sizeof bytes);
    return is_secret;
}

bool secret_is(const char *text, const char *given) {
    size_t n = strlen(text);
    return strlen(given) == n && sodium_memcmp(text, given, n) == 0;
}
