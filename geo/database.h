/*
 * database: one MaxMind DB file.
 *
 *     search tree | data section | marker and metadata
 *
 * libmaxminddb maps the file, checks its metadata and walks its search tree. What it finds is an
 * offset in the data section: where the record of an address begins (see record.h).
 */
#ifndef GEO_DATABASE_H
#define GEO_DATABASE_H

#include <maxminddb.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "parser/address.h"

/* Instead of an offset. */
#define DATABASE_NO_RECORD      UINT32_MAX       /* nothing is known of the address */
#define DATABASE_CORRUPT_RECORD (UINT32_MAX - 1) /* the search tree leads nowhere */

struct database {
    MMDB_s file;
    struct slice section; /* the data section */
    char *description;    /* "country ipvAll, built 2026-06-17, FILE", safe to show */
};

/*
 * False and *error (ERROR_USAGE), with nothing left open, when the file cannot be read, is not a
 * MaxMind DB, or holds neither countries nor cities nor networks (autonomous systems). The last is
 * found out by looking into records all over the search tree, and a file is refused only when
 * some could be read and none had a field that we know; an empty or a damaged file is taken.
 */
bool database_open(struct database *database, const char *path, struct error *error);
void database_close(struct database *database);

/*
 * The offset of the address' record. Not for names (ADDRESS_NAME). An IPv6 address in a file of
 * IPv4 networks has no record.
 */
uint32_t database_find(const struct database *database, const struct address *address);

#endif
