/* What "log:" says once it is known which cookies and headers are wanted; by hand. */
#include "funnel/log_section.h"

#include <check.h>
#include <stdlib.h>

static const struct extra_fields none, wanted = {{{"uid", true}, {"X-Session", false}}, 2};

struct bench {
    struct arena arena;
    struct error error;
    struct log_section section;
};

static bool read_section(struct bench *bench, const char *text)
{
    struct config config = {"shop.yaml", &bench->arena, &bench->error};
    arena_init(&bench->arena);
    const struct config_node *root = config_parse(&config, slice_of(text));
    return root && log_section_read(&config, root, &bench->section);
}

static unsigned extra_bits(const struct log_format *format)
{
    return FIELDS_BUT(format->absent) >> FIELD_EXTRA;
}

static const struct {
    const char *text;
    unsigned extra; /* bit per extra field of the settled format */
} rows[] = {
    {"format: '$remote_addr [$time_local] \"$request\" $status $cookie_uid \"$http_x_session\"'",
     3},
    {"format: '%h %t \"%r\" %>s \"%{X-Session}i\"'", 2},
    {"format: '%h %t \"%r\" %>s %b'", 0},
    {"keys: {url: path}\nformat: '%h %t \"%r\" %>s %{uid}C'", 1},
};

START_TEST(a_format_finds_what_is_wanted)
{
    struct bench bench = {0};
    ck_assert_msg(read_section(&bench, rows[_i].text), "%s", bench.error.sentence);
    ck_assert_uint_eq(extra_bits(bench.section.format), 0);
    const struct log_format *before = bench.section.format;
    ck_assert(log_section_settle(&bench.section, &none, &bench.arena, &bench.error));
    ck_assert_ptr_eq(bench.section.format, before);
    ck_assert(log_section_settle(&bench.section, &wanted, &bench.arena, &bench.error));
    ck_assert_uint_eq(extra_bits(bench.section.format), rows[_i].extra);
    ck_assert_int_eq(bench.error.code, ERROR_NONE);
    arena_clear(&bench.arena);
}
END_TEST

/* Presets know them when lines are read (detect.h). */
START_TEST(presets_stay_as_they_are)
{
    struct bench bench = {0};
    ck_assert(read_section(&bench, "format: combined"));
    ck_assert(log_section_settle(&bench.section, &wanted, &bench.arena, &bench.error));
    ck_assert_ptr_eq(bench.section.format, format_find("combined"));
    arena_clear(&bench.arena);
}
END_TEST

START_TEST(without_a_format_there_is_nothing_to_settle)
{
    struct bench bench = {0};
    ck_assert(read_section(&bench, "keys: {url: path}"));
    ck_assert(log_section_settle(&bench.section, &wanted, &bench.arena, &bench.error));
    ck_assert_ptr_null(bench.section.format);
    arena_clear(&bench.arena);
}
END_TEST

/* Two that touch are one word that nobody needs, until one of them is wanted. */
START_TEST(what_cannot_be_cut_is_an_error)
{
    struct bench bench = {0};
    ck_assert(read_section(&bench,
                           "keys: {url: path}\n"
                           "format: '[$time_local] \"$request\" $status $http_x_session$pipe'"));
    ck_assert(!log_section_settle(&bench.section, &wanted, &bench.arena, &bench.error));
    ck_assert_int_eq(bench.error.code, ERROR_USAGE);
    ck_assert_str_eq(bench.error.file, "shop.yaml");
    ck_assert_uint_eq(bench.error.line, 2);
    ck_assert_uint_eq(bench.error.column, 9);
    ck_assert_ptr_nonnull(strstr(bench.error.sentence, "format, character 49: nothing stands"));
    arena_clear(&bench.arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_section");
    TCase *tests = tcase_create("log_section");
    tcase_add_loop_test(tests, a_format_finds_what_is_wanted, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, presets_stay_as_they_are);
    tcase_add_test(tests, without_a_format_there_is_nothing_to_settle);
    tcase_add_test(tests, what_cannot_be_cut_is_an_error);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
