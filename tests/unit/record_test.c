/* Encoded by hand after https://maxmind.github.io/MaxMind-DB/, "Output Data Section". */
#include "geo/record.h"

#include <check.h>
#include <stdlib.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* A map of one: "a" is VALUE. */
#define MAP_A(value) "\341\101a" value

struct row {
    const char *what;
    struct slice bytes;
    const char *path[4];
    enum record_answer answer;
    const char *text; /* when a text is found */
};

static const struct row rows[] = {
    {"a text", {"\101x", 2}, {NULL}, RECORD_FOUND, "x"},
    {"an empty text", {"\100", 1}, {NULL}, RECORD_FOUND, ""},
    {"a key", {MAP_A("\102bc"), 6}, {"a"}, RECORD_FOUND, "bc"},
    {"another key", {MAP_A("\102bc"), 6}, {"b"}, RECORD_ABSENT, NULL},
    {"a prefix of a key", {"\341\102ab\101x", 6}, {"a"}, RECORD_ABSENT, NULL},
    {"the second key", {"\342\101a\101x\101b\101y", 9}, {"b"}, RECORD_FOUND, "y"},
    {"a map in a map", {MAP_A(MAP_A("\101x")), 8}, {"a", "a"}, RECORD_FOUND, "x"},
    {"behind a map", {"\342\101a\341\101c\101d\101b\101y", 12}, {"b"}, RECORD_FOUND, "y"},
    {"behind an array", {"\342\101a\2\4\101c\101d\101b\101y", 13}, {"b"}, RECORD_FOUND, "y"},
    {"behind a double", {"\342\101a\150........\101b\101y", 16}, {"b"}, RECORD_FOUND, "y"},
    {"behind a boolean", {"\342\101a\1\7\101b\101y", 9}, {"b"}, RECORD_FOUND, "y"},
    {"an array's first", {"\2\4\101x\101y", 6}, {"first"}, RECORD_FOUND, "x"},
    {"an empty array's first", {"\0\4", 2}, {"first"}, RECORD_ABSENT, NULL},
    {"a key of a text", {"\101x", 2}, {"a"}, RECORD_ABSENT, NULL},
    {"a value by pointer", {MAP_A("\40\5") "\101x", 7}, {"a"}, RECORD_FOUND, "x"},
    {"a key by pointer", {"\341\40\5\101x\101a", 7}, {"a"}, RECORD_FOUND, "x"},
    {"a pointer to a pointer", {MAP_A("\40\5") "\40\0", 7}, {"a"}, RECORD_CORRUPT, NULL},
    {"a pointer to itself", {"\40\0", 2}, {NULL}, RECORD_CORRUPT, NULL},
    {"a pointer past the end", {MAP_A("\40\5"), 5}, {"a"}, RECORD_CORRUPT, NULL},
    {"half a pointer", {MAP_A("\50\5"), 5}, {"a"}, RECORD_CORRUPT, NULL},
    {"a map of itself", {MAP_A("\40\0"), 5}, {"a", "a", "a"}, RECORD_FOUND, NULL},
    {"nothing", {"", 0}, {NULL}, RECORD_CORRUPT, NULL},
    {"an extended type without a type", {"\1", 1}, {NULL}, RECORD_CORRUPT, NULL},
    {"a text that is cut", {"\102x", 2}, {NULL}, RECORD_CORRUPT, NULL},
    {"a size that is cut", {"\136\1", 2}, {NULL}, RECORD_CORRUPT, NULL},
    {"a map without its key", {"\341", 1}, {"a"}, RECORD_CORRUPT, NULL},
    {"a key that is no text", {"\341\341\101a\101x\101y", 7}, {"a"}, RECORD_CORRUPT, NULL},
    {"a key without its value", {"\341\101a", 3}, {"a"}, RECORD_CORRUPT, NULL},
    {"a map of 16 million", {"\377\377\377\377\101a\101x", 8}, {"b"}, RECORD_CORRUPT, NULL},
};

static enum record_answer find(struct slice section, size_t at, const char *const *path,
                               struct record_value *value)
{
    struct record record = record_at(section, at);
    return record_find(&record, path, value);
}

START_TEST(finds_a_path)
{
    const struct row *row = &rows[_i];
    struct record_value value = {0};
    ck_assert_msg(find(row->bytes, 0, row->path, &value) == row->answer, "%s", row->what);
    if (!row->text)
        return;
    struct slice text = {row->bytes.at + value.at, value.size};
    ck_assert_msg(value.type == RECORD_TEXT && slice_is(text, row->text), "%s", row->what);
}
END_TEST

START_TEST(begins_inside_the_section)
{
    struct record_value value;
    ck_assert_int_eq(find((struct slice){"\101x\101y", 4}, 2, (const char *[]){NULL}, &value),
                     RECORD_FOUND);
    ck_assert_uint_eq(value.at, 3);
    for (size_t at = 4; at < 6; at++)
        ck_assert_int_eq(find((struct slice){"\101x\101y", 4}, at, (const char *[]){NULL}, &value),
                         RECORD_CORRUPT);
    ck_assert_int_eq(find((struct slice){"\101x", 2}, SIZE_MAX, (const char *[]){NULL}, &value),
                     RECORD_CORRUPT);
}
END_TEST

/* Sizes from 29 stand behind the control byte: 29 + one byte, 285 + two, 65821 + three. */
START_TEST(reads_long_sizes)
{
    static const struct {
        const char *bytes;
        size_t head, size;
    } sizes[] = {
        {"\134", 1, 28},           {"\135\0", 2, 29},          {"\135\377", 2, 284},
        {"\136\0\0", 3, 285},      {"\136\377\377", 3, 65820}, {"\137\0\0\0", 4, 65821},
        {"\137\1\0\0", 4, 131357}, {"\137\0\1\2", 4, 66079},
    };
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        char *bytes = calloc(1, sizes[i].head + sizes[i].size);
        memcpy(bytes, sizes[i].bytes, sizes[i].head);
        struct slice section = {bytes, sizes[i].head + sizes[i].size};
        struct record_value value = {0};
        enum record_answer answer = find(section, 0, (const char *[]){NULL}, &value);
        ck_assert_msg(answer == RECORD_FOUND && value.size == sizes[i].size, "size %zu: %zu",
                      sizes[i].size, value.size);
        section.size--;
        ck_assert_int_eq(find(section, 0, (const char *[]){NULL}, &value), RECORD_CORRUPT);
        free(bytes);
    }
}
END_TEST

/* Pointers of one to four bytes: 0, 2048 and 526336 are added, the last has all 32 bits. */
START_TEST(follows_pointers_of_all_sizes)
{
    static const struct {
        const char *bytes;
        size_t head, target;
    } pointers[] = {
        {"\47\377", 2, 2047},        {"\50\0\0", 3, 2048},     {"\57\377\377", 3, 526335},
        {"\60\0\0\0", 4, 526336},    {"\60\1\0\0", 4, 591872}, {"\70\0\10\0\0", 5, 524288},
        {"\77\0\10\0\1", 5, 524289},
    };
    for (size_t i = 0; i < LENGTH(pointers); i++) {
        struct slice section = {NULL, pointers[i].target + 2};
        char *bytes = calloc(1, section.size);
        memcpy(bytes, pointers[i].bytes, pointers[i].head);
        memcpy(bytes + pointers[i].target, "\101x", 2);
        section.at = bytes;
        struct record_value value = {0};
        enum record_answer answer = find(section, 0, (const char *[]){NULL}, &value);
        ck_assert_msg(answer == RECORD_FOUND && value.at == pointers[i].target + 1,
                      "pointer to %zu: %zu", pointers[i].target, value.at);
        free(bytes);
    }
}
END_TEST

START_TEST(budget_is_shared)
{
    struct slice section = {MAP_A("\101x"), 5};
    struct record record = record_at(section, 0);
    struct record_value value;
    const char *const path[] = {"b", NULL};
    unsigned asked = 0;
    while (record_find(&record, path, &value) == RECORD_ABSENT)
        asked++;
    ck_assert_uint_eq(record.budget, 0);
    /* Each question looks at the map, its key and its value. */
    ck_assert_uint_eq(asked, RECORD_BUDGET / 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record");
    TCase *tests = tcase_create("record");
    tcase_add_loop_test(tests, finds_a_path, 0, LENGTH(rows));
    tcase_add_test(tests, begins_inside_the_section);
    tcase_add_test(tests, reads_long_sizes);
    tcase_add_test(tests, follows_pointers_of_all_sizes);
    tcase_add_test(tests, budget_is_shared);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
