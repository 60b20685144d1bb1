/*
 * html_people: the section of the HTML page on who made the hits.
 *
 * People, declared bots and suspected ones, by class; the rules by which bots are suspected, each
 * with its sentence; and what visitors were told apart by.
 */
#ifndef OUTPUT_HTML_PEOPLE_H
#define OUTPUT_HTML_PEOPLE_H

#include "base/sink.h"
#include "funnel/report.h"

void html_people_write(const struct report *report, struct sink *sink);

#endif
