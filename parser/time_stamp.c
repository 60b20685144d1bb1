#include "parser/time_stamp.h"

#include "base/civil.h"

enum { EARLIEST_YEAR = 1 }; /* the year 0000 is what a broken clock writes */

void line_clock_init(struct line_clock *clock, int32_t zone_s)
{
    *clock = (struct line_clock){.zone_s = zone_s};
}

/* -1 when one of the digits is none. */
static int two_digits(const char *at)
{
    unsigned tens = (unsigned char)at[0] - '0', ones = (unsigned char)at[1] - '0';
    return tens < 10 && ones < 10 ? (int)(tens * 10 + ones) : -1;
}

/* 1 to 12, or 0. */
static unsigned month_number(const char *at)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (unsigned month = 0; month < 12; month++) {
        const char *name = names + 3 * month;
        if ((at[0] | 0x20) == name[0] && (at[1] | 0x20) == name[1] && (at[2] | 0x20) == name[2])
            return month + 1;
    }
    return 0;
}

/* "+0200", "-03:30": seconds east. */
static bool parse_offset(struct slice text, int32_t *zone_s)
{
    bool has_colon = text.size == 6 && text.at[3] == ':';
    if (!(text.size == 5 || has_colon) || (text.at[0] != '+' && text.at[0] != '-'))
        return false;
    int hours = two_digits(text.at + 1);
    int minutes = two_digits(text.at + (has_colon ? 4 : 3));
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *zone_s = (text.at[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

bool time_zone_parse(struct slice text, int32_t *zone_s)
{
    *zone_s = 0;
    return slice_is(text, "UTC") || slice_is(text, "Z") || parse_offset(text, zone_s);
}

/* "16/Sep/2023:18:22" in the given zone. */
static bool parse_minute(const char *at, int32_t zone_s, int64_t *minute_ms)
{
    int day = two_digits(at), century = two_digits(at + 7), year = two_digits(at + 9);
    int hour = two_digits(at + 12), minute = two_digits(at + 15);
    unsigned month = month_number(at + 3);
    if (at[2] != '/' || at[6] != '/' || at[11] != ':' || at[14] != ':' || month == 0)
        return false;
    if (century < 0 || year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return false;
    int64_t whole_year = century * 100 + year;
    if (whole_year < EARLIEST_YEAR)
        return false;
    if (day < 1 || (unsigned)day > civil_month_days(whole_year, month))
        return false;
    int64_t days = civil_days(whole_year, month, (unsigned)day);
    *minute_ms = ((days * 24 + hour) * 60 + minute) * 60000 - zone_s * INT64_C(1000);
    return true;
}

/* The part behind the seconds: nothing, or a blank and an offset. */
static bool parse_zone(const struct line_clock *clock, struct slice zone, int32_t *zone_s)
{
    *zone_s = clock->zone_s;
    if (zone.size == 0)
        return true;
    return zone.at[0] == ' ' && parse_offset(slice_from(zone, 1), zone_s);
}

static bool is_same_minute(const struct line_clock *clock, struct slice text, struct slice zone)
{
    return clock->is_set && memcmp(text.at, clock->minute, CLF_MINUTE_BYTES) == 0 &&
           zone.size == clock->zone_size && memcmp(zone.at, clock->zone, zone.size) == 0;
}

static bool set_minute(struct line_clock *clock, struct slice text, struct slice zone)
{
    int32_t zone_s;
    clock->is_set = false;
    if (zone.size > CLF_ZONE_BYTES || !parse_zone(clock, zone, &zone_s) ||
        !parse_minute(text.at, zone_s, &clock->minute_ms))
        return false;
    memcpy(clock->minute, text.at, CLF_MINUTE_BYTES);
    memcpy(clock->zone, zone.at, zone.size);
    clock->zone_size = (uint8_t)zone.size;
    clock->is_set = true;
    return true;
}

bool line_clock_parse(struct line_clock *clock, struct slice text, int64_t *time_ms, bool *has_zone)
{
    if (text.size < CLF_BYTES || text.at[CLF_MINUTE_BYTES] != ':')
        return false;
    struct slice zone = slice_from(text, CLF_BYTES);
    int second = two_digits(text.at + CLF_MINUTE_BYTES + 1);
    if (second < 0 || second > 60)
        return false;
    if (!is_same_minute(clock, text, zone) && !set_minute(clock, text, zone))
        return false;
    *time_ms = clock->minute_ms + second * 1000;
    *has_zone = zone.size > 0;
    return true;
}
