/*
 * Any bytes as a line of each built-in format, alone and with the common format as the second.
 *
 * Holds: every slice of a hit can be read; what stands behind the line does not matter; status,
 * size, time, duration and reasons are in range; leading NUL bytes change nothing; reading a line
 * again gives the same; a combined line is also a common one, with the same fields; what is shown
 * of a line has nothing of its address, user, agent, cookies, extra headers or query. The first
 * line of the input is the header of formats that need one.
 */
#include "parser/line_parser.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/scan.h"
#include "parser/sample.h"

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

/* What the hit's slices hold, as numbers that outlive them. */
static uint64_t sum_of(uint64_t sum, struct slice part)
{
    must(part.at != NULL || part.size == 0);
    for (size_t i = 0; i < part.size; i++)
        sum = (sum ^ (unsigned char)part.at[i]) * 0x100000001b3u;
    return sum * 31 + part.size;
}

struct result {
    enum line_outcome outcome;
    enum reject_reason reason;
    struct hit hit;
    uint64_t texts;
};

static uint64_t sum_hit(const struct hit *hit)
{
    const struct slice parts[] = {
        hit->address_text, hit->agent,        hit->referrer,      hit->host,        hit->user,
        hit->forwarded,    hit->cookie,       hit->extra[0],      hit->extra[1],    hit->extra[2],
        hit->extra[3],     hit->request.path, hit->request.query, hit->request.host};
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        sum = sum_of(sum, parts[i]);
    return sum;
}

/* The years 0 to 9999, give or take a zone and a long request. */
static void check_hit(const struct hit *hit)
{
    const int64_t first_ms = -62167219200000, last_ms = 253402300799000, day_ms = 86400000;
    bool has_duration = hit->duration_us != HIT_NO_DURATION;
    must(hit->time_ms <= last_ms + day_ms);
    must(has_duration || hit->time_ms >= first_ms - day_ms);
    must(!has_duration || hit->duration_us >= 0);
    must(hit->status >= 100 && hit->status <= 599);
    must(hit->size_bytes >= -1 && hit->oddity < ODD_COUNT);
    must(hit->request.method < METHOD_COUNT && hit->request.kind < KIND_COUNT);
    must((hit->request.kind == KIND_NONE) == (hit->request.path.size == 0));
}

static struct line line_of(struct slice text)
{
    return (struct line){text, text.size && memchr(text.at, '\\', text.size),
                         text.size && memchr(text.at, '\0', text.size)};
}

static struct result parse(struct line_parser *parser, struct slice text)
{
    struct line line = line_of(text);
    struct result result = {.reason = REJECT_COUNT};
    result.outcome = line_parser_read(parser, &line, &result.hit, &result.reason);
    must(result.outcome != LINE_REJECTED || result.reason < REJECT_COUNT);
    if (result.outcome == LINE_HIT) {
        check_hit(&result.hit);
        result.texts = sum_hit(&result.hit);
    }
    return result;
}

static void must_be_same(const struct result *a, const struct result *b)
{
    must(a->outcome == b->outcome);
    must(a->outcome != LINE_REJECTED || a->reason == b->reason);
    if (a->outcome != LINE_HIT)
        return;
    must(a->hit.time_ms == b->hit.time_ms && a->hit.has_zone == b->hit.has_zone);
    must(a->hit.status == b->hit.status && a->hit.size_bytes == b->hit.size_bytes);
    must(a->hit.oddity == b->hit.oddity && a->hit.duration_us == b->hit.duration_us);
    must(a->hit.request.method == b->hit.request.method && a->texts == b->texts);
}

/* Only then can what is shown of the line tell whether it is hidden: marks are in brackets. */
static bool is_telling(struct slice line, struct slice field)
{
    const char *first = field.size > 8 ? memmem(line.at, line.size, field.at, field.size) : NULL;
    if (!first || memchr(field.at, '[', field.size) || memchr(field.at, ']', field.size))
        return false;
    struct slice rest = slice_from(line, (size_t)(first - line.at) + 1);
    return !memmem(rest.at, rest.size, field.at, field.size);
}

/* What people are told of a line. */
static void check_shown(struct line_parser *parser, struct slice text)
{
    static const uint8_t hidden[] = {FIELD_ADDRESS, FIELD_FORWARDED, FIELD_USER,  FIELD_AGENT,
                                     FIELD_COOKIE,  FIELD_QUERY,     FIELD_EXTRA, FIELD_EXTRA + 1};
    struct line line = line_of(text);
    struct line_fields fields;
    char shown[SAMPLE_BYTES + 1];
    line_parser_leaves_rest(parser, &line);
    bool fits = line_parser_cut(parser, &line, false, &fields);
    sample_mask(text, fits ? &fields : NULL, shown);
    size_t size = strlen(shown);
    must(size <= SAMPLE_BYTES);
    for (size_t i = 0; fits && i < sizeof hidden; i++) {
        struct slice field = fields.at[hidden[i]];
        must(!is_telling(text, field) || !memmem(shown, size, field.at, field.size));
    }
}

static void begin(struct line_parser *parser, const struct line_format *format, struct slice header)
{
    bool has_header = format->format->shape == SHAPE_COLUMNS;
    line_parser_begin(parser, format, has_header ? header : (struct slice){0});
}

static struct result check_format(struct line_parser *parser, const struct line_format *format,
                                  struct slice header, struct slice text)
{
    static const char behind[] = {']', ' ', '"', '\0', '['};
    struct result first = {0};
    for (size_t i = 0; i < sizeof behind; i++) {
        char *copy = copy_line(text, i, behind[i]);
        begin(parser, format, header);
        struct result result = parse(parser, (struct slice){copy, i + text.size});
        first = i == 0 ? result : first;
        must_be_same(&first, &result);
        if (i == 0)
            check_shown(parser, (struct slice){copy, text.size});
        mem_free(copy);
    }
    return first;
}

static void must_be_common_too(const struct result *combined, const struct result *common)
{
    if (combined->outcome != LINE_HIT || combined->hit.oddity == ODD_STRAY_QUOTE)
        return;
    must(common->outcome == LINE_HIT && combined->hit.time_ms == common->hit.time_ms);
    must(combined->hit.status == common->hit.status);
    must(combined->hit.size_bytes == -1 || combined->hit.size_bytes == common->hit.size_bytes);
}

/* A preset whose lines name their fields, with a cookie and a header that somebody asked for. */
static void add_extra(struct log_format *format, struct field_map *map)
{
    static const struct extra_fields extra = {{{"uid", true}, {"X-Session", false}}, 2};
    if (format->shape == SHAPE_FIELDS)
        return;
    *map = format->map ? *format->map : (struct field_map){.has_usual = true};
    map->extra = &extra;
    format->map = map;
}

static void check_line(struct line_parser *parser, struct slice header, struct slice text)
{
    static struct field_map maps[FORMAT_NAMES]; /* the parser tells maps apart by their place */
    size_t count;
    const struct log_format *presets = format_presets(&count);
    const struct log_format *common_format = format_find("common");
    struct result combined = {0}, common = {0};
    for (size_t i = 0; i < count; i++) {
        struct log_format format = presets[i];
        add_extra(&format, &maps[i]);
        struct line_format alone = {.format = &format};
        struct line_format both = {.format = &presets[i],
                                   .second = common_format,
                                   .has_syslog_prefix = (text.size & 1) != 0,
                                   .tries_all = (text.size & 2) != 0};
        struct result result = check_format(parser, &alone, header, text);
        check_format(parser, &both, header, text);
        combined = strcmp(presets[i].name, "combined") == 0 ? result : combined;
        common = &presets[i] == common_format ? result : common;
    }
    must_be_common_too(&combined, &common);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice text = {(const char *)bytes, size};
    const char *newline = size ? memchr(text.at, '\n', size) : NULL;
    struct slice first = newline ? slice_head(text, (size_t)(newline - text.at)) : text;
    struct line_parser *parser = line_parser_new(NULL);
    check_line(parser, first, newline ? slice_from(text, first.size + 1) : text);
    line_parser_free(parser);
    return 0;
}
