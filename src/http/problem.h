/* problem: an error as an answer: application/problem+json of RFC 9457. */
#ifndef TAIHU_HTTP_PROBLEM_H
#define TAIHU_HTTP_PROBLEM_H

#include "base/err.h"
#include "http/http.h"

struct problem {
    int status;
    const char *name;   /* "correction": the type is /problems/correction; NULL: about:blank */
    const char *type;   /* a whole URI in its place, for problems that a standard names; or NULL */
    const char *title;  /* NULL: the status in words */
    const char *detail; /* UTF-8; NULL: none */
};

/* Replaces what the response held. */
void problem_set(struct http_response *r, const struct problem *p);

/* The same from a failure: its status, its words as the detail. `code` is not OK. */
void problem_set_err(struct http_response *r, enum code code, const struct err *err);

/* 422 for E_INPUT and E_USAGE, 413 E_LIMIT, 500 E_IO, 503 E_BUSY, 404 E_ABSENT, 403 E_DENIED, 412
 * E_CONFLICT. Who reads JSON answers 400 itself where the syntax is wrong. */
int problem_status(enum code code);

/* The status in words, "Not Found". */
const char *problem_title(int status);

#endif
