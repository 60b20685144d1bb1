#include "output/html_method.h"

#include "output/markup.h"
#include "output/number.h"
#include "output/wording.h"

enum { SHOWN_HOSTS = 12 };

static void term(struct sink *sink, const char *word, char *explanation)
{
    markup_element(sink, "dt", word);
    markup_sentence(sink, "dd", explanation);
    sink_byte(sink, '\n');
}

static void write_times(const struct report *report, struct sink *sink)
{
    char *zoneless = wording_zoneless(report), *timed = wording_timed(report);
    term(sink, "Time zone",
         mem_format("Times in UTC%s%s", zoneless ? ". " : ", by the zones in the log.",
                    zoneless ? zoneless : ""));
    if (timed)
        term(sink, "Median answer",
             mem_format("%s The median is that of the hits that reached a touchpoint and tell it.",
                        timed));
    mem_free(zoneless);
    mem_free(timed);
}

/* "a, b and 3 more"; owned by the caller. */
static char *list_of(const char *const *texts, size_t count)
{
    char *list = mem_format("%s", "");
    for (size_t i = 0; i < count && i < SHOWN_HOSTS; i++) {
        char *longer = mem_format("%s%s%s", list, i ? ", " : "", texts[i]);
        mem_free(list);
        list = longer;
    }
    if (count <= SHOWN_HOSTS)
        return list;
    char *whole = mem_format("%s and %s more", list, number_grouped(count - SHOWN_HOSTS).text);
    mem_free(list);
    return whole;
}

static void write_proxies(const struct report_method *method, struct sink *sink)
{
    if (method->trusted_proxy_count == 0) {
        term(sink, "Trusted proxies",
             mem_format("None: a client's address is the one that the server saw, and "
                        "X-Forwarded-For and Forwarded are not read."));
        return;
    }
    char *proxies = list_of(method->trusted_proxies, method->trusted_proxy_count);
    term(sink, "Trusted proxies",
         mem_format("%s: of a hit through them the address is the last one in X-Forwarded-For or "
                    "Forwarded that is none of them.",
                    proxies));
    mem_free(proxies);
}

/* How the own hosts are known, and what is not told of them. */
static char *origin_of_own_hosts(const struct report_method *method)
{
    if (method->own_hosts_given)
        return mem_format("given");
    if (method->unnamed_own_hosts == 0)
        return mem_format("found by the referrers in the log");
    return mem_format("found by the referrers in the log (not named: %s with fewer than %s each)",
                      number_grouped(method->unnamed_own_hosts).text,
                      number_of(method->min_cell, "visitor").text);
}

static void write_own_hosts(const struct report_method *method, struct sink *sink)
{
    if (method->own_host_count + method->unnamed_own_hosts == 0) {
        term(sink, "Own hosts",
             mem_format("None was given, and the log shows none: a link within the site can look "
                        "like a referral."));
        return;
    }
    char *hosts = list_of(method->own_hosts, method->own_host_count);
    char *origin = origin_of_own_hosts(method);
    bool is_any_named = method->own_host_count > 0;
    term(sink, "Own hosts",
         mem_format("%s%s%s. Links from there are no source.", hosts,
                    is_any_named ? ", and what lies below them: " : "All ", origin));
    mem_free(origin);
    mem_free(hosts);
}

static void write_visits(const struct report *report, struct sink *sink)
{
    const struct report_method *method = &report->method;
    char *visit = wording_visit_rule(method);
    term(sink, "Visit", mem_format("%s Its region is that of its first address.", visit));
    mem_free(visit);
    term(sink, "Visitor", wording_visitor_rule(report));
    write_proxies(method, sink);
    write_own_hosts(method, sink);
}

static void write_privacy(const struct report *report, struct sink *sink)
{
    const struct report_method *method = &report->method;
    char *cut = method->anonymized_bytes
                    ? mem_format("Addresses lost %s before their region was looked up.",
                                 number_of(method->anonymized_bytes, "byte").text)
                    : mem_format("Whole addresses were looked up for their region.");
    term(sink, "Privacy",
         mem_format(
             "%s No address is in this report, nor is what visitors were told apart by: they are "
             "counted by keyed hashes, of which none is shown.",
             cut));
    mem_free(cut);
}

static void write_distinct(const struct report *report, struct sink *sink)
{
    char *folded = wording_folded(report);
    term(sink, "Distinct texts",
         folded ? folded
                : mem_format("All pages, user agents and origins were told apart; up to %s of "
                             "each would be (--max-keys).",
                             number_grouped(report->method.max_keys).text));
}

static void write_rules(const struct report *report, struct sink *sink)
{
    const struct report_method *method = &report->method;
    term(sink, "Journey", mem_format("%s, from %s.", method->journey, method->journey_source));
    write_visits(report, sink);
    term(sink, "Left out",
         mem_format("%s Files and calls count for a journey only where a rule names them.",
                    method->includes_bots
                        ? "Bots are included, declared and suspected ones; internal hits are not."
                        : "Bots are set apart, declared and suspected ones, and so are internal "
                          "hits."));
    term(sink, "Reached and failed",
         mem_format("A touchpoint is reached by a request that was answered 2xx, 304 or, for a "
                    "POST, 3xx; one that was answered 4xx or 5xx failed."));
    term(sink, "Dropped and open",
         mem_format("Dropped: reached a step, not the next, and the time for it is over. Open: the "
                    "log ends before that time does. A drop rate is dropped / (reached - open)."));
    write_times(report, sink);
}

static void write_statistics(const struct report_method *method, struct sink *sink)
{
    term(sink, "Association, not cause",
         mem_format("That a region loses more does not say why: look at its pages, prices, "
                    "languages and errors next."));
    term(sink, "95% interval", mem_format("Wilson's score interval of a rate."));
    term(sink, "q",
         mem_format("The chance of a difference from the rest at least this large if there were "
                    "none (two-proportion test, Fisher's exact test where an expected count is "
                    "under 5), adjusted by Benjamini and Hochberg for all comparisons of this "
                    "report. Findings have q of at most 0.05."));
    term(sink, "Against the rest",
         mem_format("Drops more (+) or fewer (-) than if the rest's rate held here too."));
    term(sink, "Shrunken",
         mem_format("The drop rate drawn towards the mean, the more the fewer there are "
                    "(beta-binomial)."));
    term(sink, "(other)",
         mem_format("Values with fewer than %s visitors, together, and the next smallest where "
                    "these alone could be told by subtraction.",
                    number_grouped(method->min_cell).text));
}

static void write_geo(const struct report *report, struct sink *sink)
{
    if (report->method.geo_file_count == 0)
        term(sink, "Geo files", mem_format("None: no region is known."));
    for (size_t i = 0; i < report->method.geo_file_count; i++)
        term(sink, "Geo file", mem_format("%s", report->method.geo_files[i]));
    if (report->totals.failed_geo_lookups)
        term(sink, "Failed lookups",
             mem_format("%s look-ups met a corrupt record and count as unknown.",
                        number_grouped(report->totals.failed_geo_lookups).text));
    if (report->totals.ties)
        term(sink, "Ties",
             mem_format("%s conversions have two steps in the same second; the order of the log "
                        "decided.",
                        number_grouped(report->totals.ties).text));
}

void html_method_write(const struct report *report, struct sink *sink)
{
    sink_text(sink, "<section id=\"method\">\n<h2>Method and definitions</h2>\n"
                    "<div class=\"pair\">\n<dl class=\"sheet terms\">\n");
    write_rules(report, sink);
    write_geo(report, sink);
    sink_text(sink, "</dl>\n<dl class=\"sheet terms\">\n");
    write_statistics(&report->method, sink);
    write_privacy(report, sink);
    write_distinct(report, sink);
    sink_text(sink, "</dl>\n</div>\n</section>\n");
}
