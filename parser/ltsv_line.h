/*
 * ltsv_line: a line of "label:value" parts apart by tabs (ltsv.org) -> fields by their labels.
 *
 *     time:[16/Sep/2023:18:22:16 -0400]<TAB>host:192.0.2.1<TAB>req:GET / HTTP/1.1<TAB>status:200
 *
 * Labels are the usual names, but "host" is the client and "vhost" the virtual host. A value with a
 * backslash is marked in .escaped.
 */
#ifndef PARSER_LTSV_LINE_H
#define PARSER_LTSV_LINE_H

#include "parser/fields.h"

/*
 * False when no part has a label that is known, extra fields' aside. A part without a colon is
 * passed over. `map` NULL: the usual names. The memory behind the line needs SCAN_SLACK readable
 * bytes.
 */
bool ltsv_line_cut(const struct field_map *map, struct slice line, struct line_fields *fields);

#endif
