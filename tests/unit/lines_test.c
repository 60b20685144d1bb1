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
#include "parser/feed.h"
#include "source_fixture.h"

/* Lines that were read, one after the other, each ended by the byte END. */
struct line_outcome {
    struct bytes lines;
    size_t count; /* of the lines, the overlong ones left out */
    size_t overlong;
    size_t blocks;
};

enum { END = '\x01' };

static void add_line(struct line_outcome *outcome, struct slice line)
{
    if (line.size > LINE_LIMIT) {
        outcome->overlong++;
        return;
    }
    outcome->count++;
    bytes_add(&outcome->lines, line.at, line.size);
    bytes_fill(&outcome->lines, END, 1);
}

static void take_block(struct line_outcome *outcome, const struct block *block)
{
    static const char zeros[SCAN_SLACK];
    ck_assert_uint_le(block->size, BLOCK_BYTES);
    ck_assert_uint_eq(block->number, outcome->blocks++);
    ck_assert_mem_eq(block->bytes + block->size, zeros, SCAN_SLACK);
    ck_assert_uint_eq(block->skip, 0);
    ck_assert_ptr_null(block->header.at);
    outcome->overlong += block->overlong;
    struct slice rest = {block->bytes, block->size};
    struct line line;
    while (lines_next(&rest, &line))
        add_line(outcome, line.text);
}

static struct line_outcome read_lines(const char *path)
{
    struct line_outcome outcome = {0};
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
static struct line_outcome expected_lines(struct slice text)
{
    struct line_outcome outcome = {0};
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

static void check_lines(struct line_outcome *got, const struct line_outcome *expected,
                        const char *way)
{
    ck_assert_msg(got->count == expected->count, "%s: %zu lines instead of %zu", way, got->count,
                  expected->count);
    ck_assert_msg(got->overlong == expected->overlong, "%s: %zu overlong instead of %zu", way,
                  got->overlong, expected->overlong);
    ck_assert_msg(slice_equal(bytes_slice(&got->lines), bytes_slice(&expected->lines)),
                  "%s: other lines", way);
    mem_free(got->lines.at);
}

static void check_piped(struct slice text, size_t piece, const struct line_outcome *expected)
{
    struct piped_input input;
    piped_input_start(&input, text, piece);
    struct line_outcome got = read_lines("-");
    piped_input_stop(&input);
    check_lines(&got, expected, "pipe");
}

static void check_text(struct slice text)
{
    struct folder folder;
    struct line_outcome expected = expected_lines(text);
    folder_make(&folder);
    struct line_outcome got = read_lines(folder_write(&folder, "x.log", text));
    check_lines(&got, &expected, "file");
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
    struct line_outcome expected = expected_lines(text);
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
        struct line_outcome expected = expected_lines(bytes_slice(&text));
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
    struct slice rest = {block->bytes, block->size};
    struct line line;
    for (; lines_next(&rest, &line); count++) {
        char expected[16];
        snprintf(expected, sizeof expected, "line %zu", count);
        while (line.text.size && line.text.at[0] == '\0')
            line.text = slice_from(line.text, 1);
        ck_assert_msg(slice_is(line.text, expected), "%s", expected);
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
    struct line_outcome got = read_lines(folder_write(&folder, "x.gz", bytes_slice(&file)));
    ck_assert_uint_eq(got.count, 2);
    ck_assert(slice_is(bytes_slice(&got.lines), "whole\x01"
                                                "and also whole\x01"));
    folder_remove(&folder);
    mem_free(got.lines.at);
    mem_free(file.at);
}
END_TEST

/* Sizes. */

/* A gzip member of this many equal bytes. */
static void add_filling(struct bytes *file, char byte, size_t size)
{
    struct bytes content = {0};
    bytes_fill(&content, byte, size);
    add_member(file, bytes_slice(&content));
    mem_free(content.at);
}

static struct line_outcome read_bomb(char byte)
{
    struct bytes file = {0};
    struct folder folder;
    folder_make(&folder);
    for (int i = 0; i < 16; i++)
        add_filling(&file, byte, 4 << 20);
    const char *path = folder_write(&folder, "bomb.gz", bytes_slice(&file));
    long before = largest_kib();
    struct line_outcome got = read_lines(path);
    ck_assert_int_lt(largest_kib() - before, 4096);
    mem_free(file.at);
    folder_remove(&folder);
    return got;
}

/* 64 MiB without a newline are one line, which is too long. */
START_TEST(a_bomb_is_one_line)
{
    struct line_outcome got = read_bomb('x');
    ck_assert_uint_eq(got.count, 0);
    ck_assert_uint_eq(got.overlong, 1);
    mem_free(got.lines.at);
}
END_TEST

/* Of a hole at the end of a file so little may be left that it is a line of NUL bytes. */
START_TEST(a_bomb_of_nul_bytes_is_one_line)
{
    struct line_outcome got = read_bomb('\0');
    ck_assert_uint_eq(got.count + got.overlong, 1);
    mem_free(got.lines.at);
}
END_TEST

/* Lines that are all the same compress like a bomb, and are no bomb. */
START_TEST(equal_lines_are_counted)
{
    enum { LINES = 500000 };
    static const char line[] =
        "10.0.0.1 - - [10/Oct/2023:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5\n";
    struct bytes text = {0}, file = {0};
    struct folder folder;
    for (size_t i = 0; i < LINES; i++)
        bytes_add(&text, line, sizeof line - 1);
    add_member(&file, bytes_slice(&text));
    ck_assert_uint_lt(file.size, text.size / 250);
    folder_make(&folder);
    struct line_outcome got = read_lines(folder_write(&folder, "equal.gz", bytes_slice(&file)));
    ck_assert_uint_eq(got.count, LINES);
    ck_assert_uint_eq(got.overlong, 0);
    ck_assert_uint_eq(got.lines.size, text.size);
    mem_free(got.lines.at);
    mem_free(file.at);
    mem_free(text.at);
    folder_remove(&folder);
}
END_TEST

/* Files that change while they are read. */

static const struct {
    const char *before, *appended; /* NULL: the file is cut to .left bytes instead */
    long left;
    const char *lines; /* each with a '|' behind it */
} changes[] = {
    {"a\nb", "", 0, "a|b|"},          /* nothing was appended: b is the last line */
    {"a\nb", "c\nd\n", 0, "a|bc|d|"}, /* what is there when the end is seen counts */
    {"a\nb\n", "c\nunfini", 0, "a|b|c|"},
    {"a\n", "unfini", 0, "a|"},
    {"a\nbb\ncc\n", NULL, 6, "a|bb|"}, /* 6 bytes: a, bb, and half of cc */
    {"a\nbb\ncc\n", NULL, 0, ""},
};

/* More than what is read ahead when the file is opened, so that the change is seen. */
static void add_lead(struct bytes *text)
{
    for (size_t i = 0; i < 3 * FEED_BYTES / 16; i++)
        bytes_add_text(text, "a lead of lines\n");
}

static void apply_change(const char *path, long lead, int change)
{
    if (!changes[change].appended) {
        ck_assert(truncate(path, lead + changes[change].left) == 0);
        return;
    }
    FILE *end = fopen(path, "ab");
    ck_assert(end && fputs(changes[change].appended, end) >= 0 && fclose(end) == 0);
}

START_TEST(an_unfinished_line_is_left)
{
    struct bytes text = {0}, expected = {0};
    struct folder folder;
    struct error error = {0};
    struct line_reader *reader = mem_alloc(sizeof *reader);
    struct block *block = mem_alloc(sizeof *block);
    folder_make(&folder);
    add_lead(&text);
    size_t lead = text.size;
    bytes_add(&expected, text.at, lead);
    bytes_add_text(&text, changes[_i].before);
    bytes_add_text(&expected, changes[_i].lines);
    for (size_t i = lead; i < expected.size; i++)
        expected.at[i] = expected.at[i] == '|' ? '\n' : expected.at[i];
    const char *path = folder_write(&folder, "x.log", bytes_slice(&text));
    struct source *source = source_open(path, &error);
    apply_change(path, (long)lead, _i);
    line_reader_init(reader, source);
    ck_assert(line_reader_fill(reader, block));
    struct line_outcome got = {0};
    take_block(&got, block);
    for (size_t i = 0; i < got.lines.size; i++)
        got.lines.at[i] = got.lines.at[i] == END ? '\n' : got.lines.at[i];
    ck_assert(slice_equal(bytes_slice(&got.lines), bytes_slice(&expected)));
    ck_assert(!line_reader_fill(reader, block));
    source_close(source);
    folder_remove(&folder);
    mem_free(got.lines.at);
    mem_free(expected.at);
    mem_free(text.at);
    mem_free(block);
    mem_free(reader);
}
END_TEST

/* Headers. */

struct followed {
    struct line_reader reader;
    struct block block;
    struct arena headers;
};

/* The last line among the first `size` bytes that begins with "#Fields:", by a plain loop. */
static struct slice header_before(struct slice text, size_t size)
{
    struct slice last = {0};
    for (size_t begin = 0; begin < size;) {
        const char *newline = memchr(text.at + begin, '\n', text.size - begin);
        size_t end = newline ? (size_t)(newline - text.at) : text.size;
        struct slice line = slice_head(slice_from(text, begin), end - begin);
        if (line.size && line.at[line.size - 1] == '\r')
            line.size--;
        if (slice_starts_with(line, SLICE_LITERAL("#Fields:")) && line.size <= 8192)
            last = line;
        begin = end + 1;
    }
    return last;
}

/* Each block must carry the header that stands before it. Returns the number of blocks. */
static size_t check_headers(const char *path, struct slice text, struct slice own)
{
    struct followed *followed = mem_zeroed(1, sizeof *followed);
    struct block *block = &followed->block;
    struct error error = {0};
    struct source *source = source_open(path, &error);
    size_t passed = 0, blocks = 0;
    arena_init(&followed->headers);
    line_reader_init(&followed->reader, source);
    while (line_reader_fill(&followed->reader, block)) {
        if (blocks++ == 0)
            line_reader_follow_header(&followed->reader, HEADER_DIRECTIVE, &followed->headers,
                                      block);
        struct slice expected = passed ? header_before(text, passed) : own;
        ck_assert_msg(slice_equal(block->header, expected), "block %zu: %zu bytes instead of %zu",
                      blocks, block->header.size, expected.size);
        ck_assert((block->header.at == NULL) == (expected.at == NULL));
        passed += block->size;
    }
    ck_assert_uint_eq(passed, text.size);
    source_close(source);
    arena_clear(&followed->headers);
    mem_free(followed);
    return blocks;
}

static void check_text_headers(struct slice text, struct slice own)
{
    struct folder folder;
    folder_make(&folder);
    size_t blocks = check_headers(folder_write(&folder, "w3c.log", text), text, own);
    ck_assert_uint_ge(blocks, text.size / BLOCK_BYTES);
    folder_remove(&folder);
    struct piped_input input;
    piped_input_start(&input, text, 0);
    check_headers("-", text, own);
    piped_input_stop(&input);
}

static void add_header(struct bytes *text, size_t size, uint32_t number)
{
    char start[64];
    snprintf(start, sizeof start, "#Fields: date time %u ", number);
    bytes_add_text(text, start);
    bytes_fill(text, 'x', size - strlen(start));
    bytes_add_text(text, number % 3 ? "\n" : "\r\n");
}

/* Headers at random places, of sizes around the limit, also some that are none. */
START_TEST(blocks_carry_the_header_in_force)
{
    static const size_t sizes[] = {40, 40, 300, 8191, 8192, 8193, 60000};
    static const unsigned rarities[] = {3, 200, 9000, 1000000000};
    uint32_t state = (uint32_t)_i + 7;
    struct bytes text = {0};
    for (uint32_t number = 0; text.size < 5 * BLOCK_BYTES / 2; number++) {
        if (next_random(&state) % rarities[_i % 4] == 0)
            add_header(&text, sizes[next_random(&state) % 7], number);
        if (next_random(&state) % 3 == 0)
            continue;
        bytes_add_text(&text, next_random(&state) % 50 ? "2023-10-10 13:55:36 GET /a 200\n"
                                                       : "2023 #Fields: in the line\n# Fields:\n");
    }
    struct slice whole = bytes_slice(&text);
    bool has_own = slice_starts_with(whole, SLICE_LITERAL("#Fields:"));
    struct slice own = has_own ? header_before(whole, 1) : (struct slice){0};
    check_text_headers(whole, own);
    mem_free(text.at);
}
END_TEST

static const struct {
    const char *text;
    enum header_style style;
    const char *header; /* of the first block; NULL: none */
} first_headers[] = {
    {"#Fields: a b\n1 2\n", HEADER_DIRECTIVE, "#Fields: a b"},
    {"#Fields: a b\r\n1 2\r\n", HEADER_DIRECTIVE, "#Fields: a b"},
    {"#Software: S\n\n#Fields: a\n1\n#Fields: b\n2\n", HEADER_DIRECTIVE, "#Fields: a"},
    {"1 2\n#Fields: a b\n1 2\n", HEADER_DIRECTIVE, NULL},
    {"#fields: a b\n1 2\n", HEADER_DIRECTIVE, NULL},
    {"#Fields:", HEADER_DIRECTIVE, "#Fields:"},
    {"", HEADER_DIRECTIVE, NULL},
    {"a,b\n1,2\n", HEADER_FIRST_LINE, "a,b"},
    {"\n \t\r\n\r\na,b\r\n1,2\n", HEADER_FIRST_LINE, "a,b"},
    {"\xef\xbb\xbf"
     "a,b\n",
     HEADER_FIRST_LINE, "a,b"},
    {"a,b", HEADER_FIRST_LINE, "a,b"},
    {" \n", HEADER_FIRST_LINE, NULL},
    {"#Fields: a b\n1 2\n", HEADER_NONE, NULL},
};

START_TEST(the_first_block_carries_its_own_header)
{
    struct followed *followed = mem_zeroed(1, sizeof *followed);
    struct folder folder;
    struct error error = {0};
    folder_make(&folder);
    const char *path = folder_write(&folder, "x.log", slice_of(first_headers[_i].text));
    struct source *source = source_open(path, &error);
    arena_init(&followed->headers);
    line_reader_init(&followed->reader, source);
    line_reader_fill(&followed->reader, &followed->block);
    line_reader_follow_header(&followed->reader, first_headers[_i].style, &followed->headers,
                              &followed->block);
    struct slice header = followed->block.header;
    ck_assert_msg(slice_equal(header, slice_of(first_headers[_i].header)), "\"%.*s\"",
                  SLICE_ARG(header));
    ck_assert((header.at == NULL) == (first_headers[_i].header == NULL));
    source_close(source);
    arena_clear(&followed->headers);
    mem_free(followed);
    folder_remove(&folder);
}
END_TEST

/* The first line is the header of all blocks, whatever follows. */
START_TEST(every_block_carries_the_first_line)
{
    struct followed *followed = mem_zeroed(1, sizeof *followed);
    struct bytes text = {0};
    struct folder folder;
    struct error error = {0};
    size_t blocks = 0;
    bytes_add_text(&text, "\ntime,url\n");
    while (text.size < 5 * BLOCK_BYTES / 2)
        bytes_add_text(&text, "#Fields: no header here\ntime,other\n1,/\n");
    folder_make(&folder);
    struct source *source = source_open(folder_write(&folder, "x", bytes_slice(&text)), &error);
    arena_init(&followed->headers);
    line_reader_init(&followed->reader, source);
    while (line_reader_fill(&followed->reader, &followed->block)) {
        if (blocks++ == 0)
            line_reader_follow_header(&followed->reader, HEADER_FIRST_LINE, &followed->headers,
                                      &followed->block);
        ck_assert(slice_is(followed->block.header, "time,url"));
    }
    ck_assert_uint_eq(blocks, 3);
    source_close(source);
    arena_clear(&followed->headers);
    mem_free(followed);
    mem_free(text.at);
    folder_remove(&folder);
}
END_TEST

/* Damage: a header behind a hole of NUL bytes is one, with a NUL byte inside it is none. */
enum { DAMAGED_BYTES = 12 };
static const struct {
    const char *line;   /* so many bytes */
    const char *header; /* that later lines follow */
} damaged_headers[] = {
    {"\0\0#Fields: b", "#Fields: b"}, {"\0#Fields: b\0", "#Fields: a"},
    {"#Fields: b\0c", "#Fields: a"},  {"x\0#Fields: b", "#Fields: a"},
    {"#\0#Fields: b", "#Fields: a"},
};

START_TEST(damaged_header)
{
    struct followed *followed = mem_zeroed(1, sizeof *followed);
    struct bytes text = {0};
    struct folder folder;
    struct error error = {0};
    bytes_add_text(&text, "#Fields: a\n");
    bytes_add(&text, damaged_headers[_i].line, DAMAGED_BYTES);
    while (text.size < 3 * BLOCK_BYTES / 2)
        bytes_add_text(&text, "\n1");
    folder_make(&folder);
    struct source *source = source_open(folder_write(&folder, "x", bytes_slice(&text)), &error);
    arena_init(&followed->headers);
    line_reader_init(&followed->reader, source);
    ck_assert(line_reader_fill(&followed->reader, &followed->block));
    line_reader_follow_header(&followed->reader, HEADER_DIRECTIVE, &followed->headers,
                              &followed->block);
    ck_assert(line_reader_fill(&followed->reader, &followed->block));
    ck_assert_msg(slice_is(followed->block.header, damaged_headers[_i].header), "\"%.*s\"",
                  SLICE_ARG(followed->block.header));
    source_close(source);
    arena_clear(&followed->headers);
    mem_free(followed);
    mem_free(text.at);
    folder_remove(&folder);
}
END_TEST

/* What the search for the end of a line saw on the way. */
START_TEST(lines_tell_backslashes_and_nul_bytes)
{
    static const char text[SCAN_SLACK + 64] = "plain\na\\x22\r\n\0hole\n\\";
    struct slice rest = {text, 20};
    struct line line;
    ck_assert(lines_next(&rest, &line));
    ck_assert(slice_is(line.text, "plain") && !line.has_backslash && !line.has_nul);
    ck_assert(lines_next(&rest, &line));
    ck_assert(slice_is(line.text, "a\\x22") && line.has_backslash && !line.has_nul);
    ck_assert(lines_next(&rest, &line));
    ck_assert(line.text.size == 5 && !line.has_backslash && line.has_nul);
    ck_assert(lines_next(&rest, &line));
    ck_assert(slice_is(line.text, "\\") && line.has_backslash && !line.has_nul);
    ck_assert(!lines_next(&rest, &line));
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
    tcase_add_test(lines, a_bomb_is_one_line);
    tcase_add_test(lines, a_bomb_of_nul_bytes_is_one_line);
    tcase_add_test(lines, equal_lines_are_counted);
    tcase_add_loop_test(lines, an_unfinished_line_is_left, 0,
                        (int)(sizeof changes / sizeof changes[0]));
    tcase_add_test(lines, lines_tell_backslashes_and_nul_bytes);
    suite_add_tcase(suite, lines);
    TCase *headers = tcase_create("headers");
    tcase_set_timeout(headers, 120);
    tcase_add_loop_test(headers, blocks_carry_the_header_in_force, 0, 8);
    tcase_add_loop_test(headers, the_first_block_carries_its_own_header, 0,
                        (int)(sizeof first_headers / sizeof first_headers[0]));
    tcase_add_test(headers, every_block_carries_the_first_line);
    tcase_add_loop_test(headers, damaged_header, 0,
                        (int)(sizeof damaged_headers / sizeof damaged_headers[0]));
    suite_add_tcase(suite, headers);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
