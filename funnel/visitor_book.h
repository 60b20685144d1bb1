/*
 * visitor_book: hit -> client and visitor, by number.
 *
 *     user agent --> facts              settled once per distinct text (agent.h)
 *     address, agent --> client         where from and with what; who is internal is another client
 *                                       than a neighbour in the same network
 *     hit --visitor rules--> visitor    by default the client itself
 *
 * By other rules a visitor's id is the keyed hash of a cookie, a user name ... (visitor_key.h). A
 * browser's first request has no cookie yet; so hits without one belong to the one id that was
 * seen on the same client, if it was only one (and if the last rule tells clients apart: an address
 * alone is many people's). That needs all hits of a run: each book notes the id of each client, and
 * the merge of the books joins them (event_table.c).
 *
 * Beyond the cap on distinct texts, agents are settled anew each time: slower, with the same
 * answer.
 */
#ifndef FUNNEL_VISITOR_BOOK_H
#define FUNNEL_VISITOR_BOOK_H

#include "base/ids.h"
#include "base/names.h"
#include "funnel/visitor_key.h"
#include "parser/agent.h"
#include "parser/networks.h"

/* Where somebody came from and with what. */
struct client {
    struct address address; /* its network, see visitor_key.h; of a host name (family ADDRESS_NAME)
                               the bytes are its keyed hash */
    uint32_t agent;         /* number of its agent_facts */
};

struct visitor_book_options {
    struct hash_key key;
    const struct agent_rules *agent_rules;
    struct visitor_rules rules;
    const struct networks *internal; /* NULL: none */
    uint32_t max_keys;
};

/* Of a client, who its hits belong to by an id. */
#define SOLE_NONE    UINT32_MAX
#define SOLE_SEVERAL (UINT32_MAX - 1)

struct known_agent {
    uint64_t hash;
    uint32_t facts, internal_facts; /* numbers; the latter of the same agent inside */
};

/* Open, so that event_table.c can take it apart. */
struct visitor_book {
    struct visitor_book_options options;
    bool is_plain; /* visitors are clients: their numbers are the same */
    struct names agent_texts;
    struct known_agent *agents; /* by number of the text */
    size_t agent_capacity;
    struct names facts; /* bytes of struct agent_facts */
    struct ids client_ids;
    struct client *clients;
    size_t client_capacity;
    uint32_t *sole_visitors; /* by client: a visitor, SOLE_NONE or SOLE_SEVERAL; not when plain */
    size_t sole_capacity;
    struct ids visitor_ids; /* not when plain */
    uint8_t *visitor_rules; /* by visitor: the index of its rule; not when plain */
    size_t rule_capacity;
    struct recent_clients *recent;
};

struct visitor_book *visitor_book_new(const struct visitor_book_options *options);
void visitor_book_free(struct visitor_book *book); /* NULL is fine */

/* Who made the hit; new ones get the next number. */
uint32_t visitor_book_client(struct visitor_book *book, const struct hit *hit);
/* Not of a plain book, whose visitors are its clients. */
uint32_t visitor_book_visitor(struct visitor_book *book, const struct hit *hit, uint32_t client);
uint32_t visitor_book_count(const struct visitor_book *book); /* of visitors */

/*
 * The id of a value by the rule with that index; equal values of two rules are two ids. That of a
 * parameter is the decoded one (visitor_key.h).
 */
struct hash128 visitor_value_id(struct hash_key key, size_t rule, struct slice value);

static inline struct agent_facts visitor_book_facts(const struct visitor_book *book,
                                                    uint32_t client)
{
    struct agent_facts facts;
    memcpy(&facts, names_text(&book->facts, book->clients[client].agent).at, sizeof facts);
    return facts;
}

/*
 * An order of clients that hangs on no number and no key: by address, then by facts. Names have
 * none among them: nothing is known of them but that they differ.
 */
static inline int client_compare(const struct address *a, const struct agent_facts *a_facts,
                                 const struct address *b, const struct agent_facts *b_facts)
{
    int order = a->family != b->family      ? (a->family > b->family) - (a->family < b->family)
                : a->family == ADDRESS_NAME ? 0
                                            : memcmp(a->bytes, b->bytes, sizeof a->bytes);
    return order ? order : memcmp(a_facts, b_facts, sizeof *a_facts);
}

#endif
