/* Any bytes as a format of nginx; spec_check.h says what holds. */
#include "tests/fuzz/spec_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice text = {(const char *)bytes, size};
    struct arena arena;
    struct error error = {0};
    arena_init(&arena);
    const struct log_format *format = spec_nginx(text, &fuzz_extra, &arena, &error);
    if (format)
        check_format(format, text);
    else
        must_lie_in(&error, text);
    must(!format || error.code == ERROR_NONE);
    arena_clear(&arena);
    return 0;
}
