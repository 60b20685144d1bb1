#include "tests/loggen/formats.h"

#include <assert.h>

#include "tests/loggen/put.h"

#define HOST "www.shop.example"

/* ---- the request in pieces ---- */

struct pieces {
    struct slice method, path, query, protocol; /* "-" where there is none; the query is empty */
};

static struct slice take_word(struct slice *text)
{
    const char *const blank = memchr(text->at, ' ', text->size);
    const struct slice word = slice_head(*text, blank ? (size_t)(blank - text->at) : text->size);
    *text = slice_from(*text, word.size + 1);
    return word;
}

static struct pieces cut_request(struct slice request)
{
    const struct slice dash = SLICE_LITERAL("-");
    struct slice rest = request;
    struct pieces pieces = {.method = take_word(&rest), .path = take_word(&rest), .protocol = rest};
    if (pieces.protocol.size == 0) /* handshakes and silence are not requests */
        return (struct pieces){.method = dash, .path = dash, .protocol = dash};
    const char *const mark = memchr(pieces.path.at, '?', pieces.path.size);
    if (mark) {
        pieces.query = slice_from(pieces.path, (size_t)(mark - pieces.path.at) + 1);
        pieces.path.size = (size_t)(mark - pieces.path.at);
    }
    return pieces;
}

static bool is_request(const struct pieces *pieces)
{
    return !slice_is(pieces->method, "-");
}

static char *put_url(char *at, const struct pieces *pieces)
{
    at = put_slice(at, pieces->path);
    if (pieces->query.size == 0)
        return at;
    *at++ = '?';
    return put_slice(at, pieces->query);
}

/* Nothing in place of the dash, where a format has quotes or names. */
static struct slice or_empty(struct slice text)
{
    return slice_is(text, "-") ? slice_head(text, 0) : text;
}

/* ---- Apache and nginx ---- */

static char *put_clf(char *at, const struct record *record, const struct stamp *stamp)
{
    at = put_slice(at, record->address);
    at = put_text(at, " - - [");
    at = stamp_put_clf(at, stamp);
    at = put_text(at, "] \"");
    at = put_slice(at, record->request);
    at = put_text(at, "\" ");
    at = put_padded(at, record->status, 3);
    *at++ = ' ';
    return record->size_bytes ? put_number(at, record->size_bytes) : put_text(at, "-");
}

static char *put_agent(char *at, const struct record *record)
{
    at = put_text(at, " \"");
    at = put_slice(at, record->referrer);
    at = put_text(at, "\" \"");
    at = put_slice(at, record->agent);
    *at++ = '"';
    return at;
}

static char *put_common(char *at, const struct record *record)
{
    return put_clf(at, record, &record->begin);
}

static char *put_combined(char *at, const struct record *record)
{
    return put_agent(put_clf(at, record, &record->begin), record);
}

static char *put_combined_cookie(char *at, const struct record *record)
{
    at = put_text(put_combined(at, record), " \"");
    at = put_slice(at, record->cookie);
    *at++ = '"';
    return at;
}

static char *put_vhost_combined(char *at, const struct record *record)
{
    return put_combined(put_text(at, HOST ":443 "), record);
}

static char *put_nginx_timed(char *at, const struct record *record)
{
    at = put_agent(put_clf(at, record, &record->end), record);
    *at++ = ' ';
    return put_seconds(at, record->duration_ms);
}

static char *put_apache_timed(char *at, const struct record *record)
{
    at = put_combined(at, record);
    *at++ = ' ';
    return put_number(at, UINT64_C(1000) * record->duration_ms);
}

/* ---- labels and JSON ---- */

/* What ltsv.org recommends for Apache, and the duration. */
static char *put_ltsv(char *at, const struct record *record)
{
    at = put_text(at, "host:");
    at = put_slice(at, record->address);
    at = put_text(at, "\tident:-\tuser:-\ttime:[");
    at = stamp_put_clf(at, &record->begin);
    at = put_text(at, "]\treq:");
    at = put_slice(at, record->request);
    at = put_text(at, "\tstatus:");
    at = put_padded(at, record->status, 3);
    at = put_text(at, "\tsize:");
    at = record->size_bytes ? put_number(at, record->size_bytes) : put_text(at, "-");
    at = put_text(at, "\treferer:");
    at = put_slice(at, record->referrer);
    at = put_text(at, "\tua:");
    at = put_slice(at, record->agent);
    at = put_text(at, "\tvhost:" HOST "\treqtime_microsec:");
    return put_number(at, UINT64_C(1000) * record->duration_ms);
}

/* log_format of nginx with escape=json and all variables between quotes. */
static char *put_json(char *at, const struct record *record)
{
    at = put_text(at, "{\"remote_addr\":\"");
    at = put_slice(at, record->address);
    at = put_text(at, "\",\"time_iso8601\":\"");
    at = stamp_put_iso(at, &record->end);
    at = put_text(at, "\",\"request\":\"");
    at = put_recoded(at, or_empty(record->request), PUT_JSON);
    at = put_text(at, "\",\"status\":\"");
    at = put_padded(at, record->status, 3);
    at = put_text(at, "\",\"body_bytes_sent\":\"");
    at = put_number(at, record->size_bytes);
    at = put_text(at, "\",\"http_referer\":\"");
    at = put_recoded(at, or_empty(record->referrer), PUT_JSON);
    at = put_text(at, "\",\"http_user_agent\":\"");
    at = put_recoded(at, or_empty(record->agent), PUT_JSON);
    at = put_text(at, "\",\"request_time\":\"");
    at = put_seconds(at, record->duration_ms);
    return put_text(at, "\",\"host\":\"" HOST "\"}");
}

/* A member of "headers"; no member for a header that was not sent. */
static char *put_caddy_header(char *at, const char *name, struct slice value)
{
    if (slice_is(value, "-"))
        return at;
    at = put_format(at, ",\"%s\":[\"", name);
    at = put_recoded(at, value, PUT_JSON);
    return put_text(at, "\"]");
}

static char *put_caddy_request(char *at, const struct record *record)
{
    const struct pieces pieces = cut_request(record->request);
    at = put_text(at, "{\"remote_ip\":\"");
    at = put_slice(at, record->address);
    at = put_format(at, "\",\"remote_port\":\"%u\",\"client_ip\":\"", record->port);
    at = put_slice(at, record->address);
    at = put_text(at, "\",\"proto\":\"");
    at = put_slice(at, or_empty(pieces.protocol));
    at = put_text(at, "\",\"method\":\"");
    at = put_slice(at, or_empty(pieces.method));
    at = put_text(at, "\",\"host\":\"" HOST "\",\"uri\":\"");
    at = is_request(&pieces) ? put_url(at, &pieces) : at;
    at = put_text(at, "\",\"headers\":{\"Accept\":[\"*/*\"]");
    at = put_caddy_header(at, "User-Agent", record->agent);
    at = put_caddy_header(at, "Referer", record->referrer);
    return put_text(at, "},\"tls\":{\"resumed\":false,\"version\":772,\"cipher_suite\":4865}}");
}

static char *put_caddy(char *at, const struct record *record)
{
    at = put_text(at, "{\"level\":\"info\",\"ts\":");
    at = stamp_put_epoch(at, &record->end, "\"");
    at = put_text(at, ",\"logger\":\"http.log.access.log0\",\"msg\":\"handled request\","
                      "\"request\":");
    at = put_caddy_request(at, record);
    at = put_text(at, ",\"bytes_read\":0,\"user_id\":\"\",\"duration\":");
    at = put_seconds(at, record->duration_ms);
    return put_format(at,
                      ",\"size\":%u,\"status\":%u,\"resp_headers\":{\"Server\":[\"Caddy\"],"
                      "\"Content-Type\":[\"text/html; charset=utf-8\"]}}",
                      record->size_bytes, record->status);
}

/* ---- proxies ---- */

static char *put_haproxy(char *at, const struct record *record)
{
    const struct pieces pieces = cut_request(record->request);
    at = stamp_put_syslog(at, &record->written);
    at = put_text(at, " lb1 haproxy[14389]: ");
    at = put_slice(at, record->address);
    at = put_format(at, ":%u [", record->port);
    at = stamp_put_clock(at, &record->begin);
    at = put_format(at, ".%03u] https~ shop/web1 0/0/0/%u/%u %03u %u - - ---- 4/4/1/0/0 0/0 {",
                    record->begin.millisecond, record->duration_ms, record->duration_ms,
                    record->status, record->size_bytes);
    at = put_recoded(at, or_empty(record->agent), PUT_HASH);
    *at++ = '|';
    at = put_recoded(at, or_empty(record->referrer), PUT_HASH);
    at = put_text(at, "} \"");
    at =
        is_request(&pieces) ? put_recoded(at, record->request, PUT_HASH) : put_text(at, "<BADREQ>");
    *at++ = '"';
    return at;
}

static char *put_alb_time(char *at, const struct stamp *stamp)
{
    at = stamp_put_date(at, stamp);
    *at++ = 'T';
    at = stamp_put_time(at, stamp);
    return put_format(at, ".%03u000Z", stamp->millisecond);
}

static char *put_alb_request(char *at, const struct record *record)
{
    const struct pieces pieces = cut_request(record->request);
    if (!is_request(&pieces))
        return put_text(at, "- - - ");
    at = put_slice(at, pieces.method);
    at = put_text(at, " https://" HOST ":443");
    at = put_url(at, &pieces);
    *at++ = ' ';
    return put_slice(at, pieces.protocol);
}

static char *put_alb(char *at, const struct record *record)
{
    at = put_text(at, "https ");
    at = put_alb_time(at, &record->end);
    at = put_text(at, " app/shop/50dc6c495c0c9188 ");
    at = put_slice(at, record->address);
    at = put_format(at, ":%u 10.9.0.10:80 0.000 ", record->port);
    at = put_seconds(at, record->duration_ms);
    at = put_format(at, " 0.000 %03u %03u 412 %u \"", record->status, record->status,
                    record->size_bytes);
    at = put_alb_request(at, record);
    at = put_text(at, "\" \"");
    at = put_slice(at, record->agent);
    at = put_text(at, "\" TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:elasticloadbalancing:targetgroup "
                      "\"Root=1-58337364-23a8c76965a2ef7629b185e3\" \"" HOST "\" \"arn:aws:acm\" "
                      "1 ");
    at = put_alb_time(at, &record->begin);
    return put_format(at,
                      " \"forward\" \"-\" \"-\" \"10.9.0.10:80\" \"%03u\" \"-\" \"-\" "
                      "TID_1234abcd5678ef90",
                      record->status);
}

static char *put_squid(char *at, const struct record *record)
{
    const struct pieces pieces = cut_request(record->request);
    at = stamp_put_epoch(at, &record->end, "");
    at = put_format(at, " %6u ", record->duration_ms);
    at = put_slice(at, record->address);
    at = put_format(at, " TCP_MISS/%03u %u ", record->status, record->size_bytes);
    if (!is_request(&pieces))
        return put_text(at, "NONE error:invalid-request - HIER_NONE/- text/html");
    at = put_slice(at, pieces.method);
    at = put_text(at, " https://" HOST);
    at = put_url(at, &pieces);
    return put_text(at, " - HIER_DIRECT/10.9.0.10 text/html");
}

/* ---- columns ---- */

/* IIS has them in the order of this list, until somebody chooses others in its dialogue. */
enum w3c_column {
    W3C_DATE,
    W3C_TIME,
    W3C_SERVER,
    W3C_METHOD,
    W3C_STEM,
    W3C_QUERY,
    W3C_PORT,
    W3C_USER,
    W3C_CLIENT,
    W3C_AGENT,
    W3C_REFERRER,
    W3C_STATUS,
    W3C_SUBSTATUS,
    W3C_WINDOWS_STATUS,
    W3C_BYTES,
    W3C_TIME_TAKEN,
    W3C_COLUMNS
};
_Static_assert((int)W3C_COLUMNS <= (int)FORMAT_MAX_COLUMNS, "a layout holds all columns");

static void choose_columns(struct format_layout *layout, struct random *random)
{
    for (unsigned i = 0; i < W3C_COLUMNS; i++)
        layout->columns[i] = (unsigned char)i;
    for (unsigned i = W3C_COLUMNS; layout->is_set && i > 1; i--) {
        const unsigned k = random_below(random, i);
        const unsigned char swap = layout->columns[i - 1];
        layout->columns[i - 1] = layout->columns[k];
        layout->columns[k] = swap;
    }
    layout->is_set = true;
}

static char *put_w3c_header(char *at, const struct format_layout *layout, const struct stamp *now,
                            const char *line_end)
{
    static const char *const names[W3C_COLUMNS] = {
        [W3C_DATE] = "date",
        [W3C_TIME] = "time",
        [W3C_SERVER] = "s-ip",
        [W3C_METHOD] = "cs-method",
        [W3C_STEM] = "cs-uri-stem",
        [W3C_QUERY] = "cs-uri-query",
        [W3C_PORT] = "s-port",
        [W3C_USER] = "cs-username",
        [W3C_CLIENT] = "c-ip",
        [W3C_AGENT] = "cs(User-Agent)",
        [W3C_REFERRER] = "cs(Referer)",
        [W3C_STATUS] = "sc-status",
        [W3C_SUBSTATUS] = "sc-substatus",
        [W3C_WINDOWS_STATUS] = "sc-win32-status",
        [W3C_BYTES] = "sc-bytes",
        [W3C_TIME_TAKEN] = "time-taken",
    };
    at = put_format(at, "#Software: Microsoft Internet Information Services 10.0%s", line_end);
    at = put_format(at, "#Version: 1.0%s#Date: ", line_end);
    at = stamp_put_date(at, now);
    *at++ = ' ';
    at = stamp_put_time(at, now);
    at = put_format(at, "%s#Fields:", line_end);
    for (unsigned i = 0; i < W3C_COLUMNS; i++)
        at = put_format(at, " %s", names[layout->columns[i]]);
    return put_text(at, line_end);
}

static char *put_w3c_column(char *at, enum w3c_column column, const struct record *record,
                            const struct pieces *pieces)
{
    switch (column) {
    case W3C_DATE:
        return stamp_put_date(at, &record->end);
    case W3C_TIME:
        return stamp_put_time(at, &record->end);
    case W3C_SERVER:
        return put_text(at, "10.9.0.10");
    case W3C_METHOD:
        return put_slice(at, pieces->method);
    case W3C_STEM:
        return put_slice(at, pieces->path);
    case W3C_QUERY:
        return pieces->query.size ? put_slice(at, pieces->query) : put_text(at, "-");
    case W3C_PORT:
        return put_text(at, "443");
    case W3C_CLIENT:
        return put_slice(at, record->address);
    case W3C_AGENT:
        return put_recoded(at, record->agent, PUT_PLUS);
    case W3C_REFERRER:
        return put_recoded(at, record->referrer, PUT_PLUS);
    case W3C_STATUS:
        return put_padded(at, record->status, 3);
    case W3C_SUBSTATUS:
    case W3C_WINDOWS_STATUS:
        return put_text(at, "0");
    case W3C_BYTES:
        return put_number(at, record->size_bytes);
    case W3C_TIME_TAKEN:
        return put_number(at, record->duration_ms);
    default:
        return put_text(at, "-");
    }
}

static char *put_w3c(char *at, const struct format_layout *layout, const struct record *record)
{
    const struct pieces pieces = cut_request(record->request);
    for (unsigned i = 0; i < W3C_COLUMNS; i++) {
        if (i)
            *at++ = ' ';
        at = put_w3c_column(at, (enum w3c_column)layout->columns[i], record, &pieces);
    }
    return at;
}

static char *put_cloudfront_header(char *at, const char *line_end)
{
    return put_format(
        at,
        "#Version: 1.0%s#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) "
        "cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) "
        "x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken "
        "x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version "
        "fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type "
        "sc-content-type sc-content-len sc-range-start sc-range-end%s",
        line_end, line_end);
}

static char *put_cloudfront(char *at, const struct record *record)
{
    const struct pieces pieces = cut_request(record->request);
    at = stamp_put_date(at, &record->end);
    *at++ = '\t';
    at = stamp_put_time(at, &record->end);
    at = put_format(at, "\tFRA56-P1\t%u\t", record->size_bytes);
    at = put_slice(at, record->address);
    *at++ = '\t';
    at = put_slice(at, pieces.method);
    at = put_text(at, "\td111111abcdef8.cloudfront.net\t");
    at = put_slice(at, pieces.path);
    at = put_format(at, "\t%03u\t", record->status);
    at = put_recoded(at, record->referrer, PUT_PERCENT);
    *at++ = '\t';
    at = put_recoded(at, record->agent, PUT_PERCENT);
    *at++ = '\t';
    at = pieces.query.size ? put_slice(at, pieces.query) : put_text(at, "-");
    at = put_text(at, "\t-\tMiss\tSOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==\t" HOST
                      "\thttps\t412\t");
    at = put_seconds(at, record->duration_ms);
    at = put_text(at, "\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tMiss\t");
    at = put_slice(at, pieces.protocol);
    at = put_format(at, "\t-\t-\t%u\t", record->port);
    at = put_seconds(at, record->duration_ms);
    return put_format(at, "\tMiss\ttext/html\t%u\t-\t-", record->size_bytes);
}

/* ---- all of them ---- */

static const struct {
    const char *name;
    char *(*put)(char *at, const struct record *record); /* NULL: W3C, which needs the layout */
    unsigned header_lines;
    bool lacks_agents, is_utc, repeats_header;
} formats[LOG_FORMAT_COUNT] = {
    [LOG_COMBINED] = {.name = "combined", .put = put_combined},
    [LOG_COMBINED_COOKIE] = {.name = "combined_cookie", .put = put_combined_cookie},
    [LOG_COMMON] = {.name = "common", .put = put_common, .lacks_agents = true},
    [LOG_VHOST_COMBINED] = {.name = "vhost_combined", .put = put_vhost_combined},
    [LOG_NGINX_TIMED] = {.name = "nginx_timed", .put = put_nginx_timed},
    [LOG_APACHE_TIMED] = {.name = "apache_timed", .put = put_apache_timed},
    [LOG_W3C] =
        {.name = "w3c", .put = NULL, .header_lines = 4, .is_utc = true, .repeats_header = true},
    [LOG_CLOUDFRONT] = {.name = "cloudfront",
                        .put = put_cloudfront,
                        .header_lines = 2,
                        .is_utc = true},
    [LOG_LTSV] = {.name = "ltsv", .put = put_ltsv},
    [LOG_JSON] = {.name = "json", .put = put_json},
    [LOG_CADDY] = {.name = "caddy", .put = put_caddy, .is_utc = true},
    [LOG_HAPROXY] = {.name = "haproxy", .put = put_haproxy, .is_utc = true},
    [LOG_ALB] = {.name = "alb", .put = put_alb, .is_utc = true},
    [LOG_SQUID] = {.name = "squid", .put = put_squid, .lacks_agents = true, .is_utc = true},
};

const char *format_name(enum log_format format)
{
    return formats[format].name;
}

bool format_has_agents(enum log_format format)
{
    return !formats[format].lacks_agents;
}

bool format_has_durations(enum log_format format)
{
    return format != LOG_COMBINED && format != LOG_COMBINED_COOKIE && format != LOG_COMMON &&
           format != LOG_VHOST_COMBINED;
}

bool format_has_zone(enum log_format format)
{
    return !formats[format].is_utc;
}

unsigned format_header_lines(enum log_format format)
{
    return formats[format].header_lines;
}

bool format_repeats_header(enum log_format format)
{
    return formats[format].repeats_header;
}

char *format_put_header(enum log_format format, char *at, struct format_layout *layout,
                        const struct stamp *now, struct random *random, const char *line_end)
{
    if (format == LOG_CLOUDFRONT)
        return put_cloudfront_header(at, line_end);
    assert(format == LOG_W3C);
    choose_columns(layout, random);
    return put_w3c_header(at, layout, now, line_end);
}

char *format_put(enum log_format format, char *at, const struct format_layout *layout,
                 const struct record *record)
{
    return formats[format].put ? formats[format].put(at, record) : put_w3c(at, layout, record);
}
