#include "tests/unit/report_fixture.h"

enum { STEPS = 5, VALUES = 8, TOUCHPOINTS = 10 };

const struct fixture_texts fixture_benign = {
    .file = "logs/access.log.2.gz",
    .problem = "the file ends inside a gzip member; what could be read was counted",
    .journey = "shop",
    .source = "shop.yaml",
    .funnel = "purchase",
    .touchpoint = "product",
    .stage = "consideration",
    .intent = "cancel",
    .value = "DE",
    .label = "Germany",
    .geo_file = "country ipvAll, built 2026-06-17, country.mmdb",
    .time_zone = "+01:00",
    .note = "its name says that it is an error log",
    .sample = "[address] - - [21/Nov/2026] no request, \"and more",
    .key = "cookie:uid",
    .proxy = "10.0.0.0/8",
    .own_host = "shop.example",
    .referrer = "google.com",
    .campaign = "spring, early",
    .page = "/product/1",
};

const struct fixture_texts fixture_hostile = {
    .file = "=HYPERLINK(\"http://x\",\"y\")\n\"\"><script>alert(1)</script>",
    .problem = "</span><img src=x onerror=alert(1)>\x1b[2J\xff",
    .journey = "</title><script>1</script>",
    .source = "<!-- ' \" --> & &lt; \xe2\x80\xae gpj.exe",
    .funnel = "\"; onmouseover=alert(1) x=\" <b>",
    .touchpoint = "@SUM(A1,B1)' autofocus onfocus='1\"\r\n</caption>",
    .stage = "+1\t</td></tr></table><style>*{display:none}</style>",
    .intent = "-2+3\xc2\x9b,\",\n",
    .value = "\t=1+1<svg/onload=1>",
    .label = "\x1b]0;title\x07</th><a href=javascript:1>\xed\xa0\x80 \xe6\x97\xa5\xe6\x9c\xac",
    .geo_file = "]]></dd><iframe src=//x>\xf0\x9f",
    .time_zone = "<dl>",
    .note = "=cmd|' /C calc'!A0</span><script>2</script>\x1b[31m\n",
    .sample =
        "+1,\"</code></td><script>alert(3)</script>\x1b]0;x\x07\xff\xed\xa0\x80\xe2\x80\xae\r\n",
    .key = "=cookie:</th><svg onload=1>",
    .proxy = "</dd><script>4</script>\x1b[2J",
    .own_host = "\"><img src=//x>\xff",
    .referrer = "@SUM(A1,\"2\")</span></th><script>alert(5)</script>\x1b[31m",
    .campaign = "-1+2,\"</td><b onclick='1'>\xe2\x80\xae\n",
    .page = "/=1,\"</span><iframe src=javascript:1>\xc3\x28\r\n\t",
};

/* Per region: who reached each step of the first funnel; every drop is final but for `open`. */
struct value_row {
    const char *value, *label;
    uint64_t visits, visitors, page_views, reached[STEPS], open[STEPS - 1];
    double q[STEPS - 1];
    enum report_flag flags[STEPS - 1];
};

static const struct value_row value_rows[VALUES] = {
    {"DE",
     "Germany",
     5200,
     4100,
     18044,
     {3600, 1110, 470, 390, 331},
     {20, 8, 2, 1},
     {1.25e-9, 0.41, 0.5, 0.77},
     {FLAG_HIGH, FLAG_NONE, FLAG_NONE, FLAG_NONE}},
    {"FR",
     "France",
     2900,
     2207,
     9000,
     {1900, 800, 331, 240, 155},
     {6, 0, 0, 0},
     {0.03125, 0.61, 0.5, 0.0002},
     {FLAG_LOW, FLAG_NONE, FLAG_NONE, FLAG_HIGH}},
    {"ZZ",
     "Unknown",
     1810,
     1500,
     5100,
     {1200, 511, 260, 200, 169},
     {5, 2, 1, 0},
     {0.04, 0.03, 0.5, 0.77},
     {FLAG_LOW, FLAG_LOW, FLAG_NONE, FLAG_NONE}},
    {"AT",
     "Austria",
     1200,
     1000,
     4004,
     {800, 362, 180, 149, 130},
     {4, 1, 1, 1},
     {0.2, 0.21, 0.5, 0.3},
     {FLAG_NONE, FLAG_NONE, FLAG_NONE, FLAG_NONE}},
    {"CH",
     "Switzerland",
     800,
     640,
     3007,
     {512, 240, 101, 74, 69},
     {3, 1, 1, 0},
     {0.07, 0.9, 0.5, 0.3},
     {FLAG_NONE, FLAG_NONE, FLAG_NONE, FLAG_NONE}},
    {"PL",
     "Poland",
     420,
     333,
     1500,
     {300, 130, 50, 40, 33},
     {2, 0, 0, 0},
     {0.35, 0.6, 0.5, 0.9},
     {FLAG_NONE, FLAG_NONE, FLAG_NONE, FLAG_NONE}},
    {"IS",
     "Iceland",
     70,
     41,
     220,
     {60, 28, 10, 6, 4},
     {0, 0, 0, 0},
     {0.6, NAN, NAN, NAN},
     {FLAG_NONE, FLAG_SMALL, FLAG_SMALL, FLAG_SMALL}},
    {"(other)",
     "(other)",
     50,
     38,
     130,
     {40, 16, 8, 3, 2},
     {0, 0, 0, 0},
     {0.8, NAN, NAN, NAN},
     {FLAG_NONE, FLAG_SMALL, FLAG_SMALL, FLAG_SMALL}},
};

static const struct report_touchpoint touchpoint_rows[TOUCHPOINTS] = {
    {"home", "awareness", "", 12044, 7800, 6100, 14, 41},
    {"product", "consideration", "", 30122, 8412, 6204, 120, 84.5},
    {"cart", "purchase", "", 5221, 3240, 2801, 66, 120},
    {"checkout", "purchase", "", 2100, 1250, 1150, 31, 333.25},
    {"express-checkout", "purchase", "", 220, 190, 188, 0, 310},
    {"payment", "purchase", "", 1300, 1102, 1052, 201, 1804},
    {"confirmation", "purchase", "", 902, 893, 870, 3, 95},
    {"cancellation-page", "loyalty", "cancel", 180, 122, 90, 2, NAN},
    {"terms", "loyalty", "terms", 0, 0, 0, 7, NAN},
    {"complaint-sent", "loyalty", "complaint", 0, 0, 0, 0, NAN},
};

static const char *const step_names[STEPS] = {"product", "cart", "checkout|express-checkout",
                                              "payment", "confirmation"};
static const double medians_s[STEPS] = {NAN, 64, 118.5, 45.25, 4000};
static const double p90s_s[STEPS] = {NAN, 900, 1400.125, 310, 86400};

/* The sum over the regions, of those who reached a step or are still open there. */
static uint64_t reached(size_t step)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < VALUES; i++)
        sum += value_rows[i].reached[step];
    return sum;
}

static uint64_t open_at(size_t step)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < VALUES; i++)
        sum += value_rows[i].open[step];
    return sum;
}

static struct report_step step_of(size_t step)
{
    uint64_t entered = reached(step);
    bool is_last = step == STEPS - 1;
    struct report_step made = {
        .touchpoint = step_names[step],
        .optional = step == 3,
        .is_last = is_last,
        .entered = entered,
        .attempted_failed = step * 7,
        .rate_from_start = (double)entered / (double)reached(0),
        .rate_from_previous = step ? (double)entered / (double)reached(step - 1) : NAN,
        .ci = step ? stats_wilson(entered, reached(step - 1)) : (struct interval){NAN, NAN},
        .median_s = medians_s[step],
        .p90_s = p90s_s[step],
    };
    made.advanced = is_last ? REPORT_NO_COUNT : reached(step + 1);
    made.open = is_last ? REPORT_NO_COUNT : open_at(step);
    made.dropped = is_last ? REPORT_NO_COUNT : entered - made.advanced - made.open;
    made.excluded = is_last ? REPORT_NO_COUNT : 0;
    return made;
}

static const struct report_step *purchase_steps(struct arena *arena,
                                                const struct fixture_texts *texts)
{
    struct report_step *steps = arena_alloc(arena, STEPS * sizeof *steps);
    for (size_t i = 0; i < STEPS; i++)
        steps[i] = step_of(i);
    steps[0].touchpoint = texts->touchpoint;
    return steps;
}

/* A funnel of two steps that nobody entered. */
static const struct report_step *empty_steps(struct arena *arena)
{
    struct report_step *steps = arena_alloc(arena, 2 * sizeof *steps);
    struct interval none = {NAN, NAN};
    steps[0] = (struct report_step){.touchpoint = "terms",
                                    .rate_from_start = NAN,
                                    .rate_from_previous = NAN,
                                    .ci = none,
                                    .median_s = NAN,
                                    .p90_s = NAN};
    steps[1] = steps[0];
    steps[1].touchpoint = "complaint-sent";
    steps[1].is_last = true;
    steps[1].advanced = steps[1].dropped = steps[1].open = steps[1].excluded = REPORT_NO_COUNT;
    return steps;
}

static void add_funnels(struct report *report, const struct fixture_texts *texts)
{
    struct report_funnel *funnels = arena_alloc(&report->arena, 2 * sizeof *funnels);
    funnels[0] = (struct report_funnel){.name = texts->funnel,
                                        .unit = FUNNEL_PER_VISIT,
                                        .window_ms = INT64_C(7) * 86400 * 1000,
                                        .steps = purchase_steps(&report->arena, texts),
                                        .step_count = STEPS};
    funnels[1] = (struct report_funnel){.name = "complaint",
                                        .unit = FUNNEL_PER_VISITOR,
                                        .window_ms = JOURNEY_NO_WINDOW,
                                        .steps = empty_steps(&report->arena),
                                        .step_count = 2};
    report->funnels = funnels;
    report->funnel_count = 2;
}

static struct report_funnel_cell funnel_cell(size_t step, size_t value)
{
    const struct value_row *row = &value_rows[value];
    struct report_funnel_cell cell = {
        .step = step,
        .value = value,
        .entered = row->reached[step],
        .advanced = row->reached[step + 1],
        .open = row->open[step],
        .q_value = row->q[step],
        .p_value = row->q[step] / 4,
        .flag = row->flags[step],
    };
    cell.dropped = cell.entered - cell.advanced - cell.open;
    double known = (double)(cell.entered - cell.open);
    uint64_t all_known = reached(step) - open_at(step);
    uint64_t all_dropped = all_known - reached(step + 1);
    cell.drop_rate = (double)cell.dropped / known;
    cell.ci = stats_wilson(cell.dropped, cell.entered - cell.open);
    cell.rest_drop_rate = (double)(all_dropped - cell.dropped) / ((double)all_known - known);
    cell.excess_drops = (double)cell.dropped - known * cell.rest_drop_rate;
    cell.shrunk_drop_rate = (cell.drop_rate * 9 + cell.rest_drop_rate) / 10;
    return cell;
}

static struct report_touch_cell touch_cell(size_t touchpoint, size_t value)
{
    const struct report_touchpoint *row = &touchpoint_rows[touchpoint];
    uint64_t visits = row->visits * (value_rows[value].visits - touchpoint * 2) / 12450;
    return (struct report_touch_cell){
        .touchpoint = touchpoint,
        .value = value,
        .visits = visits,
        .visitors = visits * 3 / 4,
        .visit_rate = (double)visits / (double)value_rows[value].visits,
        .rest_visit_rate = (double)row->visits / 12450,
        .q_value = value_rows[value].visits < 100 ? NAN : 0.0125 * (double)(value + touchpoint),
        .flag = value_rows[value].visits < 100      ? FLAG_SMALL
                : value == 1 && touchpoint == 2     ? FLAG_HIGH
                : value == 0 && touchpoint % 3 == 1 ? FLAG_LOW
                                                    : FLAG_NONE,
    };
}

static void add_region(struct report *report, const struct fixture_texts *texts)
{
    struct report_dimension *region = arena_alloc(&report->arena, sizeof *region);
    struct report_value *values = arena_alloc(&report->arena, VALUES * sizeof *values);
    struct report_funnel_cell *funnel_cells =
        arena_alloc(&report->arena, (STEPS - 1) * VALUES * sizeof *funnel_cells);
    struct report_touch_cell *touch_cells =
        arena_alloc(&report->arena, TOUCHPOINTS * VALUES * sizeof *touch_cells);
    for (size_t i = 0; i < VALUES; i++) {
        const struct value_row *row = &value_rows[i];
        values[i] = (struct report_value){row->value, row->label, row->visits, row->visitors,
                                          row->page_views};
    }
    values[0].value = texts->value;
    values[0].label = texts->label;
    for (size_t i = 0; i < (STEPS - 1) * VALUES; i++)
        funnel_cells[i] = funnel_cell(i / VALUES, i % VALUES);
    for (size_t i = 0; i < TOUCHPOINTS * VALUES; i++)
        touch_cells[i] = touch_cell(i / VALUES, i % VALUES);
    *region = (struct report_dimension){.name = "region",
                                        .title = "Region",
                                        .values = values,
                                        .value_count = VALUES,
                                        .funnel_cells = funnel_cells,
                                        .funnel_cell_count = (STEPS - 1) * VALUES,
                                        .touch_cells = touch_cells,
                                        .touch_cell_count = TOUCHPOINTS * VALUES};
    report->dimensions = region;
    report->dimension_count = 1;
}

static void add_touchpoints(struct report *report, const struct fixture_texts *texts)
{
    struct report_touchpoint *touchpoints =
        arena_alloc(&report->arena, TOUCHPOINTS * sizeof *touchpoints);
    memcpy(touchpoints, touchpoint_rows, sizeof touchpoint_rows);
    touchpoints[1].name = texts->touchpoint;
    touchpoints[1].stage = texts->stage;
    touchpoints[7].intent = texts->intent;
    report->touchpoints = touchpoints;
    report->touchpoint_count = TOUCHPOINTS;
}

static const struct report_class class_rows[] = {
    {"person", "Person", true, 100000, 41005, 12450, 9859},
    {"search", "Search engine", false, 12000, 11000, 300, 90},
    {"seo", "SEO and marketing", false, 4001, 3999, 150, 60},
    {"ai-training", "AI training", false, 500, 499, 50, 11},
    {"ai-assistant", "AI assistant", false, 2500, 2400, 62, 40},
    {"feed", "Feed reader", false, 0, 0, 0, 0},
    {"suspected", "Suspected bot", false, 3000, 2800, 250, 100},
    {"internal", "Internal", false, 1355, 900, 33, 4},
};
enum { CLASSES = sizeof class_rows / sizeof class_rows[0] };

static const struct report_behaviour behaviour_rows[] = {
    {.name = "forged-crawler", .about = "Uses a crawler's name."},
    {.name = "attack",
     .about = "Asked for a way to break in.",
     .hits = 1700,
     .page_views = 1650,
     .visits = 140,
     .visitors = 60},
    {.name = "robots-txt", .about = "Read /robots.txt.", .is_off = true},
    {.name = "old-browser",
     .about = "Says to be an old browser.",
     .hits = 1300,
     .page_views = 1150,
     .visits = 110,
     .visitors = 40},
    {.name = "no-assets", .about = "Loaded no picture.", .is_silent = true},
};
enum { BEHAVIOURS = sizeof behaviour_rows / sizeof behaviour_rows[0] };

static void add_agents(struct report *report, const struct fixture_texts *texts)
{
    struct report_visitor_key *keys = arena_alloc(&report->arena, 2 * sizeof *keys);
    keys[0] = (struct report_visitor_key){texts->key, 859, 859.0 / 9859};
    keys[1] = (struct report_visitor_key){"address+agent", 9000, 9000.0 / 9859};
    report->visitor_keys = keys;
    report->visitor_key_count = 2;
    report->classes = class_rows;
    report->class_count = CLASSES;
    report->behaviours = behaviour_rows;
    report->behaviour_count = BEHAVIOURS;
}

static const struct report_value source_rows[] = {
    {"direct", "Direct", 6000, 5000, 20000},         {"search", "Search", 4000, 3000, 14005},
    {"campaign", "Campaign", 1200, 959, 4000},       {"referral", "Referral", 800, 600, 2500},
    {"ai-assistant", "AI assistant", 238, 200, 500}, {"(none)", "No page view", 212, 100, 0},
};
enum { SOURCES = sizeof source_rows / sizeof source_rows[0] };

static const struct report_value device_rows[] = {
    {"phone", "Phone", 7450, 5859, 21005},
    {"desktop", "Desktop", 5000, 4000, 20000},
};

/* A named value, and the rest of the visits under another name. */
static const struct report_value *two_values(struct arena *arena, const char *value,
                                             const char *rest, const char *rest_label)
{
    struct report_value *values = arena_alloc(arena, 2 * sizeof *values);
    values[0] = (struct report_value){value, value, 8450, 5859, 21005};
    values[1] = (struct report_value){rest, rest_label, 4000, 4000, 20000};
    return values;
}

enum { LANDING_PAGES = 17 };

/* The first page has most of the visits; of the others each has 10 fewer than the one before. */
static const struct report_value *landing_values(struct arena *arena, const char *first)
{
    struct report_value *values = arena_alloc(arena, LANDING_PAGES * sizeof *values);
    values[0] = (struct report_value){first, first, 12450, 9859, 41005};
    for (size_t i = 1; i < LANDING_PAGES; i++) {
        const char *page = arena_format(arena, "/page/%zu", i);
        values[i] = (struct report_value){page, page, 200 - 10 * i, 100 - 5 * i, 300 - 10 * i};
        values[0].visits -= values[i].visits;
        values[0].visitors -= values[i].visitors;
        values[0].page_views -= values[i].page_views;
    }
    return values;
}

static void add_breakdowns(struct report *report, const struct fixture_texts *texts)
{
    struct arena *arena = &report->arena;
    const struct report_breakdown rows[] = {
        {"source", "Source", source_rows, SOURCES},
        {"referrer", "Referrer", two_values(arena, texts->referrer, "(none)", "No referrer"), 2},
        {"campaign", "Campaign", two_values(arena, texts->campaign, "(none)", "No campaign"), 2},
        {"landing", "Landing page", landing_values(arena, texts->page), LANDING_PAGES},
        {"exit", "Exit page", two_values(arena, texts->page, "(other)", "(other)"), 2},
        {"device", "Device", device_rows, 2},
    };
    struct report_breakdown *breakdowns = arena_alloc(arena, sizeof rows);
    memcpy(breakdowns, rows, sizeof rows);
    report->breakdowns = breakdowns;
    report->breakdown_count = sizeof rows / sizeof rows[0];
}

static const int64_t first_ms = INT64_C(1767225600000); /* 2026-01-01T00:00:00Z */

/* What became of the lines of standard input. */
static struct report_fates odd_fates(const struct fixture_texts *texts)
{
    return (struct report_fates){
        .lines = 100000,
        .counted = 99900,
        .filtered = 60,
        .rejected = 40,
        .counted_by = {[ODD_NONE] = 99000, [ODD_BINARY_REQUEST] = 300, [ODD_NO_REQUEST] = 600},
        .filtered_by = {[FILTER_TIME] = 50, [FILTER_DIRECTIVE] = 10},
        .rejected_by = {[REJECT_FORMAT] = 30, [REJECT_TIME] = 10},
        .samples = {[REJECT_FORMAT] = {texts->sample, "rubbish", "more rubbish"},
                    [REJECT_TIME] = {"[32/Nov/2026]"}},
    };
}

static void add_inputs(struct report *report, const struct fixture_texts *texts)
{
    struct report_input *inputs = arena_alloc(&report->arena, 4 * sizeof *inputs);
    inputs[0] = (struct report_input){.file = "-",
                                      .format = "combined behind syslog",
                                      .compression = "none",
                                      .status = "complete",
                                      .problem = "",
                                      .note = "",
                                      .fates = odd_fates(texts),
                                      .first_ms = first_ms,
                                      .last_ms = first_ms + INT64_C(86400123)};
    inputs[1] = (struct report_input){
        .file = texts->file,
        .format = "combined",
        .compression = "gzip",
        .status = "truncated",
        .problem = texts->problem,
        .note = "",
        .is_damaged = true,
        .fates = {.lines = 23456, .counted = 23456, .counted_by = {[ODD_NONE] = 23456}},
        .first_ms = first_ms + 5000,
        .last_ms = first_ms + INT64_C(2678399000)};
    inputs[2] = (struct report_input){.file = "empty.log",
                                      .format = "",
                                      .compression = "none",
                                      .status = "empty",
                                      .problem = "",
                                      .note = "",
                                      .first_ms = CIVIL_NO_TIME,
                                      .last_ms = CIVIL_NO_TIME};
    inputs[3] = (struct report_input){.file = "logs/error.log",
                                      .format = "",
                                      .compression = "",
                                      .status = "skipped",
                                      .problem = "",
                                      .note = texts->note,
                                      .first_ms = CIVIL_NO_TIME,
                                      .last_ms = CIVIL_NO_TIME};
    report->inputs = inputs;
    report->input_count = 4;
    report->skipped_count = 1;
}

static struct report_totals totals(const struct fixture_texts *texts)
{
    struct report_fates fates = odd_fates(texts);
    fates.lines += 23456;
    fates.counted += 23456;
    fates.counted_by[ODD_NONE] += 23456;
    return (struct report_totals){
        .fates = fates,
        .hits = 123356,
        .page_views = 41005,
        .visits = 12450,
        .visitors = 9859,
        .visits_without_page_views = 212,
        .bot_hits = 22001,
        .bot_visits = 812,
        .bot_visitors = 301,
        .suspected_hits = 3000,
        .suspected_visits = 250,
        .suspected_visitors = 100,
        .internal_hits = 1355,
        .internal_visits = 33,
        .internal_visitors = 4,
        .folded = {.page_views = 77, .origin_page_views = 1},
        .asset_hits = 55011,
        .call_hits = 3009,
        .timed_hits = 49343, /* 40.00% of 123,356 */
        .zoneless_hits = 23456,
        .first_ms = first_ms,
        .last_ms = first_ms + INT64_C(2678399000),
        .regions = 31,
        .unknown_region_visits = 1810,
        .ties = 4,
        .failed_geo_lookups = 2,
    };
}

static const char *const *one_text(struct arena *arena, const char *text)
{
    const char **texts = arena_alloc(arena, sizeof *texts);
    texts[0] = text;
    return texts;
}

static struct report_method method(const struct fixture_texts *texts, struct arena *arena)
{
    return (struct report_method){.version = "0.1.0",
                                  .journey = texts->journey,
                                  .journey_source = texts->source,
                                  .visit_timeout_s = 1800,
                                  .v4_prefix = 32,
                                  .v6_prefix = 64,
                                  .anonymized_bytes = 1,
                                  .trusted_proxies = one_text(arena, texts->proxy),
                                  .trusted_proxy_count = 1,
                                  .own_hosts = one_text(arena, texts->own_host),
                                  .own_host_count = 1,
                                  .asset_share = 0.125,
                                  .max_keys = 1000,
                                  .min_cell = 5,
                                  .time_zone = texts->time_zone,
                                  .has_zoneless_times = true,
                                  .geo_files = one_text(arena, texts->geo_file),
                                  .geo_file_count = 1};
}

struct report *fixture_new(const struct fixture_texts *texts)
{
    struct report *report = mem_zeroed(1, sizeof *report);
    arena_init(&report->arena);
    report->method = method(texts, &report->arena);
    report->totals = totals(texts);
    add_inputs(report, texts);
    add_funnels(report, texts);
    add_touchpoints(report, texts);
    add_region(report, texts);
    add_agents(report, texts);
    add_breakdowns(report, texts);
    return report;
}

void fixture_free(struct report *report)
{
    arena_clear(&report->arena);
    mem_free(report);
}
