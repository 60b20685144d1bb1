#include "base/threads.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/memory.h"

enum { MAX_HELPERS = 64 };

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t not_empty, not_full;
    size_t capacity, first, count;
    size_t open_producers;
    void **items; /* a ring */
};

struct queue *queue_new(size_t capacity, size_t producers)
{
    struct queue *queue = mem_zeroed(1, sizeof *queue);
    queue->capacity = capacity;
    queue->open_producers = producers;
    queue->items = mem_zeroed(capacity, sizeof *queue->items);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    pthread_cond_init(&queue->not_full, NULL);
    return queue;
}

void queue_free(struct queue *queue)
{
    if (!queue)
        return;
    pthread_mutex_destroy(&queue->lock);
    pthread_cond_destroy(&queue->not_empty);
    pthread_cond_destroy(&queue->not_full);
    mem_free(queue->items);
    mem_free(queue);
}

void queue_put(struct queue *queue, void *item)
{
    assert(item);
    pthread_mutex_lock(&queue->lock);
    while (queue->count == queue->capacity)
        pthread_cond_wait(&queue->not_full, &queue->lock);
    queue->items[(queue->first + queue->count++) % queue->capacity] = item;
    pthread_cond_signal(&queue->not_empty);
    pthread_mutex_unlock(&queue->lock);
}

void *queue_take(struct queue *queue)
{
    void *item = NULL;
    pthread_mutex_lock(&queue->lock);
    while (queue->count == 0 && queue->open_producers > 0)
        pthread_cond_wait(&queue->not_empty, &queue->lock);
    if (queue->count) {
        item = queue->items[queue->first];
        queue->first = (queue->first + 1) % queue->capacity;
        queue->count--;
        pthread_cond_signal(&queue->not_full);
    }
    pthread_mutex_unlock(&queue->lock);
    return item;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    assert(queue->open_producers > 0);
    if (--queue->open_producers == 0)
        pthread_cond_broadcast(&queue->not_empty);
    pthread_mutex_unlock(&queue->lock);
}

struct loop {
    atomic_size_t next;
    size_t count;
    thread_work *work;
    void *context;
};

static void *run_loop(void *argument)
{
    struct loop *loop = argument;
    size_t index;
    while ((index = atomic_fetch_add(&loop->next, 1)) < loop->count)
        loop->work(loop->context, index);
    return NULL;
}

void thread_for_each(unsigned threads, size_t count, thread_work *work, void *context)
{
    struct loop loop = {.count = count, .work = work, .context = context};
    pthread_t helpers[MAX_HELPERS];
    unsigned wanted = count < threads ? (unsigned)count : threads, started = 0;
    /* The caller works too; with fewer helpers than wanted it only takes longer. */
    while (started + 1 < wanted && started < MAX_HELPERS &&
           pthread_create(&helpers[started], NULL, run_loop, &loop) == 0)
        started++;
    run_loop(&loop);
    for (unsigned i = 0; i < started; i++)
        pthread_join(helpers[i], NULL);
}

unsigned thread_processors(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? (unsigned)count : 1;
}
