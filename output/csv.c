#include "output/csv.h"

#include <assert.h>

#include "base/printable.h"
#include "output/number.h"
#include "output/wording.h"

/* Cells of a row follow each other; the first has no comma before it. */
struct row {
    struct sink *sink;
    bool has_cells;
};

static void begin_cell(struct row *row)
{
    if (row->has_cells)
        sink_byte(row->sink, ',');
    row->has_cells = true;
}

static void end_row(struct row *row)
{
    sink_byte(row->sink, '\n');
    row->has_cells = false;
}

static bool looks_like_a_formula(const char *text)
{
    return *text && strchr("=+-@\t\r", *text);
}

static void quoted(struct sink *sink, const char *text)
{
    sink_byte(sink, '"');
    for (; *text; text++) {
        if (*text == '"')
            sink_byte(sink, '"');
        sink_byte(sink, *text);
    }
    sink_byte(sink, '"');
}

static void text_cell(struct row *row, const char *text)
{
    struct slice raw = slice_of(text);
    size_t size = printable_bound(raw.size) + 1;
    char *shown = mem_alloc(size);
    size_t guard = looks_like_a_formula(text);
    shown[0] = '\'';
    printable(shown + guard, size - guard, raw);
    begin_cell(row);
    if (strpbrk(shown, ",\""))
        quoted(row->sink, shown);
    else
        sink_text(row->sink, shown);
    mem_free(shown);
}

/* Of our own making: neither guarded nor quoted. */
static void number_cell(struct row *row, struct number number)
{
    begin_cell(row);
    sink_text(row->sink, number.text);
}

static void count_cell(struct row *row, uint64_t count)
{
    number_cell(row, number_plain(count));
}

static void rate_cell(struct row *row, double rate)
{
    number_cell(row, number_fixed(rate, 6));
}

static void chance_cell(struct row *row, double p)
{
    number_cell(row, number_significant(p, 6));
}

/* Seconds or milliseconds. */
static void duration_cell(struct row *row, double duration)
{
    number_cell(row, number_trimmed(duration, 3));
}

static void time_cell(struct row *row, int64_t at_ms)
{
    char text[CIVIL_TEXT_SIZE];
    begin_cell(row);
    sink_text(row->sink, civil_format(at_ms, text));
}

static void measure(struct row *row, const char *name, uint64_t count)
{
    text_cell(row, name);
    count_cell(row, count);
    end_row(row);
}

static void time_measure(struct row *row, const char *name, int64_t at_ms)
{
    text_cell(row, name);
    time_cell(row, at_ms);
    end_row(row);
}

/* "counted_ordinary", ...: every reason, also those that no line has. */
static void write_fates(struct row *row, const struct report_fates *fates)
{
    for (size_t i = 0; i < REPORT_FATES; i++) {
        struct report_fate fate = report_fate(fates, i);
        char *name = mem_format("%s_%s", fate.outcome, fate.reason);
        measure(row, name, fate.lines);
        mem_free(name);
    }
}

static void write_summary(const struct report *report, size_t dimension, struct row *row)
{
    (void)dimension;
    const struct report_totals *totals = &report->totals;
    measure(row, "lines", totals->fates.lines);
    measure(row, "counted", totals->fates.counted);
    measure(row, "filtered", totals->fates.filtered);
    measure(row, "rejected", totals->fates.rejected);
    write_fates(row, &totals->fates);
    measure(row, "hits", totals->hits);
    measure(row, "page_views", totals->page_views);
    measure(row, "visits", totals->visits);
    measure(row, "visitors", totals->visitors);
    measure(row, "visits_without_page_views", totals->visits_without_page_views);
    measure(row, "bot_hits", totals->bot_hits);
    measure(row, "bot_visits", totals->bot_visits);
    measure(row, "bot_visitors", totals->bot_visitors);
    measure(row, "suspected_hits", totals->suspected_hits);
    measure(row, "suspected_visits", totals->suspected_visits);
    measure(row, "suspected_visitors", totals->suspected_visitors);
    measure(row, "internal_hits", totals->internal_hits);
    measure(row, "internal_visits", totals->internal_visits);
    measure(row, "internal_visitors", totals->internal_visitors);
    measure(row, "asset_hits", totals->asset_hits);
    measure(row, "call_hits", totals->call_hits);
    measure(row, "timed_hits", totals->timed_hits);
    measure(row, "folded_page_views", totals->folded.page_views);
    measure(row, "folded_origin_page_views", totals->folded.origin_page_views);
    time_measure(row, "first_time", totals->first_ms);
    time_measure(row, "last_time", totals->last_ms);
    measure(row, "regions", totals->regions);
    measure(row, "unknown_region_visits", totals->unknown_region_visits);
    measure(row, "ties", totals->ties);
    measure(row, "failed_geo_lookups", totals->failed_geo_lookups);
}

static void write_inputs(const struct report *report, size_t dimension, struct row *row)
{
    (void)dimension;
    for (size_t i = 0; i < report->input_count; i++) {
        const struct report_input *input = &report->inputs[i];
        text_cell(row, input->file);
        text_cell(row, input->format);
        text_cell(row, input->compression);
        text_cell(row, input->status);
        count_cell(row, input->fates.lines);
        count_cell(row, input->fates.counted);
        count_cell(row, input->fates.filtered);
        count_cell(row, input->fates.rejected);
        time_cell(row, input->first_ms);
        time_cell(row, input->last_ms);
        text_cell(row, input->note);
        end_row(row);
    }
}

static void write_fate(struct row *row, const char *file, const struct report_fate *fate)
{
    text_cell(row, file);
    text_cell(row, fate->outcome);
    text_cell(row, fate->reason);
    count_cell(row, fate->lines);
    for (size_t i = 0; i < REPORT_SAMPLES; i++)
        text_cell(row, fate->samples && fate->samples[i] ? fate->samples[i] : "");
    end_row(row);
}

static void write_lines(const struct report *report, size_t dimension, struct row *row)
{
    (void)dimension;
    for (size_t i = 0; i < report->input_count; i++) {
        for (size_t k = 0; k < REPORT_FATES; k++) {
            struct report_fate fate = report_fate(&report->inputs[i].fates, k);
            if (fate.lines)
                write_fate(row, report->inputs[i].file, &fate);
        }
    }
}

/* The columns funnel, step and touchpoint; steps count from 1. */
static void step_cells(struct row *row, const struct report_funnel *funnel, size_t step)
{
    text_cell(row, funnel->name);
    count_cell(row, step + 1);
    text_cell(row, funnel->steps[step].touchpoint);
}

static void write_step(struct row *row, const struct report_step *step)
{
    count_cell(row, step->entered);
    count_cell(row, step->advanced);
    count_cell(row, step->dropped);
    count_cell(row, step->open);
    count_cell(row, step->excluded);
    count_cell(row, step->attempted_failed);
    rate_cell(row, step->rate_from_start);
    rate_cell(row, step->rate_from_previous);
    rate_cell(row, step->ci.low);
    rate_cell(row, step->ci.high);
    duration_cell(row, step->median_s);
    duration_cell(row, step->p90_s);
}

static void write_funnels(const struct report *report, size_t dimension, struct row *row)
{
    (void)dimension;
    for (size_t f = 0; f < report->funnel_count; f++) {
        const struct report_funnel *funnel = &report->funnels[f];
        for (size_t step = 0; step < funnel->step_count; step++) {
            step_cells(row, funnel, step);
            write_step(row, &funnel->steps[step]);
            end_row(row);
        }
    }
}

static void write_funnels_by(const struct report *report, size_t dimension, struct row *row)
{
    const struct report_dimension *by = &report->dimensions[dimension];
    for (size_t i = 0; i < by->funnel_cell_count; i++) {
        const struct report_funnel_cell *cell = &by->funnel_cells[i];
        step_cells(row, &report->funnels[cell->funnel], cell->step);
        text_cell(row, by->values[cell->value].value);
        count_cell(row, cell->entered);
        count_cell(row, cell->advanced);
        count_cell(row, cell->dropped);
        count_cell(row, cell->open);
        rate_cell(row, cell->drop_rate);
        rate_cell(row, cell->ci.low);
        rate_cell(row, cell->ci.high);
        rate_cell(row, cell->rest_drop_rate);
        rate_cell(row, cell->excess_drops);
        rate_cell(row, cell->shrunk_drop_rate);
        chance_cell(row, cell->p_value);
        chance_cell(row, cell->q_value);
        text_cell(row, report_flag_name(cell->flag));
        end_row(row);
    }
}

static void write_touchpoints(const struct report *report, size_t dimension, struct row *row)
{
    (void)dimension;
    for (size_t i = 0; i < report->touchpoint_count; i++) {
        const struct report_touchpoint *touchpoint = &report->touchpoints[i];
        text_cell(row, touchpoint->name);
        text_cell(row, touchpoint->stage);
        text_cell(row, touchpoint->intent);
        count_cell(row, touchpoint->hits);
        count_cell(row, touchpoint->visits);
        count_cell(row, touchpoint->visitors);
        count_cell(row, touchpoint->failed);
        duration_cell(row, touchpoint->median_duration_ms);
        end_row(row);
    }
}

static void write_touchpoints_by(const struct report *report, size_t dimension, struct row *row)
{
    const struct report_dimension *by = &report->dimensions[dimension];
    for (size_t i = 0; i < by->touch_cell_count; i++) {
        const struct report_touch_cell *cell = &by->touch_cells[i];
        text_cell(row, report->touchpoints[cell->touchpoint].name);
        text_cell(row, by->values[cell->value].value);
        count_cell(row, cell->visits);
        count_cell(row, cell->visitors);
        rate_cell(row, cell->visit_rate);
        rate_cell(row, cell->rest_visit_rate);
        chance_cell(row, cell->q_value);
        text_cell(row, report_flag_name(cell->flag));
        end_row(row);
    }
}

static void write_agents(const struct report *report, size_t dimension, struct row *row)
{
    (void)dimension;
    for (size_t i = 0; i < report->class_count; i++) {
        const struct report_class *class = &report->classes[i];
        text_cell(row, class->name);
        text_cell(row, class->is_counted ? "yes" : "no");
        count_cell(row, class->hits);
        count_cell(row, class->page_views);
        count_cell(row, class->visits);
        count_cell(row, class->visitors);
        end_row(row);
    }
}

static void write_bot_rules(const struct report *report, size_t dimension, struct row *row)
{
    (void)dimension;
    for (size_t i = 0; i < report->behaviour_count; i++) {
        const struct report_behaviour *rule = &report->behaviours[i];
        text_cell(row, rule->name);
        text_cell(row, wording_rule_state(rule));
        count_cell(row, rule->hits);
        count_cell(row, rule->page_views);
        count_cell(row, rule->visits);
        count_cell(row, rule->visitors);
        end_row(row);
    }
}

static void write_visitor_keys(const struct report *report, size_t dimension, struct row *row)
{
    (void)dimension;
    for (size_t i = 0; i < report->visitor_key_count; i++) {
        const struct report_visitor_key *key = &report->visitor_keys[i];
        text_cell(row, key->label);
        count_cell(row, key->visitors);
        rate_cell(row, key->share);
        end_row(row);
    }
}

static void write_visits(const struct report *report, size_t dimension, struct row *row)
{
    (void)dimension;
    for (size_t i = 0; i < report->breakdown_count; i++) {
        const struct report_breakdown *breakdown = &report->breakdowns[i];
        for (size_t k = 0; k < breakdown->value_count; k++) {
            const struct report_value *value = &breakdown->values[k];
            text_cell(row, breakdown->name);
            text_cell(row, value->value);
            count_cell(row, value->visits);
            count_cell(row, value->visitors);
            count_cell(row, value->page_views);
            end_row(row);
        }
    }
}

/* "*" in a name or a header stands for the dimension. The tables without one come first. */
struct table {
    const char *name;
    const char *header;
    void (*write)(const struct report *report, size_t dimension, struct row *row);
};

static const struct table tables[] = {
    {"summary", "measure,value", write_summary},
    {"inputs",
     "file,format,compression,status,lines,counted,filtered,rejected,first_time,last_time,note",
     write_inputs},
    {"lines", "file,outcome,reason,lines,sample_1,sample_2,sample_3", write_lines},
    {"funnel",
     "funnel,step,touchpoint,entered,advanced,dropped,open,excluded,attempted_failed,"
     "rate_from_start,rate_from_previous,ci_low,ci_high,median_seconds,p90_seconds",
     write_funnels},
    {"touchpoints", "touchpoint,stage,intent,hits,visits,visitors,failed,median_duration_ms",
     write_touchpoints},
    {"agents", "class,counted,hits,page_views,visits,visitors", write_agents},
    {"bot_rules", "rule,state,hits,page_views,visits,visitors", write_bot_rules},
    {"visitor_keys", "key,visitors,share", write_visitor_keys},
    {"visits", "dimension,value,visits,visitors,page_views", write_visits},
    {"funnel_by_*",
     "funnel,step,touchpoint,*,entered,advanced,dropped,open,drop_rate,ci_low,ci_high,"
     "rest_drop_rate,excess_drops,shrunk_drop_rate,p_value,q_value,flag",
     write_funnels_by},
    {"touchpoints_by_*", "touchpoint,*,visits,visitors,visit_rate,rest_visit_rate,q_value,flag",
     write_touchpoints_by},
};
enum { FUNNEL = 3, PLAIN_TABLES = 9, FUNNEL_BY = PLAIN_TABLES, TABLES_A_DIMENSION = 2 };

size_t csv_document_count(const struct report *report)
{
    return PLAIN_TABLES + report->dimension_count * TABLES_A_DIMENSION;
}

size_t csv_main_document(const struct report *report)
{
    return report->dimension_count ? FUNNEL_BY : FUNNEL;
}

static const struct table *table_of(const struct report *report, size_t document, size_t *dimension)
{
    assert(document < csv_document_count(report));
    *dimension = 0;
    if (document < PLAIN_TABLES)
        return &tables[document];
    *dimension = (document - PLAIN_TABLES) / TABLES_A_DIMENSION;
    return &tables[PLAIN_TABLES + (document - PLAIN_TABLES) % TABLES_A_DIMENSION];
}

char *csv_document_name(const struct report *report, size_t document)
{
    size_t dimension;
    const char *name = table_of(report, document, &dimension)->name;
    size_t prefix = strcspn(name, "*");
    return mem_format("%.*s%s.csv", (int)prefix, name,
                      name[prefix] ? report->dimensions[dimension].name : "");
}

void csv_write(const struct report *report, size_t document, struct sink *sink)
{
    size_t dimension;
    const struct table *table = table_of(report, document, &dimension);
    const char *star = strchr(table->header, '*');
    struct row row = {.sink = sink};
    if (star) {
        sink_slice(sink, slice_head(slice_of(table->header), (size_t)(star - table->header)));
        sink_text(sink, report->dimensions[dimension].name);
        sink_text(sink, star + 1);
    } else {
        sink_text(sink, table->header);
    }
    sink_byte(sink, '\n');
    table->write(report, dimension, &row);
}
