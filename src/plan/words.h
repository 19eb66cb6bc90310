/* words: the vocabulary by which a plan promises: verbs and what kind of promise they make, the
 * bounds that stand before a number, the adverbs that stand before a verb. Within plan/ only. */
#ifndef TAIHU_PLAN_WORDS_H
#define TAIHU_PLAN_WORDS_H

#include "plan/reading.h"
#include "text/lexicon.h"

/* What stands directly before a number and belongs neither to the thing nor to the verb. */
enum tail {
    TAIL_GE = 1,  /* 超过 不低于 突破 */
    TAIL_LE,      /* 不超过 控制在 低于 */
    TAIL_ABOUT,   /* 约 */
    TAIL_REACH,   /* 达到 增至 保持在: a level */
    TAIL_GROW,    /* 增长 提高 */
    TAIL_GROW_TO, /* 提高到: a level again */
    TAIL_SHRINK,  /* 下降 减少 */
    TAIL_EACH,    /* 分别 各 均 */
    TAIL_EMPTY,   /* 力争 确保 为 是: says nothing of the number */
};

/* A verb's tag: its enum figure_kind, and how freely it may be cut from what follows. */
enum {
    VERB_KIND = 0x0F,
    VERB_STRONG = 0x10,  /* cuts behind a subject too: 市区新建公共停车位 */
    VERB_NOMINAL = 0x20, /* may be part of a noun: 建设用地, 服务业, 污水治理 */
    VERB_SPELLED = 0x40, /* makes a promise of a number in words: 开工两条新线 */
};

/* The lexicons of the plan room, indexed. Read-only once made. */
struct words {
    struct lexicon *units;
    struct lexicon *tails;
    struct lexicon *verbs;
    struct lexicon *leads;    /* adverbs, subjects and particles before the verb */
    struct lexicon *nominals; /* what follows a VERB_NOMINAL that is part of a noun */
    struct lexicon *enders;   /* what ends a noun behind a number: what the thing does */
    struct lexicon *heads;    /* nouns that begin like a verb or an adverb */
};

void words_init(struct words *w);
void words_fini(struct words *w);

#endif
