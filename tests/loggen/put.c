#include "tests/loggen/put.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

char *put_slice(char *at, struct slice text)
{
    memcpy(at, text.at, text.size);
    return at + text.size;
}

char *put_text(char *at, const char *text)
{
    return put_slice(at, slice_of(text));
}

char *put_padded(char *at, uint64_t number, unsigned digits)
{
    char backwards[20];
    unsigned count = 0;
    do
        backwards[count++] = (char)('0' + number % 10);
    while (number /= 10);
    while (count < digits)
        backwards[count++] = '0';
    while (count)
        *at++ = backwards[--count];
    return at;
}

char *put_number(char *at, uint64_t number)
{
    return put_padded(at, number, 1);
}

char *put_seconds(char *at, uint64_t milliseconds)
{
    at = put_number(at, milliseconds / 1000);
    *at++ = '.';
    return put_padded(at, milliseconds % 1000, 3);
}

char *put_format(char *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int size = vsprintf(at, format, arguments);
    va_end(arguments);
    return at + size;
}

/* Takes a byte off the text, undoing Apache's escapes. */
static unsigned char take_byte(struct slice *text)
{
    size_t size = 1;
    unsigned byte = (unsigned char)text->at[0];
    if (byte == '\\' && text->size >= 2) {
        size = 2;
        byte = (unsigned char)text->at[1];
        if (byte == 'x' && text->size >= 4 && sscanf(text->at + 2, "%2x", &byte) == 1)
            size = 4;
    }
    *text = slice_from(*text, size);
    return (unsigned char)byte;
}

static char *put_json_byte(char *at, unsigned char byte)
{
    if (byte < ' ')
        return put_format(at, "\\u%04x", byte);
    if (byte == '"' || byte == '\\')
        *at++ = '\\';
    *at++ = (char)byte;
    return at;
}

static bool is_special(unsigned char byte, const char *special)
{
    return byte < ' ' || byte > '~' || strchr(special, byte);
}

static char *put_byte(char *at, unsigned char byte, enum put_manner manner)
{
    switch (manner) {
    case PUT_JSON:
        return put_json_byte(at, byte);
    case PUT_PLUS:
        *at++ = byte == ' ' ? '+' : (char)byte;
        return at;
    case PUT_PERCENT:
        if (is_special(byte, " \"#%<>[\\]^`{|}~"))
            return put_format(at, "%%%02X", byte);
        *at++ = (char)byte;
        return at;
    default:
        if (is_special(byte, "\"#{|}"))
            return put_format(at, "#%02X", byte);
        *at++ = (char)byte;
        return at;
    }
}

char *put_recoded(char *at, struct slice text, enum put_manner manner)
{
    while (text.size)
        at = put_byte(at, take_byte(&text), manner);
    return at;
}
