#include "base/sink.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

static char folder[] = "/tmp/sink_test.XXXXXX";

/* A fresh folder for each test, which is also the current one. */
static void enter_folder(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    umask(022);
    signal(SIGPIPE, SIG_IGN);
}

static size_t for_each_entry(void (*act)(const char *name))
{
    DIR *entries = opendir(folder);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        if (act)
            act(entry->d_name);
    }
    closedir(entries);
    return count;
}

static size_t entry_count(void)
{
    return for_each_entry(NULL);
}

static void remove_entry(const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    remove(path);
}

static void leave_folder(void)
{
    for_each_entry(remove_entry);
    ck_assert_int_eq(rmdir(folder), 0);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void expect_file(const char *path, const char *expected)
{
    char text[256] = "";
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    ck_assert_str_eq(text, expected);
}

static struct sink *open_file(const char *path)
{
    struct error error = {0};
    struct sink *sink = sink_open_file(path, &error);
    ck_assert_msg(sink != NULL, "%s", error.sentence);
    return sink;
}

START_TEST(memory_holds_what_was_written)
{
    struct sink *sink = sink_open_memory();
    ck_assert(slice_is(sink_contents(sink), ""));
    sink_text(sink, "a");
    sink_text(sink, "");
    sink_byte(sink, '\0');
    sink_slice(sink, SLICE_LITERAL("bc"));
    sink_slice(sink, (struct slice){NULL, 0});
    sink_format(sink, "%d|%s", 7, "x");
    ck_assert(slice_equal(sink_contents(sink), SLICE_LITERAL("a\0bc7|x")));
    struct error error = {0};
    ck_assert(sink_close(sink, &error));
}
END_TEST

START_TEST(counts_are_decimal)
{
    static const struct {
        uint64_t count;
        const char *text;
    } rows[] = {
        {0, "0"}, {9, "9"}, {10, "10"}, {1234567, "1234567"}, {UINT64_MAX, "18446744073709551615"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sink *sink = sink_open_memory();
        sink_count(sink, rows[i].count);
        ck_assert_msg(slice_is(sink_contents(sink), rows[i].text), "%s", rows[i].text);
        sink_abandon(sink);
    }
}
END_TEST

/* Around the size of the buffer that formatting uses first. */
START_TEST(long_formats_are_whole)
{
    for (int width = 509; width <= 514; width++) {
        struct sink *sink = sink_open_memory();
        sink_format(sink, "%*d", width, 5);
        struct slice text = sink_contents(sink);
        ck_assert_uint_eq(text.size, (size_t)width);
        ck_assert_int_eq(text.at[width - 1], '5');
        sink_abandon(sink);
    }
}
END_TEST

START_TEST(a_file_appears_at_close)
{
    struct sink *sink = open_file("report.txt");
    sink_text(sink, "hello\n");
    ck_assert_int_ne(access("report.txt", F_OK), 0);
    struct error error = {0};
    ck_assert(sink_close(sink, &error));
    expect_file("report.txt", "hello\n");
    ck_assert_uint_eq(entry_count(), 1);
}
END_TEST

START_TEST(an_absolute_path_is_fine)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/report.txt", folder);
    struct error error = {0};
    ck_assert(sink_close(open_file(path), &error));
    expect_file("report.txt", "");
}
END_TEST

START_TEST(finished_files_wait_to_be_published)
{
    write_file("a", "old");
    struct sink *a = open_file("a"), *b = open_file("b");
    sink_text(a, "new a");
    sink_text(b, "new b");
    struct error error = {0};
    ck_assert(sink_finish(a, &error) && sink_finish(b, &error));
    expect_file("a", "old");
    ck_assert_int_ne(access("b", F_OK), 0);
    ck_assert(sink_publish(a, &error) && sink_publish(b, &error));
    expect_file("a", "new a");
    expect_file("b", "new b");
    ck_assert_uint_eq(entry_count(), 2);
}
END_TEST

START_TEST(an_abandoned_file_changes_nothing)
{
    write_file("a", "old");
    struct sink *half = open_file("a"), *finished = open_file("a");
    sink_text(half, "half");
    sink_text(finished, "all");
    struct error error = {0};
    ck_assert(sink_finish(finished, &error));
    ck_assert_uint_eq(entry_count(), 3);
    sink_abandon(half);
    sink_abandon(finished);
    sink_abandon(NULL);
    ck_assert_uint_eq(entry_count(), 1);
    expect_file("a", "old");
}
END_TEST

START_TEST(a_link_is_replaced_not_followed)
{
    write_file("precious", "precious");
    ck_assert_int_eq(symlink("precious", "report.txt"), 0);
    ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
    static const char *const targets[] = {"report.txt", "dangling"};
    for (size_t i = 0; i < 2; i++) {
        struct sink *sink = open_file(targets[i]);
        sink_text(sink, "report");
        struct error error = {0};
        ck_assert(sink_close(sink, &error));
        struct stat status;
        ck_assert_int_eq(lstat(targets[i], &status), 0);
        ck_assert(S_ISREG(status.st_mode));
        expect_file(targets[i], "report");
    }
    expect_file("precious", "precious");
    ck_assert_int_ne(access("nowhere", F_OK), 0);
}
END_TEST

START_TEST(the_mode_respects_the_umask)
{
    static const struct {
        mode_t mask, mode;
    } rows[] = {{022, 0644}, {077, 0600}, {0, 0644}, {027, 0640}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        umask(rows[i].mask);
        struct error error = {0};
        ck_assert(sink_close(open_file("report.txt"), &error));
        struct stat status;
        ck_assert_int_eq(stat("report.txt", &status), 0);
        ck_assert_msg((status.st_mode & 07777) == rows[i].mode, "umask %o: mode %o", rows[i].mask,
                      status.st_mode & 07777);
    }
    umask(022);
}
END_TEST

START_TEST(huge_output_arrives_whole)
{
    enum { LINES = 300000, BLOCK = 200000 };
    struct sink *sink = open_file("huge");
    char *block = mem_alloc(BLOCK);
    memset(block, 'x', BLOCK);
    for (uint64_t i = 0; i < LINES; i++) {
        sink_count(sink, i);
        sink_byte(sink, '\n');
        if (i == LINES / 2)
            sink_slice(sink, (struct slice){block, BLOCK}); /* larger than the buffer */
    }
    mem_free(block);
    struct error error = {0};
    ck_assert(sink_close(sink, &error));
    FILE *file = fopen("huge", "r");
    size_t wrong = 0;
    for (unsigned long i = 0, number; i < LINES; i++) {
        for (int filled = 0; i == LINES / 2 + 1 && filled < BLOCK; filled++)
            wrong += getc(file) != 'x';
        wrong += fscanf(file, "%lu", &number) != 1 || number != i || getc(file) != '\n';
    }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_int_eq(getc(file), EOF);
    fclose(file);
}
END_TEST

/* The sentence names what could not be written; nothing is left behind. */
static void expect_refusal(const char *path, const char *words)
{
    size_t before = entry_count();
    struct error error = {0};
    ck_assert_msg(sink_open_file(path, &error) == NULL, "%s was opened", path);
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_msg(strstr(error.sentence, path) != NULL, "%s", error.sentence);
    ck_assert_msg(strstr(error.sentence, words) != NULL, "%s", error.sentence);
    ck_assert_uint_eq(entry_count(), before);
}

START_TEST(impossible_targets_fail_at_once)
{
    ck_assert_int_eq(mkdir("folder", 0777), 0);
    ck_assert_int_eq(mkfifo("pipe", 0666), 0);
    ck_assert_int_eq(symlink("/dev/null", "null"), 0);
    write_file("file", "");
    expect_refusal("missing/report.txt", "create it");
    expect_refusal("file/report.txt", "Not a directory");
    expect_refusal("folder", "a folder of that name");
    expect_refusal("folder/", "add the name of a file");
    expect_refusal("pipe", "not a regular file");
    expect_refusal("null", "not a regular file");
}
END_TEST

/* Root may write everywhere, so the test gives its rights up; each test has its own process. */
START_TEST(a_folder_without_permission_fails_at_once)
{
    ck_assert_int_eq(chmod(folder, 0755), 0);
    ck_assert_int_eq(mkdir("closed", 0555), 0);
    if (geteuid() == 0)
        ck_assert_int_eq(seteuid(65534), 0);
    expect_refusal("closed/report.txt", "allow writing");
    if (getuid() == 0)
        ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

static void expect_failure(struct sink *sink, const char *name, const char *words)
{
    struct error error = {0};
    ck_assert(!sink_close(sink, &error));
    ck_assert_int_eq(error.code, ERROR_FATAL);
    ck_assert_msg(strstr(error.sentence, name) != NULL, "%s", error.sentence);
    ck_assert_msg(strstr(error.sentence, words) != NULL, "%s", error.sentence);
}

START_TEST(a_full_disk_is_told_at_close)
{
    int full = open("/dev/full", O_WRONLY);
    struct sink *sink = sink_open_descriptor(full, "standard output");
    sink_text(sink, "hello\n");
    expect_failure(sink, "standard output", "free some space");
    ck_assert_msg(fcntl(full, F_GETFD) >= 0, "the descriptor is the caller's");
    close(full);
}
END_TEST

START_TEST(a_closed_pipe_is_a_sticky_error)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    close(ends[0]);
    struct sink *sink = sink_open_descriptor(ends[1], "standard output");
    for (int i = 0; i < 100000; i++)
        sink_text(sink, "hello\n");
    /* From the first failure on nothing is written any more, though it would work again. */
    int file = open("other", O_RDWR | O_CREAT, 0600);
    ck_assert_int_ge(dup2(file, ends[1]), 0);
    for (int i = 0; i < 100000; i++)
        sink_text(sink, "hello\n");
    ck_assert_int_eq(lseek(file, 0, SEEK_END), 0);
    expect_failure(sink, "standard output", "reads it has ended");
    close(file);
    close(ends[1]);
}
END_TEST

/* A limit of the file size stands in for a disk that fills up: the old report stays. */
START_TEST(a_failed_file_leaves_the_old_one)
{
    signal(SIGXFSZ, SIG_IGN);
    write_file("report.txt", "old");
    struct sink *sink = open_file("report.txt"), *finished = open_file("report.txt");
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    rlim_t unlimited = limit.rlim_cur;
    limit.rlim_cur = 100000;
    setrlimit(RLIMIT_FSIZE, &limit);
    for (int i = 0; i < 100000; i++) {
        sink_text(sink, "hello\n");
        sink_text(finished, "hello\n");
    }
    expect_failure(sink, "report.txt", "limit");
    struct error told = {0}, again = {0};
    ck_assert(!sink_finish(finished, &told));
    ck_assert(!sink_publish(finished, &again));
    ck_assert_str_eq(told.sentence, again.sentence);
    limit.rlim_cur = unlimited;
    setrlimit(RLIMIT_FSIZE, &limit);
    expect_file("report.txt", "old");
    ck_assert_uint_eq(entry_count(), 1);
}
END_TEST

START_TEST(an_earlier_error_stays)
{
    struct error error = {0};
    error_set(&error, ERROR_USAGE, "first");
    struct sink *sink = sink_open_descriptor(-1, "standard output");
    sink_text(sink, "x");
    ck_assert(!sink_close(sink, &error));
    ck_assert_str_eq(error.sentence, "first");
}
END_TEST

static void *read_slowly(void *argument)
{
    size_t *total = argument;
    int descriptor = (int)*total;
    char bytes[3000];
    ssize_t got;
    *total = 0;
    while ((got = read(descriptor, bytes, sizeof bytes)) > 0) {
        *total += (size_t)got;
        usleep(50);
    }
    return NULL;
}

static void ignore_signal(int number)
{
    (void)number;
}

/* A pipe that takes a little at a time, a descriptor that does not block, signals all the while. */
START_TEST(short_and_interrupted_writes_are_continued)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    if (_i == 1)
        fcntl(ends[1], F_SETFL, O_NONBLOCK);
    struct sigaction action = {.sa_handler = ignore_signal};
    sigaction(SIGALRM, &action, NULL);
    size_t total = (size_t)ends[0];
    sigset_t alarms;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarms, NULL); /* inherited: signals are for the writer only */
    pthread_t reader;
    ck_assert_int_eq(pthread_create(&reader, NULL, read_slowly, &total), 0);
    pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
    ualarm(500, 500);
    struct sink *sink = sink_open_descriptor(ends[1], "standard output");
    for (int i = 0; i < 200000; i++)
        sink_text(sink, "hello\n");
    struct error error = {0};
    ck_assert_msg(sink_close(sink, &error), "%s", error.sentence);
    close(ends[1]);
    pthread_join(reader, NULL);
    ualarm(0, 0);
    ck_assert_uint_eq(total, 200000 * 6);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sink");
    TCase *tests = tcase_create("sink");
    tcase_add_checked_fixture(tests, enter_folder, leave_folder);
    tcase_add_test(tests, memory_holds_what_was_written);
    tcase_add_test(tests, counts_are_decimal);
    tcase_add_test(tests, long_formats_are_whole);
    tcase_add_test(tests, a_file_appears_at_close);
    tcase_add_test(tests, an_absolute_path_is_fine);
    tcase_add_test(tests, finished_files_wait_to_be_published);
    tcase_add_test(tests, an_abandoned_file_changes_nothing);
    tcase_add_test(tests, a_link_is_replaced_not_followed);
    tcase_add_test(tests, the_mode_respects_the_umask);
    tcase_add_test(tests, huge_output_arrives_whole);
    tcase_add_test(tests, impossible_targets_fail_at_once);
    tcase_add_test(tests, a_folder_without_permission_fails_at_once);
    tcase_add_test(tests, a_full_disk_is_told_at_close);
    tcase_add_test(tests, a_closed_pipe_is_a_sticky_error);
    tcase_add_test(tests, a_failed_file_leaves_the_old_one);
    tcase_add_test(tests, an_earlier_error_stays);
    tcase_add_loop_test(tests, short_and_interrupted_writes_are_continued, 0, 2);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
