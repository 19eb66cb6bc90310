/* routes: the table of routes.h. */
#include "api/routes.h"

#include "api/api_int.h"

#define SMALL ROUTE_BODY_SMALL
#define FILE_MAX ROUTE_BODY_FILE

/* Tasks and targets are followed alike: a row for each way, twice. */
#define ITEM_ROUTES(sort, one)                                                                     \
    {"GET",                                                                                        \
     "/api/plans/{plan}/" sort "/{number}",                                                        \
     one ".get",                                                                                   \
     "One " one " with its history",                                                               \
     ROUTE_SIGNED,                                                                                 \
     ACTION_PLAN_READ,                                                                             \
     api_item_get,                                                                                 \
     0,                                                                                            \
     0,                                                                                            \
     NULL,                                                                                         \
     200,                                                                                          \
     "Item",                                                                                       \
     "at known"},                                                                                  \
        {"PUT",                                                                                    \
         "/api/plans/{plan}/" sort "/{number}/owners",                                             \
         one ".owners",                                                                            \
         "Confirms or changes who answers for it",                                                 \
         ROUTE_SIGNED,                                                                             \
         ACTION_OWNER_SET,                                                                         \
         api_item_owners,                                                                          \
         ROUTE_MATCH,                                                                              \
         SMALL,                                                                                    \
         "OwnersChange",                                                                           \
         200,                                                                                      \
         "Changed",                                                                                \
         ""},                                                                                      \
        {"PUT",                                                                                    \
         "/api/plans/{plan}/" sort "/{number}/path",                                               \
         one ".path",                                                                              \
         "Draws its monthly path",                                                                 \
         ROUTE_SIGNED,                                                                             \
         ACTION_PATH_SET,                                                                          \
         api_item_path,                                                                            \
         ROUTE_MATCH,                                                                              \
         SMALL,                                                                                    \
         "Path",                                                                                   \
         200,                                                                                      \
         "Changed",                                                                                \
         ""},                                                                                      \
        {"DELETE",                                                                                 \
         "/api/plans/{plan}/" sort "/{number}/path",                                               \
         one ".path.clear",                                                                        \
         "Goes back to the default path",                                                          \
         ROUTE_SIGNED,                                                                             \
         ACTION_PATH_SET,                                                                          \
         api_item_path_clear,                                                                      \
         ROUTE_MATCH,                                                                              \
         0,                                                                                        \
         NULL,                                                                                     \
         200,                                                                                      \
         "Changed",                                                                                \
         ""},                                                                                      \
        {"POST",                                                                                   \
         "/api/plans/{plan}/" sort "/{number}/progress",                                           \
         one ".progress",                                                                          \
         "Reports progress; an earlier report is superseded, never changed",                       \
         ROUTE_SIGNED,                                                                             \
         ACTION_PROGRESS_REPORT,                                                                   \
         api_item_progress,                                                                        \
         ROUTE_MATCH | ROUTE_KEY,                                                                  \
         SMALL,                                                                                    \
         "NewReport",                                                                              \
         201,                                                                                      \
         "Changed",                                                                                \
         ""},                                                                                      \
    {                                                                                              \
        "POST", "/api/plans/{plan}/" sort "/{number}/slips", one ".slip",                          \
            "Issues a supervision slip on what is red or overdue", ROUTE_SIGNED,                   \
            ACTION_SLIP_ISSUE, api_item_slip, ROUTE_MATCH | ROUTE_KEY, SMALL, "NewSlip", 201,      \
            "Changed", ""                                                                          \
    }

const struct route routes[] = {
    /* ---- the page, and what machines ask of a service ---- */
    {"GET", "/", "page", "The board's page", ROUTE_OPEN, 0, api_asset_page, ROUTE_QUIET, 0, NULL,
     200, "text/html", ""},
    {"GET", "/assets/{name}", "asset", "A file of the board's page", ROUTE_OPEN, 0, api_asset_get,
     ROUTE_QUIET, 0, NULL, 200, "text/javascript", ""},
    {"GET", "/healthz", "health", "Whether it answers", ROUTE_OPEN, 0, api_health_get, 0, 0, NULL,
     200, "Health", ""},
    {"GET", "/metrics", "metrics", "Counters, for Prometheus", ROUTE_SIGNED, ACTION_METRICS_READ,
     api_metrics_get, 0, 0, NULL, 200, "text/plain", ""},
    {"GET", "/api/openapi.json", "openapi", "This document", ROUTE_OPEN, 0, api_openapi_get, 0, 0,
     NULL, 200, "application/json", ""},

    /* ---- who is there ---- */
    {"GET", "/api/session", "session.get", "Who is signed in, and what they may", ROUTE_OPEN, 0,
     api_session_get, ROUTE_MUST_CHANGE, 0, NULL, 200, "Session", ""},
    {"POST", "/api/session", "session.open", "Signs in", ROUTE_OPEN, 0, api_session_open,
     ROUTE_MUST_CHANGE, SMALL, "SignIn", 200, "Session", ""},
    {"DELETE", "/api/session", "session.close", "Signs out", ROUTE_SIGNED, ACTION_PASSWORD_OWN,
     api_session_close, ROUTE_MUST_CHANGE, 0, NULL, 204, NULL, ""},
    {"POST", "/api/session/password", "session.password", "Changes one's own password",
     ROUTE_SIGNED, ACTION_PASSWORD_OWN, api_session_password, ROUTE_MUST_CHANGE, SMALL,
     "PasswordChange", 204, NULL, ""},
    {"GET", "/api/tokens", "tokens.list", "One's own tokens for programs", ROUTE_SIGNED,
     ACTION_TOKEN_OWN, api_token_list, 0, 0, NULL, 200, "Tokens", ""},
    {"POST", "/api/tokens", "tokens.add", "Makes a token; its secret is told once", ROUTE_SIGNED,
     ACTION_TOKEN_OWN, api_token_add, 0, SMALL, "NewToken", 201, "TokenSecret", ""},
    {"DELETE", "/api/tokens/{id}", "tokens.revoke", "Revokes a token", ROUTE_SIGNED,
     ACTION_TOKEN_OWN, api_token_revoke, 0, 0, NULL, 204, NULL, ""},
    {"GET", "/api/accounts", "accounts.list", "All accounts", ROUTE_SIGNED, ACTION_ACCOUNT_READ,
     api_account_list, 0, 0, NULL, 200, "Accounts", ""},
    {"POST", "/api/accounts", "accounts.add", "Makes an account with a one-time password",
     ROUTE_SIGNED, ACTION_ACCOUNT_CHANGE, api_account_add, 0, SMALL, "NewAccount", 201,
     "AccountSecret", ""},
    {"GET", "/api/accounts/{id}", "accounts.get", "One account", ROUTE_SIGNED, ACTION_ACCOUNT_READ,
     api_account_get, 0, 0, NULL, 200, "AccountRow", ""},
    {"PATCH", "/api/accounts/{id}", "accounts.change", "Changes an account", ROUTE_SIGNED,
     ACTION_ACCOUNT_CHANGE, api_account_change, ROUTE_MATCH, SMALL, "AccountChange", 200,
     "AccountRow", ""},
    {"POST", "/api/accounts/{id}/reset", "accounts.reset", "Gives a new one-time password",
     ROUTE_SIGNED, ACTION_ACCOUNT_CHANGE, api_account_reset, ROUTE_MATCH, 0, NULL, 200,
     "AccountSecret", ""},

    /* ---- the city ---- */
    {"GET", "/api/organisations", "organisations", "Bodies that may answer for a task",
     ROUTE_SIGNED, ACTION_PLAN_READ, api_city_organisations, 0, 0, NULL, 200, "Organisations", ""},
    {"GET", "/api/divisions", "divisions", "Districts, towns and communities below a division",
     ROUTE_SIGNED, ACTION_PLAN_READ, api_city_divisions, 0, 0, NULL, 200, "Divisions", "parent"},
    {"GET", "/api/divisions/outlines", "outlines", "Outlines of the districts, as GeoJSON",
     ROUTE_SIGNED, ACTION_PLAN_READ, api_city_outlines, 0, 0, NULL, 200, "application/geo+json",
     ""},

    /* ---- plans ---- */
    {"GET", "/api/plans", "plans.list", "The plans that are kept", ROUTE_SIGNED, ACTION_PLAN_READ,
     api_plan_list, 0, 0, NULL, 200, "Plans", ""},
    {"POST", "/api/plans", "plans.load",
     "Reads a document and keeps its plan; a correction is shown first, and written with confirm",
     ROUTE_SIGNED, ACTION_PLAN_LOAD, api_plan_load, 0, FILE_MAX, "application/octet-stream", 201,
     "PlanLoaded", "name confirm"},
    {"GET", "/api/plans/{plan}/board", "plans.board", "The whole plan as it stands on a day",
     ROUTE_SIGNED, ACTION_PLAN_READ, api_board_get, 0, 0, NULL, 200, "Board", "at known"},
    {"GET", "/api/plans/{plan}/document", "plans.document", "The text that is kept", ROUTE_SIGNED,
     ACTION_PLAN_READ, api_plan_document, 0, 0, NULL, 200, "text/plain", ""},
    {"GET", "/api/plans/{plan}/report", "plans.report", "The year as one page to print",
     ROUTE_SIGNED, ACTION_PLAN_READ, api_plan_report, 0, 0, NULL, 200, "text/html", ""},
    {"GET", "/api/plans/{plan}/export", "plans.export", "A view as a sheet", ROUTE_SIGNED,
     ACTION_PLAN_READ, api_export_get, 0, 0, NULL, 200, "text/csv",
     "view format lang at known owner light area due_before q"},
    ITEM_ROUTES("tasks", "task"),
    ITEM_ROUTES("targets", "target"),

    /* ---- evidence, slips, verdicts ---- */
    {"POST", "/api/files", "files.add", "Stores a file as evidence", ROUTE_SIGNED,
     ACTION_PROGRESS_REPORT, api_file_add, 0, FILE_MAX, "application/octet-stream", 201, "File",
     "name"},
    {"GET", "/api/files/{sha256}", "files.get", "A file of evidence", ROUTE_SIGNED,
     ACTION_EVIDENCE_READ, api_file_get, 0, 0, NULL, 200, "application/octet-stream", ""},
    {"GET", "/api/slips", "slips.list", "Supervision slips", ROUTE_SIGNED, ACTION_SLIP_READ,
     api_slip_list, 0, 0, NULL, 200, "Slips", "plan state mine limit after"},
    {"GET", "/api/slips/{id}", "slips.get", "One slip", ROUTE_SIGNED, ACTION_SLIP_READ,
     api_slip_get, 0, 0, NULL, 200, "Slip", ""},
    {"POST", "/api/slips/{id}/answer", "slips.answer", "Answers a slip", ROUTE_SIGNED,
     ACTION_SLIP_ANSWER, api_slip_answer, ROUTE_MATCH | ROUTE_KEY, SMALL, "SlipAnswer", 200,
     "Changed", ""},
    {"POST", "/api/slips/{id}/close", "slips.close", "Accepts an answer, or sends it back",
     ROUTE_SIGNED, ACTION_SLIP_CLOSE, api_slip_close, ROUTE_MATCH | ROUTE_KEY, SMALL, "SlipClose",
     200, "Changed", ""},
    {"POST", "/api/slips/{id}/withdraw", "slips.withdraw", "Takes a slip back", ROUTE_SIGNED,
     ACTION_SLIP_CLOSE, api_slip_withdraw, ROUTE_MATCH | ROUTE_KEY, SMALL, "SlipWithdraw", 200,
     "Changed", ""},
    {"GET", "/api/plans/{plan}/verdicts", "verdicts.list",
     "What later documents report, and what a person confirmed", ROUTE_SIGNED, ACTION_PLAN_READ,
     api_verdict_list, 0, 0, NULL, 200, "Verdicts", ""},
    {"PUT", "/api/plans/{plan}/targets/{number}/verdict", "verdicts.confirm",
     "Confirms or changes a verdict", ROUTE_SIGNED, ACTION_VERDICT_CONFIRM, api_verdict_confirm,
     ROUTE_MATCH, SMALL, "VerdictChange", 200, "Changed", ""},
    {"GET", "/api/indicators", "indicators.list", "Indicators over all kept plans", ROUTE_SIGNED,
     ACTION_PLAN_READ, api_indicator_list, 0, 0, NULL, 200, "Indicators", "q"},
    {"GET", "/api/indicators/{key}", "indicators.get", "One indicator's targets and results",
     ROUTE_SIGNED, ACTION_PLAN_READ, api_indicator_get, 0, 0, NULL, 200, "Indicator", ""},

    /* ---- how it is run ---- */
    {"GET", "/api/settings", "settings.get", "Thresholds and terms", ROUTE_SIGNED,
     ACTION_SETTINGS_READ, api_setting_get, 0, 0, NULL, 200, "Settings", ""},
    {"PUT", "/api/settings", "settings.change", "Changes them", ROUTE_SIGNED,
     ACTION_SETTINGS_CHANGE, api_setting_change, ROUTE_MATCH, SMALL, "SettingsChange", 200,
     "Settings", ""},
    {"GET", "/api/journal", "journal.list", "Lines of the journal", ROUTE_SIGNED,
     ACTION_JOURNAL_READ, api_journal_list, 0, 0, NULL, 200, "Journal", "after limit subject"},
    {"GET", "/api/events", "events", "Changes as they come (server-sent events)", ROUTE_SIGNED,
     ACTION_EVENTS_READ, api_event_stream, 0, 0, NULL, 200, "text/event-stream", ""},

    /* ---- what is sensed ---- */
    {"GET", "/api/dead-letters", "dead.list", "Messages that could not be taken, with the reason",
     ROUTE_SIGNED, ACTION_ENTITY_WRITE, api_dead_list, 0, 0, NULL, 200, "DeadLetters",
     "limit offset"},
    {"DELETE", "/api/dead-letters/{sha256}", "dead.remove", "Deletes one that was seen to",
     ROUTE_SIGNED, ACTION_ENTITY_WRITE, api_dead_remove, 0, 0, NULL, 204, NULL, ""},
    {"GET", "/api/models", "models.list", "Types of entities that are declared", ROUTE_SIGNED,
     ACTION_ENTITY_READ, api_model_list, 0, 0, NULL, 200, "Models", ""},
    {"GET", "/api/models/{model}", "models.get",
     "One declared type: its attributes, units, ranges, thresholds and their sources", ROUTE_SIGNED,
     ACTION_ENTITY_READ, api_model_get, 0, 0, NULL, 200, "Model", ""},

    /* ---- entities, as NGSI-LD has them (ETSI GS CIM 009). Its clients know no versions: whoever
     * writes last is right, so none of these wants If-Match. ---- */
    {"POST", "/ngsi-ld/v1/entities", "ngsi.create", "Creates an entity", ROUTE_SIGNED,
     ACTION_ENTITY_WRITE, ngsi_entity_create, 0, ROUTE_BODY_NGSI, "NgsiEntity", 201, NULL,
     "options format local"},
    {"GET", "/ngsi-ld/v1/entities", "ngsi.list",
     "Entities by type, id, attributes, place and what is true of them", ROUTE_SIGNED,
     ACTION_ENTITY_READ, ngsi_entity_list, 0, 0, NULL, 200, "NgsiEntities",
     "type id idPattern attrs pick omit q scopeQ csf georel geometry coordinates geoproperty "
     "geometryProperty lang datasetId join joinLevel options format count limit offset local"},
    {"GET", "/ngsi-ld/v1/entities/{entity}", "ngsi.get", "One entity", ROUTE_SIGNED,
     ACTION_ENTITY_READ, ngsi_entity_get, ROUTE_DIRECT, 0, NULL, 200, "NgsiEntity",
     "attrs pick omit geometryProperty lang datasetId join joinLevel options format local"},
    {"PUT", "/ngsi-ld/v1/entities/{entity}", "ngsi.replace", "Replaces all attributes of an entity",
     ROUTE_SIGNED, ACTION_ENTITY_WRITE, ngsi_entity_replace, 0, ROUTE_BODY_NGSI, "NgsiFragment",
     204, NULL, "options format local"},
    {"PATCH", "/ngsi-ld/v1/entities/{entity}", "ngsi.merge", "Merges what is sent into an entity",
     ROUTE_SIGNED, ACTION_ENTITY_WRITE, ngsi_entity_merge, 0, ROUTE_BODY_NGSI, "NgsiFragment", 204,
     NULL, "options format observedAt lang local"},
    {"DELETE", "/ngsi-ld/v1/entities/{entity}", "ngsi.delete",
     "Deletes an entity; what was observed stays", ROUTE_SIGNED, ACTION_ENTITY_WRITE,
     ngsi_entity_delete, 0, 0, NULL, 204, NULL, "local"},
    {"POST", "/ngsi-ld/v1/entities/{entity}/attrs", "ngsi.attrs.append",
     "Adds attributes, or replaces them", ROUTE_SIGNED, ACTION_ENTITY_WRITE, ngsi_attributes_append,
     ROUTE_DIRECT, ROUTE_BODY_NGSI, "NgsiFragment", 204, NULL, "options format local"},
    {"PATCH", "/ngsi-ld/v1/entities/{entity}/attrs", "ngsi.attrs.update",
     "Replaces attributes that are there", ROUTE_SIGNED, ACTION_ENTITY_WRITE,
     ngsi_attributes_update, ROUTE_DIRECT, ROUTE_BODY_NGSI, "NgsiFragment", 204, NULL,
     "options format local"},
    {"PUT", "/ngsi-ld/v1/entities/{entity}/attrs/{attr}", "ngsi.attr.replace",
     "Replaces an attribute", ROUTE_SIGNED, ACTION_ENTITY_WRITE, ngsi_attribute_replace,
     ROUTE_DIRECT, ROUTE_BODY_NGSI, "NgsiFragment", 204, NULL, "options format local"},
    {"PATCH", "/ngsi-ld/v1/entities/{entity}/attrs/{attr}", "ngsi.attr.patch",
     "Changes what is said of an attribute", ROUTE_SIGNED, ACTION_ENTITY_WRITE,
     ngsi_attribute_patch, ROUTE_DIRECT, ROUTE_BODY_NGSI, "NgsiFragment", 204, NULL,
     "options format local"},
    {"DELETE", "/ngsi-ld/v1/entities/{entity}/attrs/{attr}", "ngsi.attr.delete",
     "Deletes an attribute", ROUTE_SIGNED, ACTION_ENTITY_WRITE, ngsi_attribute_delete, 0, 0, NULL,
     204, NULL, "datasetId deleteAll local"},
    {"POST", "/ngsi-ld/v1/entityOperations/create", "ngsi.batch.create", "Creates entities",
     ROUTE_SIGNED, ACTION_ENTITY_WRITE, ngsi_batch_create, 0, ROUTE_BODY_NGSI, "NgsiEntities", 201,
     "NgsiIds", "options format local"},
    {"POST", "/ngsi-ld/v1/entityOperations/upsert", "ngsi.batch.upsert",
     "Creates entities, or replaces or updates them", ROUTE_SIGNED, ACTION_ENTITY_WRITE,
     ngsi_batch_upsert, ROUTE_DIRECT, ROUTE_BODY_NGSI, "NgsiEntities", 201, "NgsiIds",
     "options format local"},
    {"POST", "/ngsi-ld/v1/entityOperations/update", "ngsi.batch.update",
     "Adds attributes to entities, or replaces them", ROUTE_SIGNED, ACTION_ENTITY_WRITE,
     ngsi_batch_update, ROUTE_DIRECT, ROUTE_BODY_NGSI, "NgsiFragments", 204, NULL,
     "options format local"},
    {"POST", "/ngsi-ld/v1/entityOperations/merge", "ngsi.batch.merge",
     "Merges what is sent into entities", ROUTE_SIGNED, ACTION_ENTITY_WRITE, ngsi_batch_merge, 0,
     ROUTE_BODY_NGSI, "NgsiFragments", 204, NULL, "options format observedAt lang local"},
    {"POST", "/ngsi-ld/v1/entityOperations/delete", "ngsi.batch.delete", "Deletes entities",
     ROUTE_SIGNED, ACTION_ENTITY_WRITE, ngsi_batch_delete, 0, ROUTE_BODY_NGSI, "NgsiIds", 204, NULL,
     ""},
    {"POST", "/ngsi-ld/v1/entityOperations/query", "ngsi.query", "Entities that a query means",
     ROUTE_SIGNED, ACTION_ENTITY_READ, ngsi_batch_query, 0, ROUTE_BODY_NGSI, "NgsiQuery", 200,
     "NgsiEntities", "geometryProperty join joinLevel options format count limit offset local"},
    {"POST", "/ngsi-ld/v1/jsonldContexts", "ngsi.contexts.add", "Hosts a JSON-LD @context",
     ROUTE_SIGNED, ACTION_ENTITY_WRITE, ngsi_context_add, 0, ROUTE_BODY_NGSI, "NgsiContext", 201,
     NULL, ""},
    {"GET", "/ngsi-ld/v1/jsonldContexts", "ngsi.contexts.list", "JSON-LD contexts that are kept",
     ROUTE_SIGNED, ACTION_ENTITY_READ, ngsi_context_list, 0, 0, NULL, 200, "NgsiContexts",
     "details kind"},
    {"GET", "/ngsi-ld/v1/jsonldContexts/{context}", "ngsi.contexts.get",
     "A JSON-LD @context that is hosted, or what is known of one", ROUTE_SIGNED, ACTION_ENTITY_READ,
     ngsi_context_get, 0, 0, NULL, 200, "NgsiContext", "details"},
    {"DELETE", "/ngsi-ld/v1/jsonldContexts/{context}", "ngsi.contexts.delete",
     "Deletes an @context, or fetches it again", ROUTE_SIGNED, ACTION_ENTITY_WRITE,
     ngsi_context_delete, 0, 0, NULL, 204, NULL, "reload"},
    {"POST", "/ngsi-ld/v1/subscriptions", "ngsi.subscriptions.add",
     "Asks to be told of changes of entities", ROUTE_SIGNED, ACTION_ENTITY_SUBSCRIBE,
     ngsi_subscription_create, 0, ROUTE_BODY_SMALL, "NgsiSubscription", 201, NULL, ""},
    {"GET", "/ngsi-ld/v1/subscriptions", "ngsi.subscriptions.list", "Subscriptions", ROUTE_SIGNED,
     ACTION_ENTITY_SUBSCRIBE, ngsi_subscription_list, 0, 0, NULL, 200, "NgsiSubscriptions",
     "options count limit offset"},
    {"GET", "/ngsi-ld/v1/subscriptions/{subscription}", "ngsi.subscriptions.get",
     "One subscription, and what became of its notifications", ROUTE_SIGNED,
     ACTION_ENTITY_SUBSCRIBE, ngsi_subscription_get, 0, 0, NULL, 200, "NgsiSubscription",
     "options"},
    {"PATCH", "/ngsi-ld/v1/subscriptions/{subscription}", "ngsi.subscriptions.update",
     "Changes what is said of a subscription", ROUTE_SIGNED, ACTION_ENTITY_SUBSCRIBE,
     ngsi_subscription_update, 0, ROUTE_BODY_SMALL, "NgsiSubscriptionFragment", 204, NULL, ""},
    {"DELETE", "/ngsi-ld/v1/subscriptions/{subscription}", "ngsi.subscriptions.delete",
     "Deletes a subscription, with what was still to be told", ROUTE_SIGNED,
     ACTION_ENTITY_SUBSCRIBE, ngsi_subscription_delete, 0, 0, NULL, 204, NULL, ""},
    {"GET", "/ngsi-ld/v1/types", "ngsi.types", "The types that entities have", ROUTE_SIGNED,
     ACTION_ENTITY_READ, ngsi_type_list, 0, 0, NULL, 200, "NgsiTypes", "details local"},
    {"GET", "/ngsi-ld/v1/types/{type}", "ngsi.type", "One type and the attributes met with it",
     ROUTE_SIGNED, ACTION_ENTITY_READ, ngsi_type_get, 0, 0, NULL, 200, "NgsiTypeInfo", "local"},
    {"GET", "/ngsi-ld/v1/attributes", "ngsi.attributes", "The attributes that entities have",
     ROUTE_SIGNED, ACTION_ENTITY_READ, ngsi_known_list, 0, 0, NULL, 200, "NgsiAttributes",
     "details local"},
    {"GET", "/ngsi-ld/v1/attributes/{attr}", "ngsi.attribute",
     "One attribute and the types it is met with", ROUTE_SIGNED, ACTION_ENTITY_READ, ngsi_known_get,
     0, 0, NULL, 200, "NgsiAttributeInfo", "local"},

    /* ---- and as they were ---- */
    {"GET", "/ngsi-ld/v1/temporal/entities", "ngsi.temporal.list",
     "Histories of entities in a stretch of time", ROUTE_SIGNED, ACTION_ENTITY_READ,
     ngsi_temporal_list, 0, 0, NULL, 200, "NgsiHistories",
     "type id idPattern attrs pick omit q georel geometry coordinates geoproperty datasetId "
     "timerel timeAt endTimeAt timeproperty lastN aggrMethods aggrPeriodDuration options format "
     "count limit offset orderBy local"},
    {"POST", "/ngsi-ld/v1/temporal/entities", "ngsi.temporal.create",
     "Adds to the history of an entity", ROUTE_SIGNED, ACTION_ENTITY_WRITE, ngsi_temporal_create, 0,
     ROUTE_BODY_NGSI, "NgsiHistory", 201, NULL, "local"},
    {"GET", "/ngsi-ld/v1/temporal/entities/{entity}", "ngsi.temporal.get",
     "The history of one entity, also of one that is deleted", ROUTE_SIGNED, ACTION_ENTITY_READ,
     ngsi_temporal_get, 0, 0, NULL, 200, "NgsiHistory",
     "attrs pick omit datasetId timerel timeAt endTimeAt timeproperty lastN aggrMethods "
     "aggrPeriodDuration options format local"},
    {"DELETE", "/ngsi-ld/v1/temporal/entities/{entity}", "ngsi.temporal.delete",
     "Forgets the history of an entity; the entity stays", ROUTE_SIGNED, ACTION_ENTITY_WRITE,
     ngsi_temporal_delete, 0, 0, NULL, 204, NULL, "local"},
    {"POST", "/ngsi-ld/v1/temporal/entities/{entity}/attrs", "ngsi.temporal.attrs.append",
     "Adds instances of attributes to a history", ROUTE_SIGNED, ACTION_ENTITY_WRITE,
     ngsi_temporal_append, 0, ROUTE_BODY_NGSI, "NgsiHistory", 204, NULL, "local"},
    {"DELETE", "/ngsi-ld/v1/temporal/entities/{entity}/attrs/{attr}", "ngsi.temporal.attr.delete",
     "Forgets the history of an attribute", ROUTE_SIGNED, ACTION_ENTITY_WRITE,
     ngsi_temporal_attribute_delete, 0, 0, NULL, 204, NULL, "datasetId deleteAll local"},
    {"PATCH", "/ngsi-ld/v1/temporal/entities/{entity}/attrs/{attr}/{instance}",
     "ngsi.temporal.instance.patch", "Corrects one instance of an attribute", ROUTE_SIGNED,
     ACTION_ENTITY_WRITE, ngsi_temporal_instance_patch, 0, ROUTE_BODY_NGSI, "NgsiFragment", 204,
     NULL, "local"},
    {"DELETE", "/ngsi-ld/v1/temporal/entities/{entity}/attrs/{attr}/{instance}",
     "ngsi.temporal.instance.delete", "Forgets one instance of an attribute", ROUTE_SIGNED,
     ACTION_ENTITY_WRITE, ngsi_temporal_instance_delete, 0, 0, NULL, 204, NULL, "local"},
    {"POST", "/ngsi-ld/v1/temporal/entityOperations/query", "ngsi.temporal.query",
     "Histories of entities, asked for by a body", ROUTE_SIGNED, ACTION_ENTITY_READ,
     ngsi_temporal_query, 0, ROUTE_BODY_NGSI, "NgsiQuery", 200, "NgsiHistories",
     "options format count limit offset orderBy local"},
};

const size_t route_count = sizeof routes / sizeof routes[0];
