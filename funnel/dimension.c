#include "funnel/dimension.h"

#include <stdlib.h>
#include <string.h>

#include "base/names.h"

#define UNKNOWN_VALUE "ZZ"
#define FOLDED_VALUE  "(other)"

static struct slice region_value(const struct geo_place *place)
{
    return place->country;
}

/* A level that is not known falls back to the one above it. */
static struct slice subdivision_value(const struct geo_place *place)
{
    return place->subdivision.size ? place->subdivision : region_value(place);
}

static struct slice city_value(const struct geo_place *place)
{
    return place->city.size ? place->city : subdivision_value(place);
}

static const char *region_label(struct arena *arena, struct slice value)
{
    const char *name = country_name(value);
    if (slice_is(value, UNKNOWN_VALUE))
        return "Unknown";
    return name ? name : arena_copy(arena, value).at;
}

static const char *plain_label(struct arena *arena, struct slice value)
{
    if (slice_is(value, UNKNOWN_VALUE))
        return "Unknown";
    const char *country = country_name(value);
    return country ? arena_format(arena, "%s, place unknown", country)
                   : arena_copy(arena, value).at;
}

static const struct dimension dimensions[] = {
    {"region", "Region", region_value, region_label},
    {"subdivision", "Subdivision", subdivision_value, plain_label},
    {"city", "City", city_value, plain_label},
};

const struct dimension *dimension_list(size_t *count)
{
    *count = sizeof dimensions / sizeof dimensions[0];
    return dimensions;
}

const struct dimension *dimension_find(const char *name)
{
    for (size_t i = 0; i < sizeof dimensions / sizeof dimensions[0]; i++) {
        if (strcmp(dimensions[i].name, name) == 0)
            return &dimensions[i];
    }
    return NULL;
}

const char *const *dimension_names(void)
{
    static const char *const names[] = {"region", "subdivision", "city", NULL};
    return names;
}

/* A value while values are being made. */
struct draft {
    struct report_value value;
    size_t number; /* of its text */
    bool is_folded;
};

static int compare_names(const struct draft *a, const struct draft *b)
{
    return strcmp(a->value.value, b->value.value);
}

/* Most visits first, then by text. */
static int compare_drafts(const void *left, const void *right)
{
    const struct draft *a = left, *b = right;
    if (a->value.visits != b->value.visits)
        return a->value.visits > b->value.visits ? -1 : 1;
    return compare_names(a, b);
}

/* Fewest visitors first, then by text. */
static int compare_sizes(const void *left, const void *right)
{
    const struct draft *a = left, *b = right;
    if (a->value.visitors != b->value.visitors)
        return a->value.visitors < b->value.visitors ? -1 : 1;
    return compare_names(a, b);
}

static void add_people(struct report_value *to, const struct place_counts *from)
{
    to->visits += from->visits;
    to->visitors += from->visitors;
    to->page_views += from->page_views;
}

/* One draft per distinct text; text_of[place] is its number. */
static struct draft *draft_values(const struct dimension *dimension, const struct geo *geo,
                                  const struct place_counts *counts, struct arena *arena,
                                  uint32_t *text_of, size_t *draft_count)
{
    struct names texts;
    struct draft *drafts = NULL;
    size_t capacity = 0;
    names_init(&texts, hash_key_random());
    for (uint32_t place = 0; place < geo_place_count(geo); place++) {
        if (counts[place].visitors == 0)
            continue;
        struct slice text = dimension->value(geo_place(geo, place));
        uint32_t number = text_of[place] = names_add(&texts, text);
        if (number == *draft_count) {
            drafts = mem_grow(drafts, &capacity, ++*draft_count, sizeof *drafts);
            drafts[number] = (struct draft){
                .number = number,
                .value = {.value = arena_copy(arena, text).at,
                          .label = dimension->label(arena, text)},
            };
        }
        add_people(&drafts[number].value, &counts[place]);
    }
    names_clear(&texts);
    return drafts;
}

/* Marks the small ones; how many visitors they have together is then at least min_cell, or 0. */
static void fold_small(struct draft *drafts, size_t count, uint64_t min_cell)
{
    uint64_t folded = 0;
    if (count)
        qsort(drafts, count, sizeof *drafts, compare_sizes);
    for (size_t i = 0; i < count; i++) {
        bool is_unknown = strcmp(drafts[i].value.value, UNKNOWN_VALUE) == 0;
        bool is_small = drafts[i].value.visitors < min_cell;
        bool is_needed = folded > 0 && folded < min_cell;
        drafts[i].is_folded = !is_unknown && (is_small || is_needed);
        folded += drafts[i].is_folded ? drafts[i].value.visitors : 0;
    }
}

static void put_value(struct dimension_values *made, size_t *index_of, const struct draft *draft)
{
    index_of[draft->number] = made->count;
    made->values[made->count++] = draft->value;
}

/* The kept ones in order, then one for all that are folded. */
static void order_values(struct draft *drafts, size_t count, struct dimension_values *made,
                         size_t *index_of)
{
    struct report_value other = {.value = FOLDED_VALUE, .label = "Other, each too small to show"};
    if (count)
        qsort(drafts, count, sizeof *drafts, compare_drafts);
    for (size_t i = 0; i < count; i++) {
        if (!drafts[i].is_folded)
            put_value(made, index_of, &drafts[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (!drafts[i].is_folded)
            continue;
        struct place_counts people = {drafts[i].value.visits, drafts[i].value.visitors,
                                      drafts[i].value.page_views};
        add_people(&other, &people);
        index_of[drafts[i].number] = made->count;
    }
    if (other.visitors)
        made->values[made->count++] = other;
}

struct dimension_values dimension_values_new(const struct dimension *dimension,
                                             const struct geo *geo,
                                             const struct place_counts *counts, uint64_t min_cell,
                                             struct arena *arena)
{
    size_t place_count = geo_place_count(geo), draft_count = 0;
    uint32_t *text_of = mem_zeroed(place_count, sizeof *text_of);
    struct draft *drafts = draft_values(dimension, geo, counts, arena, text_of, &draft_count);
    size_t *index_of = mem_zeroed(draft_count, sizeof *index_of);
    struct dimension_values made = {
        .values = arena_alloc(arena, (draft_count + 1) * sizeof *made.values),
        .of_place = mem_zeroed(place_count, sizeof *made.of_place),
    };
    fold_small(drafts, draft_count, min_cell);
    order_values(drafts, draft_count, &made, index_of);
    for (size_t place = 0; place < place_count; place++) {
        if (counts[place].visitors)
            made.of_place[place] = index_of[text_of[place]];
    }
    mem_free(drafts);
    mem_free(index_of);
    mem_free(text_of);
    return made;
}
