/*
 * people: from a bare event table to visits of people and machines that are told apart.
 *
 *     own hosts and sources      where each visit came from                   sources.h
 *     cuts                       visits that end before the timeout           visit_cuts.h
 *     form outcomes              marks that hang on them                      form_outcome.h
 *     behaviour                  machines that do not say so                  behaviour.h
 *     what was folded            of people alone, now that they are known     event_table.h
 *
 * in this order: a cut asks for sources, an outcome for the visit.
 */
#ifndef FUNNEL_PEOPLE_H
#define FUNNEL_PEOPLE_H

#include "funnel/behaviour.h"
#include "funnel/event_table.h"
#include "funnel/visit_cuts.h"

struct people_options {
    struct visit_rules visits;
    struct behaviour_options behaviour;
    struct own_hosts own_hosts; /* count 0: found in the log */
};

void people_settle(struct event_table *table, const struct people_options *options);

#endif
