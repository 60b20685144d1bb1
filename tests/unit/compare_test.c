/*
 * The counts and what is expected of them are those of tests/oracle/compare.R (R's prop.test,
 * fisher.test and p.adjust); scipy gave the same. Shrinking follows by hand.
 */
#include "funnel/compare.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

enum { COMPARED = 6, TOUCHPOINTS = 2 };

static const double tolerance = 1e-9;

struct step_row {
    size_t funnel, step, place;
    uint64_t entered, dropped, open;
    double rate, ci_low, ci_high, rest_rate, excess, p, q;
    enum report_flag flag;
};

struct touch_row {
    size_t touchpoint, place;
    uint64_t all_visits, visits;
    double rate, rest_rate, q;
    enum report_flag flag;
};

#include "tests/oracle/compare_expected.inc"

/* The values of the rows, by place. */
static const char *const names[COMPARED] = {"ZZ", "DE", "FR", "US", "GB", "NL"};

/* Funnel 0 has three steps, funnel 1 two. All counts stand behind another grouping without any. */
struct scene {
    struct report_value values[COMPARED];
    struct step_counts steps_of_0[COMPARED * 3], steps_of_1[COMPARED * 2];
    struct step_counts *steps[2][2];
    struct touch_counts touches[COMPARED * TOUCHPOINTS], *touches_by_grouping[2];
    struct grouping groupings[2];
    struct funnel funnels[2];
    struct funnel_tally funnel_tallies[2];
    struct tally tally;
};

static void put_step(struct scene *scene, const struct step_row *row)
{
    const struct funnel_tally *tally = &scene->funnel_tallies[row->funnel];
    tally->steps[1][row->place * tally->funnel->step_count + row->step] =
        (struct step_counts){.entered = row->entered,
                             .advanced = row->entered - row->dropped - row->open,
                             .dropped = row->dropped,
                             .open = row->open};
}

static void put_touch(struct scene *scene, const struct touch_row *row)
{
    scene->values[row->place].visits = row->all_visits;
    scene->touches[row->place * TOUCHPOINTS + row->touchpoint] =
        (struct touch_counts){row->visits, row->visits};
}

/* With the first `values` of the places. */
static void make_scene(struct scene *scene, size_t values)
{
    *scene = (struct scene){.funnels = {{.step_count = 3}, {.step_count = 2}}};
    scene->steps[0][1] = scene->steps_of_0;
    scene->steps[1][1] = scene->steps_of_1;
    scene->touches_by_grouping[1] = scene->touches;
    for (size_t i = 0; i < 2; i++) {
        scene->groupings[i] = (struct grouping){.dimension = dimension_find("region"),
                                                .values = scene->values,
                                                .count = i ? values : 0};
        scene->funnel_tallies[i] =
            (struct funnel_tally){.funnel = &scene->funnels[i], .steps = scene->steps[i]};
    }
    scene->tally = (struct tally){.groupings = scene->groupings,
                                  .grouping_count = 2,
                                  .touchpoint_count = TOUCHPOINTS,
                                  .funnels = scene->funnel_tallies,
                                  .funnel_count = 2,
                                  .touches = {.counts = scene->touches_by_grouping}};
    for (size_t i = 0; i < COMPARED; i++)
        scene->values[i].value = names[i];
    for (size_t i = 0; i < LENGTH(step_rows); i++)
        put_step(scene, &step_rows[i]);
    for (size_t i = 0; i < LENGTH(touch_rows); i++)
        put_touch(scene, &touch_rows[i]);
}

static bool near(double got, double expected)
{
    if (isnan(got) || isnan(expected))
        return isnan(got) && isnan(expected);
    return fabs(got - expected) <= tolerance * fmax(1, fabs(expected));
}

static const struct report_funnel_cell *find_step(const struct report_dimension *report,
                                                  const struct step_row *row)
{
    for (size_t i = 0; i < report->funnel_cell_count; i++) {
        const struct report_funnel_cell *cell = &report->funnel_cells[i];
        if (cell->funnel == row->funnel && cell->step == row->step &&
            strcmp(report->values[cell->value].value, names[row->place]) == 0)
            return cell;
    }
    return NULL;
}

static void check_step(const struct report_dimension *report, size_t number)
{
    const struct step_row *row = &step_rows[number];
    const struct report_funnel_cell *cell = find_step(report, row);
    ck_assert_msg(cell != NULL, "row %zu is missing", number);
    ck_assert_uint_eq(cell->entered, row->entered);
    ck_assert_uint_eq(cell->dropped, row->dropped);
    ck_assert_uint_eq(cell->open, row->open);
    ck_assert_uint_eq(cell->advanced, row->entered - row->dropped - row->open);
    ck_assert_msg(near(cell->drop_rate, row->rate), "row %zu: rate %g", number, cell->drop_rate);
    ck_assert_msg(near(cell->ci.low, row->ci_low) && near(cell->ci.high, row->ci_high),
                  "row %zu: interval %g %g", number, cell->ci.low, cell->ci.high);
    ck_assert_msg(near(cell->rest_drop_rate, row->rest_rate), "row %zu: rest %g", number,
                  cell->rest_drop_rate);
    ck_assert_msg(near(cell->excess_drops, row->excess), "row %zu: excess %g", number,
                  cell->excess_drops);
    ck_assert_msg(near(cell->p_value, row->p), "row %zu: p %g", number, cell->p_value);
    ck_assert_msg(near(cell->q_value, row->q), "row %zu: q %g", number, cell->q_value);
    ck_assert_msg(cell->flag == row->flag, "row %zu: flag %s", number,
                  report_flag_name(cell->flag));
}

/* Towards the mean of all, from the prior that fits this step's values (stats_test.c proves it). */
static void check_shrinking(const struct report_dimension *report, size_t funnel, size_t step)
{
    uint64_t dropped[COMPARED], decided[COMPARED];
    const struct report_funnel_cell *cells[COMPARED];
    size_t count = 0;
    for (size_t i = 0; i < LENGTH(step_rows); i++) {
        const struct step_row *row = &step_rows[i];
        if (row->funnel != funnel || row->step != step)
            continue;
        dropped[count] = row->dropped;
        decided[count] = row->entered - row->open;
        cells[count++] = find_step(report, row);
    }
    struct stats_prior prior = stats_fit_prior(dropped, decided, count);
    for (size_t i = 0; i < count; i++) {
        double want = decided[i] ? stats_shrink(&prior, dropped[i], decided[i]) : NAN;
        ck_assert_msg(near(cells[i]->shrunk_drop_rate, want), "funnel %zu step %zu", funnel, step);
    }
}

static void check_touch(const struct report_dimension *report, size_t number)
{
    const struct touch_row *row = &touch_rows[number];
    for (size_t i = 0; i < report->touch_cell_count; i++) {
        const struct report_touch_cell *cell = &report->touch_cells[i];
        if (cell->touchpoint != row->touchpoint ||
            strcmp(report->values[cell->value].value, names[row->place]) != 0)
            continue;
        ck_assert_uint_eq(cell->visits, row->visits);
        ck_assert_uint_eq(cell->visitors, row->visits);
        ck_assert_msg(near(cell->visit_rate, row->rate), "row %zu: rate", number);
        ck_assert_msg(near(cell->rest_visit_rate, row->rest_rate), "row %zu: rest", number);
        ck_assert_msg(near(cell->q_value, row->q), "row %zu: q %g", number, cell->q_value);
        ck_assert_msg(cell->flag == row->flag, "row %zu: flag %s", number,
                      report_flag_name(cell->flag));
        return;
    }
    ck_abort_msg("row %zu is missing", number);
}

START_TEST(agrees_with_r)
{
    struct scene scene;
    struct report_dimension report;
    struct arena arena;
    arena_init(&arena);
    make_scene(&scene, COMPARED);
    compare_values(&scene.tally, 1, &arena, &report);
    ck_assert_str_eq(report.name, "region");
    ck_assert_str_eq(report.title, "Region");
    ck_assert_ptr_eq(report.values, scene.values);
    ck_assert_uint_eq(report.value_count, COMPARED);
    ck_assert_uint_eq(report.funnel_cell_count, LENGTH(step_rows));
    ck_assert_uint_eq(report.touch_cell_count, LENGTH(touch_rows));
    for (size_t i = 0; i < LENGTH(step_rows); i++)
        check_step(&report, i);
    for (size_t i = 0; i < LENGTH(touch_rows); i++)
        check_touch(&report, i);
    check_shrinking(&report, 0, 0);
    check_shrinking(&report, 0, 1);
    check_shrinking(&report, 1, 0);
    arena_clear(&arena);
}
END_TEST

/* One value alone has no rest: shown, compared with nothing. */
START_TEST(without_a_rest)
{
    struct scene scene;
    struct report_dimension report;
    struct arena arena;
    arena_init(&arena);
    make_scene(&scene, 1);
    scene.values[0].visits = 1000;
    memcpy(scene.steps_of_0, scene.steps_of_0 + 3, 3 * sizeof *scene.steps_of_0);
    compare_values(&scene.tally, 1, &arena, &report);
    ck_assert_uint_eq(report.value_count, 1);
    ck_assert_uint_eq(report.funnel_cell_count, 3);
    const struct report_funnel_cell *cell = &report.funnel_cells[0];
    ck_assert(near(cell->drop_rate, 500 / 997.0));
    ck_assert(isnan(cell->rest_drop_rate) && isnan(cell->excess_drops));
    ck_assert(isnan(cell->p_value) && isnan(cell->q_value));
    ck_assert_int_eq(cell->flag, FLAG_NONE);
    ck_assert(isnan(report.touch_cells[0].rest_visit_rate));
    ck_assert_int_eq(report.touch_cells[0].flag, FLAG_NONE);
    arena_clear(&arena);
}
END_TEST

START_TEST(without_anybody)
{
    struct scene scene;
    struct report_dimension report;
    struct arena arena;
    arena_init(&arena);
    make_scene(&scene, COMPARED);
    compare_values(&scene.tally, 0, &arena, &report);
    ck_assert_uint_eq(report.value_count + report.funnel_cell_count + report.touch_cell_count, 0);
    arena_clear(&arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compare");
    TCase *tests = tcase_create("compare");
    tcase_add_test(tests, agrees_with_r);
    tcase_add_test(tests, without_a_rest);
    tcase_add_test(tests, without_anybody);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
