/*
 * Folding, order and sums of a dimension's values, on random visits against the rules in
 * dimension.h, and named cases by hand. Visits of made-up dimensions have their number in `source`.
 * Places are those of tests/data/geo/ (tests/data/make-mmdb.pl tells what is in them).
 */
#include "funnel/dimension.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/table_fixture.h"

#define LENGTH(array) (int)(sizeof(array) / sizeof(array)[0])

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A table of people who visit: all that made-up dimensions ask for. */

enum { MOST_VISITORS = 4000, MOST_VISITS = 8000 };

struct crowd {
    struct visitor visitors[MOST_VISITORS];
    struct visit visits[MOST_VISITS];
    struct event_table table;
    struct visit_facts facts;
};

static struct crowd crowd;

static void empty_crowd(void)
{
    crowd.table = (struct event_table){
        .counted_classes = 1u << AGENT_PERSON, .visitors = crowd.visitors, .visits = crowd.visits};
    crowd.facts = (struct visit_facts){.table = &crowd.table};
}

/* A visit of the last visitor. */
static void add_visit(uint32_t number)
{
    struct event_table *table = &crowd.table;
    ck_assert_uint_lt(table->visit_count, MOST_VISITS);
    table->visitors[table->visitor_count - 1].visit_count++;
    table->visits[table->visit_count++] =
        (struct visit){.visitor = (uint32_t)(table->visitor_count - 1),
                       .source = number,
                       .page_views = number % 3};
}

static void add_visitor(uint32_t number)
{
    struct event_table *table = &crowd.table;
    ck_assert_uint_lt(table->visitor_count, MOST_VISITORS);
    table->visitors[table->visitor_count++] =
        (struct visitor){.class = AGENT_PERSON, .first_visit = table->visit_count};
    add_visit(number);
}

static uint32_t made_up_number(const struct visit_facts *facts, const struct visit *visit)
{
    (void)facts;
    return visit->source;
}

static size_t made_up_count(const struct visit_facts *facts)
{
    (void)facts;
    return 10000;
}

static const struct report_value *find_value(const struct grouping *grouping, const char *name)
{
    for (size_t i = 0; i < grouping->count; i++) {
        if (strcmp(grouping->values[i].value, name) == 0)
            return &grouping->values[i];
    }
    return NULL;
}

/* "A:3 B:2": values and their visitors. */
static const char *visitors_by_value(const struct grouping *grouping)
{
    static char text[512];
    size_t size = 0;
    text[0] = '\0';
    for (size_t i = 0; i < grouping->count && size < sizeof text; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s:%llu", i ? " " : "",
                                 grouping->values[i].value,
                                 (unsigned long long)grouping->values[i].visitors);
    return text;
}

/* One level: numbers 0 and 1 are unknown, others have the letter of their half. */

enum { LETTERS = 8, LETTER_NUMBERS = 2 * LETTERS };

static struct slice letter_text(const struct visit_facts *facts, uint32_t number)
{
    static const char letters[] = "-BCDEFGH";
    (void)facts;
    return number < 2 ? (struct slice){0} : (struct slice){letters + number / 2, 1};
}

static const char *letter_label(struct arena *arena, struct slice text, uint32_t number)
{
    (void)number;
    return arena_format(arena, "<%.*s>", SLICE_ARG(text));
}

static const struct dimension letters = {.name = "letter",
                                         .title = "Letter",
                                         .unknown = "?",
                                         .unknown_label = "No letter",
                                         .number_count = made_up_count,
                                         .number = made_up_number,
                                         .text = letter_text,
                                         .label = letter_label};

/* Properties that hold for any visits */

static void require(bool holds, int number, const char *what)
{
    if (!holds)
        ck_abort_msg("case %d: %s", number, what);
}

/* Whoever has one of the visits: those are a visit's bits of which the mask has one. */
static uint64_t people_with(const uint32_t *bits_of_visit, uint32_t mask)
{
    uint64_t people = 0;
    for (size_t i = 0; i < crowd.table.visitor_count; i++) {
        const struct visitor *visitor = &crowd.visitors[i];
        uint32_t bits = 0;
        for (size_t k = 0; k < visitor->visit_count; k++)
            bits |= bits_of_visit[visitor->first_visit + k];
        people += (bits & mask) != 0;
    }
    return people;
}

/* Visits and page views add up; whoever has a visit with the value is a visitor of it, once. */
static void check_sums(const struct grouping *grouping, int number)
{
    static uint32_t bits_of_visit[MOST_VISITS];
    struct report_value sums[LETTERS + 1] = {{0}};
    const struct event_table *table = &crowd.table;
    for (size_t i = 0; i < table->visit_count; i++) {
        require(grouping->of_visit[i] < grouping->count, number, "a visit without a value");
        struct report_value *sum = &sums[grouping->of_visit[i]];
        sum->visits++;
        sum->page_views += table->visits[i].page_views;
        bits_of_visit[i] = 1u << grouping->of_visit[i];
    }
    for (size_t i = 0; i < grouping->count; i++) {
        const struct report_value *value = &grouping->values[i];
        require(value->visits == sums[i].visits && value->page_views == sums[i].page_views, number,
                "a value is not the sum of its visits");
        require(value->visitors == people_with(bits_of_visit, 1u << i), number,
                "others are its visitors");
        require(value->visits > 0, number, "an empty value");
    }
}

/* Every visit is at its letter, or folded. */
static void check_places(const struct grouping *grouping, int number)
{
    for (size_t i = 0; i < crowd.table.visit_count; i++) {
        const char *value = grouping->values[grouping->of_visit[i]].value;
        struct slice text = letter_text(NULL, crowd.table.visits[i].source);
        require(strcmp(value, "(other)") == 0 ||
                    slice_is(text.size ? text : SLICE_LITERAL("?"), value),
                number, "a visit at another value");
    }
}

static void check_order(const struct grouping *grouping, int number)
{
    for (size_t i = 0; i < grouping->count; i++) {
        const struct report_value *value = &grouping->values[i], *before = value - 1;
        bool is_other = strcmp(value->value, "(other)") == 0;
        require(!is_other || i + 1 == grouping->count, number, "(other) is not last");
        require(i == 0 || is_other || before->visits > value->visits ||
                    (before->visits == value->visits && strcmp(before->value, value->value) < 0),
                number, "order");
    }
}

/* Who is shown by name is large enough, and so are all who are folded, if anything else is left. */
static void check_folding(const struct grouping *grouping, uint64_t min_cell, int number)
{
    const struct report_value *other = find_value(grouping, "(other)");
    const struct report_value *unknown = find_value(grouping, "?");
    for (size_t i = 0; i < grouping->count; i++) {
        const struct report_value *value = &grouping->values[i];
        if (value == other || value == unknown)
            continue;
        require(min_cell < 2 || value->visitors >= min_cell, number, "a small value is shown");
    }
    require(!other || min_cell > 1, number, "folded for nothing");
    require(!other || other->visitors >= min_cell || grouping->count == 1, number,
            "(other) is small and something is left");
}

/* The kept letter with the fewest visitors, the first of equals; LETTERS: none is left. */
static size_t least_letter(const uint64_t *visitors, uint32_t kept)
{
    size_t least = LETTERS;
    for (size_t i = 1; i < LETTERS; i++) {
        if (kept >> i & 1 && (least == LETTERS || visitors[i] < visitors[least]))
            least = i;
    }
    return least;
}

/*
 * Not more is folded than has to be: found by taking the smallest letter out, one by one, and in
 * the end the unknown.
 */
static void check_not_too_much(const struct grouping *grouping, uint64_t min_cell, int number)
{
    static uint32_t bits_of_visit[MOST_VISITS];
    uint64_t visitors[LETTERS];
    uint32_t kept = 0, folded = 0;
    for (size_t i = 0; i < crowd.table.visit_count; i++)
        kept |= bits_of_visit[i] = 1u << crowd.visits[i].source / 2;
    for (size_t i = 0; i < LETTERS; i++)
        visitors[i] = people_with(bits_of_visit, 1u << i);
    for (;;) {
        size_t least = least_letter(visitors, kept);
        bool is_small = least < LETTERS && visitors[least] < min_cell;
        bool is_needed = folded && people_with(bits_of_visit, folded) < min_cell;
        if (least == LETTERS || !(is_small || is_needed))
            break;
        folded |= 1u << least;
        kept &= ~folded;
    }
    if (folded && people_with(bits_of_visit, folded) < min_cell)
        kept = 0;
    for (uint32_t i = 0; i < LETTERS; i++) {
        char name[2] = {i ? letter_text(NULL, 2 * i).at[0] : '?', '\0'};
        require((kept >> i & 1) == (find_value(grouping, name) != NULL), number,
                "another is folded");
    }
}

static void make_random_crowd(uint64_t *state)
{
    uint32_t most = 1 + (uint32_t)(splitmix(state) % 16);
    empty_crowd();
    for (uint32_t number = 0; number < LETTER_NUMBERS; number++) {
        uint64_t visitors = splitmix(state) % 3 ? splitmix(state) % most : 0;
        for (uint64_t i = 0; i < visitors; i++) {
            add_visitor(number);
            for (uint64_t k = splitmix(state) % 3; k > 0; k--)
                add_visit((uint32_t)(splitmix(state) % LETTER_NUMBERS));
        }
    }
}

START_TEST(folds_what_is_small_and_no_more)
{
    uint64_t state = 20261121;
    for (int number = 0; number < 5000; number++) {
        struct arena arena;
        uint64_t min_cell = splitmix(&state) % 9;
        make_random_crowd(&state);
        arena_init(&arena);
        struct grouping grouping = grouping_new(&letters, &crowd.facts, min_cell, &arena);
        check_sums(&grouping, number);
        check_places(&grouping, number);
        check_order(&grouping, number);
        check_folding(&grouping, min_cell, number);
        check_not_too_much(&grouping, min_cell, number);
        grouping_clear(&grouping);
        arena_clear(&arena);
    }
}
END_TEST

/* By hand: visitors of the unknown and of B C D E F (F also has two visits a head). */
static const struct named {
    const char *name;
    uint64_t unknown, visitors[5], min_cell;
    const char *values;
} named[] = {
    {"nothing", 0, {0}, 5, ""},
    {"none is small", 0, {9, 8, 7, 6, 0}, 5, "B:9 C:8 D:7 E:6"},
    {"exactly the smallest cell", 0, {5, 0, 0, 0, 0}, 5, "B:5"},
    {"the small ones together", 0, {9, 3, 2, 0, 0}, 5, "B:9 (other):5"},
    {"one more is needed", 0, {9, 8, 2, 0, 0}, 5, "B:9 (other):10"},
    {"nothing else is left", 0, {2, 0, 0, 0, 0}, 5, "(other):2"},
    {"beside the unknown only", 20, {2, 0, 0, 0, 0}, 5, "(other):22"},
    {"the unknown are the last", 4, {9, 2, 0, 0, 0}, 5, "?:4 (other):11"},
    {"the unknown are not needed", 4, {3, 2, 0, 0, 0}, 5, "?:4 (other):5"},
    {"nobody but few unknown ones", 3, {0}, 5, "?:3"},
    {"few unknown ones stay", 1, {9, 0, 0, 0, 0}, 5, "B:9 ?:1"},
    {"most visits first", 0, {9, 10, 0, 0, 8}, 5, "F:8 C:10 B:9"},
    {"equals by name", 0, {7, 7, 7, 0, 0}, 5, "B:7 C:7 D:7"},
    {"no smallest cell", 0, {1, 2, 0, 0, 0}, 1, "C:2 B:1"},
};

START_TEST(named_cases)
{
    const struct named *row = &named[_i];
    struct arena arena;
    empty_crowd();
    for (uint64_t k = 0; k < row->unknown; k++)
        add_visitor(0);
    for (uint32_t i = 0; i < 5; i++) {
        for (uint64_t k = 0; k < row->visitors[i]; k++) {
            add_visitor(2 * (i + 1) + k % 2);
            if (i == 4)
                add_visit(2 * (i + 1));
        }
    }
    arena_init(&arena);
    struct grouping grouping = grouping_new(&letters, &crowd.facts, row->min_cell, &arena);
    ck_assert_msg(strcmp(visitors_by_value(&grouping), row->values) == 0, "%s: %s", row->name,
                  visitors_by_value(&grouping));
    grouping_clear(&grouping);
    arena_clear(&arena);
}
END_TEST

/* By hand: so many people each, with the letters of their visits in order. */
static const struct returning {
    const char *name;
    struct {
        uint64_t count;
        const char *visits;
    } people[4];
    uint64_t min_cell;
    const char *values;
} returning[] = {
    {"a newsletter to old customers", {{34, "B"}, {6, "BC"}}, 5, "B:40 C:6"},
    {"once, however often", {{20, "B"}, {5, "DBDD"}}, 5, "B:25 D:5"},
    {"often is not many", {{20, "B"}, {4, "DDDD"}}, 5, "(other):24"},
    {"one who came back is shown", {{2, "B"}, {1, "BC"}}, 1, "B:3 C:1"},
    {"few who came back take the next", {{34, "B"}, {4, "BC"}}, 5, "(other):38"},
    {"the next is enough, new or not", {{34, "B"}, {6, "BC"}, {2, "D"}}, 5, "B:40 (other):8"},
    {"enough who came back", {{34, "B"}, {6, "BC"}, {3, "BD"}, {2, "BE"}}, 5, "B:45 C:6 (other):5"},
    {"the same people twice", {{34, "B"}, {6, "BC"}, {3, "BDE"}}, 5, "B:43 (other):9"},
    {"folded ones among the shown", {{34, "B"}, {5, "BDE"}}, 6, "(other):39"},
};

START_TEST(whoever_comes_back)
{
    const struct returning *row = &returning[_i];
    struct arena arena;
    empty_crowd();
    for (size_t i = 0; i < 4; i++) {
        for (uint64_t k = 0; k < row->people[i].count; k++) {
            const char *visits = row->people[i].visits;
            add_visitor(2 * (uint32_t)(*visits - 'A'));
            while (*++visits)
                add_visit(2 * (uint32_t)(*visits - 'A'));
        }
    }
    arena_init(&arena);
    struct grouping grouping = grouping_new(&letters, &crowd.facts, row->min_cell, &arena);
    ck_assert_msg(strcmp(visitors_by_value(&grouping), row->values) == 0, "%s: %s", row->name,
                  visitors_by_value(&grouping));
    grouping_clear(&grouping);
    arena_clear(&arena);
}
END_TEST

/*
 * Three levels: number 25 r + 5 s + c is city c of subdivision s of region r; region 0 is unknown,
 * and so is all within it.
 */

enum { REGIONS = 5, TOWNS = 25 * REGIONS };

static struct slice level_text(uint32_t number, unsigned levels)
{
    static char texts[TOWNS][3][32];
    char *text = texts[number][levels - 1];
    if (number < 25)
        return (struct slice){0};
    snprintf(text, sizeof texts[0][0], "%u.%u.%u", (unsigned)number / 25, (unsigned)number / 5 % 5,
             (unsigned)number % 5);
    return (struct slice){text, 2 * levels - 1};
}

static struct slice level_1(const struct visit_facts *facts, uint32_t number)
{
    (void)facts;
    return level_text(number, 1);
}

static struct slice level_2(const struct visit_facts *facts, uint32_t number)
{
    (void)facts;
    return level_text(number, 2);
}

static struct slice level_3(const struct visit_facts *facts, uint32_t number)
{
    (void)facts;
    return level_text(number, 3);
}

static const struct dimension levels[] = {
    {.name = "1",
     .unknown = "?",
     .number_count = made_up_count,
     .number = made_up_number,
     .text = level_1},
    {.name = "2",
     .unknown = "?",
     .parent = &levels[0],
     .number_count = made_up_count,
     .number = made_up_number,
     .text = level_2},
    {.name = "3",
     .unknown = "?",
     .parent = &levels[1],
     .number_count = made_up_count,
     .number = made_up_number,
     .text = level_3},
};

static bool is_folded(const char *value)
{
    return strcmp(value, "(other)") == 0;
}

/* Visits within a parent that no child of it shows, and whoever made them. */
struct remainder {
    uint64_t visits, people;
    size_t last_visitor; /* + 1: a visitor's visits stand together */
};

static void add_to_remainder(struct remainder *remainder, const struct visit *visit)
{
    remainder->visits++;
    remainder->people += remainder->last_visitor != visit->visitor + 1u;
    remainder->last_visitor = visit->visitor + 1u;
}

/* What a reader of two tables is left with: a parent's row minus those of its children. */
struct subtraction {
    uint64_t visits;
    int64_t visitors; /* so many people at least have nothing but folded visits in the parent */
};

static struct subtraction subtract(const struct report_value *parent, const struct grouping *below)
{
    struct subtraction left = {parent->visits, (int64_t)parent->visitors};
    size_t length = strlen(parent->value);
    for (size_t k = 0; k < below->count; k++) {
        const struct report_value *child = &below->values[k];
        if (is_folded(child->value) || strncmp(child->value, parent->value, length) != 0)
            continue;
        left.visits -= child->visits;
        left.visitors -= (int64_t)child->visitors;
    }
    return left;
}

/* It is nobody's visits, or those of enough people, found visit by visit. */
static void check_remainders(const struct grouping *above, const struct grouping *below,
                             uint64_t min_cell, int number)
{
    struct remainder remainders[TOWNS + 1] = {{0}};
    for (size_t i = 0; i < crowd.table.visit_count; i++) {
        if (is_folded(below->values[below->of_visit[i]].value))
            add_to_remainder(&remainders[above->of_visit[i]], &crowd.visits[i]);
    }
    for (size_t i = 0; i < above->count; i++) {
        const struct remainder *remainder = &remainders[i];
        if (is_folded(above->values[i].value))
            continue;
        struct subtraction left = subtract(&above->values[i], below);
        require(left.visits == remainder->visits, number, "visits do not add up");
        require(left.visitors <= (int64_t)remainder->people, number, "visitors are missing");
        require(left.visits == 0 || remainder->people >= min_cell, number,
                "visits of few are left within a value");
    }
}

/* A child is shown only where its parent is. */
static void check_parents(const struct grouping *above, const struct grouping *below, int number)
{
    for (size_t i = 0; i < crowd.table.visit_count; i++) {
        const char *child = below->values[below->of_visit[i]].value;
        const char *parent = above->values[above->of_visit[i]].value;
        require(is_folded(child) || strncmp(child, parent, strlen(parent)) == 0, number,
                "a value is shown whose parent is folded");
    }
}

/* Whoever visits each town; whoever visits the small towns of each parent. */
static void count_towns(uint32_t width, uint64_t min_cell, struct remainder *towns,
                        struct remainder *small)
{
    for (size_t i = 0; i < crowd.table.visit_count; i++)
        add_to_remainder(&towns[crowd.visits[i].source / width], &crowd.visits[i]);
    for (size_t i = 0; i < crowd.table.visit_count; i++) {
        uint32_t town = crowd.visits[i].source / width;
        if (towns[town].people < min_cell)
            add_to_remainder(&small[town / 5], &crowd.visits[i]);
    }
}

/*
 * Where a parent is shown and its small children, if any, have enough people together, no other
 * child is folded.
 */
static void check_nothing_for_nothing(const struct grouping *above, const struct grouping *below,
                                      uint64_t min_cell, int number)
{
    unsigned levels_below = (unsigned)(below->dimension - levels) + 1;
    uint32_t width = levels_below == 2 ? 5 : 1;
    struct remainder towns[TOWNS] = {{0}}, small[TOWNS] = {{0}};
    count_towns(width, min_cell, towns, small);
    for (size_t i = 0; i < crowd.table.visit_count; i++) {
        uint32_t town = crowd.table.visits[i].source / width;
        const struct remainder *pool = &small[town / 5];
        bool may_fold = towns[town].people < min_cell || (pool->people && pool->people < min_cell);
        require(may_fold || is_folded(above->values[above->of_visit[i]].value) ||
                    !is_folded(below->values[below->of_visit[i]].value),
                number, "folded for nothing");
    }
}

static void make_random_towns(uint64_t *state)
{
    uint32_t most = 1 + (uint32_t)(splitmix(state) % 12);
    uint32_t share = 1 + (uint32_t)(splitmix(state) % 5);
    empty_crowd();
    for (uint32_t number = 0; number < TOWNS; number++) {
        uint64_t visitors = splitmix(state) % share ? 0 : splitmix(state) % most;
        for (uint64_t i = 0; i < visitors; i++) {
            add_visitor(number);
            if (splitmix(state) % 4 == 0)
                add_visit((uint32_t)(splitmix(state) % TOWNS));
        }
    }
}

START_TEST(nobody_is_found_by_subtraction)
{
    uint64_t state = 4;
    for (int number = 0; number < 3000; number++) {
        struct arena arena;
        struct grouping made[3];
        uint64_t min_cell = splitmix(&state) % 9;
        make_random_towns(&state);
        arena_init(&arena);
        for (size_t i = 0; i < 3; i++)
            made[i] = grouping_new(&levels[i], &crowd.facts, min_cell, &arena);
        check_folding(&made[0], min_cell, number);
        for (size_t i = 0; i < 2; i++) {
            check_remainders(&made[i], &made[i + 1], min_cell, number);
            check_parents(&made[i], &made[i + 1], number);
            check_nothing_for_nothing(&made[i], &made[i + 1], min_cell, number);
        }
        check_remainders(&made[0], &made[2], min_cell, number);
        for (size_t i = 0; i < 3; i++)
            grouping_clear(&made[i]);
        arena_clear(&arena);
    }
}
END_TEST

/* 1.0 to 1.2 have 13, 6 and 1; region 2 has 3 first, and takes region 1 along, and then 5. */
START_TEST(the_next_smallest_of_the_same_parent)
{
    static const uint32_t counts[][2] = {{25, 13}, {30, 6}, {35, 1}, {50, 3}, {75, 40}};
    struct arena arena;
    empty_crowd();
    for (size_t i = 0; i < 5; i++) {
        for (uint32_t k = 0; k < counts[i][1]; k++)
            add_visitor(counts[i][0]);
    }
    arena_init(&arena);
    struct grouping regions = grouping_new(&levels[0], &crowd.facts, 5, &arena);
    struct grouping subdivisions = grouping_new(&levels[1], &crowd.facts, 5, &arena);
    ck_assert_str_eq(visitors_by_value(&regions), "3:40 (other):23");
    ck_assert_str_eq(visitors_by_value(&subdivisions), "3.0:40 (other):23");
    grouping_clear(&regions);
    grouping_clear(&subdivisions);
    for (uint32_t k = 0; k < 2; k++)
        add_visitor(50);
    regions = grouping_new(&levels[0], &crowd.facts, 5, &arena);
    subdivisions = grouping_new(&levels[1], &crowd.facts, 5, &arena);
    ck_assert_str_eq(visitors_by_value(&regions), "3:40 1:20 2:5");
    ck_assert_str_eq(visitors_by_value(&subdivisions), "3.0:40 1.0:13 2.0:5 (other):7");
    grouping_clear(&regions);
    grouping_clear(&subdivisions);
    arena_clear(&arena);
}
END_TEST

/*
 * Names within classes, as referrers are within sources: number 5 r + n is name n of class r, which
 * has namesakes in other classes, and name 0 of each class is unknown, as is all in class 0.
 */

enum { CLASSES = 4, CLASS_NAMES = 5 };

static struct slice class_text(const struct visit_facts *facts, uint32_t number)
{
    static const char texts[] = "-xyz";
    (void)facts;
    return number < CLASS_NAMES ? (struct slice){0}
                                : (struct slice){texts + number / CLASS_NAMES, 1};
}

static struct slice name_text(const struct visit_facts *facts, uint32_t number)
{
    static const char texts[] = "-abcd";
    (void)facts;
    uint32_t name = number % CLASS_NAMES;
    bool is_known = number >= CLASS_NAMES && name;
    return is_known ? (struct slice){texts + name, 1} : (struct slice){0};
}

static const struct dimension classes = {
    .unknown = "?", .number_count = made_up_count, .number = made_up_number, .text = class_text};
static const struct dimension class_names = {.unknown = "?",
                                             .unknown_label = "No name",
                                             .parent = &classes,
                                             .is_from_log = true,
                                             .number_count = made_up_count,
                                             .number = made_up_number,
                                             .text = name_text};

static void make_random_names(uint64_t *state)
{
    uint32_t most = 1 + (uint32_t)(splitmix(state) % 16);
    empty_crowd();
    for (uint32_t number = 0; number < CLASSES * CLASS_NAMES; number++) {
        uint64_t count = splitmix(state) % 2 ? splitmix(state) % most : 0;
        for (uint64_t i = 0; i < count; i++) {
            add_visitor(number);
            if (splitmix(state) % 4 == 0)
                add_visit((uint32_t)(splitmix(state) % (CLASSES * CLASS_NAMES)));
        }
    }
}

/* What a class shows and its names do not is nobody's, or of enough people. */
static void check_classes(const struct grouping *above, const struct grouping *below,
                          uint64_t min_cell, int number)
{
    struct remainder hidden[CLASSES + 1] = {{0}};
    for (size_t i = 0; i < crowd.table.visit_count; i++) {
        bool is_hidden = is_folded(below->values[below->of_visit[i]].value);
        require(is_hidden || !is_folded(above->values[above->of_visit[i]].value), number,
                "a name is shown whose class is folded");
        if (is_hidden)
            add_to_remainder(&hidden[above->of_visit[i]], &crowd.visits[i]);
    }
    for (size_t i = 0; i < above->count; i++)
        require(hidden[i].visits == 0 || hidden[i].people >= min_cell || above->count == 1, number,
                "few people's visits are left within a class");
}

/* Every row is another, every visit has one, and the visits add up. */
static void check_rows(const struct grouping *grouping, int number)
{
    uint64_t visits[CLASSES * CLASS_NAMES + 1] = {0};
    for (size_t i = 0; i < crowd.table.visit_count; i++)
        visits[grouping->of_visit[i]]++;
    for (size_t i = 0; i < grouping->count; i++) {
        const struct report_value *value = &grouping->values[i];
        require(find_value(grouping, value->value) == value, number, "a row stands twice");
        require(value->visits == visits[i], number, "visits are at another row");
    }
}

START_TEST(names_lie_within_classes)
{
    uint64_t state = 11;
    for (int number = 0; number < 3000; number++) {
        struct arena arena;
        uint64_t min_cell = splitmix(&state) % 9;
        make_random_names(&state);
        arena_init(&arena);
        struct grouping above = grouping_new(&classes, &crowd.facts, min_cell, &arena);
        struct grouping below = grouping_new(&class_names, &crowd.facts, min_cell, &arena);
        check_classes(&above, &below, min_cell, number);
        check_rows(&below, number);
        check_order(&below, number);
        grouping_clear(&above);
        grouping_clear(&below);
        arena_clear(&arena);
    }
}
END_TEST

/* Two towns of one name. */

static struct slice state_text(const struct visit_facts *facts, uint32_t number)
{
    (void)facts;
    return number / 2 ? SLICE_LITERAL("US Ohio") : SLICE_LITERAL("US Iowa");
}

static struct slice town_text(const struct visit_facts *facts, uint32_t number)
{
    (void)facts;
    return number % 2 ? SLICE_LITERAL("US Troy") : SLICE_LITERAL("US Ames");
}

START_TEST(namesakes_are_told_apart)
{
    static const struct dimension states = {.unknown = "?",
                                            .number_count = made_up_count,
                                            .number = made_up_number,
                                            .text = state_text};
    static const struct dimension towns = {.unknown = "?",
                                           .parent = &states,
                                           .number_count = made_up_count,
                                           .number = made_up_number,
                                           .text = town_text};
    static const uint32_t numbers[] = {3, 0, 1, 3, 1, 0, 0};
    struct arena arena;
    empty_crowd();
    for (size_t i = 0; i < 7; i++)
        add_visitor(numbers[i]);
    arena_init(&arena);
    struct grouping grouping = grouping_new(&towns, &crowd.facts, 1, &arena);
    ck_assert_str_eq(visitors_by_value(&grouping),
                     "US Ames:3 US Troy (US Iowa):2 US Troy (US Ohio):2");
    ck_assert_str_eq(grouping.values[1].label, "US Troy (US Iowa)");
    grouping_clear(&grouping);
    arena_clear(&arena);
}
END_TEST

/* Texts of a log: 1,500 of them, the higher the number the more visits; some that look like ours.
 */

static struct slice log_text(const struct visit_facts *facts, uint32_t number)
{
    static char text[16];
    (void)facts;
    if (number < 3)
        return number ? number == 1 ? SLICE_LITERAL("(none)") : SLICE_LITERAL("(other)")
                      : (struct slice){0};
    snprintf(text, sizeof text, "/%04u", (unsigned)number);
    return slice_of(text);
}

static const struct dimension log_texts = {.name = "log",
                                           .unknown = "(none)",
                                           .unknown_label = "Nothing",
                                           .is_from_log = true,
                                           .number_count = made_up_count,
                                           .number = made_up_number,
                                           .text = log_text};

/* The unknown have a row of their own, "(other)" the last one: 998 are left for texts. */
START_TEST(a_log_has_more_texts_than_rows)
{
    struct arena arena;
    empty_crowd();
    add_visitor(0);
    for (uint32_t number = 3; number < 1503; number++) {
        add_visitor(number);
        for (uint32_t k = 0; k < number / 500; k++)
            add_visit(number);
    }
    arena_init(&arena);
    struct grouping grouping = grouping_new(&log_texts, &crowd.facts, 1, &arena);
    ck_assert_uint_eq(grouping.count, DIMENSION_MAX_VALUES);
    ck_assert_str_eq(grouping.values[0].value, "/1500");
    ck_assert_uint_eq(grouping.values[0].visits, 4);
    ck_assert_str_eq(grouping.values[3].value, "/1000");
    ck_assert_ptr_nonnull(find_value(&grouping, "/0994")); /* 3 + 500 + 495 */
    ck_assert_ptr_null(find_value(&grouping, "/0995"));
    ck_assert_ptr_nonnull(find_value(&grouping, "(none)"));
    const struct report_value *other = &grouping.values[DIMENSION_MAX_VALUES - 1];
    ck_assert_str_eq(other->value, "(other)");
    ck_assert_uint_eq(other->visitors, 1500 - 998);
    grouping_clear(&grouping);
    arena_clear(&arena);
}
END_TEST

/* Exactly as many as there are rows for: nothing is folded. */
START_TEST(a_log_has_as_many_texts_as_rows)
{
    for (uint32_t texts = DIMENSION_MAX_VALUES - 1; texts < DIMENSION_MAX_VALUES + 2; texts++) {
        struct arena arena;
        empty_crowd();
        for (uint32_t i = 0; i < texts; i++)
            add_visitor(3 + i);
        arena_init(&arena);
        struct grouping grouping = grouping_new(&log_texts, &crowd.facts, 1, &arena);
        const struct report_value *other = find_value(&grouping, "(other)");
        bool fits = texts <= DIMENSION_MAX_VALUES;
        ck_assert_uint_eq(grouping.count, fits ? texts : DIMENSION_MAX_VALUES);
        ck_assert(fits ? !other : other->visitors == texts - (DIMENSION_MAX_VALUES - 1));
        grouping_clear(&grouping);
        arena_clear(&arena);
    }
}
END_TEST

/* "(other)" from a log is folded with the others, "(none)" is as good as nothing. */
START_TEST(texts_that_look_like_ours)
{
    struct arena arena;
    empty_crowd();
    for (uint32_t i = 0; i < 12; i++)
        add_visitor(i % 4);
    arena_init(&arena);
    struct grouping grouping = grouping_new(&log_texts, &crowd.facts, 1, &arena);
    ck_assert_str_eq(visitors_by_value(&grouping), "(none):6 /0003:3 (other):3");
    ck_assert_str_eq(grouping.values[0].label, "Nothing");
    ck_assert_str_eq(grouping.values[1].label, "/0003");
    grouping_clear(&grouping);
    arena_clear(&arena);
}
END_TEST

/* Numbers hang on which thread saw what first: with others for the same texts, the same rows. */

static uint32_t shuffled[10000];

static struct slice shuffled_text(const struct visit_facts *facts, uint32_t number)
{
    return log_text(facts, shuffled[number]);
}

START_TEST(numbers_leave_no_trace)
{
    struct dimension other = log_texts;
    struct arena arena;
    struct grouping made[2];
    uint64_t state = 7;
    other.text = shuffled_text;
    empty_crowd();
    for (uint32_t i = 0; i < 3000; i++)
        add_visitor((uint32_t)(splitmix(&state) % 40 * (splitmix(&state) % 40)));
    arena_init(&arena);
    made[0] = grouping_new(&log_texts, &crowd.facts, 3, &arena);
    for (uint32_t i = 0; i < 10000; i++)
        shuffled[i] = 9999 - i;
    for (size_t i = 0; i < crowd.table.visit_count; i++)
        crowd.visits[i].source = 9999 - crowd.visits[i].source;
    made[1] = grouping_new(&other, &crowd.facts, 3, &arena);
    ck_assert_uint_eq(made[0].count, made[1].count);
    for (size_t i = 0; i < made[0].count; i++) {
        ck_assert_str_eq(made[0].values[i].value, made[1].values[i].value);
        ck_assert_uint_eq(made[0].values[i].visits, made[1].values[i].visits);
    }
    ck_assert_mem_eq(made[0].of_visit, made[1].of_visit,
                     crowd.table.visit_count * sizeof *made[0].of_visit);
    grouping_clear(&made[0]);
    grouping_clear(&made[1]);
    arena_clear(&arena);
}
END_TEST

/* Places */

static struct geo *open_places(const char *name)
{
    char path[4096];
    struct error error = {0};
    const char *root = getenv("srcdir"), *paths[] = {path};
    snprintf(path, sizeof path, "%s/tests/data/geo/%s", root ? root : ".", name);
    struct geo *geo = geo_open(paths, 1, &error);
    ck_assert_msg(geo != NULL, "%s", error.sentence);
    return geo;
}

/* DE and an unknown address in each dimension; a level that is not known shows the one above. */
static const struct level_row {
    const char *database, *dimension, *german, *german_label;
} place_rows[] = {
    {"country-test.mmdb", "region", "DE", "Germany"},
    {"country-test.mmdb", "subdivision", "DE", "Germany, place unknown"},
    {"country-test.mmdb", "city", "DE", "Germany, place unknown"},
    {"city-test.mmdb", "region", "DE", "Germany"},
    {"city-test.mmdb", "subdivision", "DE-BE", "DE-BE"},
    {"city-test.mmdb", "city", "DE-BE Berlin", "DE-BE Berlin"},
};

/* Of one visitor at each address; the last one is a machine's, and of no place. */
static void make_visitors_at(const char *const *addresses, size_t count)
{
    static struct client clients[8];
    empty_crowd();
    for (uint32_t i = 0; i < count; i++) {
        address_parse(slice_of(addresses[i]), &clients[i].address);
        add_visitor(0);
        crowd.visits[i].client = i;
    }
    crowd.visitors[count - 1].class = AGENT_SEARCH;
    crowd.table.clients = clients;
    crowd.table.client_count = count;
}

START_TEST(levels_and_labels)
{
    static const char *const addresses[] = {"192.0.2.1", "10.0.0.1", "10.0.0.1", "10.1.0.1"};
    const struct level_row *row = &place_rows[_i];
    struct geo *geo = open_places(row->database);
    struct arena arena;
    arena_init(&arena);
    make_visitors_at(addresses, 4);
    struct visit_facts facts = visit_facts_new(&crowd.table, geo, 0);
    struct grouping grouping = grouping_new(dimension_find(row->dimension), &facts, 1, &arena);
    ck_assert_uint_eq(grouping.count, 2);
    ck_assert_str_eq(grouping.values[0].value, row->german);
    ck_assert_str_eq(grouping.values[0].label, row->german_label);
    ck_assert_str_eq(grouping.values[1].value, "ZZ");
    ck_assert_str_eq(grouping.values[1].label, "Unknown");
    ck_assert_uint_eq(grouping.of_visit[0], 1);
    ck_assert_uint_eq(grouping.of_visit[2], 0);
    ck_assert_uint_eq(grouping.of_visit[3], GROUPING_NONE);
    grouping_clear(&grouping);
    visit_facts_clear(&facts);
    arena_clear(&arena);
    geo_close(geo);
}
END_TEST

/*
 * 10.250.1.0/24 is a place of its own within 10.250.0.0/16, whose first /24 is another; 10.0.0.0 is
 * in Berlin, and so is fd00::. Names stay names.
 */
static const struct cut_row {
    const char *address;
    unsigned bytes;
    const char *city;
} cut_rows[] = {
    {"10.250.1.9", 0, "AQ =cmd|' /C calc'!A0"},
    {"10.250.1.9", 1, "AQ =cmd|' /C calc'!A0"},
    {"10.250.1.9", 2, "AQ </script><b>"},
    {"10.250.1.9", 3, "DE-BE Berlin"},
    {"10.1.2.3", 2, "FR-IDF Paris"},
    {"fd00:1:2:3::4", 0, "FR-IDF Paris"},
    {"fd00:1:2:3::4", 2, "FR-IDF Paris"},
    {"fd00:1:2:3::4", 3, "DE-BE Berlin"},
    {"host.example", 3, "ZZ"},
};

START_TEST(addresses_are_cut_before_they_are_looked_up)
{
    const struct cut_row *row = &cut_rows[_i];
    const char *const addresses[] = {row->address, "10.2.0.1"};
    struct geo *geo = open_places("city-test.mmdb");
    struct arena arena;
    arena_init(&arena);
    make_visitors_at(addresses, 2);
    struct visit_facts facts = visit_facts_new(&crowd.table, geo, row->bytes);
    struct grouping grouping = grouping_new(dimension_find("city"), &facts, 1, &arena);
    ck_assert_uint_eq(grouping.count, 1);
    ck_assert_str_eq(grouping.values[0].value, row->city);
    grouping_clear(&grouping);
    visit_facts_clear(&facts);
    arena_clear(&arena);
    geo_close(geo);
}
END_TEST

/*
 * The built-in ones. Visits, by hand:
 *
 *     0   call, /a from google.com, /b, call     own.example    desktop, Firefox
 *     0   /b from a letter of spring             own.example    phone, Safari
 *     1   call                                                  unknown
 *     2   /a typed in, an unnumbered page        own.example    phone, Safari
 *     3   /b from a source beyond the cap        beyond it      desktop, Firefox
 *     4   crawler: two page views, which are no events
 */
static const struct event_row event_rows[] = {
    {.visitor = 0, .at_s = 0, .page = "/api/x", .origin = "own.example>"},
    {.visitor = 0, .at_s = 1, .page = "/a", .origin = "own.example>google.com"},
    {.visitor = 0, .at_s = 2, .page = "/b", .from = "/a"},
    {.visitor = 0, .at_s = 3, .page = "/api/y", .from = "/b"},
    {.visitor = 0, .at_s = 9000, .page = "/b", .origin = "own.example>?letter&spring"},
    {.visitor = 1, .at_s = 5, .page = "/api/x"},
    {.visitor = 2, .at_s = 6, .page = "/a", .origin = "own.example>"},
    {.visitor = 2, .at_s = 7, .page = "/c", .from = "/a"},
    {.visitor = 3, .at_s = 8, .page = "/b", .origin = "(other)"},
    {.visitor = 4, .at_s = 8, .page = "/x.png"},
};

static const struct built_in_row {
    const char *name, *rows; /* value (label) visits/visitors/page views */
} built_in_rows[] = {
    {"source", "(none) (No page view) 1/1/0, campaign (Campaign) 1/1/1, direct (Direct) 1/1/2, "
               "referral (Referral) 1/1/1, search (Search) 1/1/2, "},
    {"referrer", "(none) (No referrer) 2/2/2, google.com (google.com) 1/1/2, "
                 "letter (letter) 1/1/1, (other) 1/1/1, "},
    {"campaign", "(none) (No campaign) 4/4/5, spring (spring) 1/1/1, "},
    {"landing", "/a (/a) 2/2/4, /b (/b) 2/2/2, (none) (No page view) 1/1/0, "},
    {"exit", "/b (/b) 3/2/4, (none) (No page view) 1/1/0, (other) 1/1/2, "},
    {"device", "desktop (Desktop) 2/2/3, phone (Phone) 2/2/3, unknown (Unknown) 1/1/0, "},
    {"browser", "Firefox (Firefox) 2/2/3, Safari (Safari) 2/2/3, Unknown (Unknown) 1/1/0, "},
    {"agent", "person (Person) 5/4/6, search (Search engine) 1/1/2, "},
    {"host", "own.example (own.example) 3/2/5, (none) (Unknown) 1/1/0, (other) 1/1/1, "},
};

static const struct browser firefox = {.family = BROWSER_FIREFOX, .device = DEVICE_DESKTOP};
static const struct browser safari = {.family = BROWSER_SAFARI, .device = DEVICE_PHONE};

static void add_sources(struct event_table *table)
{
    table_fixture_add_sources(table);
    for (size_t i = 0; i < table->visit_count; i++) {
        struct visit *visit = &table->visits[i];
        for (size_t k = visit->event_count; k-- > 0;) {
            const struct event *event = &table->events[visit->first_event + k];
            if (event->kind == KIND_PAGE)
                visit->source = table->source_of[event->origin];
        }
    }
}

static struct event_table *make_table(void)
{
    struct event_table *table = table_fixture_new(event_rows, (size_t)LENGTH(event_rows));
    add_sources(table);
    for (size_t i = 0; i < table->event_count; i++) {
        if (slice_is(names_text(&table->pages, table->events[i].page), "/c"))
            table->events[i].page = PAGE_OTHER;
    }
    table->agents[0].browser = table->agents[3].browser = firefox;
    table->agents[2].browser = safari;
    table->visits[1].client = 2;
    table->visitors[4].class = AGENT_SEARCH;
    table->kinds.unkept_page_views[AGENT_SEARCH] = 2;
    return table;
}

static void write_rows(const struct grouping *grouping, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; i < grouping->count; i++) {
        const struct report_value *row = &grouping->values[i];
        bool shows_label = !is_folded(row->value);
        size_t used = strlen(text);
        snprintf(text + used, size - used, "%s%s%s%s %d/%d/%d, ", row->value,
                 shows_label ? " (" : "", shows_label ? row->label : "", shows_label ? ")" : "",
                 (int)row->visits, (int)row->visitors, (int)row->page_views);
    }
}

START_TEST(built_in)
{
    const struct built_in_row *row = &built_in_rows[_i];
    const struct dimension *dimension = dimension_find(row->name);
    struct event_table *table = make_table();
    struct geo *geo = open_places("country-test.mmdb");
    struct arena arena;
    char text[512];
    arena_init(&arena);
    struct visit_facts facts = visit_facts_new(table, geo, 0);
    struct grouping grouping = grouping_new(dimension, &facts, 1, &arena);
    write_rows(&grouping, text, sizeof text);
    ck_assert_str_eq(text, row->rows);
    grouping_clear(&grouping);
    visit_facts_clear(&facts);
    arena_clear(&arena);
    geo_close(geo);
    event_table_free(table);
}
END_TEST

/* Of classes of agents, a single crawler is shown; of sources of one visit each, none. */
START_TEST(classes_are_never_folded)
{
    struct event_table *table = make_table();
    struct geo *geo = open_places("country-test.mmdb");
    struct arena arena;
    arena_init(&arena);
    struct visit_facts facts = visit_facts_new(table, geo, 0);
    struct grouping agents = grouping_new(dimension_find("agent"), &facts, 5, &arena);
    struct grouping sources = grouping_new(dimension_find("source"), &facts, 5, &arena);
    ck_assert_str_eq(visitors_by_value(&agents), "person:4 search:1");
    ck_assert_str_eq(visitors_by_value(&sources), "(other):4");
    grouping_clear(&agents);
    grouping_clear(&sources);
    visit_facts_clear(&facts);
    arena_clear(&arena);
    geo_close(geo);
    event_table_free(table);
}
END_TEST

/*
 * The only one of another engine: not to be had from the searches less google.com's, nor from the
 * referrers. A name of two sources; a campaign of two people, for whom the source has nobody else
 * than those without one.
 */
static const struct origin_row {
    const char *origin;
    unsigned visitors;
} origin_rows[] = {{"google.com", 6}, {"google.de", 1},         {"x.example", 4},
                   {"y.example", 3},  {"?x.example&spring", 2}, {"?x.example", 4}};

static const struct within_row {
    const char *name, *values;
} within_rows[] = {
    {"source", "referral:7 search:7 campaign:6"},
    {"referrer", "x.example (campaign):6 x.example (referral):4 y.example:3 (other):7"},
    {"campaign", "(none):14 (other):6"},
};

START_TEST(referrers_and_campaigns_lie_within_sources)
{
    struct event_row rows[20];
    unsigned count = 0;
    for (size_t i = 0; i < (size_t)LENGTH(origin_rows); i++) {
        for (unsigned k = 0; k < origin_rows[i].visitors; k++, count++)
            rows[count] =
                (struct event_row){.visitor = count, .page = "/a", .origin = origin_rows[i].origin};
    }
    ck_assert_uint_eq(count, LENGTH(rows));
    struct event_table *table = table_fixture_new(rows, count);
    add_sources(table);
    struct visit_facts facts = {.table = table};
    struct arena arena;
    arena_init(&arena);
    struct grouping grouping =
        grouping_new(dimension_find(within_rows[_i].name), &facts, 3, &arena);
    ck_assert_str_eq(visitors_by_value(&grouping), within_rows[_i].values);
    grouping_clear(&grouping);
    arena_clear(&arena);
    event_table_free(table);
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
        ck_assert_msg(list[i].title && list[i].unknown && list[i].unknown_label, "%s", names[i]);
    }
    ck_assert_ptr_null(names[count]);
    ck_assert_ptr_null(dimension_find("continent"));
    ck_assert_ptr_null(dimension_find(""));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dimension");
    TCase *tests = tcase_create("dimension");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, folds_what_is_small_and_no_more);
    tcase_add_loop_test(tests, named_cases, 0, LENGTH(named));
    tcase_add_loop_test(tests, whoever_comes_back, 0, LENGTH(returning));
    tcase_add_test(tests, nobody_is_found_by_subtraction);
    tcase_add_test(tests, the_next_smallest_of_the_same_parent);
    tcase_add_test(tests, names_lie_within_classes);
    tcase_add_test(tests, namesakes_are_told_apart);
    tcase_add_test(tests, a_log_has_more_texts_than_rows);
    tcase_add_test(tests, a_log_has_as_many_texts_as_rows);
    tcase_add_test(tests, texts_that_look_like_ours);
    tcase_add_test(tests, numbers_leave_no_trace);
    tcase_add_loop_test(tests, levels_and_labels, 0, LENGTH(place_rows));
    tcase_add_loop_test(tests, addresses_are_cut_before_they_are_looked_up, 0, LENGTH(cut_rows));
    tcase_add_loop_test(tests, built_in, 0, LENGTH(built_in_rows));
    tcase_add_test(tests, classes_are_never_folded);
    tcase_add_loop_test(tests, referrers_and_campaigns_lie_within_sources, 0, LENGTH(within_rows));
    tcase_add_test(tests, names_and_list_agree);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
