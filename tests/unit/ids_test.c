/*
 * Ids against a slow reference: a list that is searched from its start.
 */
#include "base/ids.h"

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

static bool is_same(struct hash128 a, struct hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

START_TEST(numbers_are_in_the_order_of_first_sight)
{
    static const struct {
        struct hash128 id;
        uint32_t number;
    } rows[] = {
        {{7, 7}, 0}, {{0, 0}, 1}, {{7, 7}, 0},          {{7, 8}, 2}, {{8, 7}, 3},
        {{0, 0}, 1}, {{7, 8}, 2}, {{UINT64_MAX, 7}, 4}, {{0, 7}, 5}, {{8, 7}, 3},
    };
    struct ids ids;
    ids_init(&ids);
    ck_assert_uint_eq(ids.count, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_uint_eq(ids_add(&ids, rows[i].id), rows[i].number);
        ck_assert(is_same(ids.list[rows[i].number], rows[i].id));
    }
    ck_assert_uint_eq(ids.count, 6);
    ids_clear(&ids);
}
END_TEST

static uint32_t reference_add(struct hash128 *list, uint32_t *count, struct hash128 id)
{
    for (uint32_t i = 0; i < *count; i++) {
        if (is_same(list[i], id))
            return i;
    }
    list[*count] = id;
    return (*count)++;
}

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* What the low half can be: anything, or nearly always the same slot, the last one among them. */
static struct hash128 make_id(uint64_t *state, int kind)
{
    uint64_t low = splitmix(state), high = splitmix(state);
    switch (kind) {
    case 0:
        return (struct hash128){low, high};
    case 1:
        return (struct hash128){low % 3, high % 700};
    default:
        return (struct hash128){low << 20 | 0xffffe, high % 2};
    }
}

/* Past several doublings, also where all begin at one slot. */
START_TEST(finds_what_a_list_finds)
{
    enum { ADDED = 6000 };
    struct hash128 *list = mem_alloc(ADDED * sizeof *list), *sent = mem_alloc(ADDED * sizeof *sent);
    uint64_t state = 42;
    uint32_t count = 0;
    struct ids ids;
    ids_init(&ids);
    for (int i = 0; i < ADDED; i++) {
        bool is_known = i > 0 && i % 3 == 0;
        sent[i] = is_known ? sent[splitmix(&state) % (uint64_t)i] : make_id(&state, _i);
        uint32_t expected = reference_add(list, &count, sent[i]);
        ck_assert_uint_eq(ids_add(&ids, sent[i]), expected);
        ck_assert_uint_eq(ids.count, count);
    }
    for (uint32_t i = 0; i < count; i++) {
        ck_assert_uint_eq(ids_add(&ids, list[i]), i);
        ck_assert(is_same(ids.list[i], list[i]));
    }
    ck_assert_uint_eq(ids.count, count);
    ids_clear(&ids);
    mem_free(list);
    mem_free(sent);
}
END_TEST

START_TEST(begins_anew)
{
    struct ids ids;
    ids_init(&ids);
    ids_add(&ids, (struct hash128){1, 2});
    ids_clear(&ids);
    ck_assert(ids.list == NULL && ids.slots == NULL && ids.count == 0);
    ids_clear(&ids);
    ids_init(&ids);
    ck_assert_uint_eq(ids_add(&ids, (struct hash128){3, 4}), 0);
    ids_clear(&ids);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ids");
    TCase *tests = tcase_create("ids");
    tcase_add_test(tests, numbers_are_in_the_order_of_first_sight);
    tcase_add_loop_test(tests, finds_what_a_list_finds, 0, 3);
    tcase_add_test(tests, begins_anew);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
