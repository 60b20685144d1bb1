#include "parser/detect.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/civil.h"
#include "parser/syslog.h"

/*
 * A line whose address is one weighs more than a line with a name in its place: a format that is
 * off by one field finds names where addresses are. Logs with names only weigh the same for all.
 */
enum { ADDRESS_WEIGHT = 4, NAME_WEIGHT = 1 };

/* A bare number behind the agent can be anything; microseconds reach ten milliseconds soon. */
enum { LEAST_MICROSECONDS = 10000 };

struct score {
    const struct log_format *format;
    size_t accepted, weight;
    int64_t longest_us;
    unsigned fields; /* bit per field that the accepted lines had */
};

/* The lines of the sample that count, and how a format fares on each. */
struct sample {
    struct line lines[DETECT_LINES];
    size_t count;
    struct slice header; /* the first line of all, for formats that have it there */
    bool has_syslog_prefix;
    const struct detect_options *options;
    struct line_parser *parser;
};

static bool is_blank(struct slice line)
{
    for (size_t i = 0; i < line.size; i++) {
        if (line.at[i] != ' ' && line.at[i] != '\t' && line.at[i] != '\0')
            return false;
    }
    return true;
}

static size_t count_lines(struct slice rest)
{
    size_t count = 0;
    struct line line;
    while (lines_next(&rest, &line))
        count++;
    return count;
}

/*
 * Lines at even distances, so that neither rubbish at the start nor a change further down is all
 * that is seen; and every header, because the lines behind it follow it.
 */
static void take_sample(struct sample *sample, const struct block *block)
{
    struct slice rest = {block->bytes, block->size};
    struct line line;
    size_t step = (count_lines(rest) + DETECT_LINES - 1) / DETECT_LINES, prefixed = 0;
    for (size_t i = 0; sample->count < DETECT_LINES && lines_next(&rest, &line); i++) {
        bool is_header = slice_starts_with(line.text, SLICE_LITERAL("#Fields:"));
        if (is_blank(line.text))
            continue;
        if (!sample->header.at)
            sample->header = block->header.at ? block->header : line.text;
        if (i % step != 0 && !is_header)
            continue;
        prefixed += syslog_strip(line.text).size != line.text.size;
        sample->lines[sample->count++] = line;
    }
    sample->has_syslog_prefix = prefixed > sample->count / 2;
}

static void begin(const struct sample *sample, const struct log_format *format)
{
    bool has_header = format->shape == SHAPE_COLUMNS;
    struct line_format line_format = {.format = format,
                                      .has_syslog_prefix = sample->has_syslog_prefix};
    line_parser_begin(sample->parser, &line_format,
                      has_header ? sample->header : (struct slice){0});
}

static size_t weight_of(enum line_outcome outcome, const struct hit *hit)
{
    if (outcome != LINE_HIT)
        return 0;
    return hit->address.family == ADDRESS_NAME ? NAME_WEIGHT : ADDRESS_WEIGHT;
}

static unsigned fields_of(const struct line_fields *fields)
{
    unsigned found = 0;
    for (int field = 0; field < FIELD_EXTRA; field++)
        found |= fields->at[field].size ? FIELD_BIT(field) : 0;
    return found;
}

/* What a format knows: by its definition, or what the first lines named. */
static unsigned known_fields(const struct sample *sample, const struct log_format *format)
{
    enum { LOOKED_AT = 10 };
    struct line_fields fields;
    unsigned known = 0;
    if (format->shape == SHAPE_FIELDS)
        return FIELDS_BUT(format->absent) & (FIELD_BIT(FIELD_EXTRA) - 1);
    begin(sample, format);
    for (size_t i = 0; i < sample->count && i < LOOKED_AT; i++) {
        if (line_parser_cut(sample->parser, &sample->lines[i], true, &fields))
            known |= fields_of(&fields);
    }
    return known;
}

static bool is_guess(const struct score *score)
{
    return score->format->shape == SHAPE_FIELDS && score->format->duration_unit == DURATION_US &&
           score->longest_us < LEAST_MICROSECONDS;
}

static struct score score_format(const struct sample *sample, const struct log_format *format)
{
    struct score score = {.format = format};
    begin(sample, format);
    for (size_t i = 0; i < sample->count; i++) {
        struct hit hit;
        enum reject_reason reason;
        enum line_outcome outcome =
            line_parser_read(sample->parser, &sample->lines[i], &hit, &reason);
        score.accepted += outcome == LINE_HIT;
        score.weight += weight_of(outcome, &hit);
        if (outcome == LINE_HIT && hit.duration_us > score.longest_us)
            score.longest_us = hit.duration_us;
    }
    if (!sample->options->only && is_guess(&score))
        score.accepted = score.weight = 0;
    if (score.accepted)
        score.fields = known_fields(sample, format);
    return score;
}

/*
 * Formats that fit half as many lines as the best one, or more, are all plausible: of them the one
 * that knows most is meant, because what does not fit it is left to the second format. Among
 * equals, and among those that are not plausible, the weight decides, then the order of the
 * presets.
 */
static bool is_better(const struct score *a, const struct score *b, size_t most)
{
    bool a_plausible = 2 * a->weight >= most, b_plausible = 2 * b->weight >= most;
    int a_fields = __builtin_popcount(a->fields), b_fields = __builtin_popcount(b->fields);
    if (a_plausible != b_plausible)
        return a_plausible;
    if (a_plausible && a_fields != b_fields)
        return a_fields > b_fields;
    return a->weight > b->weight;
}

/* How many of the lines that do not fit `first` (or have no address there) fit `format` better? */
static size_t count_complement(const struct sample *sample, const struct log_format *format,
                               const bool *is_settled)
{
    size_t count = 0;
    begin(sample, format);
    for (size_t i = 0; i < sample->count; i++) {
        struct hit hit;
        enum reject_reason reason;
        if (!is_settled[i])
            count +=
                line_parser_read(sample->parser, &sample->lines[i], &hit, &reason) == LINE_HIT &&
                hit.address.family != ADDRESS_NAME;
    }
    return count;
}

static int compare_times(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* The log begins with its first line that fits and whose clock was not years off. */
static void set_first(const struct sample *sample, const struct block *block,
                      struct detection *found)
{
    struct slice rest = {block->bytes, block->size};
    struct line line;
    begin(sample, found->line_format.format);
    while (lines_next(&rest, &line)) {
        struct hit hit;
        enum reject_reason reason;
        if (line_parser_read(sample->parser, &line, &hit, &reason) != LINE_HIT ||
            hit_is_far(hit.time_ms, found->median_ms))
            continue;
        found->first_ms = hit.time_ms;
        found->first_line = line.text;
        found->has_zone = hit.has_zone;
        return;
    }
}

/* "host.example": what servers write that look up names. "Sep" and "<190>Sep" are misfits. */
static bool looks_like_name(struct slice text)
{
    char first = text.size ? text.at[0] : '<';
    bool is_word = ascii_is_letter(first) || ascii_is_digit(first);
    return is_word && memchr(text.at, '.', text.size);
}

/* The lines that fit the format, their times, and what of them the detection tells. */
static void settle(const struct sample *sample, struct detection *found, bool *is_settled)
{
    int64_t times[DETECT_LINES];
    size_t count = 0, names = 0;
    begin(sample, found->line_format.format);
    for (size_t i = 0; i < sample->count; i++) {
        struct hit hit;
        enum reject_reason reason;
        enum line_outcome outcome =
            line_parser_read(sample->parser, &sample->lines[i], &hit, &reason);
        bool is_name = outcome == LINE_HIT && hit.address.family == ADDRESS_NAME;
        is_settled[i] = outcome != LINE_REJECTED && !is_name;
        found->lines -= outcome == LINE_DIRECTIVE;
        names += is_name && looks_like_name(hit.address_text);
        if (outcome != LINE_HIT)
            continue;
        times[count++] = hit.time_ms;
        found->with_rest += line_parser_leaves_rest(sample->parser, &sample->lines[i]);
    }
    found->line_format.has_names = 4 * names > count;
    qsort(times, count, sizeof *times, compare_times);
    found->median_ms = times[count / 2];
}

/* A format with names of its own keeps to them; else the user's come before the usual ones. */
static struct field_map names_of(const struct log_format *format,
                                 const struct detect_options *options)
{
    const struct field_map *map = format->map ? format->map : options->map;
    return map ? *map : (struct field_map){.has_usual = true};
}

/* The preset with what the user knows of the names. A template tells itself what is in its lines.
 */
static const struct log_format *with_names(const struct log_format *format,
                                           const struct detect_options *options,
                                           struct arena *arena)
{
    bool is_preset = format_find(format->name) == format;
    bool has_extra = options->extra && options->extra->count;
    bool has_news = has_extra || (options->map && !format->map);
    if (format->shape == SHAPE_FIELDS || !is_preset || !has_news)
        return format;
    struct log_format *named = arena_alloc(arena, sizeof *named);
    struct field_map *map = arena_alloc(arena, sizeof *map);
    *map = names_of(format, options);
    map->extra = has_extra ? options->extra : NULL;
    *named = *format;
    named->map = map;
    return named;
}

static void choose(struct sample *sample, const struct log_format *const *formats, size_t count,
                   struct detection *found)
{
    struct score scores[FORMAT_NAMES], none = {0};
    const struct score *best = &none, *next = &none;
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        scores[i] = score_format(sample, formats[i]);
        most = scores[i].weight > most ? scores[i].weight : most;
    }
    for (size_t i = 0; i < count; i++) {
        const struct score *score = &scores[i];
        if (score->accepted == 0)
            continue;
        if (!best->format || is_better(score, best, most)) {
            next = best;
            best = score;
        } else if (!next->format || is_better(score, next, most)) {
            next = score;
        }
    }
    found->line_format.format = best->format;
    found->accepted = best->accepted;
    found->runner_up = next->format;
    found->runner_up_accepted = next->accepted;
}

/* The one that takes most of what is left; where nothing is left, the runner-up stands by. */
static void choose_second(const struct sample *sample, const struct log_format *const *formats,
                          size_t count, const bool *is_settled, struct detection *found)
{
    found->line_format.second = found->runner_up;
    for (size_t i = 0; i < count; i++) {
        if (formats[i] == found->line_format.format)
            continue;
        size_t accepted = count_complement(sample, formats[i], is_settled);
        if (accepted > found->second_accepted) {
            found->second_accepted = accepted;
            found->line_format.second = formats[i];
        }
    }
}

static size_t list_formats(const struct detect_options *options, struct arena *arena,
                           const struct log_format **formats)
{
    size_t preset_count, count = 0;
    const struct log_format *presets = format_presets(&preset_count);
    if (options->only) {
        formats[0] = with_names(options->only, options, arena);
        return 1;
    }
    for (size_t i = 0; i < preset_count; i++) {
        if (!presets[i].is_named_only)
            formats[count++] = with_names(&presets[i], options, arena);
    }
    return count;
}

struct detection detect_format(const struct block *block, const struct detect_options *options,
                               struct arena *arena)
{
    const struct log_format *formats[FORMAT_NAMES];
    bool is_settled[DETECT_LINES];
    struct sample sample = {.options = options, .parser = line_parser_new(options->zone)};
    take_sample(&sample, block);
    size_t count = list_formats(options, arena, formats);
    struct detection found = {.lines = sample.count,
                              .first_ms = CIVIL_NO_TIME,
                              .median_ms = CIVIL_NO_TIME,
                              .line_format.has_syslog_prefix = sample.has_syslog_prefix,
                              .line_format.tries_all = !options->only};
    choose(&sample, formats, count, &found);
    if (found.line_format.format) {
        settle(&sample, &found, is_settled);
        set_first(&sample, block, &found);
        choose_second(&sample, formats, count, is_settled, &found);
    }
    line_parser_free(sample.parser);
    return found;
}
