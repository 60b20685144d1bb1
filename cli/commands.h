/*
 * commands: one function per command; each prints and returns the exit status.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/options.h"

int command_report(const struct options *options);
int command_detect(const struct options *options);
int command_explain(const struct options *options);
int command_visit(const struct options *options); /* explain --visit */
int command_journeys(const struct options *options);
int command_check_journey(const struct options *options);
int command_plugins(const struct options *options);

#endif
