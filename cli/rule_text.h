/*
 * rule_text: a compiled rule in words.
 */
#ifndef CLI_RULE_TEXT_H
#define CLI_RULE_TEXT_H

#include "base/sink.h"
#include "funnel/journey.h"

/*
 * "path /cart or /basket; method POST; status 200-399; query step=2; search agb or terms;
 * outcome refused". When `path` is not empty, only those of the rule's globs are named that match
 * it.
 */
void rule_write(const struct touch_rule *rule, struct slice path, struct sink *sink);

#endif
