/* Patterns are those of the table and made-up ones; their texts were read off by hand. */
#include "parser/crawler_name.h"

#include <check.h>
#include <stdlib.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    const char *pattern, *name;
} rows[] = {
    {"Googlebot\\/", "Googlebot"},
    {"bingbot", "bingbot"},
    {"S[eE][mM]rushBot", "SemrushBot"},
    {"[cC]laude[bB]ot", "claudebot"},
    {"Ahrefs(Bot|SiteAudit)", "AhrefsBot"},
    {"^curl", "curl"},
    {"(^| )sentry\\/", "sentry"},
    {"^LCC ", "LCC"},
    {"AdsBot-Google([^-]|$)", "AdsBot-Google"},
    {"(sistrix|SISTRIX) [cC]rawler", "sistrix crawler"},
    {"BlogTraffic\\/\\d\\.\\d+ Feed-Fetcher", "Feed-Fetcher"},
    {"Automaton|Newsify Feed Fetcher", "Automaton"},
    {"Pingdom\\.com", "Pingdom.com"},
    {"", ""},
    {"^$", ""},
    {"[", ""},
    {"a[", "a"},
    {"(a|b", "a"},
    {"\\", "\\"},
    {"\\/", ""},
};

START_TEST(reads_the_name)
{
    char room[CRAWLER_NAME_MAX];
    struct slice name = crawler_name_of(rows[_i].pattern, room);
    ck_assert_msg(slice_is(name, rows[_i].name), "%s: \"%.*s\"", rows[_i].pattern, SLICE_ARG(name));
}
END_TEST

static const struct {
    const char *pattern, *name;
    bool is_named;
} named[] = {
    {"Googlebot\\/", "Googlebot", true},
    {"Googlebot\\/", "googleBOT/2.1", true},
    {"Googlebot\\/", "Googlebot-Image", false},
    {"Googlebot\\/", "oglebot", true},
    {"bingbot", "Bing", true},
    {"S[eE][mM]rushBot", "SEMRUSHBOT", true},
    {"Ahrefs(Bot|SiteAudit)", "AhrefsBot", true},
    {"BlogTraffic\\/\\d\\.\\d+ Feed-Fetcher", "BlogTraffic", true},
    {"Googlebot\\/", "o", false},
    {"Googlebot\\/", "go", false},
    {"Googlebot\\/", "goo", true},
    {"Googlebot\\/", "", false},
    {"Googlebot\\/", "/", false},
    {"", "bot", false},
};

START_TEST(compares_names)
{
    ck_assert_msg(crawler_is_named(named[_i].pattern, named[_i].name) == named[_i].is_named,
                  "%s, %s", named[_i].pattern, named[_i].name);
}
END_TEST

START_TEST(of_a_long_pattern_the_first_bytes_count)
{
    enum { SIZE = 4096 };
    char pattern[SIZE + 1], room[CRAWLER_NAME_MAX];
    for (int byte = 1; byte < 256; byte++) {
        memset(pattern, byte, SIZE);
        pattern[SIZE] = '\0';
        ck_assert_uint_le(crawler_name_of(pattern, room).size, CRAWLER_NAME_MAX);
    }
    memset(pattern, 'a', SIZE);
    ck_assert_uint_eq(crawler_name_of(pattern, room).size, CRAWLER_NAME_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("crawler_name");
    TCase *tests = tcase_create("crawler_name");
    tcase_add_loop_test(tests, reads_the_name, 0, LENGTH(rows));
    tcase_add_loop_test(tests, compares_names, 0, LENGTH(named));
    tcase_add_test(tests, of_a_long_pattern_the_first_bytes_count);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
