/*
 * options: the command line as a value.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "funnel/dimension.h"
#include "output/output.h"
#include "parser/request.h"
#include "parser/spec.h"

enum command {
    COMMAND_REPORT,
    COMMAND_DETECT,
    COMMAND_EXPLAIN,
    COMMAND_JOURNEYS,
    COMMAND_CHECK_JOURNEY,
    COMMAND_PLUGINS,
    COMMAND_HELP,
    COMMAND_VERSION,
};

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Texts of the command line, in its order. */
struct texts {
    const char **items;
    size_t count, capacity;
};

struct options {
    enum command command;
    const char *journey; /* file or built-in name */
    struct texts geo, outputs;
    struct format_spec format_spec;  /* as given; .text NULL: not */
    const struct log_format *format; /* NULL: detect, or as the journey file says */
    struct arena formats;            /* where a format that was given as a string lives */
    const struct output *as;         /* what standard output gets; NULL: the default */
    const struct dimension **dimensions;
    size_t dimension_count, dimension_capacity;
    const char *funnel; /* NULL: all */
    int64_t since_ms, until_ms;
    const char *time_zone;  /* as given */
    struct time_zone *zone; /* NULL: UTC */
    unsigned threads;
    uint64_t min_cell;
    struct texts trusted_proxies;
    const char *visitor_key;   /* file; NULL: a random key */
    unsigned anonymized_bytes; /* cut off addresses before they are looked up */
    uint32_t max_keys;
    uint32_t rules_off; /* bit per enum behaviour_rule */
    const char *visit;  /* which visits explain shows; NULL: it explains an URL */
    uint64_t samples;   /* how many of them at most */
    bool includes_bots, is_strict, is_quiet, has_progress;
    enum color_choice color;
    enum request_method method; /* of the request that explain looks at */
    unsigned status;
    struct texts arguments; /* LOG..., URL, FILE or NAME */
};

/* False and *error (ERROR_USAGE). Free the options in either case. */
bool options_parse(struct options *options, int argc, char **argv, struct error *error);
void options_clear(struct options *options);

/* The text of --help. */
const char *options_help(void);

#endif
