#include <string.h>

#include "parser/program.h"
#include "parser/spec.h"
#include "parser/time_pieces.h"

/* A pattern of the options. */
struct option_pattern {
    const char *option; /* for errors */
    const char *text;   /* NULL: not given */
    struct time_pattern pattern;
};

/* A GoAccess log format on its way through the compiler. */
struct goaccess {
    struct slice text;
    size_t at;
    size_t behind_time; /* where the last directive of the time ends */
    struct program *program;
    struct error *error;
    struct option_pattern date, time;
};

/* ---- the date and time formats ---- */

/* GoAccess has two conversions of its own, which stand alone: %f and %*, since 1970. */
static struct slice pattern_text(const char *text)
{
    if (strcmp(text, "%f") == 0)
        return SLICE_LITERAL("%q");
    if (strcmp(text, "%*") == 0)
        return SLICE_LITERAL("%Q");
    return slice_of(text);
}

static bool compile_option(struct goaccess *goaccess, struct option_pattern *given)
{
    size_t offset;
    const char *reason;
    if (!given->text || !*given->text)
        return true;
    if (!time_pattern_compile(pattern_text(given->text), &given->pattern, &offset, &reason))
        return error_at(goaccess->error, ERROR_USAGE, given->option, 1, offset + 1, "%s", reason);
    for (size_t i = 0; i < given->pattern.count; i++) {
        if (given->pattern.parts[i].conversion)
            return true;
    }
    return error_at(goaccess->error, ERROR_USAGE, given->option, 1, 1,
                    "\"%.40s\" holds no conversion such as %%Y, %%H or %%s", given->text);
}

static bool add_option_time(struct goaccess *goaccess, const struct option_pattern *given,
                            struct slice directive)
{
    if (given->pattern.count == 0)
        return program_fail(goaccess->program, (size_t)(directive.at - goaccess->text.at),
                            "%.*s needs %s", (int)directive.size, directive.at, given->option);
    program_add_time(goaccess->program, &given->pattern, false, directive);
    return true;
}

/* %x: what tells a moment alone does, else the date and the time with a blank between them. */
static bool add_moment(struct goaccess *goaccess, struct slice directive)
{
    const struct option_pattern *date = &goaccess->date, *time = &goaccess->time;
    if (date->pattern.count == 0 || time_pieces_tell_moment(&time->pattern))
        return add_option_time(goaccess, time, directive);
    if (time->pattern.count == 0 || time_pieces_tell_moment(&date->pattern))
        return add_option_time(goaccess, date, directive);
    program_add_time(goaccess->program, &date->pattern, false, directive);
    program_add_text(goaccess->program, SLICE_LITERAL(" "));
    program_add_time(goaccess->program, &time->pattern, false, directive);
    return true;
}

/* ---- what a directive means ---- */

static enum field field_of(char letter, bool *is_known)
{
    static const struct {
        char letter;
        uint8_t field;
    } fields[] = {
        {'v', FIELD_HOST},   {'e', FIELD_USER},     {'h', FIELD_ADDRESS}, {'r', FIELD_REQUEST},
        {'m', FIELD_METHOD}, {'U', FIELD_URL},      {'q', FIELD_QUERY},   {'s', FIELD_STATUS},
        {'b', FIELD_BYTES},  {'R', FIELD_REFERRER}, {'u', FIELD_AGENT},   {'C', FIELD_SKIP},
        {'H', FIELD_SKIP},   {'K', FIELD_SKIP},     {'k', FIELD_SKIP},    {'M', FIELD_SKIP},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (fields[i].letter == letter) {
            *is_known = true;
            return (enum field)fields[i].field;
        }
    }
    *is_known = false;
    return FIELD_SKIP;
}

static bool begins_with(const struct goaccess *goaccess, const char *word)
{
    return slice_starts_with(slice_from(goaccess->text, goaccess->at), slice_of(word));
}

static bool add_field(struct goaccess *goaccess, struct slice directive)
{
    bool is_known;
    enum field field = field_of(directive.at[1], &is_known);
    if (!is_known)
        return program_fail(goaccess->program, (size_t)(directive.at - goaccess->text.at),
                            "\"%.*s\" is no specifier of GoAccess' log formats",
                            (int)directive.size, directive.at);
    program_add_field(goaccess->program, field, 0, directive);
    /* "%v:%^" is one word, and so is an address with its port. */
    bool can_have_port = field == FIELD_HOST || field == FIELD_ADDRESS;
    if (can_have_port && begins_with(goaccess, ":%^")) {
        goaccess->at += strlen(":%^");
        program_take_port(goaccess->program);
    }
    return true;
}

static void add_constant_time(struct goaccess *goaccess, const char *text, struct slice directive)
{
    struct time_pattern pattern;
    size_t offset;
    const char *reason;
    if (time_pattern_compile(slice_of(text), &pattern, &offset, &reason))
        program_add_time(goaccess->program, &pattern, false, directive);
}

/*
 * What is ignored behind the time is of use: "[%d:%t %^]" has the zone there, if it is one, and
 * "%t.%^" the fraction of the second.
 */
static void add_ignored(struct goaccess *goaccess, struct slice directive)
{
    size_t start = (size_t)(directive.at - goaccess->text.at);
    bool is_next_to_time = goaccess->behind_time > 0 && start == goaccess->behind_time + 1;
    char between = start > 0 ? goaccess->text.at[start - 1] : '\0';
    if (is_next_to_time && between == ' ' && begins_with(goaccess, "]"))
        add_constant_time(goaccess, "%?", directive);
    else if (is_next_to_time && between == '.')
        add_constant_time(goaccess, "%f%?", directive);
    else
        program_add_field(goaccess->program, FIELD_SKIP, 0, directive);
}

static bool add_directive(struct goaccess *goaccess, struct slice directive)
{
    switch (directive.at[1]) {
    case '%':
        program_add_text(goaccess->program, SLICE_LITERAL("%"));
        return true;
    case '^':
        add_ignored(goaccess, directive);
        return true;
    case '~':
        program_skip_blanks(goaccess->program);
        return true;
    case 'd':
        goaccess->behind_time = goaccess->at;
        return add_option_time(goaccess, &goaccess->date, directive);
    case 't':
        goaccess->behind_time = goaccess->at;
        return add_option_time(goaccess, &goaccess->time, directive);
    case 'x':
        goaccess->behind_time = goaccess->at;
        return add_moment(goaccess, directive);
    case 'D':
        program_add_duration(goaccess->program, DURATION_US, directive);
        return true;
    case 'L':
        program_add_duration(goaccess->program, DURATION_MS, directive);
        return true;
    case 'n':
        program_add_duration(goaccess->program, DURATION_NS, directive);
        return true;
    case 'T':
        program_add_duration(goaccess->program, DURATION_S, directive);
        return true;
    default:
        return add_field(goaccess, directive);
    }
}

/* ---- the text of the format ---- */

static bool take_directive(struct goaccess *goaccess)
{
    struct slice directive = slice_head(slice_from(goaccess->text, goaccess->at), 2);
    if (directive.size < 2)
        return program_fail(goaccess->program, goaccess->at,
                            "the format ends inside of a specifier; the sign itself is %%%%");
    goaccess->at += directive.size;
    return add_directive(goaccess, directive);
}

/* "~h{, }": addresses that proxies name, with what stands between them. */
static bool take_forwarded(struct goaccess *goaccess)
{
    struct slice rest = slice_from(goaccess->text, goaccess->at);
    const char *close = memchr(rest.at, '}', rest.size);
    if (!begins_with(goaccess, "~h{") || !close)
        return program_fail(goaccess->program, goaccess->at,
                            "expected the separators of the addresses in braces, such as ~h{, }");
    struct slice directive = {rest.at, (size_t)(close + 1 - rest.at)};
    goaccess->at += directive.size;
    program_add_field(goaccess->program, FIELD_FORWARDED, 0, directive);
    return true;
}

/* As GoAccess does: \t \n \r; another byte stands for itself. */
static void take_escape(struct goaccess *goaccess)
{
    struct slice escape = slice_head(slice_from(goaccess->text, goaccess->at), 2);
    char next = escape.at[escape.size - 1];
    char meaning = next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
    goaccess->at += escape.size;
    program_add_text(goaccess->program, (struct slice){&meaning, 1});
}

static void take_text(struct goaccess *goaccess)
{
    size_t start = goaccess->at++;
    while (goaccess->at < goaccess->text.size) {
        char c = goaccess->text.at[goaccess->at];
        if (c == '%' || c == '\\' || c == '~')
            break;
        goaccess->at++;
    }
    program_add_text(goaccess->program,
                     (struct slice){goaccess->text.at + start, goaccess->at - start});
}

static bool take_format(struct goaccess *goaccess)
{
    while (goaccess->at < goaccess->text.size) {
        char c = goaccess->text.at[goaccess->at];
        bool is_fine = true;
        if (c == '%')
            is_fine = take_directive(goaccess);
        else if (begins_with(goaccess, "~h"))
            is_fine = take_forwarded(goaccess);
        else if (c == '\\')
            take_escape(goaccess);
        else
            take_text(goaccess);
        if (!is_fine)
            return false;
    }
    return true;
}

static void skip_white(struct goaccess *goaccess)
{
    while (goaccess->at < goaccess->text.size && goaccess->text.at[goaccess->at] &&
           strchr(" \t\r\n", goaccess->text.at[goaccess->at]))
        goaccess->at++;
}

const struct log_format *spec_goaccess(struct slice text, const char *date_format,
                                       const char *time_format, const struct extra_fields *extra,
                                       struct arena *arena, struct error *error)
{
    struct goaccess goaccess = {.text = text,
                                .error = error,
                                .date = {.option = "--date-format", .text = date_format},
                                .time = {.option = "--time-format", .text = time_format}};
    skip_white(&goaccess);
    bool is_json = begins_with(&goaccess, "{");
    const struct log_format base = {.name = "custom",
                                    .about = "a GoAccess log format",
                                    .example = arena_copy(arena, text).at,
                                    .escapes = is_json ? ESCAPE_JSON : ESCAPE_BACKSLASH};
    goaccess.program = program_new(text, extra, arena, error);
    if (!compile_option(&goaccess, &goaccess.date) || !compile_option(&goaccess, &goaccess.time) ||
        !take_format(&goaccess))
        return NULL;
    return program_finish(goaccess.program, &base);
}
