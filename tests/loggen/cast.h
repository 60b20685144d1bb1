/*
 * cast: who visits the planned shop, what each does, and what each is.
 *
 *     @ /product/$ POST/cart/add:302 +90 /cart | @own / *3
 *
 * is a script: it comes from somewhere and sees a product page; puts it into the cart; 90 seconds
 * later sees the cart; some hours later, in another visit, comes from the site itself, and sees
 * four times the home page. Words are
 *
 *     /path:404        a page view, GET; 200 when no status is said
 *     POST/path:302=s  what is sent: s submitted, r refused, f failed (form_outcome.h says which)
 *     HEAD/path        no page view
 *     file/robots.txt  a file, no page view, nothing loads with it
 *     @x @             the next page view comes from source x; from the one whose turn it is
 *     +N               the next action is exactly so many seconds after the last one
 *     *N               the last action N times more, with the gap before it
 *     |                a new visit, one to six hours later
 *     ~                from now on at another address of the same /64
 *     &                a new visit of somebody else with the same address and agent
 *     ;                somebody else with the same address and agent, at the same time: goes back
 *                      to 15 seconds after the beginning of the visit
 *
 * In a path $ is the number of a product, and # the part's name and the copy's number, so that a
 * page of that name has one visitor.
 */
#ifndef LOGGEN_CAST_H
#define LOGGEN_CAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where visits come from; what a report has to call it. */
struct cast_source {
    const char *name, *referrer, *query; /* the query without '?'; "" for none */
    const char *class;                   /* "search" */
    const char *host;                    /* "google.com"; "" for direct */
    const char *campaign;                /* "" for none */
};
extern const struct cast_source cast_sources[]; /* in turn; ends with .name NULL */
const struct cast_source *cast_source_find(const char *name, size_t size);

struct cast_browser {
    const char *agent, *family, *device;
};
extern const struct cast_browser cast_browsers[]; /* of the day, in turn; ends with .agent NULL */

enum cast_network {
    NETWORK_HOME,       /* of ten countries */
    NETWORK_HOME_6,     /* IPv6 */
    NETWORK_DATACENTRE, /* of no known country */
    NETWORK_OFFICE,     /* 172.16.5.0/24: internal */
    NETWORK_GOOGLE,     /* 66.249.66.0/24: where Googlebot is at home */
    NETWORK_COUNT
};

enum cast_assets { ASSETS_ALL, ASSETS_ONE, ASSETS_NONE };

/* A part that somebody plays. */
struct cast_part {
    const char *name;
    uint16_t permille; /* of the visitors; at least one */
    const char *class; /* what a report has to call it: "person", "search", "suspected" ... */
    const char *rule;  /* that decides; "" for none */
    bool is_machine;   /* what it is. Where that is not what the class says, no rule can know */
    bool is_unclear;   /* two at the same time whom their referrers do not tell apart */
    enum cast_network network;
    enum cast_assets assets;
    uint8_t shortest_s, longest_s; /* between two actions */
    const char *agent;             /* NULL: the browsers in turn */
    const char *family, *device;   /* of an agent that is a browser's; NULL otherwise */
    const char *script;
};
extern const struct cast_part cast_parts[]; /* ends with .name NULL */

#endif
