#include "parser/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/printable.h"
#include "parser/folder.h"

/* What is looked at to tell what an input holds when no format fits it. */
enum { SAMPLE_SIZE = 64 * 1024, TAR_MAGIC_AT = 257, NO_FOLDER = -1 };

/* A file that was named or found, before it is opened. */
struct candidate {
    const char *path;
    bool is_named;      /* not (only) found in a folder */
    bool is_repeated;   /* more than once, by the same path */
    bool is_identified; /* device and inode are known */
    dev_t device;
    ino_t inode;
    int folder; /* of taking.folders, or NO_FOLDER */
};

/* A folder that was named, how many inputs it gave, and what of it could not be read. */
struct named_folder {
    const char *path;
    size_t given, unreadable;
    const char *first_unreadable; /* by path */
    const char *reason;           /* why it could not be read */
    int cause;                    /* errno of that; 0: it is not the system's doing */
};

/* The arguments being taken in. */
struct taking {
    struct input_list *list;
    const struct detect_options *options;
    struct error *error;
    struct candidate *candidates;
    size_t candidate_count, candidate_capacity;
    struct named_folder *folders;
    size_t folder_count, folder_capacity;
    /* Of the probe: used for one file after the other, unless a pipe keeps them. */
    struct line_reader *reader;
    struct block *block;
    struct error refusal; /* about the first named file that holds no log */
    bool has_log;
};

const char *input_content_name(enum input_content content)
{
    static const char *const names[] = {
        [CONTENT_LOG] = "log",
        [CONTENT_EMPTY] = "empty",
        [CONTENT_UNKNOWN] = "unknown_format",
        [CONTENT_BINARY] = "binary",
        [CONTENT_UTF16] = "utf16",
        [CONTENT_ARCHIVE] = "archive",
    };
    return names[content];
}

static void skip_file(struct taking *taking, const char *path, const char *reason)
{
    struct input_list *list = taking->list;
    list->skipped = mem_grow(list->skipped, &list->skipped_capacity, list->skipped_count + 1,
                             sizeof *list->skipped);
    list->skipped[list->skipped_count++] = (struct skipped_file){.path = path, .reason = reason};
}

static void skip_unreadable(struct taking *taking, int folder, const char *path, const char *reason,
                            int cause)
{
    struct named_folder *named = &taking->folders[folder];
    skip_file(taking, path, reason);
    taking->list->skipped[taking->list->skipped_count - 1].is_unreadable = true;
    if (named->unreadable++ == 0 || strcmp(path, named->first_unreadable) < 0) {
        named->first_unreadable = path;
        named->reason = reason;
        named->cause = cause;
    }
}

/* --- arguments -> candidates --- */

static void add_candidate(struct taking *taking, const char *path, int folder)
{
    struct stat facts;
    struct candidate candidate = {.path = arena_copy(&taking->list->texts, slice_of(path)).at,
                                  .is_named = folder == NO_FOLDER,
                                  .folder = folder};
    if (strcmp(path, "-") != 0 && stat(path, &facts) == 0) {
        candidate.is_identified = true;
        candidate.device = facts.st_dev;
        candidate.inode = facts.st_ino;
    }
    taking->candidates = mem_grow(taking->candidates, &taking->candidate_capacity,
                                  taking->candidate_count + 1, sizeof *taking->candidates);
    taking->candidates[taking->candidate_count++] = candidate;
}

static int add_folder(struct taking *taking, const char *path)
{
    taking->folders = mem_grow(taking->folders, &taking->folder_capacity, taking->folder_count + 1,
                               sizeof *taking->folders);
    taking->folders[taking->folder_count] =
        (struct named_folder){.path = arena_copy(&taking->list->texts, slice_of(path)).at};
    return (int)taking->folder_count++;
}

static bool take_folder(struct taking *taking, const char *path)
{
    struct folder_files files;
    int folder = add_folder(taking, path);
    bool is_fine = folder_list(path, &files, &taking->list->texts, taking->error);
    for (size_t i = 0; i < files.count; i++) {
        const struct folder_file *file = &files.items[i];
        if (file->cause)
            skip_unreadable(taking, folder, file->path, file->reason, file->cause);
        else if (file->reason)
            skip_file(taking, file->path, file->reason);
        else
            add_candidate(taking, file->path, folder);
    }
    folder_files_clear(&files);
    return is_fine;
}

static bool is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static bool take_path(struct taking *taking, const char *path)
{
    if (is_folder(path))
        return take_folder(taking, path);
    add_candidate(taking, path, NO_FOLDER);
    return true;
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

static bool take_standard_input(struct taking *taking)
{
    for (size_t i = 0; i < taking->candidate_count; i++) {
        if (strcmp(taking->candidates[i].path, "-") == 0)
            return error_set(taking->error, ERROR_USAGE,
                             "standard input (-) is named twice, and can be read only once");
    }
    add_candidate(taking, "-", NO_FOLDER);
    return true;
}

static bool take_argument(struct taking *taking, const char *argument)
{
    if (strcmp(argument, "-") == 0)
        return take_standard_input(taking);
    return is_pattern(argument) ? take_pattern(taking, argument) : take_path(taking, argument);
}

/* --- each file once --- */

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_identity(const struct candidate *a, const struct candidate *b)
{
    if (a->is_identified != b->is_identified)
        return a->is_identified ? -1 : 1;
    int order = compare_numbers(a->device, b->device);
    return order ? order : compare_numbers(a->inode, b->inode);
}

static int compare_files(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    int order = compare_identity(a, b);
    if (order == 0)
        order = strcmp(a->path, b->path);
    return order ? order : compare_numbers(b->is_named, a->is_named);
}

static int compare_paths(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    int order = strcmp(a->path, b->path);
    return order ? order : compare_identity(a, b);
}

static void note_repeated(struct taking *taking, struct candidate *kept,
                          const struct candidate *repeated)
{
    kept->is_named |= repeated->is_named;
    if (repeated->folder != NO_FOLDER)
        taking->folders[repeated->folder].given++;
    if (strcmp(kept->path, repeated->path) == 0)
        kept->is_repeated = true;
    else
        skip_file(taking, repeated->path,
                  arena_format(&taking->list->texts, "the same file as %s", kept->path));
}

/* The same file twice is a slip, or a link, and would count everything twice. */
static void drop_repeated(struct taking *taking)
{
    struct candidate *files = taking->candidates;
    size_t kept = 0;
    if (taking->candidate_count > 1)
        qsort(files, taking->candidate_count, sizeof *files, compare_files);
    for (size_t i = 0; i < taking->candidate_count; i++) {
        if (kept > 0 && files[i].is_identified &&
            compare_identity(&files[kept - 1], &files[i]) == 0)
            note_repeated(taking, &files[kept - 1], &files[i]);
        else
            files[kept++] = files[i];
    }
    taking->candidate_count = kept;
    if (kept > 1)
        qsort(files, kept, sizeof *files, compare_paths);
}

/* --- what an input holds --- */

static bool begins_with_utf16_mark(struct slice sample)
{
    return slice_starts_with(sample, SLICE_LITERAL("\xff\xfe")) ||
           slice_starts_with(sample, SLICE_LITERAL("\xfe\xff"));
}

/* Is nearly every second byte NUL, and hardly any of the others? */
static bool has_utf16_pairs(struct slice sample)
{
    size_t nuls[2] = {0}, pairs = slice_head(sample, 4096).size / 2;
    for (size_t i = 0; i < 2 * pairs; i++)
        nuls[i % 2] += sample.at[i] == '\0';
    size_t most = nuls[0] > nuls[1] ? nuls[0] : nuls[1];
    size_t least = nuls[0] + nuls[1] - most;
    return pairs > 0 && most * 10 >= pairs * 9 && least * 10 <= pairs;
}

/*
 * Control bytes are 12% of random bytes, and hardly any of a text. Text in an old encoding has
 * bytes that are no UTF-8, but it has lines.
 */
static bool is_binary(struct slice sample)
{
    size_t controls = 0, strange = 0;
    bool has_newline = false;
    for (size_t at = 0; at < sample.size;) {
        unsigned char byte = (unsigned char)sample.at[at];
        size_t size = printable_character(slice_from(sample, at));
        bool is_blank = byte == '\n' || byte == '\r' || byte == '\t';
        controls += (byte < ' ' && !is_blank) || byte == 0x7f;
        strange += size == 0 && !is_blank;
        has_newline |= byte == '\n';
        at += size ? size : 1;
    }
    return controls * 10 > sample.size || (!has_newline && strange * 10 > sample.size);
}

static enum input_content judge(struct slice sample)
{
    if (begins_with_utf16_mark(sample) || has_utf16_pairs(sample))
        return CONTENT_UTF16;
    return is_binary(sample) ? CONTENT_BINARY : CONTENT_UNKNOWN;
}

/* In the header of a tar archive's first member: POSIX, GNU. No line of a log has a NUL byte. */
static bool is_tar(struct slice sample)
{
    struct slice magic = slice_from(sample, TAR_MAGIC_AT);
    return slice_starts_with(magic, SLICE_LITERAL("ustar\0")) ||
           slice_starts_with(magic, SLICE_LITERAL("ustar  \0"));
}

/* What the first bytes say, whether or not there are lines that fit a format. */
static enum input_content judge_sample(const struct input *input, struct slice sample)
{
    if (is_tar(sample))
        return CONTENT_ARCHIVE;
    return input->detection.line_format.format ? CONTENT_LOG : judge(sample);
}

/* A file of which lines were passed over as too long has to be looked at once more. */
static enum input_content judge_again(const struct input *input, struct slice lines)
{
    struct error error = {0};
    struct source *source = input->can_reopen ? source_open(input->path, &error) : NULL;
    if (!source)
        return judge_sample(input, lines);
    char *bytes = mem_alloc(SAMPLE_SIZE);
    size_t size = 0, got;
    while (size < SAMPLE_SIZE && (got = source_read(source, bytes + size, SAMPLE_SIZE - size)))
        size += got;
    enum input_content content = judge_sample(input, (struct slice){bytes, size});
    mem_free(bytes);
    source_close(source);
    return content;
}

static enum input_content content_of(const struct input *input, const struct block *block)
{
    struct slice lines = slice_head((struct slice){block->bytes, block->size}, SAMPLE_SIZE);
    if (block->overlong)
        return judge_again(input, lines);
    bool is_blank = input->detection.lines == 0 && !input->detection.line_format.format;
    return is_blank && !is_tar(lines) ? CONTENT_EMPTY : judge_sample(input, lines);
}

/* The start of the first line, safe to show. */
static const char *first_line(struct input_list *list, const struct block *block)
{
    struct slice rest = {block->bytes, block->size};
    struct line line = {0};
    char text[400];
    lines_next(&rest, &line);
    printable(text, sizeof text, slice_head(line.text, 80));
    return arena_copy(&list->texts, slice_of(text)).at;
}

/* What is wrong with an input that is no log, where its lines are not to blame; NULL: they are. */
static const char *problem_of(const struct input *input)
{
    if (input->content == CONTENT_UTF16)
        return "is UTF-16 text: convert it with iconv";
    if (input->content == CONTENT_BINARY)
        return "is binary, not a log";
    if (input->content == CONTENT_ARCHIVE)
        return "is a tar archive; unpack it, or pipe its members in: tar -xOf FILE | sojourn -";
    return input->detection.lines ? NULL : "has only lines over 64 KiB, which no line of a log is";
}
_Static_assert(LINE_LIMIT == 64 * 1024, "the sentence above says so");

/* A reason goes into reports, so it shows nothing of the file. */
static void skip_content(struct taking *taking, const struct input *input)
{
    struct arena *texts = &taking->list->texts;
    const char *problem = problem_of(input);
    const char *reason =
        problem ? arena_format(texts, "it %s", problem)
                : arena_format(texts, "none of its first %zu lines fits a known log format",
                               input->detection.lines);
    skip_file(taking, input->path, reason);
}

static void refuse(struct taking *taking, const struct input *input, const struct block *block)
{
    const struct log_format *format = taking->options->only;
    const char *problem = problem_of(input);
    if (problem)
        error_at(&taking->refusal, ERROR_USAGE, input->path, 0, 0, "%s", problem);
    else
        error_at(&taking->refusal, ERROR_USAGE, input->path, 0, 0,
                 "none of its first %zu lines fits %s%s; the first is \"%s\"%s",
                 input->detection.lines, format ? "the format " : "a known format",
                 format ? format->name : "", first_line(taking->list, block),
                 format ? "; without --log-format it is detected"
                        : ": name its format with --log-format, or look at it with: sojourn "
                          "detect FILE");
}

/* --- candidates -> inputs --- */

static void add_input(struct input_list *list, const struct input *input)
{
    list->items = mem_grow(list->items, &list->capacity, list->count + 1, sizeof *list->items);
    list->items[list->count++] = *input;
}

static enum header_style header_style_of(const struct input *input)
{
    const struct log_format *format = input->detection.line_format.format;
    bool has_columns = format && format->shape == SHAPE_COLUMNS;
    return has_columns ? (enum header_style)format->header : HEADER_NONE;
}

/* The first line of each member of an archive hides behind its header: none is counted. */
static void forget_lines(struct input *input)
{
    input->detection = (struct detection){
        .lines = input->detection.lines, .first_ms = CIVIL_NO_TIME, .median_ms = CIVIL_NO_TIME};
    input->first_line = (struct slice){0};
}

/* Reads the first block of an opened source, and tells what it holds. */
static void probe(struct taking *taking, struct input *input)
{
    if (!taking->block) {
        taking->reader = mem_zeroed(1, sizeof *taking->reader);
        taking->block = mem_zeroed(1, sizeof *taking->block);
    }
    line_reader_init(taking->reader, input->source);
    taking->block->header = (struct slice){0};
    if (!line_reader_fill(taking->reader, taking->block))
        taking->block->size = 0;
    struct arena *texts = &taking->list->texts;
    input->detection = detect_format(taking->block, taking->options, texts);
    if (input->detection.first_line.at)
        input->first_line = arena_copy(texts, input->detection.first_line);
    input->detection.first_line = input->first_line; /* the block goes on to the next file */
    input->content = content_of(input, taking->block);
    if (input->content == CONTENT_ARCHIVE)
        forget_lines(input);
    if (header_style_of(input) != HEADER_NONE) {
        line_reader_follow_header(taking->reader, header_style_of(input), texts, taking->block);
        input->header = taking->block->header;
    }
}

/* An input of the list: a pipe keeps what was read of it, a file is opened again later. */
static void keep_input(struct taking *taking, struct input *input)
{
    if (input->can_reopen) {
        source_close(input->source);
        input->source = NULL;
    } else {
        input->reader = taking->reader;
        input->first_block = taking->block;
        taking->reader = NULL;
        taking->block = NULL;
    }
    add_input(taking->list, input);
}

static bool has_known_lines(const struct input *input)
{
    return input->content == CONTENT_LOG || input->content == CONTENT_EMPTY;
}

/* errno of a file that the system does not let be read; 0: it does. */
static int cause_of(const char *path)
{
    return faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 ? 0 : errno;
}

static bool skip_unopened(struct taking *taking, const struct candidate *candidate,
                          const struct error *error)
{
    if (candidate->is_named) {
        *taking->error = *error;
        return false;
    }
    const char *reason = arena_format(&taking->list->texts, "it %s", error->sentence);
    skip_unreadable(taking, candidate->folder, candidate->path, reason, cause_of(candidate->path));
    return true;
}

/* False when the run cannot go on. */
static bool open_candidate(struct taking *taking, const struct candidate *candidate)
{
    struct error error = {0};
    struct input input = {.path = candidate->path, .note = ""};
    input.source = source_open(input.path, &error);
    if (!input.source)
        return skip_unopened(taking, candidate, &error);
    input.compression = source_compression(input.source);
    input.size_bytes = source_size(input.source);
    input.can_reopen = source_can_reopen(input.source);
    probe(taking, &input);
    taking->has_log |= input.content == CONTENT_LOG;
    if (!has_known_lines(&input) && !candidate->is_named) {
        skip_content(taking, &input);
        source_close(input.source);
        return true;
    }
    if (!has_known_lines(&input))
        refuse(taking, &input, taking->block);
    if (candidate->is_repeated)
        skip_file(taking, input.path, "it is named more than once, and read once");
    if (candidate->folder != NO_FOLDER)
        taking->folders[candidate->folder].given++;
    keep_input(taking, &input);
    return true;
}

/* The path of a file below the folder, as seen from there. */
static const char *path_below(const char *folder, const char *path)
{
    size_t size = strlen(folder);
    while (size && folder[size - 1] == '/')
        size--;
    return path + size + 1;
}

static bool refuse_folder(struct taking *taking, const struct named_folder *folder)
{
    char others[48] = "";
    if (folder->unreadable == 0)
        return error_at(taking->error, ERROR_USAGE, folder->path, 0, 0,
                        "this folder holds no access log (a file with \"access\", \".log\", "
                        "\"_log\" or a date in its name, in a format that is known); name the "
                        "files");
    if (folder->unreadable > 1)
        snprintf(others, sizeof others, " (and %zu more)", folder->unreadable - 1);
    return error_at(taking->error, ERROR_USAGE, folder->path, 0, 0,
                    "none of its access logs can be read: %s: %s%s%s",
                    path_below(folder->path, folder->first_unreadable),
                    folder->cause ? strerror(folder->cause) : folder->reason, others,
                    folder_advice(folder->cause));
}

static bool check_folders(struct taking *taking)
{
    for (size_t i = 0; i < taking->folder_count; i++) {
        if (taking->folders[i].given == 0)
            return refuse_folder(taking, &taking->folders[i]);
    }
    return true;
}

/* Lines of a named file that is no log are counted as rejected, beside a log; alone it is a slip.
 */
static bool check_refusal(struct taking *taking)
{
    if (taking->has_log || taking->refusal.code == ERROR_NONE)
        return true;
    *taking->error = taking->refusal;
    return false;
}

static bool open_all(struct taking *taking, const char *const *arguments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!take_argument(taking, arguments[i]))
            return false;
    }
    drop_repeated(taking);
    for (size_t i = 0; i < taking->candidate_count; i++) {
        if (!open_candidate(taking, &taking->candidates[i]))
            return false;
    }
    return check_folders(taking) && check_refusal(taking);
}

static int compare_inputs(const void *left, const void *right)
{
    const struct input *a = left, *b = right;
    int64_t a_ms = a->detection.first_ms, b_ms = b->detection.first_ms;
    if (a_ms != b_ms)
        return a_ms < b_ms ? -1 : 1;
    return strcmp(a->path, b->path);
}

static int compare_skipped(const void *left, const void *right)
{
    const struct skipped_file *a = left, *b = right;
    int order = compare_numbers(b->is_unreadable, a->is_unreadable);
    if (order == 0)
        order = strcmp(a->path, b->path);
    return order ? order : strcmp(a->reason, b->reason);
}

/*
 * What could not be read first, for it is likely to be missed, then by path; and of equal ones
 * (folders inside each other were named) one.
 */
static void order_skipped(struct input_list *list)
{
    size_t kept = 0;
    if (list->skipped_count > 1)
        qsort(list->skipped, list->skipped_count, sizeof *list->skipped, compare_skipped);
    for (size_t i = 0; i < list->skipped_count; i++) {
        if (kept == 0 || compare_skipped(&list->skipped[kept - 1], &list->skipped[i]) != 0)
            list->skipped[kept++] = list->skipped[i];
    }
    list->skipped_count = kept;
}

bool inputs_open(struct input_list *list, const char *const *arguments, size_t count,
                 const struct detect_options *options, struct error *error)
{
    *list = (struct input_list){0};
    struct taking taking = {.list = list, .options = options, .error = error};
    bool is_fine = open_all(&taking, arguments, count);
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, compare_inputs);
    order_skipped(list);
    mem_free(taking.candidates);
    mem_free(taking.folders);
    mem_free(taking.reader);
    mem_free(taking.block);
    return is_fine;
}

void inputs_free(struct input_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct input *input = &list->items[i];
        source_close(input->source);
        mem_free(input->reader);
        mem_free(input->first_block);
        arena_clear(&input->headers);
    }
    mem_free(list->items);
    mem_free(list->skipped);
    arena_clear(&list->texts);
    *list = (struct input_list){0};
}

static struct line_reader *open_again(const struct input *input, struct source **source,
                                      struct error *error)
{
    if (!input->can_reopen)
        error_at(error, ERROR_FATAL, input->path, 0, 0, "is a pipe, and was read already");
    *source = input->can_reopen ? source_open(input->path, error) : NULL;
    if (!*source)
        return NULL;
    struct line_reader *reader = mem_alloc(sizeof *reader);
    line_reader_init(reader, *source);
    reader->header_style = header_style_of(input);
    reader->header = input->header;
    return reader;
}

struct line_reader *input_open_reader(struct input *input, struct source **source,
                                      struct error *error)
{
    struct line_reader *reader = input->reader;
    *source = input->source;
    input->reader = NULL;
    input->source = NULL;
    if (!reader)
        reader = open_again(input, source, error);
    if (reader)
        reader->headers = &input->headers; /* the list's own texts are not this thread's */
    return reader;
}
