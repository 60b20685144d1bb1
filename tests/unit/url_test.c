/* Expected values are written out from RFC 3986 section 2.1 and the WHATWG form encoding ('+'). */
#include "parser/url.h"

#include <check.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct {
    const char *text;
    bool plus_is_blank;
    const char *expected;
    size_t size; /* 0: that of expected */
} rows[] = {
    {"/plain/path", false, "/plain/path", 0},
    {"", false, "", 0},
    {"/caf%C3%A9", false, "/caf\xc3\xa9", 0},
    {"/caf%c3%a9/", false, "/caf\xc3\xa9/", 0},
    {"%2541", false, "%41", 0}, /* once */
    {"100%", false, "100%", 0},
    {"%4", false, "%4", 0},
    {"%zz%41", false, "%zzA", 0},
    {"%%41", false, "%A", 0},
    {"%4%41", false, "%4A", 0},
    {"a+b%20c", false, "a+b c", 0},
    {"a+b%20c%2B", true, "a b c+", 0},
    {"++", true, "  ", 0},
    {"a%00b", false, "a\0b", 3},
};

/* The text as the last bytes before a page that must not be touched. */
static char *at_guard_page(struct slice text)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(pages != MAP_FAILED);
    ck_assert_int_eq(mprotect(pages + page, page, PROT_NONE), 0);
    return memcpy(pages + page - text.size, text.at, text.size);
}

START_TEST(decodes)
{
    struct slice expected = {rows[_i].expected,
                             rows[_i].size ? rows[_i].size : strlen(rows[_i].expected)};
    struct slice text = slice_of(rows[_i].text);
    char out[64];
    struct slice got = {out, url_decode(text, rows[_i].plus_is_blank, out)};
    ck_assert_msg(slice_equal(got, expected), "\"%s\" became \"%.*s\"", rows[_i].text,
                  SLICE_ARG(got));

    char *same = at_guard_page(text);
    struct slice in_place = {
        same, url_decode((struct slice){same, text.size}, rows[_i].plus_is_blank, same)};
    ck_assert_msg(slice_equal(in_place, expected), "in place: \"%s\"", rows[_i].text);
}
END_TEST

static const struct {
    const char *query;
    const char *parts; /* "name>value" joined by blanks */
} queries[] = {
    {"a=1&b=2", "a>1 b>2 "},
    {"a=1;b=2", "a>1 b>2 "},
    {"a", "a> "},
    {"a=", "a> "},
    {"=1", ">1 "},
    {"a=b=c", "a>b=c "},
    {"&&a=1&;&b&", "a>1 b> "},
    {"", ""},
    {"&", ""},
    {"a=1&a=2", "a>1 a>2 "},
    {"n%61me=v%20", "n%61me>v%20 "},
};

START_TEST(takes_queries_apart)
{
    struct url_parameter parameter;
    struct slice text = slice_of(queries[_i].query);
    struct slice rest = {at_guard_page(text), text.size};
    char got[128] = "";
    while (url_next_parameter(&rest, &parameter)) {
        strncat(got, parameter.name.at, parameter.name.size);
        strcat(got, ">");
        strncat(got, parameter.value.at, parameter.value.size);
        strcat(got, " ");
    }
    ck_assert_str_eq(got, queries[_i].parts);
}
END_TEST

START_TEST(no_query_has_no_parameters)
{
    struct slice rest = {NULL, 0};
    struct url_parameter parameter;
    ck_assert(!url_next_parameter(&rest, &parameter));
}
END_TEST

/* RFC 3986, section 3.3, and what servlets write (Java Servlet 4.0, section 7.1.3). */
static const struct {
    const char *path, *kept;
} parameters[] = {
    {"/a/b", "/a/b"},
    {"/a;jsessionid=8F2C", "/a"},
    {"/a;v=1.2/b", "/a/b"},
    {"/a;x;y=1;z/b;c=/", "/a/b/"},
    {"/a;=", "/a"},
    {"/a;b", "/a;b"},
    {"/a;b/c=d", "/a;b/c=d"},
    {"/a=1;b", "/a=1;b"},
    {"/..;/a", "/..;/a"},
    {"/a%3Bb=1", "/a%3Bb=1"},
    {"/;a=1/;b=2/", "///"},
    {";a=1", ""},
    {"a;b=c/d", "a/d"},
    {"", ""},
    {";", ";"},
    {"/", "/"},
};

START_TEST(takes_parameters_off_a_path)
{
    struct slice path = slice_of(parameters[_i].path);
    char *end = at_guard_page(path), out[64];
    for (size_t size = 0; size <= 20; size++) {
        struct slice expected = slice_head(slice_of(parameters[_i].kept), size);
        struct slice kept = url_without_parameters((struct slice){end, path.size}, out, size);
        ck_assert_msg(slice_equal(kept, expected), "%s: \"%.*s\"", path.at, SLICE_ARG(kept));
    }
    struct slice kept = slice_of(parameters[_i].kept);
    ck_assert(slice_equal(url_without_parameters(kept, out, sizeof out), kept));
    ck_assert(url_may_have_parameters(path) || slice_equal(path, kept));
    ck_assert(!url_may_have_parameters((struct slice){NULL, 0}));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("url");
    TCase *table = tcase_create("table");
    tcase_add_loop_test(table, decodes, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_loop_test(table, takes_parameters_off_a_path, 0,
                        sizeof parameters / sizeof parameters[0]);
    tcase_add_loop_test(table, takes_queries_apart, 0, (int)(sizeof queries / sizeof queries[0]));
    tcase_add_test(table, no_query_has_no_parameters);
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
