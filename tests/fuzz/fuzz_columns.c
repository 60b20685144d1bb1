/*
 * A byte that chooses the style, a header line, and lines of data.
 *
 * Holds: nothing is read behind a header; a field has at most one column; a line is cut as a
 * second, byte-wise cutter does it; what stands behind a line does not matter.
 */
#include "parser/columns.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static const struct extra_fields extra = {{{"x", true}, {"y", false}, {"uid", true}}, 3};
static const struct field_map map = {NULL, 0, true, &extra};

struct cell {
    struct slice text;
    bool has_doubled;
};

/* The cell that begins at *at, which moves to the separator behind it or the end. */
static bool ref_cell(const struct columns *columns, const char **at, const char *end,
                     struct cell *cell)
{
    bool is_csv = columns->style == HEADER_FIRST_LINE;
    const char *start = *at;
    cell->has_doubled = false;
    if (!is_csv || start == end || *start != '"') {
        while (*at < end && **at != columns->separator)
            ++*at;
        cell->text = (struct slice){start, (size_t)(*at - start)};
        return true;
    }
    for (++*at; *at < end; ++*at) {
        if (**at != '"')
            continue;
        cell->text = (struct slice){start + 1, (size_t)(*at - start - 1)};
        ++*at;
        if (*at == end || **at == columns->separator)
            return true;
        if (**at != '"')
            return false;
        cell->has_doubled = true;
    }
    return false;
}

static bool has_mark(const struct columns *columns, enum field field, const struct cell *cell)
{
    if (columns->style == HEADER_FIRST_LINE)
        return cell->has_doubled;
    if (field != FIELD_AGENT && field != FIELD_REFERRER && field != FIELD_COOKIE &&
        !(field >= FIELD_EXTRA && field <= FIELD_EXTRA_LAST))
        return false;
    return cell->text.size &&
           memchr(cell->text.at, columns->is_percent_encoded ? '%' : '+', cell->text.size) != NULL;
}

static struct slice without_brackets(struct slice text)
{
    if (text.size < 2 || text.at[0] != '[' || text.at[text.size - 1] != ']')
        return text;
    return (struct slice){text.at + 1, text.size - 2};
}

static bool is_needed_from(const struct columns *columns, size_t first)
{
    for (size_t i = first; i < columns->count; i++) {
        enum field field = columns->meanings[i].field;
        if (field != FIELD_SKIP && field < FIELD_EXTRA)
            return true;
    }
    return false;
}

/* Compares with *fields unless the line is refused. */
static bool ref_line(const struct columns *columns, struct slice line,
                     const struct line_fields *fields)
{
    const char *at = line.at, *end = line.at + line.size;
    struct cell cells[COLUMNS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < columns->count; i++, count++) {
        if (i && at == end && is_needed_from(columns, i))
            return false;
        if (i && at == end)
            break;
        at += i > 0;
        if (!ref_cell(columns, &at, end, &cells[i]))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        enum field field = columns->meanings[i].field;
        struct slice expected =
            field == FIELD_TIME ? without_brackets(cells[i].text) : cells[i].text;
        if (field == FIELD_SKIP)
            continue;
        must(fields->at[field].at == expected.at && fields->at[field].size == expected.size);
        must((fields->escaped >> field & 1) == has_mark(columns, field, &cells[i]));
    }
    return true;
}

static void check_line(const struct columns *columns, struct slice line, char *slack)
{
    const char behind[] = {columns->separator, '"', '+', 'x'};
    for (size_t i = 0; i < sizeof behind; i++) {
        struct line_fields fields;
        memset(slack, behind[i], SCAN_SLACK);
        bool is_cut = columns_cut(columns, line, &fields);
        must(ref_line(columns, line, &fields) == is_cut);
        for (int field = 0; is_cut && field < FIELD_EXTRA; field++)
            must((fields.at[field].at != NULL) == (columns->present >> field & 1));
    }
}

static void check_columns(const struct columns *columns)
{
    uint32_t present = 0;
    must(columns->count > 0 && columns->count <= COLUMNS_MAX);
    must(columns->meanings[columns->count - 1].field != FIELD_SKIP);
    for (size_t i = 0; i < columns->count; i++) {
        uint32_t bit = UINT32_C(1) << columns->meanings[i].field;
        if (columns->meanings[i].field == FIELD_SKIP)
            continue;
        must(!(present & bit));
        present |= bit;
    }
    must(present == columns->present);
}

/* A copy with room behind it; free it. */
static char *take_line(struct slice *rest, size_t room, struct slice *line)
{
    const char *newline = rest->size ? memchr(rest->at, '\n', rest->size) : NULL;
    size_t length = newline ? (size_t)(newline - rest->at) : rest->size;
    char *copy = mem_alloc(length + room);
    memcpy(copy, rest->at, length);
    *line = (struct slice){copy, length};
    *rest = slice_from(*rest, length + 1);
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2)
        return 0;
    enum header_style style = bytes[0] & 1 ? HEADER_FIRST_LINE : HEADER_DIRECTIVE;
    struct slice rest = {(const char *)bytes + 1, size - 1}, line;
    struct columns columns;
    char *header = take_line(&rest, 0, &line);
    bool is_header = columns_compile(style, line, &map, &columns);
    mem_free(header);
    if (!is_header)
        return 0;
    check_columns(&columns);
    while (rest.size) {
        char *copy = take_line(&rest, SCAN_SLACK, &line);
        check_line(&columns, line, copy + line.size);
        mem_free(copy);
    }
    return 0;
}
