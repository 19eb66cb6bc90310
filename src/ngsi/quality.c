/* quality: see quality.h.
 *
 * Differences are taken in units of 10^-9, the finest a decimal has: a value is then an integer
 * below 2^93, so that twice one less two others stays far below 2^127. A rate is compared as a
 * fraction, which is exact at any size.
 *
 * The state keeps the last two values for spike and rate, and a ring of as many as the flat line
 * looks at. */
#include "ngsi/quality.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

/* One observation of the ring. */
struct slot {
    struct decimal value;
    bool is_missing;
};

struct quality {
    __int128 last;               /* the value before, in units of 10^-9 */
    __int128 second;             /* the one before that */
    int64_t last_ms;             /* of the latest observation */
    int64_t value_ms;            /* of the latest that had a value */
    struct quality_flags before; /* of the latest */
    int8_t run; /* values one behind the other, 0 to 2: which of the two above hold */
    bool has_any;
    bool has_value;
    bool corrected; /* the latest has another value by now */
    int ring_room;
    int ring_count;
    int ring_at; /* where the next goes */
    struct slot ring[];
};

static const int64_t UNIT = 1000000000; /* 10^DECIMAL_SCALE_MAX */

const char *quality_flag_word(enum quality_flag flag) {
    switch (flag) {
    case QUALITY_GOOD:
        return "good";
    case QUALITY_NOT_EVALUATED:
        return "not evaluated";
    case QUALITY_SUSPECT:
        return "suspect";
    case QUALITY_FAIL:
        return "fail";
    case QUALITY_MISSING:
        return "missing";
    }
    assert(!"a flag outside its enum");
    return "";
}

const char *quality_test_word(enum quality_test test) {
    static const char *const words[QUALITY_TESTS] = {
        [QUALITY_GROSS] = "gross", [QUALITY_SPIKE] = "spike", [QUALITY_RATE] = "rate",
        [QUALITY_FLAT] = "flat",   [QUALITY_GAP] = "gap",
    };
    return words[test];
}

/* ---- rules ---- */

static enum code check_span(const struct quality_span *span, const char *what, struct err *err) {
    char low[DECIMAL_TEXT_MAX];
    char high[DECIMAL_TEXT_MAX];
    if (span->is_set && decimal_cmp(span->low, span->high) > 0) {
        return err_set(err, E_INPUT, "the %s span %s to %s is upside down", what,
                       decimal_text(span->low, low), decimal_text(span->high, high));
    }
    return OK;
}

static enum code check_gross(const struct quality_rules *r, struct err *err) {
    enum code code = check_span(&r->gross_fail, "fail", err);
    if (code == OK) {
        code = check_span(&r->gross_suspect, "suspect", err);
    }
    if (code == OK && r->gross_fail.is_set && r->gross_suspect.is_set &&
        (decimal_cmp(r->gross_suspect.low, r->gross_fail.low) < 0 ||
         decimal_cmp(r->gross_suspect.high, r->gross_fail.high) > 0)) {
        code = err_set(err, E_INPUT, "the suspect span leaves the fail span");
    }
    return code;
}

static enum code check_spike(const struct quality_rules *r, struct err *err) {
    struct decimal none = decimal_of(0);
    if ((r->spike_suspect.is_set && decimal_cmp(r->spike_suspect.most, none) < 0) ||
        (r->spike_fail.is_set && decimal_cmp(r->spike_fail.most, none) < 0)) {
        return err_set(err, E_INPUT, "a spike threshold is less than 0");
    }
    if (r->spike_suspect.is_set && r->spike_fail.is_set &&
        decimal_cmp(r->spike_fail.most, r->spike_suspect.most) < 0) {
        return err_set(err, E_INPUT, "the spike threshold of fail is below that of suspect");
    }
    return OK;
}

static enum code check_rate(const struct quality_rules *r, struct err *err) {
    struct fraction none = fraction_of(0);
    if ((r->rate_suspect.is_set && fraction_cmp(r->rate_suspect.per_s, none) < 0) ||
        (r->rate_fail.is_set && fraction_cmp(r->rate_fail.per_s, none) < 0)) {
        return err_set(err, E_INPUT, "a rate threshold is less than 0");
    }
    if (r->rate_suspect.is_set && r->rate_fail.is_set &&
        fraction_cmp(r->rate_fail.per_s, r->rate_suspect.per_s) < 0) {
        return err_set(err, E_INPUT, "the rate threshold of fail is below that of suspect");
    }
    return OK;
}

static bool is_flat_count(int n) {
    return n == 0 || (n >= 2 && n <= QUALITY_FLAT_MAX);
}

static enum code check_flat(const struct quality_rules *r, struct err *err) {
    char text[DECIMAL_TEXT_MAX];
    if (!is_flat_count(r->flat_suspect) || !is_flat_count(r->flat_fail)) {
        return err_set(err, E_INPUT, "a flat line of %d or %d observations: not 2 to %d",
                       r->flat_suspect, r->flat_fail, QUALITY_FLAT_MAX);
    }
    if (r->flat_suspect != 0 && r->flat_fail != 0 && r->flat_fail < r->flat_suspect) {
        return err_set(err, E_INPUT, "a flat line fails at %d observations, before suspect at %d",
                       r->flat_fail, r->flat_suspect);
    }
    if ((r->flat_suspect != 0 || r->flat_fail != 0) &&
        decimal_cmp(r->flat_tolerance, decimal_of(0)) <= 0) {
        return err_set(err, E_INPUT, "the flat line's tolerance %s is not more than 0",
                       decimal_text(r->flat_tolerance, text));
    }
    return OK;
}

static enum code check_gap(const struct quality_rules *r, struct err *err) {
    if (r->gap_suspect_ms < 0 || r->gap_fail_ms < 0) {
        return err_set(err, E_INPUT, "a gap threshold is less than 0 ms");
    }
    if (r->gap_suspect_ms != 0 && r->gap_fail_ms != 0 && r->gap_fail_ms < r->gap_suspect_ms) {
        return err_set(err, E_INPUT, "the gap threshold of fail is below that of suspect");
    }
    return OK;
}

enum code quality_check(const struct quality_rules *rules, struct err *err) {
    static enum code (*const checks[])(const struct quality_rules *, struct err *) = {
        check_gross, check_spike, check_rate, check_flat, check_gap,
    };
    enum code code = OK;
    for (size_t i = 0; i < sizeof checks / sizeof checks[0] && code == OK; i++) {
        code = checks[i](rules, err);
    }
    return code;
}

/* ---- numbers ---- */

static __int128 nano(struct decimal d) {
    __int128 n = d.coef;
    for (int i = d.scale; i < DECIMAL_SCALE_MAX; i++) {
        n *= 10;
    }
    return n;
}

static __int128 size_of(__int128 n) {
    return n < 0 ? -n : n;
}

/* ---- the tests, each on a value that is there ---- */

static enum quality_flag graded(bool any, bool suspect, bool fail) {
    if (!any) {
        return QUALITY_NOT_EVALUATED;
    }
    return fail ? QUALITY_FAIL : suspect ? QUALITY_SUSPECT : QUALITY_GOOD;
}

static bool is_outside(const struct quality_span *span, struct decimal value) {
    return span->is_set &&
           (decimal_cmp(value, span->low) < 0 || decimal_cmp(value, span->high) > 0);
}

static enum quality_flag gross(const struct quality_rules *r, struct decimal value) {
    return graded(r->gross_fail.is_set || r->gross_suspect.is_set,
                  is_outside(&r->gross_suspect, value), is_outside(&r->gross_fail, value));
}

/* Twice what the spike of `mid` is, so that the mean needs no half. */
static __int128 spike_twice(enum quality_spike_method method, __int128 left, __int128 mid,
                            __int128 right) {
    if (method == QUALITY_SPIKE_AVERAGE) {
        return size_of(2 * mid - left - right);
    }
    __int128 up = mid - left;
    __int128 down = mid - right;
    bool turns = (up > 0 && down > 0) || (up < 0 && down < 0);
    __int128 a = size_of(up);
    __int128 b = size_of(down);
    return turns ? 2 * (a < b ? a : b) : 0;
}

/* Of the value before, now that the one behind it is here. */
static enum quality_flag spike(const struct quality *q, const struct quality_rules *r,
                               __int128 value) {
    bool any = r->spike_suspect.is_set || r->spike_fail.is_set;
    if (!any || q->run < 2) {
        return QUALITY_NOT_EVALUATED;
    }
    __int128 twice = spike_twice(r->spike_method, q->second, q->last, value);
    return graded(true, r->spike_suspect.is_set && twice > 2 * nano(r->spike_suspect.most),
                  r->spike_fail.is_set && twice > 2 * nano(r->spike_fail.most));
}

static bool is_steeper(const struct quality_slope *limit, struct fraction per_s) {
    return limit->is_set && fraction_cmp(per_s, limit->per_s) > 0;
}

static enum quality_flag rate(const struct quality *q, const struct quality_rules *r,
                              __int128 value, int64_t time_ms) {
    bool any = r->rate_suspect.is_set || r->rate_fail.is_set;
    if (!any || q->run < 1) {
        return graded(any, false, false);
    }
    /* not in lowest terms, which comparing does not ask for; milliseconds less than 2^64 */
    __int128 ms = (__int128)time_ms - q->last_ms;
    struct fraction per_s = {size_of(value - q->last) * 1000, ms * UNIT};
    return graded(true, is_steeper(&r->rate_suspect, per_s), is_steeper(&r->rate_fail, per_s));
}

/* How many observations, this one and back, lie within the tolerance; 1 where but one has a value.
 * Stops at the first that leaves it: a series that moves costs a step or two. */
static int flat_length(const struct quality *q, const struct quality_rules *r) {
    __int128 tolerance = nano(r->flat_tolerance);
    __int128 low = 0;
    __int128 high = 0;
    int values = 0;
    int n = 0;
    int at = q->ring_at;
    for (; n < q->ring_count; n++) {
        at = (at == 0 ? q->ring_room : at) - 1;
        if (q->ring[at].is_missing) {
            continue;
        }
        __int128 value = nano(q->ring[at].value);
        low = values == 0 || value < low ? value : low;
        high = values == 0 || value > high ? value : high;
        if (high - low >= tolerance) {
            break;
        }
        values++;
    }
    return values < 2 ? 1 : n;
}

/* After the value went into the ring. */
static enum quality_flag flat(const struct quality *q, const struct quality_rules *r) {
    if (q->ring_room == 0) {
        return QUALITY_NOT_EVALUATED;
    }
    int length = flat_length(q, r);
    return graded(true, r->flat_suspect != 0 && length >= r->flat_suspect,
                  r->flat_fail != 0 && length >= r->flat_fail);
}

static enum quality_flag gap(const struct quality *q, const struct quality_rules *r,
                             int64_t time_ms) {
    __int128 ms = (__int128)time_ms - q->value_ms;
    bool any = r->gap_suspect_ms != 0 || r->gap_fail_ms != 0;
    return graded(any && q->has_value, r->gap_suspect_ms != 0 && ms > r->gap_suspect_ms,
                  r->gap_fail_ms != 0 && ms > r->gap_fail_ms);
}

/* ---- the series ---- */

static int ring_room(const struct quality_rules *r) {
    return r->flat_suspect > r->flat_fail ? r->flat_suspect : r->flat_fail;
}

size_t quality_size(const struct quality_rules *rules) {
    return sizeof(struct quality) + (size_t)ring_room(rules) * sizeof(struct slot);
}

void quality_init(struct quality *q, const struct quality_rules *rules) {
    memset(q, 0, quality_size(rules));
    q->ring_room = ring_room(rules);
}

static void ring_add(struct quality *q, const struct quality_observation *seen) {
    if (q->ring_room > 0) {
        q->ring[q->ring_at] = (struct slot){seen->value, seen->is_missing};
        q->ring_at = (q->ring_at + 1) % q->ring_room;
        q->ring_count += q->ring_count < q->ring_room;
    }
}

static struct quality_flags all(enum quality_flag flag) {
    struct quality_flags flags;
    memset(flags.of, flag, sizeof flags.of);
    return flags;
}

static enum quality_order order_of(const struct quality *q, int64_t time_ms) {
    if (!q->has_any || time_ms > q->last_ms) {
        return QUALITY_NEXT;
    }
    return time_ms == q->last_ms ? QUALITY_DUPLICATE : QUALITY_LATE;
}

/* A value that comes in its order. */
static void take_value(struct quality *q, const struct quality_rules *rules,
                       const struct quality_observation *seen, struct quality_answer *out) {
    __int128 value = nano(seen->value);
    enum quality_flag spike_before = spike(q, rules, value);
    if (spike_before != QUALITY_NOT_EVALUATED && !q->corrected) {
        out->settles = true;
        out->before_ms = q->last_ms;
        out->before = q->before;
        out->before.of[QUALITY_SPIKE] = (uint8_t)spike_before;
    }
    out->flags.of[QUALITY_RATE] = (uint8_t)rate(q, rules, value, seen->time_ms);
    out->flags.of[QUALITY_GAP] = (uint8_t)gap(q, rules, seen->time_ms);
    ring_add(q, seen);
    out->flags.of[QUALITY_FLAT] = (uint8_t)flat(q, rules);
    q->second = q->last;
    q->last = value;
    q->run += q->run < 2;
    q->has_value = true;
    q->value_ms = seen->time_ms;
}

struct quality_answer quality_feed(struct quality *q, const struct quality_rules *rules,
                                   const struct quality_observation *seen) {
    struct quality_answer out = {.order = order_of(q, seen->time_ms)};
    assert(q->ring_room == ring_room(rules));
    out.flags = all(seen->is_missing ? QUALITY_MISSING : QUALITY_NOT_EVALUATED);
    if (!seen->is_missing) {
        out.flags.of[QUALITY_GROSS] = (uint8_t)gross(rules, seen->value);
    }
    if (out.order != QUALITY_NEXT) {
        return out;
    }
    if (seen->is_missing) {
        ring_add(q, seen);
        q->run = 0;
    } else {
        take_value(q, rules, seen, &out);
    }
    q->has_any = true;
    q->corrected = false;
    q->last_ms = seen->time_ms;
    q->before = out.flags;
    return out;
}

bool quality_is_latest(const struct quality *q, const struct quality_observation *seen,
                       struct quality_flags *out) {
    bool missed = q->run == 0;
    if (!q->has_any || seen->time_ms != q->last_ms || seen->is_missing != missed ||
        (!missed && nano(seen->value) != q->last)) {
        return false;
    }
    *out = q->before;
    return true;
}

void quality_correct(struct quality *q) {
    q->corrected = true;
}

enum quality_flag quality_worst(const struct quality_flags *flags) {
    static const uint8_t rank[] = {
        [QUALITY_MISSING] = 0, [QUALITY_NOT_EVALUATED] = 1, [QUALITY_GOOD] = 2,
        [QUALITY_SUSPECT] = 3, [QUALITY_FAIL] = 4,
    };
    uint8_t worst = QUALITY_MISSING;
    for (int i = 0; i < QUALITY_TESTS; i++) {
        assert(flags->of[i] < sizeof rank);
        worst = rank[flags->of[i]] > rank[worst] ? flags->of[i] : worst;
    }
    return (enum quality_flag)worst;
}

/* ---- kept ---- */

static bool is_flag(unsigned n) {
    return (n >= QUALITY_GOOD && n <= QUALITY_FAIL) || n == QUALITY_MISSING;
}

uint32_t quality_pack(const struct quality_flags *flags) {
    uint32_t packed = 0;
    for (int i = 0; i < QUALITY_TESTS; i++) {
        assert(is_flag(flags->of[i]));
        packed |= (uint32_t)flags->of[i] << (4 * i);
    }
    return packed;
}

bool quality_unpack(uint32_t packed, struct quality_flags *out) {
    struct quality_flags flags;
    for (int i = 0; i < QUALITY_TESTS; i++) {
        flags.of[i] = packed >> (4 * i) & 15;
        if (!is_flag(flags.of[i])) {
            return false;
        }
    }
    if (packed >> (4 * QUALITY_TESTS) != 0) {
        return false;
    }
    *out = flags;
    return true;
}

/* Numbers have their low byte first, in two's complement.
 *
 *   at  bytes
 *    0  1      KEPT_VERSION
 *    1  1      run, and HAS_ANY, HAS_VALUE, CORRECTED
 *    2  3      the flags of the latest, packed
 *    5  8      last_ms
 *   13  8      value_ms
 *   21  12     last
 *   33  12     second
 *   45  2      how many the flat line looks back along
 *   47  1      0
 *   48  9 each those there are, the oldest first: its scale, or MISSED, and its 8 bytes */
enum {
    KEPT_VERSION = 1,
    HAS_ANY = 4,
    HAS_VALUE = 8,
    CORRECTED = 16,
    BITS = 3 | HAS_ANY | HAS_VALUE | CORRECTED,
    MISSED = 255,
};

static void put_8(unsigned char *to, int64_t v) {
    uint64_t low_first = htole64((uint64_t)v);
    memcpy(to, &low_first, sizeof low_first);
}

static int64_t get_8(const unsigned char *from) {
    uint64_t low_first;
    memcpy(&low_first, from, sizeof low_first);
    return (int64_t)le64toh(low_first);
}

static void put_12(unsigned char *to, __int128 v) {
    uint32_t high = htole32((uint32_t)((unsigned __int128)v >> 64));
    put_8(to, (int64_t)v);
    memcpy(to + 8, &high, sizeof high);
}

static __int128 get_12(const unsigned char *from) {
    uint32_t high;
    memcpy(&high, from + 8, sizeof high);
    __int128 sign_first = (int32_t)le32toh(high);
    return (__int128)((unsigned __int128)sign_first << 64 | (uint64_t)get_8(from));
}

static void put_slots(const struct quality *q, unsigned char *to) {
    int at = q->ring_count < q->ring_room ? 0 : q->ring_at;
    for (int i = 0; i < q->ring_count; i++, to += QUALITY_KEPT_SLOT) {
        const struct slot *s = &q->ring[(at + i) % q->ring_room];
        to[0] = s->is_missing ? MISSED : (unsigned char)s->value.scale;
        put_8(to + 1, s->is_missing ? 0 : s->value.coef);
    }
}

size_t quality_save(const struct quality *q, unsigned char *to) {
    to[0] = KEPT_VERSION;
    to[1] = (unsigned char)(q->run | (q->has_any ? HAS_ANY : 0) | (q->has_value ? HAS_VALUE : 0) |
                            (q->corrected ? CORRECTED : 0));
    uint32_t before = q->has_any ? quality_pack(&q->before) : 0;
    for (int i = 0; i < 3; i++) {
        to[2 + i] = (unsigned char)(before >> (8 * i));
    }
    put_8(to + 5, q->last_ms);
    put_8(to + 13, q->value_ms);
    put_12(to + 21, q->last);
    put_12(to + 33, q->second);
    to[45] = (unsigned char)q->ring_room;
    to[46] = (unsigned char)(q->ring_room >> 8);
    to[47] = 0;
    put_slots(q, to + QUALITY_KEPT);
    return QUALITY_KEPT + (size_t)q->ring_count * QUALITY_KEPT_SLOT;
}

/* The largest a decimal's digits and a value in units of 10^-9 can be. */
static bool is_value(__int128 n) {
    return size_of(n) < (__int128)1000000000000000000 * UNIT;
}

static bool get_slots(struct quality *q, const unsigned char *from, size_t count) {
    for (size_t i = 0; i < count; i++, from += QUALITY_KEPT_SLOT) {
        bool missing = from[0] == MISSED;
        struct quality_observation seen = {.is_missing = missing};
        if (!missing) {
            seen.value = (struct decimal){get_8(from + 1), (int8_t)from[0]};
        }
        if (!missing && (from[0] > DECIMAL_SCALE_MAX || !is_value(nano(seen.value)))) {
            return false;
        }
        ring_add(q, &seen);
    }
    return true;
}

static bool get_state(struct quality *q, const unsigned char *from, size_t n) {
    size_t slots = (n - QUALITY_KEPT) / QUALITY_KEPT_SLOT;
    int room = from[45] | from[46] << 8;
    uint32_t packed = (uint32_t)(from[2] | from[3] << 8 | from[4] << 16);
    q->run = from[1] & 3;
    q->has_any = (from[1] & HAS_ANY) != 0;
    q->has_value = (from[1] & HAS_VALUE) != 0;
    q->corrected = (from[1] & CORRECTED) != 0;
    q->last_ms = get_8(from + 5);
    q->value_ms = get_8(from + 13);
    q->last = get_12(from + 21);
    q->second = get_12(from + 33);
    bool follows = q->has_any ? q->run == 0 || q->has_value : q->run == 0 && !q->has_value;
    if (!follows || q->run > 2 || (from[1] & ~BITS) != 0 || !is_value(q->last) ||
        !is_value(q->second) || (q->has_any && !quality_unpack(packed, &q->before)) ||
        slots > (size_t)room) {
        return false;
    }
    return room != q->ring_room || get_slots(q, from + QUALITY_KEPT, slots);
}

bool quality_load(struct quality *q, const struct quality_rules *rules, const void *bytes,
                  size_t n) {
    const unsigned char *from = bytes;
    bool taken = n >= QUALITY_KEPT && (n - QUALITY_KEPT) % QUALITY_KEPT_SLOT == 0 &&
                 from[0] == KEPT_VERSION && get_state(q, from, n);
    if (!taken) {
        quality_init(q, rules);
    }
    return taken;
}
