/*
 * Expected values are read off the table and the sentences of form_outcome.h by hand; they follow
 * from what the statuses mean (RFC 9110, section 15; 499 is nginx' for a client that went away).
 */
#include "funnel/form_outcome.h"

#include <check.h>
#include <stdlib.h>

#include "funnel/event_table.h"

enum { NONE = OUTCOME_COUNT, S = OUTCOME_SUBMITTED, R = OUTCOME_REFUSED, F = OUTCOME_FAILED };

static const struct {
    unsigned status, elsewhere, form_page;
} answers[] = {
    {100, NONE, NONE}, {103, NONE, NONE}, {200, S, R},       {201, S, S},       {202, S, S},
    {203, S, R},       {204, S, S},       {205, S, S},       {206, S, R},       {299, S, R},
    {300, NONE, NONE}, {301, S, S},       {302, S, S},       {303, S, S},       {304, NONE, NONE},
    {305, NONE, NONE}, {307, NONE, NONE}, {308, NONE, NONE}, {400, R, R},       {404, R, R},
    {422, R, R},       {429, R, R},       {498, R, R},       {499, F, F},       {500, F, F},
    {503, F, F},       {599, F, F},       {0, NONE, NONE},   {600, NONE, NONE}, {65535, NONE, NONE},
};

START_TEST(reads_answers)
{
    ck_assert_msg(form_outcome_of(answers[_i].status, false) == answers[_i].elsewhere,
                  "%u elsewhere", answers[_i].status);
    ck_assert_msg(form_outcome_of(answers[_i].status, true) == answers[_i].form_page,
                  "%u on the form's page", answers[_i].status);
}
END_TEST

/* Sets of touchpoints as bits: word 0. */
struct bits {
    uint64_t reached, failed, open[OUTCOME_COUNT];
};

static struct touch_marks marks_of(struct bits bits)
{
    struct touch_marks marks = {.reached = {{bits.reached}}, .failed = {{bits.failed}}};
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        marks.open[i].words[0] = bits.open[i];
    return marks;
}

static const struct {
    struct bits marks;
    unsigned outcome;
    uint64_t reached, failed;
} settlements[] = {
    /* touchpoint 0 waits for submitted, 1 for refused, 2 for failed, 3 for both of these, 4 for
     * submitted and refused */
    {{0, 0, {17, 26, 12}}, S, 17, 0},
    {{0, 0, {17, 26, 12}}, R, 26, 1},
    {{0, 0, {17, 26, 12}}, F, 12, 1},
    {{0, 0, {17, 26, 12}}, NONE, 0, 0},
    /* what is settled already stays, and reached goes before failed */
    {{64, 128, {1, 0, 0}}, S, 65, 128},
    {{64, 128, {1, 0, 0}}, R, 64, 129},
    {{64, 128, {1, 0, 0}}, NONE, 64, 128},
    {{0, 1, {1, 0, 0}}, S, 1, 0},
    {{0, 1, {0, 0, 1}}, F, 1, 0},
    {{0, 1, {0, 0, 1}}, R, 0, 1},
    {{0, 0, {0, 0, 0}}, F, 0, 0},
};

START_TEST(settles_marks)
{
    struct touch_marks marks = marks_of(settlements[_i].marks);
    form_outcome_settle_marks(&marks, (enum form_outcome)settlements[_i].outcome);
    struct touch_marks expected = marks_of(
        (struct bits){.reached = settlements[_i].reached, .failed = settlements[_i].failed});
    ck_assert_mem_eq(&marks, &expected, sizeof marks);
}
END_TEST

/* Every touchpoint, the last one as well. */
START_TEST(settles_all_touchpoints)
{
    struct touch_marks marks = {.reached = {{0}}};
    for (unsigned i = 0; i < JOURNEY_MAX_TOUCHPOINTS; i++)
        touch_set_add(&marks.open[i % 2 ? OUTCOME_SUBMITTED : OUTCOME_REFUSED], i);
    form_outcome_settle_marks(&marks, OUTCOME_REFUSED);
    for (unsigned i = 0; i < JOURNEY_MAX_TOUCHPOINTS; i++) {
        ck_assert_int_eq(touch_set_has(&marks.reached, i), i % 2 == 0);
        ck_assert_int_eq(touch_set_has(&marks.failed, i), i % 2 == 1);
    }
}
END_TEST

/* ---- a table of events ---- */

/* Marks of the table: none; a plain one; a form whose touchpoint 0 waits for submitted and 1 for
 * refused; the same with touchpoint 5 reached at once; touchpoint 2 waits for failed. */
enum { M_NONE, M_PLAIN, M_FORM, M_FORM_AND_MORE, M_LOST, M_COUNT };
static const struct bits first_marks[M_COUNT] = {
    [M_PLAIN] = {.reached = 1},
    [M_FORM] = {.open = {1, 2, 0}},
    [M_FORM_AND_MORE] = {.reached = 32, .open = {1, 2, 0}},
    [M_LOST] = {.open = {0, 0, 4}},
};

static struct event get(unsigned status, uint32_t page)
{
    return (struct event){.status = (uint16_t)status, .page = page, .kind = KIND_PAGE};
}

static struct event post(unsigned status, uint32_t page, uint32_t mark)
{
    struct event event = get(status, page);
    event.flags = EVENT_IS_POST;
    event.mark = mark;
    return event;
}

static struct event post_from_itself(unsigned status, uint32_t page, uint32_t mark)
{
    struct event event = post(status, page, mark);
    event.flags |= EVENT_FROM_ITSELF;
    return event;
}

static struct event post_call(unsigned status, uint32_t page, uint32_t mark)
{
    struct event event = post_from_itself(status, page, mark);
    event.kind = KIND_CALL;
    return event;
}

/* Visits of the given lengths over the events, one behind the other. */
static struct event_table table_of(struct event *events, const uint32_t *lengths, size_t visits)
{
    struct event_table table = {.events = events, .visit_count = visits};
    struct hash_key key = {1, 2};
    names_init(&table.pages, key);
    names_add(&table.pages, SLICE_LITERAL("(other)"));
    names_add(&table.pages, SLICE_LITERAL("/contact"));
    names_add(&table.pages, SLICE_LITERAL("/else"));
    names_add(&table.pages, SLICE_LITERAL("//C%6fntact/?id=7"));
    names_add(&table.pages, SLICE_LITERAL("/contact?id=8"));
    names_add(&table.pages, SLICE_LITERAL("/contacts"));
    table.visits = mem_zeroed(visits, sizeof *table.visits);
    for (size_t i = 0; i < visits; i++) {
        table.visits[i].first_event = table.event_count;
        table.visits[i].event_count = lengths[i];
        table.event_count += lengths[i];
    }
    table.mark_count = table.mark_capacity = M_COUNT;
    table.marks = mem_zeroed(M_COUNT, sizeof *table.marks);
    for (size_t i = 0; i < M_COUNT; i++)
        table.marks[i] = marks_of(first_marks[i]);
    return table;
}

static void clear_table(struct event_table *table)
{
    names_clear(&table->pages);
    mem_free(table->visits);
    mem_free(table->marks);
}

enum { CONTACT = 1, ELSE = 2, CONTACT_TOO = 3, CONTACT_ID = 4, CONTACTS = 5 };

/* The last event of one visit is asked about. */
static void check_visit(struct event *events, uint32_t count, uint64_t reached, uint64_t failed)
{
    struct event_table table = table_of(events, &count, 1);
    form_outcomes_settle(&table);
    struct touch_marks expected = marks_of((struct bits){.reached = reached, .failed = failed});
    ck_assert_uint_lt(events[count - 1].mark, table.mark_count);
    ck_assert_mem_eq(&table.marks[events[count - 1].mark], &expected, sizeof expected);
    clear_table(&table);
}

#define CHECK(reached, failed, ...)                                                                \
    do {                                                                                           \
        struct event events[] = {__VA_ARGS__};                                                     \
        check_visit(events, sizeof events / sizeof events[0], reached, failed);                    \
    } while (0)

START_TEST(knows_the_page_of_the_form)
{
    /* seen before, so it is shown again: refused */
    CHECK(2, 1, get(200, CONTACT), post(200, CONTACT, M_FORM));
    CHECK(2, 1, get(304, CONTACT), get(200, ELSE), post(200, CONTACT, M_FORM));
    CHECK(1, 0, get(200, CONTACT), post(303, CONTACT, M_FORM));
    CHECK(2, 1, get(200, CONTACT), post(422, CONTACT, M_FORM));
    CHECK(0, 1, get(200, CONTACT), post(500, CONTACT, M_FORM));
    CHECK(0, 0, get(200, CONTACT), post(307, CONTACT, M_FORM));
    /* other texts of the same page */
    CHECK(2, 1, get(200, CONTACT), post(200, CONTACT_TOO, M_FORM));
    CHECK(2, 1, get(200, CONTACT_TOO), post(200, CONTACT_ID, M_FORM));
    CHECK(2, 1, get(304, CONTACT_ID), post(200, CONTACT, M_FORM));
    CHECK(1, 0, get(200, CONTACTS), post(200, CONTACT, M_FORM));
    /* not seen: a page of its own says thanks */
    CHECK(1, 0, post(200, CONTACT, M_FORM));
    CHECK(1, 0, get(200, ELSE), post(200, CONTACT, M_FORM));
    CHECK(1, 0, get(404, CONTACT), post(200, CONTACT, M_FORM));
    CHECK(1, 0, get(302, CONTACT), post(200, CONTACT, M_FORM));
    CHECK(1, 0, post(200, CONTACT, M_NONE), post(200, CONTACT, M_FORM));
    CHECK(1, 0, post_call(200, CONTACT, M_NONE), post(200, CONTACT, M_FORM));
    /* the referrer says so */
    CHECK(2, 1, post_from_itself(200, CONTACT, M_FORM));
    CHECK(1, 0, post_from_itself(302, CONTACT, M_FORM));
    /* a call shows no form */
    CHECK(1, 0, get(200, CONTACT), post_call(200, CONTACT, M_FORM));
    CHECK(2, 1, get(200, CONTACT), post_call(400, CONTACT, M_FORM));
    /* pages beyond the cap are not one page */
    CHECK(1, 0, get(200, PAGE_OTHER), post(200, PAGE_OTHER, M_FORM));
    CHECK(2, 1, get(200, PAGE_OTHER), post_from_itself(200, PAGE_OTHER, M_FORM));
    CHECK(1, 0, get(200, PAGE_NONE), post(200, PAGE_NONE, M_FORM));
    /* what was reached at once stays */
    CHECK(34, 1, get(200, CONTACT), post(200, CONTACT, M_FORM_AND_MORE));
    CHECK(33, 0, post(200, CONTACT, M_FORM_AND_MORE));
    /* other marks stay as they are */
    CHECK(1, 0, get(200, CONTACT), post(500, CONTACT, M_PLAIN));
    CHECK(4, 0, post(499, CONTACT, M_LOST));
    CHECK(0, 0, post(200, CONTACT, M_LOST));
}
END_TEST

/* The own host that was asked, the referrer's, and whether own.example is known to be own. */
static const struct elsewhere_row {
    const char *asked, *referrer;
    bool knows_own, is_from_itself;
    uint32_t origin;
} elsewhere[] = {
    {"", "https://own.example/contact", true, true, 2},
    {"", "https://www.own.example/contact", true, true, 2},
    {"", "https://evil.example/contact", true, false, 2},
    {"evil.example", "https://evil.example/contact", true, true, 2},
    {"own.example", "https://evil.example/contact", true, false, 2},
    /* nobody can tell */
    {"", "https://evil.example/contact", false, true, 2},
    {"", "https://evil.example/contact", true, true, ORIGIN_OTHER},
    {"", "https://evil.example/contact", true, true, 3},
};

static void add_origins(struct event_table *table, const struct elsewhere_row *row)
{
    static const struct slice own[] = {{"own.example", 11}};
    char packed[ORIGIN_TEXT_MAX];
    names_init(&table->origins, (struct hash_key){1, 2});
    names_add(&table->origins, SLICE_LITERAL(""));
    names_add(&table->origins, SLICE_LITERAL("(other)"));
    names_add(&table->origins, origin_pack(slice_of(row->asked), slice_of(row->referrer),
                                           SLICE_LITERAL("utm_source=x"), packed));
    table->own_hosts = (struct own_hosts){own, row->knows_own};
}

/* The form of another site on a page of the same path; what was seen counts, whoever sent one. */
START_TEST(a_referrer_elsewhere_is_not_the_page)
{
    struct event events[] = {post_from_itself(200, CONTACT, M_FORM), get(200, CONTACT),
                             post_from_itself(200, CONTACT, M_FORM)};
    const uint32_t length = 3;
    struct event_table table = table_of(events, &length, 1);
    add_origins(&table, &elsewhere[_i]);
    events[0].origin = events[2].origin = elsewhere[_i].origin;
    form_outcomes_settle(&table);
    uint64_t expected = elsewhere[_i].is_from_itself ? 2 : 1;
    ck_assert_uint_eq(table.marks[events[0].mark].reached.words[0], expected);
    ck_assert_uint_eq(table.marks[events[2].mark].reached.words[0], 2);
    names_clear(&table.origins);
    clear_table(&table);
}
END_TEST

/* The form is refused twice, then sent. */
START_TEST(settles_every_try)
{
    struct event events[] = {get(200, CONTACT), post(200, CONTACT, M_FORM),
                             post(200, CONTACT, M_FORM), post(303, CONTACT, M_FORM),
                             post(200, ELSE, M_FORM)};
    const uint32_t length = 5;
    struct event_table table = table_of(events, &length, 1);
    form_outcomes_settle(&table);
    ck_assert_uint_eq(events[0].mark, M_NONE);
    ck_assert_uint_eq(events[1].mark, events[2].mark);
    ck_assert_uint_eq(table.marks[events[1].mark].reached.words[0], 2);
    /* submitted is what M_PLAIN is: equal marks are one */
    ck_assert_uint_eq(events[3].mark, M_PLAIN);
    ck_assert_uint_eq(events[4].mark, M_PLAIN);
    ck_assert_uint_eq(table.mark_count, M_COUNT + 1);
    clear_table(&table);
}
END_TEST

/* What somebody saw in another visit does not count; the same number of page is another's, too. */
START_TEST(looks_at_one_visit)
{
    struct event events[] = {get(200, CONTACT),          post(200, CONTACT, M_FORM),
                             post(200, CONTACT, M_FORM), post(307, CONTACT, M_FORM),
                             get(200, CONTACT),          post(200, CONTACT, M_LOST)};
    const uint32_t lengths[] = {1, 1, 0, 2, 2};
    struct event_table table = table_of(events, lengths, 5);
    form_outcomes_settle(&table);
    ck_assert_uint_eq(events[1].mark, M_PLAIN);
    ck_assert_uint_eq(events[2].mark, M_PLAIN);
    ck_assert_uint_eq(events[3].mark, M_NONE); /* nothing came of it: that mark is the first */
    ck_assert_uint_eq(events[5].mark, M_NONE);
    ck_assert_uint_eq(table.mark_count, M_COUNT);
    clear_table(&table);
}
END_TEST

START_TEST(leaves_tables_without_open_marks)
{
    struct event events[] = {get(200, CONTACT), post(500, CONTACT, M_PLAIN)};
    const uint32_t length = 2;
    struct event_table table = table_of(events, &length, 1), empty = {.event_count = 0};
    table.mark_count = M_PLAIN + 1;
    form_outcomes_settle(&table);
    ck_assert_uint_eq(events[1].mark, M_PLAIN);
    ck_assert_uint_eq(table.mark_count, M_PLAIN + 1);
    clear_table(&table);
    form_outcomes_settle(&empty);
    ck_assert_uint_eq(empty.mark_count, 0);
}
END_TEST

/* Somebody who posts all day: a look back over the visit for each would take hours. */
START_TEST(is_quick_on_long_visits)
{
    enum { LENGTH = 400000 };
    struct event *events = mem_zeroed(LENGTH, sizeof *events);
    const uint32_t length = LENGTH;
    for (size_t i = 0; i < LENGTH; i++)
        events[i] = post(200, i % 2 ? CONTACT : ELSE, M_FORM);
    events[LENGTH / 2] = get(200, CONTACT);
    struct event_table table = table_of(events, &length, 1);
    form_outcomes_settle(&table);
    size_t refused = 0;
    for (size_t i = 0; i < LENGTH; i++)
        refused += table.marks[events[i].mark].reached.words[0] == 2;
    ck_assert_uint_eq(refused, LENGTH / 4);
    clear_table(&table);
    mem_free(events);
}
END_TEST

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])

int main(void)
{
    Suite *suite = suite_create("form_outcome");
    TCase *table = tcase_create("table");
    tcase_add_loop_test(table, reads_answers, 0, COUNT(answers));
    tcase_add_loop_test(table, settles_marks, 0, COUNT(settlements));
    tcase_add_test(table, settles_all_touchpoints);
    tcase_add_test(table, knows_the_page_of_the_form);
    tcase_add_loop_test(table, a_referrer_elsewhere_is_not_the_page, 0, COUNT(elsewhere));
    tcase_add_test(table, settles_every_try);
    tcase_add_test(table, looks_at_one_visit);
    tcase_add_test(table, leaves_tables_without_open_marks);
    tcase_add_test(table, is_quick_on_long_visits);
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
