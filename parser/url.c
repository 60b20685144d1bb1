#include "parser/url.h"

#include "base/ascii.h"

/* The byte that the %XX at the start of `text` stands for, or -1. */
static int escaped_byte(struct slice text)
{
    if (text.size < 3 || text.at[0] != '%')
        return -1;
    int high = ascii_hex_digit(text.at[1]), low = ascii_hex_digit(text.at[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* How many bytes at the start of the text stand for themselves. */
static size_t plain_size(struct slice text, bool plus_is_blank)
{
    const char *escape = memchr(text.at, '%', text.size);
    size_t size = escape ? (size_t)(escape - text.at) : text.size;
    const char *plus = plus_is_blank ? memchr(text.at, '+', size) : NULL;
    return plus ? (size_t)(plus - text.at) : size;
}

size_t url_decode(struct slice text, bool plus_is_blank, char *out)
{
    size_t size = 0;
    while (text.size) {
        size_t plain = plain_size(text, plus_is_blank);
        memmove(out + size, text.at, plain);
        size += plain;
        text = slice_from(text, plain);
        if (text.size == 0)
            break;
        int byte = escaped_byte(text);
        char alone = text.at[0] == '+' ? ' ' : '%';
        out[size++] = byte >= 0 ? (char)byte : alone;
        text = slice_from(text, byte >= 0 ? 3 : 1);
    }
    return size;
}

/* Cuts *rest at the first '&' or ';' and returns what stood before it. */
static struct slice take_piece(struct slice *rest)
{
    size_t size = 0;
    while (size < rest->size && rest->at[size] != '&' && rest->at[size] != ';')
        size++;
    struct slice piece = slice_head(*rest, size);
    *rest = slice_from(*rest, size < rest->size ? size + 1 : size);
    return piece;
}

bool url_next_parameter(struct slice *rest, struct url_parameter *parameter)
{
    while (rest->size) {
        struct slice piece = take_piece(rest);
        if (piece.size == 0)
            continue;
        const char *equals = memchr(piece.at, '=', piece.size);
        size_t name_size = equals ? (size_t)(equals - piece.at) : piece.size;
        parameter->name = slice_head(piece, name_size);
        parameter->value = slice_from(piece, equals ? name_size + 1 : name_size);
        return true;
    }
    return false;
}

/* The '=' can stand behind a later ';': the parameters of a segment go together. */
static struct slice without_own_parameters(struct slice segment)
{
    const char *semicolon = memchr(segment.at, ';', segment.size);
    if (!semicolon)
        return segment;
    size_t size = (size_t)(semicolon - segment.at);
    return memchr(semicolon, '=', segment.size - size) ? slice_head(segment, size) : segment;
}

struct slice url_without_parameters(struct slice path, char *out, size_t out_size)
{
    size_t size = 0;
    while (path.size && size < out_size) { /* segments have the slash before them */
        const char *slash = memchr(path.at + 1, '/', path.size - 1);
        struct slice segment = slash ? slice_head(path, (size_t)(slash - path.at)) : path;
        struct slice kept = slice_head(without_own_parameters(segment), out_size - size);
        memcpy(out + size, kept.at, kept.size);
        size += kept.size;
        path = slice_from(path, segment.size);
    }
    return (struct slice){out, size};
}
