/* clock: the time, which rooms below are handed. */
#ifndef TAIHU_CLI_CLOCK_H
#define TAIHU_CLI_CLOCK_H

#include <stdint.h>

/* UTC in milliseconds, by the machine's clock; `clock` is not looked at. */
int64_t clock_now_ms(void *clock);

#endif
