#include "output/html_visits.h"

#include "output/markup.h"
#include "output/number.h"
#include "output/pick.h"

enum { SHOWN_VALUES = 15, TABLES = 3 };

static const struct visits_section {
    const char *id, *link, *title, *note;
    bool is_wide; /* paths need the width */
    const char *breakdowns[TABLES];
} sections[] = {
    {.id = "sources",
     .link = "Sources",
     .title = "Where visits come from",
     .note = "By the first page view of a visit: its campaign, or else the site whose link led to "
             "it. Direct: it names neither.",
     .breakdowns = {"source", "referrer", "campaign"}},
    {.id = "pages",
     .link = "Pages",
     .title = "Landing and exit pages",
     .note = "The first and the last page view of a visit, by path.",
     .is_wide = true,
     .breakdowns = {"landing", "exit"}},
    {.id = "devices",
     .link = "Devices",
     .title = "Devices and browsers",
     .note = "What user agents say of themselves.",
     .breakdowns = {"device", "browser"}},
};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

static void write_value(const struct report_value *value, uint64_t whole, struct sink *sink)
{
    sink_text(sink, "<tr>");
    markup_row_head(sink, value->label);
    markup_share(sink, MARKUP_ON, value->visits, whole);
    markup_count(sink, value->visits);
    markup_count(sink, value->visitors);
    markup_count(sink, value->page_views);
    sink_text(sink, "</tr>\n");
}

/* Of people, or of everybody: whom the values are about. */
static uint64_t all_visits(const struct html_values *values)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < values->count; i++)
        sum += values->at[i].visits;
    return sum;
}

void html_visits_table(const struct html_values *values, struct sink *sink)
{
    struct markup_column columns[] = {{values->title, false},
                                      {"Share", false},
                                      {"Visits", true},
                                      {"Visitors", true},
                                      {"Page views", true}};
    char *caption = mem_format("Visits by %s", values->name);
    sink_text(sink, "<div class=\"sheet\">\n");
    markup_table(sink, "values", caption, columns, sizeof columns / sizeof columns[0]);
    mem_free(caption);
    for (size_t i = 0; i < values->count && i < values->max; i++)
        write_value(&values->at[i], all_visits(values), sink);
    markup_table_end(sink);
    if (values->count > values->max)
        markup_sentence(
            sink, "p class=\"note\"",
            mem_format("and %s more", number_grouped(values->count - values->max).text));
    sink_text(sink, "</div>\n");
}

static void write_breakdown(const struct report *report, const char *name, struct sink *sink)
{
    const struct report_breakdown *breakdown = name ? pick_breakdown(report, name) : NULL;
    if (breakdown)
        html_visits_table(&(struct html_values){.name = breakdown->name,
                                                .title = breakdown->title,
                                                .at = breakdown->values,
                                                .count = breakdown->value_count,
                                                .max = SHOWN_VALUES},
                          sink);
}

static void write_section(const struct report *report, const struct visits_section *section,
                          struct sink *sink)
{
    sink_format(sink, "<section id=\"%s\">\n", section->id);
    markup_element(sink, "h2", section->title);
    sink_byte(sink, '\n');
    markup_element(sink, "p class=\"note\"", section->note);
    sink_text(sink, section->is_wide ? "\n<div>\n" : "\n<div class=\"pair tables\">\n");
    for (size_t i = 0; i < TABLES; i++)
        write_breakdown(report, section->breakdowns[i], sink);
    sink_text(sink, "</div>\n</section>\n");
}

void html_visits_links(struct sink *sink)
{
    for (size_t i = 0; i < SECTIONS; i++)
        sink_format(sink, "<li><a href=\"#%s\">%s</a></li>", sections[i].id, sections[i].link);
}

void html_visits_write(const struct report *report, struct sink *sink)
{
    for (size_t i = 0; i < SECTIONS; i++)
        write_section(report, &sections[i], sink);
}
