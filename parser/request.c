#include "parser/request.h"

#include <endian.h>
#include <string.h>

#include "base/ascii.h"

static const char *const method_names[METHOD_COUNT] = {
    [METHOD_NONE] = "-",      [METHOD_GET] = "GET",           [METHOD_POST] = "POST",
    [METHOD_HEAD] = "HEAD",   [METHOD_PUT] = "PUT",           [METHOD_DELETE] = "DELETE",
    [METHOD_PATCH] = "PATCH", [METHOD_OPTIONS] = "OPTIONS",   [METHOD_CONNECT] = "CONNECT",
    [METHOD_TRACE] = "TRACE", [METHOD_PROPFIND] = "PROPFIND", [METHOD_OTHER] = "(other)",
};

const char *request_method_name(enum request_method method)
{
    return method_names[method];
}

enum request_method request_method_of(struct slice name)
{
    for (enum request_method method = METHOD_GET; method < METHOD_OTHER; method++) {
        if (slice_is(name, method_names[method]))
            return method;
    }
    return METHOD_OTHER;
}

const char *request_kind_name(enum request_kind kind)
{
    static const char *const names[KIND_COUNT] = {
        [KIND_NONE] = "none",   [KIND_PAGE] = "page",   [KIND_CALL] = "call",
        [KIND_ASSET] = "asset", [KIND_OTHER] = "other",
    };
    return names[kind];
}

/* The letters of an extension in one number, the first in the lowest byte, for a switch. */
#define PACK2(a, b)          ((uint64_t)(b) << 8 | (a))
#define PACK3(a, b, c)       ((uint64_t)(c) << 16 | PACK2(a, b))
#define PACK4(a, b, c, d)    ((uint64_t)(d) << 24 | PACK3(a, b, c))
#define PACK5(a, b, c, d, e) ((uint64_t)(e) << 32 | PACK4(a, b, c, d))

/*
 * Files that a page is made of, media, archives, and what only machines fetch. Documents (.pdf,
 * .doc) are not among them: people read them, and terms are often a PDF.
 */
static bool is_asset_extension(uint64_t packed)
{
    switch (packed) {
    case PACK3('c', 's', 's'):
    case PACK2('j', 's'):
    case PACK3('m', 'j', 's'):
    case PACK3('m', 'a', 'p'):
    case PACK3('p', 'n', 'g'):
    case PACK3('j', 'p', 'g'):
    case PACK4('j', 'p', 'e', 'g'):
    case PACK4('j', 'f', 'i', 'f'):
    case PACK3('g', 'i', 'f'):
    case PACK3('s', 'v', 'g'):
    case PACK4('s', 'v', 'g', 'z'):
    case PACK3('i', 'c', 'o'):
    case PACK3('c', 'u', 'r'):
    case PACK3('b', 'm', 'p'):
    case PACK3('t', 'i', 'f'):
    case PACK4('t', 'i', 'f', 'f'):
    case PACK4('w', 'e', 'b', 'p'):
    case PACK4('a', 'v', 'i', 'f'):
    case PACK4('a', 'p', 'n', 'g'):
    case PACK4('w', 'o', 'f', 'f'):
    case PACK5('w', 'o', 'f', 'f', '2'):
    case PACK3('t', 't', 'f'):
    case PACK3('o', 't', 'f'):
    case PACK3('e', 'o', 't'):
    case PACK3('m', 'p', '3'):
    case PACK3('m', 'p', '4'):
    case PACK3('m', '4', 'a'):
    case PACK3('m', '4', 'v'):
    case PACK4('w', 'e', 'b', 'm'):
    case PACK3('o', 'g', 'g'):
    case PACK3('o', 'g', 'v'):
    case PACK3('w', 'a', 'v'):
    case PACK3('a', 'v', 'i'):
    case PACK3('m', 'o', 'v'):
    case PACK3('f', 'l', 'v'):
    case PACK3('s', 'w', 'f'):
    case PACK4('m', '3', 'u', '8'):
    case PACK3('v', 't', 't'):
    case PACK3('z', 'i', 'p'):
    case PACK2('g', 'z'):
    case PACK3('t', 'g', 'z'):
    case PACK3('t', 'a', 'r'):
    case PACK3('b', 'z', '2'):
    case PACK3('r', 'a', 'r'):
    case PACK2('7', 'z'):
    case PACK3('e', 'x', 'e'):
    case PACK3('d', 'm', 'g'):
    case PACK3('a', 'p', 'k'):
    case PACK3('t', 'x', 't'):
    case PACK3('x', 'm', 'l'):
    case PACK3('r', 's', 's'):
    case PACK4('a', 't', 'o', 'm'):
    case PACK4('w', 'a', 's', 'm'):
        return true;
    default:
        return false;
    }
}

/* The last eight bytes of a path, the last one in the highest byte; zeros before a shorter one. */
static uint64_t last_bytes(struct slice path)
{
    uint64_t word = 0;
    size_t size = path.size < sizeof word ? path.size : sizeof word;
    if (size)
        memcpy((char *)&word + sizeof word - size, path.at + path.size - size, size);
    return le64toh(word);
}

/* The highest bit of each byte of the word that is a dot. */
static uint64_t dots_of(uint64_t word)
{
    const uint64_t low_bits = 0x7f7f7f7f7f7f7f7fu;
    uint64_t differing = word ^ 0x2e2e2e2e2e2e2e2eu;
    return ~(((differing & low_bits) + low_bits) | differing | low_bits);
}

bool request_is_asset(struct slice path)
{
    uint64_t word = last_bytes(path);
    uint64_t dots = dots_of(word);
    if (dots == 0)
        return false;
    int shift = 64 - __builtin_clzll(dots); /* of what follows the last dot */
    if (shift == 64)
        return false;
    uint64_t lower_case = 0x2020202020202020u >> shift; /* digits have that bit anyway */
    return is_asset_extension(word >> shift | lower_case);
}

static bool is_call_segment(struct slice segment)
{
    static const struct slice names[] = {
        {"api", 3},
        {"rpc", 3},
        {"ajax", 4},
        {"beacon", 6},
        {"graphql", 7},
        {"wp-json", 7},
        {"collect", 7},
        {"cdn-cgi", 7},
        {"piwik.php", 9},
        {"matomo.php", 10},
        {"xmlrpc.php", 10},
        {"wp-cron.php", 11},
        {"admin-ajax.php", 14},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0] && names[i].size <= segment.size; i++) {
        if (slice_equal(segment, names[i]))
            return true;
    }
    return false;
}

static bool ends_with(struct slice text, const char *ending)
{
    size_t size = strlen(ending);
    return text.size >= size && memcmp(text.at + text.size - size, ending, size) == 0;
}

static bool has_call_parameter(struct slice query)
{
    struct slice name = SLICE_LITERAL("wc-ajax=");
    while (query.size) {
        if (slice_starts_with(query, name))
            return true;
        const char *next = memchr(query.at, '&', query.size);
        query = next ? slice_from(query, (size_t)(next - query.at) + 1) : (struct slice){0};
    }
    return false;
}

bool request_is_call(struct slice path, struct slice query)
{
    struct slice rest = path;
    while (rest.size) {
        const char *slash = memchr(rest.at, '/', rest.size);
        struct slice segment = slash ? slice_head(rest, (size_t)(slash - rest.at)) : rest;
        if (is_call_segment(segment))
            return true;
        rest = slice_from(rest, segment.size + 1);
    }
    return ends_with(path, ".json") || request_is_asset(path) || has_call_parameter(query);
}

static enum request_kind kind_of(enum request_method method, struct slice path, struct slice query)
{
    if (method != METHOD_POST && request_is_asset(path))
        return KIND_ASSET;
    if (method != METHOD_GET && method != METHOD_POST)
        return KIND_OTHER;
    return request_is_call(path, query) ? KIND_CALL : KIND_PAGE;
}

/* "https://host/path" -> "/path" and *host; anything else stays. */
static struct slice without_origin(struct slice url, struct slice *host)
{
    struct slice rest = url;
    while (rest.size && ascii_is_letter(rest.at[0]))
        rest = slice_from(rest, 1);
    if (rest.size == url.size || !slice_starts_with(rest, SLICE_LITERAL("://")))
        return url;
    rest = slice_from(rest, 3);
    *host = (struct slice){rest.at, 0};
    for (; rest.size && rest.at[0] != '/' && rest.at[0] != '?'; host->size++)
        rest = slice_from(rest, 1);
    return rest;
}

static void set_kind(struct request *request)
{
    request->kind = (uint8_t)kind_of(request->method, request->path, request->query);
}

struct request request_of_url(enum request_method method, struct slice url)
{
    struct request request = {.method = (uint8_t)method};
    if (url.size && url.at[0] != '/')
        url = without_origin(url, &request.host);
    const char *mark = url.size ? memchr(url.at, '?', url.size) : NULL;
    request.path = mark ? slice_head(url, (size_t)(mark - url.at)) : url;
    if (request.path.size == 0)
        request.path = SLICE_LITERAL("/");
    if (mark)
        request.query = slice_from(url, (size_t)(mark - url.at) + 1);
    request.oddity = request.host.at ? ODD_ABSOLUTE_FORM : ODD_NONE;
    set_kind(&request);
    return request;
}

static struct request no_request(enum oddity oddity)
{
    return (struct request){.kind = KIND_NONE, .oddity = (uint8_t)oddity};
}

/* What stands where a request should be: nothing, a dash, the start of a TLS handshake, a word. */
static enum oddity oddity_of_rubbish(struct slice field)
{
    if (field.size == 0)
        return ODD_EMPTY_REQUEST;
    if (slice_is(field, "-"))
        return ODD_NO_REQUEST;
    for (size_t i = 0; i < field.size; i++) {
        unsigned char byte = (unsigned char)field.at[i];
        if (byte < ' ' || byte >= 0x7f)
            return ODD_BINARY_REQUEST;
    }
    return ODD_NOT_A_REQUEST;
}

/* Letters only, as every method of the registry is but for a few with a dash. */
static bool is_method(struct slice name)
{
    for (size_t i = 0; i < name.size; i++) {
        char letter = name.at[i];
        if (!((letter >= 'A' && letter <= 'Z') || letter == '-' || letter == '_'))
            return false;
    }
    return name.size > 0 && name.size <= 20;
}

/*
 * Takes the protocol off the end: " HTTP/1.1", " HTTP/2", and " HTTP 1.1" as some log formats write
 * it. What is in front of it is the URL, blanks included.
 */
static struct slice take_protocol(struct slice text, enum oddity *oddity)
{
    enum { SHORTEST = 5, LONGEST = 9 }; /* " HTTP" to " HTTP/1.1" */
    for (size_t size = LONGEST; size >= SHORTEST; size--) {
        if (size > text.size)
            continue;
        struct slice tail = slice_from(text, text.size - size);
        if (!slice_starts_with(tail, SLICE_LITERAL(" HTTP")))
            continue;
        *oddity = size > SHORTEST && tail.at[SHORTEST] == '/' ? ODD_NONE : ODD_PROTOCOL;
        return slice_head(text, text.size - size);
    }
    *oddity = ODD_PROTOCOL;
    return text;
}

/* "/path?query HTTP/1.1" behind the method. */
static struct request request_of_rest(enum request_method method, struct slice rest)
{
    enum oddity oddity;
    struct slice url = take_protocol(rest, &oddity);
    if (url.size == 0)
        return no_request(ODD_NOT_A_REQUEST);
    struct request request = request_of_url(method, url);
    if (request.oddity == ODD_NONE)
        request.oddity = (uint8_t)(memchr(url.at, ' ', url.size) ? ODD_BLANK_IN_URL : oddity);
    return request;
}

/* The highest bit of each byte of the word that is `byte`; above the first such byte not exact. */
static uint64_t bytes_equal(uint64_t word, char byte)
{
    uint64_t differing = word ^ 0x0101010101010101u * (unsigned char)byte;
    return (differing - 0x0101010101010101u) & ~differing & 0x8080808080808080u;
}

/* The offset of the first ' ' or '?', or the size: eight bytes at a time, without a call. */
static size_t find_path_end(struct slice text)
{
    size_t at = 0;
    for (uint64_t word; at + sizeof word <= text.size; at += sizeof word) {
        memcpy(&word, text.at + at, sizeof word);
        uint64_t found = bytes_equal(le64toh(word), ' ') | bytes_equal(le64toh(word), '?');
        if (found)
            return at + (size_t)__builtin_ctzll(found) / 8;
    }
    while (at < text.size && text.at[at] != ' ' && text.at[at] != '?')
        at++;
    return at;
}

/* " HTTP/1.1", " HTTP/2" or the like, and no more. */
static bool is_usual_protocol(struct slice text)
{
    struct slice usual = SLICE_LITERAL(" HTTP/1.1");
    return (text.size == usual.size || text.size == usual.size - 2) &&
           memcmp(text.at, usual.at, usual.size - 3) == 0;
}

/* Nearly all of every log: "/path?query HTTP/1.1" with no other blank. False when it is not that.
 */
static bool take_usual(struct slice rest, struct request *request)
{
    size_t path_end = find_path_end(rest);
    struct slice path = slice_head(rest, path_end), behind = slice_from(rest, path_end),
                 query = {0};
    if (behind.size && behind.at[0] == '?') {
        const char *blank = memchr(behind.at, ' ', behind.size);
        size_t query_end = blank ? (size_t)(blank - behind.at) : behind.size;
        query = (struct slice){behind.at + 1, query_end - 1};
        behind = slice_from(behind, query_end);
    }
    if (!is_usual_protocol(behind))
        return false;
    *request = (struct request){.method = METHOD_GET,
                                .kind = (uint8_t)kind_of(METHOD_GET, path, query),
                                .path = path,
                                .query = query};
    return true;
}

static struct request parse_any(struct slice field)
{
    const char *blank = field.size ? memchr(field.at, ' ', field.size) : NULL;
    struct slice name = blank ? slice_head(field, (size_t)(blank - field.at)) : field;
    if (!blank || !is_method(name) || slice_is(name, "-"))
        return no_request(oddity_of_rubbish(field));
    return request_of_rest(request_method_of(name), slice_from(field, name.size + 1));
}

void request_read(struct slice field, struct request *request)
{
    if (!slice_starts_with(field, SLICE_LITERAL("GET /")) ||
        !take_usual(slice_from(field, 4), request))
        *request = parse_any(field);
}

struct request request_parse(struct slice field)
{
    struct request request;
    request_read(field, &request);
    return request;
}

static bool is_dash(struct slice text)
{
    return text.size == 1 && text.at[0] == '-';
}

struct request request_of_parts(struct slice method, struct slice url, struct slice query)
{
    if (is_dash(method) || is_dash(url) || url.size == 0)
        return no_request(url.size || method.size ? ODD_NO_REQUEST : ODD_EMPTY_REQUEST);
    if (method.size && !is_method(method))
        return no_request(oddity_of_rubbish(method));
    struct request request =
        request_of_url(method.size ? request_method_of(method) : METHOD_GET, url);
    if (query.size && !is_dash(query) && !request.query.at) {
        request.query = query.at[0] == '?' ? slice_from(query, 1) : query;
        set_kind(&request);
    }
    if (request.oddity == ODD_NONE && memchr(url.at, ' ', url.size))
        request.oddity = ODD_BLANK_IN_URL;
    return request;
}
