/*
 * actions: the single things that people do on the planned site, and what each one is.
 *
 * Each action is one hit. What it reaches or attempts in vain is said here, by hand, from
 * tests/data/truth.yaml; nothing is matched.
 */
#ifndef LOGGEN_ACTIONS_H
#define LOGGEN_ACTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "tests/loggen/truth.h"

struct action {
    const char *name;
    const char *request; /* method and URL, without the protocol; %u is a number of the site's */
    uint16_t status;
    enum truth_kind kind;
    uint32_t reached, failed; /* bit per touchpoint */
};

/* NULL when there is none of that name. */
const struct action *action_find(const char *name, size_t name_size);

#endif
