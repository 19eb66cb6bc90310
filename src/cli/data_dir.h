/* data_dir: where the program's data files lie: calendars, divisions, organisations. */
#ifndef TAIHU_CLI_DATA_DIR_H
#define TAIHU_CLI_DATA_DIR_H

#include "base/arena.h"
#include "base/err.h"

/* The places it may be; NULL where there is no such place. */
struct data_places {
    const char *option;    /* --data DIR */
    const char *variable;  /* the environment's TAIHU_DATA */
    const char *program;   /* the running program's own path */
    const char *installed; /* ${PREFIX}/share/taihu, as it was built */
};

/* The first of: the option; the variable; ../share/taihu of the program's folder, wherever it was
 * installed to; `installed`; ../data of the program's folder, which is the source tree's when it
 * runs from a build in it. A place holds the data if it has a folder calendar. E_IO: an option or
 * variable that holds none (it is never passed over), or nothing found. The path lives in `a`. */
enum code data_dir_find(const struct data_places *places, struct arena *a, const char **out,
                        struct err *err);

/* The same with this process's variable, program and build. */
enum code data_dir(const char *option, struct arena *a, const char **out, struct err *err);

#endif
