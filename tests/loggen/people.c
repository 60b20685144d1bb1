#include "tests/loggen/people.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, PRODUCTS = 40, PATH_BYTES = 200, NO_GAP = -1 };

#define SITE "https://www.shop.example"

struct people {
    struct plan *plan;
    struct roll *roll;
    struct random *random;
    const struct people_options *options;
    uint32_t addresses[NETWORK_COUNT]; /* given out */
    uint32_t visitors, persons, visits;
    size_t source_turn, browser_turn;
};

/* What a word of a script asks for. */
struct request {
    const char *method; /* "GET", "POST", "HEAD"; "file" */
    const char *path;
    size_t path_size;
    unsigned status;
    char outcome; /* 's', 'r', 'f'; 0: none */
};

/* A part being played, at times from 0 on until it is known where in the log it goes. */
struct scene {
    struct people *people;
    const struct cast_part *part;
    const char *browser, *device; /* family and kind; NULL: no browser of the cast */
    unsigned copy;
    uint32_t address_number;
    uint32_t agent; /* text */
    uint32_t actor;
    uint32_t moves; /* within the /64 */
    size_t first_hit, first_row;
    struct roll_row *row;
    int64_t begun_s;                 /* the visit */
    int64_t now_s;                   /* the last action */
    int64_t gap_s;                   /* to the next one; NO_GAP: as the part is quick */
    bool is_first;                   /* no action yet in this visit */
    bool has_assets;                 /* loaded one, which is enough for some */
    const struct cast_source *entry; /* where the next page view comes from; NULL: the page */
    uint32_t page;                   /* text: the URL of the page that is open; or a dash */
    struct request last_request;
    int64_t last_gap_s;
};

/* ---- who ---- */

static uint32_t address_text(const struct scene *scene)
{
    struct plan *const plan = scene->people->plan;
    const uint32_t number = scene->address_number, high = number / 250, low = number % 250 + 1;
    switch (scene->part->network) {
    case NETWORK_HOME:
        return plan_format(plan, "10.%u.%u.%u", number % 10, number / 10 / 250,
                           number / 10 % 250 + 1);
    case NETWORK_HOME_6:
        return plan_format(plan, "fd00:%u:%x:1::%x", number % 10, number / 10 + 1,
                           scene->moves * 4099 + 2);
    case NETWORK_OFFICE:
        assert(high == 0);
        return plan_format(plan, "172.16.5.%u", low);
    case NETWORK_GOOGLE:
        assert(high == 0);
        return plan_format(plan, "66.249.66.%u", low);
    default:
        return plan_format(plan, "10.200.%u.%u", high, low);
    }
}

/* At the address where the scene is now. The server knows a person's cookie from before. */
static uint32_t new_actor(const struct scene *scene, bool has_cookie_before)
{
    struct people *const people = scene->people;
    struct plan *const plan = people->plan;
    const uint32_t actor = plan_actor(plan, address_text(scene), scene->agent);
    if (scene->browser && !scene->part->is_machine)
        plan->actors[actor].cookie = plan_format(plan, "theme=dark; uid=u%u", people->persons);
    plan->actors[actor].has_cookie_before = has_cookie_before;
    return actor;
}

static void choose_agent(struct scene *scene)
{
    struct people *const people = scene->people;
    if (scene->part->agent) {
        scene->agent = plan_text(people->plan, scene->part->agent);
        scene->browser = scene->part->family;
        scene->device = scene->part->device;
        return;
    }
    const struct cast_browser *const browser = &cast_browsers[people->browser_turn++];
    if (!cast_browsers[people->browser_turn].agent)
        people->browser_turn = 0;
    scene->agent = plan_text(people->plan, browser->agent);
    scene->browser = browser->family;
    scene->device = browser->device;
}

/* ---- visits ---- */

static void begin_row(struct scene *scene)
{
    struct people *const people = scene->people;
    const struct cast_part *const part = scene->part;
    /* Without assets in the log nobody can be told by not loading them. */
    const bool is_told = people->options->has_assets || strcmp(part->rule, "no-assets") != 0;
    const struct roll_row row = {.part = part,
                                 .class = is_told ? part->class : "person",
                                 .rule = is_told ? part->rule : "",
                                 .browser = scene->browser,
                                 .device = scene->device,
                                 .visitor = people->visitors,
                                 .person = people->persons,
                                 .visit = people->visits,
                                 .actor = scene->actor};
    scene->row = roll_add(people->roll, &row);
    scene->page = plan_text(people->plan, "-");
    scene->gap_s = NO_GAP;
    scene->is_first = true;
}

static int64_t last_hit_s(const struct scene *scene)
{
    int64_t last_s = 0;
    for (size_t i = scene->first_hit; i < scene->people->plan->hit_count; i++)
        if (scene->people->plan->hits[i].at_s > last_s)
            last_s = scene->people->plan->hits[i].at_s;
    return last_s;
}

static void begin_visit(struct scene *scene)
{
    struct people *const people = scene->people;
    people->visits++;
    scene->now_s = last_hit_s(scene) + random_between(people->random, 3600, 6 * 3600);
    scene->begun_s = scene->now_s;
    begin_row(scene);
}

static void become_another(struct scene *scene)
{
    scene->people->persons++;
    scene->has_assets = false;
    scene->actor = new_actor(scene, true);
}

/* ---- hits ---- */

static void add_hit(struct scene *scene, int64_t at_s, uint32_t request, uint32_t referrer,
                    unsigned status)
{
    struct roll_row *const row = scene->row;
    const uint32_t size_bytes = random_between(scene->people->random, 300, 60000);
    plan_hit(scene->people->plan, (struct plan_hit){.at_s = (uint32_t)at_s,
                                                    .actor = scene->actor,
                                                    .request = request,
                                                    .referrer = referrer,
                                                    .size_bytes = size_bytes,
                                                    .status = (uint16_t)status});
    if (row->hits == 0 || at_s < row->first_s)
        row->first_s = at_s;
    if (row->hits == 0 || at_s > row->last_s)
        row->last_s = at_s;
    row->hits++;
}

static void load_assets(struct scene *scene)
{
    struct people *const people = scene->people;
    const enum cast_assets wanted = scene->part->assets;
    if (!people->options->has_assets || wanted == ASSETS_NONE ||
        (wanted == ASSETS_ONE && scene->has_assets))
        return;
    const unsigned count = wanted == ASSETS_ONE ? 1 : random_between(people->random, 1, 4);
    for (unsigned i = 0; i < count; i++) {
        const int64_t at_s = scene->now_s + random_below(people->random, 5);
        const uint32_t request = plan_format(people->plan, "GET /static/part-%u.%s HTTP/1.1",
                                             random_below(people->random, 20), i ? "png" : "css");
        add_hit(scene, at_s, request, scene->page, 200);
    }
    scene->has_assets = true;
}

/* The path that a word means; its query stays with it. */
static void fill_path(const struct scene *scene, const struct request *request, char *path)
{
    struct people *const people = scene->people;
    size_t size = 0;
    for (size_t i = 0; i < request->path_size; i++) {
        const char byte = request->path[i];
        const size_t room = PATH_BYTES - size;
        if (byte == '$')
            size += (size_t)snprintf(path + size, room, "%u",
                                     random_below(people->random, PRODUCTS) + 1);
        else if (byte == '#')
            size += (size_t)snprintf(path + size, room, "%s-%u", scene->part->name, scene->copy);
        else
            path[size++] = byte;
        assert(size < PATH_BYTES - 32);
    }
    path[size] = '\0';
}

static void note_outcome(struct roll_row *row, char outcome)
{
    static const char letters[ROLL_OUTCOMES] = {
        [ROLL_SUBMITTED] = 's', [ROLL_REFUSED] = 'r', [ROLL_FAILED] = 'f'};
    for (size_t i = 0; i < ROLL_OUTCOMES; i++)
        row->outcomes[i] += outcome == letters[i];
}

static void note_page_view(struct scene *scene, const char *path)
{
    struct roll_row *const row = scene->row;
    char name[PATH_BYTES];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(path, "?"), path);
    const uint32_t page = plan_text(scene->people->plan, name);
    if (row->page_views++ == 0) {
        row->landing = page;
        row->source = scene->entry ? scene->entry : cast_source_find("direct", 6);
    }
    row->exit = page;
    row->exit_s = scene->now_s;
}

/* Machines ask for one page after the other, unless they are browsers. */
static bool follows_links(const struct cast_part *part)
{
    return !part->is_machine || part->assets == ASSETS_ALL;
}

/* A page view, or what leads to one. */
static void see(struct scene *scene, const struct request *request, const char *path)
{
    struct plan *const plan = scene->people->plan;
    const bool is_post = strcmp(request->method, "POST") == 0;
    const char *const query = scene->entry ? scene->entry->query : "";
    const uint32_t line =
        plan_format(plan, "%s %s%s%s HTTP/1.1", request->method, path, query[0] ? "?" : "", query);
    const uint32_t referrer = scene->entry ? plan_text(plan, scene->entry->referrer) : scene->page;
    note_page_view(scene, path);
    add_hit(scene, scene->now_s, line, referrer, request->status);
    note_outcome(scene->row, request->outcome);
    scene->row->cancellation_views += !is_post && strcmp(path, "/account/cancel") == 0;
    scene->entry = NULL;
    if (is_post && request->status >= 300 && request->status < 400)
        return; /* the page that it leads to has the form's page as its referrer */
    if (follows_links(scene->part))
        scene->page = plan_format(plan, SITE "%s", path);
    if (!is_post && request->status == 200)
        load_assets(scene);
}

static int64_t next_gap(struct scene *scene)
{
    if (scene->is_first && scene->gap_s == NO_GAP)
        return 0;
    if (scene->gap_s != NO_GAP)
        return scene->gap_s;
    return random_between(scene->people->random, scene->part->shortest_s, scene->part->longest_s);
}

static void act(struct scene *scene, const struct request *request)
{
    char path[PATH_BYTES];
    fill_path(scene, request, path);
    scene->now_s += next_gap(scene);
    scene->last_request = *request;
    scene->last_gap_s = scene->gap_s;
    scene->gap_s = NO_GAP;
    scene->is_first = false;
    const bool is_file = strcmp(request->method, "file") == 0;
    if (!is_file && strcmp(request->method, "HEAD") != 0) {
        see(scene, request, path);
        return;
    }
    struct plan *const plan = scene->people->plan;
    const uint32_t line =
        plan_format(plan, "%s %s HTTP/1.1", is_file ? "GET" : request->method, path);
    add_hit(scene, scene->now_s, line, plan_text(plan, "-"), request->status);
}

/* ---- scripts ---- */

/* "POST/contact:302=s" */
static struct request read_request(const char *word, size_t size)
{
    static const char *const methods[] = {"POST", "HEAD", "file"};
    struct request request = {.method = "GET", .status = 200};
    size_t begin = 0;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strncmp(word, methods[i], strlen(methods[i])) == 0) {
            request.method = methods[i];
            begin = strlen(methods[i]);
        }
    assert(word[begin] == '/');
    const char *const colon = memchr(word, ':', size);
    request.path = word + begin;
    request.path_size = (colon ? (size_t)(colon - word) : size) - begin;
    if (!colon)
        return request;
    char *end;
    request.status = (unsigned)strtoul(colon + 1, &end, 10);
    if (*end == '=')
        request.outcome = end[1];
    return request;
}

static void enter_from(struct scene *scene, const char *name, size_t size)
{
    struct people *const people = scene->people;
    if (size) {
        scene->entry = cast_source_find(name, size);
        assert(scene->entry);
        return;
    }
    scene->entry = &cast_sources[people->source_turn++];
    if (!cast_sources[people->source_turn].name)
        people->source_turn = 0;
}

static void repeat(struct scene *scene, unsigned long times)
{
    const struct request request = scene->last_request;
    const int64_t gap_s = scene->last_gap_s;
    for (unsigned long i = 0; i < times; i++) {
        scene->gap_s = gap_s;
        act(scene, &request);
    }
}

static void play_word(struct scene *scene, const char *word, size_t size)
{
    struct request request;
    switch (word[0]) {
    case '@':
        enter_from(scene, word + 1, size - 1);
        break;
    case '+':
        scene->gap_s = strtol(word + 1, NULL, 10);
        break;
    case '*':
        repeat(scene, strtoul(word + 1, NULL, 10));
        break;
    case '|':
        begin_visit(scene);
        break;
    case '&':
        become_another(scene);
        begin_visit(scene);
        break;
    case '~':
        scene->moves++;
        scene->actor = new_actor(scene, true);
        break;
    case ';':
        become_another(scene);
        scene->now_s = scene->begun_s + 15;
        begin_row(scene);
        break;
    default:
        request = read_request(word, size);
        act(scene, &request);
    }
}

/* Some minutes before the midnight of one of three zones, UTC among them. */
static int64_t before_midnight(struct random *random, int64_t latest_s)
{
    static const int32_t midnights_s[] = {DAY_S, DAY_S - 20700, 34200};
    const uint32_t day = random_below(random, (uint32_t)(latest_s / DAY_S));
    const uint32_t zone = random_below(random, 3);
    return (int64_t)day * DAY_S + midnights_s[zone] - random_between(random, 1, 300);
}

/* Moves everything that was planned for the scene to its place in the log. */
static void place(const struct scene *scene)
{
    struct people *const people = scene->people;
    const int64_t latest_s = (int64_t)people->options->days * DAY_S - last_hit_s(scene) - 1;
    assert(latest_s > DAY_S);
    int64_t start_s = random_below(people->random, (uint32_t)latest_s);
    if (random_chance(people->random, 150)) {
        const int64_t before_s = before_midnight(people->random, latest_s);
        start_s = before_s < latest_s ? before_s : start_s;
    }
    for (size_t i = scene->first_hit; i < people->plan->hit_count; i++)
        people->plan->hits[i].at_s += (uint32_t)start_s;
    for (size_t i = scene->first_row; i < people->roll->count; i++) {
        people->roll->rows[i].first_s += start_s;
        people->roll->rows[i].last_s += start_s;
        people->roll->rows[i].exit_s += start_s;
    }
}

static void play(struct people *people, const struct cast_part *part, unsigned copy)
{
    struct scene scene = {.people = people,
                          .part = part,
                          .copy = copy,
                          .address_number = people->addresses[part->network]++,
                          .first_hit = people->plan->hit_count,
                          .first_row = people->roll->count};
    people->visitors++;
    people->persons++;
    people->visits++;
    choose_agent(&scene);
    /* Whoever shares an address and an agent is told by a cookie from the first hit on. */
    scene.actor = new_actor(&scene, strpbrk(part->script, "&;") != NULL);
    begin_row(&scene);
    for (const char *word = part->script; *word; word += strspn(word, " ")) {
        const size_t size = strcspn(word, " ");
        play_word(&scene, word, size);
        word += size;
    }
    place(&scene);
}

void people_plan(struct plan *plan, struct roll *roll, const struct people_options *options)
{
    struct people people = {
        .plan = plan, .roll = roll, .random = &plan->random, .options = options};
    for (const struct cast_part *part = cast_parts; part->name; part++) {
        const size_t copies = (options->visitors * part->permille + 999) / 1000;
        for (unsigned copy = 0; copy < copies; copy++)
            play(&people, part, copy);
    }
}
