#include "parser/json_template.h"

#include "base/ascii.h"
#include "parser/json_line.h"

enum { VALUE_HERE = 256, TEXT_ENDS = 257 }; /* beside the bytes */

struct template
{
    const struct template_part *parts;
    size_t count;
    size_t part, offset; /* what is next */
    char path[JSON_PATH_BYTES];
    size_t path_size; /* over JSON_PATH_BYTES: too long to be a name */
    bool is_unnamed;  /* in an item of a list that is not its first */
    struct named_field *names;
    size_t name_count;
    const struct extra_fields *extra;
    struct arena *arena;
    const char *reason;
};

static bool fail(struct template *template, const char *reason)
{
    template->reason = reason;
    return false;
}

static int peek(struct template *template)
{
    for (; template->part < template->count; template->part++, template->offset = 0) {
        struct slice text = template->parts[template->part].text;
        if (!text.at)
            return VALUE_HERE;
        if (template->offset < text.size)
            return (unsigned char)text.at[template->offset];
    }
    return TEXT_ENDS;
}

static int take(struct template *template)
{
    int taken = peek(template);
    if (taken == VALUE_HERE)
        template->part++;
    else if (taken != TEXT_ENDS)
        template->offset++;
    return taken;
}

static int peek_behind_blanks(struct template *template)
{
    while (ascii_is_white((char)peek(template)))
        take(template);
    return peek(template);
}

static bool take_if(struct template *template, int wanted)
{
    bool is_there = peek_behind_blanks(template) == wanted;
    if (is_there)
        take(template);
    return is_there;
}

bool json_template_begins(struct slice text)
{
    const struct template_part part = {.text = text};
    struct template template = {.parts = &part, .count = 1};
    if (!take_if(&template, '{'))
        return false;
    int next = peek_behind_blanks(&template);
    return next == '"' || next == '}';
}

/* ---- what a value means ---- */

/* What was seen of a value. */
struct value {
    size_t directives, bytes;
    struct field_meaning first;
    bool begins_request; /* method, blank, URL */
    int last;            /* the byte before, or VALUE_HERE */
};

static void see(struct template *template, struct value *value)
{
    int next = peek(template);
    if (next == VALUE_HERE) {
        struct field_meaning meaning = template->parts[template->part].meaning;
        if (value->directives == 0)
            value->first = meaning;
        bool is_second = value->directives == 1 && value->bytes == 1 && value->last == ' ';
        value->begins_request |=
            is_second && value->first.field == FIELD_METHOD && meaning.field == FIELD_URL;
        value->directives++;
    } else {
        value->bytes++;
    }
    value->last = next;
    take(template);
}

/* What the directive says ranks before what the member is called. */
static struct field_meaning extra_of_path(const struct template *template, struct slice path)
{
    return (struct field_meaning){.field = (uint8_t)extra_field_of(template->extra, path),
                                  .rank = 1};
}

static void name_value(struct template *template, const struct value *value)
{
    struct field_meaning meaning = value->first;
    struct slice path = {template->path, template->path_size};
    bool is_alone = value->directives == 1 && value->bytes == 0;
    if (template->is_unnamed || template->path_size > JSON_PATH_BYTES)
        return;
    if (value->begins_request)
        meaning = (struct field_meaning){.field = FIELD_REQUEST};
    else if (is_alone && meaning.field == FIELD_SKIP)
        meaning = extra_of_path(template, path);
    else if (!is_alone)
        return;
    if (meaning.field == FIELD_SKIP)
        return;
    template->names[template->name_count++] =
        (struct named_field){arena_copy(template->arena, path).at, meaning};
}

/* ---- the object ---- */

static bool take_string(struct template *template, struct value *value)
{
    for (;;) {
        int next = peek(template);
        if (next == TEXT_ENDS)
            return fail(template, "a string is not closed");
        if (next == '"') {
            take(template);
            return true;
        }
        see(template, value);
        if (next == '\\' && peek(template) != TEXT_ENDS)
            see(template, value);
    }
}

static bool is_of_bare_value(int c)
{
    return c != TEXT_ENDS && !ascii_is_white((char)c) &&
           (c == VALUE_HERE || !strchr("\",:{}[]", c));
}

static bool take_bare(struct template *template, struct value *value)
{
    while (is_of_bare_value(peek(template)))
        see(template, value);
    bool is_there = value->directives + value->bytes > 0;
    return is_there || fail(template, "a value is missing");
}

static void add_to_path(struct template *template, int c)
{
    if (template->path_size < JSON_PATH_BYTES)
        template->path[template->path_size] = (char)c;
    template->path_size++;
}

/* A member's name, which is added to the path. */
static bool take_name(struct template *template)
{
    if (!take_if(template, '"'))
        return fail(template, "expected a name in double quotes");
    if (template->path_size)
        add_to_path(template, '.');
    for (;;) {
        if (peek(template) == TEXT_ENDS)
            return fail(template, "a name is not closed");
        if (peek(template) == VALUE_HERE)
            return fail(template, "a name holds a directive: lines would differ in their names");
        int next = take(template);
        if (next == '"')
            break;
        add_to_path(template, next);
        if (next == '\\' && peek(template) < VALUE_HERE)
            add_to_path(template, take(template));
    }
    return take_if(template, ':') || fail(template, "expected a colon behind the name");
}

static bool take_value(struct template *template, int depth);

static bool take_object(struct template *template, int depth)
{
    size_t path_size = template->path_size;
    if (take_if(template, '}'))
        return true;
    do {
        if (!take_name(template) || !take_value(template, depth + 1))
            return false;
        template->path_size = path_size;
    } while (take_if(template, ','));
    return take_if(template, '}') || fail(template, "expected a comma or the closing brace");
}

static bool take_list(struct template *template, int depth)
{
    bool was_unnamed = template->is_unnamed;
    if (take_if(template, ']'))
        return true;
    do {
        if (!take_value(template, depth + 1))
            return false;
        template->is_unnamed = true;
    } while (take_if(template, ','));
    template->is_unnamed = was_unnamed;
    return take_if(template, ']') || fail(template, "expected a comma or the closing bracket");
}

/* Recursion ends at JSON_DEPTH, where reading lines does, too. */
static bool take_value(struct template *template, int depth)
{
    struct value value = {0};
    int next = peek_behind_blanks(template);
    if ((next == '{' || next == '[') && depth == JSON_DEPTH)
        return fail(template, "objects are nested too deep");
    if (next == '{') {
        take(template);
        return take_object(template, depth);
    }
    if (next == '[') {
        take(template);
        return take_list(template, depth);
    }
    if (next == '"')
        take(template);
    if (!(next == '"' ? take_string(template, &value) : take_bare(template, &value)))
        return false;
    name_value(template, &value);
    return true;
}

static bool take_all(struct template *template)
{
    if (!take_if(template, '{'))
        return fail(template, "expected an opening brace");
    if (!take_object(template, 0))
        return false;
    return peek_behind_blanks(template) == TEXT_ENDS ||
           fail(template, "expected nothing behind the closing brace");
}

const struct field_map *json_template_compile(const struct template_part *parts, size_t count,
                                              const struct extra_fields *extra, struct arena *arena,
                                              size_t *wrong, const char **reason)
{
    struct template template = {.parts = parts, .count = count, .extra = extra, .arena = arena};
    template.names = arena_alloc(arena, count * sizeof *template.names);
    if (!take_all(&template)) {
        *wrong = template.part;
        *reason = template.reason;
        return NULL;
    }
    struct field_map *map = arena_alloc(arena, sizeof *map);
    *map = (struct field_map){.items = template.names, .count = template.name_count};
    return map;
}
