/*
 * shop: logs with a known truth.
 *
 * People play scripts (scripts.h), crawlers crawl, some lines are damaged. Each visitor is planned
 * as a whole and then put somewhere into the time of the log; the truth is told while it is
 * planned. Regions are networks: 10.R.x.y and fd00:R::, R from 0 to 9, and 10.200.x.y and
 * fd00:200:: for what no database knows.
 */
#ifndef LOGGEN_SHOP_H
#define LOGGEN_SHOP_H

#include "tests/loggen/plan.h"
#include "tests/loggen/truth.h"

struct shop_options {
    size_t visitors; /* plan so many people, or */
    size_t lines;    /* (when visitors is 0) until there are at least so many lines */
    uint32_t days;
    uint32_t bots_permille, assets_permille; /* of hits */
    bool has_agents;                         /* false: no crawlers, and one visitor an address */
};

void shop_plan(struct plan *plan, struct truth *truth, const struct shop_options *options);

/* The times of the first and the last hit, seconds since the start. */
void shop_span(const struct plan *plan, int64_t *first_s, int64_t *last_s);

#endif
