/*
 * Any bytes as a journey file.
 *
 * Holds: journey_parse gives a journey or fills the error with a sentence and this file's (or a
 * built-in's) name; what it gives is consistent, and rules can be made of it and meet a hit.
 */
#include "funnel/journey.h"

#include <stdlib.h>

#include "funnel/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_touchpoints(const struct journey *journey)
{
    size_t rules = 0;
    must(journey->touchpoint_count > 0 && journey->touchpoint_count <= JOURNEY_MAX_TOUCHPOINTS);
    for (size_t i = 0; i < journey->touchpoint_count; i++) {
        const struct touchpoint *touchpoint = &journey->touchpoints[i];
        must(touchpoint->first_rule == rules && touchpoint->rule_count > 0);
        must(touchpoint->stage < (int)journey->stage_count);
        must(journey_find_touchpoint(journey, slice_of(touchpoint->name)) == (int)i);
        for (; rules < touchpoint->first_rule + touchpoint->rule_count; rules++)
            must(journey->rules[rules].touchpoint == i);
    }
    must(rules == journey->rule_count);
}

static void check_funnels(const struct journey *journey)
{
    for (size_t i = 0; i < journey->funnel_count; i++) {
        const struct funnel *funnel = &journey->funnels[i];
        must(funnel->step_count > 0 && funnel->step_count <= JOURNEY_MAX_STEPS);
        must(!funnel->steps[0].optional && !funnel->steps[funnel->step_count - 1].optional);
        must(funnel->window_ms == JOURNEY_NO_WINDOW || funnel->window_ms >= 1000);
        for (size_t s = 0; s < funnel->step_count; s++)
            must(!touch_set_is_empty(&funnel->steps[s].touchpoints) && funnel->steps[s].label[0]);
    }
}

static void meet_hits(const struct journey *journey)
{
    static const char *const urls[] = {"/", "/cart?step=2&q=terms+of+use", "/api/a/b/c.json?x",
                                       "/de/product/caf%C3%A9"};
    struct rules *rules = rules_new(journey);
    struct rule_matcher *matcher = rule_matcher_new(rules);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct request request = request_of_url(METHOD_POST, slice_of(urls[i]));
        struct touch_marks marks;
        uint32_t class_number = rules_classify(matcher, request.path);
        bool any = rules_match(matcher, class_number, &request, 200, &marks);
        must(!touch_sets_meet(&marks.reached, &marks.failed));
        must(!any || rules_may_match(matcher, class_number, request.query.at != NULL));
    }
    rule_matcher_free(matcher);
    rules_free(rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct error error = {0};
    char text[2048];
    struct journey *journey =
        journey_parse((struct slice){(const char *)bytes, size}, "fuzz.yaml", &error);
    must((journey != NULL) == (error.code == ERROR_NONE));
    if (journey) {
        check_touchpoints(journey);
        check_funnels(journey);
        meet_hits(journey);
    } else {
        must(error.sentence[0] && error.file[0] && error.code == ERROR_USAGE);
        error_text(&error, text, sizeof text);
    }
    journey_free(journey);
    return 0;
}
