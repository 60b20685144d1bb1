#include "funnel/form_outcome.h"

#include "funnel/event_table.h"

/* A mark that is settled for the first time gets its number; then it is looked up. */
struct settling {
    struct event_table *table;
    struct names known;  /* marks by their bytes */
    uint32_t *number_of; /* of the mark, by its number in `known` */
    size_t number_capacity;
    uint32_t *settled; /* [mark][outcome, then none]: number + 1; 0 not yet */
    size_t open_count; /* marks that were there before */
    uint32_t *path_of; /* by page: number of its path, as rules see it */
    uint32_t *seen_in; /* by path: number + 1 of the last visit that saw it */
};

enum { OUTCOME_WAYS = OUTCOME_COUNT + 1 };

/* ---- one answer ---- */

enum form_outcome form_outcome_of(unsigned status, bool is_form_page)
{
    switch (status) {
    case 201: /* created, accepted, no content, reset content */
    case 202:
    case 204:
    case 205:
    case 301:
    case 302:
    case 303:
        return OUTCOME_SUBMITTED;
    case 499:
        return OUTCOME_FAILED;
    default:
        break;
    }
    if (status >= 200 && status < 300)
        return is_form_page ? OUTCOME_REFUSED : OUTCOME_SUBMITTED;
    if (status >= 400 && status < 600)
        return status < 500 ? OUTCOME_REFUSED : OUTCOME_FAILED;
    return OUTCOME_COUNT;
}

/* A word of the touchpoints that wait for `submitted` and for nothing else. */
static uint64_t waits_for_success(const struct touch_marks *marks, size_t word)
{
    return marks->open[OUTCOME_SUBMITTED].words[word] &
           ~(marks->open[OUTCOME_REFUSED].words[word] | marks->open[OUTCOME_FAILED].words[word]);
}

void form_outcome_settle_marks(struct touch_marks *marks, enum form_outcome outcome)
{
    bool is_in_vain = outcome == OUTCOME_REFUSED || outcome == OUTCOME_FAILED;
    for (size_t i = 0; i < JOURNEY_MAX_TOUCHPOINTS / 64; i++) {
        if (outcome != OUTCOME_COUNT)
            marks->reached.words[i] |= marks->open[outcome].words[i];
        if (is_in_vain)
            marks->failed.words[i] |= waits_for_success(marks, i);
        marks->failed.words[i] &= ~marks->reached.words[i];
    }
    memset(marks->open, 0, sizeof marks->open);
}

static bool is_open(const struct touch_marks *marks)
{
    for (size_t o = 0; o < OUTCOME_COUNT; o++) {
        if (!touch_set_is_empty(&marks->open[o]))
            return true;
    }
    return false;
}

/* ---- marks by their bytes ---- */

/* The number of an equal mark, or `number` when it is the first of its kind. */
static uint32_t know_mark(struct settling *settling, const struct touch_marks *marks,
                          uint32_t number)
{
    uint32_t known = settling->known.count;
    uint32_t name = names_add(&settling->known, (struct slice){(const char *)marks, sizeof *marks});
    if (name < known)
        return settling->number_of[name];
    settling->number_of = mem_grow(settling->number_of, &settling->number_capacity,
                                   (size_t)name + 1, sizeof *settling->number_of);
    settling->number_of[name] = number;
    return number;
}

static uint32_t add_mark(struct settling *settling, const struct touch_marks *marks)
{
    struct event_table *table = settling->table;
    uint32_t number = know_mark(settling, marks, (uint32_t)table->mark_count);
    if (number == table->mark_count) {
        table->marks =
            mem_grow(table->marks, &table->mark_capacity, table->mark_count + 1, sizeof *marks);
        table->marks[table->mark_count++] = *marks;
    }
    return number;
}

static uint32_t settled_mark(struct settling *settling, uint32_t mark, enum form_outcome outcome)
{
    uint32_t *number = &settling->settled[(size_t)mark * OUTCOME_WAYS + outcome];
    if (*number == 0) {
        struct touch_marks marks = settling->table->marks[mark];
        form_outcome_settle_marks(&marks, outcome);
        *number = add_mark(settling, &marks) + 1;
    }
    return *number - 1;
}

/* ---- pages ---- */

/* The text of a page has the parameters of the query that are shown; a form's page is its path. */
static struct slice without_query(struct slice page)
{
    const char *mark = page.size ? memchr(page.at, '?', page.size) : NULL;
    return mark ? slice_head(page, (size_t)(mark - page.at)) : page;
}

static void number_paths(struct settling *settling)
{
    const struct names *pages = &settling->table->pages;
    struct names paths;
    char path[RULES_PATH_MAX + 1];
    names_init(&paths, hash_key_random());
    settling->path_of = mem_zeroed(pages->count, sizeof *settling->path_of);
    for (uint32_t i = 0; i < pages->count; i++)
        settling->path_of[i] =
            names_add(&paths, rules_page(without_query(names_text(pages, i)), path));
    settling->seen_in = mem_zeroed(paths.count, sizeof *settling->seen_in);
    names_clear(&paths);
}

/* Of a page that can be compared with others: what visit saw its path last. NULL for others. */
static uint32_t *last_seen(const struct settling *settling, const struct event *event)
{
    if (event->page == PAGE_OTHER || event->page >= settling->table->pages.count)
        return NULL;
    return &settling->seen_in[settling->path_of[event->page]];
}

/*
 * Other sites have a "/contact", too. Where no own host is known, and of origins beyond the cap,
 * nobody can tell.
 */
static bool is_from_elsewhere(const struct event_table *table, const struct event *event)
{
    if (table->own_hosts.count == 0 || event->origin == ORIGIN_OTHER ||
        event->origin >= table->origins.count)
        return false;
    struct origin origin = origin_unpack(names_text(&table->origins, event->origin));
    return !origin_is_inner(&origin, &table->own_hosts);
}

/* ---- events in their visits ---- */

static bool shows_page(const struct event *event)
{
    bool is_good = (event->status >= 200 && event->status < 300) || event->status == 304;
    return event->kind == KIND_PAGE && !(event->flags & EVENT_IS_POST) && is_good;
}

static bool is_form_page(const struct settling *settling, const struct event *event, size_t visit)
{
    if (event->kind != KIND_PAGE)
        return false;
    const uint32_t *seen_in = last_seen(settling, event);
    return (seen_in && *seen_in == visit + 1) ||
           (event->flags & EVENT_FROM_ITSELF && !is_from_elsewhere(settling->table, event));
}

static void settle_event(struct settling *settling, struct event *event, size_t visit)
{
    if (event->mark < settling->open_count && is_open(&settling->table->marks[event->mark])) {
        bool is_same = is_form_page(settling, event, visit);
        event->mark = settled_mark(settling, event->mark, form_outcome_of(event->status, is_same));
    }
    uint32_t *seen_in = shows_page(event) ? last_seen(settling, event) : NULL;
    if (seen_in)
        *seen_in = (uint32_t)(visit + 1);
}

static void settle_visits(struct settling *settling)
{
    struct event_table *table = settling->table;
    for (size_t i = 0; i < table->visit_count; i++) {
        const struct visit *visit = &table->visits[i];
        for (uint32_t e = 0; e < visit->event_count; e++)
            settle_event(settling, &table->events[visit->first_event + e], i);
    }
}

static bool any_is_open(const struct event_table *table)
{
    for (size_t i = 0; i < table->mark_count; i++) {
        if (is_open(&table->marks[i]))
            return true;
    }
    return false;
}

void form_outcomes_settle(struct event_table *table)
{
    struct settling settling = {.table = table, .open_count = table->mark_count};
    if (!any_is_open(table))
        return;
    settling.settled = mem_zeroed(table->mark_count * OUTCOME_WAYS, sizeof *settling.settled);
    number_paths(&settling);
    names_init(&settling.known, hash_key_random());
    for (size_t i = 0; i < table->mark_count; i++)
        know_mark(&settling, &table->marks[i], (uint32_t)i);
    settle_visits(&settling);
    names_clear(&settling.known);
    mem_free(settling.number_of);
    mem_free(settling.settled);
    mem_free(settling.path_of);
    mem_free(settling.seen_in);
}
