/*
 * threads: a bounded queue of pointers between threads.
 *
 * The one way in which threads of this program talk: readers put blocks, workers take them. A
 * queue blocks who puts into a full one and who takes from an empty one. When every producer has
 * closed it, takers get NULL.
 */
#ifndef BASE_THREADS_H
#define BASE_THREADS_H

#include <stddef.h>

struct queue;

/* capacity: how many pointers fit; producers: how many queue_close calls end it. */
struct queue *queue_new(size_t capacity, size_t producers);
void queue_free(struct queue *queue); /* NULL is fine; what is still in it is not touched */

void queue_put(struct queue *queue, void *item); /* item must not be NULL */
void *queue_take(struct queue *queue);           /* NULL: closed and empty */
void queue_close(struct queue *queue);           /* by one producer */

/*
 * work(context, i) once for each i below count, on up to `threads` threads at once and in no
 * certain order; returns when all are done. What the calls write must not be shared.
 */
typedef void thread_work(void *context, size_t index);
void thread_for_each(unsigned threads, size_t count, thread_work *work, void *context);

/* How many processors this process may use; at least 1. */
unsigned thread_processors(void);

#endif
