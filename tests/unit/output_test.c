#include "output/output.h"

#include <check.h>

#include "tests/unit/report_fixture.h"

START_TEST(outputs_are_found_by_name)
{
    size_t count;
    const struct output *outputs = output_list(&count);
    ck_assert_uint_eq(count, 3);
    for (size_t i = 0; i < count; i++)
        ck_assert_ptr_eq(output_find(slice_of(outputs[i].name)), &outputs[i]);
    ck_assert_ptr_null(output_find(SLICE_LITERAL("")));
    ck_assert_ptr_null(output_find(SLICE_LITERAL("pdf")));
    ck_assert_ptr_null(output_find(SLICE_LITERAL("htm")));
}
END_TEST

START_TEST(outputs_are_found_by_suffix)
{
    static const struct {
        const char *file, *name;
    } rows[] = {
        {"report.html", "html"}, {"a.b/report.HTM", "html"},
        {"x.csv", "csv"},        {"x.txt", "text"},
        {".html", NULL},         {"html", NULL},
        {"x.html.gz", NULL},     {"", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct output *output = output_find_for_file(slice_of(rows[i].file));
        ck_assert_msg((output == NULL) == (rows[i].name == NULL), "%s", rows[i].file);
        if (output)
            ck_assert_str_eq(output->name, rows[i].name);
    }
}
END_TEST

START_TEST(outputs_write_their_document)
{
    static const struct {
        const char *name, *beginning;
    } rows[] = {
        {"html", "<!DOCTYPE html>\n"},
        {"csv", "funnel,step,touchpoint,region,"},
        {"text", "Of 8,412 visits"},
    };
    struct report *report = fixture_new(&fixture_benign);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sink *sink = sink_open_memory();
        output_find(slice_of(rows[i].name))->write(report, &(struct output_options){0}, sink);
        ck_assert_msg(slice_starts_with(sink_contents(sink), slice_of(rows[i].beginning)), "%s",
                      rows[i].name);
        sink_abandon(sink);
    }
    fixture_free(report);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("output");
    TCase *tests = tcase_create("output");
    tcase_add_test(tests, outputs_are_found_by_name);
    tcase_add_test(tests, outputs_are_found_by_suffix);
    tcase_add_test(tests, outputs_write_their_document);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
