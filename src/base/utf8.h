/* utf8: UTF-8 as RFC 3629 defines it: one to four bytes a character, no overlong form, no surrogate
 * (U+D800 to U+DFFF), nothing above U+10FFFF. Text is checked once, at the edge; what lies behind
 * the edge may rely on it. */
#ifndef TAIHU_BASE_UTF8_H
#define TAIHU_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum { UTF8_MAX = 4 }; /* bytes of the longest character */

/* The offset of the first byte that begins no whole, well-formed character; `n` when all is well.
 */
size_t utf8_check(const char *s, size_t n);

/* Decodes the character at the start of s[0..n) into *c. Returns its bytes, 1 to 4; 0, with *c
 * untouched, when n is 0 or what stands there is not well-formed. */
size_t utf8_decode(const char *s, size_t n, uint32_t *c);

/* Writes the character `c`, which is no surrogate and at most U+10FFFF; returns its bytes. */
size_t utf8_encode(uint32_t c, char to[UTF8_MAX]);

#endif
