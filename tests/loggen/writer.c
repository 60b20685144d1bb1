#include "tests/loggen/writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum { BUFFER_BYTES = 1 << 20, LINE_BYTES = 128 * 1024, DAY_S = 86400 };

struct log_file {
    char path[4096];
    FILE *stream;
    char *buffer;
    size_t used;
    bool is_begun;
    uint64_t lines, counted;
    int64_t first_s, last_s;
};

struct writer {
    const struct plan *plan;
    const struct writer_options *options;
    struct log_file *files;
    int64_t day;                         /* whose text is in day_text; days since 1970 */
    char day_text[16];                   /* "21/Nov/2026:" */
    char zone_text[16];                  /* " +0000" */
    uint32_t *actor_second, *actor_file; /* where each visitor was last seen */
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

static char *put(char *at, const char *text, size_t size)
{
    memcpy(at, text, size);
    return at + size;
}

static char *put_text(char *at, const struct plan *plan, uint32_t text)
{
    const struct name *name = &plan->texts.list[text];
    return put(at, name->at, name->size);
}

static char *put_number(char *at, uint32_t number)
{
    char digits[10];
    size_t count = 0;
    do
        digits[count++] = (char)('0' + number % 10);
    while (number /= 10);
    while (count)
        *at++ = digits[--count];
    return at;
}

static char *put_two(char *at, uint32_t number)
{
    *at++ = (char)('0' + number / 10);
    *at++ = (char)('0' + number % 10);
    return at;
}

static char *put_time(char *at, struct writer *writer, int64_t at_s)
{
    if (at_s / DAY_S != writer->day) {
        const time_t moment = (time_t)at_s;
        struct tm parts;
        strftime(writer->day_text, sizeof writer->day_text, "%d/%b/%Y:", gmtime_r(&moment, &parts));
        writer->day = at_s / DAY_S;
    }
    const uint32_t second = (uint32_t)(at_s % DAY_S);
    at = put(at, writer->day_text, 12);
    at = put_two(at, second / 3600);
    *at++ = ':';
    at = put_two(at, second / 60 % 60);
    *at++ = ':';
    at = put_two(at, second % 60);
    return put(at, writer->zone_text, 6);
}

static char *put_hit(char *at, struct writer *writer, const struct plan_hit *hit)
{
    const struct plan *plan = writer->plan;
    const struct plan_actor *actor = &plan->actors[hit->actor];
    if (writer->options->format == LOG_VHOST)
        at = put(at, "www.shop.example:443 ", 21);
    at = put_text(at, plan, actor->address);
    at = put(at, " - - [", 6);
    at = put_time(at, writer, plan->start_s + hit->at_s + writer->options->zone_s);
    at = put(at, "] \"", 3);
    at = put_text(at, plan, hit->request);
    at = put(at, "\" ", 2);
    at = put_number(at, hit->status);
    *at++ = ' ';
    at = hit->size_bytes ? put_number(at, hit->size_bytes) : put(at, "-", 1);
    if (writer->options->format == LOG_COMMON)
        return at;
    at = put(at, " \"", 2);
    at = put_text(at, plan, hit->referrer);
    at = put(at, "\" \"", 3);
    at = put_text(at, plan, actor->agent);
    *at++ = '"';
    return at;
}

static unsigned choose_file(struct writer *writer, const struct plan_hit *hit, size_t position)
{
    const unsigned count = writer->options->file_count;
    if (!writer->options->by_turns)
        return (unsigned)((uint64_t)position * count / writer->plan->hit_count);
    if (hit->actor == PLAN_NOBODY)
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

static void write_line(struct writer *writer, size_t position, uint32_t number)
{
    const struct plan_hit *hit = &writer->plan->hits[number];
    struct log_file *file = &writer->files[choose_file(writer, hit, position)];
    if (file->used > BUFFER_BYTES - LINE_BYTES)
        flush_file(file);
    char *at = file->buffer + file->used;
    if (file->is_begun)
        at = writer->options->crlf ? put(at, "\r\n", 2) : put(at, "\n", 1);
    file->is_begun = true;
    file->lines++;
    if (hit->actor == PLAN_NOBODY) {
        at = put_text(at, writer->plan, hit->request);
    } else {
        at = put_hit(at, writer, hit);
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
        fprintf(stream, "%s,%llu,%llu,0,%llu,%s,%s\n", strrchr(file->path, '/') + 1,
                (unsigned long long)file->lines, (unsigned long long)file->counted,
                (unsigned long long)(file->lines - file->counted),
                has_times ? writer_time(file->first_s, first) : "",
                has_times ? writer_time(file->last_s, last) : "");
    }
    if (fclose(stream))
        fail("write", path);
}

static void name_zone(struct writer *writer)
{
    const int32_t zone_s = writer->options->zone_s;
    const unsigned minutes = (unsigned)abs(zone_s) / 60 % 1440;
    snprintf(writer->zone_text, sizeof writer->zone_text, " %c%02u%02u", zone_s < 0 ? '-' : '+',
             minutes / 60, minutes % 60);
}

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) && errno != EEXIST)
        fail("create", path);
}

void writer_write(const struct plan *plan, const struct writer_options *options)
{
    struct writer writer = {.plan = plan, .options = options, .day = INT64_MIN};
    name_zone(&writer);
    char truth[4096];
    snprintf(truth, sizeof truth, "%s/truth", options->folder);
    make_folder(options->folder);
    make_folder(truth);
    writer.files = mem_zeroed(options->file_count, sizeof *writer.files);
    writer.actor_second = mem_zeroed(plan->actor_count, sizeof *writer.actor_second);
    writer.actor_file = mem_zeroed(plan->actor_count, sizeof *writer.actor_file);
    for (unsigned i = 0; i < options->file_count; i++)
        open_file(&writer, &writer.files[i], i);
    uint32_t *const order = plan_order(plan);
    for (size_t i = 0; i < plan->hit_count; i++)
        write_line(&writer, i, order[i]);
    for (unsigned i = 0; i < options->file_count; i++)
        close_file(&writer, &writer.files[i]);
    write_inputs_truth(&writer);
    mem_free(order);
    mem_free(writer.files);
    mem_free(writer.actor_second);
    mem_free(writer.actor_file);
}
