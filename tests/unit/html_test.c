#include "output/html.h"

#include <check.h>
#include <string.h>

#include "tests/unit/report_fixture.h"

static char *written(const struct fixture_texts *texts)
{
    struct report *report = fixture_new(texts);
    struct sink *sink = sink_open_memory();
    html_write(report, sink);
    char *text = mem_text(sink_contents(sink));
    sink_abandon(sink);
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
    "<dt>Visits</dt><dd>12,450<small>41,005 page views</small></dd>",
    "<h2>1 of 3 files is damaged: this report is not complete</h2>",
    "<li>Germany: 69.0% of visits are lost after product (purchase), of the rest 56.4%: 449 more "
    "than expected (q &lt;0.001)</li>",
    "<b>5,175 dropped (61.8%)</b>, 3,197 went on, 40 still open; 1 min 4 s to the next step",
    "<rect class=\"on\" x=\"0\" width=\"380\" height=\"10\"/>"      /* 3197 / 8412 */
    "<rect class=\"waiting\" x=\"380\" width=\"5\" height=\"10\"/>" /* 3237 / 8412 = 0.385 */
    "<rect class=\"gone\" x=\"385\" width=\"615\" height=\"10\"/>",
    "<p class=\"note\">Nobody entered: complaint.</p>",
    "<th scope=\"row\">Germany</th><td class=\"n\">3,600</td><td class=\"n\">2,470</td>"
    "<td class=\"n\">69.0%</td>",
    "<td class=\"flag high\">more</td>",
    "<td class=\"flag small\">too few</td>",
    "<caption>Visits by region</caption>",
    "<time datetime=\"2026-01-01T00:00:00Z\">2026-01-01 00:00</time>",
    "<td class=\"status bad\">truncated</td>",
    "<dd>Times in UTC; stamps without a zone were read as +01:00.</dd>",
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
    struct sink *sink = sink_open_memory();
    html_write(&empty, sink);
    char *page = mem_text(sink_contents(sink));
    sink_abandon(sink);
    ck_assert_ptr_nonnull(strstr(page, "<h1>No line of the log was counted"));
    ck_assert_ptr_nonnull(strstr(page, "</html>"));
    mem_free(page);
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
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
