/*
 * inputs: what was named on the command line, as a list of logs in one fixed order.
 *
 * Files, folders (the files in them that look like access logs), quoted globs and "-" become
 * inputs; each is opened, its compression and format are told from its first block, and everything
 * that would stop the run is said now, before hours of parsing. The list is ordered by
 * the first time stamp, then by name, so that the order of the arguments never changes a report.
 */
#ifndef PARSER_INPUTS_H
#define PARSER_INPUTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "parser/detect.h"
#include "parser/lines.h"
#include "parser/source.h"

struct input {
    const char *path; /* as named or found; "-" is standard input */
    const char *compression;
    uint64_t size_bytes;        /* on disk; 0 unknown */
    struct detection detection; /* .format is NULL for an input without lines */
    /* A pipe cannot be opened twice: its source, reader and first block wait here. */
    struct source *source;
    struct line_reader *reader;
    struct block *first_block;
};

struct input_options {
    const struct log_format *format; /* given by the user, NULL: detect */
    int32_t zone_s;                  /* of stamps without a zone */
};

struct input_list {
    struct input *items;
    size_t count, capacity;
    const char **notes; /* sentences about what was left out, for people */
    size_t note_count, note_capacity;
    struct arena texts;
};

/* False and *error (ERROR_USAGE) when an argument gives no log. Free the list in either case. */
bool inputs_open(struct input_list *list, const char *const *arguments, size_t count,
                 const struct input_options *options, struct error *error);
void inputs_free(struct input_list *list);

#endif
