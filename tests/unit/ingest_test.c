/*
 * A log of several blocks with more pages and origins than are told apart: which ones are, must not
 * hang on threads, and neither must anything else. The reference reads the same lines one by one
 * into one recorder; the first of its pages are also counted here by hand.
 */
#include "funnel/ingest.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/sink.h"
#include "input_fixture.h"
#include "parser/line_parser.h"

enum {
    LINES = 24000, /* 4 blocks and more of 1 MiB */
    MAX_KEYS = 50,
    PAGES = 300, /* each comes first in its own place of the log */
    AN_HOUR_S = 3600,
};

static const char journey_text[] = "journey: test\n"
                                   "touchpoints:\n"
                                   "  one: {match: {path: /page/1}}\n"
                                   "funnels:\n"
                                   "  f: {steps: [one, one]}\n";

static struct journey *journey;
static struct rules *rules;
static struct agent_rules *agent_rules;
static struct trait_rules *trait_rules;
static struct folder folder;
static struct bytes log_bytes;

static void set_up(void)
{
    struct error error = {0};
    journey = journey_parse(slice_of(journey_text), "test", &error);
    ck_assert_msg(journey != NULL, "%s", error.sentence);
    rules = rules_new(journey);
    agent_rules = agent_rules_new(&error);
    trait_rules = trait_rules_new();
    folder_make(&folder);
    log_bytes = (struct bytes){0};
}

static void tear_down(void)
{
    mem_free(log_bytes.at);
    folder_remove(&folder);
    trait_rules_free(trait_rules);
    agent_rules_free(agent_rules);
    rules_free(rules);
    journey_free(journey);
}

/* ---- the log ---- */

/* New pages, calls, assets and referrers come until the end, old ones come again. */
static void add_line(uint32_t *state, int number)
{
    uint32_t newest = (uint32_t)number * PAGES / LINES, any = next_random(state) % (newest + 1);
    uint32_t kind = next_random(state) % 8, who = next_random(state) % 500;
    char path[64], line[512];
    if (kind == 0)
        snprintf(path, sizeof path, "/style/%u.css", any);
    else if (kind == 1)
        snprintf(path, sizeof path, "/api/%u", any);
    else
        snprintf(path, sizeof path, "/page/%u", kind == 2 ? newest : any);
    snprintf(
        line, sizeof line,
        "10.0.%u.%u - - [22/Nov/2026:%02d:%02d:%02d +0000] \"GET %s HTTP/1.1\" 200 1234 "
        "\"https://host-%u.example/a/rather/long/path/to/fill/the/blocks\" \"Mozilla/5.0 (X11; "
        "Linux x86_64; rv:128.0) Gecko/20100101 Firefox/%u.0\"\n",
        who >> 8, who & 255, number / 6 / AN_HOUR_S, number / 6 / 60 % 60, number / 6 % 60, path,
        next_random(state) % 4 ? any : newest, 100 + who % 30);
    bytes_add_text(&log_bytes, line);
}

static void make_log(void)
{
    uint32_t state = 20261122;
    for (int i = 0; i < LINES; i++)
        add_line(&state, i);
    ck_assert_uint_gt(log_bytes.size, 4 << 20);
}

/* ---- reading it ---- */

static struct recorder_options options_of_test(uint32_t max_keys)
{
    return (struct recorder_options){
        .key = hash_key_random(),
        .rules = rules,
        .agent_rules = agent_rules,
        .trait_rules = trait_rules,
        .visitor_rules = visitor_rules_default(),
        .visit_timeout_ms = 1800 * 1000,
        .counted_classes = 1u << AGENT_PERSON,
        .kept_classes = 1u << AGENT_PERSON,
        .max_keys = max_keys,
        .since_ms = INT64_MIN,
        .until_ms = INT64_MAX,
    };
}

/* rules_off: bit per enum behaviour_rule. */
static void run(const char *path, unsigned threads, uint32_t max_keys, uint32_t rules_off,
                struct ingest_result *result)
{
    struct error error = {0};
    struct input_list inputs;
    struct ingest_options options = {
        .threads = threads,
        .recorder = options_of_test(max_keys),
        .people = {.visits = {.timeout_ms = 1800 * 1000}, .behaviour = {.off = rules_off}},
    };
    bool is_fine = inputs_open(&inputs, &path, 1, &options.detect, &error) &&
                   ingest_run(&inputs, &options, result, &error);
    ck_assert_msg(is_fine, "%s", error.sentence);
    inputs_free(&inputs);
}

/* All lines into one recorder that tells everything apart: the table alone has the cap. */
static struct event_table *read_line_by_line(uint32_t max_keys)
{
    struct recorder_options options = options_of_test(max_keys);
    options.worker_max_keys = UINT32_MAX;
    options.input_count = 1;
    struct recorder *recorder = recorder_new(&options);
    struct line_parser *parser = line_parser_new(NULL);
    struct line_format format = {.format = format_find("combined")};
    struct slice rest = bytes_slice(&log_bytes);
    struct line line;
    line_parser_begin(parser, &format, (struct slice){0});
    recorder_begin_block(recorder, 0, 0);
    while (lines_next(&rest, &line)) {
        struct hit hit;
        enum reject_reason reason;
        ck_assert_int_eq(line_parser_read(parser, &line, &hit, &reason), LINE_HIT);
        recorder_add_hit(recorder, &hit);
    }
    struct event_table *table = event_table_new(&recorder, 1);
    recorder_free(recorder);
    line_parser_free(parser);
    people_settle(table, &(struct people_options){.visits = {.timeout_ms = 1800 * 1000}});
    return table;
}

/* ---- what came of it, as text ---- */

/* Numbers of visitors hang on who recorded what; so each has its line, and these are sorted. */
static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static char *tell_visitor(const struct event_table *table, const struct visitor *visitor)
{
    struct sink *sink = sink_open_memory();
    const struct client *client = &table->clients[visitor->client];
    for (int i = 12; i < 16; i++)
        sink_format(sink, "%u.", client->address.bytes[i]);
    sink_format(sink, " version %u class %u rule %u traits %u visits %u events",
                table->agents[client->agent].browser.version, visitor->class, visitor->rule,
                visitor->traits, visitor->visit_count);
    for (size_t i = 0; i < visitor->event_count; i++) {
        const struct event *event = &table->events[visitor->first_event + i];
        sink_format(sink, " %lld %u %u %u", (long long)event->time_ms, event->page, event->origin,
                    event->mark ? 1 : 0);
    }
    char *text = mem_text(sink_contents(sink));
    sink_abandon(sink);
    return text;
}

static void tell_names(struct sink *sink, const char *what, const struct names *names)
{
    for (uint32_t i = 0; i < names->count; i++) {
        sink_format(sink, "%s %u ", what, i);
        sink_slice(sink, names_text(names, i));
        sink_text(sink, "\n");
    }
}

static void tell_counts(struct sink *sink, const struct event_table *table)
{
    sink_format(sink, "folded %llu %llu\n", (unsigned long long)table->folded.page_views,
                (unsigned long long)table->folded.origin_page_views);
    for (size_t i = 0; i < KIND_COUNT; i++)
        sink_format(sink, "kind %zu %llu\n", i, (unsigned long long)table->kinds.hits[i]);
    for (uint32_t i = 0; i < table->origins.count; i++)
        sink_format(sink, "use %llu %llu\n", (unsigned long long)table->origin_uses[i].assets,
                    (unsigned long long)table->origin_uses[i].pages);
    sink_format(sink, "lines %llu counted %llu\n", (unsigned long long)table->inputs[0].lines,
                (unsigned long long)table->inputs[0].counted_by[ODD_NONE]);
    sink_format(sink, "visitors %zu visits %zu events %zu\n", table->visitor_count,
                table->visit_count, table->event_count);
}

static struct sink *tell(const struct event_table *table)
{
    struct sink *sink = sink_open_memory();
    tell_names(sink, "page", &table->pages);
    tell_names(sink, "origin", &table->origins);
    tell_counts(sink, table);
    char **lines = mem_zeroed(table->visitor_count + 1, sizeof *lines);
    for (size_t i = 0; i < table->visitor_count; i++)
        lines[i] = tell_visitor(table, &table->visitors[i]);
    qsort(lines, table->visitor_count, sizeof *lines, compare_lines);
    for (size_t i = 0; i < table->visitor_count; i++) {
        sink_format(sink, "%s\n", lines[i]);
        mem_free(lines[i]);
    }
    mem_free(lines);
    return sink;
}

static void check_same(const struct event_table *table, struct sink *expected)
{
    struct sink *sink = tell(table);
    struct slice got = sink_contents(sink), want = sink_contents(expected);
    size_t at = 0;
    while (at < got.size && at < want.size && got.at[at] == want.at[at])
        at++;
    ck_assert_msg(slice_equal(got, want), "from byte %zu on: %.200s\nexpected %.200s", at,
                  slice_from(got, at).at, slice_from(want, at).at);
    sink_abandon(sink);
}

/* ---- tests ---- */

static const struct run_row {
    unsigned threads;
    bool is_pipe;
    uint32_t max_keys;
} runs[] = {
    {1, false, MAX_KEYS},
    {2, false, MAX_KEYS},
    {4, false, MAX_KEYS},
    {1, true, MAX_KEYS},
    {4, true, MAX_KEYS},
    /* no cap is met; one more or less than there are pages; one of all */
    {1, false, 1000000},
    {4, false, 1000000},
    {4, false, PAGES - 1},
    {4, false, PAGES},
    {4, true, PAGES - 1},
    {4, false, 1},
    {4, true, 1},
};

START_TEST(any_number_of_threads_gives_the_same)
{
    const struct run_row *row = &runs[_i];
    struct ingest_result result;
    make_log();
    if (row->is_pipe) {
        struct piped_input input;
        piped_input_start(&input, bytes_slice(&log_bytes), 4096);
        run("-", row->threads, row->max_keys, 0, &result);
        piped_input_stop(&input);
    } else {
        run(folder_write(&folder, "access.log", bytes_slice(&log_bytes)), row->threads,
            row->max_keys, 0, &result);
    }
    struct event_table *table = read_line_by_line(row->max_keys);
    struct sink *expected = tell(table);
    check_same(result.table, expected);
    ck_assert_int_eq(result.endings[0].status, SOURCE_COMPLETE);
    ck_assert_str_eq(result.endings[0].problem, "");
    sink_abandon(expected);
    event_table_free(table);
    ingest_free(&result);
}
END_TEST

/* Path of a line's request in the log, if it is a page: cut out by its quotes and blanks. */
static struct slice page_of(struct slice line)
{
    const char *begin = memmem(line.at, line.size, "\"GET ", 5);
    struct slice rest = slice_from(line, (size_t)(begin + 5 - line.at));
    const char *end = memchr(rest.at, ' ', rest.size);
    struct slice path = slice_head(rest, (size_t)(end - rest.at));
    return slice_starts_with(path, SLICE_LITERAL("/page/")) ? path : (struct slice){0};
}

/* The first pages of the log have the first numbers, and all other views of people, which here are
 * all, are counted as folded. */
START_TEST(the_first_pages_are_told_apart)
{
    struct ingest_result result;
    make_log();
    run(folder_write(&folder, "access.log", bytes_slice(&log_bytes)), 4, MAX_KEYS, UINT32_MAX,
        &result);
    const struct event_table *table = result.table;
    struct slice rest = bytes_slice(&log_bytes), seen[MAX_KEYS];
    struct line line;
    uint64_t folded = 0, views = 0;
    size_t count = 0;
    while (lines_next(&rest, &line)) {
        struct slice page = page_of(line.text);
        size_t i = 0;
        while (i < count && !slice_equal(seen[i], page))
            i++;
        if (page.at && i == count && count < MAX_KEYS)
            seen[count++] = page;
        folded += page.at && i == count;
        views += page.at != NULL;
    }
    ck_assert_uint_eq(count, MAX_KEYS);
    ck_assert_uint_eq(table->pages.count, MAX_KEYS + 1);
    for (uint32_t i = 0; i < count; i++)
        ck_assert(slice_equal(names_text(&table->pages, i + 1), seen[i]));
    ck_assert_uint_eq(table->event_count, views);
    ck_assert_uint_eq(table->kinds.hits[KIND_PAGE], views);
    ck_assert_uint_eq(table->inputs[0].lines, LINES);
    ck_assert_uint_gt(folded, 0);
    ck_assert_uint_eq(table->folded.page_views, folded);
    ingest_free(&result);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ingest");
    TCase *tests = tcase_create("ingest");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, any_number_of_threads_gives_the_same, 0,
                        sizeof runs / sizeof runs[0]);
    tcase_add_test(tests, the_first_pages_are_told_apart);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
