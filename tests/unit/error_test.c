#include "base/error.h"

#include <check.h>

START_TEST(the_first_error_stays)
{
    struct error error = {0};
    ck_assert(!error_set(&error, ERROR_USAGE, "first %d", 1));
    ck_assert(!error_set(&error, ERROR_FATAL, "second"));
    ck_assert(!error_at(&error, ERROR_FATAL, "file", 1, 2, "third"));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.sentence, "first 1");
    ck_assert_str_eq(error.file, "");
}
END_TEST

START_TEST(texts_name_the_place)
{
    static const struct {
        const char *file;
        size_t line, column;
        const char *text;
    } rows[] = {
        {"a.yaml", 12, 3, "a.yaml:12:3: no"},
        {"a.yaml", 12, 0, "a.yaml:12: no"},
        {"a.yaml", 0, 0, "a.yaml: no"},
        {"", 0, 0, "no"},
        {"e\x1b[31m\xff", 1, 1, "e\\x1B[31m\\xFF:1:1: no"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = {0};
        char text[256];
        error_at(&error, ERROR_USAGE, rows[i].file, rows[i].line, rows[i].column, "no");
        ck_assert_str_eq(error_text(&error, text, sizeof text), rows[i].text);
    }
}
END_TEST

START_TEST(long_texts_are_cut)
{
    char name[2000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    struct error error = {0};
    error_at(&error, ERROR_USAGE, name, 1, 1, "%s", name);
    ck_assert_uint_eq(strlen(error.file), sizeof error.file - 1);
    ck_assert_uint_eq(strlen(error.sentence), sizeof error.sentence - 1);
    char text[20];
    ck_assert_str_eq(error_text(&error, text, sizeof text), "nnnnnnnnnnnnnnnnnnn");
}
END_TEST

START_TEST(hostile_sentences_are_harmless)
{
    struct error error = {0};
    char text[64];
    error_set(&error, ERROR_USAGE, "unknown \"%s\"", "\r\x1b]0;x\x07");
    ck_assert_str_eq(error_text(&error, text, sizeof text), "unknown \"\\x0D\\x1B]0;x\\x07\"");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("error");
    TCase *tests = tcase_create("error");
    tcase_add_test(tests, the_first_error_stays);
    tcase_add_test(tests, texts_name_the_place);
    tcase_add_test(tests, long_texts_are_cut);
    tcase_add_test(tests, hostile_sentences_are_harmless);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
