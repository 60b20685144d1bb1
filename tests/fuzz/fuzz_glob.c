/*
 * Lines of globs, and a path in the last line.
 *
 * Holds: the automaton over all globs says of each what tests/glob_reference.h says of it alone,
 * for the normalised path, which has no doubled and no last slash.
 */
#include "funnel/glob.h"

#include <stdlib.h>

#include "base/memory.h"
#include "tests/glob_reference.h"

enum { MAX_GLOBS = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static struct slice take_line(struct slice *rest)
{
    const char *end = rest->size ? memchr(rest->at, '\n', rest->size) : NULL;
    struct slice line = slice_head(*rest, end ? (size_t)(end - rest->at) : rest->size);
    *rest = slice_from(*rest, line.size + 1);
    return line;
}

static void compare(const struct slice *globs, size_t count, struct slice path)
{
    struct glob_set *set = glob_set_new(globs, count);
    struct glob_matcher *matcher = glob_matcher_new(set);
    for (int round = 0; round < 2; round++) { /* cold, then along known states */
        const uint64_t *got = glob_match(matcher, path);
        for (size_t i = 0; i < count; i++)
            must((got[i / 64] >> i % 64 & 1) == ref_matches(globs[i], path));
    }
    glob_matcher_free(matcher);
    glob_set_free(set);
}

static void check_normal(struct slice path)
{
    must(path.size < 2 || path.at[path.size - 1] != '/');
    for (size_t i = 1; i < path.size; i++)
        must(path.at[i] != '/' || path.at[i - 1] != '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice rest = {(const char *)bytes, size}, globs[MAX_GLOBS], path = {NULL, 0};
    size_t count = 0;
    while (rest.size) {
        if (path.at && count < MAX_GLOBS)
            globs[count++] = slice_head(path, REF_MAX_PATTERN);
        path = take_line(&rest);
    }
    path = slice_head(path, REF_MAX_PATH);
    char *out = mem_alloc(path.size + 1);
    struct slice normal = glob_normalise(path.at ? path : SLICE_LITERAL(""), out);
    check_normal(normal);
    compare(globs, count, normal);
    if (count)
        glob_matches_text(globs[0], normal);
    mem_free(out);
    return 0;
}
