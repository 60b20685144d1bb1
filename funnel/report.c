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
