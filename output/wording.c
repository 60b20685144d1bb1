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
    const struct report_fates *fates = &report->totals.fates;
    if (fates->counted == 0 && fates->filtered_by[FILTER_TIME])
        return mem_format("No hit lies between --since and --until, so there is nothing to show.");
    if (fates->counted == 0)
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

/* ": 30 format, 10 time" */
static void append_reasons(char **text, const struct report_fates *fates)
{
    const char *separator = ": ";
    for (size_t reason = 0; reason < REJECT_COUNT; reason++) {
        if (fates->rejected_by[reason] == 0)
            continue;
        append(text, separator, number_grouped(fates->rejected_by[reason]).text);
        append(text, " ", reject_reason_name((enum reject_reason)reason));
        separator = ", ";
    }
}

char *wording_rejected(const struct report_fates *fates)
{
    if (fates->rejected == 0)
        return NULL;
    char *text = mem_format("%s %s", number_grouped(fates->rejected).text,
                            fates->rejected == 1 ? "line was rejected" : "lines were rejected");
    append_reasons(&text, fates);
    return text;
}

/* What is no log at all has its problem told already. */
char *wording_many_rejected(const struct report_input *input)
{
    const struct report_fates *fates = &input->fates;
    if (!input->has_many_rejected || (input->is_damaged && fates->counted == 0))
        return NULL;
    char *text = mem_format("%s of its %s are rejected (%s)", number_grouped(fates->rejected).text,
                            number_of(fates->lines, "line").text,
                            number_percent((double)fates->rejected / (double)fates->lines).text);
    append_reasons(&text, fates);
    append(&text, "", ". \"sojourn detect\" tells how they are read.");
    return text;
}

const char *wording_fate(size_t number)
{
    static const char *const words[REPORT_FATES] = {
        [ODD_NONE] = "ordinary lines",
        [ODD_OTHER_FORMAT] = "in another format than the rest of their file",
        [ODD_BINARY_REQUEST] = "TLS or other bytes that are no text in place of a request",
        [ODD_NO_REQUEST] = "the client sent no request, or too slowly",
        [ODD_EMPTY_REQUEST] = "an empty request",
        [ODD_NOT_A_REQUEST] = "text that is no request",
        [ODD_ABSOLUTE_FORM] = "the request names the whole URL, with its host",
        [ODD_BLANK_IN_URL] = "a blank inside the URL",
        [ODD_PROTOCOL] = "an unusual protocol, or none",
        [ODD_NO_ANSWER] = "the client was gone before the answer; counts as 499",
        [ODD_STRAY_QUOTE] = "a stray quote before the address",
        [ODD_NAME] = "a host name, or none, in place of the address",
        [ODD_NO_SIZE] = "no number of bytes",
#define FILTERED(reason) [ODD_COUNT + (reason)]
        FILTERED(FILTER_TIME) = "outside --since and --until",
        FILTERED(FILTER_DIRECTIVE) = "headers and comments of the format",
        FILTERED(FILTER_ALREADY_COUNTED) = "also in another file, and counted there",
        FILTERED(FILTER_DAMAGED_FILE) = "of a damaged file, with --strict",
#undef FILTERED
#define REJECTED(reason) [ODD_COUNT + FILTER_COUNT + (reason)]
        REJECTED(REJECT_BLANK) = "blank",
        REJECTED(REJECT_OVERLONG) = "over 64 KiB long",
        REJECTED(REJECT_FORMAT) = "without the fields of the format",
        REJECTED(REJECT_TIME) = "not a possible date and time",
        REJECTED(REJECT_FAR_TIME) = "years away from the other lines of the file",
        REJECTED(REJECT_STATUS) = "the status is no number from 100 to 599",
        REJECTED(REJECT_NUL) = "NUL bytes inside",
#undef REJECTED
    };
    return words[number];
}

char *wording_zoneless(const struct report *report)
{
    if (!report->method.has_zoneless_times)
        return NULL;
    return mem_format("%s of %s stamps name no zone and are taken as %s.",
                      number_grouped(report->totals.zoneless_hits).text,
                      number_grouped(report->totals.hits).text, report->method.time_zone);
}

char *wording_timed(const struct report *report)
{
    const struct report_totals *totals = &report->totals;
    if (totals->timed_hits == 0)
        return NULL;
    return mem_format("%s of the hits tell how long they took.",
                      number_percent((double)totals->timed_hits / (double)totals->hits).text);
}

/* "1 person", "7,887 people", or "7,887 visitors" where bots count as well. */
static char *people_of(const struct report *report)
{
    uint64_t visitors = report->totals.visitors;
    if (report->method.includes_bots)
        return mem_format("%s, bots among them", number_of(visitors, "visitor").text);
    return mem_format("%s %s", number_grouped(visitors).text, visitors == 1 ? "person" : "people");
}

static char *bots_of(const struct report_totals *totals)
{
    if (totals->hits == 0)
        return mem_format("no hit was counted");
    if (totals->bot_hits == 0)
        return mem_format("none of %s was made by a bot, as far as is known",
                          number_of(totals->hits, "hit").text);
    return mem_format("%s of %s %s made by bots: %s declared, %s suspected",
                      number_grouped(totals->bot_hits).text, number_of(totals->hits, "hit").text,
                      totals->bot_hits == 1 ? "was" : "were",
                      number_grouped(totals->bot_hits - totals->suspected_hits).text,
                      number_grouped(totals->suspected_hits).text);
}

char *wording_who(const struct report *report)
{
    const struct report_totals *totals = &report->totals;
    char *people = people_of(report), *bots = bots_of(totals);
    char *text = mem_format("%s of %s; %s", number_of(totals->visits, "visit").text, people, bots);
    if (totals->internal_hits)
        append(&text, "; internal: ", number_of(totals->internal_hits, "hit").text);
    mem_free(people);
    mem_free(bots);
    return text;
}

const char *wording_rule_state(const struct report_behaviour *rule)
{
    return rule->is_off ? "off" : rule->is_silent ? "silent" : "on";
}

static const struct report_behaviour *rule_named(const struct report *report, const char *name)
{
    for (size_t i = 0; i < report->behaviour_count; i++) {
        if (strcmp(report->behaviours[i].name, name) == 0)
            return &report->behaviours[i];
    }
    return NULL;
}

char *wording_assets(const struct report *report)
{
    const struct report_behaviour *rule = rule_named(report, "no-assets");
    double share = report->method.asset_share;
    if (!rule || rule->is_off)
        return NULL;
    if (isnan(share))
        return mem_format("%s is silent: nobody whom no other rule decided on has seen two pages.",
                          rule->name);
    const char *who = report->method.links_tell ? "who followed a link of the site"
                                                : "whom no other rule decided on";
    char *loaded = mem_format("%s of the visitors %s, with two pages or more, loaded a picture, "
                              "script or style here",
                              number_percent(share).text, who);
    char *text = rule->is_silent
                     ? mem_format("%s is silent: only %s; another server may hold these files.",
                                  rule->name, loaded)
                     : mem_format("%s was applied, for %s.", rule->name, loaded);
    mem_free(loaded);
    return text;
}

char *wording_visitor_rule(const struct report *report)
{
    const struct report_method *method = &report->method;
    char *text = mem_format("Visitors are told apart by ");
    for (size_t i = 0; i < report->visitor_key_count; i++)
        append(&text, i ? ", else by " : "", report->visitor_keys[i].label);
    char *prefixes = mem_format(" (IPv4 /%u, IPv6 /%u).", method->v4_prefix, method->v6_prefix);
    append(&text, "", prefixes);
    mem_free(prefixes);
    return text;
}

enum { VISIT_ENDS = 4 };

/* The ways in which a visit ends, each owned by the caller; returns how many there are. */
static size_t visit_ends(const struct report_method *method, char *ends[VISIT_ENDS])
{
    size_t count = 0;
    ends[count++] =
        mem_format("after %s without a hit", number_duration((double)method->visit_timeout_s).text);
    if (method->visit_max_length_s)
        ends[count++] = mem_format("before a page view later than %s after its first hit",
                                   number_duration((double)method->visit_max_length_s).text);
    if (method->cuts_at_midnight)
        ends[count++] = mem_format("at midnight %s", method->time_zone);
    if (method->cuts_on_new_source)
        ends[count++] = mem_format("before a page view that comes from another source%s",
                                   method->cuts_on_new_campaign ? " or campaign" : "");
    else if (method->cuts_on_new_campaign)
        ends[count++] = mem_format("before a page view that comes by another campaign");
    return count;
}

char *wording_visit_rule(const struct report_method *method)
{
    char *ends[VISIT_ENDS];
    char *text = mem_format("A visit ends ");
    size_t count = visit_ends(method, ends);
    for (size_t i = 0; i < count; i++) {
        append(&text, i == 0 ? "" : i + 1 < count ? ", " : ", or ", ends[i]);
        mem_free(ends[i]);
    }
    append(&text, ".",
           method->splits_by_referrer ? " People behind one address and agent are told apart by "
                                        "their referrers where these leave no doubt."
                                      : "");
    return text;
}

char *wording_folded(const struct report *report)
{
    const struct report_folded *folded = &report->totals.folded;
    const struct {
        uint64_t count;
        const char *singular, *of;
    } parts[] = {
        {folded->page_views, "page view", " of further pages"},
        {folded->origin_page_views, "page view", " from further origins"},
    };
    char *list = NULL;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].count == 0)
            continue;
        append(&list, list ? ", " : "", number_of(parts[i].count, parts[i].singular).text);
        append(&list, "", parts[i].of);
    }
    if (!list)
        return NULL;
    char *text = mem_format("The log has more distinct texts than --max-keys tells apart (%s of a "
                            "kind): %s are shown as (other). Totals are exact.",
                            number_grouped(report->method.max_keys).text, list);
    mem_free(list);
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
