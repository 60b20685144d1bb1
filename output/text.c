#include "output/text.h"

#include <stdio.h>

#include "output/text_table.h"
#include "output/number.h"
#include "output/output.h"
#include "output/pick.h"
#include "output/wording.h"

enum { SHOWN_LOSSES = 5, SHOWN_VALUES = 10, SHOWN_DAMAGES = 10, SHOWN_SOURCES = 5 };

static void header(struct text_table *table, const char *const *titles)
{
    for (size_t i = 0; i < table->column_count; i++)
        text_table_cell(table, titles[i]);
}

static void count_cell(struct text_table *table, uint64_t count)
{
    text_table_cell(table, number_grouped(count).text);
}

/* "2026-11-21 20:19:16" */
static const char *clock_text(int64_t at_ms, char *text)
{
    civil_format(at_ms, text);
    size_t second = strcspn(text, ".Z");
    text[second] = '\0';
    char *t = strchr(text, 'T');
    if (t)
        *t = ' ';
    return text;
}

static void write_period(const struct report *report, struct page *page)
{
    char first[CIVIL_TEXT_SIZE], last[CIVIL_TEXT_SIZE];
    if (report->totals.first_ms == CIVIL_NO_TIME)
        return;
    page_line(page, mem_format("%s to %s UTC", clock_text(report->totals.first_ms, first),
                               clock_text(report->totals.last_ms, last)));
}

static void write_damage(const struct report *report, struct page *page)
{
    size_t damaged = 0;
    for (size_t i = 0; i < report->input_count; i++) {
        const struct report_input *input = &report->inputs[i];
        damaged += input->is_damaged;
        if (!input->is_damaged || damaged > SHOWN_DAMAGES)
            continue;
        char *text = mem_format("Damaged: %s: %s", input->file, input->problem);
        page_paragraph(page, INK_ALARM, 2, text);
        mem_free(text);
    }
    if (damaged > SHOWN_DAMAGES)
        page_line(page, mem_format("and %s more damaged files",
                                   number_grouped(damaged - SHOWN_DAMAGES).text));
}

/* The reason that most lines have, of those with a line to show; REJECT_COUNT when none has. */
static size_t reason_to_show(const struct report_fates *fates)
{
    size_t best = REJECT_COUNT;
    for (size_t i = 0; i < REJECT_COUNT; i++) {
        if (fates->samples[i][0] &&
            (best == REJECT_COUNT || fates->rejected_by[i] > fates->rejected_by[best]))
            best = i;
    }
    return best;
}

static void write_rejected(const struct report_totals *totals, struct page *page)
{
    char *rejected = wording_rejected(&totals->fates);
    if (!rejected)
        return;
    page_line(page, rejected);
    size_t reason = reason_to_show(&totals->fates);
    if (reason < REJECT_COUNT)
        page_line(page,
                  mem_format("for example (%s): %s", reject_reason_name((enum reject_reason)reason),
                             totals->fates.samples[reason][0]));
}

static void write_warnings(const struct report *report, struct page *page)
{
    size_t warned = 0;
    for (size_t i = 0; i < report->input_count; i++) {
        char *many = wording_many_rejected(&report->inputs[i]);
        if (!many)
            continue;
        if (warned++ < SHOWN_DAMAGES) {
            char *text = mem_format("Warning: %s: %s", report->inputs[i].file, many);
            page_paragraph(page, INK_ALARM, 2, text);
            mem_free(text);
        }
        mem_free(many);
    }
    if (warned > SHOWN_DAMAGES)
        page_line(page, mem_format("and %s more files with many rejected lines",
                                   number_grouped(warned - SHOWN_DAMAGES).text));
}

static void write_read(const struct report *report, struct page *page)
{
    const struct report_totals *totals = &report->totals;
    page_heading(page, "Read");
    write_period(report, page);
    page_line(page, mem_format("%s, %s: %s counted, %s filtered, %s rejected",
                               number_of(report->input_count - report->skipped_count, "file").text,
                               number_of(totals->fates.lines, "line").text,
                               number_grouped(totals->fates.counted).text,
                               number_grouped(totals->fates.filtered).text,
                               number_grouped(totals->fates.rejected).text));
    write_rejected(totals, page);
    char *folded = wording_folded(report);
    if (folded)
        page_line(page, folded);
    write_damage(report, page);
    write_warnings(report, page);
}

/* "Sources: Direct 4,402, Referral 2,057, ... and 2 more" */
static void write_sources(const struct report *report, struct page *page)
{
    const struct report_breakdown *source = pick_breakdown(report, "source");
    if (!source || source->value_count == 0)
        return;
    char *text = mem_format("Visits by source:");
    for (size_t i = 0; i < source->value_count && i < SHOWN_SOURCES; i++) {
        char *longer = mem_format("%s%s %s %s", text, i ? "," : "", source->values[i].label,
                                  number_grouped(source->values[i].visits).text);
        mem_free(text);
        text = longer;
    }
    size_t more = source->value_count > SHOWN_SOURCES ? source->value_count - SHOWN_SOURCES : 0;
    page_line(page, mem_format(more ? "%s and %s more" : "%s", text, number_grouped(more).text));
    mem_free(text);
}

static void write_people(const struct report *report, struct page *page)
{
    const struct report_totals *totals = &report->totals;
    struct number idle = number_of(totals->visits_without_page_views, "visit");
    page_heading(page, report->method.includes_bots ? "People and bots" : "People");
    page_line(page, wording_who(report));
    if (totals->visits_without_page_views)
        page_line(page, mem_format("%s; %s without one, files or calls only",
                                   number_of(totals->page_views, "page view").text, idle.text));
    else
        page_line(page, mem_format("%s", number_of(totals->page_views, "page view").text));
    write_sources(report, page);
}

static void write_step(const struct report_step *step, size_t number, struct text_table *table)
{
    char *name =
        mem_format("%zu %s%s", number, step->touchpoint, step->optional ? " (optional)" : "");
    text_table_cell(table, name);
    mem_free(name);
    count_cell(table, step->entered);
    text_table_cell(table, number_percent(step->rate_from_previous).text);
    count_cell(table, step->dropped);
    count_cell(table, step->open);
    text_table_bar(table, step->rate_from_start);
}

static void write_funnel(const struct report_funnel *funnel, struct page *page)
{
    static const char *const titles[] = {"step", "reached", "of previous", "dropped", "open"};
    char *rule = wording_funnel_rule(funnel);
    char *heading = mem_format("Funnel %s, %s", funnel->name, rule);
    struct text_table table;
    page_heading(page, heading);
    mem_free(heading);
    mem_free(rule);
    text_table_init(&table, 5, 1, true);
    header(&table, titles);
    for (size_t i = 0; i < funnel->step_count; i++)
        write_step(&funnel->steps[i], i + 1, &table);
    text_table_print(&table, page);
}

static void write_funnels(const struct report *report, struct page *page)
{
    for (size_t i = 0; i < report->funnel_count; i++) {
        if (pick_is_entered(&report->funnels[i]))
            write_funnel(&report->funnels[i], page);
    }
    char *others = wording_empty_funnels(report);
    if (others && pick_funnel(report)) {
        sink_byte(page->sink, '\n');
        page_paragraph(page, INK_PLAIN, 0, others);
    }
    mem_free(others);
}

static void write_losses(const struct report *report, const struct report_dimension *dimension,
                         struct page *page)
{
    const struct report_funnel_cell *losses[SHOWN_LOSSES];
    size_t count = pick_losses(dimension, losses, SHOWN_LOSSES);
    char *heading = mem_format("%s: where more are lost than elsewhere", dimension->title);
    page_heading(page, heading);
    mem_free(heading);
    if (count == 0)
        page_line(page, mem_format("%s", wording_no_loss(dimension)));
    for (size_t i = 0; i < count && i < SHOWN_LOSSES; i++)
        page_line(page, wording_loss(report, dimension, losses[i]));
    if (count > SHOWN_LOSSES)
        page_line(page, mem_format("and %s more", number_grouped(count - SHOWN_LOSSES).text));
}

static void write_touchpoints(const struct report *report, struct page *page)
{
    static const char *const titles[] = {"touchpoint", "stage", "visits",
                                         "visitors",   "hits",  "failed"};
    struct text_table table;
    size_t left_out = 0;
    text_table_init(&table, 6, 2, false);
    header(&table, titles);
    for (size_t i = 0; i < report->touchpoint_count; i++) {
        const struct report_touchpoint *touchpoint = &report->touchpoints[i];
        if (touchpoint->visits == 0 && touchpoint->failed == 0) {
            left_out++;
            continue;
        }
        text_table_cell(&table, touchpoint->name);
        text_table_cell(&table, touchpoint->stage);
        count_cell(&table, touchpoint->visits);
        count_cell(&table, touchpoint->visitors);
        count_cell(&table, touchpoint->hits);
        count_cell(&table, touchpoint->failed);
    }
    page_heading(page, "Touchpoints");
    text_table_print(&table, page);
    if (left_out)
        page_line(page,
                  mem_format("Not visited, and left out: %s of %s", number_grouped(left_out).text,
                             number_grouped(report->touchpoint_count).text));
}

static void write_values(const struct report_dimension *dimension, struct page *page)
{
    static const char *const titles[] = {"", "visits", "visitors", "page views"};
    struct text_table table;
    text_table_init(&table, 4, 1, false);
    header(&table, titles);
    for (size_t i = 0; i < dimension->value_count && i < SHOWN_VALUES; i++) {
        const struct report_value *value = &dimension->values[i];
        text_table_cell(&table, value->label);
        count_cell(&table, value->visits);
        count_cell(&table, value->visitors);
        count_cell(&table, value->page_views);
    }
    page_heading(page, dimension->title);
    text_table_print(&table, page);
    if (dimension->value_count > SHOWN_VALUES)
        page_line(page, mem_format("and %s more",
                                   number_grouped(dimension->value_count - SHOWN_VALUES).text));
}

static void write_method(const struct report *report, struct page *page)
{
    const struct report_method *method = &report->method;
    page_heading(page, "Method");
    page_line(page, mem_format("Journey %s (%s). Differences are associations, not causes; q is a "
                               "p-value adjusted for all comparisons (Benjamini-Hochberg).",
                               method->journey, method->journey_source));
    page_line(page, wording_visit_rule(method));
    page_line(page, wording_visitor_rule(report));
    if (method->has_zoneless_times)
        page_line(page, wording_zoneless(report));
    if (method->geo_file_count == 0)
        page_line(page, mem_format("No region is known: there is no geo database."));
    for (size_t i = 0; i < method->geo_file_count; i++)
        page_line(page, mem_format("Geo: %s", method->geo_files[i]));
    page_line(page, mem_format("sojourn %s", method->version));
}

void text_write(const struct report *report, const struct output_options *options,
                struct sink *sink)
{
    struct page page = page_of(options, sink);
    char *headline = wording_headline(report);
    page_paragraph(&page, INK_STRONG, 0, headline);
    mem_free(headline);
    write_read(report, &page);
    write_people(report, &page);
    write_funnels(report, &page);
    for (size_t i = 0; i < report->dimension_count; i++) {
        if (report->dimensions[i].funnel_cell_count)
            write_losses(report, &report->dimensions[i], &page);
    }
    write_touchpoints(report, &page);
    for (size_t i = 0; i < report->dimension_count; i++)
        write_values(&report->dimensions[i], &page);
    write_method(report, &page);
}
