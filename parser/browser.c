#include "parser/browser.h"

#include <assert.h>
#include <stdbool.h>

#include "parser/word_search.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

const char *browser_family_name(enum browser_family family)
{
    static const char *const names[BROWSER_COUNT] = {
        [BROWSER_UNKNOWN] = "Unknown",
        [BROWSER_CHROME] = "Chrome",
        [BROWSER_EDGE] = "Edge",
        [BROWSER_SAFARI] = "Safari",
        [BROWSER_FIREFOX] = "Firefox",
        [BROWSER_OPERA] = "Opera",
        [BROWSER_SAMSUNG] = "Samsung Internet",
        [BROWSER_INTERNET_EXPLORER] = "Internet Explorer",
        [BROWSER_NETSCAPE] = "Netscape",
        [BROWSER_WEBVIEW] = "In an app",
        [BROWSER_OTHER] = "Other",
    };
    assert(family < BROWSER_COUNT);
    return names[family];
}

const char *browser_system_name(enum browser_system system)
{
    static const char *const names[SYSTEM_COUNT] = {
        [SYSTEM_UNKNOWN] = "Unknown",   [SYSTEM_WINDOWS] = "Windows", [SYSTEM_MACOS] = "macOS",
        [SYSTEM_IOS] = "iOS",           [SYSTEM_ANDROID] = "Android", [SYSTEM_LINUX] = "Linux",
        [SYSTEM_CHROMEOS] = "ChromeOS", [SYSTEM_OTHER] = "Other",
    };
    assert(system < SYSTEM_COUNT);
    return names[system];
}

const char *device_name(enum device device)
{
    static const char *const names[DEVICE_COUNT] = {
        [DEVICE_UNKNOWN] = "unknown", [DEVICE_DESKTOP] = "desktop", [DEVICE_PHONE] = "phone",
        [DEVICE_TABLET] = "tablet",   [DEVICE_TV] = "tv",
    };
    assert(device < DEVICE_COUNT);
    return names[device];
}

/* Words in a text */

/* What follows the first `word`; .at is NULL when it is not there. */
static struct slice after(const struct word_search *text, const char *word)
{
    const char *at = word_search_find(text, word);
    if (!at)
        return (struct slice){NULL, 0};
    return slice_from(text->text, (size_t)(at - text->text.at) + strlen(word));
}

static bool has(const struct word_search *text, const char *word)
{
    return word_search_has(text, word);
}

static bool has_any(const struct word_search *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (has(text, words[i]))
            return true;
    }
    return false;
}

/* Reads digits off the front. UINT16_MAX for anything larger, 0 when there is none. */
static uint16_t read_number(struct slice *text)
{
    uint32_t number = 0;
    size_t i = 0;
    for (; i < text->size && text->at[i] >= '0' && text->at[i] <= '9'; i++) {
        number = number * 10 + (uint32_t)(text->at[i] - '0');
        if (number > UINT16_MAX)
            number = UINT16_MAX;
    }
    *text = slice_from(*text, i);
    return (uint16_t)number;
}

static uint16_t number_after(const struct word_search *text, const char *word)
{
    struct slice rest = after(text, word);
    return read_number(&rest);
}

/* "10_15_7" and "10.15" after `word` as 1015. */
static uint16_t release_after(const struct word_search *text, const char *word)
{
    struct slice rest = after(text, word);
    unsigned major = read_number(&rest), minor = 0;
    if (rest.size && (rest.at[0] == '.' || rest.at[0] == '_')) {
        rest = slice_from(rest, 1);
        minor = read_number(&rest);
    }
    if (major > 654)
        return UINT16_MAX;
    return (uint16_t)(major * 100 + (minor < 99 ? minor : 99));
}

/* Systems and devices */

/* Old telephones, televisions and consoles, some of which name the systems of others. */
static const char *const old_phones[] = {
    "Windows Phone", "IEMobile", "BlackBerry", "BB10",       "Symbian",     "SymbOS",
    "Series60",      "Series40", "MIDP",       "KAIOS/",     "Maemo",       "MeeGo",
    "webOS/",        "hpwOS/",   "PlayBook",   "UP.Browser", "NetFront",    "Obigo",
    "DoCoMo/",       "KDDI-",    "J-PHONE/",   "SoftBank/",  "UCWEB",       "BREW",
    "Bada/",         "(Mobile;", "(Tablet;",   "Windows CE", "OpenHarmony",
};

static const char *const screens[] = {
    "SMART-TV", "SmartTV",     "Smart-TV",    "Smart TV", "Web0S",     "HbbTV",
    "NetCast",  "AppleTV",     "Apple TV",    "GoogleTV", "Google TV", "Android TV",
    "BRAVIA",   "; AFT",       "CrKey/",      "Roku/",    "TV Safari", "VIDAA",
    "Xbox",     "PlayStation", "PLAYSTATION", "Nintendo",
};

static const char *const tablets[] = {"iPad",    "PlayBook", "TouchPad",
                                      "Kindle/", "(Tablet;", "; KF"};

static enum browser_system phone_or_desktop(const struct word_search *text)
{
    if (has(text, "iPhone") || has(text, "iPad") || has(text, "iPod") || has(text, "; iOS "))
        return SYSTEM_IOS;
    if (has(text, "Android"))
        return SYSTEM_ANDROID;
    if (has(text, "Windows") || has(text, "Win98") || has(text, "WinNT"))
        return SYSTEM_WINDOWS;
    if (has(text, "CrOS "))
        return SYSTEM_CHROMEOS;
    if (has(text, "Macintosh") || has(text, "Mac OS X") || has(text, "Mac_PowerPC"))
        return SYSTEM_MACOS;
    if (has(text, "Linux"))
        return SYSTEM_LINUX;
    return has(text, "X11") ? SYSTEM_OTHER : SYSTEM_UNKNOWN;
}

/*
 * Windows Phone names Android and iOS too. Otherwise who names Android has it: its makers have
 * sold older telephones as well. Opera Mini's servers sign for telephones of any kind.
 */
static bool has_system_of_its_own(const struct word_search *text)
{
    static const char *const words[] = {"like Android", "Tizen",       "Web0S",       "Roku/",
                                        "Xbox",         "PlayStation", "PLAYSTATION", "Nintendo"};
    return has(text, "Windows Phone") || has_any(text, words, LENGTH(words)) ||
           (!has(text, "Android ") && has_any(text, old_phones, LENGTH(old_phones))) ||
           (has(text, "Opera Mini/") && has(text, "Presto/"));
}

static enum browser_system system_of(const struct word_search *text)
{
    if (has_system_of_its_own(text))
        return SYSTEM_OTHER;
    enum browser_system system = phone_or_desktop(text);
    return system == SYSTEM_UNKNOWN && has(text, "SMART-TV") ? SYSTEM_OTHER : system;
}

static uint16_t system_major_of(const struct word_search *text, enum browser_system system)
{
    switch (system) {
    case SYSTEM_WINDOWS:
        return release_after(text, "Windows NT ");
    case SYSTEM_MACOS:
        return release_after(text, "Mac OS X ");
    case SYSTEM_ANDROID:
        return release_after(text, "Android ");
    case SYSTEM_IOS:
        if (has(text, "iPhone OS "))
            return release_after(text, "iPhone OS ");
        return release_after(text, has(text, "CPU OS ") ? "CPU OS " : "iOS ");
    default:
        return 0;
    }
}

/* The rule that Google gives for Android: telephones say Mobile, tablets do not. */
static enum device android_device(const struct word_search *text)
{
    if (has(text, "Mobile"))
        return DEVICE_PHONE;
    return has(text, "AppleWebKit/") || has(text, "Gecko/") ? DEVICE_TABLET : DEVICE_UNKNOWN;
}

static enum device device_of(const struct word_search *text, enum browser_system system)
{
    if (has_any(text, screens, LENGTH(screens)))
        return DEVICE_TV;
    if (has_any(text, tablets, LENGTH(tablets)))
        return DEVICE_TABLET;
    if (system == SYSTEM_IOS)
        return DEVICE_PHONE;
    if (has(text, "Opera Mini/") || has(text, "Opera Mobi"))
        return DEVICE_PHONE;
    if (system == SYSTEM_ANDROID)
        return android_device(text);
    if (has_any(text, old_phones, LENGTH(old_phones)) ||
        (system == SYSTEM_OTHER && has(text, "Mobile")))
        return DEVICE_PHONE;
    bool is_desktop = system == SYSTEM_WINDOWS || system == SYSTEM_MACOS ||
                      system == SYSTEM_LINUX || system == SYSTEM_CHROMEOS || has(text, "X11");
    return is_desktop ? DEVICE_DESKTOP : DEVICE_UNKNOWN;
}

/* Families */

/* The first word that is there decides. The family of Chrome, Firefox, Safari is found last. */
static const struct {
    const char *text;
    enum browser_family family;
} family_words[] = {
    /* The browsers inside apps. */
    {"FBAN/", BROWSER_WEBVIEW},
    {"FBAV/", BROWSER_WEBVIEW},
    {"FB_IAB", BROWSER_WEBVIEW},
    {"MetaIAB", BROWSER_WEBVIEW},
    {"Instagram", BROWSER_WEBVIEW},
    {"Barcelona ", BROWSER_WEBVIEW}, /* Threads */
    {"musical_ly", BROWSER_WEBVIEW}, /* TikTok, as the next two */
    {"trill_", BROWSER_WEBVIEW},
    {"BytedanceWebview", BROWSER_WEBVIEW},
    {" Line/", BROWSER_WEBVIEW},
    {"MicroMessenger/", BROWSER_WEBVIEW},
    {"Snapchat", BROWSER_WEBVIEW},
    {"[Pinterest/", BROWSER_WEBVIEW},
    {"LinkedInApp", BROWSER_WEBVIEW},
    {"Twitter for ", BROWSER_WEBVIEW},
    {"TwitterAndroid", BROWSER_WEBVIEW},
    {" GSA/", BROWSER_WEBVIEW}, /* the Google app */
    {"KAKAOTALK", BROWSER_WEBVIEW},
    {"NAVER(", BROWSER_WEBVIEW},
    {"DaumApps/", BROWSER_WEBVIEW},
    {"Weibo", BROWSER_WEBVIEW},
    {"AlipayClient/", BROWSER_WEBVIEW},
    {"baiduboxapp/", BROWSER_WEBVIEW},
    {"Electron/", BROWSER_WEBVIEW},
    {"Valve Steam", BROWSER_WEBVIEW},
    {"CFNetwork/", BROWSER_WEBVIEW},
    {"Dalvik/", BROWSER_WEBVIEW},
    /* Browsers that name Chrome, Safari or Firefox and are of none of the families. */
    {"Vivaldi/", BROWSER_OTHER},
    {"YaBrowser/", BROWSER_OTHER},
    {"YaSearchBrowser/", BROWSER_OTHER},
    {"UCBrowser/", BROWSER_OTHER},
    {"UCWEB", BROWSER_OTHER},
    {"UBrowser/", BROWSER_OTHER},
    {"DuckDuckGo/", BROWSER_OTHER},
    {"Ddg/", BROWSER_OTHER},
    {"Brave", BROWSER_OTHER},
    {"Whale/", BROWSER_OTHER},
    {"QQBrowser/", BROWSER_OTHER},
    {"360SE", BROWSER_OTHER},
    {"360EE", BROWSER_OTHER},
    {"MetaSr", BROWSER_OTHER},
    {"2345Explorer", BROWSER_OTHER},
    {"LBBROWSER", BROWSER_OTHER},
    {"Maxthon", BROWSER_OTHER},
    {"MiuiBrowser/", BROWSER_OTHER},
    {"HuaweiBrowser/", BROWSER_OTHER},
    {"VivoBrowser/", BROWSER_OTHER},
    {"HeyTapBrowser/", BROWSER_OTHER},
    {"Silk/", BROWSER_OTHER},
    {"Silk-Accelerated", BROWSER_OTHER},
    {"Kindle/", BROWSER_OTHER},
    {"Puffin/", BROWSER_OTHER},
    {"coc_coc_browser/", BROWSER_OTHER},
    {"Sleipnir/", BROWSER_OTHER},
    {"Iron/", BROWSER_OTHER},
    {"Avast/", BROWSER_OTHER},
    {"QtWebEngine/", BROWSER_OTHER},
    {"Tesla/", BROWSER_OTHER},
    {"PaleMoon/", BROWSER_OTHER},
    {"Palemoon/", BROWSER_OTHER},
    {"SeaMonkey/", BROWSER_OTHER},
    {"Waterfox/", BROWSER_OTHER},
    {"Camino/", BROWSER_OTHER},
    {"K-Meleon/", BROWSER_OTHER},
    {"Epiphany/", BROWSER_OTHER},
    {"onqueror/", BROWSER_OTHER}, /* Konqueror, in either spelling */
    {"Midori/", BROWSER_OTHER},
    {"NintendoBrowser/", BROWSER_OTHER},
    {"KAIOS/", BROWSER_OTHER},
    {"Lynx/", BROWSER_OTHER},
    {"w3m/", BROWSER_OTHER},
    {"ELinks", BROWSER_OTHER},
    {"Links (", BROWSER_OTHER},
    {"Dillo/", BROWSER_OTHER},
    {"NetSurf/", BROWSER_OTHER},
    {"iCab/", BROWSER_OTHER},
    {"zbl (", BROWSER_OTHER}, /* uzbl, likewise */
    {"EdgA/", BROWSER_EDGE},
    {"EdgiOS/", BROWSER_EDGE},
    {"Edg/", BROWSER_EDGE},
    {"Edge/", BROWSER_EDGE},
    {"OPR/", BROWSER_OPERA},
    {"OPT/", BROWSER_OPERA},
    {"OPX/", BROWSER_OPERA},
    {"OPiOS/", BROWSER_OPERA},
    {"Opera/", BROWSER_OPERA},
    {" Opera ", BROWSER_OPERA},
    {"SamsungBrowser/", BROWSER_SAMSUNG},
    {"MSIE ", BROWSER_INTERNET_EXPLORER},
    {"Trident/", BROWSER_INTERNET_EXPLORER},
    {"FxiOS/", BROWSER_FIREFOX},
    {"Firefox/", BROWSER_FIREFOX},
    {"Iceweasel/", BROWSER_FIREFOX},
    {"CriOS/", BROWSER_CHROME},
    {"; wv)", BROWSER_WEBVIEW},
};

/* Safari for Windows ended with 5; what says more there is something else that is built on WebKit.
 */
static bool is_safari(const struct word_search *text, enum browser_system system)
{
    enum { LAST_FOR_WINDOWS = 5 };
    if (!has(text, "Safari/"))
        return false;
    if (system == SYSTEM_WINDOWS)
        return number_after(text, "Version/") <= LAST_FOR_WINDOWS;
    return system == SYSTEM_MACOS || system == SYSTEM_IOS;
}

static enum browser_family family_of_engine(const struct word_search *text,
                                            enum browser_system system)
{
    /* Android's WebView signed so before it said "wv". */
    if (system == SYSTEM_ANDROID && has(text, "Version/4.0 Chrome/"))
        return BROWSER_WEBVIEW;
    if (has(text, "Chrome/") || has(text, "Chromium/"))
        return BROWSER_CHROME;
    if (is_safari(text, system))
        return BROWSER_SAFARI;
    bool is_webkit = has(text, "AppleWebKit/");
    if (is_webkit && (system == SYSTEM_MACOS || system == SYSTEM_IOS))
        return BROWSER_WEBVIEW; /* Apple's own signs with Safari, the view inside an app does not */
    return is_webkit || has(text, "Gecko/") ? BROWSER_OTHER : BROWSER_UNKNOWN;
}

/*
 * Netscape 4 and older call themselves Mozilla and their language: "Mozilla/4.76 [en] (X11; ...".
 * 0 for all others.
 */
static uint16_t netscape_version(struct slice agent)
{
    enum { LAST = 4 };
    if (!slice_starts_with(agent, SLICE_LITERAL("Mozilla/")))
        return 0;
    struct slice rest = slice_from(agent, strlen("Mozilla/"));
    uint16_t version = read_number(&rest);
    while (rest.size && rest.at[0] != ' ')
        rest = slice_from(rest, 1);
    return version <= LAST && slice_starts_with(rest, SLICE_LITERAL(" [")) ? version : 0;
}

static enum browser_family family_of(const struct word_search *text, enum browser_system system)
{
    for (size_t i = 0; i < LENGTH(family_words); i++) {
        if (has(text, family_words[i].text))
            return family_words[i].family;
    }
    return netscape_version(text->text) ? BROWSER_NETSCAPE : family_of_engine(text, system);
}

/* Engines */

static void set_engine(struct browser *browser, enum browser_family engine, uint16_t version)
{
    browser->engine = (uint8_t)(version ? engine : BROWSER_UNKNOWN);
    browser->version = version;
}

/* Opera before it took over Chrome's engine: "Opera/9.80 ... Version/12.16", "... Opera 8.50". */
static bool set_old_opera(const struct word_search *text, struct browser *browser)
{
    bool has_slash = has(text, "Opera/");
    if (!has_slash && !has(text, " Opera "))
        return false;
    uint16_t version = number_after(text, has_slash ? "Opera/" : " Opera ");
    uint16_t later = number_after(text, "Version/");
    set_engine(browser, BROWSER_OPERA, version == 9 && later ? later : version);
    return true;
}

/* A page may ask for the ways of an older Internet Explorer; Trident still tells which one it is.
 */
static bool set_internet_explorer(const struct word_search *text, struct browser *browser)
{
    enum { TRIDENT_IS_BEHIND = 4 };
    if (browser->family != BROWSER_INTERNET_EXPLORER)
        return false;
    unsigned version = number_after(text, "MSIE ");
    unsigned trident = number_after(text, "Trident/");
    if (trident && trident < UINT16_MAX - TRIDENT_IS_BEHIND)
        version = trident + TRIDENT_IS_BEHIND;
    set_engine(browser, BROWSER_INTERNET_EXPLORER, (uint16_t)version);
    return true;
}

static bool set_netscape(const struct word_search *text, struct browser *browser)
{
    if (browser->family != BROWSER_NETSCAPE)
        return false;
    set_engine(browser, BROWSER_NETSCAPE, netscape_version(text->text));
    return true;
}

static bool set_named_engine(const struct word_search *text, struct browser *browser)
{
    static const struct {
        const char *text;
        enum browser_family engine;
    } words[] = {
        {"Edge/", BROWSER_EDGE},     {"CriOS/", BROWSER_CHROME},    {"FxiOS/", BROWSER_FIREFOX},
        {"Chrome/", BROWSER_CHROME}, {"Chromium/", BROWSER_CHROME}, {"Firefox/", BROWSER_FIREFOX},
    };
    for (size_t i = 0; i < LENGTH(words); i++) {
        uint16_t version = number_after(text, words[i].text);
        if (version) {
            set_engine(browser, words[i].engine, version);
            return true;
        }
    }
    return false;
}

/* Systems of their own go their own way with versions, and Opera Mini's is its server's. */
static void find_engine(const struct word_search *text, struct browser *browser)
{
    enum { EDGE_IOS_FOLLOWS_CHROME = 90 }; /* it was 44 to 46 before */
    if (browser->system == SYSTEM_OTHER || has(text, "Opera Mini/"))
        return;
    uint16_t edge_ios = number_after(text, "EdgiOS/");
    if (edge_ios) {
        if (edge_ios >= EDGE_IOS_FOLLOWS_CHROME)
            set_engine(browser, BROWSER_CHROME, edge_ios);
        return;
    }
    if (set_old_opera(text, browser) || set_internet_explorer(text, browser) ||
        set_netscape(text, browser) || set_named_engine(text, browser))
        return;
    if (is_safari(text, (enum browser_system)browser->system))
        set_engine(browser, BROWSER_SAFARI, number_after(text, "Version/"));
}

struct browser browser_of(struct slice user_agent)
{
    struct word_search search;
    const struct word_search *text = &search;
    word_search_init(&search, slice_head(user_agent, BROWSER_TEXT_MAX));
    enum browser_system system = system_of(text);
    struct browser browser = {
        .family = (uint8_t)family_of(text, system),
        .system = (uint8_t)system,
        .device = (uint8_t)device_of(text, system),
        .system_major = system_major_of(text, system),
    };
    find_engine(text, &browser);
    return browser;
}
