/*
 * schema: what the fields of a database are called.
 *
 * Two families are in use, and a file's type does not tell which ("city ipv4", "GeoLite2-City"), so
 * the fields are tried one after the other:
 *
 *     country      country.iso_code, registered_country.iso_code, country_code (flat)
 *     subdivision  subdivisions[0].iso_code, subdivisions[0].names.en, state1 (flat)
 *     city         city.names.en, city (flat)
 *
 * Whoever made the file wrote these texts, so they are as hostile as a log: a code is letters and
 * digits or it is unknown; a name is any bytes but NUL, up to SCHEMA_NAME_SIZE (no real one is
 * longer), or it is unknown. The empty text, which flat files use, is unknown as well.
 */
#ifndef GEO_SCHEMA_H
#define GEO_SCHEMA_H

#include <stdbool.h>

#include "base/slice.h"

enum { SCHEMA_NAME_SIZE = 128 }; /* bytes */

/* As geo.h shows them; "" is unknown. Without a country the finer levels are unknown too. */
struct schema_place {
    char country[3];
    char subdivision[sizeof "DE-" + SCHEMA_NAME_SIZE];
    char city[sizeof "DE-ABC " + SCHEMA_NAME_SIZE];
};

/*
 * Reads the record at `at` of a data section. False, and everything unknown, when what was read
 * of it is corrupt.
 */
bool schema_read(struct slice section, size_t at, struct schema_place *place);

enum schema_answer { SCHEMA_KNOWN, SCHEMA_FOREIGN, SCHEMA_UNREADABLE, SCHEMA_ANSWER_COUNT };

/* Does the record have a field of places or of networks (autonomous systems)? */
enum schema_answer schema_probe(struct slice section, size_t at);

#endif
