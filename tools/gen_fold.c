/* gen_fold: writes src/text's fold table, at build time, from OpenCC's dictionaries.
 *
 *   gen_fold c  > fold_table.c     the whole table, for the grammar
 *   gen_fold js > fold_table.js    its ideographs alone, for the search of the board
 *
 * One entry for each UTF-16 unit: what the grammar sees in its place. Traditional ideographs become
 * the simplified one that OpenCC's t2s gives for the single character; full-width letters, digits
 * and signs become ASCII; half-width , ; : ( ) ? ! become the Chinese marks, so that the grammar
 * knows one comma; white space of any kind becomes a blank. One unit stays one unit: offsets map.
 */
#include <opencc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { UNITS = 65536, IDEOGRAPHS = 0x3400, IDEOGRAPHS_END = 0xA000 };

static size_t put_utf8(unsigned c, char out[4]) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return 3;
}

static unsigned get_utf8(const char *s) {
    const unsigned char *u = (const unsigned char *)s;
    if (u[0] >= 0xE0 && u[0] < 0xF0) {
        return (u[0] & 0x0Fu) << 12 | (u[1] & 0x3Fu) << 6 | (u[2] & 0x3Fu);
    }
    return 0;
}

static void fold_ideographs(opencc_t cc, uint16_t *table) {
    for (unsigned c = IDEOGRAPHS; c < IDEOGRAPHS_END; c++) {
        char in[4];
        char out[64];
        size_t n = put_utf8(c, in);
        size_t m = opencc_convert_utf8_to_buffer(cc, in, n, out);
        unsigned to = m == 3 ? get_utf8(out) : 0;
        if (to != 0) {
            table[c] = (uint16_t)to;
        }
    }
}

static void fold_signs(uint16_t *table) {
    static const struct {
        uint16_t from, to;
    } signs[] = {
        {',', 0xFF0C},    {';', 0xFF1B},    {':', 0xFF1A},    {'(', 0xFF08},    {')', 0xFF09},
        {'?', 0xFF1F},    {'!', 0xFF01},    {'\t', ' '},      {'\r', ' '},      {'\v', ' '},
        {'\f', ' '},      {0x00A0, ' '},    {0x3000, ' '},    {0x200B, ' '},    {0xFEFF, ' '},
        {0xFF61, 0x3002}, {0xFF64, 0x3001}, {0x300C, 0x201C}, {0x300D, 0x201D}, {0x300E, 0x2018},
        {0x300F, 0x2019}, {0xFE50, 0xFF0C}, {0x2013, 0x2014}, {0x2015, 0x2014}, {0x2500, 0x2014},
        {0x2012, 0x2014}, {0x301C, '~'},    {0x223C, '~'},    {0xFE63, '-'},    {0x2212, '-'},
        {0x2010, '-'},    {0x2011, '-'},    {0x3007, 0x96F6},
    };
    for (unsigned c = 0xFF01; c <= 0xFF5E; c++) {
        table[c] = (uint16_t)(c - 0xFEE0);
    }
    static const uint16_t keep[] = {0xFF0C, 0xFF1B, 0xFF1A, 0xFF08, 0xFF09, 0xFF1F, 0xFF01};
    for (size_t i = 0; i < sizeof keep / sizeof keep[0]; i++) {
        table[keep[i]] = keep[i];
    }
    for (unsigned c = 0x2000; c <= 0x200A; c++) {
        table[c] = ' ';
    }
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        table[signs[i].from] = signs[i].to;
    }
}

static void write_c(const uint16_t *table) {
    printf("/* Written by tools/gen_fold at build time. */\n#include \"text/fold.h\"\n\n"
           "const uint16_t fold_table[65536] = {");
    for (unsigned c = 0; c < UNITS; c++) {
        printf("%s%u,", c % 16 == 0 ? "\n    " : " ", table[c]);
    }
    printf("\n};\n");
}

static bool is_ideograph(unsigned c) {
    return c >= IDEOGRAPHS && c < IDEOGRAPHS_END;
}

/* Pairs in one string: each traditional ideograph, then its simplified form. */
static void write_js(const uint16_t *table) {
    size_t pairs = 0;
    printf("// Written by tools/gen_fold at build time.\nexport const PAIRS =\n    \"");
    for (unsigned c = IDEOGRAPHS; c < IDEOGRAPHS_END; c++) {
        char from[4];
        char to[4];
        if (table[c] == c || !is_ideograph(table[c])) {
            continue;
        }
        if (pairs > 0 && pairs % 40 == 0) {
            printf("\" +\n    \"");
        }
        printf("%.*s%.*s", (int)put_utf8(c, from), from, (int)put_utf8(table[c], to), to);
        pairs++;
    }
    printf("\";\n");
}

int main(int argc, char **argv) {
    static uint16_t table[UNITS];
    bool js = argc == 2 && strcmp(argv[1], "js") == 0;
    if (!js && (argc != 2 || strcmp(argv[1], "c") != 0)) {
        fprintf(stderr, "usage: gen_fold c|js > out\n");
        return 2;
    }
    for (unsigned c = 0; c < UNITS; c++) {
        table[c] = (uint16_t)c;
    }
    opencc_t cc = opencc_open("t2s.json");
    if (cc == (opencc_t)-1) {
        fprintf(stderr, "gen_fold: cannot open OpenCC's t2s.json: %s\n", opencc_error());
        return 1;
    }
    fold_ideographs(cc, table);
    opencc_close(cc);
    fold_signs(table);
    if (js) {
        write_js(table);
    } else {
        write_c(table);
    }
    return ferror(stdout) || fflush(stdout) != 0;
}
