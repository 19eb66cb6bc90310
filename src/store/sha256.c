/* sha256: see sha256.h. */
#include "store/sha256.h"

#include <assert.h>
#include <openssl/evp.h>

void sha256_of(const void *bytes, size_t n, unsigned char to[SHA256_BYTES]) {
    int ok = EVP_Digest(bytes, n, to, NULL, EVP_sha256(), NULL);
    assert(ok == 1);
}

/* OpenSSL's own record, under our name. */
static EVP_MD_CTX *context(struct sha256 *s) {
    return (EVP_MD_CTX *)(void *)s;
}

struct sha256 *sha256_new(void) {
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    int ok = c != NULL && EVP_DigestInit_ex(c, EVP_sha256(), NULL) == 1;
    assert(ok);
    return (struct sha256 *)(void *)c;
}

void sha256_add(struct sha256 *s, const void *bytes, size_t n) {
    int ok = EVP_DigestUpdate(context(s), bytes, n);
    assert(ok == 1);
}

void sha256_end(struct sha256 *s, unsigned char to[SHA256_BYTES]) {
    int ok = EVP_DigestFinal_ex(context(s), to, NULL);
    assert(ok == 1);
    EVP_MD_CTX_free(context(s));
}
