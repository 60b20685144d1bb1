/*
 * program: directives and the text between them -> operations that cut a line.
 *
 *     text("\"") field(REQUEST) text("\" ") field(STATUS) text(" ")
 *         -> REQUEST until quote and ' ' | STATUS until ' '
 *
 * Each field ends where the text behind it begins; one between quotes ends at the closing quote
 * that is not escaped. Two fields with nothing between them cannot be told apart: an error, but for
 * what is one thing in two directives (an URL and its query, pieces of the time). Of two directives
 * for the same field the better one counts (an address set by a proxy module before the peer's);
 * the other is passed over.
 *
 * Pieces of the time that add up to it are joined to one pattern where they stand together, and
 * cut again where the text behind them also stands inside. What turns out to be a usual stamp is
 * read as such, which is faster.
 *
 * A text that begins a JSON object is a template of JSON lines (json_template.h).
 */
#ifndef PARSER_PROGRAM_H
#define PARSER_PROGRAM_H

#include "base/error.h"
#include "base/memory.h"
#include "parser/format.h"

struct program;

/*
 * `text` is what is being compiled, for the places in errors; borrowed, as are the extra fields
 * (NULL: none).
 */
struct program *program_new(struct slice text, const struct extra_fields *extra,
                            struct arena *arena, struct error *error);

void program_add_text(struct program *program, struct slice text);

/*
 * `directive` is the piece of the program's text that says so. The lower rank counts, of equal ones
 * the first. A FIELD_QUERY directly behind a FIELD_URL belongs to it.
 */
void program_add_field(struct program *program, enum field field, unsigned rank,
                       struct slice directive);

/*
 * A header of the request that is this field to everybody; FIELD_SKIP: to nobody. If it was asked
 * for, it is an extra field where it is nothing else, or where a better directive has its field;
 * one that is the FIELD_FORWARDED is both.
 */
void program_add_header(struct program *program, enum field field, unsigned rank, struct slice name,
                        struct slice directive);

/* One cookie: an extra field if it was asked for, else a FIELD_COOKIE for want of all of them. */
void program_add_cookie(struct program *program, struct slice name, struct slice directive);

/* A FIELD_DURATION; the finer unit counts. */
void program_add_duration(struct program *program, enum duration_unit unit, struct slice directive);

/*
 * A piece of the time at which a request began, or ended. The begin counts if the pieces tell all
 * of it. Pieces that tell nothing new are passed over.
 */
void program_add_time(struct program *program, const struct time_pattern *pattern, bool is_end,
                      struct slice directive);

/* ":port" belongs to the host or address that was added last. */
void program_take_port(struct program *program);

/* Blanks here are as many as there are (GoAccess %~). */
void program_skip_blanks(struct program *program);

/* Always false: fills the error with the place of the offset in the text. */
bool program_fail(struct program *program, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The finished format: what `base` has, and shape, operations, time, unit, names, absent, from the
 * program. NULL and the error when something failed before, the time, the status, or the request
 * (or URL) is missing, or two fields touch.
 */
const struct log_format *program_finish(struct program *program, const struct log_format *base);

#endif
