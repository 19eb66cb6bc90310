/* docx_format: how Word writes the nth number of a list: ST_NumberFormat of ECMA-376 part 1,
 * 17.18.59, as far as Chinese documents use it.
 *
 *   decimal 12   chineseCounting 十二   ideographTraditional 甲   decimalEnclosedCircle ⑫
 *
 * What a format has no sign for is written in decimal. */
#include "text/docx_int.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

static void put_char(struct buf *to, int c) {
    char s[UTF8_MAX];
    buf_add(to, s, utf8_encode((uint32_t)c, s));
}

static void put_decimal(struct buf *to, int n) {
    buf_addf(to, "%d", n);
}

static void put_decimal_zero(struct buf *to, int n) {
    buf_addf(to, "%02d", n);
}

static void put_full_width(struct buf *to, int n) {
    char s[16];
    snprintf(s, sizeof s, "%d", n);
    for (const char *p = s; *p != '\0'; p++) {
        put_char(to, *p - '!' + 0xFF01); /* the full-width forms stand in ASCII's order */
    }
}

/* The nth of signs that follow one another in Unicode, or decimal. */
static void put_run(struct buf *to, int n, int first, int count) {
    if (n < 1 || n > count) {
        put_decimal(to, n);
    } else {
        put_char(to, first + n - 1);
    }
}

/* ① to ⑳, ㉑ to ㉟, ㊱ to ㊿ */
static void put_circle(struct buf *to, int n) {
    if (n <= 20) {
        put_run(to, n, 0x2460, 20);
    } else if (n <= 35) {
        put_run(to, n - 20, 0x3251, 15);
    } else if (n <= 50) {
        put_run(to, n - 35, 0x32B1, 15);
    } else {
        put_decimal(to, n);
    }
}

static void put_paren(struct buf *to, int n) {
    put_run(to, n, 0x2474, 20);
}

static void put_full_stop(struct buf *to, int n) {
    put_run(to, n, 0x2488, 20);
}

static void put_circled_han(struct buf *to, int n) {
    put_run(to, n, 0x3280, 10);
}

/* The nth of three-byte characters written one behind the other, or decimal. */
static void put_cycle(struct buf *to, int n, const char *signs) {
    if (n < 1 || (size_t)n > strlen(signs) / 3) {
        put_decimal(to, n);
    } else {
        buf_add(to, signs + ((size_t)n - 1) * 3, 3);
    }
}

static void put_stem(struct buf *to, int n) {
    put_cycle(to, n, "甲乙丙丁戊己庚辛壬癸");
}

static void put_branch(struct buf *to, int n) {
    put_cycle(to, n, "子丑寅卯辰巳午未申酉戌亥");
}

/* 1 to 9999 in words: digits[0..9] and the names of ten, hundred, thousand, three bytes each. 12 is
 * 十二, not 一十二, but 112 is 一百一十二; a gap of zeros is one zero. */
static void put_words(struct buf *to, int n, const char *digits, const char *units, bool bare_ten) {
    if (n < 1 || n > 9999) {
        put_decimal(to, n);
        return;
    }
    static const int scale[] = {1, 10, 100, 1000};
    bool begun = false;
    bool gap = false;
    for (int i = 3; i >= 0; i--) {
        int d = n / scale[i] % 10;
        if (d == 0) {
            gap = begun;
            continue;
        }
        if (gap) {
            buf_add(to, digits, 3);
            gap = false;
        }
        if (!(bare_ten && i == 1 && d == 1 && !begun)) {
            buf_add(to, digits + (ptrdiff_t)d * 3, 3);
        }
        if (i > 0) {
            buf_add(to, units + (ptrdiff_t)(i - 1) * 3, 3);
        }
        begun = true;
    }
}

static void put_counting(struct buf *to, int n) {
    put_words(to, n, "零一二三四五六七八九", "十百千", true);
}

static void put_legal_simplified(struct buf *to, int n) {
    put_words(to, n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟", false);
}

static void put_legal_traditional(struct buf *to, int n) {
    put_words(to, n, "零壹貳參肆伍陸柒捌玖", "拾佰仟", false);
}

/* 二〇二一 */
static void put_digits(struct buf *to, int n) {
    static const char digits[] = "〇一二三四五六七八九";
    char s[16];
    snprintf(s, sizeof s, "%d", n);
    for (const char *p = s; *p >= '0' && *p <= '9'; p++) {
        buf_add(to, digits + (size_t)(*p - '0') * 3, 3);
    }
}

static void put_roman(struct buf *to, int n, const char *const signs[13]) {
    static const int values[13] = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
    if (n < 1 || n > 3999) {
        put_decimal(to, n);
        return;
    }
    for (int i = 0; i < 13; i++) {
        for (; n >= values[i]; n -= values[i]) {
            buf_adds(to, signs[i]);
        }
    }
}

static void put_upper_roman(struct buf *to, int n) {
    static const char *const signs[13] = {"M",  "CM", "D",  "CD", "C",  "XC", "L",
                                          "XL", "X",  "IX", "V",  "IV", "I"};
    put_roman(to, n, signs);
}

static void put_lower_roman(struct buf *to, int n) {
    static const char *const signs[13] = {"m",  "cm", "d",  "cd", "c",  "xc", "l",
                                          "xl", "x",  "ix", "v",  "iv", "i"};
    put_roman(to, n, signs);
}

/* A to Z, AA, BB to ZZ, AAA ...: Word repeats the letter. Ten rounds are more than any list has. */
static void put_letter(struct buf *to, int n, char first) {
    if (n < 1 || n > 260) {
        put_decimal(to, n);
        return;
    }
    for (int i = 0; i <= (n - 1) / 26; i++) {
        buf_addc(to, (char)(first + (n - 1) % 26));
    }
}

static void put_upper_letter(struct buf *to, int n) {
    put_letter(to, n, 'A');
}

static void put_lower_letter(struct buf *to, int n) {
    put_letter(to, n, 'a');
}

static void put_nothing(struct buf *to, int n) {
    (void)to, (void)n;
}

static const struct {
    const char *name;
    void (*put)(struct buf *to, int n);
} formats[] = {
    {"decimal", put_decimal},
    {"decimalZero", put_decimal_zero},
    {"decimalFullWidth", put_full_width},
    {"decimalFullWidth2", put_full_width},
    {"decimalEnclosedCircle", put_circle},
    {"decimalEnclosedCircleChinese", put_circle},
    {"decimalEnclosedParen", put_paren},
    {"decimalEnclosedFullstop", put_full_stop},
    {"chineseCounting", put_counting},
    {"chineseCountingThousand", put_counting},
    {"taiwaneseCounting", put_counting},
    {"taiwaneseCountingThousand", put_counting},
    {"japaneseCounting", put_counting},
    {"chineseLegalSimplified", put_legal_simplified},
    {"ideographLegalTraditional", put_legal_traditional},
    {"ideographDigital", put_digits},
    {"taiwaneseDigital", put_digits},
    {"japaneseDigitalTenThousand", put_digits},
    {"ideographTraditional", put_stem},
    {"ideographZodiac", put_branch},
    {"ideographEnclosedCircle", put_circled_han},
    {"upperRoman", put_upper_roman},
    {"lowerRoman", put_lower_roman},
    {"upperLetter", put_upper_letter},
    {"lowerLetter", put_lower_letter},
    {"none", put_nothing},
    {"bullet", put_nothing},
};

void docx_format_put(const char *name, int n, struct buf *to) {
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i].name, name) == 0) {
            formats[i].put(to, n);
            return;
        }
    }
    put_decimal(to, n);
}
