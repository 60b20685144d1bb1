/*
 * output: the table of all documents that a report can become.
 *
 *     --as NAME, or the end of --output's file name --> struct output --> write
 *
 * An output reads the const report and writes to a sink; it computes nothing and cannot fail
 * (the sink remembers what went wrong).
 */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sink.h"
#include "base/slice.h"
#include "funnel/report.h"

/* How a terminal is to be written to. Documents do not depend on it. */
struct output_options {
    unsigned width; /* columns; 0 means 80 */
    bool colour;
    bool unicode; /* the reader shows UTF-8; else everything is ASCII */
};

struct output {
    const char *name;            /* for --as */
    const char *const *suffixes; /* of file names, with the dot; ends with NULL */
    const char *title;           /* for lists of outputs */
    void (*write)(const struct report *report, const struct output_options *options,
                  struct sink *sink);
};

/* All of them; *count becomes their number. */
const struct output *output_list(size_t *count);

/* By its name ("html"), or NULL. */
const struct output *output_find(struct slice name);

/* By the suffix of a file's name (letters in either case), or NULL. */
const struct output *output_find_for_file(struct slice file);

#endif
