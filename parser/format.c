#include "parser/format.h"

#include <endian.h>

#include "base/scan.h"
#include "parser/format_ops.h"

const struct field_op format_common_ops[COMMON_OPS] = {
    OP_TEXT(FIELD_ADDRESS, " "), OP_SIZED(FIELD_SKIP, 1, " "), OP_SIZED(FIELD_USER, 1, " ["),
    OP_TEXT(FIELD_TIME, "] \""), OP_QUOTE(FIELD_REQUEST, " "), OP_SIZED(FIELD_STATUS, 3, " "),
    OP_BLANK(FIELD_BYTES),
};

const struct field_op format_combined_ops[COMBINED_OPS] = {
    OP_TEXT(FIELD_ADDRESS, " "), OP_SIZED(FIELD_SKIP, 1, " "),    OP_SIZED(FIELD_USER, 1, " ["),
    OP_TEXT(FIELD_TIME, "] \""), OP_QUOTE(FIELD_REQUEST, " "),    OP_SIZED(FIELD_STATUS, 3, " "),
    OP_TEXT(FIELD_BYTES, " \""), OP_QUOTE(FIELD_REFERRER, " \""), OP_QUOTE(FIELD_AGENT, ""),
};

const struct field_op format_vhost_combined_ops[VHOST_COMBINED_OPS] = {
    OP_TEXT(FIELD_HOST, " "),       OP_TEXT(FIELD_ADDRESS, " "), OP_SIZED(FIELD_SKIP, 1, " "),
    OP_SIZED(FIELD_USER, 1, " ["),  OP_TEXT(FIELD_TIME, "] \""), OP_QUOTE(FIELD_REQUEST, " "),
    OP_SIZED(FIELD_STATUS, 3, " "), OP_TEXT(FIELD_BYTES, " \""), OP_QUOTE(FIELD_REFERRER, " \""),
    OP_QUOTE(FIELD_AGENT, ""),
};

const struct field_op format_timed_ops[TIMED_OPS] = {
    OP_TEXT(FIELD_ADDRESS, " "), OP_SIZED(FIELD_SKIP, 1, " "),    OP_SIZED(FIELD_USER, 1, " ["),
    OP_TEXT(FIELD_TIME, "] \""), OP_QUOTE(FIELD_REQUEST, " "),    OP_SIZED(FIELD_STATUS, 3, " "),
    OP_TEXT(FIELD_BYTES, " \""), OP_QUOTE(FIELD_REFERRER, " \""), OP_QUOTE(FIELD_AGENT, " "),
    OP_BLANK(FIELD_DURATION),
};

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

static bool has_more(const char *at, const char *end, struct slice more)
{
    return (size_t)(end - at) >= more.size && memcmp(at, more.at, more.size) == 0;
}

/* Compares eight bytes at once, of which only tail_size count; the line's slack may be read. */
INLINED bool has_tail(const char *at, const char *end, const struct field_op *op)
{
    uint64_t there, wanted;
    memcpy(&there, at, sizeof there);
    memcpy(&wanted, op->tail, sizeof wanted);
    uint64_t differing = le64toh(there ^ wanted) << (64 - 8 * op->tail_size);
    if (differing != 0 || (size_t)(end - at) < op->tail_size)
        return false;
    return op->more.size == 0 || has_more(at + op->tail_size, end, op->more);
}

/* Where the field of an operation ends and where the next one starts; false: nowhere. */
struct cut {
    const char *end, *next;
};

/*
 * Does the field have its likely size? The answer is nearly always yes, so the processor goes on
 * with the next field before it has it; a search would have to be waited for.
 */
INLINED bool has_likely_size(const struct field_op *op, const char *at, const char *end)
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
        *cut = (struct cut){at + op->likely_size,
                            at + op->likely_size + op->tail_size + op->more.size};
        return true;
    }
    for (; (at = scan(at, end, op->tail[0])) < end; at++) {
        if ((op->tail_size == 1 && op->more.size == 0) || has_tail(at, end, op)) {
            *cut = (struct cut){at, at + op->tail_size + op->more.size};
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
            *cut = (struct cut){quote, behind + op->tail_size + op->more.size};
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

/*
 * Fields are copied on as a whole right after this, which waits for two stores of a half each, but
 * not for one.
 */
INLINED void set_field(struct walk *walk, unsigned field, const char *end)
{
    size_t size = (size_t)(end - walk->at);
#if defined(__SSE2__) && UINTPTR_MAX == UINT64_MAX
    __m128i both = _mm_set_epi64x((long long)size, (long long)(uintptr_t)walk->at);
    _mm_storeu_si128((__m128i *)(void *)&walk->fields[field], both);
#else
    walk->fields[field] = (struct slice){walk->at, size};
#endif
}

/* What is rare is kept out of the straight code of the usual formats. */
static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && *at == ' ')
        at++;
    return at;
}

/* The closing quote or bracket of a word that begins with one; NULL: nowhere. */
static const char *closing_of(const char *at, const char *end)
{
    char closing = *at == '"' ? '"' : ']';
    for (const char *found = at + 1; (found = scan_byte(found, end, closing)) < end; found++) {
        bool is_last = found + 1 == end || found[1] == ' ';
        if (is_last && !(closing == '"' && is_escaped(at + 1, found)))
            return found;
    }
    return NULL;
}

static bool step_word(const struct field_op *op, struct walk *walk)
{
    const char *start = walk->at, *end = walk->end, *next;
    if (start >= end)
        return false;
    bool is_enclosed = *start == '"' || *start == '[';
    const char *last = is_enclosed ? closing_of(start, end) : NULL;
    if (!last && *start == '"')
        return false;
    if (!last) { /* a bare word; "[2001:db8::1]:443" is one, too */
        is_enclosed = false;
        last = scan_byte(start, end, ' ');
    }
    start += is_enclosed;
    next = last + is_enclosed;
    walk->fields[op->field] = (struct slice){start, (size_t)(last - start)};
    walk->at = next < end ? next + 1 : next;
    return true;
}

static bool step_words(const struct field_op *op, struct walk *walk)
{
    const char *at = walk->at;
    for (unsigned word = 0; word < op->likely_size; word++) {
        at += word > 0;
        if (at >= walk->end)
            return false;
        at = scan_byte(at, walk->end, ' ');
    }
    walk->fields[op->field] = (struct slice){walk->at, (size_t)(at - walk->at)};
    walk->at = at < walk->end ? at + 1 : at;
    return true;
}

static bool step_to_end(const struct field_op *op, struct walk *walk)
{
    walk->fields[op->field] = (struct slice){walk->at, (size_t)(walk->end - walk->at)};
    walk->at = walk->end;
    return true;
}

INLINED bool step(const struct field_op *op, struct walk *walk, scan_function *scan)
{
    struct cut cut;
    if (op->skips_blanks)
        walk->at = skip_blanks(walk->at, walk->end);
    if (op->ending == UNTIL_WORD)
        return step_word(op, walk);
    if (op->ending == UNTIL_WORDS)
        return step_words(op, walk);
    if (op->ending == UNTIL_END)
        return step_to_end(op, walk);
    if (op->ending == UNTIL_BLANK)
        cut.end = cut.next = scan(walk->at, walk->end, ' ');
    else if (!(op->ending == UNTIL_TEXT ? cut_text(op, walk->at, walk->end, scan, &cut)
                                        : cut_quote(op, walk->at, walk->end, scan, &cut)))
        return false;
    set_field(walk, op->field, cut.end);
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

static bool starts_with_lead(const struct log_format *format, struct walk *walk)
{
    struct slice line = {walk->at, (size_t)(walk->end - walk->at)};
    bool has_lead = slice_starts_with(line, format->lead);
    walk->at += has_lead ? format->lead.size : 0;
    return has_lead;
}

INLINED bool cut_line(const struct log_format *format, struct walk *walk, scan_function *scan)
{
    if (format->ops == format_combined_ops)
        return STEPS_9(format_combined_ops, walk, scan);
    if (format->ops == format_vhost_combined_ops)
        return STEPS_10(format_vhost_combined_ops, walk, scan);
    if (format->ops == format_common_ops)
        return STEPS_7(format_common_ops, walk, scan);
    if (format->ops == format_timed_ops)
        return STEPS_10(format_timed_ops, walk, scan);
    if (!starts_with_lead(format, walk))
        return false;
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
    struct walk walk = {line.at, line.at + line.size, fields};
#ifdef SCAN_HAS_AVX2
    if (__builtin_cpu_supports("avx2"))
        return cut_line_avx2(format, walk);
#endif
    return cut_line(format, &walk, scan_byte);
}
