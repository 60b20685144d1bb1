/*
 * conditions: one mapping under `match` of a journey file -> a rule.
 *
 *     {path: /cart, method: POST, status: 2xx|3xx}   ->   struct touch_rule
 *
 * Everything is checked and put into the form in which it will be compared: methods as bits,
 * statuses as ranges, search words normalised (words.h).
 */
#ifndef FUNNEL_CONDITIONS_H
#define FUNNEL_CONDITIONS_H

#include <stdbool.h>

#include "funnel/config_tree.h"
#include "funnel/journey.h"

enum { CONDITION_MAX_BYTES = 1024 }; /* of one glob, value or phrase */

/*
 * Fills *rule (but for its touchpoint); its texts live in `arena`. False and config->error when
 * the node is not a mapping of conditions.
 */
bool conditions_read(const struct config *config, struct arena *arena,
                     const struct config_node *node, struct touch_rule *rule);

/* How many globs the rule holds, of paths and of query values. */
size_t conditions_count_globs(const struct touch_rule *rule);

#endif
