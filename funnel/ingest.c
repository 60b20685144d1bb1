#include "funnel/ingest.h"

#include <assert.h>
#include <pthread.h>

#include "base/threads.h"
#include "parser/format.h"

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
};

struct worker {
    struct ingest *ingest;
    struct recorder *recorder;
    pthread_t thread;
};

static void parse_block(struct worker *worker, struct line_clock *clock, const struct block *block)
{
    const struct log_format *format = worker->ingest->inputs->items[block->input].detection.format;
    struct slice rest = {block->bytes, block->size}, line;
    recorder_begin_block(worker->recorder, block->input, block->number);
    if (block->overlong)
        recorder_add_rejected(worker->recorder, REJECT_OVERLONG, block->overlong);
    while (lines_next(&rest, &line)) {
        struct hit hit;
        enum reject_reason reason;
        if (format_parse(format, clock, line, &hit, &reason))
            recorder_add_hit(worker->recorder, &hit);
        else
            recorder_add_rejected(worker->recorder, reason, 1);
    }
}

static void *run_worker(void *argument)
{
    struct worker *worker = argument;
    struct ingest *ingest = worker->ingest;
    struct line_clock clock;
    line_clock_init(&clock, ingest->options->zone_s);
    struct block *block;
    while ((block = queue_take(ingest->filled))) {
        parse_block(worker, &clock, block);
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

/* The block that the probe of a pipe has read already. */
static void pass_first_block(struct ingest *ingest, uint32_t number)
{
    const struct block *first = ingest->inputs->items[number].first_block;
    if (!first || (first->size == 0 && first->overlong == 0))
        return;
    struct block *block = queue_take(ingest->unused);
    memcpy(block, first, sizeof *block);
    block->input = number;
    queue_put(ingest->filled, block);
}

static void pass_blocks(struct ingest *ingest, uint32_t number, struct source *source,
                        struct line_reader *reader)
{
    uint64_t seen_bytes = 0;
    for (;;) {
        struct block *block = queue_take(ingest->unused);
        if (!line_reader_fill(reader, block)) {
            queue_put(ingest->unused, block);
            return;
        }
        block->input = number;
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
    struct source *source = input->source ? input->source : source_open(input->path, &error);
    if (!source) {
        note_error(ingest, &error);
        return;
    }
    struct line_reader *reader = input->reader;
    if (!reader) {
        reader = mem_alloc(sizeof *reader);
        line_reader_init(reader, source);
    }
    pass_first_block(ingest, number);
    pass_blocks(ingest, number, source, reader);
    note_ending(ingest, number, source);
    if (!input->reader)
        mem_free(reader);
    if (!input->source)
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

static struct worker *start_workers(struct ingest *ingest)
{
    unsigned count = ingest->options->threads;
    struct worker *workers = mem_zeroed(count, sizeof *workers);
    struct recorder_options options = ingest->options->recorder;
    options.input_count = ingest->inputs->count;
    options.key = hash_key_random();
    for (unsigned i = 0; i < count; i++) {
        workers[i].ingest = ingest;
        workers[i].recorder = recorder_new(&options);
        start_thread(&workers[i].thread, run_worker, &workers[i]);
    }
    return workers;
}

static struct event_table *finish_workers(struct worker *workers, unsigned count)
{
    struct recorder **recorders = mem_zeroed(count, sizeof(struct recorder *));
    for (unsigned i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        recorders[i] = workers[i].recorder;
    }
    struct event_table *table = event_table_new(recorders, count);
    for (unsigned i = 0; i < count; i++)
        recorder_free(recorders[i]);
    mem_free(recorders);
    mem_free(workers);
    return table;
}

static unsigned reader_count(const struct ingest *ingest)
{
    size_t inputs = ingest->inputs->count ? ingest->inputs->count : 1;
    return inputs < ingest->options->threads ? (unsigned)inputs : ingest->options->threads;
}

static void make_blocks(struct ingest *ingest, unsigned readers)
{
    /* One being filled and one being parsed by each, and two waiting for each. */
    size_t count = 2 * (readers + ingest->options->threads) + 2;
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
    ingest->result->table = finish_workers(workers, ingest->options->threads);
    mem_free(threads);
    free_blocks(ingest);
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
    for (size_t i = 0; i < inputs->count; i++)
        ingest.total_bytes += inputs->items[i].size_bytes;
    pthread_mutex_init(&ingest.lock, NULL);
    run_threads(&ingest);
    pthread_mutex_destroy(&ingest.lock);
    if (ingest.error.code == ERROR_NONE)
        return true;
    *error = ingest.error;
    return false;
}

void ingest_free(struct ingest_result *result)
{
    event_table_free(result->table);
    mem_free(result->endings);
    arena_clear(&result->texts);
    *result = (struct ingest_result){0};
}
