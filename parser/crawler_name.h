/*
 * crawler_name: the name in a crawler's pattern, which is a regular expression (agent.h).
 *
 *     Googlebot\/   [cC]laude[bB]ot   Ahrefs(Bot|SiteAudit)   ^curl
 *     Googlebot/    claudebot         AhrefsBot               curl
 */
#ifndef PARSER_CRAWLER_NAME_H
#define PARSER_CRAWLER_NAME_H

#include <stdbool.h>

#include "base/slice.h"

enum { CRAWLER_NAME_MAX = 128, CRAWLER_NAME_LEAST = 3 };

/*
 * The longest piece of text that the pattern stands for, in `out` (CRAWLER_NAME_MAX bytes): the
 * first of alternatives, the first byte of a class. A '/' or blank at its end is left out. Empty
 * when the pattern has no text.
 */
struct slice crawler_name_of(const char *pattern, char *out);

/*
 * Does the name, of CRAWLER_NAME_LEAST bytes or more, stand in the pattern's text? Letter case and
 * what follows a '/' in the name do not count.
 */
bool crawler_is_named(const char *pattern, const char *name);

#endif
