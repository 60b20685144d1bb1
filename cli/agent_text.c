#include "cli/agent_text.h"

#include <stdbool.h>
#include <stdio.h>

struct words {
    char *text;
    size_t size;
};

/* One more part, behind a comma. */
static void add_part(struct words *words, const char *part)
{
    int added = snprintf(words->text + words->size, BROWSER_TEXT_SIZE - words->size, "%s%s",
                         words->size ? ", " : "", part);
    if (added > 0)
        words->size += (size_t)added;
}

static void add_name(struct words *words, const struct browser *browser)
{
    char name[64];
    const char *family = browser_family_name((enum browser_family)browser->family);
    bool is_known = browser->family != BROWSER_UNKNOWN;
    if (browser->engine == BROWSER_UNKNOWN)
        snprintf(name, sizeof name, "%s", family);
    else if (browser->engine == browser->family)
        snprintf(name, sizeof name, "%s %u", family, browser->version);
    else
        snprintf(name, sizeof name, "%s (%s %u)", family,
                 browser_family_name((enum browser_family)browser->engine), browser->version);
    if (is_known || browser->engine != BROWSER_UNKNOWN)
        add_part(words, name);
}

const char *browser_text(const struct browser *browser, char out[BROWSER_TEXT_SIZE])
{
    struct words words = {out, 0};
    out[0] = '\0';
    add_name(&words, browser);
    if (browser->system != SYSTEM_UNKNOWN && browser->system != SYSTEM_OTHER)
        add_part(&words, browser_system_name((enum browser_system)browser->system));
    if (browser->device != DEVICE_UNKNOWN)
        add_part(&words, device_name((enum device)browser->device));
    return out;
}
