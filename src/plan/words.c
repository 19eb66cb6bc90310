/* words: see words.h. The lists follow the annotation rules for targets: 新增, 引进 make something
 * new; 完成, 建成 execute an amount; 培育, 创建 count things to be done. */
#include "plan/words.h"

#include "text/unit.h"

#define COUNT_OF(t) (sizeof(t) / sizeof(t)[0])

#define T(w, tag) LEXEME(w, TAIL_##tag)

static const struct lexeme tail_table[] = {
    T(u"超过", GE), T(u"超", GE), T(u"突破", GE), T(u"不低于", GE), T(u"不少于", GE), T(u"至少", GE),
    T(u"高于", GE), T(u"多于", GE), T(u"不小于", GE), T(u"大于", GE), T(u"过", GE), T(u"首破", GE),
    T(u"破", GE), T(u"不下于", GE), T(u"达到或超过", GE), T(u"首超", GE), T(u"双超", GE), T(u"优于", GE), T(u"均超", GE), T(u"跨过", GE), T(u"站稳", GE),
    T(u"不超过", LE), T(u"不高于", LE), T(u"低于", LE), T(u"少于", LE), T(u"小于", LE),
    T(u"不大于", LE), T(u"控制在", LE), T(u"控制到", LE), T(u"控制", LE), T(u"压降到", LE), T(u"不多于", LE), T(u"限制在", LE),
    T(u"约", ABOUT), T(u"约为", ABOUT), T(u"近", ABOUT), T(u"接近", ABOUT), T(u"大约", ABOUT), T(u"将近", ABOUT),
    T(u"达到", REACH), T(u"达", REACH), T(u"增至", REACH), T(u"达至", REACH), T(u"保持在", REACH), T(u"保持", REACH),
    T(u"稳定在", REACH), T(u"维持在", REACH), T(u"发展到", REACH), T(u"累计达", REACH),
    T(u"累计达到", REACH), T(u"累计", REACH), T(u"迈上", REACH), T(u"迈入", REACH), T(u"跃上", REACH),
    T(u"跨上", REACH), T(u"迈过", GE), T(u"冲刺", REACH), T(u"冲击", REACH), T(u"总数达", REACH), T(u"总量达", REACH), T(u"总数达到", REACH),
    T(u"实现", EMPTY), T(u"将达", REACH), T(u"发展至", REACH), T(u"壮大到", REACH), T(u"壮大至", REACH),
    T(u"扩容到", REACH), T(u"扩容至", REACH), T(u"拓展至", REACH), T(u"拓展到", REACH), T(u"位居", REACH), T(u"位列", REACH), T(u"列", EMPTY), T(u"居", EMPTY),
    T(u"稳居", REACH), T(u"向", EMPTY), T(u"争取达到", REACH), T(u"动态保有", REACH), T(u"存量达", REACH), T(u"恢复到", REACH), T(u"恢复至", REACH),
    T(u"增加到", GROW_TO), T(u"增加至", GROW_TO), T(u"增长到", GROW_TO), T(u"增长至", GROW_TO),
    T(u"提高到", GROW_TO), T(u"提高至", GROW_TO), T(u"提升到", GROW_TO), T(u"提升至", GROW_TO), T(u"提标至", GROW_TO), T(u"提标到", GROW_TO),
    T(u"上升到", GROW_TO), T(u"上升至", GROW_TO), T(u"升至", GROW_TO), T(u"扩大到", GROW_TO), T(u"上调至", GROW_TO), T(u"调整到", GROW_TO), T(u"调整至", GROW_TO),
    T(u"扩大至", GROW_TO), T(u"扩展到", GROW_TO), T(u"扩展至", GROW_TO), T(u"延长至", GROW_TO), T(u"延长到", GROW_TO), T(u"延伸到", GROW_TO), T(u"延伸至", GROW_TO),
    T(u"降至", GROW_TO), T(u"下降到", GROW_TO), T(u"下降至", GROW_TO), T(u"降低到", GROW_TO), T(u"降低至", GROW_TO),
    T(u"降到", GROW_TO), T(u"减少到", GROW_TO), T(u"减少至", GROW_TO), T(u"压缩到", GROW_TO), T(u"压减到", GROW_TO), T(u"压减至", GROW_TO),
    T(u"压缩至", GROW_TO), T(u"缩短到", GROW_TO), T(u"缩短至", GROW_TO), T(u"缩小到", GROW_TO), T(u"缩小至", GROW_TO), T(u"精简到", GROW_TO), T(u"精简至", GROW_TO),
    T(u"增长", GROW), T(u"提高", GROW), T(u"提升", GROW), T(u"增加", GROW), T(u"上升", GROW), T(u"递增", GROW), T(u"增幅", GROW), T(u"增速", GROW), T(u"增速达", GROW), T(u"增幅达", GROW),
    T(u"同比增长", GROW), T(u"年均增长", GROW), T(u"平均增长", GROW), T(u"上浮", GROW), T(u"多增", GROW), T(u"增", GROW), T(u"上涨", GROW), T(u"净增长", GROW), T(u"增速在", GROW), T(u"增速为", GROW),
    T(u"增长幅度", GROW), T(u"递增率", GROW), T(u"扩大", GROW), T(u"回升", GROW), T(u"增长速度", GROW), T(u"提高了", GROW), T(u"增长了", GROW), T(u"实现增长", GROW), T(u"提速", GROW),
    T(u"下降", SHRINK), T(u"降低", SHRINK), T(u"减少", SHRINK), T(u"压减", SHRINK), T(u"削减", SHRINK), T(u"下降率", SHRINK), T(u"压降", SHRINK), T(u"下调", SHRINK), T(u"回落", SHRINK), T(u"下降幅度", SHRINK), T(u"降幅", SHRINK), T(u"降幅达", SHRINK),
    T(u"压缩", SHRINK), T(u"缩减", SHRINK), T(u"缩短", SHRINK), T(u"再降", SHRINK), T(u"减", SHRINK), T(u"精简", SHRINK), T(u"缩小", SHRINK), T(u"节约", SHRINK), T(u"双下降", SHRINK), T(u"累计下降", SHRINK),
    T(u"分别", EACH), T(u"均", EACH), T(u"各", EACH), T(u"都", EACH), T(u"各有", EACH), T(u"各为", EACH), T(u"双双", EACH), T(u"分别为", EACH), T(u"各自", EACH),
    T(u"力争", EMPTY), T(u"确保", EMPTY), T(u"争取", EMPTY), T(u"为", EMPTY), T(u"是", EMPTY), T(u"至", EMPTY), T(u"到", EMPTY), T(u"努力", EMPTY), T(u"设定为", EMPTY), T(u"定为", EMPTY), T(u"预期", EMPTY), T(u"目标为", EMPTY),
    T(u"在", EMPTY), T(u"共", EMPTY), T(u"共计", EMPTY), T(u"总计", EMPTY), T(u"合计", EMPTY), T(u"总共", EMPTY), T(u"不", EMPTY), T(u"再", EMPTY), T(u"也", EMPTY), T(u"要", EMPTY), T(u"可", EMPTY), T(u"将", EMPTY), T(u"已", EMPTY),
    T(u"总数", EMPTY), T(u"拟按", EMPTY), T(u"按", EMPTY), T(u"拟安排", EMPTY), T(u"按照", EMPTY), T(u"不低于去年的", GE), T(u"同比", EMPTY), T(u"年均", EMPTY), T(u"每年", EMPTY), T(u"仅", EMPTY), T(u"比", EMPTY), T(u"较", EMPTY), T(u"比上年", EMPTY), T(u"比去年", EMPTY), T(u"较上年", EMPTY), T(u"较去年", EMPTY), T(u"同比实现", EMPTY),
    T(u"平均", EMPTY), T(u"全年", EMPTY), T(u"即", EMPTY), T(u"净", EMPTY), T(u"、", EMPTY), T(u" ", EMPTY), T(u"力争达到", REACH), T(u"确保达到", REACH), T(u"确保完成", EMPTY), T(u"左右", EMPTY), T(u"以上", EMPTY), T(u"力争突破", GE), T(u"确保突破", GE), T(u"力争超过", GE),
};

#define NEW(w) LEXEME(w, KIND_NEW | VERB_STRONG | VERB_SPELLED)
#define NEW_WEAK(w) LEXEME(w, KIND_NEW)
#define DONE(w) LEXEME(w, KIND_COMPLETE | VERB_STRONG | VERB_SPELLED)
#define DONE_WEAK(w) LEXEME(w, KIND_COMPLETE)
#define DONE_NOMINAL(w) LEXEME(w, KIND_COMPLETE | VERB_NOMINAL)
#define MANY(w) LEXEME(w, KIND_COUNT | VERB_STRONG | VERB_SPELLED)
#define MANY_WEAK(w) LEXEME(w, KIND_COUNT)
#define MANY_NOMINAL(w) LEXEME(w, KIND_COUNT | VERB_NOMINAL)

static const struct lexeme verb_table[] = {
    NEW(u"新增"), NEW(u"新建"), NEW(u"新开工"), NEW(u"新引进"), NEW(u"新改建"), NEW(u"新改扩建"), NEW(u"新（改、扩）建"), NEW(u"新（改）建"), NEW(u"新（改扩）建"), NEW(u"新、改、扩建"), NEW(u"新建改造"), NEW(u"新建、改造"), NEW(u"新建和改造"), NEW(u"新建、改建"), NEW(u"改建新建"), NEW(u"改（扩）建"), NEW(u"新改（扩）建"), NEW(u"新建（改、扩建）"), NEW(u"新建（改造）"), NEW(u"新建（改扩建）"), NEW(u"新建和改扩建"), NEW(u"新建续建"), NEW(u"新建及改造"), NEW(u"新建、改扩建"), NEW(u"新建改扩建"), NEW(u"新建改建"), NEW(u"新建、续建"), NEW(u"新（扩）建"), NEW(u"新建（改建）"),
    NEW(u"新扩建"), NEW(u"引进"), NEW(u"新增加"), NEW(u"增设"), NEW(u"净增"), NEW(u"新设"), NEW(u"新设立"), NEW(u"新培育"), NEW(u"新增培育"), NEW(u"引进培育"), NEW(u"新培养"),
    NEW(u"新认定"), NEW(u"新获批"), NEW(u"新入库"), NEW(u"新落户"), NEW(u"新招引"), NEW(u"招引"), NEW(u"新招"), NEW(u"新纳规"), NEW(u"新上规"), NEW(u"新注册"), NEW(u"新登记"), NEW(u"新转化"), NEW(u"新成立"), NEW(u"新组建"), NEW(u"新购"), NEW(u"新增投放"), NEW(u"新购置"), NEW(u"新增改造"), NEW(u"新增建设"), NEW(u"新增开工"), NEW(u"新投用"), NEW(u"新增完成"), NEW(u"新安排"), NEW(u"新募"), NEW(u"新栽"), NEW(u"新治理"), NEW(u"新种植"),
    NEW(u"招引落地"), NEW(u"新签约"), NEW(u"新签"), NEW(u"新开"), NEW(u"新辟"), NEW(u"新投放"), NEW(u"新创建"), NEW(u"新创"), NEW(u"新增创建"), NEW(u"新打造"), NEW(u"新建设"), NEW(u"新建成"), NEW_WEAK(u"滚动招引"),
    NEW(u"新发展"), NEW(u"新改造"), NEW(u"新植"), NEW(u"新布设"), NEW(u"新配备"), NEW(u"新备案"), NEW(u"新申报"), NEW(u"新上"), NEW(u"新列"), NEW(u"新列入"), NEW(u"新评"), NEW(u"新实施"), NEW(u"新组织"), NEW(u"新完成"), NEW(u"新供应"), NEW(u"新启动"), NEW(u"新储备"), NEW(u"新推出"), NEW(u"新铺设"), NEW(u"新敷设"), NEW(u"新增设"), NEW(u"新开通"), NEW(u"新落地"), NEW(u"新拓展"), NEW(u"新添"), NEW(u"新评定"), NEW(u"新通车"), NEW(u"新增通车"),
    NEW(u"新纳入"), NEW(u"招录"), NEW(u"招聘"), NEW(u"招收"), NEW(u"吸引"), NEW(u"吸纳"), NEW(u"引育"), NEW(u"引进和培育"), NEW(u"引培"), NEW(u"开通"), NEW(u"增投"), NEW(u"增建"), NEW(u"扩招"), NEW(u"增配"), NEW(u"加密"), NEW(u"增开"), NEW(u"引聚"), NEW(u"入驻"), NEW(u"引入"), NEW_WEAK(u"力争引进"),
    NEW(u"开设"), NEW_WEAK(u"落地"), NEW(u"开工"), NEW_WEAK(u"落户"), NEW(u"开工建设"), NEW_WEAK(u"入库"), NEW_WEAK(u"注册"), NEW(u"开建"), NEW(u"动工"), NEW(u"动工建设"), NEW(u"净增加"), NEW(u"确保新增"), NEW(u"新进"), NEW_WEAK(u"签约落地"), NEW_WEAK(u"落地建设"),
    DONE(u"完成"), DONE(u"建成"), DONE(u"竣工"), DONE(u"建成投用"), DONE(u"建成投产"), DONE(u"投产"), DONE(u"建成运营"), DONE(u"建成启用"), DONE(u"建成通车"), DONE(u"基本建成"), DONE(u"竣工验收"), DONE(u"建成开放"), DONE(u"投入使用"), DONE(u"投入运营"), DONE(u"完成整治"), DONE(u"完成改造"), DONE(u"完成建设"), DONE(u"完成治理"), DONE(u"完成新建"), DONE(u"全面完成"), DONE(u"建设完成"), DONE(u"创成"), DONE(u"打通"), DONE(u"通车"), DONE(u"贯通"), DONE(u"交付"), DONE(u"交付使用"), DONE(u"达产"), DONE(u"投产达效"), DONE(u"建成达产"), DONE(u"投运"), DONE(u"建成投运"), DONE(u"建好"), DONE(u"竣工投用"), DONE(u"建成并投入使用"), DONE(u"完成投放"), DONE(u"完成创建"), DONE(u"完成培训"), DONE(u"完成征收"), DONE(u"完成收储"), DONE(u"完成搬迁"), DONE(u"完成签约"),
    DONE(u"竣工投产"), DONE(u"建成使用"), DONE(u"投用"), DONE(u"完工"), DONE(u"发放"), DONE(u"投放"), DONE(u"实施完成"), DONE(u"交房"), DONE(u"建成交付"),
    DONE_WEAK(u"兑现"), DONE_NOMINAL(u"投入"), DONE_WEAK(u"安排"), DONE_WEAK(u"争取"), DONE_WEAK(u"筹集"), DONE_WEAK(u"筹措"), DONE_WEAK(u"拨付"), DONE_WEAK(u"下达"), DONE_WEAK(u"发行"), DONE_WEAK(u"撬动"), DONE_WEAK(u"募集"), DONE_WEAK(u"落实"), DONE_WEAK(u"供应"), DONE_WEAK(u"回收"), DONE_WEAK(u"吸收"), DONE_WEAK(u"拨备"), DONE_WEAK(u"带动"), DONE_WEAK(u"增发"), DONE_WEAK(u"向上争取"), DONE_WEAK(u"拉动"), DONE_WEAK(u"征收"), DONE_WEAK(u"收储"),
    DONE_WEAK(u"减免"), DONE_WEAK(u"化解"), DONE_WEAK(u"清退"), DONE_WEAK(u"出清"), DONE_WEAK(u"盘活"), DONE_WEAK(u"消化"), DONE_WEAK(u"处置"), DONE_WEAK(u"减征"), DONE_WEAK(u"减税降费"), DONE_WEAK(u"降低成本"), DONE_WEAK(u"降成本"),
    DONE_WEAK(u"资助"), DONE_WEAK(u"救助"), DONE_WEAK(u"帮助"), DONE_WEAK(u"补贴"), DONE_WEAK(u"关停"), DONE_WEAK(u"拆除"), DONE_NOMINAL(u"植树"), DONE_WEAK(u"栽植"), DONE_NOMINAL(u"种植"), DONE_WEAK(u"植造"), DONE_WEAK(u"清理"), DONE_WEAK(u"取缔"), DONE_WEAK(u"搬迁"), DONE_WEAK(u"整改"), DONE_WEAK(u"解决"), DONE_WEAK(u"转移"), DONE_WEAK(u"帮扶"), DONE_WEAK(u"消除"), DONE_WEAK(u"接待"), DONE_WEAK(u"接待游客"), DONE_WEAK(u"为"), DONE_WEAK(u"腾出"), DONE_WEAK(u"拆迁"), DONE_WEAK(u"压减粗钢"), DONE_WEAK(u"压减煤炭"), DONE_NOMINAL(u"绿化"), DONE_WEAK(u"复垦"), DONE_WEAK(u"拆违"),
    DONE_WEAK(u"退出"), DONE_WEAK(u"腾退"), DONE_WEAK(u"淘汰"), DONE_WEAK(u"促成"), DONE_WEAK(u"吸纳就业"), DONE_NOMINAL(u"培训"), DONE_NOMINAL(u"造林"), DONE_NOMINAL(u"投资"), DONE_WEAK(u"铺设"), DONE_WEAK(u"敷设"), DONE_WEAK(u"架设"), DONE_WEAK(u"疏浚"),
    MANY(u"创建"), MANY(u"打造"), MANY(u"培育"), MANY(u"改造"), MANY(u"实施"), MANY(u"举办"), MANY(u"争创"), MANY(u"培育壮大"), MANY(u"培育认定"), MANY(u"培育打造"), MANY(u"创建打造"), MANY(u"培育发展"), MANY(u"改造提升"), MANY(u"提升改造"), MANY(u"提质改造"), MANY(u"更新改造"), MANY(u"整治提升"), MANY(u"建设改造"), MANY(u"建设提升"), MANY(u"改造升级"), MANY(u"升级改造"), MANY(u"组织实施"), MANY(u"重点实施"), MANY(u"滚动实施"), MANY(u"谋划实施"), MANY(u"深入实施"), MANY(u"全面实施"), MANY(u"集中实施"), MANY(u"培育和"), MANY(u"建设和改造"), MANY(u"改造和新建"), MANY(u"改建扩建"), MANY(u"提标改造"),
    MANY(u"签约"), MANY(u"扶持"), MANY(u"集聚"), MANY(u"办好"), MANY(u"承办"), MANY(u"选派"), MANY(u"选树"), MANY(u"评选"), MANY(u"办理"), MANY(u"申创"), MANY(u"争取创建"), MANY(u"申建"), MANY(u"遴选"), MANY(u"认定"), MANY(u"选认"), MANY(u"扩面"), MANY(u"新组"), MANY(u"争建"), MANY(u"列支"), MANY(u"建立健全"), MANY(u"命名"), MANY(u"表彰"), MANY(u"聚集"), MANY(u"汇聚"), MANY(u"培树"), MANY(u"形成"), MANY(u"申报创建"), MANY(u"提名"), MANY(u"重抓"), MANY(u"提速建设"), MANY(u"提速"), MANY(u"拿出"), MANY(u"改组"), MANY(u"主攻"), MANY(u"狠抓"), MANY(u"力促"), MANY(u"紧盯"), MANY(u"做优做强"), MANY(u"精心组织"), MANY(u"推介"), MANY(u"包装"), MANY(u"策划"), MANY(u"加固"), MANY(u"治沙"), MANY(u"调度"), MANY(u"新购进"), MANY(u"成功创建"), MANY(u"抓实"), MANY(u"抓好"), MANY(u"布点"), MANY(u"绘制"), MANY(u"升规"), MANY(u"纳规"), MANY(u"入规"), MANY(u"孵化"), MANY(u"攻克"), MANY(u"力推"), MANY(u"配建"), MANY(u"规建"), MANY(u"争获"), MANY(u"获批"), MANY(u"获评"),
    MANY(u"布局建设"), MANY(u"规划建设"), MANY(u"加快建设"), MANY(u"启动建设"), MANY(u"推进建设"), MANY(u"高标准建设"), MANY(u"统筹建设"), MANY(u"谋划建设"), MANY(u"开展建设"), MANY(u"同步建设"), MANY(u"完善提升"), MANY(u"推动建设"),
    MANY(u"组建"), MANY(u"设立"), MANY(u"成立"), MANY(u"修复"), MANY(u"推广"), MANY(u"攻关"), MANY(u"突破"), MANY(u"转化"), MANY(u"修建"), MANY(u"修缮"), MANY(u"改建"), MANY(u"扩建"), MANY(u"改扩建"), MANY(u"复建"), MANY(u"续建"), MANY(u"在建"), MANY(u"迁建"), MANY(u"修订"),
    MANY_NOMINAL(u"建设"), MANY_NOMINAL(u"治理"), MANY_NOMINAL(u"整治"), MANY_NOMINAL(u"提升"), MANY_NOMINAL(u"更新"), MANY_NOMINAL(u"综合治理"), MANY_NOMINAL(u"综合整治"), MANY_NOMINAL(u"管护"), MANY_NOMINAL(u"养护"), MANY_NOMINAL(u"招商"), MANY_NOMINAL(u"治愈"), MANY_NOMINAL(u"检测"), MANY_NOMINAL(u"检查"), MANY_NOMINAL(u"筛查"), MANY_NOMINAL(u"保护"), MANY_NOMINAL(u"修编"),
    MANY_NOMINAL(u"引导"), MANY_NOMINAL(u"服务"), MANY_NOMINAL(u"保障"), MANY_NOMINAL(u"规划"), MANY_NOMINAL(u"储备"), MANY_NOMINAL(u"组织"), MANY_NOMINAL(u"支持"), MANY_NOMINAL(u"培养"), MANY_NOMINAL(u"示范"), MANY_NOMINAL(u"研发"), MANY_NOMINAL(u"监测"), MANY_NOMINAL(u"流转"), MANY_NOMINAL(u"惠及"), MANY_NOMINAL(u"覆盖"), MANY_NOMINAL(u"供给"), MANY_NOMINAL(u"采购"), MANY_NOMINAL(u"创业"), MANY_NOMINAL(u"生产"), MANY_NOMINAL(u"开发"), MANY_NOMINAL(u"管理"), MANY_NOMINAL(u"运营"), MANY_NOMINAL(u"合作"), MANY_NOMINAL(u"发展"), MANY_NOMINAL(u"招生"), MANY_NOMINAL(u"应用"),
    MANY_WEAK(u"推进"), MANY_WEAK(u"开展"), MANY_WEAK(u"推动"), MANY_WEAK(u"加快"), MANY_WEAK(u"启动"), MANY_WEAK(u"布局"), MANY_WEAK(u"启动实施"), MANY_WEAK(u"启动编制"), MANY_WEAK(u"统筹推进"), MANY_WEAK(u"加快推进"), MANY_WEAK(u"抓紧"), MANY_WEAK(u"重点推进"), MANY_WEAK(u"深化"), MANY_WEAK(u"突出"), MANY_WEAK(u"聚焦"), MANY_WEAK(u"围绕"), MANY_WEAK(u"依托"), MANY_WEAK(u"编制"), MANY_WEAK(u"提档升级"), MANY_WEAK(u"做好"), MANY_WEAK(u"确定"), MANY_WEAK(u"强化"), MANY_WEAK(u"复制"), MANY_WEAK(u"深入开展"), MANY_WEAK(u"集中开展"), MANY_WEAK(u"创办"), MANY_WEAK(u"推行"),
    MANY_WEAK(u"布设"), MANY_WEAK(u"谋划"), MANY_WEAK(u"制定"), MANY_WEAK(u"发布"), MANY_WEAK(u"推出"), MANY_WEAK(u"筹建"), MANY_WEAK(u"构建"), MANY_WEAK(u"建立"), MANY_WEAK(u"出台"), MANY_WEAK(u"制修订"), MANY_WEAK(u"编修"), MANY_WEAK(u"引领"), MANY_WEAK(u"接续实施"), MANY_WEAK(u"加大"), MANY_WEAK(u"拓展"), MANY_WEAK(u"拓宽"), MANY_WEAK(u"延伸"), MANY_WEAK(u"改善"), MANY_WEAK(u"完善"), MANY_WEAK(u"优化"), MANY_WEAK(u"梳理"), MANY_WEAK(u"归集"), MANY_WEAK(u"共享"), MANY_WEAK(u"上线"), MANY_WEAK(u"促进"), MANY_WEAK(u"取得"), MANY_WEAK(u"获得"), MANY_WEAK(u"参与"), MANY_WEAK(u"主导"), MANY_WEAK(u"牵头"), MANY_WEAK(u"制订"), MANY_WEAK(u"授权"), MANY_WEAK(u"转型"), MANY_WEAK(u"调解"), MANY_WEAK(u"排查"), MANY_WEAK(u"惠民"),
    MANY_WEAK(u"申报"), MANY_WEAK(u"入选"), MANY_WEAK(u"做强"), MANY_WEAK(u"做大"), MANY_WEAK(u"壮大"), MANY_WEAK(u"巩固"), MANY_WEAK(u"滚动推进"), MANY_WEAK(u"巩固提升"), MANY_WEAK(u"建强"), MANY_WEAK(u"做优"), MANY_WEAK(u"提质"), MANY_WEAK(u"扩大"), MANY_WEAK(u"扩容"), MANY_WEAK(u"升级"), MANY_WEAK(u"选聘"), MANY_WEAK(u"聘任"), MANY_WEAK(u"评定"), MANY_WEAK(u"晋升"), MANY_WEAK(u"升格"), MANY_WEAK(u"拥有"), MANY_WEAK(u"解除"), MANY_WEAK(u"提供"), MANY_WEAK(u"发掘"), MANY_WEAK(u"推荐"), MANY_WEAK(u"挖掘"), MANY_WEAK(u"研制"), MANY_WEAK(u"生成"), MANY_WEAK(u"投保"),
    MANY_WEAK(u"开行"), MANY_WEAK(u"加装"), MANY_WEAK(u"安装"), MANY_WEAK(u"配备"), MANY_WEAK(u"配置"), MANY_WEAK(u"购置"), MANY_WEAK(u"更换"), MANY_WEAK(u"助力"), MANY_WEAK(u"添置"), MANY_WEAK(u"建档"), MANY_WEAK(u"免费"), MANY_WEAK(u"免费为"), MANY_WEAK(u"对"), MANY_WEAK(u"使"), MANY_WEAK(u"让"), MANY_WEAK(u"确保"), MANY_WEAK(u"力争"), MANY_WEAK(u"实现"),
};

#define L(w) LEXEME(w, 0)

static const struct lexeme lead_table[] = {
    L(u"力争"), L(u"确保"), L(u"努力"), L(u"全年"), L(u"年内"), L(u"今年"), L(u"全市"), L(u"全县"), L(u"全省"), L(u"全州"), L(u"全区"), L(u"我市"), L(u"本市"), L(u"明年"), L(u"当年"), L(u"本年度"), L(u"我州"), L(u"全国"), L(u"各地"),
    L(u"预计"), L(u"计划"), L(u"预期"), L(u"继续"), L(u"深入"), L(u"扎实"), L(u"大力"), L(u"积极"), L(u"稳步"), L(u"科学"), L(u"分类"), L(u"精准"), L(u"集中"), L(u"拟"), L(u"同步"), L(u"分批"), L(u"高效"), L(u"滚动"), L(u"有力"), L(u"务实"), L(u"切实"), L(u"认真"), L(u"合理"), L(u"严格"), L(u"持之以恒"), L(u"统筹"), L(u"谋划"), L(u"用心"), L(u"用力"), L(u"全力以赴"), L(u"更大力度"), L(u"实质性"), L(u"高效率"), L(u"高品质"),
    L(u"有序"), L(u"持续"), L(u"进一步"), L(u"重点"), L(u"着力"), L(u"全面"), L(u"全力"), L(u"加大"), L(u"加强"), L(u"逐步"), L(u"不断"), L(u"再"), L(u"新"), L(u"共"), L(u"累计"), L(u"总计"), L(u"成功"), L(u"陆续"), L(u"率先"),
    L(u"高质量"), L(u"高标准"), L(u"高水平"), L(u"每年"), L(u"到年底"), L(u"年底前"), L(u"上半年"), L(u"下半年"), L(u"并"), L(u"使"), L(u"让"), L(u"将"), L(u"要"), L(u"其中"), L(u"其中："), L(u"包括"), L(u"以及"), L(u"年底"), L(u"至年底"), L(u"年末"), L(u"确保全年"), L(u"力争全年"), L(u"力争年内"), L(u"6月底前"), L(u"一季度"),
    L(u"一是"), L(u"二是"), L(u"三是"), L(u"四是"), L(u"五是"), L(u"六是"), L(u"七是"), L(u"八是"), L(u"九是"), L(u"十是"), L(u"先"), L(u"首批"), L(u"分期"), L(u"全县"), L(u"、"), L(u"和"), L(u"及"), L(u"与"), L(u"或"), L(u"还"), L(u"也"), L(u"即"), L(u"的"), L(u" "), L(u"——"), L(u"而"), L(u"同时"), L(u"由"), L(u"至少"), L(u"争取"), L(u"促进"), L(u"确保实现"), L(u"力争实现"), L(u"实现"), L(u"确保全市"), L(u"对"), L(u"为"), L(u"在"), L(u"总"), L(u"是"), L(u"以"), L(u"把"), L(u"将"), L(u"通过"), L(u"按"), L(u"约"), L(u"达到"), L(u"突破"), L(u"超过"), L(u"保持"), L(u"因地制宜"), L(u"视情"), L(u"筹划"),
};

static const struct lexeme nominal_table[] = {
    L(u"业"), L(u"性"), L(u"率"), L(u"额"), L(u"量"), L(u"型"), L(u"用地"), L(u"基金"), L(u"面积"), L(u"中心"), L(u"平台"), L(u"机构"), L(u"站"), L(u"事项"), L(u"贸易"), L(u"外包"), L(u"消费"), L(u"设施"), L(u"网点"), L(u"标准"), L(u"水平"), L(u"能力"), L(u"规模"), L(u"强度"), L(u"密度"), L(u"房"), L(u"住房"), L(u"对象"), L(u"人员"), L(u"人次"), L(u"人数"), L(u"人口"), L(u"里程"), L(u"任务"), L(u"的"), L(u"费"), L(u"总额"), L(u"总量"), L(u"成效"), L(u"经费"), L(u"投入"), L(u"占"), L(u"示范"), L(u"试点"), L(u"园区"), L(u"基地"), L(u"区"), L(u"者"), L(u"员"), L(u"点"), L(u"岗位"), L(u"载体"), L(u"单位"), L(u"质量"), L(u"收入"), L(u"利用"), L(u"保护"), L(u"需求"), L(u"总值"), L(u"效能"), L(u"指数"), L(u"半径"), L(u"圈"), L(u"处"), L(u"综合体"), L(u"队"), L(u"资金"), L(u"团队"), L(u"投资"), L(u"成本"), L(u"债券"), L(u"师"),
};

/* Nouns whose first characters are in the tables above. */
static const struct lexeme head_table[] = {
    L(u"高标准农田"), L(u"上市公司"), L(u"上市企业"), L(u"上市后备"), L(u"新增就业"), L(u"新能源"), L(u"新型"), L(u"新材料"), L(u"新一代"), L(u"新兴"), L(u"新药"), L(u"新品"), L(u"新产品"), L(u"新业态"), L(u"新基建"), L(u"新经济"), L(u"新三板"), L(u"新四板"), L(u"新农村"), L(u"新就业"), L(u"新时代"), L(u"新市民"), L(u"新生代"), L(u"新消费"), L(u"新媒体"), L(u"新增贷款"), L(u"新区"), L(u"新城"), L(u"新线"), L(u"新校"),
    L(u"造林"), L(u"再生"), L(u"再贷款"), L(u"再就业"), L(u"对外"), L(u"对口"), L(u"为民办实事"), L(u"为民实事"), L(u"为老"), L(u"建筑"), L(u"建制"), L(u"服务业"), L(u"通车里程"), L(u"通车总里程"), L(u"招商引资"), L(u"并网"), L(u"总部"), L(u"总投资"), L(u"实事"), L(u"高质量发展"), L(u"高标准仓"), L(u"高标准厂房"), L(u"重点"), L(u"科学仪器"), L(u"全国重点"), L(u"全国文明"), L(u"全市性"), L(u"在线"), L(u"在建"), L(u"在校"), L(u"在岗"), L(u"在园"), L(u"创业担保"), L(u"创新"), L(u"由"), L(u"公仆"), L(u"在锡"), L(u"以工代赈"), L(u"总产值"), L(u"总量"), L(u"总数"), L(u"引导基金"), L(u"要素"), L(u"新增可用财力"), L(u"新增地方"), L(u"新增专项债"), L(u"新增耕地"), L(u"全年空气"), L(u"开放平台"), L(u"加装电梯"), L(u"招商"), L(u"引进人才"), L(u"免费"), L(u"统筹区"), L(u"为企服务"), L(u"示范"), L(u"培训"), L(u"投资"), L(u"研发"), L(u"融资"), L(u"科学"), L(u"共享"), L(u"应用"), L(u"合作"), L(u"管理"), L(u"运营"), L(u"生产"), L(u"创业"), L(u"发展中心"), L(u"征收面积"), L(u"保护区"), L(u"集中式"), L(u"集中供热"), L(u"集中居住"), L(u"集中连片"), L(u"集中安置"), L(u"认真"), L(u"分类投放"), L(u"分类收"), L(u"全面从严"), L(u"重大"), L(u"将军"), L(u"持证"), L(u"有效"), L(u"总里程"), L(u"总规模"), L(u"总产"), L(u"开工率"), L(u"竣工率"), L(u"签约率"), L(u"落地率"), L(u"入库率"), L(u"完成率"), L(u"转化率"), L(u"实现率"), L(u"绿化"), L(u"种植业"), L(u"种业"), L(u"植物"), L(u"创新型"), L(u"为农服务"), L(u"增值税"), L(u"绿化率"), L(u"转移支付"), L(u"转移就业"),
};

void words_init(struct words *w) {
    w->units = lexicon_new(unit_table, unit_count);
    w->tails = lexicon_new(tail_table, COUNT_OF(tail_table));
    w->verbs = lexicon_new(verb_table, COUNT_OF(verb_table));
    w->leads = lexicon_new(lead_table, COUNT_OF(lead_table));
    w->heads = lexicon_new(head_table, COUNT_OF(head_table));
    w->nominals = lexicon_new(nominal_table, COUNT_OF(nominal_table));
}

void words_fini(struct words *w) {
    lexicon_free(w->units);
    lexicon_free(w->tails);
    lexicon_free(w->verbs);
    lexicon_free(w->leads);
    lexicon_free(w->nominals);
    lexicon_free(w->heads);
}
