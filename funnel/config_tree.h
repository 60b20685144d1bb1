/*
 * config_tree: a YAML file as a checked tree.
 *
 *     journey: shop          mapping -> key "journey"  => scalar "shop"
 *     stages: [a, b]                    key "stages"   => list -> "a" -> "b"
 *
 * Every node knows its place, so that whoever gives the tree a meaning can point at what is
 * wrong. Only the plain part of YAML passes: one document; mappings, lists and scalars (all of
 * them text, typed by the reader of the meaning); no anchors, aliases or tags; keys are scalars
 * and stand once; nesting, size and keys are limited. The tree is built from libyaml's events and
 * not from its documents, because aliases and tags can only be seen, and nesting only be
 * stopped, while they pass.
 */
#ifndef FUNNEL_CONFIG_TREE_H
#define FUNNEL_CONFIG_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/slice.h"

enum {
    CONFIG_MAX_BYTES = 1024 * 1024,
    CONFIG_MAX_DEPTH = 32,
    CONFIG_MAX_KEYS = 1024, /* of one mapping */
};

enum config_kind { CONFIG_SCALAR, CONFIG_LIST, CONFIG_MAPPING };

struct config_node {
    enum config_kind kind;
    bool is_null;              /* a plain scalar that is empty, "~" or "null" */
    struct slice text;         /* of a scalar; NUL-terminated and without a NUL inside */
    size_t line, column;       /* from 1 */
    size_t count;              /* items or keys */
    struct config_node *first; /* the first item or key */
    struct config_node *value; /* of a key */
    struct config_node *next;  /* the item or key after this one */
};

/* What every step of reading needs: where the text came from, and where its tree lives. */
struct config {
    const char *source; /* the name in messages */
    struct arena *arena;
    struct error *error;
};

/* The root, or NULL and config->error. A file without any content is an error, too. */
const struct config_node *config_parse(const struct config *config, struct slice text);

/* Sets the error at the node's place; returns false. */
bool config_fail(const struct config *config, const struct config_node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The value of a key, or NULL when the mapping has no such key. */
const struct config_node *config_get(const struct config_node *mapping, const char *key);

/* `what` names the node in messages: 'funnel "purchase"', "window". All return false after failing.
 */
bool config_expect_mapping(const struct config *config, const struct config_node *node,
                           const char *what);
bool config_expect_list(const struct config *config, const struct config_node *node,
                        const char *what);
/* A scalar that is neither null nor empty, of at most max_bytes. */
bool config_expect_text(const struct config *config, const struct config_node *node,
                        const char *what, size_t max_bytes);
/* A mapping whose keys are all in `keys` (ends with NULL). */
bool config_expect_keys(const struct config *config, const struct config_node *node,
                        const char *what, const char *const *keys);
/* One of the words of `choices` (ends with NULL): *chosen is its index. */
bool config_expect_choice(const struct config *config, const struct config_node *node,
                          const char *what, const char *const *choices, size_t *chosen);
/*
 * A whole number and its unit, "30m": from a second to ten years. `also` is what else the message
 * is to name, such as ", or none".
 */
bool config_expect_duration(const struct config *config, const struct config_node *node,
                            const char *what, const char *also, int64_t *seconds);
/* false or true; nothing else that YAML knows for them. */
bool config_expect_truth(const struct config *config, const struct config_node *node,
                         const char *what, bool *truth);

/* "a, b or c" into `text`; cut with "..." when it is full. Returns `text`. */
const char *config_join(char *text, size_t size, const char *const *words);

/*
 * "One or a list of them": the first item of a list, or the node itself; then the next or NULL.
 *
 *     for (item = config_first(node); item; item = config_next(node, item)) ...
 */
const struct config_node *config_first(const struct config_node *node);
const struct config_node *config_next(const struct config_node *node,
                                      const struct config_node *item);
size_t config_count(const struct config_node *node);

/* At most 60 bytes of a text, for quoting in a message with "%.*s". */
#define CONFIG_QUOTE(s) SLICE_ARG(slice_head((s), 60))

#endif
