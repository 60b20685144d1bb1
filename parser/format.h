/*
 * format: a log format as a small program.
 *
 * A format is compiled once into operations that cut a line into fields; a line is only walked:
 *
 *     combined   ADDRESS until ' ' | SKIP until ' ' | USER until " [" | TIME until ']' |
 *                literal ' "' | REQUEST until quote | literal ' ' | STATUS until ' ' | ...
 *
 * A quoted field ends at the first '"' that is not escaped by a backslash and that has a blank or
 * the end of the line behind it. Fields after the last operation (a trailing duration, say) are let
 * be.
 */
#ifndef PARSER_FORMAT_H
#define PARSER_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "parser/hit.h"
#include "parser/time_stamp.h"

enum field {
    FIELD_SKIP,
    FIELD_HOST,
    FIELD_ADDRESS,
    FIELD_USER,
    FIELD_TIME,
    FIELD_REQUEST,
    FIELD_STATUS,
    FIELD_BYTES,
    FIELD_REFERRER,
    FIELD_AGENT,
    FIELD_COUNT
};
const char *field_name(enum field field); /* "address", ... */

enum field_ending {
    UNTIL_BYTE,  /* up to `first`, which is passed */
    UNTIL_PAIR,  /* up to `first` and `second` in a row, which are passed */
    UNTIL_QUOTE, /* a '"', then up to its closing '"', both passed */
    UNTIL_BLANK, /* up to a blank (not passed) or the end of the line */
    LITERAL,     /* no field: `first` must stand here */
};

struct field_op {
    unsigned char field;  /* enum field */
    unsigned char ending; /* enum field_ending */
    char first, second;
};

struct log_format {
    const char *name;
    const char *about;
    const char *example; /* how the server's own notation writes it */
    const struct field_op *ops;
    size_t op_count;
    unsigned field_count; /* that carry something; more is more specific */
};

/* The presets, most specific first. */
const struct log_format *format_presets(size_t *count);
const struct log_format *format_find(const char *name); /* NULL when there is none */
const char *const *format_names(void);                  /* ends with NULL; for suggestions */

/*
 * Cuts a line; fields[i] of what the format does not have is {NULL, 0}. False when the line does
 * not fit; nothing fits a NULL format (an input whose start had no lines). The memory behind the
 * line needs SCAN_SLACK readable bytes (lines.h gives them).
 */
bool format_cut(const struct log_format *format, struct slice line, struct slice *fields);

/* A whole line -> a hit; false with the reason when it is rejected. Same memory rule. */
bool format_parse(const struct log_format *format, struct line_clock *clock, struct slice line,
                  struct hit *hit, enum reject_reason *reason);

#endif
