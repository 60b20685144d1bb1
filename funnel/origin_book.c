#include "funnel/origin_book.h"

#include "base/recent.h"

enum { HEAD_MAX = 96, HOST_MAX = 64, HEADS = 64 };
enum { ORIGIN_NOTHING = 0 }; /* the number of the empty text */

/* The origin of all referrers that begin with `head`, asked of the same own host. */
struct recent_origin {
    uint32_t number; /* + 1; 0: none */
    uint8_t head_size, host_size;
    char head[HEAD_MAX], host[HOST_MAX];
};

struct recent_origins {
    struct recent_origin pages[HEADS], assets[HEADS];
};

/* ---- numbers ---- */

/* A new one only where there is room. */
static uint32_t find_or_add(struct origin_book *book, struct slice packed, bool has_room)
{
    uint32_t before = book->texts.count;
    uint32_t number = has_room ? names_add(&book->texts, packed) : names_find(&book->texts, packed);
    if (number == NAMES_NONE)
        return ORIGIN_BEYOND;
    if (number == before) {
        book->origins =
            mem_grow(book->origins, &book->capacity, (size_t)number + 1, sizeof *book->origins);
        book->origins[number] = (struct known_origin){0};
    }
    return number;
}

void origin_book_init(struct origin_book *book, const struct origin_book_options *options)
{
    *book = (struct origin_book){.options = *options};
    names_init(&book->texts, options->key);
    book->recent = mem_zeroed(1, sizeof *book->recent);
    find_or_add(book, (struct slice){0}, true);
}

void origin_book_clear(struct origin_book *book)
{
    names_clear(&book->texts);
    mem_free(book->origins);
    mem_free(book->recent);
}

static uint32_t pack_number(struct origin_book *book, bool has_room, struct slice own_host,
                            struct slice referrer, struct slice query)
{
    char packed[ORIGIN_TEXT_MAX];
    return find_or_add(book, origin_pack(own_host, referrer, query, packed), has_room);
}

/* With the path behind it: origin.h. */
static uint32_t paged_number(struct origin_book *book, bool has_room, const struct hit *hit)
{
    char packed[ORIGIN_TEXT_MAX + ORIGIN_PAGE_MAX];
    struct slice text = origin_pack(hit->host, hit->referrer, hit->request.query, packed);
    return find_or_add(book, origin_pack_page(text, hit->referrer, packed), has_room);
}

/* ---- heads ---- */

/* "https://shop.example/", with the slash that ends the host; empty when there is none. */
static struct slice head_of(struct slice referrer)
{
    size_t slashes = 0;
    for (size_t i = 0; i < referrer.size && i < HEAD_MAX; i++) {
        slashes += referrer.at[i] == '/';
        if (slashes == 3)
            return slice_head(referrer, i + 1);
    }
    return (struct slice){referrer.at, 0};
}

/* Bytes of the host's name decide, as nearly all referrers begin alike. */
static struct recent_origin *recent_of(struct recent_origin *recents, struct slice referrer)
{
    size_t at = referrer.size >= 24 ? 12 : 0;
    uint64_t word = referrer.size >= 8 ? recent_word(referrer.at + at) : referrer.size;
    return &recents[recent_index(word) % HEADS];
}

static bool is_recent(const struct recent_origin *recent, struct slice referrer, struct slice host)
{
    return recent->number && referrer.size >= recent->head_size && recent->host_size == host.size &&
           memcmp(recent->head, referrer.at, recent->head_size) == 0 &&
           (host.size == 0 || memcmp(recent->host, host.at, host.size) == 0);
}

static void remember(struct recent_origin *recent, struct slice referrer, struct slice host,
                     uint32_t number)
{
    struct slice head = head_of(referrer);
    if (head.size == 0 || host.size > HOST_MAX || number == ORIGIN_BEYOND)
        return;
    recent->number = number + 1;
    recent->head_size = (uint8_t)head.size;
    recent->host_size = (uint8_t)host.size;
    memcpy(recent->head, head.at, head.size);
    if (host.size)
        memcpy(recent->host, host.at, host.size);
}

static uint32_t plain_number(struct origin_book *book, bool has_room, struct recent_origin *recents,
                             struct slice referrer, struct slice host)
{
    struct recent_origin *recent = recent_of(recents, referrer);
    if (is_recent(recent, referrer, host))
        return recent->number - 1;
    uint32_t number = pack_number(book, has_room, host, referrer, (struct slice){0});
    remember(recent, referrer, host, number);
    return number;
}

/* ---- hits ---- */

static uint32_t find_number(struct origin_book *book, bool has_room, const struct hit *hit)
{
    struct slice query = hit->request.query;
    if (book->options.has_pages)
        return paged_number(book, has_room, hit);
    if (query.at && origin_marks_campaign(query))
        return pack_number(book, has_room, hit->host, hit->referrer, query);
    return plain_number(book, has_room, book->recent->pages, hit->referrer, hit->host);
}

uint32_t origin_book_event(struct origin_book *book, const struct hit *hit)
{
    bool has_room = book->event_origins < book->options.max_keys;
    uint32_t number = find_number(book, has_room, hit);
    if (number == ORIGIN_NOTHING || (number != ORIGIN_BEYOND && book->origins[number].has_event))
        return number;
    if (!has_room) {
        book->is_over = true;
        return ORIGIN_BEYOND;
    }
    book->origins[number].has_event = true;
    book->event_origins++;
    return number;
}

void origin_book_begin_block(struct origin_book *book, uint32_t input, uint32_t block)
{
    book->place = (struct asset_place){.block = (uint64_t)input << 32 | block};
}

/* Blocks come in any order, the assets of one in theirs. */
static void count_asset(struct origin_book *book, struct known_origin *origin)
{
    if (origin->assets == 0 || book->place.block < origin->first_asset.block)
        origin->first_asset = book->place;
    origin->assets++;
}

void origin_book_asset(struct origin_book *book, const struct hit *hit)
{
    if (hit->referrer.size < 8) /* "-", or no URL */
        return;
    bool has_room = book->asset_origins < book->options.max_keys;
    uint32_t number =
        plain_number(book, has_room, book->recent->assets, hit->referrer, (struct slice){0});
    bool is_known =
        number == ORIGIN_NOTHING || (number != ORIGIN_BEYOND && book->origins[number].assets);
    if (is_known || has_room) {
        book->asset_origins += !is_known;
        count_asset(book, &book->origins[number]);
    } else {
        book->is_over = true;
        book->assets_beyond++;
    }
    book->place.asset++;
}
