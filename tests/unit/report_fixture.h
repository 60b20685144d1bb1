/*
 * report_fixture: a report made by hand, with every kind of row that an output meets.
 *
 * A shop with three regions that are ranked, one that is too small, and one that nobody knows; two
 * funnels, of which one was never entered; one damaged input, one that is empty and one that was
 * skipped; rejected lines; people and machines, rules that are on, off and silent. Its sums hold,
 * its rates follow from its counts; p and q are made up.
 */
#ifndef TESTS_UNIT_REPORT_FIXTURE_H
#define TESTS_UNIT_REPORT_FIXTURE_H

#include "funnel/report.h"

/* The texts of the report that come from outside. */
struct fixture_texts {
    const char *file, *problem, *journey, *source, *funnel, *touchpoint, *stage, *intent, *value,
        *label, *geo_file, *time_zone, *note, *sample, *key, *proxy, *own_host, *referrer,
        *campaign, *page;
};
extern const struct fixture_texts fixture_benign;
/* The same with markup, formulas, quotes, line ends, escapes and broken UTF-8 in every text. */
extern const struct fixture_texts fixture_hostile;

/* Lives until fixture_free. */
struct report *fixture_new(const struct fixture_texts *texts);
void fixture_free(struct report *report);

#endif
