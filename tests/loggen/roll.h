/*
 * roll: who was there, visit by visit: the truth about visitors of all kinds.
 *
 * Like truth.h it is told, never found out. A row is what one person or machine did in one visit.
 * Two people whom only their referrers tell apart have two rows with the same visit; where a
 * visitor is known by address and agent, people behind one address have the same visitor.
 */
#ifndef LOGGEN_ROLL_H
#define LOGGEN_ROLL_H

#include "tests/loggen/cast.h"
#include "tests/loggen/plan.h"

enum roll_outcome { ROLL_SUBMITTED, ROLL_REFUSED, ROLL_FAILED, ROLL_OUTCOMES };

struct roll_row {
    const struct cast_part *part;
    const char *class, *rule;         /* "": no rule */
    const struct cast_source *source; /* NULL: no page view */
    const char *browser, *device;     /* NULL: the agent is no browser of the cast */
    uint32_t visitor, person, visit;  /* numbers; visits of all visitors are counted together */
    uint32_t actor;                   /* of the plan */
    uint32_t landing, exit;           /* texts: paths; without meaning when there is no page view */
    uint32_t hits, page_views;
    int64_t first_s, last_s; /* hits, since the start of the log */
    int64_t exit_s;          /* the last page view */
    uint32_t outcomes[ROLL_OUTCOMES];
    uint32_t cancellation_views;
};

struct roll {
    struct roll_row *rows;
    size_t count, capacity;
};

/* The new row, which stays where it is until the next one. */
struct roll_row *roll_add(struct roll *roll, const struct roll_row *row);
void roll_clear(struct roll *roll);

/* Writes FOLDER/truth/people.csv. False, with errno, when that fails. */
bool roll_write(const struct roll *roll, const struct plan *plan, const char *folder);

#endif
