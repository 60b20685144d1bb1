/* The formats that are known by name, most specific first within a family. */
#include "parser/format_ops.h"

#define COMMON_FIELDS                                                                              \
    (FIELD_BIT(FIELD_ADDRESS) | FIELD_BIT(FIELD_USER) | FIELD_BIT(FIELD_TIME) |                    \
     FIELD_BIT(FIELD_REQUEST) | FIELD_BIT(FIELD_STATUS) | FIELD_BIT(FIELD_BYTES))
#define COMBINED_FIELDS (COMMON_FIELDS | FIELD_BIT(FIELD_REFERRER) | FIELD_BIT(FIELD_AGENT))

#define CLF_START                                                                                  \
    OP_TEXT(FIELD_ADDRESS, " "), OP_SIZED(FIELD_SKIP, 1, " "), OP_SIZED(FIELD_USER, 1, " ["),      \
        OP_TEXT(FIELD_TIME, "] \""), OP_QUOTE(FIELD_REQUEST, " "), OP_SIZED(FIELD_STATUS, 3, " ")
#define CLF_AGENT                                                                                  \
    CLF_START, OP_TEXT(FIELD_BYTES, " \""), OP_QUOTE(FIELD_REFERRER, " \""),                       \
        OP_QUOTE(FIELD_AGENT, " ")

static const struct field_op vhost_common_ops[] = {
    OP_TEXT(FIELD_HOST, " "),
    CLF_START,
    OP_BLANK(FIELD_BYTES),
};

static const struct field_op common_vhost_ops[] = {
    CLF_START,
    OP_TEXT(FIELD_BYTES, " "),
    OP_WORD(FIELD_HOST),
};

static const struct field_op combined_vhost_ops[] = {CLF_AGENT, OP_WORD(FIELD_HOST)};

static const struct field_op vhost_timed_ops[] = {
    OP_TEXT(FIELD_HOST, " "),
    CLF_AGENT,
    OP_BLANK(FIELD_DURATION),
};

static const struct field_op forwarded_ops[] = {CLF_AGENT, OP_WORD(FIELD_FORWARDED)};

static const struct field_op forwarded_timed_ops[] = {
    CLF_AGENT,
    OP_WORD(FIELD_FORWARDED),
    OP_BLANK(FIELD_DURATION),
};

static const struct field_op traefik_ops[] = {
    CLF_AGENT,           OP_WORD(FIELD_SKIP),      OP_WORD(FIELD_SKIP),
    OP_WORD(FIELD_SKIP), OP_BLANK(FIELD_DURATION),
};

static const struct field_op elb_ops[] = {
    OP_TEXT(FIELD_TIME, " "), OP_WORD(FIELD_SKIP),         OP_WORD(FIELD_ADDRESS),
    OP_WORD(FIELD_SKIP),      OP_WORDS(FIELD_DURATION, 3), OP_WORD(FIELD_STATUS),
    OP_WORD(FIELD_SKIP),      OP_WORD(FIELD_SKIP),         OP_WORD(FIELD_BYTES),
    OP_WORD(FIELD_REQUEST),   OP_WORD(FIELD_AGENT),
};

static const struct field_op alb_ops[] = {
    OP_WORD(FIELD_SKIP),    OP_TEXT(FIELD_TIME, " "), OP_WORD(FIELD_SKIP),
    OP_WORD(FIELD_ADDRESS), OP_WORD(FIELD_SKIP),      OP_WORDS(FIELD_DURATION, 3),
    OP_WORD(FIELD_STATUS),  OP_WORD(FIELD_SKIP),      OP_WORD(FIELD_SKIP),
    OP_WORD(FIELD_BYTES),   OP_WORD(FIELD_REQUEST),   OP_WORD(FIELD_AGENT),
};

static const struct field_op s3_ops[] = {
    OP_WORD(FIELD_SKIP),    OP_WORD(FIELD_HOST),     OP_WORD(FIELD_TIME), OP_WORD(FIELD_ADDRESS),
    OP_WORD(FIELD_USER),    OP_WORD(FIELD_SKIP),     OP_WORD(FIELD_SKIP), OP_WORD(FIELD_SKIP),
    OP_WORD(FIELD_REQUEST), OP_WORD(FIELD_STATUS),   OP_WORD(FIELD_SKIP), OP_WORD(FIELD_BYTES),
    OP_WORD(FIELD_SKIP),    OP_WORD(FIELD_DURATION), OP_WORD(FIELD_SKIP), OP_WORD(FIELD_REFERRER),
    OP_WORD(FIELD_AGENT),
};

static const struct field_op squid_ops[] = {
    OP_TEXT(FIELD_TIME, " "),   OP_PADDED(FIELD_DURATION, " "), OP_TEXT(FIELD_ADDRESS, " "),
    OP_TEXT(FIELD_SKIP, "/"),   OP_SIZED(FIELD_STATUS, 3, " "), OP_TEXT(FIELD_BYTES, " "),
    OP_TEXT(FIELD_METHOD, " "), OP_TEXT(FIELD_URL, " "),        OP_BLANK(FIELD_USER),
};

/* Up to the queues, behind which the captured headers may stand. */
#define HAPROXY_START                                                                              \
    OP_TEXT(FIELD_ADDRESS, " ["), OP_TEXT(FIELD_TIME, "] "), OP_WORD(FIELD_SKIP),                  \
        OP_WORD(FIELD_SKIP), OP_TEXT(FIELD_SKIP, "/"), OP_TEXT(FIELD_SKIP, "/"),                   \
        OP_TEXT(FIELD_SKIP, "/"), OP_TEXT(FIELD_SKIP, "/"), OP_WORD(FIELD_DURATION),               \
        OP_WORD(FIELD_STATUS), OP_WORD(FIELD_BYTES), OP_WORD(FIELD_SKIP), OP_WORD(FIELD_SKIP),     \
        OP_WORD(FIELD_SKIP), OP_WORD(FIELD_SKIP)

static const struct field_op haproxy_ops[] = {
    HAPROXY_START,
    OP_TEXT(FIELD_SKIP, "\""),
    OP_QUOTE(FIELD_REQUEST, ""),
};

static const struct field_op haproxy_captures_ops[] = {
    HAPROXY_START,
    OP_TEXT(FIELD_SKIP, " {"),
    OP_TEXT(FIELD_AGENT, "|"),
    OP_TEXT(FIELD_REFERRER, "} "),
    OP_TEXT(FIELD_SKIP, "\""),
    OP_QUOTE(FIELD_REQUEST, ""),
};

/* "06/Feb/2009:12:14:14.655" */
#define HAPROXY_TIME                                                                               \
    {                                                                                              \
        .style = TIME_PATTERN, .piece_count = 1, .patterns = {                                     \
            {                                                                                      \
                .count = 13,                                                                       \
                .parts = {{'d', 0},                                                                \
                          {0, '/'},                                                                \
                          {'b', 0},                                                                \
                          {0, '/'},                                                                \
                          {'Y', 0},                                                                \
                          {0, ':'},                                                                \
                          {'H', 0},                                                                \
                          {0, ':'},                                                                \
                          {'M', 0},                                                                \
                          {0, ':'},                                                                \
                          {'S', 0},                                                                \
                          {0, '.'},                                                                \
                          {'f', 0}},                                                               \
            }                                                                                      \
        }                                                                                          \
    }
#define PROXY_FIELDS                                                                               \
    (FIELD_BIT(FIELD_ADDRESS) | FIELD_BIT(FIELD_TIME) | FIELD_BIT(FIELD_DURATION) |                \
     FIELD_BIT(FIELD_STATUS) | FIELD_BIT(FIELD_BYTES) | FIELD_BIT(FIELD_REQUEST))

/* The names of formats whose members mean one thing only. */
#define NAMED(text, what)                                                                          \
    {                                                                                              \
        text,                                                                                      \
        {                                                                                          \
            .field = what                                                                          \
        }                                                                                          \
    }
#define RANKED(text, what, order)                                                                  \
    {                                                                                              \
        text,                                                                                      \
        {                                                                                          \
            .field = what, .rank = order                                                           \
        }                                                                                          \
    }
#define END_TIME(text, order)                                                                      \
    {                                                                                              \
        text,                                                                                      \
        {                                                                                          \
            .field = FIELD_TIME, .rank = order, .time_is_end = true                                \
        }                                                                                          \
    }
#define DURATION_IN(text, duration)                                                                \
    {                                                                                              \
        text,                                                                                      \
        {                                                                                          \
            .field = FIELD_DURATION, .unit = duration                                              \
        }                                                                                          \
    }

static const struct named_field caddy_names[] = {
    NAMED("request.client_ip", FIELD_ADDRESS),
    RANKED("request.remote_ip", FIELD_ADDRESS, 1),
    RANKED("request.remote_addr", FIELD_ADDRESS, 2),
    NAMED("request.host", FIELD_HOST),
    NAMED("request.method", FIELD_METHOD),
    NAMED("request.uri", FIELD_URL),
    NAMED("request.headers.User-Agent", FIELD_AGENT),
    NAMED("request.headers.Referer", FIELD_REFERRER),
    NAMED("request.headers.Cookie", FIELD_COOKIE),
    NAMED("request.headers.X-Forwarded-For", FIELD_FORWARDED),
    NAMED("user_id", FIELD_USER),
    NAMED("status", FIELD_STATUS),
    NAMED("size", FIELD_BYTES),
    DURATION_IN("duration", DURATION_S),
    END_TIME("ts", 0),
};

static const struct named_field traefik_names[] = {
    NAMED("ClientHost", FIELD_ADDRESS),
    RANKED("ClientAddr", FIELD_ADDRESS, 1),
    NAMED("RequestHost", FIELD_HOST),
    RANKED("RequestAddr", FIELD_HOST, 1),
    NAMED("RequestMethod", FIELD_METHOD),
    NAMED("RequestPath", FIELD_URL),
    NAMED("request_User-Agent", FIELD_AGENT),
    NAMED("request_Referer", FIELD_REFERRER),
    NAMED("request_Cookie", FIELD_COOKIE),
    NAMED("request_X-Forwarded-For", FIELD_FORWARDED),
    NAMED("ClientUsername", FIELD_USER),
    NAMED("DownstreamStatus", FIELD_STATUS),
    NAMED("DownstreamContentSize", FIELD_BYTES),
    DURATION_IN("Duration", DURATION_NS),
    NAMED("StartUTC", FIELD_TIME),
    RANKED("StartLocal", FIELD_TIME, 1),
    END_TIME("time", 2),
};

static const struct named_field google_lb_names[] = {
    NAMED("httpRequest.remoteIp", FIELD_ADDRESS),
    NAMED("httpRequest.requestMethod", FIELD_METHOD),
    NAMED("httpRequest.requestUrl", FIELD_URL),
    NAMED("httpRequest.status", FIELD_STATUS),
    NAMED("httpRequest.responseSize", FIELD_BYTES),
    NAMED("httpRequest.userAgent", FIELD_AGENT),
    NAMED("httpRequest.referer", FIELD_REFERRER),
    DURATION_IN("httpRequest.latency", DURATION_S),
    NAMED("timestamp", FIELD_TIME),
};

static const struct named_field cloudflare_names[] = {
    NAMED("ClientIP", FIELD_ADDRESS),
    NAMED("ClientRequestHost", FIELD_HOST),
    NAMED("ClientRequestMethod", FIELD_METHOD),
    NAMED("ClientRequestURI", FIELD_URL),
    RANKED("ClientRequestPath", FIELD_URL, 1),
    NAMED("ClientRequestUserAgent", FIELD_AGENT),
    NAMED("ClientRequestReferer", FIELD_REFERRER),
    NAMED("EdgeResponseStatus", FIELD_STATUS),
    NAMED("EdgeResponseBytes", FIELD_BYTES),
    NAMED("EdgeStartTimestamp", FIELD_TIME),
    END_TIME("EdgeEndTimestamp", 1),
};

#define NAMES(list)                                                                                \
    &(const struct field_map)                                                                      \
    {                                                                                              \
        .items = list, .count = sizeof list / sizeof list[0]                                       \
    }
#define OPS(list)                                                                                  \
    .shape = SHAPE_FIELDS, .ops = list, .op_count = sizeof list / sizeof list[0],                  \
    .escapes = ESCAPE_BACKSLASH

#define COMBINED_TEXT "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\""
#define NGINX_TEXT                                                                                 \
    "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "             \
    "\"$http_referer\" \"$http_user_agent\""

static const struct log_format presets[] = {
    {.name = "vhost_nginx_timed",
     .about = "nginx_timed behind the host",
     .example = "$host " NGINX_TEXT " $request_time",
     OPS(vhost_timed_ops),
     .duration_unit = DURATION_S,
     .time_is_end = true,
     .absent = FIELDS_BUT(COMBINED_FIELDS | FIELD_BIT(FIELD_HOST) | FIELD_BIT(FIELD_DURATION)),
     .checked = FIELD_BIT(FIELD_DURATION)},
    {.name = "nginx_forwarded_timed",
     .about = "nginx's combined format, the addresses that proxies name, and the request time",
     .example = NGINX_TEXT " \"$http_x_forwarded_for\" $request_time",
     OPS(forwarded_timed_ops),
     .duration_unit = DURATION_S,
     .time_is_end = true,
     .absent = FIELDS_BUT(COMBINED_FIELDS | FIELD_BIT(FIELD_FORWARDED) | FIELD_BIT(FIELD_DURATION)),
     .checked = FIELD_BIT(FIELD_FORWARDED) | FIELD_BIT(FIELD_DURATION)},
    {.name = "nginx_forwarded",
     .about = "nginx's combined format and the addresses that proxies name",
     .example = NGINX_TEXT " \"$http_x_forwarded_for\"",
     OPS(forwarded_ops),
     .absent = FIELDS_BUT(COMBINED_FIELDS | FIELD_BIT(FIELD_FORWARDED)),
     .checked = FIELD_BIT(FIELD_FORWARDED)},
    {.name = "nginx_timed",
     .about = "nginx's combined format and the request time in seconds",
     .example = NGINX_TEXT " $request_time",
     OPS(format_timed_ops),
     .duration_unit = DURATION_S,
     .time_is_end = true,
     .absent = FIELDS_BUT(COMBINED_FIELDS | FIELD_BIT(FIELD_DURATION)),
     .checked = FIELD_BIT(FIELD_DURATION)},
    {.name = "traefik_clf",
     .about = "Traefik's common log format",
     .example = "combined, then the number of the request, \"router\" \"server URL\" and 12ms",
     OPS(traefik_ops),
     .duration_unit = DURATION_MS,
     .absent = FIELDS_BUT(COMBINED_FIELDS | FIELD_BIT(FIELD_DURATION)),
     .checked = FIELD_BIT(FIELD_DURATION)},
    {.name = "apache_timed",
     .about = "Apache's combined format and the request time in microseconds",
     .example = COMBINED_TEXT " %D",
     OPS(format_timed_ops),
     .duration_unit = DURATION_US,
     .absent = FIELDS_BUT(COMBINED_FIELDS | FIELD_BIT(FIELD_DURATION)),
     .checked = FIELD_BIT(FIELD_DURATION)},
    {.name = "icecast",
     /* Nothing in a line tells these seconds from Apache's microseconds. */
     .about = "Icecast's access log: combined and the seconds that were listened",
     .example = COMBINED_TEXT " %T",
     OPS(format_timed_ops),
     .duration_unit = DURATION_S,
     .time_is_end = true,
     .absent = FIELDS_BUT(COMBINED_FIELDS | FIELD_BIT(FIELD_DURATION)),
     .is_named_only = true},
    {.name = "vhost_combined",
     .about = "Apache's combined format behind the virtual host and port",
     .example = "%v:%p " COMBINED_TEXT,
     OPS(format_vhost_combined_ops),
     .absent = FIELDS_BUT(COMBINED_FIELDS | FIELD_BIT(FIELD_HOST))},
    {.name = "combined_vhost",
     .about = "the combined format and the virtual host behind it",
     .example = COMBINED_TEXT " %v",
     OPS(combined_vhost_ops),
     .absent = FIELDS_BUT(COMBINED_FIELDS | FIELD_BIT(FIELD_HOST)),
     .checked = FIELD_BIT(FIELD_HOST)},
    {.name = "combined",
     .about = "the usual format of Apache and nginx",
     .example = COMBINED_TEXT,
     OPS(format_combined_ops),
     .absent = FIELDS_BUT(COMBINED_FIELDS)},
    {.name = "vhost_common",
     .about = "the common log format behind the virtual host and port",
     .example = "%v:%p %h %l %u %t \"%r\" %>s %b",
     OPS(vhost_common_ops),
     .absent = FIELDS_BUT(COMMON_FIELDS | FIELD_BIT(FIELD_HOST))},
    {.name = "common_vhost",
     .about = "the common log format and the virtual host behind it",
     .example = "%h %l %u %t \"%r\" %>s %b %v",
     OPS(common_vhost_ops),
     .absent = FIELDS_BUT(COMMON_FIELDS | FIELD_BIT(FIELD_HOST)),
     .checked = FIELD_BIT(FIELD_HOST)},
    {.name = "common",
     .about = "the common log format: combined without referrer and user agent",
     .example = "%h %l %u %t \"%r\" %>s %b",
     OPS(format_common_ops),
     .absent = FIELDS_BUT(COMMON_FIELDS)},
    {.name = "w3c",
     .about = "W3C extended log format, as IIS writes it; the columns are named by #Fields lines",
     .example = "#Fields: date time c-ip cs-method cs-uri-stem sc-status",
     .shape = SHAPE_COLUMNS,
     .header = HEADER_DIRECTIVE,
     .escapes = ESCAPE_PLUS,
     .has_absolute_urls = true},
    {.name = "cloudfront",
     .about = "Amazon CloudFront standard log",
     .example = "#Fields: date time x-edge-location sc-bytes c-ip ..., then columns apart by tabs",
     .shape = SHAPE_COLUMNS,
     .header = HEADER_DIRECTIVE,
     .escapes = ESCAPE_PERCENT},
    {.name = "alb",
     .about = "Amazon Application Load Balancer",
     .example = "type time elb client:port target:port 3 times status target_status received sent "
                "\"request\" \"user_agent\" ...",
     OPS(alb_ops),
     .time = {.style = TIME_ISO},
     .duration_unit = DURATION_S,
     .time_is_end = true,
     .address_has_port = true,
     .has_absolute_urls = true,
     .absent = FIELDS_BUT(PROXY_FIELDS | FIELD_BIT(FIELD_AGENT))},
    {.name = "elb",
     .about = "Amazon Classic Load Balancer",
     .example = "time elb client:port backend:port 3 times status backend_status received sent "
                "\"request\" \"user_agent\" ...",
     OPS(elb_ops),
     .time = {.style = TIME_ISO},
     .duration_unit = DURATION_S,
     .address_has_port = true,
     .has_absolute_urls = true,
     .absent = FIELDS_BUT(PROXY_FIELDS | FIELD_BIT(FIELD_AGENT))},
    {.name = "s3",
     .about = "Amazon S3 server access log",
     .example = "owner bucket [time] remote_ip requester request_id operation key \"request\" "
                "status error bytes_sent object_size total_time turn_around \"referer\" "
                "\"user_agent\" ...",
     OPS(s3_ops),
     .duration_unit = DURATION_MS,
     .absent = FIELDS_BUT(COMBINED_FIELDS | FIELD_BIT(FIELD_HOST) | FIELD_BIT(FIELD_DURATION))},
    {.name = "squid",
     .about = "Squid's native access log",
     .example = "%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt",
     OPS(squid_ops),
     .time = {.style = TIME_EPOCH},
     .duration_unit = DURATION_MS,
     .time_is_end = true,
     .has_absolute_urls = true,
     .absent =
         FIELDS_BUT(FIELD_BIT(FIELD_TIME) | FIELD_BIT(FIELD_DURATION) | FIELD_BIT(FIELD_ADDRESS) |
                    FIELD_BIT(FIELD_STATUS) | FIELD_BIT(FIELD_BYTES) | FIELD_BIT(FIELD_METHOD) |
                    FIELD_BIT(FIELD_URL) | FIELD_BIT(FIELD_USER))},
    {.name = "haproxy_captures",
     .about = "HAProxy's HTTP log with captured headers {User-Agent|Referer}",
     .example = "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc "
                "%ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r",
     OPS(haproxy_captures_ops),
     .time = HAPROXY_TIME,
     .duration_unit = DURATION_MS,
     .address_has_port = true,
     .absent = FIELDS_BUT(PROXY_FIELDS | FIELD_BIT(FIELD_AGENT) | FIELD_BIT(FIELD_REFERRER)),
     .checked = FIELD_BIT(FIELD_AGENT)},
    {.name = "haproxy",
     .about = "HAProxy's HTTP log (option httplog)",
     .example = "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc "
                "%ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r",
     OPS(haproxy_ops),
     .time = HAPROXY_TIME,
     .duration_unit = DURATION_MS,
     .address_has_port = true,
     .absent = FIELDS_BUT(PROXY_FIELDS)},
    {.name = "caddy",
     .about = "Caddy's JSON access log",
     .example = "{\"ts\": ..., \"request\": {\"remote_ip\": ..., \"uri\": ...}, \"status\": ...}",
     .shape = SHAPE_JSON,
     .escapes = ESCAPE_JSON,
     .map = NAMES(caddy_names)},
    {.name = "traefik",
     .about = "Traefik's JSON access log",
     .example = "{\"ClientHost\": ..., \"RequestPath\": ..., \"DownstreamStatus\": ...}",
     .shape = SHAPE_JSON,
     .escapes = ESCAPE_JSON,
     .map = NAMES(traefik_names)},
    {.name = "google_lb",
     .about = "Google Cloud load balancer (Cloud Logging, JSON lines)",
     .example = "{\"httpRequest\": {\"requestUrl\": ..., \"status\": ...}, \"timestamp\": ...}",
     .shape = SHAPE_JSON,
     .escapes = ESCAPE_JSON,
     .has_absolute_urls = true,
     .map = NAMES(google_lb_names)},
    {.name = "cloudflare",
     .about = "Cloudflare Logpush (JSON lines)",
     .example = "{\"ClientIP\": ..., \"ClientRequestURI\": ..., \"EdgeResponseStatus\": ...}",
     .shape = SHAPE_JSON,
     .escapes = ESCAPE_JSON,
     .map = NAMES(cloudflare_names)},
    {.name = "json",
     .about = "JSON lines whose members have usual names (nginx escape=json and others)",
     .example = "{\"remote_addr\": ..., \"time_iso8601\": ..., \"request\": ..., \"status\": ...}",
     .shape = SHAPE_JSON,
     .escapes = ESCAPE_JSON},
    {.name = "ltsv",
     .about = "labeled tab-separated values",
     .example = "host:...<tab>time:[...]<tab>req:GET / HTTP/1.1<tab>status:200<tab>ua:...",
     .shape = SHAPE_LTSV,
     .escapes = ESCAPE_BACKSLASH},
    {.name = "csv",
     .about = "comma, semicolon or tab separated values with usual names in the first line",
     .example = "time,client_ip,method,url,status,bytes,referer,user_agent",
     .shape = SHAPE_COLUMNS,
     .header = HEADER_FIRST_LINE,
     .escapes = ESCAPE_CSV,
     .has_absolute_urls = true},
};
enum { PRESETS = sizeof presets / sizeof presets[0] };

const struct log_format *format_presets(size_t *count)
{
    *count = PRESETS;
    return presets;
}

const struct log_format *format_find(const char *name)
{
    for (size_t i = 0; i < PRESETS; i++) {
        if (strcmp(presets[i].name, name) == 0)
            return &presets[i];
    }
    return NULL;
}

void format_names(const char *names[FORMAT_NAMES])
{
    _Static_assert((int)PRESETS < (int)FORMAT_NAMES, "a list of names ends with NULL");
    for (size_t i = 0; i < PRESETS; i++)
        names[i] = presets[i].name;
    names[PRESETS] = NULL;
}
