/*
 * The catalogue against the tables that it lists.
 */
#include "plugins/catalog.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "funnel/dimension.h"
#include "funnel/journey.h"
#include "output/output.h"
#include "parser/format.h"

/* What must be there, one of each kind, and whether its own table knows a name. */
static const struct kind_row {
    enum catalog_kind kind;
    const char *name, *known;
} kinds[] = {
    {CATALOG_FORMAT, "format", "combined"},
    {CATALOG_DIMENSION, "dimension", "region"},
    {CATALOG_OUTPUT, "output", "html"},
    {CATALOG_JOURNEY, "journey", "default"},
};

static bool is_in_its_table(enum catalog_kind kind, const char *name)
{
    struct error error = {0};
    struct journey *journey;
    switch (kind) {
    case CATALOG_FORMAT:
        return format_find(name) != NULL;
    case CATALOG_DIMENSION:
        return dimension_find(name) != NULL;
    case CATALOG_OUTPUT:
        return output_find(slice_of(name)) != NULL;
    case CATALOG_JOURNEY:
        journey = journey_load(name, &error);
        journey_free(journey);
        return journey != NULL;
    case CATALOG_KINDS:
        break;
    }
    return false;
}

static size_t table_size(enum catalog_kind kind)
{
    size_t count = 0;
    if (kind == CATALOG_FORMAT)
        format_presets(&count);
    else if (kind == CATALOG_DIMENSION)
        dimension_list(&count);
    else if (kind == CATALOG_OUTPUT)
        output_list(&count);
    else
        builtin_journeys(&count);
    return count;
}

START_TEST(lists_the_whole_table)
{
    struct catalog_entry entries[64];
    const struct kind_row *row = &kinds[_i];
    size_t count = catalog_list(row->kind, entries, 64);
    bool is_found = false;
    ck_assert_uint_eq(count, table_size(row->kind));
    ck_assert_str_eq(catalog_kind_name(row->kind), row->name);
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(entries[i].kind, row->kind);
        ck_assert_str_eq(entries[i].origin, "built in");
        ck_assert_msg(is_in_its_table(row->kind, entries[i].name), "%s", entries[i].name);
        ck_assert_msg(entries[i].about[0] != '\0', "%s", entries[i].name);
        is_found |= strcmp(entries[i].name, row->known) == 0;
    }
    ck_assert_msg(is_found, "%s", row->known);
}
END_TEST

START_TEST(writes_no_more_than_there_is_room_for)
{
    struct catalog_entry entries[2] = {{.name = "untouched"}, {.name = "untouched"}};
    size_t count = catalog_list(CATALOG_DIMENSION, entries, 1);
    ck_assert_uint_eq(count, table_size(CATALOG_DIMENSION));
    ck_assert_str_ne(entries[0].name, "untouched");
    ck_assert_str_eq(entries[1].name, "untouched");
}
END_TEST

START_TEST(names_end_with_null)
{
    const char *names[64];
    struct catalog_entry entries[64];
    for (int kind = 0; kind < CATALOG_KINDS; kind++) {
        size_t count = catalog_list((enum catalog_kind)kind, entries, 64);
        ck_assert_ptr_eq(catalog_names((enum catalog_kind)kind, names, 64), names);
        for (size_t i = 0; i < count; i++)
            ck_assert_str_eq(names[i], entries[i].name);
        ck_assert_ptr_null(names[count]);
        catalog_names((enum catalog_kind)kind, names, 2);
        ck_assert_str_eq(names[0], entries[0].name);
        ck_assert_ptr_null(names[1]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalog");
    TCase *tests = tcase_create("catalog");
    tcase_add_loop_test(tests, lists_the_whole_table, 0, CATALOG_KINDS);
    tcase_add_test(tests, writes_no_more_than_there_is_room_for);
    tcase_add_test(tests, names_end_with_null);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
