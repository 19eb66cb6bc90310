/* number: see number.h. */
#include "text/number.h"

/* 0 to 9 for a Chinese digit, 10, 100, 1000 for a position, -1 for neither. */
static int numeral(char16_t c) {
    switch (c) {
    case u'零':
        return 0;
    case u'一':
        return 1;
    case u'二':
    case u'两':
        return 2;
    case u'三':
        return 3;
    case u'四':
        return 4;
    case u'五':
        return 5;
    case u'六':
        return 6;
    case u'七':
        return 7;
    case u'八':
        return 8;
    case u'九':
        return 9;
    case u'十':
        return 10;
    case u'百':
        return 100;
    case u'千':
        return 1000;
    default:
        return -1;
    }
}

static bool parse_digits(const struct source *s, uint32_t at, uint32_t end, struct number *out) {
    char text[24];
    size_t n = 0;
    uint32_t i = at;
    bool point = false;
    for (; i < end; i++) {
        char16_t c = s->ch[i];
        bool more = i + 1 < end && is_digit16(s->ch[i + 1]);
        if (c == u',' && more && !point) {
            continue;
        }
        if (!is_digit16(c) && !(c == u'.' && more && !point)) {
            break;
        }
        point = point || c == u'.';
        if (n + 1 >= sizeof text - 4) {
            return false;
        }
        text[n++] = (char)c;
    }
    out->to = i;
    out->spelled = false;
    return decimal_parse(text, n, &out->value);
}

/* 三千二百零五: digits weighed by the position behind them. 百 alone is 100, 十二 is 12. */
static bool parse_positions(const struct source *s, uint32_t at, uint32_t end, struct number *out) {
    int64_t sum = 0;
    int64_t digit = -1;
    int last = 10000;
    uint32_t i = at;
    for (; i < end; i++) {
        int v = numeral(s->ch[i]);
        if (v < 0) {
            break;
        }
        if (v >= 10) {
            if (v >= last) {
                break;
            }
            sum += (digit < 0 ? 1 : digit) * v;
            digit = -1;
            last = v;
        } else if (v == 0) {
            digit = -1;
        } else if (digit >= 0) {
            break;
        } else {
            digit = v;
        }
    }
    out->to = i;
    out->spelled = true;
    out->value = decimal_of(sum + (digit < 0 ? 0 : digit));
    return i > at && out->value.coef > 0;
}

/* 二〇二一: four or more digits in a row, a year or a code. */
static bool parse_row(const struct source *s, uint32_t at, uint32_t end, struct number *out) {
    int64_t value = 0;
    uint32_t i = at;
    for (; i < end && i - at < 15; i++) {
        int v = numeral(s->ch[i]);
        if (v < 0 || v > 9) {
            break;
        }
        value = value * 10 + v;
    }
    if (i - at < 3) {
        return false;
    }
    out->to = i;
    out->spelled = true;
    out->value = decimal_of(value);
    return true;
}

bool number_parse(const struct source *s, uint32_t at, uint32_t end, struct number *out) {
    if (at >= end) {
        return false;
    }
    char16_t c = s->ch[at];
    struct number n = {0};
    bool ok = false;
    if (is_digit16(c)) {
        ok = parse_digits(s, at, end, &n);
    } else if (numeral(c) >= 0) {
        ok = parse_row(s, at, end, &n) || parse_positions(s, at, end, &n);
    } else if (c == u'半') {
        n = (struct number){at + 1, {5, 1}, true, false};
        ok = true;
    }
    if (!ok) {
        return false;
    }
    if (n.to < end && (s->ch[n.to] == u'余' || s->ch[n.to] == u'多')) {
        n.more = true;
        n.to++;
    }
    *out = n;
    return true;
}
