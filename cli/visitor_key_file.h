/*
 * visitor_key_file: the key of visitors' ids, when a user wants ids that join across runs.
 *
 * Ids are keyed hashes; whoever has the key can try out addresses until one fits. So the key's
 * file is the user's own, is refused when others could read it, and is never written.
 */
#ifndef CLI_VISITOR_KEY_FILE_H
#define CLI_VISITOR_KEY_FILE_H

#include "base/error.h"
#include "base/hash.h"

/*
 * Any file of 16 to 4096 bytes is a key ("head -c 32 /dev/urandom > key; chmod 600 key"): what it
 * holds is hashed. False and *error (ERROR_USAGE) when it cannot be read, is too short or too long,
 * is no regular file, or can be read or written by others.
 */
bool visitor_key_file_read(const char *path, struct hash_key *key, struct error *error);

#endif
