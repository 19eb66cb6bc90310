/* err: how a function says that it failed, and why.
 *
 * What can fail returns an `enum code`; 0 is OK and the value must be looked at. The words go to a
 * `struct err` the caller owns: what was attempted, the value, the place. The first error wins: a
 * later err_set() on the same struct keeps the first words, so that clean-up cannot hide the cause.
 */
#ifndef TAIHU_BASE_ERR_H
#define TAIHU_BASE_ERR_H

/* Few codes, chosen by what the caller will do; err_exit_status() maps them to the shell, and
 * http/problem.h to a status. */
enum code {
    OK = 0,
    E_USAGE,    /* the command line is wrong: show how to call */
    E_INPUT,    /* outside bytes are wrong: show the place, go on with the next document */
    E_LIMIT,    /* outside bytes are larger or deeper than we take: as E_INPUT */
    E_IO,       /* the machine said no: a file, a pipe, a process */
    E_BUSY,     /* a queue is full: nothing was done, the same call may be right later */
    E_ABSENT,   /* what was asked for is not there, or not for this caller to know of */
    E_DENIED,   /* the caller may not do this: asking again changes nothing */
    E_CONFLICT, /* it changed since the caller looked: look again, then decide again */
    E_DAMAGED,  /* what we kept ourselves cannot be read: leave it as it is, go on with the rest */
};

enum { ERR_MSG_MAX = 512 };

struct err {
    enum code code;        /* OK until the first err_set() */
    char msg[ERR_MSG_MAX]; /* UTF-8, lower case, no full stop, cut at a character */
};

#define ERR_INIT                                                                                   \
    { OK, "" }

/* Notes the failure and returns `code`, so that a caller can `return err_set(...)`. `e` may be
 * NULL: then only the code travels. */
enum code err_set(struct err *e, enum code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As ERR_INIT, without a look at the room for words: for where there are many. */
void err_clear(struct err *e);

/* Puts "prefix: " before the words of an error, as the name of a file. OK and NULL are left. */
void err_prefix(struct err *e, const char *prefix);

/* 0 for OK, 2 for E_USAGE, 1 for all else. */
int err_exit_status(enum code code);

/* Writes "taihu: <msg>" and a line feed to stderr. */
void err_print(const struct err *e);

#endif
