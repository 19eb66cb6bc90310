/* report: a plan's reading, with verdicts where outcomes are known, as one self-contained HTML
 * page.
 *
 * Everything is in the file: style, script, the document's own text. Nothing is fetched. Beside the
 * areas, measures, tasks, targets and verdicts stands the document with every figure highlighted;
 * each figure is linked to its sentence and back. */
#ifndef TAIHU_PLAN_REPORT_H
#define TAIHU_PLAN_REPORT_H

#include "base/buf.h"
#include "plan/reading.h"
#include "plan/verdict.h"

/* Appends the page to `to`. `judgements` has one entry for each target it speaks of (see
 * verdict.h), or count 0 where no outcome document was given; `outcomes` are the readings they
 * point into. */
void report_write(const struct reading *plan, const struct reading *outcomes, size_t outcome_count,
                  const struct judgement *judgements, size_t judgement_count, struct buf *to);

#endif
