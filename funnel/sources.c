#include "funnel/sources.h"

#include <assert.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "funnel/source_hosts.h"

struct class_words {
    const char *name, *label;
};

static const struct class_words classes[SOURCE_COUNT] = {
    [SOURCE_DIRECT] = {"direct", "Direct"},
    [SOURCE_SEARCH] = {"search", "Search"},
    [SOURCE_SOCIAL] = {"social", "Social"},
    [SOURCE_AI_ASSISTANT] = {"ai-assistant", "AI assistant"},
    [SOURCE_EMAIL] = {"email", "Email"},
    [SOURCE_CAMPAIGN] = {"campaign", "Campaign"},
    [SOURCE_REFERRAL] = {"referral", "Referral"},
    [SOURCE_NONE] = {"none", "No page view"},
};

const char *source_class_name(enum source_class class)
{
    assert(class < SOURCE_COUNT);
    return classes[class].name;
}

const char *source_class_label(enum source_class class)
{
    assert(class < SOURCE_COUNT);
    return classes[class].label;
}

/* ---- sites ---- */

/* "com.au", "co.uk": nobody's host. The labels under which countries register names. */
static bool is_registry(struct slice second, struct slice country)
{
    static const char *const labels[] = {"ac",  "co",  "com", "edu", "gob", "gov",
                                         "gub", "gv",  "ltd", "mil", "ne",  "net",
                                         "nom", "nsw", "or",  "org", "plc", "sch"};
    if (country.size != 2 || !ascii_is_letter(country.at[0]))
        return false;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (slice_is(second, labels[i]))
            return true;
    }
    return false;
}

/* Could somebody own the host? Not "com", not "co.uk". */
static bool is_site(struct slice host)
{
    const char *dot = host.size ? memchr(host.at, '.', host.size) : NULL;
    if (!dot)
        return false;
    struct slice first = slice_head(host, (size_t)(dot - host.at));
    return !is_registry(first, slice_from(host, first.size + 1));
}

/* "shop.example" of www.shop.example and m.shop.example; but www.co.uk is a site of its own. */
static struct slice site_of(struct slice host)
{
    static const char *const fronts[] = {"www.", "m."};
    for (size_t i = 0; i < sizeof fronts / sizeof fronts[0]; i++) {
        struct slice front = slice_of(fronts[i]);
        if (slice_starts_with(host, front) && is_site(slice_from(host, front.size)))
            return slice_from(host, front.size);
    }
    return host;
}

/* Is it the site's host, or one of its subdomains? */
static bool is_below(struct slice host, struct slice site)
{
    if (host.size == site.size)
        return slice_equal(host, site);
    return site.size && host.size > site.size && host.at[host.size - site.size - 1] == '.' &&
           slice_equal(slice_from(host, host.size - site.size), site);
}

bool own_hosts_hold(const struct own_hosts *own, struct slice host)
{
    for (size_t i = 0; host.size && i < own->count; i++) {
        if (is_below(host, own->items[i]))
            return true;
    }
    return false;
}

/* ---- finding the own host ---- */

static int compare_site(const void *a, const void *b)
{
    const struct host_use *first = a, *second = b;
    return slice_compare(first->host, second->host);
}

/* The uses by site, each site once. Returns how many there are. */
static size_t join_sites(const struct host_use *uses, size_t count, struct host_use *sites)
{
    size_t filled = 0, joined = 0;
    for (size_t i = 0; i < count; i++) {
        if (uses[i].host.size)
            sites[filled++] =
                (struct host_use){site_of(uses[i].host), uses[i].assets, uses[i].pages};
    }
    qsort(sites, filled, sizeof *sites, compare_site);
    for (size_t i = 0; i < filled; i++) {
        struct host_use *last = joined ? &sites[joined - 1] : NULL;
        if (last && slice_equal(last->host, sites[i].host)) {
            last->assets += sites[i].assets;
            last->pages += sites[i].pages;
        } else {
            sites[joined++] = sites[i];
        }
    }
    return joined;
}

enum { LEAST_ASSETS = 3, LEAST_PAGES = 5, ASSETS_ONE_IN = 10 };

/* A search engine's or a network's, whose results show the site's pictures. */
static bool is_known(const struct host_use *site)
{
    return source_host_find(site->host) || source_class_of_label(site->host) != SOURCE_NONE;
}

/* Those under which a good part of the assets is loaded: a log can be that of several sites. */
static size_t sites_by_assets(const struct host_use *sites, size_t count,
                              const struct host_use **own)
{
    uint64_t total = 0;
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        total += sites[i].assets;
    for (size_t i = 0; i < count; i++) {
        bool is_much = sites[i].assets >= LEAST_ASSETS &&
                       sites[i].assets >= total / ASSETS_ONE_IN + (total % ASSETS_ONE_IN != 0);
        if (is_much && !source_host_find(sites[i].host))
            own[found++] = &sites[i];
    }
    return found;
}

/* Of page views the top referrer may as well be somebody else who sends visitors: less is believed.
 */
static size_t site_by_pages(const struct host_use *sites, size_t count, const struct host_use **own)
{
    uint64_t total = 0;
    *own = NULL;
    for (size_t i = 0; i < count; i++) {
        total += sites[i].pages;
        if (!*own || sites[i].pages > (*own)->pages)
            *own = &sites[i];
    }
    return *own && (*own)->pages >= LEAST_PAGES && (*own)->pages > total - (*own)->pages &&
           !is_known(*own);
}

struct own_hosts own_hosts_find(const struct host_use *uses, size_t count, struct arena *arena)
{
    struct own_hosts hosts = {NULL, 0};
    struct host_use *sites = mem_zeroed(count + 1, sizeof *sites);
    const struct host_use **own = mem_alloc((count + 1) * sizeof *own);
    size_t site_count = join_sites(uses, count, sites);
    size_t found = sites_by_assets(sites, site_count, own);
    if (found == 0)
        found = site_by_pages(sites, site_count, own);
    struct slice *items = arena_alloc(arena, (found + 1) * sizeof *items);
    for (size_t i = 0; i < found; i++)
        items[hosts.count++] = arena_copy(arena, own[i]->host);
    hosts.items = items;
    mem_free(own);
    mem_free(sites);
    return hosts;
}

/* ---- referrers ---- */

/* The own host of the line counts as well: a log can have several. */
bool origin_is_inner(const struct origin *origin, const struct own_hosts *own)
{
    bool is_asked =
        origin->own_host.size && slice_equal(site_of(origin->referrer), site_of(origin->own_host));
    return is_asked || own_hosts_hold(own, origin->referrer);
}

bool *origins_find_inner(const struct names *origins, const struct own_hosts *own)
{
    bool *is_inner = mem_zeroed(origins->count, sizeof *is_inner);
    for (uint32_t i = 0; i < origins->count; i++) {
        struct origin origin = origin_unpack(names_text(origins, i));
        is_inner[i] = origin_is_inner(&origin, own);
    }
    return is_inner;
}

/* A last label of digits is an address's alone (the URL Standard, 3.5); IPv6 stands in brackets. */
static bool is_address(struct slice host)
{
    size_t at = host.size;
    while (at && ascii_is_digit(host.at[at - 1]))
        at--;
    return host.at[0] == '[' || (at < host.size && (at == 0 || host.at[at - 1] == '.'));
}

static struct source source_of_referrer(const struct origin *origin, const struct own_hosts *own)
{
    struct slice host = origin->referrer;
    if (host.size == 0 || origin_is_inner(origin, own))
        return (struct source){.class = SOURCE_DIRECT, .name = SLICE_LITERAL("")};
    const struct source_host *known = source_host_find(host);
    if (known)
        return (struct source){.class = known->class, .name = slice_of(known->name)};
    if (is_address(host))
        return (struct source){.class = SOURCE_REFERRAL, .name = SLICE_LITERAL("(address)")};
    enum source_class class = source_class_of_label(host);
    return (struct source){.class = class == SOURCE_NONE ? SOURCE_REFERRAL : class,
                           .name = site_of(host)};
}

/* ---- marks ---- */

struct click_meaning {
    enum source_class class;
    const char *name;
};

static const struct click_meaning clicks[CLICK_COUNT] = {
    [CLICK_NONE] = {SOURCE_NONE, ""},
    [CLICK_GOOGLE_ADS] = {SOURCE_CAMPAIGN, "google ads"},
    [CLICK_MICROSOFT_ADS] = {SOURCE_CAMPAIGN, "microsoft ads"},
    [CLICK_FACEBOOK] = {SOURCE_SOCIAL, "facebook.com"},
    [CLICK_INSTAGRAM] = {SOURCE_SOCIAL, "instagram.com"},
    [CLICK_TIKTOK] = {SOURCE_CAMPAIGN, "tiktok ads"},
    [CLICK_TWITTER] = {SOURCE_CAMPAIGN, "x ads"},
    [CLICK_LINKEDIN] = {SOURCE_CAMPAIGN, "linkedin ads"},
    [CLICK_PINTEREST] = {SOURCE_CAMPAIGN, "pinterest ads"},
    [CLICK_YANDEX] = {SOURCE_CAMPAIGN, "yandex ads"},
    [CLICK_MAILCHIMP] = {SOURCE_EMAIL, "mailchimp"},
    [CLICK_HUBSPOT] = {SOURCE_EMAIL, "hubspot"},
    [CLICK_KLAVIYO] = {SOURCE_EMAIL, "klaviyo"},
    [CLICK_GOOGLE_SHOPPING] = {SOURCE_SEARCH, "google.com"},
    [CLICK_CAMPAIGN] = {SOURCE_NONE, ""}, /* the medium may know better */
};

/* What a utm_medium says; blanks and '_' are as good as '-'. */
struct medium_meaning {
    const char *text;
    enum source_class class; /* SOURCE_NONE: as good as absent */
};

/*
 * All others are campaigns. The words of email, social, organic and referral are those of Google
 * Analytics (support.google.com/analytics/answer/9756891), and some that mailers write.
 */
static const struct medium_meaning media[] = {
    {"email", SOURCE_EMAIL},
    {"e-mail", SOURCE_EMAIL},
    {"emails", SOURCE_EMAIL},
    {"newsletter", SOURCE_EMAIL},
    {"newsletters", SOURCE_EMAIL},
    {"mailing", SOURCE_EMAIL},
    {"mailings", SOURCE_EMAIL},
    {"mail", SOURCE_EMAIL},
    {"organic", SOURCE_SEARCH},
    {"social", SOURCE_SOCIAL},
    {"social-media", SOURCE_SOCIAL},
    {"social-network", SOURCE_SOCIAL},
    {"sm", SOURCE_SOCIAL},
    {"organic-social", SOURCE_SOCIAL},
    {"referral", SOURCE_REFERRAL},
    {"ai-assistant", SOURCE_AI_ASSISTANT},
    {"", SOURCE_NONE},
    {"(none)", SOURCE_NONE},
    {"(not-set)", SOURCE_NONE},
};

static bool is_word(struct slice text, const char *word)
{
    if (text.size != strlen(word))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i] == '_' || text.at[i] == ' ' ? '-' : text.at[i];
        if (c != word[i])
            return false;
    }
    return true;
}

static enum source_class class_of_medium(struct slice medium)
{
    for (size_t i = 0; i < sizeof media / sizeof media[0]; i++) {
        if (is_word(medium, media[i].text))
            return media[i].class;
    }
    return SOURCE_CAMPAIGN;
}

/* The utm_source; empty when it only says that there is none. */
static struct slice given_source(const struct origin *origin)
{
    static const char *const absent[] = {"direct", "(direct)", "(none)", "(not-set)"};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        if (is_word(origin->source, absent[i]))
            return slice_head(origin->source, 0);
    }
    return origin->source;
}

/* What the utm_source says without a medium's help; SOURCE_NONE when it is only a name. */
static enum source_class class_of_utm_source(struct slice source)
{
    if (source.size && class_of_medium(source) == SOURCE_EMAIL)
        return SOURCE_EMAIL;
    const struct source_host *known = source_word_find(source);
    return known && known->class == SOURCE_AI_ASSISTANT ? SOURCE_AI_ASSISTANT : SOURCE_NONE;
}

/* The class that utm_* and the click tell; SOURCE_NONE when they leave it to the referrer. */
static enum source_class class_of_marks(const struct origin *origin)
{
    enum source_class medium = class_of_medium(origin->medium);
    enum source_class click = clicks[origin->click].class;
    struct slice source = given_source(origin);
    enum source_class by_source = class_of_utm_source(source);
    if (medium == SOURCE_EMAIL)
        return SOURCE_EMAIL;
    if (medium == SOURCE_CAMPAIGN || click == SOURCE_CAMPAIGN)
        return SOURCE_CAMPAIGN;
    if (by_source == SOURCE_AI_ASSISTANT || medium != SOURCE_NONE)
        return by_source == SOURCE_AI_ASSISTANT ? by_source : medium;
    if (by_source == SOURCE_EMAIL || click == SOURCE_EMAIL)
        return SOURCE_EMAIL;
    bool is_campaign = source.size || origin->campaign.size || origin->click == CLICK_CAMPAIGN;
    return is_campaign ? SOURCE_CAMPAIGN : SOURCE_NONE;
}

/*
 * The first that there is: utm_source, whose click it was, the referrer, utm_medium. A known search
 * engine, network or assistant has one name, however utm_source calls it.
 */
static struct slice name_of_marks(const struct origin *origin, enum source_class class,
                                  struct slice referrer)
{
    struct slice source = given_source(origin);
    const struct source_host *known = source_word_find(source);
    if (known && known->class == class)
        return slice_of(known->name);
    if (source.size)
        return source;
    if (clicks[origin->click].name[0])
        return slice_of(clicks[origin->click].name);
    return referrer.size ? referrer : origin->medium;
}

struct source source_of(const struct origin *origin, const struct own_hosts *own)
{
    struct source source = source_of_referrer(origin, own);
    enum source_class class = class_of_marks(origin);
    if (class != SOURCE_NONE) {
        source.name = name_of_marks(origin, class, source.name);
        source.class = class;
    } else if (source.class == SOURCE_DIRECT && origin->click != CLICK_NONE) {
        /* Of a share; it stays in the link that is passed on, so a referrer knows better. */
        source.name = slice_of(clicks[origin->click].name);
        source.class = clicks[origin->click].class;
    }
    source.campaign = origin->campaign;
    return source;
}
