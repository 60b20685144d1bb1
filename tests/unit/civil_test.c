/*
 * Day numbers and milliseconds are from Python's datetime; every further day is compared with the C
 * library's gmtime_r.
 */
#include "base/civil.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct day_row {
    int64_t year;
    unsigned month, day;
    int64_t days;
};

static const struct day_row day_rows[] = {
    {1, 1, 1, -719162},
    {1582, 10, 15, -141427},
    {1600, 2, 29, -135081},
    {1899, 12, 31, -25568},
    {1900, 2, 28, -25509},
    {1900, 3, 1, -25508},
    {1969, 12, 31, -1},
    {1970, 1, 1, 0},
    {1970, 1, 2, 1},
    {1972, 2, 29, 789},
    {1999, 12, 31, 10956},
    {2000, 2, 29, 11016},
    {2000, 3, 1, 11017},
    {2023, 9, 16, 19616},
    {2024, 2, 29, 19782},
    {2038, 1, 19, 24855},
    {2100, 2, 28, 47540},
    {2100, 3, 1, 47541},
    {2400, 2, 29, 157113},
    {9999, 12, 31, 2932896},
    /* By hand: the year 0 is a leap year; 400 years have 146097 days. */
    {0, 1, 1, -719528},
    {0, 2, 29, -719469},
    {-400, 1, 1, -719528 - 146097},
    {10000, 1, 1, 2932897},
};

START_TEST(days_of_a_date)
{
    const struct day_row *row = &day_rows[_i];
    ck_assert_int_eq(civil_days(row->year, row->month, row->day), row->days);
}
END_TEST

START_TEST(days_of_each_month)
{
    static const unsigned char usual[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (unsigned month = 1; month <= 12; month++)
        ck_assert_uint_eq(civil_month_days(2023, month), usual[month - 1]);
    ck_assert_uint_eq(civil_month_days(2024, 2), 29);
    ck_assert_uint_eq(civil_month_days(2024, 3), 31);
    ck_assert_uint_eq(civil_month_days(1900, 2), 28);
    ck_assert_uint_eq(civil_month_days(2000, 2), 29);
    ck_assert_uint_eq(civil_month_days(2100, 2), 28);
    ck_assert_uint_eq(civil_month_days(0, 2), 29);
}
END_TEST

static void compare_with_gmtime(int64_t day, int64_t second)
{
    time_t at = (time_t)(day * 86400 + second);
    struct tm tm;
    char expected[80], got[CIVIL_TEXT_SIZE];
    gmtime_r(&at, &tm);
    snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
             tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    unsigned month = (unsigned)tm.tm_mon + 1, month_day = (unsigned)tm.tm_mday;
    if (strcmp(civil_format(at * INT64_C(1000), got), expected) != 0 ||
        civil_days(tm.tm_year + 1900, month, month_day) != day)
        ck_abort_msg("%s instead of %s", got, expected);
}

/* Every 11th day of the years 0 to 10100, at a time of day that moves on. */
START_TEST(agrees_with_gmtime)
{
    for (int64_t day = -719528; day < 2970000; day += 11)
        compare_with_gmtime(day, (day + 719528) * 7 % 86400);
}
END_TEST

struct text_row {
    int64_t at_ms;
    const char *text;
};

static const struct text_row text_rows[] = {
    {0, "1970-01-01T00:00:00Z"},
    {1, "1970-01-01T00:00:00.001Z"},
    {-1, "1969-12-31T23:59:59.999Z"},
    {-1000, "1969-12-31T23:59:59Z"},
    {-86400000, "1969-12-31T00:00:00Z"},
    {1795285156123, "2026-11-21T18:19:16.123Z"},
    {1795292356000, "2026-11-21T20:19:16Z"},
    {1483228800000, "2017-01-01T00:00:00Z"},
    {253402300799999, "9999-12-31T23:59:59.999Z"},
    {253402300800000, "10000-01-01T00:00:00Z"},
    {-62135596800000, "0001-01-01T00:00:00Z"},
    {CIVIL_NO_TIME, ""},
    /* The last and first instants of 64 bits, as java.time.Instant writes them. */
    {INT64_MAX, "292278994-08-17T07:12:55.807Z"},
    {INT64_MIN + 1, "-292275055-05-16T16:47:04.193Z"},
};

START_TEST(writes_a_time)
{
    char text[CIVIL_TEXT_SIZE];
    ck_assert_str_eq(civil_format(text_rows[_i].at_ms, text), text_rows[_i].text);
    ck_assert_ptr_eq(civil_format(text_rows[_i].at_ms, text), text);
}
END_TEST

struct parse_row {
    const char *text;
    int32_t zone_s;
    int64_t at_ms; /* CIVIL_NO_TIME: not a time */
};

static const struct parse_row parse_rows[] = {
    {"2026-11-21", 0, 1795219200000},
    {"2026-11-21", 7200, 1795212000000},
    {"2026-11-21Z", 7200, 1795219200000},
    {"2026-11-21+02:00", 0, 1795212000000},
    {"2026-11-21T20:19", 0, 1795292340000},
    {"2026-11-21 20:19", 0, 1795292340000},
    {"2026-11-21T20:19:16", 0, 1795292356000},
    {"2026-11-21T20:19:16Z", 3600, 1795292356000},
    {"2026-11-21T20:19:16.123+02:00", 0, 1795285156123},
    {"2026-11-21 20:19:16.123+02:00", -3600, 1795285156123},
    {"2026-11-21T20:19:16-03:30", 0, 1795304956000},
    {"2026-11-21T20:19:16", -12600, 1795304956000},
    {"2024-02-29", 0, 1709164800000},
    {"1969-12-31T23:59:59", 0, -1000},
    {"0001-01-01", 0, -62135596800000},
    {"9999-12-31T23:59:59.999", 0, 253402300799999},
    {"2023-02-29", 0, CIVIL_NO_TIME},
    {"1900-02-29", 0, CIVIL_NO_TIME},
    {"2026-00-10", 0, CIVIL_NO_TIME},
    {"2026-13-10", 0, CIVIL_NO_TIME},
    {"2026-04-31", 0, CIVIL_NO_TIME},
    {"2026-04-00", 0, CIVIL_NO_TIME},
    {"2026-4-1", 0, CIVIL_NO_TIME},
    {"26-04-01", 0, CIVIL_NO_TIME},
    {"2026/04/01", 0, CIVIL_NO_TIME},
    {"2026-04", 0, CIVIL_NO_TIME},
    {"", 0, CIVIL_NO_TIME},
    {"today", 0, CIVIL_NO_TIME},
    {" 2026-04-01", 0, CIVIL_NO_TIME},
    {"2026-04-01 ", 0, CIVIL_NO_TIME},
    {"2026-04-01T", 0, CIVIL_NO_TIME},
    {"2026-04-01T20", 0, CIVIL_NO_TIME},
    {"2026-04-01T24:00", 0, CIVIL_NO_TIME},
    {"2026-04-01T23:60", 0, CIVIL_NO_TIME},
    {"2026-04-01T23:59:60", 0, CIVIL_NO_TIME},
    {"2026-04-01T23:59:5", 0, CIVIL_NO_TIME},
    {"2026-04-01T23:59:59.1", 0, CIVIL_NO_TIME},
    {"2026-04-01T23:59:59.1234", 0, CIVIL_NO_TIME},
    {"2026-04-01T23:59:59z", 0, CIVIL_NO_TIME},
    {"2026-04-01T23:59:59Zulu", 0, CIVIL_NO_TIME},
    {"2026-04-01T23:59:59+0200", 0, CIVIL_NO_TIME},
    {"2026-04-01T23:59:59+24:00", 0, CIVIL_NO_TIME},
    {"2026-04-01T23:59:59+02:60", 0, CIVIL_NO_TIME},
    {"2026-04-01T23:59:59+02:00x", 0, CIVIL_NO_TIME},
    {"2026-04-01x", 0, CIVIL_NO_TIME},
};

START_TEST(reads_a_time)
{
    const struct parse_row *row = &parse_rows[_i];
    int64_t at_ms = CIVIL_NO_TIME;
    bool is_time = civil_parse(row->text, row->zone_s, &at_ms);
    ck_assert_msg(is_time == (row->at_ms != CIVIL_NO_TIME), "\"%s\": %d", row->text, is_time);
    ck_assert_msg(!is_time || at_ms == row->at_ms, "\"%s\": %lld", row->text, (long long)at_ms);
}
END_TEST

START_TEST(reads_what_it_writes)
{
    for (int64_t at_ms = -62135596800000; at_ms < 253402300800000; at_ms += 9876543219) {
        char text[CIVIL_TEXT_SIZE];
        int64_t again;
        if (!civil_parse(civil_format(at_ms, text), 12345, &again) || again != at_ms)
            ck_abort_msg("%s", text);
    }
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof table[0])

int main(void)
{
    Suite *suite = suite_create("civil");
    TCase *table = tcase_create("table");
    tcase_add_loop_test(table, days_of_a_date, 0, ROWS(day_rows));
    tcase_add_test(table, days_of_each_month);
    tcase_add_test(table, agrees_with_gmtime);
    tcase_add_loop_test(table, writes_a_time, 0, ROWS(text_rows));
    tcase_add_loop_test(table, reads_a_time, 0, ROWS(parse_rows));
    tcase_add_test(table, reads_what_it_writes);
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
