/*
 * networks: a set of address ranges.
 *
 *     "10.0.0.0/8"  "2001:db8::/32"  "192.0.2.7"      a range, or one address
 *     "private" "cloudflare" ...                      ranges that are known by name
 *     "proxies.txt" "./ranges.json"                   a file of ranges
 *
 * A file holds ranges apart by white space or commas, with comments from '#' to the line's end; or
 * it is the JSON document in which operators of crawlers and CDNs publish theirs: every string in
 * it that is a range counts, others do not.
 *
 * Ranges are kept sorted and joined, IPv4 as v4-mapped IPv6 (address.h), so that a look-up
 * is one binary search.
 */
#ifndef PARSER_NETWORKS_H
#define PARSER_NETWORKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "parser/address.h"

struct networks;

struct networks *networks_new(void);
void networks_free(struct networks *networks); /* NULL is fine */

/*
 * Adds what `spec` says: a range, an address, a known name, or else a file. Bits behind the prefix
 * must be zero ("10.0.0.1/8" is refused, and the message says which range was probably meant).
 * False and *error (ERROR_USAGE; a file's with its line) when it is none of these or a file
 * without any range; the set is then as before.
 */
bool networks_add(struct networks *networks, const char *spec, struct error *error);

/* False for host names, and for an empty set. Thread-safe once nothing is added any more. */
bool networks_hold(const struct networks *networks, const struct address *address);

size_t networks_count(const struct networks *networks); /* of ranges after joining */

/* The known names, ends with NULL; and what one stands for, with its source, for people. */
const char *const *networks_names(void);
const char *networks_about(const char *name);

/*
 * The address with all bits behind the prefix set to zero; prefixes count within the family:
 * 24 of an IPv4 address keeps a.b.c.0, 48 of an IPv6 one keeps three groups.
 */
struct address address_cut(const struct address *address, unsigned v4_prefix, unsigned v6_prefix);

#endif
