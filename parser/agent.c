#define PCRE2_CODE_UNIT_WIDTH 8
#include "parser/agent.h"

#include <assert.h>
#include <pcre2.h>

#include "base/memory.h"
#include "parser/agent_class.h"
#include "parser/automaton.h"

struct crawler {
    const char *pattern;
    const char *tag;
};

/* Made by the build from crawlers.tsv. */
static const struct crawler crawlers[] = {
#include "parser/crawlers.inc"
};

enum { CRAWLER_COUNT = sizeof crawlers / sizeof crawlers[0] };

/* A pattern that is more than a text to look for. */
struct expression {
    uint32_t crawler;
    pcre2_code *code;
};

/*
 * The automaton finds the literal patterns by their numbers. An expression is only tried when one
 * of the words stands there that its match must contain: "rawler" for (sistrix|SISTRIX) [cC]rawler.
 * Each has a flag for that; more than 64 expressions would share flags and be tried too often.
 */
struct agent_rules {
    struct automaton *automaton;
    struct expression *expressions; /* by crawler, ascending */
    size_t expression_count, expression_capacity;
    uint64_t always; /* flags of expressions without such a word */
    pcre2_general_context *memory;
    pcre2_match_context *limits;
};

/* The words while they are collected. */
struct word_list {
    struct automaton_word *items;
    size_t count, capacity;
    struct arena texts;
};

static void add_word(struct word_list *words, struct automaton_word word)
{
    words->items = mem_grow(words->items, &words->capacity, words->count + 1, sizeof word);
    word.text = arena_copy(&words->texts, word.text);
    words->items[words->count++] = word;
}

/* ASCII only, whatever the locale. */
static bool is_letter_or_digit(char c)
{
    char lower = (char)(c | 0x20);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
}

/* Unescapes a pattern that is nothing but text. False, with *size undefined, when it is more. */
static bool literal_text(const char *pattern, char *text, size_t *size)
{
    *size = 0;
    for (const char *at = pattern; *at; at++) {
        if (*at == '\\' && (at[1] == '\0' || is_letter_or_digit(at[1])))
            return false;
        if (*at == '\\')
            at++;
        else if (strchr("^$.|?*+()[]{}", *at))
            return false;
        text[(*size)++] = *at;
    }
    return *size > 0;
}

/* A walk over a pattern in search of the text that every match contains. */
struct required_text {
    const char *at;
    int depth;                     /* of open groups */
    size_t run_size, longest_size; /* of the run that is going on, and of the longest one */
    char *run, *longest;
};

static void end_run(struct required_text *required)
{
    if (required->run_size > required->longest_size) {
        memcpy(required->longest, required->run, required->run_size);
        required->longest_size = required->run_size;
    }
    required->run_size = 0;
}

/* From the '[' of a class to its last byte. */
static const char *class_end(const char *at)
{
    at++;
    if (*at == '^')
        at++;
    if (*at == ']')
        at++;
    for (; *at && *at != ']'; at++) {
        if (*at == '\\' && at[1])
            at++;
    }
    return *at ? at : at - 1;
}

/* Takes one part of the pattern at the walk's place, and stops on its last byte. */
static void walk_part(struct required_text *required)
{
    char c = *required->at;
    bool is_escape = c == '\\' && required->at[1];
    if (is_escape)
        c = *++required->at;
    bool is_literal = is_escape ? !is_letter_or_digit(c) : !strchr("^$.|?*+()[]{}", c);
    if (is_literal && required->depth == 0) {
        required->run[required->run_size++] = c;
        return;
    }
    bool may_be_absent = !is_escape && c && strchr("?*{", c);
    if (may_be_absent && required->run_size)
        required->run_size--;
    end_run(required);
    if (is_escape)
        return;
    required->depth += (c == '(') - (c == ')');
    if (c == '[')
        required->at = class_end(required->at);
    while (c == '{' && required->at[1] && *required->at != '}')
        required->at++;
}

/*
 * The longest text that each match of the pattern's first alternative must contain, of size 0 when
 * that is unknown. *pattern moves to the next alternative, or to NULL. `run` and `longest` have
 * room for the pattern.
 */
static struct slice next_required(const char **pattern, char *run, char *longest)
{
    struct required_text required = {.at = *pattern, .run = run, .longest = longest};
    for (; *required.at; required.at++) {
        if (*required.at == '|' && required.depth == 0)
            break;
        walk_part(&required);
    }
    end_run(&required);
    *pattern = *required.at ? required.at + 1 : NULL;
    return (struct slice){longest, required.longest_size};
}

static uint64_t flag_of(size_t expression)
{
    return UINT64_C(1) << expression % 64;
}

/* The words that tell when expression number `expression` has to be tried. */
static void add_required_words(struct agent_rules *rules, struct word_list *words,
                               const char *pattern, size_t expression)
{
    size_t size = strlen(pattern) + 1;
    char *run = mem_alloc(size), *longest = mem_alloc(size);
    while (pattern) {
        struct slice text = next_required(&pattern, run, longest);
        if (text.size)
            add_word(words, (struct automaton_word){
                                .text = text, .number = UINT32_MAX, .flags = flag_of(expression)});
        else
            rules->always |= flag_of(expression);
    }
    mem_free(run);
    mem_free(longest);
}

/*
 * "A[\s\S]*B" as "A(*COMMIT)[\s\S]*B", other patterns as they are. What stands behind the first
 * A holds what stands behind any later one, so one try is enough; trying each would take the square
 * of the length of a text that is full of them.
 */
static char *without_retries(const char *pattern)
{
    const char *anything = strstr(pattern, "[\\s\\S]*");
    int head_size = anything ? (int)(anything - pattern) : 0;
    char *head = mem_format("%.*s", head_size, pattern);
    char *text = mem_alloc((size_t)head_size + 1);
    size_t size;
    char *better = literal_text(head, text, &size) ? mem_format("%s(*COMMIT)%s", head, anything)
                                                   : mem_format("%s", pattern);
    mem_free(head);
    mem_free(text);
    return better;
}

static bool add_expression(struct agent_rules *rules, uint32_t crawler, struct error *error)
{
    int code;
    PCRE2_SIZE offset;
    char *pattern = without_retries(crawlers[crawler].pattern);
    pcre2_compile_context *context = pcre2_compile_context_create(rules->memory);
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                         PCRE2_DOLLAR_ENDONLY, &code, &offset, context);
    pcre2_compile_context_free(context);
    mem_free(pattern);
    if (!compiled) {
        PCRE2_UCHAR reason[128];
        pcre2_get_error_message(code, reason, sizeof reason);
        return error_set(error, ERROR_FATAL,
                         "the built-in crawler pattern \"%s\" does not compile: %s at byte %zu",
                         crawlers[crawler].pattern, (const char *)reason, (size_t)offset);
    }
    rules->expressions = mem_grow(rules->expressions, &rules->expression_capacity,
                                  rules->expression_count + 1, sizeof *rules->expressions);
    rules->expressions[rules->expression_count++] =
        (struct expression){.crawler = crawler, .code = compiled};
    return true;
}

static bool add_crawler(struct agent_rules *rules, struct word_list *words, uint32_t crawler,
                        struct error *error)
{
    const char *pattern = crawlers[crawler].pattern;
    char *text = mem_alloc(strlen(pattern) + 1);
    size_t size;
    bool is_literal = literal_text(pattern, text, &size);
    if (is_literal)
        add_word(words, (struct automaton_word){.text = {text, size}, .number = crawler});
    else
        add_required_words(rules, words, pattern, rules->expression_count);
    mem_free(text);
    return is_literal || add_expression(rules, crawler, error);
}

static void *allocate(PCRE2_SIZE size, void *unused)
{
    (void)unused;
    return mem_alloc(size);
}

static void release(void *what, void *unused)
{
    (void)unused;
    mem_free(what);
}

struct agent_rules *agent_rules_new(struct error *error)
{
    enum {
        MATCH_LIMIT = 100000
    }; /* steps from one place; a user agent can be 64 KiB of anything */
    struct agent_rules *rules = mem_zeroed(1, sizeof *rules);
    rules->memory = pcre2_general_context_create(allocate, release, NULL);
    rules->limits = pcre2_match_context_create(rules->memory);
    pcre2_set_match_limit(rules->limits, MATCH_LIMIT);
    struct word_list words = {0};
    bool is_good = true;
    for (uint32_t crawler = 0; crawler < CRAWLER_COUNT && is_good; crawler++)
        is_good = add_crawler(rules, &words, crawler, error);
    rules->automaton = automaton_new(words.items, words.count);
    mem_free(words.items);
    arena_clear(&words.texts);
    if (is_good)
        return rules;
    agent_rules_free(rules);
    return NULL;
}

void agent_rules_free(struct agent_rules *rules)
{
    if (!rules)
        return;
    automaton_free(rules->automaton);
    for (size_t i = 0; i < rules->expression_count; i++)
        pcre2_code_free(rules->expressions[i].code);
    mem_free(rules->expressions);
    pcre2_match_context_free(rules->limits);
    pcre2_general_context_free(rules->memory);
    mem_free(rules);
}

/* A match that runs into the limit is none. */
static bool matches(const struct agent_rules *rules, const struct expression *expression,
                    struct slice text)
{
    pcre2_match_data *data = pcre2_match_data_create(1, rules->memory);
    int result =
        pcre2_match(expression->code, (PCRE2_SPTR)text.at, text.size, 0, 0, data, rules->limits);
    pcre2_match_data_free(data);
    return result >= 0;
}

int agent_find_crawler(const struct agent_rules *rules, struct slice user_agent)
{
    if (user_agent.size == 0 || slice_is(user_agent, "-"))
        return -1;
    struct automaton_found found = automaton_find(rules->automaton, user_agent);
    uint32_t lowest = found.lowest;
    uint64_t flags = found.flags | rules->always;
    for (size_t i = 0; flags && i < rules->expression_count; i++) {
        const struct expression *expression = &rules->expressions[i];
        if (expression->crawler >= lowest)
            break;
        if ((flags & flag_of(i)) && matches(rules, expression, user_agent))
            lowest = expression->crawler;
    }
    return lowest == UINT32_MAX ? -1 : (int)lowest;
}

int agent_crawler_count(void)
{
    return CRAWLER_COUNT;
}

const char *agent_crawler_pattern(int index)
{
    assert(index >= 0 && index < CRAWLER_COUNT);
    return crawlers[index].pattern;
}

const char *agent_crawler_tag(int index)
{
    assert(index >= 0 && index < CRAWLER_COUNT);
    return crawlers[index].tag;
}

enum agent_class agent_crawler_class(int index)
{
    return agent_class_of_crawler(agent_crawler_pattern(index), agent_crawler_tag(index));
}

_Static_assert(sizeof(struct agent_facts) == 16 && sizeof(struct browser) == 8,
               "members without holes between them: facts are hashed as bytes");

struct agent_facts agent_facts_of(const struct agent_rules *rules, struct slice user_agent)
{
    struct agent_facts facts;
    memset(&facts, 0, sizeof facts);
    facts.crawler = agent_find_crawler(rules, user_agent);
    facts.is_absent = user_agent.at != NULL && (user_agent.size == 0 || slice_is(user_agent, "-"));
    facts.browser = browser_of(user_agent);
    enum agent_class class = facts.crawler >= 0 ? agent_crawler_class(facts.crawler)
                                                : agent_class_of_text(user_agent, &facts.browser);
    facts.class = (uint8_t) class;
    return facts;
}
