/*
 * truth: what a report about the planned log has to say.
 *
 * It is told, never found out: the planner says "here begins a visit", "this hit is a page view
 * and reaches the cart", "this is as far as this visitor came, with these times". So truth and
 * analysis share no code and no idea of how to recognise anything. The one thing settled at the
 * end is what depends on when the log ends: who may still go on.
 *
 * The journey is that of tests/data/truth.yaml.
 */
#ifndef LOGGEN_TRUTH_H
#define LOGGEN_TRUTH_H

#include <stdbool.h>
#include <stdint.h>

enum truth_touchpoint {
    TOUCH_PRODUCT,
    TOUCH_REVIEW,
    TOUCH_CART,
    TOUCH_CHECKOUT,
    TOUCH_EXPRESS,
    TOUCH_PAYMENT,
    TOUCH_CONFIRMATION,
    TOUCH_ACCOUNT,
    TOUCH_CANCEL_PAGE,
    TOUCH_CANCELLED,
    TOUCH_TERMS_PAGE,
    TOUCH_TERMS_SEARCH,
    TOUCH_COMPLAINT_FORM,
    TOUCH_COMPLAINT_SENT,
    TOUCH_REFERRAL,
    TOUCH_STOCK,
    TOUCH_COUNT
};

enum truth_funnel {
    FUNNEL_PURCHASE,
    FUNNEL_PURCHASE_7D,
    FUNNEL_CANCELLATION,
    FUNNEL_SECOND_LOOK,
    FUNNEL_QUICK_CART,
    FUNNEL_COMPLAINT,
    FUNNEL_COUNT
};

enum truth_region { REGION_FR = 1, REGION_BR = 8, REGION_UNKNOWN = 10, REGION_COUNT };

enum truth_kind { TRUTH_PAGE, TRUTH_CALL, TRUTH_ASSET, TRUTH_OTHER };

enum truth_reject {
    TRUTH_BLANK,
    TRUTH_OVERLONG,
    TRUTH_FORMAT,
    TRUTH_TIME,
    TRUTH_STATUS,
    TRUTH_NUL,
    TRUTH_REJECT_COUNT
};

enum { TRUTH_MAX_STEPS = 5, TRUTH_TIMEOUT_S = 1800 };

/* How far somebody came in one funnel, as the planner says. */
struct truth_progress {
    unsigned level;                  /* steps reached, counting an optional one left out */
    bool has_step[TRUTH_MAX_STEPS];  /* in the kept chain */
    int64_t step_s[TRUTH_MAX_STEPS]; /* when */
    unsigned failed_step;            /* from 1; 0: no vain attempt at what comes next */
    bool has_entry;
    int64_t entry_s; /* the step 1 from which the window runs for "may still go on" */
};

struct truth;

struct truth *truth_new(void);
void truth_free(struct truth *truth);

bool truth_is_per_visit(enum truth_funnel funnel);
unsigned truth_step_count(enum truth_funnel funnel);

void truth_add_rejected(struct truth *truth, enum truth_reject reason);
/* What the format adds: header lines, and durations of all hits or of none. */
void truth_set_format(struct truth *truth, uint64_t directives, bool has_durations);

/* A visitor, the visits of the visitor, the hits of each visit; nothing is nested otherwise. */
void truth_begin_visitor(struct truth *truth, enum truth_region region, bool is_bot);
void truth_begin_visit(struct truth *truth);
/* reached, failed: bit per touchpoint. */
void truth_add_hit(struct truth *truth, enum truth_kind kind, uint32_t reached, uint32_t failed);
/* For the visit or visitor in hand; last_s: the time of the last hit of the visit or visitor. */
void truth_add_progress(struct truth *truth, enum truth_funnel funnel,
                        const struct truth_progress *progress, int64_t last_s);

/* Moves all progress added since the visitor began by shift_s. */
void truth_shift_visitor(struct truth *truth, int64_t shift_s);

/* Writes FOLDER/truth/ *.csv (without the blank). start_s: of the plan, since 1970. */
void truth_write(struct truth *truth, const char *folder, int64_t start_s, int64_t first_s,
                 int64_t last_s);

#endif
