/*
 * origin: where a page view came from, as far as the line tells.
 *
 * The host of the referrer, the campaign of the URL (utm_* or a click id), and the own host that
 * was asked, packed into one text, so that equal origins are interned once and compared by number:
 *
 *     own host NUL referrer's host NUL click NUL source NUL medium NUL campaign
 *
 * Hosts are lower case (ASCII), without port, user and a trailing dot: letters, digits, '-' and '_'
 * between dots, or an address, an IPv6 one in its brackets. Bytes beyond ASCII are letters. An
 * Android app as a referrer
 * ("android-app://com.google.android.gm/") has its name for a host.
 *
 * Matomo's mtm_* and pk_* are as good as utm_*. utm_id is a click id of no advertiser: it only says
 * that there was a campaign.
 *
 * Values of utm_* are decoded, white space around them is cut off, and they are cut at
 * ORIGIN_VALUE_MAX bytes (at a whole UTF-8 character). A decoded NUL is a blank. Source and medium
 * are lower case (ASCII), so that "Newsletter" and "newsletter" are one row of a report; the
 * campaign is as written. A name that stands twice has its first value.
 *
 * Of click ids the name is kept, the value never: an advertisement's or a mailer's before
 * utm_id, that before one that a share adds, among equals the first.
 */
#ifndef PARSER_ORIGIN_H
#define PARSER_ORIGIN_H

#include <stdbool.h>

#include "base/slice.h"

/* The parameters by which advertisers and mailers mark their clicks. */
enum click_id {
    CLICK_NONE,
    CLICK_GOOGLE_ADS,      /* gclid, gbraid, wbraid, dclid, gad_source */
    CLICK_MICROSOFT_ADS,   /* msclkid */
    CLICK_FACEBOOK,        /* fbclid: any link shared there, paid or not */
    CLICK_INSTAGRAM,       /* igshid, igsh */
    CLICK_TIKTOK,          /* ttclid */
    CLICK_TWITTER,         /* twclid */
    CLICK_LINKEDIN,        /* li_fat_id */
    CLICK_PINTEREST,       /* epik */
    CLICK_YANDEX,          /* yclid */
    CLICK_MAILCHIMP,       /* mc_eid, mc_cid */
    CLICK_HUBSPOT,         /* _hsenc */
    CLICK_KLAVIYO,         /* _kx */
    CLICK_GOOGLE_SHOPPING, /* srsltid: free listings of the merchant center */
    CLICK_CAMPAIGN,        /* utm_id: of a campaign, whoever ran it */
    CLICK_COUNT
};

struct origin {
    struct slice own_host; /* "" unknown */
    struct slice referrer; /* its host; "" when there is none */
    enum click_id click;
    struct slice source, medium, campaign; /* of utm_*; "" when absent */
    struct slice page; /* path of the referrer, see origin_pack_page; "" when not packed */
};

enum { ORIGIN_VALUE_MAX = 100, ORIGIN_TEXT_MAX = 1024 };

/*
 * The host of a referrer, borrowed and as written, without its port; empty for "-", "" and what is
 * no URL of http, https or android-app, or has no host as above.
 */
struct slice origin_referrer_host(struct slice referrer);

/*
 * The path of a referrer without query and fragment, borrowed; "/" when only a host is there. Empty
 * when there is no host.
 */
struct slice origin_referrer_path(struct slice referrer);

/*
 * True when a parameter of the query marks a campaign or a click: quick for queries without. Names
 * count in any case, and a parameter without a value does not.
 */
bool origin_marks_campaign(struct slice query);

/*
 * Writes the packed text into `out` (ORIGIN_TEXT_MAX bytes); its slice. `query` may have .at NULL.
 * Hosts that do not fit (over 253 bytes) are no hosts: "". Where all fields are empty, so is the
 * text. `own_host` may have a port.
 */
struct slice origin_pack(struct slice own_host, struct slice referrer, struct slice query,
                         char *out);

/*
 * Adds the path of the referrer, without its parameters (url.h), as one more piece behind a packed
 * text, where page views are told apart by it; of longer paths the first ORIGIN_PAGE_MAX - 1 bytes
 * count. `out` holds `packed` and
 * has ORIGIN_TEXT_MAX + ORIGIN_PAGE_MAX bytes.
 */
enum { ORIGIN_PAGE_MAX = 2048 };
struct slice origin_pack_page(struct slice packed, struct slice referrer, char *out);

/* Takes a packed text apart, borrowing from it. The empty text is the origin without anything. */
struct origin origin_unpack(struct slice packed);

#endif
