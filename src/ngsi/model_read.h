/* model_read: declared types out of files, one a type: DIR/model/NAME.json.
 *
 *   {"name": "AirQualityObserved",
 *    "source": "where its names and kinds are from",
 *    "namespaces": ["https://smartdatamodels.org/dataModel.Environment/", ...],
 *    "unknown": "keep",                        or "refuse"
 *    "future_s": 3600, "late_s": 86400,        each may lack: any moment is taken
 *    "attributes": [
 *      {"name": "pm25", "kind": "Property", "value": "number", "unit": "GQ",
 *       "unit_needed": false, "iris": ["https://..."], "words": ["..."],
 *       "range": {"low": 0, "high": 1, "source": "..."},
 *       "gross": {"fail": [0, 10000], "suspect": [0, 1000], "source": "..."},
 *       "spike": {"method": "average", "suspect": 25, "fail": 50, "source": "..."},
 *       "rate": {"suspect": 3, "fail": 10, "seconds": 60, "source": "..."},
 *       "flat": {"suspect": 3, "fail": 5, "tolerance": 0.1, "source": "..."},
 *       "gap": {"suspect_s": 3600, "fail_s": 86400, "source": "..."}}]}
 *
 * The whole names of the type and of an attribute are its name behind each namespace, and the
 * attribute's iris. A name, a source and a namespace are needed, and an attribute's name and kind
 * (entity_kind_name; value: any, number, whole number, text, boolean). A threshold that is not
 * given is not tested. Whoever gives numbers says where they come from: without a source they are
 * refused. null for an end of a span of gross: it is open there. Numbers are written without an
 * exponent and are exact. */
#ifndef TAIHU_NGSI_MODEL_READ_H
#define TAIHU_NGSI_MODEL_READ_H

#include <stddef.h>

#include "base/err.h"
#include "ngsi/model.h"

/* Adds the type that a file declares. E_INPUT, E_LIMIT: names the member and what is wrong; the set
 * is then only fit to be freed. */
enum code model_parse(struct model_set *set, const char *json, size_t n, struct err *err);

/* Adds those of all files DIR/model/NAME.json, by name. E_IO: there is no such folder, or a file
 * cannot be read; others as above, with the file's path in front. */
enum code model_load(struct model_set *set, const char *dir, struct err *err);

#endif
