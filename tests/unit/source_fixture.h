/*
 * source_fixture: inputs read in every way there is: as a file with reads of many sizes, and from a
 * pipe in pieces of many sizes. All must give the same bytes and the same status.
 */
#ifndef TESTS_UNIT_SOURCE_FIXTURE_H
#define TESTS_UNIT_SOURCE_FIXTURE_H

#include "input_fixture.h"
#include "parser/source.h"

/* Log-like text that does not compress to nothing; the same for the same seed. */
void add_lines(struct bytes *text, size_t count, uint32_t seed);

/* A gzip member, made by zlib. */
void add_member(struct bytes *file, struct slice content);

struct outcome {
    struct bytes content;
    enum source_status status;
    char problem[256];
};

/* Opened without an error. */
struct source *open_well(const char *path);

/* Reads to the end and closes; .content.at is to be freed. */
struct outcome read_source(struct source *source, size_t read_bytes);

struct expectation {
    struct slice content;
    enum source_status status;
};

/* Fails the test, naming the way and the size, unless it is so. Frees the outcome's content. */
void check_outcome(struct outcome *outcome, const struct expectation *expected, const char *way,
                   size_t size);

void check_file(const char *path, size_t size, const struct expectation *expected);
void check_pipe(struct slice file, const struct expectation *expected);
void check_every_way(const char *name, struct slice file, const struct expectation *expected);

/* Kilobytes: the largest memory of this process so far. */
long largest_kib(void);

#endif
