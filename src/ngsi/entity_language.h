/* entity_language: which language of a languageMap is liked best (CIM 009 v1.8.1 section 4.15; RFC
 * 4647 section 3.4, lookup; RFC 9110 section 12.5.4, weights). */
#ifndef TAIHU_NGSI_ENTITY_LANGUAGE_H
#define TAIHU_NGSI_ENTITY_LANGUAGE_H

#include "base/arena.h"
#include "base/json_read.h"

/* The member of a languageMap that answers "fr-CH,fr;q=0.9,*;q=0.5": for each range, by weight, the
 * tag that is it, else one that it begins ("en" finds en-US), else the same for the range cut short
 * ("nl-BE" finds nl). None of them: "@none", else the first. NULL: the map is empty. */
const struct json_value *entity_language_find(const struct json_value *map, const char *ranges,
                                              struct arena *a);

#endif
