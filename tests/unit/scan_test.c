/* Every form of scan_byte and scan_line against a loop, at every alignment. */
#include "base/scan.h"

#include <check.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ALIGNMENTS = 17, SIZES = 50 };

/* Memory that ends at a page which cannot be read. */
static char *guarded_end(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(pages != MAP_FAILED);
    ck_assert(mprotect(pages + page, page, PROT_NONE) == 0);
    return pages + page;
}

static const char *find_slowly(const char *at, const char *end, char byte)
{
    while (at < end && *at != byte)
        at++;
    return at;
}

static void check_both(const char *at, size_t size, char byte)
{
    const char *end = at + size, *expected = find_slowly(at, end, byte);
    if (scan_byte(at, end, byte) != expected)
        ck_abort_msg("size %zu, byte %d at %td: %td", size, byte, expected - at,
                     scan_byte(at, end, byte) - at);
#ifdef SCAN_HAS_AVX2
    if (__builtin_cpu_supports("avx2") && scan_byte_avx2(at, end, byte) != expected)
        ck_abort_msg("AVX2: size %zu, byte %d at %td", size, byte, expected - at);
#endif
    if (scan_byte_portable(at, end, byte) != expected)
        ck_abort_msg("portable: size %zu, byte %d", size, byte);
}

static const char bytes[] = {' ', '"', '\0', '\n', '\x7f', '\x80', '\xff'};

/* One such byte at every place in the text and right behind it, and then a second one. */
START_TEST(finds_the_first)
{
    char byte = bytes[_i];
    char *end = guarded_end();
    for (size_t start = 0; start < ALIGNMENTS; start++) {
        for (size_t size = 0; size < SIZES; size++) {
            char *at = end - SCAN_SLACK - ALIGNMENTS - SIZES + start;
            memset(at, 'x', size + SCAN_SLACK);
            check_both(at, size, byte);
            for (size_t place = 0; place < size + SCAN_SLACK; place += place < size ? 1 : 5) {
                at[place] = byte;
                check_both(at, size, byte);
                at[size / 2] = byte;
                check_both(at, size, byte);
                at[size / 2] = at[place] = 'x';
            }
        }
    }
}
END_TEST

/* Bytes that differ in one bit from the wanted one. */
START_TEST(takes_no_neighbour)
{
    char byte = bytes[_i];
    char *end = guarded_end();
    char *at = end - SCAN_SLACK - SIZES;
    for (size_t i = 0; i < SIZES + SCAN_SLACK; i++)
        at[i] = (char)(byte ^ 1 << i % 8);
    for (size_t size = 0; size <= SIZES; size++)
        check_both(at, size, byte);
}
END_TEST

/* The slack is all that is read behind the end; the twin reads nothing there. */
START_TEST(reads_no_further)
{
    char *end = guarded_end();
    memset(end - 4096, 'x', 4096);
    for (size_t size = 0; size < 100; size++) {
        const char *text_end = end - SCAN_SLACK;
        ck_assert_ptr_eq(scan_byte(text_end - size, text_end, ' '), text_end);
        ck_assert_ptr_eq(scan_byte_portable(end - size, end, ' '), end);
#ifdef SCAN_HAS_AVX2
        if (__builtin_cpu_supports("avx2"))
            ck_assert_ptr_eq(scan_byte_avx2(text_end - size, text_end, ' '), text_end);
#endif
    }
}
END_TEST

/* Lines. */

static struct scanned_line scan_line_slowly(const char *at, const char *end)
{
    struct scanned_line line = {at, false, false};
    for (; line.end < end && *line.end != '\n'; line.end++) {
        line.has_backslash |= *line.end == '\\';
        line.has_nul |= *line.end == '\0';
    }
    return line;
}

static void check_line(const char *way, const char *at, size_t size, struct scanned_line got)
{
    struct scanned_line expected = scan_line_slowly(at, at + size);
    if (got.end != expected.end || got.has_backslash != expected.has_backslash ||
        got.has_nul != expected.has_nul)
        ck_abort_msg("%s: size %zu: ends at %td, backslash %d, NUL %d instead of %td, %d, %d", way,
                     size, got.end - at, got.has_backslash, got.has_nul, expected.end - at,
                     expected.has_backslash, expected.has_nul);
}

static void check_line_forms(const char *at, size_t size)
{
    const char *end = at + size;
    check_line("scan_line", at, size, scan_line(at, end));
    check_line("portable", at, size, scan_line_portable(at, end));
#ifdef SCAN_HAS_AVX2
    check_line("SSE2", at, size, scan_line_sse2(at, end));
    if (__builtin_cpu_supports("avx2"))
        check_line("AVX2", at, size, scan_line_avx2(at, end));
#endif
}

enum { LINE_SIZES = 200, LINE_ALIGNMENTS = 65, LINE_BYTES = LINE_SIZES + SCAN_SLACK };

/* What lines are filled with: a letter, neighbours of the special bytes, and one of them. */
static const char *const fillings[] = {"x", "\x0b\x1a\x5d\x1c\x8a\xdc", "\\", "\x01\x10\x80\xff"};
static const char specials[] = {'\n', '\\', '\0'};
enum { FILLINGS = sizeof fillings / sizeof fillings[0] };

static void fill_line(char *at, size_t size, const char *filling)
{
    size_t period = strlen(filling);
    for (size_t i = 0; i < size; i++)
        at[i] = filling[i % period];
}

/* Each special byte alone, at every place in the line and in the slack behind it. */
START_TEST(a_line_with_one_special_byte)
{
    const char *filling = fillings[_i];
    char *end = guarded_end();
    for (size_t size = 0; size <= LINE_SIZES; size++) {
        char *at = end - LINE_BYTES - LINE_ALIGNMENTS + size % LINE_ALIGNMENTS;
        fill_line(at, size + SCAN_SLACK, filling);
        check_line_forms(at, size);
        for (size_t place = 0; place < size + SCAN_SLACK; place++) {
            char before = at[place];
            for (size_t i = 0; i < sizeof specials; i++) {
                at[place] = specials[i];
                check_line_forms(at, size);
            }
            at[place] = before;
        }
    }
}
END_TEST

/* Bytes that are special more often than not, at every alignment and size. */
START_TEST(a_line_with_many_special_bytes)
{
    static const unsigned rarities[] = {2, 7, 40, 150};
    char *end = guarded_end();
    uint32_t state = (uint32_t)_i + 1;
    for (size_t start = 0; start < LINE_ALIGNMENTS; start++) {
        for (size_t size = 0; size <= LINE_SIZES; size++) {
            char *at = end - LINE_BYTES - LINE_ALIGNMENTS + start;
            for (size_t i = 0; i < size + SCAN_SLACK; i++) {
                state = state * 1664525 + 1013904223;
                bool is_special = (state >> 8) % rarities[_i] == 0;
                at[i] = is_special ? specials[(state >> 24) % 3] : (char)(state >> 16);
            }
            check_line_forms(at, size);
        }
    }
}
END_TEST

/* The vector forms read the slack and nothing behind it; the twin reads nothing there. */
START_TEST(a_line_is_read_no_further)
{
    char *end = guarded_end();
    memset(end - 4096, 'x', 4096);
    for (size_t size = 0; size <= LINE_SIZES; size++) {
        check_line_forms(end - SCAN_SLACK - size, size);
        ck_assert_ptr_eq(scan_line_portable(end - size, end).end, end);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scan");
    TCase *both = tcase_create("bytes");
    tcase_set_timeout(both, 60);
    tcase_add_loop_test(both, finds_the_first, 0, (int)sizeof bytes);
    tcase_add_loop_test(both, takes_no_neighbour, 0, (int)sizeof bytes);
    tcase_add_test(both, reads_no_further);
    suite_add_tcase(suite, both);
    TCase *lines = tcase_create("lines");
    tcase_set_timeout(lines, 60);
    tcase_add_loop_test(lines, a_line_with_one_special_byte, 0, FILLINGS);
    tcase_add_loop_test(lines, a_line_with_many_special_bytes, 0, 4);
    tcase_add_test(lines, a_line_is_read_no_further);
    suite_add_tcase(suite, lines);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
