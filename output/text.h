/*
 * text: the summary for a terminal.
 *
 * The answer comes first, then what was read, who came, each funnel with its steps, where more are
 * lost than expected, and what was visited. Lines are at most options->width columns wide, down to
 * 60. Colours, and characters beyond ASCII, are used only where the options say so. Text from logs
 * is made printable.
 */
#ifndef OUTPUT_TEXT_H
#define OUTPUT_TEXT_H

#include "base/sink.h"
#include "funnel/report.h"

struct output_options;

void text_write(const struct report *report, const struct output_options *options,
                struct sink *sink);

#endif
