#include "tests/loggen/bench.h"

#include <stdio.h>

#include "tests/loggen/agents.h"

enum {
    PRODUCTS = 3000,
    CATEGORIES = 40,
    NETWORKS = 20000,
    SEARCHES = 200,
    DAY_S = 86400,
    CRAWLER_PERMILLE = 140,
};

#define SITE "https://shop.example"

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
    LEAVE,
    PLACES
};

/* Where people go next, in permille. A visit starts at the row HOME, CATEGORY or PRODUCT. */
static const uint16_t next_place[LEAVE][PLACES] = {
    [HOME] = {[CATEGORY] = 400, [PRODUCT] = 190, [SEARCH] = 90, [ACCOUNT] = 40, [LEAVE] = 280},
    [CATEGORY] = {[CATEGORY] = 200, [PRODUCT] = 560, [HOME] = 40, [LEAVE] = 200},
    [PRODUCT] = {[PRODUCT] = 250, [CATEGORY] = 250, [CART] = 130, [SEARCH] = 90, [LEAVE] = 280},
    [SEARCH] = {[PRODUCT] = 560, [SEARCH] = 190, [CATEGORY] = 80, [LEAVE] = 170},
    [CART] = {[CHECKOUT] = 480, [PRODUCT] = 190, [CATEGORY] = 130, [LEAVE] = 200},
    [CHECKOUT] = {[PAYMENT] = 700, [CART] = 90, [TERMS] = 50, [LEAVE] = 160},
    [PAYMENT] = {[CONFIRMATION] = 800, [CHECKOUT] = 60, [LEAVE] = 140},
    [CONFIRMATION] = {[HOME] = 180, [ACCOUNT] = 120, [LEAVE] = 700},
    [ACCOUNT] = {[CANCEL] = 80, [HOME] = 290, [TERMS] = 60, [CATEGORY] = 270, [LEAVE] = 300},
    [CANCEL] = {[ACCOUNT] = 330, [TERMS] = 170, [LEAVE] = 500},
    [TERMS] = {[CHECKOUT] = 330, [HOME] = 270, [LEAVE] = 400},
};

/* Visits by the hour, UTC. */
static const uint16_t hour_weights[24] = {20, 12, 8,  6,  7,  12, 25, 40, 52, 60, 64, 66,
                                          70, 68, 64, 62, 64, 70, 80, 92, 96, 84, 60, 36};

struct page {
    uint32_t get, url; /* texts: the request, and its address as the referrer of what follows */
};

struct asset {
    uint32_t get;
    uint32_t size_bytes;
};

enum { FRAME_ASSETS = 14, PICTURES = 3 };

struct bench {
    struct plan *plan;
    struct random *random;
    uint32_t days;
    struct zipf products, networks, browsers, searches;
    uint32_t agent[AGENT_BROWSERS];
    uint32_t network[NETWORKS]; /* the first 20 bits of addresses */
    struct page product[PRODUCTS], category[CATEGORIES], search[SEARCHES], fixed[PLACES];
    struct asset picture[PRODUCTS][PICTURES];
    struct asset frame[FRAME_ASSETS];
    uint32_t none, google, entry[6];
    uint32_t call, post_cart;
};

static struct page make_page(struct bench *bench, const char *path)
{
    return (struct page){plan_format(bench->plan, "GET %s HTTP/1.1", path),
                         plan_format(bench->plan, SITE "%s", path)};
}

static struct asset make_asset(struct bench *bench, const char *path)
{
    return (struct asset){plan_format(bench->plan, "GET %s HTTP/1.1", path),
                          random_between(bench->random, 900, 90000)};
}

static void name_products(struct bench *bench)
{
    static const char *const kinds[] = {"shirt", "jacket", "boots", "lamp",   "chair", "kettle",
                                        "tent",  "bike",   "scarf", "laptop", "phone", "mirror"};
    char path[128];
    for (unsigned i = 0; i < PRODUCTS; i++) {
        snprintf(path, sizeof path, "/product/%u-%s", 1000 + i, kinds[i % 12]);
        bench->product[i] = make_page(bench, path);
        for (unsigned k = 0; k < PICTURES; k++) {
            snprintf(path, sizeof path, "/media/%08x.webp", (i * PICTURES + k + 1) * 2654435761U);
            bench->picture[i][k] = make_asset(bench, path);
        }
    }
}

static void name_lists(struct bench *bench)
{
    char path[128];
    for (unsigned i = 0; i < CATEGORIES; i++) {
        snprintf(path, sizeof path, "/category/%u", i + 1);
        bench->category[i] = make_page(bench, path);
    }
    for (unsigned i = 0; i < SEARCHES; i++) {
        snprintf(path, sizeof path, "/search?q=winter+%c%cing+%u", 'a' + i % 26, 'a' + i % 7, i);
        bench->search[i] = make_page(bench, path);
    }
}

static void name_fixed(struct bench *bench)
{
    static const char *const paths[PLACES] = {
        [HOME] = "/",
        [CART] = "/cart",
        [CHECKOUT] = "/checkout",
        [PAYMENT] = "/checkout/payment",
        [CONFIRMATION] = "/order-confirmation",
        [ACCOUNT] = "/account",
        [CANCEL] = "/account/cancel",
        [TERMS] = "/terms",
    };
    static const char *const frame[FRAME_ASSETS] = {
        "/static/theme.4f1c9e.css", "/static/print.77aa01.css",
        "/static/vendor.91ba4d.js", "/static/app.c03d77.js",
        "/static/search.5e21aa.js", "/static/consent.80c1f0.js",
        "/static/inter.woff2",      "/static/inter-bold.woff2",
        "/static/logo.svg",         "/static/icons.svg",
        "/static/hero-winter.webp", "/static/sprite.png",
        "/static/cart.ba2191.js",   "/favicon.ico",
    };
    for (unsigned i = 0; i < PLACES; i++)
        if (paths[i])
            bench->fixed[i] = make_page(bench, paths[i]);
    for (unsigned i = 0; i < FRAME_ASSETS; i++)
        bench->frame[i] = make_asset(bench, frame[i]);
    bench->call = plan_text(bench->plan, "GET /api/v2/recommendations HTTP/1.1");
    bench->post_cart = plan_text(bench->plan, "POST /cart/add HTTP/1.1");
}

static void name_referrers(struct bench *bench)
{
    static const char *const entries[6] = {
        "https://www.bing.com/",   "https://duckduckgo.com/",
        "https://m.facebook.com/", "https://l.instagram.com/",
        "https://chatgpt.com/",    "https://blog.example.org/best-shops-of-the-year"};
    bench->none = plan_text(bench->plan, "-");
    bench->google = plan_text(bench->plan, "https://www.google.com/");
    for (unsigned i = 0; i < 6; i++)
        bench->entry[i] = plan_text(bench->plan, entries[i]);
}

static uint32_t public_network(struct bench *bench)
{
    for (;;) {
        const uint32_t network = random_below(bench->random, 1 << 20);
        const uint32_t a = network >> 12, b = network >> 4 & 255;
        const int is_private = a == 0 || a == 10 || a == 127 || a >= 224 ||
                               (a == 100 && b >= 64 && b < 128) || (a == 169 && b == 254) ||
                               (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) ||
                               (a == 192 && b == 0) || (a == 198 && (b & 254) == 18) ||
                               (a == 198 && b == 51) || (a == 203 && b == 0);
        if (!is_private)
            return network;
    }
}

static void bench_init(struct bench *bench, struct plan *plan, uint32_t days)
{
    *bench = (struct bench){.plan = plan, .random = &plan->random, .days = days};
    zipf_init(&bench->products, PRODUCTS);
    zipf_init(&bench->networks, NETWORKS);
    zipf_init(&bench->browsers, AGENT_BROWSERS);
    zipf_init(&bench->searches, SEARCHES);
    agents_browsers(plan, bench->agent);
    for (unsigned i = 0; i < NETWORKS; i++)
        bench->network[i] = public_network(bench);
    name_products(bench);
    name_lists(bench);
    name_fixed(bench);
    name_referrers(bench);
}

static void bench_clear(struct bench *bench)
{
    zipf_clear(&bench->products);
    zipf_clear(&bench->networks);
    zipf_clear(&bench->browsers);
    zipf_clear(&bench->searches);
}

static uint32_t make_address(struct bench *bench)
{
    const uint32_t network = bench->network[zipf_pick(&bench->networks, bench->random)];
    const uint32_t address = network << 12 | random_below(bench->random, 1 << 12);
    return plan_format(bench->plan, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
                       address >> 8 & 255, address & 255);
}

/* One visitor on the way through a visit. */
struct walk {
    struct bench *bench;
    uint32_t actor;
    uint32_t at_s;
    uint32_t product;
    uint32_t referrer;
    bool has_frame; /* the browser has the frame's assets in its cache */
};

static void hit(struct walk *walk, uint32_t request, uint32_t referrer, unsigned status,
                uint32_t size_bytes)
{
    plan_hit(walk->bench->plan, (struct plan_hit){.at_s = walk->at_s,
                                                  .actor = walk->actor,
                                                  .request = request,
                                                  .referrer = referrer,
                                                  .size_bytes = size_bytes,
                                                  .status = (uint16_t)status});
}

static void load_asset(struct walk *walk, const struct asset *asset, uint32_t page_url)
{
    struct random *const random = walk->bench->random;
    walk->at_s += random_below(random, 4);
    const bool is_fresh = random_chance(random, 60);
    /* The headers are counted, and they are not always the same. */
    hit(walk, asset->get, page_url, is_fresh ? 304 : 200,
        is_fresh ? 0 : asset->size_bytes + random_below(random, 60000));
    /* A large file is logged when it is through, with the time it was asked for. */
    if (random_chance(random, 5))
        walk->bench->plan->hits[walk->bench->plan->hit_count - 1].delay_s =
            random_between(random, 1, 3);
}

/* Browsers ask in parallel: the order is never quite the same, and it takes a few seconds. */
static void load_frame(struct walk *walk, uint32_t page_url)
{
    struct random *const random = walk->bench->random;
    unsigned held = 0;
    for (unsigned i = 1; i < FRAME_ASSETS; i++) {
        const bool is_overtaken = random_chance(random, 500);
        load_asset(walk, &walk->bench->frame[is_overtaken ? i : held], page_url);
        if (!is_overtaken)
            held = i;
    }
    load_asset(walk, &walk->bench->frame[held], page_url);
}

static void load_assets(struct walk *walk, enum place place, uint32_t page_url)
{
    struct bench *const bench = walk->bench;
    if (!walk->has_frame)
        load_frame(walk, page_url);
    walk->has_frame = true;
    if (place == PRODUCT)
        for (unsigned k = 0; k < PICTURES; k++)
            load_asset(walk, &bench->picture[walk->product][k], page_url);
    if (place == CATEGORY || place == SEARCH || place == HOME)
        for (unsigned k = 0; k < 5; k++)
            load_asset(walk, &bench->picture[zipf_pick(&bench->products, bench->random)][0],
                       page_url);
    if (place == PRODUCT || place == CART)
        hit(walk, bench->call, page_url, 200, 1830);
}

static const struct page *choose_page(struct walk *walk, enum place place)
{
    struct bench *const bench = walk->bench;
    switch (place) {
    case PRODUCT:
        walk->product = zipf_pick(&bench->products, bench->random);
        return &bench->product[walk->product];
    case CATEGORY:
        return &bench->category[random_below(bench->random, CATEGORIES)];
    case SEARCH:
        return &bench->search[zipf_pick(&bench->searches, bench->random)];
    default:
        return &bench->fixed[place];
    }
}

static unsigned page_status(struct random *random, enum place place)
{
    if (place == PAYMENT && random_chance(random, 20))
        return 502;
    return random_chance(random, 8) ? 404 : 200;
}

static void view_page(struct walk *walk, enum place place)
{
    struct bench *const bench = walk->bench;
    if (place == CART)
        hit(walk, bench->post_cart, walk->referrer, 302, 0);
    const struct page *const page = choose_page(walk, place);
    const unsigned status = page_status(bench->random, place);
    hit(walk, page->get, walk->referrer, status, random_between(bench->random, 9000, 60000));
    walk->referrer = page->url;
    load_assets(walk, place, page->url);
}

static uint32_t entry_referrer(struct bench *bench)
{
    const uint32_t draw = random_below(bench->random, 100);
    if (draw < 45)
        return bench->google;
    return draw < 75 ? bench->none : bench->entry[draw % 6];
}

static void visit(struct walk *walk)
{
    static const uint16_t entries[] = {[HOME] = 45, [CATEGORY] = 20, [PRODUCT] = 35};
    struct random *const random = walk->bench->random;
    walk->referrer = entry_referrer(walk->bench);
    enum place place = (enum place)random_weighted(random, entries, 3);
    while (place != LEAVE) {
        view_page(walk, place);
        walk->at_s += random_between(random, 4, 80);
        place = (enum place)random_weighted(random, next_place[place], PLACES);
    }
}

static uint32_t visit_start(struct bench *bench)
{
    const uint32_t day = random_below(bench->random, bench->days);
    const uint32_t hour = (uint32_t)random_weighted(bench->random, hour_weights, 24);
    return day * DAY_S + hour * 3600 + random_below(bench->random, 3600);
}

static void person(struct bench *bench)
{
    const uint32_t agent = bench->agent[zipf_pick(&bench->browsers, bench->random)];
    struct walk walk = {.bench = bench,
                        .actor = plan_actor(bench->plan, make_address(bench), agent)};
    do {
        walk.at_s = visit_start(bench);
        visit(&walk);
    } while (random_chance(bench->random, 200));
}

/* A crawler works through products and lists in bursts. */
static void crawler(struct bench *bench, size_t limit)
{
    const uint32_t agent =
        plan_text(bench->plan,
                  agents_crawlers[random_below(bench->random, (uint32_t)agents_crawler_count())]);
    struct walk walk = {.bench = bench,
                        .actor = plan_actor(bench->plan, make_address(bench), agent)};
    const uint32_t bursts = random_between(bench->random, 5, 20);
    for (uint32_t i = 0; i < bursts; i++) {
        walk.at_s = random_below(bench->random, bench->days * DAY_S);
        const uint32_t pages = random_between(bench->random, 40, 240);
        for (uint32_t k = 0; k < pages && bench->plan->hit_count < limit; k++) {
            const struct page *const page = choose_page(&walk, k % 5 ? PRODUCT : CATEGORY);
            const unsigned status = page_status(bench->random, PRODUCT);
            hit(&walk, page->get, bench->none, status, random_between(bench->random, 9000, 60000));
            walk.at_s += random_between(bench->random, 1, 20);
        }
    }
}

void bench_plan(struct plan *plan, size_t lines, unsigned days)
{
    struct bench *const bench = mem_alloc(sizeof *bench);
    bench_init(bench, plan, days);
    const size_t peoples = lines / 1000 * (1000 - CRAWLER_PERMILLE);
    while (plan->hit_count < peoples)
        person(bench);
    if (plan->hit_count > lines)
        plan->hit_count = lines;
    while (plan->hit_count < lines)
        crawler(bench, lines);
    bench_clear(bench);
    mem_free(bench);
}
