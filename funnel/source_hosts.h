/*
 * source_hosts: the hosts of search engines, social networks, AI assistants, webmail and
 * advertisers.
 *
 * A host is known by whole labels from the right, and the longest text that is known decides:
 *
 *     www.google.co.uk      google + a country    search        google.com
 *     gemini.google.com     itself                AI assistant  gemini.google.com
 *     docs.google.com       nothing               -             for google.* stands alone
 *     evilgoogle.com        nothing               -
 *
 * Google News is search: who comes from there looked for something, or was shown it by what he
 * looks for.
 */
#ifndef FUNNEL_SOURCE_HOSTS_H
#define FUNNEL_SOURCE_HOSTS_H

#include "funnel/sources.h"

struct source_host {
    const char *text; /* a host; one without its country; a word */
    const char *name; /* as reports have it */
    enum source_class class;
    bool is_alone; /* its subdomains are something else, but for www. and m. */
};

enum source_table {
    SOURCE_TABLE_SITES,
    SOURCE_TABLE_COUNTRIES, /* "google" for google.de, google.co.uk, ... */
    SOURCE_TABLE_WORDS,     /* "facebook" in utm_source */
    SOURCE_TABLES
};

enum { SOURCE_TEXT_MAX = 48 }; /* bytes; no text is longer */

struct source_host_table {
    const struct source_host *rows; /* by text */
    size_t count;
};
extern const struct source_host_table source_host_tables[SOURCE_TABLES];

/* What a host is, in lower case; NULL when it is not known. */
const struct source_host *source_host_find(struct slice host);

/* What a utm_source in lower case means, a host or a word; NULL when it is not known. */
const struct source_host *source_word_find(struct slice word);

/*
 * What the first label of an unknown host tells: mail.example.org and webmail2.example.org are
 * webmail, mastodon.example is a social network. SOURCE_NONE when it tells nothing.
 */
enum source_class source_class_of_label(struct slice host);

#endif
