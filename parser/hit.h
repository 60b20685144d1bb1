/*
 * hit: one parsed line of a log.
 *
 * Its slices borrow from the block of the log that is being read, or from the parser's own memory
 * where something had to be decoded: valid until the next line. A line is a hit, or filtered by a
 * rule, or rejected for one reason; each is counted, nothing is lost: lines = counted + filtered +
 * rejected.
 */
#ifndef PARSER_HIT_H
#define PARSER_HIT_H

#include <stdint.h>

#include "base/slice.h"
#include "parser/address.h"
#include "parser/fields.h"
#include "parser/oddity.h"
#include "parser/request.h"

enum filter_reason {
    FILTER_TIME,            /* outside --since and --until */
    FILTER_DIRECTIVE,       /* a header or comment of the format, such as "#Fields: ..." */
    FILTER_ALREADY_COUNTED, /* stands in another input, too, and was counted there */
    FILTER_DAMAGED_FILE,    /* --strict, and its file is damaged */
    FILTER_COUNT
};
const char *filter_reason_name(enum filter_reason reason); /* "time", "directive", ... */

enum reject_reason {
    REJECT_BLANK,    /* nothing but white space */
    REJECT_OVERLONG, /* over LINE_LIMIT bytes */
    REJECT_FORMAT,   /* the fields of the format are not there */
    REJECT_TIME,     /* not a possible date and time */
    REJECT_FAR_TIME, /* more than FAR_TIME_YEARS from the median of the file's sample */
    REJECT_STATUS,   /* not a number from 100 to 599 */
    REJECT_NUL,      /* a NUL byte inside */
    REJECT_COUNT
};
const char *reject_reason_name(enum reject_reason reason); /* "blank", "overlong", ... */

enum { LINE_LIMIT = 64 * 1024, FAR_TIME_YEARS = 20 };

/* Of mean Gregorian years. */
#define FAR_TIME_MS (FAR_TIME_YEARS * INT64_C(31556952000))

/* Is a time so far from a log's median that only a broken clock can have written it? */
static inline bool hit_is_far(int64_t time_ms, int64_t median_ms)
{
    return time_ms < median_ms - FAR_TIME_MS || time_ms > median_ms + FAR_TIME_MS;
}

#define HIT_NO_DURATION INT64_C(-1)

struct hit {
    int64_t time_ms; /* when the request began, as far as the log tells */
    bool has_zone;   /* the line told its time zone */
    uint8_t oddity;  /* enum oddity */
    uint16_t status;
    struct address address;
    struct slice address_text; /* as written; tells visitors apart when address is a name */
    struct slice agent;        /* decoded, "-" when absent; empty when the format has none */
    struct slice referrer;     /* likewise */
    struct slice host;         /* virtual host without a port; empty when the format has none */
    struct slice user;
    struct slice forwarded; /* X-Forwarded-For or Forwarded; empty when the format has none */
    struct slice cookie;
    struct slice extra[EXTRA_FIELDS]; /* cookies and headers that were asked for (fields.h),
                                         decoded; empty when absent or "-" */
    struct request request;
    int64_t size_bytes;  /* -1 unknown */
    int64_t duration_us; /* HIT_NO_DURATION unknown */
};

#endif
