/*
 * Small members are what the tools bzip2 1.0.8, xz 5.4.1, zstd 1.5.4, pzstd and lz4 1.9.4 made of
 * `printf 'hello\n'` and of nothing; some are written out by hand after the format's description
 * (RFC 8878 for zstd, "The .xz File Format"). Large ones are made by libarchive's writer.
 */
#include "parser/archive.h"

#include "config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "source_fixture.h"

#ifdef HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static const struct compression {
    const char *name;
    struct slice hello, empty;
    int (*add_filter)(struct archive *archive);
} compressions[] = {
    {"bzip2",
     TEXT("\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\xc1\xc0\x80\xe2\x00\x00\x01\x41\x00\x00\x10\x02"
          "\x44\xa0\x00\x30\xcd\x00\xc3\x46\x29\x97\x17\x72\x45\x38\x50\x90\xc1\xc0\x80\xe2"),
     TEXT("\x42\x5a\x68\x39\x17\x72\x45\x38\x50\x90\x00\x00\x00\x00"),
     archive_write_add_filter_bzip2},
    {"xz",
     TEXT("\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f"
          "\xe5\xa3\x01\x00\x05\x68\x65\x6c\x6c\x6f\x0a\x00\x00\x00\xa5\x60\x97\xf1\x94\xf6\xfd\xe0"
          "\x00\x01\x1e\x06\xc1\x2f\xa4\x1d\x1f\xb6\xf3\x7d\x01\x00\x00\x00\x00\x04\x59\x5a"),
     TEXT("\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x00\x00\x00\x00\x1c\xdf\x44\x21\x1f\xb6"
          "\xf3\x7d\x01\x00\x00\x00\x00\x04\x59\x5a"),
     archive_write_add_filter_xz},
    {"zstd", TEXT("\x28\xb5\x2f\xfd\x04\x58\x31\x00\x00\x68\x65\x6c\x6c\x6f\x0a\x53\x88\xbd\x91"),
     TEXT("\x28\xb5\x2f\xfd\x24\x00\x01\x00\x00\x99\xe9\xd8\x51"), archive_write_add_filter_zstd},
    {"lz4",
     TEXT("\x04\x22\x4d\x18\x64\x40\xa7\x06\x00\x00\x80\x68\x65\x6c\x6c\x6f\x0a\x00\x00\x00\x00\xf9"
          "\x5b\x6b\x94"),
     TEXT("\x04\x22\x4d\x18\x64\x40\xa7\x00\x00\x00\x00\x05\x5d\xcc\x02"),
     archive_write_add_filter_lz4},
};
enum { COMPRESSIONS = sizeof compressions / sizeof compressions[0] };

/* Members one after the other: h hello, e empty, z 8 NUL bytes, g garbage, m a member's first 3. */
static void add_parts(struct bytes *file, const struct compression *compression, const char *parts)
{
    for (; *parts; parts++) {
        if (*parts == 'h')
            bytes_add(file, compression->hello.at, compression->hello.size);
        else if (*parts == 'e')
            bytes_add(file, compression->empty.at, compression->empty.size);
        else if (*parts == 'z')
            bytes_fill(file, '\0', 8);
        else if (*parts == 'g')
            bytes_add_text(file, "GARBAGE, and more than a header of it");
        else
            bytes_add(file, compression->hello.at, 3);
    }
}

struct result {
    enum source_status status;
    size_t hellos;
};

/* xz and zstd lose the piece of data in which they fail: here that is all there is. */
static const struct row {
    const char *parts;
    struct result results[COMPRESSIONS];
} rows[] = {
    {"h", {{SOURCE_COMPLETE, 1}, {SOURCE_COMPLETE, 1}, {SOURCE_COMPLETE, 1}, {SOURCE_COMPLETE, 1}}},
    {"e", {{SOURCE_COMPLETE, 0}, {SOURCE_COMPLETE, 0}, {SOURCE_COMPLETE, 0}, {SOURCE_COMPLETE, 0}}},
    {"hh",
     {{SOURCE_COMPLETE, 2}, {SOURCE_COMPLETE, 2}, {SOURCE_COMPLETE, 2}, {SOURCE_COMPLETE, 2}}},
    {"hehh",
     {{SOURCE_COMPLETE, 3}, {SOURCE_COMPLETE, 3}, {SOURCE_COMPLETE, 3}, {SOURCE_COMPLETE, 3}}},
    {"eehe",
     {{SOURCE_COMPLETE, 1}, {SOURCE_COMPLETE, 1}, {SOURCE_COMPLETE, 1}, {SOURCE_COMPLETE, 1}}},
    {"hz", {{SOURCE_COMPLETE, 1}, {SOURCE_COMPLETE, 1}, {SOURCE_CORRUPT, 0}, {SOURCE_COMPLETE, 1}}},
    {"hzhzz",
     {{SOURCE_COMPLETE, 2}, {SOURCE_COMPLETE, 2}, {SOURCE_CORRUPT, 0}, {SOURCE_COMPLETE, 2}}},
    {"hg",
     {{SOURCE_TRAILING_GARBAGE, 1},
      {SOURCE_CORRUPT, 0},
      {SOURCE_CORRUPT, 0},
      {SOURCE_TRAILING_GARBAGE, 1}}},
    {"hgh",
     {{SOURCE_TRAILING_GARBAGE, 1},
      {SOURCE_CORRUPT, 0},
      {SOURCE_CORRUPT, 0},
      {SOURCE_TRAILING_GARBAGE, 1}}},
    {"hm",
     {{SOURCE_TRUNCATED, 1}, {SOURCE_TRUNCATED, 0}, {SOURCE_TRUNCATED, 0}, {SOURCE_TRUNCATED, 1}}},
    {"hzm",
     {{SOURCE_TRUNCATED, 1}, {SOURCE_TRUNCATED, 0}, {SOURCE_CORRUPT, 0}, {SOURCE_TRUNCATED, 1}}},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(small_members)
{
    const struct row *row = &rows[_i / COMPRESSIONS];
    const struct compression *compression = &compressions[_i % COMPRESSIONS];
    const struct result *result = &row->results[_i % COMPRESSIONS];
    struct bytes file = {0}, content = {0};
    char name[32];
    add_parts(&file, compression, row->parts);
    for (size_t i = 0; i < result->hellos; i++)
        bytes_add_text(&content, "hello\n");
    snprintf(name, sizeof name, "%s.%s", row->parts, compression->name);
    check_every_way(name, bytes_slice(&file),
                    &(struct expectation){bytes_slice(&content), result->status});
    mem_free(file.at);
    mem_free(content.at);
}
END_TEST

START_TEST(the_compression_is_told)
{
    const struct compression *compression = &compressions[_i];
    struct folder folder;
    folder_make(&folder);
    struct source *source = open_well(folder_write(&folder, "named-as-plain", compression->hello));
    ck_assert_str_eq(source_compression(source), compression->name);
    ck_assert(source_can_reopen(source));
    struct outcome outcome = read_source(source, 100);
    mem_free(outcome.content.at);
    folder_remove(&folder);
}
END_TEST

/* A file cut at every offset is never taken for a whole one. */
START_TEST(a_cut_member_is_truncated)
{
    const struct compression *compression = &compressions[_i];
    struct folder folder;
    folder_make(&folder);
    for (size_t cut = 5; cut < compression->hello.size; cut++) {
        struct slice file = slice_head(compression->hello, cut);
        struct outcome outcome = read_source(open_well(folder_write(&folder, "cut", file)), 100);
        ck_assert_msg(outcome.status == SOURCE_TRUNCATED, "%zu bytes: %s", cut,
                      source_status_name(outcome.status));
        ck_assert_msg(strstr(outcome.problem, compression->name), "%s", outcome.problem);
        ck_assert(slice_starts_with(SLICE_LITERAL("hello\n"), bytes_slice(&outcome.content)));
        mem_free(outcome.content.at);
    }
    folder_remove(&folder);
}
END_TEST

/* All four have checksums: a flipped bit is found, or does no harm. */
START_TEST(a_flipped_bit_is_told)
{
    const struct compression *compression = &compressions[_i];
    size_t size = compression->hello.size, found = 0;
    struct folder folder;
    char file[128];
    folder_make(&folder);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        memcpy(file, compression->hello.at, size);
        file[bit / 8] ^= (char)(1 << bit % 8);
        struct slice bytes = {file, size};
        if (!archive_find_kind(bytes))
            continue;
        struct outcome outcome = read_source(open_well(folder_write(&folder, "bit", bytes)), 100);
        bool is_whole = slice_is(bytes_slice(&outcome.content), "hello\n");
        ck_assert_msg(outcome.status != SOURCE_COMPLETE || is_whole, "bit %zu", bit);
        found += outcome.status != SOURCE_COMPLETE;
        mem_free(outcome.content.at);
    }
    ck_assert_uint_gt(found, 4 * size);
    folder_remove(&folder);
}
END_TEST

/* Large ones. */

static void add_compressed(struct bytes *file, const struct compression *compression,
                           struct slice content)
{
    size_t room = content.size + 65536, used = 0;
    char *buffer = mem_alloc(room);
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    ck_assert(compression->add_filter(archive) == ARCHIVE_OK);
    ck_assert(archive_write_set_format_raw(archive) == ARCHIVE_OK);
    ck_assert(archive_write_set_bytes_per_block(archive, 0) == ARCHIVE_OK);
    ck_assert(archive_write_open_memory(archive, buffer, room, &used) == ARCHIVE_OK);
    ck_assert(archive_write_header(archive, entry) == ARCHIVE_OK);
    ck_assert(archive_write_data(archive, content.at, content.size) == (la_ssize_t)content.size);
    ck_assert(archive_write_close(archive) == ARCHIVE_OK);
    bytes_add(file, buffer, used);
    archive_entry_free(entry);
    archive_write_free(archive);
    mem_free(buffer);
}

enum { FIRST_LINES = 20000 };

/* Two members, the first one over a megabyte. */
static void make_large(struct bytes *file, struct bytes *content,
                       const struct compression *compression)
{
    add_lines(content, FIRST_LINES, 1);
    add_compressed(file, compression, bytes_slice(content));
    size_t before = content->size;
    add_lines(content, 2000, 2);
    add_compressed(file, compression, slice_from(bytes_slice(content), before));
}

START_TEST(large_members)
{
    struct bytes file = {0}, content = {0};
    make_large(&file, &content, &compressions[_i]);
    check_every_way("large", bytes_slice(&file),
                    &(struct expectation){bytes_slice(&content), SOURCE_COMPLETE});
    mem_free(file.at);
    mem_free(content.at);
}
END_TEST

/* The same however it is read. Returns what it gives. */
static struct bytes check_damaged(struct slice file, enum source_status status)
{
    struct folder folder;
    folder_make(&folder);
    struct outcome outcome = read_source(open_well(folder_write(&folder, "damaged", file)), 65536);
    check_every_way("damaged", file, &(struct expectation){bytes_slice(&outcome.content), status});
    folder_remove(&folder);
    return outcome.content;
}

/* The second member is cut: the first one is there, and a piece of up to 128 KiB may be missing. */
START_TEST(a_large_cut_file_is_truncated)
{
    struct bytes file = {0}, content = {0};
    make_large(&file, &content, &compressions[_i]);
    struct bytes first = {0};
    add_lines(&first, FIRST_LINES, 1);
    struct bytes got =
        check_damaged(slice_head(bytes_slice(&file), file.size - 1000), SOURCE_TRUNCATED);
    ck_assert(slice_starts_with(bytes_slice(&content), bytes_slice(&got)));
    ck_assert_uint_ge(got.size, first.size - 128 * 1024);
    mem_free(got.at);
    mem_free(first.at);
    mem_free(file.at);
    mem_free(content.at);
}
END_TEST

/* What is broken in bzip2 and lz4 looks right until the checksum behind it. */
START_TEST(a_large_broken_file_is_corrupt)
{
    struct bytes file = {0}, content = {0};
    make_large(&file, &content, &compressions[_i]);
    memset(file.at + file.size / 2, 0xff, 200);
    struct bytes got = check_damaged(bytes_slice(&file), SOURCE_CORRUPT);
    ck_assert_uint_le(got.size, content.size);
    if (compressions[_i].name[0] == 'x' || compressions[_i].name[0] == 'z')
        ck_assert(slice_starts_with(bytes_slice(&content), bytes_slice(&got)));
    mem_free(got.at);
    mem_free(file.at);
    mem_free(content.at);
}
END_TEST

/* Only bytes come out, whatever they look like: another compression, the same one, a tar file. */
static void check_kept(const struct compression *compression, struct slice content)
{
    struct bytes file = {0};
    add_compressed(&file, compression, content);
    check_every_way("nested", bytes_slice(&file), &(struct expectation){content, SOURCE_COMPLETE});
    mem_free(file.at);
}

static void add_tar(struct bytes *tar)
{
    size_t begin = tar->size;
    unsigned sum = 0;
    bytes_fill(tar, '\0', 512);
    char *header = tar->at + begin;
    memcpy(header, "access.log", 10);
    memcpy(header + 100, "0000644", 7);
    memcpy(header + 124, "00000000006", 11);
    memcpy(header + 148, "        0", 9); /* the sum is taken with blanks in its place */
    memcpy(header + 257,
           "ustar\0"
           "00",
           8);
    for (size_t i = 0; i < 512; i++)
        sum += (unsigned char)header[i];
    snprintf(header + 148, 8, "%06o", sum);
    bytes_add_text(tar, "hello\n");
    bytes_fill(tar, '\0', 506 + 1024);
}

START_TEST(nothing_is_unpacked_twice)
{
    const struct compression *compression = &compressions[_i];
    struct bytes tar = {0};
    for (size_t i = 0; i < COMPRESSIONS; i++)
        check_kept(compression, compressions[i].hello);
    check_kept(compression, SLICE_LITERAL("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9"
                                          "\xc9\xe7\x02\x00\x20\x30\x3a\x36\x06\x00\x00\x00"));
    add_tar(&tar);
    check_kept(compression, bytes_slice(&tar));
    mem_free(tar.at);
}
END_TEST

/* Hostile ones. */

/* A frame whose window is 2 GiB (RFC 8878, 3.1.1.1.2: exponent 21), then a raw block. */
START_TEST(a_huge_zstd_window_is_refused)
{
    struct folder folder;
    folder_make(&folder);
    const char *path = folder_write(&folder, "window",
                                    SLICE_LITERAL("\x28\xb5\x2f\xfd\x00\xa8\x31\x00\x00hello\n"));
    long before = largest_kib();
    struct outcome outcome = read_source(open_well(path), 65536);
    ck_assert_int_lt(largest_kib() - before, 16 * 1024);
    check_outcome(&outcome, &(struct expectation){{0}, SOURCE_CORRUPT}, "reads", 65536);
    folder_remove(&folder);
}
END_TEST

/* RLE blocks of 128 KiB, four bytes each (RFC 8878, 3.1.1.2). */
START_TEST(a_bomb_takes_no_memory)
{
    enum { BLOCKS = 512, SIZE = 128 * 1024 };
    struct bytes file = {0};
    static char buffer[65536];
    struct folder folder;
    bytes_add(&file, "\x28\xb5\x2f\xfd\x00\x38", 6);
    for (unsigned i = 1; i <= BLOCKS; i++) {
        unsigned block = (unsigned)SIZE << 3 | 1 << 1 | (i == BLOCKS);
        bytes_add(
            &file,
            (char[]){(char)(block & 0xff), (char)(block >> 8 & 0xff), (char)(block >> 16), 'x'}, 4);
    }
    folder_make(&folder);
    struct source *source = open_well(folder_write(&folder, "bomb", bytes_slice(&file)));
    uint64_t total = 0;
    long before = largest_kib();
    for (size_t got; (got = source_read(source, buffer, sizeof buffer));)
        total += got;
    ck_assert_uint_eq(total, (uint64_t)BLOCKS * SIZE);
    ck_assert_int_eq(source_status(source), SOURCE_COMPLETE);
    ck_assert_int_lt(largest_kib() - before, 4096);
    source_close(source);
    folder_remove(&folder);
    mem_free(file.at);
}
END_TEST

/* pzstd puts a skippable frame before each frame: it says how long that is. */
START_TEST(skippable_frames_are_passed)
{
    struct bytes file = {0};
    for (int i = 0; i < 2; i++)
        bytes_add(&file,
                  "\x50\x2a\x4d\x18\x04\x00\x00\x00\x13\x00\x00\x00\x28\xb5\x2f\xfd\x04\x58\x31\x00"
                  "\x00\x68\x65\x6c\x6c\x6f\x0a\x53\x88\xbd\x91",
                  31);
    check_every_way("pzstd", bytes_slice(&file),
                    &(struct expectation){SLICE_LITERAL("hello\nhello\n"), SOURCE_COMPLETE});
    mem_free(file.at);
}
END_TEST

static void add_tests(Suite *suite)
{
    TCase *members = tcase_create("members");
    tcase_set_timeout(members, 120);
    tcase_add_loop_test(members, small_members, 0, ROWS * COMPRESSIONS);
    tcase_add_loop_test(members, the_compression_is_told, 0, COMPRESSIONS);
    tcase_add_loop_test(members, a_cut_member_is_truncated, 0, COMPRESSIONS);
    tcase_add_loop_test(members, a_flipped_bit_is_told, 0, COMPRESSIONS);
    tcase_add_loop_test(members, large_members, 0, COMPRESSIONS);
    tcase_add_loop_test(members, a_large_cut_file_is_truncated, 0, COMPRESSIONS);
    tcase_add_loop_test(members, a_large_broken_file_is_corrupt, 0, COMPRESSIONS);
    tcase_add_loop_test(members, nothing_is_unpacked_twice, 0, COMPRESSIONS);
    tcase_add_test(members, skippable_frames_are_passed);
    suite_add_tcase(suite, members);
    TCase *hostile = tcase_create("hostile");
    tcase_add_test(hostile, a_huge_zstd_window_is_refused);
    tcase_add_test(hostile, a_bomb_takes_no_memory);
    suite_add_tcase(suite, hostile);
}

#else

/* Without libarchive such a file is no log; the sentence says what to do. */
static const struct refusal {
    const char *content, *words;
} refusals[] = {
    {"\x28\xb5\x2f\xfd....", "zstd -dc FILE | sojourn -"},
    {"\xfd\x37zXZ", "xz -dc FILE | sojourn -"},
    {"BZh91AY&SY", "bzip2 -dc FILE | sojourn -"},
    {"\x04\x22\x4d\x18....", "lz4 -dc FILE | sojourn -"},
};

START_TEST(refuses_what_it_cannot_read)
{
    const struct refusal *refusal = &refusals[_i];
    struct folder folder;
    struct error error = {0};
    folder_make(&folder);
    const char *path = folder_write(&folder, "x.log", slice_of(refusal->content));
    ck_assert_ptr_null(source_open(path, &error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.file, path);
    ck_assert_msg(strstr(error.sentence, refusal->words), "%s", error.sentence);
    ck_assert_msg(strstr(error.sentence, "--with-libarchive"), "%s", error.sentence);
    ck_assert_msg(strstr(error.sentence, "libarchive-dev"), "%s", error.sentence);
    folder_remove(&folder);
}
END_TEST

static void add_tests(Suite *suite)
{
    TCase *opening = tcase_create("opening");
    tcase_add_loop_test(opening, refuses_what_it_cannot_read, 0,
                        (int)(sizeof refusals / sizeof refusals[0]));
    suite_add_tcase(suite, opening);
}

#endif

static const struct first_bytes {
    const char *bytes, *name; /* NULL: no such compression */
} first_bytes[] = {
    {"", NULL},
    {"BZ", NULL},
    {"BZh", "bzip2"},
    {"\xfd\x37zX", NULL},
    {"\xfd\x37zXZ", "xz"},
    {"\x28\xb5\x2f\xfd", "zstd"},
    {"\x28\xb5\x2f\xfe", NULL},
    {"\x50\x2a\x4d\x18", "zstd"},
    {"\x04\x22\x4d\x18", "lz4"},
    {"\x1f\x8b\x08", NULL},
    {"PK\x03\x04", NULL},
    {"10.0.0.1 - - [", NULL},
};

START_TEST(kinds_are_told_by_the_first_bytes)
{
    const struct archive_kind *kind = archive_find_kind(slice_of(first_bytes[_i].bytes));
    ck_assert((kind != NULL) == (first_bytes[_i].name != NULL));
    if (kind)
        ck_assert_str_eq(kind->name, first_bytes[_i].name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("archive");
    TCase *kinds = tcase_create("kinds");
    tcase_add_loop_test(kinds, kinds_are_told_by_the_first_bytes, 0,
                        (int)(sizeof first_bytes / sizeof first_bytes[0]));
    suite_add_tcase(suite, kinds);
    add_tests(suite);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
