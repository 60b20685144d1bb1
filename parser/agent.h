/*
 * agent: what a user agent says it is.
 *
 * Declared crawlers are found by the patterns of the crawler-user-agents project (MIT), compiled
 * into one Aho-Corasick automaton for the literal ones and a few regular expressions for the
 * rest; the class of each comes from its tag there, but for the exceptions that agent_class.c
 * names. What is no crawler is a browser, as far as its text goes: browser.h takes that apart.
 * Callers ask once per distinct user agent and keep the answer.
 */
#ifndef PARSER_AGENT_H
#define PARSER_AGENT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/slice.h"
#include "parser/browser.h"

/* Who makes hits. The declared ones are told by their user agent, the last two are not. */
enum agent_class {
    AGENT_PERSON,
    AGENT_SEARCH,       /* indexes for a search engine */
    AGENT_SEO,          /* indexes for marketing: links, ranks, advertisements */
    AGENT_AI_TRAINING,  /* collects text for models */
    AGENT_AI_ASSISTANT, /* fetches a page because a person asked an assistant */
    AGENT_MONITORING,
    AGENT_FEED,
    AGENT_PREVIEW, /* shows a link that somebody shares */
    AGENT_TOOL,    /* libraries, command line programs, remote-controlled browsers */
    AGENT_SCANNER, /* looks for holes */
    AGENT_OTHER,   /* archives, research, whatever else declares itself */
    AGENT_SUSPECTED,
    AGENT_INTERNAL,
    AGENT_CLASS_COUNT
};
enum { AGENT_EVERY_CLASS = (1 << AGENT_CLASS_COUNT) - 1 }; /* as a set: bit per enum agent_class */
const char *agent_class_name(enum agent_class class);      /* "person", "ai-training", ... */
const char *agent_class_label(enum agent_class class);     /* for people: "AI training" */

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
int agent_crawler_count(void);
const char *agent_crawler_pattern(int index);
const char *agent_crawler_tag(int index);
enum agent_class agent_crawler_class(int index);

/*
 * All that is known from the text. Two agents with the same facts are the same to everything but
 * the visitor key. No byte is left undefined: facts are compared and hashed as they are.
 */
struct agent_facts {
    int32_t crawler;        /* index of its pattern; -1: not declared */
    uint8_t class;          /* enum agent_class: by pattern, by words like "bot", or AGENT_PERSON */
    bool is_absent;         /* the log has a field for it, and it is empty or "-" */
    uint16_t unused;        /* 0 */
    struct browser browser; /* of a declared crawler, too: some have a device */
};

/* `user_agent` as in struct hit: .at NULL when the log has none, which is not is_absent. */
struct agent_facts agent_facts_of(const struct agent_rules *rules, struct slice user_agent);

#endif
