/*
 * html_visits: the sections of the HTML page that show visits by one of their properties.
 *
 *     where they come from   landing and exit pages   devices and browsers
 *
 * Hosts, paths and campaigns are text of the log: any text, of any length.
 */
#ifndef OUTPUT_HTML_VISITS_H
#define OUTPUT_HTML_VISITS_H

#include "base/sink.h"
#include "funnel/report.h"

/* The links to the sections, for the navigation. */
void html_visits_links(struct sink *sink);

void html_visits_write(const struct report *report, struct sink *sink);

/* The values of a dimension or breakdown in a sheet, at most `max` of them and how many more. */
struct html_values {
    const char *name, *title; /* "region", "Region" */
    const struct report_value *at;
    size_t count, max;
};
void html_visits_table(const struct html_values *values, struct sink *sink);

#endif
