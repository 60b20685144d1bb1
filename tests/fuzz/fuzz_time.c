/*
 * Any lines as time stamps of a log, read in every style by one clock; a line "pattern|text" also
 * by that pattern.
 *
 * Holds: a clock that has read other stamps says the same as a fresh one. A TIME_CLF that is taken
 * is what strptime and timegm make of it; one in the exact form that strptime takes, and whose day
 * exists, is taken. A TIME_ISO agrees with civil_parse, a TIME_EPOCH with strtoull. A stamp taken
 * by a pattern is taken by strptime, which makes the same of it. No time is out of the years 1 to
 * 9999 by more than a zone.
 */
#include "parser/time_stamp.h"

#include <stdlib.h>
#include <time.h>

#include "base/civil.h"
#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define CLOCK_ZONE "+05:30"
enum { CLOCK_ZONE_S = 5 * 3600 + 1800, DAY_S = 86400 };

/* What strptime reads with the same meaning. */
static const char *const patterns[] = {
    "%d/%b/%Y:%H:%M:%S %z",
    "%d/%b/%Y:%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S%z",
    "%F %T",
    "%a %b %e %T %Y",
    "%A, %d-%B-%y %I:%M:%S %p",
    "%s",
    "%D %R",
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

struct stamp {
    bool is_time, has_zone;
    int64_t time_ms;
};

static struct stamp read_stamp(struct line_clock *clock, const struct time_reader *reader,
                               struct slice text)
{
    struct slice pieces[TIME_PIECES] = {text};
    struct stamp stamp = {0};
    if (reader->style == TIME_ISO_PARTS && text.size > 10) {
        pieces[0] = slice_head(text, 10);
        pieces[1] = slice_from(text, 11);
    }
    stamp.is_time = line_clock_read(clock, reader, pieces, &stamp.time_ms, &stamp.has_zone);
    return stamp;
}

static void must_be_equal(struct stamp a, struct stamp b)
{
    must(a.is_time == b.is_time);
    must(!a.is_time || (a.time_ms == b.time_ms && a.has_zone == b.has_zone));
}

/* The same by a fresh clock, one that has read others, and one that has just read this. */
static struct stamp check_clocks(struct line_clock *used, const struct time_reader *reader,
                                 struct slice text)
{
    struct line_clock fresh;
    line_clock_init(&fresh, used->zone);
    struct stamp stamp = read_stamp(&fresh, reader, text);
    must_be_equal(stamp, read_stamp(used, reader, text));
    must_be_equal(stamp, read_stamp(used, reader, text));
    if (stamp.is_time) {
        must(stamp.time_ms >= INT64_C(-62135596800000) - DAY_S * 1000);
        must(stamp.time_ms <= INT64_C(253402300800999) + DAY_S * 1000);
    }
    return stamp;
}

/* By the C library. */
static struct stamp reference(const char *text, const char *pattern, bool has_zone)
{
    struct tm tm = {0};
    const char *end = strptime(text, pattern, &tm);
    if (!end || *end)
        return (struct stamp){0};
    struct tm day = {.tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = tm.tm_mday};
    int64_t seconds = timegm(&day) + (tm.tm_hour * 60 + tm.tm_min) * 60 + tm.tm_sec;
    /* timegm moves 30 February on to March; the year 0000 is none to us. */
    bool is_real_day = day.tm_mday == tm.tm_mday && tm.tm_year > -1900;
    return (struct stamp){is_real_day && tm.tm_sec <= 60, has_zone,
                          (seconds - (has_zone ? tm.tm_gmtoff : CLOCK_ZONE_S)) * 1000};
}

/* As in "16/Sep/2023:18:22:16 -0400": digits where it has digits, the same marks. */
static bool has_exact_form(struct slice text)
{
    static const char form[] = "00/aaa/0000:00:00:00 +0000";
    if (text.size != 20 && text.size != 26)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        bool is_digit = c >= '0' && c <= '9', is_sign = c == '+' || c == '-';
        bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (form[i] == '0'   ? !is_digit
            : form[i] == 'a' ? !is_letter
            : form[i] == '+' ? !is_sign
                             : c != form[i])
            return false;
    }
    return true;
}

/* glibc takes no zone beyond 14 hours. */
static bool is_wide_zone(struct slice text)
{
    return text.size == 26 && atoi(text.at + 22) > 1400;
}

/* `text` has a NUL behind it, as in all that follow. */
static void check_clf(struct stamp stamp, struct slice text)
{
    must(!stamp.is_time || has_exact_form(text));
    if (!has_exact_form(text) || is_wide_zone(text))
        return;
    bool has_zone = text.size == 26;
    must_be_equal(stamp, reference(text.at, has_zone ? patterns[0] : patterns[1], has_zone));
}

static void check_iso(struct stamp stamp, struct slice text)
{
    char *first = mem_text(slice_head(text, 19));
    int64_t expected_ms;
    bool has_second = text.size >= 19 && civil_parse(first, CLOCK_ZONE_S, &expected_ms);
    bool is_leap_second = has_second ? false : text.size >= 19 && text.at[17] == '6';
    must(!stamp.is_time || has_second || is_leap_second || text.at[10] == 't');
    if (has_second && text.at[10] != 'T' && text.at[10] != ' ')
        has_second = false;
    bool is_year_0 = strncmp(text.at, "0000", 4) == 0;
    if (has_second && strlen(text.at) == text.size && !is_year_0 &&
        civil_parse(text.at, CLOCK_ZONE_S, &expected_ms)) {
        must(stamp.is_time);
        must(stamp.time_ms == expected_ms);
    }
    mem_free(first);
}

/* The unit by the number of digits; ms of a fraction are those of a second. */
static void check_epoch(struct stamp stamp, struct slice text)
{
    if (!stamp.is_time)
        return;
    const char *first = text.at + strspn(text.at, "0");
    size_t digits = strspn(first, "0123456789");
    uint64_t number = strtoull(text.at, NULL, 10);
    int64_t whole_ms = digits <= 11   ? (int64_t)number * 1000
                       : digits <= 14 ? (int64_t)number
                       : digits <= 17 ? (int64_t)(number / 1000)
                                      : (int64_t)(number / 1000000);
    bool has_fraction = first + digits < text.at + text.size;
    must(!has_fraction || (first[digits] == '.' || first[digits] == ','));
    must(stamp.time_ms >= whole_ms);
    must(stamp.time_ms - whole_ms < (has_fraction && digits <= 11 ? 1000 : 1));
}

static bool compile(struct slice text, struct time_reader *reader)
{
    size_t offset = SIZE_MAX;
    const char *reason = NULL;
    *reader = (struct time_reader){.style = TIME_PATTERN, .piece_count = 1};
    bool is_pattern = time_pattern_compile(text, &reader->patterns[0], &offset, &reason);
    must(is_pattern || (offset < text.size && reason));
    return is_pattern;
}

/* strptime takes no small z and no wide zone. */
static void check_pattern(struct line_clock *used, const char *pattern, struct slice text)
{
    struct time_reader reader;
    must(compile(slice_of(pattern), &reader));
    struct stamp stamp = check_clocks(used, &reader, text);
    if (!stamp.is_time || memchr(text.at, 'z', text.size))
        return;
    bool is_epoch = strcmp(pattern, "%s") == 0;
    int64_t expected_ms = is_epoch ? atoll(text.at) * 1000 : 0;
    if (!is_epoch) {
        struct stamp expected = reference(text.at, pattern, stamp.has_zone);
        const char *sign = strpbrk(text.at + 10, "+-");
        if (stamp.has_zone && sign && atoi(sign + 1) >= 14)
            return;
        must(expected.is_time);
        expected_ms = expected.time_ms;
    }
    must(stamp.time_ms == expected_ms);
}

static void check_own_pattern(struct line_clock *used, struct slice line)
{
    const char *bar = line.size ? memchr(line.at, '|', line.size) : NULL;
    struct time_reader reader;
    if (!bar || !compile(slice_head(line, (size_t)(bar - line.at)), &reader))
        return;
    check_clocks(used, &reader, slice_from(line, (size_t)(bar - line.at) + 1));
}

static void check_line(struct line_clock *used, struct slice text)
{
    static const struct time_reader clf = {.style = TIME_CLF}, iso = {.style = TIME_ISO},
                                    parts = {.style = TIME_ISO_PARTS},
                                    epoch = {.style = TIME_EPOCH}, any = {.style = TIME_ANY};
    char *terminated = mem_text(text);
    struct slice safe = {terminated, text.size};
    check_clf(check_clocks(used, &clf, text), safe);
    check_iso(check_clocks(used, &iso, text), safe);
    check_epoch(check_clocks(used, &epoch, text), safe);
    check_clocks(used, &parts, text);
    check_clocks(used, &any, text);
    check_own_pattern(used, text);
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
        check_pattern(used, patterns[i], safe);
    mem_free(terminated);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct time_zone *zone = time_zone_new(CLOCK_ZONE);
    struct line_clock clock;
    struct slice rest = {(const char *)bytes, size};
    line_clock_init(&clock, zone);
    while (rest.size) {
        const char *newline = memchr(rest.at, '\n', rest.size);
        size_t length = newline ? (size_t)(newline - rest.at) : rest.size;
        /* A copy of exactly this size: a byte too far is seen. */
        char *copy = mem_alloc(length);
        memcpy(copy, rest.at, length);
        check_line(&clock, (struct slice){copy, length});
        mem_free(copy);
        rest = slice_from(rest, length + 1);
    }
    time_zone_free(zone);
    return 0;
}
