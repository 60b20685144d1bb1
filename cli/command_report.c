#include "cli/commands.h"

#include "config.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/documents.h"
#include "cli/messages.h"
#include "cli/reading.h"
#include "cli/terminal.h"
#include "funnel/analysis.h"
#include "output/wording.h"

/* What a run needs; each is opened before any log is parsed, and the cheapest check comes first. */
struct run {
    const struct options *options;
    struct reading reading;
    struct geo *geo;
    struct documents *documents;
    struct report *report;
};

static const char installed_database[] = SOJOURN_DATADIR "/country.mmdb";
static const char built_database[] = "/data/country.mmdb";

/* Beside a program that was built and not installed, in its folder data/. Empty when unknown. */
static void find_built_database(char *path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    path[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash || strlen(built_database) >= size - (size_t)(slash - path))
        path[0] = '\0';
    else
        strcpy(slash, built_database);
}

/* The databases that were named, or else the installed one, or the one of the build. */
static bool open_geo(struct run *run, struct error *error)
{
    const struct texts *named = &run->options->geo;
    char built[4096];
    find_built_database(built, sizeof built);
    const char *found[] = {access(installed_database, R_OK) == 0 ? installed_database : built};
    size_t found_count = access(found[0], R_OK) == 0;
    run->geo = named->count ? geo_open(named->items, named->count, error)
                            : geo_open(found, found_count, error);
    return run->geo != NULL;
}

/* A folder may hold thousands of other files. */
static void say_skipped(const struct input_list *inputs)
{
    enum { MOST_NAMED = 10 };
    for (size_t i = 0; i < inputs->skipped_count && i < MOST_NAMED; i++)
        say("%s: left out: %s", inputs->skipped[i].path, inputs->skipped[i].reason);
    if (inputs->skipped_count > MOST_NAMED)
        say("and %zu more files left out; inputs.csv names them",
            inputs->skipped_count - MOST_NAMED);
}

/* Once nothing is wrong, so that an error stands alone. */
static void say_notes(const struct run *run)
{
    if (run->options->is_quiet)
        return;
    if (geo_file_count(run->geo) == 0)
        say("there is no country database, so every region is unknown (ZZ); name one with --geo");
    say_skipped(&run->reading.inputs);
}

static bool open_all(struct run *run, struct error *error)
{
    struct reading *reading = &run->reading;
    if (!reading_open(reading, run->options, error) || !open_geo(run, error))
        return false;
    run->documents = documents_open(run->options, error);
    return run->documents && reading_open_inputs(reading, error) &&
           documents_spare(run->documents, &reading->inputs, error);
}

/* A breakdown by class needs the page views of all classes. */
static uint32_t kept_classes(const struct options *options)
{
    uint32_t kept = 0;
    for (size_t i = 0; i < options->dimension_count; i++) {
        if (options->dimensions[i]->of_everybody)
            kept = AGENT_EVERY_CLASS;
    }
    return kept;
}

static void analyse(struct run *run)
{
    const struct options *options = run->options;
    struct reading *reading = &run->reading;
    struct analysis_options analysis_options = {
        .journey = reading->journey,
        .dimensions = options->dimensions,
        .dimension_count = options->dimension_count,
        .min_cell = options->min_cell,
        .version = PACKAGE_VERSION,
        .time_zone = options->time_zone,
        .zone = options->zone,
        .includes_bots = options->includes_bots,
        .anonymized_bytes = options->anonymized_bytes,
        .trusted_proxies = options->trusted_proxies.items,
        .trusted_proxy_count = options->trusted_proxies.count,
        .max_keys = options->max_keys,
        .rules_off = reading->rules_off,
    };
    run->report =
        analysis_report(&reading->ingested, &reading->inputs, run->geo, &analysis_options);
}

/* Every damaged input is named; a thousand of them are not printed one by one. */
static bool name_damage(const struct report *report)
{
    enum { MOST_NAMED = 20 };
    size_t damaged = 0;
    for (size_t i = 0; i < report->input_count; i++) {
        const struct report_input *input = &report->inputs[i];
        if (input->is_damaged && damaged++ < MOST_NAMED)
            say("%s: %s", input->file, input->problem);
    }
    if (damaged > MOST_NAMED)
        say("and %zu more damaged files; see inputs.csv", damaged - MOST_NAMED);
    return damaged > 0;
}

/* What stands in two inputs, and what was mostly not understood: said after the run. */
static void say_findings(const struct run *run)
{
    enum { MOST_NAMED = 10 };
    const struct report *report = run->report;
    size_t said = 0;
    for (size_t i = 0; i < report->input_count && said < MOST_NAMED; i++) {
        const struct report_input *input = &report->inputs[i];
        bool is_skipped = strcmp(input->status, "skipped") == 0;
        if (input->note[0] && !is_skipped && ++said)
            say("%s: %s", input->file, input->note);
        if (input->has_many_rejected && !input->is_damaged && ++said)
            say("%s: %" PRIu64 " of its %" PRIu64 " lines were rejected; lines.csv and sojourn "
                "detect tell more",
                input->file, input->fates.rejected, input->fates.lines);
    }
}

/* A key that nobody has is mostly one that the log does not hold. */
static void say_unused_keys(const struct report *report)
{
    for (size_t i = 0; i + 1 < report->visitor_key_count; i++) {
        const struct report_visitor_key *key = &report->visitor_keys[i];
        if (key->visitors == 0 && report->totals.visitors)
            say("no visitor is told by %s: the log does not hold it, or nobody has it", key->label);
    }
}

static void say_folded(const struct report *report)
{
    char *text = wording_folded(report);
    if (text)
        say("%s", text);
    mem_free(text);
}

static void name_failed_lookups(const struct report *report)
{
    uint64_t failed = report->totals.failed_geo_lookups;
    if (failed)
        say("the geo database is damaged: the region of %" PRIu64 " visitor%s is unknown", failed,
            failed == 1 ? "" : "s");
}

static bool run_all(struct run *run, bool *is_damaged, struct error *error)
{
    if (!open_all(run, error))
        return false;
    say_notes(run);
    if (!reading_run(&run->reading, kept_classes(run->options), error))
        return false;
    analyse(run);
    struct output_options terminal = terminal_of_output(run->options);
    struct documents *documents = run->documents;
    run->documents = NULL;
    if (!documents_write(documents, run->report, &terminal, error))
        return false;
    if (!run->options->is_quiet) {
        say_findings(run);
        say_unused_keys(run->report);
        say_folded(run->report);
    }
    *is_damaged = name_damage(run->report) || run->report->totals.failed_geo_lookups;
    name_failed_lookups(run->report);
    return true;
}

static void close_all(struct run *run)
{
    report_free(run->report);
    documents_abandon(run->documents);
    geo_close(run->geo);
    reading_close(&run->reading);
}

int command_report(const struct options *options)
{
    enum { REPORTS_OF_DAMAGED_INPUT = 2 };
    struct run run = {.options = options};
    struct error error = {0};
    bool is_damaged = false;
    bool is_fine = run_all(&run, &is_damaged, &error);
    int status = is_fine ? (is_damaged ? REPORTS_OF_DAMAGED_INPUT : 0) : complain(&error);
    close_all(&run);
    return status;
}
