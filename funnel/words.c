#include "funnel/words.h"

#include <stdint.h>

struct fold {
    uint16_t first, last; /* code points */
    char letters[3];
};

/* The base letters of U+00C0 to U+017F, by the decompositions and the customs of each language. */
static const struct fold folds[] = {
    {0x0c0, 0x0c5, "a"},  {0x0c6, 0x0c6, "ae"}, {0x0c7, 0x0c7, "c"},  {0x0c8, 0x0cb, "e"},
    {0x0cc, 0x0cf, "i"},  {0x0d0, 0x0d0, "d"},  {0x0d1, 0x0d1, "n"},  {0x0d2, 0x0d6, "o"},
    {0x0d7, 0x0d7, " "},  {0x0d8, 0x0d8, "o"},  {0x0d9, 0x0dc, "u"},  {0x0dd, 0x0dd, "y"},
    {0x0de, 0x0de, "th"}, {0x0df, 0x0df, "ss"}, {0x0e0, 0x0e5, "a"},  {0x0e6, 0x0e6, "ae"},
    {0x0e7, 0x0e7, "c"},  {0x0e8, 0x0eb, "e"},  {0x0ec, 0x0ef, "i"},  {0x0f0, 0x0f0, "d"},
    {0x0f1, 0x0f1, "n"},  {0x0f2, 0x0f6, "o"},  {0x0f7, 0x0f7, " "},  {0x0f8, 0x0f8, "o"},
    {0x0f9, 0x0fc, "u"},  {0x0fd, 0x0fd, "y"},  {0x0fe, 0x0fe, "th"}, {0x0ff, 0x0ff, "y"},
    {0x100, 0x105, "a"},  {0x106, 0x10d, "c"},  {0x10e, 0x111, "d"},  {0x112, 0x11b, "e"},
    {0x11c, 0x123, "g"},  {0x124, 0x127, "h"},  {0x128, 0x131, "i"},  {0x132, 0x133, "ij"},
    {0x134, 0x135, "j"},  {0x136, 0x138, "k"},  {0x139, 0x142, "l"},  {0x143, 0x14b, "n"},
    {0x14c, 0x151, "o"},  {0x152, 0x153, "oe"}, {0x154, 0x159, "r"},  {0x15a, 0x161, "s"},
    {0x162, 0x167, "t"},  {0x168, 0x173, "u"},  {0x174, 0x175, "w"},  {0x176, 0x178, "y"},
    {0x179, 0x17e, "z"},  {0x17f, 0x17f, "s"},
};

static const char *fold_of(unsigned point)
{
    for (size_t i = 0; i < sizeof folds / sizeof folds[0]; i++) {
        if (point >= folds[i].first && point <= folds[i].last)
            return folds[i].letters;
    }
    return NULL;
}

/* A two-byte character's code point, or 0 when there is none at the start of `text`. */
static unsigned two_byte_point(struct slice text)
{
    unsigned first = (unsigned char)text.at[0];
    unsigned second = text.size > 1 ? (unsigned char)text.at[1] : 0;
    if (first < 0xc2 || first > 0xdf || (second & 0xc0) != 0x80)
        return 0;
    return (first & 0x1f) << 6 | (second & 0x3f);
}

/* U+2000 to U+206F: typographic quotes, dashes, dots and blanks. */
static bool is_general_punctuation(struct slice text)
{
    if (text.size < 3 || text.at[0] != '\xe2')
        return false;
    unsigned char second = (unsigned char)text.at[1], third = (unsigned char)text.at[2];
    return second == 0x80 || (second == 0x81 && third >= 0x80 && third <= 0xaf);
}

static char fold_ascii(char c, bool keep_stars)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    return is_word || (keep_stars && c == '*') ? c : ' ';
}

static size_t put(char *letters, const char *text, size_t length)
{
    memcpy(letters, text, strlen(text) + 1);
    return length;
}

/* A character that is not ASCII becomes at most two bytes; returns its length. */
static size_t fold_other(struct slice text, char *letters)
{
    unsigned point = two_byte_point(text);
    const char *fold = fold_of(point);
    if (fold)
        return put(letters, fold, 2);
    if (point >= 0x80 && point < 0xc0) /* the signs of Latin-1 */
        return put(letters, " ", 2);
    if (point >= 0x300 && point < 0x370) /* combining accents */
        return put(letters, "", 2);
    if (is_general_punctuation(text))
        return put(letters, " ", 3);
    letters[0] = text.at[0];
    letters[1] = '\0';
    return 1;
}

static size_t fold_character(struct slice text, bool keep_stars, char *letters)
{
    if ((unsigned char)text.at[0] >= 0x80)
        return fold_other(text, letters);
    letters[0] = fold_ascii(text.at[0], keep_stars);
    letters[1] = '\0';
    return 1;
}

struct slice words_normalise(struct slice text, bool keep_stars, char *out)
{
    size_t size = 0;
    while (text.size) {
        char letters[3];
        size_t length = fold_character(text, keep_stars, letters);
        text = slice_from(text, length);
        for (const char *letter = letters; *letter; letter++) {
            if (*letter != ' ' || (size && out[size - 1] != ' '))
                out[size++] = *letter;
        }
    }
    if (size && out[size - 1] == ' ')
        size--;
    return (struct slice){out, size};
}

bool words_is_phrase(struct slice phrase)
{
    for (size_t i = 0; i + 1 < phrase.size; i++) {
        if (phrase.at[i] == '*' && phrase.at[i + 1] != ' ')
            return false;
    }
    return phrase.size > 0;
}
