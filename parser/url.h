/*
 * url: percent-decoding, queries, and the parameters of a path.
 *
 * Decoding happens once: "%2541" becomes "%41" and stays so. A '%' that is not followed by two
 * hex digits is kept as it is.
 */
#ifndef PARSER_URL_H
#define PARSER_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

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

/*
 * Parameters of a path (RFC 3986, section 3.3) hold what a server keeps for itself, mostly a
 * session. They go from a ';' that has a '=' behind it to the end of its segment:
 *
 *     /shop;jsessionid=8F2C/cart;a;b=1  ->  /shop/cart        /a;b  ->  /a;b
 *
 * Writes the undecoded path without them into `out` (`out_size` bytes, not the memory of the path);
 * what does not fit is cut off. Once is enough: nothing more is taken from what is left.
 */
struct slice url_without_parameters(struct slice path, char *out, size_t out_size);

/* Quick: false for nearly all paths, and then there is nothing to take away. */
static inline bool url_may_have_parameters(struct slice path)
{
    return path.size && memchr(path.at, ';', path.size);
}

#endif
