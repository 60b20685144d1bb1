#include "cli/commands.h"

#include <unistd.h>

#include "base/sink.h"
#include "cli/messages.h"
#include "cli/rule_text.h"
#include "funnel/journey.h"

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* "10 min": in the largest unit that leaves no rest. */
static void write_duration(int64_t seconds, struct sink *sink)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    size_t i = 0;
    while (seconds % units[i].seconds != 0)
        i++;
    sink_format(sink, "%lld %s", (long long)(seconds / units[i].seconds), units[i].name);
}

static void write_touchpoint(const struct journey *journey, const struct touchpoint *touchpoint,
                             struct sink *sink)
{
    sink_format(sink, "  %s", touchpoint->name);
    if (touchpoint->stage != JOURNEY_NO_STAGE)
        sink_format(sink, "  (stage %s", journey->stages[touchpoint->stage]);
    if (touchpoint->intent[0])
        sink_format(sink, "%sintent %s", touchpoint->stage != JOURNEY_NO_STAGE ? ", " : "  (",
                    touchpoint->intent);
    if (touchpoint->stage != JOURNEY_NO_STAGE || touchpoint->intent[0])
        sink_text(sink, ")");
    sink_text(sink, "\n");
    for (size_t i = 0; i < touchpoint->rule_count; i++) {
        sink_text(sink, "    ");
        rule_write(&journey->rules[touchpoint->first_rule + i], (struct slice){NULL, 0}, sink);
        sink_text(sink, "\n");
    }
}

static void write_window(const struct funnel *funnel, struct sink *sink)
{
    if (funnel->window_ms == JOURNEY_NO_WINDOW) {
        sink_text(sink, "no window");
        return;
    }
    sink_text(sink, "window ");
    write_duration(funnel->window_ms / 1000, sink);
}

static void write_funnel(const struct funnel *funnel, struct sink *sink)
{
    sink_format(sink, "  %s  (per %s, ", funnel->name,
                funnel->unit == FUNNEL_PER_VISIT ? "visit" : "visitor");
    write_window(funnel, sink);
    sink_text(sink, ")\n");
    for (size_t i = 0; i < funnel->step_count; i++)
        sink_format(sink, "    %zu. %s%s\n", i + 1, funnel->steps[i].label,
                    funnel->steps[i].optional ? "  (optional)" : "");
}

static void write_journey(const struct journey *journey, struct sink *sink)
{
    sink_format(sink, "journey %s: %zu touchpoint%s, %zu rule%s, %zu funnel%s\n", journey->name,
                journey->touchpoint_count, plural(journey->touchpoint_count), journey->rule_count,
                plural(journey->rule_count), journey->funnel_count, plural(journey->funnel_count));
    sink_text(sink, "a visit ends after ");
    write_duration(journey->visit_timeout_s, sink);
    sink_text(sink, " without a hit\ntouchpoints\n");
    for (size_t i = 0; i < journey->touchpoint_count; i++)
        write_touchpoint(journey, &journey->touchpoints[i], sink);
    sink_text(sink, "funnels\n");
    for (size_t i = 0; i < journey->funnel_count; i++)
        write_funnel(&journey->funnels[i], sink);
}

int command_check_journey(const struct options *options)
{
    struct error error = {0};
    struct journey *journey = journey_load(options->arguments.items[0], &error);
    if (!journey)
        return complain(&error);
    struct sink *sink = sink_open_descriptor(STDOUT_FILENO, "standard output");
    write_journey(journey, sink);
    journey_free(journey);
    return sink_close(sink, &error) ? 0 : complain(&error);
}
