#include "funnel/ingest.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include "base/civil.h"
#include "base/threads.h"
#include "parser/client.h"
#include "parser/identity.h"
#include "parser/line_parser.h"

/* What all threads of one run share. */
struct ingest {
    struct input_list *inputs;
    const struct ingest_options *options;
    struct ingest_result *result;
    struct queue *filled, *unused; /* of struct block */
    pthread_mutex_t lock;          /* of everything below, and of result->texts */
    size_t next_input;
    uint64_t done_bytes, total_bytes;
    struct error error;
    struct time_window *windows; /* by input */
    bool is_sequential;          /* one reader and one worker */
    bool folds_later;            /* pipes: several workers keep all texts */
    atomic_bool is_over;         /* too many texts for several workers: this reading is in vain */
    struct head_watch heads;
    struct sighting *sightings;
    size_t sighting_count, sighting_capacity;
};

struct worker {
    struct ingest *ingest;
    struct recorder *recorder;
    struct line_parser *parser;
    struct arena formats; /* made for blocks that are unlike the rest of their input */
    struct sighting *sightings;
    size_t sighting_count, sighting_capacity, block_sightings;
    pthread_t thread;
};

/* ---- which format a block has ---- */

enum { PROBED_LINES = 16 };

/* The lines of a block that are tried: at even distances, each the first whole one there. */
static bool probe_line(const struct block *block, size_t number, struct line *line)
{
    struct slice rest =
        slice_from((struct slice){block->bytes, block->size}, block->size / PROBED_LINES * number);
    return (number == 0 || lines_next(&rest, line)) && lines_next(&rest, line);
}

/*
 * Is a clearly greater part of the block unlike what its format takes than of the input's start? Or
 * do its lines go on behind the last field where those did not?
 */
static bool is_unlike(struct worker *worker, const struct block *block,
                      const struct detection *detection)
{
    size_t lines = 0, unlike = 0, with_rest = 0;
    for (size_t number = 0; number < PROBED_LINES; number++) {
        struct line line;
        struct hit hit;
        enum reject_reason reason;
        if (!probe_line(block, number, &line))
            continue;
        enum line_outcome outcome = line_parser_read(worker->parser, &line, &hit, &reason);
        bool is_name = outcome == LINE_HIT && hit.address.family == ADDRESS_NAME;
        bool is_other = outcome == LINE_HIT && hit.oddity == ODD_OTHER_FORMAT;
        lines++;
        unlike +=
            outcome == LINE_REJECTED || is_other || (is_name && !detection->line_format.has_names);
        with_rest += outcome == LINE_HIT && line_parser_leaves_rest(worker->parser, &line);
    }
    size_t expected = detection->lines ? lines * detection->accepted / detection->lines : 0;
    bool had_rest = 2 * detection->with_rest > detection->accepted;
    return had_rest != (2 * with_rest > lines) || 4 * unlike > lines + 4 * (lines - expected) ||
           (!detection->accepted && unlike);
}

/*
 * Of columns the header tells what they are, and it may change between the lines that are tried.
 * What is no text does not become a log further on.
 */
static bool may_change(const struct worker *worker, const struct block *block)
{
    const struct input *input = &worker->ingest->inputs->items[block->input];
    const struct detection *detection = &input->detection;
    bool is_text = input->content == CONTENT_LOG || input->content == CONTENT_UNKNOWN ||
                   input->content == CONTENT_EMPTY;
    const struct log_format *format = detection->line_format.format;
    return is_text && block->number > 0 && !worker->ingest->options->detect.only &&
           !(format && format->shape == SHAPE_COLUMNS);
}

/* A server whose format was changed writes on in the same file. */
static void begin_lines(struct worker *worker, const struct block *block)
{
    const struct detection *detection = &worker->ingest->inputs->items[block->input].detection;
    const struct detect_options *options = &worker->ingest->options->detect;
    line_parser_begin(worker->parser, &detection->line_format, block->header);
    if (!may_change(worker, block) || !is_unlike(worker, block, detection))
        return;
    struct detection own = detect_format(block, options, &worker->formats);
    if (own.line_format.format)
        line_parser_begin(worker->parser, &own.line_format, block->header);
}

/* ---- lines ---- */

/* A head that is repeated without end is looked at this often in a block. */
enum { SIGHTINGS_A_BLOCK = 64 };

static void note_sighting(struct worker *worker, const struct block *block, uint32_t number,
                          const struct line *line, const struct hit *hit)
{
    struct sighting sighting;
    if (worker->block_sightings == SIGHTINGS_A_BLOCK ||
        !head_watch_find(&worker->ingest->heads, block->input, line->text, hit->time_ms, &sighting))
        return;
    worker->block_sightings++;
    sighting.block = block->number;
    sighting.line = number;
    worker->sightings = mem_grow(worker->sightings, &worker->sighting_capacity,
                                 worker->sighting_count + 1, sizeof *worker->sightings);
    worker->sightings[worker->sighting_count++] = sighting;
}

/* A few rejected lines are kept, masked by what is known of them. */
static void keep_sample(struct worker *worker, enum reject_reason reason, uint32_t number,
                        const struct line *line)
{
    struct line_fields fields;
    if (!recorder_wants_sample(worker->recorder, reason, number))
        return;
    bool is_cut = line_parser_cut(worker->parser, line, false, &fields);
    recorder_add_sample(worker->recorder, reason, number, line->text, is_cut ? &fields : NULL);
}

static void parse_line(struct worker *worker, const struct block *block, uint32_t number,
                       const struct line *line)
{
    struct hit hit;
    enum reject_reason reason;
    switch (line_parser_read(worker->parser, line, &hit, &reason)) {
    case LINE_HIT:
        if (worker->ingest->options->trusted_proxies)
            client_find(worker->ingest->options->trusted_proxies, &hit);
        if (!recorder_add_hit(worker->recorder, &hit))
            keep_sample(worker, REJECT_FAR_TIME, number, line);
        else if (head_watch_may_hold(&worker->ingest->heads, hit.time_ms))
            note_sighting(worker, block, number, line, &hit);
        break;
    case LINE_DIRECTIVE:
        recorder_add_filtered(worker->recorder, FILTER_DIRECTIVE, 1);
        break;
    case LINE_REJECTED:
        recorder_add_rejected(worker->recorder, reason, 1);
        keep_sample(worker, reason, number, line);
        break;
    }
}

static void parse_block(struct worker *worker, const struct block *block)
{
    struct slice rest = {block->bytes, block->size};
    struct line line;
    uint32_t number = 0;
    begin_lines(worker, block);
    worker->block_sightings = 0;
    recorder_begin_block(worker->recorder, block->input, block->number);
    if (block->overlong)
        recorder_add_rejected(worker->recorder, REJECT_OVERLONG, block->overlong);
    for (; number < block->skip && lines_next(&rest, &line); number++)
        recorder_add_filtered(worker->recorder,
                              worker->ingest->inputs->items[block->input].skip_reason, 1);
    for (; lines_next(&rest, &line); number++)
        parse_line(worker, block, number, &line);
    if (recorder_is_over(worker->recorder) && !worker->ingest->is_sequential)
        atomic_store(&worker->ingest->is_over, true);
}

static void *run_worker(void *argument)
{
    struct worker *worker = argument;
    struct ingest *ingest = worker->ingest;
    struct block *block;
    while ((block = queue_take(ingest->filled))) {
        if (!atomic_load(&ingest->is_over))
            parse_block(worker, block);
        queue_put(ingest->unused, block);
    }
    return NULL;
}

static void note_progress(struct ingest *ingest, uint64_t more_bytes)
{
    const struct ingest_options *options = ingest->options;
    pthread_mutex_lock(&ingest->lock);
    ingest->done_bytes += more_bytes;
    if (options->progress)
        options->progress(options->progress_context, ingest->done_bytes, ingest->total_bytes);
    pthread_mutex_unlock(&ingest->lock);
}

static uint64_t count_lines(const struct block *block)
{
    struct slice rest = {block->bytes, block->size};
    uint64_t count = 0;
    while (rest.size) {
        const char *newline = memchr(rest.at, '\n', rest.size);
        rest = newline ? slice_from(rest, (size_t)(newline - rest.at) + 1) : (struct slice){0};
        count++;
    }
    return count;
}

/* Of the lines that are left out at the start of an input those in this block. */
static void set_skip(struct block *block, uint64_t *left)
{
    block->skip = *left;
    if (*left && *left != SKIP_ALL_LINES) {
        uint64_t lines = count_lines(block);
        *left -= lines < *left ? lines : *left;
    }
}

/* The block that the probe of a pipe has read already. */
static void pass_first_block(struct ingest *ingest, uint32_t number)
{
    const struct input *input = &ingest->inputs->items[number];
    const struct block *first = input->first_block;
    if (!first || (first->size == 0 && first->overlong == 0))
        return;
    struct block *block = queue_take(ingest->unused);
    memcpy(block, first, sizeof *block);
    block->input = number;
    block->skip = input->skip_lines; /* of a pipe all or nothing */
    queue_put(ingest->filled, block);
}

static void pass_blocks(struct ingest *ingest, uint32_t number, struct source *source,
                        struct line_reader *reader)
{
    uint64_t seen_bytes = 0, left = ingest->inputs->items[number].skip_lines;
    for (;;) {
        struct block *block = queue_take(ingest->unused);
        if (atomic_load(&ingest->is_over) || !line_reader_fill(reader, block)) {
            queue_put(ingest->unused, block);
            return;
        }
        block->input = number;
        set_skip(block, &left);
        queue_put(ingest->filled, block);
        note_progress(ingest, source_consumed(source) - seen_bytes);
        seen_bytes = source_consumed(source);
    }
}

static void note_ending(struct ingest *ingest, uint32_t number, const struct source *source)
{
    pthread_mutex_lock(&ingest->lock);
    struct slice problem = slice_of(source_problem(source));
    ingest->result->endings[number] = (struct ingest_ending){
        .status = source_status(source),
        .problem = arena_copy(&ingest->result->texts, problem).at,
    };
    pthread_mutex_unlock(&ingest->lock);
}

static void note_error(struct ingest *ingest, const struct error *error)
{
    pthread_mutex_lock(&ingest->lock);
    if (ingest->error.code == ERROR_NONE)
        ingest->error = *error;
    pthread_mutex_unlock(&ingest->lock);
}

static void read_input(struct ingest *ingest, uint32_t number)
{
    struct input *input = &ingest->inputs->items[number];
    struct error error = {0};
    struct source *source = NULL;
    struct line_reader *reader = input_open_reader(input, &source, &error);
    if (!reader) {
        note_error(ingest, &error);
        return;
    }
    pass_first_block(ingest, number);
    pass_blocks(ingest, number, source, reader);
    note_ending(ingest, number, source);
    mem_free(reader);
    source_close(source);
}

static bool take_input(struct ingest *ingest, uint32_t *number)
{
    pthread_mutex_lock(&ingest->lock);
    bool is_taken = ingest->next_input < ingest->inputs->count;
    if (is_taken)
        *number = (uint32_t)ingest->next_input++;
    pthread_mutex_unlock(&ingest->lock);
    return is_taken;
}

static void *run_reader(void *argument)
{
    struct ingest *ingest = argument;
    uint32_t number;
    while (take_input(ingest, &number))
        read_input(ingest, number);
    queue_close(ingest->filled);
    return NULL;
}

static void start_thread(pthread_t *thread, void *(*run)(void *), void *argument)
{
    /* No thread to be had is like no memory: the machine gives no more, and nothing is written. */
    if (pthread_create(thread, NULL, run, argument) != 0)
        mem_free(mem_zeroed(SIZE_MAX, 1));
}

static unsigned worker_count(const struct ingest *ingest)
{
    return ingest->is_sequential ? 1 : ingest->options->threads;
}

static struct worker *start_workers(struct ingest *ingest)
{
    unsigned count = worker_count(ingest);
    struct worker *workers = mem_zeroed(count, sizeof *workers);
    struct recorder_options options = ingest->options->recorder;
    options.input_count = ingest->inputs->count;
    options.windows = ingest->windows;
    options.worker_max_keys = ingest->folds_later ? UINT32_MAX : options.max_keys;
    for (unsigned i = 0; i < count; i++) {
        workers[i].ingest = ingest;
        workers[i].recorder = recorder_new(&options);
        workers[i].parser = line_parser_new(ingest->options->detect.zone);
        arena_init(&workers[i].formats);
        start_thread(&workers[i].thread, run_worker, &workers[i]);
    }
    return workers;
}

/* What the workers have seen, in one list. */
static void gather_sightings(struct ingest *ingest, const struct worker *worker)
{
    size_t count = ingest->sighting_count + worker->sighting_count;
    if (worker->sighting_count == 0)
        return;
    ingest->sightings =
        mem_grow(ingest->sightings, &ingest->sighting_capacity, count, sizeof *ingest->sightings);
    memcpy(ingest->sightings + ingest->sighting_count, worker->sightings,
           worker->sighting_count * sizeof *worker->sightings);
    ingest->sighting_count = count;
}

static void clear_worker(struct worker *worker)
{
    recorder_free(worker->recorder);
    line_parser_free(worker->parser);
    arena_clear(&worker->formats);
    mem_free(worker->sightings);
}

static struct event_table *finish_workers(struct ingest *ingest, struct worker *workers)
{
    unsigned count = worker_count(ingest);
    struct recorder **recorders = mem_zeroed(count, sizeof(struct recorder *));
    for (unsigned i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        recorders[i] = workers[i].recorder;
        gather_sightings(ingest, &workers[i]);
    }
    struct event_table *table =
        atomic_load(&ingest->is_over) ? NULL : event_table_new(recorders, count);
    for (unsigned i = 0; i < count; i++)
        clear_worker(&workers[i]);
    mem_free(recorders);
    mem_free(workers);
    return table;
}

/* Each reader holds a file open; some descriptors are for outputs, databases and libraries. */
static size_t descriptor_limit(void)
{
    enum { OTHERS = 24 };
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return SIZE_MAX;
    return limit.rlim_cur > OTHERS ? (size_t)limit.rlim_cur - OTHERS : 1;
}

static unsigned reader_count(const struct ingest *ingest)
{
    size_t count = worker_count(ingest), limit = descriptor_limit();
    count = ingest->inputs->count < count ? ingest->inputs->count : count;
    count = limit < count ? limit : count;
    return count ? (unsigned)count : 1;
}

static void make_blocks(struct ingest *ingest, unsigned readers)
{
    /* One being filled and one being parsed by each, and two waiting for each. */
    size_t count = 2 * (readers + worker_count(ingest)) + 2;
    ingest->filled = queue_new(count, readers);
    ingest->unused = queue_new(count, 1);
    for (size_t i = 0; i < count; i++)
        queue_put(ingest->unused, mem_alloc(sizeof(struct block)));
}

static void free_blocks(struct ingest *ingest)
{
    queue_close(ingest->unused);
    struct block *block;
    while ((block = queue_take(ingest->unused)))
        mem_free(block);
    queue_free(ingest->unused);
    queue_free(ingest->filled);
}

static void run_threads(struct ingest *ingest)
{
    unsigned readers = reader_count(ingest);
    make_blocks(ingest, readers);
    struct worker *workers = start_workers(ingest);
    pthread_t *threads = mem_zeroed(readers, sizeof *threads);
    for (unsigned i = 0; i < readers; i++)
        start_thread(&threads[i], run_reader, ingest);
    for (unsigned i = 0; i < readers; i++)
        pthread_join(threads[i], NULL);
    ingest->result->table = finish_workers(ingest, workers);
    mem_free(threads);
    free_blocks(ingest);
}

static struct time_window window_around(int64_t median_ms)
{
    return (struct time_window){median_ms - FAR_TIME_MS, median_ms + FAR_TIME_MS};
}

/*
 * Lines far from the others of their input are a broken clock's, and must not move anything. Inputs
 * of which nothing is known yet are held to the times of the others.
 */
static struct time_window *make_windows(const struct input_list *inputs)
{
    struct time_window all = {INT64_MAX, INT64_MIN}, none = {INT64_MIN, INT64_MAX};
    struct time_window *windows = mem_zeroed(inputs->count, sizeof *windows);
    for (size_t i = 0; i < inputs->count; i++) {
        if (inputs->items[i].detection.median_ms == CIVIL_NO_TIME)
            continue;
        windows[i] = window_around(inputs->items[i].detection.median_ms);
        all.earliest_ms =
            windows[i].earliest_ms < all.earliest_ms ? windows[i].earliest_ms : all.earliest_ms;
        all.latest_ms = windows[i].latest_ms > all.latest_ms ? windows[i].latest_ms : all.latest_ms;
    }
    for (size_t i = 0; i < inputs->count; i++) {
        if (inputs->items[i].detection.median_ms == CIVIL_NO_TIME)
            windows[i] = all.earliest_ms < all.latest_ms ? all : none;
    }
    return windows;
}

static void run_once(struct ingest *ingest)
{
    ingest->next_input = 0;
    ingest->done_bytes = 0;
    ingest->sighting_count = 0;
    head_watch_init(&ingest->heads, ingest->inputs);
    run_threads(ingest);
    head_watch_clear(&ingest->heads);
}

static bool can_repeat(const struct ingest *ingest)
{
    for (size_t i = 0; i < ingest->inputs->count; i++) {
        if (!ingest->inputs->items[i].can_reopen)
            return false;
    }
    return true;
}

/* Copies are looked for anew: what stands in a file that is left out as well has to be counted. */
static void forget_copies(struct input_list *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        struct input *input = &inputs->items[i];
        if (input->skip_lines && input->skip_reason == FILTER_ALREADY_COUNTED) {
            input->skip_lines = 0;
            input->note = "";
        }
    }
    identity_mark_copies(inputs);
}

/* With is_strict: damaged inputs that were not left out until now are. True when there are any. */
static bool leave_out_damaged(struct ingest *ingest)
{
    bool has_changed = false;
    for (size_t i = 0; ingest->options->is_strict && i < ingest->inputs->count; i++) {
        struct input *input = &ingest->inputs->items[i];
        bool is_damaged = source_status_is_damage(ingest->result->endings[i].status);
        bool is_left_out =
            input->skip_lines == SKIP_ALL_LINES && input->skip_reason == FILTER_DAMAGED_FILE;
        if (!is_damaged || is_left_out)
            continue;
        input->skip_lines = SKIP_ALL_LINES;
        input->skip_reason = FILTER_DAMAGED_FILE;
        input->note = "";
        has_changed = true;
    }
    if (has_changed)
        forget_copies(ingest->inputs);
    return has_changed;
}

/*
 * What one reading has shown can ask for another one. It ends: once it is sequential it stays so;
 * each other one leaves out another damaged file, or, with the same damaged files, more lines.
 */
static bool has_to_repeat(struct ingest *ingest)
{
    if (ingest->error.code != ERROR_NONE)
        return false;
    if (atomic_load(&ingest->is_over)) {
        atomic_store(&ingest->is_over, false);
        ingest->is_sequential = true;
        return true;
    }
    bool has_changed = leave_out_damaged(ingest);
    if (!has_changed && ingest->sighting_count && can_repeat(ingest))
        has_changed = identity_settle(ingest->inputs, ingest->sightings, ingest->sighting_count);
    if (has_changed && !can_repeat(ingest))
        error_set(&ingest->error, ERROR_FATAL,
                  "an input is damaged, and with --strict all is read again without it, which a "
                  "pipe cannot be; nothing was written");
    return has_changed && ingest->error.code == ERROR_NONE;
}

bool ingest_run(struct input_list *inputs, const struct ingest_options *options,
                struct ingest_result *result, struct error *error)
{
    assert(options->threads > 0);
    *result = (struct ingest_result){.input_count = inputs->count};
    result->endings = mem_zeroed(inputs->count, sizeof *result->endings);
    for (size_t i = 0; i < inputs->count; i++)
        result->endings[i].problem = "";
    struct ingest ingest = {.inputs = inputs, .options = options, .result = result};
    identity_mark_copies(inputs);
    ingest.windows = make_windows(inputs);
    ingest.is_sequential = options->threads == 1;
    ingest.folds_later = !ingest.is_sequential && !can_repeat(&ingest);
    for (size_t i = 0; i < inputs->count; i++)
        ingest.total_bytes += inputs->items[i].size_bytes;
    pthread_mutex_init(&ingest.lock, NULL);
    run_once(&ingest);
    while (has_to_repeat(&ingest)) {
        event_table_free(result->table);
        run_once(&ingest);
    }
    pthread_mutex_destroy(&ingest.lock);
    mem_free(ingest.windows);
    mem_free(ingest.sightings);
    if (ingest.error.code != ERROR_NONE) {
        *error = ingest.error;
        return false;
    }
    people_settle(result->table, &options->people);
    return true;
}

void ingest_free(struct ingest_result *result)
{
    event_table_free(result->table);
    mem_free(result->endings);
    arena_clear(&result->texts);
    *result = (struct ingest_result){0};
}
