#include "base/names.h"

#include <check.h>
#include <stdio.h>

static const struct hash_key key = {1, 2};

static struct slice name_of(char *text, size_t size, unsigned number)
{
    return (struct slice){text, (size_t)snprintf(text, size, "name %u", number * 2654435761u)};
}

START_TEST(numbers_are_dense_and_stay)
{
    enum { COUNT = 20000 };
    struct names names;
    char text[32];
    names_init(&names, key);
    for (unsigned i = 0; i < COUNT; i++)
        ck_assert_uint_eq(names_add(&names, name_of(text, sizeof text, i)), i);
    ck_assert_uint_eq(names.count, COUNT);
    for (unsigned i = 0; i < COUNT; i++) {
        struct slice name = name_of(text, sizeof text, i);
        ck_assert_uint_eq(names_find(&names, name), i);
        ck_assert_uint_eq(names_add(&names, name), i);
        ck_assert(slice_equal(names_text(&names, i), name));
    }
    ck_assert_uint_eq(names.count, COUNT);
    ck_assert_uint_eq(names_find(&names, SLICE_LITERAL("name")), NAMES_NONE);
    names_clear(&names);
}
END_TEST

START_TEST(names_are_told_apart_by_every_byte)
{
    static const struct slice rows[] = {
        {NULL, 0}, {"\0", 1}, {"\0\0", 2}, {"a", 1}, {"a\0", 2}, {"a\0b", 3}, {"A", 1}, {"ab", 2},
    };
    struct names names;
    names_init(&names, key);
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_uint_eq(names_add(&names, rows[i]), i);
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_uint_eq(names_find(&names, rows[i]), i);
        ck_assert(slice_equal(names_text(&names, i), rows[i]));
        ck_assert_int_eq(names_text(&names, i).at[rows[i].size], '\0');
    }
    ck_assert_msg(names_add(&names, SLICE_LITERAL("")) == 0, "absent and empty are one name");
    names_clear(&names);
}
END_TEST

START_TEST(texts_are_copies)
{
    char text[] = "abc";
    struct names names;
    names_init(&names, key);
    names_add(&names, slice_of(text));
    text[0] = 'X';
    ck_assert(slice_is(names_text(&names, 0), "abc"));
    names_clear(&names);
}
END_TEST

START_TEST(nothing_is_found_in_an_empty_table)
{
    struct names names;
    names_init(&names, hash_key_random());
    ck_assert_uint_eq(names_find(&names, SLICE_LITERAL("a")), NAMES_NONE);
    ck_assert_uint_eq(names_find(&names, (struct slice){NULL, 0}), NAMES_NONE);
    names_clear(&names);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("names");
    TCase *tests = tcase_create("names");
    tcase_add_test(tests, numbers_are_dense_and_stay);
    tcase_add_test(tests, names_are_told_apart_by_every_byte);
    tcase_add_test(tests, texts_are_copies);
    tcase_add_test(tests, nothing_is_found_in_an_empty_table);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
