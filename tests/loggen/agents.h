/*
 * agents: user agents as they are met.
 *
 * Browsers come in order of popularity: a few systems and versions make up most of the traffic
 * and hundreds of others the rest.
 */
#ifndef LOGGEN_AGENTS_H
#define LOGGEN_AGENTS_H

#include "tests/loggen/plan.h"

enum { AGENT_BROWSERS = 400 };

/* Fills browsers[AGENT_BROWSERS] with distinct agents (texts), most popular first. */
void agents_browsers(struct plan *plan, uint32_t *browsers);

/* Declared crawlers, ended by NULL. */
extern const char *const agents_crawlers[];
size_t agents_crawler_count(void);

#endif
