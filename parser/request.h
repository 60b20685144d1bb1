/*
 * request: what was asked for, taken out of a log's request field.
 *
 *     GET /de/cart?step=2 HTTP/1.1        method GET, path /de/cart, query step=2, kind PAGE
 *     GET https://h/img/a.png HTTP/1.1    absolute form: host and scheme dropped; kind ASSET
 *     -                                   no request (408): kind NONE
 *
 * The kind decides what a hit counts for (page views, visits, touchpoints):
 *   asset  a static file, by its extension, whatever the status; not a POST, which fetches none
 *   call   an API or XHR request or a beacon: a path segment such as "api", "graphql", "wp-json"
 *          or "admin-ajax.php"; a path ending in .json; a POST to what looks like a static file
 *          (/cart/add.js); the parameter wc-ajax in the query
 *   page   every other GET or POST
 *   other  any other method
 *   none   no readable request
 */
#ifndef PARSER_REQUEST_H
#define PARSER_REQUEST_H

#include <stdint.h>

#include "base/slice.h"
#include "parser/oddity.h"

enum request_method {
    METHOD_NONE,
    METHOD_GET,
    METHOD_POST,
    METHOD_HEAD,
    METHOD_PUT,
    METHOD_DELETE,
    METHOD_PATCH,
    METHOD_OPTIONS,
    METHOD_CONNECT,
    METHOD_TRACE,
    METHOD_PROPFIND,
    METHOD_OTHER,
    METHOD_COUNT
};

enum request_kind { KIND_NONE, KIND_PAGE, KIND_CALL, KIND_ASSET, KIND_OTHER, KIND_COUNT };

struct request {
    uint8_t method;     /* enum request_method */
    uint8_t kind;       /* enum request_kind */
    uint8_t oddity;     /* enum oddity: ODD_NONE, or what is odd about it as a request */
    struct slice path;  /* undecoded, without the query; empty for NONE */
    struct slice query; /* undecoded, without the '?'; .at NULL when there is none */
    struct slice host;  /* of an URL in absolute form, with its port; empty otherwise */
};

/* Never fails: what is not a request has kind NONE. Slices borrow from `field`. */
struct request request_parse(struct slice field);
/* The same to where it is needed: a line of a log is not copied around. */
void request_read(struct slice field, struct request *request);

/* From fields of their own: "GET", "/a" or "/a?b" or "https://host/a", and what may stand apart as
 * the query ("?b", "b", "-" or nothing). An empty method is a GET. */
struct request request_of_parts(struct slice method, struct slice url, struct slice query);

/* The same from its parts, as `explain` and formats that log them apart have them. */
struct request request_of_url(enum request_method method, struct slice url);

/* Upper-case names as in a request line; METHOD_OTHER for what is not in the enum. */
enum request_method request_method_of(struct slice name);
const char *request_method_name(enum request_method method);

/* "page", "call", "asset", "other", "none". */
const char *request_kind_name(enum request_kind kind);

/* True when the path ends in the extension of a static file (case ignored). */
bool request_is_asset(struct slice path);

/* True when the path or the query is that of an API or XHR request (for a path with the extension
 * of a static file, that of a POST). */
bool request_is_call(struct slice path, struct slice query);

#endif
