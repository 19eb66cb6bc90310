/* entity: see entity.h. */
#include "ngsi/entity.h"

#include <string.h>

#include "base/date.h"
#include "base/utf8.h"

const char *entity_kind_name(enum entity_kind kind) {
    static const char *const names[] = {"Property",         "Relationship",    "GeoProperty",
                                        "LanguageProperty", "VocabProperty",   "JsonProperty",
                                        "ListProperty",     "ListRelationship"};
    return names[kind];
}

const char *entity_kind_member(enum entity_kind kind) {
    static const char *const names[] = {"value", "object", "value",     "languageMap",
                                        "vocab", "json",   "valueList", "objectList"};
    return names[kind];
}

/* What RFC 3986 has each ASCII character do: 's' in a scheme or behind it, 'u' behind it alone, '.'
 * nowhere. Rows of 16, from 0x00. */
static const char uri_class[] = "................"
                                "................"
                                ".u.uuuuuuuusussu"  /*  !"#$%&'()*+,-./ */
                                "ssssssssssuu.u.u"  /* 0123456789:;<=>? */
                                "usssssssssssssss"  /* @ABCDEFGHIJKLMNO */
                                "sssssssssssu.u.u"  /* PQRSTUVWXYZ[\]^_ */
                                ".sssssssssssssss"  /* `abcdefghijklmno */
                                "sssssssssss...u."; /* pqrstuvwxyz{|}~ */

static bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_of_scheme(char c) {
    return (unsigned char)c < 0x80 && uri_class[(unsigned char)c] == 's';
}

static bool is_plain_in_uri(char c) {
    return (unsigned char)c < 0x80 && uri_class[(unsigned char)c] != '.';
}

/* What nobody sees, what turns the direction of text, what is no character
 * (Unicode 15.1: White_Space, Default_Ignorable_Code_Point, Bidi_Control, noncharacters). */
static const struct {
    uint32_t first, last;
} unseen[] = {{0x80, 0xa0},       {0xad, 0xad},       {0x34f, 0x34f},    {0x61c, 0x61c},
              {0x115f, 0x1160},   {0x1680, 0x1680},   {0x17b4, 0x17b5},  {0x180b, 0x180f},
              {0x2000, 0x200f},   {0x2028, 0x202f},   {0x205f, 0x206f},  {0x2800, 0x2800},
              {0x3000, 0x3000},   {0x3164, 0x3164},   {0xe000, 0xf8ff},  {0xfdd0, 0xfdef},
              {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},  {0xfff0, 0xffff},
              {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};

static bool is_unseen(uint32_t c) {
    bool found = (c & 0xfffe) == 0xfffe;
    for (size_t i = 0; i < sizeof unseen / sizeof unseen[0] && !found; i++) {
        found = c >= unseen[i].first && c <= unseen[i].last;
    }
    return found;
}

/* The bytes of the character beyond ASCII at `s`; 0: it may not stand in a URI, or is none. */
static size_t wide_len(const char *s) {
    uint32_t c = 0;
    size_t len = utf8_decode(s, strnlen(s, UTF8_MAX), &c);
    return is_unseen(c) ? 0 : len;
}

/* One pass, by table: each id and each name of a batch comes by here. */
bool entity_is_uri(const char *s) {
    size_t n = 0;
    while (is_of_scheme(s[n])) {
        n++;
    }
    if (!is_alpha(s[0]) || s[n] != ':' || s[n + 1] == '\0') {
        return false;
    }
    for (size_t wide = 1; wide > 0; n += wide) {
        while (is_plain_in_uri(s[n])) {
            n++;
        }
        wide = (unsigned char)s[n] < 0x80 ? 0 : wide_len(s + n);
    }
    return s[n] == '\0' && n <= ENTITY_URI_MAX;
}

struct entity_attribute *entity_find(const struct entity *e, const char *name) {
    struct entity_attribute *first = NULL;
    for (size_t i = 0; i < e->count; i++) {
        if (strcmp(e->attributes[i].name, name) == 0) {
            if (e->attributes[i].dataset == NULL) {
                return &e->attributes[i];
            }
            first = first == NULL ? &e->attributes[i] : first;
        }
    }
    return first;
}

static bool is_same(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

struct entity_attribute *entity_find_instance(const struct entity *e, const char *name,
                                              const char *dataset) {
    for (size_t i = 0; i < e->count; i++) {
        struct entity_attribute *x = &e->attributes[i];
        if (strcmp(x->name, name) == 0 && is_same(x->dataset, dataset)) {
            return x;
        }
    }
    return NULL;
}

/* ---- moments ---- */

/* Two digits from 0 to `max`; -1 for anything else. */
static int two_digits(const char *s, int max) {
    if (!(s[0] >= '0' && s[0] <= '9' && s[1] >= '0' && s[1] <= '9')) {
        return -1;
    }
    int n = (s[0] - '0') * 10 + (s[1] - '0');
    return n <= max ? n : -1;
}

/* ".123456" in ms, cut; moves *s behind it. False: a point and no digit. */
static bool take_fraction(const char **s, int *ms) {
    *ms = 0;
    if (**s != '.' && **s != ',') {
        return true;
    }
    size_t n = strspn(++*s, "0123456789");
    int unit = 100;
    for (size_t i = 0; i < n && unit > 0; i++, unit /= 10) {
        *ms += ((*s)[i] - '0') * unit;
    }
    *s += n;
    return n > 0;
}

/* "Z", "+08:00" in minutes before UTC. */
static bool take_zone(const char *s, int *minutes) {
    if (strcmp(s, "Z") == 0) {
        *minutes = 0;
        return true;
    }
    if ((s[0] != '+' && s[0] != '-') || strlen(s) != 6 || s[3] != ':') {
        return false;
    }
    int h = two_digits(s + 1, 14);
    int m = two_digits(s + 4, 59);
    *minutes = (h * 60 + m) * (s[0] == '-' ? -1 : 1);
    return h >= 0 && m >= 0;
}

/* What stands behind the day, "T08:00:00.5Z", in ms since its 00:00 in UTC. */
static bool parse_clock(const char *s, int64_t *out) {
    if (strlen(s) < 10 || s[0] != 'T' || s[3] != ':' || s[6] != ':') {
        return false;
    }
    int h = two_digits(s + 1, 23);
    int m = two_digits(s + 4, 59);
    int sec = two_digits(s + 7, 59);
    int ms;
    int zone;
    s += 9;
    if (h < 0 || m < 0 || sec < 0 || !take_fraction(&s, &ms) || !take_zone(s, &zone)) {
        return false;
    }
    *out = ((int64_t)(h * 60 + m - zone) * 60 + sec) * 1000 + ms;
    return true;
}

enum code entity_time_parse(const char *s, int64_t *utc_ms, struct err *err) {
    int32_t day;
    int64_t clock;
    if (strlen(s) < 20 || date_parse(s, 10, &day, NULL) != OK || !parse_clock(s + 10, &clock)) {
        return err_set(err, E_INPUT, "cannot read moment \"%.40s\": it is as 2026-03-01T08:00:00Z",
                       s);
    }
    *utc_ms = date_start_ms(day, 0) + clock;
    return OK;
}

char *entity_time_text(int64_t utc_ms, char to[ENTITY_TIME_MAX]) {
    date_time_text(utc_ms, to);
    size_t n = strlen(to);
    if (n > 5 && strcmp(to + n - 5, ".000Z") == 0) {
        memcpy(to + n - 5, "Z", 2);
    }
    return to;
}
