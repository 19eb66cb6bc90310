/* fold: the table that lets one grammar read traditional and simplified, full and half width.
 * Generated at build time by tools/gen_fold from OpenCC's dictionaries, a unit for a unit. */
#ifndef TAIHU_TEXT_FOLD_H
#define TAIHU_TEXT_FOLD_H

#include <stdint.h>

extern const uint16_t fold_table[65536];

#endif
