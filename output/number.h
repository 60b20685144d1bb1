/*
 * number: numbers as text, the same in every locale.
 *
 * For machines ('.' for decimals, no grouping) and for people (groups of three, per cent, hours).
 * Each function returns a small value, so that a line can hold several:
 *
 *     sink_format(sink, "%s of %s", number_grouped(a).text, number_percent(b).text);
 *
 * What does not apply (NAN, REPORT_NO_COUNT) is "" for machines and a dash for people.
 */
#ifndef OUTPUT_NUMBER_H
#define OUTPUT_NUMBER_H

#include <stdint.h>

#include "funnel/stats.h"

struct number {
    char text[64];
};

/* For machines. */
struct number number_plain(uint64_t count);                 /* "8412" */
struct number number_fixed(double value, int decimals);     /* "0.620000"; never "-0.000000" */
struct number number_trimmed(double value, int decimals);   /* "12.5", "12" */
struct number number_significant(double value, int digits); /* "0.00123", "1.2e-07" */

/* For people. */
struct number number_grouped(uint64_t count);                  /* "8,412" */
struct number number_of(uint64_t count, const char *singular); /* "1 visit", "8,412 visits" */
struct number number_signed(double value);                     /* "+120", "-3.4", "0" */
struct number number_percent(double rate);                     /* "62.0%" */
struct number number_interval(struct interval rates);          /* "60.9-63.0%", with an en dash */
struct number number_chance(double p);                         /* "0.003", "<0.001" */
struct number number_duration(double seconds); /* "4.2 s", "3 min 20 s", "2 d 4 h" */
struct number number_milliseconds(double ms);  /* "84 ms", "1.2 s" */

#endif
