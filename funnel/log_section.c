#include "funnel/log_section.h"

#include <stdio.h>

#include "parser/spec.h"

enum { MAX_FORMAT = 8192, MAX_KEY = 255, MAX_KEYS_A_FIELD = 16 };

/* What can have a key, and the fields they are; a time's pieces cannot be apart here. */
static const struct {
    const char *word;
    enum field field;
} field_words[] = {
    {"host", FIELD_HOST},         {"address", FIELD_ADDRESS}, {"forwarded", FIELD_FORWARDED},
    {"user", FIELD_USER},         {"time", FIELD_TIME},       {"request", FIELD_REQUEST},
    {"method", FIELD_METHOD},     {"url", FIELD_URL},         {"query", FIELD_QUERY},
    {"status", FIELD_STATUS},     {"bytes", FIELD_BYTES},     {"duration", FIELD_DURATION},
    {"referrer", FIELD_REFERRER}, {"agent", FIELD_AGENT},     {"cookie", FIELD_COOKIE},
};
enum { FIELD_WORDS = sizeof field_words / sizeof field_words[0] };

struct reader {
    const struct config *config;
    struct named_field *items;
    size_t count;
};

static enum field field_of(struct slice word)
{
    size_t i = 0;
    while (!slice_is(word, field_words[i].word))
        i++;
    return field_words[i].field;
}

static bool add_name(struct reader *reader, const struct config_node *name,
                     struct field_meaning meaning)
{
    if (!config_expect_text(reader->config, name, "a key", MAX_KEY))
        return false;
    reader->items[reader->count++] =
        (struct named_field){arena_copy(reader->config->arena, name->text).at, meaning};
    return true;
}

/* {key: took, unit: ms} or {key: when, is: end} */
static bool read_detailed(struct reader *reader, const struct config_node *mapping,
                          struct field_meaning meaning)
{
    static const char *const time_keys[] = {"key", "is", NULL};
    static const char *const duration_keys[] = {"key", "unit", NULL};
    static const char *const plain_keys[] = {"key", NULL};
    static const char *const ends[] = {"start", "end", NULL};
    static const char *const units[] = {"s", "ms", "us", "ns", NULL}; /* as enum duration_unit */
    const char *const *keys = meaning.field == FIELD_TIME       ? time_keys
                              : meaning.field == FIELD_DURATION ? duration_keys
                                                                : plain_keys;
    size_t choice = 0;
    if (!config_expect_keys(reader->config, mapping, "a key", keys))
        return false;
    const struct config_node *key = config_get(mapping, "key");
    const struct config_node *unit = config_get(mapping, "unit"), *is = config_get(mapping, "is");
    if (!key)
        return config_fail(reader->config, mapping, "expected \"key\", found none");
    if (unit && !config_expect_choice(reader->config, unit, "unit", units, &choice))
        return false;
    meaning.unit = (uint8_t)choice;
    choice = 0;
    if (is && !config_expect_choice(reader->config, is, "is", ends, &choice))
        return false;
    meaning.time_is_end = choice == 1;
    return add_name(reader, key, meaning);
}

/* The first of several keys is the best. */
static bool read_field(struct reader *reader, const struct config_node *key)
{
    struct field_meaning meaning = {.field = (uint8_t)field_of(key->text)};
    if (config_count(key->value) > MAX_KEYS_A_FIELD)
        return config_fail(reader->config, key, "%s: more than %d keys", key->text.at,
                           MAX_KEYS_A_FIELD);
    for (const struct config_node *item = config_first(key->value); item;
         item = config_next(key->value, item)) {
        bool is_fine = item->kind == CONFIG_MAPPING ? read_detailed(reader, item, meaning)
                                                    : add_name(reader, item, meaning);
        if (!is_fine)
            return false;
        meaning.rank++;
    }
    return true;
}

static bool read_keys(const struct config *config, const struct config_node *node,
                      struct log_section *section)
{
    const char *words[FIELD_WORDS + 1] = {NULL};
    for (size_t i = 0; i < FIELD_WORDS; i++)
        words[i] = field_words[i].word;
    if (!config_expect_keys(config, node, "keys", words))
        return false;
    size_t most = node->count * MAX_KEYS_A_FIELD;
    struct reader reader = {.config = config,
                            .items = arena_alloc(config->arena, (most + 1) * sizeof *reader.items)};
    for (const struct config_node *key = node->first; key; key = key->next) {
        if (!read_field(&reader, key))
            return false;
    }
    struct field_map *map = arena_alloc(config->arena, sizeof *map);
    *map = (struct field_map){.items = reader.items, .count = reader.count, .has_usual = true};
    section->names = map;
    return true;
}

/* False and *error at the format's place in the journey file. */
static bool compile_format(struct log_section *section, const struct extra_fields *extra,
                           struct arena *arena, struct error *error)
{
    struct error wrong = {0};
    char place[48] = "";
    struct format_spec spec = {.text = section->format_text, .extra = extra};
    section->format = spec_compile(&spec, arena, &wrong);
    if (section->format)
        return true;
    if (wrong.column)
        snprintf(place, sizeof place, ", character %zu", wrong.column);
    return error_at(error, ERROR_USAGE, section->source, section->line, section->column,
                    "format%s: %s", place, wrong.sentence);
}

static bool read_format(const struct config *config, const struct config_node *node,
                        struct log_section *section)
{
    if (!config_expect_text(config, node, "format", MAX_FORMAT))
        return false;
    section->format_text = arena_copy(config->arena, node->text).at;
    section->source = arena_copy(config->arena, slice_of(config->source)).at;
    section->line = node->line;
    section->column = node->column;
    return compile_format(section, NULL, config->arena, config->error);
}

bool log_section_read(const struct config *config, const struct config_node *node,
                      struct log_section *section)
{
    static const char *const keys[] = {"format", "keys", NULL};
    if (!config_expect_keys(config, node, "log", keys))
        return false;
    const struct config_node *format = config_get(node, "format"),
                             *names = config_get(node, "keys");
    return (!format || read_format(config, format, section)) &&
           (!names || read_keys(config, names, section));
}

bool log_section_settle(struct log_section *section, const struct extra_fields *extra,
                        struct arena *arena, struct error *error)
{
    return !section->format || extra->count == 0 || compile_format(section, extra, arena, error);
}
