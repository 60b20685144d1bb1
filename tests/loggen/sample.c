#include "tests/loggen/sample.h"

#include <stdio.h>

#include "tests/loggen/agents.h"

enum { DAY_S = 86400, HOUR_S = 3600, PRODUCTS = 48, ASSETS = 6, PERMILLE_CRAWLERS = 110 };

#define SITE "https://www.roastery.example"

/* Ranges that are assigned to access providers of the country. */
static const struct network {
    char country[3];
    uint16_t share; /* of visitors */
    uint8_t first, second, prefix;
} networks[] = {
    {"DE", 9, 87, 128, 11}, {"DE", 9, 91, 0, 11},   {"DE", 8, 79, 192, 11}, {"PL", 8, 83, 0, 13},
    {"PL", 8, 79, 184, 14}, {"US", 6, 73, 0, 10},   {"US", 5, 98, 192, 11}, {"FR", 5, 90, 0, 12},
    {"FR", 4, 82, 224, 12}, {"GB", 6, 86, 128, 11}, {"GB", 3, 81, 128, 13}, {"NL", 4, 77, 160, 13},
    {"NL", 3, 84, 24, 14},  {"AT", 4, 80, 108, 16}, {"CH", 4, 85, 0, 14},   {"ES", 4, 83, 32, 12},
    {"IT", 4, 79, 0, 12},   {"PT", 2, 85, 240, 14}, {"BR", 3, 177, 32, 14}, {"SE", 2, 81, 224, 13},
    {"JP", 1, 126, 0, 12},
};
enum { NETWORKS = sizeof networks / sizeof networks[0] };

enum place {
    HOME,
    CATEGORY,
    PRODUCT,
    SEARCH,
    CART,
    CHECKOUT,
    PAYMENT,
    CONFIRMATION,
    ACCOUNT,
    CANCEL,
    TERMS,
    COMPLAINT,
    REVIEWS,
    LEAVE,
    PLACES
};

/* Where people go next, in permille. */
static const uint16_t next_place[LEAVE][PLACES] = {
    [HOME] = {[CATEGORY] = 430, [PRODUCT] = 210, [SEARCH] = 50, [ACCOUNT] = 90, [LEAVE] = 220},
    [CATEGORY] = {[PRODUCT] = 650, [CATEGORY] = 130, [SEARCH] = 30, [LEAVE] = 190},
    [PRODUCT] = {[CART] = 300, [PRODUCT] = 200, [CATEGORY] = 160, [REVIEWS] = 80, [LEAVE] = 260},
    [SEARCH] = {[PRODUCT] = 490, [TERMS] = 120, [CANCEL] = 60, [CATEGORY] = 110, [LEAVE] = 220},
    [CART] = {[CHECKOUT] = 560, [PRODUCT] = 150, [CATEGORY] = 60, [LEAVE] = 230},
    [CHECKOUT] = {[PAYMENT] = 740, [CART] = 50, [TERMS] = 40, [LEAVE] = 170},
    [PAYMENT] = {[CONFIRMATION] = 830, [CHECKOUT] = 40, [LEAVE] = 130},
    [CONFIRMATION] = {[HOME] = 120, [ACCOUNT] = 130, [LEAVE] = 750},
    [ACCOUNT] = {[CANCEL] = 220, [COMPLAINT] = 120, [TERMS] = 90, [CATEGORY] = 210, [LEAVE] = 360},
    [CANCEL] = {[ACCOUNT] = 240, [TERMS] = 180, [COMPLAINT] = 80, [LEAVE] = 500},
    [TERMS] = {[CHECKOUT] = 160, [CANCEL] = 140, [HOME] = 200, [LEAVE] = 500},
    [COMPLAINT] = {[HOME] = 250, [LEAVE] = 750},
    [REVIEWS] = {[PRODUCT] = 610, [LEAVE] = 390},
};

/* In Poland the cart shows what delivery costs, and many leave. */
static const uint16_t next_of_polish_cart[PLACES] = {
    [CHECKOUT] = 170, [PRODUCT] = 90, [CATEGORY] = 60, [LEAVE] = 680};

static const uint16_t hour_weights[24] = {10, 6,  4,  3,  4,  8,  20, 36, 48, 55, 60, 62,
                                          66, 62, 58, 56, 58, 66, 80, 95, 98, 80, 50, 24};

struct sample {
    struct plan *plan;
    struct random *random;
    uint32_t days;
    struct zipf browsers, products;
    uint32_t agent[AGENT_BROWSERS];
    uint32_t asset[ASSETS], asset_bytes[ASSETS];
};

/* One visit on its way. */
struct walk {
    struct sample *sample;
    const struct network *network;
    uint32_t actor, at_s, referrer;
};

static uint32_t make_address(struct sample *sample, const struct network *network)
{
    const uint32_t host = random_below(sample->random, 1u << (32 - network->prefix));
    const uint32_t address =
        ((uint32_t)network->first << 24 | (uint32_t)network->second << 16) + host;
    return plan_format(sample->plan, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
                       address >> 8 & 255, address & 255);
}

static uint32_t visit_start(struct sample *sample)
{
    const uint32_t hour = (uint32_t)random_weighted(sample->random, hour_weights, 24);
    const uint32_t day = random_below(sample->random, sample->days);
    return day * DAY_S + hour * HOUR_S + random_below(sample->random, HOUR_S);
}

static void hit(struct walk *walk, const char *method, const char *url, unsigned status)
{
    const bool is_page = status == 200;
    plan_hit(walk->sample->plan,
             (struct plan_hit){
                 .at_s = walk->at_s,
                 .actor = walk->actor,
                 .request = plan_format(walk->sample->plan, "%s %s HTTP/1.1", method, url),
                 .referrer = walk->referrer,
                 .size_bytes = is_page ? random_between(walk->sample->random, 4000, 42000) : 291,
                 .status = (uint16_t)status});
}

static void load_assets(struct walk *walk)
{
    struct sample *const sample = walk->sample;
    const uint32_t count = random_between(sample->random, 0, ASSETS - 2);
    for (uint32_t i = 0; i < count; i++)
        plan_hit(sample->plan,
                 (struct plan_hit){.at_s = walk->at_s + random_below(sample->random, 2),
                                   .actor = walk->actor,
                                   .request = sample->asset[i],
                                   .referrer = walk->referrer,
                                   .size_bytes = sample->asset_bytes[i],
                                   .status = 200});
}

static void view(struct walk *walk, const char *url)
{
    hit(walk, "GET", url, 200);
    walk->referrer = plan_format(walk->sample->plan, SITE "%s", url);
    load_assets(walk);
}

/* A form is posted, and the answer sends the browser on to a page. */
static void post(struct walk *walk, const char *url)
{
    walk->at_s += random_between(walk->sample->random, 5, 40);
    hit(walk, "POST", url, 303);
}

static void view_product(struct walk *walk)
{
    static const char *const names[] = {"house-blend",  "espresso-nero", "yirgacheffe",
                                        "decaf",        "hand-grinder",  "filter-papers",
                                        "french-press", "gift-box"};
    char url[96];
    const uint32_t number = zipf_pick(&walk->sample->products, walk->sample->random);
    const bool is_shared = random_chance(walk->sample->random, 40);
    snprintf(url, sizeof url, "/product/%s-%u%s", names[number % 8], number / 8 + 1,
             is_shared ? "?ref=friend" : "");
    view(walk, url);
}

static void view_search(struct walk *walk)
{
    static const char *const words[] = {
        "espresso", "grinder",       "cancel+subscription", "terms+and+conditions",
        "gift",     "delivery+costs"};
    char url[96];
    snprintf(url, sizeof url, "/search?q=%s", words[random_below(walk->sample->random, 6)]);
    view(walk, url);
}

static void view_category(struct walk *walk)
{
    static const char *const names[] = {"coffee", "equipment", "subscriptions", "gifts"};
    char url[96];
    snprintf(url, sizeof url, "/collections/%s", names[random_below(walk->sample->random, 4)]);
    view(walk, url);
}

/* Two days on which the checkout fails in the evening. */
static bool is_incident(const struct walk *walk)
{
    const uint32_t day = walk->at_s / DAY_S, hour = walk->at_s % DAY_S / HOUR_S;
    return (day == 8 || day == 9) && hour >= 14 && hour < 23;
}

/* False when it failed and the visitor has had enough. */
static bool view_checkout(struct walk *walk)
{
    struct random *const random = walk->sample->random;
    while (is_incident(walk) && random_chance(random, 850)) {
        hit(walk, "GET", "/checkout", 503);
        walk->at_s += random_between(random, 3, 25);
        if (random_chance(random, 600))
            return false;
    }
    view(walk, "/checkout");
    return true;
}

static void view_cart(struct walk *walk)
{
    if (random_chance(walk->sample->random, 700))
        post(walk, "/cart/add");
    view(walk, "/cart");
}

static void view_cancellation(struct walk *walk)
{
    view(walk, "/account/cancel");
    if (random_chance(walk->sample->random, 330))
        post(walk, "/account/cancel");
}

static void view_complaint(struct walk *walk)
{
    view(walk, "/contact/complaint");
    if (random_chance(walk->sample->random, 550))
        post(walk, "/contact/complaint");
}

static void view_payment(struct walk *walk)
{
    view(walk, "/payment");
    if (random_chance(walk->sample->random, 30))
        hit(walk, "POST", "/payment", 502);
}

/* False when the visit ends here. */
static bool view_place(struct walk *walk, enum place place)
{
    static const char *const plain[PLACES] = {[HOME] = "/",
                                              [CONFIRMATION] = "/order-confirmation",
                                              [ACCOUNT] = "/account",
                                              [TERMS] = "/terms",
                                              [REVIEWS] = "/reviews"};
    static void (*const special[PLACES])(struct walk *) = {
        [CATEGORY] = view_category, [PRODUCT] = view_product,     [SEARCH] = view_search,
        [CART] = view_cart,         [CANCEL] = view_cancellation, [COMPLAINT] = view_complaint,
        [PAYMENT] = view_payment};
    if (place == CHECKOUT)
        return view_checkout(walk);
    if (special[place])
        special[place](walk);
    else
        view(walk, plain[place]);
    return true;
}

static enum place choose_next(struct walk *walk, enum place place)
{
    const bool is_polish_cart = place == CART && strcmp(walk->network->country, "PL") == 0;
    return (enum place)random_weighted(
        walk->sample->random, is_polish_cart ? next_of_polish_cart : next_place[place], PLACES);
}

static uint32_t entry_referrer(struct sample *sample)
{
    static const char *const entries[] = {"https://www.google.com/",
                                          "-",
                                          "https://www.google.com/",
                                          "-",
                                          "https://duckduckgo.com/",
                                          "https://chatgpt.com/",
                                          "https://l.instagram.com/",
                                          "-",
                                          "https://coffee-blog.example/the-best-roasters"};
    return plan_text(sample->plan, entries[random_below(sample->random, 9)]);
}

static void visit(struct walk *walk)
{
    static const uint16_t entries[PLACES] = {
        [HOME] = 52, [CATEGORY] = 12, [PRODUCT] = 30, [ACCOUNT] = 4, [REVIEWS] = 2};
    struct random *const random = walk->sample->random;
    walk->at_s = visit_start(walk->sample);
    walk->referrer = entry_referrer(walk->sample);
    enum place place = (enum place)random_weighted(random, entries, PLACES);
    while (place != LEAVE && view_place(walk, place)) {
        walk->at_s += random_between(random, 6, 110);
        place = choose_next(walk, place);
    }
}

static void add_person(struct sample *sample)
{
    uint16_t shares[NETWORKS];
    for (size_t i = 0; i < NETWORKS; i++)
        shares[i] = networks[i].share;
    const struct network *network = &networks[random_weighted(sample->random, shares, NETWORKS)];
    const uint32_t agent = sample->agent[zipf_pick(&sample->browsers, sample->random)];
    struct walk walk = {.sample = sample,
                        .network = network,
                        .actor = plan_actor(sample->plan, make_address(sample, network), agent)};
    do
        visit(&walk);
    while (random_chance(sample->random, 280));
}

static void add_crawler(struct sample *sample)
{
    const uint32_t agent = random_below(sample->random, (uint32_t)agents_crawler_count());
    const uint32_t network = random_between(sample->random, 64, 79);
    const uint32_t host = random_between(sample->random, 1, 254);
    const uint32_t address = plan_format(sample->plan, "66.249.%u.%u", network, host);
    struct walk walk = {.sample = sample,
                        .at_s = random_below(sample->random, sample->days * DAY_S - DAY_S),
                        .referrer = plan_text(sample->plan, "-"),
                        .actor = plan_actor(sample->plan, address,
                                            plan_text(sample->plan, agents_crawlers[agent]))};
    char url[64];
    for (uint32_t pages = random_between(sample->random, 10, 60); pages; pages--) {
        const uint32_t number = random_below(sample->random, PRODUCTS);
        snprintf(url, sizeof url, "/product/house-blend-%u", number);
        hit(&walk, "GET", url, number % 9 ? 200 : 404);
        walk.at_s += random_between(sample->random, 2, 400);
    }
}

/* What every log has: scanners, connections without a request, lines cut by a full disk. */
static void add_noise(struct sample *sample)
{
    static const char *const cut[] = {"87.129.4.", "91.12.7.80 - - [03/Nov/2026:10:1",
                                      "[notice] caught SIGTERM, shutting down", ""};
    const struct network *network = &networks[random_below(sample->random, NETWORKS)];
    struct plan *const plan = sample->plan;
    const uint32_t dash = plan_text(plan, "-"), at_s = visit_start(sample);
    const uint32_t actor = plan_actor(plan, make_address(sample, network), dash);
    const bool is_tls = random_chance(sample->random, 500);
    plan_hit(plan, (struct plan_hit){.at_s = at_s,
                                     .actor = actor,
                                     .request = plan_text(plan, is_tls ? "\\x16\\x03\\x01" : "-"),
                                     .referrer = dash,
                                     .size_bytes = is_tls ? 392 : 0,
                                     .status = is_tls ? 400 : 408});
    if (random_chance(sample->random, 300)) {
        const uint32_t text = plan_text(plan, cut[random_below(sample->random, 4)]);
        plan_raw(plan, HOUR_S + random_below(sample->random, DAY_S * (sample->days - 1)), text);
    }
}

static void sample_init(struct sample *sample, struct plan *plan, uint32_t days)
{
    static const char *const assets[ASSETS] = {"/static/site.3f1c.css", "/static/site.9a0e.js",
                                               "/static/logo.svg",      "/static/beans.webp",
                                               "/favicon.ico",          "/static/inter.woff2"};
    *sample = (struct sample){.plan = plan, .random = &plan->random, .days = days};
    zipf_init(&sample->browsers, AGENT_BROWSERS);
    zipf_init(&sample->products, PRODUCTS);
    agents_browsers(plan, sample->agent);
    for (unsigned i = 0; i < ASSETS; i++) {
        sample->asset[i] = plan_format(plan, "GET %s HTTP/1.1", assets[i]);
        sample->asset_bytes[i] = random_between(&plan->random, 900, 60000);
    }
}

void sample_plan(struct plan *plan, size_t lines, unsigned days)
{
    struct sample *const sample = mem_alloc(sizeof *sample);
    sample_init(sample, plan, days);
    while (plan->hit_count < lines * (1000 - PERMILLE_CRAWLERS) / 1000) {
        add_person(sample);
        if (random_chance(sample->random, 30))
            add_noise(sample);
    }
    while (plan->hit_count < lines)
        add_crawler(sample);
    zipf_clear(&sample->browsers);
    zipf_clear(&sample->products);
    mem_free(sample);
}
