/*
 * form_outcome: what became of what was sent.
 *
 * A server's answers to POST tell, without a script on the page:
 *
 *     answer             to the form's own page     to another page, or a call
 *     301, 302, 303      submitted                  submitted      post/redirect/get
 *     201, 202, 204, 205 submitted                  submitted      taken; no page to correct
 *     other 2xx          refused: shown again       submitted
 *     4xx but 499        refused                    refused
 *     499, 5xx           failed: lost               failed
 *     1xx, 307, 308,     none: the browser posts again, or nothing is known
 *     other 3xx
 *
 * The form's page is the one posted to when the visitor saw it earlier in the visit (a GET answered
 * 2xx or 304), or the referrer says so, unless it is of another site. Pages are compared by their
 * paths, as conditions see them (rules.h). Calls show no form. Of pages beyond the cap on distinct
 * ones the referrer alone tells.
 *
 * Rules of touchpoints ask for an outcome ("outcome: refused"); as it hangs on what the visitor
 * did before, marks leave it open (rules.h), and it is settled here when visits are known. With
 * the outcome o, the touchpoints in open[o] are reached; one that waits for `submitted` alone is
 * attempted in vain when the form was refused or failed.
 */
#ifndef FUNNEL_FORM_OUTCOME_H
#define FUNNEL_FORM_OUTCOME_H

#include <stdbool.h>

#include "funnel/journey.h"

struct event_table;
struct touch_marks;

/* By the table above; OUTCOME_COUNT when there is none. */
enum form_outcome form_outcome_of(unsigned status, bool is_form_page);

/* Settles what the marks leave open; OUTCOME_COUNT: nothing came of it. */
void form_outcome_settle_marks(struct touch_marks *marks, enum form_outcome outcome);

/*
 * Replaces marks that hang on an outcome by settled ones. The table's visits and own hosts must be
 * there. Linear
 * in events; does nothing when no mark is open.
 */
void form_outcomes_settle(struct event_table *table);

#endif
