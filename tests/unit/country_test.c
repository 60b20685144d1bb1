/*
 * Codes: ISO 3166-1. Names: as the Unicode CLDR writes them (https://cldr.unicode.org), looked up
 * by hand.
 */
#include "geo/geo.h"

#include <check.h>
#include <stdlib.h>

struct row {
    const char *code;
    const char *name; /* NULL: no country */
};

static const struct row rows[] = {
    {"AD", "Andorra"},
    {"AX", "Åland Islands"},
    {"CI", "Côte d’Ivoire"},
    {"CZ", "Czechia"},
    {"DE", "Germany"},
    {"GB", "United Kingdom"},
    {"NL", "Netherlands"},
    {"SS", "South Sudan"},
    {"TR", "Türkiye"},
    {"US", "United States"},
    {"XK", "Kosovo"},
    {"ZW", "Zimbabwe"},
    {"ZZ", NULL},
    {"AA", NULL},
    {"EU", NULL},
    {"UK", NULL},
    {"SU", NULL},
    {"de", NULL},
    {"D", NULL},
    {"DEU", NULL},
    {"", NULL},
};

START_TEST(names_countries)
{
    const char *name = country_name(slice_of(rows[_i].code));
    ck_assert_pstr_eq(name, rows[_i].name);
}
END_TEST

START_TEST(nothing_is_no_country)
{
    ck_assert_ptr_null(country_name((struct slice){NULL, 0}));
}
END_TEST

/* ISO 3166-1 has 249 codes (2011, with South Sudan, until today). */
START_TEST(knows_every_code_once)
{
    int count = 0;
    for (char first = 'A'; first <= 'Z'; first++) {
        for (char second = 'A'; second <= 'Z'; second++) {
            char code[2] = {first, second};
            const char *name = country_name((struct slice){code, 2});
            count += name != NULL;
            ck_assert_msg(!name || name[0], "%.2s has an empty name", code);
        }
    }
    ck_assert_int_eq(count, 249 + 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("country");
    TCase *tests = tcase_create("country");
    tcase_add_loop_test(tests, names_countries, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, nothing_is_no_country);
    tcase_add_test(tests, knows_every_code_once);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
