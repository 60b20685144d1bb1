/* Expected values: by hand from RFC 3629 and the code charts of Unicode 15. */
#include "base/printable.h"

#include <check.h>
#include <stdio.h>

#define ROW(text) text, sizeof(text) - 1

static const struct {
    const char *text;
    size_t size;
    const char *shown;
} rows[] = {
    {ROW("plain text ~ \\ \"quoted\""), "plain text ~ \\ \"quoted\""},
    {ROW("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80 \xe6\x97\xa5"),
     "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80 \xe6\x97\xa5"}, /* two to four bytes */
    {ROW("\x1b[31mred\x1b[0m"), "\\x1B[31mred\\x1B[0m"},
    {ROW("a\0b"), "a\\x00b"},
    {ROW("\t\r\n"), "\\x09\\x0D\\x0A"},
    {ROW("\x7f"), "\\x7F"},
    {ROW("\xc2\x9b\x33m"), "\\xC2\\x9B3m"},   /* U+009B, the C1 form of ESC [ */
    {ROW("\xc2\xa0"), "\xc2\xa0"},            /* first after C1 */
    {ROW("\xd8\x9c"), "\\xD8\\x9C"},          /* U+061C Arabic letter mark */
    {ROW("\xe2\x80\x8b"), "\\xE2\\x80\\x8B"}, /* U+200B zero width space */
    {ROW("\xe2\x80\x8d"), "\\xE2\\x80\\x8D"}, /* U+200D zero width joiner */
    {ROW("\xe2\x80\x8f"), "\\xE2\\x80\\x8F"}, /* U+200F right-to-left mark */
    {ROW("\xe2\x80\x90"), "\xe2\x80\x90"},    /* U+2010 hyphen */
    {ROW("\xe2\x80\xa8\xe2\x80\xa9"), "\\xE2\\x80\\xA8\\xE2\\x80\\xA9"}, /* separators */
    {ROW("\xe2\x80\xaa"), "\\xE2\\x80\\xAA"},                            /* U+202A */
    {ROW("\xe2\x80\xae"), "\\xE2\\x80\\xAE"},          /* U+202E right-to-left override */
    {ROW("\xe2\x80\xaf"), "\xe2\x80\xaf"},             /* U+202F narrow no-break space */
    {ROW("\xe2\x81\xa6"), "\\xE2\\x81\\xA6"},          /* U+2066 isolate */
    {ROW("\xe2\x81\xa9"), "\\xE2\\x81\\xA9"},          /* U+2069 */
    {ROW("\xef\xbb\xbf"), "\\xEF\\xBB\\xBF"},          /* byte order mark */
    {ROW("\xf3\xa0\x80\xa1"), "\\xF3\\xA0\\x80\\xA1"}, /* U+E0021, a tag */
    {ROW("\xc0\xaf"), "\\xC0\\xAF"},                   /* overlong "/" */
    {ROW("\xc1\xbf"), "\\xC1\\xBF"},
    {ROW("\xe0\x80\xaf"), "\\xE0\\x80\\xAF"},
    {ROW("\xe0\x9f\xbf"), "\\xE0\\x9F\\xBF"},
    {ROW("\xe0\xa0\x80"), "\xe0\xa0\x80"}, /* the smallest of three bytes */
    {ROW("\xf0\x80\x80\xaf"), "\\xF0\\x80\\x80\\xAF"},
    {ROW("\xf0\x8f\xbf\xbf"), "\\xF0\\x8F\\xBF\\xBF"},
    {ROW("\xf0\x90\x80\x80"), "\xf0\x90\x80\x80"},     /* the smallest of four */
    {ROW("\xed\x9f\xbf"), "\xed\x9f\xbf"},             /* last before the surrogates */
    {ROW("\xed\xa0\x80"), "\\xED\\xA0\\x80"},          /* first surrogate */
    {ROW("\xed\xbf\xbf"), "\\xED\\xBF\\xBF"},          /* last surrogate */
    {ROW("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf"},     /* U+10FFFF */
    {ROW("\xf4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80"}, /* beyond */
    {ROW("\xf5\x80\x80\x80"), "\\xF5\\x80\\x80\\x80"},
    {ROW("\xc3"), "\\xC3"}, /* truncated */
    {ROW("\xe2\x82"), "\\xE2\\x82"},
    {ROW("\xf0\x9f\x98"), "\\xF0\\x9F\\x98"},
    {ROW("\xe2\x82z"), "\\xE2\\x82z"},
    {ROW("\xc3\xc3\xa4"), "\\xC3\xc3\xa4"}, /* the next character is kept */
    {ROW("\xbf"), "\\xBF"},                 /* a tail without a head */
    {ROW(""), ""},
};

START_TEST(hostile_text_is_shown_harmlessly)
{
    char out[256];
    ck_assert_str_eq(printable(out, sizeof out, (struct slice){rows[_i].text, rows[_i].size}),
                     rows[_i].shown);
}
END_TEST

START_TEST(every_byte_alone)
{
    for (unsigned value = 0; value < 256; value++) {
        char byte = (char)value, out[8], expected[8];
        if (value >= 0x20 && value < 0x7f)
            snprintf(expected, sizeof expected, "%c", byte);
        else
            snprintf(expected, sizeof expected, "\\x%02X", value);
        ck_assert_str_eq(printable(out, sizeof out, (struct slice){&byte, 1}), expected);
    }
}
END_TEST

/* "a", U+20AC, then a byte that is shown as \xFF: 1 + 3 + 4 bytes and a NUL. */
START_TEST(a_full_buffer_ends_at_a_character)
{
    static const char *const expected[] = {NULL,
                                           "",
                                           "a",
                                           "a",
                                           "a",
                                           "a\xe2\x82\xac",
                                           "a\xe2\x82\xac",
                                           "a\xe2\x82\xac",
                                           "a\xe2\x82\xac",
                                           "a\xe2\x82\xac\\xFF"};
    for (size_t size = 1; size < 10; size++) {
        char out[16] = "XXXXXXXXXXXXXXX";
        printable(out, size, SLICE_LITERAL("a\xe2\x82\xac\xff"));
        ck_assert_str_eq(out, expected[size]);
        ck_assert_int_eq(out[size], 'X');
    }
}
END_TEST

START_TEST(the_bound_is_enough)
{
    char text[100], out[sizeof text * 4 + 1];
    ck_assert_uint_eq(printable_bound(sizeof text), sizeof out);
    memset(text, 0xff, sizeof text);
    ck_assert_uint_eq(strlen(printable(out, sizeof out, (struct slice){text, sizeof text})), 400);
}
END_TEST

START_TEST(widths_count_columns)
{
    static const struct {
        const char *text;
        size_t width;
    } widths[] = {
        {"", 0},
        {"abc", 3},
        {"\xc3\xa4", 1},                 /* a umlaut */
        {"a\xcc\x88", 1},                /* a, combining diaeresis */
        {"\xe6\x97\xa5\xe6\x9c\xac", 4}, /* Han */
        {"\xea\xb0\x80", 2},             /* Hangul */
        {"\xef\xbc\xa1", 2},             /* full-width A */
        {"\xf0\x9f\x98\x80", 2},         /* an emoji */
        {"\xe2\x96\x88", 1},             /* full block */
    };
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        ck_assert_msg(printable_width(slice_of(widths[i].text)) == widths[i].width, "row %zu", i);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("printable");
    TCase *tests = tcase_create("printable");
    tcase_add_loop_test(tests, hostile_text_is_shown_harmlessly, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, every_byte_alone);
    tcase_add_test(tests, a_full_buffer_ends_at_a_character);
    tcase_add_test(tests, the_bound_is_enough);
    tcase_add_test(tests, widths_count_columns);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
