/* role: see role.h. */
#include "access/role.h"

#include <assert.h>
#include <string.h>

/* ---- the table ---- */

/* What departments, districts and towns have in common. */
#define ANSWERS_FOR_ITS_OWN                                                                        \
    {                                                                                              \
        [ACTION_PLAN_READ] = GRANT_ALL, [ACTION_PROGRESS_READ] = GRANT_ALL,                        \
        [ACTION_PROGRESS_REPORT] = GRANT_OWN, [ACTION_EVIDENCE_READ] = GRANT_OWN,                  \
        [ACTION_SLIP_READ] = GRANT_OWN, [ACTION_SLIP_ANSWER] = GRANT_OWN,                          \
        [ACTION_SETTINGS_READ] = GRANT_ALL, [ACTION_EVENTS_READ] = GRANT_ALL,                      \
        [ACTION_ENTITY_READ] = GRANT_ALL, [ACTION_TOKEN_OWN] = GRANT_ALL,                          \
        [ACTION_PASSWORD_OWN] = GRANT_ALL,                                                         \
    }

/* GRANT_NONE is 0: what is not named here is denied. */
static const unsigned char grants[ROLES][ACTIONS] = {
    [ROLE_ADMINISTRATOR] =
        {
            [ACTION_PLAN_READ] = GRANT_ALL,     [ACTION_PLAN_LOAD] = GRANT_ALL,
            [ACTION_OWNER_SET] = GRANT_ALL,     [ACTION_PATH_SET] = GRANT_ALL,
            [ACTION_PROGRESS_READ] = GRANT_ALL, [ACTION_PROGRESS_REPORT] = GRANT_ALL,
            [ACTION_EVIDENCE_READ] = GRANT_ALL, [ACTION_SLIP_READ] = GRANT_ALL,
            [ACTION_SLIP_ISSUE] = GRANT_ALL,    [ACTION_SLIP_ANSWER] = GRANT_ALL,
            [ACTION_SLIP_CLOSE] = GRANT_ALL,    [ACTION_VERDICT_CONFIRM] = GRANT_ALL,
            [ACTION_SETTINGS_READ] = GRANT_ALL, [ACTION_SETTINGS_CHANGE] = GRANT_ALL,
            [ACTION_JOURNAL_READ] = GRANT_ALL,  [ACTION_EVENTS_READ] = GRANT_ALL,
            [ACTION_ACCOUNT_READ] = GRANT_ALL,  [ACTION_ACCOUNT_CHANGE] = GRANT_ALL,
            [ACTION_METRICS_READ] = GRANT_ALL,  [ACTION_ENTITY_READ] = GRANT_ALL,
            [ACTION_ENTITY_WRITE] = GRANT_ALL,  [ACTION_ENTITY_SUBSCRIBE] = GRANT_ALL,
            [ACTION_TOKEN_OWN] = GRANT_ALL,     [ACTION_PASSWORD_OWN] = GRANT_ALL,
        },
    [ROLE_PLANNER] =
        {
            [ACTION_PLAN_READ] = GRANT_ALL,
            [ACTION_PLAN_LOAD] = GRANT_ALL,
            [ACTION_OWNER_SET] = GRANT_ALL,
            [ACTION_PATH_SET] = GRANT_ALL,
            [ACTION_PROGRESS_READ] = GRANT_ALL,
            [ACTION_PROGRESS_REPORT] = GRANT_ALL,
            [ACTION_EVIDENCE_READ] = GRANT_ALL,
            [ACTION_SLIP_READ] = GRANT_ALL,
            [ACTION_VERDICT_CONFIRM] = GRANT_ALL,
            [ACTION_SETTINGS_READ] = GRANT_ALL,
            [ACTION_SETTINGS_CHANGE] = GRANT_ALL,
            [ACTION_EVENTS_READ] = GRANT_ALL,
            [ACTION_ENTITY_READ] = GRANT_ALL,
            [ACTION_ENTITY_WRITE] = GRANT_ALL,
            [ACTION_ENTITY_SUBSCRIBE] = GRANT_ALL,
            [ACTION_TOKEN_OWN] = GRANT_ALL,
            [ACTION_PASSWORD_OWN] = GRANT_ALL,
        },
    [ROLE_SUPERVISOR] =
        {
            [ACTION_PLAN_READ] = GRANT_ALL,
            [ACTION_PROGRESS_READ] = GRANT_ALL,
            [ACTION_EVIDENCE_READ] = GRANT_ALL,
            [ACTION_SLIP_READ] = GRANT_ALL,
            [ACTION_SLIP_ISSUE] = GRANT_ALL,
            [ACTION_SLIP_CLOSE] = GRANT_ALL,
            [ACTION_VERDICT_CONFIRM] = GRANT_ALL,
            [ACTION_SETTINGS_READ] = GRANT_ALL,
            [ACTION_JOURNAL_READ] = GRANT_ALL,
            [ACTION_EVENTS_READ] = GRANT_ALL,
            [ACTION_ENTITY_READ] = GRANT_ALL,
            [ACTION_TOKEN_OWN] = GRANT_ALL,
            [ACTION_PASSWORD_OWN] = GRANT_ALL,
        },
    [ROLE_DEPARTMENT] = ANSWERS_FOR_ITS_OWN,
    [ROLE_DISTRICT] = ANSWERS_FOR_ITS_OWN,
    [ROLE_TOWN] = ANSWERS_FOR_ITS_OWN,
    [ROLE_PUBLIC] = {[ACTION_PLAN_READ] = GRANT_ALL, [ACTION_PASSWORD_OWN] = GRANT_ALL},
};

enum grant role_may(enum role role, enum action action) {
    assert(role < ROLES && action < ACTIONS);
    return (enum grant)grants[role][action];
}

/* ---- names ---- */

static const char *const role_names[ROLES] = {
    "none", "administrator", "planner", "supervisor", "department", "district", "town", "public",
};

static const char *const action_names[ACTIONS] = {
    [ACTION_PLAN_READ] = "plan.read",         [ACTION_PLAN_LOAD] = "plan.load",
    [ACTION_OWNER_SET] = "owner.set",         [ACTION_PATH_SET] = "path.set",
    [ACTION_PROGRESS_READ] = "progress.read", [ACTION_PROGRESS_REPORT] = "progress.report",
    [ACTION_EVIDENCE_READ] = "evidence.read", [ACTION_SLIP_READ] = "slip.read",
    [ACTION_SLIP_ISSUE] = "slip.issue",       [ACTION_SLIP_ANSWER] = "slip.answer",
    [ACTION_SLIP_CLOSE] = "slip.close",       [ACTION_VERDICT_CONFIRM] = "verdict.confirm",
    [ACTION_SETTINGS_READ] = "settings.read", [ACTION_SETTINGS_CHANGE] = "settings.change",
    [ACTION_JOURNAL_READ] = "journal.read",   [ACTION_EVENTS_READ] = "events.read",
    [ACTION_ACCOUNT_READ] = "account.read",   [ACTION_ACCOUNT_CHANGE] = "account.change",
    [ACTION_METRICS_READ] = "metrics.read",   [ACTION_ENTITY_READ] = "entity.read",
    [ACTION_ENTITY_WRITE] = "entity.write",   [ACTION_ENTITY_SUBSCRIBE] = "entity.subscribe",
    [ACTION_TOKEN_OWN] = "token.own",         [ACTION_PASSWORD_OWN] = "password.own",
};

const char *role_name(enum role role) {
    assert(role < ROLES);
    return role_names[role];
}

const char *action_name(enum action action) {
    assert(action < ACTIONS);
    return action_names[action];
}

const char *grant_name(enum grant grant) {
    static const char *const names[] = {"none", "own", "all"};
    return names[grant];
}

bool role_parse(const char *name, enum role *out) {
    for (enum role r = ROLE_ADMINISTRATOR; r < ROLES; r++) {
        if (strcmp(name, role_names[r]) == 0) {
            *out = r;
            return true;
        }
    }
    return false;
}
