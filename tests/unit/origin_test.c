/*
 * Hosts: every row that has one has the hostname that Python's urllib.parse.urlsplit gives, which
 * only leaves out brackets and case and keeps a last dot; the backslash is named beside its row.
 * Rows without a host are what no browser sends, by our rule. Decoded values: Python's
 * urllib.parse.unquote_plus. What the click ids are named is in their owners' help:
 * support.google.com/google-ads/answer/9744275 (gclid, gbraid, wbraid), help.ads.microsoft.com
 * (msclkid), mailchimp.com/developer (mc_eid), and so on.
 */
#include "parser/origin.h"

#include <check.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"

#define ROWS(table) (int)(sizeof(table) / sizeof(table)[0])

/* ---- referrers ---- */

struct url_row {
    const char *referrer, *host, *path;
};

static const struct url_row urls[] = {
    {"https://shop.example/", "shop.example", "/"},
    {"https://shop.example", "shop.example", "/"},
    {"https://shop.example/cart", "shop.example", "/cart"},
    {"https://shop.example/cart/?a=b#c", "shop.example", "/cart/"},
    {"https://shop.example/cart#a?b", "shop.example", "/cart"},
    {"https://shop.example?q=a/b", "shop.example", "/"},
    {"https://shop.example#top", "shop.example", "/"},
    {"http://shop.example:8080/a", "shop.example", "/a"},
    {"http://shop.example:/a", "shop.example", "/a"},
    {"http://shop.example./a", "shop.example", "/a"},
    {"http://shop.example.:443/a", "shop.example", "/a"},
    {"http://user:pass@host:80/", "host", "/"},
    {"https://b\xc3\xb6rse.example:8080/a", "b\xc3\xb6rse.example", "/a"},
    {"https://\xe4\xbe\x8b.example", "\xe4\xbe\x8b.example", "/"},
    {"http://user@evil.example@shop.example/", "shop.example", "/"},
    {"http://shop.example/@evil.example", "shop.example", "/@evil.example"},
    {"http://shop.example?@evil.example/", "shop.example", "/"},
    {"HTTPS://WWW.Google.DE/", "WWW.Google.DE", "/"},
    {"http://192.0.2.1:8080/x", "192.0.2.1", "/x"},
    {"http://[2001:db8::1]/x", "[2001:db8::1]", "/x"},
    {"http://[2001:db8::1]:8080/x", "[2001:db8::1]", "/x"},
    {"http://[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]", "/"},
    {"http://xn--bcher-kva.example/", "xn--bcher-kva.example", "/"},
    {"http://my_host.example/", "my_host.example", "/"},
    {"http://localhost/", "localhost", "/"},
    {"android-app://com.google.android.gm/", "com.google.android.gm", "/"},
    {"android-app://com.google.android.gm", "com.google.android.gm", "/"},
    /* Browsers end the host at a backslash (WHATWG URL, "host state"). */
    {"http://shop.example\\@evil.example/", "shop.example", "\\@evil.example/"},
    {"", "", ""},
    {"-", "", ""},
    {"/cart", "", ""},
    {"//shop.example/", "", ""},
    {"shop.example", "", ""},
    {"www.shop.example/a", "", ""},
    {"http", "", ""},
    {"http:/", "", ""},
    {"http:/shop.example/", "", ""},
    {"https://", "", ""},
    {"https:///x", "", ""},
    {"https://?x", "", ""},
    {"https://:80/", "", ""},
    {"https://@/", "", ""},
    {"https://./", "", ""},
    {"https://../", "", ""},
    {"https://.shop.example/", "", ""},
    {"https://shop..example/", "", ""},
    {"https://shop.example../", "", ""},
    {"https://shop example/", "", ""},
    {"https://shop%2eexample/", "", ""},
    {"https://shop.example:80a/", "", ""},
    {"https://2001:db8::1/", "", ""},
    {"https://[2001:db8::1/", "", ""},
    {"https://[]/", "", ""},
    {"https://[x]/", "", ""},
    {"https://[::1]x/", "", ""},
    {"https://<script>alert(1)</script>/", "", ""},
    {"https://\x01\x02\xff\xfe/", "", ""},
    {"ftp://shop.example/", "", ""},
    {"file:///etc/passwd", "", ""},
    {"about:blank", "", ""},
    {"javascript:alert(1)", "", ""},
    {"chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb/", "", ""},
    {" https://shop.example/", "", ""},
};

static void check_url(const struct url_row *row, struct slice referrer)
{
    struct slice host = origin_referrer_host(referrer), path = origin_referrer_path(referrer);
    ck_assert_msg(slice_is(host, row->host), "\"%s\": host \"%.*s\"", row->referrer,
                  SLICE_ARG(host));
    ck_assert_msg(slice_is(path, row->path), "\"%s\": path \"%.*s\"", row->referrer,
                  SLICE_ARG(path));
}

/* A copy whose last byte is the last one before a page that cannot be read; munmap two pages. */
static char *guarded(struct slice text, char **pages)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(*pages != MAP_FAILED && text.size <= page);
    ck_assert(mprotect(*pages + page, page, PROT_NONE) == 0);
    if (text.size)
        memcpy(*pages + page - text.size, text.at, text.size);
    return *pages + page - text.size;
}

START_TEST(takes_referrers_apart)
{
    const struct url_row *row = &urls[_i];
    check_url(row, slice_of(row->referrer));
    char *pages, *at = guarded(slice_of(row->referrer), &pages);
    check_url(row, (struct slice){at, strlen(row->referrer)});
    munmap(pages, 2 * (size_t)sysconf(_SC_PAGESIZE));
}
END_TEST

START_TEST(borrows_from_the_referrer)
{
    const char *text = "https://shop.example/a";
    ck_assert_ptr_eq(origin_referrer_host(slice_of(text)).at, text + 8);
    ck_assert_ptr_eq(origin_referrer_path(slice_of(text)).at, text + 20);
    ck_assert_uint_eq(origin_referrer_host((struct slice){NULL, 0}).size, 0);
    ck_assert_uint_eq(origin_referrer_path((struct slice){NULL, 0}).size, 0);
}
END_TEST

/* ---- packing ---- */

struct pack_row {
    const char *own_host, *referrer, *query;
    const char *host, *click; /* as click_names has it */
    const char *source, *medium, *campaign;
};

static const char *const click_names[CLICK_COUNT] = {
    [CLICK_NONE] = "",
    [CLICK_GOOGLE_ADS] = "google ads",
    [CLICK_MICROSOFT_ADS] = "microsoft ads",
    [CLICK_FACEBOOK] = "facebook",
    [CLICK_INSTAGRAM] = "instagram",
    [CLICK_TIKTOK] = "tiktok",
    [CLICK_TWITTER] = "twitter",
    [CLICK_LINKEDIN] = "linkedin",
    [CLICK_PINTEREST] = "pinterest",
    [CLICK_YANDEX] = "yandex",
    [CLICK_MAILCHIMP] = "mailchimp",
    [CLICK_HUBSPOT] = "hubspot",
    [CLICK_KLAVIYO] = "klaviyo",
    [CLICK_GOOGLE_SHOPPING] = "google shopping",
    [CLICK_CAMPAIGN] = "campaign",
};

static const struct pack_row packs[] = {
    {"", "", "", "", "", "", "", ""},
    {"-", "-", "-", "", "", "", "", ""},
    {"", "https://a.example/", "", "a.example", "", "", "", ""},
    {"", "HTTPS://WWW.Google.DE:443/search?q=x", "", "www.google.de", "", "", "", ""},
    {"", "http://[2001:DB8::A]:8080/", "", "[2001:db8::a]", "", "", "", ""},
    {"", "https://a.example./", "", "a.example", "", "", "", ""},
    /* utm_* */
    {"", "", "utm_source=News&utm_medium=Email&utm_campaign=Spring", "", "", "news", "email",
     "Spring"},
    {"", "", "a=1&utm_source=x", "", "", "x", "", ""},
    {"", "", "a=1;utm_source=x;b=2", "", "", "x", "", ""},
    {"", "", "a=1&amp;utm_source=x&amp;utm_medium=y", "", "", "x", "y", ""},
    {"", "", "UTM_Source=x", "", "", "x", "", ""},
    {"", "", "utm_campaign=Spring+Sale%21", "", "", "", "", "Spring Sale!"},
    {"", "", "utm_campaign=%46%C3%BCr+%26+mehr", "", "", "", "", "F\xc3\xbcr & mehr"},
    {"", "", "utm_source=%46%C3%9C", "", "", "f\xc3\x9c", "", ""},
    {"", "", "utm_source=%20+%09a+b%0d%0A+", "", "", "a b", "", ""},
    {"", "", "utm_source=%zz", "", "", "%zz", "", ""},
    {"", "", "utm_source=100%", "", "", "100%", "", ""},
    {"", "", "utm_source=%2541", "", "", "%41", "", ""},
    {"", "", "utm_source=a%00b&utm_medium=%00&utm_campaign=%00c%00", "", "", "a b", "", "c"},
    {"", "", "utm_source=%FF%FE", "", "", "\xff\xfe", "", ""},
    {"", "", "utm_source=a=b", "", "", "a=b", "", ""},
    {"", "", "utm_source=a&utm_source=b", "", "", "a", "", ""},
    {"", "", "utm_source=&utm_source=b", "", "", "b", "", ""},
    {"", "", "utm_source=&utm_medium&utm_campaign", "", "", "", "", ""},
    {"", "", "utm_sources=a&utm_sourc=b&xutm_source=c&utm_term=d&utm_content=e", "", "", "", "",
     ""},
    {"", "", "&&;;&utm_source=a&&", "", "", "a", "", ""},
    {"", "", "=&=x&utm_source=a", "", "", "a", "", ""},
    /* Matomo's own: matomo.org/guide/reports/campaign-url-builder */
    {"", "", "mtm_source=News&mtm_medium=Email&mtm_campaign=Spring", "", "", "news", "email",
     "Spring"},
    {"", "", "pk_source=News&pk_medium=Email&pk_campaign=Spring", "", "", "news", "email",
     "Spring"},
    {"", "", "pk_campaign=a&utm_campaign=b", "", "", "", "", "a"},
    {"", "", "mtm_kwd=a&pk=b&mtm_campaigns=c", "", "", "", "", ""},
    /* clicks */
    {"", "", "utm_id=7", "", "campaign", "", "", ""},
    {"", "", "utm_id=", "", "", "", "", ""},
    {"", "", "utm_id=7&gclid=a", "", "google ads", "", "", ""},
    {"", "", "gclid=a&utm_id=7", "", "google ads", "", "", ""},
    {"", "", "fbclid=a&utm_id=7", "", "campaign", "", "", ""},
    {"", "", "utm_id=7&fbclid=a", "", "campaign", "", "", ""},
    {"", "", "gclid=EAIaIQ", "", "google ads", "", "", ""},
    {"", "", "gbraid=0AAAA", "", "google ads", "", "", ""},
    {"", "", "wbraid=Cj8K", "", "google ads", "", "", ""},
    {"", "", "dclid=CI", "", "google ads", "", "", ""},
    {"", "", "gad_source=1", "", "google ads", "", "", ""},
    {"", "", "msclkid=abc", "", "microsoft ads", "", "", ""},
    {"", "", "fbclid=IwAR", "", "facebook", "", "", ""},
    {"", "", "igshid=x", "", "instagram", "", "", ""},
    {"", "", "igsh=x", "", "instagram", "", "", ""},
    {"", "", "ttclid=x", "", "tiktok", "", "", ""},
    {"", "", "twclid=x", "", "twitter", "", "", ""},
    {"", "", "li_fat_id=x", "", "linkedin", "", "", ""},
    {"", "", "epik=x", "", "pinterest", "", "", ""},
    {"", "", "yclid=x", "", "yandex", "", "", ""},
    {"", "", "mc_eid=x", "", "mailchimp", "", "", ""},
    {"", "", "mc_cid=x", "", "mailchimp", "", "", ""},
    {"", "", "_hsenc=x", "", "hubspot", "", "", ""},
    {"", "", "_kx=x", "", "klaviyo", "", "", ""},
    {"", "", "srsltid=x", "", "google shopping", "", "", ""},
    {"", "", "GCLID=x", "", "google ads", "", "", ""},
    {"", "", "gclid=", "", "", "", "", ""},
    {"", "", "gclid", "", "", "", "", ""},
    {"", "", "gclids=x&gcli=x&clid=x&agclid=x", "", "", "", "", ""},
    {"", "", "fbclid=a&gclid=b", "", "google ads", "", "", ""},
    {"", "", "gclid=a&fbclid=b", "", "google ads", "", "", ""},
    {"", "", "msclkid=a&gclid=b", "", "microsoft ads", "", "", ""},
    {"", "", "fbclid=a&igshid=b", "", "facebook", "", "", ""},
    {"", "", "srsltid=a&mc_eid=b", "", "mailchimp", "", "", ""},
    /* together, with the host that was asked */
    {"Shop.Example", "https://t.co/x", "utm_source=t&ttclid=1", "t.co", "tiktok", "t", "", ""},
    {"shop.example:8443", "", "", "", "", "", "", ""},
    {"shop.example.", "", "", "", "", "", "", ""},
};

static void check_pack(const struct pack_row *row)
{
    char out[ORIGIN_TEXT_MAX];
    struct slice packed =
        origin_pack(slice_of(row->own_host), slice_of(row->referrer), slice_of(row->query), out);
    struct origin got = origin_unpack(packed);
    ck_assert_msg(slice_is(got.referrer, row->host), "host \"%.*s\"", SLICE_ARG(got.referrer));
    ck_assert_str_eq(click_names[got.click], row->click);
    ck_assert_msg(slice_is(got.source, row->source), "source \"%.*s\"", SLICE_ARG(got.source));
    ck_assert_msg(slice_is(got.medium, row->medium), "medium \"%.*s\"", SLICE_ARG(got.medium));
    ck_assert_msg(slice_is(got.campaign, row->campaign), "campaign \"%.*s\"",
                  SLICE_ARG(got.campaign));
    bool has_own = strncmp(row->own_host, "-", 1) != 0 && row->own_host[0];
    ck_assert(slice_is(got.own_host, has_own ? "shop.example" : ""));
}

START_TEST(packs_and_unpacks)
{
    check_pack(&packs[_i]);
}
END_TEST

/* Whatever is packed was marked, or it would never be looked at. */
START_TEST(what_is_packed_is_marked)
{
    const struct pack_row *row = &packs[_i];
    bool is_told = row->click[0] || row->source[0] || row->medium[0] || row->campaign[0];
    ck_assert_int_eq(origin_marks_campaign(slice_of(row->query)), is_told);
}
END_TEST

START_TEST(ordinary_queries_mark_nothing)
{
    static const char *const queries[] = {
        "",
        "-",
        "q=shoes",
        "id=17&page=2",
        "s=utm_source&t=gclid",
        "utm=1",
        "u=1;g=2;_=3",
        "filter=fbclid=1",
        "msg=hello&mc=1",
        "ig=1&ep=2&tt=3",
        "utm_source",
        "x=utm_source=1",
    };
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++)
        ck_assert_msg(!origin_marks_campaign(slice_of(queries[i])), "%s", queries[i]);
    ck_assert(!origin_marks_campaign((struct slice){NULL, 0}));
}
END_TEST

START_TEST(the_packed_text_is_as_the_header_says)
{
    char out[ORIGIN_TEXT_MAX];
    struct slice packed =
        origin_pack(SLICE_LITERAL("Shop.example:80"), SLICE_LITERAL("https://A.example/x"),
                    SLICE_LITERAL("utm_source=S&utm_medium=M&utm_campaign=C"), out);
    ck_assert(slice_equal(packed, SLICE_LITERAL("shop.example\0a.example\0\0s\0m\0C")));
    packed = origin_pack((struct slice){0}, SLICE_LITERAL("-"), (struct slice){0}, out);
    ck_assert_uint_eq(packed.size, 0);
    packed = origin_pack((struct slice){0}, (struct slice){0}, SLICE_LITERAL("q=1"), out);
    ck_assert_uint_eq(packed.size, 0);
}
END_TEST

START_TEST(every_click_comes_back)
{
    for (int click = CLICK_NONE + 1; click < CLICK_COUNT; click++) {
        ck_assert_msg(click_names[click] && click_names[click][0], "click %d", click);
        int rows = 0;
        for (int i = 0; i < ROWS(packs); i++)
            rows += strcmp(packs[i].click, click_names[click]) == 0;
        ck_assert_msg(rows > 0, "no row for %s", click_names[click]);
    }
}
END_TEST

START_TEST(values_of_clicks_are_not_kept)
{
    char out[ORIGIN_TEXT_MAX], again[ORIGIN_TEXT_MAX];
    struct slice none = {NULL, 0};
    struct slice first = origin_pack(none, none, SLICE_LITERAL("gclid=CANARY1"), out);
    struct slice second = origin_pack(none, none, SLICE_LITERAL("gclid=CANARY2"), again);
    ck_assert(slice_equal(first, second));
    ck_assert(memmem(first.at, first.size, "CANARY", 6) == NULL);
}
END_TEST

/* ---- hostile ---- */

/* Foreign bytes in a packed text, or one that is cut, give some origin and no more. */
START_TEST(unpacks_anything)
{
    static const char bytes[] = "a\0b\0z\0\xff\0\0e\0f\0\0g";
    struct slice whole = {bytes, sizeof bytes - 1};
    for (size_t size = 0; size <= whole.size; size++) {
        struct origin origin = origin_unpack(slice_head(whole, size));
        ck_assert_int_eq(origin.click, CLICK_NONE);
        ck_assert(slice_is(origin.own_host, size ? "a" : ""));
    }
    struct origin none = origin_unpack((struct slice){NULL, 0});
    ck_assert(none.own_host.size == 0 && none.campaign.size == 0 && none.click == CLICK_NONE);
    ck_assert_int_eq(origin_unpack(SLICE_LITERAL("\0\0a\0")).click, CLICK_NONE);
    ck_assert_int_eq(origin_unpack(SLICE_LITERAL("\0\0bb\0")).click, CLICK_NONE);
    ck_assert_int_eq(origin_unpack(SLICE_LITERAL("\0\0b\0")).click, CLICK_GOOGLE_ADS);
}
END_TEST

enum { HUGE = 64 * 1024 };

/* `begin`, then HUGE bytes of `fill`; free it. */
static char *huge_text(const char *begin, char fill, struct slice *text)
{
    size_t size = strlen(begin);
    char *bytes = mem_alloc(size + HUGE);
    memcpy(bytes, begin, size);
    memset(bytes + size, fill, HUGE);
    *text = (struct slice){bytes, size + HUGE};
    return bytes;
}

START_TEST(huge_referrers_have_no_host)
{
    static const char fills[] = {'a', '.', '@', ':', '-', '1', '[', '\0', '\xff'};
    char out[ORIGIN_TEXT_MAX];
    for (size_t i = 0; i < sizeof fills; i++) {
        struct slice text;
        char *bytes = huge_text("https://", fills[i], &text);
        ck_assert_uint_eq(origin_pack(text, text, (struct slice){0}, out).size, 0);
        ck_assert_uint_eq(origin_referrer_path(text).size, 0);
        mem_free(bytes);
    }
    struct slice text;
    char *bytes = huge_text("https://a.example/", 'a', &text);
    ck_assert(slice_is(origin_referrer_host(text), "a.example"));
    ck_assert_uint_eq(origin_referrer_path(text).size, HUGE + 1);
    mem_free(bytes);
}
END_TEST

/* 253 bytes are the longest name there can be (RFC 1035). */
START_TEST(hosts_end_at_their_limit)
{
    char url[8 + 254];
    memcpy(url, "https://", 8);
    for (size_t i = 0; i < 254; i++)
        url[8 + i] = i % 2 ? '.' : 'a';
    ck_assert_uint_eq(origin_referrer_host((struct slice){url, 8 + 253}).size, 253);
    ck_assert_uint_eq(origin_referrer_host((struct slice){url, 8 + 254}).size, 253);
    url[8 + 253] = 'a';
    ck_assert_uint_eq(origin_referrer_host((struct slice){url, 8 + 254}).size, 0);
}
END_TEST

/* Two hosts and three values of the greatest size fit. */
START_TEST(the_longest_origin_fits)
{
    struct slice source, medium, campaign;
    char host[253], referrer[8 + 253], out[ORIGIN_TEXT_MAX];
    memset(host, 'h', sizeof host);
    memcpy(referrer, "https://", 8);
    memset(referrer + 8, 'r', 253);
    char *bytes[] = {huge_text("utm_source=", 's', &source),
                     huge_text("&utm_medium=", 'm', &medium),
                     huge_text("&gclid=1&utm_campaign=", 'c', &campaign)};
    char *query = mem_alloc(source.size + medium.size + campaign.size);
    memcpy(query, source.at, source.size);
    memcpy(query + source.size, medium.at, medium.size);
    memcpy(query + source.size + medium.size, campaign.at, campaign.size);
    struct slice packed =
        origin_pack((struct slice){host, sizeof host}, (struct slice){referrer, sizeof referrer},
                    (struct slice){query, source.size + medium.size + campaign.size}, out);
    ck_assert_uint_eq(packed.size, 253 + 253 + 1 + 3 * ORIGIN_VALUE_MAX + 5);
    struct origin origin = origin_unpack(packed);
    ck_assert_uint_eq(origin.source.size, ORIGIN_VALUE_MAX);
    ck_assert_uint_eq(origin.campaign.size, ORIGIN_VALUE_MAX);
    ck_assert_int_eq(origin.click, CLICK_GOOGLE_ADS);
    mem_free(query);
    for (size_t i = 0; i < 3; i++)
        mem_free(bytes[i]);
}
END_TEST

static const struct page_row {
    const char *referrer, *query;
    struct slice packed; /* as the header draws it, with one piece more */
} page_rows[] = {
    {"https://a.example/x?y=1#z", NULL, {"\0a.example\0\0\0\0\0/x", 17}},
    {"https://a.example", NULL, {"\0a.example\0\0\0\0\0/", 16}},
    {"https://a.example?y/", "utm_source=s", {"\0a.example\0\0s\0\0\0/", 17}},
    {"HTTPS://A.example/X%20y/", NULL, {"\0a.example\0\0\0\0\0/X%20y/", 22}},
    {"-", NULL, {"", 0}},
    {"", "utm_source=s", {"\0\0\0s\0\0", 6}},
    {"about:blank", NULL, {"", 0}},
    {"https:///x", NULL, {"", 0}},
};

START_TEST(a_page_is_one_more_piece)
{
    const struct page_row *row = &page_rows[_i];
    char out[ORIGIN_TEXT_MAX + ORIGIN_PAGE_MAX];
    struct slice referrer = slice_of(row->referrer), query = slice_of(row->query);
    struct slice packed = origin_pack((struct slice){0}, referrer, query, out);
    struct origin without = origin_unpack(packed);
    ck_assert_uint_eq(without.page.size, 0);
    struct slice paged = origin_pack_page(packed, referrer, out);
    ck_assert(slice_equal(paged, row->packed));
    struct origin origin = origin_unpack(paged);
    ck_assert(slice_equal(origin.page, origin_referrer_path(referrer)));
    ck_assert(slice_equal(origin.referrer, without.referrer));
    ck_assert(slice_equal(origin.source, without.source));
}
END_TEST

/* They can be what somebody is logged in by. */
START_TEST(a_page_has_no_parameters)
{
    char out[ORIGIN_TEXT_MAX + ORIGIN_PAGE_MAX];
    struct slice referrer = SLICE_LITERAL("http://a.example/x;jsessionid=1/y;b?c=d;e=f");
    struct slice packed = origin_pack((struct slice){0}, referrer, (struct slice){0}, out);
    struct slice page = origin_unpack(origin_pack_page(packed, referrer, out)).page;
    ck_assert_msg(slice_is(page, "/x/y;b"), "%.*s", SLICE_ARG(page));
}
END_TEST

/* Behind the empty text, too, which has no piece of its own. */
START_TEST(a_page_behind_nothing)
{
    char out[ORIGIN_TEXT_MAX + ORIGIN_PAGE_MAX];
    struct slice paged =
        origin_pack_page((struct slice){out, 0}, SLICE_LITERAL("http://a.example/x"), out);
    ck_assert(slice_equal(paged, SLICE_LITERAL("\0\0\0\0\0\0/x")));
    struct origin origin = origin_unpack(paged);
    ck_assert(slice_is(origin.page, "/x"));
    ck_assert_uint_eq(origin.own_host.size + origin.referrer.size + origin.source.size +
                          origin.medium.size + origin.campaign.size + (size_t)origin.click,
                      0);
}
END_TEST

START_TEST(of_a_long_page_the_first_bytes_count)
{
    static const size_t sizes[] = {ORIGIN_PAGE_MAX - 2, ORIGIN_PAGE_MAX - 1, ORIGIN_PAGE_MAX, HUGE};
    char out[ORIGIN_TEXT_MAX + ORIGIN_PAGE_MAX];
    struct slice referrer;
    char *bytes = huge_text("https://a.example/", 'p', &referrer);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct slice shown = slice_head(referrer, 17 + sizes[i]);
        struct slice packed = origin_pack((struct slice){0}, shown, (struct slice){0}, out);
        struct slice page = origin_unpack(origin_pack_page(packed, shown, out)).page;
        size_t expected = sizes[i] < ORIGIN_PAGE_MAX ? sizes[i] : ORIGIN_PAGE_MAX - 1;
        ck_assert_uint_eq(page.size, expected);
        ck_assert(memcmp(page.at, shown.at + 17, expected) == 0);
    }
    mem_free(bytes);
}
END_TEST

/* `count` times `piece` behind "utm_campaign=", and the size of what is kept of it. */
static size_t kept_size(const char *before, const char *piece, size_t count)
{
    size_t head = strlen(before), size = strlen(piece);
    char *query = mem_alloc(head + count * size), out[ORIGIN_TEXT_MAX];
    memcpy(query, before, head);
    for (size_t i = 0; i < count; i++)
        memcpy(query + head + i * size, piece, size);
    struct slice packed = origin_pack((struct slice){0}, (struct slice){0},
                                      (struct slice){query, head + count * size}, out);
    mem_free(query);
    return origin_unpack(packed).campaign.size;
}

/* A character of 2, 3, 4 bytes is whole or not there: 100, 99, 100 bytes, and with "a" before them
 * 99, 100, 97. */
START_TEST(values_are_cut_at_whole_characters)
{
    ck_assert_uint_eq(kept_size("utm_campaign=", "a", 100), 100);
    ck_assert_uint_eq(kept_size("utm_campaign=", "a", 101), 100);
    ck_assert_uint_eq(kept_size("utm_campaign=", "%61", 5000), 100);
    ck_assert_uint_eq(kept_size("utm_campaign=", "%C3%BC", 90), 100);
    ck_assert_uint_eq(kept_size("utm_campaign=a", "%C3%BC", 90), 99);
    ck_assert_uint_eq(kept_size("utm_campaign=", "\xe2\x82\xac", 90), 99);
    ck_assert_uint_eq(kept_size("utm_campaign=a", "\xe2\x82\xac", 90), 100);
    ck_assert_uint_eq(kept_size("utm_campaign=", "%F0%9F%98%80", 90), 100);
    ck_assert_uint_eq(kept_size("utm_campaign=a", "%F0%9F%98%80", 90), 97);
    ck_assert_uint_eq(kept_size("utm_campaign=", "%BF", 200), 100);
    ck_assert_uint_eq(kept_size("utm_campaign=", "+", 5000), 0);
    ck_assert_uint_eq(kept_size("utm_campaign=", "%00", 5000), 0);
    ck_assert_uint_eq(kept_size("utm_campaign=a", "%00", 5000), 1);
}
END_TEST

START_TEST(white_space_before_a_value_does_not_use_up_its_room)
{
    char query[4000] = "utm_source=", out[ORIGIN_TEXT_MAX];
    while (strlen(query) < 3000)
        strcat(query, "%20+%0A%00");
    strcat(query, "news");
    struct slice packed = origin_pack((struct slice){0}, (struct slice){0}, slice_of(query), out);
    ck_assert(slice_is(origin_unpack(packed).source, "news"));
}
END_TEST

/* Every byte in every place: six fields whatever it is. */
START_TEST(any_byte_leaves_six_fields)
{
    char referrer[] = "https://a?.example/", query[] = "utm_source=a?b&utm_medium=?", own[] = "a?";
    char out[ORIGIN_TEXT_MAX];
    own[1] = referrer[9] = query[12] = query[26] = (char)_i;
    struct slice packed = origin_pack((struct slice){own, 2}, (struct slice){referrer, 19},
                                      (struct slice){query, 27}, out);
    size_t nuls = 0;
    for (size_t i = 0; i < packed.size; i++)
        nuls += packed.at[i] == '\0';
    ck_assert_uint_eq(nuls, 5);
    char *pages, *at = guarded((struct slice){query, 27}, &pages);
    origin_pack((struct slice){own, 2}, (struct slice){referrer, 19}, (struct slice){at, 27}, out);
    munmap(pages, 2 * (size_t)sysconf(_SC_PAGESIZE));
}
END_TEST

/* Every start of a query, with nothing readable behind it. */
START_TEST(stops_at_a_guard_page)
{
    struct slice query = slice_of(packs[_i].query);
    char out[ORIGIN_TEXT_MAX];
    for (size_t size = 0; size <= query.size; size++) {
        char *pages, *at = guarded(slice_head(query, size), &pages);
        origin_pack((struct slice){at, size}, (struct slice){at, size}, (struct slice){at, size},
                    out);
        munmap(pages, 2 * (size_t)sysconf(_SC_PAGESIZE));
    }
}
END_TEST

static void add_rows(TCase *tests)
{
    tcase_add_loop_test(tests, takes_referrers_apart, 0, ROWS(urls));
    tcase_add_loop_test(tests, packs_and_unpacks, 0, ROWS(packs));
    tcase_add_loop_test(tests, what_is_packed_is_marked, 0, ROWS(packs));
    tcase_add_loop_test(tests, a_page_is_one_more_piece, 0, ROWS(page_rows));
    tcase_add_loop_test(tests, stops_at_a_guard_page, 0, ROWS(packs));
    tcase_add_loop_test(tests, any_byte_leaves_six_fields, 0, 256);
}

int main(void)
{
    Suite *suite = suite_create("origin");
    TCase *tests = tcase_create("origin");
    add_rows(tests);
    tcase_add_test(tests, borrows_from_the_referrer);
    tcase_add_test(tests, ordinary_queries_mark_nothing);
    tcase_add_test(tests, the_packed_text_is_as_the_header_says);
    tcase_add_test(tests, every_click_comes_back);
    tcase_add_test(tests, values_of_clicks_are_not_kept);
    tcase_add_test(tests, unpacks_anything);
    tcase_add_test(tests, huge_referrers_have_no_host);
    tcase_add_test(tests, hosts_end_at_their_limit);
    tcase_add_test(tests, the_longest_origin_fits);
    tcase_add_test(tests, a_page_has_no_parameters);
    tcase_add_test(tests, a_page_behind_nothing);
    tcase_add_test(tests, of_a_long_page_the_first_bytes_count);
    tcase_add_test(tests, values_are_cut_at_whole_characters);
    tcase_add_test(tests, white_space_before_a_value_does_not_use_up_its_room);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
