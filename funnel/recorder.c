#include "funnel/recorder.h"

#include <assert.h>

#include "base/civil.h"

struct recorder *recorder_new(const struct recorder_options *options)
{
    struct recorder *recorder = mem_zeroed(1, sizeof *recorder);
    recorder->options = *options;
    recorder->matcher = rule_matcher_new(options->rules);
    recorder->book = visitor_book_new(&(struct visitor_book_options){
        .key = options->key,
        .agent_rules = options->agent_rules,
        .rules = options->visitor_rules,
        .internal = options->internal,
        .max_keys = options->worker_max_keys,
    });
    page_book_init(&recorder->pages, &(struct page_book_options){
                                         .key = options->key,
                                         .trait_rules = options->trait_rules,
                                         .shown_parameters = options->shown_parameters,
                                         .shown_parameter_count = options->shown_parameter_count,
                                         .max_keys = options->worker_max_keys,
                                     });
    origin_book_init(&recorder->origins, &(struct origin_book_options){
                                             .key = options->key,
                                             .has_pages = options->keeps_referring_pages,
                                             .max_keys = options->worker_max_keys,
                                         });
    names_init(&recorder->marks, options->key);
    struct touch_marks none = {0};
    names_add(&recorder->marks, (struct slice){(const char *)&none, sizeof none});
    recorder->inputs = mem_zeroed(options->input_count, sizeof *recorder->inputs);
    for (size_t i = 0; i < options->input_count; i++)
        recorder->inputs[i].first_ms = recorder->inputs[i].last_ms = CIVIL_NO_TIME;
    recorder->samples = mem_zeroed(options->input_count, sizeof *recorder->samples);
    return recorder;
}

void recorder_free(struct recorder *recorder)
{
    if (!recorder)
        return;
    rule_matcher_free(recorder->matcher);
    visitor_book_free(recorder->book);
    page_book_clear(&recorder->pages);
    origin_book_clear(&recorder->origins);
    names_clear(&recorder->marks);
    mem_free(recorder->visitors);
    for (size_t i = 0; i < recorder->chunk_count; i++)
        mem_free(recorder->chunks[i]);
    mem_free(recorder->chunks);
    mem_free(recorder->runs);
    mem_free(recorder->spans);
    for (size_t i = 0; i < recorder->options.input_count; i++)
        mem_free(recorder->samples[i]);
    mem_free(recorder->samples);
    mem_free(recorder->inputs);
    mem_free(recorder);
}

/* ---- presence ---- */

static void close_span(struct recorder *recorder, const struct span *span)
{
    recorder->spans = mem_grow(recorder->spans, &recorder->span_capacity, recorder->span_count + 1,
                               sizeof *recorder->spans);
    recorder->spans[recorder->span_count++] = *span;
}

/* Where midnight cuts, a span lies in one day. */
static bool is_other_day(struct recorder *recorder, const struct span *span, int64_t time_ms)
{
    if (!recorder->options.cuts_at_midnight)
        return false;
    if (!day_holds(&recorder->day, time_ms))
        recorder->day = time_zone_day(recorder->options.zone, time_ms);
    return !day_holds(&recorder->day, span->first_ms);
}

/* A gap of exactly the timeout stays together. */
static bool is_away(struct recorder *recorder, const struct span *span, int64_t time_ms)
{
    int64_t timeout_ms = recorder->options.visit_timeout_ms;
    return time_ms > span->last_ms + timeout_ms || time_ms < span->first_ms - timeout_ms ||
           is_other_day(recorder, span, time_ms);
}

/* Of two clients at the same moment the lower one is the first, whoever came first to us. */
static bool is_first_client(const struct recorder *recorder, const struct span *span,
                            int64_t time_ms, uint32_t client)
{
    const struct client *clients = recorder->book->clients;
    if (time_ms != span->first_ms || client == span->client)
        return time_ms < span->first_ms;
    struct agent_facts facts = visitor_book_facts(recorder->book, client);
    struct agent_facts other = visitor_book_facts(recorder->book, span->client);
    return client_compare(&clients[client].address, &facts, &clients[span->client].address,
                          &other) < 0;
}

static void extend_span(struct recorder *recorder, struct span *span, int64_t time_ms,
                        uint32_t client)
{
    if (span->hits && is_away(recorder, span, time_ms)) {
        close_span(recorder, span);
        span->hits = 0;
    }
    if (span->hits == 0) {
        span->first_ms = span->last_ms = time_ms;
        span->client = client;
    } else if (is_first_client(recorder, span, time_ms, client)) {
        span->first_ms = time_ms;
        span->client = client;
    }
    if (time_ms > span->last_ms)
        span->last_ms = time_ms;
    span->hits++;
}

static struct known_visitor *visitor_of(struct recorder *recorder, uint32_t number)
{
    if (number == recorder->visitor_count) {
        recorder->visitors = mem_grow(recorder->visitors, &recorder->visitor_capacity,
                                      (size_t)number + 1, sizeof *recorder->visitors);
        recorder->visitors[number] = (struct known_visitor){.open = {.visitor = number}};
        recorder->visitor_count++;
    }
    return &recorder->visitors[number];
}

/* ---- traits ---- */

/* What is not there. Who may not enter yet (401) or is too quick (429) is told that it is. */
static bool is_vain(unsigned status)
{
    return status >= 400 && status < 500 && status != 401 && status != 429;
}

static bool is_robots(struct slice path)
{
    return path.size == 11 && slice_is(path, "/robots.txt");
}

/* A file that is looked for in vain can be one that only scanners look for. */
static unsigned traits_of_asset(const struct recorder *recorder, const struct hit *hit)
{
    struct slice path = hit->request.path;
    if (is_robots(path))
        return VISITOR_READ_ROBOTS;
    unsigned traits =
        is_vain(hit->status) ? traits_of_path(recorder->options.trait_rules, path) : 0;
    return VISITOR_LOADED_ASSET | (traits & (TRAIT_ATTACK | TRAIT_PROBE) ? VISITOR_ATTACKED : 0u);
}

/* Applications have agents of their own. */
static bool is_browser(const struct recorder *recorder, uint32_t client)
{
    uint8_t family = visitor_book_facts(recorder->book, client).browser.family;
    return family != BROWSER_UNKNOWN && family != BROWSER_WEBVIEW && family != BROWSER_OTHER;
}

static unsigned traits_of_page(const struct recorder *recorder, const struct hit *hit,
                               const struct known_page *page, uint32_t client)
{
    bool attacks = page->traits & TRAIT_ATTACK ||
                   (page->traits & TRAIT_PROBE && is_vain(hit->status)) ||
                   (page->traits & TRAIT_REMOTE && is_browser(recorder, client)) ||
                   (hit->request.query.at &&
                    traits_query_attacks(recorder->options.trait_rules, hit->request.query));
    return (attacks ? VISITOR_ATTACKED : 0u) |
           (page->traits & TRAIT_ROBOTS ? VISITOR_READ_ROBOTS : 0u);
}

/* ---- events ---- */

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
static uint32_t mark_number(struct recorder *recorder, struct known_page *page,
                            const struct hit *hit)
{
    bool has_query = hit->request.query.at != NULL;
    if (!rules_may_match(recorder->matcher, page->class_number, has_query))
        return 0;
    if (has_query)
        return find_mark(recorder, page->class_number, hit);
    if (page->last_status != hit->status || page->last_method != hit->request.method) {
        page->last_mark = find_mark(recorder, page->class_number, hit);
        page->last_status = hit->status;
        page->last_method = hit->request.method;
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

static bool has_own_path_in_referrer(const struct hit *hit)
{
    char from[RULES_PATH_MAX + 1], to[RULES_PATH_MAX + 1];
    struct slice path = origin_referrer_path(hit->referrer);
    return path.size && slice_equal(rules_page(path, from), rules_page(hit->request.path, to));
}

static uint8_t flags_of(const struct hit *hit, const struct known_page *page)
{
    bool is_post = hit->request.method == METHOD_POST;
    bool is_from_itself = is_post && has_own_path_in_referrer(hit);
    return (uint8_t)((is_post ? EVENT_IS_POST : 0) | (is_from_itself ? EVENT_FROM_ITSELF : 0) |
                     (page->traits & TRAIT_LOGIN ? EVENT_ON_LOGIN : 0));
}

static void add_page_event(struct recorder *recorder, const struct hit *hit, uint32_t visitor,
                           struct known_page *page, uint32_t number, uint32_t mark)
{
    struct event event = {.time_ms = hit->time_ms,
                          .visitor = visitor,
                          .page = page_book_event_number(&recorder->pages, page, number),
                          .mark = mark,
                          .duration_ms = duration_ms_of(hit),
                          .status = hit->status,
                          .kind = hit->request.kind,
                          .flags = flags_of(hit, page),
                          .origin = origin_book_event(&recorder->origins, hit)};
    add_event(recorder, &event);
}

/* By which a rule of behaviour can decide: it is kept to be shown. */
static bool is_proof(const struct hit *hit, const struct known_page *page, unsigned traits)
{
    bool logs_in = hit->request.method == METHOD_POST && page->traits & TRAIT_LOGIN;
    return logs_in || traits & (VISITOR_READ_ROBOTS | VISITOR_ATTACKED);
}

/* Page views become events; others only where a rule of the journey marks them, or as a proof. */
static unsigned add_journey(struct recorder *recorder, const struct hit *hit, uint32_t visitor,
                            uint32_t client)
{
    uint32_t number;
    struct known_page *page = page_book_find(&recorder->pages, recorder->matcher, hit->request.path,
                                             hit->request.query, &number);
    unsigned traits = traits_of_page(recorder, hit, page, client);
    uint32_t mark = mark_number(recorder, page, hit);
    if (hit->request.kind != KIND_PAGE && mark == 0 && !is_proof(hit, page, traits))
        return traits;
    add_page_event(recorder, hit, visitor, page, number, mark);
    return traits;
}

static bool ends_in(struct slice path, const char *ending)
{
    size_t size = strlen(ending);
    return path.size > size && memcmp(path.at + path.size - size, ending, size) == 0;
}

/* Pictures are shown by other sites as well; scripts and styles are loaded by the site's own pages.
 */
static bool shows_own_host(struct slice path)
{
    return ends_in(path, ".js") || ends_in(path, ".css");
}

/* Asked for where it matters only: most hits are assets, and their client is far off in memory. */
static bool is_kept(const struct recorder *recorder, enum agent_class class)
{
    return recorder->options.kept_classes >> class & 1;
}

static unsigned add_asset(struct recorder *recorder, const struct hit *hit, uint32_t visitor,
                          uint32_t client)
{
    struct slice path = hit->request.path, no_query = {0};
    if (shows_own_host(path))
        origin_book_asset(&recorder->origins, hit);
    unsigned traits = traits_of_asset(recorder, hit);
    if (!(traits & (VISITOR_READ_ROBOTS | VISITOR_ATTACKED)) ||
        !is_kept(recorder, visitor_book_facts(recorder->book, client).class))
        return traits;
    uint32_t number;
    struct known_page *page =
        page_book_find(&recorder->pages, recorder->matcher, path, no_query, &number);
    add_page_event(recorder, hit, visitor, page, number, 0);
    return traits;
}

static unsigned add_view_or_call(struct recorder *recorder, const struct hit *hit, uint32_t visitor,
                                 uint32_t client)
{
    enum agent_class class = visitor_book_facts(recorder->book, client).class;
    if (is_kept(recorder, class))
        return add_journey(recorder, hit, visitor, client);
    recorder->kinds.unkept_page_views[class] += hit->request.kind == KIND_PAGE;
    return 0;
}

/* What the hit shows of its visitor; an event where it is one. */
static unsigned add_request(struct recorder *recorder, const struct hit *hit, uint32_t visitor,
                            uint32_t client)
{
    switch ((enum request_kind)hit->request.kind) {
    case KIND_NONE:
        return hit->oddity == ODD_BINARY_REQUEST ? VISITOR_ATTACKED : 0;
    case KIND_ASSET:
        return add_asset(recorder, hit, visitor, client);
    default:
        return add_view_or_call(recorder, hit, visitor, client);
    }
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
    origin_book_begin_block(&recorder->origins, input, block);
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
    uint32_t client = visitor_book_client(recorder->book, hit);
    uint32_t number =
        recorder->book->is_plain ? client : visitor_book_visitor(recorder->book, hit, client);
    struct known_visitor *visitor = visitor_of(recorder, number);
    extend_span(recorder, &visitor->open, hit->time_ms, client);
    unsigned traits = add_request(recorder, hit, number, client);
    if (hit->request.method != METHOD_HEAD)
        traits |= VISITOR_NOT_ONLY_HEAD;
    visitor->traits |= (uint8_t)traits;
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
