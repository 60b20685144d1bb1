/*
 * rules: a hit -> the touchpoints it reaches and those it attempts in vain.
 *
 * Compiled once from a journey. What depends on the path alone is settled once per distinct path:
 *
 *     path --glob automaton--> class      the set of rules whose path condition holds (and of
 *                                         those without one)
 *     class, method, status, query --> marks
 *
 * A recorder keeps the class beside each page it knows, so that a hit costs a test of the few
 * rules of its class, and most classes have none. Class 0 is that of paths that no rule
 * with a path condition names.
 *
 * `struct rules` is read only and shared by threads; a matcher belongs to one thread, and its class
 * numbers are its own.
 */
#ifndef FUNNEL_RULES_H
#define FUNNEL_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "funnel/journey.h"
#include "parser/request.h"

struct rules;
struct rule_matcher;

/*
 * open[outcome]: the touchpoints that the hit reaches if that is what becomes of its form. It is
 * known when visits are (form_outcome.h): settled marks have nothing open.
 */
struct touch_marks {
    struct touch_set reached;
    struct touch_set failed;
    struct touch_set open[OUTCOME_COUNT];
};

/* The journey must outlive the rules. Never fails: journey_load has checked everything. */
struct rules *rules_new(const struct journey *journey);
void rules_free(struct rules *rules);

struct rule_matcher *rule_matcher_new(const struct rules *rules);
void rule_matcher_free(struct rule_matcher *matcher);

/*
 * A path as conditions see it: without the parameters of its segments (url.h) and normalised
 * (glob.h). Of longer ones the first 8 KiB count. Into `out`, RULES_PATH_MAX + 1 bytes.
 */
enum { RULES_PATH_MAX = 8 * 1024 };
struct slice rules_path(struct slice path, char *out);

/* The same in lower case: equal for two undecoded paths that are one page. */
struct slice rules_page(struct slice path, char *out);

/* The class of an undecoded path. */
uint32_t rules_classify(struct rule_matcher *matcher, struct slice path);

/*
 * False, quickly, when no hit of this class could be marked: has_query tells whether the request
 * has a query at all.
 */
bool rules_may_match(const struct rule_matcher *matcher, uint32_t class_number, bool has_query);

/*
 * The marks of a hit of that class. False when there are none (then *marks is empty). A
 * touchpoint that one rule reaches is neither a failed one by another nor open. Of a query the
 * first 8 KiB count, and in them the first 256 parameters that any rule asks for. Nothing is
 * allocated, but for states of the search automaton when they are first met.
 */
bool rules_match(struct rule_matcher *matcher, uint32_t class_number, const struct request *request,
                 unsigned status, struct touch_marks *marks);

/* For explanations: how one rule of the journey sees a hit. */
enum rule_verdict {
    RULE_REACHED,
    RULE_FAILED,  /* attempted in vain */
    RULE_NEITHER, /* e.g. a redirect: the page it leads to counts */
    RULE_KIND,    /* an asset, or a call or method that the rule does not name */
    RULE_PATH,
    RULE_METHOD,
    RULE_QUERY,
    RULE_SEARCH,
    RULE_STATUS,  /* a status condition, and the status is neither in it nor an error */
    RULE_OPEN,    /* hangs on whether the form stands on the page that it was posted to */
    RULE_OUTCOME, /* the form comes to another outcome, or to none */
};
enum rule_verdict rules_explain(const struct rules *rules, size_t rule,
                                const struct request *request, unsigned status);

/*
 * The site-search words of a query, decoded and normalised (words.h): the first value with any
 * word among the usual search parameters (q, s, query, search, keywords, suche, recherche, ...;
 * the list is in docs/journey-file.md), empty when there is none. Into `out`; what does not fit
 * into out_size bytes is cut off.
 */
struct slice rules_search_words(struct slice query, char *out, size_t out_size);

#endif
