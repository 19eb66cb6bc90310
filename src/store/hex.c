/* hex: see hex.h. */
#include "store/hex.h"

static const char digit[] = "0123456789abcdef";

char *hex_text(const unsigned char *bytes, size_t n, char *to) {
    for (size_t i = 0; i < n; i++) {
        to[2 * i] = digit[bytes[i] >> 4];
        to[2 * i + 1] = digit[bytes[i] & 15];
    }
    to[2 * n] = '\0';
    return to;
}

static int value_of(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_parse(const char *digits, size_t n, unsigned char *to) {
    for (size_t i = 0; i < n; i++) {
        int high = value_of(digits[2 * i]);
        int low = high < 0 ? -1 : value_of(digits[2 * i + 1]);
        if (low < 0) {
            return false;
        }
        to[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}
