/* input: where the bytes of a file to import come from, so that tests and fuzz targets need none.
 */
#ifndef TAIHU_SENSE_INPUT_H
#define TAIHU_SENSE_INPUT_H

#include <stddef.h>
#include <sys/types.h>

struct input {
    /* Up to `n` bytes; 0 at the end, -1 with errno where it cannot be read. */
    ssize_t (*read)(void *data, char *to, size_t n);
    void *data;
};

/* Bytes in memory, `step` at most at a time: `data` of an input with input_read_bytes(). */
struct input_bytes {
    const char *bytes;
    size_t left;
    size_t step;
};

ssize_t input_read_bytes(void *data, char *to, size_t n);

/* An open file: `data` is an int *. */
ssize_t input_read_file(void *data, char *to, size_t n);

#endif
