/*
 * Lines of any bytes as JSON lines of one log.
 *
 * Holds: a second reader, slow and simple, takes and refuses the same lines and finds the same
 * values in them, byte for byte; neither the lines before nor the bytes behind a line matter.
 */
#include "parser/json_line.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/scan.h"
#include "parser/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct extra_fields extra = {{{"x", true}, {"y", false}, {"uid", true}}, 3};
static const struct field_map map = {NULL, 0, true, &extra};

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Reads by the grammar of RFC 8259, one function a rule, and one call a level. */
struct reader {
    const char *at, *end;
    struct line_fields fields;
    int ranks[FIELD_COUNT];
};

/* Where a value stands: NULL when what is in it is passed over. */
struct path {
    char *text;
    size_t size;
};

static bool see(const struct reader *reader, char c)
{
    return reader->at < reader->end && *reader->at == c;
}

static bool eat(struct reader *reader, char c)
{
    bool is_there = see(reader, c);
    reader->at += is_there;
    return is_there;
}

static void eat_blanks(struct reader *reader)
{
    while (eat(reader, ' ') || eat(reader, '\t') || eat(reader, '\r') || eat(reader, '\n')) {
    }
}

static bool ref_string(struct reader *reader, struct slice *text, bool *is_escaped)
{
    *is_escaped = false;
    if (!eat(reader, '"'))
        return false;
    text->at = reader->at;
    for (; reader->at < reader->end; reader->at++) {
        text->size = (size_t)(reader->at - text->at);
        if (eat(reader, '"'))
            return true;
        if (eat(reader, '\\')) {
            *is_escaped = true;
            if (reader->at == reader->end)
                return false;
        }
        if ((unsigned char)*reader->at < 0x20)
            return false;
    }
    return false;
}

static void offer(struct reader *reader, const struct path *path, struct slice value,
                  bool is_escaped)
{
    if (!path)
        return;
    struct field_meaning meaning = field_meaning_of(&map, (struct slice){path->text, path->size});
    if (path->size > JSON_PATH_BYTES || meaning.field == FIELD_SKIP)
        return;
    bool is_taken = reader->fields.at[meaning.field].at != NULL;
    if (is_taken && reader->ranks[meaning.field] <= meaning.rank)
        return;
    reader->ranks[meaning.field] = meaning.rank;
    line_fields_set(&reader->fields, meaning, value, is_escaped);
}

static bool ref_value(struct reader *reader, const struct path *path, size_t depth);

static bool ref_member(struct reader *reader, const struct path *path, size_t depth)
{
    struct slice name;
    bool is_escaped;
    if (!ref_string(reader, &name, &is_escaped))
        return false;
    struct path inner = {NULL, 0};
    if (path && depth <= JSON_DEPTH) {
        bool has_dot = path->text != NULL;
        inner.text = mem_alloc(path->size + has_dot + name.size + 1);
        if (has_dot)
            memcpy(inner.text, path->text, path->size);
        inner.text[path->size] = '.';
        memcpy(inner.text + path->size + has_dot, name.at, name.size);
        inner.size = path->size + has_dot + name.size;
    }
    eat_blanks(reader);
    bool is_read = eat(reader, ':') && ref_value(reader, inner.text ? &inner : NULL, depth);
    mem_free(inner.text);
    return is_read;
}

static bool ref_object(struct reader *reader, const struct path *path, size_t depth)
{
    eat_blanks(reader);
    if (eat(reader, '}'))
        return true;
    do {
        eat_blanks(reader);
        if (!ref_member(reader, path, depth))
            return false;
    } while (eat(reader, ','));
    return eat(reader, '}');
}

static bool ref_list(struct reader *reader, const struct path *path, size_t depth)
{
    bool is_first = true;
    eat_blanks(reader);
    if (eat(reader, ']'))
        return true;
    do {
        if (!ref_value(reader, is_first ? path : NULL, depth))
            return false;
        is_first = false;
    } while (eat(reader, ','));
    return eat(reader, ']');
}

/* As lenient as json_line.h says: any number characters behind the first. */
static bool ref_number(struct reader *reader, struct slice *text)
{
    text->at = reader->at;
    if (reader->at == reader->end || !strchr("-0123456789", *reader->at) || !*reader->at)
        return false;
    while (reader->at < reader->end && *reader->at && strchr("+-.0123456789eE", *reader->at))
        reader->at++;
    text->size = (size_t)(reader->at - text->at);
    return true;
}

static bool ref_word(struct reader *reader, const char *word, struct slice *text)
{
    *text =
        slice_head((struct slice){reader->at, (size_t)(reader->end - reader->at)}, strlen(word));
    if (!slice_is(*text, word))
        return false;
    reader->at += text->size;
    return true;
}

static bool ref_value_here(struct reader *reader, const struct path *path, size_t depth)
{
    struct slice text;
    bool is_escaped = false;
    if (eat(reader, '{'))
        return ref_object(reader, path, depth + 1);
    if (eat(reader, '['))
        return ref_list(reader, path, depth + 1);
    if (ref_word(reader, "null", &text))
        return true;
    bool is_read = see(reader, '"')
                       ? ref_string(reader, &text, &is_escaped)
                       : ref_word(reader, "true", &text) || ref_word(reader, "false", &text) ||
                             ref_number(reader, &text);
    if (is_read)
        offer(reader, path, text, is_escaped);
    return is_read;
}

static bool ref_value(struct reader *reader, const struct path *path, size_t depth)
{
    eat_blanks(reader);
    bool is_read = ref_value_here(reader, path, depth);
    eat_blanks(reader);
    return is_read;
}

static bool ref_line(struct reader *reader, struct slice line)
{
    const struct path root = {NULL, 0};
    *reader = (struct reader){.at = line.at, .end = line.at + line.size};
    eat_blanks(reader);
    if (!see(reader, '{') || !ref_value(reader, &root, 0) || reader->at != reader->end)
        return false;
    struct slice *address = &reader->fields.at[FIELD_ADDRESS],
                 *host = &reader->fields.at[FIELD_HOST];
    struct address parsed;
    if (!address->at && address_parse(*host, &parsed)) {
        *address = *host;
        *host = (struct slice){NULL, 0};
    }
    return true;
}

static void must_be_same(const struct line_fields *a, const struct line_fields *b)
{
    for (int field = 0; field < FIELD_COUNT; field++)
        must(a->at[field].at == b->at[field].at && a->at[field].size == b->at[field].size);
    must(a->escaped == b->escaped && a->time_is_end == b->time_is_end);
    must(a->duration_unit == b->duration_unit);
}

static void check_line(struct json_memory *used, struct slice line, char *slack)
{
    static const char behind[] = {'"', '}', '7', '\0'};
    struct reader reader;
    bool is_object = ref_line(&reader, line);
    for (size_t i = 0; i < sizeof behind; i++) {
        struct json_memory *memory = i ? used : json_memory_new(&map);
        struct line_fields fields;
        memset(slack, behind[i], SCAN_SLACK);
        must(json_line_cut(memory, line, &fields) == is_object);
        if (is_object)
            must_be_same(&fields, &reader.fields);
        if (memory != used)
            json_memory_free(memory);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct json_memory *memory = json_memory_new(&map);
    struct slice rest = {(const char *)bytes, size};
    while (rest.size) {
        const char *newline = memchr(rest.at, '\n', rest.size);
        size_t length = newline ? (size_t)(newline - rest.at) : rest.size;
        char *copy = mem_alloc(length + SCAN_SLACK);
        memcpy(copy, rest.at, length);
        check_line(memory, (struct slice){copy, length}, copy + length);
        mem_free(copy);
        rest = slice_from(rest, length + 1);
    }
    json_memory_free(memory);
    return 0;
}
