/*
 * behaviour: machines that do not say so, told by what they do.
 *
 * Of everybody whose user agent is a browser's, these rules are asked in this order, and the first
 * that applies decides; each can be switched off. They look at a visitor as a whole.
 *
 *     forged-crawler   a crawler's name from outside the ranges that its operator publishes
 *     attack           asked for what only scanners ask for (parser/traits.h)
 *     login-flood      LOGIN_POSTS tries to log in, in vain, within LOGIN_WINDOW_S
 *     robots-txt       read /robots.txt
 *     no-agent         no user agent, where the log has them
 *     impossible-browser   a version that never existed (parser/browser.h)
 *     old-browser      one that was out of date for years
 *     head-only        only HEAD requests
 *     post-only        sent forms, and asked for neither a page nor an asset
 *     rate             RATE_PAGES page views within RATE_WINDOW_S
 *     regular          REGULAR_VIEWS and more page views, nearly all apart by the same time
 *     no-assets        ASSET_PAGES and more page views, not one asset and not one link of the site
 *                      that was followed, where others load assets
 *
 * Exactly:
 *
 * Page views are those of KIND_PAGE, found or not; one that is redirected does not count, the page
 * that it leads to does, nor does a piece of a document (206). Windows hold both their ends:
 * RATE_PAGES page views of which the last comes RATE_WINDOW_S after the first are too many.
 *
 * forged-crawler is the only rule for declared crawlers, and none is for internal visitors. Whose
 * address is a host name, or cut shorter than a whole IPv4 address or the first 64 bits of an IPv6
 * one, cannot be checked and is left alone. Of an IPv6 network its first address must be in a
 * range, so ranges narrower than 64 bits do not count as a home.
 *
 * login-flood must not hit an office where twenty people log in at nine o'clock behind one
 * address. They get in and go on to other pages; whoever guesses passwords tries again. So a
 * POST to a login page is in vain when it is answered 4xx or 5xx, or when what the visitor does
 * next is on a login page again, be it the form that a redirect leads back to. After the last POST
 * of all nothing comes: it is in vain unless it was redirected.
 *
 * Browsers are judged at the time of the visitor's first visit.
 *
 * regular: of the times between successive page views, at least REGULAR_PERCENT in a hundred are
 * the same as their median (the lower one of two), which is REGULAR_GAP_S or more. The same is what
 * differs by no more than 1 s, for logs have whole seconds (but by a quarter of a median under 4 s,
 * or everybody who leafs through pictures would be regular), or by 5 %, but not over 60 s: who
 * reads the news at breakfast comes at the same time of day, give or take more than that.
 *
 * post-only asks whether the log has the site's pages at all: it counts only when at least half of
 * those with a page view asked for a page. Where a CDN serves the pages, people only send forms.
 *
 * no-assets is calibrated on the log. Who comes to a page from another one of the site (its
 * referrer says so) has followed a link, as people do; a browser that has the assets from earlier
 * visits loads none, but still follows links. The rule counts only when at least half of those who
 * follow links, with two page views and more, load assets: where a CDN serves them they are not in
 * the log, and the rule is silent. Where hardly anybody follows links (less than one in
 * LINKS_ONE_IN of those with two page views and more) the log has no referrers, or none that can be
 * told, and assets alone decide. Only those are asked that no other rule decided on.
 */
#ifndef FUNNEL_BEHAVIOUR_H
#define FUNNEL_BEHAVIOUR_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/networks.h"

struct event_table;

enum behaviour_rule {
    BEHAVIOUR_NONE, /* no rule applies */
    BEHAVIOUR_FORGED_CRAWLER,
    BEHAVIOUR_ATTACK,
    BEHAVIOUR_LOGIN_FLOOD,
    BEHAVIOUR_ROBOTS_TXT,
    BEHAVIOUR_NO_AGENT,
    BEHAVIOUR_IMPOSSIBLE_BROWSER,
    BEHAVIOUR_OLD_BROWSER,
    BEHAVIOUR_HEAD_ONLY,
    BEHAVIOUR_POST_ONLY,
    BEHAVIOUR_RATE,
    BEHAVIOUR_REGULAR,
    BEHAVIOUR_NO_ASSETS,
    BEHAVIOUR_COUNT
};
const char *behaviour_name(enum behaviour_rule rule);  /* "no-assets"; "" for NONE */
const char *behaviour_about(enum behaviour_rule rule); /* one sentence with its figures */
const char *const *behaviour_names(void);              /* ends with NULL; without NONE */
enum behaviour_rule behaviour_find(const char *name);  /* BEHAVIOUR_NONE when there is none */

enum {
    LOGIN_POSTS = 10,
    LOGIN_WINDOW_S = 600,
    RATE_PAGES = 30,
    RATE_WINDOW_S = 30,
    REGULAR_VIEWS = 12,
    REGULAR_GAP_S = 2,
    REGULAR_PERCENT = 90,
    ASSET_PAGES = 5,
    LINKS_ONE_IN = 20,
};

/* Where a crawler is at home: whoever else uses its name forges it. Several of one name add up. */
struct crawler_ranges {
    const char *crawler; /* part of its user agent: "Googlebot", see crawler_is_named */
    const struct networks *networks;
};

struct behaviour_options {
    uint32_t off; /* bit per enum behaviour_rule: switched off */
    const struct crawler_ranges *ranges;
    size_t range_count;
};

/* What the log says of assets. */
struct behaviour_finding {
    uint64_t judged, with_assets; /* visitors that no-assets was calibrated on */
    bool links_tell;              /* they are those who follow links; otherwise everybody */
    bool assets_tell;             /* no-assets was applied */
};

/*
 * Sets .rule of the table's visitors, and .class of those that a rule decides on to
 * AGENT_SUSPECTED. The classes before are the declared ones, or AGENT_INTERNAL.
 */
struct behaviour_finding behaviour_classify(struct event_table *table,
                                            const struct behaviour_options *options);

#endif
