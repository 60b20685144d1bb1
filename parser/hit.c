#include "parser/hit.h"

const char *reject_reason_name(enum reject_reason reason)
{
    static const char *const names[REJECT_COUNT] = {
        [REJECT_BLANK] = "blank", [REJECT_OVERLONG] = "overlong", [REJECT_FORMAT] = "format",
        [REJECT_TIME] = "time",   [REJECT_STATUS] = "status",     [REJECT_NUL] = "nul",
    };
    return names[reason];
}
