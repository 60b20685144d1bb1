/*
 * time_stamp: the time fields of a log line.
 *
 * Stamps of neighbouring lines are nearly equal, so the minute of the last one is kept: a stamp of
 * the same minute and zone costs two digits. The zone in the line counts; a line without one is
 * taken to be in the clock's own zone. The machine's time zone and locale play no part.
 *
 *     TIME_CLF         16/Sep/2023:18:22:16 -0400     zone optional
 *     TIME_ISO         2023-09-16T18:22:16.123-04:00  a blank for T; fraction and zone optional
 *     TIME_ISO_PARTS   2023-09-16 and 18:22:16[.123]  two pieces, in UTC (W3C)
 *     TIME_EPOCH       1694902936[.123], 1694902936123: seconds, milli-, micro- or nanoseconds,
 *                      told apart by size
 *     TIME_ANY         TIME_ISO_PARTS when there is a second piece, else one of the other three,
 *                      told by its first bytes; also in brackets, as Apache's %t writes it
 *     TIME_PATTERN     up to TIME_PIECES pieces, each with its own pattern
 *
 * Zones that a TIME_ISO may have: Z, UTC, +hh, +hhmm, +hh:mm, a blank before it or not. Fractions
 * are cut off behind the millisecond. A whole number is taken for seconds below 10^11 (the year
 * 5138), for milliseconds below 10^14, microseconds below 10^17, nanoseconds from there on. Years
 * are 1 to 9999. A leap second (:60) is the next second, as in POSIX time.
 */
#ifndef PARSER_TIME_STAMP_H
#define PARSER_TIME_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "parser/time_zone.h"

enum { CLF_MINUTE_BYTES = 17, CLF_BYTES = 20, CLF_ZONE_BYTES = 6, TIME_PIECES = 4 };

enum time_style { TIME_CLF, TIME_ISO, TIME_ISO_PARTS, TIME_EPOCH, TIME_ANY, TIME_PATTERN };

/*
 * A compiled strftime pattern. Conversions: %a %A %b %B %h %d %e %D %F %H %I %j %k %l %m %M %n %p
 * %R %s %S %t %T %y %Y %z %Z %%, and %f a fraction of a second in any number of digits, %L
 * milliseconds, %N microseconds as a number of their own (Apache's msec_frac and usec_frac are %L
 * and %N; msec and usec are %Q and %q: milli- and microseconds since 1970).
 *
 * %? comes last and takes the rest of its piece: a zone as of %z, UTC, GMT, or Z counts, anything
 * else, or nothing, is passed over. Names are English, in any case of letters, whole or their first
 * three letters. Numbers may lack leading zeros, or have one blank in place of them. %y is 1969 to
 * 2068. Of zones that %Z takes only UTC, GMT, Z and offsets are known.
 */
enum { TIME_PATTERN_PARTS = 32 };
struct time_pattern {
    size_t count;
    struct {
        char conversion; /* 0: the literal byte; those that stand for several are several here */
        char literal;
    } parts[TIME_PATTERN_PARTS];
};

/*
 * False with the offset of what is wrong in *offset and why in *reason (a constant sentence). A
 * pattern that lacks a date or a time is fine: another piece may have it.
 */
bool time_pattern_compile(struct slice text, struct time_pattern *pattern, size_t *offset,
                          const char **reason);

/* How the time fields of a format are written. Zeroed: TIME_CLF. */
struct time_reader {
    enum time_style style;
    size_t piece_count; /* of TIME_PATTERN */
    struct time_pattern patterns[TIME_PIECES];
};

struct line_clock {
    const struct time_zone *zone;  /* for stamps without one; NULL: UTC; borrowed */
    int64_t minute_ms;             /* of the stamp in `minute` and `zone_text` */
    char minute[CLF_MINUTE_BYTES]; /* as far as the seconds; its size tells the style */
    char zone_text[CLF_ZONE_BYTES];
    uint8_t minute_size, zone_size; /* 0: no minute is kept; no zone */
};

void line_clock_init(struct line_clock *clock, const struct time_zone *zone);

/*
 * A TIME_CLF stamp. False when the text is not a possible date and time. *has_zone tells whether
 * the text named its zone.
 */
bool line_clock_parse(struct line_clock *clock, struct slice text, int64_t *time_ms,
                      bool *has_zone);

/*
 * Any style; `pieces` are TIME_PIECES slices, as in line_fields from FIELD_TIME on. The zone of
 * TIME_ISO_PARTS and TIME_EPOCH counts as named: they are UTC.
 */
bool line_clock_read(struct line_clock *clock, const struct time_reader *reader,
                     const struct slice *pieces, int64_t *time_ms, bool *has_zone);

#endif
