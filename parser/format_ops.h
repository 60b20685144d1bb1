/*
 * format_ops: the words in which tables of operations are written. Only for format.c and presets.c.
 */
#ifndef PARSER_FORMAT_OPS_H
#define PARSER_FORMAT_OPS_H

#include "parser/format.h"

/* clang-format off */
#define OP_TEXT(name, until) \
    {.field = name, .ending = UNTIL_TEXT, .tail_size = sizeof(until) - 1, .tail = until}
#define OP_SIZED(name, likely, until) \
    {.field = name, .ending = UNTIL_TEXT, .tail_size = sizeof(until) - 1, .likely_size = likely, \
     .tail = until}
#define OP_QUOTE(name, behind) \
    {.field = name, .ending = UNTIL_QUOTE, .tail_size = sizeof(behind) - 1, .tail = behind}
#define OP_BLANK(name)        {.field = name, .ending = UNTIL_BLANK}
#define OP_WORD(name)         {.field = name, .ending = UNTIL_WORD}
#define OP_WORDS(name, words) {.field = name, .ending = UNTIL_WORDS, .likely_size = words}
#define OP_PADDED(name, until) \
    {.field = name, .ending = UNTIL_TEXT, .tail_size = sizeof(until) - 1, .tail = until, \
     .skips_blanks = true}
/* clang-format on */

#endif
