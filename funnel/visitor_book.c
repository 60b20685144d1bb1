#include "funnel/visitor_book.h"

#include "base/recent.h"

/* A client where it was seen last, with all that tells it apart. */
struct recent_client {
    struct address address; /* whole, or of a name its hash */
    uint32_t number;        /* + 1; 0: none */
    uint64_t agent_hash;
};

struct recent_clients {
    uint32_t agents[RECENT];
    struct recent_client clients[RECENT];
};

struct visitor_book *visitor_book_new(const struct visitor_book_options *options)
{
    struct visitor_book *book = mem_zeroed(1, sizeof *book);
    book->options = *options;
    book->is_plain = options->rules.count == 1 && options->rules.items[0].kind == KEY_ADDRESS_AGENT;
    names_init(&book->agent_texts, options->key);
    names_init(&book->facts, options->key);
    ids_init(&book->client_ids);
    ids_init(&book->visitor_ids);
    book->recent = mem_zeroed(1, sizeof *book->recent);
    return book;
}

void visitor_book_free(struct visitor_book *book)
{
    if (!book)
        return;
    names_clear(&book->agent_texts);
    mem_free(book->agents);
    names_clear(&book->facts);
    ids_clear(&book->client_ids);
    mem_free(book->clients);
    mem_free(book->sole_visitors);
    ids_clear(&book->visitor_ids);
    mem_free(book->visitor_rules);
    mem_free(book->recent);
    mem_free(book);
}

uint32_t visitor_book_count(const struct visitor_book *book)
{
    return book->is_plain ? book->client_ids.count : book->visitor_ids.count;
}

/* ---- agents ---- */

/* No more than there are clients. */
static uint32_t facts_number(struct visitor_book *book, const struct agent_facts *facts)
{
    return names_add(&book->facts, (struct slice){(const char *)facts, sizeof *facts});
}

static struct known_agent settle_agent(struct visitor_book *book, struct slice text)
{
    struct agent_facts facts = agent_facts_of(book->options.agent_rules, text);
    struct known_agent agent = {.hash = hash_bytes(book->options.key, text.at, text.size),
                                .facts = facts_number(book, &facts)};
    facts.class = AGENT_INTERNAL;
    agent.internal_facts = book->options.internal ? facts_number(book, &facts) : agent.facts;
    return agent;
}

static struct known_agent add_agent(struct visitor_book *book, struct slice text, uint32_t *recent)
{
    if (book->agent_texts.count >= book->options.max_keys &&
        names_find(&book->agent_texts, text) == NAMES_NONE)
        return settle_agent(book, text);
    uint32_t before = book->agent_texts.count;
    uint32_t number = names_add(&book->agent_texts, text);
    if (number == before) {
        book->agents =
            mem_grow(book->agents, &book->agent_capacity, (size_t)number + 1, sizeof *book->agents);
        book->agents[number] = settle_agent(book, text);
    }
    *recent = number + 1;
    return book->agents[number];
}

static struct known_agent agent_of(struct visitor_book *book, struct slice text)
{
    uint32_t *recent = &book->recent->agents[recent_index_of(text)];
    if (*recent && slice_equal(names_text(&book->agent_texts, *recent - 1), text))
        return book->agents[*recent - 1];
    return add_agent(book, text, recent);
}

/* ---- clients ---- */

/* `more`: the hash of a host, or what else belongs to it. */
static struct hash128 address_id(const struct visitor_book *book, const struct address *address,
                                 uint64_t agent_hash, uint64_t more)
{
    struct {
        uint8_t address[16];
        uint64_t agent, more, family;
    } packed = {.agent = agent_hash, .more = more, .family = (uint64_t)address->family};
    memcpy(packed.address, address->bytes, sizeof packed.address);
    return hash128_bytes(book->options.key, &packed, sizeof packed);
}

/* Names are told apart by their hash. */
static struct address address_of(const struct visitor_book *book, const struct hit *hit)
{
    if (hit->address.family != ADDRESS_NAME)
        return hit->address;
    struct address address = {.family = ADDRESS_NAME};
    struct hash128 hash =
        hash128_bytes(book->options.key, hit->address_text.at, hit->address_text.size);
    memcpy(address.bytes, &hash, sizeof address.bytes);
    return address;
}

static struct address network_of(const struct visitor_book *book, const struct address *address)
{
    const struct visitor_rules *rules = &book->options.rules;
    return address->family == ADDRESS_NAME
               ? *address
               : address_cut(address, rules->v4_prefix, rules->v6_prefix);
}

/* Of one network some can be internal and others not: these are two clients. */
static uint32_t add_client(struct visitor_book *book, const struct address *address,
                           const struct known_agent *agent)
{
    struct address network = network_of(book, address);
    bool is_internal = book->options.internal && networks_hold(book->options.internal, address);
    uint32_t before = book->client_ids.count;
    uint32_t number =
        ids_add(&book->client_ids, address_id(book, &network, agent->hash, is_internal));
    if (number != before)
        return number;
    book->clients =
        mem_grow(book->clients, &book->client_capacity, (size_t)number + 1, sizeof *book->clients);
    book->clients[number] = (struct client){
        .address = network, .agent = is_internal ? agent->internal_facts : agent->facts};
    if (book->is_plain)
        return number;
    book->sole_visitors = mem_grow(book->sole_visitors, &book->sole_capacity, (size_t)number + 1,
                                   sizeof *book->sole_visitors);
    book->sole_visitors[number] = SOLE_NONE;
    return number;
}

static bool is_same_address(const struct address *a, const struct address *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

uint32_t visitor_book_client(struct visitor_book *book, const struct hit *hit)
{
    struct known_agent agent = agent_of(book, hit->agent);
    struct address address = address_of(book, hit);
    uint64_t tail = recent_word((const char *)address.bytes + 8);
    struct recent_client *recent =
        &book->recent->clients[recent_index(tail * 31 + (uint32_t)agent.hash)];
    if (recent->number && recent->agent_hash == agent.hash &&
        is_same_address(&recent->address, &address))
        return recent->number - 1;
    uint32_t number = add_client(book, &address, &agent);
    *recent = (struct recent_client){address, number + 1, agent.hash};
    return number;
}

/* ---- visitors ---- */

static bool is_by_address(enum visitor_key_kind kind)
{
    return kind <= KEY_ADDRESS_AGENT_HOST;
}

struct hash128 visitor_value_id(struct hash_key key, size_t rule, struct slice value)
{
    key.k0 ^= (rule + 1) * UINT64_C(0x9e3779b97f4a7c15);
    return hash128_bytes(key, value.at, value.size);
}

static struct hash128 network_id(const struct visitor_book *book, enum visitor_key_kind kind,
                                 const struct hit *hit, uint32_t client)
{
    bool has_agent = kind == KEY_ADDRESS_AGENT || kind == KEY_ADDRESS_AGENT_HOST;
    bool has_host = kind == KEY_ADDRESS_HOST || kind == KEY_ADDRESS_AGENT_HOST;
    uint64_t host = has_host ? hash_bytes(book->options.key, hit->host.at, hit->host.size) : 0;
    if (has_agent) { /* the client's id stands for both */
        struct hash128 id = book->client_ids.list[client];
        id.low ^= host;
        return id;
    }
    return address_id(book, &book->clients[client].address, 0, host);
}

static uint32_t add_visitor(struct visitor_book *book, struct hash128 id, size_t rule)
{
    uint32_t before = book->visitor_ids.count;
    uint32_t number = ids_add(&book->visitor_ids, id);
    if (number == before) {
        book->visitor_rules = mem_grow(book->visitor_rules, &book->rule_capacity,
                                       (size_t)number + 1, sizeof *book->visitor_rules);
        book->visitor_rules[number] = (uint8_t)rule;
    }
    return number;
}

static void note_sole(struct visitor_book *book, uint32_t client, uint32_t visitor)
{
    uint32_t *sole = &book->sole_visitors[client];
    if (*sole == SOLE_NONE)
        *sole = visitor;
    else if (*sole != visitor)
        *sole = SOLE_SEVERAL;
}

uint32_t visitor_book_visitor(struct visitor_book *book, const struct hit *hit, uint32_t client)
{
    const struct visitor_rules *rules = &book->options.rules;
    char room[VISITOR_ROOM];
    for (size_t i = 0; i + 1 < rules->count; i++) {
        const struct visitor_rule *rule = &rules->items[i];
        if (is_by_address(rule->kind))
            return add_visitor(book, network_id(book, rule->kind, hit, client), i);
        struct slice value = visitor_rule_value(rule, hit, room);
        if (value.size == 0)
            continue;
        uint32_t visitor = add_visitor(book, visitor_value_id(book->options.key, i, value), i);
        note_sole(book, client, visitor);
        return visitor;
    }
    size_t last = rules->count - 1;
    return add_visitor(book, network_id(book, rules->items[last].kind, hit, client), last);
}
