#include "funnel/conditions.h"

#include "base/ascii.h"
#include "base/suggest.h"
#include "funnel/words.h"
#include "parser/request.h"

struct reader {
    const struct config *config;
    struct arena *arena;
    struct touch_rule *rule;
};

typedef bool read_condition(struct reader *reader, const struct config_node *node);

static bool expect_some(const struct reader *reader, const struct config_node *node,
                        const char *what)
{
    return config_count(node) > 0 ||
           config_fail(reader->config, node, "%s: expected at least one, found an empty list",
                       what);
}

/* ---- path ---- */

static bool check_path(const struct reader *reader, const struct config_node *node)
{
    struct slice text = node->text;
    const char *mark = strchr(text.at, '?');
    if (mark && strchr(mark, '='))
        return config_fail(reader->config, node,
                           "path \"%.*s\": a path has no query, that is a condition of its own "
                           "(did you mean query: \"%.60s\"?)",
                           CONFIG_QUOTE(text), mark + 1);
    if (text.at[0] == '/' || slice_starts_with(text, SLICE_LITERAL("**")))
        return true;
    return config_fail(reader->config, node,
                       "path \"%.*s\": expected a glob that starts with \"/\" or \"**\" (did you "
                       "mean \"/%.*s\"?)",
                       CONFIG_QUOTE(text), CONFIG_QUOTE(text));
}

static bool read_path(struct reader *reader, const struct config_node *node)
{
    struct touch_rule *rule = reader->rule;
    if (!expect_some(reader, node, "path"))
        return false;
    struct slice *paths = arena_alloc(reader->arena, config_count(node) * sizeof *paths);
    rule->paths = paths;
    for (const struct config_node *item = config_first(node); item;
         item = config_next(node, item)) {
        if (!config_expect_text(reader->config, item, "path", CONDITION_MAX_BYTES) ||
            !check_path(reader, item))
            return false;
        if (request_is_call(item->text, (struct slice){NULL, 0}))
            rule->names_calls = true;
        paths[rule->path_count++] = arena_copy(reader->arena, item->text);
    }
    return true;
}

/* ---- method ---- */

/* The method of that name in any case, METHOD_NONE when there is none. */
static enum request_method find_method(struct slice name)
{
    char upper[16];
    if (name.size >= sizeof upper)
        return METHOD_NONE;
    for (size_t i = 0; i < name.size; i++) {
        char c = name.at[i];
        upper[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    enum request_method method = request_method_of((struct slice){upper, name.size});
    return method == METHOD_OTHER ? METHOD_NONE : method;
}

static bool fail_method(const struct reader *reader, const struct config_node *node)
{
    const char *names[METHOD_COUNT + 1];
    char expected[128], meant[64];
    size_t count = 0;
    for (enum request_method method = METHOD_GET; method < METHOD_OTHER; method++)
        names[count++] = request_method_name(method);
    names[count] = NULL;
    return config_fail(reader->config, node, "method \"%.*s\": expected %s%s",
                       CONFIG_QUOTE(node->text), config_join(expected, sizeof expected, names),
                       suggest_phrase(meant, sizeof meant, node->text, names));
}

static bool read_method(struct reader *reader, const struct config_node *node)
{
    if (!expect_some(reader, node, "method"))
        return false;
    for (const struct config_node *item = config_first(node); item;
         item = config_next(node, item)) {
        if (!config_expect_text(reader->config, item, "method", CONDITION_MAX_BYTES))
            return false;
        enum request_method method = find_method(item->text);
        if (method == METHOD_NONE)
            return fail_method(reader, item);
        reader->rule->methods |= UINT32_C(1) << method;
        if (method != METHOD_GET && method != METHOD_POST)
            reader->rule->names_methods = true;
    }
    return true;
}

/* ---- status ---- */

/* "404", or "4xx" with its first and its last status. False when it is neither. */
static bool parse_status(struct slice text, struct status_range *range)
{
    if (text.size != 3 || text.at[0] < '1' || text.at[0] > '5')
        return false;
    uint16_t hundreds = (uint16_t)((text.at[0] - '0') * 100);
    if ((text.at[1] | 0x20) == 'x' && (text.at[2] | 0x20) == 'x') {
        *range = (struct status_range){hundreds, (uint16_t)(hundreds + 99)};
        return true;
    }
    for (size_t i = 1; i < 3; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    }
    range->first = (uint16_t)(hundreds + (text.at[1] - '0') * 10 + (text.at[2] - '0'));
    range->last = range->first;
    return true;
}

/* The same, or "200-299". */
static bool parse_status_range(struct slice text, struct status_range *range)
{
    const char *dash = text.size ? memchr(text.at, '-', text.size) : NULL;
    if (!dash)
        return parse_status(ascii_trim(text), range);
    struct status_range last;
    size_t before = (size_t)(dash - text.at);
    if (!parse_status(ascii_trim(slice_head(text, before)), range) ||
        !parse_status(ascii_trim(slice_from(text, before + 1)), &last))
        return false;
    range->last = last.last;
    return range->first <= range->last;
}

static size_t count_bars(struct slice text)
{
    size_t bars = 0;
    for (size_t i = 0; i < text.size; i++)
        bars += text.at[i] == '|';
    return bars;
}

static bool add_statuses(struct reader *reader, const struct config_node *item,
                         struct status_range *ranges)
{
    struct slice rest = item->text;
    for (size_t left = count_bars(rest) + 1; left; left--) {
        const char *bar = memchr(rest.at, '|', rest.size);
        struct slice part = slice_head(rest, bar ? (size_t)(bar - rest.at) : rest.size);
        if (!parse_status_range(part, &ranges[reader->rule->status_count++]))
            return config_fail(reader->config, item,
                               "status \"%.*s\": expected a status from 100 to 599, a class, a "
                               "range or several: 404, 2xx, 200-299, 2xx|3xx",
                               CONFIG_QUOTE(item->text));
        rest = slice_from(rest, part.size + 1);
    }
    return true;
}

static bool read_status(struct reader *reader, const struct config_node *node)
{
    if (!expect_some(reader, node, "status"))
        return false;
    size_t count = 0;
    for (const struct config_node *item = config_first(node); item;
         item = config_next(node, item)) {
        if (!config_expect_text(reader->config, item, "status", CONDITION_MAX_BYTES))
            return false;
        count += count_bars(item->text) + 1;
    }
    struct status_range *ranges = arena_alloc(reader->arena, count * sizeof *ranges);
    reader->rule->statuses = ranges;
    for (const struct config_node *item = config_first(node); item;
         item = config_next(node, item)) {
        if (!add_statuses(reader, item, ranges))
            return false;
    }
    return true;
}

/* ---- query ---- */

/* A call may be told by its query alone: wc-ajax=checkout. */
static bool is_call(struct arena *arena, struct slice name, struct slice value)
{
    const char *query = arena_format(arena, "%s=%s", name.at, value.at);
    return request_is_call(SLICE_LITERAL("/"), slice_of(query));
}

/* A value is a glob; null is any value, and "" is the empty one. */
static bool read_value(struct reader *reader, const struct config_node *node, struct slice *value)
{
    if (node->kind == CONFIG_SCALAR && node->text.size == 0 && !node->is_null)
        *value = SLICE_LITERAL("");
    else if (node->is_null)
        *value = SLICE_LITERAL("*");
    else if (config_expect_text(reader->config, node, "a value of query", CONDITION_MAX_BYTES))
        *value = arena_copy(reader->arena, node->text);
    else
        return false;
    return true;
}

static bool read_parameter(struct reader *reader, const struct config_node *key,
                           struct query_condition *query)
{
    if (!config_expect_text(reader->config, key, "a parameter of query", CONDITION_MAX_BYTES) ||
        !expect_some(reader, key->value, "a parameter of query"))
        return false;
    size_t capacity = config_count(key->value);
    struct slice *values = arena_alloc(reader->arena, capacity * sizeof *values);
    *query = (struct query_condition){arena_copy(reader->arena, key->text), values, 0};
    for (const struct config_node *item = config_first(key->value); item;
         item = config_next(key->value, item)) {
        struct slice *value = &values[query->value_count++];
        if (!read_value(reader, item, value))
            return false;
        if (is_call(reader->config->arena, query->name, *value))
            reader->rule->names_calls = true;
    }
    return true;
}

static bool read_query_mapping(struct reader *reader, const struct config_node *node)
{
    struct query_condition *queries = arena_alloc(reader->arena, node->count * sizeof *queries);
    reader->rule->queries = queries;
    if (node->count == 0)
        return config_fail(reader->config, node,
                           "query: expected at least one parameter, found an empty mapping");
    for (const struct config_node *key = node->first; key; key = key->next) {
        if (!read_parameter(reader, key, &queries[reader->rule->query_count++]))
            return false;
    }
    return true;
}

/* "name=value" or "name". */
static bool read_query_text(struct reader *reader, const struct config_node *node)
{
    if (!config_expect_text(reader->config, node, "query", CONDITION_MAX_BYTES))
        return false;
    struct slice text = node->text;
    const char *equals = memchr(text.at, '=', text.size);
    size_t name_size = equals ? (size_t)(equals - text.at) : text.size;
    if (name_size == 0 || text.at[0] == '?' || memchr(text.at, '&', text.size))
        return config_fail(reader->config, node,
                           "query \"%.*s\": expected \"name=value\" or \"name\"; several "
                           "parameters are written as a mapping, {name: value, other: value}",
                           CONFIG_QUOTE(text));
    struct slice *value = arena_alloc(reader->arena, sizeof *value);
    struct query_condition *query = arena_alloc(reader->arena, sizeof *query);
    *value =
        equals ? arena_copy(reader->arena, slice_from(text, name_size + 1)) : SLICE_LITERAL("*");
    *query =
        (struct query_condition){arena_copy(reader->arena, slice_head(text, name_size)), value, 1};
    reader->rule->queries = query;
    reader->rule->query_count = 1;
    reader->rule->names_calls |= is_call(reader->config->arena, query->name, *value);
    return true;
}

static bool read_query(struct reader *reader, const struct config_node *node)
{
    return node->kind == CONFIG_MAPPING ? read_query_mapping(reader, node)
                                        : read_query_text(reader, node);
}

/* ---- search ---- */

static bool read_search(struct reader *reader, const struct config_node *node)
{
    struct touch_rule *rule = reader->rule;
    if (!expect_some(reader, node, "search"))
        return false;
    struct slice *searches = arena_alloc(reader->arena, config_count(node) * sizeof *searches);
    rule->searches = searches;
    for (const struct config_node *item = config_first(node); item;
         item = config_next(node, item)) {
        if (!config_expect_text(reader->config, item, "search", CONDITION_MAX_BYTES))
            return false;
        char *words = arena_alloc(reader->arena, item->text.size + 1);
        struct slice phrase = words_normalise(item->text, true, words);
        if (!words_is_phrase(phrase))
            return config_fail(reader->config, item,
                               "search \"%.*s\": expected words, with \"*\" only at the end of "
                               "one: terms, cancel subscription, refund*, or * for any search",
                               CONFIG_QUOTE(item->text));
        searches[rule->search_count++] = phrase;
    }
    return true;
}

/* ---- outcome ---- */

/* Only a POST has one; without a method it is meant. The methods have been read before. */
static bool imply_post(struct reader *reader, const struct config_node *node)
{
    uint32_t post = UINT32_C(1) << METHOD_POST;
    if (reader->rule->methods & ~post)
        return config_fail(reader->config, node,
                           "outcome: only what is sent by POST has one, and \"method\" names "
                           "another: expected method POST, or none");
    reader->rule->methods = post;
    return true;
}

static bool read_outcome(struct reader *reader, const struct config_node *node)
{
    static const char *const names[] = {"submitted", "refused", "failed", NULL};
    if (!expect_some(reader, node, "outcome"))
        return false;
    for (const struct config_node *item = config_first(node); item;
         item = config_next(node, item)) {
        size_t outcome; /* as enum form_outcome */
        if (!config_expect_choice(reader->config, item, "outcome", names, &outcome))
            return false;
        reader->rule->outcomes |= (uint8_t)(1u << outcome);
    }
    return imply_post(reader, node);
}

/* ---- all of them ---- */

static const struct {
    const char *key;
    read_condition *read;
} conditions[] = {
    {"path", read_path},   {"method", read_method}, {"status", read_status},
    {"query", read_query}, {"search", read_search}, {"outcome", read_outcome},
};
enum { CONDITION_COUNT = sizeof conditions / sizeof conditions[0] };

bool conditions_read(const struct config *config, struct arena *arena,
                     const struct config_node *node, struct touch_rule *rule)
{
    struct reader reader = {config, arena, rule};
    const char *keys[CONDITION_COUNT + 1] = {NULL};
    char expected[128];
    for (size_t i = 0; i < CONDITION_COUNT; i++)
        keys[i] = conditions[i].key;
    if (!config_expect_keys(config, node, "match", keys))
        return false;
    if (node->count == 0)
        return config_fail(config, node,
                           "match: expected at least one of %s, found none: it would match "
                           "every page",
                           config_join(expected, sizeof expected, keys));
    rule->line = node->line;
    for (size_t i = 0; i < CONDITION_COUNT; i++) {
        const struct config_node *value = config_get(node, conditions[i].key);
        if (value && !conditions[i].read(&reader, value))
            return false;
    }
    return true;
}

size_t conditions_count_globs(const struct touch_rule *rule)
{
    size_t count = rule->path_count;
    for (size_t i = 0; i < rule->query_count; i++)
        count += rule->queries[i].value_count;
    return count;
}
