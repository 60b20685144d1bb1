/*
 * Copies, beginnings and overlaps of logs. All lines of a test come from one sequence, the n-th
 * asks for "/n" in second n, so that it can be told how often each was counted.
 */
#include "parser/identity.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "input_fixture.h"

enum { LINES_MOST = 200000, REPEATS_MOST = 3 };

/* --- logs --- */

static void add_line(struct bytes *text, unsigned number)
{
    char line[160];
    snprintf(line, sizeof line,
             "192.0.2.7 - - [%02u/Sep/2023:%02u:%02u:%02u +0000] \"GET /%u HTTP/1.1\" 200 1 \"-\" "
             "\"x\"\n",
             1 + number / 86400, number / 3600 % 24, number / 60 % 60, number % 60, number);
    bytes_add_text(text, line);
}

/* Lines begin to end - 1 of the sequence. */
static struct bytes lines_of(unsigned begin, unsigned end)
{
    struct bytes text = {0};
    for (unsigned number = begin; number < end; number++)
        add_line(&text, number);
    return text;
}

static const char *write_lines(const struct folder *folder, const char *name, unsigned begin,
                               unsigned end)
{
    struct bytes text = lines_of(begin, end);
    const char *path = folder_write(folder, name, bytes_slice(&text));
    mem_free(text.at);
    return path;
}

static const char *write_gzip(const struct folder *folder, const char *name, struct slice content)
{
    const char *path = folder_path(folder, name);
    gzFile file = gzopen(path, "wb");
    ck_assert(file && gzwrite(file, content.at, (unsigned)content.size) == (int)content.size);
    ck_assert(gzclose(file) == Z_OK);
    return path;
}

/* --- a run over them --- */

struct run {
    struct folder folder;
    struct input_list list;
    unsigned counts[LINES_MOST]; /* by number of the line */
    struct sighting *sightings;
    size_t sighting_count, sighting_capacity;
    unsigned repeats;
};

static struct run *run_new(void)
{
    struct run *run = mem_zeroed(1, sizeof *run);
    folder_make(&run->folder);
    return run;
}

static void run_free(struct run *run)
{
    inputs_free(&run->list);
    folder_remove(&run->folder);
    mem_free(run->sightings);
    mem_free(run);
}

static void open_paths(struct run *run, const char *const *paths, size_t count)
{
    struct error error = {0};
    ck_assert_msg(inputs_open(&run->list, paths, count, &(struct detect_options){0}, &error), "%s",
                  error.sentence);
    identity_mark_copies(&run->list);
}

static void open_folder(struct run *run)
{
    const char *path = run->folder.path;
    open_paths(run, &path, 1);
}

static void count_hit(struct run *run, const struct hit *hit)
{
    char path[32] = "";
    ck_assert(hit->request.path.size < sizeof path);
    memcpy(path, hit->request.path.at, hit->request.path.size);
    unsigned long number = strtoul(path + 1, NULL, 10);
    ck_assert(number < LINES_MOST);
    run->counts[number]++;
}

static void look_for_head(struct run *run, const struct head_watch *watch,
                          const struct block *block, uint32_t number, const struct line *line,
                          int64_t time_ms)
{
    struct sighting sighting;
    if (!head_watch_may_hold(watch, time_ms) ||
        !head_watch_find(watch, block->input, line->text, time_ms, &sighting))
        return;
    ck_assert_uint_eq(sighting.input, block->input);
    ck_assert_uint_ne(sighting.head_of, block->input);
    sighting.block = block->number;
    sighting.line = number;
    run->sightings = mem_grow(run->sightings, &run->sighting_capacity, run->sighting_count + 1,
                              sizeof *run->sightings);
    run->sightings[run->sighting_count++] = sighting;
}

static void read_block(struct run *run, const struct head_watch *watch, struct line_parser *parser,
                       const struct block *block, uint64_t *left)
{
    struct slice rest = {block->bytes, block->size};
    struct line line;
    for (uint32_t number = 0; lines_next(&rest, &line); number++) {
        struct hit hit;
        enum reject_reason reason;
        if (*left) {
            *left -= *left != SKIP_ALL_LINES;
        } else if (line_parser_read(parser, &line, &hit, &reason) == LINE_HIT) {
            count_hit(run, &hit);
            look_for_head(run, watch, block, number, &line, hit.time_ms);
        }
    }
}

static void read_input(struct run *run, const struct head_watch *watch, uint32_t number)
{
    struct input *input = &run->list.items[number];
    struct error error = {0};
    struct source *source;
    struct line_parser *parser = line_parser_new(NULL);
    struct block *block = mem_zeroed(1, sizeof *block);
    struct line_reader *reader = input_open_reader(input, &source, &error);
    uint64_t left = input->skip_lines;
    ck_assert_msg(reader != NULL, "%s", error.sentence);
    while (line_reader_fill(reader, block)) {
        block->input = number;
        line_parser_begin(parser, &input->detection.line_format, block->header);
        read_block(run, watch, parser, block, &left);
    }
    mem_free(reader);
    mem_free(block);
    source_close(source);
    line_parser_free(parser);
}

static void read_all(struct run *run)
{
    struct head_watch watch;
    memset(run->counts, 0, sizeof run->counts);
    run->sighting_count = 0;
    head_watch_init(&watch, &run->list);
    for (size_t i = run->list.count; i-- > 0;) /* the order of reading does not matter */
        read_input(run, &watch, (uint32_t)i);
    head_watch_clear(&watch);
}

/* Until nothing more is found. */
static void run_all(struct run *run)
{
    read_all(run);
    while (identity_settle(&run->list, run->sightings, run->sighting_count)) {
        ck_assert_uint_lt(run->repeats, REPEATS_MOST);
        run->repeats++;
        read_all(run);
    }
}

static void check_counted(const struct run *run, unsigned begin, unsigned end, unsigned times)
{
    for (unsigned number = begin; number < end; number++)
        ck_assert_msg(run->counts[number] == times, "line %u was counted %u times", number,
                      run->counts[number]);
}

static const struct input *find_input(const struct run *run, const char *name)
{
    const char *path = folder_path(&run->folder, name);
    for (size_t i = 0; i < run->list.count; i++) {
        if (strcmp(run->list.items[i].path, path) == 0)
            return &run->list.items[i];
    }
    ck_abort_msg("%s is no input", name);
    return NULL;
}

/* The note is this sentence with the path of `other` in place of %s. */
static void check_skip(const struct run *run, const char *name, uint64_t lines, const char *form,
                       const char *other)
{
    const struct input *input = find_input(run, name);
    char *note = NULL;
    const char *hole = strstr(form, "%s");
    ck_assert_msg(input->skip_lines == lines, "%s: %" PRIu64 " lines: %s", name, input->skip_lines,
                  input->note);
    ck_assert_int_eq(input->skip_reason, FILTER_ALREADY_COUNTED);
    note = mem_format("%.*s%s%s", (int)(hole - form), form, folder_path(&run->folder, other),
                      hole + 2);
    ck_assert_str_eq(input->note, note);
    mem_free(note);
}

static void check_whole(const struct run *run, const char *name)
{
    const struct input *input = find_input(run, name);
    ck_assert_msg(input->skip_lines == 0, "%s: %" PRIu64 " lines: %s", name, input->skip_lines,
                  input->note);
    ck_assert_str_eq(input->note, "");
}

/* --- before the run --- */

/* logrotate's compress keeps a while what it compresses. */
START_TEST(a_log_and_its_compressed_copy)
{
    struct run *run = run_new();
    struct bytes text = lines_of(0, 30000); /* some blocks */
    write_gzip(&run->folder, "access.log.1.gz", bytes_slice(&text));
    folder_write(&run->folder, "access.log.1", bytes_slice(&text));
    folder_write(&run->folder, "old.log", bytes_slice(&text));
    open_folder(run);
    check_whole(run, "access.log.1");
    check_skip(run, "access.log.1.gz", SKIP_ALL_LINES, "the same content as %s", "access.log.1");
    check_skip(run, "old.log", SKIP_ALL_LINES, "the same content as %s", "access.log.1");
    run_all(run);
    check_counted(run, 0, 30000, 1);
    ck_assert_uint_eq(run->repeats, 0);
    mem_free(text.at);
    run_free(run);
}
END_TEST

START_TEST(line_ends_make_no_difference)
{
    struct run *run = run_new();
    struct bytes unix_text = lines_of(0, 100), dos_text = {0};
    for (size_t i = 0; i < unix_text.size; i++) {
        if (unix_text.at[i] == '\n')
            bytes_add_text(&dos_text, "\r");
        bytes_add(&dos_text, unix_text.at + i, 1);
    }
    folder_write(&run->folder, "a.log", bytes_slice(&unix_text));
    folder_write(&run->folder, "b.log", bytes_slice(&dos_text));
    open_folder(run);
    check_skip(run, "b.log", SKIP_ALL_LINES, "the same content as %s", "a.log");
    mem_free(unix_text.at);
    mem_free(dos_text.at);
    run_free(run);
}
END_TEST

/* A copy made at noon, whether it comes before or after the whole day; also cut inside a line. */
static const struct {
    const char *noon, *day;
    size_t cut_bytes;
} noons[] = {
    {"a-noon.log", "b-day.log", 0},  {"c-noon.log", "b-day.log", 0},
    {"a-noon.log", "b-day.log", 30}, {"c-noon.log", "b-day.log", 30},
    {"c-noon.log", "b-day.log", 1}, /* without its last newline */
};

START_TEST(the_beginning_of_a_log)
{
    struct run *run = run_new();
    struct bytes text = lines_of(0, 6000);
    text.size -= noons[_i].cut_bytes;
    folder_write(&run->folder, noons[_i].noon, bytes_slice(&text));
    write_lines(&run->folder, noons[_i].day, 0, 20000);
    open_folder(run);
    check_whole(run, noons[_i].day);
    check_skip(run, noons[_i].noon, SKIP_ALL_LINES, "all of it stands at the start of %s",
               noons[_i].day);
    run_all(run);
    check_counted(run, 0, 20000, 1);
    mem_free(text.at);
    run_free(run);
}
END_TEST

/* What was cut off by damage is a beginning, too; of equal content the whole file counts. */
START_TEST(damaged_copies)
{
    struct run *run = run_new();
    struct bytes text = lines_of(0, 20000), packed = {0};
    char buffer[4096];
    FILE *file = fopen(write_gzip(&run->folder, "whole.log.gz", bytes_slice(&text)), "rb");
    ck_assert_ptr_nonnull(file);
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
        bytes_add(&packed, buffer, got);
    fclose(file);
    folder_write(&run->folder, "cut.log.gz", slice_head(bytes_slice(&packed), packed.size / 2));
    packed.at[packed.size - 6] ^= 1; /* in the checksum */
    folder_write(&run->folder, "checksum.log.gz", bytes_slice(&packed));
    open_folder(run);
    check_whole(run, "whole.log.gz");
    check_skip(run, "checksum.log.gz", SKIP_ALL_LINES, "the same content as %s", "whole.log.gz");
    ck_assert(find_input(run, "cut.log.gz")->skip_lines == SKIP_ALL_LINES);
    run_all(run);
    check_counted(run, 0, 20000, 1);
    mem_free(text.at);
    mem_free(packed.at);
    run_free(run);
}
END_TEST

/* Over 4 KiB of equal lines, and then different ones: the same head is not the same log. */
START_TEST(logs_that_part)
{
    struct run *run = run_new();
    struct bytes text = lines_of(0, 60);
    for (unsigned number = 100; number < 200; number++)
        add_line(&text, number);
    folder_write(&run->folder, "b.log", bytes_slice(&text));
    ck_assert_uint_gt(text.size, 4096);
    write_lines(&run->folder, "a.log", 0, 90);
    open_folder(run);
    check_whole(run, "a.log");
    check_skip(run, "b.log", 60, "its first 60 lines stand in %s as well", "a.log");
    run_all(run);
    check_counted(run, 0, 90, 1);
    check_counted(run, 100, 200, 1);
    mem_free(text.at);
    run_free(run);
}
END_TEST

/*
 * a is the beginning of d, b shares lines with both, c more of them with b: whatever is left to
 * whom, each line is counted once.
 */
START_TEST(beginnings_of_beginnings)
{
    struct run *run = run_new();
    struct bytes b = lines_of(0, 10), c = lines_of(0, 10);
    for (unsigned number = 100; number < 110; number++) {
        add_line(&b, number);
        if (number < 105)
            add_line(&c, number);
    }
    add_line(&c, 200);
    write_lines(&run->folder, "a.log", 0, 12);
    folder_write(&run->folder, "b.log", bytes_slice(&b));
    folder_write(&run->folder, "c.log", bytes_slice(&c));
    write_lines(&run->folder, "d.log", 0, 20);
    open_folder(run);
    check_skip(run, "a.log", SKIP_ALL_LINES, "all of it stands at the start of %s", "d.log");
    check_whole(run, "b.log");
    check_skip(run, "c.log", 15, "its first 15 lines stand in %s as well", "b.log");
    check_skip(run, "d.log", 10, "its first 10 lines stand in %s as well", "b.log");
    run_all(run);
    check_counted(run, 0, 20, 1);
    check_counted(run, 100, 110, 1);
    check_counted(run, 200, 201, 1);
    mem_free(b.at);
    mem_free(c.at);
    run_free(run);
}
END_TEST

#define W3C_HEADER                                                                                 \
    "#Software: test\n#Fields: date time c-ip cs-method cs-uri-stem sc-status\n#Remark: a\n"

static const char *write_w3c(const struct folder *folder, const char *name, const char *lines)
{
    char *text = mem_format("%s%s", W3C_HEADER, lines);
    const char *path = folder_write(folder, name, slice_of(text));
    mem_free(text);
    return path;
}

/* Logs of several sites begin with the same header, and perhaps with the same health check. */
START_TEST(headers_are_no_overlap)
{
#define HEALTH "2023-09-16 18:22:16 192.0.2.1 GET /health 200\n"
    struct run *run = run_new();
    write_w3c(&run->folder, "a.log", HEALTH "2023-09-16 18:22:17 192.0.2.1 GET /1 200\n");
    write_w3c(&run->folder, "b.log",
              HEALTH "#Remark: b\n2023-09-16 18:22:17 192.0.2.1 GET /2 200\n");
    write_w3c(&run->folder, "c.log", HEALTH "2023-09-16 18:22:17 192.0.2.1 GET /1 200\n");
    open_folder(run);
    ck_assert_uint_eq(run->list.count, 3);
    check_whole(run, "a.log");
    check_whole(run, "b.log");
    check_skip(run, "c.log", SKIP_ALL_LINES, "the same content as %s", "a.log");
    run_free(run);
#undef HEALTH
}
END_TEST

/* 200 logs in ten copies each: every copy is compared with one other, not with all. */
START_TEST(many_copies_take_no_time)
{
    enum { LOGS = 200, COPIES = 10, LINES = 20, LIMIT_S = 30 };
    struct run *run = run_new();
    for (unsigned i = 0; i < LOGS * COPIES; i++) {
        char name[40];
        unsigned begin = i % LOGS * LINES;
        snprintf(name, sizeof name, "access.log.%04u", i);
        write_lines(&run->folder, name, begin, begin + LINES);
    }
    clock_t begin = clock(); /* processor time: the machine may have other work */
    open_folder(run);
    ck_assert_int_lt((clock() - begin) / CLOCKS_PER_SEC, LIMIT_S);
    size_t skipped = 0;
    for (size_t i = 0; i < run->list.count; i++)
        skipped += run->list.items[i].skip_lines == SKIP_ALL_LINES;
    ck_assert_uint_eq(run->list.count, LOGS * COPIES);
    ck_assert_uint_eq(skipped, LOGS * (COPIES - 1));
    run_free(run);
}
END_TEST

/* --- during the run --- */

/* A server that was told late to open a new file: the last lines stand in both. */
START_TEST(the_end_of_one_at_the_head_of_the_next)
{
    struct run *run = run_new();
    write_lines(&run->folder, "new.log", 29000, 60000);
    write_lines(&run->folder, "old.log", 0, 30000);
    write_lines(&run->folder, "newest.log", 60000, 60100);
    open_folder(run);
    run_all(run);
    ck_assert_uint_eq(run->repeats, 1);
    check_skip(run, "new.log", 1000, "its first 1000 lines stand at the end of %s", "old.log");
    check_whole(run, "old.log");
    check_whole(run, "newest.log");
    check_counted(run, 0, 60100, 1);
    run_free(run);
}
END_TEST

/* The old file was copied while its last line was being written. */
START_TEST(an_end_inside_a_line)
{
    struct run *run = run_new();
    struct bytes old = lines_of(0, 500);
    old.size -= 20;
    folder_write(&run->folder, "old.log", bytes_slice(&old));
    write_lines(&run->folder, "new.log", 400, 900);
    open_folder(run);
    run_all(run);
    check_skip(run, "new.log", 99, "its first 99 lines stand at the end of %s", "old.log");
    check_counted(run, 0, 499, 1);
    check_counted(run, 500, 900, 1);
    mem_free(old.at);
    run_free(run);
}
END_TEST

/* Lines before the first hit do not hide it; they are skipped with the others. */
START_TEST(rubbish_before_the_head)
{
    struct run *run = run_new();
    struct bytes text = {0};
    bytes_add_text(&text, "rubbish\n\n");
    for (unsigned number = 50; number < 200; number++)
        add_line(&text, number);
    write_lines(&run->folder, "old.log", 0, 100);
    folder_write(&run->folder, "new.log", bytes_slice(&text));
    open_folder(run);
    run_all(run);
    check_skip(run, "new.log", 52, "its first 52 lines stand at the end of %s", "old.log");
    check_counted(run, 0, 200, 1);
    mem_free(text.at);
    run_free(run);
}
END_TEST

/* Merged by the month, and the days kept: the first is its beginning, the others stand inside. */
START_TEST(a_month_and_its_days)
{
    enum { DAYS = 30, LINES = 2000 };
    struct run *run = run_new();
    write_lines(&run->folder, "access-202309.log", 0, DAYS * LINES);
    for (unsigned day = 0; day < DAYS; day++) {
        char name[40];
        struct bytes text = lines_of(day * LINES, (day + 1) * LINES);
        snprintf(name, sizeof name, "access.log-202309%02u.gz", day + 1);
        write_gzip(&run->folder, name, bytes_slice(&text));
        mem_free(text.at);
    }
    open_folder(run);
    check_skip(run, "access.log-20230901.gz", SKIP_ALL_LINES, "all of it stands at the start of %s",
               "access-202309.log");
    run_all(run);
    check_whole(run, "access-202309.log");
    check_skip(run, "access.log-20230917.gz", SKIP_ALL_LINES, "all of it stands in %s",
               "access-202309.log");
    check_counted(run, 0, DAYS * LINES, 1);
    ck_assert_uint_eq(run->repeats, 1);
    run_free(run);
}
END_TEST

/* More of them at the same time than are compared side by side. */
START_TEST(many_ends_of_one_log)
{
    enum { ENDS = 50, LINES = 3000 };
    struct run *run = run_new();
    for (unsigned i = 0; i < ENDS; i++) {
        char name[40];
        snprintf(name, sizeof name, "end.log.%u", i);
        write_lines(&run->folder, name, i, LINES);
    }
    open_folder(run);
    run_all(run);
    check_counted(run, 0, LINES, 1);
    for (unsigned i = 1; i < ENDS; i++) {
        char name[40];
        snprintf(name, sizeof name, "end.log.%u", i);
        check_skip(run, name, SKIP_ALL_LINES, "all of it stands in %s", "end.log.0");
    }
    ck_assert_uint_eq(run->repeats, 1);
    run_free(run);
}
END_TEST

/* Two servers, asked by the same health check in the same second: that line is not an overlap. */
START_TEST(one_equal_line_is_chance)
{
    struct run *run = run_new();
    struct bytes one = lines_of(0, 10), two = lines_of(5, 6);
    for (unsigned number = 100; number < 110; number++) {
        add_line(&one, number);
        add_line(&two, number + 100);
    }
    folder_write(&run->folder, "one.log", bytes_slice(&one));
    folder_write(&run->folder, "two.log", bytes_slice(&two));
    /* Also as the first line of both. */
    struct bytes three = lines_of(5, 6);
    add_line(&three, 300);
    folder_write(&run->folder, "three.log", bytes_slice(&three));
    /* And as the last one. */
    write_lines(&run->folder, "four.log", 109, 112);
    open_folder(run);
    run_all(run);
    ck_assert_uint_eq(run->repeats, 0);
    ck_assert_uint_eq(run->sighting_count, 4); /* three and four in one, two and three in both */
    for (size_t i = 0; i < run->list.count; i++)
        ck_assert_uint_eq(run->list.items[i].skip_lines, 0);
    mem_free(one.at);
    mem_free(two.at);
    mem_free(three.at);
    run_free(run);
}
END_TEST

/* A head that stands at several places: the one counts from where the lines agree. */
START_TEST(a_head_that_stands_often)
{
    struct run *run = run_new();
    struct bytes old = lines_of(0, 10), new = {0};
    for (unsigned i = 0; i < 40; i++)
        add_line(&old, 10);
    add_line(&old, 11);
    for (unsigned i = 0; i < 3; i++)
        add_line(&new, 10);
    add_line(&new, 11);
    add_line(&new, 12);
    folder_write(&run->folder, "old.log", bytes_slice(&old));
    folder_write(&run->folder, "new.log", bytes_slice(&new));
    open_folder(run);
    run_all(run);
    check_skip(run, "new.log", 4, "its first 4 lines stand at the end of %s", "old.log");
    check_counted(run, 10, 11, 40);
    check_counted(run, 11, 13, 1);
    mem_free(old.at);
    mem_free(new.at);
    run_free(run);
}
END_TEST

/* --- joined files --- */

static void join(struct bytes *joined, struct slice text)
{
    bytes_add(joined, text.at, text.size);
}

/* "cat access.log*" writes the newest first: the others stand behind a head that is not theirs. */
START_TEST(joined_with_the_newest_first)
{
    enum { PARTS = 4, LINES = 5000 };
    struct run *run = run_new();
    struct bytes joined = {0};
    for (unsigned i = 0; i < PARTS; i++) {
        unsigned begin = (PARTS - 1 - i) * LINES;
        struct bytes text = lines_of(begin, begin + LINES);
        char name[40];
        join(&joined, bytes_slice(&text));
        snprintf(name, sizeof name, i == 0 ? "access.log" : "access.log.%u%s", i,
                 i > 1 ? ".gz" : "");
        if (i > 1)
            write_gzip(&run->folder, name, bytes_slice(&text));
        else
            folder_write(&run->folder, name, bytes_slice(&text));
        mem_free(text.at);
    }
    folder_write(&run->folder, "all-access.log", bytes_slice(&joined));
    open_folder(run);
    check_skip(run, "access.log", SKIP_ALL_LINES, "all of it stands at the start of %s",
               "all-access.log");
    run_all(run);
    check_whole(run, "all-access.log");
    check_skip(run, "access.log.1", SKIP_ALL_LINES, "all of it stands in %s", "all-access.log");
    check_skip(run, "access.log.3.gz", SKIP_ALL_LINES, "all of it stands in %s", "all-access.log");
    check_counted(run, 0, PARTS * LINES, 1);
    ck_assert_uint_eq(run->repeats, 1);
    mem_free(joined.at);
    run_free(run);
}
END_TEST

/* The newest has grown since: what it shares with the joined file is left to one of the two. */
START_TEST(joined_before_the_newest_grew)
{
    struct run *run = run_new();
    struct bytes joined = lines_of(3000, 3500), old = lines_of(0, 3000);
    join(&joined, bytes_slice(&old));
    folder_write(&run->folder, "access.log.1", bytes_slice(&old));
    folder_write(&run->folder, "all-access.log", bytes_slice(&joined));
    write_lines(&run->folder, "access.log", 3000, 4000);
    open_folder(run);
    check_skip(run, "all-access.log", 500, "its first 500 lines stand in %s as well", "access.log");
    run_all(run);
    check_skip(run, "access.log.1", SKIP_ALL_LINES, "all of it stands in %s", "all-access.log");
    check_counted(run, 0, 4000, 1);
    mem_free(joined.at);
    mem_free(old.at);
    run_free(run);
}
END_TEST

/* The end of a later input is no overlap with the head of an earlier one: only all of it counts. */
START_TEST(a_part_of_an_earlier_one_is_no_overlap)
{
    struct run *run = run_new();
    struct bytes joined = lines_of(200, 300), half = lines_of(0, 50);
    join(&joined, bytes_slice(&half));
    write_lines(&run->folder, "old.log", 0, 100);
    folder_write(&run->folder, "joined.log", bytes_slice(&joined));
    open_folder(run);
    run_all(run);
    ck_assert_uint_eq(run->repeats, 0);
    check_whole(run, "old.log");
    check_whole(run, "joined.log");
    mem_free(joined.at);
    mem_free(half.at);
    run_free(run);
}
END_TEST

/* Lines by their numbers. */
static void write_numbers(const struct folder *folder, const char *name, const unsigned *numbers,
                          size_t count)
{
    struct bytes text = {0};
    for (size_t i = 0; i < count; i++)
        add_line(&text, numbers[i]);
    folder_write(folder, name, bytes_slice(&text));
    mem_free(text.at);
}

#define WRITE_NUMBERS(folder, name, ...)                                                           \
    write_numbers(folder, name, (const unsigned[]){__VA_ARGS__},                                   \
                  sizeof((const unsigned[]){__VA_ARGS__}) / sizeof(unsigned))

/*
 * Lines that repeat: the first two of b stand at the end of a, and all of a stands in b. Only one
 * of the two may be believed.
 */
START_TEST(two_that_stand_in_each_other)
{
    struct run *run = run_new();
    WRITE_NUMBERS(&run->folder, "a.log", 1, 2, 1);
    WRITE_NUMBERS(&run->folder, "b.log", 2, 1, 2, 1, 3);
    open_folder(run);
    run_all(run);
    check_skip(run, "a.log", SKIP_ALL_LINES, "all of it stands in %s", "b.log");
    check_whole(run, "b.log");
    check_counted(run, 1, 3, 2);
    check_counted(run, 3, 4, 1);
    run_free(run);
}
END_TEST

/*
 * The same in a circle of three: a in c, the head of c at the end of b, the head of b at the end of
 * a. Some lines are counted twice, for no step may lead back to where the way began.
 */
START_TEST(three_in_a_circle)
{
    struct run *run = run_new();
    WRITE_NUMBERS(&run->folder, "a.log", 1, 4, 5);
    WRITE_NUMBERS(&run->folder, "b.log", 4, 5, 6, 7);
    WRITE_NUMBERS(&run->folder, "c.log", 6, 7, 1, 4, 5);
    open_folder(run);
    run_all(run);
    check_skip(run, "a.log", SKIP_ALL_LINES, "all of it stands in %s", "c.log");
    check_skip(run, "b.log", 2, "its first 2 lines stand at the end of %s", "a.log");
    check_whole(run, "c.log");
    check_counted(run, 1, 2, 1);
    check_counted(run, 4, 6, 1);
    check_counted(run, 6, 8, 2);
    run_free(run);
}
END_TEST

/* A line in another format than most, before the first one that is looked for, is a line, too. */
START_TEST(a_hit_before_the_head_is_not_lost)
{
    struct run *run = run_new();
    struct bytes text = {0};
    bytes_add_text(&text, "www.example.org:80 192.0.2.7 - - [01/Sep/2023:00:00:49 +0000] \"GET /49 "
                          "HTTP/1.1\" 200 1 \"-\" \"x\"\n");
    for (unsigned number = 50; number < 100; number++)
        add_line(&text, number);
    folder_write(&run->folder, "part.log", bytes_slice(&text));
    write_lines(&run->folder, "old.log", 0, 49);
    struct bytes joined = lines_of(0, 49), end = lines_of(50, 120);
    join(&joined, bytes_slice(&end));
    folder_write(&run->folder, "joined.log", bytes_slice(&joined));
    open_folder(run);
    run_all(run);
    check_whole(run, "part.log");
    check_counted(run, 49, 50, 1);
    mem_free(text.at);
    mem_free(joined.at);
    mem_free(end.at);
    run_free(run);
}
END_TEST

/* --- what is never compared --- */

struct fifo {
    const char *path;
    struct slice text;
};

static void *write_fifo(void *argument)
{
    const struct fifo *fifo = argument;
    FILE *file = fopen(fifo->path, "wb");
    ck_assert(file && fwrite(fifo->text.at, 1, fifo->text.size, file) == fifo->text.size);
    fclose(file);
    return NULL;
}

START_TEST(pipes_are_not_compared)
{
    struct run *run = run_new();
    struct bytes text = lines_of(0, 20);
    pthread_t writer;
    struct fifo fifo = {folder_path(&run->folder, "pipe"), bytes_slice(&text)};
    const char *paths[] = {folder_write(&run->folder, "a.log", bytes_slice(&text)), fifo.path,
                           write_lines(&run->folder, "b.log", 10, 30)};
    ck_assert(mkfifo(fifo.path, 0600) == 0);
    ck_assert(pthread_create(&writer, NULL, write_fifo, &fifo) == 0);
    open_paths(run, paths, 3);
    pthread_join(writer, NULL);
    for (size_t i = 0; i < run->list.count; i++)
        ck_assert_uint_eq(run->list.items[i].skip_lines, 0);
    /* Nothing is looked for in a run that cannot be repeated. */
    struct head_watch watch;
    head_watch_init(&watch, &run->list);
    ck_assert_uint_eq(watch.count, 0);
    ck_assert(!head_watch_may_hold(&watch, run->list.items[2].detection.first_ms));
    head_watch_clear(&watch);
    mem_free(text.at);
    run_free(run);
}
END_TEST

START_TEST(one_input_has_no_heads)
{
    struct run *run = run_new();
    struct head_watch watch;
    write_lines(&run->folder, "a.log", 0, 10);
    open_folder(run);
    head_watch_init(&watch, &run->list);
    ck_assert_uint_eq(watch.count, 0);
    head_watch_clear(&watch);
    ck_assert(!identity_settle(&run->list, NULL, 0));
    run_free(run);
}
END_TEST

/*
 * Pieces of one sequence, cut anywhere, plain or gzip: whatever overlaps, each line is counted
 * once. Pieces begin and end at even lines, so that no overlap is too short.
 */
START_TEST(pieces_are_counted_once)
{
    enum { PIECES = 25, LINES = 4000 };
    struct run *run = run_new();
    uint32_t state = (uint32_t)_i + 1;
    bool is_there[LINES] = {false};
    for (unsigned i = 0; i < PIECES; i++) {
        char name[40];
        unsigned begin = next_random(&state) % (LINES / 2) * 2;
        unsigned longest = next_random(&state) % 3 ? 300 : LINES;
        unsigned end = begin + 2 + next_random(&state) % longest / 2 * 2;
        end = end > LINES ? LINES : end;
        struct bytes text = lines_of(begin, end);
        bool is_packed = next_random(&state) % 2;
        snprintf(name, sizeof name, "piece-%u.log%s", next_random(&state), is_packed ? ".gz" : "");
        if (is_packed)
            write_gzip(&run->folder, name, bytes_slice(&text));
        else
            folder_write(&run->folder, name, bytes_slice(&text));
        memset(is_there + begin, true, end - begin);
        mem_free(text.at);
    }
    open_folder(run);
    run_all(run);
    for (unsigned number = 0; number < LINES; number++)
        check_counted(run, number, number + 1, is_there[number]);
    run_free(run);
}
END_TEST

/* A log of unique lines, cut into parts of two lines or more. */
enum { CUTS_MOST = 10 };

struct cut_log {
    unsigned begins[CUTS_MOST + 1]; /* and where the last part ends */
    unsigned order[CUTS_MOST];
    unsigned count;
};

static void cut_log(struct cut_log *log, uint32_t *state)
{
    *log = (struct cut_log){.count = 2 + next_random(state) % (CUTS_MOST - 1)};
    for (unsigned i = 0; i < log->count; i++) {
        log->begins[i + 1] = log->begins[i] + 2 + next_random(state) % 60;
        log->order[i] = i;
    }
    for (unsigned i = log->count - 1; i > 0; i--) {
        unsigned other = next_random(state) % (i + 1), kept = log->order[i];
        log->order[i] = log->order[other];
        log->order[other] = kept;
    }
}

static void write_any(struct run *run, uint32_t *state, const struct bytes *text)
{
    char name[40];
    bool is_packed = next_random(state) % 3 == 0;
    snprintf(name, sizeof name, "log-%u%s", next_random(state), is_packed ? ".log.gz" : ".log");
    if (is_packed)
        write_gzip(&run->folder, name, bytes_slice(text));
    else
        folder_write(&run->folder, name, bytes_slice(text));
}

static void write_any_lines(struct run *run, uint32_t *state, unsigned begin, unsigned end)
{
    struct bytes text = lines_of(begin, end);
    write_any(run, state, &text);
    mem_free(text.at);
}

/* The part, a copy of it, one cut short, one that lacks its start: any of them. */
static void write_part(struct run *run, uint32_t *state, unsigned begin, unsigned end)
{
    unsigned kinds = next_random(state), cut = next_random(state) % (end - begin - 1);
    for (int copies = kinds % 3; copies > 0; copies--)
        write_any_lines(run, state, begin, end);
    if (kinds & 4)
        write_any_lines(run, state, begin, end - cut);
    if (kinds & 8)
        write_any_lines(run, state, begin + cut, end);
    if (kinds & 16)
        write_any_lines(run, state, begin + cut / 2, end - cut / 2);
}

/*
 * Each file begins where another one ends, or a few lines before, at even lines, so that no overlap
 * is too short.
 */
static void write_chain(struct run *run, uint32_t *state, unsigned begin, unsigned end)
{
    for (unsigned at = begin; at < end;) {
        unsigned back = next_random(state) % 4 * 2;
        unsigned next = at + 2 + next_random(state) % 20 * 2;
        next = next > end ? end : next;
        write_any_lines(run, state, at > begin + back ? at - back : begin, next);
        at = next;
    }
}

/*
 * Parts, copies and pieces of parts, files that join parts in any order (no part twice), and behind
 * them a chain of files that overlap: each line is counted once.
 */
START_TEST(joined_files_are_counted_once)
{
    struct run *run = run_new();
    uint32_t state = (uint32_t)_i * 2654435761u + 1;
    struct cut_log log;
    struct bytes joined[2] = {{0}, {0}};
    cut_log(&log, &state);
    for (unsigned i = 0; i < log.count; i++) {
        unsigned part = log.order[i], into = next_random(&state) % 3;
        unsigned begin = log.begins[part], end = log.begins[part + 1];
        struct bytes text = lines_of(begin, end);
        if (into < 2)
            join(&joined[into], bytes_slice(&text));
        else
            write_any(run, &state, &text);
        write_part(run, &state, begin, end);
        mem_free(text.at);
    }
    unsigned last = log.begins[log.count];
    write_chain(run, &state, last, last + 200);
    for (size_t i = 0; i < 2; i++) {
        if (joined[i].size)
            write_any(run, &state, &joined[i]);
        mem_free(joined[i].at);
    }
    open_folder(run);
    run_all(run);
    check_counted(run, 0, last + 200, 1);
    run_free(run);
}
END_TEST

/* Any pieces joined in any order, of a few lines that come around again and again. */
/*
 * Any pieces joined in any order, of a few lines that come round again and again: whatever is left
 * out, none is lost.
 */

/* A file of pieces of the round; counts how often each is in it. */
static void write_round(struct run *run, uint32_t *state, unsigned kinds, unsigned *counts)
{
    struct bytes text = {0};
    for (unsigned piece = 1 + next_random(state) % 3; piece > 0; piece--) {
        unsigned begin = next_random(state) % kinds;
        unsigned end = begin + 1 + next_random(state) % kinds;
        for (unsigned number = begin; number < end; number++) {
            add_line(&text, number % kinds);
            counts[number % kinds]++;
        }
    }
    write_any(run, state, &text);
    mem_free(text.at);
}

/* A few such files. A line is counted at least as often as it stands in any one of them. */
static void check_rounds(uint32_t *state)
{
    enum { KINDS_MOST = 20 };
    struct run *run = run_new();
    unsigned most[KINDS_MOST] = {0}, kinds = 3 + next_random(state) % (KINDS_MOST - 2);
    for (unsigned files = 3 + next_random(state) % 12; files > 0; files--) {
        unsigned counts[KINDS_MOST] = {0};
        write_round(run, state, kinds, counts);
        for (unsigned kind = 0; kind < kinds; kind++)
            most[kind] = counts[kind] > most[kind] ? counts[kind] : most[kind];
    }
    open_folder(run);
    run_all(run);
    for (unsigned kind = 0; kind < kinds; kind++)
        ck_assert_msg(run->counts[kind] >= most[kind], "line %u: %u, not %u", kind,
                      run->counts[kind], most[kind]);
    run_free(run);
}

START_TEST(nothing_is_lost)
{
    enum { RUNS = 10 };
    uint32_t state = (uint32_t)_i * 2654435761u + 12345;
    for (unsigned again = 0; again < RUNS; again++)
        check_rounds(&state);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("identity");
    TCase *identity = tcase_create("identity");
    tcase_set_timeout(identity, 120);
    tcase_add_test(identity, a_log_and_its_compressed_copy);
    tcase_add_test(identity, line_ends_make_no_difference);
    tcase_add_loop_test(identity, the_beginning_of_a_log, 0, (int)(sizeof noons / sizeof noons[0]));
    tcase_add_test(identity, damaged_copies);
    tcase_add_test(identity, logs_that_part);
    tcase_add_test(identity, beginnings_of_beginnings);
    tcase_add_test(identity, headers_are_no_overlap);
    tcase_add_test(identity, many_copies_take_no_time);
    tcase_add_test(identity, the_end_of_one_at_the_head_of_the_next);
    tcase_add_test(identity, an_end_inside_a_line);
    tcase_add_test(identity, rubbish_before_the_head);
    tcase_add_test(identity, a_month_and_its_days);
    tcase_add_test(identity, many_ends_of_one_log);
    tcase_add_test(identity, one_equal_line_is_chance);
    tcase_add_test(identity, a_head_that_stands_often);
    tcase_add_test(identity, pipes_are_not_compared);
    tcase_add_test(identity, one_input_has_no_heads);
    tcase_add_test(identity, joined_with_the_newest_first);
    tcase_add_test(identity, joined_before_the_newest_grew);
    tcase_add_test(identity, a_part_of_an_earlier_one_is_no_overlap);
    tcase_add_test(identity, two_that_stand_in_each_other);
    tcase_add_test(identity, three_in_a_circle);
    tcase_add_test(identity, a_hit_before_the_head_is_not_lost);
    tcase_add_loop_test(identity, pieces_are_counted_once, 0, 10);
    tcase_add_loop_test(identity, joined_files_are_counted_once, 0, 25);
    tcase_add_loop_test(identity, nothing_is_lost, 0, 20);
    suite_add_tcase(suite, identity);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
