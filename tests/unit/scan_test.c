/* Every form of scan_byte against a loop, at every alignment. */
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

int main(void)
{
    Suite *suite = suite_create("scan");
    TCase *both = tcase_create("both");
    tcase_set_timeout(both, 60);
    tcase_add_loop_test(both, finds_the_first, 0, (int)sizeof bytes);
    tcase_add_loop_test(both, takes_no_neighbour, 0, (int)sizeof bytes);
    tcase_add_test(both, reads_no_further);
    suite_add_tcase(suite, both);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
