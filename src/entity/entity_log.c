/* entity_log: see entity_log.h. */
#include "entity/entity_log.h"

#include <string.h>

enum {
    VARINT_MAX = 10, /* bytes of 64 bits */
    HEAD_MAX = 12 * VARINT_MAX,
    FLAG_LATE = 1 << 0,
    FLAG_SETTLES = 1 << 1,
    FLAG_UNIT = 1 << 2,
    FLAG_JSON = 1 << 3,
    FLAG_EXTRA = 1 << 4,
    FLAG_ZEROS = 1 << 5,
    FLAG_STATE = 1 << 6, /* the series' moment is another than its own */
    FLAGS = 1 << 7,      /* from here on there are none */
};

/* ---- writing ---- */

static char *put(char *at, uint64_t n) {
    for (; n >= 0x80; n >>= 7) {
        *at++ = (char)(n | 0x80);
    }
    *at++ = (char)n;
    return at;
}

static char *put_folded(char *at, int64_t n) {
    return put(at, ((uint64_t)n << 1) ^ (n < 0 ? UINT64_MAX : 0));
}

static void put_text(struct buf *to, const char *s) {
    if (s == NULL) {
        return;
    }
    size_t n = strlen(s);
    char *start = buf_room(to, VARINT_MAX + n + 1);
    char *at = put(start, n);
    memcpy(at, s, n + 1);
    to->len += (size_t)(at + n + 1 - start);
}

static void put_state(struct buf *to, const unsigned char *state, size_t n) {
    char *start = buf_room(to, VARINT_MAX + n + n / 8 + 1);
    char *at = put(start, n);
    for (size_t i = 0; i < n; i += 8) {
        char *mask = at++;
        *mask = 0;
        for (size_t k = 0; k < 8 && i + k < n; k++) {
            if (state[i + k] != 0) {
                *mask = (char)(*mask | 1 << k);
                *at++ = (char)state[i + k];
            }
        }
    }
    to->len += (size_t)(at - start);
}

static unsigned flags_of(const struct fresh_note *note) {
    const struct fresh_seen *x = &note->seen;
    return (x->is_late ? FLAG_LATE : 0U) | (x->settles ? FLAG_SETTLES : 0U) |
           (x->unit != NULL ? FLAG_UNIT : 0U) | (x->json != NULL ? FLAG_JSON : 0U) |
           (x->extra != NULL ? FLAG_EXTRA : 0U) | (x->zeros ? FLAG_ZEROS : 0U) |
           (note->state.observed_ms != x->observed_ms ? FLAG_STATE : 0U);
}

static void put_seen(const struct fresh_note *note, struct buf *to) {
    const struct fresh_seen *x = &note->seen;
    char *start = buf_room(to, HEAD_MAX);
    char *at = start;
    *at++ = 'o';
    at = put(at, (uint64_t)note->key.entity);
    at = put(at, (uint64_t)note->key.name);
    at = put(at, (uint64_t)note->key.dataset);
    at = put_folded(at, x->modified_ms);
    at = put_folded(at, (int64_t)((uint64_t)x->modified_ms - (uint64_t)x->observed_ms));
    at = put(at, x->kind);
    at = put(at, flags_of(note));
    at = put(at, x->quality);
    if (x->settles) {
        at = put_folded(at, x->before_ms);
        at = put(at, x->before);
    }
    to->len += (size_t)(at - start);
    put_text(to, x->value);
    put_text(to, x->unit);
    put_text(to, x->json);
    put_text(to, x->extra);
    if (note->state.observed_ms != x->observed_ms) {
        start = buf_room(to, VARINT_MAX);
        to->len += (size_t)(put_folded(start, note->state.observed_ms) - start);
    }
    put_state(to, note->state.series, note->state.series_len);
}

void entity_log_write(const struct fresh_note *note, struct buf *to) {
    char *start;
    switch (note->what) {
    case FRESH_SEEN:
        put_seen(note, to);
        break;
    case FRESH_MARK:
        start = buf_room(to, HEAD_MAX);
        *start = 'm';
        to->len += (size_t)(put(start + 1, (uint64_t)note->key.entity) - start);
        break;
    case FRESH_MARK_ALL:
        buf_addc(to, 'a');
        break;
    }
}

/* ---- reading: a step that fails says so by `at` NULL, and those behind it do nothing ---- */

static uint64_t get(struct entity_log_reader *r) {
    uint64_t n = 0;
    for (unsigned shift = 0; r->at != NULL; shift += 7) {
        if (r->at == r->end || shift > 63) {
            r->at = NULL;
            break;
        }
        unsigned char c = (unsigned char)*r->at++;
        n |= (uint64_t)(c & 0x7f) << shift;
        if (c < 0x80) {
            return n;
        }
    }
    return 0;
}

static int64_t get_folded(struct entity_log_reader *r) {
    uint64_t n = get(r);
    return (int64_t)((n >> 1) ^ (0 - (n & 1)));
}

/* A number from 0 to `most`. */
static int64_t get_upto(struct entity_log_reader *r, uint64_t most) {
    uint64_t n = get(r);
    if (n > most) {
        r->at = NULL;
    }
    return n > most ? 0 : (int64_t)n;
}

static const char *get_text(struct entity_log_reader *r) {
    uint64_t n = get(r);
    const char *s = r->at;
    if (s == NULL || n >= (uint64_t)(r->end - s) || s[n] != '\0' ||
        memchr(s, '\0', (size_t)n) != NULL) {
        r->at = NULL;
        return NULL;
    }
    r->at += n + 1;
    return s;
}

/* Eight bytes of a state, or as many as are left. */
static void get_eight(struct entity_log_reader *r, unsigned char *to, size_t n) {
    unsigned mask = (unsigned char)*r->at++;
    for (size_t k = 0; k < n && r->at != NULL; k++) {
        bool there = mask >> k & 1;
        if (there && r->at == r->end) {
            r->at = NULL;
            break;
        }
        to[k] = there ? (unsigned char)*r->at++ : 0;
    }
}

static size_t get_state(struct entity_log_reader *r) {
    size_t n = (size_t)get_upto(r, sizeof r->state);
    for (size_t i = 0; i < n && r->at != NULL; i += 8) {
        if (r->at == r->end) {
            r->at = NULL;
            break;
        }
        get_eight(r, r->state + i, n - i < 8 ? n - i : 8);
    }
    return n;
}

static void get_seen(struct entity_log_reader *r, struct fresh_note *out) {
    struct fresh_seen *x = &out->seen;
    out->key.entity = get_upto(r, INT64_MAX);
    out->key.name = get_upto(r, INT64_MAX);
    out->key.dataset = get_upto(r, INT64_MAX);
    x->modified_ms = get_folded(r);
    x->observed_ms = (int64_t)((uint64_t)x->modified_ms - (uint64_t)get_folded(r));
    x->kind = (enum entity_kind)get_upto(r, ENTITY_LIST_RELATIONSHIP);
    unsigned flags = (unsigned)get_upto(r, FLAGS - 1);
    x->quality = (uint32_t)get_upto(r, UINT32_MAX);
    x->zeros = flags & FLAG_ZEROS;
    x->is_late = flags & FLAG_LATE;
    x->settles = flags & FLAG_SETTLES;
    if (x->settles) {
        x->before_ms = get_folded(r);
        x->before = (uint32_t)get_upto(r, UINT32_MAX);
    }
    x->value = get_text(r);
    x->unit = flags & FLAG_UNIT ? get_text(r) : NULL;
    x->json = flags & FLAG_JSON ? get_text(r) : NULL;
    x->extra = flags & FLAG_EXTRA ? get_text(r) : NULL;
    out->state.observed_ms = flags & FLAG_STATE ? get_folded(r) : x->observed_ms;
    out->state.series_len = get_state(r);
    out->state.series = r->state;
}

enum code entity_log_read(struct entity_log_reader *r, struct fresh_note *out, bool *there,
                          struct err *err) {
    const char *start = r->at;
    *there = r->at < r->end;
    if (!*there) {
        return OK;
    }
    *out = (struct fresh_note){.what = FRESH_SEEN};
    char what = *r->at++;
    if (what == 'o') {
        get_seen(r, out);
    } else if (what == 'm') {
        out->what = FRESH_MARK;
        out->key.entity = get_upto(r, INT64_MAX);
    } else if (what == 'a') {
        out->what = FRESH_MARK_ALL;
    } else {
        r->at = NULL;
    }
    return r->at != NULL ? OK
                         : err_set(err, E_IO,
                                   "cannot read the notes of observations: damaged, %td bytes "
                                   "before their end",
                                   r->end - start);
}
