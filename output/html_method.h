/*
 * html_method: the section of the HTML page that says how everything was counted.
 */
#ifndef OUTPUT_HTML_METHOD_H
#define OUTPUT_HTML_METHOD_H

#include "base/sink.h"
#include "funnel/report.h"

void html_method_write(const struct report *report, struct sink *sink);

#endif
