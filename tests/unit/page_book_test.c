/*
 * Pages and their numbers. Texts follow by hand from page_book.h; of classes and traits only that
 * they are the path's, for rules_test.c and traits_test.c say what these are.
 */
#include "funnel/page_book.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

#define LENGTH(array) (int)(sizeof(array) / sizeof(array)[0])

static const char journey_text[] = "journey: test\n"
                                   "touchpoints:\n"
                                   "  cart: {match: {path: /cart}}\n"
                                   "  product: {match: {path: /product/*}}\n"
                                   "funnels:\n"
                                   "  f: {steps: [product, cart]}\n";

static const struct slice shown[] = {{"id", 2}, {"page", 4}, {"x y", 3}};

static struct journey *journey;
static struct rules *rules;
static struct rule_matcher *matcher;
static struct trait_rules *trait_rules;
static struct page_book book;

static void set_up(void)
{
    struct error error = {0};
    journey = journey_parse(slice_of(journey_text), "test", &error);
    ck_assert_msg(journey != NULL, "%s", error.sentence);
    rules = rules_new(journey);
    matcher = rule_matcher_new(rules);
    trait_rules = trait_rules_new();
}

static void tear_down(void)
{
    trait_rules_free(trait_rules);
    rule_matcher_free(matcher);
    rules_free(rules);
    journey_free(journey);
}

static void open_book(uint32_t max_keys)
{
    page_book_init(&book, &(struct page_book_options){.key = {1, 2},
                                                      .trait_rules = trait_rules,
                                                      .shown_parameters = shown,
                                                      .shown_parameter_count = LENGTH(shown),
                                                      .max_keys = max_keys});
}

static struct known_page *find(const char *path, const char *query, uint32_t *number)
{
    return page_book_find(&book, matcher, slice_of(path), slice_of(query), number);
}

/* The number of a page that an event has. */
static uint32_t add_event(const char *path)
{
    uint32_t number;
    struct known_page *page = find(path, NULL, &number);
    return page_book_event_number(&book, page, number);
}

static const struct text_row {
    const char *path, *query, *text; /* query NULL: none */
} text_rows[] = {
    {"/a", NULL, "/a"},
    {"/a", "", "/a"},
    {"/a", "session=1", "/a"},
    {"/a", "id=7", "/a?id=7"},
    {"/a", "session=x&id=7", "/a?id=7"},
    /* in the order of the journey file, the first of a name, as written */
    {"/a", "page=2&id=7", "/a?id=7&page=2"},
    {"/a", "id=7;page=2", "/a?id=7&page=2"},
    {"/a", "id=1&id=2", "/a?id=1"},
    {"/a", "id=%41+b", "/a?id=%41+b"},
    {"/a", "ID=7", "/a"},
    {"/a", "id2=7&xid=8", "/a"},
    /* without a value */
    {"/a", "id", "/a?id="},
    {"/a", "id=&page=", "/a?id=&page="},
    {"/a", "id=a=b", "/a?id=a=b"},
    {"/a", "x%20y=1", "/a"},
    {"/a", "&&;=;&", "/a"},
    /* parameters of the path are nobody's to see */
    {"/p/1;jsessionid=SECRET", NULL, "/p/1"},
    {"/p/1;jsessionid=SECRET", "id=7", "/p/1?id=7"},
    {"/a;b=1;c/d;e=2/f;g", "x=1", "/a/d/f;g"},
    {"/a;b/c=1", NULL, "/a;b/c=1"},
    {";a=1", NULL, ""},
    {"", "id=7", "?id=7"},
    {"", NULL, ""},
};

START_TEST(a_page_is_a_path_with_what_is_shown)
{
    const struct text_row *row = &text_rows[_i];
    uint32_t number, again;
    open_book(100);
    find(row->path, row->query, &number);
    ck_assert_uint_eq(number, 0);
    struct slice text = names_text(&book.texts, number);
    ck_assert_msg(slice_is(text, row->text), "%.*s", SLICE_ARG(text));
    find("/other", NULL, &again);
    ck_assert_uint_eq(again, 1);
    find(row->path, row->query, &again);
    ck_assert_uint_eq(again, number);
    page_book_clear(&book);
}
END_TEST

START_TEST(where_nothing_is_shown_a_query_is_no_page)
{
    uint32_t number;
    open_book(100);
    book.options.shown_parameter_count = 0;
    find("/a", "id=7", &number);
    ck_assert(slice_is(names_text(&book.texts, number), "/a"));
    page_book_clear(&book);
}
END_TEST

static struct slice repeated(char byte, size_t size)
{
    char *bytes = mem_alloc(size + 8);
    memset(bytes, byte, size + 8);
    return (struct slice){bytes, size};
}

/* A parameter that does not fit is left out whole, and the next one may fit again. */
START_TEST(what_does_not_fit_is_left_out)
{
    static const struct {
        size_t path_size, value_size;
        bool has_id, has_page;
    } rows[] = {
        {10, PAGE_TEXT_MAX - 10 - 4, true, false},
        {10, PAGE_TEXT_MAX - 10 - 4 + 1, false, true},
        {10, 60000, false, true},
        {PAGE_TEXT_MAX, 1, false, false},
        {PAGE_TEXT_MAX - 8, 8, false, true}, /* "?page=2" has 7 bytes */
        {PAGE_TEXT_MAX - 7, 8, false, true},
        {PAGE_TEXT_MAX - 6, 8, false, false},
        {PAGE_TEXT_MAX + 1, 1, false, false},
        {64000, 1, false, false},
    };
    struct slice path = repeated('a', rows[_i].path_size);
    struct slice value = repeated('v', rows[_i].value_size);
    char *query = mem_format("id=%.*s&page=2", SLICE_ARG(value));
    char *expected = mem_format("%.*s%s%.*s%s", SLICE_ARG(path), rows[_i].has_id ? "?id=" : "",
                                rows[_i].has_id ? (int)value.size : 0, value.at,
                                rows[_i].has_page ? "?page=2" : "");
    uint32_t number;
    open_book(100);
    page_book_find(&book, matcher, path, slice_of(query), &number);
    ck_assert(slice_is(names_text(&book.texts, number), expected));
    page_book_clear(&book);
    mem_free(expected);
    mem_free(query);
    mem_free((char *)value.at);
    mem_free((char *)path.at);
}
END_TEST

/* Looked at once or anew each time: the page is the same. */
START_TEST(class_and_traits_are_the_paths)
{
    static const char *const paths[] = {"/cart", "/product/7",    "/about", "/robots.txt",
                                        "/.env", "/wp-login.php", "/login", ""};
    open_book(_i ? 0 : 100);
    for (size_t i = 0; i < LENGTH(paths); i++) {
        uint32_t number;
        const struct known_page *page = find(paths[i], "x=1", &number);
        ck_assert_uint_eq(number, _i ? PAGE_BEYOND : i);
        ck_assert_uint_eq(page->class_number, rules_classify(matcher, slice_of(paths[i])));
        ck_assert_uint_eq(page->traits, traits_of_path(trait_rules, slice_of(paths[i])));
        ck_assert(!page->has_event && page->last_status == 0);
    }
    uint32_t number;
    ck_assert(find("/cart", NULL, &number)->class_number !=
              find("/about", NULL, &number)->class_number);
    ck_assert(find("/.env", NULL, &number)->traits & TRAIT_ATTACK);
    page_book_clear(&book);
}
END_TEST

/* Of a long path, and of one without a number, too. */
START_TEST(a_session_makes_no_page)
{
    static const char *const paths[] = {"/cart;sid=1", "/cart", "/cart;sid=22;x", ";y=/cart;z="};
    struct slice path = repeated('a', 60000);
    uint32_t number;
    open_book(_i ? 0 : 100);
    for (size_t i = 0; i < LENGTH(paths); i++) {
        const struct known_page *page = find(paths[i], NULL, &number);
        ck_assert_uint_eq(page->class_number, rules_classify(matcher, SLICE_LITERAL("/cart")));
        ck_assert_uint_eq(number, _i ? PAGE_BEYOND : 0);
    }
    memcpy((char *)path.at + path.size, ";s=12345", 8);
    struct slice longer = {path.at, path.size + 8};
    struct known_page *page = page_book_find(&book, matcher, longer, (struct slice){0}, &number);
    ck_assert_uint_eq(number, _i ? PAGE_BEYOND : 1);
    book.options.max_keys = 100;
    number = page_book_event_number(&book, page, number);
    ck_assert(slice_equal(names_text(&book.texts, number), path));
    page_book_clear(&book);
    mem_free((char *)path.at);
}
END_TEST

START_TEST(a_page_keeps_what_is_noted)
{
    uint32_t number;
    open_book(100);
    find("/a", NULL, &number)->last_mark = 5;
    find("/b", NULL, &number)->last_mark = 6;
    ck_assert_uint_eq(find("/a", NULL, &number)->last_mark, 5);
    ck_assert_uint_eq(find("/b", NULL, &number)->last_mark, 6);
    page_book_clear(&book);
}
END_TEST

/* Those that events named first have a number, whatever came without an event before. */
START_TEST(beyond_the_cap_pages_have_no_number)
{
    enum { CAP = 3 };
    static const struct {
        const char *path;
        bool is_event, is_beyond;
    } steps[] = {
        {"/call/1", false, false}, {"/call/2", false, false}, {"/a", true, false},
        {"/call/3", false, false}, {"/call/4", false, false}, {"/call/5", false, false},
        {"/b", true, false},       {"/a", true, false},       {"/call/6", false, false},
        {"/call/7", false, false}, {"/call/8", false, false}, {"/c", true, false},
        {"/d", true, true},        {"/c", true, false},       {"/d", true, true},
        {"/call/1", true, true},   {"/a", true, false},       {"/e", true, true},
    };
    open_book(CAP);
    bool was_beyond = false;
    for (size_t i = 0; i < LENGTH(steps); i++) {
        uint32_t number;
        struct known_page *page = find(steps[i].path, NULL, &number);
        ck_assert_uint_eq(page->class_number, rules_classify(matcher, slice_of(steps[i].path)));
        if (!steps[i].is_event)
            continue;
        uint32_t named = page_book_event_number(&book, page, number);
        ck_assert_msg((named == PAGE_BEYOND) == steps[i].is_beyond, "step %zu", i);
        if (named != PAGE_BEYOND)
            ck_assert(slice_is(names_text(&book.texts, named), steps[i].path));
        was_beyond = was_beyond || steps[i].is_beyond;
        ck_assert_msg(book.is_over == was_beyond, "step %zu", i);
    }
    ck_assert_uint_eq(book.event_pages, CAP);
    page_book_clear(&book);
}
END_TEST

START_TEST(what_has_no_event_is_never_over)
{
    char path[32];
    open_book(2);
    for (int i = 0; i < 100; i++) {
        uint32_t number;
        snprintf(path, sizeof path, "/call/%d", i);
        find(path, NULL, &number);
    }
    ck_assert(!book.is_over);
    ck_assert_uint_le(book.texts.count, 5); /* memory is bounded all the same */
    page_book_clear(&book);
}
END_TEST

/* With what is known of it: the query belongs to the page, and what comes next is another. */
START_TEST(a_page_that_gets_its_number_late_is_whole)
{
    uint32_t number, named;
    open_book(1);
    find("/call/1", NULL, &number);
    find("/call/2", NULL, &number);
    struct known_page *page = find("/product/1", "x=9&id=7", &number);
    ck_assert_uint_eq(number, PAGE_BEYOND);
    page->last_mark = 3;
    named = page_book_event_number(&book, page, number);
    ck_assert_uint_ne(named, PAGE_BEYOND);
    ck_assert(slice_is(names_text(&book.texts, named), "/product/1?id=7"));
    const struct known_page *again = find("/product/1", "id=7", &number);
    ck_assert_uint_eq(number, named);
    ck_assert_uint_eq(again->last_mark, 3);
    ck_assert_uint_eq(again->class_number, rules_classify(matcher, SLICE_LITERAL("/product/1")));
    ck_assert_uint_eq(add_event("/product/1"), PAGE_BEYOND);
    page_book_clear(&book);
}
END_TEST

/* More than any first size or cache. */
START_TEST(numbers_stay)
{
    enum { COUNT = 20000 };
    char path[32];
    open_book(COUNT);
    for (uint32_t i = 0; i < 2 * COUNT; i++) {
        snprintf(path, sizeof path, "/page/%u", i % COUNT * 7919u % COUNT);
        uint32_t number = add_event(path);
        ck_assert_uint_eq(number, i % COUNT);
    }
    ck_assert(!book.is_over);
    ck_assert_uint_eq(add_event("/one/more"), PAGE_BEYOND);
    ck_assert(book.is_over);
    page_book_clear(&book);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("page_book");
    TCase *tests = tcase_create("page_book");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, a_page_is_a_path_with_what_is_shown, 0, LENGTH(text_rows));
    tcase_add_test(tests, where_nothing_is_shown_a_query_is_no_page);
    tcase_add_loop_test(tests, what_does_not_fit_is_left_out, 0, 9);
    tcase_add_loop_test(tests, class_and_traits_are_the_paths, 0, 2);
    tcase_add_loop_test(tests, a_session_makes_no_page, 0, 2);
    tcase_add_test(tests, a_page_keeps_what_is_noted);
    tcase_add_test(tests, beyond_the_cap_pages_have_no_number);
    tcase_add_test(tests, what_has_no_event_is_never_over);
    tcase_add_test(tests, a_page_that_gets_its_number_late_is_whole);
    tcase_add_test(tests, numbers_stay);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
