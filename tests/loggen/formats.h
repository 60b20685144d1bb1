/*
 * formats: how a request is written down, format by format.
 *
 * All formats describe the same requests. What a format lacks is left out; a stamp with whole
 * seconds loses the rest of its second:
 *
 *     begin                     end = begin + duration
 *       |---------------------------|
 *     Apache, HAProxy             nginx, IIS, CloudFront, ALB, Caddy, Squid write their stamp here
 *
 * The names are those of the presets that read them; combined_cookie has none, it is combined and
 * "%{Cookie}i".
 */
#ifndef LOGGEN_FORMATS_H
#define LOGGEN_FORMATS_H

#include <stdbool.h>

#include "base/slice.h"
#include "tests/loggen/random.h"
#include "tests/loggen/stamp.h"

enum log_format {
    LOG_COMBINED,
    LOG_COMBINED_COOKIE,
    LOG_COMMON,
    LOG_VHOST_COMBINED,
    LOG_NGINX_TIMED,
    LOG_APACHE_TIMED,
    LOG_W3C,
    LOG_CLOUDFRONT,
    LOG_LTSV,
    LOG_JSON,
    LOG_CADDY,
    LOG_HAPROXY, /* behind a syslog prefix, with captured headers */
    LOG_ALB,
    LOG_SQUID,
    LOG_FORMAT_COUNT
};

const char *format_name(enum log_format format);
/* False: all visitors of an address look the same. */
bool format_has_agents(enum log_format format);
bool format_has_durations(enum log_format format);
/* False: its stamps are in UTC, wherever the server stands. */
bool format_has_zone(enum log_format format);

struct record {
    struct slice address, request, referrer, agent, cookie; /* as Apache writes them */
    struct stamp begin, end;
    struct stamp written; /* when the line was, as syslog says: always possible */
    uint32_t duration_ms;
    uint32_t size_bytes;
    uint16_t status;
    uint16_t port; /* of the client */
};

enum { FORMAT_MAX_COLUMNS = 24 };

/* Which columns a file has at the moment (W3C); zeroed at the start of a file. */
struct format_layout {
    unsigned char columns[FORMAT_MAX_COLUMNS];
    bool is_set;
};

/* The lines of the header at the start of a file; 0: the format has none. */
unsigned format_header_lines(enum log_format format);
bool format_repeats_header(enum log_format format); /* anywhere, with other columns */

/* Writes the header; its lines, the last one too, end in `line_end`. */
char *format_put_header(enum log_format format, char *at, struct format_layout *layout,
                        const struct stamp *now, struct random *random, const char *line_end);

/* Writes the line without its end. */
char *format_put(enum log_format format, char *at, const struct format_layout *layout,
                 const struct record *record);

#endif
