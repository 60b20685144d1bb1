/*
 * escape: the ways in which servers write bytes that would break a line, undone once.
 *
 *     ESCAPE_BACKSLASH   \" \\ \n \t \r \b \v \xHH      Apache, nginx escape=default
 *     ESCAPE_JSON        \" \\ \/ \n ... \uXXXX         also with surrogate pairs
 *     ESCAPE_PLUS        + for a blank                  IIS
 *     ESCAPE_PERCENT     %XX                            CloudFront
 *     ESCAPE_CSV         "" for "                       inside a quoted CSV field
 *
 * What is no valid escape stays as it is, byte by byte, and so does one that stands for NUL. Half
 * of a surrogate pair becomes U+FFFD. What comes out is never decoded again: "\\x41" is the four
 * characters \x41.
 */
#ifndef PARSER_ESCAPE_H
#define PARSER_ESCAPE_H

#include "base/slice.h"

enum escape_style {
    ESCAPE_NONE,
    ESCAPE_BACKSLASH,
    ESCAPE_JSON,
    ESCAPE_PLUS,
    ESCAPE_PERCENT,
    ESCAPE_CSV,
};

/* Into `out` (text.size bytes are always enough; not the same memory). Returns the decoded size. */
size_t escape_decode(enum escape_style style, struct slice text, char *out);

/* The byte that announces an escape of this style: '\\', '+', '%', '"'; 0 for ESCAPE_NONE. */
char escape_mark(enum escape_style style);

#endif
