/*
 * writer: a plan -> log files.
 *
 * Writes DIR/access.log, or DIR/access-1.log .. access-K.log: either one after the other in time
 * (as rotation leaves them) or by turns (as K servers behind one balancer write them). What one
 * visitor does within one second always stays with one server: their order could not be told.
 * DIR/truth/inputs.csv says what each file holds.
 *
 * A request begins at its second and takes the whole seconds of its delay and some milliseconds
 * more, drawn from the seed. So lines stand in the same order in every format.
 */
#ifndef LOGGEN_WRITER_H
#define LOGGEN_WRITER_H

#include <stdbool.h>

#include "tests/loggen/formats.h"
#include "tests/loggen/plan.h"

struct writer_options {
    const char *folder;
    enum log_format format;
    uint64_t seed;      /* of what the plan leaves open: durations, the columns of W3C */
    bool whole_seconds; /* durations have no part of a second */
    unsigned file_count;
    bool by_turns;
    bool crlf, bom;
    bool no_last_newline; /* of one file; several could end in a blank line, which would be lost */
    int32_t zone_s;       /* that the times are written in */
};

/*
 * Returns how many lines are headers of the format. Exits the program with a message when a file
 * cannot be written.
 */
uint64_t writer_write(const struct plan *plan, const struct writer_options *options);

/* "2026-11-21T20:19:16Z" into `text` (at least 32 bytes). Returns `text`. */
const char *writer_time(int64_t at_s, char *text);

#endif
