/* asset_int: the files of web/board/ as the program carries them; CMakeLists.txt writes the list.
 */
#ifndef TAIHU_API_ASSET_INT_H
#define TAIHU_API_ASSET_INT_H

#include <stddef.h>

struct asset {
    const char *name; /* "board.css" */
    const char *bytes;
    const size_t *len;
    const char *source; /* "sha256-…", in base64 */
};

extern const struct asset board_assets[];
extern const size_t board_asset_count;

#endif
