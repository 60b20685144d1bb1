#include "parser/address.h"

#include <limits.h>

/*
 * Each read_* function takes what it knows off the front of at..end and returns where it stopped,
 * or NULL when its thing is not there. Nothing is read at or past `end`.
 */

/* The digit at `at`; over 9 when there is none. */
static inline unsigned digit_at(const char *at, const char *end)
{
    return at < end ? (unsigned)(unsigned char)*at - '0' : UINT_MAX;
}

/*
 * One decimal octet, digit by digit: this runs for every line of a log, and a loop takes twice as
 * long. No leading zeros: some readers take them for octal, so they mean two things.
 */
static inline const char *read_octet(const char *at, const char *end, uint8_t *octet)
{
    unsigned value = digit_at(at, end);
    if (value > 9)
        return NULL;
    unsigned second = digit_at(++at, end);
    if (second <= 9) {
        if (value == 0)
            return NULL;
        value = value * 10 + second;
        unsigned third = digit_at(++at, end);
        if (third <= 9) {
            value = value * 10 + third;
            at++;
        }
        if (value > 255)
            return NULL;
    }
    *octet = (uint8_t)value;
    return at;
}

static const char *read_v4(const char *at, const char *end, uint8_t octets[4])
{
    at = read_octet(at, end, &octets[0]);
    for (int i = 1; at && i < 4; i++) {
        if (at == end || *at != '.')
            return NULL;
        at = read_octet(at + 1, end, &octets[i]);
    }
    return at;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* What is known of an IPv6 address while it is read. */
struct v6_text {
    uint8_t bytes[16];
    unsigned used; /* bytes */
    int gap;       /* bytes before "::", -1 without one */
    bool has_v4;   /* ended with an IPv4 address: nothing may follow */
};

/* Up to four hex digits, or an IPv4 address at the end. */
static const char *read_v6_group(const char *at, const char *end, struct v6_text *v6)
{
    const char *begin = at;
    unsigned value = 0;
    for (; at < end && at - begin < 4 && hex_value(*at) >= 0; at++)
        value = value << 4 | (unsigned)hex_value(*at);
    if (at == begin)
        return NULL;
    if (at < end && *at == '.') {
        if (v6->used > 12)
            return NULL;
        at = read_v4(begin, end, v6->bytes + v6->used);
        v6->used += 4;
        v6->has_v4 = true;
        return at;
    }
    v6->bytes[v6->used++] = (uint8_t)(value >> 8);
    v6->bytes[v6->used++] = (uint8_t)value;
    return at;
}

/* Is there a "::" at `at`? */
static bool is_gap(const char *at, const char *end)
{
    return end - at >= 2 && at[0] == ':' && at[1] == ':';
}

/* The groups and the gap, up to the first byte that belongs to neither. */
static const char *read_v6_groups(const char *at, const char *end, struct v6_text *v6)
{
    bool is_first = true;
    while (v6->used < 16 && !v6->has_v4) {
        if (is_gap(at, end)) {
            if (v6->gap >= 0)
                return NULL;
            v6->gap = (int)v6->used;
            at += 2;
            if (at == end || hex_value(*at) < 0)
                return at;
        } else if (!is_first) {
            if (at == end || *at != ':')
                return at;
            at++;
        }
        is_first = false;
        at = read_v6_group(at, end, v6);
        if (!at)
            return NULL;
    }
    return at;
}

static const char *read_v6(const char *at, const char *end, uint8_t bytes[16])
{
    struct v6_text v6 = {.gap = -1};
    at = read_v6_groups(at, end, &v6);
    if (!at || (v6.gap < 0) != (v6.used == 16))
        return NULL;
    size_t head = v6.gap < 0 ? 16 : (size_t)v6.gap;
    size_t tail = v6.used - head;
    memset(bytes, 0, 16);
    memcpy(bytes, v6.bytes, head);
    memcpy(bytes + 16 - tail, v6.bytes + head, tail);
    return at;
}

static bool is_zone_byte(char c)
{
    char lower = (char)(c | 0x20);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || c == '.' || c == '_' ||
           c == '-' || c == '~' || c == '%';
}

/* "%eth0"; nothing at all is fine as well. */
static const char *read_zone(const char *at, const char *end)
{
    if (at == end || *at != '%')
        return at;
    const char *begin = ++at;
    while (at < end && is_zone_byte(*at))
        at++;
    return at > begin ? at : NULL;
}

/* ":443"; nothing at all is fine as well. */
static const char *read_port(const char *at, const char *end)
{
    if (at == end || *at != ':')
        return at;
    const char *begin = ++at;
    unsigned port = 0;
    for (; at < end && at - begin < 5 && *at >= '0' && *at <= '9'; at++)
        port = port * 10 + (unsigned)(*at - '0');
    return at > begin && port <= 65535 ? at : NULL;
}

/* An IPv6 address with what may stand around it. */
static const char *read_v6_with_port(const char *at, const char *end, uint8_t bytes[16])
{
    bool has_brackets = at < end && *at == '[';
    at = read_v6(at + has_brackets, end, bytes);
    if (at)
        at = read_zone(at, end);
    if (!at || !has_brackets)
        return at;
    return at < end && *at == ']' ? read_port(at + 1, end) : NULL;
}

static const uint8_t v4_mapped[12] = {[10] = 0xff, [11] = 0xff};

/* Everything is in `bytes` when it returns the family; ADDRESS_NAME when it is none. */
static enum address_family read_address(const char *at, const char *end, uint8_t bytes[16])
{
    const char *stop = read_v4(at, end, bytes + 12);
    if (stop) {
        memcpy(bytes, v4_mapped, sizeof v4_mapped);
        return read_port(stop, end) == end ? ADDRESS_V4 : ADDRESS_NAME;
    }
    if (read_v6_with_port(at, end, bytes) != end)
        return ADDRESS_NAME;
    return memcmp(bytes, v4_mapped, sizeof v4_mapped) == 0 ? ADDRESS_V4 : ADDRESS_V6;
}

bool address_parse(struct slice text, struct address *address)
{
    address->family = ADDRESS_NAME;
    if (text.size)
        address->family = read_address(text.at, text.at + text.size, address->bytes);
    if (address->family == ADDRESS_NAME)
        memset(address->bytes, 0, sizeof address->bytes);
    return address->family != ADDRESS_NAME;
}
