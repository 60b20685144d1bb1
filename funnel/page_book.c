#include "funnel/page_book.h"

#include "base/recent.h"
#include "parser/url.h"

void page_book_init(struct page_book *book, const struct page_book_options *options)
{
    *book = (struct page_book){.options = *options};
    names_init(&book->texts, options->key);
    book->recent = mem_zeroed(RECENT, sizeof *book->recent);
}

void page_book_clear(struct page_book *book)
{
    names_clear(&book->texts);
    mem_free(book->pages);
    mem_free(book->recent);
    mem_free(book->plain);
}

/* ---- the parameters that are shown ---- */

struct text_writer {
    char *text;
    size_t size;
};

static bool append(struct text_writer *writer, struct slice more)
{
    if (more.size > PAGE_TEXT_MAX - writer->size)
        return false;
    memcpy(writer->text + writer->size, more.at, more.size);
    writer->size += more.size;
    return true;
}

static bool append_parameter(struct text_writer *writer, const struct url_parameter *parameter,
                             bool is_first)
{
    return append(writer, is_first ? SLICE_LITERAL("?") : SLICE_LITERAL("&")) &&
           append(writer, parameter->name) && append(writer, SLICE_LITERAL("=")) &&
           append(writer, parameter->value);
}

static bool find_parameter(struct slice query, struct slice name, struct url_parameter *parameter)
{
    while (url_next_parameter(&query, parameter)) {
        if (slice_equal(parameter->name, name))
            return true;
    }
    return false;
}

/* In the order of the journey file, whatever the order in the query; what does not fit is left out.
 */
static struct slice text_of_page(struct page_book *book, struct slice path, struct slice query)
{
    struct text_writer writer = {.text = book->text};
    bool is_first = true;
    if (!append(&writer, path))
        return path;
    for (size_t i = 0; i < book->options.shown_parameter_count; i++) {
        struct url_parameter parameter;
        size_t before = writer.size;
        if (!find_parameter(query, book->options.shown_parameters[i], &parameter))
            continue;
        if (append_parameter(&writer, &parameter, is_first))
            is_first = false;
        else
            writer.size = before;
    }
    return (struct slice){writer.text, writer.size};
}

/* ---- pages ---- */

static inline struct slice without_parameters(struct page_book *book, struct slice path)
{
    if (!url_may_have_parameters(path))
        return path;
    book->plain = mem_grow(book->plain, &book->plain_capacity, path.size, 1);
    return url_without_parameters(path, book->plain, path.size);
}

static struct known_page settle_page(const struct page_book *book, struct rule_matcher *matcher,
                                     struct slice path)
{
    return (struct known_page){
        .class_number = rules_classify(matcher, path),
        .traits = (uint8_t)traits_of_path(book->options.trait_rules, path),
    };
}

static void keep_page(struct page_book *book, uint32_t number, struct known_page page)
{
    book->pages = mem_grow(book->pages, &book->capacity, (size_t)number + 1, sizeof *book->pages);
    book->pages[number] = page;
}

/* Those without events have some room, and do not take that of the others. */
static bool is_full(const struct page_book *book)
{
    return book->texts.count / 2 >= book->options.max_keys;
}

struct known_page *page_book_find(struct page_book *book, struct rule_matcher *matcher,
                                  struct slice path, struct slice query, uint32_t *number)
{
    path = without_parameters(book, path);
    bool shows_query = query.at && book->options.shown_parameter_count;
    struct slice text = shows_query ? text_of_page(book, path, query) : path;
    uint32_t *recent = &book->recent[recent_index_of(text)];
    if (*recent && slice_equal(names_text(&book->texts, *recent - 1), text)) {
        *number = *recent - 1;
        return &book->pages[*number];
    }
    uint32_t before = book->texts.count;
    *number = is_full(book) ? names_find(&book->texts, text) : names_add(&book->texts, text);
    if (*number == NAMES_NONE) {
        *number = PAGE_BEYOND;
        book->last = settle_page(book, matcher, path);
        book->last_text = text;
        return &book->last;
    }
    *recent = *number + 1;
    if (*number == before)
        keep_page(book, *number, settle_page(book, matcher, path));
    return &book->pages[*number];
}

uint32_t page_book_event_number(struct page_book *book, struct known_page *page, uint32_t number)
{
    if (page->has_event)
        return number;
    if (book->event_pages >= book->options.max_keys) {
        book->is_over = true;
        return PAGE_BEYOND;
    }
    page->has_event = true;
    book->event_pages++;
    if (number == PAGE_BEYOND) {
        number = names_add(&book->texts, book->last_text);
        keep_page(book, number, book->last);
    }
    return number;
}
