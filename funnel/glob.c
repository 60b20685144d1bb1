#include "funnel/glob.h"

#include "base/hash.h"
#include "base/memory.h"
#include "base/names.h"
#include "parser/url.h"

/*
 * The patterns are items in a tree, so that what many of them begin with is there once:
 *
 *     /shop/c?   /shop/cart   ->   root - / - s - h - o - p - / - c - [one] - [rest]
 *                                                                 '- a - r - t
 *
 * A place in the tree says "everything up to and with this item has been matched". A state of the
 * automaton is a set of places, sorted; it is interned as the bytes of that list.
 */
enum item_kind {
    ITEM_ROOT,
    ITEM_LITERAL,    /* one byte of a class */
    ITEM_ONE,        /* the first byte of a character of a segment */
    ITEM_REST,       /* its further bytes (UTF-8 continuation), any number */
    ITEM_SEGMENT,    /* '*' */
    ITEM_EVERYTHING, /* double '*' */
};

struct item {
    uint8_t kind;
    uint8_t byte; /* of a literal, lower case */
};

enum { ROOT = 0, NO_PLACE = 0 }; /* nothing leads to the root */

struct place {
    struct item item;
    uint8_t byte_class;            /* of a literal */
    uint32_t first_child, sibling; /* NO_PLACE at the end */
    uint32_t first_end;            /* the patterns that end here: index + 1 into `ends` */
};

struct pattern_end {
    uint32_t pattern, next; /* index + 1 */
};

struct glob_set {
    struct place *places;
    size_t place_count, place_capacity;
    struct pattern_end *ends;
    size_t end_count, end_capacity;
    size_t pattern_count;
    size_t word_count;     /* of an answer */
    uint8_t class_of[256]; /* bytes that no pattern tells apart are one class */
    size_t class_count;
    uint8_t class_byte[256]; /* one byte of each class */
};

enum { MAX_STATES = 16384, MAX_STATE_BYTES = 8 * 1024 * 1024 };
#define NO_STATE UINT32_MAX

struct glob_matcher {
    const struct glob_set *set;
    struct names states; /* state number <-> its places */
    uint32_t start;      /* NO_STATE until needed */
    uint32_t *next;      /* [state][class]: state + 1; 0 not built yet */
    size_t next_capacity;
    uint32_t *answer_of; /* [state]: row of `answers`; row 0 is empty */
    size_t answer_of_capacity;
    uint64_t *answers; /* [row][word] */
    size_t answer_count, answer_capacity;
    uint64_t *wanted; /* scratch: bit per place */
    size_t wanted_words;
    uint32_t *sorted; /* scratch: the same as a list */
};

static uint8_t lower(char letter)
{
    uint8_t byte = (uint8_t)letter;
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte - 'A' + 'a') : byte;
}

static bool is_continuation(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

static bool is_slash(struct item item)
{
    return item.kind == ITEM_LITERAL && item.byte == '/';
}

/* ---- compiling ---- */

/* Takes the items at the start of *pattern off it, into items[0] or items[0..1]. Their number. */
static size_t take_items(struct slice *pattern, struct item *items)
{
    size_t stars = 0;
    while (stars < pattern->size && pattern->at[stars] == '*')
        stars++;
    if (stars) {
        items[0] = (struct item){stars > 1 ? ITEM_EVERYTHING : ITEM_SEGMENT, 0};
        *pattern = slice_from(*pattern, stars);
        return 1;
    }
    if (pattern->at[0] == '?') {
        items[0] = (struct item){ITEM_ONE, 0};
        items[1] = (struct item){ITEM_REST, 0};
        *pattern = slice_from(*pattern, 1);
        return 2;
    }
    char decoded[3];
    bool is_escape = pattern->size >= 3 && url_decode(slice_head(*pattern, 3), false, decoded) == 1;
    items[0] = (struct item){ITEM_LITERAL, lower(is_escape ? decoded[0] : pattern->at[0])};
    *pattern = slice_from(*pattern, is_escape ? 3 : 1);
    return 1;
}

/*
 * The items of a pattern, normalised like paths are: doubled slashes are one, a last one goes.
 * `items` has room for two a byte.
 */
static size_t read_items(struct slice pattern, struct item *items)
{
    size_t count = 0;
    while (pattern.size) {
        size_t taken = take_items(&pattern, items + count);
        bool doubles = count && is_slash(items[count]) && is_slash(items[count - 1]);
        count += doubles ? 0 : taken;
    }
    if (count > 1 && is_slash(items[count - 1]))
        count--;
    return count;
}

static uint32_t add_place(struct glob_set *set, struct item item)
{
    set->places =
        mem_grow(set->places, &set->place_capacity, set->place_count + 1, sizeof *set->places);
    set->places[set->place_count] = (struct place){.item = item};
    return (uint32_t)set->place_count++;
}

/* The child of that item, added when there is none. */
static uint32_t descend(struct glob_set *set, uint32_t parent, struct item item)
{
    uint32_t child = set->places[parent].first_child;
    for (; child != NO_PLACE; child = set->places[child].sibling) {
        struct item known = set->places[child].item;
        if (known.kind == item.kind && known.byte == item.byte)
            return child;
    }
    child = add_place(set, item);
    set->places[child].sibling = set->places[parent].first_child;
    set->places[parent].first_child = child;
    return child;
}

static void end_at(struct glob_set *set, uint32_t place, uint32_t pattern)
{
    set->ends = mem_grow(set->ends, &set->end_capacity, set->end_count + 1, sizeof *set->ends);
    set->ends[set->end_count] = (struct pattern_end){pattern, set->places[place].first_end};
    set->places[place].first_end = (uint32_t)++set->end_count;
}

/* A pattern that ends in a slash and a double star also ends before that slash. */
static void insert(struct glob_set *set, uint32_t pattern, const struct item *items, size_t count)
{
    uint32_t place = ROOT;
    for (size_t i = 0; i < count; i++) {
        if (i + 2 == count && is_slash(items[i]) && items[i + 1].kind == ITEM_EVERYTHING)
            end_at(set, place, pattern);
        place = descend(set, place, items[i]);
    }
    end_at(set, place, pattern);
}

static void compile(struct glob_set *set, uint32_t number, struct slice pattern)
{
    struct item *items = mem_zeroed(2, pattern.size * sizeof *items);
    insert(set, number, items, read_items(pattern, items));
    mem_free(items);
}

static uint8_t new_class(struct glob_set *set, uint8_t byte)
{
    set->class_byte[set->class_count] = byte;
    return (uint8_t)set->class_count++;
}

/* One class for each literal and the slash, two for the rest: continuation bytes or not. */
static void classify_bytes(struct glob_set *set)
{
    bool is_literal[256] = {['/'] = true};
    int rest[2] = {-1, -1};
    for (size_t i = 0; i < set->place_count; i++) {
        if (set->places[i].item.kind == ITEM_LITERAL)
            is_literal[set->places[i].item.byte] = true;
    }
    for (unsigned b = 0; b < 256; b++) {
        uint8_t byte = (uint8_t)b;
        int *other = &rest[is_continuation(byte)];
        if (is_literal[b])
            set->class_of[b] = new_class(set, byte);
        else if (*other < 0)
            set->class_of[b] = (uint8_t)(*other = new_class(set, byte));
        else
            set->class_of[b] = (uint8_t)*other;
    }
    for (unsigned b = 'A'; b <= 'Z'; b++)
        set->class_of[b] = set->class_of[lower((char)b)];
    for (size_t i = 0; i < set->place_count; i++)
        set->places[i].byte_class = set->class_of[set->places[i].item.byte];
}

struct glob_set *glob_set_new(const struct slice *patterns, size_t count)
{
    struct glob_set *set = mem_zeroed(1, sizeof *set);
    set->pattern_count = count;
    set->word_count = count ? (count + 63) / 64 : 1;
    add_place(set, (struct item){ITEM_ROOT, 0});
    for (size_t i = 0; i < count; i++)
        compile(set, (uint32_t)i, patterns[i]);
    classify_bytes(set);
    return set;
}

void glob_set_free(struct glob_set *set)
{
    if (!set)
        return;
    mem_free(set->places);
    mem_free(set->ends);
    mem_free(set);
}

size_t glob_set_size(const struct glob_set *set)
{
    return set->pattern_count;
}

/* ---- matching ---- */

struct glob_matcher *glob_matcher_new(const struct glob_set *set)
{
    struct glob_matcher *matcher = mem_zeroed(1, sizeof *matcher);
    matcher->set = set;
    matcher->start = NO_STATE;
    matcher->wanted_words = set->place_count / 64 + 1;
    matcher->wanted = mem_zeroed(matcher->wanted_words, sizeof *matcher->wanted);
    matcher->sorted = mem_zeroed(set->place_count, sizeof *matcher->sorted);
    matcher->answers = mem_zeroed(set->word_count, sizeof *matcher->answers);
    matcher->answer_capacity = set->word_count;
    matcher->answer_count = 1;
    names_init(&matcher->states, hash_key_random());
    return matcher;
}

void glob_matcher_free(struct glob_matcher *matcher)
{
    if (!matcher)
        return;
    names_clear(&matcher->states);
    mem_free(matcher->next);
    mem_free(matcher->answer_of);
    mem_free(matcher->answers);
    mem_free(matcher->wanted);
    mem_free(matcher->sorted);
    mem_free(matcher);
}

static void want(struct glob_matcher *matcher, uint32_t place)
{
    matcher->wanted[place / 64] |= UINT64_C(1) << place % 64;
}

static bool matches_nothing(const struct place *place)
{
    uint8_t kind = place->item.kind;
    return kind == ITEM_REST || kind == ITEM_SEGMENT || kind == ITEM_EVERYTHING;
}

/*
 * What can be matched by nothing leads on at once. Where a double star stands for whole segments
 * (at the start or after a slash), the slash behind it goes with it.
 */
static void want_followers(struct glob_matcher *matcher, uint32_t number)
{
    const struct place *places = matcher->set->places, *from = &places[number];
    bool begins_segment = number == ROOT || is_slash(from->item);
    for (uint32_t child = from->first_child; child != NO_PLACE; child = places[child].sibling) {
        if (matches_nothing(&places[child]))
            want(matcher, child);
        if (!begins_segment || places[child].item.kind != ITEM_EVERYTHING)
            continue;
        for (uint32_t next = places[child].first_child; next != NO_PLACE;
             next = places[next].sibling) {
            if (is_slash(places[next].item))
                want(matcher, next);
        }
    }
}

/*
 * Empties `wanted` into the sorted list of places, with all that they lead to; returns its
 * length. A child's number is above its parent's, so one ascending sweep meets them all.
 */
static size_t collect(struct glob_matcher *matcher)
{
    size_t count = 0;
    for (size_t word = 0; word < matcher->wanted_words; word++) {
        while (matcher->wanted[word]) {
            uint32_t place = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(matcher->wanted[word]));
            matcher->wanted[word] &= matcher->wanted[word] - 1;
            matcher->sorted[count++] = place;
            want_followers(matcher, place);
        }
    }
    return count;
}

/* An empty row of answers for the state. */
static uint64_t *add_answer(struct glob_matcher *matcher, uint32_t state)
{
    size_t words = matcher->set->word_count;
    matcher->answers = mem_grow(matcher->answers, &matcher->answer_capacity,
                                (matcher->answer_count + 1) * words, sizeof *matcher->answers);
    uint64_t *row = matcher->answers + matcher->answer_count * words;
    memset(row, 0, words * sizeof *row);
    matcher->answer_of[state] = (uint32_t)matcher->answer_count++;
    return row;
}

/* Which patterns end in one of the first `count` sorted places: most states have none. */
static void fill_answer(struct glob_matcher *matcher, uint32_t state, size_t count)
{
    const struct glob_set *set = matcher->set;
    uint64_t *answer = NULL;
    matcher->answer_of[state] = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t end = set->places[matcher->sorted[i]].first_end;
        if (end && !answer)
            answer = add_answer(matcher, state);
        for (; end; end = set->ends[end - 1].next) {
            uint32_t pattern = set->ends[end - 1].pattern;
            answer[pattern / 64] |= UINT64_C(1) << pattern % 64;
        }
    }
}

/* The state of the first `count` sorted places; a new one gets its rows. */
static uint32_t intern_state(struct glob_matcher *matcher, size_t count)
{
    uint32_t known = matcher->states.count;
    struct slice key = {(const char *)matcher->sorted, count * sizeof *matcher->sorted};
    uint32_t state = names_add(&matcher->states, key);
    if (state < known)
        return state;
    size_t classes = matcher->set->class_count;
    matcher->next = mem_grow(matcher->next, &matcher->next_capacity, (state + 1) * classes,
                             sizeof *matcher->next);
    memset(matcher->next + state * classes, 0, classes * sizeof *matcher->next);
    matcher->answer_of = mem_grow(matcher->answer_of, &matcher->answer_of_capacity, state + 1,
                                  sizeof *matcher->answer_of);
    fill_answer(matcher, state, count);
    return state;
}

static uint32_t start_state(struct glob_matcher *matcher)
{
    if (matcher->start == NO_STATE) {
        want(matcher, ROOT);
        matcher->start = intern_state(matcher, collect(matcher));
    }
    return matcher->start;
}

/* Strangers choose the paths, so the states they can make us keep are limited. */
static bool start_afresh_when_full(struct glob_matcher *matcher)
{
    if (matcher->states.count < MAX_STATES && matcher->states.texts.total_bytes < MAX_STATE_BYTES)
        return false;
    struct hash_key key = matcher->states.key;
    names_clear(&matcher->states);
    names_init(&matcher->states, key);
    matcher->answer_count = 1;
    matcher->start = NO_STATE;
    return true;
}

/* Can this byte be the item's? Of what matches any number of bytes: can it be one more? */
static bool takes(const struct place *place, uint8_t byte, uint8_t byte_class)
{
    switch ((enum item_kind)place->item.kind) {
    case ITEM_LITERAL:
        return place->byte_class == byte_class;
    case ITEM_ONE:
        return byte != '/' && !is_continuation(byte);
    case ITEM_REST:
        return is_continuation(byte);
    case ITEM_SEGMENT:
        return byte != '/';
    case ITEM_EVERYTHING:
        return true;
    case ITEM_ROOT:
        break;
    }
    return false;
}

/* Where a byte leads from a place, in `wanted`. */
static void want_after(struct glob_matcher *matcher, uint32_t number, uint8_t byte_class)
{
    const struct place *places = matcher->set->places, *from = &places[number];
    uint8_t byte = matcher->set->class_byte[byte_class];
    if (matches_nothing(from) && takes(from, byte, byte_class))
        want(matcher, number);
    for (uint32_t child = from->first_child; child != NO_PLACE; child = places[child].sibling) {
        if (!matches_nothing(&places[child]) && takes(&places[child], byte, byte_class))
            want(matcher, child);
    }
}

static uint32_t build_next(struct glob_matcher *matcher, uint32_t from, uint8_t byte_class)
{
    struct slice places = names_text(&matcher->states, from);
    for (size_t i = 0; i < places.size; i += sizeof(uint32_t)) {
        uint32_t place;
        memcpy(&place, places.at + i, sizeof place);
        want_after(matcher, place, byte_class);
    }
    size_t count = collect(matcher);
    bool forgot_from = start_afresh_when_full(matcher);
    uint32_t to = intern_state(matcher, count);
    if (!forgot_from)
        matcher->next[from * matcher->set->class_count + byte_class] = to + 1;
    return to;
}

const uint64_t *glob_match(struct glob_matcher *matcher, struct slice path)
{
    const struct glob_set *set = matcher->set;
    uint32_t state = start_state(matcher);
    for (size_t i = 0; i < path.size; i++) {
        uint8_t byte_class = set->class_of[(uint8_t)path.at[i]];
        uint32_t next = matcher->next[state * set->class_count + byte_class];
        state = next ? next - 1 : build_next(matcher, state, byte_class);
    }
    return matcher->answers + matcher->answer_of[state] * set->word_count;
}

/* ---- one pattern and one text ---- */

/* How many bytes the character at the start of `text` takes; 0 inside a character. */
static size_t character_size(struct slice text)
{
    if (text.size == 0 || is_continuation((uint8_t)text.at[0]))
        return 0;
    size_t size = 1;
    while (size < text.size && is_continuation((uint8_t)text.at[size]))
        size++;
    return size;
}

/* How much of `text` the pattern's first character (not a star) matches, 0 when it does not. */
static size_t match_one(struct slice pattern, struct slice text)
{
    if (pattern.size == 0 || text.size == 0)
        return 0;
    if (pattern.at[0] == '?')
        return character_size(text);
    return lower(pattern.at[0]) == lower(text.at[0]);
}

/*
 * When a later star is reached the earlier ones need never be tried again, so only the last one
 * is remembered: at most pattern size * text size steps.
 */
bool glob_matches_text(struct slice pattern, struct slice text)
{
    struct slice after_star = {NULL, 0}, retry = {NULL, 0};
    while (text.size || pattern.size) {
        if (pattern.size && pattern.at[0] == '*') {
            pattern = after_star = slice_from(pattern, 1);
            retry = text;
            continue;
        }
        size_t matched = match_one(pattern, text);
        if (matched) {
            pattern = slice_from(pattern, 1);
            text = slice_from(text, matched);
        } else if (after_star.at && retry.size) {
            pattern = after_star;
            text = retry = slice_from(retry, 1);
        } else {
            return false;
        }
    }
    return true;
}

/* Makes doubled slashes one, in place; most texts have none. */
static size_t join_slashes(char *text, size_t size)
{
    char *doubled = size ? memmem(text, size, "//", 2) : NULL;
    if (!doubled)
        return size;
    size_t kept = (size_t)(doubled - text) + 1;
    for (size_t i = kept; i < size; i++) {
        if (text[i] != '/' || text[kept - 1] != '/')
            text[kept++] = text[i];
    }
    return kept;
}

struct slice glob_normalise(struct slice path, char *out)
{
    size_t size = join_slashes(out, url_decode(path, false, out));
    if (size > 1 && out[size - 1] == '/')
        size--;
    return (struct slice){out, size};
}
