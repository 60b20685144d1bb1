/*
 * time_zone: what clocks show at a place, for stamps that do not name their zone.
 *
 *     "UTC", "Z", "+02:00", "-0330"      a fixed offset
 *     "Europe/Berlin"                    a name of the system's time zone database
 *     "CET-1CEST,M3.5.0,M10.5.0/3"       a POSIX rule, which needs no database; one with summer
 *                                        time has to say when that is
 *
 * The zone is turned into a table of its changes once (1970 to 2100; outside it is as at the edge),
 * so that reading a stamp asks nobody. The machine's own zone plays no part.
 */
#ifndef PARSER_TIME_ZONE_H
#define PARSER_TIME_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct time_zone;

/* "UTC", "Z", "+02:00", "-0330" -> seconds east of UTC. False for anything else. */
bool time_offset_parse(struct slice text, int32_t *offset_s);

/* The size of the "+02:00", "+0200" or "+02" that `text` begins with, as long as it goes; or 0. */
size_t time_offset_size(struct slice text, int32_t *offset_s);

/*
 * NULL when there is no such zone. Not from two threads at once: the C library's zone is borrowed
 * and given back.
 */
struct time_zone *time_zone_new(const char *name);
void time_zone_free(struct time_zone *zone); /* NULL is fine */

/*
 * A clock time (milliseconds as if it were UTC) -> UTC. In the hour that a clock shows twice the
 * first is meant; in the hour that it leaves out, the offset before it is used.
 * `zone` NULL: UTC.
 */
int64_t time_zone_to_utc(const struct time_zone *zone, int64_t clock_ms);

/* Seconds east of UTC at that moment. */
int32_t time_zone_offset(const struct time_zone *zone, int64_t utc_ms);

/*
 * A day at that place: [begin, end) in UTC. One with a change of clocks has other than 24 hours.
 * Where clocks are put back over midnight, the new day has begun and goes on.
 */
struct day {
    int64_t begin_ms, end_ms;
};
struct day time_zone_day(const struct time_zone *zone, int64_t utc_ms);

static inline bool day_holds(const struct day *day, int64_t utc_ms)
{
    return day->begin_ms <= utc_ms && utc_ms < day->end_ms;
}

bool time_zone_same_day(const struct time_zone *zone, int64_t a_ms, int64_t b_ms);

#endif
