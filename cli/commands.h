/*
 * commands: one function per command; each prints and returns the exit status.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "base/error.h"
#include "cli/options.h"

int command_report(const struct options *options);
int command_detect(const struct options *options);
int command_explain(const struct options *options);
int command_journeys(const struct options *options);
int command_check_journey(const struct options *options);
int command_plugins(const struct options *options);

/* "sojourn: SENTENCE" on standard error; returns the error's exit status. */
int complain(const struct error *error);
/* "sojourn: TEXT" on standard error, made safe for a terminal. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Flushes standard output; a failure there is an exit status too. */
int finish_output(void);

#endif
