/* test_figure: sentences and the promises in them, "indicator|value|unit|comparator|kind" each, and
 * sentences that promise nothing. One table for each thing that the annotation rules say; those
 * rules stand in tests/golden/README.md. */
#include "plan/figure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/folded.h"
#include "text/sentence.h"

struct sample {
    const char *text;    /* a paragraph: what a sentence leaves out, the one before may say */
    const char *figures; /* joined by "; ", "" for none */
};

enum setting { PLAN, MAIN_TARGETS, RESULTS };

static const char *unit_of(const struct source *s, const struct quantity *q, struct arena *a) {
    if (q->form == QUANTITY_PLAIN) {
        return source_text(s, q->unit, a);
    }
    return q->form == QUANTITY_DOUBLE ? "番" : "%";
}

static void describe_one(const struct source *s, const struct found *f, struct arena *a,
                         struct buf *out) {
    char value[DECIMAL_TEXT_MAX];
    char max[DECIMAL_TEXT_MAX];
    const struct quantity *q = &f->quantity;
    buf_adds(out, source_text(s, f->indicator, a));
    if (f->qualitative) {
        assert_int_equal(f->kind, KIND_QUALITATIVE);
        buf_adds(out, "|qualitative");
        return;
    }
    buf_addf(out, "|%s%s%s|%s|%s|%s", decimal_text(q->value, value), q->has_max ? "-" : "",
             q->has_max ? decimal_text(q->max, max) : "", unit_of(s, q, a),
             comparator_name(f->comparator), figure_kind_name(f->kind));
    buf_addf(out, "%s%s%s", q->spelled ? "|spelled" : "", f->horizon != NULL ? "|for " : "",
             f->horizon != NULL ? f->horizon : "");
}

static void describe(const struct words *words, const char *text, enum setting where,
                     struct buf *out) {
    struct arena a = ARENA_INIT;
    struct source s = fold(text, &a);
    struct found_list list = {0};
    struct figure_scope scope = {.s = &s,
                                 .words = words,
                                 .arena = &a,
                                 .year = 2021,
                                 .past = where == RESULTS,
                                 .overall = where == MAIN_TARGETS,
                                 .task = -1};
    struct run sentence;
    uint32_t at = 0;
    while (sentence_next(&s, whole(&s), &at, &sentence)) {
        figure_read(&scope, sentence, &list);
    }
    buf_clear(out);
    buf_adds(out, "");
    for (size_t i = 0; i < list.count; i++) {
        buf_adds(out, i == 0 ? "" : "; ");
        describe_one(&s, &list.items[i], &a, out);
    }
    free(list.items);
    arena_fini(&a);
}

static void check(const struct sample *samples, size_t n, enum setting where) {
    struct words words;
    struct buf got = BUF_INIT;
    size_t wrong = 0;
    words_init(&words);
    for (size_t i = 0; i < n; i++) {
        describe(&words, samples[i].text, where, &got);
        if (strcmp(got.data, samples[i].figures) != 0) {
            print_error("%s\n  expected \"%s\"\n  got      \"%s\"\n", samples[i].text,
                        samples[i].figures, got.data);
            wrong++;
        }
    }
    buf_fini(&got);
    words_fini(&words);
    assert_int_equal(wrong, 0);
}

#define CHECK(samples) check(samples, sizeof(samples) / sizeof((samples)[0]), PLAN)
#define CHECK_IN(samples, where) check(samples, sizeof(samples) / sizeof((samples)[0]), where)

/* ---- kinds, by verb and by noun ---- */

static void kind_new(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"全年新增就业13.5万人", "新增就业|13.5|万人|eq|new"},
        {"新引进世界500强企业2家以上", "世界500强企业|2|家|ge|new"},
        {"新改建农村公路300公里", "农村公路|300|公里|eq|new"},
        {"市区新建公共停车位5000个", "公共停车位|5000|个|eq|new"},
        {"新增减税降费100亿元", "减税降费|100|亿元|eq|new"},
        {"引进培育各类人才5万名、领军人才200名", "各类人才|5|万名|eq|new; 领军人才|200|名|eq|new"},
    };
    CHECK(samples);
}

static void kind_complete(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"全年完成投资308.7亿元", "投资|308.7|亿元|eq|complete"},
        {"工业投资完成500亿元", "工业投资|500|亿元|eq|complete"},
        {"实际使用外资38亿美元", "实际使用外资|38|亿美元|eq|complete"},
        {"建成高标准农田15万亩、农田灌溉渠道100公里",
         "高标准农田|15|万亩|eq|complete; 农田灌溉渠道|100|公里|eq|complete"},
        {"拆除违法建筑300万平方米", "违法建筑|300|万平方米|eq|complete"},
        {"盘活存量土地1万亩", "存量土地|1|万亩|eq|complete"},
    };
    CHECK(samples);
}

static void kind_count(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"培育专精特新企业100家", "专精特新企业|100|家|eq|count"},
        {"打造特色街区10条", "特色街区|10|条|eq|count"},
        {"举办各类招聘会200场", "各类招聘会|200|场|eq|count"},
        {"建设5G基站4000个以上", "5G基站|4000|个|ge|count"},
        {"集聚200个领军人才团队", "领军人才团队|200|个|eq|count"},
        {"建设100个“最美庭院”", "“最美庭院”|100|个|eq|count"},
    };
    CHECK(samples);
}

static void kind_level(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"村均收入超900万元", "村均收入|900|万元|ge|level"},
        {"城市轨道交通运营里程达到110公里", "城市轨道交通运营里程|110|公里|eq|level"},
        {"PM2.5浓度控制在33微克/立方米", "PM2.5浓度|33|微克/立方米|le|level"},
        {"粮食产量稳定在100万吨", "粮食产量|100|万吨|eq|level"},
        {"实现社会消费品零售总额3000亿元", "社会消费品零售总额|3000|亿元|eq|level"},
        {"平均预期寿命达到80岁", "平均预期寿命|80|岁|eq|level"},
        {"每万人发明专利拥有量达到50件", "每万人发明专利拥有量|50|件|eq|level"},
        {"人才总量突破300万", "人才总量|300|万|ge|level"},
    };
    CHECK(samples);
}

static void kind_ratio(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"空气质量优良天数比率达50%", "空气质量优良天数比率|50|%|eq|ratio"},
        {"省考断面水质优良比例达到82%以上", "省考断面水质优良比例|82|%|ge|ratio"},
        {"全社会研发投入占地区生产总值比重达到3.2%",
         "全社会研发投入占地区生产总值比重|3.2|%|eq|ratio"},
        {"“一网通办”率达到90%以上", "“一网通办”率|90|%|ge|ratio"},
        {"森林覆盖率提高到50%以上", "森林覆盖率|50|%|ge|ratio"},
        {"生活垃圾分类实现全覆盖", "生活垃圾分类|100|%|eq|ratio|spelled"},
        {"规上工业企业研发机构建有率过半", "规上工业企业研发机构建有率|50|%|ge|ratio|spelled"},
        {"达标村占比达到三分之一以上", "达标村占比|33.3333|%|ge|ratio|spelled"},
        {"高技能人才占技能劳动者比重超过三成", "高技能人才占技能劳动者比重|3|成|ge|ratio|spelled"},
    };
    CHECK(samples);
}

static void kind_growth_and_reduction(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"地区生产总值增长7%左右", "地区生产总值|7|%|about|growth_rate"},
        {"贷款余额增速高于10%", "贷款余额|10|%|ge|growth_rate"},
        {"城镇化率达到75%，提高1个百分点",
         "城镇化率|75|%|eq|ratio; 城镇化率|1|个百分点|eq|growth_rate"},
        {"高新技术企业数量翻一番", "高新技术企业数量|1|番|eq|growth_rate|spelled"},
        {"居民消费价格涨幅控制在3%以内", "居民消费价格涨幅|3|%|le|growth_rate"},
        {"单位地区生产总值能耗下降3%", "单位地区生产总值能耗|3|%|eq|reduction"},
        {"PM2.5浓度下降5%", "PM2.5浓度|5|%|eq|reduction"},
    };
    CHECK(samples);
}

static void kind_rank_and_other(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"综合实力进入全国前10强", "综合实力|10|强|le|rank"},
        {"确保连续第14年实现安全度夏", "安全度夏|14|年|eq|other"},
    };
    CHECK(samples);
}

/* ---- comparators ---- */

static void bounds(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"新增公共充电桩2000个", "公共充电桩|2000|个|eq|new"},
        {"新增公共充电桩2000个以上", "公共充电桩|2000|个|ge|new"},
        {"新增公共充电桩超2000个", "公共充电桩|2000|个|ge|new"},
        {"新增公共充电桩超过2000个", "公共充电桩|2000|个|ge|new"},
        {"新增公共充电桩不少于2000个", "公共充电桩|2000|个|ge|new"},
        {"新增公共充电桩不低于2000个", "公共充电桩|2000|个|ge|new"},
        {"至少新增公共充电桩2000个", "公共充电桩|2000|个|ge|new"},
        {"新增公共充电桩2000余个", "公共充电桩|2000|个|ge|new"},
        {"公共充电桩突破2000个", "公共充电桩|2000|个|ge|level"},
        {"新增公共充电桩2000个左右", "公共充电桩|2000|个|about|new"},
        {"新增公共充电桩约2000个", "公共充电桩|2000|个|about|new"},
        {"城镇登记失业率控制在4%以内", "城镇登记失业率|4|%|le|ratio"},
        {"城镇登记失业率不超过4%", "城镇登记失业率|4|%|le|ratio"},
        {"城镇登记失业率低于4%", "城镇登记失业率|4|%|le|ratio"},
        {"审批时限压缩至3个工作日内", "审批时限|3|个工作日|le|level"},
        {"力争新增公共充电桩2000个以上", "公共充电桩|2000|个|ge|new"},
        {"确保新增公共充电桩2000个以上", "公共充电桩|2000|个|ge|new"},
    };
    CHECK(samples);
}

static void ranges(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"地区生产总值增长6%—7%", "地区生产总值|6-7|%|eq|growth_rate"},
        {"新增上市公司5—6家", "上市公司|5-6|家|eq|new"},
    };
    CHECK(samples);
}

/* ---- the thing measured ---- */

static void indicator_before_or_behind(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"新增总部企业5家", "总部企业|5|家|eq|new"},
        {"新增5家总部企业", "总部企业|5|家|eq|new"},
        {"新增5家以上总部企业", "总部企业|5|家|ge|new"},
        {"新增10家企业纳入规上统计", "企业|10|家|eq|new"},
        {"支持20家企业上市", "企业|20|家|eq|count"},
        {"建设5所社区卫生服务中心、社区医院", "社区卫生服务中心|5|所|eq|count"},
        {"推动30个城中村、50个老旧小区改造", "城中村|30|个|eq|count; 老旧小区|50|个|eq|count"},
        {"推进园区等14个项目建设", "项目|14|个|eq|count"},
        {"开工综合交通、水利工程等216公里项目", "项目|216|公里|eq|new"},
    };
    CHECK(samples);
}

/* A size, a rank or a name that tells which things are counted stays with them. */
static void modifiers_stay_with_the_thing(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"引进超10亿元重大产业项目50个", "超10亿元重大产业项目|50|个|eq|new"},
        {"引进50亿元以上项目10个、百亿元项目2个",
         "50亿元以上项目|10|个|eq|new; 百亿元项目|2|个|eq|new"},
        {"培育营收超百亿元企业5家", "营收超百亿元企业|5|家|eq|count"},
        {"打造3个千亿级产业集群", "千亿级产业集群|3|个|eq|count"},
        {"新增A股上市公司10家", "A股上市公司|10|家|eq|new"},
        {"引进世界500强、中国500强企业20家", "世界500强、中国500强企业|20|家|eq|new"},
    };
    CHECK(samples);
}

static void lists_share_a_verb(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"集聚高层次人才1万人、大学生10万人",
         "高层次人才|1|万人|eq|count; 大学生|10|万人|eq|count"},
        {"筹建学校10所、医院5家、公园3个",
         "学校|10|所|eq|count; 医院|5|家|eq|count; 公园|3|个|eq|count"},
        {"新增床位2000张，其中护理型床位500张", "床位|2000|张|eq|new; 护理型床位|500|张|eq|new"},
        {"工业投资增长10%，技改投资增长12%以上",
         "工业投资|10|%|eq|growth_rate; 技改投资|12|%|ge|growth_rate"},
    };
    CHECK(samples);
}

static void two_amounts_of_one_thing(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"改造老旧小区109个、424万平方米",
         "老旧小区|109|个|eq|count; 老旧小区|424|万平方米|eq|count"},
        {"整治9条115公里河流", "河流|9|条|eq|count; 河流|115|公里|eq|count"},
        {"改造150个老旧小区570万平方米",
         "老旧小区|150|个|eq|count; 老旧小区|570|万平方米|eq|count"},
        {"办好10件45项民生实事", "民生实事|10|件|eq|count; 民生实事|45|项|eq|count"},
        {"新增上市公司10家、总数达到200家", "上市公司|10|家|eq|new; 上市公司|200|家|eq|level"},
    };
    CHECK(samples);
}

static void one_number_for_each_thing(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"新建公园绿地和口袋公园各50个", "公园绿地|50|个|eq|new; 口袋公园|50|个|eq|new"},
        {"城镇居民收入和农村居民收入分别增长8%、9%",
         "城镇居民收入|8|%|eq|growth_rate; 农村居民收入|9|%|eq|growth_rate"},
    };
    CHECK(samples);
}

/* What a clause leaves out is the nearest thing said before. */
static void elliptical_clauses(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"旅游总收入突破2000亿元、增长13.8%",
         "旅游总收入|2000|亿元|ge|level; 旅游总收入|13.8|%|eq|growth_rate"},
        {"社会消费品零售总额增长8%，达到3000亿元",
         "社会消费品零售总额|8|%|eq|growth_rate; 社会消费品零售总额|3000|亿元|eq|level"},
        {"新建充电桩1000个。力争达到5000个", "充电桩|1000|个|eq|new; 充电桩|5000|个|eq|level"},
    };
    CHECK(samples);
}

/* ---- numbers in words ---- */

static void spelled_promises(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"开工两条新线", "新线|2|条|eq|new|spelled"},
        {"建成十二个示范社区", "示范社区|12|个|eq|complete|spelled"},
        {"新增国家级平台三家", "国家级平台|3|家|eq|new|spelled"},
        {"新建学校五所", "学校|5|所|eq|new|spelled"},
        {"建成三甲医院一座", "三甲医院|1|座|eq|complete|spelled"},
        {"新建一所学校", "学校|1|所|eq|new|spelled"},
        {"办好民生十件实事", "实事|10|件|eq|count|spelled"},
        {"办好老旧小区改造等十件实事", "实事|10|件|eq|count|spelled"},
    };
    CHECK(samples);
}

/* ---- as documents write it ---- */

static void traditional_and_full_width(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"地區生產總值增長７％，新增就業13.5萬人",
         "地區生產總值|7|％|eq|growth_rate; 新增就業|13.5|萬人|eq|new"},
        {"新增停车位５,０００ 个", "停车位|5000|个|eq|new"},
    };
    CHECK(samples);
}

/* ---- years beyond the plan's ---- */

static void horizons(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"到2025年，高新技术企业达到5000家", "高新技术企业|5000|家|eq|level|for 2025"},
        {"“十四五”末，地区生产总值突破2万亿元", "地区生产总值|2|万亿元|ge|level|for 十四五"},
        {"未来五年，全市新增就业50万人", "新增就业|50|万人|eq|new|for five-year"},
        {"到2022年底建成地铁3条", "地铁|3|条|eq|complete|for 2022"},
        {"到2021年底建成地铁3条", "地铁|3|条|eq|complete"},
        {"“十四五”开局之年，生产总值增长8%", "生产总值|8|%|eq|growth_rate"},
        {"到2025年，生产总值达到2万亿元；今年增长7%",
         "生产总值|2|万亿元|eq|level|for 2025; 生产总值|7|%|eq|growth_rate"},
    };
    CHECK(samples);
}

/* ---- main targets and results ---- */

static void main_targets_without_a_number(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"地区生产总值增长7%以上，居民收入增长与经济增长基本同步，完成省下达的节能减排任务",
         "地区生产总值|7|%|ge|growth_rate; 居民收入|qualitative; 节能减排任务|qualitative"},
        {"规模以上工业增加值增长8%；空气质量持续改善",
         "规模以上工业增加值|8|%|eq|growth_rate; 空气质量|qualitative"},
    };
    static const struct sample elsewhere[] = {
        {"居民收入增长与经济增长基本同步", ""},
        {"空气质量持续改善", ""},
    };
    CHECK_IN(samples, MAIN_TARGETS);
    CHECK(elsewhere);
}

static void results_are_read_as_promises_are(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"全年新增就业13.5万人，地区生产总值增长7%",
         "新增就业|13.5|万人|eq|new; 地区生产总值|7|%|eq|growth_rate"},
        {"建成5G基站4000个，高新技术企业突破5000家",
         "5G基站|4000|个|eq|complete; 高新技术企业|5000|家|ge|level"},
    };
    CHECK_IN(samples, RESULTS);
}

/* ---- what promises nothing: a table for each rule, beside it what does ---- */

static void dates(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"2021年5月1日前完成", ""},
        {"自2020年起实施", ""},
        {"到2035年基本实现现代化", ""},
        {"推动人均收入达到2020年水平", ""},
        {"全面完成2020年度任务", ""},
        {"对60周岁以上老人给予补贴", ""},
        {"提高24小时自助服务水平", ""},
        {"6月底前建成学校3所", "学校|3|所|eq|complete"},
        {"企业开办时间压缩至1天以内", "企业开办时间|1|天|le|level"},
    };
    CHECK(samples);
}

static void numbers_in_names(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"实施“333”高层次人才培养行动", ""},
        {"贯彻“十四五”规划", ""},
        {"完善G42沿线环境", ""},
        {"提升312国道通行能力", ""},
        {"加快4号线二期建设", ""},
        {"推动5G融合应用", ""},
        {"降低PM2.5浓度", ""},
        {"加快建设“双一流”学科", ""},
        {"推进百企千才行动", ""},
        {"深入实施“十百千”工程", ""},
        {"推进1+3重点功能区建设", ""},
        {"构建1+3个产业片区", ""},
        {"健全“1+N”政策体系", ""},
        {"扩大7×24小时服务", ""},
        {"用好12345热线", ""},
        {"世界500强企业落户", ""},
        {"贯彻《城市规划2035》", ""},
        {"实施“新增企业100家”计划", ""},
        {"落实《新增就业10万人实施方案》", ""},
        {"推进千家万户共同行动", ""},
        {"打通千家万户用水堵点", ""},
        {"打造百家争鸣的学术氛围", ""},
        {"落实一户一策", ""},
        {"坚持一件事一次办", ""},
        {"做好两会保障", ""},
        {"实施“百企引航、千企升级”行动，新增隐形冠军企业5家", "隐形冠军企业|5|家|eq|new"},
    };
    CHECK(samples);
}

static void ordinals_and_groups(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"第三届进口博览会成功举办", ""},
        {"做好第七次人口普查工作", ""},
        {"开展全国第三轮巡视整改", ""},
        {"争创第一方阵", ""},
        {"做强五大产业园", ""},
        {"打好三大攻坚战", ""},
        {"聚焦三大经济", ""},
        {"推进一批重大项目", ""},
        {"实施一系列改革举措", ""},
    };
    CHECK(samples);
}

static void sizes_of_the_thing_counted(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"引进超10亿元项目", ""},
        {"引进10亿元项目", ""},
        {"支持投资5000万元以上的项目落地", ""},
        {"加快推进总投资100亿元的产业园建设", ""},
        {"建设建筑面积3万平方米的文化中心", ""},
        {"提升200平方米以上门店管理水平", ""},
        {"支持规模以上企业做大做强", ""},
        {"建设改造100亩以上园区5个", "100亩以上园区|5|个|eq|count"},
        {"培育10家以上企业集聚的园区5个", "10家以上企业集聚的园区|5|个|eq|count"},
        {"发放100亿元贷款", "贷款|100|亿元|eq|complete"}, /* the verb moves the money */
        {"安排预算资金6亿元统筹支付企业奖补", "预算资金|6|亿元|eq|complete"},
    };
    CHECK(samples);
}

static void past_and_present(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"去年新增就业10万人", ""},
        {"目前已有高新技术企业500家", ""},
        {"截至2020年底，全市共有企业5万家", ""},
        {"预计全年增长5%", ""},
        {"推进全市13个县区协同发展", ""},
        {"全市13个县全部脱贫", ""},
        {"抓好乡村振兴等3项国家级试点", ""},
        {"新增就业比去年增加2万人", "新增就业|2|万人|eq|new"}, /* last year is the measure */
    };
    CHECK(samples);
}

static void slogans_and_zero(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"坚持“三个不动摇”", ""},
        {"确保隐患动态清零", ""},
        {"实现污水零排放", ""},
        {"做到应救尽救、应保尽保", ""},
        {"推动全部接入平台", ""},
        {"推动医保服务全覆盖体系建设", ""},
        {"生活垃圾分类实现全覆盖", "生活垃圾分类|100|%|eq|ratio|spelled"},
    };
    CHECK(samples);
}

static void reach_order_and_paper(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"完善3公里范围内应急物资储备", ""},
        {"打造15分钟便民生活圈", ""},
        {"加快形成5公里健身圈", ""},
        {"健全5个方面机制", ""},
        {"落实民间投资12条措施", ""},
        {"实施创新驱动二十条政策", ""},
        {"建设唐人神集团200万头生猪养殖、花椒产业园等重点项目", ""},
        {"实施十名院士、百名专家入莆工程", ""},
        {"深入引进十名院士、百名专家、千名博士、万名大学生来我市创业工程", ""},
        {"打造三个新优势", ""},
        {"建设一个平台", ""},
        {"完善5个行政区协同联动机制", ""},
        {"贫困发生率1%以下的县实现“清零”", ""},
    };
    CHECK(samples);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(kind_new),
        cmocka_unit_test(kind_complete),
        cmocka_unit_test(kind_count),
        cmocka_unit_test(kind_level),
        cmocka_unit_test(kind_ratio),
        cmocka_unit_test(kind_growth_and_reduction),
        cmocka_unit_test(kind_rank_and_other),
        cmocka_unit_test(bounds),
        cmocka_unit_test(ranges),
        cmocka_unit_test(indicator_before_or_behind),
        cmocka_unit_test(modifiers_stay_with_the_thing),
        cmocka_unit_test(lists_share_a_verb),
        cmocka_unit_test(two_amounts_of_one_thing),
        cmocka_unit_test(one_number_for_each_thing),
        cmocka_unit_test(elliptical_clauses),
        cmocka_unit_test(spelled_promises),
        cmocka_unit_test(traditional_and_full_width),
        cmocka_unit_test(horizons),
        cmocka_unit_test(main_targets_without_a_number),
        cmocka_unit_test(results_are_read_as_promises_are),
        cmocka_unit_test(dates),
        cmocka_unit_test(numbers_in_names),
        cmocka_unit_test(ordinals_and_groups),
        cmocka_unit_test(sizes_of_the_thing_counted),
        cmocka_unit_test(past_and_present),
        cmocka_unit_test(slogans_and_zero),
        cmocka_unit_test(reach_order_and_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
