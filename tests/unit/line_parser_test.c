/*
 * Lines as servers write them (Apache 2.4, nginx, IIS behind a converter), and what every field of
 * them is. The times are from Python's datetime.
 */
#include "parser/line_parser.h"

#include <check.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/scan.h"
#include "parser/spec.h"

/* The time of most rows, 2023-09-16 18:22:16 at -04:00. */
#define STAMP        "[16/Sep/2023:18:22:16 -0400]"
#define STAMP_MS     INT64_C(1694902936000)
#define BARE_MS      INT64_C(1694888536000) /* without a zone, in UTC */
#define FIREFOX      "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/117.0"
#define WITH_FIREFOX " \"https://example.org/\" \"" FIREFOX "\""

struct row {
    const char *format, *line;
    size_t line_size; /* 0: strlen */
    int64_t time_ms;
    const char *host, *address, *user, *path, *query;
    enum request_method method;
    enum request_kind kind;
    unsigned status;
    int64_t size_bytes;
    const char *referrer, *agent;
};

static const struct row rows[] = {
    {.format = "combined",
     .line = "192.0.2.1 - - " STAMP " \"GET /cart?step=2 HTTP/1.1\" 200 3878" WITH_FIREFOX,
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/cart",
     .query = "step=2",
     .status = 200,
     .size_bytes = 3878,
     .referrer = "https://example.org/",
     .agent = FIREFOX},
    {.format = "common",
     .line = "192.0.2.1 - frank " STAMP " \"GET /apache_pb.gif HTTP/1.0\" 304 -",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "frank",
     .method = METHOD_GET,
     .kind = KIND_ASSET,
     .path = "/apache_pb.gif",
     .status = 304,
     .size_bytes = -1},
    /* A combined line is a common one with more behind it. */
    {.format = "common",
     .line = "192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 200 12" WITH_FIREFOX,
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .status = 200,
     .size_bytes = 12},
    {.format = "vhost_combined",
     .line = "shop.example:443 2001:db8::1 - - " STAMP
             " \"POST /checkout HTTP/2.0\" 302 0" WITH_FIREFOX,
     .time_ms = STAMP_MS,
     .host = "shop.example",
     .address = "2001:db8::1",
     .user = "-",
     .method = METHOD_POST,
     .kind = KIND_PAGE,
     .path = "/checkout",
     .status = 302,
     .size_bytes = 0,
     .referrer = "https://example.org/",
     .agent = FIREFOX},
    /* Without a zone, the protocol with a blank, milliseconds behind. */
    {.format = "combined",
     .line =
         "209.160.24.63 - - [16/Sep/2023:18:22:16] \"GET /cart.do?action=view&itemId=EST-6 "
         "HTTP 1.1\" 200 1748 \"http://www.example.com/oldlink?itemId=EST-6\" \"" FIREFOX "\" 731",
     .time_ms = BARE_MS,
     .address = "209.160.24.63",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/cart.do",
     .query = "action=view&itemId=EST-6",
     .status = 200,
     .size_bytes = 1748,
     .referrer = "http://www.example.com/oldlink?itemId=EST-6",
     .agent = FIREFOX},
    /* More quoted fields behind, as nginx with $http_x_forwarded_for and times writes. */
    {.format = "combined",
     .line = "192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 200 5 \"-\" \"curl/7.88\" \"10.0.0.1\" "
             "rt=0.005 uct=\"0.000\"",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .status = 200,
     .size_bytes = 5,
     .referrer = "-",
     .agent = "curl/7.88"},
    /* A connection without a request. */
    {.format = "combined",
     .line = "192.0.2.1 - - " STAMP " \"-\" 408 - \"-\" \"-\"",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_NONE,
     .kind = KIND_NONE,
     .path = "",
     .status = 408,
     .size_bytes = -1,
     .referrer = "-",
     .agent = "-"},
    {.format = "combined",
     .line = "192.0.2.1 - - " STAMP " \"\" 400 0 \"\" \"\"",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_NONE,
     .kind = KIND_NONE,
     .path = "",
     .status = 400,
     .size_bytes = 0,
     .referrer = "",
     .agent = ""},
    /* TLS on a port for plain HTTP, escaped as nginx and Apache do, and raw. */
    {.format = "combined",
     .line = "192.0.2.1 - - " STAMP
             " \"\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xFC\\x03\" 400 150 \"-\" \"-\"",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_NONE,
     .kind = KIND_NONE,
     .path = "",
     .status = 400,
     .size_bytes = 150,
     .referrer = "-",
     .agent = "-"},
    {.format = "combined",
     .line = "192.0.2.1 - - " STAMP " \"\x16\x03\x01\xff\x80\" 400 150 \"-\" \"-\"",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_NONE,
     .kind = KIND_NONE,
     .path = "",
     .status = 400,
     .size_bytes = 150,
     .referrer = "-",
     .agent = "-"},
    /* Blanks in the URL. */
    {.format = "combined",
     .line = "192.0.2.1 - - " STAMP " \"GET /a b/c.pdf?q=x y HTTP/1.1\" 404 9 \"-\" \"-\"",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/a b/c.pdf",
     .query = "q=x y",
     .status = 404,
     .size_bytes = 9,
     .referrer = "-",
     .agent = "-"},
    /* Escaped quotes, and a backslash that is escaped itself before the closing quote. */
    {.format = "combined",
     .line = "192.0.2.1 - - " STAMP
             " \"GET /a\\\" b HTTP/1.1\" 200 9 \"http://x/\\\\\" \"say \\\"hi\\\" \\\\\\\" there\"",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/a\" b",
     .status = 200,
     .size_bytes = 9,
     .referrer = "http://x/\\",
     .agent = "say \"hi\" \\\" there"},
    /* Quotes that nobody escaped, inside words. */
    {.format = "combined",
     .line = "192.0.2.1 - - " STAMP
             " \"GET /?q=\"shoes\"&n=1 HTTP/1.1\" 200 9 \"http://x/?a=\"b\"c\" \"Moz\"illa/5.0\"",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .query = "q=\"shoes\"&n=1",
     .status = 200,
     .size_bytes = 9,
     .referrer = "http://x/?a=\"b\"c",
     .agent = "Moz\"illa/5.0"},
    /* A host name for the client; users with blanks and brackets. */
    {.format = "combined",
     .line =
         "client-7.example.net ident John Q. Public " STAMP " \"GET / HTTP/1.1\" 200 9 \"-\" \"-\"",
     .time_ms = STAMP_MS,
     .address = "client-7.example.net",
     .user = "John Q. Public",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .status = 200,
     .size_bytes = 9,
     .referrer = "-",
     .agent = "-"},
    {.format = "combined",
     .line = "::1 - a[b]@c.example " STAMP " \"GET / HTTP/1.1\" 200 9 \"-\" \"-\"",
     .time_ms = STAMP_MS,
     .address = "::1",
     .user = "a[b]@c.example",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .status = 200,
     .size_bytes = 9,
     .referrer = "-",
     .agent = "-"},
    {.format = "combined",
     .line = "[2001:db8::1]:5555 -  " STAMP " \"GET / HTTP/1.1\" 200 9 \"-\" \"-\"",
     .time_ms = STAMP_MS,
     .address = "[2001:db8::1]:5555",
     .user = "",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .status = 200,
     .size_bytes = 9,
     .referrer = "-",
     .agent = "-"},
    /* Byte counts that are none are unknown, and reject nothing. */
    {.format = "combined",
     .line = "192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 499 99999999999999999999 \"-\" \"-\"",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .status = 499,
     .size_bytes = -1,
     .referrer = "-",
     .agent = "-"},
    {.format = "common",
     .line = "192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 599 -5",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .status = 599,
     .size_bytes = -1},
    {.format = "common",
     .line = "192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 100 999999999999999999",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .status = 100,
     .size_bytes = 999999999999999999},
    {.format = "common",
     .line = "192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 200 1e9",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .status = 200,
     .size_bytes = -1},
    /* A hole of NUL bytes before the line. */
    {.format = "common",
     .line = "\0\0\0\0\0"
             "192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 200 1",
     .line_size = 5 + sizeof("192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 200 1") - 1,
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .status = 200,
     .size_bytes = 1},
    /* Bytes of every kind in an agent. */
    {.format = "combined",
     .line = "192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 200 9 \"-\" \"\xc3\xa9 \xff\x01\t\x7f\"",
     .time_ms = STAMP_MS,
     .address = "192.0.2.1",
     .user = "-",
     .method = METHOD_GET,
     .kind = KIND_PAGE,
     .path = "/",
     .status = 200,
     .size_bytes = 9,
     .referrer = "-",
     .agent = "\xc3\xa9 \xff\x01\t\x7f"},
};

/* A line with its slack, in memory of exactly that size. */
struct held_line {
    char *memory;
    struct slice line;
};

static struct held_line hold(const char *text, size_t size, char behind)
{
    struct held_line held = {mem_alloc(size + SCAN_SLACK), {0}};
    memcpy(held.memory, text, size);
    memset(held.memory + size, behind, SCAN_SLACK);
    held.line = (struct slice){held.memory, size};
    return held;
}

/* NULL is an absent field, which has no place. */
static void check_field(const char *name, struct slice got, const char *expected)
{
    ck_assert_msg((got.at == NULL) == (expected == NULL), "%s", name);
    ck_assert_msg(slice_is(got, expected), "%s is \"%.*s\" instead of \"%s\"", name, SLICE_ARG(got),
                  expected);
}

static void check_hit(const struct hit *hit, const struct row *row)
{
    ck_assert_int_eq(hit->time_ms, row->time_ms);
    ck_assert_int_eq(hit->has_zone, row->time_ms == STAMP_MS);
    check_field("host", hit->host, row->host);
    check_field("address", hit->address_text, row->address);
    check_field("user", hit->user, row->user);
    check_field("referrer", hit->referrer, row->referrer);
    check_field("agent", hit->agent, row->agent);
    ck_assert_str_eq(request_method_name(hit->request.method), request_method_name(row->method));
    ck_assert_str_eq(request_kind_name(hit->request.kind), request_kind_name(row->kind));
    ck_assert_msg(slice_is(hit->request.path, row->path), "path %.*s",
                  SLICE_ARG(hit->request.path));
    check_field("query", hit->request.query, row->query);
    ck_assert_uint_eq(hit->status, row->status);
    ck_assert_int_eq(hit->size_bytes, row->size_bytes);
}

static struct line line_of(struct slice text)
{
    return (struct line){text, text.size && memchr(text.at, '\\', text.size),
                         text.size && memchr(text.at, '\0', text.size)};
}

/* The slices of what was decoded live in the parser, which lives as long as the test. */
static bool parse(const char *format, struct slice text, struct hit *hit,
                  enum reject_reason *reason)
{
    static struct line_parser *parser;
    struct line_format line_format = {.format = format ? format_find(format) : NULL};
    struct line line = line_of(text);
    if (!parser)
        parser = line_parser_new(NULL);
    line_parser_begin(parser, &line_format, (struct slice){0});
    memset(hit, 0xa5, sizeof *hit); /* nothing may be left as it was */
    return line_parser_read(parser, &line, hit, reason) == LINE_HIT;
}

START_TEST(every_field_is_right)
{
    static const char behind[] = {'\0', ' ', '"', ']', '1'};
    const struct row *row = &rows[_i];
    size_t size = row->line_size ? row->line_size : strlen(row->line);
    for (size_t i = 0; i < sizeof behind; i++) {
        struct held_line held = hold(row->line, size, behind[i]);
        struct hit hit;
        enum reject_reason reason;
        ck_assert_msg(parse(row->format, held.line, &hit, &reason), "rejected: %s",
                      reject_reason_name(reason));
        check_hit(&hit, row);
        mem_free(held.memory);
    }
}
END_TEST

/* Any shorter line is parsed or rejected for a reason, without a byte too far. */
START_TEST(every_cut_is_safe)
{
    const struct row *row = &rows[_i];
    size_t size = row->line_size ? row->line_size : strlen(row->line);
    for (size_t cut = 0; cut < size; cut++) {
        struct held_line held = hold(row->line, cut, '"');
        struct hit hit;
        enum reject_reason reason = REJECT_COUNT;
        if (!parse(row->format, held.line, &hit, &reason) && reason >= REJECT_COUNT)
            ck_abort_msg("no reason at %zu", cut);
        mem_free(held.memory);
    }
}
END_TEST

/* ---- cookies and headers that somebody asked for */

#define SPEC      "%h %t \"%r\" %>s %{uid}C \"%{X-Session}i\" \"%{Cookie}i\""
#define SPEC_LINE "192.0.2.1 " STAMP " \"GET / HTTP/1.1\" 200 "
#define JSON_LINE                                                                                  \
    "{\"remote_addr\":\"192.0.2.1\",\"time_local\":\"16/Sep/2023:18:22:16 -0400\","                \
    "\"request\":\"GET / HTTP/1.1\",\"status\":200"
#define LTSV_LINE "host:192.0.2.1\ttime:" STAMP "\treq:GET / HTTP/1.1\tstatus:200"
#define CLOUDFRONT_HEADER                                                                          \
    "#Fields: date time x-edge-location c-ip cs-method cs-uri-stem sc-status cs(Cookie) "          \
    "cs(X-Session)"
#define CLOUDFRONT_LINE "2023-09-16\t18:22:16\tFRA56\t192.0.2.1\tGET\t/\t200"

static const struct extra_fields wanted = {
    {{"uid", true}, {"X-Session", false}, {"X-Real-IP", false}, {"none", true}}, 4};

/* A format of a server, or the name of one. */
static const struct {
    const char *format, *header, *line, *uid, *session, *real_ip, *cookie, *forwarded;
} extra_rows[] = {
    {SPEC, "", SPEC_LINE "77 \"abc\" \"uid=1; c=2\"", "77", "abc", "", "uid=1; c=2", ""},
    {SPEC, "", SPEC_LINE "- \"-\" \"-\"", "", "", "", "-", ""},
    {SPEC, "", SPEC_LINE "-- \"\" \"\"", "--", "", "", "", ""},
    {SPEC, "", SPEC_LINE "a\\x20b \"say \\\"x\\\"\" \"\\t\"", "a b", "say \"x\"", "", "\t", ""},
    {"%h %t \"%r\" %>s \"%{X-Real-IP}i\"", "", SPEC_LINE "\"192.0.2.9\"", "", "", "192.0.2.9", "",
     "192.0.2.9"},
    {"%h %t \"%r\" %>s \"%{X-Real-IP}i\"", "", SPEC_LINE "\"-\"", "", "", "", "", "-"},
    {"%h %t \"%r\" %>s \"%{X-Real-IP}i\" \"%{Forwarded}i\"", "",
     SPEC_LINE "\"192.0.2.9\" \"for=192.0.2.8\"", "", "", "192.0.2.9", "", "for=192.0.2.8"},
    /* Formats without them: nothing is left of the line before. */
    {"%h %t \"%r\" %>s \"%{Cookie}i\"", "", SPEC_LINE "\"a=\\\"\"", "", "", "", "a=\"", ""},
    {"combined", "", "192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"", "", "", "", "",
     ""},
    {"nginx_timed", "", "192.0.2.1 - - " STAMP " \"GET /\\x22 HTTP/1.1\" 200 5 \"-\" \"x\" 0.1", "",
     "", "", "", ""},
    /* Named in the lines */
    {"json", "",
     JSON_LINE ",\"cookies\":{\"uid\":\"\\u00e4\"},\"headers\":{\"X-Session\":[\"a\",\"b\"]}}",
     "\xc3\xa4", "a", "", "", ""},
    {"json", "", JSON_LINE ",\"uid\":\"-\",\"http_x_session\":\"\",\"http_cookie\":\"uid=1\"}", "",
     "", "", "uid=1", ""},
    {"ltsv", "", LTSV_LINE "\tuid:a\\x41\tx-session:b\tcookie:uid=1", "aA", "b", "", "uid=1", ""},
    /* CloudFront writes the header's own bytes by their numbers. */
    {"cloudfront", CLOUDFRONT_HEADER, CLOUDFRONT_LINE "\tuid%3Dabc%3B%20x%3D%2541\ta%20b+c", "",
     "a b+c", "", "uid=abc; x=%41", ""},
    {"w3c", "#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(Cookie) cs(X-Session)",
     "2023-09-16 18:22:16 192.0.2.1 GET / 200 uid=abc;+x=1 a+b", "", "a b", "", "uid=abc; x=1", ""},
    {"w3c", "#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(X-Session)",
     "2023-09-16 18:22:16 192.0.2.1 GET / 200", "", "", "", "", ""},
};

/* As detect_format gives it. */
static const struct log_format *format_with_extra(const char *text, struct arena *arena)
{
    struct error error = {0};
    const struct log_format *preset = format_find(text);
    if (!preset)
        return spec_compile(&(struct format_spec){.text = text, .extra = &wanted}, arena, &error);
    struct log_format *format = arena_alloc(arena, sizeof *format);
    struct field_map *map = arena_alloc(arena, sizeof *map);
    *map = (struct field_map){.has_usual = true, .extra = &wanted};
    *format = *preset;
    format->map = map;
    return format;
}

START_TEST(extra_fields_are_in_the_hit)
{
    struct held_line held = hold(extra_rows[_i].line, strlen(extra_rows[_i].line), '"');
    struct line_parser *parser = line_parser_new(NULL);
    struct arena arena;
    struct hit hit;
    enum reject_reason reason;
    arena_init(&arena);
    struct line_format format = {.format = format_with_extra(extra_rows[_i].format, &arena)};
    struct line line = line_of(held.line);
    line_parser_begin(parser, &format, slice_of(extra_rows[_i].header));
    memset(&hit, 0xa5, sizeof hit);
    ck_assert_int_eq(line_parser_read(parser, &line, &hit, &reason), LINE_HIT);
    const char *const expected[] = {extra_rows[_i].uid, extra_rows[_i].session,
                                    extra_rows[_i].real_ip, ""};
    for (size_t i = 0; i < EXTRA_FIELDS; i++)
        ck_assert_msg(slice_is(hit.extra[i], expected[i]), "%s: extra %zu is \"%.*s\"",
                      extra_rows[_i].line, i + 1, SLICE_ARG(hit.extra[i]));
    ck_assert_msg(slice_is(hit.cookie, extra_rows[_i].cookie), "%.*s", SLICE_ARG(hit.cookie));
    ck_assert_msg(slice_is(hit.forwarded, extra_rows[_i].forwarded), "%.*s",
                  SLICE_ARG(hit.forwarded));
    arena_clear(&arena);
    line_parser_free(parser);
    mem_free(held.memory);
}
END_TEST

struct rejection {
    const char *format, *line;
    size_t line_size; /* 0: strlen */
    enum reject_reason reason;
};

#define HEAD "192.0.2.1 - - "
#define TAIL " \"-\" \"-\""

static const struct rejection rejections[] = {
    {"combined", "", 0, REJECT_BLANK},
    {"combined", " \t ", 0, REJECT_BLANK},
    {"combined", "\0\0\0\0", 4, REJECT_BLANK},
    {"combined", "\0\0 \t", 4, REJECT_BLANK},
    {"combined", "rubbish", 0, REJECT_FORMAT},
    {"combined", "#Fields: date time c-ip cs-method", 0, REJECT_FORMAT},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" 200 9", 0, REJECT_FORMAT},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" 200 9 \"-\"", 0, REJECT_FORMAT},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" 200 9 \"-\" \"no end", 0, REJECT_FORMAT},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" 200 9 \"-\" \"no end\\\"", 0, REJECT_FORMAT},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1 200 9" TAIL, 0, REJECT_FORMAT},
    {"combined", HEAD STAMP " GET / HTTP/1.1 200 9" TAIL, 0, REJECT_FORMAT},
    {"combined", "192.0.2.1 - - 16/Sep/2023:18:22:16 \"GET / HTTP/1.1\" 200 9" TAIL, 0,
     REJECT_FORMAT},
    {"combined", HEAD "[16/Sep/2023:18:22:16 -0400 \"GET / HTTP/1.1\" 200 9" TAIL, 0,
     REJECT_FORMAT},
    {"common", "192.0.2.1 - -", 0, REJECT_FORMAT},
    {"common", HEAD STAMP " \"GET / HTTP/1.1\"", 0, REJECT_FORMAT},
    {"common", HEAD STAMP " \"GET / HTTP/1.1\" 200", 0, REJECT_FORMAT},
    {"vhost_combined", HEAD STAMP " \"GET / HTTP/1.1\" 200 9" TAIL, 0, REJECT_FORMAT},
    {"combined", HEAD "[16/Foo/2023:18:22:16 -0400] \"GET / HTTP/1.1\" 200 9" TAIL, 0, REJECT_TIME},
    {"combined", HEAD "[29/Feb/2023:18:22:16 -0400] \"GET / HTTP/1.1\" 200 9" TAIL, 0, REJECT_TIME},
    {"combined", HEAD "[] \"GET / HTTP/1.1\" 200 9" TAIL, 0, REJECT_TIME},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" 99 9" TAIL, 0, REJECT_STATUS},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" 099 9" TAIL, 0, REJECT_STATUS},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" 600 9" TAIL, 0, REJECT_STATUS},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" 999 9" TAIL, 0, REJECT_STATUS},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" 2000 9" TAIL, 0, REJECT_STATUS},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" - 9" TAIL, 0, REJECT_STATUS},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" 2x0 9" TAIL, 0, REJECT_STATUS},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\"  9" TAIL, 0, REJECT_STATUS},
    {"combined", HEAD STAMP " \"GET / HTTP/1.1\" +20 9" TAIL, 0, REJECT_STATUS},
    {"combined", "192.0.2.1 - -\0 [16/Sep", 22, REJECT_NUL},
    {"combined", "192.0.2.1\0", 10, REJECT_NUL},
    {"common", "192.0.2.1 - - " STAMP " \"GET /\0 HTTP/1.1\" 200 1",
     sizeof("192.0.2.1 - - " STAMP " \"GET /0 HTTP/1.1\" 200 1") - 1, REJECT_NUL},
};

START_TEST(a_bad_line_has_its_reason)
{
    const struct rejection *row = &rejections[_i];
    struct held_line held =
        hold(row->line, row->line_size ? row->line_size : strlen(row->line), 'x');
    struct hit hit;
    enum reject_reason reason;
    ck_assert_msg(!parse(row->format, held.line, &hit, &reason), "%s", row->line);
    ck_assert_msg(reason == row->reason, "%s: %s instead of %s", row->line,
                  reject_reason_name(reason), reject_reason_name(row->reason));
    mem_free(held.memory);
}
END_TEST

/* A line of exactly LINE_LIMIT bytes is taken, with NUL bytes before it as well; one more is not.
 */
START_TEST(the_limit_of_a_line)
{
    enum { HOLE = 1000 };
    static const char head[] = HEAD STAMP " \"GET /", tail[] = " HTTP/1.1\" 200 1";
    char *text = mem_alloc(HOLE + LINE_LIMIT + 1 + SCAN_SLACK);
    struct hit hit;
    enum reject_reason reason;
    for (size_t size = LINE_LIMIT - 1; size <= LINE_LIMIT + 1; size++) {
        memset(text, 0, HOLE);
        memset(text + HOLE, 'x', size + SCAN_SLACK);
        memcpy(text + HOLE, head, sizeof head - 1);
        memcpy(text + HOLE + size - (sizeof tail - 1), tail, sizeof tail - 1);
        for (size_t hole = 0; hole <= HOLE; hole += HOLE) {
            struct slice line = {text + HOLE - hole, size + hole};
            bool is_hit = parse("common", line, &hit, &reason);
            ck_assert_msg(is_hit == (size <= LINE_LIMIT), "%zu bytes", size);
            ck_assert(is_hit || reason == REJECT_OVERLONG);
        }
    }
    mem_free(text);
}
END_TEST

START_TEST(nothing_fits_no_format)
{
    struct held_line held = hold(rows[0].line, strlen(rows[0].line), 0);
    struct hit hit;
    enum reject_reason reason;
    ck_assert(!parse(NULL, held.line, &hit, &reason));
    ck_assert_int_eq(reason, REJECT_FORMAT);
    mem_free(held.memory);
}
END_TEST

START_TEST(fields_that_a_format_lacks_have_no_place)
{
    struct held_line held = hold(rows[0].line, strlen(rows[0].line), 0);
    struct line_parser *parser = line_parser_new(NULL);
    struct line_format format = {.format = format_find("common")};
    struct line line = line_of(held.line);
    struct line_fields fields;
    memset(&fields, 0xa5, sizeof fields);
    line_parser_begin(parser, &format, (struct slice){0});
    ck_assert(line_parser_cut(parser, &line, true, &fields));
    ck_assert_ptr_null(fields.at[FIELD_HOST].at);
    ck_assert_ptr_null(fields.at[FIELD_REFERRER].at);
    ck_assert_ptr_null(fields.at[FIELD_AGENT].at);
    ck_assert_uint_eq(fields.at[FIELD_AGENT].size, 0);
    ck_assert(slice_is(fields.at[FIELD_STATUS], "200"));
    ck_assert(slice_is(fields.at[FIELD_REQUEST], "GET /cart?step=2 HTTP/1.1"));
    line_parser_free(parser);
    mem_free(held.memory);
}
END_TEST

/* The other format is asked for a line that does not fit, and for one with a name for an address;
 * a quote too many in front is passed over; and each says so. */
static const struct {
    const char *line, *second, *address;
    enum oddity oddity;
} second_readings[] = {
    {"192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 200 9", "common", "192.0.2.1", ODD_OTHER_FORMAT},
    {"shop.example:80 192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 200 9 \"-\" \"x\"",
     "vhost_combined", "192.0.2.1", ODD_OTHER_FORMAT},
    {"client.example - - " STAMP " \"GET / HTTP/1.1\" 200 9 \"-\" \"x\"", "vhost_combined",
     "client.example", ODD_NAME},
    {"\"192.0.2.1 - - " STAMP " \"GET / HTTP/1.1\" 200 9 \"-\" \"x\"", "common", "192.0.2.1",
     ODD_STRAY_QUOTE},
    {"\"client.example - - " STAMP " \"GET /\\x22 HTTP/1.1\" 200 9 \"-\" \"x\"", "common",
     "\"client.example", ODD_NAME},
};

START_TEST(a_line_is_read_again)
{
    struct held_line held = hold(second_readings[_i].line, strlen(second_readings[_i].line), 0);
    struct line_parser *parser = line_parser_new(NULL);
    struct line_format format = {.format = format_find("combined"),
                                 .second = format_find(second_readings[_i].second)};
    struct line line = line_of(held.line);
    struct hit hit;
    enum reject_reason reason;
    line_parser_begin(parser, &format, (struct slice){0});
    ck_assert_int_eq(line_parser_read(parser, &line, &hit, &reason), LINE_HIT);
    ck_assert_str_eq(oddity_name((enum oddity)hit.oddity), oddity_name(second_readings[_i].oddity));
    ck_assert(slice_is(hit.address_text, second_readings[_i].address));
    ck_assert_int_eq(hit.time_ms, STAMP_MS);
    line_parser_free(parser);
    mem_free(held.memory);
}
END_TEST

/* A hostile line takes time in proportion to its length: some 10 ms, not minutes. */
START_TEST(hostile_lines_are_not_slow)
{
    static const char *const repeated[] = {"\\\" ", " [", "\"", "\\", "] \"", "\" "};
    for (size_t i = 0; i < sizeof repeated / sizeof repeated[0]; i++) {
        char *text = mem_alloc(LINE_LIMIT + SCAN_SLACK);
        size_t unit = strlen(repeated[i]), size = strlen(HEAD STAMP " \"");
        memcpy(text, HEAD STAMP " \"", size);
        for (; size + unit <= LINE_LIMIT; size += unit)
            memcpy(text + size, repeated[i], unit);
        memset(text + size, 0, SCAN_SLACK);
        for (int round = 0; round < 200; round++) {
            struct hit hit;
            enum reject_reason reason;
            parse("combined", (struct slice){text, size}, &hit, &reason);
        }
        mem_free(text);
    }
}
END_TEST

START_TEST(presets_are_found_by_name)
{
    size_t count, listed = 0;
    const char *names[FORMAT_NAMES];
    const struct log_format *presets = format_presets(&count);
    format_names(names);
    while (names[listed])
        listed++;
    ck_assert_uint_eq(listed, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(names[i], presets[i].name);
        ck_assert_ptr_eq(format_find(presets[i].name), &presets[i]);
    }
    ck_assert_ptr_null(format_find("combine"));
    ck_assert_ptr_null(format_find(""));
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof table[0])

int main(void)
{
    Suite *suite = suite_create("line_parser");
    TCase *lines = tcase_create("lines");
    tcase_set_timeout(lines, 30);
    tcase_add_loop_test(lines, every_field_is_right, 0, ROWS(rows));
    tcase_add_loop_test(lines, every_cut_is_safe, 0, ROWS(rows));
    tcase_add_loop_test(lines, a_bad_line_has_its_reason, 0, ROWS(rejections));
    tcase_add_loop_test(lines, extra_fields_are_in_the_hit, 0, ROWS(extra_rows));
    tcase_add_loop_test(lines, a_line_is_read_again, 0, ROWS(second_readings));
    tcase_add_test(lines, the_limit_of_a_line);
    tcase_add_test(lines, nothing_fits_no_format);
    tcase_add_test(lines, fields_that_a_format_lacks_have_no_place);
    tcase_add_test(lines, hostile_lines_are_not_slow);
    tcase_add_test(lines, presets_are_found_by_name);
    suite_add_tcase(suite, lines);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
