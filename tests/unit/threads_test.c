/* The queue: everything arrives once, whoever puts and takes, and closing ends it. */
#include "base/threads.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

enum { ITEMS = 5000, THREADS_MAX = 5 };

/* Item i of producer p is the address of seen[p][i]. */
struct traffic {
    struct queue *queue;
    atomic_uint seen[THREADS_MAX][ITEMS];
};

struct party {
    struct traffic *traffic;
    size_t number;
    pthread_t thread;
};

static void *produce(void *argument)
{
    const struct party *party = argument;
    for (size_t i = 0; i < ITEMS; i++)
        queue_put(party->traffic->queue, &party->traffic->seen[party->number][i]);
    queue_close(party->traffic->queue);
    return NULL;
}

static void *consume(void *argument)
{
    const struct party *party = argument;
    for (atomic_uint *item; (item = queue_take(party->traffic->queue));)
        atomic_fetch_add(item, 1);
    return NULL;
}

static void start(struct party *parties, size_t count, struct traffic *traffic,
                  void *(*run)(void *))
{
    for (size_t i = 0; i < count; i++) {
        parties[i].traffic = traffic;
        parties[i].number = i;
        ck_assert(pthread_create(&parties[i].thread, NULL, run, &parties[i]) == 0);
    }
}

static void join(struct party *parties, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pthread_join(parties[i].thread, NULL);
}

struct row {
    size_t capacity, producers, consumers;
};

static const struct row rows[] = {
    {1, 1, 1}, {1, 4, 4}, {2, 3, 5}, {7, 5, 1}, {7, 1, 5}, {64, 4, 3}, {100000, 2, 2},
};

START_TEST(everything_arrives_once)
{
    const struct row *row = &rows[_i];
    struct traffic *traffic = mem_zeroed(1, sizeof *traffic);
    struct party producers[THREADS_MAX], consumers[THREADS_MAX];
    traffic->queue = queue_new(row->capacity, row->producers);
    start(consumers, row->consumers, traffic, consume);
    start(producers, row->producers, traffic, produce);
    join(producers, row->producers);
    join(consumers, row->consumers);
    for (size_t p = 0; p < row->producers; p++) {
        for (size_t i = 0; i < ITEMS; i++) {
            if (atomic_load(&traffic->seen[p][i]) != 1)
                ck_abort_msg("item %zu of producer %zu", i, p);
        }
    }
    ck_assert_ptr_null(queue_take(traffic->queue));
    queue_free(traffic->queue);
    mem_free(traffic);
}
END_TEST

START_TEST(first_in_first_out)
{
    char items[40];
    struct queue *queue = queue_new(5, 1);
    size_t put = 0, taken = 0;
    /* The ring goes round several times, with every fill level at every place. */
    for (size_t level = 1; put < sizeof items; level = level % 5 + 1) {
        while (put < sizeof items && put - taken < level)
            queue_put(queue, &items[put++]);
        ck_assert_ptr_eq(queue_take(queue), &items[taken++]);
    }
    queue_close(queue);
    while (taken < put)
        ck_assert_ptr_eq(queue_take(queue), &items[taken++]);
    ck_assert_ptr_null(queue_take(queue));
    ck_assert_ptr_null(queue_take(queue));
    queue_free(queue);
}
END_TEST

START_TEST(ends_with_the_last_producer)
{
    char item;
    struct queue *queue = queue_new(2, 3);
    queue_close(queue);
    queue_close(queue);
    queue_put(queue, &item);
    ck_assert_ptr_eq(queue_take(queue), &item);
    queue_close(queue);
    ck_assert_ptr_null(queue_take(queue));
    queue_free(queue);
}
END_TEST

/* Takers that wait already when the last producer closes. A hang is the failure (Check's limit). */
START_TEST(closing_wakes_all_takers)
{
    struct traffic *traffic = mem_zeroed(1, sizeof *traffic);
    struct party consumers[THREADS_MAX];
    traffic->queue = queue_new(1, 1);
    start(consumers, THREADS_MAX, traffic, consume);
    usleep(20000);
    queue_close(traffic->queue);
    join(consumers, THREADS_MAX);
    queue_free(traffic->queue);
    mem_free(traffic);
}
END_TEST

struct counting {
    struct queue *queue;
    atomic_size_t put;
};

static void *put_and_count(void *argument)
{
    static char item;
    struct counting *counting = argument;
    for (size_t i = 0; i < ITEMS; i++) {
        queue_put(counting->queue, &item);
        atomic_fetch_add(&counting->put, 1);
    }
    queue_close(counting->queue);
    return NULL;
}

/* Never more in it than fit: what was put is at most the capacity ahead of what was taken. */
START_TEST(a_full_queue_holds_the_producer)
{
    enum { CAPACITY = 3 };
    struct counting counting = {queue_new(CAPACITY, 1), 0};
    pthread_t producer;
    ck_assert(pthread_create(&producer, NULL, put_and_count, &counting) == 0);
    usleep(20000); /* long enough to overrun, were it not held */
    ck_assert_uint_le(atomic_load(&counting.put), CAPACITY);
    size_t taken = 0;
    while (queue_take(counting.queue)) {
        if (atomic_load(&counting.put) > ++taken + CAPACITY)
            ck_abort_msg("after %zu were taken", taken);
    }
    ck_assert_uint_eq(taken, ITEMS);
    pthread_join(producer, NULL);
    queue_free(counting.queue);
}
END_TEST

START_TEST(freeing_nothing_is_fine)
{
    queue_free(NULL);
    queue_free(queue_new(3, 1));
}
END_TEST

enum { CALLS = 1000 };

static void count_call(void *context, size_t index)
{
    unsigned *calls = context;
    calls[index]++;
}

/* Each index once, for more and fewer threads than there is work for. */
START_TEST(a_loop_does_everything_once)
{
    static const unsigned threads[] = {1, 2, 7, 200};
    static const size_t counts[] = {0, 1, 3, CALLS};
    unsigned calls[CALLS] = {0};
    size_t count = counts[_i / 4];
    thread_for_each(threads[_i % 4], count, count_call, calls);
    for (size_t i = 0; i < CALLS; i++)
        ck_assert_uint_eq(calls[i], i < count);
}
END_TEST

START_TEST(processors_are_those_allowed)
{
    cpu_set_t allowed, one;
    ck_assert(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
    ck_assert_uint_eq(thread_processors(), (unsigned)CPU_COUNT(&allowed));
    int first = 0;
    while (!CPU_ISSET(first, &allowed))
        first++;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ck_assert(sched_setaffinity(0, sizeof one, &one) == 0);
    ck_assert_uint_eq(thread_processors(), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("threads");
    TCase *queue = tcase_create("queue");
    tcase_set_timeout(queue, 60);
    tcase_add_loop_test(queue, everything_arrives_once, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(queue, first_in_first_out);
    tcase_add_test(queue, ends_with_the_last_producer);
    tcase_add_test(queue, closing_wakes_all_takers);
    tcase_add_test(queue, a_full_queue_holds_the_producer);
    tcase_add_test(queue, freeing_nothing_is_fine);
    tcase_add_loop_test(queue, a_loop_does_everything_once, 0, 16);
    tcase_add_test(queue, processors_are_those_allowed);
    suite_add_tcase(suite, queue);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
