#include "tests/loggen/shop.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/loggen/actions.h"
#include "tests/loggen/agents.h"
#include "tests/loggen/scripts.h"

enum { DAY_S = 86400, ASSET_NAMES = 20, MAX_SCRIPTS = 256, OVERLONG_BYTES = 70000 };

#define SITE "https://www.shop.example"

struct region {
    uint32_t count;   /* addresses given out */
    uint32_t address; /* the last one (text), and who is behind it */
    uint32_t agent, sharers;
};

struct shop {
    struct plan *plan;
    struct truth *truth;
    struct random *random;
    const struct shop_options *options;
    int64_t length_s;
    struct region regions[REGION_COUNT];
    uint32_t browsers[AGENT_BROWSERS];
    struct zipf popularity;
    uint32_t dash;
    uint32_t assets[ASSET_NAMES];
    uint16_t weights[HABIT_COUNT][MAX_SCRIPTS];
    size_t people_hits, bot_hits;
};

/* Somebody's doings, at times from 0 on until it is known where in the log they go. */
struct life {
    struct shop *shop;
    uint32_t actor;
    int64_t now_s;      /* of the next action, before the pause */
    int64_t last_hit_s; /* assets included */
    bool is_begun;      /* a visit is going on */
    bool is_fixed;      /* the script said when the next action is */
    uint32_t referrer;
    size_t first_hit;
    struct truth_progress progress[FUNNEL_COUNT];
    int64_t entered_s[FUNNEL_COUNT]; /* the latest marked step 1 */
};

/* ---- who ---- */

static uint32_t address_text(struct shop *shop, enum truth_region region, uint32_t number)
{
    const unsigned network = region == REGION_UNKNOWN ? 200 : (unsigned)region;
    if (number % 8 == 5 || number > UINT16_MAX)
        return plan_format(shop->plan, "fd00:%u:%x:%x::1", network, number >> 16,
                           number & UINT16_MAX); /* each has a /64 */
    return plan_format(shop->plan, "10.%u.%u.%u", network, number >> 8, number & 255);
}

static uint32_t new_address(struct shop *shop, enum truth_region region)
{
    struct region *const of = &shop->regions[region];
    of->address = address_text(shop, region, of->count++);
    of->sharers = 0;
    return of->address;
}

static uint32_t pick_agent(struct shop *shop)
{
    return zipf_pick(&shop->popularity, shop->random);
}

/* A household, an office: the next browser of the list behind the address given out last. */
static bool can_share(const struct shop *shop, const struct region *region)
{
    return shop->options->has_agents && region->count > 0 && region->sharers > 0 &&
           region->sharers < 5;
}

static uint32_t new_person(struct shop *shop, enum truth_region region)
{
    struct region *const of = &shop->regions[region];
    if (can_share(shop, of) && random_chance(shop->random, 150)) {
        of->agent = (of->agent + 1) % AGENT_BROWSERS;
    } else {
        new_address(shop, region);
        of->agent = pick_agent(shop);
    }
    of->sharers++;
    return plan_actor(shop->plan, of->address, shop->browsers[of->agent]);
}

static uint32_t new_nobody(struct shop *shop, enum truth_region region)
{
    return plan_actor(shop->plan, new_address(shop, region), shop->dash);
}

/* ---- when ---- */

static int64_t unit_seconds(char unit)
{
    switch (unit) {
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return DAY_S;
    default:
        return 1;
    }
}

/* "20m" */
static int64_t read_duration(const char *text)
{
    char *end;
    const long number = strtol(text, &end, 10);
    return number * unit_seconds(*end);
}

static enum truth_funnel funnel_of(char mark)
{
    switch (mark) {
    case 'p':
        return FUNNEL_PURCHASE;
    case 'w':
        return FUNNEL_PURCHASE_7D;
    case 'c':
        return FUNNEL_CANCELLATION;
    case 's':
        return FUNNEL_SECOND_LOOK;
    case 'q':
        return FUNNEL_QUICK_CART;
    default:
        assert(mark == 't');
        return FUNNEL_COMPLAINT;
    }
}

/* An upper bound of what a script takes. */
static int64_t script_length(const char *text)
{
    int64_t length_s = 6 * 3600;
    for (const char *at = text; *at; at++) {
        if (*at == '|' || *at == '=' || (*at == '+' && isdigit((unsigned char)at[1])))
            length_s += at[1] == ' ' ? DAY_S : read_duration(at + 1);
    }
    return length_s;
}

/* Moves everything that was planned for a visitor to its place in the log. */
static void place(struct life *life, int64_t start_s)
{
    struct plan *const plan = life->shop->plan;
    assert(start_s >= 0);
    for (size_t i = life->first_hit; i < plan->hit_count; i++)
        plan->hits[i].at_s += (uint32_t)start_s;
    truth_shift_visitor(life->shop->truth, start_s);
}

static int64_t random_start(struct shop *shop, int64_t life_s)
{
    const int64_t latest = shop->length_s - life_s;
    assert(latest > 0);
    if (random_chance(shop->random, 30) && latest > DAY_S) { /* over midnight */
        const uint32_t day = random_below(shop->random, (uint32_t)(latest / DAY_S));
        return (int64_t)(day + 1) * DAY_S - random_between(shop->random, 1, 60);
    }
    if (random_chance(shop->random, 20)) /* towards the end */
        return latest - random_below(shop->random, latest < 5400 ? (uint32_t)latest : 5400);
    return random_below(shop->random, (uint32_t)latest);
}

/* ---- what ---- */

static void add_hit(struct life *life, const struct plan_hit *hit, enum truth_kind kind,
                    uint32_t reached, uint32_t failed)
{
    struct plan_hit *const added = plan_hit(life->shop->plan, *hit);
    added->actor = life->actor;
    if (hit->at_s > life->last_hit_s)
        life->last_hit_s = hit->at_s;
    truth_add_hit(life->shop->truth, kind, reached, failed);
}

static void load_assets(struct life *life, int64_t at_s, uint32_t page_url)
{
    struct shop *const shop = life->shop;
    struct random *const random = shop->random;
    const uint32_t share = shop->options->assets_permille;
    /* Four of five hits of people are such pages; so many assets each make up the share. */
    const uint32_t most = 2 * share * 5 / (4 * (1001 - share));
    const uint32_t count = random_below(random, most + 2);
    for (uint32_t i = 0; i < count; i++) {
        struct plan_hit hit = {.referrer = page_url};
        hit.at_s = (uint32_t)at_s + random_below(random, 5);
        hit.delay_s = random_chance(random, 100) ? random_between(random, 1, 3) : 0;
        hit.request = shop->assets[random_below(random, ASSET_NAMES)];
        hit.size_bytes = random_between(random, 300, 60000);
        hit.status = random_chance(random, 100) ? 304 : 200;
        add_hit(life, &hit, TRUTH_ASSET, 0, 0);
    }
}

static bool is_get(const struct action *action)
{
    return strncmp(action->request, "GET ", 4) == 0;
}

static uint32_t request_text(struct shop *shop, const struct action *action, const char *request)
{
    const bool has_protocol = action->request[0] >= 'A' && action->request[0] <= 'Z';
    return has_protocol ? plan_format(shop->plan, "%s HTTP/1.1", request)
                        : plan_text(shop->plan, request);
}

static void act(struct life *life, const struct action *action)
{
    struct shop *const shop = life->shop;
    char request[256];
    snprintf(request, sizeof request, action->request, random_between(shop->random, 1, 500));
    const struct plan_hit hit = {
        .at_s = (uint32_t)life->now_s,
        .request = request_text(shop, action, request),
        .referrer = life->referrer,
        .size_bytes = action->status == 304 ? 0 : random_between(shop->random, 200, 30000),
        .status = action->status};
    add_hit(life, &hit, action->kind, action->reached, action->failed);
    if (action->kind != TRUTH_PAGE || !is_get(action) || action->status != 200)
        return;
    life->referrer = plan_format(shop->plan, SITE "%s", request + 4);
    load_assets(life, life->now_s, life->referrer);
}

/* ---- how far ---- */

/* "p2", "!p2" or "w*", for an action at life->now_s. */
static void mark(struct life *life, const char *text)
{
    const bool is_failed = *text == '!';
    text += is_failed;
    struct truth_progress *const progress = &life->progress[funnel_of(text[0])];
    const unsigned step = (unsigned)(text[1] - '0');
    if (is_failed) {
        assert(progress->failed_step == 0);
        progress->failed_step = step;
    } else if (text[1] == '*') {
        progress->entry_s = life->now_s;
    } else {
        assert(step > progress->level && step <= truth_step_count(funnel_of(text[0])));
        progress->level = step;
        progress->has_step[step - 1] = true;
        progress->step_s[step - 1] = life->now_s;
        if (step == 1)
            progress->entry_s = life->entered_s[funnel_of(text[0])] = life->now_s;
        progress->has_entry = true;
    }
}

static void tell_progress(struct life *life, bool per_visit)
{
    for (unsigned f = 0; f < FUNNEL_COUNT; f++) {
        if (truth_is_per_visit((enum truth_funnel)f) != per_visit)
            continue;
        truth_add_progress(life->shop->truth, (enum truth_funnel)f, &life->progress[f],
                           life->last_hit_s);
        if (per_visit)
            life->progress[f] = (struct truth_progress){0};
    }
}

static void begin_visit(struct life *life)
{
    if (life->is_begun)
        tell_progress(life, true);
    life->is_begun = true;
    life->referrer = life->shop->dash;
    truth_begin_visit(life->shop->truth);
}

/* ---- a script ---- */

static void fix_time(struct life *life, int64_t at_s)
{
    life->now_s = at_s;
    life->is_fixed = true;
}

/* "|", "|2d" */
static void pause_visit(struct life *life, const char *word)
{
    const bool is_exact = word[1] != '\0';
    const int64_t gap_s =
        is_exact ? read_duration(word + 1) : random_between(life->shop->random, 1900, 5 * 3600);
    fix_time(life, life->last_hit_s + gap_s);
    begin_visit(life);
}

/* "@w1+7d" */
static void go_to_mark(struct life *life, const char *word)
{
    const struct truth_progress *const progress = &life->progress[funnel_of(word[1])];
    const int64_t at_s = progress->step_s[word[2] - '1'] + read_duration(word + 4);
    assert(at_s > life->last_hit_s);
    fix_time(life, at_s);
}

static void play_action(struct life *life, const char *word)
{
    const size_t name_size = strcspn(word, ":");
    const struct action *const action = action_find(word, name_size);
    assert(action);
    if (!life->is_fixed)
        life->now_s += random_between(life->shop->random, 5, 60);
    life->is_fixed = false;
    for (const char *at = word + name_size; *at; at += strcspn(at, ",")) {
        at++;
        mark(life, at);
    }
    act(life, action);
}

static void play_word(struct life *life, const char *word)
{
    switch (word[0]) {
    case '|':
        pause_visit(life, word);
        break;
    case '+':
        fix_time(life, life->now_s + read_duration(word + 1));
        break;
    case '=':
        fix_time(life, life->last_hit_s + read_duration(word + 1));
        break;
    case '@':
        go_to_mark(life, word);
        break;
    default:
        play_action(life, word);
    }
}

#define NOBODY "nobody "

/* Plans a visitor from time 0 on; the caller places it. */
static struct life play(struct shop *shop, enum truth_region region, const char *text)
{
    const bool is_nobody = strncmp(text, NOBODY, strlen(NOBODY)) == 0;
    struct life life = {.shop = shop,
                        .actor = is_nobody ? new_nobody(shop, region) : new_person(shop, region),
                        .is_fixed = true,
                        .first_hit = shop->plan->hit_count};
    truth_begin_visitor(shop->truth, region, false);
    begin_visit(&life);
    text += is_nobody ? strlen(NOBODY) : 0;
    while (*text) {
        char word[64];
        const size_t size = strcspn(text, " ");
        assert(size < sizeof word);
        memcpy(word, text, size);
        word[size] = '\0';
        play_word(&life, word);
        text += size + strspn(text + size, " ");
    }
    tell_progress(&life, true);
    tell_progress(&life, false);
    shop->people_hits += shop->plan->hit_count - life.first_hit;
    return life;
}

static enum script_habit habit_of(enum truth_region region)
{
    if (region == REGION_FR)
        return HABIT_CART_LEAVERS;
    return region == REGION_BR ? HABIT_BROKEN_CHECKOUT : HABIT_USUAL;
}

static void add_person(struct shop *shop, size_t number)
{
    static const uint16_t shares[REGION_COUNT] = {30, 15, 20, 8, 6, 5, 4, 4, 6, 2, 2};
    const enum truth_region region =
        number < REGION_COUNT
            ? (enum truth_region)number
            : (enum truth_region)random_weighted(shop->random, shares, REGION_COUNT);
    const size_t script =
        random_weighted(shop->random, shop->weights[habit_of(region)], script_count);
    struct life life = play(shop, region, scripts[script].text);
    place(&life, random_start(shop, life.last_hit_s + 1));
}

/* ---- crawlers ---- */

static void add_crawler(struct shop *shop)
{
    static const char *const doings[] = {"product",      "product",  "category", "robots",  "cart",
                                         "product-head", "page-404", "api",      "checkout"};
    struct random *const random = shop->random;
    const enum truth_region region = (enum truth_region)random_below(random, REGION_COUNT);
    const uint32_t agent = random_below(random, (uint32_t)agents_crawler_count());
    struct life life = {.shop = shop,
                        .referrer = shop->dash,
                        .first_hit = shop->plan->hit_count,
                        .actor = plan_actor(shop->plan, new_address(shop, region),
                                            plan_text(shop->plan, agents_crawlers[agent]))};
    truth_begin_visitor(shop->truth, region, true);
    for (uint32_t visits = random_between(random, 1, 3); visits; visits--) {
        life.now_s = life.last_hit_s + random_between(random, 1801, 7200);
        truth_begin_visit(shop->truth);
        for (uint32_t hits = random_between(random, 3, 30); hits; hits--) {
            const char *const name = doings[random_below(random, 9)];
            act(&life, action_find(name, strlen(name)));
            life.now_s =
                life.last_hit_s + random_between(random, 0, random_chance(random, 50) ? 1800 : 60);
        }
    }
    shop->bot_hits += shop->plan->hit_count - life.first_hit;
    place(&life, random_start(shop, life.last_hit_s + 1));
}

static bool wants_crawler(const struct shop *shop)
{
    const size_t permille = shop->options->bots_permille;
    return shop->options->has_agents &&
           shop->bot_hits * (1000 - permille) < permille * shop->people_hits;
}

/* ---- damage ---- */

static uint32_t overlong_line(struct shop *shop)
{
    char *const text = mem_alloc(OVERLONG_BYTES);
    const size_t size = OVERLONG_BYTES - random_below(shop->random, 3000);
    memset(text, 'A', size);
    memcpy(text, "10.0.0.1 - - [", 14);
    const uint32_t number = names_add(&shop->plan->texts, (struct slice){text, size});
    mem_free(text);
    return number;
}

/* A line that is no hit; `draw` (0 to 2) chooses one of the kind. */
static uint32_t damaged_line(struct shop *shop, enum truth_reject reason, uint32_t draw)
{
    static const char *const blanks[] = {"", " ", " \t "};
    static const char *const garbage[] = {
        "10.0.0.1 - - [21/", "one two three",
        "[Sat Nov 21 20:19:16 2026] [error] [client 10.0.0.1] File does not exist"};
    switch (reason) {
    case TRUTH_BLANK:
        return plan_text(shop->plan, blanks[draw]);
    case TRUTH_OVERLONG:
        return overlong_line(shop);
    case TRUTH_FORMAT:
        return plan_text(shop->plan, garbage[draw]);
    default:
        return names_add(&shop->plan->texts, SLICE_LITERAL("10.0.0.1 - - [10/Nov\0/2026"));
    }
}

static void add_damage(struct shop *shop)
{
    static const uint16_t shares[TRUTH_REJECT_COUNT] = {25, 1, 25, 25, 25, 10};
    const enum truth_reject reason =
        (enum truth_reject)random_weighted(shop->random, shares, TRUTH_REJECT_COUNT);
    const uint32_t draw = random_below(shop->random, 3);
    const bool is_impossible = reason == TRUTH_TIME || reason == TRUTH_STATUS;
    const uint32_t text = is_impossible ? 0 : damaged_line(shop, reason, draw);
    const uint32_t at_s = random_below(shop->random, (uint32_t)shop->length_s);
    if (is_impossible)
        plan_impossible(
            shop->plan, at_s,
            (enum plan_impossibility)(
                (reason == TRUTH_TIME ? IMPOSSIBLE_DAY : IMPOSSIBLE_STATUS_999) + draw));
    else
        plan_raw(shop->plan, at_s, text);
    truth_add_rejected(shop->truth, reason);
}

/* ---- all of it ---- */

static void weigh_scripts(struct shop *shop)
{
    assert(script_count <= MAX_SCRIPTS);
    for (size_t i = 0; i < script_count; i++) {
        const bool fits = script_length(scripts[i].text) < shop->length_s;
        const bool needs_agents = strncmp(scripts[i].text, NOBODY, strlen(NOBODY)) == 0;
        for (size_t habit = 0; habit < HABIT_COUNT; habit++)
            if (fits && !(needs_agents && !shop->options->has_agents))
                shop->weights[habit][i] = scripts[i].weights[habit];
    }
}

static void shop_init(struct shop *shop, struct plan *plan, struct truth *truth,
                      const struct shop_options *options)
{
    *shop = (struct shop){.plan = plan,
                          .truth = truth,
                          .random = &plan->random,
                          .options = options,
                          .length_s = (int64_t)options->days * DAY_S};
    agents_browsers(plan, shop->browsers);
    /* The third most frequent browser has quotes in its name, as the server escapes them. */
    shop->browsers[2] = plan_text(plan, "Mozilla/5.0 (\\\"odd\\\"; x\\\\64) Gecko/20100101");
    zipf_init(&shop->popularity, AGENT_BROWSERS);
    shop->dash = plan_text(plan, "-");
    for (unsigned i = 0; i < ASSET_NAMES; i++)
        shop->assets[i] = plan_format(
            plan, i % 2 ? "GET /static/app-%u.js?v=4 HTTP/1.1" : "GET /img/%u.PNG HTTP/1.1", i);
    weigh_scripts(shop);
}

void shop_span(const struct plan *plan, int64_t *first_s, int64_t *last_s)
{
    *first_s = INT64_MAX;
    *last_s = 0;
    for (size_t i = 0; i < plan->hit_count; i++) {
        const struct plan_hit *const hit = &plan->hits[i];
        if (!plan_is_hit(hit))
            continue;
        if (hit->at_s < *first_s)
            *first_s = hit->at_s;
        if (hit->at_s > *last_s)
            *last_s = hit->at_s;
    }
}

static void add_finale(struct shop *shop, const struct finale *finale, int64_t end_s)
{
    if (script_length(finale->text) + finale->before_end_s > end_s)
        return;
    struct life life = play(shop, REGION_UNKNOWN, finale->text);
    int64_t anchor_s = life.last_hit_s;
    if (finale->anchor[0])
        anchor_s = life.entered_s[funnel_of(finale->anchor[0])];
    place(&life, end_s - finale->before_end_s - anchor_s);
}

static bool is_enough(const struct shop *shop, size_t people)
{
    if (shop->options->visitors)
        return people >= shop->options->visitors;
    return people > REGION_COUNT && shop->plan->hit_count >= shop->options->lines;
}

void shop_plan(struct plan *plan, struct truth *truth, const struct shop_options *options)
{
    struct shop *const shop = mem_alloc(sizeof *shop);
    shop_init(shop, plan, truth, options);
    for (size_t people = 0; !is_enough(shop, people); people++) {
        add_person(shop, people);
        while (wants_crawler(shop))
            add_crawler(shop);
        if (random_chance(shop->random, 50))
            add_damage(shop);
    }
    int64_t first_s, end_s;
    shop_span(plan, &first_s, &end_s);
    for (size_t i = 0; i < finale_count; i++)
        add_finale(shop, &finales[i], end_s);
    zipf_clear(&shop->popularity);
    mem_free(shop);
}
