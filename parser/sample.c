#include "parser/sample.h"

#include <stdint.h>
#include <strings.h>

#include "base/ascii.h"
#include "parser/address.h"

#define NO_STRING SIZE_MAX

/* A line on its way. */
struct masking {
    struct slice line;
    const struct line_fields *fields; /* NULL: the line fits no format */
    size_t at;
    size_t lead_end;   /* where a CLF stamp begins; 0: there is none */
    size_t lost_at;    /* the first quote of a line whose quotes do not pair; SIZE_MAX: they do */
    size_t string_end; /* the closing quote of the string that is being copied, or NO_STRING */
    size_t values;     /* quoted strings so far that are no names */
    const char *hides; /* the mark for values of the last name; NULL: they are shown */
    bool has_names;    /* strings followed by a colon: JSON */
    char *out;
    size_t out_size;
    bool is_full;
};

/* What stands at masking->at and is not shown: up to `end`; .mark NULL: nothing. */
struct hidden {
    const char *mark;
    size_t end;
};
static const struct hidden nothing = {NULL, 0};

static void put(struct masking *masking, struct slice text)
{
    struct slice head = slice_head(text, SAMPLE_BYTES - masking->out_size);
    memcpy(masking->out + masking->out_size, head.at, head.size);
    masking->out_size += head.size;
    masking->is_full = head.size < text.size;
}

static bool is_hex_digit(char byte)
{
    return ascii_is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

static bool is_name_byte(char byte)
{
    return ascii_is_digit(byte) || ascii_is_letter(byte) || (unsigned char)byte >= 0x80;
}

static bool is_one_of(char byte, const char *set)
{
    return byte && strchr(set, byte);
}

static size_t find_one_of(struct slice text, size_t begin, size_t end, const char *set)
{
    while (begin < end && !is_one_of(text.at[begin], set))
        begin++;
    return begin;
}

static bool contains(struct slice text, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= text.size; i++) {
        if (strncasecmp(text.at + i, word, size) == 0)
            return true;
    }
    return false;
}

static struct slice part(const struct masking *masking, size_t begin, size_t end)
{
    return (struct slice){masking->line.at + begin, end - begin};
}

/* The end of the string that is being copied, or of the line. */
static size_t limit(const struct masking *masking)
{
    return masking->string_end == NO_STRING ? masking->line.size : masking->string_end;
}

/* The offset of " [21/"'s bracket: where the time of a CLF line begins. */
static size_t find_lead_end(struct slice line)
{
    for (size_t i = 1; i + 4 <= line.size; i++) {
        const char *at = line.at + i;
        if (at[0] == '[' && at[-1] == ' ' && ascii_is_digit(at[1]) && ascii_is_digit(at[2]) &&
            at[3] == '/')
            return i;
    }
    return 0;
}

/* Hosts and users stand before the time: of all those words only a dash is shown. */
static struct hidden hide_lead(const struct masking *masking)
{
    if (masking->at >= masking->lead_end || masking->line.at[masking->at] == ' ')
        return nothing;
    size_t end = find_one_of(masking->line, masking->at, masking->lead_end, " ");
    struct slice word = part(masking, masking->at, end);
    struct address address;
    if (slice_is(word, "-"))
        return nothing;
    return (struct hidden){address_parse(word, &address) ? "[address]" : "[name]", end};
}

static struct hidden hide_query(const struct masking *masking)
{
    size_t at = masking->at, end = at + 1;
    if (masking->line.at[at] != '?')
        return nothing;
    if (masking->string_end == NO_STRING) {
        end = find_one_of(masking->line, end, masking->line.size, " \t\"");
    } else { /* blanks and escaped quotes inside a quoted field belong to its query */
        while (end < masking->string_end &&
               !slice_starts_with(part(masking, end, masking->string_end), SLICE_LITERAL(" HTTP/")))
            end++;
    }
    return end == at + 1 ? nothing : (struct hidden){"?[query]", end};
}

static struct hidden hide_value(const struct masking *masking)
{
    size_t at = masking->at;
    if (masking->line.at[at] != '=')
        return nothing;
    size_t end = find_one_of(masking->line, at + 1, limit(masking), " \t\"&;,");
    return end == at + 1 ? nothing : (struct hidden){"=[value]", end};
}

/*
 * Four numbers with dots between them, whatever stands around them: lines are torn anywhere. At
 * the end of a line, or its start, the rest of an address may be missing.
 */
static struct hidden hide_v4(const struct masking *masking)
{
    const char *text = masking->line.at;
    size_t at = masking->at, size = masking->line.size, dots = 0;
    for (; dots < 4 && at < size && ascii_is_digit(text[at]); dots++) {
        for (size_t digits = 0; digits < 3 && at < size && ascii_is_digit(text[at]); digits++)
            at++;
        if (dots == 3)
            return (struct hidden){"[address]", at};
        if (at == size || text[at] != '.')
            break;
        at++;
    }
    bool is_torn = at == size ? dots >= 2 : masking->at == 0 && dots >= 1 && text[at] == ' ';
    return is_torn ? (struct hidden){"[address]", at} : nothing;
}

static bool is_v6_byte(char byte)
{
    return is_hex_digit(byte) || byte == ':' || byte == '.';
}

/* Hexadecimal digits and colons, with "::" among them or with five colons (a time has fewer). */
static struct hidden hide_v6(const struct masking *masking)
{
    const char *text = masking->line.at;
    size_t at = masking->at, colons = 0, digits = 0;
    bool has_gap = false;
    if (!is_v6_byte(text[at]) || (at > 0 && is_v6_byte(text[at - 1])))
        return nothing;
    for (; at < masking->line.size && is_v6_byte(text[at]); at++) {
        has_gap |= text[at] == ':' && at > masking->at && text[at - 1] == ':';
        colons += text[at] == ':';
        digits += is_hex_digit(text[at]);
    }
    bool is_address = digits > 0 && (has_gap || colons >= 5);
    return is_address ? (struct hidden){"[address]", at} : nothing;
}

static bool is_mail(struct slice word)
{
    for (size_t i = 1; i + 1 < word.size; i++) {
        size_t sign = word.at[i] == '@' ? 1 : 0;
        if (slice_starts_with(slice_from(word, i), SLICE_LITERAL("%40")))
            sign = 3;
        if (sign && i + sign < word.size && is_name_byte(word.at[i - 1]) &&
            is_name_byte(word.at[i + sign]))
            return true;
    }
    return false;
}

static struct hidden hide_mail(const struct masking *masking)
{
    static const char between[] = " \t\"'<>()[]{},;=&?|";
    size_t at = masking->at;
    if (at > 0 && !is_one_of(masking->line.at[at - 1], between))
        return nothing;
    size_t end = find_one_of(masking->line, at, limit(masking), between);
    return is_mail(part(masking, at, end)) ? (struct hidden){"[mail]", end} : nothing;
}

/* Where '+' or %20 stand for blanks the agent is one word; else it may go on to the end. */
static struct hidden hide_bare_agent(const struct masking *masking)
{
    size_t at = masking->at;
    if (!slice_starts_with(slice_from(masking->line, at), SLICE_LITERAL("Mozilla/")))
        return nothing;
    size_t end = find_one_of(masking->line, at, limit(masking), " \t\"");
    struct slice word = part(masking, at, end);
    if (!contains(word, "+") && !contains(word, "%20"))
        end = find_one_of(masking->line, at, limit(masking), "\t\"");
    return (struct hidden){"[agent]", end};
}

/* "okhttp/4.9.3": a word like a product and its version, which no path is. */
static struct hidden hide_product(const struct masking *masking)
{
    const char *text = masking->line.at;
    size_t at = masking->at, end = limit(masking);
    if (at > 0 && (is_one_of(text[at - 1], "/.%") || is_name_byte(text[at - 1])))
        return nothing;
    while (at < end && (is_name_byte(text[at]) || is_one_of(text[at], "-_")))
        at++;
    bool is_product =
        at > masking->at && at + 1 < end && text[at] == '/' && ascii_is_digit(text[at + 1]);
    if (!is_product || slice_is(part(masking, masking->at, at), "HTTP") ||
        !is_name_byte(text[masking->at]) || ascii_is_digit(text[masking->at]))
        return nothing;
    return (struct hidden){"[agent]", find_one_of(masking->line, at, end, " \t\"")};
}

/*
 * Where the fields are known, what must not be shown is known as well. Of one whose start was
 * hidden with what stands before it, the rest is.
 */
static struct hidden hide_field(const struct masking *masking)
{
    static const struct {
        enum field field;
        const char *mark;
    } hidden[] = {
        {FIELD_ADDRESS, "[address]"}, {FIELD_FORWARDED, "[address]"}, {FIELD_USER, "[name]"},
        {FIELD_AGENT, "[agent]"},     {FIELD_COOKIE, "[cookie]"},     {FIELD_QUERY, "[query]"},
        {FIELD_EXTRA, "[text]"},      {FIELD_EXTRA + 1, "[text]"},    {FIELD_EXTRA + 2, "[text]"},
        {FIELD_EXTRA_LAST, "[text]"},
    };
    _Static_assert(EXTRA_FIELDS == 4, "all of them are hidden");
    const char *at = masking->line.at + masking->at;
    for (size_t i = 0; masking->fields && i < sizeof hidden / sizeof hidden[0]; i++) {
        struct slice text = masking->fields->at[hidden[i].field];
        if (text.at && at >= text.at && at < text.at + text.size && !slice_is(text, "-"))
            return (struct hidden){hidden[i].mark,
                                   (size_t)(text.at + text.size - masking->line.at)};
    }
    return nothing;
}

static struct hidden hide_nul(const struct masking *masking)
{
    size_t end = masking->at;
    while (end < masking->line.size && masking->line.at[end] == '\0')
        end++;
    return end == masking->at ? nothing : (struct hidden){"[nul]", end};
}

/* The closing quote, or the end of the line. */
static size_t find_string_end(struct slice line, size_t begin)
{
    size_t end = begin;
    while (end < line.size && line.at[end] != '"')
        end += line.at[end] == '\\' ? 2 : 1;
    return end < line.size ? end : line.size;
}

/*
 * Where one quote is missing, what was quoted looks as if it stood between strings. Escaped quotes
 * may be quotes: not every server escapes.
 */
static bool is_quote_missing(struct slice line)
{
    size_t quotes = 0;
    for (size_t i = 0; i < line.size; i++)
        quotes += line.at[i] == '"';
    for (size_t i = 0; i < line.size; i++) {
        if (line.at[i] != '"')
            continue;
        i = find_string_end(line, i + 1);
        if (i == line.size)
            return true;
    }
    return quotes % 2 != 0;
}

static size_t find_lost(struct slice line)
{
    return is_quote_missing(line) ? find_one_of(line, 0, line.size, "\"") : SIZE_MAX;
}

/* Of JSON members only those are shown whose names promise something harmless. */
static const char *mark_of_named(struct slice name)
{
    static const char *const shown[] = {"time", "ts",  "date", "level", "method",  "status",
                                        "code", "uri", "url",  "path",  "request", "proto"};
    if (contains(name, "agent"))
        return "\"[agent]\"";
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        if (contains(name, shown[i]) && !contains(name, "user"))
            return NULL;
    }
    return "\"[text]\"";
}

/* Is the string that ends here the name of a JSON member? */
static bool is_named(struct slice line, size_t string_end)
{
    size_t next = string_end + 1;
    while (next < line.size && line.at[next] == ' ')
        next++;
    return next < line.size && line.at[next] == ':';
}

/* At an opening quote: a string that is not hidden is copied, and what is in it looked at. */
static struct hidden hide_string(struct masking *masking)
{
    size_t begin = masking->at + 1;
    if (masking->line.at[masking->at] != '"' || masking->string_end != NO_STRING)
        return nothing;
    size_t end = find_string_end(masking->line, begin);
    struct slice text = part(masking, begin, end);
    masking->string_end = end;
    if (is_named(masking->line, end)) {
        masking->has_names = true;
        masking->hides = mark_of_named(text);
        return nothing;
    }
    masking->values++;
    const char *mark = masking->has_names ? masking->hides : NULL;
    if (contains(text, "Mozilla/") || (!masking->has_names && masking->values == 3))
        mark = "\"[agent]\"";
    if (!mark || text.size == 0 || slice_is(text, "-"))
        return nothing;
    masking->string_end = NO_STRING;
    return (struct hidden){mark, end < masking->line.size ? end + 1 : end};
}

static struct hidden hide(struct masking *masking)
{
    static struct hidden (*const rules[])(const struct masking *) = {
        hide_query, hide_value,      hide_mail,    hide_v4,
        hide_v6,    hide_bare_agent, hide_product, hide_nul,
    };
    if (masking->at >= masking->lost_at)
        return (struct hidden){"\"[text]\"", masking->line.size};
    struct hidden hidden = hide_field(masking);
    if (hidden.mark)
        return hidden;
    if (masking->at < masking->lead_end)
        return hide_lead(masking);
    hidden = hide_string(masking);
    for (size_t i = 0; !hidden.mark && i < sizeof rules / sizeof rules[0]; i++)
        hidden = rules[i](masking);
    return hidden;
}

static void step(struct masking *masking)
{
    struct hidden hidden = hide(masking);
    if (hidden.mark) {
        put(masking, slice_of(hidden.mark));
        masking->at = hidden.end;
        /* A field can end behind the quote that looked like its end: the next one is. */
        if (masking->at > masking->string_end)
            masking->string_end = find_string_end(masking->line, masking->at);
        return;
    }
    put(masking, part(masking, masking->at, masking->at + 1));
    if (masking->at == masking->string_end)
        masking->string_end = NO_STRING;
    masking->at++;
}

/* No half of a character stays before the dots. */
static void end_in_dots(struct masking *masking)
{
    static const char dots[] = "...";
    size_t size = SAMPLE_BYTES - (sizeof dots - 1);
    for (int i = 0; i < 3 && ((unsigned char)masking->out[size] & 0xc0) == 0x80; i++)
        size--;
    memcpy(masking->out + size, dots, sizeof dots - 1);
    masking->out_size = size + sizeof dots - 1;
}

void sample_mask(struct slice line, const struct line_fields *fields, char out[SAMPLE_BYTES + 1])
{
    struct masking masking = {.line = line,
                              .fields = fields,
                              .lead_end = find_lead_end(line),
                              .lost_at = find_lost(line),
                              .string_end = NO_STRING,
                              .out = out};
    while (masking.at < line.size && !masking.is_full)
        step(&masking);
    if (masking.is_full)
        end_in_dots(&masking);
    out[masking.out_size] = '\0';
}
