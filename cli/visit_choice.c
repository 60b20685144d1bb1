#include "cli/visit_choice.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/suggest.h"

enum { ID_DIGITS = 32, WORDS_MAX = AGENT_CLASS_COUNT + BEHAVIOUR_COUNT };

/* ---- what is meant ---- */

static bool read_id(const char *words, struct hash128 *id)
{
    uint64_t halves[2] = {0};
    if (strlen(words) != ID_DIGITS)
        return false;
    for (size_t i = 0; i < ID_DIGITS; i++) {
        int digit = ascii_hex_digit(words[i]);
        if (digit < 0)
            return false;
        halves[i / 16] = halves[i / 16] << 4 | (uint64_t)digit;
    }
    *id = (struct hash128){.high = halves[0], .low = halves[1]};
    return true;
}

static bool read_class(const char *words, enum agent_class *class)
{
    for (int i = 0; i < AGENT_CLASS_COUNT; i++) {
        if (strcmp(words, agent_class_name((enum agent_class)i)) == 0) {
            *class = (enum agent_class)i;
            return true;
        }
    }
    return false;
}

/* "user=alice", where the journey tells visitors by user. */
static bool read_value(const struct reading *reading, const char *words, struct hash128 *id)
{
    const struct visitor_rules *rules = &reading->journey->visitor;
    const char *value = strchr(words, '=');
    struct slice label = {words, value ? (size_t)(value - words) : 0};
    for (size_t i = 0; value && i < rules->count; i++) {
        bool has_values = rules->items[i].kind > KEY_ADDRESS_AGENT_HOST;
        if (!has_values || !slice_is(label, rules->items[i].label) || value[1] == '\0')
            continue;
        *id = visitor_value_id(reading->key, i, slice_of(value + 1));
        return true;
    }
    return false;
}

static bool refuse(const char *words, struct error *error)
{
    const char *known[WORDS_MAX + 1] = {NULL};
    char hint[128];
    size_t count = 0;
    for (int i = 0; i < AGENT_CLASS_COUNT; i++)
        known[count++] = agent_class_name((enum agent_class)i);
    for (const char *const *name = behaviour_names(); *name; name++)
        known[count++] = *name;
    return error_set(error, ERROR_USAGE,
                     "--visit takes an address, an id of 32 hex digits, a value such as user=alice "
                     "by a rule of the journey's \"visitor\", a class of agents or a bot rule, not "
                     "\"%s\"%s",
                     words, suggest_phrase(hint, sizeof hint, slice_of(words), known));
}

bool visit_choice_parse(const struct reading *reading, const char *words,
                        struct visit_choice *choice, struct error *error)
{
    const struct visitor_rules *rules = &reading->journey->visitor;
    *choice = (struct visit_choice){.kind = CHOICE_CLASS};
    if (read_class(words, &choice->class))
        return true;
    choice->kind = CHOICE_RULE;
    choice->rule = behaviour_find(words);
    if (choice->rule != BEHAVIOUR_NONE)
        return true;
    choice->kind = CHOICE_ID;
    if (read_id(words, &choice->id))
        return reading->options->visitor_key ||
               error_set(error, ERROR_USAGE,
                         "without --visitor-key ids are new in each run, so none can be found");
    if (read_value(reading, words, &choice->id))
        return true;
    choice->kind = CHOICE_ADDRESS;
    if (!address_parse(slice_of(words), &choice->address))
        return refuse(words, error);
    choice->address = address_cut(&choice->address, rules->v4_prefix, rules->v6_prefix);
    return true;
}

/* ---- the visits that fit ---- */

static bool is_visitor(const struct visit_choice *choice, const struct event_table *table,
                       size_t number)
{
    const struct visitor *visitor = &table->visitors[number];
    switch (choice->kind) {
    case CHOICE_CLASS:
        return visitor->class == choice->class;
    case CHOICE_RULE:
        return visitor->rule == choice->rule;
    case CHOICE_ID:
        return table->visitor_ids[number].low == choice->id.low &&
               table->visitor_ids[number].high == choice->id.high;
    case CHOICE_ADDRESS:
        break;
    }
    return true;
}

static bool is_visit(const struct visit_choice *choice, const struct event_table *table,
                     const struct visit *visit)
{
    const struct address *address = &table->clients[visit->client].address;
    return choice->kind != CHOICE_ADDRESS ||
           (address->family == choice->address.family &&
            memcmp(address->bytes, choice->address.bytes, sizeof address->bytes) == 0);
}

struct chosen_visit {
    const struct event_table *table;
    const struct visit *visit;
};

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_lists(const int64_t *a, const int64_t *b, size_t count)
{
    int order = 0;
    for (size_t i = 0; order == 0 && i < count; i++)
        order = compare_numbers(a[i], b[i]);
    return order;
}

static int compare_event(const struct event_table *table, const struct event *a,
                         const struct event *b)
{
    const int64_t facts_a[] = {a->time_ms, a->status, a->kind, a->flags, a->duration_ms};
    const int64_t facts_b[] = {b->time_ms, b->status, b->kind, b->flags, b->duration_ms};
    int order = compare_lists(facts_a, facts_b, sizeof facts_a / sizeof facts_a[0]);
    if (order == 0)
        order =
            slice_compare(names_text(&table->pages, a->page), names_text(&table->pages, b->page));
    return order ? order
                 : memcmp(&table->marks[a->mark], &table->marks[b->mark], sizeof *table->marks);
}

static int compare_events(const struct event_table *table, const struct visit *a,
                          const struct visit *b)
{
    int order = compare_numbers(a->event_count, b->event_count);
    for (size_t i = 0; order == 0 && i < a->event_count; i++)
        order = compare_event(table, &table->events[a->first_event + i],
                              &table->events[b->first_event + i]);
    return order;
}

/* Ids come last: without a key of the user's they are new in each run, and not shown. */
static int compare_visitors(const struct event_table *table, const struct visit *a,
                            const struct visit *b)
{
    const struct visitor *by_a = &table->visitors[a->visitor], *by_b = &table->visitors[b->visitor];
    const int64_t facts_a[] = {by_a->class, by_a->rule, by_a->key, by_a->visit_count,
                               a - table->visits - (int64_t)by_a->first_visit};
    const int64_t facts_b[] = {by_b->class, by_b->rule, by_b->key, by_b->visit_count,
                               b - table->visits - (int64_t)by_b->first_visit};
    int order = compare_lists(facts_a, facts_b, sizeof facts_a / sizeof facts_a[0]);
    struct hash128 of_a = table->visitor_ids[a->visitor], of_b = table->visitor_ids[b->visitor];
    if (order == 0 && of_a.high != of_b.high)
        order = of_a.high < of_b.high ? -1 : 1;
    return order ? order : (of_a.low > of_b.low) - (of_a.low < of_b.low);
}

/* By time; then by what else shows in the output, so that numbers play no part. */
static int compare_visits(const void *left, const void *right)
{
    const struct visit *a = ((const struct chosen_visit *)left)->visit;
    const struct visit *b = ((const struct chosen_visit *)right)->visit;
    const struct event_table *table = ((const struct chosen_visit *)left)->table;
    const struct client *of_a = &table->clients[a->client], *of_b = &table->clients[b->client];
    int order = compare_numbers(a->first_ms, b->first_ms);
    order = order ? order : compare_numbers(a->last_ms, b->last_ms);
    order = order ? order : compare_numbers(a->hits, b->hits);
    order = order ? order
                  : client_compare(&of_a->address, &table->agents[of_a->agent], &of_b->address,
                                   &table->agents[of_b->agent]);
    order = order ? order : compare_numbers(a->source, b->source);
    order = order ? order : compare_events(table, a, b);
    return order ? order : compare_visitors(table, a, b);
}

size_t *visit_choice_find(const struct visit_choice *choice, const struct event_table *table,
                          size_t most, size_t *count, size_t *total)
{
    struct chosen_visit *fitting = mem_alloc((table->visit_count + 1) * sizeof *fitting);
    *total = 0;
    for (size_t i = 0; i < table->visit_count; i++) {
        const struct visit *visit = &table->visits[i];
        if (is_visitor(choice, table, visit->visitor) && is_visit(choice, table, visit))
            fitting[(*total)++] = (struct chosen_visit){table, visit};
    }
    if (*total)
        qsort(fitting, *total, sizeof *fitting, compare_visits);
    *count = *total < most ? *total : most;
    size_t *numbers = mem_alloc((*count + 1) * sizeof *numbers);
    for (size_t i = 0; i < *count; i++)
        numbers[i] = (size_t)(fitting[*total * i / *count].visit - table->visits);
    mem_free(fitting);
    return numbers;
}
