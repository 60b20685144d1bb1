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
    line_clock_init(&clock, NULL);
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
    line_clock_init(&clock, NULL);
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
    line_clock_init(&clock, NULL);
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
    struct time_zone *zone = time_zone_new("+02:00");
    line_clock_init(&clock, zone);
    for (size_t i = (size_t)_i; i < sizeof steps / sizeof steps[0]; i++) {
        const struct step *step = &steps[i];
        int64_t time_ms;
        bool has_zone;
        bool is_time = line_clock_parse(&clock, slice_of(step->text), &time_ms, &has_zone);
        ck_assert_msg(is_time == (step->seconds != -1), "step %zu: %s", i, step->text);
        ck_assert_msg(!is_time || time_ms == step->seconds * 1000, "step %zu: %s: %lld", i,
                      step->text, (long long)time_ms);
    }
    time_zone_free(zone);
}
END_TEST

/* ---- Every style. */

static const struct time_reader iso = {.style = TIME_ISO}, parts = {.style = TIME_ISO_PARTS},
                                epoch = {.style = TIME_EPOCH}, any = {.style = TIME_ANY},
                                clf = {.style = TIME_CLF};

struct style_row {
    const struct time_reader *reader;
    const char *pieces[TIME_PIECES];
    int64_t time_ms;
    bool has_zone;
};

static const struct style_row style_rows[] = {
    {&clf, {"16/Sep/2023:18:22:16 -0400"}, 1694902936000, true},
    {&clf, {"16/Sep/2023:18:22:16"}, 1694888536000, false},
    {&iso, {"2023-09-16T18:22:16Z"}, 1694888536000, true},
    {&iso, {"2023-09-16t18:22:16z"}, 1694888536000, true},
    {&iso, {"2023-09-16 18:22:16"}, 1694888536000, false},
    {&iso, {"2023-09-16T18:22:16.1"}, 1694888536100, false},
    {&iso, {"2023-09-16 18:22:16,12"}, 1694888536120, false},
    {&iso, {"2023-09-16T18:22:16.123Z"}, 1694888536123, true},
    {&iso, {"2023-09-16T18:22:16.1239Z"}, 1694888536123, true},
    {&iso, {"2023-09-16T18:22:16.000999999Z"}, 1694888536000, true},
    {&iso, {"2023-09-16T18:22:16-04:00"}, 1694902936000, true},
    {&iso, {"2023-09-16T18:22:16.5-0400"}, 1694902936500, true},
    {&iso, {"2023-09-16T18:22:16-04"}, 1694902936000, true},
    {&iso, {"2023-09-16T18:22:16+05:30"}, 1694868736000, true},
    {&iso, {"2023-09-16 18:22:16 UTC"}, 1694888536000, true},
    {&iso, {"2023-09-16 18:22:16UTC"}, 1694888536000, true},
    {&iso, {"2023-09-16 18:22:16 +0000"}, 1694888536000, true},
    {&iso, {"2023-09-16 18:22:16.25 +02:00"}, 1694881336250, true},
    {&iso, {"2023-09-16 18:22:16 Z"}, 1694888536000, true},
    {&iso, {"2023-09-16T18:22:16+23:59"}, 1694802196000, true},
    {&iso, {"2024-02-29T01:02:03Z"}, 1709168523000, true},
    {&iso, {"2016-12-31T23:59:60Z"}, 1483228800000, true},
    {&iso, {"2016-12-31T23:59:60.5Z"}, 1483228800500, true},
    {&iso, {"0001-01-01T00:00:00Z"}, -62135596800000, true},
    {&iso, {"9999-12-31T23:59:59.999Z"}, 253402300799999, true},
    {&parts, {"2023-09-16", "18:22:16"}, 1694888536000, true},
    {&parts, {"2023-09-16", "18:22:16.7"}, 1694888536700, true},
    {&parts, {"2016-12-31", "23:59:60"}, 1483228800000, true},
    {&epoch, {"0"}, 0, true},
    {&epoch, {"1694902936"}, 1694902936000, true},
    {&epoch, {"1694902936.5"}, 1694902936500, true},
    {&epoch, {"1694902936.123456789"}, 1694902936123, true},
    {&epoch, {"1694902936.0009"}, 1694902936000, true},
    {&epoch, {"1694902936123"}, 1694902936123, true},
    {&epoch, {"1694902936123.9"}, 1694902936123, true},
    {&epoch, {"1694902936123456"}, 1694902936123, true},
    {&epoch, {"1694902936123999999"}, 1694902936123, true},
    {&epoch, {"9999999999999999999"}, 9999999999999, true},
    /* Where the unit changes: seconds of 5138, milliseconds of 1973, and so on. */
    {&epoch, {"99999999999"}, 99999999999000, true},
    {&epoch, {"100000000000"}, 100000000000, true},
    {&epoch, {"99999999999999"}, 99999999999999, true},
    {&epoch, {"100000000000000"}, 100000000000, true},
    {&epoch, {"99999999999999999"}, 99999999999999, true},
    {&epoch, {"100000000000000000"}, 100000000000, true},
    {&any, {"16/Sep/2023:18:22:16 -0400"}, 1694902936000, true},
    {&any, {"[16/Sep/2023:18:22:16 -0400]"}, 1694902936000, true},
    {&any, {"16/Sep/2023:18:22:16"}, 1694888536000, false},
    {&any, {"2023-09-16T18:22:16.123-04:00"}, 1694902936123, true},
    {&any, {"2023-09-16 18:22:16"}, 1694888536000, false},
    {&any, {"1694902936.5"}, 1694902936500, true},
    {&any, {"1694902936123"}, 1694902936123, true},
    {&any, {"2023-09-16", "18:22:16"}, 1694888536000, true},
};

static void fill(const char *const *texts, struct slice *pieces)
{
    for (size_t i = 0; i < TIME_PIECES; i++)
        pieces[i] = slice_of(texts[i]);
}

static void must_read(struct line_clock *clock, const struct style_row *row)
{
    struct slice pieces[TIME_PIECES];
    int64_t time_ms = 1;
    bool has_zone = !row->has_zone;
    fill(row->pieces, pieces);
    ck_assert_msg(line_clock_read(clock, row->reader, pieces, &time_ms, &has_zone), "%s",
                  row->pieces[0]);
    ck_assert_msg(time_ms == row->time_ms, "%s: %lld", row->pieces[0], (long long)time_ms);
    ck_assert_msg(has_zone == row->has_zone, "%s: zone", row->pieces[0]);
}

START_TEST(reads_every_style)
{
    struct line_clock clock;
    line_clock_init(&clock, NULL);
    must_read(&clock, &style_rows[_i]);
    must_read(&clock, &style_rows[_i]);
}
END_TEST

/* One clock for all of them, each behind each: no style takes another's minute for its own. */
START_TEST(styles_share_a_clock)
{
    struct line_clock clock;
    line_clock_init(&clock, NULL);
    for (size_t i = 0; i < sizeof style_rows / sizeof style_rows[0]; i++) {
        must_read(&clock, &style_rows[_i]);
        must_read(&clock, &style_rows[i]);
    }
}
END_TEST

struct refused_row {
    const struct time_reader *reader;
    const char *pieces[TIME_PIECES];
};

static const struct refused_row refused_rows[] = {
    {&clf, {NULL}},
    {&iso, {NULL}},
    {&iso, {""}},
    {&iso, {"-"}},
    {&iso, {"2023-09-16"}},
    {&iso, {"2023-09-16T18:22"}},
    {&iso, {"2023-09-16T18:22Z"}},
    {&iso, {"2023-09-16_18:22:16"}},
    {&iso, {"2023-09-16T18:22:1"}},
    {&iso, {"2023-09-16T18:22:16."}},
    {&iso, {"2023-09-16T18:22:16.Z"}},
    {&iso, {"2023-09-16T18:22:16.1234567890"}},
    {&iso, {"2023-09-16T18:22:16 "}},
    {&iso, {"2023-09-16T18:22:16  Z"}},
    {&iso, {"2023-09-16T18:22:16 CET"}},
    {&iso, {"2023-09-16T18:22:16+"}},
    {&iso, {"2023-09-16T18:22:16+0"}},
    {&iso, {"2023-09-16T18:22:16+020"}},
    {&iso, {"2023-09-16T18:22:16+02:"}},
    {&iso, {"2023-09-16T18:22:16+02:0"}},
    {&iso, {"2023-09-16T18:22:16+02:000"}},
    {&iso, {"2023-09-16T18:22:16+24:00"}},
    {&iso, {"2023-09-16T18:22:16+02:60"}},
    {&iso, {"2023-09-16T18:22:16Z "}},
    {&iso, {"2023-09-16T18:22:16ZZ"}},
    {&iso, {"[2023-09-16T18:22:16Z]"}},
    {&iso, {"2023-09-16T24:00:00Z"}},
    {&iso, {"2023-09-16T18:60:00Z"}},
    {&iso, {"2023-09-16T18:22:61Z"}},
    {&iso, {"2023-02-29T00:00:00Z"}},
    {&iso, {"2023-13-01T00:00:00Z"}},
    {&iso, {"2023-00-01T00:00:00Z"}},
    {&iso, {"2023-01-00T00:00:00Z"}},
    {&iso, {"2023-01-32T00:00:00Z"}},
    {&iso, {"0000-01-01T00:00:00Z"}},
    {&iso, {"2023/09-16T18:22:16Z"}},
    {&iso, {"2023-09/16T18:22:16Z"}},
    {&iso, {"2023-09-16T18.22:16Z"}},
    {&iso, {"2023-09-16T18:22.16Z"}},
    {&iso, {"202x-09-16T18:22:16Z"}},
    {&iso, {"12023-09-16T18:22:16Z"}},
    {&parts, {"2023-09-16", NULL}},
    {&parts, {NULL, "18:22:16"}},
    {&parts, {"2023-09-16", "18:22"}},
    {&parts, {"2023-09-16", "18:22:16Z"}},
    {&parts, {"2023-09-16", "18:22:16."}},
    {&parts, {"2023-09-16", "18:22:61"}},
    {&parts, {"2023-09-16", "18:22.16"}},
    {&parts, {"2023-09-16", "18-22:16"}},
    {&parts, {"2023-09-16", "-"}},
    {&parts, {"2023-02-30", "18:22:16"}},
    {&parts, {"2023-09-160", "18:22:16"}},
    {&parts, {"23-09-16", "18:22:16"}},
    {&epoch, {NULL}},
    {&epoch, {""}},
    {&epoch, {"-"}},
    {&epoch, {"-1"}},
    {&epoch, {"+1694902936"}},
    {&epoch, {" 1694902936"}},
    {&epoch, {"1694902936 "}},
    {&epoch, {"1694902936."}},
    {&epoch, {".5"}},
    {&epoch, {"1e9"}},
    {&epoch, {"1.694902936e9"}},
    {&epoch, {"1694902936s"}},
    {&epoch, {"0x650620d8"}},
    {&epoch, {"10000000000000000000"}},
    {&epoch, {"99999999999999999999999999999999999999"}},
    {&any, {NULL}},
    {&any, {""}},
    {&any, {"-"}},
    {&any, {"["}},
    {&any, {"[]"}},
    {&any, {"[16/Sep/2023:18:22:16 -0400"}},
    {&any, {"16/Foo/2023:18:22:16 -0400"}},
    {&any, {"2023-09-16"}},
    {&any, {"2023-09-16", "-"}},
    {&any, {"2023-09-16T18:22:16Z", "18:22:16"}},
    {&any, {"yesterday"}},
};

START_TEST(refuses_in_every_style)
{
    const struct refused_row *row = &refused_rows[_i];
    struct slice pieces[TIME_PIECES];
    struct line_clock clock;
    int64_t time_ms;
    bool has_zone;
    fill(row->pieces, pieces);
    line_clock_init(&clock, NULL);
    ck_assert_msg(!line_clock_read(&clock, row->reader, pieces, &time_ms, &has_zone), "%s",
                  row->pieces[0]);
    /* And so with a clock that knows the very minute; what it knows stays right. */
    for (size_t i = 0; i < sizeof style_rows / sizeof style_rows[0]; i++) {
        must_read(&clock, &style_rows[i]);
        ck_assert_msg(!line_clock_read(&clock, row->reader, pieces, &time_ms, &has_zone), "%s",
                      row->pieces[0]);
        must_read(&clock, &style_rows[i]);
    }
}
END_TEST

/* What a fresh clock holds is no minute. */
START_TEST(bytes_of_nothing_are_no_time)
{
    static const char nothing[CLF_BYTES];
    char text[CLF_BYTES] = "";
    struct slice pieces[TIME_PIECES] = {{text, CLF_BYTES}};
    struct line_clock clock;
    int64_t time_ms;
    bool has_zone;
    line_clock_init(&clock, NULL);
    memcpy(text + 17, ":16", 3);
    ck_assert(!line_clock_read(&clock, &clf, pieces, &time_ms, &has_zone));
    memcpy(text + 16, ":16", 3);
    pieces[0].size = 19;
    ck_assert(!line_clock_read(&clock, &iso, pieces, &time_ms, &has_zone));
    memcpy(text, nothing, sizeof text);
    memcpy(text + 5, ":16", 3);
    pieces[0] = (struct slice){nothing, 10};
    pieces[1] = (struct slice){text, 8};
    ck_assert(!line_clock_read(&clock, &parts, pieces, &time_ms, &has_zone));
}
END_TEST

/* ---- The zone of the clock. */

/* Berlin, 2024; from Python's zoneinfo. Minutes in a row across both changes. */
static const struct style_row berlin_rows[] = {
    {&iso, {"2024-03-31 01:59:59"}, 1711846799000, false},
    {&iso, {"2024-03-31 02:30:00"}, 1711848600000, false},
    {&iso, {"2024-03-31 03:00:00"}, 1711846800000, false},
    {&iso, {"2024-10-27 01:59:59.5"}, 1729987199500, false},
    {&iso, {"2024-10-27 02:59:59"}, 1729990799000, false},
    {&iso, {"2024-10-27 03:00:00"}, 1729994400000, false},
    {&clf, {"27/Oct/2024:02:30:00"}, 1729989000000, false},
    {&clf, {"27/Oct/2024:02:30:00 +0100"}, 1729992600000, true},
    {&clf, {"27/Oct/2024:02:30:01"}, 1729989001000, false},
    {&any, {"2024-07-15T12:00:00"}, 1721037600000, false},
    {&any, {"2024-01-15T12:00:00"}, 1705316400000, false},
    {&any, {"2024-07-15T12:00:00Z"}, 1721044800000, true},
    /* These are UTC wherever the clock is. */
    {&parts, {"2024-07-15", "12:00:00"}, 1721044800000, true},
    {&epoch, {"1721044800"}, 1721044800000, true},
};

START_TEST(a_stamp_without_zone_is_in_the_clocks)
{
    struct time_zone *zone = time_zone_new("CET-1CEST,M3.5.0,M10.5.0/3");
    struct line_clock clock;
    line_clock_init(&clock, zone);
    for (size_t i = (size_t)_i; i < sizeof berlin_rows / sizeof berlin_rows[0]; i++)
        must_read(&clock, &berlin_rows[i]);
    time_zone_free(zone);
}
END_TEST

/*
 * Clocks that are put forward by 44 min 30 s at midnight, the middle of a minute: by hand, as in
 * Monrovia in 1972. 29 s past is in the gap and takes the offset before it.
 */
START_TEST(a_change_within_a_minute)
{
    static const struct style_row rows_of_minute[] = {
        {&iso, {"2023-01-08 00:44:29"}, 1673141339000, false},
        {&iso, {"2023-01-08 00:44:30"}, 1673138670000, false},
        {&iso, {"2023-01-08 00:44:29"}, 1673141339000, false},
        {&iso, {"2023-01-08 00:44:59"}, 1673138699000, false},
        {&iso, {"2023-01-08 00:44:60"}, 1673138700000, false},
        /* Nor is the minute before it taken for one that is still kept. */
        {&clf, {"08/Jan/2023:00:45:01"}, 1673138701000, false},
        {&clf, {"08/Jan/2023:00:44:29"}, 1673141339000, false},
        {&clf, {"08/Jan/2023:00:45:02"}, 1673138702000, false},
        {&clf, {"08/Jan/2023:00:44:30"}, 1673138670000, false},
    };
    struct time_zone *zone = time_zone_new("MMT0:44:30GMT0,J8/0,J300/0");
    ck_assert(zone != NULL);
    struct line_clock clock;
    line_clock_init(&clock, zone);
    for (size_t i = 0; i < sizeof rows_of_minute / sizeof rows_of_minute[0]; i++)
        must_read(&clock, &rows_of_minute[i]);
    time_zone_free(zone);
}
END_TEST

/* ---- Patterns. */

struct pattern_row {
    const char *patterns[TIME_PIECES];
    const char *pieces[TIME_PIECES];
    int64_t time_ms;
    bool has_zone;
};

/* The clock is at +02:00: 2023-09-16 18:22:16 there is 1694881336. */
static const struct pattern_row pattern_rows[] = {
    {{"%d/%b/%Y:%H:%M:%S %z"}, {"16/Sep/2023:18:22:16 -0400"}, 1694902936000, true},
    {{"%d/%b/%Y:%T"}, {"16/sep/2023:18:22:16"}, 1694881336000, false},
    {{"%d/%b/%Y", "%H:%M:%S", "%?"}, {"16/Sep/2023", "18:22:16", "-0400"}, 1694902936000, true},
    {{"%d/%b/%Y", "%H:%M:%S", "%?"}, {"16/Sep/2023", "18:22:16", "-"}, 1694881336000, false},
    {{"%d/%b/%Y", "%H:%M:%S", "%?"}, {"16/Sep/2023", "18:22:16", ""}, 1694881336000, false},
    {{"%d/%b/%Y", "%H:%M:%S", "%?"}, {"16/Sep/2023", "18:22:16", NULL}, 1694881336000, false},
    {{"%F", "%T%?"}, {"2023-09-16", "18:22:16 UTC "}, 1694888536000, true},
    {{"%F", "%T%?"}, {"2023-09-16", "18:22:16GMT"}, 1694888536000, true},
    {{"%F", "%T%?"}, {"2023-09-16", "18:22:16Z"}, 1694888536000, true},
    {{"%F", "%T%?"}, {"2023-09-16", "18:22:16 CEST"}, 1694881336000, false},
    {{"%F", "%T%?"}, {"2023-09-16", "18:22:16 -04:00"}, 1694902936000, true},
    {{"%F", "%T%?"}, {"2023-09-16", "18:22:16 -0400x"}, 1694881336000, false},
    {{"%F", "%T%?"}, {"2023-09-16", "18:22:16 -2400"}, 1694881336000, false},
    {{"%F", "%T%?"}, {"2023-09-16", "18:22:16 Zulu"}, 1694881336000, false},
    {{"%FT%T%z"}, {"2023-09-16T18:22:16-04:00"}, 1694902936000, true},
    {{"%FT%T%z"}, {"2023-09-16T18:22:16Z"}, 1694888536000, true},
    {{"%FT%T%z"}, {"2023-09-16T18:22:16  -04"}, 1694902936000, true},
    {{"%F %T %Z"}, {"2023-09-16 18:22:16 UTC"}, 1694888536000, true},
    {{"%F %T %Z"}, {"2023-09-16 18:22:16 CEST"}, 1694881336000, false},
    {{"%F %T %Z"}, {"2023-09-16 18:22:16 -04"}, 1694902936000, true},
    {{"%F %T %z %Z"}, {"2023-09-16 18:22:16 -0400 EDT"}, 1694902936000, true},
    {{"%F %T.%f"}, {"2023-09-16 18:22:16.5"}, 1694881336500, false},
    {{"%F %T.%f"}, {"2023-09-16 18:22:16.123456789012"}, 1694881336123, false},
    {{"%F %T.%L"}, {"2023-09-16 18:22:16.005"}, 1694881336005, false},
    {{"%F %T.%L"}, {"2023-09-16 18:22:16.5"}, 1694881336005, false},
    {{"%F %T", "%N"}, {"2023-09-16 18:22:16", "123999"}, 1694881336123, false},
    {{"%F %T", "%N"}, {"2023-09-16 18:22:16", "000999"}, 1694881336000, false},
    {{"%s"}, {"1694902936"}, 1694902936000, true},
    {{"%s.%L"}, {"1694902936.123"}, 1694902936123, true},
    {{"%s", "%L"}, {"1694902936", "123"}, 1694902936123, true},
    {{"%s"}, {"253402300799"}, 253402300799000, true},
    {{"%Q"}, {"1694902936123"}, 1694902936123, true},
    {{"%q"}, {"1694902936123999"}, 1694902936123, true},
    {{"%q", "%L"}, {"1694902936123999", "777"}, 1694902936123, true},
    {{"%d/%m/%y %R"}, {"16/09/23 18:22"}, 1694881320000, false},
    {{"%D %T"}, {"09/16/23 18:22:16"}, 1694881336000, false},
    {{"%d%m%y %H%M%S %Z"}, {"010169 000000 Z"}, -31536000000, true},
    {{"%d%m%y %H%M%S %Z"}, {"010168 000000 Z"}, 3092601600000, true},
    {{"%Y %j %T Z%z"}, {"2023 259 18:22:16 Z+00"}, 1694888536000, true},
    {{"%Y-%jT%T%z"}, {"2024-366T00:00:00Z"}, 1735603200000, true},
    {{"%Y-%jT%T%z"}, {"2024-060T01:02:03Z"}, 1709168523000, true},
    {{"%Y-%jT%T%z"}, {"2023-001T00:00:00Z"}, 1672531200000, true},
    {{"%F %I:%M:%S %p %Z"}, {"2023-09-16 06:22:16 PM UTC"}, 1694888536000, true},
    {{"%F %I:%M:%S %p %Z"}, {"2023-09-16 06:22:16 am UTC"}, 1694845336000, true},
    {{"%F %l:%M:%S%p %Z"}, {"2023-09-16 12:22:16Am UTC"}, 1694823736000, true},
    {{"%F %l:%M:%S%p %Z"}, {"2023-09-16 12:22:16pm UTC"}, 1694866936000, true},
    {{"%p %I:%M %F %Z"}, {"PM  6:22 2023-09-16 Z"}, 1694888520000, true},
    {{"%a %b %e %k:%M:%S %Y %Z"}, {"Wed Sep  6  8:05:09 2023 GMT"}, 1693987509000, true},
    {{"%A, %d %B %Y %H:%M:%S %Z"}, {"WEDNESDAY, 6 September 2023 8:5:9 GMT"}, 1693987509000, true},
    {{"%A, %d %h %Y %H:%M:%S %Z"}, {"wed, 06 sep 2023 08:05:09 GMT"}, 1693987509000, true},
    {{"%d %b %Y %T %Z"}, {"01 May 2023 00:00:00 Z"}, 1682899200000, true},
    {{"%d/%b/%Y:%T.%L"}, {"06/Feb/2009:12:14:14.655"}, 1233915254655, false},
    {{"100%%%t%n%F %T%z"}, {"100%\t\n2023-09-16 18:22:16Z"}, 1694888536000, true},
    {{"%F %T%z"}, {"2016-12-31 23:59:60Z"}, 1483228800000, true},
    {{"%T", "%F", "%z", ""}, {"18:22:16", "2023-09-16", "Z", ""}, 1694888536000, true},
};

static void compile(const char *const *patterns, struct time_reader *reader)
{
    size_t offset;
    const char *reason = NULL;
    *reader = (struct time_reader){.style = TIME_PATTERN};
    for (size_t i = 0; i < TIME_PIECES && patterns[i]; i++, reader->piece_count++)
        ck_assert_msg(
            time_pattern_compile(slice_of(patterns[i]), &reader->patterns[i], &offset, &reason),
            "%s: %s", patterns[i], reason);
}

START_TEST(reads_a_pattern)
{
    const struct pattern_row *row = &pattern_rows[_i];
    struct time_reader reader;
    compile(row->patterns, &reader);
    struct style_row expected = {
        .reader = &reader, .time_ms = row->time_ms, .has_zone = row->has_zone};
    memcpy(expected.pieces, row->pieces, sizeof expected.pieces);
    struct time_zone *zone = time_zone_new("+02:00");
    struct line_clock clock;
    line_clock_init(&clock, zone);
    must_read(&clock, &expected);
    time_zone_free(zone);
}
END_TEST

struct unmatched_row {
    const char *patterns[TIME_PIECES];
    const char *pieces[TIME_PIECES];
};

static const struct unmatched_row unmatched_rows[] = {
    /* No date, no time can be had. */
    {{"%H:%M:%S"}, {"18:22:16"}},
    {{"%F"}, {"2023-09-16"}},
    {{"%b %d %T"}, {"Sep 16 18:22:16"}},
    {{"%Y %d %T"}, {"2023 16 18:22:16"}},
    {{"%Y %b %T"}, {"2023 Sep 18:22:16"}},
    {{"%j %T"}, {"259 18:22:16"}},
    {{"%F %H"}, {"2023-09-16 18"}},
    {{"%F %M:%S"}, {"2023-09-16 22:16"}},
    {{"%?"}, {"+0200"}},
    {{""}, {""}},
    /* Not all of it, or too much. */
    {{"%F %T"}, {NULL}},
    {{"%F %T"}, {""}},
    {{"%F %T"}, {"2023-09-16 18:22:16 "}},
    {{"%F %T"}, {"2023-09-16 18:22:16Z"}},
    {{"%F %T"}, {"2023-09-16 18:22"}},
    {{"%F %T"}, {"2023-09-16 18:22:"}},
    {{"%F %T"}, {"2023-09-16T18:22:16"}},
    {{"%F", "%T"}, {"2023-09-16"}},
    {{"%F %T", ""}, {"2023-09-16 18:22:16", "x"}},
    {{"%F %T.%f"}, {"2023-09-16 18:22:16."}},
    {{"%F %T.%L"}, {"2023-09-16 18:22:16.1234"}},
    {{"%F %T.%N"}, {"2023-09-16 18:22:16.1234567"}},
    {{"%F %T%z"}, {"2023-09-16 18:22:16"}},
    {{"%F %T%z"}, {"2023-09-16 18:22:16 UTC"}},
    {{"%F %T%z"}, {"2023-09-16 18:22:16+2400"}},
    {{"%F %T %Z"}, {"2023-09-16 18:22:16 "}},
    {{"%F %T %Z"}, {"2023-09-16 18:22:16 123"}},
    {{"%a %F %T"}, {"Foo 2023-09-16 18:22:16"}},
    {{"%a %F %T"}, {"Sa 2023-09-16 18:22:16"}},
    {{"%d/%b/%Y %T"}, {"16/Sept/2023 18:22:16"}},
    {{"%d/%b/%Y %T"}, {"16/Mai/2023 18:22:16"}},
    {{"%F %I:%M:%S %p"}, {"2023-09-16 06:22:16 xm"}},
    {{"%F %I:%M:%S %p"}, {"2023-09-16 06:22:16 p"}},
    /* What no calendar and no clock has. */
    {{"%F %T"}, {"2023-02-29 18:22:16"}},
    {{"%F %T"}, {"2023-13-01 18:22:16"}},
    {{"%F %T"}, {"2023-01-32 18:22:16"}},
    {{"%F %T"}, {"0000-01-01 18:22:16"}},
    {{"%F %T"}, {"2023-09-16 24:00:00"}},
    {{"%F %T"}, {"2023-09-16 18:60:00"}},
    {{"%F %T"}, {"2023-09-16 18:22:61"}},
    {{"%F %I:%M"}, {"2023-09-16 13:22"}},
    {{"%F %I:%M"}, {"2023-09-16 00:22"}},
    {{"%Y %j %T"}, {"2023 366 18:22:16"}},
    {{"%Y %j %T"}, {"2024 367 18:22:16"}},
    {{"%Y %j %T"}, {"2024 000 18:22:16"}},
    {{"%s"}, {"253402300800"}},
    {{"%s"}, {"-1"}},
    {{"%s"}, {""}},
    {{"%s"}, {"99999999999999999999999999"}},
    {{"%Q"}, {"253402300800000"}},
    {{"%q"}, {"253402300800000000"}},
};

START_TEST(refuses_what_does_not_match)
{
    const struct unmatched_row *row = &unmatched_rows[_i];
    struct time_reader reader;
    struct slice pieces[TIME_PIECES];
    struct line_clock clock;
    int64_t time_ms;
    bool has_zone;
    compile(row->patterns, &reader);
    fill(row->pieces, pieces);
    line_clock_init(&clock, NULL);
    ck_assert_msg(!line_clock_read(&clock, &reader, pieces, &time_ms, &has_zone), "%s: %s",
                  row->patterns[0], row->pieces[0]);
}
END_TEST

struct wrong_pattern {
    const char *text;
    size_t offset;
    const char *reason; /* a part of it */
};

static const struct wrong_pattern wrong_patterns[] = {
    {"%", 0, "end"},
    {"%F %", 3, "end"},
    {"%F %E", 3, "no such conversion"},
    {"%c", 0, "no such conversion"},
    {"%Ey", 0, "no such conversion"},
    {"%F%?x", 4, "behind %?"},
    {"%F%?%T", 4, "behind %?"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 32, "too long"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa%F", 29, "too long"},
};

START_TEST(tells_what_is_wrong_with_a_pattern)
{
    const struct wrong_pattern *row = &wrong_patterns[_i];
    struct time_pattern pattern;
    size_t offset = 99;
    const char *reason = NULL;
    ck_assert_msg(!time_pattern_compile(slice_of(row->text), &pattern, &offset, &reason), "%s",
                  row->text);
    ck_assert_msg(offset == row->offset, "%s: %zu", row->text, offset);
    ck_assert_msg(strstr(reason, row->reason), "%s: %s", row->text, reason);
}
END_TEST

START_TEST(a_pattern_of_the_longest_kind)
{
    struct time_pattern pattern;
    size_t offset;
    const char *reason;
    struct slice text = SLICE_LITERAL("aaaaaaaaaaaaaaaaaaaaaaaaaaa%F"); /* 27 and 5 */
    ck_assert(time_pattern_compile(text, &pattern, &offset, &reason));
    ck_assert_uint_eq(pattern.count, TIME_PATTERN_PARTS);
    struct slice nul = {"%\0", 2};
    ck_assert(!time_pattern_compile(nul, &pattern, &offset, &reason));
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
    tcase_add_loop_test(table, reads_every_style, 0, ROWS(style_rows));
    tcase_add_loop_test(table, styles_share_a_clock, 0, ROWS(style_rows));
    tcase_add_loop_test(table, refuses_in_every_style, 0, ROWS(refused_rows));
    tcase_add_loop_test(table, a_stamp_without_zone_is_in_the_clocks, 0, ROWS(berlin_rows));
    tcase_add_test(table, bytes_of_nothing_are_no_time);
    tcase_add_test(table, a_change_within_a_minute);
    tcase_add_loop_test(table, reads_a_pattern, 0, ROWS(pattern_rows));
    tcase_add_loop_test(table, refuses_what_does_not_match, 0, ROWS(unmatched_rows));
    tcase_add_loop_test(table, tells_what_is_wrong_with_a_pattern, 0, ROWS(wrong_patterns));
    tcase_add_test(table, a_pattern_of_the_longest_kind);
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
