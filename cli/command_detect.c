#include "cli/commands.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/printable.h"
#include "cli/agent_text.h"
#include "cli/messages.h"
#include "funnel/journey.h"
#include "parser/agent.h"
#include "parser/detect.h"
#include "parser/inputs.h"
#include "parser/lines.h"
#include "parser/source.h"

enum { SHOWN_LINES = 3 };

struct looking {
    const struct options *options;
    struct detect_options detect;
    struct journey *journey;
    struct agent_rules *agent_rules;
    struct line_parser *parser;
    struct arena formats;
    struct block block;
    struct line_reader reader;
};

static void print_safe(struct slice text)
{
    char *safe = mem_alloc(printable_bound(text.size));
    fputs(printable(safe, printable_bound(text.size), text), stdout);
    mem_free(safe);
}

static void print_field(const char *name, struct slice text)
{
    printf("    %-12s ", name);
    print_safe(text);
    putchar('\n');
}

static void print_time(const struct hit *hit)
{
    char time[CIVIL_TEXT_SIZE];
    printf("    = %s%s", civil_format(hit->time_ms, time),
           hit->has_zone ? "" : " (no zone in the line)");
    if (hit->duration_us != HIT_NO_DURATION)
        printf(", took %lld.%03lld ms", (long long)(hit->duration_us / 1000),
               (long long)(hit->duration_us % 1000));
}

static void print_agent(const struct looking *looking, struct slice user_agent)
{
    struct agent_facts facts = agent_facts_of(looking->agent_rules, user_agent);
    const char *class = agent_class_name(facts.class);
    char browser[BROWSER_TEXT_SIZE];
    if (facts.crawler >= 0)
        printf(", declared crawler (%s)", class);
    else if (facts.class != AGENT_PERSON)
        printf(", no browser (%s)", class);
    else if (browser_text(&facts.browser, browser)[0])
        printf(", %s", browser);
}

static void print_meaning(const struct looking *looking, const struct hit *hit)
{
    print_time(hit);
    printf(", %s, kind %s, status %u, path ", request_method_name(hit->request.method),
           request_kind_name(hit->request.kind), hit->status);
    print_safe(hit->request.path);
    if (hit->oddity != ODD_NONE)
        printf(", odd: %s", oddity_name((enum oddity)hit->oddity));
    print_agent(looking, hit->agent);
    putchar('\n');
}

static void print_line_apart(const struct looking *looking, const struct line *line)
{
    struct line_fields fields;
    struct hit hit;
    enum reject_reason reason;
    if (line_parser_cut(looking->parser, line, true, &fields)) {
        for (int field = FIELD_SKIP + 1; field < FIELD_COUNT; field++) {
            if (fields.at[field].at)
                print_field(field_name((enum field)field), fields.at[field]);
        }
    }
    switch (line_parser_read(looking->parser, line, &hit, &reason)) {
    case LINE_HIT:
        print_meaning(looking, &hit);
        break;
    case LINE_DIRECTIVE:
        printf("    = a directive of the format, not a hit\n");
        break;
    case LINE_REJECTED:
        printf("    = rejected: %s\n", reject_reason_name(reason));
        break;
    }
}

/* Directives come first in some formats; of them one is enough. */
static void print_first_lines(const struct looking *looking, const struct detection *found)
{
    struct slice rest = {looking->block.bytes, looking->block.size};
    struct line line;
    int shown = 0;
    line_parser_begin(looking->parser, &found->line_format, looking->block.header);
    for (size_t number = 1; shown < SHOWN_LINES && lines_next(&rest, &line); number++) {
        struct hit hit;
        enum reject_reason reason;
        enum line_outcome outcome = line_parser_read(looking->parser, &line, &hit, &reason);
        if (outcome == LINE_DIRECTIVE && number > 1)
            continue;
        shown += outcome != LINE_DIRECTIVE;
        printf("  line %zu\n", number);
        print_line_apart(looking, &line);
    }
}

static void print_unknown(const struct looking *looking, const struct detection *found)
{
    struct slice rest = {looking->block.bytes, looking->block.size};
    struct line line = {0};
    const struct log_format *only = looking->detect.only;
    printf("  none of its first %zu lines fits ", found->lines);
    if (only)
        printf("%s (%s); the first is\n    ", only->name, only->example);
    else
        printf("a known format (sojourn plugins lists them); the first is\n    ");
    lines_next(&rest, &line);
    print_safe(slice_head(line.text, 200));
    putchar('\n');
    if (!only)
        printf("  name its format with --log-format: a string of Apache's LogFormat, nginx's "
               "log_format\n  or GoAccess's log-format\n");
}

static void print_detection(const struct looking *looking, const struct detection *found)
{
    if (found->lines == 0) {
        printf("  no lines\n");
        return;
    }
    if (!found->line_format.format) {
        print_unknown(looking, found);
        return;
    }
    printf("  format %s%s: fits %zu of the %zu lines looked at (%s)\n",
           found->line_format.format->name,
           found->line_format.has_syslog_prefix ? " behind a syslog prefix" : "", found->accepted,
           found->lines, found->line_format.format->example);
    if (found->runner_up)
        printf("  next best %s: fits %zu%s\n", found->runner_up->name, found->runner_up_accepted,
               found->runner_up_accepted >= found->accepted ? ", but knows fewer fields" : "");
    if (found->second_accepted)
        printf("  of the lines that do not fit, or have a name for an address, %zu fit %s\n",
               found->second_accepted, found->line_format.second->name);
    if (!found->has_zone)
        printf("  times name no zone: taken as %s (--time-zone)\n", looking->options->time_zone);
    print_first_lines(looking, found);
}

static bool look_at(struct looking *looking, const char *path, struct error *error)
{
    struct source *source = source_open(path, error);
    if (!source)
        return false;
    line_reader_init(&looking->reader, source);
    if (!line_reader_fill(&looking->reader, &looking->block))
        looking->block.size = 0;
    struct detection found = detect_format(&looking->block, &looking->detect, &looking->formats);
    const struct log_format *format = found.line_format.format;
    if (format && format->shape == SHAPE_COLUMNS)
        line_reader_follow_header(&looking->reader, (enum header_style)format->header,
                                  &looking->formats, &looking->block);
    print_safe(slice_of(path));
    printf("\n  compression %s\n", source_compression(source));
    print_detection(looking, &found);
    if (source_problem(source)[0])
        printf("  damaged: %s\n", source_problem(source));
    source_close(source);
    return found.line_format.format || found.lines == 0;
}

static bool look_at_one(struct looking *looking, const char *path)
{
    struct error error = {0};
    bool is_known = look_at(looking, path, &error);
    if (error.code != ERROR_NONE)
        complain(&error);
    return is_known;
}

static bool names_many(const char *argument)
{
    struct stat facts;
    return stat(argument, &facts) == 0 ? S_ISDIR(facts.st_mode) : strpbrk(argument, "*?[") != NULL;
}

/* The logs in a folder or of a pattern, as a report would take them. */
static bool look_at_many(struct looking *looking, const char *argument)
{
    struct input_list list;
    struct error error = {0};
    bool is_fine = inputs_open(&list, &argument, 1, &looking->detect, &error);
    for (size_t i = 0; i < list.count; i++) {
        bool is_known = look_at_one(looking, list.items[i].path);
        is_fine = is_fine && is_known;
    }
    for (size_t i = 0; i < list.skipped_count; i++)
        say("%s: left out: %s", list.skipped[i].path, list.skipped[i].reason);
    if (error.code != ERROR_NONE)
        complain(&error);
    inputs_free(&list);
    return is_fine;
}

static struct looking *start_looking(const struct options *options, struct error *error)
{
    struct looking *looking = mem_zeroed(1, sizeof *looking);
    looking->options = options;
    looking->journey = journey_load(options->journey, error);
    looking->agent_rules = agent_rules_new(error);
    looking->parser = line_parser_new(options->zone);
    arena_init(&looking->formats);
    if (looking->journey)
        looking->detect = (struct detect_options){
            .only = options->format ? options->format : looking->journey->log.format,
            .map = looking->journey->log.names,
            .zone = options->zone};
    return looking;
}

static void stop_looking(struct looking *looking)
{
    journey_free(looking->journey);
    agent_rules_free(looking->agent_rules);
    line_parser_free(looking->parser);
    arena_clear(&looking->formats);
    mem_free(looking);
}

int command_detect(const struct options *options)
{
    struct error error = {0};
    struct looking *looking = start_looking(options, &error);
    int status = error.code == ERROR_NONE ? 0 : complain(&error);
    for (size_t i = 0; i < options->arguments.count && error.code == ERROR_NONE; i++) {
        const char *argument = options->arguments.items[i];
        bool is_fine =
            names_many(argument) ? look_at_many(looking, argument) : look_at_one(looking, argument);
        status = is_fine ? status : ERROR_USAGE;
    }
    stop_looking(looking);
    int written = finish_output();
    return written ? written : status;
}
