/*
 * page_book: path -> page number, and what is known of each page.
 *
 * A page is a path, with those parameters of the query that the journey file shows:
 *
 *     /product.php?id=7&session=x   --show_query: [id]-->   "/product.php?id=7"
 *
 * Parameters of the path itself (url.h: ";jsessionid=...") belong to no page.
 *
 * Rules and traits look at a path once. A log can hold as many paths as lines; beyond the cap
 * (pages that events name) a page has no number of its own, and is settled anew each time it comes.
 */
#ifndef FUNNEL_PAGE_BOOK_H
#define FUNNEL_PAGE_BOOK_H

#include "base/names.h"
#include "funnel/rules.h"
#include "parser/traits.h"

/* What the rules say of a page: its class, and the mark of its last request without a query. */
struct known_page {
    uint32_t class_number;
    uint32_t last_mark;
    uint16_t last_status; /* 0: none yet */
    uint8_t last_method;
    uint8_t traits; /* bits of enum path_trait */
    bool has_event;
};

struct page_book_options {
    struct hash_key key;
    const struct trait_rules *trait_rules;
    const struct slice *shown_parameters; /* of queries */
    size_t shown_parameter_count;
    uint32_t max_keys;
};

#define PAGE_BEYOND UINT32_MAX
enum { PAGE_TEXT_MAX = 8 * 1024 };

/* Open, so that event_table.c can take it apart. */
struct page_book {
    struct page_book_options options;
    struct names texts;
    struct known_page *pages; /* by number */
    size_t capacity;
    uint32_t event_pages;   /* how many have events */
    bool is_over;           /* an event's page was beyond the cap */
    struct known_page last; /* one without a number, and its text: valid until the next one */
    struct slice last_text;
    uint32_t *recent;
    char *plain; /* the last path that had parameters, without them */
    size_t plain_capacity;
    char text[PAGE_TEXT_MAX];
};

void page_book_init(struct page_book *book, const struct page_book_options *options);
void page_book_clear(struct page_book *book);

/*
 * The page of a path and a query (.at NULL: none); *number is PAGE_BEYOND where there is no room
 * for its text. Valid until the next call of a function of this book.
 */
struct known_page *page_book_find(struct page_book *book, struct rule_matcher *matcher,
                                  struct slice path, struct slice query, uint32_t *number);

/*
 * The number under which an event names the page that was found last: its own, or PAGE_BEYOND when
 * events have named max_keys others. The path that it was found by must still be there.
 */
uint32_t page_book_event_number(struct page_book *book, struct known_page *page, uint32_t number);

#endif
