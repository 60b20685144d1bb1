/*
 * The event table against a slow reference: hits are made at random, cut into blocks, and the
 * blocks given to recorders at random, in any order. Visits must be what the definition says
 * (sort by time, cut where a gap is over the timeout), with the same events in the order of
 * (time, input, line), however the blocks were spread.
 *
 * Each hit has a status of its own, which tells the events apart in the table. Between the hits
 * stand rejected lines, whose text is their number: the first of each input and reason are samples.
 */
#include "funnel/event_table.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/sink.h"

enum {
    MAX_HITS = 150,
    MAX_INPUTS = 3,
    MAX_BLOCKS = 60,
    MAX_RECORDERS = 4,
    MAX_VISITORS = 64,
    TIMEOUT_MS = 100,
    CASES = 300,
    FIRST_STATUS = 200,
};

static const char journey_text[] =
    "journey: test\n"
    "touchpoints:\n"
    "  marked: {match: {path: [/marked, /api/marked], status: 2xx|3xx}}\n"
    "  other: {match: {path: /a, status: 2xx|3xx}}\n"
    "funnels:\n"
    "  f: {steps: [marked, marked]}\n";

/* The first three are one visitor with the same agent. */
static const char *const addresses[] = {
    "10.0.0.1",    "::ffff:10.0.0.1", "::ffff:a00:1",   "10.0.0.2", "2001:db8::1",
    "2001:db8::2", "host-a.example",  "host-b.example", "-",
};
static const char *const agents[] = {"Firefox", "Safari/605", "-", "Googlebot/2.1"};
static const char *const urls[] = {
    "/", "/a", "/marked", "/logo.png", "/api/marked", "/api/other", "/a?x=1",
};
static const char expected_marks[] = {'.', '+', '*', 0, '*', 0, '+'};
enum { ADDRESSES = 9, AGENTS = 4, BOT_AGENT = 3, URLS = 7 };

struct made {
    struct hit hit;
    size_t address, agent, url;
    uint32_t input, block;
    bool is_filtered;
    bool is_rejected; /* a line that is no hit */
};

struct scene {
    struct made made[MAX_HITS];
    size_t count;
    struct recorder_options options;
    uint64_t rejected[MAX_INPUTS];
};

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static unsigned below(uint64_t *state, unsigned limit)
{
    return (unsigned)(splitmix(state) % limit);
}

static void make_one(uint64_t *state, struct scene *scene, size_t number, unsigned spread)
{
    struct made *made = &scene->made[number];
    made->address = below(state, ADDRESSES);
    made->agent = below(state, AGENTS);
    made->url = below(state, URLS);
    /* Multiples of half the timeout meet its edge exactly; some are one off. */
    int64_t time_ms = (int64_t)below(state, spread) * TIMEOUT_MS / 2 + below(state, 3) - 1;
    made->hit = (struct hit){
        .time_ms = time_ms,
        .has_zone = true,
        .address_text = slice_of(addresses[made->address]),
        .agent = slice_of(agents[made->agent]),
        .request = request_of_url(METHOD_GET, slice_of(urls[made->url])),
        .status = (uint16_t)(FIRST_STATUS + number),
    };
    address_parse(made->hit.address_text, &made->hit.address);
    made->is_filtered = time_ms < scene->options.since_ms || time_ms >= scene->options.until_ms;
    made->hit.oddity = (uint8_t)below(state, ODD_COUNT);
    made->hit.duration_us = below(state, 2) ? HIT_NO_DURATION : (int64_t)number * 1000;
    made->is_rejected = below(state, 8) == 0;
}

/* Lines in input order; their times are in any order. */
static void make_scene(uint64_t *state, struct scene *scene)
{
    scene->count = below(state, MAX_HITS + 1);
    scene->options.includes_bots = below(state, 2);
    scene->options.since_ms = below(state, 3) ? INT64_MIN : below(state, 500);
    scene->options.until_ms = below(state, 3) ? INT64_MAX : 500 + below(state, 1000);
    unsigned spread = 4 + below(state, 60);
    uint32_t input = 0, block = 0;
    for (size_t i = 0; i < scene->count; i++) {
        make_one(state, scene, i, spread);
        if (below(state, 60) == 0 && input + 1 < MAX_INPUTS) {
            input++;
            block = 0;
        }
        scene->made[i].input = input;
        scene->made[i].block = block;
        block += below(state, 6) == 0;
    }
    for (size_t i = 0; i < MAX_INPUTS; i++)
        scene->rejected[i] = below(state, 5);
}

/* What a visitor is, by number: names and addresses apart, all writings of 10.0.0.1 together. */
static size_t visitor_of(const struct made *made)
{
    return (made->address < 3 ? 0 : made->address) * AGENTS + made->agent;
}

static bool is_kept(const struct scene *scene, const struct made *made)
{
    bool is_bot = made->agent == BOT_AGENT && !scene->options.includes_bots;
    return !is_bot && made->url != 3 && made->url != 5; /* neither an asset nor an unmarked call */
}

/* Recording */

static void reject_line(struct recorder *recorder, enum reject_reason reason, struct slice line,
                        uint32_t number)
{
    recorder_add_rejected(recorder, reason, 1);
    if (recorder_wants_sample(recorder, reason, number))
        recorder_add_sample(recorder, reason, number, line, NULL);
}

static void record_line(struct recorder *recorder, const struct made *made, size_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%zu", number);
    if (made->is_rejected)
        reject_line(recorder, REJECT_FORMAT, slice_of(text), (uint32_t)number);
    else
        recorder_add_hit(recorder, &made->hit);
}

/* Blocks in a random order, each to a random recorder. */
static struct event_table *record(uint64_t *state, const struct scene *scene)
{
    size_t recorders = 1 + below(state, MAX_RECORDERS);
    struct recorder *list[MAX_RECORDERS];
    bool is_done[MAX_HITS] = {false};
    for (size_t i = 0; i < recorders; i++)
        list[i] = recorder_new(&scene->options);
    for (size_t left = scene->count; left > 0;) {
        size_t start = below(state, (unsigned)scene->count);
        const struct made *first = &scene->made[start];
        if (is_done[start] ||
            (start && first[-1].input == first->input && first[-1].block == first->block))
            continue;
        struct recorder *recorder = list[below(state, (unsigned)recorders)];
        recorder_begin_block(recorder, first->input, first->block);
        for (size_t i = start; i < scene->count && scene->made[i].input == first->input &&
                               scene->made[i].block == first->block;
             i++, left--) {
            record_line(recorder, &scene->made[i], i);
            is_done[i] = true;
        }
    }
    for (uint32_t i = 0; i < MAX_INPUTS; i++) {
        struct recorder *recorder = list[below(state, (unsigned)recorders)];
        recorder_begin_block(recorder, i, 1000);
        recorder_add_rejected(recorder, REJECT_TIME, scene->rejected[i]);
    }
    struct event_table *table = event_table_new(list, recorders);
    for (size_t i = 0; i < recorders; i++)
        recorder_free(list[i]);
    return table;
}

/* Both sides tell each visitor in one line of text; the lines are sorted and compared. */

static void tell_visitor(struct sink *sink, const struct address *address, bool is_bot)
{
    sink_format(sink, "%d %d", (int)address->family, is_bot);
    for (int i = 0; i < 16 && address->family != ADDRESS_NAME; i++)
        sink_format(sink, " %02x", address->bytes[i]);
}

static void tell_visit(struct sink *sink, int64_t first_ms, int64_t last_ms, uint64_t hits,
                       uint64_t page_views)
{
    sink_format(sink, " | %lld-%lld hits %llu views %llu:", (long long)first_ms, (long long)last_ms,
                (unsigned long long)hits, (unsigned long long)page_views);
}

/* mark: '*' for the first touchpoint, '+' for the second, '.' for neither. */
static void tell_event(struct sink *sink, unsigned status, int64_t time_ms, char mark)
{
    sink_format(sink, " %u@%lld%c", status, (long long)time_ms, mark);
}

struct tellings {
    struct sink *sinks[MAX_VISITORS];
    size_t count;
};

static int compare_sinks(const void *left, const void *right)
{
    struct sink *const *a = left, *const *b = right;
    return slice_compare(sink_contents(*a), sink_contents(*b));
}

static struct sink *next_telling(struct tellings *tellings)
{
    ck_assert_uint_lt(tellings->count, MAX_VISITORS);
    return tellings->sinks[tellings->count++] = sink_open_memory();
}

static void sort_tellings(struct tellings *tellings)
{
    qsort(tellings->sinks, tellings->count, sizeof(struct sink *), compare_sinks);
}

static void clear_tellings(struct tellings *tellings)
{
    for (size_t i = 0; i < tellings->count; i++)
        sink_abandon(tellings->sinks[i]);
}

static char mark_of(const struct event_table *table, size_t event)
{
    const struct touch_marks *marks = &table->marks[table->events[event].mark];
    return touch_set_has(&marks->reached, 0) ? '*' : touch_set_has(&marks->reached, 1) ? '+' : '.';
}

static void tell_table(const struct event_table *table, struct tellings *tellings)
{
    *tellings = (struct tellings){.count = 0};
    for (size_t i = 0; i < table->visitor_count; i++) {
        const struct visitor *visitor = &table->visitors[i];
        struct sink *sink = next_telling(tellings);
        tell_visitor(sink, &visitor->address, visitor->is_bot);
        size_t next_event = visitor->first_event;
        for (size_t k = 0; k < visitor->visit_count; k++) {
            const struct visit *visit = &table->visits[visitor->first_visit + k];
            ck_assert_uint_eq(visit->visitor, i);
            ck_assert_uint_eq(visit->first_event, next_event);
            next_event += visit->event_count;
            tell_visit(sink, visit->first_ms, visit->last_ms, visit->hits, visit->page_views);
            for (size_t e = visit->first_event; e < next_event; e++)
                tell_event(sink, table->events[e].status, table->events[e].time_ms,
                           mark_of(table, e));
        }
        ck_assert_uint_eq(next_event, visitor->first_event + visitor->event_count);
    }
    sort_tellings(tellings);
}

static bool is_counted(const struct made *made)
{
    return !made->is_filtered && !made->is_rejected;
}

/* The reference: the lines of one visitor by (time, line), sorted by repeated search. */
static size_t lines_of(const struct scene *scene, size_t visitor, size_t *lines)
{
    size_t count = 0;
    for (size_t i = 0; i < scene->count; i++) {
        if (!is_counted(&scene->made[i]) || visitor_of(&scene->made[i]) != visitor)
            continue;
        size_t at = count++;
        for (; at && scene->made[lines[at - 1]].hit.time_ms > scene->made[i].hit.time_ms; at--)
            lines[at] = lines[at - 1];
        lines[at] = i;
    }
    return count;
}

static size_t end_of_visit(const struct scene *scene, const size_t *lines, size_t begin,
                           size_t count)
{
    size_t end = begin + 1;
    while (end < count &&
           scene->made[lines[end]].hit.time_ms - scene->made[lines[end - 1]].hit.time_ms <=
               TIMEOUT_MS)
        end++;
    return end;
}

static void tell_expected_visit(const struct scene *scene, const size_t *lines, size_t begin,
                                size_t end, struct sink *sink)
{
    uint64_t views = 0;
    for (size_t i = begin; i < end; i++) {
        const struct made *made = &scene->made[lines[i]];
        views += is_kept(scene, made) && made->url != 4;
    }
    tell_visit(sink, scene->made[lines[begin]].hit.time_ms, scene->made[lines[end - 1]].hit.time_ms,
               end - begin, views);
    for (size_t i = begin; i < end; i++) {
        const struct made *made = &scene->made[lines[i]];
        if (is_kept(scene, made))
            tell_event(sink, made->hit.status, made->hit.time_ms, expected_marks[made->url]);
    }
}

static void tell_expected(const struct scene *scene, struct tellings *tellings)
{
    *tellings = (struct tellings){.count = 0};
    for (size_t visitor = 0; visitor < ADDRESSES * AGENTS; visitor++) {
        size_t lines[MAX_HITS], count = lines_of(scene, visitor, lines), end;
        if (count == 0)
            continue;
        const struct made *first = &scene->made[lines[0]];
        struct sink *sink = next_telling(tellings);
        tell_visitor(sink, &first->hit.address, first->agent == BOT_AGENT);
        for (size_t begin = 0; begin < count; begin = end) {
            end = end_of_visit(scene, lines, begin, count);
            tell_expected_visit(scene, lines, begin, end, sink);
        }
    }
    sort_tellings(tellings);
}

static void check_visits(const struct scene *scene, const struct event_table *table, int number)
{
    struct tellings got, expected;
    tell_table(table, &got);
    tell_expected(scene, &expected);
    ck_assert_msg(got.count == expected.count, "case %d: %zu visitors, expected %zu", number,
                  got.count, expected.count);
    for (size_t i = 0; i < got.count; i++) {
        struct slice one = sink_contents(got.sinks[i]), other = sink_contents(expected.sinks[i]);
        ck_assert_msg(slice_equal(one, other), "case %d:\n got %.*s\nwant %.*s", number,
                      SLICE_ARG(one), SLICE_ARG(other));
    }
    clear_tellings(&got);
    clear_tellings(&expected);
}

/* Two events have one page number exactly when their paths are the same. */
static void check_pages(const struct scene *scene, const struct event_table *table, int number)
{
    for (size_t a = 0; a < table->event_count; a++) {
        struct slice path = scene->made[table->events[a].status - FIRST_STATUS].hit.request.path;
        for (size_t b = 0; b < a; b++) {
            struct slice other =
                scene->made[table->events[b].status - FIRST_STATUS].hit.request.path;
            bool is_same = table->events[a].page == table->events[b].page;
            if (is_same != slice_equal(path, other))
                ck_abort_msg("case %d: pages", number);
        }
    }
}

static void check_input(const struct scene *scene, const struct event_table *table, uint32_t input,
                        int number)
{
    struct input_counts want = {.first_ms = CIVIL_NO_TIME, .last_ms = CIVIL_NO_TIME};
    for (size_t i = 0; i < scene->count; i++) {
        const struct made *made = &scene->made[i];
        if (made->input != input)
            continue;
        want.lines++;
        if (made->is_rejected)
            want.rejected_by[REJECT_FORMAT]++;
        else if (made->is_filtered)
            want.filtered_by[FILTER_TIME]++;
        else
            want.counted_by[made->hit.oddity]++;
        if (!is_counted(made))
            continue;
        if (want.first_ms == CIVIL_NO_TIME || made->hit.time_ms < want.first_ms)
            want.first_ms = made->hit.time_ms;
        if (want.last_ms == CIVIL_NO_TIME || made->hit.time_ms > want.last_ms)
            want.last_ms = made->hit.time_ms;
    }
    want.rejected_by[REJECT_TIME] = scene->rejected[input];
    want.lines += scene->rejected[input];
    if (memcmp(&table->inputs[input], &want, sizeof want) != 0)
        ck_abort_msg("case %d: accounting of input %u", number, input);
}

static void check_samples(const struct scene *scene, const struct event_table *table,
                          uint32_t input, int number)
{
    const struct input_samples *samples = table->samples[input];
    size_t count = 0;
    for (size_t i = 0; i < scene->count && count < SAMPLE_LINES; i++) {
        if (scene->made[i].input != input || !scene->made[i].is_rejected)
            continue;
        if (!samples || samples->counts[REJECT_FORMAT] <= count ||
            strtoul(samples->lines[REJECT_FORMAT][count].text, NULL, 10) != i)
            ck_abort_msg("case %d: sample %zu of input %u", number, count, input);
        count++;
    }
    ck_assert_uint_eq(samples ? samples->counts[REJECT_FORMAT] : 0, count);
}

static void check_kinds(const struct scene *scene, const struct event_table *table, int number)
{
    struct kind_counts want = {0};
    for (size_t i = 0; i < scene->count; i++) {
        const struct made *made = &scene->made[i];
        if (!is_counted(made))
            continue;
        want.timed_hits += made->hit.duration_us != HIT_NO_DURATION;
        want.bot_hits += made->agent == BOT_AGENT;
        want.hits[KIND_ASSET] += made->url == 3;
        want.hits[KIND_CALL] += made->url == 4 || made->url == 5;
    }
    ck_assert_msg(want.bot_hits == table->kinds.bot_hits &&
                      want.hits[KIND_ASSET] == table->kinds.hits[KIND_ASSET] &&
                      want.hits[KIND_CALL] == table->kinds.hits[KIND_CALL] &&
                      want.timed_hits == table->kinds.timed_hits,
                  "case %d: kinds", number);
}

START_TEST(any_distribution_gives_the_visits_of_the_definition)
{
    struct error error = {0};
    struct journey *journey = journey_parse(slice_of(journey_text), "test", &error);
    ck_assert_msg(journey != NULL, "%s", error.sentence);
    struct rules *rules = rules_new(journey);
    struct agent_rules *agent_rules = agent_rules_new(&error);
    ck_assert_msg(agent_rules != NULL, "%s", error.sentence);
    uint64_t state = 20261121;
    for (int number = 0; number < CASES; number++) {
        struct scene scene = {.options = {.key = hash_key_random(),
                                          .rules = rules,
                                          .agent_rules = agent_rules,
                                          .visit_timeout_ms = TIMEOUT_MS,
                                          .input_count = MAX_INPUTS}};
        make_scene(&state, &scene);
        for (int spread = 0; spread < 3; spread++) {
            struct event_table *table = record(&state, &scene);
            check_visits(&scene, table, number);
            check_pages(&scene, table, number);
            check_kinds(&scene, table, number);
            for (uint32_t input = 0; input < MAX_INPUTS; input++) {
                check_input(&scene, table, input, number);
                check_samples(&scene, table, input, number);
            }
            event_table_free(table);
        }
    }
    agent_rules_free(agent_rules);
    rules_free(rules);
    journey_free(journey);
}
END_TEST

/* Thousands of events of one visitor, backwards or shuffled: the merge sort, and it is stable. */
START_TEST(many_events_of_one_visitor)
{
    enum { EVENTS = 5000, DISTINCT_TIMES = 50 };
    struct error error = {0};
    struct journey *journey = journey_parse(slice_of(journey_text), "test", &error);
    struct rules *rules = rules_new(journey);
    struct agent_rules *agent_rules = agent_rules_new(&error);
    struct recorder_options options = {.rules = rules,
                                       .agent_rules = agent_rules,
                                       .visit_timeout_ms = TIMEOUT_MS,
                                       .since_ms = INT64_MIN,
                                       .until_ms = INT64_MAX,
                                       .input_count = 1};
    struct recorder *recorder = recorder_new(&options);
    struct hit hit = {.address_text = SLICE_LITERAL("-"), .agent = SLICE_LITERAL("-")};
    hit.request = request_of_url(METHOD_GET, SLICE_LITERAL("/"));
    uint64_t state = 1;
    recorder_begin_block(recorder, 0, 0);
    for (int i = 0; i < EVENTS; i++) {
        hit.time_ms = _i ? (int64_t)below(&state, DISTINCT_TIMES) : (EVENTS - i) / DISTINCT_TIMES;
        hit.status = (uint16_t)i;
        recorder_add_hit(recorder, &hit);
    }
    struct event_table *table = event_table_new(&recorder, 1);
    ck_assert_uint_eq(table->event_count, EVENTS);
    for (size_t i = 1; i < EVENTS; i++) {
        const struct event *a = &table->events[i - 1], *b = &table->events[i];
        ck_assert_msg(a->time_ms < b->time_ms ||
                          (a->time_ms == b->time_ms && a->status < b->status),
                      "event %zu", i);
    }
    event_table_free(table);
    recorder_free(recorder);
    agent_rules_free(agent_rules);
    rules_free(rules);
    journey_free(journey);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("event_table");
    TCase *tests = tcase_create("event_table");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, any_distribution_gives_the_visits_of_the_definition);
    tcase_add_loop_test(tests, many_events_of_one_visitor, 0, 2);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
