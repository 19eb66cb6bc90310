/* fuzz_import_csv: any bytes as a CSV and as a GeoJSON: rows and features, or words on what is
 * wrong with each; the same however the bytes come in; and a dry run of the whole by a map. The
 * first byte chooses delimiter, encoding and the like. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "sense/features.h"
#include "sense/import.h"
#include "sense/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
    const char *data;
    size_t n;
};

static struct rows_config config_of(uint8_t c) {
    static const enum encoding encodings[] = {ENCODING_NONE, ENCODING_UTF8, ENCODING_GB18030,
                                              ENCODING_UTF16LE};
    return (struct rows_config){.encoding = encodings[c & 3],
                                .delimiter = ",;\t|"[c >> 2 & 3],
                                .quote = (c & 16) != 0 ? '\0' : '"',
                                .skip = c >> 5 & 1};
}

static void read_rows(struct rows_config config, struct bytes b, size_t step, struct buf *to) {
    struct input_bytes in = {b.data, b.n, step};
    struct rows *r = NULL;
    int64_t last = 0;
    config.input = (struct input){input_read_bytes, &in};
    enum code made = rows_new(&config, &r, NULL);
    assert(made == OK);
    for (;;) {
        struct rows_row row;
        struct err err = ERR_INIT;
        enum code code = rows_next(r, &row, &err);
        if (code == OK && row.count == 0) {
            break;
        }
        assert(row.number == ++last && row.line >= 1 && code != E_IO);
        buf_addf(to, "%lld %s\n", (long long)row.line, err.msg);
        for (size_t i = 0; code == OK && i < row.count; i++) {
            assert(strlen(row.fields[i].text) == row.fields[i].len);
            assert(utf8_check(row.fields[i].text, row.fields[i].len) == row.fields[i].len);
            buf_add(to, row.fields[i].text, row.fields[i].len + 1);
        }
    }
    rows_free(r);
}

static void same_in_pieces(struct rows_config config, struct bytes b) {
    struct buf whole = BUF_INIT;
    struct buf pieces = BUF_INIT;
    read_rows(config, b, 1 << 20, &whole);
    read_rows(config, b, 3, &pieces);
    assert(whole.len == pieces.len &&
           (whole.len == 0 || memcmp(whole.data, pieces.data, whole.len) == 0));
    buf_fini(&whole);
    buf_fini(&pieces);
}

static void dry_run(const char *json, struct bytes b) {
    struct input_bytes in = {b.data, b.n, 7};
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct map map;
    struct import_report report;
    enum code code = map_parse(json, strlen(json), &a, &map, &err);
    assert(code == OK);
    struct import_config config = {
        .name = "fuzz", .input = {input_read_bytes, &in}, .map = &map, .actor = "fuzz", .batch = 5};
    code = import_run(&config, &a, &report, &err);
    assert((code == OK) == (err.msg[0] == '\0'));
    assert(code != OK || report.rows == report.taken + report.passed + report.rejected);
    assert(report.gaps.missing >= 0 && report.gaps.missing <= report.gaps.steps);
    arena_fini(&a);
}

static const char of_csv[] =
    "{\"header\": false, \"columns\": [\"a\", \"b\", \"c\"], \"entities\": [{\"id\": "
    "\"urn:x:{a}\", \"type\": \"T\", \"time\": {\"text\": \"{b}\", \"format\": \"%s\", \"every\": "
    "60}, \"attributes\": [{\"name\": \"v\", \"kind\": \"number\", \"column\": \"c\", \"factor\": "
    "\"1/3\", \"places\": 3}]}]}";
static const char of_geojson[] =
    "{\"format\": \"geojson\", \"entities\": [{\"id\": \"urn:x:{@id}\", \"type\": \"T\", "
    "\"attributes\": [{\"name\": \"v\", \"kind\": \"text\", \"column\": \"v\"}, {\"name\": "
    "\"location\", \"kind\": \"geometry\", \"datum\": \"bd09\"}]}]}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct bytes b = {(const char *)data, size};
    dry_run(of_csv, b);
    dry_run(of_geojson, b);
    if (size > 0) {
        same_in_pieces(config_of(data[0]), (struct bytes){(const char *)data + 1, size - 1});
    }
    return 0;
}
