/* Distances are counted by hand: an insertion, deletion, replacement or swap of neighbours is 1. */
#include "base/suggest.h"

#include <check.h>
#include <stdlib.h>

static const char *const keys[] = {"stage", "intent", "match", "steps", "touchpoint", NULL};

static const struct {
    const char *wrong, *expected;
} rows[] = {
    {"stages", "stage"},          /* 1 of 6 */
    {"satge", "stage"},           /* one swap */
    {"STAGE", "stage"},           /* case ignored */
    {"mtach", "match"},           /* one swap */
    {"mattch", "match"},          /* 1 */
    {"touchpiont", "touchpoint"}, /* one swap */
    {"tuchpont", "touchpoint"},   /* 2 of 10 */
    {"tchpnt", NULL},             /* 4 of 10, a third is 3 */
    {"uchpnt", NULL},             /* 4 of 10 */
    {"touchpnt", "touchpoint"},   /* 2 */
    {"step", "steps"},            /* 1; "stage" is 2 away */
    {"sta", NULL},                /* "stage" is 2 away, a third of 5 is 1 */
    {"when", NULL},
    {"", NULL},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     NULL},
};

START_TEST(suggests_the_nearest)
{
    const char *got = suggest(slice_of(rows[_i].wrong), keys);
    ck_assert_msg((got == NULL) == (rows[_i].expected == NULL) &&
                      (!got || strcmp(got, rows[_i].expected) == 0),
                  "\"%s\": expected %s, got %s", rows[_i].wrong,
                  rows[_i].expected ? rows[_i].expected : "nothing", got ? got : "nothing");
}
END_TEST

START_TEST(always_allows_one_edit)
{
    const char *const letters[] = {"x", NULL};
    ck_assert_str_eq(suggest(SLICE_LITERAL("y"), letters), "x");
    ck_assert_ptr_null(suggest(SLICE_LITERAL("yz"), letters));
}
END_TEST

START_TEST(first_of_equals_wins)
{
    const char *const equals[] = {"carts", "carta", "cart", NULL};
    ck_assert_str_eq(suggest(SLICE_LITERAL("cartx"), equals), "carts");
}
END_TEST

/* "ca" -> "abc" is 3 in optimal string alignment (2 if a swapped pair could be edited again). */
START_TEST(edits_nothing_twice)
{
    const char *const candidates[] = {"abcdefg", NULL};
    ck_assert_ptr_null(suggest(SLICE_LITERAL("cadefg"), candidates));
    ck_assert_ptr_nonnull(suggest(SLICE_LITERAL("bacdefg"), candidates));
}
END_TEST

START_TEST(words_it_as_a_question)
{
    char text[64];
    ck_assert_str_eq(suggest_phrase(text, sizeof text, SLICE_LITERAL("stepps"), keys),
                     " (did you mean \"steps\"?)");
    ck_assert_str_eq(suggest_phrase(text, sizeof text, SLICE_LITERAL("qqqqqq"), keys), "");
    ck_assert_str_eq(suggest_phrase(text, 8, SLICE_LITERAL("stepps"), keys), " (did y");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("suggest");
    TCase *table = tcase_create("table");
    tcase_add_loop_test(table, suggests_the_nearest, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(table, always_allows_one_edit);
    tcase_add_test(table, first_of_equals_wins);
    tcase_add_test(table, edits_nothing_twice);
    tcase_add_test(table, words_it_as_a_question);
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
