/*
 * put: the pieces of a line.
 *
 * Each function writes at `at`, where there must be room, and returns where the next piece goes.
 */
#ifndef LOGGEN_PUT_H
#define LOGGEN_PUT_H

#include <stdint.h>

#include "base/slice.h"

char *put_slice(char *at, struct slice text);
char *put_text(char *at, const char *text);
char *put_number(char *at, uint64_t number);
/* With zeros before it, at least `digits` (up to 20). */
char *put_padded(char *at, uint64_t number, unsigned digits);
/* Milliseconds as seconds: "0.186". */
char *put_seconds(char *at, uint64_t milliseconds);
char *put_format(char *at, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A text as Apache writes it (\" \\ \xHH), in the manner of another server. */
enum put_manner {
    PUT_JSON,    /* \" \\ \u0016 */
    PUT_PLUS,    /* IIS: + for a blank */
    PUT_PERCENT, /* CloudFront: %20 */
    PUT_HASH,    /* HAProxy: #22 */
};
char *put_recoded(char *at, struct slice text, enum put_manner manner);

#endif
