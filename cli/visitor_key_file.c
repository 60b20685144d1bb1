#include "cli/visitor_key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEAST = 16, MOST = 4096 };

static bool refuse(const char *path, const char *why, struct error *error)
{
    return error_set(error, ERROR_USAGE, "--visitor-key %s: %s", path, why);
}

static bool check_file(const char *path, int file, struct error *error)
{
    struct stat status;
    if (fstat(file, &status) != 0)
        return refuse(path, strerror(errno), error);
    if (!S_ISREG(status.st_mode))
        return refuse(path, "a key is a regular file", error);
    if (status.st_mode & (S_IRWXG | S_IRWXO))
        return refuse(path,
                      "others can read it; a key must be its owner's alone: run chmod 600 on it",
                      error);
    return true;
}

static bool read_key(const char *path, int file, struct hash_key *key, struct error *error)
{
    static const struct hash_key plain = {0}; /* it only mixes: the secret is what is hashed */
    char bytes[MOST + 1];
    size_t size = 0;
    ssize_t got = 1;
    while (size < sizeof bytes && (got = read(file, bytes + size, sizeof bytes - size)) > 0)
        size += (size_t)got;
    if (got < 0)
        return refuse(path, strerror(errno), error);
    if (size < LEAST || size > MOST)
        return refuse(path, "a key has 16 to 4096 bytes; head -c 32 /dev/urandom makes a good one",
                      error);
    struct hash128 hash = hash128_bytes(plain, bytes, size);
    *key = (struct hash_key){hash.low, hash.high};
    return true;
}

bool visitor_key_file_read(const char *path, struct hash_key *key, struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return refuse(path, strerror(errno), error);
    bool is_fine = check_file(path, file, error) && read_key(path, file, key, error);
    close(file);
    return is_fine;
}
