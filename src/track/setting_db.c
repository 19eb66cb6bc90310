/* setting_db: the table and statements of setting.h. A setting that was never changed has no row.
 */
#include <string.h>

#include "store/query.h"
#include "track/rows_int.h"
#include "track/setting_int.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE setting_value ("
        "  name TEXT NOT NULL,"
        "  valid_from INTEGER NOT NULL,"
        "  valid_to INTEGER CHECK (valid_to > valid_from),"
        "  value TEXT NOT NULL,"
        "  PRIMARY KEY (name, valid_from)"
        ") STRICT;"
        "CREATE UNIQUE INDEX setting_value_valid ON setting_value (name) WHERE valid_to IS NULL;"},
};

const struct schema setting_schema = {"setting", migrations,
                                      sizeof migrations / sizeof migrations[0], NULL};

static const char SQL_LOAD[] =
    "SELECT name, value FROM setting_value"
    " WHERE valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1) ORDER BY name";
static const char SQL_END[] =
    "UPDATE setting_value SET valid_to = ?2 WHERE name = ?1 AND valid_to IS NULL";
static const char SQL_ADD[] =
    "INSERT INTO setting_value (name, valid_from, value) VALUES (?1, ?2, ?3)";

enum code setting_load(struct tx *tx, int64_t as_of, struct settings *out, struct err *err) {
    struct settings got = setting_defaults();
    struct query *q = query_open(tx, SQL_LOAD);
    query_int(q, 1, as_of);
    while (query_row(q)) {
        for (int i = 0; i < SETTINGS; i++) {
            if (strcmp(query_get_text(q, 0), setting_rule((enum setting)i)->name) == 0) {
                got.value[i] = rows_decimal(q, 1);
            }
        }
    }
    enum code code = query_close(q, err);
    if (code == OK) {
        *out = got;
    }
    return code;
}

enum code setting_db_set(struct tx *tx, enum setting which, struct decimal value, int64_t line,
                         struct err *err) {
    char text[DECIMAL_TEXT_MAX];
    struct query *q = query_open(tx, SQL_END);
    query_text(q, 1, setting_rule(which)->name);
    query_int(q, 2, line);
    enum code code = query_run(q, err);
    if (code == OK) {
        q = query_open(tx, SQL_ADD);
        query_text(q, 1, setting_rule(which)->name);
        query_int(q, 2, line);
        query_text(q, 3, decimal_text(value, text));
        code = query_run(q, err);
    }
    return code;
}
