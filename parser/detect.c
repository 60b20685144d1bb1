#include "parser/detect.h"

#include "base/civil.h"

struct score {
    const struct log_format *format;
    size_t lines, accepted;
    int64_t first_ms;
};

static struct score score_format(const struct log_format *format, const struct block *block,
                                 int32_t zone_s)
{
    struct score score = {.format = format, .first_ms = CIVIL_NO_TIME};
    struct line_clock clock;
    line_clock_init(&clock, zone_s);
    struct slice rest = {block->bytes, block->size}, line;
    while (score.lines < DETECT_LINES && lines_next(&rest, &line)) {
        struct hit hit;
        enum reject_reason reason;
        bool is_hit = format_parse(format, &clock, line, &hit, &reason);
        if (!is_hit && reason == REJECT_BLANK)
            continue;
        score.lines++;
        if (is_hit && score.accepted++ == 0)
            score.first_ms = hit.time_ms;
    }
    return score;
}

static bool is_better(const struct score *a, const struct score *b)
{
    if (a->accepted != b->accepted)
        return a->accepted > b->accepted;
    return __builtin_popcount(a->format->absent) < __builtin_popcount(b->format->absent);
}

struct detection detect_format(const struct block *block, const struct log_format *only,
                               int32_t zone_s)
{
    size_t count = 1;
    const struct log_format *formats = only ? only : format_presets(&count);
    struct score best = {0}, second = {0};
    for (size_t i = 0; i < count; i++) {
        struct score score = score_format(&formats[i], block, zone_s);
        if (!best.format || is_better(&score, &best)) {
            second = best;
            best = score;
        } else if (!second.format || is_better(&score, &second)) {
            second = score;
        }
    }
    return (struct detection){
        .format = best.accepted ? best.format : NULL,
        .runner_up = second.accepted ? second.format : NULL,
        .lines = best.lines,
        .accepted = best.accepted,
        .runner_up_accepted = second.accepted,
        .first_ms = best.first_ms,
    };
}
