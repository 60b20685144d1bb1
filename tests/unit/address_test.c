/*
 * The normal forms are those of RFC 4291 and RFC 5952; Python's ipaddress (with ports, brackets and
 * zones taken off by hand) gave the same for every row.
 */
#include "parser/address.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct row {
    const char *text;
    const char *normal; /* as inet_ntop writes it; NULL: not an address */
};

static const struct row rows[] = {
    {"0.0.0.0", "0.0.0.0"},
    {"1.2.3.4", "1.2.3.4"},
    {"10.20.30.40", "10.20.30.40"},
    {"100.200.9.99", "100.200.9.99"},
    {"255.255.255.255", "255.255.255.255"},
    {"1.2.3.4:5678", "1.2.3.4"},
    {"1.2.3.4:0", "1.2.3.4"},
    {"1.2.3.4:65535", "1.2.3.4"},
    {"1.2.3.4:65536", NULL},
    {"1.2.3.4:123456", NULL},
    {"1.2.3.4:", NULL},
    {"1.2.3.4:x", NULL},
    {"01.2.3.4", NULL},
    {"1.2.3.04", NULL},
    {"1.2.3.00", NULL},
    {"1.2.3.256", NULL},
    {"999.2.3.4", NULL},
    {"1.2.3.1000", NULL},
    {"1.2.3", NULL},
    {"1.2.3.", NULL},
    {".1.2.3", NULL},
    {"1..2.3", NULL},
    {"1.2.3.4.5", NULL},
    {"1.2.3.4 ", NULL},
    {" 1.2.3.4", NULL},
    {"1.2.3.4x", NULL},
    {"+1.2.3.4", NULL},
    {"0x1.2.3.4", NULL},
    {"16909060", NULL},
    {"[1.2.3.4]", NULL},
    {"", NULL},
    {"-", NULL},
    {"host.example.org", NULL},
    {"1.2.3.4.example.org", NULL},
    {"::", "::"},
    {"::1", "::1"},
    {"1::", "1::"},
    {"2001:db8::1", "2001:db8::1"},
    {"2001:DB8::ABCD", "2001:db8::abcd"},
    {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
    {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
    {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
    {"1::8", "1::8"},
    {"fe80::1%eth0", "fe80::1"},
    {"fe80::1%25eth0", "fe80::1"},
    {"[fe80::1%eth0]:80", "fe80::1"},
    {"fe80::1%", NULL},
    {"fe80::1%eth 0", NULL},
    {"1.2.3.4%eth0", NULL},
    {"[::1]", "::1"},
    {"[::1]:443", "::1"},
    {"[2001:db8::1]:65535", "2001:db8::1"},
    {"[::1]:", NULL},
    {"[::1]443", NULL},
    {"[::1]:65536", NULL},
    {"[::1", NULL},
    {"::1]", NULL},
    {"[]", NULL},
    {"[", NULL},
    {"2001:db8::1:443", "2001:db8::1:443"},
    {"::ffff:1.2.3.4", "1.2.3.4"},
    {"::FFFF:102:304", "1.2.3.4"},
    {"0:0:0:0:0:ffff:1.2.3.4", "1.2.3.4"},
    {"[::ffff:1.2.3.4]:80", "1.2.3.4"},
    {"::1.2.3.4", "::1.2.3.4"},
    {"64:ff9b::1.2.3.4", "64:ff9b::102:304"},
    {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
    {"1:2:3:4:5:6:7:1.2.3.4", NULL},
    {"::1.2.3.4:5", NULL},
    {"[1.2.3.4::]", NULL},
    {"::1.2.3", NULL},
    {"::1.2.3.400", NULL},
    {"::01.2.3.4", NULL},
    {"1:2:3:4:5:6:7", NULL},
    {"1:2:3:4:5:6:7:8:9", NULL},
    {"1:2:3:4:5:6:7:8::", NULL},
    {"::1:2:3:4:5:6:7:8", NULL},
    {"1::2::3", NULL},
    {":::", NULL},
    {":", NULL},
    {":1", NULL},
    {"1:", NULL},
    {"1:2:3:4:5:6:7:", NULL},
    {":2:3:4:5:6:7:8", NULL},
    {"12345::", NULL},
    {"::00001", NULL},
    {"g::", NULL},
    {"::g", NULL},
    {"2001:db8::1/64", NULL},
};

/* "1.2.3.4", "2001:db8::1", or "name", as address_parse read it. */
static const char *normal_form(const struct address *address, char text[INET6_ADDRSTRLEN])
{
    if (address->family == ADDRESS_NAME)
        return "name";
    if (address->family == ADDRESS_V4)
        return inet_ntop(AF_INET, address->bytes + 12, text, INET6_ADDRSTRLEN);
    return inet_ntop(AF_INET6, address->bytes, text, INET6_ADDRSTRLEN);
}

static void check_row(const struct row *row, struct slice text)
{
    struct address address;
    char got[INET6_ADDRSTRLEN];
    bool is_address = address_parse(text, &address);
    ck_assert_msg(is_address == (row->normal != NULL), "\"%s\": %d", row->text, is_address);
    ck_assert_msg(strcmp(normal_form(&address, got), row->normal ? row->normal : "name") == 0,
                  "\"%s\": %s", row->text, normal_form(&address, got));
    if (!is_address) {
        static const uint8_t zero[16];
        ck_assert_msg(memcmp(address.bytes, zero, 16) == 0, "\"%s\" is not zero", row->text);
    }
}

START_TEST(reads_the_normal_form)
{
    check_row(&rows[_i], slice_of(rows[_i].text));
}
END_TEST

/* The last byte of the text is the last one before a page that cannot be read. */
START_TEST(stops_at_a_guard_page)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(pages != MAP_FAILED);
    ck_assert(mprotect(pages + page, page, PROT_NONE) == 0);
    struct slice text = slice_of(rows[_i].text);
    char *at = pages + page - text.size;
    memcpy(at, text.at, text.size);
    check_row(&rows[_i], (struct slice){at, text.size});
    /* Every shorter text as well: cut in the middle of a group, an octet, a port. */
    struct address address;
    for (size_t cut = 1; cut <= text.size; cut++) {
        memmove(at + cut, text.at, text.size - cut);
        address_parse((struct slice){at + cut, text.size - cut}, &address);
    }
    munmap(pages, 2 * page);
}
END_TEST

START_TEST(agrees_with_inet_pton)
{
    uint8_t expected[16] = {[10] = 0xff, [11] = 0xff};
    if (inet_pton(AF_INET, rows[_i].text, expected + 12) != 1 &&
        inet_pton(AF_INET6, rows[_i].text, expected) != 1)
        return;
    struct address address;
    ck_assert_msg(address_parse(slice_of(rows[_i].text), &address), "\"%s\"", rows[_i].text);
    ck_assert_msg(memcmp(address.bytes, expected, 16) == 0, "\"%s\"", rows[_i].text);
}
END_TEST

START_TEST(mapped_and_plain_are_one)
{
    struct address plain, mapped;
    ck_assert(address_parse(SLICE_LITERAL("192.0.2.129"), &plain));
    ck_assert(address_parse(SLICE_LITERAL("::ffff:c000:281"), &mapped));
    ck_assert_int_eq(mapped.family, ADDRESS_V4);
    ck_assert_mem_eq(plain.bytes, mapped.bytes, 16);
    ck_assert_uint_eq(address_v4(&plain), 0xc0000281);
}
END_TEST

START_TEST(nothing_is_a_name)
{
    struct address address = {.family = ADDRESS_V4, .bytes = {1}};
    ck_assert(!address_parse((struct slice){NULL, 0}, &address));
    ck_assert_int_eq(address.family, ADDRESS_NAME);
    ck_assert_int_eq(address.bytes[0], 0);
    ck_assert(!address_parse(SLICE_LITERAL("1.2.3.4\0"), &address));
}
END_TEST

int main(void)
{
    const int row_count = (int)(sizeof rows / sizeof rows[0]);
    Suite *suite = suite_create("address");
    TCase *table = tcase_create("table");
    tcase_add_loop_test(table, reads_the_normal_form, 0, row_count);
    tcase_add_loop_test(table, stops_at_a_guard_page, 0, row_count);
    tcase_add_loop_test(table, agrees_with_inet_pton, 0, row_count);
    tcase_add_test(table, mapped_and_plain_are_one);
    tcase_add_test(table, nothing_is_a_name);
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
