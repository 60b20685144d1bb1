/*
 * origin_book: referrer, query and host of a hit -> origin number (parser/origin.h).
 *
 * Nearly every page view comes from a page of the site itself, and so has the origin of the last
 * one: it is known by the head of its referrer ("https://shop.example/"), without taking it apart.
 * Referrers of assets are counted by host, which shows the site's own (sources.h).
 *
 * Beyond the cap, which is one for events and one for assets, origins have no number. Which ones
 * came first is asked of the log, not of who reads it: of assets the place of the first is noted.
 * Nothing in the line, the empty text, has a number in any case.
 */
#ifndef FUNNEL_ORIGIN_BOOK_H
#define FUNNEL_ORIGIN_BOOK_H

#include "base/names.h"
#include "parser/hit.h"
#include "parser/origin.h"

#define ORIGIN_BEYOND UINT32_MAX

/* A place in the log: the block of its input, and which of the block's assets. */
struct asset_place {
    uint64_t block; /* input << 32 | number of the block */
    uint32_t asset;
};

struct known_origin {
    uint64_t assets; /* whose referrer has its host */
    struct asset_place first_asset;
    bool has_event;
};

struct origin_book_options {
    struct hash_key key;
    bool has_pages; /* origins of events that differ in the path of their referrer are told apart */
    uint32_t max_keys; /* of events, and of assets */
};

/* Open, so that event_table.c can take it apart. */
struct origin_book {
    struct origin_book_options options;
    struct names texts;           /* packed */
    struct known_origin *origins; /* by number */
    size_t capacity;
    uint32_t event_origins, asset_origins; /* how many have either */
    uint64_t assets_beyond;
    bool is_over;             /* something was beyond the cap */
    struct asset_place place; /* of the next asset */
    struct recent_origins *recent;
};

void origin_book_init(struct origin_book *book, const struct origin_book_options *options);
void origin_book_clear(struct origin_book *book);

/* Before the hits of a block. */
void origin_book_begin_block(struct origin_book *book, uint32_t input, uint32_t block);

/* The origin of an event; ORIGIN_BEYOND beyond the cap. */
uint32_t origin_book_event(struct origin_book *book, const struct hit *hit);

/* Counts the referrer of an asset. */
void origin_book_asset(struct origin_book *book, const struct hit *hit);

#endif
