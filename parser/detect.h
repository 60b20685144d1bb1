/*
 * detect: which format a log has.
 *
 * Every preset is tried on a sample of lines, taken at even distances from the first block. Those
 * that accept at least half as many lines as the best are plausible, and of them the one that knows
 * the most fields wins (a combined line is also a common one). A line with a name where the address
 * should be counts less. The first lines are not trusted more than the others: a log may begin with
 * scanners' rubbish. Lines that most others do not look like are the second format's: the one that
 * accepts most of what the first does not.
 */
#ifndef PARSER_DETECT_H
#define PARSER_DETECT_H

#include <stddef.h>

#include "parser/format.h"
#include "parser/line_parser.h"
#include "parser/lines.h"

enum { DETECT_LINES = 400 };

struct detection {
    struct line_format line_format;     /* .format NULL when no format accepts a line */
    const struct log_format *runner_up; /* the next best that accepts a line, or NULL */
    size_t lines;                       /* in the sample, blank ones and directives left out */
    size_t accepted;                    /* by the format */
    size_t with_rest;                   /* accepted ones with more behind the format's last field */
    size_t second_accepted;             /* by the second format, of those the first does not */
    size_t runner_up_accepted;
    int64_t first_ms;        /* of the first accepted line; CIVIL_NO_TIME when there is none */
    int64_t median_ms;       /* of the accepted lines */
    struct slice first_line; /* the first accepted line, in the block */
    bool has_zone;           /* the first accepted line names its time zone */
};

struct detect_options {
    const struct log_format *only; /* judge this format alone (given by the user); NULL: presets */
    const struct field_map *map;   /* names for JSON, LTSV and columns; NULL: the usual ones */
    const struct extra_fields *extra; /* in lines of these; they decide nothing; NULL: none */
    const struct time_zone *zone;
};

/* The texts of formats that are made on the way (a preset with the user's names) live in arena. */
struct detection detect_format(const struct block *block, const struct detect_options *options,
                               struct arena *arena);

#endif
