/* ngsi_view: how much of an entity is shown, and as what (CIM 009 v1.8.1, sections 4.5.16, 4.5.23,
 * 4.15, 4.21, 6.3.7): attrs, pick, omit, datasetId, lang, geometryProperty, GeoJSON, and with join
 * the entities that it has Relationships to: within it (inline) or behind it (flat). Of those it
 * is pick and omit in braces that say what is shown: pick=id,locatedAt{id,name}.
 *
 * Left out: Relationships of attributes and those to several objects stay as they are. */
#ifndef TAIHU_API_NGSI_VIEW_H
#define TAIHU_API_NGSI_VIEW_H

#include "api/ngsi_int.h"

enum {
    NGSI_JOIN_LEVELS = 10,    /* of Relationships that are followed */
    NGSI_JOIN_ENTITIES = 1000 /* that are linked, in one answer */
};

/* Words of a request, from its parameters or its body; NULL: not said. */
struct ngsi_words {
    const char *attrs, *pick, *omit, *dataset, *lang, *geometry;
    const char *join, *join_level;
};

enum ngsi_member {
    NGSI_ID = 1 << 0,
    NGSI_TYPE = 1 << 1,
    NGSI_SCOPE = 1 << 2,
    NGSI_CREATED = 1 << 3,
    NGSI_MODIFIED = 1 << 4,
    NGSI_MEMBERS = (1 << 5) - 1
};

/* What pick or omit names. */
struct ngsi_choice {
    unsigned members; /* enum ngsi_member */
    struct ngsi_names attributes;
    const struct ngsi_choice **inner; /* for each attribute, what its braces name; NULL: none */
    bool said;
};

enum ngsi_join { NGSI_JOIN_NONE, NGSI_JOIN_INLINE, NGSI_JOIN_FLAT };

struct ngsi_view {
    struct ngsi *ngsi;
    struct ngsi_names attributes; /* of attrs, in whole */
    struct ngsi_choice pick, omit;
    struct ngsi_names datasets; /* "@none": the default instance */
    enum ngsi_join join;
    int64_t join_level;
    struct entity_look look;
};

/* What leaves: `own` of the entities that were asked for, behind them what they are linked to. */
struct ngsi_shown {
    struct entity *all;
    size_t own, count;
};

/* The words of the query parameters. */
struct ngsi_words ngsi_view_words(const struct call *c);

/* E_INPUT: what is wrong with them, or two that do not go together. */
enum code ngsi_view_read(struct ngsi *n, const struct ngsi_words *words, struct ngsi_view *out,
                         struct err *err);

/* Attributes of which a shown entity has one: of attrs, or of a pick of nothing else. */
struct ngsi_names ngsi_view_needs(const struct ngsi_view *v);

/* Takes from the entities what is not shown, drops those of which nothing is left, and adds what
 * they are linked to. *out is in the arena. E_LIMIT: too much is linked. */
enum code ngsi_view_show(const struct ngsi_view *v, struct tx *tx, struct entity *all, size_t count,
                         struct ngsi_shown *out, struct err *err);

/* Writes one entity as the whole answer, or a list of them, or of features. */
void ngsi_view_put(const struct ngsi_view *v, const struct entity *e);
void ngsi_view_put_all(const struct ngsi_view *v, const struct ngsi_shown *shown);

#endif
