/*
 * hit: one parsed line of a log.
 *
 * Its slices borrow from the block of the log that is being read: valid until the next block.
 * A line is a hit, or filtered by a rule, or rejected for one reason; each is counted, nothing
 * is lost: lines = counted + filtered + rejected.
 */
#ifndef PARSER_HIT_H
#define PARSER_HIT_H

#include <stdint.h>

#include "base/slice.h"
#include "parser/address.h"
#include "parser/request.h"

enum reject_reason {
    REJECT_BLANK,    /* nothing but white space */
    REJECT_OVERLONG, /* over LINE_LIMIT bytes */
    REJECT_FORMAT,   /* the fields of the format are not there */
    REJECT_TIME,     /* not a possible date and time */
    REJECT_STATUS,   /* not a number from 100 to 599 */
    REJECT_NUL,      /* a NUL byte inside */
    REJECT_COUNT
};
const char *reject_reason_name(enum reject_reason reason); /* "blank", "overlong", ... */

enum { LINE_LIMIT = 64 * 1024 };

struct hit {
    int64_t time_ms;
    bool has_zone; /* the line told its time zone */
    struct address address;
    struct slice address_text; /* as written; tells visitors apart when address is a name */
    struct slice agent;        /* raw, "-" when absent */
    struct slice referrer;     /* raw, "-" when absent; empty when the format has none */
    struct slice host;         /* virtual host; empty when the format has none */
    struct slice user;
    struct request request;
    uint16_t status;
    int64_t size_bytes; /* -1 unknown */
};

#endif
