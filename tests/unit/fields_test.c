/*
 * Names are those of the servers' own documentation; durations were worked out by hand.
 */
#include "parser/fields.h"

#include <check.h>
#include <stdlib.h>

enum { NOT_A_DURATION = -1 };

struct duration_row {
    const char *text;
    enum duration_unit unit;
    int64_t microseconds; /* NOT_A_DURATION */
};

static const struct duration_row durations[] = {
    {"12", DURATION_S, 12000000},
    {"12", DURATION_MS, 12000},
    {"12", DURATION_US, 12},
    {"12", DURATION_NS, 0},
    {"12345", DURATION_NS, 12},
    {"0", DURATION_S, 0},
    {"0.123", DURATION_S, 123000},
    {"0.000", DURATION_S, 0},
    {"1.5", DURATION_MS, 1500},
    {".25", DURATION_S, 250000},
    {"3.", DURATION_S, 3000000},
    {"0012", DURATION_US, 12},
    /* 0.1 and 0.7 have no exact binary form; 9007199254740993 is no double. */
    {"4503599627.370497", DURATION_S, 4503599627370497},
    {"9007199254740993", DURATION_US, 9007199254740993},
    {"0.7", DURATION_S, 700000},
    /* What is finer than a microsecond is dropped. */
    {"0.0000005", DURATION_S, 0},
    {"0.0000015", DURATION_S, 1},
    {"0.0000019999999999999999999999999999", DURATION_S, 1},
    {"0.00000000000000000000000000000000001", DURATION_S, 0},
    {"0.1234567890123456789012345678901234567890", DURATION_S, 123456},
    /* Milliseconds, or seconds when there is a fraction. */
    {"15", DURATION_MS_OR_S, 15000},
    {"0.015", DURATION_MS_OR_S, 15000},
    {"1.5e-05", DURATION_MS_OR_S, 15},
    {"2E2", DURATION_MS_OR_S, 200000000},
    /* Exponents, as JSON writers give small numbers. */
    {"1.5e-05", DURATION_S, 15},
    {"5e-07", DURATION_S, 0},
    {"2e+3", DURATION_MS, 2000000},
    {"0e99999999999", DURATION_S, 0},
    {"1e-99999999999", DURATION_S, 0},
    /* Units that are written. */
    {"0.058927s", DURATION_MS, 58927},
    {"731ms", DURATION_S, 731000},
    {"731ms", DURATION_MS_OR_S, 731000},
    {"731ms", DURATION_AS_WRITTEN, 731000},
    {"0.5s", DURATION_AS_WRITTEN, 500000},
    {"25.416\xc2\xb5s", DURATION_S, 25},
    {"25.416\xce\xbcs", DURATION_S, 25},
    {"17us", DURATION_S, 17},
    {"2500ns", DURATION_S, 2},
    {"1m2.5s", DURATION_S, 62500000},
    {"1h1m1s1ms1us1000ns", DURATION_S, 3661001002},
    {"2h", DURATION_NS, 7200000000},
    {"1.000000000000000000h", DURATION_NS, 3600000000},
    /* Limits: 2^63 - 1 microseconds. */
    {"9223372036854.775807", DURATION_S, INT64_MAX},
    {"99999999999999999", DURATION_US, 99999999999999999},
    {"9223372036855", DURATION_S, NOT_A_DURATION},
    {"9300000000000s9300000000000s", DURATION_S, NOT_A_DURATION},
    {"99999999999999999999", DURATION_US, NOT_A_DURATION},
    {"99999999999999999999999999999999999999999999999999", DURATION_NS, NOT_A_DURATION},
    {"1e99999999999", DURATION_US, NOT_A_DURATION},
    {"5124095577h", DURATION_S, NOT_A_DURATION},
    /* None. */
    {"", DURATION_S, NOT_A_DURATION},
    {"-", DURATION_S, NOT_A_DURATION},
    {"-1", DURATION_S, NOT_A_DURATION},
    {"-0.001", DURATION_S, NOT_A_DURATION},
    {"+1", DURATION_S, NOT_A_DURATION},
    {".", DURATION_S, NOT_A_DURATION},
    {"s", DURATION_S, NOT_A_DURATION},
    {"ms", DURATION_S, NOT_A_DURATION},
    {"1e", DURATION_S, NOT_A_DURATION},
    {"1e-", DURATION_S, NOT_A_DURATION},
    {"1.2.3", DURATION_S, NOT_A_DURATION},
    {"0,123", DURATION_S, NOT_A_DURATION},
    {"1m2", DURATION_S, NOT_A_DURATION},
    {"12x", DURATION_S, NOT_A_DURATION},
    {"12 s", DURATION_S, NOT_A_DURATION},
    {" 12", DURATION_S, NOT_A_DURATION},
    {"0.1, 0.2", DURATION_S, NOT_A_DURATION},
    {"1m-2s", DURATION_S, NOT_A_DURATION},
    {"0x10", DURATION_S, NOT_A_DURATION},
};

/* At the end of its memory, so that a byte too far is seen by the sanitizer. */
static struct slice exact_copy(const char *text)
{
    size_t size = strlen(text);
    char *copy = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, size);
    return (struct slice){copy, size};
}

START_TEST(reads_a_duration)
{
    const struct duration_row *row = &durations[_i];
    struct slice text = exact_copy(row->text);
    int64_t microseconds = -77;
    bool is_one = duration_parse(text, row->unit, &microseconds);
    int64_t expected = row->microseconds == NOT_A_DURATION ? -77 : row->microseconds;
    ck_assert_msg(is_one == (row->microseconds != NOT_A_DURATION), "%s", row->text);
    ck_assert_msg(microseconds == expected, "%s: %lld", row->text, (long long)microseconds);
    free((char *)text.at);
}
END_TEST

struct name_row {
    const char *name;
    enum field field;
    int unit_or_end; /* enum duration_unit of a duration; 1: a time that is an end */
};

enum { START = 0, END = 1 };

static const struct name_row usual[] = {
    /* nginx: variables, and what templates call them. */
    {"remote_addr", FIELD_ADDRESS, 0},
    {"client", FIELD_ADDRESS, 0},
    {"client_ip", FIELD_ADDRESS, 0},
    {"clientip", FIELD_ADDRESS, 0},
    {"ip", FIELD_ADDRESS, 0},
    {"remote_ip", FIELD_ADDRESS, 0},
    {"realip_remote_addr", FIELD_ADDRESS, 0},
    {"time_local", FIELD_TIME, END},
    {"time_iso8601", FIELD_TIME, END},
    {"msec", FIELD_TIME, END},
    {"time", FIELD_TIME, START},
    {"timestamp", FIELD_TIME, START},
    {"@timestamp", FIELD_TIME, START},
    {"date", FIELD_TIME, START},
    {"request", FIELD_REQUEST, 0},
    {"request_method", FIELD_METHOD, 0},
    {"method", FIELD_METHOD, 0},
    {"verb", FIELD_METHOD, 0},
    {"request_uri", FIELD_URL, 0},
    {"uri", FIELD_URL, 0},
    {"url", FIELD_URL, 0},
    {"path", FIELD_URL, 0},
    {"args", FIELD_QUERY, 0},
    {"query", FIELD_QUERY, 0},
    {"query_string", FIELD_QUERY, 0},
    {"status", FIELD_STATUS, 0},
    {"status_code", FIELD_STATUS, 0},
    {"response", FIELD_STATUS, 0},
    {"code", FIELD_STATUS, 0},
    {"body_bytes_sent", FIELD_BYTES, 0},
    {"bytes_sent", FIELD_BYTES, 0},
    {"bytes", FIELD_BYTES, 0},
    {"size", FIELD_BYTES, 0},
    {"http_referer", FIELD_REFERRER, 0},
    {"referer", FIELD_REFERRER, 0},
    {"referrer", FIELD_REFERRER, 0},
    {"http_user_agent", FIELD_AGENT, 0},
    {"user_agent", FIELD_AGENT, 0},
    {"userAgent", FIELD_AGENT, 0},
    {"user-agent", FIELD_AGENT, 0},
    {"agent", FIELD_AGENT, 0},
    {"request_time", FIELD_DURATION, DURATION_S},
    {"duration", FIELD_DURATION, DURATION_AS_WRITTEN},
    {"latency", FIELD_DURATION, DURATION_AS_WRITTEN},
    {"elapsed", FIELD_DURATION, DURATION_AS_WRITTEN},
    {"response_time", FIELD_DURATION, DURATION_AS_WRITTEN},
    {"took", FIELD_DURATION, DURATION_AS_WRITTEN},
    {"duration_ms", FIELD_DURATION, DURATION_MS},
    {"host", FIELD_HOST, 0},
    {"http_host", FIELD_HOST, 0},
    {"server_name", FIELD_HOST, 0},
    {"vhost", FIELD_HOST, 0},
    {"domain", FIELD_HOST, 0},
    {"http_x_forwarded_for", FIELD_FORWARDED, 0},
    {"x_forwarded_for", FIELD_FORWARDED, 0},
    {"X-Forwarded-For", FIELD_FORWARDED, 0},
    {"user", FIELD_USER, 0},
    {"remote_user", FIELD_USER, 0},
    {"cookie", FIELD_COOKIE, 0},
    {"http_cookie", FIELD_COOKIE, 0},
    /* Caddy 2. */
    {"request.remote_ip", FIELD_ADDRESS, 0},
    {"request.client_ip", FIELD_ADDRESS, 0},
    {"request.remote_addr", FIELD_ADDRESS, 0},
    {"request.method", FIELD_METHOD, 0},
    {"request.host", FIELD_HOST, 0},
    {"request.uri", FIELD_URL, 0},
    {"request.headers.User-Agent", FIELD_AGENT, 0},
    {"request.headers.Referer", FIELD_REFERRER, 0},
    {"request.headers.Cookie", FIELD_COOKIE, 0},
    {"request.headers.X-Forwarded-For", FIELD_FORWARDED, 0},
    {"ts", FIELD_TIME, END},
    {"user_id", FIELD_USER, 0},
    /* Traefik. */
    {"ClientHost", FIELD_ADDRESS, 0},
    {"ClientAddr", FIELD_ADDRESS, 0},
    {"ClientUsername", FIELD_USER, 0},
    {"StartUTC", FIELD_TIME, START},
    {"StartLocal", FIELD_TIME, START},
    {"RequestMethod", FIELD_METHOD, 0},
    {"RequestPath", FIELD_URL, 0},
    {"RequestHost", FIELD_HOST, 0},
    {"RequestAddr", FIELD_HOST, 0},
    {"DownstreamStatus", FIELD_STATUS, 0},
    {"OriginStatus", FIELD_STATUS, 0},
    {"DownstreamContentSize", FIELD_BYTES, 0},
    {"Duration", FIELD_DURATION, DURATION_NS},
    {"request_User-Agent", FIELD_AGENT, 0},
    {"request_Referer", FIELD_REFERRER, 0},
    /* Google Cloud: load balancer, storage. */
    {"httpRequest.requestMethod", FIELD_METHOD, 0},
    {"httpRequest.requestUrl", FIELD_URL, 0},
    {"httpRequest.status", FIELD_STATUS, 0},
    {"httpRequest.responseSize", FIELD_BYTES, 0},
    {"httpRequest.userAgent", FIELD_AGENT, 0},
    {"httpRequest.referer", FIELD_REFERRER, 0},
    {"httpRequest.remoteIp", FIELD_ADDRESS, 0},
    {"httpRequest.latency", FIELD_DURATION, DURATION_S},
    {"time_micros", FIELD_TIME, END},
    {"c_ip", FIELD_ADDRESS, 0},
    {"cs_method", FIELD_METHOD, 0},
    {"cs_uri", FIELD_URL, 0},
    {"sc_status", FIELD_STATUS, 0},
    {"sc_bytes", FIELD_BYTES, 0},
    {"time_taken_micros", FIELD_DURATION, DURATION_US},
    {"cs_host", FIELD_HOST, 0},
    {"cs_referer", FIELD_REFERRER, 0},
    {"cs_user_agent", FIELD_AGENT, 0},
    /* Cloudflare Logpush. */
    {"ClientIP", FIELD_ADDRESS, 0},
    {"ClientRequestHost", FIELD_HOST, 0},
    {"ClientRequestMethod", FIELD_METHOD, 0},
    {"ClientRequestURI", FIELD_URL, 0},
    {"ClientRequestPath", FIELD_URL, 0},
    {"ClientRequestReferer", FIELD_REFERRER, 0},
    {"ClientRequestUserAgent", FIELD_AGENT, 0},
    {"EdgeResponseStatus", FIELD_STATUS, 0},
    {"EdgeResponseBytes", FIELD_BYTES, 0},
    {"EdgeStartTimestamp", FIELD_TIME, START},
    {"EdgeEndTimestamp", FIELD_TIME, END},
    {"OriginResponseDurationMs", FIELD_SKIP, 0},
    /* W3C: IIS, CloudFront. */
    {"c-ip", FIELD_ADDRESS, 0},
    {"cs-method", FIELD_METHOD, 0},
    {"cs-uri-stem", FIELD_URL, 0},
    {"cs-uri-query", FIELD_QUERY, 0},
    {"cs-uri", FIELD_URL, 0},
    {"sc-status", FIELD_STATUS, 0},
    {"sc-bytes", FIELD_BYTES, 0},
    {"cs(User-Agent)", FIELD_AGENT, 0},
    {"cs(Referer)", FIELD_REFERRER, 0},
    {"cs(Cookie)", FIELD_COOKIE, 0},
    {"cs(Host)", FIELD_HOST, 0},
    {"cs-host", FIELD_HOST, 0},
    {"x-host-header", FIELD_HOST, 0},
    {"cs-username", FIELD_USER, 0},
    {"time-taken", FIELD_DURATION, DURATION_MS_OR_S},
    {"x-forwarded-for", FIELD_FORWARDED, 0},
    {"s-ip", FIELD_SKIP, 0},
    {"sc-win32-status", FIELD_SKIP, 0},
    {"cs-bytes", FIELD_SKIP, 0},
    {"time-to-first-byte", FIELD_SKIP, 0},
    /* LTSV; its "host" is the business of ltsv_line. */
    {"forwardedfor", FIELD_FORWARDED, 0},
    {"ident", FIELD_SKIP, 0},
    {"req", FIELD_REQUEST, 0},
    {"reqsize", FIELD_SKIP, 0},
    {"ua", FIELD_AGENT, 0},
    {"reqtime", FIELD_DURATION, DURATION_S},
    {"reqtime_microsec", FIELD_DURATION, DURATION_US},
    {"taken_sec", FIELD_DURATION, DURATION_S},
    {"apptime", FIELD_SKIP, 0},
    /* Elastic Common Schema. */
    {"client.ip", FIELD_ADDRESS, 0},
    {"source.ip", FIELD_ADDRESS, 0},
    {"url.path", FIELD_URL, 0},
    {"url.original", FIELD_URL, 0},
    {"url.query", FIELD_QUERY, 0},
    {"http.request.method", FIELD_METHOD, 0},
    {"http.response.status_code", FIELD_STATUS, 0},
    {"http.response.body.bytes", FIELD_BYTES, 0},
    {"http.request.referrer", FIELD_REFERRER, 0},
    {"user_agent.original", FIELD_AGENT, 0},
    {"event.duration", FIELD_DURATION, DURATION_NS},
    /* Tomcat's JSON valve; its elapsedTime changed its unit between versions. */
    {"remoteAddr", FIELD_ADDRESS, 0},
    {"requestUri", FIELD_URL, 0},
    {"statusCode", FIELD_STATUS, 0},
    {"elapsedTimeS", FIELD_DURATION, DURATION_S},
    {"elapsedTime", FIELD_SKIP, 0},
    {"localServerName", FIELD_HOST, 0},
    /* All cookies, as Apache, nginx, W3C, Caddy, Traefik, pino and Express loggers call them. */
    {"cookie", FIELD_COOKIE, 0},
    {"http_cookie", FIELD_COOKIE, 0},
    {"cs(Cookie)", FIELD_COOKIE, 0},
    {"request.headers.Cookie", FIELD_COOKIE, 0},
    {"request_Cookie", FIELD_COOKIE, 0},
    {"req.headers.cookie", FIELD_COOKIE, 0},
    {"headers.cookie", FIELD_COOKIE, 0},
    {"req_headers.cookie", FIELD_COOKIE, 0},
    {"request_headers.cookie", FIELD_COOKIE, 0},
    /* Letter case is ignored where it makes no difference. */
    {"STATUS", FIELD_STATUS, 0},
    {"Cs(User_AGENT)", FIELD_AGENT, 0},
    {"DURATION", FIELD_DURATION, DURATION_AS_WRITTEN},
    /* Nearly names. */
    {"", FIELD_SKIP, 0},
    {"i", FIELD_SKIP, 0},
    {"statu", FIELD_SKIP, 0},
    {"statuss", FIELD_SKIP, 0},
    {"status ", FIELD_SKIP, 0},
    {"upstream_status", FIELD_SKIP, 0},
    {"request.headers.X-Forwarded-Fo", FIELD_SKIP, 0},
    {"headers.X-Session", FIELD_SKIP, 0},
    {"request.headers.X-Forwarded-For_", FIELD_SKIP, 0},
    {"request.headers.X-Forwarded-For__", FIELD_SKIP, 0},
    {"request headers.User-Agent", FIELD_SKIP, 0},
};

START_TEST(knows_the_usual_names)
{
    const struct name_row *row = &usual[_i];
    struct slice name = exact_copy(row->name);
    struct field_meaning meaning = field_meaning_of(NULL, name);
    ck_assert_msg(meaning.field == row->field, "%s: %s", row->name, field_name(meaning.field));
    if (meaning.field == FIELD_DURATION)
        ck_assert_msg(meaning.unit == row->unit_or_end, "%s: unit", row->name);
    if (meaning.field == FIELD_TIME)
        ck_assert_msg(meaning.time_is_end == row->unit_or_end, "%s: end", row->name);
    free((char *)name.at);
}
END_TEST

/* The first of each pair is the one that counts when a line has both. */
static const char *const better[][2] = {
    {"request.client_ip", "request.remote_ip"},
    {"request.remote_ip", "request.remote_addr"},
    {"ClientHost", "ClientAddr"},
    {"remote_addr", "realip_remote_addr"},
    {"StartUTC", "StartLocal"},
    {"StartUTC", "time"},
    {"msec", "time_local"},
    {"time_local", "timestamp"},
    {"time", "date"},
    {"EdgeStartTimestamp", "EdgeEndTimestamp"},
    {"DownstreamStatus", "OriginStatus"},
    {"status", "response"},
    {"ClientRequestURI", "ClientRequestPath"},
    {"request_uri", "uri"},
    {"url.original", "url.path"},
    {"cs-uri", "cs-uri-stem"},
    {"body_bytes_sent", "bytes_sent"},
    {"request_time", "response_time"},
    {"Duration", "duration"},
    {"reqtime_microsec", "reqtime"},
    {"x-host-header", "cs(Host)"},
    {"http_host", "server_name"},
    {"http_user_agent", "agent"},
};

START_TEST(ranks_names)
{
    struct field_meaning first = field_meaning_of(NULL, slice_of(better[_i][0]));
    struct field_meaning second = field_meaning_of(NULL, slice_of(better[_i][1]));
    ck_assert_uint_eq(first.field, second.field);
    ck_assert_msg(first.rank < second.rank, "%s, %s", better[_i][0], better[_i][1]);
}
END_TEST

START_TEST(does_not_stop_at_a_nul)
{
    struct slice name = {"status\0", 7}, duration = {"Duration\0", 9};
    ck_assert_uint_eq(field_meaning_of(NULL, name).field, FIELD_SKIP);
    ck_assert_uint_eq(field_meaning_of(NULL, duration).field, FIELD_SKIP);
}
END_TEST

static const struct named_field own_items[] = {
    {"Kunde", {FIELD_USER, 0, 0, false}},
    {"kunde", {FIELD_COOKIE, 0, 0, false}},
    {"status", {FIELD_SKIP, 0, 0, false}},
    {"my-host", {FIELD_HOST, 0, 3, false}},
};
static const struct field_map with_usual = {own_items, 4, true, NULL},
                              alone = {own_items, 4, false, NULL};

static enum field field_in(const struct field_map *map, const char *name)
{
    struct slice text = exact_copy(name);
    enum field field = field_meaning_of(map, text).field;
    free((char *)text.at);
    return field;
}

START_TEST(asks_a_map_first)
{
    ck_assert_int_eq(field_in(&with_usual, "Kunde"), FIELD_USER);
    ck_assert_int_eq(field_in(&with_usual, "kunde"), FIELD_COOKIE);
    ck_assert_int_eq(field_in(&with_usual, "KUNDE"), FIELD_USER); /* the first in any case */
    ck_assert_int_eq(field_in(&with_usual, "MY-HOST"), FIELD_HOST);
    ck_assert_int_eq(field_in(&with_usual, "my_host"), FIELD_SKIP);
    ck_assert_int_eq(field_in(&with_usual, "status"), FIELD_SKIP); /* made to mean nothing */
    ck_assert_int_eq(field_in(&with_usual, "c-ip"), FIELD_ADDRESS);
    ck_assert_int_eq(field_in(&alone, "c-ip"), FIELD_SKIP);
    ck_assert_int_eq(field_in(&alone, "kund"), FIELD_SKIP);
    ck_assert_int_eq(field_in(&alone, "kunden"), FIELD_SKIP);
    ck_assert_int_eq(field_in(&alone, ""), FIELD_SKIP);
    ck_assert_ptr_eq(field_map_find(&alone, SLICE_LITERAL("My-Host")), &own_items[3]);
    ck_assert_ptr_null(field_map_find(&alone, SLICE_LITERAL("c-ip")));
    ck_assert_ptr_null(field_map_find(NULL, SLICE_LITERAL("c-ip")));
}
END_TEST

/* Names are from the documentation of the servers that write them. */
static const struct extra_fields wanted = {
    {{"uid", true}, {"X-Session", false}, {"UID", true}, {"Uid", false}}, 4};
enum { UID, SESSION, BIG_UID, UID_HEADER, NONE = -1 };

static const struct {
    const char *name;
    int number;
} extra_names[] = {
    /* Apache, nginx, W3C */
    {"%{X-Session}i", SESSION},
    {"%{x-session}i", SESSION},
    {"%{uid}C", UID},
    {"%{UID}C", BIG_UID},
    {"%{Uid}i", UID_HEADER},
    {"%{uid}e", NONE},
    {"%{X-Session}o", NONE},
    {"%{X-Session}C", NONE},
    {"$http_x_session", SESSION},
    {"http_x_session", SESSION},
    {"HTTP_X_SESSION", SESSION},
    {"$sent_http_x_session", NONE},
    {"$cookie_uid", UID},
    {"cookie_UID", BIG_UID},
    {"cookie_uId", UID}, /* the first in any case */
    {"cookie_x_session", NONE},
    {"cs(X-Session)", SESSION},
    {"cs(x_session)", SESSION},
    {"sc(X-Session)", NONE},
    {"cs(Cookie)", NONE},
    /* Members of JSON: Caddy, Traefik, pino, Cloudflare, OpenTelemetry */
    {"request.headers.X-Session", SESSION},
    {"request_X-Session", SESSION},
    {"req.headers.x-session", SESSION},
    {"RequestHeaders.x-session", SESSION},
    {"http.request.header.x-session", SESSION},
    {"headers.x-session", SESSION},
    {"req_headers.x-session", SESSION},
    {"headers.uid", UID_HEADER},
    {"Cookies.uid", UID},
    {"cookies.UID", BIG_UID},
    {"request.cookies.uid", UID},
    {"resp_headers.X-Session", NONE},
    {"response.headers.X-Session", NONE},
    /* The name alone */
    {"X-Session", SESSION},
    {"x_session", SESSION},
    {"uid", UID},
    {"UID", BIG_UID},
    {"Uid", UID_HEADER},
    {"uID", UID},
    /* Nearly names */
    {"", NONE},
    {"cookie_", NONE},
    {"cookies.", NONE},
    {"cs()", NONE},
    {"cs(", NONE},
    {"%{}C", NONE},
    {"%{uid", NONE},
    {"uid}C", NONE},
    {"uid.", NONE},
    {"ui", NONE},
    {"x session", NONE},
    {"a.uid", NONE},
};

START_TEST(knows_extra_fields)
{
    struct slice name = exact_copy(extra_names[_i].name);
    int number = extra_names[_i].number;
    enum field expected = number == NONE ? FIELD_SKIP : FIELD_EXTRA + (enum field)number;
    const struct field_map map = {NULL, 0, false, &wanted};
    ck_assert_msg(extra_field_of(&wanted, name) == expected, "%s", extra_names[_i].name);
    ck_assert_msg(field_meaning_of(&map, name).field == expected, "%s", extra_names[_i].name);
    ck_assert_int_eq(extra_field_of(NULL, name), FIELD_SKIP);
    free((char *)name.at);
}
END_TEST

/* What is known to be a cookie is one, even if it looks like more. */
START_TEST(knows_extra_fields_by_kind)
{
    ck_assert_int_eq(extra_field_named(&wanted, SLICE_LITERAL("uid"), true), FIELD_EXTRA + UID);
    ck_assert_int_eq(extra_field_named(&wanted, SLICE_LITERAL("uid"), false),
                     FIELD_EXTRA + UID_HEADER);
    ck_assert_int_eq(extra_field_named(&wanted, SLICE_LITERAL("cookie_uid"), true), FIELD_SKIP);
    ck_assert_int_eq(extra_field_named(&wanted, (struct slice){0}, true), FIELD_SKIP);
    ck_assert_int_eq(extra_field_named(&wanted, (struct slice){"uid\0", 4}, true), FIELD_SKIP);
    ck_assert_int_eq(extra_field_named(NULL, SLICE_LITERAL("uid"), true), FIELD_SKIP);
}
END_TEST

/* A name that means something else keeps its meaning, and so does one that was made to mean
 * nothing. */
START_TEST(extra_fields_come_last)
{
    static const struct extra_fields usual_names = {
        {{"user", true}, {"Referer", false}, {"status", false}, {"kunde", true}}, 4};
    const struct field_map map = {own_items, 4, true, &usual_names};
    ck_assert_int_eq(field_in(&map, "user"), FIELD_USER);
    ck_assert_int_eq(field_in(&map, "http_referer"), FIELD_REFERRER);
    ck_assert_int_eq(field_in(&map, "status"), FIELD_SKIP);
    ck_assert_int_eq(field_in(&map, "kunde"), FIELD_COOKIE);
    ck_assert_int_eq(field_in(&map, "cookie_user"), FIELD_EXTRA);
    ck_assert_int_eq(field_in(&map, "headers.status"), FIELD_EXTRA + 2);
    ck_assert_int_eq(field_in(&map, "cookie_kunde"), FIELD_EXTRA_LAST);
}
END_TEST

START_TEST(names_every_field)
{
    for (int field = 0; field < FIELD_COUNT; field++) {
        ck_assert_ptr_nonnull(field_name((enum field)field));
        for (int other = 0; other < field; other++)
            ck_assert_str_ne(field_name((enum field)field), field_name((enum field)other));
    }
    ck_assert_str_eq(field_name(FIELD_AGENT), "user agent");
}
END_TEST

static struct field_meaning meaning(enum field field, uint8_t rank)
{
    return (struct field_meaning){.field = (uint8_t)field, .rank = rank};
}

START_TEST(keeps_the_lowest_rank)
{
    struct line_fields fields = {0};
    uint8_t ranks[FIELD_COUNT];
    memset(ranks, 0, sizeof ranks);
    line_fields_offer(&fields, ranks, meaning(FIELD_HOST, 5), SLICE_LITERAL("five"), true);
    ck_assert(slice_is(fields.at[FIELD_HOST], "five") && fields.escaped == 1u << FIELD_HOST);
    line_fields_offer(&fields, ranks, meaning(FIELD_HOST, 5), SLICE_LITERAL("again"), false);
    line_fields_offer(&fields, ranks, meaning(FIELD_HOST, 6), SLICE_LITERAL("six"), false);
    ck_assert(slice_is(fields.at[FIELD_HOST], "five") && fields.escaped == 1u << FIELD_HOST);
    line_fields_offer(&fields, ranks, meaning(FIELD_HOST, 4), SLICE_LITERAL("four"), false);
    ck_assert(slice_is(fields.at[FIELD_HOST], "four") && fields.escaped == 0);
    line_fields_offer(&fields, ranks, meaning(FIELD_SKIP, 0), SLICE_LITERAL("none"), true);
    ck_assert(fields.at[FIELD_SKIP].at == NULL && fields.escaped == 0);
}
END_TEST

START_TEST(takes_the_time_out_of_brackets)
{
    static const char *const rows[][2] = {
        {"[x]", "x"}, {"[]", ""}, {"[", "["}, {"[x", "[x"}, {"x]", "x]"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct line_fields fields = {0};
        struct field_meaning end = {FIELD_TIME, 0, 0, true};
        line_fields_set(&fields, end, slice_of(rows[i][0]), false);
        ck_assert_msg(slice_is(fields.at[FIELD_TIME], rows[i][1]), "%s", rows[i][0]);
        ck_assert(fields.time_is_end);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fields");
    TCase *cases = tcase_create("fields");
    tcase_add_loop_test(cases, reads_a_duration, 0, sizeof durations / sizeof durations[0]);
    tcase_add_loop_test(cases, knows_the_usual_names, 0, sizeof usual / sizeof usual[0]);
    tcase_add_loop_test(cases, ranks_names, 0, sizeof better / sizeof better[0]);
    tcase_add_test(cases, does_not_stop_at_a_nul);
    tcase_add_test(cases, asks_a_map_first);
    tcase_add_loop_test(cases, knows_extra_fields, 0, sizeof extra_names / sizeof extra_names[0]);
    tcase_add_test(cases, knows_extra_fields_by_kind);
    tcase_add_test(cases, extra_fields_come_last);
    tcase_add_test(cases, names_every_field);
    tcase_add_test(cases, keeps_the_lowest_rank);
    tcase_add_test(cases, takes_the_time_out_of_brackets);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
