#include "parser/format.h"

#include "base/scan.h"

static const struct field_op common_ops[] = {
    {FIELD_ADDRESS, UNTIL_BYTE, ' ', 0}, {FIELD_SKIP, UNTIL_BYTE, ' ', 0},
    {FIELD_USER, UNTIL_PAIR, ' ', '['},  {FIELD_TIME, UNTIL_BYTE, ']', 0},
    {FIELD_SKIP, LITERAL, ' ', 0},       {FIELD_REQUEST, UNTIL_QUOTE, 0, 0},
    {FIELD_SKIP, LITERAL, ' ', 0},       {FIELD_STATUS, UNTIL_BYTE, ' ', 0},
    {FIELD_BYTES, UNTIL_BLANK, 0, 0},
};

static const struct field_op combined_ops[] = {
    {FIELD_ADDRESS, UNTIL_BYTE, ' ', 0}, {FIELD_SKIP, UNTIL_BYTE, ' ', 0},
    {FIELD_USER, UNTIL_PAIR, ' ', '['},  {FIELD_TIME, UNTIL_BYTE, ']', 0},
    {FIELD_SKIP, LITERAL, ' ', 0},       {FIELD_REQUEST, UNTIL_QUOTE, 0, 0},
    {FIELD_SKIP, LITERAL, ' ', 0},       {FIELD_STATUS, UNTIL_BYTE, ' ', 0},
    {FIELD_BYTES, UNTIL_BLANK, 0, 0},    {FIELD_SKIP, LITERAL, ' ', 0},
    {FIELD_REFERRER, UNTIL_QUOTE, 0, 0}, {FIELD_SKIP, LITERAL, ' ', 0},
    {FIELD_AGENT, UNTIL_QUOTE, 0, 0},
};

static const struct field_op vhost_combined_ops[] = {
    {FIELD_HOST, UNTIL_BYTE, ' ', 0},   {FIELD_ADDRESS, UNTIL_BYTE, ' ', 0},
    {FIELD_SKIP, UNTIL_BYTE, ' ', 0},   {FIELD_USER, UNTIL_PAIR, ' ', '['},
    {FIELD_TIME, UNTIL_BYTE, ']', 0},   {FIELD_SKIP, LITERAL, ' ', 0},
    {FIELD_REQUEST, UNTIL_QUOTE, 0, 0}, {FIELD_SKIP, LITERAL, ' ', 0},
    {FIELD_STATUS, UNTIL_BYTE, ' ', 0}, {FIELD_BYTES, UNTIL_BLANK, 0, 0},
    {FIELD_SKIP, LITERAL, ' ', 0},      {FIELD_REFERRER, UNTIL_QUOTE, 0, 0},
    {FIELD_SKIP, LITERAL, ' ', 0},      {FIELD_AGENT, UNTIL_QUOTE, 0, 0},
};

#define OPS(list) list, sizeof list / sizeof list[0]

static const struct log_format presets[] = {
    {"vhost_combined", "Apache's combined format behind the virtual host and port",
     "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"", OPS(vhost_combined_ops),
     9},
    {"combined", "the usual format of Apache and nginx",
     "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"", OPS(combined_ops), 8},
    {"common", "the common log format: combined without referrer and user agent",
     "%h %l %u %t \"%r\" %>s %b", OPS(common_ops), 6},
};

const struct log_format *format_presets(size_t *count)
{
    *count = sizeof presets / sizeof presets[0];
    return presets;
}

const struct log_format *format_find(const char *name)
{
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++) {
        if (strcmp(presets[i].name, name) == 0)
            return &presets[i];
    }
    return NULL;
}

const char *const *format_names(void)
{
    static const char *const names[] = {"vhost_combined", "combined", "common", NULL};
    return names;
}

const char *field_name(enum field field)
{
    static const char *const names[FIELD_COUNT] = {
        [FIELD_SKIP] = "(skipped)",   [FIELD_HOST] = "host",   [FIELD_ADDRESS] = "address",
        [FIELD_USER] = "user",        [FIELD_TIME] = "time",   [FIELD_REQUEST] = "request",
        [FIELD_STATUS] = "status",    [FIELD_BYTES] = "bytes", [FIELD_REFERRER] = "referrer",
        [FIELD_AGENT] = "user agent",
    };
    return names[field];
}

/* One of scan.h. Everything from here to cut_line is inlined with it into each form of format_cut.
 */
typedef const char *scan_function(const char *at, const char *end, char byte);

static bool is_escaped(const char *start, const char *quote)
{
    const char *at = quote;
    while (at > start && at[-1] == '\\')
        at--;
    return (quote - at) % 2 != 0;
}

/*
 * The closing quote of a field that starts at `at`, or NULL. A quote in the middle of a word closes
 * nothing: servers that do not escape write such fields.
 */
__attribute__((always_inline)) static inline const char *
closing_quote(const char *at, const char *end, scan_function *scan)
{
    for (const char *quote = at;; quote++) {
        quote = scan(quote, end, '"');
        if (quote == end)
            return NULL;
        bool is_last = quote + 1 == end || quote[1] == ' ';
        if (is_last && (quote == at || quote[-1] != '\\' || !is_escaped(at, quote)))
            return quote;
    }
}

__attribute__((always_inline)) static inline const char *
find_pair(const char *at, const char *end, char first, char second, scan_function *scan)
{
    for (; (at = scan(at, end, first)) < end; at++) {
        if (at + 1 < end && at[1] == second)
            return at;
    }
    return NULL;
}

/* Where the field of this operation ends and where the next one starts. */
struct cut {
    const char *begin, *end, *next;
};

__attribute__((always_inline)) static inline bool
cut_field(struct field_op op, const char *at, const char *end, scan_function *scan, struct cut *cut)
{
    cut->begin = at;
    switch ((enum field_ending)op.ending) {
    case UNTIL_BYTE:
        cut->end = scan(at, end, op.first);
        cut->next = cut->end + 1;
        return cut->end < end;
    case UNTIL_PAIR:
        cut->end = find_pair(at, end, op.first, op.second, scan);
        cut->next = cut->end ? cut->end + 2 : NULL;
        return cut->end != NULL;
    case UNTIL_QUOTE:
        if (at == end || *at != '"')
            return false;
        cut->begin = at + 1;
        cut->end = closing_quote(at + 1, end, scan);
        cut->next = cut->end ? cut->end + 1 : NULL;
        return cut->end != NULL;
    case UNTIL_BLANK:
        cut->end = cut->next = scan(at, end, ' ');
        return true;
    case LITERAL:
        cut->end = cut->next = at + 1;
        return at < end && *at == op.first;
    }
    return false;
}

__attribute__((always_inline)) static inline bool cut_line(const struct log_format *format,
                                                           struct slice line, struct slice *fields,
                                                           scan_function *scan)
{
    const char *at = line.at, *end = line.at + line.size;
    memset(fields, 0, FIELD_COUNT * sizeof *fields);
    if (!format)
        return false;
    for (size_t i = 0; i < format->op_count; i++) {
        struct cut cut;
        if (!cut_field(format->ops[i], at, end, scan, &cut))
            return false;
        fields[format->ops[i].field] = (struct slice){cut.begin, (size_t)(cut.end - cut.begin)};
        at = cut.next;
    }
    return true;
}

#ifdef SCAN_HAS_AVX2
__attribute__((target("avx2"))) static bool cut_line_avx2(const struct log_format *format,
                                                          struct slice line, struct slice *fields)
{
    return cut_line(format, line, fields, scan_byte_avx2);
}
#endif

bool format_cut(const struct log_format *format, struct slice line, struct slice *fields)
{
#ifdef SCAN_HAS_AVX2
    if (__builtin_cpu_supports("avx2"))
        return cut_line_avx2(format, line, fields);
#endif
    return cut_line(format, line, fields, scan_byte);
}

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

static bool is_blank(struct slice line)
{
    for (size_t i = 0; i < line.size; i++) {
        if (line.at[i] != ' ' && line.at[i] != '\t')
            return false;
    }
    return true;
}

static enum reject_reason reason_of(struct slice line)
{
    if (is_blank(line))
        return REJECT_BLANK;
    return memchr(line.at, '\0', line.size) ? REJECT_NUL : REJECT_FORMAT;
}

/* A log truncated in place while its server writes on begins with a hole of NUL bytes. */
static struct slice without_leading_nuls(struct slice line)
{
    while (line.size && *line.at == '\0')
        line = slice_from(line, 1);
    return line;
}

bool format_parse(const struct log_format *format, struct line_clock *clock, struct slice line,
                  struct hit *hit, enum reject_reason *reason)
{
    struct slice fields[FIELD_COUNT];
    *reason = REJECT_OVERLONG;
    line = without_leading_nuls(line);
    if (line.size > LINE_LIMIT)
        return false;
    if (!format_cut(format, line, fields)) {
        *reason = reason_of(line);
        return false;
    }
    *reason = REJECT_TIME;
    if (!line_clock_parse(clock, fields[FIELD_TIME], &hit->time_ms, &hit->has_zone))
        return false;
    *reason = REJECT_STATUS;
    if (!parse_status(fields[FIELD_STATUS], &hit->status))
        return false;
    hit->address_text = fields[FIELD_ADDRESS];
    address_parse(hit->address_text, &hit->address);
    hit->request = request_parse(fields[FIELD_REQUEST]);
    hit->size_bytes = parse_size(fields[FIELD_BYTES]);
    hit->agent = fields[FIELD_AGENT];
    hit->referrer = fields[FIELD_REFERRER];
    hit->host = fields[FIELD_HOST];
    hit->user = fields[FIELD_USER];
    return true;
}
