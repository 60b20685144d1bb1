#include "parser/syslog.h"

#include <stdbool.h>

#include "base/ascii.h"

/* Does the text begin like the pattern: 0 a digit, a a letter, anything else itself? */
static bool looks_like(struct slice text, const char *pattern)
{
    for (size_t i = 0; pattern[i]; i++) {
        if (i == text.size)
            return false;
        char c = text.at[i];
        bool is_letter = ascii_is_letter(c);
        bool fits = pattern[i] == '0'   ? ascii_is_digit(c) || (c == ' ' && i == 4)
                    : pattern[i] == 'a' ? is_letter
                                        : c == pattern[i];
        if (!fits)
            return false;
    }
    return true;
}

/* Takes the word before the next blank, and the blank; false when there is no blank. */
static bool take_word(struct slice *rest, struct slice *word)
{
    const char *blank = rest->size ? memchr(rest->at, ' ', rest->size) : NULL;
    if (!blank)
        return false;
    *word = slice_head(*rest, (size_t)(blank - rest->at));
    *rest = slice_from(*rest, word->size + 1);
    return word->size > 0;
}

static bool ends_tag(struct slice word)
{
    return word.size > 1 && word.at[word.size - 1] == ':';
}

/* "host tag: " or "tag: " */
static bool take_tag(struct slice *rest)
{
    struct slice word;
    return take_word(rest, &word) && (ends_tag(word) || (take_word(rest, &word) && ends_tag(word)));
}

/* "-" or "[id name="value"]...": a bracket inside a value is escaped. */
static bool take_structured_data(struct slice *rest)
{
    if (slice_starts_with(*rest, SLICE_LITERAL("- "))) {
        *rest = slice_from(*rest, 2);
        return true;
    }
    for (size_t i = 1; rest->size && rest->at[0] == '[' && i < rest->size; i++) {
        bool is_end = rest->at[i] == ']' && rest->at[i - 1] != '\\';
        if (is_end && i + 1 < rest->size && rest->at[i + 1] == ' ') {
            *rest = slice_from(*rest, i + 2);
            return true;
        }
    }
    return false;
}

/* "1 time host app process message-id structured-data " behind the priority. */
static bool take_rfc5424(struct slice *rest)
{
    struct slice word;
    for (int i = 0; i < 6; i++) {
        if (!take_word(rest, &word))
            return false;
    }
    if (!take_structured_data(rest))
        return false;
    if (slice_starts_with(*rest, SLICE_LITERAL("\xef\xbb\xbf")))
        *rest = slice_from(*rest, 3);
    return true;
}

static bool take_after_iso(struct slice *rest)
{
    struct slice word;
    if (!take_word(rest, &word)) /* the time */
        return false;
    bool is_container = slice_starts_with(*rest, SLICE_LITERAL("stdout ")) ||
                        slice_starts_with(*rest, SLICE_LITERAL("stderr "));
    if (is_container)
        return take_word(rest, &word) && take_word(rest, &word) && word.size == 1;
    return take_tag(rest);
}

/* "<134>", up to three digits. */
static struct slice without_priority(struct slice line)
{
    size_t i = 1;
    while (i < line.size && i < 4 && ascii_is_digit(line.at[i]))
        i++;
    bool has_priority =
        line.size && line.at[0] == '<' && i > 1 && i < line.size && line.at[i] == '>';
    return has_priority ? slice_from(line, i + 1) : line;
}

struct slice syslog_strip(struct slice line)
{
    struct slice rest = without_priority(line);
    bool is_prefixed = false;
    if (rest.size != line.size && slice_starts_with(rest, SLICE_LITERAL("1 ")))
        is_prefixed = take_rfc5424(&rest);
    else if (looks_like(rest, "aaa 00 00:00:00 ")) {
        rest = slice_from(rest, 16);
        is_prefixed = take_tag(&rest);
    } else if (looks_like(rest, "0000-00-00T00:00:00"))
        is_prefixed = take_after_iso(&rest);
    return is_prefixed ? rest : line;
}
