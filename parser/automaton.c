#include "parser/automaton.h"

#include <assert.h>
#include <stdbool.h>

#include "base/memory.h"

struct automaton {
    uint8_t class_of[256]; /* 0: in no word */
    size_t class_count;
    uint16_t *next;    /* next[state * class_count + class]; state 0 is the root */
    uint16_t *outputs; /* outputs[state]: index into found[], 0: nothing is found here */
    struct automaton_found *found;
    size_t found_count, found_capacity;
    size_t state_count;
};

static size_t number_classes(struct automaton *automaton, const struct automaton_word *words,
                             size_t count)
{
    size_t text_size = 0;
    automaton->class_count = 1;
    for (size_t i = 0; i < count; i++) {
        text_size += words[i].text.size;
        for (size_t k = 0; k < words[i].text.size; k++) {
            uint8_t *class = &automaton->class_of[(unsigned char)words[i].text.at[k]];
            if (*class == 0)
                *class = (uint8_t)automaton->class_count++;
        }
    }
    assert(text_size <= AUTOMATON_TEXT_LIMIT && automaton->class_count <= 256);
    return text_size;
}

static uint16_t *step(const struct automaton *automaton, size_t state, unsigned char byte)
{
    return &automaton->next[state * automaton->class_count + automaton->class_of[byte]];
}

/* What is found in a state, with what was already. */
static void add_output(struct automaton *automaton, size_t state, struct automaton_found more)
{
    if (automaton->outputs[state] == 0) {
        automaton->found = mem_grow(automaton->found, &automaton->found_capacity,
                                    automaton->found_count + 1, sizeof *automaton->found);
        automaton->found[automaton->found_count] = (struct automaton_found){.lowest = UINT32_MAX};
        automaton->outputs[state] = (uint16_t)automaton->found_count++;
    }
    struct automaton_found *found = &automaton->found[automaton->outputs[state]];
    if (more.lowest < found->lowest)
        found->lowest = more.lowest;
    found->flags |= more.flags;
}

/* The states that spell the word; until the links are made, 0 means "no such state yet". */
static void add_word(struct automaton *automaton, const struct automaton_word *word)
{
    size_t state = 0;
    for (size_t i = 0; i < word->text.size; i++) {
        uint16_t *next = step(automaton, state, (unsigned char)word->text.at[i]);
        if (*next == 0)
            *next = (uint16_t)automaton->state_count++;
        state = *next;
    }
    add_output(automaton, state,
               (struct automaton_found){.lowest = word->number, .flags = word->flags});
}

/*
 * Breadth first, each state gets the steps that it lacks from its suffix: the longest other state
 * that the text read so far ends with, which is nearer to the root and therefore complete.
 */
static void link_states(struct automaton *automaton)
{
    size_t width = automaton->class_count;
    uint16_t *queue = mem_zeroed(automaton->state_count, sizeof *queue);
    uint16_t *suffix = mem_zeroed(automaton->state_count, sizeof *suffix);
    size_t queued = 1; /* the root */
    for (size_t done = 0; done < queued; done++) {
        size_t state = queue[done];
        uint16_t *row = automaton->next + state * width;
        const uint16_t *suffix_row = automaton->next + suffix[state] * width;
        if (automaton->outputs[suffix[state]])
            add_output(automaton, state, automaton->found[automaton->outputs[suffix[state]]]);
        for (size_t class = 0; class < width; class ++) {
            if (row[class] == 0) {
                row[class] = suffix_row[class];
                continue;
            }
            suffix[row[class]] = state == 0 ? 0 : suffix_row[class];
            queue[queued++] = row[class];
        }
    }
    mem_free(queue);
    mem_free(suffix);
}

struct automaton *automaton_new(const struct automaton_word *words, size_t count)
{
    struct automaton *automaton = mem_zeroed(1, sizeof *automaton);
    size_t most_states = number_classes(automaton, words, count) + 1;
    automaton->next = mem_zeroed(most_states * automaton->class_count, sizeof *automaton->next);
    automaton->outputs = mem_zeroed(most_states, sizeof *automaton->outputs);
    automaton->state_count = 1;
    automaton->found_count = 1; /* 0 stands for nothing */
    for (size_t i = 0; i < count; i++)
        add_word(automaton, &words[i]);
    automaton->next = mem_resize(automaton->next, automaton->state_count * automaton->class_count,
                                 sizeof *automaton->next);
    link_states(automaton);
    return automaton;
}

void automaton_free(struct automaton *automaton)
{
    if (!automaton)
        return;
    mem_free(automaton->next);
    mem_free(automaton->outputs);
    mem_free(automaton->found);
    mem_free(automaton);
}

struct automaton_found automaton_find(const struct automaton *automaton, struct slice text)
{
    struct automaton_found all = {.lowest = UINT32_MAX};
    size_t state = 0;
    for (size_t i = 0; i < text.size; i++) {
        state = *step(automaton, state, (unsigned char)text.at[i]);
        if (automaton->outputs[state] == 0)
            continue;
        const struct automaton_found *found = &automaton->found[automaton->outputs[state]];
        if (found->lowest < all.lowest)
            all.lowest = found->lowest;
        all.flags |= found->flags;
    }
    return all;
}
