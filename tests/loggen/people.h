/*
 * people: a log of visitors of all kinds, with the truth about each.
 *
 * The cast (cast.h) plays: people, crawlers that say so, machines that do not, and the house
 * itself. Everybody is planned as a whole and then put somewhere into the time of the log.
 */
#ifndef LOGGEN_PEOPLE_H
#define LOGGEN_PEOPLE_H

#include "tests/loggen/plan.h"
#include "tests/loggen/roll.h"

struct people_options {
    size_t visitors; /* about so many, but every part is played at least once */
    uint32_t days;   /* 3 and more */
    bool has_assets; /* false: a CDN serves them, and they are not in the log */
};

void people_plan(struct plan *plan, struct roll *roll, const struct people_options *options);

#endif
