#include "parser/agent_class.h"

#include <assert.h>

#include "base/ascii.h"
#include "parser/word_search.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    const char *name, *label;
} classes[AGENT_CLASS_COUNT] = {
    [AGENT_PERSON] = {"person", "Person"},
    [AGENT_SEARCH] = {"search", "Search engine"},
    [AGENT_SEO] = {"seo", "SEO and marketing"},
    [AGENT_AI_TRAINING] = {"ai-training", "AI training"},
    [AGENT_AI_ASSISTANT] = {"ai-assistant", "AI assistant"},
    [AGENT_MONITORING] = {"monitoring", "Monitoring"},
    [AGENT_FEED] = {"feed", "Feed reader"},
    [AGENT_PREVIEW] = {"preview", "Link preview"},
    [AGENT_TOOL] = {"tool", "Tool or library"},
    [AGENT_SCANNER] = {"scanner", "Security scanner"},
    [AGENT_OTHER] = {"other", "Other bot"},
    [AGENT_SUSPECTED] = {"suspected", "Suspected bot"},
    [AGENT_INTERNAL] = {"internal", "Internal"},
};

const char *agent_class_name(enum agent_class class)
{
    assert(class < AGENT_CLASS_COUNT);
    return classes[class].name;
}

const char *agent_class_label(enum agent_class class)
{
    assert(class < AGENT_CLASS_COUNT);
    return classes[class].label;
}

static const struct {
    const char *tag;
    enum agent_class class;
} tags[] = {
    {"academic", AGENT_OTHER},
    {"advertising", AGENT_SEO},
    {"ai-crawler", AGENT_AI_TRAINING},
    {"archiver", AGENT_OTHER},
    {"browser-automation", AGENT_TOOL},
    {"feed-reader", AGENT_FEED},
    {"http-library", AGENT_TOOL},
    {"monitoring", AGENT_MONITORING},
    {"scanner", AGENT_SCANNER},
    {"search-engine", AGENT_SEARCH},
    {"seo", AGENT_SEO},
    {"social-preview", AGENT_PREVIEW},
};

/*
 * Patterns whose operator says something else than the tag does, or something finer. What the
 * operators' pages say of robots that index for answers, that collect for models, and that fetch
 * because somebody asked:
 *
 *     OpenAI      https://platform.openai.com/docs/bots
 *     Anthropic   https://support.claude.com/en/articles/8896518
 *     Perplexity  https://docs.perplexity.ai/guides/bots
 *     Google      https://developers.google.com/crawling/docs/crawlers-fetchers
 *                 (common crawlers, special-case crawlers, user-triggered fetchers)
 *     Meta        https://developers.facebook.com/docs/sharing/webmasters/web-crawlers
 *     Amazon      https://developer.amazon.com/amazonbot,
 * https://docs.aws.amazon.com/bedrock-agentcore Mistral     https://docs.mistral.ai/robots
 *     DuckDuckGo  https://duckduckgo.com/duckduckgo-help-pages/results/duckassistbot
 *     Apple       https://support.apple.com/119829: Applebot searches, and stays with its tag.
 * Nothing sends Applebot-Extended, nor Google-Extended: they are names for robots.txt
 *
 * Others are named beside their patterns.
 */
struct ruling {
    const char *pattern;
    enum agent_class class;
};

static const struct ruling rulings[] = {
    /* Fetches what a person asked for, or acts in a person's name. */
    {"ChatGPT-User", AGENT_AI_ASSISTANT},
    {"Claude-User", AGENT_AI_ASSISTANT},
    {"Perplexity-User", AGENT_AI_ASSISTANT},
    {"PerplexityUser", AGENT_AI_ASSISTANT},
    {"MistralAI-User", AGENT_AI_ASSISTANT},
    {"DuckAssistBot", AGENT_AI_ASSISTANT},
    {"Gemini-Deep-Research", AGENT_AI_ASSISTANT},
    {"Google-NotebookLM", AGENT_AI_ASSISTANT},
    {"Google-Agent", AGENT_AI_ASSISTANT},
    {"GoogleAgent-Mariner", AGENT_AI_ASSISTANT},
    {"Google-Gemini-CLI", AGENT_AI_ASSISTANT}, /* https://geminicli.com */
    {"meta-externalfetcher\\/", AGENT_AI_ASSISTANT},
    {"Amzn-User", AGENT_AI_ASSISTANT},
    {"AmazonBuyForMe", AGENT_AI_ASSISTANT},
    {"Amazon-Bedrock-AgentCore-Browser", AGENT_AI_ASSISTANT},
    {"Novaact\\/", AGENT_AI_ASSISTANT},          /* https://nova.amazon.com/act */
    {"Operator\\/", AGENT_AI_ASSISTANT},         /* https://openai.com/index/introducing-operator */
    {"Manus-User", AGENT_AI_ASSISTANT},          /* https://manus.im */
    {"Devin", AGENT_AI_ASSISTANT},               /* https://docs.devin.ai */
    {"TwinAgent", AGENT_AI_ASSISTANT},           /* https://twin.so */
    {"Anchor Browser", AGENT_AI_ASSISTANT},      /* https://anchorbrowser.io */
    {"opencode-smartfetch", AGENT_AI_ASSISTANT}, /* https://opencode.ai */
    {"kagi-fetcher", AGENT_AI_ASSISTANT},        /* https://help.kagi.com/kagi/ai */
    {"linkReader\\/", AGENT_AI_ASSISTANT}, /* https://gochitchat.ai: reads links into a chat */
    /* Indexes for the answers of an assistant, which link to the page. */
    {"OAI-SearchBot", AGENT_SEARCH},
    {"Claude-SearchBot", AGENT_SEARCH},
    {"PerplexityBot\\/", AGENT_SEARCH},
    {"Amzn-SearchBot", AGENT_SEARCH},
    {"meta-webindexer", AGENT_SEARCH},
    {"AzureAI-SearchBot", AGENT_SEARCH}, /* https://learn.microsoft.com/azure/search */
    {"Anomura", AGENT_SEARCH},           /* https://docs.direqt-search.com */
    {"Aranet-SearchBot", AGENT_SEARCH},  /* https://aranet.ai/bot */
    {"Channel3Bot", AGENT_SEARCH},       /* https://trychannel3.com/channel3bot: products */
    {"LinerBot\\/", AGENT_SEARCH},       /* https://docs.getliner.com/docs/linerbot */
    {"LinkupBot", AGENT_SEARCH},         /* https://linkup.so/bot */
    {"PhindBot", AGENT_SEARCH},          /* https://www.phind.com */
    {"ShapBot", AGENT_SEARCH},           /* https://docs.parallel.ai/resources/crawler */
    {"TavilyBot", AGENT_SEARCH},         /* https://tavily.com */
    {"ZanistaBot", AGENT_SEARCH},        /* https://zanista.ai/crawler-info */
    {"iaskspider", AGENT_SEARCH},        /* https://www.iask.com */
    {"atlassian-bot", AGENT_SEARCH}, /* Rovo, of its own customers' sites: support.atlassian.com */
    {"Cloudflare-AutoRAG",
     AGENT_SEARCH}, /* of its own customers: developers.cloudflare.com/autorag */
    /* Collects for models, whatever else it does. */
    {"Amazonbot", AGENT_AI_TRAINING},
    {"Google-CloudVertexBot", AGENT_AI_TRAINING}, /* for agents that are built on Vertex AI */
    {"PanguBot", AGENT_AI_TRAINING},       /* https://www.huaweicloud.com: for the model PanGu */
    {"AI2Bot", AGENT_AI_TRAINING},         /* https://allenai.org/crawler */
    {"Cotoyogi", AGENT_AI_TRAINING},       /* https://ds.rois.ac.jp/en_center8/en_crawler */
    {"KangarooBot\\/", AGENT_AI_TRAINING}, /* as "Kangaroo Bot": https://kangaroollm.com.au */
    /* Proves who owns a name or an app, pushes, reads aloud: neither search nor marketing. */
    {"APIs-Google", AGENT_OTHER},
    {"Google-Certificates-Bridge", AGENT_OTHER},
    {"Google-Read-Aloud", AGENT_OTHER},
    {"Google-Safety", AGENT_OTHER},
    {"Google-Site-Verification", AGENT_OTHER},
    {"GoogleOther", AGENT_OTHER},
    {"GoogleAssociationService$", AGENT_OTHER},
    {"GoogleAssociationService\\/", AGENT_OTHER},
    {"AASA-Bot", AGENT_OTHER},           /* Apple's apple-app-site-association */
    {"AppSiteAssociation", AGENT_OTHER}, /* likewise */
    {"Chrome Privacy Preserving Prefetch Proxy",
     AGENT_OTHER}, /* asks for /.well-known/traffic-advice */
    {"Cloudflare-Custom-Hostname-Verification", AGENT_OTHER},
    {"DigiCert DCV", AGENT_OTHER},
    {"Google Trust Services", AGENT_OTHER},
    {"Google-Trust-Services\\/", AGENT_OTHER},
    {"Let's Encrypt", AGENT_OTHER},
    /* Looks after a site for its owner: banners and consent, as "OneTrust" and "Termly" do. */
    {"CookieHub Bot", AGENT_MONITORING},
    {"CookieHubScan", AGENT_MONITORING},
    {"CookieHubVerify", AGENT_MONITORING},
    {"CookieYesbot", AGENT_MONITORING},
    {"Cookiebot", AGENT_MONITORING},
    {"LegalMonster", AGENT_MONITORING},
    {"cookie-maestro", AGENT_MONITORING},
    {"iubenda-radar\\/", AGENT_MONITORING},
    /* Looks for holes. */
    {"FastDAST", AGENT_SCANNER},
    {"ModatScanner", AGENT_SCANNER},
    {"Qualys", AGENT_SCANNER},
    /* Programs that call other programs: web hooks, scripts, libraries. */
    {"AppEngine-Google", AGENT_TOOL},
    {"Bitbucket-Webhooks", AGENT_TOOL},
    {"ChargeBeeBot", AGENT_TOOL},
    {"Cloudflare-Stream-Hook", AGENT_TOOL},
    {"Cloudflare-Stream-Webhook", AGENT_TOOL},
    {"Google-Apps-Script", AGENT_TOOL},
    {"GoogleDocs", AGENT_TOOL},
    {"IFTTT\\/", AGENT_TOOL},
    {"Indy Library", AGENT_TOOL},
    {"Integromat\\/", AGENT_TOOL},
    {"Make\\/", AGENT_TOOL},
    {"Mollie HTTP client", AGENT_TOOL},
    {"PayPal\\/", AGENT_TOOL},
    {"Pywikibot\\/", AGENT_TOOL},
    {"Recurly Webhooks\\/", AGENT_TOOL},
    {"Retool\\/", AGENT_TOOL},
    {"SFDC-Callout\\/", AGENT_TOOL},
    {"SendGrid Event API", AGENT_TOOL},
    {"Shopify-Captain-Hook", AGENT_TOOL},
    {"Stripe\\/", AGENT_TOOL},
    {"Svix-Webhooks\\/", AGENT_TOOL},
    {"WordPress\\/", AGENT_TOOL},
    {"Zapier", AGENT_TOOL},
    {"Zendesk Webhook", AGENT_TOOL},
    /* Reads feeds, shows links. */
    {"Automaton|Newsify Feed Fetcher", AGENT_FEED},
    {"GoogleProducer", AGENT_FEED},
    {"Chirp|gotosocial", AGENT_PREVIEW}, /* as Mastodon and Friendica do */
};

const char *agent_class_ruled_pattern(size_t index)
{
    return index < LENGTH(rulings) ? rulings[index].pattern : NULL;
}

enum agent_class agent_class_of_crawler(const char *pattern, const char *tag)
{
    for (size_t i = 0; i < LENGTH(rulings); i++) {
        if (strcmp(rulings[i].pattern, pattern) == 0)
            return rulings[i].class;
    }
    for (size_t i = 0; i < LENGTH(tags); i++) {
        if (strcmp(tags[i].tag, tag) == 0)
            return tags[i].class;
    }
    return AGENT_OTHER;
}

static struct slice lower_copy(struct slice text, char *copy)
{
    text = slice_head(text, BROWSER_TEXT_MAX);
    for (size_t i = 0; i < text.size; i++)
        copy[i] = ascii_lower(text.at[i]);
    return (struct slice){copy, text.size};
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Is the word that ends before `end` the name of CUBOT, who makes telephones? */
static bool is_brand(struct slice text, const char *end)
{
    static const char brand[] = "cubot";
    size_t size = sizeof brand - 1;
    if ((size_t)(end - text.at) < size || memcmp(end - size, brand, size) != 0)
        return false;
    const char *begin = end - size;
    return begin == text.at || !is_letter(begin[-1]);
}

/*
 * Does some name end in `word`? In a browser's text it counts only as a product with a version
 * ("xyzbot/1.0") or where "compatible" announces a name: devices may be called anything.
 */
static bool names_itself(const struct word_search *search, const char *word)
{
    struct slice text = search->text;
    bool has_compatible = word_search_has(search, "compatible");
    const char *at = word_search_find(search, word), *stop = text.at + text.size;
    while (at) {
        const char *end = at + strlen(word);
        bool ends_here = end == stop || !is_letter(*end);
        bool has_version = stop - end >= 2 && end[0] == '/' && (is_digit(end[1]) || end[1] == 'v');
        if (ends_here && (has_compatible || has_version) && !is_brand(text, end))
            return true;
        at = memmem(end, (size_t)(stop - end), word, strlen(word));
    }
    return false;
}

/* Browsers name a system, and seldom a page that explains them. */
static enum agent_class class_of_browser_text(const struct word_search *text,
                                              const struct browser *browser)
{
    bool is_browser = browser->family != BROWSER_UNKNOWN || browser->system != SYSTEM_UNKNOWN;
    bool is_declared = (!is_browser && word_search_has(text, "://")) ||
                       word_search_has(text, "+http") || names_itself(text, "bot") ||
                       names_itself(text, "crawler") || names_itself(text, "spider");
    return is_declared ? AGENT_OTHER : AGENT_PERSON;
}

/* "name/1.2..." or "name/v1...": the way libraries and programs sign. */
static bool starts_with_product(struct slice text)
{
    size_t at = 0;
    while (at < text.size && text.at[at] > ' ' && text.at[at] != '/' && text.at[at] != '(')
        at++;
    if (at == 0 || at + 1 >= text.size || text.at[at] != '/')
        return false;
    at += text.at[at + 1] == 'v';
    return at + 1 < text.size && is_digit(text.at[at + 1]);
}

/* On a telephone only apps sign with no browser's name. */
static bool is_app(const struct word_search *text, const struct browser *browser)
{
    return browser->system == SYSTEM_IOS || browser->system == SYSTEM_ANDROID ||
           word_search_has(text, "cfnetwork/") || word_search_has(text, "darwin/");
}

static bool is_old_phone(const struct browser *browser)
{
    return browser->device == DEVICE_PHONE || browser->device == DEVICE_TABLET;
}

static enum agent_class class_of_other_text(const struct word_search *text,
                                            const struct browser *browser)
{
    static const struct {
        const char *word;
        enum agent_class class;
    } words[] = {
        {"monitor", AGENT_MONITORING}, {"feed", AGENT_FEED},   {"scan", AGENT_SCANNER},
        {"bot", AGENT_OTHER},          {"crawl", AGENT_OTHER}, {"spider", AGENT_OTHER},
        {"fetch", AGENT_OTHER},        {"://", AGENT_OTHER}, /* a page that explains it */
    };
    if (is_app(text, browser) || is_old_phone(browser))
        return AGENT_PERSON;
    for (size_t i = 0; i < LENGTH(words); i++) {
        if (word_search_has(text, words[i].word))
            return words[i].class;
    }
    bool is_tool = browser->family == BROWSER_UNKNOWN && starts_with_product(text->text);
    return is_tool ? AGENT_TOOL : AGENT_PERSON;
}

/* Programs that look for holes, and are in no pattern of the table. */
static bool is_scanner(const struct word_search *text)
{
    static const char *const words[] = {
        "nuclei",   "projectdiscovery", "sqlmap",    "nikto", "masscan", "zgrab",
        "gobuster", "feroxbuster",      "dirsearch", "ffuf/", "wfuzz/",  "fuzz faster",
    };
    for (size_t i = 0; i < LENGTH(words); i++) {
        if (word_search_has(text, words[i]))
            return true;
    }
    return false;
}

/*
 * An attack on whatever reads the user agent: a shell (CVE-2014-6271), Log4j (CVE-2021-44228), a
 * page of a log, a database.
 */
static bool is_attack(const struct word_search *text)
{
    static const char *const words[] = {
        "() {", "(){", "${jndi:", "${${", "<script", "<?php", "../../", "' or ", "union select",
    };
    for (size_t i = 0; i < LENGTH(words); i++) {
        if (word_search_has(text, words[i]))
            return true;
    }
    return false;
}

/* "Mozilla/5.0", with nothing but marks behind it: browsers say more. */
static bool is_bare_mozilla(struct slice text)
{
    static const struct slice name = {"mozilla", 7};
    if (!slice_starts_with(text, name))
        return false;
    for (size_t i = name.size; i < text.size; i++) {
        if (is_letter(text.at[i]) || (unsigned char)text.at[i] > 0x7f)
            return false;
    }
    return true;
}

enum agent_class agent_class_of_text(struct slice user_agent, const struct browser *browser)
{
    char copy[BROWSER_TEXT_MAX];
    struct word_search text;
    word_search_init(&text, lower_copy(user_agent, copy));
    if (is_scanner(&text) || is_attack(&text))
        return AGENT_SCANNER;
    if (is_bare_mozilla(text.text))
        return AGENT_TOOL;
    if (word_search_has(&text, "mozilla/") || word_search_has(&text, "opera/"))
        return class_of_browser_text(&text, browser);
    return class_of_other_text(&text, browser);
}
