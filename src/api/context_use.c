/* context_use: see context_use.h. */
#include "api/context_use.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ID_MAX = 64 };

struct entry {
    char id[ID_MAX + 1];
    struct context_use use;
};

struct context_uses {
    pthread_mutex_t lock; /* of all below; never held over a call */
    struct entry all[CONTEXT_USES_MAX];
    size_t count;
};

struct context_uses *context_uses_new(void) {
    struct context_uses *uses = mem_alloc(sizeof *uses);
    memset(uses, 0, sizeof *uses);
    pthread_mutex_init(&uses->lock, NULL);
    return uses;
}

void context_uses_free(struct context_uses *uses) {
    if (uses != NULL) {
        pthread_mutex_destroy(&uses->lock);
        free(uses);
    }
}

static struct entry *find(struct context_uses *uses, const char *id) {
    for (size_t i = 0; i < uses->count; i++) {
        if (strcmp(uses->all[i].id, id) == 0) {
            return &uses->all[i];
        }
    }
    return NULL;
}

/* A free entry, or the one that was used longest ago. */
static struct entry *make_room(struct context_uses *uses) {
    if (uses->count < CONTEXT_USES_MAX) {
        return &uses->all[uses->count++];
    }
    struct entry *oldest = &uses->all[0];
    for (size_t i = 1; i < uses->count; i++) {
        oldest = uses->all[i].use.last_ms < oldest->use.last_ms ? &uses->all[i] : oldest;
    }
    return oldest;
}

void context_use_add(struct context_uses *uses, const char *id, int64_t now_ms) {
    pthread_mutex_lock(&uses->lock);
    struct entry *e = find(uses, id);
    if (e == NULL) {
        e = make_room(uses);
        *e = (struct entry){.use = {0, 0}};
        strncat(e->id, id, ID_MAX);
    }
    e->use.count++;
    e->use.last_ms = now_ms;
    pthread_mutex_unlock(&uses->lock);
}

struct context_use context_use_get(struct context_uses *uses, const char *id) {
    pthread_mutex_lock(&uses->lock);
    const struct entry *e = find(uses, id);
    struct context_use use = e == NULL ? (struct context_use){0, 0} : e->use;
    pthread_mutex_unlock(&uses->lock);
    return use;
}
