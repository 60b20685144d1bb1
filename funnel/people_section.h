/*
 * people_section: what a journey file says of the people of a site, and of its machines.
 *
 *     visitor: [cookie:uid, header:X-Session, user, address+agent]       what tells visitors apart
 *     visit: {timeout: 30m, max_length: 12h, cut_at_midnight: true}      when a visit ends
 *     internal: [10.0.0.0/8, office.txt]                                 who is no customer
 *     bots: {off: [regular], ranges: {Googlebot: googlebot.json}}        rules of behaviour
 *     own_hosts: [shop.example, blog.example]        links from there are no source
 *     show_query: [page, id]                         parameters whose values may be shown
 *
 * Each key, and within `visitor` (as a mapping), `visit` and `bots` each key of theirs, takes the
 * place of the base's; the others stay as they were.
 */
#ifndef FUNNEL_PEOPLE_SECTION_H
#define FUNNEL_PEOPLE_SECTION_H

#include "funnel/config_tree.h"
#include "funnel/journey.h"

/*
 * Reads the keys above from the root of a file into the journey, whose arena holds the texts;
 * files of ranges are read now. The root is a mapping and can have other keys; the journey has the
 * values of the base. False and config->error when something is wrong.
 */
bool people_section_read(const struct config *config, const struct config_node *root,
                         struct journey *journey);

/* Frees what of it is not in the arena: the networks. */
void people_section_clear(struct journey *journey);

#endif
