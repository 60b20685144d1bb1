/*
 * Any bytes as a line of each built-in format.
 *
 * Holds: slices lie inside the line; what stands behind the line does not matter; status, size,
 * time and reason are in range; leading NUL bytes change nothing; a combined line is also a common
 * one, with the same fields.
 */
#include "parser/format.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* A line with its slack, in memory that ends there. */
static char *copy_line(struct slice line, size_t nuls, char behind)
{
    char *copy = mem_alloc(nuls + line.size + SCAN_SLACK);
    memset(copy, 0, nuls);
    if (line.size)
        memcpy(copy + nuls, line.at, line.size);
    memset(copy + nuls + line.size, behind, SCAN_SLACK);
    return copy;
}

static void must_be_inside(struct slice part, struct slice line)
{
    if (part.at == NULL) {
        must(part.size == 0);
        return;
    }
    must(part.at >= line.at && part.at <= line.at + line.size);
    must(part.size <= (size_t)(line.at + line.size - part.at));
}

struct result {
    bool is_hit;
    enum reject_reason reason;
    struct hit hit;
};

static struct result parse(const struct log_format *format, struct slice line)
{
    struct line_clock clock;
    struct result result = {0};
    line_clock_init(&clock, 3600);
    result.is_hit = format_parse(format, &clock, line, &result.hit, &result.reason);
    return result;
}

static void check_hit(const struct hit *hit, struct slice line)
{
    /* The years 0 to 9999, give or take a zone. */
    const int64_t first_ms = -62167219200000, last_ms = 253402300799000, day_ms = 86400000;
    must(hit->time_ms >= first_ms - day_ms && hit->time_ms <= last_ms + day_ms);
    must(hit->status >= 100 && hit->status <= 599);
    must(hit->size_bytes >= -1);
    must(hit->request.method < METHOD_COUNT && hit->request.kind < KIND_COUNT);
    must((hit->request.kind == KIND_NONE) == (hit->request.path.size == 0));
    must_be_inside(hit->address_text, line);
    must_be_inside(hit->agent, line);
    must_be_inside(hit->referrer, line);
    must_be_inside(hit->host, line);
    must_be_inside(hit->user, line);
    must_be_inside(hit->request.query, line);
    if (!slice_is(hit->request.path, "/")) /* which stands for an empty path */
        must_be_inside(hit->request.path, line);
}

static void must_be_same_hit(const struct hit *a, const struct hit *b)
{
    must(a->time_ms == b->time_ms && a->has_zone == b->has_zone && a->status == b->status);
    must(a->size_bytes == b->size_bytes);
    must(slice_equal(a->address_text, b->address_text) && slice_equal(a->user, b->user));
    must(a->request.method == b->request.method && a->request.kind == b->request.kind);
    must(slice_equal(a->request.path, b->request.path));
    must(slice_equal(a->request.query, b->request.query));
}

static void must_be_same(const struct result *a, const struct result *b)
{
    must(a->is_hit == b->is_hit);
    if (!a->is_hit) {
        must(a->reason == b->reason);
        return;
    }
    must_be_same_hit(&a->hit, &b->hit);
    must(slice_equal(a->hit.agent, b->hit.agent) && slice_equal(a->hit.host, b->hit.host));
    must(slice_equal(a->hit.referrer, b->hit.referrer));
}

static void check_cut(const struct log_format *format, struct slice line)
{
    struct slice fields[FIELD_COUNT], again[FIELD_COUNT];
    bool fits = format_cut(format, line, fields);
    must(fits == format_cut(format, line, again));
    for (size_t i = 0; fits && i < FIELD_COUNT; i++) {
        must_be_inside(fields[i], line);
        must(fields[i].at == again[i].at && fields[i].size == again[i].size);
    }
}

static struct result check_format(const struct log_format *format, struct slice text)
{
    static const char behind[] = {' ', '"', '\0', '['};
    char *copy = copy_line(text, 0, ']');
    struct slice line = {copy, text.size};
    struct result result = parse(format, line);
    check_cut(format, line);
    if (result.is_hit)
        check_hit(&result.hit, line);
    else
        must(result.reason < REJECT_COUNT);
    for (size_t i = 0; i < sizeof behind; i++) {
        char *other = copy_line(text, i, behind[i]);
        struct result same = parse(format, (struct slice){other, i + text.size});
        must_be_same(&result, &same);
        mem_free(other);
    }
    mem_free(copy);
    return result;
}

/* The slices of the results are gone; their numbers are not. */
static void must_be_common_too(const struct result *combined, const struct result *common)
{
    if (!combined->is_hit)
        return;
    must(common->is_hit && combined->hit.time_ms == common->hit.time_ms);
    must(combined->hit.status == common->hit.status);
    must(combined->hit.size_bytes == -1 || combined->hit.size_bytes == common->hit.size_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice text = {(const char *)bytes, size};
    size_t count;
    const struct log_format *presets = format_presets(&count);
    for (size_t i = 0; i < count; i++)
        check_format(&presets[i], text);
    struct result combined = check_format(format_find("combined"), text);
    struct result common = check_format(format_find("common"), text);
    must_be_common_too(&combined, &common);
    return 0;
}
