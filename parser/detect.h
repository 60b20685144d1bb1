/*
 * detect: which format a log has.
 *
 * Every preset is tried on a sample of lines from the start of the input; the one that accepts
 * the most lines wins, the more specific one among equals (a combined line is also a common one).
 * The first lines are not trusted more than the others: a log may begin with scanners' rubbish.
 */
#ifndef PARSER_DETECT_H
#define PARSER_DETECT_H

#include <stddef.h>

#include "parser/format.h"
#include "parser/lines.h"

enum { DETECT_LINES = 1000 };

struct detection {
    const struct log_format *format;    /* NULL when no format accepts a line */
    const struct log_format *runner_up; /* the next best that accepts a line, or NULL */
    size_t lines;                       /* in the sample, blank ones left out */
    size_t accepted;                    /* by `format` */
    size_t runner_up_accepted;
    int64_t first_ms; /* of the first accepted line; CIVIL_NO_TIME when there is none */
};

/* `only`: judge this format alone (one given by the user), NULL for all presets. */
struct detection detect_format(const struct block *block, const struct log_format *only,
                               int32_t zone_s);

#endif
