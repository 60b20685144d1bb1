/* Expected: what a search for each word alone (memmem) finds. */
#include "parser/automaton.h"

#include <check.h>
#include <stdlib.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static struct automaton_found find_each(const struct automaton_word *words, size_t count,
                                        struct slice text)
{
    struct automaton_found found = {.lowest = UINT32_MAX};
    for (size_t i = 0; i < count; i++) {
        if (!text.size || !memmem(text.at, text.size, words[i].text.at, words[i].text.size))
            continue;
        found.flags |= words[i].flags;
        if (words[i].number < found.lowest)
            found.lowest = words[i].number;
    }
    return found;
}

static void check_text(const struct automaton *automaton, const struct automaton_word *words,
                       size_t count, struct slice text)
{
    struct automaton_found expected = find_each(words, count, text);
    struct automaton_found got = automaton_find(automaton, text);
    ck_assert_msg(got.lowest == expected.lowest && got.flags == expected.flags,
                  "\"%.*s\": %u %lx instead of %u %lx", SLICE_ARG(text), got.lowest,
                  (unsigned long)got.flags, expected.lowest, (unsigned long)expected.flags);
}

/* Words inside words, at both ends of others, and twice. */
START_TEST(finds_overlapping_words)
{
    static const char *const words[] = {"hers", "his", "she", "he", "e", "ushers", "rs", "he"};
    static const char *const texts[] = {"ushers", "usher", "she",         "xhisx",      "HERS",
                                        "r",      "",      "hehehershis", "\xffhe\x80", "ushehers"};
    struct automaton_word list[LENGTH(words)];
    for (size_t i = 0; i < LENGTH(words); i++)
        list[i] = (struct automaton_word){slice_of(words[i]), (uint32_t)(7 - i), 1u << i};
    struct automaton *automaton = automaton_new(list, LENGTH(list));
    for (size_t i = 0; i < LENGTH(texts); i++)
        check_text(automaton, list, LENGTH(list), slice_of(texts[i]));
    automaton_free(automaton);
}
END_TEST

static unsigned next_random(unsigned *state)
{
    *state = *state * 1103515245u + 12345u;
    return *state >> 16;
}

/* Few letters, so that everything overlaps. */
START_TEST(agrees_with_single_searches)
{
    enum { WORDS = 40, TEXTS = 200, TEXT_SIZE = 24 };
    unsigned state = (unsigned)_i + 1;
    char bytes[WORDS][6], text[TEXT_SIZE];
    struct automaton_word words[WORDS];
    for (size_t i = 0; i < WORDS; i++) {
        size_t size = 1 + next_random(&state) % sizeof bytes[i];
        for (size_t k = 0; k < size; k++)
            bytes[i][k] = (char)('a' + next_random(&state) % 3);
        words[i] = (struct automaton_word){{bytes[i], size}, (uint32_t)i, UINT64_C(1) << i};
    }
    struct automaton *automaton = automaton_new(words, WORDS);
    for (size_t i = 0; i < TEXTS; i++) {
        size_t size = next_random(&state) % TEXT_SIZE;
        for (size_t k = 0; k < size; k++)
            text[k] = (char)('a' + next_random(&state) % 4);
        check_text(automaton, words, WORDS, (struct slice){text, size});
    }
    automaton_free(automaton);
}
END_TEST

START_TEST(no_words_are_never_found)
{
    struct automaton *automaton = automaton_new(NULL, 0);
    check_text(automaton, NULL, 0, SLICE_LITERAL("anything"));
    automaton_free(automaton);
    automaton_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("automaton");
    TCase *tests = tcase_create("automaton");
    tcase_add_test(tests, finds_overlapping_words);
    tcase_add_loop_test(tests, agrees_with_single_searches, 0, 20);
    tcase_add_test(tests, no_words_are_never_found);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
