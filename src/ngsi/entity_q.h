/* entity_q: the query language of NGSI-LD (CIM 009 v1.8.1, section 4.9), as "q" has it, without
 * percent-encoding:
 *
 *   speed>50;brandName!="Mercedes"        both; ';' binds more tightly than '|'
 *   (temp<10|temp>30);status==true        brackets
 *   temp==10..20    colour=="red","blue"  a range, both ends counted; a list: any of them
 *   name~="^Pisa"   name!~="^Pisa"        POSIX extended regular expressions (pattern.h)
 *   owner           !owner                whether there is one (! is not in the standard, others
 *                                         have it: Scorpio, Stellio)
 *   temp.accuracy<1 temp.observedAt>2026-01-01T00:00:00Z    an attribute of an attribute
 *   createdAt>2026-01-01T00:00:00Z        of the entity
 *   address[city]=="Wuxi"                 into a value    name[zh]=="太湖"  name[*]=="Taihu"
 *   at==urn:ngsi-ld:City:Wuxi             a Relationship: only == and != match
 *
 * Numbers are compared exactly, by their digits; texts by code point; moments as moments, whatever
 * their zone. Values of different kinds are different, and neither is less. A list in a value is
 * met by any of its items; != and !~= by none. An attribute of several instances (datasetId)
 * matches where one of them does. A term on what is not there matches nothing, != neither.
 *
 * A name that has "://" in it is one name: its dots part nothing. Left out: queries into linked
 * entities, managedBy{name}: refused in words. */
#ifndef TAIHU_NGSI_ENTITY_Q_H
#define TAIHU_NGSI_ENTITY_Q_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ngsi/entity.h"
#include "ngsi/entity_context.h"

enum {
    ENTITY_Q_TERMS_MAX = 64,  /* of one query */
    ENTITY_Q_VALUES_MAX = 64, /* in one list */
    ENTITY_Q_DEPTH_MAX = 16,  /* brackets within brackets */
    ENTITY_Q_PATH_MAX = 8,    /* names in one path */
};

struct entity_q;

/* The tree lives in `a`; what its patterns hold besides is freed by entity_q_free(), which is due
 * once before the arena ends. E_INPUT quotes the place; E_LIMIT: too much of something. */
enum code entity_q_parse(const char *text, const struct entity_context *context, struct arena *a,
                         const struct entity_q **out, struct err *err);

/* Takes NULL. */
void entity_q_free(const struct entity_q *q);

/* Only read, so any number of threads may ask at once. */
bool entity_q_matches(const struct entity_q *q, const struct entity *e);

/* The attributes that the query looks at, whole names, some perhaps twice: an entity that has these
 * alone matches as the whole one does. At most ENTITY_Q_TERMS_MAX. */
size_t entity_q_names(const struct entity_q *q, const char **to);

/* Whether it looks at createdAt or modifiedAt of the entity itself. */
bool entity_q_asks_times(const struct entity_q *q);

/* Attributes of which a matching entity must have one; 0: it may have none of them. */
size_t entity_q_needs(const struct entity_q *q, const char **to);

#endif
