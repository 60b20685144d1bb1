/*
 * terminal: what standard output and standard error are connected to.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdint.h>

#include "cli/options.h"

/* Width, colours and characters of standard output: NO_COLOR, COLUMNS and the locale count. */
struct output_options terminal_of_output(const struct options *options);

/*
 * The progress line on standard error, several times a second; an ingest_progress. Its context is
 * a struct progress. terminal_clear_progress removes the line.
 */
struct progress {
    int64_t last_ms; /* of the monotonic clock */
    bool is_shown;
};
bool terminal_wants_progress(const struct options *options);
void terminal_show_progress(void *progress, uint64_t done_bytes, uint64_t total_bytes);
void terminal_clear_progress(struct progress *progress);

#endif
