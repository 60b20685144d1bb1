/*
 * Any bytes as a geo database.
 *
 * Holds: it is refused with a sentence, or it answers every address with a place whose levels fit
 * each other; the same address has the same place again.
 */
#include "geo/geo.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "geo/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* A finer level begins with the country and a mark between the two. */
static bool fits(struct slice level, struct slice country)
{
    return level.size == 0 || (slice_starts_with(level, country) && level.size > country.size + 1 &&
                               strchr("- ", level.at[country.size]));
}

static void look_up(struct geo *geo, const char *text)
{
    struct address address;
    must(address_parse(slice_of(text), &address));
    uint32_t number = geo_lookup(geo, &address);
    must(number < geo_place_count(geo) && geo_lookup(geo, &address) == number);
    const struct geo_place *place = geo_place(geo, number);
    must(place->country.size == 2);
    must(fits(place->subdivision, place->country) && fits(place->city, place->country));
    must(place->city.size < sizeof((struct schema_place *)0)->city);
    must(slice_is(place->country, "ZZ") == (number == GEO_UNKNOWN));
}

static void try_database(const char *path)
{
    static const char *const addresses[] = {"10.0.0.1",    "10.5.0.1", "10.9.0.1", "10.250.3.1",
                                            "81.2.69.142", "0.0.0.0",  "::1",      "fd00:8::1"};
    struct error error = {0};
    struct geo *geo = geo_open(&path, 1, &error);
    must((geo != NULL) == (error.code == ERROR_NONE));
    if (!geo)
        return;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        look_up(geo, addresses[i]);
    geo_close(geo);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    int descriptor = memfd_create("mmdb", MFD_CLOEXEC);
    must(descriptor >= 0 && write(descriptor, bytes, size) == (ssize_t)size);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    try_database(path);
    close(descriptor);
    return 0;
}
