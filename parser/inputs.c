#include "parser/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/printable.h"

static void add_note(struct input_list *list, const char *note)
{
    list->notes =
        mem_grow(list->notes, &list->note_capacity, list->note_count + 1, sizeof *list->notes);
    list->notes[list->note_count++] = note;
}

/* One argument being taken in. */
struct taking {
    struct input_list *list;
    const struct input_options *options;
    struct error *error;
    bool is_in_folder; /* found, not named: what is no access log is left out with a note */
};

static bool has_lines(const struct input *input)
{
    return input->detection.lines > 0;
}

/* The start of the first line, safe to show. */
static const char *first_line(struct input_list *list, const struct block *block)
{
    struct slice rest = {block->bytes, block->size}, line = {0};
    char text[400];
    lines_next(&rest, &line);
    printable(text, sizeof text, slice_head(line, 80));
    return arena_copy(&list->texts, slice_of(text)).at;
}

static bool refuse_unknown(struct taking *taking, const struct input *input,
                           const struct block *block)
{
    if (taking->is_in_folder) {
        add_note(taking->list,
                 arena_format(&taking->list->texts, "%s: left out: it has no access log format",
                              input->path));
        return true;
    }
    const char *format = taking->options->format ? taking->options->format->name : "known format";
    return error_at(taking->error, ERROR_USAGE, input->path, 0, 0,
                    "no line of its first %zu fits %s%s; the first is \"%s\"%s",
                    input->detection.lines, taking->options->format ? "the format " : "a ", format,
                    first_line(taking->list, block),
                    taking->options->format ? "; without --log-format it is detected"
                                            : ": name its format with --log-format, or look at it "
                                              "with: sojourn detect FILE");
}

static void add_input(struct input_list *list, const struct input *input)
{
    list->items = mem_grow(list->items, &list->capacity, list->count + 1, sizeof *list->items);
    list->items[list->count++] = *input;
}

/* Reads the first block of an opened source and settles the format. */
static bool probe(struct taking *taking, struct input *input)
{
    struct line_reader *reader = mem_alloc(sizeof *reader);
    struct block *block = mem_alloc(sizeof *block);
    line_reader_init(reader, input->source);
    if (!line_reader_fill(reader, block))
        block->size = 0;
    input->detection = detect_format(block, taking->options->format, taking->options->zone_s);
    bool is_known = input->detection.format || !has_lines(input);
    bool is_fine = is_known || refuse_unknown(taking, input, block);
    if (is_known && !source_can_reopen(input->source)) {
        input->reader = reader;
        input->first_block = block;
    } else {
        mem_free(reader);
        mem_free(block);
        source_close(input->source);
        input->source = NULL;
    }
    if (is_known)
        add_input(taking->list, input);
    return is_fine;
}

static bool take_file(struct taking *taking, const char *path)
{
    struct input input = {.path = arena_copy(&taking->list->texts, slice_of(path)).at};
    input.source = source_open(input.path, taking->error);
    if (!input.source)
        return false;
    input.compression = source_compression(input.source);
    input.size_bytes = source_size(input.source);
    return probe(taking, &input);
}

static bool looks_like_access_log(const char *name)
{
    bool is_error_log = strncmp(name, "error", 5) == 0 || strstr(name, "error.log") ||
                        strstr(name, "error_log") || strstr(name, "errors.log");
    if (name[0] == '.' || is_error_log)
        return false;
    return strstr(name, "access") || strstr(name, ".log");
}

static bool is_regular_file(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

static int is_candidate(const struct dirent *entry)
{
    return looks_like_access_log(entry->d_name);
}

static bool take_folder(struct taking *taking, const char *path)
{
    struct dirent **entries;
    size_t before = taking->list->count;
    int count = scandir(path, &entries, is_candidate, alphasort);
    if (count < 0)
        return error_at(taking->error, ERROR_USAGE, path, 0, 0, "cannot be read: %s",
                        strerror(errno));
    bool is_fine = true;
    taking->is_in_folder = true;
    for (int i = 0; i < count; i++) {
        const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
        const char *file =
            arena_format(&taking->list->texts, "%s%s%s", path, slash, entries[i]->d_name);
        is_fine = is_fine && (!is_regular_file(file) || take_file(taking, file));
        free(entries[i]);
    }
    free(entries);
    taking->is_in_folder = false;
    if (is_fine && taking->list->count == before)
        return error_at(taking->error, ERROR_USAGE, path, 0, 0,
                        "this folder holds no access log (a file with \"access\" or \".log\" in "
                        "its name, in a format that is known); name the files");
    return is_fine;
}

static bool is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static bool take_path(struct taking *taking, const char *path)
{
    return is_folder(path) ? take_folder(taking, path) : take_file(taking, path);
}

static bool is_pattern(const char *argument)
{
    struct stat facts;
    return strpbrk(argument, "*?[") && lstat(argument, &facts) != 0;
}

static bool take_pattern(struct taking *taking, const char *pattern)
{
    glob_t found;
    int result = glob(pattern, 0, NULL, &found);
    if (result == GLOB_NOMATCH)
        return error_at(taking->error, ERROR_USAGE, pattern, 0, 0, "no file matches this pattern");
    if (result != 0)
        return error_at(taking->error, ERROR_USAGE, pattern, 0, 0,
                        "the pattern cannot be expanded: a folder cannot be read");
    bool is_fine = true;
    for (size_t i = 0; i < found.gl_pathc && is_fine; i++)
        is_fine = take_path(taking, found.gl_pathv[i]);
    globfree(&found);
    return is_fine;
}

static int compare_inputs(const void *left, const void *right)
{
    const struct input *a = left, *b = right;
    int64_t a_ms = a->detection.first_ms, b_ms = b->detection.first_ms;
    if (a_ms != b_ms)
        return a_ms < b_ms ? -1 : 1;
    return strcmp(a->path, b->path);
}

static void close_input(struct input *input)
{
    source_close(input->source);
    mem_free(input->reader);
    mem_free(input->first_block);
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat a_facts, b_facts;
    if (strcmp(a, b) == 0)
        return true;
    return stat(a, &a_facts) == 0 && stat(b, &b_facts) == 0 && a_facts.st_dev == b_facts.st_dev &&
           a_facts.st_ino == b_facts.st_ino;
}

/* Is it one of the inputs before it? Only those can be that begin at the same time. */
static bool is_repeated(const struct input_list *list, size_t kept, const struct input *input)
{
    for (size_t i = kept; i-- > 0;) {
        const struct input *other = &list->items[i];
        if (other->detection.first_ms != input->detection.first_ms)
            return false;
        if (is_same_file(other->path, input->path))
            return true;
    }
    return false;
}

/* The same file twice is a slip, or a link, and would count everything twice. */
static void drop_repeated(struct input_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct input *input = &list->items[i];
        if (!is_repeated(list, kept, input)) {
            list->items[kept++] = *input;
            continue;
        }
        add_note(list,
                 arena_format(&list->texts, "%s: the same file again, read once", input->path));
        close_input(input);
    }
    list->count = kept;
}

static bool take_standard_input(struct taking *taking)
{
    for (size_t i = 0; i < taking->list->count; i++) {
        if (strcmp(taking->list->items[i].path, "-") == 0)
            return error_set(taking->error, ERROR_USAGE,
                             "standard input (-) is named twice, and can be read only once");
    }
    return take_file(taking, "-");
}

bool inputs_open(struct input_list *list, const char *const *arguments, size_t count,
                 const struct input_options *options, struct error *error)
{
    *list = (struct input_list){0};
    struct taking taking = {.list = list, .options = options, .error = error};
    for (size_t i = 0; i < count; i++) {
        bool is_fine = strcmp(arguments[i], "-") == 0 ? take_standard_input(&taking)
                       : is_pattern(arguments[i])     ? take_pattern(&taking, arguments[i])
                                                      : take_path(&taking, arguments[i]);
        if (!is_fine)
            return false;
    }
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, compare_inputs);
    drop_repeated(list);
    return true;
}

void inputs_free(struct input_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        close_input(&list->items[i]);
    mem_free(list->items);
    mem_free(list->notes);
    arena_clear(&list->texts);
    *list = (struct input_list){0};
}
