/* Arguments become logs: which, in what order, and what is said about the others. */
#include "parser/inputs.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
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

static void open_with(struct opening *opening, const struct detect_options *options, size_t count,
                      const char *const *arguments)
{
    *opening = (struct opening){0};
    opening->is_fine = inputs_open(&opening->list, arguments, count, options, &opening->error);
    ck_assert(opening->is_fine == (opening->error.code == ERROR_NONE));
    ck_assert(opening->is_fine || opening->error.code == ERROR_USAGE);
}

#define OPEN(opening, ...)                                                                         \
    open_with(opening, &(struct detect_options){0},                                                \
              sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *),                              \
              (const char *[]){__VA_ARGS__})

/* The path ends like this, and the reason has these words. */
static void check_skipped(const struct input_list *list, const char *name, const char *words)
{
    for (size_t i = 0; i < list->skipped_count; i++) {
        const struct skipped_file *file = &list->skipped[i];
        size_t size = strlen(file->path), name_size = strlen(name);
        if (size >= name_size && strcmp(file->path + size - name_size, name) == 0) {
            ck_assert_msg(strstr(file->reason, words) != NULL, "%s: %s", name, file->reason);
            return;
        }
    }
    ck_abort_msg("%s is not listed", name);
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
    ck_assert(opening.list.items[0].detection.line_format.format == NULL);
    ck_assert_int_eq(opening.list.items[0].detection.first_ms, CIVIL_NO_TIME);
    ck_assert_int_eq(opening.list.items[1].detection.first_ms, DAY_MS(16));
    ck_assert_int_eq(opening.list.items[3].detection.first_ms, DAY_MS(17));
    ck_assert_uint_eq(opening.list.skipped_count, 0);
    ck_assert_int_eq(opening.list.items[0].content, CONTENT_EMPTY);
    ck_assert_ptr_null(opening.list.items[0].first_line.at);
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
    ck_assert_str_eq(input->detection.line_format.format->name, "combined");
    ck_assert_int_eq(input->content, CONTENT_LOG);
    ck_assert(input->can_reopen && input->skip_lines == 0);
    ck_assert_str_eq(input->note, "");
    ck_assert_uint_eq(input->first_line.size, strlen(LINE("16")) - 1);
    ck_assert_mem_eq(input->first_line.at, LINE("16"), input->first_line.size);
    ck_assert(input->detection.first_line.at == input->first_line.at);
    ck_assert(!input->source && !input->reader && !input->first_block);
    inputs_free(&opening.list);
    ck_assert_uint_eq(opening.list.count, 0);
    inputs_free(&opening.list); /* once more is fine */
    folder_remove(&folder);
}
END_TEST

#define UTF16_LINE                                                                                 \
    "1\0"                                                                                          \
    "9\0"                                                                                          \
    "2\0"                                                                                          \
    ".\0"                                                                                          \
    "0\0"                                                                                          \
    "\r\0"                                                                                         \
    "\n\0"

static void write_many_kinds(const struct folder *folder)
{
    write_log(folder, "access.log", LINE("18"));
    write_log(folder, "access.log.1", LINE("17"));
    write_log(folder, "shop-access_log-20230916", LINE("16"));
    write_log(folder, "other.log", "Sep 16 18:22:16 host cron[1]: rubbish\n");
    write_log(folder, "error.log", LINE("15"));
    write_log(folder, ".access.log.swp", LINE("15"));
    write_log(folder, "notes.txt", LINE("15"));
    write_log(folder, "empty.log", "");
    folder_write(folder, "binary.log", SLICE_LITERAL("\x01\x02\0\x03\n\x04\x7f\0\0\n"));
    folder_write(folder, "utf16.log", SLICE_LITERAL(UTF16_LINE UTF16_LINE));
    write_log(folder, "packed.log.zip", "PK\x03\x04....");
    ck_assert(mkdir(folder_path(folder, "old"), 0700) == 0);
    write_log(folder, "old/access.log.2", LINE("14"));
}

/* In a folder: access logs by name and content; what was left out is listed. */
START_TEST(a_folder_gives_its_access_logs)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    write_many_kinds(&folder);
    OPEN(&opening, folder.path);
    ck_assert_msg(opening.is_fine, "%s", opening.error.sentence);
    ck_assert_str_eq(
        names_of(&opening.list, &folder),
        "empty.log old/access.log.2 shop-access_log-20230916 access.log.1 access.log ");
    ck_assert_uint_eq(opening.list.skipped_count, 6);
    check_skipped(&opening.list, "/other.log", "none of its first 1 lines fits");
    check_skipped(&opening.list, "/error.log", "errors");
    check_skipped(&opening.list, "/notes.txt", "name");
    check_skipped(&opening.list, "/binary.log", "binary");
    check_skipped(&opening.list, "/utf16.log", "UTF-16");
    check_skipped(&opening.list, "/packed.log.zip", "zip");
    /* What could not be read comes first. */
    ck_assert(opening.list.skipped[0].is_unreadable);
    ck_assert_str_eq(opening.list.skipped[0].path, folder_path(&folder, "packed.log.zip"));
    for (size_t i = 2; i < opening.list.skipped_count; i++) {
        ck_assert(!opening.list.skipped[i].is_unreadable);
        ck_assert(strcmp(opening.list.skipped[i - 1].path, opening.list.skipped[i].path) < 0);
    }
    inputs_free(&opening.list);
    /* With a slash behind, the paths are the same; what is skipped is listed once. */
    char slashed[300];
    snprintf(slashed, sizeof slashed, "%s/", folder.path);
    OPEN(&opening, slashed, folder.path);
    ck_assert_uint_eq(opening.list.count, 5);
    ck_assert_uint_eq(opening.list.skipped_count, 11);
    check_skipped(&opening.list, "/access.log.1", "more than once");
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

/* A hard link and a symbolic one are the same file; the first path stands for it. */
START_TEST(links_are_read_once)
{
    struct folder folder;
    struct opening opening;
    char words[400];
    folder_make(&folder);
    const char *log = write_log(&folder, "b.log", LINE("16"));
    ck_assert(link(log, folder_path(&folder, "a.log")) == 0);
    ck_assert(symlink("b.log", folder_path(&folder, "c.log")) == 0);
    snprintf(words, sizeof words, "the same file as %s", folder_path(&folder, "a.log"));
    OPEN(&opening, folder_path(&folder, "c.log"), log, folder_path(&folder, "a.log"));
    ck_assert_str_eq(names_of(&opening.list, &folder), "a.log ");
    ck_assert_uint_eq(opening.list.skipped_count, 2);
    check_skipped(&opening.list, "/b.log", words);
    check_skipped(&opening.list, "/c.log", words);
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

/* Root may read everything, so it becomes somebody else for a while. */
static void become_nobody(const struct folder *folder)
{
    enum { NOBODY = 65534 };
    ck_assert(chmod(folder->path, 0755) == 0);
    if (geteuid() == 0)
        ck_assert(seteuid(NOBODY) == 0);
}

static void become_oneself(void)
{
    ck_assert(seteuid(getuid()) == 0);
}

/* The folder "old" is opened, so that it can be removed. */
static void remove_closed(const struct folder *folder)
{
    ck_assert(chmod(folder_path(folder, "old"), 0700) == 0);
    folder_remove(folder);
}

static void close_file(const char *path)
{
    ck_assert(chmod(path, 0) == 0);
}

START_TEST(logs_that_may_not_be_read)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    close_file(write_log(&folder, "access.log.1", LINE("16")));
    close_file(write_log(&folder, "access.log", LINE("17")));
    write_log(&folder, "error.log", "rubbish\n");
    ck_assert(mkdir(folder_path(&folder, "old"), 0) == 0);
    become_nobody(&folder);
    OPEN(&opening, folder.path);
    become_oneself();
    ck_assert(!opening.is_fine);
    ck_assert_str_eq(opening.error.file, folder.path);
    ck_assert_str_eq(opening.error.sentence,
                     "none of its access logs can be read: access.log: Permission denied (and 2 "
                     "more); run as a user of the group that may read its files, or with sudo");
    inputs_free(&opening.list);
    remove_closed(&folder);
}
END_TEST

/* Beside others they are named before all that was left out on purpose. */
START_TEST(unreadable_logs_are_named_first)
{
    static const char *const first[] = {"m.log", "old", "z.log", "a.txt"};
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    write_log(&folder, "access.log", LINE("17"));
    write_log(&folder, "a.txt", "rubbish\n");
    write_log(&folder, "b.txt", "rubbish\n");
    close_file(write_log(&folder, "m.log", LINE("17")));
    ck_assert(mkdir(folder_path(&folder, "old"), 0) == 0);
    ck_assert(symlink("nowhere", folder_path(&folder, "z.log")) == 0);
    ck_assert(symlink("nowhere", folder_path(&folder, "z.txt")) == 0);
    become_nobody(&folder);
    OPEN(&opening, folder.path);
    become_oneself();
    ck_assert_msg(opening.is_fine, "%s", opening.error.sentence);
    ck_assert_str_eq(names_of(&opening.list, &folder), "access.log ");
    ck_assert_uint_eq(opening.list.skipped_count, 6);
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
        ck_assert_str_eq(opening.list.skipped[i].path, folder_path(&folder, first[i]));
    check_skipped(&opening.list, "/m.log", "it cannot be opened: Permission denied");
    check_skipped(&opening.list, "/old", "it cannot be read: Permission denied");
    check_skipped(&opening.list, "/z.log", "it cannot be read: No such file or directory");
    check_skipped(&opening.list, "/z.txt", "its name");
    inputs_free(&opening.list);
    remove_closed(&folder);
}
END_TEST

/* Another user would not help with a compression that is unknown, or a folder that is missing. */
START_TEST(advice_only_where_it_helps)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    write_log(&folder, "access.log.zip", "PK\x03\x04....");
    OPEN(&opening, folder.path);
    ck_assert(!opening.is_fine);
    ck_assert_msg(strstr(opening.error.sentence, "access.log.zip: it is compressed with zip"), "%s",
                  opening.error.sentence);
    ck_assert_ptr_null(strstr(opening.error.sentence, "sudo"));
    ck_assert_ptr_null(strstr(opening.error.sentence, "more"));
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

START_TEST(a_named_file_of_no_format_is_an_error_when_alone)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    const char *good = write_log(&folder, "good.log", LINE("16"));
    write_log(&folder, "empty.log", "");
    const char *bad = write_log(&folder, "bad.log", "what \x1b[31mis\x07 this\nand this\n");
    OPEN(&opening, bad, folder_path(&folder, "empty.log"));
    ck_assert(!opening.is_fine);
    ck_assert_str_eq(opening.error.file, bad);
    ck_assert_msg(strstr(opening.error.sentence, "what \\x1B[31mis\\x07 this"), "%s",
                  opening.error.sentence);
    inputs_free(&opening.list);
    /* Beside a log its lines are counted: as rejected. */
    OPEN(&opening, good, bad);
    ck_assert_msg(opening.is_fine, "%s", opening.error.sentence);
    ck_assert_str_eq(names_of(&opening.list, &folder), "bad.log good.log ");
    ck_assert_int_eq(opening.list.items[0].content, CONTENT_UNKNOWN);
    ck_assert_ptr_null(opening.list.items[0].detection.line_format.format);
    inputs_free(&opening.list);
    /* So it is when it does not have the format which was given. */
    struct detect_options options = {.only = format_find("vhost_combined")};
    open_with(&opening, &options, 1, &good);
    ck_assert(!opening.is_fine);
    ck_assert_msg(strstr(opening.error.sentence, "vhost_combined"), "%s", opening.error.sentence);
    inputs_free(&opening.list);
    options.only = format_find("common");
    open_with(&opening, &options, 1, &good);
    ck_assert_str_eq(opening.list.items[0].detection.line_format.format->name, "common");
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
    struct time_zone *zone = time_zone_new("-01:00");
    open_with(&opening, &(struct detect_options){.zone = zone}, 1, &path);
    ck_assert_int_eq(opening.list.items[0].detection.first_ms, DAY_MS(16) + 3600000);
    time_zone_free(zone);
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
    ck_assert_uint_eq(opening.list.skipped_count, 2);
    check_skipped(&opening.list, "/a1.log", "more than once");
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
    OPEN(&opening, write_log(&folder, "x.log", "PK\x03\x04...."));
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
    ck_assert_str_eq(input->detection.line_format.format->name, "combined");
    ck_assert(!input->can_reopen);
    struct error error = {0};
    struct source *source;
    struct line_reader *reader = input_open_reader(input, &source, &error);
    ck_assert_ptr_nonnull(reader);
    size_t count = 0;
    do {
        struct slice rest = {input->first_block->bytes, input->first_block->size};
        struct line line;
        for (; lines_next(&rest, &line); count++)
            ck_assert_uint_eq(line.text.size, strlen(LINE("16")) - 1);
    } while (line_reader_fill(reader, input->first_block));
    ck_assert_uint_eq(count, lines);
    mem_free(reader);
    source_close(source);
    ck_assert_ptr_null(input_open_reader(input, &source, &error));
    ck_assert_int_eq(error.code, ERROR_FATAL);
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
    ck_assert_ptr_nonnull(opening.list.items[0].detection.line_format.format);
    ck_assert_int_eq(opening.list.items[0].detection.first_ms, DAY_MS(16));
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

#define BYTES(text)                                                                                \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

/* What a file holds when no format fits it. */
static const struct {
    const char *name;
    struct slice content;
    enum input_content expected;
    const char *words; /* of the error, when it is named alone; NULL: none */
} contents[] = {
    {"empty", BYTES(""), CONTENT_EMPTY, NULL},
    {"blank lines", BYTES("\n  \n\r\n"), CONTENT_EMPTY, NULL},
    {"text", BYTES("one\ntwo\n"), CONTENT_UNKNOWN, "none of its first 2 lines fits"},
    {"latin-1 text", BYTES("Gr\xfc\xdf\n\xc4rger\n"), CONTENT_UNKNOWN, "none of its first"},
    {"coloured text", BYTES("\x1b[31mred text of some length\x1b[0m, and more\n"), CONTENT_UNKNOWN,
     "none of its first"},
    {"little-endian mark", BYTES("\xff\xfe\x3d\x04\x3e\x04\x0a"), CONTENT_UTF16, "iconv"},
    {"big-endian mark", BYTES("\xfe\xff\x04\x3d\x04\x3e\x0a"), CONTENT_UTF16, "iconv"},
    {"little-endian", BYTES(UTF16_LINE UTF16_LINE), CONTENT_UTF16, "iconv"},
    {"big-endian", BYTES("\0" UTF16_LINE UTF16_LINE), CONTENT_UTF16, "iconv"},
    {"ELF",
     BYTES("\x7f"
           "ELF\x02\x01\x01\0\0\0\0\0\x03\0>\0\x01\n\0\0\0 \x10\0\0"),
     CONTENT_BINARY, "binary"},
    {"no lines, no text", BYTES("\xd7\x86\xe4\xb1\xc2\x93\xa0\xff\xb3\x81zz"), CONTENT_BINARY,
     "binary"},
};

START_TEST(contents_are_told_apart)
{
    struct folder folder;
    struct opening opening;
    folder_make(&folder);
    const char *path = folder_write(&folder, "x.log", contents[_i].content);
    OPEN(&opening, path);
    ck_assert_msg(opening.is_fine == !contents[_i].words, "%s", contents[_i].name);
    if (contents[_i].words)
        ck_assert_msg(strstr(opening.error.sentence, contents[_i].words) != NULL, "%s: %s",
                      contents[_i].name, opening.error.sentence);
    ck_assert_uint_eq(opening.list.count, 1);
    ck_assert_msg(opening.list.items[0].content == contents[_i].expected, "%s: %s",
                  contents[_i].name, input_content_name(opening.list.items[0].content));
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

/*
 * One member of an archive as POSIX 1003.1 (pax, "ustar Interchange Format") has it: a header of
 * 512 bytes with the magic at 257, the content, NUL bytes up to a multiple of 512.
 */
static void add_member(struct bytes *tar, struct slice magic, struct slice content)
{
    size_t begin = tar->size;
    bytes_fill(tar, '\0', 512);
    memcpy(tar->at + begin, "access.log", 10);
    memcpy(tar->at + begin + 257, magic.at, magic.size);
    bytes_add(tar, content.at, content.size);
    bytes_fill(tar, '\0', (512 - content.size % 512) % 512);
}

static const struct slice tar_magics[] = {
    BYTES("ustar\0"
          "00"),
    BYTES("ustar  \0"), /* GNU */
};

/* The lines of an archive fit a format, but the first one of each member stands behind a header. */
START_TEST(an_archive_is_no_log)
{
    struct folder folder;
    struct opening opening;
    struct bytes tar = {0}, lines = many_lines(3);
    folder_make(&folder);
    add_member(&tar, tar_magics[_i], bytes_slice(&lines));
    add_member(&tar, tar_magics[_i], bytes_slice(&lines));
    bytes_fill(&tar, '\0', 1024);
    const char *archive = folder_write(&folder, "logs.tar.log", bytes_slice(&tar));
    OPEN(&opening, archive);
    ck_assert(!opening.is_fine);
    ck_assert_str_eq(opening.error.file, archive);
    ck_assert_str_eq(
        opening.error.sentence,
        "is a tar archive; unpack it, or pipe its members in: tar -xOf FILE | sojourn -");
    inputs_free(&opening.list);
    const char *log = write_log(&folder, "a.log", LINE("17"));
    OPEN(&opening, log, archive);
    ck_assert_msg(opening.is_fine, "%s", opening.error.sentence);
    ck_assert_str_eq(names_of(&opening.list, &folder), "logs.tar.log a.log ");
    ck_assert_int_eq(opening.list.items[0].content, CONTENT_ARCHIVE);
    ck_assert_ptr_null(opening.list.items[0].detection.line_format.format);
    ck_assert_ptr_null(opening.list.items[0].first_line.at);
    inputs_free(&opening.list);
    OPEN(&opening, folder.path);
    ck_assert_str_eq(names_of(&opening.list, &folder), "a.log ");
    check_skipped(&opening.list, "/logs.tar.log",
                  "it is a tar archive; unpack it, or pipe its members in: tar -xOf FILE");
    inputs_free(&opening.list);
    folder_remove(&folder);
    mem_free(tar.at);
    mem_free(lines.at);
}
END_TEST

/* Its first member is one line over the limit, which no block keeps. */
START_TEST(an_archive_of_long_lines)
{
    struct folder folder;
    struct opening opening;
    struct bytes tar = {0}, lines = many_lines(3), text = {0};
    folder_make(&folder);
    bytes_fill(&text, 'x', 3000000);
    add_member(&tar, tar_magics[0], bytes_slice(&text));
    bytes_add_text(&tar, "\n");
    add_member(&tar, tar_magics[0], bytes_slice(&lines));
    OPEN(&opening, folder_write(&folder, "x.log", bytes_slice(&tar)));
    ck_assert(!opening.is_fine);
    ck_assert_msg(strstr(opening.error.sentence, "tar archive") != NULL, "%s",
                  opening.error.sentence);
    inputs_free(&opening.list);
    folder_remove(&folder);
    mem_free(tar.at);
    mem_free(lines.at);
    mem_free(text.at);
}
END_TEST

/* A page of that name, at the place of the magic, makes no archive. */
START_TEST(a_log_that_speaks_of_archives)
{
    struct folder folder;
    struct opening opening;
    static const char begin[] = LINE("16") "192.0.2.1 - - [16/Sep/2023:18:22:16 +0000] \"GET /";
    char text[400];
    folder_make(&folder);
    snprintf(text, sizeof text, "%s%0*d/ustar  HTTP/1.1\" 200 1 \"-\" \"x\"\n", begin,
             256 - (int)strlen(begin), 0);
    ck_assert_mem_eq(text + 257, "ustar  ", 7);
    OPEN(&opening, write_log(&folder, "x.log", text));
    ck_assert_msg(opening.is_fine, "%s", opening.error.sentence);
    ck_assert_int_eq(opening.list.items[0].content, CONTENT_LOG);
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

/* A file that is one line over the limit: what it is, its first bytes tell. */
START_TEST(overlong_lines_are_no_empty_file)
{
    struct folder folder;
    struct opening opening;
    struct bytes text = {0}, rubbish = {0};
    uint32_t state = 7;
    folder_make(&folder);
    bytes_fill(&text, 'x', 3000000);
    OPEN(&opening, folder_write(&folder, "x.log", bytes_slice(&text)));
    ck_assert(!opening.is_fine);
    ck_assert_msg(strstr(opening.error.sentence, "64 KiB") != NULL, "%s", opening.error.sentence);
    inputs_free(&opening.list);
    while (rubbish.size < 3000000) {
        char byte = (char)next_random(&state);
        bytes_add(&rubbish, byte == '\n' ? "x" : &byte, 1);
    }
    OPEN(&opening, folder_write(&folder, "x.log", bytes_slice(&rubbish)));
    ck_assert(!opening.is_fine);
    ck_assert_msg(strstr(opening.error.sentence, "binary") != NULL, "%s", opening.error.sentence);
    inputs_free(&opening.list);
    folder_remove(&folder);
    mem_free(text.at);
    mem_free(rubbish.at);
}
END_TEST

START_TEST(contents_have_names)
{
    static const char *const expected[] = {"log",    "empty", "unknown_format",
                                           "binary", "utf16", "archive"};
    for (int i = CONTENT_LOG; i <= CONTENT_ARCHIVE; i++)
        ck_assert_str_eq(input_content_name((enum input_content)i), expected[i]);
}
END_TEST

#define W3C_HEADER "#Fields: date time c-ip cs-method cs-uri-stem sc-status"
#define W3C_LINE   "2023-09-16 18:22:16 192.0.2.1 GET /a 200\n"

/* Every block of a reader that was opened knows the columns; lines are counted on the way. */
static size_t count_with_header(struct input *input)
{
    struct error error = {0};
    struct source *source;
    size_t count = 0;
    struct line_reader *reader = input_open_reader(input, &source, &error);
    ck_assert_msg(reader != NULL, "%s", error.sentence);
    struct block *block = input->first_block ? input->first_block : mem_zeroed(1, sizeof *block);
    bool has_block = input->first_block || line_reader_fill(reader, block);
    for (; has_block; has_block = line_reader_fill(reader, block)) {
        struct slice rest = {block->bytes, block->size};
        ck_assert_uint_eq(block->header.size, strlen(W3C_HEADER));
        ck_assert_mem_eq(block->header.at, W3C_HEADER, block->header.size);
        for (struct line line; lines_next(&rest, &line);)
            count++;
    }
    if (block != input->first_block)
        mem_free(block);
    mem_free(reader);
    source_close(source);
    return count;
}

static struct bytes w3c_log(size_t lines)
{
    struct bytes text = {0};
    bytes_add_text(&text, "#Software: test\n" W3C_HEADER "\n");
    for (size_t i = 0; i < lines; i++)
        bytes_add_text(&text, W3C_LINE);
    return text;
}

START_TEST(readers_follow_the_header)
{
    struct bytes text = w3c_log(60000); /* some blocks */
    struct folder folder;
    struct opening opening;
    struct piped_input piped;
    folder_make(&folder);
    const char *path = folder_write(&folder, "a.log", bytes_slice(&text));
    piped_input_start(&piped, bytes_slice(&text), 0);
    OPEN(&opening, path, "-");
    ck_assert_msg(opening.is_fine, "%s", opening.error.sentence);
    ck_assert_str_eq(names_of(&opening.list, &folder), "- a.log ");
    ck_assert_uint_eq(count_with_header(&opening.list.items[0]), 60002);
    piped_input_stop(&piped);
    for (int again = 0; again < 2; again++)
        ck_assert_uint_eq(count_with_header(&opening.list.items[1]), 60002);
    inputs_free(&opening.list);
    folder_remove(&folder);
    mem_free(text.at);
}
END_TEST

/* More files than descriptors, with the memory of one probe. */
START_TEST(files_are_not_kept_open)
{
    enum { FILES = 1000 };
    struct folder folder;
    struct opening opening;
    struct rlimit limit;
    folder_make(&folder);
    for (int i = 0; i < FILES; i++) {
        char name[32];
        snprintf(name, sizeof name, "access.log.%d", i);
        write_log(&folder, name, LINE("16"));
    }
    ck_assert(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    ck_assert(setrlimit(RLIMIT_NOFILE, &(struct rlimit){64, limit.rlim_max}) == 0);
    OPEN(&opening, folder.path);
    ck_assert(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    ck_assert_msg(opening.is_fine, "%s", opening.error.sentence);
    ck_assert_uint_eq(opening.list.count, FILES);
    inputs_free(&opening.list);
    folder_remove(&folder);
}
END_TEST

START_TEST(no_argument_is_no_input)
{
    struct opening opening;
    open_with(&opening, &(struct detect_options){0}, 0, NULL);
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
    tcase_add_test(inputs, links_are_read_once);
    tcase_add_test(inputs, a_folder_without_logs_is_an_error);
    tcase_add_test(inputs, logs_that_may_not_be_read);
    tcase_add_test(inputs, unreadable_logs_are_named_first);
    tcase_add_test(inputs, advice_only_where_it_helps);
    tcase_add_test(inputs, a_named_file_of_no_format_is_an_error_when_alone);
    tcase_add_test(inputs, the_zone_is_that_of_the_options);
    tcase_add_test(inputs, patterns_are_expanded);
    tcase_add_test(inputs, what_cannot_be_read_is_an_error);
    tcase_add_test(inputs, standard_input_is_kept_open);
    tcase_add_test(inputs, standard_input_comes_once);
    tcase_add_test(inputs, a_fifo_is_kept_open);
    tcase_add_test(inputs, a_hole_hides_no_format);
    tcase_add_loop_test(inputs, contents_are_told_apart, 0,
                        (int)(sizeof contents / sizeof contents[0]));
    tcase_add_loop_test(inputs, an_archive_is_no_log, 0,
                        (int)(sizeof tar_magics / sizeof tar_magics[0]));
    tcase_add_test(inputs, an_archive_of_long_lines);
    tcase_add_test(inputs, a_log_that_speaks_of_archives);
    tcase_add_test(inputs, overlong_lines_are_no_empty_file);
    tcase_add_test(inputs, contents_have_names);
    tcase_add_test(inputs, readers_follow_the_header);
    tcase_add_test(inputs, files_are_not_kept_open);
    tcase_add_test(inputs, no_argument_is_no_input);
    suite_add_tcase(suite, inputs);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
