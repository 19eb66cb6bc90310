/* entity_context: from the short names of a request to IRIs, and back (JSON-LD 1.1, as far as CIM
 * 009 section 5.5.7 needs it).
 *
 *   "location"       ─► https://uri.etsi.org/ngsi-ld/location       a term of the core @context
 *   "pm25"           ─► what the request's own @context says, else
 *                       https://uri.etsi.org/ngsi-ld/default-context/pm25
 *   "sosa:observes"  ─► the prefix replaced, where the @context has one
 *   "https://a.b/c"  ─► itself
 *
 * An @context is the address of the core context, an object of terms, or a list of both. Left out:
 * any other address, which would have to be fetched (E_DENIED); @vocab, @base, type coercion and
 * what else an object may say besides terms: it is read over, as no name follows from it. Of the
 * core context's terms those are known that a name of an attribute or type may be. */
#ifndef TAIHU_ENTITY_ENTITY_CONTEXT_H
#define TAIHU_ENTITY_ENTITY_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json_read.h"

#define ENTITY_CORE_CONTEXT "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"
#define ENTITY_CORE "https://uri.etsi.org/ngsi-ld/"
#define ENTITY_DEFAULT "https://uri.etsi.org/ngsi-ld/default-context/"

struct entity_term {
    const char *name;
    const char *iri;
};

/* Terms besides the core's; zeros for none. */
struct entity_context {
    const struct entity_term *terms;
    size_t count;
};

/* Reads an @context. E_DENIED: it names an address that is not the core's. E_INPUT: it is none. */
enum code entity_context_read(const struct json_value *v, struct arena *a,
                              struct entity_context *out, struct err *err);

/* The IRI of a type's or attribute's name, in `a`. E_INPUT: it cannot be a name. */
enum code entity_expand(const struct entity_context *context, const char *name, struct arena *a,
                        const char **out, struct err *err);

/* The shortest name that expands to this IRI again; may be `iri` itself, else in `a`. */
const char *entity_compact(const struct entity_context *context, const char *iri, struct arena *a);

#endif
