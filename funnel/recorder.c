#include "funnel/recorder.h"

#include <assert.h>

#include "base/civil.h"

enum { RECENT = 4096, FIRST_VISITOR_SLOTS = 1024 };

/* Numbers of what was seen last, at a cheap index of its bytes; 0 is none, else number + 1. */
struct recent_numbers {
    uint32_t agents[RECENT], pages[RECENT], visitors[RECENT];
};

struct recorder *recorder_new(const struct recorder_options *options)
{
    struct recorder *recorder = mem_zeroed(1, sizeof *recorder);
    recorder->options = *options;
    recorder->matcher = rule_matcher_new(options->rules);
    names_init(&recorder->agents, options->key);
    names_init(&recorder->hosts, options->key);
    names_init(&recorder->pages, options->key);
    names_init(&recorder->marks, options->key);
    struct touch_marks none = {0};
    names_add(&recorder->marks, (struct slice){(const char *)&none, sizeof none});
    recorder->visitor_slot_count = FIRST_VISITOR_SLOTS;
    recorder->visitor_slots = mem_zeroed(FIRST_VISITOR_SLOTS, sizeof *recorder->visitor_slots);
    recorder->inputs = mem_zeroed(options->input_count, sizeof *recorder->inputs);
    for (size_t i = 0; i < options->input_count; i++)
        recorder->inputs[i].first_ms = recorder->inputs[i].last_ms = CIVIL_NO_TIME;
    recorder->samples = mem_zeroed(options->input_count, sizeof *recorder->samples);
    recorder->recent = mem_zeroed(1, sizeof *recorder->recent);
    return recorder;
}

void recorder_free(struct recorder *recorder)
{
    if (!recorder)
        return;
    rule_matcher_free(recorder->matcher);
    names_clear(&recorder->agents);
    names_clear(&recorder->hosts);
    names_clear(&recorder->pages);
    names_clear(&recorder->marks);
    mem_free(recorder->agent_is_bot);
    mem_free(recorder->page_facts);
    mem_free(recorder->visitors);
    mem_free(recorder->visitor_slots);
    for (size_t i = 0; i < recorder->chunk_count; i++)
        mem_free(recorder->chunks[i]);
    mem_free(recorder->chunks);
    mem_free(recorder->runs);
    mem_free(recorder->spans);
    for (size_t i = 0; i < recorder->options.input_count; i++)
        mem_free(recorder->samples[i]);
    mem_free(recorder->samples);
    mem_free(recorder->inputs);
    mem_free(recorder->recent);
    mem_free(recorder);
}

static uint64_t load_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static size_t recent_index(uint64_t word)
{
    return (size_t)(word * 0x9e3779b97f4a7c15u >> 52) % RECENT;
}

/* A cheap sample of a text: its size and four words of it tell most texts apart. */
static size_t sample_index(struct slice text)
{
    if (text.size < 8)
        return recent_index(text.size ? (uint64_t)text.at[0] << 8 | (uint64_t)text.at[text.size - 1]
                                      : 0);
    size_t last = text.size - 8;
    uint64_t sample = text.size;
    for (size_t quarter = 1; quarter <= 4; quarter++)
        sample = sample * 5 + load_word(text.at + last * quarter / 4);
    return recent_index(sample);
}

/* names_add behind a cache. */
static uint32_t number_of(struct names *names, uint32_t *recent, struct slice text)
{
    uint32_t *place = &recent[sample_index(text)];
    if (*place && slice_equal(names_text(names, *place - 1), text))
        return *place - 1;
    uint32_t number = names_add(names, text);
    *place = number + 1;
    return number;
}

static uint32_t agent_number(struct recorder *recorder, struct slice agent)
{
    uint32_t before = recorder->agents.count;
    uint32_t number = number_of(&recorder->agents, recorder->recent->agents, agent);
    if (number == before) {
        recorder->agent_is_bot = mem_grow(recorder->agent_is_bot, &recorder->agent_capacity,
                                          (size_t)number + 1, sizeof *recorder->agent_is_bot);
        recorder->agent_is_bot[number] =
            agent_find_crawler(recorder->options.agent_rules, agent) >= 0;
    }
    return number;
}

static uint32_t page_number(struct recorder *recorder, struct slice path)
{
    uint32_t before = recorder->pages.count;
    uint32_t number = number_of(&recorder->pages, recorder->recent->pages, path);
    if (number == before) {
        recorder->page_facts = mem_grow(recorder->page_facts, &recorder->page_capacity,
                                        (size_t)number + 1, sizeof *recorder->page_facts);
        recorder->page_facts[number] =
            (struct known_page){.class_number = rules_classify(recorder->matcher, path)};
    }
    return number;
}

static void double_visitor_slots(struct recorder *recorder)
{
    mem_free(recorder->visitor_slots);
    recorder->visitor_slot_count *= 2;
    recorder->visitor_slots =
        mem_zeroed(recorder->visitor_slot_count, sizeof *recorder->visitor_slots);
    size_t mask = recorder->visitor_slot_count - 1;
    for (size_t i = 0; i < recorder->visitor_count; i++) {
        size_t slot = visitor_key_hash(recorder->options.key, &recorder->visitors[i].key) & mask;
        while (recorder->visitor_slots[slot])
            slot = (slot + 1) & mask;
        recorder->visitor_slots[slot] = (uint32_t)i + 1;
    }
}

static uint32_t add_visitor(struct recorder *recorder, const struct visitor_key *key, size_t slot)
{
    size_t number = recorder->visitor_count++;
    assert(number < UINT32_MAX);
    recorder->visitors = mem_grow(recorder->visitors, &recorder->visitor_capacity, number + 1,
                                  sizeof *recorder->visitors);
    recorder->visitors[number] = (struct known_visitor){
        .key = *key,
        .is_bot = recorder->agent_is_bot[key->agent],
        .open = {.visitor = (uint32_t)number},
    };
    recorder->visitor_slots[slot] = (uint32_t)number + 1;
    if (recorder->visitor_count > recorder->visitor_slot_count / 2)
        double_visitor_slots(recorder);
    return (uint32_t)number;
}

static uint32_t find_visitor(struct recorder *recorder, const struct visitor_key *key)
{
    size_t mask = recorder->visitor_slot_count - 1;
    size_t slot = visitor_key_hash(recorder->options.key, key) & mask;
    for (; recorder->visitor_slots[slot]; slot = (slot + 1) & mask) {
        uint32_t number = recorder->visitor_slots[slot] - 1;
        if (visitor_key_equal(&recorder->visitors[number].key, key))
            return number;
    }
    return add_visitor(recorder, key, slot);
}

static uint32_t visitor_number(struct recorder *recorder, const struct visitor_key *key)
{
    uint64_t tail = load_word((const char *)key->address.bytes + 8);
    uint32_t *place = &recorder->recent->visitors[recent_index(tail * 31 + key->agent)];
    if (*place && visitor_key_equal(&recorder->visitors[*place - 1].key, key))
        return *place - 1;
    uint32_t number = find_visitor(recorder, key);
    *place = number + 1;
    return number;
}

static struct visitor_key key_of(struct recorder *recorder, const struct hit *hit)
{
    struct visitor_key key = {.address = hit->address, .agent = agent_number(recorder, hit->agent)};
    if (key.address.family == ADDRESS_NAME) {
        uint32_t name = names_add(&recorder->hosts, hit->address_text);
        memcpy(key.address.bytes, &name, sizeof name);
    }
    return key;
}

static void close_span(struct recorder *recorder, const struct span *span)
{
    recorder->spans = mem_grow(recorder->spans, &recorder->span_capacity, recorder->span_count + 1,
                               sizeof *recorder->spans);
    recorder->spans[recorder->span_count++] = *span;
}

/* A gap of exactly the timeout stays together. */
static void extend_span(struct recorder *recorder, struct span *span, int64_t time_ms)
{
    int64_t timeout_ms = recorder->options.visit_timeout_ms;
    if (span->hits == 0) {
        span->first_ms = span->last_ms = time_ms;
    } else if (time_ms > span->last_ms + timeout_ms || time_ms < span->first_ms - timeout_ms) {
        close_span(recorder, span);
        span->first_ms = span->last_ms = time_ms;
        span->hits = 0;
    } else if (time_ms > span->last_ms) {
        span->last_ms = time_ms;
    } else if (time_ms < span->first_ms) {
        span->first_ms = time_ms;
    }
    span->hits++;
}

static void add_event(struct recorder *recorder, const struct event *event)
{
    size_t position = recorder->event_count++;
    if (position / EVENT_CHUNK == recorder->chunk_count) {
        recorder->chunks = mem_grow(recorder->chunks, &recorder->chunk_capacity,
                                    recorder->chunk_count + 1, sizeof *recorder->chunks);
        recorder->chunks[recorder->chunk_count++] = mem_alloc(EVENT_CHUNK * sizeof(struct event));
    }
    recorder->chunks[position / EVENT_CHUNK][position % EVENT_CHUNK] = *event;
    recorder->runs[recorder->run_count - 1].count++;
}

static uint32_t find_mark(struct recorder *recorder, uint32_t class_number, const struct hit *hit)
{
    struct touch_marks marks;
    if (!rules_match(recorder->matcher, class_number, &hit->request, hit->status, &marks))
        return 0;
    return names_add(&recorder->marks, (struct slice){(const char *)&marks, sizeof marks});
}

/* Without a query, a page asked for in the same way and answered alike has the mark it had. */
static uint32_t mark_number(struct recorder *recorder, uint32_t number, const struct hit *hit)
{
    struct known_page *page = &recorder->page_facts[number];
    bool has_query = hit->request.query.at != NULL;
    if (!rules_may_match(recorder->matcher, page->class_number, has_query))
        return 0;
    if (has_query)
        return find_mark(recorder, page->class_number, hit);
    if (page->last_status != hit->status || page->last_method != hit->request.method) {
        page->last_mark = find_mark(recorder, page->class_number, hit);
        page->last_status = hit->status;
        page->last_method = (uint8_t)hit->request.method;
    }
    return page->last_mark;
}

/* Rounded; one that is too long is the longest. */
static uint32_t duration_ms_of(const struct hit *hit)
{
    if (hit->duration_us < 0)
        return EVENT_NO_DURATION;
    int64_t duration_ms = hit->duration_us / 1000 + (hit->duration_us % 1000 >= 500);
    return duration_ms < EVENT_NO_DURATION ? (uint32_t)duration_ms : EVENT_NO_DURATION - 1;
}

/* Page views become events; calls and other methods only where a rule marks them. */
static void add_journey(struct recorder *recorder, const struct hit *hit, uint32_t visitor)
{
    enum request_kind kind = hit->request.kind;
    if (kind == KIND_ASSET || kind == KIND_NONE)
        return;
    uint32_t page = page_number(recorder, hit->request.path);
    uint32_t mark = mark_number(recorder, page, hit);
    if (kind != KIND_PAGE && mark == 0)
        return;
    add_event(recorder, &(struct event){.time_ms = hit->time_ms,
                                        .visitor = visitor,
                                        .page = page,
                                        .mark = mark,
                                        .duration_ms = duration_ms_of(hit),
                                        .status = hit->status,
                                        .kind = (uint8_t)kind});
}

static void count_hit(struct recorder *recorder, const struct hit *hit)
{
    struct input_counts *counts = recorder->counts;
    counts->lines++;
    counts->counted_by[hit->oddity]++;
    if (counts->first_ms == CIVIL_NO_TIME || hit->time_ms < counts->first_ms)
        counts->first_ms = hit->time_ms;
    if (hit->time_ms > counts->last_ms) /* CIVIL_NO_TIME is the smallest number */
        counts->last_ms = hit->time_ms;
    recorder->kinds.hits[hit->request.kind]++;
    if (hit->duration_us >= 0)
        recorder->kinds.timed_hits++;
    if (!hit->has_zone)
        recorder->kinds.zoneless_hits++;
}

/* Of an input's hits those are counted that are inside its window and between since and until. */
static void set_counted_times(struct recorder *recorder, uint32_t input)
{
    const struct recorder_options *options = &recorder->options;
    recorder->from_ms = options->since_ms;
    recorder->to_ms = options->until_ms;
    if (!options->windows)
        return;
    const struct time_window *window = &options->windows[input];
    if (window->earliest_ms > recorder->from_ms)
        recorder->from_ms = window->earliest_ms;
    if (window->latest_ms < recorder->to_ms)
        recorder->to_ms = window->latest_ms + 1;
}

void recorder_begin_block(struct recorder *recorder, uint32_t input, uint32_t block)
{
    recorder->runs = mem_grow(recorder->runs, &recorder->run_capacity, recorder->run_count + 1,
                              sizeof *recorder->runs);
    recorder->runs[recorder->run_count++] =
        (struct event_run){.input = input, .block = block, .first = recorder->event_count};
    recorder->counts = &recorder->inputs[input];
    set_counted_times(recorder, input);
}

/* A wrong clock comes first: such a line is rejected whatever --since and --until say. */
static bool add_uncounted(struct recorder *recorder, int64_t time_ms)
{
    const struct time_window *windows = recorder->options.windows;
    uint32_t input = recorder->runs[recorder->run_count - 1].input;
    bool is_far =
        windows && (time_ms < windows[input].earliest_ms || time_ms > windows[input].latest_ms);
    if (is_far)
        recorder_add_rejected(recorder, REJECT_FAR_TIME, 1);
    else
        recorder_add_filtered(recorder, FILTER_TIME, 1);
    return !is_far;
}

bool recorder_add_hit(struct recorder *recorder, const struct hit *hit)
{
    if (hit->time_ms < recorder->from_ms || hit->time_ms >= recorder->to_ms)
        return add_uncounted(recorder, hit->time_ms);
    count_hit(recorder, hit);
    struct visitor_key key = key_of(recorder, hit);
    uint32_t visitor = visitor_number(recorder, &key);
    extend_span(recorder, &recorder->visitors[visitor].open, hit->time_ms);
    bool is_bot = recorder->visitors[visitor].is_bot;
    recorder->kinds.bot_hits += is_bot;
    if (!is_bot || recorder->options.includes_bots)
        add_journey(recorder, hit, visitor);
    return true;
}

void recorder_add_filtered(struct recorder *recorder, enum filter_reason reason, uint64_t lines)
{
    struct input_counts *counts = recorder->counts;
    counts->lines += lines;
    counts->filtered_by[reason] += lines;
}

void recorder_add_rejected(struct recorder *recorder, enum reject_reason reason, uint64_t lines)
{
    struct input_counts *counts = recorder->counts;
    counts->lines += lines;
    counts->rejected_by[reason] += lines;
}

/* Samples */

static bool is_before(const struct line_sample *sample, uint32_t block, uint32_t line)
{
    return sample->block != block ? sample->block < block : sample->line <= line;
}

struct line_sample *input_samples_place(struct input_samples *samples, enum reject_reason reason,
                                        uint32_t block, uint32_t line)
{
    struct line_sample *lines = samples->lines[reason];
    size_t count = samples->counts[reason], at = count;
    while (at > 0 && !is_before(&lines[at - 1], block, line))
        at--;
    if (at == SAMPLE_LINES)
        return NULL;
    if (count == SAMPLE_LINES)
        count--;
    memmove(&lines[at + 1], &lines[at], (count - at) * sizeof *lines);
    samples->counts[reason] = (uint8_t)(count + 1);
    lines[at].block = block;
    lines[at].line = line;
    return &lines[at];
}

/* A blank line has nothing to show. */
bool recorder_wants_sample(const struct recorder *recorder, enum reject_reason reason,
                           uint32_t number)
{
    const struct event_run *run = &recorder->runs[recorder->run_count - 1];
    const struct input_samples *samples = recorder->samples[run->input];
    if (reason == REJECT_BLANK)
        return false;
    return !samples || samples->counts[reason] < SAMPLE_LINES ||
           !is_before(&samples->lines[reason][SAMPLE_LINES - 1], run->block, number);
}

void recorder_add_sample(struct recorder *recorder, enum reject_reason reason, uint32_t number,
                         struct slice line, const struct line_fields *fields)
{
    const struct event_run *run = &recorder->runs[recorder->run_count - 1];
    struct input_samples **samples = &recorder->samples[run->input];
    if (!*samples)
        *samples = mem_zeroed(1, sizeof **samples);
    struct line_sample *sample = input_samples_place(*samples, reason, run->block, number);
    if (sample)
        sample_mask(line, fields, sample->text);
}
