/* report_label: the words of the page, Chinese and English.
 *
 * Each stands in the page in both languages, <span lang="zh-Hans">…</span><span lang="en">…</span>;
 * the style hides the one that <html lang> does not ask for. What a document says is never
 * translated. */
#include "plan/report_int.h"

#include <assert.h>

struct words {
    const char *zh;
    const char *en;
};

static const struct words LABEL_WORDS[LABELS] = {
    [LABEL_SKIP_PLAN] = {"跳到目标", "Skip to the targets"},
    [LABEL_SKIP_DOCUMENT] = {"跳到原文", "Skip to the document"},
    [LABEL_LANGUAGE] = {"语言", "Language"},
    [LABEL_PLAN_PANE] = {"目标与任务", "Targets and tasks"},
    [LABEL_DOCUMENT_PANE] = {"原文", "Documents"},
    [LABEL_ISSUER] = {"发布机构", "Issuer"},
    [LABEL_YEAR] = {"计划年度", "Plan year"},
    [LABEL_ISSUED] = {"发布日期", "Issued"},
    [LABEL_INDEX_NO] = {"索引号", "Index no."},
    [LABEL_SOURCE] = {"计划文件", "Plan file"},
    [LABEL_OUTCOME_SOURCE] = {"结果文件", "Outcome files"},
    [LABEL_CONTENTS] = {"内容", "Contents"},
    [LABEL_AREAS] = {"个领域", "areas"},
    [LABEL_AREAS_ONE] = {"个领域", "area"},
    [LABEL_MEASURES] = {"项举措", "measures"},
    [LABEL_MEASURES_ONE] = {"项举措", "measure"},
    [LABEL_TASKS] = {"项任务", "tasks"},
    [LABEL_TASKS_ONE] = {"项任务", "task"},
    [LABEL_TARGETS] = {"个目标", "targets"},
    [LABEL_TARGETS_ONE] = {"个目标", "target"},
    [LABEL_SCOREBOARD] = {"总览", "Scoreboard"},
    [LABEL_BY_AREA] = {"各领域目标完成情况", "Verdicts by area"},
    [LABEL_BY_KIND] = {"各领域目标数量与类型", "Targets by area and kind"},
    [LABEL_AREA] = {"领域", "Area"},
    [LABEL_ALL] = {"合计", "All"},
    [LABEL_ALL_AREAS] = {"全部领域", "All areas"},
    [LABEL_SHARE] = {"构成", "Share"},
    [LABEL_OVERALL] = {"主要预期目标", "Main expected targets"},
    [LABEL_REST] = {"其他目标", "Other targets"},
    [LABEL_NO_TARGETS] = {"文件中没有读到量化目标。", "No target was found in the document."},
    [LABEL_NO_AREAS] = {"文件中没有读到分领域的任务。",
                        "No areas with tasks were found in the document."},
    [LABEL_FILTER] = {"筛选", "Filter"},
    [LABEL_SEARCH] = {"查找", "Search"},
    [LABEL_CLEAR] = {"清除", "Clear"},
    [LABEL_SHOWN] = {"显示", "Showing"},
    [LABEL_NOTHING_MATCHES] = {"没有符合条件的目标或任务。", "No target or task matches."},
    [LABEL_OPEN_ALL] = {"全部展开", "Expand all"},
    [LABEL_CLOSE_ALL] = {"全部收起", "Collapse all"},
    [LABEL_LEAD] = {"牵头", "Lead"},
    [LABEL_SUPPORT] = {"配合", "Support"},
    [LABEL_RESPONSIBLE] = {"责任", "Responsible"},
    [LABEL_PROPOSED] = {"建议", "Proposed"},
    [LABEL_CONFIDENCE] = {"把握", "confidence"},
    [LABEL_DEADLINE] = {"期限", "Due"},
    [LABEL_AS_WRITTEN] = {"原文作", "written as"},
    [LABEL_HORIZON] = {"目标期", "for"},
    [LABEL_REPORTED] = {"结果", "Reported"},
    [LABEL_PLAN_DOCUMENT] = {"计划", "Plan"},
    [LABEL_OUTCOME_DOCUMENT] = {"结果", "Outcome"},
    [LABEL_NOTES] = {"说明", "Notes"},
    [LABEL_NOTE_LINKS] = {"每个数字都连到原文中的那句话，原文中的每处标记也连回目标。",
                          "Every figure links to its sentence in the document, and every mark in "
                          "the document links back."},
    [LABEL_NOTE_MET] = {"结果文件对同一事项、同一年度报告的数字达到目标。",
                        "The outcome reports a figure for the same thing and the same year that "
                        "reaches the target."},
    [LABEL_NOTE_MISSED] = {"结果文件对同一事项、同一年度报告的数字没有达到目标。",
                           "The outcome reports a figure for the same thing and the same year that "
                           "falls short."},
    [LABEL_NOTE_NOT_COMPARABLE] = {"结果文件提到此事，但口径、单位或年度不足以判定。",
                                   "The outcome speaks of it, but not in a way that decides."},
    [LABEL_NOTE_NOT_REPORTED] = {"结果文件没有提到此事；这不等于没有完成。",
                                 "The outcome does not speak of it, which does not mean it was "
                                 "not done."},
    [LABEL_NOTE_NO_VERDICT] =
        {"目标属于计划年度以外的年份，结果文件不作判定。",
         "The target is for another year than the plan's and was not judged."},
    [LABEL_NOTE_PROPOSED] =
        {"标为“建议”的责任单位不是文件所写，而是按职责推定，须由人确认。",
         "Bodies marked as proposed are not named by the document; they were "
         "inferred from what each answers for, and a person must confirm them."},
};

static const struct {
    const char *sign;
    const char *class;
    struct words words;
} VERDICT_WORDS[VERDICTS + 1] = {
    [VERDICT_MET] = {"✓", "met", {"达成", "Met"}},
    [VERDICT_MISSED] = {"✗", "missed", {"未达成", "Missed"}},
    [VERDICT_NOT_COMPARABLE] = {"?", "not_comparable", {"不可比", "Not comparable"}},
    [VERDICT_NOT_REPORTED] = {"–", "not_reported", {"未报告", "Not reported"}},
    [NO_VERDICT] = {"", "none", {"非本年度", "Other year"}},
};

static const struct words KIND_WORDS[KINDS] = {
    [KIND_NONE] = {"未分类", "Unsorted"},
    [KIND_GROWTH_RATE] = {"增长", "Growth"},
    [KIND_REDUCTION] = {"下降", "Reduction"},
    [KIND_LEVEL] = {"达到", "Level"},
    [KIND_NEW] = {"新增", "New"},
    [KIND_COMPLETE] = {"完成", "Completed"},
    [KIND_RATIO] = {"比例", "Share"},
    [KIND_COUNT] = {"数量", "Count"},
    [KIND_RANK] = {"位次", "Rank"},
    [KIND_QUALITATIVE] = {"定性", "Qualitative"},
    [KIND_OTHER] = {"其他", "Other"},
};

static const struct {
    const char *sign;
    struct words words;
} COMPARATOR_WORDS[] = {
    [COMPARATOR_NONE] = {"", {"", ""}},
    [COMPARATOR_EQ] = {"", {"", ""}},
    [COMPARATOR_GE] = {"≥", {"以上", "or more"}},
    [COMPARATOR_LE] = {"≤", {"以内", "or less"}},
    [COMPARATOR_ABOUT] = {"≈", {"左右", "about"}},
};

void report_bilingual(struct buf *to, const char *zh, const char *en) {
    assert(zh != NULL && en != NULL);
    buf_adds(to, "<span lang=\"zh-Hans\">");
    report_string(to, zh);
    buf_adds(to, "</span><span lang=\"en\">");
    report_string(to, en);
    buf_adds(to, "</span>");
}

void report_label(struct buf *to, enum label l) {
    report_bilingual(to, LABEL_WORDS[l].zh, LABEL_WORDS[l].en);
}

void report_counted(struct buf *to, size_t n, enum label l) {
    buf_addf(to, "<b>%zu</b> ", n);
    report_label(to, n == 1 ? l + 1 : l);
}

const char *report_label_zh(enum label l) {
    return LABEL_WORDS[l].zh;
}

const char *report_label_en(enum label l) {
    return LABEL_WORDS[l].en;
}

void report_verdict_label(struct buf *to, int verdict) {
    report_bilingual(to, VERDICT_WORDS[verdict].words.zh, VERDICT_WORDS[verdict].words.en);
}

const char *report_verdict_class(int verdict) {
    return VERDICT_WORDS[verdict].class;
}

const char *report_verdict_sign(int verdict) {
    return VERDICT_WORDS[verdict].sign;
}

void report_kind_label(struct buf *to, enum figure_kind kind) {
    report_bilingual(to, KIND_WORDS[kind].zh, KIND_WORDS[kind].en);
}

void report_comparator_label(struct buf *to, enum comparator c) {
    if (COMPARATOR_WORDS[c].sign[0] != '\0') {
        report_bilingual(to, COMPARATOR_WORDS[c].words.zh, COMPARATOR_WORDS[c].words.en);
    }
}

const char *report_comparator_sign(enum comparator c) {
    return COMPARATOR_WORDS[c].sign;
}
