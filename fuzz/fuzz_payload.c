/* fuzz_payload: TABLE NUL TOPIC NUL PAYLOAD, any bytes -> a table and entities that hold together,
 * or an error in words. Without a table, one of ours. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "sense/payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char usual[] =
    "{\"topics\": [{\"topic\": \"ld/#\", \"payload\": \"ngsi-ld\", \"time\": \"arrival\"},"
    "{\"topic\": \"+/{id}/#\", \"missing\": [\"-9999\"], \"id\": \"urn:x:{id}\", \"type\": \"T\","
    "\"time\": {\"text\": \"{t}\", \"format\": \"%Y-%m-%d %H:%M\", \"zone\": \"+08:00\", \"else\":"
    "\"arrival\"}, \"attributes\": [{\"name\": \"n\", \"column\": \"a.n\", \"kind\": \"number\"},"
    "{\"name\": \"s\", \"column\": \"s\", \"kind\": \"text\"}, {\"name\": \"j\", \"column\": \"j\","
    "\"kind\": \"json\"}, {\"name\": \"location\", \"kind\": \"point\", \"longitude\": \"x\","
    "\"latitude\": \"y\"}]}]}";

static void check_attributes(const struct entity_attribute *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert(list[i].name != NULL && list[i].value != NULL && list[i].value[0] != '\0');
        assert(utf8_check(list[i].value, strlen(list[i].value)) == strlen(list[i].value));
        check_attributes(list[i].sub, list[i].sub_count);
    }
}

static void take(const struct payload_table *table, const char *topic, const char *bytes, size_t n,
                 struct arena *a) {
    struct payload_message m = {topic, bytes, n, 1714521600000};
    struct payload_result result;
    struct err err = ERR_INIT;
    enum code code = payload_read(table, &m, a, &result, &err);
    assert((code == OK) == (err.msg[0] == '\0'));
    assert(code == OK || code == E_INPUT || code == E_LIMIT);
    assert(utf8_check(err.msg, strlen(err.msg)) == strlen(err.msg));
    for (size_t i = 0; code == OK && i < result.count; i++) {
        assert(entity_is_uri(result.entities[i].id) && result.entities[i].type_count > 0);
        check_attributes(result.entities[i].attributes, result.entities[i].count);
    }
}

/* The text up to the next NUL, or the end. */
static const char *cut(const char **at, size_t *left, struct arena *a) {
    const char *end = memchr(*at, '\0', *left);
    size_t n = end == NULL ? *left : (size_t)(end - *at);
    const char *text = arena_dup(a, *at, n);
    size_t used = end == NULL ? n : n + 1;
    *at += used;
    *left -= used;
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct payload_table table;
    const char *at = (const char *)data;
    const char *text = cut(&at, &size, &a);
    const char *topic = cut(&at, &size, &a);
    text = text[0] == '\0' ? usual : text;
    enum code code = payload_parse(text, strlen(text), &a, &table, &err);
    assert((code == OK) == (err.msg[0] == '\0') && err.code == code);
    if (code == OK) {
        /* topics are UTF-8: the library sees to it */
        take(&table, arena_dup(&a, topic, utf8_check(topic, strlen(topic))), at, size, &a);
    }
    arena_fini(&a);
    return 0;
}
