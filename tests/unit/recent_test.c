/* An index is in the table and hangs on the text alone; what lies behind the text is not read. */
#include "base/recent.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

/* In memory that ends with it: the sanitizer sees what is read behind. */
START_TEST(reads_the_text_alone)
{
    char *exact = mem_alloc((size_t)_i), *other = mem_alloc((size_t)_i + 16);
    memset(other, 'x', (size_t)_i + 16);
    for (int i = 0; i < _i; i++)
        exact[i] = other[8 + i] = (char)(i * 37 + 200);
    size_t index = recent_index_of((struct slice){exact, (size_t)_i});
    ck_assert_uint_lt(index, RECENT);
    ck_assert_uint_eq(index, recent_index_of((struct slice){other + 8, (size_t)_i}));
    mem_free(exact);
    mem_free(other);
}
END_TEST

START_TEST(nothing_has_an_index)
{
    ck_assert_uint_lt(recent_index_of((struct slice){0}), RECENT);
    ck_assert_uint_eq(recent_index_of((struct slice){0}), recent_index_of(SLICE_LITERAL("")));
    ck_assert_uint_lt(recent_index(0), RECENT);
    ck_assert_uint_lt(recent_index(UINT64_MAX), RECENT);
}
END_TEST

/* Thrown at random, 2048 texts would fill 1 - exp(-1/2) of 4096 places: 1612. Half of it is fine.
 */
START_TEST(texts_that_differ_in_one_place_spread)
{
    static const char *const patterns[] = {"/product/%d", "%08d",
                                           "/product/of/the/shop/%d/in/all/its/colours",
                                           "Mozilla/5.0 (X11; Linux x86_64; rv:%d) Gecko/20100101"};
    static bool is_taken[RECENT];
    size_t taken = 0;
    char text[64];
    memset(is_taken, 0, sizeof is_taken);
    for (int i = 0; i < RECENT / 2; i++) {
        snprintf(text, sizeof text, patterns[_i], 10000 + i);
        size_t index = recent_index_of(slice_of(text));
        taken += !is_taken[index];
        is_taken[index] = true;
    }
    ck_assert_msg(taken >= 806, "%s: %zu places", patterns[_i], taken);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("recent");
    TCase *tests = tcase_create("recent");
    tcase_add_loop_test(tests, reads_the_text_alone, 0, 70);
    tcase_add_test(tests, nothing_has_an_index);
    tcase_add_loop_test(tests, texts_that_differ_in_one_place_spread, 0, 4);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
