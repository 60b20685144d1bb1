/*
 * columns: lines whose fields are named once, in a header.
 *
 *     #Fields: date time c-ip cs-method cs-uri-stem sc-status     W3C (IIS); CloudFront with tabs
 *     time_micros,c_ip,cs_method,cs_uri,sc_status                 CSV
 *
 * A W3C header may change in the middle of a file; the lines behind it follow the new one. Both
 * kinds of header, and W3C's other '#' lines, are directives, not hits.
 */
#ifndef PARSER_COLUMNS_H
#define PARSER_COLUMNS_H

#include "parser/fields.h"

enum { COLUMNS_MAX = 128 };

enum header_style {
    HEADER_NONE,
    HEADER_DIRECTIVE,  /* "#Fields: " and names apart by blanks or tabs, anywhere */
    HEADER_FIRST_LINE, /* CSV: the names are the first line; it may stand again further down */
};

struct columns {
    enum header_style style;
    char separator;          /* ' ' or '\t'; of CSV ',', ';' or '\t' */
    bool is_percent_encoded; /* CloudFront: agent, referrer, cookies, headers are; W3C has '+' */
    size_t count;            /* up to the last column that means anything */
    size_t needed;           /* up to the last one of these that is no extra field */
    uint32_t present;        /* bit per field that has a column */
    struct field_meaning meanings[COLUMNS_MAX]; /* of two columns for a field one is FIELD_SKIP */
};

/*
 * Understands a header line. False when it is none of that style, has over COLUMNS_MAX names, or
 * names neither a time nor a status nor an URL. "date" and "time" together are FIELD_TIME and
 * FIELD_TIME_2. `map` NULL: the usual names. Any line may be tried: a line that is no header names
 * nothing.
 */
bool columns_compile(enum header_style style, struct slice line, const struct field_map *map,
                     struct columns *columns);

/*
 * Does a W3C line name columns? The columns before it end there, whether or not it is understood.
 * A longer one than HEADER_LIMIT is no header, whatever it begins with.
 */
enum { HEADER_LIMIT = 8 * 1024 };
bool columns_is_header(struct slice line);

/* A '#' line of a W3C log. */
bool columns_is_directive(enum header_style style, struct slice line);

/*
 * False when the line ends before the last column that is needed (one of an extra field may be
 * missing), a quoted one is not closed, or
 * there are no columns (.count 0: no header yet); what stands behind that column is let be. "-"
 * stays as it is. Bits in .escaped: of CSV for ESCAPE_CSV; of the agent, referrer, cookie and extra
 * fields for ESCAPE_PERCENT (.is_percent_encoded) or ESCAPE_PLUS. The memory behind the line needs
 * SCAN_SLACK readable bytes.
 */
bool columns_cut(const struct columns *columns, struct slice line, struct line_fields *fields);

#endif
