#include "tests/loggen/truth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "tests/loggen/writer.h"

static const char *const region_codes[REGION_COUNT] = {"DE", "FR", "US", "GB", "NL", "PL",
                                                       "ES", "IT", "BR", "JP", "ZZ"};

static const char *const reject_names[TRUTH_REJECT_COUNT] = {"blank", "overlong", "format",
                                                             "time",  "status",   "nul"};

static const struct {
    const char *name, *stage, *intent;
} touchpoints[TOUCH_COUNT] = {
    [TOUCH_PRODUCT] = {"product", "consideration", ""},
    [TOUCH_REVIEW] = {"review", "advocacy", ""},
    [TOUCH_CART] = {"cart", "purchase", ""},
    [TOUCH_CHECKOUT] = {"checkout", "purchase", ""},
    [TOUCH_EXPRESS] = {"express-checkout", "purchase", ""},
    [TOUCH_PAYMENT] = {"payment", "purchase", ""},
    [TOUCH_CONFIRMATION] = {"confirmation", "purchase", ""},
    [TOUCH_ACCOUNT] = {"account", "loyalty", ""},
    [TOUCH_CANCEL_PAGE] = {"cancellation-page", "loyalty", "cancel"},
    [TOUCH_CANCELLED] = {"cancelled", "loyalty", "cancel"},
    [TOUCH_TERMS_PAGE] = {"terms-page", "loyalty", "terms"},
    [TOUCH_TERMS_SEARCH] = {"terms-search", "loyalty", "terms"},
    [TOUCH_COMPLAINT_FORM] = {"complaint-form", "service", "complaint"},
    [TOUCH_COMPLAINT_SENT] = {"complaint-sent", "service", "complaint"},
    [TOUCH_REFERRAL] = {"referral", "advocacy", ""},
    [TOUCH_STOCK] = {"stock-check", "", ""},
};

enum { NO_WINDOW = -1, DAY_S = 86400 };

static const struct {
    const char *name;
    bool is_per_visit;
    int64_t window_s;
    unsigned step_count;
    unsigned optional; /* the number of the optional step, 0: none */
    const char *steps[TRUTH_MAX_STEPS];
} funnels[FUNNEL_COUNT] = {
    [FUNNEL_PURCHASE] = {"purchase",
                         true,
                         NO_WINDOW,
                         5,
                         4,
                         {"product", "cart", "checkout|express-checkout", "payment",
                          "confirmation"}},
    [FUNNEL_PURCHASE_7D] =
        {"purchase-7d", false, 7 * DAY_S, 3, 0, {"product", "cart", "confirmation"}},
    [FUNNEL_CANCELLATION] =
        {"cancellation", false, 30 * DAY_S, 3, 0, {"account", "cancellation-page", "cancelled"}},
    [FUNNEL_SECOND_LOOK] = {"second-look", true, NO_WINDOW, 2, 0, {"product", "product"}},
    [FUNNEL_QUICK_CART] = {"quick-cart", true, 300, 2, 0, {"product", "cart"}},
    [FUNNEL_COMPLAINT] = {"complaint",
                          false,
                          NO_WINDOW,
                          3,
                          0,
                          {"terms-page|terms-search", "complaint-form", "complaint-sent"}},
};

struct outcome {
    int64_t open_until_s; /* open if the log ends no later */
    uint8_t funnel, region, level, failed_step;
    uint8_t steps; /* bit per step of the kept chain */
};

struct durations {
    int64_t *seconds;
    size_t count, capacity;
};

struct touch_truth {
    uint64_t hits, failed;
    uint64_t visits[REGION_COUNT], visitors[REGION_COUNT];
};

struct truth {
    uint64_t hits, page_views, visits, visitors, visits_without_page_views;
    uint64_t bot_hits, bot_visits, bot_visitors, asset_hits, call_hits, ties;
    uint64_t directives, rejected[TRUTH_REJECT_COUNT];
    bool has_durations;
    uint64_t region_visits[REGION_COUNT], region_visitors[REGION_COUNT];
    uint64_t region_page_views[REGION_COUNT];
    struct touch_truth touch[TOUCH_COUNT];
    struct outcome *outcomes;
    size_t outcome_count, outcome_capacity;
    struct durations durations[FUNNEL_COUNT][TRUTH_MAX_STEPS];
    /* The visitor in hand. */
    enum truth_region region;
    bool is_bot, visit_has_page_view;
    uint32_t visit_reached, visitor_reached;
    size_t first_outcome;
};

struct truth *truth_new(void)
{
    return mem_zeroed(1, sizeof(struct truth));
}

void truth_free(struct truth *truth)
{
    for (unsigned f = 0; f < FUNNEL_COUNT; f++)
        for (unsigned k = 0; k < TRUTH_MAX_STEPS; k++)
            mem_free(truth->durations[f][k].seconds);
    mem_free(truth->outcomes);
    mem_free(truth);
}

bool truth_is_per_visit(enum truth_funnel funnel)
{
    return funnels[funnel].is_per_visit;
}

unsigned truth_step_count(enum truth_funnel funnel)
{
    return funnels[funnel].step_count;
}

void truth_add_rejected(struct truth *truth, enum truth_reject reason)
{
    truth->rejected[reason]++;
}

void truth_set_format(struct truth *truth, uint64_t directives, bool has_durations)
{
    truth->directives = directives;
    truth->has_durations = has_durations;
}

void truth_begin_visitor(struct truth *truth, enum truth_region region, bool is_bot)
{
    truth->region = region;
    truth->is_bot = is_bot;
    truth->visitor_reached = 0;
    truth->first_outcome = truth->outcome_count;
    if (is_bot) {
        truth->bot_visitors++;
        return;
    }
    truth->visitors++;
    truth->region_visitors[region]++;
}

void truth_begin_visit(struct truth *truth)
{
    truth->visit_reached = 0;
    truth->visit_has_page_view = false;
    if (truth->is_bot) {
        truth->bot_visits++;
        return;
    }
    truth->visits++;
    truth->visits_without_page_views++; /* until one is added */
    truth->region_visits[truth->region]++;
}

static void add_page_view(struct truth *truth)
{
    truth->page_views++;
    truth->region_page_views[truth->region]++;
    if (!truth->visit_has_page_view)
        truth->visits_without_page_views--;
    truth->visit_has_page_view = true;
}

static void add_touches(struct truth *truth, uint32_t reached, uint32_t failed)
{
    for (unsigned t = 0; t < TOUCH_COUNT; t++) {
        struct touch_truth *const touch = &truth->touch[t];
        const uint32_t bit = UINT32_C(1) << t;
        touch->hits += (reached & bit) != 0;
        touch->failed += (failed & bit) != 0;
        touch->visits[truth->region] += (reached & bit & ~truth->visit_reached) != 0;
        touch->visitors[truth->region] += (reached & bit & ~truth->visitor_reached) != 0;
    }
    truth->visit_reached |= reached;
    truth->visitor_reached |= reached;
}

void truth_add_hit(struct truth *truth, enum truth_kind kind, uint32_t reached, uint32_t failed)
{
    truth->hits++;
    truth->asset_hits += kind == TRUTH_ASSET;
    truth->call_hits += kind == TRUTH_CALL;
    if (truth->is_bot) {
        truth->bot_hits++;
        return;
    }
    if (kind == TRUTH_PAGE)
        add_page_view(truth);
    add_touches(truth, reached, failed);
}

static void add_duration(struct durations *durations, int64_t seconds)
{
    durations->seconds = mem_grow(durations->seconds, &durations->capacity, durations->count + 1,
                                  sizeof *durations->seconds);
    durations->seconds[durations->count++] = seconds;
}

static void add_durations(struct truth *truth, enum truth_funnel funnel,
                          const struct truth_progress *progress)
{
    unsigned previous = 0, before = 0;
    bool has_tie = false;
    for (unsigned k = 1; k < progress->level; k++) {
        if (!progress->has_step[k])
            continue;
        add_duration(&truth->durations[funnel][k],
                     progress->step_s[k] - progress->step_s[previous]);
        has_tie |= progress->step_s[k] == progress->step_s[before];
        before = k;
        if (funnels[funnel].optional != k + 1)
            previous = k;
    }
    truth->ties += has_tie && progress->level == funnels[funnel].step_count;
}

/* The last moment at which a log may end and leave this one open. */
static int64_t open_until(enum truth_funnel funnel, const struct truth_progress *progress,
                          int64_t last_s)
{
    const int64_t window_s = funnels[funnel].window_s;
    const int64_t visit_end_s = last_s + TRUTH_TIMEOUT_S;
    if (window_s == NO_WINDOW || !progress->has_entry)
        return visit_end_s;
    const int64_t window_end_s = progress->entry_s + window_s;
    const bool is_cut = funnels[funnel].is_per_visit && visit_end_s < window_end_s;
    return is_cut ? visit_end_s : window_end_s;
}

void truth_add_progress(struct truth *truth, enum truth_funnel funnel,
                        const struct truth_progress *progress, int64_t last_s)
{
    if (truth->is_bot || (progress->level == 0 && progress->failed_step == 0))
        return;
    uint8_t steps = 0;
    for (unsigned k = 0; k < progress->level; k++)
        steps |= (uint8_t)(progress->has_step[k] << k);
    truth->outcomes = mem_grow(truth->outcomes, &truth->outcome_capacity, truth->outcome_count + 1,
                               sizeof *truth->outcomes);
    truth->outcomes[truth->outcome_count++] =
        (struct outcome){.open_until_s = open_until(funnel, progress, last_s),
                         .funnel = (uint8_t)funnel,
                         .region = (uint8_t)truth->region,
                         .level = (uint8_t)progress->level,
                         .failed_step = (uint8_t)progress->failed_step,
                         .steps = steps};
    add_durations(truth, funnel, progress);
}

void truth_shift_visitor(struct truth *truth, int64_t shift_s)
{
    for (size_t i = truth->first_outcome; i < truth->outcome_count; i++)
        truth->outcomes[i].open_until_s += shift_s;
}

/* ---- writing it down ---- */

static FILE *open_table(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/truth/%s", folder, name);
    FILE *stream = fopen(path, "w");
    if (!stream) {
        fprintf(stderr, "loggen: cannot create %s: %s\n", path, strerror(errno));
        exit(3);
    }
    return stream;
}

static void close_table(FILE *stream)
{
    if (ferror(stream) | fclose(stream)) {
        fprintf(stderr, "loggen: cannot write the truth\n");
        exit(3);
    }
}

static void write_count(FILE *stream, const char *measure, uint64_t count)
{
    fprintf(stream, "%s,%llu\n", measure, (unsigned long long)count);
}

static uint64_t sum(const uint64_t *counts, size_t count)
{
    uint64_t all = 0;
    for (size_t i = 0; i < count; i++)
        all += counts[i];
    return all;
}

static uint64_t known_regions(const struct truth *truth)
{
    uint64_t known = 0;
    for (unsigned r = 0; r < REGION_UNKNOWN; r++)
        known += truth->region_visits[r] != 0;
    return known;
}

/* Nobody hides to be a machine or is at home here, and there are not too many keys. */
static void write_none(FILE *stream)
{
    static const char *const measures[] = {
        "suspected_hits",  "suspected_visits",  "suspected_visitors", "internal_hits",
        "internal_visits", "internal_visitors", "folded_page_views",  "folded_origin_page_views"};
    for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++)
        write_count(stream, measures[i], 0);
}

static void write_summary(const struct truth *truth, const char *folder, int64_t first_s,
                          int64_t last_s)
{
    FILE *const stream = open_table(folder, "summary.csv");
    const uint64_t rejected = sum(truth->rejected, TRUTH_REJECT_COUNT);
    char time[32];
    fprintf(stream, "measure,value\n");
    write_count(stream, "lines", truth->hits + truth->directives + rejected);
    write_count(stream, "counted", truth->hits);
    write_count(stream, "filtered", truth->directives);
    write_count(stream, "rejected", rejected);
    write_count(stream, "filtered_time", 0);
    write_count(stream, "filtered_directive", truth->directives);
    write_count(stream, "filtered_already_counted", 0);
    write_count(stream, "filtered_damaged_file", 0);
    write_count(stream, "rejected_far_time", 0);
    for (unsigned i = 0; i < TRUTH_REJECT_COUNT; i++)
        fprintf(stream, "rejected_%s,%llu\n", reject_names[i],
                (unsigned long long)truth->rejected[i]);
    write_count(stream, "hits", truth->hits);
    write_count(stream, "page_views", truth->page_views);
    write_count(stream, "visits", truth->visits);
    write_count(stream, "visitors", truth->visitors);
    write_count(stream, "visits_without_page_views", truth->visits_without_page_views);
    write_count(stream, "bot_hits", truth->bot_hits);
    write_count(stream, "bot_visits", truth->bot_visits);
    write_count(stream, "bot_visitors", truth->bot_visitors);
    write_count(stream, "asset_hits", truth->asset_hits);
    write_count(stream, "call_hits", truth->call_hits);
    write_count(stream, "timed_hits", truth->has_durations ? truth->hits : 0);
    write_none(stream);
    fprintf(stream, "first_time,%s\n", writer_time(first_s, time));
    fprintf(stream, "last_time,%s\n", writer_time(last_s, time));
    write_count(stream, "regions", known_regions(truth));
    write_count(stream, "unknown_region_visits", truth->region_visits[REGION_UNKNOWN]);
    write_count(stream, "ties", truth->ties);
    write_count(stream, "failed_geo_lookups", 0);
    close_table(stream);
}

static void write_regions(const struct truth *truth, const char *folder)
{
    FILE *const stream = open_table(folder, "regions.csv");
    fprintf(stream, "region,visits,visitors,page_views\n");
    for (unsigned r = 0; r < REGION_COUNT; r++)
        fprintf(stream, "%s,%llu,%llu,%llu\n", region_codes[r],
                (unsigned long long)truth->region_visits[r],
                (unsigned long long)truth->region_visitors[r],
                (unsigned long long)truth->region_page_views[r]);
    close_table(stream);
}

static void write_touchpoints(const struct truth *truth, const char *folder)
{
    FILE *const all = open_table(folder, "touchpoints.csv");
    FILE *const by_region = open_table(folder, "touchpoints_by_region.csv");
    fprintf(all, "touchpoint,stage,intent,hits,visits,visitors,failed\n");
    fprintf(by_region, "touchpoint,region,visits,visitors\n");
    for (unsigned t = 0; t < TOUCH_COUNT; t++) {
        const struct touch_truth *const touch = &truth->touch[t];
        fprintf(all, "%s,%s,%s,%llu,%llu,%llu,%llu\n", touchpoints[t].name, touchpoints[t].stage,
                touchpoints[t].intent, (unsigned long long)touch->hits,
                (unsigned long long)sum(touch->visits, REGION_COUNT),
                (unsigned long long)sum(touch->visitors, REGION_COUNT),
                (unsigned long long)touch->failed);
        for (unsigned r = 0; r < REGION_COUNT; r++)
            fprintf(by_region, "%s,%s,%llu,%llu\n", touchpoints[t].name, region_codes[r],
                    (unsigned long long)touch->visits[r], (unsigned long long)touch->visitors[r]);
    }
    close_table(all);
    close_table(by_region);
}

struct step_truth {
    uint64_t entered, advanced, dropped, open, attempted_failed;
};

struct step_table {
    struct step_truth steps[FUNNEL_COUNT][TRUTH_MAX_STEPS];
};

static void settle(const struct outcome *outcome, int64_t last_s, struct step_table *table)
{
    struct step_truth *const steps = table->steps[outcome->funnel];
    for (unsigned k = 0; k < outcome->level; k++) {
        if (!(outcome->steps >> k & 1))
            continue;
        steps[k].entered++;
        if (k + 1 < outcome->level)
            steps[k].advanced++;
        else if (last_s <= outcome->open_until_s)
            steps[k].open++;
        else
            steps[k].dropped++;
    }
    if (outcome->failed_step)
        steps[outcome->failed_step - 1].attempted_failed++;
}

static int compare_seconds(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* R's quantile type 7. */
static double quantile(const struct durations *sorted, double share)
{
    const double place = share * (double)(sorted->count - 1);
    const size_t below = (size_t)place;
    if (below + 1 == sorted->count)
        return (double)sorted->seconds[below];
    const double low = (double)sorted->seconds[below], high = (double)sorted->seconds[below + 1];
    return low + (place - (double)below) * (high - low);
}

static void write_step(FILE *stream, unsigned f, unsigned k, const struct step_truth *step,
                       struct durations *durations)
{
    fprintf(stream, "%s,%u,%s,%llu,", funnels[f].name, k + 1, funnels[f].steps[k],
            (unsigned long long)step->entered);
    if (k + 1 < funnels[f].step_count)
        fprintf(stream, "%llu,%llu,%llu,0,", (unsigned long long)step->advanced,
                (unsigned long long)step->dropped, (unsigned long long)step->open);
    else
        fprintf(stream, ",,,,");
    fprintf(stream, "%llu,", (unsigned long long)step->attempted_failed);
    if (durations->count) {
        qsort(durations->seconds, durations->count, sizeof *durations->seconds, compare_seconds);
        fprintf(stream, "%.6f,%.6f\n", quantile(durations, 0.5), quantile(durations, 0.9));
    } else {
        fprintf(stream, ",\n");
    }
}

static void write_cells(const struct truth *truth, const char *folder, int64_t last_s)
{
    FILE *const stream = open_table(folder, "funnel_by_region.csv");
    struct step_table *const regions = mem_zeroed(REGION_COUNT, sizeof *regions);
    for (size_t i = 0; i < truth->outcome_count; i++)
        settle(&truth->outcomes[i], last_s, &regions[truth->outcomes[i].region]);
    fprintf(stream, "funnel,step,touchpoint,region,entered,advanced,dropped,open\n");
    for (unsigned f = 0; f < FUNNEL_COUNT; f++) {
        for (unsigned k = 0; k + 1 < funnels[f].step_count; k++) {
            for (unsigned r = 0; r < REGION_COUNT; r++) {
                const struct step_truth *const step = &regions[r].steps[f][k];
                fprintf(stream, "%s,%u,%s,%s,%llu,%llu,%llu,%llu\n", funnels[f].name, k + 1,
                        funnels[f].steps[k], region_codes[r], (unsigned long long)step->entered,
                        (unsigned long long)step->advanced, (unsigned long long)step->dropped,
                        (unsigned long long)step->open);
            }
        }
    }
    mem_free(regions);
    close_table(stream);
}

static void write_funnels(struct truth *truth, const char *folder, int64_t last_s)
{
    FILE *const stream = open_table(folder, "funnel.csv");
    struct step_table *const all = mem_zeroed(1, sizeof *all);
    for (size_t i = 0; i < truth->outcome_count; i++)
        settle(&truth->outcomes[i], last_s, all);
    fprintf(stream, "funnel,step,touchpoint,entered,advanced,dropped,open,excluded,"
                    "attempted_failed,median_seconds,p90_seconds\n");
    for (unsigned f = 0; f < FUNNEL_COUNT; f++)
        for (unsigned k = 0; k < funnels[f].step_count; k++)
            write_step(stream, f, k, &all->steps[f][k], &truth->durations[f][k]);
    mem_free(all);
    close_table(stream);
}

void truth_write(struct truth *truth, const char *folder, int64_t start_s, int64_t first_s,
                 int64_t last_s)
{
    write_summary(truth, folder, start_s + first_s, start_s + last_s);
    write_regions(truth, folder);
    write_touchpoints(truth, folder);
    write_funnels(truth, folder, last_s);
    write_cells(truth, folder, last_s);
}
