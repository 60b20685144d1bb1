/*
 * The command line as a value, and the sentence for every way to get it wrong.
 */
#include "cli/options.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "funnel/behaviour.h"

#define LENGTH(array) (int)(sizeof(array) / sizeof(array)[0])

enum { MAX_WORDS = 12 };

/* A line cut at blanks, with the program in front; getopt moves the words about. */
struct line {
    char text[256];
    char *words[MAX_WORDS + 1];
    int count;
};

static void cut(struct line *line, const char *text)
{
    *line = (struct line){.words = {line->text}, .count = 1};
    strcpy(line->text, "sojourn");
    char *at = line->text + sizeof "sojourn";
    ck_assert_uint_lt(strlen(text), sizeof line->text - 16);
    strcpy(at, text);
    char *rest;
    for (char *word = strtok_r(at, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        ck_assert_int_lt(line->count, MAX_WORDS);
        line->words[line->count++] = word;
    }
}

static bool parse(struct options *options, struct line *line, const char *text, struct error *error)
{
    *error = (struct error){.code = ERROR_NONE};
    cut(line, text);
    return options_parse(options, line->count, line->words, error);
}

static void parse_well(struct options *options, struct line *line, const char *text)
{
    struct error error;
    ck_assert_msg(parse(options, line, text, &error), "%s: %s", text, error.sentence);
}

START_TEST(defaults)
{
    struct options options;
    struct line line;
    parse_well(&options, &line, "a.log");
    ck_assert_int_eq(options.command, COMMAND_REPORT);
    ck_assert_str_eq(options.journey, "default");
    ck_assert_ptr_null(options.format);
    ck_assert_ptr_null(options.as);
    ck_assert_ptr_null(options.funnel);
    ck_assert_uint_eq(options.dimension_count, 1);
    ck_assert_str_eq(options.dimensions[0]->name, "region");
    ck_assert_uint_eq(options.geo.count + options.outputs.count, 0);
    ck_assert(options.since_ms == INT64_MIN && options.until_ms == INT64_MAX);
    ck_assert_str_eq(options.time_zone, "UTC");
    ck_assert_ptr_null(options.zone);
    ck_assert_uint_ge(options.threads, 1);
    ck_assert_uint_eq(options.min_cell, 5);
    ck_assert_uint_eq(options.trusted_proxies.count, 0);
    ck_assert_ptr_null(options.visitor_key);
    ck_assert_ptr_null(options.visit);
    ck_assert_uint_eq(options.anonymized_bytes, 0);
    ck_assert_uint_eq(options.max_keys, 1000000);
    ck_assert_uint_eq(options.rules_off, 0);
    ck_assert_uint_eq(options.samples, 10);
    ck_assert(!options.includes_bots && !options.is_quiet && options.has_progress);
    ck_assert_int_eq(options.color, COLOR_AUTO);
    ck_assert_int_eq(options.method, METHOD_GET);
    ck_assert_uint_eq(options.status, 200);
    ck_assert_uint_eq(options.arguments.count, 1);
    options_clear(&options);
}
END_TEST

START_TEST(everything_set)
{
    struct options options;
    struct line line;
    parse_well(&options, &line, "a.log -j shop.yaml --geo c.mmdb -g d.mmdb -f common -o r/");
    ck_assert_str_eq(options.journey, "shop.yaml");
    ck_assert_uint_eq(options.geo.count, 2);
    ck_assert_str_eq(options.geo.items[0], "c.mmdb");
    ck_assert_str_eq(options.geo.items[1], "d.mmdb");
    ck_assert_str_eq(options.format->name, "common");
    ck_assert_str_eq(options.outputs.items[0], "r/");
    ck_assert_str_eq(options.arguments.items[0], "a.log");
    options_clear(&options);

    parse_well(&options, &line, "--output=- --as csv --by city --by region --by city a b");
    ck_assert_str_eq(options.outputs.items[0], "-");
    ck_assert_str_eq(options.as->name, "csv");
    ck_assert_uint_eq(options.dimension_count, 2);
    ck_assert_str_eq(options.dimensions[0]->name, "city");
    ck_assert_str_eq(options.dimensions[1]->name, "region");
    ck_assert_uint_eq(options.arguments.count, 2);
    options_clear(&options);

    parse_well(&options, &line,
               "--funnel buy --include-bots --threads 3 --min-cell 1 --no-progress -q x");
    ck_assert_str_eq(options.funnel, "buy");
    ck_assert(options.includes_bots && options.is_quiet && !options.has_progress);
    ck_assert_uint_eq(options.threads, 3);
    ck_assert_uint_eq(options.min_cell, 1);
    options_clear(&options);

    parse_well(&options, &line, "explain /cart --method POST --status 302 --color never");
    ck_assert_int_eq(options.command, COMMAND_EXPLAIN);
    ck_assert_int_eq(options.method, METHOD_POST);
    ck_assert_uint_eq(options.status, 302);
    ck_assert_int_eq(options.color, COLOR_NEVER);
    options_clear(&options);
}
END_TEST

START_TEST(who_made_the_hits)
{
    struct options options;
    struct line line;
    parse_well(&options, &line,
               "a --trusted-proxy 10.0.0.0/8 --trusted-proxy cloudflare --visitor-key k.bin");
    ck_assert_uint_eq(options.trusted_proxies.count, 2);
    ck_assert_str_eq(options.trusted_proxies.items[0], "10.0.0.0/8");
    ck_assert_str_eq(options.trusted_proxies.items[1], "cloudflare");
    ck_assert_str_eq(options.visitor_key, "k.bin");
    options_clear(&options);

    parse_well(&options, &line, "a --anonymize 3 --max-keys 1 --no-bot-rule rate");
    ck_assert_uint_eq(options.anonymized_bytes, 3);
    ck_assert_uint_eq(options.max_keys, 1);
    ck_assert_uint_eq(options.rules_off, 1u << BEHAVIOUR_RATE);
    options_clear(&options);

    parse_well(&options, &line,
               "a --max-keys 1000000000 --no-bot-rule no-assets --no-bot-rule attack "
               "--no-bot-rule attack");
    ck_assert_uint_eq(options.max_keys, 1000000000);
    ck_assert_uint_eq(options.rules_off, 1u << BEHAVIOUR_NO_ASSETS | 1u << BEHAVIOUR_ATTACK);
    options_clear(&options);

    parse_well(&options, &line, "explain --visit user=ann --samples 4294967295 a.log b.log");
    ck_assert_int_eq(options.command, COMMAND_EXPLAIN);
    ck_assert_str_eq(options.visit, "user=ann");
    ck_assert_uint_eq(options.samples, UINT32_MAX);
    ck_assert_uint_eq(options.arguments.count, 2);
    options_clear(&options);
}
END_TEST

/* Every rule by its name. */
START_TEST(each_bot_rule_can_be_switched_off)
{
    const char *const *names = behaviour_names();
    int count = 0;
    for (; names[count]; count++) {
        struct options options;
        struct line line;
        char text[64];
        snprintf(text, sizeof text, "a --no-bot-rule %s", names[count]);
        parse_well(&options, &line, text);
        ck_assert_uint_eq(options.rules_off, 1u << behaviour_find(names[count]));
        options_clear(&options);
    }
    ck_assert_int_eq(count, BEHAVIOUR_COUNT - 1);
}
END_TEST

/* The zone counts wherever it stands; a time with a zone of its own keeps it. */
START_TEST(times_are_in_the_zone)
{
    struct options options;
    struct line line;
    int64_t expected_ms;
    parse_well(&options, &line,
               "--since 2026-11-21 --time-zone +02:00 --until 2026-11-21T10:00Z x");
    ck_assert(civil_parse("2026-11-20T22:00:00Z", 0, &expected_ms));
    ck_assert_int_eq(options.since_ms, expected_ms);
    ck_assert(civil_parse("2026-11-21T10:00:00Z", 0, &expected_ms));
    ck_assert_int_eq(options.until_ms, expected_ms);
    ck_assert_int_eq(time_zone_offset(options.zone, 0), 7200);
    ck_assert_str_eq(options.time_zone, "+02:00");
    options_clear(&options);
}
END_TEST

static const struct command_row {
    const char *line;
    enum command command;
    size_t arguments;
} commands[] = {
    {"report a.log", COMMAND_REPORT, 1},
    {"detect a.log b.log", COMMAND_DETECT, 2},
    {"explain /x", COMMAND_EXPLAIN, 1},
    {"explain https://shop.example/x", COMMAND_EXPLAIN, 1},
    {"journeys", COMMAND_JOURNEYS, 0},
    {"journeys default", COMMAND_JOURNEYS, 1},
    {"check-journey shop.yaml", COMMAND_CHECK_JOURNEY, 1},
    {"plugins", COMMAND_PLUGINS, 0},
    {"help", COMMAND_HELP, 0},
    {"--help", COMMAND_HELP, 0},
    {"-h", COMMAND_HELP, 0},
    {"--version", COMMAND_VERSION, 0},
    {"-V", COMMAND_VERSION, 0},
    {"a.log detect", COMMAND_REPORT, 2}, /* only the first word is a command */
    {"-- --quiet", COMMAND_REPORT, 1},
    {"-", COMMAND_REPORT, 1},
    {"./detekt", COMMAND_REPORT, 1}, /* a path, not a slip */
    {"repor*", COMMAND_REPORT, 1},   /* nor is a pattern */
};

START_TEST(finds_the_command)
{
    struct options options;
    struct line line;
    parse_well(&options, &line, commands[_i].line);
    ck_assert_msg(options.command == commands[_i].command, "%s", commands[_i].line);
    ck_assert_msg(options.arguments.count == commands[_i].arguments, "%s", commands[_i].line);
    options_clear(&options);
}
END_TEST

#define DIMENSIONS                                                                                 \
    "region, subdivision, city, source, referrer, campaign, landing, exit, device, browser, "      \
    "agent or host"
#define BOT_RULES                                                                                  \
    "forged-crawler, attack, login-flood, robots-txt, no-agent, impossible-browser, old-browser, " \
    "head-only, post-only, rate, regular or no-assets"

static const struct wrong_row {
    const char *line, *sentence;
} wrongs[] = {
    {"", "no log is named: give files, folders or - for standard input; see sojourn --help"},
    {"detect", "no log is named: give files, folders or - for standard input; see sojourn --help"},
    {"detekt a.log",
     "\"detekt\" is neither a command nor a file (did you mean \"detect\"?); see sojourn --help"},
    {"-q -j x.yaml explain --visit suspected a.log",
     "\"explain\" is no file, and as a command it comes first: sojourn explain ...; see sojourn "
     "--help"},
    {"--outptu x a", "--outptu is not an option (did you mean \"--output\"?); see sojourn --help"},
    {"--outptu=x a", "--outptu is not an option (did you mean \"--output\"?); see sojourn --help"},
    {"--nonsense a", "--nonsense is not an option; see sojourn --help"},
    {"--t 3 a",
     "--t can be --time-format or --trusted-proxy or --time-zone or --threads: write more of it"},
    {"--quiet=yes a", "--quiet takes no value; see sojourn --help"},
    {"-x a", "-x is not an option; see sojourn --help"},
    {"--quiet -xq a", "-x is not an option; see sojourn --help"},
    {"a -o", "-o needs a value; see sojourn --help"},
    {"a -qo", "-o needs a value; see sojourn --help"},
    {"a --output", "--output needs a value; see sojourn --help"},
    {"a --by regoin", "--by takes " DIMENSIONS ", not \"regoin\" (did you mean \"region\"?)"},
    {"a --by 7", "--by takes " DIMENSIONS ", not \"7\""},
    {"a -f combind",
     "\"combind\" is neither the name of a format nor a format of Apache, nginx or GoAccess, which "
     "would hold directives such as %h or $remote_addr (did you mean \"combined\"?)"},
    {"a --date-format %d",
     "--date-format and --time-format belong to a GoAccess --log-format, which is not given"},
    {"a --as htm", "--as takes text, html or csv, not \"htm\" (did you mean \"html\"?)"},
    {"a --color sometimes", "--color takes auto, always or never, not \"sometimes\""},
    {"a --threads 0", "--threads takes a whole number from 1 to 256, not \"0\""},
    {"a --threads 257", "--threads takes a whole number from 1 to 256, not \"257\""},
    {"a --threads -1", "--threads takes a whole number from 1 to 256, not \"-1\""},
    {"a --threads 1x", "--threads takes a whole number from 1 to 256, not \"1x\""},
    {"a --threads=", "--threads takes a whole number from 1 to 256, not \"\""},
    {"a --threads 99999999999999999999999",
     "--threads takes a whole number from 1 to 256, not \"99999999999999999999999\""},
    {"a --min-cell 0", "--min-cell takes a whole number from 1 to 4294967295, not \"0\""},
    {"a --time-zone Berlin",
     "--time-zone takes UTC, +hh:mm, -hh:mm, a name like Europe/Berlin (of the system's time zone "
     "database, package tzdata), or a POSIX rule, not \"Berlin\""},
    {"a --since yesterday",
     "--since takes a time like 2026-11-21, 2026-11-21T20:15 or 2026-11-21T20:15:00Z, not "
     "\"yesterday\""},
    {"a --until 2026-02-30",
     "--until takes a time like 2026-11-21, 2026-11-21T20:15 or 2026-11-21T20:15:00Z, not "
     "\"2026-02-30\""},
    {"a --since 2026-02-02 --until 2026-02-01",
     "--since 2026-02-02 is not before --until 2026-02-01: no hit is left"},
    {"a --since 2026-02-02 --until 2026-02-02",
     "--since 2026-02-02 is not before --until 2026-02-02: no hit is left"},
    {"explain", "explain takes one URL or path, such as /checkout, or --visit and logs"},
    {"explain /a /b", "explain takes one URL or path, such as /checkout, or --visit and logs"},
    {"explain access.log", "explain takes one URL or path, such as /checkout, or --visit and logs"},
    {"explain --visit 192.0.2.1", "explain --visit takes logs to look in"},
    {"explain --visit", "--visit needs a value; see sojourn --help"},
    {"explain a --samples 5",
     "explain takes one URL or path, such as /checkout, or --visit and logs"},
    {"explain --visit x --samples 0 a",
     "--samples takes a whole number from 1 to 4294967295, not \"0\""},
    {"explain --visit x --samples all a",
     "--samples takes a whole number from 1 to 4294967295, not \"all\""},
    {"explain --visit x --samples 4294967296 a",
     "--samples takes a whole number from 1 to 4294967295, not \"4294967296\""},
    {"a --anonymize 0", "--anonymize takes a whole number from 1 to 3, not \"0\""},
    {"a --anonymize 4", "--anonymize takes a whole number from 1 to 3, not \"4\""},
    {"a --anonymize", "--anonymize needs a value; see sojourn --help"},
    {"a --anonymize 1.5", "--anonymize takes a whole number from 1 to 3, not \"1.5\""},
    {"a --max-keys 0", "--max-keys takes a whole number from 1 to 1000000000, not \"0\""},
    {"a --max-keys 1000000001",
     "--max-keys takes a whole number from 1 to 1000000000, not \"1000000001\""},
    {"a --max-keys 4294967297",
     "--max-keys takes a whole number from 1 to 1000000000, not \"4294967297\""},
    {"a --max-keys 1e6", "--max-keys takes a whole number from 1 to 1000000000, not \"1e6\""},
    {"a --no-bot-rule rates",
     "--no-bot-rule takes " BOT_RULES ", not \"rates\" (did you mean \"rate\"?)"},
    {"a --no-bot-rule all", "--no-bot-rule takes " BOT_RULES ", not \"all\""},
    {"a --no-bot-rule=", "--no-bot-rule takes " BOT_RULES ", not \"\""},
    {"a --no-bot-rule rate,attack", "--no-bot-rule takes " BOT_RULES ", not \"rate,attack\""},
    {"a --trusted-proxy", "--trusted-proxy needs a value; see sojourn --help"},
    {"a --trusted-proxy=", "an empty name is given where a trusted proxy is expected"},
    {"a --visitor-key", "--visitor-key needs a value; see sojourn --help"},
    {"explain /a --status 99", "--status takes a whole number from 100 to 599, not \"99\""},
    {"explain /a --method FETCH", "--method takes GET, POST, HEAD, ..., not \"FETCH\""},
    {"check-journey", "check-journey takes one journey file"},
    {"check-journey a b", "check-journey takes one journey file"},
    {"journeys a b", "journeys takes at most one name"},
};

START_TEST(says_what_is_wrong)
{
    struct options options;
    struct line line;
    struct error error;
    ck_assert_msg(!parse(&options, &line, wrongs[_i].line, &error), "\"%s\" is taken",
                  wrongs[_i].line);
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.sentence, wrongs[_i].sentence);
    options_clear(&options);
}
END_TEST

/* Every option of the help is taken, and its lines fit a terminal. */
START_TEST(help_is_true)
{
    char text[8192];
    ck_assert_uint_lt(strlen(options_help()), sizeof text);
    strcpy(text, options_help());
    int found = 0;
    char *rest;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        ck_assert_msg(strlen(line) <= 90, "%s", line);
        char *option = strstr(line, "--");
        if (!option || option > line + 8)
            continue;
        struct options options;
        struct error error;
        struct line words;
        option[strcspn(option, " ")] = '\0';
        parse(&options, &words, option, &error);
        ck_assert_msg(!strstr(error.sentence, "is not an option"), "%s", option);
        options_clear(&options);
        found++;
    }
    ck_assert_int_ge(found, 15);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("options");
    TCase *tests = tcase_create("options");
    tcase_add_test(tests, defaults);
    tcase_add_test(tests, everything_set);
    tcase_add_test(tests, who_made_the_hits);
    tcase_add_test(tests, each_bot_rule_can_be_switched_off);
    tcase_add_test(tests, times_are_in_the_zone);
    tcase_add_loop_test(tests, finds_the_command, 0, LENGTH(commands));
    tcase_add_loop_test(tests, says_what_is_wrong, 0, LENGTH(wrongs));
    tcase_add_test(tests, help_is_true);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
