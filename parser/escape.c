#include "parser/escape.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"

enum { REPLACEMENT = 0xFFFD }; /* for half of a surrogate pair */

/* `digits` hexadecimal digits at `begin`; -1 when they are not all there. */
static int32_t hex_number(struct slice text, size_t begin, size_t digits)
{
    int32_t number = 0;
    if (text.size < begin + digits)
        return -1;
    for (size_t i = begin; i < begin + digits; i++) {
        int digit = ascii_hex_digit(text.at[i]);
        if (digit < 0)
            return -1;
        number = number * 16 + digit;
    }
    return number;
}

/*
 * The decoders below are given a text that begins with the mark. They write what the escape means
 * at *out, move *out behind it, and return the size of the escape; 0 when it is none.
 */

static size_t put_byte(char byte, size_t size, char **out)
{
    *(*out)++ = byte;
    return size;
}

/* "41" behind `lead` bytes of mark. NUL is left as it was written: it would cut texts short. */
static size_t decode_hex(struct slice text, size_t lead, char **out)
{
    int32_t byte = hex_number(text, lead, 2);
    return byte > 0 ? put_byte((char)byte, lead + 2, out) : 0;
}

/* What a letter behind a backslash means: `letters` and `meanings` side by side. */
static size_t decode_letter(struct slice text, const char *letters, const char *meanings,
                            char **out)
{
    const char *found = memchr(letters, text.at[1], strlen(letters));
    return found ? put_byte(meanings[found - letters], 2, out) : 0;
}

static size_t decode_backslash(struct slice text, char **out)
{
    if (text.size < 2)
        return 0;
    if (text.at[1] == 'x')
        return decode_hex(text, 2, out);
    return decode_letter(text, "\"\\ntrbv", "\"\\\n\t\r\b\v", out);
}

/* Never more bytes than the escape has: 3 for 6, 4 for 12. */
static void put_utf8(int32_t code, char **out)
{
    if (code < 0x80) {
        put_byte((char)code, 1, out);
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = {0, 0xC0, 0xE0, 0xF0};
    put_byte((char)(leads[more] | code >> 6 * more), 1, out);
    while (more-- > 0)
        put_byte((char)(0x80 | (code >> 6 * more & 0x3F)), 1, out);
}

/* "\u00e4", "\ud83d\ude00" */
static size_t decode_unicode(struct slice text, char **out)
{
    int32_t code = hex_number(text, 2, 4);
    if (code <= 0)
        return 0;
    bool is_high = code >= 0xD800 && code < 0xDC00, is_low = code >= 0xDC00 && code < 0xE000;
    bool has_second = is_high && text.size >= 8 && text.at[6] == '\\' && text.at[7] == 'u';
    int32_t second = has_second ? hex_number(text, 8, 4) : -1;
    if (second >= 0xDC00 && second < 0xE000) {
        put_utf8(0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00), out);
        return 12;
    }
    put_utf8(is_high || is_low ? REPLACEMENT : code, out);
    return 6;
}

static size_t decode_json(struct slice text, char **out)
{
    if (text.size < 2)
        return 0;
    if (text.at[1] == 'u')
        return decode_unicode(text, out);
    return decode_letter(text, "\"\\/bfnrt", "\"\\/\b\f\n\r\t", out);
}

static size_t decode_quote(struct slice text, char **out)
{
    return text.size >= 2 && text.at[1] == '"' ? put_byte('"', 2, out) : 0;
}

static size_t decode_one(enum escape_style style, struct slice text, char **out)
{
    switch (style) {
    case ESCAPE_BACKSLASH:
        return decode_backslash(text, out);
    case ESCAPE_JSON:
        return decode_json(text, out);
    case ESCAPE_PERCENT:
        return decode_hex(text, 1, out);
    case ESCAPE_CSV:
        return decode_quote(text, out);
    case ESCAPE_PLUS:
    case ESCAPE_NONE:
        break;
    }
    return 0;
}

char escape_mark(enum escape_style style)
{
    static const char marks[] = {[ESCAPE_BACKSLASH] = '\\',
                                 [ESCAPE_JSON] = '\\',
                                 [ESCAPE_PLUS] = '+',
                                 [ESCAPE_PERCENT] = '%',
                                 [ESCAPE_CSV] = '"'};
    return marks[style];
}

/* Copies up to the next mark. What is left of the text. */
static struct slice copy_plain(struct slice text, char mark, char **out)
{
    const char *found = mark ? memchr(text.at, mark, text.size) : NULL;
    size_t size = found ? (size_t)(found - text.at) : text.size;
    memcpy(*out, text.at, size);
    *out += size;
    return slice_from(text, size);
}

/* Blanks are so common in agents that a step for each would be felt; this loop is vectorised. */
static size_t decode_plus(struct slice text, char *out)
{
    for (size_t i = 0; i < text.size; i++)
        out[i] = text.at[i] == '+' ? ' ' : text.at[i];
    return text.size;
}

size_t escape_decode(enum escape_style style, struct slice text, char *out)
{
    if (style == ESCAPE_PLUS)
        return decode_plus(text, out);
    const char *begin = out;
    char mark = escape_mark(style);
    while (text.size) {
        text = copy_plain(text, mark, &out);
        if (text.size == 0)
            break;
        size_t size = decode_one(style, text, &out);
        text = slice_from(text, size ? size : put_byte(mark, 1, &out));
    }
    return (size_t)(out - begin);
}
