/*
 * input_fixture: bytes made into inputs: files in a folder of their own, and a standard input
 * that gives them in pieces.
 */
#ifndef TESTS_UNIT_INPUT_FIXTURE_H
#define TESTS_UNIT_INPUT_FIXTURE_H

#include <pthread.h>
#include <stdint.h>

#include "base/slice.h"

/* Bytes that grow; {0} is empty. Freed with mem_free(bytes.at). */
struct bytes {
    char *at;
    size_t size, capacity;
};

void bytes_add(struct bytes *bytes, const void *what, size_t size);
void bytes_add_text(struct bytes *bytes, const char *text);
void bytes_fill(struct bytes *bytes, char byte, size_t count);
struct slice bytes_slice(const struct bytes *bytes);

/* A small generator (xorshift): the same numbers in every run. *state must not be 0. */
uint32_t next_random(uint32_t *state);

/* A fresh folder; removed with all that is in it by folder_remove. */
struct folder {
    char path[256];
};

void folder_make(struct folder *folder);
void folder_remove(const struct folder *folder);
/* The path of a name in the folder, valid until the next eight calls. */
const char *folder_path(const struct folder *folder, const char *name);
/* Writes a file and returns its path. */
const char *folder_write(const struct folder *folder, const char *name, struct slice content);

/*
 * Standard input of this process becomes a pipe whose reads give at most piece_bytes each (up to
 * 4096; 0: pieces of random size up to 4096): a thread writes a piece when the last one is taken.
 */
struct piped_input {
    struct slice content;
    size_t piece_bytes;
    int descriptor;
    pthread_t thread;
};

void piped_input_start(struct piped_input *input, struct slice content, size_t piece_bytes);
/* Standard input is /dev/null from now on; fine also when not all was read. */
void piped_input_stop(struct piped_input *input);

#endif
