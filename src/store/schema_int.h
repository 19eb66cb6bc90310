/* schema_int: which steps a database has been through, and those it still needs. */
#ifndef TAIHU_STORE_SCHEMA_INT_H
#define TAIHU_STORE_SCHEMA_INT_H

#include <stdint.h>

#include "base/err.h"
#include "store/schema.h"
#include "store/store.h"
#include "store/tx_int.h"

/* Makes an empty file ours: its application id and the table of applied steps. */
enum code schema_begin(struct tx *tx, struct err *err);

/* Applies the steps that are missing, the store's own first. E_INPUT: the file is of a newer
 * version, or a step that was applied has been edited since. */
enum code schema_apply(struct tx *tx, const struct store_config *config, struct err *err);

/* For readers: the file is neither newer nor older than the rooms they know. */
enum code schema_check(struct tx *tx, const struct store_config *config, struct err *err);

#endif
