/*
 * visit_cuts: visits that end before the timeout, and people who share a browser's looks.
 *
 * Gaps over the timeout and midnight are found while hits are read (recorder.h). These rules need
 * the order of page views:
 *
 *     max length    a page view later than this after the visit's first hit begins a new visit
 *     new source    a page view that comes from another source than the visit's (search, a
 *                   campaign, another site, but not direct) begins a new visit
 *     new campaign  likewise when only its campaign is another
 *     split         two people behind one address and agent, told apart by their referrers
 *
 * Sources are the same when class and name are; a visit's is that of its first page view, so that
 * one cannot cut. Nor can one whose referrer is a page of the site, whatever its URL still says of
 * a campaign. A campaign is another when the page view comes by a campaign at all: its source has
 * one, or is of SOURCE_CAMPAIGN, and differs in anything from the visit's.
 *
 * A visit that is cut ends with its last event before the cut; assets in between count for the
 * first part.
 *
 * Splitting is done first, and only to people who are told by their address. An entry is a page
 * view with no referrer or with one from elsewhere, and the first of a visit. It begins a chain,
 * and every other page view belongs to the chain that saw the page in its referrer last:
 *
 *     google -> /a -> /b ------------> /c         chain 1
 *                      direct -> /x -------> /y   chain 2 begins before 1 ends: another person
 *                                            direct -> /z   3 begins when both are over
 *
 * There are no more people than it takes to have all chains: one that begins when others are over
 * is the same person come back, and when it could be either of two, nothing is clear. A visit
 * is split only when it is clear: every page view but the entries names a page that exactly one of
 * the people has seen, and at least two of them have two page views and more. Otherwise it stays
 * one. What is no page view goes with its referrer, or else with the page view before it.
 *
 * The one who came first stays the visitor; the second of all its visits that were split is
 * one new visitor behind it, and so on. All hits stay with the first one. With the
 * others gone somebody's own page views can be apart by more than the timeout: these are visits,
 * too.
 */
#ifndef FUNNEL_VISIT_CUTS_H
#define FUNNEL_VISIT_CUTS_H

#include <stdbool.h>
#include <stdint.h>

struct event_table;
struct visit;

struct visit_rules {
    int64_t timeout_ms;
    int64_t max_length_ms; /* 0: none */
    bool cut_at_midnight;  /* of the reporting time zone */
    bool cut_on_new_source, cut_on_new_campaign;
    bool split_by_referrer;
};

/*
 * Needs table->sources. Visits and events stay in their order for each visitor; sums of hits,
 * events and page views stay what they are. Sets .source of the visits it makes.
 */
void visit_cuts_apply(struct event_table *table, const struct visit_rules *rules);

/* The number of the source of the visit's first page view, SOURCE_NUMBER_NONE without one. */
uint32_t visit_source(const struct event_table *table, const struct visit *visit);

#endif
