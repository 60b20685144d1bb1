#include "funnel/funnel_engine.h"

static uint64_t bit(int step)
{
    return UINT64_C(1) << step;
}

struct step_mask *funnel_masks(const struct funnel *funnel, const struct touch_marks *marks,
                               size_t mark_count)
{
    struct step_mask *masks = mem_zeroed(mark_count, sizeof *masks);
    for (size_t i = 0; i < mark_count; i++) {
        for (size_t step = 0; step < funnel->step_count; step++) {
            const struct touch_set *wanted = &funnel->steps[step].touchpoints;
            if (touch_sets_meet(&marks[i].reached, wanted))
                masks[i].reached |= bit((int)step);
            else if (touch_sets_meet(&marks[i].failed, wanted))
                masks[i].failed |= bit((int)step);
        }
    }
    return masks;
}

void funnel_run_begin(struct funnel_run *run, const struct funnel *funnel)
{
    run->funnel = funnel;
    run->best_level = -1;
    run->best.steps = 0;
    run->tried = 0;
    for (size_t i = 0; i < funnel->step_count; i++)
        run->levels[i].steps = 0;
}

static bool is_alive(const struct funnel_run *run, const struct chain *chain, int64_t time_ms)
{
    int64_t window_ms = run->funnel->window_ms;
    return chain->steps != 0 &&
           (window_ms == JOURNEY_NO_WINDOW || time_ms - chain->entry_ms <= window_ms);
}

/*
 * The chain that `step` can continue: of the level before it, or of one farther back when only
 * optional steps lie between. The latest entry wins; the nearer level among equals.
 */
static const struct chain *find_predecessor(const struct funnel_run *run, int step, int64_t time_ms)
{
    const struct chain *found = NULL;
    for (int level = step - 1; level >= 0; level--) {
        const struct chain *chain = &run->levels[level];
        if (is_alive(run, chain, time_ms) && (!found || chain->entry_ms > found->entry_ms))
            found = chain;
        if (!run->funnel->steps[level].optional)
            break;
    }
    return found;
}

static void copy_chain(struct chain *to, const struct chain *from, int last_step)
{
    to->steps = from->steps;
    to->entry_ms = from->entry_ms;
    for (int step = 0; step <= last_step; step++)
        to->at_ms[step] = from->at_ms[step];
}

/* Keeps the chain at its level if it entered later than the one that stands there. */
static void reach(struct funnel_run *run, int step, const struct chain *before, int64_t time_ms)
{
    struct chain *level = &run->levels[step];
    int64_t entry_ms = before ? before->entry_ms : time_ms;
    if (level->steps && level->entry_ms >= entry_ms)
        return;
    if (before)
        copy_chain(level, before, step - 1);
    level->steps = (before ? before->steps : 0) | bit(step);
    level->entry_ms = entry_ms;
    level->at_ms[step] = time_ms;
    if (step > run->best_level) {
        run->best_level = step;
        copy_chain(&run->best, level, step);
    }
}

void funnel_run_add(struct funnel_run *run, int64_t time_ms, struct step_mask mask)
{
    uint64_t named = mask.reached | mask.failed;
    /* From the last step down, so that one hit cannot fill two steps of one chain. */
    while (named) {
        int step = 63 - __builtin_clzll(named);
        named &= ~bit(step);
        const struct chain *before = step ? find_predecessor(run, step, time_ms) : NULL;
        if (step && !before)
            continue;
        if (mask.reached & bit(step))
            reach(run, step, before, time_ms);
        else
            run->tried |= bit(step);
    }
}

static bool window_is_over(const struct funnel_run *run, int64_t log_end_ms)
{
    int64_t window_ms = run->funnel->window_ms;
    int64_t entry_ms = run->levels[run->best_level].entry_ms;
    return window_ms != JOURNEY_NO_WINDOW && log_end_ms - entry_ms > window_ms;
}

enum funnel_ending funnel_run_end(const struct funnel_run *run, int64_t log_end_ms,
                                  bool still_there)
{
    if (run->best_level < 0)
        return FUNNEL_NEVER_ENTERED;
    if ((size_t)run->best_level + 1 == run->funnel->step_count)
        return FUNNEL_CONVERTED;
    if (window_is_over(run, log_end_ms))
        return FUNNEL_DROPPED;
    bool has_window = run->funnel->window_ms != JOURNEY_NO_WINDOW;
    bool may_return = run->funnel->unit == FUNNEL_PER_VISITOR && has_window;
    return may_return || still_there ? FUNNEL_OPEN : FUNNEL_DROPPED;
}

uint64_t funnel_run_failed_attempts(const struct funnel_run *run)
{
    uint64_t next = 0;
    for (int step = run->best_level + 1; (size_t)step < run->funnel->step_count; step++) {
        next |= bit(step);
        if (!run->funnel->steps[step].optional)
            break;
    }
    return run->tried & next;
}

int funnel_previous_step(const struct funnel *funnel, int step)
{
    do
        step--;
    while (step >= 0 && funnel->steps[step].optional);
    return step;
}

bool funnel_run_has_tie(const struct funnel_run *run)
{
    int previous = -1;
    for (int step = 0; step <= run->best_level; step++) {
        if (!(run->best.steps & bit(step)))
            continue;
        if (previous >= 0 && run->best.at_ms[step] == run->best.at_ms[previous])
            return true;
        previous = step;
    }
    return false;
}
