#include "base/memory.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>

enum { OUT_OF_MEMORY_STATUS = 3 };

static void exit_out_of_memory(size_t size_bytes)
{
    (void)size_bytes;
    exit(OUT_OF_MEMORY_STATUS);
}

START_TEST(zeroed_is_zero)
{
    unsigned char *bytes = mem_zeroed(1000, 3);
    for (size_t i = 0; i < 3000; i++)
        ck_assert_int_eq(bytes[i], 0);
    mem_free(bytes);
    mem_free(NULL);
}
END_TEST

START_TEST(nothing_is_something)
{
    void *nothing[] = {mem_alloc(0), mem_zeroed(0, 8), mem_zeroed(8, 0), mem_resize(NULL, 0, 8)};
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        ck_assert_msg(nothing[i] != NULL, "row %zu", i);
        mem_free(nothing[i]);
    }
}
END_TEST

/* Each would succeed with a few bytes if the product were not checked. */
START_TEST(a_product_that_overflows_is_out_of_memory)
{
    mem_set_out_of_memory_handler(exit_out_of_memory);
    size_t capacity = 0;
    switch (_i) {
    case 0:
        mem_zeroed(SIZE_MAX / 8 + 2, 8);
        break;
    case 1:
        mem_resize(NULL, SIZE_MAX / 8 + 2, 8);
        break;
    case 2:
        mem_grow(NULL, &capacity, SIZE_MAX / 8 + 2, 8);
        break;
    default: {
        struct arena arena;
        arena_init(&arena);
        arena_alloc(&arena, SIZE_MAX);
    }
    }
    ck_abort_msg("case %d went on", _i);
}
END_TEST

START_TEST(growing_keeps_items_and_doubles)
{
    size_t capacity = 0, moves = 0;
    uint32_t *items = NULL;
    for (uint32_t i = 0; i < 100000; i++) {
        size_t before = capacity;
        items = mem_grow(items, &capacity, i + 1, sizeof *items);
        ck_assert_uint_ge(capacity, i + 1);
        moves += capacity != before;
        items[i] = i * 7;
    }
    size_t wrong = 0;
    for (uint32_t i = 0; i < 100000; i++)
        wrong += items[i] != i * 7;
    ck_assert_uint_eq(wrong, 0);
    ck_assert_uint_le(moves, 14); /* 16 doubled 13 times is over 100000 */
    mem_free(items);
}
END_TEST

START_TEST(texts_end_with_nul)
{
    char *texts[] = {mem_text(SLICE_LITERAL("ab")), mem_text((struct slice){NULL, 0}),
                     mem_format("%d %s", 12, "x"), mem_format("%1000d", 1)};
    ck_assert_str_eq(texts[0], "ab");
    ck_assert_str_eq(texts[1], "");
    ck_assert_str_eq(texts[2], "12 x");
    ck_assert_uint_eq(strlen(texts[3]), 1000);
    for (size_t i = 0; i < 4; i++)
        mem_free(texts[i]);
}
END_TEST

START_TEST(arena_memory_is_aligned_zeroed_and_apart)
{
    enum { COUNT = 5000 };
    struct arena arena;
    unsigned char *got[COUNT];
    arena_init(&arena);
    size_t bytes = 0, wrong = 0;
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i % 97 == 0 ? 70000 : i % 50; /* now and then more than a chunk */
        got[i] = arena_alloc(&arena, size);
        wrong += (uintptr_t)got[i] % _Alignof(max_align_t) != 0;
        for (size_t at = 0; at < size; at++)
            wrong += got[i][at] != 0;
        memset(got[i], (int)(i & 255), size);
        bytes += size;
    }
    for (size_t i = 0; i < COUNT; i++)
        for (size_t at = 0; at < (i % 97 == 0 ? 70000 : i % 50); at++)
            wrong += got[i][at] != (i & 255);
    ck_assert_uint_eq(wrong, 0);
    ck_assert_uint_ge(arena.total_bytes, bytes);
    arena_clear(&arena);
    ck_assert_uint_eq(arena.total_bytes, 0);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 1)); /* it can be used again */
    arena_clear(&arena);
}
END_TEST

START_TEST(arena_texts_end_with_nul)
{
    struct arena arena;
    arena_init(&arena);
    struct slice copy = arena_copy(&arena, SLICE_LITERAL("a\0b"));
    ck_assert(slice_equal(copy, SLICE_LITERAL("a\0b")));
    ck_assert_int_eq(copy.at[3], '\0');
    copy = arena_copy(&arena, (struct slice){NULL, 0});
    ck_assert(copy.at && copy.size == 0 && copy.at[0] == '\0');
    ck_assert_str_eq(arena_format(&arena, "%s-%d", "n", 5), "n-5");
    arena_clear(&arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *tests = tcase_create("memory");
    tcase_add_test(tests, zeroed_is_zero);
    tcase_add_test(tests, nothing_is_something);
    tcase_add_loop_exit_test(tests, a_product_that_overflows_is_out_of_memory, OUT_OF_MEMORY_STATUS,
                             0, 4);
    tcase_add_test(tests, growing_keeps_items_and_doubles);
    tcase_add_test(tests, texts_end_with_nul);
    tcase_add_test(tests, arena_memory_is_aligned_zeroed_and_apart);
    tcase_add_test(tests, arena_texts_end_with_nul);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
