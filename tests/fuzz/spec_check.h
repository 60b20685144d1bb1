/*
 * spec_check: what holds for any bytes that are compiled as a log format. For the fuzz targets of
 * the three front ends.
 *
 * Either there is an error, and its place lies in the text it speaks of; or there is a format that
 * stays inside of any line, and that fits a line made from its own operations.
 */
#ifndef TESTS_FUZZ_SPEC_CHECK_H
#define TESTS_FUZZ_SPEC_CHECK_H

#include <stdint.h>
#include <stdlib.h>

#include "base/scan.h"
#include "parser/json_line.h"
#include "parser/spec.h"

/* Wanted of every format: what can be in one of a few bytes. */
static const struct extra_fields fuzz_extra = {
    {{"x", true}, {"X", false}, {"uid", true}, {"X-Real-IP", false}}, 4};

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void must_lie_in(const struct error *error, struct slice text)
{
    must(error->code == ERROR_USAGE && error->sentence[0] && error->file[0]);
    must(error->line >= 1 && error->column >= 1);
    for (size_t line = 1; line < error->line; line++) {
        const char *end = text.size ? memchr(text.at, '\n', text.size) : NULL;
        must(end != NULL);
        text = slice_from(text, (size_t)(end - text.at) + 1);
    }
    const char *end = text.size ? memchr(text.at, '\n', text.size) : NULL;
    must(error->column <= (end ? (size_t)(end - text.at) : text.size) + 1);
}

static void must_be_inside(struct slice part, struct slice line)
{
    must(part.at ? part.at >= line.at && part.at <= line.at + line.size : part.size == 0);
    must(!part.at || part.size <= (size_t)(line.at + line.size - part.at));
}

static void read_time(const struct log_format *format, const struct slice *pieces)
{
    struct line_clock clock;
    int64_t time_ms;
    bool has_zone;
    line_clock_init(&clock, NULL);
    line_clock_read(&clock, &format->time, pieces, &time_ms, &has_zone);
}

/* The line is copied to where its slack ends with the memory. */
static bool cut(const struct log_format *format, struct slice text)
{
    struct line_fields fields = {0};
    char *copy = mem_alloc(text.size + SCAN_SLACK);
    struct slice line = {copy, text.size};
    bool fits;
    memset(copy, '"', text.size + SCAN_SLACK);
    if (text.size)
        memcpy(copy, text.at, text.size);
    if (format->shape == SHAPE_JSON) {
        struct json_memory *memory = json_memory_new(format->map);
        fits = json_line_cut(memory, line, &fields);
        json_memory_free(memory);
    } else {
        fits = format_cut(format, line, fields.at);
    }
    for (size_t i = 0; fits && i < FIELD_COUNT; i++) {
        must_be_inside(fields.at[i], line);
        must(i == FIELD_SKIP || !fields.at[i].at || !(format->absent & FIELD_BIT(i)));
    }
    if (fits && fields.at[FIELD_TIME].at)
        read_time(format, &fields.at[FIELD_TIME]);
    mem_free(copy);
    return fits;
}

static void check_operation(const struct field_op *op)
{
    must(op->field < FIELD_COUNT && op->tail_size <= TAIL_MAX && op->likely_size <= 3);
    must(op->more.size == 0 || op->tail_size == TAIL_MAX);
    must(op->ending <= UNTIL_END && (op->ending != UNTIL_TEXT || op->tail_size > 0));
}

/* A byte that no operation looks for; '\0' when there is none. */
static char unused_byte(const struct log_format *format)
{
    bool is_used[256] = {[' '] = true, ['"'] = true, ['\\'] = true, ['\0'] = true};
    for (size_t i = 0; i < format->op_count; i++) {
        const struct field_op *op = &format->ops[i];
        for (size_t j = 0; j < op->tail_size; j++)
            is_used[(unsigned char)op->tail[j]] = true;
        for (size_t j = 0; j < op->more.size; j++)
            is_used[(unsigned char)op->more.at[j]] = true;
    }
    int byte = 0;
    while (byte < 256 && is_used[byte])
        byte++;
    return byte < 256 ? (char)byte : '\0';
}

static char *put(char *at, const char *text, size_t size)
{
    if (size)
        memcpy(at, text, size);
    return at + size;
}

/* Each field is one byte that ends none. */
static void must_fit_own_line(const struct log_format *format)
{
    char value = unused_byte(format);
    size_t size = format->lead.size;
    for (size_t i = 0; i < format->op_count; i++)
        size += format->ops[i].tail_size + format->ops[i].more.size + 3;
    char *line = mem_alloc(size + 1), *at = put(line, format->lead.at, format->lead.size);
    for (size_t i = 0; i < format->op_count; i++) {
        const struct field_op *op = &format->ops[i];
        at = put(at, " ", op->skips_blanks);
        at = put(at, &value, 1);
        at = put(at, "\"", op->ending == UNTIL_QUOTE);
        at = put(at, op->tail, op->tail_size);
        at = put(at, op->more.at, op->more.size);
    }
    must(!value || cut(format, (struct slice){line, (size_t)(at - line)}));
    mem_free(line);
}

static void check_format(const struct log_format *format, struct slice text)
{
    static const char *const lines[] = {
        "",
        " ",
        "\"",
        "\\\"",
        "[",
        "{",
        "{}",
        "{\"a\":{\"b\":[1,\"x\"]}}",
        "- - - - - - - - - -",
        "192.0.2.1 - - [16/Sep/2023:18:22:16 -0400] \"GET / HTTP/1.1\" 200 5 \"-\" \"a\\\"b\" 7",
        "2023-09-16T18:22:16.789Z 1694888536.789 \"\" \"\" 200\t200,200|200;200",
    };
    must(format->name && format->about && format->example);
    must(format->shape == SHAPE_FIELDS || format->shape == SHAPE_JSON);
    must(!(format->absent & FIELD_BIT(FIELD_TIME)) && !(format->absent & FIELD_BIT(FIELD_STATUS)));
    must(format->shape == SHAPE_JSON || format->op_count > 0);
    for (size_t i = 0; i < format->op_count; i++)
        check_operation(&format->ops[i]);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        cut(format, slice_of(lines[i]));
    cut(format, text);
    if (format->shape == SHAPE_FIELDS)
        must_fit_own_line(format);
}

#endif
