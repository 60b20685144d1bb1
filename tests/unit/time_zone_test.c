/*
 * The seconds are from Python's zoneinfo and datetime (fold=0, tzdata 2024 and later agree); those
 * of rules that no place has are by hand from POSIX' description of TZ.
 */
#include "parser/time_zone.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BERLIN_RULE   "CET-1CEST,M3.5.0,M10.5.0/3"
#define NEW_YORK_RULE "EST5EDT,M3.2.0,M11.1.0"
#define SYDNEY_RULE   "AEST-10AEDT,M10.1.0,M4.1.0/3"
#define DUBLIN_RULE   "IST-1GMT0,M10.5.0,M3.5.0/1"
#define NUUK_RULE     "<-02>2<-01>,M3.5.0/-1,M10.5.0/0"
/* Of days: as they were in 2018, 2010 and 2024. */
#define SAO_PAULO_RULE "<-03>3<-02>,M11.1.0/0,M2.3.0/0"
#define ST_JOHNS_RULE  "NST3:30NDT,M3.2.0/0:01,M11.1.0/0:01"
#define HAVANA_RULE    "CST5CDT,M3.2.0/0,M11.1.0/1"

/* Names are tried only where the system has the usual database. */
static bool has_database(void)
{
    return access("/usr/share/zoneinfo/Asia/Kathmandu", R_OK) == 0;
}

static bool is_database_name(const char *name)
{
    return strchr(name, '/') && !strchr(name, ',');
}

struct row {
    const char *name;
    int64_t clock_s; /* what the clock shows, as if it were UTC */
    int64_t utc_s;
};

static const struct row rows[] = {
    /* Fixed offsets. 2023-09-16 18:22:16. */
    {"UTC", 1694888536, 1694888536},
    {"Z", 1694888536, 1694888536},
    {"+02:00", 1694888536, 1694881336},
    {"-0330", 1694888536, 1694901136},
    {"+0545", 1694888536, 1694867836},
    {"-23:59", 0, 86340},
    {"<-03>3", 1705320000, 1705330800},
    {"<+0545>-5:45", 1694888536, 1694867836},
    {"UTC0", 1694888536, 1694888536},
    /* Winter, summer. */
    {BERLIN_RULE, 1705320000, 1705316400},
    {BERLIN_RULE, 1721044800, 1721037600},
    {BERLIN_RULE, 4087800000, 4087792800},
    {BERLIN_RULE, 4101019200, 4101015600},
    /* The last second before the gap, the gap (the offset before it), and behind it. */
    {BERLIN_RULE, 1711850399, 1711846799},
    {BERLIN_RULE, 1711850400, 1711846800},
    {BERLIN_RULE, 1711852200, 1711848600},
    {BERLIN_RULE, 1711853999, 1711850399},
    {BERLIN_RULE, 1711854000, 1711846800},
    {BERLIN_RULE, 1711855800, 1711848600},
    /* The hour that comes twice: the first; then there is but one. */
    {BERLIN_RULE, 1729994399, 1729987199},
    {BERLIN_RULE, 1729994400, 1729987200},
    {BERLIN_RULE, 1729996200, 1729989000},
    {BERLIN_RULE, 1729997999, 1729990799},
    {BERLIN_RULE, 1729998000, 1729994400},
    {NEW_YORK_RULE, 1678588200, 1678606200},
    {NEW_YORK_RULE, 1699147800, 1699162200},
    {NEW_YORK_RULE, 1688472000, 1688486400},
    {SYDNEY_RULE, 1705320000, 1705280400},
    {SYDNEY_RULE, 1721044800, 1721008800},
    {SYDNEY_RULE, 1728181800, 1728145800},
    {SYDNEY_RULE, 1712457000, 1712417400},
    {DUBLIN_RULE, 1721044800, 1721041200},
    {NUUK_RULE, 1719792000, 1719795600},
    /* By hand: noon of 29 February and of 1 March 2024; J60 is 1 March always, 59 is day 60. */
    {"AAA0BBB,J60/0,J300/0", 1709208000, 1709208000},
    {"AAA0BBB,J60/0,J300/0", 1709294400, 1709290800},
    {"AAA0BBB,59/0,300/0", 1709208000, 1709204400},
    /* Before 1970 and behind 2100 it is as at the edge: winter. */
    {BERLIN_RULE, -86400, -90000},
    {BERLIN_RULE, 253402300799, 253402297199},
    {"Europe/Berlin", 1711852200, 1711848600},
    {"Europe/Berlin", 1729996200, 1729989000},
    {"Europe/Berlin", 174657600, 174654000},
    {"Europe/Berlin", 490276800, 490269600},
    {"Europe/Berlin", 4087800000, 4087792800},
    {"America/New_York", 1678588200, 1678606200},
    {"America/New_York", 1699147800, 1699162200},
    {"America/Phoenix", 1688472000, 1688497200},
    {"America/St_Johns", 1705320000, 1705332600},
    {"Asia/Kathmandu", 1694888536, 1694867836},
    {"Asia/Kathmandu", 315532800, 315513000},
    {"Australia/Sydney", 1728181800, 1728145800},
    {"Australia/Sydney", 1712457000, 1712417400},
    /* Half an hour's summer time. */
    {"Australia/Lord_Howe", 1712454300, 1712414700},
    {"Australia/Lord_Howe", 1728180900, 1728143100},
    /* Places that have moved to another zone; a day that there was not. */
    {"Europe/Moscow", 1341100800, 1341086400},
    {"Europe/Moscow", 1719792000, 1719781200},
    {"Pacific/Apia", 1325246400, 1325282400},
    {"Pacific/Apia", 1325289600, 1325239200},
    /* An offset in seconds. */
    {"Africa/Monrovia", 63593069, 63595739},
    {"Africa/Monrovia", 63593070, 63593070},
    {"Etc/GMT+5", 1672531200, 1672549200},
};

START_TEST(clock_to_utc)
{
    const struct row *row = &rows[_i];
    if (is_database_name(row->name) && !has_database())
        return;
    struct time_zone *zone = time_zone_new(row->name);
    ck_assert_msg(zone != NULL, "%s", row->name);
    int64_t utc_ms = time_zone_to_utc(zone, row->clock_s * 1000);
    ck_assert_msg(utc_ms == row->utc_s * 1000, "%s %lld: %lld", row->name, (long long)row->clock_s,
                  (long long)utc_ms);
    /* The last millisecond of that second is no different. */
    ck_assert_int_eq(time_zone_to_utc(zone, row->clock_s * 1000 + 999), utc_ms + 999);
    time_zone_free(zone);
}
END_TEST

struct offset_row {
    const char *name;
    int64_t utc_s;
    int32_t offset_s;
};

static const struct offset_row offset_rows[] = {
    {"UTC", 0, 0},
    {"-03:30", 1694888536, -12600},
    {BERLIN_RULE, 1711846799, 3600},
    {BERLIN_RULE, 1711846800, 7200},
    {BERLIN_RULE, 1729990799, 7200},
    {BERLIN_RULE, 1729990800, 3600},
    {BERLIN_RULE, INT64_C(-62135596800), 3600},
    {BERLIN_RULE, INT64_C(253402300799), 3600},
    {NEW_YORK_RULE, 1678604399, -18000},
    {NEW_YORK_RULE, 1678604400, -14400},
    {"Asia/Kathmandu", 504901799, 19800},
    {"Asia/Kathmandu", 504901800, 20700},
    {"Africa/Monrovia", 63593069, -2670},
    {"Africa/Monrovia", 63593070, 0},
};

START_TEST(offset_at_a_moment)
{
    const struct offset_row *row = &offset_rows[_i];
    if (is_database_name(row->name) && !has_database())
        return;
    struct time_zone *zone = time_zone_new(row->name);
    ck_assert_msg(zone != NULL, "%s", row->name);
    int32_t offset_s = time_zone_offset(zone, row->utc_s * 1000);
    ck_assert_msg(offset_s == row->offset_s, "%s %lld: %d", row->name, (long long)row->utc_s,
                  offset_s);
    /* The last millisecond of that second is no different. */
    ck_assert_int_eq(time_zone_offset(zone, row->utc_s * 1000 + 999), row->offset_s);
    time_zone_free(zone);
}
END_TEST

struct day_row {
    const char *name; /* NULL: UTC */
    int64_t utc_s, begin_s, end_s;
};

/*
 * From Python's zoneinfo: the first moments at which the date was this one or a later one, and the
 * next one or a later one.
 */
static const struct day_row day_rows[] = {
    {NULL, 0, 0, 86400},
    {NULL, 86399, 0, 86400},
    {NULL, -1, -86400, 0},
    {NULL, -86400, -86400, 0},
    {NULL, 1721088000, 1721088000, 1721174400},
    {"+05:45", 1694888536, 1694888100, 1694974500},
    {"-03:30", 1694888536, 1694835000, 1694921400},
    /* 24 hours, 23 and 25. */
    {BERLIN_RULE, 1705320000, 1705273200, 1705359600},
    {BERLIN_RULE, 1711845000, 1711839600, 1711922400},
    {BERLIN_RULE, 1711922399, 1711839600, 1711922400},
    {BERLIN_RULE, 1711922400, 1711922400, 1712008800},
    {BERLIN_RULE, 1729989000, 1729980000, 1730070000},
    {BERLIN_RULE, 1730069999, 1729980000, 1730070000},
    {BERLIN_RULE, 1730070000, 1730070000, 1730156400},
    {BERLIN_RULE, 1721080799, 1720994400, 1721080800},
    {BERLIN_RULE, 1721080800, 1721080800, 1721167200},
    /* Midnight is left out: the day begins at one. Midnight comes an hour late. */
    {SAO_PAULO_RULE, 1541300399, 1541214000, 1541300400},
    {SAO_PAULO_RULE, 1541300400, 1541300400, 1541383200},
    {SAO_PAULO_RULE, 1541332800, 1541300400, 1541383200},
    {SAO_PAULO_RULE, 1518919199, 1518832800, 1518922800},
    {SAO_PAULO_RULE, 1518919200, 1518832800, 1518922800},
    {SAO_PAULO_RULE, 1518922799, 1518832800, 1518922800},
    {SAO_PAULO_RULE, 1518922800, 1518922800, 1519009200},
    /* A minute after midnight it is 23:01 again: the new day has begun, and goes on. */
    {ST_JOHNS_RULE, 1289044800, 1289010600, 1289097000},
    {ST_JOHNS_RULE, 1289096999, 1289010600, 1289097000},
    {ST_JOHNS_RULE, 1289097000, 1289097000, 1289187000},
    {ST_JOHNS_RULE, 1289097059, 1289097000, 1289187000},
    {ST_JOHNS_RULE, 1289097060, 1289097000, 1289187000},
    {ST_JOHNS_RULE, 1289098800, 1289097000, 1289187000},
    {ST_JOHNS_RULE, 1289100599, 1289097000, 1289187000},
    {ST_JOHNS_RULE, 1289100600, 1289097000, 1289187000},
    {ST_JOHNS_RULE, 1289186999, 1289097000, 1289187000},
    {ST_JOHNS_RULE, 1289187000, 1289187000, 1289273400},
    /* The first hour is left out, or comes twice. */
    {HAVANA_RULE, 1710046799, 1709960400, 1710046800},
    {HAVANA_RULE, 1710046800, 1710046800, 1710129600},
    {HAVANA_RULE, 1730608200, 1730606400, 1730696400},
    {HAVANA_RULE, 1730611800, 1730606400, 1730696400},
    {HAVANA_RULE, 1730606399, 1730520000, 1730606400},
    /* A day that there was not. */
    {"Pacific/Apia", 1325239199, 1325152800, 1325239200},
    {"Pacific/Apia", 1325239200, 1325239200, 1325325600},
    {"Pacific/Apia", 1325325599, 1325239200, 1325325600},
    {"Pacific/Apia", 1325325600, 1325325600, 1325412000},
};

START_TEST(the_day_of_a_moment)
{
    const struct day_row *row = &day_rows[_i];
    if (row->name && is_database_name(row->name) && !has_database())
        return;
    struct time_zone *zone = row->name ? time_zone_new(row->name) : NULL;
    ck_assert(zone != NULL || !row->name);
    for (int64_t rest_ms = 0; rest_ms < 1000; rest_ms += 999) {
        struct day day = time_zone_day(zone, row->utc_s * 1000 + rest_ms);
        ck_assert_int_eq(day.begin_ms, row->begin_s * 1000);
        ck_assert_int_eq(day.end_ms, row->end_s * 1000);
    }
    ck_assert(time_zone_same_day(zone, row->utc_s * 1000, row->begin_s * 1000));
    ck_assert(time_zone_same_day(zone, row->utc_s * 1000, row->end_s * 1000 - 1));
    ck_assert(!time_zone_same_day(zone, row->utc_s * 1000, row->begin_s * 1000 - 1));
    ck_assert(!time_zone_same_day(zone, row->utc_s * 1000, row->end_s * 1000));
    time_zone_free(zone);
}
END_TEST

/* Every moment is in its day, and days follow each other without a gap. */
START_TEST(days_follow_each_other)
{
    static const char *const names[] = {BERLIN_RULE,   NEW_YORK_RULE, SYDNEY_RULE,
                                        DUBLIN_RULE,   NUUK_RULE,     SAO_PAULO_RULE,
                                        ST_JOHNS_RULE, HAVANA_RULE,   "-03:30"};
    struct time_zone *zone = time_zone_new(names[_i]);
    ck_assert_ptr_nonnull(zone);
    struct day day = time_zone_day(zone, INT64_C(1262304000000)); /* the year 2010 */
    for (int64_t at_ms = INT64_C(1262304000000); at_ms < INT64_C(1293840000000); at_ms += 600000) {
        struct day next = time_zone_day(zone, at_ms);
        ck_assert_msg(day_holds(&next, at_ms), "%s %lld", names[_i], (long long)at_ms);
        if (next.begin_ms != day.begin_ms)
            ck_assert_int_eq(next.begin_ms, day.end_ms);
        else
            ck_assert_int_eq(next.end_ms, day.end_ms);
        day = next;
    }
    time_zone_free(zone);
}
END_TEST

static const char *const no_zones[] = {
    "",
    "Europe/Nowhere",
    "europe/berlin ",
    "/usr/share/zoneinfo/Europe/Berlin",
    "../zoneinfo/Europe/Berlin",
    "Europe/../Europe/Berlin",
    ":Europe/Berlin",
    "Europe",  /* a folder */
    "Europe/", /* the same */
    "tzdata.zi",
    "zone.tab",
    "leap-seconds.list",
    "Europe/Berlin\n",
    "%s",
    "+24:00",
    "+2:00",
    "+02",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/aaa",
    /* Rules that the C library takes for UTC, or fills in as it likes. */
    "CET",
    "CE-1",
    "CET-1CEST",
    "CET-1CEST,M3.5.0",
    "CET-1CEST,M3.5.0,",
    "CET-1CEST,M13.5.0,M10.5.0/3",
    "CET-1CEST,M0.5.0,M10.5.0/3",
    "CET-1CEST,M3.6.0,M10.5.0/3",
    "CET-1CEST,M3.0.0,M10.5.0/3",
    "CET-1CEST,M3.5.7,M10.5.0/3",
    "CET-1CEST,M3.5,M10.5.0/3",
    "CET-1CEST,M3.5.0,M10.5.0/",
    "CET-1CEST,M3.5.0,M10.5.0/168",
    "CET-1CEST,M3.5.0,M10.5.0/3:60",
    "CET-1CEST,M3.5.0,M10.5.0/3x",
    "CET-1CEST,J0,J300",
    "CET-1CEST,J366,J300",
    "CET-1CEST,366,300",
    "CET-25",
    "CET-1:60",
    "CET-1:00:60",
    "CET--1",
    "CET-1CE,M3.5.0,M10.5.0/3",
    "<+03-3",
    "<+3>-3",
    "<>-3",
    "<CET>",
};

START_TEST(what_is_no_zone)
{
    /* "CET" is a file of some databases. */
    if (strcmp(no_zones[_i], "CET") == 0 && access("/usr/share/zoneinfo/CET", F_OK) == 0)
        return;
    ck_assert_msg(time_zone_new(no_zones[_i]) == NULL, "%s", no_zones[_i]);
}
END_TEST

static const char *const rules[] = {
    "CET-1",
    "<+0330>-3:30<+0430>,J79/24,J263/24",
    "<-02>+2<-01>-1:00:00,M3.5.0/-167:59:59,M10.5.0/167",
    "AAA24BBB-24:59:59,0,365",
};

START_TEST(a_well_formed_rule_is_a_zone)
{
    struct time_zone *zone = time_zone_new(rules[_i]);
    ck_assert_msg(zone != NULL, "%s", rules[_i]);
    time_zone_free(zone);
}
END_TEST

START_TEST(without_a_zone_it_is_utc)
{
    ck_assert_int_eq(time_zone_to_utc(NULL, 1694888536123), 1694888536123);
    ck_assert_int_eq(time_zone_offset(NULL, 1694888536123), 0);
    time_zone_free(NULL);
}
END_TEST

static int hour_here(void)
{
    time_t at = 1694888536; /* 18:22:16 UTC */
    struct tm tm;
    return localtime_r(&at, &tm)->tm_hour;
}

/* The C library's zone is given back, and was not asked. */
START_TEST(the_machines_zone_plays_no_part)
{
    static const char *const machines[] = {"America/New_York", "AAA-3", "", "rubbish", NULL};
    for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++) {
        if (machines[i])
            setenv("TZ", machines[i], 1);
        else
            unsetenv("TZ");
        tzset();
        int hour = hour_here();
        struct time_zone *zone = time_zone_new(BERLIN_RULE);
        ck_assert(zone != NULL);
        ck_assert_int_eq(time_zone_to_utc(zone, INT64_C(1711852200000)), INT64_C(1711848600000));
        ck_assert_int_eq(hour_here(), hour);
        ck_assert_pstr_eq(getenv("TZ"), machines[i]);
        time_zone_free(zone);
    }
}
END_TEST

/* A database of one's own: a zone whose file is there, one that only the usual database has. */
START_TEST(the_folder_of_the_environment_comes_first)
{
    if (!has_database())
        return;
    char folder[] = "time_zone_test.XXXXXX", link[64], rubbish[64];
    ck_assert(mkdtemp(folder) != NULL);
    char *here = getcwd(NULL, 0), path[4096];
    snprintf(path, sizeof path, "%s/%s", here, folder);
    snprintf(link, sizeof link, "%s/Mine", folder);
    snprintf(rubbish, sizeof rubbish, "%s/Rubbish", folder);
    ck_assert_int_eq(symlink("/usr/share/zoneinfo/Asia/Kathmandu", link), 0);
    FILE *file = fopen(rubbish, "w");
    ck_assert(file != NULL && fputs("no zone", file) >= 0 && fclose(file) == 0);
    setenv("TZDIR", path, 1);
    struct time_zone *mine = time_zone_new("Mine"), *usual = time_zone_new("America/Phoenix");
    struct time_zone *none = time_zone_new("Rubbish");
    unlink(link);
    unlink(rubbish);
    rmdir(folder);
    free(here);
    ck_assert(mine != NULL && usual != NULL && none == NULL);
    ck_assert_int_eq(time_zone_offset(mine, INT64_C(1694888536000)), 20700);
    ck_assert_int_eq(time_zone_offset(usual, INT64_C(1694888536000)), -25200);
    time_zone_free(mine);
    time_zone_free(usual);
}
END_TEST

struct text_row {
    const char *text;
    bool is_offset;
    int32_t offset_s;
    size_t size; /* of what time_offset_size takes; 0: nothing */
};

static const struct text_row text_rows[] = {
    {"UTC", true, 0, 0},        {"Z", true, 0, 0},
    {"+0000", true, 0, 5},      {"+02:00", true, 7200, 6},
    {"-0330", true, -12600, 5}, {"-03:30", true, -12600, 6},
    {"+1400", true, 50400, 5},  {"+23:59", true, 86340, 6},
    {"-00:01", true, -60, 6},   {"", false, 0, 0},
    {"utc", false, 0, 0},       {"CET", false, 0, 0},
    {"02:00", false, 0, 0},     {"+2", false, 0, 0},
    {"+02", false, 7200, 3},    {"+2:00", false, 0, 0},
    {"+24:00", false, 0, 0},    {"+02:60", false, 0, 0},
    {"+02-00", false, 7200, 3}, {"+02:00 ", false, 7200, 6},
    {"+02000", false, 7200, 5}, {"Europe/Berlin", false, 0, 0},
    {"+02:", false, 7200, 3},   {"-030", false, -10800, 3},
    {"+0x00", false, 0, 0},     {"~0200", false, 0, 0},
};

START_TEST(reads_an_offset)
{
    const struct text_row *row = &text_rows[_i];
    int32_t offset_s = 99;
    bool is_offset = time_offset_parse(slice_of(row->text), &offset_s);
    ck_assert_msg(is_offset == row->is_offset, "%s", row->text);
    ck_assert_msg(!is_offset || offset_s == row->offset_s, "%s: %d", row->text, offset_s);
    size_t size = time_offset_size(slice_of(row->text), &offset_s);
    ck_assert_msg(size == row->size, "%s: %zu", row->text, size);
    ck_assert_msg(size == 0 || offset_s == row->offset_s, "%s: %d", row->text, offset_s);
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof table[0])

int main(void)
{
    setenv("TZ", "America/New_York", 1);
    setenv("LC_ALL", "fr_FR.UTF-8", 1);
    unsetenv("TZDIR");
    Suite *suite = suite_create("time_zone");
    TCase *table = tcase_create("table");
    tcase_add_loop_test(table, clock_to_utc, 0, ROWS(rows));
    tcase_add_loop_test(table, offset_at_a_moment, 0, ROWS(offset_rows));
    tcase_add_loop_test(table, the_day_of_a_moment, 0, ROWS(day_rows));
    tcase_add_loop_test(table, days_follow_each_other, 0, 9);
    tcase_add_loop_test(table, what_is_no_zone, 0, ROWS(no_zones));
    tcase_add_loop_test(table, a_well_formed_rule_is_a_zone, 0, ROWS(rules));
    tcase_add_loop_test(table, reads_an_offset, 0, ROWS(text_rows));
    tcase_add_test(table, without_a_zone_it_is_utc);
    tcase_add_test(table, the_machines_zone_plays_no_part);
    tcase_add_test(table, the_folder_of_the_environment_comes_first);
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
