#include "output/html.h"

#include <check.h>
#include <string.h>

#include "tests/unit/report_fixture.h"

static char *page_of(const struct report *report)
{
    struct sink *sink = sink_open_memory();
    html_write(report, sink);
    char *text = mem_text(sink_contents(sink));
    sink_abandon(sink);
    return text;
}

static char *written(const struct fixture_texts *texts)
{
    struct report *report = fixture_new(texts);
    char *text = page_of(report);
    fixture_free(report);
    return text;
}

/* After the style sheet, which is no markup. */
static const char *after_style(const char *page)
{
    const char *end = strstr(page, "</style>");
    ck_assert_ptr_nonnull(end);
    return end;
}

/*
 * The tags of a page with the names of their attributes, values dropped: "<a href>". Reads as a
 * browser does: a tag ends at the first '>' outside quotes.
 */
static char *tags_of(const char *page)
{
    struct sink *tags = sink_open_memory();
    for (const char *at = strchr(after_style(page), '<'); at; at = strchr(at, '<')) {
        char quote = '\0';
        bool is_value = false;
        for (; *at && (quote || *at != '>'); at++) {
            if (quote) {
                quote = *at == quote ? '\0' : quote;
            } else if (*at == '"' || *at == '\'') {
                quote = *at;
            } else if (*at == '=') {
                is_value = true;
            } else {
                is_value = is_value && *at != ' ';
                if (!is_value)
                    sink_byte(tags, *at);
            }
        }
        sink_text(tags, ">\n");
    }
    char *text = mem_text(sink_contents(tags));
    sink_abandon(tags);
    return text;
}

/* Says where two long texts part, which are too long for a message. */
static void expect_equal(const char *a, const char *b)
{
    size_t same = 0;
    while (a[same] && a[same] == b[same])
        same++;
    size_t from = same < 40 ? 0 : same - 40;
    ck_assert_msg(a[same] == b[same], "%.80s\n--- but\n%.80s", a + from, b + from);
}

START_TEST(tags_do_not_depend_on_texts)
{
    char *benign = written(&fixture_benign), *hostile = written(&fixture_hostile);
    char *a = tags_of(benign), *b = tags_of(hostile);
    ck_assert_uint_gt(strlen(a), 5000);
    expect_equal(a, b);
    ck_assert_ptr_null(strstr(hostile, "<script"));
    ck_assert_ptr_nonnull(strstr(hostile, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    ck_assert_ptr_nonnull(strstr(hostile, "&lt;img src=x onerror=alert(1)&gt;\\x1B[2J\\xFF"));
    ck_assert_ptr_nonnull(strstr(hostile,
                                 "<code>+1,&quot;&lt;/code&gt;&lt;/td&gt;&lt;script&gt;alert("
                                 "3)&lt;/script&gt;\\x1B]0;x\\x07\\xFF\\xED\\xA0\\x80"
                                 "\\xE2\\x80\\xAE\\x0D\\x0A</code>"));
    mem_free(benign);
    mem_free(hostile);
    mem_free(a);
    mem_free(b);
}
END_TEST

static bool is_void(const char *name)
{
    static const char *const voids[] = {"meta", "!DOCTYPE"};
    for (size_t i = 0; i < sizeof voids / sizeof voids[0]; i++) {
        if (strcmp(name, voids[i]) == 0)
            return true;
    }
    return false;
}

/* Every element that opens is closed in its turn. */
START_TEST(elements_nest)
{
    char *page = written(_i ? &fixture_hostile : &fixture_benign);
    char open[64][16];
    size_t depth = 0;
    for (const char *at = strchr(page, '<'); at; at = strchr(at, '<')) {
        bool is_end = at[1] == '/';
        char name[16] = "";
        at += 1 + is_end;
        size_t size = strcspn(at, " >/");
        ck_assert_uint_lt(size, sizeof name);
        memcpy(name, at, size);
        const char *end = strchr(at, '>');
        ck_assert_ptr_nonnull(end);
        if (is_end) {
            ck_assert_uint_gt(depth, 0);
            ck_assert_str_eq(open[--depth], name);
        } else if (!is_void(name) && end[-1] != '/') {
            ck_assert_uint_lt(depth, 64);
            memcpy(open[depth++], name, sizeof name);
        }
        at = end;
    }
    ck_assert_uint_eq(depth, 0);
    mem_free(page);
}
END_TEST

/* Nothing is fetched and nothing leads out of the page. */
START_TEST(the_page_stands_alone)
{
    char *page = written(&fixture_benign);
    static const char *const forbidden[] = {"<script",  "<link",   "<img",       "<iframe",
                                            " src=",    "url(",    "@import",    "http://",
                                            "https://", " style=", "javascript:"};
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
        ck_assert_msg(strstr(page, forbidden[i]) == NULL, "%s", forbidden[i]);
    for (const char *at = strstr(page, "href="); at; at = strstr(at + 1, "href="))
        ck_assert_msg(strncmp(at, "href=\"#", 7) == 0, "%.40s", at);
    ck_assert_ptr_nonnull(strstr(page, "Content-Security-Policy\" content=\"default-src 'none'; "
                                       "style-src 'unsafe-inline'; base-uri 'none'; "
                                       "form-action 'none'\""));
    ck_assert_ptr_nonnull(strstr(page, "<html lang=\"en\">"));
    ck_assert_ptr_nonnull(strstr(page, "<meta charset=\"utf-8\">"));
    ck_assert_ptr_nonnull(strstr(page, "name=\"viewport\""));
    ck_assert_ptr_nonnull(strstr(page, "<title>Where journeys end: shop</title>"));
    mem_free(page);
}
END_TEST

/* Links within the page lead somewhere. */
START_TEST(links_have_targets)
{
    char *page = written(&fixture_benign);
    size_t links = 0;
    for (const char *at = strstr(page, "href=\"#"); at; at = strstr(at + 1, "href=\"#")) {
        const char *name = at + strlen("href=\"#");
        char *target = mem_format("id=\"%.*s\"", (int)strcspn(name, "\""), name);
        ck_assert_msg(strstr(page, target) != NULL, "%s", target);
        mem_free(target);
        links++;
    }
    ck_assert_uint_ge(links, 5);
    mem_free(page);
}
END_TEST

/* By hand from the fixture's counts. */
static const char *const expected[] = {
    "<h1>Of 8,412 visits that reached product, 893 (10.6%) reached confirmation. Most were lost "
    "after product: 5,175 of the 8,372 whose time is over (61.8%) went no further.</h1>",
    "<dt>Visits of people</dt><dd>12,450<small>41,005 page views</small></dd>",
    "<dt>Declared bots</dt><dd>19,001<small>of 123,356 hits, set apart</small></dd>",
    "<dt>Suspected bots</dt><dd>3,000<small>of 123,356 hits, set apart</small></dd>",
    "<p class=\"note\">The log has more distinct texts than --max-keys tells apart (1,000 of a "
    "kind): 77 page views of further pages, 1 page view from further origins are shown as "
    "(other). Totals are exact.</p><",
    "<h2>Who made the hits</h2>\n<p class=\"note\">12,450 visits of 9,859 people; 22,001 of "
    "123,356 "
    "hits were made by bots: 19,001 declared, 3,000 suspected; internal: 1,355 hits.</p>",
    "<rect class=\"on\" x=\"0\" width=\"811\" height=\"10\"/>"        /* 100000 / 123356 */
    "<rect class=\"waiting\" x=\"811\" width=\"165\" height=\"10\"/>" /* 120356: 0.9757 */
    "<rect class=\"gone\" x=\"976\" width=\"24\" height=\"10\"/>",
    /* People first, then by hits; feed readers were not seen. */
    "<tbody>\n<tr><th scope=\"row\">Person</th><td class=\"status\">counted</td>",
    "<span>2.4%</span></div></td><td class=\"n\">3,000</td><td class=\"n\">2,800</td>"
    "<td class=\"n\">250</td><td class=\"n\">100</td></tr>\n"
    "<tr><th scope=\"row\">AI assistant</th>",
    "<p class=\"note\">Not seen, and left out: 1 of 8.</p>",
    "<th scope=\"row\">attack<span class=\"remark\">Asked for a way to break in.</span></th>"
    "<td>on</td><td class=\"n\">1,700</td>",
    "<span class=\"remark\">Read /robots.txt.</span></th><td>off</td>",
    "<span class=\"remark\">Loaded no picture.</span></th><td>silent</td>",
    "<p class=\"note\">no-assets is silent: only 12.5% of the visitors whom no other rule decided "
    "on, with two pages or more, loaded a picture, script or style here; another server may hold "
    "these files.</p>",
    "<span>8.7%</span></div></td><td class=\"n\">859</td>",
    "<caption>Visits by source</caption>",
    "<span class=\"clip\">Campaign</span></th>",
    "<span>67.9%</span></div></td><td class=\"n\">8,450</td><td class=\"n\">5,859</td>"
    "<td class=\"n\">21,005</td>",
    "<span class=\"clip\">/page/14</span>",
    "<p class=\"note\">and 2 more</p>",
    "<dd>A visit ends after 30 min without a hit. Its region is that of its first address.</dd>",
    "<dd>Visitors are told apart by cookie:uid, else by address+agent (IPv4 /32, IPv6 /64).</dd>",
    "<dd>10.0.0.0/8: of a hit through them the address is the last one",
    "<dd>shop.example, and what lies below them: found by the referrers in the log.",
    "<dd>Bots are set apart, declared and suspected ones, and so are internal hits.",
    "<dd>Addresses lost 1 byte before their region was looked up. No address is in this report",
    "<h2>1 of 3 files is damaged: this report is not complete</h2>",
    "<li>Germany: 69.0% of visits are lost after product (purchase), of the rest 56.4%: 449 more "
    "than expected (q &lt;0.001)</li>",
    "<b>5,175 dropped (61.8%)</b>, 3,197 went on, 40 still open; 1 min 4 s to the next step",
    "<rect class=\"on\" x=\"0\" width=\"380\" height=\"10\"/>"      /* 3197 / 8412 */
    "<rect class=\"waiting\" x=\"380\" width=\"5\" height=\"10\"/>" /* 3237 / 8412 = 0.385 */
    "<rect class=\"gone\" x=\"385\" width=\"615\" height=\"10\"/>",
    "<p class=\"note\">Nobody entered: complaint.</p>",
    "<th scope=\"row\"><span class=\"clip\">Germany</span></th><td class=\"n\">3,600</td>"
    "<td class=\"n\">2,470</td>"
    "<td class=\"n\">69.0%</td>",
    "<td class=\"flag high\">more</td>",
    "<td class=\"flag small\">too few</td>",
    "<caption>Visits by region</caption>",
    "<time datetime=\"2026-01-01T00:00:00Z\">2026-01-01 00:00</time>",
    "<td class=\"status bad\">truncated</td>",
    "<dd>Times in UTC. 23,456 of 123,356 stamps name no zone and are taken as +01:00.</dd>",
    "<dt>Median answer</dt><dd>40.0% of the hits tell how long they took. ",
    "<th scope=\"row\">logs/error.log<span class=\"remark\">its name says that it is an error log"
    "</span></th><td class=\"status\">skipped</td>",
    "<td>combined behind syslog</td>",
    "<caption>What became of the lines</caption>",
    "<tr><th scope=\"row\">counted</th><td><span>ordinary lines</span></td><td>ordinary</td>"
    "<td class=\"n\">122,456</td><td class=\"n\">99.2%</td></tr>", /* of 123,456 */
    "<th scope=\"row\">filtered</th><td><span>headers and comments of the format</span></td>"
    "<td>directive</td><td class=\"n\">10</td>",
    "<td><span>without the fields of the format</span>"
    "<code>[address] - - [21/Nov/2026] no request, &quot;and more</code><code>rubbish</code>"
    "<code>more rubbish</code></td><td>format</td><td class=\"n\">30</td>",
};

START_TEST(the_page_holds_the_report)
{
    char *page = written(&fixture_benign);
    ck_assert_msg(strstr(page, expected[_i]) != NULL, "missing: %s", expected[_i]);
    mem_free(page);
}
END_TEST

START_TEST(the_same_report_is_the_same_page)
{
    char *a = written(&fixture_hostile), *b = written(&fixture_hostile);
    expect_equal(a, b);
    mem_free(a);
    mem_free(b);
}
END_TEST

/* Nothing at all was read: every section still stands. */
START_TEST(an_empty_report_is_a_page)
{
    struct report empty = {.method = {.version = "0.1.0", .journey = "j", .journey_source = "s"},
                           .totals = {.first_ms = CIVIL_NO_TIME, .last_ms = CIVIL_NO_TIME}};
    char *page = page_of(&empty);
    ck_assert_ptr_nonnull(strstr(page, "<h1>No line of the log was counted"));
    ck_assert_ptr_nonnull(strstr(page, "</html>"));
    mem_free(page);
}
END_TEST

static size_t count_of(const char *page, const char *words)
{
    size_t count = 0;
    for (const char *at = strstr(page, words); at; at = strstr(at + 1, words))
        count++;
    return count;
}

START_TEST(skipped_files_have_an_end)
{
    static const struct {
        size_t skipped, rows;
        const char *rest; /* NULL: all are shown */
    } cases[] = {
        {0, 0, NULL},
        {50, 50, NULL},
        {51, 50, "50 of 51 skipped files are shown, and 1 more is in inputs.csv."},
        {1234, 50, "50 of 1,234 skipped files are shown, and 1,184 more are in inputs.csv."},
    };
    struct report *report = fixture_new(&fixture_benign);
    struct report_input *inputs = mem_zeroed(1300, sizeof *inputs);
    for (size_t i = 0; i < 1300; i++)
        inputs[i] = report->inputs[i ? 3 : 0];
    report->inputs = inputs;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        report->input_count = 1 + cases[i].skipped;
        report->skipped_count = cases[i].skipped;
        char *page = page_of(report);
        ck_assert_uint_eq(count_of(page, ">skipped</td>"), cases[i].rows);
        ck_assert_msg(cases[i].rest ? strstr(page, cases[i].rest) != NULL
                                    : strstr(page, "skipped files are shown") == NULL,
                      "%zu skipped", cases[i].skipped);
        mem_free(page);
    }
    mem_free(inputs);
    fixture_free(report);
}
END_TEST

START_TEST(many_rejected_lines_are_told)
{
    struct report *report = fixture_new(&fixture_benign);
    struct report_input input = report->inputs[0];
    input.has_many_rejected = true;
    report->inputs = &input;
    report->input_count = 1;
    report->skipped_count = 0;
    char *page = page_of(report);
    ck_assert_ptr_nonnull(strstr(
        page, "<span class=\"problem\">40 of its 100,000 lines are rejected (0.0%): 30 format, "
              "10 time. &quot;sojourn detect&quot; tells how they are read.</span>"));
    mem_free(page);
    fixture_free(report);
}
END_TEST

/* Every way that lines can go has words of its own. */
START_TEST(every_fate_is_told)
{
    struct report *report = fixture_new(&fixture_benign);
    struct report_fates *fates = &report->totals.fates;
    for (size_t i = 0; i < ODD_COUNT; i++)
        fates->counted_by[i] = 1;
    for (size_t i = 0; i < FILTER_COUNT; i++)
        fates->filtered_by[i] = 1;
    for (size_t i = 0; i < REJECT_COUNT; i++)
        fates->rejected_by[i] = 1;
    char *page = page_of(report);
    const char *table = strstr(page, "<caption>What became of the lines");
    ck_assert_ptr_nonnull(table);
    ck_assert_uint_eq(count_of(table, "<th scope=\"row\">counted</th><td><span>"), ODD_COUNT);
    ck_assert_uint_eq(count_of(table, "<th scope=\"row\">filtered</th><td><span>"), FILTER_COUNT);
    ck_assert_uint_eq(count_of(table, "<th scope=\"row\">rejected</th><td><span>"), REJECT_COUNT);
    ck_assert_uint_eq(count_of(table, "<span></span>"), 0);
    mem_free(page);
    fixture_free(report);
}
END_TEST

/* Of each property of visits 15 values are shown. */
START_TEST(values_have_an_end)
{
    char *page = written(&fixture_benign);
    ck_assert_ptr_nonnull(strstr(page, ">/page/14</span>"));
    ck_assert_ptr_null(strstr(page, ">/page/15</span>"));
    mem_free(page);
}
END_TEST

START_TEST(funnels_by_agent_are_of_everybody)
{
    struct report *report = fixture_new(&fixture_benign);
    struct report_dimension agent = report->dimensions[0];
    agent.name = "agent";
    char *before = page_of(report);
    report->dimensions = &agent;
    char *page = page_of(report);
    ck_assert_ptr_null(strstr(before, "Machines stand beside people here"));
    ck_assert_ptr_nonnull(strstr(page, "Machines stand beside people here"));
    mem_free(before);
    mem_free(page);
    fixture_free(report);
}
END_TEST

START_TEST(bots_can_be_included)
{
    struct report *report = fixture_new(&fixture_benign);
    report->method.includes_bots = true;
    char *page = page_of(report);
    ck_assert_ptr_nonnull(strstr(page, "<dt>Visits, bots among them</dt><dd>12,450"));
    ck_assert_ptr_nonnull(
        strstr(page, "<dt>Suspected bots</dt><dd>3,000<small>of 123,356 hits</small>"));
    ck_assert_ptr_nonnull(strstr(page, "<dd>Bots are included, declared and suspected ones; "));
    mem_free(page);
    fixture_free(report);
}
END_TEST

/* What was not given and did not happen is said in so many words. */
START_TEST(the_plain_method_is_said)
{
    static const char *const words[] = {
        "<dt>Trusted proxies</dt><dd>None: a client&#39;s address is the one that the server saw",
        "<dt>Own hosts</dt><dd>None was given, and the log shows none",
        "<dd>Whole addresses were looked up for their region. No address is in this report",
        "<dd>All pages, user agents and origins were told apart; up to 1,000 of each would be",
    };
    struct report *report = fixture_new(&fixture_benign);
    report->method.trusted_proxy_count = report->method.own_host_count = 0;
    report->method.anonymized_bytes = 0;
    report->totals.folded = (struct report_folded){0};
    char *page = page_of(report);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        ck_assert_msg(strstr(page, words[i]) != NULL, "missing: %s", words[i]);
    ck_assert_ptr_null(strstr(page, "more distinct texts"));
    mem_free(page);
    fixture_free(report);
}
END_TEST

START_TEST(lists_of_hosts_have_an_end)
{
    struct report *report = fixture_new(&fixture_benign);
    const char *hosts[14];
    for (size_t i = 0; i < 14; i++)
        hosts[i] = i < 11 ? "a.example" : i == 11 ? "last.example" : "hidden.example";
    report->method.own_hosts = hosts;
    report->method.own_host_count = 14;
    report->method.own_hosts_given = true;
    char *page = page_of(report);
    ck_assert_ptr_nonnull(
        strstr(page, "a.example, last.example and 2 more, and what lies below them: given."));
    ck_assert_ptr_null(strstr(page, "hidden.example"));
    mem_free(page);
    fixture_free(report);
}
END_TEST

/* Own hosts of few visitors are there, but not named. */
START_TEST(own_hosts_without_a_name)
{
    static const char *const words[] = {
        "a.example, and what lies below them: found by the referrers in the log (not named: 2 with "
        "fewer than 5 visitors each). Links from there are no source.",
        "<dd>All found by the referrers in the log (not named: 3 with fewer than 5 visitors "
        "each)."};
    const char *hosts[] = {"a.example"};
    for (size_t i = 0; i < 2; i++) {
        struct report *report = fixture_new(&fixture_benign);
        report->method.min_cell = 5;
        report->method.own_hosts = hosts;
        report->method.own_host_count = 1 - i;
        report->method.unnamed_own_hosts = 2 + i;
        report->method.own_hosts_given = false;
        char *page = page_of(report);
        ck_assert_msg(strstr(page, words[i]) != NULL, "missing: %s", words[i]);
        mem_free(page);
        fixture_free(report);
    }
}
END_TEST

START_TEST(what_no_hit_tells_is_not_said)
{
    struct report *report = fixture_new(&fixture_benign);
    report->totals.timed_hits = 0;
    report->method.has_zoneless_times = false;
    char *page = page_of(report);
    ck_assert_ptr_nonnull(strstr(page, "<dd>Times in UTC, by the zones in the log.</dd>"));
    ck_assert_ptr_null(strstr(page, "how long they took"));
    mem_free(page);
    fixture_free(report);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("html");
    TCase *tests = tcase_create("html");
    tcase_add_test(tests, tags_do_not_depend_on_texts);
    tcase_add_loop_test(tests, elements_nest, 0, 2);
    tcase_add_test(tests, the_page_stands_alone);
    tcase_add_test(tests, links_have_targets);
    tcase_add_loop_test(tests, the_page_holds_the_report, 0, sizeof expected / sizeof expected[0]);
    tcase_add_test(tests, the_same_report_is_the_same_page);
    tcase_add_test(tests, an_empty_report_is_a_page);
    tcase_add_test(tests, skipped_files_have_an_end);
    tcase_add_test(tests, many_rejected_lines_are_told);
    tcase_add_test(tests, every_fate_is_told);
    tcase_add_test(tests, values_have_an_end);
    tcase_add_test(tests, funnels_by_agent_are_of_everybody);
    tcase_add_test(tests, bots_can_be_included);
    tcase_add_test(tests, the_plain_method_is_said);
    tcase_add_test(tests, lists_of_hosts_have_an_end);
    tcase_add_test(tests, own_hosts_without_a_name);
    tcase_add_test(tests, what_no_hit_tells_is_not_said);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
