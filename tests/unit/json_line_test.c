/*
 * Lines are what the servers' documentation shows; what is JSON and what is not follows RFC 8259.
 */
#include "parser/json_line.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "parser/hit.h"
#include "parser/json_scan.h"
#include "fields_fixture.h"

enum { ROUNDS = 3 };

struct row {
    const char *line;
    struct expected fields[EXPECTED_MAX]; /* all that are there; ends with FIELD_SKIP */
};

static const struct row rows[] = {
    /* nginx with escape=json */
    {"{\"time_iso8601\":\"2023-09-16T18:22:16+00:00\",\"remote_addr\":\"192.0.2.1\","
     "\"request_uri\":\"\\/a?b=\\\"c\\\"\",\"status\": 200,\"request_time\":0.123,"
     "\"http_user_agent\":\"Mozilla\",\"http_referer\":\"\",\"upstream_status\":\"200\"}",
     {{FIELD_TIME, "2023-09-16T18:22:16+00:00", false},
      {FIELD_ADDRESS, "192.0.2.1", false},
      {FIELD_URL, "\\/a?b=\\\"c\\\"", true},
      {FIELD_STATUS, "200", false},
      {FIELD_DURATION, "0.123", false},
      {FIELD_AGENT, "Mozilla", false},
      {FIELD_REFERRER, "", false}}},
    /* Caddy */
    {"{\"level\":\"info\",\"ts\":1694902936.123,\"logger\":\"http.log.access\",\"request\":{"
     "\"remote_ip\":\"10.0.0.1\",\"client_ip\":\"192.0.2.1\",\"method\":\"GET\",\"host\":\"h."
     "example\","
     "\"uri\":\"/a\",\"headers\":{\"Accept\":[\"*/*\",\"x\"],\"User-Agent\":[\"curl/"
     "8\",\"second\"],"
     "\"Referer\":[]},\"tls\":{\"resumed\":false,\"version\":772}},\"user_id\":\"\","
     "\"duration\":0.0011,\"size\":12,\"status\":404,\"resp_headers\":{\"User-Agent\":[\"no\"]}}",
     {{FIELD_TIME, "1694902936.123", false},
      {FIELD_ADDRESS, "192.0.2.1", false},
      {FIELD_METHOD, "GET", false},
      {FIELD_HOST, "h.example", false},
      {FIELD_URL, "/a", false},
      {FIELD_AGENT, "curl/8", false},
      {FIELD_USER, "", false},
      {FIELD_DURATION, "0.0011", false},
      {FIELD_BYTES, "12", false},
      {FIELD_STATUS, "404", false}}},
    /* Google Cloud */
    {" { \"httpRequest\" : { \"latency\" : \"0.058927s\" , \"requestUrl\":\"https://h/\" } ,\t"
     "\"timestamp\" : \"2023-09-16T18:22:16Z\" } \t",
     {{FIELD_DURATION, "0.058927s", false},
      {FIELD_URL, "https://h/", false},
      {FIELD_TIME, "2023-09-16T18:22:16Z", false}}},
    /* Fluentd and Tomcat call the client "host". */
    {"{\"host\":\"192.0.2.9\",\"code\":\"200\",\"time\":\"[16/Sep/2023:18:22:16 -0400]\"}",
     {{FIELD_ADDRESS, "192.0.2.9", false},
      {FIELD_STATUS, "200", false},
      {FIELD_TIME, "16/Sep/2023:18:22:16 -0400", false}}},
    {"{\"host\":\"h.example\",\"code\":200}",
     {{FIELD_HOST, "h.example", false}, {FIELD_STATUS, "200", false}}},
    {"{\"host\":\"192.0.2.9\",\"remote_addr\":\"192.0.2.1\"}",
     {{FIELD_HOST, "192.0.2.9", false}, {FIELD_ADDRESS, "192.0.2.1", false}}},
    /* The lower rank counts, of equals the first, wherever they stand. */
    {"{\"OriginStatus\":500,\"DownstreamStatus\":200}", {{FIELD_STATUS, "200", false}}},
    {"{\"DownstreamStatus\":200,\"OriginStatus\":500}", {{FIELD_STATUS, "200", false}}},
    {"{\"status\":1,\"status\":2}", {{FIELD_STATUS, "1", false}}},
    {"{\"code\":\"a\\nb\",\"status\":2}", {{FIELD_STATUS, "2", false}}},
    {"{\"status\":2,\"code\":\"a\\nb\"}", {{FIELD_STATUS, "2", false}}},
    /* null is as if it were not there; words and numbers stay as they are. */
    {"{\"status\":null,\"code\":7}", {{FIELD_STATUS, "7", false}}},
    {"{\"user\":true,\"cookie\":false,\"size\":-1.5E+3,\"status\":-}",
     {{FIELD_USER, "true", false},
      {FIELD_COOKIE, "false", false},
      {FIELD_BYTES, "-1.5E+3", false},
      {FIELD_STATUS, "-", false}}},
    /* Lists: the first item, whatever it is. */
    {"{\"status\":[],\"code\":[1,2]}", {{FIELD_STATUS, "1", false}}},
    {"{\"status\":[[[3],4],5]}", {{FIELD_STATUS, "3", false}}},
    {"{\"status\":[null,4]}", {{FIELD_SKIP, NULL, false}}},
    {"{\"status\":[{\"x\":1},4]}", {{FIELD_SKIP, NULL, false}}},
    {"{\"request\":[{\"uri\":\"/1\"},{\"uri\":\"/2\",\"method\":\"GET\"}]}",
     {{FIELD_URL, "/1", false}}},
    /* Paths */
    {"{\"request.uri\":\"/\"}", {{FIELD_URL, "/", false}}},
    {"{\"a\":{\"status\":1,\"request\":{\"uri\":2}},\"uri\":3}", {{FIELD_URL, "3", false}}},
    {"{\"\":{\"status\":1},\"request\":{\"\":{\"uri\":2}}}", {{FIELD_SKIP, NULL, false}}},
    {"{\"status\":{\"status\":1},\"code\":2}", {{FIELD_STATUS, "2", false}}},
    {"{\"stat\\u0075s\":1,\"code\":2}", {{FIELD_STATUS, "2", false}}},
    /* What servers write although JSON does not have it. */
    {"{\"uri\":\"/\\x22\\u12\xff\x7f\"}", {{FIELD_URL, "/\\x22\\u12\xff\x7f", true}}},
    {"{\"user\":\"\\\\\"}", {{FIELD_USER, "\\\\", true}}},
    /* Nothing that is needed */
    {"{}", {{FIELD_SKIP, NULL, false}}},
    {" { } ", {{FIELD_SKIP, NULL, false}}},
    {"{\"a\":[{}, [] , [ ] ,{ }]}", {{FIELD_SKIP, NULL, false}}},
};

/* With a cookie and a header that somebody asked for. */
static const struct extra_fields extra = {{{"uid", true}, {"X-Session", false}}, 2};
static const struct field_map with_extra = {NULL, 0, true, &extra};

static const struct row extra_rows[] = {
    /* Caddy: lists, of which the first item counts */
    {"{\"request\":{\"headers\":{\"X-Session\":[\"a\\n\",\"b\"],\"Cookie\":[\"uid=1\"]}},"
     "\"status\":200}",
     {{FIELD_EXTRA + 1, "a\\n", true},
      {FIELD_COOKIE, "uid=1", false},
      {FIELD_STATUS, "200", false}}},
    {"{\"headers\":{\"x-session\":\"a\",\"cookie\":\"uid=1\"},\"cookies\":{\"uid\":7}}",
     {{FIELD_EXTRA + 1, "a", false}, {FIELD_COOKIE, "uid=1", false}, {FIELD_EXTRA, "7", false}}},
    /* nginx */
    {"{\"http_x_session\":\"a\",\"cookie_uid\":\"-\",\"http_cookie\":\"b\"}",
     {{FIELD_EXTRA + 1, "a", false}, {FIELD_EXTRA, "-", false}, {FIELD_COOKIE, "b", false}}},
    /* The name that says what it is, whatever comes first */
    {"{\"uid\":\"a\",\"cookie_uid\":\"b\"}", {{FIELD_EXTRA, "b", false}}},
    {"{\"cookie_uid\":\"b\",\"uid\":\"a\"}", {{FIELD_EXTRA, "b", false}}},
    {"{\"uid\":\"a\",\"cookie_uid\":null}", {{FIELD_EXTRA, "a", false}}},
    {"{\"a\":{\"uid\":1},\"session\":2,\"headers\":{\"uid\":3}}", {{FIELD_SKIP, NULL, false}}},
    {"{\"resp_headers\":{\"X-Session\":[\"a\"]}}", {{FIELD_SKIP, NULL, false}}},
};

static void cut_row(struct json_memory *memory, const struct row *row, char behind)
{
    struct slice line = text_copy(slice_of(row->line), SCAN_SLACK, behind);
    struct line_fields fields;
    ck_assert_msg(json_line_cut(memory, line, &fields), "%s", row->line);
    check_fields(row->line, row->fields, &fields);
    mem_free((char *)line.at);
}

START_TEST(cuts_a_line)
{
    static const char behind[ROUNDS] = {'"', '}', '5'};
    struct json_memory *memory = json_memory_new(NULL);
    for (int round = 0; round < ROUNDS; round++)
        cut_row(memory, &rows[_i], behind[round]);
    json_memory_free(memory);
}
END_TEST

START_TEST(finds_extra_fields)
{
    struct json_memory *memory = json_memory_new(&with_extra);
    for (int round = 0; round < ROUNDS; round++)
        cut_row(memory, &extra_rows[_i], '"');
    json_memory_free(memory);
}
END_TEST

/* What the lines before it were changes nothing. */
START_TEST(one_memory_for_all)
{
    struct json_memory *memory = json_memory_new(NULL);
    for (size_t first = 0; first < sizeof rows / sizeof rows[0]; first++) {
        for (size_t second = 0; second < sizeof rows / sizeof rows[0]; second++) {
            cut_row(memory, &rows[first], '"');
            cut_row(memory, &rows[second], '"');
        }
    }
    json_memory_free(memory);
}
END_TEST

static const char *const refused[] = {
    "",
    " ",
    "{",
    "}",
    "[]",
    "\"a\"",
    "1",
    "null",
    "{\"status\"",
    "{\"status\":",
    "{\"status\":200",
    "{\"status\":200,",
    "{\"status\":\"200",
    "{\"status\":\"200\\",
    "{\"status\":\"200\\\"",
    "{\"status\":\"200\\\"}",
    "{\"status\":{\"a\":1}",
    "{\"status\":[1}",
    "{\"status\":[1]]",
    "{\"status\":{\"a\":1]}",
    "{\"status\":200}}",
    "{\"status\":200} x",
    "{\"status\":200}{}",
    "{\"status\":200,}",
    "{,\"status\":200}",
    "{\"status\":200,,\"a\":1}",
    "{\"status\":200 \"a\":1}",
    "{\"status\" 200}",
    "{\"status\"::200}",
    "{\"status\":,\"a\":1}",
    "{\"status\":[1,]}",
    "{\"status\":[,1]}",
    "{\"status\":[1 2]}",
    "{\"status\":+1}",
    "{\"status\":.5}",
    "{\"status\":1x}",
    "{\"status\":tru}",
    "{\"status\":truex}",
    "{\"status\":True}",
    "{\"status\":nul}",
    "{\"status\":undefined}",
    "{status:200}",
    "{'status':200}",
    "{200:200}",
    "{\"a\tb\":1}",
    "{\"a\":\"b\tc\"}",
    "{\"a\":\"b\\\tc\"}",
    "{\"a\":\"0123456789abcdef\x1f\"}",
    "{\"a\":[[[[[[[[[[[[1,\x01]]]]]]]]]]]]}",
    "x{\"status\":200}",
    "192.0.2.1 - - [16/Sep/2023:18:22:16 -0400] \"GET / HTTP/1.1\" 200 1",
};

START_TEST(refuses_what_is_no_object)
{
    static const char behind[ROUNDS] = {'"', '}', ' '};
    struct json_memory *memory = json_memory_new(NULL);
    for (int round = 0; round < ROUNDS; round++) {
        struct slice line = text_copy(slice_of(refused[_i]), SCAN_SLACK, behind[round]);
        struct line_fields fields;
        ck_assert_msg(!json_line_cut(memory, line, &fields), "%s", refused[_i]);
        mem_free((char *)line.at);
    }
    json_memory_free(memory);
}
END_TEST

static bool is_cut(struct json_memory *memory, struct slice text, struct line_fields *fields)
{
    struct slice line = text_copy(text, SCAN_SLACK, '}');
    bool is_object = json_line_cut(memory, line, fields);
    mem_free((char *)line.at);
    return is_object;
}

START_TEST(refuses_a_nul)
{
    struct json_memory *memory = json_memory_new(NULL);
    struct line_fields fields;
    ck_assert(is_cut(memory, (struct slice){"{\"a\":1} ", 8}, &fields));
    ck_assert(!is_cut(memory, (struct slice){"{\"a\":1}\0", 8}, &fields));
    ck_assert(!is_cut(memory, (struct slice){"{\"a\":\0}", 7}, &fields));
    ck_assert(!is_cut(memory, (struct slice){"{\0}", 3}, &fields));
    json_memory_free(memory);
}
END_TEST

/* {"request":{"request": ... {"status":1} ...}} */
static struct slice nested(char *out, size_t depth, const char *name)
{
    char *at = out;
    for (size_t i = 1; i < depth; i++)
        at += sprintf(at, "{\"%s\":", name);
    at += sprintf(at, "{\"status\":1}");
    for (size_t i = 1; i < depth; i++)
        *at++ = '}';
    return (struct slice){out, (size_t)(at - out)};
}

static const struct named_field deep_items[] = {
    {"a.a.a.a.a.a.a.status", {.field = FIELD_STATUS}},
    {"a.a.a.a.a.a.a.a.status", {.field = FIELD_STATUS}},
};
static const struct field_map deep_map = {deep_items, 2, false, NULL};

START_TEST(passes_over_what_is_too_deep)
{
    char text[400];
    struct json_memory *memory = json_memory_new(&deep_map);
    struct line_fields fields;
    ck_assert_int_eq(JSON_DEPTH, 8);
    for (int round = 0; round < ROUNDS; round++) {
        ck_assert(is_cut(memory, nested(text, 8, "a"), &fields));
        ck_assert_uint_eq(fields.at[FIELD_STATUS].size, 1);
        ck_assert(is_cut(memory, nested(text, 9, "a"), &fields));
        ck_assert_ptr_null(fields.at[FIELD_STATUS].at);
        ck_assert(is_cut(memory, nested(text, 7, "a"), &fields));
        ck_assert_ptr_null(fields.at[FIELD_STATUS].at);
        ck_assert(is_cut(memory, nested(text, 30, "a"), &fields));
    }
    json_memory_free(memory);
}
END_TEST

/* A line of brackets is no way to make it recurse, or to leave its memory. */
START_TEST(takes_any_depth)
{
    struct json_memory *memory = json_memory_new(NULL);
    struct line_fields fields;
    size_t depth = LINE_LIMIT;
    char *text = mem_alloc(2 * depth + 10);
    memcpy(text, "{\"a\":", 5);
    memset(text + 5, '[', depth);
    memset(text + 5 + depth - 1, ']', depth - 1);
    text[5 + 2 * (depth - 1)] = '}';
    ck_assert(is_cut(memory, (struct slice){text, 2 * depth + 4}, &fields));
    text[5 + 2 * (depth - 1) - 1] = '}';
    ck_assert(!is_cut(memory, (struct slice){text, 2 * depth + 4}, &fields));
    memset(text + 5, '[', 2 * depth);
    ck_assert(!is_cut(memory, (struct slice){text, 2 * depth + 5}, &fields));
    mem_free(text);
    json_memory_free(memory);
}
END_TEST

/* "a.nnn...": a path of 256 bytes is the longest that is looked up. */
START_TEST(passes_over_paths_that_are_too_long)
{
    char name[JSON_PATH_BYTES + 2], line[JSON_PATH_BYTES + 40];
    ck_assert_int_eq(JSON_PATH_BYTES, 256);
    for (size_t size = 200; size <= 257; size++) {
        memset(name, 'n', size);
        memcpy(name, "a.", 2);
        name[size] = '\0';
        const struct named_field item = {name, {.field = FIELD_STATUS}};
        const struct field_map map = {&item, 1, false, NULL};
        struct json_memory *memory = json_memory_new(&map);
        struct line_fields fields;
        sprintf(line, "{\"a\":{\"%s\":1}}", name + 2);
        ck_assert(is_cut(memory, slice_of(line), &fields));
        ck_assert_uint_eq(fields.at[FIELD_STATUS].size, size <= 256);
        json_memory_free(memory);
    }
}
END_TEST

/* Far more names than are remembered, of all sizes; then the known ones again. */
START_TEST(forgets_without_mistakes)
{
    struct json_memory *memory = json_memory_new(NULL);
    char line[200];
    for (int i = 0; i < 20000; i++) {
        struct line_fields fields;
        int padding = i % 50;
        sprintf(line, "{\"%d%0*d\":{\"status\":1,\"n%d\":2},\"status\":\"%d\",\"x%d\":3}", i,
                padding + 1, 0, i / 3, i, i / 7);
        ck_assert(is_cut(memory, slice_of(line), &fields));
        ck_assert_uint_eq(fields.at[FIELD_STATUS].size, (size_t)snprintf(NULL, 0, "%d", i));
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cut_row(memory, &rows[i], '"');
    json_memory_free(memory);
}
END_TEST

START_TEST(tells_units_and_ends)
{
    struct json_memory *memory = json_memory_new(NULL);
    struct line_fields fields;
    ck_assert(is_cut(memory, SLICE_LITERAL("{\"Duration\":1,\"StartUTC\":\"x\",\"time\":\"y\"}"),
                     &fields));
    ck_assert_uint_eq(fields.duration_unit, DURATION_NS);
    ck_assert(!fields.time_is_end);
    ck_assert(is_cut(memory, SLICE_LITERAL("{\"request_time\":1,\"time_local\":\"x\"}"), &fields));
    ck_assert_uint_eq(fields.duration_unit, DURATION_S);
    ck_assert(fields.time_is_end);
    ck_assert(is_cut(memory, SLICE_LITERAL("{\"time_local\":\"x\",\"StartUTC\":\"y\"}"), &fields));
    ck_assert(!fields.time_is_end);
    json_memory_free(memory);
}
END_TEST

/* Both forms of the scan against each other, each special byte at each place. */
START_TEST(scans_as_its_twin)
{
    static const char special[] = {'"', '\\', '\0', '\x1f', ' ', '!', '\x7f', '\x80', '\xff'};
    char text[80 + SCAN_SLACK];
    for (size_t size = 0; size < 80; size++) {
        for (size_t at = 0; at < size + 3; at++) {
            for (size_t i = 0; i < sizeof special; i++) {
                memset(text, 'x', sizeof text);
                text[at] = special[i];
                bool is_found = i < 4 && at < size;
                ck_assert_ptr_eq(json_scan_portable(text, text + size),
                                 text + (is_found ? at : size));
                ck_assert_ptr_eq(json_scan(text, text + size), text + (is_found ? at : size));
            }
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_line");
    TCase *cases = tcase_create("json_line");
    tcase_add_loop_test(cases, cuts_a_line, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(cases, finds_extra_fields, 0, sizeof extra_rows / sizeof extra_rows[0]);
    tcase_add_test(cases, one_memory_for_all);
    tcase_add_loop_test(cases, refuses_what_is_no_object, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(cases, refuses_a_nul);
    tcase_add_test(cases, passes_over_what_is_too_deep);
    tcase_add_test(cases, takes_any_depth);
    tcase_add_test(cases, passes_over_paths_that_are_too_long);
    tcase_add_test(cases, forgets_without_mistakes);
    tcase_add_test(cases, tells_units_and_ends);
    tcase_add_test(cases, scans_as_its_twin);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
