#include "parser/time_zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/ascii.h"
#include "base/memory.h"

enum { NAME_BYTES = 64, STEP_S = 86400 }; /* no zone ever changed twice within a week */

#define DATABASE "/usr/share/zoneinfo"

/* 2100-12-31T23:59:59Z, or the last second that the machine can tell. */
#define LAST_S (sizeof(time_t) > 4 ? INT64_C(4133980799) : INT32_MAX)

/*
 * One change: from `utc_ms` on the offset holds. `clock_ms` is where clocks tell that they have
 * changed: behind the hour that they leave out, or behind the second of two equal hours' first.
 */
struct change {
    int64_t utc_ms, clock_ms;
    int32_t offset_s;
};

struct time_zone {
    size_t count; /* 1 at least: the first holds since ever */
    size_t capacity;
    struct change *changes;
};

/* ---- Offsets. */

/* -1 when there are no two digits at `at`. */
static int two_digits(struct slice text, size_t at)
{
    if (at + 2 > text.size || !ascii_is_digit(text.at[at]) || !ascii_is_digit(text.at[at + 1]))
        return -1;
    return (text.at[at] - '0') * 10 + text.at[at + 1] - '0';
}

size_t time_offset_size(struct slice text, int32_t *offset_s)
{
    int hours = two_digits(text, 1);
    if (hours < 0 || hours > 23 || (text.at[0] != '+' && text.at[0] != '-'))
        return 0;
    size_t minutes_at = text.size > 3 && text.at[3] == ':' ? 4 : 3;
    int minutes = two_digits(text, minutes_at);
    if (minutes > 59)
        return 0;
    int32_t size_s = hours * 3600 + (minutes < 0 ? 0 : minutes * 60);
    *offset_s = text.at[0] == '-' ? -size_s : size_s;
    return minutes < 0 ? 3 : minutes_at + 2;
}

bool time_offset_parse(struct slice text, int32_t *offset_s)
{
    *offset_s = 0;
    if (slice_is(text, "UTC") || slice_is(text, "Z"))
        return true;
    return text.size >= 5 && time_offset_size(text, offset_s) == text.size;
}

/* ---- POSIX rules: a name that the C library does not know is UTC to it, so we look ourselves. */

static bool take_byte(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    ++*at;
    return true;
}

/* A number of at most three digits from `low` to `high`. */
static bool take_number(const char **at, int low, int high)
{
    int value = 0, digits = 0;
    for (; digits < 3 && ascii_is_digit(**at); digits++)
        value = value * 10 + *(*at)++ - '0';
    return digits > 0 && value >= low && value <= high;
}

/* "CEST", "<+0330>": three bytes at least. */
static bool take_zone_name(const char **at)
{
    bool is_quoted = take_byte(at, '<');
    size_t size = 0;
    while (ascii_is_letter(**at) ||
           (is_quoted && (ascii_is_digit(**at) || **at == '+' || **at == '-'))) {
        ++*at;
        size++;
    }
    return size >= 3 && (!is_quoted || take_byte(at, '>'));
}

/* "-1", "+5:30", "02:00:00". */
static bool take_hours(const char **at, int high)
{
    if (!take_byte(at, '-'))
        (void)take_byte(at, '+');
    if (!take_number(at, 0, high))
        return false;
    for (int i = 0; i < 2 && take_byte(at, ':'); i++)
        if (!take_number(at, 0, 59))
            return false;
    return true;
}

/* ",M3.5.0", ",J60", ",59", each with "/3" or not. */
static bool take_change_day(const char **at)
{
    if (!take_byte(at, ','))
        return false;
    bool is_day;
    if (take_byte(at, 'M'))
        is_day = take_number(at, 1, 12) && take_byte(at, '.') && take_number(at, 1, 5) &&
                 take_byte(at, '.') && take_number(at, 0, 6);
    else if (take_byte(at, 'J'))
        is_day = take_number(at, 1, 365);
    else
        is_day = take_number(at, 0, 365);
    return is_day && (!take_byte(at, '/') || take_hours(at, 167));
}

/* Summer time without its days is refused: what it means depends on the machine. */
static bool is_rule(const char *text)
{
    if (!take_zone_name(&text) || !take_hours(&text, 24))
        return false;
    if (*text == '\0')
        return true;
    if (!take_zone_name(&text) || (*text != ',' && !take_hours(&text, 24)))
        return false;
    return take_change_day(&text) && take_change_day(&text) && *text == '\0';
}

/* ---- Names of the database. */

static bool is_plain_name(const char *name)
{
    if (*name == '/')
        return false;
    for (; *name; name++)
        if (!ascii_is_letter(*name) && !ascii_is_digit(*name) && !strchr("_+/-", *name))
            return false;
    return true;
}

static bool is_zone_file(const char *path)
{
    struct stat status;
    char magic[4] = "";
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    bool is_zone = fread(magic, 1, sizeof magic, file) == sizeof magic &&
                   memcmp(magic, "TZif", sizeof magic) == 0;
    fclose(file);
    return is_zone;
}

/* ":/usr/share/zoneinfo/Europe/Berlin", a value for TZ; NULL when there is no such file. */
static char *find_in_database(const char *name)
{
    if (!is_plain_name(name))
        return NULL;
    const char *own = getenv("TZDIR");
    const char *folders[] = {own && *own ? own : DATABASE, DATABASE};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char *value = mem_format(":%s/%s", folders[i], name);
        if (is_zone_file(value + 1))
            return value;
        mem_free(value);
    }
    return NULL;
}

/* ---- The table. */

static int32_t offset_at(int64_t at_s)
{
    time_t at = (time_t)at_s;
    struct tm tm;
    return localtime_r(&at, &tm) ? (int32_t)tm.tm_gmtoff : 0;
}

/* The first second with another offset than `from_s`, given that `to_s` has one. */
static int64_t find_change(int64_t from_s, int64_t to_s)
{
    int32_t before = offset_at(from_s);
    while (to_s - from_s > 1) {
        int64_t middle_s = from_s + (to_s - from_s) / 2;
        if (offset_at(middle_s) == before)
            from_s = middle_s;
        else
            to_s = middle_s;
    }
    return to_s;
}

static void add_change(struct time_zone *zone, int64_t at_s, int32_t offset_s)
{
    int32_t before_s = zone->changes[zone->count - 1].offset_s;
    int32_t further_s = before_s > offset_s ? before_s : offset_s;
    zone->changes =
        mem_grow(zone->changes, &zone->capacity, zone->count + 1, sizeof *zone->changes);
    zone->changes[zone->count++] = (struct change){
        .utc_ms = at_s * 1000, .clock_ms = (at_s + further_s) * 1000, .offset_s = offset_s};
}

static struct time_zone *fixed_zone(int32_t offset_s)
{
    struct time_zone *zone = mem_zeroed(1, sizeof *zone);
    zone->changes = mem_grow(NULL, &zone->capacity, 1, sizeof *zone->changes);
    zone->changes[zone->count++] =
        (struct change){.utc_ms = INT64_MIN, .clock_ms = INT64_MIN, .offset_s = offset_s};
    return zone;
}

static struct time_zone *tabulate(void)
{
    struct time_zone *zone = fixed_zone(offset_at(0));
    for (int64_t from_s = 0; from_s < LAST_S; from_s += STEP_S) {
        int64_t to_s = from_s + STEP_S < LAST_S ? from_s + STEP_S : LAST_S;
        int32_t offset_s = offset_at(to_s);
        if (offset_s != zone->changes[zone->count - 1].offset_s)
            add_change(zone, find_change(from_s, to_s), offset_s);
    }
    return zone;
}

/* With the C library's zone set to `value` meanwhile. */
static struct time_zone *tabulate_as(const char *value)
{
    const char *old = getenv("TZ");
    char *kept = old ? mem_text(slice_of(old)) : NULL;
    struct time_zone *zone = NULL;
    if (setenv("TZ", value, 1) == 0) {
        tzset();
        zone = tabulate();
    }
    if (kept)
        setenv("TZ", kept, 1);
    else
        unsetenv("TZ");
    tzset();
    mem_free(kept);
    return zone;
}

struct time_zone *time_zone_new(const char *name)
{
    int32_t offset_s;
    if (time_offset_parse(slice_of(name), &offset_s))
        return fixed_zone(offset_s);
    if (*name == '\0' || strlen(name) > NAME_BYTES)
        return NULL;
    char *value = is_rule(name) ? mem_text(slice_of(name)) : find_in_database(name);
    struct time_zone *zone = value ? tabulate_as(value) : NULL;
    mem_free(value);
    return zone;
}

void time_zone_free(struct time_zone *zone)
{
    if (!zone)
        return;
    mem_free(zone->changes);
    mem_free(zone);
}

/* ---- Look-ups: the last change that is not after `at_ms`, by either measure. */

int64_t time_zone_to_utc(const struct time_zone *zone, int64_t clock_ms)
{
    if (!zone)
        return clock_ms;
    size_t low = 0, high = zone->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].clock_ms <= clock_ms)
            low = middle;
        else
            high = middle;
    }
    return clock_ms - zone->changes[low].offset_s * INT64_C(1000);
}

int32_t time_zone_offset(const struct time_zone *zone, int64_t utc_ms)
{
    if (!zone)
        return 0;
    size_t low = 0, high = zone->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].utc_ms <= utc_ms)
            low = middle;
        else
            high = middle;
    }
    return zone->changes[low].offset_s;
}

enum { DAY_MS = 86400 * 1000 };

static int64_t floor_day(int64_t clock_ms)
{
    int64_t rest = clock_ms % DAY_MS;
    return clock_ms - (rest < 0 ? rest + DAY_MS : rest);
}

static struct day day_from(const struct time_zone *zone, int64_t midnight_ms)
{
    return (struct day){time_zone_to_utc(zone, midnight_ms),
                        time_zone_to_utc(zone, midnight_ms + DAY_MS)};
}

struct day time_zone_day(const struct time_zone *zone, int64_t utc_ms)
{
    int64_t midnight_ms = floor_day(utc_ms + time_zone_offset(zone, utc_ms) * INT64_C(1000));
    struct day day = day_from(zone, midnight_ms);
    return utc_ms < day.end_ms ? day : day_from(zone, midnight_ms + DAY_MS);
}

bool time_zone_same_day(const struct time_zone *zone, int64_t a_ms, int64_t b_ms)
{
    struct day day = time_zone_day(zone, a_ms);
    return day_holds(&day, b_ms);
}
