/*
 * Which files are keys. The keys themselves are from tests/oracle/siphash.py: SipHash-1-3 with 128
 * bits of what the file holds, under the key of zeros.
 */
#include "cli/visitor_key_file.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "input_fixture.h"

static struct folder folder;

static void set_up(void)
{
    folder_make(&folder);
}

static void tear_down(void)
{
    folder_remove(&folder);
}

static const char *write_key(const char *name, size_t size, mode_t mode)
{
    struct bytes bytes = {0};
    bytes_fill(&bytes, 'k', size);
    const char *path = folder_write(&folder, name, bytes_slice(&bytes));
    mem_free(bytes.at);
    ck_assert(chmod(path, mode) == 0);
    return path;
}

static void check_refused(const char *path, const char *why)
{
    struct hash_key key = {1, 2};
    struct error error = {0};
    ck_assert(!visitor_key_file_read(path, &key, &error));
    char *sentence = mem_format("--visitor-key %s: %s", path, why);
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.sentence, sentence);
    ck_assert(key.k0 == 1 && key.k1 == 2);
    mem_free(sentence);
}

static struct hash_key read_well(const char *path)
{
    struct hash_key key = {0};
    struct error error = {0};
    ck_assert_msg(visitor_key_file_read(path, &key, &error), "%s", error.sentence);
    return key;
}

static bool is_same(struct hash_key a, struct hash_key b)
{
    return a.k0 == b.k0 && a.k1 == b.k1;
}

START_TEST(a_key_is_the_hash_of_the_file)
{
    const char *path = folder_write(&folder, "a", SLICE_LITERAL("0123456789abcdef"));
    ck_assert(chmod(path, 0600) == 0);
    struct hash_key expected = {UINT64_C(0x09d1a343cab4f1c7), UINT64_C(0xd40add5dec336403)};
    ck_assert(is_same(read_well(path), expected));
    path = write_key("b", 4096, 0600);
    struct hash_key of_long = {UINT64_C(0xba84c21521389e50), UINT64_C(0x70c95fd21346e9a3)};
    ck_assert(is_same(read_well(path), of_long));
}
END_TEST

START_TEST(every_byte_counts)
{
    struct hash_key keys[4];
    static const struct slice texts[] = {
        {"0123456789abcdef", 16},
        {"0123456789abcdef\n", 17},
        {"0123456789abcde\0", 16},
        {"\0000123456789abcde", 16},
    };
    for (size_t i = 0; i < 4; i++) {
        const char *path = folder_write(&folder, "key", texts[i]);
        ck_assert(chmod(path, 0600) == 0);
        keys[i] = read_well(path);
        for (size_t k = 0; k < i; k++)
            ck_assert(!is_same(keys[i], keys[k]));
    }
}
END_TEST

START_TEST(sizes)
{
    static const struct {
        size_t size;
        bool is_fine;
    } rows[] = {
        {0, false},   {1, false},   {15, false},   {16, true},      {32, true},
        {4095, true}, {4096, true}, {4097, false}, {100000, false},
    };
    const char *path = write_key("key", rows[_i].size, 0600);
    if (rows[_i].is_fine)
        read_well(path);
    else
        check_refused(path, "a key has 16 to 4096 bytes; head -c 32 /dev/urandom makes a good one");
}
END_TEST

START_TEST(modes)
{
    static const struct {
        mode_t mode;
        bool is_fine;
    } rows[] = {
        {0600, true},  {0400, true},  {0700, true},  {0640, false}, {0604, false}, {0620, false},
        {0602, false}, {0610, false}, {0601, false}, {0644, false}, {0666, false}, {0777, false},
    };
    const char *path = write_key("key", 32, rows[_i].mode);
    if (rows[_i].is_fine)
        read_well(path);
    else
        check_refused(path,
                      "others can read it; a key must be its owner's alone: run chmod 600 on it");
}
END_TEST

/* Whatever else there can be; a pipe that nobody writes into does not hold the program up. */
START_TEST(what_is_no_file_is_no_key)
{
    const char *pipe = folder_path(&folder, "pipe"), *inner = folder_path(&folder, "inner");
    ck_assert(mkfifo(pipe, 0600) == 0);
    ck_assert(mkdir(inner, 0700) == 0);
    check_refused(pipe, "a key is a regular file");
    check_refused(inner, "a key is a regular file");
    check_refused("/dev/null", "a key is a regular file");
    check_refused(folder_path(&folder, "missing"), "No such file or directory");
    check_refused(folder_path(&folder, "missing/key"), "No such file or directory");
    check_refused("", "No such file or directory");
}
END_TEST

/* A link is followed: the mode that counts is that of the file. */
START_TEST(links)
{
    const char *file = write_key("file", 32, 0600), *open_file = write_key("open", 32, 0644);
    const char *link = folder_path(&folder, "link"), *bad = folder_path(&folder, "bad");
    const char *lost = folder_path(&folder, "lost"), *loop = folder_path(&folder, "loop");
    ck_assert(symlink(file, link) == 0 && symlink(open_file, bad) == 0);
    ck_assert(symlink("nowhere", lost) == 0 && symlink("loop", loop) == 0);
    ck_assert(is_same(read_well(link), read_well(file)));
    check_refused(bad, "others can read it; a key must be its owner's alone: run chmod 600 on it");
    check_refused(lost, "No such file or directory");
    check_refused(loop, "Too many levels of symbolic links");
}
END_TEST

int main(void)
{
    setenv("LC_ALL", "C", 1);
    Suite *suite = suite_create("visitor_key_file");
    TCase *tests = tcase_create("visitor_key_file");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_key_is_the_hash_of_the_file);
    tcase_add_test(tests, every_byte_counts);
    tcase_add_loop_test(tests, sizes, 0, 9);
    tcase_add_loop_test(tests, modes, 0, 12);
    tcase_add_test(tests, what_is_no_file_is_no_key);
    tcase_add_test(tests, links);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
