/*
 * csv: the tables of a report as tidy CSV files.
 *
 * RFC 4180 in UTF-8 with LF line ends, a header line, fixed columns, '.' for decimals in every
 * locale; an empty cell means "not applicable". The columns are a contract:
 *
 *     summary.csv                  measure, value
 *     inputs.csv                   one row a file
 *     lines.csv                    one row a file, outcome and reason: what became of every line
 *     funnel.csv                   one row a step
 *     touchpoints.csv              one row a touchpoint
 *     agents.csv                   one row a class of agents: who made the hits
 *     bot_rules.csv                one row a rule by which bots are suspected
 *     visitor_keys.csv             one row a key that visitors are told apart by
 *     visits.csv                   one row a value of a visit's source, landing page, device ...
 *     funnel_by_<dimension>.csv    one row a step and value, all steps but the last
 *     touchpoints_by_<dimension>.csv
 *
 * Text that came from a log, a database or a file name is made printable (base/printable.h), and a
 * text cell that a spreadsheet would take for a formula (it starts with = + - @ TAB or CR) gets
 * a leading apostrophe. Numbers never do.
 */
#ifndef OUTPUT_CSV_H
#define OUTPUT_CSV_H

#include <stddef.h>

#include "base/sink.h"
#include "funnel/report.h"

/* How many documents this report has; they are numbered from 0. */
size_t csv_document_count(const struct report *report);

/* "funnel_by_region.csv"; owned by the caller (mem_free). */
char *csv_document_name(const struct report *report, size_t document);

void csv_write(const struct report *report, size_t document, struct sink *sink);

/*
 * The one that is written when a single CSV is asked for: the funnels by the first dimension, or
 * the funnels alone when there is no dimension.
 */
size_t csv_main_document(const struct report *report);

#endif
