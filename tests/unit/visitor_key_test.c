/* Cookie headers: by hand from RFC 6265, sections 4.1.1 and 4.2.1, and RFC 6265bis on odd ones. */
#include "funnel/visitor_key.h"

#include <check.h>
#include <stdlib.h>

#include "base/memory.h"

/* In memory that ends with it; mem_free its .at. */
static struct slice exact_copy(const char *bytes, size_t size)
{
    char *copy = mem_alloc(size);
    if (size)
        memcpy(copy, bytes, size);
    return (struct slice){copy, size};
}

static const struct {
    const char *header, *name, *value;
    size_t header_size, value_size; /* 0: strlen */
} cookies[] = {
    {"uid=abc", "uid", "abc", 0, 0},
    {"SID=31d4d96e407aad42; lang=en-US", "SID", "31d4d96e407aad42", 0, 0},
    {"SID=31d4d96e407aad42; lang=en-US", "lang", "en-US", 0, 0},
    {"a=1; b=2; c=3", "b", "2", 0, 0},
    /* whatever stands between */
    {"a=1;b=2;c=3", "b", "2", 0, 0},
    {";; a=1 ;  b = 2 ;", "b", "2", 0, 0},
    {"\ta=1\t;\tb=2\t", "b", "2", 0, 0},
    /* names in their case, and whole */
    {"UID=1; uid=2; Uid=3", "uid", "2", 0, 0},
    {"uid2=1; xuid=2", "uid", "", 0, 0},
    {"ui=1; uid", "uid", "", 0, 0},
    {"x=uid=7", "uid", "", 0, 0},
    {"x=\"; uid=7; \"", "uid", "7", 0, 0},
    /* the first of several */
    {"uid=1; uid=2", "uid", "1", 0, 0},
    {"uid; uid=2", "uid", "2", 0, 0},
    {"uid=; uid=2", "uid", "", 0, 0},
    /* quotes around a value, and in it */
    {"uid=\"abc\"; x=1", "uid", "abc", 0, 0},
    {"uid=\"\"", "uid", "", 0, 0},
    {"uid=\"", "uid", "\"", 0, 0},
    {"uid=\"a", "uid", "\"a", 0, 0},
    {"uid=a\"b\"", "uid", "a\"b\"", 0, 0},
    /* undecoded; '=' and blanks inside belong to it */
    {"uid=a%20b%3B+c", "uid", "a%20b%3B+c", 0, 0},
    {"uid=YWJj==; x=1", "uid", "YWJj==", 0, 0},
    {"uid=a b; x=1", "uid", "a b", 0, 0},
    /* none */
    {"uid=-", "uid", "", 0, 0},
    {"uid=\"-\"", "uid", "", 0, 0},
    {"-", "uid", "", 0, 0},
    {"", "uid", "", 0, 0},
    {"=x", "uid", "", 0, 0},
    {";", "uid", "", 0, 0},
    /* any bytes */
    {"a=\0; uid=\xff\0x; b", "uid", "\xff\0x", 15, 3},
};

START_TEST(finds_a_cookie)
{
    size_t size = cookies[_i].header_size ? cookies[_i].header_size : strlen(cookies[_i].header);
    struct slice header = exact_copy(cookies[_i].header, size),
                 expected = slice_of(cookies[_i].value);
    if (cookies[_i].value_size)
        expected.size = cookies[_i].value_size;
    struct slice value = cookie_value(header, cookies[_i].name);
    ck_assert_msg(slice_equal(value, expected), "%s of %s: \"%.*s\"", cookies[_i].name,
                  cookies[_i].header, SLICE_ARG(value));
    ck_assert(!value.size || (value.at >= header.at && value.at < header.at + size));
    mem_free((char *)header.at);
}
END_TEST

START_TEST(nothing_has_no_cookie)
{
    struct slice value = cookie_value((struct slice){0}, "uid");
    ck_assert(value.at == NULL && value.size == 0);
}
END_TEST

/* A line's worth of whatever makes a search slow. */
START_TEST(long_headers_are_read_once)
{
    static const char *const repeated[] = {";", "=", "uid", "uid ", " ", "u=\"", "uid;"};
    enum { BYTES = 64 * 1024 };
    for (size_t i = 0; i < sizeof repeated / sizeof repeated[0]; i++) {
        char *bytes = mem_alloc(BYTES);
        for (size_t at = 0; at < BYTES; at++)
            bytes[at] = repeated[i][at % strlen(repeated[i])];
        for (int round = 0; round < 200; round++)
            ck_assert_uint_eq(cookie_value((struct slice){bytes, BYTES}, "uid").size, 0);
        mem_free(bytes);
    }
}
END_TEST

static const struct {
    enum visitor_key_kind kind;
    const char *name;
    uint8_t extra;
    const char *user, *cookie, *query, *extras[EXTRA_FIELDS];
    uint16_t status;
    const char *value;
} hits[] = {
    {KEY_USER, "", 0, "frank", "", "", {0}, 200, "frank"},
    {KEY_USER, "", 0, "-", "", "", {0}, 200, ""},
    {KEY_USER, "", 0, "", "", "", {0}, 200, ""},
    {KEY_USER, "", 0, NULL, "", "", {0}, 200, ""},
    {KEY_USER, "", 0, "\"\"", "", "", {0}, 200, ""}, /* Apache's %u of an empty name */
    {KEY_USER, "", 0, "--", "", "", {0}, 403, "--"},
    {KEY_USER, "", 0, "frank", "", "", {0}, 401, ""}, /* "may be bogus", says mod_log_config */
    /* A cookie of its own, or in the header of all of them. */
    {KEY_COOKIE, "uid", 1, "u", "uid=all", "uid=q", {"no", "own", "no", "no"}, 200, "own"},
    {KEY_COOKIE, "uid", 1, "u", "uid=all", "uid=q", {"no", "", "no", "no"}, 401, "all"},
    {KEY_COOKIE, "uid", 1, "u", "uid=all", "uid=q", {"no", "-", "no", "no"}, 200, "all"},
    {KEY_COOKIE, "uid", 0, "u", NULL, "uid=q", {"\"own\""}, 200, "own"},
    {KEY_COOKIE, "uid", 0, "u", NULL, "uid=q", {"\"-\""}, 200, ""},
    {KEY_COOKIE, "uid", 0, "u", "uid=all", "uid=q", {"\"\""}, 200, "all"},
    {KEY_COOKIE, "uid", 0, "u", "UID=1", "uid=q", {0}, 200, ""},
    {KEY_COOKIE, "uid", 4, "u", "uid=all", "", {"a", "b", "c", "d"}, 200, "all"},
    {KEY_COOKIE, "uid", 255, "u", NULL, "", {"a", "b", "c", "d"}, 200, ""},
    /* A parameter of the query */
    {KEY_QUERY, "sid", 0, "u", "sid=c", "a=1&sid=x%20y+z&sid=2", {"e"}, 200, "x y z"},
    {KEY_QUERY, "c", 0, "u", "", "c=a%40b", {0}, 200, "a@b"},
    {KEY_QUERY, "c", 0, "u", "", "c=a@b", {0}, 200, "a@b"},
    {KEY_QUERY, "c", 0, "u", "", "%63=%2541%", {0}, 200, "%41%"},
    {KEY_QUERY, "a b", 0, "u", "", "a%2Bb=1&a+b=2", {0}, 200, "2"},
    {KEY_QUERY, "a+b", 0, "u", "", "a+b=1&a%2Bb=2", {0}, 200, "2"},
    {KEY_QUERY, "c", 0, "u", "", "c=%2D", {0}, 200, ""},
    {KEY_QUERY, "sid", 0, "u", "sid=c", "a=1;sid=2", {"e"}, 200, "2"},
    {KEY_QUERY, "sid", 0, "u", "sid=c", "SID=1&xsid=2&sid", {"e"}, 200, ""},
    {KEY_QUERY, "sid", 0, "u", "sid=c", "sid=-&sid=2", {"e"}, 200, ""},
    {KEY_QUERY, "sid", 0, "u", "sid=c", NULL, {"e"}, 200, ""},
    /* A header */
    {KEY_HEADER, "X-Session", 3, "u", "X-Session=c", "X-Session=q", {"0", "1", "2", "3"}, 200, "3"},
    {KEY_HEADER, "X-Session", 2, "u", "X-Session=c", "X-Session=q", {"0", "1", "-", "3"}, 200, ""},
    {KEY_HEADER, "X-Session", 4, "u", "X-Session=c", "X-Session=q", {"0", "1", "2", "3"}, 200, ""},
    {KEY_HEADER, "X-Session", 0, "u", "", "", {"\"a b\""}, 200, "\"a b\""},
    /* The address is no value. */
    {KEY_ADDRESS, "", 0, "u", "a=1", "a=1", {"e"}, 200, ""},
    {KEY_ADDRESS_AGENT, "", 0, "u", "a=1", "a=1", {"e"}, 200, ""},
    {KEY_ADDRESS_HOST, "", 0, "u", "a=1", "a=1", {"e"}, 200, ""},
    {KEY_ADDRESS_AGENT_HOST, "", 0, "u", "a=1", "a=1", {"e"}, 200, ""},
};

START_TEST(a_hit_has_the_value)
{
    const struct visitor_rule rule = {hits[_i].kind, hits[_i].name, "label", hits[_i].extra};
    struct hit hit = {.user = slice_of(hits[_i].user),
                      .cookie = slice_of(hits[_i].cookie),
                      .request.query = slice_of(hits[_i].query),
                      .status = hits[_i].status};
    for (size_t i = 0; i < EXTRA_FIELDS; i++)
        hit.extra[i] = slice_of(hits[_i].extras[i]);
    char room[VISITOR_ROOM];
    struct slice value = visitor_rule_value(&rule, &hit, room);
    ck_assert_msg(slice_is(value, hits[_i].value), "row %d: \"%.*s\"", _i, SLICE_ARG(value));
}
END_TEST

/* Longer ones are values as well. */
START_TEST(what_does_not_fit_is_as_written)
{
    static const struct visitor_rule rule = {KEY_QUERY, "c", "label", 0};
    static const size_t sizes[] = {VISITOR_ROOM - 3, VISITOR_ROOM - 2, 60000};
    char room[VISITOR_ROOM], *query = mem_alloc(2 + 60000 + 3);
    memset(query, 'v', 2 + 60000 + 3);
    memcpy(query, "c=%41", 5);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct hit hit = {.request.query = {query, 2 + 3 + sizes[i]}};
        struct slice value = visitor_rule_value(&rule, &hit, room);
        ck_assert_uint_eq(value.size, sizes[i] + (i == 0 ? 1 : 3));
        ck_assert(slice_starts_with(value, i == 0 ? SLICE_LITERAL("Av") : SLICE_LITERAL("%41v")));
    }
    memset(query, '%', 1000); /* a name of any size */
    struct hit hit = {.request.query = {query, 60000}};
    ck_assert_uint_eq(visitor_rule_value(&rule, &hit, room).size, 0);
    mem_free(query);
}
END_TEST

START_TEST(everybody_has_an_address)
{
    struct visitor_rules rules = visitor_rules_default();
    ck_assert_uint_eq(rules.count, 1);
    ck_assert_int_eq(rules.items[0].kind, KEY_ADDRESS_AGENT);
    ck_assert_str_eq(rules.items[0].label, "address+agent");
    ck_assert_str_eq(rules.items[0].name, "");
    ck_assert_uint_eq(rules.v4_prefix, 32);
    ck_assert_uint_eq(rules.v6_prefix, 64);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("visitor_key");
    TCase *tests = tcase_create("visitor_key");
    tcase_add_loop_test(tests, finds_a_cookie, 0, sizeof cookies / sizeof cookies[0]);
    tcase_add_test(tests, nothing_has_no_cookie);
    tcase_add_test(tests, long_headers_are_read_once);
    tcase_add_loop_test(tests, a_hit_has_the_value, 0, sizeof hits / sizeof hits[0]);
    tcase_add_test(tests, what_does_not_fit_is_as_written);
    tcase_add_test(tests, everybody_has_an_address);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
