#include "output/text.h"

#include <check.h>
#include <string.h>

#include "base/printable.h"
#include "output/output.h"
#include "tests/unit/report_fixture.h"

static char *written(const struct report *report, struct output_options options)
{
    struct sink *sink = sink_open_memory();
    text_write(report, &options, sink);
    char *text = mem_text(sink_contents(sink));
    sink_abandon(sink);
    return text;
}

static void expect(const struct report *report, struct output_options options, const char *words)
{
    char *text = written(report, options);
    ck_assert_msg(strstr(text, words) != NULL, "missing: %s\nin: %s", words, text);
    mem_free(text);
}

/* By hand from the fixture's counts; the layout at 80 columns. */
static const char *const expected[] = {
    "Of 8,412 visits that reached product, 893 (10.6%) reached confirmation. Most\n"
    "were lost after product: 5,175 of the 8,372 whose time is over (61.8%) went no\n"
    "further.\n",
    "  2026-01-01 00:00:00 to 2026-01-31 23:59:59 UTC\n",
    "  3 files, 123,456 lines: 123,356 counted, 60 filtered, 40 rejected\n"
    "  40 lines were rejected: 30 format, 10 time\n"
    "  for example (format): [address] - - [21/Nov/2026] no request, \"and more\n",
    "  Damaged: logs/access.log.2.gz: the file ends inside a gzip member; what could\n"
    "  be read was counted\n",
    "  12,450 visits of 9,859 people; 22,001 of 123,356 hits were made by bots:\n"
    "  19,001 declared, 3,000 suspected; internal: 1,355 hits\n"
    "  41,005 page views; 212 visits without one, files or calls only\n"
    "  Visits by source: Direct 6,000, Search 4,000, Campaign 1,200, Referral 800, AI\n"
    "  assistant 238 and 1 more\n",
    "  The log has more distinct texts than --max-keys tells apart (1,000 of a kind):\n"
    "  77 page views of further pages, 1 page view from further origins are shown as\n"
    "  (other). Totals are exact.\n",
    "  A visit ends after 30 min without a hit.\n"
    "  Visitors are told apart by cookie:uid, else by address+agent (IPv4 /32, IPv6\n"
    "  /64).\n",
    "\nFunnel purchase, per visit, within 7 d of the first step\n",
    "  1 product                    8,412            -    5,175    40  ##############\n",
    "  3 checkout|express-chec..    1,410        44.1%      303     5  ##\n",
    "  5 confirmation                 893        81.0%        -     -  #\n",
    "\nNobody entered: complaint.\n",
    "  Germany: 69.0% of visits are lost after product (purchase), of the rest 56.4%:\n"
    "  449 more than expected (q <0.001)\n"
    "  France: 35.4%",
    "  cancellation-page  loyalty           122        90     180       2\n",
    "  Not visited, and left out: 1 of 10\n",
    "  Germany       5,200     4,100      18,044\n",
    "  23,456 of 123,356 stamps name no zone and are taken as +01:00.\n",
};

START_TEST(the_summary_says_it)
{
    struct report *report = fixture_new(&fixture_benign);
    expect(report, (struct output_options){0}, expected[_i]);
    fixture_free(report);
}
END_TEST

START_TEST(bars_are_blocks_in_unicode)
{
    struct report *report = fixture_new(&fixture_benign);
    /* 38.0% of 14 columns are 5.3: 5 and a half in half blocks. */
    expect(report, (struct output_options){.unicode = true},
           "  \xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x8c\n");
    expect(report, (struct output_options){.unicode = true}, "checkout|express-check\xe2\x80\xa6 ");
    fixture_free(report);
}
END_TEST

static void check_lines(const char *text, size_t width)
{
    for (const char *at = text; *at;) {
        size_t size = strcspn(at, "\n");
        ck_assert_msg(printable_width((struct slice){at, size}) <= width, "over %zu: %.*s", width,
                      (int)size, at);
        ck_assert_msg(size == 0 || at[size - 1] != ' ', "blank at the end: \"%.*s\"", (int)size,
                      at);
        ck_assert_int_eq(at[size], '\n');
        at += size + 1;
    }
}

START_TEST(lines_are_not_too_wide)
{
    static const struct fixture_texts *const texts[] = {&fixture_benign, &fixture_hostile};
    for (size_t i = 0; i < 2; i++) {
        struct report *report = fixture_new(texts[i]);
        for (unsigned width = 60; width <= 160; width++) {
            for (int unicode = 0; unicode < 2; unicode++) {
                char *text =
                    written(report, (struct output_options){.width = width, .unicode = unicode});
                check_lines(text, width);
                mem_free(text);
            }
        }
        fixture_free(report);
    }
}
END_TEST

START_TEST(nothing_hostile_reaches_the_terminal)
{
    struct report *report = fixture_new(&fixture_hostile);
    for (int unicode = 0; unicode < 2; unicode++) {
        char *text = written(report, (struct output_options){.unicode = unicode});
        for (struct slice rest = slice_of(text); rest.size;) {
            size_t length = rest.at[0] == '\n' ? 1 : printable_character(rest);
            ck_assert_msg(length > 0, "not harmless: %.40s", rest.at);
            ck_assert_msg(unicode || length == 1, "not ASCII: %.40s", rest.at);
            rest = slice_from(rest, length);
        }
        mem_free(text);
    }
    fixture_free(report);
}
END_TEST

/* Colours are marks around the same text: without them it is the same. */
START_TEST(colours_only_add_marks)
{
    struct report *report = fixture_new(&fixture_hostile);
    char *plain = written(report, (struct output_options){.unicode = true});
    char *coloured = written(report, (struct output_options){.unicode = true, .colour = true});
    size_t used = 0, marks = 0;
    for (const char *at = coloured; *at; at++) {
        if (*at == '\x1b') {
            ck_assert_int_eq(at[1], '[');
            at += strcspn(at, "m");
            marks++;
        } else {
            coloured[used++] = *at;
        }
    }
    coloured[used] = '\0';
    ck_assert_str_eq(coloured, plain);
    ck_assert_uint_gt(marks, 10);
    ck_assert_uint_eq(marks % 2, 0);
    mem_free(plain);
    mem_free(coloured);
    fixture_free(report);
}
END_TEST

START_TEST(no_funnel_says_what_to_do)
{
    struct report *report = fixture_new(&fixture_benign);
    report->funnels++;
    report->funnel_count = 1;
    report->dimension_count = 0;
    struct output_options wide = {.width = 400};
    expect(report, wide,
           "No funnel was entered: none of the visitors reached terms, the first step of "
           "complaint. Name your pages in a journey file: \"sojourn journeys default\" prints one");
    report->funnel_count = 0;
    expect(report, wide, "The journey shop has no funnel. Add one to the journey file");
    report->totals.fates.counted = 0;
    report->totals.fates.filtered_by[FILTER_TIME] = 3;
    expect(report, wide, "No hit lies between --since and --until");
    report->totals.fates.filtered_by[FILTER_TIME] = 0; /* headers are left */
    expect(report, wide, "No line of the log was counted");
    fixture_free(report);
}
END_TEST

START_TEST(no_difference_is_said)
{
    struct report *report = fixture_new(&fixture_benign);
    struct report_dimension region = report->dimensions[0];
    struct report_funnel_cell quiet = region.funnel_cells[3];
    region.funnel_cells = &quiet;
    region.funnel_cell_count = 1;
    report->dimensions = &region;
    expect(report, (struct output_options){0}, "elsewhere\n  Nowhere beyond chance");
    fixture_free(report);
}
END_TEST

/* The example is of the reason that most lines have, of those that have a line to show. */
START_TEST(the_example_is_of_the_commonest_reason)
{
    struct report *report = fixture_new(&fixture_benign);
    struct report_fates *fates = &report->totals.fates;
    struct output_options wide = {.width = 400};
    fates->rejected_by[REJECT_BLANK] = 500;
    expect(report, wide, "\n  for example (format): [address]");
    fates->rejected_by[REJECT_TIME] = 31;
    expect(report, wide, "\n  for example (time): [32/Nov/2026]\n");
    fates->samples[REJECT_TIME][0] = fates->samples[REJECT_FORMAT][0] = NULL;
    char *text = written(report, wide);
    ck_assert_ptr_null(strstr(text, "for example"));
    mem_free(text);
    fates->rejected = 0;
    text = written(report, wide);
    ck_assert_ptr_null(strstr(text, "were rejected"));
    mem_free(text);
    fixture_free(report);
}
END_TEST

/* One that is no log at all has said so already. */
START_TEST(many_rejected_lines_are_warned_of)
{
    static const char warning[] =
        "\n  Warning: a.log: 3 of its 12 lines are rejected (25.0%): 1 blank, 2 format. "
        "\"sojourn detect\" tells how they are read.\n";
    static const struct {
        bool has_many, is_damaged;
        uint64_t counted;
        bool is_warned;
    } rows[] = {{false, false, 9, false},
                {true, false, 9, true},
                {true, true, 9, true},
                {true, true, 0, false},
                {true, false, 0, true}};
    struct report *report = fixture_new(&fixture_benign);
    struct report_input input = report->inputs[2];
    input.file = "a.log";
    report->inputs = &input;
    report->input_count = 1;
    report->skipped_count = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        input.has_many_rejected = rows[i].has_many;
        input.is_damaged = rows[i].is_damaged;
        input.fates =
            (struct report_fates){.lines = 12,
                                  .counted = rows[i].counted,
                                  .rejected = 3,
                                  .rejected_by = {[REJECT_BLANK] = 1, [REJECT_FORMAT] = 2}};
        char *text = written(report, (struct output_options){.width = 400});
        ck_assert_msg((strstr(text, warning) != NULL) == rows[i].is_warned, "row %zu: %s", i, text);
        mem_free(text);
    }
    fixture_free(report);
}
END_TEST

START_TEST(warnings_have_an_end)
{
    enum { INPUTS = 13 };
    struct report *report = fixture_new(&fixture_benign);
    struct report_input inputs[INPUTS];
    for (size_t i = 0; i < INPUTS; i++) {
        inputs[i] = report->inputs[2];
        inputs[i].has_many_rejected = true;
        inputs[i].fates.lines = inputs[i].fates.rejected = 2;
    }
    report->inputs = inputs;
    report->input_count = INPUTS;
    expect(report, (struct output_options){.width = 400},
           "Warning: empty.log: 2 of its 2 lines are rejected (100.0%). \"sojourn detect\" tells "
           "how they are read.\n  and 3 more files with many rejected lines\n");
    fixture_free(report);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *tests = tcase_create("text");
    tcase_add_loop_test(tests, the_summary_says_it, 0, sizeof expected / sizeof expected[0]);
    tcase_add_test(tests, bars_are_blocks_in_unicode);
    tcase_add_test(tests, lines_are_not_too_wide);
    tcase_add_test(tests, nothing_hostile_reaches_the_terminal);
    tcase_add_test(tests, colours_only_add_marks);
    tcase_add_test(tests, no_funnel_says_what_to_do);
    tcase_add_test(tests, no_difference_is_said);
    tcase_add_test(tests, the_example_is_of_the_commonest_reason);
    tcase_add_test(tests, many_rejected_lines_are_warned_of);
    tcase_add_test(tests, warnings_have_an_end);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
