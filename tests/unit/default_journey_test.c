/*
 * The built-in journey against tests/data/default-urls.tsv, whose rows are written from what shops,
 * subscription systems and CMSs document: method, status, address, touchpoints reached.
 */
#include "funnel/journey.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "funnel/rules.h"

static FILE *open_table(void)
{
    const char *folder = getenv("srcdir");
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/data/default-urls.tsv", folder ? folder : ".");
    FILE *stream = fopen(path, "r");
    return stream ? stream : fopen("tests/data/default-urls.tsv", "r");
}

static struct journey *load(void)
{
    struct error error = {0};
    char text[1024];
    struct journey *journey = journey_load("default", &error);
    ck_assert_msg(journey != NULL, "%s", error_text(&error, text, sizeof text));
    return journey;
}

/* Takes the next field off *line, ended by a tab. */
static struct slice take_field(char **line)
{
    char *at = strsep(line, "\t");
    return slice_of(at ? at : "");
}

/* The touchpoints of "a|b" or "-"; fails the test for an unknown one. */
static struct touch_set read_touchpoints(const struct journey *journey, char *names, int row)
{
    struct touch_set set = {0};
    if (strcmp(names, "-") == 0)
        return set;
    for (char *name = strsep(&names, "|"); name; name = strsep(&names, "|")) {
        int number = journey_find_touchpoint(journey, slice_of(name));
        ck_assert_msg(number >= 0, "line %d: no touchpoint \"%s\"", row, name);
        touch_set_add(&set, (unsigned)number);
    }
    return set;
}

static void print_difference(const struct journey *journey, const struct touch_set *expected,
                             const struct touch_set *got, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < journey->touchpoint_count && used < size; i++) {
        bool is_expected = touch_set_has(expected, i), is_got = touch_set_has(got, i);
        if (is_expected != is_got)
            used += (size_t)snprintf(text + used, size - used, " %s%s", is_got ? "+" : "-",
                                     journey->touchpoints[i].name);
    }
}

static void check_row(const struct journey *journey, struct rule_matcher *matcher, char *line,
                      int row)
{
    enum request_method method = request_method_of(take_field(&line));
    unsigned status = (unsigned)strtoul(take_field(&line).at, NULL, 10);
    struct slice url = take_field(&line);
    ck_assert_msg(line && *line, "line %d: expected four fields", row);
    struct touch_set expected = read_touchpoints(journey, line, row);
    struct request request = request_of_url(method, url);
    struct touch_marks marks;
    char difference[1024];
    rules_match(matcher, rules_classify(matcher, request.path), &request, status, &marks);
    print_difference(journey, &expected, &marks.reached, difference, sizeof difference);
    ck_assert_msg(difference[0] == '\0', "line %d: %s %u %.*s:%s", row, request_method_name(method),
                  status, SLICE_ARG(url), difference);
}

START_TEST(finds_what_the_table_says)
{
    struct journey *journey = load();
    struct rules *rules = rules_new(journey);
    struct rule_matcher *matcher = rule_matcher_new(rules);
    FILE *table = open_table();
    ck_assert_msg(table != NULL, "tests/data/default-urls.tsv is missing");
    char line[8192];
    int row = 0, checked = 0;
    while (fgets(line, sizeof line, table)) {
        row++;
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#')
            continue;
        check_row(journey, matcher, line, row);
        checked++;
    }
    fclose(table);
    ck_assert_int_gt(checked, 100);
    rule_matcher_free(matcher);
    rules_free(rules);
    journey_free(journey);
}
END_TEST

START_TEST(has_its_funnels)
{
    struct journey *journey = load();
    struct error error = {0};
    ck_assert_str_eq(journey->name, "default");
    ck_assert_str_eq(journey->source, "built-in");
    ck_assert(journey_keep_funnel(journey, "purchase", &error));
    journey_free(journey);
    journey = load();
    ck_assert(journey_keep_funnel(journey, "cancellation", &error));
    journey_free(journey);
}
END_TEST

START_TEST(is_listed)
{
    size_t count;
    const struct builtin_journey *journeys = builtin_journeys(&count);
    ck_assert_uint_ge(count, 1);
    ck_assert_str_eq(journeys[0].name, "default");
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        struct journey *journey =
            journey_parse(slice_of(journeys[i].text), journeys[i].name, &error);
        ck_assert_msg(journey != NULL, "%s:%zu: %s", journeys[i].name, error.line, error.sentence);
        journey_free(journey);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("default_journey");
    TCase *table = tcase_create("table");
    tcase_add_test(table, finds_what_the_table_says);
    tcase_add_test(table, has_its_funnels);
    tcase_add_test(table, is_listed);
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
