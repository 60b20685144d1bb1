/* Expected values by hand. */
#include "output/number.h"

#include <check.h>
#include <math.h>

#include "funnel/report.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define DASH          "\xe2\x80\x93"

START_TEST(counts)
{
    static const struct {
        uint64_t count;
        const char *plain, *grouped;
    } rows[] = {
        {0, "0", "0"},
        {999, "999", "999"},
        {1000, "1000", "1,000"},
        {12345, "12345", "12,345"},
        {1234567, "1234567", "1,234,567"},
        {UINT64_MAX - 1, "18446744073709551614", "18,446,744,073,709,551,614"},
        {REPORT_NO_COUNT, "", DASH},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        ck_assert_str_eq(number_plain(rows[i].count).text, rows[i].plain);
        ck_assert_str_eq(number_grouped(rows[i].count).text, rows[i].grouped);
    }
}
END_TEST

START_TEST(decimals_for_machines)
{
    static const struct {
        double value;
        const char *fixed, *trimmed, *significant; /* 6, 3 and 6 digits */
    } rows[] = {
        {0, "0.000000", "0", "0"},
        {1, "1.000000", "1", "1"},
        {0.5, "0.500000", "0.5", "0.5"},
        {100, "100.000000", "100", "100"},
        {12.3456789, "12.345679", "12.346", "12.3457"},
        {-3.25, "-3.250000", "-3.25", "-3.25"},
        {-1e-9, "0.000000", "0", "-1e-09"},
        {1.25e-7, "0.000000", "0", "1.25e-07"},
        {0.04999996, "0.050000", "0.05", "0.05"},
        {NAN, "", "", ""},
        {INFINITY, "", "", ""},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        ck_assert_str_eq(number_fixed(rows[i].value, 6).text, rows[i].fixed);
        ck_assert_str_eq(number_trimmed(rows[i].value, 3).text, rows[i].trimmed);
        ck_assert_str_eq(number_significant(rows[i].value, 6).text, rows[i].significant);
    }
    ck_assert_str_eq(number_trimmed(1200, 0).text, "1200");
}
END_TEST

START_TEST(rates_for_people)
{
    ck_assert_str_eq(number_percent(0.62).text, "62.0%");
    ck_assert_str_eq(number_percent(1).text, "100.0%");
    ck_assert_str_eq(number_percent(NAN).text, DASH);
    ck_assert_str_eq(number_interval((struct interval){0.6049, 0.63}).text, "60.5" DASH "63.0%");
    ck_assert_str_eq(number_interval((struct interval){NAN, NAN}).text, DASH);
    ck_assert_str_eq(number_chance(0.0314).text, "0.031");
    ck_assert_str_eq(number_chance(0.00099).text, "<0.001");
    ck_assert_str_eq(number_chance(0).text, "<0.001");
    ck_assert_str_eq(number_chance(1).text, "1.000");
    ck_assert_str_eq(number_chance(NAN).text, DASH);
    ck_assert_str_eq(number_signed(449.4).text, "+449");
    ck_assert_str_eq(number_signed(-12345.6).text, "-12,346");
    ck_assert_str_eq(number_signed(-0.74).text, "-0.7");
    ck_assert_str_eq(number_signed(-0.01).text, "0");
    ck_assert_str_eq(number_signed(NAN).text, DASH);
}
END_TEST

START_TEST(durations_for_people)
{
    static const struct {
        double seconds;
        const char *text;
    } rows[] = {
        {0, "0 s"},      {0.25, "0.2 s"},      {9.94, "9.9 s"},        {9.96, "10 s"},
        {59.4, "59 s"},  {59.5, "1 min"},      {200, "3 min 20 s"},    {3599, "59 min 59 s"},
        {3599.6, "1 h"}, {5400, "1 h 30 min"}, {86369, "23 h 59 min"}, {86370, "1 d"},
        {86400, "1 d"},  {93600, "1 d 2 h"},   {604800, "7 d"},        {NAN, DASH},
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        ck_assert_str_eq(number_duration(rows[i].seconds).text, rows[i].text);
    ck_assert_str_eq(number_milliseconds(84.4).text, "84 ms");
    ck_assert_str_eq(number_milliseconds(1804).text, "1.8 s");
    ck_assert_str_eq(number_milliseconds(NAN).text, DASH);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("number");
    TCase *tests = tcase_create("number");
    tcase_add_test(tests, counts);
    tcase_add_test(tests, decimals_for_machines);
    tcase_add_test(tests, rates_for_people);
    tcase_add_test(tests, durations_for_people);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
