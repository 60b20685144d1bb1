/*
 * civil: days and clock times <-> milliseconds since 1970-01-01T00:00:00Z.
 *
 * The proleptic Gregorian calendar, 64-bit, without the C library's time zone or locale. The day
 * formulas are Howard Hinnant's days_from_civil and civil_from_days
 * (https://howardhinnant.github.io/date_algorithms.html).
 */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CIVIL_NO_TIME INT64_MIN /* "there is no time", e.g. of a file without a counted line */

enum { CIVIL_TEXT_SIZE = 40 };

/* Days since 1970-01-01 of a date (month and day from 1, valid for any day number). */
int64_t civil_days(int64_t year, unsigned month, unsigned day);

/* 28 to 31; month from 1 to 12. */
unsigned civil_month_days(int64_t year, unsigned month);

/*
 * "2026-11-21T20:19:16Z" (with ".123" when there is a fraction of a second), or "" for
 * CIVIL_NO_TIME, into `text` (CIVIL_TEXT_SIZE bytes). Returns `text`.
 */
const char *civil_format(int64_t at_ms, char *text);

/*
 * "2026-11-21", "2026-11-21T20:19[:16[.123]]" (a blank in place of T is fine), each followed by
 * nothing (= UTC plus `zone_s`), Z, or +hh:mm. False when it is not a valid time.
 */
bool civil_parse(const char *text, int32_t zone_s, int64_t *at_ms);

#endif
