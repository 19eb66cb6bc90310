/* setting_int: the settings as JSON, for the board too. */
#ifndef TAIHU_API_SETTING_INT_H
#define TAIHU_API_SETTING_INT_H

#include "base/json.h"
#include "track/setting.h"

void setting_put(struct json_out *j, const struct settings *s, int64_t version);

#endif
