/*
 * address: a client address as a value.
 *
 * 16 bytes, IPv6 in network order; IPv4 as the v4-mapped ::ffff:a.b.c.d, which is also what a
 * written v4-mapped address becomes, so that both are one visitor. What is not an address (a host
 * name from HostnameLookups, a dash) has family ADDRESS_NAME and is told apart by its text.
 */
#ifndef PARSER_ADDRESS_H
#define PARSER_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum address_family { ADDRESS_NAME, ADDRESS_V4, ADDRESS_V6 };

struct address {
    uint8_t bytes[16];
    enum address_family family;
};

/*
 * Reads "1.2.3.4", "2001:db8::1", "[::1]:443", "1.2.3.4:5678", "fe80::1%eth0" (zone dropped).
 * Octets with leading zeros or over 255 are not an address. False when it is none; *address is
 * then all zero with family ADDRESS_NAME.
 */
bool address_parse(struct slice text, struct address *address);

/* The four bytes of an ADDRESS_V4, first octet highest. */
static inline uint32_t address_v4(const struct address *address)
{
    const uint8_t *b = address->bytes + 12;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

#endif
