/*
 * sample: a line that may be shown.
 *
 * A report shows a few of the lines that it could not count, so that one can see what they are.
 * What would tell who somebody is, or what somebody asked for, does not leave the program:
 *
 *     192.0.2.1, 2001:db8::1       [address]
 *     GET /a?b=c HTTP/1.1          GET /a?[query] HTTP/1.1
 *     step=2                       step=[value]        queries of W3C logs, cookies
 *     "Mozilla/5.0 (X11)"          "[agent]"           also the third quoted string
 *     alice@example.com            [mail]
 *     alice [21/Nov/2026...        [name] [21/Nov...   all words before a CLF stamp
 *     "remote_user":"alice"        "remote_user":"[text]"
 *     NUL bytes                    [nul]
 *     "x_session":"abcdef"         "x_session":"[text]" JSON members but for harmless ones
 *     "GET /a" 200 "-" 10.0.0.9"   "[text]"             all from the first quote on, where one is
 *                                                       missing: which texts are quoted is unclear
 *
 * Of a line that fits its format but for its time or status the fields are known: address, user,
 * agent, cookie, query and extra fields are masked as such. Of others this goes by looks and rather
 * masks too much: a version of four numbers is an address, okhttp/4.9 an agent. All other bytes
 * stay as they are: escaping is the output's duty.
 */
#ifndef PARSER_SAMPLE_H
#define PARSER_SAMPLE_H

#include "base/slice.h"
#include "parser/fields.h"

enum { SAMPLE_BYTES = 160 };

/*
 * `fields`: of the line, not decoded, or NULL. The masked line into `out`, NUL-terminated and
 * without NUL bytes inside; a longer one is cut and ends in "...". Reads a line once, however long
 * it is.
 */
void sample_mask(struct slice line, const struct line_fields *fields, char out[SAMPLE_BYTES + 1]);

#endif
