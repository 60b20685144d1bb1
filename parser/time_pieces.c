#include "parser/time_pieces.h"

/* ---- what they tell ---- */

static unsigned told_by_conversion(char conversion)
{
    switch (conversion) {
    case 'b':
    case 'm':
        return TELLS_MONTH;
    case 'd':
        return TELLS_DAY;
    case 'j':
        return TELLS_DAY | TELLS_MONTH;
    case 'y':
    case 'Y':
        return TELLS_YEAR;
    case 'H':
        return TELLS_HOUR | TELLS_HALF;
    case 'I':
        return TELLS_HOUR;
    case 'p':
        return TELLS_HALF;
    case 'M':
        return TELLS_MINUTE;
    case 'S':
        return TELLS_SECOND;
    case 'f':
    case 'L':
    case 'N':
        return TELLS_FRACTION;
    case 'z':
    case 'Z':
    case '?':
        return TELLS_ZONE;
    case 's':
        return TELLS_EPOCH;
    case 'q':
    case 'Q':
        return TELLS_EPOCH | TELLS_FRACTION;
    default:
        return 0;
    }
}

unsigned time_pieces_told(const struct time_pattern *pattern)
{
    unsigned told = 0;
    for (size_t i = 0; i < pattern->count; i++)
        told |= told_by_conversion(pattern->parts[i].conversion);
    return told;
}

bool time_pieces_tell_moment(const struct time_pattern *pattern)
{
    return (time_pieces_told(pattern) & TELLS_MOMENT) == TELLS_MOMENT;
}

/* ---- joined, and cut apart ---- */

static bool append_literals(struct time_pattern *pattern, struct slice text)
{
    if (text.size > TIME_PATTERN_PARTS - pattern->count)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        pattern->parts[pattern->count].conversion = '\0';
        pattern->parts[pattern->count++].literal = text.at[i];
    }
    return true;
}

static bool append_pattern(struct time_pattern *pattern, const struct time_pattern *more)
{
    if (more->count > TIME_PATTERN_PARTS - pattern->count)
        return false;
    for (size_t i = 0; i < more->count; i++)
        pattern->parts[pattern->count++] = more->parts[i];
    return true;
}

bool time_pieces_take_rest(const struct time_pattern *pattern)
{
    return pattern->parts[pattern->count - 1].conversion == '?';
}

bool time_pieces_join(struct time_pattern *pattern, struct slice between,
                      const struct time_pattern *next)
{
    struct time_pattern joined = *pattern;
    if (time_pieces_take_rest(pattern) || !append_literals(&joined, between) ||
        !append_pattern(&joined, next))
        return false;
    *pattern = joined;
    return true;
}

/* Can the text stand in what the pattern's parts from `at` on match? */
static bool can_hold(const struct time_pattern *pattern, size_t at, struct slice text)
{
    if (pattern->parts[at].conversion)
        return false;
    for (size_t i = 0; i < text.size && at + i < pattern->count; i++) {
        char c = text.at[i];
        bool is_of_value = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                           c == '+' || c == '-';
        if (pattern->parts[at + i].conversion)
            return is_of_value;
        if (pattern->parts[at + i].literal != c)
            return false;
    }
    return true;
}

static size_t first_that_holds(const struct time_pattern *pattern, struct slice text)
{
    size_t at = 0;
    while (at < pattern->count && !can_hold(pattern, at, text))
        at++;
    return at;
}

/* The text in the pattern from there to its next conversion. */
static struct slice text_at(const struct time_pattern *pattern, size_t at,
                            char text[TIME_PATTERN_PARTS])
{
    size_t size = 0;
    for (; !pattern->parts[at].conversion; at++)
        text[size++] = pattern->parts[at].literal;
    return (struct slice){text, size};
}

bool time_pieces_split(struct time_pattern *rest, struct slice tail, struct time_pattern *piece,
                       char text[TIME_PATTERN_PARTS], struct slice *between)
{
    struct time_pattern whole = *rest;
    size_t earlier, at = first_that_holds(&whole, tail);
    if (at == whole.count)
        return false;
    for (;; at = earlier) {
        *between = text_at(&whole, at, text);
        earlier = first_that_holds(&whole, *between);
        if (earlier >= at)
            break;
    }
    *piece = whole;
    piece->count = at;
    rest->count = 0;
    for (at += between->size; at < whole.count; at++)
        rest->parts[rest->count++] = whole.parts[at];
    return true;
}

/* ---- the usual stamps ---- */

enum { SIGNATURE_BYTES = 2 * TIME_PATTERN_PARTS + 1 };

/* The pattern in its own notation, without %? at its end. */
static void sign_pattern(const struct time_pattern *pattern, char signature[SIGNATURE_BYTES])
{
    size_t size = 0;
    for (size_t i = 0; i < pattern->count; i++) {
        char conversion = pattern->parts[i].conversion;
        if (conversion == '?')
            break;
        if (conversion)
            signature[size++] = '%';
        signature[size++] = conversion ? conversion : pattern->parts[i].literal;
    }
    signature[size] = '\0';
}

static bool is_one_of(const char *text, const char *const *list)
{
    while (*list && strcmp(*list, text) != 0)
        list++;
    return *list != NULL;
}

bool time_pieces_usual_style(const struct time_pattern *pattern, enum time_style *style)
{
    static const char *const clf[] = {"%d/%b/%Y:%H:%M:%S", "%d/%b/%Y:%H:%M:%S %z", NULL};
    static const char *const epoch[] = {"%s", "%s.%f", "%s.%L", "%s.%N", "%Q", "%q", NULL};
    static const char *const iso_ends[] = {"", "%z", " %z", NULL};
    enum { ISO_BYTES = sizeof "%Y-%m-%dT%H:%M:%S" - 1, FRACTION_BYTES = sizeof ".%f" - 1 };
    char signature[SIGNATURE_BYTES];
    sign_pattern(pattern, signature);
    const char *rest = signature;
    bool is_iso = strncmp(rest, "%Y-%m-%dT%H:%M:%S", ISO_BYTES) == 0 ||
                  strncmp(rest, "%Y-%m-%d %H:%M:%S", ISO_BYTES) == 0;
    if (is_iso) {
        rest += ISO_BYTES;
        bool has_fraction = strncmp(rest, ".%f", FRACTION_BYTES) == 0 ||
                            strncmp(rest, ".%L", FRACTION_BYTES) == 0 ||
                            strncmp(rest, ".%N", FRACTION_BYTES) == 0;
        rest += has_fraction ? FRACTION_BYTES : 0;
    }
    *style = is_iso ? TIME_ISO : is_one_of(signature, epoch) ? TIME_EPOCH : TIME_CLF;
    return is_iso ? is_one_of(rest, iso_ends) : *style == TIME_EPOCH || is_one_of(signature, clf);
}
