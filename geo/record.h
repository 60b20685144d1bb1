/*
 * record: one data record of a MaxMind DB, read by path.
 *
 *     {"country": {"iso_code": "DE", "names": {"en": "Germany"}}, "subdivisions": [{...}]}
 *
 *     record_find(&record, (const char *const[]){"country", "iso_code", NULL}, &value)
 *
 * libmaxminddb opens the file and walks the search tree, but does not read the records:
 * MMDB_aget_value of 1.7.1 (Debian 12) calls itself once for each level of a value that it has to
 * skip, without a limit, so that a file with a million nested arrays ends the program. Here
 * skipping is a loop, and everything that is asked of one record shares a budget of RECORD_BUDGET
 * values (a large city record has about 300), however a file is made.
 *
 * The encoding: https://maxmind.github.io/MaxMind-DB/, "Output Data Section".
 */
#ifndef GEO_RECORD_H
#define GEO_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum { RECORD_BUDGET = 16 * 1024 };

/* The numbers of the format; all others are values that we only skip. */
enum record_type { RECORD_POINTER = 1, RECORD_TEXT = 2, RECORD_MAP = 7, RECORD_ARRAY = 11 };

struct record {
    struct slice section; /* the file's data section, without the metadata behind it */
    size_t at;            /* where the record begins in it; may be past its end (then corrupt) */
    unsigned budget;      /* values that may still be looked at */
};

struct record_value {
    unsigned type; /* never a pointer: pointers are followed */
    size_t size;   /* bytes of a text, pairs of a map, items of an array */
    size_t at;     /* of its contents in the section */
};

enum record_answer {
    RECORD_FOUND,
    RECORD_ABSENT,  /* no such key, or something else than a map or an array where one is needed */
    RECORD_CORRUPT, /* not decodable, or the budget is used up */
};

static inline struct record record_at(struct slice section, size_t at)
{
    return (struct record){.section = section, .at = at, .budget = RECORD_BUDGET};
}

/*
 * The value at a path of map keys, ended by NULL. In an array every step means its first item,
 * whatever the step's name. *value is set only when it is found.
 */
enum record_answer record_find(struct record *record, const char *const *path,
                               struct record_value *value);

#endif
