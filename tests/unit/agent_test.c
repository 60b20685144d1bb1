/*
 * The crawlers' user agents are samples that the crawler-user-agents package names for the pattern
 * beside them; the browsers' are those that browsers and apps of people send. A walk over all
 * patterns with JavaScript's regular expressions gave the same answers.
 */
#include "parser/agent.h"

#include "parser/agent_class.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

struct row {
    const char *agent;
    const char *pattern; /* the first one in the table */
};

static const struct row crawlers[] = {
    /* The patterns that are more than text. */
    {"AdsBot-Google (+http://www.google.com/adsbot.html)", "AdsBot-Google([^-]|$)"},
    {"Wget/1.14 (linux-gnu)", "[wW]get"},
    {"Seekbot/1.0 (http://www.seekbot.net/bot.html) RobotsTxtFetcher/1.2", "^Seekbot"},
    {"Mozilla/5.0 (compatible; SISTRIX Crawler; http://crawler.sistrix.net/)",
     "(sistrix|SISTRIX) [cC]rawler"},
    {"Mozilla/5.0 (compatible; AhrefsBot/6.1; +http://ahrefs.com/robot/)", "Ahrefs(Bot|SiteAudit)"},
    {"CrunchBot/1.0 (+http://www.leadcrunch.com/crunchbot)", "^CrunchBot"},
    {"SEMrushBot", "S[eE][mM]rushBot"},
    {"Livelapbot/0.1", "Livelap[bB]ot"},
    {"Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", "[pP]ingdom"},
    {"Barkrowler/0.7 (+http://www.exensa.com/crawl)", "Bark[rR]owler"},
    {"dcrawl/1.0", "^dcrawl"},
    {"Apache-HttpClient/4.2.3 (java 1.5)", "^Apache-HttpClient"},
    {"LCC (+http://corpora.informatik.uni-leipzig.de/crawler_faq.html)", "^LCC "},
    {"sentry/8.22.0 (https://sentry.io)", "(^| )sentry\\/"},
    {"curl", "^curl"},
    {"Curebot/1.0", "[Cc]urebot"},
    {"Mozilla/5.0 (compatible; BlogTraffic/1.4 Feed-Fetcher; "
     "+http://www.blogtraffic.de/rss-bot.html)",
     "BlogTraffic\\/\\d\\.\\d+ Feed-Fetcher"},
    {"PHP-Curl-Class/4.13.0 (+https://github.com/php-curl-class/php-curl-class) PHP/7.4.7 "
     "curl/7.69.1",
     "^PHP-Curl-Class"},
    {"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:94.0) Gecko/20100101 Firefox/94.0 "
     "PTST/211202.211915",
     "(^| )PTST\\/"},
    {"claudebot", "[cC]laude[bB]ot"},
    {"acunetix-product/wvs", "[aA]cunetix"},
    {"DirBuster-1.0-RC1 (http://www.owasp.org/index.php/Category:OWASP_DirBuster_Project)",
     "[dD]ir[Bb]uster"},
    {"Mechanize/2.9.1 Ruby/3.1.2 (http://github.com/sparklemotion/mechanize/)", "[mM]echanize"},
    {"HTTPie/3.2.2", "^HTTPie\\/"},
    {"ArenaUnfurlBot/1.0 (Link preview bot for AI model comparison platform; +https://arena.ai) "
     "Mozilla/5.0 (compatible)",
     "^ArenaUnfurlBot"},
    {"Newsify Feed Fetcher - 3 subscribers - "
     "http://www.newsify.co/site/899429/automaton-twocanoes-software (Mozilla/5.0 (Macintosh; "
     "Intel Mac OS X 10_7_1) AppleWebKit/534.48.3 (KHTML, like Gecko) Version/5.1 Safari/534.48.3)",
     "Automaton|Newsify Feed Fetcher"},
    {"gotosocial/0.19.2+git-90851fc (+https://chirp.zadzmo.org)", "Chirp|gotosocial"},
    {"Mozilla/5.0 (compatible; Cludo; +https://www.cludo.com/)", "[cC]ludo"},
    {"Mozilla/5.0 (compatible; ContextualBot/1.0; +http://outcomes.net)",
     "ContextualBot[\\s\\S]*outcomes\\.net"},
    {"Mozilla/5.0 (compatible; Current/1.0; +https://currentreader.app; RSS Reader)",
     "Current[\\s\\S]*RSS Reader"},
    {"Netumo/0.2 (+https://www.netumo.app/)", "Netumo|netumo"},
    {"Mozilla/5.0 (compatible; Spider; +https://www.spider.com/)", "Spider[\\s\\S]*spider\\.com"},
    {"GoogleAssociationService", "GoogleAssociationService$"},
    {"Silk/1.0 Also seen as: silk/1.0 (+http://www.slider.com/silk.htm)/3.7", "^Silk\\/"},
    {"SSL Labs", "SSL Labs$"},
    /* Text. */
    {"Googlebot/2.1 (+http://www.google.com/bot.html)", "Googlebot\\/"},
    {"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm", "bingbot"},
    {"Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
     "Baiduspider"},
    {"DuckDuckBot/1.0; (+http://duckduckgo.com/duckduckbot.html)", "DuckDuckBot"},
    {"Mozilla/5.0 (compatible; Applebot/0.3; +http://www.apple.com/go/applebot)", "Applebot"},
    {"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.0; "
     "+https://openai.com/gptbot)",
     "GPTBot"},
    {"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; "
     "+https://perplexity.ai/perplexitybot)",
     "PerplexityBot\\/"},
    {"CCBot/2.0 (http://commoncrawl.org/faq/)", "CCBot"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 11_0 like Mac OS X) AppleWebKit/537.36 (KHTML, like "
     "Gecko) Chrome/40.0.3754.1902 Mobile Safari/537.36; Bytespider",
     "Bytespider"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10_1) AppleWebKit/600.2.5 (KHTML, like Gecko) "
     "Version/8.0.2 Safari/600.2.5 (Amazonbot/0.1; "
     "+https://developer.amazon.com/support/amazonbot)",
     "Amazonbot"},
    {"facebookexternalhit/1.1", "facebookexternalhit"},
    {"Twitterbot/0.1", "Twitterbot"},
    {"LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
     "LinkedInBot"},
    {"Slackbot 1.0 (+https://api.slack.com/robots)", "Slackbot"},
    {"Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", "Discordbot"},
    {"TelegramBot (like TwitterBot)", "TelegramBot"},
    {"WhatsApp", "WhatsApp"},
    {"MJ12bot/v1.2.0 (http://majestic12.co.uk/bot.php\?+)", "MJ12bot"},
    {"Mozilla/5.0 (compatible;PetalBot;+https://webmaster.petalsearch.com/site/petalbot)",
     "PetalBot"},
    {"Mozilla/5.0 (compatible; archive.org_bot/heritrix-1.15.4 +http://www.archive.org)",
     "archive\\.org_bot"},
    {"StatusCake_Uptime_Checker/1.0", "StatusCake"},
    {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "HeadlessChrome/69.0.3494.0 Safari/537.36",
     "HeadlessChrome"},
    {"Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 "
     "Safari/538.1 bl.uk_lddc_renderbot/2.0.0 (+ "
     "http://www.bl.uk/aboutus/legaldeposit/websites/websites/faqswebmaster/index.html)",
     "PhantomJS"},
    {"python-requests/2.9.2", "python-requests"},
    {"Go-http-client/1.1", "Go-http-client"},
    {"okhttp/2.5.0", "okhttp"},
    {"Scrapy/1.0.3 (+http://scrapy.org)", "Scrapy"},
    {"FeedlyBot/1.0 (http://feedly.com)", "Feedly"},
    {"Mozilla/5.00 (Nikto/2.1.5) (Evasions:None) (Test:Port Check)", "Nikto"},
    {"sqlmap/1.7.8#stable (https://sqlmap.org)", "sqlmap"},
    {"Mozilla/5.0 zgrab/0.x", "zgrab"},
    {"masscan/1.0 (https://github.com/robertdavidgraham/masscan)", "masscan"},
    {"Mozilla/5.0 (compatible; Yahoo! Slurp China; http://misc.yahoo.com.cn/help.html)", "Slurp"},
    {"Mozilla/5.0 (compatible; SeznamBot/4.0; +http://napoveda.seznam.cz/seznambot-intro/)",
     "SeznamBot"},
    {"Mozilla/5.0 (compatible; Yeti/1.1; +http://naver.me/bot)", "Yeti"},
    {"MetaURI API/2.0 +metauri.com", "MetaURI"},
    {"Y!J-ASR/0.1 crawler (http://www.yahoo-help.jp/app/answers/detail/p/595/a_id/42716/)", "Y!J"},
    /* Two patterns are there; the one that comes first in the table counts. */
    {"Mozilla/5.0 bingbot Googlebot/2.1", "Googlebot\\/"},
    {"AdsBot-Google-Mobile", "AdsBot-Google-Mobile"},
    {"curl/8 masscan", "^curl"},
    {"curl/8 Nikto", "Nikto"},
    {"x sentry/1", "(^| )sentry\\/"},
    {"Googlebot/2.1\xff\x80", "Googlebot\\/"},
};

/* Nearly a pattern, but not quite. */
static const char *const near_misses[] = {
    "xcurl/7.0",
    "libcurl/8",
    "Mozilla/5.0 Silk/1",
    "SSL Labs report",
    "wGet",
    "Current RSS",
    "RSS Reader Current",
    "ContextualBot outcomes.com",
    "Spider spider.org",
    "Thesentry/1",
    "BlogTraffic/1.x Feed-Fetcher",
    "semrushbot",
    "GOOGLEBOT/2.1",
    "AhrefsX",
    "A Seekbot",
    "sistrix",
    "-",
    "",
    " ",
};

static const char *const browsers[] = {
    /* A build of Android, which the crawler data takes for a scanner's name. */
    "Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Version/4.0 Chrome/142.0.7444.142 Mobile Safari/537.36 Instagram 406.0.0.58.159",
    /* CUBOT makes telephones. */
    "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20/1.0; compatible) AppleWebKit/537.36 (KHTML, "
    "like "
    "Gecko) Chrome/124.0.0.0 Mobile Safari/537.36",
    /* The browser inside an app, which the crawler data has a pattern for that is left out. */
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 MetaIAB Facebook",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 "
    "Safari/537.36",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 "
    "Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 13; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/112.0.5615.136 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 12; Pixel 6 Build/SD1A.210817.023; wv) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Version/4.0 Chrome/94.0.4606.71 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) CriOS/124.0.6367.68 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.4; rv:125.0) Gecko/20100101 Firefox/125.0",
    "Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 14_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) FxiOS/125.0 Mobile/15E148 Safari/605.1.15",
    "Mozilla/5.0 (X11; U; Linux i686; en-US; rv:1.9.0.1) Gecko/2008071719 Firefox/3.0.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4_1) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4.1 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.4.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/16.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows; U; Windows NT 6.1; en-US) AppleWebKit/533.18.1 (KHTML, like Gecko) "
    "Version/5.0.2 Safari/533.18.5",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/70.0.3538.102 Safari/537.36 Edge/18.19582",
    "Mozilla/5.0 (Linux; Android 10; HD1913) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.6367.82 Mobile Safari/537.36 EdgA/124.0.2478.64",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.0 EdgiOS/124.2478.71 Mobile/15E148 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/122.0.0.0 Safari/537.36 OPR/108.0.0.0",
    "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
    "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/29.3709; U; en) Presto/2.8.119 Version/11.10",
    "Mozilla/5.0 (Linux; Android 14; SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) "
    "76.0.3809.146/6.0 TV Safari/537.36",
    "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 "
    "Safari/537.36 WebAppManager",
    "Mozilla/5.0 (Linux; U; Android 9; en-US; vivo 1904) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/57.0.2987.108 UCBrowser/12.13.5.1209 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; U; Android 12; zh-cn; M2102J2SC Build/SKQ1.211006.001) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.127 Mobile Safari/537.36 "
    "XiaoMi/MiuiBrowser/17.3.30622",
    "Mozilla/5.0 (Linux; Android 10; ELE-L29) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/99.0.4844.88 HuaweiBrowser/12.0.5.302 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 "
    "YaBrowser/24.4.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/122.0.0.0 Safari/537.36 Vivaldi/6.6.3271.61",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Whale/3.24.223.21 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/94.0.4606.71 Safari/537.36 Core/1.94.225.400 QQBrowser/12.2.5544.400",
    "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/86.0.4240.198 Safari/537.36 360SE",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/49.0.2623.221 Safari/537.36 SE 2.X MetaSr 1.0",
    "Mozilla/5.0 (Linux; Android 11; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/122.4.1 "
    "like Chrome/122.0.6261.149 Safari/537.36",
    "Mozilla/5.0 (X11; U; Linux armv7l like Android; en-us) AppleWebKit/531.2+ (KHTML, like Gecko) "
    "Version/5.0 Safari/533.2+ Kindle/3.0+",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0; .NET CLR 2.0.50727; .NET CLR 3.5.30729)",
    "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)",
    "Mozilla/4.78 [en] (X11; U; Linux 2.4.9 i686)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.21 (KHTML, like Gecko) konqueror/4.14.26 "
    "Safari/537.21",
    "Mozilla/5.0 (X11; Linux x86_64; rv:91.0) Gecko/20100101 Firefox/91.0 SeaMonkey/2.53.18",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:102.0) Gecko/20100101 Goanna/6.7 Firefox/102.0 "
    "PaleMoon/33.1.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 "
    "Safari/605.1.15 Epiphany/605.1.15",
    "Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.7.8",
    "w3m/0.5.3+git20230121",
    "Links (2.29; Linux 6.1.0 x86_64; GNU C 12.2; text)",
    "Dillo/3.1.0",
    "NetSurf/3.10 (Linux)",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) GSA/313.0.625204170 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.4 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/21E236 "
    "[FBAN/FBIOS;FBAV/460.0.0.37.108;FBBV/587264937;FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/"
    "17.4.1;FBSS/3;FBID/phone;FBLC/de_DE;FBOP/5]",
    "Mozilla/5.0 (Linux; Android 13; SM-A536B Build/TP1A.220624.014; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/123.0.6312.118 Mobile Safari/537.36 "
    "[FB_IAB/FB4A;FBAV/459.0.0.50.109;]",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/21E236 Instagram 328.0.0.28.87 (iPhone14,5; iOS 17_4_1; en_US; en; scale=3.00; "
    "1170x2532; 593316365)",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 [Pinterest/iOS]",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 [LinkedInApp]/9.29.5962",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/21E236 Snapchat/12.83.0.35 (like Safari/8617.2.4.10.8, panda)",
    "Mozilla/5.0 (Linux; Android 12; M2101K6G; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/120.0.6099.144 Mobile Safari/537.36 musical_ly_2023300050 JsSdk/1.0 "
    "NetType/WIFI Channel/googleplay AppName/musical_ly app_version/33.0.5 ByteLocale/de-DE",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 MicroMessenger/8.0.42(0x18002a2f) NetType/WIFI Language/zh_CN",
    "Mozilla/5.0 (Linux; Android 11; SOG03 Build/58.0.D.22.50; wv) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Version/4.0 Chrome/114.0.5735.130 Mobile Safari/537.36 Line/13.10.0/IAB",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 Twitter for iPhone/10.38",
    "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/13.0 Safari/605.1.15",
    "Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/606.4 (KHTML, like Gecko) "
    "NF/6.0.1.15.4 NintendoBrowser/5.1.0.20393",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox Series X) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Chrome/48.0.2564.82 Safari/537.36 Edge/20.02",
    "Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
    "BlackBerry9700/5.0.0.862 Profile/MIDP-2.1 Configuration/CLDC-1.1 VendorID/331",
    "Mozilla/5.0 (BB10; Touch) AppleWebKit/537.10+ (KHTML, like Gecko) Version/10.0.9.2372 Mobile "
    "Safari/537.10+",
    "Mozilla/5.0 (Linux; U; Android 2.3.5; de-de; HTC_DesireS_S510e Build/GRJ90) AppleWebKit/533.1 "
    "(KHTML, like Gecko) Version/4.0 Mobile Safari/533.1",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Slack/4.38.115 "
    "Chrome/124.0.6367.78 Electron/30.0.3 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 13; CPH2343) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Mobile Safari/537.36 OPR/81.1.4292.78446",
    "Mozilla/5.0 (Linux; arm_64; Android 13; SM-G780G) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/122.0.6261.105 YaApp_Android/24.34.1 YaSearchBrowser/24.34.1 BroPP/1.0 SA/3 Mobile "
    "Safari/537.36",
};

static struct agent_rules *new_rules(void)
{
    struct error error = {0};
    struct agent_rules *rules = agent_rules_new(&error);
    ck_assert_msg(rules != NULL, "%s", error.sentence);
    return rules;
}

START_TEST(finds_crawlers)
{
    struct agent_rules *rules = new_rules();
    for (size_t i = 0; i < LENGTH(crawlers); i++) {
        int found = agent_find_crawler(rules, slice_of(crawlers[i].agent));
        ck_assert_msg(found >= 0, "%s: none", crawlers[i].agent);
        ck_assert_msg(strcmp(agent_crawler_pattern(found), crawlers[i].pattern) == 0, "%s: %s",
                      crawlers[i].agent, agent_crawler_pattern(found));
    }
    agent_rules_free(rules);
}
END_TEST

static void check_nobody(const struct agent_rules *rules, const char *agent)
{
    int found = agent_find_crawler(rules, slice_of(agent));
    ck_assert_msg(found == -1, "%s: %s", agent, found < 0 ? "" : agent_crawler_pattern(found));
}

START_TEST(leaves_browsers_alone)
{
    struct agent_rules *rules = new_rules();
    for (size_t i = 0; i < LENGTH(browsers); i++)
        check_nobody(rules, browsers[i]);
    for (size_t i = 0; i < LENGTH(near_misses); i++)
        check_nobody(rules, near_misses[i]);
    ck_assert_int_eq(agent_find_crawler(rules, (struct slice){NULL, 0}), -1);
    agent_rules_free(rules);
}
END_TEST

START_TEST(tells_the_tag)
{
    struct agent_rules *rules = new_rules();
    static const char *const tags[][2] = {
        {"GPTBot/1.0", "ai-crawler"},
        {"curl/8.5", "http-library"},
        {"Yahoo! Slurp", "search-engine"},
        {"zgrab/0.x", "scanner"},
        {"HeadlessChrome/120", "browser-automation"},
    };
    for (size_t i = 0; i < LENGTH(tags); i++) {
        int found = agent_find_crawler(rules, slice_of(tags[i][0]));
        ck_assert_int_ge(found, 0);
        ck_assert_str_eq(agent_crawler_tag(found), tags[i][1]);
    }
    agent_rules_free(rules);
}
END_TEST

/* Texts that would take a backtracking matcher hours. */
START_TEST(hostile_agents_end_quickly)
{
    enum { SIZE = 64 * 1024 };
    static const char *const repeated[] = {"ContextualBot",  "Current",     "Spider", "sistrix ",
                                           "AdsBot-Google-", "outcomes.ne", "a",      "\n"};
    struct agent_rules *rules = new_rules();
    char *text = malloc(SIZE);
    for (size_t i = 0; i < LENGTH(repeated); i++) {
        for (size_t at = 0; at < SIZE; at++)
            text[at] = repeated[i][at % strlen(repeated[i])];
        agent_find_crawler(rules, (struct slice){text, SIZE});
        memcpy(text + SIZE - 16, "outcomes.ne RSS ", 16);
        agent_find_crawler(rules, (struct slice){text, SIZE});
    }
    free(text);
    agent_rules_free(rules);
}
END_TEST

/* Who the operators' own pages say that they are; agent_class.c names the pages. */
static const struct {
    const char *agent;
    enum agent_class class;
} classes[] = {
    {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", AGENT_SEARCH},
    {"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", AGENT_SEARCH},
    {"Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Safari/605.1.15 (Applebot/0.1; "
     "+http://www.apple.com/go/applebot)",
     AGENT_SEARCH},
    {"OAI-SearchBot/1.3; +https://openai.com/searchbot", AGENT_SEARCH},
    {"Claude-SearchBot/1.0", AGENT_SEARCH},
    {"Mozilla/5.0 (compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)",
     AGENT_SEARCH},
    {"Amzn-SearchBot/0.1", AGENT_SEARCH},
    {"meta-webindexer/1.1", AGENT_SEARCH},
    {"Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)", AGENT_AI_TRAINING},
    {"Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", AGENT_AI_TRAINING},
    {"CCBot/2.0 (https://commoncrawl.org/faq/)", AGENT_AI_TRAINING},
    {"Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)", AGENT_AI_TRAINING},
    {"meta-externalagent/1.1", AGENT_AI_TRAINING},
    {"Mozilla/5.0 (compatible; Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot)",
     AGENT_AI_TRAINING},
    {"Google-CloudVertexBot", AGENT_AI_TRAINING},
    {"Google-Extended", AGENT_AI_TRAINING},
    {"cohere-training-data-crawler", AGENT_AI_TRAINING},
    {"AI2Bot/1.0", AGENT_AI_TRAINING},
    {"Mozilla/5.0 (compatible; ChatGPT-User/1.0; +https://openai.com/bot)", AGENT_AI_ASSISTANT},
    {"Claude-User/1.0", AGENT_AI_ASSISTANT},
    {"Perplexity-User/1.0", AGENT_AI_ASSISTANT},
    {"MistralAI-User/1.0", AGENT_AI_ASSISTANT},
    {"DuckAssistBot/1.2", AGENT_AI_ASSISTANT},
    {"Google-NotebookLM", AGENT_AI_ASSISTANT},
    {"Gemini-Deep-Research", AGENT_AI_ASSISTANT},
    {"meta-externalfetcher/1.1", AGENT_AI_ASSISTANT},
    {"Amzn-User/0.1", AGENT_AI_ASSISTANT},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/132.0.0.0 Safari/537.36; Manus-User/1.0",
     AGENT_AI_ASSISTANT},
    {"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", AGENT_SEO},
    {"AdsBot-Google (+http://www.google.com/adsbot.html)", AGENT_SEO},
    {"Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", AGENT_MONITORING},
    {"Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", AGENT_MONITORING},
    {"Cookiebot/1.0", AGENT_MONITORING},
    {"Feedly/1.0 (+http://www.feedly.com/fetcher.html)", AGENT_FEED},
    {"facebookexternalhit/1.1", AGENT_PREVIEW},
    {"WhatsApp/2.23.20.0 A", AGENT_PREVIEW},
    {"Twitterbot/1.0", AGENT_PREVIEW},
    {"gotosocial/0.19.2", AGENT_PREVIEW},
    {"curl/8.5.0", AGENT_TOOL},
    {"python-requests/2.31", AGENT_TOOL},
    {"okhttp/4.9.0", AGENT_TOOL},
    {"Go-http-client/2.0", AGENT_TOOL},
    {"WordPress/6.5; https://shop.example", AGENT_TOOL},
    {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/124.0 Safari/537.36",
     AGENT_TOOL},
    {"sqlmap/1.7.8#stable (https://sqlmap.org)", AGENT_SCANNER},
    {"Mozilla/5.0 zgrab/0.x", AGENT_SCANNER},
    {"ia_archiver", AGENT_OTHER},
    {"Mozilla/5.0 (compatible; archive.org_bot +http://www.archive.org)", AGENT_OTHER},
    {"LCC (+http://corpora.informatik.uni-leipzig.de/crawler_faq.html)", AGENT_OTHER},
    {"GoogleOther", AGENT_OTHER},
};

START_TEST(classes_of_known_crawlers)
{
    struct agent_rules *rules = new_rules();
    for (size_t i = 0; i < LENGTH(classes); i++) {
        struct agent_facts facts = agent_facts_of(rules, slice_of(classes[i].agent));
        ck_assert_msg(facts.crawler >= 0, "%s: none", classes[i].agent);
        ck_assert_msg(facts.class == classes[i].class, "%s: %s", classes[i].agent,
                      agent_class_name(facts.class));
        ck_assert_int_eq(agent_crawler_class(facts.crawler), facts.class);
    }
    agent_rules_free(rules);
}
END_TEST

/* What declares itself in words, and what only looks as if it did. */
static const struct {
    const char *agent;
    enum agent_class class;
} undeclared[] = {
    {"MyShopBot/1.0", AGENT_OTHER},
    {"roboto", AGENT_OTHER},
    {"AcmeCrawl 2", AGENT_OTHER},
    {"our-spider", AGENT_OTHER},
    {"page fetcher", AGENT_OTHER},
    {"Acme Client/1.2 (ruby-3.1; https://acme.example)", AGENT_OTHER},
    {"AcmeMonitor/2.1", AGENT_MONITORING},
    {"UniversalFeedParser/5.2.1", AGENT_FEED},
    {"PortScan bot", AGENT_SCANNER},
    {"Java/17", AGENT_TOOL},
    {"PHP/8.2", AGENT_TOOL},
    {"acme-client/v2", AGENT_TOOL},
    {"SalesThing/3 (x86_64)", AGENT_TOOL},
    {"Mozilla/5.0 (compatible; XyzThing/1.0; +http://xyz.example)", AGENT_OTHER},
    {"Mozilla/5.0 (compatible; XyzBot; )", AGENT_OTHER},
    {"Mozilla/5.0 (Macintosh) StashBot/1.2", AGENT_OTHER},
    {"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/124.0 Safari/537.36 AcmeSpider/v1",
     AGENT_OTHER},
    {"Mozilla/4.0 (compatible; MSIE 5.01; Windows NT 5.0; MSIECrawler)", AGENT_OTHER},
    {"Mozilla/5.0 (compatible; Plukkie/1.6; http://plukkie.example)", AGENT_OTHER},
    /* Apps and telephones. */
    {"ShopApp/5.2 CFNetwork/1410 Darwin/22.6.0", AGENT_PERSON},
    {"QRScanner/5.1 CFNetwork/1410 Darwin/22.6.0", AGENT_PERSON},
    {"ShopApp/5.2 (com.example.shop; build:7; iOS 17.4.0) Alamofire/5.8.1", AGENT_PERSON},
    {"ShopApp/5.2 (iPhone; iOS 17.4; Scale/3.00)", AGENT_PERSON},
    {"ShopApp/3.1 (Android 14; Pixel 8)", AGENT_PERSON},
    {"Dalvik/2.1.0 (Linux; U; Android 12; CUBOT P50 Build/SP1A.210812.016)", AGENT_PERSON},
    {"BlackBerry9700/5.0.0.862 Profile/MIDP-2.1 Configuration/CLDC-1.1 VendorID/331", AGENT_PERSON},
    {"Mozilla/5.0 (Linux; Android 9; CUBOT) AppleWebKit/537.36 Chrome/124.0 Mobile", AGENT_PERSON},
    {"Mozilla/5.0 (Linux; Android 9; Talkbot) AppleWebKit/537.36 Chrome/124.0 Mobile",
     AGENT_PERSON},
    {"Mozilla/5.0 (Linux; Android 9; Robotics 3) AppleWebKit/537.36 Chrome/124.0", AGENT_PERSON},
    /* Browsers without the usual words, and what says nothing. */
    {"Firefox/128.0", AGENT_PERSON},
    {"Lynx/2.8.9rel.1 libwww-FM/2.14", AGENT_PERSON},
    {"w3m/0.5.3+git20230121", AGENT_PERSON},
    {"Dillo/3.1.0", AGENT_PERSON},
    {"Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18", AGENT_PERSON},
    {"Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0)", AGENT_PERSON},
    {"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; Bottle; http://toolbar.example)",
     AGENT_PERSON},
    /* A browser says more. */
    {"Mozilla/5.0", AGENT_TOOL},
    {"Mozilla/4.0 ()", AGENT_TOOL},
    {"Mozilla", AGENT_TOOL},
    {"Mozilla/5.0 (X)", AGENT_PERSON},
    {"Mozilla/5.0 \xd0\x96", AGENT_PERSON},
    {"Mozilla/4.0 (compatible;)", AGENT_PERSON},
    /* Scanners without a pattern, and attacks on who reads the agent. */
    {"Nuclei - Open-source project (github.com/projectdiscovery/nuclei)", AGENT_SCANNER},
    {"Mozilla/5.0 (compatible; NUCLEI)", AGENT_SCANNER},
    {"SQLMAP/1.8", AGENT_SCANNER},
    {"gobuster/3.6", AGENT_SCANNER},
    {"() { :;}; /bin/bash -c 'x'", AGENT_SCANNER},
    {"${jndi:ldap://x}", AGENT_SCANNER},
    {"Mozilla/5.0 ${${lower:j}ndi:ldap://x}", AGENT_SCANNER},
    {"Mozilla/5.0 (Windows NT 10.0)<SCRIPT>alert(1)</script>", AGENT_SCANNER},
    {"Mozilla/5.0' OR 1=1 --", AGENT_SCANNER},
    {"../../../../etc/passwd", AGENT_SCANNER},
    {"Mozilla/5.0 (Linux; Android 9; A' O) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/90.0.4430.210 Mobile Safari/537.36",
     AGENT_PERSON},
    {"Mozilla/5.0 (compatible)", AGENT_PERSON},
    {"gecko", AGENT_PERSON},
    {"/1", AGENT_PERSON},
    {"a/", AGENT_PERSON},
    {"a/v", AGENT_PERSON},
    {" ", AGENT_PERSON},
    {"-", AGENT_PERSON},
    {"", AGENT_PERSON},
};

START_TEST(classes_of_what_no_pattern_knows)
{
    struct agent_rules *rules = new_rules();
    for (size_t i = 0; i < LENGTH(undeclared); i++) {
        size_t size = strlen(undeclared[i].agent);
        char *copy = malloc(size ? size : 1); /* a read past its end is seen */
        memcpy(copy, undeclared[i].agent, size);
        struct agent_facts facts = agent_facts_of(rules, (struct slice){copy, size});
        ck_assert_msg(facts.crawler == -1, "%s: known", undeclared[i].agent);
        ck_assert_msg(facts.class == undeclared[i].class, "%s: %s", undeclared[i].agent,
                      agent_class_name(facts.class));
        free(copy);
    }
    for (size_t i = 0; i < LENGTH(browsers); i++) {
        struct agent_facts facts = agent_facts_of(rules, slice_of(browsers[i]));
        ck_assert_msg(facts.class == AGENT_PERSON, "%s: %s", browsers[i],
                      agent_class_name(facts.class));
    }
    agent_rules_free(rules);
}
END_TEST

/* A pattern that is ruled by name but has left the table would be ruled no more. */
START_TEST(every_ruled_pattern_is_in_the_table)
{
    size_t count = 0;
    for (const char *ruled; (ruled = agent_class_ruled_pattern(count)); count++) {
        int found = 0;
        for (int i = 0; i < agent_crawler_count(); i++)
            found += strcmp(agent_crawler_pattern(i), ruled) == 0;
        ck_assert_msg(found == 1, "%s: %d times in the table", ruled, found);
        for (size_t j = 0; j < count; j++)
            ck_assert_msg(strcmp(agent_class_ruled_pattern(j), ruled) != 0, "%s: twice", ruled);
    }
    ck_assert_uint_gt(count, 50);
}
END_TEST

START_TEST(every_tag_has_a_class)
{
    static const char *const tags[] = {
        "academic",    "advertising",   "ai-crawler", "archiver", "browser-automation",
        "feed-reader", "http-library",  "monitoring", "scanner",  "search-engine",
        "seo",         "social-preview"};
    for (int i = 0; i < agent_crawler_count(); i++) {
        bool is_known = false;
        for (size_t j = 0; j < LENGTH(tags); j++)
            is_known = is_known || strcmp(agent_crawler_tag(i), tags[j]) == 0;
        ck_assert_msg(is_known, "%s: tag %s", agent_crawler_pattern(i), agent_crawler_tag(i));
        enum agent_class class = agent_crawler_class(i);
        ck_assert_msg(class > AGENT_PERSON && class < AGENT_SUSPECTED, "%s: %s",
                      agent_crawler_pattern(i), agent_class_name(class));
    }
    ck_assert_int_eq(agent_class_of_crawler("anything", "advertising"), AGENT_SEO);
    ck_assert_int_eq(agent_class_of_crawler("anything", "browser-automation"), AGENT_TOOL);
    ck_assert_int_eq(agent_class_of_crawler("anything", "a new tag"), AGENT_OTHER);
}
END_TEST

START_TEST(classes_have_names)
{
    for (int i = 0; i < AGENT_CLASS_COUNT; i++) {
        ck_assert_int_gt((int)strlen(agent_class_label(i)), 0);
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(agent_class_name(i), agent_class_name(j));
    }
    ck_assert_str_eq(agent_class_name(AGENT_PERSON), "person");
    ck_assert_str_eq(agent_class_name(AGENT_AI_TRAINING), "ai-training");
    ck_assert_str_eq(agent_class_label(AGENT_AI_TRAINING), "AI training");
}
END_TEST

START_TEST(absent_is_not_unlogged)
{
    struct agent_rules *rules = new_rules();
    ck_assert(agent_facts_of(rules, slice_of("-")).is_absent);
    ck_assert(!agent_facts_of(rules, (struct slice){NULL, 0}).is_absent);
    ck_assert(agent_facts_of(rules, slice_of("")).is_absent);
    ck_assert(!agent_facts_of(rules, slice_of("Mozilla/5.0")).is_absent);
    agent_rules_free(rules);
}
END_TEST

/* Equal facts are equal bytes, whatever stood in the memory before. */
START_TEST(facts_are_bytes)
{
    struct agent_rules *rules = new_rules();
    struct agent_facts facts[2];
    for (size_t i = 0; i < LENGTH(browsers); i++) {
        memset(&facts[0], 0xaa, sizeof facts[0]);
        memset(&facts[1], 0x55, sizeof facts[1]);
        for (size_t j = 0; j < 2; j++)
            facts[j] = agent_facts_of(rules, slice_of(browsers[i]));
        ck_assert_mem_eq(&facts[0], &facts[1], sizeof facts[0]);
        ck_assert_uint_eq(facts[0].unused, 0);
    }
    agent_rules_free(rules);
}
END_TEST

START_TEST(long_agents_have_facts)
{
    enum { SIZE = 64 * 1024 };
    struct agent_rules *rules = new_rules();
    char *text = malloc(SIZE);
    memset(text, 'b', SIZE);
    ck_assert_int_eq(agent_facts_of(rules, (struct slice){text, SIZE}).class, AGENT_PERSON);
    for (size_t at = 0; at + 3 <= SIZE; at += 3)
        memcpy(text + at, "bot", 3);
    ck_assert_int_eq(agent_facts_of(rules, (struct slice){text, SIZE}).class, AGENT_OTHER);
    memcpy(text, "Mozilla/5.0 ", 12);
    ck_assert_int_eq(agent_facts_of(rules, (struct slice){text, SIZE}).class, AGENT_PERSON);
    free(text);
    agent_rules_free(rules);
}
END_TEST

static void *look_up_all(void *rules)
{
    for (size_t i = 0; i < LENGTH(crawlers); i++) {
        int found = agent_find_crawler(rules, slice_of(crawlers[i].agent));
        if (found < 0 || strcmp(agent_crawler_pattern(found), crawlers[i].pattern) != 0)
            return rules;
    }
    return NULL;
}

START_TEST(threads_share_the_rules)
{
    struct agent_rules *rules = new_rules();
    pthread_t threads[4];
    for (size_t i = 0; i < LENGTH(threads); i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, look_up_all, rules), 0);
    for (size_t i = 0; i < LENGTH(threads); i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        ck_assert_ptr_null(wrong);
    }
    agent_rules_free(rules);
    agent_rules_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("agent");
    TCase *tests = tcase_create("agent");
    tcase_add_test(tests, finds_crawlers);
    tcase_add_test(tests, leaves_browsers_alone);
    tcase_add_test(tests, tells_the_tag);
    tcase_add_test(tests, classes_of_known_crawlers);
    tcase_add_test(tests, classes_of_what_no_pattern_knows);
    tcase_add_test(tests, every_ruled_pattern_is_in_the_table);
    tcase_add_test(tests, every_tag_has_a_class);
    tcase_add_test(tests, classes_have_names);
    tcase_add_test(tests, absent_is_not_unlogged);
    tcase_add_test(tests, facts_are_bytes);
    tcase_add_test(tests, long_agents_have_facts);
    tcase_add_test(tests, hostile_agents_end_quickly);
    tcase_add_test(tests, threads_share_the_rules);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
