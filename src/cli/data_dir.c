/* data_dir: see data_dir.h. */
#include "cli/data_dir.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

#ifndef TAIHU_DATA_INSTALLED
#define TAIHU_DATA_INSTALLED "/usr/local/share/taihu" /* the build says otherwise */
#endif

enum { PATH_BYTES_MAX = 4096 };

/* Whether DIR/calendar is a folder. */
static bool holds_data(const char *dir) {
    struct stat st;
    struct buf path = BUF_INIT;
    buf_addf(&path, "%s/calendar", dir);
    bool holds = stat(path.data, &st) == 0 && S_ISDIR(st.st_mode);
    buf_fini(&path);
    return holds;
}

/* A place that a person named: it or nothing. */
static enum code take_named(const char *name, const char *dir, const char **out, struct err *err) {
    if (!holds_data(dir)) {
        return err_set(err, E_IO,
                       "cannot find the data files: %s \"%.300s\" has no folder calendar", name,
                       dir);
    }
    *out = dir;
    return OK;
}

/* `below` beside the folder of the program, NULL where its path has no folder. */
static const char *beside(const char *program, const char *below, struct arena *a) {
    const char *slash = program == NULL ? NULL : strrchr(program, '/');
    if (slash == NULL) {
        return NULL;
    }
    struct buf path = BUF_INIT;
    buf_add(&path, program, (size_t)(slash - program));
    buf_addf(&path, "/../%s", below);
    const char *kept = arena_dup(a, path.data, path.len);
    buf_fini(&path);
    return kept;
}

enum code data_dir_find(const struct data_places *places, struct arena *a, const char **out,
                        struct err *err) {
    if (places->option != NULL) {
        return take_named("--data", places->option, out, err);
    }
    if (places->variable != NULL && places->variable[0] != '\0') {
        return take_named("TAIHU_DATA", places->variable, out, err);
    }
    const char *const tried[] = {
        beside(places->program, "share/taihu", a),
        places->installed,
        beside(places->program, "data", a),
    };
    for (size_t i = 0; i < sizeof tried / sizeof tried[0]; i++) {
        if (tried[i] != NULL && holds_data(tried[i])) {
            *out = tried[i];
            return OK;
        }
    }
    return err_set(err, E_IO, "cannot find the data files: name their folder by --data");
}

enum code data_dir(const char *option, struct arena *a, const char **out, struct err *err) {
    char program[PATH_BYTES_MAX];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    program[n > 0 ? n : 0] = '\0';
    const struct data_places places = {option, getenv("TAIHU_DATA"), program, TAIHU_DATA_INSTALLED};
    return data_dir_find(&places, a, out, err);
}
