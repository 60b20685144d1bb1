/*
 * Folding, order and sums of a dimension's values, on random counts against the rules in
 * dimension.h, and named cases by hand. Places are those of tests/data/geo/country-test.mmdb and
 * city-test.mmdb (tests/data/make-mmdb.pl tells what is in them).
 */
#include "funnel/dimension.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

enum { PLACES = 11, CASES = 20000 };

static const char *data_path(const char *name)
{
    static char path[4096];
    const char *root = getenv("srcdir");
    snprintf(path, sizeof path, "%s/tests/data/geo/%s", root ? root : ".", name);
    return path;
}

/* Place 0 is unknown; 1 to 10 are DE FR US GB NL PL ES IT BR JP. */
static struct geo *open_places(const char *name)
{
    struct error error = {0};
    const char *path = data_path(name);
    struct geo *geo = geo_open(&path, 1, &error);
    ck_assert_msg(geo != NULL, "%s", error.sentence);
    for (uint32_t i = 0; i < 10; i++) {
        char text[32];
        struct address address;
        snprintf(text, sizeof text, "10.%u.0.1", i);
        address_parse(slice_of(text), &address);
        ck_assert_uint_eq(geo_lookup(geo, &address), i + 1);
    }
    ck_assert_uint_eq(geo_place_count(geo), PLACES);
    return geo;
}

/* Two places each for R (FR, BR), S (US, ES) and L (NL, PL); E, B, T, P and the unknown alone. */
static struct slice second_letter(const struct geo_place *place)
{
    if (slice_is(place->country, "ZZ"))
        return place->country;
    return slice_from(place->country, 1);
}

static const char *copied(struct arena *arena, struct slice value)
{
    return arena_format(arena, "<%.*s>", SLICE_ARG(value));
}

static const struct dimension letters = {"letter", "Letter", second_letter, copied};

static const struct report_value *find_value(const struct dimension_values *values,
                                             const char *name)
{
    for (size_t i = 0; i < values->count; i++) {
        if (strcmp(values->values[i].value, name) == 0)
            return &values->values[i];
    }
    return NULL;
}

/* Properties that hold for any counts */

static void require(bool holds, int number, const char *what)
{
    if (!holds)
        ck_abort_msg("case %d: %s", number, what);
}

static void check_sums(const struct dimension_values *values, const struct place_counts *counts,
                       int number)
{
    struct place_counts all = {0, 0, 0};
    struct place_counts by_value[PLACES + 1] = {{0, 0, 0}};
    for (size_t i = 0; i < PLACES; i++) {
        if (counts[i].visitors == 0)
            continue;
        require(values->of_place[i] < values->count, number, "a place without a value");
        struct place_counts *sum = &by_value[values->of_place[i]];
        sum->visits += counts[i].visits;
        sum->visitors += counts[i].visitors;
        sum->page_views += counts[i].page_views;
        all.visitors += counts[i].visitors;
    }
    for (size_t i = 0; i < values->count; i++) {
        const struct report_value *value = &values->values[i];
        require(value->visits == by_value[i].visits && value->visitors == by_value[i].visitors &&
                    value->page_views == by_value[i].page_views,
                number, "a value is not the sum of its places");
        require(value->visitors > 0, number, "an empty value");
        all.visitors -= value->visitors;
    }
    require(all.visitors == 0, number, "total");
}

static void check_order(const struct dimension_values *values, int number)
{
    for (size_t i = 0; i < values->count; i++) {
        bool is_other = strcmp(values->values[i].value, "(other)") == 0;
        require(!is_other || i + 1 == values->count, number, "(other) is not last");
        if (i == 0 || is_other)
            continue;
        const struct report_value *before = &values->values[i - 1], *value = &values->values[i];
        require(before->visits > value->visits ||
                    (before->visits == value->visits && strcmp(before->value, value->value) < 0),
                number, "order");
    }
}

/* Who is shown by name is large enough; who is folded is too small or makes (other) large enough.
 */
static void check_folding(const struct dimension_values *values, const struct place_counts *counts,
                          uint64_t min_cell, int number)
{
    const struct report_value *other = find_value(values, "(other)");
    const struct report_value *unknown = find_value(values, "ZZ");
    require((unknown ? unknown->visitors : 0) == counts[0].visitors, number, "the unknown");
    uint64_t least_kept = UINT64_MAX;
    for (size_t i = 0; i < values->count; i++) {
        const struct report_value *value = &values->values[i];
        if (value != other && value != unknown && value->visitors < least_kept)
            least_kept = value->visitors;
    }
    require(least_kept >= min_cell, number, "a small value is shown");
    require(!other || other->visitors >= min_cell || least_kept == UINT64_MAX, number,
            "(other) is small and something is left");
}

/* Not more is folded than has to be: found by adding up the smallest values, one by one. */
static void check_not_too_much(const struct dimension_values *values,
                               const struct place_counts *counts, uint64_t min_cell, int number)
{
    static const char *const groups[] = {"E", "R", "S", "B", "L", "T", "P"};
    static const size_t members[][2] = {{1, 1}, {2, 9}, {3, 7}, {4, 4}, {5, 6}, {8, 8}, {10, 10}};
    uint64_t sizes[7], folded = 0;
    for (size_t i = 0; i < 7; i++) {
        sizes[i] = counts[members[i][0]].visitors;
        sizes[i] += members[i][0] != members[i][1] ? counts[members[i][1]].visitors : 0;
    }
    for (;;) {
        size_t least = 7;
        for (size_t i = 0; i < 7; i++) {
            bool is_less = least == 7 || sizes[i] < sizes[least] ||
                           (sizes[i] == sizes[least] && strcmp(groups[i], groups[least]) < 0);
            least = sizes[i] && is_less ? i : least;
        }
        if (least == 7 || (sizes[least] >= min_cell && (folded == 0 || folded >= min_cell)))
            break;
        require(!find_value(values, groups[least]), number, "should have been folded");
        folded += sizes[least];
        sizes[least] = 0;
    }
    for (size_t i = 0; i < 7; i++)
        require(!sizes[i] || find_value(values, groups[i]), number, "need not have been folded");
}

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

START_TEST(folds_what_is_small_and_no_more)
{
    struct geo *geo = open_places("country-test.mmdb");
    uint64_t state = 20261121;
    for (int number = 0; number < CASES; number++) {
        struct place_counts counts[PLACES];
        uint64_t min_cell = splitmix(&state) % 9, most = 1 + splitmix(&state) % 16;
        for (size_t i = 0; i < PLACES; i++) {
            uint64_t visitors = splitmix(&state) % 3 ? splitmix(&state) % most : 0;
            counts[i] = (struct place_counts){.visitors = visitors,
                                              .visits = visitors + visitors * (state & 1),
                                              .page_views = visitors * 7};
        }
        struct arena arena;
        arena_init(&arena);
        struct dimension_values values =
            dimension_values_new(&letters, geo, counts, min_cell, &arena);
        check_sums(&values, counts, number);
        check_order(&values, number);
        check_folding(&values, counts, min_cell, number);
        check_not_too_much(&values, counts, min_cell, number);
        mem_free(values.of_place);
        arena_clear(&arena);
    }
    geo_close(geo);
}
END_TEST

/* By hand: visitors of DE FR US GB NL (NL also has two visits a head), what is shown. */
static const struct named {
    const char *name;
    uint64_t unknown, visitors[5], min_cell;
    const char *values;
} named[] = {
    {"nothing", 0, {0}, 5, ""},
    {"none is small", 0, {9, 8, 7, 6, 0}, 5, "DE:9 FR:8 US:7 GB:6 "},
    {"exactly the smallest cell", 0, {5, 0, 0, 0, 0}, 5, "DE:5 "},
    {"the small ones together", 0, {9, 3, 2, 0, 0}, 5, "DE:9 (other):5 "},
    {"one more is needed", 0, {9, 8, 2, 0, 0}, 5, "DE:9 (other):10 "},
    {"nothing else is left", 0, {2, 0, 0, 0, 0}, 5, "(other):2 "},
    {"the unknown are no hiding place", 4, {2, 0, 0, 0, 0}, 5, "ZZ:4 (other):2 "},
    {"few unknown ones stay", 1, {9, 0, 0, 0, 0}, 5, "DE:9 ZZ:1 "},
    {"most visits first", 0, {9, 10, 0, 0, 8}, 5, "NL:8 FR:10 DE:9 "},
    {"equals by name", 0, {7, 7, 7, 0, 0}, 5, "DE:7 FR:7 US:7 "},
    {"no smallest cell", 0, {1, 2, 0, 0, 0}, 1, "FR:2 DE:1 "},
};

START_TEST(named_cases)
{
    const struct named *row = &named[_i];
    struct geo *geo = open_places("country-test.mmdb");
    struct place_counts counts[PLACES] = {{row->unknown, row->unknown, row->unknown}};
    for (size_t i = 0; i < 5; i++) {
        uint64_t visitors = row->visitors[i];
        counts[i + 1] = (struct place_counts){i == 4 ? 2 * visitors : visitors, visitors, 0};
    }
    struct arena arena;
    arena_init(&arena);
    struct dimension_values values =
        dimension_values_new(dimension_find("region"), geo, counts, row->min_cell, &arena);
    char text[256] = "";
    for (size_t i = 0; i < values.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s:%llu ",
                 values.values[i].value, (unsigned long long)values.values[i].visitors);
    ck_assert_msg(strcmp(text, row->values) == 0, "%s: %s", row->name, text);
    mem_free(values.of_place);
    arena_clear(&arena);
    geo_close(geo);
}
END_TEST

/* DE, JP and an unknown address in each dimension; a level that is not known shows the one above.
 */
static const struct level_row {
    const char *database, *dimension, *german, *german_label;
} levels[] = {
    {"country-test.mmdb", "region", "DE", "Germany"},
    {"country-test.mmdb", "subdivision", "DE", "Germany, place unknown"},
    {"country-test.mmdb", "city", "DE", "Germany, place unknown"},
    {"city-test.mmdb", "region", "DE", "Germany"},
    {"city-test.mmdb", "subdivision", "DE-BE", "DE-BE"},
    {"city-test.mmdb", "city", "DE-BE Berlin", "DE-BE Berlin"},
};

START_TEST(levels_and_labels)
{
    const struct level_row *row = &levels[_i];
    struct geo *geo = open_places(row->database);
    struct place_counts counts[PLACES] = {[0] = {3, 3, 3}, [1] = {9, 9, 9}};
    struct arena arena;
    arena_init(&arena);
    struct dimension_values values =
        dimension_values_new(dimension_find(row->dimension), geo, counts, 1, &arena);
    ck_assert_uint_eq(values.count, 2);
    ck_assert_str_eq(values.values[0].value, row->german);
    ck_assert_str_eq(values.values[0].label, row->german_label);
    ck_assert_str_eq(values.values[1].value, "ZZ");
    ck_assert_str_eq(values.values[1].label, "Unknown");
    mem_free(values.of_place);
    arena_clear(&arena);
    geo_close(geo);
}
END_TEST

START_TEST(names_and_list_agree)
{
    size_t count;
    const struct dimension *list = dimension_list(&count);
    const char *const *names = dimension_names();
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(list[i].name, names[i]);
        ck_assert_ptr_eq(dimension_find(names[i]), &list[i]);
    }
    ck_assert_ptr_null(names[count]);
    ck_assert_ptr_null(dimension_find("continent"));
}
END_TEST

#define LENGTH(array) (int)(sizeof(array) / sizeof(array)[0])

int main(void)
{
    Suite *suite = suite_create("dimension");
    TCase *tests = tcase_create("dimension");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, folds_what_is_small_and_no_more);
    tcase_add_loop_test(tests, named_cases, 0, LENGTH(named));
    tcase_add_loop_test(tests, levels_and_labels, 0, LENGTH(levels));
    tcase_add_test(tests, names_and_list_agree);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
