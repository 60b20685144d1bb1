/*
 * Any lines as time stamps of a log, read by one clock.
 *
 * Holds: a clock that has read other stamps says the same as a fresh one; a stamp that is taken is
 * what strptime and timegm make of it; one in the exact form that strptime takes, and whose day
 * exists, is taken.
 */
#include "parser/time_stamp.h"

#include <stdlib.h>
#include <time.h>

#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { CLOCK_ZONE_S = 5 * 3600 + 1800 };

static void must(bool holds)
{
    if (!holds)
        abort();
}

struct stamp {
    bool is_time, has_zone;
    int64_t time_ms;
};

static struct stamp parse(struct line_clock *clock, struct slice text)
{
    struct stamp stamp = {0};
    stamp.is_time = line_clock_parse(clock, text, &stamp.time_ms, &stamp.has_zone);
    return stamp;
}

/* By the C library. */
static struct stamp reference(const char *text, bool has_zone)
{
    struct tm tm = {0};
    const char *end = strptime(text, has_zone ? "%d/%b/%Y:%H:%M:%S %z" : "%d/%b/%Y:%H:%M:%S", &tm);
    if (!end || *end)
        return (struct stamp){0};
    struct tm day = {.tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = tm.tm_mday};
    int64_t seconds = timegm(&day) + (tm.tm_hour * 60 + tm.tm_min) * 60 + tm.tm_sec;
    bool is_real_day = day.tm_mday == tm.tm_mday; /* timegm moves 30 February on to March */
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

static void check_stamp(struct line_clock *used, struct slice text)
{
    struct line_clock fresh;
    line_clock_init(&fresh, CLOCK_ZONE_S);
    struct stamp a = parse(&fresh, text), b = parse(used, text), again = parse(used, text);
    must(a.is_time == b.is_time && a.is_time == again.is_time);
    if (a.is_time) {
        must(a.time_ms == b.time_ms && a.has_zone == b.has_zone);
        must(a.time_ms == again.time_ms && a.has_zone == again.has_zone);
        must(has_exact_form(text));
    }
    if (!has_exact_form(text))
        return;
    char *terminated = mem_text(text);
    struct stamp expected = reference(terminated, text.size == 26);
    if (!is_wide_zone((struct slice){terminated, text.size})) {
        must(a.is_time == expected.is_time);
        must(!a.is_time || a.time_ms == expected.time_ms);
    }
    mem_free(terminated);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct line_clock clock;
    struct slice rest = {(const char *)bytes, size};
    line_clock_init(&clock, CLOCK_ZONE_S);
    while (rest.size) {
        const char *newline = memchr(rest.at, '\n', rest.size);
        size_t length = newline ? (size_t)(newline - rest.at) : rest.size;
        /* A copy of exactly this size: a byte too far is seen. */
        char *copy = mem_alloc(length);
        memcpy(copy, rest.at, length);
        check_stamp(&clock, (struct slice){copy, length});
        mem_free(copy);
        rest = slice_from(rest, length + 1);
    }
    return 0;
}
