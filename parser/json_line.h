/*
 * json_line: a line that is one JSON object -> fields by their names.
 *
 * One pass of a tokenizer over the line, no tree. A member of a nested object is named by the path
 * to it ("request.headers.User-Agent"); of a list the first item counts ("User-Agent": ["x"]).
 * Strings are given without their quotes and still escaped (the bit in .escaped tells when there is
 * something to decode), numbers and words as they stand; null is as if it were not there. Names are
 * compared as they stand.
 *
 * "host" is the virtual host; in a line without another address, an address in it is the client's
 * (Fluentd and Tomcat write it so).
 */
#ifndef PARSER_JSON_LINE_H
#define PARSER_JSON_LINE_H

#include "parser/fields.h"

enum { JSON_DEPTH = 8, JSON_PATH_BYTES = 256 };

/*
 * Lines of one log have the same names, nearly always in the same order: what they mean, and which
 * one comes behind which.
 */
struct json_memory;
struct json_memory *json_memory_new(const struct field_map *map); /* map NULL: the usual names */
void json_memory_free(struct json_memory *memory);                /* NULL is fine */

/*
 * False when the line is no JSON object (RFC 8259; what stands behind it must be blank). Three
 * things are let be because servers write them: escapes that JSON does not have ("\x22" of an nginx
 * template without escape=json), any order of a number's characters (a bare '-'), and what is no
 * UTF-8. Members nested deeper than JSON_DEPTH and paths over JSON_PATH_BYTES are passed over.
 * `memory` is one thread's. The memory behind the line needs SCAN_SLACK readable bytes.
 */
bool json_line_cut(struct json_memory *memory, struct slice line, struct line_fields *fields);

#endif
