/* serve_mqtt: see serve_mqtt.h. */
#include "cli/serve_mqtt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/clock.h"

enum { PASSWORD_MAX = 4096 };

static enum code check_alone(const struct cli_args *args, struct err *err) {
    static const struct {
        enum cli_option_id id;
        const char *name;
    } others[] = {{CLI_MQTT_MAP, "--mqtt-map"},
                  {CLI_MQTT_CA, "--mqtt-ca"},
                  {CLI_MQTT_PASSWORD, "--mqtt-password"}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (args->value[others[i].id] != NULL) {
            return err_set(err, E_USAGE, "%s goes with --mqtt URL", others[i].name);
        }
    }
    return OK;
}

static enum code read_table(const char *path, struct arena *a, struct payload_table *out,
                            struct err *err) {
    struct buf text = BUF_INIT;
    enum code code = file_load(path, PAYLOAD_TABLE_BYTES_MAX, &text, err);
    if (code == OK) {
        code = payload_parse(text.data == NULL ? "" : text.data, text.len, a, out, err);
        if (code != OK) {
            err_prefix(err, path);
        }
    }
    buf_fini(&text);
    return code;
}

/* The first line of the file, or the environment's; NULL where neither is there. */
static enum code read_password(const char *path, struct arena *a, const char **out,
                               struct err *err) {
    struct buf text = BUF_INIT;
    if (path == NULL) {
        const char *said = getenv("TAIHU_MQTT_PASSWORD");
        *out = said == NULL ? NULL : arena_dup(a, said, strlen(said));
        return OK;
    }
    enum code code = file_load(path, PASSWORD_MAX, &text, err);
    if (code == OK) {
        *out = text.len == 0 ? "" : arena_dup(a, text.data, strcspn(text.data, "\r\n"));
    }
    buf_fini(&text);
    return code;
}

static enum code check(const struct serve_mqtt *m, struct err *err) {
    if (m->ca_file != NULL && !m->address.tls) {
        return err_set(err, E_USAGE, "--mqtt-ca goes with mqtts://, which is TLS");
    }
    return m->password == NULL || m->address.user != NULL
               ? OK
               : err_set(err, E_USAGE, "a password for MQTT goes with a user: mqtt://user@host");
}

enum code serve_mqtt_read(const struct cli_args *args, struct arena *a, struct serve_mqtt *out,
                          struct err *err) {
    const char *url = args->value[CLI_MQTT];
    const char *map = args->value[CLI_MQTT_MAP];
    *out = (struct serve_mqtt){.wanted = url != NULL, .ca_file = args->value[CLI_MQTT_CA]};
    if (url == NULL) {
        return check_alone(args, err);
    }
    if (map == NULL) {
        return err_set(err, E_USAGE, "--mqtt needs --mqtt-map MAP (see taihu serve --help)");
    }
    enum code code = mqtt_parse_address(url, a, &out->address, err);
    if (code == OK) {
        code = read_password(args->value[CLI_MQTT_PASSWORD], a, &out->password, err);
    }
    if (code == OK) {
        code = check(out, err);
    }
    return code == OK ? read_table(map, a, &out->table, err) : code;
}

static void say(void *data, const char *words) {
    (void)data;
    fprintf(stderr, "taihu: %s\n", words);
}

enum code serve_mqtt_open(struct serve_mqtt *wish, const struct intake_config *parts,
                          struct mqtt **out, struct err *err) {
    if (!wish->wanted) {
        return OK;
    }
    enum code code = OK;
    if (wish->table.client != NULL) {
        snprintf(wish->client, sizeof wish->client, "%s", wish->table.client);
    } else {
        code = mqtt_name_client(parts->store, wish->client, err);
    }
    struct mqtt_config config = {.address = wish->address,
                                 .password = wish->password,
                                 .ca_file = wish->ca_file,
                                 .client = wish->client,
                                 .intake = *parts,
                                 .now_ms = clock_now_ms,
                                 .say = say};
    config.intake.table = &wish->table;
    return code == OK ? mqtt_new(&config, out, err) : code;
}
