#include "funnel/visitor_key.h"

#include "base/ascii.h"
#include "parser/url.h"

struct visitor_rules visitor_rules_default(void)
{
    return (struct visitor_rules){
        .items = {{.kind = KEY_ADDRESS_AGENT, .name = "", .label = "address+agent"}},
        .count = 1,
        .v4_prefix = 32,
        .v6_prefix = 64,
    };
}

/* What servers write for nothing: a dash; Apache's %u a pair of quotes for a name of no letters. */
static struct slice known(struct slice value)
{
    bool is_none = slice_is(value, "-") || slice_is(value, "\"\"");
    return is_none ? (struct slice){0} : value;
}

/* ---- cookies ---- */

/* RFC 6265 has quotes around a value for optional, and no part of what is meant. */
static struct slice without_quotes(struct slice value)
{
    bool is_quoted = value.size >= 2 && value.at[0] == '"' && value.at[value.size - 1] == '"';
    return is_quoted ? (struct slice){value.at + 1, value.size - 2} : value;
}

/* Up to the next ';', which nothing hides: browsers send quotes that are never closed. */
static struct slice take_pair(struct slice *rest)
{
    const char *semicolon = memchr(rest->at, ';', rest->size);
    struct slice pair = semicolon ? slice_head(*rest, (size_t)(semicolon - rest->at)) : *rest;
    *rest = slice_from(*rest, pair.size + 1);
    return pair;
}

struct slice cookie_value(struct slice header, const char *name)
{
    while (header.size) {
        struct slice pair = take_pair(&header);
        const char *equals = pair.size ? memchr(pair.at, '=', pair.size) : NULL;
        if (!equals)
            continue;
        size_t name_size = (size_t)(equals - pair.at);
        if (slice_is(ascii_trim(slice_head(pair, name_size)), name))
            return known(without_quotes(ascii_trim(slice_from(pair, name_size + 1))));
    }
    return (struct slice){0};
}

/* ---- what a hit has for a rule ---- */

static struct slice extra_of(const struct visitor_rule *rule, const struct hit *hit)
{
    return rule->extra < EXTRA_FIELDS ? known(hit->extra[rule->extra]) : (struct slice){0};
}

static struct slice cookie_of(const struct visitor_rule *rule, const struct hit *hit)
{
    struct slice alone = without_quotes(extra_of(rule, hit));
    return alone.size ? known(alone) : cookie_value(hit->cookie, rule->name);
}

static bool is_escaped(struct slice text)
{
    return text.size && (memchr(text.at, '%', text.size) || memchr(text.at, '+', text.size));
}

/* Decoded into the room; what is longer stays as it is. */
static struct slice decoded(struct slice text, char *room, size_t room_size)
{
    if (!is_escaped(text) || text.size > room_size)
        return text;
    return (struct slice){room, url_decode(text, true, room)};
}

/* The first of that name. */
static struct slice parameter_of(const struct visitor_rule *rule, const struct hit *hit, char *room)
{
    char name_room[256];
    struct slice rest = hit->request.query;
    struct url_parameter parameter;
    while (url_next_parameter(&rest, &parameter)) {
        if (slice_is(decoded(parameter.name, name_room, sizeof name_room), rule->name))
            return known(decoded(parameter.value, room, VISITOR_ROOM));
    }
    return (struct slice){0};
}

/* Who is refused has given a name that nobody has looked at (mod_log_config on %u). */
static struct slice user_of(const struct hit *hit)
{
    enum { UNAUTHORIZED = 401 };
    return hit->status == UNAUTHORIZED ? (struct slice){0} : known(hit->user);
}

struct slice visitor_rule_value(const struct visitor_rule *rule, const struct hit *hit, char *room)
{
    switch (rule->kind) {
    case KEY_USER:
        return user_of(hit);
    case KEY_COOKIE:
        return cookie_of(rule, hit);
    case KEY_QUERY:
        return parameter_of(rule, hit, room);
    case KEY_HEADER:
        return extra_of(rule, hit);
    case KEY_ADDRESS:
    case KEY_ADDRESS_AGENT:
    case KEY_ADDRESS_HOST:
    case KEY_ADDRESS_AGENT_HOST:
        break;
    }
    return (struct slice){0};
}
