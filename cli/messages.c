#include "cli/messages.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"

static void print_line(const char *text)
{
    fprintf(stderr, "sojourn: %s\n", text);
}

int complain(const struct error *error)
{
    char text[sizeof error->sentence * 4];
    print_line(error_text(error, text, sizeof text));
    return (int)error->code;
}

void say(const char *format, ...)
{
    char raw[2048], safe[sizeof raw * 4];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    print_line(printable(safe, sizeof safe, slice_of(raw)));
}

int finish_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    say("cannot write standard output: %s", strerror(errno));
    return ERROR_FATAL;
}
