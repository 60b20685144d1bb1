#include "output/output.h"

#include <strings.h>

#include "output/csv.h"
#include "output/html.h"
#include "output/text.h"

static void write_csv(const struct report *report, const struct output_options *options,
                      struct sink *sink)
{
    (void)options;
    csv_write(report, csv_main_document(report), sink);
}

static void write_html(const struct report *report, const struct output_options *options,
                       struct sink *sink)
{
    (void)options;
    html_write(report, sink);
}

static const char *const csv_suffixes[] = {".csv", NULL};
static const char *const html_suffixes[] = {".html", ".htm", NULL};
static const char *const text_suffixes[] = {".txt", NULL};

static const struct output outputs[] = {
    {"text", text_suffixes, "a summary for the terminal", text_write},
    {"html", html_suffixes, "the whole report as one page", write_html},
    {"csv", csv_suffixes, "the funnels by the first dimension, as a table", write_csv},
};
enum { OUTPUT_COUNT = sizeof outputs / sizeof outputs[0] };

const struct output *output_list(size_t *count)
{
    *count = OUTPUT_COUNT;
    return outputs;
}

const struct output *output_find(struct slice name)
{
    for (size_t i = 0; i < OUTPUT_COUNT; i++) {
        if (slice_is(name, outputs[i].name))
            return &outputs[i];
    }
    return NULL;
}

static bool ends_with(struct slice file, const char *suffix)
{
    size_t size = strlen(suffix);
    return file.size > size && strncasecmp(file.at + file.size - size, suffix, size) == 0;
}

const struct output *output_find_for_file(struct slice file)
{
    for (size_t i = 0; i < OUTPUT_COUNT; i++) {
        for (const char *const *suffix = outputs[i].suffixes; *suffix; suffix++) {
            if (ends_with(file, *suffix))
                return &outputs[i];
        }
    }
    return NULL;
}
