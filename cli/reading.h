/*
 * reading: from the command line to an event table; what report and explain --visit share.
 *
 * Everything that a run needs is opened before any log is parsed, the cheapest check first.
 */
#ifndef CLI_READING_H
#define CLI_READING_H

#include "cli/options.h"
#include "funnel/ingest.h"
#include "funnel/journey.h"
#include "parser/detect.h"

struct reading {
    const struct options *options;
    struct journey *journey;
    struct rules *rules;
    struct agent_rules *agent_rules;
    struct trait_rules *trait_rules;
    struct networks *trusted_proxies; /* NULL: none */
    const struct log_format *format;  /* of --log-format or the journey file; NULL: detect */
    struct hash_key key;              /* of visitors' ids */
    uint32_t rules_off;               /* bit per enum behaviour_rule, of options and journey file */
    struct input_list inputs;
    struct ingest_result ingested;
    struct arena arena;
};

/* Journey, rules, networks, key; no log yet. False and *error. Close it in any case. */
bool reading_open(struct reading *reading, const struct options *options, struct error *error);

/* Finds and opens the logs. */
bool reading_open_inputs(struct reading *reading, struct error *error);

/* Reads them. kept_classes: bit per enum agent_class besides people's, see recorder.h. */
bool reading_run(struct reading *reading, uint32_t kept_classes, struct error *error);

/* The classes that count as people. */
uint32_t reading_counted_classes(const struct options *options);

void reading_close(struct reading *reading);

#endif
