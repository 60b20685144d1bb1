/* Expected marks are read off the journey below by hand, with the definitions of DESIGN's words. */
#include "funnel/rules.h"

#include <check.h>
#include <stdlib.h>

#define JOURNEY                                                                                    \
    "touchpoints:\n"                                                                               \
    "  product: {match: {path: /product/*}}\n"                                                     \
    "  cart: {match: [{path: /cart}, {path: /cart/add, method: POST}]}\n"                          \
    "  cancelled: {match: {path: /cancel, method: POST, status: 2xx|303}}\n"                       \
    "  gone: {match: {path: /gone, status: 404}}\n"                                                \
    "  referral: {match: {query: ref}}\n"                                                          \
    "  step-two: {match: {path: /checkout, query: {step: [\"2\", two*], lang: ~}}}\n"              \
    "  terms: {match: [{search: [terms of use, agb, refund*]}, {path: /terms, method: GET}]}\n"    \
    "  searched: {match: {path: /find, search: \"*\"}}\n"                                          \
    "  stock: {match: {path: /api/stock/*}}\n"                                                     \
    "  unsubscribe: {match: {path: /account, method: [DELETE, POST]}}\n"                           \
    "  ajax-cart: {match: {query: wc-ajax=add_to_cart}}\n"                                         \
    "  anything-posted: {match: {method: POST, path: /form/**}}\n"                                 \
    "  mixed: {match: [{path: /m*}, {path: /mix, status: 5xx}]}\n"                                 \
    "  head: {match: {path: /ping, method: HEAD}}\n"

static const struct {
    enum request_method method;
    unsigned status;
    const char *url, *reached, *failed; /* names, each with a blank behind it */
} rows[] = {
    /* without a status condition */
    {METHOD_GET, 200, "/product/shoe", "product ", ""},
    {METHOD_GET, 206, "/product/shoe", "product ", ""},
    {METHOD_GET, 304, "/product/shoe", "product ", ""},
    {METHOD_GET, 301, "/product/shoe", "", ""},
    {METHOD_GET, 302, "/product/shoe", "", ""},
    {METHOD_GET, 308, "/product/shoe", "", ""},
    {METHOD_GET, 100, "/product/shoe", "", ""},
    {METHOD_GET, 404, "/product/shoe", "", "product "},
    {METHOD_GET, 499, "/product/shoe", "", "product "},
    {METHOD_GET, 503, "/product/shoe", "", "product "},
    {METHOD_POST, 302, "/cart/add", "cart ", ""},
    {METHOD_POST, 200, "/cart/add", "cart ", ""},
    {METHOD_POST, 500, "/cart/add", "", "cart "},
    {METHOD_GET, 200, "/cart/add", "", ""},
    {METHOD_GET, 200, "/Cart/", "cart ", ""},
    {METHOD_GET, 200, "/c%61rt", "cart ", ""},
    {METHOD_GET, 200, "/cart;sid=SECRET", "cart ", ""},
    {METHOD_GET, 200, ";a=b/C%61rt;sid=1/;x=", "cart ", ""},
    {METHOD_GET, 200, "/cart;sid", "", ""},
    {METHOD_GET, 200, "/cart%3Bsid=1", "", ""},
    /* with one */
    {METHOD_POST, 200, "/cancel", "cancelled ", ""},
    {METHOD_POST, 303, "/cancel", "cancelled ", ""},
    {METHOD_POST, 302, "/cancel", "", ""},
    {METHOD_POST, 422, "/cancel", "", "cancelled "},
    {METHOD_GET, 200, "/cancel", "", ""},
    {METHOD_GET, 404, "/gone", "gone ", ""},
    {METHOD_GET, 410, "/gone", "", "gone "},
    {METHOD_GET, 200, "/gone", "", ""},
    /* query */
    {METHOD_GET, 200, "/x?ref=a", "referral ", ""},
    {METHOD_GET, 200, "/x?a=b&ref", "referral ", ""},
    {METHOD_GET, 200, "/x?r%65f=", "referral ", ""},
    {METHOD_GET, 200, "/x?REF=a", "", ""},
    {METHOD_GET, 200, "/x?href=a", "", ""},
    {METHOD_GET, 200, "/x?", "", ""},
    {METHOD_GET, 200, "/product/shoe?ref=a", "product referral ", ""},
    {METHOD_GET, 200, "/checkout?step=2&lang=de", "step-two ", ""},
    {METHOD_GET, 200, "/checkout?lang=de;step=TWO-b", "step-two ", ""},
    {METHOD_GET, 200, "/checkout?step=1&step=2&lang", "step-two ", ""},
    {METHOD_GET, 200, "/checkout?step=2", "", ""},
    {METHOD_GET, 200, "/checkout?step=22&lang=de", "", ""},
    {METHOD_GET, 200, "/checkout", "", ""},
    {METHOD_GET, 200, "/other?step=2&lang=de", "", ""},
    /* search */
    {METHOD_GET, 200, "/?s=AGB", "terms ", ""},
    {METHOD_GET, 200, "/?q=where+are+the+terms+of+use%3F", "terms ", ""},
    {METHOD_GET, 200, "/?q=terms-of-use", "terms ", ""},
    {METHOD_GET, 200, "/?q=terms+and+use", "", ""},
    {METHOD_GET, 200, "/?q=terms+of+users", "", ""},
    {METHOD_GET, 200, "/?q=refunding", "terms ", ""},
    {METHOD_GET, 200, "/?q=prefund", "", ""},
    {METHOD_GET, 200, "/?q=", "", ""},
    {METHOD_GET, 200, "/?page=agb", "", ""},
    {METHOD_GET, 404, "/?q=agb", "", "terms "},
    {METHOD_GET, 200, "/terms", "terms ", ""},
    {METHOD_GET, 200, "/find?q=shoes", "searched ", ""},
    {METHOD_GET, 200, "/find?q=agb", "terms searched ", ""},
    {METHOD_GET, 200, "/find?q=%20", "", ""},
    {METHOD_GET, 200, "/find", "", ""},
    /* kinds: assets never, calls and other methods only where named */
    {METHOD_GET, 200, "/product/shoe.css", "", ""},
    {METHOD_GET, 404, "/product/shoe.png", "", ""},
    {METHOD_GET, 200, "/api/stock/7", "stock ", ""},
    {METHOD_GET, 500, "/api/stock/7", "", "stock "},
    {METHOD_OPTIONS, 200, "/api/stock/7", "", ""},
    {METHOD_HEAD, 200, "/api/stock/7", "", ""},
    {METHOD_GET, 200, "/api/x?ref=a", "", ""},
    {METHOD_POST, 200, "/?wc-ajax=add_to_cart", "ajax-cart ", ""},
    {METHOD_POST, 200, "/form/a.json", "", ""},
    {METHOD_POST, 200, "/form/a/b", "anything-posted ", ""},
    {METHOD_HEAD, 200, "/product/shoe", "", ""},
    {METHOD_PUT, 200, "/account", "", ""},
    {METHOD_DELETE, 200, "/account", "unsubscribe ", ""},
    {METHOD_DELETE, 302, "/account", "", ""},
    {METHOD_POST, 302, "/account", "unsubscribe ", ""},
    {METHOD_HEAD, 200, "/ping", "head ", ""},
    {METHOD_GET, 200, "/ping", "", ""},
    /* one rule in vain, the other one not */
    {METHOD_GET, 500, "/mix", "mixed ", ""},
    {METHOD_GET, 404, "/mix", "", "mixed "},
    {METHOD_GET, 200, "/mix", "mixed ", ""},
    {METHOD_GET, 200, "/nothing", "", ""},
};

struct fixture {
    struct journey *journey;
    struct rules *rules;
    struct rule_matcher *matcher;
};

static struct fixture open_fixture(const char *text)
{
    struct error error = {0};
    struct fixture fixture = {.journey = journey_parse(slice_of(text), "test", &error)};
    ck_assert_msg(fixture.journey != NULL, "%zu: %s", error.line, error.sentence);
    fixture.rules = rules_new(fixture.journey);
    fixture.matcher = rule_matcher_new(fixture.rules);
    return fixture;
}

static void close_fixture(struct fixture *fixture)
{
    rule_matcher_free(fixture->matcher);
    rules_free(fixture->rules);
    journey_free(fixture->journey);
}

static const char *names_of(const struct journey *journey, const struct touch_set *set, char *text)
{
    text[0] = '\0';
    for (unsigned i = 0; i < journey->touchpoint_count; i++) {
        if (touch_set_has(set, i))
            strcat(strcat(text, journey->touchpoints[i].name), " ");
    }
    return text;
}

START_TEST(marks_hits)
{
    struct fixture fixture = open_fixture(JOURNEY);
    struct request request = request_of_url(rows[_i].method, slice_of(rows[_i].url));
    uint32_t class_number = rules_classify(fixture.matcher, request.path);
    struct touch_marks marks;
    char reached[256], failed[256];
    bool any = rules_match(fixture.matcher, class_number, &request, rows[_i].status, &marks);
    names_of(fixture.journey, &marks.reached, reached);
    names_of(fixture.journey, &marks.failed, failed);
    ck_assert_msg(strcmp(reached, rows[_i].reached) == 0 && strcmp(failed, rows[_i].failed) == 0,
                  "%s %u %s: reached %sfailed %s", request_method_name(rows[_i].method),
                  rows[_i].status, rows[_i].url, reached, failed);
    ck_assert_int_eq(any, reached[0] || failed[0]);
    if (any) /* the quick answer must never lose a hit */
        ck_assert(rules_may_match(fixture.matcher, class_number, request.query.at != NULL));
    close_fixture(&fixture);
}
END_TEST

/* What rules_explain says of every rule adds up to what rules_match marks. */
START_TEST(explains_what_it_marks)
{
    struct fixture fixture = open_fixture(JOURNEY);
    struct request request = request_of_url(rows[_i].method, slice_of(rows[_i].url));
    struct touch_marks marks, explained = {0};
    char marked_text[256], explained_text[256];
    rules_match(fixture.matcher, rules_classify(fixture.matcher, request.path), &request,
                rows[_i].status, &marks);
    for (size_t i = 0; i < fixture.journey->rule_count; i++) {
        unsigned touchpoint = fixture.journey->rules[i].touchpoint;
        enum rule_verdict verdict = rules_explain(fixture.rules, i, &request, rows[_i].status);
        if (verdict == RULE_REACHED)
            touch_set_add(&explained.reached, touchpoint);
        if (verdict == RULE_FAILED && !touch_set_has(&marks.reached, touchpoint))
            touch_set_add(&explained.failed, touchpoint);
    }
    ck_assert_str_eq(names_of(fixture.journey, &marks.reached, marked_text),
                     names_of(fixture.journey, &explained.reached, explained_text));
    ck_assert_str_eq(names_of(fixture.journey, &marks.failed, marked_text),
                     names_of(fixture.journey, &explained.failed, explained_text));
    close_fixture(&fixture);
}
END_TEST

/* One rule with every condition; each row breaks all from one on, so the first reason is told. */
static const struct {
    enum request_method method;
    unsigned status;
    const char *url;
    enum rule_verdict verdict;
} explained[] = {
    {METHOD_HEAD, 302, "/b", RULE_KIND},
    {METHOD_GET, 200, "/b.png", RULE_KIND},
    {METHOD_GET, 200, "/api/b", RULE_KIND},
    {METHOD_GET, 302, "/b", RULE_PATH},
    {METHOD_GET, 302, "/a", RULE_METHOD},
    {METHOD_POST, 302, "/a?q=x", RULE_QUERY},
    {METHOD_POST, 302, "/a?go=1&q=x", RULE_SEARCH},
    {METHOD_POST, 302, "/a?go=1&q=terms", RULE_STATUS},
    {METHOD_POST, 404, "/a?go=1&q=terms", RULE_FAILED},
    {METHOD_POST, 200, "/a?go=1&q=terms", RULE_REACHED},
};

START_TEST(explains_with_the_first_reason)
{
    struct fixture fixture = open_fixture(
        "touchpoints: {a: {match: {path: /a, method: POST, query: go=1, search: terms, "
        "status: 2xx}}}\n");
    struct request request = request_of_url(explained[_i].method, slice_of(explained[_i].url));
    ck_assert_int_eq(rules_explain(fixture.rules, 0, &request, explained[_i].status),
                     explained[_i].verdict);
    close_fixture(&fixture);
}
END_TEST

START_TEST(explains_redirects)
{
    struct fixture fixture = open_fixture("touchpoints: {a: {match: {path: /a}}}\n");
    struct request request = request_of_url(METHOD_GET, SLICE_LITERAL("/a"));
    ck_assert_int_eq(rules_explain(fixture.rules, 0, &request, 302), RULE_NEITHER);
    close_fixture(&fixture);
}
END_TEST

static const struct {
    const char *one, *other;
    bool is_same;
} pages[] = {
    {"/contact/", "/Contact", true},
    {"//c%6Fntact;s=1", "/contact", true},
    {"/", "", false},
    {"/contact", "/contact2", false},
    {"/%C3%84", "/\xc3\x84", true},
    {"/%C3%84", "/%c3%a4", false}, /* ASCII only, as in globs */
    {"/a%2Fb", "/a/b", true},
};

START_TEST(knows_one_page_by_its_paths)
{
    char one[RULES_PATH_MAX + 1], other[RULES_PATH_MAX + 1];
    ck_assert_msg(slice_equal(rules_page(slice_of(pages[_i].one), one),
                              rules_page(slice_of(pages[_i].other), other)) == pages[_i].is_same,
                  "%s %s", pages[_i].one, pages[_i].other);
}
END_TEST

/* Parameters do not count for the limit, and the room is enough. */
START_TEST(of_a_long_path_the_first_bytes_count)
{
    enum { SIZE = RULES_PATH_MAX + 100 };
    static const char parameter[] = "/x;y=1";
    char path[SIZE], out[RULES_PATH_MAX + 1];
    memset(path, 'a', sizeof path);
    ck_assert_uint_eq(rules_path((struct slice){path, SIZE}, out).size, RULES_PATH_MAX);
    memcpy(path, parameter, strlen(parameter));
    path[6] = '/';
    struct slice seen = rules_path((struct slice){path, SIZE}, out);
    ck_assert_uint_eq(seen.size, RULES_PATH_MAX);
    ck_assert(slice_starts_with(seen, SLICE_LITERAL("/x/aa")));
}
END_TEST

START_TEST(classes_are_those_of_rule_sets)
{
    struct fixture fixture = open_fixture(JOURNEY);
    struct rule_matcher *matcher = fixture.matcher;
    uint32_t product = rules_classify(matcher, SLICE_LITERAL("/product/a"));
    uint32_t cart = rules_classify(matcher, SLICE_LITERAL("/cart"));
    ck_assert_uint_eq(rules_classify(matcher, SLICE_LITERAL("/nothing")), 0);
    ck_assert_uint_eq(rules_classify(matcher, SLICE_LITERAL("")), 0);
    ck_assert_uint_ne(product, 0);
    ck_assert_uint_eq(rules_classify(matcher, SLICE_LITERAL("/product/b/")), product);
    ck_assert_uint_ne(cart, product);
    ck_assert(rules_may_match(matcher, product, false));
    ck_assert(!rules_may_match(matcher, 0, false)); /* every rule without a path needs a query */
    ck_assert(rules_may_match(matcher, 0, true));
    close_fixture(&fixture);
}
END_TEST

/* Without rules that look at queries a query changes nothing. */
START_TEST(quick_answer_knows_queries)
{
    struct fixture fixture = open_fixture("touchpoints: {a: {match: {path: /a}}}\n");
    struct request request = request_of_url(METHOD_GET, SLICE_LITERAL("/b?a=b"));
    struct touch_marks marks;
    ck_assert(!rules_may_match(fixture.matcher, 0, true));
    ck_assert(!rules_match(fixture.matcher, 0, &request, 200, &marks));
    close_fixture(&fixture);
}
END_TEST

static const struct {
    const char *query, *words;
} searches[] = {
    {"q=terms", "terms"},
    {"q=Terms+of%20USE", "terms of use"},
    {"q=++a,%2Cb..c++", "a b c"},
    {"page=2&s=shoe", "shoe"},
    {"q=&s=shoe", "shoe"}, /* the first one with words */
    {"q=%21&s=shoe", "shoe"},
    {"s=one&q=two", "one"},
    {"search_query=x", "x"},
    {"suche=x", "x"},
    {"%71=x", "x"},
    {"Q=x", ""}, /* names are exact */
    {"qq=x", ""},
    {"x=1", ""},
    {"", ""},
    {"q", ""},
    {"q=K%C3%BCndigung", "kundigung"},
    {"q=k%C3%9Cndigung", "kundigung"},
    {"q=Stra%C3%9Fe", "strasse"},
    {"q=r%C3%A9siliation", "resiliation"},
    {"q=rezygnacj%C4%99+%C5%82%C3%B3d%C5%BA", "rezygnacje lodz"},
    {"q=sm%C3%B8rrebr%C3%B8d+%C3%A6ble", "smorrebrod aeble"},
    {"q=%C5%93uvre+%C4%B3s", "oeuvre ijs"},
    {"q=e%CC%81t%CC%81e", "ete"}, /* combining accents */
    {"q=%C2%BFc%C3%B3mo%3F", "como"},
    {"q=%E2%80%9Ea%E2%80%9C%E2%80%A6b", "a b"}, /* typographic quotes, dots */
    {"q=3%C3%974", "3 4"},
    {"q=%D0%BE%D1%82%D0%BC%D0%B5%D0%BD%D0%B0", "\xd0\xbe\xd1\x82\xd0\xbc\xd0\xb5\xd0\xbd\xd0\xb0"},
    {"q=%FCber", "\xfc"
                 "ber"}, /* not UTF-8: stays */
    {"q=l%27abonnement", "l abonnement"},
    {"q=a*b", "a b"},
    {"q=a%00b", "a b"},
};

START_TEST(finds_search_words)
{
    char out[64];
    struct slice words = rules_search_words(slice_of(searches[_i].query), out, sizeof out);
    ck_assert_msg(slice_is(words, searches[_i].words), "%s: \"%.*s\"", searches[_i].query,
                  SLICE_ARG(words));
}
END_TEST

START_TEST(cuts_search_words)
{
    char out[9] = "........";
    struct slice words = rules_search_words(SLICE_LITERAL("q=abc+def+ghi"), out, 8);
    ck_assert(slice_is(words, "abc def"));
    ck_assert_int_eq(out[8], '\0');
}
END_TEST

/* Rules fold accents like searches do, whichever side has them. */
START_TEST(accents_do_not_matter)
{
    struct fixture fixture =
        open_fixture("touchpoints: {a: {match: {search: [K\xc3\xbcndigung, resil* abo]}}}\n");
    static const char *const urls[] = {"/?q=kundigung", "/?q=K%C3%9CNDIGUNG", "/?q=K%C3%BCndigung",
                                       "/?q=r%C3%A9silier+abo"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct request request = request_of_url(METHOD_GET, slice_of(urls[i]));
        struct touch_marks marks;
        ck_assert_msg(rules_match(fixture.matcher, 0, &request, 200, &marks), "%s", urls[i]);
    }
    close_fixture(&fixture);
}
END_TEST

/* Only the first 8 KiB of a path and of a query are looked at; nothing breaks beyond. */
START_TEST(bounds_long_requests)
{
    enum { SIZE = 60000 };
    static char url[SIZE];
    struct fixture fixture = open_fixture(JOURNEY);
    struct touch_marks marks;
    memset(url, 'x', SIZE);
    memcpy(url, "/product/", 9);
    ck_assert_uint_eq(rules_classify(fixture.matcher, (struct slice){url, SIZE}),
                      rules_classify(fixture.matcher, SLICE_LITERAL("/product/x")));
    for (size_t i = 0; i + 2 <= SIZE; i += 2)
        memcpy(url + i, "q&", 2);
    memcpy(url, "/?", 2);
    memcpy(url + SIZE - 6, "&ref=1", 6);
    struct request request = request_of_url(METHOD_GET, (struct slice){url, SIZE});
    ck_assert(!rules_match(fixture.matcher, 0, &request, 200, &marks));
    memcpy(url + 2, "ref=1&", 6);
    ck_assert(rules_match(fixture.matcher, 0, &request, 200, &marks));
    close_fixture(&fixture);
}
END_TEST

/* ---- outcomes ---- */

#define FORMS                                                                                      \
    "touchpoints:\n"                                                                               \
    "  sent: {match: {path: /contact, outcome: submitted}}\n"                                      \
    "  not-sent: {match: {path: /contact, outcome: [refused, failed]}}\n"                          \
    "  lost: {match: {path: /**, outcome: failed}}\n"                                              \
    "  exact: {match: {path: /exact, outcome: submitted, status: 303|422}}\n"                      \
    "  either: {match: [{path: /either, outcome: submitted}, {path: /either, method: GET}]}\n"     \
    "  once: {match: [{path: /once, outcome: refused}, {path: /once}]}\n"                          \
    "  both: {match: [{path: /both, outcome: submitted}, {path: /both, outcome: refused}]}\n"      \
    "  asked: {match: {path: /ask, query: q=1, outcome: submitted}}\n"                             \
    "  api: {match: {path: /api/form, outcome: submitted}}\n"                                      \
    "  vain: {match: [{path: /vain, method: POST}, {path: /vain, outcome: failed}]}\n"

static const struct {
    enum request_method method;
    unsigned status;
    const char *url, *reached, *failed;                /* at once */
    const char *if_submitted, *if_refused, *if_failed; /* left open */
} open_rows[] = {
    {METHOD_POST, 200, "/contact", "", "", "sent ", "not-sent ", "not-sent lost "},
    {METHOD_POST, 303, "/contact", "", "", "sent ", "not-sent ", "not-sent lost "},
    {METHOD_POST, 500, "/contact", "", "", "sent ", "not-sent ", "not-sent lost "},
    {METHOD_GET, 200, "/contact", "", "", "", "", ""},
    {METHOD_GET, 500, "/contact", "", "", "", "", ""},
    {METHOD_PUT, 200, "/contact", "", "", "", "", ""},
    {METHOD_HEAD, 200, "/contact", "", "", "", "", ""},
    {METHOD_POST, 200, "/contact.png", "", "", "", "", ""},
    {METHOD_POST, 200, "/else", "", "", "", "", "lost "},
    /* its status condition must hold as well */
    {METHOD_POST, 303, "/exact", "", "", "exact ", "", "lost "},
    {METHOD_POST, 422, "/exact", "", "", "exact ", "", "lost "},
    {METHOD_POST, 302, "/exact", "", "", "", "", "lost "},
    {METHOD_POST, 500, "/exact", "", "", "", "", "lost "},
    /* beside a rule without an outcome */
    {METHOD_GET, 200, "/either", "either ", "", "", "", ""},
    {METHOD_POST, 200, "/either", "", "", "either ", "", "lost "},
    {METHOD_POST, 200, "/once", "once ", "", "", "", "lost "},
    {METHOD_POST, 307, "/once", "once ", "", "", "", "lost "},
    {METHOD_POST, 422, "/once", "", "once ", "", "once ", "lost "},
    {METHOD_POST, 500, "/vain", "", "vain ", "", "", "lost vain "},
    {METHOD_POST, 200, "/both", "", "", "both ", "both ", "lost "},
    /* with a query; a call */
    {METHOD_POST, 200, "/ask?q=1", "", "", "asked ", "", "lost "},
    {METHOD_POST, 200, "/ask?q=2", "", "", "", "", "lost "},
    {METHOD_POST, 200, "/ask", "", "", "", "", "lost "},
    {METHOD_POST, 200, "/api/form", "", "", "api ", "", ""},
    {METHOD_POST, 200, "/api/other", "", "", "", "", ""},
};

START_TEST(leaves_outcomes_open)
{
    struct fixture fixture = open_fixture(FORMS);
    struct request request = request_of_url(open_rows[_i].method, slice_of(open_rows[_i].url));
    uint32_t class_number = rules_classify(fixture.matcher, request.path);
    struct touch_marks marks;
    char text[256];
    bool any = rules_match(fixture.matcher, class_number, &request, open_rows[_i].status, &marks);
    const struct journey *journey = fixture.journey;
    ck_assert_str_eq(names_of(journey, &marks.reached, text), open_rows[_i].reached);
    ck_assert_str_eq(names_of(journey, &marks.failed, text), open_rows[_i].failed);
    ck_assert_str_eq(names_of(journey, &marks.open[OUTCOME_SUBMITTED], text),
                     open_rows[_i].if_submitted);
    ck_assert_str_eq(names_of(journey, &marks.open[OUTCOME_REFUSED], text),
                     open_rows[_i].if_refused);
    ck_assert_str_eq(names_of(journey, &marks.open[OUTCOME_FAILED], text), open_rows[_i].if_failed);
    ck_assert_int_eq(any, open_rows[_i].reached[0] || open_rows[_i].failed[0] ||
                              open_rows[_i].if_submitted[0] || open_rows[_i].if_refused[0] ||
                              open_rows[_i].if_failed[0]);
    if (any)
        ck_assert(rules_may_match(fixture.matcher, class_number, request.query.at != NULL));
    close_fixture(&fixture);
}
END_TEST

/* Of the touchpoint's first rule; read off the table in form_outcome.h. */
static const struct {
    const char *touchpoint;
    unsigned status;
    const char *url;
    enum rule_verdict verdict;
} outcome_verdicts[] = {
    {"sent", 200, "/contact", RULE_OPEN},        {"sent", 303, "/contact", RULE_REACHED},
    {"sent", 204, "/contact", RULE_REACHED},     {"sent", 422, "/contact", RULE_FAILED},
    {"sent", 499, "/contact", RULE_FAILED},      {"sent", 503, "/contact", RULE_FAILED},
    {"sent", 307, "/contact", RULE_OUTCOME},     {"not-sent", 200, "/contact", RULE_OPEN},
    {"not-sent", 303, "/contact", RULE_OUTCOME}, {"not-sent", 422, "/contact", RULE_REACHED},
    {"not-sent", 500, "/contact", RULE_REACHED}, {"lost", 200, "/contact", RULE_OUTCOME},
    {"lost", 500, "/contact", RULE_REACHED},     {"exact", 303, "/exact", RULE_REACHED},
    {"exact", 422, "/exact", RULE_FAILED},       {"exact", 302, "/exact", RULE_STATUS},
    {"asked", 200, "/ask?q=1", RULE_OPEN},       {"asked", 200, "/ask", RULE_QUERY},
    {"api", 200, "/api/form", RULE_REACHED}, /* a call shows no form */
    {"api", 400, "/api/form", RULE_FAILED},
};

START_TEST(explains_outcomes)
{
    struct fixture fixture = open_fixture(FORMS);
    struct request request = request_of_url(METHOD_POST, slice_of(outcome_verdicts[_i].url));
    int number =
        journey_find_touchpoint(fixture.journey, slice_of(outcome_verdicts[_i].touchpoint));
    size_t rule = fixture.journey->touchpoints[number].first_rule;
    ck_assert_int_eq(rules_explain(fixture.rules, rule, &request, outcome_verdicts[_i].status),
                     outcome_verdicts[_i].verdict);
    close_fixture(&fixture);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof(table)[0])

int main(void)
{
    Suite *suite = suite_create("rules");
    TCase *table = tcase_create("table");
    tcase_add_loop_test(table, marks_hits, 0, COUNT(rows));
    tcase_add_loop_test(table, explains_what_it_marks, 0, COUNT(rows));
    tcase_add_loop_test(table, explains_with_the_first_reason, 0, COUNT(explained));
    tcase_add_test(table, explains_redirects);
    tcase_add_loop_test(table, knows_one_page_by_its_paths, 0, sizeof pages / sizeof pages[0]);
    tcase_add_test(table, of_a_long_path_the_first_bytes_count);
    tcase_add_test(table, classes_are_those_of_rule_sets);
    tcase_add_test(table, quick_answer_knows_queries);
    tcase_add_loop_test(table, finds_search_words, 0, COUNT(searches));
    tcase_add_test(table, cuts_search_words);
    tcase_add_test(table, accents_do_not_matter);
    tcase_add_test(table, bounds_long_requests);
    tcase_add_loop_test(table, leaves_outcomes_open, 0, COUNT(open_rows));
    tcase_add_loop_test(table, explains_outcomes, 0, COUNT(outcome_verdicts));
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
