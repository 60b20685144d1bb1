/*
 * json_template: a log format that is a JSON object -> what the names in its lines mean.
 *
 *     {"time":"$time_iso8601","http":{"method":"$request_method","status":$status}}
 *         -> time: FIELD_TIME | http.method: FIELD_METHOD | http.status: FIELD_STATUS
 *
 * A member means what its value is, if that is one directive alone. A method, a blank and an URL
 * are a request, whatever follows. One whose directive alone means nothing is an extra field if it
 * has the name of one. Members of other values, and the second and further items of lists, mean
 * nothing.
 */
#ifndef PARSER_JSON_TEMPLATE_H
#define PARSER_JSON_TEMPLATE_H

#include "base/memory.h"
#include "parser/fields.h"

/* A piece of text, or a place where a directive's value stands. */
struct template_part {
    struct slice text; /* {NULL, 0}: a value */
    struct field_meaning meaning;
};

/* Does a format that starts with this text begin a JSON object? */
bool json_template_begins(struct slice text);

/*
 * The map lives in the arena; `extra` NULL: none. NULL when the lines would not be JSON objects:
 * *wrong is the part where that shows (count: behind the last) and *reason why, a constant
 * sentence.
 */
const struct field_map *json_template_compile(const struct template_part *parts, size_t count,
                                              const struct extra_fields *extra, struct arena *arena,
                                              size_t *wrong, const char **reason);

#endif
