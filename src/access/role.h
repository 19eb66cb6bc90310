/* role: what each role may do: one constant table, role by action. What the table does not list is
 * denied, and so is everything to who has no role.
 *
 * A grant says how far: GRANT_OWN is what belongs to the account's organisation or one below it.
 * Which things those are, the caller knows: here an organisation is a code and nothing else. */
#ifndef TAIHU_ACCESS_ROLE_H
#define TAIHU_ACCESS_ROLE_H

#include <stdbool.h>

enum role {
    ROLE_NONE, /* not signed in: may nothing */
    ROLE_ADMINISTRATOR,
    ROLE_PLANNER,    /* keeps the plan: loads, assigns, draws paths, reports for others */
    ROLE_SUPERVISOR, /* the office of supervision (督查室): slips, verdicts, the journal */
    ROLE_DEPARTMENT, /* answers for what is its own, as the next two */
    ROLE_DISTRICT,
    ROLE_TOWN,
    ROLE_PUBLIC,
    ROLES,
};

enum action {
    ACTION_PLAN_READ,
    ACTION_PLAN_LOAD,
    ACTION_OWNER_SET,
    ACTION_PATH_SET,
    ACTION_PROGRESS_READ,
    ACTION_PROGRESS_REPORT,
    ACTION_EVIDENCE_READ,
    ACTION_SLIP_READ,
    ACTION_SLIP_ISSUE,
    ACTION_SLIP_ANSWER,
    ACTION_SLIP_CLOSE,
    ACTION_VERDICT_CONFIRM,
    ACTION_SETTINGS_READ,
    ACTION_SETTINGS_CHANGE,
    ACTION_JOURNAL_READ,
    ACTION_EVENTS_READ,
    ACTION_ACCOUNT_READ,
    ACTION_ACCOUNT_CHANGE,
    ACTION_METRICS_READ,
    ACTION_ENTITY_READ, /* what the city's things are and measure */
    ACTION_ENTITY_WRITE,
    ACTION_ENTITY_SUBSCRIBE, /* to be told of changes, at addresses of one's choice */
    ACTION_TOKEN_OWN,        /* one's own API tokens */
    ACTION_PASSWORD_OWN,     /* one's own password */
    ACTIONS,
};

enum grant { GRANT_NONE, GRANT_OWN, GRANT_ALL };

enum grant role_may(enum role role, enum action action);

const char *role_name(enum role role);       /* "planner"; "none" for ROLE_NONE */
const char *action_name(enum action action); /* "plan.read" */
const char *grant_name(enum grant grant);    /* "none", "own", "all" */

/* Reads the name of a role that an account can have, so never "none". */
bool role_parse(const char *name, enum role *out);

#endif
