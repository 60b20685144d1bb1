#include "geo/geo.h"

#include <stdlib.h>

struct country {
    char code[3];
    const char *name;
};

static const struct country countries[] = {
#include "geo/country_names.inc"
};

static int compare_code(const void *code, const void *country)
{
    return memcmp(code, ((const struct country *)country)->code, 2);
}

const char *country_name(struct slice code)
{
    if (code.size != 2)
        return NULL;
    const struct country *found = bsearch(code.at, countries, sizeof countries / sizeof *countries,
                                          sizeof *countries, compare_code);
    return found ? found->name : NULL;
}
