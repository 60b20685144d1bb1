#include "parser/hit.h"

const char *filter_reason_name(enum filter_reason reason)
{
    static const char *const names[FILTER_COUNT] = {
        [FILTER_TIME] = "time",
        [FILTER_DIRECTIVE] = "directive",
        [FILTER_ALREADY_COUNTED] = "already_counted",
        [FILTER_DAMAGED_FILE] = "damaged_file",
    };
    return names[reason];
}

const char *reject_reason_name(enum reject_reason reason)
{
    static const char *const names[REJECT_COUNT] = {
        [REJECT_BLANK] = "blank", [REJECT_OVERLONG] = "overlong", [REJECT_FORMAT] = "format",
        [REJECT_TIME] = "time",   [REJECT_FAR_TIME] = "far_time", [REJECT_STATUS] = "status",
        [REJECT_NUL] = "nul",
    };
    return names[reason];
}

const char *oddity_name(enum oddity oddity)
{
    static const char *const names[ODD_COUNT] = {
        [ODD_NONE] = "ordinary",
        [ODD_OTHER_FORMAT] = "other_format",
        [ODD_BINARY_REQUEST] = "binary_request",
        [ODD_NO_REQUEST] = "no_request",
        [ODD_EMPTY_REQUEST] = "empty_request",
        [ODD_NOT_A_REQUEST] = "not_a_request",
        [ODD_ABSOLUTE_FORM] = "absolute_form",
        [ODD_BLANK_IN_URL] = "blank_in_url",
        [ODD_PROTOCOL] = "protocol",
        [ODD_NO_ANSWER] = "no_answer",
        [ODD_STRAY_QUOTE] = "stray_quote",
        [ODD_NAME] = "name",
        [ODD_NO_SIZE] = "no_size",
    };
    return names[oddity];
}
