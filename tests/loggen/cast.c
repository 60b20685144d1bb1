#include "tests/loggen/cast.h"

#include <string.h>

#define GOOGLEBOT "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
#define CHROME(system, version)                                                                    \
    "Mozilla/5.0 (" system ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" version              \
    ".0.0.0 Safari/537.36"
#define WINDOWS "Windows NT 10.0; Win64; x64"

const struct cast_source cast_sources[] = {
    {"direct", "-", "", "direct", "", ""},
    {"google", "https://www.google.com/", "", "search", "google.com", ""},
    {"google-de", "https://www.google.de/", "", "search", "google.com", ""},
    {"bing", "https://www.bing.com/search?q=blue+shoes", "", "search", "bing.com", ""},
    {"duckduckgo", "https://duckduckgo.com/", "", "search", "duckduckgo.com", ""},
    {"facebook", "https://l.facebook.com/", "fbclid=IwAR0abc", "social", "facebook.com", ""},
    {"reddit", "https://www.reddit.com/r/shoes/", "", "social", "reddit.com", ""},
    {"chatgpt", "https://chatgpt.com/", "utm_source=chatgpt.com", "ai-assistant", "chatgpt.com",
     ""},
    {"perplexity", "https://www.perplexity.ai/", "", "ai-assistant", "perplexity.ai", ""},
    {"newsletter", "-", "utm_source=newsletter&utm_medium=email&utm_campaign=spring", "email",
     "newsletter", "spring"},
    {"webmail", "https://mail.google.com/", "", "email", "mail.google.com", ""},
    {"partner", "https://partner.example/",
     "utm_source=partner&utm_medium=cpc&utm_campaign=autumn+sale", "campaign", "partner",
     "autumn sale"},
    {"adwords", "https://www.google.com/", "gclid=Cj0KCQ", "campaign", "google ads", ""},
    {"blog", "https://blog.reviews.example/best-shoes/", "", "referral", "blog.reviews.example",
     ""},
    {"own", "https://www.shop.example/", "", "direct", "", ""},
    {"own-help", "https://help.shop.example/faq", "", "direct", "", ""},
    {.name = NULL},
};

const struct cast_source *cast_source_find(const char *name, size_t size)
{
    const struct cast_source *source = cast_sources;
    while (source->name && (strlen(source->name) != size || memcmp(source->name, name, size) != 0))
        source++;
    return source->name ? source : NULL;
}

/* Versions of the autumn of 2025. */
const struct cast_browser cast_browsers[] = {
    {CHROME(WINDOWS, "142"), "Chrome", "desktop"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
     "Safari", "phone"},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
     "Mobile Safari/537.36",
     "Chrome", "phone"},
    {"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox",
     "desktop"},
    {CHROME(WINDOWS, "142") " Edg/142.0.0.0", "Edge", "desktop"},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
     "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
     "Samsung Internet", "phone"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/18.6 Safari/605.1.15",
     "Safari", "desktop"},
    {CHROME(WINDOWS, "141") " OPR/125.0.0.0", "Opera", "desktop"},
    {"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/18.6 Mobile/15E148 Safari/604.1",
     "Safari", "tablet"},
    {CHROME("Linux; Android 14; SM-X710", "141"), "Chrome", "tablet"},
    {.agent = NULL},
};

#define PERSON .class = "person", .rule = "", .shortest_s = 5, .longest_s = 60
#define PERSON_WITH(of_agent, of_family, of_device)                                                \
    PERSON, .agent = of_agent, .family = of_family, .device = of_device
#define DECLARED(of_class, text)                                                                   \
    .permille = 8, .class = of_class, .rule = "", .is_machine = true, .assets = ASSETS_NONE,       \
    .shortest_s = 1, .longest_s = 20, .agent = text
#define CRAWLER(of_class, text) DECLARED(of_class, text), .network = NETWORK_DATACENTRE
#define SUSPECT(of_rule)                                                                           \
    .permille = 8, .class = "suspected", .rule = of_rule, .is_machine = true,                      \
    .network = NETWORK_DATACENTRE, .shortest_s = 3, .longest_s = 40
#define INTERNAL                                                                                   \
    .permille = 8, .class = "internal", .rule = "", .network = NETWORK_OFFICE, .shortest_s = 5,    \
    .longest_s = 60
/* What no rule can know: machines that are told as persons, and persons as machines. */
#define MISS                                                                                       \
    .permille = 6, .class = "person", .rule = "", .is_machine = true,                              \
    .network = NETWORK_DATACENTRE, .shortest_s = 5, .longest_s = 60
#define FALSE_ALARM(of_rule) .permille = 4, .class = "suspected", .rule = of_rule

const struct cast_part cast_parts[] = {
    /* ---- people as they are ---- */
    {"glance", 150, PERSON, .script = "@ /"},
    {"browse", 130, PERSON, .script = "@ /product/$ /product/$ /product/$"},
    {"home", 60, PERSON, .network = NETWORK_HOME_6, .script = "@ / /product/$"},
    {"buy", 60, PERSON,
     .script = "@ /product/$ POST/cart/add:302 /cart /checkout POST/checkout/payment:302 "
               "/order/$/thanks | @ /account"},
    {"quit", 40, PERSON, .script = "@ /account /pricing /account/cancel POST/account/cancel:302 /"},
    {"lunch", 40, PERSON, .script = "@ /product/$ /product/$ | @own /product/$ | @own-help /terms"},
    {"complain", 30, PERSON,
     .script = "@ /contact/complaint POST/contact/complaint:302=s /contact/thanks"},
    {"correct", 30, PERSON,
     .script = "@ / /contact/complaint POST/contact/complaint:200=r "
               "POST/contact/complaint:200=r POST/contact/complaint:302=s /contact/thanks"},
    {"lost", 15, PERSON, .script = "@ /contact/complaint POST/contact/complaint:500=f"},
    {"aborted", 10, PERSON, .script = "@ /contact/complaint POST/contact/complaint:499=f /"},
    {"rejected", 15, PERSON, .script = "@ /contact/complaint POST/contact/complaint:422=r"},
    {"given-up", 20, PERSON, .script = "@ / /contact/complaint"},
    {"subscribe", 20, PERSON, .script = "@ / POST/newsletter:200=s /product/$"},
    {"deep-link", 10, PERSON, .script = "@ POST/contact/complaint:302=s /contact/thanks"},
    {"slow", 15, PERSON,
     .script = "@ /offer/# +1500 /product/$ +1310 /product/$ +1640 /product/$ +1220 /product/$ "
               "+1790 /product/$ +1400 /cart"},
    {"twice", 15, PERSON,
     .script =
         "@google /offer/# /product/$ +400 @partner /product/$ /cart +200 @direct /product/$"},
    {"campaigns", 10, PERSON,
     .script = "@newsletter /offer/# +300 @newsletter /product/$ +300 @partner /product/$ +300 "
               "@bing /product/$"},
    {"nat", 15, PERSON, .script = "@ /product/$ /product/$ & @ /product/$ /cart & @ /"},
    {"moving", 15, PERSON, .network = NETWORK_HOME_6,
     .script = "@ /offer/# /product/$ ~ /product/$ | @own ~ /cart"},
    {"pair", 15, PERSON,
     .script = "@google /offer/#-a /offer/#-a2 /offer/#-a3 ; @direct /offer/#-b /offer/#-b2"},
    {"unclear-pair", 10, PERSON, .is_unclear = true,
     .script = "@google /offer/#-a /cart /checkout ; @direct /offer/#-b /cart /terms"},

    /* ---- people who look a little like machines ---- */
    {"ad-blocker", 6, PERSON, .assets = ASSETS_ONE,
     .script = "@ /offer/# /product/$ /product/$ /product/$ /product/$ /product/$"},
    {"fast-reader", 6, .class = "person", .rule = "", .shortest_s = 1, .longest_s = 9,
     .script = "@ /offer/# /product/$ *18"},
    {"prefetch", 6, .class = "person", .rule = "", .shortest_s = 4, .longest_s = 25,
     .script = "@ /offer/# +0 /product/$ +0 /product/$ +1 /product/$ +0 /product/$ /product/$ +0 "
               "/product/$ +0 /product/$ +1 /product/$ +0 /product/$ /cart +0 /checkout +0 /terms"},
    {"forgot", 6, PERSON,
     .script = "@ /offer/# /login POST/login:200=r POST/login:200=r POST/login:200=r "
               "POST/login:200=r POST/login:302=s /account"},
    {"old-phone", 6,
     PERSON_WITH("Mozilla/5.0 (Linux; Android 5.1.1; SM-J320FN) AppleWebKit/537.36 (KHTML, "
                 "like Gecko) Chrome/95.0.4638.74 Mobile Safari/537.36",
                 "Chrome", "phone"),
     .script = "@ /offer/# /product/$ /cart"},
    {"old-iphone", 6,
     PERSON_WITH("Mozilla/5.0 (iPhone; CPU iPhone OS 12_5_7 like Mac OS X) "
                 "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 "
                 "Safari/604.1",
                 "Safari", "phone"),
     .script = "@ /offer/# /product/$"},
    {"old-desktop", 6,
     PERSON_WITH(CHROME("Windows NT 6.1; Win64; x64", "109"), "Chrome", "desktop"),
     .script = "@ /offer/# /product/$ /product/$"},
    {"cached", 6, PERSON, .assets = ASSETS_NONE,
     .script = "@ /offer/# /product/$ /product/$ /product/$ /product/$ /product/$"},
    {"few-pages", 6, PERSON, .assets = ASSETS_NONE,
     .script = "@ /offer/# /product/$ /product/$ /cart"},
    {"broken-link", 6, PERSON, .script = "@ /offer/#:404 /"},
    {"old-link", 4, PERSON, .script = "@ /offer/# /catalogue.php:404 /account"},

    /* ---- machines that say so ---- */
    {"googlebot", DECLARED("search", GOOGLEBOT), .network = NETWORK_GOOGLE,
     .script = "file/robots.txt / /product/$ *5"},
    {"bingbot",
     CRAWLER("search", "Mozilla/5.0 (compatible; bingbot/2.0; "
                       "+http://www.bing.com/bingbot.htm)"),
     .script = "file/robots.txt /product/$ *3"},
    {"ahrefsbot",
     CRAWLER("seo", "Mozilla/5.0 (compatible; AhrefsBot/7.0; "
                    "+http://ahrefs.com/robot/)"),
     .script = "file/robots.txt / /product/$ *8"},
    {"gptbot",
     CRAWLER("ai-training", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; "
                            "compatible; GPTBot/1.2; +https://openai.com/gptbot)"),
     .script = "file/robots.txt / /terms /product/$ *6"},
    {"claudebot",
     CRAWLER("ai-training", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; "
                            "compatible; ClaudeBot/1.0; +claudebot@anthropic.com)"),
     .script = "file/robots.txt /product/$ *2"},
    {"chatgpt-user",
     CRAWLER("ai-assistant", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); "
                             "compatible; ChatGPT-User/1.0; +https://openai.com/bot"),
     .script = "/pricing /account/cancel"},
    {"perplexity-user",
     CRAWLER("ai-assistant", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like "
                             "Gecko; compatible; Perplexity-User/1.0; "
                             "+https://perplexity.ai/perplexity-user)"),
     .script = "/account/cancel"},
    {"claude-user",
     CRAWLER("ai-assistant", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; "
                             "compatible; Claude-User/1.0; "
                             "+Claude-User@anthropic.com)"),
     .script = "/pricing /terms | /account/cancel"},
    {"uptimerobot",
     CRAWLER("monitoring", "Mozilla/5.0+(compatible; UptimeRobot/2.0; "
                           "http://www.uptimerobot.com/)"),
     .script = "HEAD/ +300 HEAD/ *20"},
    {"feedly",
     CRAWLER("feed", "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 4 subscribers; "
                     "like FeedFetcher-Google)"),
     .script = "/feed/ | /feed/"},
    {"facebook-preview",
     CRAWLER("preview", "facebookexternalhit/1.1 "
                        "(+http://www.facebook.com/externalhit_uatext.php)"),
     .script = "/product/$ file/img/1.PNG"},
    {"curl", CRAWLER("tool", "curl/8.5.0"), .script = "/ /product/$"},
    {"python", CRAWLER("tool", "python-requests/2.32.3"), .script = "/product/$ *9"},
    {"headless",
     CRAWLER("tool", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like "
                     "Gecko) HeadlessChrome/141.0.0.0 Safari/537.36"),
     .script = "/ /pricing"},
    {"zgrab", CRAWLER("scanner", "Mozilla/5.0 zgrab/0.x"), .script = "/ /.env:404"},
    {"archive",
     CRAWLER("other", "Mozilla/5.0 (compatible; archive.org_bot "
                      "+http://archive.org/details/archive.org_bot)"),
     .script = "file/robots.txt / /terms"},

    /* ---- the house itself ---- */
    {"office", INTERNAL, .script = "@ / /pricing /account/cancel"},
    {"own-check", INTERNAL, .is_machine = true, .assets = ASSETS_NONE, .agent = "-",
     .script = "/ +60 / *14"},
    {"own-script", INTERNAL, .is_machine = true, .assets = ASSETS_NONE, .agent = "curl/8.5.0",
     .script = "/.env:404 file/robots.txt"},

    /* ---- machines that do not say so; each does what one rule looks for ---- */
    {"forged", SUSPECT("forged-crawler"), .assets = ASSETS_NONE, .agent = GOOGLEBOT,
     .script = "/offer/# /product/$ *4"},
    {"attack", SUSPECT("attack"), .script = "@direct /offer/# /.git/config:404 /.env:404"},
    {"probe", SUSPECT("attack"),
     .script = "@direct /offer/# /wp-login.php:404 /phpmyadmin/index.php:404"},
    {"injection", SUSPECT("attack"),
     .script = "@direct /offer/# /product/1?id=1'%20UNION%20SELECT%201,2,3--%20-"},
    {"login-flood", SUSPECT("login-flood"),
     .script = "@direct /offer/# /login POST/login:200=r *13"},
    {"robots-reader", SUSPECT("robots-txt"),
     .script = "file/robots.txt @direct /offer/# /product/$"},
    {"nameless", SUSPECT("no-agent"), .agent = "-", .script = "@direct /offer/# /product/$"},
    {"future", SUSPECT("impossible-browser"), .agent = CHROME(WINDOWS, "999"),
     .script = "@direct /offer/# /product/$"},
    {"stone-age", SUSPECT("old-browser"), .agent = CHROME(WINDOWS, "64"),
     .script = "@direct /offer/# /product/$"},
    {"head", SUSPECT("head-only"), .script = "HEAD/offer/# HEAD/product/$ *5"},
    {"post", SUSPECT("post-only"), .script = "POST/newsletter:200 *3"},
    {"rush", SUSPECT("rate"), .script = "@direct /offer/# +0 /product/$ *19 +1 /product/$ *19"},
    {"clockwork", SUSPECT("regular"), .script = "@direct /offer/# +45 /product/$ *16"},
    {"reader", SUSPECT("no-assets"), .assets = ASSETS_NONE,
     .script = "@direct /offer/# /product/$ *7"},

    /* ---- several rules apply, and the first one in their order decides ---- */
    {"robots-attack", SUSPECT("attack"), .assets = ASSETS_NONE, .agent = "-",
     .script = "file/robots.txt /offer/# /.env:404"},
    {"robots-text", SUSPECT("robots-txt"), .assets = ASSETS_NONE,
     .script = "file/robots.txt /offer/# /product/$ *7"},
    {"nameless-head", SUSPECT("no-agent"), .assets = ASSETS_NONE, .agent = "-",
     .script = "HEAD/offer/# HEAD/"},
    {"old-rush", SUSPECT("old-browser"), .agent = CHROME(WINDOWS, "64"),
     .script = "@direct /offer/# +0 /product/$ *39"},

    /* ---- what no rule can know ---- */
    {"polite-bot", MISS, .script = "@direct /offer/# /product/$ /product/$ /pricing"},
    {"short-bot", MISS, .assets = ASSETS_NONE, .script = "@direct /offer/# /product/$ /product/$"},
    {"link-bot", MISS, .assets = ASSETS_NONE,
     .script = "@google /offer/# @own /product/$ @own /product/$ @own /product/$ @own /product/$ "
               "@own /product/$"},
    {"rotating-bot", MISS, .assets = ASSETS_NONE, .script = "@direct /offer/#"},
    {"secretive", FALSE_ALARM("no-assets"), .shortest_s = 5, .longest_s = 60, .assets = ASSETS_NONE,
     .script = "@direct /offer/# @direct /product/$ @direct /product/$ @direct /product/$ @direct "
               "/product/$ @direct /product/$"},
    {"reloading", FALSE_ALARM("regular"), .script = "@ /offer/# +60 /offer/# *19"},
    {.name = NULL},
};
