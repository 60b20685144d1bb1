/*
 * error: why a run cannot go on, in one sentence for a person.
 *
 * A bad line of a log is a result and is counted; only a bad run is an error. Functions that can
 * fail take a `struct error *` as their last argument and return false or NULL after filling it.
 * The first error stays: setting a second one over it does nothing, so that a sequence of steps
 * can be checked once at its end.
 *
 * Library code never prints: cli/ prints error_text() and exits with the code's exit status.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/* The values are the exit statuses of the program. */
enum error_code {
    ERROR_NONE = 0,
    ERROR_USAGE = 1, /* usage, configuration or input that cannot be read; nothing was written */
    ERROR_FATAL = 3, /* an output failed, or the machine did; earlier reports are untouched */
};

struct error {
    enum error_code code;
    char file[256];     /* "" when the error is not about a place in a file */
    size_t line;        /* from 1; 0 unknown */
    size_t column;      /* from 1; 0 unknown */
    char sentence[768]; /* what failed, what was expected, what was found, what to do; no newline */
};

/* Each sets *error unless it is already set, and returns false so that callers can return it. */
bool error_set(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool error_at(struct error *error, enum error_code code, const char *file, size_t line,
              size_t column, const char *format, ...) __attribute__((format(printf, 6, 7)));

/*
 * "file:line:column: sentence" or just the sentence, into `text`; safe for a terminal whatever
 * bytes the file name or the quoted input had (see printable.h). Returns `text`.
 */
const char *error_text(const struct error *error, char *text, size_t size);

#endif
