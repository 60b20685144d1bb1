/*
 * format: a log format as a small program.
 *
 * A format is compiled once into operations that cut a line into fields; a line is only walked:
 *
 *     combined   ADDRESS until ' ' | SKIP until ' ' | USER until " [" | TIME until "] \"" |
 *                REQUEST until quote and ' ' | STATUS until ' ' | BYTES until " \"" | ...
 *
 * A quoted field ends at the first '"' that is not escaped by a backslash and that has behind it
 * what the format has there. What follows the last operation (a trailing duration, say) is let be.
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
    UNTIL_TEXT,  /* up to `tail`, which is passed */
    UNTIL_QUOTE, /* up to the closing '"' with `tail` behind it, both passed; the opening one is
                    passed */
    UNTIL_BLANK, /* up to a blank (not passed) or the end of the line */
};

enum { TAIL_MAX = 8 };

/* One field and what must stand behind it. */
struct field_op {
    unsigned char field;  /* enum field */
    unsigned char ending; /* enum field_ending */
    unsigned char tail_size;
    unsigned char likely_size; /* of the field, up to 3: tried before a search; 0: none */
    char tail[TAIL_MAX];       /* of a closing '"' without a tail, a blank or the end must follow */
};

struct log_format {
    const char *name;
    const char *about;
    const char *example; /* how the server's own notation writes it */
    const struct field_op *ops;
    size_t op_count;
    unsigned absent; /* bit per enum field that it lacks; fewer are more specific */
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
