#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "parser/program.h"
#include "parser/spec.h"

/* A log_format on its way through the compiler. */
struct nginx {
    struct slice text;
    size_t at, end; /* of what is left of the text, or of one of its strings */
    struct program *program;
    struct log_format base;
};

/* ---- what a variable means ---- */

/* Whatever is not here is passed over: there are hundreds, and a `map` makes more. */
static const struct {
    const char *name;
    uint8_t field, rank;
} variables[] = {
    {"remote_addr", FIELD_ADDRESS, 0},
    {"realip_remote_addr", FIELD_ADDRESS, 1}, /* the peer, before a trusted proxy was believed */
    {"remote_user", FIELD_USER, 0},
    {"request", FIELD_REQUEST, 0},
    {"request_method", FIELD_METHOD, 0},
    {"request_uri", FIELD_URL, 0},
    {"uri", FIELD_URL, 1}, /* after rewriting */
    {"document_uri", FIELD_URL, 2},
    {"args", FIELD_QUERY, 0},
    {"query_string", FIELD_QUERY, 1},
    {"is_args", FIELD_QUERY, 2}, /* the '?' */
    {"status", FIELD_STATUS, 0},
    {"body_bytes_sent", FIELD_BYTES, 0},
    {"bytes_sent", FIELD_BYTES, 1},
    {"http_referer", FIELD_REFERRER, 0},
    {"http_user_agent", FIELD_AGENT, 0},
    {"http_cookie", FIELD_COOKIE, 0},
    {"http_x_forwarded_for", FIELD_FORWARDED, 0},
    {"proxy_add_x_forwarded_for", FIELD_FORWARDED, 1},
    {"http_forwarded", FIELD_FORWARDED, 2},
    /* What proxies and networks call it; the address of a format that has no other. */
    {"http_x_real_ip", FIELD_FORWARDED, 3},
    {"http_cf_connecting_ip", FIELD_FORWARDED, 3},
    {"http_true_client_ip", FIELD_FORWARDED, 3},
    {"http_fastly_client_ip", FIELD_FORWARDED, 3},
    {"http_x_client_ip", FIELD_FORWARDED, 4},
    {"http_x_cluster_client_ip", FIELD_FORWARDED, 4},
    {"host", FIELD_HOST, 0},
    {"http_host", FIELD_HOST, 1},
    {"server_name", FIELD_HOST, 2}, /* of the configuration: can be "_" */
};

static const struct {
    const char *name, *pattern;
} times[] = {
    {"msec", "%s.%f"},
    {"time_local", "%d/%b/%Y:%H:%M:%S %z"},
    {"time_iso8601", "%Y-%m-%dT%H:%M:%S%z"},
};

struct variable {
    struct slice whole, name; /* "${host}" and "host" */
};

static bool is_name(struct slice text, const char *name)
{
    return text.size == strlen(name) && strncasecmp(text.at, name, text.size) == 0;
}

/* Its number among the variables, or their count. */
static size_t find_variable(struct slice name)
{
    size_t i = 0, count = sizeof variables / sizeof variables[0];
    while (i < count && !is_name(name, variables[i].name))
        i++;
    return i;
}

static enum field field_of(struct slice name, unsigned *rank)
{
    size_t i = find_variable(name);
    *rank = 0;
    if (i == sizeof variables / sizeof variables[0])
        return FIELD_SKIP;
    *rank = variables[i].rank;
    return (enum field)variables[i].field;
}

/* What stands behind the prefix ("cookie_"); empty when the name does not begin with it. */
static struct slice name_behind(struct slice name, const char *prefix)
{
    size_t size = strlen(prefix);
    bool has_prefix = name.size > size && is_name(slice_head(name, size), prefix);
    return has_prefix ? slice_from(name, size) : (struct slice){0};
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* "$name" or "${name}" from there on; false when there is none. */
static bool read_variable(const struct nginx *nginx, size_t at, struct variable *variable)
{
    const char *text = nginx->text.at;
    if (at >= nginx->end || text[at] != '$')
        return false;
    bool has_braces = at + 1 < nginx->end && text[at + 1] == '{';
    size_t start = at + 1 + has_braces, behind = start;
    while (behind < nginx->end && is_name_byte(text[behind]))
        behind++;
    variable->name = (struct slice){text + start, behind - start};
    if (has_braces && (behind == nginx->end || text[behind++] != '}'))
        return false;
    variable->whole = (struct slice){text + at, behind - at};
    return variable->name.size > 0;
}

static bool begins_with(const struct nginx *nginx, struct slice word)
{
    struct slice rest = {nginx->text.at + nginx->at, nginx->end - nginx->at};
    return slice_starts_with(rest, word);
}

/* $scheme://$host$request_uri is one URL; its end is where the variable's was. */
static bool take_absolute_url(struct nginx *nginx, const struct variable *scheme)
{
    const struct slice mark = SLICE_LITERAL("://");
    struct variable host, url;
    unsigned rank;
    if (!is_name(scheme->name, "scheme") || !begins_with(nginx, mark) ||
        !read_variable(nginx, nginx->at + mark.size, &host) ||
        field_of(host.name, &rank) != FIELD_HOST)
        return false;
    size_t behind = nginx->at + mark.size + host.whole.size;
    if (!read_variable(nginx, behind, &url) || field_of(url.name, &rank) != FIELD_URL)
        return false;
    nginx->at = behind + url.whole.size;
    nginx->base.has_absolute_urls = true;
    program_add_field(
        nginx->program, FIELD_URL, rank,
        (struct slice){scheme->whole.at, (size_t)(nginx->text.at + nginx->at - scheme->whole.at)});
    return true;
}

/* "$host:$server_port" is one word, and so is an address with its port. */
static void take_port(struct nginx *nginx, const char *name)
{
    struct variable port;
    if (begins_with(nginx, SLICE_LITERAL(":")) && read_variable(nginx, nginx->at + 1, &port) &&
        is_name(port.name, name)) {
        nginx->at += 1 + port.whole.size;
        program_take_port(nginx->program);
    }
}

static bool add_time(struct nginx *nginx, const struct variable *variable)
{
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct time_pattern pattern;
        size_t offset;
        const char *reason;
        if (is_name(variable->name, times[i].name) &&
            time_pattern_compile(slice_of(times[i].pattern), &pattern, &offset, &reason)) {
            /* A line is written when its request has ended. */
            program_add_time(nginx->program, &pattern, true, variable->whole);
            return true;
        }
    }
    return false;
}

static void add_variable(struct nginx *nginx, const struct variable *variable)
{
    unsigned rank;
    enum field field = field_of(variable->name, &rank);
    if (take_absolute_url(nginx, variable) || add_time(nginx, variable))
        return;
    if (is_name(variable->name, "request_time")) {
        program_add_duration(nginx->program, DURATION_S, variable->whole);
        return;
    }
    struct slice cookie = name_behind(variable->name, "cookie_"),
                 header = name_behind(variable->name, "http_");
    if (cookie.size)
        program_add_cookie(nginx->program, cookie, variable->whole);
    else if (header.size)
        program_add_header(nginx->program, field, rank, header, variable->whole);
    else
        program_add_field(nginx->program, field, rank, variable->whole);
    if (field == FIELD_HOST)
        take_port(nginx, "server_port");
    if (field == FIELD_ADDRESS)
        take_port(nginx, "remote_port");
}

/* ---- the text of the format ---- */

static bool take_variable(struct nginx *nginx)
{
    struct variable variable;
    if (!read_variable(nginx, nginx->at, &variable))
        return program_fail(nginx->program, nginx->at,
                            "expected the name of a variable behind '$', such as $status or "
                            "${status}");
    nginx->at += variable.whole.size;
    add_variable(nginx, &variable);
    return true;
}

/* As in the configuration: \" \' \\ \n \t \r. */
static void take_escape(struct nginx *nginx)
{
    static const char marks[] = "\"'\\ntr", meanings[] = "\"'\\\n\t\r";
    char next = nginx->at + 1 < nginx->end ? nginx->text.at[nginx->at + 1] : '\0';
    const char *mark = next ? strchr(marks, next) : NULL;
    if (mark)
        program_add_text(nginx->program, (struct slice){&meanings[mark - marks], 1});
    else
        program_add_text(nginx->program, (struct slice){nginx->text.at + nginx->at, 1});
    nginx->at += mark ? 2 : 1;
}

static void take_text(struct nginx *nginx)
{
    size_t start = nginx->at;
    while (nginx->at < nginx->end && nginx->text.at[nginx->at] != '$' &&
           nginx->text.at[nginx->at] != '\\')
        nginx->at++;
    program_add_text(nginx->program, (struct slice){nginx->text.at + start, nginx->at - start});
}

static bool take_format(struct nginx *nginx)
{
    while (nginx->at < nginx->end) {
        char c = nginx->text.at[nginx->at];
        if (c == '\\')
            take_escape(nginx);
        else if (c != '$')
            take_text(nginx);
        else if (!take_variable(nginx))
            return false;
    }
    return true;
}

/* ---- the words of the configuration around it ---- */

/* Blanks, line ends and comments. Returns the next byte; '\0' at the end. */
static char skip_gap(struct nginx *nginx)
{
    while (nginx->at < nginx->end) {
        char c = nginx->text.at[nginx->at];
        if (c == '#') {
            const char *start = nginx->text.at + nginx->at;
            const char *line_end = memchr(start, '\n', nginx->end - nginx->at);
            nginx->at = line_end ? (size_t)(line_end - nginx->text.at) : nginx->end;
        } else if (ascii_is_white(c)) {
            nginx->at++;
        } else {
            return c;
        }
    }
    return '\0';
}

/* Where the quote that stands at `at` is closed; `end` when nowhere. */
static size_t closing_quote(const struct nginx *nginx, size_t at)
{
    char quote = nginx->text.at[at++];
    for (; at < nginx->end && nginx->text.at[at] != quote; at++)
        at += nginx->text.at[at] == '\\';
    return at < nginx->end ? at : nginx->end;
}

/* From there on: a word without quotes. */
static struct slice word_at(const struct nginx *nginx)
{
    size_t end = nginx->at;
    while (end < nginx->end && !ascii_is_white(nginx->text.at[end]) && nginx->text.at[end] != ';')
        end++;
    return (struct slice){nginx->text.at + nginx->at, end - nginx->at};
}

/* A part of the text as a part of the format; what is left is the same afterwards. */
static bool take_part(struct nginx *nginx, size_t start, size_t end)
{
    size_t whole_end = nginx->end;
    nginx->at = start;
    nginx->end = end;
    bool is_fine = take_format(nginx);
    nginx->end = whole_end;
    return is_fine;
}

static bool take_escaping(struct nginx *nginx, struct slice style)
{
    if (slice_is(style, "default"))
        nginx->base.escapes = ESCAPE_BACKSLASH;
    else if (slice_is(style, "json"))
        nginx->base.escapes = ESCAPE_JSON;
    else if (slice_is(style, "none"))
        nginx->base.escapes = ESCAPE_NONE;
    else
        return program_fail(nginx->program, (size_t)(style.at - nginx->text.at),
                            "escape= takes default, json or none, not \"%.*s\"",
                            (int)(style.size < 40 ? style.size : 40), style.at);
    return true;
}

static bool take_word(struct nginx *nginx)
{
    const struct slice escape = SLICE_LITERAL("escape=");
    struct slice word = word_at(nginx);
    size_t start = nginx->at;
    if (slice_starts_with(word, escape)) {
        nginx->at += word.size;
        return take_escaping(nginx, slice_from(word, escape.size));
    }
    return take_part(nginx, start, start + word.size);
}

static bool take_string(struct nginx *nginx)
{
    size_t start = nginx->at, close = closing_quote(nginx, start);
    if (close == nginx->end)
        return program_fail(nginx->program, start, "this quote is not closed");
    if (!take_part(nginx, start + 1, close))
        return false;
    nginx->at = close + 1;
    return true;
}

/* Strings as far as the ';' or the end: nothing stands between what they hold. */
static bool take_strings(struct nginx *nginx)
{
    for (char c; (c = skip_gap(nginx)) != '\0' && c != ';';) {
        if (!(c == '"' || c == '\'' ? take_string(nginx) : take_word(nginx)))
            return false;
    }
    nginx->at++;
    if (nginx->at < nginx->end && skip_gap(nginx))
        return program_fail(nginx->program, nginx->at,
                            "expected one log_format; something stands behind its ';'");
    return true;
}

/* Does the text, from there on, have the form of strings in a configuration? */
static bool is_in_quotes(struct nginx *nginx)
{
    struct nginx look = *nginx;
    char c = look.text.at[look.at];
    if (c != '"' && c != '\'')
        return slice_starts_with(word_at(nginx), SLICE_LITERAL("escape="));
    look.at = closing_quote(&look, look.at);
    if (look.at == look.end)
        return false;
    look.at++;
    /* Fields in double quotes are usual, strings in single ones are so in configurations. */
    char next = look.at < look.end ? look.text.at[look.at] : ';';
    if (c == '\'')
        return ascii_is_white(next) || next == ';' || next == '#' || next == '\'' || next == '"';
    next = skip_gap(&look);
    look.at++;
    return !next || (next == ';' && (look.at >= look.end || !skip_gap(&look)));
}

static bool take_all(struct nginx *nginx)
{
    char first = skip_gap(nginx);
    struct slice word = word_at(nginx);
    if (slice_is(word, "log_format")) {
        nginx->at += word.size;
        first = skip_gap(nginx);
        nginx->at += first == '"' || first == '\'' ? 0 : word_at(nginx).size; /* its name */
        return take_strings(nginx);
    }
    if (first && is_in_quotes(nginx))
        return take_strings(nginx);
    while (nginx->end > nginx->at && ascii_is_white(nginx->text.at[nginx->end - 1]))
        nginx->end--;
    return take_format(nginx);
}

const struct log_format *spec_nginx(struct slice text, const struct extra_fields *extra,
                                    struct arena *arena, struct error *error)
{
    struct nginx nginx = {
        .text = text,
        .end = text.size,
        .base = {.name = "custom", .about = "an nginx log_format", .escapes = ESCAPE_BACKSLASH}};
    nginx.program = program_new(text, extra, arena, error);
    nginx.base.example = arena_copy(arena, text).at;
    if (!take_all(&nginx))
        return NULL;
    return program_finish(nginx.program, &nginx.base);
}
