/*
 * What the lines of a text are, the test finds with a loop of its own over the whole text; the
 * module finds them in blocks, however the bytes arrive.
 */
#include "parser/lines.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "input_fixture.h"

/* Lines that were read, one after the other, each ended by the byte END. */
struct outcome {
    struct bytes lines;
    size_t count; /* of the lines, the overlong ones left out */
    size_t overlong;
    size_t blocks;
};

enum { END = '\x01' };

static void add_line(struct outcome *outcome, struct slice line)
{
    if (line.size > LINE_LIMIT) {
        outcome->overlong++;
        return;
    }
    outcome->count++;
    bytes_add(&outcome->lines, line.at, line.size);
    bytes_fill(&outcome->lines, END, 1);
}

static void take_block(struct outcome *outcome, const struct block *block)
{
    static const char zeros[SCAN_SLACK];
    ck_assert_uint_le(block->size, BLOCK_BYTES);
    ck_assert_uint_eq(block->number, outcome->blocks++);
    ck_assert_mem_eq(block->bytes + block->size, zeros, SCAN_SLACK);
    outcome->overlong += block->overlong;
    struct slice rest = {block->bytes, block->size}, line;
    while (lines_next(&rest, &line))
        add_line(outcome, line);
}

static struct outcome read_lines(const char *path)
{
    struct outcome outcome = {0};
    struct error error = {0};
    struct line_reader *reader = mem_alloc(sizeof *reader);
    struct block *block = mem_alloc(sizeof *block);
    struct source *source = source_open(path, &error);
    ck_assert_msg(source != NULL, "%s", error.sentence);
    line_reader_init(reader, source);
    bool was_whole = true;
    while (line_reader_fill(reader, block)) {
        ck_assert_msg(was_whole, "a block before the last ends inside a line");
        was_whole = block->size == 0 || block->bytes[block->size - 1] == '\n';
        take_block(&outcome, block);
    }
    ck_assert(!line_reader_fill(reader, block)); /* and stays at the end */
    source_close(source);
    mem_free(block);
    mem_free(reader);
    return outcome;
}

/* The same by a plain loop: newline ends, one carriage return goes, the limit is without it. */
static struct outcome expected_lines(struct slice text)
{
    struct outcome outcome = {0};
    if (slice_starts_with(text, SLICE_LITERAL("\xef\xbb\xbf")))
        text = slice_from(text, 3);
    for (size_t begin = 0, at = 0; at < text.size; at++) {
        bool is_newline = text.at[at] == '\n';
        if (!is_newline && at + 1 < text.size)
            continue;
        size_t end = is_newline ? at : at + 1;
        if (end > begin && text.at[end - 1] == '\r')
            end--;
        add_line(&outcome, slice_head(slice_from(text, begin), end - begin));
        begin = at + 1;
    }
    return outcome;
}

static void check_outcome(struct outcome *got, const struct outcome *expected, const char *way)
{
    ck_assert_msg(got->count == expected->count, "%s: %zu lines instead of %zu", way, got->count,
                  expected->count);
    ck_assert_msg(got->overlong == expected->overlong, "%s: %zu overlong instead of %zu", way,
                  got->overlong, expected->overlong);
    ck_assert_msg(slice_equal(bytes_slice(&got->lines), bytes_slice(&expected->lines)),
                  "%s: other lines", way);
    mem_free(got->lines.at);
}

static void check_piped(struct slice text, size_t piece, const struct outcome *expected)
{
    struct piped_input input;
    piped_input_start(&input, text, piece);
    struct outcome got = read_lines("-");
    piped_input_stop(&input);
    check_outcome(&got, expected, "pipe");
}

static void check_text(struct slice text)
{
    struct folder folder;
    struct outcome expected = expected_lines(text);
    folder_make(&folder);
    struct outcome got = read_lines(folder_write(&folder, "x.log", text));
    check_outcome(&got, &expected, "file");
    folder_remove(&folder);
    check_piped(text, 0, &expected);
    if (text.size < 20000)
        check_piped(text, 1, &expected);
    mem_free(expected.lines.at);
}

struct row {
    const char *text;
    size_t size;
    const char *lines; /* each with a '|' behind it */
};

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct row rows[] = {
    {TEXT(""), ""},
    {TEXT("\n"), "|"},
    {TEXT("\n\n\n"), "|||"},
    {TEXT("a"), "a|"},
    {TEXT("a\n"), "a|"},
    {TEXT("a\nb"), "a|b|"},
    {TEXT("a\nb\n"), "a|b|"},
    {TEXT("a\r\nb\r\n"), "a|b|"},
    {TEXT("a\r\nb\r"), "a|b|"},
    {TEXT("\r\n\r\n"), "||"},
    {TEXT("\r"), "|"},
    {TEXT("a\r\r\n"), "a\r|"},
    {TEXT("a\rb\n"), "a\rb|"},
    {TEXT("a\n\rb\n"), "a|\rb|"},
    {TEXT("\xef\xbb\xbf"), ""},
    {TEXT("\xef\xbb\xbf\n"), "|"},
    {TEXT("\xef\xbb\xbf"
          "a\nb\n"),
     "a|b|"},
    {TEXT("\xef\xbb\xbf\xef\xbb\xbf"
          "a\n"),
     "\xef\xbb\xbf"
     "a|"},
    {TEXT("a\n\xef\xbb\xbf"
          "b\n"),
     "a|\xef\xbb\xbf"
     "b|"},
    {TEXT("\xef\xbb"), "\xef\xbb|"},
    {TEXT(" \t \nx\n"), " \t |x|"},
};

START_TEST(short_texts)
{
    const struct row *row = &rows[_i];
    struct slice text = {row->text, row->size};
    struct outcome expected = expected_lines(text);
    for (size_t i = 0; i < expected.lines.size; i++) {
        if (expected.lines.at[i] == END)
            expected.lines.at[i] = '|';
    }
    ck_assert_msg(slice_is(bytes_slice(&expected.lines), row->lines), "row %d", _i);
    mem_free(expected.lines.at);
    check_text(text);
}
END_TEST

static const size_t long_sizes[] = {
    LINE_LIMIT - 1,  LINE_LIMIT,  LINE_LIMIT + 1,  LINE_LIMIT + 2,  2 * LINE_LIMIT,
    BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES, 10 * BLOCK_BYTES,
};
enum { LONG_SIZES = sizeof long_sizes / sizeof long_sizes[0] };

static void add_number(struct bytes *text, size_t number, const char *ending)
{
    char line[64];
    snprintf(line, sizeof line, "neighbour %zu%s", number, ending);
    bytes_add_text(text, line);
}

/* A long line that begins at different places of a block, between lines that must be intact. */
START_TEST(long_lines)
{
    static const size_t before[] = {0, 1, 100, BLOCK_BYTES - LINE_LIMIT - 2, BLOCK_BYTES - 20};
    static const char *const endings[] = {"\n", "\r\n"};
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        const char *ending = endings[i % 2];
        struct bytes text = {0};
        while (text.size < before[i])
            add_number(&text, text.size, ending);
        bytes_fill(&text, 'x', long_sizes[_i]);
        bytes_add_text(&text, ending);
        add_number(&text, 1, ending);
        bytes_fill(&text, 'y', long_sizes[LONG_SIZES - 1 - (size_t)_i]);
        bytes_add_text(&text, ending);
        add_number(&text, 2, ending);
        check_text(bytes_slice(&text));
        mem_free(text.at);
    }
}
END_TEST

/* The limit is that of the line without its ending, wherever a block happens to end. */
START_TEST(the_limit_is_the_same_everywhere)
{
    for (size_t size = LINE_LIMIT - 1; size <= LINE_LIMIT + 2; size++) {
        struct bytes text = {0};
        for (size_t i = 0; i < 40; i++) {
            bytes_fill(&text, (char)('a' + i % 26), size);
            bytes_add_text(&text, i % 2 ? "\n" : "\r\n");
            add_number(&text, i, "\n");
        }
        struct outcome expected = expected_lines(bytes_slice(&text));
        ck_assert_uint_eq(expected.overlong, size > LINE_LIMIT ? 40 : 0);
        ck_assert_uint_eq(expected.count, size > LINE_LIMIT ? 40 : 80);
        mem_free(expected.lines.at);
        check_text(bytes_slice(&text));
        mem_free(text.at);
    }
}
END_TEST

START_TEST(a_long_last_line_without_a_newline)
{
    struct bytes text = {0};
    add_number(&text, 1, "\n");
    bytes_fill(&text, 'x', long_sizes[_i]);
    check_text(bytes_slice(&text));
    mem_free(text.at);
}
END_TEST

/* A length that is often short, sometimes nothing, and sometimes around a limit. */
static size_t random_length(uint32_t *state)
{
    uint32_t kind = next_random(state) % 400;
    if (kind == 0)
        return LINE_LIMIT - 3 + next_random(state) % 6;
    if (kind == 1)
        return next_random(state) % (BLOCK_BYTES + 1000);
    return kind < 40 ? 0 : next_random(state) % 300;
}

START_TEST(random_texts)
{
    uint32_t state = (uint32_t)_i + 1;
    struct bytes text = {0};
    while (text.size < 2000000) {
        size_t length = random_length(&state);
        bytes_fill(&text, (char)('!' + next_random(&state) % 90), length);
        bytes_add_text(&text, next_random(&state) % 7 ? "\n" : "\r\n");
    }
    if (_i % 2)
        text.size--;
    check_text(bytes_slice(&text));
    mem_free(text.at);
}
END_TEST

/*
 * A log that was truncated while its server went on: a hole, then lines. The first block must have
 * a line in it (formats are told from it), and no line may be lost.
 */
START_TEST(a_hole_before_the_lines)
{
    static const long holes[] = {
        1, 4096, LINE_LIMIT + 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 50 * 1024 * 1024};
    struct folder folder;
    struct error error = {0};
    struct line_reader *reader = mem_alloc(sizeof *reader);
    struct block *block = mem_alloc(sizeof *block);
    folder_make(&folder);
    const char *path = folder_write(&folder, "x.log", (struct slice){0});
    FILE *file = fopen(path, "r+b");
    ck_assert(file && fseek(file, holes[_i], SEEK_SET) == 0);
    for (size_t i = 0; i < 10; i++)
        fprintf(file, "line %zu\n", i);
    ck_assert(fclose(file) == 0);
    struct source *source = source_open(path, &error);
    line_reader_init(reader, source);
    ck_assert(line_reader_fill(reader, block));
    ck_assert_uint_eq(block->overlong, 0);
    size_t count = 0;
    struct slice rest = {block->bytes, block->size}, line;
    for (; lines_next(&rest, &line); count++) {
        char expected[16];
        snprintf(expected, sizeof expected, "line %zu", count);
        while (line.size && line.at[0] == '\0')
            line = slice_from(line, 1);
        ck_assert_msg(slice_is(line, expected), "%s", expected);
    }
    ck_assert_uint_eq(count, 10);
    ck_assert(!line_reader_fill(reader, block));
    source_close(source);
    folder_remove(&folder);
    mem_free(block);
    mem_free(reader);
}
END_TEST

/* An overlong line at the very start: the first block still has lines, and counts it. */
START_TEST(the_first_block_has_lines)
{
    struct bytes text = {0};
    struct folder folder;
    struct error error = {0};
    struct line_reader *reader = mem_alloc(sizeof *reader);
    struct block *block = mem_alloc(sizeof *block);
    bytes_fill(&text, 'x', 3 * BLOCK_BYTES);
    bytes_add_text(&text, "\nthe second\n");
    folder_make(&folder);
    struct source *source = source_open(folder_write(&folder, "x", bytes_slice(&text)), &error);
    line_reader_init(reader, source);
    ck_assert(line_reader_fill(reader, block));
    ck_assert_uint_eq(block->overlong, 1);
    ck_assert(slice_is((struct slice){block->bytes, block->size}, "the second\n"));
    ck_assert(!line_reader_fill(reader, block));
    source_close(source);
    folder_remove(&folder);
    mem_free(text.at);
    mem_free(block);
    mem_free(reader);
}
END_TEST

/* A gzip member of one stored block (RFC 1951, 3.2.4) which has fewer bytes than it says. */
START_TEST(a_cut_line_is_no_line)
{
    static const char text[] = "whole\nand also whole\ncut he";
    struct bytes file = {0};
    struct folder folder;
    bytes_add(&file, "\x1f\x8b\x08\0\0\0\0\0\0\3\1\x80\0\x7f\xff", 15); /* 128 bytes follow */
    bytes_add_text(&file, text);
    folder_make(&folder);
    struct outcome got = read_lines(folder_write(&folder, "x.gz", bytes_slice(&file)));
    ck_assert_uint_eq(got.count, 2);
    ck_assert(slice_is(bytes_slice(&got.lines), "whole\x01"
                                                "and also whole\x01"));
    folder_remove(&folder);
    mem_free(got.lines.at);
    mem_free(file.at);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lines");
    TCase *lines = tcase_create("lines");
    tcase_set_timeout(lines, 120);
    tcase_add_loop_test(lines, short_texts, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_loop_test(lines, long_lines, 0, LONG_SIZES);
    tcase_add_test(lines, the_limit_is_the_same_everywhere);
    tcase_add_loop_test(lines, a_long_last_line_without_a_newline, 0, LONG_SIZES);
    tcase_add_loop_test(lines, random_texts, 0, 6);
    tcase_add_loop_test(lines, a_hole_before_the_lines, 0, 7);
    tcase_add_test(lines, the_first_block_has_lines);
    tcase_add_test(lines, a_cut_line_is_no_line);
    suite_add_tcase(suite, lines);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
