#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/suggest.h"
#include "base/threads.h"
#include "funnel/behaviour.h"
#include "funnel/config_tree.h"
#include "plugins/catalog.h"

enum {
    DEFAULT_MIN_CELL = 5,
    DEFAULT_MAX_KEYS = 1000000,
    MOST_KEYS = 1000000000,
    DEFAULT_SAMPLES = 10,
    MAX_ANONYMIZED_BYTES = 3,
    MAX_THREADS = 256,
    OPTION_BY = 256,
    OPTION_FUNNEL,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_INCLUDE_BOTS,
    OPTION_TIME_ZONE,
    OPTION_THREADS,
    OPTION_MIN_CELL,
    OPTION_NO_PROGRESS,
    OPTION_COLOR,
    OPTION_AS,
    OPTION_METHOD,
    OPTION_STATUS,
    OPTION_DATE_FORMAT,
    OPTION_TIME_FORMAT,
    OPTION_STRICT,
    OPTION_TRUSTED_PROXY,
    OPTION_VISITOR_KEY,
    OPTION_ANONYMIZE,
    OPTION_MAX_KEYS,
    OPTION_NO_BOT_RULE,
    OPTION_VISIT,
    OPTION_SAMPLES,
};

static const struct option long_options[] = {
    {"journey", required_argument, NULL, 'j'},
    {"geo", required_argument, NULL, 'g'},
    {"log-format", required_argument, NULL, 'f'},
    {"date-format", required_argument, NULL, OPTION_DATE_FORMAT},
    {"time-format", required_argument, NULL, OPTION_TIME_FORMAT},
    {"output", required_argument, NULL, 'o'},
    {"as", required_argument, NULL, OPTION_AS},
    {"by", required_argument, NULL, OPTION_BY},
    {"funnel", required_argument, NULL, OPTION_FUNNEL},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"until", required_argument, NULL, OPTION_UNTIL},
    {"include-bots", no_argument, NULL, OPTION_INCLUDE_BOTS},
    {"no-bot-rule", required_argument, NULL, OPTION_NO_BOT_RULE},
    {"trusted-proxy", required_argument, NULL, OPTION_TRUSTED_PROXY},
    {"time-zone", required_argument, NULL, OPTION_TIME_ZONE},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"min-cell", required_argument, NULL, OPTION_MIN_CELL},
    {"anonymize", required_argument, NULL, OPTION_ANONYMIZE},
    {"visitor-key", required_argument, NULL, OPTION_VISITOR_KEY},
    {"max-keys", required_argument, NULL, OPTION_MAX_KEYS},
    {"visit", required_argument, NULL, OPTION_VISIT},
    {"samples", required_argument, NULL, OPTION_SAMPLES},
    {"method", required_argument, NULL, OPTION_METHOD},
    {"status", required_argument, NULL, OPTION_STATUS},
    {"strict", no_argument, NULL, OPTION_STRICT},
    {"quiet", no_argument, NULL, 'q'},
    {"no-progress", no_argument, NULL, OPTION_NO_PROGRESS},
    {"color", required_argument, NULL, OPTION_COLOR},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

const char *options_help(void)
{
    return "Usage: sojourn [report] [OPTIONS] LOG...     funnels and drop-off by region from logs\n"
           "       sojourn detect LOG...                 which format a log has, and why\n"
           "       sojourn explain [OPTIONS] URL         which touchpoints a request is, and why\n"
           "       sojourn explain --visit WHO LOG...    visits, hit by hit, and what decided on "
           "them\n"
           "       sojourn journeys [NAME]               the built-in journeys, or one printed\n"
           "       sojourn check-journey FILE            check a journey file, show its rules\n"
           "       sojourn plugins                       what is built in\n"
           "\n"
           "LOG is a file (plain or compressed), a folder, a quoted pattern, or - for standard "
           "input.\n"
           "\n"
           "What to count:\n"
           "  -j, --journey FILE|NAME  touchpoints and funnels (built-in: default)\n"
           "  -g, --geo FILE           MaxMind DB with countries or cities; repeatable\n"
           "  -f, --log-format SPEC    a name (sojourn plugins lists them) or the string of\n"
           "                           Apache's LogFormat, nginx's log_format or GoAccess's\n"
           "                           log-format (default: detected)\n"
           "      --date-format F      of a GoAccess string, as is\n"
           "      --time-format F\n"
           "      --by DIM             region, subdivision, city, source, referrer, campaign,\n"
           "                           landing, exit, device, browser, agent or host; repeatable\n"
           "                           (default: region)\n"
           "      --funnel NAME        only this funnel\n"
           "      --since T, --until T only hits from T on, and before T (2026-11-21[T20:15])\n"
           "      --include-bots       count bots as people, declared and suspected ones\n"
           "      --no-bot-rule NAME   switch off a rule by which bots are suspected; repeatable\n"
           "      --trusted-proxy NET  believe what this network says of its clients in\n"
           "                           X-Forwarded-For and Forwarded: 10.0.0.0/8, a file of\n"
           "                           networks, cloudflare, private, ...; repeatable\n"
           "      --time-zone Z        of log times without one, and of days: UTC, +hh:mm,\n"
           "                           Europe/Berlin\n"
           "      --strict             count nothing of a damaged file\n"
           "      --max-keys N         tell N pages and N origins of visits apart (default "
           "1000000)\n"
           "\n"
           "Privacy:\n"
           "      --min-cell N         fold values with fewer visitors than N (default 5)\n"
           "      --anonymize N        cut N bytes (1 to 3) off addresses before their place is\n"
           "                           looked up\n"
           "      --visitor-key FILE   make ids of visitors that join across runs\n"
           "\n"
           "Where to write:\n"
           "  -o, --output PATH        dir/ (the whole set), FILE.html, .csv, .txt, or -; "
           "repeatable\n"
           "      --as KIND            what - gets: text, csv or html (default: text)\n"
           "      --color WHEN         auto, always or never\n"
           "  -q, --quiet              no notes, no progress\n"
           "      --no-progress        no progress\n"
           "      --threads N          parse threads (default: all processors)\n"
           "\n"
           "Of explain:\n"
           "      --method M           GET (default), POST, ...\n"
           "      --status N           200 (default), 302, 404, ...\n"
           "      --visit WHO          an address, an id of --visitor-key, cookie:uid=VALUE, a "
           "class\n"
           "                           (person, suspected, search, ...) or a bot rule\n"
           "      --samples N          how many visits (default 10)\n"
           "\n"
           "Exit status: 0 all well; 1 usage or configuration, nothing written; 2 reports "
           "written,\n"
           "but some input was damaged; 3 fatal, earlier reports untouched.\n";
}

static void add_text(struct texts *texts, const char *text)
{
    texts->items = mem_grow(texts->items, &texts->capacity, texts->count + 1, sizeof *texts->items);
    texts->items[texts->count++] = text;
}

static bool refuse_value(const char *option, const char *value, const char *const *known,
                         struct error *error)
{
    char hint[128], list[256];
    return error_set(error, ERROR_USAGE, "--%s takes %s, not \"%s\"%s", option,
                     config_join(list, sizeof list, known), value,
                     suggest_phrase(hint, sizeof hint, slice_of(value), known));
}

static bool read_number(const char *option, const char *text, uint64_t least, uint64_t most,
                        uint64_t *number, struct error *error)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    bool is_digits = text[0] >= '0' && text[0] <= '9' && *end == '\0';
    if (!is_digits || errno || value < least || value > most)
        return error_set(error, ERROR_USAGE,
                         "--%s takes a whole number from %llu to %llu, not \"%s\"", option,
                         (unsigned long long)least, (unsigned long long)most, text);
    *number = value;
    return true;
}

static bool read_dimension(struct options *options, const char *name, struct error *error)
{
    const struct dimension *dimension = dimension_find(name);
    if (!dimension)
        return refuse_value("by", name, dimension_names(), error);
    for (size_t i = 0; i < options->dimension_count; i++) {
        if (options->dimensions[i] == dimension)
            return true;
    }
    options->dimensions = mem_grow(options->dimensions, &options->dimension_capacity,
                                   options->dimension_count + 1, sizeof(struct dimension *));
    options->dimensions[options->dimension_count++] = dimension;
    return true;
}

static bool read_color(struct options *options, const char *when, struct error *error)
{
    static const char *const known[] = {"auto", "always", "never", NULL};
    for (int i = 0; known[i]; i++) {
        if (strcmp(known[i], when) == 0) {
            options->color = (enum color_choice)i;
            return true;
        }
    }
    return refuse_value("color", when, known, error);
}

static bool read_as(struct options *options, const char *kind, struct error *error)
{
    const char *names[16];
    options->as = output_find(slice_of(kind));
    return options->as ||
           refuse_value("as", kind,
                        catalog_names(CATALOG_OUTPUT, names, sizeof names / sizeof names[0]),
                        error);
}

static bool read_time_zone(struct options *options, const char *zone, struct error *error)
{
    options->time_zone = zone;
    time_zone_free(options->zone);
    options->zone = time_zone_new(zone);
    return options->zone ||
           error_set(error, ERROR_USAGE,
                     "--time-zone takes UTC, +hh:mm, -hh:mm, a name like Europe/Berlin (of the "
                     "system's time zone database, package tzdata), or a POSIX rule, not \"%s\"",
                     zone);
}

static bool read_method(struct options *options, const char *name, struct error *error)
{
    options->method = request_method_of(slice_of(name));
    return options->method != METHOD_OTHER ||
           error_set(error, ERROR_USAGE, "--method takes GET, POST, HEAD, ..., not \"%s\"", name);
}

static bool read_bot_rule(struct options *options, const char *name, struct error *error)
{
    enum behaviour_rule rule = behaviour_find(name);
    options->rules_off |= 1u << rule;
    return rule != BEHAVIOUR_NONE || refuse_value("no-bot-rule", name, behaviour_names(), error);
}

/* What waits for other options: times for the time zone, a format for its date and time. */
struct pending {
    const char *since, *until;
    struct format_spec format;
};

/* Those that take a whole number. */
static bool read_number_option(struct options *options, int option, const char *value,
                               struct error *error)
{
    uint64_t number = 0;
    bool is_fine = true;
    switch (option) {
    case OPTION_THREADS:
        is_fine = read_number("threads", value, 1, MAX_THREADS, &number, error);
        options->threads = (unsigned)number;
        break;
    case OPTION_MIN_CELL:
        return read_number("min-cell", value, 1, UINT32_MAX, &options->min_cell, error);
    case OPTION_ANONYMIZE:
        is_fine = read_number("anonymize", value, 1, MAX_ANONYMIZED_BYTES, &number, error);
        options->anonymized_bytes = (unsigned)number;
        break;
    case OPTION_MAX_KEYS:
        is_fine = read_number("max-keys", value, 1, MOST_KEYS, &number, error);
        options->max_keys = (uint32_t)number;
        break;
    case OPTION_SAMPLES:
        return read_number("samples", value, 1, UINT32_MAX, &options->samples, error);
    case OPTION_STATUS:
        is_fine = read_number("status", value, 100, 599, &number, error);
        options->status = (unsigned)number;
        break;
    }
    return is_fine;
}

static bool read_option(struct options *options, struct pending *pending, int option,
                        const char *value, struct error *error)
{
    switch (option) {
    case 'j':
        options->journey = value;
        break;
    case 'g':
        add_text(&options->geo, value);
        break;
    case 'f':
        pending->format.text = value;
        break;
    case OPTION_DATE_FORMAT:
        pending->format.date_format = value;
        break;
    case OPTION_TIME_FORMAT:
        pending->format.time_format = value;
        break;
    case OPTION_STRICT:
        options->is_strict = true;
        break;
    case 'o':
        add_text(&options->outputs, value);
        break;
    case OPTION_AS:
        return read_as(options, value, error);
    case OPTION_BY:
        return read_dimension(options, value, error);
    case OPTION_FUNNEL:
        options->funnel = value;
        break;
    case OPTION_SINCE:
        pending->since = value;
        break;
    case OPTION_UNTIL:
        pending->until = value;
        break;
    case OPTION_INCLUDE_BOTS:
        options->includes_bots = true;
        break;
    case OPTION_TIME_ZONE:
        return read_time_zone(options, value, error);
    case OPTION_TRUSTED_PROXY:
        add_text(&options->trusted_proxies, value);
        break;
    case OPTION_NO_BOT_RULE:
        return read_bot_rule(options, value, error);
    case OPTION_VISITOR_KEY:
        options->visitor_key = value;
        break;
    case OPTION_VISIT:
        options->visit = value;
        break;
    case OPTION_METHOD:
        return read_method(options, value, error);
    case 'q':
        options->is_quiet = true;
        break;
    case OPTION_NO_PROGRESS:
        options->has_progress = false;
        break;
    case OPTION_COLOR:
        return read_color(options, value, error);
    case 'h':
        options->command = COMMAND_HELP;
        break;
    case 'V':
        options->command = COMMAND_VERSION;
        break;
    default:
        return read_number_option(options, option, value, error);
    }
    return true;
}

/* The name in "--name" or "--name=value". */
static struct slice option_name(const char *word)
{
    return (struct slice){word + 2, strcspn(word + 2, "=")};
}

/* The options that "--name" is the start of, as "--a or --b"; "" when it is not of two. */
static const char *list_meanings(struct slice name, char *text, size_t size)
{
    size_t meanings = 0, used = 0;
    for (size_t i = 0; long_options[i].name && used < size; i++) {
        if (!slice_starts_with(slice_of(long_options[i].name), name))
            continue;
        used += (size_t)snprintf(text + used, size - used, "%s--%s", meanings++ ? " or " : "",
                                 long_options[i].name);
    }
    return meanings > 1 ? text : "";
}

static bool refuse_long_option(const char *word, bool is_known, struct error *error)
{
    char dashed[sizeof long_options / sizeof long_options[0]][24], hint[128], meanings[256];
    const char *names[sizeof dashed / sizeof dashed[0]] = {NULL};
    struct slice name = option_name(word), whole = {word, name.size + 2};
    if (is_known) /* and none of those that take a value, or there would be no complaint */
        return error_set(error, ERROR_USAGE, "%.*s takes no value; see sojourn --help",
                         SLICE_ARG(whole));
    if (list_meanings(name, meanings, sizeof meanings)[0])
        return error_set(error, ERROR_USAGE, "%.*s can be %s: write more of it", SLICE_ARG(whole),
                         meanings);
    for (size_t i = 0; long_options[i].name; i++) {
        snprintf(dashed[i], sizeof dashed[i], "--%s", long_options[i].name);
        names[i] = dashed[i];
    }
    return error_set(error, ERROR_USAGE, "%.*s is not an option%s; see sojourn --help",
                     SLICE_ARG(whole), suggest_phrase(hint, sizeof hint, whole, names));
}

static bool is_known_option(int value)
{
    for (size_t i = 0; long_options[i].name; i++) {
        if (long_options[i].val == value)
            return true;
    }
    return false;
}

/*
 * getopt's own messages name the program, not what to do; ours do both. It leaves the letter of a
 * short option in optopt, 0 for an unknown long one, and a known one that was given a value.
 */
static bool refuse_option(int option, char **argv, struct error *error)
{
    const char *word = argv[optind > 0 ? optind - 1 : 0];
    bool is_long = strncmp(word, "--", 2) == 0;
    if (option == ':' && is_long)
        return error_set(error, ERROR_USAGE, "%s needs a value; see sojourn --help", word);
    if (option == ':')
        return error_set(error, ERROR_USAGE, "-%c needs a value; see sojourn --help", optopt);
    if (optopt == 0 || is_known_option(optopt))
        return refuse_long_option(word, optopt != 0, error);
    return error_set(error, ERROR_USAGE, "-%c is not an option; see sojourn --help", optopt);
}

/* A time without a zone is a clock time in the zone that was given. */
static bool parse_time(const char *text, const struct time_zone *zone, int64_t *time_ms)
{
    int64_t in_utc, an_hour_east;
    if (!civil_parse(text, 0, &in_utc) || !civil_parse(text, 3600, &an_hour_east))
        return false;
    bool has_zone = in_utc == an_hour_east;
    *time_ms = has_zone ? in_utc : time_zone_to_utc(zone, in_utc);
    return true;
}

static bool read_time(const char *option, const char *text, const struct time_zone *zone,
                      int64_t *time_ms, struct error *error)
{
    if (!text || parse_time(text, zone, time_ms))
        return true;
    return error_set(error, ERROR_USAGE,
                     "--%s takes a time like 2026-11-21, 2026-11-21T20:15 or 2026-11-21T20:15:00Z, "
                     "not \"%s\"",
                     option, text);
}

static bool read_format(struct options *options, const struct format_spec *spec,
                        struct error *error)
{
    if (!spec->text)
        return (!spec->date_format && !spec->time_format) ||
               error_set(error, ERROR_USAGE,
                         "--date-format and --time-format belong to a GoAccess --log-format, "
                         "which is not given");
    options->format_spec = *spec;
    options->format = spec_compile(spec, &options->formats, error);
    return options->format != NULL;
}

static bool read_times(struct options *options, const struct pending *pending, struct error *error)
{
    if (!read_time("since", pending->since, options->zone, &options->since_ms, error) ||
        !read_time("until", pending->until, options->zone, &options->until_ms, error))
        return false;
    return options->since_ms < options->until_ms ||
           error_set(error, ERROR_USAGE, "--since %s is not before --until %s: no hit is left",
                     pending->since, pending->until);
}

/* By enum command, as far as they are words; ends with NULL. */
static const char *const command_names[] = {
    [COMMAND_REPORT] = "report",
    [COMMAND_DETECT] = "detect",
    [COMMAND_EXPLAIN] = "explain",
    [COMMAND_JOURNEYS] = "journeys",
    [COMMAND_CHECK_JOURNEY] = "check-journey",
    [COMMAND_PLUGINS] = "plugins",
    [COMMAND_HELP] = "help",
    NULL,
};

static bool find_command(const char *word, enum command *command)
{
    for (int i = 0; command_names[i]; i++) {
        if (strcmp(word, command_names[i]) == 0) {
            *command = (enum command)i;
            return true;
        }
    }
    return false;
}

/* A first word that is no file, but a command behind options or nearly one, is a slip. */
static bool check_first_word(const struct options *options, bool has_command, struct error *error)
{
    const char *word = options->arguments.count ? options->arguments.items[0] : "";
    const char *meant = suggest(slice_of(word), command_names);
    bool is_plain = strpbrk(word, "/.*?[") == NULL; /* neither a path nor a pattern */
    if (has_command || options->command != COMMAND_REPORT || !meant || !is_plain ||
        access(word, F_OK) == 0)
        return true;
    if (strcmp(word, meant) == 0)
        return error_set(error, ERROR_USAGE,
                         "\"%s\" is no file, and as a command it comes first: sojourn %s ...; see "
                         "sojourn --help",
                         word, word);
    return error_set(error, ERROR_USAGE,
                     "\"%s\" is neither a command nor a file (did you mean \"%s\"?); see sojourn "
                     "--help",
                     word, meant);
}

static void set_defaults(struct options *options)
{
    *options = (struct options){
        .command = COMMAND_REPORT,
        .journey = "default",
        .since_ms = INT64_MIN,
        .until_ms = INT64_MAX,
        .time_zone = "UTC",
        .threads = thread_processors(),
        .min_cell = DEFAULT_MIN_CELL,
        .max_keys = DEFAULT_MAX_KEYS,
        .samples = DEFAULT_SAMPLES,
        .has_progress = true,
        .method = METHOD_GET,
        .status = 200,
    };
}

/* "/path" or "scheme://host/path". */
static bool is_url(const char *text)
{
    return text[0] == '/' || strstr(text, "://");
}

/* An empty name is mostly a shell variable that was not set. */
static bool check_names(const struct texts *texts, const char *what, struct error *error)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (texts->items[i][0] == '\0')
            return error_set(error, ERROR_USAGE, "an empty name is given where %s is expected",
                             what);
    }
    return true;
}

/* What would do nothing is mostly meant for something else. */
static bool check_visit(const struct options *options, struct error *error)
{
    if (!options->visit)
        return true;
    if (options->command != COMMAND_EXPLAIN)
        return error_set(error, ERROR_USAGE, "--visit belongs to sojourn explain");
    if (options->outputs.count || options->as)
        return error_set(error, ERROR_USAGE,
                         "explain --visit writes text to standard output: -o and --as are of "
                         "reports");
    return options->arguments.count > 0 ||
           error_set(error, ERROR_USAGE, "explain --visit takes logs to look in");
}

static bool check_arguments(const struct options *options, struct error *error)
{
    size_t count = options->arguments.count;
    if (!check_visit(options, error))
        return false;
    switch (options->command) {
    case COMMAND_REPORT:
    case COMMAND_DETECT:
        return count > 0 ||
               error_set(error, ERROR_USAGE,
                         "no log is named: give files, folders or - for standard input; see "
                         "sojourn --help");
    case COMMAND_EXPLAIN:
        return options->visit || (count == 1 && is_url(options->arguments.items[0])) ||
               error_set(error, ERROR_USAGE,
                         "explain takes one URL or path, such as /checkout, or --visit and logs");
    case COMMAND_CHECK_JOURNEY:
        return count == 1 || error_set(error, ERROR_USAGE, "check-journey takes one journey file");
    case COMMAND_JOURNEYS:
        return count <= 1 || error_set(error, ERROR_USAGE, "journeys takes at most one name");
    case COMMAND_PLUGINS:
    case COMMAND_HELP:
    case COMMAND_VERSION:
        break;
    }
    return true;
}

static bool read_words(struct options *options, int argc, char **argv, struct error *error)
{
    struct pending pending = {0};
    int option;
    opterr = 0;
    optind = 1;
    while ((option = getopt_long(argc, argv, ":j:g:f:o:qhV", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return refuse_option(option, argv, error);
        if (!read_option(options, &pending, option, optarg, error))
            return false;
    }
    for (; optind < argc; optind++)
        add_text(&options->arguments, argv[optind]);
    return read_format(options, &pending.format, error) && read_times(options, &pending, error);
}

bool options_parse(struct options *options, int argc, char **argv, struct error *error)
{
    set_defaults(options);
    bool has_command = argc > 1 && find_command(argv[1], &options->command);
    if (has_command) {
        argv[1] = argv[0];
        argc--;
        argv++;
    }
    if (!read_words(options, argc, argv, error))
        return false;
    if (options->dimension_count == 0 && !read_dimension(options, "region", error))
        return false;
    return check_first_word(options, has_command, error) && check_arguments(options, error) &&
           check_names(&options->arguments, "a log or other argument", error) &&
           check_names(&options->geo, "a geo database", error) &&
           check_names(&options->trusted_proxies, "a trusted proxy", error) &&
           check_names(&options->outputs, "an output", error);
}

void options_clear(struct options *options)
{
    time_zone_free(options->zone);
    arena_clear(&options->formats);
    mem_free(options->geo.items);
    mem_free(options->outputs.items);
    mem_free(options->arguments.items);
    mem_free(options->trusted_proxies.items);
    mem_free(options->dimensions);
    *options = (struct options){0};
}
