/*
 * line_parser: a line and its format -> a hit.
 *
 * One parser a thread; it knows the format of the block that is being read, the column names in
 * force, and keeps the memory for what must be decoded:
 *
 *     line -> (syslog prefix dropped) -> fields (format.h and others) -> decoded -> hit
 *                    does not fit -> the second-best format of the file is tried, then all
 */
#ifndef PARSER_LINE_PARSER_H
#define PARSER_LINE_PARSER_H

#include "parser/format.h"
#include "parser/hit.h"
#include "parser/json_line.h"
#include "parser/lines.h"

/* How the lines of an input, or of a block of it, are read. */
struct line_format {
    const struct log_format *format; /* NULL: nothing fits */
    const struct log_format *second; /* tried for lines that do not fit; NULL: none */
    bool has_syslog_prefix;          /* RFC 3164, RFC 5424, or of a container (CRI) */
    bool tries_all; /* a line that fits neither is tried with every preset that needs no header */
    bool has_names; /* names in place of addresses are usual, so that they are no sign of misfit */
};

enum line_outcome { LINE_HIT, LINE_DIRECTIVE, LINE_REJECTED };

struct line_parser;
struct line_parser *line_parser_new(const struct time_zone *zone); /* zone NULL: UTC; borrowed */
void line_parser_free(struct line_parser *parser);                 /* NULL is fine */

/* Before the lines of a block; `header` is the one in force where it begins (lines.h). */
void line_parser_begin(struct line_parser *parser, const struct line_format *format,
                       struct slice header);

/*
 * The hit's slices live until the next call. *reason is set for LINE_REJECTED. The memory behind
 * the line needs SCAN_SLACK readable bytes.
 */
enum line_outcome line_parser_read(struct line_parser *parser, const struct line *line,
                                   struct hit *hit, enum reject_reason *reason);

/*
 * The fields of a line in the file's format, for people; false when it does not fit. Decoded ones
 * live until the next call; others are slices of the line.
 */
bool line_parser_cut(struct line_parser *parser, const struct line *line, bool is_decoded,
                     struct line_fields *fields);

/*
 * Does a line that fits a format of SHAPE_FIELDS go on behind the last field? When the lines of a
 * log begin to, or cease to, its format was changed.
 */
bool line_parser_leaves_rest(struct line_parser *parser, const struct line *line);

#endif
