/* ngsi_view: how much of an entity is shown, and as what (CIM 009 v1.8.1, sections 4.5.16, 4.15,
 * 4.21, 6.3.7): attrs, pick, omit, datasetId, lang, geometryProperty, and GeoJSON. */
#ifndef TAIHU_API_NGSI_VIEW_H
#define TAIHU_API_NGSI_VIEW_H

#include "api/ngsi_int.h"

/* Words of a request, from its parameters or its body; NULL: not said. */
struct ngsi_words {
    const char *attrs, *pick, *omit, *dataset, *lang, *geometry;
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
    bool said;
};

struct ngsi_view {
    struct ngsi *ngsi;
    struct ngsi_names attributes; /* of attrs, in whole */
    struct ngsi_choice pick, omit;
    struct ngsi_names datasets; /* "@none": the default instance */
    struct entity_look look;
};

/* The words of the query parameters. */
struct ngsi_words ngsi_view_words(const struct call *c);

/* E_INPUT: what is wrong with them, or two that do not go together. */
enum code ngsi_view_read(struct ngsi *n, const struct ngsi_words *words, struct ngsi_view *out,
                         struct err *err);

/* Attributes of which a shown entity has one: of attrs, or of a pick of nothing else. */
struct ngsi_names ngsi_view_needs(const struct ngsi_view *v);

/* Takes from the entity what is not shown. False: nothing is left of it. */
bool ngsi_view_reduce(const struct ngsi_view *v, struct entity *e);

/* Writes one entity as the whole answer, or a list of them, or of features. */
void ngsi_view_put(const struct ngsi_view *v, const struct entity *e);
void ngsi_view_put_all(const struct ngsi_view *v, const struct entity *all, size_t count);

#endif
