#include "parser/columns.h"

#include "base/ascii.h"
#include "base/scan.h"

/* One of scan.h: headers have no slack behind them, lines have. */
typedef const char *scan_function(const char *at, const char *end, char byte);
#define INLINED __attribute__((always_inline)) static inline

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The size of a quoted cell with its quotes; 0 when it is not closed. */
INLINED size_t quoted_size(struct slice rest, scan_function *scan, bool *has_doubled)
{
    const char *end = rest.at + rest.size, *at = rest.at + 1;
    while ((at = scan(at, end, '"')) < end) {
        at++;
        if (at == end || *at != '"')
            return (size_t)(at - rest.at);
        *has_doubled = true;
        at++;
    }
    return 0;
}

/* Takes a cell of CSV off the text, without its quotes; false when it is malformed. */
INLINED bool take_cell(struct slice *rest, char separator, scan_function *scan, struct slice *cell,
                       bool *has_doubled)
{
    size_t size, quote = rest->size && *rest->at == '"';
    *has_doubled = false;
    if (quote) {
        size = quoted_size(*rest, scan, has_doubled);
        if (size == 0 || (size < rest->size && rest->at[size] != separator))
            return false;
    } else {
        size = (size_t)(scan(rest->at, rest->at + rest->size, separator) - rest->at);
    }
    *cell = (struct slice){rest->at + quote, size - 2 * quote};
    *rest = (struct slice){rest->at + size, rest->size - size};
    return true;
}

/* Passes the separator; false at the end of the line. */
INLINED bool take_separator(struct slice *rest)
{
    if (rest->size == 0)
        return false;
    *rest = (struct slice){rest->at + 1, rest->size - 1};
    return true;
}

/* A header while it is read. */
struct header {
    const struct field_map *map;
    struct columns *columns;
    size_t date, time; /* which columns these are, from 1; 0: none */
    bool is_cloudfront;
};

static bool is_name(struct slice name, const char *wanted)
{
    const struct named_field item = {wanted, {FIELD_SKIP, 0, 0, false}};
    return field_map_find(&(struct field_map){.items = &item, .count = 1}, name) != NULL;
}

static bool add_column(struct header *header, struct slice name)
{
    struct columns *columns = header->columns;
    if (columns->count == COLUMNS_MAX)
        return false;
    struct field_meaning meaning = field_meaning_of(header->map, name);
    columns->meanings[columns->count++] = meaning;
    if (meaning.field == FIELD_TIME && is_name(name, "date"))
        header->date = columns->count;
    if (meaning.field == FIELD_TIME && is_name(name, "time"))
        header->time = columns->count;
    header->is_cloudfront |= is_name(name, "x-edge-location");
    return true;
}

static bool read_directive(struct header *header, struct slice line)
{
    const struct slice start = SLICE_LITERAL("#Fields:");
    if (!slice_starts_with(line, start))
        return false;
    struct slice rest = ascii_trim(slice_from(line, start.size));
    header->columns->separator = rest.size && memchr(rest.at, '\t', rest.size) ? '\t' : ' ';
    while (rest.size) {
        size_t size = 0;
        while (size < rest.size && !is_blank(rest.at[size]))
            size++;
        if (!add_column(header, slice_head(rest, size)))
            return false;
        rest = ascii_trim(slice_from(rest, size));
    }
    return true;
}

/* The one that stands most often outside of quotes; of equals the first here. */
static char guess_separator(struct slice line)
{
    static const char separators[] = {',', ';', '\t'};
    size_t counts[sizeof separators] = {0}, best = 0;
    bool is_quoted = false;
    for (size_t i = 0; i < line.size; i++) {
        is_quoted ^= line.at[i] == '"';
        for (size_t k = 0; k < sizeof separators; k++)
            counts[k] += !is_quoted && line.at[i] == separators[k];
    }
    for (size_t k = 1; k < sizeof separators; k++)
        best = counts[k] > counts[best] ? k : best;
    return separators[best];
}

static bool read_first_line(struct header *header, struct slice line)
{
    char separator = header->columns->separator = guess_separator(line);
    do {
        struct slice name;
        bool has_doubled;
        if (!take_cell(&line, separator, scan_byte_portable, &name, &has_doubled) ||
            !add_column(header, ascii_trim(name)))
            return false;
    } while (take_separator(&line));
    return true;
}

static void join_date_and_time(const struct header *header)
{
    if (!header->date || !header->time)
        return;
    struct field_meaning *meanings = header->columns->meanings;
    /* The best of the usual ones, but after what a user has named. */
    uint8_t rank = meanings[header->date - 1].rank >= FIELD_MAP_RANKS ? FIELD_MAP_RANKS : 0;
    meanings[header->date - 1] = (struct field_meaning){.field = FIELD_TIME, .rank = rank};
    meanings[header->time - 1] = (struct field_meaning){.field = FIELD_TIME_2, .rank = rank};
}

/* Of the columns for a field the one with the lowest rank is left, of equals the first. */
static void choose_columns(struct columns *columns)
{
    size_t chosen[FIELD_COUNT] = {0}, last = 0;
    for (size_t i = 0; i < columns->count; i++) {
        uint8_t field = columns->meanings[i].field;
        bool has_one = columns->present >> field & 1;
        if (!has_one || columns->meanings[i].rank < columns->meanings[chosen[field]].rank)
            chosen[field] = i;
        columns->present |= UINT32_C(1) << field;
    }
    columns->present &= ~(UINT32_C(1) << FIELD_SKIP);
    for (size_t i = 0; i < columns->count; i++) {
        uint8_t field = columns->meanings[i].field;
        if (chosen[field] != i)
            columns->meanings[i].field = FIELD_SKIP;
        else if (field != FIELD_SKIP)
            last = i + 1;
        if (columns->meanings[i].field != FIELD_SKIP && field < FIELD_EXTRA)
            columns->needed = i + 1;
    }
    columns->count = last;
}

/* The W3C draft's time is that "at which transaction completed", and so is CloudFront's. */
static void set_end_times(struct columns *columns)
{
    for (size_t i = 0; i < columns->count; i++)
        columns->meanings[i].time_is_end = columns->meanings[i].field == FIELD_TIME;
}

/* Data by tabs although the header has blanks. */
static void follow_cloudfront(struct columns *columns)
{
    columns->separator = '\t';
    columns->is_percent_encoded = true;
}

bool columns_compile(enum header_style style, struct slice line, const struct field_map *map,
                     struct columns *columns)
{
    const uint32_t telling =
        UINT32_C(1) << FIELD_TIME | UINT32_C(1) << FIELD_STATUS | UINT32_C(1) << FIELD_URL;
    struct header header = {.map = map, .columns = columns};
    *columns = (struct columns){.style = style};
    if (style == HEADER_NONE || line.size == 0)
        return false;
    if (!(style == HEADER_DIRECTIVE ? read_directive(&header, line)
                                    : read_first_line(&header, line)))
        return false;
    join_date_and_time(&header);
    choose_columns(columns);
    if (style == HEADER_DIRECTIVE)
        set_end_times(columns);
    if (style == HEADER_DIRECTIVE && header.is_cloudfront)
        follow_cloudfront(columns);
    return (columns->present & telling) != 0;
}

bool columns_is_header(struct slice line)
{
    return line.size <= HEADER_LIMIT && slice_starts_with(line, SLICE_LITERAL("#Fields:"));
}

bool columns_is_directive(enum header_style style, struct slice line)
{
    return style == HEADER_DIRECTIVE && line.size && *line.at == '#';
}

static bool may_be_escaped(uint8_t field)
{
    return field == FIELD_AGENT || field == FIELD_REFERRER || field >= FIELD_COOKIE;
}

static bool cut_plain(const struct columns *columns, struct slice line, struct line_fields *fields)
{
    const char *at = line.at, *end = line.at + line.size,
               mark = columns->is_percent_encoded ? '%' : '+';
    for (size_t i = 0; i < columns->count; i++) {
        if (i && at++ == end)
            return i >= columns->needed;
        const char *cell_end = scan_byte(at, end, columns->separator);
        struct field_meaning meaning = columns->meanings[i];
        if (meaning.field != FIELD_SKIP) {
            bool is_escaped =
                may_be_escaped(meaning.field) && scan_byte(at, cell_end, mark) < cell_end;
            line_fields_set(fields, meaning, (struct slice){at, (size_t)(cell_end - at)},
                            is_escaped);
        }
        at = cell_end;
    }
    return true;
}

static bool cut_csv(const struct columns *columns, struct slice line, struct line_fields *fields)
{
    for (size_t i = 0; i < columns->count; i++) {
        struct slice cell;
        bool has_doubled;
        if (i && !take_separator(&line))
            return i >= columns->needed;
        if (!take_cell(&line, columns->separator, scan_byte, &cell, &has_doubled))
            return false;
        if (columns->meanings[i].field != FIELD_SKIP)
            line_fields_set(fields, columns->meanings[i], cell, has_doubled);
    }
    return true;
}

bool columns_cut(const struct columns *columns, struct slice line, struct line_fields *fields)
{
    *fields = (struct line_fields){0};
    if (columns->count == 0)
        return false;
    return columns->style == HEADER_FIRST_LINE ? cut_csv(columns, line, fields)
                                               : cut_plain(columns, line, fields);
}
