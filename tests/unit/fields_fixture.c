#include "fields_fixture.h"

#include <check.h>

#include "base/memory.h"

struct slice text_copy(struct slice text, size_t slack, char behind)
{
    char *copy = mem_alloc(text.size + slack);
    if (text.size)
        memcpy(copy, text.at, text.size);
    memset(copy + text.size, behind, slack);
    return (struct slice){copy, text.size};
}

void check_fields(const char *line, const struct expected expected[EXPECTED_MAX],
                  const struct line_fields *fields)
{
    bool is_expected[FIELD_COUNT] = {false};
    for (const struct expected *one = expected;
         one < expected + EXPECTED_MAX && one->field != FIELD_SKIP; one++) {
        is_expected[one->field] = true;
        ck_assert_msg(slice_is(fields->at[one->field], one->text), "%s: %s is \"%.*s\"", line,
                      field_name(one->field), SLICE_ARG(fields->at[one->field]));
        ck_assert_msg((fields->escaped >> one->field & 1) == one->is_escaped, "%s: %s", line,
                      field_name(one->field));
    }
    for (int field = 0; field < FIELD_COUNT; field++)
        ck_assert_msg(is_expected[field] || !fields->at[field].at, "%s: %s", line,
                      field_name((enum field)field));
}
