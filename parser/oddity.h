/*
 * oddity: what is out of the ordinary about a line that is counted all the same.
 *
 * Every counted line has exactly one: the first of this list that applies. docs/log-formats.md
 * shows a line of each and what it counts for.
 */
#ifndef PARSER_ODDITY_H
#define PARSER_ODDITY_H

enum oddity {
    ODD_NONE,           /* an ordinary line */
    ODD_OTHER_FORMAT,   /* does not fit the format of its file, but another one */
    ODD_BINARY_REQUEST, /* TLS or other bytes that are no text where the request should be */
    ODD_NO_REQUEST,     /* "-": the client has sent none, or too slowly (408) */
    ODD_EMPTY_REQUEST,  /* "" */
    ODD_NOT_A_REQUEST,  /* text that is no request line */
    ODD_ABSOLUTE_FORM,  /* GET http://host/path: the origin is left out */
    ODD_BLANK_IN_URL,   /* GET /a b HTTP/1.1: the blank belongs to the URL */
    ODD_PROTOCOL,       /* "HTTP 1.1", another protocol, or none */
    ODD_NO_ANSWER,      /* status 000, 0 or -1: the client was gone first; counts as 499 */
    ODD_STRAY_QUOTE,    /* a quote before the address that closes nowhere */
    ODD_NAME,           /* a host name, or a dash, where the address should be */
    ODD_NO_SIZE,        /* no number of bytes */
    ODD_COUNT
};
const char *oddity_name(enum oddity oddity); /* "ordinary", "other_format", ... */

#endif
