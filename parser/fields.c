#include "parser/fields.h"

#include "base/ascii.h"

const char *field_name(enum field field)
{
    static const char *const names[FIELD_COUNT] = {
        [FIELD_SKIP] = "(skipped)",
        [FIELD_HOST] = "host",
        [FIELD_ADDRESS] = "address",
        [FIELD_FORWARDED] = "forwarded for",
        [FIELD_USER] = "user",
        [FIELD_TIME] = "time",
        [FIELD_TIME_2] = "time, second piece",
        [FIELD_TIME_3] = "time, third piece",
        [FIELD_TIME_4] = "time, fourth piece",
        [FIELD_REQUEST] = "request",
        [FIELD_METHOD] = "method",
        [FIELD_URL] = "URL",
        [FIELD_QUERY] = "query",
        [FIELD_STATUS] = "status",
        [FIELD_BYTES] = "bytes",
        [FIELD_DURATION] = "duration",
        [FIELD_REFERRER] = "referrer",
        [FIELD_AGENT] = "user agent",
        [FIELD_COOKIE] = "cookie",
        [FIELD_EXTRA] = "extra 1",
        [FIELD_EXTRA + 1] = "extra 2",
        [FIELD_EXTRA + 2] = "extra 3",
        [FIELD_EXTRA + 3] = "extra 4",
    };
    _Static_assert(EXTRA_FIELDS == 4, "each has a name here");
    return names[field];
}

/* digits * 10^power; digits beyond the 19th count for nothing but their place. */
struct decimal {
    uint64_t digits;
    int power;
    bool has_point; /* or an exponent */
};

enum { EXPONENT_MAX = 100 };

static size_t read_digits(struct slice text, struct decimal *number, bool is_fraction)
{
    size_t size = 0;
    for (; size < text.size && ascii_is_digit(text.at[size]); size++) {
        bool has_room = number->digits <= (UINT64_MAX - 9) / 10;
        if (has_room)
            number->digits = number->digits * 10 + (uint64_t)(text.at[size] - '0');
        number->power += !is_fraction && !has_room;
        number->power -= is_fraction && has_room;
    }
    return size;
}

/* "e-05"; the size is 0 when there is none. */
static size_t read_exponent(struct slice text, struct decimal *number)
{
    if (text.size < 2 || (text.at[0] | 0x20) != 'e')
        return 0;
    size_t sign = text.at[1] == '-' || text.at[1] == '+', size = 1 + sign;
    int exponent = 0;
    for (; size < text.size && ascii_is_digit(text.at[size]); size++) {
        if (exponent < EXPONENT_MAX)
            exponent = exponent * 10 + (text.at[size] - '0');
    }
    if (size == 1 + sign)
        return 0;
    number->power += text.at[1] == '-' ? -exponent : exponent;
    number->has_point = true;
    return size;
}

/* The size of the number at the start of the text; 0 when there is none. */
static size_t read_decimal(struct slice text, struct decimal *number)
{
    *number = (struct decimal){0};
    size_t whole = read_digits(text, number, false), size = whole;
    if (size < text.size && text.at[size] == '.') {
        size_t fraction = read_digits(slice_from(text, size + 1), number, true);
        if (whole + fraction == 0)
            return 0;
        number->has_point = true;
        size += 1 + fraction;
    }
    return size ? size + read_exponent(slice_from(text, size), number) : 0;
}

/* A unit in microseconds: factor * 10^power. */
struct unit {
    const char *text;
    unsigned factor;
    int power;
};

static const struct unit written_units[] = {
    {"ms", 1, 3},        {"us", 1, 0}, {"ns", 1, -3},  {"\xc2\xb5s", 1, 0}, /* micro sign */
    {"\xce\xbcs", 1, 0},                                                    /* mu */
    {"s", 1, 6},         {"m", 60, 6}, {"h", 3600, 6},
};

/* NULL when no unit stands at the start of the text. */
static const struct unit *read_unit(struct slice text)
{
    for (size_t i = 0; i < sizeof written_units / sizeof written_units[0]; i++) {
        if (slice_starts_with(text, slice_of(written_units[i].text)))
            return &written_units[i];
    }
    return NULL;
}

static int power_of(enum duration_unit unit, bool has_point)
{
    switch (unit) {
    case DURATION_S:
        return 6;
    case DURATION_MS:
        return 3;
    case DURATION_US:
        return 0;
    case DURATION_NS:
        return -3;
    case DURATION_MS_OR_S:
        return has_point ? 6 : 3;
    case DURATION_AS_WRITTEN:
        break;
    }
    return 0;
}

/* Adds digits * factor * 10^power to *sum; false when that is too much. */
static bool add_scaled(uint64_t digits, unsigned factor, int power, int64_t *sum)
{
    for (; digits > UINT64_MAX / factor && power < 0; power++)
        digits /= 10;
    if (__builtin_mul_overflow(digits, factor, &digits))
        return false;
    for (; power < 0 && digits; power++)
        digits /= 10;
    for (; power > 0 && digits; power--) {
        if (__builtin_mul_overflow(digits, 10u, &digits))
            return false;
    }
    return !__builtin_add_overflow(*sum, digits, sum);
}

bool duration_parse(struct slice text, enum duration_unit unit, int64_t *microseconds)
{
    struct decimal number;
    int64_t sum = 0;
    size_t size = read_decimal(text, &number);
    if (size && size == text.size && unit == DURATION_AS_WRITTEN)
        return false;
    if (size && size == text.size) {
        if (!add_scaled(number.digits, 1, number.power + power_of(unit, number.has_point), &sum))
            return false;
        *microseconds = sum;
        return true;
    }
    do {
        size = read_decimal(text, &number);
        const struct unit *written = size ? read_unit(slice_from(text, size)) : NULL;
        if (!written ||
            !add_scaled(number.digits, written->factor, number.power + written->power, &sum))
            return false;
        text = slice_from(text, size + strlen(written->text));
    } while (text.size);
    *microseconds = sum;
    return true;
}

/* No usual name is as long. */
enum { NAME_BYTES = 32 };

struct usual_name {
    char text[NAME_BYTES]; /* folded (fold_name), and NUL behind it */
    struct field_meaning meaning;
};

#define NAME(name, field, rank)                                                                    \
    {                                                                                              \
        name,                                                                                      \
        {                                                                                          \
            field, DURATION_S, rank, false                                                         \
        }                                                                                          \
    }
#define DURATION(name, unit, rank)                                                                 \
    {                                                                                              \
        name,                                                                                      \
        {                                                                                          \
            FIELD_DURATION, unit, rank, false                                                      \
        }                                                                                          \
    }
#define TIME_START(name, rank)                                                                     \
    {                                                                                              \
        name,                                                                                      \
        {                                                                                          \
            FIELD_TIME, DURATION_S, rank, false                                                    \
        }                                                                                          \
    }
#define TIME_END(name, rank)                                                                       \
    {                                                                                              \
        name,                                                                                      \
        {                                                                                          \
            FIELD_TIME, DURATION_S, rank, true                                                     \
        }                                                                                          \
    }

/*
 * Folded, and grouped by their size, so that a look-up compares few: it is asked for every name of
 * hostile logs. What a rank prefers: the client before the peer, the URL that has its query before
 * the bare path, the start of the request before its end, a fine time before a coarse one, a name
 * that only a web server uses before one that anybody may.
 */
static const struct usual_name names_of_2[] = {
    NAME("ip", FIELD_ADDRESS, 2),
    TIME_END("ts", 6),
    NAME("ua", FIELD_AGENT, 0),
};
static const struct usual_name names_of_3[] = {
    NAME("req", FIELD_REQUEST, 1),
    NAME("uri", FIELD_URL, 2),
    NAME("url", FIELD_URL, 1),
    NAME("xff", FIELD_FORWARDED, 0),
};
static const struct usual_name names_of_4[] = {
    NAME("args", FIELD_QUERY, 0),  NAME("c_ip", FIELD_ADDRESS, 0),
    NAME("code", FIELD_STATUS, 4), TIME_START("date", 10),
    NAME("host", FIELD_HOST, 2),   TIME_END("msec", 2),
    NAME("path", FIELD_URL, 3),    NAME("size", FIELD_BYTES, 2),
    TIME_START("time", 5),         DURATION("took", DURATION_AS_WRITTEN, 3),
    NAME("user", FIELD_USER, 1),   NAME("verb", FIELD_METHOD, 1),
};
static const struct usual_name names_of_5[] = {
    NAME("agent", FIELD_AGENT, 1),
    NAME("bytes", FIELD_BYTES, 2),
    NAME("query", FIELD_QUERY, 1),
    NAME("vhost", FIELD_HOST, 1),
};
static const struct usual_name names_of_6[] = {
    NAME("client", FIELD_ADDRESS, 2), NAME("cookie", FIELD_COOKIE, 0),
    NAME("cs_uri", FIELD_URL, 0),     NAME("domain", FIELD_HOST, 3),
    NAME("method", FIELD_METHOD, 0),  NAME("remote", FIELD_ADDRESS, 3),
    NAME("status", FIELD_STATUS, 0),
};
static const struct usual_name names_of_7[] = {
    NAME("cs_host", FIELD_HOST, 1),
    DURATION("elapsed", DURATION_AS_WRITTEN, 3),
    DURATION("latency", DURATION_AS_WRITTEN, 3),
    NAME("referer", FIELD_REFERRER, 0),
    DURATION("reqtime", DURATION_S, 1),
    NAME("request", FIELD_REQUEST, 0),
    NAME("user_id", FIELD_USER, 1),
};
static const struct usual_name names_of_8[] = {
    NAME("clientip", FIELD_ADDRESS, 0),  NAME("cs(host)", FIELD_HOST, 1),
    TIME_START("datetime", 9),           DURATION("duration", DURATION_AS_WRITTEN, 2),
    NAME("referrer", FIELD_REFERRER, 0), NAME("remoteip", FIELD_ADDRESS, 1),
    NAME("response", FIELD_STATUS, 3),   NAME("sc_bytes", FIELD_BYTES, 0),
    TIME_START("startutc", 0),           NAME("url.path", FIELD_URL, 3),
    NAME("username", FIELD_USER, 2),
};
static const struct usual_name names_of_9[] = {
    NAME("bytes_out", FIELD_BYTES, 1),
    NAME("client.ip", FIELD_ADDRESS, 0),
    NAME("client_ip", FIELD_ADDRESS, 0),
    NAME("cs_method", FIELD_METHOD, 0),
    TIME_END("event.end", 11),
    NAME("forwarded", FIELD_FORWARDED, 1),
    NAME("http_host", FIELD_HOST, 0),
    NAME("remote_ip", FIELD_ADDRESS, 1),
    NAME("sc_status", FIELD_STATUS, 0),
    NAME("source.ip", FIELD_ADDRESS, 1),
    DURATION("taken_sec", DURATION_S, 2),
    TIME_START("timestamp", 7),
    NAME("url.query", FIELD_QUERY, 0),
    NAME("user.name", FIELD_USER, 1),
    NAME("useragent", FIELD_AGENT, 0),
};
static const struct usual_name names_of_10[] = {
    TIME_START("@timestamp", 8),
    NAME("bytes_sent", FIELD_BYTES, 1),
    NAME("bytesentnc", FIELD_BYTES, 3),
    NAME("clientaddr", FIELD_ADDRESS, 2),
    NAME("clienthost", FIELD_ADDRESS, 0),
    NAME("cs(cookie)", FIELD_COOKIE, 0),
    NAME("cs_referer", FIELD_REFERRER, 0),
    DURATION("elapsed_ms", DURATION_MS, 0),
    NAME("ip_address", FIELD_ADDRESS, 2),
    DURATION("latency_ms", DURATION_MS, 0),
    NAME("remoteaddr", FIELD_ADDRESS, 1),
    NAME("requesturi", FIELD_URL, 0),
    TIME_START("start_time", 1),
    TIME_START("startlocal", 1),
    NAME("statuscode", FIELD_STATUS, 1),
    TIME_END("time_local", 4),
    DURATION("time_taken", DURATION_MS_OR_S, 0),
    NAME("url.domain", FIELD_HOST, 2),
    NAME("user_agent", FIELD_AGENT, 0),
};
static const struct usual_name names_of_11[] = {
    NAME("cs(referer)", FIELD_REFERRER, 0),
    NAME("cs_uri_stem", FIELD_URL, 3),
    NAME("cs_username", FIELD_USER, 0),
    DURATION("duration_ms", DURATION_MS, 0),
    TIME_START("event.start", 0),
    NAME("http_cookie", FIELD_COOKIE, 0),
    NAME("http_method", FIELD_METHOD, 0),
    NAME("http_status", FIELD_STATUS, 1),
    NAME("querystring", FIELD_QUERY, 1),
    NAME("remote_addr", FIELD_ADDRESS, 1),
    NAME("remote_host", FIELD_ADDRESS, 3),
    NAME("remote_user", FIELD_USER, 0),
    NAME("request.uri", FIELD_URL, 0),
    NAME("request_uri", FIELD_URL, 0),
    NAME("request_url", FIELD_URL, 0),
    NAME("requestaddr", FIELD_HOST, 2),
    NAME("requesthost", FIELD_HOST, 0),
    NAME("requestpath", FIELD_URL, 1),
    NAME("server_name", FIELD_HOST, 4),
    NAME("status_code", FIELD_STATUS, 1),
    TIME_END("time_micros", 2),
};
static const struct usual_name names_of_12[] = {
    NAME("cs(referrer)", FIELD_REFERRER, 0),
    NAME("cs_uri_query", FIELD_QUERY, 0),
    NAME("document_uri", FIELD_URL, 4),
    DURATION("elapsedtimes", DURATION_S, 1),
    NAME("forwardedfor", FIELD_FORWARDED, 0),
    NAME("http_referer", FIELD_REFERRER, 0),
    NAME("originstatus", FIELD_STATUS, 5),
    NAME("query_string", FIELD_QUERY, 0),
    NAME("request.host", FIELD_HOST, 0),
    NAME("request_line", FIELD_REQUEST, 0),
    NAME("request_path", FIELD_URL, 2),
    DURATION("request_time", DURATION_S, 0),
    TIME_END("time_iso8601", 3),
    NAME("url.original", FIELD_URL, 0),
};
static const struct usual_name names_of_13[] = {
    NAME("cs_user_agent", FIELD_AGENT, 0),    NAME("http_referrer", FIELD_REFERRER, 0),
    DURATION("latency_human", DURATION_S, 1), NAME("requestmethod", FIELD_METHOD, 0),
    NAME("response_code", FIELD_STATUS, 2),   DURATION("response_time", DURATION_AS_WRITTEN, 3),
    NAME("x_host_header", FIELD_HOST, 0),
};
static const struct usual_name names_of_14[] = {
    NAME("clientusername", FIELD_USER, 0),      NAME("cs(user_agent)", FIELD_AGENT, 0),
    DURATION("event.duration", DURATION_NS, 0), NAME("http_forwarded", FIELD_FORWARDED, 1),
    NAME("request.method", FIELD_METHOD, 0),    NAME("request_method", FIELD_METHOD, 0),
    NAME("headers.cookie", FIELD_COOKIE, 0),    NAME("request_cookie", FIELD_COOKIE, 0),
};
static const struct usual_name names_of_15[] = {
    NAME("body_bytes_sent", FIELD_BYTES, 0),     NAME("http_user_agent", FIELD_AGENT, 0),
    NAME("localservername", FIELD_HOST, 3),      NAME("request_referer", FIELD_REFERRER, 0),
    DURATION("request_time_ms", DURATION_MS, 0), NAME("response_status", FIELD_STATUS, 1),
    NAME("x_forwarded_for", FIELD_FORWARDED, 0),
};
static const struct usual_name names_of_16[] = {
    NAME("clientrequesturi", FIELD_URL, 0),
    NAME("downstreamstatus", FIELD_STATUS, 0),
    TIME_END("edgeendtimestamp", 11),
    DURATION("reqtime_microsec", DURATION_US, 0),
    DURATION("response_time_ms", DURATION_MS, 0),
};
static const struct usual_name names_of_17[] = {
    NAME("clientrequesthost", FIELD_HOST, 0),    NAME("clientrequestpath", FIELD_URL, 3),
    NAME("edgeresponsebytes", FIELD_BYTES, 0),   NAME("request.client_ip", FIELD_ADDRESS, 0),
    NAME("request.remote_ip", FIELD_ADDRESS, 1), DURATION("time_taken_micros", DURATION_US, 0),
};
static const struct usual_name names_of_18[] = {
    NAME("edgeresponsestatus", FIELD_STATUS, 0), TIME_START("edgestarttimestamp", 0),
    NAME("httprequest.status", FIELD_STATUS, 0), NAME("realip_remote_addr", FIELD_ADDRESS, 4),
    NAME("request_user_agent", FIELD_AGENT, 0),  NAME("req_headers.cookie", FIELD_COOKIE, 0),
    NAME("req.headers.cookie", FIELD_COOKIE, 0),
};
static const struct usual_name names_of_19[] = {
    NAME("clientrequestmethod", FIELD_METHOD, 0),   NAME("cs(x_forwarded_for)", FIELD_FORWARDED, 0),
    NAME("http.request.method", FIELD_METHOD, 0),   DURATION("httprequest.latency", DURATION_S, 0),
    NAME("httprequest.referer", FIELD_REFERRER, 0), NAME("request.remote_addr", FIELD_ADDRESS, 2),
    NAME("user_agent.original", FIELD_AGENT, 0),
};
static const struct usual_name names_of_20[] = {
    NAME("clientrequestreferer", FIELD_REFERRER, 0),
    NAME("http_x_forwarded_for", FIELD_FORWARDED, 0),
    NAME("httprequest.remoteip", FIELD_ADDRESS, 0),
};
static const struct usual_name names_of_21[] = {
    NAME("downstreamcontentsize", FIELD_BYTES, 0),
    NAME("http.request.referrer", FIELD_REFERRER, 0),
    NAME("httprequest.useragent", FIELD_AGENT, 0),
};
static const struct usual_name names_of_22[] = {
    NAME("clientrequestuseragent", FIELD_AGENT, 0),
    NAME("httprequest.requesturl", FIELD_URL, 0),
    NAME("request.headers.cookie", FIELD_COOKIE, 0),
    NAME("request_headers.cookie", FIELD_COOKIE, 0),
};
static const struct usual_name names_of_23[] = {
    NAME("request.headers.referer", FIELD_REFERRER, 0),
};
static const struct usual_name names_of_24[] = {
    NAME("http.response.body.bytes", FIELD_BYTES, 0),
    NAME("httprequest.responsesize", FIELD_BYTES, 0),
};
static const struct usual_name names_of_25[] = {
    NAME("http.response.status_code", FIELD_STATUS, 0),
    NAME("httprequest.requestmethod", FIELD_METHOD, 0),
};
static const struct usual_name names_of_26[] = {
    NAME("request.headers.user_agent", FIELD_AGENT, 0),
};
static const struct usual_name names_of_31[] = {
    NAME("request.headers.x_forwarded_for", FIELD_FORWARDED, 0),
};
#define GROUP(names)                                                                               \
    {                                                                                              \
        names, sizeof names / sizeof names[0]                                                      \
    }
static const struct {
    const struct usual_name *items;
    size_t count;
} names_by_size[NAME_BYTES] = {
    [2] = GROUP(names_of_2),   [3] = GROUP(names_of_3),   [4] = GROUP(names_of_4),
    [5] = GROUP(names_of_5),   [6] = GROUP(names_of_6),   [7] = GROUP(names_of_7),
    [8] = GROUP(names_of_8),   [9] = GROUP(names_of_9),   [10] = GROUP(names_of_10),
    [11] = GROUP(names_of_11), [12] = GROUP(names_of_12), [13] = GROUP(names_of_13),
    [14] = GROUP(names_of_14), [15] = GROUP(names_of_15), [16] = GROUP(names_of_16),
    [17] = GROUP(names_of_17), [18] = GROUP(names_of_18), [19] = GROUP(names_of_19),
    [20] = GROUP(names_of_20), [21] = GROUP(names_of_21), [22] = GROUP(names_of_22),
    [23] = GROUP(names_of_23), [24] = GROUP(names_of_24), [25] = GROUP(names_of_25),
    [26] = GROUP(names_of_26), [31] = GROUP(names_of_31),
};

/* Traefik's is not Caddy's, and both are one name after folding. */
static const struct named_field cased_names[] = {
    {"Duration", {FIELD_DURATION, DURATION_NS, 0, false}},
};

static char folded(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c | 0x20);
    return c == '-' ? '_' : c;
}

/* The first eight bytes tell nearly all names of a size apart. */
static bool has_text(const struct usual_name *item, const char *text)
{
    uint64_t head, item_head;
    memcpy(&head, text, sizeof head);
    memcpy(&item_head, item->text, sizeof item_head);
    return head == item_head && memcmp(item->text, text, NAME_BYTES) == 0;
}

static struct field_meaning usual_meaning_of(struct slice name)
{
    char text[NAME_BYTES] = {0};
    if (name.size >= NAME_BYTES)
        return (struct field_meaning){0};
    for (size_t i = 0; i < name.size; i++)
        text[i] = folded(name.at[i]);
    for (size_t i = 0; i < names_by_size[name.size].count; i++) {
        const struct usual_name *item = &names_by_size[name.size].items[i];
        if (has_text(item, text))
            return item->meaning;
    }
    return (struct field_meaning){0};
}

/* An item's name is read only as far as it is equal, so that most cost one byte. */
static bool is_named(const char *item_name, struct slice name)
{
    size_t i = 0;
    while (i < name.size && item_name[i] && item_name[i] == name.at[i])
        i++;
    return i == name.size && item_name[i] == '\0';
}

static bool is_named_in_any_case(const char *item_name, struct slice name)
{
    size_t i = 0;
    while (i < name.size && item_name[i] && ascii_lower(item_name[i]) == ascii_lower(name.at[i]))
        i++;
    return i == name.size && item_name[i] == '\0';
}

static const struct named_field *find_exactly(const struct named_field *items, size_t count,
                                              struct slice name)
{
    for (size_t i = 0; i < count; i++) {
        if (is_named(items[i].name, name))
            return &items[i];
    }
    return NULL;
}

const struct named_field *field_map_find(const struct field_map *map, struct slice name)
{
    if (!map)
        return NULL;
    const struct named_field *exact = find_exactly(map->items, map->count, name);
    if (exact)
        return exact;
    for (size_t i = 0; i < map->count; i++) {
        if (is_named_in_any_case(map->items[i].name, name))
            return &map->items[i];
    }
    return NULL;
}

static bool map_has(const struct field_map *map, enum field field)
{
    for (size_t i = 0; i < map->count; i++) {
        if (map->items[i].meaning.field == field)
            return true;
    }
    return false;
}

/* A user who says where the URL is does not mean what is usually called the request. */
static bool is_overruled(const struct field_map *map, struct field_meaning usual)
{
    return usual.field == FIELD_REQUEST && map_has(map, FIELD_URL) && !map_has(map, FIELD_REQUEST);
}

/* ---- extra fields ---- */

/* What servers write around the name of a header or cookie; folded. */
static const struct wrapping {
    const char *before, *behind;
    bool is_cookie;
} wrappings[] = {
    /* Apache, nginx, W3C */
    {"%{", "}i", false},
    {"%{", "}c", true},
    {"$http_", "", false},
    {"$cookie_", "", true},
    {"http_", "", false},
    {"cookie_", "", true},
    {"cs(", ")", false},
    /* Caddy and what is like it; Traefik; pino; Cloudflare; the Elastic and OpenTelemetry schemas
     */
    {"request.headers.", "", false},
    {"request_", "", false},
    {"req.headers.", "", false},
    {"requestheaders.", "", false},
    {"http.request.headers.", "", false},
    {"http.request.header.", "", false},
    {"headers.", "", false},
    {"headers_", "", false},
    {"header.", "", false},
    {"header_", "", false},
    {"req_headers.", "", false},
    {"req_header_", "", false},
    {"request_headers.", "", false},
    {"request_header_", "", false},
    {"request.cookies.", "", true},
    {"req.cookies.", "", true},
    {"request_cookies.", "", true},
    {"req_cookies.", "", true},
    {"cookies.", "", true},
    {"cookies_", "", true},
    {"cookie.", "", true},
};

static bool begins_folded(struct slice text, const char *folded_start)
{
    size_t i = 0;
    while (i < text.size && folded_start[i] && folded(text.at[i]) == folded_start[i])
        i++;
    return folded_start[i] == '\0';
}

/* The name inside of the wrapping; {NULL, 0} when the text has another one. */
static struct slice unwrapped(struct slice text, const struct wrapping *wrapping)
{
    size_t before = strlen(wrapping->before), behind = strlen(wrapping->behind);
    if (text.size <= before + behind || !begins_folded(text, wrapping->before) ||
        !begins_folded(slice_from(text, text.size - behind), wrapping->behind))
        return (struct slice){0};
    return (struct slice){text.at + before, text.size - before - behind};
}

static bool is_folded_name(const char *item_name, struct slice name)
{
    size_t i = 0;
    while (i < name.size && item_name[i] && folded(item_name[i]) == folded(name.at[i]))
        i++;
    return i == name.size && item_name[i] == '\0';
}

enum { COOKIES = 1, HEADERS = 2 };

/* The first of those kinds, as it is written or, if none is, in any case. */
static enum field find_extra(const struct extra_fields *extra, struct slice name, unsigned kinds)
{
    enum field found = FIELD_SKIP;
    for (size_t i = extra->count; name.size && i-- > 0;) {
        const struct extra_field *item = &extra->items[i];
        bool is_kind = kinds & (item->is_cookie ? COOKIES : HEADERS);
        if (is_kind && is_folded_name(item->name, name))
            found = FIELD_EXTRA + (enum field)i;
    }
    for (size_t i = extra->count; found != FIELD_SKIP && i-- > 0;) {
        const struct extra_field *item = &extra->items[i];
        bool is_kind = kinds & (item->is_cookie ? COOKIES : HEADERS);
        if (is_kind && is_named(item->name, name))
            found = FIELD_EXTRA + (enum field)i;
    }
    return found;
}

enum field extra_field_named(const struct extra_fields *extra, struct slice name, bool is_cookie)
{
    return extra ? find_extra(extra, name, is_cookie ? COOKIES : HEADERS) : FIELD_SKIP;
}

/* Where a line has two of them, the name that says what it is ranks before the bare one. */
static struct field_meaning extra_meaning_of(const struct extra_fields *extra, struct slice name)
{
    enum { WRAPPED, BARE };
    for (size_t i = 0; i < sizeof wrappings / sizeof wrappings[0]; i++) {
        enum field field =
            extra_field_named(extra, unwrapped(name, &wrappings[i]), wrappings[i].is_cookie);
        if (field != FIELD_SKIP)
            return (struct field_meaning){.field = (uint8_t)field, .rank = WRAPPED};
    }
    return (struct field_meaning){.field = (uint8_t)find_extra(extra, name, COOKIES | HEADERS),
                                  .rank = BARE};
}

enum field extra_field_of(const struct extra_fields *extra, struct slice logged_name)
{
    return extra ? (enum field)extra_meaning_of(extra, logged_name).field : FIELD_SKIP;
}

/* ---- what a name means ---- */

static struct field_meaning usual_or_cased(struct slice name)
{
    const struct named_field *cased =
        find_exactly(cased_names, sizeof cased_names / sizeof cased_names[0], name);
    return cased ? cased->meaning : usual_meaning_of(name);
}

struct field_meaning field_meaning_of(const struct field_map *map, struct slice name)
{
    const struct named_field *own = field_map_find(map, name);
    if (own)
        return own->meaning;
    if (!map)
        return usual_or_cased(name);
    struct field_meaning meaning = {0};
    if (map->has_usual)
        meaning = usual_or_cased(name);
    if (meaning.field == FIELD_SKIP && map->extra)
        meaning = extra_meaning_of(map->extra, name);
    if (is_overruled(map, meaning))
        return (struct field_meaning){0};
    meaning.rank = (uint8_t)(meaning.rank + FIELD_MAP_RANKS);
    return meaning;
}
