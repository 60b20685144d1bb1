/* Expected sentences: by hand from the numbers beside them. */
#include "output/wording.h"

#include <check.h>
#include <string.h>

/* Takes the text and frees it. */
static void expect(char *text, const char *expected, int row)
{
    ck_assert_msg((text == NULL) == (expected == NULL), "row %d: %s", row, text ? text : "NULL");
    if (text)
        ck_assert_msg(strcmp(text, expected) == 0, "row %d: %s", row, text);
    mem_free(text);
}

static const struct {
    struct report_totals totals;
    bool includes_bots;
    const char *text;
} whos[] = {
    {{.hits = 206860,
      .visits = 11369,
      .visitors = 7887,
      .bot_hits = 157278,
      .suspected_hits = 37278},
     false,
     "11,369 visits of 7,887 people; 157,278 of 206,860 hits were made by bots: 120,000 declared, "
     "37,278 suspected"},
    {{.hits = 3, .visits = 1, .visitors = 1, .bot_hits = 1, .suspected_hits = 1},
     false,
     "1 visit of 1 person; 1 of 3 hits was made by bots: 0 declared, 1 suspected"},
    {{.hits = 1, .visits = 1, .visitors = 1},
     false,
     "1 visit of 1 person; none of 1 hit was made by a bot, as far as is known"},
    {{.hits = 0}, false, "0 visits of 0 people; no hit was counted"},
    {{.hits = 9, .visits = 3, .visitors = 2, .bot_hits = 5, .internal_hits = 1},
     true,
     "3 visits of 2 visitors, bots among them; 5 of 9 hits were made by bots: 5 declared, "
     "0 suspected; internal: 1 hit"},
};

START_TEST(who_made_the_hits_is_said)
{
    struct report report = {.method.includes_bots = whos[_i].includes_bots,
                            .totals = whos[_i].totals};
    expect(wording_who(&report), whos[_i].text, _i);
}
END_TEST

static const struct {
    struct report_method method;
    const char *text;
} visits[] = {
    {{.visit_timeout_s = 1800}, "A visit ends after 30 min without a hit."},
    {{.visit_timeout_s = 2700, .cuts_at_midnight = true, .time_zone = "UTC"},
     "A visit ends after 45 min without a hit, or at midnight UTC."},
    {{.visit_timeout_s = 1800,
      .visit_max_length_s = 43200,
      .cuts_at_midnight = true,
      .time_zone = "Europe/Berlin",
      .cuts_on_new_source = true,
      .cuts_on_new_campaign = true,
      .splits_by_referrer = true},
     "A visit ends after 30 min without a hit, before a page view later than 12 h after its first "
     "hit, at midnight Europe/Berlin, or before a page view that comes from another source or "
     "campaign. People behind one address and agent are told apart by their referrers where these "
     "leave no doubt."},
    {{.visit_timeout_s = 1800, .cuts_on_new_source = true},
     "A visit ends after 30 min without a hit, or before a page view that comes from another "
     "source."},
    {{.visit_timeout_s = 1800, .cuts_on_new_campaign = true},
     "A visit ends after 30 min without a hit, or before a page view that comes by another "
     "campaign."},
};

START_TEST(the_end_of_a_visit_is_said)
{
    expect(wording_visit_rule(&visits[_i].method), visits[_i].text, _i);
}
END_TEST

START_TEST(what_tells_visitors_apart_is_said)
{
    static const struct report_visitor_key keys[] = {
        {"cookie:uid", 1, 0.1}, {"user", 2, 0.2}, {"address+agent+host", 7, 0.7}};
    struct report report = {
        .method = {.v4_prefix = 32, .v6_prefix = 64}, .visitor_keys = keys, .visitor_key_count = 3};
    expect(wording_visitor_rule(&report),
           "Visitors are told apart by cookie:uid, else by user, else by address+agent+host (IPv4 "
           "/32, IPv6 /64).",
           0);
    report.method.v4_prefix = 24;
    report.method.v6_prefix = 128;
    report.visitor_keys += 2;
    report.visitor_key_count = 1;
    expect(wording_visitor_rule(&report),
           "Visitors are told apart by address+agent+host (IPv4 /24, IPv6 /128).", 1);
}
END_TEST

static const struct {
    struct report_folded folded;
    const char *what; /* NULL: nothing is said */
} foldings[] = {
    {{.page_views = 0}, NULL},
    {{.page_views = 1}, "1 page view of further pages"},
    {{.origin_page_views = 3000}, "3,000 page views from further origins"},
    {{.page_views = 1, .origin_page_views = 3},
     "1 page view of further pages, 3 page views from further origins"},
};

START_TEST(what_was_folded_is_said)
{
    struct report report = {.method.max_keys = 1000000, .totals.folded = foldings[_i].folded};
    char *expected =
        foldings[_i].what
            ? mem_format("The log has more distinct texts than --max-keys tells apart (1,000,000 "
                         "of a kind): %s are shown as (other). Totals are exact.",
                         foldings[_i].what)
            : NULL;
    expect(wording_folded(&report), expected, _i);
    mem_free(expected);
}
END_TEST

static const struct {
    bool is_off, is_silent, links_tell;
    double share;
    const char *state, *text;
} assets[] = {
    {false, false, false, 0.832, "on",
     "no-assets was applied, for 83.2% of the visitors whom no other rule decided on, with two "
     "pages or more, loaded a picture, script or style here."},
    {false, false, true, 0.832, "on",
     "no-assets was applied, for 83.2% of the visitors who followed a link of the site, with two "
     "pages or more, loaded a picture, script or style here."},
    {false, true, false, 0.25, "silent",
     "no-assets is silent: only 25.0% of the visitors whom no other rule decided on, with two "
     "pages or more, loaded a picture, script or style here; another server may hold these files."},
    {false, true, false, NAN, "silent",
     "no-assets is silent: nobody whom no other rule decided on has seen two pages."},
    {true, false, false, 0.25, "off", NULL},
};

START_TEST(whether_assets_tell_is_said)
{
    struct report_behaviour rules[] = {
        {.name = "rate"},
        {.name = "no-assets", .is_off = assets[_i].is_off, .is_silent = assets[_i].is_silent}};
    struct report report = {.method.asset_share = assets[_i].share,
                            .method.links_tell = assets[_i].links_tell,
                            .behaviours = rules,
                            .behaviour_count = 2};
    ck_assert_str_eq(wording_rule_state(&rules[0]), "on");
    ck_assert_str_eq(wording_rule_state(&rules[1]), assets[_i].state);
    expect(wording_assets(&report), assets[_i].text, _i);
    report.behaviour_count = 1;
    expect(wording_assets(&report), NULL, _i);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof(table)[0])

int main(void)
{
    Suite *suite = suite_create("wording");
    TCase *tests = tcase_create("wording");
    tcase_add_loop_test(tests, who_made_the_hits_is_said, 0, ROWS(whos));
    tcase_add_loop_test(tests, the_end_of_a_visit_is_said, 0, ROWS(visits));
    tcase_add_test(tests, what_tells_visitors_apart_is_said);
    tcase_add_loop_test(tests, what_was_folded_is_said, 0, ROWS(foldings));
    tcase_add_loop_test(tests, whether_assets_tell_is_said, 0, ROWS(assets));
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
