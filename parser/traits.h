/*
 * traits: what a path or a query says about who asks for it.
 *
 *     /robots.txt                          machines read it, browsers never do
 *     /.env  /.git/config  /etc/passwd     looks for holes: nobody clicks there
 *     /wp-login.php  /phpmyadmin/          looks for holes where they are not there
 *     POST /login                          logs in
 *     POST /xmlrpc.php                     for programs; a browser that asks for it is none
 *
 * Paths are compared decoded once, in lower case, by one automaton (automaton.h).
 */
#ifndef PARSER_TRAITS_H
#define PARSER_TRAITS_H

#include <stdbool.h>

#include "base/slice.h"

enum path_trait {
    TRAIT_ROBOTS = 1, /* is /robots.txt */
    TRAIT_ATTACK = 2, /* nobody asks for it but to break in, whatever the answer */
    TRAIT_PROBE = 4, /* asked for in vain (4xx) by scanners; where it is there, people may use it */
    TRAIT_LOGIN = 8, /* a POST to it logs in */
    TRAIT_REMOTE = 16, /* an interface for programs, which no page of the site leads to */
};

struct trait_rules;
struct trait_rules *trait_rules_new(void);
void trait_rules_free(struct trait_rules *rules); /* NULL is fine */

/* Bits of enum path_trait. Thread-safe. Of longer paths the first 8 KiB count. */
unsigned traits_of_path(const struct trait_rules *rules, struct slice path);

/* Does the query carry an attack: SQL, script, path traversal, template or JNDI injection? */
bool traits_query_attacks(const struct trait_rules *rules, struct slice query);

#endif
