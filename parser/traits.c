#include "parser/traits.h"

#include <stdint.h>

#include "base/ascii.h"
#include "base/memory.h"
#include "parser/automaton.h"
#include "parser/url.h"

enum { TEXT_LIMIT = 8 * 1024 };

struct trait_rules {
    struct automaton *paths, *queries;
};

struct trait_word {
    const char *text;
    uint32_t flags;
};

/* ---- paths ---- */

/*
 * A path is compared in this form, so that plain words of an automaton can say where they stand:
 *
 *     /Login;id=1            BEGIN /login/id=1/ END
 *     //a/.ENV               BEGIN /a/.env/ END
 *
 * A word that begins with '/' begins a segment, one that ends with '/' ends one. Runs of '/' are
 * one, other control bytes are gone, ';' begins what Java servers call a path parameter.
 */
#define BEGIN "\1"
#define END   "\2"
enum { BEGIN_BYTE = 1, END_BYTE = 2, GONE_BYTE = 0x7f, PATH_FRAME_BYTES = 4 };

enum path_flag {
    PATH_LEAK = 32,  /* a file that should not be there: an attack, unless PATH_ABOUT */
    PATH_ABOUT = 64, /* the page is about something: a repository's file, a tag, a search */
    PATH_USED = 128, /* what WordPress asks for in everybody's name: no probe */
};

static const struct trait_word path_words[] = {
    {BEGIN "/robots.txt/" END, TRAIT_ROBOTS},

    /* Files that were left where the server gives them away. */
    {"/.env", PATH_LEAK},
    {"/.evn", PATH_LEAK},
    {"/.flaskenv/", PATH_LEAK},
    {"/.git/", PATH_LEAK},
    {"/.gitconfig/", PATH_LEAK},
    {"/.gitignore/", PATH_LEAK},
    {"/.git-credentials/", PATH_LEAK},
    {"/.gitlab-ci", PATH_LEAK},
    {"/.github/workflows/", PATH_LEAK},
    {"/.svn/", PATH_LEAK},
    {"/.hg/", PATH_LEAK},
    {"/.bzr/", PATH_LEAK},
    {"/.aws/", PATH_LEAK},
    {"/.azure/", PATH_LEAK},
    {"/.gcloud/", PATH_LEAK},
    {"/.s3cfg/", PATH_LEAK},
    {"/.kube/", PATH_LEAK},
    {"/.docker/", PATH_LEAK},
    {"/.dockerenv/", PATH_LEAK},
    {"/.dockerignore/", PATH_LEAK},
    {"/.ssh/", PATH_LEAK},
    {"/.htpasswd", PATH_LEAK},
    {"/.htaccess", PATH_LEAK},
    {"/.ds_store/", PATH_LEAK},
    {"/.vscode/", PATH_LEAK},
    {"/.idea/", PATH_LEAK},
    {"/.npmrc/", PATH_LEAK},
    {"/.yarnrc/", PATH_LEAK},
    {"/.netrc/", PATH_LEAK},
    {"/.pgpass/", PATH_LEAK},
    {"/.my.cnf/", PATH_LEAK},
    {"/.bash_history/", PATH_LEAK},
    {"/.mysql_history/", PATH_LEAK},
    {"/.bashrc/", PATH_LEAK},
    {"/.profile/", PATH_LEAK},
    {"/.terraform/", PATH_LEAK},
    {"/.circleci/", PATH_LEAK},
    {"/.travis.yml/", PATH_LEAK},
    {"/.streamlit/secrets", PATH_LEAK},
    {"/.credentials", PATH_LEAK},
    {"/.secrets", PATH_LEAK},
    {"/.config/", PATH_LEAK},
    {"/id_rsa/", PATH_LEAK},
    {"/id_ed25519/", PATH_LEAK},
    {"/terraform.tfstate/", PATH_LEAK},
    {BEGIN "/web.config/", PATH_LEAK},
    {"/wp-config.php", PATH_LEAK},
    {"/wp-config-sample.php", PATH_LEAK},
    {"/wp-config.bak/", PATH_LEAK},
    {"/wp-config.old/", PATH_LEAK},
    {"/wp-config.txt/", PATH_LEAK},
    {"/wp-config.inc/", PATH_LEAK},
    {"/.wp-config", PATH_LEAK},
    {"/app/etc/local.xml/", PATH_LEAK},
    {"/app/etc/env.php/", PATH_LEAK},
    {"/app/config/parameters.yml/", PATH_LEAK},
    {"/config/database.yml/", PATH_LEAK},
    {"/config/secrets.yml/", PATH_LEAK},
    {"/config/master.key/", PATH_LEAK},
    {"/sites/default/settings.php", PATH_LEAK},
    {"/wp-content/debug.log/", PATH_LEAK},
    {"/storage/logs/laravel.log/", PATH_LEAK},
    {".php.bak/", PATH_LEAK},
    {".php.old/", PATH_LEAK},
    {".php.orig/", PATH_LEAK},
    {".php.save/", PATH_LEAK},
    {".php.swp/", PATH_LEAK},
    {".php~/", PATH_LEAK},
    {"/etc/passwd/", PATH_LEAK},
    {"/etc/shadow/", PATH_LEAK},
    {"/proc/self/environ/", PATH_LEAK},
    {"/windows/win.ini/", PATH_LEAK},

    /* Copies of a whole site or its database, as people name them. */
    {BEGIN "/backup.sql", TRAIT_ATTACK},
    {BEGIN "/backup.zip/", TRAIT_ATTACK},
    {BEGIN "/backup.tar", TRAIT_ATTACK},
    {BEGIN "/backup.rar/", TRAIT_ATTACK},
    {BEGIN "/backup.bak/", TRAIT_ATTACK},
    {BEGIN "/data.sql", TRAIT_ATTACK},
    {BEGIN "/database.sql", TRAIT_ATTACK},
    {BEGIN "/db.sql", TRAIT_ATTACK},
    {BEGIN "/db_backup.sql", TRAIT_ATTACK},
    {BEGIN "/dump.sql", TRAIT_ATTACK},
    {BEGIN "/localhost.sql", TRAIT_ATTACK},
    {BEGIN "/mysql.sql", TRAIT_ATTACK},
    {BEGIN "/site.sql", TRAIT_ATTACK},
    {BEGIN "/users.sql", TRAIT_ATTACK},
    {BEGIN "/wordpress.sql", TRAIT_ATTACK},
    {BEGIN "/wordpress.zip/", TRAIT_ATTACK},
    {BEGIN "/www.zip/", TRAIT_ATTACK},
    {BEGIN "/www.rar/", TRAIT_ATTACK},
    {BEGIN "/www.tar", TRAIT_ATTACK},
    {BEGIN "/wwwroot.zip/", TRAIT_ATTACK},
    {BEGIN "/wwwroot.rar/", TRAIT_ATTACK},
    {BEGIN "/htdocs.zip/", TRAIT_ATTACK},
    {BEGIN "/public_html.zip/", TRAIT_ATTACK},
    {BEGIN "/public_html.tar", TRAIT_ATTACK},

    /* Out of the folder. One step up is left to careless programs; browsers resolve all of them. */
    {"/../../", TRAIT_ATTACK},
    {"..\\..\\", TRAIT_ATTACK},
    {"..../..../", TRAIT_ATTACK},
    {"/..;/", TRAIT_ATTACK},
    {"..%2f", TRAIT_ATTACK},
    {"..%5c", TRAIT_ATTACK},
    {"%2e%2e/", TRAIT_ATTACK},
    {"%2e%2e%2f", TRAIT_ATTACK},
    {"..\xc0\xaf", TRAIT_ATTACK},
    {"/cgi-bin/../", TRAIT_ATTACK},

    /* Commands and look-ups instead of names. */
    {"${jndi:", TRAIT_ATTACK},
    {"${ifs}", TRAIT_ATTACK},
    {"$(nslookup", TRAIT_ATTACK},
    {"\\think\\app", TRAIT_ATTACK},

    /* Holes of PHP programs. */
    {"/eval-stdin.php/", TRAIT_ATTACK},
    {"/vendor/phpunit/", TRAIT_ATTACK},
    {"/vendor/composer/installed.json/", TRAIT_ATTACK},
    {"/_ignition/execute-solution/", TRAIT_ATTACK},
    {"/_ignition/health-check/", TRAIT_ATTACK},
    {"/_profiler/phpinfo", TRAIT_ATTACK},
    {"/_profiler/open/", TRAIT_ATTACK},

    /* Back doors that others left behind. */
    {"/alfa.php/", TRAIT_ATTACK},
    {"/alfa-rex.php", TRAIT_ATTACK},
    {"/alfanew.php", TRAIT_ATTACK},
    {"/alfacgiapi/", TRAIT_ATTACK},
    {"/alfa_data/", TRAIT_ATTACK},
    {"/adminfuns.php/", TRAIT_ATTACK},
    {"/b374k.php/", TRAIT_ATTACK},
    {"/c99.php/", TRAIT_ATTACK},
    {"/c100.php/", TRAIT_ATTACK},
    {"/cmd.jsp/", TRAIT_ATTACK},
    {"/gel4y.php/", TRAIT_ATTACK},
    {"/indoxploit.php/", TRAIT_ATTACK},
    {"/marijuana.php/", TRAIT_ATTACK},
    {"/phpshell.php/", TRAIT_ATTACK},
    {"/priv8.php/", TRAIT_ATTACK},
    {"/r57.php/", TRAIT_ATTACK},
    {"/shell.jsp/", TRAIT_ATTACK},
    {"/simple-backdoor.php/", TRAIT_ATTACK},
    {"/webshell.php/", TRAIT_ATTACK},
    {"/wp-conflg.php/", TRAIT_ATTACK},
    {"/wso.php/", TRAIT_ATTACK},
    {"/wso112233.php/", TRAIT_ATTACK},
    {"/xleet.php/", TRAIT_ATTACK},

    /* Holes of Java programs and of servers. */
    {"/invoker/jmxinvokerservlet/", TRAIT_ATTACK},
    {"/axis2/axis2-admin/", TRAIT_ATTACK},
    {"/wls-wsat/", TRAIT_ATTACK},
    {"/_async/asyncresponseservice/", TRAIT_ATTACK},
    {"/developmentserver/metadatauploader/", TRAIT_ATTACK},
    {"/owa/auth/x.js/", TRAIT_ATTACK},
    {BEGIN "/containers/json/", TRAIT_ATTACK},

    /* Holes of routers, cameras and gateways, which no web site is. */
    {"/boaform/", TRAIT_ATTACK},
    {"/hnap1/", TRAIT_ATTACK},
    {"/gponform/", TRAIT_ATTACK},
    {"/goform/", TRAIT_ATTACK},
    {"/cgi-bin/luci/", TRAIT_ATTACK},
    {"/cgi-bin/config.exp/", TRAIT_ATTACK},
    {"/cgi-bin/kerbynet/", TRAIT_ATTACK},
    {"/cgi-bin/mainfunction.cgi", TRAIT_ATTACK},
    {"/cgi-bin/nas_sharing.cgi/", TRAIT_ATTACK},
    {"/cgi-bin/nobody/", TRAIT_ATTACK},
    {"/cgi-bin/supervisor/", TRAIT_ATTACK},
    {"/cgi-bin/webproc/", TRAIT_ATTACK},
    {BEGIN "/setup.cgi/", TRAIT_ATTACK},
    {BEGIN "/currentsetting.htm/", TRAIT_ATTACK},
    {BEGIN "/sdk/weblanguage/", TRAIT_ATTACK},
    {"/portal/redlion/", TRAIT_ATTACK},
    {"/remote/fgt_lang/", TRAIT_ATTACK},
    {BEGIN "/bin/zhttpd/", TRAIT_ATTACK},

    /* Scanners that introduce themselves. */
    {"/nmaplowercheck", TRAIT_ATTACK},
    {"/nice ports,/trinity.txt.bak/", TRAIT_ATTACK},
    {"/odinhttpcall", TRAIT_ATTACK},
    {BEGIN "/evox/about/", TRAIT_ATTACK},
    {"/muieblackcat/", TRAIT_ATTACK},
    {"/w00tw00t", TRAIT_ATTACK},

    /* Programs that people use where they are. */
    {"/wp-login.php/", TRAIT_PROBE | TRAIT_LOGIN},
    {"/xmlrpc.php/", TRAIT_PROBE | TRAIT_LOGIN | TRAIT_REMOTE},
    {"/wp-admin/", TRAIT_PROBE},
    {"/wp-admin/admin-ajax.php/", PATH_USED},
    {"/wp-admin/admin-post.php/", PATH_USED},
    {"/wlwmanifest.xml/", TRAIT_PROBE},
    {"/phpmyadmin/", TRAIT_PROBE},
    {"/phpmyadmin2/", TRAIT_PROBE},
    {"/myadmin/", TRAIT_PROBE},
    {"/mysqladmin/", TRAIT_PROBE},
    {BEGIN "/pma/", TRAIT_PROBE},
    {"/adminer/", TRAIT_PROBE},
    {"/adminer.php/", TRAIT_PROBE},
    {BEGIN "/administrator/", TRAIT_PROBE},
    {BEGIN "/administrator/" END, TRAIT_LOGIN},
    {BEGIN "/administrator/index.php/", TRAIT_LOGIN},
    {"/phpinfo.php/", TRAIT_PROBE},
    {"/server-status/", TRAIT_PROBE},
    {"/elmah.axd/", TRAIT_PROBE},
    {"/trace.axd/", TRAIT_PROBE},
    {"/telerik.web.ui.webresource.axd/", TRAIT_PROBE},
    {"/uploadify/uploadify.php/", TRAIT_PROBE},
    {BEGIN "/docker-compose.yml/", TRAIT_PROBE},
    {BEGIN "/console/" END, TRAIT_PROBE},
    {BEGIN "/shell/" END, TRAIT_PROBE},
    {BEGIN "/owa/", TRAIT_PROBE},
    {BEGIN "/ecp/", TRAIT_PROBE},
    {BEGIN "/rdweb/", TRAIT_PROBE},
    {"/+cscoe+/", TRAIT_PROBE},
    {"/+cscol+/", TRAIT_PROBE},
    {"/dana-na/", TRAIT_PROBE},
    {"/global-protect/", TRAIT_PROBE},
    {BEGIN "/webui/", TRAIT_PROBE},
    {BEGIN "/cgi-bin/authlogin.cgi/", TRAIT_PROBE},
    {"/cfide/administrator/", TRAIT_PROBE},
    {BEGIN "/v2/_catalog/", TRAIT_PROBE},
    {"/telescope/requests/", TRAIT_PROBE},
    {"/debug/default/view/", TRAIT_PROBE},
    {"/connector.minimal.php/", TRAIT_PROBE},
    {"/fckeditor/editor/filemanager/", TRAIT_PROBE},
    {"/kcfinder/upload.php/", TRAIT_PROBE},
    {"/scripts/setup.php/", TRAIT_PROBE},
    {"/wp-file-manager/lib/", TRAIT_PROBE},
    {"/cmd.php/", TRAIT_PROBE},
    {"/shell.php/", TRAIT_PROBE},
    {"/actuator/env/", TRAIT_PROBE},
    {"/actuator/gateway/", TRAIT_PROBE},
    {"/actuator/heapdump/", TRAIT_PROBE},
    {"/actuator/configprops/", TRAIT_PROBE},
    {"/actuator/logfile/", TRAIT_PROBE},
    {"/solr/admin/", TRAIT_PROBE},
    {BEGIN "/manager/html/", TRAIT_PROBE},
    {BEGIN "/manager/text/", TRAIT_PROBE},
    {"/host-manager/html/", TRAIT_PROBE},
    {"/jmx-console/", TRAIT_PROBE},
    {BEGIN "/nacos/", TRAIT_PROBE},

    /* Pages about such things. */
    {"/-/", PATH_ABOUT},
    {"/blame/", PATH_ABOUT},
    {"/blob/", PATH_ABOUT},
    {"/commit/", PATH_ABOUT},
    {"/commits/", PATH_ABOUT},
    {"/plain/", PATH_ABOUT},
    {"/raw/", PATH_ABOUT},
    {"/src/branch/", PATH_ABOUT},
    {"/src/commit/", PATH_ABOUT},
    {"/src/tag/", PATH_ABOUT},
    {"/tree/", PATH_ABOUT},
    {"/man/", PATH_ABOUT},
    {"/questions/", PATH_ABOUT},
    {"/search/", PATH_ABOUT},
    {"/tag/", PATH_ABOUT},
    {"/tagged/", PATH_ABOUT},
    {"/tags/", PATH_ABOUT},
    {"/topic/", PATH_ABOUT},
    {"/topics/", PATH_ABOUT},
    {"/wiki/", PATH_ABOUT},

    /* What a form to log in posts to. */
    {"/login/", TRAIT_LOGIN},
    {"/login.php/", TRAIT_LOGIN},
    {"/login.html/", TRAIT_LOGIN},
    {"/login.aspx/", TRAIT_LOGIN},
    {"/login.jsp/", TRAIT_LOGIN},
    {"/login.do/", TRAIT_LOGIN},
    {"/login_check/", TRAIT_LOGIN},
    {"/log-in/", TRAIT_LOGIN},
    {"/logon/", TRAIT_LOGIN},
    {"/logon.aspx/", TRAIT_LOGIN},
    {"/signin/", TRAIT_LOGIN},
    {"/sign-in/", TRAIT_LOGIN},
    {"/sign_in/", TRAIT_LOGIN},
    {"/customer/account/loginpost/", TRAIT_LOGIN},
    {"/j_security_check/", TRAIT_LOGIN},
    {"/j_spring_security_check/", TRAIT_LOGIN},
    {"/session/" END, TRAIT_LOGIN},
    {"/sessions/" END, TRAIT_LOGIN},
    {"/auth/" END, TRAIT_LOGIN},
    {"/anmelden/", TRAIT_LOGIN},
    {"/einloggen/", TRAIT_LOGIN},
    {"/connexion/", TRAIT_LOGIN},
    {"/se-connecter/", TRAIT_LOGIN},
    {"/inloggen/", TRAIT_LOGIN},
    {"/iniciar-sesion/", TRAIT_LOGIN},
    {"/iniciar-sesi\xc3\xb3n/", TRAIT_LOGIN},
    {"/accedi/", TRAIT_LOGIN},
    {"/entrar/", TRAIT_LOGIN},
    {"/logowanie/", TRAIT_LOGIN},
    {"/zaloguj/", TRAIT_LOGIN},
    {"/logga-in/", TRAIT_LOGIN},
    {"/log-ind/", TRAIT_LOGIN},
    {"/logg-inn/", TRAIT_LOGIN},
    {"/kirjaudu/", TRAIT_LOGIN},
};

/* What stands for a decoded byte of a path, after `before`. */
static char path_byte(char c, char before)
{
    if (c == ';' && before != '.')
        return '/';
    return (unsigned char)c < ' ' ? (char)GONE_BYTE : ascii_lower(c);
}

/* Into `out`, which has room for the path and PATH_FRAME_BYTES more. */
static struct slice path_form(struct slice path, char *out)
{
    char *decoded = out + 2;
    size_t decoded_size = url_decode(path, false, decoded);
    size_t size = 0;
    out[size++] = BEGIN_BYTE;
    out[size++] = '/';
    for (size_t i = 0; i < decoded_size; i++) {
        char c = path_byte(decoded[i], out[size - 1]);
        if (c != '/' || out[size - 1] != '/')
            out[size++] = c;
    }
    if (out[size - 1] != '/')
        out[size++] = '/';
    out[size++] = END_BYTE;
    return (struct slice){out, size};
}

unsigned traits_of_path(const struct trait_rules *rules, struct slice path)
{
    char form[TEXT_LIMIT + PATH_FRAME_BYTES];
    if (path.size == 0)
        return 0;
    uint64_t found =
        automaton_find(rules->paths, path_form(slice_head(path, TEXT_LIMIT), form)).flags;
    unsigned traits =
        found & (TRAIT_ROBOTS | TRAIT_ATTACK | TRAIT_PROBE | TRAIT_LOGIN | TRAIT_REMOTE);
    if ((found & PATH_LEAK) && !(found & PATH_ABOUT))
        traits |= TRAIT_ATTACK;
    if (found & PATH_USED)
        traits &= ~(unsigned)TRAIT_PROBE;
    return traits;
}

/* ---- queries ---- */

/*
 * A query is compared in this form: decoded once, in lower case, white space and comments of SQL as
 * one blank, with '&' around it:
 *
 *     id=-1++UNION%0aSELECT+1,2      &id=-1 union select 1,2&
 *
 * People write about attacks, and search for what they read: so many words count only together with
 * another that makes them work, or outside of fields for searches. Two steps up are a relative link
 * of an old program; an attack does not know how deep it is, and takes more.
 */
enum { QUERY_FRAME_BYTES = 2 };

enum query_flag {
    QUERY_SURE = 1,
    QUERY_UNION = 2,
    QUERY_UNION_USED = 4,
    QUERY_SCHEMA = 8,
    QUERY_SCHEMA_USED = 16,
    QUERY_SCRIPT = 32,
    QUERY_SCRIPT_USED = 64,
    QUERY_TAG = 128,
    QUERY_HANDLER = 256,
    QUERY_VALUE = 512,   /* the value of a parameter, other than one to search for */
    QUERY_SEARCH = 1024, /* there is a parameter for what is searched */
};

static const struct query_rule {
    uint32_t needed, unless;
} query_rules[] = {
    {QUERY_SURE, 0},
    {QUERY_UNION | QUERY_UNION_USED, 0},
    {QUERY_SCHEMA | QUERY_SCHEMA_USED, 0},
    {QUERY_SCRIPT | QUERY_SCRIPT_USED, 0},
    {QUERY_TAG | QUERY_HANDLER, 0},
    {QUERY_VALUE, QUERY_SEARCH},
};

static const struct trait_word query_words[] = {
    /* SQL: another query behind the first. */
    {"union select", QUERY_UNION},
    {"union all select", QUERY_UNION},
    {"union distinct select", QUERY_UNION},
    {"union(select", QUERY_UNION},
    {"union (select", QUERY_UNION},
    {"union all(select", QUERY_UNION},
    {"union all (select", QUERY_UNION},
    {"select null", QUERY_UNION_USED},
    {"select 1,", QUERY_UNION_USED},
    {"select 1-", QUERY_UNION_USED},
    {"select @@", QUERY_UNION_USED},
    {"select *", QUERY_UNION_USED},
    {"(select", QUERY_SCHEMA_USED},
    {"1,2", QUERY_UNION_USED},
    {",null", QUERY_UNION_USED},
    {",@@", QUERY_UNION_USED},
    {"0x", QUERY_UNION_USED},
    {"--", QUERY_UNION_USED | QUERY_SCHEMA_USED},
    {"char(", QUERY_UNION_USED},
    {"chr(", QUERY_UNION_USED},
    {"concat(", QUERY_UNION_USED | QUERY_SCHEMA_USED},
    {"version()", QUERY_UNION_USED},
    {"database()", QUERY_UNION_USED},
    {" from users", QUERY_UNION_USED},
    {" from admin", QUERY_UNION_USED},
    {" from dual", QUERY_UNION_USED},
    {" from wp_", QUERY_UNION_USED},
    {" from mysql.", QUERY_UNION_USED},
    {" from information_schema.", QUERY_UNION_USED | QUERY_SCHEMA},
    {"' and ", QUERY_SCHEMA_USED},
    {"' or ", QUERY_SCHEMA_USED},
    {"' union ", QUERY_SCHEMA_USED},

    /* SQL: a condition that always holds, a pause that shows. */
    {"' or 1=1", QUERY_SURE},
    {"' or '1'='1", QUERY_SURE},
    {"' or 'a'='a", QUERY_SURE},
    {"' or ''='", QUERY_SURE},
    {"' and 1=1", QUERY_SURE},
    {"' and '1'='1", QUERY_SURE},
    {"'or'1'='1", QUERY_SURE},
    {"') or ('", QUERY_SURE},
    {"\" or 1=1", QUERY_SURE},
    {"\" or \"\"=\"", QUERY_SURE},
    {"\" or \"1\"=\"1", QUERY_SURE},
    {"1 or 1=1", QUERY_SURE},
    {"1 and 1=1", QUERY_SURE},
    {"1 and 1=2", QUERY_SURE},
    {"' having 1=1", QUERY_SURE},
    {"' order by 1", QUERY_SURE},
    {"' and sleep(", QUERY_SURE},
    {"' or sleep(", QUERY_SURE},
    {"1 and sleep(", QUERY_SURE},
    {"1 or sleep(", QUERY_SURE},
    {") and sleep(", QUERY_SURE},
    {") or sleep(", QUERY_SURE},
    {"select(sleep(", QUERY_SURE},
    {"=1,sleep(", QUERY_SURE},
    {"(),sleep(", QUERY_SURE},
    {"(select sleep(", QUERY_SURE},
    {";select sleep(", QUERY_SURE},
    {"; select sleep(", QUERY_SURE},
    {"(select pg_sleep(", QUERY_SURE},
    {";select pg_sleep(", QUERY_SURE},
    {"; select pg_sleep(", QUERY_SURE},
    {"||pg_sleep(", QUERY_SURE},
    {"benchmark(5000000,", QUERY_SURE},
    {"benchmark(10000000,", QUERY_SURE},
    {"' waitfor delay '", QUERY_SURE},
    {") waitfor delay '", QUERY_SURE},
    {";waitfor delay '", QUERY_SURE},
    {"; waitfor delay '", QUERY_SURE},
    {"dbms_pipe.receive_message(", QUERY_SURE},
    {"extractvalue(1,", QUERY_SURE},
    {"concat(0x", QUERY_SURE},
    {"load_file(0x", QUERY_SURE},
    {"load_file('", QUERY_SURE},
    {"into outfile '", QUERY_SURE},
    {"; drop table ", QUERY_VALUE},
    {";drop table ", QUERY_VALUE},
    {"; exec xp_", QUERY_SURE},
    {";exec xp_", QUERY_SURE},
    {";declare @", QUERY_SURE},
    {"; declare @", QUERY_SURE},

    /* Scripts. */
    {"<script", QUERY_SCRIPT},
    {"</script", QUERY_SCRIPT_USED},
    {"alert(", QUERY_SCRIPT_USED},
    {"alert`", QUERY_SCRIPT_USED},
    {"confirm(", QUERY_SCRIPT_USED},
    {"prompt(", QUERY_SCRIPT_USED},
    {"eval(", QUERY_SCRIPT_USED},
    {"fetch(", QUERY_SCRIPT_USED},
    {"document.", QUERY_SCRIPT_USED},
    {"fromcharcode(", QUERY_SCRIPT_USED},
    {"src=http", QUERY_SCRIPT_USED},
    {"src=//", QUERY_SCRIPT_USED},
    {"src=\"", QUERY_SCRIPT_USED},
    {"src='", QUERY_SCRIPT_USED},
    {"src=data:", QUERY_SCRIPT_USED},
    {"\"><script", QUERY_SURE},
    {"'><script", QUERY_SURE},
    {"<img", QUERY_TAG},
    {"<svg", QUERY_TAG},
    {"<body", QUERY_TAG},
    {"<iframe", QUERY_TAG},
    {"<video", QUERY_TAG},
    {"<audio", QUERY_TAG},
    {"<input", QUERY_TAG},
    {"<details", QUERY_TAG},
    {"onerror=", QUERY_HANDLER},
    {"onload=", QUERY_HANDLER},
    {"onfocus=", QUERY_HANDLER},
    {"ontoggle=", QUERY_HANDLER},
    {"onmouseover=", QUERY_HANDLER},
    {"src=javascript:", QUERY_HANDLER},
    {"\" onmouseover=", QUERY_SURE},
    {"\"onmouseover=", QUERY_SURE},
    {"' onmouseover=", QUERY_SURE},
    {"\" onfocus=", QUERY_SURE},
    {"javascript:alert", QUERY_SURE},
    {"javascript:confirm", QUERY_SURE},
    {"javascript:prompt", QUERY_SURE},
    {"javascript:eval", QUERY_SURE},
    {"javascript:document", QUERY_SURE},

    /* Files of the server. */
    {"../../../", QUERY_SURE},
    {"..\\..\\..\\", QUERY_SURE},
    {"....//....//", QUERY_SURE},
    {"..%2f..%2f..%2f", QUERY_SURE},
    {"%2e%2e%2f", QUERY_SURE},
    {"%2e%2e/", QUERY_SURE},
    {"../wp-config.php", QUERY_SURE},
    {"../etc/passwd", QUERY_SURE},
    {"../.env", QUERY_SURE},
    {"../windows/", QUERY_SURE},
    {"file:///etc/", QUERY_SURE},
    {"=/etc/passwd", QUERY_VALUE},
    {"=/etc/shadow", QUERY_VALUE},
    {"=/proc/self/", QUERY_VALUE},
    {"=c:\\windows\\", QUERY_VALUE},
    {"=c:/windows/", QUERY_VALUE},
    {"=php://", QUERY_VALUE},
    {"=phar://", QUERY_VALUE},
    {"=expect://", QUERY_VALUE},
    {"=data://text/plain", QUERY_VALUE},
    {"=phpinfo()", QUERY_VALUE},
    {"&q=", QUERY_SEARCH},
    {"&s=", QUERY_SEARCH},
    {"&query=", QUERY_SEARCH},
    {"&search=", QUERY_SEARCH},
    {"&keyword=", QUERY_SEARCH},
    {"&keywords=", QUERY_SEARCH},
    {"&term=", QUERY_SEARCH},

    /* Templates, look-ups, objects. */
    {"${jndi:", QUERY_SURE},
    {"jndi:ldap:", QUERY_SURE},
    {"jndi:rmi:", QUERY_SURE},
    {"jndi:dns:", QUERY_SURE},
    {"${${", QUERY_SURE},
    {"${lower:", QUERY_SURE},
    {"${upper:", QUERY_SURE},
    {"${::-", QUERY_SURE},
    {"{{7*7}}", QUERY_SURE},
    {"{{7*'7'}}", QUERY_SURE},
    {"${7*7}", QUERY_SURE},
    {"#{7*7}", QUERY_SURE},
    {"<%=7*7%>", QUERY_SURE},
    {"<%= 7*7 %>", QUERY_SURE},
    {"{{config.", QUERY_SURE},
    {"{{''.__class__", QUERY_SURE},
    {"{{\"\".__class__", QUERY_SURE},
    {"{{request.application", QUERY_SURE},
    {"#_memberaccess", QUERY_SURE},
    {"%{(#", QUERY_SURE},
    {"t(java.lang", QUERY_SURE},
    {"class.module.classloader", QUERY_SURE},

    /* Commands, and PHP that runs them. */
    {";wget ", QUERY_SURE},
    {"; wget ", QUERY_SURE},
    {"|wget ", QUERY_SURE},
    {"&&wget ", QUERY_SURE},
    {"`wget ", QUERY_SURE},
    {"$(wget ", QUERY_SURE},
    {";curl ", QUERY_SURE},
    {"|curl ", QUERY_SURE},
    {"`curl ", QUERY_SURE},
    {"$(curl ", QUERY_SURE},
    {"wget${ifs}", QUERY_SURE},
    {"${ifs}", QUERY_SURE},
    {"$(id)", QUERY_SURE},
    {"`id`", QUERY_SURE},
    {"|whoami", QUERY_SURE},
    {";whoami", QUERY_SURE},
    {"|cat /", QUERY_SURE},
    {"| cat /", QUERY_SURE},
    {";cat /", QUERY_SURE},
    {"; cat /", QUERY_SURE},
    {"|ping -", QUERY_SURE},
    {";ping -", QUERY_SURE},
    {"|/bin/", QUERY_SURE},
    {";/bin/", QUERY_SURE},
    {";rm -rf", QUERY_SURE},
    {"; rm -rf", QUERY_SURE},
    {"cd /tmp;", QUERY_SURE},
    {"cd /tmp &&", QUERY_SURE},
    {"|nslookup ", QUERY_SURE},
    {"$(nslookup ", QUERY_SURE},
    {"eval(base64_decode(", QUERY_SURE},
    {"echo(base64_decode(", QUERY_SURE},
    {"d allow_url_include=", QUERY_SURE},
    {"auto_prepend_file=", QUERY_SURE},
    {"\\think\\app/invokefunction", QUERY_SURE},
    {"/invokefunction&function=", QUERY_SURE},
    {"action=revslider_show_image", QUERY_SURE},
};

/*
 * Bytes that a query without an attack seldom has, raw or escaped: the plain fields of a form hold
 * none, and cost one look at each byte. A point counts only before another, or before an escape.
 */
enum byte_kind { BYTE_PLAIN, BYTE_SUSPICIOUS, BYTE_ESCAPE, BYTE_POINT };
static const uint8_t byte_kinds[256] = {
    ['\0'] = BYTE_SUSPICIOUS, ['\t'] = BYTE_SUSPICIOUS, ['\n'] = BYTE_SUSPICIOUS,
    ['\v'] = BYTE_SUSPICIOUS, ['\f'] = BYTE_SUSPICIOUS, ['\r'] = BYTE_SUSPICIOUS,
    [' '] = BYTE_SUSPICIOUS,  ['"'] = BYTE_SUSPICIOUS,  ['#'] = BYTE_SUSPICIOUS,
    ['$'] = BYTE_SUSPICIOUS,  ['\''] = BYTE_SUSPICIOUS, ['('] = BYTE_SUSPICIOUS,
    ['*'] = BYTE_SUSPICIOUS,  ['+'] = BYTE_SUSPICIOUS,  ['/'] = BYTE_SUSPICIOUS,
    [';'] = BYTE_SUSPICIOUS,  ['<'] = BYTE_SUSPICIOUS,  ['\\'] = BYTE_SUSPICIOUS,
    ['`'] = BYTE_SUSPICIOUS,  ['{'] = BYTE_SUSPICIOUS,  ['|'] = BYTE_SUSPICIOUS,
    ['%'] = BYTE_ESCAPE,      ['.'] = BYTE_POINT,
};

/* Is the byte at `at`, which is no plain one, suspicious together with what follows? */
static bool is_suspicious(struct slice text, size_t at, enum byte_kind kind)
{
    if (kind == BYTE_POINT)
        return at + 1 < text.size && (text.at[at + 1] == '.' || text.at[at + 1] == '%');
    if (kind == BYTE_ESCAPE && text.size - at >= 3) {
        int high = ascii_hex_digit(text.at[at + 1]), low = ascii_hex_digit(text.at[at + 2]);
        return high >= 0 && low >= 0 && byte_kinds[high * 16 + low] != BYTE_PLAIN;
    }
    return kind == BYTE_SUSPICIOUS;
}

static bool may_attack(struct slice query)
{
    for (size_t i = 0; i < query.size; i++) {
        enum byte_kind kind = byte_kinds[(unsigned char)query.at[i]];
        if (kind != BYTE_PLAIN && is_suspicious(query, i, kind))
            return true;
    }
    return false;
}

static bool is_pair(struct slice text, size_t at, const char pair[2])
{
    return at + 1 < text.size && text.at[at] == pair[0] && text.at[at + 1] == pair[1];
}

/* Where the last comment of SQL can end; 0 when none does. */
static size_t last_comment_end(struct slice text)
{
    for (size_t at = text.size; at >= 2; at--) {
        if (is_pair(text, at - 2, "*/"))
            return at;
    }
    return 0;
}

/*
 * How many bytes at `at` belong to a comment of SQL: all of it; of MySQL's conditional comments,
 * which are carried out, only the marks around them.
 */
static size_t comment_size(struct slice text, size_t at, size_t last_end)
{
    if (is_pair(text, at, "*/"))
        return 2;
    if (!is_pair(text, at, "/*") || at + 4 > last_end)
        return 0;
    size_t size = 2;
    if (text.at[at + 2] == '!') {
        for (size++; at + size < text.size && ascii_is_digit(text.at[at + size]);)
            size++;
        return size;
    }
    while (!is_pair(text, at + size, "*/"))
        size++;
    return size + 2;
}

/* Into `out`, which has room for the query and QUERY_FRAME_BYTES more. */
static struct slice query_form(struct slice query, char *out)
{
    struct slice decoded = {out + 1, url_decode(query, true, out + 1)};
    size_t last_end = last_comment_end(decoded), size = 0;
    out[size++] = '&';
    for (size_t i = 0; i < decoded.size;) {
        size_t comment = comment_size(decoded, i, last_end);
        char c = decoded.at[i];
        bool is_blank = comment || (c >= 0 && c <= ' ');
        i += comment ? comment : 1;
        if (!is_blank)
            out[size++] = ascii_lower(c);
        else if (out[size - 1] != ' ')
            out[size++] = ' ';
    }
    out[size++] = '&';
    return (struct slice){out, size};
}

/* Apart from its caller, which is called for every hit and seldom needs this much of the stack. */
__attribute__((noinline)) static bool form_attacks(const struct trait_rules *rules,
                                                   struct slice query)
{
    char form[TEXT_LIMIT + QUERY_FRAME_BYTES];
    uint64_t found = automaton_find(rules->queries, query_form(query, form)).flags;
    for (size_t i = 0; i < sizeof query_rules / sizeof query_rules[0]; i++) {
        const struct query_rule *rule = &query_rules[i];
        if ((found & rule->needed) == rule->needed && !(found & rule->unless))
            return true;
    }
    return false;
}

bool traits_query_attacks(const struct trait_rules *rules, struct slice query)
{
    query = slice_head(query, TEXT_LIMIT);
    return may_attack(query) && form_attacks(rules, query);
}

/* ---- rules ---- */

static struct automaton *compile(const struct trait_word *words, size_t count)
{
    struct automaton_word *compiled = mem_zeroed(count, sizeof *compiled);
    for (size_t i = 0; i < count; i++) {
        compiled[i].text = slice_of(words[i].text);
        compiled[i].number = UINT32_MAX;
        compiled[i].flags = words[i].flags;
    }
    struct automaton *automaton = automaton_new(compiled, count);
    mem_free(compiled);
    return automaton;
}

struct trait_rules *trait_rules_new(void)
{
    struct trait_rules *rules = mem_zeroed(1, sizeof *rules);
    rules->paths = compile(path_words, sizeof path_words / sizeof path_words[0]);
    rules->queries = compile(query_words, sizeof query_words / sizeof query_words[0]);
    return rules;
}

void trait_rules_free(struct trait_rules *rules)
{
    if (!rules)
        return;
    automaton_free(rules->paths);
    automaton_free(rules->queries);
    mem_free(rules);
}
