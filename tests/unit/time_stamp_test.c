/* The seconds are from Python's datetime; that of the leap second is POSIX's formula by hand. */
#include "parser/time_stamp.h"

#include <check.h>
#include <stdlib.h>

struct row {
    const char *text;
    int64_t seconds;
    bool has_zone;
};

static const struct row rows[] = {
    /* Zones. */
    {"16/Sep/2023:18:22:16 -0400", 1694902936, true},
    {"16/Sep/2023:18:22:16 +0000", 1694888536, true},
    {"16/Sep/2023:18:22:16 -0000", 1694888536, true},
    {"16/Sep/2023:18:22:16 +0200", 1694881336, true},
    {"16/Sep/2023:18:22:16 +0530", 1694868736, true},
    {"16/Sep/2023:18:22:16 -0330", 1694901136, true},
    {"16/Sep/2023:18:22:16 +0545", 1694867836, true},
    {"16/Sep/2023:18:22:16 +1400", 1694838136, true},
    {"16/Sep/2023:18:22:16 -1200", 1694931736, true},
    {"16/Sep/2023:18:22:16 +2359", 1694802196, true},
    {"16/Sep/2023:18:22:16 -2359", 1694974876, true},
    {"16/Sep/2023:18:22:16", 1694888536, false},
    /* The hour that comes twice, and the one that clocks leave out: the offset says which. */
    {"05/Nov/2023:01:30:00 -0400", 1699162200, true},
    {"05/Nov/2023:01:30:00 -0500", 1699165800, true},
    {"26/Mar/2023:02:30:00 +0100", 1679794200, true},
    {"26/Mar/2023:02:30:00 +0200", 1679790600, true},
    /* Years and leap days. */
    {"29/Feb/2024:00:00:00 +0000", 1709164800, true},
    {"29/Feb/2000:12:00:00 +0000", 951825600, true},
    {"01/Jan/1970:00:00:00 +0000", 0, true},
    {"31/Dec/1969:23:59:59 +0000", -1, true},
    {"19/Jan/2038:03:14:08 +0000", 2147483648, true},
    {"31/Dec/9999:23:59:59 +0000", 253402300799, true},
    {"01/Jan/0001:00:00:00 +0000", -62135596800, true},
    {"31/Dec/2025:23:59:59 -0100", 1767229199, true},
    {"01/Jan/2026:00:00:00 +0100", 1767222000, true},
    /* Leap seconds are the next second. */
    {"31/Dec/2016:23:59:59 +0000", 1483228799, true},
    {"31/Dec/2016:23:59:60 +0000", 1483228800, true},
    /* Every month, in any case of letters. */
    {"01/Jan/2023:00:00:00 +0000", 1672531200, true},
    {"01/Feb/2023:00:00:00 +0000", 1675209600, true},
    {"01/Mar/2023:00:00:00 +0000", 1677628800, true},
    {"01/Apr/2023:00:00:00 +0000", 1680307200, true},
    {"01/MAY/2023:00:00:00 +0000", 1682899200, true},
    {"01/jun/2023:00:00:00 +0000", 1685577600, true},
    {"01/Jul/2023:00:00:00 +0000", 1688169600, true},
    {"01/Aug/2023:00:00:00 +0000", 1690848000, true},
    {"01/Oct/2023:00:00:00 +0000", 1696118400, true},
    {"01/Nov/2023:00:00:00 +0000", 1698796800, true},
    {"01/dEC/2023:00:00:00 +0000", 1701388800, true},
};

START_TEST(reads_a_stamp)
{
    const struct row *row = &rows[_i];
    struct line_clock clock;
    int64_t time_ms = 1;
    bool has_zone = !row->has_zone;
    line_clock_init(&clock, 0);
    ck_assert_msg(line_clock_parse(&clock, slice_of(row->text), &time_ms, &has_zone), "%s",
                  row->text);
    ck_assert_msg(time_ms == row->seconds * 1000, "%s: %lld", row->text, (long long)time_ms);
    ck_assert_msg(has_zone == row->has_zone, "%s: zone", row->text);
}
END_TEST

static const char *const impossible[] = {
    "29/Feb/2023:00:00:00 +0000",
    "29/Feb/1900:00:00:00 +0000",
    "30/Feb/2024:00:00:00 +0000",
    "31/Apr/2023:00:00:00 +0000",
    "32/Jan/2023:00:00:00 +0000",
    "00/Jan/2023:00:00:00 +0000",
    "16/Foo/2023:18:22:16 +0000",
    "16/Sex/2023:18:22:16 +0000",
    "16/epO/2023:18:22:16 +0000",
    "16/09/2023:18:22:16 +0000",
    "16/Sept/2023:18:22:16 +0000",
    "16/Sep/2023:24:00:00 +0000",
    "16/Sep/2023:23:60:00 +0000",
    "16/Sep/2023:23:59:61 +0000",
    "16/Sep/2023:23:59:99 +0000",
    "16/Sep/2023:23:59:5x +0000",
    "16/Sep/2023:23:59:-5 +0000",
    "16/Sep/2023:23:59: 5 +0000",
    "16/Sep/20x3:18:22:16 +0000",
    "1x/Sep/2023:18:22:16 +0000",
    " 6/Sep/2023:18:22:16 +0000",
    "6/Sep/2023:18:22:16 +0000",
    "16-Sep-2023:18:22:16 +0000",
    "16/Sep-2023:18:22:16 +0000",
    "16/Sep/2023 18:22:16 +0000",
    "16/Sep/2023:18-22:16 +0000",
    "16/Sep/2023:18:22.16 +0000",
    "16/Sep/2023:1x:22:16 +0000",
    "16/Sep/2023:18:x2:16 +0000",
    "16/Sep/2023:18:22",
    "16/Sep/2023:18:22:1",
    "16/Sep/2023:18:22:16 ",
    "16/Sep/2023:18:22:16 +",
    "16/Sep/2023:18:22:16 +000",
    "16/Sep/2023:18:22:16 +00000",
    "16/Sep/2023:18:22:16 0000",
    "16/Sep/2023:18:22:16+0000",
    "16/Sep/2023:18:22:16 ~0000",
    "16/Sep/2023:18:22:16 +2400",
    "16/Sep/2023:18:22:16 +0060",
    "16/Sep/2023:18:22:16 +9999",
    "16/Sep/2023:18:22:16 +0x00",
    "16/Sep/2023:18:22:16 UTC",
    "16/Sep/2023:18:22:16.123 +0000",
    "2023-09-16T18:22:16+00:00",
    "-",
    "",
};

START_TEST(refuses_what_is_no_time)
{
    struct line_clock clock;
    int64_t time_ms;
    bool has_zone;
    line_clock_init(&clock, 0);
    struct slice text = slice_of(impossible[_i]);
    ck_assert_msg(!line_clock_parse(&clock, text, &time_ms, &has_zone), "%s", impossible[_i]);
    /* And so with a clock that knows the very minute. */
    struct slice good = SLICE_LITERAL("16/Sep/2023:18:22:16 +0000");
    ck_assert(line_clock_parse(&clock, good, &time_ms, &has_zone));
    ck_assert_msg(!line_clock_parse(&clock, text, &time_ms, &has_zone), "%s", impossible[_i]);
    ck_assert(line_clock_parse(&clock, good, &time_ms, &has_zone));
    ck_assert_int_eq(time_ms, INT64_C(1694888536000));
}
END_TEST

START_TEST(the_empty_slice_is_no_time)
{
    struct line_clock clock;
    int64_t time_ms;
    bool has_zone;
    line_clock_init(&clock, 0);
    ck_assert(!line_clock_parse(&clock, (struct slice){0}, &time_ms, &has_zone));
}
END_TEST

/* Stamps in a row for one clock, whose own zone is +02:00. */
struct step {
    const char *text;
    int64_t seconds; /* -1: not a time */
};

static const struct step steps[] = {
    {"16/Sep/2023:18:22:16", 1694881336},
    {"16/Sep/2023:18:22:17", 1694881337},
    {"16/Sep/2023:18:22:16 -0400", 1694902936},
    {"16/Sep/2023:18:22:18 -0400", 1694902938},
    {"16/Sep/2023:18:22:16 +0000", 1694888536},
    {"16/Sep/2023:18:22:16", 1694881336},
    {"16/Sep/2023:18:22:61", -1},
    {"16/Sep/2023:18:22:59", 1694881379},
    {"16/Sep/2023:18:22:60", 1694881380},
    {"16/Sep/2023:18:23:00", 1694881380},
    {"16/Sep/2023:18:23:01 +9900", -1},
    {"16/Sep/2023:18:23:01 +9900", -1},
    {"16/Sep/2023:18:23:01", 1694881381},
    {"31/Sep/2023:18:23:01", -1},
    {"31/Sep/2023:18:23:01", -1},
    {"16/Sep/2023:18:23:02", 1694881382},
    {"16/Sep/2023:18:22:16 -0400", 1694902936},
    {"rubbish", -1},
    {"16/Sep/2023:18:22:17 -0400", 1694902937},
    {"16/sep/2023:18:22:17 -0400", 1694902937},
    {"16/Sep/2022:18:22:17 -0400", 1694902937 - 365 * 86400},
    {"15/Sep/2023:18:22:17 -0400", 1694902937 - 86400},
    {"16/Sep/2023:18:22:17 -0430", 1694902937 + 1800},
    {"16/Sep/2023:18:22:17 +0430", 1694902937 - 8 * 3600 - 1800},
};

/* From every step on, so that each is also the first of a fresh clock. */
START_TEST(the_minute_that_is_kept_changes_nothing)
{
    struct line_clock clock;
    line_clock_init(&clock, 2 * 3600);
    for (size_t i = (size_t)_i; i < sizeof steps / sizeof steps[0]; i++) {
        const struct step *step = &steps[i];
        int64_t time_ms;
        bool has_zone;
        bool is_time = line_clock_parse(&clock, slice_of(step->text), &time_ms, &has_zone);
        ck_assert_msg(is_time == (step->seconds != -1), "step %zu: %s", i, step->text);
        ck_assert_msg(!is_time || time_ms == step->seconds * 1000, "step %zu: %s: %lld", i,
                      step->text, (long long)time_ms);
    }
}
END_TEST

struct zone_row {
    const char *text;
    bool is_zone;
    int32_t zone_s;
};

static const struct zone_row zone_rows[] = {
    {"UTC", true, 0},        {"Z", true, 0},
    {"+0000", true, 0},      {"+02:00", true, 7200},
    {"-0330", true, -12600}, {"-03:30", true, -12600},
    {"+1400", true, 50400},  {"+23:59", true, 86340},
    {"-00:01", true, -60},   {"", false, 0},
    {"utc", false, 0},       {"CET", false, 0},
    {"02:00", false, 0},     {"+2", false, 0},
    {"+02", false, 0},       {"+2:00", false, 0},
    {"+24:00", false, 0},    {"+02:60", false, 0},
    {"+02-00", false, 0},    {"+02:00 ", false, 0},
    {"+02000", false, 0},    {"Europe/Berlin", false, 0},
};

START_TEST(reads_a_zone)
{
    const struct zone_row *row = &zone_rows[_i];
    int32_t zone_s = 99;
    ck_assert_msg(time_zone_parse(slice_of(row->text), &zone_s) == row->is_zone, "%s", row->text);
    ck_assert_msg(!row->is_zone || zone_s == row->zone_s, "%s: %d", row->text, zone_s);
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof table[0])

int main(void)
{
    /* The machine's zone and language play no part. */
    setenv("TZ", "Pacific/Apia", 1);
    setenv("LC_ALL", "fr_FR.UTF-8", 1);
    Suite *suite = suite_create("time_stamp");
    TCase *table = tcase_create("table");
    tcase_add_loop_test(table, reads_a_stamp, 0, ROWS(rows));
    tcase_add_loop_test(table, refuses_what_is_no_time, 0, ROWS(impossible));
    tcase_add_test(table, the_empty_slice_is_no_time);
    tcase_add_loop_test(table, the_minute_that_is_kept_changes_nothing, 0, ROWS(steps));
    tcase_add_loop_test(table, reads_a_zone, 0, ROWS(zone_rows));
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
