/*
 * messages: sentences for people, on standard error.
 */
#ifndef CLI_MESSAGES_H
#define CLI_MESSAGES_H

#include "base/error.h"

/* "sojourn: SENTENCE" on standard error; returns the error's exit status. */
int complain(const struct error *error);
/* "sojourn: TEXT" on standard error, made safe for a terminal. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Flushes standard output; a failure there is an exit status too. */
int finish_output(void);

#endif
