/* place: the city whose plan a kept text is, so that plans of one city are told from those of
 * another: 无锡市 for 無錫市發展和改革委員會 and for 无锡市人民政府.
 *
 * It is read from the issuer, else from the title: what stands before 人民政府, 政府, 第 or a
 * digit, where that ends with the name of a kind of place (省 市 州 盟 地区 区 县 旗); else the
 * front up to the first such name. A part of a city is a place of its own: 无锡市梁溪区.
 *
 * Where neither tells one (市人民政府, 2021年政府工作报告) it is the issuer, else the title, as it
 * stands: plans of cities that cannot be told apart are rather kept apart than mixed. */
#ifndef TAIHU_TRACK_PLACE_INT_H
#define TAIHU_TRACK_PLACE_INT_H

#include "base/arena.h"

/* Simplified, half width, in `a`; `issuer` and `title` may be NULL. */
const char *place_of(const char *issuer, const char *title, struct arena *a);

/* Text in its folded view as UTF-8: simplified, half width; in `a`. */
const char *place_fold(const char *text, struct arena *a);

#endif
