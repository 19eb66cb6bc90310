/* checkpoint: see checkpoint_int.h. */
#include "store/checkpoint_int.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/hex.h"

static const char FORMAT[] = "taihu-checkpoint 1 ";

/* What is signed; returns its length. */
static size_t statement(const struct checkpoint *c, char to[CHECKPOINT_TEXT_MAX]) {
    char hash[2 * JOURNAL_HASH + 1];
    char key[2 * CHECKPOINT_KEY + 1];
    int n = snprintf(to, CHECKPOINT_TEXT_MAX, "%s%" PRId64 " %" PRId64 " %s %s", FORMAT, c->seq,
                     c->time_ms, hex_text(c->hash, sizeof c->hash, hash),
                     hex_text(c->public_key, sizeof c->public_key, key));
    assert(n > 0 && n < CHECKPOINT_TEXT_MAX);
    return (size_t)n;
}

void checkpoint_sign(struct checkpoint *c, EVP_PKEY *key) {
    char text[CHECKPOINT_TEXT_MAX];
    size_t n = statement(c, text);
    size_t length = sizeof c->signature;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert(ctx != NULL);
    int ok = EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
             EVP_DigestSign(ctx, c->signature, &length, (const unsigned char *)text, n) == 1;
    EVP_MD_CTX_free(ctx);
    assert(ok && length == sizeof c->signature);
}

bool checkpoint_is_signed(const struct checkpoint *c) {
    char text[CHECKPOINT_TEXT_MAX];
    size_t n = statement(c, text);
    EVP_PKEY *key =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, c->public_key, sizeof c->public_key);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = key != NULL && ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
              EVP_DigestVerify(ctx, c->signature, sizeof c->signature, (const unsigned char *)text,
                               n) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    return ok;
}

size_t checkpoint_text(const struct checkpoint *c, char to[CHECKPOINT_TEXT_MAX]) {
    char signature[2 * CHECKPOINT_SIGNATURE + 1];
    size_t n = statement(c, to);
    int more = snprintf(to + n, CHECKPOINT_TEXT_MAX - n, " %s\n",
                        hex_text(c->signature, sizeof c->signature, signature));
    assert(more > 0 && n + (size_t)more < CHECKPOINT_TEXT_MAX);
    return n + (size_t)more;
}

/* ---- reading ---- */

/* What is left to read of a line. */
struct rest {
    const char *at;
    size_t n;
};

static bool take_number(struct rest *r, int64_t *out) {
    int64_t v = 0;
    size_t digits = 0;
    while (digits < r->n && r->at[digits] >= '0' && r->at[digits] <= '9') {
        if (digits == 18) { /* what follows might not fit */
            return false;
        }
        v = v * 10 + (r->at[digits++] - '0');
    }
    if (digits == 0 || digits == r->n) {
        return false;
    }
    r->at += digits + 1; /* and the blank: the whole is compared at the end */
    r->n -= digits + 1;
    *out = v;
    return true;
}

static bool take_hex(struct rest *r, size_t bytes, unsigned char *to) {
    if (r->n < 2 * bytes + 1 || !hex_parse(r->at, bytes, to)) {
        return false;
    }
    r->at += 2 * bytes + 1;
    r->n -= 2 * bytes + 1;
    return true;
}

bool checkpoint_parse(const char *line, size_t n, struct checkpoint *out) {
    struct checkpoint c;
    size_t head = sizeof FORMAT - 1;
    if (n < head || n >= CHECKPOINT_TEXT_MAX) {
        return false;
    }
    struct rest r = {line + head, n - head};
    bool read = take_number(&r, &c.seq) && take_number(&r, &c.time_ms) &&
                take_hex(&r, sizeof c.hash, c.hash) &&
                take_hex(&r, sizeof c.public_key, c.public_key) &&
                take_hex(&r, sizeof c.signature, c.signature);
    /* One way to write each: what reads the same and looks otherwise was altered. */
    char again[CHECKPOINT_TEXT_MAX];
    if (!read || checkpoint_text(&c, again) != n || memcmp(again, line, n) != 0) {
        return false;
    }
    *out = c;
    return true;
}
