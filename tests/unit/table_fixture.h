/*
 * table_fixture: an event table made by hand from a list of hits.
 *
 *     {visitor, at_s, page, .from = "/a"}              a link on the own page /a
 *     {visitor, at_s, page, .origin = "google.com"}    from elsewhere
 *     {visitor, at_s, page}                            typed in
 *
 * Each visitor is a person with a client and an agent of the same number, 192.0.2.1 the first.
 * Visits are cut where a gap is over FIXTURE_TIMEOUT_S.
 */
#ifndef TESTS_UNIT_TABLE_FIXTURE_H
#define TESTS_UNIT_TABLE_FIXTURE_H

#include "funnel/event_table.h"

enum { FIXTURE_TIMEOUT_S = 1800 };
#define FIXTURE_OWN_HOST "own.example"

struct event_row {
    unsigned visitor; /* from 0, without holes; each visitor's rows in order of time */
    int64_t at_s;
    const char *page; /* "/a", a call "/api/a"; an asset "/a.png", which is no event */
    unsigned status;  /* 0: 200 */
    unsigned flags;   /* bits of enum event_flag */
    const char *from; /* page of the own host in the referrer; NULL: none, or not that host. A page
                         that nobody asks for is fine */
    const char
        *origin; /* "HOST", "?SOURCE&CAMPAIGN" or "HOST?SOURCE&CAMPAIGN", all after
                    "ASKED>" where the log has the host that was asked; "(other)"; NULL: none */
};

/*
 * The table with all but its sources. Events whose path begins with /login have EVENT_ON_LOGIN; who
 * has a row of an asset has VISITOR_LOADED_ASSET, and everybody VISITOR_NOT_ONLY_HEAD. Freed by
 * event_table_free.
 */
struct event_table *table_fixture_new(const struct event_row *rows, size_t count);

/*
 * Sources by a rule of thumb: where there is a SOURCE a campaign, or email when it is "mail";
 * direct from nowhere or the own host; search where the host contains "google", or else a referral.
 * Names are as written.
 */
void table_fixture_add_sources(struct event_table *table);

/* Does everything lie where event_table.h says, with right sums and numbers? Fails the test. */
void table_fixture_check(const struct event_table *table);

#endif
