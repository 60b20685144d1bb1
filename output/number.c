#include "output/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "funnel/report.h"

static const struct number not_applicable = {"\xe2\x80\x93"}; /* an en dash */

static bool is_part_of_a_number(char byte)
{
    return (byte >= '0' && byte <= '9') || byte == '-' || byte == '+' || byte == 'e';
}

/* printf writes the decimal point of the locale, which may be any bytes: they become one '.'. */
static struct number with_point(const char *printed)
{
    struct number number = {""};
    size_t used = 0;
    for (const char *at = printed; *at && used + 1 < sizeof number.text; at++) {
        if (is_part_of_a_number(*at))
            number.text[used++] = *at;
        else if (used && number.text[used - 1] != '.')
            number.text[used++] = '.';
    }
    return number;
}

/* "-0.000" is 0.000 that rounding has left a sign. */
static struct number without_negative_zero(struct number number)
{
    if (number.text[0] == '-' && strspn(number.text + 1, "0.") == strlen(number.text + 1))
        memmove(number.text, number.text + 1, strlen(number.text));
    return number;
}

struct number number_fixed(double value, int decimals)
{
    char printed[64];
    if (!isfinite(value))
        return (struct number){""};
    snprintf(printed, sizeof printed, "%.*f", decimals, value);
    return without_negative_zero(with_point(printed));
}

struct number number_trimmed(double value, int decimals)
{
    struct number number = number_fixed(value, decimals);
    if (strchr(number.text, '.')) {
        size_t size = strlen(number.text);
        while (number.text[size - 1] == '0')
            size--;
        size -= number.text[size - 1] == '.';
        number.text[size] = '\0';
    }
    return number;
}

struct number number_significant(double value, int digits)
{
    char printed[64];
    if (!isfinite(value))
        return (struct number){""};
    snprintf(printed, sizeof printed, "%.*g", digits, value);
    return without_negative_zero(with_point(printed));
}

struct number number_plain(uint64_t count)
{
    struct number number = {""};
    if (count != REPORT_NO_COUNT)
        snprintf(number.text, sizeof number.text, "%llu", (unsigned long long)count);
    return number;
}

struct number number_grouped(uint64_t count)
{
    struct number number = {""}, plain = number_plain(count);
    size_t size = strlen(plain.text), used = 0;
    for (size_t i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0)
            number.text[used++] = ',';
        number.text[used++] = plain.text[i];
    }
    return used ? number : not_applicable;
}

struct number number_of(uint64_t count, const char *singular)
{
    struct number number, grouped = number_grouped(count);
    snprintf(number.text, sizeof number.text, "%.30s %.30s%s", grouped.text, singular,
             count == 1 ? "" : "s");
    return number;
}

struct number number_signed(double value)
{
    struct number number;
    if (!isfinite(value))
        return not_applicable;
    double size = fabs(value);
    struct number digits =
        size < 9.95 ? number_trimmed(size, 1) : number_grouped((uint64_t)llround(size));
    const char *sign = strcmp(digits.text, "0") == 0 ? "" : value < 0 ? "-" : "+";
    snprintf(number.text, sizeof number.text, "%s%.60s", sign, digits.text);
    return number;
}

struct number number_percent(double rate)
{
    struct number number;
    if (!isfinite(rate))
        return not_applicable;
    snprintf(number.text, sizeof number.text, "%.60s%%", number_fixed(rate * 100, 1).text);
    return number;
}

struct number number_interval(struct interval rates)
{
    struct number number;
    if (!isfinite(rates.low) || !isfinite(rates.high))
        return not_applicable;
    snprintf(number.text, sizeof number.text, "%.20s\xe2\x80\x93%.20s%%",
             number_fixed(rates.low * 100, 1).text, number_fixed(rates.high * 100, 1).text);
    return number;
}

struct number number_chance(double p)
{
    if (!isfinite(p))
        return not_applicable;
    return p < 0.001 ? (struct number){"<0.001"} : number_fixed(p, 3);
}

static uint64_t rounded_to(uint64_t seconds, uint64_t unit_s)
{
    return (seconds + unit_s / 2) / unit_s * unit_s;
}

/* Two units, the larger first: "3 min 20 s". A minute at least. */
static struct number two_units(uint64_t seconds)
{
    static const struct {
        uint64_t size_s, part_s;
        const char *name, *part_name;
    } units[] = {{60, 1, "min", "s"}, {3600, 60, "h", "min"}, {86400, 3600, "d", "h"}};
    struct number number = {""};
    size_t unit = 0;
    /* What would be shown as 60 min or 24 h is the next unit already. */
    while (unit < 2 && rounded_to(seconds, units[unit].part_s) >= units[unit + 1].size_s)
        unit++;
    uint64_t rounded = rounded_to(seconds, units[unit].part_s);
    uint64_t parts = rounded % units[unit].size_s / units[unit].part_s;
    int used = snprintf(number.text, sizeof number.text, "%.20s %s",
                        number_grouped(rounded / units[unit].size_s).text, units[unit].name);
    if (parts)
        snprintf(number.text + used, sizeof number.text - (size_t)used, " %d %s", (int)parts,
                 units[unit].part_name);
    return number;
}

struct number number_duration(double seconds)
{
    struct number number;
    if (!isfinite(seconds))
        return not_applicable;
    if (seconds >= 59.5)
        return two_units((uint64_t)llround(seconds));
    int decimals = seconds < 9.95 ? 1 : 0;
    snprintf(number.text, sizeof number.text, "%.60s s", number_trimmed(seconds, decimals).text);
    return number;
}

struct number number_milliseconds(double ms)
{
    struct number number;
    if (!isfinite(ms) || ms >= 999.5)
        return number_duration(ms / 1000);
    snprintf(number.text, sizeof number.text, "%.59s ms", number_trimmed(ms, 0).text);
    return number;
}
