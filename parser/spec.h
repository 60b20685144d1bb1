/*
 * spec: a log format in the words of a server's configuration -> a field program.
 *
 *     Apache   %h %l %u %t "%r" %>s %O "%{Referer}i"    also as  LogFormat "..." name
 *     nginx    $remote_addr [$time_local] "$request"    also as  log_format name escape=json '...'
 *                                                                '...';  over several lines
 *     GoAccess %h %^[%d:%t %^] "%r" %s %b "%R" "%u"     with its date and time format
 *
 * A text that is a JSON object is a template of JSON lines with its names (json_template.h). The
 * three front ends know what each directive is and what stands around a format in configurations;
 * program.h joins directives and the text between them.
 */
#ifndef PARSER_SPEC_H
#define PARSER_SPEC_H

#include "base/error.h"
#include "base/memory.h"
#include "parser/format.h"

struct format_spec {
    const char *text;
    const char *date_format, *time_format; /* GoAccess; NULL: none was given */
    const struct extra_fields *extra;      /* wanted headers and cookies; NULL: none */
};

/*
 * A preset's name, GoAccess' name of one, or one of the three, told by what it holds: '$' and a
 * letter is nginx; %d, %x, or a date or time format is GoAccess; another % is Apache. NULL and
 * *error (ERROR_USAGE, .line and .column from 1 in the text, source "--log-format"; in a pattern of
 * the time "--date-format" or "--time-format") when it is wrong. A preset is constant (its extra
 * fields are known to those who read lines: detect.h), another result lives in the arena.
 */
const struct log_format *spec_compile(const struct format_spec *spec, struct arena *arena,
                                      struct error *error);

const struct log_format *spec_apache(struct slice text, const struct extra_fields *extra,
                                     struct arena *arena, struct error *error);
const struct log_format *spec_nginx(struct slice text, const struct extra_fields *extra,
                                    struct arena *arena, struct error *error);
const struct log_format *spec_goaccess(struct slice text, const char *date_format,
                                       const char *time_format, const struct extra_fields *extra,
                                       struct arena *arena, struct error *error);

#endif
