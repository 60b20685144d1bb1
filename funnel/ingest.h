/*
 * ingest: inputs -> event table, on all processors.
 *
 *     reader threads: input -> blocks of whole lines --+
 *                                                       queue -> parse workers: block -> hits
 *     free blocks  <------------------------------------+          -> recorder (one per worker)
 *
 * Readers take the inputs in order, one at a time each; a block says which input it is from and
 * its number in it, so that it does not matter who parses it when. Memory for blocks is fixed.
 *
 * When it turns out that the end of one input is the beginning of another (identity.h), or, with
 * is_strict, that an input is damaged, everything is read once more without those lines. When more
 * distinct texts come than are told apart (recorder.max_keys), it is read once more by one
 * reader and one worker: which texts come first must not hang on which worker was faster. Pipes
 * cannot be read again; of them several workers keep all texts until the end.
 */
#ifndef FUNNEL_INGEST_H
#define FUNNEL_INGEST_H

#include <stdint.h>

#include "base/error.h"
#include "funnel/people.h"
#include "parser/inputs.h"
#include "parser/networks.h"

/* Called from a reader thread now and then (not at the same time by two) with bytes off the disks.
 */
typedef void ingest_progress(void *context, uint64_t done_bytes, uint64_t total_bytes);

struct ingest_options {
    unsigned threads;             /* parse workers, and as many readers at most; at least 1 */
    struct detect_options detect; /* as the inputs were opened with */
    bool is_strict;               /* of a damaged input nothing counts */
    const struct networks *trusted_proxies; /* whose word of who asked counts; NULL: nobody's */
    struct recorder_options recorder; /* .input_count, .windows and .worker_max_keys are set by
                                         ingest_run */
    struct people_options people;
    ingest_progress *progress; /* NULL: none */
    void *progress_context;
};

/* How reading each input ended. */
struct ingest_ending {
    enum source_status status;
    const char *problem; /* "" when complete; lives in the result */
};

struct ingest_result {
    struct event_table *table;
    struct ingest_ending *endings; /* by input */
    size_t input_count;
    struct arena texts;
};

/*
 * False and *error when an input that could be opened a moment ago cannot any more, or would have
 * to be read twice and is a pipe.
 */
bool ingest_run(struct input_list *inputs, const struct ingest_options *options,
                struct ingest_result *result, struct error *error);
void ingest_free(struct ingest_result *result);

#endif
