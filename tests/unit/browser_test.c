/*
 * User agents are those that the vendors document: MDN's page of the User-Agent header, Chrome's
 * page of user agent strings and its reduction (chromium.org/updates/ua-reduction), Microsoft's of
 * Edge and of Internet Explorer 11, Mozilla's "Gecko user agent string reference", Samsung's,
 * Opera's and Amazon's for developers, Google's of Android WebView; the older ones and those of
 * apps stand in public logs. What they are was read off by hand, and bowser 2.12 agreed on family
 * and version.
 *
 * Dates: caniuse-lite and Wikipedia's version histories (the module's come from MDN's data).
 */
#include "parser/browser.h"

#include <check.h>
#include <stdlib.h>

#include "base/civil.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

#define WEBKIT     "AppleWebKit/537.36 (KHTML, like Gecko) "
#define IOS_WEBKIT "AppleWebKit/605.1.15 (KHTML, like Gecko) "
#define WINDOWS    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
#define MAC        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) "
#define LINUX      "Mozilla/5.0 (X11; Linux x86_64) "
#define ANDROID    "Mozilla/5.0 (Linux; Android 10; K) "
#define IPHONE     "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) "

enum {
    UNKNOWN = BROWSER_UNKNOWN,
    CHROME = BROWSER_CHROME,
    EDGE = BROWSER_EDGE,
    SAFARI = BROWSER_SAFARI,
    FIREFOX = BROWSER_FIREFOX,
    OPERA = BROWSER_OPERA,
    SAMSUNG = BROWSER_SAMSUNG,
    EXPLORER = BROWSER_INTERNET_EXPLORER,
    NETSCAPE = BROWSER_NETSCAPE,
    WEBVIEW = BROWSER_WEBVIEW,
    OTHER = BROWSER_OTHER,
};

static const struct {
    const char *agent;
    struct browser expected; /* family, system, device, engine, version, system_major */
} rows[] = {
    /* Chrome. */
    {WINDOWS WEBKIT "Chrome/130.0.0.0 Safari/537.36",
     {CHROME, SYSTEM_WINDOWS, DEVICE_DESKTOP, CHROME, 130, 1000}},
    {MAC WEBKIT "Chrome/130.0.0.0 Safari/537.36",
     {CHROME, SYSTEM_MACOS, DEVICE_DESKTOP, CHROME, 130, 1015}},
    {LINUX WEBKIT "Chrome/130.0.0.0 Safari/537.36",
     {CHROME, SYSTEM_LINUX, DEVICE_DESKTOP, CHROME, 130, 0}},
    {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " WEBKIT "Chrome/130.0.0.0 Safari/537.36",
     {CHROME, SYSTEM_CHROMEOS, DEVICE_DESKTOP, CHROME, 130, 0}},
    {ANDROID WEBKIT "Chrome/130.0.0.0 Mobile Safari/537.36",
     {CHROME, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 130, 1000}},
    {ANDROID WEBKIT "Chrome/130.0.0.0 Safari/537.36",
     {CHROME, SYSTEM_ANDROID, DEVICE_TABLET, CHROME, 130, 1000}},
    {"Mozilla/5.0 (Linux; Android 13; SM-S911B) " WEBKIT
     "Chrome/112.0.5615.136 Mobile Safari/537.36",
     {CHROME, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 112, 1300}},
    {"Mozilla/5.0 (Linux; Android 4.4.2; Nexus 4 Build/KOT49H) " WEBKIT
     "Chrome/34.0.1847.114 Mobile Safari/537.36",
     {CHROME, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 34, 404}},
    {"Mozilla/5.0 (Linux; Android 9; Nokia 7.1) " WEBKIT
     "Chrome/91.0.4472.120 Mobile Safari/537.36",
     {CHROME, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 91, 900}},
    {"Mozilla/5.0 (Linux; Android 8.1.0; BlackBerry BBF100-1) " WEBKIT
     "Chrome/90.0.4430.210 Mobile Safari/537.36",
     {CHROME, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 90, 801}},
    {"Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/35.0.1916.153 Safari/537.36",
     {CHROME, SYSTEM_WINDOWS, DEVICE_DESKTOP, CHROME, 35, 601}},
    {"Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US) AppleWebKit/533.4 (KHTML, like Gecko) "
     "Chrome/5.0.375.99 Safari/533.4",
     {CHROME, SYSTEM_WINDOWS, DEVICE_DESKTOP, CHROME, 5, 501}},
    {"Mozilla/5.0 (X11; Linux i686) AppleWebKit/537.36 (KHTML, like Gecko) Ubuntu "
     "Chromium/73.0.3683.86 Chrome/73.0.3683.86 Safari/537.36",
     {CHROME, SYSTEM_LINUX, DEVICE_DESKTOP, CHROME, 73, 0}},
    {IPHONE IOS_WEBKIT "CriOS/124.0.6367.68 Mobile/15E148 Safari/604.1",
     {CHROME, SYSTEM_IOS, DEVICE_PHONE, CHROME, 124, 1704}},
    {"Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) " IOS_WEBKIT
     "CriOS/120.0.6099.119 Mobile/15E148 Safari/604.1",
     {CHROME, SYSTEM_IOS, DEVICE_TABLET, CHROME, 120, 1607}},
    {LINUX WEBKIT "HeadlessChrome/124.0.6367.60 Safari/537.36",
     {CHROME, SYSTEM_LINUX, DEVICE_DESKTOP, CHROME, 124, 0}},
    /* Edge. */
    {WINDOWS WEBKIT "Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.51",
     {EDGE, SYSTEM_WINDOWS, DEVICE_DESKTOP, CHROME, 124, 1000}},
    {WINDOWS WEBKIT "Chrome/70.0.3538.102 Safari/537.36 Edge/18.19582",
     {EDGE, SYSTEM_WINDOWS, DEVICE_DESKTOP, EDGE, 18, 1000}},
    {WINDOWS WEBKIT "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246",
     {EDGE, SYSTEM_WINDOWS, DEVICE_DESKTOP, EDGE, 12, 1000}},
    {"Mozilla/5.0 (Linux; Android 10; HD1913) " WEBKIT
     "Chrome/124.0.6367.82 Mobile Safari/537.36 EdgA/124.0.2478.64",
     {EDGE, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 124, 1000}},
    {IPHONE IOS_WEBKIT "Version/17.0 EdgiOS/124.2478.71 Mobile/15E148 Safari/605.1.15",
     {EDGE, SYSTEM_IOS, DEVICE_PHONE, CHROME, 124, 1704}},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 13_3 like Mac OS X) " IOS_WEBKIT
     "Version/13.0 EdgiOS/44.11.15 Mobile/15E148 Safari/605.1.15",
     {EDGE, SYSTEM_IOS, DEVICE_PHONE, UNKNOWN, 0, 1303}},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) " WEBKIT
     "Chrome/64.0.3282.140 Safari/537.36 Edge/44.18363.8131",
     {EDGE, SYSTEM_OTHER, DEVICE_TV, UNKNOWN, 0, 0}},
    {"Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) " WEBKIT
     "Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063",
     {EDGE, SYSTEM_OTHER, DEVICE_PHONE, UNKNOWN, 0, 0}},
    /* Firefox. */
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0",
     {FIREFOX, SYSTEM_WINDOWS, DEVICE_DESKTOP, FIREFOX, 125, 1000}},
    {"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/117.0",
     {FIREFOX, SYSTEM_LINUX, DEVICE_DESKTOP, FIREFOX, 117, 0}},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:125.0) Gecko/20100101 Firefox/125.0",
     {FIREFOX, SYSTEM_MACOS, DEVICE_DESKTOP, FIREFOX, 125, 1015}},
    {"Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0",
     {FIREFOX, SYSTEM_ANDROID, DEVICE_PHONE, FIREFOX, 125, 1400}},
    {"Mozilla/5.0 (Android 7.0; Tablet; rv:68.0) Gecko/68.0 Firefox/68.0",
     {FIREFOX, SYSTEM_ANDROID, DEVICE_TABLET, FIREFOX, 68, 700}},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 14_4 like Mac OS X) " IOS_WEBKIT
     "FxiOS/125.0 Mobile/15E148 Safari/605.1.15",
     {FIREFOX, SYSTEM_IOS, DEVICE_PHONE, FIREFOX, 125, 1404}},
    {"Mozilla/5.0 (X11; U; Linux i686; en-US; rv:1.9.2.28) Gecko/20120306 Firefox/3.6.28",
     {FIREFOX, SYSTEM_LINUX, DEVICE_DESKTOP, FIREFOX, 3, 0}},
    {"Mozilla/5.0 (Mobile; rv:26.0) Gecko/26.0 Firefox/26.0",
     {FIREFOX, SYSTEM_OTHER, DEVICE_PHONE, UNKNOWN, 0, 0}},
    {"Mozilla/5.0 (X11; FreeBSD amd64; rv:125.0) Gecko/20100101 Firefox/125.0",
     {FIREFOX, SYSTEM_OTHER, DEVICE_DESKTOP, UNKNOWN, 0, 0}},
    {"Firefox/128.0", {FIREFOX, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, FIREFOX, 128, 0}},
    /* Safari. An iPad that asks for a desktop's pages cannot be told from a Mac. */
    {MAC IOS_WEBKIT "Version/17.4.1 Safari/605.1.15",
     {SAFARI, SYSTEM_MACOS, DEVICE_DESKTOP, SAFARI, 17, 1015}},
    {IPHONE IOS_WEBKIT "Version/17.4.1 Mobile/15E148 Safari/604.1",
     {SAFARI, SYSTEM_IOS, DEVICE_PHONE, SAFARI, 17, 1704}},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) " IOS_WEBKIT
     "Version/26.0 Mobile/15E148 Safari/604.1",
     {SAFARI, SYSTEM_IOS, DEVICE_PHONE, SAFARI, 26, 1806}},
    {"Mozilla/5.0 (iPad; CPU OS 9_3_5 like Mac OS X) AppleWebKit/601.1.46 (KHTML, like Gecko) "
     "Version/9.0 Mobile/13G36 Safari/601.1",
     {SAFARI, SYSTEM_IOS, DEVICE_TABLET, SAFARI, 9, 903}},
    {"Mozilla/5.0 (iPad; U; CPU OS 3_2 like Mac OS X; es-es) AppleWebKit/531.21.10 (KHTML, like "
     "Gecko) Version/4.0.4 Mobile/7B360 Safari/531.21.10",
     {SAFARI, SYSTEM_IOS, DEVICE_TABLET, SAFARI, 4, 302}},
    {"Mozilla/5.0 (Windows; U; Windows NT 6.1; en-US) AppleWebKit/533.18.1 (KHTML, like Gecko) "
     "Version/5.0.2 Safari/533.18.5",
     {SAFARI, SYSTEM_WINDOWS, DEVICE_DESKTOP, SAFARI, 5, 601}},
    {"Mozilla/5.0 (Macintosh; U; PPC Mac OS X; en) AppleWebKit/419 (KHTML, like Gecko) "
     "Safari/419.3",
     {SAFARI, SYSTEM_MACOS, DEVICE_DESKTOP, UNKNOWN, 0, 0}},
    {"Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/538.1 (KHTML, like Gecko) QupZilla/1.8.9 "
     "Version/8.0 Safari/538.1",
     {OTHER, SYSTEM_WINDOWS, DEVICE_DESKTOP, UNKNOWN, 0, 601}},
    {LINUX IOS_WEBKIT "Version/16.0 Safari/605.1.15 Epiphany/605.1.15",
     {OTHER, SYSTEM_LINUX, DEVICE_DESKTOP, UNKNOWN, 0, 0}},
    /* Netscape. Others that say Mozilla/4 do not name their language. */
    {"Mozilla/4.76 [en] (X11; U; Linux 2.4.2-2 i686)",
     {NETSCAPE, SYSTEM_LINUX, DEVICE_DESKTOP, NETSCAPE, 4, 0}},
    {"Mozilla/4.76 [en]", {NETSCAPE, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, NETSCAPE, 4, 0}},
    {"Mozilla/4.08 [de]C-CCK-MCD DT (Win98; I)",
     {NETSCAPE, SYSTEM_WINDOWS, DEVICE_DESKTOP, NETSCAPE, 4, 0}},
    {"Mozilla/5.0 [en]", {UNKNOWN, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, UNKNOWN, 0, 0}},
    {"Mozilla/4.0 (compatible;)", {UNKNOWN, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, UNKNOWN, 0, 0}},
    {"Mozilla/4.08 (F905i;FOMA;c500;TB)", {UNKNOWN, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, UNKNOWN, 0, 0}},
    /* Opera. */
    {WINDOWS WEBKIT "Chrome/122.0.0.0 Safari/537.36 OPR/108.0.0.0",
     {OPERA, SYSTEM_WINDOWS, DEVICE_DESKTOP, CHROME, 122, 1000}},
    {"Mozilla/5.0 (Linux; Android 13; CPH2343) " WEBKIT
     "Chrome/124.0.0.0 Mobile Safari/537.36 OPR/81.1.4292.78446",
     {OPERA, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 124, 1300}},
    {IPHONE IOS_WEBKIT "Version/17.4 Mobile/15E148 Safari/604.1 OPT/4.6.1",
     {OPERA, SYSTEM_IOS, DEVICE_PHONE, SAFARI, 17, 1704}},
    {"Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
     {OPERA, SYSTEM_WINDOWS, DEVICE_DESKTOP, OPERA, 12, 601}},
    {"Opera/9.27 (Windows NT 5.1; U; en)", {OPERA, SYSTEM_WINDOWS, DEVICE_DESKTOP, OPERA, 9, 501}},
    {"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; en) Opera 8.50",
     {OPERA, SYSTEM_WINDOWS, DEVICE_DESKTOP, OPERA, 8, 501}},
    {"Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/29.3709; U; en) Presto/2.8.119 Version/11.10",
     {OPERA, SYSTEM_OTHER, DEVICE_PHONE, UNKNOWN, 0, 0}},
    {"Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
     {OPERA, SYSTEM_OTHER, DEVICE_PHONE, UNKNOWN, 0, 0}},
    {"Opera/9.80 (Android 2.3.4; Linux; Opera Mobi/build-1107180945; U; en-GB) Presto/2.8.149 "
     "Version/11.10",
     {OPERA, SYSTEM_ANDROID, DEVICE_PHONE, OPERA, 11, 203}},
    /* Internet Explorer. */
    {"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
     {EXPLORER, SYSTEM_WINDOWS, DEVICE_DESKTOP, EXPLORER, 11, 1000}},
    {"Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
     {EXPLORER, SYSTEM_WINDOWS, DEVICE_DESKTOP, EXPLORER, 10, 602}},
    {"Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
     {EXPLORER, SYSTEM_WINDOWS, DEVICE_DESKTOP, EXPLORER, 9, 601}},
    {"Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; WOW64; Trident/7.0; SLCC2; Tablet PC 2.0)",
     {EXPLORER, SYSTEM_WINDOWS, DEVICE_DESKTOP, EXPLORER, 11, 601}},
    {"Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0; .NET CLR 2.0.50727)",
     {EXPLORER, SYSTEM_WINDOWS, DEVICE_DESKTOP, EXPLORER, 7, 600}},
    {"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)",
     {EXPLORER, SYSTEM_WINDOWS, DEVICE_DESKTOP, EXPLORER, 6, 501}},
    {"Mozilla/5.0 (Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; Touch; rv:11.0; "
     "IEMobile/11.0; NOKIA; Lumia 520) like iPhone OS 7_0_3 Mac OS X AppleWebKit/537 (KHTML, like "
     "Gecko) Mobile Safari/537",
     {EXPLORER, SYSTEM_OTHER, DEVICE_PHONE, UNKNOWN, 0, 0}},
    /* Samsung Internet. */
    {ANDROID WEBKIT "SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36",
     {SAMSUNG, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 117, 1000}},
    {"Mozilla/5.0 (Linux; Android 9; SAMSUNG SM-T580) " WEBKIT
     "SamsungBrowser/11.1 Chrome/75.0.3770.143 Safari/537.36",
     {SAMSUNG, SYSTEM_ANDROID, DEVICE_TABLET, CHROME, 75, 900}},
    /* Inside apps. */
    {"Mozilla/5.0 (Linux; Android 12; Pixel 6 Build/SD1A.210817.023; wv) " WEBKIT
     "Version/4.0 Chrome/94.0.4606.71 Mobile Safari/537.36",
     {WEBVIEW, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 94, 1200}},
    {"Mozilla/5.0 (Linux; Android 4.4; Nexus 5 Build/_BuildID_) " WEBKIT
     "Version/4.0 Chrome/30.0.0.0 Mobile Safari/537.36",
     {WEBVIEW, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 30, 404}},
    {IPHONE IOS_WEBKIT
     "Mobile/21E236 [FBAN/FBIOS;FBAV/460.0.0.37.108;FBDV/iPhone15,2;FBSN/iOS;FBSV/17.4.1;FBOP/5]",
     {WEBVIEW, SYSTEM_IOS, DEVICE_PHONE, UNKNOWN, 0, 1704}},
    {"Mozilla/5.0 (Linux; Android 13; SM-A536B Build/TP1A.220624.014; wv) " WEBKIT
     "Version/4.0 Chrome/123.0.6312.118 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/459.0.0.50.109;]",
     {WEBVIEW, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 123, 1300}},
    {IPHONE IOS_WEBKIT "Mobile/21E236 Instagram 328.0.0.28.87 (iPhone14,5; iOS 17_4_1; en_US)",
     {WEBVIEW, SYSTEM_IOS, DEVICE_PHONE, UNKNOWN, 0, 1704}},
    {"Mozilla/5.0 (Linux; Android 11; SOG03 Build/58.0.D.22.50; wv) " WEBKIT
     "Version/4.0 Chrome/114.0.5735.130 Mobile Safari/537.36 Line/13.10.0/IAB",
     {WEBVIEW, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 114, 1100}},
    {IPHONE IOS_WEBKIT "GSA/313.0.625204170 Mobile/15E148 Safari/604.1",
     {WEBVIEW, SYSTEM_IOS, DEVICE_PHONE, UNKNOWN, 0, 1704}},
    {IPHONE IOS_WEBKIT "Mobile/15E148", {WEBVIEW, SYSTEM_IOS, DEVICE_PHONE, UNKNOWN, 0, 1704}},
    {MAC IOS_WEBKIT, {WEBVIEW, SYSTEM_MACOS, DEVICE_DESKTOP, UNKNOWN, 0, 1015}},
    {LINUX WEBKIT "Slack/4.38.115 Chrome/124.0.6367.78 Electron/30.0.3 Safari/537.36",
     {WEBVIEW, SYSTEM_LINUX, DEVICE_DESKTOP, CHROME, 124, 0}},
    {"ShopApp/5.2 CFNetwork/1410 Darwin/22.6.0",
     {WEBVIEW, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, UNKNOWN, 0, 0}},
    {"Dalvik/2.1.0 (Linux; U; Android 12; SM-A125F Build/SP1A.210812.016)",
     {WEBVIEW, SYSTEM_ANDROID, DEVICE_UNKNOWN, UNKNOWN, 0, 1200}},
    /* Others. */
    {WINDOWS WEBKIT "Chrome/122.0.0.0 Safari/537.36 Vivaldi/6.6.3271.61",
     {OTHER, SYSTEM_WINDOWS, DEVICE_DESKTOP, CHROME, 122, 1000}},
    {WINDOWS WEBKIT "Chrome/122.0.0.0 YaBrowser/24.4.0.0 Safari/537.36",
     {OTHER, SYSTEM_WINDOWS, DEVICE_DESKTOP, CHROME, 122, 1000}},
    {"Mozilla/5.0 (Linux; U; Android 9; en-US; vivo 1904) " WEBKIT
     "Version/4.0 Chrome/57.0.2987.108 UCBrowser/12.13.5.1209 Mobile Safari/537.36",
     {OTHER, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 57, 900}},
    {IPHONE IOS_WEBKIT "Version/17.4 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
     {OTHER, SYSTEM_IOS, DEVICE_PHONE, SAFARI, 17, 1704}},
    {MAC IOS_WEBKIT "Version/17.4 Safari/605.1.15 Ddg/17.4",
     {OTHER, SYSTEM_MACOS, DEVICE_DESKTOP, SAFARI, 17, 1015}},
    {"Mozilla/5.0 (Linux; Android 11; KFTRWI) " WEBKIT
     "Silk/122.4.1 like Chrome/122.0.6261.149 Safari/537.36",
     {OTHER, SYSTEM_ANDROID, DEVICE_TABLET, CHROME, 122, 1100}},
    {"Mozilla/5.0 (Windows NT 6.1; WOW64) " WEBKIT
     "Chrome/49.0.2623.221 Safari/537.36 SE 2.X MetaSr 1.0",
     {OTHER, SYSTEM_WINDOWS, DEVICE_DESKTOP, CHROME, 49, 601}},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:102.0) Gecko/20100101 Goanna/6.7 Firefox/102.0 "
     "PaleMoon/33.1.0",
     {OTHER, SYSTEM_WINDOWS, DEVICE_DESKTOP, FIREFOX, 102, 1000}},
    {"Mozilla/5.0 (Linux; U; Android 2.3.5; de-de; HTC_DesireS_S510e Build/GRJ90) "
     "AppleWebKit/533.1 "
     "(KHTML, like Gecko) Version/4.0 Mobile Safari/533.1",
     {OTHER, SYSTEM_ANDROID, DEVICE_PHONE, UNKNOWN, 0, 203}},
    {"Mozilla/5.0 (BB10; Touch) AppleWebKit/537.10+ (KHTML, like Gecko) Version/10.0.9.2372 Mobile "
     "Safari/537.10+",
     {OTHER, SYSTEM_OTHER, DEVICE_PHONE, UNKNOWN, 0, 0}},
    {"Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
     {OTHER, SYSTEM_OTHER, DEVICE_PHONE, UNKNOWN, 0, 0}},
    {"SAMSUNG-GT-E2232/1.0 Openwave/6.2.3 Profile/MIDP-2.0 Configuration/CLDC-1.1 "
     "UP.Browser/6.2.3.3",
     {UNKNOWN, SYSTEM_OTHER, DEVICE_PHONE, UNKNOWN, 0, 0}},
    {"Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.7.8",
     {OTHER, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, UNKNOWN, 0, 0}},
    {"Links (2.29; Linux 6.1.0 x86_64; GNU C 12.2; text)",
     {OTHER, SYSTEM_LINUX, DEVICE_DESKTOP, UNKNOWN, 0, 0}},
    /* Televisions, consoles, readers. */
    {"Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) " WEBKIT "76.0.3809.146/6.0 TV Safari/537.36",
     {OTHER, SYSTEM_OTHER, DEVICE_TV, UNKNOWN, 0, 0}},
    {"Mozilla/5.0 (Web0S; Linux/SmartTV) " WEBKIT "Chrome/79.0.3945.79 Safari/537.36 WebAppManager",
     {CHROME, SYSTEM_OTHER, DEVICE_TV, UNKNOWN, 0, 0}},
    {"Mozilla/5.0 (Linux; Android 9; AFTMM) " WEBKIT
     "Silk/110.4.1 like Chrome/110.0.5481.154 Safari/537.36",
     {OTHER, SYSTEM_ANDROID, DEVICE_TV, CHROME, 110, 900}},
    {"Mozilla/5.0 (Linux; Android 12.0; BRAVIA 4K VH2 Build/SRP1A) " WEBKIT
     "Chrome/90.0.4430.91 Safari/537.36",
     {CHROME, SYSTEM_ANDROID, DEVICE_TV, CHROME, 90, 1200}},
    {"Mozilla/5.0 (PlayStation; PlayStation 5/2.26) " IOS_WEBKIT "Version/13.0 Safari/605.1.15",
     {OTHER, SYSTEM_OTHER, DEVICE_TV, UNKNOWN, 0, 0}},
    {"Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/606.4 (KHTML, like Gecko) "
     "NF/6.0.1.15.4 NintendoBrowser/5.1.0.20393",
     {OTHER, SYSTEM_OTHER, DEVICE_TV, UNKNOWN, 0, 0}},
    {"Mozilla/5.0 (X11; U; Linux armv7l like Android; en-us) AppleWebKit/531.2+ (KHTML, like "
     "Gecko) "
     "Version/5.0 Safari/533.2+ Kindle/3.0+",
     {OTHER, SYSTEM_OTHER, DEVICE_TABLET, UNKNOWN, 0, 0}},
    /* Crawlers, and what says nothing. */
    {"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) " WEBKIT
     "Chrome/130.0.6723.58 Mobile Safari/537.36 (compatible; Googlebot/2.1; "
     "+http://www.google.com/bot.html)",
     {CHROME, SYSTEM_ANDROID, DEVICE_PHONE, CHROME, 130, 600}},
    {"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
     {UNKNOWN, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, UNKNOWN, 0, 0}},
    {"curl/8.5.0", {UNKNOWN, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, UNKNOWN, 0, 0}},
    {"Mozilla/5.0", {UNKNOWN, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, UNKNOWN, 0, 0}},
    {"-", {UNKNOWN, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, UNKNOWN, 0, 0}},
    {"", {UNKNOWN, SYSTEM_UNKNOWN, DEVICE_UNKNOWN, UNKNOWN, 0, 0}},
    /* Numbers that are too large, absent, or no numbers. */
    {WINDOWS WEBKIT "Chrome/65535.0 Safari/537.36",
     {CHROME, SYSTEM_WINDOWS, DEVICE_DESKTOP, CHROME, UINT16_MAX, 1000}},
    {WINDOWS WEBKIT "Chrome/99999999999999999999999.0 Safari/537.36",
     {CHROME, SYSTEM_WINDOWS, DEVICE_DESKTOP, CHROME, UINT16_MAX, 1000}},
    {"Mozilla/5.0 (Windows NT 4294967297.9) Chrome/",
     {CHROME, SYSTEM_WINDOWS, DEVICE_DESKTOP, UNKNOWN, 0, UINT16_MAX}},
    {"Mozilla/5.0 (Linux; Android 9.4000000000) Chrome/x",
     {CHROME, SYSTEM_ANDROID, DEVICE_UNKNOWN, UNKNOWN, 0, 999}},
    {"Mozilla/5.0 (Windows NT 6.1; Trident/70000; rv:11.0) like Gecko",
     {EXPLORER, SYSTEM_WINDOWS, DEVICE_DESKTOP, UNKNOWN, 0, 601}},
};

static void check_browser(const char *agent, struct browser got, struct browser expected)
{
    ck_assert_msg(got.family == expected.family, "%s: family %s", agent,
                  browser_family_name(got.family));
    ck_assert_msg(got.system == expected.system, "%s: system %s", agent,
                  browser_system_name(got.system));
    ck_assert_msg(got.device == expected.device, "%s: device %s", agent, device_name(got.device));
    ck_assert_msg(got.engine == expected.engine, "%s: engine %s", agent,
                  browser_family_name(got.engine));
    ck_assert_msg(got.version == expected.version, "%s: version %u", agent, got.version);
    ck_assert_msg(got.system_major == expected.system_major, "%s: system %u", agent,
                  got.system_major);
}

/* On memory of its own size, so that a read past the end is seen. */
START_TEST(takes_agents_apart)
{
    const char *agent = rows[_i].agent;
    size_t size = strlen(agent);
    char *copy = malloc(size ? size : 1);
    memcpy(copy, agent, size);
    check_browser(agent, browser_of((struct slice){copy, size}), rows[_i].expected);
    free(copy);
}
END_TEST

/* Any head of an agent is an agent, too. */
START_TEST(reads_no_further_than_the_end)
{
    const char *agent = rows[_i].agent;
    for (size_t size = strlen(agent); size > 0; size--) {
        char *copy = malloc(size);
        memcpy(copy, agent, size);
        struct browser browser = browser_of((struct slice){copy, size});
        ck_assert_uint_lt(browser.family, BROWSER_COUNT);
        ck_assert_uint_lt(browser.system, SYSTEM_COUNT);
        ck_assert_uint_lt(browser.device, DEVICE_COUNT);
        ck_assert(browser.engine != BROWSER_UNKNOWN || browser.version == 0);
        free(copy);
    }
}
END_TEST

START_TEST(long_and_odd_texts_give_an_answer)
{
    enum { SIZE = 64 * 1024 };
    static const char head[] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/124.0 ";
    char *text = malloc(SIZE);
    memset(text, 0xff, SIZE);
    ck_assert_uint_eq(browser_of((struct slice){text, SIZE}).family, BROWSER_UNKNOWN);
    memcpy(text, head, sizeof head - 1);
    ck_assert_uint_eq(browser_of((struct slice){text, SIZE}).version, 124);
    memcpy(text + BROWSER_TEXT_MAX, "OPR/108", 7);
    ck_assert_uint_eq(browser_of((struct slice){text, SIZE}).family, BROWSER_CHROME);
    memcpy(text + BROWSER_TEXT_MAX - 7, "OPR/108", 7);
    ck_assert_uint_eq(browser_of((struct slice){text, SIZE}).family, BROWSER_OPERA);
    ck_assert_uint_eq(browser_of((struct slice){NULL, 0}).family, BROWSER_UNKNOWN);
    free(text);
}
END_TEST

START_TEST(everything_has_a_name)
{
    for (int i = 0; i < BROWSER_COUNT; i++)
        ck_assert_int_gt((int)strlen(browser_family_name(i)), 0);
    for (int i = 0; i < SYSTEM_COUNT; i++)
        ck_assert_int_gt((int)strlen(browser_system_name(i)), 0);
    for (int i = 0; i < DEVICE_COUNT; i++)
        ck_assert_int_gt((int)strlen(device_name(i)), 0);
    ck_assert_str_eq(browser_family_name(BROWSER_CHROME), "Chrome");
    ck_assert_str_eq(browser_family_name(BROWSER_UNKNOWN), "Unknown");
    ck_assert_str_eq(browser_system_name(SYSTEM_IOS), "iOS");
    ck_assert_str_eq(device_name(DEVICE_TV), "tv");
}
END_TEST

#define CHROME_ON_WINDOWS(version) WINDOWS WEBKIT "Chrome/" version ".0.0.0 Safari/537.36"
#define CHROME_ON_MAC(version)     MAC WEBKIT "Chrome/" version ".0.0.0 Safari/537.36"
#define CHROME_ON_LINUX(version)   LINUX WEBKIT "Chrome/" version ".0.0.0 Safari/537.36"
#define CHROME_ON_PHONE(android, version)                                                          \
    "Mozilla/5.0 (Linux; Android " android "; SM-G900F) " WEBKIT "Chrome/" version                 \
    ".0.0.0 Mobile Safari/537.36"
#define OLD_WINDOWS_CHROME(nt, version)                                                            \
    "Mozilla/5.0 (Windows NT " nt ") " WEBKIT "Chrome/" version ".0.0.0 Safari/537.36"
#define FIREFOX_ON(system, version)                                                                \
    "Mozilla/5.0 (" system "; rv:" version ".0) Gecko/20100101 Firefox/" version ".0"
#define SAFARI_ON_MAC(version) MAC IOS_WEBKIT "Version/" version " Safari/605.1.15"

#define NETSCAPE_4 "Mozilla/4.76 [en] (X11; U; Linux 2.4.2-2 i686)"
#define SAFARI_5_WINDOWS                                                                           \
    "Mozilla/5.0 (Windows; U; Windows NT 6.1; en-US) AppleWebKit/533.18.1 (KHTML, like Gecko) "    \
    "Version/5.0.2 Safari/533.18.5"
#define EXPLORER_11 "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"

static const struct {
    const char *agent, *day;
    enum browser_age age;
} ages[] = {
    /* Current ones. */
    {CHROME_ON_WINDOWS("124"), "2024-05-01", AGE_FINE},
    {CHROME_ON_WINDOWS("35"), "2014-06-01", AGE_FINE},
    {CHROME_ON_WINDOWS("157"), "2026-11-21", AGE_FINE},
    {FIREFOX_ON("Windows NT 10.0; Win64; x64", "125"), "2024-05-01", AGE_FINE},
    {"Firefox/128.0", "2026-11-21", AGE_FINE},
    {SAFARI_ON_MAC("26.0"), "2025-10-01", AGE_FINE},
    /* Before their time: Chrome 124 came out on 2024-04-16, half a year of grace. */
    {CHROME_ON_WINDOWS("124"), "2023-11-15", AGE_FINE},
    {CHROME_ON_WINDOWS("124"), "2023-09-01", AGE_NEVER_EXISTED},
    {CHROME_ON_WINDOWS("60"), "2014-06-01", AGE_NEVER_EXISTED},                /* 2017-07-25 */
    {FIREFOX_ON("X11; Linux x86_64", "115"), "2022-10-01", AGE_NEVER_EXISTED}, /* 2023-07-04 */
    {FIREFOX_ON("X11; Linux x86_64", "115"), "2023-02-01", AGE_FINE},
    {SAFARI_ON_MAC("26.0"), "2024-12-01", AGE_NEVER_EXISTED}, /* 2025-09-15 */
    {EXPLORER_11, "2012-12-01", AGE_NEVER_EXISTED},           /* 2013-10-17 */
    /* Never made. */
    {CHROME_ON_WINDOWS("82"), "2020-06-01", AGE_NEVER_EXISTED},
    {CHROME_ON_WINDOWS("81"), "2020-06-01", AGE_FINE},
    {CHROME_ON_WINDOWS("83"), "2020-06-01", AGE_FINE},
    {CHROME_ON_WINDOWS("500"), "2026-11-21", AGE_NEVER_EXISTED},
    {CHROME_ON_WINDOWS("99999999"), "2026-11-21", AGE_NEVER_EXISTED},
    {IPHONE IOS_WEBKIT "CriOS/999.0 Mobile/15E148 Safari/604.1", "2026-11-21", AGE_NEVER_EXISTED},
    {SAFARI_ON_MAC("18.6"), "2026-01-01", AGE_FINE},
    {SAFARI_ON_MAC("19.0"), "2026-01-01", AGE_NEVER_EXISTED},
    {SAFARI_ON_MAC("25.0"), "2026-01-01", AGE_NEVER_EXISTED},
    {SAFARI_ON_MAC("99.0"), "2026-01-01", AGE_NEVER_EXISTED},
    {WINDOWS WEBKIT "Chrome/42.0.2311.135 Safari/537.36 Edge/11.0", "2016-01-01",
     AGE_NEVER_EXISTED},
    {WINDOWS WEBKIT "Chrome/70.0.3538.102 Safari/537.36 Edge/19.0", "2019-06-01",
     AGE_NEVER_EXISTED},
    {"Mozilla/5.0 (compatible; MSIE 12.0; Windows NT 6.2)", "2015-01-01", AGE_NEVER_EXISTED},
    {"Opera/14.0 (Windows NT 6.1)", "2015-01-01", AGE_NEVER_EXISTED},
    {"Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.16", "2013-08-01", AGE_FINE},
    /* What nobody knows yet: a version each two weeks was the pace in the autumn of 2026. */
    {CHROME_ON_WINDOWS("170"), "2027-05-01", AGE_FINE},
    {CHROME_ON_WINDOWS("200"), "2028-07-01", AGE_FINE},
    {CHROME_ON_WINDOWS("230"), "2027-05-01", AGE_NEVER_EXISTED},
    {SAFARI_ON_MAC("28.0"), "2027-09-20", AGE_FINE},
    {SAFARI_ON_MAC("35.0"), "2027-09-20", AGE_NEVER_EXISTED},
    /* Chrome 101 came out on 2022-04-26: 100 is old three years later. */
    {CHROME_ON_LINUX("100"), "2025-03-01", AGE_FINE},
    {CHROME_ON_LINUX("100"), "2025-07-01", AGE_YEARS_OLD},
    {CHROME_ON_WINDOWS("60"), "2026-01-01", AGE_YEARS_OLD},
    {OLD_WINDOWS_CHROME("6.1", "35"), "2026-01-01", AGE_YEARS_OLD},
    {WINDOWS WEBKIT "Chrome/90.0.0.0 Safari/537.36 Edg/90.0.0.0", "2025-06-01", AGE_YEARS_OLD},
    {WINDOWS WEBKIT "Chrome/90.0.0.0 Safari/537.36 OPR/76.0.0.0", "2025-06-01", AGE_YEARS_OLD},
    {LINUX WEBKIT "HeadlessChrome/90.0 Safari/537.36", "2025-06-01", AGE_YEARS_OLD},
    /* Firefox 79 came out on 2020-07-28. */
    {FIREFOX_ON("X11; Linux x86_64", "78"), "2023-06-01", AGE_FINE},
    {FIREFOX_ON("X11; Linux x86_64", "78"), "2023-10-01", AGE_YEARS_OLD},
    {FIREFOX_ON("Windows NT 6.1", "30"), "2020-01-01", AGE_YEARS_OLD},
    {"Firefox/78.0", "2023-10-01", AGE_YEARS_OLD},
    /* Internet Explorer, the first Edge, the first Opera: three years from the end of support. */
    {EXPLORER_11, "2025-06-01", AGE_FINE},
    {EXPLORER_11, "2025-07-01", AGE_YEARS_OLD},
    {"Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)", "2018-12-01", AGE_FINE},
    {"Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)", "2019-02-01",
     AGE_YEARS_OLD},
    {"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)", "2013-07-12", AGE_FINE},
    {"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)", "2013-07-15", AGE_YEARS_OLD},
    {"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.0)", "2026-01-01", AGE_FINE},
    {"Mozilla/4.0 (compatible; MSIE 5.0; Windows 98; DigExt)", "2013-07-12", AGE_FINE},
    {"Mozilla/4.0 (compatible; MSIE 5.0; Windows 98; DigExt)", "2013-07-15", AGE_YEARS_OLD},
    {"Mozilla/4.0 (compatible; MSIE 4.01; Windows 98)", "2009-07-10", AGE_FINE},
    {"Mozilla/4.0 (compatible; MSIE 4.01; Windows 98)", "2009-07-13", AGE_YEARS_OLD},
    {"Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1)", "2019-01-10", AGE_FINE},
    /* Opera 9 came out on 2006-06-20. */
    {"Opera/8.00 (Windows NT 5.1; U; en)", "2009-06-19", AGE_FINE},
    {"Opera/8.00 (Windows NT 5.1; U; en)", "2009-06-22", AGE_YEARS_OLD},
    {"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; en) Opera 7.54", "2016-01-01",
     AGE_YEARS_OLD},
    {"Opera/9.64 (Windows NT 5.1; U; en) Presto/2.1.1", "2016-01-01", AGE_FINE},
    {"Opera/9.64 (Windows NT 5.1; U; en) Presto/2.1.1", "2019-03-01", AGE_YEARS_OLD},
    /* AOL ended Netscape on 2008-03-01. */
    {NETSCAPE_4, "1996-01-01", AGE_NEVER_EXISTED},
    {NETSCAPE_4, "2000-01-01", AGE_FINE},
    {NETSCAPE_4, "2011-02-28", AGE_FINE},
    {NETSCAPE_4, "2011-03-03", AGE_YEARS_OLD},
    {"Mozilla/4.76 [en]", "2025-01-01", AGE_YEARS_OLD},
    /* Safari 6 came out on 2012-07-25, 10 on 2016-09-13, 26 after 18 on 2025-09-15; ten years. */
    {SAFARI_5_WINDOWS, "2022-07-24", AGE_FINE},
    {SAFARI_5_WINDOWS, "2022-07-27", AGE_YEARS_OLD},
    {SAFARI_ON_MAC("5.1"), "2025-01-01", AGE_YEARS_OLD},
    {SAFARI_ON_MAC("9.0"), "2026-09-12", AGE_FINE},
    {SAFARI_ON_MAC("9.0"), "2026-09-15", AGE_YEARS_OLD},
    {SAFARI_ON_MAC("18.6"), "2035-09-14", AGE_FINE},
    {SAFARI_ON_MAC("18.6"), "2035-09-18", AGE_YEARS_OLD},
    {"Mozilla/5.0 (iPad; U; CPU OS 3_2 like Mac OS X; es-es) AppleWebKit/531.21.10 (KHTML, like "
     "Gecko) Version/4.0.4 Mobile/7B360 Safari/531.21.10",
     "2040-01-01", AGE_FINE},
    {"Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)", "2026-01-01", AGE_FINE},
    {"Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.0; Trident/5.0)", "2026-01-01", AGE_FINE},
    {WINDOWS WEBKIT "Chrome/70.0.3538.102 Safari/537.36 Edge/18.19582", "2024-03-01", AGE_FINE},
    {WINDOWS WEBKIT "Chrome/70.0.3538.102 Safari/537.36 Edge/18.19582", "2024-04-01",
     AGE_YEARS_OLD},
    {"Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18", "2019-02-01", AGE_FINE},
    {"Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18", "2019-03-01", AGE_YEARS_OLD},
    /* The last ones of retired systems. */
    {OLD_WINDOWS_CHROME("5.1", "49"), "2026-01-01", AGE_FINE},
    {OLD_WINDOWS_CHROME("5.1", "48"), "2026-01-01", AGE_YEARS_OLD},
    {OLD_WINDOWS_CHROME("6.1", "49"), "2026-01-01", AGE_YEARS_OLD},
    {OLD_WINDOWS_CHROME("6.1", "109"), "2030-01-01", AGE_FINE},
    {CHROME_ON_WINDOWS("109"), "2030-01-01", AGE_FINE},
    {CHROME_ON_WINDOWS("108"), "2030-01-01", AGE_YEARS_OLD},
    {CHROME_ON_LINUX("109"), "2030-01-01", AGE_YEARS_OLD},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_6) " WEBKIT "Chrome/103.0.0.0 Safari/537.36",
     "2030-01-01", AGE_FINE},
    {CHROME_ON_MAC("103"), "2030-01-01", AGE_YEARS_OLD},
    {CHROME_ON_MAC("116"), "2030-01-01", AGE_FINE},
    {CHROME_ON_MAC("128"), "2030-01-01", AGE_FINE},
    {CHROME_ON_MAC("129"), "2030-01-01", AGE_YEARS_OLD},
    {FIREFOX_ON("Windows NT 5.1", "52"), "2026-01-01", AGE_FINE},
    {FIREFOX_ON("Windows NT 6.1; Win64; x64", "115"), "2030-01-01", AGE_FINE},
    {FIREFOX_ON("Windows NT 10.0; Win64; x64", "115"), "2030-01-01", AGE_YEARS_OLD},
    {FIREFOX_ON("Macintosh; Intel Mac OS X 10.11", "78"), "2030-01-01", AGE_FINE},
    {FIREFOX_ON("Macintosh; Intel Mac OS X 10.14", "115"), "2030-01-01", AGE_FINE},
    {FIREFOX_ON("Macintosh; Intel Mac OS X 10.15", "115"), "2030-01-01", AGE_YEARS_OLD},
    {CHROME_ON_PHONE("4.4.2", "81"), "2030-01-01", AGE_FINE},
    {CHROME_ON_PHONE("5.1.1", "95"), "2030-01-01", AGE_FINE},
    {CHROME_ON_PHONE("6.0.1", "106"), "2030-01-01", AGE_FINE},
    {CHROME_ON_PHONE("10", "119"), "2032-01-01", AGE_FINE},
    {CHROME_ON_PHONE("10", "138"), "2032-01-01", AGE_FINE},
    {CHROME_ON_PHONE("10", "106"), "2032-01-01", AGE_YEARS_OLD},
    /* Devices that outlive their updates: Chrome 91 came out on 2021-05-25, five years. */
    {CHROME_ON_PHONE("9", "90"), "2026-05-01", AGE_FINE},
    {CHROME_ON_PHONE("9", "90"), "2026-07-15", AGE_YEARS_OLD},
    {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " WEBKIT "Chrome/90.0.0.0 Safari/537.36",
     "2026-05-01", AGE_FINE},
    /* Bound to a device or an app. */
    {IPHONE IOS_WEBKIT "CriOS/71.0 Mobile/15E148 Safari/604.1", "2026-01-01", AGE_FINE},
    {"Mozilla/5.0 (Linux; Android 7.0; BRAVIA 4K) " WEBKIT "Chrome/60.0.0.0 Safari/537.36",
     "2026-01-01", AGE_FINE},
    {"Mozilla/5.0 (Web0S; Linux/SmartTV) " WEBKIT "Chrome/38.0.2125.122 Safari/537.36",
     "2026-01-01", AGE_FINE},
    {"Mozilla/5.0 (Linux; Android 7.0; X; wv) " WEBKIT
     "Version/4.0 Chrome/60.0.0.0 Mobile Safari/537.36",
     "2026-01-01", AGE_FINE},
    {ANDROID WEBKIT "SamsungBrowser/9.2 Chrome/67.0.3396.87 Mobile Safari/537.36", "2026-01-01",
     AGE_FINE},
    {"Mozilla/5.0 (Windows NT 6.1; WOW64) " WEBKIT
     "Chrome/49.0.2623.221 Safari/537.36 SE 2.X MetaSr 1.0",
     "2026-01-01", AGE_FINE},
    {ANDROID WEBKIT "SamsungBrowser/9.2 Chrome/400.0 Mobile Safari/537.36", "2026-01-01",
     AGE_NEVER_EXISTED},
    /* Nothing to judge by. */
    {"Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
     "2026-01-01", AGE_FINE},
    {"Mozilla/5.0", "2026-01-01", AGE_FINE},
    {"-", "2026-01-01", AGE_FINE},
};

START_TEST(tells_the_age)
{
    struct browser browser = browser_of(slice_of(ages[_i].agent));
    int64_t at_ms;
    ck_assert(civil_parse(ages[_i].day, 0, &at_ms));
    enum browser_age age = browser_age_at(&browser, at_ms);
    ck_assert_msg(age == ages[_i].age, "%s on %s: %d", ages[_i].agent, ages[_i].day, (int)age);
}
END_TEST

/*
 * Release dates from caniuse-lite, but for Firefox 9 and 19, where it is off by a version and
 * Wikipedia's stand. On that day a version exists, and has not grown old.
 */
static const struct {
    uint8_t engine;
    uint16_t version;
    const char *day;
} releases[] = {
    {CHROME, 4, "2010-01-25"},    {CHROME, 11, "2011-04-27"},   {CHROME, 19, "2012-03-28"},
    {CHROME, 35, "2014-05-20"},   {CHROME, 49, "2016-03-03"},   {CHROME, 60, "2017-07-25"},
    {CHROME, 78, "2019-10-22"},   {CHROME, 83, "2020-05-19"},   {CHROME, 115, "2023-07-19"},
    {CHROME, 124, "2024-04-16"},  {CHROME, 140, "2025-09-02"},  {CHROME, 150, "2026-06-30"},
    {CHROME, 157, "2026-11-03"},  {FIREFOX, 4, "2011-03-22"},   {FIREFOX, 9, "2011-12-20"},
    {FIREFOX, 19, "2013-02-19"},  {FIREFOX, 35, "2015-01-13"},  {FIREFOX, 49, "2016-09-20"},
    {FIREFOX, 78, "2020-06-30"},  {FIREFOX, 83, "2020-11-17"},  {FIREFOX, 109, "2023-01-17"},
    {FIREFOX, 124, "2024-03-19"}, {FIREFOX, 157, "2026-09-29"}, {SAFARI, 4, "2009-06-08"},
    {SAFARI, 12, "2018-09-17"},   {SAFARI, 18, "2024-09-16"},   {SAFARI, 26, "2025-09-15"},
    {EXPLORER, 9, "2011-03-14"},  {EXPLORER, 11, "2013-10-17"}, {OPERA, 11, "2010-12-16"},
    {OPERA, 12, "2011-12-06"},
};

/* The first day on which the version is not "never existed" lies half a year before the release. */
START_TEST(knows_the_releases)
{
    const int64_t day_ms = INT64_C(86400000);
    struct browser browser = {.family = BROWSER_CHROME,
                              .engine = releases[_i].engine,
                              .system = SYSTEM_LINUX,
                              .version = releases[_i].version};
    int64_t release_ms;
    ck_assert(civil_parse(releases[_i].day, 0, &release_ms));
    ck_assert_int_eq(browser_age_at(&browser, release_ms), AGE_FINE);
    ck_assert_int_eq(browser_age_at(&browser, release_ms - 130 * day_ms), AGE_FINE);
    ck_assert_int_eq(browser_age_at(&browser, release_ms - 240 * day_ms), AGE_NEVER_EXISTED);
}
END_TEST

START_TEST(any_time_is_a_time)
{
    struct browser browser = browser_of(slice_of(CHROME_ON_WINDOWS("124")));
    ck_assert_int_eq(browser_age_at(&browser, INT64_MIN), AGE_NEVER_EXISTED);
    ck_assert_int_eq(browser_age_at(&browser, -1), AGE_NEVER_EXISTED);
    ck_assert_int_eq(browser_age_at(&browser, INT64_MAX), AGE_YEARS_OLD);
    for (unsigned version = 0; version <= UINT16_MAX; version++) {
        browser.version = (uint16_t)version;
        ck_assert_int_le(browser_age_at(&browser, INT64_MAX), AGE_YEARS_OLD);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("browser");
    TCase *tests = tcase_create("browser");
    tcase_add_loop_test(tests, takes_agents_apart, 0, LENGTH(rows));
    tcase_add_loop_test(tests, reads_no_further_than_the_end, 0, LENGTH(rows));
    tcase_add_test(tests, long_and_odd_texts_give_an_answer);
    tcase_add_test(tests, everything_has_a_name);
    tcase_add_loop_test(tests, tells_the_age, 0, LENGTH(ages));
    tcase_add_loop_test(tests, knows_the_releases, 0, LENGTH(releases));
    tcase_add_test(tests, any_time_is_a_time);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
