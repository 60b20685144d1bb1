/*
 * What the words of --visit mean, and which visits fit. Which visits there are follows from the
 * hits below by hand.
 */
#include "cli/visit_choice.h"

#include <check.h>
#include <stdlib.h>

#include "base/sink.h"

#define LENGTH(array) (int)(sizeof(array) / sizeof(array)[0])

static const char journey_text[] = "journey: test\n"
                                   "visitor: [cookie:uid, user, address+agent]\n"
                                   "touchpoints:\n"
                                   "  cart: {match: {path: /cart}}\n"
                                   "funnels:\n"
                                   "  f: {steps: [cart, cart]}\n";

static struct options options;
static struct reading reading;

static void set_up(void)
{
    struct error error = {0};
    options = (struct options){.visitor_key = "key"};
    reading = (struct reading){.options = &options, .key = {3, 4}};
    reading.journey = journey_parse(slice_of(journey_text), "test", &error);
    ck_assert_msg(reading.journey != NULL, "%s", error.sentence);
    reading.rules = rules_new(reading.journey);
    reading.agent_rules = agent_rules_new(&error);
    reading.trait_rules = trait_rules_new();
}

static void tear_down(void)
{
    trait_rules_free(reading.trait_rules);
    agent_rules_free(reading.agent_rules);
    rules_free(reading.rules);
    journey_free(reading.journey);
}

/* ---- what is meant ---- */

static struct visit_choice parse_well(const char *words)
{
    struct visit_choice choice;
    struct error error = {0};
    ck_assert_msg(visit_choice_parse(&reading, words, &choice, &error), "%s", error.sentence);
    ck_assert_int_eq(error.code, ERROR_NONE);
    return choice;
}

START_TEST(classes_and_rules)
{
    for (int i = 0; i < AGENT_CLASS_COUNT; i++) {
        struct visit_choice choice = parse_well(agent_class_name((enum agent_class)i));
        ck_assert(choice.kind == CHOICE_CLASS && choice.class == (enum agent_class)i);
    }
    for (int i = BEHAVIOUR_NONE + 1; i < BEHAVIOUR_COUNT; i++) {
        struct visit_choice choice = parse_well(behaviour_name((enum behaviour_rule)i));
        ck_assert(choice.kind == CHOICE_RULE && choice.rule == (enum behaviour_rule)i);
    }
}
END_TEST

START_TEST(addresses)
{
    static const struct {
        const char *words, *network;
    } rows[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"::ffff:192.0.2.7", "192.0.2.7"},
        {"2001:db8::7", "2001:db8::"},
        {"2001:DB8:1:2:3:4:5:6", "2001:db8:1:2::"},
        {"::", "::"},
    };
    struct visit_choice choice = parse_well(rows[_i].words);
    struct address network;
    ck_assert(address_parse(slice_of(rows[_i].network), &network));
    ck_assert_int_eq(choice.kind, CHOICE_ADDRESS);
    ck_assert_int_eq(choice.address.family, network.family);
    ck_assert_mem_eq(choice.address.bytes, network.bytes, sizeof network.bytes);
}
END_TEST

START_TEST(ids_and_values)
{
    struct visit_choice choice = parse_well("0123456789abcdefFEDCBA9876543210");
    ck_assert_int_eq(choice.kind, CHOICE_ID);
    ck_assert(choice.id.high == UINT64_C(0x0123456789abcdef));
    ck_assert(choice.id.low == UINT64_C(0xfedcba9876543210));
    static const struct {
        const char *words, *value;
        size_t rule;
    } rows[] = {
        {"cookie:uid=7", "7", 0},           {"user=alice", "alice", 1}, {"user=a=b", "a=b", 1},
        {"user=192.0.2.7", "192.0.2.7", 1}, {"user= ", " ", 1},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct hash128 id = visitor_value_id(reading.key, rows[i].rule, slice_of(rows[i].value));
        choice = parse_well(rows[i].words);
        ck_assert_int_eq(choice.kind, CHOICE_ID);
        ck_assert_msg(choice.id.low == id.low && choice.id.high == id.high, "%s", rows[i].words);
    }
}
END_TEST

#define TAKES                                                                                      \
    "--visit takes an address, an id of 32 hex digits, a value such as user=alice by a rule of "   \
    "the journey's \"visitor\", a class of agents or a bot rule, not "

static const struct wrong_row {
    const char *words, *sentence;
} wrongs[] = {
    {"", TAKES "\"\""},
    {"serch", TAKES "\"serch\" (did you mean \"search\"?)"},
    {"no-asets", TAKES "\"no-asets\" (did you mean \"no-assets\"?)"},
    {"SEARCH", TAKES "\"SEARCH\" (did you mean \"search\"?)"},
    {"192.0.2.256", TAKES "\"192.0.2.256\""},
    {"192.0.2.0/24", TAKES "\"192.0.2.0/24\""},
    {"host.example", TAKES "\"host.example\""},
    {"-", TAKES "\"-\""},
    {"uid=7", TAKES "\"uid=7\""},
    {"cookie:sid=7", TAKES "\"cookie:sid=7\""},
    {"user=", TAKES "\"user=\""},
    {"user", TAKES "\"user\""},
    {"=alice", TAKES "\"=alice\""},
    {"address+agent=192.0.2.7", TAKES "\"address+agent=192.0.2.7\""},
    {"0123456789abcdef0123456789abcde", TAKES "\"0123456789abcdef0123456789abcde\""},
    {"0123456789abcdef0123456789abcdef0", TAKES "\"0123456789abcdef0123456789abcdef0\""},
    {"0123456789abcdef0123456789abcdeg", TAKES "\"0123456789abcdef0123456789abcdeg\""},
};

START_TEST(says_what_is_wrong)
{
    struct visit_choice choice;
    struct error error = {0};
    ck_assert_msg(!visit_choice_parse(&reading, wrongs[_i].words, &choice, &error), "%s",
                  wrongs[_i].words);
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.sentence, wrongs[_i].sentence);
}
END_TEST

/* An id that was printed by another run is of no use; a value is found in any. */
START_TEST(without_a_key_there_are_no_ids)
{
    struct visit_choice choice;
    struct error error = {0};
    options.visitor_key = NULL;
    ck_assert(!visit_choice_parse(&reading, "0123456789abcdef0123456789abcdef", &choice, &error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.sentence,
                     "without --visitor-key ids are new in each run, so none can be found");
    ck_assert_int_eq(parse_well("user=alice").kind, CHOICE_ID);
}
END_TEST

/* ---- the visits that fit ---- */

#define FIREFOX "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

/* Each an hour from the next but for the last two, and so a visit of its own. */
static const struct {
    const char *address, *agent, *user, *url;
    int64_t at_s;
} hits[] = {
    {"192.0.2.7", FIREFOX, "-", "/", 5 * 3600},
    {"192.0.2.7", FIREFOX, "ann", "/", 3 * 3600}, /* the one before is ann's, too */
    {"192.0.2.8", FIREFOX, "ann", "/", 1 * 3600},
    {"192.0.2.8", "Googlebot/2.1", "-", "/", 2 * 3600},
    {"2001:db8::1", FIREFOX, "-", "/", 4 * 3600},
    {"2001:db8::2", FIREFOX, "-", "/", 6 * 3600},
    {"192.0.2.8", "odd/1", "-", "/b", 7 * 3600}, /* alike but for the page */
    {"192.0.2.8", "odd/2", "-", "/a", 7 * 3600},
};

/* Their hits in that order or backwards. */
static struct event_table *make_table(bool is_backwards)
{
    struct recorder *recorder = recorder_new(&(struct recorder_options){
        .key = reading.key,
        .rules = reading.rules,
        .agent_rules = reading.agent_rules,
        .trait_rules = reading.trait_rules,
        .visitor_rules = reading.journey->visitor,
        .visit_timeout_ms = 1800 * 1000,
        .counted_classes = 1u << AGENT_PERSON,
        .kept_classes = (1u << AGENT_CLASS_COUNT) - 1,
        .keeps_visitor_ids = true,
        .max_keys = 100,
        .worker_max_keys = 100,
        .since_ms = INT64_MIN,
        .until_ms = INT64_MAX,
        .input_count = 1,
    });
    recorder_begin_block(recorder, 0, 0);
    for (size_t i = 0; i < LENGTH(hits); i++) {
        size_t k = is_backwards ? LENGTH(hits) - 1 - i : i;
        struct hit hit = {.time_ms = hits[k].at_s * 1000,
                          .address_text = slice_of(hits[k].address),
                          .agent = slice_of(hits[k].agent),
                          .user = slice_of(hits[k].user),
                          .request = request_of_url(METHOD_GET, slice_of(hits[k].url)),
                          .status = 200};
        address_parse(hit.address_text, &hit.address);
        recorder_add_hit(recorder, &hit);
    }
    struct event_table *table = event_table_new(&recorder, 1);
    recorder_free(recorder);
    return table;
}

/* At which hours visits begin; a letter is added where the page is another than "/". */
static const struct find_row {
    const char *words;
    size_t most, total;
    const char *hours;
} finds[] = {
    {"user=ann", 10, 3, "1 3 5 "},
    {"user=bob", 10, 0, ""},
    {"cookie:uid=ann", 10, 0, ""},
    {"192.0.2.7", 10, 2, "3 5 "},
    {"192.0.2.8", 10, 4, "1 2 7a 7b "},
    {"192.0.2.9", 10, 0, ""},
    {"2001:db8::ffff", 10, 2, "4 6 "},
    {"2001:db8:0:1::", 10, 0, ""},
    {"search", 10, 1, "2 "},
    {"preview", 10, 0, ""},
    {"robots-txt", 10, 2, "4 6 "}, /* set by hand below */
    {"rate", 10, 0, ""},
    /* at even distances: of four the first and the third */
    {"192.0.2.8", 4, 4, "1 2 7a 7b "},
    {"192.0.2.8", 3, 4, "1 2 7a "},
    {"192.0.2.8", 2, 4, "1 7a "},
    {"192.0.2.8", 1, 4, "1 "},
    {"192.0.2.8", 0, 4, ""},
};

static void tell(struct sink *sink, const struct event_table *table, size_t number)
{
    const struct visit *visit = &table->visits[number];
    ck_assert_uint_eq(visit->event_count, 1);
    struct slice page = names_text(&table->pages, table->events[visit->first_event].page);
    sink_format(sink, "%lld%s ", (long long)(visit->first_ms / 3600000), page.at + 1);
}

START_TEST(finds_visits)
{
    const struct find_row *row = &finds[_i / 2];
    struct event_table *table = make_table(_i % 2);
    for (size_t i = 0; i < table->visitor_count; i++) {
        const struct client *client = &table->clients[table->visitors[i].client];
        if (client->address.family == ADDRESS_V6)
            table->visitors[i].rule = BEHAVIOUR_ROBOTS_TXT;
    }
    struct visit_choice choice = parse_well(row->words);
    size_t count, total;
    size_t *numbers = visit_choice_find(&choice, table, row->most, &count, &total);
    struct sink *sink = sink_open_memory();
    for (size_t i = 0; i < count; i++)
        tell(sink, table, numbers[i]);
    ck_assert_uint_eq(total, row->total);
    ck_assert_uint_eq(count, row->most < row->total ? row->most : row->total);
    ck_assert_msg(slice_is(sink_contents(sink), row->hours), "%s: %.*s", row->words,
                  SLICE_ARG(sink_contents(sink)));
    sink_abandon(sink);
    mem_free(numbers);
    event_table_free(table);
}
END_TEST

/* As it is printed, see command_visit.c. */
START_TEST(finds_an_id)
{
    struct event_table *table = make_table(_i);
    struct visit_choice of_ann = parse_well("user=ann");
    char *words = mem_format("%016llx%016llx", (unsigned long long)of_ann.id.high,
                             (unsigned long long)of_ann.id.low);
    struct visit_choice choice = parse_well(words);
    size_t count, total;
    size_t *numbers = visit_choice_find(&choice, table, 10, &count, &total);
    ck_assert_uint_eq(count, 3);
    ck_assert_int_eq(table->visits[numbers[0]].first_ms, 3600000);
    mem_free(numbers);
    mem_free(words);
    event_table_free(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("visit_choice");
    TCase *tests = tcase_create("visit_choice");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, classes_and_rules);
    tcase_add_loop_test(tests, addresses, 0, 5);
    tcase_add_test(tests, ids_and_values);
    tcase_add_loop_test(tests, says_what_is_wrong, 0, LENGTH(wrongs));
    tcase_add_test(tests, without_a_key_there_are_no_ids);
    tcase_add_loop_test(tests, finds_visits, 0, 2 * LENGTH(finds));
    tcase_add_loop_test(tests, finds_an_id, 0, 2);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
