#include "parser/time_stamp.h"

#include "base/ascii.h"
#include "base/civil.h"

enum { EARLIEST_YEAR = 1, LATEST_YEAR = 9999 }; /* the year 0000 is what a broken clock writes */

#define LATEST_S INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

enum { ISO_DATE_BYTES = 10, ISO_MINUTE_BYTES = 16, ISO_BYTES = 19 };
enum { PARTS_MINUTE_BYTES = 15, PARTS_TIME_BYTES = 8 }; /* "2023-09-1618:22"; "18:22:16" */

void line_clock_init(struct line_clock *clock, const struct time_zone *zone)
{
    *clock = (struct line_clock){.zone = zone};
}

/* ---- Digits, names, zones. */

/* -1 when one of the digits is none. */
static int two_digits(const char *at)
{
    unsigned tens = (unsigned char)at[0] - '0', ones = (unsigned char)at[1] - '0';
    return tens < 10 && ones < 10 ? (int)(tens * 10 + ones) : -1;
}

static int four_digits(const char *at)
{
    int century = two_digits(at), year = two_digits(at + 2);
    return century < 0 || year < 0 ? -1 : century * 100 + year;
}

/* -1 when it is no number or over 60: a leap second is one. */
static int second_at(const char *at)
{
    int second = two_digits(at);
    return second <= 60 ? second : -1;
}

static const char *const month_names[] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};
static const char *const day_names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};

/* `word` is in small letters. */
static bool is_word(const char *at, const char *word, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((at[i] | 0x20) != word[i])
            return false;
    return true;
}

/* 1 to 12, or 0. */
static int month_number(const char *at)
{
    for (int month = 0; month < 12; month++)
        if (is_word(at, month_names[month], 3))
            return month + 1;
    return 0;
}

/* How many digits of a fraction there are at `begin`, of which three are kept. */
static size_t fraction_size(struct slice text, size_t begin, int *fraction_ms)
{
    size_t end = begin;
    *fraction_ms = 0;
    for (int weight = 100; end < text.size && ascii_is_digit(text.at[end]); end++, weight /= 10)
        *fraction_ms += weight * (text.at[end] - '0');
    return end - begin;
}

/* Moves *rest past ".123" or ",123" where it begins so. False for a mark without 1 to 9 digits. */
static bool take_fraction(struct slice *rest, int *fraction_ms)
{
    *fraction_ms = 0;
    if (rest->size == 0 || (rest->at[0] != '.' && rest->at[0] != ','))
        return true;
    size_t digits = fraction_size(*rest, 1, fraction_ms);
    *rest = slice_from(*rest, 1 + digits);
    return digits >= 1 && digits <= 9;
}

/* ---- A minute: from its text to UTC, and kept. */

/* What a stamp says, on the clock of its zone. */
struct reading {
    int64_t minute_ms; /* as if it were UTC */
    int second;
    bool has_zone;
    int32_t zone_s;
};

/* False for a minute that no calendar has. Numbers that could not be read are negative. */
static bool civil_minute(int year, int month, int day, int hour, int minute, int64_t *minute_ms)
{
    if (year < EARLIEST_YEAR || year > LATEST_YEAR || month < 1 || month > 12)
        return false;
    if (day < 1 || day > (int)civil_month_days(year, (unsigned)month))
        return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return false;
    int64_t days = civil_days(year, (unsigned)month, (unsigned)day);
    *minute_ms = ((days * 24 + hour) * 60 + minute) * 60000;
    return true;
}

/*
 * The minute's beginning in UTC, right for this second of it. False when it is not for another
 * one, for zones have changed their clocks within a minute (Africa/Monrovia in 1972).
 */
static bool place_minute(const struct line_clock *clock, const struct reading *reading,
                         int64_t *utc_ms)
{
    if (reading->has_zone) {
        *utc_ms = reading->minute_ms - reading->zone_s * INT64_C(1000);
        return true;
    }
    int64_t first_ms = time_zone_to_utc(clock->zone, reading->minute_ms);
    int64_t last_ms = time_zone_to_utc(clock->zone, reading->minute_ms + 59999) - 59999;
    int64_t into_ms = (reading->second < 60 ? reading->second : 59) * INT64_C(1000);
    *utc_ms = time_zone_to_utc(clock->zone, reading->minute_ms + into_ms) - into_ms;
    return first_ms == *utc_ms && last_ms == *utc_ms;
}

static void set_minute(struct line_clock *clock, const struct reading *reading, const char *minute,
                       size_t minute_size, struct slice zone)
{
    clock->minute_size = 0;
    if (!place_minute(clock, reading, &clock->minute_ms))
        return;
    memcpy(clock->minute, minute, minute_size);
    memcpy(clock->zone_text, zone.at, zone.size);
    clock->zone_size = (uint8_t)zone.size;
    clock->minute_size = (uint8_t)minute_size;
}

/* Sizes that the compiler knows make these comparisons a few instructions: this is every line. */
static inline bool is_same_minute(const struct line_clock *clock, const char *minute,
                                  size_t minute_size, struct slice zone)
{
    if (clock->minute_size != minute_size || memcmp(minute, clock->minute, minute_size) != 0 ||
        zone.size != clock->zone_size)
        return false;
    if (zone.size == CLF_ZONE_BYTES)
        return memcmp(zone.at, clock->zone_text, CLF_ZONE_BYTES) == 0;
    return memcmp(zone.at, clock->zone_text, zone.size) == 0;
}

/* ---- TIME_CLF */

/* The part behind the seconds: nothing, or a blank and an offset. */
static bool clf_zone(struct slice zone, struct reading *reading)
{
    reading->has_zone = zone.size > 0;
    if (zone.size == 0)
        return true;
    return zone.size == CLF_ZONE_BYTES && zone.at[0] == ' ' &&
           time_offset_size(slice_from(zone, 1), &reading->zone_s) == CLF_ZONE_BYTES - 1;
}

/* "16/Sep/2023:18:22" */
static bool clf_minute(const char *at, int64_t *minute_ms)
{
    if (at[2] != '/' || at[6] != '/' || at[11] != ':' || at[14] != ':')
        return false;
    return civil_minute(four_digits(at + 7), month_number(at + 3), two_digits(at),
                        two_digits(at + 12), two_digits(at + 15), minute_ms);
}

static bool set_clf_minute(struct line_clock *clock, const char *at, int second, struct slice zone)
{
    struct reading reading = {.second = second};
    if (!clf_zone(zone, &reading) || !clf_minute(at, &reading.minute_ms))
        return false;
    set_minute(clock, &reading, at, CLF_MINUTE_BYTES, zone);
    return true;
}

bool line_clock_parse(struct line_clock *clock, struct slice text, int64_t *time_ms, bool *has_zone)
{
    if (text.size < CLF_BYTES || text.at[CLF_MINUTE_BYTES] != ':')
        return false;
    struct slice zone = slice_from(text, CLF_BYTES);
    int second = second_at(text.at + CLF_MINUTE_BYTES + 1);
    if (second < 0)
        return false;
    if (!is_same_minute(clock, text.at, CLF_MINUTE_BYTES, zone) &&
        !set_clf_minute(clock, text.at, second, zone))
        return false;
    *time_ms = clock->minute_ms + second * 1000;
    *has_zone = zone.size > 0;
    return true;
}

/* ---- TIME_ISO and TIME_ISO_PARTS */

/* "2023-09-16" and "18:22" */
static bool iso_minute(const char *date, const char *time, int64_t *minute_ms)
{
    if (date[4] != '-' || date[7] != '-' || time[2] != ':')
        return false;
    return civil_minute(four_digits(date), two_digits(date + 5), two_digits(date + 8),
                        two_digits(time), two_digits(time + 3), minute_ms);
}

/* Nothing, Z, UTC, or an offset: CLF_ZONE_BYTES at most. */
static bool iso_zone(struct slice zone, struct reading *reading)
{
    reading->has_zone = zone.size > 0;
    if (zone.size == 0 || slice_is(zone, "Z") || slice_is(zone, "z") || slice_is(zone, "UTC"))
        return true;
    return time_offset_size(zone, &reading->zone_s) == zone.size;
}

static bool set_iso_minute(struct line_clock *clock, const char *at, int second, struct slice zone)
{
    struct reading reading = {.second = second};
    char between = at[ISO_DATE_BYTES];
    if ((between != 'T' && between != 't' && between != ' ') || !iso_zone(zone, &reading) ||
        !iso_minute(at, at + ISO_DATE_BYTES + 1, &reading.minute_ms))
        return false;
    set_minute(clock, &reading, at, ISO_MINUTE_BYTES, zone);
    return true;
}

static bool read_iso(struct line_clock *clock, struct slice text, int64_t *time_ms, bool *has_zone)
{
    if (text.size < ISO_BYTES || text.at[ISO_MINUTE_BYTES] != ':')
        return false;
    struct slice zone = slice_from(text, ISO_BYTES);
    int second = second_at(text.at + ISO_MINUTE_BYTES + 1), fraction_ms;
    if (second < 0 || !take_fraction(&zone, &fraction_ms))
        return false;
    if (zone.size > 1 && zone.at[0] == ' ')
        zone = slice_from(zone, 1);
    if (!is_same_minute(clock, text.at, ISO_MINUTE_BYTES, zone) &&
        !set_iso_minute(clock, text.at, second, zone))
        return false;
    *time_ms = clock->minute_ms + second * 1000 + fraction_ms;
    *has_zone = zone.size > 0;
    return true;
}

static bool set_parts_minute(struct line_clock *clock, const char *minute, int second)
{
    struct reading reading = {.second = second, .has_zone = true};
    if (!iso_minute(minute, minute + ISO_DATE_BYTES, &reading.minute_ms))
        return false;
    set_minute(clock, &reading, minute, PARTS_MINUTE_BYTES, SLICE_LITERAL(""));
    return true;
}

static bool read_parts(struct line_clock *clock, struct slice date, struct slice time,
                       int64_t *time_ms)
{
    if (date.size != ISO_DATE_BYTES || time.size < PARTS_TIME_BYTES || time.at[5] != ':')
        return false;
    struct slice rest = slice_from(time, PARTS_TIME_BYTES);
    int second = second_at(time.at + 6), fraction_ms;
    if (second < 0 || !take_fraction(&rest, &fraction_ms) || rest.size > 0)
        return false;
    char minute[PARTS_MINUTE_BYTES];
    memcpy(minute, date.at, ISO_DATE_BYTES);
    memcpy(minute + ISO_DATE_BYTES, time.at, PARTS_MINUTE_BYTES - ISO_DATE_BYTES);
    if (!is_same_minute(clock, minute, PARTS_MINUTE_BYTES, SLICE_LITERAL("")) &&
        !set_parts_minute(clock, minute, second))
        return false;
    *time_ms = clock->minute_ms + second * 1000 + fraction_ms;
    return true;
}

/* ---- TIME_EPOCH */

/* 1 to `most_digits` digits (19 fit), and *rest moved past them. */
static bool take_number(struct slice *rest, size_t most_digits, uint64_t *number)
{
    size_t end = 0;
    *number = 0;
    for (; end < rest->size && end < most_digits && ascii_is_digit(rest->at[end]); end++)
        *number = *number * 10 + (unsigned)(rest->at[end] - '0');
    *rest = slice_from(*rest, end);
    return end > 0;
}

static int64_t epoch_ms(uint64_t number, int fraction_ms)
{
    if (number < UINT64_C(100000000000))
        return (int64_t)number * 1000 + fraction_ms;
    if (number < UINT64_C(100000000000000))
        return (int64_t)number;
    return (int64_t)(number / (number < UINT64_C(100000000000000000) ? 1000 : 1000000));
}

static bool read_epoch(struct slice text, int64_t *time_ms)
{
    uint64_t number;
    int fraction_ms;
    if (!take_number(&text, 19, &number) || !take_fraction(&text, &fraction_ms) || text.size > 0)
        return false;
    *time_ms = epoch_ms(number, fraction_ms);
    return true;
}

/* ---- TIME_PATTERN: compiling */

/* What a conversion stands for: letters are conversions, the rest is text. NULL: for itself. */
static const char *conversion_meaning(char conversion)
{
    switch (conversion) {
    case 'D':
        return "m/d/y";
    case 'F':
        return "Y-m-d";
    case 'R':
        return "H:M";
    case 'T':
        return "H:M:S";
    case 'A':
        return "a";
    case 'B':
    case 'h':
        return "b";
    case 'e':
        return "d";
    case 'k':
        return "H";
    case 'l':
        return "I";
    case 'n':
        return "\n";
    case 't':
        return "\t";
    case '%':
        return "%";
    default:
        return NULL;
    }
}

static bool add_part(struct time_pattern *pattern, char conversion, char literal)
{
    if (pattern->count == TIME_PATTERN_PARTS)
        return false;
    pattern->parts[pattern->count].conversion = conversion;
    pattern->parts[pattern->count].literal = literal;
    pattern->count++;
    return true;
}

static bool add_conversion(struct time_pattern *pattern, char conversion)
{
    const char *meaning = conversion_meaning(conversion);
    if (!meaning)
        return add_part(pattern, conversion, '\0');
    for (; *meaning; meaning++) {
        bool is_letter = (*meaning | 0x20) >= 'a' && (*meaning | 0x20) <= 'z';
        if (!add_part(pattern, is_letter ? *meaning : '\0', *meaning))
            return false;
    }
    return true;
}

static bool is_conversion(char c)
{
    return c != '\0' && strchr("aAbBhdeDFHIjklmMnpRsStTyYzZ%fLNQq?", c) != NULL;
}

/* What begins at *at, which is moved to its last byte. NULL, or what is wrong. */
static const char *compile_part(struct slice text, size_t *at, struct time_pattern *pattern)
{
    bool is_added;
    if (pattern->count && pattern->parts[pattern->count - 1].conversion == '?')
        return "nothing can stand behind %? in a time pattern";
    if (text.at[*at] != '%')
        is_added = add_part(pattern, '\0', text.at[*at]);
    else if (++*at == text.size)
        return "a time pattern cannot end with a single %; the sign itself is %%";
    else if (!is_conversion(text.at[*at]))
        return "there is no such conversion in time patterns";
    else
        is_added = add_conversion(pattern, text.at[*at]);
    return is_added ? NULL : "the time pattern is too long";
}

bool time_pattern_compile(struct slice text, struct time_pattern *pattern, size_t *offset,
                          const char **reason)
{
    pattern->count = 0;
    for (size_t i = 0; i < text.size; i++) {
        *offset = i;
        *reason = compile_part(text, &i, pattern);
        if (*reason)
            return false;
    }
    return true;
}

/* ---- TIME_PATTERN: reading */

enum { NOT_THERE = -1 };

/* What the pieces have said so far. */
struct pattern_values {
    int year, month, day, day_of_year;
    int hour, hour_of_12, minute, second; /* NOT_THERE, but for the second */
    int fraction_ms;
    bool is_afternoon;
    bool has_epoch, epoch_has_ms;
    int64_t epoch_ms;
    bool has_zone;
    int32_t zone_s;
};

/* A number of at most six digits, where a blank may stand for the leading zero. */
static bool take_int(struct slice *rest, size_t most_digits, int *value)
{
    uint64_t number;
    size_t blanks = rest->size && rest->at[0] == ' ';
    *rest = slice_from(*rest, blanks);
    if (!take_number(rest, most_digits - blanks, &number))
        return false;
    *value = (int)number;
    return true;
}

/* One of the names, or its first three letters: its number from 1. */
static bool take_name(struct slice *rest, const char *const *names, int count, int *number)
{
    for (int i = 0; i < count; i++) {
        size_t whole = strlen(names[i]);
        if (rest->size < 3 || !is_word(rest->at, names[i], 3))
            continue;
        bool is_whole = rest->size >= whole && is_word(rest->at, names[i], whole);
        *rest = slice_from(*rest, is_whole ? whole : 3);
        *number = i + 1;
        return true;
    }
    return false;
}

static bool take_half(struct slice *rest, struct pattern_values *values)
{
    if (rest->size < 2 || !(is_word(rest->at, "am", 2) || is_word(rest->at, "pm", 2)))
        return false;
    values->is_afternoon = (rest->at[0] | 0x20) == 'p';
    *rest = slice_from(*rest, 2);
    return true;
}

/* `per_s` of its unit make a second: 1, 1000, 1000000. */
static bool take_epoch(struct slice *rest, int64_t per_s, struct pattern_values *values)
{
    uint64_t number;
    if (!take_number(rest, 18, &number) || (int64_t)number / per_s > LATEST_S)
        return false;
    values->has_epoch = true;
    values->epoch_has_ms = per_s > 1;
    values->epoch_ms = per_s == 1 ? (int64_t)number * 1000 : (int64_t)number / (per_s / 1000);
    return true;
}

static bool take_fraction_digits(struct slice *rest, int *fraction_ms)
{
    size_t digits = fraction_size(*rest, 0, fraction_ms);
    *rest = slice_from(*rest, digits);
    return digits > 0;
}

static bool take_microseconds(struct slice *rest, int *fraction_ms)
{
    if (!take_int(rest, 6, fraction_ms))
        return false;
    *fraction_ms /= 1000;
    return true;
}

static bool set_zone(struct pattern_values *values, int32_t zone_s)
{
    values->has_zone = true;
    values->zone_s = zone_s;
    return true;
}

/* Z or an offset, after blanks. */
static bool take_offset(struct slice *rest, struct pattern_values *values)
{
    int32_t zone_s = 0;
    while (rest->size && rest->at[0] == ' ')
        *rest = slice_from(*rest, 1);
    bool is_z = rest->size && (rest->at[0] == 'Z' || rest->at[0] == 'z');
    size_t size = is_z ? 1 : time_offset_size(*rest, &zone_s);
    *rest = slice_from(*rest, size);
    return size > 0 && set_zone(values, zone_s);
}

/* Letters, which tell an offset only when it is none; or an offset (zones without a name). */
static bool take_zone_name(struct slice *rest, struct pattern_values *values)
{
    size_t size = 0;
    while (size < rest->size && (rest->at[size] | 0x20) >= 'a' && (rest->at[size] | 0x20) <= 'z')
        size++;
    if (size == 0)
        return take_offset(rest, values);
    struct slice name = slice_head(*rest, size);
    *rest = slice_from(*rest, size);
    if (slice_is(name, "UTC") || slice_is(name, "GMT") || slice_is(name, "Z"))
        set_zone(values, 0);
    return true;
}

static bool take_optional_zone(struct slice *rest, struct pattern_values *values)
{
    struct pattern_values found = *values;
    while (rest->size && rest->at[0] == ' ')
        *rest = slice_from(*rest, 1);
    while (rest->size && rest->at[rest->size - 1] == ' ')
        rest->size--;
    if (take_zone_name(rest, &found) && rest->size == 0)
        *values = found;
    *rest = slice_from(*rest, rest->size);
    return true;
}

static bool take_short_year(struct slice *rest, int *year)
{
    if (!take_int(rest, 2, year))
        return false;
    *year += *year < 69 ? 2000 : 1900; /* as POSIX has it */
    return true;
}

static bool take_part(char conversion, struct slice *rest, struct pattern_values *values)
{
    int weekday;
    switch (conversion) {
    case 'a':
        return take_name(rest, day_names, 7, &weekday);
    case 'b':
        return take_name(rest, month_names, 12, &values->month);
    case 'd':
        return take_int(rest, 2, &values->day);
    case 'f':
        return take_fraction_digits(rest, &values->fraction_ms);
    case 'H':
        return take_int(rest, 2, &values->hour);
    case 'I':
        return take_int(rest, 2, &values->hour_of_12);
    case 'j':
        return take_int(rest, 3, &values->day_of_year);
    case 'L':
        return take_int(rest, 3, &values->fraction_ms);
    case 'm':
        return take_int(rest, 2, &values->month);
    case 'M':
        return take_int(rest, 2, &values->minute);
    case 'N':
        return take_microseconds(rest, &values->fraction_ms);
    case 'p':
        return take_half(rest, values);
    case 'q':
        return take_epoch(rest, 1000000, values);
    case 'Q':
        return take_epoch(rest, 1000, values);
    case 's':
        return take_epoch(rest, 1, values);
    case 'S':
        return take_int(rest, 2, &values->second);
    case 'y':
        return take_short_year(rest, &values->year);
    case 'Y':
        return take_int(rest, 4, &values->year);
    case 'z':
        return take_offset(rest, values);
    case 'Z':
        return take_zone_name(rest, values);
    default: /* '?': time_pattern_compile lets nothing else through */
        return take_optional_zone(rest, values);
    }
}

static bool read_piece(const struct time_pattern *pattern, struct slice text,
                       struct pattern_values *values)
{
    for (size_t i = 0; i < pattern->count; i++) {
        char conversion = pattern->parts[i].conversion;
        if (conversion) {
            if (!take_part(conversion, &text, values))
                return false;
        } else {
            if (text.size == 0 || text.at[0] != pattern->parts[i].literal)
                return false;
            text = slice_from(text, 1);
        }
    }
    return text.size == 0;
}

static void set_day_of_year(struct pattern_values *values)
{
    values->day = values->day_of_year;
    for (values->month = 1; values->month < 12; values->month++) {
        int days = (int)civil_month_days(values->year, (unsigned)values->month);
        if (values->day <= days)
            return;
        values->day -= days;
    }
}

static void complete(struct pattern_values *values)
{
    if (values->hour == NOT_THERE && values->hour_of_12 >= 1 && values->hour_of_12 <= 12)
        values->hour = values->hour_of_12 % 12 + (values->is_afternoon ? 12 : 0);
    bool has_date = values->month != NOT_THERE && values->day != NOT_THERE;
    if (!has_date && values->day_of_year != NOT_THERE)
        set_day_of_year(values);
}

static bool read_pattern(const struct line_clock *clock, const struct time_reader *reader,
                         const struct slice *texts, int64_t *time_ms, bool *has_zone)
{
    struct pattern_values values = {.year = NOT_THERE,
                                    .month = NOT_THERE,
                                    .day = NOT_THERE,
                                    .day_of_year = NOT_THERE,
                                    .hour = NOT_THERE,
                                    .hour_of_12 = NOT_THERE,
                                    .minute = NOT_THERE};
    for (size_t i = 0; i < reader->piece_count; i++)
        if (!read_piece(&reader->patterns[i], texts[i], &values))
            return false;
    if (values.has_epoch) {
        *time_ms = values.epoch_ms + (values.epoch_has_ms ? 0 : values.fraction_ms);
        *has_zone = true;
        return true;
    }
    complete(&values);
    struct reading reading = {
        .second = values.second, .has_zone = values.has_zone, .zone_s = values.zone_s};
    if (values.second > 60 || !civil_minute(values.year, values.month, values.day, values.hour,
                                            values.minute, &reading.minute_ms))
        return false;
    int64_t minute_ms;
    place_minute(clock, &reading, &minute_ms);
    *time_ms = minute_ms + values.second * 1000 + values.fraction_ms;
    *has_zone = values.has_zone;
    return true;
}

/* ---- Any of them */

static enum time_style likely_style(struct slice text)
{
    if (text.size > 2 && text.at[2] == '/')
        return TIME_CLF;
    return text.size > 4 && text.at[4] == '-' ? TIME_ISO : TIME_EPOCH;
}

static struct slice without_brackets(struct slice text)
{
    bool has_brackets = text.size >= 2 && text.at[0] == '[' && text.at[text.size - 1] == ']';
    return has_brackets ? (struct slice){text.at + 1, text.size - 2} : text;
}

/* A style that stands in one piece. */
static bool read_style(struct line_clock *clock, enum time_style style, struct slice text,
                       int64_t *time_ms, bool *has_zone)
{
    if (style == TIME_CLF)
        return line_clock_parse(clock, text, time_ms, has_zone);
    if (style == TIME_ISO)
        return read_iso(clock, text, time_ms, has_zone);
    *has_zone = true;
    return read_epoch(text, time_ms);
}

bool line_clock_read(struct line_clock *clock, const struct time_reader *reader,
                     const struct slice *pieces, int64_t *time_ms, bool *has_zone)
{
    enum time_style style = reader->style;
    struct slice text = pieces[0];
    if (style == TIME_PATTERN)
        return read_pattern(clock, reader, pieces, time_ms, has_zone);
    if (style == TIME_ISO_PARTS || (style == TIME_ANY && pieces[1].at)) {
        *has_zone = true;
        return read_parts(clock, text, pieces[1], time_ms);
    }
    if (style == TIME_ANY) {
        text = without_brackets(text);
        style = likely_style(text);
    }
    return read_style(clock, style, text, time_ms, has_zone);
}
