#include "funnel/report.h"

void report_free(struct report *report)
{
    if (!report)
        return;
    arena_clear(&report->arena);
    mem_free(report);
}

const char *report_flag_name(enum report_flag flag)
{
    static const char *const names[] = {
        [FLAG_NONE] = "", [FLAG_HIGH] = "high", [FLAG_LOW] = "low", [FLAG_SMALL] = "small"};
    return names[flag];
}

struct report_fate report_fate(const struct report_fates *fates, size_t number)
{
    if (number < ODD_COUNT)
        return (struct report_fate){.outcome = "counted",
                                    .reason = oddity_name((enum oddity)number),
                                    .lines = fates->counted_by[number]};
    number -= ODD_COUNT;
    if (number < FILTER_COUNT)
        return (struct report_fate){.outcome = "filtered",
                                    .reason = filter_reason_name((enum filter_reason)number),
                                    .lines = fates->filtered_by[number]};
    number -= FILTER_COUNT;
    return (struct report_fate){.outcome = "rejected",
                                .reason = reject_reason_name((enum reject_reason)number),
                                .lines = fates->rejected_by[number],
                                .samples = fates->samples[number]};
}
