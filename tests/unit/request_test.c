/* What a request asks for, as the header says; methods are those of the IANA registry. */
#include "parser/request.h"

#include <check.h>
#include <stdlib.h>
#include <strings.h>

struct row {
    const char *field;
    enum request_method method;
    enum request_kind kind;
    const char *path;
    const char *query; /* NULL: there is none */
};

static const struct row rows[] = {
    /* Pages. */
    {"GET / HTTP/1.1", METHOD_GET, KIND_PAGE, "/", NULL},
    {"GET /de/cart?step=2 HTTP/1.1", METHOD_GET, KIND_PAGE, "/de/cart", "step=2"},
    {"POST /checkout HTTP/2.0", METHOD_POST, KIND_PAGE, "/checkout", NULL},
    {"GET /index.html HTTP/1.0", METHOD_GET, KIND_PAGE, "/index.html", NULL},
    {"GET /agb.pdf HTTP/1.1", METHOD_GET, KIND_PAGE, "/agb.pdf", NULL},
    {"GET /brief.doc HTTP/1.1", METHOD_GET, KIND_PAGE, "/brief.doc", NULL},
    {"GET /cart.do?action=remove HTTP 1.1", METHOD_GET, KIND_PAGE, "/cart.do", "action=remove"},
    {"GET /old HTTP/2", METHOD_GET, KIND_PAGE, "/old", NULL},
    {"GET /old HTTP", METHOD_GET, KIND_PAGE, "/old", NULL},
    {"GET /old", METHOD_GET, KIND_PAGE, "/old", NULL},
    {"GET /a b c HTTP/1.1", METHOD_GET, KIND_PAGE, "/a b c", NULL},
    {"GET /a%20b?q=%41+b HTTP/1.1", METHOD_GET, KIND_PAGE, "/a%20b", "q=%41+b"},
    {"GET /? HTTP/1.1", METHOD_GET, KIND_PAGE, "/", ""},
    {"GET /a?b?c=d HTTP/1.1", METHOD_GET, KIND_PAGE, "/a", "b?c=d"},
    {"GET /caf\xc3\xa9 HTTP/1.1", METHOD_GET, KIND_PAGE, "/caf\xc3\xa9", NULL},
    {"GET //double//slash/ HTTP/1.1", METHOD_GET, KIND_PAGE, "//double//slash/", NULL},
    {"GET /a\\x22b HTTP/1.1", METHOD_GET, KIND_PAGE, "/a\\x22b", NULL},
    {"GET /http/1.1 HTTP/1.1", METHOD_GET, KIND_PAGE, "/http/1.1", NULL},
    /* The absolute form. */
    {"GET https://h/img/a.png HTTP/1.1", METHOD_GET, KIND_ASSET, "/img/a.png", NULL},
    {"GET http://h.example:80/p?q=1 HTTP/1.1", METHOD_GET, KIND_PAGE, "/p", "q=1"},
    {"GET http://h.example HTTP/1.1", METHOD_GET, KIND_PAGE, "/", NULL},
    {"GET http://h.example/ HTTP/1.1", METHOD_GET, KIND_PAGE, "/", NULL},
    {"GET http://h.example?back=/a.png HTTP/1.1", METHOD_GET, KIND_PAGE, "/", "back=/a.png"},
    {"GET HTTPS://H/P HTTP/1.1", METHOD_GET, KIND_PAGE, "/P", NULL},
    {"GET go?to=http://h/other HTTP/1.1", METHOD_GET, KIND_PAGE, "go", "to=http://h/other"},
    {"GET /go?to=http://h/other HTTP/1.1", METHOD_GET, KIND_PAGE, "/go", "to=http://h/other"},
    {"GET /go/http://h/other HTTP/1.1", METHOD_GET, KIND_PAGE, "/go/http://h/other", NULL},
    {"GET ://h/p HTTP/1.1", METHOD_GET, KIND_PAGE, "://h/p", NULL},
    {"GET ?p=1 HTTP/1.1", METHOD_GET, KIND_PAGE, "/", "p=1"},
    {"GET http:// HTTP/1.1", METHOD_GET, KIND_PAGE, "/", NULL},
    /* Assets, whatever the case; not when they are posted to. */
    {"GET /style.css HTTP/1.1", METHOD_GET, KIND_ASSET, "/style.css", NULL},
    {"GET /style.css?v=3 HTTP/1.1", METHOD_GET, KIND_ASSET, "/style.css", "v=3"},
    {"GET /a.js HTTP/1.1", METHOD_GET, KIND_ASSET, "/a.js", NULL},
    {"GET /A.JPG HTTP/1.1", METHOD_GET, KIND_ASSET, "/A.JPG", NULL},
    {"GET /a.JpEg HTTP/1.1", METHOD_GET, KIND_ASSET, "/a.JpEg", NULL},
    {"GET /font.woff2 HTTP/1.1", METHOD_GET, KIND_ASSET, "/font.woff2", NULL},
    {"GET /clip.mp4 HTTP/1.1", METHOD_GET, KIND_ASSET, "/clip.mp4", NULL},
    {"GET /list.m3u8 HTTP/1.1", METHOD_GET, KIND_ASSET, "/list.m3u8", NULL},
    {"GET /x.7z HTTP/1.1", METHOD_GET, KIND_ASSET, "/x.7z", NULL},
    {"GET /robots.txt HTTP/1.1", METHOD_GET, KIND_ASSET, "/robots.txt", NULL},
    {"GET /sitemap.xml HTTP/1.1", METHOD_GET, KIND_ASSET, "/sitemap.xml", NULL},
    {"GET /app.min.js HTTP/1.1", METHOD_GET, KIND_ASSET, "/app.min.js", NULL},
    {"GET /.js HTTP/1.1", METHOD_GET, KIND_ASSET, "/.js", NULL},
    {"HEAD /a.png HTTP/1.1", METHOD_HEAD, KIND_ASSET, "/a.png", NULL},
    {"PUT /a.png HTTP/1.1", METHOD_PUT, KIND_ASSET, "/a.png", NULL},
    {"GET /api/logo.svg HTTP/1.1", METHOD_GET, KIND_ASSET, "/api/logo.svg", NULL},
    /* What only looks like one. */
    {"GET /style.css/ HTTP/1.1", METHOD_GET, KIND_PAGE, "/style.css/", NULL},
    {"GET /css HTTP/1.1", METHOD_GET, KIND_PAGE, "/css", NULL},
    {"GET /acss HTTP/1.1", METHOD_GET, KIND_PAGE, "/acss", NULL},
    {"GET /a.cssx HTTP/1.1", METHOD_GET, KIND_PAGE, "/a.cssx", NULL},
    {"GET /a.cs HTTP/1.1", METHOD_GET, KIND_PAGE, "/a.cs", NULL},
    {"GET /a. HTTP/1.1", METHOD_GET, KIND_PAGE, "/a.", NULL},
    {"GET /a.css. HTTP/1.1", METHOD_GET, KIND_PAGE, "/a.css.", NULL},
    {"GET /p?img=a.png HTTP/1.1", METHOD_GET, KIND_PAGE, "/p", "img=a.png"},
    {"GET /a.js/b HTTP/1.1", METHOD_GET, KIND_PAGE, "/a.js/b", NULL},
    /* Calls. */
    {"GET /api/items HTTP/1.1", METHOD_GET, KIND_CALL, "/api/items", NULL},
    {"POST /v2/api HTTP/1.1", METHOD_POST, KIND_CALL, "/v2/api", NULL},
    {"POST /cart/add.js HTTP/1.1", METHOD_POST, KIND_CALL, "/cart/add.js", NULL},
    {"POST /cart/add.js/x HTTP/1.1", METHOD_POST, KIND_PAGE, "/cart/add.js/x", NULL},
    {"POST /graphql HTTP/1.1", METHOD_POST, KIND_CALL, "/graphql", NULL},
    {"GET /wp-json/wp/v2/posts HTTP/1.1", METHOD_GET, KIND_CALL, "/wp-json/wp/v2/posts", NULL},
    {"POST /wp-admin/admin-ajax.php HTTP/1.1", METHOD_POST, KIND_CALL, "/wp-admin/admin-ajax.php",
     NULL},
    {"POST /xmlrpc.php HTTP/1.1", METHOD_POST, KIND_CALL, "/xmlrpc.php", NULL},
    {"GET /?wc-ajax=get_refreshed_fragments HTTP/1.1", METHOD_GET, KIND_CALL, "/",
     "wc-ajax=get_refreshed_fragments"},
    {"POST /shop?a=b&wc-ajax=add_to_cart HTTP/1.1", METHOD_POST, KIND_CALL, "/shop",
     "a=b&wc-ajax=add_to_cart"},
    {"GET /data/items.json HTTP/1.1", METHOD_GET, KIND_CALL, "/data/items.json", NULL},
    {"POST /matomo.php?idsite=1 HTTP/1.1", METHOD_POST, KIND_CALL, "/matomo.php", "idsite=1"},
    {"POST /beacon HTTP/1.1", METHOD_POST, KIND_CALL, "/beacon", NULL},
    {"GET api HTTP/1.1", METHOD_GET, KIND_CALL, "api", NULL},
    /* What only looks like one. */
    {"GET /apiary HTTP/1.1", METHOD_GET, KIND_PAGE, "/apiary", NULL},
    {"GET /my-api-docs HTTP/1.1", METHOD_GET, KIND_PAGE, "/my-api-docs", NULL},
    {"GET /okapi HTTP/1.1", METHOD_GET, KIND_PAGE, "/okapi", NULL},
    {"GET /?x-wc-ajax=1 HTTP/1.1", METHOD_GET, KIND_PAGE, "/", "x-wc-ajax=1"},
    {"GET /?q=api/ HTTP/1.1", METHOD_GET, KIND_PAGE, "/", "q=api/"},
    {"GET /json HTTP/1.1", METHOD_GET, KIND_PAGE, "/json", NULL},
    {"GET /collection HTTP/1.1", METHOD_GET, KIND_PAGE, "/collection", NULL},
    /* Other methods. */
    {"HEAD / HTTP/1.1", METHOD_HEAD, KIND_OTHER, "/", NULL},
    {"HEAD /api/items HTTP/1.1", METHOD_HEAD, KIND_OTHER, "/api/items", NULL},
    {"PUT /api/cart/1 HTTP/1.1", METHOD_PUT, KIND_OTHER, "/api/cart/1", NULL},
    {"DELETE /a HTTP/1.1", METHOD_DELETE, KIND_OTHER, "/a", NULL},
    {"PATCH /a HTTP/1.1", METHOD_PATCH, KIND_OTHER, "/a", NULL},
    {"OPTIONS * HTTP/1.0", METHOD_OPTIONS, KIND_OTHER, "*", NULL},
    {"CONNECT h.example:443 HTTP/1.1", METHOD_CONNECT, KIND_OTHER, "h.example:443", NULL},
    {"TRACE / HTTP/1.1", METHOD_TRACE, KIND_OTHER, "/", NULL},
    {"PROPFIND /dav HTTP/1.1", METHOD_PROPFIND, KIND_OTHER, "/dav", NULL},
    {"VERSION-CONTROL /a HTTP/1.1", METHOD_OTHER, KIND_OTHER, "/a", NULL},
    {"GETX / HTTP/1.1", METHOD_OTHER, KIND_OTHER, "/", NULL},
    {"GE / HTTP/1.1", METHOD_OTHER, KIND_OTHER, "/", NULL},
    /* No request. */
    {"-", METHOD_NONE, KIND_NONE, "", NULL},
    {"", METHOD_NONE, KIND_NONE, "", NULL},
    {" ", METHOD_NONE, KIND_NONE, "", NULL},
    {"GET", METHOD_NONE, KIND_NONE, "", NULL},
    {"GET ", METHOD_NONE, KIND_NONE, "", NULL},
    {"GET  HTTP/1.1", METHOD_NONE, KIND_NONE, "", NULL},
    {" / HTTP/1.1", METHOD_NONE, KIND_NONE, "", NULL},
    {"get / HTTP/1.1", METHOD_NONE, KIND_NONE, "", NULL},
    {"\\x16\\x03\\x01\\x02\\x00\\x01 x", METHOD_NONE, KIND_NONE, "", NULL},
    {"\x16\x03\x01 x", METHOD_NONE, KIND_NONE, "", NULL},
    {"() { :; }; echo", METHOD_NONE, KIND_NONE, "", NULL},
    {"AMETHODOFMORETHANTWENTYLETTERS / HTTP/1.1", METHOD_NONE, KIND_NONE, "", NULL},
    {"t3 12.2.1", METHOD_NONE, KIND_NONE, "", NULL},
};

static void check_request(const struct request *got, const struct row *row)
{
    ck_assert_msg(got->method == row->method, "%s: %s", row->field,
                  request_method_name(got->method));
    ck_assert_msg(got->kind == row->kind, "%s: %s", row->field, request_kind_name(got->kind));
    ck_assert_msg(slice_is(got->path, row->path), "%s: path %.*s", row->field,
                  SLICE_ARG(got->path));
    ck_assert_msg((got->query.at == NULL) == (row->query == NULL), "%s: query", row->field);
    ck_assert_msg(!row->query || slice_is(got->query, row->query), "%s: query %.*s", row->field,
                  SLICE_ARG(got->query));
}

/* In memory of exactly its size, so that a byte too far is seen by a sanitizer. */
START_TEST(takes_a_request_apart)
{
    const struct row *row = &rows[_i];
    size_t size = strlen(row->field);
    char *copy = malloc(size ? size : 1);
    memcpy(copy, row->field, size);
    struct request got = request_parse((struct slice){copy, size});
    check_request(&got, row);
    free(copy);
}
END_TEST

START_TEST(nothing_is_no_request)
{
    struct request got = request_parse((struct slice){0});
    ck_assert_int_eq(got.kind, KIND_NONE);
    ck_assert_int_eq(got.method, METHOD_NONE);
    ck_assert_uint_eq(got.path.size, 0);
    ck_assert(!request_is_asset((struct slice){0}));
    ck_assert(!request_is_call((struct slice){0}, (struct slice){0}));
    ck_assert_int_eq(request_of_url(METHOD_GET, (struct slice){0}).kind, KIND_PAGE);
}
END_TEST

START_TEST(names_come_back)
{
    for (enum request_method method = METHOD_GET; method < METHOD_OTHER; method++) {
        struct slice name = slice_of(request_method_name(method));
        ck_assert_int_eq(request_method_of(name), method);
    }
    ck_assert_int_eq(request_method_of(SLICE_LITERAL("BREW")), METHOD_OTHER);
    ck_assert_int_eq(request_method_of(SLICE_LITERAL("get")), METHOD_OTHER);
    ck_assert_str_eq(request_kind_name(KIND_PAGE), "page");
    ck_assert_str_eq(request_kind_name(KIND_CALL), "call");
    ck_assert_str_eq(request_kind_name(KIND_ASSET), "asset");
    ck_assert_str_eq(request_kind_name(KIND_OTHER), "other");
    ck_assert_str_eq(request_kind_name(KIND_NONE), "none");
}
END_TEST

/* The extensions of the module's table, written once more; longest last. */
static const char *const extensions[] = {
    "js",   "gz",   "7z",   "css",  "mjs",  "map",  "png",  "jpg",  "gif",   "svg",  "ico",
    "cur",  "bmp",  "tif",  "ttf",  "otf",  "eot",  "mp3",  "mp4",  "m4a",   "m4v",  "ogg",
    "ogv",  "wav",  "avi",  "mov",  "flv",  "swf",  "vtt",  "zip",  "tgz",   "tar",  "bz2",
    "rar",  "exe",  "dmg",  "apk",  "txt",  "xml",  "rss",  "jpeg", "jfif",  "svgz", "tiff",
    "webp", "avif", "apng", "woff", "webm", "m3u8", "atom", "wasm", "woff2",
};

static bool is_asset_slowly(struct slice path)
{
    size_t dot = path.size;
    while (dot > 0 && path.at[dot - 1] != '.' && path.at[dot - 1] != '/')
        dot--;
    if (dot == 0 || path.at[dot - 1] == '/')
        return false;
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        size_t size = strlen(extensions[i]);
        if (path.size - dot == size && strncasecmp(path.at + dot, extensions[i], size) == 0)
            return true;
    }
    return false;
}

/* Every extension behind names of every length, with one byte changed to each of some others. */
START_TEST(assets_are_those_of_the_table)
{
    static const char others[] = "./xX0aA-%2Js";
    for (size_t length = 0; length < 12; length++) {
        char path[64];
        memset(path, 'n', sizeof path);
        path[length] = '.';
        size_t size = length + 1 + strlen(extensions[_i]);
        memcpy(path + length + 1, extensions[_i], strlen(extensions[_i]));
        ck_assert(request_is_asset((struct slice){path, size}));
        for (size_t at = 0; at < size; at++) {
            char kept = path[at];
            for (size_t i = 0; i < sizeof others - 1; i++) {
                path[at] = others[i];
                struct slice changed = {path, size};
                if (request_is_asset(changed) != is_asset_slowly(changed))
                    ck_abort_msg("%.*s", SLICE_ARG(changed));
            }
            path[at] = kept;
        }
    }
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof table[0])

int main(void)
{
    Suite *suite = suite_create("request");
    TCase *table = tcase_create("table");
    tcase_add_loop_test(table, takes_a_request_apart, 0, ROWS(rows));
    tcase_add_test(table, nothing_is_no_request);
    tcase_add_test(table, names_come_back);
    tcase_add_loop_test(table, assets_are_those_of_the_table, 0, ROWS(extensions));
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
