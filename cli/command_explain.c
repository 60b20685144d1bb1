#include "cli/commands.h"

#include <unistd.h>

#include "base/printable.h"
#include "base/sink.h"
#include "cli/messages.h"
#include "cli/rule_text.h"
#include "funnel/journey.h"
#include "funnel/rules.h"

enum { MOST_NEAR = 10 };

struct explanation {
    const struct journey *journey;
    const struct rules *rules;
    struct request request;
    unsigned status;
    struct sink *sink;
};

/* An answer that shows a page leaves two outcomes. */
static const char *open_text(const struct touch_rule *rule)
{
    if (!(rule->outcomes >> OUTCOME_SUBMITTED & 1))
        return "one request does not tell: reached if the form was refused, that is, shown again "
               "on this page";
    if (rule->outcomes == 1 << OUTCOME_SUBMITTED)
        return "one request does not tell: reached if the form was submitted, attempted in vain if "
               "it was refused, that is, shown again on this page";
    return "one request does not tell: reached if the form was submitted, not if it was refused, "
           "that is, shown again on this page";
}

static const char *verdict_text(enum rule_verdict verdict, const struct touch_rule *rule)
{
    switch (verdict) {
    case RULE_REACHED:
        return "reached";
    case RULE_FAILED:
        return "attempted in vain";
    case RULE_NEITHER:
        return "neither reached nor failed: the page that the answer leads to counts";
    case RULE_KIND:
        return "no: such a request counts only for rules that name it";
    case RULE_PATH:
        return "no: the path does not match";
    case RULE_METHOD:
        return "no: another method";
    case RULE_QUERY:
        return "no: the query does not match";
    case RULE_SEARCH:
        return "no: not these search words";
    case RULE_STATUS:
        return "no: another status";
    case RULE_OPEN:
        return open_text(rule);
    case RULE_OUTCOME:
        return "no: another outcome, or none";
    }
    return "";
}

static enum rule_verdict verdict_of(const struct explanation *explanation, size_t rule)
{
    return rules_explain(explanation->rules, rule, &explanation->request, explanation->status);
}

/* One pass over all rules; near: those whose path fits but something else does not, the first. */
static size_t write_rules(const struct explanation *explanation, bool near)
{
    const struct journey *journey = explanation->journey;
    size_t found = 0;
    for (size_t i = 0; i < journey->rule_count; i++) {
        const struct touch_rule *rule = &journey->rules[i];
        enum rule_verdict verdict = verdict_of(explanation, i);
        bool is_match = verdict == RULE_REACHED || verdict == RULE_FAILED || verdict == RULE_OPEN;
        bool is_near = !is_match && verdict != RULE_PATH && verdict != RULE_KIND;
        if (near ? !(is_near && rule->path_count) : !is_match)
            continue;
        if (++found > MOST_NEAR && near)
            continue;
        sink_format(explanation->sink, "  %s: %s\n      ",
                    journey->touchpoints[rule->touchpoint].name, verdict_text(verdict, rule));
        rule_write(rule, explanation->request.path, explanation->sink);
        sink_format(explanation->sink, "  (%s:%zu)\n", journey->source, rule->line);
    }
    if (near && found > MOST_NEAR)
        sink_format(explanation->sink, "  and %zu more\n", found - MOST_NEAR);
    return found;
}

static void write_request(const struct explanation *explanation)
{
    char path[2048], query[2048];
    const struct request *request = &explanation->request;
    printable(path, sizeof path, request->path);
    printable(query, sizeof query, request->query);
    sink_format(explanation->sink, "%s %s%s%s answered %u: kind %s\n",
                request_method_name(request->method), path, request->query.at ? "?" : "", query,
                explanation->status, request_kind_name(request->kind));
}

/* Nothing was found: say so, and why when it is the kind of request. */
static void write_none(const struct explanation *explanation)
{
    switch (explanation->request.kind) {
    case KIND_ASSET:
        sink_text(explanation->sink, "  none: a static file never is a touchpoint\n");
        break;
    case KIND_CALL:
    case KIND_OTHER:
        sink_text(explanation->sink, "  none: such a request counts only for rules that name it\n");
        break;
    default:
        sink_text(explanation->sink, "  none\n");
    }
}

static void write_explanation(const struct explanation *explanation)
{
    write_request(explanation);
    sink_format(explanation->sink, "touchpoints of the journey %s\n", explanation->journey->name);
    if (write_rules(explanation, false) == 0)
        write_none(explanation);
    sink_text(explanation->sink, "rules whose path fits, but not the rest\n");
    if (write_rules(explanation, true) == 0)
        sink_text(explanation->sink, "  none\n");
}

int command_explain(const struct options *options)
{
    struct error error = {0};
    struct journey *journey = journey_load(options->journey, &error);
    if (!journey)
        return complain(&error);
    struct rules *rules = rules_new(journey);
    struct explanation explanation = {
        .journey = journey,
        .rules = rules,
        .request = request_of_url(options->method, slice_of(options->arguments.items[0])),
        .status = options->status,
        .sink = sink_open_descriptor(STDOUT_FILENO, "standard output"),
    };
    write_explanation(&explanation);
    rules_free(rules);
    journey_free(journey);
    return sink_close(explanation.sink, &error) ? 0 : complain(&error);
}
