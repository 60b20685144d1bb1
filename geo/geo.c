#include "geo/geo.h"

#include <assert.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/names.h"
#include "geo/database.h"
#include "geo/schema.h"

/* What the databases together say. */
struct answer {
    uint32_t place;
    bool is_corrupt;
};

/*
 * A lookup asks each database for the offset of the address' record. Addresses with the same
 * offsets in all of them have the same answer, which is made once:
 *
 *     address -> offsets[database_count] -> number in `asked` -> answers[number] -> places[]
 *
 * There is no cache of networks in front of the search trees: it would save a part of 0.03 s for
 * 110,000 random addresses in the default country database (0.25 us each).
 */
struct geo {
    struct database *databases;
    size_t database_count;
    uint32_t *offsets; /* of the lookup that is going on */
    struct names asked;
    struct answer *answers;
    size_t answer_capacity;
    struct names place_names; /* country NUL subdivision NUL city */
    struct geo_place *places; /* same numbers; slices of place_names */
    size_t place_capacity;
    uint64_t failed_lookups;
};

/* The number of a place, the next one if it is new. */
static uint32_t add_place(struct geo *geo, const struct schema_place *place)
{
    char key[sizeof *place];
    int size = snprintf(key, sizeof key, "%s%c%s%c%s", place->country[0] ? place->country : "ZZ",
                        '\0', place->subdivision, '\0', place->city);
    assert(size > 0 && (size_t)size < sizeof key);
    uint32_t number = names_add(&geo->place_names, (struct slice){key, (size_t)size});
    geo->places =
        mem_grow(geo->places, &geo->place_capacity, geo->place_names.count, sizeof *geo->places);
    struct geo_place *added = &geo->places[number];
    added->country = slice_of(names_text(&geo->place_names, number).at);
    added->subdivision = slice_of(added->country.at + added->country.size + 1);
    added->city = slice_of(added->subdivision.at + added->subdivision.size + 1);
    return number;
}

/*
 * Fills the levels that the databases before did not know. A database that names another country
 * is not asked for finer levels: no city lies in two countries.
 */
static void add_levels(struct schema_place *all, const struct schema_place *one)
{
    if (!all->country[0])
        *all = *one;
    if (strcmp(all->country, one->country) != 0)
        return;
    if (!all->subdivision[0])
        memcpy(all->subdivision, one->subdivision, sizeof all->subdivision);
    if (!all->city[0])
        memcpy(all->city, one->city, sizeof all->city);
}

static struct answer make_answer(struct geo *geo)
{
    struct schema_place all = {0}, one;
    struct answer answer = {0};
    for (size_t i = 0; i < geo->database_count; i++) {
        uint32_t offset = geo->offsets[i];
        if (offset == DATABASE_NO_RECORD)
            continue;
        if (offset != DATABASE_CORRUPT_RECORD &&
            schema_read(geo->databases[i].section, offset, &one))
            add_levels(&all, &one);
        else
            answer.is_corrupt = true;
    }
    answer.place = add_place(geo, &all);
    return answer;
}

uint32_t geo_lookup(struct geo *geo, const struct address *address)
{
    if (address->family == ADDRESS_NAME)
        return GEO_UNKNOWN;
    for (size_t i = 0; i < geo->database_count; i++)
        geo->offsets[i] = database_find(&geo->databases[i], address);
    uint32_t known = geo->asked.count;
    uint32_t number =
        names_add(&geo->asked, (struct slice){(const char *)geo->offsets,
                                              geo->database_count * sizeof *geo->offsets});
    if (number == known) {
        geo->answers =
            mem_grow(geo->answers, &geo->answer_capacity, geo->asked.count, sizeof *geo->answers);
        geo->answers[number] = make_answer(geo);
    }
    geo->failed_lookups += geo->answers[number].is_corrupt;
    return geo->answers[number].place;
}

struct geo *geo_open(const char *const *paths, size_t count, struct error *error)
{
    struct geo *geo = mem_zeroed(1, sizeof *geo);
    struct hash_key key = hash_key_random();
    names_init(&geo->asked, key);
    names_init(&geo->place_names, key);
    geo->databases = mem_zeroed(count, sizeof *geo->databases);
    geo->offsets = mem_zeroed(count, sizeof *geo->offsets);
    add_place(geo, &(struct schema_place){0}); /* the first one is GEO_UNKNOWN */
    for (; geo->database_count < count; geo->database_count++) {
        if (!database_open(&geo->databases[geo->database_count], paths[geo->database_count],
                           error)) {
            geo_close(geo);
            return NULL;
        }
    }
    return geo;
}

void geo_close(struct geo *geo)
{
    if (!geo)
        return;
    for (size_t i = 0; i < geo->database_count; i++)
        database_close(&geo->databases[i]);
    mem_free(geo->databases);
    mem_free(geo->offsets);
    names_clear(&geo->asked);
    names_clear(&geo->place_names);
    mem_free(geo->answers);
    mem_free(geo->places);
    mem_free(geo);
}

const struct geo_place *geo_place(const struct geo *geo, uint32_t number)
{
    assert(number < geo->place_names.count);
    return &geo->places[number];
}

uint32_t geo_place_count(const struct geo *geo)
{
    return geo->place_names.count;
}

uint64_t geo_failed_lookups(const struct geo *geo)
{
    return geo->failed_lookups;
}

const char *geo_file_description(const struct geo *geo, size_t index)
{
    assert(index < geo->database_count);
    return geo->databases[index].description;
}

size_t geo_file_count(const struct geo *geo)
{
    return geo->database_count;
}
