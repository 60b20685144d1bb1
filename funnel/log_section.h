/*
 * log_section: "log:" of a journey file, which says how the site's logs are written.
 *
 *     log:
 *       format: '$remote_addr [$time_local] "$request" $status'    as --log-format
 *       keys:                            members of JSON lines, labels, names of columns
 *         address: [client.real_ip, client.ip]     the first that a line has
 *         time: {key: when, is: end}               when requests ended; start if it is left out
 *         duration: {key: took, unit: ms}          s if it is left out
 *         url: http.path
 *
 * The usual names stay known; those of the file come before them.
 */
#ifndef FUNNEL_LOG_SECTION_H
#define FUNNEL_LOG_SECTION_H

#include "funnel/config_tree.h"
#include "parser/format.h"

struct log_section {
    const struct log_format *format; /* NULL: none was given */
    const struct field_map *names;   /* NULL: likewise */
    const char *format_text;         /* of the format, and the place where it stands */
    const char *source;
    size_t line, column;
};

/* All of it lives in config->arena. False and config->error when it is wrong. */
bool log_section_read(const struct config *config, const struct config_node *node,
                      struct log_section *section);

/*
 * Once it is known which cookies and headers are wanted: the format finds them in its lines, and
 * borrows *extra. False and *error when it cannot, as where two directives touch of which neither
 * was needed before.
 */
bool log_section_settle(struct log_section *section, const struct extra_fields *extra,
                        struct arena *arena, struct error *error);

#endif
