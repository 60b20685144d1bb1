#include "parser/json_line.h"

#include "base/memory.h"
#include "parser/address.h"
#include "parser/hit.h"
#include "parser/json_scan.h"

/* The tokenizer is one loop; what it calls for each token is inlined into it. */
#define INLINED __attribute__((always_inline)) static inline

enum { KEY_BYTES = 40, KEY_SLOTS = 512, KEY_PROBES = 4 };

/*
 * A name in the object it stands in, as it was met before. `parent` and `id` number paths: no
 * number is used twice, so that what a forgotten name left behind is never taken for another's.
 */
struct json_key {
    uint64_t parent; /* 0: a free slot */
    uint64_t id;
    struct field_meaning meaning;
    uint16_t next; /* the slot of the name that came behind it last time */
    uint8_t size;
    char text[KEY_BYTES + 1]; /* with its closing quote */
};

enum { NO_ID = 0, ROOT_ID = 1 };

/*
 * The slot of a name is guessable, so a stranger who may write names (Caddy logs all headers) can
 * push others out of it; that costs a look-up, never a wrong meaning.
 */
struct json_memory {
    const struct field_map *map;
    uint64_t last_id;
    struct json_key start; /* before the first name of a line */
    struct json_key keys[KEY_SLOTS];
    char closers[LINE_LIMIT + 1]; /* of each open object or list, '}' or ']' */
};

struct json_memory *json_memory_new(const struct field_map *map)
{
    struct json_memory *memory = mem_zeroed(1, sizeof *memory);
    memory->map = map;
    memory->last_id = ROOT_ID;
    return memory;
}

void json_memory_free(struct json_memory *memory)
{
    mem_free(memory);
}

/* What a value is: a member, or an item of a list that is one. */
struct member {
    struct slice name; /* {NULL, 0}: adds nothing to the path */
    uint64_t id;       /* of its path; NO_ID: nothing in it is needed */
    struct field_meaning meaning;
};

static const struct member unneeded = {{NULL, 0}, NO_ID, {FIELD_SKIP, 0, 0, false}};

struct walk {
    const char *at, *end;
    struct json_memory *memory;
    struct json_key *previous; /* name */
    struct line_fields *fields;
    uint8_t ranks[FIELD_COUNT];
    struct member member; /* the value that comes next, or was last */
    size_t depth;
    struct {
        struct slice name;
        uint64_t id;
    } levels[JSON_DEPTH + 1]; /* from 1: the open objects and lists */
};

/* The next byte; 0, which no JSON has there, at the end. */
INLINED char peek(const struct walk *walk)
{
    return walk->at < walk->end ? *walk->at : '\0';
}

INLINED void skip_blanks(struct walk *walk)
{
    for (char c = peek(walk); c == ' ' || c == '\t' || c == '\r' || c == '\n'; c = peek(walk))
        walk->at++;
}

/* A string's text, from behind its opening quote; its closing one is passed. */
INLINED bool read_string(struct walk *walk, struct slice *text, bool *is_escaped)
{
    const char *at = walk->at;
    *is_escaped = false;
    while ((at = json_scan(at, walk->end)) < walk->end) {
        if (*at == '"') {
            *text = (struct slice){walk->at, (size_t)(at - walk->at)};
            walk->at = at + 1;
            return true;
        }
        if (*at != '\\' || walk->end - at < 2 || (unsigned char)at[1] < 0x20)
            return false;
        *is_escaped = true;
        at += 2;
    }
    return false;
}

static bool add_to_path(struct slice *path, char *bytes, struct slice name)
{
    bool has_dot = path->at != NULL;
    if (name.size + has_dot > JSON_PATH_BYTES - path->size)
        return false;
    if (has_dot)
        bytes[path->size++] = '.';
    memcpy(bytes + path->size, name.at, name.size);
    *path = (struct slice){bytes, path->size + name.size};
    return true;
}

static struct field_meaning meaning_of(const struct walk *walk, struct slice name)
{
    char bytes[JSON_PATH_BYTES];
    struct slice path = {NULL, 0};
    for (size_t i = 1; i <= walk->depth; i++) {
        struct slice outer = walk->levels[i].name;
        if (outer.at && !add_to_path(&path, bytes, outer))
            return unneeded.meaning;
    }
    if (!add_to_path(&path, bytes, name))
        return unneeded.meaning;
    return field_meaning_of(walk->memory->map, path);
}

static uint64_t load(const char *at, size_t size)
{
    uint64_t bytes = 0;
    memcpy(&bytes, at, size);
    return bytes;
}

/* From both ends of the name; what lies between rarely tells names of one size apart. */
static size_t first_slot(uint64_t parent, struct slice name)
{
    uint64_t head = 0, tail = 0;
    if (name.size >= 8) {
        head = load(name.at, 8);
        tail = load(name.at + name.size - 8, 8);
    } else if (name.size >= 4) {
        head = load(name.at, 4);
        tail = load(name.at + name.size - 4, 4);
    } else {
        for (size_t i = 0; i < name.size; i++)
            head = head << 8 | (unsigned char)name.at[i];
    }
    uint64_t mixed = (head ^ (tail << 23 | tail >> 41) ^ parent << 7 ^ name.size);
    return (size_t)(mixed * UINT64_C(0x9e3779b97f4a7c15) >> 55);
}

static bool is_key(const struct json_key *key, uint64_t parent, struct slice name)
{
    return key->parent == parent && slice_equal((struct slice){key->text, key->size}, name);
}

static void learn(struct walk *walk, struct json_key *key, uint64_t parent, struct slice name)
{
    *key = (struct json_key){
        .parent = parent,
        .id = ++walk->memory->last_id,
        .meaning = meaning_of(walk, name),
        .next = key->next,
        .size = (uint8_t)name.size,
    };
    memcpy(key->text, name.at, name.size);
    key->text[name.size] = '"';
}

/* The name's slot: where it is, or else a free one or the first, which forgets what it knew. */
static struct json_key *find_or_learn(struct walk *walk, uint64_t parent, struct slice name)
{
    struct json_key *keys = walk->memory->keys, *place = NULL;
    size_t first = first_slot(parent, name);
    for (size_t i = 0; i < KEY_PROBES; i++) {
        struct json_key *key = &keys[(first + i) % KEY_SLOTS];
        if (is_key(key, parent, name))
            return key;
        if (key->parent == NO_ID && !place)
            place = key;
    }
    if (!place)
        place = &keys[first];
    learn(walk, place, parent, name);
    return place;
}

static void look_up(struct walk *walk, uint64_t parent, struct slice name)
{
    walk->member.name = name;
    if (name.size > KEY_BYTES) {
        walk->member.id = ++walk->memory->last_id;
        walk->member.meaning = meaning_of(walk, name);
        return;
    }
    struct json_key *key = find_or_learn(walk, parent, name);
    walk->member.id = key->id;
    walk->member.meaning = key->meaning;
    walk->previous->next = (uint16_t)(key - walk->memory->keys);
    walk->previous = key;
}

/* Does the name that came here last time come again? Then its end need not be searched. */
INLINED bool read_expected_name(struct walk *walk, uint64_t parent)
{
    struct json_key *key = &walk->memory->keys[walk->previous->next];
    if (key->parent != parent || (size_t)(walk->end - walk->at) <= key->size ||
        memcmp(walk->at, key->text, key->size + 1u) != 0)
        return false;
    walk->member = (struct member){{walk->at, key->size}, key->id, key->meaning};
    walk->previous = key;
    walk->at += key->size + 1u;
    return true;
}

INLINED uint64_t id_of_level(const struct walk *walk)
{
    return walk->depth <= JSON_DEPTH ? walk->levels[walk->depth].id : NO_ID;
}

/* A member's name and its colon. */
INLINED bool read_name(struct walk *walk)
{
    uint64_t parent = id_of_level(walk);
    if (peek(walk) != '"')
        return false;
    walk->at++;
    if (parent == NO_ID || !read_expected_name(walk, parent)) {
        struct slice name;
        bool is_escaped;
        if (!read_string(walk, &name, &is_escaped))
            return false;
        walk->member = unneeded;
        if (parent != NO_ID)
            look_up(walk, parent, name);
    }
    skip_blanks(walk);
    if (peek(walk) != ':')
        return false;
    walk->at++;
    skip_blanks(walk);
    return true;
}

INLINED void take(struct walk *walk, struct slice value, bool is_escaped)
{
    line_fields_offer(walk->fields, walk->ranks, walk->member.meaning, value, is_escaped);
}

INLINED bool is_number_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || (c | 0x20) == 'e';
}

INLINED bool read_number(struct walk *walk)
{
    const char *start = walk->at;
    if (*start != '-' && (*start < '0' || *start > '9'))
        return false;
    while (is_number_byte(peek(walk)))
        walk->at++;
    take(walk, (struct slice){start, (size_t)(walk->at - start)}, false);
    return true;
}

static bool read_word(struct walk *walk)
{
    static const char *const words[] = {"null", "true", "false"};
    struct slice rest = {walk->at, (size_t)(walk->end - walk->at)};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct slice word = slice_of(words[i]);
        if (!slice_starts_with(rest, word))
            continue;
        if (i > 0)
            take(walk, slice_head(rest, word.size), false);
        walk->at += word.size;
        return true;
    }
    return false;
}

INLINED bool read_scalar(struct walk *walk)
{
    char c = peek(walk);
    if (c == '"') {
        struct slice text;
        bool is_escaped;
        walk->at++;
        if (!read_string(walk, &text, &is_escaped))
            return false;
        take(walk, text, is_escaped);
        return true;
    }
    return c == 'n' || c == 't' || c == 'f' ? read_word(walk) : c != '\0' && read_number(walk);
}

/* Passes '{' or '['. The items of a list are what the list is, without its name in their paths. */
INLINED bool open_level(struct walk *walk, bool is_list)
{
    if (walk->depth == LINE_LIMIT)
        return false;
    walk->memory->closers[++walk->depth] = is_list ? ']' : '}';
    if (walk->depth <= JSON_DEPTH) {
        walk->levels[walk->depth].name = walk->member.name;
        walk->levels[walk->depth].id = walk->member.id;
    }
    walk->member.name = (struct slice){NULL, 0};
    walk->at++;
    skip_blanks(walk);
    return true;
}

enum progress { BROKEN, AT_VALUE, BEHIND_VALUE, DONE };

/* At a value: passes it, or the beginning of an object or list up to its first value. */
INLINED enum progress enter_value(struct walk *walk)
{
    char c = peek(walk);
    bool is_list = c == '[';
    if (c != '{' && !is_list)
        return read_scalar(walk) ? BEHIND_VALUE : BROKEN;
    if (!open_level(walk, is_list))
        return BROKEN;
    if (peek(walk) == walk->memory->closers[walk->depth])
        return BEHIND_VALUE;
    return is_list || read_name(walk) ? AT_VALUE : BROKEN;
}

/* Behind a value, or at the end of an empty object or list. */
INLINED enum progress leave_value(struct walk *walk)
{
    skip_blanks(walk);
    char c = peek(walk), closer = walk->memory->closers[walk->depth];
    if (c == ',') {
        walk->at++;
        skip_blanks(walk);
        if (closer == '}')
            return read_name(walk) ? AT_VALUE : BROKEN;
        walk->member = unneeded;
        return AT_VALUE;
    }
    if (c != closer)
        return BROKEN;
    walk->at++;
    return --walk->depth ? BEHIND_VALUE : DONE;
}

static bool walk_object(struct walk *walk)
{
    enum progress progress = AT_VALUE;
    skip_blanks(walk);
    if (peek(walk) != '{')
        return false;
    while (progress == AT_VALUE || progress == BEHIND_VALUE)
        progress = progress == AT_VALUE ? enter_value(walk) : leave_value(walk);
    skip_blanks(walk);
    return progress == DONE && walk->at == walk->end;
}

static void take_host_for_address(struct line_fields *fields)
{
    struct address address;
    if (!address_parse(fields->at[FIELD_HOST], &address))
        return;
    fields->at[FIELD_ADDRESS] = fields->at[FIELD_HOST];
    fields->at[FIELD_HOST] = (struct slice){NULL, 0};
}

bool json_line_cut(struct json_memory *memory, struct slice line, struct line_fields *fields)
{
    struct walk walk;
    walk.at = line.at;
    walk.end = line.at + line.size;
    walk.memory = memory;
    walk.previous = &memory->start;
    walk.fields = fields;
    walk.member = (struct member){{NULL, 0}, ROOT_ID, unneeded.meaning};
    walk.depth = 0;
    *fields = (struct line_fields){0};
    if (!walk_object(&walk))
        return false;
    if (!fields->at[FIELD_ADDRESS].at && fields->at[FIELD_HOST].at)
        take_host_for_address(fields);
    return true;
}
