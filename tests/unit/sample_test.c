/* Expected texts: by hand from the rules in parser/sample.h. */
#include "parser/sample.h"

#include <check.h>
#include <stdlib.h>

#include "base/memory.h"

#define LEAD "[address] - - [21/Nov/2026:10:00:00 +0000] "

static const struct {
    const char *line, *masked;
} rows[] = {
    {"", ""},
    {"rubbish", "rubbish"},
    {"two words, and more: of them.", "two words, and more: of them."},
    /* a combined line, and pieces of one */
    {"192.0.2.1 - - [21/Nov/2026:10:00:00 +0000] \"GET /a?b=c&d HTTP/1.1\" 999 5 \"-\" \"curl/8\"",
     LEAD "\"GET /a?[query] HTTP/1.1\" 999 5 \"-\" \"[agent]\""},
    {"2001:db8::1 - alice [21/Nov/2026:10:00:00 +0000] \"-\" 99 5 \"https://h/?q=a b\" \"x\"",
     "[address] - [name] [21/Nov/2026:10:00:00 +0000] \"-\" 99 5 \"https://h/?[query]\" "
     "\"[agent]\""},
    {"2001:db8::1 - alice [21/Nov/2026:10:00:00 +0000] \"-\" 99 5 \"https://h/?q=a b\" \"x",
     "[address] - [name] [21/Nov/2026:10:00:00 +0000] \"[text]\""},
    {"p5d.dip0.example.net - John Doe [21/Nov/2026:10:00:00 +0000] x",
     "[name] - [name] [name] [21/Nov/2026:10:00:00 +0000] x"},
    {"www.example.com:443 192.0.2.1:5 - - [21/Nov/2026] x", "[name] [address] - - [21/Nov/2026] x"},
    {"192.0.2.1 - - [21/Nov/2026] \"GET /?a=my secret HTTP/1.1\" 1",
     "[address] - - [21/Nov/2026] \"GET /?[query] HTTP/1.1\" 1"},
    {"\"GET /?a=\\\"secret\\\" HTTP/1.1\" 1", "\"GET /?[query] HTTP/1.1\" 1"},
    {"\"GET /?a=secret unclosed\"", "\"GET /?[query]\""},
    {"GET /?a=b HTTP/1.1", "GET /?[query] HTTP/1.1"},
    {"GET /? HTTP/1.1", "GET /? HTTP/1.1"},
    {"\"a\" \"b\" \"-\" \"d\"", "\"a\" \"b\" \"-\" \"d\""},
    {"\"a\" \"b\" \"\" \"d\"", "\"a\" \"b\" \"\" \"d\""},
    {"\"a\" \"b\" \"say \\\"hi\\\"\" 7", "\"a\" \"b\" \"[agent]\" 7"},
    {"\"mozilla/5.0 (X11)\" 7", "\"[agent]\" 7"},
    /* a quote is missing: what was quoted would stand between strings */
    {"\"", "\"[text]\""},
    {"\"GET /?unclosed secret", "\"[text]\""},
    {"\"GET / HTTP/1.1 200 5 \"-\" \"Alice's phone\" \"alice, bob\"", "\"[text]\""},
    {"GET /a?b HTTP/1.1\" 200 5 \"-\" \"Alice's phone\"", "GET /a?[query] HTTP/1.1\"[text]\""},
    {"\"GET /\\\" 400 5 \"-\" \"Alice's phone\"", "\"[text]\""}, /* a backslash of the path */
    {"\"GET /\\\" 400 5 \"-\" \"Alice's phone", "\"[text]\""},
    {"a=\"b? 10.0.0.9", "a=\"[text]\""},
    {"{\"url\":\"/a\",\"ts:\"now\",\"who\":\"alice\"}", "{\"[text]\""},
    {"10.0.0.9 al\"ice [21/Nov/2026] x", "[address] [name]\"[text]\""},
    /* addresses, wherever they stand */
    {"[error] client: 192.0.2.1, server: x", "[error] client: [address], server: x"},
    {"from 192.0.2.1.", "from [address]."},
    {"HTTP/1.1192.0.2.1", "HTTP/1.1[address]"},
    {"999.999.999.999", "[address]"},
    {"1.2.3", "[address]"},     /* torn at its end */
    {"1.2.3 x", "[address] x"}, /* torn at its start */
    {"at 1.2.3 x", "at 1.2.3 x"},
    {"87.129.4.", "[address]"},
    {"1..2.3.4", "1..[address]"},
    {"okhttp/4.9.3+phone 7", "[agent] 7"},
    {"GET /okhttp/4.9 HTTP/1.1", "GET /okhttp/4.9 HTTP/1.1"},
    {"1.2.3.4.5", "[address].5"},
    {"[2001:db8::1]:443", "[[address]]:443"},
    {"::1 ::ffff:192.0.2.1 fe80::1%eth0", "[address] [address] [address]%eth0"},
    {"2001:db8:0:0:0:0:0:1", "[address]"},
    {"10:00:00 21/Nov/2026:10:00:00 pos::", "10:00:00 21/Nov/2026:10:00:00 pos::"},
    {"host:192.0.2.1\ttime:10:00", "host:[address]\ttime:10:00"},
    /* values */
    {"2026-11-21 10:00:00 GET /a step=2&x=y 200 uid=7;+b=c",
     "2026-11-21 10:00:00 GET /a step=[value]&x=[value] 200 uid=[value];+b=[value]"},
    {"a= b=\"\" c==", "a= b=\"\" c=[value]"},
    /* agents without quotes */
    {"x Mozilla/5.0+(Windows+NT+10.0) - 200", "x [agent] - 200"},
    {"x\tMozilla/5.0%20(X11)\t200", "x\t[agent]\t200"},
    {"ua:Mozilla/5.0 (X11; a)\tstatus:1", "ua:[agent]\tstatus:1"},
    {"x Mozilla/5.0 (X11; Linux) Gecko", "x [agent]"},
    /* mail */
    {"for alice@example.com, bob", "for [mail], bob"},
    {"/a/alice%40example.com", "[mail]"},
    {"http://user:pass@h/ /@user/x @ a@ @b", "[mail] /@user/x @ a@ @b"},
    /* JSON */
    {"{\"time\":\"now\",\"ip\":\"192.0.2.1\",\"user_agent\":\"curl/8\",\"url\":\"/a?b=c d\"}",
     "{\"time\":\"now\",\"ip\":\"[text]\",\"user_agent\":\"[agent]\",\"url\":\"/a?[query]\"}"},
    {"{\"User-Agent\" : [\"a\", \"b\"], \"remote_user\":\"alice\",\"n\":\"x\",\"m\":\"y\"}",
     "{\"User-Agent\" : [\"[agent]\", \"[agent]\"], "
     "\"remote_user\":\"[text]\",\"n\":\"[text]\",\"m\":\"[text]\"}"},
    {"{\"Cookie\":\"uid\",\"s\":\"\"", "{\"Cookie\":\"[text]\",\"s\":\"\""},
    /* raw bytes stay */
    {"<b>\x1b[2J\xff\xe6\x97\xa5", "<b>\x1b[2J\xff\xe6\x97\xa5"},
};

START_TEST(lines_are_masked)
{
    char out[SAMPLE_BYTES + 1];
    sample_mask(slice_of(rows[_i].line), NULL, out);
    ck_assert_str_eq(out, rows[_i].masked);
}
END_TEST

/* Of a line whose fields are known these say what is hidden, whatever it looks like. */
START_TEST(known_fields_are_masked)
{
    char out[SAMPLE_BYTES + 1];
    struct slice line = SLICE_LITERAL("17:00 GET /p1 secret SHOP\\frank gateway curl 999 - id=7");
    struct line_fields fields = {0};
    fields.at[FIELD_QUERY] = (struct slice){line.at + 14, 6};
    fields.at[FIELD_USER] = (struct slice){line.at + 21, 10};
    fields.at[FIELD_ADDRESS] = (struct slice){line.at + 32, 7};
    fields.at[FIELD_AGENT] = (struct slice){line.at + 40, 4};
    fields.at[FIELD_FORWARDED] = (struct slice){line.at + 49, 1};
    fields.at[FIELD_COOKIE] = (struct slice){line.at + 51, 4};
    sample_mask(line, &fields, out);
    ck_assert_str_eq(out, "17:00 GET /p1 [query] [name] [address] [agent] 999 - [cookie]");
}
END_TEST

/* A field may hold the first quote: what comes behind it is not shown either. */
START_TEST(a_quote_is_missing_in_a_known_field)
{
    char out[SAMPLE_BYTES + 1];
    struct slice line = SLICE_LITERAL("17:00 al\"ice GET /p1 alice");
    struct line_fields fields = {0};
    fields.at[FIELD_USER] = (struct slice){line.at + 6, 6};
    sample_mask(line, &fields, out);
    ck_assert_str_eq(out, "17:00 [name]\"[text]\"");
}
END_TEST

/* Whichever quote is missing. */
START_TEST(a_quote_is_missing)
{
    static const char whole[] = "192.0.2.1 - - [21/Nov/2026:10:00:00 +0000] \"GET /a HTTP/1.1\" "
                                "200 5 \"-\" \"Alice's phone\" \"alice, 203.0.113.9\"";
    char out[SAMPLE_BYTES + 1], line[sizeof whole];
    for (size_t i = 0; i + 1 < sizeof whole; i++) {
        bool is_first = i == strlen("192.0.2.1 - - [21/Nov/2026:10:00:00 +0000] ");
        if (whole[i] != '"')
            continue;
        memcpy(line, whole, i);
        memcpy(line + i, whole + i + 1, sizeof whole - i - 1);
        sample_mask(slice_of(line), NULL, out);
        ck_assert_str_eq(out, is_first ? LEAD "GET /a HTTP/1.1\"[text]\"" : LEAD "\"[text]\"");
    }
}
END_TEST

/* Cookies and headers that were asked for: a dash is shown, as of other fields. */
START_TEST(extra_fields_are_masked)
{
    char out[SAMPLE_BYTES + 1];
    struct slice line = SLICE_LITERAL("17:00 GET /p1 s3cret \"a b\" 999 - abc");
    struct line_fields fields = {0};
    fields.at[FIELD_EXTRA] = (struct slice){line.at + 14, 6};
    fields.at[FIELD_EXTRA + 1] = (struct slice){line.at + 22, 3};
    fields.at[FIELD_EXTRA + 2] = (struct slice){line.at + 31, 1};
    fields.at[FIELD_EXTRA_LAST] = (struct slice){line.at + 33, 3};
    sample_mask(line, &fields, out);
    ck_assert_str_eq(out, "17:00 GET /p1 [text] \"[text]\" 999 - [text]");
}
END_TEST

/* Fields that begin and end elsewhere than looks would tell. */
START_TEST(known_fields_are_masked_whole)
{
    char out[SAMPLE_BYTES + 1];
    struct slice quoted = SLICE_LITERAL("\"agent \"of\" frank\" \"/?a=b\" id=7");
    struct slice bare = SLICE_LITERAL("/a?b=c|okhttp me|x");
    struct line_fields fields = {0};
    fields.at[FIELD_AGENT] = slice_head(slice_from(quoted, 1), strlen("agent \"of\" frank"));
    sample_mask(quoted, &fields, out);
    ck_assert_str_eq(out, "\"[agent]\" \"/?[query]\" id=[value]");
    fields.at[FIELD_AGENT] = slice_head(slice_from(bare, 7), strlen("okhttp me"));
    sample_mask(bare, &fields, out);
    ck_assert_str_eq(out, "/a?[query][agent]|x");
}
END_TEST

START_TEST(nul_bytes_are_told)
{
    char out[SAMPLE_BYTES + 1];
    sample_mask(SLICE_LITERAL("\0\0\0a\0b"), NULL, out);
    ck_assert_str_eq(out, "[nul]a[nul]b");
}
END_TEST

/* Lines of one repeated text: what is shown at most, and where it is cut. */
START_TEST(long_lines_are_cut)
{
    static const struct {
        const char *head, *repeated;
        size_t times, size;
        const char *end;
    } cases[] = {
        {"", "x", 160, 160, "xxxx"},
        {"", "x", 161, 160, "x..."},
        {"", "x", 65536, 160, "x..."},
        {"?", "x", 65536, 8, "?[query]"},
        {"", "192.0.2.1 ", 18, 160, "ss] [addres..."}, /* 15 marks and blanks are 150 bytes */
        {"", "\xe6\x97\xa5", 60, 159, "\xa5..."},      /* 52 characters of 3 bytes are 156 */
        {"x", "\xe6\x97\xa5", 60, 160, "\xa5..."},
        {"", "\x80", 200, 157, "\x80..."}, /* no character at all: three bytes go */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *line = mem_text(slice_of(cases[i].head)), out[SAMPLE_BYTES + 1];
        size_t used = strlen(line), size = strlen(cases[i].repeated);
        line = mem_resize(line, used + size * cases[i].times, 1);
        for (size_t k = 0; k < cases[i].times; k++, used += size)
            memcpy(line + used, cases[i].repeated, size);
        sample_mask((struct slice){line, used}, NULL, out);
        ck_assert_msg(strlen(out) == cases[i].size, "case %zu: %zu bytes", i, strlen(out));
        ck_assert_str_eq(out + strlen(out) - strlen(cases[i].end), cases[i].end);
        mem_free(line);
    }
}
END_TEST

/* Any cut of a line shows no more of what is hidden than the whole line does. */
START_TEST(torn_lines_show_nothing)
{
    static const char line[] = "192.0.2.1 - alice [21/Nov/2026:10:00:00 +0000] \"GET /a?topic=no "
                               "HTTP/1.1\" 999 5 \"-\" \"Mozilla/5.0 (X11)\"";
    char *copy = mem_alloc(sizeof line), out[SAMPLE_BYTES + 1];
    for (size_t begin = 0; begin < sizeof line; begin++) {
        /* at the end of its memory, so that a sanitizer sees a read behind it */
        memcpy(copy + begin, line + begin, sizeof line - begin);
        sample_mask((struct slice){copy + begin, sizeof line - begin}, NULL, out);
        bool has_time = begin <= strlen("192.0.2.1 - alice");
        ck_assert_msg(!has_time || !strstr(out, "lice"), "%s", out);
        ck_assert_msg(!strstr(out, "192.0.2.1") && !strstr(out, "Mozilla"), "%s", out);
        ck_assert_msg(begin >= strlen(line) - 70 || !strstr(out, "topic=no"), "%s", out);
    }
    for (size_t size = 0; size < sizeof line; size++) {
        sample_mask((struct slice){line, size}, NULL, out);
        ck_assert_msg(!strstr(out, "topic") && !strstr(out, "X11"), "%s", out);
    }
    mem_free(copy);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sample");
    TCase *tests = tcase_create("sample");
    tcase_add_loop_test(tests, lines_are_masked, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, nul_bytes_are_told);
    tcase_add_test(tests, known_fields_are_masked);
    tcase_add_test(tests, a_quote_is_missing_in_a_known_field);
    tcase_add_test(tests, a_quote_is_missing);
    tcase_add_test(tests, extra_fields_are_masked);
    tcase_add_test(tests, known_fields_are_masked_whole);
    tcase_add_test(tests, long_lines_are_cut);
    tcase_add_test(tests, torn_lines_show_nothing);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
