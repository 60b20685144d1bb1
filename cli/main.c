#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "parser/archive.h"
#include "parser/inflate.h"

/* Nothing may be allocated here, and nothing half-written may stay visible: reports appear by
 * rename. */
static void out_of_memory(size_t size_bytes)
{
    static const char sentence[] =
        "sojourn: out of memory; nothing was written. Narrow the run with --since and --until, "
        "or give it fewer logs at a time\n";
    (void)size_bytes;
    (void)!write(STDERR_FILENO, sentence, sizeof sentence - 1);
    _exit(ERROR_FATAL);
}

static int print_version(void)
{
    const char *archive = archive_library();
    printf("sojourn %s\ngzip: %s\nbzip2, xz, zstd, lz4: %s\nLicence: MIT\n", PACKAGE_VERSION,
           inflate_library(), archive ? archive : "not built in (--with-libarchive)");
    return finish_output();
}

static int print_help(void)
{
    fputs(options_help(), stdout);
    return finish_output();
}

static int run(const struct options *options)
{
    switch (options->command) {
    case COMMAND_REPORT:
        return command_report(options);
    case COMMAND_DETECT:
        return command_detect(options);
    case COMMAND_EXPLAIN:
        return options->visit ? command_visit(options) : command_explain(options);
    case COMMAND_JOURNEYS:
        return command_journeys(options);
    case COMMAND_CHECK_JOURNEY:
        return command_check_journey(options);
    case COMMAND_PLUGINS:
        return command_plugins(options);
    case COMMAND_HELP:
        return print_help();
    case COMMAND_VERSION:
        return print_version();
    }
    return ERROR_USAGE;
}

int main(int argc, char **argv)
{
    struct options options;
    struct error error = {0};
    mem_set_out_of_memory_handler(out_of_memory);
    setlocale(LC_CTYPE, ""); /* which characters the terminal shows; nothing else depends on it */
    bool is_fine = options_parse(&options, argc, argv, &error);
    /* A reader that has seen enough ends a run quietly, unless files wait to be put in place. */
    if (options.outputs.count)
        signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that must not grow is an error of writing like others */
    int status = is_fine ? run(&options) : complain(&error);
    options_clear(&options);
    return status;
}
