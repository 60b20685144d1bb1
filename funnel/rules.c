#include "funnel/rules.h"

#include "base/ascii.h"
#include "base/hash.h"
#include "base/names.h"
#include "funnel/form_outcome.h"
#include "funnel/glob.h"
#include "funnel/words.h"
#include "parser/url.h"

enum {
    MAX_QUERY_BYTES = 8 * 1024,
    MAX_PARAMETERS = 256,
    MAX_SEARCH_BYTES = 1024,
};

/* Globs of many rules in one automaton. */
struct rule_globs {
    struct glob_set *set;
    uint32_t *rule_of; /* glob -> rule */
};

struct rules {
    const struct journey *journey;
    struct rule_globs paths;
    struct rule_globs searches; /* words are matched like segments of a path, see phrase_glob */
    struct names parameters;    /* the search parameters, then those of query conditions */
    uint32_t **parameter_of;    /* [rule][query condition]: number in `parameters` */
    size_t word_count;          /* of a set of rules */
    bool has_outcomes;          /* some rule waits for the outcome of a form */
};

/* The rules that a class leaves to be tested: the plain ones, then those that need a query. */
struct rule_class {
    size_t first; /* in matcher->candidates */
    uint32_t plain_count, count;
};

struct parameter {
    uint32_t name;      /* number in rules->parameters */
    struct slice value; /* decoded */
};

/* Of a request's query: what any rule could ask for. */
struct query_view {
    struct parameter parameters[MAX_PARAMETERS];
    size_t parameter_count;
    struct slice words; /* of the site search, each with a slash before it */
    char text[MAX_QUERY_BYTES];
    char words_text[MAX_SEARCH_BYTES + 1];
};

struct rule_matcher {
    const struct rules *rules;
    struct glob_matcher *paths, *searches;
    struct names sets; /* class number <-> bit set of the rules whose path condition holds */
    struct rule_class *classes;
    size_t class_capacity;
    uint32_t *candidates;
    size_t candidate_count, candidate_capacity;
    uint64_t *path_rules;   /* scratch: the rules whose path condition holds */
    uint64_t *search_rules; /* scratch: those whose search condition does */
    struct query_view view;
    char path[RULES_PATH_MAX + 1];
};

/* What shops, CMSs and search plugins of eight languages call the field of their search form. */
static const char *const search_parameters[] = {
    "q",           "s",     "query",   "search",   "search_query", "searchterm",
    "search_term", "keys",  "keyword", "keywords", "term",         "k",
    "w",           "text",  "suche",   "zoek",     "recherche",    "buscar",
    "busca",       "cerca", "szukaj",  "sok",      "phrase",
};
enum { SEARCH_PARAMETERS = sizeof search_parameters / sizeof search_parameters[0] };

/* ---- compiling ---- */

static void compile_paths(struct rules *rules)
{
    const struct journey *journey = rules->journey;
    size_t count = 0, next = 0;
    for (size_t i = 0; i < journey->rule_count; i++)
        count += journey->rules[i].path_count;
    struct slice *globs = mem_zeroed(count, sizeof *globs);
    rules->paths.rule_of = mem_zeroed(count, sizeof *rules->paths.rule_of);
    for (size_t i = 0; i < journey->rule_count; i++) {
        for (size_t p = 0; p < journey->rules[i].path_count; p++) {
            rules->paths.rule_of[next] = (uint32_t)i;
            globs[next++] = journey->rules[i].paths[p];
        }
    }
    rules->paths.set = glob_set_new(globs, count);
    mem_free(globs);
}

/* "cancel order*" as the glob "/ ** /cancel/order* / **" (without the blanks). */
static struct slice phrase_glob(struct arena *arena, struct slice phrase)
{
    char *glob = arena_alloc(arena, phrase.size + 8);
    memcpy(glob, "/**/", 4);
    for (size_t i = 0; i < phrase.size; i++)
        glob[4 + i] = phrase.at[i] == ' ' ? '/' : phrase.at[i];
    memcpy(glob + 4 + phrase.size, "/**", 3);
    return (struct slice){glob, phrase.size + 7};
}

static void compile_searches(struct rules *rules)
{
    const struct journey *journey = rules->journey;
    struct arena texts;
    size_t count = 0, next = 0;
    for (size_t i = 0; i < journey->rule_count; i++)
        count += journey->rules[i].search_count;
    arena_init(&texts);
    struct slice *globs = mem_zeroed(count, sizeof *globs);
    rules->searches.rule_of = mem_zeroed(count, sizeof *rules->searches.rule_of);
    for (size_t i = 0; i < journey->rule_count; i++) {
        for (size_t p = 0; p < journey->rules[i].search_count; p++) {
            rules->searches.rule_of[next] = (uint32_t)i;
            globs[next++] = phrase_glob(&texts, journey->rules[i].searches[p]);
        }
    }
    rules->searches.set = glob_set_new(globs, count);
    mem_free(globs);
    arena_clear(&texts);
}

static void compile_parameters(struct rules *rules)
{
    const struct journey *journey = rules->journey;
    names_init(&rules->parameters, hash_key_random());
    for (size_t i = 0; i < SEARCH_PARAMETERS; i++)
        names_add(&rules->parameters, slice_of(search_parameters[i]));
    rules->parameter_of = mem_zeroed(journey->rule_count, sizeof *rules->parameter_of);
    for (size_t i = 0; i < journey->rule_count; i++) {
        const struct touch_rule *rule = &journey->rules[i];
        rules->parameter_of[i] = mem_zeroed(rule->query_count, sizeof **rules->parameter_of);
        for (size_t q = 0; q < rule->query_count; q++)
            rules->parameter_of[i][q] = names_add(&rules->parameters, rule->queries[q].name);
    }
}

struct rules *rules_new(const struct journey *journey)
{
    struct rules *rules = mem_zeroed(1, sizeof *rules);
    rules->journey = journey;
    rules->word_count = journey->rule_count / 64 + 1;
    for (size_t i = 0; i < journey->rule_count; i++)
        rules->has_outcomes |= journey->rules[i].outcomes != 0;
    compile_paths(rules);
    compile_searches(rules);
    compile_parameters(rules);
    return rules;
}

static void rule_globs_clear(struct rule_globs *globs)
{
    glob_set_free(globs->set);
    mem_free(globs->rule_of);
}

void rules_free(struct rules *rules)
{
    if (!rules)
        return;
    for (size_t i = 0; i < rules->journey->rule_count; i++)
        mem_free(rules->parameter_of[i]);
    mem_free(rules->parameter_of);
    names_clear(&rules->parameters);
    rule_globs_clear(&rules->paths);
    rule_globs_clear(&rules->searches);
    mem_free(rules);
}

/* ---- paths ---- */

struct slice rules_path(struct slice path, char *out)
{
    if (!url_may_have_parameters(path))
        return glob_normalise(slice_head(path, RULES_PATH_MAX), out);
    return glob_normalise(url_without_parameters(path, out, RULES_PATH_MAX), out);
}

struct slice rules_page(struct slice path, char *out)
{
    struct slice page = rules_path(path, out);
    for (size_t i = 0; i < page.size; i++)
        out[i] = ascii_lower(out[i]);
    return page;
}

/* ---- classes ---- */

static bool needs_query(const struct touch_rule *rule)
{
    return rule->query_count || rule->search_count;
}

static bool is_in(const uint64_t *set, size_t bit)
{
    return set[bit / 64] >> bit % 64 & 1;
}

/* Adds the rules of the set (and those without a path condition) that do or do not need a query. */
static uint32_t add_candidates(struct rule_matcher *matcher, const uint64_t *set, bool with_query)
{
    const struct journey *journey = matcher->rules->journey;
    size_t before = matcher->candidate_count;
    for (size_t i = 0; i < journey->rule_count; i++) {
        const struct touch_rule *rule = &journey->rules[i];
        if (needs_query(rule) != with_query || (rule->path_count && !is_in(set, i)))
            continue;
        matcher->candidates = mem_grow(matcher->candidates, &matcher->candidate_capacity,
                                       matcher->candidate_count + 1, sizeof *matcher->candidates);
        matcher->candidates[matcher->candidate_count++] = (uint32_t)i;
    }
    return (uint32_t)(matcher->candidate_count - before);
}

/* The class of a set of rules; a new one gets its list of candidates. */
static uint32_t intern_class(struct rule_matcher *matcher, const uint64_t *set)
{
    uint32_t known = matcher->sets.count;
    struct slice key = {(const char *)set, matcher->rules->word_count * sizeof *set};
    uint32_t number = names_add(&matcher->sets, key);
    if (number < known)
        return number;
    matcher->classes =
        mem_grow(matcher->classes, &matcher->class_capacity, number + 1, sizeof *matcher->classes);
    struct rule_class *new_class = &matcher->classes[number];
    new_class->first = matcher->candidate_count;
    new_class->plain_count = add_candidates(matcher, set, false);
    new_class->count = new_class->plain_count + add_candidates(matcher, set, true);
    return number;
}

struct rule_matcher *rule_matcher_new(const struct rules *rules)
{
    struct rule_matcher *matcher = mem_zeroed(1, sizeof *matcher);
    matcher->rules = rules;
    matcher->paths = glob_matcher_new(rules->paths.set);
    matcher->searches = glob_matcher_new(rules->searches.set);
    matcher->path_rules = mem_zeroed(rules->word_count, sizeof *matcher->path_rules);
    matcher->search_rules = mem_zeroed(rules->word_count, sizeof *matcher->search_rules);
    names_init(&matcher->sets, hash_key_random());
    intern_class(matcher, matcher->path_rules); /* class 0: no path condition holds */
    return matcher;
}

void rule_matcher_free(struct rule_matcher *matcher)
{
    if (!matcher)
        return;
    glob_matcher_free(matcher->paths);
    glob_matcher_free(matcher->searches);
    names_clear(&matcher->sets);
    mem_free(matcher->classes);
    mem_free(matcher->candidates);
    mem_free(matcher->path_rules);
    mem_free(matcher->search_rules);
    mem_free(matcher);
}

/* The rules of which a glob matches, as a set. */
static void gather_rules(const struct rules *rules, const struct rule_globs *globs,
                         const uint64_t *matched, uint64_t *set)
{
    size_t words = (glob_set_size(globs->set) + 63) / 64;
    memset(set, 0, rules->word_count * sizeof *set);
    for (size_t word = 0; word < words; word++) {
        for (uint64_t left = matched[word]; left; left &= left - 1) {
            uint32_t rule = globs->rule_of[word * 64 + (size_t)__builtin_ctzll(left)];
            set[rule / 64] |= UINT64_C(1) << rule % 64;
        }
    }
}

uint32_t rules_classify(struct rule_matcher *matcher, struct slice path)
{
    const struct rules *rules = matcher->rules;
    struct slice normal = rules_path(path, matcher->path);
    gather_rules(rules, &rules->paths, glob_match(matcher->paths, normal), matcher->path_rules);
    return intern_class(matcher, matcher->path_rules);
}

bool rules_may_match(const struct rule_matcher *matcher, uint32_t class_number, bool has_query)
{
    const struct rule_class *of = &matcher->classes[class_number];
    return has_query ? of->count > 0 : of->plain_count > 0;
}

/* ---- queries ---- */

/* The number of a parameter that some rule asks for, or NAMES_NONE. */
static uint32_t find_parameter(const struct rules *rules, struct slice name)
{
    char decoded[256];
    if (!memchr(name.at, '%', name.size) && !memchr(name.at, '+', name.size))
        return names_find(&rules->parameters, name);
    if (name.size > sizeof decoded)
        return NAMES_NONE;
    return names_find(&rules->parameters, (struct slice){decoded, url_decode(name, true, decoded)});
}

/* The search words with a slash before each, as the globs of phrases expect them. */
static struct slice read_words(struct slice query, char *out)
{
    struct slice words = rules_search_words(query, out + 1, MAX_SEARCH_BYTES);
    out[0] = '/';
    for (size_t i = 1; i <= words.size; i++)
        out[i] = out[i] == ' ' ? '/' : out[i];
    return (struct slice){out, words.size ? words.size + 1 : 0};
}

static void view_read(struct query_view *view, const struct rules *rules, struct slice query)
{
    struct slice rest = query = slice_head(query, MAX_QUERY_BYTES);
    struct url_parameter next;
    char *out = view->text;
    bool has_search = false;
    view->parameter_count = 0;
    while (view->parameter_count < MAX_PARAMETERS && url_next_parameter(&rest, &next)) {
        uint32_t name = find_parameter(rules, next.name);
        if (name == NAMES_NONE)
            continue;
        struct slice value = {out, url_decode(next.value, true, out)};
        out += value.size;
        view->parameters[view->parameter_count++] = (struct parameter){name, value};
        has_search |= name < SEARCH_PARAMETERS;
    }
    view->words = has_search ? read_words(query, view->words_text) : (struct slice){NULL, 0};
}

static bool value_fits(const struct query_condition *condition, struct slice value)
{
    for (size_t i = 0; i < condition->value_count; i++) {
        if (glob_matches_text(condition->values[i], value))
            return true;
    }
    return false;
}

static bool has_parameter(const struct query_view *view, uint32_t name,
                          const struct query_condition *condition)
{
    for (size_t i = 0; i < view->parameter_count; i++) {
        if (view->parameters[i].name == name && value_fits(condition, view->parameters[i].value))
            return true;
    }
    return false;
}

static bool query_holds(const struct rules *rules, size_t number, const struct query_view *view)
{
    const struct touch_rule *rule = &rules->journey->rules[number];
    for (size_t i = 0; i < rule->query_count; i++) {
        if (!has_parameter(view, rules->parameter_of[number][i], &rule->queries[i]))
            return false;
    }
    return true;
}

static bool is_search_parameter(struct slice name)
{
    char decoded[48];
    if (name.size > sizeof decoded)
        return false;
    struct slice plain = {decoded, url_decode(name, true, decoded)};
    for (size_t i = 0; i < SEARCH_PARAMETERS; i++) {
        if (slice_is(plain, search_parameters[i]))
            return true;
    }
    return false;
}

struct slice rules_search_words(struct slice query, char *out, size_t out_size)
{
    struct url_parameter parameter;
    struct slice rest = query;
    while (url_next_parameter(&rest, &parameter)) {
        if (!is_search_parameter(parameter.name))
            continue;
        struct slice value = {out, url_decode(slice_head(parameter.value, out_size), true, out)};
        struct slice words = words_normalise(value, false, out);
        if (words.size)
            return words;
    }
    return (struct slice){out, 0};
}

/* ---- one rule and one hit ---- */

static bool names_method(const struct touch_rule *rule, enum request_method method)
{
    return rule->methods >> method & 1;
}

/* These ask about a page without being a step of anybody's (a preflight, a link checker). */
static bool is_question(enum request_method method)
{
    return method == METHOD_HEAD || method == METHOD_OPTIONS || method == METHOD_TRACE ||
           method == METHOD_CONNECT;
}

static bool kind_fits(const struct touch_rule *rule, const struct request *request)
{
    switch (request->kind) {
    case KIND_PAGE:
        return true;
    case KIND_CALL:
        return rule->names_calls &&
               (!is_question(request->method) || names_method(rule, request->method));
    case KIND_OTHER:
        return names_method(rule, request->method);
    default:
        return false;
    }
}

static bool method_fits(const struct touch_rule *rule, const struct request *request)
{
    return rule->methods == 0 || names_method(rule, request->method);
}

static bool names_status(const struct touch_rule *rule, unsigned status)
{
    for (size_t i = 0; i < rule->status_count; i++) {
        if (status >= rule->statuses[i].first && status <= rule->statuses[i].last)
            return true;
    }
    return false;
}

static bool is_success(enum request_method method, unsigned status)
{
    bool is_answer_to_post = method == METHOD_POST && status >= 300 && status < 400;
    return (status >= 200 && status < 300) || status == 304 || is_answer_to_post;
}

/* What a hit that meets all other conditions comes to. */
static enum rule_verdict judge(const struct touch_rule *rule, enum request_method method,
                               unsigned status)
{
    bool is_reached = rule->status_count ? names_status(rule, status) : is_success(method, status);
    if (is_reached)
        return RULE_REACHED;
    if (status >= 400 && status < 600)
        return RULE_FAILED;
    return rule->status_count ? RULE_STATUS : RULE_NEITHER;
}

/* A touchpoint that one rule reaches is not a failed one by another. */
static bool settle(struct touch_marks *marks)
{
    uint64_t any = 0;
    for (size_t i = 0; i < JOURNEY_MAX_TOUCHPOINTS / 64; i++) {
        marks->failed.words[i] &= ~marks->reached.words[i];
        any |= marks->failed.words[i] | marks->reached.words[i];
    }
    return any != 0;
}

/* Nor does it wait for anything. */
static bool settle_open(struct touch_marks *marks)
{
    uint64_t any = 0;
    for (size_t o = 0; o < OUTCOME_COUNT; o++) {
        for (size_t i = 0; i < JOURNEY_MAX_TOUCHPOINTS / 64; i++) {
            marks->open[o].words[i] &= ~marks->reached.words[i];
            any |= marks->open[o].words[i];
        }
    }
    return any != 0;
}

static void leave_open(struct touch_marks *marks, const struct touch_rule *rule, unsigned status)
{
    if (rule->status_count && !names_status(rule, status))
        return;
    for (unsigned o = 0; o < OUTCOME_COUNT; o++) {
        if (rule->outcomes >> o & 1)
            touch_set_add(&marks->open[o], rule->touchpoint);
    }
}

static void mark(struct touch_marks *marks, const struct touch_rule *rule,
                 const struct request *request, unsigned status)
{
    if (rule->outcomes) {
        leave_open(marks, rule, status);
        return;
    }
    enum rule_verdict verdict = judge(rule, request->method, status);
    if (verdict == RULE_REACHED)
        touch_set_add(&marks->reached, rule->touchpoint);
    else if (verdict == RULE_FAILED)
        touch_set_add(&marks->failed, rule->touchpoint);
}

static void mark_plain(const struct rule_matcher *matcher, const struct rule_class *of,
                       const struct request *request, unsigned status, struct touch_marks *marks)
{
    const uint32_t *candidates = matcher->candidates + of->first;
    for (size_t i = 0; i < of->plain_count; i++) {
        const struct touch_rule *rule = &matcher->rules->journey->rules[candidates[i]];
        if (kind_fits(rule, request) && method_fits(rule, request))
            mark(marks, rule, request, status);
    }
}

static void mark_with_query(struct rule_matcher *matcher, const struct rule_class *of,
                            const struct request *request, unsigned status,
                            struct touch_marks *marks)
{
    const struct rules *rules = matcher->rules;
    const uint32_t *candidates = matcher->candidates + of->first;
    view_read(&matcher->view, rules, request->query);
    if (matcher->view.parameter_count == 0)
        return;
    gather_rules(rules, &rules->searches, glob_match(matcher->searches, matcher->view.words),
                 matcher->search_rules);
    for (size_t i = of->plain_count; i < of->count; i++) {
        const struct touch_rule *rule = &rules->journey->rules[candidates[i]];
        bool search_holds = rule->search_count == 0 || is_in(matcher->search_rules, candidates[i]);
        if (search_holds && kind_fits(rule, request) && method_fits(rule, request) &&
            query_holds(rules, candidates[i], &matcher->view))
            mark(marks, rule, request, status);
    }
}

bool rules_match(struct rule_matcher *matcher, uint32_t class_number, const struct request *request,
                 unsigned status, struct touch_marks *marks)
{
    const struct rule_class *of = &matcher->classes[class_number];
    *marks = (struct touch_marks){0};
    if (of->count == 0)
        return false;
    mark_plain(matcher, of, request, status, marks);
    if (request->query.size && of->count > of->plain_count)
        mark_with_query(matcher, of, request, status, marks);
    bool is_marked = settle(marks);
    return (matcher->rules->has_outcomes && settle_open(marks)) || is_marked;
}

/* ---- explaining ---- */

/* Not fast: a matcher for one text. */
static bool one_matches(const struct slice *globs, size_t count, struct slice text)
{
    struct glob_set *set = glob_set_new(globs, count);
    struct glob_matcher *matcher = glob_matcher_new(set);
    const uint64_t *matched = glob_match(matcher, text);
    bool matches = false;
    for (size_t i = 0; i < count; i++)
        matches |= is_in(matched, i);
    glob_matcher_free(matcher);
    glob_set_free(set);
    return matches;
}

static bool path_fits(const struct touch_rule *rule, struct slice path)
{
    char normal[RULES_PATH_MAX + 1];
    return rule->path_count == 0 ||
           one_matches(rule->paths, rule->path_count, rules_path(path, normal));
}

static bool search_fits(const struct touch_rule *rule, struct slice words)
{
    struct arena texts;
    if (rule->search_count == 0)
        return true;
    arena_init(&texts);
    struct slice *globs = arena_alloc(&texts, rule->search_count * sizeof *globs);
    for (size_t i = 0; i < rule->search_count; i++)
        globs[i] = phrase_glob(&texts, rule->searches[i]);
    bool fits = one_matches(globs, rule->search_count, words);
    arena_clear(&texts);
    return fits;
}

static enum rule_verdict explain_outcome(const struct touch_rule *rule, unsigned status,
                                         bool is_form_page)
{
    enum form_outcome outcome = form_outcome_of(status, is_form_page);
    if (outcome == OUTCOME_COUNT)
        return RULE_OUTCOME;
    if (rule->outcomes >> outcome & 1)
        return RULE_REACHED;
    return rule->outcomes == 1 << OUTCOME_SUBMITTED ? RULE_FAILED : RULE_OUTCOME;
}

/* What hangs on the visit is told only as far as both ways come to the same. */
static enum rule_verdict explain_answer(const struct touch_rule *rule,
                                        const struct request *request, unsigned status)
{
    if (!rule->outcomes)
        return judge(rule, request->method, status);
    if (rule->status_count && !names_status(rule, status))
        return RULE_STATUS;
    enum rule_verdict apart = explain_outcome(rule, status, false);
    enum rule_verdict same =
        request->kind == KIND_CALL ? apart : explain_outcome(rule, status, true);
    return apart == same ? apart : RULE_OPEN;
}

static enum rule_verdict explain_query(const struct rules *rules, size_t number,
                                       const struct request *request, unsigned status)
{
    const struct touch_rule *rule = &rules->journey->rules[number];
    struct query_view *view = mem_zeroed(1, sizeof *view);
    enum rule_verdict verdict = explain_answer(rule, request, status);
    view_read(view, rules, request->query);
    if (!query_holds(rules, number, view))
        verdict = RULE_QUERY;
    else if (!search_fits(rule, view->words))
        verdict = RULE_SEARCH;
    mem_free(view);
    return verdict;
}

enum rule_verdict rules_explain(const struct rules *rules, size_t number,
                                const struct request *request, unsigned status)
{
    const struct touch_rule *rule = &rules->journey->rules[number];
    if (!kind_fits(rule, request))
        return RULE_KIND;
    if (!path_fits(rule, request->path))
        return RULE_PATH;
    if (!method_fits(rule, request))
        return RULE_METHOD;
    return explain_query(rules, number, request, status);
}
