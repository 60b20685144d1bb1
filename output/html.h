/*
 * html: the whole report as one page.
 *
 * One file that needs nothing else: no script, no font, no picture, no request; a content security
 * policy forbids them. It reads in light and dark, on a phone, on paper and by a screen reader.
 * The sections are those of the summary: the answer, the funnels, where they drop by
 * each dimension, touchpoints, who made the hits, where visits come from and where they begin and
 * end, devices, inputs, method.
 *
 * Whatever came from a log, a database or a file name is text and nothing else: the tags of the
 * page do not depend on it (markup.h), and an address in a log never becomes a link.
 */
#ifndef OUTPUT_HTML_H
#define OUTPUT_HTML_H

#include "base/sink.h"
#include "funnel/report.h"

void html_write(const struct report *report, struct sink *sink);

#endif
