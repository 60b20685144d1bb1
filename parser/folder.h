/*
 * folder: which files of a folder are taken for access logs.
 *
 * A folder is gone through with all that is below it; a name decides whether a file is looked at,
 * and its content whether it is read (inputs.h). What is passed over is told with a reason, so that
 * nobody has to guess what a report is made of.
 *
 *     hidden ("." in front)                           passed over silently
 *     folder                                          gone into, FOLDER_DEPTH levels deep
 *     link to a folder                                not followed: it may lead back up
 *     no regular file (pipe, socket, device)          no
 *     *.pos *.offset *.swp *.bak *~ *.html *.conf
 *     *.pid *.tmp *.lock                              no, whatever else the name says
 *     error.log* error_log* *.error.log ssl_error_log
 *     errors.log, error-* without "access"            no: errors, not accesses
 *     *access* *.log* *_log* *20240131* *2024-01-31*  yes
 *     *.json *.jsonl *.ndjson                         yes, compressed ones as well
 *     *log*.csv                                       likewise
 *     all others                                      no
 *
 * Letter case does not matter.
 */
#ifndef PARSER_FOLDER_H
#define PARSER_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/memory.h"

enum { FOLDER_DEPTH = 8 };

struct folder_file {
    const char *path;
    const char *reason; /* why it is not read ("its name ..."); NULL: it is to be read */
    int cause;          /* errno of a folder, or a file with the name of a log, that the system does
                           not let be read; 0: nothing of the kind */
};

/* In the order of their paths. {0} is empty. */
struct folder_files {
    struct folder_file *items;
    size_t count, capacity;
};

/*
 * Lists a folder; paths and reasons live in the arena. False and *error (ERROR_USAGE) when the
 * folder cannot be read; one below it that cannot be is listed as passed over. Clear in either
 * case.
 */
bool folder_list(const char *path, struct folder_files *files, struct arena *texts,
                 struct error *error);
void folder_files_clear(struct folder_files *files);

/* Said behind the cause why a folder, or files of it, cannot be read; "" when no user would help.
 */
const char *folder_advice(int cause);

/* Why a file of this name (without a folder) is not looked at; NULL: it is. */
const char *folder_refuses_name(const char *name);

#endif
