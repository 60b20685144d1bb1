/*
 * Three lines: the own host, a referrer, a query (which may have newlines).
 *
 * Holds: what is packed has six fields or none, and comes back from them as it was; values are cut
 * and without white space around; what the query tells was marked; the referrer's host and path
 * lie in the referrer; a source has a class, and a name unless it is direct. Nothing is read past
 * the ends.
 */
#include "funnel/sources.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* A copy that ends where its memory does; free it. */
static char *take_line(struct slice *rest, bool is_last, struct slice *line)
{
    const char *newline = rest->size && !is_last ? memchr(rest->at, '\n', rest->size) : NULL;
    size_t size = newline ? (size_t)(newline - rest->at) : rest->size;
    char *copy = mem_alloc(size);
    if (size)
        memcpy(copy, rest->at, size);
    *rest = slice_from(*rest, size + 1);
    *line = (struct slice){copy, size};
    return copy;
}

static bool is_inside(struct slice part, struct slice whole)
{
    return part.size <= whole.size &&
           (part.size == 0 ||
            (part.at >= whole.at && part.at + part.size <= whole.at + whole.size));
}

static void check_referrer(struct slice referrer, struct slice packed_host)
{
    struct slice host = origin_referrer_host(referrer), path = origin_referrer_path(referrer);
    must(is_inside(host, referrer));
    must(host.size == packed_host.size);
    must((host.size == 0) == (path.size == 0));
    must(is_inside(path, referrer) || slice_is(path, "/"));
    for (size_t i = 0; i < host.size; i++)
        must((host.at[i] | 0x20) == (packed_host.at[i] | 0x20));
}

static void check_value(struct slice value)
{
    must(value.size <= ORIGIN_VALUE_MAX);
    must(ascii_trim(value).size == value.size);
    must(value.size == 0 || !memchr(value.at, '\0', value.size));
}

/* The fields, joined again. */
static void check_fields(struct slice packed, const struct origin *origin)
{
    size_t fields = origin->own_host.size + origin->referrer.size + origin->source.size +
                    origin->medium.size + origin->campaign.size + (origin->click != CLICK_NONE);
    must(packed.size == (fields ? fields + 5 : 0) && packed.size <= ORIGIN_TEXT_MAX);
    must(origin->own_host.size <= 253 && origin->referrer.size <= 253);
    check_value(origin->source);
    check_value(origin->medium);
    check_value(origin->campaign);
}

static void check_source(const struct origin *origin)
{
    struct slice item = SLICE_LITERAL("shop.example");
    struct own_hosts own = {&item, 1};
    struct source source = source_of(origin, &own);
    must(source.class != SOURCE_NONE && source_class_name(source.class)[0]);
    must(slice_equal(source.campaign, origin->campaign));
    must(source.class != SOURCE_DIRECT || source.name.size == 0);
    must(source.name.size || source.class == SOURCE_DIRECT || source.class == SOURCE_CAMPAIGN);
    if (own_hosts_hold(&own, origin->referrer) && !origin->source.size && !origin->medium.size &&
        !origin->campaign.size && origin->click == CLICK_NONE)
        must(source.class == SOURCE_DIRECT);
}

/* A host that is used as a site's own one is found, and then it is the site's own. */
static void check_own(const struct origin *origin)
{
    struct host_use uses[] = {{origin->own_host, 5, 0}, {origin->referrer, 2, 9}};
    struct arena arena;
    arena_init(&arena);
    struct own_hosts own = own_hosts_find(uses, 2, &arena);
    if (own.count)
        must(own_hosts_hold(&own, origin->own_host) || own_hosts_hold(&own, origin->referrer));
    arena_clear(&arena);
}

static void check(struct slice own_host, struct slice referrer, struct slice query)
{
    char *out = mem_alloc(ORIGIN_TEXT_MAX);
    struct slice packed = origin_pack(own_host, referrer, query, out);
    struct origin origin = origin_unpack(packed);
    bool is_told = origin.click != CLICK_NONE || origin.source.size || origin.medium.size ||
                   origin.campaign.size;
    must(!is_told || origin_marks_campaign(query));
    check_fields(packed, &origin);
    check_referrer(referrer, origin.referrer);
    check_source(&origin);
    check_own(&origin);
    origin_unpack(query);
    mem_free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice rest = {(const char *)bytes, size}, lines[3];
    char *copies[3];
    for (int i = 0; i < 3; i++)
        copies[i] = take_line(&rest, i == 2, &lines[i]);
    check(lines[0], lines[1], lines[2]);
    for (int i = 0; i < 3; i++)
        mem_free(copies[i]);
    return 0;
}
