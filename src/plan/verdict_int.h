/* verdict_int: the parts of the verdict room: what a figure speaks of, whether two figures speak of
 * the same thing, what their numbers say. Within plan/verdict*.c only.
 *
 * The way of one figure: its clause -> its own item of the clause (verdict_item) -> a phrase: the
 * noun phrase in normal words and the acts done to it (verdict_phrase; the words in verdict_words
 * and verdict_terms) -> a statement. Two statements -> a link (verdict_match), acts and numbers
 * (verdict_value) -> a finding -> a judgement with its reason in words (verdict_why). */
#ifndef TAIHU_PLAN_VERDICT_INT_H
#define TAIHU_PLAN_VERDICT_INT_H

#include "plan/verdict.h"
#include "text/lexicon.h"
#include "text/source.h"

/* ---- words ---- */

/* What is done to a thing, as bits: a promise and a result compare only where these agree. */
enum act {
    ACT_NEW = 1 << 0,     /* 新增 净增 */
    ACT_START = 1 << 1,   /* 开工 */
    ACT_BUILD = 1 << 2,   /* 新建 建成 竣工 投用 */
    ACT_REBUILD = 1 << 3, /* 改造 整治 改扩建 */
    ACT_CREATE = 1 << 4,  /* 创建 培育 认定 获批 */
    ACT_ATTRACT = 1 << 5, /* 引进 招引 落户 */
    ACT_FILE = 1 << 6,    /* 备案 */
    ACT_SIGN = 1 << 7,    /* 签约 */
    ACT_DO = 1 << 8,      /* 实施 开展 举办 */
    ACT_DONE = 1 << 9,    /* 完成 实现 */
    ACT_REACH = 1 << 10,  /* 达到 突破 */
    ACT_STOCK = 1 << 11,  /* 增至 累计 总数 */
    ACT_FLOW = ACT_NEW | ACT_START | ACT_BUILD | ACT_REBUILD | ACT_CREATE | ACT_ATTRACT | ACT_FILE |
               ACT_SIGN | ACT_DO,
};

/* What a lexeme does to the phrase it stands in: the upper four bits of its tag. The lower twelve
 * are an act, a mark, or the number of the normal word. */
enum word_use {
    USE_KEEP = 1 << 12,  /* a guard: looks like one of the others and is none */
    USE_DROP = 2 << 12,  /* says nothing of the thing, wherever it stands */
    USE_LEAD = 3 << 12,  /* likewise, but only before the thing */
    USE_TAIL = 4 << 12,  /* likewise, but only behind it */
    USE_ACT = 5 << 12,   /* an act, wherever it stands */
    USE_VERB = 6 << 12,  /* an act, at either end of a phrase */
    USE_MARK = 7 << 12,  /* see enum mark */
    USE_PART = 8 << 12,  /* joins the parts of a list */
    USE_CANON = 9 << 12, /* another way to say a normal word */
    USE_MASK = 15 << 12,
};

enum mark {
    MARK_EACH = 1 << 0,    /* 各 每个: of every one, not of all together */
    MARK_DELTA = 1 << 1,   /* 高于 多增 提前: a distance, not the figure itself */
    MARK_AVERAGE = 1 << 2, /* 年均 两年平均: not of this one year */
    MARK_PARTIAL = 1 << 3, /* 上半年 前三季度 */
    MARK_BOTH = 1 << 4,    /* 均 都: holds for each part of the list */
    MARK_APART = 1 << 5,   /* 分别: the parts and the numbers pair off */
    MARK_AMONG = 1 << 6,   /* 其中: a part of what was counted before */
    MARK_ROUGH = 1 << 7,   /* basically, nearly: 基本完成 */
    MARK_NET = 1 << 9,     /* 净增: what is added less what is lost; implies ACT_NEW */
    MARK_UNSURE = 1 << 8,  /* set by the reader of items: the thing may be cut wrongly */
};

/* All words, indexed. Read-only once made. */
struct verdict_words {
    struct lexeme *items;
    struct lexicon *all;
};

/* The terms of the field; each tag is USE_CANON and the number of its normal word. */
extern const struct lexeme verdict_terms[];
extern const size_t verdict_term_count;

void verdict_words_init(struct verdict_words *w);
void verdict_words_fini(struct verdict_words *w);

/* The normal word of a USE_CANON tag, NUL-ended. */
const char16_t *verdict_canon(uint16_t tag);

/* The family that a noun phrase's head is one kind of (安置房, 保障性住房), 0 for none. */
unsigned verdict_family(const char16_t *np, size_t n);

/* ---- phrases ---- */

enum { NP_MAX = 64, PARTS_MAX = 8 };

struct phrase {
    char16_t np[NP_MAX]; /* the noun phrase in normal words, without marks, verbs, place and time */
    uint8_t n;
    uint8_t part[PARTS_MAX + 1]; /* where each part of a list begins in np; [parts] is n */
    uint8_t parts;
    uint16_t acts;
    uint16_t marks;
};

/* Adds the words of a run to the phrase, which begins as zero. */
void phrase_add(const struct verdict_words *w, const struct source *s, struct run r,
                struct phrase *p);

/* The characters of a phrase in an order of their own: two phrases of one thing may have their
 * words in another order, and are the same when these are. */
void phrase_sort(const struct phrase *p, char16_t to[NP_MAX]);

/* Keeps only the k-th part of a list of things, with the head that the last part lends to all:
 * 集成电路、生物医药等产业 [0] is 集成电路产业. */
void phrase_pick(struct phrase *p, unsigned k);

/* ---- statements ---- */

enum gauge {
    MEASURE_NONE,   /* no number */
    MEASURE_GROWTH, /* by so many % */
    MEASURE_SHRINK,
    MEASURE_SHARE, /* a % of something */
    MEASURE_COVER, /* 全覆盖 */
    MEASURE_AMOUNT,
    MEASURE_OTHER, /* points, times, ranks, distances: never compared but with their like */
};

/* The stretch of time that an outcome speaks of. */
enum when { WHEN_UNSAID, WHEN_YEAR, WHEN_TERM };

enum { GRAMS_MAX = NP_MAX };

/* A target or an outcome, ready to be compared. */
struct statement {
    const struct figure *figure;
    const struct reading *where;
    struct run clause; /* in places of its document's folded view */
    struct run sentence;
    struct phrase what;
    enum gauge measure;
    enum when when;       /* of an outcome */
    const char16_t *unit; /* folded, without scale; unit_n may be 0 */
    uint32_t unit_n;
    bool lower_better; /* 失业率, 能耗, 控制在 */
    bool nearly;       /* 近, 接近: less than the number */
    bool pace;         /* no number of its own, but as fast as the economy: 与经济增长同步 */
    uint16_t gram[GRAMS_MAX]; /* pairs of characters, sorted, for nearness */
    uint16_t grams;
    bool bare;       /* names no thing by itself: 投资, 产业规模 */
    unsigned family; /* see verdict_family() */
};

struct statement_list {
    struct statement *items;
    size_t count;
};

/* Reads figures[0..count) of one document into statements, in order. */
void statements_read(const struct verdict_words *w, const struct reading *r,
                     const struct figure *figures, size_t count, struct arena *a,
                     struct statement_list *out);

/* ---- links ---- */

/* How common each pair of characters is in all statements of a comparison. */
enum { RARITY_PAIRS = 65536 };

struct rarity {
    uint16_t *df;     /* by pair, RARITY_PAIRS: the statements that hold it */
    uint16_t *weight; /* by pair, once finished */
    uint32_t total;
};

void rarity_init(struct rarity *r, struct arena *a);
void rarity_add(struct rarity *r, struct statement_list *list);

/* Call once all lists are added. */
void rarity_finish(struct rarity *r);

/* Whether a phrase names nothing, or a head that fits anything. */
bool phrase_is_bare(const struct phrase *p);

enum link { LINK_NONE, LINK_NEAR, LINK_SAME };

/* Whether two statements speak of one thing: LINK_SAME only where the noun phrases agree word for
 * word in normal words. *nearness, 0 to 1000, orders those that are LINK_NEAR. */
enum link thing_link(const struct rarity *r, const struct statement *t, const struct statement *o,
                     unsigned *nearness);

/* ---- numbers and acts ---- */

/* Why a pair does not decide; also why it does. */
enum reason {
    REASON_REACHED,
    REASON_SHORT,
    REASON_PACE,     /* a growth kept up with another */
    REASON_SILENT,   /* nothing is said */
    REASON_THING,    /* another thing, near this one */
    REASON_PART,     /* named within a list that has one number */
    REASON_LEVEL,    /* growth promised, level reported */
    REASON_GROWTH,   /* the other way round */
    REASON_STOCK,    /* additions promised, the whole reported, or the other way round */
    REASON_ACT,      /* another act */
    REASON_UNIT,     /* another unit */
    REASON_EACH,     /* promised of each, reported of all */
    REASON_ROUGH,    /* the reported number is a bound or rounded across the border */
    REASON_PERIOD,   /* of another stretch of time */
    REASON_PLAIN,    /* the target has no number */
    REASON_CONFLICT, /* two statements disagree */
    REASON_YEAR,     /* the plan does not say its year */
    REASONS,
};

enum act_fit { ACTS_DIFFER, ACTS_STOCK, ACTS_LOOSE, ACTS_FIT };

enum act_fit acts_fit(const struct statement *t, const struct statement *o);

/* The unit of a statement in its normal word: what counts single things is 个. */
void unit_normal(const struct statement *st, const char16_t **unit, uint32_t *n);

/* True when both count in one unit (个 and 家 are one; 元 and 美元 are not). */
bool units_agree(const struct statement *t, const struct statement *o);

/* MET, MISSED, or NOT_COMPARABLE where the bounds leave it open. Units agree. */
enum verdict values_decide(const struct statement *t, const struct statement *o);

/* ---- findings ---- */

struct finding {
    const struct statement *outcome; /* NULL where nothing is said */
    enum verdict verdict;
    enum reason reason;
    unsigned rank; /* the higher of two findings stands */
};

/* Fills why and why_en. */
void verdict_explain(const struct statement *t, const struct finding *f, struct arena *a,
                     struct judgement *out);

#endif
