/* broken_vfs: SQLite's way to files, which fails when it is told to: the nth write or sync, once or
 * from then on, or opens everything read-only. All else goes to the system's own. */
#ifndef TAIHU_TESTS_STORE_BROKEN_VFS_H
#define TAIHU_TESTS_STORE_BROKEN_VFS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

enum broken_what { BROKEN_NOTHING, BROKEN_WRITE, BROKEN_SYNC, BROKEN_LOCK };

struct broken {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    sqlite3_io_methods methods;
    /* Set by the test while no job runs. */
    enum broken_what what;
    int at;        /* the call to fail, counted from 1 */
    bool for_good; /* and all calls behind it */
    int rc;        /* what it fails with */
    bool read_only;
    int writes; /* counted since they were last set to 0 */
    int syncs;
};

struct broken_file {
    sqlite3_file base;
    struct broken *b;
    sqlite3_file *real; /* behind this struct */
};

static inline sqlite3_file *broken_real(sqlite3_file *f) {
    return ((struct broken_file *)(void *)f)->real;
}

static inline bool broken_now(struct broken *b, enum broken_what what, int count) {
    return b->what == what && (count == b->at || (b->for_good && count > b->at));
}

static inline int broken_close(sqlite3_file *f) {
    return broken_real(f)->pMethods->xClose(broken_real(f));
}
static inline int broken_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) {
    return broken_real(f)->pMethods->xRead(broken_real(f), to, n, at);
}
static inline int broken_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at) {
    struct broken *b = ((struct broken_file *)(void *)f)->b;
    b->writes++;
    if (broken_now(b, BROKEN_WRITE, b->writes)) {
        return b->rc;
    }
    return broken_real(f)->pMethods->xWrite(broken_real(f), from, n, at);
}
static inline int broken_truncate(sqlite3_file *f, sqlite3_int64 size) {
    return broken_real(f)->pMethods->xTruncate(broken_real(f), size);
}
static inline int broken_sync(sqlite3_file *f, int flags) {
    struct broken *b = ((struct broken_file *)(void *)f)->b;
    b->syncs++;
    if (broken_now(b, BROKEN_SYNC, b->syncs)) {
        return b->rc;
    }
    return broken_real(f)->pMethods->xSync(broken_real(f), flags);
}
static inline int broken_size(sqlite3_file *f, sqlite3_int64 *size) {
    return broken_real(f)->pMethods->xFileSize(broken_real(f), size);
}
static inline int broken_lock(sqlite3_file *f, int level) {
    return broken_real(f)->pMethods->xLock(broken_real(f), level);
}
static inline int broken_unlock(sqlite3_file *f, int level) {
    return broken_real(f)->pMethods->xUnlock(broken_real(f), level);
}
static inline int broken_reserved(sqlite3_file *f, int *out) {
    return broken_real(f)->pMethods->xCheckReservedLock(broken_real(f), out);
}
static inline int broken_control(sqlite3_file *f, int op, void *arg) {
    return broken_real(f)->pMethods->xFileControl(broken_real(f), op, arg);
}
static inline int broken_sector(sqlite3_file *f) {
    return broken_real(f)->pMethods->xSectorSize(broken_real(f));
}
static inline int broken_device(sqlite3_file *f) {
    return broken_real(f)->pMethods->xDeviceCharacteristics(broken_real(f));
}
static inline int broken_shm_map(sqlite3_file *f, int page, int size, int extend,
                                 void volatile **out) {
    return broken_real(f)->pMethods->xShmMap(broken_real(f), page, size, extend, out);
}
static inline int broken_shm_lock(sqlite3_file *f, int offset, int n, int flags) {
    struct broken *b = ((struct broken_file *)(void *)f)->b;
    if (b->what == BROKEN_LOCK && (flags & SQLITE_SHM_LOCK) != 0) {
        return b->rc; /* each, as long as it is set */
    }
    return broken_real(f)->pMethods->xShmLock(broken_real(f), offset, n, flags);
}
static inline void broken_shm_barrier(sqlite3_file *f) {
    broken_real(f)->pMethods->xShmBarrier(broken_real(f));
}
static inline int broken_shm_unmap(sqlite3_file *f, int delete) {
    return broken_real(f)->pMethods->xShmUnmap(broken_real(f), delete);
}

static inline int broken_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
                              int *out_flags) {
    struct broken *b = vfs->pAppData;
    struct broken_file *file = (struct broken_file *)(void *)f;
    memset(file, 0, sizeof *file);
    file->b = b;
    file->real = (sqlite3_file *)(void *)(file + 1);
    if (b->read_only && (flags & SQLITE_OPEN_MAIN_DB) != 0) {
        flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    }
    int rc = b->real->xOpen(b->real, name, file->real, flags, out_flags);
    if (rc == SQLITE_OK) {
        file->base.pMethods = &b->methods;
    }
    return rc;
}

/* Registers it under `name`; `b` must outlive every store that names it. */
static inline void broken_init(struct broken *b, const char *name) {
    memset(b, 0, sizeof *b);
    b->real = sqlite3_vfs_find(NULL);
    b->vfs = *b->real;
    b->vfs.pNext = NULL;
    b->vfs.zName = name;
    b->vfs.pAppData = b;
    b->vfs.szOsFile = (int)sizeof(struct broken_file) + b->real->szOsFile;
    b->vfs.xOpen = broken_open;
    b->methods = (sqlite3_io_methods){2,
                                      broken_close,
                                      broken_read,
                                      broken_write,
                                      broken_truncate,
                                      broken_sync,
                                      broken_size,
                                      broken_lock,
                                      broken_unlock,
                                      broken_reserved,
                                      broken_control,
                                      broken_sector,
                                      broken_device,
                                      broken_shm_map,
                                      broken_shm_lock,
                                      broken_shm_barrier,
                                      broken_shm_unmap,
                                      NULL,
                                      NULL};
    sqlite3_vfs_register(&b->vfs, 0);
}

static inline void broken_fini(struct broken *b) {
    sqlite3_vfs_unregister(&b->vfs);
}

/* From now on, the nth such call fails. */
static inline void broken_set(struct broken *b, enum broken_what what, int at, bool for_good,
                              int rc) {
    b->what = what;
    b->at = at;
    b->for_good = for_good;
    b->rc = rc;
    b->writes = b->syncs = 0;
}

#endif
