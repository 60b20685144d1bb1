/* Which format a sample has; the counts are those of the rows, by hand. */
#include "parser/detect.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/memory.h"

#define VHOST                                                                                      \
    "shop.example:80 192.0.2.1 - - [16/Sep/2023:18:22:16 -0400] \"GET / HTTP/1.1\" 200 1 "         \
    "\"-\" \"x\"\n"
#define COMBINED  "192.0.2.1 - - [16/Sep/2023:18:22:16 -0400] \"GET / HTTP/1.1\" 200 1 \"-\" \"x\"\n"
#define COMMON    "192.0.2.1 - - [16/Sep/2023:18:22:16 -0400] \"GET / HTTP/1.1\" 200 1\n"
#define ZONELESS  "192.0.2.1 - - [16/Sep/2023:18:22:16] \"GET / HTTP/1.1\" 200 1\n"
#define BAD_TIME  "192.0.2.1 - - [16/Foo/2023:18:22:16 -0400] \"GET / HTTP/1.1\" 200 1\n"
#define RUBBISH   "()&%<acx><ScRiPt >\n"
#define SCAN_408  "192.0.2.1 - - [16/Sep/2023:18:22:16 -0400] \"-\" 408 - \"-\" \"-\"\n"
#define STAMP_MS  INT64_C(1694902936000)
#define BARE_MS   INT64_C(1694888536000)
#define FIVE(row) row row row row row

struct row {
    const char *text, *only, *format, *runner_up;
    size_t lines, accepted, runner_up_accepted;
    int64_t first_ms;
    const char *zone;
};

static const struct row rows[] = {
    /* Each format alone; the less specific that fits as well comes second. */
    {VHOST VHOST, NULL, "vhost_combined", "vhost_common", 2, 2, 2, STAMP_MS, NULL},
    {COMBINED COMBINED, NULL, "combined", "common", 2, 2, 2, STAMP_MS, NULL},
    {COMMON COMMON, NULL, "common", NULL, 2, 2, 0, STAMP_MS, NULL},
    /* A tie of two formats goes to the one with more fields, whatever the order of the lines. */
    {COMBINED, NULL, "combined", "common", 1, 1, 1, STAMP_MS, NULL},
    {VHOST, NULL, "vhost_combined", "vhost_common", 1, 1, 1, STAMP_MS, NULL},
    /* Mixed: of formats that fit half of the lines or more the one that knows most. */
    {COMMON COMBINED COMBINED, NULL, "combined", "common", 3, 2, 3, STAMP_MS, NULL},
    {COMMON COMMON COMMON COMBINED, NULL, "common", "combined", 4, 4, 1, STAMP_MS, NULL},
    {VHOST COMBINED COMBINED COMBINED, NULL, "combined", "common", 4, 4, 4, STAMP_MS, NULL},
    /* Rubbish before, between, and only. */
    {FIVE(RUBBISH) COMBINED, NULL, "combined", "common", 6, 1, 1, STAMP_MS, NULL},
    {FIVE(RUBBISH) FIVE(RUBBISH) VHOST RUBBISH VHOST, NULL, "vhost_combined", "vhost_common", 13, 2,
     2, STAMP_MS, NULL},
    {FIVE(RUBBISH), NULL, NULL, NULL, 5, 0, 0, CIVIL_NO_TIME, NULL},
    {BAD_TIME BAD_TIME, NULL, NULL, NULL, 2, 0, 0, CIVIL_NO_TIME, NULL},
    {FIVE(SCAN_408), NULL, "combined", "common", 5, 5, 5, STAMP_MS, NULL},
    /* The first time is that of the first accepted line. */
    {BAD_TIME ZONELESS COMMON, NULL, "common", NULL, 3, 2, 0, BARE_MS, NULL},
    {BAD_TIME ZONELESS COMMON, NULL, "common", NULL, 3, 2, 0, BARE_MS - 7200000, "+02:00"},
    {COMMON ZONELESS, NULL, "common", NULL, 2, 2, 0, STAMP_MS, "+02:00"},
    /* Nothing to judge. */
    {"", NULL, NULL, NULL, 0, 0, 0, CIVIL_NO_TIME, NULL},
    {"\n\n \n\t\r\n", NULL, NULL, NULL, 0, 0, 0, CIVIL_NO_TIME, NULL},
    {"\n" COMMON "\n \n" COMMON, NULL, "common", NULL, 2, 2, 0, STAMP_MS, NULL},
    /* A format that the user gave is judged alone. */
    {COMBINED COMBINED, "common", "common", NULL, 2, 2, 0, STAMP_MS, NULL},
    {COMMON COMMON COMBINED, "combined", "combined", NULL, 3, 1, 0, STAMP_MS, NULL},
    {COMMON COMMON, "combined", NULL, NULL, 2, 0, 0, CIVIL_NO_TIME, NULL},
};

static struct block *make_block(const char *text)
{
    struct block *block = mem_zeroed(1, sizeof *block);
    block->size = strlen(text);
    memcpy(block->bytes, text, block->size);
    return block;
}

static const char *name_of(const struct log_format *format)
{
    return format ? format->name : "none";
}

START_TEST(finds_the_format)
{
    const struct row *row = &rows[_i];
    struct block *block = make_block(row->text);
    const struct log_format *only = row->only ? format_find(row->only) : NULL;
    struct time_zone *zone = row->zone ? time_zone_new(row->zone) : NULL;
    struct arena arena;
    arena_init(&arena);
    struct detection found =
        detect_format(block, &(struct detect_options){.only = only, .zone = zone}, &arena);
    ck_assert_str_eq(name_of(found.line_format.format), row->format ? row->format : "none");
    ck_assert_str_eq(name_of(found.runner_up), row->runner_up ? row->runner_up : "none");
    ck_assert_uint_eq(found.lines, row->lines);
    ck_assert_uint_eq(found.accepted, row->accepted);
    ck_assert_uint_eq(found.runner_up_accepted, row->runner_up_accepted);
    ck_assert_int_eq(found.first_ms, row->first_ms);
    arena_clear(&arena);
    time_zone_free(zone);
    mem_free(block);
}
END_TEST

/* The sample has at most DETECT_LINES lines, from all of the block: rubbish hides nothing. */
START_TEST(the_sample_is_bounded)
{
    enum { RUBBISH_LINES = 5 * DETECT_LINES, GOOD_LINES = DETECT_LINES / 2 };
    struct block *block = mem_zeroed(1, sizeof *block);
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < RUBBISH_LINES; i++)
        block->size += (size_t)sprintf(block->bytes + block->size, "%s", RUBBISH);
    struct detection found = detect_format(block, &(struct detect_options){0}, &arena);
    ck_assert_ptr_null(found.line_format.format);
    ck_assert_uint_eq(found.lines, DETECT_LINES);
    for (size_t i = 0; i < GOOD_LINES; i++)
        block->size += (size_t)sprintf(block->bytes + block->size, "%s", COMMON);
    found = detect_format(block, &(struct detect_options){0}, &arena);
    ck_assert_str_eq(name_of(found.line_format.format), "common");
    ck_assert_uint_le(found.lines, DETECT_LINES);
    ck_assert_uint_gt(found.accepted, 0);
    ck_assert_int_eq(found.first_ms, STAMP_MS);
    ck_assert_uint_eq(found.with_rest, 0);
    arena_clear(&arena);
    mem_free(block);
}
END_TEST

/* Lines that go on behind the last field of their format are told from others. */
START_TEST(a_rest_is_seen)
{
    static const char combined_with_rest[] = "192.0.2.1 - - [16/Sep/2023:18:22:16 -0400] \"GET / "
                                             "HTTP/1.1\" 200 1 \"-\" \"x\" and more\n";
    struct arena arena;
    arena_init(&arena);
    struct block *block = make_block(combined_with_rest);
    struct detection found = detect_format(block, &(struct detect_options){0}, &arena);
    ck_assert_str_eq(name_of(found.line_format.format), "combined");
    ck_assert_uint_eq(found.with_rest, 1);
    mem_free(block);
    block = make_block(COMBINED);
    found = detect_format(block, &(struct detect_options){0}, &arena);
    ck_assert_uint_eq(found.with_rest, 0);
    mem_free(block);
    arena_clear(&arena);
}
END_TEST

/* What was asked for is found in the lines of every format that names its fields. */
#define JSON                                                                                       \
    "{\"remote_addr\":\"192.0.2.1\",\"time_local\":\"16/Sep/2023:18:22:16 -0400\","                \
    "\"request\":\"GET / HTTP/1.1\",\"status\":200,\"cookie_uid\":\"a\"}\n"
#define CADDY                                                                                      \
    "{\"ts\":1694902936,\"request\":{\"remote_ip\":\"192.0.2.1\",\"method\":\"GET\",\"uri\":\"/"   \
    "\","                                                                                          \
    "\"headers\":{\"X-Session\":[\"b\"]}},\"status\":200,\"duration\":0.1,\"size\":1}\n"
#define LTSV                                                                                       \
    "host:192.0.2.1\ttime:[16/Sep/2023:18:22:16 -0400]\treq:GET / HTTP/1.1\tstatus:200\tuid:a\n"

static const struct {
    const char *text, *only;
    const char *uid, *session;
} with_extra[] = {
    {JSON JSON, NULL, "a", ""},
    {JSON, "json", "a", ""},
    {CADDY CADDY, NULL, "", "b"},
    {CADDY, "caddy", "", "b"},
    {LTSV LTSV, NULL, "a", ""},
    {"#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(X-Session)\n"
     "2023-09-16 22:22:16 192.0.2.1 GET / 200 b\n",
     NULL, "", "b"},
    {"time,client_ip,method,url,status,uid,x_session\n"
     "2023-09-16T22:22:16Z,192.0.2.1,GET,/,200,a,b\n",
     NULL, "a", "b"},
    {COMBINED COMBINED, NULL, "", ""},
    {COMMON COMMON "uid:a\n", NULL, "", ""},
    {FIVE("uid:a\tX-Session:b\n"), NULL, NULL, NULL},
    {FIVE("{\"uid\":\"a\"}\n"), NULL, NULL, NULL},
};

static void check_extra(const struct detection *found, const char *uid, const char *session,
                        struct block *block)
{
    struct line_parser *parser = line_parser_new(NULL);
    struct slice rest = {block->bytes, block->size}, first;
    struct line line;
    struct hit hit;
    enum reject_reason reason;
    ck_assert(lines_next(&rest, &line));
    first = line.text;
    line_parser_begin(parser, &found->line_format, first);
    while (line_parser_read(parser, &line, &hit, &reason) != LINE_HIT)
        ck_assert(lines_next(&rest, &line));
    ck_assert_msg(slice_is(hit.extra[0], uid), "%s: uid", block->bytes);
    ck_assert_msg(slice_is(hit.extra[1], session), "%s: X-Session", block->bytes);
    line_parser_free(parser);
}

START_TEST(extra_fields_decide_nothing)
{
    static const struct extra_fields extra = {{{"uid", true}, {"X-Session", false}}, 2};
    struct detect_options options = {0};
    struct arena arena;
    arena_init(&arena);
    struct block *block = make_block(with_extra[_i].text);
    if (with_extra[_i].only)
        options.only = format_find(with_extra[_i].only);
    struct detection without = detect_format(block, &options, &arena);
    options.extra = &extra;
    struct detection with = detect_format(block, &options, &arena);
    ck_assert_str_eq(name_of(with.line_format.format), name_of(without.line_format.format));
    ck_assert_str_eq(name_of(with.line_format.second), name_of(without.line_format.second));
    ck_assert_str_eq(name_of(with.runner_up), name_of(without.runner_up));
    ck_assert_uint_eq(with.lines, without.lines);
    ck_assert_uint_eq(with.accepted, without.accepted);
    ck_assert_int_eq(with.first_ms, without.first_ms);
    ck_assert((with.line_format.format != NULL) == (with_extra[_i].uid != NULL));
    if (with.line_format.format)
        check_extra(&with, with_extra[_i].uid, with_extra[_i].session, block);
    arena_clear(&arena);
    mem_free(block);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("detect");
    TCase *samples = tcase_create("samples");
    tcase_add_loop_test(samples, finds_the_format, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_loop_test(samples, extra_fields_decide_nothing, 0,
                        (int)(sizeof with_extra / sizeof with_extra[0]));
    tcase_add_test(samples, the_sample_is_bounded);
    tcase_add_test(samples, a_rest_is_seen);
    suite_add_tcase(suite, samples);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
