/*
 * A line with a list of proxies (X-Forwarded-For or Forwarded), then a file of address ranges,
 * which are trusted.
 *
 * Holds: the file is refused with a sentence and changes nothing, or holds every range that stands
 * alone on a line of it; the client is the peer, or a text out of the list; it is trusted only when
 * nobody left of it is named; and whatever is written left of one who is not trusted changes
 * nothing.
 */
#include "parser/client.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* ---- the file ---- */

/* Is it an IPv4 address, as these are kept? */
static bool is_mapped(const struct address *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

/* "10.0.0.0/8" or an address alone, read by inet_pton. False: something else. */
static bool reference_range(const char *line, struct address *first, unsigned *prefix)
{
    char text[INET6_ADDRSTRLEN];
    size_t size = strcspn(line, "/");
    if (size >= sizeof text || strlen(line) > size + 4)
        return false;
    memcpy(text, line, size);
    text[size] = '\0';
    *first = (struct address){.bytes = {[10] = 0xff, [11] = 0xff}, .family = ADDRESS_V4};
    bool is_v4 = inet_pton(AF_INET, text, first->bytes + 12) == 1;
    if (!is_v4 && inet_pton(AF_INET6, text, first->bytes) != 1)
        return false;
    if (!is_mapped(first))
        first->family = ADDRESS_V6;
    *prefix = line[size] ? (unsigned)strtoul(line + size + 1, NULL, 10) + (is_v4 ? 96 : 0) : 128;
    return true;
}

static void must_hold_line(const struct networks *networks, const char *line)
{
    struct address first;
    unsigned prefix;
    if (!reference_range(line, &first, &prefix))
        return;
    struct address last = first;
    for (unsigned bit = prefix; bit < 128; bit++)
        last.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    must(networks_hold(networks, &first));
    must(networks_hold(networks, &last) || (first.family == ADDRESS_V6 && is_mapped(&last)));
}

/* Every line of a file that was read; JSON has its ranges elsewhere. */
static void must_hold_lines(const struct networks *networks, struct slice file)
{
    char *text = mem_text(file);
    for (char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        char *copy = mem_text((struct slice){line, strcspn(line, "\n")});
        must_hold_line(networks, copy);
        mem_free(copy);
    }
    mem_free(text);
}

static bool is_json(struct slice file)
{
    size_t at = strspn(file.at, " \t\r\n");
    return file.at[at] == '{' || file.at[at] == '[';
}

static void read_file(struct networks *networks, struct slice file)
{
    int descriptor = memfd_create("networks", MFD_CLOEXEC);
    must(descriptor >= 0 && write(descriptor, file.at, file.size) == (ssize_t)file.size);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    struct error error = {0};
    size_t before = networks_count(networks);
    bool is_read = networks_add(networks, path, &error);
    must(is_read == (error.code == ERROR_NONE) && (is_read || error.sentence[0]));
    must(is_read || networks_count(networks) == before);
    char *text = mem_text(file);
    if (is_read && !is_json(slice_of(text)))
        must_hold_lines(networks, file);
    mem_free(text);
    close(descriptor);
}

/* ---- the list ---- */

static const char peer[] = "10.0.0.1";

static struct hit find(const struct networks *networks, struct slice list)
{
    struct hit hit = {.address_text = slice_of(peer), .forwarded = list};
    address_parse(hit.address_text, &hit.address);
    struct address before = hit.address;
    bool is_changed = client_find(networks, &hit);
    must(is_changed == (hit.address_text.at != peer));
    must(is_changed || memcmp(&before, &hit.address, sizeof before) == 0);
    if (is_changed) {
        size_t at = (size_t)(hit.address_text.at - list.at);
        must(at <= list.size && hit.address_text.size <= list.size - at);
    }
    return hit;
}

/* A quote without its partner makes one of all that stands left of it. */
static bool has_quotes(struct slice list)
{
    return list.size && memchr(list.at, '"', list.size);
}

static void try_list(const struct networks *networks, struct slice list)
{
    static const char *const spoofed[] = {"198.51.100.99", "\"", "for=\"a\\", "10.0.0.9, for=x"};
    struct hit plain = find(networks, list);
    if (plain.address_text.at == peer || networks_hold(networks, &plain.address) ||
        has_quotes(list))
        return;
    for (size_t i = 0; i < sizeof spoofed / sizeof spoofed[0]; i++) {
        size_t size = strlen(spoofed[i]);
        char *longer = mem_alloc(size + 1 + list.size);
        memcpy(longer, spoofed[i], size);
        longer[size] = ',';
        memcpy(longer + size + 1, list.at, list.size);
        struct hit hit = find(networks, (struct slice){longer, size + 1 + list.size});
        must(slice_equal(hit.address_text, plain.address_text));
        mem_free(longer);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    const char *newline = size ? memchr(text, '\n', size) : NULL;
    struct slice list = {text, newline ? (size_t)(newline - text) : size};
    struct slice file = slice_from((struct slice){text, size}, list.size + 1);
    struct networks *networks = networks_new();
    struct error error = {0};
    must(networks_add(networks, "10.0.0.0/8", &error));
    read_file(networks, file);
    char *copy = mem_alloc(list.size);
    if (list.size)
        memcpy(copy, list.at, list.size);
    try_list(networks, (struct slice){copy, list.size});
    mem_free(copy);
    networks_free(networks);
    return 0;
}
