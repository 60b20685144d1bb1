#include "plugins/catalog.h"

#include "funnel/dimension.h"
#include "funnel/journey.h"
#include "output/output.h"
#include "parser/format.h"

static const char built_in[] = "built in";

const char *catalog_kind_name(enum catalog_kind kind)
{
    static const char *const names[CATALOG_KINDS] = {
        [CATALOG_FORMAT] = "format",
        [CATALOG_DIMENSION] = "dimension",
        [CATALOG_OUTPUT] = "output",
        [CATALOG_JOURNEY] = "journey",
    };
    return names[kind];
}

/* The entry at `index` of a kind; false past the end. */
static bool entry_at(enum catalog_kind kind, size_t index, struct catalog_entry *entry)
{
    size_t count = 0;
    *entry = (struct catalog_entry){.kind = kind, .origin = built_in};
    if (kind == CATALOG_FORMAT) {
        const struct log_format *formats = format_presets(&count);
        if (index < count) {
            entry->name = formats[index].name;
            entry->about = formats[index].about;
        }
    } else if (kind == CATALOG_DIMENSION) {
        const struct dimension *dimensions = dimension_list(&count);
        if (index < count) {
            entry->name = dimensions[index].name;
            entry->about = dimensions[index].title;
        }
    } else if (kind == CATALOG_OUTPUT) {
        const struct output *outputs = output_list(&count);
        if (index < count) {
            entry->name = outputs[index].name;
            entry->about = outputs[index].title;
        }
    } else if (kind == CATALOG_JOURNEY) {
        const struct builtin_journey *journeys = builtin_journeys(&count);
        if (index < count) {
            entry->name = journeys[index].name;
            entry->about = journeys[index].about;
        }
    }
    return index < count;
}

size_t catalog_list(enum catalog_kind kind, struct catalog_entry *entries, size_t max)
{
    size_t count = 0;
    struct catalog_entry entry;
    for (; entry_at(kind, count, &entry); count++) {
        if (count < max)
            entries[count] = entry;
    }
    return count;
}

const char *const *catalog_names(enum catalog_kind kind, const char **names, size_t max)
{
    size_t count = 0;
    struct catalog_entry entry;
    for (; count + 1 < max && entry_at(kind, count, &entry); count++)
        names[count] = entry.name;
    names[count] = NULL;
    return names;
}
