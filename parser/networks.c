#include "parser/networks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/memory.h"
#include "base/suggest.h"

/* An address as two numbers, which compare in a step each. */
struct key {
    uint64_t high, low;
};

struct range {
    struct key first, last;
};

struct networks {
    struct range *items; /* by first address; neither overlapping nor touching */
    size_t count, capacity;
};

/* Where IPv4 lies among the IPv6 addresses: ::ffff:0:0/96. */
static const struct key v4_first = {0, UINT64_C(0xffff00000000)};
static const struct key v4_last = {0, UINT64_C(0xffffffffffff)};
enum { V4_PREFIX = 96, ADDRESS_BITS = 128 };

/* ---- keys ---- */

static uint64_t read_number(const uint8_t bytes[8])
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | bytes[i];
    return number;
}

static void write_number(uint64_t number, uint8_t bytes[8])
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
}

static struct key key_of(const struct address *address)
{
    return (struct key){read_number(address->bytes), read_number(address->bytes + 8)};
}

static bool key_is_less(struct key a, struct key b)
{
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

static bool key_equal(struct key a, struct key b)
{
    return a.high == b.high && a.low == b.low;
}

/* Are there no addresses between the two, or fewer than none? */
static bool key_touches(struct key last, struct key first)
{
    struct key next = {last.high + (last.low == UINT64_MAX), last.low + 1};
    bool is_end_of_all = next.high == 0 && next.low == 0;
    return is_end_of_all || !key_is_less(next, first);
}

/* Ones for the first `bits` of 64. */
static uint64_t ones(unsigned bits)
{
    return bits == 0 ? 0 : UINT64_MAX << (64 - bits);
}

static struct key mask_of(unsigned prefix)
{
    return prefix <= 64 ? (struct key){ones(prefix), 0}
                        : (struct key){UINT64_MAX, ones(prefix - 64)};
}

struct address address_cut(const struct address *address, unsigned v4_prefix, unsigned v6_prefix)
{
    struct address cut = *address;
    if (address->family == ADDRESS_NAME)
        return cut;
    unsigned most = address->family == ADDRESS_V4 ? ADDRESS_BITS - V4_PREFIX : ADDRESS_BITS;
    unsigned prefix = address->family == ADDRESS_V4 ? v4_prefix : v6_prefix;
    prefix = (prefix < most ? prefix : most) + (ADDRESS_BITS - most);
    struct key key = key_of(address), mask = mask_of(prefix);
    write_number(key.high & mask.high, cut.bytes);
    write_number(key.low & mask.low, cut.bytes + 8);
    return cut;
}

/* ---- the set ---- */

struct networks *networks_new(void)
{
    return mem_zeroed(1, sizeof(struct networks));
}

void networks_free(struct networks *networks)
{
    if (!networks)
        return;
    mem_free(networks->items);
    mem_free(networks);
}

size_t networks_count(const struct networks *networks)
{
    return networks->count;
}

static void append(struct networks *networks, struct range range)
{
    networks->items = mem_grow(networks->items, &networks->capacity, networks->count + 1,
                               sizeof *networks->items);
    networks->items[networks->count++] = range;
}

/* What is written as IPv6 means IPv6: "::/0" is not every IPv4 address as well. */
static void append_written(struct networks *networks, struct range range)
{
    bool holds_v4 = key_is_less(range.first, v4_first) && !key_is_less(range.last, v4_last);
    if (!holds_v4) {
        append(networks, range);
        return;
    }
    append(networks, (struct range){range.first, {v4_first.high, v4_first.low - 1}});
    if (key_is_less(v4_last, range.last))
        append(networks, (struct range){{v4_last.high, v4_last.low + 1}, range.last});
}

static int compare_ranges(const void *a, const void *b)
{
    const struct range *left = a, *right = b;
    if (!key_equal(left->first, right->first))
        return key_is_less(left->first, right->first) ? -1 : 1;
    return key_is_less(right->last, left->last) - key_is_less(left->last, right->last);
}

static void sort_and_join(struct networks *networks)
{
    if (networks->count == 0)
        return;
    qsort(networks->items, networks->count, sizeof *networks->items, compare_ranges);
    size_t kept = 0;
    for (size_t i = 1; i < networks->count; i++) {
        struct range *before = &networks->items[kept], *range = &networks->items[i];
        if (!key_touches(before->last, range->first))
            networks->items[++kept] = *range;
        else if (key_is_less(before->last, range->last))
            before->last = range->last;
    }
    networks->count = kept + 1;
}

bool networks_hold(const struct networks *networks, const struct address *address)
{
    if (address->family == ADDRESS_NAME)
        return false;
    struct key key = key_of(address);
    size_t low = 0, high = networks->count; /* ranges before `low` begin at the address or before */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key_is_less(key, networks->items[middle].first))
            high = middle;
        else
            low = middle + 1;
    }
    return low > 0 && !key_is_less(networks->items[low - 1].last, key);
}

/* ---- one range ---- */

/* Where a range is written, for messages. */
struct place {
    const char *file; /* "": on the command line */
    size_t line;
};

enum reading {
    READING_RANGE,
    READING_OTHER,       /* something else */
    READING_LONG_PREFIX, /* "10.0.0.0/33" */
    READING_HOST_BITS,   /* "10.0.0.1/8" */
};

struct written_range {
    struct address address;
    unsigned prefix; /* of 128 bits */
    bool is_v4;      /* written so; a v4-mapped address is not */
};

/* Without a port, brackets or a zone. */
static bool is_bare_address(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        if (ascii_hex_digit(c) < 0 && c != '.' && c != ':')
            return false;
    }
    const char *dot = memchr(text.at, '.', text.size), *colon = memchr(text.at, ':', text.size);
    return !dot || !colon || colon < dot;
}

/* Up to three digits, no leading zero. */
static bool read_prefix(struct slice text, unsigned *prefix)
{
    if (text.size == 0 || text.size > 3 || (text.size > 1 && text.at[0] == '0'))
        return false;
    *prefix = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (!ascii_is_digit(text.at[i]))
            return false;
        *prefix = *prefix * 10 + (unsigned)(text.at[i] - '0');
    }
    return true;
}

static enum reading read_range(struct slice text, struct written_range *range)
{
    const char *slash = text.size ? memchr(text.at, '/', text.size) : NULL;
    struct slice address = slice_head(text, slash ? (size_t)(slash - text.at) : text.size);
    if (address.size == 0 || !is_bare_address(address) || !address_parse(address, &range->address))
        return READING_OTHER;
    range->is_v4 = memchr(address.at, ':', address.size) == NULL;
    range->prefix = ADDRESS_BITS;
    if (!slash)
        return READING_RANGE;
    if (!read_prefix(slice_from(text, address.size + 1), &range->prefix))
        return READING_OTHER;
    range->prefix += range->is_v4 ? V4_PREFIX : 0;
    if (range->prefix > ADDRESS_BITS)
        return READING_LONG_PREFIX;
    struct key key = key_of(&range->address), mask = mask_of(range->prefix);
    bool has_host_bits = (key.high & ~mask.high) || (key.low & ~mask.low);
    return has_host_bits ? READING_HOST_BITS : READING_RANGE;
}

static void append_range(struct networks *networks, const struct written_range *range)
{
    struct key first = key_of(&range->address), mask = mask_of(range->prefix);
    struct key last = {first.high | ~mask.high, first.low | ~mask.low};
    append_written(networks, (struct range){first, last});
}

/* How much of a text messages show. */
enum { SHOWN_BYTES = 60 };

static bool fail_host_bits(const struct written_range *range, struct slice text,
                           const struct place *place, struct error *error)
{
    struct address first = range->address;
    struct key key = key_of(&first), mask = mask_of(range->prefix);
    write_number(key.high & mask.high, first.bytes);
    write_number(key.low & mask.low, first.bytes + 8);
    char meant[INET6_ADDRSTRLEN] = "";
    inet_ntop(range->is_v4 ? AF_INET : AF_INET6, first.bytes + (range->is_v4 ? 12 : 0), meant,
              sizeof meant);
    size_t address_size = (size_t)((const char *)memchr(text.at, '/', text.size) - text.at);
    return error_at(error, ERROR_USAGE, place->file, place->line, 0,
                    "\"%.*s\" is no range, as bits behind its prefix are not zero: expected "
                    "\"%s/%u\", or \"%.*s\" when this one address is meant",
                    SLICE_ARG(slice_head(text, SHOWN_BYTES)), meant,
                    range->prefix - (range->is_v4 ? V4_PREFIX : 0),
                    SLICE_ARG(slice_head(text, address_size)));
}

/* True for what is a range and for other text, which is for the caller to judge. */
static bool check_reading(enum reading reading, const struct written_range *range,
                          struct slice text, const struct place *place, struct error *error)
{
    if (reading == READING_HOST_BITS)
        return fail_host_bits(range, text, place, error);
    if (reading == READING_LONG_PREFIX)
        return error_at(error, ERROR_USAGE, place->file, place->line, 0,
                        "\"%.*s\" is no range: a prefix of %s has at most %d bits",
                        SLICE_ARG(slice_head(text, SHOWN_BYTES)), range->is_v4 ? "IPv4" : "IPv6",
                        range->is_v4 ? ADDRESS_BITS - V4_PREFIX : ADDRESS_BITS);
    return true;
}

/* ---- text with many ranges ---- */

struct cursor {
    struct slice rest;
    struct place place;
};

static void step(struct cursor *cursor, size_t size)
{
    for (size_t i = 0; i < size; i++)
        cursor->place.line += cursor->rest.at[i] == '\n';
    cursor->rest = slice_from(cursor->rest, size);
}

static void skip_comment(struct cursor *cursor)
{
    const char *newline = memchr(cursor->rest.at, '\n', cursor->rest.size);
    step(cursor, newline ? (size_t)(newline - cursor->rest.at) : cursor->rest.size);
}

static bool separates(char c)
{
    return ascii_is_white(c) || c == ',';
}

/* The next word of a list. False at the end. */
static bool next_word(struct cursor *cursor, struct slice *word)
{
    while (cursor->rest.size) {
        char c = cursor->rest.at[0];
        if (c == '#') {
            skip_comment(cursor);
        } else if (separates(c)) {
            step(cursor, 1);
        } else {
            size_t size = 1;
            while (size < cursor->rest.size && cursor->rest.at[size] != '#' &&
                   !separates(cursor->rest.at[size]))
                size++;
            *word = slice_head(cursor->rest, size);
            step(cursor, size);
            return true;
        }
    }
    return false;
}

static bool read_list(struct networks *networks, struct cursor *cursor, struct error *error)
{
    struct slice word;
    struct written_range range;
    while (next_word(cursor, &word)) {
        enum reading reading = read_range(word, &range);
        if (!check_reading(reading, &range, word, &cursor->place, error))
            return false;
        if (reading == READING_OTHER)
            return error_at(error, ERROR_USAGE, cursor->place.file, cursor->place.line, 0,
                            "\"%.*s\" is no range of addresses: expected ranges such as "
                            "10.0.0.0/8 or 2001:db8::/32, apart by white space or commas, or JSON",
                            SLICE_ARG(slice_head(word, SHOWN_BYTES)));
        append_range(networks, &range);
    }
    return true;
}

/* The longest range is shorter, even with its slash escaped. */
enum { RANGE_BYTES = 64 };

/* "10.0.0.0\/8", as some programs write it, without the backslash. Empty: has other escapes. */
static struct slice without_escape(struct slice string, char plain[RANGE_BYTES])
{
    size_t size = 0;
    if (string.size > RANGE_BYTES)
        return (struct slice){plain, 0};
    for (size_t i = 0; i < string.size; i++) {
        bool is_escape = string.at[i] == '\\';
        if (is_escape && (i + 1 == string.size || string.at[i + 1] != '/'))
            return (struct slice){plain, 0};
        if (!is_escape)
            plain[size++] = string.at[i];
    }
    return (struct slice){plain, size};
}

static bool add_string(struct networks *networks, struct slice string, const struct place *place,
                       struct error *error)
{
    char plain[RANGE_BYTES];
    struct written_range range;
    struct slice text = without_escape(string, plain);
    enum reading reading = read_range(text, &range);
    if (!check_reading(reading, &range, text, place, error))
        return false;
    if (reading == READING_RANGE)
        append_range(networks, &range);
    return true;
}

/* How many bytes stand before the quote that ends a string; all when there is none. */
static size_t string_size(struct slice text)
{
    size_t size = 0;
    while (size < text.size && text.at[size] != '"')
        size += text.at[size] == '\\' ? 2 : 1;
    return size < text.size ? size : text.size;
}

static bool fail_cut_short(const struct cursor *cursor, struct error *error)
{
    return error_at(error, ERROR_USAGE, cursor->place.file, cursor->place.line, 0,
                    "the JSON document ends before it is complete: fetch the file again");
}

/* Only strings matter; brackets are counted because half a download would be half the ranges. */
static bool read_json(struct networks *networks, struct cursor *cursor, struct error *error)
{
    size_t depth = 0;
    while (cursor->rest.size) {
        char c = cursor->rest.at[0];
        step(cursor, 1);
        if (c == '{' || c == '[')
            depth++;
        if ((c == '}' || c == ']') && depth-- == 0)
            return error_at(error, ERROR_USAGE, cursor->place.file, cursor->place.line, 0,
                            "'%c' closes what was never opened: expected a JSON document", c);
        if (c != '"')
            continue;
        struct slice string = slice_head(cursor->rest, string_size(cursor->rest));
        if (string.size == cursor->rest.size)
            return fail_cut_short(cursor, error);
        if (!add_string(networks, string, &cursor->place, error))
            return false;
        step(cursor, string.size + 1);
    }
    return depth == 0 || fail_cut_short(cursor, error);
}

static bool is_json(struct slice text)
{
    text = ascii_trim(text);
    return text.size && (text.at[0] == '{' || text.at[0] == '[');
}

static bool read_text(struct networks *networks, struct slice text, const char *file,
                      struct error *error)
{
    if (slice_starts_with(text, SLICE_LITERAL("\xef\xbb\xbf")))
        text = slice_from(text, 3);
    struct cursor cursor = {text, {file, 1}};
    if (!(is_json(text) ? read_json : read_list)(networks, &cursor, error))
        return false;
    if (networks->count)
        return true;
    return error_at(error, ERROR_USAGE, file, 0, 0,
                    "there is no range of addresses in the file: expected at least one");
}

/* ---- files ---- */

enum { FILE_LIMIT = 64 << 20, PIECE_BYTES = 64 << 10 };

/* Up to one byte over the limit: enough to see that it is too large. */
static char *read_stream(FILE *stream, size_t *size)
{
    char *bytes = NULL;
    size_t capacity = 0, got;
    *size = 0;
    do {
        bytes = mem_grow(bytes, &capacity, *size + PIECE_BYTES, 1);
        got = fread(bytes + *size, 1, PIECE_BYTES, stream);
        *size += got;
    } while (got && *size <= FILE_LIMIT);
    return bytes;
}

static size_t line_of(struct slice text, const char *at)
{
    struct cursor cursor = {text, {"", 1}};
    step(&cursor, (size_t)(at - text.at));
    return cursor.place.line;
}

static bool check_text(struct slice text, const char *path, struct error *error)
{
    if (text.size > FILE_LIMIT)
        return error_at(error, ERROR_USAGE, path, 0, 0,
                        "the file is larger than %d MiB: expected a list of address ranges",
                        FILE_LIMIT >> 20);
    const char *nul = text.size ? memchr(text.at, '\0', text.size) : NULL;
    return !nul || error_at(error, ERROR_USAGE, path, line_of(text, nul), 0,
                            "a NUL byte, so this is not text: expected a list of address ranges "
                            "(unpack it first if it is compressed)");
}

static bool read_file(struct networks *networks, FILE *stream, const char *path,
                      struct error *error)
{
    size_t size;
    errno = 0;
    char *bytes = read_stream(stream, &size);
    struct slice text = {bytes, size};
    bool is_read = ferror(stream)
                       ? error_at(error, ERROR_USAGE, path, 0, 0,
                                  "the file of address ranges cannot be read: %s", strerror(errno))
                       : check_text(text, path, error) && read_text(networks, text, path, error);
    mem_free(bytes);
    return is_read;
}

/* ---- known names ---- */

struct known_networks {
    const char *name, *about, *ranges;
};

/*
 * Lists of CDNs are short here and seldom change; they are as published in 2025. Operators whose
 * lists are long or move (CloudFront, Bunny, Akamai) are for files.
 */
static const struct known_networks known[] = {
    {"cloudflare", "Cloudflare's proxies (https://www.cloudflare.com/ips/, as of 2025)",
     "173.245.48.0/20 103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 141.101.64.0/18 "
     "108.162.192.0/18 190.93.240.0/20 188.114.96.0/20 197.234.240.0/22 198.41.128.0/17 "
     "162.158.0.0/15 104.16.0.0/13 104.24.0.0/14 172.64.0.0/13 131.0.72.0/22 "
     "2400:cb00::/32 2606:4700::/32 2803:f800::/32 2405:b500::/32 2405:8100::/32 2a06:98c0::/29 "
     "2c0f:f248::/32"},
    {"fastly", "Fastly's proxies (https://api.fastly.com/public-ip-list, as of 2025)",
     "23.235.32.0/20 43.249.72.0/22 103.244.50.0/24 103.245.222.0/23 103.245.224.0/24 "
     "104.156.80.0/20 140.248.64.0/18 140.248.128.0/17 146.75.0.0/17 151.101.0.0/16 "
     "157.52.64.0/18 167.82.0.0/17 167.82.128.0/20 167.82.160.0/20 167.82.224.0/20 "
     "172.111.64.0/18 185.31.16.0/22 199.27.72.0/21 199.232.0.0/16 2a04:4e40::/32 2a04:4e42::/32"},
    {"google-lb",
     "Google Cloud's load balancers (https://cloud.google.com/load-balancing/docs/firewall-rules, "
     "as of 2025); trust the balancer's own address as well, which it adds to the list",
     "35.191.0.0/16 130.211.0.0/22 2600:2d00:1:1::/64 2600:2d00:1:b029::/64"},
    {"imperva", "Imperva's proxies (https://my.imperva.com/api/integration/v1/ips, as of 2025)",
     "199.83.128.0/21 198.143.32.0/19 149.126.72.0/21 103.28.248.0/22 45.64.64.0/22 "
     "185.11.124.0/22 192.230.64.0/18 107.154.0.0/16 45.60.0.0/16 45.223.0.0/16 "
     "131.125.128.0/17 2a02:e980::/29"},
    {"loopback", "this machine (RFC 1122, RFC 4291)", "127.0.0.0/8 ::1"},
    {"private",
     "addresses that are not routed: loopback, private (RFC 1918, RFC 4193), link-local (RFC 3927, "
     "RFC 4291) and shared by carriers (RFC 6598)",
     "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 100.64.0.0/10 "
     "::1 fc00::/7 fe80::/10"},
    {"sucuri", "Sucuri's firewall (https://docs.sucuri.net/website-firewall/, as of 2025)",
     "192.88.134.0/23 185.93.228.0/22 66.248.200.0/22 208.109.0.0/22 2a02:fe80::/29"},
};

static const char *const known_names[] = {"cloudflare", "fastly",  "google-lb", "imperva",
                                          "loopback",   "private", "sucuri",    NULL};

const char *const *networks_names(void)
{
    return known_names;
}

static const struct known_networks *find_known(const char *name)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].name, name) == 0)
            return &known[i];
    }
    return NULL;
}

const char *networks_about(const char *name)
{
    const struct known_networks *found = find_known(name);
    return found ? found->about : NULL;
}

/* ---- whatever was written ---- */

static bool fail_unknown(const char *spec, struct error *error)
{
    char names[256], meant[128];
    size_t size = 0;
    for (size_t i = 0; known_names[i]; i++)
        size += (size_t)snprintf(names + size, sizeof names - size, "%s%s", i ? ", " : "",
                                 known_names[i]);
    return error_set(error, ERROR_USAGE,
                     "unknown network \"%.*s\": expected a range such as 10.0.0.0/8, an address "
                     "without a port, a file of ranges, or one of %s%s",
                     SHOWN_BYTES, spec, names,
                     suggest_phrase(meant, sizeof meant, slice_of(spec), known_names));
}

static bool add_file(struct networks *networks, const char *path, struct error *error)
{
    FILE *stream = fopen(path, "rb");
    if (!stream && errno == ENOENT && !strpbrk(path, "./"))
        return fail_unknown(path, error);
    if (!stream)
        return error_at(error, ERROR_USAGE, path, 0, 0,
                        "neither a range of addresses nor a known name, and the file cannot be "
                        "opened: %s",
                        strerror(errno));
    bool is_read = read_file(networks, stream, path, error);
    fclose(stream);
    return is_read;
}

static bool add_spec(struct networks *networks, const char *spec, struct error *error)
{
    struct written_range range;
    struct place nowhere = {"", 0};
    enum reading reading = read_range(slice_of(spec), &range);
    if (!check_reading(reading, &range, slice_of(spec), &nowhere, error))
        return false;
    if (reading == READING_RANGE) {
        append_range(networks, &range);
        return true;
    }
    const struct known_networks *found = find_known(spec);
    return found ? read_text(networks, slice_of(found->ranges), found->name, error)
                 : add_file(networks, spec, error);
}

bool networks_add(struct networks *networks, const char *spec, struct error *error)
{
    struct networks added = {0};
    bool is_added = add_spec(&added, spec, error);
    for (size_t i = 0; is_added && i < added.count; i++)
        append(networks, added.items[i]);
    if (is_added)
        sort_and_join(networks);
    mem_free(added.items);
    return is_added;
}
