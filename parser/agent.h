/*
 * agent: is this user agent a declared crawler?
 *
 * The patterns are those of the crawler-user-agents project (MIT), compiled into one
 * Aho-Corasick automaton for the literal ones and a few regular expressions for the rest. Callers
 * ask once per distinct user agent and keep the answer.
 */
#ifndef PARSER_AGENT_H
#define PARSER_AGENT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/slice.h"

struct agent_rules;

/* Compiles the built-in patterns. NULL and *error only if a pattern does not compile. */
struct agent_rules *agent_rules_new(struct error *error);
void agent_rules_free(struct agent_rules *rules);

/*
 * The index of the first pattern (in the order of the table) that is found in the user agent,
 * -1 when none is. An empty or absent user agent ("-") is nobody's pattern: -1.
 * Thread-safe: the rules are read only.
 */
int agent_find_crawler(const struct agent_rules *rules, struct slice user_agent);

/* The pattern's text and its tag ("search-engine", "ai-crawler", ...), for explanations. */
const char *agent_crawler_pattern(int index);
const char *agent_crawler_tag(int index);

#endif
