/*
 * Any bytes as a format of GoAccess: the first line is the date format, the second one the time
 * format, the rest the log format. An empty line is an option that was not given. spec_check.h says
 * what holds.
 */
#include "tests/fuzz/spec_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The first line, cut off; as text from a command line it ends at a NUL byte. */
static char *take_line(struct slice *rest)
{
    const char *end = rest->size ? memchr(rest->at, '\n', rest->size) : NULL;
    struct slice line = end ? slice_head(*rest, (size_t)(end - rest->at)) : *rest;
    *rest = slice_from(*rest, line.size + 1);
    return line.size ? mem_text(line) : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice text = {(const char *)bytes, size};
    struct arena arena;
    struct error error = {0};
    char *date = take_line(&text), *time = take_line(&text);
    arena_init(&arena);
    const struct log_format *format = spec_goaccess(text, date, time, &fuzz_extra, &arena, &error);
    if (format)
        check_format(format, text);
    else
        must_lie_in(&error, strcmp(error.file, "--date-format") == 0   ? slice_of(date)
                            : strcmp(error.file, "--time-format") == 0 ? slice_of(time)
                                                                       : text);
    must(!format || error.code == ERROR_NONE);
    arena_clear(&arena);
    mem_free(date);
    mem_free(time);
    return 0;
}
