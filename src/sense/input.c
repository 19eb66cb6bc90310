/* input: see input.h. */
#include "sense/input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

ssize_t input_read_bytes(void *data, char *to, size_t n) {
    struct input_bytes *b = data;
    size_t take = n < b->left ? n : b->left;
    take = take < b->step ? take : b->step;
    if (take > 0) {
        memcpy(to, b->bytes, take);
    }
    b->bytes += take;
    b->left -= take;
    return (ssize_t)take;
}

ssize_t input_read_file(void *data, char *to, size_t n) {
    ssize_t got;
    do {
        got = read(*(const int *)data, to, n);
    } while (got < 0 && errno == EINTR);
    return got;
}
