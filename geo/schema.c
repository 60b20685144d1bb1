#include "geo/schema.h"

#include <stdio.h>

#include "geo/record.h"

enum { PATH_STEPS = 4, PATHS = 3 };

/* The alternatives of one field, each a path that ends with NULL. */
struct field {
    const char *paths[PATHS][PATH_STEPS];
};

static const struct field country_field = {{
    {"country", "iso_code"},
    {"registered_country", "iso_code"},
    {"country_code"},
}};
static const struct field subdivision_code_field = {{{"subdivisions", "first", "iso_code"}}};
static const struct field subdivision_name_field = {{
    {"subdivisions", "first", "names", "en"},
    {"state1"},
}};
static const struct field city_field = {{
    {"city", "names", "en"},
    {"city"},
}};

/* A record in the course of being read; sticky: once corrupt, everything is unknown. */
struct reading {
    struct record record;
    bool is_corrupt;
};

/* The text at a path, {NULL, 0} when there is none. */
static struct slice text_at(struct reading *reading, const char *const steps[PATH_STEPS])
{
    const char *path[PATH_STEPS + 1] = {NULL};
    memcpy(path, steps, PATH_STEPS * sizeof path[0]);
    struct record_value value;
    enum record_answer answer = record_find(&reading->record, path, &value);
    if (answer == RECORD_CORRUPT)
        reading->is_corrupt = true;
    if (answer != RECORD_FOUND || value.type != RECORD_TEXT)
        return (struct slice){NULL, 0};
    return (struct slice){reading->record.section.at + value.at, value.size};
}

/* Takes the text if it is fit to be the field's value. */
typedef bool accept_text(struct slice text, char *value);

/* The first alternative that is acceptable, into `value`; else "". */
static void read_field(struct reading *reading, const struct field *field, accept_text *accept,
                       char *value)
{
    value[0] = '\0';
    for (int i = 0; i < PATHS && field->paths[i][0] && !reading->is_corrupt; i++) {
        if (accept(text_at(reading, field->paths[i]), value))
            return;
        value[0] = '\0';
    }
}

/* ASCII only, whatever the locale. */
static char upper_case(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Two letters; "ZZ" says itself that it is unknown. `value` has room for three bytes. */
static bool accept_country(struct slice text, char *value)
{
    if (text.size != 2)
        return false;
    for (int i = 0; i < 2; i++) {
        value[i] = upper_case(text.at[i]);
        if (value[i] < 'A' || value[i] > 'Z')
            return false;
    }
    value[2] = '\0';
    return strcmp(value, "ZZ") != 0;
}

enum { SUBDIVISION_CODE_SIZE = 3 };

/* One to three letters and digits (ISO 3166-2). `value` has room for four bytes. */
static bool accept_subdivision_code(struct slice text, char *value)
{
    if (text.size < 1 || text.size > SUBDIVISION_CODE_SIZE)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = value[i] = upper_case(text.at[i]);
        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
            return false;
    }
    value[text.size] = '\0';
    return true;
}

/* `value` has room for SCHEMA_NAME_SIZE + 1 bytes. */
static bool accept_name(struct slice text, char *value)
{
    if (text.size < 1 || text.size > SCHEMA_NAME_SIZE || memchr(text.at, '\0', text.size))
        return false;
    memcpy(value, text.at, text.size);
    value[text.size] = '\0';
    return true;
}

/* "DE-BE" or "DE Berlin", from the code or else the name. */
static void read_subdivision(struct reading *reading, const char *code, struct schema_place *place)
{
    char name[SCHEMA_NAME_SIZE + 1];
    if (code[0]) {
        snprintf(place->subdivision, sizeof place->subdivision, "%s-%s", place->country, code);
        return;
    }
    read_field(reading, &subdivision_name_field, accept_name, name);
    if (name[0])
        snprintf(place->subdivision, sizeof place->subdivision, "%s %s", place->country, name);
}

/* "DE-BE Berlin" or "DE Berlin". */
static void read_city(struct reading *reading, const char *code, struct schema_place *place)
{
    char name[SCHEMA_NAME_SIZE + 1];
    read_field(reading, &city_field, accept_name, name);
    if (name[0])
        snprintf(place->city, sizeof place->city, "%s%s%s %s", place->country, code[0] ? "-" : "",
                 code, name);
}

bool schema_read(struct slice section, size_t at, struct schema_place *place)
{
    *place = (struct schema_place){0};
    struct reading reading = {.record = record_at(section, at)};
    read_field(&reading, &country_field, accept_country, place->country);
    if (place->country[0]) {
        char code[SUBDIVISION_CODE_SIZE + 1];
        read_field(&reading, &subdivision_code_field, accept_subdivision_code, code);
        read_subdivision(&reading, code, place);
        read_city(&reading, code, place);
    }
    if (reading.is_corrupt)
        *place = (struct schema_place){0};
    return !reading.is_corrupt;
}

enum schema_answer schema_probe(struct slice section, size_t at)
{
    static const char *const known[] = {
        "country",
        "registered_country",
        "country_code",
        "subdivisions",
        "state1",
        "city",
        "autonomous_system_number",
        "autonomous_system_organization",
    };
    struct record record = record_at(section, at);
    struct record_value value;
    enum record_answer answer = RECORD_ABSENT;
    for (size_t i = 0; i < sizeof known / sizeof known[0] && answer == RECORD_ABSENT; i++)
        answer = record_find(&record, (const char *const[]){known[i], NULL}, &value);
    return answer == RECORD_FOUND    ? SCHEMA_KNOWN
           : answer == RECORD_ABSENT ? SCHEMA_FOREIGN
                                     : SCHEMA_UNREADABLE;
}
