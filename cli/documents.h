/*
 * documents: where the reports of one run go.
 *
 * Every --output is checked before any log is read, so that nobody waits an hour for "permission
 * denied"; every document is written aside, and all of them appear together at the end.
 *
 *     documents_open -> (the run) -> documents_write   or   documents_abandon
 */
#ifndef CLI_DOCUMENTS_H
#define CLI_DOCUMENTS_H

#include "base/error.h"
#include "cli/options.h"
#include "funnel/report.h"
#include "parser/inputs.h"

struct documents;

/* NULL and *error when an output cannot be written or is not known. */
struct documents *documents_open(const struct options *options, struct error *error);

/* False and *error when a document would take the place of a log that is to be read. */
bool documents_spare(const struct documents *documents, const struct input_list *inputs,
                     struct error *error);

/*
 * Writes and publishes everything, and frees. False and *error (ERROR_FATAL) on failure. Only
 * standard output depends on the terminal.
 */
bool documents_write(struct documents *documents, const struct report *report,
                     const struct output_options *terminal, struct error *error);

/* Frees without writing; NULL is fine. */
void documents_abandon(struct documents *documents);

#endif
