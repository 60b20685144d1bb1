#include "cli/documents.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "output/csv.h"

enum target_kind { TARGET_STANDARD_OUTPUT, TARGET_FILE, TARGET_FOLDER };

struct target {
    enum target_kind kind;
    const char *path;
    const struct output *output; /* of a file or standard output */
    bool is_made;                /* a folder that was not there before */
};

struct documents {
    struct target *targets;
    size_t count;
    struct sink **finished; /* sinks to publish */
    size_t finished_count, finished_capacity;
};

static bool ends_with_slash(const char *path)
{
    size_t length = strlen(path);
    return length > 0 && path[length - 1] == '/';
}

static bool is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static char *path_in(const char *folder, const char *name)
{
    return mem_format("%s%s%s", folder, ends_with_slash(folder) ? "" : "/", name);
}

static bool make_folder(struct target *target, struct error *error)
{
    target->is_made = !is_folder(target->path);
    if (!target->is_made || mkdir(target->path, 0777) == 0)
        return true;
    target->is_made = false;
    return error_at(error, ERROR_USAGE, target->path, 0, 0, "the folder cannot be made: %s",
                    strerror(errno));
}

static void unmake_folder(struct target *target)
{
    if (target->is_made)
        rmdir(target->path); /* stays if somebody has put something there */
    target->is_made = false;
}

/* Can a document be written there? Nothing is left behind that an interrupted run would leave. */
static bool try_file(const char *path, struct error *error)
{
    struct sink *sink = sink_open_file(path, error);
    sink_abandon(sink);
    return sink != NULL;
}

static bool check_folder(struct target *target, struct error *error)
{
    if (!make_folder(target, error))
        return false;
    char *index = path_in(target->path, "index.html");
    bool is_fine = try_file(index, error);
    mem_free(index);
    unmake_folder(target);
    return is_fine;
}

static bool check_file(struct target *target, struct error *error)
{
    target->output = output_find_for_file(slice_of(target->path));
    if (!target->output)
        return error_at(
            error, ERROR_USAGE, target->path, 0, 0,
            "no report is written to such a name: end it in .html, .csv or .txt, or in / "
            "for a folder with the whole set");
    return try_file(target->path, error);
}

static bool check_target(struct target *target, const struct options *options, const char *path,
                         struct error *error)
{
    target->path = path;
    if (strcmp(path, "-") == 0) {
        target->kind = TARGET_STANDARD_OUTPUT;
        target->output = options->as ? options->as : output_find(SLICE_LITERAL("text"));
        return true;
    }
    bool goes_in_folder = ends_with_slash(path) || is_folder(path);
    target->kind = goes_in_folder ? TARGET_FOLDER : TARGET_FILE;
    return goes_in_folder ? check_folder(target, error) : check_file(target, error);
}

struct documents *documents_open(const struct options *options, struct error *error)
{
    static const char *const standard_output[] = {"-"};
    bool has_outputs = options->outputs.count > 0;
    const char *const *paths = has_outputs ? options->outputs.items : standard_output;
    size_t count = has_outputs ? options->outputs.count : 1;
    struct documents *documents = mem_zeroed(1, sizeof *documents);
    documents->targets = mem_zeroed(count, sizeof *documents->targets);
    for (size_t i = 0; i < count; i++) {
        if (!check_target(&documents->targets[documents->count++], options, paths[i], error)) {
            documents_abandon(documents);
            return NULL;
        }
    }
    return documents;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat a_facts, b_facts;
    return stat(a, &a_facts) == 0 && stat(b, &b_facts) == 0 && a_facts.st_dev == b_facts.st_dev &&
           a_facts.st_ino == b_facts.st_ino;
}

/* Is this log one of the names that a set of reports may take in the folder? */
static bool is_in_set(const char *folder, const char *log)
{
    const char *slash = strrchr(log, '/');
    const char *name = slash ? slash + 1 : log;
    const struct output *output = output_find_for_file(slice_of(name));
    if (!output || !is_folder(folder))
        return false;
    char *there = path_in(folder, name);
    bool is_same = is_same_file(there, log);
    mem_free(there);
    return is_same;
}

bool documents_spare(const struct documents *documents, const struct input_list *inputs,
                     struct error *error)
{
    for (size_t i = 0; i < documents->count * inputs->count; i++) {
        const struct target *target = &documents->targets[i / inputs->count];
        const char *log = inputs->items[i % inputs->count].path;
        bool is_hit = target->kind == TARGET_FILE
                          ? is_same_file(target->path, log)
                          : target->kind == TARGET_FOLDER && is_in_set(target->path, log);
        if (is_hit)
            return error_at(error, ERROR_USAGE, log, 0, 0,
                            "is a log to be read, and a report would take its place: choose "
                            "another --output");
    }
    return true;
}

/* Hands a written sink over to be published with the others. */
static bool finish(struct documents *documents, struct sink *sink, struct error *error)
{
    documents->finished = mem_grow(documents->finished, &documents->finished_capacity,
                                   documents->finished_count + 1, sizeof *documents->finished);
    documents->finished[documents->finished_count++] = sink;
    return sink_finish(sink, error);
}

/* What could be opened before the run and no longer can: a failure of the machine. */
static struct sink *open_again(const char *path, struct error *error)
{
    struct sink *sink = sink_open_file(path, error);
    if (!sink)
        error->code = ERROR_FATAL;
    return sink;
}

static bool write_csv_file(struct documents *documents, const struct target *target,
                           const struct report *report, size_t document, struct error *error)
{
    char *name = csv_document_name(report, document);
    char *path = path_in(target->path, name);
    struct sink *sink = open_again(path, error);
    mem_free(name);
    mem_free(path);
    if (!sink)
        return false;
    csv_write(report, document, sink);
    return finish(documents, sink, error);
}

/* A file is the same whatever terminal it is written from. */
static const struct output_options options_of_files = {.unicode = true};

/* The tables first and the page last, so that a page never speaks of tables that are not there. */
static bool write_folder(struct documents *documents, struct target *target,
                         const struct report *report, struct error *error)
{
    if (!make_folder(target, error)) {
        error->code = ERROR_FATAL;
        return false;
    }
    for (size_t i = 0; i < csv_document_count(report); i++) {
        if (!write_csv_file(documents, target, report, i, error))
            return false;
    }
    char *index = path_in(target->path, "index.html");
    struct sink *sink = open_again(index, error);
    mem_free(index);
    if (!sink)
        return false;
    output_find(SLICE_LITERAL("html"))->write(report, &options_of_files, sink);
    return finish(documents, sink, error);
}

/* A CSV file that is called like one table of the set gets that table. */
static bool find_table(const struct report *report, const char *path, size_t *document)
{
    const char *slash = strrchr(path, '/');
    const char *file = slash ? slash + 1 : path;
    bool is_found = false;
    for (size_t i = 0; i < csv_document_count(report) && !is_found; i++) {
        char *name = csv_document_name(report, i);
        is_found = strcmp(name, file) == 0;
        *document = i;
        mem_free(name);
    }
    return is_found;
}

static bool write_target(struct documents *documents, struct target *target,
                         const struct report *report, const struct output_options *terminal,
                         struct error *error)
{
    size_t document;
    if (target->kind == TARGET_FOLDER)
        return write_folder(documents, target, report, error);
    struct sink *sink = target->kind == TARGET_FILE
                            ? open_again(target->path, error)
                            : sink_open_descriptor(STDOUT_FILENO, "standard output");
    if (!sink)
        return false;
    if (target->kind == TARGET_FILE && find_table(report, target->path, &document))
        csv_write(report, document, sink);
    else
        target->output->write(
            report, target->kind == TARGET_STANDARD_OUTPUT ? terminal : &options_of_files, sink);
    return finish(documents, sink, error);
}

static bool publish_all(struct documents *documents, struct error *error)
{
    bool is_fine = true;
    for (size_t i = 0; i < documents->finished_count; i++) {
        struct sink *sink = documents->finished[i];
        documents->finished[i] = NULL;
        if (is_fine)
            is_fine = sink_publish(sink, error);
        else
            sink_abandon(sink);
    }
    return is_fine;
}

bool documents_write(struct documents *documents, const struct report *report,
                     const struct output_options *terminal, struct error *error)
{
    bool is_fine = true;
    for (size_t i = 0; i < documents->count && is_fine; i++)
        is_fine = write_target(documents, &documents->targets[i], report, terminal, error);
    is_fine = is_fine && publish_all(documents, error);
    documents_abandon(documents);
    return is_fine;
}

void documents_abandon(struct documents *documents)
{
    if (!documents)
        return;
    for (size_t i = 0; i < documents->finished_count; i++)
        sink_abandon(documents->finished[i]);
    for (size_t i = 0; i < documents->count; i++)
        unmake_folder(&documents->targets[i]);
    mem_free(documents->finished);
    mem_free(documents->targets);
    mem_free(documents);
}
