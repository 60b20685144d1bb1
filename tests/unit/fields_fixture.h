/*
 * fields_fixture: what the fields of a line should be, for the tests of all that cuts by names.
 */
#ifndef UNIT_FIELDS_FIXTURE_H
#define UNIT_FIELDS_FIXTURE_H

#include "parser/fields.h"

enum { EXPECTED_MAX = 14 };

struct expected {
    enum field field;
    const char *text;
    bool is_escaped;
};

/* A copy with `slack` bytes of `behind` after it, in memory that ends there; mem_free its .at. */
struct slice text_copy(struct slice text, size_t slack, char behind);

/* The fields are those that are expected, and no others; the list ends with FIELD_SKIP. */
void check_fields(const char *line, const struct expected expected[EXPECTED_MAX],
                  const struct line_fields *fields);

#endif
