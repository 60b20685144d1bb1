#include "parser/format.h"

#include <endian.h>

#include "base/scan.h"

#define TEXT(field, tail)                                                                          \
    {                                                                                              \
        field, UNTIL_TEXT, sizeof(tail) - 1, 0, tail                                               \
    }
#define SIZED(field, likely, tail)                                                                 \
    {                                                                                              \
        field, UNTIL_TEXT, sizeof(tail) - 1, likely, tail                                          \
    }
#define QUOTE(field, tail)                                                                         \
    {                                                                                              \
        field, UNTIL_QUOTE, sizeof(tail) - 1, 0, tail                                              \
    }
#define BLANK(field)                                                                               \
    {                                                                                              \
        field, UNTIL_BLANK, 0, 0, ""                                                               \
    }

static const struct field_op common_ops[] = {
    TEXT(FIELD_ADDRESS, " "), SIZED(FIELD_SKIP, 1, " "), SIZED(FIELD_USER, 1, " ["),
    TEXT(FIELD_TIME, "] \""), QUOTE(FIELD_REQUEST, " "), SIZED(FIELD_STATUS, 3, " "),
    BLANK(FIELD_BYTES),
};

static const struct field_op combined_ops[] = {
    TEXT(FIELD_ADDRESS, " "), SIZED(FIELD_SKIP, 1, " "),    SIZED(FIELD_USER, 1, " ["),
    TEXT(FIELD_TIME, "] \""), QUOTE(FIELD_REQUEST, " "),    SIZED(FIELD_STATUS, 3, " "),
    TEXT(FIELD_BYTES, " \""), QUOTE(FIELD_REFERRER, " \""), QUOTE(FIELD_AGENT, ""),
};

static const struct field_op vhost_combined_ops[] = {
    TEXT(FIELD_HOST, " "),       TEXT(FIELD_ADDRESS, " "), SIZED(FIELD_SKIP, 1, " "),
    SIZED(FIELD_USER, 1, " ["),  TEXT(FIELD_TIME, "] \""), QUOTE(FIELD_REQUEST, " "),
    SIZED(FIELD_STATUS, 3, " "), TEXT(FIELD_BYTES, " \""), QUOTE(FIELD_REFERRER, " \""),
    QUOTE(FIELD_AGENT, ""),
};

#define OPS(list) list, sizeof list / sizeof list[0]

static const struct log_format presets[] = {
    {"vhost_combined", "Apache's combined format behind the virtual host and port",
     "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"", OPS(vhost_combined_ops),
     0},
    {"combined", "the usual format of Apache and nginx",
     "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"", OPS(combined_ops),
     1u << FIELD_HOST},
    {"common", "the common log format: combined without referrer and user agent",
     "%h %l %u %t \"%r\" %>s %b", OPS(common_ops),
     1u << FIELD_HOST | 1u << FIELD_REFERRER | 1u << FIELD_AGENT},
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

/* One of scan.h. What takes it is inlined with it into each form of format_cut. */
typedef const char *scan_function(const char *at, const char *end, char byte);
#define INLINED __attribute__((always_inline)) static inline

static bool is_escaped(const char *start, const char *quote)
{
    const char *at = quote;
    while (at > start && at[-1] == '\\')
        at--;
    return (quote - at) % 2 != 0;
}

/* Compares eight bytes at once, of which only tail_size count; the line's slack may be read. */
static inline bool has_tail(const char *at, const char *end, const struct field_op *op)
{
    uint64_t there, wanted;
    memcpy(&there, at, sizeof there);
    memcpy(&wanted, op->tail, sizeof wanted);
    uint64_t differing = le64toh(there ^ wanted) << (64 - 8 * op->tail_size);
    return differing == 0 && (size_t)(end - at) >= op->tail_size;
}

/* Where the field of an operation ends and where the next one starts; false: nowhere. */
struct cut {
    const char *end, *next;
};

/*
 * Does the field have its likely size? The answer is nearly always yes, so the processor goes on
 * with the next field before it has it; a search would have to be waited for.
 */
static inline bool has_likely_size(const struct field_op *op, const char *at, const char *end)
{
    unsigned size = op->likely_size;
    for (unsigned i = 0; i < size; i++) {
        if (at[i] == op->tail[0])
            return false;
    }
    return size && (size_t)(end - at) > size && has_tail(at + size, end, op);
}

INLINED bool cut_text(const struct field_op *op, const char *at, const char *end,
                      scan_function *scan, struct cut *cut)
{
    if (has_likely_size(op, at, end)) {
        *cut = (struct cut){at + op->likely_size, at + op->likely_size + op->tail_size};
        return true;
    }
    for (; (at = scan(at, end, op->tail[0])) < end; at++) {
        if (op->tail_size == 1 || has_tail(at, end, op)) {
            *cut = (struct cut){at, at + op->tail_size};
            return true;
        }
    }
    return false;
}

/* A quote in the middle of a word closes nothing: servers that do not escape write such fields. */
INLINED bool cut_quote(const struct field_op *op, const char *at, const char *end,
                       scan_function *scan, struct cut *cut)
{
    for (const char *quote = at; (quote = scan(quote, end, '"')) < end; quote++) {
        const char *behind = quote + 1;
        bool is_last = op->tail_size ? has_tail(behind, end, op) : behind == end || *behind == ' ';
        if (is_last && (quote == at || quote[-1] != '\\' || !is_escaped(at, quote))) {
            *cut = (struct cut){quote, behind + op->tail_size};
            return true;
        }
    }
    return false;
}

/* A line on its way through the operations. */
struct walk {
    const char *at, *end;
    struct slice *fields;
};

INLINED bool step(const struct field_op *op, struct walk *walk, scan_function *scan)
{
    struct cut cut;
    if (op->ending == UNTIL_BLANK)
        cut.end = cut.next = scan(walk->at, walk->end, ' ');
    else if (!(op->ending == UNTIL_TEXT ? cut_text(op, walk->at, walk->end, scan, &cut)
                                        : cut_quote(op, walk->at, walk->end, scan, &cut)))
        return false;
    walk->fields[op->field] = (struct slice){walk->at, (size_t)(cut.end - walk->at)};
    walk->at = cut.next;
    return true;
}

/*
 * The presets' operations are constant, so a walk that names them one by one becomes straight code
 * without a table, and presets are most of all logs.
 */
#define STEPS_7(ops, walk, scan)                                                                   \
    (step(&ops[0], walk, scan) && step(&ops[1], walk, scan) && step(&ops[2], walk, scan) &&        \
     step(&ops[3], walk, scan) && step(&ops[4], walk, scan) && step(&ops[5], walk, scan) &&        \
     step(&ops[6], walk, scan))
#define STEPS_9(ops, walk, scan)                                                                   \
    (STEPS_7(ops, walk, scan) && step(&ops[7], walk, scan) && step(&ops[8], walk, scan))
#define STEPS_10(ops, walk, scan) (STEPS_9(ops, walk, scan) && step(&ops[9], walk, scan))

INLINED bool cut_line(const struct log_format *format, struct walk *walk, scan_function *scan)
{
    if (format->ops == combined_ops)
        return STEPS_9(combined_ops, walk, scan);
    if (format->ops == vhost_combined_ops)
        return STEPS_10(vhost_combined_ops, walk, scan);
    if (format->ops == common_ops)
        return STEPS_7(common_ops, walk, scan);
    for (size_t i = 0; i < format->op_count; i++) {
        if (!step(&format->ops[i], walk, scan))
            return false;
    }
    return true;
}

#ifdef SCAN_HAS_AVX2
__attribute__((target("avx2"))) static bool cut_line_avx2(const struct log_format *format,
                                                          struct walk walk)
{
    return cut_line(format, &walk, scan_byte_avx2);
}
#endif

bool format_cut(const struct log_format *format, struct slice line, struct slice *fields)
{
    if (!format)
        return false;
    for (unsigned absent = format->absent; absent; absent &= absent - 1)
        fields[__builtin_ctz(absent)] = (struct slice){0};
    struct walk walk = {line.at, line.at + line.size, fields};
#ifdef SCAN_HAS_AVX2
    if (__builtin_cpu_supports("avx2"))
        return cut_line_avx2(format, walk);
#endif
    return cut_line(format, &walk, scan_byte);
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
