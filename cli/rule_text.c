#include "cli/rule_text.h"

#include "base/memory.h"
#include "base/printable.h"
#include "funnel/glob.h"
#include "funnel/rules.h"
#include "parser/request.h"

/* Begins a condition; they are separated by "; ". */
static void begin(struct sink *sink, bool *is_first, const char *name)
{
    sink_format(sink, "%s%s ", *is_first ? "" : "; ", name);
    *is_first = false;
}

static void write_text(struct sink *sink, struct slice text)
{
    char *safe = mem_alloc(printable_bound(text.size));
    sink_text(sink, printable(safe, printable_bound(text.size), text));
    mem_free(safe);
}

static void write_alternatives(struct sink *sink, const struct slice *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sink_text(sink, i ? " or " : "");
        write_text(sink, items[i]);
    }
}

static void write_matching_paths(struct sink *sink, const struct touch_rule *rule,
                                 struct slice path)
{
    struct glob_set *set = glob_set_new(rule->paths, rule->path_count);
    struct glob_matcher *matcher = glob_matcher_new(set);
    char normal[RULES_PATH_MAX + 1];
    const uint64_t *matches = glob_match(matcher, rules_path(path, normal));
    const char *separator = "";
    for (size_t i = 0; i < rule->path_count; i++) {
        if (!(matches[i / 64] >> i % 64 & 1))
            continue;
        sink_text(sink, separator);
        write_text(sink, rule->paths[i]);
        separator = " or ";
    }
    glob_matcher_free(matcher);
    glob_set_free(set);
}

static void write_methods(struct sink *sink, uint32_t methods)
{
    bool is_first = true;
    for (int method = 0; method < METHOD_COUNT; method++) {
        if (!(methods >> method & 1))
            continue;
        sink_format(sink, "%s%s", is_first ? "" : " or ",
                    request_method_name((enum request_method)method));
        is_first = false;
    }
}

static void write_statuses(struct sink *sink, const struct touch_rule *rule)
{
    for (size_t i = 0; i < rule->status_count; i++) {
        struct status_range range = rule->statuses[i];
        sink_format(sink, "%s%u", i ? " or " : "", range.first);
        if (range.last != range.first)
            sink_format(sink, "-%u", range.last);
    }
}

static void write_outcomes(struct sink *sink, unsigned outcomes)
{
    static const char *const names[OUTCOME_COUNT] = {"submitted", "refused", "failed"};
    bool is_first = true;
    for (size_t i = 0; i < OUTCOME_COUNT; i++) {
        if (!(outcomes >> i & 1))
            continue;
        sink_format(sink, "%s%s", is_first ? "" : " or ", names[i]);
        is_first = false;
    }
}

static void write_queries(struct sink *sink, const struct touch_rule *rule)
{
    for (size_t i = 0; i < rule->query_count; i++) {
        const struct query_condition *query = &rule->queries[i];
        sink_text(sink, i ? " and " : "");
        write_text(sink, query->name);
        sink_text(sink, "=");
        write_alternatives(sink, query->values, query->value_count);
    }
}

void rule_write(const struct touch_rule *rule, struct slice path, struct sink *sink)
{
    bool is_first = true;
    if (rule->path_count) {
        begin(sink, &is_first, "path");
        if (path.size)
            write_matching_paths(sink, rule, path);
        else
            write_alternatives(sink, rule->paths, rule->path_count);
    }
    if (rule->methods) {
        begin(sink, &is_first, "method");
        write_methods(sink, rule->methods);
    }
    if (rule->status_count) {
        begin(sink, &is_first, "status");
        write_statuses(sink, rule);
    }
    if (rule->query_count) {
        begin(sink, &is_first, "query");
        write_queries(sink, rule);
    }
    if (rule->search_count) {
        begin(sink, &is_first, "search");
        write_alternatives(sink, rule->searches, rule->search_count);
    }
    if (rule->outcomes) {
        begin(sink, &is_first, "outcome");
        write_outcomes(sink, rule->outcomes);
    }
}
