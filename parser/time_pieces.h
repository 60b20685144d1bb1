/*
 * time_pieces: patterns of the time as a format has them, in pieces.
 *
 *     %d/%b/%Y ":" %T " " %z     three pieces and the text between them
 *     %d/%b/%Y:%H:%M:%S %z       joined: a usual stamp
 *     %d/%b/%Y:%H:%M:%S | %z     cut apart again, where a blank ends the time
 */
#ifndef PARSER_TIME_PIECES_H
#define PARSER_TIME_PIECES_H

#include "parser/time_stamp.h"

/* What conversions tell. */
enum {
    TELLS_DAY = 1,
    TELLS_MONTH = 2,
    TELLS_YEAR = 4,
    TELLS_HOUR = 8,
    TELLS_MINUTE = 16,
    TELLS_SECOND = 32,
    TELLS_FRACTION = 64,
    TELLS_HALF = 128, /* of the day */
    TELLS_ZONE = 256,
    TELLS_MOMENT = TELLS_DAY | TELLS_MONTH | TELLS_YEAR | TELLS_HOUR | TELLS_MINUTE,
    TELLS_EPOCH = TELLS_MOMENT | TELLS_SECOND | TELLS_HALF | TELLS_ZONE,
};

/* The bits of what the pattern tells. */
unsigned time_pieces_told(const struct time_pattern *pattern);

/* Does the pattern alone tell a moment, to the minute at least? */
bool time_pieces_tell_moment(const struct time_pattern *pattern);

/* Does it end in %?, which takes the rest of its piece? The pattern is not empty. */
bool time_pieces_take_rest(const struct time_pattern *pattern);

/* `pattern`, the text, `next`; false, and unchanged, when that makes no pattern. */
bool time_pieces_join(struct time_pattern *pattern, struct slice between,
                      const struct time_pattern *next);

/*
 * Cuts off what stands before a text in which `tail` could be found too early: true, with the
 * piece, the text between (in `text`), and the rest. The text between is not found in the piece
 * either. The pattern begins and ends with a conversion, and so do the piece and the rest.
 */
bool time_pieces_split(struct time_pattern *rest, struct slice tail, struct time_pattern *piece,
                       char text[TIME_PATTERN_PARTS], struct slice *between);

/*
 * Is it a usual stamp, but for %? at its end? What the style reads besides the pattern does no
 * harm: a zone, a fraction.
 */
bool time_pieces_usual_style(const struct time_pattern *pattern, enum time_style *style);

#endif
