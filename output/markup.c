#include "output/markup.h"

#include <math.h>
#include <string.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/printable.h"
#include "output/number.h"

static const char *entity(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void markup_text(struct sink *sink, const char *text)
{
    for (struct slice rest = slice_of(text); rest.size;) {
        size_t length = printable_character(rest);
        const char *instead = length == 1 ? entity(rest.at[0]) : NULL;
        if (length == 0)
            sink_format(sink, "\\x%02X", (unsigned char)rest.at[0]);
        else if (instead)
            sink_text(sink, instead);
        else
            sink_slice(sink, slice_head(rest, length));
        rest = slice_from(rest, length ? length : 1);
    }
}

void markup_element(struct sink *sink, const char *tag, const char *text)
{
    sink_byte(sink, '<');
    sink_text(sink, tag);
    sink_byte(sink, '>');
    markup_text(sink, text);
    sink_text(sink, "</");
    sink_slice(sink, slice_head(slice_of(tag), strcspn(tag, " ")));
    sink_byte(sink, '>');
}

void markup_sentence(struct sink *sink, const char *tag, char *text)
{
    markup_element(sink, tag, text);
    mem_free(text);
}

void markup_row_head(struct sink *sink, const char *text)
{
    sink_text(sink, "<th scope=\"row\">");
    markup_element(sink, "span class=\"clip\"", text);
    sink_text(sink, "</th>");
}

void markup_count(struct sink *sink, uint64_t count)
{
    markup_element(sink, "td class=\"n\"", number_grouped(count).text);
}

void markup_percent(struct sink *sink, double rate)
{
    markup_element(sink, "td class=\"n\"", number_percent(rate).text);
}

void markup_time(struct sink *sink, int64_t at_ms)
{
    char text[CIVIL_TEXT_SIZE];
    civil_format(at_ms, text);
    if (!text[0]) {
        sink_text(sink, "\xe2\x80\x93");
        return;
    }
    sink_format(sink, "<time datetime=\"%s\">", text);
    char *t = strchr(text, 'T');
    sink_format(sink, "%.*s %.5s</time>", (int)(t - text), text, t + 1);
}

void markup_table(struct sink *sink, const char *table_class, const char *caption,
                  const struct markup_column *columns, size_t count)
{
    sink_text(sink, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    markup_text(sink, caption);
    sink_format(sink, "\">\n<table class=\"%s\">\n", table_class);
    markup_element(sink, "caption", caption);
    sink_text(sink, "\n<thead><tr>");
    for (size_t i = 0; i < count; i++)
        markup_element(sink,
                       columns[i].is_number ? "th scope=\"col\" class=\"n\"" : "th scope=\"col\"",
                       columns[i].title);
    sink_text(sink, "</tr></thead>\n<tbody>\n");
}

void markup_table_end(struct sink *sink)
{
    sink_text(sink, "</tbody>\n</table>\n</div>\n");
}

enum { SCALE = 1000 };

/* Whole parts of a thousand, so that no decimal point of a locale can come in. */
static int thousandths(double share)
{
    if (!(share > 0))
        return 0;
    return share < 1 ? (int)lround(share * SCALE) : SCALE;
}

static int bar_part(struct sink *sink, const char *part_class, int from, uint64_t end,
                    uint64_t whole)
{
    int to = whole ? thousandths((double)end / (double)whole) : 0;
    sink_format(sink, "<rect class=\"%s\" x=\"%d\" width=\"%d\" height=\"10\"/>", part_class, from,
                to - from);
    return to;
}

void markup_bar(struct sink *sink, uint64_t on, uint64_t waiting, uint64_t gone, uint64_t whole)
{
    sink_text(sink, "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
                    "aria-hidden=\"true\">");
    int at = bar_part(sink, "on", 0, on, whole);
    at = bar_part(sink, "waiting", at, on + waiting, whole);
    bar_part(sink, "gone", at, on + waiting + gone, whole);
    sink_text(sink, "</svg>");
}

void markup_share(struct sink *sink, enum markup_part part, uint64_t count, uint64_t whole)
{
    sink_text(sink, "<td class=\"share\"><div>");
    markup_bar(sink, part == MARKUP_ON ? count : 0, part == MARKUP_WAITING ? count : 0,
               part == MARKUP_GONE ? count : 0, whole);
    markup_element(sink, "span", number_percent(whole ? (double)count / (double)whole : NAN).text);
    sink_text(sink, "</div></td>");
}

void markup_legend(struct sink *sink, enum markup_part part, const char *text)
{
    static const char *const classes[] = {
        [MARKUP_ON] = "on", [MARKUP_WAITING] = "waiting", [MARKUP_GONE] = "gone"};
    sink_format(sink,
                "<span><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"%s\" "
                "width=\"10\" height=\"10\" rx=\"2\"/></svg>",
                classes[part]);
    markup_text(sink, text);
    sink_text(sink, "</span>");
}

void markup_range(struct sink *sink, double rate, struct interval ci, double rest)
{
    int low = thousandths(ci.low), high = thousandths(ci.high), tick = thousandths(rest);
    sink_text(sink, "<svg class=\"range\" viewBox=\"0 0 1000 80\" preserveAspectRatio=\"none\" "
                    "aria-hidden=\"true\">"
                    "<line class=\"axis\" x1=\"0\" x2=\"1000\" y1=\"40\" y2=\"40\" "
                    "vector-effect=\"non-scaling-stroke\"/>");
    sink_format(sink,
                "<line class=\"span\" x1=\"%d\" x2=\"%d\" y1=\"40\" y2=\"40\" "
                "vector-effect=\"non-scaling-stroke\"/>",
                low, high);
    sink_format(sink,
                "<line class=\"rest\" x1=\"%d\" x2=\"%d\" y1=\"8\" y2=\"72\" "
                "vector-effect=\"non-scaling-stroke\"/>",
                tick, tick);
    sink_format(sink, "<ellipse class=\"point\" cx=\"%d\" cy=\"40\" rx=\"17\" ry=\"19\"/></svg>",
                thousandths(rate));
}
