#include "output/html.h"

#include "output/html_method.h"
#include "output/html_people.h"
#include "output/html_visits.h"
#include "output/markup.h"
#include "output/number.h"
#include "output/pick.h"
#include "output/wording.h"

enum {
    SHOWN_LOSSES = 5,
    SHOWN_RANKED = 40, /* rows of one step by a dimension */
    SHOWN_VALUES = 20,
    GRID_VALUES = 12,
    SHOWN_SKIPPED = 50,
};

/* report_style.S */
extern const char report_style[], report_style_end[];

static void write_head(const struct report *report, struct sink *sink)
{
    sink_text(sink, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                    "<meta name=\"referrer\" content=\"no-referrer\">\n"
                    "<meta name=\"robots\" content=\"noindex\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n");
    markup_sentence(sink, "title", mem_format("Where journeys end: %s", report->method.journey));
    sink_text(sink, "\n<style>\n");
    sink_slice(sink, (struct slice){report_style, (size_t)(report_style_end - report_style)});
    sink_text(sink, "</style>\n</head>\n<body>\n");
}

static void write_top(const struct report *report, struct sink *sink)
{
    sink_text(sink, "<header class=\"top\">\n<p><span class=\"brand\">sojourn</span> ");
    sink_text(sink, "<small>");
    markup_time(sink, report->totals.first_ms);
    sink_text(sink, " to ");
    markup_time(sink, report->totals.last_ms);
    sink_text(sink, " UTC</small></p>\n<nav aria-label=\"Sections\"><ul>"
                    "<li><a href=\"#funnels\">Funnels</a></li>");
    for (size_t i = 0; i < report->dimension_count; i++) {
        sink_format(sink, "<li><a href=\"#by-%zu\">", i);
        markup_text(sink, report->dimensions[i].title);
        sink_text(sink, "</a></li>");
    }
    sink_text(sink, "<li><a href=\"#touchpoints\">Touchpoints</a></li>"
                    "<li><a href=\"#visitors\">Who</a></li>");
    html_visits_links(sink);
    sink_text(sink, "<li><a href=\"#inputs\">Inputs</a></li>"
                    "<li><a href=\"#method\">Method</a></li></ul></nav>\n</header>\n");
}

/* One key figure: what it is, the number, and a remark under it. */
static void figure(struct sink *sink, const char *what, struct number number, char *remark)
{
    sink_text(sink, "<div>");
    markup_element(sink, "dt", what);
    sink_text(sink, "<dd>");
    markup_text(sink, number.text);
    markup_sentence(sink, "small", remark);
    sink_text(sink, "</dd></div>\n");
}

static void funnel_figures(const struct report_funnel *funnel, struct sink *sink)
{
    const struct report_step *last = &funnel->steps[funnel->step_count - 1];
    const struct report_step *worst = pick_worst_step(funnel);
    figure(sink, "Came through", number_percent(last->rate_from_start),
           mem_format("%s reached %s", number_grouped(last->entered).text, last->touchpoint));
    if (worst)
        figure(sink, "Largest loss", number_percent(wording_drop_rate(worst)),
               mem_format("after %s", worst->touchpoint));
}

static void bot_figure(const struct report *report, const char *what, uint64_t hits,
                       struct sink *sink)
{
    figure(sink, what, number_grouped(hits),
           mem_format("of %s%s", number_of(report->totals.hits, "hit").text,
                      report->method.includes_bots ? "" : ", set apart"));
}

static void write_figures(const struct report *report, struct sink *sink)
{
    const struct report_totals *totals = &report->totals;
    const struct report_funnel *funnel = pick_funnel(report);
    sink_text(sink, "<dl class=\"figures\">\n");
    figure(sink, report->method.includes_bots ? "Visits, bots among them" : "Visits of people",
           number_grouped(totals->visits),
           mem_format("%s page views", number_grouped(totals->page_views).text));
    figure(sink, "Visitors", number_grouped(totals->visitors),
           mem_format("from %s countries", number_grouped(totals->regions).text));
    if (funnel)
        funnel_figures(funnel, sink);
    bot_figure(report, "Declared bots", totals->bot_hits - totals->suspected_hits, sink);
    bot_figure(report, "Suspected bots", totals->suspected_hits, sink);
    sink_text(sink, "</dl>\n");
}

static size_t read_count(const struct report *report)
{
    return report->input_count - report->skipped_count;
}

static void write_damage(const struct report *report, struct sink *sink)
{
    size_t damaged = 0;
    for (size_t i = 0; i < report->input_count; i++)
        damaged += report->inputs[i].is_damaged;
    if (damaged == 0)
        return;
    sink_text(sink, "<div class=\"alarm\" role=\"note\">\n");
    markup_sentence(sink, "h2",
                    mem_format("%s of %s files %s damaged: this report is not complete",
                               number_grouped(damaged).text,
                               number_grouped(read_count(report)).text,
                               damaged == 1 ? "is" : "are"));
    sink_text(sink, "\n<ul>\n");
    for (size_t i = 0; i < report->input_count; i++) {
        const struct report_input *input = &report->inputs[i];
        if (input->is_damaged)
            markup_sentence(sink, "li", mem_format("%s: %s", input->file, input->problem));
    }
    sink_text(sink, "</ul>\n</div>\n");
}

static void write_losses(const struct report *report, const struct report_dimension *dimension,
                         struct sink *sink)
{
    const struct report_funnel_cell *losses[SHOWN_LOSSES];
    size_t count = pick_losses(dimension, losses, SHOWN_LOSSES);
    sink_text(sink, "<div class=\"lost\">\n");
    markup_sentence(sink, "h2",
                    mem_format("Where more are lost than elsewhere, by %s", dimension->name));
    if (count == 0)
        sink_format(sink, "\n<p class=\"note\">%s</p>", wording_no_loss(dimension));
    sink_text(sink, count ? "\n<ul class=\"losses\">\n" : "\n");
    for (size_t i = 0; i < count && i < SHOWN_LOSSES; i++) {
        markup_sentence(sink, "li", wording_loss(report, dimension, losses[i]));
        sink_byte(sink, '\n');
    }
    sink_text(sink, count ? "</ul>\n" : "");
    if (count > SHOWN_LOSSES)
        markup_sentence(sink, "p class=\"note\"",
                        mem_format("and %s more below", number_grouped(count - SHOWN_LOSSES).text));
    sink_text(sink, "</div>\n");
}

static void write_answer(const struct report *report, struct sink *sink)
{
    sink_text(sink, "<section class=\"answer\">\n");
    markup_sentence(sink, "h1", wording_headline(report));
    sink_byte(sink, '\n');
    write_figures(report, sink);
    char *folded = wording_folded(report);
    if (folded)
        markup_element(sink, "p class=\"note\"", folded);
    mem_free(folded);
    write_damage(report, sink);
    for (size_t i = 0; i < report->dimension_count; i++) {
        if (report->dimensions[i].funnel_cell_count)
            write_losses(report, &report->dimensions[i], sink);
    }
    sink_text(sink, "</section>\n");
}

/* What became of those who reached a step. */
static void write_next(const struct report_step *step, const struct report_step *next,
                       struct sink *sink)
{
    sink_text(sink, "<p class=\"step-next\">");
    markup_sentence(sink, "b",
                    mem_format("%s dropped (%s)", number_grouped(step->dropped).text,
                               number_percent(wording_drop_rate(step)).text));
    char *rest = mem_format(", %s went on", number_grouped(step->advanced).text);
    markup_text(sink, rest);
    mem_free(rest);
    if (step->open)
        sink_format(sink, ", %s still open", number_grouped(step->open).text);
    if (step->excluded)
        sink_format(sink, ", %s excluded", number_grouped(step->excluded).text);
    /* An optional step has its time from the step before it, and not everybody has that time. */
    bool is_timed = !isnan(next->median_s) && !step->optional && !next->optional;
    if (is_timed)
        sink_format(sink, "; %s to the next step (median)", number_duration(next->median_s).text);
    sink_text(sink, "</p>");
}

static void write_step(const struct report_funnel *funnel, size_t index, struct sink *sink)
{
    const struct report_step *step = &funnel->steps[index];
    uint64_t whole = funnel->steps[0].entered;
    sink_format(sink,
                "<li><div class=\"step\"><span class=\"step-number\">%zu</span>"
                "<span class=\"step-name\">",
                index + 1);
    markup_text(sink, step->touchpoint);
    if (step->optional)
        sink_text(sink, " <small>optional</small>");
    sink_text(sink, "</span>");
    markup_element(sink, "span class=\"step-count\"", number_grouped(step->entered).text);
    markup_element(sink, "span class=\"step-share\"", number_percent(step->rate_from_start).text);
    sink_text(sink, "</div>");
    if (step->is_last)
        markup_bar(sink, step->entered, 0, 0, whole);
    else
        markup_bar(sink, step->advanced, step->open + step->excluded, step->dropped, whole);
    if (!step->is_last && index + 1 < funnel->step_count)
        write_next(step, &funnel->steps[index + 1], sink);
    sink_text(sink, "</li>\n");
}

static void write_step_row(const struct report_step *step, size_t number, struct sink *sink)
{
    sink_text(sink, "<tr>");
    markup_sentence(sink, "th scope=\"row\"", mem_format("%zu %s", number, step->touchpoint));
    markup_count(sink, step->entered);
    markup_percent(sink, step->rate_from_start);
    markup_percent(sink, step->rate_from_previous);
    markup_element(sink, "td class=\"n\"", number_interval(step->ci).text);
    markup_count(sink, step->advanced);
    markup_count(sink, step->dropped);
    markup_count(sink, step->open);
    markup_count(sink, step->excluded);
    markup_count(sink, step->attempted_failed);
    markup_element(sink, "td class=\"n\"", number_duration(step->median_s).text);
    markup_element(sink, "td class=\"n\"", number_duration(step->p90_s).text);
    sink_text(sink, "</tr>\n");
}

static void write_funnel_table(const struct report_funnel *funnel, struct sink *sink)
{
    static const struct markup_column columns[] = {
        {"Step", false},         {"Reached", true},      {"Of start", true},
        {"Of previous", true},   {"95% interval", true}, {"Went on", true},
        {"Dropped", true},       {"Open", true},         {"Excluded", true},
        {"Tried, failed", true}, {"Median time", true},  {"90% within", true},
    };
    char *caption = mem_format("All numbers of %s", funnel->name);
    markup_table(sink, "", caption, columns, sizeof columns / sizeof columns[0]);
    mem_free(caption);
    for (size_t i = 0; i < funnel->step_count; i++)
        write_step_row(&funnel->steps[i], i + 1, sink);
    markup_table_end(sink);
}

static void write_funnel(const struct report_funnel *funnel, struct sink *sink)
{
    sink_text(sink, "<div class=\"sheet\">\n<h3>");
    markup_text(sink, funnel->name);
    sink_byte(sink, ' ');
    markup_sentence(sink, "small", wording_funnel_rule(funnel));
    sink_text(sink, "</h3>\n<ol class=\"steps\">\n");
    for (size_t i = 0; i < funnel->step_count; i++)
        write_step(funnel, i, sink);
    sink_text(sink, "</ol>\n<p class=\"legend\">");
    markup_legend(sink, MARKUP_ON, "went on");
    markup_legend(sink, MARKUP_GONE, "dropped");
    markup_legend(sink, MARKUP_WAITING, "open: the log ends before it is known, or excluded");
    sink_text(sink, "</p>\n");
    write_funnel_table(funnel, sink);
    sink_text(sink, "</div>\n");
}

static void write_funnels(const struct report *report, struct sink *sink)
{
    sink_text(sink, "<section id=\"funnels\">\n<h2>Funnels</h2>\n");
    for (size_t i = 0; i < report->funnel_count; i++) {
        if (pick_is_entered(&report->funnels[i]))
            write_funnel(&report->funnels[i], sink);
    }
    char *others = wording_empty_funnels(report);
    if (others)
        markup_element(sink, "p class=\"note\"", others);
    mem_free(others);
    sink_text(sink, "</section>\n");
}

/* In words, because a colour alone is not for everybody. */
static void write_flag(enum report_flag flag, double q, struct sink *sink)
{
    static const char *const words[] = {
        [FLAG_NONE] = "unclear",
        [FLAG_HIGH] = "more",
        [FLAG_LOW] = "fewer",
        [FLAG_SMALL] = "too few",
    };
    static const char *const tags[] = {
        [FLAG_NONE] = "td class=\"flag none\"",
        [FLAG_HIGH] = "td class=\"flag high\"",
        [FLAG_LOW] = "td class=\"flag low\"",
        [FLAG_SMALL] = "td class=\"flag small\"",
    };
    bool is_untested = flag == FLAG_NONE && isnan(q);
    markup_element(sink, tags[flag], is_untested ? "not tested" : words[flag]);
}

static void write_ranked_row(const struct report_dimension *dimension,
                             const struct report_funnel_cell *cell, struct sink *sink)
{
    const char *row_class = cell->flag == FLAG_HIGH    ? "high-row"
                            : cell->flag == FLAG_SMALL ? "few"
                                                       : "";
    sink_format(sink, "<tr class=\"%s\">", row_class);
    markup_row_head(sink, dimension->values[cell->value].label);
    markup_count(sink, cell->entered);
    markup_count(sink, cell->dropped);
    markup_percent(sink, cell->drop_rate);
    sink_text(sink, "<td>");
    markup_range(sink, cell->drop_rate, cell->ci, cell->rest_drop_rate);
    sink_text(sink, "</td>");
    markup_element(sink, "td class=\"n\"", number_interval(cell->ci).text);
    markup_percent(sink, cell->rest_drop_rate);
    markup_element(sink, "td class=\"n\"", number_signed(cell->excess_drops).text);
    markup_percent(sink, cell->shrunk_drop_rate);
    markup_element(sink, "td class=\"n\"", number_chance(cell->q_value).text);
    write_flag(cell->flag, cell->q_value, sink);
    sink_text(sink, "</tr>\n");
}

static void write_ranked(const struct report_dimension *dimension, struct funnel_cells cells,
                         const char *caption, struct sink *sink)
{
    struct markup_column columns[] = {
        {dimension->title, false}, {"Reached", true},
        {"Dropped", true},         {"Drop rate", true},
        {"0 to 100%", false},      {"95% interval", true},
        {"The rest", true},        {"Against the rest", true},
        {"Shrunken", true},        {"q", true},
        {"Than the rest", false},
    };
    size_t count;
    const struct report_funnel_cell **ranked = pick_ranked(cells, &count);
    markup_table(sink, "", caption, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count && i < SHOWN_RANKED; i++)
        write_ranked_row(dimension, ranked[i], sink);
    markup_table_end(sink);
    if (count > SHOWN_RANKED)
        markup_sentence(sink, "p class=\"note\"",
                        mem_format("%s more are in funnel_by_%s.csv.",
                                   number_grouped(count - SHOWN_RANKED).text, dimension->name));
    mem_free(ranked);
}

/* Folded, except the step after which most are lost. */
static void write_step_by(const struct report *report, const struct report_dimension *dimension,
                          size_t funnel_index, size_t step_index, struct sink *sink)
{
    const struct report_funnel *funnel = &report->funnels[funnel_index];
    const struct report_step *step = &funnel->steps[step_index];
    struct funnel_cells cells = pick_step_cells(dimension, funnel_index, step_index);
    if (cells.count == 0 || step->entered == 0)
        return;
    bool is_worst = step == pick_worst_step(funnel);
    char *caption =
        mem_format("Dropped after %s, by %s: most excess first", step->touchpoint, dimension->name);
    sink_text(sink, is_worst ? "<details open>\n<summary><b>" : "<details>\n<summary><b>");
    sink_text(sink, "after ");
    markup_text(sink, step->touchpoint);
    sink_format(sink, "</b> <span>%s of %s dropped</span></summary>\n",
                number_grouped(step->dropped).text, number_grouped(step->entered).text);
    write_ranked(dimension, cells, caption, sink);
    sink_text(sink, "</details>\n");
    mem_free(caption);
}

static void write_funnel_by(const struct report *report, const struct report_dimension *dimension,
                            size_t funnel_index, struct sink *sink)
{
    const struct report_funnel *funnel = &report->funnels[funnel_index];
    sink_text(sink, "<div class=\"sheet\">\n");
    markup_element(sink, "h3", funnel->name);
    sink_byte(sink, '\n');
    for (size_t i = 0; i + 1 < funnel->step_count; i++)
        write_step_by(report, dimension, funnel_index, i, sink);
    sink_text(sink, "</div>\n");
}

static void write_values(const struct report_dimension *dimension, struct sink *sink)
{
    html_visits_table(&(struct html_values){.name = dimension->name,
                                            .title = dimension->title,
                                            .at = dimension->values,
                                            .count = dimension->value_count,
                                            .max = SHOWN_VALUES},
                      sink);
}

static size_t grid_width(const struct report_dimension *dimension)
{
    return dimension->value_count < GRID_VALUES ? dimension->value_count : GRID_VALUES;
}

static void write_grid_cell(const struct report_touch_cell *cell, struct sink *sink)
{
    static const char *const marks[] = {
        [FLAG_NONE] = "<td>",
        [FLAG_HIGH] = "<td class=\"high\"><span class=\"mark\">\xe2\x96\xb2<span class=\"hidden\">"
                      "more than the rest: </span></span>",
        [FLAG_LOW] = "<td class=\"low\"><span class=\"mark\">\xe2\x96\xbc<span class=\"hidden\">"
                     "less than the rest: </span></span>",
        [FLAG_SMALL] = "<td class=\"small\">",
    };
    sink_text(sink, marks[cell ? cell->flag : FLAG_NONE]);
    markup_text(sink, number_percent(cell ? cell->visit_rate : NAN).text);
    sink_text(sink, "</td>");
}

static void write_grid_row(const struct report *report, const struct report_dimension *dimension,
                           size_t touchpoint, struct sink *sink)
{
    sink_text(sink, "<tr>");
    markup_element(sink, "th scope=\"row\"", report->touchpoints[touchpoint].name);
    for (size_t i = 0; i < grid_width(dimension); i++)
        write_grid_cell(pick_touch_cell(dimension, touchpoint, i), sink);
    sink_text(sink, "</tr>\n");
}

static void write_grid(const struct report *report, const struct report_dimension *dimension,
                       struct sink *sink)
{
    struct markup_column columns[GRID_VALUES + 1] = {{"Touchpoint", false}};
    for (size_t i = 0; i < grid_width(dimension); i++)
        columns[i + 1] = (struct markup_column){dimension->values[i].label, true};
    char *caption =
        mem_format("Share of the visits that reached a touchpoint, by %s", dimension->name);
    sink_text(sink, "<div class=\"sheet\">\n");
    markup_table(sink, "grid", caption, columns, grid_width(dimension) + 1);
    mem_free(caption);
    for (size_t i = 0; i < report->touchpoint_count; i++) {
        if (report->touchpoints[i].visits)
            write_grid_row(report, dimension, i, sink);
    }
    markup_table_end(sink);
    sink_text(sink, "<p class=\"note\">\xe2\x96\xb2 more and \xe2\x96\xbc less than the rest, "
                    "beyond chance (q \xe2\x89\xa4 0.05). ");
    if (dimension->value_count > GRID_VALUES)
        sink_format(sink, "The %d with most visits of %s.", (int)GRID_VALUES,
                    number_grouped(dimension->value_count).text);
    sink_text(sink, "</p>\n</div>\n");
}

static void write_dimension(const struct report *report, size_t index, struct sink *sink)
{
    const struct report_dimension *dimension = &report->dimensions[index];
    sink_format(sink, "<section id=\"by-%zu\">\n", index);
    markup_sentence(sink, "h2", mem_format("Where they drop, by %s", dimension->name));
    sink_text(sink, "\n<p class=\"note\">Each is compared with the rest, never with a total that "
                    "holds it. The line is the 95% interval of the drop rate, the upright tick the "
                    "rate of the rest. Under 30 are shown, not ranked.");
    /* The one dimension that is of everybody. */
    if (strcmp(dimension->name, "agent") == 0)
        sink_text(sink, " Machines stand beside people here; everywhere else people alone count, "
                        "unless bots are included.");
    sink_text(sink, "</p>\n");
    for (size_t i = 0; i < report->funnel_count; i++) {
        if (pick_is_entered(&report->funnels[i]) && pick_step_cells(dimension, i, 0).count)
            write_funnel_by(report, dimension, i, sink);
    }
    write_values(dimension, sink);
    if (dimension->touch_cell_count)
        write_grid(report, dimension, sink);
    sink_text(sink, "</section>\n");
}

static void write_touchpoint(const struct report_touchpoint *touchpoint, struct sink *sink)
{
    sink_text(sink, "<tr>");
    markup_element(sink, "th scope=\"row\"", touchpoint->name);
    markup_element(sink, "td", touchpoint->stage);
    markup_element(sink, "td", touchpoint->intent);
    markup_count(sink, touchpoint->visits);
    markup_count(sink, touchpoint->visitors);
    markup_count(sink, touchpoint->hits);
    markup_count(sink, touchpoint->failed);
    markup_element(sink, "td class=\"n\"",
                   number_milliseconds(touchpoint->median_duration_ms).text);
    sink_text(sink, "</tr>\n");
}

static void write_touchpoints(const struct report *report, struct sink *sink)
{
    static const struct markup_column columns[] = {
        {"Touchpoint", false}, {"Stage", false}, {"Intent", false}, {"Visits", true},
        {"Visitors", true},    {"Hits", true},   {"Failed", true},  {"Median answer", true},
    };
    size_t left_out = 0;
    sink_text(sink, "<section id=\"touchpoints\">\n<h2>Touchpoints</h2>\n<div class=\"sheet\">\n");
    markup_table(sink, "", "Named moments of the journey, and how often they were reached", columns,
                 sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < report->touchpoint_count; i++) {
        const struct report_touchpoint *touchpoint = &report->touchpoints[i];
        if (touchpoint->visits || touchpoint->failed)
            write_touchpoint(touchpoint, sink);
        else
            left_out++;
    }
    markup_table_end(sink);
    if (left_out)
        markup_sentence(sink, "p class=\"note\"",
                        mem_format("Not visited, and left out: %s of %s.",
                                   number_grouped(left_out).text,
                                   number_grouped(report->touchpoint_count).text));
    sink_text(sink, "</div>\n</section>\n");
}

static void write_input(const struct report_input *input, struct sink *sink)
{
    sink_text(sink, "<tr><th scope=\"row\">");
    markup_text(sink, input->file);
    if (input->is_damaged)
        markup_element(sink, "span class=\"problem\"", input->problem);
    char *many = wording_many_rejected(input);
    if (many)
        markup_element(sink, "span class=\"problem\"", many);
    mem_free(many);
    if (*input->note)
        markup_element(sink, "span class=\"remark\"", input->note);
    sink_text(sink, "</th>");
    markup_element(sink, input->is_damaged ? "td class=\"status bad\"" : "td class=\"status\"",
                   input->status);
    markup_element(sink, "td", input->format);
    markup_element(sink, "td", input->compression);
    markup_count(sink, input->fates.lines);
    markup_count(sink, input->fates.counted);
    markup_count(sink, input->fates.filtered);
    markup_count(sink, input->fates.rejected);
    sink_text(sink, "<td class=\"n\">");
    markup_time(sink, input->first_ms);
    sink_text(sink, "</td><td class=\"n\">");
    markup_time(sink, input->last_ms);
    sink_text(sink, "</td></tr>\n");
}

static void write_files(const struct report *report, struct sink *sink)
{
    static const struct markup_column columns[] = {
        {"File", false}, {"Status", false}, {"Format", false},  {"Compression", false},
        {"Lines", true}, {"Counted", true}, {"Filtered", true}, {"Rejected", true},
        {"First", true}, {"Last", true},
    };
    size_t skipped = report->skipped_count;
    size_t shown = skipped < SHOWN_SKIPPED ? skipped : SHOWN_SKIPPED;
    sink_text(sink, "<div class=\"sheet\">\n");
    markup_table(sink, "", "Every file that was read, or skipped; times in UTC", columns,
                 sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < read_count(report) + shown; i++)
        write_input(&report->inputs[i], sink);
    markup_table_end(sink);
    if (skipped > shown)
        markup_sentence(
            sink, "p class=\"note\"",
            mem_format("%s of %s skipped files are shown, and %s more %s in inputs.csv.",
                       number_grouped(shown).text, number_grouped(skipped).text,
                       number_grouped(skipped - shown).text, skipped - shown == 1 ? "is" : "are"));
    sink_text(sink, "</div>\n");
}

static void write_fate(size_t number, const struct report_fates *fates, struct sink *sink)
{
    struct report_fate fate = report_fate(fates, number);
    if (fate.lines == 0)
        return;
    sink_text(sink, "<tr>");
    markup_element(sink, "th scope=\"row\"", fate.outcome);
    sink_text(sink, "<td>");
    markup_element(sink, "span", wording_fate(number));
    for (size_t i = 0; fate.samples && i < REPORT_SAMPLES && fate.samples[i]; i++)
        markup_element(sink, "code", fate.samples[i]);
    sink_text(sink, "</td>");
    markup_element(sink, "td", fate.reason);
    markup_count(sink, fate.lines);
    markup_percent(sink, (double)fate.lines / (double)fates->lines);
    sink_text(sink, "</tr>\n");
}

/* Every line that was read stands in one row. */
static void write_fates(const struct report_fates *fates, struct sink *sink)
{
    static const struct markup_column columns[] = {
        {"Outcome", false}, {"Meaning", false}, {"Reason", false}, {"Lines", true}, {"Share", true},
    };
    sink_text(sink, "<div class=\"sheet\">\n");
    markup_table(sink, "fates", "What became of the lines", columns,
                 sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < REPORT_FATES; i++)
        write_fate(i, fates, sink);
    markup_table_end(sink);
    sink_text(sink, "<p class=\"note\">Of rejected lines the first ones are shown, with what could "
                    "tell a person masked. lines.csv has the numbers of each file.</p>\n</div>\n");
}

static void write_inputs(const struct report *report, struct sink *sink)
{
    const struct report_fates *fates = &report->totals.fates;
    sink_text(sink, "<section id=\"inputs\">\n<h2>Inputs</h2>\n");
    markup_sentence(
        sink, "p class=\"note\"",
        mem_format("%s lines = %s counted + %s filtered + %s rejected.",
                   number_grouped(fates->lines).text, number_grouped(fates->counted).text,
                   number_grouped(fates->filtered).text, number_grouped(fates->rejected).text));
    sink_byte(sink, '\n');
    write_files(report, sink);
    if (fates->lines)
        write_fates(fates, sink);
    sink_text(sink, "</section>\n");
}

void html_write(const struct report *report, struct sink *sink)
{
    write_head(report, sink);
    write_top(report, sink);
    sink_text(sink, "<main>\n");
    write_answer(report, sink);
    write_funnels(report, sink);
    for (size_t i = 0; i < report->dimension_count; i++)
        write_dimension(report, i, sink);
    write_touchpoints(report, sink);
    html_people_write(report, sink);
    html_visits_write(report, sink);
    write_inputs(report, sink);
    html_method_write(report, sink);
    sink_text(sink, "</main>\n<footer>");
    markup_sentence(
        sink, "p",
        mem_format("Made by sojourn %s from web-server logs. It holds no address, no user "
                   "name and no user agent.",
                   report->method.version));
    sink_text(sink, "</footer>\n</body>\n</html>\n");
}
