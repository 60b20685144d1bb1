/*
 * sources: how a visit came, from the origin of its first page view (parser/origin.h).
 *
 * In this order, the first that applies:
 *
 *     campaign      utm_source, utm_medium, utm_campaign or utm_id, or a click id of
 * advertisements, or an advertiser's host (doubleclick.net); but email         utm_medium=email
 * (e-mail, newsletter, mailing), a mailer's click id, webmail ai-assistant  utm_source or referrer
 * is an assistant's (chatgpt.com, perplexity.ai, ...) search, social   by the referrer's host, or
 * utm_medium organic / social referral      another site direct        no referrer, or one of the
 * own hosts
 *
 * utm_medium=referral is a referral, utm_medium=ai-assistant an assistant's; any other that is not
 * named here (cpc, display, affiliate, sms, push, ...) is a campaign, whoever the source is.
 * Without a medium a utm_source of "newsletter" or an assistant is one of email or of the
 * assistant. Ids of shared links (fbclid, igshid, srsltid) are no campaign: they tell the network
 * where no referrer does.
 *
 * Own hosts are given, or found: the site's pages load its scripts and styles, so the hosts that
 * stand often as the referrer of these are the site's own, and so are their subdomains, with or
 * without "www.". Pictures do not count: other sites show them, too.
 */
#ifndef FUNNEL_SOURCES_H
#define FUNNEL_SOURCES_H

#include <stdint.h>

#include "base/memory.h"
#include "base/names.h"
#include "parser/origin.h"

enum source_class {
    SOURCE_DIRECT,
    SOURCE_SEARCH,
    SOURCE_SOCIAL,
    SOURCE_AI_ASSISTANT,
    SOURCE_EMAIL,
    SOURCE_CAMPAIGN,
    SOURCE_REFERRAL,
    SOURCE_NONE, /* of a visit without page views nothing is known */
    SOURCE_COUNT
};
const char *source_class_name(enum source_class class);  /* "direct", "ai-assistant", "none", ... */
const char *source_class_label(enum source_class class); /* "AI assistant", "No page view", ... */

struct source {
    enum source_class class;
    struct slice name;     /* "google.com", "newsletter", "google ads"; "" for direct. Host names of
                              engines with many countries are one: www.google.de is google.com;
                              of a referral without "www." and "m.", and "(address)" instead
                              of an IP address. Of a campaign: utm_source, else
                              whose click it was, else the referrer, else utm_medium */
    struct slice campaign; /* "spring / email"... utm_campaign; "" when there is none */
};

/* Hosts that are the site's own; a text like "shop.example" stands for its subdomains as well. */
struct own_hosts {
    const struct slice *items; /* lower case, without "www." */
    size_t count;
};

bool own_hosts_hold(const struct own_hosts *own, struct slice host);

/* How often a host was the referrer of assets and of page views; a host may stand in several. */
struct host_use {
    struct slice host; /* as origin.h writes them */
    uint64_t assets, pages;
};

/*
 * The own hosts that the uses show, in the arena; none when they show none. The order of the uses
 * does not matter, and "www." and "m." are left away.
 *
 * They are the hosts of at least a tenth of the assets, and three; or else that of more than half
 * of the page views, at least 5. A known search engine, network or the like (source_hosts.h) is
 * neither.
 */
struct own_hosts own_hosts_find(const struct host_use *uses, size_t count, struct arena *arena);

/* Does its referrer lead back to the site: an own host, or the one that was asked? */
bool origin_is_inner(const struct origin *origin, const struct own_hosts *own);
/* The same of packed origins, by number. The caller frees it with mem_free. */
bool *origins_find_inner(const struct names *origins, const struct own_hosts *own);

/*
 * Borrows from the origin or from constant texts. A referrer that is the origin's own host, with or
 * without "www.", is own as well: a log can have many hosts.
 */
struct source source_of(const struct origin *origin, const struct own_hosts *own);

#endif
