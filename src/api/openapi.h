/* openapi: the OpenAPI 3.1 document of all routes that are not ROUTE_QUIET. */
#ifndef TAIHU_API_OPENAPI_H
#define TAIHU_API_OPENAPI_H

#include "base/buf.h"

/* Appends the document, JSON. Its schemas are web/openapi/schemas.json as it stands. */
void openapi_write(struct buf *to);

#endif
