#include <inttypes.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/printable.h"
#include "base/sink.h"
#include "cli/agent_text.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/reading.h"
#include "cli/visit_choice.h"
#include "funnel/funnel_engine.h"
#include "output/number.h"
#include "parser/crawler_name.h"

enum { MOST_EVENTS = 500, TEXT_MAX = 2048 };

/* The best chain of a funnel that counts per visit, in the visit that is shown. */
struct shown_funnel {
    const struct funnel *funnel;
    struct step_mask *masks; /* by mark */
    struct funnel_run run;
    uint64_t shown; /* bit per step that has its line already */
};

struct visit_writer {
    const struct reading *reading;
    const struct event_table *table;
    struct shown_funnel *funnels;
    struct sink *sink;
};

static void write_printable(struct sink *sink, struct slice text)
{
    char shown[TEXT_MAX];
    sink_text(sink, printable(shown, sizeof shown, text));
}

/* ---- who ---- */

static void write_id(const struct visit_writer *writer, size_t visitor)
{
    const struct event_table *table = writer->table;
    if (writer->reading->options->visitor_key)
        sink_format(writer->sink, "%016" PRIx64 "%016" PRIx64 ", ",
                    table->visitor_ids[visitor].high, table->visitor_ids[visitor].low);
}

static void write_visitor(const struct visit_writer *writer, const struct visit *visit)
{
    const struct event_table *table = writer->table;
    const struct visitor *visitor = &table->visitors[visit->visitor];
    sink_text(writer->sink, "  visitor  ");
    write_id(writer, visit->visitor);
    sink_format(writer->sink, "told by %s; visit %zu of %u\n",
                table->visitor_rules.items[visitor->key].label,
                (size_t)(visit - table->visits) - visitor->first_visit + 1, visitor->visit_count);
}

static void write_crawler(struct sink *sink, int crawler)
{
    char room[CRAWLER_NAME_MAX];
    struct slice name = crawler_name_of(agent_crawler_pattern(crawler), room);
    sink_format(sink, ", its user agent has \"%.*s\"", SLICE_ARG(name));
}

/* Why the visitor is what it is. */
static void write_class(const struct visit_writer *writer, const struct visit *visit)
{
    const struct event_table *table = writer->table;
    const struct visitor *visitor = &table->visitors[visit->visitor];
    const struct agent_facts *facts = &table->agents[table->clients[visitor->client].agent];
    sink_format(writer->sink, "  class    %s", agent_class_name(visitor->class));
    if (visitor->rule != BEHAVIOUR_NONE)
        sink_format(writer->sink, ", by the rule %s: %s", behaviour_name(visitor->rule),
                    behaviour_about(visitor->rule));
    else if (visitor->class == AGENT_INTERNAL)
        sink_text(writer->sink, ", by its address");
    else if (visitor->class == AGENT_PERSON)
        sink_text(writer->sink, ": no rule speaks against it");
    else if (facts->crawler >= 0)
        write_crawler(writer->sink, facts->crawler);
    else
        sink_text(writer->sink, ", its user agent says so");
    sink_text(writer->sink, "\n");
}

static void write_browser(const struct visit_writer *writer, const struct visit *visit)
{
    const struct event_table *table = writer->table;
    const struct browser *browser = &table->agents[table->clients[visit->client].agent].browser;
    char text[BROWSER_TEXT_SIZE];
    bool is_known = browser_text(browser, text)[0] != '\0';
    sink_format(writer->sink, "  browser  %s\n", is_known ? text : "unknown");
}

static void write_source(const struct visit_writer *writer, const struct visit *visit)
{
    const struct source *source = &writer->table->sources[visit->source];
    sink_format(writer->sink, "  source   %s", source_class_name(source->class));
    if (source->name.size) {
        sink_text(writer->sink, ", ");
        write_printable(writer->sink, source->name);
    }
    if (source->campaign.size) {
        sink_text(writer->sink, ", campaign ");
        write_printable(writer->sink, source->campaign);
    }
    sink_text(writer->sink, "\n");
}

/* ---- what ---- */

static void run_funnels(const struct visit_writer *writer, const struct visit *visit)
{
    const struct journey *journey = writer->reading->journey;
    for (size_t i = 0; i < journey->funnel_count; i++) {
        struct shown_funnel *shown = &writer->funnels[i];
        funnel_run_begin(&shown->run, shown->funnel);
        shown->shown = 0;
        for (size_t k = 0; k < visit->event_count; k++) {
            const struct event *event = &writer->table->events[visit->first_event + k];
            struct step_mask mask = shown->masks[event->mark];
            if (mask.reached | mask.failed)
                funnel_run_add(&shown->run, event->time_ms, mask);
        }
    }
}

static void write_touchpoints(const struct visit_writer *writer, const struct event *event)
{
    const struct journey *journey = writer->reading->journey;
    const struct touch_marks *marks = &writer->table->marks[event->mark];
    for (unsigned i = 0; i < journey->touchpoint_count; i++) {
        if (touch_set_has(&marks->reached, i))
            sink_format(writer->sink, "  %s", journey->touchpoints[i].name);
        else if (touch_set_has(&marks->failed, i))
            sink_format(writer->sink, "  %s (in vain)", journey->touchpoints[i].name);
    }
}

/* The step of the best chain that this event is, if it is one. */
static void write_steps(const struct visit_writer *writer, const struct event *event)
{
    for (size_t i = 0; i < writer->reading->journey->funnel_count; i++) {
        struct shown_funnel *shown = &writer->funnels[i];
        uint64_t reached = shown->masks[event->mark].reached;
        const struct chain *best = &shown->run.best;
        for (size_t step = 0; step < shown->funnel->step_count; step++) {
            uint64_t bit = UINT64_C(1) << step;
            if (!(best->steps & reached & ~shown->shown & bit) ||
                best->at_ms[step] != event->time_ms)
                continue;
            shown->shown |= bit;
            sink_format(writer->sink, "  [%s, step %zu]", shown->funnel->name, step + 1);
            break; /* one hit is one step */
        }
    }
}

static void write_event(const struct visit_writer *writer, const struct event *event)
{
    char at[CIVIL_TEXT_SIZE];
    bool is_post = event->flags & EVENT_IS_POST;
    sink_format(writer->sink, "  %s  %u  %-4s ", civil_format(event->time_ms, at), event->status,
                is_post                    ? "POST"
                : event->kind == KIND_PAGE ? "GET"
                                           : request_kind_name(event->kind));
    write_printable(writer->sink, names_text(&writer->table->pages, event->page));
    if (event->duration_ms != EVENT_NO_DURATION)
        sink_format(writer->sink, "  %" PRIu32 " ms", event->duration_ms);
    write_touchpoints(writer, event);
    write_steps(writer, event);
    sink_text(writer->sink, "\n");
}

static void write_visit(const struct visit_writer *writer, const struct visit *visit)
{
    char first[CIVIL_TEXT_SIZE], last[CIVIL_TEXT_SIZE];
    sink_format(writer->sink, "\n%s to %s: %" PRIu64 " hit%s, %" PRIu32 " page view%s\n",
                civil_format(visit->first_ms, first), civil_format(visit->last_ms, last),
                visit->hits, visit->hits == 1 ? "" : "s", visit->page_views,
                visit->page_views == 1 ? "" : "s");
    write_visitor(writer, visit);
    write_class(writer, visit);
    write_browser(writer, visit);
    write_source(writer, visit);
    run_funnels(writer, visit);
    for (size_t i = 0; i < visit->event_count && i < MOST_EVENTS; i++)
        write_event(writer, &writer->table->events[visit->first_event + i]);
    if (visit->event_count > MOST_EVENTS)
        sink_format(writer->sink, "  and %" PRIu32 " more\n", visit->event_count - MOST_EVENTS);
}

static void write_visits(const struct visit_writer *writer, const struct visit_choice *choice)
{
    size_t count, total, most = (size_t)writer->reading->options->samples;
    size_t *numbers = visit_choice_find(choice, writer->table, most, &count, &total);
    if (count < total)
        sink_format(writer->sink, "%zu of %zu visits\n", count, total);
    else
        sink_format(writer->sink, "%zu visit%s\n", total, total == 1 ? "" : "s");
    for (size_t i = 0; i < count; i++)
        write_visit(writer, &writer->table->visits[numbers[i]]);
    mem_free(numbers);
}

static void begin_funnels(struct visit_writer *writer)
{
    const struct journey *journey = writer->reading->journey;
    writer->funnels = mem_zeroed(journey->funnel_count, sizeof *writer->funnels);
    for (size_t i = 0; i < journey->funnel_count; i++)
        writer->funnels[i] = (struct shown_funnel){
            .funnel = &journey->funnels[i],
            .masks =
                funnel_masks(&journey->funnels[i], writer->table->marks, writer->table->mark_count),
        };
}

static void end_funnels(struct visit_writer *writer)
{
    for (size_t i = 0; i < writer->reading->journey->funnel_count; i++)
        mem_free(writer->funnels[i].masks);
    mem_free(writer->funnels);
}

static bool write_all(const struct reading *reading, const struct visit_choice *choice,
                      struct error *error)
{
    struct visit_writer writer = {.reading = reading, .table = reading->ingested.table};
    writer.sink = sink_open_descriptor(STDOUT_FILENO, "standard output");
    begin_funnels(&writer);
    write_visits(&writer, choice);
    end_funnels(&writer);
    return sink_close(writer.sink, error);
}

int command_visit(const struct options *options)
{
    struct reading reading;
    struct visit_choice choice;
    struct error error = {0};
    bool is_fine = reading_open(&reading, options, &error) &&
                   visit_choice_parse(&reading, options->visit, &choice, &error) &&
                   reading_open_inputs(&reading, &error) &&
                   reading_run(&reading, AGENT_EVERY_CLASS, &error) &&
                   write_all(&reading, &choice, &error);
    reading_close(&reading);
    return is_fine ? 0 : complain(&error);
}
