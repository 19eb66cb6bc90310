/* Observations that wait to become rows: what a snapshot is shown of them, whatever jobs,
 * transactions and marks come in between; and the notes that are made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "entity/entity_fresh.h"
#include "entity/entity_log.h"

static const struct fresh_key ONE = {1, 100, 0};
static const struct fresh_key OTHER = {2, 100, 0};

struct room {
    struct fresh *f;
    struct arena arena;
    struct err err;
};

static struct room room_new(void) {
    return (struct room){fresh_new(), ARENA_INIT, ERR_INIT};
}

static void room_end(struct room *r) {
    fresh_free(r->f);
    arena_fini(&r->arena);
}

/* An observation of that moment and value, whose series' state is the value too. */
static void add(struct room *r, const struct fresh_key *key, int64_t ms, const char *value) {
    const struct fresh_state begun = {0, "", 0};
    const struct fresh_state state = {ms, value, strlen(value)};
    const struct fresh_seen seen = {.observed_ms = ms, .modified_ms = 1000 + ms, .value = value};
    fresh_add(r->f, fresh_open(r->f, key, NULL, &begun), &seen, &state);
}

static void add_late(struct room *r, const struct fresh_key *key, int64_t ms, const char *value) {
    const struct fresh_state begun = {0, "", 0};
    const struct fresh_seen seen = {.observed_ms = ms, .value = value, .is_late = true};
    fresh_add(r->f, fresh_open(r->f, key, NULL, &begun), &seen, NULL);
}

static void commit(struct room *r) {
    fresh_keep(r->f);
    fresh_end(r->f, true);
}

/* What a snapshot that sees up to `until` finds; NULL: nothing beside its rows. */
static const char *find(struct room *r, const struct memory_view *view,
                        const struct fresh_key *key) {
    struct fresh_seen seen;
    bool there = false;
    assert_int_equal(fresh_find(r->f, view, key, &r->arena, &seen, &there, &r->err), OK);
    return there ? seen.value : NULL;
}

static size_t count(struct room *r, const struct memory_view *view, int64_t entity) {
    struct fresh_found *all;
    size_t n = 0;
    assert_int_equal(fresh_list(r->f, view, entity, &r->arena, &all, &n, &r->err), OK);
    return n;
}

static struct memory_view enter(struct room *r, int64_t until) {
    struct memory_view view = {0, 0};
    fresh_enter(r->f, &view);
    view.until = until;
    return view;
}

static void assert_latest(struct room *r, const char *value) {
    struct fresh_state state;
    if (value == NULL) {
        assert_false(fresh_latest(r->f, &ONE, &state));
        return;
    }
    assert_true(fresh_latest(r->f, &ONE, &state));
    assert_int_equal(state.series_len, strlen(value));
    assert_memory_equal(state.series, value, state.series_len);
}

/* ---- */

static void a_snapshot_sees_what_was_committed_before_it(void **state) {
    (void)state;
    struct room r = room_new();
    struct memory_view early = enter(&r, 0);
    add(&r, &ONE, 10, "1");
    struct memory_view during = enter(&r, 0);
    commit(&r);
    struct memory_view behind = enter(&r, fresh_at(r.f));
    add(&r, &ONE, 20, "2");
    add_late(&r, &ONE, 5, "3");
    commit(&r);
    struct memory_view last = enter(&r, fresh_at(r.f));
    assert_null(find(&r, &early, &ONE));
    assert_null(find(&r, &during, &ONE));
    assert_string_equal(find(&r, &behind, &ONE), "1");
    assert_string_equal(find(&r, &last, &ONE), "2"); /* a late one is no state */
    assert_null(find(&r, &last, &OTHER));
    assert_int_equal(count(&r, &early, 1), 0);
    assert_int_equal(count(&r, &behind, 1), 1);
    assert_int_equal(count(&r, &last, 1), 3);
    assert_int_equal(count(&r, &last, 2), 0);
    fresh_leave(r.f, &early);
    fresh_leave(r.f, &during);
    fresh_leave(r.f, &behind);
    fresh_leave(r.f, &last);
    room_end(&r);
}

static void an_undone_job_leaves_what_was_there(void **state) {
    (void)state;
    struct room r = room_new();
    add(&r, &ONE, 10, "1");
    fresh_keep(r.f);
    add(&r, &ONE, 20, "longer");
    add(&r, &OTHER, 20, "2");
    fresh_mark(r.f, 1);
    assert_int_equal(fresh_added(r.f), 2);
    assert_false(fresh_has(r.f, 1));
    fresh_undo(r.f);
    assert_latest(&r, "1");
    assert_false(fresh_has(r.f, 2));
    add(&r, &ONE, 30, "3");
    commit(&r);
    struct memory_view view = enter(&r, fresh_at(r.f));
    assert_string_equal(find(&r, &view, &ONE), "3");
    assert_int_equal(count(&r, &view, 1), 2);
    assert_int_equal(count(&r, &view, 2), 0);
    fresh_leave(r.f, &view);
    room_end(&r);
}

static void a_transaction_that_fails_takes_all_its_jobs_along(void **state) {
    (void)state;
    struct room r = room_new();
    add(&r, &ONE, 10, "1");
    commit(&r);
    int64_t at = fresh_at(r.f);
    add(&r, &ONE, 20, "2");
    fresh_keep(r.f);
    fresh_mark(r.f, 0);
    fresh_keep(r.f);
    fresh_end(r.f, false);
    assert_int_equal(fresh_at(r.f), at);
    assert_latest(&r, "1");
    struct memory_view view = enter(&r, at + 10);
    assert_string_equal(find(&r, &view, &ONE), "1");
    fresh_leave(r.f, &view);
    room_end(&r);
}

static void a_mark_hides_what_came_before_it_from_whoever_sees_the_mark(void **state) {
    (void)state;
    struct room r = room_new();
    add(&r, &ONE, 10, "1");
    add(&r, &OTHER, 10, "2");
    commit(&r);
    struct memory_view before = enter(&r, fresh_at(r.f));
    fresh_mark(r.f, 1);
    commit(&r);
    struct memory_view behind = enter(&r, fresh_at(r.f));
    add(&r, &ONE, 30, "3");
    fresh_mark(r.f, 0);
    add(&r, &OTHER, 40, "4");
    commit(&r);
    struct memory_view last = enter(&r, fresh_at(r.f));
    assert_string_equal(find(&r, &before, &ONE), "1");
    assert_null(find(&r, &behind, &ONE));
    assert_string_equal(find(&r, &behind, &OTHER), "2");
    assert_null(find(&r, &last, &ONE));
    assert_string_equal(find(&r, &last, &OTHER), "4");
    assert_latest(&r, NULL);
    fresh_leave(r.f, &before);
    fresh_leave(r.f, &behind);
    fresh_leave(r.f, &last);
    room_end(&r);
}

/* A series whose observations are rows begins anew, with the state that it is given. */
static void behind_a_mark_a_series_begins_with_its_rows(void **state) {
    (void)state;
    struct room r = room_new();
    const struct fresh_state rows = {50, "rows", 4};
    add(&r, &ONE, 10, "1");
    fresh_mark(r.f, 1);
    commit(&r);
    struct fresh_series *s = fresh_open(r.f, &ONE, NULL, &rows);
    assert_int_equal(fresh_state_of(s).observed_ms, 50);
    assert_int_equal(fresh_state_of(s).series_len, 4);
    room_end(&r);
}

/* ---- portions ---- */

/* All of the sealed portion becomes rows; returns the number of its end. */
static int64_t complete(struct room *r) {
    int64_t end;
    int64_t last;
    while (fresh_next(r->f, true) != NULL) {
    }
    assert_true(fresh_complete(r->f, &end, &last));
    assert_true(last < end);
    fresh_end(r->f, true);
    return end;
}

static void a_portion_that_is_rows_is_shown_to_older_snapshots_only(void **state) {
    (void)state;
    struct room r = room_new();
    add(&r, &ONE, 10, "1");
    commit(&r);
    struct memory_view old = enter(&r, fresh_at(r.f));
    fresh_seal(r.f);
    add(&r, &ONE, 20, "2");
    commit(&r);
    struct memory_view both = enter(&r, fresh_at(r.f));
    int64_t end = complete(&r);
    struct memory_view now = enter(&r, end);
    assert_string_equal(find(&r, &old, &ONE), "1");
    assert_string_equal(find(&r, &both, &ONE), "2");
    assert_int_equal(count(&r, &both, 1), 2);
    assert_int_equal(count(&r, &now, 1), 1);
    fresh_leave(r.f, &old);
    fresh_leave(r.f, &both);
    assert_string_equal(find(&r, &now, &ONE), "2");
    fresh_leave(r.f, &now);
    room_end(&r);
}

static void a_completion_that_is_not_on_disk_is_none(void **state) {
    (void)state;
    struct room r = room_new();
    int64_t end;
    int64_t last;
    add(&r, &ONE, 10, "1");
    commit(&r);
    fresh_seal(r.f);
    assert_non_null(fresh_next(r.f, true));
    assert_null(fresh_next(r.f, true));
    assert_true(fresh_complete(r.f, &end, &last));
    fresh_end(r.f, false);
    struct memory_view view = enter(&r, end + 10);
    assert_string_equal(find(&r, &view, &ONE), "1");
    fresh_leave(r.f, &view);
    assert_true(complete(&r) >= end);
    assert_false(fresh_waits(r.f));
    room_end(&r);
}

/* Values so long that few fill a portion. */
static void a_snapshot_that_is_too_old_is_told(void **state) {
    (void)state;
    enum { LONG = 1 << 20, ROUNDS = FRESH_KEPT_BYTES / LONG + 4 };
    struct room r = room_new();
    struct fresh_seen seen;
    bool there;
    char *value = arena_alloc(&r.arena, LONG);
    memset(value, '1', LONG - 1);
    value[LONG - 1] = '\0';
    add(&r, &ONE, 10, "1");
    commit(&r);
    struct memory_view old = enter(&r, fresh_at(r.f));
    int told = 0;
    for (int i = 0; i < ROUNDS; i++) {
        enum code code = fresh_find(r.f, &old, &ONE, &r.arena, &seen, &there, &r.err);
        assert_true(code == OK || code == E_BUSY);
        assert_true(code == E_BUSY || (there && strcmp(seen.value, "1") == 0));
        told += code == E_BUSY;
        fresh_seal(r.f);
        add(&r, &OTHER, 20 + i, value);
        commit(&r);
        complete(&r);
    }
    assert_true(told > 0 && told < ROUNDS);
    assert_false(fresh_is_empty(r.f, &old));
    fresh_leave(r.f, &old);
    struct memory_view now = enter(&r, fresh_at(r.f));
    assert_string_equal(find(&r, &now, &OTHER), value);
    fresh_leave(r.f, &now);
    room_end(&r);
}

/* However many portions were sealed by their age, an old snapshot sees on. */
static void small_portions_do_not_end_a_snapshot(void **state) {
    (void)state;
    struct room r = room_new();
    add(&r, &ONE, 10, "1");
    commit(&r);
    struct memory_view old = enter(&r, fresh_at(r.f));
    for (int i = 0; i < 4 * FRESH_PORTIONS; i++) {
        int64_t end;
        int64_t last;
        add(&r, &ONE, 20 + i * 2 * FRESH_PORTION_MS, "2");
        add(&r, &ONE, 20 + (2 * i + 1) * FRESH_PORTION_MS, "3");
        commit(&r); /* seals it */
        while (fresh_next(r.f, true) != NULL) {
        }
        (void)fresh_complete(r.f, &end, &last);
        fresh_end(r.f, true);
        assert_string_equal(find(&r, &old, &ONE), "1");
    }
    fresh_leave(r.f, &old);
    room_end(&r);
}

/* ---- notes ---- */

static void assert_text(const char *a, const char *b) {
    if (b == NULL) {
        assert_null(a);
    } else {
        assert_string_equal(a, b);
    }
}

static void notes_come_back_as_they_were(void **state) {
    (void)state;
    const struct fresh_note all[] = {
        {FRESH_SEEN,
         {INT64_MAX, 3, 0},
         {.observed_ms = INT64_MIN, .modified_ms = 7, .value = "1.50", .quality = UINT32_MAX},
         {INT64_MIN, "", 0}},
        {FRESH_MARK_ALL, {0, 0, 0}, {.at = 0}, {0, NULL, 0}},
        {FRESH_SEEN,
         {5, 6, 7},
         {.observed_ms = -1,
          .modified_ms = INT64_MAX,
          .kind = ENTITY_LIST_RELATIONSHIP,
          .value = "\"\xe5\xa4\xaa\"",
          .unit = "GQ",
          .json = "{}",
          .extra = "{\"a\":1}",
          .zeros = true,
          .is_late = true,
          .settles = true,
          .before_ms = -300,
          .before = 70},
         {128, "\0\1\2\0\0\0\0\0\0\0\377\0\0\0\0\0\7", 17}},
        {FRESH_MARK, {300, 0, 0}, {.at = 0}, {0, NULL, 0}},
    };
    struct buf body = BUF_INIT;
    for (size_t i = 0; i < 4; i++) {
        entity_log_write(&all[i], &body);
    }
    struct entity_log_reader reader = {.at = body.data, .end = body.data + body.len};
    struct fresh_note n;
    bool there;
    for (size_t i = 0; i < 4; i++) {
        const struct fresh_note *was = &all[i];
        assert_int_equal(entity_log_read(&reader, &n, &there, NULL), OK);
        assert_true(there);
        assert_int_equal(n.what, was->what);
        assert_true(n.key.entity == was->key.entity && n.key.name == was->key.name &&
                    n.key.dataset == was->key.dataset);
        assert_true(n.seen.observed_ms == was->seen.observed_ms &&
                    n.seen.modified_ms == was->seen.modified_ms);
        assert_int_equal(n.seen.kind, was->seen.kind);
        assert_int_equal(n.seen.quality, was->seen.quality);
        assert_true(n.seen.zeros == was->seen.zeros && n.seen.is_late == was->seen.is_late);
        assert_true(n.seen.settles == was->seen.settles &&
                    n.seen.before_ms == was->seen.before_ms && n.seen.before == was->seen.before);
        assert_text(n.seen.value, was->seen.value);
        assert_text(n.seen.unit, was->seen.unit);
        assert_text(n.seen.json, was->seen.json);
        assert_text(n.seen.extra, was->seen.extra);
        assert_true(n.state.observed_ms == was->state.observed_ms);
        assert_int_equal(n.state.series_len, was->state.series_len);
        if (n.state.series_len > 0) {
            assert_memory_equal(n.state.series, was->state.series, n.state.series_len);
        }
    }
    assert_int_equal(entity_log_read(&reader, &n, &there, NULL), OK);
    assert_false(there);
    buf_fini(&body);
}

static void damaged_notes_are_said(void **state) {
    (void)state;
    const struct fresh_note note = {
        FRESH_SEEN, {1, 2, 3}, {.observed_ms = 4, .value = "5"}, {6, "789", 3}};
    struct buf body = BUF_INIT;
    struct fresh_note n;
    bool there;
    entity_log_write(&note, &body);
    for (size_t cut = 1; cut < body.len; cut++) { /* cut off anywhere */
        struct entity_log_reader reader = {.at = body.data, .end = body.data + cut};
        struct err err = ERR_INIT;
        assert_int_equal(entity_log_read(&reader, &n, &there, &err), E_IO);
        assert_non_null(strstr(err.msg, "damaged"));
    }
    body.data[0] = 'x';
    struct entity_log_reader reader = {.at = body.data, .end = body.data + body.len};
    assert_int_equal(entity_log_read(&reader, &n, &there, NULL), E_IO);
    buf_fini(&body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_snapshot_sees_what_was_committed_before_it),
        cmocka_unit_test(an_undone_job_leaves_what_was_there),
        cmocka_unit_test(a_transaction_that_fails_takes_all_its_jobs_along),
        cmocka_unit_test(a_mark_hides_what_came_before_it_from_whoever_sees_the_mark),
        cmocka_unit_test(behind_a_mark_a_series_begins_with_its_rows),
        cmocka_unit_test(a_portion_that_is_rows_is_shown_to_older_snapshots_only),
        cmocka_unit_test(a_completion_that_is_not_on_disk_is_none),
        cmocka_unit_test(a_snapshot_that_is_too_old_is_told),
        cmocka_unit_test(small_portions_do_not_end_a_snapshot),
        cmocka_unit_test(notes_come_back_as_they_were),
        cmocka_unit_test(damaged_notes_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
