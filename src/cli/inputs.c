/* inputs: see inputs.h. */
#include "cli/inputs.h"

#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/mem.h"

static void add(struct inputs *in, const char *path) {
    in->path = mem_reserve(in->path, &in->cap, in->count + 1, sizeof *in->path);
    in->path[in->count++] = path;
}

static bool is_document_name(const char *name) {
    static const char *const endings[] = {".txt", ".html", ".htm", ".docx", ".pdf"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strcasecmp(name + n - m, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_hidden(const char *name) {
    return name[0] == '.' || (name[0] == '~' && name[1] == '$');
}

/* A regular file, or a link to one. */
static bool is_file(const FTSENT *e) {
    struct stat st;
    if (e->fts_info == FTS_SL) {
        return stat(e->fts_accpath, &st) == 0 && S_ISREG(st.st_mode);
    }
    return e->fts_info == FTS_F && S_ISREG(e->fts_statp->st_mode);
}

static void visit(FTS *fts, FTSENT *e, struct inputs *in, struct arena *a, struct err *err) {
    bool below = e->fts_level > FTS_ROOTLEVEL;
    if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR || e->fts_info == FTS_NS) {
        err_set(err, E_IO, "cannot read %s: %s", e->fts_path, strerror(e->fts_errno));
    } else if (below && is_hidden(e->fts_name)) {
        fts_set(fts, e, FTS_SKIP);
    } else if (below && is_document_name(e->fts_name) && is_file(e)) {
        add(in, arena_dup(a, e->fts_path, e->fts_pathlen));
    }
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum code add_folder(struct inputs *in, const char *folder, struct arena *a,
                            struct err *err) {
    /* an error noted by an earlier call must not pass for one of this folder */
    struct err here = ERR_INIT;
    char *roots[] = {arena_dup(a, folder, strlen(folder)), NULL};
    size_t before = in->count;
    FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
    if (fts == NULL) {
        return err_set(err, E_IO, "cannot read %s: %s", folder, strerror(errno));
    }
    for (FTSENT *e; (e = fts_read(fts)) != NULL;) {
        visit(fts, e, in, a, &here);
    }
    fts_close(fts);
    in->folders++;
    if (in->count > before) {
        qsort(in->path + before, in->count - before, sizeof *in->path, by_bytes);
    } else if (here.code == OK) {
        err_set(&here, E_INPUT,
                "no document in this folder: no name ends .txt .html .htm .docx .pdf");
    }
    return here.code == OK ? OK : err_set(err, here.code, "%s", here.msg);
}

enum code inputs_add(struct inputs *in, const char *operand, struct arena *a, struct err *err) {
    struct stat st;
    if (stat(operand, &st) == 0 && S_ISDIR(st.st_mode)) {
        return add_folder(in, operand, a, err);
    }
    add(in, operand);
    return OK;
}

void inputs_fini(struct inputs *in) {
    free(in->path);
    *in = (struct inputs)INPUTS_INIT;
}
