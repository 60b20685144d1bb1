/*
 * agent_class: which class a user agent that declares itself belongs to.
 *
 *     in the table      by its tag there, but for the patterns that are ruled one by one
 *     not in the table  by its words, and by looking like no browser:
 *
 *         MyShopBot/1.0                                              other
 *         Mozilla/5.0 (compatible; MyShopBot/1.0; +https://...)      other
 *         Java/17                                                    tool
 *         ShopApp/5.2 CFNetwork/1410 Darwin/22.6.0                   person: an app in somebody's
 * hand Mozilla/5.0 (Linux; Android 9; CUBOT_X19) ...              person: a telephone
 */
#ifndef PARSER_AGENT_CLASS_H
#define PARSER_AGENT_CLASS_H

#include "parser/agent.h"

/* Of a pattern of crawlers.tsv. An unknown tag gives AGENT_OTHER. */
enum agent_class agent_class_of_crawler(const char *pattern, const char *tag);

/* The patterns that are ruled one by one, from 0; NULL past the last. */
const char *agent_class_ruled_pattern(size_t index);

/* Of a user agent that no pattern knows, and what browser_of says of it. */
enum agent_class agent_class_of_text(struct slice user_agent, const struct browser *browser);

#endif
