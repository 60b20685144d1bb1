#include "parser/crawler_name.h"

#include "base/ascii.h"

enum { PLAIN_BREAK = '\n' }; /* where anything can stand; in no name */

static bool is_letter_or_digit(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c);
}

/* From the '[' of a character class to its ']', or to the pattern's end. */
static const char *class_end(const char *at)
{
    const char *end = strchr(at + 1, ']');
    return end ? end : at + strlen(at);
}

/* From the '|' to the end of its group, or of the pattern. */
static const char *alternatives_end(const char *at, int depth)
{
    const char *end = depth ? strchr(at, ')') : NULL;
    return end ? end : at + strlen(at);
}

static char plain_byte(const char **at)
{
    const char *start = *at;
    bool is_escape = *start == '\\' && start[1];
    if (is_escape) {
        ++*at;
        return is_letter_or_digit(start[1]) ? PLAIN_BREAK : start[1];
    }
    if (*start == '[') {
        *at = class_end(start);
        if (**at == '\0')
            --*at;
        return is_letter_or_digit(start[1]) ? start[1] : PLAIN_BREAK;
    }
    return strchr("^$.*+?", *start) ? PLAIN_BREAK : *start;
}

/* All that the pattern stands for, into `out`. */
static struct slice plain_text(const char *pattern, char *out)
{
    size_t size = 0;
    int depth = 0;
    for (const char *at = pattern; *at && size < CRAWLER_NAME_MAX; at++) {
        if (*at == '|')
            at = alternatives_end(at, depth);
        if (*at == '\0')
            break;
        if (*at == '(' || *at == ')')
            depth += *at == '(' ? 1 : -1;
        else
            out[size++] = plain_byte(&at);
    }
    return (struct slice){out, size};
}

struct slice crawler_name_of(const char *pattern, char *out)
{
    struct slice rest = plain_text(pattern, out), longest = {out, 0};
    while (rest.size) {
        size_t size = 0;
        while (size < rest.size && rest.at[size] != PLAIN_BREAK)
            size++;
        if (size > longest.size)
            longest = slice_head(rest, size);
        rest = slice_from(rest, size + 1);
    }
    longest = ascii_trim(longest);
    while (longest.size && longest.at[longest.size - 1] == '/')
        longest.size--;
    return longest;
}

static bool is_named_at(const char *text, const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (ascii_lower(text[i]) != ascii_lower(name[i]))
            return false;
    }
    return true;
}

bool crawler_is_named(const char *pattern, const char *name)
{
    char room[CRAWLER_NAME_MAX];
    struct slice plain = plain_text(pattern, room);
    size_t size = strcspn(name, "/");
    for (size_t i = 0; size >= CRAWLER_NAME_LEAST && i + size <= plain.size; i++) {
        if (is_named_at(plain.at + i, name, size))
            return true;
    }
    return false;
}
