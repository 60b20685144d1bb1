/*
 * time_stamp: the time field of a log line.
 *
 * Stamps of neighbouring lines are nearly equal, so the minute of the last one is kept: a stamp of
 * the same minute and zone costs two digits. The zone in the line counts; a line without one is
 * taken to be in the clock's own zone. The machine's time zone and locale play no part.
 *
 *     16/Sep/2023:18:22:16 -0400      the Apache and nginx form, with or without the zone
 */
#ifndef PARSER_TIME_STAMP_H
#define PARSER_TIME_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum { CLF_MINUTE_BYTES = 17, CLF_BYTES = 20, CLF_ZONE_BYTES = 6 };

struct line_clock {
    int32_t zone_s;    /* east of UTC, for stamps without a zone */
    int64_t minute_ms; /* of the stamp in `minute` and `zone` */
    char minute[CLF_MINUTE_BYTES];
    char zone[CLF_ZONE_BYTES];
    uint8_t zone_size; /* 0: no zone */
    bool is_set;
};

void line_clock_init(struct line_clock *clock, int32_t zone_s);

/*
 * False when the text is not a possible date and time. A leap second (:60) is the next second, as
 * in POSIX time. *has_zone tells whether the text named its zone.
 */
bool line_clock_parse(struct line_clock *clock, struct slice text, int64_t *time_ms,
                      bool *has_zone);

/* "UTC", "Z", "+02:00", "-0330" -> seconds east of UTC. False for anything else. */
bool time_zone_parse(struct slice text, int32_t *zone_s);

#endif
