#include "table_fixture.h"

#include <check.h>
#include <stdio.h>

#include "base/civil.h"

static bool is_asset(const struct event_row *row)
{
    return request_is_asset(slice_of(row->page));
}

static uint8_t kind_of(const struct event_row *row)
{
    return strncmp(row->page, "/api/", 5) == 0 ? KIND_CALL : KIND_PAGE;
}

/* Copies up to one of `ends`, and returns where that stands. */
static const char *copy_until(const char *at, const char *ends, char *out, size_t size)
{
    size_t length = strcspn(at, ends);
    ck_assert_uint_lt(length, size);
    memcpy(out, at, length);
    out[length] = '\0';
    return at + length;
}

/* The packed text of parser/origin.h. */
static uint32_t add_origin(struct event_table *table, const struct event_row *row)
{
    const char *text = row->origin ? row->origin : row->from ? FIXTURE_OWN_HOST : "";
    char asked[64] = "", host[64] = "", source[64] = "", campaign[64] = "", packed[300];
    if (*text == '\0')
        return ORIGIN_NONE;
    if (strcmp(text, "(other)") == 0)
        return ORIGIN_OTHER;
    if (strchr(text, '>'))
        text = copy_until(text, ">", asked, sizeof asked) + 1;
    text = copy_until(text, "?", host, sizeof host);
    if (*text)
        text = copy_until(text + 1, "&", source, sizeof source);
    if (*text)
        copy_until(text + 1, "", campaign, sizeof campaign);
    int size = snprintf(packed, sizeof packed, "%s%c%s%c%c%s%c%c%s", asked, 0, host, 0, 0, source,
                        0, 0, campaign);
    return names_add(&table->origins, (struct slice){packed, (size_t)size});
}

static void count_use(struct event_table *table, const struct event_row *row, uint32_t origin)
{
    if (is_asset(row))
        table->origin_uses[origin].assets++;
    else if (kind_of(row) == KIND_PAGE)
        table->origin_uses[origin].pages++;
}

static void add_visitor(struct event_table *table)
{
    size_t number = table->visitor_count++;
    table->visitors[number] = (struct visitor){.client = (uint32_t)number,
                                               .class = AGENT_PERSON,
                                               .traits = VISITOR_NOT_ONLY_HEAD,
                                               .first_visit = table->visit_count,
                                               .first_event = table->event_count};
    table->agents[number] = (struct agent_facts){.crawler = -1, .class = AGENT_PERSON};
    table->clients[number] = (struct client){.agent = (uint32_t)number};
    char text[32];
    snprintf(text, sizeof text, "192.0.2.%zu", number + 1);
    ck_assert(address_parse(slice_of(text), &table->clients[number].address));
    table->agent_count = table->client_count = table->visitor_count;
}

static struct visit *visit_of(struct event_table *table, struct visitor *visitor, int64_t time_ms)
{
    struct visit *last = visitor->visit_count ? &table->visits[table->visit_count - 1] : NULL;
    ck_assert(!last || last->last_ms <= time_ms);
    if (last && time_ms - last->last_ms <= FIXTURE_TIMEOUT_S * INT64_C(1000))
        return last;
    visitor->visit_count++;
    last = &table->visits[table->visit_count++];
    *last = (struct visit){.first_ms = time_ms,
                           .visitor = (uint32_t)(table->visitor_count - 1),
                           .client = visitor->client,
                           .first_event = table->event_count};
    return last;
}

static void add_event(struct event_table *table, const struct event_row *row, uint32_t origin)
{
    bool is_login = slice_starts_with(slice_of(row->page), SLICE_LITERAL("/login"));
    uint32_t from = row->from ? names_find(&table->pages, slice_of(row->from)) : NAMES_NONE;
    table->referring_pages[table->event_count] = from == NAMES_NONE ? PAGE_NONE : from;
    table->events[table->event_count++] =
        (struct event){.time_ms = row->at_s * 1000,
                       .visitor = (uint32_t)(table->visitor_count - 1),
                       .page = names_find(&table->pages, slice_of(row->page)),
                       .duration_ms = EVENT_NO_DURATION,
                       .status = (uint16_t)(row->status ? row->status : 200),
                       .kind = kind_of(row),
                       .flags = (uint8_t)(row->flags | (is_login ? EVENT_ON_LOGIN : 0)),
                       .origin = origin};
}

static void add_hit(struct event_table *table, const struct event_row *row)
{
    struct visitor *visitor = &table->visitors[table->visitor_count - 1];
    struct visit *visit = visit_of(table, visitor, row->at_s * 1000);
    uint32_t origin = add_origin(table, row);
    visit->last_ms = row->at_s * 1000;
    visit->hits++;
    count_use(table, row, origin);
    if (is_asset(row)) {
        visitor->traits |= VISITOR_LOADED_ASSET;
        return;
    }
    visit->event_count++;
    visit->page_views += kind_of(row) == KIND_PAGE;
    visitor->event_count++;
    add_event(table, row, origin);
}

static void add_pages(struct event_table *table, const struct event_row *rows, size_t count)
{
    names_init(&table->pages, (struct hash_key){1, 2});
    names_add(&table->pages, SLICE_LITERAL("(other)"));
    for (size_t i = 0; i < count; i++) {
        if (!is_asset(&rows[i]))
            names_add(&table->pages, slice_of(rows[i].page));
    }
}

static struct event_table *empty_table(size_t rows)
{
    struct event_table *table = mem_zeroed(1, sizeof *table);
    table->counted_classes = table->kept_classes = 1u << AGENT_PERSON | 1u << AGENT_SUSPECTED;
    table->visitor_rules = (struct visitor_rules){
        .items = {{.kind = KEY_ADDRESS_AGENT, .name = "", .label = "address+agent"}},
        .count = 1,
        .v4_prefix = 32,
        .v6_prefix = 64};
    table->clients = mem_zeroed(rows + 1, sizeof *table->clients);
    table->agents = mem_zeroed(rows + 1, sizeof *table->agents);
    table->visitors = mem_zeroed(rows + 1, sizeof *table->visitors);
    table->visits = mem_zeroed(rows + 1, sizeof *table->visits);
    table->events = mem_zeroed(rows + 1, sizeof *table->events);
    table->referring_pages = mem_zeroed(rows + 1, sizeof *table->referring_pages);
    table->marks = mem_zeroed(1, sizeof *table->marks);
    table->mark_count = table->mark_capacity = 1;
    names_init(&table->origins, (struct hash_key){3, 4});
    names_add(&table->origins, SLICE_LITERAL(""));
    names_add(&table->origins, SLICE_LITERAL("(other)"));
    table->origin_uses = mem_zeroed(rows + 2, sizeof *table->origin_uses);
    table->first_ms = table->last_ms = CIVIL_NO_TIME;
    arena_init(&table->texts);
    return table;
}

struct event_table *table_fixture_new(const struct event_row *rows, size_t count)
{
    struct event_table *table = empty_table(count);
    unsigned visitors = 0;
    for (size_t i = 0; i < count; i++)
        visitors = rows[i].visitor < visitors ? visitors : rows[i].visitor + 1;
    add_pages(table, rows, count);
    for (unsigned v = 0; v < visitors; v++) {
        add_visitor(table);
        for (size_t i = 0; i < count; i++) {
            if (rows[i].visitor == v)
                add_hit(table, &rows[i]);
        }
    }
    return table;
}

static struct source source_of_thumb(const struct event_table *table, uint32_t number)
{
    struct origin origin = origin_unpack(names_text(&table->origins, number));
    if (number == ORIGIN_OTHER)
        return (struct source){.class = SOURCE_REFERRAL, .name = SLICE_LITERAL("(other)")};
    if (origin.source.size) {
        bool is_mail = slice_is(origin.source, "mail");
        return (struct source){is_mail ? SOURCE_EMAIL : SOURCE_CAMPAIGN, origin.source,
                               origin.campaign};
    }
    if (origin.referrer.size == 0 || slice_is(origin.referrer, FIXTURE_OWN_HOST))
        return (struct source){.class = SOURCE_DIRECT};
    bool is_search = memmem(origin.referrer.at, origin.referrer.size, "google", 6);
    return (struct source){.class = is_search ? SOURCE_SEARCH : SOURCE_REFERRAL,
                           .name = origin.referrer};
}

void table_fixture_add_sources(struct event_table *table)
{
    static const struct slice own_host = {FIXTURE_OWN_HOST, sizeof FIXTURE_OWN_HOST - 1};
    table->own_hosts = (struct own_hosts){&own_host, 1};
    table->source_count = (size_t)table->origins.count + 1;
    table->sources = mem_zeroed(table->source_count, sizeof *table->sources);
    table->source_of = mem_zeroed(table->source_count, sizeof *table->source_of);
    table->sources[SOURCE_NUMBER_NONE].class = SOURCE_NONE;
    for (uint32_t i = 0; i < table->origins.count; i++) {
        table->sources[i + 1] = source_of_thumb(table, i);
        table->source_of[i] = i + 1;
    }
}

/* ---- checking ---- */

static void check_visit(const struct event_table *table, size_t number, size_t first_event)
{
    const struct visit *visit = &table->visits[number];
    uint32_t page_views = 0;
    ck_assert_int_le(visit->first_ms, visit->last_ms);
    ck_assert_uint_eq(visit->first_event, first_event);
    for (uint32_t i = 0; i < visit->event_count; i++) {
        const struct event *event = &table->events[first_event + i];
        ck_assert_uint_eq(event->visitor, visit->visitor);
        ck_assert(event->time_ms >= visit->first_ms && event->time_ms <= visit->last_ms);
        ck_assert(i == 0 || event->time_ms >= event[-1].time_ms);
        page_views += event->kind == KIND_PAGE;
    }
    ck_assert_uint_eq(visit->page_views, page_views);
}

void table_fixture_check(const struct event_table *table)
{
    size_t visit = 0, event = 0;
    for (size_t i = 0; i < table->visitor_count; i++) {
        const struct visitor *visitor = &table->visitors[i];
        size_t last_event = event + visitor->event_count;
        ck_assert_uint_eq(visitor->first_visit, visit);
        ck_assert_uint_eq(visitor->first_event, event);
        for (uint32_t k = 0; k < visitor->visit_count; k++, visit++) {
            ck_assert_uint_eq(table->visits[visit].visitor, i);
            ck_assert(k == 0 || table->visits[visit].first_ms >= table->visits[visit - 1].last_ms);
            check_visit(table, visit, event);
            event += table->visits[visit].event_count;
        }
        ck_assert_uint_eq(event, last_event);
    }
    ck_assert_uint_eq(visit, table->visit_count);
    ck_assert_uint_eq(event, table->event_count);
}
