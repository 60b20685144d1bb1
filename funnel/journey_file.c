#include "funnel/journey.h"

#include <errno.h>
#include <stdio.h>

#include "base/suggest.h"
#include "funnel/conditions.h"
#include "funnel/config_tree.h"
#include "funnel/people_section.h"

enum {
    MAX_LEVELS = 8, /* of extends */
    MAX_NAME = 64,
    MAX_RULES = 4096,
    MAX_GLOBS = 16384,
};

/* A touchpoint while files are being merged: its stage and rules are not numbered yet. */
struct draft_touchpoint {
    const char *name, *intent;
    const char *stage;     /* "" when none */
    const char *source;    /* where it stands, for messages */
    struct config_node at; /* only its place */
    struct touch_rule *rules;
    size_t rule_count;
};

struct draft {
    struct journey *journey; /* its arena holds every text */
    struct error *error;
    struct draft_touchpoint touchpoints[JOURNEY_MAX_TOUCHPOINTS];
    size_t touchpoint_count;
    struct funnel *funnels;
    size_t funnel_count, funnel_capacity;
    const char **stages;
    size_t stage_count;
    bool has_stages; /* a file lists them; otherwise they are collected */
};

/* One file of the chain: the user's, or a built-in that it extends. */
struct reader {
    struct draft *draft;
    struct config config;
    size_t level; /* 0: the user's */
};

static struct arena *arena_of(const struct reader *reader)
{
    return &reader->draft->journey->arena;
}

static const char *keep(const struct reader *reader, const struct config_node *scalar)
{
    return arena_copy(arena_of(reader), scalar->text).at;
}

/* ---- names ---- */

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

static bool expect_name(const struct reader *reader, const struct config_node *scalar,
                        const char *what)
{
    if (!config_expect_text(&reader->config, scalar, what, MAX_NAME))
        return false;
    for (size_t i = 0; i < scalar->text.size; i++) {
        if (!is_name_character(scalar->text.at[i]))
            return config_fail(&reader->config, scalar,
                               "%s: expected letters (a to z), digits, \"-\", \"_\" and \".\", "
                               "found \"%.*s\"",
                               what, CONFIG_QUOTE(scalar->text));
    }
    return true;
}

/* ---- stages ---- */

static bool has_stage(const struct draft *draft, const char *stage)
{
    for (size_t i = 0; i < draft->stage_count; i++) {
        if (strcmp(draft->stages[i], stage) == 0)
            return true;
    }
    return false;
}

/* Own stages take the place of those of the base. */
static bool read_stages(struct reader *reader, const struct config_node *list)
{
    struct draft *draft = reader->draft;
    if (!list)
        return true;
    if (!config_expect_list(&reader->config, list, "stages"))
        return false;
    if (list->count == 0 || list->count > JOURNEY_MAX_TOUCHPOINTS)
        return config_fail(&reader->config, list, "stages: expected 1 to %d names, found %zu",
                           JOURNEY_MAX_TOUCHPOINTS, list->count);
    draft->has_stages = true;
    draft->stage_count = 0;
    draft->stages = arena_alloc(arena_of(reader), (list->count + 1) * sizeof *draft->stages);
    for (const struct config_node *item = list->first; item; item = item->next) {
        if (!config_expect_text(&reader->config, item, "a stage", MAX_NAME))
            return false;
        if (has_stage(draft, item->text.at))
            return config_fail(&reader->config, item, "stage \"%s\" stands twice", item->text.at);
        draft->stages[draft->stage_count++] = keep(reader, item);
    }
    return true;
}

/* ---- what has a module of its own ---- */

/* What a file says of its logs takes the place of what its base says. */
static bool read_log(struct reader *reader, const struct config_node *log)
{
    struct config config = reader->config;
    config.arena = arena_of(reader); /* names outlive the tree */
    return !log || log_section_read(&config, log, &reader->draft->journey->log);
}

static bool read_people(struct reader *reader, const struct config_node *root)
{
    return people_section_read(&reader->config, root, reader->draft->journey);
}

/* ---- touchpoints ---- */

static size_t find_touchpoint(const struct draft *draft, struct slice name)
{
    size_t i = 0;
    while (i < draft->touchpoint_count && !slice_is(name, draft->touchpoints[i].name))
        i++;
    return i;
}

static bool read_match(struct reader *reader, const struct config_node *match, unsigned number,
                       struct draft_touchpoint *touchpoint)
{
    if (config_count(match) == 0)
        return config_fail(&reader->config, match,
                           "match: expected conditions, found an empty list");
    if (config_count(match) > MAX_RULES)
        return config_fail(&reader->config, match, "match: more than %d alternatives", MAX_RULES);
    touchpoint->rules =
        arena_alloc(arena_of(reader), config_count(match) * sizeof *touchpoint->rules);
    for (const struct config_node *item = config_first(match); item;
         item = config_next(match, item)) {
        struct touch_rule *rule = &touchpoint->rules[touchpoint->rule_count++];
        rule->touchpoint = number;
        if (!conditions_read(&reader->config, arena_of(reader), item, rule))
            return false;
    }
    return true;
}

static bool read_touchpoint_fields(struct reader *reader, const struct config_node *key,
                                   unsigned number, struct draft_touchpoint *touchpoint)
{
    const struct config_node *stage = config_get(key->value, "stage");
    const struct config_node *intent = config_get(key->value, "intent");
    const struct config_node *match = config_get(key->value, "match");
    if (!match)
        return config_fail(&reader->config, key,
                           "touchpoint \"%s\": expected \"match\", the conditions that recognise "
                           "it, found none",
                           key->text.at);
    if (stage && !config_expect_text(&reader->config, stage, "stage", MAX_NAME))
        return false;
    if (intent && !expect_name(reader, intent, "intent"))
        return false;
    touchpoint->stage = stage ? keep(reader, stage) : "";
    touchpoint->intent = intent ? keep(reader, intent) : "";
    touchpoint->at = stage ? *stage : *key;
    return read_match(reader, match, number, touchpoint);
}

static bool read_touchpoint(struct reader *reader, const struct config_node *key)
{
    static const char *const keys[] = {"stage", "intent", "match", NULL};
    struct draft *draft = reader->draft;
    if (!expect_name(reader, key, "the name of a touchpoint"))
        return false;
    char what[MAX_NAME + 32];
    snprintf(what, sizeof what, "touchpoint \"%s\"", key->text.at);
    if (!config_expect_keys(&reader->config, key->value, what, keys))
        return false;
    size_t number = find_touchpoint(draft, key->text);
    if (number == JOURNEY_MAX_TOUCHPOINTS)
        return config_fail(&reader->config, key, "more than %d touchpoints",
                           JOURNEY_MAX_TOUCHPOINTS);
    struct draft_touchpoint touchpoint = {.name = keep(reader, key),
                                          .source = reader->config.source};
    if (!read_touchpoint_fields(reader, key, (unsigned)number, &touchpoint))
        return false;
    draft->touchpoints[number] = touchpoint;
    draft->touchpoint_count += number == draft->touchpoint_count;
    return true;
}

static bool read_touchpoints(struct reader *reader, const struct config_node *mapping)
{
    if (!mapping)
        return true;
    if (!config_expect_mapping(&reader->config, mapping, "touchpoints"))
        return false;
    for (const struct config_node *key = mapping->first; key; key = key->next) {
        if (!read_touchpoint(reader, key))
            return false;
    }
    return true;
}

/* ---- funnels ---- */

static bool fail_unknown_touchpoint(const struct reader *reader, const struct config_node *scalar)
{
    const struct draft *draft = reader->draft;
    const char *names[JOURNEY_MAX_TOUCHPOINTS + 1];
    char meant[128];
    for (size_t i = 0; i < draft->touchpoint_count; i++)
        names[i] = draft->touchpoints[i].name;
    names[draft->touchpoint_count] = NULL;
    return config_fail(&reader->config, scalar,
                       "unknown touchpoint \"%.*s\": expected the name of one under "
                       "\"touchpoints\"%s",
                       CONFIG_QUOTE(scalar->text),
                       suggest_phrase(meant, sizeof meant, scalar->text, names));
}

static bool add_alternative(const struct reader *reader, const struct config_node *item,
                            struct touch_set *set)
{
    if (!config_expect_text(&reader->config, item, "a touchpoint of a step", MAX_NAME))
        return false;
    size_t number = find_touchpoint(reader->draft, item->text);
    if (number == reader->draft->touchpoint_count)
        return fail_unknown_touchpoint(reader, item);
    if (touch_set_has(set, (unsigned)number))
        return config_fail(&reader->config, item, "touchpoint \"%s\" stands twice in this step",
                           item->text.at);
    touch_set_add(set, (unsigned)number);
    return true;
}

/* The names joined by "|", in the order of the file. */
static const char *join_label(const struct reader *reader, const struct config_node *names)
{
    size_t size = 0;
    for (const struct config_node *item = config_first(names); item;
         item = config_next(names, item))
        size += item->text.size + 1;
    char *label = arena_alloc(arena_of(reader), size);
    char *end = label;
    for (const struct config_node *item = config_first(names); item;
         item = config_next(names, item)) {
        if (end != label)
            *end++ = '|';
        memcpy(end, item->text.at, item->text.size);
        end += item->text.size;
    }
    *end = '\0';
    return label;
}

static bool read_alternatives(const struct reader *reader, const struct config_node *names,
                              struct funnel_step *step)
{
    if (config_count(names) == 0)
        return config_fail(&reader->config, names,
                           "any: expected at least one touchpoint, found an empty list");
    for (const struct config_node *item = config_first(names); item;
         item = config_next(names, item)) {
        if (!add_alternative(reader, item, &step->touchpoints))
            return false;
    }
    step->label = join_label(reader, names);
    return true;
}

static bool read_step_mapping(const struct reader *reader, const struct config_node *mapping,
                              struct funnel_step *step)
{
    static const char *const keys[] = {"touchpoint", "any", "optional", NULL};
    if (!config_expect_keys(&reader->config, mapping, "a step", keys))
        return false;
    const struct config_node *touchpoint = config_get(mapping, "touchpoint"),
                             *any = config_get(mapping, "any");
    const struct config_node *optional = config_get(mapping, "optional");
    if (!touchpoint == !any)
        return config_fail(&reader->config, mapping,
                           "a step: expected either \"touchpoint\" or \"any\", found %s",
                           touchpoint ? "both" : "neither");
    if (optional && !config_expect_truth(&reader->config, optional, "optional", &step->optional))
        return false;
    if (any && any->kind != CONFIG_LIST)
        return config_expect_list(&reader->config, any, "any");
    if (touchpoint && !config_expect_text(&reader->config, touchpoint, "touchpoint", MAX_NAME))
        return false;
    return read_alternatives(reader, any ? any : touchpoint, step);
}

static bool read_step(const struct reader *reader, const struct config_node *item,
                      struct funnel_step *step)
{
    if (item->kind == CONFIG_MAPPING)
        return read_step_mapping(reader, item, step);
    return config_expect_text(&reader->config, item,
                              "a step (a touchpoint's name, {any: [..]} or {touchpoint: ..})",
                              MAX_NAME) &&
           read_alternatives(reader, item, step);
}

static bool read_steps(const struct reader *reader, const struct config_node *list,
                       struct funnel *funnel)
{
    if (!config_expect_list(&reader->config, list, "steps"))
        return false;
    if (list->count == 0 || list->count > JOURNEY_MAX_STEPS)
        return config_fail(&reader->config, list, "steps: expected 1 to %d steps, found %zu",
                           JOURNEY_MAX_STEPS, list->count);
    struct funnel_step *steps = arena_alloc(arena_of(reader), list->count * sizeof *steps);
    funnel->steps = steps;
    for (const struct config_node *item = list->first; item; item = item->next) {
        struct funnel_step *step = &steps[funnel->step_count++];
        if (!read_step(reader, item, step))
            return false;
        bool is_end = item == list->first || !item->next;
        if (step->optional && is_end)
            return config_fail(&reader->config, item,
                               "the %s step of a funnel must not be optional",
                               item == list->first ? "first" : "last");
    }
    return true;
}

static bool read_window(const struct reader *reader, const struct config_node *scalar,
                        struct funnel *funnel)
{
    int64_t seconds;
    if (scalar->kind == CONFIG_SCALAR && slice_is(scalar->text, "none"))
        return true;
    if (!config_expect_duration(&reader->config, scalar, "window", ", or none", &seconds))
        return false;
    funnel->window_ms = seconds * 1000;
    return true;
}

static bool read_funnel_options(const struct reader *reader, const struct config_node *mapping,
                                struct funnel *funnel)
{
    static const char *const units[] = {"visit", "visitor", NULL};
    static const char *const orders[] = {"ordered", NULL};
    static const char *const entries[] = {"closed", NULL};
    const struct config *config = &reader->config;
    const struct config_node *per = config_get(mapping, "per"),
                             *window = config_get(mapping, "window");
    const struct config_node *order = config_get(mapping, "order"),
                             *entry = config_get(mapping, "entry");
    size_t unit = FUNNEL_PER_VISIT, only;
    if (per && !config_expect_choice(config, per, "per", units, &unit))
        return false;
    funnel->unit = (enum funnel_unit)unit;
    return (!window || read_window(reader, window, funnel)) &&
           (!order || config_expect_choice(config, order, "order", orders, &only)) &&
           (!entry || config_expect_choice(config, entry, "entry", entries, &only));
}

static void add_funnel(struct draft *draft, const struct funnel *funnel)
{
    size_t i = 0;
    while (i < draft->funnel_count && strcmp(draft->funnels[i].name, funnel->name) != 0)
        i++;
    draft->funnels = mem_grow(draft->funnels, &draft->funnel_capacity, draft->funnel_count + 1,
                              sizeof *draft->funnels);
    draft->funnels[i] = *funnel;
    draft->funnel_count += i == draft->funnel_count;
}

static bool read_funnel(struct reader *reader, const struct config_node *key)
{
    static const char *const keys[] = {"per", "window", "order", "entry", "steps", NULL};
    if (!expect_name(reader, key, "the name of a funnel"))
        return false;
    char what[MAX_NAME + 32];
    snprintf(what, sizeof what, "funnel \"%s\"", key->text.at);
    if (!config_expect_keys(&reader->config, key->value, what, keys))
        return false;
    const struct config_node *steps = config_get(key->value, "steps");
    if (!steps)
        return config_fail(&reader->config, key, "%s: expected \"steps\", found none", what);
    struct funnel funnel = {.name = keep(reader, key), .window_ms = JOURNEY_NO_WINDOW};
    if (!read_funnel_options(reader, key->value, &funnel) || !read_steps(reader, steps, &funnel))
        return false;
    add_funnel(reader->draft, &funnel);
    return true;
}

static bool read_funnels(struct reader *reader, const struct config_node *mapping)
{
    if (!mapping)
        return true;
    if (!config_expect_mapping(&reader->config, mapping, "funnels"))
        return false;
    for (const struct config_node *key = mapping->first; key; key = key->next) {
        if (!read_funnel(reader, key))
            return false;
    }
    return true;
}

/* ---- a file and what it extends ---- */

static const struct builtin_journey *find_builtin(struct slice name)
{
    size_t count;
    const struct builtin_journey *builtin = builtin_journeys(&count);
    for (; count; count--, builtin++) {
        if (slice_is(name, builtin->name))
            return builtin;
    }
    return NULL;
}

/* "expected a, b or c (did you mean "a"?)" over the built-in names, into `text`. */
static const char *expected_builtin(char *text, size_t size, struct slice wrong)
{
    size_t count;
    char names_text[256], meant[128];
    const struct builtin_journey *builtin = builtin_journeys(&count);
    const char **names = mem_zeroed(count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = builtin[i].name;
    snprintf(text, size, "%s%s", config_join(names_text, sizeof names_text, names),
             suggest_phrase(meant, sizeof meant, wrong, names));
    mem_free(names);
    return text;
}

static bool read_level(struct draft *draft, struct slice text, const char *source, size_t level);

static bool read_extends(struct reader *reader, const struct config_node *extends)
{
    char expected[384];
    if (!extends)
        return true;
    if (!config_expect_text(&reader->config, extends, "extends", MAX_NAME))
        return false;
    const struct builtin_journey *base = find_builtin(extends->text);
    if (!base)
        return config_fail(
            &reader->config, extends, "extends \"%s\": expected the name of a built-in journey: %s",
            extends->text.at, expected_builtin(expected, sizeof expected, extends->text));
    if (reader->level == MAX_LEVELS)
        return config_fail(&reader->config, extends,
                           "extends \"%s\": more than %d levels, or a journey that extends itself",
                           extends->text.at, MAX_LEVELS);
    const char *source = arena_format(arena_of(reader), "built-in %s", base->name);
    return read_level(reader->draft, slice_of(base->text), source, reader->level + 1);
}

/* The name in reports is that of the user's file, not that of its base. */
static bool read_name(struct reader *reader, const struct config_node *name)
{
    if (!name || !config_expect_text(&reader->config, name, "journey", MAX_NAME))
        return !name;
    if (reader->level == 0)
        reader->draft->journey->name = keep(reader, name);
    return true;
}

static bool read_root(struct reader *reader, const struct config_node *root)
{
    static const char *const keys[] = {
        "journey",   "extends",    "stages", "visitor",     "visit",   "internal", "bots",
        "own_hosts", "show_query", "log",    "touchpoints", "funnels", NULL,
    };
    return config_expect_keys(&reader->config, root, "a journey file", keys) &&
           read_name(reader, config_get(root, "journey")) &&
           read_extends(reader, config_get(root, "extends")) &&
           read_stages(reader, config_get(root, "stages")) && read_people(reader, root) &&
           read_log(reader, config_get(root, "log")) &&
           read_touchpoints(reader, config_get(root, "touchpoints")) &&
           read_funnels(reader, config_get(root, "funnels"));
}

static bool read_level(struct draft *draft, struct slice text, const char *source, size_t level)
{
    struct arena tree;
    arena_init(&tree);
    struct reader reader = {draft, {source, &tree, draft->error}, level};
    const struct config_node *root = config_parse(&reader.config, text);
    bool is_good = root && read_root(&reader, root);
    arena_clear(&tree);
    return is_good;
}

/* ---- the finished journey ---- */

static bool fail_touchpoint(const struct draft *draft, const struct draft_touchpoint *touchpoint,
                            const char *sentence)
{
    return error_at(draft->error, ERROR_USAGE, touchpoint->source, touchpoint->at.line,
                    touchpoint->at.column, "touchpoint \"%s\": %s", touchpoint->name, sentence);
}

static bool check_stage(const struct draft *draft, const struct draft_touchpoint *touchpoint)
{
    char sentence[512], expected[256], meant[128];
    if (!touchpoint->stage[0] || has_stage(draft, touchpoint->stage))
        return true;
    snprintf(sentence, sizeof sentence, "unknown stage \"%s\": expected %s%s", touchpoint->stage,
             config_join(expected, sizeof expected, draft->stages),
             suggest_phrase(meant, sizeof meant, slice_of(touchpoint->stage), draft->stages));
    return fail_touchpoint(draft, touchpoint, sentence);
}

/* Without a list the stages are those of the touchpoints, in the order of appearance. */
static void collect_stages(struct draft *draft)
{
    draft->stages =
        arena_alloc(&draft->journey->arena, (draft->touchpoint_count + 1) * sizeof *draft->stages);
    for (size_t i = 0; i < draft->touchpoint_count; i++) {
        const char *stage = draft->touchpoints[i].stage;
        if (stage[0] && !has_stage(draft, stage))
            draft->stages[draft->stage_count++] = stage;
    }
}

static bool settle_stages(struct draft *draft)
{
    if (!draft->has_stages)
        collect_stages(draft);
    for (size_t i = 0; i < draft->touchpoint_count; i++) {
        if (!check_stage(draft, &draft->touchpoints[i]))
            return false;
    }
    draft->journey->stages = draft->stages;
    draft->journey->stage_count = draft->stage_count;
    return true;
}

static bool count_rules(const struct draft *draft, size_t *rule_count)
{
    size_t globs = 0;
    *rule_count = 0;
    for (size_t i = 0; i < draft->touchpoint_count; i++) {
        const struct draft_touchpoint *touchpoint = &draft->touchpoints[i];
        *rule_count += touchpoint->rule_count;
        for (size_t r = 0; r < touchpoint->rule_count; r++)
            globs += conditions_count_globs(&touchpoint->rules[r]);
        if (*rule_count > MAX_RULES)
            return fail_touchpoint(draft, touchpoint, "more than 4096 alternatives in the journey");
        if (globs > MAX_GLOBS)
            return fail_touchpoint(draft, touchpoint, "more than 16384 globs in the journey");
    }
    return true;
}

static int stage_number(const struct draft *draft, const char *stage)
{
    for (size_t i = 0; i < draft->stage_count; i++) {
        if (strcmp(draft->stages[i], stage) == 0)
            return (int)i;
    }
    return JOURNEY_NO_STAGE;
}

static bool settle_touchpoints(struct draft *draft)
{
    struct journey *journey = draft->journey;
    size_t rule_count;
    if (!count_rules(draft, &rule_count))
        return false;
    struct touch_rule *rules = arena_alloc(&journey->arena, rule_count * sizeof *rules);
    struct touchpoint *touchpoints =
        arena_alloc(&journey->arena, draft->touchpoint_count * sizeof *touchpoints);
    for (size_t i = 0; i < draft->touchpoint_count; i++) {
        const struct draft_touchpoint *from = &draft->touchpoints[i];
        touchpoints[i] = (struct touchpoint){from->name, stage_number(draft, from->stage),
                                             from->intent, journey->rule_count, from->rule_count};
        memcpy(rules + journey->rule_count, from->rules, from->rule_count * sizeof *rules);
        journey->rule_count += from->rule_count;
    }
    journey->rules = rules;
    journey->touchpoints = touchpoints;
    journey->touchpoint_count = draft->touchpoint_count;
    return true;
}

static void settle_funnels(struct draft *draft)
{
    struct journey *journey = draft->journey;
    size_t size = draft->funnel_count * sizeof *draft->funnels;
    struct funnel *funnels = arena_alloc(&journey->arena, size);
    if (size)
        memcpy(funnels, draft->funnels, size);
    journey->funnels = funnels;
    journey->funnel_count = draft->funnel_count;
}

static bool settle(struct draft *draft, const char *source)
{
    if (draft->touchpoint_count == 0)
        return error_at(draft->error, ERROR_USAGE, source, 0, 0,
                        "expected \"touchpoints\" with at least one touchpoint, found none");
    if (!settle_stages(draft) || !settle_touchpoints(draft))
        return false;
    settle_funnels(draft);
    struct journey *journey = draft->journey;
    return log_section_settle(&journey->log, &journey->extra, &journey->arena, draft->error);
}

/* "shop" of "sites/shop.yaml": the name of a journey that does not give one. */
static const char *name_of_source(struct arena *arena, const char *source)
{
    const char *slash = strrchr(source, '/');
    const char *begin = slash ? slash + 1 : source;
    const char *dot = strrchr(begin, '.');
    size_t size = dot && dot > begin ? (size_t)(dot - begin) : strlen(begin);
    return arena_copy(arena, (struct slice){begin, size}).at;
}

struct journey *journey_parse(struct slice text, const char *source, struct error *error)
{
    struct journey *journey = mem_zeroed(1, sizeof *journey);
    struct draft draft = {.journey = journey, .error = error};
    arena_init(&journey->arena);
    journey->source = arena_copy(&journey->arena, slice_of(source)).at;
    journey->name = name_of_source(&journey->arena, source);
    journey->visit.timeout_ms = JOURNEY_DEFAULT_TIMEOUT_S * 1000;
    journey->visitor = visitor_rules_default();
    if (!read_level(&draft, text, source, 0) || !settle(&draft, source)) {
        journey_free(journey);
        journey = NULL;
    }
    mem_free(draft.funnels);
    return journey;
}

/* ---- from a file or by name ---- */

/* At most one byte over the limit: enough to see that it is too large. */
static struct journey *parse_stream(FILE *stream, const char *file, struct error *error)
{
    char *text = mem_alloc(CONFIG_MAX_BYTES + 1);
    errno = 0;
    size_t size = fread(text, 1, CONFIG_MAX_BYTES + 1, stream);
    struct journey *journey = NULL;
    if (ferror(stream))
        error_at(error, ERROR_USAGE, file, 0, 0, "the journey file cannot be read: %s",
                 strerror(errno));
    else
        journey = journey_parse((struct slice){text, size}, file, error);
    mem_free(text);
    return journey;
}

static struct journey *load_file(const char *file, bool may_be_name, struct error *error)
{
    char expected[384];
    FILE *stream = fopen(file, "rb");
    if (!stream && errno == ENOENT && may_be_name) {
        error_set(error, ERROR_USAGE,
                  "unknown journey \"%.60s\": expected a file or the name of a built-in: %s", file,
                  expected_builtin(expected, sizeof expected, slice_of(file)));
        return NULL;
    }
    if (!stream) {
        error_at(error, ERROR_USAGE, file, 0, 0, "the journey file cannot be opened: %s",
                 strerror(errno));
        return NULL;
    }
    struct journey *journey = parse_stream(stream, file, error);
    fclose(stream);
    return journey;
}

static bool ends_in(struct slice text, struct slice end)
{
    return text.size >= end.size && slice_equal(slice_from(text, text.size - end.size), end);
}

struct journey *journey_load(const char *file_or_name, struct error *error)
{
    struct slice text = slice_of(file_or_name);
    bool is_file = strchr(file_or_name, '/') || ends_in(text, SLICE_LITERAL(".yaml")) ||
                   ends_in(text, SLICE_LITERAL(".yml"));
    const struct builtin_journey *builtin = is_file ? NULL : find_builtin(text);
    if (builtin)
        return journey_parse(slice_of(builtin->text), "built-in", error);
    return load_file(file_or_name, !is_file, error);
}

void journey_free(struct journey *journey)
{
    if (!journey)
        return;
    people_section_clear(journey);
    arena_clear(&journey->arena);
    mem_free(journey);
}

/* ---- looking things up ---- */

int journey_find_touchpoint(const struct journey *journey, struct slice name)
{
    for (size_t i = 0; i < journey->touchpoint_count; i++) {
        if (slice_is(name, journey->touchpoints[i].name))
            return (int)i;
    }
    return -1;
}

static bool fail_unknown_funnel(const struct journey *journey, const char *name,
                                struct error *error)
{
    char expected[256], meant[128];
    const char **names = mem_zeroed(journey->funnel_count + 1, sizeof *names);
    for (size_t i = 0; i < journey->funnel_count; i++)
        names[i] = journey->funnels[i].name;
    error_set(error, ERROR_USAGE, "journey \"%s\" has no funnel \"%.60s\": expected %s%s",
              journey->name, name,
              names[0] ? config_join(expected, sizeof expected, names) : "none, it has no funnels",
              suggest_phrase(meant, sizeof meant, slice_of(name), names));
    mem_free(names);
    return false;
}

bool journey_keep_funnel(struct journey *journey, const char *name, struct error *error)
{
    for (size_t i = 0; i < journey->funnel_count; i++) {
        if (strcmp(journey->funnels[i].name, name) == 0) {
            journey->funnels += i;
            journey->funnel_count = 1;
            return true;
        }
    }
    return fail_unknown_funnel(journey, name, error);
}
