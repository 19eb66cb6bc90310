/* fuzz_region: geo-queries and the geometries that they are held against, from outside bytes: four
 * lines georel, geometry, coordinates, and the value of a GeoProperty. What is not near must be
 * far. Rings that cross are mended, and asked as an older database may have them. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "ngsi/entity_geo.h"
#include "ngsi/entity_region.h"
#include "ngsi/geometry_mend.h"
#include "ngsi/geometry_valid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool ask(const struct entity_region_words *w, const char *value, struct arena *a,
                bool *met) {
    static const struct entity_context context = {NULL, 0};
    struct entity_attribute x = {
        .name = "https://uri.etsi.org/ngsi-ld/location", .kind = ENTITY_GEO, .value = value};
    const struct entity e = {.id = "urn:e:1", .attributes = &x, .count = 1};
    const struct entity_region *r;
    if (entity_region_parse(w, &context, a, &r, NULL) == OK) {
        entity_region_free(r);
    }
    if (entity_region_parse_kept(w, &context, a, &r, NULL) != OK) {
        return false;
    }
    *met = entity_region_matches(r, &e);
    entity_region_free(r);
    return true;
}

/* What is mended is right, and what cannot be is told in words. */
static void check_mended(const struct json_value *v, struct arena *a) {
    const struct json_value *mended;
    struct err err = ERR_INIT;
    enum code code = geometry_mend(v, a, &mended, &err);
    if (code == OK ? geometry_valid_value(mended, NULL) == E_INPUT : err.msg[0] == '\0') {
        abort();
    }
}

/* What a GeoProperty can have, as JSON. */
static bool is_kept(const char *value, struct arena *a) {
    const struct json_value *v;
    if (json_read(value, strlen(value), a, &v, NULL) != OK || entity_geo_check(v, NULL) != OK) {
        return false;
    }
    check_mended(v, a);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = ARENA_INIT;
    char *at = arena_dup(&a, (const char *)data, size);
    char *lines[4];
    for (int i = 0; i < 4; i++) {
        lines[i] = at;
        at += strcspn(at, "\n");
        if (*at == '\n') {
            *at++ = '\0';
        }
    }
    struct entity_region_words w = {lines[0], lines[1], lines[2], NULL};
    bool met;
    bool near = true;
    bool far = true;
    if (is_kept(lines[3], &a) && ask(&w, lines[3], &a, &met)) {
        w.georel = "near;maxDistance==1000";
        (void)ask(&w, lines[3], &a, &near);
        w.georel = "near;minDistance==1000";
        (void)ask(&w, lines[3], &a, &far);
        if (!near && !far) {
            abort();
        }
    }
    arena_fini(&a);
    return 0;
}
