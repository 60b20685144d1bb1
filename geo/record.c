#include "geo/record.h"

#include <stdbool.h>

/* A value as it stands there: pointers are not followed, `next` is what stands behind it. */
struct item {
    struct record_value value;
    size_t next;
};

/* `count` bytes, highest first; false when the section ends before. */
static bool read_number(struct slice section, size_t *at, size_t count, size_t *number)
{
    if (*at > section.size || section.size - *at < count)
        return false;
    *number = 0;
    for (; count; count--)
        *number = *number << 8 | (unsigned char)section.at[(*at)++];
    return true;
}

/* The size that the low five bits of a control byte tell, or begin to tell. */
static bool read_size(struct slice section, size_t *at, unsigned bits, size_t *size)
{
    static const size_t base[] = {29, 285, 65821};
    *size = bits;
    if (bits < 29)
        return true;
    if (!read_number(section, at, bits - 28, size))
        return false;
    *size += base[bits - 29];
    return true;
}

/* A pointer's value.at is where it points to. */
static bool read_pointer(struct slice section, size_t at, unsigned bits, struct item *item)
{
    static const size_t base[] = {0, 2048, 526336, 0};
    unsigned more_bytes = bits >> 3;
    size_t low;
    if (!read_number(section, &at, more_bytes + 1, &low))
        return false;
    size_t high = more_bytes < 3 ? (size_t)(bits & 7) << (8 * (more_bytes + 1)) : 0;
    item->value =
        (struct record_value){.type = RECORD_POINTER, .at = base[more_bytes] + high + low};
    item->next = at;
    return true;
}

static bool is_container(unsigned type)
{
    return type == RECORD_MAP || type == RECORD_ARRAY;
}

/* Does the size stand for bytes behind the control byte? A boolean's is its value. */
static bool has_payload(unsigned type)
{
    enum { TYPE_BOOLEAN = 14 };
    return !is_container(type) && type != TYPE_BOOLEAN;
}

/* The next value at `at`; `next` of a container is its first part. */
static bool read_item(struct record *record, size_t at, struct item *item)
{
    enum { TYPE_EXTENDED = 0 };
    if (record->budget == 0)
        return false;
    record->budget--;
    size_t control, more, size;
    if (!read_number(record->section, &at, 1, &control))
        return false;
    unsigned type = (unsigned)control >> 5, bits = control & 31;
    if (type == RECORD_POINTER)
        return read_pointer(record->section, at, bits, item);
    if (type == TYPE_EXTENDED) {
        if (!read_number(record->section, &at, 1, &more))
            return false;
        type = (unsigned)more + 7;
    }
    if (!read_size(record->section, &at, bits, &size))
        return false;
    size_t payload = has_payload(type) ? size : 0;
    if (payload > record->section.size - at)
        return false;
    item->value = (struct record_value){.type = type, .size = size, .at = at};
    item->next = at + payload;
    return true;
}

/* The same with a pointer followed; the format forbids pointers to pointers. */
static bool read_target(struct record *record, size_t at, struct item *item)
{
    if (!read_item(record, at, item))
        return false;
    if (item->value.type != RECORD_POINTER)
        return true;
    size_t next = item->next;
    if (!read_item(record, item->value.at, item) || item->value.type == RECORD_POINTER)
        return false;
    item->next = next;
    return true;
}

/* Behind the value at *at, with everything inside it. */
static bool skip(struct record *record, size_t *at)
{
    struct item item;
    for (uint64_t left = 1; left; left--) {
        if (!read_item(record, *at, &item))
            return false;
        if (is_container(item.value.type))
            left += (item.value.type == RECORD_MAP ? 2 : 1) * (uint64_t)item.value.size;
        *at = item.next;
    }
    return true;
}

/* One step of a path: from a map to the value of a key. */
static enum record_answer find_key(struct record *record, struct slice key,
                                   struct record_value *value)
{
    size_t at = value->at;
    struct item item;
    for (size_t left = value->size; left; left--) {
        if (!read_target(record, at, &item) || item.value.type != RECORD_TEXT)
            return RECORD_CORRUPT;
        struct slice name = {record->section.at + item.value.at, item.value.size};
        at = item.next;
        if (slice_equal(name, key)) {
            if (!read_target(record, at, &item))
                return RECORD_CORRUPT;
            *value = item.value;
            return RECORD_FOUND;
        }
        if (!skip(record, &at))
            return RECORD_CORRUPT;
    }
    return RECORD_ABSENT;
}

static enum record_answer first_item(struct record *record, struct record_value *value)
{
    struct item item;
    if (value->size == 0)
        return RECORD_ABSENT;
    if (!read_target(record, value->at, &item))
        return RECORD_CORRUPT;
    *value = item.value;
    return RECORD_FOUND;
}

enum record_answer record_find(struct record *record, const char *const *path,
                               struct record_value *value)
{
    struct item item;
    if (!read_target(record, record->at, &item))
        return RECORD_CORRUPT;
    enum record_answer answer = RECORD_FOUND;
    for (; *path && answer == RECORD_FOUND; path++) {
        if (item.value.type == RECORD_MAP)
            answer = find_key(record, slice_of(*path), &item.value);
        else if (item.value.type == RECORD_ARRAY)
            answer = first_item(record, &item.value);
        else
            answer = RECORD_ABSENT;
    }
    if (answer == RECORD_FOUND)
        *value = item.value;
    return answer;
}
