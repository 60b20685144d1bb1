#include "parser/client.h"

#include <string.h>

#include "base/ascii.h"

/*
 * Everything is taken off the right end, quotes included: so nothing that stands further left,
 * which anybody can have written, changes how the rest is read.
 */

/* Is the quote at `at` escaped: are there an odd number of backslashes before it? */
static bool is_escaped(struct slice text, size_t at)
{
    size_t begin = at;
    while (begin > 0 && text.at[begin - 1] == '\\')
        begin--;
    return (at - begin) % 2 == 1;
}

/* Takes the last element off *list: what follows the last comma outside of quotes. */
static struct slice take_last(struct slice *list)
{
    bool is_quoted = false;
    size_t begin = list->size;
    while (begin > 0 && (is_quoted || list->at[begin - 1] != ',')) {
        begin--;
        if (list->at[begin] == '"' && !is_escaped(*list, begin))
            is_quoted = !is_quoted;
    }
    struct slice element = slice_from(*list, begin);
    *list = slice_head(*list, begin > 0 ? begin - 1 : 0);
    return ascii_trim(element);
}

static struct slice without_quotes(struct slice text)
{
    if (text.size < 2 || text.at[0] != '"' || text.at[text.size - 1] != '"')
        return text;
    return ascii_trim((struct slice){text.at + 1, text.size - 2});
}

/* Takes the first "name=value" off an element of Forwarded. */
static struct slice take_pair(struct slice *element)
{
    bool is_quoted = false;
    size_t size = 0;
    for (; size < element->size && (is_quoted || element->at[size] != ';'); size++) {
        char c = element->at[size];
        if (c == '"')
            is_quoted = !is_quoted;
        else if (c == '\\' && is_quoted && size + 1 < element->size)
            size++;
    }
    struct slice pair = slice_head(*element, size);
    *element = slice_from(*element, size < element->size ? size + 1 : size);
    return pair;
}

static bool is_for(struct slice name)
{
    name = ascii_trim(name);
    return name.size == 3 && (name.at[0] | 0x20) == 'f' && (name.at[1] | 0x20) == 'o' &&
           (name.at[2] | 0x20) == 'r';
}

/*
 * Who is meant by an element: the value of "for" in Forwarded's syntax, the whole of it in that of
 * X-Forwarded-For. Empty when it names nobody ("proto=https"). The syntax is told for each element
 * alone, so that a client that writes the one into the other misleads nobody.
 */
static struct slice node_of(struct slice element)
{
    struct slice rest = element;
    bool has_pairs = false;
    while (rest.size) {
        struct slice pair = take_pair(&rest);
        const char *equals = pair.size ? memchr(pair.at, '=', pair.size) : NULL;
        size_t name_size = equals ? (size_t)(equals - pair.at) : 0;
        if (equals && is_for(slice_head(pair, name_size)))
            return without_quotes(ascii_trim(slice_from(pair, name_size + 1)));
        has_pairs = has_pairs || equals;
    }
    return has_pairs ? (struct slice){element.at, 0} : without_quotes(element);
}

/* Without a port that is hidden: "192.0.2.43:_x" (RFC 7239, section 6.3). */
static struct slice without_hidden_port(struct slice node)
{
    for (size_t at = node.size; at > 1; at--) {
        if (node.at[at - 2] == ':')
            return node.at[at - 1] == '_' ? slice_head(node, at - 2) : node;
    }
    return node;
}

static bool is_nothing(struct slice text)
{
    return text.size == 0 || slice_is(text, "-");
}

/* Who asked, as far as is known. */
struct asker {
    struct address address;
    struct slice text;
};

static struct asker asker_of(struct slice node)
{
    struct asker asker = {.text = node};
    struct slice plain = without_hidden_port(node);
    if (!address_parse(node, &asker.address) && address_parse(plain, &asker.address))
        asker.text = plain;
    return asker;
}

/* The first on the way from the right that is not trusted; else the leftmost; `peer` for none. */
static struct asker walk(const struct networks *trusted, struct slice list, struct asker peer)
{
    struct asker asker = peer;
    while (list.size) {
        struct slice element = take_last(&list);
        if (is_nothing(element))
            continue;
        struct slice node = node_of(element);
        if (is_nothing(node))
            break;
        asker = asker_of(node);
        if (!networks_hold(trusted, &asker.address))
            break;
    }
    return asker;
}

static bool is_same(const struct asker *a, const struct asker *b)
{
    if (a->address.family != b->address.family)
        return false;
    return a->address.family == ADDRESS_NAME
               ? slice_equal(a->text, b->text)
               : memcmp(a->address.bytes, b->address.bytes, sizeof a->address.bytes) == 0;
}

bool client_find(const struct networks *trusted, struct hit *hit)
{
    if (is_nothing(hit->forwarded) || !networks_hold(trusted, &hit->address))
        return false;
    const struct asker peer = {hit->address, hit->address_text};
    struct asker asker = walk(trusted, hit->forwarded, peer);
    if (is_same(&asker, &peer))
        return false;
    hit->address = asker.address;
    hit->address_text = asker.text;
    return true;
}
