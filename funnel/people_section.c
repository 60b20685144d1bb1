#include "funnel/people_section.h"

#include "base/ascii.h"
#include "base/suggest.h"
#include "parser/agent.h"
#include "parser/crawler_name.h"

enum {
    MAX_KEY = 128,   /* bytes of a key of visitor */
    MAX_NAME = 64,   /* of a crawler or a parameter */
    MAX_HOST = 253,  /* RFC 1035 allows no longer ones */
    MAX_SPEC = 4096, /* of a range, or the name of a file */
    MAX_HOSTS = 256,
    MAX_PARAMETERS = 64,
};

struct reader {
    const struct config *config;
    struct journey *journey;
};

static struct slice keep(const struct reader *reader, struct slice text)
{
    return arena_copy(&reader->journey->arena, text);
}

/* Without regard to letter case. */
static bool is_same_word(const char *a, const char *b)
{
    while (*a && ascii_lower(*a) == ascii_lower(*b)) {
        a++;
        b++;
    }
    return ascii_lower(*a) == ascii_lower(*b);
}

/* ---- visitor ---- */

static bool is_address_key(enum visitor_key_kind kind)
{
    return kind < KEY_USER;
}

/* "address", "agent" and "host" joined by "+" in any order. */
static bool parse_address_key(struct slice text, enum visitor_key_kind *kind)
{
    static const char *const parts[] = {"address", "agent", "host"};
    static const enum visitor_key_kind kinds[] = {KEY_ADDRESS, KEY_ADDRESS_AGENT, KEY_ADDRESS_HOST,
                                                  KEY_ADDRESS_AGENT_HOST};
    unsigned found = 0;
    for (const char *plus = text.at; plus;) {
        size_t i = 0;
        plus = memchr(text.at, '+', text.size);
        struct slice part = slice_head(text, plus ? (size_t)(plus - text.at) : text.size);
        while (i < 3 && !slice_is(ascii_trim(part), parts[i]))
            i++;
        if (i == 3 || found >> i & 1)
            return false;
        found |= 1u << i;
        text = slice_from(text, part.size + 1);
    }
    *kind = kinds[found >> 1];
    return found & 1;
}

static bool fail_key(const struct reader *reader, const struct config_node *item)
{
    static const char *const keys[] = {
        "cookie:NAME",   "query:NAME",   "header:NAME",        "user", "address",
        "address+agent", "address+host", "address+agent+host", NULL,
    };
    char expected[256], meant[128];
    return config_fail(reader->config, item, "visitor \"%.*s\": expected %s%s",
                       CONFIG_QUOTE(item->text), config_join(expected, sizeof expected, keys),
                       suggest_phrase(meant, sizeof meant, item->text, keys));
}

static const char *const named_words[] = {"cookie", "query", "header", NULL};
static const enum visitor_key_kind named_kinds[] = {KEY_COOKIE, KEY_QUERY, KEY_HEADER};

/* "cokie:uid" */
static bool fail_named(const struct reader *reader, const struct config_node *item,
                       struct slice word, const char *name)
{
    const char *meant = suggest(word, named_words);
    if (!meant)
        return fail_key(reader, item);
    return config_fail(reader->config, item,
                       "visitor \"%.*s\": expected cookie:NAME, query:NAME or header:NAME (did you "
                       "mean \"%s:%.60s\"?)",
                       CONFIG_QUOTE(item->text), meant, name);
}

/* Headers that a log has as a field of its own, or that say something else than who it is. */
static bool check_header(const struct reader *reader, const struct config_node *item,
                         const char *name)
{
    static const struct {
        const char *header, *hint;
    } refused[] = {
        {"Cookie", "one of its cookies does: write cookie:NAME"},
        {"Set-Cookie", "write cookie:NAME for what browsers send back"},
        {"User-Agent", "many have the same one: write address+agent"},
        {"Host", "it says what was asked for: write address+host"},
        {"Referer", "it says where a visit comes from, and is its source"},
        {"Referrer", "it says where a visit comes from, and is its source"},
        {"Authorization", "the name in it is a field of the log: write user"},
        {"X-Forwarded-For", "it is part of the address: say --trusted-proxy, and write address"},
        {"Forwarded", "it is part of the address: say --trusted-proxy, and write address"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (is_same_word(name, refused[i].header))
            return config_fail(reader->config, item,
                               "visitor \"%.*s\": this header does not tell visitors apart; %s",
                               CONFIG_QUOTE(item->text), refused[i].hint);
    }
    return true;
}

static bool is_name_byte(enum visitor_key_kind kind, char c)
{
    if (kind == KEY_HEADER)
        return ascii_is_letter(c) || ascii_is_digit(c) || c == '-' || c == '_';
    return (unsigned char)c > ' ' && c != 0x7f && !strchr("=&;,\"?#", c);
}

static bool check_name(const struct reader *reader, const struct config_node *item,
                       enum visitor_key_kind kind, const char *name)
{
    for (const char *c = name; *c; c++) {
        if (!is_name_byte(kind, *c))
            return config_fail(reader->config, item,
                               "visitor \"%.*s\": expected the name alone behind the colon, %s",
                               CONFIG_QUOTE(item->text),
                               kind == KEY_HEADER
                                   ? "of letters, digits, \"-\" and \"_\""
                                   : "without blanks, quotes, \"=\", \"&\", \";\", \",\", \"?\" "
                                     "and \"#\"");
    }
    if (!*name)
        return config_fail(reader->config, item,
                           "visitor \"%.*s\": expected a name behind the colon, found none",
                           CONFIG_QUOTE(item->text));
    return kind != KEY_HEADER || check_header(reader, item, name);
}

/* "cookie:uid" */
static bool read_named_key(const struct reader *reader, const struct config_node *item,
                           struct slice word, struct visitor_rule *rule)
{
    size_t i = 0;
    const char *name = rule->label + word.size + 1;
    while (named_words[i] && !slice_is(word, named_words[i]))
        i++;
    if (!named_words[i])
        return fail_named(reader, item, word, name);
    rule->kind = named_kinds[i];
    rule->name = name;
    return check_name(reader, item, rule->kind, name);
}

static bool read_key(const struct reader *reader, const struct config_node *item,
                     struct visitor_rule *rule)
{
    if (!config_expect_text(reader->config, item, "a key of visitor", MAX_KEY))
        return false;
    struct slice text = keep(reader, item->text);
    const char *colon = memchr(text.at, ':', text.size);
    *rule = (struct visitor_rule){.kind = KEY_USER, .name = "", .label = text.at};
    if (colon)
        return read_named_key(reader, item, slice_head(text, (size_t)(colon - text.at)), rule);
    return slice_is(text, "user") || parse_address_key(text, &rule->kind) || fail_key(reader, item);
}

static bool is_same_key(const struct visitor_rule *a, const struct visitor_rule *b)
{
    return a->kind == b->kind &&
           (a->kind == KEY_HEADER ? is_same_word(a->name, b->name) : strcmp(a->name, b->name) == 0);
}

static bool check_place(const struct reader *reader, const struct config_node *item,
                        const struct visitor_rules *before, const struct visitor_rule *rule)
{
    for (size_t i = 0; i < before->count; i++) {
        if (is_same_key(&before->items[i], rule))
            return config_fail(reader->config, item, "visitor: \"%s\" stands twice", rule->label);
        if (is_address_key(before->items[i].kind))
            return config_fail(
                reader->config, item,
                "visitor: \"%s\" would never be asked, because every hit has \"%s\": "
                "expected the address last",
                rule->label, before->items[i].label);
    }
    return true;
}

/* Cookies and headers have to be looked for in the log. */
static bool number_extra(const struct reader *reader, const struct config_node *item,
                         struct extra_fields *extra, struct visitor_rule *rule)
{
    if (rule->kind != KEY_COOKIE && rule->kind != KEY_HEADER)
        return true;
    if (extra->count == EXTRA_FIELDS)
        return config_fail(reader->config, item, "visitor: more than %d cookies and headers",
                           EXTRA_FIELDS);
    extra->items[extra->count] = (struct extra_field){rule->name, rule->kind == KEY_COOKIE};
    rule->extra = (uint8_t)extra->count++;
    return true;
}

/* Everybody has an address: it stands last, whether it is written or not. */
static bool end_with_address(const struct reader *reader, const struct config_node *node,
                             struct visitor_rules *rules)
{
    if (rules->count && is_address_key(rules->items[rules->count - 1].kind))
        return true;
    if (rules->count == VISITOR_RULES)
        return config_fail(
            reader->config, node,
            "visitor: more than %d keys, with the address+agent that is added behind "
            "them",
            VISITOR_RULES);
    struct visitor_rules usual = visitor_rules_default();
    rules->items[rules->count++] = usual.items[usual.count - 1];
    return true;
}

static bool read_keys(struct reader *reader, const struct config_node *node)
{
    struct visitor_rules *known = &reader->journey->visitor;
    struct visitor_rules rules = {.v4_prefix = known->v4_prefix, .v6_prefix = known->v6_prefix};
    struct extra_fields extra = {.count = 0};
    if (config_count(node) == 0 || config_count(node) > VISITOR_RULES)
        return config_fail(reader->config, node, "visitor: expected 1 to %d keys, found %zu",
                           VISITOR_RULES, config_count(node));
    for (const struct config_node *item = config_first(node); item;
         item = config_next(node, item)) {
        struct visitor_rule *rule = &rules.items[rules.count];
        if (!read_key(reader, item, rule) || !check_place(reader, item, &rules, rule) ||
            !number_extra(reader, item, &extra, rule))
            return false;
        rules.count++;
    }
    if (!end_with_address(reader, node, &rules))
        return false;
    *known = rules;
    reader->journey->extra = extra;
    return true;
}

static bool read_prefix(const struct reader *reader, const struct config_node *mapping,
                        const char *key, unsigned most, uint8_t *prefix)
{
    const struct config_node *node = config_get(mapping, key);
    unsigned number = 0;
    if (!node)
        return true;
    if (!config_expect_text(reader->config, node, key, MAX_KEY))
        return false;
    for (size_t i = 0; i < node->text.size && number <= most; i++)
        number = ascii_is_digit(node->text.at[i]) ? number * 10 + (unsigned)(node->text.at[i] - '0')
                                                  : most + 1;
    if (number == 0 || number > most)
        return config_fail(reader->config, node,
                           "%s: expected a number of bits from 1 to %u, found \"%.*s\"", key, most,
                           CONFIG_QUOTE(node->text));
    *prefix = (uint8_t)number;
    return true;
}

static bool read_visitor(struct reader *reader, const struct config_node *node)
{
    static const char *const keys[] = {"keys", "ipv4_prefix", "ipv6_prefix", NULL};
    struct visitor_rules *rules = &reader->journey->visitor;
    if (node->kind != CONFIG_MAPPING)
        return read_keys(reader, node);
    if (!config_expect_keys(reader->config, node, "visitor", keys))
        return false;
    const struct config_node *list = config_get(node, "keys");
    return (!list || read_keys(reader, list)) &&
           read_prefix(reader, node, "ipv4_prefix", 32, &rules->v4_prefix) &&
           read_prefix(reader, node, "ipv6_prefix", 128, &rules->v6_prefix);
}

/* ---- visit ---- */

static bool read_timeout(const struct reader *reader, const struct config_node *node)
{
    int64_t seconds;
    if (!node)
        return true;
    if (!config_expect_duration(reader->config, node, "timeout", "", &seconds))
        return false;
    reader->journey->visit.timeout_ms = seconds * 1000;
    return true;
}

static bool read_max_length(const struct reader *reader, const struct config_node *node)
{
    int64_t seconds = 0;
    if (!node)
        return true;
    bool is_none = node->kind == CONFIG_SCALAR && slice_is(node->text, "none");
    if (!is_none &&
        !config_expect_duration(reader->config, node, "max_length", ", or none", &seconds))
        return false;
    reader->journey->visit.max_length_ms = seconds * 1000;
    return true;
}

/* Either of them can be the base's. */
static bool check_lengths(const struct reader *reader, const struct config_node *visit)
{
    const struct visit_rules *rules = &reader->journey->visit;
    const struct config_node *length = config_get(visit, "max_length");
    if (rules->max_length_ms == 0 || rules->max_length_ms >= rules->timeout_ms)
        return true;
    return config_fail(reader->config, length ? length : config_get(visit, "timeout"),
                       "max_length: expected at least the timeout, which is %lld s, found %lld s",
                       (long long)(rules->timeout_ms / 1000),
                       (long long)(rules->max_length_ms / 1000));
}

static bool read_truth(const struct reader *reader, const struct config_node *mapping,
                       const char *key, bool *truth)
{
    const struct config_node *node = config_get(mapping, key);
    return !node || config_expect_truth(reader->config, node, key, truth);
}

static bool read_visit(struct reader *reader, const struct config_node *visit)
{
    static const char *const keys[] = {
        "timeout",
        "max_length",
        "cut_at_midnight",
        "cut_on_new_source",
        "cut_on_new_campaign",
        "split_by_referrer",
        NULL,
    };
    struct visit_rules *rules = &reader->journey->visit;
    return config_expect_keys(reader->config, visit, "visit", keys) &&
           read_timeout(reader, config_get(visit, "timeout")) &&
           read_max_length(reader, config_get(visit, "max_length")) &&
           check_lengths(reader, visit) &&
           read_truth(reader, visit, "cut_at_midnight", &rules->cut_at_midnight) &&
           read_truth(reader, visit, "cut_on_new_source", &rules->cut_on_new_source) &&
           read_truth(reader, visit, "cut_on_new_campaign", &rules->cut_on_new_campaign) &&
           read_truth(reader, visit, "split_by_referrer", &rules->split_by_referrer);
}

/* ---- networks ---- */

static bool add_network(const struct reader *reader, const struct config_node *item,
                        const char *what, struct networks *networks)
{
    struct error wrong = {0};
    char text[sizeof wrong.file + sizeof wrong.sentence];
    if (!config_expect_text(reader->config, item, what, MAX_SPEC))
        return false;
    return networks_add(networks, item->text.at, &wrong) ||
           config_fail(reader->config, item, "%s: %s", what, error_text(&wrong, text, sizeof text));
}

/* The caller frees them. NULL after failing. */
static struct networks *read_networks(const struct reader *reader, const struct config_node *node,
                                      const char *what)
{
    struct networks *networks = networks_new();
    for (const struct config_node *item = config_first(node); item;
         item = config_next(node, item)) {
        if (!add_network(reader, item, what, networks)) {
            networks_free(networks);
            return NULL;
        }
    }
    return networks;
}

/* An empty list takes the base's away. */
static bool read_internal(struct reader *reader, const struct config_node *node)
{
    struct journey *journey = reader->journey;
    networks_free(journey->internal);
    journey->internal = NULL;
    if (config_count(node) == 0)
        return true;
    journey->internal = read_networks(reader, node, "internal");
    return journey->internal != NULL;
}

/* ---- bots ---- */

static bool read_off(struct reader *reader, const struct config_node *node)
{
    uint32_t off = 0;
    for (const struct config_node *item = config_first(node); item;
         item = config_next(node, item)) {
        char expected[256], meant[128];
        if (!config_expect_text(reader->config, item, "off", MAX_NAME))
            return false;
        enum behaviour_rule rule = behaviour_find(item->text.at);
        if (rule == BEHAVIOUR_NONE)
            return config_fail(reader->config, item, "off: unknown rule \"%s\": expected %s%s",
                               item->text.at,
                               config_join(expected, sizeof expected, behaviour_names()),
                               suggest_phrase(meant, sizeof meant, item->text, behaviour_names()));
        off |= UINT32_C(1) << rule;
    }
    reader->journey->bots.off = off;
    return true;
}

static void clear_ranges(struct behaviour_options *bots)
{
    for (size_t i = 0; i < bots->range_count; i++)
        networks_free((struct networks *)bots->ranges[i].networks);
    bots->range_count = 0;
}

static bool is_crawler(const char *name)
{
    for (int i = 0; i < agent_crawler_count(); i++) {
        if (crawler_is_named(agent_crawler_pattern(i), name))
            return true;
    }
    return false;
}

static bool fail_crawler(const struct reader *reader, const struct config_node *key)
{
    int count = agent_crawler_count();
    struct arena texts;
    arena_init(&texts);
    const char **names = arena_alloc(&texts, ((size_t)count + 1) * sizeof *names);
    for (int i = 0; i < count; i++) {
        char room[CRAWLER_NAME_MAX];
        names[i] = arena_copy(&texts, crawler_name_of(agent_crawler_pattern(i), room)).at;
    }
    names[count] = NULL;
    char meant[128];
    config_fail(reader->config, key,
                "ranges: no crawler is known by the name \"%.*s\": expected a part of its user "
                "agent, such as Googlebot%s",
                CONFIG_QUOTE(key->text), suggest_phrase(meant, sizeof meant, key->text, names));
    arena_clear(&texts);
    return false;
}

static bool read_crawler(const struct reader *reader, const struct config_node *key,
                         struct crawler_ranges *ranges)
{
    char what[MAX_NAME + 16] = "ranges of ";
    if (!config_expect_text(reader->config, key, "the name of a crawler", MAX_NAME))
        return false;
    if (!is_crawler(key->text.at))
        return fail_crawler(reader, key);
    memcpy(what + strlen(what), key->text.at, key->text.size + 1);
    if (config_count(key->value) == 0)
        return config_fail(reader->config, key->value,
                           "%s: expected at least one range or file, found an empty list", what);
    ranges->crawler = keep(reader, key->text).at;
    ranges->networks = read_networks(reader, key->value, what);
    return ranges->networks != NULL;
}

static bool read_ranges(struct reader *reader, const struct config_node *mapping)
{
    struct behaviour_options *bots = &reader->journey->bots;
    if (!config_expect_mapping(reader->config, mapping, "ranges"))
        return false;
    struct crawler_ranges *ranges =
        arena_alloc(&reader->journey->arena, (mapping->count + 1) * sizeof *ranges);
    clear_ranges(bots);
    bots->ranges = ranges;
    for (const struct config_node *key = mapping->first; key; key = key->next) {
        if (!read_crawler(reader, key, &ranges[bots->range_count]))
            return false;
        bots->range_count++;
    }
    return true;
}

static bool read_bots(struct reader *reader, const struct config_node *node)
{
    static const char *const keys[] = {"off", "ranges", NULL};
    if (!config_expect_keys(reader->config, node, "bots", keys))
        return false;
    const struct config_node *off = config_get(node, "off"), *ranges = config_get(node, "ranges");
    return (!off || read_off(reader, off)) && (!ranges || read_ranges(reader, ranges));
}

/* ---- own hosts and parameters that are shown ---- */

/* Checks an item and brings it into the form in which it is compared. */
typedef bool read_text(const struct reader *reader, const struct config_node *item,
                       struct slice *text);

static bool has_text(const struct slice *texts, size_t count, struct slice text)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(texts[i], text))
            return true;
    }
    return false;
}

static bool read_texts(const struct reader *reader, const struct config_node *node,
                       const char *what, size_t most, read_text *read, const struct slice **items,
                       size_t *item_count)
{
    size_t count = 0;
    if (config_count(node) > most)
        return config_fail(reader->config, node, "%s: expected at most %zu, found %zu", what, most,
                           config_count(node));
    struct slice *texts =
        arena_alloc(&reader->journey->arena, (config_count(node) + 1) * sizeof *texts);
    for (const struct config_node *item = config_first(node); item;
         item = config_next(node, item)) {
        if (!read(reader, item, &texts[count]))
            return false;
        if (has_text(texts, count, texts[count]))
            return config_fail(reader->config, item, "%s: \"%s\" stands twice", what,
                               texts[count].at);
        count++;
    }
    *items = texts;
    *item_count = count;
    return true;
}

static bool is_host_byte(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || c == '.' || c == '-' || c == '_' ||
           (unsigned char)c > 0x7f;
}

/* "https://shop.example:8080/" -> "shop.example": what was probably meant. */
static struct slice host_within(struct slice text)
{
    const char *scheme = strstr(text.at, "://");
    if (scheme)
        text = slice_from(text, (size_t)(scheme + 3 - text.at));
    while (text.size && (text.at[0] == '*' || text.at[0] == '.'))
        text = slice_from(text, 1);
    size_t size = 0;
    while (size < text.size && is_host_byte(text.at[size]))
        size++;
    return slice_head(text, size);
}

static bool fail_host(const struct reader *reader, const struct config_node *item)
{
    struct slice meant = slice_head(host_within(item->text), 60);
    return config_fail(reader->config, item,
                       "own_hosts \"%.*s\": expected the name of a host, which stands for its "
                       "subdomains as well%s%.*s%s",
                       CONFIG_QUOTE(item->text), meant.size ? " (did you mean \"" : "",
                       SLICE_ARG(meant), meant.size ? "\"?)" : "");
}

static bool read_host(const struct reader *reader, const struct config_node *item,
                      struct slice *host)
{
    if (!config_expect_text(reader->config, item, "own_hosts", MAX_HOST))
        return false;
    char *text = arena_alloc(&reader->journey->arena, item->text.size + 1);
    size_t size = item->text.size;
    for (size_t i = 0; i < size; i++) {
        if (!is_host_byte(item->text.at[i]))
            return fail_host(reader, item);
        text[i] = ascii_lower(item->text.at[i]);
    }
    if (text[size - 1] == '.')
        size--;
    text[size] = '\0';
    *host = (struct slice){text, size};
    if (slice_starts_with(*host, SLICE_LITERAL("www.")))
        *host = slice_from(*host, 4);
    return (host->size && host->at[0] != '.') || fail_host(reader, item);
}

static bool read_parameter(const struct reader *reader, const struct config_node *item,
                           struct slice *parameter)
{
    if (!config_expect_text(reader->config, item, "show_query", MAX_NAME))
        return false;
    *parameter = keep(reader, item->text);
    for (size_t i = 0; i < parameter->size; i++) {
        if (!is_name_byte(KEY_QUERY, parameter->at[i]))
            return config_fail(reader->config, item,
                               "show_query \"%.*s\": expected the name of a parameter alone, such "
                               "as page",
                               CONFIG_QUOTE(item->text));
    }
    return true;
}

static bool read_own_hosts(struct reader *reader, const struct config_node *node)
{
    struct own_hosts *own = &reader->journey->own_hosts;
    return read_texts(reader, node, "own_hosts", MAX_HOSTS, read_host, &own->items, &own->count);
}

static bool read_show_query(struct reader *reader, const struct config_node *node)
{
    struct journey *journey = reader->journey;
    return read_texts(reader, node, "show_query", MAX_PARAMETERS, read_parameter,
                      &journey->shown_parameters, &journey->shown_parameter_count);
}

/* ---- all of them ---- */

bool people_section_read(const struct config *config, const struct config_node *root,
                         struct journey *journey)
{
    static const struct {
        const char *key;
        bool (*read)(struct reader *reader, const struct config_node *node);
    } sections[] = {
        {"visitor", read_visitor}, {"visit", read_visit},         {"internal", read_internal},
        {"bots", read_bots},       {"own_hosts", read_own_hosts}, {"show_query", read_show_query},
    };
    struct reader reader = {config, journey};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        const struct config_node *node = config_get(root, sections[i].key);
        if (node && !sections[i].read(&reader, node))
            return false;
    }
    return true;
}

void people_section_clear(struct journey *journey)
{
    networks_free(journey->internal);
    journey->internal = NULL;
    clear_ranges(&journey->bots);
}
