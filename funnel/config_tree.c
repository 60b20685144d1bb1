#include "funnel/config_tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/suggest.h"

enum {
    MAX_DURATION_BYTES = 64,
    MAX_SECONDS = 315360000, /* ten years */
};

/*
 * uthash, under a random key and with its memory from the arena: it cannot fail, and there is
 * nothing to free. Both macros look at the `builder` in whose name keys are added.
 */
#define HASH_FUNCTION(at, size, hash)                                                              \
    ((hash) = (unsigned)hash_bytes(builder->hash_key, (at), (size)))
#define uthash_malloc(size)     arena_alloc(builder->config->arena, (size))
#define uthash_free(what, size) ((void)(what))
#include <uthash.h>

/* A key of a mapping that is being read. */
struct seen_key {
    const struct config_node *node;
    UT_hash_handle hh;
};

/* A mapping or list whose end has not come yet. */
struct open_node {
    struct config_node *node;
    struct config_node *last; /* item or key */
    struct seen_key *seen;    /* keys by their text */
    bool wants_value;         /* the last key has no value yet */
};

struct builder {
    const struct config *config;
    struct hash_key hash_key;
    struct config_node *root;
    struct open_node open[CONFIG_MAX_DEPTH];
    size_t depth;
    size_t documents;
};

/* ---- messages ---- */

static bool fail_at(const struct config *config, size_t line, size_t column, const char *sentence)
{
    return error_at(config->error, ERROR_USAGE, config->source, line, column, "%s", sentence);
}

bool config_fail(const struct config *config, const struct config_node *at, const char *format, ...)
{
    char sentence[sizeof config->error->sentence];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return fail_at(config, at->line, at->column, sentence);
}

static bool fail_at_mark(const struct config *config, yaml_mark_t mark, const char *sentence)
{
    return fail_at(config, mark.line + 1, mark.column + 1, sentence);
}

/* Errors of libyaml's reader (encoding) have a byte offset and no mark. */
static bool fail_at_offset(const struct config *config, struct slice text, size_t offset,
                           const char *problem)
{
    size_t line = 1, line_begin = 0;
    for (size_t i = 0; i < offset && i < text.size; i++) {
        if (text.at[i] == '\n') {
            line++;
            line_begin = i + 1;
        }
    }
    return error_at(config->error, ERROR_USAGE, config->source, line, offset - line_begin + 1,
                    "not a text file in UTF-8: %s", problem);
}

static bool fail_syntax(const struct config *config, struct slice text, const yaml_parser_t *parser)
{
    const char *problem = parser->problem ? parser->problem : "unknown problem";
    if (parser->error == YAML_READER_ERROR)
        return fail_at_offset(config, text, parser->problem_offset, problem);
    if (parser->error == YAML_MEMORY_ERROR)
        return error_set(config->error, ERROR_FATAL, "out of memory while reading %s",
                         config->source);
    return error_at(config->error, ERROR_USAGE, config->source, parser->problem_mark.line + 1,
                    parser->problem_mark.column + 1, "not valid YAML: %s%s%s", problem,
                    parser->context ? " " : "", parser->context ? parser->context : "");
}

/* ---- building the tree ---- */

static struct config_node *new_node(struct builder *builder, enum config_kind kind,
                                    const yaml_event_t *event)
{
    struct config_node *node = arena_alloc(builder->config->arena, sizeof *node);
    node->kind = kind;
    node->line = event->start_mark.line + 1;
    node->column = event->start_mark.column + 1;
    return node;
}

static bool add_key(struct builder *builder, struct open_node *parent, struct config_node *key)
{
    const struct config *config = builder->config;
    if (key->kind != CONFIG_SCALAR)
        return config_fail(config, key, "a key must be a plain word, this one is a %s",
                           key->kind == CONFIG_LIST ? "list" : "mapping");
    if (parent->node->count >= CONFIG_MAX_KEYS)
        return config_fail(config, key, "more than %d keys in one mapping", CONFIG_MAX_KEYS);
    struct seen_key *seen;
    HASH_FIND(hh, parent->seen, key->text.at, key->text.size, seen);
    if (seen)
        return config_fail(config, key, "key \"%.*s\" stands twice, first in line %zu",
                           CONFIG_QUOTE(key->text), seen->node->line);
    seen = arena_alloc(config->arena, sizeof *seen);
    seen->node = key;
    HASH_ADD_KEYPTR(hh, parent->seen, key->text.at, key->text.size, seen);
    return true;
}

static void append(struct open_node *parent, struct config_node *node)
{
    if (parent->last)
        parent->last->next = node;
    else
        parent->node->first = node;
    parent->last = node;
    parent->node->count++;
}

/* Hangs a node where it belongs: the root, a list's item, a mapping's key or that key's value. */
static bool place(struct builder *builder, struct config_node *node)
{
    if (builder->depth == 0) {
        builder->root = node;
        return true;
    }
    struct open_node *parent = &builder->open[builder->depth - 1];
    if (parent->wants_value) {
        parent->last->value = node;
        parent->wants_value = false;
        return true;
    }
    bool is_key = parent->node->kind == CONFIG_MAPPING;
    if (is_key && !add_key(builder, parent, node))
        return false;
    append(parent, node);
    parent->wants_value = is_key;
    return true;
}

static bool is_null_word(struct slice text)
{
    return text.size == 0 || slice_is(text, "~") || slice_is(text, "null") ||
           slice_is(text, "Null") || slice_is(text, "NULL");
}

static bool add_scalar(struct builder *builder, const yaml_event_t *event)
{
    struct config_node *node = new_node(builder, CONFIG_SCALAR, event);
    struct slice text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    if (text.size && memchr(text.at, '\0', text.size))
        return config_fail(builder->config, node, "a text must not have a NUL character in it");
    node->text = arena_copy(builder->config->arena, text);
    node->is_null = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && is_null_word(node->text);
    return place(builder, node);
}

static bool open_collection(struct builder *builder, enum config_kind kind,
                            const yaml_event_t *event)
{
    struct config_node *node = new_node(builder, kind, event);
    if (builder->depth == CONFIG_MAX_DEPTH)
        return config_fail(builder->config, node, "nested more than %d levels deep",
                           CONFIG_MAX_DEPTH);
    if (!place(builder, node))
        return false;
    builder->open[builder->depth++] = (struct open_node){.node = node};
    return true;
}

static bool refuse_extras(struct builder *builder, const yaml_event_t *event,
                          const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        return fail_at_mark(builder->config, event->start_mark,
                            "YAML anchors (&name) are not supported: write the text out");
    if (tag)
        return fail_at_mark(builder->config, event->start_mark,
                            "YAML tags (!name) are not supported: leave it out, or quote a text "
                            "that starts with \"!\"");
    return true;
}

static bool open_document(struct builder *builder, const yaml_event_t *event)
{
    return builder->documents++ == 0 ||
           fail_at_mark(builder->config, event->start_mark,
                        "a second YAML document begins here: expected one per file");
}

static bool take_event(struct builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return open_document(builder, event);
    case YAML_ALIAS_EVENT:
        return fail_at_mark(builder->config, event->start_mark,
                            "YAML aliases (*name) are not supported: write the text out, or quote "
                            "a text that starts with \"*\"");
    case YAML_SCALAR_EVENT:
        return refuse_extras(builder, event, event->data.scalar.anchor, event->data.scalar.tag) &&
               add_scalar(builder, event);
    case YAML_SEQUENCE_START_EVENT:
        return refuse_extras(builder, event, event->data.sequence_start.anchor,
                             event->data.sequence_start.tag) &&
               open_collection(builder, CONFIG_LIST, event);
    case YAML_MAPPING_START_EVENT:
        return refuse_extras(builder, event, event->data.mapping_start.anchor,
                             event->data.mapping_start.tag) &&
               open_collection(builder, CONFIG_MAPPING, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        builder->depth--;
        return true;
    default: /* begin and end of the stream, end of the document */
        return true;
    }
}

static bool take_events(struct builder *builder, yaml_parser_t *parser, struct slice text)
{
    bool is_end = false, is_good = true;
    while (is_good && !is_end) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return fail_syntax(builder->config, text, parser);
        is_end = event.type == YAML_STREAM_END_EVENT;
        is_good = take_event(builder, &event);
        yaml_event_delete(&event);
    }
    return is_good;
}

static bool parse_bounded(struct builder *builder, struct slice text)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return error_set(builder->config->error, ERROR_FATAL, "out of memory while reading %s",
                         builder->config->source);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.at, text.size);
    bool is_good = take_events(builder, &parser, text);
    yaml_parser_delete(&parser);
    return is_good;
}

const struct config_node *config_parse(const struct config *config, struct slice text)
{
    struct builder builder = {.config = config, .hash_key = hash_key_random()};
    if (text.size > CONFIG_MAX_BYTES) {
        fail_at(config, 0, 0, "larger than 1 MiB: this cannot be meant");
        return NULL;
    }
    if (!parse_bounded(&builder, text.at ? text : SLICE_LITERAL("")))
        return NULL;
    if (!builder.root || builder.root->is_null) {
        fail_at(config, 0, 0, "the file is empty");
        return NULL;
    }
    return builder.root;
}

/* ---- walking it ---- */

const struct config_node *config_get(const struct config_node *mapping, const char *key)
{
    for (const struct config_node *node = mapping->first; node; node = node->next) {
        if (slice_is(node->text, key))
            return node->value;
    }
    return NULL;
}

/* "a list", 'nothing', '"cart"': what was found, for messages. Into `text`. */
static const char *describe(char *text, size_t size, const struct config_node *node)
{
    if (node->kind == CONFIG_LIST)
        snprintf(text, size, "a list");
    else if (node->kind == CONFIG_MAPPING)
        snprintf(text, size, "a mapping");
    else if (node->is_null)
        snprintf(text, size, "nothing");
    else
        snprintf(text, size, "\"%.*s\"", CONFIG_QUOTE(node->text));
    return text;
}

static bool fail_expected(const struct config *config, const struct config_node *node,
                          const char *what, const char *expected)
{
    char found[80];
    return config_fail(config, node, "%s: expected %s, found %s", what, expected,
                       describe(found, sizeof found, node));
}

bool config_expect_mapping(const struct config *config, const struct config_node *node,
                           const char *what)
{
    return node->kind == CONFIG_MAPPING ||
           fail_expected(config, node, what, "a mapping (lines of \"key: value\")");
}

bool config_expect_list(const struct config *config, const struct config_node *node,
                        const char *what)
{
    return node->kind == CONFIG_LIST || fail_expected(config, node, what, "a list");
}

bool config_expect_text(const struct config *config, const struct config_node *node,
                        const char *what, size_t max_bytes)
{
    if (node->kind != CONFIG_SCALAR || node->is_null || node->text.size == 0)
        return fail_expected(config, node, what, "a text");
    if (node->text.size > max_bytes)
        return config_fail(config, node, "%s: expected at most %zu bytes, found %zu", what,
                           max_bytes, node->text.size);
    return true;
}

const char *config_join(char *text, size_t size, const char *const *words)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; words[i]; i++) {
        const char *between = i == 0 ? "" : words[i + 1] ? ", " : " or ";
        if (used + strlen(between) + strlen(words[i]) + sizeof ", ..." > size) {
            snprintf(text + used, size - used, ", ...");
            break;
        }
        used += (size_t)snprintf(text + used, size - used, "%s%s", between, words[i]);
    }
    return text;
}

bool config_expect_keys(const struct config *config, const struct config_node *node,
                        const char *what, const char *const *keys)
{
    if (!config_expect_mapping(config, node, what))
        return false;
    for (const struct config_node *key = node->first; key; key = key->next) {
        char expected[256], meant[128];
        size_t known = 0;
        while (keys[known] && !slice_is(key->text, keys[known]))
            known++;
        if (!keys[known])
            return config_fail(config, key, "unknown key \"%.*s\" in %s: expected %s%s",
                               CONFIG_QUOTE(key->text), what,
                               config_join(expected, sizeof expected, keys),
                               suggest_phrase(meant, sizeof meant, key->text, keys));
    }
    return true;
}

bool config_expect_choice(const struct config *config, const struct config_node *node,
                          const char *what, const char *const *choices, size_t *chosen)
{
    char expected[256], meant[128], found[80];
    struct slice text = node->kind == CONFIG_SCALAR ? node->text : SLICE_LITERAL("");
    for (size_t i = 0; choices[i]; i++) {
        if (slice_is(text, choices[i])) {
            *chosen = i;
            return true;
        }
    }
    return config_fail(config, node, "%s: expected %s, found %s%s", what,
                       config_join(expected, sizeof expected, choices),
                       describe(found, sizeof found, node),
                       suggest_phrase(meant, sizeof meant, text, choices));
}

static int64_t unit_seconds(char unit)
{
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return 86400;
    case 'w':
        return 7 * 86400;
    default:
        return 0;
    }
}

/* "30m" in seconds; 0 when it is not a duration, or not from a second to ten years. */
static int64_t parse_duration(struct slice text)
{
    int64_t number = 0;
    size_t digits = 0;
    while (digits < text.size && digits < 9 && ascii_is_digit(text.at[digits]))
        number = number * 10 + (text.at[digits++] - '0');
    if (digits == 0 || digits + 1 != text.size)
        return 0;
    int64_t seconds = number * unit_seconds(text.at[digits]);
    return seconds <= MAX_SECONDS ? seconds : 0;
}

bool config_expect_duration(const struct config *config, const struct config_node *node,
                            const char *what, const char *also, int64_t *seconds)
{
    if (!config_expect_text(config, node, what, MAX_DURATION_BYTES))
        return false;
    *seconds = parse_duration(node->text);
    return *seconds > 0 ||
           config_fail(config, node,
                       "%s: expected a number and s, m, h, d or w, from 1s to 3650d%s, found "
                       "\"%.*s\"",
                       what, also, CONFIG_QUOTE(node->text));
}

bool config_expect_truth(const struct config *config, const struct config_node *node,
                         const char *what, bool *truth)
{
    static const char *const truths[] = {"false", "true", NULL};
    size_t chosen;
    if (!config_expect_choice(config, node, what, truths, &chosen))
        return false;
    *truth = chosen == 1;
    return true;
}

const struct config_node *config_first(const struct config_node *node)
{
    return node->kind == CONFIG_LIST ? node->first : node;
}

const struct config_node *config_next(const struct config_node *node,
                                      const struct config_node *item)
{
    return node->kind == CONFIG_LIST ? item->next : NULL;
}

size_t config_count(const struct config_node *node)
{
    return node->kind == CONFIG_LIST ? node->count : 1;
}
