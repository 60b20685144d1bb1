/*
 * sample: a line that may be shown.
 *
 * A report shows a few of the lines that it could not count, so that one can see what they are.
 * What would tell who somebody is, or what somebody asked for, does not leave the program:
 *
 *     192.0.2.1, 2001:db8::1       [address]
 *     GET /a?b=c HTTP/1.1          GET /a?[query] HTTP/1.1
 *     step=2                       step=[value]              queries of W3C logs, cookies
 *     "Mozilla/5.0 (X11)"          "[agent]"                 also the third quoted string of a
 * line, and without quotes alice@example.com            [mail] alice [21/Nov/2026...        [name]
 * [21/Nov/2026...    all words before a CLF stamp "remote_user":"alice" "remote_user":"[name]"
 * strings of JSON called like this NUL bytes                    [nul]
 *
 * Nobody knows the fields of a rejected line, so this goes by looks and rather masks too much: a
 * version of four numbers is an address. All other bytes stay as they are: escaping is the output's
 * duty.
 */
#ifndef PARSER_SAMPLE_H
#define PARSER_SAMPLE_H

#include "base/slice.h"

enum { SAMPLE_BYTES = 160 };

/*
 * The masked line into `out`, NUL-terminated and without NUL bytes inside; a longer one is cut and
 * ends in "...". Reads a line once, however long it is.
 */
void sample_mask(struct slice line, char out[SAMPLE_BYTES + 1]);

#endif
