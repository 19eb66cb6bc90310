/* entity_place_db: the R*Tree of places, walked node by node. Its rows could be had by SQL, but a
 * row that goes through SQLite's virtual table costs four times what it costs here, and of many
 * that a box meets a page needs few: they are kept as a heap, and come in order as far as they are
 * asked for.
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
    struct list_places found;
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
        w->found.all[w->found.count++] = p;
    }
}

static bool take_node(struct walk *w, int level, const unsigned char *data, size_t n) {
    struct list_places *to = &w->found;
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
        to->all = mem_reserve(to->all, &to->cap, to->count + cells, sizeof *to->all);
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

/* ---- the heap: the least entity first ---- */

static void sink(struct list_places *p, size_t at) {
    struct list_place x = p->all[at];
    for (size_t child; (child = 2 * at + 1) < p->count; at = child) {
        child += child + 1 < p->count && p->all[child + 1].entity < p->all[child].entity;
        if (x.entity <= p->all[child].entity) {
            break;
        }
        p->all[at] = p->all[child];
    }
    p->all[at] = x;
}

bool list_places_next(struct list_places *p, struct list_place *out) {
    if (p->count == 0) {
        return false;
    }
    *out = p->all[0];
    p->all[0] = p->all[--p->count];
    sink(p, 0);
    return true;
}

void list_places_free(struct list_places *p) {
    free(p->all);
    *p = (struct list_places){NULL, 0, 0};
}

enum code list_db_places(struct tx *tx, struct sphere_box box, size_t max, struct list_places *out,
                         bool *many, struct err *err) {
    struct walk w = {.tx = tx, .box = box};
    enum code code = OK;
    w.nodes = mem_reserve(w.nodes, &w.cap, 1, sizeof *w.nodes);
    w.nodes[w.count++] = (struct node){ROOT, UNKNOWN};
    while (code == OK && w.count > 0 && w.found.count <= max) {
        code = read_nodes(&w, err);
    }
    free(w.nodes);
    *many = w.found.count > max;
    if (code != OK || *many) {
        list_places_free(&w.found);
    }
    for (size_t i = w.found.count / 2; i > 0; i--) {
        sink(&w.found, i - 1);
    }
    *out = w.found;
    return code;
}
