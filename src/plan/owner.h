/* owner: who is responsible for a task.
 *
 * Where the document says it, （责任单位：市发改委、市财政局）, 牵头单位, 由市交通局牵头, that is
 * taken as written. Where it is silent, bodies are proposed from a lexicon of what each department
 * of a city government answers for, with a confidence from the number and weight of the words that
 * point to it: a proposal to be confirmed by a person, never a fact. */
#ifndef TAIHU_PLAN_OWNER_H
#define TAIHU_PLAN_OWNER_H

#include "base/arena.h"
#include "plan/reading.h"
#include "text/source.h"

struct owner_index;

struct owner_index *owner_index_new(void);
void owner_index_free(struct owner_index *index);

/* The bodies for the task that stands at `task`, stated ones first, at most 4; *out lives in `a`.
 */
void owner_find(const struct owner_index *index, const struct source *s, struct run task,
                struct arena *a, struct responsible **out, uint32_t *count);

#endif
