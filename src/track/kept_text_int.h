/* kept_text: the texts that plans are kept with, and reading one again: for what only a reading has
 * and kept rows have not, as the results that a document reports.
 *
 * The same grammar reads the same text in the same way, so a figure of a new reading is the kept
 * target of its ID and span, and bears that one's number. */
#ifndef TAIHU_TRACK_KEPT_TEXT_INT_H
#define TAIHU_TRACK_KEPT_TEXT_INT_H

#include "plan/reader.h"
#include "track/kept.h"

struct kept_text {
    int64_t plan;
    int64_t from; /* the line of this text; with the plan's ID it names text and numbers */
    int year;
    const char *name;
    const char *title;  /* NULL where there is none */
    const char *issuer; /* likewise */
    unsigned char sha256[SHA256_BYTES];
    const char *text; /* NULL in a list */
    size_t len;
};

/* All that were valid just after line `as_of`, by year, then plan. In `a`, as all that follows. */
enum code kept_text_list(struct tx *tx, int64_t as_of, struct arena *a, struct kept_text **out,
                         size_t *count, struct err *err);

/* One, without its text; E_ABSENT: there was no such plan. */
enum code kept_text_find(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                         struct kept_text *out, struct err *err);

/* Fills text and len. */
enum code kept_text_load(struct tx *tx, struct arena *a, struct kept_text *t, struct err *err);

/* Where a target stands in a text. */
struct kept_number {
    struct span span;   /* its clause */
    struct span figure; /* its number in it; absent where it has none */
    int64_t number;
};

enum code kept_text_numbers(struct tx *tx, const struct kept_text *t, struct arena *a,
                            struct kept_number **out, size_t *count, struct err *err);

/* Reads the text again, once it is loaded; *out borrows it. */
enum code kept_text_read(const struct reader *reader, const struct kept_text *t, struct arena *a,
                         struct reading *out, struct err *err);

/* The number of a figure of such a reading: the target that was read from the same bytes. 0 where
 * this version reads the text otherwise than the one that kept it. */
int64_t kept_text_number(const struct kept_number *all, size_t count, const struct figure *f);

#endif
