#include "base/printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct range {
    uint32_t first, last;
};

static bool in_ranges(uint32_t point, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    }
    return false;
}

/* Characters that are valid but would act on the terminal or the page instead of showing. */
static bool acts(uint32_t point)
{
    static const struct range acting[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c}, {0x200b, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
    };
    return in_ranges(point, acting, sizeof acting / sizeof acting[0]);
}

/* Decodes one well-formed character (RFC 3629); returns its length, 0 when it is not one. */
static size_t decode(struct slice text, uint32_t *point)
{
    const unsigned char *at = (const unsigned char *)text.at;
    if (text.size == 0)
        return 0;
    if (at[0] < 0x80) {
        *point = at[0];
        return 1;
    }
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (at[0] < 0xc2 || at[0] > 0xf4 || text.size < length)
        return 0;
    uint32_t value = at[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3f);
    }
    if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *point = value;
    return length;
}

size_t printable_character(struct slice text)
{
    uint32_t point;
    size_t length = decode(text, &point);
    return length && !acts(point) ? length : 0;
}

const char *printable(char *out, size_t out_size, struct slice text)
{
    size_t used = 0;
    while (text.size) {
        size_t length = printable_character(text);
        size_t need = length ? length : 4;
        if (used + need + 1 > out_size)
            break;
        if (length)
            memcpy(out + used, text.at, length);
        else
            snprintf(out + used, 5, "\\x%02X", (unsigned char)text.at[0]);
        used += need;
        text = slice_from(text, length ? length : 1);
    }
    out[used] = '\0';
    return out;
}

size_t printable_width(struct slice text)
{
    /* The blocks that Unicode's EastAsianWidth.txt marks W or F, in coarse ranges. */
    static const struct range wide[] = {
        {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
        {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
        {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
    };
    static const struct range combining[] = {
        {0x0300, 0x036f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
        {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
    };
    size_t width = 0;
    while (text.size) {
        uint32_t point = 0;
        size_t length = decode(text, &point);
        if (!in_ranges(point, combining, sizeof combining / sizeof combining[0]))
            width += in_ranges(point, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
        text = slice_from(text, length ? length : 1);
    }
    return width;
}
