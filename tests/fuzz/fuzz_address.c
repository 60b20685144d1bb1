/*
 * Any bytes as a client address.
 *
 * Holds: what inet_pton takes, address_parse takes with the same bytes (IPv4 as v4-mapped); what
 * address_parse takes without a port, a zone or brackets, inet_pton takes; nothing is read past the
 * end of the text (the copy ends where its memory does).
 */
#include "parser/address.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* What inet_pton makes of it, in the form of struct address. */
static bool reference(const char *text, uint8_t bytes[16])
{
    memset(bytes, 0, 16);
    if (inet_pton(AF_INET6, text, bytes) == 1)
        return true;
    bytes[10] = bytes[11] = 0xff;
    return inet_pton(AF_INET, text, bytes + 12) == 1;
}

/* Could the text have a port, a zone or brackets? */
static bool is_decorated(const char *text)
{
    bool has_dot_and_colon = strchr(text, '.') && strchr(text, ':') && !strstr(text, "::");
    return strpbrk(text, "[%") || has_dot_and_colon;
}

static void compare(struct slice text)
{
    struct address address;
    bool is_address = address_parse(text, &address);
    must(is_address == (address.family != ADDRESS_NAME));
    if (text.size && memchr(text.at, 0, text.size))
        return;
    uint8_t expected[16];
    char *terminated = mem_text(text);
    if (reference(terminated, expected))
        must(is_address && memcmp(address.bytes, expected, 16) == 0);
    else if (!is_decorated(terminated))
        must(!is_address);
    mem_free(terminated);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *copy = mem_alloc(size);
    if (size)
        memcpy(copy, bytes, size);
    compare((struct slice){copy, size});
    mem_free(copy);
    return 0;
}
