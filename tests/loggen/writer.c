#include "tests/loggen/writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/civil.h"
#include "tests/loggen/put.h"

enum { BUFFER_BYTES = 1 << 20, LINE_BYTES = 128 * 1024, DAY_S = 86400 };

struct log_file {
    char path[4096];
    FILE *stream;
    char *buffer;
    size_t used;
    bool is_begun;
    uint64_t lines, counted, directives;
    struct format_layout layout;
    int64_t first_s, last_s;
};

struct writer {
    const struct plan *plan;
    const struct writer_options *options;
    struct log_file *files;
    struct random random;                /* where headers are repeated */
    uint32_t *actor_second, *actor_file; /* where each visitor was last seen */
    bool *has_cookie;                    /* by actor: was given one by an answer */
    unsigned turn;
};

static void fail(const char *what, const char *path)
{
    fprintf(stderr, "loggen: cannot %s %s: %s\n", what, path, strerror(errno));
    exit(3);
}

static void open_file(struct writer *writer, struct log_file *file, unsigned number)
{
    const struct writer_options *options = writer->options;
    if (options->file_count == 1)
        snprintf(file->path, sizeof file->path, "%s/access.log", options->folder);
    else
        snprintf(file->path, sizeof file->path, "%s/access-%u.log", options->folder, number + 1);
    file->stream = fopen(file->path, "wb");
    if (!file->stream)
        fail("create", file->path);
    file->buffer = mem_alloc(BUFFER_BYTES);
    if (options->bom) {
        memcpy(file->buffer, "\xef\xbb\xbf", 3);
        file->used = 3;
    }
}

static void flush_file(struct log_file *file)
{
    if (fwrite(file->buffer, 1, file->used, file->stream) != file->used)
        fail("write", file->path);
    file->used = 0;
}

static void close_file(struct writer *writer, struct log_file *file)
{
    if (file->is_begun && !writer->options->no_last_newline) {
        if (writer->options->crlf)
            file->buffer[file->used++] = '\r';
        file->buffer[file->used++] = '\n';
    }
    flush_file(file);
    if (fclose(file->stream))
        fail("write", file->path);
    mem_free(file->buffer);
}

static uint16_t client_port(uint32_t number)
{
    return (uint16_t)(32768 + number % 28000);
}

/* How long the request took: the delay, and some of the second in which it was written. */
static uint32_t duration_of(const struct writer *writer, const struct plan_hit *hit,
                            uint32_t number)
{
    enum { LONGEST_MS = 3000 };
    static const struct {
        uint16_t permille, first_ms, last_ms;
    } usual[] = {{600, 1, 40}, {300, 41, 250}, {90, 251, 800}, {10, 801, 999}};
    const uint32_t whole_ms = hit->delay_s * 1000;
    if (writer->options->whole_seconds || whole_ms >= LONGEST_MS)
        return whole_ms;
    struct random random;
    random_seed(&random, writer->options->seed ^ (uint64_t)number << 32);
    uint32_t draw = random_below(&random, 1000);
    size_t i = 0;
    while (draw >= usual[i].permille)
        draw -= usual[i++].permille;
    return whole_ms + random_between(&random, usual[i].first_ms, usual[i].last_ms);
}

static int64_t hit_ms(const struct writer *writer, const struct plan_hit *hit)
{
    return (writer->plan->start_s + hit->at_s) * 1000;
}

/* The first answer sets the cookie, and all further requests bring it. */
static struct slice cookie_of(struct writer *writer, uint32_t actor_number)
{
    const struct plan_actor *const actor = &writer->plan->actors[actor_number];
    const bool is_sent = actor->has_cookie_before || writer->has_cookie[actor_number];
    writer->has_cookie[actor_number] = true;
    if (!is_sent || actor->cookie == PLAN_NO_COOKIE)
        return SLICE_LITERAL("-");
    return names_text(&writer->plan->texts, actor->cookie);
}

static char *put_hit(struct writer *writer, struct log_file *file, char *at, uint32_t number)
{
    const struct plan *const plan = writer->plan;
    const enum log_format format = writer->options->format;
    const struct plan_hit *const hit = &plan->hits[number];
    const struct plan_actor *const actor = &plan->actors[hit->actor];
    const int32_t zone_s = format_has_zone(format) ? writer->options->zone_s : 0;
    const int64_t begin_ms = hit_ms(writer, hit);
    const uint32_t duration_ms = duration_of(writer, hit, number);
    struct record record = {.address = names_text(&plan->texts, actor->address),
                            .request = names_text(&plan->texts, hit->request),
                            .referrer = names_text(&plan->texts, hit->referrer),
                            .agent = names_text(&plan->texts, actor->agent),
                            .cookie = cookie_of(writer, hit->actor),
                            .begin = stamp_of(begin_ms, zone_s),
                            .end = stamp_of(begin_ms + duration_ms, zone_s),
                            .duration_ms = duration_ms,
                            .size_bytes = hit->size_bytes,
                            .status = hit->status,
                            .port = client_port(number)};
    record.written = record.end;
    return format_put(format, at, &file->layout, &record);
}

/* Impossible stamps and statuses, each in a line that is otherwise like all others. */
static char *put_impossible(struct writer *writer, struct log_file *file, char *at, uint32_t number)
{
    static const struct {
        unsigned month, day, hour;
        uint16_t status;
    } impossible[] = {
        [IMPOSSIBLE_DAY] = {2, 31, 10, 200},         [IMPOSSIBLE_MONTH] = {13, 10, 10, 200},
        [IMPOSSIBLE_HOUR] = {11, 10, 25, 200},       [IMPOSSIBLE_STATUS_999] = {11, 10, 10, 999},
        [IMPOSSIBLE_STATUS_600] = {11, 10, 10, 600}, [IMPOSSIBLE_STATUS_099] = {11, 10, 10, 99}};
    const enum plan_impossibility which =
        (enum plan_impossibility)writer->plan->hits[number].request;
    struct stamp stamp = stamp_of(civil_days(2026, 11, 10) * DAY_S * 1000 + 10 * 3600 * 1000, 0);
    struct record record = {.address = SLICE_LITERAL("10.0.0.1"),
                            .request = SLICE_LITERAL("GET / HTTP/1.1"),
                            .referrer = SLICE_LITERAL("-"),
                            .agent = SLICE_LITERAL("Mozilla/5.0"),
                            .cookie = SLICE_LITERAL("-"),
                            .written = stamp,
                            .size_bytes = 512,
                            .status = impossible[which].status,
                            .port = client_port(number)};
    stamp.month = impossible[which].month;
    stamp.day = impossible[which].day;
    stamp.hour = impossible[which].hour;
    if (which <= IMPOSSIBLE_HOUR)
        stamp.epoch_ms = STAMP_NO_EPOCH;
    record.begin = record.end = stamp;
    return format_put(writer->options->format, at, &file->layout, &record);
}

static unsigned choose_file(struct writer *writer, const struct plan_hit *hit, size_t position)
{
    const unsigned count = writer->options->file_count;
    if (!writer->options->by_turns)
        return (unsigned)((uint64_t)position * count / writer->plan->hit_count);
    if (!plan_is_hit(hit))
        return writer->turn++ % count;
    uint32_t *second = &writer->actor_second[hit->actor];
    if (*second != hit->at_s + 1) {
        *second = hit->at_s + 1;
        writer->actor_file[hit->actor] = writer->turn++ % count;
    }
    return writer->actor_file[hit->actor];
}

static void note(struct log_file *file, int64_t at_s)
{
    if (file->counted == 0 || at_s < file->first_s)
        file->first_s = at_s;
    if (file->counted == 0 || at_s > file->last_s)
        file->last_s = at_s;
    file->counted++;
}

static const char *line_end(const struct writer *writer)
{
    return writer->options->crlf ? "\r\n" : "\n";
}

static bool wants_header(struct writer *writer, const struct log_file *file)
{
    const enum log_format format = writer->options->format;
    if (!file->is_begun)
        return format_header_lines(format) > 0;
    return format_repeats_header(format) && random_chance(&writer->random, 1);
}

static char *put_header(struct writer *writer, struct log_file *file, char *at,
                        const struct plan_hit *hit)
{
    const enum log_format format = writer->options->format;
    const struct stamp now = stamp_of(hit_ms(writer, hit), 0);
    file->lines += format_header_lines(format);
    file->directives += format_header_lines(format);
    return format_put_header(format, at, &file->layout, &now, &writer->random, line_end(writer));
}

static void write_line(struct writer *writer, size_t position, uint32_t number)
{
    const struct plan_hit *hit = &writer->plan->hits[number];
    struct log_file *file = &writer->files[choose_file(writer, hit, position)];
    if (file->used > BUFFER_BYTES - LINE_BYTES)
        flush_file(file);
    char *at = file->buffer + file->used;
    if (file->is_begun)
        at = put_text(at, line_end(writer));
    if (wants_header(writer, file))
        at = put_header(writer, file, at, hit);
    file->is_begun = true;
    file->lines++;
    if (hit->actor == PLAN_NOBODY) {
        at = put_slice(at, names_text(&writer->plan->texts, hit->request));
    } else if (hit->actor == PLAN_IMPOSSIBLE) {
        at = put_impossible(writer, file, at, number);
    } else {
        at = put_hit(writer, file, at, number);
        note(file, writer->plan->start_s + hit->at_s);
    }
    file->used = (size_t)(at - file->buffer);
}

const char *writer_time(int64_t at_s, char *text)
{
    const time_t moment = (time_t)at_s;
    struct tm parts;
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&moment, &parts));
    return text;
}

static void write_inputs_truth(const struct writer *writer)
{
    char path[4096], first[32], last[32];
    snprintf(path, sizeof path, "%s/truth/inputs.csv", writer->options->folder);
    FILE *stream = fopen(path, "w");
    if (!stream)
        fail("create", path);
    fprintf(stream, "file,lines,counted,filtered,rejected,first_time,last_time\n");
    for (unsigned i = 0; i < writer->options->file_count; i++) {
        const struct log_file *file = &writer->files[i];
        const bool has_times = file->counted > 0;
        fprintf(stream, "%s,%llu,%llu,%llu,%llu,%s,%s\n", strrchr(file->path, '/') + 1,
                (unsigned long long)file->lines, (unsigned long long)file->counted,
                (unsigned long long)file->directives,
                (unsigned long long)(file->lines - file->counted - file->directives),
                has_times ? writer_time(file->first_s, first) : "",
                has_times ? writer_time(file->last_s, last) : "");
    }
    if (fclose(stream))
        fail("write", path);
}

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) && errno != EEXIST)
        fail("create", path);
}

uint64_t writer_write(const struct plan *plan, const struct writer_options *options)
{
    struct writer writer = {.plan = plan, .options = options};
    random_seed(&writer.random, ~options->seed);
    char truth[4096];
    snprintf(truth, sizeof truth, "%s/truth", options->folder);
    make_folder(options->folder);
    make_folder(truth);
    writer.files = mem_zeroed(options->file_count, sizeof *writer.files);
    writer.actor_second = mem_zeroed(plan->actor_count, sizeof *writer.actor_second);
    writer.actor_file = mem_zeroed(plan->actor_count, sizeof *writer.actor_file);
    writer.has_cookie = mem_zeroed(plan->actor_count, sizeof *writer.has_cookie);
    for (unsigned i = 0; i < options->file_count; i++)
        open_file(&writer, &writer.files[i], i);
    uint32_t *const order = plan_order(plan);
    for (size_t i = 0; i < plan->hit_count; i++)
        write_line(&writer, i, order[i]);
    for (unsigned i = 0; i < options->file_count; i++)
        close_file(&writer, &writer.files[i]);
    write_inputs_truth(&writer);
    uint64_t directives = 0;
    for (unsigned i = 0; i < options->file_count; i++)
        directives += writer.files[i].directives;
    mem_free(order);
    mem_free(writer.files);
    mem_free(writer.actor_second);
    mem_free(writer.actor_file);
    mem_free(writer.has_cookie);
    return directives;
}
