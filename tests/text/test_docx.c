/* test_docx: Word documents built in memory: text, tables, changes, the numbers Word counts, and
 * files made to hurt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "text/docx.h"
#include "text/docx_int.h"

#include "docx_build.h"

enum { MAX = 8 * 1024 * 1024 };

static void expect_parts(const char *document, const char *numbering, const char *styles,
                         const char *want) {
    struct buf file = BUF_INIT, text = BUF_INIT, title = BUF_INIT;
    struct err err = ERR_INIT;
    docx_build_parts(document, numbering, styles, NULL, &file);
    enum code code = docx_parse(file.data, file.len, MAX, &text, &title, &err);
    assert_string_equal(err.msg, "");
    assert_int_equal(code, OK);
    assert_string_equal(text.data, want);
    assert_int_equal(title.len, 0);
    buf_fini(&file);
    buf_fini(&text);
    buf_fini(&title);
}

static void expect(const char *document, const char *want) {
    expect_parts(document, NULL, NULL, want);
}

static void expect_error(const char *bytes, size_t n, enum code want, const char *words) {
    struct buf text = BUF_INIT, title = BUF_INIT;
    struct err err = ERR_INIT;
    assert_int_equal(docx_parse(bytes, n, MAX, &text, &title, &err), want);
    assert_string_equal(err.msg, words);
    buf_fini(&text);
    buf_fini(&title);
}

static void expect_body_error(const char *document, enum code want, const char *words) {
    struct buf file = BUF_INIT;
    docx_build_parts(document, NULL, NULL, NULL, &file);
    expect_error(file.data, file.len, want, words);
    buf_fini(&file);
}

static void paragraphs_are_lines(void **state) {
    (void)state;
    expect(DOCX_BODY(DOCX_P(
               "2021年政府工作重点") "<w:p/>"
                                     "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr>"
                                     "<w:r><w:t xml:space=\"preserve\">　　 地区生产</w:t></w:r>"
                                     "<w:r><w:t>总值</w:t><w:tab/><w:t>7%</w:t><w:br/"
                                     "><w:t>二&amp;三</w:t></w:r>"
                                     "<w:r><w:t>4</w:t><w:noBreakHyphen/><w:t>5</w:t></w:r></w:p>"),
           "2021年政府工作重点\n地区生产总值 7%\n二&三4-5");
}

static void what_is_not_shown_is_left_out(void **state) {
    (void)state;
    expect(DOCX_BODY("<w:p><w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del>"
                     "<w:moveFrom><w:r><w:t>搬</w:t></w:r></w:moveFrom>"
                     "<w:ins><w:r><w:t>新</w:t></w:r></w:ins>"
                     "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
                     "<w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>显</w:t></w:r>"
                     "<w:r><w:instrText> PAGE </w:instrText></w:r>"
                     "<w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink>"
                     "<w:sdt><w:sdtContent><w:r><w:t>控</w:t></w:r></w:sdtContent></w:sdt></w:p>"),
           "新显链控");
}

static void a_text_box_is_read_once(void **state) {
    (void)state;
    expect(
        DOCX_BODY(
            "<w:p><w:r><w:t>前</w:t></w:r><w:r><AlternateContent><Choice><w:txbxContent>" DOCX_P(
                "框") "</w:txbxContent></Choice><Fallback><w:txbxContent>" DOCX_P("框") "</"
                                                                                        "w:"
                                                                                        "txbxConten"
                                                                                        "t></"
                                                                                        "Fallback><"
                                                                                        "/Alternate"
                                                                                        "Content></"
                                                                                        "w:r>"
                                                                                        "<w:r><w:t>"
                                                                                        "后</w:t></"
                                                                                        "w:r></"
                                                                                        "w:p>"),
        "前\n框\n后");
}

static void tables_are_rows(void **state) {
    (void)state;
    expect(DOCX_BODY(
               "<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid>"
               "<w:tr><w:tc>" DOCX_P("序号") "</w:tc><w:tc>" DOCX_P("任务") "</w:tc><w:tc>" DOCX_P(
                   "责任单位") "</w:tc></w:tr>"
                               "<w:tr><w:tc>" DOCX_P("1") "</w:tc><w:tc>" DOCX_P("改造")
                                   DOCX_P("小区100个") "</w:tc><w:tc><w:p/></w:tc></w:tr></"
                                                       "w:tbl>" DOCX_P("后文")),
           "序号 | 任务 | 责任单位\n1 | 改造 小区100个\n后文");
    expect(DOCX_BODY("<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>" DOCX_P("框一")
                         DOCX_P("框二") "</w:tc></w:tr></w:tbl>"),
           "框一\n框二");
}

/* --- numbering --- */

#define NUM(id, level) "<w:numPr><w:ilvl w:val=\"" level "\"/><w:numId w:val=\"" id "\"/></w:numPr>"
#define NUM_P(id, level, text)                                                                     \
    "<w:p><w:pPr>" NUM(id, level) "</w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
#define STYLE_P(style, text)                                                                       \
    "<w:p><w:pPr><w:pStyle w:val=\"" style "\"/></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
#define LVL(i, format, text)                                                                       \
    "<w:lvl w:ilvl=\"" i "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" format                      \
    "\"/><w:lvlText w:val=\"" text "\"/></w:lvl>"

static const char plan_numbering[] =
    "<w:numbering " DOCX_NS
    "><w:abstractNum w:abstractNumId=\"5\">" LVL("0", "chineseCounting", "%1、") LVL(
        "1", "chineseCountingThousand", "（%2）") LVL("2", "decimal", "%3.")
        LVL("3", "decimal", "%1.%3.%4") "</w:abstractNum><w:abstractNum w:abstractNumId=\"6\">" LVL(
            "0", "bullet", "")
            LVL("1", "japaneseCounting",
                "第%2章") "</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId "
                          "w:val=\"5\"/></w:num>"
                          "<w:num w:numId=\"2\"><w:abstractNumId w:val=\"6\"/></w:num>"
                          "<w:num w:numId=\"3\"><w:abstractNumId w:val=\"5\"/><w:lvlOverride "
                          "w:ilvl=\"0\">"
                          "<w:startOverride w:val=\"1\"/></w:lvlOverride></w:num></w:numbering>";

static void lists_count(void **state) {
    (void)state;
    expect_parts(
        DOCX_BODY(NUM_P("1", "0", "总体要求") NUM_P("1", "1", "指导思想") NUM_P("1", "1", "目标")
                      NUM_P("1", "2", "甲") NUM_P("1", "2", "乙") NUM_P("1", "0", "重点任务")
                          NUM_P("1", "1", "产业") NUM_P("1", "3", "细目") DOCX_P("正文")
                              NUM_P("2", "0", "一点") NUM_P("2", "1", "总则")
                                  NUM_P("3", "0", "从头") NUM_P("3", "0", "再来")
                                      NUM_P("0", "0", "无号") NUM_P("77", "0", "无表")),
        plan_numbering, NULL,
        "一、总体要求\n（一）指导思想\n（二）目标\n1. 甲\n2. 乙\n二、重点任务\n（一）产业\n"
        "二.1.1 细目\n正文\n一点\n第一章 总则\n一、从头\n二、再来\n无号\n无表");
}

static void an_empty_numbered_paragraph_counts(void **state) {
    (void)state;
    expect_parts(DOCX_BODY(NUM_P("1", "0", "甲") "<w:p><w:pPr>" NUM(
                     "1", "0") "</w:pPr></w:p>" NUM_P("1", "0", "丙")),
                 plan_numbering, NULL, "一、甲\n三、丙");
}

static void styles_number_their_paragraphs(void **state) {
    (void)state;
    static const char numbering[] =
        "<w:numbering " DOCX_NS "><w:abstractNum w:abstractNumId=\"0\">"
        "<w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCounting\"/>"
        "<w:pStyle w:val=\"1\"/><w:suff w:val=\"nothing\"/><w:lvlText w:val=\"第%1章\"/></w:lvl>"
        "<w:lvl w:ilvl=\"1\"><w:start w:val=\"3\"/><w:numFmt w:val=\"decimal\"/>"
        "<w:pStyle w:val=\"2\"/><w:isLgl/><w:lvlText w:val=\"%1.%2\"/></w:lvl></w:abstractNum>"
        "<w:abstractNum w:abstractNumId=\"1\"><w:numStyleLink w:val=\"L\"/></w:abstractNum>"
        "<w:num w:numId=\"4\"><w:abstractNumId w:val=\"0\"/></w:num>"
        "<w:num w:numId=\"5\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>";
    static const char styles[] =
        "<w:styles " DOCX_NS ">"
        "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/>"
        "</w:style><w:style w:type=\"paragraph\" w:styleId=\"1\"><w:name w:val=\"heading 1\"/>"
        "<w:basedOn w:val=\"a\"/><w:pPr><w:numPr><w:numId w:val=\"4\"/></w:numPr></w:pPr></w:style>"
        "<w:style w:type=\"paragraph\" w:styleId=\"2\"><w:name w:val=\"heading 2\"/><w:pPr>"
        "<w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"4\"/></w:numPr></w:pPr></w:style>"
        "<w:style w:type=\"paragraph\" w:styleId=\"own\"><w:basedOn w:val=\"1\"/></w:style>"
        "<w:style w:type=\"numbering\" w:styleId=\"L\"><w:pPr><w:numPr><w:numId w:val=\"4\"/>"
        "</w:numPr></w:pPr></w:style>"
        "<w:style w:type=\"paragraph\" w:styleId=\"loop\"><w:basedOn w:val=\"loop\"/></w:style>"
        "<w:style w:type=\"paragraph\" w:styleId=\"TOC1\"><w:name w:val=\"toc 1\"/></w:style>"
        "</w:styles>";
    expect_parts(DOCX_BODY(STYLE_P("TOC1", "第一章总则 1") STYLE_P("1", "总则") STYLE_P(
                     "2", "目标") STYLE_P("2", "范围") STYLE_P("own", "任务") STYLE_P("2", "产业")
                               STYLE_P("loop", "文") STYLE_P("gone", "字") NUM_P("5", "0", "附则")),
                 numbering, styles,
                 "第一章总则\n1.3 目标\n1.4 范围\n第二章任务\n2.3 产业\n文\n字\n第三章附则");
}

static void list_0_is_none(void **state) {
    (void)state;
    expect_parts(DOCX_BODY(NUM_P("0", "0", "甲") DOCX_P("乙")),
                 "<w:numbering " DOCX_NS "><w:abstractNum w:abstractNumId=\"5\">" LVL(
                     "0", "decimal", "%1.") "</w:abstractNum><w:num w:numId=\"0\">"
                                            "<w:abstractNumId w:val=\"5\"/></w:num></w:numbering>",
                 NULL, "甲\n乙");
}

static void formats(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int n;
        const char *want;
    } cases[] = {
        {"decimal", 12, "12"},
        {"decimalZero", 7, "07"},
        {"decimalFullWidth", 12, "１２"},
        {"decimalEnclosedCircleChinese", 1, "①"},
        {"decimalEnclosedCircle", 20, "⑳"},
        {"decimalEnclosedCircle", 21, "㉑"},
        {"decimalEnclosedCircle", 36, "㊱"},
        {"decimalEnclosedCircle", 51, "51"},
        {"decimalEnclosedParen", 3, "⑶"},
        {"decimalEnclosedFullstop", 3, "⒊"},
        {"chineseCounting", 1, "一"},
        {"chineseCounting", 10, "十"},
        {"chineseCounting", 11, "十一"},
        {"chineseCounting", 20, "二十"},
        {"chineseCountingThousand", 105, "一百零五"},
        {"chineseCountingThousand", 110, "一百一十"},
        {"chineseCountingThousand", 1001, "一千零一"},
        {"chineseCountingThousand", 2020, "二千零二十"},
        {"chineseCounting", 10000, "10000"},
        {"chineseCounting", 0, "0"},
        {"chineseLegalSimplified", 12, "壹拾贰"},
        {"ideographLegalTraditional", 3, "參"},
        {"ideographDigital", 2021, "二〇二一"},
        {"ideographTraditional", 10, "癸"},
        {"ideographTraditional", 11, "11"},
        {"ideographZodiac", 12, "亥"},
        {"ideographEnclosedCircle", 10, "㊉"},
        {"upperRoman", 1994, "MCMXCIV"},
        {"lowerRoman", 4, "iv"},
        {"lowerRoman", 4000, "4000"},
        {"upperLetter", 26, "Z"},
        {"lowerLetter", 28, "bb"},
        {"lowerLetter", 1000000, "1000000"},
        {"none", 3, ""},
        {"of a later edition", 3, "3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf to = BUF_INIT;
        buf_adds(&to, "");
        docx_format_put(cases[i].name, cases[i].n, &to);
        assert_string_equal(to.data, cases[i].want);
        buf_fini(&to);
    }
}

/* --- the file --- */

/* tests/data/numbered.docx was written by a word processor, headings numbered by their styles. */
static void a_word_processors_file(void **state) {
    (void)state;
    char path[1024];
    struct buf file = BUF_INIT, text = BUF_INIT, title = BUF_INIT;
    struct err err = ERR_INIT;
    snprintf(path, sizeof path, "%s/tests/data/numbered.docx", TAIHU_SOURCE_DIR);
    assert_int_equal(file_load(path, MAX, &file, &err), OK);
    assert_int_equal(docx_parse(file.data, file.len, MAX, &text, &title, &err), OK);
    assert_string_equal(text.data, "标题行\n一、总体要求\n（一）指导思想\n正文 一。\n（二）目标\n"
                                   "1.甲\n2.乙\n二、任务\n（一）产业\n目标 | 7% 左右");
    assert_string_equal(title.data, "编号测试");
    buf_fini(&file);
    buf_fini(&text);
    buf_fini(&title);
}

static void the_title_is_the_core_property(void **state) {
    (void)state;
    struct buf file = BUF_INIT, text = BUF_INIT, title = BUF_INIT;
    docx_build_parts(DOCX_BODY(DOCX_P("x")), NULL, NULL,
                     "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\"><dc:creator>who</dc:creator>"
                     "<dc:title> 政府工作报告 </dc:title></cp:coreProperties>",
                     &file);
    assert_int_equal(docx_parse(file.data, file.len, MAX, &text, &title, NULL), OK);
    assert_string_equal(title.data, "政府工作报告");
    buf_fini(&file);
    buf_fini(&text);
    buf_fini(&title);
}

static void a_file_cut_short_is_refused(void **state) {
    (void)state;
    struct buf file = BUF_INIT;
    docx_build_parts(DOCX_BODY(DOCX_P("太湖之滨")), NULL, NULL, NULL, &file);
    for (size_t n = 1; n < file.len; n++) {
        struct buf text = BUF_INIT, title = BUF_INIT;
        struct err err = ERR_INIT;
        assert_int_equal(docx_parse(file.data, n, MAX, &text, &title, &err), E_INPUT);
        assert_non_null(strstr(err.msg, "truncated or damaged docx"));
        buf_fini(&text);
        buf_fini(&title);
    }
    buf_fini(&file);
}

static void damaged_bytes_are_refused(void **state) {
    (void)state;
    struct buf file = BUF_INIT;
    docx_build_parts(DOCX_BODY(DOCX_P("太湖之滨")), NULL, NULL, NULL, &file);
    char *name = memmem(file.data, file.len, "word/document.xml", 17);
    assert_non_null(name);
    name[17 + 60] ^= 0x55; /* in the packed bytes */
    struct buf text = BUF_INIT, title = BUF_INIT;
    struct err err = ERR_INIT;
    assert_int_equal(docx_parse(file.data, file.len, MAX, &text, &title, &err), E_INPUT);
    assert_int_equal(strncmp(err.msg, "word/document.xml: ", 19), 0);
    buf_fini(&file);
    buf_fini(&text);
    buf_fini(&title);
}

static void other_zips_are_named(void **state) {
    (void)state;
    static const struct {
        const char *member;
        const char *words;
    } cases[] = {
        {"xl/workbook.xml", "not a docx but a spreadsheet (xlsx)"},
        {"OFD.xml", "not a docx but an OFD file"},
        {"content.xml", "not a docx but an OpenDocument file"},
        {"readme.txt", "a zip but not a docx: it has no word/document.xml"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct docx_member member = {cases[i].member, "x", 1};
        struct buf file = BUF_INIT;
        docx_build(&member, 1, &file);
        expect_error(file.data, file.len, E_INPUT, cases[i].words);
        buf_fini(&file);
    }
}

static void a_zip_bomb_is_refused(void **state) {
    (void)state;
    struct buf xml = BUF_INIT, file = BUF_INIT;
    static const char head[] = "<w:document " DOCX_NS "><w:body><w:p>";
    buf_adds(&xml, head);
    size_t n = 80u * 1024 * 1024;
    memset(buf_room(&xml, n), ' ', n);
    xml.len += n;
    struct docx_member member = {"word/document.xml", xml.data, xml.len};
    docx_build(&member, 1, &file);
    assert_true(file.len < 200 * 1024);
    struct buf text = BUF_INIT, title = BUF_INIT;
    struct err err = ERR_INIT;
    assert_int_equal(docx_parse(file.data, file.len, MAX, &text, &title, &err), E_LIMIT);
    assert_non_null(strstr(err.msg, "unfold to more than 200 times as many"));
    buf_fini(&xml);
    buf_fini(&file);
    buf_fini(&text);
    buf_fini(&title);
}

static void entities_are_refused(void **state) {
    (void)state;
    expect_body_error("<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">"
                      "<!ENTITY c SYSTEM \"file:///etc/passwd\">]><w>&b;&c;</w>",
                      E_INPUT,
                      "word/document.xml: xml with a document type declaration at line 1: refused");
    expect_body_error(
        "<w><t>&b;</t></w>", E_INPUT,
        "word/document.xml: xml is not well-formed at line 1: Entity 'b' not defined");
}

static void malformed_xml_is_named(void **state) {
    (void)state;
    expect_body_error("<w:document " DOCX_NS ">\n<w:body></w:document>", E_INPUT,
                      "word/document.xml: xml is not well-formed at line 2: Opening and ending tag "
                      "mismatch: body line 2 and document");
    expect_body_error("", E_INPUT, "word/document.xml: xml is empty");
    expect_body_error("<w>\xFF</w>", E_INPUT,
                      "word/document.xml: xml is not well-formed at line 1: Input is not proper "
                      "UTF-8, indicate encoding !");
}

static void deep_xml_is_refused(void **state) {
    (void)state;
    struct buf xml = BUF_INIT;
    for (int i = 0; i < 100000; i++) {
        buf_adds(&xml, "<a>");
    }
    expect_body_error(xml.data, E_LIMIT,
                      "word/document.xml: xml nested deeper than 200 elements at line 1");
    buf_fini(&xml);
}

static void xml_made_to_take_long_is_refused(void **state) {
    (void)state;
    struct buf xml = BUF_INIT;
    buf_adds(&xml, "<w");
    for (int i = 0; i < 300; i++) {
        buf_addf(&xml, " xmlns:a%d = '>'", i);
    }
    buf_adds(&xml, "/>");
    expect_body_error(
        xml.data, E_LIMIT,
        "word/document.xml: xml with a tag of more than 256 attributes behind line 1");
    buf_clear(&xml);
    buf_adds(&xml, "<w>");
    for (int i = 0; i < 20000; i++) {
        buf_addf(&xml, "<a%d/>", i);
    }
    expect_body_error(xml.data, E_LIMIT,
                      "word/document.xml: xml with more than 4096 different names at line 1");
    buf_fini(&xml);
}

static void xml_that_is_not_utf8_is_refused(void **state) {
    (void)state;
    expect_body_error("<?xml version='1.0' encoding='gb2312'?><w/>", E_INPUT,
                      "word/document.xml: xml in the encoding \"gb2312\": only utf-8 is read");
    struct docx_member member = {"word/document.xml", "\xFF\xFE<\0w\0/\0>\0", 10};
    struct buf file = BUF_INIT;
    docx_build(&member, 1, &file);
    expect_error(file.data, file.len, E_INPUT,
                 "word/document.xml: xml with a byte 0x00 behind line 1: only utf-8 is read");
    buf_fini(&file);
}

static void too_many_members_are_refused(void **state) {
    (void)state;
    struct buf file = BUF_INIT;
    docx_build_parts(DOCX_BODY(DOCX_P("x")), NULL, NULL, NULL, &file);
    struct buf many = BUF_INIT;
    for (int i = 0; i < 20001; i++) {
        buf_add(&many, "PK\1\2", 4);
    }
    buf_add(&many, file.data, file.len);
    expect_error(many.data, many.len, E_LIMIT, "docx of more than 20000 members");
    buf_fini(&file);
    buf_fini(&many);
}

static void too_many_lists_are_refused(void **state) {
    (void)state;
    struct buf xml = BUF_INIT, file = BUF_INIT;
    buf_adds(&xml, "<w:numbering " DOCX_NS ">");
    for (int i = 0; i < 8193; i++) {
        buf_addf(&xml, "<w:abstractNum w:abstractNumId=\"%d\"/>", i);
    }
    buf_adds(&xml, "</w:numbering>");
    docx_build_parts(DOCX_BODY(DOCX_P("x")), xml.data, NULL, NULL, &file);
    expect_error(file.data, file.len, E_LIMIT,
                 "word/numbering.xml: more than the 8192 lists that are taken");
    buf_fini(&xml);
    buf_fini(&file);
}

static void a_document_without_text_is_refused(void **state) {
    (void)state;
    expect_body_error(DOCX_BODY("<w:p/>" DOCX_P(" 　 ")), E_INPUT, "docx without text");
}

static void the_text_is_bounded(void **state) {
    (void)state;
    struct buf file = BUF_INIT, text = BUF_INIT, title = BUF_INIT;
    struct err err = ERR_INIT;
    docx_build_parts(DOCX_BODY(DOCX_P("太湖") DOCX_P("之滨")), NULL, NULL, NULL, &file);
    assert_int_equal(docx_parse(file.data, file.len, 13, &text, &title, &err), OK);
    buf_clear(&text);
    assert_int_equal(docx_parse(file.data, file.len, 12, &text, &title, &err), E_LIMIT);
    assert_string_equal(err.msg, "word/document.xml: more than 12 bytes of text");
    buf_fini(&file);
    buf_fini(&text);
    buf_fini(&title);
}

static void an_encrypted_member_is_refused(void **state) {
    (void)state;
    struct buf file = BUF_INIT;
    docx_build_parts(DOCX_BODY(DOCX_P("x")), NULL, NULL, NULL, &file);
    /* Bit 0 of the flags, in the member's own header and in the directory's (APPNOTE 4.4.4). */
    for (size_t i = 0; i + 4 < file.len; i++) {
        if (memcmp(file.data + i, "PK\3\4", 4) == 0) {
            file.data[i + 6] |= 1;
        } else if (memcmp(file.data + i, "PK\1\2", 4) == 0) {
            file.data[i + 8] |= 1;
        }
    }
    expect_error(file.data, file.len, E_INPUT, "word/document.xml: encrypted: it needs a password");
    buf_fini(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs_are_lines),
        cmocka_unit_test(what_is_not_shown_is_left_out),
        cmocka_unit_test(a_text_box_is_read_once),
        cmocka_unit_test(tables_are_rows),
        cmocka_unit_test(lists_count),
        cmocka_unit_test(an_empty_numbered_paragraph_counts),
        cmocka_unit_test(styles_number_their_paragraphs),
        cmocka_unit_test(list_0_is_none),
        cmocka_unit_test(formats),
        cmocka_unit_test(a_word_processors_file),
        cmocka_unit_test(the_title_is_the_core_property),
        cmocka_unit_test(a_file_cut_short_is_refused),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(other_zips_are_named),
        cmocka_unit_test(a_zip_bomb_is_refused),
        cmocka_unit_test(entities_are_refused),
        cmocka_unit_test(malformed_xml_is_named),
        cmocka_unit_test(deep_xml_is_refused),
        cmocka_unit_test(xml_made_to_take_long_is_refused),
        cmocka_unit_test(xml_that_is_not_utf8_is_refused),
        cmocka_unit_test(too_many_members_are_refused),
        cmocka_unit_test(too_many_lists_are_refused),
        cmocka_unit_test(a_document_without_text_is_refused),
        cmocka_unit_test(the_text_is_bounded),
        cmocka_unit_test(an_encrypted_member_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
