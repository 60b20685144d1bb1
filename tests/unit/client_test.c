/*
 * Who is expected was found by hand from RFC 7239 (sections 4 to 7, whose examples are here) and
 * from what is written about X-Forwarded-For at developer.mozilla.org: read from the right, up to
 * the first that is not trusted.
 */
#include "parser/client.h"

#include <check.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

#define PEER "10.0.0.1" /* trusted */

static struct networks *trusted;

static void set_up(void)
{
    static const char *const specs[] = {"10.0.0.0/8", "2001:db8:aaaa::/48", "192.0.2.60"};
    struct error error = {0};
    trusted = networks_new();
    for (size_t i = 0; i < LENGTH(specs); i++)
        ck_assert(networks_add(trusted, specs[i], &error));
}

static void tear_down(void)
{
    networks_free(trusted);
}

static struct hit hit_of(struct slice peer, struct slice forwarded)
{
    struct hit hit = {.address_text = peer, .forwarded = forwarded};
    address_parse(peer, &hit.address);
    return hit;
}

static const struct row {
    const char *peer, *forwarded;
    const char *text; /* the client's; NULL: nothing changes */
} rows[] = {
    /* One hop. */
    {PEER, "203.0.113.9", "203.0.113.9"},
    {PEER, " 203.0.113.9 ", "203.0.113.9"},
    {PEER, "\t203.0.113.9", "203.0.113.9"},
    {PEER, "203.0.113.9:4711", "203.0.113.9:4711"},
    {PEER, "2001:db8::1", "2001:db8::1"},
    {PEER, "[2001:db8::1]", "[2001:db8::1]"},
    {PEER, "[2001:db8::1]:4711", "[2001:db8::1]:4711"},
    {PEER, "::ffff:203.0.113.9", "::ffff:203.0.113.9"},
    {PEER, "\"203.0.113.9\"", "203.0.113.9"},
    {PEER, "\"[2001:db8::1]:4711\"", "[2001:db8::1]:4711"},
    {"::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"},
    {"2001:db8:aaaa::7", "203.0.113.9", "203.0.113.9"},

    /* What stands left of the first that is not trusted can be anything. */
    {PEER, "198.51.100.2, 203.0.113.9", "203.0.113.9"},
    {PEER, "198.51.100.2,203.0.113.9", "203.0.113.9"},
    {PEER, "10.0.0.7, 203.0.113.9", "203.0.113.9"},
    {PEER, "127.0.0.1, 10.0.0.7, 203.0.113.9, 10.0.0.8", "203.0.113.9"},
    {PEER, "<script>, ' or 1=1, 203.0.113.9", "203.0.113.9"},
    {PEER, "\", 203.0.113.9", "203.0.113.9"},
    {PEER, "a\"b, 203.0.113.9", "203.0.113.9"},
    {PEER, "\\\", 203.0.113.9", "203.0.113.9"},
    {PEER, "for=198.51.100.2, 203.0.113.9", "203.0.113.9"},
    {PEER, "for=\"198.51.100.2, 203.0.113.9", "203.0.113.9"},
    {PEER, "198.51.100.2, for=203.0.113.9", "203.0.113.9"},

    /* Several trusted hops. */
    {PEER, "203.0.113.9, 10.0.0.8", "203.0.113.9"},
    {PEER, "203.0.113.9, 10.0.0.8, 10.0.0.9:80, 192.0.2.60", "203.0.113.9"},
    {PEER, "203.0.113.9, [2001:db8:aaaa::1]:443, ::ffff:10.0.0.9", "203.0.113.9"},
    {PEER, "203.0.113.9, 192.0.2.61", "192.0.2.61"},
    {PEER, "10.0.0.5, 10.0.0.8", "10.0.0.5"}, /* all trusted */
    {PEER, "10.0.0.5", "10.0.0.5"},
    {PEER, "10.0.0.1", NULL},

    /* Empty elements. */
    {PEER, "", NULL},
    {PEER, "-", NULL},
    {PEER, " ", NULL},
    {PEER, ",", NULL},
    {PEER, ",,, ,", NULL},
    {PEER, "203.0.113.9,", "203.0.113.9"},
    {PEER, ",203.0.113.9", "203.0.113.9"},
    {PEER, "203.0.113.9, , ,10.0.0.8", "203.0.113.9"},
    {PEER, "203.0.113.9, -", "203.0.113.9"},

    /* Not trusted, so not listened to. */
    {"203.0.113.200", "198.51.100.2", NULL},
    {"203.0.113.200", "for=198.51.100.2", NULL},
    {"11.0.0.1", "198.51.100.2, 10.0.0.1", NULL},
    {"proxy.example.org", "198.51.100.2", NULL},
    {"unix:", "198.51.100.2", NULL},
    {"-", "198.51.100.2", NULL},
    {"2001:db8:aaab::7", "203.0.113.9", NULL},

    /* No addresses. */
    {PEER, "unknown", "unknown"},
    {PEER, "client.example.org", "client.example.org"},
    {PEER, "203.0.113.9, unknown", "unknown"},
    {PEER, "203.0.113.9, unknown, 10.0.0.8", "unknown"},
    {PEER, "203.0.113.999", "203.0.113.999"},
    {PEER, "203.0.113.9 198.51.100.2", "203.0.113.9 198.51.100.2"},
    {PEER, ";;;", ";;;"},

    /* Forwarded. */
    {PEER, "for=203.0.113.9", "203.0.113.9"},
    {PEER, "For=203.0.113.9", "203.0.113.9"},
    {PEER, "FOR = 203.0.113.9", "203.0.113.9"},
    {PEER, "for=\"_gazonk\"", "_gazonk"},
    {PEER, "for=_hidden, for=_SEVKISEK", "_SEVKISEK"},
    {PEER, "for=unknown", "unknown"},
    {PEER, "For=\"[2001:db8:cafe::17]:4711\"", "[2001:db8:cafe::17]:4711"},
    {PEER, "for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"},
    {PEER, "for=192.0.2.43, for=198.51.100.17", "198.51.100.17"},
    {PEER, "for=192.0.2.43, for=\"[2001:db8:aaaa::17]\"", "192.0.2.43"},
    {PEER, "for=192.0.2.43,for=\"[2001:db8:aaaa::17]\";by=_x;proto=https", "192.0.2.43"},
    {PEER, "proto=https;for=203.0.113.9;host=shop.example", "203.0.113.9"},
    {PEER, "host=\"a,b;for=198.51.100.2\";for=203.0.113.9", "203.0.113.9"},
    {PEER, "for=203.0.113.9;host=\"a,b;for=198.51.100.2\"", "203.0.113.9"},
    {PEER, "for=203.0.113.9;host=\"a\\\",b\\\\\";proto=http", "203.0.113.9"},
    {PEER, "for=\"203.0.113.9:_port\"", "203.0.113.9"},
    {PEER, "for=\"[2001:db8::1]:_port\"", "[2001:db8::1]"},
    {PEER, "for=203.0.113.9; for=198.51.100.2", "203.0.113.9"},
    {PEER, "before=198.51.100.2;for=203.0.113.9", "203.0.113.9"},

    /* Nobody is named, so nobody left of it is known either. */
    {PEER, "proto=https;by=10.0.0.1", NULL},
    {PEER, "for=", NULL},
    {PEER, "for=\"\"", NULL},
    {PEER, "for=203.0.113.9, proto=https", NULL},
    {PEER, "for=203.0.113.9, proto=https, for=10.0.0.8", "10.0.0.8"},
    {PEER, "=", NULL},
};

static void check_row(const struct row *row, struct hit *hit)
{
    struct address expected;
    const char *text = row->text ? row->text : row->peer;
    address_parse(slice_of(text), &expected);
    bool is_changed = client_find(trusted, hit);
    ck_assert_msg(is_changed == (row->text != NULL), "\"%s\": %d", row->forwarded, is_changed);
    ck_assert_msg(slice_is(hit->address_text, text), "\"%s\": \"%.*s\"", row->forwarded,
                  SLICE_ARG(hit->address_text));
    ck_assert_int_eq(hit->address.family, expected.family);
    ck_assert_mem_eq(hit->address.bytes, expected.bytes, sizeof expected.bytes);
}

START_TEST(client_is_found)
{
    struct hit hit = hit_of(slice_of(rows[_i].peer), slice_of(rows[_i].forwarded));
    check_row(&rows[_i], &hit);
}
END_TEST

/* Whatever a client sends itself stands left of what the proxies add. */
START_TEST(spoofed_list_changes_nothing)
{
    static const char *const spoofed[] = {
        "10.0.0.99",
        "198.51.100.99, 10.0.0.99",
        "for=198.51.100.99",
        "for=\"",
        "\"",
        "\\",
        "\\\"",
        "for=\"a\\",
        ",,,",
        "unknown",
        "a\"b\"c\"",
        "for=198.51.100.99;by=\"x",
        "proto=https;for=x",
        "-",
        "203.0.113.1 ; 10.0.0.1",
    };
    struct hit plain = hit_of(slice_of(PEER), slice_of(rows[_i].forwarded));
    bool ends_there = client_find(trusted, &plain) && !networks_hold(trusted, &plain.address);
    if (!ends_there)
        return;
    for (size_t i = 0; i < LENGTH(spoofed); i++) {
        char *list = mem_format("%s,%s", spoofed[i], rows[_i].forwarded);
        struct hit hit = hit_of(slice_of(PEER), slice_of(list));
        ck_assert(client_find(trusted, &hit));
        ck_assert_msg(slice_equal(hit.address_text, plain.address_text), "%s: %.*s", list,
                      SLICE_ARG(hit.address_text));
        mem_free(list);
    }
}
END_TEST

START_TEST(nobody_is_trusted_by_an_empty_set)
{
    struct networks *none = networks_new();
    struct hit hit = hit_of(slice_of(rows[_i].peer), slice_of(rows[_i].forwarded));
    ck_assert(!client_find(none, &hit));
    ck_assert(slice_is(hit.address_text, rows[_i].peer));
    networks_free(none);
}
END_TEST

/* The last byte of the list is the last one before a page that cannot be read. */
START_TEST(stops_at_a_guard_page)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(pages != MAP_FAILED);
    ck_assert(mprotect(pages + page, page, PROT_NONE) == 0);
    struct slice list = slice_of(rows[_i].forwarded);
    for (size_t size = list.size; size > 0; size--) {
        char *at = pages + page - size;
        memcpy(at, list.at, size);
        struct hit hit = hit_of(slice_of(rows[_i].peer), (struct slice){at, size});
        if (size == list.size)
            check_row(&rows[_i], &hit);
        else
            client_find(trusted, &hit);
    }
    munmap(pages, 2 * page);
}
END_TEST

static const char *const pieces[] = {",",  "\"",    "\\",   "\\\"",    "\",",       ";",  "=",
                                     "[",  ":",     "for=", "for=\"",  "10.0.0.1,", "_:", ":_",
                                     "\r", "a=\"b", "\xff", "unknown", "1.1.1.1",   " "};

/* 64 KiB of each, with an honest end: what was written last counts. */
START_TEST(garbage_is_stepped_over)
{
    enum { GARBAGE = 64 * 1024 };
    static const char honest[] = ", 203.0.113.9, 10.0.0.8";
    char *list = mem_alloc(GARBAGE + sizeof honest);
    for (size_t i = 0; i < GARBAGE; i++)
        list[i] = pieces[_i][i % strlen(pieces[_i])];
    memcpy(list + GARBAGE, honest, sizeof honest);
    struct hit hit = hit_of(slice_of(PEER), (struct slice){list, GARBAGE + sizeof honest - 1});
    ck_assert(client_find(trusted, &hit));
    ck_assert(slice_is(hit.address_text, "203.0.113.9"));
    struct hit alone = hit_of(slice_of(PEER), (struct slice){list, GARBAGE});
    if (!client_find(trusted, &alone))
        ck_assert(slice_is(alone.address_text, PEER));
    else
        ck_assert(alone.address_text.at >= list && alone.address_text.size <= GARBAGE);
    mem_free(list);
}
END_TEST

START_TEST(absent_list_changes_nothing)
{
    struct hit hit = hit_of(slice_of(PEER), (struct slice){NULL, 0});
    ck_assert(!client_find(trusted, &hit));
    ck_assert(slice_is(hit.address_text, PEER));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("client");
    TCase *tests = tcase_create("client");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, client_is_found, 0, (int)LENGTH(rows));
    tcase_add_loop_test(tests, spoofed_list_changes_nothing, 0, (int)LENGTH(rows));
    tcase_add_loop_test(tests, nobody_is_trusted_by_an_empty_set, 0, (int)LENGTH(rows));
    tcase_add_loop_test(tests, stops_at_a_guard_page, 0, (int)LENGTH(rows));
    tcase_add_loop_test(tests, garbage_is_stepped_over, 0, (int)LENGTH(pieces));
    tcase_add_test(tests, absent_list_changes_nothing);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
