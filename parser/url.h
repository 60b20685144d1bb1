/*
 * url: percent-decoding and queries.
 *
 * Decoding happens once: "%2541" becomes "%41" and stays so. A '%' that is not followed by two
 * hex digits is kept as it is.
 */
#ifndef PARSER_URL_H
#define PARSER_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/*
 * Decodes %XX into `out` (needs at least text.size bytes; may be the same memory as text.at);
 * with plus_is_blank also '+' to ' ', as in queries. Returns the decoded size.
 */
size_t url_decode(struct slice text, bool plus_is_blank, char *out);

struct url_parameter {
    struct slice name;  /* undecoded */
    struct slice value; /* undecoded; empty when there is no '=' */
};

/*
 * Takes the next "name=value" off *rest ('&' and ';' separate). False when there is none left.
 *
 *     struct slice rest = query;
 *     while (url_next_parameter(&rest, &parameter)) ...
 */
bool url_next_parameter(struct slice *rest, struct url_parameter *parameter);

#endif
