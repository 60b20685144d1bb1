#include "cli/reading.h"

#include "cli/terminal.h"
#include "cli/visitor_key_file.h"
#include "parser/spec.h"

uint32_t reading_counted_classes(const struct options *options)
{
    return options->includes_bots ? AGENT_EVERY_CLASS & ~(1u << AGENT_INTERNAL)
                                  : 1u << AGENT_PERSON;
}

static bool open_journey(struct reading *reading, struct error *error)
{
    const struct options *options = reading->options;
    reading->journey = journey_load(options->journey, error);
    if (!reading->journey)
        return false;
    if (options->funnel && !journey_keep_funnel(reading->journey, options->funnel, error))
        return false;
    reading->rules = rules_new(reading->journey);
    return true;
}

/* A format that is given has to know the cookies and headers that the journey file asks for. */
static bool open_format(struct reading *reading, struct error *error)
{
    struct format_spec spec = reading->options->format_spec;
    const struct extra_fields *extra = &reading->journey->extra;
    reading->format =
        reading->options->format ? reading->options->format : reading->journey->log.format;
    if (!spec.text || extra->count == 0)
        return true;
    spec.extra = extra;
    reading->format = spec_compile(&spec, &reading->arena, error);
    return reading->format != NULL;
}

static bool open_proxies(struct reading *reading, struct error *error)
{
    const struct texts *given = &reading->options->trusted_proxies;
    for (size_t i = 0; i < given->count; i++) {
        if (!reading->trusted_proxies)
            reading->trusted_proxies = networks_new();
        if (!networks_add(reading->trusted_proxies, given->items[i], error))
            return false;
    }
    return true;
}

static bool open_key(struct reading *reading, struct error *error)
{
    const char *file = reading->options->visitor_key;
    if (file)
        return visitor_key_file_read(file, &reading->key, error);
    reading->key = hash_key_random();
    return true;
}

bool reading_open(struct reading *reading, const struct options *options, struct error *error)
{
    *reading = (struct reading){.options = options};
    arena_init(&reading->arena);
    if (!open_journey(reading, error) || !open_format(reading, error) ||
        !open_proxies(reading, error) || !open_key(reading, error))
        return false;
    reading->rules_off = reading->journey->bots.off | options->rules_off;
    reading->agent_rules = agent_rules_new(error);
    reading->trait_rules = trait_rules_new();
    return reading->agent_rules != NULL;
}

static struct detect_options how_to_detect(const struct reading *reading)
{
    return (struct detect_options){.only = reading->format,
                                   .map = reading->journey->log.names,
                                   .extra = &reading->journey->extra,
                                   .zone = reading->options->zone};
}

bool reading_open_inputs(struct reading *reading, struct error *error)
{
    const struct texts *logs = &reading->options->arguments;
    struct detect_options detect = how_to_detect(reading);
    return inputs_open(&reading->inputs, logs->items, logs->count, &detect, error);
}

/*
 * A declared crawler can become suspected by its address, and a visitor that is not told by its
 * agent has the class of its first hit: then a hit's own class does not say whose page view it is.
 */
static bool may_change_class(const struct journey *journey)
{
    enum visitor_key_kind kind = journey->visitor.items[0].kind;
    bool is_by_agent = kind == KEY_ADDRESS_AGENT || kind == KEY_ADDRESS_AGENT_HOST;
    return journey->bots.range_count || !is_by_agent;
}

static struct recorder_options how_to_record(const struct reading *reading, uint32_t kept_classes)
{
    const struct options *options = reading->options;
    const struct journey *journey = reading->journey;
    return (struct recorder_options){
        .key = reading->key,
        .rules = reading->rules,
        .agent_rules = reading->agent_rules,
        .trait_rules = reading->trait_rules,
        .visitor_rules = journey->visitor,
        .internal = journey->internal,
        .visit_timeout_ms = journey->visit.timeout_ms,
        .cuts_at_midnight = journey->visit.cut_at_midnight,
        .zone = options->zone,
        .counted_classes = reading_counted_classes(options),
        .kept_classes = kept_classes | reading_counted_classes(options) | 1u << AGENT_PERSON |
                        (may_change_class(journey) ? AGENT_EVERY_CLASS : 0),
        .keeps_visitor_ids = options->visitor_key || options->visit,
        .keeps_referring_pages = journey->visit.split_by_referrer,
        .shown_parameters = journey->shown_parameters,
        .shown_parameter_count = journey->shown_parameter_count,
        .max_keys = options->max_keys,
        .since_ms = options->since_ms,
        .until_ms = options->until_ms,
    };
}

bool reading_run(struct reading *reading, uint32_t kept_classes, struct error *error)
{
    const struct options *options = reading->options;
    struct progress progress = {0};
    struct ingest_options ingest_options = {
        .threads = options->threads,
        .detect = how_to_detect(reading),
        .is_strict = options->is_strict,
        .trusted_proxies = reading->trusted_proxies,
        .recorder = how_to_record(reading, kept_classes),
        .people = {.visits = reading->journey->visit,
                   .behaviour = reading->journey->bots,
                   .own_hosts = reading->journey->own_hosts},
        .progress = terminal_wants_progress(options) ? terminal_show_progress : NULL,
        .progress_context = &progress,
    };
    ingest_options.people.behaviour.off = reading->rules_off;
    bool is_fine = ingest_run(&reading->inputs, &ingest_options, &reading->ingested, error);
    terminal_clear_progress(&progress);
    return is_fine;
}

void reading_close(struct reading *reading)
{
    ingest_free(&reading->ingested);
    inputs_free(&reading->inputs);
    networks_free(reading->trusted_proxies);
    trait_rules_free(reading->trait_rules);
    agent_rules_free(reading->agent_rules);
    rules_free(reading->rules);
    journey_free(reading->journey);
    arena_clear(&reading->arena);
}
