#include "parser/ltsv_line.h"

#include "base/scan.h"

/*
 * A template with "remote_addr:" and "host:" means the virtual host by the second one; the rank
 * keeps it from counting there.
 */
static const struct field_meaning host_meaning = {FIELD_ADDRESS, DURATION_S, UINT8_MAX, false};

static struct field_meaning meaning_of(const struct field_map *map, struct slice label)
{
    bool is_usual_host =
        slice_is(label, "host") && !field_map_find(map, label) && (!map || map->has_usual);
    return is_usual_host ? host_meaning : field_meaning_of(map, label);
}

bool ltsv_line_cut(const struct field_map *map, struct slice line, struct line_fields *fields)
{
    const char *at = line.at, *end = line.at + line.size;
    bool has_backslash = scan_byte(at, end, '\\') < end, is_known = false;
    uint8_t ranks[FIELD_COUNT];
    *fields = (struct line_fields){0};
    while (at < end) {
        const char *part_end = scan_byte(at, end, '\t'), *colon = scan_byte(at, part_end, ':');
        if (colon < part_end) {
            struct field_meaning meaning =
                meaning_of(map, (struct slice){at, (size_t)(colon - at)});
            struct slice value = {colon + 1, (size_t)(part_end - colon - 1)};
            bool is_escaped = has_backslash && memchr(value.at, '\\', value.size);
            line_fields_offer(fields, ranks, meaning, value, is_escaped);
            is_known |= meaning.field != FIELD_SKIP && meaning.field < FIELD_EXTRA;
        }
        at = part_end + 1;
    }
    return is_known;
}
