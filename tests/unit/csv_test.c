/* Expected rows: by hand from the fixture's counts (tests/unit/report_fixture.c). */
#include "output/csv.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/report_fixture.h"

static char *written(const struct report *report, size_t document)
{
    struct sink *sink = sink_open_memory();
    csv_write(report, document, sink);
    char *text = mem_text(sink_contents(sink));
    sink_abandon(sink);
    return text;
}

enum {
    SUMMARY,
    INPUTS,
    LINES,
    FUNNEL,
    TOUCHPOINTS,
    AGENTS,
    BOT_RULES,
    VISITOR_KEYS,
    VISITS,
    FUNNEL_BY_REGION,
    TOUCHPOINTS_BY_REGION,
    DOCUMENTS
};

START_TEST(documents_have_names)
{
    static const char *const names[DOCUMENTS] = {"summary.csv",
                                                 "inputs.csv",
                                                 "lines.csv",
                                                 "funnel.csv",
                                                 "touchpoints.csv",
                                                 "agents.csv",
                                                 "bot_rules.csv",
                                                 "visitor_keys.csv",
                                                 "visits.csv",
                                                 "funnel_by_region.csv",
                                                 "touchpoints_by_region.csv"};
    struct report *report = fixture_new(&fixture_benign);
    ck_assert_uint_eq(csv_document_count(report), DOCUMENTS);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        char *name = csv_document_name(report, i);
        ck_assert_str_eq(name, names[i]);
        mem_free(name);
    }
    ck_assert_uint_eq(csv_main_document(report), FUNNEL_BY_REGION);
    report->dimension_count = 0;
    ck_assert_uint_eq(csv_document_count(report), FUNNEL_BY_REGION);
    ck_assert_uint_eq(csv_main_document(report), FUNNEL);
    fixture_free(report);
}
END_TEST

START_TEST(documents_are_numbered_by_dimension)
{
    struct report *report = fixture_new(&fixture_benign);
    struct report_dimension two[2] = {report->dimensions[0], report->dimensions[0]};
    two[1].name = "region+device";
    report->dimensions = two;
    report->dimension_count = 2;
    ck_assert_uint_eq(csv_document_count(report), DOCUMENTS + 2);
    char *name = csv_document_name(report, DOCUMENTS);
    ck_assert_str_eq(name, "funnel_by_region+device.csv");
    mem_free(name);
    char *text = written(report, DOCUMENTS + 1);
    ck_assert_ptr_nonnull(strstr(text, "touchpoint,region+device,visits"));
    mem_free(text);
    fixture_free(report);
}
END_TEST

static const struct {
    size_t document;
    const char *lines; /* that stand in the document, whole and together */
} expected[] = {
    {SUMMARY, "measure,value\nlines,123456\ncounted,123356\nfiltered,60\nrejected,40\n"
              "counted_ordinary,122456\ncounted_other_format,0\ncounted_binary_request,300\n"
              "counted_no_request,600\ncounted_empty_request,0\ncounted_not_a_request,0\n"
              "counted_absolute_form,0\ncounted_blank_in_url,0\ncounted_protocol,0\n"
              "counted_no_answer,0\ncounted_stray_quote,0\ncounted_name,0\ncounted_no_size,0\n"
              "filtered_time,50\nfiltered_directive,10\nfiltered_already_counted,0\n"
              "filtered_damaged_file,0\n"
              "rejected_blank,0\nrejected_overlong,0\nrejected_format,30\nrejected_time,10\n"
              "rejected_far_time,0\nrejected_status,0\nrejected_nul,0\n"
              "hits,123356\npage_views,41005\nvisits,12450\n"
              "visitors,9859\nvisits_without_page_views,212\nbot_hits,22001\nbot_visits,812\n"
              "bot_visitors,301\nsuspected_hits,3000\nsuspected_visits,250\n"
              "suspected_visitors,100\ninternal_hits,1355\ninternal_visits,33\n"
              "internal_visitors,4\nasset_hits,55011\ncall_hits,3009\ntimed_hits,49343\n"
              "folded_page_views,77\nfolded_origin_page_views,1\n"
              "first_time,2026-01-01T00:00:00Z\nlast_time,2026-01-31T23:59:59Z\nregions,31\n"
              "unknown_region_visits,1810\nties,4\nfailed_geo_lookups,2\n"},
    {INPUTS, "file,format,compression,status,lines,counted,filtered,rejected,first_time,last_time,"
             "note\n'-,combined behind syslog,none,complete,100000,99900,60,40,"
             "2026-01-01T00:00:00Z,2026-01-02T00:00:00.123Z,\n"
             "logs/access.log.2.gz,combined,gzip,truncated,23456,23456,0,0,2026-01-01T00:00:05Z,"
             "2026-01-31T23:59:59Z,\n"
             "empty.log,,none,empty,0,0,0,0,,,\n"
             "logs/error.log,,,skipped,0,0,0,0,,,its name says that it is an error log\n"},
    {LINES,
     "file,outcome,reason,lines,sample_1,sample_2,sample_3\n"
     "'-,counted,ordinary,99000,,,\n"
     "'-,counted,binary_request,300,,,\n"
     "'-,counted,no_request,600,,,\n"
     "'-,filtered,time,50,,,\n"
     "'-,filtered,directive,10,,,\n"
     "'-,rejected,format,30,\"[address] - - [21/Nov/2026] no request, \"\"and more\",rubbish,"
     "more rubbish\n"
     "'-,rejected,time,10,[32/Nov/2026],,\n"
     "logs/access.log.2.gz,counted,ordinary,23456,,,\n"},
    {FUNNEL, "funnel,step,touchpoint,entered,advanced,dropped,open,excluded,attempted_failed,"
             "rate_from_start,rate_from_previous,ci_low,ci_high,median_seconds,p90_seconds\n"
             "purchase,1,product,8412,3197,5175,40,0,0,1.000000,,,,,\n"},
    {FUNNEL, ",118.5,1400.125\npurchase,4,payment,1102,893,207,2,0,21,0.131003,0.781560,"},
    /* The last step, and a funnel that nobody entered. */
    {FUNNEL, "\npurchase,5,confirmation,893,,,,,28,0.106158,0.810345,"},
    {FUNNEL, ",4000,86400\ncomplaint,1,terms,0,0,0,0,0,0,,,,,,\n"
             "complaint,2,complaint-sent,0,,,,,0,,,,,,\n"},
    {TOUCHPOINTS, "touchpoint,stage,intent,hits,visits,visitors,failed,median_duration_ms\n"
                  "home,awareness,,12044,7800,6100,14,41\n"
                  "product,consideration,,30122,8412,6204,120,84.5\n"},
    {TOUCHPOINTS,
     "\ncancellation-page,loyalty,cancel,180,122,90,2,\nterms,loyalty,terms,0,0,0,7,\n"},
    {AGENTS, "class,counted,hits,page_views,visits,visitors\n"
             "person,yes,100000,41005,12450,9859\nsearch,no,12000,11000,300,90\n"},
    {AGENTS, "\nfeed,no,0,0,0,0\nsuspected,no,3000,2800,250,100\ninternal,no,1355,900,33,4\n"},
    {BOT_RULES, "rule,state,hits,page_views,visits,visitors\nforged-crawler,on,0,0,0,0\n"
                "attack,on,1700,1650,140,60\nrobots-txt,off,0,0,0,0\n"
                "old-browser,on,1300,1150,110,40\nno-assets,silent,0,0,0,0\n"},
    /* 859 / 9859 and 9000 / 9859 */
    {VISITOR_KEYS, "key,visitors,share\ncookie:uid,859,0.087129\naddress+agent,9000,0.912871\n"},
    {VISITS, "dimension,value,visits,visitors,page_views\nsource,direct,6000,5000,20000\n"},
    {VISITS, "\nsource,(none),212,100,0\nreferrer,google.com,8450,5859,21005\n"
             "referrer,(none),4000,4000,20000\ncampaign,\"spring, early\",8450,5859,21005\n"},
    {VISITS, "\nlanding,/page/16,40,20,140\nexit,/product/1,8450,5859,21005\n"
             "exit,(other),4000,4000,20000\ndevice,phone,7450,5859,21005\n"
             "device,desktop,5000,4000,20000\n"},
    {FUNNEL_BY_REGION,
     "funnel,step,touchpoint,region,entered,advanced,dropped,open,drop_rate,ci_low,ci_high,"
     "rest_drop_rate,excess_drops,shrunk_drop_rate,p_value,q_value,flag\n"
     "purchase,1,product,DE,3600,1110,2470,20,0.689944,"},
    {FUNNEL_BY_REGION, ",3.125e-10,1.25e-09,high\npurchase,1,product,FR,1900,800,1094,6,0.577614,"},
    {FUNNEL_BY_REGION, ",0.15,0.6,\npurchase,1,product,(other),40,16,24,0,0.600000,"},
    {FUNNEL_BY_REGION, ",,,small\npurchase,2,cart,(other),16,8,8,0,0.500000,"},
    {TOUCHPOINTS_BY_REGION,
     "touchpoint,region,visits,visitors,visit_rate,rest_visit_rate,q_value,flag\n"
     "home,DE,3257,2442,0.626346,0.626506,0,\n"},
};

START_TEST(documents_hold_the_report)
{
    struct report *report = fixture_new(&fixture_benign);
    char *text = written(report, expected[_i].document);
    const char *found = strstr(text, expected[_i].lines);
    ck_assert_msg(found != NULL, "row %d: missing in\n%s", _i, text);
    mem_free(text);
    fixture_free(report);
}
END_TEST

/*
 * Reads a document as RFC 4180 says, on its own: returns the number of rows, checks that each has
 * as many cells as the header, that no text cell starts a formula, and no byte acts on a terminal.
 */
static size_t read_back(const char *text)
{
    size_t rows = 0, cells = 1, columns = 0;
    bool is_quoted = false, begins = true;
    for (const char *at = text; *at; at++) {
        bool may_start_formula =
            begins && (*at == '"' ? strchr("=+-@", at[1]) != NULL : strchr("=+@", *at) != NULL);
        ck_assert_msg(!may_start_formula, "formula: %.40s", at);
        ck_assert_msg((unsigned char)*at >= 0x20 || *at == '\n', "control byte: %.40s", at);
        begins = false;
        if (*at == '"') {
            is_quoted = !is_quoted;
        } else if (!is_quoted && *at == ',') {
            cells++;
            begins = true;
        } else if (*at == '\n') {
            ck_assert_msg(!is_quoted, "a line end inside a cell: %.40s", at);
            columns = columns ? columns : cells;
            ck_assert_msg(cells == columns, "row %zu has %zu cells", rows, cells);
            cells = 1;
            rows++;
            begins = true;
        }
    }
    ck_assert(!is_quoted && begins);
    return rows;
}

START_TEST(hostile_text_changes_no_structure)
{
    struct report *benign = fixture_new(&fixture_benign);
    struct report *hostile = fixture_new(&fixture_hostile);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        char *a = written(benign, i), *b = written(hostile, i);
        ck_assert_uint_eq(read_back(a), read_back(b));
        mem_free(a);
        mem_free(b);
    }
    fixture_free(benign);
    fixture_free(hostile);
}
END_TEST

/* How a file's name and a note stand in their cells. */
START_TEST(cells_are_quoted_and_guarded)
{
    static const struct {
        const char *raw, *cell;
    } rows[] = {
        {"plain", "plain"},
        {"", ""},
        {"a b ", "a b "},
        {"a,b", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"\"", "\"\"\"\""},
        {"=1", "'=1"},
        {"+1", "'+1"},
        {"-1", "'-1"},
        {"@A1", "'@A1"},
        {"\t=1", "'\\x09=1"},
        {"\r=1", "'\\x0D=1"},
        {"\n=1", "\\x0A=1"},
        {"=1,\"2\"", "\"'=1,\"\"2\"\"\""},
        {"a=1", "a=1"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"caf\xe9", "caf\\xE9"},
        {"\xe2\x80\xae", "\\xE2\\x80\\xAE"},
    };
    struct report *report = fixture_new(&fixture_benign);
    struct report_input input = report->inputs[2];
    report->inputs = &input;
    report->input_count = 1;
    report->skipped_count = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        input.file = input.note = rows[i].raw;
        char *text = written(report, INPUTS);
        char *line = mem_format("\n%s,,none,empty,0,0,0,0,,,%s\n", rows[i].cell, rows[i].cell);
        ck_assert_msg(strstr(text, line) != NULL, "row %zu: %s", i, text);
        mem_free(line);
        mem_free(text);
    }
    fixture_free(report);
}
END_TEST

START_TEST(samples_are_quoted_and_guarded)
{
    struct report *report = fixture_new(&fixture_hostile);
    char *text = written(report, LINES);
    ck_assert_ptr_nonnull(
        strstr(text, "rejected,format,30,"
                     "\"'+1,\"\"</code></td><script>alert(3)</script>\\x1B]0;x\\x07\\xFF"
                     "\\xED\\xA0\\x80\\xE2\\x80\\xAE\\x0D\\x0A\",rubbish,more rubbish\n"));
    mem_free(text);
    fixture_free(report);
}
END_TEST

/* The numbers of a file in lines.csv add up to those in inputs.csv, and in total to summary.csv. */
START_TEST(the_lines_of_a_file_add_up)
{
    static const struct {
        const char *row;
        uint64_t sum;
    } rows[] = {
        {"\n'-,counted,", 99900}, {"\n'-,filtered,", 60},
        {"\n'-,rejected,", 40},   {"\nlogs/access.log.2.gz,", 23456},
        {"\nempty.log,", 0},      {"\nlogs/error.log,", 0},
        {"\n", 123456},
    };
    struct report *report = fixture_new(&fixture_benign);
    char *text = written(report, LINES);
    text[strlen(text) - 1] = '\0'; /* so that every line end has a row behind it */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t sum = 0;
        for (const char *at = strstr(text, rows[i].row); at; at = strstr(at + 1, rows[i].row)) {
            unsigned long lines = 0;
            ck_assert_int_eq(sscanf(at + 1, "%*[^,],%*[^,],%*[^,],%lu", &lines), 1);
            sum += lines;
        }
        ck_assert_msg(sum == rows[i].sum, "row %zu: %lu", i, (unsigned long)sum);
    }
    mem_free(text);
    fixture_free(report);
}
END_TEST

/* Column `column` (from 0) of the rows that begin with `row`, added up. */
static uint64_t sum_of(const char *text, const char *row, size_t column)
{
    uint64_t sum = 0;
    for (const char *at = strchr(text, '\n'); at && at[1]; at = strchr(at + 1, '\n')) {
        const char *cell = at + 1;
        if (strncmp(cell, row, strlen(row)) != 0)
            continue;
        for (size_t i = 0; i < column; i++)
            cell = strchr(cell, ',') + 1;
        unsigned long count = 0;
        ck_assert_int_eq(sscanf(cell, "%lu", &count), 1);
        sum += count;
    }
    return sum;
}

/* Whoever made the hits, they add up to the measures of summary.csv. */
START_TEST(people_and_machines_add_up)
{
    static const struct {
        size_t document;
        const char *row;
        size_t column;
        const char *measure;
    } rows[] = {
        {AGENTS, "", 2, "hits,"},
        {AGENTS, "person,", 3, "page_views,"},
        {BOT_RULES, "", 2, "suspected_hits,"},
        {BOT_RULES, "", 4, "suspected_visits,"},
        {BOT_RULES, "", 5, "suspected_visitors,"},
        {VISITOR_KEYS, "", 1, "visitors,"},
        {VISITS, "source,", 2, "visits,"},
        {VISITS, "landing,", 2, "visits,"},
        {VISITS, "landing,", 3, "visitors,"},
        {VISITS, "exit,", 4, "page_views,"},
        {VISITS, "device,", 4, "page_views,"},
    };
    struct report *report = fixture_new(&fixture_benign);
    char *summary = written(report, SUMMARY);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = written(report, rows[i].document);
        uint64_t measure = sum_of(summary, rows[i].measure, 1);
        ck_assert_uint_gt(measure, 0);
        ck_assert_msg(sum_of(text, rows[i].row, rows[i].column) == measure, "row %zu", i);
        mem_free(text);
    }
    mem_free(summary);
    fixture_free(report);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("csv");
    TCase *tests = tcase_create("csv");
    tcase_add_test(tests, documents_have_names);
    tcase_add_test(tests, documents_are_numbered_by_dimension);
    tcase_add_loop_test(tests, documents_hold_the_report, 0, sizeof expected / sizeof expected[0]);
    tcase_add_test(tests, hostile_text_changes_no_structure);
    tcase_add_test(tests, cells_are_quoted_and_guarded);
    tcase_add_test(tests, samples_are_quoted_and_guarded);
    tcase_add_test(tests, the_lines_of_a_file_add_up);
    tcase_add_test(tests, people_and_machines_add_up);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
