#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"

static void fill(struct error *error, enum error_code code, const char *format, va_list arguments)
{
    error->code = code;
    vsnprintf(error->sentence, sizeof error->sentence, format, arguments);
}

bool error_set(struct error *error, enum error_code code, const char *format, ...)
{
    if (error->code != ERROR_NONE)
        return false;
    va_list arguments;
    va_start(arguments, format);
    fill(error, code, format, arguments);
    va_end(arguments);
    return false;
}

bool error_at(struct error *error, enum error_code code, const char *file, size_t line,
              size_t column, const char *format, ...)
{
    if (error->code != ERROR_NONE)
        return false;
    va_list arguments;
    va_start(arguments, format);
    fill(error, code, format, arguments);
    va_end(arguments);
    snprintf(error->file, sizeof error->file, "%s", file);
    error->line = line;
    error->column = column;
    return false;
}

const char *error_text(const struct error *error, char *text, size_t size)
{
    char whole[sizeof error->file + sizeof error->sentence + 64];
    if (!error->file[0])
        snprintf(whole, sizeof whole, "%s", error->sentence);
    else if (error->column)
        snprintf(whole, sizeof whole, "%s:%zu:%zu: %s", error->file, error->line, error->column,
                 error->sentence);
    else if (error->line)
        snprintf(whole, sizeof whole, "%s:%zu: %s", error->file, error->line, error->sentence);
    else
        snprintf(whole, sizeof whole, "%s: %s", error->file, error->sentence);
    return printable(text, size, slice_of(whole));
}
