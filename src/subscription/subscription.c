/* subscription: see subscription.h. Reading is in subscription_read.c, writing in
 * subscription_write.c. */
#include "subscription/subscription.h"

#include <string.h>

#include "ngsi/entity.h"
#include "subscription/filter.h"
#include "subscription/subscription_int.h"

const struct subscription_word subscription_triggers[] = {
    {"entityCreated", ON_ENTITY_CREATED},
    {"entityUpdated", ON_ENTITY_UPDATED},
    {"entityDeleted", ON_ENTITY_DELETED},
    {"attributeCreated", ON_ATTRIBUTE_CREATED},
    {"attributeUpdated", ON_ATTRIBUTE_UPDATED},
    {"attributeDeleted", ON_ATTRIBUTE_DELETED},
    {NULL, 0},
};

const struct subscription_word subscription_accepts[] = {
    {"application/json", ACCEPT_JSON},
    {"application/ld+json", ACCEPT_LD},
    {"application/geo+json", ACCEPT_GEO},
    {NULL, 0},
};

/* The first name of each is the one that is told. */
const struct subscription_word subscription_forms[] = {
    {"normalized", ENTITY_NORMALIZED},
    {"concise", ENTITY_CONCISE},
    {"keyValues", ENTITY_SIMPLIFIED},
    {"simplified", ENTITY_SIMPLIFIED},
    {NULL, 0},
};

const char *subscription_accept_type(enum subscription_accept accept) {
    return subscription_accepts[accept].name;
}

const char *subscription_status(const struct subscription *s, int64_t now_ms) {
    bool expired = s->expires_ms != 0 && s->expires_ms <= now_ms;
    return expired ? "expired" : s->is_paused ? "paused" : "active";
}

/* ---- a patch ---- */

static void patch_what(struct subscription *to, const struct subscription *from, unsigned said) {
    if (said & SAYS_ENTITIES) {
        to->selectors = from->selectors;
        to->selector_count = from->selector_count;
    }
    to->watched = said & SAYS_WATCHED ? from->watched : to->watched;
    to->triggers = said & SAYS_TRIGGER ? from->triggers : to->triggers;
    if (said & SAYS_Q) {
        to->q = from->q;
        to->q_context = from->q_context;
    }
    to->scope_q = said & SAYS_SCOPE_Q ? from->scope_q : to->scope_q;
    to->geo = said & SAYS_GEO ? from->geo : to->geo;
    to->datasets = said & SAYS_DATASETS ? from->datasets : to->datasets;
    to->csf = said & SAYS_CSF ? from->csf : to->csf;
}

static void patch_when(struct subscription *to, const struct subscription *from, unsigned said,
                       int64_t now_ms) {
    bool was_expired = to->expires_ms != 0 && to->expires_ms <= now_ms;
    if (said & SAYS_EXPIRES) {
        to->expires_ms = from->expires_ms;
        to->is_paused = to->is_paused && !was_expired;
    }
    to->is_paused = said & SAYS_ACTIVE ? from->is_paused : to->is_paused;
    to->throttling_ms = said & SAYS_THROTTLING ? from->throttling_ms : to->throttling_ms;
    to->interval_ms = said & SAYS_INTERVAL ? from->interval_ms : to->interval_ms;
}

/* What is told is replaced as a whole: a member that is left out has its default again. */
static void patch_how(struct subscription *to, const struct subscription *from) {
    to->attributes = from->attributes;
    to->pick = from->pick;
    to->omit = from->omit;
    to->form = from->form;
    to->show_changes = from->show_changes;
    to->sys_attrs = from->sys_attrs;
    to->uri = from->uri;
    to->accept = from->accept;
    to->timeout_ms = from->timeout_ms;
    to->cooldown_ms = from->cooldown_ms;
    to->receiver = from->receiver;
    to->notifier = from->notifier;
}

void subscription_patch(struct subscription *to, const struct subscription *from, unsigned said,
                        int64_t now_ms) {
    to->name = said & SAYS_NAME ? from->name : to->name;
    to->description = said & SAYS_DESCRIPTION ? from->description : to->description;
    to->jsonld_context = said & SAYS_CONTEXT ? from->jsonld_context : to->jsonld_context;
    patch_what(to, from, said);
    patch_when(to, from, said, now_ms);
    if (said & SAYS_NOTIFICATION) {
        patch_how(to, from);
    }
}

/* ---- whole? ---- */

bool subscription_names_have(const struct subscription_names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->all[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static enum code check_told(const struct subscription *s, struct err *err) {
    if (s->attributes.count > 0 && (s->pick.count > 0 || s->omit.count > 0)) {
        return err_set(err, E_INPUT, "cannot take \"attributes\" with \"pick\" or \"omit\"");
    }
    for (size_t i = 0; i < s->pick.count; i++) {
        if (subscription_names_have(&s->omit, s->pick.all[i])) {
            return err_set(err, E_INPUT, "cannot both pick and omit \"%.200s\"", s->pick.all[i]);
        }
    }
    if (s->show_changes && s->form == ENTITY_SIMPLIFIED) {
        return err_set(err, E_INPUT,
                       "cannot show changes in the format keyValues: it has no room for what was "
                       "before");
    }
    return OK;
}

static enum code check_when(const struct subscription *s, unsigned said, int64_t now_ms,
                            struct err *err) {
    char at[ENTITY_TIME_MAX];
    if (s->interval_ms > 0 && (s->watched.count > 0 || s->throttling_ms > 0)) {
        return err_set(err, E_INPUT,
                       "cannot take \"timeInterval\" with \"watchedAttributes\" or \"throttling\"");
    }
    if (s->interval_ms > 0 && s->selector_count == 0) {
        return err_set(err, E_INPUT, "cannot take \"timeInterval\" without \"entities\"");
    }
    if ((said & SAYS_EXPIRES) && s->expires_ms != 0 && s->expires_ms <= now_ms) {
        return err_set(err, E_INPUT, "cannot take \"expiresAt\" \"%s\": it is past",
                       entity_time_text(s->expires_ms, at));
    }
    return OK;
}

/* Whether what it filters by can be read. */
static enum code check_filter(const struct subscription *s, struct err *err) {
    struct arena a = ARENA_INIT;
    struct filter filter = FILTER_INIT;
    enum code code = filter_compile(s, FILTER_SENT, &a, &filter, err);
    filter_fini(&filter);
    arena_fini(&a);
    return code;
}

enum code subscription_check(const struct subscription *s, unsigned said, int64_t now_ms,
                             struct err *err) {
    if (s->selector_count == 0 && s->watched.count == 0) {
        return err_set(
            err, E_INPUT,
            "cannot take a subscription with neither \"entities\" nor \"watchedAttributes\"");
    }
    if (s->uri == NULL) {
        return err_set(
            err, E_INPUT,
            "cannot take a subscription without \"notification\", \"endpoint\", \"uri\"");
    }
    enum code code = check_when(s, said, now_ms, err);
    code = code == OK ? check_told(s, err) : code;
    return code == OK ? check_filter(s, err) : code;
}
