/*
 * stamp: a moment, in the ways in which logs write it.
 *
 * The parts need not be possible: damaged lines have the 31st of February, a month 13 ("Foo") or
 * the hour 25.
 */
#ifndef LOGGEN_STAMP_H
#define LOGGEN_STAMP_H

#include <stdint.h>

#define STAMP_NO_EPOCH INT64_MIN

struct stamp {
    int64_t epoch_ms; /* since 1970, UTC; STAMP_NO_EPOCH: the parts are impossible */
    int32_t zone_s;   /* of the parts, east of UTC */
    unsigned year, month, day, hour, minute, second, millisecond; /* month and day from 1 */
};

struct stamp stamp_of(int64_t epoch_ms, int32_t zone_s);

/* Each writes at `at` and returns where the next piece goes (put.h). */
char *stamp_put_clf(char *at, const struct stamp *stamp);   /* 21/Nov/2026:20:19:16 +0000 */
char *stamp_put_clock(char *at, const struct stamp *stamp); /* 21/Nov/2026:20:19:16 */
char *stamp_put_date(char *at, const struct stamp *stamp);  /* 2026-11-21 */
char *stamp_put_time(char *at, const struct stamp *stamp);  /* 20:19:16 */
char *stamp_put_iso(char *at, const struct stamp *stamp);   /* 2026-11-21T20:19:16+00:00 */
/* 1795292356.186; an impossible one as 2026-02-31T10:00:00, with `quote` around it. */
char *stamp_put_epoch(char *at, const struct stamp *stamp, const char *quote);
char *stamp_put_syslog(char *at, const struct stamp *stamp); /* RFC 3164: Nov  1 20:19:16 */

#endif
