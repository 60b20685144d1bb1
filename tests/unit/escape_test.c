/*
 * What is expected follows from the servers' own documentation: Apache mod_log_config and nginx
 * log_format (escape=default), RFC 8259 section 7 (JSON; its G clef and Python's json.loads for
 * the pairs), RFC 3986 section 2.1 (%XX), RFC 4180 section 2.7 (""). UTF-8 is by Python.
 */
#include "parser/escape.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>

struct row {
    enum escape_style style;
    struct slice text;
    struct slice decoded;
};

/* Literals with NUL inside need their size. */
#define ROW(style, text, decoded)                                                                  \
    {                                                                                              \
        style, {text, sizeof(text) - 1},                                                           \
        {                                                                                          \
            decoded, sizeof(decoded) - 1                                                           \
        }                                                                                          \
    }

static const struct row rows[] = {
    ROW(ESCAPE_NONE, "", ""),
    ROW(ESCAPE_NONE, "a\\n+%41\"\"b", "a\\n+%41\"\"b"),

    ROW(ESCAPE_BACKSLASH, "", ""),
    ROW(ESCAPE_BACKSLASH, "plain + %41 \"\"", "plain + %41 \"\""),
    ROW(ESCAPE_BACKSLASH, "say \\\"hi\\\"", "say \"hi\""),
    ROW(ESCAPE_BACKSLASH, "\\\\\\n\\t\\r\\b\\v", "\\\n\t\r\b\v"),
    ROW(ESCAPE_BACKSLASH, "\\x41\\xc3\\xA4\\xff", "A\xc3\xa4\xff"),
    ROW(ESCAPE_BACKSLASH, "\\x22\\x5C", "\"\\"),
    /* Once, and never again. */
    ROW(ESCAPE_BACKSLASH, "\\\\x41", "\\x41"),
    ROW(ESCAPE_BACKSLASH, "\\x5cx41", "\\x41"),
    ROW(ESCAPE_BACKSLASH, "\\\\\\\\n", "\\\\n"),
    /* None. */
    ROW(ESCAPE_BACKSLASH, "\\", "\\"),
    ROW(ESCAPE_BACKSLASH, "a\\", "a\\"),
    ROW(ESCAPE_BACKSLASH, "\\x", "\\x"),
    ROW(ESCAPE_BACKSLASH, "\\x4", "\\x4"),
    ROW(ESCAPE_BACKSLASH, "\\x4g\\xg4", "\\x4g\\xg4"),
    ROW(ESCAPE_BACKSLASH, "\\X41", "\\X41"),
    ROW(ESCAPE_BACKSLASH, "\\q\\n\\/\\u0041\\f", "\\q\n\\/\\u0041\\f"),
    ROW(ESCAPE_BACKSLASH, "\\x\\n", "\\x\n"),
    ROW(ESCAPE_BACKSLASH, "\\x4\\n", "\\x4\n"),
    ROW(ESCAPE_BACKSLASH, "\\\0n", "\\\0n"),
    ROW(ESCAPE_BACKSLASH, "\\x00", "\\x00"),
    ROW(ESCAPE_BACKSLASH, "a\0\\n", "a\0\n"),

    ROW(ESCAPE_JSON, "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t"),
    ROW(ESCAPE_JSON, "\\u0041\\u007f", "A\x7f"),
    ROW(ESCAPE_JSON, "\\u0080\\u00e4\\u07FF", "\xc2\x80\xc3\xa4\xdf\xbf"),
    ROW(ESCAPE_JSON, "\\u0800\\u20AC\\uffff", "\xe0\xa0\x80\xe2\x82\xac\xef\xbf\xbf"),
    ROW(ESCAPE_JSON, "\\uD834\\uDD1E", "\xf0\x9d\x84\x9e"),
    ROW(ESCAPE_JSON, "\\ud800\\udc00\\udbff\\udfff", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
    /* Halves of pairs: U+FFFD. */
    ROW(ESCAPE_JSON, "\\ud800", "\xef\xbf\xbd"),
    ROW(ESCAPE_JSON, "\\udfff", "\xef\xbf\xbd"),
    ROW(ESCAPE_JSON, "\\ud834x", "\xef\xbf\xbdx"),
    ROW(ESCAPE_JSON, "\\ud834\\n", "\xef\xbf\xbd\n"),
    ROW(ESCAPE_JSON, "\\ud834\\u0041",
        "\xef\xbf\xbd"
        "A"),
    ROW(ESCAPE_JSON, "\\ud834\\ud834\\udd1e", "\xef\xbf\xbd\xf0\x9d\x84\x9e"),
    ROW(ESCAPE_JSON, "\\udd1e\\ud834", "\xef\xbf\xbd\xef\xbf\xbd"),
    ROW(ESCAPE_JSON, "\\ud834\\udd1", "\xef\xbf\xbd\\udd1"),
    ROW(ESCAPE_JSON, "\\ud834\\", "\xef\xbf\xbd\\"),
    /* Once; none. */
    ROW(ESCAPE_JSON, "\\\\u0041", "\\u0041"),
    ROW(ESCAPE_JSON, "\\u005cn", "\\n"),
    ROW(ESCAPE_JSON, "\\u0000", "\\u0000"),
    ROW(ESCAPE_JSON, "\\", "\\"),
    ROW(ESCAPE_JSON, "\\u", "\\u"),
    ROW(ESCAPE_JSON, "\\u004", "\\u004"),
    ROW(ESCAPE_JSON, "\\u00g1\\u-041", "\\u00g1\\u-041"),
    ROW(ESCAPE_JSON, "\\x41\\v\\'", "\\x41\\v\\'"),

    ROW(ESCAPE_PLUS, "Mozilla/5.0+(X11;+Linux)", "Mozilla/5.0 (X11; Linux)"),
    ROW(ESCAPE_PLUS, "++%20\\n", "  %20\\n"),

    ROW(ESCAPE_PERCENT, "Mozilla/5.0%20(X11;%20Linux)", "Mozilla/5.0 (X11; Linux)"),
    ROW(ESCAPE_PERCENT, "%C3%a4%25", "\xc3\xa4%"),
    ROW(ESCAPE_PERCENT, "%2520", "%20"),
    ROW(ESCAPE_PERCENT, "100%", "100%"),
    ROW(ESCAPE_PERCENT, "%4", "%4"),
    ROW(ESCAPE_PERCENT, "%4g%%41%00+", "%4g%A%00+"),

    ROW(ESCAPE_CSV, "say \"\"hi\"\"", "say \"hi\""),
    ROW(ESCAPE_CSV, "\"\"\"\"", "\"\""),
    ROW(ESCAPE_CSV, "\"\"\"", "\"\""),
    ROW(ESCAPE_CSV, "a\"b\"", "a\"b\""),
    ROW(ESCAPE_CSV, "\\\"\\n", "\\\"\\n"),
};

/* Into and from memory of exactly the size: a byte too far is seen by a sanitizer. */
START_TEST(decodes)
{
    const struct row *row = &rows[_i];
    char *text = malloc(row->text.size + !row->text.size);
    char *out = malloc(row->text.size + !row->text.size);
    memcpy(text, row->text.at, row->text.size);
    size_t size = escape_decode(row->style, (struct slice){text, row->text.size}, out);
    ck_assert_msg(slice_equal((struct slice){out, size}, row->decoded), "%d: %s: %.*s", _i,
                  row->text.at, (int)size, out);
    free(text);
    free(out);
}
END_TEST

START_TEST(what_is_not_there_stays_so)
{
    for (int style = ESCAPE_NONE; style <= ESCAPE_CSV; style++)
        ck_assert_uint_eq(escape_decode((enum escape_style)style, (struct slice){0}, NULL), 0);
}
END_TEST

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Any text of the bytes that matter: never longer, no NUL made, and without a mark the same. */
START_TEST(holds_for_any_text)
{
    static const char bytes[] = "\\\\\\u\"+%xdDn08fc ";
    enum escape_style style = (enum escape_style)_i;
    uint64_t state = 7;
    for (int round = 0; round < 20000; round++) {
        size_t size = next(&state) % 24;
        char *text = malloc(size + 1), *out = malloc(size + 1);
        for (size_t i = 0; i < size; i++)
            text[i] = bytes[next(&state) % (sizeof bytes - 1)];
        out[size] = '!';
        size_t decoded = escape_decode(style, (struct slice){text, size}, out);
        ck_assert_uint_le(decoded, size);
        ck_assert_int_eq(out[size], '!');
        ck_assert(decoded == 0 || !memchr(out, '\0', decoded));
        char mark = escape_mark(style);
        bool has_mark = mark && size && memchr(text, mark, size);
        ck_assert(has_mark || (decoded == size && memcmp(text, out, size) == 0));
        free(text);
        free(out);
    }
}
END_TEST

START_TEST(marks)
{
    ck_assert_int_eq(escape_mark(ESCAPE_NONE), 0);
    ck_assert_int_eq(escape_mark(ESCAPE_BACKSLASH), '\\');
    ck_assert_int_eq(escape_mark(ESCAPE_JSON), '\\');
    ck_assert_int_eq(escape_mark(ESCAPE_PLUS), '+');
    ck_assert_int_eq(escape_mark(ESCAPE_PERCENT), '%');
    ck_assert_int_eq(escape_mark(ESCAPE_CSV), '"');
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof table[0])

int main(void)
{
    Suite *suite = suite_create("escape");
    TCase *table = tcase_create("table");
    tcase_add_loop_test(table, decodes, 0, ROWS(rows));
    tcase_add_loop_test(table, holds_for_any_text, ESCAPE_NONE, ESCAPE_CSV + 1);
    tcase_add_test(table, what_is_not_there_stays_so);
    tcase_add_test(table, marks);
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
