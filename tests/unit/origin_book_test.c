/*
 * Origins and their numbers: two events have the same number exactly when what origin_pack makes of
 * them is the same (origin_test.c says what that is), however they are remembered in between.
 */
#include "funnel/origin_book.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

#define LENGTH(array) (int)(sizeof(array) / sizeof(array)[0])

static struct origin_book book;

static void open_book(uint32_t max_keys, bool has_pages)
{
    origin_book_init(&book, &(struct origin_book_options){
                                .key = {1, 2}, .has_pages = has_pages, .max_keys = max_keys});
    origin_book_begin_block(&book, 0, 0);
}

static struct hit make_hit(const char *host, const char *referrer, const char *query)
{
    return (struct hit){.host = slice_of(host),
                        .referrer = slice_of(referrer),
                        .request = {.query = slice_of(query)}};
}

static uint32_t add_event(const char *host, const char *referrer, const char *query)
{
    struct hit hit = make_hit(host, referrer, query);
    return origin_book_event(&book, &hit);
}

static void add_asset(const char *host, const char *referrer)
{
    struct hit hit = make_hit(host, referrer, NULL);
    origin_book_asset(&book, &hit);
}

static struct origin origin_of(uint32_t number)
{
    return origin_unpack(names_text(&book.texts, number));
}

/* ---- the origin of an event ---- */

static const struct row {
    const char *host, *referrer, *query;
    const char *own_host, *from, *source, *page; /* .page where pages count */
} rows[] = {
    {"", "-", NULL, "", "", "", ""},
    {NULL, NULL, NULL, "", "", "", ""},
    {"shop.example", "-", NULL, "shop.example", "", "", ""},
    {"shop.example", "https://shop.example/a?b=c#d", NULL, "shop.example", "shop.example", "",
     "/a"},
    {"", "https://www.google.com/", NULL, "", "www.google.com", "", "/"},
    {"", "https://www.google.com", NULL, "", "www.google.com", "", "/"},
    {"", "https://WWW.Google.com:443/x/y", NULL, "", "www.google.com", "", "/x/y"},
    {"", "android-app://com.example.app/", NULL, "", "com.example.app", "", "/"},
    {"", "about:blank", NULL, "", "", "", ""},
    {"", "https:///a", NULL, "", "", "", ""},
    {"", "/a/b/c", NULL, "", "", "", ""},
    {"h.example", "https://a.example/x", "utm_source=News&x=1", "h.example", "a.example", "news",
     "/x"},
    {"h.example", "-", "x=1&utm_source=a", "h.example", "", "a", ""},
    {"h.example", "-", "x=1", "h.example", "", "", ""},
};

START_TEST(tells_where_an_event_came_from)
{
    const struct row *row = &rows[_i / 2];
    open_book(100, _i % 2);
    uint32_t number = add_event(row->host, row->referrer, row->query);
    struct origin origin = origin_of(number);
    ck_assert(slice_is(origin.own_host, row->own_host));
    ck_assert(slice_is(origin.referrer, row->from));
    ck_assert(slice_is(origin.source, row->source));
    ck_assert(slice_is(origin.page, _i % 2 ? row->page : ""));
    ck_assert_uint_eq(add_event(row->host, row->referrer, row->query), number);
    ck_assert_uint_eq(book.origins[number].assets, 0);
    origin_book_clear(&book);
}
END_TEST

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static const char *one_of(uint64_t *state, const char *const *texts, size_t count)
{
    return texts[splitmix(state) % count];
}

/* Longer than the heads that are remembered. */
#define LONG_HOST                                                                                  \
    "a-very-long-label-of-a-host.another-very-long-label-of-a-host.and-one-more-of-them."          \
    "and-one-more-of-them.example"

/* Heads that are alike, long, odd or no URL, so that what is remembered meets what is not. */
static void make_referrer(uint64_t *state, char *text, size_t size)
{
    static const char *const heads[] = {
        "https://", "http://", "HTTPS://", "android-app://", "//",
        "/",        "",        "-",        "ftp://",         "https:/",
    };
    static const char *const hosts[] = {
        "shop.example",
        "shop.example.",
        "shop.example:8080",
        "SHOP.example",
        "user@shop.example",
        "shop.exampl",
        "a",
        "",
        "[2001:db8::1]",
        LONG_HOST,
    };
    static const char *const rests[] = {"",    "/",    "/a", "/a/b?c", "?x/",
                                        "#y/", "\\z/", "//", "/a/b"};
    snprintf(text, size, "%s%s%s", one_of(state, heads, LENGTH(heads)),
             one_of(state, hosts, LENGTH(hosts)), one_of(state, rests, LENGTH(rests)));
}

START_TEST(numbers_are_those_of_the_packed_texts)
{
    enum { EVENTS = 20000 };
    static const char *const hosts[] = {
        "", "shop.example", "www.shop.example", "-",
        "a-host-that-is-longer-than-what-is-remembered-of-hosts.with-more-labels.example"};
    static const char *const queries[] = {NULL, NULL, "", "a=b", "utm_source=x", "gclid=1"};
    uint64_t state = 7;
    struct names reference;
    names_init(&reference, (struct hash_key){3, 4});
    names_add(&reference, SLICE_LITERAL(""));
    open_book(1000000, _i);
    uint32_t *numbers = mem_zeroed(EVENTS + 1, sizeof *numbers); /* by that of the reference */
    for (int i = 0; i < EVENTS; i++) {
        char referrer[256], packed[ORIGIN_TEXT_MAX + ORIGIN_PAGE_MAX];
        make_referrer(&state, referrer, sizeof referrer);
        struct hit hit = make_hit(one_of(&state, hosts, LENGTH(hosts)), referrer,
                                  one_of(&state, queries, LENGTH(queries)));
        if (splitmix(&state) % 4 == 0)
            origin_book_asset(&book, &hit);
        struct slice text = origin_pack(hit.host, hit.referrer, hit.request.query, packed);
        if (_i)
            text = origin_pack_page(text, hit.referrer, packed);
        uint32_t expected = names_add(&reference, text), number = origin_book_event(&book, &hit);
        ck_assert_msg(slice_equal(names_text(&book.texts, number), text), "%s", referrer);
        ck_assert(numbers[expected] == 0 || numbers[expected] == number + 1);
        numbers[expected] = number + 1;
        ck_assert(expected == 0 || book.origins[number].has_event);
    }
    ck_assert_uint_eq(book.event_origins, reference.count - 1);
    mem_free(numbers);
    names_clear(&reference);
    origin_book_clear(&book);
}
END_TEST

/* ---- the cap ---- */

/* Neither nothing nor what assets have takes room from the origins of events. */
START_TEST(beyond_the_cap_events_have_no_origin)
{
    static const struct {
        const char *referrer;
        bool is_asset, is_beyond;
    } steps[] = {
        {"https://a1.example/", true, false},
        {"https://a2.example/", true, false},
        {"-", false, false},
        {"https://e1.example/", false, false},
        {"https://e1.example/x", false, false},
        {"https://e2.example/", false, false},
        {"https://e3.example/", false, true},
        {"https://e3.example/", false, true},
        {"https://a1.example/", false, true},
        {"https://e2.example/", false, false},
        {"-", false, false},
        {"https://a2.example/", true, false},
    };
    bool was_beyond = false;
    open_book(2, _i);
    for (size_t i = 0; i < LENGTH(steps); i++) {
        if (steps[i].is_asset) {
            add_asset("", steps[i].referrer);
        } else {
            /* with pages another path would be another origin */
            uint32_t number = _i && i == 4 ? 0 : add_event("", steps[i].referrer, NULL);
            ck_assert_msg((number == ORIGIN_BEYOND) == steps[i].is_beyond, "step %zu", i);
        }
        was_beyond = was_beyond || steps[i].is_beyond;
        ck_assert_msg(book.is_over == was_beyond, "step %zu", i);
    }
    ck_assert_uint_eq(book.assets_beyond, 0);
    origin_book_clear(&book);
}
END_TEST

START_TEST(one_that_assets_had_first_takes_room_when_an_event_has_it)
{
    open_book(1, false);
    add_asset("", "https://a.example/x");
    ck_assert_uint_ne(add_event("", "https://a.example/y", NULL), ORIGIN_BEYOND);
    ck_assert(!book.is_over);
    ck_assert_uint_eq(add_event("", "https://b.example/", NULL), ORIGIN_BEYOND);
    ck_assert(book.is_over);
    origin_book_clear(&book);
}
END_TEST

/* ---- assets ---- */

static uint64_t assets_of(const char *host)
{
    uint64_t assets = 0;
    for (uint32_t i = 0; i < book.texts.count; i++) {
        if (slice_is(origin_of(i).referrer, host))
            assets += book.origins[i].assets;
    }
    return assets;
}

START_TEST(assets_are_counted_by_host)
{
    open_book(100, _i);
    add_asset("shop.example", "https://shop.example/a");
    add_asset("cdn.example", "https://shop.example/b/c?d");
    add_asset("", "https://SHOP.example:443/");
    add_asset("", "https://other.example/");
    add_asset("", "-");
    add_asset("", "");
    add_asset("", NULL);
    add_asset("", "about:blank");
    add_event("", "https://shop.example/", NULL);
    ck_assert_uint_eq(assets_of("shop.example"), 3);
    ck_assert_uint_eq(assets_of("other.example"), 1);
    ck_assert_uint_eq(book.asset_origins, 2);
    ck_assert(!book.is_over);
    origin_book_clear(&book);
}
END_TEST

START_TEST(beyond_the_cap_assets_are_only_counted)
{
    static const char *const referrers[] = {
        "https://a.example/", "https://b.example/", "https://a.example/x", "https://c.example/",
        "https://c.example/", "about:blank",        "https://d.example/",  "https://b.example/",
    };
    open_book(2, false);
    add_event("", "https://c.example/", NULL);
    add_event("", "https://d.example/", NULL);
    for (size_t i = 0; i < LENGTH(referrers); i++) {
        add_asset("", referrers[i]);
        ck_assert_msg(book.is_over == (i >= 3), "asset %zu", i);
    }
    ck_assert_uint_eq(assets_of("a.example"), 2);
    ck_assert_uint_eq(assets_of("b.example"), 2);
    ck_assert_uint_eq(assets_of("c.example") + assets_of("d.example"), 0);
    ck_assert_uint_eq(book.assets_beyond, 3);
    origin_book_clear(&book);
}
END_TEST

/* The first in the log, in whatever order the blocks come; assets without a host count as well. */
START_TEST(the_place_of_the_first_asset_is_noted)
{
    static const struct {
        uint32_t input, block;
        const char *referrer;
        uint32_t first_input, first_block, first_asset;
    } steps[] = {
        {1, 2, "https://a.example/", 1, 2, 0}, {1, 2, "https://b.example/", 1, 2, 1},
        {1, 2, "https://b.example/", 1, 2, 1}, {1, 3, "https://b.example/", 1, 2, 1},
        {0, 9, "https://a.example/", 0, 9, 0}, {0, 9, "https://b.example/", 0, 9, 1},
        {0, 4, "about:blank", 0, 4, 0},        {0, 4, "https://b.example/", 0, 4, 1},
        {0, 5, "https://a.example/", 0, 5, 0}, {2, 0, "https://a.example/", 0, 5, 0},
    };
    open_book(100, false);
    for (size_t i = 0; i < LENGTH(steps); i++) {
        if (i == 0 || steps[i].input != steps[i - 1].input || steps[i].block != steps[i - 1].block)
            origin_book_begin_block(&book, steps[i].input, steps[i].block);
        add_asset("", steps[i].referrer);
        char packed[ORIGIN_TEXT_MAX];
        struct slice none = {0}, referrer = slice_of(steps[i].referrer);
        uint32_t number = names_find(&book.texts, origin_pack(none, referrer, none, packed));
        struct asset_place place = book.origins[number].first_asset;
        ck_assert_msg(place.block ==
                              ((uint64_t)steps[i].first_input << 32 | steps[i].first_block) &&
                          place.asset == steps[i].first_asset,
                      "step %zu", i);
    }
    origin_book_clear(&book);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("origin_book");
    TCase *tests = tcase_create("origin_book");
    tcase_add_loop_test(tests, tells_where_an_event_came_from, 0, 2 * LENGTH(rows));
    tcase_add_loop_test(tests, numbers_are_those_of_the_packed_texts, 0, 2);
    tcase_add_loop_test(tests, beyond_the_cap_events_have_no_origin, 0, 2);
    tcase_add_test(tests, one_that_assets_had_first_takes_room_when_an_event_has_it);
    tcase_add_loop_test(tests, assets_are_counted_by_host, 0, 2);
    tcase_add_test(tests, beyond_the_cap_assets_are_only_counted);
    tcase_add_test(tests, the_place_of_the_first_asset_is_noted);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
