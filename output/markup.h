/*
 * markup: the parts that an HTML page is put together from.
 *
 * Everything that is not our own words goes through markup_text (or a function that says so):
 * it is made printable, and & < > " ' become entities, so that it is safe between tags and inside
 * a quoted attribute alike. A `tag` is our own: the element's name and attributes,
 * "td class=\"n\"".
 */
#ifndef OUTPUT_MARKUP_H
#define OUTPUT_MARKUP_H

#include <stdint.h>

#include "base/sink.h"
#include "funnel/stats.h"

/* Raw text, escaped. */
void markup_text(struct sink *sink, const char *text);

/* <tag>text</tag>, the text escaped. */
void markup_element(struct sink *sink, const char *tag, const char *text);

/* Likewise with a text of mem_format, which it frees. */
void markup_sentence(struct sink *sink, const char *tag, char *text);

/* The head of a row whose text can be of any length: the style shows a few lines of it. */
void markup_row_head(struct sink *sink, const char *text);

/* <td class="n">8,412</td> */
void markup_count(struct sink *sink, uint64_t count);
void markup_percent(struct sink *sink, double rate);

/* <time datetime="2026-11-21T20:19:16Z">2026-11-21 20:19</time>, or a dash. */
void markup_time(struct sink *sink, int64_t at_ms);

struct markup_column {
    const char *title;
    bool is_number;
};

/*
 * The start of a table up to its body, in a box that scrolls when the page is narrow. `table_class`
 * may be "". The caption is escaped.
 */
void markup_table(struct sink *sink, const char *table_class, const char *caption,
                  const struct markup_column *columns, size_t count);
void markup_table_end(struct sink *sink);

/*
 * A bar as wide as its container, of three parts that follow each other; widths are shares of
 * `whole`. The numbers stand beside it as text, so it is hidden from screen readers.
 */
void markup_bar(struct sink *sink, uint64_t on, uint64_t waiting, uint64_t gone, uint64_t whole);

/* A cell with a bar, of the colour of one of these parts, and its share of `whole` in words. */
enum markup_part { MARKUP_ON, MARKUP_WAITING, MARKUP_GONE };
void markup_share(struct sink *sink, enum markup_part part, uint64_t count, uint64_t whole);

/* What a part of a bar means, beside a square of its colour. Our own words. */
void markup_legend(struct sink *sink, enum markup_part part, const char *text);

/* An interval with its rate as a point, and the rest's rate as a tick, on an axis of 0 to 100%. */
void markup_range(struct sink *sink, double rate, struct interval ci, double rest);

#endif
