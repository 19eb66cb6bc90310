/* entity_context: from the short names of a request to IRIs, and back (JSON-LD 1.1, as far as CIM
 * 009 section 5.5.7 needs it).
 *
 *   "location"       ─► https://uri.etsi.org/ngsi-ld/location       a term of the core @context
 *   "pm25"           ─► what the request's own @context says, else
 *                       https://uri.etsi.org/ngsi-ld/default-context/pm25
 *   "sosa:observes"  ─► the prefix replaced, where the @context has one
 *   "https://a.b/c"  ─► itself
 *
 * An @context is an address, an object of terms, or a list of both. What the core context says is
 * always said last (4.4): no other redefines its terms, but an @vocab of the request's stands
 * before the core's. Names are all that is taken of it: which values are coerced, and how lists are
 * kept, NGSI-LD has its own rules for, so @type, @container, @language and @base are read over; a
 * term with an @context of its own is refused (5.5.7). Of the core context's terms those are known
 * that a name of an attribute or type may be. */
#ifndef TAIHU_NGSI_ENTITY_CONTEXT_H
#define TAIHU_NGSI_ENTITY_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json_read.h"

#define ENTITY_CORE_CONTEXT "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"
#define ENTITY_CORE "https://uri.etsi.org/ngsi-ld/"
#define ENTITY_DEFAULT "https://uri.etsi.org/ngsi-ld/default-context/"

enum {
    ENTITY_CONTEXT_DEPTH_MAX = 6,      /* contexts that name contexts */
    ENTITY_CONTEXT_DOCUMENTS_MAX = 32, /* addresses of one @context, those within them counted */
    ENTITY_CONTEXT_TERMS_MAX = 20000, /* the largest in use, of all Smart Data Models, has 15,000 */
};

struct entity_term {
    const char *name;
    const char *iri;
};

/* Terms besides the core's; zeros for none. Made by entity_context_read() alone. */
struct entity_context {
    const struct entity_term *terms; /* `count` by name, and behind them the same by IRI */
    size_t count;
};

/* Where documents are found by their address. `find` gives the value of the document's @context, in
 * the arena. E_DENIED, E_IO, E_LIMIT: it cannot be had. E_INPUT: what is there is no @context. */
struct entity_context_source {
    enum code (*find)(void *data, const char *url, struct arena *a, const struct json_value **out,
                      struct err *err);
    void *data;
};

/* Whether the address is one of the core context's, of a version that there is. */
bool entity_context_is_core(const char *url);

/* Reads an @context. `source` NULL: no address but the core's can be had (E_DENIED). E_INPUT: it is
 * none. E_LIMIT: too many documents, levels or terms. Other codes are the source's. */
enum code entity_context_load(const struct json_value *v,
                              const struct entity_context_source *source, struct arena *a,
                              struct entity_context *out, struct err *err);

/* The same without a source. */
enum code entity_context_read(const struct json_value *v, struct arena *a,
                              struct entity_context *out, struct err *err);

/* The IRI of a type's or attribute's name, in `a`. E_INPUT: it cannot be a name. */
enum code entity_expand(const struct entity_context *context, const char *name, struct arena *a,
                        const char **out, struct err *err);

/* A short name that expands to this IRI again: a term, a name under @vocab, "prefix:rest"; else
 * `iri` itself, which expands to something else where it has no authority and its scheme is a term
 * (JSON-LD 1.1: "IRI confused with prefix"; there is no name for it then). In `a`. */
const char *entity_compact(const struct entity_context *context, const char *iri, struct arena *a);

#endif
