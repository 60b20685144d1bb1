#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "cli/messages.h"
#include "funnel/journey.h"
#include "plugins/catalog.h"

static int list_journeys(void)
{
    size_t count;
    const struct builtin_journey *journeys = builtin_journeys(&count);
    for (size_t i = 0; i < count; i++)
        printf("%-12s %s\n", journeys[i].name, journeys[i].about);
    return finish_output();
}

static int refuse_name(const char *name)
{
    const char *names[64];
    char hint[128];
    struct error error = {0};
    error_set(&error, ERROR_USAGE,
              "no built-in journey is called \"%s\"%s; list them with: "
              "sojourn journeys",
              name,
              suggest_phrase(hint, sizeof hint, slice_of(name),
                             catalog_names(CATALOG_JOURNEY, names, sizeof names / sizeof *names)));
    return complain(&error);
}

int command_journeys(const struct options *options)
{
    size_t count;
    const struct builtin_journey *journeys = builtin_journeys(&count);
    if (options->arguments.count == 0)
        return list_journeys();
    for (size_t i = 0; i < count; i++) {
        if (strcmp(journeys[i].name, options->arguments.items[0]) == 0) {
            fputs(journeys[i].text, stdout);
            return finish_output();
        }
    }
    return refuse_name(options->arguments.items[0]);
}
