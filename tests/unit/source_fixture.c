#include "source_fixture.h"

#include <check.h>
#include <stdio.h>
#include <sys/resource.h>
#include <zlib.h>

#include "base/memory.h"

void add_lines(struct bytes *text, size_t count, uint32_t seed)
{
    char line[128];
    for (size_t i = 0; i < count; i++) {
        snprintf(line, sizeof line, "10.0.%u.%u - - \"GET /item/%u HTTP/1.1\" 200 %u\n",
                 next_random(&seed) % 256, next_random(&seed) % 256, next_random(&seed) % 5000,
                 next_random(&seed) % 99999);
        bytes_add_text(text, line);
    }
}

void add_member(struct bytes *file, struct slice content)
{
    enum { GZIP = 16 };
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)content.at, .avail_in = (uInt)content.size};
    ck_assert(deflateInit2(&stream, 6, Z_DEFLATED, 15 + GZIP, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    unsigned char out[16384];
    int result;
    do {
        stream.next_out = out;
        stream.avail_out = sizeof out;
        result = deflate(&stream, Z_FINISH);
        bytes_add(file, out, sizeof out - stream.avail_out);
    } while (result == Z_OK);
    ck_assert(result == Z_STREAM_END);
    deflateEnd(&stream);
}

struct outcome read_source(struct source *source, size_t read_bytes)
{
    struct outcome outcome = {0};
    char *buffer = mem_alloc(read_bytes);
    for (size_t got; (got = source_read(source, buffer, read_bytes));)
        bytes_add(&outcome.content, buffer, got);
    ck_assert_uint_eq(source_read(source, buffer, read_bytes), 0); /* and stays at the end */
    outcome.status = source_status(source);
    snprintf(outcome.problem, sizeof outcome.problem, "%s", source_problem(source));
    mem_free(buffer);
    source_close(source);
    return outcome;
}

struct source *open_well(const char *path)
{
    struct error error = {0};
    struct source *source = source_open(path, &error);
    ck_assert_msg(source && error.code == ERROR_NONE, "%s: %s", path, error.sentence);
    return source;
}

void check_outcome(struct outcome *outcome, const struct expectation *expected, const char *way,
                   size_t size)
{
    ck_assert_msg(outcome->status == expected->status, "%s of %zu: %s instead of %s", way, size,
                  source_status_name(outcome->status), source_status_name(expected->status));
    ck_assert_msg(slice_equal(bytes_slice(&outcome->content), expected->content),
                  "%s of %zu: %zu bytes instead of %zu, or others", way, size,
                  outcome->content.size, expected->content.size);
    bool has_sentence = expected->status != SOURCE_COMPLETE && expected->status != SOURCE_EMPTY;
    ck_assert_msg((outcome->problem[0] != '\0') == has_sentence, "%s of %zu: the sentence \"%s\"",
                  way, size, outcome->problem);
    mem_free(outcome->content.at);
}

static const size_t read_sizes[] = {1, 2, 7, 4095, 4096, 65536, 262144};
enum { READ_SIZES = sizeof read_sizes / sizeof read_sizes[0] };

/* Small reads of a large input would take long and show nothing new. */
static bool is_worth_it(size_t step, size_t size)
{
    return size / step < 20000;
}

void check_file(const char *path, size_t size, const struct expectation *expected)
{
    for (size_t i = 0; i < READ_SIZES; i++) {
        if (!is_worth_it(read_sizes[i], size + expected->content.size))
            continue;
        struct outcome outcome = read_source(open_well(path), read_sizes[i]);
        check_outcome(&outcome, expected, "reads", read_sizes[i]);
    }
}

void check_pipe(struct slice file, const struct expectation *expected)
{
    static const size_t piece_sizes[] = {1, 2, 3, 7, 18, 4095, 4096, 0};
    for (size_t i = 0; i < sizeof piece_sizes / sizeof piece_sizes[0]; i++) {
        size_t piece = piece_sizes[i];
        if (!is_worth_it(piece ? piece : 4096, 4 * file.size))
            continue;
        struct piped_input input;
        piped_input_start(&input, file, piece);
        struct source *source = open_well("-");
        ck_assert(!source_can_reopen(source));
        ck_assert_uint_eq(source_size(source), 0);
        size_t read_bytes = read_sizes[1 + i % 6];
        if (!is_worth_it(read_bytes, expected->content.size))
            read_bytes = 4096;
        struct outcome outcome = read_source(source, read_bytes);
        piped_input_stop(&input);
        check_outcome(&outcome, expected, "pieces", piece);
    }
}

void check_every_way(const char *name, struct slice file, const struct expectation *expected)
{
    struct folder folder;
    folder_make(&folder);
    check_file(folder_write(&folder, name, file), file.size, expected);
    folder_remove(&folder);
    check_pipe(file, expected);
}

long largest_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}
