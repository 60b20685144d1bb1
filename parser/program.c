#include "parser/program.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#include "parser/json_template.h"
#include "parser/time_pieces.h"

enum item_kind { ITEM_TEXT, ITEM_FIELD, ITEM_TIME, ITEM_BLANKS };

struct item {
    enum item_kind kind;
    enum field field; /* of an ITEM_FIELD */
    enum field extra; /* what it is when another has its field; FIELD_SKIP: nothing */
    enum duration_unit unit;
    unsigned rank;
    bool has_port;
    bool is_end;                        /* of an ITEM_TIME */
    const struct time_pattern *pattern; /* of an ITEM_TIME, also of one that was passed over */
    struct slice directive;             /* in the program's text */
    size_t start, size;                 /* of an ITEM_TEXT, in bytes */
};

struct program {
    struct slice text;
    const struct extra_fields *extra;
    struct arena *arena;
    struct error *error;
    struct item *items;
    size_t count, capacity;
    char *bytes; /* of all texts */
    size_t byte_count, byte_capacity;
};

bool program_fail(struct program *program, size_t at, const char *format, ...)
{
    char sentence[sizeof program->error->sentence];
    size_t line = 1, line_start = 0;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    for (size_t i = 0; i < at && i < program->text.size; i++) {
        if (program->text.at[i] == '\n') {
            line++;
            line_start = i + 1;
        }
    }
    return error_at(program->error, ERROR_USAGE, "--log-format", line, at - line_start + 1, "%s",
                    sentence);
}

/* Directives in messages; long ones are cut. */
#define QUOTED(directive) (int)((directive).size < 60 ? (directive).size : 60), (directive).at

/* ---- adding ---- */

/* Room for `need` items; what was there before stays in the arena unused. */
static void *grown(struct arena *arena, const void *items, size_t count, size_t *capacity,
                   size_t need, size_t item_bytes)
{
    *capacity = need * 2 + 16;
    char *room = arena_alloc(arena, *capacity * item_bytes);
    if (count)
        memcpy(room, items, count * item_bytes);
    return room;
}

struct program *program_new(struct slice text, const struct extra_fields *extra,
                            struct arena *arena, struct error *error)
{
    struct program *program = arena_alloc(arena, sizeof *program);
    *program = (struct program){.text = text, .extra = extra, .arena = arena, .error = error};
    /* Room from the start: loops over no items have two real ends as well. */
    program->items = grown(arena, NULL, 0, &program->capacity, 1, sizeof *program->items);
    return program;
}

static struct item *add_item(struct program *program, enum item_kind kind, struct slice directive)
{
    if (program->count == program->capacity)
        program->items = grown(program->arena, program->items, program->count, &program->capacity,
                               program->count + 1, sizeof *program->items);
    struct item *item = &program->items[program->count++];
    *item = (struct item){.kind = kind, .directive = directive};
    return item;
}

static struct item *last_item(struct program *program)
{
    return program->count ? &program->items[program->count - 1] : NULL;
}

static struct slice item_text(const struct program *program, const struct item *item)
{
    return (struct slice){program->bytes + item->start, item->size};
}

void program_add_text(struct program *program, struct slice text)
{
    struct item *item = last_item(program);
    if (text.size == 0)
        return;
    if (program->byte_capacity - program->byte_count < text.size)
        program->bytes = grown(program->arena, program->bytes, program->byte_count,
                               &program->byte_capacity, program->byte_count + text.size, 1);
    if (!item || item->kind != ITEM_TEXT) {
        item = add_item(program, ITEM_TEXT, (struct slice){0});
        item->start = program->byte_count;
    }
    memcpy(program->bytes + program->byte_count, text.at, text.size);
    program->byte_count += text.size;
    item->size += text.size;
}

static struct slice both(struct slice first, struct slice second)
{
    return (struct slice){first.at, (size_t)(second.at + second.size - first.at)};
}

void program_add_field(struct program *program, enum field field, unsigned rank,
                       struct slice directive)
{
    struct item *last = last_item(program);
    bool belongs_to_last = field == FIELD_QUERY && last && last->kind == ITEM_FIELD &&
                           (last->field == FIELD_URL || last->field == FIELD_QUERY);
    if (belongs_to_last) {
        last->directive = both(last->directive, directive);
        if (last->field == FIELD_QUERY && rank < last->rank)
            last->rank = rank;
        return;
    }
    struct item *item = add_item(program, ITEM_FIELD, directive);
    item->field = field;
    item->rank = rank;
}

void program_add_header(struct program *program, enum field field, unsigned rank, struct slice name,
                        struct slice directive)
{
    enum field extra = extra_field_named(program->extra, name, false);
    if (field == FIELD_SKIP)
        program_add_field(program, extra, 0, directive);
    else
        program_add_field(program, field, rank, directive);
    last_item(program)->extra = extra;
}

void program_add_cookie(struct program *program, struct slice name, struct slice directive)
{
    enum field extra = extra_field_named(program->extra, name, true);
    if (extra == FIELD_SKIP)
        program_add_field(program, FIELD_COOKIE, 1, directive);
    else
        program_add_field(program, extra, 0, directive);
}

void program_add_duration(struct program *program, enum duration_unit unit, struct slice directive)
{
    static const unsigned ranks[] = {[DURATION_NS] = 0,
                                     [DURATION_US] = 1,
                                     [DURATION_MS] = 2,
                                     [DURATION_S] = 3,
                                     [DURATION_MS_OR_S] = 3};
    program_add_field(program, FIELD_DURATION, ranks[unit], directive);
    last_item(program)->unit = unit;
}

void program_take_port(struct program *program)
{
    last_item(program)->has_port = true;
}

void program_skip_blanks(struct program *program)
{
    add_item(program, ITEM_BLANKS, (struct slice){0});
}

static const struct time_pattern *kept_pattern(struct program *program,
                                               const struct time_pattern *pattern)
{
    struct time_pattern *kept = arena_alloc(program->arena, sizeof *kept);
    *kept = *pattern;
    return kept;
}

/* Text at the ends of the pattern stands for itself, so that what follows can be joined. */
void program_add_time(struct program *program, const struct time_pattern *pattern, bool is_end,
                      struct slice directive)
{
    struct time_pattern inner = {0};
    size_t first = 0, end = pattern->count;
    for (; first < end && !pattern->parts[first].conversion; first++)
        program_add_text(program, (struct slice){&pattern->parts[first].literal, 1});
    while (end > first && !pattern->parts[end - 1].conversion)
        end--;
    for (size_t i = first; i < end; i++)
        inner.parts[inner.count++] = pattern->parts[i];
    if (inner.count) {
        struct item *item = add_item(program, ITEM_TIME, directive);
        item->pattern = kept_pattern(program, &inner);
        item->is_end = is_end;
    }
    for (; end < pattern->count; end++)
        program_add_text(program, (struct slice){&pattern->parts[end].literal, 1});
}

/* ---- which directives count ---- */

static void pass_over(struct item *item)
{
    item->kind = ITEM_FIELD;
    item->field = FIELD_SKIP;
}

/*
 * A directive whose field another one has. A header that was asked for is still of use. In lines
 * of JSON any directive may be missing, so there all stay, with their ranks.
 */
static void settle_worse(struct item *worse, struct item **best, bool is_json)
{
    if (worse->extra != FIELD_SKIP && !best[worse->extra]) {
        worse->field = worse->extra;
        best[worse->extra] = worse;
    } else if (!is_json) {
        pass_over(worse);
    }
}

/* A header that says whose the request is stays that, and is one that was asked for as well. */
static void set_forwarded_extra(struct log_format *format, enum field extra)
{
    format->forwarded_extra = (uint8_t)extra;
    format->absent &= ~FIELD_BIT(extra);
}

static void choose_fields(struct program *program, struct log_format *format, bool is_json)
{
    struct item *best[FIELD_COUNT] = {NULL};
    for (struct item *item = program->items; item < program->items + program->count; item++) {
        if (item->kind != ITEM_FIELD || item->field == FIELD_SKIP)
            continue;
        struct item *other = best[item->field];
        bool is_better = !other || item->rank < other->rank;
        if (is_better)
            best[item->field] = item;
        if (other)
            settle_worse(is_better ? other : item, best, is_json);
    }
    if (best[FIELD_DURATION])
        format->duration_unit = (uint8_t)best[FIELD_DURATION]->unit;
    if (best[FIELD_ADDRESS])
        format->address_has_port = best[FIELD_ADDRESS]->has_port;
    if (best[FIELD_FORWARDED] && best[FIELD_FORWARDED]->extra != FIELD_SKIP)
        set_forwarded_extra(format, best[FIELD_FORWARDED]->extra);
}

/* What the pieces of the begin, or of the end, tell together. */
static unsigned told_by_all(const struct program *program, bool is_end)
{
    unsigned told = 0;
    for (const struct item *item = program->items; item < program->items + program->count; item++) {
        if (item->kind == ITEM_TIME && item->is_end == is_end)
            told |= time_pieces_told(item->pattern);
    }
    return told;
}

/* A piece that tells everything, to a part of a second; NULL: none does. */
static const struct item *finest_piece(const struct program *program, bool is_end)
{
    const unsigned all = TELLS_MOMENT | TELLS_FRACTION;
    for (const struct item *item = program->items; item < program->items + program->count; item++) {
        if (item->kind == ITEM_TIME && item->is_end == is_end &&
            (time_pieces_told(item->pattern) & all) == all)
            return item;
    }
    return NULL;
}

static void choose_pieces(struct program *program, bool is_end)
{
    const struct item *finest = finest_piece(program, is_end);
    unsigned told = 0;
    for (struct item *item = program->items; item < program->items + program->count; item++) {
        if (item->kind != ITEM_TIME)
            continue;
        unsigned tells = time_pieces_told(item->pattern);
        bool is_new = finest ? item == finest : (tells & ~told) != 0;
        if (item->is_end != is_end || !is_new)
            pass_over(item);
        else
            told |= tells;
    }
}

static const struct item *first_time(const struct program *program)
{
    for (const struct item *item = program->items; item < program->items + program->count; item++) {
        if (item->kind == ITEM_TIME)
            return item;
    }
    return NULL;
}

/* No time at all is found later, with what else is missing. */
static bool choose_times(struct program *program, struct log_format *format)
{
    const struct item *first = first_time(program);
    if (!first)
        return true;
    unsigned begin = told_by_all(program, false), end = told_by_all(program, true);
    bool is_end = (begin & TELLS_MOMENT) != TELLS_MOMENT && (end & TELLS_MOMENT) == TELLS_MOMENT;
    unsigned told = is_end ? end : begin ? begin : end;
    if ((told & TELLS_MOMENT) != TELLS_MOMENT)
        return program_fail(program, (size_t)(first->directive.at - program->text.at),
                            "\"%.*s\" and what else the format has of the time tell no %s: sojourn "
                            "needs the date with its year, and the time of day",
                            QUOTED(first->directive),
                            !(told & TELLS_HOUR)     ? "hour"
                            : !(told & TELLS_MINUTE) ? "minute"
                            : !(told & TELLS_YEAR)   ? "year"
                            : !(told & TELLS_MONTH)  ? "month"
                                                     : "day");
    choose_pieces(program, is_end);
    format->time_is_end = is_end;
    return true;
}

/* ---- joining what stands together ---- */

/*
 * Two pieces with that text between them; false when they have to stay apart, as those in two pairs
 * of quotes have.
 */
static bool join_times(struct program *program, struct item *item, struct slice between,
                       const struct item *next)
{
    struct time_pattern joined = *item->pattern;
    bool has_quote = between.size && memchr(between.at, '"', between.size);
    if (has_quote || !time_pieces_join(&joined, between, next->pattern))
        return false;
    item->pattern = kept_pattern(program, &joined);
    item->directive = both(item->directive, next->directive);
    return true;
}

/* "18:22:16Z": the letter is the zone. */
static void take_zone_letter(struct program *program, struct item *time, struct item *text)
{
    static const struct time_pattern zone = {.count = 1, .parts = {{'z', '\0'}}};
    struct time_pattern joined = *time->pattern;
    bool has_letter = text->size && program->bytes[text->start] == 'Z';
    bool has_zone = time_pieces_told(&joined) & TELLS_ZONE;
    if (!has_letter || has_zone || !time_pieces_join(&joined, (struct slice){0}, &zone))
        return;
    time->pattern = kept_pattern(program, &joined);
    text->start++;
    text->size--;
}

static bool is_passed_over(const struct item *item)
{
    return item->kind == ITEM_FIELD && item->field == FIELD_SKIP;
}

/* What of items[from...] joins the item `into`: how many of them. */
static size_t join_next(struct program *program, struct item *into, size_t from)
{
    struct item *next = &program->items[from];
    size_t left = program->count - from;
    if (left && is_passed_over(into) && is_passed_over(next)) {
        into->directive = both(into->directive, next->directive);
        into->pattern = NULL;
        return 1;
    }
    if (into->kind != ITEM_TIME || !left)
        return 0;
    if (next->kind == ITEM_TEXT)
        take_zone_letter(program, into, next);
    if (next->kind == ITEM_TEXT && next->size == 0)
        return 1;
    if (next->kind == ITEM_TIME)
        return join_times(program, into, (struct slice){0}, next) ? 1 : 0;
    if (left < 2 || next->kind != ITEM_TEXT || next[1].kind != ITEM_TIME)
        return 0;
    return join_times(program, into, item_text(program, next), &next[1]) ? 2 : 0;
}

static void join_neighbours(struct program *program)
{
    size_t kept = 0, joined;
    for (size_t i = 0; i < program->count; kept++) {
        program->items[kept] = program->items[i++];
        while ((joined = join_next(program, &program->items[kept], i)) > 0)
            i += joined;
    }
    program->count = kept;
}

/* Blanks at the end of the format need not stand in the lines. */
static void trim_end(struct program *program)
{
    for (struct item *last; (last = last_item(program)) != NULL; program->count--) {
        if (last->kind == ITEM_TEXT) {
            while (last->size && strchr(" \t\r\n", program->bytes[last->start + last->size - 1]))
                last->size--;
            if (last->size)
                return;
        } else if (last->kind != ITEM_BLANKS) {
            return;
        }
    }
}

/* ---- a format of fields ---- */

struct building {
    struct program *program;
    struct log_format *format;
    struct field_op *ops;
    size_t count;
    struct slice before; /* the text that stands directly before; {NULL, 0}: none */
    bool ends_in_field;  /* directly behind the text that is next stands a field */
    bool skips_blanks;
};

static struct field_op *add_op(struct building *building, enum field field,
                               enum field_ending ending, struct slice tail)
{
    struct field_op *op = &building->ops[building->count++];
    *op = (struct field_op){.field = (unsigned char)field,
                            .ending = (unsigned char)ending,
                            .skips_blanks = building->skips_blanks};
    struct slice head = slice_head(tail, TAIL_MAX);
    if (head.size)
        memcpy(op->tail, head.at, head.size);
    op->tail_size = (unsigned char)head.size;
    if (tail.size > TAIL_MAX)
        op->more = arena_copy(building->program->arena, slice_from(tail, TAIL_MAX));
    building->skips_blanks = false;
    if (field != FIELD_SKIP)
        building->format->absent &= ~FIELD_BIT(field);
    return op;
}

/* A closing quote alone is known by what is behind it, so a field must not be. */
static bool is_in_quotes(const struct building *building, struct slice tail)
{
    struct slice before = building->before;
    return before.size && before.at[before.size - 1] == '"' && tail.size && tail.at[0] == '"' &&
           (tail.size > 1 || !building->ends_in_field);
}

/* Which fields hold no blanks, and so end at one when nothing else ends them. */
static bool is_one_word(enum field field)
{
    static const unsigned words = FIELD_BIT(FIELD_HOST) | FIELD_BIT(FIELD_ADDRESS) |
                                  FIELD_BIT(FIELD_STATUS) | FIELD_BIT(FIELD_BYTES) |
                                  FIELD_BIT(FIELD_DURATION) | FIELD_BIT(FIELD_METHOD);
    return words & FIELD_BIT(field);
}

static unsigned char likely_size(enum field field)
{
    switch (field) {
    case FIELD_STATUS:
        return 3;
    case FIELD_SKIP: /* "-" */
    case FIELD_USER:
        return 1;
    default:
        return 0;
    }
}

static void add_field_op(struct building *building, enum field field, struct slice tail,
                         enum field_ending without_tail)
{
    struct field_op *op;
    if (is_in_quotes(building, tail)) {
        add_op(building, field, UNTIL_QUOTE, slice_from(tail, 1));
    } else if (tail.size == 0) {
        add_op(building, field, without_tail, tail);
    } else {
        op = add_op(building, field, UNTIL_TEXT, tail);
        op->likely_size = likely_size(field);
    }
}

static bool begins_with_number(const struct time_pattern *pattern)
{
    char conversion = pattern->parts[0].conversion;
    return conversion && strchr("dHI", conversion);
}

static bool add_time_op(struct building *building, const struct item *item,
                        const struct time_pattern *piece, struct slice tail,
                        enum field_ending without_tail)
{
    struct time_reader *time = &building->format->time;
    struct program *program = building->program;
    bool ends_at_blank = tail.size ? tail.at[0] == ' ' : without_tail == UNTIL_BLANK;
    if (ends_at_blank && begins_with_number(piece))
        building->skips_blanks = true; /* for a leading zero */
    bool is_weekday = time_pieces_told(piece) == 0;
    if (is_passed_over(item) || is_weekday) {
        add_field_op(building, FIELD_SKIP, tail, without_tail);
        return true;
    }
    if (time->piece_count == TIME_PIECES)
        return program_fail(program, (size_t)(item->directive.at - program->text.at),
                            "the time is written in more than %d pieces", TIME_PIECES);
    time->patterns[time->piece_count] = *piece;
    add_field_op(building, FIELD_TIME + (enum field)time->piece_count++, tail, without_tail);
    return true;
}

static bool add_time_ops(struct building *building, const struct item *item, struct slice tail,
                         enum field_ending without_tail)
{
    struct time_pattern rest = *item->pattern, piece;
    char text[TIME_PATTERN_PARTS];
    struct slice between;
    struct slice found = tail.size || without_tail == UNTIL_END ? tail : SLICE_LITERAL(" ");
    bool can_split = found.size && !is_in_quotes(building, tail);
    while (can_split && time_pieces_split(&rest, found, &piece, text, &between)) {
        if (!add_time_op(building, item, &piece, between, without_tail))
            return false;
        building->before = (struct slice){0};
    }
    return add_time_op(building, item, &rest, tail, without_tail);
}

static bool has_blank(const struct time_pattern *pattern)
{
    for (size_t i = 0; i < pattern->count; i++) {
        bool is_blank = !pattern->parts[i].conversion && pattern->parts[i].literal == ' ';
        if (is_blank || pattern->parts[i].conversion == '?')
            return true;
    }
    return false;
}

/* How a field ends that has no text behind it. */
static enum field_ending ending_without_tail(const struct item *item, const struct item *next)
{
    if (next)
        return UNTIL_BLANK;
    bool is_word = item->kind == ITEM_TIME ? !has_blank(item->pattern) : is_one_word(item->field);
    return is_word ? UNTIL_BLANK : UNTIL_END;
}

static bool fail_touching(struct program *program, const struct item *item, const struct item *next)
{
    return program_fail(program, (size_t)(next->directive.at - program->text.at),
                        "nothing stands between \"%.*s\" and \"%.*s\", so nobody can tell where "
                        "the one ends and the other begins",
                        QUOTED(item->directive), QUOTED(next->directive));
}

/* items[at], a directive, and the text behind it, if there is one. */
static bool build_field(struct building *building, size_t at)
{
    const struct program *program = building->program;
    const struct item *item = &program->items[at];
    const struct item *next = at + 1 < program->count ? item + 1 : NULL;
    struct slice tail = {0};
    if (next && next->kind == ITEM_TEXT)
        tail = item_text(program, next);
    else if (next && next->kind != ITEM_BLANKS)
        return fail_touching(building->program, item, next);
    building->ends_in_field = tail.size && at + 2 < program->count && next[1].kind != ITEM_BLANKS;
    enum field_ending without_tail = ending_without_tail(item, next);
    if (!item->pattern)
        add_field_op(building, item->field, tail, without_tail);
    else if (!add_time_ops(building, item, tail, without_tail))
        return false;
    building->before = tail;
    return true;
}

/* A text behind blanks is what an unneeded field ends with; the first one is the lead. */
static void build_text(struct building *building, struct slice text)
{
    if (building->count || building->skips_blanks)
        add_op(building, FIELD_SKIP, UNTIL_TEXT, text);
    else
        building->format->lead = arena_copy(building->program->arena, text);
    building->before = text;
}

static bool build_ops(struct building *building)
{
    struct program *program = building->program;
    for (size_t i = 0; i < program->count; i++) {
        const struct item *item = &program->items[i];
        if (item->kind == ITEM_BLANKS) {
            building->skips_blanks = true;
            building->before = (struct slice){0};
        } else if (item->kind == ITEM_TEXT) {
            build_text(building, item_text(program, item));
        } else {
            if (!build_field(building, i))
                return false;
            i += i + 1 < program->count && item[1].kind == ITEM_TEXT;
        }
    }
    return true;
}

static bool is_same_op(const struct field_op *a, const struct field_op *b)
{
    return a->field == b->field && a->ending == b->ending && a->tail_size == b->tail_size &&
           a->likely_size == b->likely_size && a->skips_blanks == b->skips_blanks &&
           memcmp(a->tail, b->tail, TAIL_MAX) == 0 && slice_equal(a->more, b->more);
}

/* The presets' own operations are walked faster (format_cut, line_parser_read). */
static const struct field_op *preset_ops(const struct log_format *format)
{
    size_t count;
    const struct log_format *presets = format_presets(&count);
    bool is_plain = format->lead.size == 0 && format->time.style == TIME_CLF &&
                    format->escapes == ESCAPE_BACKSLASH && !format->address_has_port;
    for (size_t i = 0; is_plain && i < count; i++) {
        size_t same = 0;
        while (same < format->op_count && presets[i].op_count == format->op_count &&
               is_same_op(&presets[i].ops[same], &format->ops[same]))
            same++;
        if (same == format->op_count)
            return presets[i].ops;
    }
    return format->ops;
}

/* A time can be cut into as many pieces as it has conversions. */
static size_t most_ops(const struct program *program)
{
    size_t most = program->count;
    for (size_t i = 0; i < program->count; i++)
        most += program->items[i].pattern ? program->items[i].pattern->count : 0;
    return most;
}

static bool finish_fields(struct program *program, struct log_format *format)
{
    struct building building = {.program = program, .format = format};
    enum time_style style;
    building.ops = arena_alloc(program->arena, most_ops(program) * sizeof *building.ops);
    if (!build_ops(&building))
        return false;
    format->shape = SHAPE_FIELDS;
    format->ops = building.ops;
    format->op_count = building.count;
    bool is_usual = format->time.piece_count == 1 &&
                    !time_pieces_take_rest(&format->time.patterns[0]) &&
                    time_pieces_usual_style(&format->time.patterns[0], &style);
    if (is_usual)
        format->time = (struct time_reader){.style = style};
    else
        format->time.style = TIME_PATTERN;
    format->ops = preset_ops(format);
    return true;
}

/* ---- a format of JSON ---- */

static struct field_meaning meaning_of(const struct item *item, const struct log_format *format,
                                       size_t *pieces)
{
    struct field_meaning meaning = {.unit = (uint8_t)item->unit, .rank = (uint8_t)item->rank};
    if (item->kind == ITEM_TIME) {
        meaning.field = (uint8_t)(FIELD_TIME + (*pieces)++);
        meaning.time_is_end = format->time_is_end;
    } else {
        meaning.field = (uint8_t)item->field;
    }
    return meaning;
}

/* The brackets of Apache's %t are part of the string; time_stamp knows them. */
static void take_brackets(struct template_part *parts, size_t count)
{
    for (size_t i = 1; i + 1 < count; i++) {
        struct slice *before = &parts[i - 1].text, *behind = &parts[i + 1].text;
        bool is_time = !parts[i].text.at && parts[i].meaning.field == FIELD_TIME;
        if (is_time && before->size && before->at[before->size - 1] == '[' && behind->size &&
            behind->at[0] == ']') {
            before->size--;
            *behind = slice_from(*behind, 1);
        }
    }
}

static struct template_part *template_of(struct program *program, const struct log_format *format)
{
    struct template_part *parts = arena_alloc(program->arena, (program->count + 1) * sizeof *parts);
    size_t pieces = 0;
    for (size_t i = 0; i < program->count; i++) {
        const struct item *item = &program->items[i];
        if (item->kind == ITEM_TEXT)
            parts[i].text = item_text(program, item);
        else if (item->kind == ITEM_BLANKS)
            parts[i].text = SLICE_LITERAL(" ");
        else
            parts[i].meaning = meaning_of(item, format, &pieces);
    }
    take_brackets(parts, program->count);
    return parts;
}

/* Of a text, which has no place of its own, that behind the directive before it. */
static size_t place_of(const struct program *program, size_t item)
{
    if (item < program->count && program->items[item].directive.at)
        return (size_t)(program->items[item].directive.at - program->text.at);
    for (; item > 0; item--) {
        struct slice directive = program->items[item - 1].directive;
        if (directive.at)
            return (size_t)(directive.at + directive.size - program->text.at);
    }
    return 0;
}

static bool set_json_time(struct program *program, struct log_format *format)
{
    enum time_style style;
    for (size_t i = 0; i < program->count; i++) {
        const struct item *item = &program->items[i];
        if (item->kind != ITEM_TIME)
            continue;
        if (format->time.piece_count == TIME_PIECES)
            return program_fail(program, (size_t)(item->directive.at - program->text.at),
                                "the time is written in more than %d pieces", TIME_PIECES);
        format->time.patterns[format->time.piece_count++] = *item->pattern;
    }
    bool is_usual =
        format->time.piece_count == 1 && time_pieces_usual_style(&format->time.patterns[0], &style);
    format->time.style = is_usual ? TIME_ANY : TIME_PATTERN;
    return true;
}

static bool begins_json(const struct program *program)
{
    bool begins_with_text = program->count && program->items[0].kind == ITEM_TEXT;
    if (!begins_with_text)
        return false;
    return json_template_begins(item_text(program, &program->items[0]));
}

static bool finish_json(struct program *program, struct log_format *format)
{
    size_t wrong;
    const char *reason;
    const struct template_part *parts = template_of(program, format);
    format->shape = SHAPE_JSON;
    format->map = json_template_compile(parts, program->count, program->extra, program->arena,
                                        &wrong, &reason);
    if (!format->map)
        return program_fail(program, place_of(program, wrong),
                            "lines of this format would be no JSON objects: %s", reason);
    for (size_t i = 0; i < format->map->count; i++)
        format->absent &= ~FIELD_BIT(format->map->items[i].meaning.field);
    return set_json_time(program, format);
}

/* ---- the whole ---- */

static const struct needed {
    unsigned fields; /* one of them */
    const char *what, *directives;
} needs[] = {
    {FIELD_BIT(FIELD_TIME), "time", "Apache's %t, nginx's $time_local, GoAccess' %d and %t"},
    {FIELD_BIT(FIELD_STATUS), "status", "Apache's %>s, nginx's $status, GoAccess' %s"},
    {FIELD_BIT(FIELD_REQUEST) | FIELD_BIT(FIELD_URL), "request or URL",
     "Apache's %r, nginx's $request, GoAccess' %r"},
};

static bool has_what_is_needed(struct program *program, const struct log_format *format)
{
    size_t at = 0;
    for (size_t i = program->count; i > 0; i--) {
        if (program->items[i - 1].directive.at)
            at = (size_t)(program->items[i - 1].directive.at - program->text.at);
    }
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        if ((format->absent & needs[i].fields) == needs[i].fields)
            return program_fail(program, at,
                                "the format has no %s, without which sojourn cannot count a line: "
                                "expected %s",
                                needs[i].what, needs[i].directives);
    }
    return true;
}

const struct log_format *program_finish(struct program *program, const struct log_format *base)
{
    struct log_format *format = arena_alloc(program->arena, sizeof *format);
    *format = *base;
    format->absent = FIELDS_BUT(0);
    if (program->error->code != ERROR_NONE || !choose_times(program, format))
        return NULL;
    bool is_json = begins_json(program);
    choose_fields(program, format, is_json);
    join_neighbours(program);
    trim_end(program);
    bool is_finished = is_json ? finish_json(program, format) : finish_fields(program, format);
    return is_finished && has_what_is_needed(program, format) ? format : NULL;
}
