/*
 * syslog: the prefix that a log line gets on its way through another log.
 *
 *     <134>Feb  6 12:14:14 host haproxy[7]: LINE          RFC 3164, the <134> is optional
 *     <134>1 2026-02-06T12:14:14.655Z host nginx - - - LINE   RFC 5424
 *     2026-02-06T12:14:14.655+00:00 host nginx: LINE      rsyslog's own files
 *     2026-02-06T12:14:14.655Z stdout F LINE              a container's log (CRI)
 */
#ifndef PARSER_SYSLOG_H
#define PARSER_SYSLOG_H

#include "base/slice.h"

/* The line behind the prefix; the line itself when there is none. */
struct slice syslog_strip(struct slice line);

#endif
