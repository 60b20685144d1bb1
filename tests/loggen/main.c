/*
 * loggen: writes access logs of any size, together with the truth about them.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/loggen/bench.h"
#include "tests/loggen/people.h"
#include "tests/loggen/sample.h"
#include "tests/loggen/shop.h"
#include "tests/loggen/writer.h"

static const char usage[] =
    "loggen [OPTIONS] --out DIR\n"
    "writes DIR/access.log (or access-1.log ...) and DIR/truth/*.csv\n"
    "  --seed N          another log (default 1)\n"
    "  --visitors N      people, or\n"
    "  --lines N         at least so many lines (default 10000; exactly with --bench)\n"
    "  --days D          length of the log (default 14)\n"
    "  --start DATE      its first day, YYYY-MM-DD (default 2026-11-01)\n"
    "  --bots PERMILLE   share of crawlers' hits (default 140)\n"
    "  --assets PERMILLE share of assets in people's hits, roughly (default 600)\n"
    "  --format NAME     combined (default), combined_cookie, common, vhost_combined, nginx_timed, "
    "apache_timed,\n"
    "                    w3c, cloudfront, ltsv, json, caddy, haproxy, alb or squid: the same\n"
    "                    requests (common and squid have no agents, so others than the rest)\n"
    "  --whole-seconds   no request takes a part of a second, so that a stamp of its end tells\n"
    "                    when it began\n"
    "  --files K         K files, one after the other\n"
    "  --servers K       K files, written by turns\n"
    "  --zone SECONDS    east of UTC, of the written times\n"
    "  --crlf --bom --no-last-newline\n"
    "  --bench           a busy shop for measuring speed; no truth\n"
    "  --people          visitors of all kinds (about --visitors, default 300; with --assets 0 a\n"
    "                    CDN has the assets); the truth is DIR/truth/people.csv, visit by visit\n"
    "  --sample          a small shop with some trouble, for the example; no truth\n";

enum option_letter {
    OPTION_SEED = 256,
    OPTION_VISITORS,
    OPTION_LINES,
    OPTION_DAYS,
    OPTION_START,
    OPTION_BOTS,
    OPTION_ASSETS,
    OPTION_FORMAT,
    OPTION_WHOLE_SECONDS,
    OPTION_FILES,
    OPTION_SERVERS,
    OPTION_ZONE,
    OPTION_CRLF,
    OPTION_BOM,
    OPTION_NO_LAST_NEWLINE,
    OPTION_BENCH,
    OPTION_PEOPLE,
    OPTION_SAMPLE,
    OPTION_OUT,
    OPTION_HELP,
};

static const struct option long_options[] = {
    {"seed", required_argument, NULL, OPTION_SEED},
    {"visitors", required_argument, NULL, OPTION_VISITORS},
    {"lines", required_argument, NULL, OPTION_LINES},
    {"days", required_argument, NULL, OPTION_DAYS},
    {"start", required_argument, NULL, OPTION_START},
    {"bots", required_argument, NULL, OPTION_BOTS},
    {"assets", required_argument, NULL, OPTION_ASSETS},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"whole-seconds", no_argument, NULL, OPTION_WHOLE_SECONDS},
    {"files", required_argument, NULL, OPTION_FILES},
    {"servers", required_argument, NULL, OPTION_SERVERS},
    {"zone", required_argument, NULL, OPTION_ZONE},
    {"crlf", no_argument, NULL, OPTION_CRLF},
    {"bom", no_argument, NULL, OPTION_BOM},
    {"no-last-newline", no_argument, NULL, OPTION_NO_LAST_NEWLINE},
    {"bench", no_argument, NULL, OPTION_BENCH},
    {"people", no_argument, NULL, OPTION_PEOPLE},
    {"sample", no_argument, NULL, OPTION_SAMPLE},
    {"out", required_argument, NULL, OPTION_OUT},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

enum mode { MODE_TRUTH, MODE_BENCH, MODE_PEOPLE, MODE_SAMPLE };

struct run {
    enum mode mode;
    int64_t start_s;
    struct shop_options shop;
    struct writer_options writer;
};

static void fail_usage(const char *what)
{
    fprintf(stderr, "loggen: %s; see loggen --help\n", what);
    exit(1);
}

static long read_number(const char *text, long first, long last)
{
    char *end;
    errno = 0;
    const long number = strtol(text, &end, 10);
    if (errno || end == text || *end || number < first || number > last)
        fail_usage("a number is not one, or out of range");
    return number;
}

static int64_t read_date(const char *text)
{
    struct tm parts = {0};
    if (sscanf(text, "%4d-%2d-%2d", &parts.tm_year, &parts.tm_mon, &parts.tm_mday) != 3)
        fail_usage("a date is YYYY-MM-DD");
    parts.tm_year -= 1900;
    parts.tm_mon--;
    return timegm(&parts);
}

static enum log_format read_format(const char *name)
{
    for (unsigned i = 0; i < LOG_FORMAT_COUNT; i++)
        if (strcmp(name, format_name((enum log_format)i)) == 0)
            return (enum log_format)i;
    fail_usage("there is no such format");
    return LOG_COMBINED;
}

static void read_plan_option(struct run *run, int letter, const char *value)
{
    switch (letter) {
    case OPTION_SEED:
        run->writer.seed = (uint64_t)read_number(value, 0, LONG_MAX);
        break;
    case OPTION_VISITORS:
        run->shop.visitors = (size_t)read_number(value, 11, 10000000);
        break;
    case OPTION_LINES:
        run->shop.lines = (size_t)read_number(value, 1, 1000000000);
        break;
    case OPTION_DAYS:
        run->shop.days = (uint32_t)read_number(value, 1, 3650);
        break;
    case OPTION_START:
        run->start_s = read_date(value);
        break;
    case OPTION_BOTS:
        run->shop.bots_permille = (uint32_t)read_number(value, 0, 900);
        break;
    case OPTION_ASSETS:
        run->shop.assets_permille = (uint32_t)read_number(value, 0, 950);
        break;
    case OPTION_BENCH:
        run->mode = MODE_BENCH;
        break;
    case OPTION_PEOPLE:
        run->mode = MODE_PEOPLE;
        break;
    case OPTION_SAMPLE:
        run->mode = MODE_SAMPLE;
        break;
    case OPTION_HELP:
        fputs(usage, stdout);
        exit(0);
    default:
        fail_usage("unknown option");
    }
}

static void read_option(struct run *run, int letter, const char *value)
{
    switch (letter) {
    case OPTION_OUT:
        run->writer.folder = value;
        break;
    case OPTION_FORMAT:
        run->writer.format = read_format(value);
        run->shop.has_agents = format_has_agents(run->writer.format);
        break;
    case OPTION_WHOLE_SECONDS:
        run->writer.whole_seconds = true;
        break;
    case OPTION_SERVERS:
    case OPTION_FILES:
        run->writer.file_count = (unsigned)read_number(value, 1, 500);
        run->writer.by_turns = letter == OPTION_SERVERS;
        break;
    case OPTION_ZONE:
        run->writer.zone_s = (int32_t)read_number(value, -50400, 50400);
        break;
    case OPTION_CRLF:
        run->writer.crlf = true;
        break;
    case OPTION_BOM:
        run->writer.bom = true;
        break;
    case OPTION_NO_LAST_NEWLINE:
        run->writer.no_last_newline = true;
        break;
    default:
        read_plan_option(run, letter, value);
    }
}

static void write_truth(const struct run *run, const struct plan *plan, struct truth *truth)
{
    int64_t first_s, last_s;
    shop_span(plan, &first_s, &last_s);
    truth_write(truth, run->writer.folder, plan->start_s, first_s, last_s);
}

static void generate_people(const struct run *run)
{
    const struct people_options options = {.visitors =
                                               run->shop.visitors ? run->shop.visitors : 300,
                                           .days = run->shop.days,
                                           .has_assets = run->shop.assets_permille > 0};
    if (options.days < 3)
        fail_usage("--people needs --days 3 or more");
    struct plan plan;
    struct roll roll = {0};
    plan_init(&plan, run->writer.seed, run->start_s);
    people_plan(&plan, &roll, &options);
    writer_write(&plan, &run->writer);
    if (!roll_write(&roll, &plan, run->writer.folder)) {
        fprintf(stderr, "loggen: cannot write truth/people.csv: %s\n", strerror(errno));
        exit(3);
    }
    roll_clear(&roll);
    plan_clear(&plan);
}

static void generate(const struct run *run)
{
    struct plan plan;
    struct truth *const truth = truth_new();
    plan_init(&plan, run->writer.seed, run->start_s);
    if (run->mode == MODE_BENCH)
        bench_plan(&plan, run->shop.lines, run->shop.days);
    else if (run->mode == MODE_SAMPLE)
        sample_plan(&plan, run->shop.lines, run->shop.days);
    else
        shop_plan(&plan, truth, &run->shop);
    const uint64_t directives = writer_write(&plan, &run->writer);
    truth_set_format(truth, directives, format_has_durations(run->writer.format));
    if (run->mode == MODE_TRUTH)
        write_truth(run, &plan, truth);
    truth_free(truth);
    plan_clear(&plan);
}

int main(int argc, char **argv)
{
    struct run run = {.start_s = read_date("2026-11-01"),
                      .shop = {.lines = 10000,
                               .days = 14,
                               .bots_permille = 140,
                               .assets_permille = 600,
                               .has_agents = true},
                      .writer = {.seed = 1, .file_count = 1}};
    int letter;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        read_option(&run, letter, optarg);
    if (optind < argc || !run.writer.folder)
        fail_usage("--out DIR is needed, and nothing but options");
    if (run.writer.no_last_newline && run.writer.file_count > 1)
        fail_usage("--no-last-newline is for one file");
    if (run.mode == MODE_PEOPLE)
        generate_people(&run);
    else
        generate(&run);
    return 0;
}
