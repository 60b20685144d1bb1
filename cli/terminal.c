#include "cli/terminal.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { DEFAULT_WIDTH = 80, MAX_WIDTH = 200, PROGRESS_EVERY_MS = 200 };

static unsigned width_of_output(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col < MAX_WIDTH ? size.ws_col : MAX_WIDTH;
    const char *columns = getenv("COLUMNS");
    int width = columns ? atoi(columns) : 0;
    return width > 0 && width <= MAX_WIDTH ? (unsigned)width : DEFAULT_WIDTH;
}

static bool wants_colour(enum color_choice choice)
{
    if (choice != COLOR_AUTO)
        return choice == COLOR_ALWAYS;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool is_refused = no_color && no_color[0];
    return isatty(STDOUT_FILENO) && !is_refused && term && strcmp(term, "dumb") != 0;
}

struct output_options terminal_of_output(const struct options *options)
{
    return (struct output_options){
        .width = width_of_output(),
        .colour = wants_colour(options->color),
        .unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
    };
}

bool terminal_wants_progress(const struct options *options)
{
    return options->has_progress && !options->is_quiet && isatty(STDERR_FILENO);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void terminal_show_progress(void *context, uint64_t done_bytes, uint64_t total_bytes)
{
    struct progress *progress = context;
    int64_t at_ms = now_ms();
    if (at_ms - progress->last_ms < PROGRESS_EVERY_MS)
        return;
    progress->last_ms = at_ms;
    progress->is_shown = true;
    double done_mb = (double)done_bytes / 1e6;
    if (total_bytes)
        fprintf(stderr, "\rreading: %3.0f%%  (%.0f MB) ",
                100 * (double)done_bytes / (double)total_bytes, done_mb);
    else
        fprintf(stderr, "\rreading: %.0f MB ", done_mb);
}

void terminal_clear_progress(struct progress *progress)
{
    if (progress->is_shown)
        fputs("\r\033[K", stderr);
}
