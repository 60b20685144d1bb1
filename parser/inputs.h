/*
 * inputs: what was named on the command line, as a list of logs in one fixed order.
 *
 * Files, folders (the files in and below them that look like access logs), quoted globs and "-"
 * become inputs; each is opened, its compression and format are told from its first block, and
 * everything that would stop the run is said now, before hours of parsing. The list is ordered by
 * the first time stamp, then by name, so that the order of the arguments never changes a report.
 *
 * A file that is named and holds no log is an input all the same, whose lines are all rejected, as
 * long as any other input is a log. In a folder it is left out, and listed as such; which names are
 * looked at there: folder.h. The same file, named twice or linked, is read once; the same content
 * in two files (a log and its compressed copy) is found by identity.h.
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

/* What the first block of an input looks like. */
enum input_content {
    CONTENT_LOG,
    CONTENT_EMPTY,   /* no lines */
    CONTENT_UNKNOWN, /* text in no known format */
    CONTENT_BINARY,
    CONTENT_UTF16,
    CONTENT_ARCHIVE, /* tar */
};
const char *input_content_name(enum input_content content); /* "log", "unknown_format", ... */

#define SKIP_ALL_LINES UINT64_MAX

struct input {
    const char *path; /* as named or found; "-" is standard input */
    const char *compression;
    uint64_t size_bytes;        /* on disk; 0 unknown */
    struct detection detection; /* .line_format.format is NULL for an input without known lines */
    enum input_content content;
    bool can_reopen;         /* a regular file, not a pipe */
    struct slice first_line; /* the first line that is a hit, for identity.h; {NULL, 0}: none */
    /* Lines at its start that are not counted, and why (FILTER_ALREADY_COUNTED, ...). */
    uint64_t skip_lines; /* SKIP_ALL_LINES: all of it */
    enum filter_reason skip_reason;
    size_t stand_in;      /* of FILTER_ALREADY_COUNTED: which input of the list has the lines */
    const char *note;     /* a sentence for people ("the same content as access.log.1"), or "" */
    struct slice header;  /* of its columns, at its start (lines.h); {NULL, 0}: none */
    struct arena headers; /* of its reader (lines.h); touched by one thread at a time */
    /* A pipe cannot be opened twice: its source, reader and first block wait here until then. */
    struct source *source;
    struct line_reader *reader;
    struct block *first_block;
};

/* A file of a folder that was left out, or one that is read under another name. */
struct skipped_file {
    const char *path;
    const char *reason; /* "its name says that it holds errors, not accesses", ...; nothing of what
                           is in the file */
    bool is_unreadable; /* it may well be a log, and could not be opened or read */
};

struct input_list {
    struct input *items;
    size_t count, capacity;
    struct skipped_file *skipped; /* those that could not be read first, then by path */
    size_t skipped_count, skipped_capacity;
    struct arena texts;
};

/* False and *error (ERROR_USAGE) when an argument gives no log. Free the list in either case. */
bool inputs_open(struct input_list *list, const char *const *arguments, size_t count,
                 const struct detect_options *options, struct error *error);
void inputs_free(struct input_list *list);

/*
 * Opens a reader at an input's first line, or, of a pipe, behind input->first_block; a pipe can be
 * opened once. The caller closes *source and frees the reader. NULL and *error.
 */
struct line_reader *input_open_reader(struct input *input, struct source **source,
                                      struct error *error);

#endif
