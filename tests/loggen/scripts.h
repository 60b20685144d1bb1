/*
 * scripts: what people do, with the truth written beside it by hand.
 *
 *     product:p1,w1,s1,q1 cart:p2,w2,q2 |2d thanks:w3
 *
 * is: a product page; the cart; two days later, in another visit, the confirmation. A word is
 * an action (actions.h), or moves the clock:
 *
 *     +20m      the next action is 20 minutes after the last action
 *     =30m      it is 30 minutes after the last hit, assets included
 *     |2d       it is 2 days after the last hit, and begins a new visit; | alone: some hours
 *     @w1+7d    it is 7 days after the action that is marked w1; after a | in a new visit
 *     nobody    (first word) the visitor sends no user agent
 *
 * Otherwise actions follow each other within 5 to 60 seconds. Marks after an action say what it
 * is to the funnels (p purchase, w purchase-7d, c cancellation, s second-look, q quick-cart,
 * t complaint):
 *
 *     p2        step 2 of the chain that has to be kept
 *     !p2       a vain attempt that counts as attempted_failed of step 2
 *     w*        a later step 1: the chains of the level that was reached now run from here, so "may
 *               still go on" is judged by it (until the next step of the kept chain is marked)
 */
#ifndef LOGGEN_SCRIPTS_H
#define LOGGEN_SCRIPTS_H

#include <stddef.h>
#include <stdint.h>

/* Regions differ in what people do there. */
enum script_habit { HABIT_USUAL, HABIT_CART_LEAVERS, HABIT_BROKEN_CHECKOUT, HABIT_COUNT };

struct script {
    uint16_t weights[HABIT_COUNT];
    const char *text;
};

extern const struct script scripts[];
extern const size_t script_count;

/*
 * Played once each at a fixed distance before the end of the log: where "may still go on" ends.
 * The distance is that of step 1 of the funnel `anchor`, or of the last hit when it is "".
 */
struct finale {
    const char *anchor;
    uint32_t before_end_s;
    const char *text;
};

extern const struct finale finales[];
extern const size_t finale_count;

#endif
