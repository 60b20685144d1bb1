#include "cli/commands.h"

#include <unistd.h>

#include "base/printable.h"
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

/* Texts of the file are short; what does not fit is cut off. */
static void write_text(struct sink *sink, struct slice text)
{
    char safe[2048];
    sink_text(sink, printable(safe, sizeof safe, text));
}

static void write_networks(const struct networks *networks, const char *title, struct sink *sink)
{
    size_t count = networks_count(networks);
    sink_format(sink, "%s%zu address range%s\n", title, count, plural(count));
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

static void write_visitor(const struct visitor_rules *rules, struct sink *sink)
{
    sink_text(sink, "visitors are told apart by ");
    for (size_t i = 0; i < rules->count; i++) {
        sink_text(sink, i ? ", else by " : "");
        write_text(sink, slice_of(rules->items[i].label));
    }
    sink_format(sink, "; of IPv4 addresses the first %u bits count, of IPv6 %u\n", rules->v4_prefix,
                rules->v6_prefix);
}

static void write_visit(const struct visit_rules *rules, struct sink *sink)
{
    sink_text(sink, "a visit ends after ");
    write_duration(rules->timeout_ms / 1000, sink);
    sink_text(sink, " without a hit");
    if (rules->max_length_ms) {
        sink_text(sink, ", after ");
        write_duration(rules->max_length_ms / 1000, sink);
        sink_text(sink, " in all");
    }
    if (rules->cut_at_midnight)
        sink_text(sink, ", at midnight");
    if (rules->cut_on_new_source)
        sink_text(sink, ", when its source changes");
    if (rules->cut_on_new_campaign)
        sink_text(sink, ", when its campaign changes");
    sink_text(sink, rules->split_by_referrer ? "; two people in one are told apart by referrers\n"
                                             : "\n");
}

static void write_bots(const struct behaviour_options *bots, struct sink *sink)
{
    const char *separator = "rules of behaviour switched off: ";
    for (int rule = BEHAVIOUR_NONE + 1; rule < BEHAVIOUR_COUNT; rule++) {
        if (!(bots->off >> rule & 1))
            continue;
        sink_format(sink, "%s%s", separator, behaviour_name((enum behaviour_rule)rule));
        separator = ", ";
    }
    sink_text(sink, bots->off ? "\n" : "");
    for (size_t i = 0; i < bots->range_count; i++) {
        sink_text(sink, "the crawler ");
        write_text(sink, slice_of(bots->ranges[i].crawler));
        write_networks(bots->ranges[i].networks, " is at home in ", sink);
    }
}

static void write_names(const char *title, const struct slice *names, size_t count,
                        struct sink *sink)
{
    for (size_t i = 0; i < count; i++) {
        sink_text(sink, i ? ", " : title);
        write_text(sink, names[i]);
    }
    sink_text(sink, count ? "\n" : "");
}

static void write_people(const struct journey *journey, struct sink *sink)
{
    write_visitor(&journey->visitor, sink);
    write_visit(&journey->visit, sink);
    if (journey->internal)
        write_networks(journey->internal, "internal: ", sink);
    write_bots(&journey->bots, sink);
    write_names("own hosts: ", journey->own_hosts.items, journey->own_hosts.count, sink);
    write_names("query parameters that are shown: ", journey->shown_parameters,
                journey->shown_parameter_count, sink);
}

static void write_journey(const struct journey *journey, struct sink *sink)
{
    sink_format(sink, "journey %s: %zu touchpoint%s, %zu rule%s, %zu funnel%s\n", journey->name,
                journey->touchpoint_count, plural(journey->touchpoint_count), journey->rule_count,
                plural(journey->rule_count), journey->funnel_count, plural(journey->funnel_count));
    write_people(journey, sink);
    sink_text(sink, "touchpoints\n");
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
