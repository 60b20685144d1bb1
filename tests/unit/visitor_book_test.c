/*
 * Who makes a hit. What tells visitors apart follows by hand from visitor_key.h and visitor_book.h.
 */
#include "funnel/visitor_book.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

#define LENGTH(array) (int)(sizeof(array) / sizeof(array)[0])

static const char firefox[] =
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
static const char chrome[] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
                             "like Gecko) Chrome/126.0.0.0 Safari/537.36";
static const char crawler[] =
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

static struct agent_rules *agent_rules;

static void set_up(void)
{
    struct error error = {0};
    agent_rules = agent_rules_new(&error);
    ck_assert_msg(agent_rules != NULL, "%s", error.sentence);
}

static void tear_down(void)
{
    agent_rules_free(agent_rules);
}

static struct visitor_book_options options_of_test(void)
{
    return (struct visitor_book_options){.key = {1, 2},
                                         .agent_rules = agent_rules,
                                         .rules = visitor_rules_default(),
                                         .max_keys = 1000};
}

static struct hit make_hit(const char *address, const char *agent)
{
    struct hit hit = {.address_text = slice_of(address), .agent = slice_of(agent), .status = 200};
    address_parse(hit.address_text, &hit.address);
    return hit;
}

static uint32_t client_of(struct visitor_book *book, const char *address, const char *agent)
{
    struct hit hit = make_hit(address, agent);
    return visitor_book_client(book, &hit);
}

static struct address network_of(struct visitor_book *book, const char *address)
{
    uint32_t client = client_of(book, address, firefox);
    return book->clients[client].address;
}

/* ---- clients ---- */

static const struct client_row {
    const char *address, *agent, *other_address, *other_agent;
    unsigned v4_prefix, v6_prefix;
    bool is_same;
} client_rows[] = {
    {"192.0.2.1", firefox, "192.0.2.1", firefox, 32, 64, true},
    {"192.0.2.1", firefox, "192.0.2.2", firefox, 32, 64, false},
    {"192.0.2.1", firefox, "192.0.2.1", chrome, 32, 64, false},
    {"192.0.2.1", firefox, "::ffff:192.0.2.1", firefox, 32, 64, true},
    {"192.0.2.1", firefox, "192.0.2.255", firefox, 24, 64, true},
    {"192.0.2.1", firefox, "192.0.3.1", firefox, 24, 64, false},
    {"192.0.2.1", firefox, "::ffff:192.0.2.9", firefox, 24, 64, true},
    {"2001:db8::1", firefox, "2001:db8:0:0:ffff:ffff:ffff:ffff", firefox, 32, 64, true},
    {"2001:db8::1", firefox, "2001:db8:0:1::1", firefox, 32, 64, false},
    {"2001:db8::1", firefox, "2001:db8:0:1::1", firefox, 32, 48, true},
    {"2001:db8::1", firefox, "2001:db8::2", firefox, 32, 128, false},
    {"2001:db8::1", firefox, "2001:db8::1", chrome, 32, 64, false},
    /* names are told apart by their text, and are no addresses */
    {"host-a.example", firefox, "host-a.example", firefox, 32, 64, true},
    {"host-a.example", firefox, "host-b.example", firefox, 32, 64, false},
    {"-", firefox, "host-a.example", firefox, 32, 64, false},
    {"-", firefox, "::", firefox, 32, 64, false},
    {"-", firefox, "0.0.0.0", firefox, 0, 0, false},
    {"::", firefox, "0.0.0.0", firefox, 0, 0, false},
    /* of agents every byte counts, also where nothing more is known of them */
    {"192.0.2.1", "-", "192.0.2.1", "", 32, 64, false},
    {"192.0.2.1", "x", "192.0.2.1", "X", 32, 64, false},
};

START_TEST(a_client_is_a_network_and_an_agent)
{
    const struct client_row *row = &client_rows[_i];
    struct visitor_book_options options = options_of_test();
    options.rules.v4_prefix = (uint8_t)row->v4_prefix;
    options.rules.v6_prefix = (uint8_t)row->v6_prefix;
    struct visitor_book *book = visitor_book_new(&options);
    uint32_t one = client_of(book, row->address, row->agent);
    uint32_t other = client_of(book, row->other_address, row->other_agent);
    ck_assert_uint_eq(one, 0);
    ck_assert_msg(other == (row->is_same ? 0 : 1), "%s %s", row->address, row->other_address);
    ck_assert_uint_eq(client_of(book, row->address, row->agent), one);
    ck_assert_uint_eq(client_of(book, row->other_address, row->other_agent), other);
    ck_assert_uint_eq(visitor_book_count(book), row->is_same ? 1 : 2);
    visitor_book_free(book);
}
END_TEST

START_TEST(a_client_keeps_its_network)
{
    static const struct {
        const char *address, *network;
    } rows[] = {
        {"192.0.2.77", "192.0.2.0"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
        {"::ffff:192.0.2.77", "192.0.2.0"},
    };
    struct visitor_book_options options = options_of_test();
    options.rules.v4_prefix = 24;
    struct visitor_book *book = visitor_book_new(&options);
    struct address network;
    ck_assert(address_parse(slice_of(rows[_i].network), &network));
    uint32_t client = client_of(book, rows[_i].address, firefox);
    ck_assert_mem_eq(book->clients[client].address.bytes, network.bytes, sizeof network.bytes);
    ck_assert_int_eq(book->clients[client].address.family, network.family);
    visitor_book_free(book);
}
END_TEST

START_TEST(facts_are_those_of_the_agent)
{
    static const char *const agents[] = {firefox, chrome, crawler, "-", "", "curl/8.5.0"};
    struct visitor_book_options options = options_of_test();
    options.max_keys = _i ? 1 : 1000; /* beyond the cap they are settled anew, and are the same */
    struct visitor_book *book = visitor_book_new(&options);
    for (int again = 0; again < 2; again++) {
        for (size_t i = 0; i < LENGTH(agents); i++) {
            uint32_t client = client_of(book, "192.0.2.1", agents[i]);
            ck_assert_uint_eq(client, i);
            struct agent_facts facts = visitor_book_facts(book, client);
            struct agent_facts expected = agent_facts_of(agent_rules, slice_of(agents[i]));
            ck_assert_msg(memcmp(&facts, &expected, sizeof facts) == 0, "%s", agents[i]);
        }
    }
    ck_assert_uint_eq(book->agent_texts.count, _i ? 1 : LENGTH(agents));
    visitor_book_free(book);
}
END_TEST

/* More than any first size or cache, met again in another order. */
START_TEST(numbers_stay)
{
    enum { COUNT = 20000, STEP = 7919 }; /* a prime */
    struct visitor_book_options options = options_of_test();
    options.max_keys = 100;
    struct visitor_book *book = visitor_book_new(&options);
    for (unsigned i = 0; i < 2 * COUNT; i++) {
        unsigned number = i < COUNT ? i : (unsigned)((uint64_t)i * STEP % COUNT);
        char address[32], agent[32];
        snprintf(address, sizeof address, number % 2 ? "10.0.%u.%u" : "2001:db8:%x:%x::1",
                 number >> 8, number & 255);
        snprintf(agent, sizeof agent, "agent %u", number % 300);
        ck_assert_uint_eq(client_of(book, address, agent), number);
    }
    ck_assert_uint_eq(visitor_book_count(book), COUNT);
    visitor_book_free(book);
}
END_TEST

/* ---- internal networks ---- */

static const struct internal_row {
    const char *networks, *address;
    bool is_internal;
} internal_rows[] = {
    {"192.0.2.0/24", "192.0.2.1", true},     {"192.0.2.0/24", "192.0.3.1", false},
    {"192.0.2.0/24", "host.example", false}, {"2001:db8::/32", "2001:db8:5::1", true},
    {"2001:db8::5", "2001:db8::5", true},    {"2001:db8::5", "2001:db8::6", false},
    {"192.0.2.1", "::ffff:192.0.2.1", true}, {"2001:db8::/32", "::", false},
    {"192.0.2.0/24", "192.0.2.255", true},
};

START_TEST(who_is_inside_is_internal)
{
    const struct internal_row *row = &internal_rows[_i];
    struct error error = {0};
    struct networks *internal = networks_new();
    ck_assert_msg(networks_add(internal, row->networks, &error), "%s", error.sentence);
    struct visitor_book_options options = options_of_test();
    options.internal = internal;
    struct visitor_book *book = visitor_book_new(&options);
    static const char *const agents[] = {firefox, crawler};
    for (size_t i = 0; i < LENGTH(agents); i++) {
        uint32_t client = client_of(book, row->address, agents[i]);
        struct agent_facts facts = visitor_book_facts(book, client);
        struct agent_facts expected = agent_facts_of(agent_rules, slice_of(agents[i]));
        if (row->is_internal)
            expected.class = AGENT_INTERNAL;
        ck_assert_msg(memcmp(&facts, &expected, sizeof facts) == 0, "%s", row->address);
    }
    visitor_book_free(book);
    networks_free(internal);
}
END_TEST

/*
 * One address of a network is internal, its neighbour is not; both are what they are, whoever
 * comes first.
 */
START_TEST(neighbours_of_who_is_inside_are_outside)
{
    struct error error = {0};
    struct networks *internal = networks_new();
    ck_assert(networks_add(internal, "2001:db8::5", &error));
    ck_assert(networks_add(internal, "192.0.2.5", &error));
    struct visitor_book_options options = options_of_test();
    options.internal = internal;
    options.rules.v4_prefix = 24;
    struct visitor_book *book = visitor_book_new(&options);
    const char *inside = _i % 2 ? "2001:db8::5" : "192.0.2.5";
    const char *outside = _i % 2 ? "2001:db8::6" : "192.0.2.6";
    const char *hosts[] = {_i / 2 ? inside : outside, _i / 2 ? outside : inside};
    for (size_t i = 0; i < 6; i++) {
        struct agent_facts facts = visitor_book_facts(book, client_of(book, hosts[i % 2], firefox));
        ck_assert_uint_eq(facts.class, hosts[i % 2] == inside ? AGENT_INTERNAL : AGENT_PERSON);
    }
    ck_assert_uint_eq(visitor_book_count(book), 2);
    visitor_book_free(book);
    networks_free(internal);
}
END_TEST

/* ---- visitors ---- */

static const struct visitor_rule uid = {KEY_COOKIE, "uid", "cookie:uid", EXTRA_FIELDS};
static const struct visitor_rule user = {KEY_USER, "", "user", EXTRA_FIELDS};
static const struct visitor_rule by_client = {KEY_ADDRESS_AGENT, "", "address+agent", 0};
static const struct visitor_rule by_address = {KEY_ADDRESS, "", "address", 0};
static const struct visitor_rule by_host = {KEY_ADDRESS_HOST, "", "address+host", 0};
static const struct visitor_rule by_all = {KEY_ADDRESS_AGENT_HOST, "", "address+agent+host", 0};

static struct visitor_book *new_book(struct hash_key key, size_t count,
                                     const struct visitor_rule *const *rules)
{
    struct visitor_book_options options = options_of_test();
    options.key = key;
    options.rules.count = count;
    for (size_t i = 0; i < count; i++)
        options.rules.items[i] = *rules[i];
    return visitor_book_new(&options);
}

/* A hit with what tells visitors apart; NULL: not there. */
struct who {
    const char *address, *agent, *host, *cookie, *user;
};

static uint32_t visitor_of(struct visitor_book *book, const struct who *who, uint32_t *client)
{
    struct hit hit = make_hit(who->address, who->agent);
    hit.host = slice_of(who->host);
    hit.cookie = slice_of(who->cookie);
    hit.user = slice_of(who->user);
    *client = visitor_book_client(book, &hit);
    return visitor_book_visitor(book, &hit, *client);
}

static const struct rule_row {
    const struct visitor_rule *rules[3];
    size_t count;
    struct who one, other;
    bool is_same;
    unsigned rule; /* that told the other */
} rule_rows[] = {
    {{&uid, &by_client},
     2,
     {"192.0.2.1", firefox, 0, "uid=7", 0},
     {"192.0.2.2", chrome, 0, "a=b; uid=7", 0},
     true,
     0},
    {{&uid, &by_client},
     2,
     {"192.0.2.1", firefox, 0, "uid=7", 0},
     {"192.0.2.1", firefox, 0, "uid=8", 0},
     false,
     0},
    {{&uid, &by_client},
     2,
     {"192.0.2.1", firefox, 0, "uid=7", 0},
     {"192.0.2.1", firefox, 0, "uid=-", 0},
     false,
     1},
    {{&uid, &by_client},
     2,
     {"192.0.2.1", firefox, 0, 0, 0},
     {"192.0.2.1", firefox, "h.example", 0, "ann"},
     true,
     1},
    {{&uid, &by_client},
     2,
     {"192.0.2.1", firefox, 0, 0, 0},
     {"192.0.2.1", chrome, 0, 0, 0},
     false,
     1},
    /* the first rule that has a value; one value by two rules is two people */
    {{&uid, &user, &by_client},
     3,
     {"192.0.2.1", firefox, 0, "uid=7", "ann"},
     {"192.0.2.2", firefox, 0, "uid=7", "bob"},
     true,
     0},
    {{&uid, &user, &by_client},
     3,
     {"192.0.2.1", firefox, 0, 0, "ann"},
     {"192.0.2.2", firefox, 0, "x=1", "ann"},
     true,
     1},
    {{&uid, &user, &by_client},
     3,
     {"192.0.2.1", firefox, 0, "uid=ann", 0},
     {"192.0.2.1", firefox, 0, 0, "ann"},
     false,
     1},
    /* addresses, with and without agent and host */
    {{&by_address},
     1,
     {"192.0.2.1", firefox, "a.example", 0, 0},
     {"192.0.2.1", chrome, "b.example", 0, 0},
     true,
     0},
    {{&by_address}, 1, {"192.0.2.1", firefox, 0, 0, 0}, {"192.0.2.2", firefox, 0, 0, 0}, false, 0},
    {{&by_address},
     1,
     {"2001:db8::1", firefox, 0, 0, 0},
     {"2001:db8::2", chrome, 0, 0, 0},
     true,
     0},
    {{&by_host},
     1,
     {"192.0.2.1", firefox, "a.example", 0, 0},
     {"192.0.2.1", chrome, "a.example", 0, 0},
     true,
     0},
    {{&by_host},
     1,
     {"192.0.2.1", firefox, "a.example", 0, 0},
     {"192.0.2.1", firefox, "b.example", 0, 0},
     false,
     0},
    {{&by_host},
     1,
     {"192.0.2.1", firefox, "a.example", 0, 0},
     {"192.0.2.2", firefox, "a.example", 0, 0},
     false,
     0},
    {{&by_all},
     1,
     {"192.0.2.1", firefox, "a.example", 0, 0},
     {"192.0.2.1", firefox, "a.example", 0, 0},
     true,
     0},
    {{&by_all},
     1,
     {"192.0.2.1", firefox, "a.example", 0, 0},
     {"192.0.2.1", chrome, "a.example", 0, 0},
     false,
     0},
    {{&by_all},
     1,
     {"192.0.2.1", firefox, "a.example", 0, 0},
     {"192.0.2.1", firefox, "b.example", 0, 0},
     false,
     0},
    {{&by_all}, 1, {"192.0.2.1", firefox, "", 0, 0}, {"192.0.2.1", firefox, 0, 0, 0}, true, 0},
    {{&user, &by_address},
     2,
     {"192.0.2.1", firefox, 0, 0, "ann"},
     {"192.0.2.1", firefox, 0, 0, 0},
     false,
     1},
};

START_TEST(the_first_rule_that_has_a_value_tells)
{
    const struct rule_row *row = &rule_rows[_i];
    struct visitor_book *book = new_book((struct hash_key){1, 2}, row->count, row->rules);
    uint32_t client;
    uint32_t one = visitor_of(book, &row->one, &client);
    uint32_t other = visitor_of(book, &row->other, &client);
    ck_assert_uint_eq(one, 0);
    ck_assert_uint_eq(other, row->is_same ? 0 : 1);
    ck_assert_uint_eq(visitor_book_count(book), row->is_same ? 1 : 2);
    ck_assert_uint_eq(book->visitor_rules[other], row->rule);
    ck_assert_uint_eq(visitor_of(book, &row->one, &client), one);
    visitor_book_free(book);
}
END_TEST

static const struct visitor_rule *const three[] = {&uid, &user, &by_client};

/* Ids join across runs with one key, and only with it; explain finds one by its value. */
START_TEST(an_id_is_the_keyed_hash_of_the_value)
{
    static const struct who ann = {"192.0.2.1", firefox, 0, 0, "ann"},
                            bob = {"192.0.2.2", chrome, 0, "uid=ann", "bob"},
                            eve = {"192.0.2.3", chrome, 0, 0, 0};
    struct hash_key key = {5, 6}, other = {5, 7};
    struct visitor_book *book = new_book(key, 3, three), *again = new_book(key, 3, three),
                        *apart = new_book(other, 3, three);
    uint32_t client;
    const struct who *order[] = {&ann, &bob, &eve}, *back[] = {&eve, &bob, &ann};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(visitor_of(book, order[i], &client), i);
        ck_assert_uint_eq(visitor_of(again, back[i], &client), i);
        ck_assert_uint_eq(visitor_of(apart, order[i], &client), i);
    }
    const struct hash128 *ids = book->visitor_ids.list;
    for (size_t i = 0; i < 3; i++) {
        ck_assert_mem_eq(&ids[i], &again->visitor_ids.list[2 - i], sizeof ids[i]);
        ck_assert_mem_ne(&ids[i], &apart->visitor_ids.list[i], sizeof ids[i]);
    }
    struct hash128 of_ann = visitor_value_id(key, 1, SLICE_LITERAL("ann"));
    struct hash128 of_bob = visitor_value_id(key, 0, SLICE_LITERAL("ann"));
    ck_assert_mem_eq(&ids[0], &of_ann, sizeof of_ann);
    ck_assert_mem_eq(&ids[1], &of_bob, sizeof of_bob);
    ck_assert_mem_ne(&of_ann, &of_bob, sizeof of_ann);
    visitor_book_free(book);
    visitor_book_free(again);
    visitor_book_free(apart);
}
END_TEST

/* Of a parameter the decoded value: links are escaped in more than one way. */
START_TEST(a_parameter_is_known_decoded)
{
    static const struct visitor_rule customer = {KEY_QUERY, "c", "query:c", EXTRA_FIELDS};
    static const struct visitor_rule *const rules[] = {&customer, &by_client};
    static const char *const queries[] = {"c=a%40b", "c=a@b", "%63=%61%40b&c=x"};
    struct hash_key key = {5, 6};
    struct visitor_book *book = new_book(key, 2, rules);
    for (size_t i = 0; i < LENGTH(queries); i++) {
        struct hit hit = make_hit("192.0.2.1", firefox);
        hit.request.query = slice_of(queries[i]);
        ck_assert_uint_eq(visitor_book_visitor(book, &hit, visitor_book_client(book, &hit)), 0);
    }
    struct hash128 of_value = visitor_value_id(key, 0, SLICE_LITERAL("a@b"));
    ck_assert_mem_eq(&book->visitor_ids.list[0], &of_value, sizeof of_value);
    visitor_book_free(book);
}
END_TEST

/* Of each client the one id, if there is only one; hits without are nobody's. */
START_TEST(the_sole_id_of_a_client_is_noted)
{
    static const struct {
        const char *cookie, *user;
        int sole; /* the visitor, or 's'everal or 'n'one */
    } steps[] = {
        {0, 0, 'n'},       {"uid=1", 0, 1},   {0, 0, 1},       {"uid=1", "ann", 1},
        {"uid=2", 0, 's'}, {"uid=1", 0, 's'}, {0, "ann", 's'},
    };
    struct visitor_book *book = new_book((struct hash_key){1, 2}, 3, three);
    for (size_t i = 0; i < LENGTH(steps); i++) {
        struct who who = {"192.0.2.1", firefox, 0, steps[i].cookie, steps[i].user};
        uint32_t client;
        visitor_of(book, &who, &client);
        uint32_t sole = book->sole_visitors[client];
        uint32_t expected = steps[i].sole == 'n'   ? SOLE_NONE
                            : steps[i].sole == 's' ? SOLE_SEVERAL
                                                   : (uint32_t)steps[i].sole;
        ck_assert_msg(sole == expected, "step %zu: %u", i, sole);
    }
    struct who elsewhere = {"192.0.2.2", firefox, 0, "uid=2", 0};
    uint32_t client, two = visitor_of(book, &elsewhere, &client);
    ck_assert_uint_eq(book->sole_visitors[client], two);
    visitor_book_free(book);
}
END_TEST

/* ---- the order of clients ---- */

/* Lowest first. Names come without an order, and so do agents of which the same is known. */
START_TEST(the_order_hangs_on_no_key)
{
    static const char *const addresses[] = {"192.0.2.1", "192.0.2.2", "203.0.113.1", "2001:db8::"};
    struct agent_facts one = agent_facts_of(agent_rules, slice_of(firefox));
    struct agent_facts other = agent_facts_of(agent_rules, slice_of(chrome));
    int by_facts = memcmp(&one, &other, sizeof one);
    ck_assert_int_ne(by_facts, 0);
    for (size_t i = 0; i < LENGTH(addresses); i++) {
        for (size_t k = 0; k < LENGTH(addresses); k++) {
            struct address a, b;
            address_parse(slice_of(addresses[i]), &a);
            address_parse(slice_of(addresses[k]), &b);
            int order = client_compare(&a, &one, &b, &other);
            if (i != k)
                ck_assert_msg((order < 0) == (i < k) && order != 0, "%zu %zu", i, k);
            else
                ck_assert((order < 0) == (by_facts < 0) && order != 0);
            ck_assert(i != k || client_compare(&a, &one, &b, &one) == 0);
        }
    }
    for (uint64_t key = 0; key < 20; key++) {
        struct visitor_book *book = new_book((struct hash_key){key, 2}, 3, three);
        struct address a = network_of(book, "host-a.example");
        struct address b = network_of(book, "host-b.example");
        struct address c = network_of(book, "192.0.2.1");
        ck_assert_int_eq(client_compare(&a, &one, &b, &one), 0);
        ck_assert((client_compare(&a, &one, &b, &other) < 0) == (by_facts < 0));
        ck_assert_int_lt(client_compare(&a, &one, &c, &one), 0);
        ck_assert_int_gt(client_compare(&c, &one, &a, &one), 0);
        visitor_book_free(book);
    }
}
END_TEST

START_TEST(nothing_is_freed)
{
    visitor_book_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("visitor_book");
    TCase *tests = tcase_create("visitor_book");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, a_client_is_a_network_and_an_agent, 0, LENGTH(client_rows));
    tcase_add_loop_test(tests, a_client_keeps_its_network, 0, 3);
    tcase_add_loop_test(tests, facts_are_those_of_the_agent, 0, 2);
    tcase_add_test(tests, numbers_stay);
    tcase_add_loop_test(tests, who_is_inside_is_internal, 0, LENGTH(internal_rows));
    tcase_add_loop_test(tests, neighbours_of_who_is_inside_are_outside, 0, 4);
    tcase_add_loop_test(tests, the_first_rule_that_has_a_value_tells, 0, LENGTH(rule_rows));
    tcase_add_test(tests, an_id_is_the_keyed_hash_of_the_value);
    tcase_add_test(tests, a_parameter_is_known_decoded);
    tcase_add_test(tests, the_sole_id_of_a_client_is_noted);
    tcase_add_test(tests, the_order_hangs_on_no_key);
    tcase_add_test(tests, nothing_is_freed);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
