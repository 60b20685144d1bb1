/*
 * Headers are those of IIS 10, CloudFront's standard logs and Cloud Storage's usage logs, as their
 * documentation shows them; quoting follows RFC 4180.
 */
#include "parser/columns.h"

#include <check.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/scan.h"
#include "fields_fixture.h"

#define IIS                                                                                        \
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "          \
    "cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken"
#define CLOUDFRONT                                                                                 \
    "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status "   \
    "cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id "     \
    "x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol"
#define STORAGE                                                                                    \
    "\"time_micros\",\"c_ip\",\"c_ip_type\",\"cs_method\",\"cs_uri\",\"sc_status\",\"sc_bytes\","  \
    "\"time_taken_micros\",\"cs_host\",\"cs_referer\",\"cs_user_agent\",\"cs_object\""

struct row {
    enum header_style style;
    const char *header, *line;
    struct expected fields[EXPECTED_MAX]; /* all that are there; ends with FIELD_SKIP */
};

static const struct row rows[] = {
    {HEADER_DIRECTIVE,
     IIS,
     "2023-09-16 18:22:16 10.0.0.4 GET /a+b.aspx q=1+2 443 - 192.0.2.1 Mozilla/5.0+(X11) - 200 0 0 "
     "15",
     {{FIELD_TIME, "2023-09-16", false},
      {FIELD_TIME_2, "18:22:16", false},
      {FIELD_METHOD, "GET", false},
      {FIELD_URL, "/a+b.aspx", false},
      {FIELD_QUERY, "q=1+2", false},
      {FIELD_USER, "-", false},
      {FIELD_ADDRESS, "192.0.2.1", false},
      {FIELD_AGENT, "Mozilla/5.0+(X11)", true},
      {FIELD_REFERRER, "-", false},
      {FIELD_STATUS, "200", false},
      {FIELD_DURATION, "15", false}}},
    {HEADER_DIRECTIVE,
     CLOUDFRONT,
     "2023-09-16\t18:22:16\tFRA56-P1\t2390\t2001:db8::1\tGET\td1.cloudfront.net\t/view%20x\t200\t"
     "https://h/%2520\tMozilla/4.0%20(x)\ta+b\tzip=98101+c\tHit\tABC==\tshop.example\thttps\t23\t"
     "0.001\t-\tTLSv1.3",
     {{FIELD_TIME, "2023-09-16", false},
      {FIELD_TIME_2, "18:22:16", false},
      {FIELD_BYTES, "2390", false},
      {FIELD_ADDRESS, "2001:db8::1", false},
      {FIELD_METHOD, "GET", false},
      {FIELD_URL, "/view%20x", false},
      {FIELD_STATUS, "200", false},
      {FIELD_REFERRER, "https://h/%2520", true},
      {FIELD_AGENT, "Mozilla/4.0%20(x)", true},
      {FIELD_QUERY, "a+b", false},
      {FIELD_COOKIE, "zip=98101+c", false},
      {FIELD_HOST, "shop.example", false},
      {FIELD_DURATION, "0.001", false},
      {FIELD_FORWARDED, "-", false}}},
    {HEADER_FIRST_LINE,
     STORAGE,
     "\"1694888536000123\",\"192.0.2.1\",\"1\",\"GET\",\"/b/o\",\"200\",\"7\",\"9000\",\"h\",\"\","
     "\"a \"\"b\"\", c\",\"o",
     {{FIELD_TIME, "1694888536000123", false},
      {FIELD_ADDRESS, "192.0.2.1", false},
      {FIELD_METHOD, "GET", false},
      {FIELD_URL, "/b/o", false},
      {FIELD_STATUS, "200", false},
      {FIELD_BYTES, "7", false},
      {FIELD_DURATION, "9000", false},
      {FIELD_HOST, "h", false},
      {FIELD_REFERRER, "", false},
      {FIELD_AGENT, "a \"\"b\"\", c", true}}},
    /* Separators of a header; a name between quotes may hold another one. */
    {HEADER_FIRST_LINE,
     "time;\"a,b,c,d\";status",
     "x;y,z;200",
     {{FIELD_TIME, "x", false}, {FIELD_STATUS, "200", false}}},
    {HEADER_FIRST_LINE,
     "time\tstatus",
     "a,b;c\t200",
     {{FIELD_TIME, "a,b;c", false}, {FIELD_STATUS, "200", false}}},
    {HEADER_FIRST_LINE,
     " time , status,size ",
     " a ,200,",
     {{FIELD_TIME, " a ", false}, {FIELD_STATUS, "200", false}, {FIELD_BYTES, "", false}}},
    {HEADER_FIRST_LINE, "status", "200", {{FIELD_STATUS, "200", false}}},
    /* A quote inside of a cell that does not begin with one is a byte like others. */
    {HEADER_FIRST_LINE,
     "url,status",
     "/a\"b\",200",
     {{FIELD_URL, "/a\"b\"", false}, {FIELD_STATUS, "200", false}}},
    {HEADER_FIRST_LINE,
     "url,status",
     "\"/\"\"\",\"200\"",
     {{FIELD_URL, "/\"\"", true}, {FIELD_STATUS, "200", false}}},
    /* Date and time in one file, in any order and case; each alone. */
    {HEADER_FIRST_LINE,
     "Time,Date,timestamp,status",
     "18:22,2023-09-16,x,200",
     {{FIELD_TIME, "2023-09-16", false},
      {FIELD_TIME_2, "18:22", false},
      {FIELD_STATUS, "200", false}}},
    {HEADER_FIRST_LINE,
     "date,status",
     "x,200",
     {{FIELD_TIME, "x", false}, {FIELD_STATUS, "200", false}}},
    {HEADER_FIRST_LINE,
     "date,timestamp,status",
     "x,y,200",
     {{FIELD_TIME, "y", false}, {FIELD_STATUS, "200", false}}},
    /* Tabs in a W3C header are tabs in its lines; any number of blanks is one. */
    {HEADER_DIRECTIVE,
     "#Fields:\tdate\ttime\tsc-status\t",
     "a b\tc\t200",
     {{FIELD_TIME, "a b", false}, {FIELD_TIME_2, "c", false}, {FIELD_STATUS, "200", false}}},
    {HEADER_DIRECTIVE,
     "#Fields:sc-status   c-ip ",
     "200 192.0.2.1",
     {{FIELD_STATUS, "200", false}, {FIELD_ADDRESS, "192.0.2.1", false}}},
    /* Empty columns, and more of them than the header has. */
    {HEADER_DIRECTIVE,
     "#Fields: sc-status x c-ip",
     "  ",
     {{FIELD_STATUS, "", false}, {FIELD_ADDRESS, "", false}}},
    {HEADER_DIRECTIVE,
     "#Fields: sc-status cs-uri x y",
     "200 / 1 2 3 4",
     {{FIELD_STATUS, "200", false}, {FIELD_URL, "/", false}}},
    /* What is not needed may be missing at the end. */
    {HEADER_DIRECTIVE,
     "#Fields: sc-status cs-uri x y",
     "200 /",
     {{FIELD_STATUS, "200", false}, {FIELD_URL, "/", false}}},
    /* Of two columns for a field the better one; of equals the first. */
    {HEADER_DIRECTIVE,
     "#Fields: cs-uri-stem cs(Host) cs-uri x-host-header sc-status sc-status",
     "/a h1 /b h2 200 404",
     {{FIELD_URL, "/b", false}, {FIELD_HOST, "h2", false}, {FIELD_STATUS, "200", false}}},
};

/* With `slack` bytes behind it that must not matter; free .at. */
/* Headers have no slack. */
static bool compile(enum header_style style, const char *text, const struct field_map *map,
                    struct columns *columns)
{
    struct slice header = text_copy(slice_of(text), 0, 0);
    bool is_header = columns_compile(style, header, map, columns);
    mem_free((char *)header.at);
    return is_header;
}

START_TEST(cuts_a_line)
{
    static const char behind[] = {' ', '\t', ',', ';', '"', '+', '%', 'x'};
    const struct row *row = &rows[_i];
    struct columns columns;
    ck_assert_msg(compile(row->style, row->header, NULL, &columns), "%s", row->header);
    for (size_t i = 0; i < sizeof behind; i++) {
        struct slice line = text_copy(slice_of(row->line), SCAN_SLACK, behind[i]);
        struct line_fields fields;
        ck_assert_msg(columns_cut(&columns, line, &fields), "%s", row->line);
        check_fields(row->line, row->fields, &fields);
        for (int field = FIELD_SKIP + 1; field < FIELD_COUNT; field++)
            ck_assert((columns.present >> field & 1) == (fields.at[field].at != NULL));
        mem_free((char *)line.at);
    }
}
END_TEST

/* With a cookie and a header that somebody asked for. */
static const struct extra_fields extra = {{{"uid", true}, {"X-Session", false}}, 2};
static const struct field_map with_extra = {NULL, 0, true, &extra};

static const struct row extra_rows[] = {
    {HEADER_DIRECTIVE,
     "#Fields: sc-status cs(X-Session) cs(Cookie) x",
     "200 a+b uid=1;+c=2",
     {{FIELD_STATUS, "200", false},
      {FIELD_EXTRA + 1, "a+b", true},
      {FIELD_COOKIE, "uid=1;+c=2", true}}},
    {HEADER_DIRECTIVE,
     "#Fields: date time x-edge-location sc-status cs(Cookie) cs(X-Session)",
     "2023-09-16\t18:22:16\tFRA56-P1\t200\tuid%3Dabc%3B%20x%3D1\t%2520+",
     {{FIELD_TIME, "2023-09-16", false},
      {FIELD_TIME_2, "18:22:16", false},
      {FIELD_STATUS, "200", false},
      {FIELD_COOKIE, "uid%3Dabc%3B%20x%3D1", true},
      {FIELD_EXTRA + 1, "%2520+", true}}},
    {HEADER_FIRST_LINE,
     "uid,cookies.uid,status,x-session",
     "a,b,200,\"c\"\"\"",
     {{FIELD_EXTRA, "b", false}, {FIELD_STATUS, "200", false}, {FIELD_EXTRA + 1, "c\"\"", true}}},
    /* Lines without them are as good as without the wish for them. */
    {HEADER_DIRECTIVE,
     "#Fields: sc-status cs(X-Session) uid",
     "200",
     {{FIELD_STATUS, "200", false}}},
    {HEADER_FIRST_LINE, "status,x_session,uid", "200", {{FIELD_STATUS, "200", false}}},
    {HEADER_FIRST_LINE,
     "status,x_session,uid",
     "200,a",
     {{FIELD_STATUS, "200", false}, {FIELD_EXTRA + 1, "a", false}}},
};

START_TEST(finds_extra_fields)
{
    const struct row *row = &extra_rows[_i];
    struct columns columns;
    struct line_fields fields;
    ck_assert_msg(compile(row->style, row->header, &with_extra, &columns), "%s", row->header);
    struct slice line = text_copy(slice_of(row->line), SCAN_SLACK, ',');
    ck_assert_msg(columns_cut(&columns, line, &fields), "%s", row->line);
    check_fields(row->line, row->fields, &fields);
    mem_free((char *)line.at);
}
END_TEST

START_TEST(extra_fields_make_no_header)
{
    struct columns columns;
    ck_assert(!compile(HEADER_FIRST_LINE, "uid,x-session", &with_extra, &columns));
    ck_assert(!compile(HEADER_DIRECTIVE, "#Fields: uid cs(X-Session)", &with_extra, &columns));
}
END_TEST

/* What is needed stands behind one of them. */
START_TEST(refuses_a_short_line_with_extra_fields)
{
    struct columns columns;
    struct line_fields fields;
    ck_assert(compile(HEADER_FIRST_LINE, "uid,status,x_session", &with_extra, &columns));
    struct slice line = text_copy(slice_of("a"), SCAN_SLACK, ',');
    ck_assert(!columns_cut(&columns, line, &fields));
    mem_free((char *)line.at);
}
END_TEST

static const struct {
    enum header_style style;
    const char *header, *line;
} short_lines[] = {
    {HEADER_DIRECTIVE, "#Fields: sc-status cs-uri", "200"},
    {HEADER_DIRECTIVE, "#Fields: sc-status cs-uri", ""},
    {HEADER_DIRECTIVE, "#Fields: sc-status cs-uri", "200\t/"},
    {HEADER_DIRECTIVE, IIS, "2023-09-16 18:22:16 10.0.0.4 GET /"},
    {HEADER_DIRECTIVE, CLOUDFRONT, "2023-09-16 18:22:16 FRA 2390 2001:db8::1 GET h / 200 - - - -"},
    {HEADER_FIRST_LINE, "status,url", "200"},
    {HEADER_FIRST_LINE, "status,url", "200;/"},
    {HEADER_FIRST_LINE, "status,url", "\"200\""},
    /* Quotes that are not closed, or closed too early. */
    {HEADER_FIRST_LINE, "status,url", "200,\"/"},
    {HEADER_FIRST_LINE, "status,url", "200,\""},
    {HEADER_FIRST_LINE, "status,url", "200,\"/\"\""},
    {HEADER_FIRST_LINE, "status,url", "\"200,/"},
    {HEADER_FIRST_LINE, "status,url", "\"200\" ,/"},
    {HEADER_FIRST_LINE, "status,url", "200,\"/\"x"},
};

START_TEST(refuses_a_short_line)
{
    struct columns columns;
    ck_assert(compile(short_lines[_i].style, short_lines[_i].header, NULL, &columns));
    static const char behind[] = {' ', ',', '"', '\t'};
    for (size_t i = 0; i < sizeof behind; i++) {
        struct slice line = text_copy(slice_of(short_lines[_i].line), SCAN_SLACK, behind[i]);
        struct line_fields fields;
        ck_assert_msg(!columns_cut(&columns, line, &fields), "%s", short_lines[_i].line);
        mem_free((char *)line.at);
    }
}
END_TEST

static const struct {
    enum header_style style;
    const char *line;
} no_headers[] = {
    {HEADER_NONE, "#Fields: sc-status"},
    {HEADER_NONE, "status,url"},
    {HEADER_DIRECTIVE, ""},
    {HEADER_DIRECTIVE, "#"},
    {HEADER_DIRECTIVE, "#Fields:"},
    {HEADER_DIRECTIVE, "#Fields: "},
    {HEADER_DIRECTIVE, "#Version: 1.0"},
    {HEADER_DIRECTIVE, "#Software: Microsoft Internet Information Services 10.0"},
    {HEADER_DIRECTIVE, "#Fields: c-ip cs-method"},
    {HEADER_DIRECTIVE, "Fields: sc-status"},
    {HEADER_DIRECTIVE, "status,url"},
    {HEADER_FIRST_LINE, ""},
    {HEADER_FIRST_LINE, "ip,method,agent"},
    {HEADER_FIRST_LINE, "1694888536000123,192.0.2.1,GET,/,200"},
    {HEADER_FIRST_LINE, "status,\"url"},
    {HEADER_FIRST_LINE, "status,\"url\"x"},
    {HEADER_FIRST_LINE, "192.0.2.1 - - [16/Sep/2023:18:22:16 -0400] \"GET / HTTP/1.1\" 200 1"},
};

START_TEST(refuses_what_is_no_header)
{
    struct columns columns;
    ck_assert_msg(!compile(no_headers[_i].style, no_headers[_i].line, NULL, &columns), "%s",
                  no_headers[_i].line);
}
END_TEST

/* COLUMNS_MAX names are the most. */
START_TEST(has_a_limit)
{
    for (size_t count = COLUMNS_MAX - 1; count <= COLUMNS_MAX + 1; count++) {
        char w3c[COLUMNS_MAX * 4] = "#Fields:", csv[COLUMNS_MAX * 4] = "status";
        for (size_t i = 1; i < count; i++) {
            strcat(w3c, " x");
            strcat(csv, ",x");
        }
        strcat(w3c, " sc-status");
        struct columns columns;
        ck_assert(compile(HEADER_DIRECTIVE, w3c, NULL, &columns) == (count <= COLUMNS_MAX));
        ck_assert(compile(HEADER_FIRST_LINE, csv, NULL, &columns) == (count <= COLUMNS_MAX));
    }
}
END_TEST

START_TEST(tells_units_ends_and_escapes)
{
    struct columns columns;
    struct line_fields fields;
    struct slice line;
    ck_assert(compile(HEADER_DIRECTIVE, "#Fields: date time sc-status time-taken", NULL, &columns));
    ck_assert(!columns.is_percent_encoded && columns.separator == ' ');
    line = text_copy(slice_of("2023-09-16 18:22:16 200 15"), SCAN_SLACK, ' ');
    ck_assert(columns_cut(&columns, line, &fields));
    ck_assert_uint_eq(fields.duration_unit, DURATION_MS_OR_S);
    ck_assert(fields.time_is_end); /* WD-logfile-960323: "at which transaction completed" */
    mem_free((char *)line.at);

    /* "The time when the CloudFront server finished responding to the request" */
    ck_assert(compile(HEADER_DIRECTIVE, CLOUDFRONT, NULL, &columns));
    ck_assert(columns.is_percent_encoded && columns.separator == '\t');
    line = text_copy(slice_of(rows[1].line), SCAN_SLACK, ' ');
    ck_assert(columns_cut(&columns, line, &fields));
    ck_assert(fields.time_is_end);
    mem_free((char *)line.at);

    ck_assert(compile(HEADER_FIRST_LINE, STORAGE, NULL, &columns));
    ck_assert(!columns.is_percent_encoded && columns.separator == ',');
    line = text_copy(slice_of(rows[2].line), SCAN_SLACK, ' ');
    ck_assert(columns_cut(&columns, line, &fields));
    ck_assert(fields.time_is_end);
    ck_assert_uint_eq(fields.duration_unit, DURATION_US);
    mem_free((char *)line.at);
}
END_TEST

START_TEST(asks_a_map)
{
    static const struct named_field items[] = {{"antwort", {.field = FIELD_STATUS}}};
    const struct field_map with_usual = {items, 1, true, NULL}, alone = {items, 1, false, NULL};
    struct columns columns;
    ck_assert(!compile(HEADER_FIRST_LINE, "Antwort,IP", NULL, &columns));
    ck_assert(compile(HEADER_FIRST_LINE, "Antwort,IP", &with_usual, &columns));
    ck_assert_uint_eq(columns.present, 1u << FIELD_STATUS | 1u << FIELD_ADDRESS);
    ck_assert(compile(HEADER_FIRST_LINE, "Antwort,IP", &alone, &columns));
    ck_assert_uint_eq(columns.present, 1u << FIELD_STATUS);
    ck_assert_uint_eq(columns.count, 1);
}
END_TEST

START_TEST(cuts_nothing_without_a_header)
{
    struct columns columns = {.style = HEADER_DIRECTIVE, .separator = ' '};
    struct line_fields fields;
    struct slice line = text_copy(slice_of("200 /"), SCAN_SLACK, ' ');
    ck_assert(!columns_cut(&columns, line, &fields));
    columns.style = HEADER_FIRST_LINE;
    ck_assert(!columns_cut(&columns, line, &fields));
    mem_free((char *)line.at);
}
END_TEST

START_TEST(knows_directives)
{
    ck_assert(columns_is_directive(HEADER_DIRECTIVE, SLICE_LITERAL("#Date: 2023-09-16")));
    ck_assert(columns_is_directive(HEADER_DIRECTIVE, SLICE_LITERAL("#")));
    ck_assert(!columns_is_directive(HEADER_DIRECTIVE, SLICE_LITERAL("2023-09-16 #")));
    ck_assert(!columns_is_directive(HEADER_DIRECTIVE, SLICE_LITERAL("")));
    ck_assert(!columns_is_directive(HEADER_FIRST_LINE, SLICE_LITERAL("#Date: 2023-09-16")));
    ck_assert(!columns_is_directive(HEADER_NONE, SLICE_LITERAL("#Date: 2023-09-16")));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("columns");
    TCase *cases = tcase_create("columns");
    tcase_add_loop_test(cases, cuts_a_line, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(cases, finds_extra_fields, 0, sizeof extra_rows / sizeof extra_rows[0]);
    tcase_add_test(cases, extra_fields_make_no_header);
    tcase_add_test(cases, refuses_a_short_line_with_extra_fields);
    tcase_add_loop_test(cases, refuses_a_short_line, 0, sizeof short_lines / sizeof short_lines[0]);
    tcase_add_loop_test(cases, refuses_what_is_no_header, 0,
                        sizeof no_headers / sizeof no_headers[0]);
    tcase_add_test(cases, has_a_limit);
    tcase_add_test(cases, tells_units_ends_and_escapes);
    tcase_add_test(cases, asks_a_map);
    tcase_add_test(cases, cuts_nothing_without_a_header);
    tcase_add_test(cases, knows_directives);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
