/* serve_mqtt: the MQTT connection of `taihu serve`, by its options --mqtt... */
#ifndef TAIHU_CLI_SERVE_MQTT_H
#define TAIHU_CLI_SERVE_MQTT_H

#include "base/arena.h"
#include "base/err.h"
#include "cli/cli_int.h"
#include "sense/mqtt.h"

/* What of the command line stands without a store; it lives in the arena. */
struct serve_mqtt {
    bool wanted;
    struct mqtt_address address;
    struct payload_table table;
    const char *password, *ca_file;
    char client[MQTT_CLIENT_MAX];
};

/* Reads options, map and password. E_USAGE, E_INPUT, E_IO. */
enum code serve_mqtt_read(const struct cli_args *args, struct arena *a, struct serve_mqtt *out,
                          struct err *err);

/* Starts it; *out stays NULL where it is not wanted. `wish` and what `parts` names outlive it; the
 * table of `parts` is not looked at. */
enum code serve_mqtt_open(struct serve_mqtt *wish, const struct intake_config *parts,
                          struct mqtt **out, struct err *err);

#endif
