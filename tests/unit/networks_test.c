/*
 * First and last addresses of ranges are what Python's ipaddress gives for them
 * (ip_network(...)[0], [-1]); those of names are in the lists that their operators publish.
 */
#include "parser/networks.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static bool holds(const struct networks *networks, const char *text)
{
    struct address address;
    address_parse(slice_of(text), &address);
    return networks_hold(networks, &address);
}

static struct networks *networks_of(const char *spec)
{
    struct networks *networks = networks_new();
    struct error error = {0};
    ck_assert_msg(networks_add(networks, spec, &error), "%s: %s", spec, error.sentence);
    return networks;
}

/* ---- ranges ---- */

static const struct {
    const char *spec;
    const char *before, *first, *last, *after; /* NULL: there is none */
} ranges[] = {
    {"10.0.0.0/8", "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
    {"192.0.2.7", "192.0.2.6", "192.0.2.7", "192.0.2.7", "192.0.2.8"},
    {"192.0.2.7/32", "192.0.2.6", "192.0.2.7", "192.0.2.7", "192.0.2.8"},
    {"192.0.2.128/25", "192.0.2.127", "192.0.2.128", "192.0.2.255", "192.0.3.0"},
    {"172.16.0.0/12", "172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
    {"0.0.0.0/0", "::fffe:ffff:ffff", "0.0.0.0", "255.255.255.255", "::1:0:0:0"},
    {"128.0.0.0/1", "127.255.255.255", "128.0.0.0", "255.255.255.255", "::1:0:0:0"},
    {"2001:db8::/32", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
    {"2001:DB8::1", "2001:db8::", "2001:db8::1", "2001:db8::1", "2001:db8::2"},
    {"2001:db8:0:0:8000::/65", "2001:db8::7fff:ffff:ffff:ffff",
     "2001:db8:0:0:8000::", "2001:db8::ffff:ffff:ffff:ffff", "2001:db8:0:1::"},
    {"2001:db8::/64", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", "2001:db8:0:1::"},
    {"fe80::/10", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fec0::"},
    {"::ffff:10.0.0.0/104", "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
    {"::ffff:192.0.2.7", "192.0.2.6", "192.0.2.7", "192.0.2.7", "192.0.2.8"},
    {"::/128", NULL, "::", "::", "::1"},
    {"::/80", NULL, "::", "::fffe:ffff:ffff", "::ffff:0:0"},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe",
     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
};

START_TEST(range_holds_its_addresses)
{
    struct networks *networks = networks_of(ranges[_i].spec);
    ck_assert_uint_eq(networks_count(networks), 1);
    ck_assert(holds(networks, ranges[_i].first));
    ck_assert(holds(networks, ranges[_i].last));
    ck_assert(!ranges[_i].before || !holds(networks, ranges[_i].before));
    ck_assert(!ranges[_i].after || !holds(networks, ranges[_i].after));
    ck_assert(!holds(networks, "host.example.org"));
    networks_free(networks);
}
END_TEST

/* "All of IPv6" is not IPv4, although the one lies inside of the other here. */
START_TEST(all_of_ipv6_is_not_ipv4)
{
    struct networks *networks = networks_of("::/0");
    ck_assert(holds(networks, "::") && holds(networks, "::fffe:ffff:ffff"));
    ck_assert(holds(networks, "::1:0:0:0") && holds(networks, "ffff::1"));
    ck_assert(!holds(networks, "0.0.0.0") && !holds(networks, "255.255.255.255"));
    struct error error = {0};
    ck_assert(networks_add(networks, "0.0.0.0/0", &error));
    ck_assert_uint_eq(networks_count(networks), 1);
    ck_assert(holds(networks, "0.0.0.0") && holds(networks, "::1"));
    networks_free(networks);
}
END_TEST

static const struct {
    const char *specs[6];
    size_t count;
} joined[] = {
    {{"10.0.0.0/9", "10.128.0.0/9"}, 1},
    {{"10.128.0.0/9", "10.0.0.0/9"}, 1},
    {{"10.0.0.0/8", "10.1.2.0/24"}, 1},
    {{"10.1.2.0/24", "10.0.0.0/8"}, 1},
    {{"10.0.0.0/8", "10.0.0.0/8"}, 1},
    {{"10.0.0.0/8", "10.0.0.0/9", "10.0.0.0"}, 1},
    {{"10.0.0.0/9", "10.128.0.1"}, 2},
    {{"192.0.2.1", "192.0.2.3", "192.0.2.2"}, 1},
    {{"192.0.2.1", "192.0.2.3", "192.0.2.5"}, 3},
    {{"::/1", "8000::/1"}, 2}, /* below IPv4, and above it */
    {{"2001:db8::/33", "2001:db8:8000::/33", "2001:db9::/32"}, 1},
    {{"2001:db8::ffff:ffff:ffff:ffff", "2001:db8:0:1::"}, 1},
    {{"10.0.0.0/8", "2001:db8::/32"}, 2},
    {{"private", "10.1.2.3"}, 9},
};

START_TEST(ranges_are_joined)
{
    struct networks *networks = networks_new();
    struct error error = {0};
    for (size_t i = 0; joined[_i].specs[i]; i++)
        ck_assert(networks_add(networks, joined[_i].specs[i], &error));
    ck_assert_uint_eq(networks_count(networks), joined[_i].count);
    networks_free(networks);
}
END_TEST

START_TEST(empty_set_holds_nothing)
{
    struct networks *networks = networks_new();
    ck_assert_uint_eq(networks_count(networks), 0);
    ck_assert(!holds(networks, "10.0.0.1") && !holds(networks, "::") && !holds(networks, "-"));
    networks_free(networks);
    networks_free(NULL);
}
END_TEST

static unsigned next_random(unsigned *state)
{
    *state = *state * 1103515245u + 12345u;
    return *state >> 16;
}

/* Many small ranges in a small space, against one bit for each of its addresses. */
START_TEST(agrees_with_a_bit_map)
{
    enum { SPACE = 1024, RANGES = 60 };
    unsigned state = (unsigned)_i + 1;
    bool map[SPACE] = {false};
    struct networks *networks = networks_new();
    for (int i = 0; i < RANGES; i++) {
        unsigned bits = next_random(&state) % 6;
        unsigned first = next_random(&state) % SPACE >> bits << bits;
        for (unsigned k = first; k < first + (1u << bits); k++)
            map[k] = true;
        char spec[40];
        struct error error = {0};
        snprintf(spec, sizeof spec, "10.0.%u.%u/%u", first >> 8, first & 255, 32 - bits);
        ck_assert(networks_add(networks, spec, &error));
    }
    for (unsigned k = 0; k < SPACE; k++) {
        char text[40];
        snprintf(text, sizeof text, "10.0.%u.%u", k >> 8, k & 255);
        ck_assert_msg(holds(networks, text) == map[k], "%s", text);
    }
    networks_free(networks);
}
END_TEST

/* ---- refused ---- */

static const struct {
    const char *spec, *sentence; /* part of it */
} refused[] = {
    {"10.0.0.1/8", "expected \"10.0.0.0/8\", or \"10.0.0.1\" when"},
    {"192.0.2.129/25", "expected \"192.0.2.128/25\""},
    {"255.255.255.255/0", "expected \"0.0.0.0/0\""},
    {"2001:db8::1/32", "expected \"2001:db8::/32\", or \"2001:db8::1\""},
    {"::ffff:10.0.0.1/104", "expected \"::ffff:10.0.0.0/104\""},
    {"10.0.0.0/33", "a prefix of IPv4 has at most 32 bits"},
    {"10.0.0.0/999", "a prefix of IPv4 has at most 32 bits"},
    {"2001:db8::/129", "a prefix of IPv6 has at most 128 bits"},
    {"10.0.0.0/", "neither a range"},
    {"10.0.0.0/08", "neither a range"},
    {"10.0.0.0/-8", "neither a range"},
    {"10.0.0.0/+8", "neither a range"},
    {"10.0.0.0/8 ", "neither a range"},
    {"10.0.0.0/0008", "neither a range"},
    {"10.0.0.0/8/8", "neither a range"},
    {"10.0.0.0/255.0.0.0", "neither a range"},
    {"10.0.0.0-10.0.0.9", "neither a range"},
    {"10.0.0.1:80", "neither a range"},
    {"10.0.0.256", "neither a range"},
    {"/8", "neither a range"},
    {"./no-such-file", "cannot be opened"},
    {"[::1]", "unknown network \"[::1]\""},
    {"[::1]:443", "unknown network"},
    {"fe80::1%eth0", "unknown network"},
    {"", "unknown network \"\""},
    {"-", "unknown network \"-\""},
    {"cloudfare", "did you mean \"cloudflare\"?"},
    {"Private", "did you mean \"private\"?"},
    {"zzzzzzzzzzzzzzzzzz", "one of cloudflare, fastly, google-lb, imperva, loopback, private, "},
};

START_TEST(refusal_says_why)
{
    struct networks *networks = networks_of("192.0.2.0/24");
    struct error error = {0};
    ck_assert_msg(!networks_add(networks, refused[_i].spec, &error), "%s", refused[_i].spec);
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_msg(strstr(error.sentence, refused[_i].sentence), "%s: %s", refused[_i].spec,
                  error.sentence);
    ck_assert_uint_eq(networks_count(networks), 1);
    ck_assert(holds(networks, "192.0.2.0") && !holds(networks, "10.0.0.1"));
    networks_free(networks);
}
END_TEST

/* ---- names ---- */

static const struct {
    const char *name, *inside, *outside;
    size_t count; /* after joining */
} known[] = {
    {"private", "10.255.255.255", "11.0.0.0", 9},
    {"private", "172.31.255.255", "172.32.0.0", 9},
    {"private", "192.168.0.0", "192.169.0.0", 9},
    {"private", "100.64.0.0", "100.128.0.0", 9},
    {"private", "169.254.169.254", "169.255.0.0", 9},
    {"private", "127.0.0.1", "128.0.0.0", 9},
    {"private", "::1", "::2", 9},
    {"private", "fdff::1", "fe00::", 9},
    {"private", "fe80::1", "2001:db8::1", 9},
    {"loopback", "127.8.9.10", "10.0.0.1", 2},
    /* 104.16.0.0/13 and 104.24.0.0/14 touch. */
    {"cloudflare", "104.16.0.1", "104.28.0.0", 21},
    {"cloudflare", "2606:4700::1111", "2606:4701::", 21},
    {"cloudflare", "197.234.243.255", "1.1.1.1", 21},
    /* 21, of which three touch the one before: 103.245.224.0, 140.248.128.0 and 167.82.128.0. */
    {"fastly", "151.101.1.69", "151.102.0.0", 18},
    {"fastly", "2a04:4e42::1", "2a04:4e41::", 18},
    {"google-lb", "130.211.3.255", "130.211.4.0", 4},
    {"google-lb", "35.191.0.1", "35.190.255.255", 4},
    {"imperva", "45.60.0.1", "45.61.0.0", 12},
    {"sucuri", "192.88.135.1", "192.88.136.0", 5},
};

START_TEST(known_name_holds_its_ranges)
{
    struct networks *networks = networks_of(known[_i].name);
    ck_assert_uint_eq(networks_count(networks), known[_i].count);
    ck_assert(holds(networks, known[_i].inside));
    ck_assert(!holds(networks, known[_i].outside));
    networks_free(networks);
}
END_TEST

START_TEST(every_name_is_known)
{
    size_t count = 0;
    for (const char *const *name = networks_names(); *name; name++, count++) {
        ck_assert(networks_about(*name) && *networks_about(*name));
        networks_free(networks_of(*name));
    }
    ck_assert_uint_eq(count, 7);
    ck_assert(networks_about("cloudfare") == NULL);
}
END_TEST

/* ---- files ---- */

static void write_file(char path[64], const char *bytes, size_t size)
{
    strcpy(path, "/tmp/sojourn-networks-XXXXXX");
    FILE *file = fdopen(mkstemp(path), "wb");
    ck_assert(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

static const struct {
    const char *text;
    size_t count;
    const char *inside, *outside;
} files[] = {
    {"10.0.0.0/8\n", 1, "10.0.0.1", "11.0.0.1"},
    {"10.0.0.0/8", 1, "10.0.0.1", "11.0.0.1"},
    {"\xef\xbb\xbf"
     "10.0.0.0/8\r\n192.0.2.1\r\n",
     2, "192.0.2.1", "192.0.2.2"},
    {"# proxies\n10.0.0.0/8 # the inner ones\n\n\t192.0.2.1,192.0.2.3 , 2001:db8::/32#x\n#end", 4,
     "2001:db8::1", "192.0.2.2"},
    {"10.0.0.0/8,,,\n,192.0.2.1", 2, "192.0.2.1", "192.0.2.2"},
    /* As Google, Bing and OpenAI publish theirs. */
    {"{\n  \"creationTime\": \"2025-01-02T23:00:48.000000\",\n  \"prefixes\": [{\n"
     "    \"ipv6Prefix\": \"2001:4860:4801:10::/64\"\n  }, {\n"
     "    \"ipv4Prefix\": \"66.249.64.0/27\"\n  }]\n}\n",
     2, "66.249.64.31", "66.249.64.32"},
    /* As AWS does. */
    {"{\"syncToken\":\"1735860000\",\"createDate\":\"2025-01-02-23-20-00\",\"prefixes\":[{"
     "\"ip_prefix\":\"3.4.12.4/32\",\"region\":\"eu-west-1\",\"service\":\"AMAZON\","
     "\"network_border_group\":\"eu-west-1\"}],\"ipv6_prefixes\":[{"
     "\"ipv6_prefix\":\"2600:1ff2:4000::/40\",\"region\":\"us-west-2\"}]}",
     2, "2600:1ff2:4000::1", "3.4.12.5"},
    /* As Fastly does. */
    {"{\"addresses\":[\"23.235.32.0/20\",\"43.249.72.0/22\"],\"ipv6_addresses\":[]}", 2,
     "43.249.75.255", "43.249.76.0"},
    {" [\"10.0.0.0\\/8\", \"192.0.2.1\"]", 2, "10.1.1.1", "192.0.2.2"},
    {"[\"10.0.0.0/8\", \"192.0.2.\\u0031\", \"say \\\"192.0.2.2\\\"\", \"\\\\192.0.2.3\"]", 1,
     "10.1.1.1", "192.0.2.1"},
    {"{\"192.0.2.1\": {\"}\": [[\"{\", \"]\"]]}}", 1, "192.0.2.1", "192.0.2.2"},
};

START_TEST(file_is_read)
{
    char path[64];
    write_file(path, files[_i].text, strlen(files[_i].text));
    struct networks *networks = networks_of(path);
    ck_assert_uint_eq(networks_count(networks), files[_i].count);
    ck_assert(holds(networks, files[_i].inside) && !holds(networks, files[_i].outside));
    networks_free(networks);
    unlink(path);
}
END_TEST

#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t size, line;
    const char *sentence; /* part of it */
} broken[] = {
    {BYTES(""), 0, "no range of addresses in the file"},
    {BYTES(" \n\n"), 0, "no range of addresses in the file"},
    {BYTES("# nothing\n"), 0, "no range of addresses in the file"},
    {BYTES("{}"), 0, "no range of addresses in the file"},
    {BYTES("{\"a\": \"b\", \"c\": 10}"), 0, "no range of addresses in the file"},
    {BYTES("10.0.0.0/8\nten\n"), 2, "\"ten\" is no range of addresses"},
    {BYTES("10.0.0.0/8\n\n\n10.0.0.1/8"), 4, "expected \"10.0.0.0/8\""},
    {BYTES("10.0.0.0/8, 192.0.2.0/40"), 1, "at most 32 bits"},
    {BYTES("<!DOCTYPE html>\n"), 1, "\"<!DOCTYPE\" is no range"},
    {BYTES("10.0.0.0/8 \xff\xfe\n"), 1, "is no range"},
    {BYTES("192.0.2.1:80"), 1, "is no range"},
    {BYTES("10.0.0.0/8\n\0"), 2, "NUL byte"},
    {BYTES("\x1f\x8b\x08\0\0\0"), 1, "NUL byte"},
    {BYTES("[\n\"10.0.0.0/8\",\n\"10.0.0.1/8\"]"), 3, "expected \"10.0.0.0/8\""},
    {BYTES("[\n\"10.0.0.0/8\",\n"), 3, "ends before it is complete"},
    {BYTES("[\n\"10.0.0.0/8\",\n\"10."), 3, "ends before it is complete"},
    {BYTES("[\"10.0.0.0/8\\"), 1, "ends before it is complete"},
    {BYTES("[\"10.0.0.0/8\"]\n]"), 2, "']' closes what was never opened"},
};

START_TEST(broken_file_is_refused)
{
    char path[64];
    write_file(path, broken[_i].bytes, broken[_i].size);
    struct networks *networks = networks_of("192.0.2.0/24");
    struct error error = {0};
    ck_assert(!networks_add(networks, path, &error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.file, path);
    ck_assert_uint_eq(error.line, broken[_i].line);
    ck_assert_msg(strstr(error.sentence, broken[_i].sentence), "%s", error.sentence);
    ck_assert_uint_eq(networks_count(networks), 1);
    ck_assert(!holds(networks, "10.0.0.1"));
    networks_free(networks);
    unlink(path);
}
END_TEST

static void check_unreadable(const char *path, const char *sentence)
{
    struct networks *networks = networks_new();
    struct error error = {0};
    ck_assert(!networks_add(networks, path, &error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_msg(strstr(error.sentence, sentence), "%s", error.sentence);
    networks_free(networks);
}

START_TEST(huge_file_and_folder_are_refused)
{
    char path[64];
    write_file(path, "", 0);
    ck_assert(truncate(path, (64 << 20) + 1) == 0);
    check_unreadable(path, "larger than 64 MiB");
    ck_assert(truncate(path, 64 << 20) == 0);
    check_unreadable(path, "NUL byte");
    unlink(path);
    check_unreadable("/tmp", "cannot be read");
}
END_TEST

/* As long as the longest published lists: more than a piece of the file. */
START_TEST(long_file_is_read)
{
    enum { LINES = 20000 };
    char path[64], *text = mem_alloc(LINES * 24);
    size_t size = 0;
    for (int i = LINES - 1; i >= 0; i--)
        size += (size_t)sprintf(text + size, "10.%d.%d.0/25\n", i >> 8, i & 255);
    write_file(path, text, size);
    struct networks *networks = networks_of(path);
    ck_assert_uint_eq(networks_count(networks), LINES);
    ck_assert(holds(networks, "10.0.0.0") && holds(networks, "10.78.31.127"));
    ck_assert(!holds(networks, "10.0.0.128") && !holds(networks, "10.78.32.0"));
    networks_free(networks);
    mem_free(text);
    unlink(path);
}
END_TEST

/* ---- cutting ---- */

static const struct {
    const char *text;
    unsigned v4_prefix, v6_prefix;
    const char *cut;
} cuts[] = {
    {"192.0.2.129", 24, 48, "192.0.2.0"},
    {"192.0.2.129", 32, 0, "192.0.2.129"},
    {"192.0.2.129", 33, 0, "192.0.2.129"},
    {"192.0.2.129", 25, 0, "192.0.2.128"},
    {"192.0.2.129", 0, 128, "0.0.0.0"},
    {"::ffff:192.0.2.129", 16, 64, "192.0.0.0"},
    {"2001:db8:1:2:3:4:5:6", 24, 48, "2001:db8:1::"},
    {"2001:db8:1:2:3:4:5:6", 0, 64, "2001:db8:1:2::"},
    {"2001:db8:1:2:f003:4:5:6", 0, 65, "2001:db8:1:2:8000::"},
    {"2001:db8:1:2:3:4:5:6", 0, 128, "2001:db8:1:2:3:4:5:6"},
    {"2001:db8:1:2:3:4:5:6", 0, 999, "2001:db8:1:2:3:4:5:6"},
    {"2001:db8:1:2:3:4:5:6", 32, 0, "::"},
};

START_TEST(address_is_cut)
{
    struct address address, expected;
    ck_assert(address_parse(slice_of(cuts[_i].text), &address));
    ck_assert(address_parse(slice_of(cuts[_i].cut), &expected));
    struct address cut = address_cut(&address, cuts[_i].v4_prefix, cuts[_i].v6_prefix);
    ck_assert_mem_eq(cut.bytes, expected.bytes, sizeof cut.bytes);
    ck_assert_int_eq(cut.family, address.family);
}
END_TEST

START_TEST(name_is_not_cut)
{
    struct address name = {.family = ADDRESS_NAME};
    struct address cut = address_cut(&name, 24, 48);
    ck_assert_int_eq(cut.family, ADDRESS_NAME);
    ck_assert_mem_eq(cut.bytes, name.bytes, sizeof cut.bytes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("networks");
    TCase *tests = tcase_create("networks");
    tcase_add_loop_test(tests, range_holds_its_addresses, 0, (int)LENGTH(ranges));
    tcase_add_test(tests, all_of_ipv6_is_not_ipv4);
    tcase_add_loop_test(tests, ranges_are_joined, 0, (int)LENGTH(joined));
    tcase_add_test(tests, empty_set_holds_nothing);
    tcase_add_loop_test(tests, agrees_with_a_bit_map, 0, 10);
    tcase_add_loop_test(tests, refusal_says_why, 0, (int)LENGTH(refused));
    tcase_add_loop_test(tests, known_name_holds_its_ranges, 0, (int)LENGTH(known));
    tcase_add_test(tests, every_name_is_known);
    tcase_add_loop_test(tests, file_is_read, 0, (int)LENGTH(files));
    tcase_add_loop_test(tests, broken_file_is_refused, 0, (int)LENGTH(broken));
    tcase_add_test(tests, huge_file_and_folder_are_refused);
    tcase_add_test(tests, long_file_is_read);
    tcase_add_loop_test(tests, address_is_cut, 0, (int)LENGTH(cuts));
    tcase_add_test(tests, name_is_not_cut);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
