#include "output/html_people.h"

#include "output/markup.h"
#include "output/number.h"
#include "output/pick.h"
#include "output/wording.h"

static enum markup_part part_of(const struct report_class *class)
{
    if (strcmp(class->name, "suspected") == 0)
        return MARKUP_GONE;
    return strcmp(class->name, "person") == 0 ? MARKUP_ON : MARKUP_WAITING;
}

/* All hits in one bar. */
static void write_split(const struct report_totals *totals, struct sink *sink)
{
    uint64_t declared = totals->bot_hits - totals->suspected_hits;
    uint64_t people = totals->hits - totals->bot_hits - totals->internal_hits;
    markup_bar(sink, people, declared + totals->internal_hits, totals->suspected_hits,
               totals->hits);
    sink_text(sink, "<p class=\"legend\">");
    markup_legend(sink, MARKUP_ON, "hits of people");
    markup_legend(sink, MARKUP_WAITING,
                  totals->internal_hits ? "declared bots, internal" : "declared bots");
    markup_legend(sink, MARKUP_GONE, "suspected bots");
    sink_text(sink, "</p>\n");
}

static void write_class(const struct report_class *class, uint64_t all_hits, struct sink *sink)
{
    sink_text(sink, "<tr>");
    markup_element(sink, "th scope=\"row\"", class->label);
    markup_element(sink, "td class=\"status\"", class->is_counted ? "counted" : "set apart");
    markup_share(sink, part_of(class), class->hits, all_hits);
    markup_count(sink, class->hits);
    markup_count(sink, class->page_views);
    markup_count(sink, class->visits);
    markup_count(sink, class->visitors);
    sink_text(sink, "</tr>\n");
}

static void write_classes(const struct report *report, struct sink *sink)
{
    static const struct markup_column columns[] = {
        {"Class", false},     {"As people", false}, {"Share", false},   {"Hits", true},
        {"Page views", true}, {"Visits", true},     {"Visitors", true},
    };
    size_t count;
    const struct report_class **classes = pick_classes(report, &count);
    markup_table(sink, "classes", "Classes of agents; together they made all hits", columns,
                 sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++)
        write_class(classes[i], report->totals.hits, sink);
    markup_table_end(sink);
    if (count < report->class_count)
        markup_sentence(sink, "p class=\"note\"",
                        mem_format("Not seen, and left out: %s of %s.",
                                   number_grouped(report->class_count - count).text,
                                   number_grouped(report->class_count).text));
    mem_free(classes);
}

static void write_rule(const struct report_behaviour *rule, struct sink *sink)
{
    sink_text(sink, rule->visitors ? "<tr>" : "<tr class=\"few\">");
    sink_text(sink, "<th scope=\"row\">");
    markup_text(sink, rule->name);
    markup_element(sink, "span class=\"remark\"", rule->about);
    sink_text(sink, "</th>");
    markup_element(sink, "td", wording_rule_state(rule));
    markup_count(sink, rule->hits);
    markup_count(sink, rule->page_views);
    markup_count(sink, rule->visits);
    markup_count(sink, rule->visitors);
    sink_text(sink, "</tr>\n");
}

static void write_rules(const struct report *report, struct sink *sink)
{
    static const struct markup_column columns[] = {
        {"Rule", false},      {"State", false}, {"Hits", true},
        {"Page views", true}, {"Visits", true}, {"Visitors", true},
    };
    char *assets = wording_assets(report);
    sink_text(sink, "<div class=\"sheet\">\n");
    markup_table(sink, "rules", "Suspected bots, by the first rule that applies to them", columns,
                 sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < report->behaviour_count; i++)
        write_rule(&report->behaviours[i], sink);
    markup_table_end(sink);
    if (assets)
        markup_element(sink, "p class=\"note\"", assets);
    sink_text(sink, "<p class=\"note\">These say to be browsers, or crawlers that they are not, "
                    "and do what people hardly ever do: a suspicion, no proof. --no-bot-rule "
                    "switches a rule off; explain --visit shows whom it decided on.</p>\n</div>\n");
    mem_free(assets);
}

static void fact(struct sink *sink, const char *what, uint64_t count)
{
    sink_text(sink, "<div>");
    markup_element(sink, "dt", what);
    markup_element(sink, "dd", number_grouped(count).text);
    sink_text(sink, "</div>\n");
}

static void write_facts(const struct report_totals *totals, struct sink *sink)
{
    sink_text(sink, "<dl class=\"sheet facts\">\n");
    fact(sink, "Visits", totals->visits);
    fact(sink, "Visitors", totals->visitors);
    fact(sink, "Page views", totals->page_views);
    fact(sink, "Visits without a page view", totals->visits_without_page_views);
    fact(sink, "Countries", totals->regions);
    fact(sink, "Visits from an unknown region", totals->unknown_region_visits);
    fact(sink, "Files, of everybody (pictures, scripts, styles)", totals->asset_hits);
    fact(sink, "Calls, of everybody (API, XHR)", totals->call_hits);
    sink_text(sink, "</dl>\n");
}

static void write_keys(const struct report *report, struct sink *sink)
{
    static const struct markup_column columns[] = {
        {"Told apart by", false}, {"Share", false}, {"Visitors", true}};
    sink_text(sink, "<div class=\"sheet\">\n");
    markup_table(sink, "values", "What visitors were told apart by", columns,
                 sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < report->visitor_key_count; i++) {
        const struct report_visitor_key *key = &report->visitor_keys[i];
        sink_text(sink, "<tr>");
        markup_element(sink, "th scope=\"row\"", key->label);
        markup_share(sink, MARKUP_ON, key->visitors, report->totals.visitors);
        markup_count(sink, key->visitors);
        sink_text(sink, "</tr>\n");
    }
    markup_table_end(sink);
    sink_text(sink, "</div>\n");
}

void html_people_write(const struct report *report, struct sink *sink)
{
    sink_text(sink, "<section id=\"visitors\">\n<h2>Who made the hits</h2>\n");
    char *who = wording_who(report);
    char *sentence = mem_format("%s.", who);
    mem_free(who);
    markup_sentence(sink, "p class=\"note\"", sentence);
    sink_text(sink, "\n<div class=\"sheet\">\n");
    write_split(&report->totals, sink);
    write_classes(report, sink);
    sink_text(sink, "</div>\n");
    write_rules(report, sink);
    sink_text(sink, "<div class=\"pair\">\n");
    write_facts(&report->totals, sink);
    write_keys(report, sink);
    sink_text(sink, "</div>\n</section>\n");
}
