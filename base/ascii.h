/*
 * ascii: what kind of character a byte is, whatever the locale. Bytes over 0x7f are of no kind.
 */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>

#include "base/slice.h"

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* 'a' of 'A' and of 'a'; other bytes as they are. */
static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* The value of a hexadecimal digit; -1 when it is none. */
static inline int ascii_hex_digit(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    char small = (char)(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/* A blank, a tab, or the end of a line. */
static inline bool ascii_is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Nothing but white space, or nothing. */
static inline bool ascii_is_empty(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!ascii_is_white(text.at[i]))
            return false;
    }
    return true;
}

/* Without white space around it. */
static inline struct slice ascii_trim(struct slice text)
{
    while (text.size && ascii_is_white(text.at[0]))
        text = slice_from(text, 1);
    while (text.size && ascii_is_white(text.at[text.size - 1]))
        text.size--;
    return text;
}

#endif
