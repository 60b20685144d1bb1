/*
 * wording: the sentences that every output for people says in the same words.
 *
 * Names in them are raw bytes: escaping is the output's duty. Losses are worded as association,
 * never as cause. Each sentence is owned by the caller (mem_free).
 */
#ifndef OUTPUT_WORDING_H
#define OUTPUT_WORDING_H

#include "funnel/report.h"

/* The answer first: "Of 8,412 visits that reached product, ...", or why there is none. */
char *wording_headline(const struct report *report);

/*
 * "Germany: 41.2% of visits are lost after cart, of the rest 28.7%; 120 more than expected
 * (q 0.003)". The funnel's name is added where the report has more than one.
 */
char *wording_loss(const struct report *report, const struct report_dimension *dimension,
                   const struct report_funnel_cell *cell);

/* Why no loss is listed: nothing differs beyond chance, or nothing could be compared. */
const char *wording_no_loss(const struct report_dimension *dimension);

/* "40 lines were rejected: 30 format, 10 time"; NULL when none was. */
char *wording_rejected(const struct report_fates *fates);

/*
 * "30 of its 100 lines are rejected (30.0%): 20 format, 10 time. \"sojourn detect\" tells how they
 * are read."; NULL when there is nothing to warn of.
 */
char *wording_many_rejected(const struct report_input *input);

/* What a fate (report_fate) means, for people: "ordinary lines". */
const char *wording_fate(size_t number);

/* "99 of 100 stamps name no zone and are taken as UTC."; NULL when all name one. */
char *wording_zoneless(const struct report *report);

/* "40.0% of the hits tell how long they took."; NULL when none does. */
char *wording_timed(const struct report *report);

/* "Nobody entered: sign-up, renewal."; NULL when every funnel was entered. */
char *wording_empty_funnels(const struct report *report);

/* "per visit, within 7 d of the first step" */
char *wording_funnel_rule(const struct report_funnel *funnel);

/*
 * Who made the hits: "11,369 visits of 7,887 people; 157,278 of 206,860 hits were made by bots:
 * 120,000 declared, 37,278 suspected".
 */
char *wording_who(const struct report *report);

const char *wording_rule_state(const struct report_behaviour *rule); /* "on", "off", "silent" */

/* Whether files tell machines from people in this log; NULL when no-assets was switched off. */
char *wording_assets(const struct report *report);

/* "Visitors are told apart by cookie:uid, else by address+agent (IPv4 /32, IPv6 /64)." */
char *wording_visitor_rule(const struct report *report);

/* "A visit ends after 30 min without a hit, or at midnight UTC." */
char *wording_visit_rule(const struct report_method *method);

/* What --max-keys folded; NULL when nothing was. */
char *wording_folded(const struct report *report);

const char *wording_units(enum funnel_unit unit); /* "visits" */
const char *wording_unit(enum funnel_unit unit);  /* "visit" */

/*
 * The drop rate of a step, of those whose outcome is known, as the report defines it; NAN when it
 * is nobody's.
 */
double wording_drop_rate(const struct report_step *step);

#endif
