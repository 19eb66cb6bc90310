/* api: see api.h. The context; requests are in dispatch.c, streams in event.c. */
#include "api/api.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/answer.h"
#include "api/api_int.h"
#include "api/context_use.h"
#include "api/openapi.h"
#include "base/file.h"
#include "base/mem.h"
#include "entity/entity_hosted.h"
#include "entity/entity_store.h"
#include "ngsi/model_read.h"
#include "sense/dead.h"
#include "sense/import.h"
#include "store/journal.h"
#include "subscription/subscription_store.h"
#include "track/charge.h"
#include "track/evidence.h"
#include "track/kept.h"
#include "track/path.h"
#include "track/progress.h"
#include "track/ruling.h"
#include "track/setting.h"
#include "track/slip.h"

const struct schema *const api_schemas[] = {
    &kept_schema,   &access_schema,        &charge_schema, &evidence_schema,     &progress_schema,
    &path_schema,   &setting_schema,       &slip_schema,   &ruling_schema,       &answer_schema,
    &entity_schema, &entity_hosted_schema, &sense_schema,  &subscription_schema, &dead_schema,
};

const size_t api_schema_count = sizeof api_schemas / sizeof api_schemas[0];

/* ---- the context ---- */

enum { OUTLINES_MAX = 8 << 20 };

/* Of a city without outlines its map shows none. */
static enum code load_outlines(struct api *api, struct err *err) {
    char path[PATH_MAX];
    struct buf text = BUF_INIT;
    enum code code = OK;
    snprintf(path, sizeof path, "%s/outline/%s.geojson", api->config.data_dir, api->config.city);
    if (access(path, F_OK) == 0) {
        code = file_load(path, OUTLINES_MAX, &text, err);
        api->outlines = code == OK ? blob_take(&text) : NULL;
    }
    buf_fini(&text);
    return code;
}

static enum code load_data(struct api *api, struct err *err) {
    const struct api_config *config = &api->config;
    enum code code = calendar_load(api->calendar, config->data_dir, err);
    if (code == OK) {
        code = division_load(api->divisions, config->data_dir, config->city, err);
    }
    if (code == OK) {
        code = organisation_load(api->organisations, config->data_dir, config->city, err);
    }
    if (code == OK) {
        code = model_load(api->models, config->data_dir, err);
    }
    return code == OK ? load_outlines(api, err) : code;
}

static enum code open_client(struct api *api, struct err *err) {
    const struct api_config *config = &api->config;
    const struct client_config client = {.hosts = config->context_hosts,
                                         .host_count = config->context_host_count,
                                         .redirects_max = 3,
                                         .agent = "taihu"};
    return config->context_host_count == 0 ? OK : client_new(&client, &api->client, err);
}

enum code api_new(const struct api_config *config, struct api **out, struct err *err) {
    struct buf openapi = BUF_INIT;
    struct api *api = mem_alloc(sizeof *api);
    *api = (struct api){.config = *config,
                        .store = config->store,
                        .access = config->access,
                        .notifier = config->notifier,
                        .calendar = calendar_new(),
                        .divisions = division_set_new(),
                        .organisations = organisation_set_new(),
                        .models = model_set_new(),
                        .reader = reader_new(),
                        .boards = board_cache_new(),
                        .tokens = token_cache_new(),
                        .heads = entity_heads_new(),
                        .uses = context_uses_new()};
    api->rulings = ruling_cache_new(api->reader);
    api->series = series_new(api->reader);
    openapi_write(&openapi);
    api->openapi = blob_take(&openapi);
    enum code code = load_data(api, err);
    if (code == OK) {
        code = open_client(api, err);
    }
    if (code != OK) {
        api_free(api);
        return code;
    }
    *out = api;
    return OK;
}

void api_free(struct api *api) {
    if (api == NULL) {
        return;
    }
    client_free(api->client);
    context_uses_free(api->uses);
    blob_drop(api->openapi);
    token_cache_free(api->tokens);
    entity_heads_free(api->heads);
    blob_drop(api->outlines);
    board_cache_free(api->boards);
    series_free(api->series);
    ruling_cache_free(api->rulings);
    reader_free(api->reader);
    model_set_free(api->models);
    organisation_set_free(api->organisations);
    division_set_free(api->divisions);
    calendar_free(api->calendar);
    free(api);
}

void api_set_server(struct api *api, struct server *server) {
    api->server = server;
}

const struct model_set *api_models(const struct api *api) {
    return api->models;
}

void api_set_mqtt(struct api *api, struct mqtt *mqtt) {
    api->mqtt = mqtt;
}

/* ---- what many resources need ---- */

const char *api_actor_name(struct tx *tx, const char *actor, struct arena *a) {
    struct account account;
    int64_t id;
    bool known = account_of_actor(actor, &id) && account_find(tx, id, a, &account, NULL) == OK;
    return known ? account.name : actor;
}

void api_put_line(struct call *c, struct tx *tx, struct json_out *j,
                  const struct journal_line *line) {
    json_put_int(j, "line", line->seq);
    call_put_time(j, "time", line->time_ms);
    json_put_str(j, "actor", line->actor);
    json_put_str(j, "actor_name", api_actor_name(tx, line->actor, c->arena));
}

const char *api_organisation_name(const struct call *c, const char *code) {
    const struct organisation *o =
        code == NULL ? NULL : organisation_find_code(c->api->organisations, code);
    return o == NULL ? NULL : o->name;
}

static bool is_within(const struct organisation *o, const struct organisation *top) {
    while (o != NULL && o != top) {
        o = o->parent;
    }
    return o != NULL;
}

bool api_is_own(const struct call *c, const char *organisation) {
    const struct organisation_set *set = c->api->organisations;
    if (organisation == NULL || c->who.organisation == NULL) {
        return false;
    }
    const struct organisation *top = organisation_find_code(set, c->who.organisation);
    return top != NULL && is_within(organisation_find_code(set, organisation), top);
}

void api_own_codes(struct call *c, const char *const **codes, size_t *count) {
    const struct organisation_set *set = c->api->organisations;
    size_t n = 0;
    const char **list = arena_alloc(c->arena, (organisation_count(set) + 1) * sizeof *list);
    for (size_t i = 0; i < organisation_count(set); i++) {
        const char *code = organisation_at(set, i)->code;
        if (api_is_own(c, code)) {
            list[n++] = code;
        }
    }
    *codes = list;
    *count = n;
}
