/*
 * fields: what a log line can hold, whatever its format, and what logs call it.
 *
 * Formats whose lines name their fields (JSON, LTSV, W3C, CSV) are understood by these names: the
 * usual names of the common servers are built in, a journey file can add its own.
 *
 *     "remote_addr", "c-ip", "request.client_ip"   -> FIELD_ADDRESS
 *     "request_time"                               -> FIELD_DURATION in seconds
 */
#ifndef PARSER_FIELDS_H
#define PARSER_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum { EXTRA_FIELDS = 4 };

enum field {
    FIELD_SKIP,
    FIELD_HOST, /* virtual host; a port may follow */
    FIELD_ADDRESS,
    FIELD_FORWARDED, /* X-Forwarded-For or Forwarded */
    FIELD_USER,
    FIELD_TIME, /* all of it, or its first piece; the pieces stand next to each other here */
    FIELD_TIME_2,
    FIELD_TIME_3,
    FIELD_TIME_4,
    FIELD_REQUEST, /* GET /a?b HTTP/1.1 */
    FIELD_METHOD,
    FIELD_URL,   /* /a?b, or absolute */
    FIELD_QUERY, /* where it stands apart from the URL; a '?' may come first */
    FIELD_STATUS,
    FIELD_BYTES,
    FIELD_DURATION,
    FIELD_REFERRER,
    FIELD_AGENT,
    FIELD_COOKIE,
    FIELD_EXTRA, /* the first of EXTRA_FIELDS: a cookie or header that a user asks for */
    FIELD_EXTRA_LAST = FIELD_EXTRA + EXTRA_FIELDS - 1,
    FIELD_COUNT
};
const char *field_name(enum field field); /* "address", "user agent", ... */

/*
 * Cookies and headers of requests that are wanted beyond the usual fields. Logs call the header
 * "X-Session" %{X-Session}i, $http_x_session, cs(X-Session), request.headers.X-Session ...,
 * and the cookie "uid" %{uid}C, $cookie_uid, cookies.uid ...
 */
struct extra_field {
    const char *name;
    bool is_cookie;
};
struct extra_fields {
    struct extra_field items[EXTRA_FIELDS];
    size_t count;
};

/*
 * FIELD_EXTRA + number of what a log gives that name; FIELD_SKIP when it is none. NULL is fine.
 * The name alone ("uid", "X-Session") says as much, but a longer one that says what it is
 * ("cookies.uid") is a header or a cookie only. Letter case, '-' and '_' are ignored unless they
 * tell two extra fields apart.
 */
enum field extra_field_of(const struct extra_fields *extra, struct slice logged_name);

/* Likewise of a name that is known to be a cookie's, or a header's. */
enum field extra_field_named(const struct extra_fields *extra, struct slice name, bool is_cookie);

enum duration_unit {
    DURATION_S,
    DURATION_MS,
    DURATION_US,
    DURATION_NS,
    DURATION_MS_OR_S,    /* milliseconds; seconds when it has a decimal point or an exponent: what
                            time-taken is to IIS and to CloudFront */
    DURATION_AS_WRITTEN, /* only with a unit: "duration" is seconds to some and milliseconds to
                            others, and nothing in a line tells */
};

/*
 * "12", "0.123", "1.5e-05", "0.058927s", "731ms", "1m2.5s": a unit that is written (h m s ms us ns)
 * wins over `unit`. What is finer than a microsecond is dropped. False, and *microseconds
 * unchanged, for a dash, a negative number (an aborted request), one beyond int64_t, or what is no
 * duration.
 */
bool duration_parse(struct slice text, enum duration_unit unit, int64_t *microseconds);

/* What a named field of a line means. */
struct field_meaning {
    uint8_t field;    /* enum field; FIELD_SKIP: nothing that is needed */
    uint8_t unit;     /* enum duration_unit, of a FIELD_DURATION */
    uint8_t rank;     /* of two names for the same field in one line the lower counts */
    bool time_is_end; /* of a FIELD_TIME: when the request ended, not began */
};

struct named_field {
    const char *name; /* of nested JSON with dots: "request.headers.User-Agent" */
    struct field_meaning meaning;
};

/* The names that a format or a user knows, and whether the usual ones are known as well. */
struct field_map {
    const struct named_field *items;
    size_t count;
    bool has_usual;
    const struct extra_fields *extra; /* NULL: none */
};

/*
 * Letter case counts first and is ignored otherwise; in the usual names '-' and '_' are the same.
 * FIELD_SKIP for an unknown name. `map` NULL: the usual names alone; otherwise those of the map
 * rank before all usual ones. A name is an extra field's only when it is no other's.
 */
enum { FIELD_MAP_RANKS = 32 }; /* ranks that a map's own names can have */
struct field_meaning field_meaning_of(const struct field_map *map, struct slice name);

/* The map's own item of that name; NULL when it has none, or `map` is NULL. */
const struct named_field *field_map_find(const struct field_map *map, struct slice name);

/* A line that is cut into its fields. */
struct line_fields {
    struct slice at[FIELD_COUNT]; /* {NULL, 0}: not there */
    uint32_t escaped;             /* bit per field: has something for escape_decode */
    uint8_t duration_unit;        /* enum duration_unit */
    bool time_is_end;
};

/* A field's value; the time is taken out of the brackets that Apache puts around it. */
static inline void line_fields_set(struct line_fields *fields, struct field_meaning meaning,
                                   struct slice value, bool is_escaped)
{
    uint32_t bit = UINT32_C(1) << meaning.field;
    if (meaning.field == FIELD_DURATION)
        fields->duration_unit = meaning.unit;
    if (meaning.field == FIELD_TIME) {
        fields->time_is_end = meaning.time_is_end;
        if (value.size >= 2 && value.at[0] == '[' && value.at[value.size - 1] == ']')
            value = (struct slice){value.at + 1, value.size - 2};
    }
    fields->at[meaning.field] = value;
    fields->escaped = is_escaped ? fields->escaped | bit : fields->escaped & ~bit;
}

/*
 * Likewise where a line may have several values for a field: the lowest rank stays, of equals the
 * first. `ranks` are FIELD_COUNT bytes for one line, which need no start value.
 */
static inline void line_fields_offer(struct line_fields *fields, uint8_t *ranks,
                                     struct field_meaning meaning, struct slice value,
                                     bool is_escaped)
{
    if (meaning.field == FIELD_SKIP)
        return;
    if (fields->at[meaning.field].at && ranks[meaning.field] <= meaning.rank)
        return;
    ranks[meaning.field] = meaning.rank;
    line_fields_set(fields, meaning, value, is_escaped);
}

#endif
