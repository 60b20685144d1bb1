#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "parser/program.h"
#include "parser/spec.h"

/* A LogFormat on its way through the compiler. */
struct apache {
    struct slice text;
    size_t at, end; /* of what is left of the format in the text */
    struct program *program;
};

/* ---- what a directive means ---- */

static const struct {
    char letter;
    uint8_t field, rank;
} directives[] = {
    {'a', FIELD_ADDRESS, 0}, /* as mod_remoteip sees it */
    {'h', FIELD_ADDRESS, 1}, /* likewise, maybe a name */
    {'b', FIELD_BYTES, 0},   {'B', FIELD_BYTES, 0}, {'O', FIELD_BYTES, 1},   {'S', FIELD_BYTES, 2},
    {'m', FIELD_METHOD, 0},  {'q', FIELD_QUERY, 0}, {'r', FIELD_REQUEST, 0}, {'u', FIELD_USER, 0},
    {'U', FIELD_URL, 0},     {'v', FIELD_HOST, 0},  {'V', FIELD_HOST, 1},    {'A', FIELD_SKIP, 0},
    {'c', FIELD_SKIP, 0},    {'e', FIELD_SKIP, 0},  {'f', FIELD_SKIP, 0},    {'H', FIELD_SKIP, 0},
    {'I', FIELD_SKIP, 0},    {'k', FIELD_SKIP, 0},  {'l', FIELD_SKIP, 0},    {'L', FIELD_SKIP, 0},
    {'n', FIELD_SKIP, 0},    {'o', FIELD_SKIP, 0},  {'p', FIELD_SKIP, 0},    {'P', FIELD_SKIP, 0},
    {'R', FIELD_SKIP, 0},    {'x', FIELD_SKIP, 0},  {'X', FIELD_SKIP, 0},
};

static const struct {
    const char *name;
    uint8_t field, rank;
} headers[] = {
    {"Referer", FIELD_REFERRER, 0},
    {"User-Agent", FIELD_AGENT, 0},
    {"Cookie", FIELD_COOKIE, 0},
    {"X-Forwarded-For", FIELD_FORWARDED, 0},
    {"Host", FIELD_HOST, 2}, /* what the client says; %v and %V are what it got */
    {"Forwarded", FIELD_FORWARDED, 1},
    /* What proxies and networks call it; the address of a format that has no other. */
    {"X-Real-IP", FIELD_FORWARDED, 2},
    {"CF-Connecting-IP", FIELD_FORWARDED, 2},
    {"True-Client-IP", FIELD_FORWARDED, 2},
    {"Fastly-Client-IP", FIELD_FORWARDED, 2},
    {"X-Client-IP", FIELD_FORWARDED, 3},
    {"X-Cluster-Client-IP", FIELD_FORWARDED, 3},
};

/* A directive: %400,501{Referer}i has the argument "Referer" and the letter 'i'. */
struct directive {
    struct slice whole, argument; /* argument {NULL, 0}: none */
    bool is_final;                /* has a '>' */
    char letter;
};

static size_t offset_of(const struct apache *apache, struct slice part)
{
    return (size_t)(part.at - apache->text.at);
}

static bool is_name(struct slice text, const char *name)
{
    return text.size == strlen(name) && strncasecmp(text.at, name, text.size) == 0;
}

static void add_header(struct apache *apache, const struct directive *directive)
{
    struct slice name = directive->argument;
    size_t i = 0, count = sizeof headers / sizeof headers[0];
    while (i < count && !is_name(name, headers[i].name))
        i++;
    if (i < count)
        program_add_header(apache->program, (enum field)headers[i].field, headers[i].rank, name,
                           directive->whole);
    else
        program_add_header(apache->program, FIELD_SKIP, 0, name, directive->whole);
}

static bool add_seconds(struct apache *apache, const struct directive *directive)
{
    struct slice unit = directive->argument;
    enum duration_unit duration = DURATION_S;
    if (slice_is(unit, "ms"))
        duration = DURATION_MS;
    else if (slice_is(unit, "us"))
        duration = DURATION_US;
    else if (unit.at && !slice_is(unit, "s"))
        return program_fail(apache->program, offset_of(apache, unit),
                            "%%{...}T takes s, ms or us, not \"%.*s\"",
                            (int)(unit.size < 40 ? unit.size : 40), unit.at);
    program_add_duration(apache->program, duration, directive->whole);
    return true;
}

/* What mod_log_config adds to strftime's conversions, each of which stands alone. */
static struct slice time_text(struct slice format)
{
    static const char *const words[][2] = {{"sec", "%s"},       {"msec", "%Q"},
                                           {"usec", "%q"},      {"msec_frac", "%L"},
                                           {"usec_frac", "%N"}, {"", "[%d/%b/%Y:%H:%M:%S %z]"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (slice_is(format, words[i][0]))
            return slice_of(words[i][1]);
    }
    return format;
}

static bool add_time(struct apache *apache, const struct directive *directive)
{
    struct slice format = directive->argument;
    struct time_pattern pattern;
    size_t offset;
    const char *reason;
    bool is_end = slice_starts_with(format, SLICE_LITERAL("end:"));
    if (is_end)
        format = slice_from(format, 4);
    else if (slice_starts_with(format, SLICE_LITERAL("begin:")))
        format = slice_from(format, 6);
    if (!time_pattern_compile(time_text(format), &pattern, &offset, &reason))
        return program_fail(apache->program, offset_of(apache, format) + offset, "%s", reason);
    program_add_time(apache->program, &pattern, is_end, directive->whole);
    return true;
}

static bool begins_with(const struct apache *apache, const char *word)
{
    struct slice rest = {apache->text.at + apache->at, apache->end - apache->at};
    return slice_starts_with(rest, slice_of(word));
}

/* "%v:%p" is one word, and so is an address with its port. */
static void take_port(struct apache *apache)
{
    static const char *const ports[] = {":%p", ":%{canonical}p", ":%{local}p", ":%{remote}p"};
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        if (begins_with(apache, ports[i])) {
            apache->at += strlen(ports[i]);
            program_take_port(apache->program);
            return;
        }
    }
}

static bool add_plain(struct apache *apache, const struct directive *directive)
{
    size_t i = 0, count = sizeof directives / sizeof directives[0];
    while (i < count && directives[i].letter != directive->letter)
        i++;
    if (i == count)
        return program_fail(apache->program, offset_of(apache, directive->whole),
                            "\"%.*s\" is no directive of Apache's log formats",
                            (int)(directive->whole.size < 60 ? directive->whole.size : 60),
                            directive->whole.at);
    enum field field = (enum field)directives[i].field;
    bool is_peer = field == FIELD_ADDRESS && slice_is(directive->argument, "c");
    program_add_field(apache->program, field, directives[i].rank + (is_peer ? 2u : 0u),
                      directive->whole);
    if (field == FIELD_HOST || field == FIELD_ADDRESS)
        take_port(apache);
    return true;
}

static bool add_directive(struct apache *apache, const struct directive *directive)
{
    switch (directive->letter) {
    case '%':
        program_add_text(apache->program, SLICE_LITERAL("%"));
        return true;
    case 'D':
        program_add_duration(apache->program, DURATION_US, directive->whole);
        return true;
    case 'T':
        return add_seconds(apache, directive);
    case 't':
        return add_time(apache, directive);
    case 'i':
        add_header(apache, directive);
        return true;
    case 'C':
        program_add_cookie(apache->program, directive->argument, directive->whole);
        return true;
    case 's': /* of a request that was redirected inside the server, the answer is the last one */
        program_add_field(apache->program, FIELD_STATUS, directive->is_final ? 0 : 1,
                          directive->whole);
        return true;
    case '^': /* FB, ti, to: the first byte and trailers */
        program_add_field(apache->program, FIELD_SKIP, 0, directive->whole);
        return true;
    default:
        return add_plain(apache, directive);
    }
}

/* ---- the text of the format ---- */

static bool fail_unfinished(struct apache *apache, size_t start)
{
    return program_fail(apache->program, start,
                        "the format ends inside of a directive; the sign itself is %%%%");
}

static bool take_argument(struct apache *apache, struct slice *argument)
{
    size_t start = apache->at + 1;
    const char *close = memchr(apache->text.at + start, '}', apache->end - start);
    if (!close)
        return program_fail(apache->program, apache->at, "this brace is not closed: expected '}'");
    argument->at = apache->text.at + start;
    argument->size = (size_t)(close - argument->at);
    apache->at = start + argument->size + 1;
    return true;
}

/* The two letters behind a '^'. */
static bool take_long_name(struct apache *apache, size_t start)
{
    if (!begins_with(apache, "FB") && !begins_with(apache, "ti") && !begins_with(apache, "to"))
        return program_fail(apache->program, start,
                            "behind %%^ Apache's log formats have FB, ti or to");
    apache->at += 2;
    return true;
}

/* From a '%' on. */
static bool take_directive(struct apache *apache)
{
    struct directive directive = {0};
    size_t start = apache->at++;
    for (; apache->at < apache->end; apache->at++) {
        char c = apache->text.at[apache->at];
        directive.is_final |= c == '>';
        while (c == '{') {
            if (!take_argument(apache, &directive.argument))
                return false;
            c = apache->at < apache->end ? apache->text.at[apache->at] : '\0';
        }
        if (!c || !strchr("0123456789,!<>", c))
            break;
    }
    if (apache->at >= apache->end)
        return fail_unfinished(apache, start);
    directive.letter = apache->text.at[apache->at++];
    if (directive.letter == '^' && !take_long_name(apache, start))
        return false;
    directive.whole = (struct slice){apache->text.at + start, apache->at - start};
    return add_directive(apache, &directive);
}

/* As in the configuration: \" \' \\ \n \t \r; a line that goes on behind its end. */
static void take_escape(struct apache *apache)
{
    static const char marks[] = "\"'\\ntr", meanings[] = "\"'\\\n\t\r";
    struct slice escape = {apache->text.at + apache->at,
                           apache->end - apache->at < 2 ? apache->end - apache->at : 2};
    const char *mark = escape.size == 2 && escape.at[1] ? strchr(marks, escape.at[1]) : NULL;
    apache->at += escape.size;
    if (mark)
        program_add_text(apache->program, (struct slice){&meanings[mark - marks], 1});
    else if (!(escape.size == 2 && escape.at[1] == '\n'))
        program_add_text(apache->program, escape);
}

static void take_text(struct apache *apache)
{
    size_t start = apache->at;
    while (apache->at < apache->end && !strchr("%\\", apache->text.at[apache->at]))
        apache->at++;
    apache->at += apache->at == start; /* a NUL byte */
    program_add_text(apache->program, (struct slice){apache->text.at + start, apache->at - start});
}

static bool take_format(struct apache *apache)
{
    while (apache->at < apache->end) {
        char c = apache->text.at[apache->at];
        if (c == '\\')
            take_escape(apache);
        else if (c != '%')
            take_text(apache);
        else if (!take_directive(apache))
            return false;
    }
    return true;
}

/* ---- where in the text the format is ---- */

/* Where the quote that stands at `at` is closed; `end` when nowhere. */
static size_t closing_quote(const struct apache *apache, size_t at)
{
    char quote = apache->text.at[at++];
    for (; at < apache->end && apache->text.at[at] != quote; at++)
        at += apache->text.at[at] == '\\';
    return at < apache->end ? at : apache->end;
}

static bool is_quote(const struct apache *apache)
{
    char c = apache->at < apache->end ? apache->text.at[apache->at] : '\0';
    return c == '"' || c == '\'';
}

/* The nickname behind the quote is not needed. */
static bool enter_log_format(struct apache *apache)
{
    apache->at += strlen("LogFormat");
    while (apache->at < apache->end && ascii_is_white(apache->text.at[apache->at]))
        apache->at++;
    if (!is_quote(apache))
        return program_fail(apache->program, apache->at,
                            "expected the format in quotes behind LogFormat");
    size_t close = closing_quote(apache, apache->at);
    if (close == apache->end)
        return program_fail(apache->program, apache->at, "this quote is not closed");
    apache->at++;
    apache->end = close;
    return true;
}

static bool enter_format(struct apache *apache)
{
    const struct slice word = SLICE_LITERAL("LogFormat");
    while (apache->at < apache->end && ascii_is_white(apache->text.at[apache->at]))
        apache->at++;
    while (apache->end > apache->at && ascii_is_white(apache->text.at[apache->end - 1]))
        apache->end--;
    struct slice rest = {apache->text.at + apache->at, apache->end - apache->at};
    if (rest.size > word.size && is_name(slice_head(rest, word.size), word.at) &&
        ascii_is_white(rest.at[word.size]))
        return enter_log_format(apache);
    /* One quoted string is a format in quotes; more of them are fields in quotes. */
    if (is_quote(apache) && closing_quote(apache, apache->at) + 1 == apache->end) {
        apache->at++;
        apache->end--;
    }
    return true;
}

const struct log_format *spec_apache(struct slice text, const struct extra_fields *extra,
                                     struct arena *arena, struct error *error)
{
    struct apache apache = {.text = text, .end = text.size};
    apache.program = program_new(text, extra, arena, error);
    if (!enter_format(&apache) || !take_format(&apache))
        return NULL;
    const struct log_format base = {.name = "custom",
                                    .about = "an Apache LogFormat",
                                    .example = arena_copy(arena, text).at,
                                    .escapes = ESCAPE_BACKSLASH};
    return program_finish(apache.program, &base);
}
