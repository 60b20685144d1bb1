#include "output/text_table.h"

#include <assert.h>

#include "base/memory.h"
#include "base/printable.h"

enum { INDENT = 2, GAP = 2, WIDEST_BAR = 40, NARROWEST_NAME = 12, NARROWEST_TEXT = 6 };

static const char full_block[] = "\xe2\x96\x88";
static const char left_half_block[] = "\xe2\x96\x8c";
static const char en_dash[] = "\xe2\x80\x93";
static const char ellipsis[] = "\xe2\x80\xa6";

struct page page_of(const struct output_options *options, struct sink *sink)
{
    size_t width = options->width ? options->width : PAGE_WIDTH;
    return (struct page){.sink = sink,
                         .width = width < PAGE_LEAST_WIDTH ? PAGE_LEAST_WIDTH : width,
                         .colour = options->colour,
                         .unicode = options->unicode};
}

static void begin_ink(struct page *page, enum ink ink)
{
    static const char *const codes[] = {[INK_PLAIN] = "",
                                        [INK_STRONG] = "\x1b[1m",
                                        [INK_FAINT] = "\x1b[2m",
                                        [INK_ALARM] = "\x1b[31m"};
    if (page->colour)
        sink_text(page->sink, codes[ink]);
}

static void end_ink(struct page *page, enum ink ink)
{
    if (page->colour && ink != INK_PLAIN)
        sink_text(page->sink, "\x1b[0m");
}

static void put_blanks(struct page *page, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sink_byte(page->sink, ' ');
}

/* In place: a dash stays one, every other character beyond ASCII becomes '?'. */
static void make_ascii(char *text)
{
    char *out = text;
    for (struct slice rest = slice_of(text); rest.size;) {
        size_t length = printable_character(rest);
        bool is_dash = slice_starts_with(rest, SLICE_LITERAL(en_dash));
        *out++ = length == 1 ? rest.at[0] : is_dash ? '-' : '?';
        rest = slice_from(rest, length);
    }
    *out = '\0';
}

/* As this page can show it; owned by the caller. */
static char *shown(const struct page *page, const char *text)
{
    struct slice raw = slice_of(text);
    size_t size = printable_bound(raw.size);
    char *copy = mem_alloc(size);
    printable(copy, size, raw);
    if (!page->unicode)
        make_ascii(copy);
    return copy;
}

/* As many whole characters as take at most `width` columns. */
static struct slice head_of_width(struct slice text, size_t width)
{
    size_t size = 0;
    for (size_t taken = 0; size < text.size;) {
        struct slice rest = slice_from(text, size);
        struct slice character = slice_head(rest, printable_character(rest));
        taken += printable_width(character);
        if (taken > width)
            break;
        size += character.size;
    }
    return slice_head(text, size);
}

/* The next word of *rest, without blanks; empty at the end. */
static struct slice take_word(struct slice *rest)
{
    while (rest->size && rest->at[0] == ' ')
        *rest = slice_from(*rest, 1);
    const char *blank = rest->size ? memchr(rest->at, ' ', rest->size) : NULL;
    struct slice word = blank ? slice_head(*rest, (size_t)(blank - rest->at)) : *rest;
    *rest = slice_from(*rest, word.size);
    return word;
}

/* Words that are wider than a line are broken, so that no line is too wide. */
static void put_words(struct page *page, size_t indent, struct slice rest)
{
    size_t room = page->width - indent, used = 0;
    for (struct slice word = take_word(&rest); word.size; word = take_word(&rest)) {
        size_t width = printable_width(word);
        if (used && used + 1 + width > room) {
            sink_byte(page->sink, '\n');
            put_blanks(page, indent);
            used = 0;
        } else if (used) {
            sink_byte(page->sink, ' ');
            used++;
        }
        struct slice head = head_of_width(word, room - used);
        sink_slice(page->sink, head);
        used += printable_width(head);
        struct slice tail = slice_from(word, head.size);
        if (tail.size)
            rest = (struct slice){tail.at, tail.size + rest.size};
    }
}

void page_paragraph(struct page *page, enum ink ink, size_t indent, const char *text)
{
    char *copy = shown(page, text);
    put_blanks(page, indent);
    begin_ink(page, ink);
    put_words(page, indent, slice_of(copy));
    end_ink(page, ink);
    sink_byte(page->sink, '\n');
    mem_free(copy);
}

void page_heading(struct page *page, const char *text)
{
    sink_byte(page->sink, '\n');
    page_paragraph(page, INK_STRONG, 0, text);
}

void page_line(struct page *page, char *text)
{
    page_paragraph(page, INK_PLAIN, INDENT, text);
    mem_free(text);
}

void text_table_init(struct text_table *table, size_t column_count, size_t left_count,
                     bool has_bars)
{
    assert(column_count <= TEXT_TABLE_MAX_COLUMNS);
    *table = (struct text_table){
        .column_count = column_count, .left_count = left_count, .has_bars = has_bars};
}

void text_table_cell(struct text_table *table, const char *text)
{
    table->cells =
        mem_grow(table->cells, &table->capacity, table->cell_count + 1, sizeof *table->cells);
    table->cells[table->cell_count++] = mem_text(slice_of(text));
}

void text_table_bar(struct text_table *table, double share)
{
    table->bars =
        mem_grow(table->bars, &table->bar_capacity, table->bar_count + 1, sizeof *table->bars);
    table->bars[table->bar_count++] = share;
}

/* Takes up to `excess` off the width of a column of text. Returns what it took. */
static size_t shrink(size_t *width, size_t least, size_t excess)
{
    size_t spare = *width > least ? *width - least : 0;
    size_t cut = excess < spare ? excess : spare;
    *width -= cut;
    return cut;
}

/* The width of each column; texts shrink until the line fits. Returns the room that is left. */
static size_t measure(const struct text_table *table, const struct page *page, size_t *widths)
{
    size_t total = INDENT + (table->column_count - 1) * GAP;
    for (size_t i = 0; i < table->cell_count; i++) {
        size_t width = printable_width(slice_of(table->cells[i]));
        size_t column = i % table->column_count;
        if (width > widths[column])
            widths[column] = width;
    }
    for (size_t i = 0; i < table->column_count; i++)
        total += widths[i];
    size_t wanted = page->width - (table->has_bars ? page->width / 5 : 0);
    for (size_t i = 0; i < table->left_count && total > wanted; i++)
        total -= shrink(&widths[i], i ? NARROWEST_TEXT : NARROWEST_NAME, total - wanted);
    return total < page->width ? page->width - total : 0;
}

static void put_cut(struct page *page, struct slice text, size_t width)
{
    const char *mark = page->unicode ? ellipsis : "..";
    struct slice head = head_of_width(text, width - printable_width(slice_of(mark)));
    sink_slice(page->sink, head);
    sink_text(page->sink, mark);
    put_blanks(page, width - printable_width(head) - printable_width(slice_of(mark)));
}

static void put_cell(struct page *page, struct slice text, size_t width, bool is_left)
{
    size_t taken = printable_width(text);
    if (taken > width) {
        put_cut(page, text, width);
        return;
    }
    if (!is_left)
        put_blanks(page, width - taken);
    sink_slice(page->sink, text);
    if (is_left)
        put_blanks(page, width - taken);
}

/* A share over 0 shows at least the smallest bar there is. */
static void put_bar(struct page *page, double share, size_t room)
{
    size_t longest = room > GAP ? room - GAP : 0;
    size_t parts = page->unicode ? 2 : 1; /* half blocks */
    size_t most = (longest < WIDEST_BAR ? longest : WIDEST_BAR) * parts;
    if (!(share > 0) || most == 0)
        return;
    size_t length = (size_t)((share < 1 ? share : 1) * (double)most + 0.5);
    if (length == 0)
        length = 1;
    put_blanks(page, GAP);
    for (size_t i = 0; i < length / parts; i++)
        sink_text(page->sink, page->unicode ? full_block : "#");
    if (length % parts)
        sink_text(page->sink, left_half_block);
}

static void put_row(const struct text_table *table, struct page *page, size_t row,
                    const size_t *widths, size_t room)
{
    char **cells = &table->cells[row * table->column_count];
    enum ink ink = row == 0 ? INK_FAINT : INK_PLAIN;
    put_blanks(page, INDENT);
    begin_ink(page, ink);
    for (size_t i = 0; i < table->column_count; i++) {
        put_blanks(page, i ? GAP : 0);
        put_cell(page, slice_of(cells[i]), widths[i], i < table->left_count);
    }
    end_ink(page, ink);
    if (table->has_bars && row > 0)
        put_bar(page, table->bars[row - 1], room);
    sink_byte(page->sink, '\n');
}

static void show_cells(struct text_table *table, const struct page *page)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        char *raw = table->cells[i];
        table->cells[i] = shown(page, raw);
        mem_free(raw);
    }
}

static void clear(struct text_table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        mem_free(table->cells[i]);
    mem_free(table->cells);
    mem_free(table->bars);
    *table = (struct text_table){0};
}

void text_table_print(struct text_table *table, struct page *page)
{
    size_t widths[TEXT_TABLE_MAX_COLUMNS] = {0};
    assert(table->cell_count % table->column_count == 0);
    show_cells(table, page);
    size_t room = measure(table, page, widths);
    for (size_t row = 0; row < table->cell_count / table->column_count; row++)
        put_row(table, page, row, widths, room);
    clear(table);
}
