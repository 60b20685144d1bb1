/*
 * visitor_key: who made a hit.
 *
 * The journey file says what tells visitors apart, in order; the first that a hit has is its key:
 *
 *     visitor: [cookie:uid, user, address+agent]
 *
 *     cookie:NAME   query:NAME   header:NAME     a value that the log holds
 *     user                                       the name that the server authenticated
 *     address   address+agent   address+host   address+agent+host
 *
 * Values are not kept: a key is the 128-bit keyed hash of the value (base/hash.h). Of addresses
 * the network counts: all 32 bits of an IPv4 address and the first 64 of an IPv6 one, which is what
 * a household or a phone has.
 */
#ifndef FUNNEL_VISITOR_KEY_H
#define FUNNEL_VISITOR_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "parser/hit.h"

enum visitor_key_kind {
    KEY_ADDRESS_AGENT, /* of everybody when nothing else is said */
    KEY_ADDRESS,
    KEY_ADDRESS_HOST,
    KEY_ADDRESS_AGENT_HOST,
    KEY_USER,
    KEY_COOKIE,
    KEY_QUERY,
    KEY_HEADER,
};

struct visitor_rule {
    enum visitor_key_kind kind;
    const char *name;  /* of a cookie, parameter or header; "" otherwise */
    const char *label; /* as in the file: "cookie:uid" */
    uint8_t extra;     /* number of the extra field (parser/fields.h) that a cookie or header can
                          have in the log */
};

enum { VISITOR_RULES = 8 };

struct visitor_rules {
    struct visitor_rule items[VISITOR_RULES];
    size_t count; /* the last one is an address rule, which every hit has */
    uint8_t v4_prefix, v6_prefix;
};

/* address+agent, 32, 64 */
struct visitor_rules visitor_rules_default(void);

/*
 * The value by which a rule that is no address rule knows the hit, as it is written; empty when the
 * hit has none: an absent field, "" or "-", the user of an answer 401, who was refused. A cookie is
 * the log's own field for it, else that of the header with all of them.
 *
 * Of a parameter name and value are decoded, for links to the same page are escaped in more than
 * one way; names of over 256 bytes, and values that are longer than the room, stand as written.
 *
 * Borrowed from the hit, or in `room` (VISITOR_ROOM bytes).
 */
enum { VISITOR_ROOM = 1024 };
struct slice visitor_rule_value(const struct visitor_rule *rule, const struct hit *hit, char *room);

/*
 * The value of a cookie in a Cookie header ("a=1; uid=abc"), without quotes around it; the first of
 * that name, whose letter case counts. Empty when it is not there.
 */
struct slice cookie_value(struct slice header, const char *name);

#endif
