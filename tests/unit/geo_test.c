/*
 * The databases are made by tests/data/make-mmdb.pl, which also tells what is in them; an
 * independent reader (mmdblookup) showed the same.
 */
#include "geo/geo.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

#define X16  "xxxxxxxxxxxxxxxx"
#define X128 X16 X16 X16 X16 X16 X16 X16 X16

/* The path of a test database; automake sets srcdir. */
static const char *data_path(const char *name)
{
    static char path[4096];
    const char *root = getenv("srcdir");
    snprintf(path, sizeof path, "%s/tests/data/geo/%s", root ? root : ".", name);
    return path;
}

static struct geo *open_one(const char *name)
{
    struct error error = {0};
    const char *path = data_path(name);
    struct geo *geo = geo_open(&path, 1, &error);
    ck_assert_msg(geo != NULL, "%s", error.sentence);
    return geo;
}

static struct geo *open_two(const char *first, const char *second)
{
    struct error error = {0};
    char *path = strdup(data_path(first));
    const char *paths[] = {path, data_path(second)};
    struct geo *geo = geo_open(paths, 2, &error);
    ck_assert_msg(geo != NULL, "%s", error.sentence);
    free(path);
    return geo;
}

static uint32_t look_up(struct geo *geo, const char *text)
{
    struct address address;
    address_parse(slice_of(text), &address);
    return geo_lookup(geo, &address);
}

struct row {
    const char *file, *address;
    const char *country, *subdivision, *city;
};

static const struct row rows[] = {
    {"city-test.mmdb", "10.0.0.0", "DE", "DE-BE", "DE-BE Berlin"},
    {"city-test.mmdb", "10.0.255.255", "DE", "DE-BE", "DE-BE Berlin"},
    {"city-test.mmdb", "10.1.2.3", "FR", "FR-IDF", "FR-IDF Paris"},
    {"city-test.mmdb", "10.2.2.3", "US", "US-CA", "US-CA Los Angeles"},
    {"city-test.mmdb", "10.3.2.3", "GB", "GB-ENG", "GB-ENG London"},
    {"city-test.mmdb", "10.4.2.3", "NL", "NL-NH", "NL-NH Amsterdam"},
    {"city-test.mmdb", "10.5.2.3", "PL", "PL-14", "PL-14 Warsaw"},
    {"city-test.mmdb", "10.6.2.3", "ES", "ES-MD", "ES-MD Madrid"},
    {"city-test.mmdb", "10.7.2.3", "IT", "IT-62", "IT-62 Rome"},
    {"city-test.mmdb", "10.8.2.3", "BR", "BR-SP", "BR-SP São Paulo"},
    {"city-test.mmdb", "10.9.2.3", "JP", "JP-13", "JP-13 Tokyo"},
    {"city-test.mmdb", "::ffff:10.9.2.3", "JP", "JP-13", "JP-13 Tokyo"},
    {"city-test.mmdb", "fd00::1", "DE", "DE-BE", "DE-BE Berlin"},
    {"city-test.mmdb", "fd00:9:ffff::1", "JP", "JP-13", "JP-13 Tokyo"},
    {"city-test.mmdb", "fd00:a::1", "ZZ", "", ""},
    {"city-test.mmdb", "10.10.0.0", "ZZ", "", ""},
    {"city-test.mmdb", "192.0.2.1", "ZZ", "", ""},
    {"city-test.mmdb", "host.example", "ZZ", "", ""},
    /* Names that mean harm are still names; codes and lengths are checked. */
    {"city-test.mmdb", "10.250.0.1", "AQ", "AQ </script><b>", "AQ </script><b>"},
    {"city-test.mmdb", "10.250.1.1", "AQ", "AQ =cmd", "AQ =cmd|' /C calc'!A0"},
    {"city-test.mmdb", "10.250.2.1", "AQ", "AQ bell\a\033[31mred", "AQ line\nfeed\r\ttab"},
    {"city-test.mmdb", "10.250.3.1", "AQ", "AQ " X128, ""},
    {"city-test.mmdb", "10.250.4.1", "ZZ", "", ""},
    {"city-test.mmdb", "10.250.5.1", "AQ", "AQ Code", ""},
    {"city-test.mmdb", "10.250.6.1", "AQ", "AQ-X1", ""},
    {"city-test.mmdb", "10.250.7.1", "AQ", "AQ right\u202eleft", "AQ @SUM(1)"},
    {"country-test.mmdb", "10.8.0.1", "BR", "", ""},
    {"country-test.mmdb", "fd00:8::1", "BR", "", ""},
    {"country-test.mmdb", "10.250.0.1", "ZZ", "", ""},
    {"country-test.mmdb", "10.250.1.1", "AQ", "", ""},
    {"country-test.mmdb", "10.250.2.1", "ZZ", "", ""},
    {"country-test.mmdb", "10.250.3.1", "ZZ", "", ""},
    {"country-test.mmdb", "10.251.0.1", "XK", "", ""},
    {"flat-country.mmdb", "10.2.0.1", "US", "", ""},
    {"flat-country.mmdb", "fd00:2::1", "US", "", ""},
    {"flat-country.mmdb", "10.250.0.1", "ZZ", "", ""},
    {"flat-country.mmdb", "10.250.1.1", "ZZ", "", ""},
    {"flat-city-v4.mmdb", "10.1.0.1", "FR", "FR Île-de-France", "FR Paris"},
    {"flat-city-v4.mmdb", "10.5.0.1", "PL", "PL Mazovia", "PL Warsaw"},
    {"flat-city-v4.mmdb", "fd00:5::1", "ZZ", "", ""},
    {"flat-city-v4.mmdb", "10.250.6.1", "AQ", "", ""},
    {"corrupt-test.mmdb", "10.8.0.1", "BR", "", ""},
};

static void check_place(const struct geo *geo, uint32_t number, const struct row *row)
{
    const struct geo_place *place = geo_place(geo, number);
    ck_assert_msg(slice_is(place->country, row->country), "%s: %s: country %.*s", row->file,
                  row->address, SLICE_ARG(place->country));
    ck_assert_msg(slice_is(place->subdivision, row->subdivision), "%s: %s: subdivision %.*s",
                  row->file, row->address, SLICE_ARG(place->subdivision));
    ck_assert_msg(slice_is(place->city, row->city), "%s: %s: city %.*s", row->file, row->address,
                  SLICE_ARG(place->city));
}

START_TEST(finds_places)
{
    struct geo *geo = open_one(rows[_i].file);
    uint32_t number = look_up(geo, rows[_i].address);
    check_place(geo, number, &rows[_i]);
    ck_assert_int_eq(number == GEO_UNKNOWN, strcmp(rows[_i].country, "ZZ") == 0);
    ck_assert_uint_eq(look_up(geo, rows[_i].address), number);
    ck_assert_uint_eq(geo_failed_lookups(geo), 0);
    geo_close(geo);
}
END_TEST

START_TEST(one_place_has_one_number)
{
    struct geo *geo = open_one("city-test.mmdb");
    ck_assert_uint_eq(geo_place_count(geo), 1);
    uint32_t berlin = look_up(geo, "10.0.0.1");
    ck_assert_uint_eq(look_up(geo, "10.0.9.9"), berlin);
    ck_assert_uint_eq(look_up(geo, "fd00:0:1::1"), berlin);
    ck_assert_uint_ne(look_up(geo, "10.1.0.1"), berlin);
    ck_assert_uint_eq(look_up(geo, "10.99.0.1"), GEO_UNKNOWN);
    ck_assert_uint_eq(geo_place_count(geo), 3);
    geo_close(geo);
}
END_TEST

START_TEST(no_database_knows_nothing)
{
    struct error error = {0};
    struct geo *geo = geo_open(NULL, 0, &error);
    ck_assert_ptr_nonnull(geo);
    ck_assert_uint_eq(look_up(geo, "10.0.0.1"), GEO_UNKNOWN);
    ck_assert(slice_is(geo_place(geo, GEO_UNKNOWN)->country, "ZZ"));
    ck_assert_uint_eq(geo_file_count(geo), 0);
    geo_close(geo);
    geo_close(NULL);
}
END_TEST

/* What the second one adds to the first: finer levels, and addresses that only it knows. */
START_TEST(databases_complete_each_other)
{
    struct geo *geo = open_two("flat-country.mmdb", "city-test.mmdb");
    check_place(geo, look_up(geo, "10.8.0.1"),
                &(struct row){"both", "10.8.0.1", "BR", "BR-SP", "BR-SP São Paulo"});
    check_place(geo, look_up(geo, "10.250.0.1"),
                &(struct row){"both", "10.250.0.1", "AQ", "AQ </script><b>", "AQ </script><b>"});
    geo_close(geo);

    geo = open_two("flat-city-v4.mmdb", "city-test.mmdb");
    check_place(geo, look_up(geo, "10.5.0.1"),
                &(struct row){"both", "10.5.0.1", "PL", "PL Mazovia", "PL Warsaw"});
    check_place(geo, look_up(geo, "10.250.6.1"),
                &(struct row){"both", "10.250.6.1", "AQ", "AQ-X1", ""});
    check_place(geo, look_up(geo, "fd00:5::1"),
                &(struct row){"both", "fd00:5::1", "PL", "PL-14", "PL-14 Warsaw"});
    geo_close(geo);
}
END_TEST

START_TEST(another_country_adds_no_levels)
{
    struct geo *geo = open_two("disagree-test.mmdb", "city-test.mmdb");
    check_place(geo, look_up(geo, "10.0.0.1"), &(struct row){"both", "10.0.0.1", "CH", "", ""});
    geo_close(geo);
}
END_TEST

START_TEST(corrupt_records_are_counted)
{
    struct geo *geo = open_one("corrupt-test.mmdb");
    ck_assert_uint_ne(look_up(geo, "10.8.0.1"), GEO_UNKNOWN);
    ck_assert_uint_eq(geo_failed_lookups(geo), 0);
    ck_assert_uint_eq(look_up(geo, "10.9.0.1"), GEO_UNKNOWN);
    ck_assert_uint_eq(look_up(geo, "10.9.0.2"), GEO_UNKNOWN);
    ck_assert_uint_eq(geo_failed_lookups(geo), 2);
    geo_close(geo);

    /* Another database that knows the place still answers. */
    geo = open_two("corrupt-test.mmdb", "country-test.mmdb");
    ck_assert(slice_is(geo_place(geo, look_up(geo, "10.9.0.1"))->country, "JP"));
    ck_assert_uint_eq(geo_failed_lookups(geo), 1);
    geo_close(geo);
}
END_TEST

/* A record of a million nested arrays, which a reader that recurses does not survive. */
START_TEST(deep_nesting_is_corrupt)
{
    enum { DEPTH = 1000000, NODE = 6, SEPARATOR = 16 };
    char path[] = "/tmp/geo_test.XXXXXX";
    FILE *file = fdopen(mkstemp(path), "wb");
    ck_assert_ptr_nonnull(file);
    /* One node of 24-bit records, both to the first byte of the data section. */
    fwrite("\0\0\21\0\0\21", 1, NODE, file);
    fwrite("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 1, SEPARATOR, file);
    fwrite("\342\101a", 1, 3, file); /* a map of two: "a", an array in an array in ... */
    for (int i = 0; i < DEPTH; i++)
        fwrite("\1\4", 1, 2, file);
    static const char rest[] = "\0\4\114country_code\102DE"
                               "\253\315\357MaxMind.com\351"
                               "\112node_count\301\1"
                               "\113record_size\241\30"
                               "\112ip_version\241\4"
                               "\115database_type\104Deep"
                               "\111languages\0\4"
                               "\133binary_format_major_version\241\2"
                               "\133binary_format_minor_version\240"
                               "\113build_epoch\1\2\1"
                               "\113description\340";
    fwrite(rest, 1, sizeof rest - 1, file);
    ck_assert_int_eq(fclose(file), 0);

    struct error error = {0};
    const char *paths[] = {path};
    struct geo *geo = geo_open(paths, 1, &error);
    ck_assert_msg(geo != NULL, "%s", error.sentence);
    ck_assert_uint_eq(look_up(geo, "192.0.2.1"), GEO_UNKNOWN);
    ck_assert_uint_eq(geo_failed_lookups(geo), 1);
    geo_close(geo);
    unlink(path);
}
END_TEST

START_TEST(describes_its_files)
{
    struct geo *geo = open_two("flat-country.mmdb", "city-test.mmdb");
    ck_assert_uint_eq(geo_file_count(geo), 2);
    const char *first = geo_file_description(geo, 0);
    const char *second = geo_file_description(geo, 1);
    ck_assert_ptr_eq(strstr(first, "country ipvAll, built 2026-01-01, "), first);
    ck_assert_ptr_nonnull(strstr(first, "flat-country.mmdb"));
    ck_assert_ptr_eq(strstr(second, "Test-City, built 2026-01-01, "), second);
    geo_close(geo);
}
END_TEST

struct refusal {
    const char *file;
    const char *reason; /* a part of the sentence */
};

static const struct refusal refusals[] = {
    {"missing.mmdb", "No such file or directory"},
    {".", "not a regular file"},
    {"../make-mmdb.pl", "give a readable, uncompressed MaxMind DB file"},
    {"foreign-test.mmdb", "holds neither countries nor cities nor networks (its type is \"Test-S"},
};

START_TEST(refuses_what_is_no_geo_database)
{
    struct error error = {0};
    char *sound = strdup(data_path("city-test.mmdb"));
    const char *paths[] = {sound, data_path(refusals[_i].file)};
    ck_assert_ptr_null(geo_open(paths, 2, &error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.file, paths[1]);
    ck_assert_msg(strstr(error.sentence, refusals[_i].reason) != NULL, "%s", error.sentence);
    free(sound);
}
END_TEST

/* Opening a pipe would wait for somebody to write into it. */
START_TEST(refuses_a_pipe)
{
    char folder[] = "/tmp/geo_test.XXXXXX", path[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/pipe", folder);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    struct error error = {0};
    const char *paths[] = {path};
    ck_assert_ptr_null(geo_open(paths, 1, &error));
    ck_assert_msg(strstr(error.sentence, "not a regular file") != NULL, "%s", error.sentence);
    unlink(path);
    rmdir(folder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("geo");
    TCase *tests = tcase_create("geo");
    tcase_add_loop_test(tests, finds_places, 0, LENGTH(rows));
    tcase_add_test(tests, one_place_has_one_number);
    tcase_add_test(tests, no_database_knows_nothing);
    tcase_add_test(tests, databases_complete_each_other);
    tcase_add_test(tests, another_country_adds_no_levels);
    tcase_add_test(tests, corrupt_records_are_counted);
    tcase_add_test(tests, deep_nesting_is_corrupt);
    tcase_add_test(tests, describes_its_files);
    tcase_add_loop_test(tests, refuses_what_is_no_geo_database, 0, LENGTH(refusals));
    tcase_add_test(tests, refuses_a_pipe);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
