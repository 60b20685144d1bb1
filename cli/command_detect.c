#include "cli/commands.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/printable.h"
#include "cli/messages.h"
#include "funnel/config_tree.h"
#include "parser/agent.h"
#include "parser/detect.h"
#include "parser/inputs.h"
#include "parser/lines.h"
#include "parser/source.h"

enum { SHOWN_LINES = 3 };

struct looking {
    const struct options *options;
    const struct agent_rules *agent_rules;
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

static void print_meaning(const struct looking *looking, const struct hit *hit)
{
    char time[CIVIL_TEXT_SIZE];
    int crawler = agent_find_crawler(looking->agent_rules, hit->agent);
    printf("    = %s%s, %s, kind %s, path ", civil_format(hit->time_ms, time),
           hit->has_zone ? "" : " (no zone in the line)", request_method_name(hit->request.method),
           request_kind_name(hit->request.kind));
    print_safe(hit->request.path);
    if (crawler >= 0)
        printf(", declared crawler (%s)", agent_crawler_tag(crawler));
    putchar('\n');
}

static void print_line_apart(const struct looking *looking, const struct log_format *format,
                             struct slice line)
{
    struct slice fields[FIELD_COUNT];
    struct line_clock clock;
    struct hit hit;
    enum reject_reason reason;
    line_clock_init(&clock, looking->options->zone_s);
    if (format_cut(format, line, fields)) {
        for (int field = FIELD_SKIP + 1; field < FIELD_COUNT; field++) {
            if (fields[field].at)
                print_field(field_name((enum field)field), fields[field]);
        }
    }
    if (format_parse(format, &clock, line, &hit, &reason))
        print_meaning(looking, &hit);
    else
        printf("    = rejected: %s\n", reject_reason_name(reason));
}

static void print_first_lines(const struct looking *looking, const struct log_format *format)
{
    struct slice rest = {looking->block.bytes, looking->block.size}, line;
    for (int i = 1; i <= SHOWN_LINES && lines_next(&rest, &line); i++) {
        printf("  line %d\n", i);
        print_line_apart(looking, format, line);
    }
}

static void print_unknown(const struct looking *looking, const struct detection *found)
{
    struct slice rest = {looking->block.bytes, looking->block.size}, line = {0};
    const struct log_format *only = looking->options->format;
    char names[256];
    printf("  no line of its first %zu fits ", found->lines);
    if (only)
        printf("%s (%s); the first is\n    ", only->name, only->example);
    else
        printf("%s; the first is\n    ", config_join(names, sizeof names, format_names()));
    lines_next(&rest, &line);
    print_safe(slice_head(line, 200));
    putchar('\n');
}

static void print_detection(const struct looking *looking, const struct detection *found)
{
    if (found->lines == 0) {
        printf("  no lines\n");
        return;
    }
    if (!found->format) {
        print_unknown(looking, found);
        return;
    }
    printf("  format %s: fits %zu of the first %zu lines (%s)\n", found->format->name,
           found->accepted, found->lines, found->format->example);
    if (found->runner_up)
        printf("  next best %s: fits %zu%s\n", found->runner_up->name, found->runner_up_accepted,
               found->runner_up_accepted == found->accepted ? ", but knows fewer fields" : "");
    print_first_lines(looking, found->format);
}

static bool look_at(struct looking *looking, const char *path, struct error *error)
{
    struct source *source = source_open(path, error);
    if (!source)
        return false;
    line_reader_init(&looking->reader, source);
    if (!line_reader_fill(&looking->reader, &looking->block))
        looking->block.size = 0;
    struct detection found =
        detect_format(&looking->block, looking->options->format, looking->options->zone_s);
    print_safe(slice_of(path));
    printf("\n  compression %s\n", source_compression(source));
    print_detection(looking, &found);
    if (source_problem(source)[0])
        printf("  damaged: %s\n", source_problem(source));
    source_close(source);
    return found.format || found.lines == 0;
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
    struct input_options options = {.format = looking->options->format,
                                    .zone_s = looking->options->zone_s};
    bool is_fine = inputs_open(&list, &argument, 1, &options, &error);
    for (size_t i = 0; i < list.count && is_fine; i++)
        is_fine = look_at_one(looking, list.items[i].path);
    for (size_t i = 0; i < list.note_count; i++)
        say("%s", list.notes[i]);
    if (error.code != ERROR_NONE)
        complain(&error);
    inputs_free(&list);
    return is_fine;
}

int command_detect(const struct options *options)
{
    struct error error = {0};
    struct agent_rules *agent_rules = agent_rules_new(&error);
    if (!agent_rules)
        return complain(&error);
    struct looking *looking = mem_zeroed(1, sizeof *looking);
    looking->options = options;
    looking->agent_rules = agent_rules;
    int status = 0;
    for (size_t i = 0; i < options->arguments.count; i++) {
        const char *argument = options->arguments.items[i];
        bool is_fine =
            names_many(argument) ? look_at_many(looking, argument) : look_at_one(looking, argument);
        status = is_fine ? status : ERROR_USAGE;
    }
    mem_free(looking);
    agent_rules_free(agent_rules);
    int written = finish_output();
    return written ? written : status;
}
