/*
 * text_table: aligned text for a terminal.
 *
 * A page knows the width, whether there are colours, and whether there is more than ASCII.
 * Paragraphs are wrapped between words. A table takes its cells one after the other, row by row,
 * and is aligned when it is printed: texts to the left, numbers to the right, wide characters
 * counted as wide. Where a row would be too wide its texts are cut.
 *
 * Every text passes base/printable.h on its way.
 */
#ifndef OUTPUT_TEXT_TABLE_H
#define OUTPUT_TEXT_TABLE_H

#include "base/sink.h"
#include "output/output.h"

enum { PAGE_WIDTH = 80, PAGE_LEAST_WIDTH = 60, TEXT_TABLE_MAX_COLUMNS = 8 };

struct page {
    struct sink *sink;
    size_t width;
    bool colour, unicode;
};

struct page page_of(const struct output_options *options, struct sink *sink);

enum ink { INK_PLAIN, INK_STRONG, INK_FAINT, INK_ALARM };

/* An empty line and a heading. */
void page_heading(struct page *page, const char *text);

/* A paragraph, wrapped, each line `indent` columns in. */
void page_paragraph(struct page *page, enum ink ink, size_t indent, const char *text);

/* A paragraph in plain ink, two columns in. Takes the text (of mem_format) and frees it. */
void page_line(struct page *page, char *text);

struct text_table {
    size_t column_count, left_count;
    bool has_bars;
    char **cells; /* row by row; the first row is the header */
    size_t cell_count, capacity;
    double *bars; /* shares 0..1, one a row under the header */
    size_t bar_count, bar_capacity;
};

/* The first left_count columns are aligned to the left. With bars: each row but the header ends in
 * a bar, whose share text_table_bar gives. */
void text_table_init(struct text_table *table, size_t column_count, size_t left_count,
                     bool has_bars);
void text_table_cell(struct text_table *table, const char *text);
void text_table_bar(struct text_table *table, double share);
/* Prints and frees. */
void text_table_print(struct text_table *table, struct page *page);

#endif
