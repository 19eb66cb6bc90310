/* entity_place_db: the R*Tree of places, walked node by node. Its rows could be had by SQL, but a
 * row that goes through SQLite's virtual table costs four times what it costs here, and of many
 * that a box meets a page needs few: they are sorted as far as they are asked for.
 *
 * A node is a row of entity_place_node (SQLite, ext/rtree/rtree.c, "Database Format of R-Tree
 * Tables"; as it is the format of files, it stays): 2 bytes, of node 1, the root, the levels below
 * it; 2 bytes, the cells; each cell 8 bytes, the entity, or above the leaves the node below, then
 * min_lon, max_lon, min_lat, max_lat as floats of 4 bytes, rounded outwards. All is big-endian. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "entity/entity_list_int.h"
#include "store/query.h"

enum { ROOT = 1, HEAD = 4, CELL = 24, LEVELS_MAX = 40 }; /* the last as SQLite has it */

/* So many to a run: a statement for each would cost more than the node. What is not bound is NULL,
 * and means none; the rows come in the order in which they are bound. */
enum { SLICE = 32 };

static const char SQL_NODES[] =
    "SELECT n.nodeno, n.data"
    " FROM (VALUES (?1), (?2), (?3), (?4), (?5), (?6), (?7), (?8), (?9), (?10), (?11), (?12),"
    " (?13), (?14), (?15), (?16), (?17), (?18), (?19), (?20), (?21), (?22), (?23), (?24), (?25),"
    " (?26), (?27), (?28), (?29), (?30), (?31), (?32)) c"
    " CROSS JOIN entity_place_node n ON n.nodeno = c.column1";

/* A node that is to be read, and how far above the leaves it is; of the root that is not known. */
struct node {
    int64_t number;
    int level;
};

enum { UNKNOWN = -1 };

struct walk {
    struct tx *tx;
    struct sphere_box box;
    struct node *nodes;
    size_t count, cap;
    struct list_place *found;
    size_t found_count, found_cap;
};

/* ---- the walk ---- */

static unsigned read_short(const unsigned char *at) {
    return (unsigned)at[0] << 8 | at[1];
}

static uint32_t read_word(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t read_number(const unsigned char *at) {
    return (int64_t)((uint64_t)read_word(at) << 32 | read_word(at + 4));
}

static float read_float(const unsigned char *at) {
    uint32_t bits = read_word(at);
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}

/* There is room for it. */
static void take_cell(struct walk *w, int level, const unsigned char *cell) {
    struct list_place p = {0,
                           {read_float(cell + 8), read_float(cell + 12), read_float(cell + 16),
                            read_float(cell + 20)}};
    if (p.box.max_lon < w->box.min_lon || p.box.min_lon > w->box.max_lon ||
        p.box.max_lat < w->box.min_lat || p.box.min_lat > w->box.max_lat) {
        return;
    }
    p.entity = read_number(cell);
    if (level > 0) {
        w->nodes[w->count++] = (struct node){p.entity, level - 1};
    } else {
        w->found[w->found_count++] = p;
    }
}

static bool take_node(struct walk *w, int level, const unsigned char *data, size_t n) {
    if (data == NULL || n < HEAD) {
        return false;
    }
    level = level == UNKNOWN ? (int)read_short(data) : level;
    size_t cells = read_short(data + 2);
    if (level > LEVELS_MAX || n < HEAD + cells * CELL) {
        return false;
    }
    if (level > 0) {
        w->nodes = mem_reserve(w->nodes, &w->cap, w->count + cells, sizeof *w->nodes);
    } else {
        w->found = mem_reserve(w->found, &w->found_cap, w->found_count + cells, sizeof *w->found);
    }
    for (size_t i = 0; i < cells; i++) {
        take_cell(w, level, data + HEAD + i * CELL);
    }
    return true;
}

/* Reads the last nodes of the stack, and puts those below them on it. */
static enum code read_nodes(struct walk *w, struct err *err) {
    struct node nodes[SLICE];
    size_t count = w->count < SLICE ? w->count : SLICE;
    size_t at = 0;
    w->count -= count;
    memcpy(nodes, w->nodes + w->count, count * sizeof *nodes);
    struct query *q = query_open(w->tx, SQL_NODES);
    for (size_t i = 0; i < count; i++) {
        query_int(q, (int)i + 1, nodes[i].number);
    }
    while (at < count && query_row(q) && query_get_int(q, 0) == nodes[at].number &&
           take_node(w, nodes[at].level, query_get_blob(q, 1), query_get_len(q, 1))) {
        at++;
    }
    enum code code = query_close(q, err);
    return code == OK && at < count
               ? err_set(err, E_IO, "cannot read node %lld of the places: it is damaged",
                         (long long)nodes[at].number)
               : code;
}

/* ---- in order ---- */

enum {
    PORTION_LEAST = 64, /* so few are no less work apart */
    SAMPLES = 31,
    SAMPLE = 3, /* an eighth of the samples is up to this one */
};

static void sink(struct list_place *heap, size_t count, size_t at) {
    struct list_place x = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        child += child + 1 < count && heap[child + 1].entity < heap[child].entity;
        if (x.entity <= heap[child].entity) {
            break;
        }
        heap[at] = heap[child];
    }
    heap[at] = x;
}

/* A number that some eighth of them do not exceed. */
static int64_t find_bound(const struct list_place *all, size_t count) {
    int64_t samples[SAMPLES];
    for (size_t i = 0; i < SAMPLES; i++) {
        int64_t x = all[i * (count - 1) / (SAMPLES - 1)].entity;
        size_t k = i;
        for (; k > 0 && samples[k - 1] > x; k--) {
            samples[k] = samples[k - 1];
        }
        samples[k] = x;
    }
    return samples[SAMPLE];
}

/* Brings those up to the bound to the front; how many. */
static size_t part(struct list_place *all, size_t count, int64_t bound) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (all[i].entity <= bound) {
            struct list_place x = all[i];
            all[i] = all[n];
            all[n++] = x;
        }
    }
    return n;
}

/* Makes a heap of the least of the rest: a page needs few. */
static void take_portion(struct list_places *p) {
    size_t n = p->rest_count;
    if (n > PORTION_LEAST) {
        n = part(p->rest, n, find_bound(p->rest, n));
    }
    p->heap = p->rest;
    p->count = n;
    p->rest += n;
    p->rest_count -= n;
    for (size_t i = n / 2; i > 0; i--) {
        sink(p->heap, n, i - 1);
    }
}

bool list_places_next(struct list_places *p, struct list_place *out) {
    if (p->count == 0 && p->rest_count > 0) {
        take_portion(p);
    }
    if (p->count == 0) {
        return false;
    }
    *out = p->heap[0];
    p->heap[0] = p->heap[--p->count];
    sink(p->heap, p->count, 0);
    return true;
}

void list_places_free(struct list_places *p) {
    free(p->all);
    *p = (struct list_places){.all = NULL};
}

enum code list_db_places(struct tx *tx, struct sphere_box box, size_t max, struct list_places *out,
                         bool *many, struct err *err) {
    struct walk w = {.tx = tx, .box = box};
    enum code code = OK;
    w.nodes = mem_reserve(w.nodes, &w.cap, 1, sizeof *w.nodes);
    w.nodes[w.count++] = (struct node){ROOT, UNKNOWN};
    while (code == OK && w.count > 0 && w.found_count <= max) {
        code = read_nodes(&w, err);
    }
    free(w.nodes);
    *many = w.found_count > max;
    *out = (struct list_places){.all = NULL};
    if (code != OK || *many) {
        free(w.found);
    } else {
        *out = (struct list_places){.all = w.found, .rest = w.found, .rest_count = w.found_count};
    }
    return code;
}
