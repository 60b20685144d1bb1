/*
 * Cuts and splits of tables made by hand. What is expected was worked out with pencil and
 * paper from the rules in visit_cuts.h; random walks are told apart by how they were made.
 *
 * A table is written down one visit a line: visitor, first and last second, hits, where from, and
 * the pages of its events.
 */
#include "funnel/visit_cuts.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "table_fixture.h"

enum { TEXT_MAX = 4096, MAX_ROWS = 12 };

static const char *source_text(const struct event_table *table, uint32_t number)
{
    const struct source *source = &table->sources[number];
    if (source->class == SOURCE_NONE)
        return "none";
    return source->name.size ? source->name.at : "direct";
}

/* Names of sources end with NUL in their packed origins. */
static void write_visits(const struct event_table *table, char *out)
{
    size_t size = 0;
    *out = '\0';
    for (size_t i = 0; i < table->visit_count; i++) {
        const struct visit *visit = &table->visits[i];
        size += (size_t)snprintf(out + size, TEXT_MAX - size,
                                 "%u %g-%g %" PRIu64 " %s:", visit->visitor,
                                 (double)visit->first_ms / 1000, (double)visit->last_ms / 1000,
                                 visit->hits, source_text(table, visit->source));
        for (uint32_t k = 0; k < visit->event_count; k++) {
            uint32_t page = table->events[visit->first_event + k].page;
            size += (size_t)snprintf(out + size, TEXT_MAX - size, " %s",
                                     names_text(&table->pages, page).at);
        }
        size += (size_t)snprintf(out + size, TEXT_MAX - size, "\n");
        ck_assert_uint_lt(size, TEXT_MAX);
    }
}

static void set_sources(struct event_table *table)
{
    table_fixture_add_sources(table);
    for (size_t i = 0; i < table->visit_count; i++)
        table->visits[i].source = visit_source(table, &table->visits[i]);
}

struct cut_case {
    const char *name;
    struct visit_rules rules;
    struct event_row rows[MAX_ROWS];
    const char *expected;
};

static void check_case(const struct cut_case *one, void (*change)(struct event_table *table))
{
    size_t count = 0;
    char text[TEXT_MAX];
    struct visit_rules rules = one->rules;
    while (count < MAX_ROWS && one->rows[count].page)
        count++;
    struct event_table *table = table_fixture_new(one->rows, count);
    set_sources(table);
    table_fixture_check(table);
    if (change)
        change(table);
    rules.timeout_ms = FIXTURE_TIMEOUT_S * 1000;
    visit_cuts_apply(table, &rules);
    table_fixture_check(table);
    write_visits(table, text);
    ck_assert_msg(strcmp(text, one->expected) == 0, "%s:\n%s, expected\n%s", one->name, text,
                  one->expected);
    event_table_free(table);
}

/* ---- cuts ---- */

#define MAX_LENGTH   .rules = {.max_length_ms = 3600 * 1000}
#define NEW_SOURCE   .rules = {.cut_on_new_source = true}
#define NEW_CAMPAIGN .rules = {.cut_on_new_campaign = true}
#define BOTH         .rules = {.cut_on_new_source = true, .cut_on_new_campaign = true}

static const struct cut_case cut_cases[] = {
    {"no rule",
     .rows = {{0, 0, "/a", .origin = "google.com"},
              {0, 10, "/b", .origin = "blog.example"},
              {0, 1810, .page = "/c"},
              {0, 3611, .page = "/d"}},
     .expected = "0 0-1810 3 google.com: /a /b /c\n"
                 "0 3611-3611 1 direct: /d\n"},
    {"exactly the longest stays one", MAX_LENGTH,
     .rows = {{0, 0, .page = "/a"}, {0, 1800, .page = "/b"}, {0, 3600, .page = "/c"}},
     .expected = "0 0-3600 3 direct: /a /b /c\n"},
    {"a second more", MAX_LENGTH,
     .rows = {{0, 0, .page = "/a"}, {0, 1801, .page = "/b"}, {0, 3601, .page = "/c"}},
     .expected = "0 0-0 1 direct: /a\n"
                 "0 1801-3601 2 direct: /b /c\n"},
    {"the length begins with an asset, and the next part with its page view", MAX_LENGTH,
     .rows = {{0, 0, .page = "/x.png"},
              {0, 1000, .page = "/a"},
              {0, 2500, .page = "/b"},
              {0, 3601, "/c", .origin = "google.com"},
              {0, 5000, .page = "/d"},
              {0, 6500, .page = "/y.png"},
              {0, 7201, .page = "/e"},
              {0, 7202, .page = "/f"}},
     .expected = "0 0-2500 4 direct: /a /b\n"
                 "0 3601-7201 3 google.com: /c /d /e\n"
                 "0 7202-7202 1 direct: /f\n"},
    {"only a page view begins one", MAX_LENGTH,
     .rows = {{0, 0, .page = "/a"},
              {0, 1700, .page = "/api/1"},
              {0, 3400, .page = "/api/2"},
              {0, 3700, .page = "/api/3"},
              {0, 3800, .page = "/b"},
              {0, 3900, .page = "/x.png"}},
     .expected = "0 0-3700 5 direct: /a /api/1 /api/2 /api/3\n"
                 "0 3800-3900 1 direct: /b\n"},
    {"a part with assets alone", MAX_LENGTH,
     .rows = {{0, 0, .page = "/x.png"},
              {0, 1800, .page = "/x.png"},
              {0, 3600, .page = "/x.png"},
              {0, 3601, .page = "/a"}},
     .expected = "0 0-0 3 none:\n"
                 "0 3601-3601 1 direct: /a\n"},
    {"other visitors keep theirs", MAX_LENGTH,
     .rows = {{0, 0, .page = "/a"},
              {0, 9000, .page = "/b"},
              {1, 0, .page = "/a"},
              {1, 1800, .page = "/b"},
              {1, 3600, .page = "/x.png"},
              {1, 3601, .page = "/c"},
              {2, 5, .page = "/x.png"},
              {3, 7, .page = "/a"}},
     .expected = "0 0-0 1 direct: /a\n"
                 "0 9000-9000 1 direct: /b\n"
                 "1 0-1800 3 direct: /a /b\n"
                 "1 3601-3601 1 direct: /c\n"
                 "2 5-5 1 none:\n"
                 "3 7-7 1 direct: /a\n"},
    {"from a search to another site and back", NEW_SOURCE,
     .rows = {{0, 0, "/a", .origin = "google.com"},
              {0, 10, "/b", .from = "/a"},
              {0, 20, "/c", .origin = "blog.example"},
              {0, 30, "/d", .from = "/c"},
              {0, 40, "/a", .origin = "google.com"}},
     .expected = "0 0-10 2 google.com: /a /b\n"
                 "0 20-30 2 blog.example: /c /d\n"
                 "0 40-40 1 google.com: /a\n"},
    {"direct never cuts, and what is not direct cuts a direct visit", NEW_SOURCE,
     .rows = {{0, 0, "/a", .origin = "google.com"},
              {0, 10, .page = "/b"},
              {0, 20, "/b", .origin = "google.com"},
              {1, 0, .page = "/a"},
              {1, 10, "/b", .origin = "google.com"}},
     .expected = "0 0-20 3 google.com: /a /b /b\n"
                 "1 0-0 1 direct: /a\n"
                 "1 10-10 1 google.com: /b\n"},
    {"the first page view is no new source", NEW_SOURCE,
     .rows = {{0, 0, .page = "/x.png"},
              {0, 1, "/api/a", .origin = "blog.example"},
              {0, 2, "/b", .origin = "google.com"},
              {0, 3, "/api/b", .origin = "blog.example"}},
     .expected = "0 0-3 4 google.com: /api/a /b /api/b\n"},
    {"in the same second", NEW_SOURCE,
     .rows = {{0, 0, "/a", .origin = "google.com"},
              {0, 0, "/b", .origin = "blog.example"},
              {0, 0, "/c", .origin = "google.com"}},
     .expected = "0 0-0 1 google.com: /a\n"
                 "0 0-0 1 blog.example: /b\n"
                 "0 0-0 1 google.com: /c\n"},
    {"a campaign of another name is no other source", NEW_SOURCE,
     .rows = {{0, 0, "/a", .origin = "?news&spring"},
              {0, 10, "/b", .origin = "?news&summer"},
              {0, 20, "/c", .origin = "?paper&summer"}},
     .expected = "0 0-10 2 news: /a /b\n"
                 "0 20-20 1 paper: /c\n"},
    {"but another campaign", NEW_CAMPAIGN,
     .rows = {{0, 0, "/a", .origin = "?news&spring"},
              {0, 10, "/b", .origin = "?news&spring"},
              {0, 20, "/c", .origin = "?news&summer"},
              {0, 30, "/d", .origin = "?news"}},
     .expected = "0 0-10 2 news: /a /b\n"
                 "0 20-20 1 news: /c\n"
                 "0 30-30 1 news: /d\n"},
    {"a source without a campaign is none", NEW_CAMPAIGN,
     .rows = {{0, 0, "/a", .origin = "?news&spring"},
              {0, 10, "/b", .origin = "google.com"},
              {0, 20, .page = "/c"},
              {0, 30, "/d", .origin = "?paper"}},
     .expected = "0 0-20 3 news: /a /b /c\n"
                 "0 30-30 1 paper: /d\n"},
    {"mail with a campaign is one, too", NEW_CAMPAIGN,
     .rows = {{0, 0, "/a", .origin = "?mail&spring"},
              {0, 10, "/b", .origin = "?mail"},
              {0, 20, "/c", .origin = "?mail&summer"}},
     .expected = "0 0-10 2 mail: /a /b\n"
                 "0 20-20 1 mail: /c\n"},
    {"either", BOTH,
     .rows = {{0, 0, "/a", .origin = "?news&spring"},
              {0, 10, "/b", .origin = "?news&summer"},
              {0, 20, "/c", .origin = "google.com"},
              {0, 30, .page = "/d"}},
     .expected = "0 0-0 1 news: /a\n"
                 "0 10-10 1 news: /b\n"
                 "0 20-30 2 google.com: /c /d\n"},
    {"nobody", BOTH, .rows = {{0}}, .expected = ""},
};

START_TEST(test_cut)
{
    check_case(&cut_cases[_i], NULL);
}
END_TEST

/* ---- splits ---- */

#define SPLIT .rules = {.split_by_referrer = true}

static const struct cut_case split_cases[] = {
    {"two people", SPLIT,
     .rows = {{0, 0, "/a", .origin = "google.com"},
              {0, 10, "/b", .from = "/a"},
              {0, 20, .page = "/x"},
              {0, 30, "/c", .from = "/b"},
              {0, 40, "/y", .from = "/x"},
              {0, 50, "/d", .from = "/a"}},
     .expected = "0 0-50 4 google.com: /a /b /c /d\n"
                 "1 20-40 2 direct: /x /y\n"},
    {"three people; assets lie with the first and the last event", SPLIT,
     .rows = {{0, 0, .page = "/s.css"},
              {0, 1, .page = "/a"},
              {0, 2, "/x", .origin = "google.com"},
              {0, 3, "/m", .origin = "blog.example"},
              {0, 4, "/y", .from = "/x"},
              {0, 5, "/n", .from = "/m"},
              {0, 6, "/b", .from = "/a"},
              {0, 7, "/o", .from = "/n"},
              {0, 8, "/z", .from = "/x"},
              {0, 9, .page = "/o.png"}},
     .expected = "0 0-6 4 direct: /a /b\n"
                 "1 2-9 3 google.com: /x /y /z\n"
                 "2 3-7 3 blog.example: /m /n /o\n"},
    {"one after the other can be the same person", SPLIT,
     .rows = {{0, 0, "/a", .origin = "google.com"},
              {0, 10, "/b", .from = "/a"},
              {0, 20, "/x", .origin = "google.com"},
              {0, 30, "/y", .from = "/x"}},
     .expected = "0 0-30 4 google.com: /a /b /x /y\n"},
    {"who comes back when only one of two is away is that one", SPLIT,
     .rows = {{0, 0, .page = "/a"},
              {0, 10, .page = "/x"},
              {0, 20, "/b", .from = "/a"},
              {0, 30, "/m", .origin = "google.com"},
              {0, 40, "/n", .from = "/m"},
              {0, 50, "/y", .from = "/x"}},
     .expected = "0 0-40 4 direct: /a /b /m /n\n"
                 "1 10-50 2 direct: /x /y\n"},
    {"who comes back when two are away can be either", SPLIT,
     .rows = {{0, 0, .page = "/a"},
              {0, 10, .page = "/x"},
              {0, 20, "/b", .from = "/a"},
              {0, 30, "/y", .from = "/x"},
              {0, 40, .page = "/m"}},
     .expected = "0 0-40 5 direct: /a /x /b /y /m\n"},
    {"a page that both have seen", SPLIT,
     .rows = {{0, 0, .page = "/a"},
              {0, 10, "/a", .origin = "google.com"},
              {0, 20, "/b", .from = "/a"},
              {0, 30, "/c", .from = "/a"}},
     .expected = "0 0-30 4 direct: /a /a /b /c\n"},
    {"a page that both have seen, and nobody follows a link there", SPLIT,
     .rows = {{0, 0, .page = "/a"},
              {0, 10, "/x", .origin = "google.com"},
              {0, 20, "/m", .from = "/a"},
              {0, 30, "/m", .from = "/x"},
              {0, 40, "/b", .from = "/a"}},
     .expected = "0 0-40 3 direct: /a /m /b\n"
                 "1 10-30 2 google.com: /x /m\n"},
    {"a page that both have seen, and somebody does", SPLIT,
     .rows = {{0, 0, .page = "/a"},
              {0, 10, "/x", .origin = "google.com"},
              {0, 20, "/m", .from = "/a"},
              {0, 30, "/m", .from = "/x"},
              {0, 40, "/b", .from = "/m"},
              {0, 50, "/c", .from = "/a"}},
     .expected = "0 0-50 6 direct: /a /x /m /m /b /c\n"},
    {"a page that nobody has seen in this visit", SPLIT,
     .rows = {{0, 0, .page = "/a"},
              {0, 10, .page = "/x"},
              {0, 20, "/b", .from = "/a"},
              {0, 30, "/y", .from = "/q"},
              {0, 40, "/z", .from = "/x"},
              {0, 9000, .page = "/q"}},
     .expected = "0 0-40 5 direct: /a /x /b /y /z\n"
                 "0 9000-9000 1 direct: /q\n"},
    {"a page that nobody in the log has seen is no entry", SPLIT,
     .rows = {{0, 0, .page = "/a"},
              {0, 10, "/x", .from = "/lost"},
              {0, 20, "/b", .from = "/a"},
              {0, 30, "/y", .from = "/x"}},
     .expected = "0 0-30 4 direct: /a /x /b /y\n"},
    {"but the first of a visit is", SPLIT,
     .rows = {{0, 0, "/a", .from = "/lost"},
              {0, 10, .page = "/x"},
              {0, 20, "/b", .from = "/a"},
              {0, 30, "/y", .from = "/x"}},
     .expected = "0 0-20 2 direct: /a /b\n"
                 "1 10-30 2 direct: /x /y\n"},
    {"somebody with one page view is not sure to be there", SPLIT,
     .rows = {{0, 0, .page = "/a"},
              {0, 10, "/b", .from = "/a"},
              {0, 20, .page = "/x"},
              {0, 30, "/c", .from = "/b"}},
     .expected = "0 0-30 4 direct: /a /b /x /c\n"},
    {"unless two are", SPLIT,
     .rows = {{0, 0, .page = "/a"},
              {0, 10, .page = "/x"},
              {0, 20, "/m", .origin = "google.com"},
              {0, 30, "/b", .from = "/a"},
              {0, 40, "/y", .from = "/x"}},
     .expected = "0 0-30 2 direct: /a /b\n"
                 "1 10-40 2 direct: /x /y\n"
                 "2 20-20 1 google.com: /m\n"},
    {"calls go with their referrer, or the page view before", SPLIT,
     .rows = {{0, 0, .page = "/api/0"},
              {0, 1, .page = "/a"},
              {0, 2, .page = "/x"},
              {0, 3, "/api/1", .from = "/a"},
              {0, 4, .page = "/api/2"},
              {0, 5, "/b", .from = "/a"},
              {0, 6, .page = "/api/3"},
              {0, 7, "/y", .from = "/x"},
              {0, 8, "/api/4", .from = "/lost"}},
     .expected = "0 0-6 5 direct: /api/0 /a /api/1 /b /api/3\n"
                 "1 2-8 4 direct: /x /api/2 /y /api/4\n"},
    {"alone, somebody was away for longer than the timeout", SPLIT,
     .rows = {{0, 0, .page = "/a"},
              {0, 100, .page = "/x"},
              {0, 1900, "/y", .from = "/x"},
              {0, 2000, "/b", .from = "/a"},
              {0, 3701, "/z", .from = "/y"}},
     .expected = "0 0-0 1 direct: /a\n"
                 "0 2000-2000 1 direct: /b\n"
                 "1 100-1900 2 direct: /x /y\n"
                 "1 3701-3701 1 direct: /z\n"},
    {"the second of each visit is one visitor", SPLIT,
     .rows = {{0, 0, .page = "/a"},
              {0, 1, .page = "/x"},
              {0, 2, "/b", .from = "/a"},
              {0, 3, "/y", .from = "/x"},
              {0, 5000, .page = "/c"},
              {0, 10000, .page = "/m"},
              {0, 10001, .page = "/u"},
              {0, 10002, "/n", .from = "/m"},
              {0, 10003, "/v", .from = "/u"},
              {0, 15000, .page = "/s.css"},
              {1, 4, .page = "/a"}},
     .expected = "0 0-2 2 direct: /a /b\n"
                 "0 5000-5000 1 direct: /c\n"
                 "0 10000-10002 2 direct: /m /n\n"
                 "0 15000-15000 1 none:\n"
                 "1 1-3 2 direct: /x /y\n"
                 "1 10001-10003 2 direct: /u /v\n"
                 "2 4-4 1 direct: /a\n"},
    {"pages and origins beyond the cap tell nothing", SPLIT,
     .rows = {{0, 0, .page = "(other)"},
              {0, 10, .page = "/x"},
              {0, 20, "/b", .from = "(other)"},
              {0, 30, "/y", .from = "/x"},
              {1, 0, .page = "/a"},
              {1, 10, "/x", .origin = "(other)"},
              {1, 20, "/b", .from = "/a"},
              {1, 30, "/y", .from = "/x"}},
     .expected = "0 0-30 4 direct: (other) /x /b /y\n"
                 "1 0-30 4 direct: /a /x /b /y\n"},
    {"people first, then their sources",
     .rules = {.split_by_referrer = true, .cut_on_new_source = true, .max_length_ms = 1000 * 1000},
     .rows = {{0, 0, "/a", .origin = "google.com"},
              {0, 10, "/x", .origin = "blog.example"},
              {0, 20, "/b", .from = "/a"},
              {0, 1010, "/y", .from = "/x"},
              {0, 1020, "/c", .from = "/b"},
              {0, 1030, "/m", .origin = "blog.example"},
              {0, 1040, "/z", .from = "/y"}},
     .expected = "0 0-20 2 google.com: /a /b\n"
                 "0 1020-1020 1 direct: /c\n"
                 "0 1030-1030 1 blog.example: /m\n"
                 "1 10-1010 2 blog.example: /x /y\n"
                 "1 1040-1040 1 direct: /z\n"},
};

START_TEST(test_split)
{
    check_case(&split_cases[_i], NULL);
}
END_TEST

static const struct cut_case together = {"two people who are not told apart", SPLIT,
                                         .rows = {{0, 0, .page = "/a"},
                                                  {0, 1, .page = "/x"},
                                                  {0, 2, "/b", .from = "/a"},
                                                  {0, 3, "/y", .from = "/x"}},
                                         .expected = "0 0-3 4 direct: /a /x /b /y\n"};

static void forget_referrers(struct event_table *table)
{
    mem_free(table->referring_pages);
    table->referring_pages = NULL;
}

static void tell_by_cookie(struct event_table *table)
{
    table->visitor_rules.items[0].kind = KEY_COOKIE;
}

static void make_machine(struct event_table *table)
{
    table->visitors[0].class = AGENT_SEO;
}

START_TEST(test_split_needs_people_and_referrers)
{
    static void (*const changes[])(struct event_table *) = {forget_referrers, tell_by_cookie,
                                                            make_machine};
    check_case(&together, changes[_i]);
}
END_TEST

START_TEST(test_split_off_looks_alike)
{
    struct event_table *table = table_fixture_new(together.rows, 4);
    set_sources(table);
    table->visitors[0].traits = VISITOR_LOADED_ASSET;
    visit_cuts_apply(table, &together.rules);
    ck_assert_uint_eq(table->visitor_count, 2);
    ck_assert_uint_eq(table->visitors[1].client, 0);
    ck_assert_uint_eq(table->visitors[1].traits, VISITOR_LOADED_ASSET);
    ck_assert_uint_eq(table->visitors[1].class, AGENT_PERSON);
    ck_assert_uint_eq(table->visits[1].client, 0);
    event_table_free(table);
}
END_TEST

/* ---- random walks ---- */

enum { CASES = 300, WALKS = 4, STEPS = 20, PAGES = 8, NAME_MAX_BYTES = 16 };

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static unsigned below(uint64_t *state, unsigned limit)
{
    return (unsigned)(splitmix(state) % limit);
}

/* Somebody who walks over pages that nobody else sees, by links on any page seen before. */
struct walk {
    char pages[PAGES][NAME_MAX_BYTES];
    unsigned seen[STEPS]; /* pages, in order */
    unsigned count;
};

static void begin_walk(struct walk *walk, unsigned number)
{
    walk->count = 0;
    for (unsigned i = 0; i < PAGES; i++)
        snprintf(walk->pages[i], NAME_MAX_BYTES, "/%u/%u", number, i);
}

static struct event_row next_step(uint64_t *state, struct walk *walk, int64_t at_s)
{
    struct event_row row = {0, at_s, walk->pages[below(state, PAGES)], 0, 0, NULL, NULL};
    if (walk->count == 0)
        row.origin = below(state, 2) ? "google.com" : NULL;
    else
        row.from = walk->pages[walk->seen[below(state, walk->count)]];
    for (unsigned i = 0; i < PAGES; i++) {
        if (row.page == walk->pages[i])
            walk->seen[walk->count++] = i;
    }
    return row;
}

/* All begin before any ends: then each is sure to be somebody else. */
static size_t make_walks(uint64_t *state, struct walk *walks, unsigned count,
                         struct event_row *rows, unsigned *truth)
{
    size_t made = 0;
    int64_t at_s = 0;
    for (unsigned i = 0; i < count; i++) {
        begin_walk(&walks[i], i);
        rows[made] = next_step(state, &walks[i], at_s);
        truth[made++] = i;
        at_s += below(state, 3);
    }
    size_t steps = below(state, STEPS - 2) * count;
    for (size_t i = 0; i < steps + count; i++) {
        /* at last, a step of each */
        unsigned walk = i < steps ? below(state, count) : (unsigned)(i - steps);
        if (i < steps && walks[walk].count >= STEPS - 1)
            continue;
        rows[made] = next_step(state, &walks[walk], at_s);
        truth[made++] = walk;
        at_s += below(state, 60);
    }
    return made;
}

START_TEST(test_random_walks)
{
    uint64_t state = (uint64_t)_i;
    struct walk walks[WALKS];
    struct event_row rows[WALKS * STEPS];
    unsigned truth[WALKS * STEPS], count = 2 + below(&state, WALKS - 1);
    const struct visit_rules rules = {.split_by_referrer = true, .timeout_ms = INT64_MAX / 2};
    size_t row_count = make_walks(&state, walks, count, rows, truth);
    struct event_table *table = table_fixture_new(rows, row_count);
    set_sources(table);
    visit_cuts_apply(table, &rules);
    table_fixture_check(table);
    ck_assert_uint_eq(table->visitor_count, count);
    for (unsigned person = 0; person < count; person++) {
        size_t event = table->visitors[person].first_event;
        ck_assert_uint_eq(table->visitors[person].visit_count, 1);
        for (size_t i = 0; i < row_count; i++) {
            if (truth[i] != person)
                continue;
            ck_assert_uint_eq(table->events[event].visitor, person);
            ck_assert_int_eq(table->events[event].time_ms, rows[i].at_s * 1000);
            ck_assert_str_eq(names_text(&table->pages, table->events[event].page).at, rows[i].page);
            uint32_t from = table->referring_pages[event++];
            ck_assert_str_eq(from == PAGE_NONE ? "" : names_text(&table->pages, from).at,
                             rows[i].from ? rows[i].from : "");
        }
        ck_assert_uint_eq(event, table->visitors[person].first_event +
                                     table->visitors[person].event_count);
    }
    event_table_free(table);
}
END_TEST

/* Rows without any sense: whatever comes out must be a table, and nothing may be lost. */
START_TEST(test_random_tables)
{
    static const char *const pages[] = {"/a", "/b",      "/c",     "/d",
                                        "/e", "(other)", "/api/a", "/a.png"};
    static const char *const origins[] = {NULL, "google.com", "blog.example", "?news&spring",
                                          "(other)"};
    enum { ROWS = 60 };
    uint64_t state = 0x5eed + (uint64_t)_i;
    struct event_row rows[ROWS];
    int64_t at_s[3] = {0};
    uint64_t hits = 0;
    for (size_t i = 0; i < ROWS; i++) {
        unsigned visitor = i < 3 ? (unsigned)i : below(&state, 3);
        at_s[visitor] += below(&state, 30) ? below(&state, 100) : 2000;
        bool is_link = below(&state, 4) > 0;
        rows[i] = (struct event_row){.visitor = visitor,
                                     .at_s = at_s[visitor],
                                     .page = pages[below(&state, 8)],
                                     .from = is_link ? pages[below(&state, 7)] : NULL,
                                     .origin = is_link ? NULL : origins[below(&state, 5)]};
    }
    struct event_table *table = table_fixture_new(rows, ROWS);
    size_t events = table->event_count;
    set_sources(table);
    const struct visit_rules rules = {.split_by_referrer = true,
                                      .timeout_ms = FIXTURE_TIMEOUT_S * 1000,
                                      .max_length_ms = below(&state, 2) ? 500 * 1000 : 0,
                                      .cut_on_new_source = below(&state, 2),
                                      .cut_on_new_campaign = below(&state, 2)};
    visit_cuts_apply(table, &rules);
    table_fixture_check(table);
    for (size_t i = 0; i < table->visit_count; i++) {
        hits += table->visits[i].hits;
        ck_assert_uint_eq(table->visits[i].source, visit_source(table, &table->visits[i]));
    }
    ck_assert_uint_eq(table->event_count, events);
    ck_assert_uint_eq(hits, ROWS);
    event_table_free(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("visit_cuts");
    TCase *tests = tcase_create("visit_cuts");
    tcase_add_loop_test(tests, test_cut, 0, sizeof cut_cases / sizeof cut_cases[0]);
    tcase_add_loop_test(tests, test_split, 0, sizeof split_cases / sizeof split_cases[0]);
    tcase_add_loop_test(tests, test_split_needs_people_and_referrers, 0, 3);
    tcase_add_test(tests, test_split_off_looks_alike);
    tcase_add_loop_test(tests, test_random_walks, 0, CASES);
    tcase_add_loop_test(tests, test_random_tables, 0, CASES);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
