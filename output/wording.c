#include "output/wording.h"

#include "output/number.h"
#include "output/pick.h"

const char *wording_units(enum funnel_unit unit)
{
    return unit == FUNNEL_PER_VISITOR ? "visitors" : "visits";
}

const char *wording_unit(enum funnel_unit unit)
{
    return unit == FUNNEL_PER_VISITOR ? "visitor" : "visit";
}

double wording_drop_rate(const struct report_step *step)
{
    if (step->is_last || step->dropped == REPORT_NO_COUNT || step->entered == step->open)
        return NAN;
    return (double)step->dropped / (double)(step->entered - step->open);
}

static char *no_funnel(const struct report *report)
{
    if (report->totals.counted == 0 && report->totals.filtered)
        return mem_format("No hit lies between --since and --until, so there is nothing to show.");
    if (report->totals.counted == 0)
        return mem_format("No line of the log was counted, so there is nothing to show. "
                          "\"sojourn detect\" tells how the lines are read.");
    if (report->funnel_count == 0)
        return mem_format("The journey %s has no funnel. Add one to the journey file to see where "
                          "visits are lost.",
                          report->method.journey);
    const struct report_funnel *funnel = &report->funnels[0];
    return mem_format("No funnel was entered: none of the %s reached %s, the first step of %s. "
                      "Name your pages in a journey file: \"sojourn journeys default\" prints one "
                      "to start from, --journey FILE uses it.",
                      wording_units(funnel->unit),
                      funnel->step_count ? funnel->steps[0].touchpoint : "any step", funnel->name);
}

static char *answer(const struct report_funnel *funnel)
{
    const struct report_step *first = &funnel->steps[0];
    const struct report_step *last = &funnel->steps[funnel->step_count - 1];
    struct number people = number_of(first->entered, wording_unit(funnel->unit));
    if (first == last)
        return mem_format("%s reached %s.", people.text, first->touchpoint);
    return mem_format("Of %s that reached %s, %s (%s) reached %s.", people.text, first->touchpoint,
                      number_grouped(last->entered).text,
                      number_percent(last->rate_from_start).text, last->touchpoint);
}

char *wording_headline(const struct report *report)
{
    const struct report_funnel *funnel = pick_funnel(report);
    if (!funnel)
        return no_funnel(report);
    const struct report_step *worst = pick_worst_step(funnel);
    if (!worst)
        return answer(funnel);
    char *first = answer(funnel);
    uint64_t decided = worst->entered - worst->open;
    char *of = worst->open
                   ? mem_format(" of the %s whose time is over", number_grouped(decided).text)
                   : mem_format("%s", "");
    char *both = mem_format("%s Most were lost after %s: %s%s (%s) went no further.", first,
                            worst->touchpoint, number_grouped(worst->dropped).text, of,
                            number_percent(wording_drop_rate(worst)).text);
    mem_free(first);
    mem_free(of);
    return both;
}

/* A cell that was compared with the rest. */
static bool has_comparison(const struct report_dimension *dimension)
{
    for (size_t i = 0; i < dimension->funnel_cell_count; i++) {
        if (!isnan(dimension->funnel_cells[i].q_value))
            return true;
    }
    return false;
}

const char *wording_no_loss(const struct report_dimension *dimension)
{
    if (has_comparison(dimension))
        return "Nowhere beyond chance (q over 0.05).";
    return "Nothing to compare: no step has 30 people of a known outcome in one place, and others "
           "elsewhere.";
}

char *wording_loss(const struct report *report, const struct report_dimension *dimension,
                   const struct report_funnel_cell *cell)
{
    const struct report_funnel *funnel = &report->funnels[cell->funnel];
    bool is_one_of_several = report->funnel_count > 1;
    return mem_format("%s: %s of %s are lost after %s%s%s%s, of the rest %s: %s more than expected "
                      "(q %s)",
                      dimension->values[cell->value].label, number_percent(cell->drop_rate).text,
                      wording_units(funnel->unit), funnel->steps[cell->step].touchpoint,
                      is_one_of_several ? " (" : "", is_one_of_several ? funnel->name : "",
                      is_one_of_several ? ")" : "", number_percent(cell->rest_drop_rate).text,
                      number_grouped((uint64_t)llround(fmax(cell->excess_drops, 0))).text,
                      number_chance(cell->q_value).text);
}

/* Puts a piece at the end of a text that this frees; *text may be NULL. */
static void append(char **text, const char *separator, const char *piece)
{
    char *longer = mem_format("%s%s%s", *text ? *text : "", separator, piece);
    mem_free(*text);
    *text = longer;
}

char *wording_empty_funnels(const struct report *report)
{
    char *text = NULL;
    for (size_t i = 0; i < report->funnel_count; i++) {
        if (!pick_is_entered(&report->funnels[i]))
            append(&text, text ? ", " : "Nobody entered: ", report->funnels[i].name);
    }
    if (text)
        append(&text, "", ".");
    return text;
}

char *wording_rejected(const uint64_t rejected_by[REJECT_COUNT], uint64_t rejected)
{
    if (rejected == 0)
        return NULL;
    char *text = mem_format("%s %s", number_grouped(rejected).text,
                            rejected == 1 ? "line was rejected" : "lines were rejected");
    const char *separator = ": ";
    for (size_t reason = 0; reason < REJECT_COUNT; reason++) {
        if (rejected_by[reason] == 0)
            continue;
        append(&text, separator, number_grouped(rejected_by[reason]).text);
        append(&text, " ", reject_reason_name((enum reject_reason)reason));
        separator = ", ";
    }
    return text;
}

char *wording_funnel_rule(const struct report_funnel *funnel)
{
    const char *unit = funnel->unit == FUNNEL_PER_VISITOR ? "per visitor" : "per visit";
    if (funnel->window_ms == JOURNEY_NO_WINDOW)
        return mem_format("%s", unit);
    return mem_format("%s, within %s of the first step", unit,
                      number_duration((double)funnel->window_ms / 1000).text);
}
