/* The table is written by hand from the definition in glob.h; beyond it, tests/glob_reference.h. */
#include "funnel/glob.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "tests/glob_reference.h"

static const struct {
    const char *pattern, *path; /* the path as in a request */
    bool matches;
} rows[] = {
    {"/", "/", true},
    {"/", "//", true},
    {"/", "/a", false},
    {"/cart", "/cart", true},
    {"/cart", "/cart/", true},
    {"/cart/", "/cart", true},
    {"/cart", "/CART", true},
    {"/Cart", "/cart", true},
    {"/cart", "/carts", false},
    {"/cart", "/car", false},
    {"/cart", "/de/cart", false},
    {"/a/b", "//a///b//", true},
    {"//a//b", "/a/b", true},
    {"/product/*", "/product/shoe", true},
    {"/product/*", "/product/", false}, /* it is /product */
    {"/product/*", "/product/shoe/red", false},
    {"/product/*.html", "/product/shoe.html", true},
    {"/product/*.html", "/product/.html", true},
    {"/product/*/reviews", "/product/shoe/reviews", true},
    {"/product/*/reviews", "/product/a/b/reviews", false},
    {"/p*t/x", "/product/x", true},
    {"/*", "/", true}, /* an empty last segment */
    {"/*", "/a", true},
    {"/*", "/a/b", false},
    {"/shop/**", "/shop/a/b", true},
    {"/shop/**", "/shop", true},
    {"/shop/**", "/shop/", true},
    {"/shop/**", "/shops", false},
    {"/shop/**/", "/shop/a", true},
    {"/shop/**/cart", "/shop/cart", true},
    {"/shop/**/cart", "/shop/a/b/cart", true},
    {"/shop/**/cart", "/shopcart", false},
    {"/shop/**/cart", "/shop/xcart", false},
    {"/**/cart", "/cart", true},
    {"/**/cart", "/de/cart", true},
    {"/**/cart", "/de/at/cart", true},
    {"/**/cart", "/de/minicart", false},
    {"**/cart", "/cart", true},
    {"**/cart", "/de/at/cart", true},
    {"**/cart", "/minicart", false},
    {"**", "/", true},
    {"**", "/a/b", true},
    {"/**", "/", true},
    {"/**", "/a/b", true},
    {"/a**b", "/a/x/b", true},
    {"/a**b", "/ab", true},
    {"/a*b", "/a/b", false},
    {"/a**/b", "/ax/y/b", true},
    {"/a**/b", "/a/b", true}, /* the star is no whole segment, but may be empty */
    {"/a**/b", "/ab", false},
    {"/a/***/b", "/a/b", true},
    {"/**/a/**/b", "/a/b", true},
    {"/**/a/**/b", "/x/a/y/z/b", true},
    {"/**/a/**/b", "/x/y/z/b", false},
    {"/x?z", "/xyz", true},
    {"/x?z", "/xz", false},
    {"/x?z", "/x/z", false},
    {"/caf?", "/caf%C3%A9", true}, /* one character, two bytes */
    {"/caf??", "/caf%C3%A9", false},
    {"/caf\xc3\xa9", "/caf%C3%A9", true},
    {"/caf%C3%A9", "/caf%c3%a9", true},
    {"/caf\xc3\xa9", "/caf\xc3\xa9", true},
    {"/100%25", "/100%25", true},
    {"/a%2Ab", "/a*b", true},
    {"/a%2Ab", "/axb", false},
    {"/a%3Fb", "/a%3Fb", true},
    {"/a%3Fb", "/axb", false},
    {"/a%2Fb", "/a/b", true},
    {"/a/b", "/a%2Fb", true},
    {"/a[b]", "/a[b]", true}, /* brackets are no set */
    {"/a[b]", "/ab", false},
    {"/a", "", false},
};

static struct slice normalised(const char *path, char *out)
{
    return glob_normalise(slice_of(path), out);
}

START_TEST(matches_by_the_definition)
{
    char out[64];
    struct slice pattern = slice_of(rows[_i].pattern), path = normalised(rows[_i].path, out);
    struct glob_set *set = glob_set_new(&pattern, 1);
    struct glob_matcher *matcher = glob_matcher_new(set);
    ck_assert_msg((*glob_match(matcher, path) == 1) == rows[_i].matches, "%s on %s: expected %s",
                  rows[_i].pattern, rows[_i].path, rows[_i].matches ? "a match" : "none");
    ck_assert_msg(ref_matches(pattern, path) == rows[_i].matches, "the reference errs: %s on %s",
                  rows[_i].pattern, rows[_i].path);
    glob_matcher_free(matcher);
    glob_set_free(set);
}
END_TEST

static const struct {
    const char *path, *expected;
} normal_rows[] = {
    {"/", "/"},
    {"", ""},
    {"//", "/"},
    {"/a/", "/a"},
    {"/a//", "/a"},
    {"//a", "/a"},
    {"/a//b///c", "/a/b/c"},
    {"/a%2Fb", "/a/b"},
    {"/a%2F", "/a"},
    {"/%2541", "/%41"},
    {"/A", "/A"},
    {"/a+b", "/a+b"},
};

START_TEST(normalises)
{
    char out[64];
    struct slice got = normalised(normal_rows[_i].path, out);
    ck_assert_msg(slice_is(got, normal_rows[_i].expected), "\"%s\" became \"%.*s\"",
                  normal_rows[_i].path, SLICE_ARG(got));
}
END_TEST

static const struct {
    const char *pattern, *text;
    bool matches;
} text_rows[] = {
    {"", "", true},
    {"", "a", false},
    {"*", "", true},
    {"*", "a/b", true},
    {"a", "A", true},
    {"a*", "a/b", true},
    {"*b", "ab", true},
    {"*b", "ba", false},
    {"*a*b*", "xaxbx", true},
    {"*ab", "aab", true},
    {"a?c", "abc", true},
    {"a?c", "ac", false},
    {"a?", "a\xc3\xa9", true},
    {"?", "/", true},
    {"**", "x", true},
    {"a", "ab", false},
    {"*aab*b", "aaabab", true},
    {"*aab*bb", "aaabab", false},
};

START_TEST(matches_texts)
{
    ck_assert_msg(glob_matches_text(slice_of(text_rows[_i].pattern),
                                    slice_of(text_rows[_i].text)) == text_rows[_i].matches,
                  "%s on %s", text_rows[_i].pattern, text_rows[_i].text);
}
END_TEST

/* An exponential matcher would not come back from this: 30 stars and no end. */
START_TEST(texts_never_explode)
{
    char pattern[64], text[4001];
    for (size_t i = 0; i < 60; i += 2)
        memcpy(pattern + i, "a*", 2);
    memset(text, 'a', 4000);
    memcpy(pattern + 60, "b", 2);
    text[4000] = '\0';
    ck_assert(!glob_matches_text(slice_of(pattern), slice_of(text)));
    pattern[60] = '\0';
    ck_assert(glob_matches_text(slice_of(pattern), slice_of(text)));
}
END_TEST

START_TEST(an_empty_set_matches_nothing)
{
    struct glob_set *set = glob_set_new(NULL, 0);
    struct glob_matcher *matcher = glob_matcher_new(set);
    ck_assert_uint_eq(glob_set_size(set), 0);
    ck_assert_uint_eq(*glob_match(matcher, SLICE_LITERAL("/a")), 0);
    ck_assert_uint_eq(*glob_match(matcher, SLICE_LITERAL("")), 0);
    glob_matcher_free(matcher);
    glob_set_free(set);
}
END_TEST

/* ---- against the reference ---- */

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13; /* xorshift64, Marsaglia 2003 */
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Pieces of a small alphabet, so that patterns and paths meet often. */
static struct slice random_text(uint64_t *seed, bool is_pattern, char *out)
{
    static const char *const pieces[] = {"/", "a", "b",  "ab", "/",    "A",   "\xc3\xa9",
                                         "/", "*", "**", "?",  "/**/", "/**", "%C3%A9"};
    size_t count = is_pattern ? sizeof pieces / sizeof pieces[0] : 8, size = 1;
    out[0] = '/';
    for (uint64_t left = next_random(seed) % 9; left; left--) {
        const char *piece = pieces[next_random(seed) % count];
        memcpy(out + size, piece, strlen(piece));
        size += strlen(piece);
    }
    bool starts_with_stars = is_pattern && next_random(seed) % 8 == 0;
    return starts_with_stars ? (memcpy(out, "**", 2), (struct slice){out, size > 2 ? size : 2})
                             : (struct slice){out, size};
}

enum { PATTERNS = 100, PATHS = 200 };

START_TEST(agrees_with_the_reference)
{
    uint64_t seed = 0x9e3779b97f4a7c15u + (uint64_t)_i, matches = 0;
    char texts[PATTERNS][128], text[128], out[129];
    struct slice patterns[PATTERNS];
    for (size_t i = 0; i < PATTERNS; i++)
        patterns[i] = random_text(&seed, true, texts[i]);
    struct glob_set *set = glob_set_new(patterns, PATTERNS);
    struct glob_matcher *matcher = glob_matcher_new(set);
    for (size_t n = 0; n < PATHS; n++) {
        struct slice path = glob_normalise(random_text(&seed, false, text), out);
        const uint64_t *got = glob_match(matcher, path);
        for (size_t i = 0; i < PATTERNS; i++) {
            bool expected = ref_matches(patterns[i], path);
            ck_assert_msg((got[i / 64] >> i % 64 & 1) == expected, "%.*s on %.*s: expected %d",
                          SLICE_ARG(patterns[i]), SLICE_ARG(path), expected);
            matches += expected;
        }
    }
    ck_assert_uint_gt(matches, PATHS); /* the two agree on something */
    glob_matcher_free(matcher);
    glob_set_free(set);
}
END_TEST

/*
 * "the n-th letter from the end is an a" needs 2^n states: far more than are kept, so the matcher
 * starts afresh many times, and still has to be right.
 */
START_TEST(starts_afresh_when_full)
{
    uint64_t seed = 42;
    char path[65] = "/";
    struct slice pattern = SLICE_LITERAL("/**a????????????????");
    struct glob_set *set = glob_set_new(&pattern, 1);
    struct glob_matcher *matcher = glob_matcher_new(set);
    for (int n = 0; n < 4000; n++) {
        for (size_t i = 1; i < 64; i++)
            path[i] = next_random(&seed) % 2 ? 'a' : 'b';
        ck_assert_uint_eq(*glob_match(matcher, slice_of(path)), path[64 - 17] == 'a');
    }
    glob_matcher_free(matcher);
    glob_set_free(set);
}
END_TEST

/* The answer for a pattern does not depend on how many others stand beside it. */
START_TEST(knows_thousands_of_patterns)
{
    enum { COUNT = 4096 };
    static char texts[COUNT][32];
    static struct slice patterns[COUNT];
    for (int i = 0; i < COUNT; i++) {
        snprintf(texts[i], sizeof texts[i], "/**/page-%d/*", i);
        patterns[i] = slice_of(texts[i]);
    }
    struct glob_set *set = glob_set_new(patterns, COUNT);
    struct glob_matcher *matcher = glob_matcher_new(set);
    for (size_t i = 0; i < COUNT; i++) {
        char path[64];
        snprintf(path, sizeof path, "/x/page-%zu/y", i);
        const uint64_t *got = glob_match(matcher, slice_of(path));
        for (size_t word = 0; word < COUNT / 64; word++)
            ck_assert_uint_eq(got[word], word == i / 64 ? UINT64_C(1) << i % 64 : 0);
    }
    glob_matcher_free(matcher);
    glob_set_free(set);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("glob");
    TCase *table = tcase_create("table");
    tcase_add_loop_test(table, matches_by_the_definition, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_loop_test(table, normalises, 0, (int)(sizeof normal_rows / sizeof normal_rows[0]));
    tcase_add_loop_test(table, matches_texts, 0, (int)(sizeof text_rows / sizeof text_rows[0]));
    tcase_add_test(table, texts_never_explode);
    tcase_add_test(table, an_empty_set_matches_nothing);
    TCase *automaton = tcase_create("automaton");
    tcase_set_timeout(automaton, 60);
    tcase_add_loop_test(automaton, agrees_with_the_reference, 0, 10);
    tcase_add_test(automaton, starts_afresh_when_full);
    tcase_add_test(automaton, knows_thousands_of_patterns);
    suite_add_tcase(suite, table);
    suite_add_tcase(suite, automaton);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
