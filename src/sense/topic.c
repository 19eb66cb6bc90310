/* topic: see topic.h. */
#include "sense/topic.h"

#include <string.h>

#include "base/buf.h"

enum kind { LITERAL, ANY, REST };

struct topic_level {
    enum kind kind;
    const char *text; /* of a LITERAL; the name of ANY, or NULL */
    size_t len;
};

/* ---- reading ---- */

static bool is_name(const char *s, size_t n) {
    return n > 2 && s[0] == '{' && s[n - 1] == '}' && memchr(s + 1, '{', n - 2) == NULL &&
           memchr(s + 1, '}', n - 2) == NULL;
}

static enum code read_level(const char *s, size_t n, bool last, struct topic_level *out,
                            struct err *err) {
    if (n == 1 && s[0] == '+') {
        *out = (struct topic_level){ANY, NULL, 0};
    } else if (n == 1 && s[0] == '#') {
        *out = (struct topic_level){REST, NULL, 0};
        return last ? OK : err_set(err, E_INPUT, "# stands at the end only");
    } else if (is_name(s, n) && memchr(s, '+', n) == NULL && memchr(s, '#', n) == NULL) {
        *out = (struct topic_level){ANY, s + 1, n - 2};
    } else if (strcspn(s, "+#{}") < n) {
        return err_set(err, E_INPUT, "in level \"%.*s\" a +, # or {name} is not alone",
                       (int)(n < 60 ? n : 60), s);
    } else {
        *out = (struct topic_level){LITERAL, s, n};
    }
    return OK;
}

static enum code check_text(const char *text, struct err *err) {
    size_t n = strlen(text);
    if (n == 0 || n > TOPIC_FILTER_MAX) {
        return err_set(err, E_INPUT, "it has %zu bytes, not 1 to %d", n, TOPIC_FILTER_MAX);
    }
    return strncmp(text, "$share/", 7) != 0
               ? OK
               : err_set(err, E_INPUT, "a shared subscription would lose the order of messages");
}

static bool is_twice(const struct topic_level *levels, size_t n) {
    const struct topic_level *x = &levels[n];
    for (size_t i = 0; i < n && x->kind == ANY && x->text != NULL; i++) {
        if (levels[i].kind == ANY && levels[i].text != NULL && levels[i].len == x->len &&
            memcmp(levels[i].text, x->text, x->len) == 0) {
            return true;
        }
    }
    return false;
}

static const char *write_subscription(const struct topic_level *levels, size_t count,
                                      struct arena *a) {
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < count; i++) {
        const struct topic_level *x = &levels[i];
        buf_adds(&b, i == 0 ? "" : "/");
        if (x->kind == LITERAL) {
            buf_add(&b, x->text, x->len);
        } else {
            buf_addc(&b, x->kind == ANY ? '+' : '#');
        }
    }
    const char *out = arena_dup(a, b.len == 0 ? "" : b.data, b.len);
    buf_fini(&b);
    return out;
}

static enum code read_levels(const char *text, struct topic_level *levels, size_t *count,
                             struct err *err) {
    enum code code = OK;
    *count = 0;
    for (const char *s = text; s != NULL && code == OK;) {
        size_t n = strcspn(s, "/");
        if (*count == TOPIC_LEVELS_MAX) {
            return err_set(err, E_INPUT, "it has more than %d levels", TOPIC_LEVELS_MAX);
        }
        code = read_level(s, n, s[n] == '\0', &levels[*count], err);
        if (code == OK && is_twice(levels, *count)) {
            code = err_set(err, E_INPUT, "two levels have the name \"%.*s\"",
                           (int)(n < 60 ? n : 60), s);
        }
        ++*count;
        s = s[n] == '/' ? s + n + 1 : NULL;
    }
    return code;
}

enum code topic_parse(const char *text, struct arena *a, struct topic_filter *out,
                      struct err *err) {
    struct topic_level *levels = arena_alloc(a, TOPIC_LEVELS_MAX * sizeof *levels);
    size_t count = 0;
    enum code code = check_text(text, err);
    if (code == OK) {
        code = read_levels(arena_dup(a, text, strlen(text)), levels, &count, err);
    }
    if (code == OK) {
        *out = (struct topic_filter){write_subscription(levels, count, a), levels, count};
    }
    return code;
}

/* ---- matching ---- */

bool topic_matches(const struct topic_filter *f, const char *topic) {
    const char *s = topic;
    if (topic[0] == '$' && f->levels[0].kind != LITERAL) {
        return false;
    }
    for (size_t i = 0; i < f->count; i++) {
        const struct topic_level *x = &f->levels[i];
        if (x->kind == REST) {
            return true; /* also of the level above: "a/#" matches "a" */
        }
        if (s == NULL) {
            return false;
        }
        size_t n = strcspn(s, "/");
        if (x->kind == LITERAL && (x->len != n || memcmp(x->text, s, n) != 0)) {
            return false;
        }
        s = s[n] == '/' ? s + n + 1 : NULL;
    }
    return s == NULL;
}

int topic_named(const struct topic_filter *f, const char *name) {
    size_t n = strlen(name);
    for (size_t i = 0; i < f->count; i++) {
        const struct topic_level *x = &f->levels[i];
        if (x->kind == ANY && x->text != NULL && x->len == n && memcmp(x->text, name, n) == 0) {
            return (int)i;
        }
    }
    return -1;
}

const char *topic_at(const char *topic, int level, struct arena *a) {
    while (level > 0 && topic != NULL) {
        topic = strchr(topic, '/');
        topic = topic == NULL ? NULL : topic + 1;
        level--;
    }
    return topic == NULL ? "" : arena_dup(a, topic, strcspn(topic, "/"));
}
