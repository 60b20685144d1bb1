#include "parser/identity.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "parser/line_parser.h"

enum {
    COMPARED_MOST = 8,   /* earlier inputs of the same head that one is compared with */
    FOLLOWERS_MOST = 16, /* inputs that are compared with one at the same time */
};

/* --- an input read again, line by line --- */

struct reading {
    struct source *source;
    struct line_reader *reader; /* this and the block serve one input after the other */
    struct block *block;
    struct slice rest; /* of the block */
};

static bool reading_open(struct reading *reading, const struct input *input)
{
    struct error error = {0};
    reading->source = source_open(input->path, &error);
    if (!reading->source)
        return false;
    if (!reading->block) {
        reading->reader = mem_zeroed(1, sizeof *reading->reader);
        reading->block = mem_zeroed(1, sizeof *reading->block);
    }
    line_reader_init(reading->reader, reading->source);
    reading->rest = (struct slice){0};
    return true;
}

static void reading_close(struct reading *reading)
{
    source_close(reading->source);
    reading->source = NULL;
}

static void reading_free(struct reading *reading)
{
    reading_close(reading);
    mem_free(reading->reader);
    mem_free(reading->block);
}

static bool reading_fill(struct reading *reading)
{
    if (!line_reader_fill(reading->reader, reading->block))
        return false;
    reading->rest = (struct slice){reading->block->bytes, reading->block->size};
    return true;
}

/* The line lives until the next call. */
static bool reading_next_line(struct reading *reading, struct line *line)
{
    while (!lines_next(&reading->rest, line)) {
        if (!reading_fill(reading))
            return false;
    }
    return true;
}

static bool reading_next(struct reading *reading, struct slice *text)
{
    struct line line;
    if (!reading_next_line(reading, &line))
        return false;
    *text = line.text;
    return true;
}

/* As far as it was read. */
static bool is_damaged(const struct reading *reading)
{
    return reading->source && source_status_is_damage(source_status(reading->source));
}

/* Is this the last line of its input, without a newline, and the beginning of the other? */
static bool is_cut_off(const struct reading *reading, struct slice text, struct slice other)
{
    const struct block *block = reading->block;
    return text.at + text.size == block->bytes + block->size && text.size < other.size &&
           slice_starts_with(other, text);
}

/* Blank lines, headers and comments are alike in logs that have nothing to do with each other. */
static bool counts(struct slice text)
{
    return text.size > 0 && text.at[0] != '#';
}

static bool can_be_compared(const struct input *input)
{
    return input->can_reopen && input->first_line.at && input->skip_lines == 0;
}

static void skip(struct input *input, uint64_t lines, size_t stand_in, const char *note)
{
    input->skip_lines = lines;
    input->skip_reason = FILTER_ALREADY_COUNTED;
    input->stand_in = stand_in;
    input->note = note;
}

/* --- before the run: inputs that begin alike --- */

/* How far two inputs are the same, from their first lines on. */
struct agreement {
    uint64_t lines; /* all of them */
    uint64_t hits;  /* those that count, from the first hit on */
    bool a_ends, b_ends;
    bool a_is_damaged, b_is_damaged;
};

static struct agreement agree(struct reading *a, struct reading *b, struct slice head)
{
    struct agreement found = {0};
    struct slice a_text = {0}, b_text = {0};
    bool has_head = false;
    for (;; found.lines++) {
        found.a_ends = !reading_next(a, &a_text);
        found.b_ends = !reading_next(b, &b_text);
        if (found.a_ends || found.b_ends)
            return found;
        if (!slice_equal(a_text, b_text))
            break;
        has_head = has_head || slice_equal(a_text, head);
        found.hits += has_head && counts(a_text);
    }
    found.a_ends = is_cut_off(a, a_text, b_text);
    found.b_ends = is_cut_off(b, b_text, a_text);
    return found;
}

/* Lines that an input shares with an earlier one, before they part. */
struct shared_lines {
    size_t with;
    uint64_t count;
};

/* An input among others that have the same head. */
struct member {
    size_t input;
    struct shared_lines shared[COMPARED_MOST];
    size_t shared_count;
};

struct marking {
    struct input_list *list;
    struct reading a, b;
    struct member *members; /* by head, then as in the list */
    size_t count;
};

static struct agreement compare_inputs(struct marking *marking, const struct input *a,
                                       const struct input *b)
{
    struct agreement found = {0};
    if (reading_open(&marking->a, a) && reading_open(&marking->b, b))
        found = agree(&marking->a, &marking->b, a->first_line);
    found.a_is_damaged = is_damaged(&marking->a);
    found.b_is_damaged = is_damaged(&marking->b);
    reading_close(&marking->a);
    reading_close(&marking->b);
    return found;
}

/* The copy's lines all stand at the start of the other one. */
static void mark_copy(struct marking *marking, struct input *copy, const struct input *other,
                      bool is_equal)
{
    const char *form = is_equal ? "the same content as %s" : "all of it stands at the start of %s";
    size_t stand_in = (size_t)(other - marking->list->items);
    skip(copy, SKIP_ALL_LINES, stand_in, arena_format(&marking->list->texts, form, other->path));
}

/*
 * Compares a member with an earlier one. False when it turned out to be a copy. Of two that are
 * equal the first counts, unless it alone is damaged.
 */
static bool mark_pair(struct marking *marking, const struct member *earlier, struct member *later)
{
    struct input *a = &marking->list->items[earlier->input];
    struct input *b = &marking->list->items[later->input];
    struct agreement found = compare_inputs(marking, a, b);
    bool is_equal = found.a_ends && found.b_ends;
    bool prefers_later = is_equal && found.a_is_damaged && !found.b_is_damaged;
    if (found.hits < IDENTITY_LINES)
        return true;
    if (found.b_ends && !prefers_later) {
        mark_copy(marking, b, a, is_equal);
        return false;
    }
    if (found.a_ends)
        mark_copy(marking, a, b, is_equal);
    else
        later->shared[later->shared_count++] = (struct shared_lines){earlier->input, found.lines};
    return true;
}

static void mark_member(struct marking *marking, size_t begin, size_t at)
{
    size_t compared = 0;
    for (size_t i = begin; i < at && compared < COMPARED_MOST; i++) {
        const struct member *earlier = &marking->members[i];
        if (marking->list->items[earlier->input].skip_lines == SKIP_ALL_LINES)
            continue;
        compared++;
        if (!mark_pair(marking, earlier, &marking->members[at]))
            return;
    }
}

/*
 * An input's first lines are left to the one it shares most of them with. One that was found to be
 * the start of a longer input does not count: the longer one was compared, too.
 */
static void mark_shared(struct marking *marking, const struct member *member)
{
    struct input_list *list = marking->list;
    struct shared_lines most = {0};
    for (size_t i = 0; i < member->shared_count; i++) {
        const struct shared_lines *shared = &member->shared[i];
        if (list->items[shared->with].skip_lines != SKIP_ALL_LINES && shared->count > most.count)
            most = *shared;
    }
    struct input *input = &list->items[member->input];
    if (most.count && input->skip_lines == 0)
        skip(input, most.count, most.with,
             arena_format(&list->texts, "its first %" PRIu64 " lines stand in %s as well",
                          most.count, list->items[most.with].path));
}

static void mark_group(struct marking *marking, size_t begin, size_t end)
{
    for (size_t i = begin + 1; i < end; i++)
        mark_member(marking, begin, i);
    for (size_t i = begin + 1; i < end; i++)
        mark_shared(marking, &marking->members[i]);
}

static int compare_heads(const struct input *a, const struct input *b)
{
    if (a->detection.first_ms != b->detection.first_ms)
        return a->detection.first_ms < b->detection.first_ms ? -1 : 1;
    return slice_compare(a->first_line, b->first_line);
}

static int compare_members(const void *left, const void *right, void *context)
{
    const struct member *a = left, *b = right;
    const struct input *items = context;
    int order = compare_heads(&items[a->input], &items[b->input]);
    return order ? order : (a->input > b->input) - (a->input < b->input);
}

static void collect_members(struct marking *marking)
{
    struct input_list *list = marking->list;
    marking->members = mem_zeroed(list->count, sizeof *marking->members);
    for (size_t i = 0; i < list->count; i++) {
        if (can_be_compared(&list->items[i]))
            marking->members[marking->count++].input = i;
    }
    if (marking->count > 1)
        qsort_r(marking->members, marking->count, sizeof *marking->members, compare_members,
                list->items);
}

void identity_mark_copies(struct input_list *list)
{
    struct marking marking = {.list = list};
    collect_members(&marking);
    for (size_t begin = 0, end; begin < marking.count; begin = end) {
        const struct input *first = &list->items[marking.members[begin].input];
        for (end = begin + 1; end < marking.count; end++) {
            if (compare_heads(first, &list->items[marking.members[end].input]) != 0)
                break;
        }
        mark_group(&marking, begin, end);
    }
    reading_free(&marking.a);
    reading_free(&marking.b);
    mem_free(marking.members);
}

/* --- during the run: heads inside other inputs --- */

static int compare_watched(const struct watched_head *a, const struct watched_head *b)
{
    if (a->time_ms != b->time_ms)
        return a->time_ms < b->time_ms ? -1 : 1;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->input > b->input) - (a->input < b->input);
}

static int compare_watched_items(const void *left, const void *right)
{
    return compare_watched(left, right);
}

static void watch_head(struct head_watch *watch, const struct input *input, uint32_t number)
{
    int64_t time_ms = input->detection.first_ms;
    uint64_t bit = head_watch_bit(time_ms);
    watch->times[bit / WATCH_WORD_BITS] |= UINT64_C(1) << bit % WATCH_WORD_BITS;
    watch->heads[watch->count++] = (struct watched_head){
        time_ms, hash_bytes(watch->key, input->first_line.at, input->first_line.size), number};
}

void head_watch_init(struct head_watch *watch, const struct input_list *list)
{
    *watch = (struct head_watch){.key = hash_key_random()};
    for (size_t i = 0; i < list->count; i++) {
        if (!list->items[i].can_reopen)
            return;
    }
    if (list->count < 2)
        return;
    watch->heads = mem_zeroed(list->count, sizeof *watch->heads);
    for (size_t i = 0; i < list->count; i++) {
        if (can_be_compared(&list->items[i]))
            watch_head(watch, &list->items[i], (uint32_t)i);
    }
    if (watch->count > 1)
        qsort(watch->heads, watch->count, sizeof *watch->heads, compare_watched_items);
}

void head_watch_clear(struct head_watch *watch)
{
    mem_free(watch->heads);
    *watch = (struct head_watch){0};
}

/* The first head that is not before the wanted one; NULL: none. */
static const struct watched_head *find_head(const struct head_watch *watch,
                                            const struct watched_head *wanted)
{
    size_t begin = 0, end = watch->count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (compare_watched(&watch->heads[middle], wanted) < 0)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin < watch->count ? &watch->heads[begin] : NULL;
}

/* The head of this line, of an input that is not before the wanted one; NULL: none. */
static const struct watched_head *find_same(const struct head_watch *watch,
                                            const struct watched_head *wanted)
{
    const struct watched_head *head = find_head(watch, wanted);
    bool is_same = head && head->time_ms == wanted->time_ms && head->hash == wanted->hash;
    return is_same ? head : NULL;
}

bool head_watch_find(const struct head_watch *watch, uint32_t input, struct slice line,
                     int64_t time_ms, struct sighting *sighting)
{
    struct watched_head wanted = {.time_ms = time_ms};
    const struct watched_head *head = find_head(watch, &wanted);
    if (!head || head->time_ms != time_ms)
        return false;
    wanted.hash = hash_bytes(watch->key, line.at, line.size);
    wanted.input = input + 1;
    head = find_same(watch, &wanted);
    wanted.input = 0;
    if (!head)
        head = find_same(watch, &wanted);
    if (!head || head->input == input)
        return false;
    sighting->input = input;
    sighting->head_of = head->input;
    return true;
}

/* --- after the run: what was sighted is compared --- */

/* An input that goes along with the one being read, line by line. */
struct follower {
    struct reading reading;
    uint32_t head_of; /* which input it is */
    uint64_t before;  /* its lines before its first hit */
    uint64_t lines;   /* that agreed so far */
    uint64_t hits;    /* of these, those that count */
    bool is_active;
};

/* The first lines of an input, or all of them, stand in another one as well. */
struct finding {
    uint32_t input, stand_in;
    uint64_t lines; /* SKIP_ALL_LINES: all of it */
};

struct settling {
    struct input_list *list;
    struct line_parser *parser;
    struct finding *findings;
    size_t finding_count, finding_capacity;
    bool *is_settled; /* by input: all of it stands in an earlier one */
    uint32_t input;   /* that is being read */
    struct reading reading;
    struct follower followers[FOLLOWERS_MOST];
    size_t active_count;
};

static void add_finding(struct settling *settling, uint32_t input, uint64_t lines)
{
    settling->findings = mem_grow(settling->findings, &settling->finding_capacity,
                                  settling->finding_count + 1, sizeof *settling->findings);
    settling->findings[settling->finding_count++] = (struct finding){input, settling->input, lines};
}

static void part(struct settling *settling, struct follower *follower)
{
    reading_close(&follower->reading);
    follower->is_active = false;
    settling->active_count--;
}

/*
 * One of the two is at its end: the follower's lines up to here are counted in the other. What an
 * earlier input shares with the end of a later one is no overlap of rotation.
 */
static void arrive(struct settling *settling, struct follower *follower, bool is_at_its_end)
{
    bool is_later = follower->head_of > settling->input;
    uint64_t lines = is_at_its_end ? SKIP_ALL_LINES : follower->before + follower->lines;
    if (follower->hits >= IDENTITY_LINES && (is_later || is_at_its_end)) {
        add_finding(settling, follower->head_of, lines);
        settling->is_settled[follower->head_of] |= is_later && is_at_its_end;
    }
    part(settling, follower);
}

static void follow(struct settling *settling, struct follower *follower, struct slice text)
{
    struct slice own;
    if (!reading_next(&follower->reading, &own)) {
        arrive(settling, follower, true);
    } else if (slice_equal(own, text)) {
        follower->lines++;
        follower->hits += counts(text);
    } else if (is_cut_off(&follower->reading, own, text)) {
        arrive(settling, follower, true);
    } else if (is_cut_off(&settling->reading, text, own)) {
        arrive(settling, follower, false);
    } else {
        part(settling, follower);
    }
}

static void follow_all(struct settling *settling, struct slice text)
{
    for (size_t i = 0; settling->active_count && i < FOLLOWERS_MOST; i++) {
        if (settling->followers[i].is_active)
            follow(settling, &settling->followers[i], text);
    }
}

/* The input being read is at its end. */
static void arrive_all(struct settling *settling)
{
    for (size_t i = 0; i < FOLLOWERS_MOST; i++) {
        struct follower *follower = &settling->followers[i];
        struct slice own;
        if (follower->is_active)
            arrive(settling, follower, !reading_next(&follower->reading, &own));
    }
}

/* A line in a format that is not the file's first one is no head, and has to be counted. */
static bool is_lost_hit(struct line_parser *parser, const struct line *line, int64_t median_ms)
{
    struct hit hit;
    enum reject_reason reason;
    return line_parser_read(parser, line, &hit, &reason) == LINE_HIT &&
           !hit_is_far(hit.time_ms, median_ms);
}

/*
 * Up to its first hit, which detection has found in the first block. What stands before is left out
 * with it, so it must be nothing that counts.
 */
static bool go_to_head(struct follower *follower, const struct input *input,
                       struct line_parser *parser)
{
    struct line line;
    line_parser_begin(parser, &input->detection.line_format, input->header);
    follower->before = 0;
    while (reading_next_line(&follower->reading, &line) && follower->reading.block->number == 0) {
        if (slice_equal(line.text, input->first_line))
            return true;
        if (is_lost_hit(parser, &line, input->detection.median_ms))
            return false;
        follower->before++;
    }
    return false;
}

static void start_follower(struct settling *settling, struct follower *follower, uint32_t head_of)
{
    const struct input *input = &settling->list->items[head_of];
    if (!reading_open(&follower->reading, input))
        return;
    if (!go_to_head(follower, input, settling->parser)) {
        reading_close(&follower->reading);
        return;
    }
    follower->head_of = head_of;
    follower->lines = 1;
    follower->hits = 1;
    follower->is_active = true;
    settling->active_count++;
}

/* The text stands where a head was sighted. False when there is no room for one more follower. */
static bool start(struct settling *settling, const struct sighting *sighting, struct slice text)
{
    const struct input *input = &settling->list->items[sighting->head_of];
    if (settling->is_settled[sighting->head_of] || !slice_equal(text, input->first_line))
        return true;
    for (size_t i = 0; i < FOLLOWERS_MOST; i++) {
        if (!settling->followers[i].is_active) {
            start_follower(settling, &settling->followers[i], sighting->head_of);
            return true;
        }
    }
    return false;
}

/* Sightings in one input, by place, on the way through it. */
struct pass {
    struct sighting *sightings;
    size_t count, next;
    size_t postponed; /* at the start of the sightings: there was no room for them */
};

static bool is_at(const struct pass *pass, uint32_t block, uint32_t line)
{
    const struct sighting *next = &pass->sightings[pass->next];
    return pass->next < pass->count && next->block == block && next->line == line;
}

static bool has_more_in(const struct pass *pass, uint32_t block)
{
    return pass->next < pass->count && pass->sightings[pass->next].block <= block;
}

static void pass_block(struct settling *settling, struct pass *pass)
{
    struct reading *reading = &settling->reading;
    uint32_t block = reading->block->number;
    struct line line;
    for (uint32_t number = 0;
         (settling->active_count || has_more_in(pass, block)) && lines_next(&reading->rest, &line);
         number++) {
        follow_all(settling, line.text);
        for (; is_at(pass, block, number); pass->next++) {
            struct sighting sighting = pass->sightings[pass->next];
            if (!start(settling, &sighting, line.text))
                pass->sightings[pass->postponed++] = sighting;
        }
    }
    while (has_more_in(pass, block)) /* the file has changed since */
        pass->next++;
}

/* Goes through the input once; how many sightings need another time. */
static size_t pass_input(struct settling *settling, struct sighting *sightings, size_t count)
{
    struct pass pass = {.sightings = sightings, .count = count};
    if (!reading_open(&settling->reading, &settling->list->items[settling->input]))
        return 0;
    while ((settling->active_count || pass.next < pass.count) && reading_fill(&settling->reading))
        pass_block(settling, &pass);
    arrive_all(settling);
    reading_close(&settling->reading);
    return pass.postponed;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_places(const void *left, const void *right)
{
    const struct sighting *a = left, *b = right;
    int order = compare_numbers(a->input, b->input);
    if (order == 0)
        order = compare_numbers(a->block, b->block);
    if (order == 0)
        order = compare_numbers(a->line, b->line);
    return order ? order : compare_numbers(a->head_of, b->head_of);
}

static int compare_pairs(const void *left, const void *right)
{
    const struct sighting *a = left, *b = right;
    int order = compare_numbers(a->input, b->input);
    if (order == 0)
        order = compare_numbers(a->head_of, b->head_of);
    return order ? order : compare_places(a, b);
}

static bool is_worth_it(const struct input_list *list, const struct sighting *sighting)
{
    assert(sighting->input != sighting->head_of && sighting->input < list->count &&
           sighting->head_of < list->count);
    const struct input *input = &list->items[sighting->input];
    return input->can_reopen && input->skip_lines != SKIP_ALL_LINES &&
           can_be_compared(&list->items[sighting->head_of]);
}

/* Leaves the first places of each pair, by place; how many there are. */
static size_t choose_sightings(const struct input_list *list, struct sighting *sightings,
                               size_t count)
{
    size_t kept = 0, of_pair = 0;
    qsort(sightings, count, sizeof *sightings, compare_pairs);
    for (size_t i = 0; i < count; i++) {
        const struct sighting *sighting = &sightings[i];
        bool is_same_pair = i > 0 && sightings[i - 1].input == sighting->input &&
                            sightings[i - 1].head_of == sighting->head_of;
        of_pair = is_same_pair ? of_pair + 1 : 0;
        if (of_pair < SIGHTINGS_TRIED && is_worth_it(list, sighting))
            sightings[kept++] = *sighting;
    }
    qsort(sightings, kept, sizeof *sightings, compare_places);
    return kept;
}

/* All of an input in an earlier one, all of it in a later one, its first lines. */
static int rank_of(const struct finding *finding)
{
    if (finding->lines != SKIP_ALL_LINES)
        return 2;
    return finding->stand_in > finding->input;
}

static int compare_findings(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    int order = rank_of(a) - rank_of(b);
    if (order == 0)
        order = compare_numbers(a->input, b->input);
    if (order == 0 && a->lines != b->lines)
        return a->lines > b->lines ? -1 : 1;
    return order ? order : compare_numbers(a->stand_in, b->stand_in);
}

/*
 * Where what is left out of an input is counted in the end. `next` leads there from each: to the
 * input that stands in for it, or to itself. On the way it is made shorter.
 */
static size_t find_end(size_t *next, size_t input)
{
    while (next[input] != input) {
        next[input] = next[next[input]];
        input = next[input];
    }
    return input;
}

static size_t *list_ends(const struct input_list *list)
{
    size_t *next = mem_zeroed(list->count, sizeof *next);
    for (size_t i = 0; i < list->count; i++) {
        const struct input *input = &list->items[i];
        bool has_stand_in = input->skip_lines && input->skip_reason == FILTER_ALREADY_COUNTED;
        next[i] = has_stand_in ? input->stand_in : i;
    }
    return next;
}

static void apply_finding(struct input_list *list, const struct finding *finding)
{
    const char *path = list->items[finding->stand_in].path;
    const char *note =
        finding->lines == SKIP_ALL_LINES
            ? arena_format(&list->texts, "all of it stands in %s", path)
            : arena_format(&list->texts, "its first %" PRIu64 " lines stand at the end of %s",
                           finding->lines, path);
    skip(&list->items[finding->input], finding->lines, finding->stand_in, note);
}

/* The best that was found about each input, but for what would lead in a circle. */
static bool apply_findings(const struct settling *settling)
{
    struct input_list *list = settling->list;
    size_t *next = list_ends(list);
    bool is_changed = false;
    if (settling->finding_count > 1)
        qsort(settling->findings, settling->finding_count, sizeof *settling->findings,
              compare_findings);
    for (size_t i = 0; i < settling->finding_count; i++) {
        const struct finding *finding = &settling->findings[i];
        bool is_settled = list->items[finding->input].skip_lines > 0;
        if (is_settled || find_end(next, finding->stand_in) == finding->input)
            continue;
        apply_finding(list, finding);
        next[finding->input] = finding->stand_in;
        is_changed = true;
    }
    mem_free(next);
    return is_changed;
}

static void settling_clear(struct settling *settling)
{
    reading_free(&settling->reading);
    for (size_t i = 0; i < FOLLOWERS_MOST; i++)
        reading_free(&settling->followers[i].reading);
    line_parser_free(settling->parser);
    mem_free(settling->findings);
    mem_free(settling->is_settled);
}

bool identity_settle(struct input_list *list, struct sighting *sightings, size_t count)
{
    if (count == 0)
        return false;
    struct settling settling = {.list = list,
                                .parser = line_parser_new(NULL),
                                .is_settled = mem_zeroed(list->count, sizeof(bool))};
    count = choose_sightings(list, sightings, count);
    for (size_t begin = 0, end; begin < count; begin = end) {
        settling.input = sightings[begin].input;
        for (end = begin; end < count && sightings[end].input == settling.input; end++)
            ;
        for (size_t left = end - begin; left;)
            left = pass_input(&settling, sightings + begin, left);
    }
    bool is_changed = apply_findings(&settling);
    settling_clear(&settling);
    return is_changed;
}
