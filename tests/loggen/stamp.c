#include "tests/loggen/stamp.h"

#include <stdlib.h>
#include <time.h>

#include "tests/loggen/put.h"

static const char month_names[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
                                      "Aug", "Sep", "Oct", "Nov", "Dec", "Foo"};

struct stamp stamp_of(int64_t epoch_ms, int32_t zone_s)
{
    const time_t clock_s = (time_t)(epoch_ms / 1000 + zone_s);
    struct tm parts;
    gmtime_r(&clock_s, &parts);
    return (struct stamp){.epoch_ms = epoch_ms,
                          .zone_s = zone_s,
                          .year = (unsigned)parts.tm_year + 1900,
                          .month = (unsigned)parts.tm_mon + 1,
                          .day = (unsigned)parts.tm_mday,
                          .hour = (unsigned)parts.tm_hour,
                          .minute = (unsigned)parts.tm_min,
                          .second = (unsigned)parts.tm_sec,
                          .millisecond = (unsigned)(epoch_ms % 1000)};
}

static char *put_zone(char *at, int32_t zone_s, const char *colon)
{
    const unsigned minutes = (unsigned)abs(zone_s) / 60 % 1440;
    *at++ = zone_s < 0 ? '-' : '+';
    at = put_padded(at, minutes / 60, 2);
    at = put_text(at, colon);
    return put_padded(at, minutes % 60, 2);
}

char *stamp_put_time(char *at, const struct stamp *stamp)
{
    at = put_padded(at, stamp->hour, 2);
    *at++ = ':';
    at = put_padded(at, stamp->minute, 2);
    *at++ = ':';
    return put_padded(at, stamp->second, 2);
}

char *stamp_put_clock(char *at, const struct stamp *stamp)
{
    at = put_padded(at, stamp->day, 2);
    *at++ = '/';
    at = put_text(at, month_names[stamp->month - 1]);
    *at++ = '/';
    at = put_padded(at, stamp->year, 4);
    *at++ = ':';
    return stamp_put_time(at, stamp);
}

char *stamp_put_clf(char *at, const struct stamp *stamp)
{
    at = stamp_put_clock(at, stamp);
    *at++ = ' ';
    return put_zone(at, stamp->zone_s, "");
}

char *stamp_put_date(char *at, const struct stamp *stamp)
{
    at = put_padded(at, stamp->year, 4);
    *at++ = '-';
    at = put_padded(at, stamp->month, 2);
    *at++ = '-';
    return put_padded(at, stamp->day, 2);
}

static char *put_date_and_time(char *at, const struct stamp *stamp)
{
    at = stamp_put_date(at, stamp);
    *at++ = 'T';
    return stamp_put_time(at, stamp);
}

char *stamp_put_iso(char *at, const struct stamp *stamp)
{
    return put_zone(put_date_and_time(at, stamp), stamp->zone_s, ":");
}

char *stamp_put_epoch(char *at, const struct stamp *stamp, const char *quote)
{
    if (stamp->epoch_ms != STAMP_NO_EPOCH)
        return put_seconds(at, (uint64_t)stamp->epoch_ms);
    at = put_text(at, quote);
    at = put_date_and_time(at, stamp);
    return put_text(at, quote);
}

char *stamp_put_syslog(char *at, const struct stamp *stamp)
{
    at = put_format(at, "%s %2u ", month_names[stamp->month - 1], stamp->day);
    return stamp_put_time(at, stamp);
}
