#include "funnel/journey.h"

/* From journey_texts.S: the files of funnel/journeys/ as they are, each with a NUL behind it. */
extern const char builtin_journey_default_yaml[];

static const struct builtin_journey journeys[] = {
    {"default",
     "touchpoints on common shop, subscription and CMS URLs, a purchase and a cancellation funnel",
     builtin_journey_default_yaml},
};

const struct builtin_journey *builtin_journeys(size_t *count)
{
    *count = sizeof journeys / sizeof journeys[0];
    return journeys;
}
