/*
 * sink: where a document is written to.
 *
 * A sink remembers its first failure; everything after it does nothing, so writers stay straight
 * lines and check once, at close. A file sink writes to a fresh temporary file in the target's
 * folder (created exclusively, never through a link) and the document appears under its name
 * by rename when the sink is closed well: a reader never sees half of it, and a failed run leaves
 * the old one as it was.
 *
 *     sink_open_file -> sink_text ... -> sink_close    (flush, fsync, rename; the error if any)
 *                                     -> sink_abandon  (temporary file removed, nothing changed)
 *
 * To let several documents appear together, close each with sink_finish (everything but the
 * rename) and then call sink_publish on all of them.
 *
 * Writing to a pipe that nobody reads is an error of the sink only if the program ignores SIGPIPE.
 */
#ifndef BASE_SINK_H
#define BASE_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

struct sink;

/*
 * NULL and *error (ERROR_USAGE) when the file cannot be created (no such folder, no permission) or
 * when its name is that of a folder, a device or a pipe: so it is known before any parsing. A
 * symbolic link is replaced; what it leads to stays. The mode is 0644 less the umask.
 */
struct sink *sink_open_file(const char *path, struct error *error);
/* Writes to an open descriptor, which stays the caller's; `name` is for messages. */
struct sink *sink_open_descriptor(int descriptor, const char *name);
/* Collects in memory. */
struct sink *sink_open_memory(void);

void sink_text(struct sink *sink, const char *text);
void sink_slice(struct sink *sink, struct slice text);
void sink_byte(struct sink *sink, char byte);
void sink_format(struct sink *sink, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sink_count(struct sink *sink, uint64_t count); /* decimal, fast */

/* What a memory sink holds so far; valid until the next write. */
struct slice sink_contents(const struct sink *sink);

/*
 * Everything written and synced, not yet visible; nothing may be written any more. False and
 * *error (ERROR_FATAL) on failure. The sink stays the caller's, to be published or abandoned.
 */
bool sink_finish(struct sink *sink, struct error *error);
/*
 * Makes a finished file visible and frees the sink. False and *error on failure, also on one that
 * sink_finish has told.
 */
bool sink_publish(struct sink *sink, struct error *error);
/* sink_finish + sink_publish; always frees. */
bool sink_close(struct sink *sink, struct error *error);
/* Frees; a file that was not published is removed. NULL is fine. */
void sink_abandon(struct sink *sink);

#endif
