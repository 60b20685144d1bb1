#include "cli/commands.h"

#include <stdio.h>

#include "cli/messages.h"
#include "plugins/catalog.h"

int command_plugins(const struct options *options)
{
    (void)options;
    for (int kind = 0; kind < CATALOG_KINDS; kind++) {
        struct catalog_entry entries[64];
        size_t count = catalog_list((enum catalog_kind)kind, entries, 64);
        for (size_t i = 0; i < count && i < 64; i++)
            printf("%-10s %-21s %-10s %s\n", catalog_kind_name(entries[i].kind), entries[i].name,
                   entries[i].origin, entries[i].about);
    }
    return finish_output();
}
