/*
 * client: who asked, when proxies stand between.
 *
 * A log's address is that of whoever connected; behind a proxy that is the proxy, and
 * the client is in X-Forwarded-For or Forwarded (RFC 7239), where every proxy adds on the right
 * whom it saw:
 *
 *     203.0.113.9, 198.51.100.2      peer 10.0.0.1
 *     written by     written by
 *     anybody        10.0.0.1
 *
 * So the list is read from the right, and only as long as whoever wrote the entry is trusted: the
 * first address that is not a trusted proxy's is the client. What stands left of it anybody can
 * have written, and it changes nothing.
 */
#ifndef PARSER_CLIENT_H
#define PARSER_CLIENT_H

#include "parser/hit.h"
#include "parser/networks.h"

/*
 * Sets hit->address and hit->address_text to the client's. Nothing changes when the peer is not
 * trusted or the list is empty or "-". An entry that is no address ("unknown", "_hidden",
 * a host name) ends the walk: the client then has that name (family ADDRESS_NAME). When all are
 * trusted, the leftmost is the client. True when the address was changed.
 */
bool client_find(const struct networks *trusted, struct hit *hit);

#endif
