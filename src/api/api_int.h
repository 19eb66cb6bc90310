/* api_int: what the files of this room share: the context, and the answers that the table names. */
#ifndef TAIHU_API_API_INT_H
#define TAIHU_API_API_INT_H

#include <stdatomic.h>
#include <stddef.h>

#include "api/api.h"
#include "api/board_cache.h"
#include "api/call.h"
#include "api/routes.h"
#include "api/token_cache.h"
#include "city/calendar.h"
#include "city/division.h"
#include "city/organisation.h"
#include "entity/entity_heads.h"
#include "http/client.h"
#include "ngsi/model.h"
#include "plan/reader.h"
#include "sense/mqtt.h"
#include "store/journal.h"
#include "track/ruling.h"
#include "track/series.h"

/* Set up once, then only read; what changes inside has a lock of its own. */
struct api {
    struct api_config config;
    struct store *store;
    struct access *access;
    struct notifier *notifier;
    _Atomic(struct server *) server; /* set when it runs already */
    _Atomic(struct mqtt *) mqtt;     /* likewise; NULL: there is none */
    struct calendar *calendar;
    struct division_set *divisions;
    struct organisation_set *organisations;
    struct blob *outlines; /* GeoJSON of the districts; NULL: there is none for this city */
    struct model_set *models;
    struct reader *reader;
    struct ruling_cache *rulings;
    struct series *series;
    struct board_cache *boards;
    struct token_cache *tokens;
    struct entity_heads *heads;
    struct blob *openapi;
    struct client *client; /* fetches JSON-LD contexts; NULL: none may be */
    struct context_uses *uses;
    atomic_size_t handed; /* bytes of large bodies whose changes wait for the writer, by nobody */
};

/* While a board is asked for, in the snapshot of its admission: true, with the answer filled in,
 * where it is written already or 304 will do; else the answer is left empty. Never waits. */
bool api_board_ready(struct call *c, struct tx *tx);

/* The answer to a failure. */
void api_answer_failure(struct call *c, enum code code, const struct err *err);

/* Problems that this room words itself. */
#define PROBLEM_CSRF "csrf"
#define PROBLEM_PASSWORD "password-change"

/* The name of who is meant by an actor of the journal ("u/17"); itself where there is no such
 * account. In `a`. */
const char *api_actor_name(struct tx *tx, const char *actor, struct arena *a);

/* Writes {"line", "time", "actor", "actor_name", ...} of a line: what all histories have. */
void api_put_line(struct call *c, struct tx *tx, struct json_out *j,
                  const struct journal_line *line);

/* Whether an organisation, by its code, is the caller's or one below it. NULL is nobody's. */
bool api_is_own(const struct call *c, const char *organisation);

/* The codes of the caller's organisation and all below it, for queries; in the arena. */
void api_own_codes(struct call *c, const char *const **codes, size_t *count);

/* A body's name by its code; NULL where there is none. */
const char *api_organisation_name(const struct call *c, const char *code);

route_answer api_account_add, api_account_change, api_account_get, api_account_list,
    api_account_reset;
route_answer api_asset_get, api_asset_page;
route_answer api_board_get;
route_answer api_city_divisions, api_city_organisations, api_city_outlines;
route_answer api_dead_list, api_dead_remove;
route_answer api_event_stream;
route_answer api_export_get;
route_answer api_file_add, api_file_get;
route_answer api_health_get, api_metrics_get, api_openapi_get;
route_answer api_indicator_get, api_indicator_list;
route_answer api_item_get, api_item_owners, api_item_path, api_item_path_clear, api_item_progress,
    api_item_slip;
route_answer api_journal_list;
route_answer api_model_get, api_model_list;
route_answer ngsi_attribute_delete, ngsi_attribute_patch, ngsi_attribute_replace;
route_answer ngsi_attributes_append, ngsi_attributes_update;
route_answer ngsi_batch_create, ngsi_batch_delete, ngsi_batch_merge, ngsi_batch_query,
    ngsi_batch_update, ngsi_batch_upsert;
route_answer ngsi_context_add, ngsi_context_delete, ngsi_context_get, ngsi_context_list;
route_answer ngsi_entity_create, ngsi_entity_delete, ngsi_entity_get, ngsi_entity_list,
    ngsi_entity_merge, ngsi_entity_replace;
route_answer ngsi_subscription_create, ngsi_subscription_delete, ngsi_subscription_get,
    ngsi_subscription_list, ngsi_subscription_update;
route_answer ngsi_temporal_append, ngsi_temporal_attribute_delete, ngsi_temporal_create,
    ngsi_temporal_delete, ngsi_temporal_get, ngsi_temporal_instance_delete,
    ngsi_temporal_instance_patch, ngsi_temporal_list, ngsi_temporal_query;
route_answer ngsi_known_get, ngsi_known_list, ngsi_type_get, ngsi_type_list;
route_answer api_plan_document, api_plan_list, api_plan_load, api_plan_report;
route_answer api_session_close, api_session_get, api_session_open, api_session_password;
route_answer api_setting_change, api_setting_get;
route_answer api_slip_answer, api_slip_close, api_slip_get, api_slip_list, api_slip_withdraw;
route_answer api_token_add, api_token_list, api_token_revoke;
route_answer api_verdict_confirm, api_verdict_list;

#endif
