/*
 * format: a log format as a small program.
 *
 * A format is compiled once; a line is only walked. Four shapes of lines:
 *
 *     SHAPE_FIELDS    fields in a fixed order, each up to the text behind it
 *     SHAPE_COLUMNS   columns named by a header (columns.h): W3C, CloudFront, CSV
 *     SHAPE_LTSV      label:value apart by tabs
 *     SHAPE_JSON      one JSON object (json_line.h)
 *
 * The program of a SHAPE_FIELDS format:
 *
 *     combined   ADDRESS until ' ' | SKIP until ' ' | USER until " [" | TIME until "] \"" |
 *                REQUEST until quote and ' ' | STATUS until ' ' | BYTES until " \"" | ...
 *
 * A quoted field ends at the first '"' that is not escaped by a backslash and that has behind it
 * what the format has there. What follows the last operation is let be.
 */
#ifndef PARSER_FORMAT_H
#define PARSER_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "parser/columns.h"
#include "parser/escape.h"
#include "parser/fields.h"
#include "parser/time_stamp.h"

enum field_ending {
    UNTIL_TEXT,  /* up to `tail`, which is passed */
    UNTIL_QUOTE, /* up to the closing '"' with `tail` behind it, both passed; the opening one is
                    passed */
    UNTIL_BLANK, /* up to a blank (not passed) or the end of the line */
    UNTIL_END,   /* the rest of the line */
    UNTIL_WORD,  /* a word, or more of them inside quotes or brackets, which are left out; the blank
                    behind is passed */
    UNTIL_WORDS, /* as many bare words as likely_size says, with the blanks between them */
};

enum { TAIL_MAX = 8 };

/* One field and what must stand behind it. */
struct field_op {
    unsigned char field;  /* enum field */
    unsigned char ending; /* enum field_ending */
    unsigned char tail_size;
    unsigned char likely_size; /* of the field, up to 3: tried before a search; 0: none */
    char tail[TAIL_MAX];       /* of a closing '"' without a tail, a blank or the end must follow */
    bool skips_blanks;         /* before the field */
    struct slice more;         /* of a longer tail, what stands behind its first TAIL_MAX bytes */
};

enum format_shape { SHAPE_FIELDS, SHAPE_COLUMNS, SHAPE_LTSV, SHAPE_JSON };

struct log_format {
    const char *name;
    const char *about;
    const char *example; /* how the server's own notation writes it */
    enum format_shape shape;
    /* SHAPE_FIELDS */
    struct slice lead; /* what a line begins with, before the first field */
    const struct field_op *ops;
    size_t op_count;
    struct time_reader time;
    uint8_t duration_unit;   /* enum duration_unit */
    bool time_is_end;        /* stamps say when a request ended */
    bool address_has_port;   /* "addr:port" without brackets, also of IPv6 */
    bool has_absolute_urls;  /* a proxy's or load balancer's: the URLs name their host */
    uint8_t forwarded_extra; /* the extra field that its FIELD_FORWARDED is as well ("X-Real-IP"
                                was asked for); FIELD_SKIP: none */
    uint8_t escapes;         /* enum escape_style of the text fields; of SHAPE_JSON ESCAPE_JSON */
    /* the other shapes, which read any time style that stands in the line */
    uint8_t header;              /* enum header_style of SHAPE_COLUMNS */
    const struct field_map *map; /* names of SHAPE_JSON, SHAPE_LTSV, SHAPE_COLUMNS; NULL: usual */
    bool is_named_only;          /* no line tells it from another format: never detected */
    unsigned absent;             /* bit per enum field that it lacks; fewer are more specific */
    unsigned checked; /* bit per field whose text must look like one, or the line does not fit */
};

#define FIELD_BIT(field) (1u << (field))
/* `absent` of a format that has these fields. */
#define FIELDS_BUT(present) (((1u << FIELD_COUNT) - 1) & ~(unsigned)(present))

/* The presets, most specific first. */
const struct log_format *format_presets(size_t *count);
const struct log_format *format_find(const char *name); /* NULL when there is none */

enum { FORMAT_NAMES = 40 };
void format_names(const char *names[FORMAT_NAMES]); /* ends with NULL; for suggestions */

/* Operations of the formats that most logs have; format_cut walks them as straight code. */
enum { COMMON_OPS = 7, COMBINED_OPS = 9, VHOST_COMBINED_OPS = 10, TIMED_OPS = 10 };
extern const struct field_op format_common_ops[COMMON_OPS];
extern const struct field_op format_combined_ops[COMBINED_OPS];
extern const struct field_op format_vhost_combined_ops[VHOST_COMBINED_OPS];
extern const struct field_op format_timed_ops[TIMED_OPS]; /* combined, then a duration */

/*
 * Cuts a line of a SHAPE_FIELDS format. Of fields only those are set that the format has. False
 * when the line does not fit. The memory behind the line needs SCAN_SLACK readable bytes (lines.h
 * gives them).
 */
bool format_cut(const struct log_format *format, struct slice line, struct slice *fields);

#endif
