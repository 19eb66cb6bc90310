/* hex: bytes as lower-case hexadecimal digits: hashes, keys and signatures as people compare them.
 */
#ifndef TAIHU_STORE_HEX_H
#define TAIHU_STORE_HEX_H

#include <stdbool.h>
#include <stddef.h>

/* Writes 2 * n digits and a NUL to `to`; returns `to`. */
char *hex_text(const unsigned char *bytes, size_t n, char *to);

/* Reads exactly 2 * n digits, lower case, to n bytes. False where one is none. */
bool hex_parse(const char *digits, size_t n, unsigned char *to);

#endif
