/*
 * identity: the same lines in two inputs, found by content.
 *
 * Log rotation leaves copies: access.log.1 and access.log.1.gz, a copy made at noon beside the
 * whole day, the month beside its days, the last lines of one file at the head of the next. Names
 * and inodes tell nothing about that; content does. Two ways to find it:
 *
 *     before the run   inputs with the same first hit are compared line by line: equal, or one the
 *                      beginning of the other (identity_mark_copies)
 *     during the run   a line that is the first hit of one input is sighted inside another one
 *                      (head_watch); after the run the two are compared from there on, and if
 *                      they agree to the end of the first, or, where that is the later one of the
 *                      list, to the end of the other, its lines are already counted, and the run
 *                      is repeated without them (identity_settle)
 *
 * So all parts of a joined file are found in it, whatever the order they were joined in ("cat
 * access.log*" writes the newest first).
 *
 * At least IDENTITY_LINES equal lines make an overlap, the first hit among them; headers and
 * comments ('#') do not count: one equal line can be chance (two servers asked by the same health
 * check in the same second). A last line without a newline that another line begins with was cut
 * off by copying, and ends its input. Pipes cannot be read twice, so they are never compared.
 *
 * Lines are skipped because they stand in an input that is counted there, or skipped there for the
 * same reason. That ends, so that no line is lost: each input is skipped for the sake of one other
 * (its stand_in), and never when the way from one stand-in to the next would lead back to it.
 * Before the run it cannot: a copy is left to one as long or longer, first lines to an earlier one
 * that is no copy. After it each step is checked.
 */
#ifndef PARSER_IDENTITY_H
#define PARSER_IDENTITY_H

#include "base/hash.h"
#include "parser/inputs.h"

enum { IDENTITY_LINES = 2 };

/*
 * Sets skip_lines, skip_reason and note of inputs whose lines, or first lines, stand at the start
 * of another one. The longer one is counted; of equal ones the first in the list that is not
 * damaged.
 */
void identity_mark_copies(struct input_list *list);

enum { WATCH_WORDS = 64, WATCH_WORD_BITS = 64 };

/* The first hits of inputs, to be looked for while others are read. */
struct head_watch {
    /* Bit per time (a hash of it), so that nearly every line is passed at once. */
    uint64_t times[WATCH_WORDS];
    struct hash_key key;
    struct watched_head *heads; /* by time, hash, input */
    size_t count;
};

struct watched_head {
    int64_t time_ms;
    uint64_t hash; /* of the line */
    uint32_t input;
};

/*
 * Heads of inputs that could be repeated: none when there is only one input, and none when one is
 * a pipe, for then the run cannot be repeated.
 */
void head_watch_init(struct head_watch *watch, const struct input_list *list);
void head_watch_clear(struct head_watch *watch);

/* The bit of a time. */
static inline uint64_t head_watch_bit(int64_t time_ms)
{
    return (uint64_t)time_ms * 0x9e3779b97f4a7c15u >> 52;
}

static inline bool head_watch_may_hold(const struct head_watch *watch, int64_t time_ms)
{
    uint64_t bit = head_watch_bit(time_ms);
    return watch->times[bit / WATCH_WORD_BITS] >> bit % WATCH_WORD_BITS & 1;
}

/* A line of an input that is the first hit of another one. */
struct sighting {
    uint32_t input, block, line; /* where: line counts from 0 within the block */
    uint32_t head_of;
};

/*
 * Is the line, at this time, in `input`, the head of another one? *sighting gets .input and
 * .head_of: of several the first that comes after it in the list, or else the first of all.
 */
bool head_watch_find(const struct head_watch *watch, uint32_t input, struct slice line,
                     int64_t time_ms, struct sighting *sighting);

/*
 * Compares what was sighted; sets skip_lines of inputs that stand in others. True when any has
 * changed, so that the run has to be repeated. Sightings may come in any order (they are sorted
 * here); of one pair the first SIGHTINGS_TRIED places are tried. Inputs that are skipped already
 * stay as they are.
 */
enum { SIGHTINGS_TRIED = 64 };
bool identity_settle(struct input_list *list, struct sighting *sightings, size_t count);

#endif
