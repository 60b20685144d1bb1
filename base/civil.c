#include "base/civil.h"

#include <stdio.h>
#include <string.h>

enum { SECONDS_A_DAY = 86400 };

int64_t civil_days(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    unsigned year_of_era = (unsigned)(year - era * 400);
    unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + (int64_t)day_of_era - 719468;
}

unsigned civil_month_days(int64_t year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

struct civil_date {
    int64_t year;
    unsigned month, day;
};

static struct civil_date date_of_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    unsigned day_of_era = (unsigned)(days - era * 146097);
    unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned shifted = (5 * day_of_year + 2) / 153;
    unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
    return (struct civil_date){.year = (int64_t)year_of_era + era * 400 + (month <= 2),
                               .month = month,
                               .day = day_of_year - (153 * shifted + 2) / 5 + 1};
}

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

const char *civil_format(int64_t at_ms, char *text)
{
    text[0] = '\0';
    if (at_ms == CIVIL_NO_TIME)
        return text;
    int64_t seconds = floor_divide(at_ms, 1000);
    int64_t days = floor_divide(seconds, SECONDS_A_DAY);
    int rest_s = (int)(seconds - days * SECONDS_A_DAY);
    int rest_ms = (int)((at_ms % 1000 + 1000) % 1000);
    struct civil_date date = date_of_days(days);
    int used =
        snprintf(text, CIVIL_TEXT_SIZE, "%04lld-%02u-%02uT%02d:%02d:%02d", (long long)date.year,
                 date.month, date.day, rest_s / 3600, rest_s / 60 % 60, rest_s % 60);
    char *end = text + used;
    if (rest_ms)
        end += snprintf(end, 8, ".%03d", rest_ms);
    strcpy(end, "Z");
    return text;
}

/* Exactly `digits` decimal digits at **at, moved past them. */
static bool read_number(const char **at, int digits, int64_t *value)
{
    *value = 0;
    for (int i = 0; i < digits; i++, ++*at) {
        if (**at < '0' || **at > '9')
            return false;
        *value = *value * 10 + (**at - '0');
    }
    return true;
}

static bool read_byte(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    ++*at;
    return true;
}

static bool read_date(const char **at, int64_t *days)
{
    int64_t year, month, day;
    if (!read_number(at, 4, &year) || !read_byte(at, '-') || !read_number(at, 2, &month) ||
        !read_byte(at, '-') || !read_number(at, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > civil_month_days(year, (unsigned)month))
        return false;
    *days = civil_days(year, (unsigned)month, (unsigned)day);
    return true;
}

static bool read_clock(const char **at, int64_t *clock_ms)
{
    int64_t hour, minute, second = 0, fraction = 0;
    if (!read_number(at, 2, &hour) || !read_byte(at, ':') || !read_number(at, 2, &minute))
        return false;
    if (read_byte(at, ':')) {
        if (!read_number(at, 2, &second))
            return false;
        if (read_byte(at, '.') && !read_number(at, 3, &fraction))
            return false;
    }
    *clock_ms = ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
    return hour < 24 && minute < 60 && second < 60;
}

/* "", "Z" or "+hh:mm" up to the end of the text. */
static bool read_zone(const char *at, int32_t *zone_s)
{
    int64_t hours, minutes;
    if (*at == '\0')
        return true;
    if (*at == 'Z') {
        *zone_s = 0;
        return at[1] == '\0';
    }
    int sign = *at == '-' ? -1 : 1;
    if (*at != '+' && *at != '-')
        return false;
    ++at;
    if (!read_number(&at, 2, &hours) || !read_byte(&at, ':') || !read_number(&at, 2, &minutes))
        return false;
    *zone_s = sign * (int32_t)(hours * 3600 + minutes * 60);
    return *at == '\0' && hours < 24 && minutes < 60;
}

bool civil_parse(const char *text, int32_t zone_s, int64_t *at_ms)
{
    int64_t days, clock_ms = 0;
    if (!read_date(&text, &days))
        return false;
    if (*text == 'T' || *text == ' ') {
        ++text;
        if (!read_clock(&text, &clock_ms))
            return false;
    }
    if (!read_zone(text, &zone_s))
        return false;
    *at_ms = (days * SECONDS_A_DAY - zone_s) * 1000 + clock_ms;
    return true;
}
