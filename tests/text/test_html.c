/* test_html: what a page shows, line by line, and pages made to hurt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/html.h"

enum { MAX = 8 * 1024 * 1024 };

static void expect_bytes(const char *bytes, size_t n, const char *want, const char *want_title) {
    struct buf text = BUF_INIT, title = BUF_INIT;
    struct err err = ERR_INIT;
    enum code code = html_parse(bytes, n, MAX, &text, &title, &err);
    assert_string_equal(err.msg, "");
    assert_int_equal(code, OK);
    assert_string_equal(text.data, want);
    if (want_title == NULL) {
        assert_int_equal(title.len, 0);
    } else {
        assert_string_equal(title.data, want_title);
    }
    buf_fini(&text);
    buf_fini(&title);
}

static void expect(const char *page, const char *want) {
    expect_bytes(page, strlen(page), want, NULL);
}

static void expect_error(const char *bytes, size_t n, enum code want, const char *words) {
    struct buf text = BUF_INIT, title = BUF_INIT;
    struct err err = ERR_INIT;
    assert_int_equal(html_parse(bytes, n, MAX, &text, &title, &err), want);
    assert_string_equal(err.msg, words);
    buf_fini(&text);
    buf_fini(&title);
}

static void a_government_page(void **state) {
    (void)state;
    static const char page[] =
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\n"
        "<title>\n 2021年政府工作重點 </title>\n"
        "<style>p { color: red }</style><script>document.write('<p>no</p>');</script></head>\n"
        "<body><nav><a href=\"/\">首页</a></nav>\n"
        "<div class=\"main\"><!-- not shown -->\n"
        "<table><tr><td>信息索引號</td><td>014006438/2021-00798</td><td>生成日期</td>"
        "<td>2021-02-18</td></tr>\n"
        "<tr><td><p>發布機構</p></td><td><p>無錫市發展和改革委員會</p></td></tr></table>\n"
        "<p>&nbsp;&nbsp;&nbsp; 2021年是“十四五”開局之年，\n也是開啟全面建設&hellip;</p>\n"
        "<p>　　（一）著力<b>搶占</b>創新<br>驅動發展</p><p> </p>\n"
        "<noscript>enable it</noscript><template>t</template>\n"
        "<div style=\"Display : none\">hidden</div><span hidden>too</span>\n"
        "</div><footer>版权所有</footer></body></html>\n";
    expect_bytes(page, strlen(page),
                 "信息索引號 | 014006438/2021-00798 | 生成日期 | 2021-02-18\n"
                 "發布機構 | 無錫市發展和改革委員會\n"
                 "2021年是“十四五”開局之年，也是開啟全面建設…\n"
                 "（一）著力搶占創新\n"
                 "驅動發展",
                 "2021年政府工作重點");
}

static void blanks_collapse(void **state) {
    (void)state;
    expect("<p> a  \t b&nbsp;&nbsp;c </p><p>d\ne</p>", "a b c\nd e");
    expect("<p>增长<span> 7%</span> </p>", "增长 7%");
    expect("<p>a\xE2\x80\x8B\xEF\xBB\xBF&#8203;b</p>", "ab");
    expect("<pre>一\n  二\n\n三</pre>四\n五", "一\n二\n三\n四五");
}

static void tables(void **state) {
    (void)state;
    /* an empty cell keeps its place between others, not at either end */
    expect("<table><tr><td>1</td><td></td><td>3</td><td> </td></tr>"
           "<tr><td></td><td>b</td></tr><tr><td></td></tr></table>x",
           "1 | | 3\nb\nx");
    /* a table that only lays out the page */
    expect("<table><tr><td>left</td><td><p>one</p><p>two</p></td><td>right</td></tr></table>",
           "left | one\ntwo\nright");
    expect("<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td><td>d</td></tr>"
           "</table>",
           "a\nb | c\nd");
    expect("a<td>b</td><tr>c</tr>d", "a\nb\nc\nd");
}

static void badly_nested_pages_are_read(void **state) {
    (void)state;
    expect("<p>a<div>b</span>c</div></b>d", "a\nbc\nd");
    expect("<p>a<p>b<li>c<li>d", "a\nb\nc\nd");
    expect("just text", "just text");
}

static void entities(void **state) {
    (void)state;
    expect("<p>&lt;a&gt; &amp;&#22826;&#x6E56; &unknown; &#0;&#xD800;&#x110000;x</p>",
           "<a> &太湖 &unknown; x");
    expect("<!DOCTYPE html [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><p>x&e;</p>", "]>\nx&e;");
}

static void gb2312_label_means_gb18030(void **state) {
    (void)state;
    static const char page[] =
        "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">"
        "<title>\xCE\xDE\xCE\xFD</title></head><body><p>\xCC\xAB\xBA\xFE\x96\x6E</p></body></html>";
    expect_bytes(page, strlen(page), "太湖杗", "无锡");
}

static void the_label_does_not_beat_the_bytes(void **state) {
    (void)state;
    expect("<meta charset=gb2312><p>太湖</p>", "太湖");
    expect("<meta charset='latin1'><p>\xCC\xAB\xBA\xFE</p>", "太湖");
    expect("<?xml version='1.0' encoding='gb2312'?><html><p>\xCC\xAB\xBA\xFE</p></html>", "太湖");
    expect("<meta name=charset content=x><meta charset=big5><p>\xA4\xD3\xB4\xF2</p>", "太湖");
}

static void utf16_pages(void **state) {
    (void)state;
    static const char page[] = "\xFF\xFE<\0p\0>\0\x2A\x59\x56\x6E<\0/\0p\0>\0";
    expect_bytes(page, sizeof page - 1, "太湖", NULL);
}

static void pages_without_text_are_refused(void **state) {
    (void)state;
    expect_error("<html><body><script>x</script></body></html>", 44, E_INPUT,
                 "html shows no text: 44 bytes of markup");
    expect_error("<p>&nbsp;", 9, E_INPUT, "html shows no text: 9 bytes of markup");
    expect_error("", 0, E_INPUT, "empty: 0 bytes");
    expect_error("<p>a\0b", 6, E_INPUT, "not text but binary: byte 0x00 at offset 4");
    expect_error("<p>太湖之滨\xFF</p>", 20, E_INPUT,
                 "damaged utf-8: byte 0xff at offset 15 begins no character");
}

/* `piece` over and over. */
static void repeat(struct buf *page, const char *piece, size_t times) {
    for (size_t i = 0; i < times; i++) {
        buf_adds(page, piece);
    }
}

static void deep_nesting_is_refused(void **state) {
    (void)state;
    struct buf page = BUF_INIT;
    repeat(&page, "<div>", 100000);
    buf_adds(&page, "x");
    expect_error(page.data, page.len, E_LIMIT, "html nested deeper than 256 elements at line 1");
    buf_clear(&page);
    repeat(&page, "<table><tr><td>", 100000);
    expect_error(page.data, page.len, E_LIMIT, "html nested deeper than 256 elements at line 1");
    buf_fini(&page);
}

static void pages_made_to_take_long_are_refused(void **state) {
    (void)state;
    struct buf page = BUF_INIT;
    buf_adds(&page, "<p");
    for (int i = 0; i < 100000; i++) {
        buf_addf(&page, " a%d=1", i);
    }
    expect_error(page.data, page.len, E_LIMIT,
                 "html with a tag of more than 256 attributes at line 1");
    buf_clear(&page);
    for (int i = 0; i < 100000; i++) {
        buf_addf(&page, "<a%d/>", i);
    }
    expect_error(page.data, page.len, E_LIMIT,
                 "html with more than 4096 different names at line 1");
    buf_fini(&page);
}

static void wide_pages_are_read(void **state) {
    (void)state;
    struct buf page = BUF_INIT;
    repeat(&page, "<p>太</p></x>", 100000);
    struct buf text = BUF_INIT, title = BUF_INIT;
    assert_int_equal(html_parse(page.data, page.len, MAX, &text, &title, NULL), OK);
    assert_int_equal(text.len, 100000 * 4 - 1);
    buf_fini(&page);
    buf_fini(&text);
    buf_fini(&title);
}

static void the_text_is_bounded(void **state) {
    (void)state;
    struct buf text = BUF_INIT, title = BUF_INIT;
    struct err err = ERR_INIT;
    const char *page = "<p>12345</p><p>67890</p>";
    assert_int_equal(html_parse(page, strlen(page), 11, &text, &title, &err), OK);
    buf_clear(&text);
    assert_int_equal(html_parse(page, strlen(page), 10, &text, &title, &err), E_LIMIT);
    assert_string_equal(err.msg, "html with more than 10 bytes of text");
    buf_fini(&text);
    buf_fini(&title);
}

static void the_page_is_bounded(void **state) {
    (void)state;
    struct buf page = BUF_INIT;
    size_t n = HTML_SOURCE_MAX + 1;
    memset(buf_room(&page, n), 'a', n);
    expect_error(page.data, n, E_LIMIT, "text of more than the 16777216 bytes that are taken");
    buf_fini(&page);
}

static void a_long_title_is_cut(void **state) {
    (void)state;
    struct buf page = BUF_INIT;
    buf_adds(&page, "<title>");
    repeat(&page, "太湖", 10000);
    buf_adds(&page, "</title><p>x");
    struct buf text = BUF_INIT, title = BUF_INIT;
    assert_int_equal(html_parse(page.data, page.len, MAX, &text, &title, NULL), OK);
    assert_string_equal(text.data, "x");
    assert_int_equal(title.len, 1023);
    buf_fini(&page);
    buf_fini(&text);
    buf_fini(&title);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_government_page),
        cmocka_unit_test(blanks_collapse),
        cmocka_unit_test(tables),
        cmocka_unit_test(badly_nested_pages_are_read),
        cmocka_unit_test(entities),
        cmocka_unit_test(gb2312_label_means_gb18030),
        cmocka_unit_test(the_label_does_not_beat_the_bytes),
        cmocka_unit_test(utf16_pages),
        cmocka_unit_test(pages_without_text_are_refused),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(pages_made_to_take_long_are_refused),
        cmocka_unit_test(wide_pages_are_read),
        cmocka_unit_test(the_text_is_bounded),
        cmocka_unit_test(the_page_is_bounded),
        cmocka_unit_test(a_long_title_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
