/* openapi: see openapi.h. Paths come from the table of routes, so that the document cannot leave
 * one out; the shapes of bodies are web/openapi/schemas.json. */
#include "api/openapi.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "api/ngsi_int.h"
#include "api/routes.h"
#include "base/json.h"

extern const char schemas_json[]; /* made of web/openapi/schemas.json at build time */

enum { NAME_MAX_BYTES = 64 };

/* What a path or query parameter may be, as a JSON schema. */
static const struct parameter {
    const char *name;
    const char *schema;
    const char *about;
} parameters[] = {
    {"plan", "{\"type\":\"integer\",\"minimum\":1}", "number of a kept plan"},
    {"number", "{\"type\":\"integer\",\"minimum\":1}", "the item's own number in its plan"},
    {"id", "{\"type\":\"integer\",\"minimum\":1}", "its number"},
    {"sha256", "{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\"}", "digest of the bytes"},
    {"key", "{\"type\":\"string\"}", "as /api/indicators gives it"},
    {"at", "{\"type\":\"string\",\"format\":\"date\"}", "the day asked for; without it today"},
    {"known", "{\"type\":\"string\",\"enum\":[\"now\",\"then\"]}",
     "by what is known now, or was known on that day"},
    {"parent", "{\"type\":\"string\"}", "code of a division; without it the city"},
    {"name", "{\"type\":\"string\",\"maxLength\":255}", "name of the file"},
    {"confirm", "{\"type\":\"integer\"}", "the line that the shown correction corrects"},
    {"view", "{\"type\":\"string\",\"enum\":[\"tasks\",\"targets\",\"slips\"]}", "which rows"},
    {"format", "{\"type\":\"string\",\"enum\":[\"csv\",\"xlsx\"]}", "which kind of file"},
    {"lang", "{\"type\":\"string\",\"enum\":[\"zh\",\"en\"]}", "language of the headings"},
    {"owner", "{\"type\":\"string\"}", "code or part of the name of who answers for it"},
    {"light", "{\"type\":\"string\",\"enum\":[\"green\",\"yellow\",\"red\",\"none\"]}",
     "its light"},
    {"area", "{\"type\":\"integer\"}", "number of an area"},
    {"due_before", "{\"type\":\"string\",\"format\":\"date\"}", "due before this day"},
    {"q", "{\"type\":\"string\"}", "words in its text"},
    {"state", "{\"type\":\"string\",\"enum\":[\"open\",\"answered\",\"closed\",\"withdrawn\"]}",
     "state of a slip"},
    {"mine", "{\"type\":\"string\",\"enum\":[\"1\"]}", "of one's own organisation, or below it"},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,\"default\":100}",
     "how many at most"},
    {"offset", "{\"type\":\"integer\",\"minimum\":0}", "how many are left out before"},
    {"after", "{\"type\":\"string\"}", "behind this one: `next` of the page before"},
    {"model", "{\"type\":\"string\"}", "name of a declared type, as /api/models gives it"},
    {"subject", "{\"type\":\"string\"}", "what was changed: plan/1/task/12"},
};

/* The same below /ngsi-ld/v1 (ETSI GS CIM 009 v1.8.1, section 6), where names mean other things. */
static const struct parameter ngsi_parameters[] = {
    {"entity", "{\"type\":\"string\",\"format\":\"uri\"}", "id of an entity"},
    {"subscription", "{\"type\":\"string\",\"format\":\"uri\"}", "id of a subscription"},
    {"attr", "{\"type\":\"string\"}", "name of an attribute"},
    {"type", "{\"type\":\"string\"}", "which types: A,B or (A;B),C"},
    {"id", "{\"type\":\"string\"}", "ids, apart by ,"},
    {"idPattern", "{\"type\":\"string\",\"maxLength\":256}", "found in the id"},
    {"attrs", "{\"type\":\"string\"}", "names of attributes"},
    {"pick", "{\"type\":\"string\"}", "members that are shown"},
    {"omit", "{\"type\":\"string\"}", "members that are left out"},
    {"q", "{\"type\":\"string\"}", "what must be true of its attributes"},
    {"scopeQ", "{\"type\":\"string\"}", "which scopes"},
    {"georel", "{\"type\":\"string\"}", "where it lies to the geometry: near;maxDistance==100"},
    {"geometry", "{\"type\":\"string\"}", "the geometry's type"},
    {"coordinates", "{\"type\":\"string\"}", "the geometry's coordinates, as JSON"},
    {"geoproperty", "{\"type\":\"string\"}", "which GeoProperty is meant; location"},
    {"geometryProperty", "{\"type\":\"string\"}", "which GeoProperty is a feature's geometry"},
    {"csf", "{\"type\":\"string\"}", "what must be true of its source"},
    {"lang", "{\"type\":\"string\"}", "languages that are preferred, as Accept-Language"},
    {"local", "{\"type\":\"boolean\"}", "what this broker itself keeps; it asks no other"},
    {"options", "{\"type\":\"string\"}",
     "keyValues, simplified, concise, normalized, sysAttrs, noOverwrite, update, replace, count, "
     "temporalValues, aggregatedValues, quality (flags of QARTOD)"},
    {"format", "{\"type\":\"string\"}",
     "normalized, concise, simplified, temporalValues, aggregatedValues"},
    {"count", "{\"type\":\"boolean\"}", "tell in NGSILD-Results-Count how many there are"},
    {"limit", "{\"type\":\"integer\",\"minimum\":0,\"maximum\":1000,\"default\":100}",
     "how many at most"},
    {"offset", "{\"type\":\"integer\",\"minimum\":0}", "how many are left out before"},
    {"orderBy", "{\"type\":\"string\"}", "by which members they are sorted"},
    {"join", "{\"type\":\"string\",\"enum\":[\"inline\",\"flat\",\"@none\"]}",
     "with the entities that it has Relationships to"},
    {"joinLevel", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":10,\"default\":1}",
     "how many Relationships one behind the other are followed"},
    {"details", "{\"type\":\"boolean\"}", "more than the names"},
    {"datasetId", "{\"type\":\"string\"}", "which instances of attributes; @none: the default one"},
    {"deleteAll", "{\"type\":\"boolean\"}", "all instances of the attribute"},
    {"observedAt", "{\"type\":\"string\",\"format\":\"date-time\"}",
     "of attributes that had one and are sent without"},
    {"timerel", "{\"type\":\"string\",\"enum\":[\"before\",\"after\",\"between\"]}",
     "when, to timeAt"},
    {"timeAt", "{\"type\":\"string\",\"format\":\"date-time\"}", "the moment"},
    {"endTimeAt", "{\"type\":\"string\",\"format\":\"date-time\"}", "the later of two moments"},
    {"timeproperty", "{\"type\":\"string\"}", "which moment of an attribute; observedAt"},
    {"lastN", "{\"type\":\"integer\",\"minimum\":1}", "the last so many of each attribute"},
    {"aggrMethods", "{\"type\":\"string\"}", "how values are put together"},
    {"aggrPeriodDuration", "{\"type\":\"string\"}", "over how long, as PT1H"},
    {"instance", "{\"type\":\"string\"}", "instanceId of a value"},
    {"subscription", "{\"type\":\"string\"}", "id of a subscription"},
    {"context", "{\"type\":\"string\"}", "address of an @context, or its localId"},
    {"kind", "{\"type\":\"string\",\"enum\":[\"Hosted\",\"Cached\",\"ImplicitlyCreated\"]}",
     "which @contexts"},
    {"reload", "{\"type\":\"boolean\"}", "fetch it again in place of deleting it"},
};

static const struct parameter *parameter_find(const struct route *r, const char *name, size_t n) {
    bool ngsi = strncmp(r->pattern, "/ngsi-ld/", 9) == 0;
    const struct parameter *all = ngsi ? ngsi_parameters : parameters;
    size_t count = ngsi ? sizeof ngsi_parameters / sizeof ngsi_parameters[0]
                        : sizeof parameters / sizeof parameters[0];
    for (size_t i = 0; i < count; i++) {
        if (strlen(all[i].name) == n && memcmp(all[i].name, name, n) == 0) {
            return &all[i];
        }
    }
    return NULL;
}

/* A value that is JSON already. */
static void put_raw(struct json_out *j, const char *key, const char *json) {
    json_key(j, key);
    json_raw(j, json, strlen(json));
}

static void put_ref(struct json_out *j, const char *name) {
    char path[NAME_MAX_BYTES + 32];
    int n = snprintf(path, sizeof path, "#/components/schemas/%s", name);
    assert(n > 0 && (size_t)n < sizeof path);
    json_obj(j);
    json_put_str(j, "$ref", path);
    json_obj_end(j);
}

/* {"application/json": {"schema": ...}}: `what` is a schema's name or a media type. */
static void put_content(struct json_out *j, const char *what) {
    bool media = strchr(what, '/') != NULL;
    json_key(j, "content");
    json_obj(j);
    json_key(j, media ? what : "application/json");
    json_obj(j);
    if (!media) {
        json_key(j, "schema");
        put_ref(j, what);
    }
    json_obj_end(j);
    json_obj_end(j);
}

static void put_parameter(struct json_out *j, const struct route *r, const char *in,
                          const char *name, size_t n) {
    const struct parameter *p = parameter_find(r, name, n);
    assert(p != NULL); /* a route names a parameter that the table above does not know */
    json_obj(j);
    json_put_str(j, "name", p->name);
    json_put_str(j, "in", in);
    json_put_bool(j, "required", strcmp(in, "path") == 0);
    json_put_str(j, "description", p->about);
    put_raw(j, "schema", p->schema);
    json_obj_end(j);
}

static void put_header(struct json_out *j, const char *name, const char *about, bool required) {
    json_obj(j);
    json_put_str(j, "name", name);
    json_put_str(j, "in", "header");
    json_put_bool(j, "required", required);
    json_put_str(j, "description", about);
    put_raw(j, "schema", "{\"type\":\"string\"}");
    json_obj_end(j);
}

static void put_path_parameters(struct json_out *j, const struct route *r) {
    const char *at = r->pattern;
    while ((at = strchr(at, '{')) != NULL) {
        size_t n = strcspn(++at, "}");
        put_parameter(j, r, "path", at, n);
    }
}

static void put_query_parameters(struct json_out *j, const struct route *r) {
    for (const char *at = r->query; *at != '\0';) {
        size_t n = strcspn(at, " ");
        put_parameter(j, r, "query", at, n);
        at += n + (at[n] == ' ');
    }
}

static void put_parameters(struct json_out *j, const struct route *r) {
    json_key(j, "parameters");
    json_arr(j);
    put_path_parameters(j, r);
    put_query_parameters(j, r);
    if (r->flags & ROUTE_MATCH) {
        put_header(j, "If-Match", "the version that was seen, as its ETag", true);
    }
    if (r->flags & ROUTE_KEY) {
        put_header(j, "Idempotency-Key", "the same key again within a day: the same answer again",
                   false);
    }
    json_arr_end(j);
}

/* What routes answer besides: those that all of a kind have are in put_responses(). */
static const struct extra {
    const char *route;
    const char *status;
    const char *schema;
    const char *about;
} extras[] = {
    {"session.open", "401", "Problem", "login or password is wrong"},
    {"session.open", "429", "Problem", "too many tries: Retry-After says when"},
    {"plans.load", "409", "Correction", "it corrects a plan that is kept: what would change"},
    {"files.add", "415", "Problem", "not of a type that evidence may have"},
};

static void put_problem_of(struct json_out *j, const struct route *r, const struct extra *x) {
    bool ngsi = strncmp(r->pattern, "/ngsi-ld/", 9) == 0;
    json_key(j, x->status);
    json_obj(j);
    json_put_str(j, "description", x->about);
    json_key(j, "content");
    json_obj(j);
    json_key(j, ngsi ? NGSI_PROBLEM_TYPE : "application/problem+json");
    json_obj(j);
    json_key(j, "schema");
    put_ref(j, x->schema);
    json_obj_end(j);
    json_obj_end(j);
    json_obj_end(j);
}

static void put_problem(struct json_out *j, const struct route *r, const char *status,
                        const char *about) {
    struct extra x = {"", status, "Problem", about};
    put_problem_of(j, r, &x);
}

static void put_success(struct json_out *j, const struct route *r) {
    char status[12] = {(char)('0' + r->status / 100), (char)('0' + r->status / 10 % 10),
                       (char)('0' + r->status % 10), '\0'};
    json_key(j, status);
    json_obj(j);
    json_put_str(j, "description", r->summary);
    if (r->response != NULL) {
        put_content(j, r->response);
    }
    json_obj_end(j);
}

static void put_responses(struct json_out *j, const struct route *r) {
    json_key(j, "responses");
    json_obj(j);
    put_success(j, r);
    if (r->guard == ROUTE_SIGNED) {
        put_problem(j, r, "401", "not signed in");
        put_problem(j, r, "403", "signed in, and not for this");
    }
    if (strchr(r->pattern, '{') != NULL) {
        put_problem(j, r, "404", "no such thing");
    }
    if (r->flags & ROUTE_MATCH) {
        put_problem(j, r, "412", "it changed since it was seen");
        put_problem(j, r, "428", "If-Match is missing");
    }
    for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
        if (strcmp(extras[i].route, r->name) == 0) {
            put_problem_of(j, r, &extras[i]);
        }
    }
    put_problem(j, r, "4XX", "what is wrong with the request, RFC 9457");
    put_problem(j, r, "5XX", "what went wrong here, RFC 9457");
    json_obj_end(j);
}

static void put_operation(struct json_out *j, const struct route *r) {
    static const char *const methods[][2] = {{"GET", "get"},       {"PUT", "put"},
                                             {"POST", "post"},     {"PATCH", "patch"},
                                             {"DELETE", "delete"}, {NULL, NULL}};
    size_t m = 0;
    while (strcmp(methods[m][0], r->method) != 0) {
        m++;
    }
    json_key(j, methods[m][1]);
    json_obj(j);
    json_put_str(j, "operationId", r->name);
    json_put_str(j, "summary", r->summary);
    if (r->guard == ROUTE_OPEN) {
        put_raw(j, "security", "[]");
    } else {
        json_put_str(j, "x-taihu-action", action_name(r->action));
    }
    put_parameters(j, r);
    if (r->request != NULL) {
        json_key(j, "requestBody");
        json_obj(j);
        json_put_bool(j, "required", true);
        put_content(j, r->request);
        json_obj_end(j);
    }
    put_responses(j, r);
    json_obj_end(j);
}

/* Whether an earlier row has this pattern: its path then stands already. */
static bool is_first(size_t at) {
    for (size_t i = 0; i < at; i++) {
        if (strcmp(routes[i].pattern, routes[at].pattern) == 0) {
            return false;
        }
    }
    return true;
}

static void put_paths(struct json_out *j) {
    json_key(j, "paths");
    json_obj(j);
    for (size_t i = 0; i < route_count; i++) {
        if ((routes[i].flags & ROUTE_QUIET) || !is_first(i)) {
            continue;
        }
        json_key(j, routes[i].pattern);
        json_obj(j);
        for (size_t k = i; k < route_count; k++) {
            if (strcmp(routes[k].pattern, routes[i].pattern) == 0) {
                put_operation(j, &routes[k]);
            }
        }
        json_obj_end(j);
    }
    json_obj_end(j);
}

void openapi_write(struct buf *to) {
    struct json_out j;
    json_init(&j, to, 0);
    json_obj(&j);
    json_put_str(&j, "openapi", "3.1.0");
    put_raw(&j, "info",
            "{\"title\":\"Taihu\",\"version\":\"1\",\"description\":\"A city held to its plan: "
            "plans, owners, progress, lights, slips, verdicts.\",\"license\":{\"name\":"
            "\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}}");
    put_raw(&j, "servers", "[{\"url\":\"/\"}]");
    put_raw(&j, "security", "[{\"session\":[]},{\"token\":[]}]");
    put_paths(&j);
    json_key(&j, "components");
    json_obj(&j);
    put_raw(&j, "securitySchemes",
            "{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"taihu_session\"},"
            "\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}}");
    put_raw(&j, "schemas", schemas_json);
    json_obj_end(&j);
    json_obj_end(&j);
}
