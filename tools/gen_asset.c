/* gen_asset: writes a file of web/ as C, at build time, so that the program carries it.
 *
 *   gen_asset SYMBOL FILE [DIGEST] > out.c
 *
 *   const char SYMBOL[]         the bytes, and a NUL behind them
 *   const size_t SYMBOL_len     how many, without the NUL
 *   const char SYMBOL_source[]  with DIGEST: "sha256-…", as a Content-Security-Policy names it
 *
 * DIGEST is a file that begins with FILE's SHA-256 in 64 hexadecimal digits, as sha256sum and
 * `cmake -E sha256sum` write it. A file that ends its own element early ("</style", "</script") or
 * that a browser would not take byte for byte (a NUL, a carriage return) is refused; the former of
 * style and script only, which stand within a page. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { ASSET_MAX = 1 << 20, DIGEST_BYTES = 32 };

static bool load(const char *path, char *to, size_t max, size_t *len) {
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        perror(path);
        return false;
    }
    *len = fread(to, 1, max, f);
    bool whole = !ferror(f) && *len < max;
    fclose(f);
    if (!whole) {
        fprintf(stderr, "gen_asset: cannot read all of %s\n", path);
        return false;
    }
    to[*len] = '\0';
    return true;
}

static bool is_embeddable(const char *path, const char *bytes, size_t len) {
    const char *suffix = strrchr(path, '.');
    bool inlined = suffix != NULL && (strcmp(suffix, ".css") == 0 || strcmp(suffix, ".js") == 0);
    if (strlen(bytes) < len || strchr(bytes, '\r') != NULL ||
        (inlined && strstr(bytes, "</") != NULL)) {
        fprintf(stderr, "gen_asset: %s holds a NUL, a carriage return or \"</\"\n", path);
        return false;
    }
    return true;
}

static void write_bytes(const char *symbol, const char *bytes, size_t len) {
    printf("extern const char %s[];\nextern const size_t %s_len;\n\n", symbol, symbol);
    printf("const size_t %s_len = %zu;\nconst char %s[] = {", symbol, len, symbol);
    for (size_t i = 0; i < len; i++) {
        /* bytes above 127 do not fit a signed char as they are */
        printf("%s%d,", i % 20 == 0 ? "\n    " : " ", (signed char)bytes[i]);
    }
    printf("\n    0,\n};\n");
}

static bool parse_digest(const char *hex, unsigned char digest[DIGEST_BYTES]) {
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        unsigned byte;
        char two[3] = {hex[2 * i], hex[2 * i] != '\0' ? hex[2 * i + 1] : '\0', '\0'};
        if (strspn(two, "0123456789abcdef") != 2 || sscanf(two, "%x", &byte) != 1) {
            return false;
        }
        digest[i] = (unsigned char)byte;
    }
    return true;
}

/* RFC 4648, section 4; 32 bytes leave one "=" at the end. */
static void write_source(const char *symbol, const unsigned char digest[DIGEST_BYTES]) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    printf("\nextern const char %s_source[];\nconst char %s_source[] = \"sha256-", symbol, symbol);
    for (size_t i = 0; i < DIGEST_BYTES; i += 3) {
        bool last = i + 2 >= DIGEST_BYTES;
        unsigned three = (unsigned)digest[i] << 16 | (unsigned)digest[i + 1] << 8;
        three |= last ? 0 : digest[i + 2];
        printf("%c%c%c%c", letters[three >> 18], letters[three >> 12 & 63],
               letters[three >> 6 & 63], last ? '=' : letters[three & 63]);
    }
    printf("\";\n");
}

int main(int argc, char **argv) {
    static char bytes[ASSET_MAX + 1];
    static char hex[4096];
    unsigned char digest[DIGEST_BYTES];
    size_t len = 0;
    size_t hex_len = 0;
    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: gen_asset SYMBOL FILE [DIGEST] > out.c\n");
        return 2;
    }
    if (!load(argv[2], bytes, ASSET_MAX, &len) || !is_embeddable(argv[2], bytes, len)) {
        return 1;
    }
    if (argc == 4 &&
        (!load(argv[3], hex, sizeof hex - 1, &hex_len) || !parse_digest(hex, digest))) {
        fprintf(stderr, "gen_asset: %s does not begin with a SHA-256\n", argv[3]);
        return 1;
    }
    printf("/* Written by tools/gen_asset at build time. */\n#include <stddef.h>\n\n");
    write_bytes(argv[1], bytes, len);
    if (argc == 4) {
        write_source(argv[1], digest);
    }
    return ferror(stdout) || fflush(stdout) != 0;
}
