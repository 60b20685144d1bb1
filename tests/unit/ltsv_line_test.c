/* Labels and their meaning are those of ltsv.org. */
#include "parser/ltsv_line.h"

#include <check.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/scan.h"
#include "fields_fixture.h"

struct row {
    const char *line;
    struct expected fields[EXPECTED_MAX]; /* all that are there; ends with FIELD_SKIP */
};

static const struct row rows[] = {
    {"time:[28/Feb/2013:12:00:00 +0900]\thost:192.0.2.1\tforwardedfor:192.0.2.7\tuser:-\tident:-\t"
     "req:GET /a:b HTTP/1.1\tstatus:200\tsize:5316\treqsize:7\treferer:http://h/\tua:Mozilla/5.0 "
     "(X)\tvhost:shop.example\treqtime:1.532\tcache:HIT\tcookie:a=b",
     {{FIELD_TIME, "28/Feb/2013:12:00:00 +0900", false},
      {FIELD_ADDRESS, "192.0.2.1", false},
      {FIELD_FORWARDED, "192.0.2.7", false},
      {FIELD_USER, "-", false},
      {FIELD_REQUEST, "GET /a:b HTTP/1.1", false},
      {FIELD_STATUS, "200", false},
      {FIELD_BYTES, "5316", false},
      {FIELD_REFERRER, "http://h/", false},
      {FIELD_AGENT, "Mozilla/5.0 (X)", false},
      {FIELD_HOST, "shop.example", false},
      {FIELD_DURATION, "1.532", false},
      {FIELD_COOKIE, "a=b", false}}},
    {"method:GET\turi:/\tstatus:200",
     {{FIELD_METHOD, "GET", false}, {FIELD_URL, "/", false}, {FIELD_STATUS, "200", false}}},
    /* Whichever comes first: with a better name for the client, "host" is not needed. */
    {"host:h.example\tremote_addr:192.0.2.1", {{FIELD_ADDRESS, "192.0.2.1", false}}},
    {"remote_addr:192.0.2.1\thost:h.example", {{FIELD_ADDRESS, "192.0.2.1", false}}},
    /* Backslashes */
    {"ua:a\\x22b\treferer:c\tuser:\\",
     {{FIELD_AGENT, "a\\x22b", true}, {FIELD_REFERRER, "c", false}, {FIELD_USER, "\\", true}}},
    {"x:\\\tua:a", {{FIELD_AGENT, "a", false}}},
    /* Odd parts are passed over. */
    {"\t\tstatus\tstatus:\tx\t:y\tsize:1\t",
     {{FIELD_STATUS, "", false}, {FIELD_BYTES, "1", false}}},
    {"status:1\tstatus:2", {{FIELD_STATUS, "1", false}}},
    {"status:1 size:2", {{FIELD_STATUS, "1 size:2", false}}},
};

START_TEST(cuts_a_line)
{
    static const char behind[] = {'\t', ':', '\\', 'x'};
    for (size_t i = 0; i < sizeof behind; i++) {
        struct slice line = text_copy(slice_of(rows[_i].line), SCAN_SLACK, behind[i]);
        struct line_fields fields;
        ck_assert_msg(ltsv_line_cut(NULL, line, &fields), "%s", rows[_i].line);
        check_fields(rows[_i].line, rows[_i].fields, &fields);
        mem_free((char *)line.at);
    }
}
END_TEST

static const char *const refused[] = {
    "",
    "\t",
    ":",
    "a:b\tc:d",
    "status",
    "statu\ts:200",
    ":status",
    "{\"status\":200}",
    "192.0.2.1 - - [16/Sep/2023:18:22:16 -0400] \"GET / HTTP/1.1\" 200 1",
};

START_TEST(refuses_a_line_without_known_labels)
{
    struct slice line = text_copy(slice_of(refused[_i]), SCAN_SLACK, ':');
    struct line_fields fields;
    ck_assert_msg(!ltsv_line_cut(NULL, line, &fields), "%s", refused[_i]);
    mem_free((char *)line.at);
}
END_TEST

static const struct named_field own_items[] = {
    {"host", {.field = FIELD_HOST}},
    {"client", {.field = FIELD_SKIP}},
};

START_TEST(asks_a_map_first)
{
    const struct field_map with_usual = {own_items, 2, true, NULL};
    const struct field_map alone = {own_items, 2, false, NULL};
    struct slice line = text_copy(slice_of("host:h\tclient:c\tstatus:200"), SCAN_SLACK, ':');
    struct line_fields fields;
    ck_assert(ltsv_line_cut(&with_usual, line, &fields));
    ck_assert(slice_is(fields.at[FIELD_HOST], "h") && slice_is(fields.at[FIELD_STATUS], "200"));
    ck_assert_ptr_null(fields.at[FIELD_ADDRESS].at);
    ck_assert(ltsv_line_cut(&alone, line, &fields));
    ck_assert(slice_is(fields.at[FIELD_HOST], "h") && !fields.at[FIELD_STATUS].at);
    mem_free((char *)line.at);
    line = text_copy(slice_of("client:c\tstatus:200"), SCAN_SLACK, ':');
    ck_assert(!ltsv_line_cut(&alone, line, &fields));
    mem_free((char *)line.at);
}
END_TEST

static const struct extra_fields extra = {{{"uid", true}, {"X-Session", false}}, 2};
static const struct field_map with_extra = {NULL, 0, true, &extra};

static const struct row extra_rows[] = {
    {"uid:a\tx_session:b\\x22\tstatus:200\thost:192.0.2.1",
     {{FIELD_EXTRA, "a", false},
      {FIELD_EXTRA + 1, "b\\x22", true},
      {FIELD_STATUS, "200", false},
      {FIELD_ADDRESS, "192.0.2.1", false}}},
    /* The label that says what it is, wherever it stands; of equals the first. */
    {"uid:a\tcookie_uid:b\tstatus:1", {{FIELD_EXTRA, "b", false}, {FIELD_STATUS, "1", false}}},
    {"cookie_uid:b\tuid:a\tstatus:1", {{FIELD_EXTRA, "b", false}, {FIELD_STATUS, "1", false}}},
    {"uid:a\tuid:b\tstatus:1", {{FIELD_EXTRA, "a", false}, {FIELD_STATUS, "1", false}}},
    {"user:u\tsession:x\tuid2:y", {{FIELD_USER, "u", false}}},
};

START_TEST(finds_extra_fields)
{
    struct slice line = text_copy(slice_of(extra_rows[_i].line), SCAN_SLACK, ':');
    struct line_fields fields;
    ck_assert_msg(ltsv_line_cut(&with_extra, line, &fields), "%s", extra_rows[_i].line);
    check_fields(extra_rows[_i].line, extra_rows[_i].fields, &fields);
    mem_free((char *)line.at);
}
END_TEST

/* A line is of this format by the usual labels, or not at all. */
START_TEST(extra_fields_make_no_line)
{
    struct slice line = text_copy(slice_of("uid:a\tX-Session:b"), SCAN_SLACK, ':');
    struct line_fields fields;
    ck_assert(!ltsv_line_cut(&with_extra, line, &fields));
    mem_free((char *)line.at);
}
END_TEST

START_TEST(ranks_own_labels_first)
{
    static const struct named_field items[] = {{"client", {.field = FIELD_ADDRESS, .rank = 1}}};
    const struct field_map map = {items, 1, true, NULL};
    struct slice line = text_copy(slice_of("c_ip:192.0.2.9\tclient:192.0.2.1"), SCAN_SLACK, ':');
    struct line_fields fields;
    ck_assert(ltsv_line_cut(&map, line, &fields));
    ck_assert(slice_is(fields.at[FIELD_ADDRESS], "192.0.2.1"));
    mem_free((char *)line.at);
}
END_TEST

START_TEST(tells_the_unit)
{
    struct slice line =
        text_copy(slice_of("reqtime:1.5\treqtime_microsec:1500000\ttime_local:x"), SCAN_SLACK, ':');
    struct line_fields fields;
    ck_assert(ltsv_line_cut(NULL, line, &fields));
    ck_assert(slice_is(fields.at[FIELD_DURATION], "1500000"));
    ck_assert_uint_eq(fields.duration_unit, DURATION_US);
    ck_assert(fields.time_is_end);
    mem_free((char *)line.at);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ltsv_line");
    TCase *cases = tcase_create("ltsv_line");
    tcase_add_loop_test(cases, cuts_a_line, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(cases, refuses_a_line_without_known_labels, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(cases, asks_a_map_first);
    tcase_add_loop_test(cases, finds_extra_fields, 0, sizeof extra_rows / sizeof extra_rows[0]);
    tcase_add_test(cases, extra_fields_make_no_line);
    tcase_add_test(cases, ranks_own_labels_first);
    tcase_add_test(cases, tells_the_unit);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
