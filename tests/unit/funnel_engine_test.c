/*
 * The engine keeps one chain per level. The reference here keeps nothing: it tries every chain
 * that the definitions in funnel_engine.h allow, on many small random cases. What the named cases
 * expect follows by hand from the same definitions.
 */
#include "funnel/funnel_engine.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MAX_STEPS = 4,
    MAX_EVENTS = 10,
    RANDOM_CASES = 150000,
    HOUR_MS = 3600 * 1000,
};

struct happening {
    int64_t time_ms;
    struct step_mask mask;
};

struct scene {
    struct funnel_step steps[MAX_STEPS];
    struct funnel funnel;
    struct happening events[MAX_EVENTS];
    size_t event_count;
};

static uint64_t bit(int step)
{
    return UINT64_C(1) << step;
}

static void run_scene(const struct scene *scene, struct funnel_run *run)
{
    funnel_run_begin(run, &scene->funnel);
    for (size_t i = 0; i < scene->event_count; i++)
        funnel_run_add(run, scene->events[i].time_ms, scene->events[i].mask);
}

/* The reference */

/* A chain as the event of each step; -1: left out. */
struct path {
    int event_of[MAX_STEPS];
    int last_step, last_event;
    int64_t entry_ms;
};

struct reference {
    const struct scene *scene;
    const struct funnel_run *run; /* the engine's answer, to look for it among the chains */
    struct path best;             /* farthest, first there, latest entry, then earliest steps */
    int64_t latest_entry_ms;      /* of all chains as far as the best */
    uint64_t tried;               /* steps that failed while a chain stood before them */
    bool has_found_run;           /* the engine's chain is one of those that exist */
};

/* True when a chain whose last step is `from` can go on with `to`. */
static bool can_follow(const struct funnel *funnel, int from, int to)
{
    for (int step = from + 1; step < to; step++) {
        if (!funnel->steps[step].optional)
            return false;
    }
    return from < to;
}

static bool is_inside(const struct funnel *funnel, int64_t entry_ms, int64_t time_ms)
{
    return funnel->window_ms == JOURNEY_NO_WINDOW || time_ms <= entry_ms + funnel->window_ms;
}

/* The event of the best chain's earlier steps decides last; a step left out counts as late. */
static int compare_steps(const struct path *a, const struct path *b)
{
    for (int step = 0; step <= a->last_step; step++) {
        if (a->event_of[step] != b->event_of[step])
            return (unsigned)a->event_of[step] < (unsigned)b->event_of[step] ? -1 : 1;
    }
    return 0;
}

static bool is_better(const struct path *a, const struct path *b)
{
    if (a->last_step != b->last_step)
        return a->last_step > b->last_step;
    if (a->last_event != b->last_event)
        return a->last_event < b->last_event;
    if (a->entry_ms != b->entry_ms)
        return a->entry_ms > b->entry_ms;
    return compare_steps(a, b) < 0;
}

static bool is_chain(const struct path *path, const struct scene *scene, const struct chain *chain)
{
    uint64_t steps = 0;
    for (int step = 0; step <= path->last_step; step++) {
        if (path->event_of[step] < 0)
            continue;
        steps |= bit(step);
        if (scene->events[path->event_of[step]].time_ms != chain->at_ms[step])
            return false;
    }
    return steps == chain->steps && path->entry_ms == chain->entry_ms;
}

static void note_path(struct reference *reference, const struct path *path)
{
    if (path->last_step > reference->best.last_step)
        reference->latest_entry_ms = path->entry_ms;
    if (path->last_step >= reference->best.last_step && path->entry_ms > reference->latest_entry_ms)
        reference->latest_entry_ms = path->entry_ms;
    if (is_better(path, &reference->best))
        reference->best = *path;
    reference->has_found_run |= is_chain(path, reference->scene, &reference->run->best);
}

/* Everything that can come after this chain. */
static void try_all(struct reference *reference, const struct path *path)
{
    const struct scene *scene = reference->scene;
    note_path(reference, path);
    for (int i = path->last_event + 1; (size_t)i < scene->event_count; i++) {
        const struct happening *event = &scene->events[i];
        if (!is_inside(&scene->funnel, path->entry_ms, event->time_ms))
            continue;
        for (int step = path->last_step + 1; (size_t)step < scene->funnel.step_count; step++) {
            if (!can_follow(&scene->funnel, path->last_step, step))
                break;
            reference->tried |= event->mask.failed & bit(step);
            if (!(event->mask.reached & bit(step)))
                continue;
            struct path longer = *path;
            longer.event_of[step] = longer.last_event = i;
            longer.last_step = step;
            try_all(reference, &longer);
        }
    }
}

static void search(struct reference *reference, const struct scene *scene,
                   const struct funnel_run *run)
{
    *reference = (struct reference){.scene = scene, .run = run, .best.last_step = -1};
    for (int i = 0; (size_t)i < scene->event_count; i++) {
        reference->tried |= scene->events[i].mask.failed & bit(0);
        if (!(scene->events[i].mask.reached & bit(0)))
            continue;
        struct path path = {
            .event_of = {i, -1, -1, -1}, .last_event = i, .entry_ms = scene->events[i].time_ms};
        try_all(reference, &path);
    }
}

static enum funnel_ending expected_ending(const struct reference *reference, int64_t log_end_ms,
                                          bool still_there)
{
    const struct funnel *funnel = &reference->scene->funnel;
    if (reference->best.last_step < 0)
        return FUNNEL_NEVER_ENTERED;
    if ((size_t)reference->best.last_step + 1 == funnel->step_count)
        return FUNNEL_CONVERTED;
    bool is_window_over = !is_inside(funnel, reference->latest_entry_ms, log_end_ms);
    bool has_window = funnel->window_ms != JOURNEY_NO_WINDOW;
    if (funnel->unit == FUNNEL_PER_VISITOR)
        return (has_window ? !is_window_over : still_there) ? FUNNEL_OPEN : FUNNEL_DROPPED;
    return still_there && !is_window_over ? FUNNEL_OPEN : FUNNEL_DROPPED;
}

/* The vain attempts that count: at the steps that can come directly after the best chain. */
static uint64_t expected_attempts(const struct reference *reference)
{
    const struct funnel *funnel = &reference->scene->funnel;
    uint64_t next = 0;
    for (int step = 0; (size_t)step < funnel->step_count; step++) {
        bool is_next = reference->best.last_step < 0
                           ? step == 0
                           : can_follow(funnel, reference->best.last_step, step);
        next |= is_next ? bit(step) : 0;
    }
    return reference->tried & next;
}

static bool expected_tie(const struct reference *reference)
{
    const struct path *best = &reference->best;
    for (int step = 1; step <= best->last_step; step++) {
        const struct happening *events = reference->scene->events;
        if (events[best->event_of[step]].time_ms == events[best->event_of[step - 1]].time_ms)
            return true;
    }
    return false;
}

/* Random cases */

/* Check's own assertions take their time, and here are millions. */
static void require(bool holds, int number, const char *what)
{
    if (!holds)
        ck_abort_msg("case %d: %s", number, what);
}

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static unsigned below(uint64_t *state, unsigned limit)
{
    return (unsigned)(splitmix(state) % limit);
}

static struct step_mask random_mask(uint64_t *state, size_t steps)
{
    struct step_mask mask = {0};
    for (unsigned step = 0; step < steps; step++) {
        unsigned dice = below(state, 10);
        mask.reached |= dice < 4 ? bit((int)step) : 0;
        mask.failed |= dice == 4 ? bit((int)step) : 0;
    }
    return mask;
}

/* Steps of 0 to 3 ms against windows of 0 to 11 ms: ties and exact ends of windows are common. */
static void random_scene(uint64_t *state, bool has_optional, struct scene *scene)
{
    size_t steps = 1 + below(state, MAX_STEPS);
    *scene = (struct scene){.event_count = below(state, MAX_EVENTS + 1)};
    for (size_t step = 1; step + 1 < steps; step++)
        scene->steps[step].optional = has_optional && below(state, 2);
    int64_t time_ms = 1000;
    for (size_t i = 0; i < scene->event_count; i++) {
        time_ms += below(state, 4);
        scene->events[i] = (struct happening){time_ms, random_mask(state, steps)};
    }
    unsigned window = below(state, 16);
    scene->funnel = (struct funnel){
        .name = "random",
        .unit = below(state, 2) ? FUNNEL_PER_VISIT : FUNNEL_PER_VISITOR,
        .window_ms = window < 12 ? (int64_t)window : JOURNEY_NO_WINDOW,
        .steps = scene->steps,
        .step_count = steps,
    };
}

static void check_outcome(const struct reference *reference, uint64_t *state, int number)
{
    const struct scene *scene = reference->scene;
    int64_t last_ms = scene->event_count ? scene->events[scene->event_count - 1].time_ms : 1000;
    int64_t log_end_ms = last_ms + below(state, 14);
    bool still_there = below(state, 2);
    require(funnel_run_end(reference->run, log_end_ms, still_there) ==
                expected_ending(reference, log_end_ms, still_there),
            number, "ending");
    require(funnel_run_failed_attempts(reference->run) == expected_attempts(reference), number,
            "attempts");
}

static void check_best(const struct reference *reference, int number)
{
    const struct funnel_run *run = reference->run;
    const struct path *best = &reference->best;
    require(run->best_level == best->last_step, number, "level");
    require((run->best.steps != 0) == (best->last_step >= 0), number, "steps");
    if (best->last_step < 0)
        return;
    require(reference->has_found_run, number, "no such chain exists");
    require(run->best.at_ms[run->best_level] == reference->scene->events[best->last_event].time_ms,
            number, "not the first to get there");
    require(run->best.entry_ms == best->entry_ms, number, "entry");
}

static void check_step_times(const struct reference *reference, int number)
{
    for (int step = 0; step <= reference->best.last_step; step++) {
        int event = reference->best.event_of[step];
        require(reference->run->best.at_ms[step] == reference->scene->events[event].time_ms, number,
                "time of a step");
    }
    require(funnel_run_has_tie(reference->run) == expected_tie(reference), number, "tie");
}

/* Half of the cases have optional steps; for the others the time of every step is certain. */
START_TEST(agrees_with_every_chain)
{
    uint64_t state = 20261121 + (uint64_t)_i;
    for (int number = 0; number < RANDOM_CASES; number++) {
        struct scene scene;
        struct funnel_run run;
        struct reference reference;
        random_scene(&state, _i == 1, &scene);
        run_scene(&scene, &run);
        search(&reference, &scene, &run);
        check_best(&reference, number);
        check_outcome(&reference, &state, number);
        if (_i == 0)
            check_step_times(&reference, number);
    }
}
END_TEST

/* Named cases: "a0 b5" is step 1 at 0 ms and step 2 at 5 ms; "ab3" is both at once; a capital
 * letter is a vain attempt. */

struct named {
    const char *name, *steps, *events; /* steps: one letter each, capital when optional */
    int64_t window_ms;
    int level;
    int64_t at_ms[MAX_STEPS]; /* -1: left out */
    uint64_t attempts;
    bool has_tie;
};

static const struct named named[] = {
    {"a second entry can still win", "ab", "a0 a100 b105", 10, 1, {100, 105}, 0, false},
    {"the window is inclusive", "ab", "a0 b10", 10, 1, {0, 10}, 0, false},
    {"the window ends", "ab", "a0 b11", 10, 0, {0}, 0, false},
    {"the window runs from the entry, not from the step before",
     "abc",
     "a0 b10 c11",
     10,
     1,
     {0, 10},
     0,
     false},
    {"without a window nothing is late",
     "ab",
     "a0 b999999",
     JOURNEY_NO_WINDOW,
     1,
     {0, 999999},
     0,
     false},
    {"a window of nothing: the same instant", "ab", "a5 b5", 0, 1, {5, 5}, 0, true},
    {"A-B-A", "aba", "a1 b2 a3", JOURNEY_NO_WINDOW, 2, {1, 2, 3}, 0, false},
    {"A-B-A needs the second a", "aba", "a1 b2", JOURNEY_NO_WINDOW, 1, {1, 2}, 0, false},
    {"A-B-B", "abb", "a1 b2 b3", JOURNEY_NO_WINDOW, 2, {1, 2, 3}, 0, false},
    {"A-B-B with one b", "abb", "a1 b2", JOURNEY_NO_WINDOW, 1, {1, 2}, 0, false},
    {"A-A-A", "aaa", "a1 a2 a3", JOURNEY_NO_WINDOW, 2, {1, 2, 3}, 0, false},
    {"A-A-A with two", "aaa", "a1 a2", JOURNEY_NO_WINDOW, 1, {1, 2}, 0, false},
    {"one hit that is two steps advances one", "ab", "ab1", JOURNEY_NO_WINDOW, 0, {1}, 0, false},
    {"two such hits are two steps", "ab", "ab1 ab2", JOURNEY_NO_WINDOW, 1, {1, 2}, 0, false},
    {"ties in the order of the log", "ab", "a7 b7", JOURNEY_NO_WINDOW, 1, {7, 7}, 0, true},
    {"and not against it", "ab", "b7 a7", JOURNEY_NO_WINDOW, 0, {7}, 0, false},
    {"others may come between", "abc", "a1 c2 b3 b4 c5", JOURNEY_NO_WINDOW, 2, {1, 3, 5}, 0, false},
    {"nobody enters with a later step", "ab", "b1 b2", JOURNEY_NO_WINDOW, -1, {0}, 0, false},
    {"the first to get there stays", "ab", "a1 b2 a3 b4", JOURNEY_NO_WINDOW, 1, {1, 2}, 0, false},
    {"a vain attempt at the next step", "abc", "a1 B2", JOURNEY_NO_WINDOW, 0, {1}, 2, false},
    {"not at the one after it", "abc", "a1 C2", JOURNEY_NO_WINDOW, 0, {1}, 0, false},
    {"nor before the step before it", "abc", "B1 a2", JOURNEY_NO_WINDOW, 0, {2}, 0, false},
    {"nor after the window", "abc", "a1 B12", 10, 0, {1}, 0, false},
    {"what succeeded later did not fail",
     "abc",
     "a1 B2 b3",
     JOURNEY_NO_WINDOW,
     1,
     {1, 3},
     0,
     false},
    {"a vain attempt to enter", "ab", "A1", JOURNEY_NO_WINDOW, -1, {0}, 1, false},
    {"an optional step left out", "aBc", "a1 c2", JOURNEY_NO_WINDOW, 2, {1, -1, 2}, 0, false},
    {"an optional step done", "aBc", "a1 b2 c3", JOURNEY_NO_WINDOW, 2, {1, 2, 3}, 0, false},
    {"an optional step is farther than none",
     "aBc",
     "a1 b2",
     JOURNEY_NO_WINDOW,
     1,
     {1, 2},
     0,
     false},
    {"both steps after an optional one are next",
     "aBc",
     "a1 B2 C3",
     JOURNEY_NO_WINDOW,
     0,
     {1},
     6,
     false},
    {"the later entry wins over the optional step",
     "aBc",
     "a0 b1 a8 c12",
     10,
     2,
     {8, -1, 12},
     0,
     false},
};

static void put_event(struct scene *scene, const char *letters, const char *steps, int64_t time_ms)
{
    struct happening *event = &scene->events[scene->event_count++];
    event->time_ms = time_ms;
    for (int step = 0; steps[step]; step++) {
        char letter = (char)(steps[step] | 0x20);
        for (const char *at = letters; *at > '9'; at++) {
            event->mask.reached |= *at == letter ? bit(step) : 0;
            event->mask.failed |= *at == (letter & ~0x20) ? bit(step) : 0;
        }
    }
}

static void named_scene(const struct named *row, struct scene *scene)
{
    *scene = (struct scene){.funnel = {.unit = FUNNEL_PER_VISITOR, .window_ms = row->window_ms}};
    scene->funnel.steps = scene->steps;
    scene->funnel.step_count = strlen(row->steps);
    for (size_t i = 0; row->steps[i]; i++)
        scene->steps[i].optional = row->steps[i] < 'a';
    for (const char *word = row->events; word; word = strchr(word, ' ')) {
        word += *word == ' ';
        put_event(scene, word, row->steps, atoll(word + strspn(word, "abcABC")));
    }
}

START_TEST(named_cases)
{
    const struct named *row = &named[_i];
    struct scene scene;
    struct funnel_run run;
    named_scene(row, &scene);
    run_scene(&scene, &run);
    ck_assert_msg(run.best_level == row->level, "%s: level %d", row->name, run.best_level);
    for (int step = 0; step <= row->level; step++) {
        bool is_done = run.best.steps >> step & 1;
        ck_assert_msg(is_done == (row->at_ms[step] >= 0), "%s: step %d", row->name, step);
        ck_assert_msg(!is_done || run.best.at_ms[step] == row->at_ms[step], "%s: time of step %d",
                      row->name, step);
    }
    ck_assert_msg(funnel_run_failed_attempts(&run) == row->attempts, "%s: attempts", row->name);
    ck_assert_msg(funnel_run_has_tie(&run) == row->has_tie, "%s: tie", row->name);
}
END_TEST

/* Somebody who did step 1 of 2 at 0; what the end of the log and the timeout make of it. */
static const struct ending_row {
    enum funnel_unit unit;
    int64_t window_ms, log_end_ms;
    bool still_there;
    enum funnel_ending ending;
} endings[] = {
    {FUNNEL_PER_VISIT, JOURNEY_NO_WINDOW, 0, true, FUNNEL_OPEN},
    {FUNNEL_PER_VISIT, JOURNEY_NO_WINDOW, 2 * HOUR_MS, false, FUNNEL_DROPPED},
    {FUNNEL_PER_VISIT, HOUR_MS, HOUR_MS, true, FUNNEL_OPEN},
    {FUNNEL_PER_VISIT, HOUR_MS, HOUR_MS + 1, true, FUNNEL_DROPPED},
    {FUNNEL_PER_VISIT, HOUR_MS, HOUR_MS, false, FUNNEL_DROPPED}, /* the visit is over */
    {FUNNEL_PER_VISITOR, JOURNEY_NO_WINDOW, HOUR_MS, true, FUNNEL_OPEN},
    {FUNNEL_PER_VISITOR, JOURNEY_NO_WINDOW, HOUR_MS, false, FUNNEL_DROPPED},
    {FUNNEL_PER_VISITOR, HOUR_MS, HOUR_MS, false, FUNNEL_OPEN}, /* may come back */
    {FUNNEL_PER_VISITOR, HOUR_MS, HOUR_MS + 1, true, FUNNEL_DROPPED},
};

START_TEST(open_or_dropped)
{
    const struct ending_row *row = &endings[_i];
    struct scene scene = {.funnel = {.unit = row->unit, .window_ms = row->window_ms},
                          .events = {{0, {.reached = 1}}},
                          .event_count = 1};
    struct funnel_run run;
    scene.funnel.steps = scene.steps;
    scene.funnel.step_count = 2;
    run_scene(&scene, &run);
    ck_assert_int_eq(funnel_run_end(&run, row->log_end_ms, row->still_there), row->ending);
}
END_TEST

/* A touchpoint that is reached and another that is failed, by marks: reached wins for a step. */
START_TEST(masks_of_marks)
{
    struct funnel_step steps[3] = {{.label = "a|b"}, {.label = "b"}, {.label = "c"}};
    touch_set_add(&steps[0].touchpoints, 0);
    touch_set_add(&steps[0].touchpoints, 200);
    touch_set_add(&steps[1].touchpoints, 200);
    touch_set_add(&steps[2].touchpoints, 64);
    struct funnel funnel = {.steps = steps, .step_count = 3};
    struct touch_marks marks[4] = {{.reached = {{0}}}};
    touch_set_add(&marks[1].reached, 200);
    touch_set_add(&marks[2].failed, 64);
    touch_set_add(&marks[3].reached, 0);
    touch_set_add(&marks[3].failed, 200);
    struct step_mask *masks = funnel_masks(&funnel, marks, 4);
    const struct step_mask expected[4] = {{0, 0}, {3, 0}, {0, 4}, {1, 2}};
    for (int i = 0; i < 4; i++) {
        ck_assert_uint_eq(masks[i].reached, expected[i].reached);
        ck_assert_uint_eq(masks[i].failed, expected[i].failed);
    }
    mem_free(masks);
}
END_TEST

START_TEST(previous_step_is_not_optional)
{
    struct funnel_step steps[4] = {{.optional = false}, {.optional = true}, {.optional = true}};
    struct funnel funnel = {.steps = steps, .step_count = 4};
    const int expected[4] = {-1, 0, 0, 0};
    for (int step = 0; step < 4; step++)
        ck_assert_int_eq(funnel_previous_step(&funnel, step), expected[step]);
    steps[2].optional = false;
    ck_assert_int_eq(funnel_previous_step(&funnel, 3), 2);
}
END_TEST

/* All 64 steps that a funnel may have, each by its own hit. */
START_TEST(the_longest_funnel)
{
    static struct funnel_step steps[JOURNEY_MAX_STEPS];
    struct funnel funnel = {
        .steps = steps, .step_count = JOURNEY_MAX_STEPS, .window_ms = JOURNEY_NO_WINDOW};
    struct funnel_run run;
    funnel_run_begin(&run, &funnel);
    for (int step = 0; step < JOURNEY_MAX_STEPS; step++)
        funnel_run_add(&run, step, (struct step_mask){.reached = bit(step)});
    ck_assert_int_eq(run.best_level, JOURNEY_MAX_STEPS - 1);
    ck_assert(run.best.steps == UINT64_MAX);
    ck_assert_int_eq(run.best.at_ms[63], 63);
    ck_assert_int_eq(funnel_run_end(&run, 100, true), FUNNEL_CONVERTED);
    ck_assert(funnel_run_failed_attempts(&run) == 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("funnel_engine");
    TCase *tests = tcase_create("funnel_engine");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, agrees_with_every_chain, 0, 2);
    tcase_add_loop_test(tests, named_cases, 0, (int)(sizeof named / sizeof named[0]));
    tcase_add_loop_test(tests, open_or_dropped, 0, (int)(sizeof endings / sizeof endings[0]));
    tcase_add_test(tests, masks_of_marks);
    tcase_add_test(tests, previous_step_is_not_optional);
    tcase_add_test(tests, the_longest_funnel);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
