/* A sheet as CSV byte for byte, and as XLSX by what a zip reader finds in it. */
#include "publish/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include <cmocka.h>

static const struct sheet_column columns[] = {{"任务", 40}, {"目标值", 10}, {"期限", 12}};

static struct buf write_sheet(enum sheet_format format) {
    struct buf to = BUF_INIT;
    struct err err = ERR_INIT;
    struct sheet *s = sheet_new(format, "任务", columns, 3);
    sheet_text(s, "新增5G基站4000个以上, \"双千兆\"");
    sheet_number(s, "13.5");
    sheet_day(s, "2021-06-30");
    assert_int_equal(sheet_row(s, &err), OK);
    sheet_text(s, "=1+1");
    sheet_number(s, "-2.1");
    assert_int_equal(sheet_row(s, &err), OK);
    sheet_text(s, NULL);
    sheet_number(s, "约3");
    sheet_day(s, "年底前");
    assert_int_equal(sheet_row(s, &err), OK);
    assert_int_equal(sheet_finish(s, &to, &err), OK);
    sheet_free(s);
    return to;
}

static void csv_is_as_rfc_4180_says(void **state) {
    (void)state;
    struct buf to = write_sheet(SHEET_CSV);
    assert_string_equal(to.data, "\xEF\xBB\xBF任务,目标值,期限\r\n"
                                 "\"新增5G基站4000个以上, \"\"双千兆\"\"\",13.5,2021-06-30\r\n"
                                 "'=1+1,-2.1,\r\n"
                                 ",约3,年底前\r\n");
    buf_fini(&to);
}

/* The file `name` of the zip in `b`; the caller frees it. */
static char *unzip(const struct buf *b, const char *name) {
    zip_error_t error;
    zip_stat_t st;
    zip_source_t *source = zip_source_buffer_create(b->data, b->len, 0, &error);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    assert_non_null(zip);
    assert_int_equal(zip_stat(zip, name, 0, &st), 0);
    char *text = calloc(1, st.size + 1);
    zip_file_t *file = zip_fopen(zip, name, 0);
    assert_int_equal(zip_fread(file, text, st.size), st.size);
    zip_fclose(file);
    zip_close(zip);
    return text;
}

static void xlsx_holds_texts_numbers_and_days(void **state) {
    (void)state;
    struct buf to = write_sheet(SHEET_XLSX);
    char *strings = unzip(&to, "xl/sharedStrings.xml");
    char *page = unzip(&to, "xl/worksheets/sheet1.xml");
    assert_non_null(strstr(strings, "新增5G基站4000个以上, \"双千兆\""));
    assert_non_null(strstr(strings, "<t>=1+1</t>"));
    assert_non_null(strstr(page, "<v>13.5</v>"));
    assert_non_null(strstr(page, "<v>-2.1"));
    assert_non_null(strstr(page, "<v>44377</v>")); /* 2021-06-30, days since 1899-12-30 */
    assert_null(strstr(page, "<f>"));
    free(strings);
    free(page);
    buf_fini(&to);
}

static void an_unfinished_sheet_is_freed(void **state) {
    (void)state;
    struct sheet *s = sheet_new(SHEET_XLSX, "任务", columns, 3);
    sheet_text(s, "x");
    sheet_free(s);
    sheet_free(NULL);
}

static void a_sheet_has_an_end(void **state) {
    (void)state;
    struct err err = ERR_INIT;
    struct sheet *s = sheet_new(SHEET_CSV, "任务", columns, 3);
    for (size_t i = 0; i < SHEET_ROWS_MAX; i++) {
        assert_int_equal(sheet_row(s, &err), OK);
    }
    assert_int_equal(sheet_row(s, &err), E_LIMIT);
    sheet_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_as_rfc_4180_says),
        cmocka_unit_test(xlsx_holds_texts_numbers_and_days),
        cmocka_unit_test(an_unfinished_sheet_is_freed),
        cmocka_unit_test(a_sheet_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
