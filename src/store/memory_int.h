/* memory_int: when the memories beside a connection are told what became of it. */
#ifndef TAIHU_STORE_MEMORY_INT_H
#define TAIHU_STORE_MEMORY_INT_H

#include <stdbool.h>

#include "store/memory.h"
#include "store/tx_int.h"

void memory_end_job(struct tx *tx, bool kept);
void memory_end(struct tx *tx, bool on_disk);
void memory_free_all(struct tx *tx);

#endif
