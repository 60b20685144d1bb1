/*
 * geo: address -> place.
 *
 * Reads any number of MaxMind DB files at once (IPv4 and IPv6 files, country and city) in both
 * schemas that are in use: MaxMind's (country.iso_code, subdivisions[].iso_code, city.names.en) and
 * the flat one (country_code, state1, city); see schema.h. For each level the first file (in the
 * order given) that knows it answers, but a file that names another country than the one answered
 * is not asked for subdivision and city. Places are numbered; each data record is decoded once,
 * however many addresses lead to it.
 *
 * An address that no file knows, a host name, or an IPv6 address in an IPv4-only file is place 0,
 * the unknown place: "ZZ". A corrupt record is counted (geo_failed_lookups) and is unknown as well.
 *
 * The files are mapped, not copied: replace them by renaming a new file over the old one. Cutting
 * or overwriting one in place while it is in use can end the program with SIGBUS.
 */
#ifndef GEO_GEO_H
#define GEO_GEO_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "parser/address.h"

enum { GEO_UNKNOWN = 0 };

struct geo;

/*
 * Slices live as long as the geo. Unknown levels are empty, except the country, which is "ZZ".
 */
struct geo_place {
    struct slice country;     /* ISO 3166-1 alpha-2, "ZZ" unknown */
    struct slice subdivision; /* "DE-BE" with an ISO code, else "DE Name"; empty when unknown */
    struct slice city;        /* "DE-BE Berlin" or "DE Berlin"; empty when unknown */
};

/*
 * count may be 0: then every address is unknown. NULL and *error (ERROR_USAGE) when a file is
 * missing, unreadable or not a MaxMind DB, or holds neither countries nor cities nor networks:
 * the sentence names the file, the library's reason and what to do. Networks (autonomous systems)
 * alone are accepted and add nothing to a place.
 */
struct geo *geo_open(const char *const *paths, size_t count, struct error *error);
void geo_close(struct geo *geo);

/* The place number of an address (parser/address.h normalises v4-mapped ones). One thread. */
uint32_t geo_lookup(struct geo *geo, const struct address *address);

/* number < geo_place_count. The pointer is valid until the next lookup, its slices longer. */
const struct geo_place *geo_place(const struct geo *geo, uint32_t number);
uint32_t geo_place_count(const struct geo *geo);

/* How many lookups met a corrupt record. */
uint64_t geo_failed_lookups(const struct geo *geo);

/*
 * One line a file: "country ipvAll, built 2026-06-17, FILE", safe to show (printable.h).
 * index < geo_file_count.
 */
const char *geo_file_description(const struct geo *geo, size_t index);
size_t geo_file_count(const struct geo *geo);

/* The English short name of an ISO 3166-1 alpha-2 code ("Germany"), or NULL when it is none. */
const char *country_name(struct slice code);

#endif
