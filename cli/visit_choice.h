/*
 * visit_choice: which visits of a table somebody wants to look at.
 *
 *     "203.0.113.9", "2001:db8::1"    of that address (its network, as visitors are told apart)
 *     "5f3a...", 32 hex digits        of the visitor with that id, see --visitor-key
 *     "user=alice", "cookie:uid=7"    of whoever has that value, by a visitor rule of the journey
 *     "suspected", "search", ...      of a class of agents (parser/agent.h)
 *     "no-assets", ...                of whom that rule decided on (behaviour.h)
 */
#ifndef CLI_VISIT_CHOICE_H
#define CLI_VISIT_CHOICE_H

#include "cli/reading.h"

enum choice_kind { CHOICE_ADDRESS, CHOICE_ID, CHOICE_CLASS, CHOICE_RULE };

struct visit_choice {
    enum choice_kind kind;
    struct address address; /* its network */
    struct hash128 id;
    enum agent_class class;
    enum behaviour_rule rule;
};

/* False and *error (ERROR_USAGE) when the words mean none of these. */
bool visit_choice_parse(const struct reading *reading, const char *words,
                        struct visit_choice *choice, struct error *error);

/*
 * The numbers of the visits that fit, by time, at most `most` of them, at even distances; *count is
 * how many there are in the list, *total how many fit. The caller frees the list with mem_free.
 */
size_t *visit_choice_find(const struct visit_choice *choice, const struct event_table *table,
                          size_t most, size_t *count, size_t *total);

#endif
