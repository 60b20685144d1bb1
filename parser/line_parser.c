#include "parser/line_parser.h"

#include "base/ascii.h"

#include "parser/ltsv_line.h"
#include "parser/syslog.h"

/* The format of the file, the second-best, and any other. */
enum { FIRST, SECOND, OTHER, ATTEMPTS };

/* Rubbish is not held against every format without end: so many lines a block, more if some fit. */
enum { MOST_VAIN_TRIES = 64 };

/* What is kept for one of the formats. */
struct attempt {
    const struct log_format *format;
    bool is_plain; /* one of the formats whose lines need no more than they have always needed */
    size_t field_count; /* of struct line_fields, up to the extra ones if it can have none */
    struct columns columns;
    struct slice header; /* that the columns are from, as the block has it */
    struct json_memory *memory;
    const struct field_map *memory_map;
    char *decoded; /* LINE_LIMIT bytes: fields do not overlap, and decoding makes none longer */
    size_t decoded_size;
};

struct line_parser {
    struct line_clock clock;
    bool has_syslog_prefix, has_names; /* as in struct line_format */
    unsigned tries_left;               /* with all presets, in this block */
    struct attempt attempts[ATTEMPTS];
};

struct line_parser *line_parser_new(const struct time_zone *zone)
{
    struct line_parser *parser = mem_zeroed(1, sizeof *parser);
    line_clock_init(&parser->clock, zone);
    for (int i = 0; i < ATTEMPTS; i++)
        parser->attempts[i].decoded = mem_alloc(LINE_LIMIT);
    return parser;
}

void line_parser_free(struct line_parser *parser)
{
    if (!parser)
        return;
    for (int i = 0; i < ATTEMPTS; i++) {
        json_memory_free(parser->attempts[i].memory);
        mem_free(parser->attempts[i].decoded);
    }
    mem_free(parser);
}

/* Is it one of the formats whose fields are all where they have always been? */
static bool is_plain(const struct log_format *format)
{
    return format->ops == format_combined_ops || format->ops == format_common_ops ||
           format->ops == format_vhost_combined_ops;
}

/*
 * What JSON lines looked like, which is worth keeping from block to block; made with the first
 * line that could be one, because most logs have none.
 */
static struct json_memory *memory_of(struct attempt *attempt)
{
    const struct field_map *map = attempt->format->map;
    if (!attempt->memory || attempt->memory_map != map) {
        json_memory_free(attempt->memory);
        attempt->memory = json_memory_new(map);
        attempt->memory_map = map;
    }
    return attempt->memory;
}

static bool cut_json(struct attempt *attempt, struct slice line, struct line_fields *fields)
{
    while (line.size && (line.at[0] == ' ' || line.at[0] == '\t'))
        line = slice_from(line, 1);
    return line.size && line.at[0] == '{' && json_line_cut(memory_of(attempt), line, fields);
}

/*
 * CloudFront's header is a W3C header, but its columns are encoded in another way. Of one that is
 * not understood nobody knows the columns.
 */
static void use_header(struct attempt *attempt, struct slice header)
{
    const struct log_format *format = attempt->format;
    struct columns *columns = &attempt->columns;
    bool is_known =
        columns_compile((enum header_style)format->header, header, format->map, columns) &&
        columns->is_percent_encoded == (format->escapes == ESCAPE_PERCENT);
    if (!is_known)
        columns->count = 0;
}

static size_t count_fields(const struct log_format *format)
{
    bool has_extra = format->shape != SHAPE_FIELDS || FIELDS_BUT(format->absent) >> FIELD_EXTRA;
    return has_extra ? FIELD_COUNT : FIELD_EXTRA;
}

static void begin_attempt(struct attempt *attempt, const struct log_format *format,
                          struct slice header)
{
    attempt->format = format;
    attempt->is_plain = format && is_plain(format);
    attempt->field_count = format ? count_fields(format) : 0;
    if (!format || format->shape != SHAPE_COLUMNS)
        return;
    attempt->columns.count = 0;
    attempt->header = header;
    if (header.at)
        use_header(attempt, header);
}

void line_parser_begin(struct line_parser *parser, const struct line_format *format,
                       struct slice header)
{
    parser->has_syslog_prefix = format->has_syslog_prefix;
    parser->tries_left = format->format && format->tries_all ? MOST_VAIN_TRIES : 0;
    parser->has_names = format->has_names;
    begin_attempt(&parser->attempts[FIRST], format->format, header);
    begin_attempt(&parser->attempts[SECOND], format->second, header);
}

/* ---- the values of fields ---- */

static bool parse_status(struct slice text, uint16_t *status)
{
    if (text.size != 3)
        return false;
    unsigned value = 0;
    for (size_t i = 0; i < 3; i++) {
        unsigned digit = (unsigned char)text.at[i] - '0';
        if (digit > 9)
            return false;
        value = value * 10 + digit;
    }
    *status = (uint16_t)value;
    return value >= 100 && value <= 599;
}

/* "-" and what is no plain decimal number is unknown: a byte count never rejects a line. */
static int64_t parse_size(struct slice text)
{
    int64_t size = 0;
    if (text.size == 0 || text.size > 18)
        return -1;
    for (size_t i = 0; i < text.size; i++) {
        unsigned digit = (unsigned char)text.at[i] - '0';
        if (digit > 9)
            return -1;
        size = size * 10 + digit;
    }
    return size;
}

/* "shop.example:443" -> "shop.example"; a dash is none. */
static struct slice host_without_port(struct slice host)
{
    size_t end = host.size;
    while (end && host.at[end - 1] >= '0' && host.at[end - 1] <= '9')
        end--;
    if (end && end < host.size && host.at[end - 1] == ':')
        host.size = end - 1;
    return slice_is(host, "-") ? (struct slice){0} : host;
}

/* "client, proxy, proxy": who asked comes first; also without what stands behind the comma. */
static struct slice first_of_list(struct slice text)
{
    const char *comma = text.size ? memchr(text.at, ',', text.size) : NULL;
    return comma ? slice_head(text, (size_t)(comma - text.at)) : text;
}

/* A list of addresses can have quotes around it that the format does not name. */
static struct slice without_quotes(struct slice text)
{
    bool is_quoted = text.size >= 2 && text.at[0] == '"' && text.at[text.size - 1] == '"';
    return is_quoted ? (struct slice){text.at + 1, text.size - 2} : text;
}

/* "2001:db8::1:40000" -> "2001:db8::1": the last number is the port. */
static struct slice address_without_port(struct slice text)
{
    const char *colon = text.size ? memrchr(text.at, ':', text.size) : NULL;
    return colon ? slice_head(text, (size_t)(colon - text.at)) : text;
}

/* Several numbers (a load balancer's stages) add up; one that is not known makes all unknown. */
static int64_t parse_duration(struct slice text, enum duration_unit unit)
{
    int64_t total_us = 0;
    do {
        const char *blank = text.size ? memchr(text.at, ' ', text.size) : NULL;
        struct slice word = blank ? slice_head(text, (size_t)(blank - text.at)) : text;
        int64_t us;
        if (!duration_parse(word, unit, &us))
            return HIT_NO_DURATION;
        total_us = us > INT64_MAX - total_us ? INT64_MAX : total_us + us;
        text = slice_from(text, word.size + 1);
    } while (text.size);
    return total_us;
}

/* ---- fields that must look like what they are ---- */

static bool is_dash_or_empty(struct slice text)
{
    return text.size == 0 || (text.size == 1 && text.at[0] == '-');
}

/* A decimal point is what tells nginx's seconds from Apache's microseconds. */
static bool looks_like_duration(const struct log_format *format, struct slice text)
{
    int64_t us;
    bool has_point = text.size && memchr(text.at, '.', text.size);
    bool has_letter = text.size && text.at[text.size - 1] == 's';
    if (slice_is(text, "-"))
        return true;
    return duration_parse(text, (enum duration_unit)format->duration_unit, &us) &&
           has_point == (format->duration_unit == DURATION_S) &&
           has_letter == (format->duration_unit == DURATION_MS);
}

/* Letters, and dots of which something other than digits follows the last ("TLSv1.3" is none). */
static bool looks_like_host(struct slice text)
{
    struct slice host = host_without_port(text);
    bool has_letter = false, has_dot = false;
    size_t letters_behind_dot = 0;
    for (size_t i = 0; i < host.size; i++) {
        char c = host.at[i];
        bool is_letter = ascii_is_letter(c);
        if (!is_letter && !ascii_is_digit(c) && !strchr(".-_", c))
            return false;
        has_letter |= is_letter;
        has_dot |= c == '.';
        letters_behind_dot = c == '.' ? 0 : letters_behind_dot + is_letter;
    }
    return has_letter && ((has_dot && letters_behind_dot) || slice_is(host, "localhost"));
}

static bool looks_like_forwarded(struct slice text)
{
    struct address address;
    const char *comma = text.size ? memchr(text.at, ',', text.size) : NULL;
    struct slice first = comma ? slice_head(text, (size_t)(comma - text.at)) : text;
    return is_dash_or_empty(text) || slice_is(text, "unknown") || address_parse(first, &address);
}

static bool looks_like_agent(struct slice text)
{
    return text.size == 0 || memchr(text.at, '/', text.size);
}

/* "192.0.2.1, 10.0.0.1": the first of a list of addresses is no host. */
static bool ends_in_comma(struct slice host)
{
    return host.size && host.at[host.size - 1] == ',';
}

static bool has_expected_values(const struct log_format *format, const struct slice *at)
{
    unsigned checked = format->checked;
    if (ends_in_comma(at[FIELD_HOST]))
        return false;
    if ((checked & FIELD_BIT(FIELD_DURATION)) && !looks_like_duration(format, at[FIELD_DURATION]))
        return false;
    if ((checked & FIELD_BIT(FIELD_HOST)) && !looks_like_host(at[FIELD_HOST]))
        return false;
    if ((checked & FIELD_BIT(FIELD_FORWARDED)) && !looks_like_forwarded(at[FIELD_FORWARDED]))
        return false;
    return !(checked & FIELD_BIT(FIELD_AGENT)) || looks_like_agent(at[FIELD_AGENT]);
}

/* ---- fields -> hit ---- */

/* A line on its way, for one of the formats. */
struct reading {
    struct line_parser *parser;
    struct attempt *attempt;
    struct slice line;
    bool has_backslash;
};

static void decode(struct attempt *attempt, enum escape_style style, struct slice *field)
{
    char mark = escape_mark(style);
    if (!mark || field->size == 0 || !memchr(field->at, mark, field->size) ||
        field->size > LINE_LIMIT - attempt->decoded_size)
        return;
    char *out = attempt->decoded + attempt->decoded_size;
    *field = (struct slice){out, escape_decode(style, *field, out)};
    attempt->decoded_size += field->size;
}

/* What may hold escapes; of a time the slashes, which some JSON writers escape. */
static const uint8_t text_fields[] = {
    FIELD_TIME,     FIELD_REQUEST,   FIELD_URL,       FIELD_QUERY,     FIELD_AGENT,
    FIELD_REFERRER, FIELD_USER,      FIELD_HOST,      FIELD_COOKIE,    FIELD_FORWARDED,
    FIELD_EXTRA,    FIELD_EXTRA + 1, FIELD_EXTRA + 2, FIELD_EXTRA_LAST};
_Static_assert(EXTRA_FIELDS == 4, "all of them are text fields");
#define FOR_EACH_TEXT_FIELD(i) for (size_t i = 0; i < sizeof text_fields; i++)

/* A format that logs no sizes makes no line odd. */
static uint8_t oddity_of(const struct hit *hit, bool logs_sizes)
{
    return (uint8_t)(hit->request.oddity                   ? hit->request.oddity
                     : hit->address.family == ADDRESS_NAME ? ODD_NAME
                     : hit->size_bytes < 0 && logs_sizes   ? ODD_NO_SIZE
                                                           : ODD_NONE);
}

/* 499 stands for it, as in nginx: the client closed the connection before the answer. */
static bool set_no_answer(struct slice status, struct hit *hit)
{
    if (!slice_is(status, "000") && !slice_is(status, "0") && !slice_is(status, "-1"))
        return false;
    hit->status = 499;
    if (hit->oddity == ODD_NONE || hit->oddity > ODD_NO_ANSWER)
        hit->oddity = ODD_NO_ANSWER;
    return true;
}

static void decode_plain(struct attempt *attempt, struct slice *request, struct hit *hit)
{
    decode(attempt, ESCAPE_BACKSLASH, request);
    decode(attempt, ESCAPE_BACKSLASH, &hit->agent);
    decode(attempt, ESCAPE_BACKSLASH, &hit->referrer);
    decode(attempt, ESCAPE_BACKSLASH, &hit->user);
}

/*
 * The formats of most logs, whose lines are read without anything that they do not need: all of
 * hit is set, the fields that the format lacks to {NULL, 0} by format_cut's own table of them.
 * Inlined whatever else the file holds, so that the straight way has no call.
 */
__attribute__((always_inline)) static inline bool
read_plain(struct line_parser *parser, struct attempt *attempt, struct slice line,
           bool has_backslash, struct hit *hit, enum reject_reason *reason)
{
    struct slice fields[FIELD_COUNT];
    const struct log_format *format = attempt->format;
    fields[FIELD_HOST] = fields[FIELD_AGENT] = fields[FIELD_REFERRER] = (struct slice){0};
    *reason = REJECT_FORMAT;
    if (!format_cut(format, line, fields))
        return false;
    if (ends_in_comma(fields[FIELD_HOST]))
        return false;
    *reason = REJECT_TIME;
    if (!line_clock_parse(&parser->clock, fields[FIELD_TIME], &hit->time_ms, &hit->has_zone))
        return false;
    hit->agent = fields[FIELD_AGENT];
    hit->referrer = fields[FIELD_REFERRER];
    hit->user = fields[FIELD_USER];
    if (has_backslash)
        decode_plain(attempt, &fields[FIELD_REQUEST], hit);
    hit->host = host_without_port(fields[FIELD_HOST]);
    hit->address_text = fields[FIELD_ADDRESS];
    if (!address_parse(hit->address_text, &hit->address)) {
        hit->address_text = first_of_list(hit->address_text);
        address_parse(hit->address_text, &hit->address);
    }
    request_read(fields[FIELD_REQUEST], &hit->request);
    hit->size_bytes = parse_size(fields[FIELD_BYTES]);
    hit->duration_us = HIT_NO_DURATION;
    hit->forwarded = hit->cookie = (struct slice){0};
    memset(hit->extra, 0, sizeof hit->extra);
    if (hit->request.host.at && hit->host.size == 0)
        hit->host = host_without_port(hit->request.host);
    hit->oddity = oddity_of(hit, true);
    *reason = REJECT_STATUS;
    return parse_status(fields[FIELD_STATUS], &hit->status) ||
           set_no_answer(fields[FIELD_STATUS], hit);
}

/* Extra fields are left as they were if the format has none. The other shapes clear all fields. */
static bool cut(const struct reading *reading, struct line_fields *fields)
{
    const struct log_format *format = reading->attempt->format;
    switch (format->shape) {
    case SHAPE_FIELDS:
        memset(fields->at, 0, reading->attempt->field_count * sizeof *fields->at);
        fields->escaped = reading->has_backslash ? FIELDS_BUT(format->absent) : 0;
        fields->duration_unit = format->duration_unit;
        fields->time_is_end = format->time_is_end;
        return format_cut(format, reading->line, fields->at);
    case SHAPE_COLUMNS:
        return columns_cut(&reading->attempt->columns, reading->line, fields);
    case SHAPE_LTSV:
        return ltsv_line_cut(format->map, reading->line, fields);
    case SHAPE_JSON:
        return cut_json(reading->attempt, reading->line, fields);
    }
    return false;
}

static void decode_texts(const struct reading *reading, struct line_fields *fields)
{
    enum escape_style style = (enum escape_style)reading->attempt->format->escapes;
    FOR_EACH_TEXT_FIELD(i)
    {
        if (fields->escaped & FIELD_BIT(text_fields[i]))
            decode(reading->attempt, style, &fields->at[text_fields[i]]);
    }
}

/* Formats with named fields read any usual stamp, unless their template has its own. */
static const struct time_reader *time_reader_of(const struct log_format *format,
                                                const struct line_fields *fields)
{
    static const struct time_reader any = {.style = TIME_ANY}, parts = {.style = TIME_ISO_PARTS};
    if (format->shape == SHAPE_FIELDS || format->time.style == TIME_PATTERN)
        return &format->time;
    return fields->at[FIELD_TIME_2].at ? &parts : &any;
}

static bool read_time(const struct reading *reading, const struct line_fields *fields,
                      struct hit *hit)
{
    return line_clock_read(&reading->parser->clock,
                           time_reader_of(reading->attempt->format, fields),
                           &fields->at[FIELD_TIME], &hit->time_ms, &hit->has_zone);
}

/* A year: what is longer is no duration, and would move the start of the request anywhere. */
#define LONGEST_US INT64_C(31556952000000)

/* Events are ordered by when requests began. */
static void set_duration(const struct line_fields *fields, struct hit *hit)
{
    struct slice text = fields->at[FIELD_DURATION];
    hit->duration_us =
        text.at ? parse_duration(text, (enum duration_unit)fields->duration_unit) : HIT_NO_DURATION;
    if (hit->duration_us > LONGEST_US)
        hit->duration_us = HIT_NO_DURATION;
    if (fields->time_is_end && hit->duration_us > 0)
        hit->time_ms -= hit->duration_us / 1000;
}

/*
 * "" (nginx escape=json) says the same as a dash. A name that a line does not have may be one that
 * the log never has, and says nothing.
 */
static struct slice text_or_dash(const struct log_format *format, const struct line_fields *fields,
                                 enum field field)
{
    bool has_field = format->shape == SHAPE_FIELDS ? !(format->absent & FIELD_BIT(field))
                                                   : fields->at[field].at != NULL;
    return has_field && fields->at[field].size == 0 ? SLICE_LITERAL("-") : fields->at[field];
}

static struct request request_of(const struct line_fields *fields)
{
    const struct slice *at = fields->at;
    if (at[FIELD_REQUEST].at)
        return request_parse(at[FIELD_REQUEST]);
    return request_of_parts(at[FIELD_METHOD], at[FIELD_URL], at[FIELD_QUERY]);
}

/* A log of a server behind proxies can have the address in their header alone. */
static void set_address(const struct log_format *format, const struct line_fields *fields,
                        struct hit *hit)
{
    bool has_own = fields->at[FIELD_ADDRESS].at != NULL;
    struct slice text = first_of_list(has_own ? fields->at[FIELD_ADDRESS]
                                              : without_quotes(fields->at[FIELD_FORWARDED]));
    hit->address_text = format->address_has_port ? address_without_port(text) : text;
    address_parse(hit->address_text, &hit->address);
}

static void set_extra(const struct attempt *attempt, const struct line_fields *fields,
                      struct hit *hit)
{
    if (attempt->field_count == FIELD_EXTRA) {
        memset(hit->extra, 0, sizeof hit->extra);
        return;
    }
    memcpy(hit->extra, &fields->at[FIELD_EXTRA], sizeof hit->extra);
    if (attempt->format->forwarded_extra)
        hit->extra[attempt->format->forwarded_extra - FIELD_EXTRA] = hit->forwarded;
    for (size_t i = 0; i < EXTRA_FIELDS; i++) {
        if (hit->extra[i].size == 1 && hit->extra[i].at[0] == '-')
            hit->extra[i].size = 0;
    }
}

static bool has_what_is_needed(const struct line_fields *fields)
{
    const struct slice *at = fields->at;
    return at[FIELD_TIME].at && at[FIELD_STATUS].at && (at[FIELD_REQUEST].at || at[FIELD_URL].at);
}

/* What every other format needs. */
static bool read_any(const struct reading *reading, struct hit *hit, enum reject_reason *reason)
{
    struct line_fields fields;
    const struct log_format *format = reading->attempt->format;
    *reason = REJECT_FORMAT;
    if (!cut(reading, &fields) || !has_what_is_needed(&fields) ||
        !has_expected_values(format, fields.at))
        return false;
    if (fields.escaped)
        decode_texts(reading, &fields);
    *reason = REJECT_TIME;
    if (!read_time(reading, &fields, hit))
        return false;
    set_duration(&fields, hit);
    set_address(format, &fields, hit);
    hit->request = request_of(&fields);
    hit->agent = text_or_dash(format, &fields, FIELD_AGENT);
    hit->referrer = text_or_dash(format, &fields, FIELD_REFERRER);
    hit->host =
        host_without_port(fields.at[FIELD_HOST].at ? fields.at[FIELD_HOST] : hit->request.host);
    hit->user = fields.at[FIELD_USER];
    hit->forwarded = without_quotes(fields.at[FIELD_FORWARDED]);
    hit->cookie = fields.at[FIELD_COOKIE];
    set_extra(reading->attempt, &fields, hit);
    hit->size_bytes = parse_size(fields.at[FIELD_BYTES]);
    if (format->has_absolute_urls && hit->request.oddity == ODD_ABSOLUTE_FORM)
        hit->request.oddity = ODD_NONE;
    hit->oddity = oddity_of(hit, fields.at[FIELD_BYTES].at != NULL);
    *reason = REJECT_STATUS;
    return parse_status(fields.at[FIELD_STATUS], &hit->status) ||
           set_no_answer(fields.at[FIELD_STATUS], hit);
}

/* The first line of a CSV log may stand again where files were joined. */
static bool is_directive(const struct reading *reading, enum header_style style)
{
    return style == HEADER_FIRST_LINE ? slice_equal(reading->line, reading->attempt->header)
                                      : columns_is_directive(style, reading->line);
}

/*
 * True when the line is a header or comment of the format. A new header takes effect; behind one
 * that names nothing that is needed no line fits until the next, as in the blocks that follow.
 */
static bool take_directive(const struct reading *reading)
{
    const struct log_format *format = reading->attempt->format;
    if (format->shape != SHAPE_COLUMNS || !is_directive(reading, (enum header_style)format->header))
        return false;
    if (columns_is_header(reading->line)) {
        reading->attempt->columns.count = 0;
        use_header(reading->attempt, reading->line);
    }
    return true;
}

static enum line_outcome read_as(struct line_parser *parser, int attempt, struct slice text,
                                 bool has_backslash, struct hit *hit, enum reject_reason *reason)
{
    struct reading reading = {parser, &parser->attempts[attempt], text, has_backslash};
    const struct log_format *format = reading.attempt->format;
    bool is_hit;
    reading.attempt->decoded_size = 0;
    *reason = REJECT_FORMAT;
    if (!format)
        return LINE_REJECTED;
    if (take_directive(&reading))
        return LINE_DIRECTIVE;
    is_hit = reading.attempt->is_plain
                 ? read_plain(parser, reading.attempt, text, has_backslash, hit, reason)
                 : read_any(&reading, hit, reason);
    return is_hit ? LINE_HIT : LINE_REJECTED;
}

static bool is_with_address(enum line_outcome outcome, const struct hit *hit)
{
    return outcome == LINE_HIT && hit->address.family != ADDRESS_NAME;
}

static int known_fields(const struct log_format *format)
{
    return FIELD_COUNT - __builtin_popcount(format->absent);
}

/*
 * Of all presets that find an address in the line, without a syslog prefix, the one that knows
 * most: what a server wrote before or after its format was changed. NULL: none does. The names that
 * "json" knows are also those of the formats with names of their own.
 */
static const struct log_format *find_other(struct line_parser *parser, struct slice text,
                                           bool has_backslash)
{
    size_t count;
    const struct log_format *presets = format_presets(&count), *best = NULL;
    text = syslog_strip(text);
    for (size_t i = 0; i < count; i++) {
        struct hit hit;
        enum reject_reason reason;
        if (presets[i].is_named_only || presets[i].shape == SHAPE_COLUMNS || presets[i].map ||
            (best && known_fields(&presets[i]) <= known_fields(best)))
            continue;
        begin_attempt(&parser->attempts[OTHER], &presets[i], (struct slice){0});
        if (is_with_address(read_as(parser, OTHER, text, has_backslash, &hit, &reason), &hit))
            best = &presets[i];
    }
    return best;
}

/* A reading of the line that is better than none, or than one without an address. */
static bool read_better(struct line_parser *parser, struct slice text, bool has_backslash,
                        struct hit *hit, enum line_outcome first)
{
    enum reject_reason reason;
    enum line_outcome second = read_as(parser, SECOND, text, has_backslash, hit, &reason);
    hit->oddity = ODD_OTHER_FORMAT;
    if (is_with_address(second, hit))
        return true;
    if (parser->tries_left && (first != LINE_HIT || !parser->has_names)) {
        const struct log_format *other = find_other(parser, text, has_backslash);
        parser->tries_left = other ? MOST_VAIN_TRIES : parser->tries_left - 1;
        if (other) {
            begin_attempt(&parser->attempts[OTHER], other, (struct slice){0});
            read_as(parser, OTHER, syslog_strip(text), has_backslash, hit, &reason);
            hit->oddity = ODD_OTHER_FORMAT;
            return true;
        }
    }
    return second == LINE_HIT && first != LINE_HIT;
}

/* The same format without a quote too many in front. */
static bool read_unquoted(struct line_parser *parser, struct slice text, bool has_backslash,
                          struct hit *hit)
{
    enum reject_reason reason;
    if (text.size == 0 || text.at[0] != '"')
        return false;
    begin_attempt(&parser->attempts[OTHER], parser->attempts[FIRST].format, (struct slice){0});
    enum line_outcome outcome =
        read_as(parser, OTHER, slice_from(text, 1), has_backslash, hit, &reason);
    hit->oddity = ODD_STRAY_QUOTE;
    return is_with_address(outcome, hit);
}

/*
 * A line that does not fit, or has no address where one should be, may be one of another format,
 * or have a quote too many in front.
 */
static enum line_outcome read_again(struct line_parser *parser, struct slice text,
                                    bool has_backslash, struct hit *hit, enum line_outcome first)
{
    struct hit better;
    if (read_unquoted(parser, text, has_backslash, &better) ||
        read_better(parser, text, has_backslash, &better, first)) {
        *hit = better;
        return LINE_HIT;
    }
    return first;
}

/* A log truncated in place while its server writes on begins with a hole of NUL bytes. */
static struct slice without_leading_nuls(struct slice line)
{
    while (line.size && *line.at == '\0')
        line = slice_from(line, 1);
    return line;
}

/* False: the line is rejected for what it is, whatever the format. */
static bool check_line(const struct line *line, struct slice *text, enum reject_reason *reason)
{
    *text = line->has_nul ? without_leading_nuls(line->text) : line->text;
    *reason = REJECT_OVERLONG;
    if (text->size > LINE_LIMIT)
        return false;
    *reason = REJECT_NUL;
    return !(line->has_nul && text->size && memchr(text->at, '\0', text->size));
}

/* All of it, for lines and formats of which nothing is known. */
static enum line_outcome read_carefully(struct line_parser *parser, const struct line *line,
                                        struct hit *hit, enum reject_reason *reason)
{
    struct slice text;
    if (!check_line(line, &text, reason))
        return LINE_REJECTED;
    if (parser->has_syslog_prefix)
        text = syslog_strip(text);
    enum line_outcome outcome = read_as(parser, FIRST, text, line->has_backslash, hit, reason);
    if (outcome == LINE_DIRECTIVE || is_with_address(outcome, hit))
        return outcome;
    if (outcome == LINE_REJECTED && ascii_is_empty(text)) {
        *reason = REJECT_BLANK;
        return LINE_REJECTED;
    }
    return read_again(parser, text, line->has_backslash, hit, outcome);
}

enum line_outcome line_parser_read(struct line_parser *parser, const struct line *line,
                                   struct hit *hit, enum reject_reason *reason)
{
    struct attempt *first = &parser->attempts[FIRST];
    if (first->is_plain && !parser->has_syslog_prefix && !line->has_nul &&
        line->text.size <= LINE_LIMIT) {
        first->decoded_size = 0;
        if (read_plain(parser, first, line->text, line->has_backslash, hit, reason) &&
            hit->address.family != ADDRESS_NAME)
            return LINE_HIT;
    }
    return read_carefully(parser, line, hit, reason);
}

bool line_parser_cut(struct line_parser *parser, const struct line *line, bool is_decoded,
                     struct line_fields *fields)
{
    struct reading reading = {.parser = parser,
                              .attempt = &parser->attempts[FIRST],
                              .has_backslash = line->has_backslash};
    enum reject_reason reason;
    if (!reading.attempt->format || !check_line(line, &reading.line, &reason))
        return false;
    if (parser->has_syslog_prefix)
        reading.line = syslog_strip(reading.line);
    reading.attempt->decoded_size = 0;
    *fields = (struct line_fields){0};
    if (!cut(&reading, fields))
        return false;
    if (is_decoded && fields->escaped)
        decode_texts(&reading, fields);
    return true;
}

bool line_parser_leaves_rest(struct line_parser *parser, const struct line *line)
{
    struct line_fields fields;
    const struct log_format *format = parser->attempts[FIRST].format;
    const char *end = line->text.at + line->text.size, *last = line->text.at;
    if (!format || format->shape != SHAPE_FIELDS || !line_parser_cut(parser, line, false, &fields))
        return false;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        struct slice field = fields.at[i];
        if (field.at && field.at + field.size > last)
            last = field.at + field.size;
    }
    return end - last > 1; /* a closing quote is no rest */
}
