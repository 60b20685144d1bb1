#include "geo/database.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/printable.h"
#include "geo/schema.h"

/* Only a regular file can be mapped, and opening a pipe would wait for its writer. */
static bool check_path(const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return error_at(error, ERROR_USAGE, path, 0, 0,
                        "cannot read the geo database: %s; give the path of a MaxMind DB file "
                        "(.mmdb)",
                        strerror(errno));
    if (!S_ISREG(status.st_mode))
        return error_at(error, ERROR_USAGE, path, 0, 0,
                        "the geo database is not a regular file; give the path of a MaxMind DB "
                        "file (.mmdb)");
    return true;
}

/* libmaxminddb 1.7.1 adds these up in 32 bits: a tree that is larger wraps round to a small one. */
static bool tree_is_inside(const MMDB_s *file)
{
    uint64_t tree_bytes = (uint64_t)file->metadata.node_count * file->full_record_byte_size;
    return tree_bytes < (uint64_t)file->file_size &&
           tree_bytes < (uint64_t)(file->data_section - file->file_content);
}

static bool open_path(const char *path, MMDB_s *file, struct error *error)
{
    if (!check_path(path, error))
        return false;
    int status = MMDB_open(path, MMDB_MODE_MMAP, file);
    if (status == MMDB_SUCCESS && tree_is_inside(file))
        return true;
    if (status == MMDB_SUCCESS) {
        MMDB_close(file);
        status = MMDB_CORRUPT_SEARCH_TREE_ERROR;
    }
    const char *reason = status == MMDB_FILE_OPEN_ERROR ? strerror(errno) : MMDB_strerror(status);
    return error_at(error, ERROR_USAGE, path, 0, 0,
                    "cannot use the geo database: %s; give a readable, uncompressed MaxMind DB "
                    "file (.mmdb)",
                    reason);
}

/* From the end of the search tree to the marker before the metadata. */
static struct slice data_section(const MMDB_s *file)
{
    static const char marker[] = "\xab\xcd\xefMaxMind.com";
    const char *begin = (const char *)file->data_section;
    const char *end = (const char *)file->metadata_section - (sizeof marker - 1);
    return (struct slice){begin, end > begin ? (size_t)(end - begin) : 0};
}

/* Counts what a record of a search tree's node leads to. */
static void probe(struct slice section, uint8_t type, uint32_t offset, size_t counts[])
{
    if (type == MMDB_RECORD_TYPE_DATA)
        counts[schema_probe(section, offset)]++;
}

static bool has_known_fields(const struct database *database)
{
    enum { MOST_NODES = 1024 };
    uint64_t node_count = database->file.metadata.node_count;
    uint64_t tries = node_count < MOST_NODES ? node_count : MOST_NODES;
    size_t counts[SCHEMA_ANSWER_COUNT] = {0};
    for (uint64_t i = 0; i < tries && !counts[SCHEMA_KNOWN]; i++) {
        MMDB_search_node_s node;
        uint32_t number = (uint32_t)(i * node_count / tries);
        if (MMDB_read_node(&database->file, number, &node) != MMDB_SUCCESS)
            continue;
        probe(database->section, node.left_record_type, node.left_record_entry.offset, counts);
        probe(database->section, node.right_record_type, node.right_record_entry.offset, counts);
    }
    return counts[SCHEMA_KNOWN] || !counts[SCHEMA_FOREIGN];
}

/* "2026-06-17", or "at an unknown time". */
static const char *build_day(uint64_t epoch_s, char text[CIVIL_TEXT_SIZE])
{
    const uint64_t year_10000_s = 253402300800;
    if (epoch_s == 0 || epoch_s >= year_10000_s)
        return "at an unknown time";
    civil_format((int64_t)epoch_s * 1000, text);
    text[strlen("2026-06-17")] = '\0';
    return text;
}

static char *describe(const char *path, const MMDB_metadata_s *metadata)
{
    char day[CIVIL_TEXT_SIZE];
    char *raw = mem_format("%s, built %s, %s", metadata->database_type,
                           build_day(metadata->build_epoch, day), path);
    size_t size = printable_bound(strlen(raw));
    char *text = mem_alloc(size);
    printable(text, size, slice_of(raw));
    mem_free(raw);
    return text;
}

bool database_open(struct database *database, const char *path, struct error *error)
{
    if (!open_path(path, &database->file, error))
        return false;
    database->section = data_section(&database->file);
    database->description = describe(path, &database->file.metadata);
    if (has_known_fields(database))
        return true;
    error_at(error, ERROR_USAGE, path, 0, 0,
             "the geo database holds neither countries nor cities nor networks (its type is "
             "\"%.100s\"); give a country or a city database",
             database->file.metadata.database_type);
    database_close(database);
    return false;
}

void database_close(struct database *database)
{
    MMDB_close(&database->file);
    mem_free(database->description);
}

static MMDB_lookup_result_s find_v4(const MMDB_s *file, const uint8_t octets[4], int *status)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    memcpy(&in.sin_addr, octets, 4);
    return MMDB_lookup_sockaddr(file, (const struct sockaddr *)&in, status);
}

static MMDB_lookup_result_s find_v6(const MMDB_s *file, const uint8_t bytes[16], int *status)
{
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    memcpy(&in6.sin6_addr, bytes, 16);
    return MMDB_lookup_sockaddr(file, (const struct sockaddr *)&in6, status);
}

uint32_t database_find(const struct database *database, const struct address *address)
{
    const MMDB_s *file = &database->file;
    bool is_v4 = address->family == ADDRESS_V4;
    if (!is_v4 && file->metadata.ip_version == 4)
        return DATABASE_NO_RECORD;
    int status;
    MMDB_lookup_result_s found = is_v4 ? find_v4(file, address->bytes + 12, &status)
                                       : find_v6(file, address->bytes, &status);
    if (status != MMDB_SUCCESS)
        return DATABASE_CORRUPT_RECORD;
    if (!found.found_entry)
        return DATABASE_NO_RECORD;
    return found.entry.offset < database->section.size ? found.entry.offset
                                                       : DATABASE_CORRUPT_RECORD;
}
