/* Arguments become logs: which, in what order, and what is said about the others. */
#include "parser/inputs.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "input_fixture.h"

#define LINE(day)                                                                                  \
    "192.0.2.1 - - [" day "/Sep/2023:18:22:16 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"x\"\n"
#define DAY_MS(day) (INT64_C(1694888536000) + ((day)-16) * INT64_C(86400000))

static const char *write_log(const struct folder *folder, const char *name, const char *text)
{
    return folder_write(folder, name, slice_of(text));
}

/* The names of the inputs without the folder, each with a blank behind. */
static const char *names_of(const struct input_list *list, const struct folder *folder)
{
    static char names[4096];
    char *end = names;
    names[0] = '\0';
    for (size_t i = 0; i < list->count; i++) {
        const char *path = list->items[i].path;
        if (strncmp(path, folder->path, strlen(folder->path)) == 0)
            path += strlen(folder->path) + 1;
        end += sprintf(end, "%s ", path);
    }
    return names;
}

struct opening {
    struct input_list list;
    struct error error;
    bool is_fine;
};

static void open_with(struct opening *opening, const struct input_options *options, size_t count,
                      const char *const *arguments)
{
    *opening = (struct opening){0};
    opening->is_fine = inputs_open(&opening->list, arguments, count, options, &opening->error);
    ck_assert(opening->is_fine == (opening->error.code == ERROR_NONE));
    ck_assert(opening->is_fine || opening->error.code == ERROR_USAGE);
}

#define OPEN(opening, ...)                                                                         \
    open_with(opening, &(struct input_options){0},                                                 \
              sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *),                              \
              (const char *[]){__VA_ARGS__})

static void check_note(const struct input_list *list, const char *name, const char *words)
{
    for (size_t i = 0; i < list->note_count; i++) {
        if (strstr(list->notes[i], name) && strstr(list->notes[i], words))
            return;
    }
    ck_abort_msg("no note about %s", name);
}

START_TEST(the_order_is_that_of_the_first_times)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    const char *c = write_log(&folder, "c.log", LINE("16") LINE("10"));
    const char *b = write_log(&folder, "b.log", "rubbish\n" LINE("17"));
    const char *a = write_log(&folder, "a.log", LINE("18"));
    const char *e = write_log(&folder, "e.log", LINE("16"));
    const char *d = write_log(&folder, "d.log", "\n\n");
    OPEN(&opening, a, b, c, d, e);
    ck_assert_str_eq(names_of(&opening.list, &folder), "d.log c.log e.log b.log a.log ");
    ck_assert(opening.list.items[0].detection.format == NULL);
    ck_assert_int_eq(opening.list.items[0].detection.first_ms, CIVIL_NO_TIME);
    ck_assert_int_eq(opening.list.items[1].detection.first_ms, DAY_MS(16));
    ck_assert_int_eq(opening.list.items[3].detection.first_ms, DAY_MS(17));
    ck_assert_uint_eq(opening.list.note_count, 0);
    inputs_free(&opening.list);
    OPEN(&opening, e, d, c, b, a);
    ck_assert_str_eq(names_of(&opening.list, &folder), "d.log c.log e.log b.log a.log ");
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

START_TEST(facts_of_a_file)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    const char *path = write_log(&folder, "a.log", LINE("16"));
    OPEN(&opening, path);
    ck_assert_uint_eq(opening.list.count, 1);
    const struct input *input = &opening.list.items[0];
    ck_assert_str_eq(input->path, path);
    ck_assert_ptr_ne(input->path, path);
    ck_assert_str_eq(input->compression, "none");
    ck_assert_uint_eq(input->size_bytes, strlen(LINE("16")));
    ck_assert_str_eq(input->detection.format->name, "combined");
    ck_assert(!input->source && !input->reader && !input->first_block);
    inputs_free(&opening.list);
    ck_assert_uint_eq(opening.list.count, 0);
    inputs_free(&opening.list); /* once more is fine */
    folder_remove(&folder);
}
END_TEST

/* In a folder: access logs by name; what has another format is left out with a note. */
START_TEST(a_folder_gives_its_access_logs)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    write_log(&folder, "access.log", LINE("18"));
    write_log(&folder, "access.log.1", LINE("17"));
    write_log(&folder, "shop-access_log-20230916", LINE("16"));
    write_log(&folder, "other.log", "Sep 16 18:22:16 host cron[1]: rubbish\n");
    write_log(&folder, "error.log", LINE("15"));
    write_log(&folder, ".access.log.swp", LINE("15"));
    write_log(&folder, "notes.txt", LINE("15"));
    write_log(&folder, "empty.log", "");
    ck_assert(mkdir(folder_path(&folder, "old.log"), 0700) == 0);
    OPEN(&opening, folder.path);
    ck_assert_msg(opening.is_fine, "%s", opening.error.sentence);
    ck_assert_str_eq(names_of(&opening.list, &folder),
                     "empty.log shop-access_log-20230916 access.log.1 access.log ");
    ck_assert_uint_eq(opening.list.note_count, 1);
    check_note(&opening.list, "other.log", "left out");
    inputs_free(&opening.list);
    /* With a slash behind, the paths are the same. */
    char slashed[300];
    snprintf(slashed, sizeof slashed, "%s/", folder.path);
    OPEN(&opening, slashed, folder.path);
    ck_assert_uint_eq(opening.list.count, 4);
    check_note(&opening.list, "/access.log.1", "the same file again");
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

START_TEST(a_folder_without_logs_is_an_error)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    OPEN(&opening, folder.path);
    ck_assert(!opening.is_fine);
    ck_assert_str_eq(opening.error.file, folder.path);
    inputs_free(&opening.list);
    write_log(&folder, "other.log", "rubbish\n");
    OPEN(&opening, folder.path);
    ck_assert(!opening.is_fine);
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

START_TEST(a_named_file_of_no_format_is_an_error)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    const char *good = write_log(&folder, "good.log", LINE("16"));
    const char *bad = write_log(&folder, "bad.log", "what \x1b[31mis\x07 this\nand this\n");
    OPEN(&opening, good, bad);
    ck_assert(!opening.is_fine);
    ck_assert_str_eq(opening.error.file, bad);
    ck_assert_msg(strstr(opening.error.sentence, "what \\x1B[31mis\\x07 this"), "%s",
                  opening.error.sentence);
    inputs_free(&opening.list);
    /* And so is one that does not have the format which was given. */
    struct input_options options = {.format = format_find("vhost_combined")};
    open_with(&opening, &options, 1, &good);
    ck_assert(!opening.is_fine);
    ck_assert_msg(strstr(opening.error.sentence, "vhost_combined"), "%s", opening.error.sentence);
    inputs_free(&opening.list);
    options.format = format_find("common");
    open_with(&opening, &options, 1, &good);
    ck_assert_str_eq(opening.list.items[0].detection.format->name, "common");
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

START_TEST(the_zone_is_that_of_the_options)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    const char *path = write_log(&folder, "a.log",
                                 "192.0.2.1 - - [16/Sep/2023:18:22:16] \"GET / HTTP/1.1\" 200 1\n");
    open_with(&opening, &(struct input_options){.zone_s = -3600}, 1, &path);
    ck_assert_int_eq(opening.list.items[0].detection.first_ms, DAY_MS(16) + 3600000);
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

START_TEST(patterns_are_expanded)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    write_log(&folder, "a1.log", LINE("17"));
    write_log(&folder, "a2.log", LINE("16"));
    write_log(&folder, "b1.log", LINE("15"));
    write_log(&folder, "b[1].log", LINE("14"));
    OPEN(&opening, folder_path(&folder, "a?.log"));
    ck_assert_str_eq(names_of(&opening.list, &folder), "a2.log a1.log ");
    inputs_free(&opening.list);
    OPEN(&opening, folder_path(&folder, "*1.log"));
    ck_assert_str_eq(names_of(&opening.list, &folder), "b1.log a1.log ");
    inputs_free(&opening.list);
    /* A file that has such a name is no pattern. */
    OPEN(&opening, folder_path(&folder, "b[1].log"));
    ck_assert_str_eq(names_of(&opening.list, &folder), "b[1].log ");
    inputs_free(&opening.list);
    OPEN(&opening, folder_path(&folder, "b[12].log"));
    ck_assert_str_eq(names_of(&opening.list, &folder), "b1.log ");
    inputs_free(&opening.list);
    OPEN(&opening, folder_path(&folder, "c*.log"));
    ck_assert(!opening.is_fine);
    inputs_free(&opening.list);
    /* Named, found by a pattern, and found in the folder: read once. */
    OPEN(&opening, folder_path(&folder, "a*.log"), folder_path(&folder, "a1.log"), folder.path);
    ck_assert_str_eq(names_of(&opening.list, &folder), "b[1].log b1.log a2.log a1.log ");
    ck_assert_uint_eq(opening.list.note_count, 3);
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

START_TEST(what_cannot_be_read_is_an_error)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    const char *good = write_log(&folder, "good.log", LINE("16"));
    OPEN(&opening, good, folder_path(&folder, "missing.log"));
    ck_assert(!opening.is_fine);
    ck_assert_str_eq(opening.error.file, folder_path(&folder, "missing.log"));
    inputs_free(&opening.list);
    OPEN(&opening, "");
    ck_assert(!opening.is_fine);
    inputs_free(&opening.list);
    OPEN(&opening, write_log(&folder, "x.log", "\x28\xb5\x2f\xfd...."));
    ck_assert(!opening.is_fine);
    inputs_free(&opening.list);
    ck_assert(chmod(good, 0) == 0);
    if (geteuid() != 0) { /* nothing is unreadable to root */
        OPEN(&opening, good);
        ck_assert(!opening.is_fine);
        inputs_free(&opening.list);
    }
    folder_remove(&folder);
}
END_TEST

/* What the probe has read of a pipe waits in the input; the rest is still in the source. */
static void check_piped_input(struct input *input, size_t lines)
{
    ck_assert(input->source && input->reader && input->first_block);
    ck_assert_str_eq(input->detection.format->name, "combined");
    size_t count = 0;
    do {
        struct slice rest = {input->first_block->bytes, input->first_block->size}, line;
        for (; lines_next(&rest, &line); count++)
            ck_assert_uint_eq(line.size, strlen(LINE("16")) - 1);
    } while (line_reader_fill(input->reader, input->first_block));
    ck_assert_uint_eq(count, lines);
}

static struct bytes many_lines(size_t count)
{
    struct bytes text = {0};
    for (size_t i = 0; i < count; i++)
        bytes_add_text(&text, LINE("16"));
    return text;
}

START_TEST(standard_input_is_kept_open)
{
    struct bytes text = many_lines(8000); /* some blocks */
    struct folder folder;
    struct opening opening;
    struct piped_input input;
    folder_make(&folder);
    const char *later = write_log(&folder, "later.log", LINE("17"));
    piped_input_start(&input, bytes_slice(&text), 0);
    OPEN(&opening, later, "-");
    ck_assert_msg(opening.is_fine, "%s", opening.error.sentence);
    ck_assert_str_eq(names_of(&opening.list, &folder), "- later.log ");
    ck_assert_uint_eq(opening.list.items[0].size_bytes, 0);
    check_piped_input(&opening.list.items[0], 8000);
    piped_input_stop(&input);
    inputs_free(&opening.list);
    folder_remove(&folder);
    mem_free(text.at);
}
END_TEST

START_TEST(standard_input_comes_once)
{
    struct bytes text = many_lines(10);
    struct opening opening;
    struct piped_input input;
    piped_input_start(&input, bytes_slice(&text), 0);
    OPEN(&opening, "-", "-");
    ck_assert(!opening.is_fine);
    ck_assert_msg(strstr(opening.error.sentence, "twice"), "%s", opening.error.sentence);
    inputs_free(&opening.list);
    piped_input_stop(&input);
    mem_free(text.at);
}
END_TEST

struct fifo {
    const char *path;
    struct slice text;
};

static void *write_fifo(void *argument)
{
    const struct fifo *fifo = argument;
    FILE *file = fopen(fifo->path, "wb");
    ck_assert(file && fwrite(fifo->text.at, 1, fifo->text.size, file) == fifo->text.size);
    fclose(file);
    return NULL;
}

START_TEST(a_fifo_is_kept_open)
{
    struct bytes text = many_lines(8000);
    struct folder folder;
    struct opening opening;
    pthread_t writer;
    folder_make(&folder);
    struct fifo fifo = {folder_path(&folder, "pipe"), bytes_slice(&text)};
    ck_assert(mkfifo(fifo.path, 0600) == 0);
    ck_assert(pthread_create(&writer, NULL, write_fifo, &fifo) == 0);
    OPEN(&opening, fifo.path);
    ck_assert_msg(opening.is_fine, "%s", opening.error.sentence);
    check_piped_input(&opening.list.items[0], 8000);
    pthread_join(writer, NULL);
    inputs_free(&opening.list);
    folder_remove(&folder);
    mem_free(text.at);
}
END_TEST

/* A log that its server went on writing after it was truncated begins with a hole. */
START_TEST(a_hole_hides_no_format)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    const char *path = write_log(&folder, "a.log", "");
    FILE *file = fopen(path, "r+b");
    ck_assert(file && fseek(file, 5000000, SEEK_SET) == 0 && fputs(LINE("16"), file) >= 0);
    ck_assert(fclose(file) == 0);
    OPEN(&opening, path);
    ck_assert_msg(opening.is_fine, "%s", opening.error.sentence);
    ck_assert_ptr_nonnull(opening.list.items[0].detection.format);
    ck_assert_int_eq(opening.list.items[0].detection.first_ms, DAY_MS(16));
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

START_TEST(no_argument_is_no_input)
{
    struct opening opening;
    open_with(&opening, &(struct input_options){0}, 0, NULL);
    ck_assert(opening.is_fine);
    ck_assert_uint_eq(opening.list.count, 0);
    inputs_free(&opening.list);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inputs");
    TCase *inputs = tcase_create("inputs");
    tcase_set_timeout(inputs, 60);
    tcase_add_test(inputs, the_order_is_that_of_the_first_times);
    tcase_add_test(inputs, facts_of_a_file);
    tcase_add_test(inputs, a_folder_gives_its_access_logs);
    tcase_add_test(inputs, a_folder_without_logs_is_an_error);
    tcase_add_test(inputs, a_named_file_of_no_format_is_an_error);
    tcase_add_test(inputs, the_zone_is_that_of_the_options);
    tcase_add_test(inputs, patterns_are_expanded);
    tcase_add_test(inputs, what_cannot_be_read_is_an_error);
    tcase_add_test(inputs, standard_input_is_kept_open);
    tcase_add_test(inputs, standard_input_comes_once);
    tcase_add_test(inputs, a_fifo_is_kept_open);
    tcase_add_test(inputs, a_hole_hides_no_format);
    tcase_add_test(inputs, no_argument_is_no_input);
    suite_add_tcase(suite, inputs);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
