#include "parser/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/ascii.h"

enum { NAME_BYTES = 256 }; /* NAME_MAX and a NUL */

static void lower(const char *name, char out[NAME_BYTES])
{
    size_t size = 0;
    for (; name[size] && size < NAME_BYTES - 1; size++)
        out[size] = ascii_lower(name[size]);
    out[size] = '\0';
}

/* Takes an ending off the name, if it has one of them. */
static bool take_ending(struct slice *name, const char *const *endings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct slice ending = slice_of(endings[i]);
        if (name->size > ending.size &&
            slice_equal(slice_from(*name, name->size - ending.size), ending)) {
            name->size -= ending.size;
            return true;
        }
    }
    return false;
}

#define TAKE_ENDING(name, ...)                                                                     \
    take_ending(name, (const char *const[]){__VA_ARGS__},                                          \
                sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* Does the pattern begin here? 'd' stands for a digit. */
static bool has_digits_like(const char *at, const char *pattern)
{
    for (; *pattern; at++, pattern++) {
        if (*pattern == 'd' ? !ascii_is_digit(*at) : *at != *pattern)
            return false;
    }
    return true;
}

static bool has_date(const char *name)
{
    for (; *name; name++) {
        if (has_digits_like(name, "dddddddd") || has_digits_like(name, "dddd-dd-dd"))
            return true;
    }
    return false;
}

/* "error" or "errors" as a word of its own, with "log" or (at the start) anything behind it. */
static bool says_errors(const char *name)
{
    bool has_access = strstr(name, "access") != NULL;
    for (const char *at = name; (at = strstr(at, "error")); at++) {
        const char *behind = at + 5;
        behind += *behind == 's';
        if ((at > name && ascii_is_letter(at[-1])) || ascii_is_letter(*behind))
            continue;
        if ((*behind && strncmp(behind + 1, "log", 3) == 0) || (at == name && !has_access))
            return true;
    }
    return false;
}

static bool is_structured(const char *name)
{
    struct slice rest = slice_of(name);
    TAKE_ENDING(&rest, ".gz", ".bz2", ".xz", ".zst", ".lz4");
    if (TAKE_ENDING(&rest, ".json", ".jsonl", ".ndjson"))
        return true;
    return TAKE_ENDING(&rest, ".csv") && strstr(name, "log");
}

static bool is_other_kind(const char *name)
{
    struct slice rest = slice_of(name);
    return TAKE_ENDING(&rest, ".pos", ".offset", ".swp", ".bak", "~", ".html", ".conf", ".pid",
                       ".tmp", ".lock");
}

const char *folder_refuses_name(const char *name)
{
    static const char no_log[] = "its name does not look like that of an access log";
    char small[NAME_BYTES];
    lower(name, small);
    if (is_other_kind(small))
        return no_log;
    if (says_errors(small))
        return "its name says that it holds errors, not accesses";
    bool is_taken = strstr(small, "access") || strstr(small, ".log") || strstr(small, "_log") ||
                    has_date(small) || is_structured(small);
    return is_taken ? NULL : no_log;
}

static void add(struct folder_files *files, const char *path, const char *reason)
{
    files->items = mem_grow(files->items, &files->capacity, files->count + 1, sizeof *files->items);
    files->items[files->count++] = (struct folder_file){.path = path, .reason = reason};
}

static void add_unreadable(struct folder_files *files, const char *path, int cause,
                           struct arena *texts)
{
    add(files, path, arena_format(texts, "it cannot be read: %s", strerror(cause)));
    files->items[files->count - 1].cause = cause;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool list_level(const char *path, unsigned depth, struct folder_files *files,
                       struct arena *texts);

static void add_folder(const char *path, unsigned depth, struct folder_files *files,
                       struct arena *texts)
{
    if (depth == FOLDER_DEPTH)
        add(files, path, "it is a folder more than 8 levels deep");
    else if (!list_level(path, depth + 1, files, texts))
        add_unreadable(files, path, errno, texts);
}
_Static_assert(FOLDER_DEPTH == 8, "the reason above says so");

static void add_entry(const char *path, const char *name, unsigned depth,
                      struct folder_files *files, struct arena *texts)
{
    struct stat facts;
    bool is_there = lstat(path, &facts) == 0;
    bool is_link = is_there && S_ISLNK(facts.st_mode);
    bool is_lost = !is_there || (is_link && stat(path, &facts) != 0);
    int cause = errno;
    if (is_lost && folder_refuses_name(name))
        add(files, path, folder_refuses_name(name));
    else if (is_lost)
        add_unreadable(files, path, cause, texts);
    else if (S_ISDIR(facts.st_mode) && is_link)
        add(files, path, "it is a link to a folder, which is not followed");
    else if (S_ISDIR(facts.st_mode))
        add_folder(path, depth, files, texts);
    else if (!S_ISREG(facts.st_mode))
        add(files, path, "it is no regular file");
    else
        add(files, path, folder_refuses_name(name));
}

/* A folder and what is below it. False (errno tells) when it cannot be read. */
static bool list_level(const char *path, unsigned depth, struct folder_files *files,
                       struct arena *texts)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_visible, alphasort);
    if (count < 0)
        return false;
    struct slice parent = slice_of(path);
    while (parent.size && parent.at[parent.size - 1] == '/')
        parent.size--;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        add_entry(arena_format(texts, "%.*s/%s", SLICE_ARG(parent), name), name, depth, files,
                  texts);
        free(entries[i]);
    }
    free(entries);
    return true;
}

const char *folder_advice(int cause)
{
    bool is_denied = cause == EACCES || cause == EPERM;
    return is_denied ? "; run as a user of the group that may read its files, or with sudo" : "";
}

static int compare_files(const void *left, const void *right)
{
    const struct folder_file *a = left, *b = right;
    return strcmp(a->path, b->path);
}

bool folder_list(const char *path, struct folder_files *files, struct arena *texts,
                 struct error *error)
{
    *files = (struct folder_files){0};
    if (!list_level(path, 0, files, texts))
        return error_at(error, ERROR_USAGE, path, 0, 0, "this folder cannot be read: %s%s",
                        strerror(errno), folder_advice(errno));
    if (files->count > 1)
        qsort(files->items, files->count, sizeof *files->items, compare_files);
    return true;
}

void folder_files_clear(struct folder_files *files)
{
    mem_free(files->items);
    *files = (struct folder_files){0};
}
