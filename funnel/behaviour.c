#include "funnel/behaviour.h"

#include <assert.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "funnel/event_table.h"
#include "parser/crawler_name.h"

static const char *const names[BEHAVIOUR_COUNT] = {
    "forged-crawler",
    "attack",
    "login-flood",
    "robots-txt",
    "no-agent",
    "impossible-browser",
    "old-browser",
    "head-only",
    "post-only",
    "rate",
    "regular",
    "no-assets",
    NULL,
};

/* Figures are written out; the test holds them against the constants. */
static const char *const abouts[BEHAVIOUR_COUNT] = {
    "",
    "Uses a crawler's name from an address outside the ranges that its operator publishes.",
    "Asked for what only those ask for who look for a way to break in.",
    "Tried to log in 10 times or more within 600 seconds, in vain.",
    "Read /robots.txt, which browsers never do.",
    "Sent no user agent.",
    "Says to be a browser of a version that never existed, or not yet.",
    "Says to be a browser that was out of date for more than 3 years (Android 5, Safari 10).",
    "Made no request but with HEAD.",
    "Sent forms and asked for no page and no file.",
    "Asked for 30 pages or more within 30 seconds.",
    "Asked for 12 pages or more, at least 90 in 100 of them after the same time.",
    "Asked for 5 pages or more and loaded no picture, script or style, where others load them.",
};

static bool is_rule(enum behaviour_rule rule)
{
    return rule > BEHAVIOUR_NONE && rule < BEHAVIOUR_COUNT;
}

const char *behaviour_name(enum behaviour_rule rule)
{
    return is_rule(rule) ? names[rule - 1] : "";
}

const char *behaviour_about(enum behaviour_rule rule)
{
    return is_rule(rule) ? abouts[rule] : "";
}

const char *const *behaviour_names(void)
{
    return names;
}

enum behaviour_rule behaviour_find(const char *name)
{
    for (int i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0)
            return (enum behaviour_rule)(i + 1);
    }
    return BEHAVIOUR_NONE;
}

struct judge {
    const struct event_table *table;
    const struct behaviour_options *options;
    struct agent_age *ages; /* by agent number: what was asked last */
    bool *is_link;          /* by origin number: from another page of the site */
    bool pages_tell;        /* the log has the site's pages */
    int64_t *gaps;          /* room for those of one visitor */
    size_t gap_capacity;
};

struct agent_age {
    int64_t day;
    uint8_t age; /* enum browser_age */
    bool is_known;
};

static bool is_on(const struct judge *judge, enum behaviour_rule rule)
{
    return !(judge->options->off >> rule & 1);
}

static const struct agent_facts *facts_of(const struct judge *judge, const struct visitor *visitor)
{
    return &judge->table->agents[judge->table->clients[visitor->client].agent];
}

static const struct event *events_of(const struct judge *judge, const struct visitor *visitor)
{
    return judge->table->events + visitor->first_event;
}

/* A redirected one is not seen: the page that it leads to is. A document comes in many pieces. */
static bool is_page_view(const struct event *event)
{
    bool is_redirected = event->status >= 300 && event->status < 400 && event->status != 304;
    bool is_piece = event->status == 206;
    return event->kind == KIND_PAGE && !is_redirected && !is_piece;
}

static uint32_t page_views_of(const struct judge *judge, const struct visitor *visitor)
{
    const struct event *events = events_of(judge, visitor);
    uint32_t count = 0;
    for (uint32_t i = 0; i < visitor->event_count; i++)
        count += is_page_view(&events[i]);
    return count;
}

/* ---- sliding windows ---- */

enum { WINDOW_EVENTS = 30 };
static_assert((int)RATE_PAGES <= (int)WINDOW_EVENTS && (int)LOGIN_POSTS <= (int)WINDOW_EVENTS,
              "the times of a window have room");

struct window {
    size_t limit; /* so many times ... */
    int64_t length_ms;
    size_t count; /* of times that were added */
    int64_t times_ms[WINDOW_EVENTS];
};

/* Adds a time that is no earlier than the last; true when the last `limit` of them are that near.
 */
static bool window_fills(struct window *window, int64_t time_ms)
{
    window->times_ms[window->count++ % window->limit] = time_ms;
    return window->count >= window->limit &&
           time_ms - window->times_ms[window->count % window->limit] <= window->length_ms;
}

/* ---- forged names of crawlers ---- */

/* Ranges are published for whole IPv4 addresses and for networks of IPv6. */
static bool is_checkable(const struct judge *judge, const struct address *address)
{
    const struct visitor_rules *rules = &judge->table->visitor_rules;
    if (address->family == ADDRESS_V4)
        return rules->v4_prefix >= 32;
    return address->family == ADDRESS_V6 && rules->v6_prefix >= 64;
}

static bool is_forged(struct judge *judge, const struct visitor *visitor)
{
    const struct address *address = &judge->table->clients[visitor->client].address;
    int32_t crawler = facts_of(judge, visitor)->crawler;
    if (crawler < 0 || judge->options->range_count == 0 || !is_checkable(judge, address))
        return false;
    const char *pattern = agent_crawler_pattern(crawler);
    bool has_home = false;
    for (size_t i = 0; i < judge->options->range_count; i++) {
        const struct crawler_ranges *ranges = &judge->options->ranges[i];
        if (!crawler_is_named(pattern, ranges->crawler))
            continue;
        if (networks_hold(ranges->networks, address))
            return false;
        has_home = true;
    }
    return has_home;
}

/* ---- the other rules ---- */

static bool is_attacker(struct judge *judge, const struct visitor *visitor)
{
    (void)judge;
    return visitor->traits & VISITOR_ATTACKED;
}

static bool is_login_page(const struct event *event)
{
    return event->flags & EVENT_ON_LOGIN;
}

/* `next` is what the visitor did then, NULL: nothing. */
static bool is_vain_login(const struct event *event, const struct event *next)
{
    if (!(event->flags & EVENT_IS_POST) || !is_login_page(event))
        return false;
    if (event->status >= 400)
        return true;
    return next ? is_login_page(next) : event->status < 300;
}

static bool is_login_flood(struct judge *judge, const struct visitor *visitor)
{
    const struct event *events = events_of(judge, visitor);
    struct window window = {.limit = LOGIN_POSTS, .length_ms = LOGIN_WINDOW_S * INT64_C(1000)};
    for (uint32_t i = 0; i < visitor->event_count; i++) {
        const struct event *next = i + 1 < visitor->event_count ? &events[i + 1] : NULL;
        if (is_vain_login(&events[i], next) && window_fills(&window, events[i].time_ms))
            return true;
    }
    return false;
}

static bool reads_robots(struct judge *judge, const struct visitor *visitor)
{
    (void)judge;
    return visitor->traits & VISITOR_READ_ROBOTS;
}

static bool has_no_agent(struct judge *judge, const struct visitor *visitor)
{
    return facts_of(judge, visitor)->is_absent;
}

/* The same agents come again and again on the same day. */
static enum browser_age age_of(const struct judge *judge, const struct visitor *visitor)
{
    if (visitor->visit_count == 0)
        return AGE_FINE;
    const int64_t day_ms = INT64_C(86400000);
    int64_t first_ms = judge->table->visits[visitor->first_visit].first_ms;
    struct agent_age *known = &judge->ages[judge->table->clients[visitor->client].agent];
    if (!known->is_known || known->day != first_ms / day_ms)
        *known = (struct agent_age){
            .day = first_ms / day_ms,
            .age = (uint8_t)browser_age_at(&facts_of(judge, visitor)->browser, first_ms),
            .is_known = true,
        };
    return (enum browser_age)known->age;
}

static bool is_impossible(struct judge *judge, const struct visitor *visitor)
{
    return age_of(judge, visitor) == AGE_NEVER_EXISTED;
}

static bool is_old(struct judge *judge, const struct visitor *visitor)
{
    return age_of(judge, visitor) == AGE_YEARS_OLD;
}

static bool asks_head_only(struct judge *judge, const struct visitor *visitor)
{
    (void)judge;
    return !(visitor->traits & VISITOR_NOT_ONLY_HEAD);
}

static bool asks_for_page(const struct judge *judge, const struct visitor *visitor)
{
    const struct event *events = events_of(judge, visitor);
    for (uint32_t i = 0; i < visitor->event_count; i++) {
        if (events[i].kind == KIND_PAGE && !(events[i].flags & EVENT_IS_POST))
            return true;
    }
    return false;
}

static bool posts_only(struct judge *judge, const struct visitor *visitor)
{
    return judge->pages_tell && !(visitor->traits & VISITOR_LOADED_ASSET) &&
           page_views_of(judge, visitor) > 0 && !asks_for_page(judge, visitor);
}

/* Do those who have page views ask for pages? Otherwise somebody else serves them. */
static bool find_pages_tell(const struct judge *judge)
{
    uint64_t all = 0, asking = 0;
    for (size_t i = 0; i < judge->table->visitor_count; i++) {
        const struct visitor *visitor = &judge->table->visitors[i];
        if (visitor->class != AGENT_PERSON || page_views_of(judge, visitor) == 0)
            continue;
        all++;
        asking += asks_for_page(judge, visitor);
    }
    return asking >= all - asking;
}

static bool is_too_fast(struct judge *judge, const struct visitor *visitor)
{
    const struct event *events = events_of(judge, visitor);
    struct window window = {.limit = RATE_PAGES, .length_ms = RATE_WINDOW_S * INT64_C(1000)};
    for (uint32_t i = 0; i < visitor->event_count; i++) {
        if (is_page_view(&events[i]) && window_fills(&window, events[i].time_ms))
            return true;
    }
    return false;
}

/* The times between page views, one less than these; 0 without any. */
static size_t gather_gaps(struct judge *judge, const struct visitor *visitor)
{
    const struct event *events = events_of(judge, visitor), *last = NULL;
    size_t count = 0;
    judge->gaps =
        mem_grow(judge->gaps, &judge->gap_capacity, visitor->event_count, sizeof *judge->gaps);
    for (uint32_t i = 0; i < visitor->event_count; i++) {
        if (!is_page_view(&events[i]))
            continue;
        if (last)
            judge->gaps[count++] = events[i].time_ms - last->time_ms;
        last = &events[i];
    }
    return count;
}

static int compare_gaps(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* How far from the median is the same: see the header. */
static int64_t regular_tolerance_ms(int64_t median_ms)
{
    int64_t stamp_ms = median_ms < 4000 ? median_ms / 4 : 1000;
    int64_t share_ms = median_ms / 20 < 60000 ? median_ms / 20 : 60000;
    return stamp_ms > share_ms ? stamp_ms : share_ms;
}

static bool is_regular(struct judge *judge, const struct visitor *visitor)
{
    if (visitor->event_count < REGULAR_VIEWS)
        return false;
    size_t count = gather_gaps(judge, visitor), same = 0;
    if (count + 1 < REGULAR_VIEWS)
        return false;
    qsort(judge->gaps, count, sizeof *judge->gaps, compare_gaps);
    int64_t median_ms = judge->gaps[(count - 1) / 2];
    int64_t tolerance_ms = regular_tolerance_ms(median_ms);
    for (size_t i = 0; i < count; i++)
        same += llabs(judge->gaps[i] - median_ms) <= tolerance_ms;
    return median_ms >= REGULAR_GAP_S * INT64_C(1000) && same * 100 >= count * REGULAR_PERCENT;
}

/* ---- deciding ---- */

typedef bool rule_applies(struct judge *judge, const struct visitor *visitor);

/* All but no-assets, which asks what the others left. */
static rule_applies *const applies[BEHAVIOUR_NO_ASSETS] = {
    [BEHAVIOUR_FORGED_CRAWLER] = is_forged,   [BEHAVIOUR_ATTACK] = is_attacker,
    [BEHAVIOUR_LOGIN_FLOOD] = is_login_flood, [BEHAVIOUR_ROBOTS_TXT] = reads_robots,
    [BEHAVIOUR_NO_AGENT] = has_no_agent,      [BEHAVIOUR_IMPOSSIBLE_BROWSER] = is_impossible,
    [BEHAVIOUR_OLD_BROWSER] = is_old,         [BEHAVIOUR_HEAD_ONLY] = asks_head_only,
    [BEHAVIOUR_POST_ONLY] = posts_only,       [BEHAVIOUR_RATE] = is_too_fast,
    [BEHAVIOUR_REGULAR] = is_regular,
};

static enum behaviour_rule first_rule(struct judge *judge, const struct visitor *visitor)
{
    if (visitor->class == AGENT_INTERNAL)
        return BEHAVIOUR_NONE;
    int end = visitor->class == AGENT_PERSON ? BEHAVIOUR_NO_ASSETS : BEHAVIOUR_FORGED_CRAWLER + 1;
    for (int rule = BEHAVIOUR_NONE + 1; rule < end; rule++) {
        if (is_on(judge, (enum behaviour_rule)rule) && applies[rule](judge, visitor))
            return (enum behaviour_rule)rule;
    }
    return BEHAVIOUR_NONE;
}

static void decide(struct visitor *visitor, enum behaviour_rule rule)
{
    visitor->rule = (uint8_t)rule;
    if (rule != BEHAVIOUR_NONE)
        visitor->class = AGENT_SUSPECTED;
}

/* ---- assets ---- */

static bool follows_link(const struct judge *judge, const struct visitor *visitor)
{
    const struct event *events = events_of(judge, visitor);
    for (uint32_t i = 0; i < visitor->event_count; i++) {
        if (is_page_view(&events[i]) && judge->is_link[events[i].origin])
            return true;
    }
    return false;
}

/* Visitors that nothing speaks against, and what they load. */
struct asset_counts {
    uint64_t all, all_with_assets, linked, linked_with_assets;
};

static void count_assets(const struct judge *judge, const struct visitor *visitor,
                         struct asset_counts *counts)
{
    if (visitor->class != AGENT_PERSON || page_views_of(judge, visitor) < 2)
        return;
    bool loads = visitor->traits & VISITOR_LOADED_ASSET;
    counts->all++;
    counts->all_with_assets += loads;
    if (!follows_link(judge, visitor))
        return;
    counts->linked++;
    counts->linked_with_assets += loads;
}

static struct behaviour_finding calibrate(const struct judge *judge,
                                          const struct asset_counts *counts)
{
    uint64_t least = counts->all / LINKS_ONE_IN + (counts->all % LINKS_ONE_IN != 0);
    bool links_tell = counts->linked && counts->linked >= least;
    struct behaviour_finding finding = {
        .judged = links_tell ? counts->linked : counts->all,
        .with_assets = links_tell ? counts->linked_with_assets : counts->all_with_assets,
        .links_tell = links_tell,
    };
    finding.assets_tell = is_on(judge, BEHAVIOUR_NO_ASSETS) && finding.judged > 0 &&
                          finding.with_assets >= finding.judged - finding.with_assets;
    return finding;
}

static bool loads_no_assets(const struct judge *judge, const struct visitor *visitor,
                            bool links_tell)
{
    return visitor->class == AGENT_PERSON && !(visitor->traits & VISITOR_LOADED_ASSET) &&
           page_views_of(judge, visitor) >= ASSET_PAGES &&
           !(links_tell && follows_link(judge, visitor));
}

/* ---- all ---- */

struct behaviour_finding behaviour_classify(struct event_table *table,
                                            const struct behaviour_options *options)
{
    struct judge judge = {.table = table, .options = options};
    judge.ages = mem_zeroed(table->agent_count, sizeof *judge.ages);
    judge.is_link = origins_find_inner(&table->origins, &table->own_hosts);
    judge.pages_tell = find_pages_tell(&judge);
    struct asset_counts counts = {0};
    for (size_t i = 0; i < table->visitor_count; i++) {
        decide(&table->visitors[i], first_rule(&judge, &table->visitors[i]));
        count_assets(&judge, &table->visitors[i], &counts);
    }
    struct behaviour_finding finding = calibrate(&judge, &counts);
    for (size_t i = 0; finding.assets_tell && i < table->visitor_count; i++) {
        if (loads_no_assets(&judge, &table->visitors[i], finding.links_tell))
            decide(&table->visitors[i], BEHAVIOUR_NO_ASSETS);
    }
    mem_free(judge.ages);
    mem_free(judge.is_link);
    mem_free(judge.gaps);
    return finding;
}
