/*
 * Lines of every format against tests/data/log-lines.txt, whose head says what a block is and where
 * its values come from. Each block is a file of its own, read the way that a run reads one: bytes,
 * lines, detection, format.
 */
#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/printable.h"
#include "input_fixture.h"
#include "parser/detect.h"
#include "parser/spec.h"

enum { ENTRIES_MAX = 64, COPIES = 3, TEXT_BYTES = 16 * 1024 };

/* A line of the table. */
struct entry {
    const char *key;
    struct slice value; /* as it stands there */
    int row;
};

/* A block of the table. */
struct log_case {
    struct entry entries[ENTRIES_MAX];
    size_t count;
};

/* Memory for one case after the other, and what they have shown so far. */
struct bench {
    struct folder folder;
    struct arena texts;
    struct block *block;
    struct line_reader *reader;
    size_t cases, failures;
    char show[2][TEXT_BYTES]; /* for messages */
};

/* ---- the table ---- */

static FILE *open_table(void)
{
    const char *folder = getenv("srcdir");
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/data/log-lines.txt", folder ? folder : ".");
    FILE *stream = fopen(path, "r");
    return stream ? stream : fopen("tests/data/log-lines.txt", "r");
}

static const char *const known_keys[] = {
    "format",   "spec",  "date-format", "time-format", "second",    "zone",   "header",
    "line",     "raw",   "detected",    "rejected",    "directive", "time",   "address",
    "status",   "bytes", "method",      "kind",        "odd",       "path",   "query",
    "referrer", "agent", "user",        "host",        "forwarded", "cookie", "duration_us",
};

/* The constant of that name. */
static const char *known_key(struct slice key, int row)
{
    for (size_t i = 0; i < sizeof known_keys / sizeof known_keys[0]; i++) {
        if (slice_is(key, known_keys[i]))
            return known_keys[i];
    }
    ck_abort_msg("log-lines.txt:%d: \"%.*s\" is no key", row, SLICE_ARG(key));
    return NULL;
}

static void add_entry(struct log_case *one, struct arena *texts, struct slice line, int row)
{
    ck_assert_msg(one->count < ENTRIES_MAX, "log-lines.txt:%d: a block of too many lines", row);
    const char *blank = memchr(line.at, ' ', line.size);
    struct slice key = blank ? slice_head(line, (size_t)(blank - line.at)) : line;
    struct slice value = slice_from(line, key.size + 1);
    one->entries[one->count++] = (struct entry){known_key(key, row), arena_copy(texts, value), row};
}

/* The next block; false at the end. *row counts the lines of the table. */
static bool read_case(FILE *table, int *row, struct arena *texts, struct log_case *one)
{
    char line[TEXT_BYTES];
    one->count = 0;
    while (fgets(line, sizeof line, table)) {
        size_t size = strcspn(line, "\n");
        ++*row;
        ck_assert_msg(line[size] == '\n', "log-lines.txt:%d: no end of line", *row);
        if (line[0] == '#')
            continue;
        if (size > 0)
            add_entry(one, texts, (struct slice){line, size}, *row);
        else if (one->count > 0)
            return true;
    }
    return one->count > 0;
}

/* NULL when the block does not have the key. */
static const struct entry *find_entry(const struct log_case *one, const char *key)
{
    for (size_t i = 0; i < one->count; i++) {
        if (strcmp(one->entries[i].key, key) == 0)
            return &one->entries[i];
    }
    return NULL;
}

static const char *text_of(const struct log_case *one, const char *key)
{
    const struct entry *entry = find_entry(one, key);
    return entry ? entry->value.at : NULL; /* arena_copy has put a NUL behind it */
}

/* ---- values with escapes ---- */

static unsigned hex_pair(struct slice text, int row)
{
    char digits[3] = {0};
    char *end = digits;
    if (text.size >= 2)
        memcpy(digits, text.at, 2);
    unsigned long value = strtoul(digits, &end, 16);
    ck_assert_msg(end == digits + 2, "log-lines.txt:%d: \\x needs two digits", row);
    return (unsigned)value;
}

/* `marks` are the letters that mean a byte behind a backslash. */
static struct slice unescape(const struct entry *entry, const char *marks, struct arena *texts)
{
    static const char letters[] = "\\tnr0", meanings[] = "\\\t\n\r\0";
    struct slice rest = entry->value;
    char *out = arena_alloc(texts, rest.size + 1);
    size_t size = 0;
    while (rest.size) {
        char next = rest.size > 1 ? rest.at[1] : '\0';
        bool is_escape = rest.at[0] == '\\' && next && strchr(marks, next);
        if (is_escape && next == 'x') {
            out[size++] = (char)hex_pair(slice_from(rest, 2), entry->row);
            rest = slice_from(rest, 4);
            continue;
        }
        out[size++] = is_escape ? meanings[strchr(letters, next) - letters] : rest.at[0];
        rest = slice_from(rest, is_escape ? 2 : 1);
    }
    return (struct slice){out, size};
}

#define TAB_ONLY  "t"
#define ALL_MARKS "\\tnr0x"

/* ---- what is found ---- */

static struct slice show_address(const struct hit *hit, char *text)
{
    if (hit->address.family == ADDRESS_V4)
        inet_ntop(AF_INET, hit->address.bytes + 12, text, TEXT_BYTES);
    else if (hit->address.family == ADDRESS_V6)
        inet_ntop(AF_INET6, hit->address.bytes, text, TEXT_BYTES);
    else
        return hit->address_text;
    return slice_of(text);
}

static struct slice show_number(int64_t number, char *text)
{
    if (number < 0)
        return SLICE_LITERAL("unknown");
    snprintf(text, TEXT_BYTES, "%lld", (long long)number);
    return slice_of(text);
}

/* Texts of a hit, by their keys. */
static const struct {
    const char *key;
    size_t offset;
} text_keys[] = {
    {"path", offsetof(struct hit, request.path)},   {"query", offsetof(struct hit, request.query)},
    {"referrer", offsetof(struct hit, referrer)},   {"agent", offsetof(struct hit, agent)},
    {"user", offsetof(struct hit, user)},           {"host", offsetof(struct hit, host)},
    {"forwarded", offsetof(struct hit, forwarded)}, {"cookie", offsetof(struct hit, cookie)},
};

/* False when the key is not about a hit. `text` is memory for TEXT_BYTES. */
static bool show_value(const char *key, const struct hit *hit, char *text, struct slice *value)
{
    for (size_t i = 0; i < sizeof text_keys / sizeof text_keys[0]; i++) {
        if (strcmp(key, text_keys[i].key) == 0) {
            memcpy(value, (const char *)hit + text_keys[i].offset, sizeof *value);
            return true;
        }
    }
    if (strcmp(key, "time") == 0)
        *value = slice_of(civil_format(hit->time_ms, text));
    else if (strcmp(key, "address") == 0)
        *value = show_address(hit, text);
    else if (strcmp(key, "status") == 0)
        *value = show_number(hit->status, text);
    else if (strcmp(key, "bytes") == 0)
        *value = show_number(hit->size_bytes, text);
    else if (strcmp(key, "duration_us") == 0)
        *value = show_number(hit->duration_us, text);
    else if (strcmp(key, "method") == 0)
        *value = slice_of(request_method_name(hit->request.method));
    else if (strcmp(key, "kind") == 0)
        *value = slice_of(request_kind_name(hit->request.kind));
    else if (strcmp(key, "odd") == 0)
        *value = slice_of(oddity_name((enum oddity)hit->oddity));
    else
        return false;
    return true;
}

/* ---- comparing ---- */

static void expect(struct bench *bench, const struct entry *entry, struct slice expected,
                   struct slice found)
{
    if (slice_equal(expected, found))
        return;
    bench->failures++;
    fprintf(stderr, "log-lines.txt:%d: %s: expected \"%s\", found \"%s\"\n", entry->row, entry->key,
            printable(bench->show[0], TEXT_BYTES, expected),
            printable(bench->show[1], TEXT_BYTES, found));
}

static void compare_fields(struct bench *bench, const struct log_case *one, const struct hit *hit)
{
    char text[TEXT_BYTES];
    for (size_t i = 0; i < one->count; i++) {
        const struct entry *entry = &one->entries[i];
        struct slice found;
        if (show_value(entry->key, hit, text, &found))
            expect(bench, entry, unescape(entry, ALL_MARKS, &bench->texts), found);
    }
}

/* "hit", "directive", or the reason why it was rejected. */
static const char *outcome_name(enum line_outcome outcome, enum reject_reason reason)
{
    return outcome == LINE_HIT         ? "hit"
           : outcome == LINE_DIRECTIVE ? "directive"
                                       : reject_reason_name(reason);
}

static const struct entry *line_of(const struct log_case *one)
{
    const struct entry *line = find_entry(one, "line");
    return line ? line : find_entry(one, "raw");
}

static const char *expected_outcome(const struct log_case *one)
{
    const char *rejected = text_of(one, "rejected");
    return rejected ? rejected : find_entry(one, "directive") ? "directive" : "hit";
}

static void check_line(struct bench *bench, const struct log_case *one, struct line_parser *parser,
                       const struct line *line)
{
    struct hit hit;
    enum reject_reason reason = REJECT_COUNT;
    enum line_outcome outcome = line_parser_read(parser, line, &hit, &reason);
    const char *found = outcome_name(outcome, reason), *expected = expected_outcome(one);
    expect(bench, line_of(one), slice_of(expected), slice_of(found));
    if (outcome == LINE_HIT && strcmp(expected, "hit") == 0)
        compare_fields(bench, one, &hit);
}

/* ---- a case ---- */

/* The lines of the repeatable key, each with what ends it. */
static void join(const struct log_case *one, const char *key, const char *marks,
                 struct arena *texts, struct bytes *all)
{
    for (size_t i = 0; i < one->count; i++) {
        if (strcmp(one->entries[i].key, key) != 0)
            continue;
        struct slice line = unescape(&one->entries[i], marks, texts);
        bytes_add(all, line.at, line.size);
        bytes_add_text(all, "\n");
    }
}

/*
 * The line is repeated: what was learned from the first must not change the next. A byte-order mark
 * at the start of the file stands only there.
 */
static const char *write_file(struct bench *bench, const struct log_case *one)
{
    const struct slice mark = SLICE_LITERAL("\xef\xbb\xbf");
    struct bytes all = {0};
    const struct entry *line = line_of(one);
    bool is_raw = strcmp(line->key, "raw") == 0;
    struct slice text = unescape(line, is_raw ? ALL_MARKS : TAB_ONLY, &bench->texts);
    join(one, "header", TAB_ONLY, &bench->texts, &all);
    bool begins_with_mark = all.size == 0 && slice_starts_with(text, mark);
    for (int copy = 0; copy < COPIES; copy++) {
        bytes_add(&all, text.at, text.size);
        bytes_add_text(&all, "\n");
        if (copy == 0 && begins_with_mark)
            text = slice_from(text, mark.size);
    }
    const char *path = folder_write(&bench->folder, "access.log", bytes_slice(&all));
    mem_free(all.at);
    return path;
}

static const struct log_format *compile_spec(struct bench *bench, const struct log_case *one)
{
    struct error error = {0};
    struct bytes text = {0};
    join(one, "spec", "", &bench->texts, &text);
    bytes_fill(&text, '\0', 1);
    const struct format_spec spec = {.text = text.at,
                                     .date_format = text_of(one, "date-format"),
                                     .time_format = text_of(one, "time-format")};
    const struct log_format *format = spec_compile(&spec, &bench->texts, &error);
    mem_free(text.at);
    if (!format) {
        bench->failures++;
        fprintf(stderr, "log-lines.txt:%d: column %zu: %s\n", find_entry(one, "spec")->row,
                error.column, error.sentence);
    }
    return format;
}

/* NULL when a text does not compile. */
static const struct log_format *format_of(struct bench *bench, const struct log_case *one)
{
    const struct entry *entry = find_entry(one, "format");
    if (!entry)
        return compile_spec(bench, one);
    const struct log_format *format = format_find(entry->value.at);
    ck_assert_msg(format != NULL, "log-lines.txt:%d: no format \"%s\"", entry->row,
                  entry->value.at);
    return format;
}

/* What is found when nothing is said about the format. */
static void check_detection(struct bench *bench, const struct log_case *one,
                            const struct time_zone *zone)
{
    const struct entry *entry = find_entry(one, "detected");
    if (!entry && !find_entry(one, "rejected"))
        entry = find_entry(one, "format");
    if (!entry)
        return;
    struct detection found =
        detect_format(bench->block, &(struct detect_options){.zone = zone}, &bench->texts);
    const struct log_format *format = found.line_format.format;
    expect(bench, entry, entry->value, slice_of(format ? format->name : "none"));
}

/* As the run would read it, had the user named the format. */
static struct line_format line_format_of(struct bench *bench, const struct log_case *one,
                                         const struct log_format *format,
                                         const struct time_zone *zone)
{
    const char *second = text_of(one, "second");
    const struct detect_options options = {.only = format, .zone = zone};
    struct detection found = detect_format(bench->block, &options, &bench->texts);
    return (struct line_format){.format = format,
                                .second = second ? format_find(second) : NULL,
                                .has_syslog_prefix = found.line_format.has_syslog_prefix};
}

static size_t count_headers(const struct log_case *one)
{
    size_t count = 0;
    for (size_t i = 0; i < one->count; i++)
        count += strcmp(one->entries[i].key, "header") == 0;
    return count;
}

static void check_lines(struct bench *bench, const struct log_case *one,
                        const struct line_format *line_format, const struct time_zone *zone)
{
    struct line_parser *parser = line_parser_new(zone);
    struct slice rest = {bench->block->bytes, bench->block->size};
    struct line line;
    struct hit hit;
    enum reject_reason reason;
    size_t number = 0, headers = count_headers(one);
    line_parser_begin(parser, line_format, bench->block->header);
    for (; lines_next(&rest, &line); number++) {
        if (number < headers)
            line_parser_read(parser, &line, &hit, &reason);
        else
            check_line(bench, one, parser, &line);
    }
    ck_assert_msg(number == headers + COPIES, "log-lines.txt:%d: %zu lines of it were read",
                  line_of(one)->row, number);
    line_parser_free(parser);
}

static void check_case(struct bench *bench, const struct log_case *one)
{
    struct error error = {0};
    const char *zone_name = text_of(one, "zone");
    ck_assert_msg(line_of(one) != NULL, "log-lines.txt:%d: a block without a line",
                  one->entries[0].row);
    const struct log_format *format = format_of(bench, one);
    if (!format)
        return;
    struct time_zone *zone = zone_name ? time_zone_new(zone_name) : NULL;
    ck_assert_msg(!zone_name || zone, "no zone \"%s\"", zone_name);
    struct source *source = source_open(write_file(bench, one), &error);
    ck_assert_msg(source != NULL, "%s", error.sentence);
    line_reader_init(bench->reader, source);
    ck_assert(line_reader_fill(bench->reader, bench->block));
    check_detection(bench, one, zone);
    struct line_format line_format = line_format_of(bench, one, format, zone);
    line_reader_follow_header(bench->reader, (enum header_style)format->header, &bench->texts,
                              bench->block);
    check_lines(bench, one, &line_format, zone);
    source_close(source);
    time_zone_free(zone);
}

START_TEST(lines_are_what_the_table_says)
{
    struct bench *bench = mem_zeroed(1, sizeof *bench);
    struct log_case one;
    FILE *table = open_table();
    ck_assert_msg(table != NULL, "tests/data/log-lines.txt is missing");
    folder_make(&bench->folder);
    bench->block = mem_zeroed(1, sizeof *bench->block);
    bench->reader = mem_zeroed(1, sizeof *bench->reader);
    for (int row = 0; read_case(table, &row, &bench->texts, &one); bench->cases++) {
        check_case(bench, &one);
        arena_clear(&bench->texts);
    }
    fclose(table);
    folder_remove(&bench->folder);
    size_t cases = bench->cases, failures = bench->failures;
    mem_free(bench->reader);
    mem_free(bench->block);
    mem_free(bench);
    ck_assert_msg(failures == 0, "%zu differences", failures);
    ck_assert_uint_gt(cases, 150);
}
END_TEST

/* ---- what a text file cannot show ---- */

static const char combined_line[] = "192.0.2.1 - - [16/Sep/2023:18:22:16 -0400] \"GET /cart "
                                    "HTTP/1.1\" 200 3878 \"-\" \"curl/7.88.1\"";

/* The outcome of a line that stands behind a good one. */
static const char *outcome_of(struct slice text)
{
    const struct line_format combined = {.format = format_find("combined")};
    struct line_parser *parser = line_parser_new(NULL);
    struct hit hit;
    enum reject_reason reason = REJECT_COUNT;
    char *bytes = mem_zeroed(1, text.size + SCAN_SLACK);
    if (text.size)
        memcpy(bytes, text.at, text.size);
    const struct line line = {{bytes, text.size}, false, false};
    line_parser_begin(parser, &combined, (struct slice){0});
    enum line_outcome outcome = line_parser_read(parser, &line, &hit, &reason);
    const char *name = outcome_name(outcome, reason);
    mem_free(bytes);
    line_parser_free(parser);
    return name;
}

START_TEST(blank_lines_are_rejected)
{
    ck_assert_str_eq(outcome_of(SLICE_LITERAL("")), "blank");
    ck_assert_str_eq(outcome_of(SLICE_LITERAL(" ")), "blank");
    ck_assert_str_eq(outcome_of(SLICE_LITERAL(" \t  ")), "blank");
    ck_assert_str_eq(outcome_of(SLICE_LITERAL(" - ")), "format");
}
END_TEST

/* A line of exactly the limit is read, one byte more is not. */
START_TEST(overlong_lines_are_rejected)
{
    struct bytes line = {0};
    bytes_add(&line, combined_line, sizeof combined_line - 2);
    bytes_fill(&line, 'a', LINE_LIMIT - line.size - 1);
    bytes_add_text(&line, "\"");
    ck_assert_uint_eq(line.size, LINE_LIMIT);
    ck_assert_str_eq(outcome_of(bytes_slice(&line)), "hit");
    bytes_add_text(&line, " ");
    ck_assert_str_eq(outcome_of(bytes_slice(&line)), "overlong");
    mem_free(line.at);
}
END_TEST

/* ---- does the table say enough? ---- */

enum { CASES_WANTED = 3 };

/* The keys that show a field; NULL ends them. */
static const char *const keys_of_fields[FIELD_COUNT][4] = {
    [FIELD_HOST] = {"host"},
    [FIELD_ADDRESS] = {"address"},
    [FIELD_FORWARDED] = {"forwarded"},
    [FIELD_USER] = {"user"},
    [FIELD_TIME] = {"time"},
    [FIELD_REQUEST] = {"method", "path", "query"},
    [FIELD_METHOD] = {"method"},
    [FIELD_URL] = {"path"},
    [FIELD_STATUS] = {"status"},
    [FIELD_BYTES] = {"bytes"},
    [FIELD_DURATION] = {"duration_us"},
    [FIELD_REFERRER] = {"referrer"},
    [FIELD_AGENT] = {"agent"},
    [FIELD_COOKIE] = {"cookie"},
};

/* Which keys the blocks of a format have. */
struct coverage {
    size_t cases;
    bool has_key[sizeof known_keys / sizeof known_keys[0]];
};

static void note_case(struct coverage *coverage, const struct log_case *one)
{
    coverage->cases++;
    for (size_t i = 0; i < sizeof known_keys / sizeof known_keys[0]; i++)
        coverage->has_key[i] |= find_entry(one, known_keys[i]) != NULL;
}

static struct coverage coverage_of(const char *format)
{
    struct coverage coverage = {0};
    struct arena texts = {0};
    struct log_case one;
    FILE *table = open_table();
    ck_assert_ptr_nonnull(table);
    for (int row = 0; read_case(table, &row, &texts, &one);) {
        const char *name = text_of(&one, "format");
        if (name && strcmp(name, format) == 0)
            note_case(&coverage, &one);
    }
    fclose(table);
    arena_clear(&texts);
    return coverage;
}

static void check_key(const struct log_format *format, const struct coverage *coverage,
                      const char *key)
{
    for (size_t i = 0; i < sizeof known_keys / sizeof known_keys[0]; i++) {
        if (strcmp(known_keys[i], key) == 0)
            ck_assert_msg(coverage->has_key[i], "no block of %s has \"%s\"", format->name, key);
    }
}

static bool has_field(const struct log_format *format, int field)
{
    const struct field_map *map = format->map;
    for (size_t i = 0; map && i < map->count; i++) {
        if (map->items[i].meaning.field == field)
            return true;
    }
    return !map && !(format->absent & FIELD_BIT(field));
}

/* Formats without a list of their own can have every field. */
static bool can_have_all(const struct log_format *format)
{
    return format->absent == 0 && !format->map;
}

START_TEST(every_field_of_a_format_is_compared)
{
    size_t count;
    const struct log_format *format = &format_presets(&count)[_i];
    struct coverage coverage = coverage_of(format->name);
    ck_assert_msg(coverage.cases >= CASES_WANTED, "%zu blocks of %s, %d are wanted", coverage.cases,
                  format->name, CASES_WANTED);
    for (int field = 0; field < FIELD_COUNT; field++) {
        bool is_rare = field == FIELD_COOKIE || field == FIELD_FORWARDED || field == FIELD_USER;
        if (!has_field(format, field) || (is_rare && can_have_all(format)))
            continue;
        for (int i = 0; i < 4 && keys_of_fields[field][i]; i++)
            check_key(format, &coverage, keys_of_fields[field][i]);
    }
}
END_TEST

int main(void)
{
    size_t preset_count;
    format_presets(&preset_count);
    Suite *suite = suite_create("log_lines");
    TCase *table = tcase_create("table");
    tcase_add_test(table, lines_are_what_the_table_says);
    tcase_add_test(table, blank_lines_are_rejected);
    tcase_add_test(table, overlong_lines_are_rejected);
    tcase_add_loop_test(table, every_field_of_a_format_is_compared, 0, (int)preset_count);
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
